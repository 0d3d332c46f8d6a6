r"""Functions that do not repeat themselves, or jump about by a little: how large their noise is, and what to do then.

Noise is told from a kink or a jump by where it is: everywhere. So f is looked at in two short rows of equally spaced
points, one on each side of x. The k-th differences of a smooth function over so short a way are nothing; those of noise
of the size :math:`\sigma` have the variance

.. math:: \binom{2k}{k} \sigma^2,

so that several k must give the same :math:`\sigma` (Moré and Wild 2011, section 2). A derivative of such a function
wants large steps, as the noise in it is :math:`\sigma / h`. Of a ladder of steps the one is taken that claims least,
after each has been compared with all smaller ones, which have more noise but less truncation (Lepski's rule).

An error of f that is itself smooth, such as that of a solver between two changes of its number of iterations, cannot be
told from f by looking at values: the derivative found is that of what f computes.

References
----------
J. J. Moré and S. M. Wild, Estimating computational noise, SIAM J. Sci. Comput. 33 (2011) 1292-1314; Estimating
derivatives of noisy simulations, ACM Trans. Math. Softw. 38 (2012) 19.

O. V. Lepski, On a problem of adaptive estimation in Gaussian white noise, Theory Probab. Appl. 35 (1990) 454-466.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.differentiate.grains import Sample
from gradwright.differentiate.search import Limits, judge_contrasts
from gradwright.differentiate.sides import Sides, compare_sides
from gradwright.differentiate.weights import Stencil, central_stencil

#: Points in a row, how far apart they are as a part of the first step, and the differences that are compared. The
#: spacing is no power of two, for values in grains might lie on a straight line there.
_ROW, _SPACING, _ORDERS = 8, 0.8346e-3, (4, 5, 6)
#: How unlike the sizes from different orders may be, and those from the two sides.
_ALIKE, _ASIDE = 6.0, 30.0
#: So many values in the two rows are few.
_FEW = 12
#: Steps in the ladder, each half of the one before.
_STEPS = 12
#: What the values of several rungs show of the noise is too little by this at most.
_LUCK = 3.0
#: So many sizes of the noise are claimed.
_SURE = 4.5


@dataclass
class Quiet:
    """What is left of a derivative in noise; arrays of shape (lines, outputs).

    Attributes
    ----------
    noise : ndarray
        The size of the noise in one value; 0 where there is none, and the rest says nothing.
    value, error, step : ndarray
        The derivative.
    kink, jump : ndarray of bool
        Whether the sides differ by more than noise explains.
    left, right : ndarray
        The slopes, for a first derivative.
    stairs : ndarray of bool
        Whether f takes few values around the point: its noise is that of a staircase.
    """

    noise: FloatArray
    stairs: np.ndarray[Any, Any]
    value: FloatArray
    error: FloatArray
    step: FloatArray
    kink: np.ndarray[Any, Any]
    jump: np.ndarray[Any, Any]
    left: FloatArray
    right: FloatArray


def noise_level(
    sample: Sample,
    lines: np.ndarray[Any, Any],
    step: FloatArray,
    size: FloatArray,
    eps: float,
    restless: FloatArray,
) -> tuple[FloatArray, np.ndarray[Any, Any], FloatArray]:
    """Return the noise of f around the point, where it is stairs, and the size of f there; of shape (lines, outputs).

    The noise is 0 where f shows none beyond rounding.

    Parameters
    ----------
    sample : callable
        The function along the lines.
    lines : ndarray of int, shape (lines,)
        Which lines.
    step : ndarray, shape (lines,)
        A length over which f varies; a thousandth of it is the distance of two points.
    size : ndarray, shape (lines,)
        The offset that changes x by its own size: rounding of the points moves f along its slope.
    eps : float
        The relative spacing of the values.
    restless : ndarray, shape (lines, outputs)
        By how much f changed when it was called once more at the same point: where it did, it is noisy for sure.
    """
    row = np.arange(_ROW, 2.0 * _ROW)  # at a distance from what may be at x itself
    offsets = step[:, None] * _SPACING * np.concatenate([[0.0], row, -row])
    here, values = np.split(sample(lines, offsets), [1], axis=1)
    moved = eps / 4 * size / (step * _SPACING * _ROW)
    rounding = eps * np.abs(here[:, 0])
    halves = values[:, :_ROW], values[:, _ROW:]
    sides = [_of_row(part, rounding, moved[:, None], eps, restless > 0) for part in halves]
    least, most = np.minimum(*sides), np.maximum(*sides)
    level = np.where(least > most / _ASIDE, np.sqrt((least**2 + most**2) / 2), 0.0)
    level = np.maximum(level, restless / 2)
    order = np.sort(values, axis=1)
    distinct = 1 + np.count_nonzero(order[:, 1:] != order[:, :-1], axis=1)
    return level, distinct <= _FEW, np.abs(values).max(axis=1)


def _of_row(
    values: FloatArray, rounding: FloatArray, moved: FloatArray, eps: float, random: np.ndarray[Any, Any]
) -> FloatArray:
    sizes = np.stack([np.mean(np.diff(values, k, axis=1) ** 2, axis=1) / math.comb(2 * k, k) for k in _ORDERS])
    sizes = np.sqrt(sizes)
    alike = sizes.max(axis=0) < _ALIKE * sizes.min(axis=0)
    size = np.sqrt(np.mean(sizes**2, axis=0))
    largest, variation = np.abs(values).max(axis=1), values.max(axis=1) - values.min(axis=1)
    real = size > 4 * (np.maximum(eps * largest, rounding) + moved * variation)
    # Where it is as large as all that f does there, f is not noisy but too fast to be seen.
    return np.where(random | (alike & real & (size < 0.1 * largest)), size, 0.0)


def quieten(
    sample: Sample,
    order: int,
    lines: np.ndarray[Any, Any],
    limits: Limits,
    eps: float,
    restless: FloatArray,
) -> Quiet | None:
    """Differentiate `lines` in their noise; None where none of them shows any.

    `restless` is by how much f changed when it was called once more at the same point.
    """
    noise, stairs, near = noise_level(sample, lines, limits.start[lines], limits.size[lines], eps, restless)
    if not noise.any():
        return None
    stencil = central_stencil(order, halving=True)  # so that steps share their points
    top, pairs = limits.largest[lines], len(stencil.nodes) // 2
    rungs = top[:, None] * 0.5 ** np.arange(_STEPS + pairs - 1)
    values = sample(lines, np.concatenate([np.zeros_like(top)[:, None], rungs, -rungs], axis=1))
    count = rungs.shape[1]
    nodes = [
        np.concatenate([[0], np.arange(k, k + pairs) + 1, np.arange(k, k + pairs) + 1 + count]) for k in range(_STEPS)
    ]
    levels = _levels(stencil, np.stack([values[:, at] for at in nodes]), noise, near)
    looks = [_look(stencil, values[:, at], rungs[:, k], levels[k]) for k, at in enumerate(nodes)]
    value, own, error = (np.stack([look[i] for look in looks]) for i in range(3))
    for k in range(_STEPS):
        apart = np.abs(value[k] - value[k + 1 :]) - own[k + 1 :]
        error[k] = np.fmax(error[k], np.nan_to_num(apart, nan=0.0).max(axis=0, initial=0.0))
    error[~np.isfinite(value)] = np.inf
    best = error.argmin(axis=0)
    sides, closer = (
        _sides(stencil, values, nodes, rungs, np.minimum(best + further, _STEPS - 1), noise, eps) for further in (0, 2)
    )
    jump = _stays(sides.drop, sides.drop_error, closer.drop, closer.drop_error)
    kink = _stays(sides.gaps, sides.gap_errors, closer.gaps, closer.gap_errors).any(axis=0) & ~jump
    value, error = (np.take_along_axis(array, best[None], axis=0)[0] for array in (value, error))
    half, step = sides.beside_gap / 2, np.take_along_axis(rungs, best, axis=1)
    return Quiet(noise, stairs, value, error, step, kink, jump, sides.slope - half, sides.slope + half)


def _sides(
    stencil: Stencil,
    values: FloatArray,
    nodes: list[np.ndarray[Any, Any]],
    rungs: FloatArray,
    which: np.ndarray[Any, Any],
    noise: FloatArray,
    eps: float,
) -> Sides:
    """Compare the sides at one rung for each line and output."""
    chosen = np.take_along_axis(np.stack([values[:, at] for at in nodes]), which[None, :, None, :], axis=0)[0]
    return compare_sides(stencil, chosen, np.take_along_axis(rungs, which, axis=1), eps, 2 * _SURE * noise)


def _stays(wide: FloatArray, wide_error: FloatArray, near: FloatArray, near_error: FloatArray) -> np.ndarray[Any, Any]:
    """Tell whether a difference of the sides is there at a step, and as large at a quarter of it."""
    there = (np.abs(wide) > 4 * wide_error) & (np.abs(near) > 2 * near_error)
    return there & (np.abs(wide - near) < 0.5 * np.abs(wide) + near_error)


def _levels(stencil: Stencil, values: FloatArray, noise: FloatArray, near: FloatArray) -> FloatArray:
    """Return the noise at each rung from `values` (rungs, lines, nodes, outputs), of shape (rungs, lines, outputs).

    Noise relative to f grows with f, as far from x as f is large; but not above what the values there show, which may
    be more than noise, and at one rung less by luck.
    """
    growth = np.maximum(np.abs(values).max(axis=2) / np.where(near > 0, near, np.inf), 1.0)
    shown = np.stack([judge_contrasts(stencil.formulas(rung)[3:])[0] for rung in values])
    # What sixteen values show may be half of what is there: then small steps would seem to contradict large ones.
    noise = np.fmax(noise, np.where(noise > 0, np.median(shown, axis=0), 0.0))
    shown = np.maximum.accumulate(shown[::-1], axis=0)[::-1]  # what smaller steps show holds at larger ones
    return np.asarray(np.fmin(noise * growth, np.fmax(noise, _LUCK * shown)))


def _look(
    stencil: Stencil, values: FloatArray, step: FloatArray, noise: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return what one step gives, what noise makes of it, and that together with the truncation."""
    scale = step[:, None] ** -float(stencil.order)
    full, lower, lowest = stencil.formulas(values)[:3] * scale
    own = _SURE * noise * stencil.norm * scale
    truncation, before = np.abs(full - lower), np.abs(lower - lowest)
    slow = (before > 2 * own) & (truncation > 0.02 * before)
    return full, own, own + np.where(slow, truncation + 2 * before, truncation)
