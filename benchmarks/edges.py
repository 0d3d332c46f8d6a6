"""Functions that live in part of the line only, near and on the ends of their domains; and two of many variables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath as mp
import numpy as np
from scipy import optimize


@dataclass(frozen=True)
class Bounded:
    """A function, the bounds of its domain, a point in it or on its end, and the slope there."""

    name: str
    f: Callable[[Any], Any]
    x: float
    slope: float
    bounds: tuple[float | None, float | None]

    @property
    def on_end(self) -> bool:
        """Whether x is itself a bound."""
        return self.x in self.bounds


def _bounded(
    name: str,
    f: Callable[[Any], Any],
    exact: Callable[[Any], Any],
    bounds: tuple[float | None, float | None],
    points: tuple[float, ...],
) -> list[Bounded]:
    with mp.workdps(40):
        return [Bounded(name, f, x, float(exact(mp.mpf(x))), bounds) for x in points]


_POSITIVE, _UNIT = (0.0, None), (0.0, 1.0)
_SMALL = (1e-9, 1e-6, 1e-3, 0.1, 1.0)

INSIDE = [
    *_bounded("log", np.log, lambda x: 1 / x, _POSITIVE, _SMALL),
    *_bounded("sqrt", np.sqrt, lambda x: 1 / (2 * mp.sqrt(x)), _POSITIVE, _SMALL),
    *_bounded("x^2.5", lambda x: x**2.5, lambda x: mp.mpf(2.5) * x ** mp.mpf(1.5), _POSITIVE, _SMALL),
    *_bounded("x log x", lambda x: x * np.log(x), lambda x: mp.log(x) + 1, _POSITIVE, _SMALL),
    *_bounded("1/x", lambda x: 1 / x, lambda x: -1 / x**2, _POSITIVE, _SMALL),
    *_bounded(
        "logit", lambda x: np.log(x / (1 - x)), lambda x: 1 / (x * (1 - x)), _UNIT, (1e-6, 1e-3, 0.5, 0.9, 0.999)
    ),
    *_bounded("arcsin", np.arcsin, lambda x: 1 / mp.sqrt(1 - x * x), (-1.0, 1.0), (-0.999, -0.5, 0.5, 0.99, 0.999)),
    *_bounded("arccosh", np.arccosh, lambda x: 1 / mp.sqrt(x * x - 1), (1.0, None), (1.001, 1.1, 2.0, 1e3)),
    *_bounded(
        "sqrt(1-x^2)", lambda x: np.sqrt(1 - x * x), lambda x: -x / mp.sqrt(1 - x * x), (-1.0, 1.0), (-0.99, 0.9)
    ),
]

ON_END = [
    *_bounded("exp", np.exp, mp.exp, _UNIT, (0.0, 1.0)),
    *_bounded("sin", np.sin, mp.cos, _UNIT, (0.0, 1.0)),
    *_bounded("cube", lambda x: x * x * x, lambda x: 3 * x * x, (-1.0, 2.0), (-1.0, 2.0)),
    *_bounded("log1p", np.log1p, lambda x: 1 / (1 + x), _POSITIVE, (0.0,)),
    *_bounded("log", np.log, lambda x: 1 / x, (1e-3, 10.0), (1e-3, 10.0)),
    *_bounded("x^2.5 + x", lambda x: x**2.5 + x, lambda x: mp.mpf(2.5) * x ** mp.mpf(1.5) + 1, _POSITIVE, (0.0,)),
    *_bounded("1/(1+x)", lambda x: 1 / (1 + x), lambda x: -1 / (1 + x) ** 2, (0.0, 1e6), (0.0, 1e6)),
]


def rosenbrock(points: Any) -> Any:
    """Return Rosenbrock's function of the last axis; vectorized over the others."""
    return np.sum(100 * (points[..., 1:] - points[..., :-1] ** 2) ** 2 + (1 - points[..., :-1]) ** 2, axis=-1)


def rosenbrock_points(size: int) -> dict[str, np.ndarray]:
    """Return where to differentiate it: its classic start, and a row from -1 to 2."""
    return {"classic": np.resize([-1.2, 1.0], size), "row": np.linspace(-1, 2, size)}


def rosenbrock_gradient(x: np.ndarray) -> np.ndarray:
    """Return the exact gradient."""
    return np.asarray(optimize.rosen_der(x))


def rosenbrock_hessian(x: np.ndarray) -> np.ndarray:
    """Return the exact matrix of second derivatives."""
    return np.asarray(optimize.rosen_hess(x))


def digits(found: Any, true: np.ndarray, worst_of: str = "entries") -> float:
    """Return the digits that are right: of the worst entry that is not 0, or with the largest entry as the unit."""
    found, true = np.asarray(found, dtype=float), np.asarray(true, dtype=float)
    if not np.isfinite(found).all():
        return 0.0
    error = np.abs(found - true)
    unit = np.abs(true) if worst_of == "entries" else np.abs(true).max()
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.where(error == 0, 0.0, error / unit)
    return float(-np.log10(max(relative[np.isfinite(relative)].max(), 1e-16)))
