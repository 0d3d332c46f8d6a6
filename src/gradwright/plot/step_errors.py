"""Error against step: the V that round-off and truncation make."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from gradwright import _validate
from gradwright._arrays import FloatArray
from gradwright.differentiate import StepCurve, Sweep
from gradwright.plot.style import (
    BLUE,
    FAINT,
    GREEN,
    INK,
    MUTED,
    PAPER,
    VERMILION,
    Pen,
    drawing,
    end_labels,
    finish,
    new_figure,
)
from gradwright.plot.style import number as plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOURS = {"forward": VERMILION, "central": BLUE, "complex": GREEN, "backward": "#b5578f"}
_TEXTBOOK = 1e-4
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


# A law's name and the two ends of its line.
_Law: TypeAlias = tuple[Any, FloatArray, FloatArray]


def step_error(sweep: Sweep, *, lang: str | None = None) -> Figure:
    r"""Draw the error of the difference formulas against their step, both on logarithmic scales.

    Large steps err by truncation, a line of slope 1 (forward) or 2 (central); small ones by round-off, a line of slope
    -1. Dashed, these two laws; a ring at the best step of each formula; a diamond where the automatic method is; and
    the textbook's h = 1e-4.

    Parameters
    ----------
    sweep : Sweep
        What `gradwright.differentiate.sweep` found.
    lang : {"en", "ko"}, optional
        The language; Korean needs an installed font with Hangul, and is English without one.

    Returns
    -------
    matplotlib.figure.Figure
        An error of exactly 0, which has no place on the scale, is drawn at half a unit in the last place.

    Raises
    ------
    ArgumentTypeError
        If `sweep` is no `Sweep`.
    MissingExtraError
        If matplotlib is not installed.

    Examples
    --------
    >>> from gradwright.differentiate import sweep
    >>> figure = step_error(sweep(np.exp, 1.0))
    >>> figure.axes[0].get_xscale(), figure.axes[0].get_yscale()
    ('log', 'log')
    """
    _validate.instance("sweep", sweep, Sweep)
    with drawing(lang) as pen:
        figure = new_figure(6.8, 4.4)
        figure.set_facecolor(PAPER)
        axes = figure.subplots()
        floor = _floor(sweep)
        _set_up(axes, sweep, floor, pen)
        for curve in sweep.curves.values():
            _draw(axes, curve, floor)
        laws = _laws(axes, sweep, pen)
        _marks(axes, sweep, floor, pen)
        ends = []
        for method, curve in sweep.curves.items():
            seen = curve.errors[np.isfinite(curve.errors)]
            if seen.size:
                ends.append((max(float(seen[0]), floor), pen.say(f"plot.{method}"), _COLOURS[method]))
        end_labels(axes, ends)
        finish(figure)
        for words, x, y in laws:
            _turn(axes, words, x, y)
        return figure


def _floor(sweep: Sweep) -> float:
    """Return where an error of 0 is drawn."""
    half = float(np.spacing(abs(sweep.exact))) / 2
    if sweep.exact:
        return half
    errors = np.concatenate([curve.errors for curve in sweep.curves.values()])
    return float(np.min(errors[np.isfinite(errors) & (errors > 0)], initial=1e-16))


def _set_up(axes: Axes, sweep: Sweep, floor: float, pen: Pen) -> None:
    from matplotlib.ticker import LogLocator, NullLocator

    steps = np.concatenate([curve.steps for curve in sweep.curves.values()])
    # Far from the real axis a function may grow beyond all measure; that is no reason to press the other curves flat.
    real = [curve for curve in sweep.curves.values() if curve.method != "complex"] or list(sweep.curves.values())
    errors = np.concatenate([curve.errors for curve in real])
    largest = float(np.max(errors[np.isfinite(errors)], initial=floor))
    right = float(steps.max())
    if right < sweep.automatic.step < 100 * right:
        right = sweep.automatic.step
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(float(steps.min()) / 1.5, right * 1.5)
    axes.set_ylim(floor / 4, max(largest * 30, floor * 100))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(LogLocator(numticks=10))
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(power_of_ten)
    axes.grid(visible=True)
    axes.set_xlabel(pen.say("plot.sweep-step"))
    axes.set_ylabel(pen.say("plot.sweep-error"))
    axes.set_title(pen.say("plot.sweep-title", x=plain(sweep.x)), fontsize=10, loc="left", pad=10)
    for label in [*axes.get_xticklabels(), *axes.get_yticklabels()]:
        label.set_fontfamily(pen.symbol_fonts)


def power_of_ten(value: float, _position: float | None = None) -> str:
    """Write a power of ten with a raised exponent, without mathematics."""
    return f"10{f'{round(math.log10(value)):d}'.translate(_SUPERSCRIPT)}" if value > 0 else ""


def _draw(axes: Axes, curve: StepCurve, floor: float) -> None:
    axes.plot(
        curve.steps,
        np.maximum(curve.errors, floor),
        color=_COLOURS[curve.method],
        # Wide and pale below, since for large steps the complex step errs just as the central formula does.
        linewidth=2.6 if curve.method == "complex" else 0.9,
        alpha=0.5 if curve.method == "complex" else 1.0,
        marker="o",
        markersize=2.6,
        markeredgewidth=0,
        zorder=2.5 if curve.method == "complex" else 3,
    )


def _laws(axes: Axes, sweep: Sweep, pen: Pen) -> list[_Law]:
    """Draw each branch's law beside its points: truncation for every formula, round-off once, as they share it."""
    curves = [curve for curve in sweep.curves.values() if curve.method != "complex"]
    named: set[int] = set()
    laws: list[_Law] = []
    for curve in curves:
        if _tells(curve.truncation) and curve.power not in named:
            named.add(curve.power)
            # To where it leaves the picture above.
            top = math.pow(axes.get_ylim()[1] / curve.truncation, 1 / curve.power)
            largest = min(float(curve.steps[0]), top)
            span = np.array([max(_crossing(curve) / 10, float(curve.steps[-1])), largest])
            if not span[0] < largest:
                continue
            words = pen.say("plot.truncation", law="h" if curve.power == 1 else "h²")
            # Halfway between the best step and the largest.
            place = math.sqrt(max(_crossing(curve), float(curve.steps[-1])) * largest)
            laws.append(
                _law(axes, span, curve.truncation * span**curve.power, place, words, _COLOURS[curve.method], pen)
            )
    noisy = [curve for curve in curves if _tells(curve.round_off)]
    if noisy:
        curve = max(noisy, key=lambda one: one.round_off)
        smallest = float(curve.steps[-1])
        high = min(_crossing(curve) * 10, float(curve.steps[0]))
        span = np.array([smallest, high])
        place = math.sqrt(smallest * min(_crossing(curve), high))
        laws.append(_law(axes, span, curve.round_off / span, place, pen.say("plot.round-off"), MUTED, pen))
    return laws


def _tells(size: float) -> bool:
    """Tell whether the size of an error is known: 0 where it is not, infinite where it overflowed."""
    return 0 < size < math.inf


def _crossing(curve: StepCurve) -> float:
    """Return the step at which both laws give the same."""
    if not _tells(curve.truncation) or not _tells(curve.round_off):
        return float(curve.steps[0] if _tells(curve.round_off) else curve.steps[-1])
    return math.pow(curve.round_off / curve.truncation, 1 / (curve.power + 1))


def _law(axes: Axes, x: FloatArray, y: FloatArray, place: float, words: str, colour: str, pen: Pen) -> _Law:
    """Draw a power law between two points, with its name, to be turned along it."""
    axes.plot(x, y, color=colour, linewidth=1.0, linestyle=(0, (4, 2.5)), zorder=2)
    slope = math.log(y[1] / y[0]) / math.log(x[1] / x[0])
    text = axes.annotate(
        words,
        (place, float(y[0] * (place / x[0]) ** slope)),
        xytext=(0, 0),
        textcoords="offset points",
        rotation_mode="anchor",
        horizontalalignment="center",
        verticalalignment="center",
        color=colour,
        fontsize=8.5,
        fontfamily=pen.symbol_fonts,
        in_layout=False,
        **_halo(),
    )
    return text, x, y


def _turn(axes: Axes, words: Any, x: FloatArray, y: FloatArray) -> None:
    """Turn a law's name along its line and move it above; the angle is known only once the layout is settled."""
    (x0, y0), (x1, y1) = axes.transData.transform(np.column_stack([x, y]))
    angle = math.atan2(y1 - y0, x1 - x0)
    words.set_rotation(math.degrees(angle))
    words.xyann = (-9 * math.sin(angle), 9 * math.cos(angle))


def _halo() -> dict[str, Any]:
    """Return what sets words off from the lines behind them."""
    from matplotlib.patheffects import withStroke

    return {"path_effects": [withStroke(linewidth=2.5, foreground=PAPER)], "zorder": 6}


def _marks(axes: Axes, sweep: Sweep, floor: float, pen: Pen) -> None:
    low, high = axes.get_xlim()
    if low < _TEXTBOOK < high:
        axes.axvline(_TEXTBOOK, color=INK, linewidth=0.8, linestyle=(0, (1, 2)), zorder=1)
        style: dict[str, Any] = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points"}
        left = math.log(_TEXTBOOK / low) > 0.75 * math.log(high / low)
        axes.annotate(
            pen.say("plot.textbook-step"),
            (_TEXTBOOK, 1.0),
            xytext=(-4 if left else 4, -3),
            horizontalalignment="right" if left else "left",
            verticalalignment="top",
            fontsize=8.5,
            **style,
            **_halo(),
        )
    if sweep.exact_error > 8 * floor:
        axes.axhspan(axes.get_ylim()[0], sweep.exact_error, color=FAINT, alpha=0.6, linewidth=0, zorder=0)
        words = pen.say("plot.reference-limit")
        axes.annotate(
            words, (low, sweep.exact_error), (4, -3), textcoords="offset points", va="top", color=MUTED, fontsize=8.5
        )
    for method, curve in sweep.curves.items():
        if method == "complex":  # any small step is as good as another
            continue
        error = float(curve.errors[curve.steps == curve.best_step][0])
        place = (curve.best_step, max(error, floor))
        axes.plot(
            *place,
            marker="o",
            markersize=8,
            markerfacecolor="none",
            markeredgecolor=_COLOURS[method],
            markeredgewidth=1.3,
            zorder=4,
        )
        words = pen.say("plot.best-step", step=f"{curve.best_step:.0e}".replace("e-0", "e-"))
        _beside(axes, words, place, _COLOURS[method], (-8, -9), pen)
    step = sweep.automatic.step
    if low < step < high:
        place = (step, max(sweep.automatic_error, sweep.exact_error, floor))
        axes.plot(*place, marker="D", markersize=6, color=INK, markeredgecolor=PAPER, zorder=5)
        _beside(axes, pen.say("plot.automatic"), place, INK, (0, 9), pen)


def _beside(axes: Axes, words: str, place: tuple[float, float], colour: str, offset: tuple[int, int], pen: Pen) -> None:
    axes.annotate(
        words,
        place,
        xytext=offset,
        textcoords="offset points",
        horizontalalignment="right" if offset[0] < 0 else "center",
        verticalalignment="center" if offset[1] < 0 else "bottom",
        color=colour,
        fontsize=8.5,
        fontfamily=pen.symbol_fonts,
        **_halo(),
    )
