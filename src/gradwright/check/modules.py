"""What a check of gradients takes besides trees of arrays and hand-written gradients: modules, and ``"autograd"``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradwright._arrays import container
from gradwright.check.automatic import Automatic

#: The word that asks for the library's own differentiation.
AUTOGRAD = "autograd"


def unfolded(f: Callable[..., Any], x: Any, gradient: Any) -> tuple[Callable[..., Any], Any, Any]:
    """Return a function, a point and a gradient as the check takes them: of trees of arrays.

    Parameters
    ----------
    f : callable
        ``f(x) -> number``.
    x : tree of arrays, or a module
        Of a module the parameters that require gradients are the point, by name. It is copied, and stays as it is.
    gradient : callable, tree of arrays or "autograd"
        ``gradient(x)``, or the gradient itself, or the word for what the library of x computes by itself.

    Returns
    -------
    tuple
        The same three, untouched where there is nothing to do.

    Raises
    ------
    ArgumentTypeError
        If ``"autograd"`` is asked for, and x is of a library that has none.
    ArgumentError
        If a module cannot be taken for a function of its parameters.

    Examples
    --------
    >>> unfolded(abs, 2.0, 1.0)
    (<built-in function abs>, 2.0, 1.0)
    """
    automatic = isinstance(gradient, str) and gradient == AUTOGRAD
    held = container(x)
    if held is None:
        return f, x, Automatic.of_arrays(f, x) if automatic else gradient

    def of_arrays(arrays: dict[str, Any]) -> Any:
        return f(held.holding(arrays))

    def own_gradient(arrays: dict[str, Any]) -> Any:
        found = gradient(held.holding(arrays))
        held.changed(arrays)  # so that a gradient which changes what it gets is seen to
        return found

    if automatic:
        return of_arrays, held.arrays(), Automatic(f, held.gradient)
    by_hand = callable(gradient) and not hasattr(gradient, "shape")
    return of_arrays, held.arrays(), own_gradient if by_hand else gradient


__all__ = ["AUTOGRAD", "unfolded"]
