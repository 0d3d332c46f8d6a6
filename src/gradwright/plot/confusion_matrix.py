"""Which class is taken for which."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gradwright import _validate
from gradwright.plot.style import BLUE, FAINT, INK, MUTED, VERMILION, Pen, columns_of, drawing, new_figure, wrap
from gradwright.training import Evaluation

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LARGEST = 12.0  # inches along a side
_LEAST_FONT = 4.0  # points; smaller counts are left out


def confusion(evaluation: Evaluation, *, lang: str | None = None) -> Figure:
    r"""Draw the confusion matrix: a row for each true class, a column for each predicted one.

    A cell holds the count :math:`C_{ij}` of samples of class i that were taken for class j, and its colour is the share
    of the row, :math:`C_{ij} / \sum_k C_{ik}`: blue on the diagonal, vermilion for mistakes, on a square-root scale on
    which a mistake of 1 in 100 can be seen. Beside each row stands the recall, below each column the precision.

    Parameters
    ----------
    evaluation : Evaluation
        Of any number of classes; up to about 50 the counts can be read.
    lang : {"en", "ko"}, optional
        The language; Korean needs an installed font with Hangul, and is English without one.

    Returns
    -------
    matplotlib.figure.Figure
        A class whose name has characters in no installed font goes by its number.

    Raises
    ------
    ArgumentTypeError
        If `evaluation` is no `Evaluation`.
    MissingExtraError
        If matplotlib is not installed.

    Examples
    --------
    >>> from gradwright.nn import Network
    >>> from gradwright.training import evaluate
    >>> net = Network.of_sizes([2, 3], rng=0)
    >>> figure = confusion(evaluate(net, [[0.0, 1.0], [1.0, 0.0]], [0, 2], classes=("ant", "bee", "fly")))
    >>> [label.get_text() for label in figure.axes[0].get_yticklabels()]
    ['ant', 'bee', 'fly']
    """
    _validate.instance("evaluation", evaluation, Evaluation)
    counts = evaluation.confusion
    size = len(counts)
    cell = min(_LARGEST / size, min(0.8, max(0.24, 5.4 / size)))
    with drawing(lang) as pen:
        figure = new_figure(size * cell, size * cell)
        axes = figure.subplots()
        _cells(axes, counts, 72 * cell)
        _names(axes, evaluation, pen, 72 * cell)
        _margins(axes, evaluation, pen, 72 * cell)
        _key(axes, pen, size * cell)
        right = int(np.trace(counts))
        title = pen.say("plot.confusion-title", right=right, count=int(counts.sum()), accuracy=evaluation.accuracy)
        axes.set_title(title, fontsize=11, pad=12)
        return wrap(figure, axes, size * cell, size * cell)


def _colours(shares: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Return the RGB colours of shares from 0 to 1; white for none and where there is no share."""
    from matplotlib.colors import to_rgb

    strength = np.sqrt(np.nan_to_num(shares))[..., None]
    full = np.where(right[..., None], np.array(to_rgb(BLUE)), np.array(to_rgb(VERMILION)))
    return np.asarray(1 - strength * (1 - full))


def _cells(axes: Axes, counts: npt.NDArray[np.int64], cell: float) -> None:
    size = len(counts)
    with np.errstate(invalid="ignore"):
        shares = counts / counts.sum(axis=1, keepdims=True)
    colours = _colours(shares, np.eye(size, dtype=bool))
    axes.imshow(colours, interpolation="nearest", aspect="equal")
    edges = np.arange(size + 1) - 0.5
    axes.hlines(edges, -0.5, size - 0.5, color=FAINT, linewidth=0.5)
    axes.vlines(edges, -0.5, size - 0.5, color=FAINT, linewidth=0.5)
    axes.set_xlim(-0.5, size - 0.5)
    axes.set_ylim(size - 0.5, -0.5)
    font = _fitting(cell, len(f"{counts.max():d}"))
    if font < _LEAST_FONT:
        return
    for row, column in np.argwhere(counts):
        axes.text(
            column,
            row,
            f"{counts[row, column]:d}",
            color=_readable_on(colours[row, column]),
            fontsize=font,
            horizontalalignment="center",
            verticalalignment="center_baseline",
            in_layout=False,  # inside anyway, and there may be thousands to measure
        )


def _readable_on(colour: npt.NDArray[np.float64]) -> str:
    """Return black or white, whichever has the greater contrast with a colour: at least 4.5 to 1 on any."""
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    luminance = float(linear @ (0.2126, 0.7152, 0.0722))  # as WCAG 2 defines it, and the contrast too
    return "white" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 else "black"


def _fitting(cell: float, characters: int) -> float:
    """Return the size of a font in which so many figures fit into a cell, both in points."""
    return min(10.0, 0.42 * cell, 0.86 * cell / (0.64 * characters))


def _names(axes: Axes, evaluation: Evaluation, pen: Pen, cell: float) -> None:
    size = len(evaluation.confusion)
    names = pen.names(evaluation.classes, size)
    font = min(9.0, 0.62 * cell)
    every = max(1, math.ceil(6.0 / cell))  # beyond some 140 classes not every name has room
    shown = np.arange(0, size, every)
    labels = [names[k] for k in shown]
    long = max(map(columns_of, labels)) * 0.62 * min(9.0, font) > 0.95 * cell * every
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.set_xticks(shown, labels, fontsize=max(font, 5.0), rotation=90 if long else 0, color=INK)
    axes.set_yticks(shown, labels, fontsize=max(font, 5.0), color=INK)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_xlabel(pen.say("plot.predicted"), labelpad=7)
    axes.set_ylabel(pen.say("plot.true"), labelpad=7)


def _margins(axes: Axes, evaluation: Evaluation, pen: Pen, cell: float) -> None:
    """Write the recall of each class beside its row, the precision below its column."""
    size = len(evaluation.confusion)
    font = min(8.5, _fitting(cell, 3))
    if font < _LEAST_FONT:
        return
    style: dict[str, Any] = {"color": MUTED, "annotation_clip": False, "textcoords": "offset points"}
    for k in range(size):
        beside = {**style, "fontsize": font, "horizontalalignment": "right", "verticalalignment": "center_baseline"}
        axes.annotate(_percent(evaluation.recall[k]), (size - 0.5, k), (6 + 2.1 * font, 0), **beside)
        below = {**style, "fontsize": font, "horizontalalignment": "center", "verticalalignment": "top"}
        axes.annotate(_percent(evaluation.precision[k]), (k, size - 0.5), (0, -6), **below)
    corner = {**style, "fontsize": 8.5, "verticalalignment": "top"}
    axes.annotate(pen.say("plot.precision"), (-0.5, size - 0.5), (-6, -6), horizontalalignment="right", **corner)
    corner["verticalalignment"] = "bottom"
    axes.annotate(pen.say("plot.recall"), (size - 0.5, -0.5), (6, 6), horizontalalignment="left", **corner)


def _percent(value: float) -> str:
    """Write a share in whole percent; 100 only where it is 1."""
    if math.isnan(value):
        return "–"
    return f"{min(round(100 * value), 99 if value < 1 else 100)}"


def _key(axes: Axes, pen: Pen, side: float) -> None:
    """Draw what the colours mean: two strips over one scale of shares."""
    height = min(0.9, 1.8 / side)
    strip = axes.inset_axes((1 + 0.85 / side, (1 - height) / 2, 0.24 / side, height))
    shares = np.linspace(1, 0, 256)[:, None].repeat(2, axis=1) ** 2
    strip.imshow(
        _colours(shares, np.broadcast_to([True, False], shares.shape)),
        extent=(0, 2, 0, 1),
        aspect="auto",
        interpolation="nearest",
    )
    marks = [0.0, 0.01, 0.1, 0.5, 1.0]
    strip.set_xticks([])
    strip.set_yticks(np.sqrt(marks), [f"{mark:.0%}" for mark in marks], fontsize=8)
    strip.yaxis.tick_right()
    strip.tick_params(length=2)
    strip.spines[:].set_visible(False)
    strip.set_title(pen.say("plot.row-share"), fontsize=8.5, color=MUTED, loc="left", pad=6)
