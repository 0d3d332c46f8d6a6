"""Functions whose values are not exact: rounded, in float32, drawn at random, or solved for with a tolerance."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

LEVELS = 10.0 ** np.arange(-12, -2)


@dataclass(frozen=True)
class Noisy:
    """A function of one number with noise, and the slope of what is below the noise."""

    name: str
    f: Callable[[Any], Any]
    x: float
    slope: float


#: Smooth functions of size about 1, and their derivatives.
BELOW: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "sin": (np.sin, np.cos),
    "exp": (np.exp, np.exp),
    "log + 2": (lambda t: np.log(t) + 2, lambda t: 1 / t),
    "exp sin": (lambda t: np.exp(np.sin(t)), lambda t: np.cos(t) * np.exp(np.sin(t))),
    "cube": (lambda t: t * t * t, lambda t: 3 * t * t),
}


def _added(f: Callable[[Any], Any], level: float, rng: np.random.Generator) -> Callable[[Any], Any]:
    return lambda t: f(t) + level * rng.standard_normal(np.shape(t))


def fresh() -> Iterator[Noisy]:
    """Yield functions with fresh normal noise on every value, of 1e-12 to 1e-3."""
    rng = np.random.default_rng(5)
    for level in LEVELS:
        for name, (f, slope) in BELOW.items():
            for _ in range(5):
                x = float(rng.uniform(0.5, 2.5))
                yield Noisy(f"{name} + {level:.0e} noise", _added(f, level, rng), x, float(slope(x)))


def _single(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda t: np.float64(f(np.float32(t)))


def _rounded(f: Callable[[Any], Any], digits: int) -> Callable[[Any], Any]:
    return lambda t: np.round(f(t), digits)


def grains() -> Iterator[Noisy]:
    """Yield functions whose values come in grains: in float32 within, or rounded to three to nine digits."""
    for name, (f, slope) in BELOW.items():
        for x in np.linspace(0.5, 2.5, 9).tolist():
            yield Noisy(f"{name}, float32 inside", _single(f), x, float(slope(x)))
            for digits in (9, 6, 3):
                yield Noisy(f"{name}, {digits} digits", _rounded(f, digits), x, float(slope(x)))


def monte_carlo() -> Iterator[Noisy]:
    """Yield the mean of (x + z)^2 over fresh random z: slope 2x, noise 2x / sqrt(n) and more."""
    rng = np.random.default_rng(6)
    for draws in (100, 10_000):
        for x in np.linspace(0.5, 2.5, 9).tolist():
            yield Noisy(f"mean of {draws} draws", _mean_square(draws, rng), x, 2 * x)


def _mean_square(draws: int, rng: np.random.Generator) -> Callable[[Any], Any]:
    return np.vectorize(lambda t: float(np.mean((t + rng.standard_normal(draws)) ** 2)), otypes=[float])


def _bisected(t: float) -> float:
    """Solve y + y^3 = t for y >= 0 by halving, to 1e-6."""
    low, high = 0.0, 4.0
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (middle, high) if middle + middle**3 < t else (low, middle)
    return (low + high) / 2


def _relaxed(t: float) -> tuple[float, float]:
    """Solve y = cos(y) * t / 2 by iterating, until a step is below 1e-6; return y and its slope as it is computed."""
    y, slope = 1.0, 0.0
    for _ in range(1000):  # for a large t it goes round for ever
        last, y, slope = y, math.cos(y) * t / 2, math.cos(y) / 2 - math.sin(y) * t / 2 * slope
        if abs(y - last) <= 1e-6:
            return y, slope
    return math.nan, math.nan


def _cubic_root(t: float) -> float:
    y = t
    for _ in range(100):
        y -= (y + y**3 - t) / (1 + 3 * y * y)
    return y


def solvers() -> Iterator[Noisy]:
    """Yield roots found to 1e-6 by two solvers.

    Halving leaves grains, and its slope is that of the equation. An iteration leaves an error that is smooth until the
    number of steps changes: nobody who sees values alone can tell it from the function, so its slope is that of what
    is computed, and the jumps, of 1e-6 at most, are the noise.
    """
    for x in np.linspace(0.5, 1.5, 21).tolist():
        y = _cubic_root(x)
        yield Noisy("bisection", np.vectorize(_bisected, otypes=[float]), x, 1 / (1 + 3 * y * y))
        iteration = np.vectorize(lambda t: _relaxed(t)[0], otypes=[float])
        yield Noisy("fixed-point iteration", iteration, x, _relaxed(x)[1])


KINDS: dict[str, Callable[[], Iterator[Noisy]]] = {
    "fresh noise": fresh,
    "grains": grains,
    "Monte Carlo": monte_carlo,
    "solvers": solvers,
}
