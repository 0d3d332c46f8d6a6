r"""Difference weights: which combination of function values gives a derivative, to which order.

A derivative of order m at 0 is approximated by a weighted sum of the values at nodes t_0, ..., t_n,

.. math:: f^{(m)}(0) \approx h^{-m} \sum_i w_i \, f(h \, t_i),

with the weights that make it exact for every polynomial of degree n. They are the m-th derivatives at 0 of the
Lagrange polynomials of the nodes. Expanding f in its Taylor series shows what is left over: the first power that is
not reproduced, n + 1, leaves an error of h^(n+1-m), and symmetric nodes cancel one power more, because odd (even)
powers drop out of a symmetric sum for even (odd) m. Seven nodes, 0 and three pairs, thus give f' with an error
of h^6, and leaving out the outermost pair gives it with h^4: the difference of the two is the error that is claimed.

Weights grow as nodes come close (they are of size 1/t for f'), and each multiplies the rounding error of a function
value, of eps \|f\|: the smaller h, the more of it, as eps \|f\| / h^m. A good step balances the two.

References
----------
B. Fornberg, Generation of finite difference formulas on arbitrarily spaced grids, Math. Comp. 51 (1988) 699-706.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

import numpy as np

from gradwright._arrays import FloatArray


def difference_weights(nodes: FloatArray, order: int = 1) -> FloatArray:
    r"""Return the weights of a difference formula at 0.

    .. math:: f^{(m)}(0) = \sum_i w_i f(t_i) + O(t^{n+1-m})

    Parameters
    ----------
    nodes : ndarray, shape (n + 1,)
        The nodes :math:`t_i`, all different.
    order : int
        The order m of the derivative, 0 to n.

    Returns
    -------
    ndarray, shape (n + 1,), float64
        The weights :math:`w_i`, by Fornberg's recursion (1988, section 2).

    Examples
    --------
    >>> difference_weights(np.array([-1.0, 0.0, 1.0]), order=2)
    array([ 1., -2.,  1.])
    """
    count = len(nodes)
    table = np.zeros((order + 1, count))
    table[0, 0] = 1.0
    product = 1.0
    for n in range(1, count):
        last = 1.0
        for i in range(n):
            gap = nodes[n] - nodes[i]
            last *= gap
            for m in range(min(n, order), -1, -1):
                lower = table[m - 1, i] if m else 0.0
                if i == n - 1:
                    before = table[m - 1, n - 1] if m else 0.0
                    table[m, n] = product / last * (m * before - nodes[n - 1] * table[m, n - 1])
                table[m, i] = (nodes[n] * table[m, i] - m * lower) / gap
        product = last
    return np.asarray(table[order])


#: So many columns of a product at once stay in the cache.
_BLOCK = 2048
#: A formula: which of `Stencil.parts`, and its weight.
Row: TypeAlias = tuple[tuple[int, float], ...]


def combine(row: Row, parts: Sequence[Any]) -> Any:
    """Return the sum of the parts by the weights of a row, as `Stencil.formulas` does of arrays."""
    total = 0.0
    for k, weight in row:
        total = total + weight * parts[k]
    return total


def products(matrix: FloatArray, parts: FloatArray) -> FloatArray:
    """Return matrix times parts (k, lines, outputs), each sum in order: the bits of a line do not depend on others."""
    flat = parts.reshape(len(parts), -1)
    out = np.empty((len(matrix), flat.shape[1]))
    for start in range(0, flat.shape[1], _BLOCK):
        block = slice(start, start + _BLOCK)
        np.add.reduce(matrix[:, :, None] * flat[:, block], axis=1, out=out[:, block])
    return out.reshape(len(matrix), *parts.shape[1:])


@dataclass(frozen=True)
class Stencil:
    """Nodes around a point with two formulas on them, one of lower order to judge the other by.

    Attributes
    ----------
    order : int
        The order m of the derivative.
    side : int
        0 for symmetric nodes, +1 or -1 for nodes on one side only.
    nodes : ndarray, shape (k,)
        In units of the step; the first is 0.
    full, lower, lowest : ndarray, shape (k,)
        Weights in units of 1 / step**m; `lower` leaves out the outermost node or pair, `lowest` the outermost two.
    accuracy : int
        The power of the step in the error of `lower`.
    """

    order: int
    side: int
    nodes: FloatArray
    full: FloatArray
    lower: FloatArray
    lowest: FloatArray
    accuracy: int

    @cached_property
    def amplification(self) -> FloatArray:
        """How much of the rounding error of each value reaches the result, in units of 1 / step**m; shape (k,)."""
        return np.abs(self.full)

    @cached_property
    def amplified(self) -> float:
        """How much of an error that is the same in each value may reach the result."""
        return float(sum(self.amplification.tolist()))

    @cached_property
    def norm(self) -> float:
        """How much of a noise that is different in each value reaches the result, in units of 1 / step**m."""
        return float(np.linalg.norm(self.full))

    @cached_property
    def contrasts(self) -> FloatArray:
        """Four unit vectors, shape (4, k), that give nearly 0 for a smooth function, and noise as it is.

        The highest difference of all nodes and of all but the outermost, which tell of the powers that the formulas
        have no use for; the differences of the two better formulas and of the two worse. Where f is smooth the first
        of each pair is much smaller than the second, where there is noise it is as large.
        """
        inner = self.lower != 0
        inner[0] = True
        tops = (difference_weights(self.nodes, len(self.nodes) - 1), np.zeros_like(self.nodes))
        tops[1][inner] = difference_weights(self.nodes[inner], int(inner.sum()) - 1)
        rows = np.stack([*tops, self.full - self.lower, self.lower - self.lowest])
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The three formulas and the four contrasts, as weights of `parts`."""
        return tuple(self._row(weights) for weights in (self.full, self.lower, self.lowest, *self.contrasts))

    def _row(self, weights: FloatArray) -> Row:
        pairs = len(self.nodes) // 2
        if self.side:
            return tuple((k, w) for k, w in enumerate(weights[1:].tolist()) if w)
        plus, minus = weights[1 : pairs + 1], weights[pairs + 1 :]
        odd = abs(plus[-1] + minus[-1]) < abs(plus[-1] - minus[-1])
        means = ((plus - minus) / 2 if odd else (plus + minus) / 2).tolist()
        # Rounding in the recursion leaves 1e-17 on nodes that are left out.
        least = 1e-12 * max(map(abs, means))
        return tuple((k if odd else k + pairs, w) for k, w in enumerate(means) if abs(w) > least)

    def parts(self, values: FloatArray) -> FloatArray:
        """Return what the formulas combine, (parts, lines, outputs), from `values` (lines, nodes, outputs).

        The differences of the nodes that lie opposite each other, f(t) - f(-t), and then f(t) + f(-t) - 2 f(0); on one
        side f(t) - f(0). Nothing that is the same at all nodes is left in them to be rounded.
        """
        nodes = values.transpose(1, 0, 2)
        if self.side:
            return np.asarray(nodes[1:] - nodes[0])
        pairs = len(self.nodes) // 2
        plus, minus = nodes[1 : pairs + 1], nodes[pairs + 1 :]
        parts = np.empty((2 * pairs, *nodes.shape[1:]))
        np.subtract(plus, minus, out=parts[:pairs])
        np.add(plus, minus, out=parts[pairs:])
        parts[pairs:] -= 2 * nodes[0]
        return parts

    @cached_property
    def _matrix(self) -> FloatArray:
        matrix = np.zeros((len(self.rows), len(self.nodes) - 1))
        for k, row in enumerate(self.rows):
            for part, weight in row:
                matrix[k, part] = weight
        return matrix

    def formulas(self, values: FloatArray) -> FloatArray:
        """Return what `rows` give for `values` (lines, nodes, outputs) and a step of 1: (7, lines, outputs)."""
        return products(self._matrix, self.parts(values))

    def rounding(self, values: FloatArray) -> FloatArray:
        """Return the sum of the sizes of `values` (lines, nodes, outputs), each amplified: (lines, outputs)."""
        return np.asarray(products(self.amplification[None, :], np.abs(values.transpose(1, 0, 2)))[0])

    @cached_property
    def outward(self) -> float:
        """By how much faster the error falls from `lower` to `full` than from `lowest` to `lower`, in a power series.

        Each formula's error is the next coefficient times the product of its nodes: the ratio of two grows as the
        nodes that come to it lie farther out.
        """
        outer, next_to_it = self.nodes[1:3] if self.side == 0 else self.nodes[:-3:-1]
        return abs(float(outer / next_to_it)) ** (2 if self.side == 0 else 1)

    @cached_property
    def tail(self) -> float:
        """What the highest difference, times this, says of the error of `full`.

        It shows the last coefficient of the series that the nodes can see. The first that they cannot, of which the
        error is made, is taken to be smaller by what a radius of convergence of two steps makes of it.
        """
        seen = len(self.nodes) - 1
        power = next(n for n in range(seen + 1, seen + 4) if abs(self.full @ self.nodes**n) > 1e-9)
        return float(
            abs(self.full @ self.nodes**power) / abs(self.contrasts[0] @ self.nodes**seen) * 0.5 ** (power - seen)
        )


#: Where the pairs are, in parts of the step; so short that x + t h is exact. With powers of two, a wave that a step is
#: nearly a multiple of would be as flat at all of them.
_PAIRS = np.array([32, 17, 9, 5, 3, 2, 1]) / 32


@lru_cache
def central_stencil(order: int, halving: bool = False) -> Stencil:
    """Return a symmetric stencil: 0 and pairs, or with `halving` pairs at +-1, +-1/2, +-1/4, ... ."""
    pairs = 3 + (order - 1) // 2
    right = 0.5 ** np.arange(pairs) if halving else _PAIRS[:pairs]
    nodes = np.concatenate([[0.0], right, -right])
    lower = _inner(nodes, np.abs(nodes) < right[0], order)
    lowest = _inner(nodes, np.abs(nodes) < right[1], order)
    # 2 (pairs - 1) + 1 nodes are left; for even m the symmetric formula gains a power, as its odd powers cancel.
    accuracy = 2 * (pairs - 1) + 1 - order + (order + 1) % 2
    return Stencil(order, 0, nodes, _antisymmetric(nodes, order), lower, lowest, accuracy)


def _inner(nodes: FloatArray, kept: np.ndarray[Any, Any], order: int) -> FloatArray:
    weights = np.zeros_like(nodes)
    weights[kept] = difference_weights(nodes[kept], order)
    return weights


def _antisymmetric(nodes: FloatArray, order: int) -> FloatArray:
    # Rounding in the recursion leaves 1e-17 on the centre of an odd formula, which must not touch the result at all.
    weights = difference_weights(nodes, order)
    pairs = len(nodes) // 2
    plus, minus = weights[1 : pairs + 1], weights[pairs + 1 :]
    sign = -1.0 if order % 2 else 1.0
    mean = (plus + sign * minus) / 2
    centre = 0.0 if order % 2 else -2 * mean.sum()
    return np.concatenate([[centre], mean, sign * mean])


@lru_cache
def one_sided_stencil(order: int, side: int) -> Stencil:
    """Return a stencil on one side: 0, 1/8, 2/8, ...; seven nodes for the first derivative, one more for each next.

    In sixteenths where there are more than nine: none may lie beyond the step, which may end on a bound.
    """
    nodes = side * np.arange(6 + order) / (8.0 if order <= 3 else 16.0)
    place = np.arange(len(nodes))
    lower = _inner(nodes, place < len(nodes) - 1, order)
    lowest = _inner(nodes, place < len(nodes) - 2, order)
    return Stencil(order, side, nodes, difference_weights(nodes, order), lower, lowest, 5)
