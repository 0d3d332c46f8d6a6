"""What a regression predicts against what is right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gradwright import _validate
from gradwright.plot.style import BLUE, INK, drawing, finish, grid_of, new_figure
from gradwright.plot.ticks import write_numbers
from gradwright.training import RegressionEvaluation

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_POINTS, _MOST_PANELS = 5000, 36


def predictions(evaluation: RegressionEvaluation, *, lang: str | None = None, title: str | None = None) -> Figure:
    """Draw predictions against answers, a panel for each value: on the line they are the same.

    Parameters
    ----------
    evaluation : RegressionEvaluation
        Of more than 5,000 samples some are drawn, evenly chosen; of more than 36 values the first 36.
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
    shown = min(n_values, _MOST_PANELS)
    rows, columns = grid_of(shown)
    with drawing(lang) as pen:
        figure = new_figure(4.6 * columns, 4.6 * rows)
        for k in range(shown):
            axes = figure.add_subplot(rows, columns, k + 1)
            _panel(axes, evaluation.answers[some, k], evaluation.predictions[some, k])
            axes.set_xlabel(pen.say("plot.answer"))
            axes.set_ylabel(pen.say("plot.prediction"))
            fit = pen.say("plot.fit", r2=evaluation.r2[k], rmse=evaluation.rmse[k])
            axes.set_title(fit if n_values == 1 else f"{k + 1}: {fit}", loc="left")
        if title is not None:
            figure.suptitle(title)
        return finish(figure)


def _panel(axes: Axes, answers: npt.NDArray[Any], predicted: npt.NDArray[Any]) -> None:
    from matplotlib.ticker import MaxNLocator

    low, high = min(answers.min(), predicted.min()), max(answers.max(), predicted.max())
    axes.plot([low, high], [low, high], color=INK, linewidth=1, zorder=1)
    axes.plot(answers, predicted, ".", color=BLUE, alpha=0.6, zorder=2)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))  # few: numbers may be long
        write_numbers(axis)
