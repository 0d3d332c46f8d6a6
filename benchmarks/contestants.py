"""The libraries that are compared, each behind the same call: a function, a point, bounds; out comes an `Answer`."""

from __future__ import annotations

import importlib.util
import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import gradwright as gw

Bounds = tuple[float | None, float | None] | None


@dataclass(frozen=True)
class Answer:
    """What a library says of a derivative; `ok` that it vouches for value and error."""

    value: float
    error: float
    ok: bool
    status: str
    left: float
    right: float
    evaluations: int
    outside: int

    @property
    def finite(self) -> bool:
        """Whether a number came."""
        return math.isfinite(self.value)


class Watched:
    """A function that counts its points, and those outside its bounds; it takes numbers and arrays alike.

    Numbers are made NumPy's, which give nan and inf where Python raises: no contestant catches exceptions.
    """

    def __init__(self, f: Callable[[Any], Any], bounds: Bounds) -> None:
        low, high = bounds or (None, None)
        self.f = f
        self.low, self.high = -math.inf if low is None else low, math.inf if high is None else high
        self.points = self.outside = 0

    def __call__(self, x: Any) -> Any:
        x = np.asarray(x, dtype=np.float64)
        self.points += x.size
        self.outside += int(np.sum((x < self.low) | (x > self.high)))
        with np.errstate(all="ignore"):
            return self.f(x[()])


Contestant = Callable[[Callable[[Any], Any], float, Bounds], Answer]


def ours(f: Callable[[Any], Any], x: float, bounds: Bounds = None) -> Answer:
    """Ask gradwright, with its defaults."""
    watched = Watched(f, bounds)
    d = gw.derivative(watched, x, bounds=bounds)
    ok, name = bool(d.ok), d.status.name
    return Answer(d.value, d.error, ok, name, d.left, d.right, watched.points, watched.outside)


def _peer(ask: Callable[[Watched, float], tuple[Any, Any, bool]]) -> Contestant:
    """Wrap a library that knows no bounds and no one-sided slopes; where it raises, it has no answer."""

    def asked(f: Callable[[Any], Any], x: float, bounds: Bounds = None) -> Answer:
        watched = Watched(f, bounds)
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                value, error, ok = ask(watched, x)
            value, error = float(np.ravel(value)[0]), float(np.ravel(error)[0])
        except Exception:  # whatever a library raises for a function that it was not written for
            value, error, ok = math.nan, math.inf, False
        ok = ok and math.isfinite(value)
        return Answer(value, error, ok, "" if ok else "FAILED", math.nan, math.nan, watched.points, watched.outside)

    return asked


def _scipy(f: Watched, x: float) -> tuple[Any, Any, bool]:
    from scipy.differentiate import derivative

    found = derivative(f, np.float64(x))
    return found.df, found.error, bool(found.success)


def _numdifftools(f: Watched, x: float) -> tuple[Any, Any, bool]:
    import numdifftools

    found = numdifftools.Derivative(f, full_output=True)(x)
    info = found[-1] if len(found) == 2 else found  # before 0.11 a pair
    return found[0], info.error_estimate, True


def _jacobi(f: Watched, x: float) -> tuple[Any, Any, bool]:
    from jacobi import jacobi

    value, error = jacobi(f, x, diagonal=True)
    return value, error, True


PEERS = {"scipy": _scipy, "numdifftools": _numdifftools, "jacobi": _jacobi}


def installed(package: str) -> bool:
    """Tell whether a peer is here; SciPy must have its `differentiate` (1.15)."""
    if importlib.util.find_spec(package) is None:
        return False
    return package != "scipy" or importlib.util.find_spec("scipy.differentiate") is not None


def contestants() -> dict[str, Contestant | None]:
    """Return every library by name; None for one that is not installed."""
    found: dict[str, Contestant | None] = {"gradwright": ours}
    for name, ask in PEERS.items():
        found[name] = _peer(ask) if installed(name) else None
    return found
