r"""What differs between the left and the right of a point, from values at symmetric nodes.

With t > 0 the sum f(t) + f(-t) - 2 f(0) of a smooth function has only even powers of t, and f(t) - f(-t) only odd
ones. Where a derivative of order k jumps by g, the term g t^k / k! is left in the part where it does not belong:

.. math:: f(t) + f(-t) - 2 f(0) = g_1 t + a t^2 + b t^4 + \ldots

So its coefficient is fitted together with the powers that belong there; leaving out the outermost pair of nodes gives
a rougher fit, and the difference between the two is its error. Comparing slopes extrapolated from each side would
lose a small kink in a function that bends: here its bending drops out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.differentiate.grains import Sample
from gradwright.differentiate.weights import Stencil, products


@dataclass
class Sides:
    """How the sides differ; arrays of shape (lines, outputs), or with a first axis for the orders 1 to m.

    Attributes
    ----------
    drop, drop_error : ndarray
        The jump of f itself, or of f(x) against the limit from both sides; and what that may be wrong by.
    alone : ndarray of bool
        Whether it is f(x) that stands out, which noise in that one value looks like from any distance.
    gaps, gap_errors : ndarray, shape (m, lines, outputs)
        The jumps of the derivatives of order 1 to m, right minus left.
    slope, slope_error : ndarray
        The mean of the one-sided first derivatives, and its error.
    beside, beside_gap : ndarray
        That mean and the difference of the two where f jumps: of the jump nothing is left in them, to the last bit.
    """

    drop: FloatArray
    drop_error: FloatArray
    alone: np.ndarray[Any, Any]
    gaps: FloatArray
    gap_errors: FloatArray
    slope: FloatArray
    slope_error: FloatArray
    beside: FloatArray
    beside_gap: FloatArray

    def of(self, lines: np.ndarray[Any, Any]) -> Sides:
        """Return the sides of some of the lines, as a copy."""
        return Sides(**{name: array[..., lines, :] for name, array in vars(self).items()})

    def take(self, lines: np.ndarray[Any, Any], other: Sides, jump: np.ndarray[Any, Any]) -> None:
        """Put `other`, a look at `lines`, in the place of ours where it tells the slopes better.

        Where f itself jumps (`jump`), what the gaps say is of the jump, not of the slopes.
        """
        better = np.where(jump, other.slope_error < self.slope_error[lines], other.error < self.error[lines])
        for name, array in vars(self).items():
            array[..., lines, :] = np.where(better, getattr(other, name), array[..., lines, :])

    def put(self, lines: np.ndarray[Any, Any], other: Sides) -> None:
        """Put `other`, a look at `lines`, in the place of ours."""
        for name, array in vars(self).items():
            array[..., lines, :] = getattr(other, name)

    def drops(self, least: FloatArray) -> np.ndarray[Any, Any]:
        """Tell where f jumps by more than its error and than `least`."""
        return np.asarray((self.drop > 4 * self.drop_error) & (self.drop > least))

    def same_drop(self, other: Sides) -> np.ndarray[Any, Any]:
        """Tell where f jumps by as much as at another look."""
        return np.asarray(np.abs(self.drop - other.drop) < 0.25 * other.drop)

    @property
    def error(self) -> FloatArray:
        """What the one-sided derivatives may be wrong by."""
        return np.asarray(self.gap_errors[-1] + (self.slope_error if len(self.gaps) == 1 else 0.0))

    def any_gap(self, least: FloatArray | float = 0.0) -> np.ndarray[Any, Any]:
        """Tell where a derivative jumps by more than its error and than `least`."""
        size = np.abs(self.gaps)
        return np.asarray(((size > 4 * self.gap_errors) & (size > least)).any(axis=0))


def compare_sides(
    stencil: Stencil,
    values: FloatArray,
    step: FloatArray,
    eps: float,
    grain: FloatArray | float = 0.0,
    slopes: bool = True,
) -> Sides:
    """Compare the two sides of each line.

    Parameters
    ----------
    stencil : Stencil
        A symmetric one.
    values : ndarray, shape (lines, nodes, outputs)
        The function at its nodes.
    step : ndarray, shape (lines, outputs)
        The step that the nodes were multiplied by.
    eps : float
        The relative spacing of the values.
    grain : ndarray, shape (lines, outputs)
        What f rounds its values to, where that is coarser.
    slopes : bool
        Whether the slopes are wanted; otherwise they are NaN.
    """
    pairs = len(stencil.nodes) // 2
    jump_fit, lone_fit, *gap_fits = fits(tuple(stencil.nodes[1 : pairs + 1].tolist()), stencil.order)
    parts = stencil.parts(values)
    odd, even = parts[:pairs], parts[pairs:]
    noise = np.maximum(2 * eps * np.abs(values).max(axis=1), grain)
    jump, jump_error = _coefficient(jump_fit, odd, noise)
    lone, lone_error = _coefficient(lone_fit, even, noise)
    # Where f(x) is the limit from one side, both are the same.
    alone = (np.abs(lone) - 4 * lone_error > np.abs(jump) - 4 * jump_error) & (np.abs(lone) > 2 * np.abs(jump))
    gaps, errors = [], []
    for order, fit in enumerate(gap_fits, start=1):
        gap, error = _coefficient(fit, even if order % 2 else odd, noise)
        unit = step ** float(order) / math.factorial(order)
        gaps.append(gap / unit)
        errors.append(error / unit)
    drop = np.where(alone, np.abs(lone), np.abs(jump))
    drop_error = np.where(alone, lone_error, jump_error)
    slope = slope_error = beside = beside_gap = np.full_like(lone, np.nan)
    if slopes:
        nodes = tuple(stencil.nodes[1 : pairs + 1].tolist())
        fit = _fit(nodes, (1, 0, 3, 5, 7))
        slope, slope_error = (found / (2 * step) for found in _coefficient(fit, odd, noise))
        beside, beside_gap = _past_jump(fit, odd) / (2 * step), _past_jump(_fit(nodes, (1, 0, 2, 4, 6)), even) / step
    return Sides(drop, drop_error, alone, np.stack(gaps), np.stack(errors), slope, slope_error, beside, beside_gap)


def infinite_slopes(sample: Sample, lines: np.ndarray[Any, Any], side: int, step: FloatArray, eps: float) -> FloatArray:
    """Return where the slope on one side is infinite, with its sign; 0 where it is not.

    The slopes of chords to the point grow as a power of their length: by the same factor from each to the next shorter.
    Those of a jump grow as the reciprocal itself, those of a smooth function come to a limit.

    Parameters
    ----------
    sample : callable
        The function along the lines.
    lines : ndarray of int, shape (lines,)
        Which lines.
    side : {-1, 1}
        Left or right.
    step : ndarray, shape (lines,)
        The length of the longest chord.
    eps : float
        The relative spacing of the values.
    """
    chords = step[:, None] * _CHORDS
    values = sample(lines, side * np.pad(chords, ((0, 0), (1, 0))))
    rise = values[:, 1:] - values[:, :1]
    seen = (np.abs(rise) > 1e3 * eps * np.abs(values).max(axis=1)[:, None]).all(axis=1)
    growth = np.diff(np.log2(np.abs(rise / chords[:, :, None])), axis=1) / np.log2(_CHORDS[0] / _CHORDS[1])
    alike = (np.ptp(growth, axis=1) < 0.03) & (growth.min(axis=1) > 0.02) & (growth.max(axis=1) < 0.98)
    same = (np.sign(rise) == np.sign(rise[:, :1])).all(axis=1)
    return np.where(seen & alike & same, side * np.sign(rise[:, 0]), 0.0)


_CHORDS = 2.0 ** -np.array([6.0, 12.0, 18.0])


@dataclass(frozen=True)
class Fit:
    """How to find one coefficient of a series from its values at the nodes.

    Attributes
    ----------
    scales : tuple of float
        The power sought, at each node.
    fine, coarse : tuple of float
        Weights of the values over `scales`, from all nodes and without the outermost.
    noise : float
        How much of the noise in the values reaches the coefficient.
    """

    scales: tuple[float, ...]
    fine: tuple[float, ...]
    coarse: tuple[float, ...]
    noise: float

    @cached_property
    def columns(self) -> FloatArray:
        """The scales for parts of shape (pairs, lines, outputs)."""
        return np.array(self.scales)[:, None, None]

    @cached_property
    def matrix(self) -> FloatArray:
        """The weights `fine` and `coarse` as rows."""
        return np.array([self.fine, (0.0, *self.coarse)])


@lru_cache
def fits(nodes: tuple[float, ...], order: int) -> tuple[Fit, ...]:
    """Return how to find a jump of f, a lone value of f, and the jumps of its derivatives 1 to `order`."""
    even, odd = (2, 4, 6, 8), (1, 3, 5, 7)
    gaps = [_fit(nodes, (k, *(even if k % 2 else odd))) for k in range(1, order + 1)]
    return (_fit(nodes, (0, *odd)), _fit(nodes, (0, *even)), *gaps)


@lru_cache
def _fit(nodes: tuple[float, ...], powers: tuple[int, ...]) -> Fit:
    scales = np.array(nodes) ** float(powers[0])
    fine, coarse = (_solve(np.array(some), powers) for some in (nodes, nodes[1:]))
    weights = (fine * scales).tolist(), (coarse * scales[1:]).tolist()
    return Fit(tuple(scales.tolist()), tuple(weights[0]), tuple(weights[1]), float(np.abs(fine).sum()))


def _solve(nodes: FloatArray, powers: tuple[int, ...]) -> FloatArray:
    table = nodes[None, :] ** np.array(powers[: len(nodes)], dtype=float)[:, None]
    wanted = np.zeros(len(nodes))
    wanted[0] = 1.0
    return np.asarray(np.linalg.solve(table, wanted))


def _coefficient(fit: Fit, part: FloatArray, noise: FloatArray) -> tuple[FloatArray, ...]:
    """Return the coefficient sought in `part` (pairs, lines, outputs), and its error."""
    # Divided by the power sought, the part is the coefficient itself where nothing else is in it; so it is for |x|, to
    # the last bit, if only the differences are weighted.
    ratios = part / fit.columns
    here = ratios[-1]
    value, rough = here + products(fit.matrix, ratios - here)
    return value, np.abs(value - rough) + noise * fit.noise


def _past_jump(fit: Fit, part: FloatArray) -> FloatArray:
    """Return the coefficient sought in `part` (pairs, lines, outputs); the fit has a constant among its powers."""
    weights = np.array([fit.fine]) / np.array(fit.scales)
    return np.asarray(products(weights, part - part[-1])[0])
