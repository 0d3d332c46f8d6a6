"""Is the gradient that the caller gave that of f? Slopes of f along two directions tell, at a few points of the path.

A wrong entry shows in the slope along almost every direction, so that the comparison costs a dozen evaluations a point,
not several for each entry.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.descent.objective import Objective
from gradwright.differentiate import derivative

#: What is smaller than this share of the largest gradient seen may be the rounding of the given gradient itself.
_FLOOR = 1e-6


@dataclass(frozen=True)
class Mismatch:
    """The entry of a given gradient that is farthest from the measured one; signs as of f itself."""

    where: str
    step: int
    given: float
    measured: float
    error: float


def compare(objective: Objective, path: FloatArray, at: Iterable[int], floor: float) -> Mismatch | None:
    """Compare the given gradient with measured slopes.

    Parameters
    ----------
    objective : Objective
        The function, with its given gradient.
    path : ndarray, shape (steps + 1, n)
        The points of the run.
    at : iterable of int
        The points of the path at which to look, until one shows a difference.
    floor : float
        The size of the gradients of the run.

    Returns
    -------
    Mismatch or None
        None where the two agree, and where f gives no trustworthy slope (a kink, noise).
    """
    for k in at:
        given = objective.given(path[k])
        if not np.isfinite(given).all():
            continue
        slack = _slack(objective) * float(np.linalg.norm(given)) + _FLOOR * floor
        if all(_differs(objective, path[k], given, slack, turn) for turn in (0, 1)):
            return _worst(objective, path[k], given, k)
    return None


def repeats(objective: Objective, x: FloatArray) -> bool:
    """Tell whether the given gradient is the same from call to call; that of a random batch is not."""
    return bool(np.array_equal(objective.given(x), objective.given(x), equal_nan=True))


def _slack(objective: Objective) -> float:
    # A gradient in float32 has its own rounding, and more of it than eps where terms cancel.
    return max(1e-4, 10 * float(np.sqrt(objective.x_eps)) if objective.x_eps > 1e-10 else 0.0)


def _differs(objective: Objective, x: FloatArray, given: FloatArray, slack: float, turn: int) -> bool:
    direction = np.random.default_rng(turn).standard_normal(len(x))
    # At a bound the way must lead inside.
    direction = np.where(x <= objective.low, np.abs(direction), direction)
    direction = np.where(x >= objective.high, -np.abs(direction), direction)
    direction /= np.linalg.norm(direction)
    # Two lengths, so that a difference taken for a slope on one scale is not taken so on the other.
    reach = (float(np.linalg.norm(x)) or 1.0) * (1.0, 0.125)[turn]
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.concatenate([(objective.low - x) / direction, (objective.high - x) / direction])
    back, ahead = ends[ends <= 0].max(initial=-np.inf), ends[ends >= 0].min(initial=np.inf)
    # At t = 1 the size of t is that of x; at 0 it would say nothing.
    slope = derivative(
        lambda t: objective.value(objective.inside(x + (t - 1) * reach * direction)),
        1.0,
        bounds=(1 + back / reach, 1 + ahead / reach) if ahead > back else None,
    )
    if not slope.status.ok:
        return False
    measured, error = float(slope.value) / reach, float(slope.error) / reach
    return bool(abs(measured - float(given @ direction)) > 10 * error + slack)


def _worst(objective: Objective, x: FloatArray, given: FloatArray, step: int) -> Mismatch | None:
    measured, error = objective.measured(x)
    excess = np.abs(given - measured) - error
    if not np.isfinite(measured).all():
        return None
    i = int(np.argmax(excess))
    sign = objective.sign
    return Mismatch(objective.native.where(i), step, sign * float(given[i]), sign * float(measured[i]), float(error[i]))
