"""Calling a gradient more than once: does it give the same again, look at what it gets, and leave that alone?

A gradient that adds to what it returned before, or remembers the first batch, looks right the first time. So it is
called elsewhere first, and then twice at the point.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray, to_numpy
from gradwright.check.along import Along, directions, lengths
from gradwright.check.analytic import Analytic
from gradwright.check.causes import Cause
from gradwright.differentiate.point import Point
from gradwright.trees import flatten

#: How far away the other point is, in sizes of the entries.
_AWAY = 0.1
#: Two calls differ by more than rounding if by more than so many spacings at the size of the largest entry, and by
#: more than so much of it: sums in parallel do not repeat themselves to the last digits.
_ROUNDING, _NOTHING = 64.0, 1e-11


@dataclass
class Calls:
    """What a gradient returned, as vectors.

    Attributes
    ----------
    elsewhere : Analytic or None
        At another point, called first; None where it could not be computed there.
    first : Analytic
        At the point.
    again : ndarray
        The same once more.
    third : ndarray or None
        And a third time, where those two differ by more than rounding.
    changed : tuple of (str, int, float) or None
        Which array of its argument the gradient changed, how many entries of it, and by how much at most.
    """

    elsewhere: Analytic | None
    first: Analytic
    again: FloatArray
    third: FloatArray | None
    changed: tuple[str, int, float] | None


def place_beside(point: Point, low: FloatArray, high: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Return another point, within the bounds, each entry off by about a tenth of its size or its array's."""
    count = len(point.vector)
    by = rng.uniform(0.5, 1.5, count) * rng.choice([-1.0, 1.0], count)
    return np.asarray(np.clip(point.vector + _AWAY * lengths(point) * by, low, high))


#: Calls a gradient, elsewhere or at the point: what it returned, its arguments before the call, and after it.
Ask = Callable[[bool], tuple[Any, Any, Any]]


def call_repeatedly(ask: Ask, take: Callable[[Any], Analytic]) -> Calls:
    """Call a gradient elsewhere, and then at the point until it is clear whether it repeats itself.

    `take` takes apart what it returns, and refuses what is no gradient.
    """
    changed: list[tuple[str, int, float]] = []

    def call(elsewhere: bool) -> Analytic:
        result, before, after = ask(elsewhere)
        taken = take(result)
        found = _changes(before, after)
        if found is not None:
            changed.append(found)
        return taken

    try:
        beside = call(True)
    except Exception:  # it may be defined here and nowhere else; what is wrong with it at x is raised below
        beside = None
        changed.clear()
    first, again = call(False), call(False)
    scale = max(_ROUNDING * first.eps, _NOTHING) * float(np.abs(first.value).max(initial=0.0))
    third = call(False).value if (np.abs(again.value - first.value) > scale).any() else None
    return Calls(beside, first, again.value, third, changed[0] if changed else None)


def _changes(before: Any, after: Any) -> tuple[str, int, float] | None:
    """Return the first array of a tree that is not as it was, how many entries changed, and by how much at most."""
    try:
        leaves = flatten(after)[0]
    except Exception:  # it made something else of it
        return "", 0, float("nan")
    for old, new in zip(flatten(before)[0], leaves, strict=False):
        was, now = np.asarray(to_numpy(old.array)), np.asarray(to_numpy(new.array))
        if was.shape != now.shape:
            return old.path, was.size, float("nan")
        different = ~((was == now) | (np.isnan(was) & np.isnan(now)))
        if different.any():
            return old.path, int(different.sum()), float(np.abs(now - was)[different].max())
    return None


def repeated(calls: Calls) -> list[Cause]:
    """Return what the calls at one point show by themselves: a changed input, adding up, chance."""
    causes = []
    if calls.changed is not None:
        path, count, most = calls.changed
        causes.append(Cause("mutates-input", (), {"array": path or "x", "count": count, "most": most}))
    if calls.third is None:
        return causes
    first, again, third = calls.first.value, calls.again, calls.third
    step, next_step = again - first, third - again
    scale = float(np.abs(step).max())
    apart = float(np.abs(next_step - step).max())
    close = max(1e-6, _ROUNDING * calls.first.eps)
    if float(np.abs(next_step).max()) <= close * scale:  # the first call gave something else than all others
        return [*causes, Cause("stale-cache", (), {"spread": scale / _size(first)}, "once")]
    if apart <= close * max(scale, 1e-3 * _size(third)) and scale > close * _size(first):
        facts = {"step": float(np.linalg.norm(step)), "apart": apart / scale}
        return [*causes, Cause("accumulates", (), facts)]
    return [*causes, Cause("stochastic", (), {"spread": scale / _size(first)})]


def _size(vector: FloatArray) -> float:
    return max(float(np.abs(vector).max(initial=0.0)), float(np.finfo(np.float64).tiny))


def remembered(
    calls: Calls, along: Along, place: FloatArray, wrong: bool, rounding: FloatArray, rng: np.random.Generator
) -> list[Cause]:
    """Return whether the gradient at the point is that of another point, or the same everywhere.

    Parameters
    ----------
    calls : Calls
        What was returned.
    along : Along
        The function, to measure slopes of.
    place : ndarray
        The other point as the gradient got it.
    wrong : bool
        Whether it is wrong at the point.
    rounding : ndarray
        What rounding may have done to each entry.
    rng : numpy.random.Generator
        Draws directions.
    """
    if calls.elsewhere is None:
        return []
    point, first = along.point, calls.first.value
    same = np.abs(calls.elsewhere.value - first) <= rounding
    lines, start = [], 0
    for size in point.sizes:  # along each array by itself: one may be remembered, and the others not
        part = slice(start, start + size)
        if same[part].all() and first[part].any():
            lines.append(part)
        start += size
    if wrong and not lines:
        return _of_the_place(calls, along, place, rounding, rng)
    for part in lines:
        direction = np.zeros_like(first)
        direction[part] = directions(point, rng)[part]
        here, there = along.slope(point.vector, direction), along.slope(place, direction)
        if not (here.known and there.known):
            continue
        told = float(first @ direction)
        slack = 4 * max(here.error, there.error) + 2 * float(np.linalg.norm(direction * rounding))
        facts = {"here": here.value, "there": there.value, "told": told}
        if abs(here.value - there.value) <= 2 * slack or here.kink or there.kink:
            continue
        if not wrong and abs(there.away(told)) <= slack:
            continue  # right here, and what it says of the other place is true there, too
        if wrong and abs(there.away(told)) <= slack:
            return [Cause("stale-cache", (), facts)]
        if not (wrong and abs(here.away(told)) <= slack):
            return [Cause("ignores-input", (), facts)]
    return []


def _of_the_place(
    calls: Calls, along: Along, place: FloatArray, rounding: FloatArray, rng: np.random.Generator
) -> list[Cause]:
    """Tell whether what was returned at the point is the gradient at the place of the call before."""
    facts: dict[str, float] = {}
    for _ in range(2):
        direction = directions(along.point, rng)
        here, there = along.slope(along.point.vector, direction), along.slope(place, direction)
        told = float(calls.first.value @ direction)
        slack = 4 * there.error + 2 * float(np.linalg.norm(direction * rounding))
        apart = abs(here.away(told)) > slack + 4 * here.error
        if not (there.known and apart and abs(there.away(told)) <= slack):
            return []
        facts = {"here": here.value, "there": there.value, "told": told}
    return [Cause("stale-cache", (), facts)]
