"""A gradient checked entry by entry: each derivative measured with its error bar, and again where it seems wrong."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradwright.check.analytic import EPS, ROUNDING, Analytic, in_float64
from gradwright.check.judgement import Judgement
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
    judged = Judgement.of(analytic.value[chosen], analytic.rounding[chosen], measured)
    evaluations = measured.evaluations
    plain = options["method"] == "auto" and options["step"] is None and options["bounds"] is None
    if plain:
        evaluations += _look_from_each_side(f, point, chosen, measured, judged)
        evaluations += _look_in_noise(f, point, chosen, judged)
        evaluations += _look_between_kinks(f, point, chosen, judged)
    if judged.wrong.any():
        _excuse_rounding(point, rule, analytic, chosen, measured, judged)
    if plain and judged.wrong.any():
        evaluations += _excuse_rounding_of_x(f, point, analytic, chosen, measured, judged)
        evaluations += _excuse_meeting_kinks(f, point, chosen, judged)
    return Entries(chosen, judged, evaluations)


def _excuse_rounding(
    point: Point,
    rule: Callable[..., Any] | None,
    analytic: Analytic,
    chosen: np.ndarray[Any, Any],
    measured: Partials,
    judged: Judgement,
) -> None:
    """Take back what may be too little precision rather than a mistake.

    A saturated unit has a derivative of 1e-12 that is 0 in float32. If the gradient can be computed in float64 and is
    right there, the rules are right. Else nothing can be said of what is small beside the largest entry of all.
    """
    largest = float(np.abs(analytic.value).max())
    precise = in_float64(point, rule) if rule is not None else None
    if precise is None:
        judged.doubt(judged.error <= largest * (ROUNDING * EPS if analytic.eps == EPS else math.sqrt(analytic.eps)))
        return
    right = judged.away(precise.value[chosen]) <= judged.slack + precise.rounding[chosen]
    # Where there is nothing but rounding left of a derivative that is 0, that is right.
    nothing = (judged.error <= largest * ROUNDING * analytic.eps) & (np.abs(measured.value) <= 10 * measured.error)
    judged.wrong &= ~(right & nothing)
    judged.doubt(right)


#: The rounding of a float32 x may lead over kinks, in so many directions.
_DIRECTIONS = 3


def _excuse_rounding_of_x(
    f: Callable[..., Any],
    point: Point,
    analytic: Analytic,
    chosen: np.ndarray[Any, Any],
    measured: Partials,
    judged: Judgement,
) -> int:
    """Take back what is no further off than the derivatives move when x is rounded otherwise; return the evaluations.

    Where the gradient nearly vanishes, f may repeat to fewer digits than its size suggests (a loss of 1e-30 is a sum of
    squared roundings), and where residuals are 0 in float32 they are not in float64.
    """
    at = _some(judged.wrong)
    if not at.size:
        return 0
    spacings = ROUNDING * min(analytic.eps, 2.0**-23)  # of float32 at most: those of bfloat16 would lead far away
    rng = np.random.default_rng(0)
    # All measured in the same way: what one way gets wrong beside a kink must not look like a move.
    first, evaluations = Judgement.of(judged.analytic, judged.rounding, measured), 0
    nearest, trusted = [first.nearest[at]], [first.trusted[at]]
    for _ in range(1 if analytic.eps == EPS else _DIRECTIONS):
        signs = np.where(rng.random(len(point.vector)) < 0.5, -1.0, 1.0)
        for side in (spacings, -spacings):
            there = partials(f, point.restore(point.vector * (1 + side * signs)), chosen[at])
            again = Judgement.of(judged.analytic[at], judged.rounding[at], there)
            nearest, trusted = [*nearest, again.nearest], [*trusted, again.trusted]
            evaluations += there.evaluations
    highest, lowest = (np.where(trusted, nearest, edge) for edge in (-np.inf, np.inf))
    moves = np.maximum(highest.max(axis=0) - lowest.min(axis=0), 0.0)  # 0 where none is trusted
    _doubt(judged, at, judged.error[at] <= judged.tolerance[at] + 2 * moves)
    return evaluations


#: A move along which kinks are looked at, in sizes of x, and the part of the slopes that the kinks must make.
_MOVE, _PART = 1e-6, 1e-5


def _excuse_meeting_kinks(f: Callable[..., Any], point: Point, chosen: np.ndarray[Any, Any], judged: Judgement) -> int:
    """Take back, where the kinks of several entries meet, what backpropagation may give; return the evaluations.

    The units of a layer with weights of 0 are all at their kinks. A backward pass takes 0 or 1 for the slope of a ReLU
    there, and an entry becomes 0 or the sum of its two slopes, neither of which need lie between them.
    """
    both = judged.low + judged.high
    excused = judged.wrong & (judged.low < judged.high)
    excused &= (judged.analytic == 0) | (np.abs(judged.analytic - both) <= judged.tolerance)
    if not excused.any():
        return 0
    axes = chosen[_some(judged.kink)]
    alone = np.zeros((len(axes), len(point.vector)))
    size = np.abs(point.vector[axes])
    alone[np.arange(len(axes)), axes] = np.random.default_rng(0).uniform(0.5, 1.5, len(axes)) * np.where(size, size, 1)
    sampler = Sampler(f, point, np.concatenate([alone, alone.sum(axis=0, keepdims=True)]))
    moves = np.broadcast_to(_MOVE * np.array([1.0, 0.1]), (sampler.lines, 2))
    slopes = (sampler(np.arange(sampler.lines), moves)[:, :, 0] - sampler.centre[0]) / moves
    # Of a smooth function, or of kinks that do not meet, the slopes add up the better the shorter the move.
    together = slopes[-1] - slopes[:-1].sum(axis=0)
    if (np.abs(together) > _PART * np.abs(slopes[:-1]).sum(axis=0)).all() and 0.5 < together[1] / together[0] < 2.0:
        judged.doubt(excused)
    return sampler.evaluations


def _doubt(judged: Judgement, at: np.ndarray[Any, Any], excused: np.ndarray[Any, Any]) -> None:
    """Doubt what is excused of the entries `at` that were looked at; if all of them are, so are those that were not."""
    doubtful = np.zeros_like(judged.wrong)
    doubtful[at[excused]] = True
    judged.doubt(judged.wrong if excused.all() else doubtful)


def _some(where: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return at most `_LOOKS` of the places where `where` holds, spread over all of them."""
    places = np.flatnonzero(where)
    return places[np.unique(np.linspace(0, max(len(places) - 1, 0), _LOOKS).astype(int))] if places.size else places


def _look_from_each_side(
    f: Callable[..., Any], point: Point, chosen: np.ndarray[Any, Any], measured: Partials, judged: Judgement
) -> int:
    """Measure from each side alone what seems wrong or was not resolved; return the number of evaluations.

    A symmetric formula may find no step that avoids a kink beside x, or step over it and agree with itself all the
    same. One side of x is free of it.
    """
    at = np.concatenate([_some(judged.wrong), _some(judged.unclear & (measured.status == Status.UNRESOLVED))])
    if not at.size:
        return 0
    evaluations = 0
    agrees, contradicts = np.zeros_like(judged.wrong), np.zeros_like(judged.wrong)
    for side in ("backward", "forward"):
        look = partials(f, point.fresh(), chosen[at], method=side)
        again = Judgement.of(judged.analytic[at], judged.rounding[at], look)
        agrees[at] |= again.trusted & ~again.wrong
        contradicts[at] |= again.trusted & again.wrong
        evaluations += look.evaluations
    judged.doubt(agrees)
    judged.unclear = judged.unclear & ~agrees
    judged.kink = judged.kink | (agrees & contradicts)  # right on one side and wrong on the other
    return evaluations


def _look_in_noise(f: Callable[..., Any], point: Point, chosen: np.ndarray[Any, Any], judged: Judgement) -> int:
    """Take back what the noise of f may excuse; return the number of evaluations."""
    at, unclear = _some(judged.wrong), _some(judged.unclear)
    if not at.size:
        return 0
    # Noise may show best where the first look was of no use.
    slope, error, evaluations = slope_in_noise(f, point, chosen[np.concatenate([at, unclear])])
    slope, error = slope[: len(at)], error[: len(at)]
    _doubt(judged, at, np.abs(judged.analytic[at] - slope) <= 2 * error + judged.rounding[at])
    return evaluations


#: Lengths of chords, relative to x; by how much their slopes differ where there is a kink between them, and how well a
#: slope must be known to say something. A chord is short if it is no longer than this part of the longest.
_CHORDS, _BENT, _KNOWN, _SHORT = IRREGULAR * 10.0 ** -np.arange(3.0, 13.0), 1e-3, 0.01, 1e-2
#: Slopes of short chords that are so many times those of the longest are made of noise.
_STEEP = 10.0


def _look_between_kinks(f: Callable[..., Any], point: Point, chosen: np.ndarray[Any, Any], judged: Judgement) -> int:
    """Measure the slope of the piece of f that x is on, where kinks are near; return the number of evaluations.

    Of a piece too short to be seen the slope lies between those of the chords across it.
    """
    at = np.union1d(_some(judged.wrong), _some(judged.unclear)).astype(int)
    if not at.size:
        return 0
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
    slope = (left + right)[rows, best] / 2
    blur = 4 * error[rows, best] + np.abs(right - left)[rows, best]
    value, slack = judged.analytic[at], judged.rounding[at]
    doubtful = np.zeros_like(judged.wrong)
    doubtful[at] = bent & ~known & (value >= low.min(axis=1) - slack) & (value <= high.max(axis=1) + slack)
    judged.doubt(doubtful)
    settled = bent & known
    judged.settle(at[settled], slope[settled], blur[settled])
    return sampler.evaluations
