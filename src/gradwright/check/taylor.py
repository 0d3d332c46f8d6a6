r"""The Taylor remainder: a second opinion on a gradient, which needs no derivative to be measured.

.. math:: R(s) = |f(x + s v) - f(x) - s \, g \cdot v|

falls as :math:`s^2` where g is the gradient at x, and as s where it is not: on paper with two logarithmic axes, the
slope of the line is 2 or 1.

References
----------
P. E. Farrell, D. A. Ham, S. W. Funke and M. E. Rognes, Automated derivation of the adjoint of high-level transient
finite element programs, SIAM J. Sci. Comput. 35 (2013), section 5.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.check.along import Along, directions
from gradwright.check.observed import Observed

#: The steps, each a quarter of the one before: a gradient that is nearly right shows at the smallest only.
_STEPS = 0.25 ** np.arange(1.0, 13.0)
#: The evaluations that a test takes, as a rule.
TAYLOR_COST = len(_STEPS) + 15
#: A remainder counts while it is so many times what rounding makes of f.
_ABOVE = 30.0
#: And the order is read off the smallest of so many that count.
_LAST = 5


@dataclass(frozen=True)
class TaylorTest:
    """The remainders along one random direction, with the gradient under test and with what was measured.

    Attributes
    ----------
    steps : list of float
        The steps s, in lengths of the direction.
    remainders, right_remainders : list of float
        ``|f(x + s v) - f(x) - s g v|`` with the gradient under test, and with the slope that was measured.
    order, right_order : float
        By which power of s they fall: 2 with a right gradient, 1 with a wrong one; NaN where f is linear or rounding
        hides it.
    floor : float
        What rounding makes of f: remainders near it say nothing.
    """

    steps: list[float]
    remainders: list[float]
    right_remainders: list[float]
    order: float
    right_order: float
    floor: float

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values that JSON can hold; None for what is not finite."""

        def plain(value: Any) -> Any:
            if isinstance(value, list):
                return [plain(item) for item in value]
            return value if np.isfinite(value) else None

        return {name: plain(value) for name, value in asdict(self).items()}


def taylor_test(
    along: Along, gradient: FloatArray, arrays: Sequence[Observed], rng: np.random.Generator, most: int | None = None
) -> TaylorTest | None:
    """Look at the remainders along a random direction in the arrays that are wrong; None where the slope is not known.

    Parameters
    ----------
    along : Along
        The function.
    gradient : ndarray
        The one under test, as a vector.
    arrays : list of Observed
        Tells which arrays are wrong.
    rng : numpy.random.Generator
        Draws the direction.
    most : int, optional
        The number of evaluations that there is room for.
    """
    point = along.point
    direction = directions(point, rng)
    start = 0
    for array, size in zip(arrays, point.sizes, strict=True):
        mask = array.wrong.ravel() if array.wrong.any() and not array.directions else np.full(size, array.is_wrong)
        direction[start : start + size] *= mask
        start += size
    if not direction.any():
        return None
    slope = along.slope(point.vector, direction, None if most is None else most - len(_STEPS) - 1)
    if not slope.known or slope.low != slope.high:
        return None
    centre = float(along(point.vector))
    values = np.array([float(along(point.vector + s * direction)) for s in _STEPS])
    floor = 8 * along.eps * max(abs(centre), float(np.abs(values[len(values) // 2 :]).max()))
    told = float(direction @ gradient)
    wrong, right = (np.abs(values - centre - _STEPS * number) for number in (told, slope.value))
    return TaylorTest(
        _STEPS.tolist(), wrong.tolist(), right.tolist(), _order(wrong, floor), _order(right, floor), floor
    )


def _order(remainders: FloatArray, floor: float) -> float:
    """Return the power of the step by which remainders fall, from the smallest that are not rounding."""
    usable = np.flatnonzero((remainders > _ABOVE * floor) & np.isfinite(remainders))[-_LAST:]
    if usable.size < 2:
        return float("nan")
    # The median of what each step tells: where the remainder changes its sign, one or two of them are far off.
    falls = np.diff(np.log(remainders[usable])) / np.diff(np.log(_STEPS[usable]))
    return float(np.median(falls))
