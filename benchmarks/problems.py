"""Smooth functions with derivatives that are known exactly: what `accuracy.py` measures and the tests assert.

Each is written as a user would write it in NumPy, naively where users are naive (``1 - cos(x)``), and again in mpmath,
which differentiates it to sixty digits. The points go from 1e-6 to 1e6, to the edge of a pole, into flat tails and into
oscillation; at some of them rounding leaves nothing to find, and `Question.judged` says which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import mpmath as mp
import numpy as np
from scipy import special

#: What counts as right, relative to the derivative.
RIGHT = 1e-8

WIDE = (-0.5, 1e-6, 1e-3, 0.1, 0.7, 1.0, 2.3, 5.0, 12.0, 40.0, 1e3, 1e6)
POSITIVE = (1e-8, 1e-6, 1e-3, 0.1, 0.7, 1.0, 2.3, 5.0, 40.0, 1e3, 1e6, 1e8)


@dataclass(frozen=True)
class Problem:
    """A function twice: in NumPy, element by element, and in mpmath.

    `analytic` says that the NumPy one takes complex numbers to full precision, for the complex step. (SciPy's gamma
    and Airy functions take them, but lose an imaginary part as small as that step.)
    """

    name: str
    f: Callable[[Any], Any]
    exact: Callable[[Any], Any]
    points: tuple[float, ...] = WIDE
    analytic: bool = True


def _expanded(x: Any) -> Any:
    return x**5 - 5 * x**4 + 10 * x**3 - 10 * x**2 + 5 * x - 1


def _log_gamma(x: Any) -> Any:
    return mp.log(abs(mp.gamma(x)))


def _cube_root(x: Any) -> Any:
    return mp.sign(x) * mp.cbrt(abs(x))


_TAIL = (-0.5, 1e-6, 1e-3, 0.1, 0.7, 1.0, 2.3, 5.0)

ELEMENTARY = [
    Problem("exp", np.exp, mp.exp, (-20.0, *_TAIL, 12.0, 40.0, 300.0)),
    Problem("sin", np.sin, mp.sin),
    Problem("cos", np.cos, mp.cos),
    Problem("tan", np.tan, mp.tan, (-0.5, 1e-6, 1e-3, 0.1, 0.7, 1.0, 1.5, 1.57, 1.5707, 2.3, 5.0, 12.0)),
    Problem("tanh", np.tanh, mp.tanh, (*_TAIL, 12.0, 15.0, 17.0, 19.6)),
    Problem("arctan", np.arctan, mp.atan),
    Problem("arcsin", np.arcsin, mp.asin, (-0.99, -0.5, 1e-6, 1e-3, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999, 0.999999)),
    Problem("sinh", np.sinh, mp.sinh, (*_TAIL, -3.0, 12.0, 40.0, 300.0)),
    Problem("log", np.log, mp.log, POSITIVE),
    Problem("log1p", np.log1p, mp.log1p),
    Problem("sqrt", np.sqrt, mp.sqrt, POSITIVE),
    Problem("cube root", np.cbrt, _cube_root, analytic=False),
    Problem("x^2.5", lambda x: x**2.5, lambda x: x ** mp.mpf(2.5), (*POSITIVE[1:], 12.0)),
    Problem("x^x", lambda x: x**x, lambda x: x**x, (1e-6, 1e-4, 1e-3, 0.1, 0.3, 0.7, 1.0, 2.3, 5.0, 12.0, 40.0, 100.0)),
    Problem("x log x", lambda x: x * np.log(x), lambda x: x * mp.log(x), (*POSITIVE[1:], 0.3)),
]

RATIONAL = [
    Problem("course", lambda x: 0.01 * x**2 + 0.1 * x, lambda x: mp.mpf(0.01) * x**2 + mp.mpf(0.1) * x),
    Problem("quartic", lambda x: 3 * x**4 - 2 * x**3 + x - 7, lambda x: 3 * x**4 - 2 * x**3 + x - 7),
    Problem(
        "(x-1)^5 multiplied out",
        _expanded,
        lambda x: (x - 1) ** 5,
        (1e-6, 1e-3, 0.1, 0.5, 0.7, 0.9, 1.1, 1.3, 2.3, 5.0, 40.0, 1e3),
    ),
    Problem("1/x", lambda x: 1 / x, lambda x: 1 / x),
    Problem("1/x^2", lambda x: 1 / (x * x), lambda x: 1 / (x * x)),
    Problem(
        "pole at 1",
        lambda x: 1 / (x - 1),
        lambda x: 1 / (x - 1),
        (0.5, 0.9, 0.99, 0.999, 0.9999, 0.999999, 1.000001, 1.001, 1.1, 2.0, 5.0, 1e3),
    ),
    Problem("Runge", lambda x: 1 / (1 + 25 * x * x), lambda x: 1 / (1 + 25 * x * x)),
    Problem("x/(1+x^4)", lambda x: x / (1 + x**4), lambda x: x / (1 + x**4)),
]

WAVES = [
    Problem("sin 100x", lambda x: np.sin(100 * x), lambda x: mp.sin(100 * x)),
    Problem("sin x^2", lambda x: np.sin(x * x), lambda x: mp.sin(x * x), (*_TAIL, -5.0, 12.0, 40.0, 100.0)),
    Problem(
        "sin(1/x)",
        lambda x: np.sin(1 / x),
        lambda x: mp.sin(1 / x),
        (-0.5, 1e-3, 0.01, 0.03, 0.1, 0.3, 0.7, 1.0, 2.3, 5.0, 12.0, 40.0),
    ),
    Problem("sinc", lambda x: np.sin(x) / x, lambda x: mp.sin(x) / x),
    Problem("exp(sin 5x)", lambda x: np.exp(np.sin(5 * x)), lambda x: mp.exp(mp.sin(5 * x))),
    Problem(
        "cos(exp x)",
        lambda x: np.cos(np.exp(x)),
        lambda x: mp.cos(mp.exp(x)),
        (-5.0, -1.0, 1e-3, 0.1, 0.7, 1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 9.0),
    ),
    Problem(
        "damped wave",
        lambda x: np.exp(-3 * x) * np.cos(50 * x),
        lambda x: mp.exp(-3 * x) * mp.cos(50 * x),
        (*_TAIL, -2.0, 0.5, 7.0, 10.0),
    ),
    Problem("beats", lambda x: np.sin(30 * x) * np.sin(31 * x), lambda x: mp.sin(30 * x) * mp.sin(31 * x)),
]

TAILS = [
    Problem("bell", lambda x: np.exp(-x * x), lambda x: mp.exp(-x * x), (*_TAIL, -3.0, 8.0, 12.0, 20.0)),
    Problem(
        "exp(-1/x^2)",
        lambda x: np.exp(-1 / (x * x)),
        lambda x: mp.exp(-1 / (x * x)),
        (-0.5, 0.05, 0.1, 0.2, 0.5, 0.7, 1.0, 2.3, 5.0, 12.0, 40.0, 1e3),
    ),
    Problem("x exp(-x)", lambda x: x * np.exp(-x), lambda x: x * mp.exp(-x), (*_TAIL, -5.0, 0.9, 12.0, 40.0)),
    Problem(
        "logistic",
        lambda x: 1 / (1 + np.exp(-x)),
        lambda x: 1 / (1 + mp.exp(-x)),
        (*_TAIL, -40.0, 12.0, 20.0, 25.0),
    ),
    Problem(
        "softplus",
        lambda x: np.logaddexp(0, x),
        lambda x: mp.log1p(mp.exp(x)),
        (*_TAIL, -40.0, 12.0, 40.0, 1e3),
        analytic=False,
    ),
]

CANCELLING = [
    Problem("1 - cos", lambda x: 1 - np.cos(x), lambda x: 1 - mp.cos(x)),
    Problem("exp - 1", lambda x: np.exp(x) - 1, lambda x: mp.exp(x) - 1, (*_TAIL, -3.0, 12.0, 40.0, 100.0)),
    Problem(
        "hypot - x",
        lambda x: np.sqrt(1 + x * x) - x,
        lambda x: mp.sqrt(1 + x * x) - x,
        (*_TAIL, -40.0, -5.0, 12.0, 40.0),
    ),
    Problem("1e6 + sin", lambda x: 1e6 + np.sin(x), lambda x: mp.mpf(1e6) + mp.sin(x)),
    Problem(
        "log(1e-8 + x^2)",
        lambda x: np.log(1e-8 + x * x),
        lambda x: mp.log(mp.mpf(1e-8) + x * x),
        (-0.5, 1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 0.1, 0.7, 1.0, 5.0, 40.0, 1e3),
    ),
    Problem(
        "sqrt(1-x)",
        lambda x: np.sqrt(1 - x),
        lambda x: mp.sqrt(1 - x),
        (-1e6, -1e3, -10.0, -1.0, 1e-6, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.999999),
    ),
]

SPECIAL = [
    Problem("erf", special.erf, mp.erf, (*_TAIL[:-1], -2.0, 3.0, 4.0, 5.0, 5.5)),
    Problem("erfc", special.erfc, mp.erfc, (*_TAIL, -2.0, 12.0, 20.0, 25.0)),
    Problem("gamma", special.gamma, mp.gamma, (*_TAIL, -1.5, 12.0, 40.0, 100.0), analytic=False),
    Problem("log gamma", special.gammaln, _log_gamma, (*_TAIL, -1.5, 12.0, 40.0, 1e3), analytic=False),
    Problem("digamma", special.digamma, mp.digamma),
    Problem(
        "Bessel j0",
        special.j0,
        lambda x: mp.besselj(0, x),
        (-7.0, -0.5, 1e-3, 0.1, 0.7, 1.0, 2.3, 5.0, 12.0, 40.0, 100.0, 1e3),
        analytic=False,
    ),
    Problem("Airy", lambda x: special.airy(x)[0], mp.airyai, (-40.0, -10.0, -3.0, *_TAIL, 12.0), analytic=False),
    Problem(
        "Lambert W",
        lambda x: special.lambertw(x).real,
        lambda x: mp.lambertw(x).real,
        (-0.36, -0.3, 1e-6, 1e-3, 0.1, 0.7, 1.0, 2.3, 5.0, 40.0, 1e3, 1e6),
        analytic=False,
    ),
    Problem(
        "zeta",
        special.zeta,
        mp.zeta,
        (1.001, 1.01, 1.1, 1.3, 1.5, 2.0, 2.3, 3.0, 5.0, 8.0, 12.0, 20.0),
        analytic=False,
    ),
    Problem(
        "dilogarithm",
        special.spence,
        lambda x: mp.polylog(2, 1 - x).real,
        (1e-6, 1e-3, 0.1, 0.3, 0.7, 0.9, 1.1, 1.3, 1.6, 1.9, 2.3, 5.0),
        analytic=False,
    ),
]

PROBLEMS = [*ELEMENTARY, *RATIONAL, *WAVES, *TAILS, *CANCELLING, *SPECIAL]


@dataclass(frozen=True)
class Question:
    """A problem at one of its points, with the answer.

    Attributes
    ----------
    slope, curvature : mpf
        The first and the second derivative, to thirty digits and more.
    floor : float
        What rounding alone leaves to find: see `floor`.
    """

    problem: Problem
    x: float
    slope: Any
    curvature: Any
    floor: float

    @property
    def judged(self) -> bool:
        """Whether the derivative can be found to `RIGHT` at all."""
        return self.floor < RIGHT

    def error(self, value: float) -> float:
        """Return by how much `value` is wrong, infinite where it is no number."""
        return float(abs(mp.mpf(float(value)) - self.slope)) if np.isfinite(value) else np.inf


@cache
def questions() -> tuple[Question, ...]:
    """Return every problem at every point; worked out once a session."""
    return tuple(_questions())


def _questions() -> Iterator[Question]:
    for problem in PROBLEMS:
        for x in problem.points:
            with mp.workdps(40):
                slope, curvature = (mp.diff(problem.exact, mp.mpf(x), n) for n in (1, 2))
            # A slope that is 0, but for the last of the forty digits, has no relative error.
            if abs(slope) > 1e-25 * abs(curvature):
                yield Question(problem, x, slope, curvature, floor(problem.f, x, slope))


#: A symmetric formula of order h^6: what it reads on either side of x, in units of h, and with what weights.
_NODES = np.array([0.25, 0.5, 1.0])
_WEIGHTS = np.array([256.0, -40.0, 1.0]) / 90.0


def floor(f: Callable[[Any], Any], x: float, slope: Any) -> float:
    """Return the relative error that rounding leaves to a formula of seven values which knows its best step.

    The formula is tried with every power of two for a step, and its errors are counted from the exact answer. A step
    counts with its two neighbours, by the worst of the three: a single step may be right by luck. This holds what the
    rounding of x and of f (and of what f computes on its way, as in ``1 - cos(x)``) does to a derivative, and asks for
    no estimate of how far f is smooth.
    """
    top = int(np.ceil(np.log2(max(abs(x), 1.0)))) + 3
    bottom = int(np.floor(np.log2(min(abs(x), 1.0)))) - 36
    step = 2.0 ** np.arange(top, bottom, -1)
    reach = step[:, None] * _NODES
    with np.errstate(all="ignore"):
        found = (f(x + reach) - f(x - reach)) @ _WEIGHTS / step
        errors = np.abs(found - float(slope)) / abs(float(slope))
    errors = np.where(np.isfinite(errors), errors, np.inf)
    return float(np.lib.stride_tricks.sliding_window_view(errors, 3).max(axis=1).min())
