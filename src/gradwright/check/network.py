"""A learner's own backward pass, checked by one that knows the network, so that it can name what was done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from gradwright import _validate
from gradwright._arrays import FloatArray
from gradwright.check.along import Along, directions
from gradwright.check.analytic import EPS, ROUNDING, Analytic, taken_apart
from gradwright.check.causes import Cause, ranked
from gradwright.check.comparing import Comparison, compare, vector_of
from gradwright.check.gradient import observed
from gradwright.check.mistakes import Pass
from gradwright.check.mistakes.backward import Step
from gradwright.check.naming import EXPLAINED, agrees, difference, mistakes_in
from gradwright.check.network_task import NetworkTask, copied, in_float64
from gradwright.check.observed import Observed
from gradwright.check.patterns import explanations
from gradwright.check.repeats import Calls, call_repeatedly, repeated
from gradwright.check.report import GradientReport
from gradwright.check.taylor import taylor_test
from gradwright.differentiate.point import Point

#: The reference itself is checked along so many directions.
_DIRECTIONS = 2
#: What explains wrong numbers by itself.
_ENOUGH = ("accumulates", "stale-cache", "stochastic")


def check_network(
    params: Mapping[str, Any],
    x: Any,
    t: Any,
    gradient: Callable[..., Any],
    activation: str = "sigmoid",
    *,
    rng: int | np.random.Generator | None = 0,
) -> GradientReport:
    """Check a gradient function of one's own for a network, and name the line that is wrong.

    The network has layers ``h @ W1 + b1``, ``h @ W2 + b2``, ..., the activation after each but the last, and softmax
    with cross-entropy averaged over the batch. Its gradient is computed by a backward pass of ours, which is checked
    against differences of the loss on this very input; where yours differs, it is compared with what every known
    mistake would give on the same input.

    Parameters
    ----------
    params : dict of array
        ``{"W1": (n_in, n_hidden), "b1": (n_hidden,), "W2": ..., ...}``; a bias may be missing.
    x : array, shape (n, n_in)
        A batch; of more than one sample, or mistakes with the mean cannot be seen.
    t : array, shape (n,) or (n, n_classes)
        Labels, or rows of probabilities.
    gradient : callable
        ``gradient(params, x, t)`` -> dict of arrays with the keys of `params`. It is called on another batch with other
        parameters first, then twice on this one.
    activation : {"sigmoid", "tanh", "relu", "identity"}
        Of the hidden layers.
    rng : int, numpy.random.Generator or None
        Draws the other batch and the directions.

    Returns
    -------
    GradientReport
        ``report.causes`` names mistakes of the registry in `gradwright.check.mistakes` besides what `check_gradient`
        knows.

    Raises
    ------
    ShapeError, ArgumentError, ArgumentTypeError, LabelError, NonFiniteError
        If the arrays do not fit together, or the gradient has other keys or shapes, or holds NaN.

    Notes
    -----
    All entries are compared, whatever their number, at the price of some 30 evaluations of the loss.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> params = {"W1": rng.normal(size=(4, 3)), "b1": np.zeros(3), "W2": rng.normal(size=(3, 2)), "b2": np.zeros(2)}
    >>> def gradient(params, x, t):
    ...     h = 1 / (1 + np.exp(-(x @ params["W1"] + params["b1"])))
    ...     odds = np.exp(h @ params["W2"] + params["b2"])
    ...     dz = odds / odds.sum(axis=1, keepdims=True) - np.eye(2)[t]  # / len(x) is missing
    ...     dh = dz @ params["W2"].T * h * (1 - h)
    ...     return {"W1": x.T @ dh, "b1": dh.sum(axis=0), "W2": h.T @ dz, "b2": dz.sum(axis=0)}
    >>> report = check_network(params, rng.normal(size=(5, 4)), np.array([0, 1, 1, 0, 1]), gradient)
    >>> report.verdict, report.causes[0].code
    ('wrong', 'missing-batch-mean')
    """
    _validate.function("gradient", gradient)
    generator = _validate.generator("rng", rng)
    task = NetworkTask.of(params, x, t, activation, generator)
    calls = call_repeatedly(task.asking(gradient), lambda found: taken_apart(task.point, found, task.point.dtypes))
    here = compare(task.here, calls.first, task.point)
    if here.wrong.any():
        _blame_rounding(task, gradient, here)
    along = Along(task.loss, task.point)
    causes = repeated(calls)
    elsewhere_wrong = _wrong_elsewhere(task, gradient, calls.elsewhere)
    if here.wrong.any() or elsewhere_wrong:
        causes += _remembered(task, calls, here)
        if any(cause.code == "stale-cache" for cause in causes):  # which tells why two calls differ
            causes = [cause for cause in causes if cause.code != "stochastic"]
    arrays = observed(task.point, calls.first, here.numeric, here.slack, here.wrong)
    taylor = None
    if here.wrong.any():
        named = [] if any(cause.code in _ENOUGH for cause in causes) else _named(task, calls.first, arrays)
        if not causes and any(cause.code == "unknown" for cause in named):
            causes = _ignored(task, gradient, calls.first)
        told = [cause for cause in named if cause.code != "unknown"]
        # That it is the same everywhere explains less than a line that explains all.
        weak = [cause for cause in causes if told == named and cause.code == "ignores-input"]
        causes = [*(cause for cause in causes if cause not in weak), *(told if causes else named), *weak]
        taylor = taylor_test(along, calls.first.value, arrays, generator)
    elif elsewhere_wrong and not causes:
        causes = _named_elsewhere(task.there, calls.elsewhere, task.point)
    elif not causes and (shorter := task.shorter()) is not None:
        causes = _of_another_length(task, shorter, gradient)
    confirmed = _confirmed(task, along, generator)
    seed = int(rng) if isinstance(rng, (int, np.integer)) else None
    report = here.report(task.point, calls.first.value, bool(causes), confirmed)
    return replace(report, causes=causes or report.causes, taylor=taylor, evaluations=along.evaluations, seed=seed)


def _wrong_elsewhere(task: NetworkTask, gradient: Callable[..., Any], found: Analytic | None) -> bool:
    """Tell whether the gradient on the other batch is wrong beyond doubt, in float64 too where that can be asked."""
    if found is None or not compare(task.there, found, task.point).clearly:
        return False
    if not task.point.raised:
        return True
    x, t = task.other
    try:
        with task.point.float64():
            result = gradient(task.point.build(task.place), in_float64(x), copied(t))
            precise = taken_apart(task.point, result, ["float64"] * len(task.point.dtypes))
    except Exception:  # it may hold float32 arrays that do not mix
        return True
    return compare(task.there, precise, task.point).clearly


def _blame_rounding(task: NetworkTask, gradient: Callable[..., Any], here: Comparison) -> None:
    """Take back what is right when computed in float64: then the rules are, and there were too few digits."""
    if not task.point.raised:
        return
    x, t = task.given
    try:
        with task.point.float64():
            wide = task.point.build(task.point.vector)
            found = taken_apart(
                task.point, gradient(wide, in_float64(x), copied(t)), ["float64"] * len(task.point.dtypes)
            )
    except Exception:  # it may hold float32 arrays that do not mix; the caller's own went well
        return
    again = compare(task.here, found, task.point)
    here.unclear = here.wrong & ~again.wrong
    here.wrong = here.wrong & again.wrong


def _remembered(task: NetworkTask, calls: Calls, here: Comparison) -> list[Cause]:
    """Return whether it computes with what it got before, or with what it never got."""
    first, point = calls.first, task.point
    close = agrees(first.eps)

    def of(p: Pass, got: FloatArray) -> float:
        return difference(vector_of(p.gradient(), point), got)

    there = None if calls.elsewhere is None else calls.elsewhere.value
    if here.wrong.any():
        apart = of(task.here, first.value)
        for name, pair in (
            ("first-call", (True, True)),
            ("first-batch", (False, True)),
            ("first-params", (True, False)),
        ):
            if (off := of(task.mixed(*pair), first.value)) <= min(close, EXPLAINED * apart):
                return [Cause("stale-cache", (), {"agreement": off, "apart": apart, "seen": name}, "batch")]
        for steps in _stale_steps(task.there):
            off = difference(vector_of(task.here.gradient(steps), point), first.value)
            if off <= min(close, EXPLAINED * apart):
                return [Cause("stale-cache", (), {"agreement": off, "apart": apart, "seen": "part"}, "batch")]
    elif there is not None:
        apart = of(task.there, there)
        for name, pair in (("own", (False, False)), ("own-batch", (True, False)), ("own-params", (False, True))):
            if (off := of(task.mixed(*pair), there)) <= min(close, EXPLAINED * apart):
                return [Cause("ignores-input", (), {"agreement": off, "seen": name}, "batch")]
    if there is not None and first.value.any() and difference(there, first.value) <= 4 * first.eps:
        return [Cause("ignores-input", (), {"agreement": difference(there, first.value), "seen": "constant"}, "batch")]
    return []


def _ignored(task: NetworkTask, gradient: Callable[..., Any], first: Analytic) -> list[Cause]:
    """Return whether it is the same with other parameters, or on another batch: two more calls tell."""
    for seen, params, (x, t) in (("own-params", task.place, task.given), ("own-batch", task.point.vector, task.other)):
        try:
            result = gradient(task.point.restore(params), copied(x), copied(t))
            found = taken_apart(task.point, result, task.point.dtypes)
        except Exception:  # noqa: S112 - what it does there is not what is asked
            continue
        if first.value.any() and (off := difference(found.value, first.value)) <= 4 * first.eps:
            return [Cause("ignores-input", (), {"agreement": off, "seen": f"no-{seen[4:]}"}, "batch")]
    return []


def _stale_steps(other: Pass) -> Iterator[dict[str, Step]]:
    """Yield steps that take from another pass what may have been kept: activations, slopes, answers, probabilities."""
    outputs: list[dict[str, Step]] = [
        {},
        {"output": lambda p: (other.y - p.t) / p.n},
        {"output": lambda p: (p.y - other.t) / p.n},
        {"output": lambda p: (other.y - other.t) / p.n},
    ]
    weights: list[dict[str, Step]] = [
        {},
        {"weight": lambda p, k, delta: (other.h(k - 1) if k > 1 else p.x).T @ delta},
        {"weight": lambda p, k, delta: other.h(k - 1).T @ delta},
    ]
    slopes: list[dict[str, Step]] = [{}, {"through-activation": lambda p, k, back: back * other.slope(k)}]
    for some in product(outputs, weights, slopes):
        steps = {name: step for part in some for name, step in part.items()}
        if steps:
            yield steps


def _named(task: NetworkTask, analytic: Analytic, arrays: list[Observed]) -> list[Cause]:
    wrong = {array.name for array in arrays if array.is_wrong}
    own = {array.name: array.analytic for array in arrays}
    return ranked([*mistakes_in(task.here, own, wrong, analytic.eps), *explanations(arrays, [task.here.n])], wrong)


def _named_elsewhere(p: Pass, found: Analytic | None, point: Point) -> list[Cause]:
    """Return what is wrong on another batch, where all is right on the one that was given."""
    assert found is not None  # noqa: S101 - the caller looked
    other = compare(p, found, point)
    arrays = observed(point, found, other.numeric, other.slack, other.wrong)
    wrong = {array.name for array in arrays if array.is_wrong}
    own = {array.name: array.analytic for array in arrays}
    return ranked([*mistakes_in(p, own, wrong, found.eps), *explanations(arrays, [p.n])], wrong)


def _of_another_length(task: NetworkTask, shorter: Pass, gradient: Callable[..., Any]) -> list[Cause]:
    """Return what is wrong on a part of the batch: of a gradient that has the batch size written into it."""
    x, t = task.given
    try:
        result = gradient(task.point.fresh(), task.rows(x, shorter.n), task.rows(t, shorter.n))
        found = taken_apart(task.point, result, task.point.dtypes)
    except Exception:  # it may be made for batches of one length
        return []
    close = agrees(found.eps)
    if difference(vector_of(shorter.gradient(), task.point), found.value) <= close:
        return []
    told = _named_elsewhere(shorter, found, task.point) if compare(shorter, found, task.point).clearly else []
    return [cause for cause in told if cause.code != "unknown"]


def _confirmed(task: NetworkTask, along: Along, rng: np.random.Generator) -> bool:
    """Tell whether differences of the loss confirm the reference along random directions."""
    if any(mask.any() for mask in task.here.kinks(EPS)):
        return True  # at a kink a slope along a direction need not be that of any gradient
    reference = vector_of(task.here.gradient(), task.point)
    for _ in range(_DIRECTIONS):
        direction = directions(task.point, rng)
        slope = along.slope(task.point.vector, direction)
        told = float(direction @ reference)
        size = float(np.abs(direction * reference).sum())
        if slope.known and abs(slope.away(told)) > 10 * slope.error + ROUNDING * EPS * size + 1e-6 * size:
            return False
    return True


__all__ = ["check_network"]
