"""An analytic gradient against derivatives with error bars."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gradwright import _validate
from gradwright._arrays import FloatArray
from gradwright.check.along import Along
from gradwright.check.analytic import Analytic, in_float64, taken_apart
from gradwright.check.automatic import automatic_names
from gradwright.check.causes import Cause, Explanation, ranked
from gradwright.check.entries import Entries, check_entries
from gradwright.check.large import BUDGET, MANY, Sweep, check_directions
from gradwright.check.modules import unfolded
from gradwright.check.observed import Direction, Observed
from gradwright.check.patterns import explanations
from gradwright.check.reading import batch_sizes
from gradwright.check.repeats import call_repeatedly, place_beside, remembered, repeated
from gradwright.check.report import GradientReport, Mismatch
from gradwright.check.taylor import TAYLOR_COST, taylor_test
from gradwright.differentiate.options import Options
from gradwright.differentiate.point import Point


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
    batch_size: int | None = None,
) -> GradientReport:
    """Check a hand-written gradient, and name what is wrong with it.

    Each derivative is measured with its error bar, and the difference is judged by that bar and by the rounding of the
    dtype that gradient and x came in, never by a fixed tolerance: what must be right are half of the digits of an
    entry, or its digits beside the largest entry of its array. At a kink any value between the two one-sided slopes is
    right. A gradient that is a function is called at another point first and then twice at x: one that adds up, is
    random, remembers or changes its input is found so.

    Parameters
    ----------
    f : callable
        ``f(x) -> number``.
    x : number, array or tree of arrays, or a ``torch.nn.Module``
        The point; of a module the parameters that require gradients. It is copied, and f gets a module.
    gradient : callable, or as `x`, or "autograd"
        ``gradient(x)``, or the gradient at x itself, with the structure and shapes of x. Where x is float32, a function
        lets the check tell rounding from mistakes: it is tried in float64 too. ``"autograd"`` is what the library of x,
        PyTorch or JAX, computes for f by itself: a check of one's own ``autograd.Function`` or ``custom_vjp``.
    sample : int, optional
        Check at most this many entries of each array, drawn with `rng`. By default all of them: one by one up to 4,000
        in all; more than that along random directions, at most 300 evaluations, and what is wrong is then looked for
        by halving.
    rng : int, numpy.random.Generator or None
        Draws the sample and the directions.
    method, step, bounds, rtol
        As in `gradwright.gradient`.
    batch_size : int, optional
        The number of samples that f is a mean over. Where it is not given, the lengths of the arrays that f reads are
        tried: a gradient wrong by such a factor was not divided by it.

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
    >>> check_gradient(f, x, lambda x: x).causes[0].code
    'factor'
    """
    _validate.function("f", f)
    if batch_size is not None:
        batch_size = _validate.positive_int("batch_size", batch_size)
    f, x, gradient = unfolded(f, x, gradient)
    point = Point(x)
    generator = _validate.generator("rng", rng)
    rule = gradient if callable(gradient) and not hasattr(gradient, "shape") else None
    options = {"method": method, "step": step, "bounds": bounds, "rtol": rtol}
    seed = int(rng) if isinstance(rng, (int, np.integer)) else None
    batches = [batch_size] if batch_size else batch_sizes(point, f, rule)
    task = Task.of(f, point, gradient, rule, sample=sample, rng=generator, options=options, batches=batches)
    return replace(run_check(task, automatic_names(rule, point)), seed=seed)


@dataclass(frozen=True)
class Task:
    """What is to be checked, as `check_gradient` gets it.

    `batches` are lengths that a batch may have, `place` is where a gradient is called first.
    """

    f: Callable[..., Any]
    point: Point
    gradient: Any
    rule: Callable[..., Any] | None
    sample: int | None
    rng: np.random.Generator
    options: dict[str, Any]
    batches: list[int]
    place: FloatArray

    @classmethod
    def of(
        cls, f: Callable[..., Any], point: Point, gradient: Any, rule: Callable[..., Any] | None, **others: Any
    ) -> Task:
        """Return a task with a place beside the point."""
        limits = Options.of(point, **{**others["options"], "order": 1})
        return cls(
            f, point, gradient, rule, place=place_beside(point, limits.low, limits.high, others["rng"]), **others
        )


#: Names causes for arrays that are wrong, besides the patterns.
Namer = Callable[[list[Observed]], list[Explanation]]


def run_check(task: Task, namer: Namer | None = None) -> GradientReport:
    """Check the gradient at a point; what `check_gradient` and `check_vjp` have in common."""
    f, point, rule, rng, options = task.f, task.point, task.rule, task.rng, task.options
    calls, place = None, task.place
    if rule is None:
        analytic = taken_apart(point, task.gradient, point.dtypes)
    else:

        def ask(elsewhere: bool) -> tuple[Any, Any, Any]:
            before, after = (point.restore(place) if elsewhere else point.fresh() for _ in range(2))
            return rule(after), before, after

        calls = call_repeatedly(ask, lambda found: taken_apart(point, found, point.dtypes))
        analytic = calls.first
    plain = options["method"] == "auto" and options["step"] is None and options["bounds"] is None
    along = Along(f, point)
    if task.sample is None and plain and len(point.vector) > MANY:
        along.limit = BUDGET
        sweep = check_directions(along, analytic, rng)
        report, arrays = _of_directions(point, analytic, sweep)
        if report.verdict == "wrong" and rule is not None:
            report = _blame_rounding(report, sweep, point, rule)
    else:
        entries = check_entries(f, point, analytic, rule, _sample(point, task.sample, rng), options)
        report, arrays = _of_entries(point, analytic, entries)
    causes: list[Cause] = []
    if calls is not None:
        causes = repeated(calls)
        causes += remembered(calls, along, place, report.verdict == "wrong", analytic.rounding, rng)
    verdict = "wrong" if causes else report.verdict
    taylor = None
    if report.verdict == "wrong":
        found = [*(namer(arrays) if namer else ()), *explanations(arrays, task.batches)]
        own = ranked(found, [array.name for array in arrays if array.is_wrong])
        told = [cause for cause in own if cause.code != "unknown"]
        # That it is the same everywhere explains less than what it looks like here: dx = u is the slope forgotten.
        weak = [cause for cause in causes if told and cause.code == "ignores-input"]
        causes = [*(cause for cause in causes if cause not in weak), *(told if causes else own), *weak]
        room = BUDGET - along.evaluations if report.directions else None
        if room is None or room > TAYLOR_COST:
            taylor = taylor_test(along, analytic.value, arrays, rng, room)
    evaluations = report.evaluations + along.evaluations
    causes = causes or _of_the_rest(report)
    return replace(report, verdict=verdict, causes=causes, evaluations=evaluations, taylor=taylor)


def _of_the_rest(report: GradientReport) -> list[Cause]:
    """Return what is to be said where nothing is wrong: too little precision, kinks."""
    causes = []
    if report.verdict == "inconclusive":
        causes.append(Cause("precision", (), {"count": len(report.unclear), "checked": report.checked}))
    if report.kinks:
        causes.append(Cause("kink", (), {"count": len(report.kinks), "entry": report.kinks[0]}))
    return causes


def _sample(point: Point, sample: int | None, rng: np.random.Generator) -> np.ndarray[Any, Any]:
    if sample is None:
        return np.arange(len(point.vector))
    count = _validate.positive_int("sample", sample)
    chosen, start = [], 0
    for size in point.sizes:
        chosen.append(start + np.sort(rng.choice(size, min(count, size), replace=False)))
        start += size
    return np.concatenate(chosen)


def _of_entries(point: Point, analytic: Analytic, entries: Entries) -> tuple[GradientReport, list[Observed]]:
    chosen, judged = entries.chosen, entries.judged
    ratio, nearest, error, tolerance = judged.ratio, judged.nearest, judged.error, judged.tolerance
    mismatches = []
    for i in np.flatnonzero(judged.wrong)[np.argsort(-ratio[judged.wrong], kind="stable")]:
        path, index = point.entry(int(chosen[i]))
        value = float(analytic.value[chosen[i]])
        numbers = (float(a[i]) for a in (nearest, error, tolerance))
        mismatches.append(Mismatch(path, index, value, *numbers))
    report = GradientReport(
        verdict="wrong" if mismatches else "inconclusive" if judged.unclear.any() else "passed",
        mismatches=mismatches,
        checked=len(chosen),
        total=len(point.vector),
        kinks=[point.where(int(chosen[i])) for i in np.flatnonzero(judged.kink)],
        unclear=[point.where(int(chosen[i])) for i in np.flatnonzero(judged.unclear)],
        largest_error=float(ratio[judged.trusted].max(initial=0.0)),
        evaluations=entries.evaluations,
    )
    numeric, slack = (np.full(len(point.vector), np.nan) for _ in range(2))
    wrong = np.zeros(len(point.vector), dtype=bool)
    usable = (judged.trusted | judged.wrong) & ~judged.kink  # at a kink there is no number to compare with
    numeric[chosen] = np.where(usable, nearest, np.nan)
    slack[chosen] = np.where(usable, judged.slack, np.nan)
    wrong[chosen] = judged.wrong
    return report, observed(point, analytic, numeric, slack, wrong)


def _of_directions(point: Point, analytic: Analytic, sweep: Sweep) -> tuple[GradientReport, list[Observed]]:
    numeric, error = (np.full(len(point.vector), np.nan) for _ in range(2))
    wrong = np.zeros(len(point.vector), dtype=bool)
    mismatches, kinks = [], []
    for entry, slope in sorted(sweep.entries.items()):
        path, index = point.entry(entry)
        value = float(analytic.value[entry])
        off, slack = abs(slope.away(value)), 4 * slope.error + float(analytic.rounding[entry])
        nearest = float(np.clip(value, slope.low, slope.high))
        numeric[entry], error[entry], wrong[entry] = nearest, slope.error, slope.known and off > slack
        if wrong[entry]:
            mismatches.append(Mismatch(path, index, value, nearest, off, slack))
        if slope.low < slope.high:
            kinks.append(point.where(entry))
    mismatches.sort(key=lambda m: -m.error / m.tolerance)
    unclear = [_names(point, line.parts) for line in sweep.lines if not line.slope.known]
    apart = bool(mismatches) or any(line.wrong for line in sweep.lines)
    ratios = [abs(line.slope.away(line.told)) / line.most for line in sweep.lines if line.slope.known and line.most]
    report = GradientReport(
        verdict="wrong" if apart else "inconclusive" if unclear else "passed",
        mismatches=mismatches,
        checked=len(point.vector),
        total=len(point.vector),
        kinks=kinks,
        unclear=unclear,
        largest_error=max(ratios, default=0.0),
        evaluations=0,
        directions=len(sweep.lines),
    )
    arrays, start = observed(point, analytic, numeric, error, wrong), 0
    for array, size in zip(arrays, point.sizes, strict=True):
        part = slice(start, start + size)
        for line in sweep.lines:
            if line.parts == [part] and line.slope.known and line.slope.low == line.slope.high:
                direction = line.direction[part].reshape(array.x.shape)
                array.directions.append(Direction(direction, line.slope.value, line.slope.error))
        start += size
    return report, arrays


def _blame_rounding(report: GradientReport, sweep: Sweep, point: Point, rule: Callable[..., Any]) -> GradientReport:
    """Take back what is right when computed in float64: then the rules are, and there were too few digits."""
    precise = in_float64(point, rule)
    if precise is None or any(line.contradicts(precise) for line in sweep.lines):
        return report
    unclear = [_names(point, line.parts) for line in sweep.lines if line.suspect]
    return replace(report, verdict="inconclusive", mismatches=[], unclear=unclear)


def _names(point: Point, parts: list[slice]) -> str:
    return ", ".join(point.entry(part.start)[0] or "x" for part in parts)


def observed(
    point: Point, analytic: Analytic, numeric: FloatArray, error: FloatArray, wrong: np.ndarray[Any, Any]
) -> list[Observed]:
    """Return what was measured array by array, from vectors."""
    arrays, start = [], 0
    for path, shape, size in zip(point.structure.paths, point.shapes, point.sizes, strict=True):
        part = slice(start, start + size)
        x, own, measured, bar, bad = (
            a[part].reshape(shape) for a in (point.vector, analytic.value, numeric, error, wrong)
        )
        alone = len(point.vector) == 1
        arrays.append(Observed(path, x, own, measured, bar, bad, analytic.eps, alone=alone))
        start += size
    return arrays


__all__ = ["Task", "check_gradient", "observed", "run_check"]
