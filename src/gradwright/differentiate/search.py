"""The search for a good step on each line.

The truncation of a formula falls with the step h, as h^p; the rounding of the function's values, divided by h^m, grows.
Where they meet is the best step, and it depends on f. So the search starts at a step that suits many functions, applies
two formulas of different order to the same values, takes their difference for the truncation and eps |f| / h^m for the
rounding, and moves h by the factor that the powers predict until the two meet or the result is good enough.

What is claimed is truncation plus rounding at the step used. The difference of the two formulas is the error of the
worse one, so the claim is on the safe side where f is smooth, and it stays large where f is not. Where the results at
two steps contradict each other by more than both claim, `found.reconcile` widens the claims.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.differentiate.found import Found, Look, reconcile
from gradwright.differentiate.weights import Stencil

Sample = Callable[[np.ndarray[Any, Any], np.ndarray[Any, Any]], np.ndarray[Any, Any]]

ROUNDS = 8
#: The smallest step in spacings of x: the nodes at a quarter or an eighth of it must still be apart by a few.
_SPACINGS = 256


def apply(stencil: Stencil, values: FloatArray, step: FloatArray, eps: float, blur: FloatArray) -> Found:
    """Apply both formulas of `stencil` to `values` (lines, nodes, outputs) taken with `step` (lines,).

    `blur` (lines,) is the rounding of the point itself, in the units of the step: it moves f along its slope.
    """
    with np.errstate(invalid="ignore", over="ignore", under="ignore", divide="ignore"):
        scale = step[:, None] ** -float(stencil.order)
        full = np.einsum("lko,k->lo", values, stencil.full) * scale
        lower = np.einsum("lko,k->lo", values, stencil.lower) * scale
        lowest = np.einsum("lko,k->lo", values, stencil.lowest) * scale
        rounding = eps * np.einsum("lko,k->lo", np.abs(values), stencil.amplification) * scale
        variation = values.max(axis=1) - values.min(axis=1)
        rounding += (blur / step)[:, None] * variation * stencil.amplification.sum() * scale
        truncation, before = np.abs(full - lower), np.abs(lower - lowest)
        # From formula to formula the difference should fall by a power of h. Where it hardly falls, f is noisy or not
        # smooth, the powers mean nothing, and the difference of the two worse formulas is the one to believe.
        slow = (np.maximum(truncation, before) > 4 * rounding) & (truncation > 0.02 * before)
        error = np.where(slow, truncation + 2 * before, truncation) + rounding
    # A node that is not finite may have weight 0; the formula must not pass over it.
    bad = ~(np.isfinite(values).all(axis=1) & np.isfinite(error) & np.isfinite(full))
    error[bad] = rounding[bad] = np.inf
    full[bad] = np.nan
    steps = np.broadcast_to(step[:, None], full.shape)
    return Found(full, error, rounding, before, steps, values, np.zeros_like(full), np.zeros_like(full))


def _natural_error(values: FloatArray, step: FloatArray, order: int, eps: float) -> FloatArray:
    """Return the error below which a derivative may count as found, from the values at the first step (lines,).

    A derivative of 0 has no relative error. What f itself tells is how much it varies over the step, and its size over
    the length that x suggests.
    """
    with np.errstate(invalid="ignore", over="ignore", under="ignore"):
        size = np.abs(values).max(axis=1)
        variation = values.max(axis=1) - values.min(axis=1)
        natural = 1e-14 * variation * step[:, None] ** -float(order)
        natural += 64 * eps * size * np.maximum(8 * step[:, None], 1.0) ** -float(order)
    return np.where(np.isfinite(natural), natural, 0.0)


@dataclass(frozen=True)
class Limits:
    """How far a search may go: all of shape (lines,)."""

    start: FloatArray
    smallest: FloatArray
    largest: FloatArray
    blur: FloatArray

    def of(self, lines: np.ndarray[Any, Any]) -> Limits:
        """Return the limits of some of the lines."""
        return Limits(self.start[lines], self.smallest[lines], self.largest[lines], self.blur[lines])


def step_limits(
    scale: FloatArray,
    smallest: FloatArray,
    room: FloatArray,
    order: int = 1,
    blur: FloatArray | None = None,
    unit: FloatArray | float = 1.0,
) -> Limits:
    """Return the range of steps for lines.

    Parameters
    ----------
    scale : ndarray, shape (lines,)
        The length over which f is first supposed to vary: |x|, or 1 where x is 0.
    smallest : ndarray, shape (lines,)
        The smallest step that rounding of x leaves.
    room : ndarray, shape (lines,)
        The distance to the nearest bound; infinite where there is none.
    order : int
        The order of the derivative.
    blur : ndarray, shape (lines,), optional
        The rounding of a moved point, in the units of the step; by default 0.
    unit : ndarray, shape (lines,)
        The step that moves x by 1.
    """
    # 1 / step**order must not overflow, nor x + step.
    power = 2.0 ** np.clip(np.floor(np.log2(scale)), -960 // order, 1000)
    # Rounding grows as h**-order: the higher the order, the larger the step that balances it.
    start = power / (16 if order == 1 else 8 if order == 2 else 4)
    # Beyond |x| or 1 a function of |x| ~ 1e-6 may still be as smooth as exp: steps may grow far past the first guess.
    with np.errstate(divide="ignore"):
        room = 2.0 ** np.floor(np.log2(room))  # a power of two, so that x + h is exact
    largest = np.minimum(np.maximum(power, unit) * 4, room)
    smallest = np.minimum(smallest, largest)
    blur = np.zeros_like(start) if blur is None else blur
    return Limits(np.clip(start, smallest, largest), smallest, largest, blur)


def smallest_step(magnitude: FloatArray, eps: float) -> FloatArray:
    """Return the smallest step that still moves every node of a stencil visibly away from x."""
    return np.maximum(magnitude * eps * _SPACINGS, np.finfo(np.float64).tiny * 16)


def search(
    sample: Sample, stencil: Stencil, lines: np.ndarray[Any, Any], limits: Limits, eps: float, rtol: float
) -> Found:
    """Find a good step for each of `lines`; `limits` belong to them, in their order."""
    step = limits.start.copy()
    active = np.arange(len(lines))
    trend = np.zeros(len(lines))  # which way the step went last: once it turns, the best is behind us
    final = np.zeros(len(lines), dtype=bool)
    seen: list[Look] = []
    best = Found.nothing(len(lines), len(stencil.nodes), 0)
    for _ in range(ROUNDS):
        values = sample(lines[active], step[active, None] * stencil.nodes)
        now = apply(stencil, values, step[active], eps, limits.blur[active])
        if not seen:
            best = Found.nothing(len(lines), *values.shape[1:])
            best.natural = _natural_error(values, step, stencil.order, eps)
        seen.append((active, now))
        better = now.error < best.error[active]
        best.take(active, now, better)
        now.natural = best.natural[active]
        move = _next_move(stencil, now, rtol, limits.largest[active])
        turned = move * trend[active] < 0
        # One look half-way back, and only where what was found on both sides of it is poor.
        poor = (best.error[active] > np.maximum(1e-8 * np.abs(best.value[active]), now.natural)).any(axis=1)
        move = np.where(turned, -np.trunc(trend[active] / 2), move)
        stuck = ~better.any(axis=1) & (trend[active] > 0) & ~turned  # growing, and no output got better by it
        wanted = np.clip(step[active] * 2.0**move, limits.smallest[active], limits.largest[active])
        go = (move != 0) & (~turned | poor) & ~stuck & ~final[active] & (wanted != step[active])
        final[active] |= turned
        trend[active] = np.where(np.abs(move) > 12, 0.0, move)  # a leap elsewhere is a new start
        step[active] = wanted
        active = active[go]
        if active.size == 0:
            break
    if len(seen) > 1:
        reconcile(best, seen, stencil)
    best.error += _noise(stencil, best)
    return best


def _noise(stencil: Stencil, found: Found) -> FloatArray:
    """Return what noise beyond eps |f| adds to the error, as read from the values that gave the result.

    At a large step the remainder may be the next term of the series, of even power, where the formula has odd ones: so
    it counts no more than the difference of the lower formulas, which noise would show in as well.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        scale = found.step ** -float(stencil.order)
        remainder, before = (
            np.abs(np.einsum("lko,k->lo", found.values, weights)) * scale
            for weights in (stencil.remainder, stencil.lower - stencil.lowest)
        )
        return np.asarray(np.nan_to_num(np.fmin(2 * remainder, 2 * before + 2 * found.rounding), posinf=0.0))


def _next_move(stencil: Stencil, now: Found, rtol: float, largest: FloatArray) -> FloatArray:
    """Return by how many powers of two each line's step should change; 0 where it is good enough."""
    goal = rtol * np.abs(now.value)
    with np.errstate(invalid="ignore", divide="ignore"):
        truncation = now.error - now.rounding
        ratio = np.log2(truncation / now.rounding) / (stencil.accuracy + stencil.order)
        # Where rounding rules, how much larger a step would bring it down to the goal. Where the value itself is lost
        # in it (exp at 1e-300 with a step of 1e-301), the goal says nothing: try the step that suits f of x near 1.
        growth = np.log2(now.rounding / goal) / stencil.order
        lost = np.abs(now.value) <= 4 * now.rounding
        growth = np.where(lost, np.maximum(np.log2(largest[:, None] / 64 / now.step), 3), growth)
    finite = np.isfinite(now.error)
    undone = ~finite | (now.error > np.maximum(goal, now.natural))
    shrink = undone & finite & (truncation > 4 * now.rounding)
    grow = undone & finite & ~shrink
    move = np.zeros_like(now.error)
    move[~finite] = -5.0
    move[shrink] = -np.clip(np.ceil(ratio[shrink]), 1, 12)
    move[grow] = np.maximum(np.ceil(growth[grow]), 3)
    # One step serves all outputs of a line: an output with too much truncation has the say over one with rounding.
    lowest, highest = move.min(axis=1), move.max(axis=1)
    return np.asarray(np.where(lowest < 0, lowest, highest))
