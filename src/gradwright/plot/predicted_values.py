"""What a regression predicts against what is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gradwright import _validate
from gradwright.plot.style import BLUE, INK, drawing, finish, new_figure
from gradwright.training import RegressionEvaluation

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MOST_POINTS = 5000


def predictions(evaluation: RegressionEvaluation, *, lang: str | None = None, title: str | None = None) -> Figure:
    """Draw predictions against answers, a panel for each value: on the line they are the same.

    Parameters
    ----------
    evaluation : RegressionEvaluation
        Of more than 5,000 samples some are drawn, evenly chosen.
    lang : {"en", "ko"}, optional
        The language; Korean needs an installed font with Hangul, and is English without one.
    title : str, optional

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ArgumentTypeError
        If `evaluation` is something else.
    MissingExtraError
        If matplotlib is not installed.

    Examples
    --------
    >>> values = np.array([[1.0], [2.0]])
    >>> found = RegressionEvaluation(0.0, np.zeros(1), np.zeros(1), np.ones(1), values, values)
    >>> len(predictions(found).axes)
    1
    """
    _validate.instance("evaluation", evaluation, RegressionEvaluation)
    count, n_values = evaluation.answers.shape
    some = np.unique(np.linspace(0, count - 1, min(count, _MOST_POINTS)).astype(int))
    with drawing(lang) as pen:
        figure = new_figure(4.6 * n_values, 4.6)
        for k in range(n_values):
            axes = figure.add_subplot(1, n_values, k + 1)
            t, y = evaluation.answers[some, k], evaluation.predictions[some, k]
            low, high = min(t.min(), y.min()), max(t.max(), y.max())
            axes.plot([low, high], [low, high], color=INK, linewidth=1, zorder=1)
            axes.plot(t, y, ".", color=BLUE, alpha=0.6, zorder=2)
            axes.set_xlabel(pen.say("plot.answer"))
            axes.set_ylabel(pen.say("plot.prediction"))
            axes.set_title(pen.say("plot.fit", r2=evaluation.r2[k], rmse=evaluation.rmse[k]), loc="left")
        if title is not None:
            figure.suptitle(title)
        return finish(figure)
