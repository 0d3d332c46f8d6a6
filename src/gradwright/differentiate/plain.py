"""The first derivative of a function of one number in plain floats: what the engine does where all is well.

For one number the engine costs as much as hundreds of calls of a cheap f: each of its arrays holds one float. Here the
same formulas are applied to the same values at the same steps. Where anything is left to settle (a kink, noise, the end
of a domain, looks that disagree) there is no result, and the engine goes on from the values that are known.

Measured on `math.sin`: 20 to 30 times faster than by the engine.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from gradwright.differentiate.calling import is_domain_error
from gradwright.differentiate.grains import IRREGULAR, SMOOTH, finest_grain
from gradwright.differentiate.search import (
    CAUTION,
    EASED,
    FLOOR,
    IRREGULAR_FROM,
    LEAST,
    LUCK,
    POOR,
    ROUGH,
    SIMPLE,
    smallest_step,
    step_limits,
)
from gradwright.differentiate.sides import Fit, fits
from gradwright.differentiate.weights import central_stencil, combine

_STENCIL = central_stencil(1)
_NODES = tuple(_STENCIL.nodes[1:4].tolist())
_AMPLIFICATION = _STENCIL.amplification.tolist()
_EPS = 4 * float(np.finfo(np.float64).eps)  # as `solve` takes it
_LOOKS = 4


class Quick(NamedTuple):
    """The derivative of a function that gives no trouble."""

    value: float
    error: float
    step: float


class _Look(NamedTuple):
    """What one step showed; fields as in `Found`, `values` from the outermost node inwards, right before left.

    `rough` is the largest of the four contrasts.
    """

    value: float
    error: float
    rounding: float
    noise: float
    noisy: bool
    rough: float
    step: float
    values: list[float]


def quick_derivative(f: Callable[[float], Any], x: float, rtol: float) -> tuple[Quick | None, dict[float, Any]]:
    """Return the derivative of f at x if nothing is in doubt, and in any case what f returned."""
    known: dict[float, Any] = {x: f(x)}
    centre = known[x]
    if type(centre) not in (float, np.float64) or not math.isfinite(centre):
        return None, known
    with np.errstate(all="ignore"):
        looks, natural = _search(f, x, float(centre), rtol, known)
    return _settled(looks, float(centre), abs(x), natural), known


def _search(
    f: Callable[[float], Any], x: float, centre: float, rtol: float, known: dict[float, Any]
) -> tuple[list[_Look], float]:
    """Return the looks that the engine's search would take and the natural error; no looks where it knows better."""
    step, smallest, largest = _limits(abs(x))
    looks: list[_Look] = []
    natural, trend, best = 0.0, 0.0, math.inf
    while len(looks) < _LOOKS:
        values = _values(f, x, step, known)
        if values is None:
            return [], natural
        look = _look(centre, values, step)
        if not math.isfinite(look.error) or (not looks and _grained(f, x, centre, look, known)):
            return [], natural
        if not looks:
            natural = _natural(centre, values, step)
        looks.append(look)
        better, best = look.error < best, min(best, look.error)
        move = _move(look, natural, largest, rtol if len(looks) == 1 else EASED * rtol)
        turned = move * trend < 0
        wanted = _near(min(max(step * 2.0**move, smallest), largest), abs(x))
        if move == 0 or wanted == step or (trend > 0 and not (better or turned)):
            return looks, natural
        if turned:
            settled = best <= max(POOR * abs(look.value), natural)
            return (looks if settled else []), natural
        trend = 0.0 if abs(move) > 12 else move
        step = wanted
    return [], natural


def _near(step: float, size: float) -> float:
    """Return the step that may be taken, as `Limits.near` does."""
    if not math.isfinite(step):
        return step
    grid = math.ldexp(SIMPLE, math.frexp(max(size, step))[1])
    return math.floor(step / grid) * grid if step >= IRREGULAR_FROM * grid else math.ldexp(0.5, math.frexp(step)[1])


@lru_cache(maxsize=256)
def _limits(size: float) -> tuple[float, float, float]:
    """Return the first, the smallest and the largest step for an x of this size."""
    magnitude, scale = np.array([size]), np.array([size or 1.0])
    smallest = smallest_step(magnitude, float(np.finfo(np.float64).eps))
    found = step_limits(scale, smallest, np.array([np.inf]), size=magnitude)
    return found.start.item(), found.smallest.item(), found.largest.item()


def _grained(f: Callable[[float], Any], x: float, centre: float, look: _Look, known: dict[float, Any]) -> bool:
    """Tell whether f may round its values, as `grains` does: where they are in doubt, by two more."""
    values = [centre, *look.values]
    grain = finest_grain(values)
    if not (grain > 0 and (look.rough > SMOOTH * grain or math.frexp(grain)[0] != 0.5)):
        return False
    more = _at(f, (x + look.step * IRREGULAR, x - look.step * IRREGULAR), known)
    return more is None or finest_grain([*values, *more]) > 0


def _values(f: Callable[[float], Any], x: float, h: float, known: dict[float, Any]) -> list[float] | None:
    """Return f at the nodes but x itself, or None where it gives something else than a finite float."""
    _, second, third = _NODES
    return _at(f, (x + h, x + second * h, x + third * h, x - h, x - second * h, x - third * h), known)


def _at(f: Callable[[float], Any], places: tuple[float, ...], known: dict[float, Any]) -> list[float] | None:
    values = []
    for place in places:
        try:
            result = known[place] if place in known else f(place)
        except (ValueError, ArithmeticError) as error:
            if not is_domain_error(error):
                raise
            result = math.nan
        known[place] = result
        if type(result) not in (float, np.float64) or not math.isfinite(result):
            return None
        values.append(float(result))
    return values


def _look(centre: float, values: list[float], step: float) -> _Look:
    """Return what `search.apply` returns, to the last bit."""
    p1, p2, p3, m1, m2, m3 = values
    two = 2 * centre
    parts = (p1 - m1, p2 - m2, p3 - m3, p1 + m1 - two, p2 + m2 - two, p3 + m3 - two)
    value, lower, lowest, even, inner, odd, worse = [combine(row, parts) for row in _STENCIL.rows]
    even, inner, odd, worse = abs(even), abs(inner), abs(odd), abs(worse)
    rounding = 0.0
    for weight, v in zip(_AMPLIFICATION[1:], values, strict=True):
        rounding += weight * abs(v)
    rounding = _EPS * rounding + LEAST * _STENCIL.amplified
    noise, norm, rough = min(even, odd), _STENCIL.norm, max(even, inner, odd, worse)
    noisy = even > 0.3 * inner and odd > 0.3 * worse
    if noisy:
        noise = min(math.sqrt(even * even + odd * odd), LUCK * noise)
        if noise * norm < ROUGH * rounding:
            rounding = max(rounding, noise * norm)
    truncation, before = abs(value - lower), abs(lower - lowest)
    if max(truncation, before) > FLOOR * rounding and truncation > 0.02 * before:
        error = truncation + 2 * before
    else:
        falling = CAUTION * _STENCIL.outward * truncation * (truncation / before) if before > 0 else 0.0
        error = min(truncation, max(falling, even * _STENCIL.tail))
    return _Look(value / step, (error + rounding) / step, rounding / step, noise, noisy, rough, step, values)


def _natural(centre: float, values: list[float], step: float) -> float:
    spread = max(*values, centre) - min(*values, centre)
    size = max(abs(v) for v in (*values, centre))
    least = LEAST * 2.0**20 * max(1 / step, 1.0)
    return 1e-14 * spread / step + least + 64 * _EPS * size / max(8 * step, 1.0)


def _move(look: _Look, natural: float, largest: float, rtol: float) -> float:
    """Return by how many powers of two the step should change, as `search` does."""
    goal = rtol * abs(look.value)
    wide = math.log2(largest / 64) - math.log2(look.step)
    varies = look.value != 0 or any(value != look.values[0] for value in look.values)
    if look.error <= max(goal, natural) and (varies or wide < 3):
        return 0.0
    truncation = look.error - look.rounding
    if truncation > 4 * look.rounding:
        if look.rounding == 0:  # it underflowed
            return -12.0
        return -float(min(max(math.ceil(math.log2(truncation / look.rounding) / 5), 1), 12))
    if abs(look.value) <= 4 * look.rounding:
        growth = max(wide, 3.0)
    else:
        growth = math.log2(look.rounding / goal) if goal > 0 else math.inf
    return float(max(math.ceil(growth), 3)) if math.isfinite(growth) else math.inf


def _settled(looks: list[_Look], centre: float, size: float, natural: float) -> Quick | None:
    """Return the best look with its whole error, or None where the looks do not agree or the sides differ."""
    if not looks or (len(looks) > 1 and _disagree(looks)):
        return None
    best = min(looks, key=lambda look: look.error)
    step, values = best.step, best.values
    level = 2 * _EPS * max(abs(v) for v in (*values, centre))
    odd = [p - m for p, m in zip(values[:3], values[3:], strict=True)]
    even = [p + m - 2 * centre for p, m in zip(values[:3], values[3:], strict=True)]
    jump, alone, kink = fits(_NODES, 1)
    if _apart(jump, odd, level) or _apart(alone, even, level) or _apart(kink, even, level):
        return None
    spread = max(*values, centre) - min(*values, centre)
    noise, level = best.noise, max((look.noise for look in looks if look.noisy), default=0.0) if len(looks) > 1 else 0.0
    if noise > level / LUCK:
        noise = max(noise, level)
    error = best.error + ((3 if best.noisy else 8) * noise + _EPS / 4 * size * (spread / step)) * (_STENCIL.norm / step)
    if error > 1e-3 * abs(best.value) and error > 1e5 * natural:
        return None
    return Quick(best.value, error, step)


def _disagree(looks: list[_Look]) -> bool:
    """Tell whether `reconcile` would have anything to do."""
    for k, now in enumerate(looks):
        for j, other in enumerate(looks):
            if j == k or other.error >= 0.1 * abs(other.value):
                continue
            if abs(now.value - other.value) > now.error + other.error:
                return True
        if k and now.error > looks[k - 1].error * max(1.0, looks[k - 1].step / now.step) ** 0.75:
            return True
    return False


def _apart(fit: Fit, part: list[float], noise: float) -> bool:
    """Tell whether the coefficient that does not belong in `part` is there, as `sides` does."""
    ratios = [value / scale for value, scale in zip(part, fit.scales, strict=True)]
    here = ratios[-1]
    value = here + sum(w * (ratio - here) for w, ratio in zip(fit.fine, ratios, strict=True))
    rough = here + sum(w * (ratio - here) for w, ratio in zip(fit.coarse, ratios[1:], strict=True))
    return abs(value) > 4 * (abs(value - rough) + noise * fit.noise)
