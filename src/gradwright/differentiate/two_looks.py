"""The first derivative on many lines of one output each: what the engine does where two looks are enough.

The engine takes each step for lines that may need another number of looks, have several outputs, be noisy or have a
kink. Most need nothing of this. Here the same formulas are applied to the same values, for all lines at once, with
a third of the calls. The lines of which anything is left to settle go to the engine, with the values that are known.

Measured on 100 points of `numpy.sin`: 2.5 times faster than by the engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.differentiate.grains import Sample, grains
from gradwright.differentiate.search import (
    EASED,
    POOR,
    Limits,
    claim,
    extent,
    moves,
    natural_error,
    noise_error,
    pooled,
    rounding_of,
)
from gradwright.differentiate.sides import fits
from gradwright.differentiate.weights import central_stencil, products

_STENCIL = central_stencil(1)
_PAIRS = len(_STENCIL.nodes) // 2
_ENOUGH = 1e-3


class Remembered:
    """A function along lines that is not asked twice for what it was asked for before.

    Parameters
    ----------
    sample : callable
        The function along the lines.
    """

    def __init__(self, sample: Sample) -> None:
        self._sample = sample
        self._known: list[tuple[np.ndarray[Any, Any], FloatArray, FloatArray]] = []

    def first(self, lines: np.ndarray[Any, Any], offsets: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Ask, and remember."""
        values = self._sample(lines, offsets)
        self._known.append((lines, offsets, values))
        return values

    def __call__(self, lines: np.ndarray[Any, Any], offsets: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return the values at `offsets` (a, k) on `lines` (a,), which are in order: (a, k, outputs)."""
        for known, places, values in self._known:
            at = np.minimum(np.searchsorted(known, lines), len(known) - 1)
            same = places.shape[1] == offsets.shape[1] and np.array_equal(known[at], lines)
            if same and np.array_equal(places[at], offsets):
                return values[at]
        return self._sample(lines, offsets)


@dataclass
class _Look:
    """What one step showed, each of shape (lines,); fields as in `Found`, `apart` where the sides may differ."""

    value: FloatArray
    error: FloatArray
    rounding: FloatArray
    slope: FloatArray
    step: FloatArray
    size: FloatArray
    seen: FloatArray
    noisy: np.ndarray[Any, Any]
    apart: np.ndarray[Any, Any]

    def put(self, lines: np.ndarray[Any, Any], other: _Look, better: np.ndarray[Any, Any]) -> None:
        """Put `other`, a look at `lines`, in the place of ours where `better`."""
        for name, array in vars(self).items():
            array[lines] = np.where(better, getattr(other, name), array[lines])


@dataclass
class Settled:
    """The derivatives of the lines; of shape (lines,). `sure` tells of which there is nothing left to settle."""

    value: FloatArray
    error: FloatArray
    step: FloatArray
    sure: np.ndarray[Any, Any]


def two_looks(sample: Remembered, limits: Limits, eps: float, rtol: float) -> Settled:
    """Look at every line with the first step, and once more with the one that this suggests.

    Parameters
    ----------
    sample : Remembered
        The function along the lines, of one output.
    limits : Limits
        Of the search.
    eps : float
        The relative spacing of the values.
    rtol : float
        The relative error that is good enough.
    """
    every, step = np.arange(len(limits.start)), limits.start
    values = sample.first(every, _places(step))
    best = _look(values, step, limits.blur, eps)
    grained = grains(sample.first, _STENCIL, every, values, step, eps)[:, 0] > 0
    natural = natural_error(best.slope * step, best.size, step, limits.unit, 1, eps)
    finite, flat = np.isfinite(best.error), best.slope == 0
    move = _moves(best, natural, rtol, limits.largest)
    wanted = limits.near(step * 2.0**move)
    again = (move != 0) & (wanted != step)
    far = np.abs(move) > 12  # a leap elsewhere is a new start
    sure = finite & ~grained & ~(again & (far | flat))
    active = np.flatnonzero(again & sure)
    if active.size:
        step, before = wanted[active], move[active]
        now = _look(sample.first(active, _places(step)), step, limits.blur[active], eps)
        sure[active] = _agree(best, active, now) & np.isfinite(now.error)
        level = np.where(best.noisy, best.seen, 0.0)
        level[active] = np.maximum(level[active], np.where(now.noisy, now.seen, 0.0))
        better = now.error < best.error[active]
        best.put(active, now, better)
        move = _moves(now, natural[active], EASED * rtol, limits.largest[active])
        turned = move * before < 0
        poor = best.error[active] > np.maximum(POOR * np.abs(best.value[active]), natural[active])
        stuck = (before > 0) & ~(better | turned)
        sure[active] &= (move == 0) | stuck | (turned & ~poor)
        best.seen = pooled(best.seen, level)
    error = best.error + noise_error(_STENCIL, best.step, best.seen, best.noisy, best.slope, limits.size, eps)
    vague = (error > _ENOUGH * np.abs(best.value)) & (error > 1e5 * natural)
    return Settled(best.value, error, best.step, sure & np.isfinite(error) & ~(vague | best.apart))


def _places(step: FloatArray) -> FloatArray:
    """Return the offsets (lines, nodes), with those of a node together."""
    return np.multiply.outer(_STENCIL.nodes, step).T


def _look(values: FloatArray, step: FloatArray, blur: FloatArray, eps: float) -> _Look:
    nodes = values[:, :, 0].T
    right, left = nodes[1 : _PAIRS + 1], nodes[_PAIRS + 1 :]
    odd, even = right - left, right + left
    even -= 2 * nodes[0]
    of_odd, of_even, noises = _matrices()
    full, lower, lowest, contrast, worse, jump, rough_jump = products(of_odd, odd)
    even_contrast, inner, lone, rough_lone, kink, rough_kink = products(of_even, even)
    variation, size = extent(nodes, 0)
    amplified = products(_STENCIL.amplification[None, :], np.abs(nodes))[0]
    rounding = rounding_of(_STENCIL, amplified, blur / step * variation, eps, 0.0)
    contrasts = (even_contrast, inner, contrast, worse)
    error, rounding, seen, noisy = claim(_STENCIL, (full, lower, lowest), contrasts, rounding)
    level = 2 * eps * size
    apart = np.zeros(len(step), dtype=bool)
    for fine, coarse, noise in zip((jump, lone, kink), (rough_jump, rough_lone, rough_kink), noises, strict=True):
        apart |= np.abs(fine) > 4 * (np.abs(fine - coarse) + noise * level)
    slope = variation / step
    return _Look(full / step, error / step, rounding / step, slope, step.copy(), size, seen, noisy, apart)


@lru_cache
def _matrices() -> tuple[FloatArray, FloatArray, tuple[float, ...]]:
    """Return the weights of the odd and of the even parts, and how much of the noise reaches the fits of the sides.

    Odd: the three formulas, two contrasts, the jump from all nodes and without the outermost. Even: two contrasts, the
    lone value and the kink.
    """
    jump, lone, kink = fits(tuple(_STENCIL.nodes[1 : _PAIRS + 1].tolist()), 1)
    weights = np.zeros((3, 2, _PAIRS))
    for rows, fit in zip(weights, (jump, lone, kink), strict=True):
        for row, part in zip(rows, fit.matrix, strict=True):
            row[:] = part
            row[-1] += 1 - part.sum()
            row /= fit.scales
    formulas = np.zeros((7, 2 * _PAIRS))
    for line, row in zip(formulas, _STENCIL.rows, strict=True):
        for part, weight in row:
            line[part] = weight
    odd, even = formulas[[0, 1, 2, 5, 6], :_PAIRS], formulas[[3, 4], _PAIRS:]
    return np.concatenate([odd, weights[0]]), np.concatenate([even, *weights[1:]]), (jump.noise, lone.noise, kink.noise)


def _moves(look: _Look, natural: FloatArray, rtol: float, largest: FloatArray) -> FloatArray:
    flat = look.slope == 0
    return moves(_STENCIL, look.value, look.error, look.rounding, natural, flat, look.step, rtol, largest)


def _agree(first: _Look, lines: np.ndarray[Any, Any], second: _Look) -> np.ndarray[Any, Any]:
    """Tell where `second`, a look at `lines`, does not contradict the first, nor gives a reason to suspect noise."""
    value, error, step = first.value[lines], first.error[lines], first.step[lines]
    counts = (error < 0.1 * np.abs(value)) | (second.error < 0.1 * np.abs(second.value))
    apart = counts & (np.abs(value - second.value) > error + second.error)
    grown = second.error > error * np.maximum(step / second.step, 1.0) ** 0.75
    return np.asarray(~(apart | grown))
