"""The backward method of a layer or an operation against differences of its forward method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from gradwright import _validate
from gradwright._arrays import FloatArray, adapter, to_numpy
from gradwright.check.analytic import taken_apart
from gradwright.check.causes import Cause, Explanation
from gradwright.check.gradient import Task, run_check
from gradwright.check.naming import agrees, difference
from gradwright.check.observed import Observed
from gradwright.check.reading import arrays_read, batch_sizes
from gradwright.check.report import GradientReport
from gradwright.differentiate.calling import number_array
from gradwright.differentiate.gradients import partials
from gradwright.differentiate.point import Point
from gradwright.trees import flatten


def check_vjp(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    x: Any,
    *,
    sample: int | None = None,
    rng: int | np.random.Generator | None = 0,
    bounds: Any = None,
    rtol: float | None = None,
) -> GradientReport:
    r"""Check a backward method: the product of an upstream gradient with the Jacobian of forward.

    .. math:: \text{backward}(u) = \nabla_x \, (u \cdot \text{forward}(x)) = J^T u

    Each call of `backward` comes right after a call of `forward`, as a layer that keeps what it needs expects. The
    upstream gradient is drawn at random, uneven, and a second one shows whether it is used at all.

    Parameters
    ----------
    forward : callable
        ``forward(x)`` -> array, number or tree of arrays.
    backward : callable
        ``backward(upstream)`` -> the gradient with respect to x, with its structure and shapes. `upstream` is like what
        forward returned.
    x : number, array or tree of arrays
        The point.
    sample, rng, bounds, rtol
        As in `check_gradient`; `rng` also draws the upstream gradients.

    Returns
    -------
    GradientReport

    Raises
    ------
    ShapeError, ArgumentError, ArgumentTypeError, NonFiniteError
        If what backward returns has not the structure or shapes of x, or holds no numbers or NaN.

    Notes
    -----
    A layer has its parameters besides x: check them with ``lambda W: layer_with(W).forward(x)`` in place of forward.

    Examples
    --------
    >>> class Sigmoid:
    ...     def forward(self, x):
    ...         self.y = 1 / (1 + np.exp(-x))
    ...         return self.y
    ...     def backward(self, upstream):
    ...         return upstream * self.y * (1 - self.y)
    >>> layer, x = Sigmoid(), np.array([[0.3, -1.0], [2.0, 0.5]])
    >>> check_vjp(layer.forward, layer.backward, x).passed
    True
    >>> check_vjp(layer.forward, lambda u: u, x).causes[0].code
    'activation-derivative-missing'
    """
    _validate.function("forward", forward)
    _validate.function("backward", backward)
    point = Point(x)
    generator = _validate.generator("rng", rng)
    options = {"method": "auto", "step": None, "bounds": bounds, "rtol": rtol}
    batches = batch_sizes(point, forward, backward)
    blank = Task.of(forward, point, None, None, sample=sample, rng=generator, options=options, batches=batches)
    blank = _mirrored(blank, forward) if bounds is None else blank
    outputs = _Outputs(_first(forward, point, blank.place))
    upstream, other = outputs.draw(generator), outputs.draw(generator)

    def rule(given: Any, u: FloatArray = upstream) -> Any:
        forward(given)
        return backward(outputs.like(u))

    task = replace(blank, f=outputs.weighted(forward, upstream), gradient=rule, rule=rule)
    report = run_check(task, _Names(point, forward, backward, outputs, upstream).explanations)
    changes = _changes_upstream(forward, backward, point, outputs, upstream)
    first, second = (taken_apart(point, rule(point.fresh(), u), point.dtypes) for u in (upstream, other))
    same = difference(first.value, second.value)
    # A backward method gets no x: one that computes with an x of its own is right if it is right here.
    causes = [cause for cause in report.causes if cause.code != "ignores-input" or report.mismatches]
    if same <= agrees(first.eps) and first.value.any() and not any(cause.code == "stochastic" for cause in causes):
        causes = [Cause("upstream-ignored", (), {"agreement": same}), *(c for c in causes if c.code in _BESIDES)]
    if changes is not None:
        causes = [Cause("mutates-input", (), changes), *causes]
    found = [cause for cause in causes if cause.code not in ("kink", "precision")]
    seed = int(rng) if isinstance(rng, (int, np.integer)) else None
    verdict = "wrong" if found else "passed" if report.verdict == "wrong" else report.verdict
    return replace(report, verdict=verdict, causes=causes, seed=seed)


#: What may be wrong besides an upstream gradient that is ignored; the rest follows from that.
_BESIDES = ("mutates-input", "accumulates", "stale-cache")


def _mirrored(task: Task, forward: Callable[..., Any]) -> Task:
    """Return the task with a place where half of the signs are turned, if forward is defined there.

    A mask of a ReLU that is kept from there fits no x then.
    """
    place = task.place * np.where(np.arange(len(task.place)) % 2, 1.0, -1.0)
    try:
        with np.errstate(all="ignore"):
            leaves = flatten(_numbers(forward(task.point.restore(place))), "forward")[0]
        defined = all(np.isfinite(np.asarray(to_numpy(leaf.array))).all() for leaf in leaves)
    except Exception:  # as the logarithm's is not, of all libraries
        defined = False
    return replace(task, place=place) if defined else task


def _first(forward: Callable[..., Any], point: Point, place: FloatArray) -> Any:
    """Return what forward gives for its first call, elsewhere: what it remembers of that is not x."""
    try:
        return forward(point.restore(place))
    except Exception:  # it may be defined at x and nowhere else
        return forward(point.fresh())


class _Outputs:
    """The form of what forward returns, and upstream gradients for it."""

    def __init__(self, result: Any) -> None:
        self.leaves, self.structure = flatten(_numbers(result), "forward")
        self.sizes = [int(np.prod(leaf.array.shape)) for leaf in self.leaves]

    def draw(self, rng: np.random.Generator) -> FloatArray:
        """Return a vector of uneven numbers, none near 0."""
        size = sum(self.sizes)
        return np.asarray(rng.uniform(0.5, 1.5, size) * rng.choice([-1.0, 1.0], size))

    def like(self, vector: FloatArray) -> Any:
        """Return a vector in the form, library and dtype of what forward returned."""
        parts, start = [], 0
        for (_, array), size in zip(self.leaves, self.sizes, strict=True):
            host = np.asarray(to_numpy(array))
            part = vector[start : start + size].reshape(host.shape)
            parts.append(adapter(array).from_numpy(part.astype(host.dtype if host.dtype.kind == "f" else float), array))
            start += size
        return self.structure.build(parts)

    def weighted(self, forward: Callable[..., Any], vector: FloatArray) -> Callable[..., Any]:
        """Return ``x -> sum(vector * forward(x))``, in float32 where forward computes so."""

        def f(x: Any) -> Any:
            leaves = flatten(_numbers(forward(x)), "forward")[0]
            host = [np.asarray(to_numpy(leaf.array)) for leaf in leaves]
            total = float(np.concatenate([part.ravel().astype(np.float64) for part in host]) @ vector)
            coarse = any(part.dtype.kind == "f" and part.dtype.itemsize < 8 for part in host)
            return np.float32(total) if coarse else total

        return f

    def hosts(self, result: Any) -> list[FloatArray]:
        """Return what forward returned as NumPy arrays in float64."""
        return [np.asarray(to_numpy(leaf.array), dtype=np.float64) for leaf in flatten(_numbers(result), "forward")[0]]


def _numbers(result: Any) -> Any:
    """Return what forward returned as arrays of its own: it may hand out the same buffer each time."""
    try:
        leaves, structure = flatten(result, "forward")
    except Exception:
        return number_array(result, "forward")  # says what is wrong with it
    return structure.build([adapter(leaf.array).from_numpy(to_numpy(leaf.array), leaf.array) for leaf in leaves])


def _changes_upstream(
    forward: Callable[..., Any], backward: Callable[..., Any], point: Point, outputs: _Outputs, upstream: FloatArray
) -> dict[str, Any] | None:
    """Return what a call of backward does to the upstream gradient that it gets, None where nothing."""
    forward(point.fresh())
    given = outputs.like(upstream)
    kept = [np.array(to_numpy(leaf.array)) for leaf in flatten(given, "upstream")[0]]
    backward(given)
    for before, leaf in zip(kept, flatten(given, "upstream")[0], strict=True):
        after = np.asarray(to_numpy(leaf.array))
        if not np.array_equal(before, after, equal_nan=True):
            most = float(np.abs(after - before).max())
            return {"array": "upstream", "count": int((before != after).sum()), "most": most}
    return None


class _Names:
    """What can be told of a wrong backward method from its upstream gradient and the arrays that it reads."""

    def __init__(
        self,
        point: Point,
        forward: Callable[..., Any],
        backward: Callable[..., Any],
        outputs: _Outputs,
        upstream: FloatArray,
    ) -> None:
        self.point, self.forward, self.outputs, self.upstream = point, forward, outputs, upstream
        self.read = [*arrays_read(forward), *arrays_read(backward)]

    def explanations(self, arrays: list[Observed]) -> list[Explanation]:
        """Return what explains the wrong arrays."""
        found = [*self._ones(arrays)]
        if len(arrays) == 1 and len(self.outputs.leaves) == 1:
            (array,) = arrays
            (y,) = self.outputs.hosts(self.forward(self.point.fresh()))
            for look in (self._softmax, self._not_transposed, self._bias, self._slopes):
                found += look(array, y)
        return found

    def _ones(self, arrays: list[Observed]) -> list[Explanation]:
        """Is it the gradient for an upstream of ones?"""
        f = self.outputs.weighted(self.forward, np.ones_like(self.upstream))
        ones = partials(f, self.point.fresh(), np.arange(len(self.point.vector)))
        for factor in (1.0, float(self.upstream.sum()), float(self.upstream.mean())):
            found = self._scaled(arrays, factor * ones.value, abs(factor) * ones.error)
            if found:
                return found
        return []

    def _scaled(self, arrays: list[Observed], values: FloatArray, errors: FloatArray) -> list[Explanation]:
        start, worst = 0, 0.0
        for array in arrays:
            size = array.x.size
            value, error = (a[start : start + size].reshape(array.x.shape) for a in (values, errors))
            start += size
            allowed = 2 * error + np.sqrt(array.eps) * np.abs(value) + 32 * array.eps * np.abs(value).max(initial=0.0)
            if not (np.abs(array.analytic - value) <= allowed).all():
                return []
            worst = max(worst, difference(array.analytic, value))
        return [[Cause("upstream-ignored", tuple(a.name for a in arrays), {"agreement": worst}, "ones")]]

    def _softmax(self, array: Observed, y: FloatArray) -> list[Explanation]:
        """Is it the diagonal of the Jacobian of softmax alone, or the product without the sum?"""
        if y.shape != array.x.shape or not y.size or (y < 0).any() or not np.allclose(y.sum(axis=-1), 1.0):
            return []
        u = self.upstream.reshape(y.shape)
        for variant, candidate in (("plain", u * y * (1 - y)), ("sum", u * y)):
            off = difference(array.analytic, candidate)
            if off <= agrees(array.eps):
                return [[Cause("softmax-diagonal-only", (array.name,), {"agreement": off}, variant)]]
        return []

    def _slopes(self, array: Observed, y: FloatArray) -> list[Explanation]:
        """Is it the upstream times what is no derivative of this activation: another's, or one at the wrong place?"""
        c = array.coefficient(array.analytic)
        if y.shape != array.x.shape or y.size < 2 or (c and array.explains(c * array.analytic)):
            return []
        u, x = self.upstream.reshape(y.shape), array.x
        candidates = {
            "u * y * (1 - y)": y * (1 - y),
            "u * (1 - y**2)": 1 - y**2,
            "u * (y > 0)": (y > 0) * 1.0,
            "u * (u > 0)": (u > 0) * 1.0,
            "u * x * (1 - x)": x * (1 - x),
            "u * (1 - x**2)": 1 - x**2,
            "u * y": y,
            "u * x": x,
        }
        for line, slope in candidates.items():
            off = difference(array.analytic, u * slope)
            if off <= agrees(array.eps) and not array.fits(u * slope):
                facts = {"agreement": off, "line": line}
                return [[Cause("activation-derivative-misplaced", (array.name,), facts, "line")]]
        return []

    def _bias(self, array: Observed, y: FloatArray) -> list[Explanation]:
        """Was the upstream of a batch summed over another axis than the batch, or not at all?"""
        if y.ndim != 2 or array.x.shape != y.shape[1:] or not array.fits(self.upstream.reshape(y.shape).sum(axis=0)):
            return []
        u = self.upstream.reshape(y.shape)
        width = int(array.x.size)
        lines = {
            "u.sum()": np.full(width, u.sum()),
            "u.mean()": np.full(width, u.mean()),
            "u.sum(axis=1)": np.resize(u.sum(axis=1), width),
            "u.mean(axis=1)": np.resize(u.mean(axis=1), width),
            "u[0]": u[0],
            "u[-1]": u[-1],
        }
        for line, candidate in lines.items():
            off = difference(array.analytic, candidate)
            if off <= agrees(array.eps):
                return [[Cause("bias-axis", (array.name,), {"agreement": off, "line": line}, "line")]]
        return []

    def _not_transposed(self, array: Observed, y: FloatArray) -> list[Explanation]:
        """Was the upstream multiplied with a square matrix in the place of its transpose?"""
        u = self.upstream.reshape(y.shape)
        for matrix in self.read:
            if matrix.ndim != 2 or matrix.shape != (u.shape[-1:] or (0,)) * 2 or u.shape != array.x.shape:
                continue
            for wrong, right in ((matrix, matrix.T), (matrix.T, matrix)):
                off = difference(array.analytic, u @ wrong)
                if off <= agrees(array.eps) and array.explains(u @ right):
                    return [[Cause("transposed", (array.name,), {"agreement": off}, "factor")]]
        return []
