"""An analytic gradient against derivatives with error bars."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradwright import _validate
from gradwright._arrays import FloatArray, adapter, array_of, to_numpy
from gradwright.check.judgement import Judgement, judge
from gradwright.check.noise import slope_in_noise
from gradwright.check.report import GradientReport, Mismatch
from gradwright.differentiate import Status
from gradwright.differentiate.gradients import Partials, partials
from gradwright.differentiate.point import Point
from gradwright.errors import ArgumentTypeError, NonFiniteError, ShapeError
from gradwright.trees import matching_leaves

#: A backward pass adds up many terms, each rounded: this many spacings of its dtype, at the size of the array's largest
#: entry, are put down to rounding. Sums of n terms lose about sqrt(n) spacings, and pairwise sums fewer. Besides, an
#: entry may lose half of its own digits to a difference inside: y - t where a network is sure of its answer.
_ROUNDING = 32.0
_EPS = float(np.finfo(np.float64).eps)
#: Of the entries that seem wrong, this many are measured again, in ways that take more evaluations.
_LOOKS = 50


def check_gradient(
    f: Callable[..., Any],
    x: Any,
    gradient: Any,
    *,
    sample: int | None = None,
    rng: int | np.random.Generator | None = 0,
    method: str = "auto",
    step: Any = None,
    bounds: Any = None,
    rtol: float | None = None,
) -> GradientReport:
    """Check a hand-written gradient.

    Each derivative is measured with its error bar, and the difference is judged by that bar and by the rounding of the
    dtype that gradient and x came in, never by a fixed tolerance: what must be right are half of the digits of an
    entry, or its digits beside the largest entry of its array. At a kink any value between the two one-sided slopes is
    right.

    Parameters
    ----------
    f : callable
        ``f(x) -> number``.
    x : number, array or tree of arrays
        The point.
    gradient : callable, or as `x`
        ``gradient(x)``, or the gradient at x itself, with the structure and shapes of x. Where x is float32, a function
        lets the check tell rounding from mistakes: it is tried in float64 too.
    sample : int, optional
        Check at most this many entries of each array, drawn with `rng`; by default all.
    rng : int, numpy.random.Generator or None
        Draws the sample.
    method, step, bounds, rtol
        As in `gradwright.gradient`.

    Returns
    -------
    GradientReport

    Raises
    ------
    ShapeError, ArgumentError, ArgumentTypeError, NonFiniteError
        If the gradient has not the structure or shapes of x, or holds no numbers or NaN: that is no wrong gradient, it
        is none.

    Examples
    --------
    >>> f = lambda x: (x**2).sum()
    >>> x = np.array([1.0, -2.0, 3.0])
    >>> check_gradient(f, x, lambda x: 2 * x).passed
    True
    >>> report = check_gradient(f, x, np.array([2.0, -4.0, 5.0]))
    >>> report.verdict, report.mismatches[0].where, round(report.mismatches[0].numeric, 9)
    ('wrong', 'x[2]', 6.0)
    """
    _validate.function("f", f)
    point = Point(x)
    rule = gradient if callable(gradient) and not hasattr(gradient, "shape") else None
    analytic = _analytic(point, rule(point.fresh()) if rule else gradient, point.dtypes)
    chosen = _sample(point, sample, rng)
    measured = partials(f, x, chosen, method=method, step=step, bounds=bounds, rtol=rtol)
    judged = judge(analytic.value[chosen], analytic.rounding[chosen], measured)
    evaluations = measured.evaluations
    if judged.wrong.any():
        _blame_rounding(point, rule, analytic, chosen, measured, judged)
    if method == "auto" and step is None and bounds is None:
        evaluations += _look_from_each_side(f, point, analytic, chosen, measured, judged)
        if judged.wrong.any():
            evaluations += _look_again(f, point, analytic, chosen, judged)
    return _report(point, chosen, analytic.value[chosen], judged, evaluations)


@dataclass(frozen=True)
class _Analytic:
    """The gradient under test as a vector, and what rounding may have done to each entry; `eps` is the coarsest."""

    value: FloatArray
    rounding: FloatArray
    eps: float


def _analytic(point: Point, gradient: Any, dtypes: list[str]) -> _Analytic:
    """Take the gradient apart; it was computed from arrays of `dtypes`."""
    parts, rounding, coarsest = [], [], _EPS
    leaves = matching_leaves(point.structure, gradient, "gradient")
    for path, shape, dtype, leaf in zip(point.structure.paths, point.shapes, dtypes, leaves, strict=True):
        host, own = _numbers(f"gradient {path}".strip(), leaf, shape)
        eps = max(_eps(own), _eps(dtype))  # computed from a float32 x, a gradient in float64 has the digits of float32
        size = np.abs(host)
        parts.append(host)
        rounding.append(_ROUNDING * eps * size.max(initial=0.0) + math.sqrt(eps) * size)
        coarsest = max(coarsest, eps)
    return _Analytic(np.concatenate(parts), np.concatenate(rounding), coarsest)


def _blame_rounding(
    point: Point,
    rule: Callable[..., Any] | None,
    analytic: _Analytic,
    chosen: np.ndarray[Any, Any],
    measured: Partials,
    judged: Judgement,
) -> None:
    """Take back, in `judged`, what may be too little precision rather than a mistake.

    A saturated unit has a derivative of 1e-12 that is 0 in float32. If the gradient can be computed in float64 and is
    right there, the rules are right. Else nothing can be said of what is small beside the largest entry of all.
    """
    largest = float(np.abs(analytic.value).max())
    doubtful = judged.error <= largest * (_ROUNDING * _EPS if analytic.eps == _EPS else math.sqrt(analytic.eps))
    if rule is not None and point.raised:
        try:
            with point.float64():
                precise = _analytic(point, rule(point.build(point.vector)), ["float64"] * len(point.dtypes))
        except Exception:  # noqa: S110 - it may hold float32 arrays that do not mix; the caller's own x went well
            pass
        else:
            again = judge(precise.value[chosen], precise.rounding[chosen], measured)
            doubtful = ~again.wrong
    judged.doubt(doubtful)


def _some(where: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return at most `_LOOKS` of the places where `where` holds, spread over all of them."""
    places = np.flatnonzero(where)
    return places[np.unique(np.linspace(0, max(len(places) - 1, 0), _LOOKS).astype(int))] if places.size else places


def _look_from_each_side(
    f: Callable[..., Any],
    point: Point,
    analytic: _Analytic,
    chosen: np.ndarray[Any, Any],
    measured: Partials,
    judged: Judgement,
) -> int:
    """Measure from each side alone what seems wrong or was not resolved; return the number of evaluations.

    A symmetric formula may find no step that avoids a kink beside x, or step over it and agree with itself all the
    same. One side of x is free of it.
    """
    at = np.concatenate([_some(judged.wrong), _some(judged.unclear & (measured.status == Status.UNRESOLVED))])
    if not at.size:
        return 0
    axes, evaluations = chosen[at], 0
    agrees, contradicts = np.zeros_like(judged.wrong), np.zeros_like(judged.wrong)
    for side in ("backward", "forward"):
        look = partials(f, point.fresh(), axes, method=side)
        again = judge(analytic.value[axes], analytic.rounding[axes], look)
        agrees[at] |= again.trusted & ~again.wrong
        contradicts[at] |= again.trusted & again.wrong
        evaluations += look.evaluations
    judged.unclear = judged.unclear & ~(agrees & ~contradicts)
    judged.doubt(agrees)
    return evaluations


def _look_again(
    f: Callable[..., Any], point: Point, analytic: _Analytic, chosen: np.ndarray[Any, Any], judged: Judgement
) -> int:
    """Take back what the rounding of x or the noise of f may excuse; return the number of evaluations.

    Where the gradient nearly vanishes, f may repeat to fewer digits than its size suggests (a loss of 1e-30 is a sum of
    squared roundings): then the derivative moves with the rounding of x.
    """
    at = _some(judged.wrong)
    axes, first = chosen[at], judged.nearest[at]
    value, rounding = analytic.value[axes], analytic.rounding[axes]
    signs = np.where(np.random.default_rng(0).random(len(point.vector)) < 0.5, -1.0, 1.0)
    spacings = _ROUNDING * min(analytic.eps, 2.0**-23)  # of float32 at most: those of bfloat16 would lead far away
    nearby = partials(f, point.restore(point.vector * (1 + spacings * signs)), axes)
    again = judge(value, rounding, nearby)
    excused = ~again.wrong | (judged.error[at] <= judged.tolerance[at] + 2 * np.abs(again.nearest - first))
    # Noise may show best where the first look was of no use.
    slope, error, evaluations = slope_in_noise(f, point, np.concatenate([axes, chosen[_some(judged.unclear)]]))
    excused |= np.abs(value - slope[: len(axes)]) <= 2 * error[: len(axes)] + rounding

    doubtful = np.zeros_like(judged.wrong)
    doubtful[at[excused]] = True
    # If all that were looked at are excused, so are those that were not.
    judged.doubt(judged.wrong if excused.all() else doubtful)
    return evaluations + nearby.evaluations


def _eps(dtype: str) -> float:
    if dtype == "bfloat16":  # which NumPy does not know
        return 2.0**-7
    return float(np.finfo(dtype).eps) if dtype.startswith("float") else _EPS


def _numbers(name: str, leaf: Any, shape: tuple[int, ...]) -> tuple[FloatArray, str]:
    """Return one array of the gradient as a vector in float64, and the name of the dtype that it came in."""
    array = array_of(leaf, name=name)
    host = to_numpy(array)
    dtype = adapter(array).dtype_name(array)
    if host.shape != shape:
        raise ShapeError("array.shape", name=name, shape=host.shape, expected=shape)
    if host.dtype.kind == "c":
        raise ArgumentTypeError("array.not-real", name=name, dtype=dtype)
    bad = np.argwhere(~np.isfinite(host))
    if len(bad):
        index = tuple(int(i) for i in bad[0])
        raise NonFiniteError("array.non-finite", name=name, what=str(host[index]), index=index, count=len(bad))
    return host.astype(np.float64).ravel(), dtype


def _sample(point: Point, sample: int | None, rng: int | np.random.Generator | None) -> np.ndarray[Any, Any]:
    if sample is None:
        return np.arange(len(point.vector))
    count = _validate.positive_int("sample", sample)
    generator = _validate.generator("rng", rng)
    chosen, start = [], 0
    for size in point.sizes:
        chosen.append(start + np.sort(generator.choice(size, min(count, size), replace=False)))
        start += size
    return np.concatenate(chosen)


def _report(
    point: Point, chosen: np.ndarray[Any, Any], analytic: FloatArray, judged: Judgement, evaluations: int
) -> GradientReport:
    ratio = judged.ratio
    mismatches = []
    for i in np.flatnonzero(judged.wrong)[np.argsort(-ratio[judged.wrong], kind="stable")]:
        path, index = point.entry(int(chosen[i]))
        numbers = (float(a[i]) for a in (analytic, judged.nearest, judged.error, judged.tolerance))
        mismatches.append(Mismatch(path, index, *numbers))
    return GradientReport(
        verdict="wrong" if mismatches else "inconclusive" if judged.unclear.any() else "passed",
        mismatches=mismatches,
        checked=len(chosen),
        total=len(point.vector),
        kinks=[point.where(int(chosen[i])) for i in np.flatnonzero(judged.kink)],
        unclear=[point.where(int(chosen[i])) for i in np.flatnonzero(judged.unclear)],
        largest_error=float(ratio[judged.trusted].max(initial=0.0)),
        evaluations=evaluations,
    )
