"""`descend`: the loop of gradient descent, its path kept, its end judged."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from gradwright import _validate
from gradwright._arrays import FloatArray
from gradwright.descent.diagnosis import diagnose
from gradwright.descent.objective import Objective, flat
from gradwright.descent.optimizer_base import Optimizer
from gradwright.descent.optimizers import SGD
from gradwright.descent.optimizers import optimizer as find_optimizer
from gradwright.descent.result import Descent
from gradwright.descent.schedules import Schedule
from gradwright.descent.trace import Trace
from gradwright.descent.verdict import Verdict
from gradwright.errors import ArgumentError, FunctionError


def descend(
    f: Callable[..., Any],
    x0: Any,
    learning_rate: float | Schedule | None = None,
    steps: int = 100,
    *,
    optimizer: Optimizer | str | None = None,
    gradient: Callable[..., Any] | None = None,
    maximize: bool = False,
    tol: float | None = None,
    method: str = "auto",
    step: Any = None,
    bounds: Any = None,
    vectorized: bool = False,
    rtol: float | None = None,
) -> Descent:
    r"""Go down a function by gradient descent, and say how it went.

    .. math:: x_{k+1} = x_k - \eta \nabla f(x_k)

    Parameters
    ----------
    f : callable
        ``f(x) -> number``. It gets a fresh x each time, so it may change it.
    x0 : number, array of any shape and library, or dict, list or tuple of arrays
        The start; never changed.
    learning_rate : float or callable, optional
        eta, 0.1 by default, or a schedule. Not beside `optimizer`, which has its own.
    steps : int
        The number of steps. All are run, unless a value stops being finite or `tol` is met.
    optimizer : Optimizer or str, optional
        Another rule than plain `SGD`, such as ``Adam(0.01)``.
    gradient : callable, optional
        ``gradient(x)`` -> like x. By default numerical. It is called wrong where it differs from the measured one by
        more than a ten-thousandth; `gradwright.check_gradient` sees finer.
    maximize : bool
        Go up instead: ``x + eta grad f``.
    tol : float, optional
        Stop where the 2-norm of the gradient is at most this.
    method, step, bounds, vectorized, rtol
        Of the numerical gradient, as in `gradwright.gradient`; ``step=1e-4`` is the course's. A step that would leave
        the bounds ends on them, and f is never called outside.

    Returns
    -------
    Descent
        With the path, a status and advice.

    Raises
    ------
    NonFiniteError
        If x0 or f(x0) is not finite.
    FunctionError
        If f returns no number, or its gradient is not finite where f is (a jump).
    ArgumentError, ShapeError
        If an option does not fit.

    Notes
    -----
    The diagnosis measures the curvature at the end of the run, which costs at most about as much as the run again, or
    2 n (n + 1) evaluations of f for up to 20 entries. A quadratic with the largest curvature lambda converges for
    eta < 2 / lambda, and for no larger one. A given gradient is compared with slopes of f at up to three points of the
    path; if it is wrong, the advice begins with that, and the status is judged by the true gradient.

    References
    ----------
    B. T. Polyak, Introduction to Optimization, Optimization Software, 1987, section 1.4, theorem 3.

    Examples
    --------
    >>> run = descend(lambda x: x[0] ** 2 + x[1] ** 2, [-3.0, 4.0], learning_rate=0.1, steps=100)
    >>> run.status.name, bool(abs(run.x).max() < 1e-8), run.path.shape
    ('CONVERGED', True, (101, 2))
    >>> round(run.stable_learning_rate, 6)
    1.0
    """
    _validate.positive_int("steps", steps)
    _validate.flag("maximize", maximize)
    if tol is not None:
        _validate.positive("tol", tol)
    rule = _rule(learning_rate, optimizer)
    options = {"method": method, "step": step, "bounds": bounds, "vectorized": vectorized, "rtol": rtol}
    with np.errstate(all="ignore"):
        objective = Objective(f, x0, gradient, -1.0 if maximize else 1.0, **options)
        trace = _run(objective, rule, steps, tol)
        return _report(objective, trace, diagnose(trace, objective, isinstance(rule, SGD)))


def _rule(learning_rate: float | Schedule | None, optimizer: Optimizer | str | None) -> Optimizer:
    if isinstance(optimizer, str):
        return find_optimizer(optimizer, learning_rate)
    if optimizer is None:
        return SGD(0.1 if learning_rate is None else learning_rate)
    _validate.instance("optimizer", optimizer, Optimizer)
    if learning_rate is not None:
        raise ArgumentError("descent.two-rates", learning_rate=learning_rate, optimizer=type(optimizer).__name__)
    return optimizer


def _run(objective: Objective, rule: Optimizer, steps: int, tol: float | None) -> Trace:
    x = objective.native.vector.copy()
    trace = Trace(x, objective.start_value, tol)
    if not math.isfinite(trace.values[0]):
        raise FunctionError("descent.start", value=objective.sign * trace.values[0])
    state = rule.init(objective.native.build(x))
    _look(objective, trace)
    for k in range(steps):
        if tol is not None and trace.norms[-1] <= tol:
            trace.met_tol = True
            break
        rate = rule.rate(k)
        grads = objective.native.build(trace.gradient)
        tree, state = rule.update(grads, state, objective.native.build(x))
        x = objective.inside(flat(tree))
        value = objective.value(x) if np.isfinite(x).all() else math.nan
        trace.add(x, value, rate)
        if not math.isfinite(value):
            trace.norms.append(math.nan)
            break
        _look(objective, trace)
        if trace.overflow:
            break
    else:
        trace.met_tol = tol is not None and trace.norms[-1] <= tol
    return trace


def _look(objective: Objective, trace: Trace) -> None:
    """Take the gradient at the last point of the path."""
    x = trace.path[-1]
    gradient, error = objective.gradient(x)
    free: FloatArray = objective.free(x, gradient)
    if not np.isfinite(free).all():
        # At the edge of what floats can hold the differences overflow before f does; elsewhere f jumps.
        if abs(trace.values[-1]) < 1e100:
            first, second = (objective.sign * objective.value(x) for _ in range(2))
            if not objective.analytic and first != second:
                raise FunctionError("descent.noisy", first=first, second=second)
            where = objective.native.where(int(np.flatnonzero(~np.isfinite(free))[0]))
            raise FunctionError("descent.gradient", where=where, value=objective.sign * trace.values[-1])
        trace.overflow = True
    trace.see(gradient, free, error)


def _report(objective: Objective, trace: Trace, verdict: Verdict) -> Descent:
    native, sign = objective.native, objective.sign
    path = np.stack(trace.path)
    direction = None if verdict.direction is None else native.build(verdict.direction)
    negative = None if verdict.negative is None else sign * verdict.negative
    return Descent(
        x=native.build(path[-1]),
        value=sign * trace.values[-1],
        path=native.build(path, stacked=True),
        values=sign * np.array(trace.values),
        gradients=np.array(trace.norms),
        learning_rates=np.array(trace.rates),
        status=verdict.status,
        evaluations=objective.evaluations,
        lambda_max=verdict.lambda_max,
        stable_learning_rate=verdict.stable,
        negative_curvature=negative,
        direction=direction,
        reason=verdict.reason,
        facts=verdict.facts,
        mismatch=verdict.mismatch,
    )
