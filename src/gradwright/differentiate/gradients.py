"""Derivatives of functions of many variables: `gradient`, `jacobian`, `hessian`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradwright import _validate
from gradwright._arrays import FloatArray
from gradwright.differentiate.calling import crew
from gradwright.differentiate.derivatives import estimate, statuses
from gradwright.differentiate.engine import Result
from gradwright.differentiate.estimate import Estimate, Status
from gradwright.differentiate.options import Lines, Options, solve
from gradwright.differentiate.point import Point
from gradwright.differentiate.sampling import Sampler
from gradwright.workers import Workers


def gradient(
    f: Callable[..., Any],
    x: Any,
    *,
    method: str = "auto",
    step: Any = None,
    bounds: Any = None,
    vectorized: bool = False,
    workers: Workers = None,
    rtol: float | None = None,
) -> Estimate:
    r"""Return all partial derivatives of a function that returns one number.

    .. math:: \nabla f(x) = \left( \frac{\partial f}{\partial x_0}, \frac{\partial f}{\partial x_1}, \ldots \right)

    Parameters
    ----------
    f : callable
        ``f(x) -> number``. It gets a fresh x each time, so it may change it.
    x : number, array of any shape, or dict, list or tuple of arrays
        The point; never changed. A list of plain numbers is an array written down. Integers are promoted.
    method, step, bounds, vectorized, workers, rtol
        As in `derivative`; `step` and the ends of `bounds` may also be trees like x. With ``vectorized=True`` f takes
        points stacked along a new first axis and returns one value for each.

    Returns
    -------
    Estimate
        With the structure, shapes, library and dtypes of x.

    Raises
    ------
    FunctionError
        If f returns an array, or no number.
    ShapeError, NonFiniteError, ArgumentError
        If x is empty or not finite, or an option does not fit.

    Notes
    -----
    One evaluation, and for each entry six where the first step is good; with a step, four for each.

    Examples
    --------
    >>> g = gradient(lambda x: x[0] ** 2 + x[1] ** 2, [3.0, 4.0])
    >>> g.value.round(9), g.all_ok
    (array([6., 8.]), True)
    >>> g = gradient(lambda p: (p["w"] ** 2).sum() + p["b"], {"w": np.ones((2, 2)), "b": 0.5})
    >>> g.value["w"].round(9), round(float(g.value["b"]), 9)
    (array([[2., 2.],
           [2., 2.]]), 1.0)
    """
    _validate.function("f", f)
    point = Point(x)
    options = Options.of(point, method=method, order=1, step=step, bounds=bounds, rtol=rtol)
    with crew(workers) as run:
        sampler = Sampler(f, point, vectorized=vectorized, run=run)
        result = solve(sampler, point, Lines.along_axes(point, options), options)
    return estimate(point, result, sampler.evaluations)


@dataclass(frozen=True)
class Partials:
    """Some of the partial derivatives of a function, as plain vectors in float64; fields as in `Estimate`."""

    value: FloatArray
    error: FloatArray
    status: np.ndarray[Any, Any]
    left: FloatArray
    right: FloatArray
    evaluations: int


def partials(
    f: Callable[..., Any],
    x: Any,
    axes: np.ndarray[Any, Any],
    *,
    method: str = "auto",
    step: Any = None,
    bounds: Any = None,
    rtol: float | None = None,
) -> Partials:
    """Differentiate with respect to some entries only, for checks of large gradients.

    Parameters
    ----------
    f, x, method, step, bounds, rtol
        As in `gradient`.
    axes : ndarray of int, shape (k,)
        Which entries, counted through the arrays of x in their order.
    """
    point = Point(x)
    options = Options.of(point, method=method, order=1, step=step, bounds=bounds, rtol=rtol)
    sampler = Sampler(f, point, axes=axes)
    result = solve(sampler, point, Lines.along_axes(point, options).at(axes), options)
    return Partials(
        value=result.value[:, 0],
        error=result.error[:, 0],
        status=result.status[:, 0],
        left=result.left[:, 0],
        right=result.right[:, 0],
        evaluations=sampler.evaluations,
    )


def jacobian(
    f: Callable[..., Any],
    x: Any,
    *,
    method: str = "auto",
    step: Any = None,
    bounds: Any = None,
    vectorized: bool = False,
    workers: Workers = None,
    rtol: float | None = None,
) -> Estimate:
    r"""Return all partial derivatives of all that a function returns.

    .. math:: J_{ij} = \frac{\partial f_i}{\partial x_j}

    Parameters
    ----------
    f : callable
        ``f(x) -> number or array``.
    x, method, step, bounds, vectorized, workers, rtol
        As in `gradient`.

    Returns
    -------
    Estimate
        Of shape output shape then input shape; for a tree x, a tree of such arrays.

    Raises
    ------
    FunctionError
        If f returns no numbers, or one shape here and another there.

    Notes
    -----
    As many evaluations as `gradient`. The step is chosen for each entry of x, so that all outputs are served.

    Examples
    --------
    >>> jacobian(lambda x: np.array([x[0] * x[1], x[0] + x[1], 7.0]), [2.0, 3.0]).value.round(9)
    array([[3., 2.],
           [1., 1.],
           [0., 0.]])
    """
    _validate.function("f", f)
    point = Point(x)
    options = Options.of(point, method=method, order=1, step=step, bounds=bounds, rtol=rtol)
    with crew(workers) as run:
        sampler = Sampler(f, point, vectorized=vectorized, scalar=False, run=run)
        result = solve(sampler, point, Lines.along_axes(point, options), options)
    return estimate(point, result, sampler.evaluations, sampler.shape)


def hessian(
    f: Callable[..., Any],
    x: Any,
    *,
    method: str = "auto",
    step: Any = None,
    bounds: Any = None,
    vectorized: bool = False,
    workers: Workers = None,
    rtol: float | None = None,
) -> Estimate:
    r"""Return all second partial derivatives of a function that returns one number.

    .. math:: H_{ij} = \frac{\partial^2 f}{\partial x_i \, \partial x_j}

    A mixed derivative comes from three second derivatives along lines: for v = s_i e_i + s_j e_j,

    .. math:: D_v^2 f = s_i^2 H_{ii} + 2 s_i s_j H_{ij} + s_j^2 H_{jj},

    with the lengths s over which each variable varies, so that variables of different size can be mixed.

    Parameters
    ----------
    f, x, method, step, bounds, vectorized, workers, rtol
        As in `gradient`; ``method="complex"`` gives first derivatives only and is refused.

    Returns
    -------
    Estimate
        Of shape twice the input shape; for a tree x, a tree of trees. Symmetric to the last bit.

    Notes
    -----
    One evaluation, and six for each of the n (n + 1) / 2 lines where the first step is good.

    Examples
    --------
    >>> hessian(lambda x: x[0] ** 2 * x[1], [1.0, 2.0]).value.round(6)
    array([[4., 2.],
           [2., 0.]])
    """
    _validate.function("f", f)
    point = Point(x)
    options = Options.of(point, method=method, order=2, step=step, bounds=bounds, rtol=rtol)
    # Lengths in which to mix: those asked for, or of the size of x; with a sign, towards the bound that is farther.
    size = np.abs(point.vector)
    scale = 2.0 ** np.floor(np.log2(np.where(size > 0, size, 1.0))) if options.step is None else options.step
    scale = np.where(options.high - point.vector < point.vector - options.low, -scale, scale)
    rows, columns = np.triu_indices(len(scale))
    directions = np.zeros((len(rows), len(scale)))
    directions[np.arange(len(rows)), rows] = scale[rows]
    directions[np.arange(len(rows)), columns] = scale[columns]
    steps = None if options.step is None else np.ones(len(rows))
    with crew(workers) as run:
        sampler = Sampler(f, point, directions, vectorized=vectorized, run=run)
        result = solve(sampler, point, Lines.along(point, directions, options, steps), options)
    with np.errstate(all="ignore"):  # products of sizes may leave the range of floats; that is judged
        mixed = _mixed(result, rows, columns, scale)
    return _square(point, mixed, sampler.evaluations)


def _mixed(result: Result, rows: Any, columns: Any, scale: FloatArray) -> Result:
    """Return the n x n result, one row for an entry of x, from second derivatives along the lines."""
    n = len(scale)
    diagonal = np.flatnonzero(rows == columns)
    product = scale[rows] * scale[columns]
    value, error = result.value[:, 0], result.error[:, 0]
    own, own_error = value[diagonal], error[diagonal]
    mixed = rows != columns
    entries = np.where(mixed, (value - own[rows] - own[columns]) / 2, value) / product
    errors = np.where(mixed, (error + own_error[rows] + own_error[columns]) / 2, error) / np.abs(product)
    entries, errors = np.where(np.isfinite(entries), entries, np.nan), np.where(np.isfinite(entries), errors, np.inf)
    state = np.maximum(
        result.status[:, 0], np.maximum(result.status[diagonal, 0][rows], result.status[diagonal, 0][columns])
    )
    # An entry of which no digit is known, beside itself and beside the largest, is not to be trusted.
    vague = errors > 1e-3 * np.fmax(np.abs(entries), np.max(np.nan_to_num(np.abs(entries)), initial=0.0))
    state = np.where(vague & np.isin(state, (Status.CONVERGED, Status.ONE_SIDED)), int(Status.NOISY), state)
    state[~np.isfinite(entries)] = Status.NONFINITE
    parts = []
    steps = result.step[:, 0] * np.sqrt(np.abs(product))
    for flat in (entries, errors, entries, entries, steps, state):
        full = np.empty((n, n), dtype=flat.dtype)
        full[rows, columns] = full[columns, rows] = flat
        parts.append(full)
    return Result(*parts)


def _square(point: Point, result: Result, evaluations: int) -> Estimate:
    def place(full: np.ndarray[Any, Any], codes: bool = False) -> Any:
        if point.is_number:
            return full.item()
        rows, start = [], 0
        for shape, size in zip(point.shapes, point.sizes, strict=True):
            block = full[start : start + size].T  # (n, size): the axes of the second variable are split by the point
            rows.append(point.split(block, shape) if codes else point.restore(block, shape))
            start += size
        return point.structure.build(rows)

    return Estimate(
        value=place(result.value),
        error=place(result.error),
        status=place(statuses(result.status), codes=True),
        left=place(result.left),
        right=place(result.right),
        step=place(result.step),
        evaluations=evaluations,
    )
