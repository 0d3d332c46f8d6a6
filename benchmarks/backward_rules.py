"""Random small functions with a backward rule written by hand, right or with a planted mistake, for PyTorch and JAX.

Each is ``sum(w * h(scaled(x) @ W + b))``: the inner part is one function with its own backward rule, so that automatic
differentiation goes through it. The points of one problem are the same numbers in both libraries.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

SHAPE = (3, 4)
#: A mistake in one entry is planted where that is at least this part of the largest.
LEAST = 1e-3


def _sigmoid(xp: Any, z: Any) -> Any:
    return 1 / (1 + xp.exp(-z))


Part = Callable[[Any, Any], Any]
#: The functions h and their derivatives; ``relu`` is for points beside its kink.
SMOOTH: dict[str, tuple[Part, Part]] = {
    "tanh": (lambda xp, z: xp.tanh(z), lambda xp, z: 1 - xp.tanh(z) ** 2),
    "sigmoid": (_sigmoid, lambda xp, z: _sigmoid(xp, z) * (1 - _sigmoid(xp, z))),
    "exp": (lambda xp, z: xp.exp(z / 2), lambda xp, z: xp.exp(z / 2) / 2),
    "sin": (lambda xp, z: xp.sin(z), lambda xp, z: xp.cos(z)),
    "softplus": (lambda xp, z: xp.log(1 + xp.exp(z)), _sigmoid),
    "swish": (
        lambda xp, z: z * _sigmoid(xp, z),
        lambda xp, z: _sigmoid(xp, z) * (1 + z * (1 - _sigmoid(xp, z))),
    ),
    "cubic": (lambda xp, z: z**3 / 3 - z, lambda xp, z: z**2 - 1),
    "smooth root": (lambda xp, z: xp.sqrt(1 + z**2), lambda xp, z: z / xp.sqrt(1 + z**2)),
}
RELU: tuple[Part, Part] = (lambda xp, z: z * (z > 0), lambda xp, z: (z > 0) + 0 * z)


@dataclass(frozen=True)
class Mistake:
    """A wrong backward rule.

    ``rule(u, slope, W, entry)``, where `slope` is h'(z) and `entry` is 1 at one entry of x and 0 elsewhere; `code` is
    what the check should say first, empty where no pattern can know.
    """

    name: str
    code: str
    rule: Callable[[Any, Any, Any, Any], Any]


def _right(u: Any, slope: Any, W: Any, entry: Any) -> Any:
    return (u * slope) @ W.T


RIGHT = Mistake("right", "", _right)
GROSS = (
    Mistake("sign", "sign", lambda u, slope, W, entry: -_right(u, slope, W, entry)),
    Mistake("twice", "factor", lambda u, slope, W, entry: 2 * _right(u, slope, W, entry)),
    Mistake("no derivative", "", lambda u, slope, W, entry: u @ W.T),
    Mistake("not transposed", "", lambda u, slope, W, entry: (u * slope) @ W),
    Mistake("no upstream", "upstream-ignored", lambda u, slope, W, entry: slope @ W.T),
    Mistake("wrong order", "transposed", lambda u, slope, W, entry: _right(u, slope, W, entry).T.reshape(SHAPE)),
    Mistake("one entry 0", "single-entry", lambda u, slope, W, entry: _right(u, slope, W, entry) * (1 - entry)),
)
SMALL = (
    Mistake("all by 1 %", "factor", lambda u, slope, W, entry: 1.01 * _right(u, slope, W, entry)),
    Mistake("one by 10 %", "single-entry", lambda u, slope, W, entry: _right(u, slope, W, entry) * (1 + 0.1 * entry)),
    Mistake("one by 1 %", "single-entry", lambda u, slope, W, entry: _right(u, slope, W, entry) * (1 + 0.01 * entry)),
)


class Torch:
    """PyTorch as the problems need it."""

    name = "torch"

    def __init__(self) -> None:
        import torch

        torch.set_num_threads(1)
        self.xp = torch

    def array(self, values: Any, like: Any = None, dtype: str = "float64") -> Any:
        """Return an array of a dtype, or that of another."""
        return self.xp.asarray(values, dtype=getattr(self.xp, dtype) if like is None else like.dtype)

    def narrow(self, array: Any) -> Any:
        """Return an array as float32."""
        return array.to(self.xp.float32)

    def function(self, forward: Callable[[Any], Any], backward: Callable[[Any, Any], Any]) -> Callable[[Any], Any]:
        """Return a function with its own backward rule, ``backward(x, upstream)``."""

        class Own(self.xp.autograd.Function):
            @staticmethod
            def forward(ctx: Any, x: Any) -> Any:
                ctx.save_for_backward(x)
                return forward(x)

            @staticmethod
            def backward(ctx: Any, upstream: Any) -> Any:
                return backward(ctx.saved_tensors[0], upstream)

        return Own.apply


class Jax:
    """JAX as the problems need it; float64 only within its own context."""

    name = "jax"

    def __init__(self) -> None:
        import jax

        self.jax, self.xp = jax, jax.numpy

    def array(self, values: Any, like: Any = None, dtype: str = "float64") -> Any:
        """Return an array of a dtype, or that of another."""
        return self.xp.asarray(values, dtype=dtype if like is None else like.dtype)

    def narrow(self, array: Any) -> Any:
        """Return an array as float32."""
        return array.astype("float32")

    def function(self, forward: Callable[[Any], Any], backward: Callable[[Any, Any], Any]) -> Callable[[Any], Any]:
        """Return a function with its own backward rule, ``backward(x, upstream)``."""
        own = self.jax.custom_vjp(forward)
        own.defvjp(lambda x: (forward(x), x), lambda x, upstream: (backward(x, upstream),))
        return own


class Problem:
    """A function, a point and a mistake, drawn at random.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws it.
    mistake : Mistake
        What is wrong with the rule.
    scale : float
        The size of x.
    kinks : int
        If not 0, h is ReLU, and the first row of x lies beside so many of its kinks, from 1e-12 to 1e-3 away.
    narrow : bool
        Whether f computes in float32, whatever it gets.
    """

    def __init__(
        self, rng: np.random.Generator, mistake: Mistake, scale: float = 1.0, kinks: int = 0, narrow: bool = False
    ) -> None:
        self.mistake, self.narrow, self.evaluations = mistake, narrow, 0
        names = list(SMOOTH)
        self.h, self.slope = RELU if kinks else SMOOTH[names[int(rng.integers(len(names)))]]
        # Numbers of float32, so that all dtypes have the same point.
        self.x = (scale * rng.standard_normal(SHAPE)).astype(np.float32).astype(np.float64)
        self.scale = scale
        self.W = rng.standard_normal((SHAPE[1], SHAPE[1]))
        self.b = rng.standard_normal(SHAPE)
        self.w = rng.uniform(0.5, 1.5, SHAPE) * rng.choice([-1.0, 1.0], SHAPE)
        if kinks:
            away = 10.0 ** rng.uniform(-12, -3, kinks) * rng.choice([-1.0, 1.0], kinks)
            self.b[0, :kinks] = away - (self.x @ self.W)[0, :kinks] / scale
        size = np.abs(self.gradient())
        places = np.argwhere(size >= LEAST * size.max())
        self.entry = np.zeros(SHAPE)
        self.entry[tuple(places[int(rng.integers(len(places)))])] = 1.0

    def gradient(self) -> np.ndarray:
        """Return the right gradient."""
        z = self.x / self.scale @ self.W + self.b
        return (self.w * self.slope(np, z)) @ self.W.T / self.scale

    def matters(self) -> bool:
        """Tell whether the mistake changes the gradient at this point, by 1 part in 1,000 of its largest entry.

        A small mistake in one entry always counts.
        """
        z = self.x / self.scale @ self.W + self.b
        found = self.mistake.rule(self.w, self.slope(np, z), self.W, self.entry) / self.scale
        right = self.gradient()
        return self.mistake in SMALL or bool(np.abs(found - right).max() >= 1e-3 * np.abs(right).max())

    def on(self, library: Any) -> Callable[[Any], Any]:
        """Return f for a library; it counts its calls."""
        xp = library.xp

        def z(x: Any) -> Any:
            return x @ library.array(self.W, x) + library.array(self.b, x)

        def forward(x: Any) -> Any:
            return self.h(xp, z(x))

        def backward(x: Any, u: Any) -> Any:
            return self.mistake.rule(u, self.slope(xp, z(x)), library.array(self.W, x), library.array(self.entry, x))

        own = library.function(forward, backward)

        def f(x: Any) -> Any:
            self.evaluations += 1
            if self.narrow:
                x = library.narrow(x)
            y = own(x / self.scale)
            return (library.array(self.w, y) * y).sum()

        return f
