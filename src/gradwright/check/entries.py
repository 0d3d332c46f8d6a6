"""A gradient checked entry by entry: each derivative measured with its error bar, and again where it seems wrong."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.check.analytic import EPS, ROUNDING, Analytic, in_float64
from gradwright.check.judgement import Judgement, judge
from gradwright.check.noise import slope_in_noise
from gradwright.differentiate import Status
from gradwright.differentiate.gradients import Partials, partials
from gradwright.differentiate.grains import IRREGULAR, finest_grains
from gradwright.differentiate.point import Point
from gradwright.differentiate.sampling import Sampler

#: Of the entries that seem wrong, this many are measured again, in ways that take more evaluations.
_LOOKS = 50


@dataclass
class Entries:
    """What became of the entries `chosen`."""

    chosen: np.ndarray[Any, Any]
    judged: Judgement
    evaluations: int


def check_entries(
    f: Callable[..., Any],
    point: Point,
    analytic: Analytic,
    rule: Callable[..., Any] | None,
    chosen: np.ndarray[Any, Any],
    options: dict[str, Any],
) -> Entries:
    """Compare the entries `chosen` of the gradient with measured ones; `options` are those of `gradient`."""
    measured = partials(f, point.fresh(), chosen, **options)
    judged = judge(analytic.value[chosen], analytic.rounding[chosen], measured)
    evaluations = measured.evaluations
    if judged.wrong.any():
        _blame_rounding(point, rule, analytic, chosen, measured, judged)
    if options["method"] == "auto" and options["step"] is None and options["bounds"] is None:
        evaluations += _look_from_each_side(f, point, analytic, chosen, measured, judged)
        if judged.wrong.any() or judged.unclear.any():
            evaluations += _look_again(f, point, analytic, chosen, judged)
    return Entries(chosen, judged, evaluations)


def _blame_rounding(
    point: Point,
    rule: Callable[..., Any] | None,
    analytic: Analytic,
    chosen: np.ndarray[Any, Any],
    measured: Partials,
    judged: Judgement,
) -> None:
    """Take back, in `judged`, what may be too little precision rather than a mistake.

    A saturated unit has a derivative of 1e-12 that is 0 in float32. If the gradient can be computed in float64 and is
    right there, the rules are right. Else nothing can be said of what is small beside the largest entry of all.
    """
    largest = float(np.abs(analytic.value).max())
    precise = in_float64(point, rule) if rule is not None else None
    if precise is None:
        judged.doubt(judged.error <= largest * (ROUNDING * EPS if analytic.eps == EPS else math.sqrt(analytic.eps)))
        return
    right = ~judge(precise.value[chosen], precise.rounding[chosen], measured).wrong
    # Where there is nothing but rounding left of a derivative that is 0, that is right.
    nothing = (judged.error <= largest * ROUNDING * analytic.eps) & (np.abs(measured.value) <= 10 * measured.error)
    judged.wrong &= ~(right & nothing)
    judged.doubt(right)


def _some(where: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return at most `_LOOKS` of the places where `where` holds, spread over all of them."""
    places = np.flatnonzero(where)
    return places[np.unique(np.linspace(0, max(len(places) - 1, 0), _LOOKS).astype(int))] if places.size else places


def _look_from_each_side(
    f: Callable[..., Any],
    point: Point,
    analytic: Analytic,
    chosen: np.ndarray[Any, Any],
    measured: Partials,
    judged: Judgement,
) -> int:
    """Measure from each side alone what seems wrong or was not resolved; return the number of evaluations.

    A symmetric formula may find no step that avoids a kink beside x, or step over it and agree with itself all the
    same. One side of x is free of it.
    """
    at = np.concatenate([_some(judged.wrong), _some(judged.unclear & (measured.status == Status.UNRESOLVED))])
    if not at.size:
        return 0
    axes, evaluations = chosen[at], 0
    agrees, contradicts = np.zeros_like(judged.wrong), np.zeros_like(judged.wrong)
    for side in ("backward", "forward"):
        look = partials(f, point.fresh(), axes, method=side)
        again = judge(analytic.value[axes], analytic.rounding[axes], look)
        agrees[at] |= again.trusted & ~again.wrong
        contradicts[at] |= again.trusted & again.wrong
        evaluations += look.evaluations
    judged.doubt(agrees)
    judged.unclear = judged.unclear & ~agrees
    judged.kink = judged.kink | (agrees & contradicts)  # right on one side and wrong on the other
    return evaluations


def _look_again(
    f: Callable[..., Any], point: Point, analytic: Analytic, chosen: np.ndarray[Any, Any], judged: Judgement
) -> int:
    """Look at what is wrong or unclear for noise of f, and for kinks; return the number of evaluations."""
    at, unclear = _some(judged.wrong), _some(judged.unclear)
    # Noise may show best where the first look was of no use.
    slope, error, evaluations = slope_in_noise(f, point, chosen[np.concatenate([at, unclear])])
    if at.size:
        evaluations += _excuse(f, point, analytic, chosen, at, slope[: len(at)], error[: len(at)], judged)
    if judged.wrong.any() or judged.unclear.any():
        evaluations += _look_between_kinks(f, point, analytic, chosen, judged)
    return evaluations


def _excuse(
    f: Callable[..., Any],
    point: Point,
    analytic: Analytic,
    chosen: np.ndarray[Any, Any],
    at: np.ndarray[Any, Any],
    slope: FloatArray,
    slope_error: FloatArray,
    judged: Judgement,
) -> int:
    """Take back what the rounding of x or the noise of f may excuse; return the number of evaluations.

    Where the gradient nearly vanishes, f may repeat to fewer digits than its size suggests (a loss of 1e-30 is a sum of
    squared roundings): then the derivative moves with the rounding of x.
    """
    axes, first = chosen[at], judged.nearest[at]
    value, rounding = analytic.value[axes], analytic.rounding[axes]
    signs = np.where(np.random.default_rng(0).random(len(point.vector)) < 0.5, -1.0, 1.0)
    spacings = ROUNDING * min(analytic.eps, 2.0**-23)  # of float32 at most: those of bfloat16 would lead far away
    nearby = partials(f, point.restore(point.vector * (1 + spacings * signs)), axes)
    again = judge(value, rounding, nearby)
    excused = ~again.wrong | (judged.error[at] <= judged.tolerance[at] + 2 * np.abs(again.nearest - first))
    excused |= np.abs(value - slope) <= 2 * slope_error + rounding
    doubtful = np.zeros_like(judged.wrong)
    doubtful[at[excused]] = True
    # If all that were looked at are excused, so are those that were not.
    judged.doubt(judged.wrong if excused.all() else doubtful)
    return nearby.evaluations


#: Lengths of chords, relative to x; by how much their slopes differ where there is a kink between them, and how well a
#: slope must be known to say something. A chord is short if it is no longer than this part of the longest.
_CHORDS, _BENT, _KNOWN, _SHORT = IRREGULAR * 10.0 ** -np.arange(3.0, 13.0), 1e-3, 0.01, 1e-2
#: Slopes of short chords that are so many times those of the longest are made of noise.
_STEEP = 10.0


def _look_between_kinks(
    f: Callable[..., Any], point: Point, analytic: Analytic, chosen: np.ndarray[Any, Any], judged: Judgement
) -> int:
    """Measure the slope of the piece of f that x is on, where kinks are near; return the number of evaluations.

    Of a piece too short to be seen the slope lies between those of the chords across it.
    """
    at = np.union1d(_some(judged.wrong), _some(judged.unclear)).astype(int)
    axes = chosen[at]
    sampler = Sampler(f, point, axes=axes)
    size = np.abs(point.vector[axes])
    h = np.where(size > 0, size, 1.0)[:, None] * _CHORDS
    with np.errstate(all="ignore"):
        seen_values = sampler(np.arange(len(at)), np.concatenate([np.zeros_like(h[:, :1]), h, -h], axis=1))
        values = seen_values[:, 1:, 0] - sampler.centre[0]
        right, left = values[:, : len(_CHORDS)] / h, -values[:, len(_CHORDS) :] / h
        steeper = np.nan_to_num(np.maximum(np.abs(right), np.abs(left)), nan=0.0, posinf=0.0)
        scale = np.median(steeper, axis=1, keepdims=True)
        # Of f, and of what is added up in it: that is at least as large as what x moves.
        error = 4 * sampler.eps * (np.abs(sampler.centre[0]) + scale * h / _CHORDS) / h
    seen = np.isfinite(right + left) & (error < _KNOWN * scale)
    low = np.where(seen, np.minimum(left, right) - error, np.inf)
    high = np.where(seen, np.maximum(left, right) + error, -np.inf)
    # Of a smooth function only the longest chords have another slope than the rest.
    short = seen & (_CHORDS[0] * _SHORT > _CHORDS)
    spread = np.where(short, high - error, -np.inf).max(axis=1) - np.where(short, low + error, np.inf).min(axis=1)
    bent = spread > _BENT * scale[:, 0]
    restless = float(sampler.again(1)[0, 0]) != float(sampler.centre[0])
    noisy = restless | (finest_grains(seen_values)[:, 0] > 0)
    steepest = np.where(seen, steeper, 0.0)
    noisy |= steepest.max(axis=1) > _STEEP * steepest[:, :3].max(axis=1)
    bent &= ~noisy
    # The longest chords of which, and of all shorter ones, both sides agree: they are on the piece that x is on.
    agree = ~seen | (np.abs(right - left) <= 6 * error)
    inside = seen & np.logical_and.accumulate(agree[:, ::-1], axis=1)[:, ::-1]
    rows, best, known = np.arange(len(at)), inside.argmax(axis=1), inside.any(axis=1)
    value, slack = analytic.value[axes], analytic.rounding[axes]
    slope = (left + right)[rows, best] / 2
    blur = 4 * error[rows, best] + np.abs(right - left)[rows, best]
    off = np.abs(value - slope)
    wrong = np.zeros_like(judged.wrong)
    doubtful = np.zeros_like(judged.wrong)
    wrong[at] = bent & known & (off > blur + slack)
    doubtful[at] = bent & ~known & (value >= low.min(axis=1) - slack) & (value <= high.max(axis=1) + slack)
    settled = np.zeros_like(judged.wrong)
    settled[at] = bent & known
    for array, new in (
        (judged.error, off),
        (judged.tolerance, blur + slack),
        (judged.slack, blur),
        (judged.nearest, slope),
    ):
        array[at] = np.where(bent & known, new, array[at])
    judged.wrong = np.where(settled, wrong, judged.wrong)
    judged.unclear = judged.unclear & ~settled
    judged.doubt(doubtful)
    return sampler.evaluations
