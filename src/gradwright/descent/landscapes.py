"""Functions of two variables to descend on, with their exact gradients and minima."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gradwright._arrays import Array, array_of, floating, namespace

_Pair = tuple[float, float]


@dataclass(frozen=True)
class Landscape:
    """A function of two variables, its gradient, and where its minima are.

    Parameters
    ----------
    name : str
        Its name.
    f : callable
        ``f(x)`` of an array of shape (2,) or, for a grid, (..., 2); returns the shape without the last axis.
    gradient : callable
        ``gradient(x)``, of the shape of x.
    minima : tuple of points
        All local minima; empty where there is none.
    start : tuple of float
        Where a descent begins that shows what is special here.
    limits : tuple
        ``((low, high), (low, high))`` of the part to draw.

    Examples
    --------
    >>> bowl([3.0, 4.0]), bowl.gradient([3.0, 4.0])
    (np.float64(25.0), array([6., 8.]))
    """

    name: str
    f: Callable[[Any], Any]
    gradient: Callable[[Any], Any]
    minima: tuple[_Pair, ...]
    start: _Pair
    limits: tuple[_Pair, _Pair]

    def __call__(self, x: Any) -> Any:
        """Return f at `x`, shape (2,) or (..., 2)."""
        return self.f(x)


def _xy(x: Any) -> tuple[Array, Array, Any]:
    array = array_of(x)
    xp = namespace(array)
    array = floating(array, xp)
    return array[..., 0], array[..., 1], xp


def _landscape(
    name: str,
    value: Callable[[Array, Array, Any], Array],
    slopes: Callable[[Array, Array, Any], tuple[Array, Array]],
    minima: tuple[_Pair, ...],
    start: _Pair,
    limits: tuple[_Pair, _Pair],
) -> Landscape:
    def gradient(x: Any) -> Array:
        a, b, xp = _xy(x)
        return xp.stack([xp.asarray(part) for part in slopes(a, b, xp)], axis=-1)

    return Landscape(name, lambda x: value(*_xy(x)), gradient, minima, start, limits)


#: ``x**2 + y**2``, the course's own.
bowl = _landscape(
    "bowl",
    lambda x, y, xp: x**2 + y**2,
    lambda x, y, xp: (2 * x, 2 * y),
    ((0.0, 0.0),),
    (-3.0, 4.0),
    ((-5.0, 5.0), (-5.0, 5.0)),
)

#: ``x**2 / 20 + y**2``: plain descent zigzags across the valley.
elongated_bowl = _landscape(
    "elongated_bowl",
    lambda x, y, xp: x**2 / 20 + y**2,
    lambda x, y, xp: (x / 10, 2 * y),
    ((0.0, 0.0),),
    (-7.0, 2.0),
    ((-10.0, 10.0), (-5.0, 5.0)),
)

#: ``x**2 - y**2``: from a start with y = 0 descent ends at the saddle point, where the gradient is zero.
saddle = _landscape(
    "saddle",
    lambda x, y, xp: x**2 - y**2,
    lambda x, y, xp: (2 * x, -2 * y),
    (),
    (2.0, 0.0),
    ((-3.0, 3.0), (-3.0, 3.0)),
)

#: ``(1 - x)**2 + 100 (y - x**2)**2``: a bent valley (H. H. Rosenbrock, Comput. J. 3, 1960, equation (1)).
rosenbrock = _landscape(
    "rosenbrock",
    lambda x, y, xp: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    lambda x, y, xp: (-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)),
    ((1.0, 1.0),),
    (-1.2, 1.0),
    ((-2.0, 2.0), (-1.0, 3.0)),
)

#: ``(x**2 + y - 11)**2 + (x + y**2 - 7)**2``: four minima (D. M. Himmelblau, Applied Nonlinear Programming, 1972).
himmelblau = _landscape(
    "himmelblau",
    lambda x, y, xp: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
    lambda x, y, xp: (
        4 * x * (x**2 + y - 11) + 2 * (x + y**2 - 7),
        2 * (x**2 + y - 11) + 4 * y * (x + y**2 - 7),
    ),
    (
        (3.0, 2.0),
        (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.283185991286170),
        (3.584428340330492, -1.848126526964404),
    ),
    (0.0, 0.0),
    ((-5.0, 5.0), (-5.0, 5.0)),
)

#: ``1 - exp(-(x**2 + y**2) / 2)``: a hollow in a plain; from far off there is no slope to follow.
plateau = _landscape(
    "plateau",
    lambda x, y, xp: 1 - xp.exp(-(x**2 + y**2) / 2),
    lambda x, y, xp: (x * xp.exp(-(x**2 + y**2) / 2), y * xp.exp(-(x**2 + y**2) / 2)),
    ((0.0, 0.0),),
    (5.0, 4.0),
    ((-6.0, 6.0), (-6.0, 6.0)),
)

# The roots of 4 x (x**2 - 1) + 0.3, the two that are minima.
_LEFT, _RIGHT = -1.0355787140888537, 0.9601495555191055

#: ``(x**2 - 1)**2 + 0.3 x + y**2``: which of the two basins is reached depends on the start and on the rate.
two_basins = _landscape(
    "two_basins",
    lambda x, y, xp: (x**2 - 1) ** 2 + 0.3 * x + y**2,
    lambda x, y, xp: (4 * x * (x**2 - 1) + 0.3, 2 * y),
    ((_LEFT, 0.0), (_RIGHT, 0.0)),
    (0.5, 1.0),
    ((-2.0, 2.0), (-2.0, 2.0)),
)

ALL = (bowl, elongated_bowl, saddle, rosenbrock, himmelblau, plateau, two_basins)
