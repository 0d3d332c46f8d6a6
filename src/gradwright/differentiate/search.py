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

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.differentiate.found import Found, Look, reconcile
from gradwright.differentiate.grains import Sample, grains
from gradwright.differentiate.sides import compare_sides
from gradwright.differentiate.weights import Stencil

ROUNDS = 8
#: The error of the best formula is taken to be so many times what the fall of the errors foretells.
CAUTION = 16.0
#: However coarse the values of f are, an error of 0 that is larger than this part of f is not nothing.
_COARSEST = 1e-9
#: What looks like noise counts as rounding up to so many times eps |f|.
ROUGH = 64.0
#: Differences of the formulas below this part of the bound on rounding are rounding. A knot, where f'' jumps, makes the
#: best step one at which they are not far above it.
FLOOR = 0.5
#: Below this, f underflows: 0 may be any number smaller.
LEAST = 5e-324
#: Of a few values that hold noise, the least is no smaller than this part of the largest.
LUCK = 30.0
#: After the second look so many times the error asked for is good enough: a third gains less than it costs.
EASED = 8.0
#: A relative error that is worth another look.
POOR = 1e-8
#: The mantissa of a wide step, to how many bits of x it is taken, and how many times that a step is wide.
_IRREGULAR, SIMPLE, IRREGULAR_FROM = 0.915965594177219, 2.0**-24, 64.0
_NOWHERE = np.empty(0, dtype=np.intp)
#: The smallest step in spacings of x: the nodes at a quarter or an eighth of it must still be apart by a few.
_SPACINGS = 256


def apply(
    stencil: Stencil,
    values: FloatArray,
    step: FloatArray,
    eps: float,
    blur: FloatArray,
    grain: FloatArray | float = 0.0,
) -> Found:
    """Apply the formulas of `stencil` to `values` (lines, nodes, outputs) taken with `step` (lines,).

    `blur` (lines,) is the rounding of the point itself, in the units of the step: it moves f along its slope. `grain`
    (lines, outputs) is what f rounds its values to, where that is more than `eps` of them.
    """
    # For a step of 1 first.
    formulas = stencil.formulas(values)
    variation, size = extent(values, 1)
    blurred = (blur / step)[:, None] * variation
    rounding = rounding_of(stencil, stencil.rounding(values), blurred, eps, grain)
    full = formulas[0]
    error, rounding, noise, both = claim(stencil, list(formulas[:3]), list(formulas[3:]), rounding)
    unit = step[:, None] ** float(stencil.order)
    full, error, rounding = full / unit, error / unit, rounding / unit
    # A node that is not finite may have weight 0; the formula must not pass over it.
    good = np.isfinite(size) & np.isfinite(error) & np.isfinite(full)
    if not good.all():
        error[~good] = rounding[~good] = np.inf
        full[~good] = np.nan
    none = np.zeros_like(full)
    steps = none + step[:, None]
    slope = variation / step[:, None]
    return Found(full, error, rounding, slope, steps, values, none, none.copy(), none + grain, noise, both, size)


def extent(values: FloatArray, axis: int) -> tuple[FloatArray, FloatArray]:
    """Return by how much values vary along `axis`, the nodes, and the size of the largest."""
    high, low = values.max(axis=axis), values.min(axis=axis)
    return high - low, np.maximum(high, -low)


def rounding_of(
    stencil: Stencil, amplified: FloatArray, blurred: FloatArray, eps: float, grain: FloatArray | float
) -> FloatArray:
    """Return what rounding makes of the derivative for a step of 1.

    `amplified` is the sum of the sizes of the values by their weights, `blurred` what the rounding of the point itself
    does to a value.
    """
    rounding = np.maximum(eps * amplified, 0.5 * grain * stencil.amplified) + LEAST * stencil.amplified
    return np.asarray(rounding + blurred * stencil.amplified)


def claim(
    stencil: Stencil, formulas: Sequence[FloatArray], contrasts: Sequence[FloatArray], rounding: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, np.ndarray[Any, Any]]:
    """Return error, rounding, the noise in one value, and whether it looks like noise, for a step of 1.

    `formulas` are the three results, `contrasts` the four of `Stencil.contrasts`, `rounding` that of `rounding_of`; all
    of one shape.
    """
    full, lower, lowest = formulas
    noise, both, top = judge_contrasts(contrasts)
    # A long sum rounds at each of its terms: what looks like noise and is not far above rounding is rounding.
    level = noise * stencil.norm
    rounding = np.where(both & (level < ROUGH * rounding), np.maximum(rounding, level), rounding)
    truncation, before = np.abs(full - lower), np.abs(lower - lowest)
    # From formula to formula the difference should fall by a power of h. Where it hardly falls, f is noisy or not
    # smooth, the powers mean nothing, and the difference of the two worse formulas is the one to believe. Where it
    # falls, the error of the best formula is to `truncation` as that is to `before`; a coefficient that happens to
    # vanish makes this too little, and then the highest difference, of the other parity, speaks.
    slow = (np.maximum(truncation, before) > FLOOR * rounding) & (truncation > 0.02 * before)
    falling = CAUTION * stencil.outward * truncation * (truncation / np.where(before > 0, before, np.inf))
    falling = np.minimum(truncation, np.maximum(falling, top * stencil.tail))
    return np.where(slow, truncation + 2 * before, falling) + rounding, rounding, noise, both


def natural_error(
    variation: FloatArray, size: FloatArray, step: FloatArray, unit: FloatArray, order: int, eps: float
) -> FloatArray:
    """Return the error below which a derivative may count as found, from what the first step showed.

    `variation` and `size` are those of `extent`, `unit` is the step that moves x by 1.

    A derivative of 0 has no relative error. What f itself tells is how much it varies over the step, and its size over
    the length that x suggests.
    """
    # A slope, and for higher orders over the length that x suggests: over the step itself rounding would count.
    length = np.maximum(8 * step, unit)
    natural = 1e-14 * variation / step * length ** -float(order - 1)
    natural += LEAST * 2.0**20 * np.fmax(step ** -float(order), 1.0)
    natural += 64 * min(eps, _COARSEST) * size * length ** -float(order)
    return np.where(np.isfinite(natural), natural, 0.0)


@dataclass
class Limits:
    """How far a search may go: all of shape (lines,)."""

    start: FloatArray
    smallest: FloatArray
    largest: FloatArray
    blur: FloatArray
    size: FloatArray  # the step that changes x by its own size
    unit: FloatArray  # the step that moves x by 1
    coarse: float  # a step is a multiple of this part of the larger of x and itself, or a power of two

    def near(self, step: FloatArray, lines: np.ndarray[Any, Any] | slice = slice(None)) -> FloatArray:
        """Return the steps for `lines` that are next to those wanted, and may be taken."""
        step = np.minimum(np.maximum(step, self.smallest[lines]), self.largest[lines])
        grid = np.ldexp(self.coarse, np.frexp(np.maximum(self.size[lines], step))[1])
        few_bits, wide = np.floor(step / grid) * grid, step >= IRREGULAR_FROM * grid
        return few_bits if wide.all() else np.where(wide, few_bits, np.ldexp(0.5, np.frexp(step)[1]))

    def of(self, lines: np.ndarray[Any, Any]) -> Limits:
        """Return the limits of some of the lines."""
        return Limits(
            **{name: array[lines] for name, array in vars(self).items() if name != "coarse"}, coarse=self.coarse
        )


def step_limits(
    scale: FloatArray,
    smallest: FloatArray,
    room: FloatArray,
    order: int = 1,
    blur: FloatArray | None = None,
    unit: FloatArray | float = 1.0,
    size: FloatArray | None = None,
    point_eps: float = float(np.finfo(np.float64).eps),
) -> Limits:
    """Return the range of steps for lines.

    Wide steps are no simple numbers. Otherwise f might be seen at whole numbers only, where floor is x and sin(2 pi x)
    is 0. Nor are they such as cannot be added to x without rounding, or multiplied by 100 in f.

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
    size : ndarray, shape (lines,), optional
        The step that changes x by its own size; by default 0.
    point_eps : float
        The relative spacing of x.
    """
    # 1 / step**order must not overflow, nor x + step.
    power = 2.0 ** np.minimum(np.maximum(np.floor(np.log2(scale)), -960 // order), 1000)
    # Rounding grows as h**-order: the higher the order, the larger the step that balances it.
    start = _IRREGULAR * power / (16 if order == 1 else 8 if order == 2 else 4)
    # Beyond |x| or 1 a function of |x| ~ 1e-6 may still be as smooth as exp: steps may grow far past the first guess.
    largest = np.minimum(_IRREGULAR * 4 * np.maximum(power, unit), room)
    smallest = np.minimum(smallest, largest)
    blur = np.zeros_like(start) if blur is None else blur
    size = np.zeros_like(start) if size is None else size
    coarse = max(SIMPLE, 32 * point_eps)  # nodes are at whole parts of 32 of a step
    limits = Limits(start, smallest, largest, blur, size, np.broadcast_to(unit, start.shape), coarse)
    limits.start = limits.near(start)
    return limits


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
    values = sample(lines, step[:, None] * stencil.nodes)
    best = apply(stencil, values, limits.start, eps, limits.blur, grains(sample, stencil, lines, values, step, eps))
    variation, unit = best.slope * best.step, limits.unit[:, None]
    best.natural = natural_error(variation, best.size, best.step, unit, stencil.order, eps)
    for _ in range(ROUNDS):
        if seen:
            values = sample(lines[active], step[active, None] * stencil.nodes)
            leapt = active[trend[active] == 0]
            if leapt.size:  # what f rounds its values to there was not seen from here
                grain = grains(sample, stencil, lines[leapt], values[trend[active] == 0], step[leapt], eps)
                best.grain[leapt] = np.maximum(best.grain[leapt], grain)
            now = apply(stencil, values, step[active], eps, limits.blur[active], best.grain[active])
            strayed = _forget_others(now, best, active, stencil, eps)
            better = now.error < best.error[active]
            best.take(active, now, better)
            now.natural = best.natural[active]
        else:
            now, better, strayed = best, np.isfinite(best.error), _NOWHERE
            best = now.where(better)
        seen.append((active, now))
        move = _next_move(stencil, now, rtol if len(seen) == 1 else EASED * rtol, limits.largest[active])
        move[strayed] = 0.0
        if not move.any():
            break
        turned = move * trend[active] < 0
        # One look half-way back (or, after a small move, the other way), and only where what was found is poor.
        poor = (best.error[active] > np.maximum(POOR * np.abs(best.value[active]), now.natural)).any(axis=1)
        half = np.trunc(trend[active] / 2)
        move = np.where(turned & (half != 0), -half, move)
        stuck = ~better.any(axis=1) & (trend[active] > 0) & ~turned  # growing, and no output got better by it
        wanted = limits.near(step[active] * 2.0**move, active)
        go = (move != 0) & (~turned | poor) & ~stuck & ~final[active] & (wanted != step[active])
        final[active] |= turned
        trend[active] = np.where(np.abs(move) > 12, 0.0, move)  # a leap elsewhere is a new start
        step[active] = wanted
        active = active[go]
        if active.size == 0:
            break
    if len(seen) > 1:
        reconcile(best, seen, stencil)
        _pool_noise(best, seen)
    best.error += noise_error(stencil, best.step, best.seen, best.noisy, best.slope, limits.size[:, None], eps)
    return best


def _forget_others(
    now: Found, best: Found, active: np.ndarray[Any, Any], stencil: Stencil, eps: float
) -> np.ndarray[Any, Any]:
    """Take back what was found farther off than where nothing of f varies, if it is another piece of f.

    As of the unit of a network that is dead here. Return which of the `active` lines.
    """
    flat = ~best.slope[active].any(axis=1)
    if not flat.any():
        return _NOWHERE
    done = (best.error[active] <= best.natural[active]).all(axis=1)
    lines = np.flatnonzero(flat & done & now.slope.any(axis=1))
    if lines.size and not stencil.side:
        sides = compare_sides(stencil, now.values[lines], now.step[lines], eps, now.grain[lines], slopes=False)
        lines = lines[((sides.drop > 4 * sides.drop_error) | sides.any_gap()).any(axis=1)]
        now.error[lines] = np.inf
    return lines


def _pool_noise(best: Found, seen: list[Look]) -> None:
    """Take the largest noise of all looks for that of the best, if that is not far below: chance made it the best."""
    level = np.zeros_like(best.seen)
    for at, now in seen:
        level[at] = np.maximum(level[at], np.where(now.noisy, now.seen, 0.0))
    best.seen = pooled(best.seen, level)


def pooled(seen: FloatArray, level: FloatArray) -> FloatArray:
    """Return the larger of the noise that was seen and that at other steps, if it is not far below."""
    return np.where(seen > level / LUCK, np.maximum(seen, level), seen)


def noise_error(
    stencil: Stencil,
    step: FloatArray,
    seen: FloatArray,
    noisy: np.ndarray[Any, Any],
    slope: FloatArray,
    size: FloatArray,
    eps: float,
) -> FloatArray:
    """Return what noise beyond eps |f| adds to the error, as read from the values that gave the result.

    Two contrasts that agree tell its size better than one that the other does not contradict: 19 of 20 times it is
    within 3 times the one, and within 8 times the other.

    A function that begins by rounding x (as sin(100 x) does) is uncertain by eps |x f'|, and no contrast shows it.
    """
    scale = stencil.norm / step ** float(stencil.order)
    noise = np.where(noisy, 3, 8) * seen + eps / 4 * size * slope
    noise *= scale
    return np.where(np.isfinite(noise), noise, 0.0)


def judge_contrasts(
    contrasts: FloatArray | Sequence[FloatArray],
) -> tuple[FloatArray, np.ndarray[Any, Any], FloatArray]:
    """Return the noise in one value as the contrasts show it, whether they look like noise, and the highest of them.

    Where both pairs of contrasts look as noise does, together they measure it, unless one is beyond what noise makes
    of the other. Where one of them does not, it shows the series of f itself, and noise is no larger than the smaller.
    """
    even, inner, odd, worse = map(np.abs, contrasts)
    both = (even > 0.3 * inner) & (odd > 0.3 * worse)
    least = np.minimum(even, odd)
    return np.where(both, np.minimum(np.sqrt(even * even + odd * odd), LUCK * least), least), both, even


def _next_move(stencil: Stencil, now: Found, rtol: float, largest: FloatArray) -> FloatArray:
    """Return by how many powers of two each line's step should change; 0 where it is good enough."""
    flat = np.logical_not(now.slope.any(axis=1, keepdims=True))
    move = moves(stencil, now.value, now.error, now.rounding, now.natural, flat, now.step, rtol, largest[:, None])
    # One step serves all outputs of a line: an output with too much truncation has the say over one with rounding.
    lowest, highest = move.min(axis=1), move.max(axis=1)
    return np.asarray(np.where(lowest < 0, lowest, highest))


def moves(
    stencil: Stencil,
    value: FloatArray,
    error: FloatArray,
    rounding: FloatArray,
    natural: FloatArray,
    flat: np.ndarray[Any, Any],
    step: FloatArray,
    rtol: float,
    largest: FloatArray,
) -> FloatArray:
    """Return by how many powers of two the step of each should change; 0 where it is good enough.

    The arrays are those of `Found`, `flat` tells where nothing of f varies, and `largest` is the largest step.
    """
    goal = rtol * np.abs(value)
    finite = np.isfinite(error)
    wide = np.log2(largest / 64) - np.log2(step)  # to the step that suits f of x near 1
    # Where nothing of f varies (1 - cos at 1e-10), it may do so farther off.
    undone = ~finite | (error > np.maximum(goal, natural)) | (flat & (wide >= 3))
    if not undone.any():
        return np.zeros(undone.shape)
    truncation = error - rounding
    ratio = np.ceil(np.log2(truncation / rounding) / (stencil.accuracy + stencil.order))
    # Where rounding rules, how much larger a step would bring it down to the goal. Where the value itself is lost
    # in it (exp at 1e-300 with a step of 1e-301), the goal says nothing: try the step that suits f of x near 1.
    growth = np.log2(rounding / goal) / stencil.order
    growth = np.where(np.abs(value) <= 4 * rounding, np.maximum(wide, 3), growth)
    move = np.where(truncation > 4 * rounding, -np.minimum(np.maximum(ratio, 1), 12), np.maximum(np.ceil(growth), 3))
    return np.where(undone, np.where(finite, move, -5.0), 0.0)
