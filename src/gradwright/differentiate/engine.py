"""Differentiation along lines with steps of its own choice, and the judgement of what was seen.

First comes the search for a step. Then the sides are compared (`kinks`); where something nearby spoilt the larger
steps, the search is made again with smaller ones. What is not settled then is looked at for noise (`noise`) and for
infinite slopes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.differentiate.estimate import Status
from gradwright.differentiate.found import Found, reconcile, rows_of
from gradwright.differentiate.grains import Sample
from gradwright.differentiate.kinks import Kinks, look_for_kinks, look_for_stairs
from gradwright.differentiate.noise import quieten
from gradwright.differentiate.search import Limits, search
from gradwright.differentiate.sides import infinite_slopes
from gradwright.differentiate.two_looks import Remembered, two_looks
from gradwright.differentiate.weights import Stencil, central_stencil, one_sided_stencil

#: A relative error from which on a derivative is vague; and that of a function in grains.
_VAGUE, _FINE = 1e-3, 1e-5
#: And one that is nothing beside the slopes around the point.
_NOTHING = 1e-7
#: By the number of a status: whether noise may be behind it.
_DOUBTFUL = np.array([s in (Status.KINK, Status.JUMP, Status.NOISY, Status.UNRESOLVED) for s in Status])
_COARSE = np.array([s in (Status.JUMP, Status.NOISY, Status.UNRESOLVED) for s in Status])
#: How often a search is made again closer to the point.
_DEEPEST = 2


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
    sample: Sample,
    centre: FloatArray,
    again: Callable[[], FloatArray],
    order: int,
    limits: Limits,
    eps: float,
    rtol: float,
    fallback: bool = True,
) -> Result:
    """Differentiate every line with symmetric formulas; one-sided where one side is not finite, if `fallback`.

    `centre` are the values at the point, (lines, outputs), and `again` calls f there once more.
    """
    thorough = partial(_thorough, order=order, eps=eps, rtol=rtol, fallback=fallback)
    if order > 1 or centre.shape[1] > 1 or not np.isfinite(centre).all():
        return thorough(sample, centre, again, limits)
    known = Remembered(sample)
    settled = two_looks(known, limits, eps, rtol)
    value, error, step = settled.value[:, None], settled.error[:, None], settled.step[:, None]
    result = Result(value, error, value.copy(), value.copy(), step, np.full(value.shape, int(Status.CONVERGED)))
    open_ = np.flatnonzero(~settled.sure)
    if open_.size == len(value):
        return thorough(known, centre, again, limits)
    if open_.size:
        part = thorough(
            lambda which, offsets: known(open_[which], offsets), centre[open_], lambda: again()[open_], limits.of(open_)
        )
        for name, array in vars(result).items():
            array[open_] = getattr(part, name)
    return result


def _thorough(
    sample: Sample,
    centre: FloatArray,
    again: Callable[[], FloatArray],
    limits: Limits,
    order: int,
    eps: float,
    rtol: float,
    fallback: bool,
) -> Result:
    stencil = central_stencil(order)
    if not np.isfinite(centre).any():
        blank = Found.nothing(len(limits.start), len(stencil.nodes), centre.shape[1])
        return Result.of(blank, np.full(blank.value.shape, int(Status.NONFINITE)))
    found, result = _differentiate(sample, stencil, limits, eps, rtol)
    if not (result.status.any() or found.grain.any()) and np.isfinite(centre).all():
        return result  # all CONVERGED, as mostly
    if fallback:
        broken = rows_of(result.status == Status.NONFINITE)
        if broken.size:
            sides = [one_side(sample, order, side, broken, limits.of(broken), eps, rtol) for side in (-1, 1)]
            _take_better_side(result, broken, *sides)
    noisy = _look_through_noise(sample, centre, again, stencil, limits, eps, result)
    _forget(result, ~np.isfinite(centre))
    result.error[result.status == Status.UNRESOLVED] = np.inf
    if order == 1:
        _say_infinite(sample, limits, eps, rtol, result)
        _look_for_stairs(sample, centre, again, stencil, limits, eps, result, noisy | (found.grain > 0))
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
    undecided = result.status == Status.UNRESOLVED
    if order == 1 and undecided.any():
        rows = rows_of(undecided)
        slope = _infinite(infinite_slopes(sample, lines[rows], side, limits.start[rows], eps) * undecided[rows])
        for array in (result.value, result.left, result.right):
            array[rows] = np.where(slope != 0, slope, array[rows])
        result.status[rows] = np.where(slope != 0, int(Status.NONFINITE), result.status[rows])
    (result.right if side < 0 else result.left)[...] = np.nan  # the other side was not looked at
    return result


def _judge(found: Found) -> np.ndarray[Any, Any]:
    status = np.full(found.value.shape, int(Status.CONVERGED))
    # A staircase has a trend, but no derivative: it is trusted only where it is so fine that it may be rounding.
    least = np.where(found.grain > 0, _FINE, _VAGUE) * np.abs(found.value)
    # An error that is nothing beside how f rises and falls around the point is small, though the derivative be 0.
    around = _NOTHING * found.slope
    vague = (found.error > least) & (found.error > np.fmax(1e5 * found.natural, around))
    noisy = found.error <= 100 * found.rounding
    status[vague & noisy] = Status.NOISY
    status[vague & ~noisy] = Status.UNRESOLVED
    status[~np.isfinite(found.error)] = Status.NONFINITE
    return status


def _look_through_noise(
    sample: Sample,
    centre: FloatArray,
    again: Callable[[], FloatArray],
    stencil: Stencil,
    limits: Limits,
    eps: float,
    result: Result,
) -> np.ndarray[Any, Any]:
    """Where nothing sure was found, look for noise, and for the derivative in it; return where there is noise."""
    doubtful: np.ndarray[Any, Any] = _DOUBTFUL[result.status]
    noisy: np.ndarray[Any, Any] = np.zeros(doubtful.shape, dtype=bool)
    rows = rows_of(doubtful)
    if not rows.size:
        return noisy
    restless = np.nan_to_num(np.abs(again() - centre)[rows], nan=0.0, posinf=0.0)
    quiet = quieten(sample, stencil.order, rows, limits, eps, restless)
    if quiet is None:
        return noisy
    noisy[rows] = doubtful[rows] & (quiet.noise > 0)
    # A staircase may well have a step at the point itself.
    here = noisy[rows] & ~((result.status[rows] == Status.JUMP) & quiet.stairs)
    flag = (quiet.kink | quiet.jump) & (stencil.order == 1)
    vague = quiet.error > np.where(quiet.stairs, _FINE, _VAGUE) * np.abs(quiet.value)
    status = np.where(vague, int(Status.NOISY), int(Status.CONVERGED))
    status = np.where(quiet.jump, int(Status.JUMP), np.where(quiet.kink, int(Status.KINK), status))
    error = np.where(quiet.jump, np.inf, np.where(flag, np.fmax(quiet.error, quiet.right - quiet.left), quiet.error))
    value = np.where(quiet.jump, np.nan, quiet.value)
    news = {
        "value": value,
        "error": error,
        "left": np.where(flag, quiet.left, value),
        "right": np.where(flag, quiet.right, value),
        "step": quiet.step,
        "status": status,
    }
    for name, new in news.items():
        array = getattr(result, name)
        array[rows] = np.where(here, new, array[rows])
    return noisy


def _look_for_stairs(
    sample: Sample,
    centre: FloatArray,
    again: Callable[[], FloatArray],
    stencil: Stencil,
    limits: Limits,
    eps: float,
    result: Result,
    coarse: np.ndarray[Any, Any],
) -> None:
    """Say where x is on a step between two treads so narrow that they looked like a slope, or like noise.

    `coarse` is where values are in grains, or noisy.
    """
    suspect = _COARSE[result.status] | coarse
    rows = rows_of(suspect)
    if not rows.size:
        return
    jump, sides = look_for_stairs(sample, stencil, rows, limits, eps)
    jump &= suspect[rows]
    if not jump.any() or not (again() == centre)[rows][jump].all():
        return
    half = sides.beside_gap / 2
    for name, slope in (("left", sides.beside - half), ("right", sides.beside + half)):
        array = getattr(result, name)
        known = (result.status[rows] == Status.JUMP) & (np.abs(array[rows] - slope) <= 4 * sides.slope_error)
        array[rows] = np.where(jump & ~known, slope, array[rows])
    for name, new in (("value", np.nan), ("error", np.inf), ("status", int(Status.JUMP))):
        array = getattr(result, name)
        array[rows] = np.where(jump, new, array[rows])


def _say_infinite(sample: Sample, limits: Limits, eps: float, rtol: float, result: Result) -> None:
    """Write infinite slopes into `result`, where no derivative was found."""
    undecided = (result.status == Status.KINK) | (result.status == Status.UNRESOLVED)
    rows = rows_of(undecided)
    if not rows.size:
        return
    left, right = (
        _infinite(infinite_slopes(sample, rows, side, limits.start[rows], eps) * undecided[rows]) for side in (-1, 1)
    )
    for mine, other, side in ((left, right, -1), (right, left, 1)):
        # What was found for a side was found from both; beside an infinite slope it is worth nothing.
        alone = rows_of((mine == 0) & (other != 0))
        if alone.size:
            own = one_side(sample, 1, side, rows[alone], limits.of(rows[alone]), eps, rtol)
            mine[alone] = np.where(mine[alone] == 0, own.value, mine[alone])
    found = np.isinf(left) | np.isinf(right)
    value = np.where(left == right, left, np.nan)
    code = np.where(left == right, int(Status.NONFINITE), int(Status.KINK))
    news = {"left": left, "right": right, "value": value, "status": code, "error": np.full_like(value, np.inf)}
    for name, new in news.items():
        array = getattr(result, name)
        array[rows] = np.where(found, new, array[rows])


def _infinite(sign: FloatArray) -> FloatArray:
    return np.where(sign == 0, 0.0, np.copysign(np.inf, sign))


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
        better &= (side.status != Status.NONFINITE) | np.isinf(side.value)
        for name in ("value", "error", "left", "right", "step", "status"):
            array = getattr(result, name)
            array[lines] = np.where(better, getattr(side, name), array[lines])


def _differentiate(
    sample: Sample, stencil: Stencil, limits: Limits, eps: float, rtol: float, depth: int = 0
) -> tuple[Found, Result]:
    """Search on every line and compare its sides; where these come together only closer by, search again there."""
    found = search(sample, stencil, np.arange(len(limits.start)), limits, eps, rtol)
    result = Result.of(found, _judge(found))
    kinks = look_for_kinks(sample, stencil, limits, eps, found, result.status == Status.UNRESOLVED)
    if kinks is None:
        return found, result
    lines = kinks.lines
    result.status[lines] = np.where(kinks.unclear, int(Status.UNRESOLVED), result.status[lines])
    _flag(result, kinks)
    rows = rows_of(kinks.shrunk)
    if rows.size and depth < _DEEPEST:
        again = lines[rows]
        closer = replace(limits.of(again), start=kinks.step[rows], largest=kinks.step[rows])
        narrowed = lambda which, offsets: sample(again[which], offsets)  # noqa: E731 - as short as what it does
        new = _differentiate(narrowed, stencil, closer, eps, rtol, depth + 1)
        _merge(stencil, again, found, result, *new, kinks.shrunk[rows], kinks.clearly[rows])
    return found, result


def _flag(result: Result, kinks: Kinks) -> None:
    """Write kinks and jumps into `result`: their slopes, and an error that says that there is no derivative."""
    lines, sides, kink, jump = kinks.lines, kinks.sides, kinks.kink, kinks.jump
    order = len(sides.gaps)
    half = sides.gaps[-1] / 2
    # Of a higher derivative both sides can be told only where nothing below it jumps.
    below = replace(sides, gaps=sides.gaps[:-1], gap_errors=sides.gap_errors[:-1])
    told = (order == 1) | ~below.any_gap()
    slope, bend = (sides.beside, sides.beside_gap / 2) if order == 1 else (np.full_like(half, np.nan),) * 2
    for name, sign in (("left", -1.0), ("right", 1.0)):
        seen = np.where(told, (sides.slope if order == 1 else kinks.value) + sign * half, np.nan)
        array = getattr(result, name)
        array[lines] = np.where(jump, slope + sign * bend, np.where(kink, seen, array[lines]))
    gone = jump | (kink & ~told)
    gap = np.abs(result.right - result.left)[lines]
    result.error[lines] = np.where(kink, np.fmax(gap, result.error[lines]), result.error[lines])
    result.error[lines] = np.where(gone, np.inf, result.error[lines])
    result.value[lines] = np.where(gone, np.nan, result.value[lines])
    for flag, status in ((kink, Status.KINK), (jump, Status.JUMP)):
        result.status[lines] = np.where(flag, int(status), result.status[lines])


def _merge(
    stencil: Stencil,
    lines: np.ndarray[Any, Any],
    found: Found,
    result: Result,
    new: Found,
    closer: Result,
    free: np.ndarray[Any, Any],
    certain: np.ndarray[Any, Any],
) -> None:
    """Put what a closer search found on `lines` in the place of what was found before, where `free`.

    Unless that contradicts what was found already: then what looked like a kink may have been noise, where it was not
    `certain`.
    """
    both = Found.nothing(len(lines), *new.values.shape[1:])
    every = np.arange(len(lines))
    old = found.of(lines)
    new.error = np.fmax(new.error, old.noise * new.step ** -float(stencil.order))
    reconcile(both, [(every, old), (every, new)], stencil)
    both.take(every, new, certain & np.isfinite(new.error))
    both.natural, both.grain = np.fmax(old.natural, new.natural), new.grain
    merged = Result.of(both, _judge(both))
    flagged = np.isin(closer.status, (Status.KINK, Status.JUMP))
    for name, array in vars(result).items():
        array[lines] = np.where(free, np.where(flagged, getattr(closer, name), getattr(merged, name)), array[lines])
    found.take(lines, both, free)
