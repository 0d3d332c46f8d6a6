r"""Mixed partial derivatives of any order, from derivatives along lines: `partial`.

Along a line x + t (h_1 s_1 e_1 + ... + h_k s_k e_k), with s the sizes of the variables, the m-th derivative is a
polynomial in the h,

.. math:: D_h^m f = \Big( \sum_i h_i s_i \partial_i \Big)^m f
    = \sum_{|\beta| = m} \frac{m!}{\beta!} \, h^\beta s^\beta \, \partial^\beta f ,

and of its coefficients one is sought: that of the multi-index a, \|a\| = m. Difference weights for the a_i-th
derivative, on a_i + 1 nodes, find it exactly: applied to h_i^b they give a_i! for b = a_i and 0 for every smaller b;
and where one b is larger than its a, another must be smaller. So with such weights W^i for each variable, and all
combinations of their nodes,

.. math:: \partial^a f = \frac{1}{m! \, s^a} \sum_\nu W^1_{\nu_1} \cdots W^k_{\nu_k} \, D_{h(\nu)}^m f .

Nodes at -1 and 1 (-1, 0, 1 for a second derivative, ...) make it Kan's form of the polarisation identity, in which
h and -h are one line: d2f/dxdy takes the two lines x + y and x - y. Nodes at 0 and 1 never step backwards and give the
form that a corner of the bounds allows. Both are one sum over a grid here, in which lines that coincide are merged.

References
----------
A. Griewank, J. Utke and A. Walther, Evaluating higher derivative tensors by forward propagation of univariate Taylor
series, Math. Comp. 69 (2000) 1117-1130: any mixed derivative from derivatives along lines, with another set of lines.
R. Kan, From moments of sum to moments of product, J. Multivariate Analysis 99 (2008) 542-554, proposition 1.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from gradwright import _validate
from gradwright._arrays import FloatArray
from gradwright.differentiate.calling import crew
from gradwright.differentiate.derivatives import outputs_only
from gradwright.differentiate.engine import Result
from gradwright.differentiate.estimate import Estimate, Status
from gradwright.differentiate.options import Lines, Options, solve
from gradwright.differentiate.point import Point
from gradwright.differentiate.sampling import Sampler
from gradwright.differentiate.variables import entry_index
from gradwright.differentiate.weights import difference_weights
from gradwright.errors import ArgumentError
from gradwright.workers import Workers

_HIGHEST = 6
#: A bound closer than this, in sizes of the variable, leaves lines that run towards it too short.
_NEAR = 1 / 16


def partial(
    f: Callable[..., Any],
    x: Any,
    *variables: Any,
    method: str = "auto",
    step: Any = None,
    bounds: Any = None,
    vectorized: bool = False,
    workers: Workers = None,
    rtol: float | None = None,
) -> Estimate:
    r"""Differentiate with respect to some entries of x, one after the other.

    .. math:: \frac{\partial^m f}{\partial x_{i_1} \cdots \partial x_{i_m}}

    Parameters
    ----------
    f : callable
        ``f(x) -> number or array``.
    x : number, array of any shape, or dict, list or tuple of arrays
        The point; never changed.
    *variables : int, tuple of int, str or (str, tuple of int)
        The entries, each as often as f is to be differentiated by it: ``0, 0, 1`` is
        :math:`\partial^3 f / \partial x_0^2 \partial x_1`. Of a vector an entry is an int, of a larger array a tuple;
        of a tree it is named by path and index, ``"W1[0, 3]"`` or ``("W1", (0, 3))``. One to six in all, in any order.
    method, step, bounds, vectorized, workers, rtol
        As in `gradient`; ``method="complex"`` is for one variable. With a `step` (one, or one for each entry), a line
        moves each of its variables by at most its step at a time.

    Returns
    -------
    Estimate
        With the shape of what f returns, in the library of x; plain numbers where f returns one number. At a kink
        or a jump ``left`` and ``right`` are those along the axis, and NaN for a mixed derivative, which has no sides.

    Raises
    ------
    ArgumentError
        If a variable names no entry of x, there are none or too many, or an option does not fit.

    Notes
    -----
    A mixed derivative comes from derivatives of order m along lines, as described above this function in its source
    (polarisation): two lines for :math:`\partial_0 \partial_1`, three for :math:`\partial_0^2 \partial_1`, four for
    :math:`\partial_0^2 \partial_1^2`, eight for four different variables. Another set, with the variables moved in
    another ratio, gives it a second time: of :math:`xy (x^2 - y^2) / (x^2 + y^2)` every line through 0 is smooth, but
    the order of the two differentiations matters there, and the two sets of lines differ, which is said (UNRESOLVED).
    For each line six evaluations where the first step is good, eight from the third order on; one in addition.

    One mixed derivative costs less here than in `hessian`, all of them cost more. The error grows with the order:
    expect twelve digits of a first derivative, nine of a second, and six of a fourth. Where f is not finite to one
    side of x in several variables, say so by `bounds`: then all lines stay inside.

    References
    ----------
    A. Griewank, J. Utke and A. Walther, Evaluating higher derivative tensors by forward propagation of univariate
    Taylor series, Math. Comp. 69 (2000) 1117-1130.

    Examples
    --------
    >>> d = partial(lambda x: x[0] ** 2 * np.sin(x[1]), [3.0, 0.0], 0, 0, 1)
    >>> round(d.value, 6), d.ok
    (2.0, True)
    >>> p = {"W1": np.ones((2, 3)), "b1": np.array([0.5, 2.0])}
    >>> round(partial(lambda p: p["W1"].sum() ** 2 * p["b1"][1], p, "W1[0, 1]", ("b1", 1)).value, 6)
    12.0
    >>> partial(lambda x: abs(x[0]) * x[1], [0.0, 1.0], 0, 1).status.name
    'KINK'
    """
    _validate.function("f", f)
    point = Point(x)
    entries, powers = _counted(point, variables)
    order = sum(powers)
    options = Options.of(point, method=method, order=order, step=step, bounds=bounds, rtol=rtol)
    scale, symmetric = _lengths(point, options, entries)
    table, weights = _two_sets(powers, symmetric)
    directions = np.zeros((len(table), len(point.vector)))
    directions[:, entries] = table * scale
    steps = None if options.step is None else options.step[entries] if len(entries) == 1 else np.ones(len(table))
    with crew(workers) as run:
        sampler = Sampler(f, point, directions, vectorized=vectorized, scalar=False, run=run)
        lines = solve(sampler, point, Lines.along(point, directions, options, steps), options)
    return outputs_only(point, _combined(lines, weights, scale ** np.array(powers), order), sampler)


def _counted(point: Point, variables: tuple[Any, ...]) -> tuple[list[int], tuple[int, ...]]:
    """Return the different entries and how often each is asked for."""
    if not variables:
        raise ArgumentError("partial.none", first=point.where(0))
    if len(variables) > _HIGHEST:
        raise ArgumentError("partial.high", order=len(variables), highest=_HIGHEST)
    found = [entry_index(point, variable) for variable in variables]
    entries = sorted(set(found))
    return entries, tuple(found.count(entry) for entry in entries)


def _lengths(point: Point, options: Options, entries: list[int]) -> tuple[FloatArray, list[bool]]:
    """Return by how much to move each variable, with a sign, and whether there is room on both sides of it."""
    x, order = point.vector[entries], options.order
    if len(entries) == 1:  # along its own axis; the engine looks at the bounds
        return np.ones(1), [True]
    size = np.abs(x)
    scale = 2.0 ** np.floor(np.log2(np.where(size > 0, size, 1.0)))
    need = scale * _NEAR
    if options.step is not None:
        scale = options.step[entries]
        need = scale * 2 * ((order + 1) // 2)
    # With a method that names its side, x must go to that side in all variables.
    if options.method in ("forward", "backward"):
        return scale, [False] * len(entries)
    below, above = x - options.low[entries], options.high[entries] - x
    symmetric = (np.minimum(below, above) >= need) | (options.method == "central")
    return np.where(~symmetric & (above < below), -scale, scale), symmetric.tolist()


def _two_sets(powers: tuple[int, ...], symmetric: list[bool]) -> tuple[FloatArray, FloatArray]:
    """Return directions (lines, k) and the weights (2, lines) of two independent sums over them."""
    # All lengths are powers of two, as are the sizes: then steps, which have few bits, move x without rounding.
    sets = [_polarisation(powers, symmetric, ratio) for ratio in (1.0, 0.5)]
    table = sorted(set().union(*sets), reverse=True)
    return np.array(table), np.array([[weights.get(line, 0.0) for line in table] for weights in sets])


def _polarisation(powers: tuple[int, ...], symmetric: list[bool], ratio: float) -> dict[tuple[float, ...], float]:
    """Return the weight of the m-th derivative along each line of a set, in units of the sizes of the variables.

    `ratio` is by how much less each variable is moved than the one before it.
    """
    order = sum(powers)
    nodes = [_nodes(power, both) * ratio**i for i, (power, both) in enumerate(zip(powers, symmetric, strict=True))]
    weights = [difference_weights(n, power) for n, power in zip(nodes, powers, strict=True)]
    merged: dict[tuple[float, ...], float] = {}
    for line, factors in zip(itertools.product(*nodes), itertools.product(*weights), strict=True):
        longest = max(map(abs, line))
        if longest == 0:
            continue  # nothing moves
        # D along c h is c^m times D along h; -h is the same line as h.
        length = math.copysign(longest, next(h for h in line if h != 0))
        direction = tuple(h / length + 0.0 for h in line)
        merged[direction] = merged.get(direction, 0.0) + math.prod(factors) * length**order / math.factorial(order)
    largest = max(map(abs, merged.values()))
    return {line: weight for line, weight in merged.items() if abs(weight) > 1e-12 * largest}


def _nodes(power: int, symmetric: bool) -> FloatArray:
    """Return `power` + 1 nodes, the largest of size 1: around 0, or 0 and above."""
    if not symmetric:
        return np.concatenate([[0.0], 0.5 ** np.arange(power)])
    half = 0.5 ** np.arange((power + 1) // 2)
    return np.concatenate([[0.0] * (power % 2 == 0), half, -half])


def _combined(lines: Result, weights: FloatArray, scale: FloatArray, order: int) -> Result:
    """Return the derivative, (1, outputs), from those along the lines: the surer of two sums, if they agree."""
    size = float(np.prod(scale))
    value, error, status = _sums(lines, weights / size)
    surer = np.where(error[1] < error[0], 1, 0), np.arange(value.shape[1])
    best, bound, code = value[surer], error[surer], status[surer]
    with np.errstate(invalid="ignore"):
        gap, claimed = np.abs(value[0] - value[1]), error.sum(axis=0)
        bound = np.where(gap > claimed, gap + bound, bound)
        unlike = gap > 4 * claimed
    # A line that is noisy beside its own small derivative does no harm to a large sum.
    code[(code == Status.NOISY) & (bound < 1e-3 * np.abs(best))] = Status.CONVERGED
    code[unlike], bound[unlike] = Status.UNRESOLVED, np.inf
    if len(lines.value) == 1:
        left, right = lines.left[0] / size, lines.right[0] / size
    else:
        # What one set of lines could not make out, the other may; but a kink on one line is a kink of f.
        jump, kink = ((lines.status == flag).any(axis=0) for flag in (Status.JUMP, Status.KINK))
        code = np.where(jump, Status.JUMP, np.where(kink, Status.KINK, code))
        bound = np.where(jump | kink, np.inf, bound)
        left = right = np.where(jump | kink, np.nan, best)
    step = np.nanmax(np.where(np.isfinite(lines.step), lines.step, 0.0), axis=0) * abs(size) ** (1 / order)
    return Result(best[None], bound[None], left[None], right[None], step[None], code[None])


def _sums(lines: Result, weights: FloatArray) -> tuple[FloatArray, FloatArray, np.ndarray[Any, Any]]:
    """Return value, error and status of each set's sum; all (sets, outputs)."""
    values, errors, status = [], [], []
    for row in weights:
        own = row != 0
        with np.errstate(invalid="ignore", over="ignore"):
            terms = row[own, None] * lines.value[own]
            rounding = 4 * np.finfo(np.float64).eps * np.abs(terms).sum(axis=0) * (len(terms) > 1)
            values.append(terms.sum(axis=0))
            errors.append((np.abs(row[own, None]) * lines.error[own]).sum(axis=0) + rounding)
        status.append(lines.status[own].max(axis=0))
    return np.array(values), np.array(errors), np.array(status)
