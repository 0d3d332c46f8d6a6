"""What a derivative comes back as: the number, its error bar, and what was seen on the way."""

from __future__ import annotations

import enum
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from gradwright import messages
from gradwright._arrays import to_numpy
from gradwright.errors import ArgumentTypeError
from gradwright.trees import Leaf, flatten


class Status(enum.IntEnum):
    """How an entry of a derivative came about.

    Examples
    --------
    >>> Status.KINK.ok, Status.ONE_SIDED.ok
    (False, True)
    """

    CONVERGED = 0
    """Value and error may be trusted."""
    ONE_SIDED = 1
    """They may be trusted; f was read on one side of the point only, as the other is closed or not finite."""
    KINK = 2
    """The slopes from the left and from the right differ; there is no derivative."""
    JUMP = 3
    """The function itself differs from the left to the right; there is no derivative, and no value without a step."""
    NOISY = 4
    """The function repeats its values to few digits only; the error covers it, but it is large."""
    NONFINITE = 5
    """The function is NaN or infinite at the point, or on both sides of it; or its slope is infinite."""
    UNRESOLVED = 6
    """No step gave two formulas that agree; the value is a guess, and the error infinite."""

    @property
    def ok(self) -> bool:
        """Whether value and error may be trusted."""
        return self in (Status.CONVERGED, Status.ONE_SIDED)

    def text(self, lang: str | None = None) -> str:
        """Return the status in words."""
        return messages.text(f"status.{self.name.lower()}", lang)


@dataclass(frozen=True, eq=False)
class Estimate:
    """A derivative with its error bar.

    Every field but `evaluations` has the structure, shape and library of the derivative, and its dtype where it holds
    numbers; for plain numbers they are plain numbers.

    Attributes
    ----------
    value : float, array or tree of arrays
        The derivative.
    error : as `value`
        An absolute bound on the error of `value`: truncation as judged from two formulas of different order, plus the
        rounding of the function's values and what noise they show. At a kink, the difference of the two slopes.
    status : Status, array or tree of them
        How each entry came about (NumPy arrays of `Status`, whatever the library).
    left, right : as `value`
        The slopes from the left and from the right; the same as `value` where there is nothing to tell apart.
    step : as `value`
        The step of the formula that was used.
    evaluations : int
        The number of points at which the function was evaluated.

    Examples
    --------
    >>> from gradwright.differentiate import derivative
    >>> d = derivative(lambda x: 0.01 * x**2 + 0.1 * x, 5.0)
    >>> round(d.value, 10), d.status.name, d.all_ok
    (0.2, 'CONVERGED', True)
    >>> abs(d.value - 0.2) <= d.error
    True
    """

    value: Any
    error: Any
    status: Any
    left: Any
    right: Any
    step: Any
    evaluations: int

    @cached_property
    def ok(self) -> Any:
        """True for each entry whose value and error may be trusted, so never at a kink or a jump."""
        return _map_status(lambda status: status.ok, self.status)

    @cached_property
    def all_ok(self) -> bool:
        """Whether every entry may be trusted."""
        return all(bool(np.all(leaf)) for leaf in _status_leaves(self.ok))

    def __float__(self) -> float:
        leaves = flatten(self.value)[0]
        count = sum(math.prod(leaf.array.shape) for leaf in leaves)
        if count != 1:
            raise ArgumentTypeError("estimate.several", count=count)
        return _number(leaves[0].array)

    def __str__(self) -> str:
        return self.text()

    def text(self, lang: str | None = None) -> str:
        """Return value, error, status and cost in words.

        Parameters
        ----------
        lang : {"en", "ko"}, optional
            By default the language of the environment.
        """
        statuses = [
            status
            for leaf in _status_leaves(self.status)
            for status in (leaf.ravel() if isinstance(leaf, np.ndarray) else [leaf])
        ]
        note = messages.text(
            "estimate.note",
            lang,
            status=max(statuses, default=Status.CONVERGED).text(lang),
            evaluations=self.evaluations,
        )
        leaves = list(zip(flatten(self.value)[0], flatten(self.error)[0], strict=True))
        if len(leaves) == 1 and not leaves[0][0].path and math.prod(leaves[0][0].array.shape) == 1:
            return f"{_with_error(_number(self.value), _number(self.error))} ({note})"
        return "\n".join([_leaf_line(*pair) for pair in leaves] + [f"({note})"])


def _number(value: Any) -> float:
    return float(to_numpy(value).item())  # float() of an array with one axis is no longer allowed


def _leaf_line(value: Leaf, error: Leaf) -> str:
    host, bounds = to_numpy(value.array), to_numpy(error.array)
    worst = float(np.max(bounds)) if bounds.size else 0.0
    shown = np.array2string(host, precision=8, threshold=12, separator=", ")
    return f"{value.path + ': ' if value.path else ''}{shown} +- {worst:.1g}"


def _with_error(value: float, error: float) -> str:
    if not (math.isfinite(value) and math.isfinite(error) and error > 0 and value != 0):
        return f"{value:.12g} +- {error:.1g}"
    digits = math.ceil(math.log10(abs(value) / error)) if error < abs(value) else 1
    return f"{value:.{min(17, max(1, digits))}g} +- {error:.1g}"


def _map_status(function: Callable[[Status], bool], tree: Any) -> Any:
    if isinstance(tree, Status):
        return function(tree)
    if isinstance(tree, np.ndarray):
        return np.reshape(np.array([function(s) for s in tree.ravel()], dtype=bool), tree.shape)
    if isinstance(tree, dict):
        return {key: _map_status(function, child) for key, child in tree.items()}
    children = [_map_status(function, child) for child in tree]
    if isinstance(tree, list):
        return children
    return type(tree)(*children) if hasattr(tree, "_fields") else tuple(children)


def _status_leaves(tree: Any) -> list[Any]:
    # Arrays of Status are arrays of objects, which `trees` rightly refuses as parameters.
    if isinstance(tree, (dict, list, tuple)):
        return [leaf for child in (tree.values() if isinstance(tree, dict) else tree) for leaf in _status_leaves(child)]
    return [tree]


@dataclass(frozen=True, eq=False)
class Tangent(Estimate):
    """The tangent line of a function at a point: the derivative as an `Estimate`, and a line that can be called.

    Attributes
    ----------
    point : float
        Where the line touches.
    height : float
        The function's value there.

    Examples
    --------
    >>> from gradwright.differentiate import tangent
    >>> line = tangent(lambda x: x * x, 3.0)
    >>> round(line.slope, 9), round(line.intercept, 9), round(line(4.0), 9)
    (6.0, -9.0, 15.0)
    """

    point: float
    height: float

    @property
    def slope(self) -> float:
        """The derivative at `point`."""
        return float(self.value)

    @property
    def intercept(self) -> float:
        """The height of the line at 0."""
        return self.height - self.slope * self.point

    def __call__(self, x: Any) -> Any:
        """Return the height of the line at `x`, a number or an array."""
        return self.slope * (x - self.point) + self.height
