"""The Taylor remainder against the step: of slope 1 with a wrong gradient, of slope 2 with a right one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gradwright import _validate
from gradwright._arrays import FloatArray
from gradwright.check import GradientReport, TaylorTest
from gradwright.errors import ArgumentError, ArgumentTypeError
from gradwright.messages import phrase
from gradwright.plot.step_errors import power_of_ten
from gradwright.plot.style import (
    BLUE,
    FAINT,
    MUTED,
    PAPER,
    VERMILION,
    Pen,
    drawing,
    end_labels,
    finish,
    new_figure,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_GUIDE = "#b0b0b0"
# The guide lines begin so many times above the highest remainder, at the largest step.
_ABOVE = 4.0
# The picture goes so far below the lowest remainder to show the floor; one that is deeper is named alone.
_DEPTH = 1e5
# A guide line is named at this share of its way.
_NAMED = 0.3
# A remainder below this is drawn as 0, one above its reciprocal not at all.
_SMALLEST = 1e-290
# How strong points and lines are where rounding makes them.
_PALE = 0.35


def taylor(report_or_test: GradientReport | TaylorTest, *, lang: str | None = None) -> Figure:
    r"""Draw the Taylor remainder of a wrong gradient against the step, both on logarithmic scales.

    .. math:: R(s) = |f(x + s v) - f(x) - s \, g \cdot v|

    Two lines, one with the gradient under test and one with the gradient that was measured, each named with its order:
    about 1 where g is wrong, 2 where it is right. Dashed, lines of slope 1 and 2 to hold against them; shaded, what
    rounding makes of f, and pale the points that are no more than that.

    Parameters
    ----------
    report_or_test : GradientReport or TaylorTest
        What `gradwright.check_gradient` returned for a wrong gradient, or its attribute `taylor`.
    lang : {"en", "ko"}, optional
        The language; Korean needs an installed font with Hangul, and is English without one.

    Returns
    -------
    matplotlib.figure.Figure
        A remainder of exactly 0, or far below what rounding makes of f, is drawn at the lower border.

    Raises
    ------
    ArgumentTypeError
        If `report_or_test` is neither.
    ArgumentError
        If the report has no Taylor test, or no remainder is finite and above 0.
    MissingExtraError
        If matplotlib is not installed.

    Examples
    --------
    >>> from gradwright.check import check_gradient
    >>> report = check_gradient(lambda x: (x**3).sum(), np.array([1.0, 2.0]), lambda x: 2 * x**2)
    >>> [text.get_text() for text in taylor(report).axes[0].texts[-2:]]
    ['measured gradient\norder 2.00', 'gradient under test\norder 1.00']
    """
    test = _test_of(report_or_test)
    steps = np.array(test.steps)
    both = [_drawable(remainders) for remainders in (test.remainders, test.right_remainders)]
    floor = test.floor if _SMALLEST < test.floor < 1 / _SMALLEST else 0.0
    lowest, highest = _heights(np.concatenate(both), floor)
    with drawing(lang) as pen:
        figure = new_figure(6.8, 4.4)
        figure.set_facecolor(PAPER)
        axes = figure.subplots()
        _set_up(axes, steps, (lowest, highest), pen)
        if floor:
            _shade(axes, floor, pen)
        guides = [_guide(axes, float(steps.max()), _ABOVE * highest, power, pen) for power in (1, 2)]
        names = []
        told = ((test.order, "plot.taylor-tested", VERMILION), (test.right_order, "plot.taylor-measured", BLUE))
        for remainders, (order, key, colour) in zip(both, told, strict=True):
            drawn = np.maximum(remainders, lowest)  # NaN stays NaN
            _draw(axes, steps, drawn, remainders > floor, colour)
            seen = drawn[np.isfinite(drawn)]
            if seen.size:
                names.append((float(seen[0]), f"{pen.say(key)}\n{_order(order, pen)}", colour))
        end_labels(axes, names, gap=0.13)
        for words in axes.texts[-len(names) :]:
            words.set_linespacing(1.35)
        finish(figure)
        for words, line in guides:
            _turn(axes, words, line)
        return figure


def _test_of(given: Any) -> TaylorTest:
    """Return the test, that of a report if it is one; it must have something to draw."""
    _validate.no_class("report_or_test", given, GradientReport)
    _validate.no_class("report_or_test", given, TaylorTest)
    if isinstance(given, GradientReport):
        if given.taylor is None:
            why = "plot.taylor-unmeasured" if given.mismatches else "plot.taylor-not-wrong"
            raise ArgumentError(why, name="report_or_test", verdict=given.verdict)
        given = given.taylor
    if not isinstance(given, TaylorTest):
        expected = phrase("kind.report-or-test")
        raise ArgumentTypeError("argument.type", name="report_or_test", expected=expected, kind=type(given).__name__)
    if not any((_drawable(some) > 0).any() for some in (given.remainders, given.right_remainders)):
        raise ArgumentError("plot.taylor-nothing", name="report_or_test")
    return given


def _drawable(remainders: list[float]) -> FloatArray:
    """Return remainders with NaN for those that are not drawn; there is no room at the ends of what floats can hold."""
    values = np.array(remainders)
    return np.where(values < _SMALLEST, 0.0, np.where(values < 1 / _SMALLEST, values, math.nan))


def _heights(remainders: FloatArray, floor: float) -> tuple[float, float]:
    """Return the lowest height at which anything is drawn, and the highest remainder."""
    lowest, highest = float(np.nanmin(remainders)), float(np.nanmax(remainders))
    if lowest > floor:
        return (floor / 8 if lowest < _DEPTH * floor else lowest), highest
    if floor:  # in the band a remainder may be as near 0 as chance wills
        return min(max(lowest, floor / 30), floor / 8), max(highest, floor)
    return float(remainders[remainders > 0].min()) / 10, highest


def _set_up(axes: Axes, steps: FloatArray, heights: tuple[float, float], pen: Pen) -> None:
    from matplotlib.ticker import LogLocator, NullLocator

    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(float(steps.min()) / 1.5, float(steps.max()) * 1.5)
    axes.set_ylim(heights[0] / 3, heights[1] * 2 * _ABOVE)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(LogLocator(numticks=10))
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(power_of_ten)
    axes.grid(visible=True)
    axes.set_xlabel(pen.say("plot.taylor-step"))
    axes.set_ylabel(pen.say("plot.taylor-remainder"), fontfamily=pen.symbol_fonts)
    axes.set_title(pen.say("plot.taylor-title"), fontsize=10, loc="left", pad=10)
    for label in [*axes.get_xticklabels(), *axes.get_yticklabels()]:
        label.set_fontfamily(pen.symbol_fonts)


def _shade(axes: Axes, floor: float, pen: Pen) -> None:
    """Shade what rounding makes of f; where that is below the picture, say so."""
    low = axes.get_ylim()[0]
    style: dict[str, Any] = {"textcoords": "offset points", "horizontalalignment": "right", "color": MUTED}
    if floor > low:
        axes.axhspan(low, floor, color=FAINT, alpha=0.6, linewidth=0, zorder=0)
        words, place, offset, side = pen.say("plot.taylor-floor"), floor, -3, "top"
    else:
        size = f"{floor:.0e}".replace("e-0", "e-")
        words, place, offset, side = pen.say("plot.taylor-deep", floor=size), low, 4, "bottom"
    end = axes.get_xlim()[1]
    axes.annotate(words, (end, place), (-4, offset), verticalalignment=side, fontsize=8.5, **style, **_halo())


def _guide(axes: Axes, start: float, height: float, power: int, pen: Pen) -> tuple[Any, tuple[FloatArray, FloatArray]]:
    """Draw a line of slope `power` down from a point to the border of the picture, with its name, to be turned."""
    left, bottom = axes.get_xlim()[0], axes.get_ylim()[0]
    x = np.array([max(left, start * math.pow(bottom / height, 1 / power)), start])
    y = height * (x / start) ** power
    axes.plot(x, y, color=_GUIDE, linewidth=0.9, linestyle=(0, (4, 2.5)), zorder=1.5)
    place = x[0] ** (1 - _NAMED) * start**_NAMED
    words = axes.annotate(
        pen.say("plot.slope", slope=str(power)),
        (place, height * (place / start) ** power),
        xytext=(0, 0),
        textcoords="offset points",
        rotation_mode="anchor",
        horizontalalignment="center",
        verticalalignment="center",
        color=MUTED,
        fontsize=8.5,
        in_layout=False,
        **_halo(),
    )
    return words, (x, y)


def _halo() -> dict[str, Any]:
    """Return what sets words off from the lines behind them."""
    from matplotlib.patheffects import withStroke

    return {"path_effects": [withStroke(linewidth=2.5, foreground=PAPER)], "zorder": 6}


def _turn(axes: Axes, words: Any, line: tuple[FloatArray, FloatArray]) -> None:
    """Turn a guide's name along its line and move it above; the angle is known only once the layout is settled."""
    (x0, y0), (x1, y1) = axes.transData.transform(np.column_stack(line))
    angle = math.atan2(y1 - y0, x1 - x0)
    words.set_rotation(math.degrees(angle))
    words.xyann = (-8 * math.sin(angle), 8 * math.cos(angle))


def _draw(axes: Axes, steps: FloatArray, heights: FloatArray, tells: npt.NDArray[np.bool_], colour: str) -> None:
    """Draw one line, pale where it does not tell anything, as it is no more than rounding."""
    style: dict[str, Any] = {"color": colour, "marker": "o", "markersize": 4, "markeredgewidth": 0}
    for some, alpha in ((heights, _PALE), (np.where(tells, heights, math.nan), 1.0)):
        axes.plot(steps, some, linewidth=1.1, alpha=alpha, zorder=3, **style)


def _order(order: float, pen: Pen) -> str:
    return pen.say("plot.taylor-order", order=f"{order:.2f}") if math.isfinite(order) else pen.say("plot.taylor-none")
