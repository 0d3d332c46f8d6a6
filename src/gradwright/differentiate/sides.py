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
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.differentiate.weights import Stencil


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
    slope, slope_gap : ndarray
        The mean of the one-sided first derivatives and their difference, also where f jumps.
    """

    drop: FloatArray
    drop_error: FloatArray
    alone: np.ndarray[Any, Any]
    gaps: FloatArray
    gap_errors: FloatArray
    slope: FloatArray
    slope_gap: FloatArray


def compare_sides(stencil: Stencil, values: FloatArray, step: FloatArray, eps: float) -> Sides:
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
    """
    pairs = len(stencil.nodes) // 2
    nodes = stencil.nodes[1 : pairs + 1]
    with np.errstate(invalid="ignore", over="ignore"):
        plus, minus, here = values[:, 1 : pairs + 1], values[:, pairs + 1 :], values[:, :1]
        even, odd = plus + minus - 2 * here, plus - minus
        noise = 2 * eps * np.abs(values).max(axis=1)
        jump, jump_error = _coefficient(nodes, odd, [0, 1, 3, 5, 7], noise)
        lone, lone_error = _coefficient(nodes, even, [0, 2, 4, 6, 8], noise)
        alone = np.abs(lone) - 4 * lone_error > np.abs(jump) - 4 * jump_error
        gaps, errors = [], []
        for order in range(1, stencil.order + 1):
            part, smooth = (even, [2, 4, 6, 8]) if order % 2 else (odd, [1, 3, 5, 7])
            gap, error = _coefficient(nodes, part, [order, *smooth], noise)
            unit = math.factorial(order) * step ** -float(order)
            gaps.append(gap * unit)
            errors.append(error * unit)
        slope = _coefficient(nodes, odd, [1, 0, 3, 5, 7], noise)[0] / (2 * step)
        slope_gap = _coefficient(nodes, even, [1, 0, 2, 4, 6], noise)[0] / step
    drop = np.where(alone, np.abs(lone), np.abs(jump))
    drop_error = np.where(alone, lone_error, jump_error)
    return Sides(drop, drop_error, alone, np.stack(gaps), np.stack(errors), slope, slope_gap)


def _coefficient(nodes: FloatArray, part: FloatArray, powers: list[int], noise: FloatArray) -> tuple[FloatArray, ...]:
    """Return the coefficient of the first of `powers` in `part` (lines, pairs, outputs), and its error."""
    fine, coarse = _fit(nodes, powers), _fit(nodes[1:], powers)
    # Divided by the power sought, the part is the coefficient itself where nothing else is in it; so it is for |x|, to
    # the last bit, if only the differences are weighted.
    scale = nodes ** float(powers[0])
    ratios = part / scale[:, None]
    here = ratios[:, -1:]
    value = here[:, 0] + np.einsum("lko,k->lo", ratios - here, fine * scale)
    rough = here[:, 0] + np.einsum("lko,k->lo", ratios[:, 1:] - here, coarse * scale[1:])
    return value, np.abs(value - rough) + noise * np.abs(fine).sum()


def _fit(nodes: FloatArray, powers: list[int]) -> FloatArray:
    table = nodes[None, :] ** np.array(powers[: len(nodes)], dtype=float)[:, None]
    wanted = np.zeros(len(nodes))
    wanted[0] = 1.0
    return np.asarray(np.linalg.solve(table, wanted))
