"""Looks at values of f off the path: is a place flat only here, what lies ahead, where does f break or end?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.descent.curvature import Curvature
from gradwright.descent.objective import Objective

#: Distances in units of the size of x, or of 1 where that is larger.
_DISTANCES = 2.0 ** np.arange(-4, 4)
#: f differs by so many times what gradient and curvature foretell: it is flat here, and not flat there.
_SURPRISE = 100.0
#: Going as far as there takes so many times the steps done.
_SLOW = 100.0
#: Where the gradient is zero, along so many axes.
_AXES = 10
#: "No end" is said of what falls so many sizes of x.
_HORIZON = 1e12
#: The last third of a run falls well if it took this share of what is left.
_WELL = 0.01
#: How often a kink is looked at closer, and the end of f.
_ZOOMS, _HALVINGS = 12, 40


class Judged(Protocol):
    """What is asked of a run."""

    objective: Objective
    x: FloatArray
    path: FloatArray
    values: FloatArray
    gradient: FloatArray
    error: FloatArray
    third: int
    noise: float
    steps: int
    curvature: Curvature | None

    @property
    def pace(self) -> float:
        """The length of the last steps."""
        ...


def flat_tail(run: Judged) -> float | None:
    """Return the distance at which f is no longer as flat as here, if the run is stuck on a plateau; else None."""
    reach = max(1.0, float(np.linalg.norm(run.x)))
    if run.curvature is None or run.pace * run.steps * _SLOW > reach * _DISTANCES[-1] or _gets_on(run):
        return None
    here = float(run.values[-1])
    for direction in _directions(run):
        slope, bend = abs(float(run.gradient @ direction)), abs(run.curvature.along(direction))
        found, rises, falls, hollow = math.inf, False, False, True
        if not run.gradient.any() and run.curvature.along(direction) > 10 * run.curvature.error:
            continue  # the bottom of a bowl, whatever is beyond its rim
        for side in (1.0, -1.0):
            before = -math.inf
            for distance in reach * _DISTANCES:
                there = run.objective.inside(run.x + side * distance * direction)
                change = run.objective.value(there) - here
                if not math.isfinite(change):
                    break
                # Of what is hollow throughout, such as exp, the flat part is the bottom.
                hollow &= change >= 2 * before - run.noise
                before = change
                foretold = slope * distance + bend * distance**2 / 2
                if abs(change) > _SURPRISE * foretold + run.noise and run.pace * run.steps * _SLOW < distance:
                    found = min(found, float(distance))
                    falls |= change < 0
                rises |= change > run.noise and side > 0
        # At a bottom f rises ahead; on a plateau it falls somewhere, or stays flat ahead as far as one looks. Without
        # a slope there is no ahead: a bottom has an edge, the tail of a sigmoid has none.
        tail = (
            not (rises or hollow)
            if run.gradient.any()
            else any(_fades(run, side * direction, reach) for side in (1.0, -1.0))
        )
        if math.isfinite(found) and (falls or tail):
            return found
    return None


def _gets_on(run: Judged) -> bool:
    """Tell whether f falls well: of what it would fall by in a straight line to where it is flat ahead."""
    fell = float(run.values[max(-1 - run.third, -len(run.values))] - run.values[-1])
    if not (run.gradient.any() and fell > run.noise):
        return False
    ahead = look_ahead(run.objective, run.x, -run.gradient, max(run.pace, run.objective.x_eps))
    return fell > _WELL * (float(run.values[-1]) - ahead.value)


def _fades(run: Judged, direction: FloatArray, reach: float) -> bool:
    """Tell whether f, flat here, leaves its level by a smooth tail rather than at an edge.

    Of a tail like exp(-d) the change passes from 1e-12 to 1e-6 of what it is farther off over about the same distance
    as from there to 1e-1; of a hinge, or its square, all at once.
    """
    here = float(run.values[-1])

    def change(distance: float) -> float:
        return abs(run.objective.value(run.objective.inside(run.x + distance * direction)) - here)

    changes = np.array([change(distance) for distance in reach * _DISTANCES])
    if not np.isfinite(changes).all() or changes.max() <= 1e6 * run.noise:
        return False
    whole = float(changes.max())
    places = []
    for share in (1e-12, 1e-6, 1e-1):
        low, high = 0.0, float(reach * _DISTANCES[changes.argmax()])
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (low, middle) if change(middle) > share * whole + run.noise else (middle, high)
        places.append(high)
    return places[1] - places[0] > 0.2 * (places[2] - places[1])


def _directions(run: Judged) -> list[FloatArray]:
    """Return unit vectors: down the slope, or where there is none, the way the run came, towards 0, and some axes."""
    norm = float(np.linalg.norm(run.gradient))
    if norm > 0:
        return [-run.gradient / norm]
    ways = [way for way in (run.path[0] - run.x, -run.x) if way.any()]
    return [way / np.linalg.norm(way) for way in ways] + list(np.eye(len(run.x))[:_AXES])


@dataclass(frozen=True)
class Ahead:
    """What f does along a line that leads down.

    Attributes
    ----------
    kind : str
        It rises again; it falls on and on; it levels out; it ends, at a bound or where it is not finite.
    distance, value : float
        Where it is lowest, and how low.
    """

    kind: Literal["rises", "falls", "levels", "ends"]
    distance: float
    value: float


def look_ahead(objective: Objective, x: FloatArray, way: FloatArray, first: float) -> Ahead:
    """Follow a line in ever longer steps, as far as :data:`_HORIZON` sizes of x."""
    length = float(np.linalg.norm(way))
    here = objective.value(x)
    if length == 0 or not math.isfinite(here):
        return Ahead("levels", 0.0, here)
    reach = max(first, float(np.linalg.norm(x)), 1.0) * _HORIZON
    distance, lowest, at, drops = max(first, 1e-300), here, 0.0, [0.0]
    last = x
    while distance < reach:
        point = objective.inside(x + distance * way / length)
        value = objective.value(point)
        if math.isnan(value) or (distance > 2 * first and np.array_equal(point, last)):
            return Ahead("ends", at, lowest)
        if value == -math.inf:
            return Ahead("falls", distance, value)
        if value > lowest + 8 * objective.rounding(lowest):
            return Ahead("rises", at, lowest)
        if value < lowest:
            drops.append(lowest - value)
            lowest, at = value, distance
        else:
            drops.append(0.0)
        last, distance = point, 4 * distance
    # Four times the distance is four times the drop on a slope, the same drop on a logarithm, ever less on a tail.
    return Ahead("falls" if drops[-1] > 0.9 * drops[-2] > 0 else "levels", at, lowest)


@dataclass(frozen=True)
class Break:
    """A place between two points at which f has a kink or a jump."""

    x: FloatArray


def find_break(objective: Objective, start: FloatArray, end: FloatArray) -> Break | None:
    """Return where f breaks between two points, or a little beyond them; None where it only curves.

    The largest second difference on nine points is looked at ever closer. A curve's falls to a sixteenth whenever the
    spacing falls to a quarter, that of a kink to a quarter, that of a cusp like that of the root to a half.
    """
    move = end - start
    if not move.any():
        return None
    low, high = (-0.25, 1.25)
    for t in (low, high):
        if not np.array_equal(objective.inside(start + t * move), start + t * move):
            low, high = 0.0, 1.0  # beyond a bound there is no f
    sizes: list[float] = []
    apart: list[float] = []
    while len(sizes) < _ZOOMS:
        ts = np.linspace(low, high, 9)
        values = np.array([objective.value(objective.inside(start + t * move)) for t in ts])
        bends = np.abs(np.diff(values, 2))
        if not np.isfinite(bends).all():
            return None
        top = int(bends.argmax())
        # Rounding of x is noise too: it moves f along its slope.
        slope = float(np.ptp(values)) / ((high - low) * float(np.linalg.norm(move)))
        moved = np.finfo(np.float64).eps * float(np.linalg.norm(start)) * slope
        if bends[top] <= 64 * (objective.rounding(float(np.abs(values).max())) + moved):
            break
        apart.append(float(bends[top]) / max(float(np.median(bends)), 1e-3 * float(bends[top])))
        if len(sizes) > 2 and apart[-1] <= 1.5:
            return None  # a curve seen from near: all are as large
        sizes.append(float(bends[top]))
        low, high = float(ts[top]), float(ts[top + 2])
    steps = min(4, len(sizes) - 1)
    if steps < 2 or (sizes[-1 - steps] / sizes[-1]) ** (1 / steps) > 8:
        return None
    # A break stands alone among the seven; the largest of noise is about two and a half times their median.
    if np.log(apart[-steps:]).mean() < math.log(4):
        return None
    place = objective.inside(start + (low + high) / 2 * move)
    # Digits that were not looked for are not shown.
    width = (high - low) * float(np.linalg.norm(move))
    return Break(place.round(max(0, math.ceil(-math.log10(width)) - 1)) + 0.0)


def find_end(objective: Objective, start: FloatArray, end: FloatArray) -> tuple[FloatArray, float]:
    """Return the last point at which f is finite on the way to one where it is not, and its share of the way."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        finite = math.isfinite(objective.value(objective.inside(start + middle * (end - start))))
        low, high = (middle, high) if finite else (low, middle)
    return objective.inside(start + low * (end - start)), low
