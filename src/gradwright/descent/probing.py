"""Is a place flat only where it was looked at? Values of f farther off tell a plateau from a bottom."""

from __future__ import annotations

import math
from typing import Protocol

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


class Judged(Protocol):
    """What is asked of a run."""

    objective: Objective
    x: FloatArray
    path: FloatArray
    values: FloatArray
    gradient: FloatArray
    error: FloatArray
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
    if run.curvature is None or run.pace * run.steps * _SLOW > reach * _DISTANCES[-1]:
        return None
    here = float(run.values[-1])
    for direction in _directions(run):
        slope, bend = abs(float(run.gradient @ direction)), abs(run.curvature.along(direction))
        found, rises, falls = math.inf, False, False
        for side in (1.0, -1.0):
            for distance in reach * _DISTANCES:
                there = run.objective.inside(run.x + side * distance * direction)
                change = run.objective.value(there) - here
                if not math.isfinite(change):
                    break
                foretold = slope * distance + bend * distance**2 / 2
                if abs(change) > _SURPRISE * foretold + run.noise and run.pace * run.steps * _SLOW < distance:
                    found = min(found, float(distance))
                    falls |= change < 0
                rises |= change > run.noise and side > 0
        # At a bottom f rises ahead; on a plateau it falls somewhere, or stays flat ahead as far as one looks.
        if math.isfinite(found) and (falls or not rises):
            return found
    return None


def _directions(run: Judged) -> list[FloatArray]:
    """Return unit vectors: down the slope, or where there is none, the way the run came, towards 0, and some axes."""
    norm = float(np.linalg.norm(run.gradient))
    if norm > 0:
        return [-run.gradient / norm]
    ways = [way for way in (run.path[0] - run.x, -run.x) if way.any()]
    return [way / np.linalg.norm(way) for way in ways] + list(np.eye(len(run.x))[:_AXES])
