"""The gradient at many points of the plane."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from gradwright import _validate
from gradwright._arrays import FloatArray
from gradwright.differentiate import derivative
from gradwright.differentiate.calling import number_array
from gradwright.errors import ShapeError
from gradwright.plot.contours import Box, box_of, draw_map, has_one_scale, map_size, plane_values, set_up_map, wrap_map
from gradwright.plot.style import INK, MUTED, PAPER, Pen, drawing, new_figure, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# An arrow is cut where it is this many times as long as the median one.
_LONGEST = 2.5


def vector_field(
    f: Callable[..., Any],
    limits: Any = (-2.0, 2.0),
    *,
    negative: bool = True,
    gradient: Callable[..., Any] | None = None,
    density: int = 17,
    lang: str | None = None,
) -> Figure:
    r"""Draw the negative gradient of a function of two variables: at each point, the way down.

    Each arrow begins at its point and is as long as :math:`|\nabla f|` there, on one scale; those longer than 2.5 times
    the median are cut to that, and pale. A dot stands where the gradient is 0, nothing where there is none (a kink, a
    value that is not finite). Below it the contours of f, which the arrows cross at right angles.

    Parameters
    ----------
    f : callable
        ``f(x) -> number`` with x of shape (2,); called with stacked points, as rows or as columns, if that gives the
        same, else point by point.
    limits : (low, high) or ((low, high), (low, high))
        The range of both variables, or of each.
    negative : bool
        Whether to draw :math:`-\nabla f` rather than :math:`\nabla f`.
    gradient : callable, optional
        ``gradient(x) -> array of shape (2,)``; by default the numerical one.
    density : int
        How many arrows in a row.
    lang : {"en", "ko"}, optional
        The language; Korean needs an installed font with Hangul, and is English without one.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ArgumentError
        If `limits` is no range, or f is finite nowhere in it.
    ShapeError
        If `gradient` returns another shape.
    MissingExtraError
        If matplotlib is not installed.

    Examples
    --------
    >>> figure = vector_field(lambda x: x[0] ** 2 + x[1] ** 2, (-2, 2))
    >>> figure.axes[0].get_title("left")
    'negative gradient, −∇f'
    """
    _validate.function("f", f)
    if gradient is not None:
        _validate.function("gradient", gradient)
    box = box_of(limits)
    count = _validate.positive_int("density", density)
    points, cell = _places(box, count)
    slopes = _numerical(f, points) if gradient is None else _given(gradient, points)
    with drawing(lang) as pen:
        figure = new_figure(1.0, 1.0)
        figure.set_facecolor(PAPER)
        axes = figure.subplots()
        set_up_map(axes, box)
        draw_map(axes, f, box)
        size = np.hypot(slopes[:, 0], slopes[:, 1])
        note = _arrows(axes, points, -slopes if negative else slopes, size, cell, pen)
        title = pen.say("plot.field-negative" if negative else "plot.field-positive")
        axes.set_title(title, fontsize=10, loc="left", pad=8, fontfamily=pen.symbol_fonts)
        axes.annotate(
            note,
            (1.0, 0.0),
            xycoords="axes fraction",
            xytext=(0, -28),
            textcoords="offset points",
            horizontalalignment="right",
            verticalalignment="top",
            fontsize=8,
            color=MUTED,
            annotation_clip=False,
        )
        return wrap_map(figure, axes, box)


def _places(box: Box, count: int) -> tuple[FloatArray, tuple[float, float]]:
    """Return the middles of a grid of cells, shape (n, 2), and the size of a cell; `count` along the wider side."""
    width, height = map_size(box, 1.0)
    numbers = [max(1, round(count * side)) for side in (width, height)]
    cells = [(high - low) / n for (low, high), n in zip(box, numbers)]
    sides = [low + cell * (np.arange(n) + 0.5) for (low, _), cell, n in zip(box, cells, numbers)]
    return np.stack(np.meshgrid(*sides), axis=-1).reshape(-1, 2), (cells[0], cells[1])


def _numerical(f: Callable[..., Any], points: FloatArray) -> FloatArray:
    """Return the gradient at each point, NaN where there is none: one `derivative` a variable, all points at once."""
    parts = []
    for axis in range(2):

        def along(t: FloatArray, axis: int = axis) -> FloatArray:
            moved = points.copy()
            moved[:, axis] = t
            return plane_values(f, moved)

        found = derivative(along, points[:, axis].copy())
        parts.append(np.where(found.ok | (found.error <= 1e-2 * np.abs(found.value)), found.value, math.nan))
    return np.stack(parts, axis=1)


def _given(gradient: Callable[..., Any], points: FloatArray) -> FloatArray:
    rows = []
    for point in points:
        row = number_array(gradient(point.copy()), "gradient")
        if row.shape != (2,):
            raise ShapeError("array.shape", name="gradient", shape=row.shape, expected=(2,))
        rows.append(row.astype(np.float64))
    return np.stack(rows)


def _arrows(
    axes: Axes, points: FloatArray, slopes: FloatArray, size: FloatArray, cell: tuple[float, float], pen: Pen
) -> str:
    """Draw the arrows; return what to say about their lengths."""
    seen = np.isfinite(size) & (size > 0)
    still = size == 0
    axes.plot(*points[still].T, linestyle="none", marker="o", markersize=2.5, color=INK, zorder=3)
    if not seen.any():
        return ""
    longest = float(size[seen].max())
    cap = min(longest, _LONGEST * float(np.median(size[seen])))
    # In a map with one scale for both axes, lengths are in its units; else in units of a cell.
    unit = np.array(cell)
    with np.errstate(invalid="ignore"):
        short = slopes * np.minimum(1.0, cap / np.where(seen, size, 1.0))[:, None]
    arrows = 0.95 * short / cap * (float(unit.min()) if has_one_scale((axes.get_xlim(), axes.get_ylim())) else unit)
    for chosen, alpha in ((seen & (size <= cap), 1.0), (seen & (size > cap), 0.45)):
        if chosen.any():
            drawn = axes.quiver(
                *points[chosen].T,
                *arrows[chosen].T,
                angles="xy",
                scale_units="xy",
                scale=1.0,
                width=0.0042,
                headwidth=3.6,
                headlength=4.2,
                headaxislength=3.8,
                minlength=0.4,
                color=INK,
                alpha=alpha,
                clip_on=False,
                zorder=3,
            )
            drawn.set_in_layout(False)  # matplotlib misjudges how far arrows reach
    shown = number(float(f"{cap:.3g}"))
    return pen.say("plot.cut" if cap < longest else "plot.longest", size=shown)
