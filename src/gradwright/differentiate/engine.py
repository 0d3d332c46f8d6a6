"""Differentiation along lines with steps of its own choice, and the judgement of what was seen.

A kink or a jump does not show in a symmetric formula: on |x| it gives 0 at every step, and agrees with itself. So the
two sides are compared, from the values that are there already, and where they differ once more at smaller steps: a
smooth function's sides come together, a kink's and a jump's stay apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.differentiate.estimate import Status
from gradwright.differentiate.found import Found, reconcile
from gradwright.differentiate.search import Limits, Sample, apply, search
from gradwright.differentiate.sides import Sides, compare_sides
from gradwright.differentiate.weights import Stencil, central_stencil, one_sided_stencil

#: How much closer to the point the second look at a suspected kink is, and the last: where the closest shows only
#: rounding (f computes in float32 inside, or its value is large), another is taken from less near.
_CLOSER, _CLOSEST = 2.0**-6, (2.0**-18, 2.0**-12)
#: Relative to |f|: what is smaller may be noise; in the value at the point alone it stays however close one looks.
_LEAST_JUMP, _LEAST_ALONE = 2.0**-22, 2.0**-6


@dataclass
class Result:
    """The judged result; all arrays of shape (lines, outputs)."""

    value: FloatArray
    error: FloatArray
    left: FloatArray
    right: FloatArray
    step: FloatArray
    status: np.ndarray[Any, Any]  # of int

    @classmethod
    def of(cls, found: Found, status: np.ndarray[Any, Any]) -> Result:
        """Return a result whose one-sided slopes are its value."""
        return cls(found.value, found.error, found.value.copy(), found.value.copy(), found.step, status)


def two_sided(
    sample: Sample, centre: FloatArray, order: int, limits: Limits, eps: float, rtol: float, fallback: bool = True
) -> Result:
    """Differentiate every line with symmetric formulas; one-sided where one side is not finite, if `fallback`."""
    stencil = central_stencil(order)
    lines = np.arange(len(limits.start))
    if not np.isfinite(centre).any():
        blank = Found.nothing(len(lines), len(stencil.nodes), centre.shape[1])
        return Result.of(blank, np.full(blank.value.shape, int(Status.NONFINITE)))
    found = search(sample, stencil, lines, limits, eps, rtol)
    result = Result.of(found, _judge(found))
    _look_for_kinks(sample, stencil, limits, eps, rtol, found, result)
    if fallback:
        broken = np.flatnonzero((result.status == Status.NONFINITE).any(axis=1))
        if broken.size:
            sides = [one_side(sample, order, side, broken, limits.of(broken), eps, rtol) for side in (-1, 1)]
            _take_better_side(result, broken, *sides)
    _forget(result, ~np.isfinite(centre))
    result.error[result.status == Status.UNRESOLVED] = np.inf
    return result


def one_side(
    sample: Sample, order: int, side: int, lines: np.ndarray[Any, Any], limits: Limits, eps: float, rtol: float
) -> Result:
    """Differentiate `lines` with formulas on one side of the point."""
    found = search(sample, one_sided_stencil(order, side), lines, limits, eps, rtol)
    status = _judge(found)
    status[status == Status.CONVERGED] = Status.ONE_SIDED
    result = Result.of(found, status)
    result.error[result.status == Status.UNRESOLVED] = np.inf
    (result.right if side < 0 else result.left)[...] = np.nan  # the other side was not looked at
    return result


def _judge(found: Found) -> np.ndarray[Any, Any]:
    status = np.full(found.value.shape, int(Status.CONVERGED))
    with np.errstate(invalid="ignore"):
        vague = (found.error > 1e-3 * np.abs(found.value)) & (found.error > 1e4 * found.natural)
        noisy = found.error <= 100 * found.rounding
    status[vague & noisy] = Status.NOISY
    status[vague & ~noisy] = Status.UNRESOLVED
    status[~np.isfinite(found.error)] = Status.NONFINITE
    return status


def _forget(result: Result, where: np.ndarray[Any, Any]) -> None:
    for array in (result.value, result.left, result.right):
        array[where] = np.nan
    result.error[where] = np.inf
    result.status[where] = Status.NONFINITE


def _take_better_side(result: Result, lines: np.ndarray[Any, Any], left: Result, right: Result) -> None:
    for side in (left, right):
        better = (result.status[lines] == Status.NONFINITE) | (
            (result.status[lines] == Status.ONE_SIDED) & (side.error < result.error[lines])
        )
        better &= side.status != Status.NONFINITE
        for name in ("value", "error", "left", "right", "step", "status"):
            array = getattr(result, name)
            array[lines] = np.where(better, getattr(side, name), array[lines])


def _look_for_kinks(
    sample: Sample, stencil: Stencil, limits: Limits, eps: float, rtol: float, found: Found, result: Result
) -> None:
    """Flag kinks and jumps in `result`, and search again where the sides differed at one step but not at a smaller."""
    first = compare_sides(stencil, found.values, found.step, eps)
    usable = np.isfinite(found.error)
    suspect = usable & ((first.drop > 4 * first.drop_error) | _any_gap(first.gaps, first.gap_errors))
    lines = np.flatnonzero((suspect | (result.status == Status.UNRESOLVED)).any(axis=1))
    if lines.size == 0:
        return
    wide = np.where(np.isfinite(found.step), found.step, np.inf).min(axis=1)[lines]
    wide = np.where(np.isfinite(wide), wide, limits.start[lines])
    step = np.maximum(wide * _CLOSER, limits.smallest[lines])
    near = apply(stencil, sample(lines, step[:, None] * stencil.nodes), step, eps, limits.blur[lines])
    second = compare_sides(stencil, near.values, near.step, eps)
    clear = (step <= wide / 8)[:, None]  # otherwise rounding of x lets nobody look closer
    result.status[lines] = np.where(suspect[lines] & ~clear, int(Status.UNRESOLVED), result.status[lines])
    seen = np.isfinite(near.error) & clear
    least = np.where(second.alone, _LEAST_ALONE, _LEAST_JUMP) * np.abs(near.values).max(axis=1)
    least = np.maximum(0.5 * first.drop[lines], least)
    jump = seen & (second.drop > 4 * second.drop_error) & (second.drop > least)
    kink = seen & _any_gap(second.gaps, second.gap_errors, 0.5 * np.abs(first.gaps[:, lines]))
    shrunk = suspect[lines] & clear & ~(jump | kink)
    # A bend far narrower than the step looks like a kink still, and noise beyond eps |f| like a small jump.
    open_jump, open_kink = jump, kink
    jump, kink = np.zeros_like(jump), np.zeros_like(kink)
    step = step.copy()  # what was found nearby refers to the array as it was
    for factor in _CLOSEST:
        doubtful = np.flatnonzero((open_jump | open_kink).any(axis=1))
        if not doubtful.size:
            break
        at = lines[doubtful]
        closer = np.maximum(wide[doubtful] * factor, limits.smallest[at])
        values = sample(at, closer[:, None] * stencil.nodes)
        third = compare_sides(stencil, values, np.broadcast_to(closer[:, None], values[:, 0].shape), eps)
        growth = (near.step[doubtful] / closer[:, None]) ** 0.75
        stays, apart, less = _confirm(second, third, doubtful, growth)
        jump[doubtful] |= open_jump[doubtful] & stays
        kink[doubtful] |= open_kink[doubtful] & apart
        settled = jump[doubtful] | kink[doubtful]
        less &= (open_jump | open_kink)[doubtful] & ~settled
        shrunk[doubtful] |= less
        step[doubtful[less.any(axis=1)]] = closer[less.any(axis=1)]
        for still_open in (open_jump, open_kink):
            still_open[doubtful] &= ~(settled | less)
    kink &= ~jump
    _flag(result, lines, near, second, kink, jump)
    again = np.flatnonzero(shrunk.any(axis=1))
    if again.size:
        _search_closer(sample, stencil, lines[again], step[again], limits, eps, rtol, found, result, shrunk[again])


def _any_gap(gaps: FloatArray, errors: FloatArray, least: FloatArray | float = 0.0) -> np.ndarray[Any, Any]:
    size = np.abs(gaps)
    with np.errstate(invalid="ignore"):
        return np.asarray(((size > 4 * errors) & (size > least)).any(axis=0))


def _confirm(
    before: Sides, closer: Sides, lines: np.ndarray[Any, Any], growth: FloatArray
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return where, on looking closer, a jump stays, where a kink stays, and where either surely became smaller.

    What neither stays nor shrinks is hidden by rounding there, or noise.
    """
    drop, gap = before.drop[lines], np.abs(before.gaps[:, lines])
    with np.errstate(invalid="ignore"):
        stays = (closer.drop > 4 * closer.drop_error) & (np.abs(closer.drop - drop) < 0.25 * drop)
        # The slope of a cusp such as sqrt(|x|) goes on growing, but by less than noise divided by the step does.
        size = np.abs(closer.gaps)
        apart = ((size > 4 * closer.gap_errors) & (size > 0.5 * gap) & (size < growth * gap)).any(axis=0)
        less = (closer.drop < 0.5 * drop) & (size + 2 * closer.gap_errors < 0.5 * gap).all(axis=0)
    return np.asarray(stays), np.asarray(apart), np.asarray(less)


def _flag(
    result: Result,
    lines: np.ndarray[Any, Any],
    near: Found,
    sides: Sides,
    kink: np.ndarray[Any, Any],
    jump: np.ndarray[Any, Any],
) -> None:
    """Write kinks and jumps into `result`: their slopes, and an error that says that there is no derivative."""
    order = len(sides.gaps)
    half = sides.gaps[-1] / 2
    # Of a higher derivative both sides can be told only where nothing below it jumps.
    told = (order == 1) | ~_any_gap(sides.gaps[:-1], sides.gap_errors[:-1])
    slope, bend = (sides.slope, sides.slope_gap / 2) if order == 1 else (np.full_like(half, np.nan),) * 2
    for name, sign in (("left", -1.0), ("right", 1.0)):
        seen = np.where(told, (sides.slope if order == 1 else near.value) + sign * half, np.nan)
        array = getattr(result, name)
        array[lines] = np.where(jump, slope + sign * bend, np.where(kink, seen, array[lines]))
    gone = jump | (kink & ~told)
    gap = np.abs(result.right - result.left)[lines]
    result.error[lines] = np.where(kink, np.fmax(gap, result.error[lines]), result.error[lines])
    result.error[lines] = np.where(gone, np.inf, result.error[lines])
    result.value[lines] = np.where(gone, np.nan, result.value[lines])
    for flag, status in ((kink, Status.KINK), (jump, Status.JUMP)):
        result.status[lines] = np.where(flag, int(status), result.status[lines])


def _search_closer(
    sample: Sample,
    stencil: Stencil,
    lines: np.ndarray[Any, Any],
    step: FloatArray,
    limits: Limits,
    eps: float,
    rtol: float,
    found: Found,
    result: Result,
    free: np.ndarray[Any, Any],
) -> None:
    """Search `lines` again at steps no larger than `step`, where what spoilt the larger ones is out of reach.

    Unless that contradicts what was `found` already: then what looked like a kink may have been noise.
    """
    closer = Limits(step, limits.smallest[lines], step, limits.blur[lines])
    new = search(sample, stencil, lines, closer, eps, rtol)
    both = Found.nothing(len(lines), *new.values.shape[1:])
    every = np.arange(len(lines))
    old = found.of(lines)
    new.error = np.fmax(new.error, old.noise * new.step ** -float(stencil.order))
    reconcile(both, [(every, old), (every, new)], stencil)
    both.natural = new.natural
    for name, values in (("value", both.value), ("error", both.error), ("step", both.step), ("status", _judge(both))):
        array = getattr(result, name)
        array[lines] = np.where(free, values, array[lines])
    for array in (result.left, result.right):
        array[lines] = np.where(free, both.value, array[lines])
