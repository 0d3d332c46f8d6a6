"""What a formula may name: constants, and functions with their evaluation and their derivative.

To add a function, add one `Function` to `FUNCTIONS`: the tests take it from there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from gradwright._arrays import Array

CONSTANTS: Mapping[str, float] = MappingProxyType({"pi": math.pi, "e": math.e, "tau": math.tau})

#: Other names that people write for the same function.
ALIASES: Mapping[str, str] = MappingProxyType(
    {"ln": "log", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "heaviside": "step"}
)

#: Names of Greek letters: variables without being declared, and typeset as the letter. `lambda` is a word of Python.
GREEK: Mapping[str, str] = MappingProxyType(
    {
        "alpha": "α",
        "beta": "β",
        "gamma": "γ",
        "delta": "δ",
        "epsilon": "ε",
        "zeta": "ζ",
        "eta": "η",
        "theta": "θ",
        "kappa": "κ",
        "mu": "μ",
        "nu": "ν",
        "xi": "ξ",
        "rho": "ρ",
        "sigma": "σ",
        "phi": "φ",
        "chi": "χ",
        "psi": "ψ",
        "omega": "ω",
    }
)


@dataclass(frozen=True)
class Function:
    """One function that a formula may call.

    Attributes
    ----------
    evaluate : callable
        ``evaluate(xp, u)`` or ``evaluate(xp, u, v)``: its values, with the calls of the array API standard alone.
    partials : tuple of str
        The partial derivative for each argument, as a formula in ``u`` and ``v``.
    holomorphic : bool
        Whether complex numbers may go through it, as the complex step needs.
    """

    evaluate: Callable[..., Array]
    partials: tuple[str, ...]
    holomorphic: bool = True

    @property
    def arity(self) -> int:
        """The number of arguments."""
        return len(self.partials)


def _sigmoid(xp: Any, u: Array) -> Array:
    if xp.isdtype(u.dtype, "complex floating"):
        return 1 / (1 + xp.exp(-u))
    small = xp.exp(-xp.abs(u))  # never above 1, so it cannot overflow
    return xp.where(u < 0, small, xp.ones_like(u)) / (1 + small)


def _step(xp: Any, u: Array) -> Array:
    return xp.where(xp.isnan(u), u, xp.where(u > 0, xp.ones_like(u), xp.zeros_like(u)))


def _maximum(xp: Any, u: Array, v: Array) -> Array:
    return xp.maximum(u, v)


def _minimum(xp: Any, u: Array, v: Array) -> Array:
    return xp.minimum(u, v)


def _relu(xp: Any, u: Array) -> Array:
    return xp.maximum(u, xp.zeros_like(u))


# At a kink or a jump (abs and relu at 0, a tie of max, a step of floor) there is no derivative. What stands here then
# gives what the course's layers give, 0 at 0; `gradwright.derivative` is the one that says KINK or JUMP.
FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        "sin": Function(lambda xp, u: xp.sin(u), ("cos(u)",)),
        "cos": Function(lambda xp, u: xp.cos(u), ("-sin(u)",)),
        "tan": Function(lambda xp, u: xp.tan(u), ("1/cos(u)**2",)),
        "asin": Function(lambda xp, u: xp.asin(u), ("1/sqrt(1 - u**2)",)),
        "acos": Function(lambda xp, u: xp.acos(u), ("-1/sqrt(1 - u**2)",)),
        "atan": Function(lambda xp, u: xp.atan(u), ("1/(1 + u**2)",)),
        "sinh": Function(lambda xp, u: xp.sinh(u), ("cosh(u)",)),
        "cosh": Function(lambda xp, u: xp.cosh(u), ("sinh(u)",)),
        # Not 1 - tanh(u)**2, in which every digit cancels where u is large.
        "tanh": Function(lambda xp, u: xp.tanh(u), ("1/cosh(u)**2",)),
        "exp": Function(lambda xp, u: xp.exp(u), ("exp(u)",)),
        "log": Function(lambda xp, u: xp.log(u), ("1/u",)),
        "log2": Function(lambda xp, u: xp.log2(u), ("1/(u*log(2))",)),
        "log10": Function(lambda xp, u: xp.log10(u), ("1/(u*log(10))",)),
        "sqrt": Function(lambda xp, u: xp.sqrt(u), ("1/(2*sqrt(u))",)),
        # sigmoid(-u) is 1 - sigmoid(u) without its cancellation.
        "sigmoid": Function(_sigmoid, ("sigmoid(u)*sigmoid(-u)",)),
        "abs": Function(lambda xp, u: xp.abs(u), ("sign(u)",), holomorphic=False),
        "relu": Function(_relu, ("step(u)",), holomorphic=False),
        "step": Function(_step, ("0",), holomorphic=False),
        "sign": Function(lambda xp, u: xp.sign(u), ("0",), holomorphic=False),
        "floor": Function(lambda xp, u: xp.floor(u), ("0",), holomorphic=False),
        "ceil": Function(lambda xp, u: xp.ceil(u), ("0",), holomorphic=False),
        # The two weights add up to 1, so that max(x, x) has the slope of x.
        "max": Function(_maximum, ("step(u - v)", "1 - step(u - v)"), holomorphic=False),
        "min": Function(_minimum, ("step(v - u)", "1 - step(v - u)"), holomorphic=False),
    }
)
