"""A function of two variables as a map: its values on a grid, and light contours below arrows and paths."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.differentiate.calling import number_array
from gradwright.errors import ArgumentError
from gradwright.messages import phrase
from gradwright.plot.curves import one_range, value_at
from gradwright.plot.style import BLUE, PAPER, wrap
from gradwright.plot.ticks import write_numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Box = tuple[tuple[float, float], tuple[float, float]]
_GRID = 141  # points along a side
_LEVELS = 14
_EXPECTED = phrase("kind.ranges")


def box_of(limits: Any) -> Box:
    """Return the ranges of x0 and x1 from one pair for both, or a pair of pairs."""
    try:
        pairs = [tuple(part) if np.ndim(part) else part for part in limits]
    except TypeError:
        pairs = []
    if len(pairs) == 2 and all(isinstance(part, tuple) for part in pairs):
        return one_range(pairs[0], limits, _EXPECTED), one_range(pairs[1], limits, _EXPECTED)
    both = one_range(limits, limits, _EXPECTED)
    return both, both


def plane_values(f: Callable[..., Any], points: FloatArray) -> FloatArray:
    """Return f at the rows of `points`, shape (n, 2): in one call where that gives the same, else point by point.

    A function of stacked points may want them as rows, shape (n, 2), or as columns, shape (2, n), as
    ``lambda x: x[0]**2 + x[1]**2`` does.
    """
    count = len(points)
    with np.errstate(all="ignore"):
        some = np.unique(np.linspace(0, count - 1, 7).astype(int))
        single = np.array([value_at(f, points[k].copy()) for k in some])
        for stacked in (points.copy(), points.T.copy()) if count > len(some) else ():
            try:
                whole = number_array(f(stacked))
            except Exception:  # noqa: S112 - whatever a function raises that takes one point only
                continue
            fits = whole.shape == (count,) and whole.dtype.kind == "f"
            if fits and np.allclose(whole[some], single, rtol=1e-9, atol=1e-12, equal_nan=True):
                return whole.astype(np.float64)
        return np.array([value_at(f, point.copy()) for point in points])


def levels_of(values: FloatArray) -> FloatArray:
    r"""Return contour levels that show the shape of a function wherever most of its values lie.

    Equal steps of :math:`((f - f_{min}) / (f_{max} - f_{min}))^{1/p}`, with the p that puts the median in the middle:
    1 on a plane or a saddle, about 2 in a bowl. Steeper than that, as Rosenbrock's valley is, levels are in geometric
    steps over five decades.
    """
    seen = values[np.isfinite(values)]
    low, high, middle = float(seen.min()), float(seen.max()), float(np.median(seen))
    if not high > low:
        return np.array([low])
    share = (middle - low) / (high - low)
    power = math.log(max(share, 1e-12)) / math.log(0.5)
    places = np.linspace(0, 1, _LEVELS + 1)[1:-1]
    if power > 3.0:
        return np.asarray(low + (high - low) * 10.0 ** (-5 * (1 - places)))
    return np.asarray(low + (high - low) * places ** max(1.0, power))


def draw_map(axes: Axes, f: Callable[..., Any], box: Box) -> None:
    """Draw light contours of f; the lower the bluer.

    Raises
    ------
    ArgumentError
        If f is finite nowhere in the box.
    """
    from matplotlib.colors import LinearSegmentedColormap

    x0, x1 = (np.linspace(*side, _GRID) for side in box)
    points = np.stack(np.meshgrid(x0, x1), axis=-1)
    values = plane_values(f, points.reshape(-1, 2)).reshape(_GRID, _GRID)
    if not np.isfinite(values).any():
        raise ArgumentError("plot.nothing-finite")
    values = np.ma.masked_invalid(_scaled(values))
    levels = levels_of(values.compressed())
    if len(levels) < 2:  # constant: no contours
        return
    shades = LinearSegmentedColormap.from_list("map", ["#c9dfee", "#f4f8fb", PAPER])
    colours = shades(np.linspace(0, 1, len(levels) + 1))
    axes.contourf(x0, x1, values, levels, colors=list(colours), extend="both", zorder=0)
    axes.contour(
        x0, x1, values, levels, colors=[BLUE], linewidths=0.5, alpha=0.4, negative_linestyles="solid", zorder=1
    )


def _scaled(values: FloatArray) -> FloatArray:
    """Return values of the same contours within 1: matplotlib draws none beyond 1e250, its number for "no end"."""
    _, exponent = np.frexp(np.abs(values[np.isfinite(values)]).max())
    return np.asarray(np.ldexp(values, -exponent))


def set_up_map(axes: Axes, box: Box, names: tuple[str, str] = ("x0", "x1")) -> None:
    """Set limits, ticks and names of the axes."""
    from matplotlib.ticker import MaxNLocator

    axes.set_xlim(*box[0])
    axes.set_ylim(*box[1])
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
        write_numbers(axis)
    axes.set_xlabel(names[0])
    axes.set_ylabel(names[1], rotation=0, verticalalignment="center", labelpad=9)
    axes.tick_params(length=3)


def has_one_scale(box: Box) -> bool:
    """Tell whether a unit is as long on both axes, as it is unless one range is more than four times the other."""
    width, height = (high - low for low, high in box)
    return 0.25 <= width / height <= 4


def map_size(box: Box, largest: float) -> tuple[float, float]:
    """Return inches for a map, of which the longer side is `largest`."""
    width, height = (high - low for low, high in box)
    ratio = width / height if has_one_scale(box) else 1.25
    return (largest, largest / ratio) if ratio >= 1 else (largest * ratio, largest)


def wrap_map(figure: Figure, axes: Axes, box: Box, largest: float = 4.4) -> Figure:
    """Settle a figure with one map."""
    return wrap(figure, axes, *map_size(box, largest))
