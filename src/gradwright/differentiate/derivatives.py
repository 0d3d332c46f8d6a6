"""Derivatives of functions of one variable, and along a direction: `derivative`, `tangent`, `directional`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradwright import _validate
from gradwright.differentiate.calling import crew
from gradwright.differentiate.engine import Result
from gradwright.differentiate.estimate import Estimate, Status, Tangent
from gradwright.differentiate.options import GOAL, Lines, Options, solve
from gradwright.differentiate.plain import quick_derivative
from gradwright.differentiate.point import Point, rounded_error
from gradwright.differentiate.sampling import ElementwiseSampler, Sampler
from gradwright.errors import ArgumentTypeError
from gradwright.messages import phrase
from gradwright.workers import Workers

#: From here on a step may overflow.
_FAR = 1e300
_STATUSES = np.array(list(Status), dtype=object)


def statuses(codes: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return an array of `Status` for an array of their numbers."""
    return np.asarray(_STATUSES[codes], dtype=object)


def derivative(
    f: Callable[..., Any],
    x: Any,
    order: int = 1,
    *,
    method: str = "auto",
    step: Any = None,
    bounds: Any = None,
    vectorized: bool = False,
    workers: Workers = None,
    rtol: float | None = None,
) -> Estimate:
    r"""Differentiate a function of one variable, at one point or at each of an array of points.

    .. math:: f'(x) = \lim_{h \to 0} \frac{f(x + h) - f(x - h)}{2h}

    Parameters
    ----------
    f : callable
        ``f(x) -> number``; for an array of points it is called with arrays and must return one value for each, or, if
        it takes single numbers only, it is called point by point.
    x : float or array of any shape
        The point or points. Integers are promoted.
    order : int
        The order of the derivative, 1 to 6.
    method : {"auto", "central", "forward", "backward", "complex"}
        ``"auto"`` looks at both sides and goes to one side where the other is closed. ``"complex"`` needs an f that
        accepts complex numbers and is analytic (no abs, max or conj); it is exact to rounding.
    step : float or array, optional
        A step h: then the plain formula is used, ``(f(x + h) - f(x - h)) / (2 * h)`` for ``"central"``, and the same
        at 2h for its error. By default the step is chosen.
    bounds : (low, high), optional
        Where f may be called; either end may be None.
    vectorized : bool
        Whether f takes points stacked along a new first axis; f is then called less often. An array of points is
        handed over as a whole anyhow.
    workers : int, callable or executor, optional
        Who calls f: so many processes (-1: one a core), a callable like `map`, or anything with ``submit``. For
        processes f must be a function of a module. The same bits for any number.
    rtol : float, optional
        Stop looking for a better step once the relative error is below; default 1e-11.

    Returns
    -------
    Estimate
        ``float(d)`` is the value where x is one point.

    Raises
    ------
    FunctionError
        If f returns something other than real numbers, or one shape here and another there.
    ArgumentError
        If an option does not fit.

    Notes
    -----
    Automatic: an error of order h^6, with seven evaluations where the first step is good, six more for each further.
    With a step: order h^2 (central) or h, with five or three evaluations. SciPy's ``derivative`` does not claim a
    bound; here ``error`` is meant as one.

    Examples
    --------
    >>> d = derivative(np.sin, [0.0, 1.0])
    >>> bool(np.all(np.abs(d.value - np.cos([0.0, 1.0])) <= d.error))
    True
    >>> derivative(lambda x: 0.01 * x**2 + 0.1 * x, 5.0, method="central", step=1e-4).value
    0.1999999999990898
    """
    _validate.function("f", f)
    plain = method == "auto" and step is None and bounds is None and rtol is None and workers is None and not vectorized
    known = None
    if plain and type(order) is int and order == 1 and type(x) in (float, int, np.float64) and abs(x) < _FAR:
        quick, known = quick_derivative(f, float(x), GOAL)
        if quick is not None:
            value, error, h = quick
            return Estimate(value, error, Status.CONVERGED, value, value, h, len(known))
    point = Point(x)
    if not point.structure.is_array:
        raise ArgumentTypeError(
            "argument.type", name="x", expected=phrase("kind.number-or-array"), kind=type(x).__name__
        )
    options = Options.of(point, method=method, order=order, step=step, bounds=bounds, rtol=rtol)
    one = len(point.vector) == 1 and (point.is_number or vectorized)
    with crew(workers) as run:
        if one:
            sampler = Sampler(f, point, vectorized=vectorized, known=known, run=run)
        else:
            sampler = ElementwiseSampler(f, point, run)
        result = solve(sampler, point, Lines.along_axes(point, options), options)
    return estimate(point, result, sampler.evaluations)


def estimate(point: Point, result: Result, evaluations: int, lead: tuple[int, ...] = ()) -> Estimate:
    """Return a result of the engine in the structure of x, output axes first."""
    return Estimate(
        point.restore(result.value, lead),
        point.restore(point.restored_error(result.value, result.error, lead), lead),
        point.split(statuses(result.status), lead),
        point.restore(result.left, lead),
        point.restore(result.right, lead),
        point.restore(result.step, lead),
        evaluations,
    )


def tangent(
    f: Callable[..., Any],
    x: float,
    *,
    method: str = "auto",
    step: Any = None,
    bounds: Any = None,
    vectorized: bool = False,
    workers: Workers = None,
    rtol: float | None = None,
) -> Tangent:
    r"""Return the tangent line of a function at a point.

    .. math:: y = f(a) + f'(a) (x - a)

    Parameters
    ----------
    f : callable
        ``f(x) -> number``.
    x : float
        The point a.
    method, step, bounds, vectorized, workers, rtol
        As in `derivative`.

    Returns
    -------
    Tangent
        An `Estimate` of the slope that also has ``slope``, ``intercept`` and can be called.

    Examples
    --------
    >>> line = tangent(lambda x: 0.01 * x**2 + 0.1 * x, 5.0)
    >>> round(line.slope, 9), round(line.intercept, 9), round(line(10.0), 9)
    (0.2, -0.25, 1.75)
    """
    _validate.function("f", f)
    point = Point(x)
    if len(point.vector) != 1:
        raise ArgumentTypeError(
            "argument.type",
            name="x",
            expected=phrase("kind.one-number"),
            kind=phrase("kind.shape", shape=point.shapes[0]),
        )
    options = Options.of(point, method=method, order=1, step=step, bounds=bounds, rtol=rtol)
    with crew(workers) as run:
        sampler = Sampler(f, point, vectorized=vectorized, run=run)
        result = solve(sampler, point, Lines.along_axes(point, options), options)
    return Tangent(
        value=float(result.value.item()),
        error=float(result.error.item()),
        status=Status(int(result.status.item())),
        left=float(result.left.item()),
        right=float(result.right.item()),
        step=float(result.step.item()),
        evaluations=sampler.evaluations,
        point=float(point.vector[0]),
        height=float(sampler.centre[0]),
    )


def directional(
    f: Callable[..., Any],
    x: Any,
    v: Any,
    order: int = 1,
    *,
    method: str = "auto",
    step: Any = None,
    bounds: Any = None,
    vectorized: bool = False,
    workers: Workers = None,
    rtol: float | None = None,
) -> Estimate:
    r"""Differentiate a function along a direction.

    .. math:: D_v f(x) = \frac{d}{dt} f(x + t v) \Big|_{t=0} = \nabla f(x) \cdot v

    Parameters
    ----------
    f : callable
        ``f(x) -> number or array``.
    x : number, array or tree of arrays
        The point.
    v : as `x`
        The direction. It is used as it is, not brought to length 1.
    order : int
        The order of the derivative with respect to t.
    method, step, bounds, vectorized, workers, rtol
        As in `derivative`; a `step` is one of t.

    Returns
    -------
    Estimate
        With the shape of what f returns, in the library of x; plain numbers where f returns one number.

    Raises
    ------
    ArgumentError, ShapeError
        If `v` has not the structure and shapes of `x`.

    Examples
    --------
    >>> d = directional(lambda x: x[0] ** 2 + x[1] ** 2, [3.0, 4.0], [1.0, 0.5])
    >>> round(d.value, 9)
    10.0
    """
    _validate.function("f", f)
    point = Point(x)
    direction = point.like(v, "v")[None, :]
    options = Options.of(point, method=method, order=order, step=step, bounds=bounds, rtol=rtol)
    t_step = None if step is None else np.array([_validate.positive("step", step)])
    with crew(workers) as run:
        sampler = Sampler(f, point, direction, vectorized=vectorized, scalar=False, run=run)
        result = solve(sampler, point, Lines.along(point, direction, options, t_step), options)
    return outputs_only(point, result, sampler)


def outputs_only(point: Point, result: Result, sampler: Sampler) -> Estimate:
    """Return a result for one line with the shape of what f returns."""
    shape = sampler.shape

    def place(array: np.ndarray[Any, Any]) -> Any:
        return float(array.item()) if shape == () else point.wrap(array.reshape(shape))

    codes = statuses(result.status).reshape(shape)
    error = result.error if shape == () else rounded_error(result.value, result.error, point.dtypes[0])
    return Estimate(
        place(result.value),
        place(error),
        codes.item() if shape == () else codes,
        place(result.left),
        place(result.right),
        place(result.step),
        sampler.evaluations,
    )
