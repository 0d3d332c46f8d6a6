"""The gradient that a library computes by itself, as one to be checked: is every backward rule in it right?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradwright._arrays import DIFFERENTIATING, adapter
from gradwright.check.analytic import taken_apart
from gradwright.check.causes import Cause, Explanation
from gradwright.check.naming import agrees, difference
from gradwright.check.observed import Observed
from gradwright.differentiate.point import Point
from gradwright.errors import ArgumentTypeError
from gradwright.trees import flatten

#: Differentiates a function at a point.
Differentiate = Callable[[Callable[[Any], Any], Any], Any]


class Automatic:
    """The gradient of a function by automatic differentiation, called as one that is written by hand.

    Parameters
    ----------
    f : callable
        ``f(x) -> number``.
    differentiate : callable
        ``differentiate(f, x)`` -> the gradient at x, with the structure of x.
    """

    def __init__(self, f: Callable[[Any], Any], differentiate: Differentiate) -> None:
        self.f, self._differentiate = f, differentiate

    @classmethod
    def of_arrays(cls, f: Callable[[Any], Any], x: Any) -> Automatic:
        """Return the gradient of f at trees of arrays like x.

        Raises
        ------
        ArgumentTypeError
            If the library of an array of x has no automatic differentiation.

        Examples
        --------
        >>> Automatic.of_arrays(abs, -2.0)
        Traceback (most recent call last):
        gradwright.errors.ArgumentTypeError: `gradient="autograd"` needs arrays of a library that differentiates by
        itself (torch, jax), but `x` is of numpy. Make it an array of one of these, or give the gradient as a function.
        """
        for path, array in flatten(x)[0]:
            own = adapter(array)
            if not own.differentiates:
                name = f"x.{path}" if path else "x"
                raise ArgumentTypeError("autograd.library", name=name, library=own.library, libraries=DIFFERENTIATING)
        return cls(f, _of_arrays)

    def __call__(self, x: Any) -> Any:
        """Return the gradient at x."""
        return self._differentiate(self.f, x)

    def doubled(self, x: Any) -> Any:
        """Return the gradient of 2 f at x: what comes from above is twice as much for every rule on the way."""
        return self._differentiate(lambda some: 2 * self.f(some), x)

    def explanations(self, point: Point, arrays: list[Observed]) -> list[Explanation]:
        """Return that a rule ignores its upstream gradient, where wrong arrays are the same for f and for 2 f."""
        twice = taken_apart(point, self.doubled(point.fresh()), point.dtypes).value
        named, worst, start = [], 0.0, 0
        for array in arrays:
            part = twice[start : start + array.x.size].reshape(array.x.shape)
            start += array.x.size
            same = difference(array.analytic, part)
            if array.is_wrong and array.analytic.any() and same <= agrees(array.eps):
                named.append(array.name)
                worst = max(worst, same)
        return [[Cause("upstream-ignored", tuple(named), {"agreement": worst})]] if named else []


def _of_arrays(f: Callable[[Any], Any], x: Any) -> Any:
    leaves, structure = flatten(x)
    arrays = [leaf.array for leaf in leaves]
    return structure.build(adapter(*arrays).gradient(lambda some: f(structure.build(some)), arrays))


def automatic_names(rule: Any, point: Point) -> Callable[[list[Observed]], list[Explanation]] | None:
    """Return what names causes for arrays that are wrong, besides the patterns; None of a gradient written by hand.

    Parameters
    ----------
    rule : callable or None
        The gradient under test.
    point : Point
        Where.
    """
    return (lambda arrays: rule.explanations(point, arrays)) if isinstance(rule, Automatic) else None


__all__ = ["Automatic", "automatic_names"]
