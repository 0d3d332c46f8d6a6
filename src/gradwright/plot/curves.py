"""A function of one variable with its tangent lines."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from gradwright import _validate
from gradwright._arrays import FloatArray, to_numpy
from gradwright.differentiate import Status, Tangent
from gradwright.differentiate import tangent as tangent_line
from gradwright.differentiate.calling import number_array
from gradwright.errors import ArgumentError, ArgumentTypeError, FunctionError
from gradwright.messages import Phrase, phrase
from gradwright.plot.style import GREEN, INK, PAPER, VERMILION, Pen, drawing, end_labels, finish, new_figure, number
from gradwright.plot.ticks import write_numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOURS = (VERMILION, GREEN, "#0072B2", "#b5578f", "#9a6b00")
_SAMPLES = 801


def tangent(
    f: Callable[..., Any],
    at: Any,
    *,
    limits: tuple[float, float] | None = None,
    name: str = "x",
    lang: str | None = None,
) -> Figure:
    r"""Draw a function of one variable and its tangent line at one point or at several.

    .. math:: y = f(a) + f'(a) (x - a)

    Each line is named by its slope, with the error where that shows in the figures written. At a kink the two
    one-sided lines are drawn; at a jump, or where f has no value, none is.

    Parameters
    ----------
    f : callable
        ``f(x) -> number``; called with an array of points if it takes one, else point by point.
    at : float or sequence of float
        Where the lines touch.
    limits : (low, high), optional
        The range of x; by default about as wide on either side as the points' own range or size.
    name : str
        What x is called.
    lang : {"en", "ko"}, optional
        The language; Korean needs an installed font with Hangul, and is English without one.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ArgumentError
        If `limits` is no range, or a point is outside, or f is finite nowhere in it or too large for a picture.
    ArgumentTypeError
        If f cannot be called, or there is no point.
    MissingExtraError
        If matplotlib is not installed.

    Examples
    --------
    >>> figure = tangent(lambda x: 0.01 * x**2 + 0.1 * x, [5, 10], limits=(0, 20))
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['slope 0.2', 'slope 0.3', 'f(x)']
    """
    _validate.function("f", f)
    points = _points(at)
    low, high = _range(points, limits)
    for point in points:
        _validate.in_range("at", point, low, high)
    with np.errstate(all="ignore"):
        x = np.linspace(low, high, _SAMPLES)
    y = curve_values(f, x)
    if not np.isfinite(y).any():
        raise ArgumentError("plot.nothing-finite")
    with np.errstate(all="ignore"):
        lines = [tangent_line(f, point) for point in points]
        bottom, top = _heights(x, y, lines)
    if not (math.isfinite(high - low) and math.isfinite(top - bottom)):
        raise ArgumentError("plot.too-large")
    with drawing(lang) as pen:
        figure = new_figure(6.0, 4.0)
        figure.set_facecolor(PAPER)
        axes = figure.subplots()
        axes.set_xlim(low, high)
        axes.set_ylim(bottom, top)
        axes.grid(visible=True)
        x_name = pen.name(str(name), "x")
        axes.set_xlabel(x_name)
        axes.set_ylabel(f"f({x_name})")
        write_numbers(axes.xaxis)
        write_numbers(axes.yaxis)
        _curve(axes, x, y, lines)
        names = []
        for place, line in enumerate(lines):
            names += _line(axes, line, _COLOURS[place % len(_COLOURS)], pen)
        end_labels(axes, [*names, *_curve_name(axes, x, y, f"f({x_name})")])
        return finish(figure)


def _points(at: Any) -> list[float]:
    host = np.atleast_1d(to_numpy(at))
    if host.ndim != 1 or not host.size or host.dtype.kind not in "iuf":
        raise ArgumentTypeError("argument.type", name="at", expected=phrase("kind.numbers"), kind=type(at).__name__)
    if not np.isfinite(host).all():
        raise ArgumentError("argument.finite", name="at", value=at)
    return [float(value) for value in host]


def _range(points: list[float], limits: Any) -> tuple[float, float]:
    if limits is not None:
        return one_range(limits, limits, phrase("kind.range"))
    low, high = min(points), max(points)
    reach = max(high - low, abs(low), abs(high)) or 2.0
    largest = float(np.finfo(np.float64).max)
    return max(low - reach, -largest), min(high + reach, largest)


def one_range(limits: Any, given: Any, expected: Phrase) -> tuple[float, float]:
    """Return a pair of numbers, the first below the second, or raise with what was `given` as a whole."""
    try:
        low, high = map(_validate.number_or_nan, limits)
    except (TypeError, ValueError):
        low = high = math.nan
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ArgumentError("plot.limits", value=given, expected=expected)
    return low, high


def curve_values(f: Callable[..., Any], x: FloatArray) -> FloatArray:
    """Return f at every point: of the array as a whole where that gives the same, else point by point."""
    with np.errstate(all="ignore"):
        try:
            whole = number_array(f(x.copy()))
            some = [0, len(x) // 3, len(x) - 2]
            if whole.shape == x.shape and whole.dtype.kind == "f":
                single = [value_at(f, float(x[k])) for k in some]
                if np.allclose(whole[some], single, rtol=1e-9, atol=1e-12, equal_nan=True):
                    return whole.astype(np.float64)
        except Exception:  # noqa: S110 - whatever a function raises that takes numbers only
            pass
        return np.array([value_at(f, value) for value in x.tolist()])


def value_at(f: Callable[..., Any], x: Any) -> float:
    """Return f at one point; NaN where Python's own mathematics refuses, as math.log does below 0.

    Raises
    ------
    FunctionError
        If f returns no number.
    """
    try:
        value = f(x)
    except (ArithmeticError, ValueError):
        return math.nan
    found = number_array(value)
    if found.size != 1:
        raise FunctionError("f.not-scalar", name="f", shape=found.shape)
    return math.nan if found.dtype.kind == "c" else float(found.item())  # x**0.5 is complex below 0


def _heights(x: FloatArray, y: FloatArray, lines: list[Tangent]) -> tuple[float, float]:
    """Return the range of y: that of the curve without its poles, and some way along the lines."""
    seen = y[np.isfinite(y)]
    low, high = float(seen.min()), float(seen.max())
    inner_low, inner_high = np.quantile(seen, [0.05, 0.95]).tolist()
    if high - low > 8 * (inner_high - inner_low) > 0:
        low, high = 2 * inner_low - inner_high, 2 * inner_high - inner_low
    heights = [line.height for line in lines if math.isfinite(line.height)]
    ends = np.array([line(end) for line in lines if line.status.ok for end in (x[0], x[-1])])
    # A curve that shoots up, as exp does, would press its tangent flat: where half of it fits into a quarter of the
    # height, that half and the lines are shown.
    half = np.concatenate([np.quantile(seen, [0.25, 0.75]), heights, ends])
    if high - low > 4 * (half.max() - half.min()) > 0:
        low, high = max(low, float(half.min())), min(high, float(half.max()))
    low, high = min([low, *heights]), max([high, *heights])
    room = (high - low) or abs(high) or 1.0
    # Two lines of words stand in the open angle's back.
    kinks = [line for line in lines if line.status == Status.KINK]
    low = min([low, *(line.height - 0.2 * room for line in kinks if line.right > line.left)])
    high = max([high, *(line.height + 0.2 * room for line in kinks if line.right <= line.left)])
    lowest = max(low - 0.25 * room, float(np.min(ends, initial=low)))
    highest = min(high + 0.25 * room, float(np.max(ends, initial=high)))
    return lowest - 0.06 * room, highest + 0.06 * room


def _curve(axes: Axes, x: FloatArray, y: FloatArray, lines: list[Tangent]) -> None:
    # Open at a jump: a line across would be a slope that is not there.
    jumps = [line.point for line in lines if line.status == Status.JUMP]
    low, high = axes.get_ylim()
    with np.errstate(invalid="ignore"):
        beyond = np.where(y > high, 1, np.where(y < low, -1, 0))
    y = np.where(np.append(beyond[:-1] * beyond[1:] < 0, False), math.nan, y)  # and at a pole
    jumps += list(_steps(x, y))
    where = np.searchsorted(x, jumps)
    axes.plot(np.insert(x, where, jumps), np.insert(y, where, math.nan), color=INK, linewidth=1.8, zorder=2)


def _steps(x: FloatArray, y: FloatArray) -> FloatArray:
    """Return where y steps from one point to the next, as floor does: far more than just before and just after."""
    rise = np.abs(np.diff(y))
    around = np.maximum(np.append(0.0, rise[:-1]), np.append(rise[1:], 0.0))
    stepped = (rise > 50 * around) & (rise > 0.02 * np.nanmax(rise, initial=0.0))
    return np.asarray((x[:-1] + x[1:])[stepped] / 2)


def _curve_name(axes: Axes, x: FloatArray, y: FloatArray, words: str) -> list[tuple[float, str, str]]:
    """Return the name of the curve if it ends at the right border; else write it where the curve leaves above."""
    low, high = axes.get_ylim()
    with np.errstate(invalid="ignore"):
        inside = np.flatnonzero((low <= y) & (y <= high))
    last = int(inside[-1]) if inside.size else len(y) - 1
    if last == len(y) - 1 and len(_steps(x[-3:], y[-3:])):  # a step to the very last point, which is not drawn
        last -= 1
    if y[last] > high - 0.1 * (high - low) and last < len(y) - 2:
        _above(axes, float(x[last]), high, words, INK)
        return []
    return [(min(max(float(y[last]), low), high), words, INK)]


def _line(axes: Axes, line: Tangent, colour: str, pen: Pen) -> list[tuple[float, str, str]]:
    """Draw what there is at one point; return the names of lines that end at the right border."""
    low, high = axes.get_xlim()
    a, height = line.point, line.height
    names: list[tuple[float, str, str]] = []
    if line.status == Status.KINK:
        parts = [(line.left, low, a, "plot.slope-left"), (line.right, a, high, "plot.slope-right")]
        for slope, start, stop, _ in parts:
            _one_sided(axes, (a, height), slope, stop if start == a else start, colour)
        words = "\n".join(pen.say(key, slope=number(float(f"{slope:.4g}"))) for slope, _, _, key in parts)
        _beside(axes, line, words, colour, below=line.right > line.left)
    elif math.isfinite(line.slope) and line.status not in (Status.JUMP, Status.NONFINITE):
        ends = np.array([low, high])
        axes.plot(ends, line(ends), color=colour, linewidth=1.3, zorder=3)
        bottom, top = axes.get_ylim()
        if bottom <= line(high) <= top:
            names.append((line(high), _slope(line, pen), colour))
        else:
            _at_exit(axes, line, _slope(line, pen), colour)
    elif math.isfinite(height) and math.isinf(line.slope):
        axes.axvline(a, color=colour, linewidth=1.3, zorder=3)
        _above(axes, a, axes.get_ylim()[1], pen.say("plot.vertical"), colour)
    elif math.isfinite(height):
        _beside(axes, line, pen.say("plot.no-tangent", status=line.status.text(pen.lang)), colour, below=True)
    if math.isfinite(height):
        axes.plot(a, height, marker="o", markersize=5.5, color=colour, markeredgecolor=PAPER, zorder=4)
    return names


def _one_sided(axes: Axes, at: tuple[float, float], slope: float, end: float, colour: str) -> None:
    """Draw the line that the slope of one side makes, towards `end`: upright where the slope is infinite."""
    a, height = at
    if math.isinf(slope):
        ends, heights = [a, a], [height, axes.get_ylim()[1 if (slope > 0) == (end > a) else 0]]
    else:
        ends = sorted((a, end))
        heights = [height + slope * (x - a) for x in ends]
    axes.plot(ends, heights, color=colour, linewidth=1.3, linestyle=(0, (5, 3)), zorder=3)


def _slope(line: Tangent, pen: Pen) -> str:
    """Write a slope to four figures, fewer where its error is larger, and then the error as well."""
    slope, error = line.slope, line.error
    if not error > 5e-5 * abs(slope) or error < 1e-9:
        shown = 0.0 if abs(slope) <= error else float(f"{slope:.4g}")
        return pen.say("plot.slope", slope=number(shown))
    if not math.isfinite(error):
        return pen.say("plot.slope-error", slope=number(float(f"{slope:.2g}")), error="?")
    figures = max(0, -math.floor(math.log10(error)))
    return pen.say("plot.slope-error", slope=number(round(slope, figures)), error=number(float(f"{error:.1g}")))


def _at_exit(axes: Axes, line: Tangent, words: str, colour: str) -> None:
    """Name a steep line where it leaves the picture above."""
    low, _ = axes.get_xlim()
    _, top = axes.get_ylim()
    x = max(line.point + (top - line.height) / line.slope, low)
    _above(axes, x, min(line(x), top), words, colour)


def _above(axes: Axes, x: float, y: float, words: str, colour: str) -> None:
    axes.annotate(
        words,
        (x, y),
        xytext=(0, 3),
        textcoords="offset points",
        color=colour,
        horizontalalignment="center",
        verticalalignment="bottom",
        annotation_clip=False,
    )


def _beside(axes: Axes, line: Tangent, words: str, colour: str, *, below: bool) -> None:
    axes.annotate(
        words,
        (line.point, line.height),
        xytext=(0, -8 if below else 8),
        textcoords="offset points",
        color=colour,
        linespacing=1.5,
        horizontalalignment="center",
        verticalalignment="top" if below else "bottom",
    )
