"""How a learning rate was found: the range test, and what each trial came to."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gradwright import _validate
from gradwright.plot.style import BLUE, INK, MUTED, VERMILION, drawing, finish, new_figure
from gradwright.plot.ticks import logarithmic
from gradwright.training import RateSearch

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def learning_rates(search: RateSearch, *, lang: str | None = None, title: str | None = None) -> Figure:
    """Draw the loss against the learning rate: of the range test as a line, of the trials as points.

    Parameters
    ----------
    search : RateSearch
        From `gradwright.training.find_learning_rate`, or a trainer's ``rate_search``.
    lang : {"en", "ko"}, optional
        The language; Korean needs an installed font with Hangul, and is English without one.
    title : str, optional

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ArgumentTypeError
        If `search` is something else.
    MissingExtraError
        If matplotlib is not installed.

    Examples
    --------
    >>> from gradwright.training import Trial
    >>> trials = (Trial(1.0, 0.9, 0.5), Trial(0.1, 0.3, 0.9))
    >>> figure = learning_rates(RateSearch((0.01, 0.1, 1.0), (2.0, 1.0, 4.0), trials, 100, 0.1))
    >>> len(figure.axes)
    1
    """
    _validate.instance("search", search, RateSearch)
    with drawing(lang) as pen:
        figure = new_figure(7.2, 4.2)
        axes = figure.add_subplot()
        axes.plot(search.rates, search.losses, color=MUTED, linewidth=1, label=pen.say("plot.range-test"))
        done = [(trial.rate, trial.loss) for trial in search.trials if math.isfinite(trial.loss)]
        lost = [trial.rate for trial in search.trials if not math.isfinite(trial.loss)]
        axes.plot(*zip(*done, strict=True), "o", color=BLUE, label=pen.say("plot.trials", steps=search.steps))
        logarithmic(axes.xaxis)
        logarithmic(axes.yaxis)
        if lost:
            top = [axes.get_ylim()[1]] * len(lost)
            axes.plot(lost, top, "x", color=VERMILION, clip_on=False, label=pen.say("plot.diverged"))
        axes.axvline(search.rate, color=INK, linewidth=1, linestyle="--")
        axes.annotate(
            f"{search.rate:g}", (search.rate, 0), (4, 4), xycoords=("data", "axes fraction"),
            textcoords="offset points", color=INK,
        )  # fmt: skip
        axes.set_xlabel(pen.say("plot.learning-rate"))
        axes.set_ylabel(pen.say("plot.loss"))
        axes.legend(loc="upper left", frameon=False)
        if title is not None:
            figure.suptitle(title)
        return finish(figure)
