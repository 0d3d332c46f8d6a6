"""Kinks and jumps: where the two sides of a point differ, and go on differing the closer one looks.

A kink or a jump does not show in a symmetric formula: on |x| it gives 0 at every step, and agrees with itself. So the
two sides are compared, from the values that are there already, and where they differ once more at other steps: a
smooth function's sides come together, a kink's and a jump's stay apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.differentiate.found import Found, rows_of
from gradwright.differentiate.grains import Sample
from gradwright.differentiate.search import Limits, apply
from gradwright.differentiate.sides import Sides, compare_sides
from gradwright.differentiate.weights import Stencil

#: How much closer to the point the second look at a suspected kink is, and the last: where the closest shows only
#: rounding (f computes in float32 inside, or its value is large), another is taken from less near.
_CLOSER, _CLOSEST = 2.0**-6, (2.0**-18, 2.0**-12)
#: And one more, where the slopes are not known to this relative error.
_SHARPEST, _SHARP = 2.0**-24, 1e-6
#: How near stairs are looked for, in first steps, and how flat they must be beside the step between them.
_TREADS, _FLAT = (2.0**-24, 2.0**-20), 0.1
#: Relative to |f|: what is smaller may be noise; in the value at the point alone it stays however close one looks.
_LEAST_JUMP, _LEAST_ALONE = 2.0**-22, 2.0**-6
#: What stays of a difference of the sides from the first look to the second: of a smooth function far less, but where
#: the first step was too wide for what is around the point, that says little.
_STAYS = 0.1


@dataclass
class Kinks:
    """What was found out; arrays of shape (lines, outputs), of the lines that were suspect.

    Attributes
    ----------
    lines : ndarray of int
        Which lines.
    kink, jump : ndarray of bool
        Where there is one.
    unclear : ndarray of bool
        Where the sides differ and rounding of x lets nobody look closer.
    shrunk : ndarray of bool
        Where the difference of the sides was gone at a closer look: something spoils the larger steps.
    clearly : ndarray of bool
        Where the first look showed a kink beyond doubt: if it was gone at a closer one, it is somewhere near.
    step : ndarray, shape (lines,)
        The step of that look.
    sides : Sides
        The look that tells the slopes best.
    value : ndarray
        The derivative at the second look.
    """

    lines: np.ndarray[Any, Any]
    kink: np.ndarray[Any, Any]
    jump: np.ndarray[Any, Any]
    unclear: np.ndarray[Any, Any]
    shrunk: np.ndarray[Any, Any]
    clearly: np.ndarray[Any, Any]
    step: FloatArray
    sides: Sides
    value: FloatArray


def look_for_kinks(
    sample: Sample, stencil: Stencil, limits: Limits, eps: float, found: Found, unresolved: np.ndarray[Any, Any]
) -> Kinks | None:
    """Compare the sides of every line, and look closer where they differ; None where they do not.

    Parameters
    ----------
    sample : callable
        The function along the lines.
    stencil : Stencil
        A symmetric one.
    limits : Limits
        Of the search.
    eps : float
        The relative spacing of the values.
    found : Found
        What the search found.
    unresolved : ndarray of bool, shape (lines, outputs)
        Where it found nothing, which a kink may explain as well.
    """
    first = compare_sides(stencil, found.values, found.step, eps, found.grain, slopes=False)
    usable = np.isfinite(found.error)
    suspect = usable & ((first.drop > 4 * first.drop_error) | first.any_gap())
    lines = rows_of(suspect | unresolved)
    if lines.size == 0:
        return None
    used = np.where(np.isfinite(found.step), found.step, np.inf).min(axis=1)[lines]
    used = np.where(np.isfinite(used), used, limits.start[lines])
    # At a kink between parabolas a symmetric formula does converge, so slowly that its best step is the smallest.
    wide = np.where(used * _CLOSEST[1] < limits.smallest[lines], limits.start[lines], used)
    step = limits.near(wide * _CLOSER, lines)
    grain = found.grain[lines]
    near = apply(stencil, sample(lines, step[:, None] * stencil.nodes), step, eps, limits.blur[lines], grain)
    second = compare_sides(stencil, near.values, near.step, eps, grain)
    before = first.of(lines)
    clear = ((step <= used / 8) | (step >= used * 8))[:, None]  # otherwise it is the same look again
    seen = np.isfinite(near.error) & clear
    jump = seen & second.drops(_least(second, near.values))
    kink = seen & second.any_gap(_STAYS * np.abs(before.gaps))
    shrunk = suspect[lines] & (step < used)[:, None] & clear & ~(jump | kink)
    clearly = np.asarray((np.abs(before.gaps) > 100 * before.gap_errors).any(axis=0))
    known = Kinks(lines, kink, jump, suspect[lines] & ~clear, shrunk, clearly, step.copy(), second, near.value)
    _confirm(sample, stencil, limits, eps, grain, wide, known)
    return known


def _confirm(
    sample: Sample, stencil: Stencil, limits: Limits, eps: float, grain: FloatArray, wide: FloatArray, known: Kinks
) -> None:
    """Look closest, and leave in `known` the kinks and jumps that are still there.

    A bend far narrower than the step looks like a kink still, and noise beyond eps |f| like a small jump.
    """
    second, taken = known.sides, known.step.copy()
    open_jump, open_kink = known.jump, known.kink
    known.jump, known.kink = np.zeros_like(open_jump), np.zeros_like(open_kink)
    known.sides = second.of(np.arange(len(taken)))
    last = second.of(np.arange(len(taken)))
    for factor in _CLOSEST:
        closer = limits.near(wide * factor, known.lines)
        # Where rounding of x allows no closer look, nothing is confirmed.
        rows = np.flatnonzero((open_jump | open_kink).any(axis=1) & (closer <= taken / 8))
        if not rows.size:
            continue
        at, closer = known.lines[rows], closer[rows]
        values = sample(at, closer[:, None] * stencil.nodes)
        steps = np.broadcast_to(closer[:, None], values[:, 0].shape)
        third = compare_sides(stencil, values, steps, eps, grain[rows])
        growth = (taken[rows] / closer)[:, None] ** 0.75
        apart, less = _compare(second.of(rows), third, open_jump[rows], growth)
        jumps = (open_jump | open_kink)[rows] & third.drops(_least(third, values))
        known.jump[rows] |= jumps & (third.same_drop(second.of(rows)) | third.same_drop(last.of(rows)))
        known.kink[rows] |= open_kink[rows] & apart
        known.sides.take(rows, third, known.jump[rows])
        last.put(rows, third)
        settled = known.jump[rows] | known.kink[rows]
        less &= (open_jump | open_kink)[rows] & ~settled
        known.shrunk[rows] |= less
        known.step[rows[less.any(axis=1)]] = closer[less.any(axis=1)]
        for still_open in (open_jump, open_kink):
            still_open[rows] &= ~(settled | less)
    known.kink &= ~known.jump
    _sharpen(sample, stencil, limits, eps, grain, wide, known)


def _sharpen(
    sample: Sample, stencil: Stencil, limits: Limits, eps: float, grain: FloatArray, wide: FloatArray, known: Kinks
) -> None:
    """Look once more where f bends so much around a kink that the slopes are not known to six digits."""
    sides = known.sides
    rough = sides.error > _SHARP * (np.abs(sides.slope) + np.abs(sides.gaps[-1]))
    rows = rows_of(rough & known.kink)
    if not rows.size:
        return
    closer = limits.near(wide[rows] * _SHARPEST, known.lines[rows])
    values = sample(known.lines[rows], closer[:, None] * stencil.nodes)
    steps = np.broadcast_to(closer[:, None], values[:, 0].shape)
    sides.take(rows, compare_sides(stencil, values, steps, eps, grain[rows]), known.jump[rows])


def _least(sides: Sides, values: FloatArray) -> FloatArray:
    """Return the smallest drop that may be called a jump."""
    return np.asarray(np.where(sides.alone, _LEAST_ALONE, _LEAST_JUMP) * np.abs(values).max(axis=1))


def _compare(
    before: Sides, closer: Sides, open_jump: np.ndarray[Any, Any], growth: FloatArray
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return where, on looking closer, a kink stays, and where what there was surely became smaller.

    What neither stays nor shrinks is hidden by rounding there, or noise.
    """
    drop, gap = before.drop, np.abs(before.gaps)
    # The slope of a cusp such as sqrt(|x|) goes on growing, but by less than noise divided by the step does.
    size = np.abs(closer.gaps)
    apart = ((size > 4 * closer.gap_errors) & (size > 0.5 * gap) & (size < growth * gap)).any(axis=0)
    # Where there was a drop, the gaps tell nothing but the drop divided by the step.
    fell = closer.drop + 4 * closer.drop_error < 0.5 * drop
    less = np.where(open_jump, fell, (closer.drop < 0.5 * drop) & (size + 2 * closer.gap_errors < 0.5 * gap).all(0))
    return np.asarray(apart), np.asarray(less)


def look_for_stairs(
    sample: Sample, stencil: Stencil, lines: np.ndarray[Any, Any], limits: Limits, eps: float
) -> tuple[np.ndarray[Any, Any], Sides]:
    """Return where x is on a step between two treads, however narrow, and how the sides differ; (lines, outputs).

    Of what looked like noise: from so near, noise is as large on one side as between the two.
    """
    jump, near, height = _treads(sample, stencil, lines, limits, _TREADS[0], eps)
    rows = rows_of(jump)
    if rows.size:
        wider, sides, same = _treads(sample, stencil, lines[rows], limits, _TREADS[1], eps)
        jump[rows] &= wider & (np.abs(height[rows] - same) < _FLAT * same)
        near.take(rows, sides, jump[rows])
    return jump, near


def _treads(
    sample: Sample, stencil: Stencil, lines: np.ndarray[Any, Any], limits: Limits, factor: float, eps: float
) -> tuple[np.ndarray[Any, Any], Sides, FloatArray]:
    """Return where f is flat to both sides and not the same, how the sides differ, and by how much f does."""
    step = limits.near(limits.start[lines] * factor, lines)
    values = sample(lines, step[:, None] * stencil.nodes)
    pairs = len(stencil.nodes) // 2
    right, left = values[:, 1 : pairs + 1], values[:, pairs + 1 :]
    height = np.abs(right.mean(axis=1) - left.mean(axis=1))
    flat = np.fmax(np.ptp(right, axis=1), np.ptp(left, axis=1)) < _FLAT * height
    jump = flat & (height > _LEAST_JUMP * np.abs(values).max(axis=1))
    return jump, compare_sides(stencil, values, np.broadcast_to(step[:, None], jump.shape), eps), height
