"""Kinks, jumps and cusps with both slopes known, points close to them, and smooth bends that look like them.

All are written in u = (t - at) / size: near the kink the difference is computed without any rounding, so u has its
sign, and the kink is exactly where it is said to be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

DISTANCES = 10.0 ** -np.arange(1, 10)
WIDTHS = 10.0 ** -np.arange(1, 6)


@dataclass(frozen=True)
class Kink:
    """A point without a derivative.

    Attributes
    ----------
    f : callable
        The function, element by element.
    slope : callable
        Its derivative on either side, where there is one.
    x, left, right : float
        The point, and the slopes from its left and right; infinite at a cusp.
    status : {"KINK", "JUMP", "NONFINITE"}
        The right name; the last for a slope that is infinite, and the same on both sides.
    size : float
        Over which distance the function bends, if at all.
    """

    name: str
    f: Callable[[Any], Any]
    slope: Callable[[Any], Any]
    x: float
    left: float
    right: float
    status: str
    size: float

    @property
    def cusp(self) -> bool:
        """Whether the slopes are infinite."""
        return bool(np.isinf(self.left))

    def slopes_right(self, left: float, right: float) -> bool:
        """Tell whether two slopes are right to 1e-4 of the larger, and to a tenth of what makes the kink."""
        if self.cusp:
            return left == self.left and right == self.right
        largest, gap = max(abs(self.left), abs(self.right)), abs(self.right - self.left)
        if self.status == "KINK":
            within = min(1e-4 * largest, 0.1 * gap)
        else:  # slopes of 0 beside a jump have no relative error: then in units of the jump over the size
            ends = self.x + self.size / 2 * np.array([-1.0, 1.0])
            within = 1e-4 * (largest or abs(float(np.diff(self.f(ends))[0])) / self.size)
        return abs(left - self.left) <= within and abs(right - self.right) <= within


@dataclass(frozen=True)
class Shape:
    """A kink at u = 0 in units of its own: the function, its derivative, and the slopes on both sides."""

    name: str
    f: Callable[[Any], Any]
    slope: Callable[[Any], Any]
    left: float
    right: float
    status: str = "KINK"


def _pieces(left: Callable[[Any], Any], right: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda u: np.where(u < 0, left(u), right(u))


def _constant(value: float) -> Callable[[Any], Any]:
    return lambda u: np.full_like(u, value)


KINK_SHAPES = [
    Shape("abs", np.abs, np.sign, -1, 1),
    Shape("relu", lambda u: np.maximum(u, 0), lambda u: np.where(u > 0, 1.0, 0.0), 0, 1),
    Shape("leaky relu", lambda u: np.where(u > 0, u, 0.01 * u), lambda u: np.where(u > 0, 1.0, 0.01), 0.01, 1),
    Shape("min of lines", lambda u: np.minimum(3 * u, 1 * u), lambda u: np.where(u < 0, 3.0, 1.0), 3, 1),
    Shape(
        "max(sin, exp)",
        lambda u: np.maximum(np.sin(u), np.expm1(2 * u)),
        _pieces(np.cos, lambda u: 2 * np.exp(2 * u)),
        1,
        2,
    ),
    Shape(
        "min(tanh, arctan)",
        lambda u: np.minimum(np.tanh(u), np.arctan(3 * u)),
        _pieces(lambda u: 3 / (1 + 9 * u * u), lambda u: 1 / np.cosh(u) ** 2),
        3,
        1,
    ),
    Shape("abs of sin", lambda u: np.abs(np.sin(u)), _pieces(lambda u: -np.cos(u), np.cos), -1, 1),
    Shape(
        "two parabolas",
        _pieces(lambda u: u + u * u, lambda u: 3 * u - u * u),
        _pieces(lambda u: 1 + 2 * u, lambda u: 3 - 2 * u),
        1,
        3,
    ),
    Shape("exp of abs", lambda u: np.exp(-np.abs(u)), lambda u: -np.sign(u) * np.exp(-np.abs(u)), 1, -1),
    *(
        Shape(
            f"exp + {k:g} abs",
            lambda u, k=k: np.exp(u) + k * np.abs(u),
            lambda u, k=k: np.exp(u) + k * np.sign(u),
            1 - k,
            1 + k,
        )
        for k in (0.1, 1e-2, 1e-3)
    ),
    Shape("abs on a level", lambda u: 1e3 + np.abs(u), np.sign, -1, 1),
]

JUMP_SHAPES = [
    Shape("floor", np.floor, _constant(0.0), 0, 0, "JUMP"),
    Shape("ceil", np.ceil, _constant(0.0), 0, 0, "JUMP"),
    Shape("sign", np.sign, _constant(0.0), 0, 0, "JUMP"),
    Shape("step", lambda u: np.where(u > 0, 1.0, 0.0), _constant(0.0), 0, 0, "JUMP"),
    Shape("step, closed", lambda u: np.where(u >= 0, 1.0, 0.0), _constant(0.0), 0, 0, "JUMP"),
    Shape(
        "jump on a line",
        lambda u: np.where(u < 0, 2 * u, 5 * u + 1),
        _pieces(_constant(2.0), _constant(5.0)),
        2,
        5,
        "JUMP",
    ),
    Shape("jump on a wave", lambda u: np.sin(u) + np.where(u >= 0, 0.3, 0.0), np.cos, 1, 1, "JUMP"),
    Shape("small jump on exp", lambda u: np.exp(u) + np.where(u > 0, 1e-3, 0.0), np.exp, 1, 1, "JUMP"),
]

CUSP_SHAPES = [
    Shape(
        "sqrt of abs", lambda u: np.sqrt(np.abs(u)), lambda u: np.sign(u) / (2 * np.sqrt(np.abs(u))), -np.inf, np.inf
    ),
    Shape("cube root", np.cbrt, lambda u: 1 / (3 * np.cbrt(u) ** 2), np.inf, np.inf, "NONFINITE"),
    Shape(
        "abs^(2/3)",
        lambda u: np.cbrt(u) ** 2,
        lambda u: 2 / (3 * np.cbrt(u)),
        -np.inf,
        np.inf,
    ),
]


def _placed(shape: Shape, at: float, size: float, height: float) -> Kink:
    return Kink(
        shape.name,
        lambda t: height * shape.f((t - at) / size),
        lambda t: height / size * shape.slope((t - at) / size),
        at,
        height / size * shape.left,
        height / size * shape.right,
        shape.status,
        size,
    )


def _place(rng: np.random.Generator) -> tuple[float, float, float]:
    """Draw where, how wide and how high: sizes and heights from 1e-6 to 1e6, the point within 30 sizes of 0."""
    size = float(10 ** rng.uniform(-6, 6))  # no power of two, or a staircase on such steps looks like a line
    at = 0.0 if rng.random() < 0.2 else size * float(rng.choice([-1, 1]) * 10 ** rng.uniform(-1, 1.5))
    return at, size, float(10 ** rng.uniform(-6, 6))


def _drawn(shapes: list[Shape], each: int, seed: int) -> list[Kink]:
    rng = np.random.default_rng(seed)
    return [_placed(shape, *_place(rng)) for shape in shapes for _ in range(each)]


KINKS = _drawn(KINK_SHAPES, 14, 1)
JUMPS = _drawn(JUMP_SHAPES, 12, 2)
CUSPS = _drawn(CUSP_SHAPES, 8, 3)


@dataclass(frozen=True)
class Beside:
    """A point with a derivative, close to one without or where a function bends sharply."""

    name: str
    f: Callable[[Any], Any]
    x: float
    slope: float


def beside() -> Iterator[Beside]:
    """Yield points at 1e-1 to 1e-9 of the size beside kinks, jumps and cusps, on both sides."""
    for kink in [*KINKS[::6], *JUMPS[::6], *CUSPS[::4]]:
        for distance in DISTANCES:
            for side in (-1, 1):
                x = kink.x + side * float(distance) * kink.size
                yield Beside(f"{kink.name} {side * distance:+.0e}", kink.f, x, float(kink.slope(x)))


def _huber(u: Any) -> Any:
    return np.where(np.abs(u) < 1, u * u / 2, np.abs(u) - 0.5)


#: Smooth bends at u = 0 of width 1, and their derivatives.
BENDS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "hypot": (lambda u: np.sqrt(u * u + 1), lambda u: u / np.sqrt(u * u + 1)),
    "tanh": (np.tanh, lambda u: 1 / np.cosh(u) ** 2),
    "arctan": (np.arctan, lambda u: 1 / (1 + u * u)),
    "softplus": (lambda u: np.logaddexp(0, u), lambda u: 1 / (1 + np.exp(-u))),
    "huber": (_huber, lambda u: np.clip(u, -1, 1)),
    "x |x|": (lambda u: u * np.abs(u), lambda u: 2 * np.abs(u)),
    "bump": (lambda u: np.exp(-u * u), lambda u: -2 * u * np.exp(-u * u)),
}


def bends() -> Iterator[Beside]:
    """Yield narrow bends on x of size 1, at their middle, edge and foot; smooth, so none is to be flagged."""
    rng = np.random.default_rng(4)
    for name, (f, slope) in BENDS.items():
        for width in WIDTHS:
            for u in (0.0, 0.5, 1.0, -1.0, 3.0):
                at = float(rng.uniform(-2, 2))
                x = float(at + u * width)
                u = (x - at) / width  # as the function sees it
                yield Beside(
                    f"{name} {width:.0e} at {u:+.1f}",
                    lambda t, f=f, at=at, width=width: f((t - at) / width),
                    x,
                    float(slope(np.float64(u))) / width,
                )
