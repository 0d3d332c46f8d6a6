r"""A gradient of very many entries, checked along random directions, and a wrong entry found by halving.

Along a direction v the slope of f must be :math:`g \cdot v`: one derivative checks all entries of an array at once.
Each entry has a length of its own in v, so two mistakes hardly ever cancel. Where the two numbers differ, half of the
entries are moved alone, and so on: a wrong one among a million is found after twenty halvings.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.check.along import Along, Slope, directions
from gradwright.check.analytic import ROUNDING, Analytic

#: From so many entries on all of them cost too much: 12 evaluations each.
MANY = 4000
#: Evaluations that a check may take, and that one slope takes as a rule, and a slope without an error bar.
BUDGET, _COST, _QUICK = 300, 14, 4
#: A halving may do without an error bar where the difference looked for is so many times what the step leaves open.
_CLEAR = 1e3
#: Of an array with more than a few wrong entries so many are measured, to be shown.
_SHOWN = 4


@dataclass
class Line:
    """The slope along a direction within one array, or within several that are small.

    Attributes
    ----------
    parts : list of slice
        The arrays, as slices of x.
    direction : ndarray
        As long as x, 0 elsewhere.
    slope : Slope
        What was measured.
    told : float
        What the gradient under test says.
    slack, most : float
        By how much the two may differ as a rule, and at most: roundings that many entries have in common (of an answer
        that the network is sure of, say) add up.
    """

    parts: list[slice]
    direction: FloatArray
    slope: Slope
    told: float
    slack: float
    most: float

    @property
    def suspect(self) -> bool:
        """Whether it is worth looking for an entry that is wrong."""
        return self.slope.known and abs(self.slope.away(self.told)) > self.slack

    @property
    def wrong(self) -> bool:
        """Whether the gradient under test is, wherever."""
        return self.slope.known and abs(self.slope.away(self.told)) > self.most

    def contradicts(self, gradient: Analytic) -> bool:
        """Tell whether another gradient is wrong."""
        told, slack, _ = _told(gradient, self.parts, self.direction, self.slope)
        return self.slope.known and abs(self.slope.away(told)) > slack


@dataclass
class Sweep:
    """What was found.

    Attributes
    ----------
    lines : list of Line
        All arrays are in one of them.
    entries : dict of Slope
        Entries of x that were measured, by their place in the vector.
    everywhere : list of slice
        Arrays of which many entries are wrong.
    """

    lines: list[Line] = field(default_factory=list)
    entries: dict[int, Slope] = field(default_factory=dict)
    everywhere: list[slice] = field(default_factory=list)


def check_directions(along: Along, analytic: Analytic, rng: np.random.Generator) -> Sweep:
    """Check all entries along directions, and look for the wrong ones."""
    found = Sweep()
    groups = _groups(along.point.sizes)
    for k, parts in enumerate(groups, start=1):
        room = BUDGET - along.evaluations - (len(groups) - k) * _COST
        found.lines.append(_line(along, analytic, parts, rng, room))
    for line in [line for line in found.lines if line.suspect]:
        _search(along, analytic, line, found, rng)
        if line.parts[0] in found.everywhere or not found.entries:  # what fits one direction alone is no cause
            found.lines.append(_line(along, analytic, line.parts, rng, BUDGET - along.evaluations))
    return found


def _groups(sizes: list[int]) -> list[list[slice]]:
    """Return the arrays one by one where the budget allows it, else the smallest of them together."""
    starts = np.concatenate([[0], np.cumsum(sizes)]).tolist()
    order = sorted(range(len(sizes)), key=lambda k: -sizes[k])
    alone = BUDGET // (3 * _COST)
    groups = [[slice(starts[k], starts[k + 1])] for k in order[:alone]]
    rest = [slice(starts[k], starts[k + 1]) for k in order[alone:]]
    return [*groups, rest] if rest else groups


def _line(along: Along, analytic: Analytic, parts: list[slice], rng: np.random.Generator, room: int) -> Line:
    whole = directions(along.point, rng)
    direction = np.zeros_like(whole)
    for part in parts:
        direction[part] = whole[part]
    slope = along.slope(along.point.vector, direction, room)
    return Line(parts, direction, slope, *_told(analytic, parts, direction, slope))


def _told(analytic: Analytic, parts: list[slice], direction: FloatArray, slope: Slope) -> tuple[float, float, float]:
    """Return the slope by a gradient, and by how much it may differ from the measured one as a rule, and at most."""
    told = float(direction @ analytic.value)
    largest = max(float(np.abs(analytic.value[part]).max()) for part in parts)
    # Roundings of many entries are as often up as down: they add up as squares.
    slack = 4 * slope.error + 2 * ROUNDING * analytic.eps * largest * float(np.linalg.norm(direction))
    together = float(np.abs(direction * analytic.value).sum())
    most = slack + 8 * float(np.linalg.norm(direction * analytic.rounding)) + ROUNDING * analytic.eps * together
    return told, slack, most


def _search(along: Along, analytic: Analytic, line: Line, found: Sweep, rng: np.random.Generator) -> None:
    """Halve a direction that is wrong until one entry is left; stop where there turn out to be many."""
    missing = line.slope.away(line.told)
    inside = np.flatnonzero(line.direction)
    while inside.size and abs(missing) > line.slack and along.evaluations < BUDGET - 6 * _COST:
        entry, splits = _halve(along, analytic, line, inside, missing)
        if splits >= 3:
            found.everywhere.extend(line.parts)
            _measure_some(along, found, inside, rng)
            return
        direction = np.zeros_like(line.direction)
        direction[entry] = line.direction[entry]
        slope = along.slope(along.point.vector, direction, BUDGET - along.evaluations)
        unit = float(line.direction[entry])
        if not slope.known:
            return
        bounds = sorted((slope.low / unit, slope.high / unit))
        found.entries[entry] = Slope(bounds[0], bounds[1], slope.error / abs(unit), slope.step, slope.known)
        told = float(direction @ analytic.value)
        off = slope.away(told)
        if abs(off) <= 4 * slope.error + abs(unit) * analytic.rounding[entry]:
            return  # it led to nothing: the difference is spread over many
        missing -= off
        inside = inside[inside != entry]


def _halve(
    along: Along, analytic: Analytic, line: Line, inside: np.ndarray[Any, Any], missing: float
) -> tuple[int, int]:
    """Return the entry that halving ends at, and how often both halves had something wrong in them at the start."""
    splits, level = 0, 0
    while inside.size > 1:
        half = inside[: inside.size // 2]
        direction = np.zeros_like(line.direction)
        direction[half] = line.direction[half]
        told = float(direction @ analytic.value)
        # The first halves are nearly as steep as the whole: there a slope without an error bar may be too rough.
        careful = level < 4 or abs(missing) < _CLEAR * line.slack
        needed = _QUICK * int(inside.size).bit_length() + 4 * _COST
        room = BUDGET - along.evaluations - needed
        slope = along.slope(along.point.vector, direction, room) if careful and room >= _COST else None
        if slope is not None and slope.known:
            part, slack = slope.away(told), 4 * slope.error + line.slack
        else:
            part, slack = told - along.quick(along.point.vector, direction, line.slope.step), np.inf
        rest = missing - part
        splits += level < 3 and min(abs(part), abs(rest)) > max(slack, 1e-3 * abs(missing))
        if splits >= 3:
            break
        inside, missing = (half, part) if abs(part) >= abs(rest) else (inside[half.size :], rest)
        level += 1
    return int(inside[0]), splits


def _measure_some(along: Along, found: Sweep, inside: np.ndarray[Any, Any], rng: np.random.Generator) -> None:
    point = along.point
    for entry in rng.choice(inside, min(_SHOWN, inside.size), replace=False).tolist():
        direction = np.zeros(len(point.vector))
        direction[entry] = abs(point.vector[entry]) or 1.0
        slope, unit = along.slope(point.vector, direction, BUDGET - along.evaluations), float(direction[entry])
        if not slope.known:
            continue
        found.entries[entry] = Slope(
            slope.low / unit, slope.high / unit, slope.error / unit, slope.step * unit, slope.known
        )
