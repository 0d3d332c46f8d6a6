"""Learning rates that change with the step: each a callable from the step's number, which begins at 0, to the rate.

They are written in lower case, as `functools.partial` is: one reads ``SGD(cosine(0.1, steps=1000))``. Any function of
the step will do in their place; these can also be printed and compared.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from gradwright._validate import in_range, positive, positive_int

Schedule: TypeAlias = Callable[[int], float]


def _factor(name: str, value: float) -> float:
    # 10 where 0.1 is meant is the usual mistake, and makes a decay explode.
    return in_range(name, positive(name, value), 0, 1)


@dataclass(frozen=True)
class constant:
    """Keep one rate: ``rate``.

    Parameters
    ----------
    rate : float
        Above zero.

    Examples
    --------
    >>> constant(0.1)(1000)
    0.1
    """

    rate: float

    def __post_init__(self) -> None:
        positive("rate", self.rate)

    def __call__(self, step: int) -> float:
        """Return the rate of `step`."""
        return self.rate


@dataclass(frozen=True)
class step_decay:
    """Multiply the rate by a factor now and then: ``rate * factor**floor(step / every)``.

    Parameters
    ----------
    rate : float
        The rate of step 0, above zero.
    every : int
        The number of steps for which the rate stays the same.
    factor : float
        Above 0 and at most 1.

    Examples
    --------
    >>> rate = step_decay(0.8, every=100, factor=0.5)
    >>> [rate(step) for step in (0, 99, 100, 200)]
    [0.8, 0.8, 0.4, 0.2]
    """

    rate: float
    every: int
    factor: float = 0.1

    def __post_init__(self) -> None:
        positive("rate", self.rate)
        positive_int("every", self.every)
        _factor("factor", self.factor)

    def __call__(self, step: int) -> float:
        """Return the rate of `step`."""
        return float(self.rate * self.factor ** (step // self.every))


@dataclass(frozen=True)
class exponential_decay:
    """Let the rate fall smoothly, by the factor `decay` each `steps` steps: ``rate * decay**(step / steps)``.

    Parameters
    ----------
    rate : float
        The rate of step 0, above zero.
    decay : float
        Above 0 and at most 1.
    steps : int
        The number of steps in which the rate falls by `decay`.

    Examples
    --------
    >>> rate = exponential_decay(0.8, decay=0.25, steps=100)
    >>> [rate(step) for step in (0, 50, 100)]
    [0.8, 0.4, 0.2]
    """

    rate: float
    decay: float
    steps: int = 1

    def __post_init__(self) -> None:
        positive("rate", self.rate)
        _factor("decay", self.decay)
        positive_int("steps", self.steps)

    def __call__(self, step: int) -> float:
        """Return the rate of `step`."""
        return float(self.rate * self.decay ** (step / self.steps))


@dataclass(frozen=True)
class cosine:
    """Go from `rate` to `final` along half a cosine: ``final + (rate - final) * (1 + cos(pi * step / steps)) / 2``.

    Parameters
    ----------
    rate : float
        The rate of step 0, above zero.
    steps : int
        The step at which `final` is reached; from there on the rate is `final`.
    final : float
        From 0 to `rate`.

    References
    ----------
    I. Loshchilov and F. Hutter, "SGDR: Stochastic gradient descent with warm restarts", ICLR 2017, equation (5); here
    without the restarts.

    Examples
    --------
    >>> rate = cosine(0.8, steps=100)
    >>> [round(rate(step), 12) for step in (0, 50, 100, 500)]
    [0.8, 0.4, 0.0, 0.0]
    """

    rate: float
    steps: int
    final: float = 0.0

    def __post_init__(self) -> None:
        positive_int("steps", self.steps)
        in_range("final", self.final, 0, positive("rate", self.rate))

    def __call__(self, step: int) -> float:
        """Return the rate of `step`."""
        done = min(step / self.steps, 1.0)
        return float(self.final + (self.rate - self.final) * (1 + math.cos(math.pi * done)) / 2)


@dataclass(frozen=True)
class warmup:
    """Climb in even steps to the first rate of another schedule, then follow that one.

    With n for `steps`, the rate is ``then(0) * (step + 1) / (n + 1)`` for the first n steps and ``then(step - n)`` from
    step n on. It is never zero: a first step of rate 0 would be a step lost.

    Parameters
    ----------
    steps : int
        The number of steps before the full rate.
    then : float or callable
        What follows: a rate, or a schedule, which sees its own step 0 where the climb ends.

    Examples
    --------
    >>> rate = warmup(3, then=0.8)
    >>> [round(rate(step), 12) for step in range(5)]
    [0.2, 0.4, 0.6, 0.8, 0.8]
    """

    steps: int
    then: float | Schedule

    def __post_init__(self) -> None:
        positive_int("steps", self.steps)
        if not callable(self.then):
            object.__setattr__(self, "then", constant(positive("then", self.then)))

    def __call__(self, step: int) -> float:
        """Return the rate of `step`."""
        after = step - self.steps
        assert callable(self.then)  # noqa: S101  # a number became a schedule in __post_init__
        return self.then(0) * (step + 1) / (self.steps + 1) if after < 0 else self.then(after)
