"""What `check_network` is given, as passes of the reference: at the parameters and batch given, and at others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray, adapter, array_of, is_array, to_numpy
from gradwright.check.mistakes import ACTIVATIONS, Activation, Pass, layers_of
from gradwright.check.repeats import place_beside
from gradwright.differentiate.point import Point
from gradwright.errors import ArgumentError, ArgumentTypeError, LabelError, NonFiniteError, ShapeError
from gradwright.functions import one_hot

#: Probabilities of one sample sum to 1 but for their rounding.
_SUM = 1e-4


@dataclass(frozen=True)
class NetworkTask:
    """The network at the parameters and the batch that were given (`here`), and at others (`there`)."""

    point: Point
    place: FloatArray
    given: tuple[Any, Any]
    other: tuple[Any, Any]
    here: Pass
    there: Pass

    @classmethod
    def of(cls, params: Any, x: Any, t: Any, activation: str, rng: np.random.Generator) -> NetworkTask:
        """Return the task, after all that is given was looked at."""
        if not isinstance(params, Mapping):
            raise ArgumentTypeError("network.params", kind=type(params).__name__)
        if not all(isinstance(name, str) for name in params):
            raise ArgumentError("network.names", names=", ".join(map(str, params)))
        names = layers_of(params)
        if names is None:
            raise ArgumentError("network.names", names=", ".join(map(str, params)))
        if not isinstance(activation, str) or activation not in ACTIVATIONS:
            raise ArgumentError("argument.choice", name="activation", value=activation, choices=", ".join(ACTIVATIONS))
        point = Point(dict(params), "params")
        batch = np.asarray(to_numpy(array_of(x, name="x")))
        if batch.dtype.kind == "c":
            raise ArgumentTypeError("array.not-real", name="x", dtype=str(batch.dtype))
        batch = batch.astype(np.float64)
        shapes = dict(zip(point.structure.paths, point.shapes, strict=True))
        _check_shapes(names, shapes, batch)
        answers = _answers(t, len(batch), shapes[names["W", sum(kind == "W" for kind, _ in names)]][1])
        rows = np.roll(rng.permutation(len(batch)), 1) if len(batch) > 2 else np.arange(len(batch))[::-1]
        if (rows == np.arange(len(batch))).all():
            rows = np.roll(rows, 1)
        # As long as the batch given: what is kept of the one must fit the other, or it shows in an error and no more.
        scale = rng.uniform(0.5, 1.5, (len(rows), 1)) * rng.choice([-1.0, 1.0], (len(rows), 1))
        far = np.full(len(point.vector), np.inf)
        place = place_beside(point, -far, far, rng)
        # In the dtype of the parameters: what the gradient gets is what the reference gets.
        place = np.concatenate(
            [np.asarray(to_numpy(a), dtype=np.float64).ravel() for a in point.restore(place).values()]
        )
        other_x = _like(batch[rows] * scale, x)
        other = (other_x, _rows(t, rows))
        kind = ACTIVATIONS[activation]
        moved = np.asarray(to_numpy(other_x), dtype=np.float64)
        return cls(
            point,
            place,
            (x, t),
            other,
            _pass(point, names, kind, point.vector, batch, answers),
            _pass(point, names, kind, place, moved, answers[rows]),
        )

    def asking(self, gradient: Callable[..., Any]) -> Callable[[bool], tuple[Any, Any, Any]]:
        """Return what calls the gradient with copies of its arguments."""

        def arguments(elsewhere: bool) -> dict[str, Any]:
            x, t = self.other if elsewhere else self.given
            params = self.point.restore(self.place) if elsewhere else self.point.fresh()
            return {"params": params, "x": copied(x), "t": copied(t)}

        def ask(elsewhere: bool) -> tuple[Any, Any, Any]:
            before, after = arguments(elsewhere), arguments(elsewhere)
            return gradient(after["params"], after["x"], after["t"]), before, after

        return ask

    def loss(self, params: Mapping[str, Any]) -> float:
        """Return the loss on the batch that was given."""
        return self.at(params, self.here).loss

    def at(self, params: Mapping[str, Any], like: Pass) -> Pass:
        """Return a pass with other parameters."""
        host = {name: np.asarray(to_numpy(array), dtype=np.float64) for name, array in params.items()}
        weights = [host[like.names["W", k + 1]] for k in range(like.depth)]
        biases = [None if b is None else host[like.names["b", k + 1]] for k, b in enumerate(like.biases)]
        return replace(like, weights=weights, biases=biases)

    def shorter(self) -> Pass | None:
        """Return a pass of the first half of the batch; None where there is no half."""
        n = self.here.n // 2
        return replace(self.here, x=self.here.x[:n], t=self.here.t[:n]) if n else None

    def rows(self, values: Any, count: int) -> Any:
        """Return the first rows of what was given, in its own form."""
        return _rows(values, np.arange(count))

    def mixed(self, other_params: bool, other_batch: bool) -> Pass:
        """Return a pass with the parameters of one and the batch of the other."""
        params, batch = (self.there if other_params else self.here), (self.there if other_batch else self.here)
        return replace(params, x=batch.x, t=batch.t)


def _pass(
    point: Point,
    names: Mapping[tuple[str, int], str],
    activation: Activation,
    vector: FloatArray,
    batch: FloatArray,
    answers: FloatArray,
) -> Pass:
    host = dict(zip(point.structure.paths, _split(point, vector), strict=True))
    depth = sum(kind == "W" for kind, _ in names)
    weights = [host[names["W", k]] for k in range(1, depth + 1)]
    biases = [host[names["b", k]] if ("b", k) in names else None for k in range(1, depth + 1)]
    return Pass(weights, biases, batch, answers, activation, names)


def _split(point: Point, vector: FloatArray) -> list[FloatArray]:
    ends = np.cumsum(point.sizes)[:-1]
    return [part.reshape(shape) for part, shape in zip(np.split(vector, ends), point.shapes, strict=True)]


def _check_shapes(
    names: Mapping[tuple[str, int], str], shapes: Mapping[str, tuple[int, ...]], batch: FloatArray
) -> None:
    if batch.ndim != 2 or not len(batch):
        raise ShapeError("network.axes", shape=batch.shape)
    _refuse_non_finite("x", batch)
    width = batch.shape[1]
    for k in range(1, sum(kind == "W" for kind, _ in names) + 1):
        weight = shapes[names["W", k]]
        if len(weight) != 2 or weight[0] != width:
            raise ShapeError("network.weight", name=names["W", k], shape=weight, width=width)
        width = weight[1]
        if ("b", k) in names and shapes[names["b", k]] != (width,):
            raise ShapeError("array.shape", name=names["b", k], shape=shapes[names["b", k]], expected=(width,))


def _answers(t: Any, count: int, classes: int) -> FloatArray:
    host = np.asarray(to_numpy(array_of(t, name="t")))
    _refuse_non_finite("t", host)
    if host.shape == (count, classes):
        rows = host.astype(np.float64)
        total = rows.sum(axis=1, keepdims=True)
        if (rows < 0).any() or (np.abs(total - 1) > _SUM).any():
            raise LabelError("network.probabilities", shape=host.shape)
        return np.asarray(rows / total)
    if host.shape != (count,):
        raise ShapeError("network.answers", shape=host.shape, count=count, classes=classes)
    if host.dtype.kind not in "iu":
        raise LabelError("network.answers", shape=host.shape, count=count, classes=classes)
    return np.asarray(one_hot(host, classes), dtype=np.float64)


def _refuse_non_finite(name: str, array: np.ndarray[Any, Any]) -> None:
    bad = np.argwhere(~np.isfinite(array))
    if len(bad):
        index = tuple(int(i) for i in bad[0])
        raise NonFiniteError("array.non-finite", name=name, what=str(array[index]), index=index, count=len(bad))


def _like(values: FloatArray, like: Any) -> Any:
    if not is_array(like):
        return values
    own = np.asarray(to_numpy(like)).dtype
    return adapter(like).from_numpy(values.astype(own if own.kind == "f" else np.float64), like)


def _rows(t: Any, rows: np.ndarray[Any, Any]) -> Any:
    host = np.asarray(to_numpy(array_of(t, name="t")))[rows]
    return adapter(t).from_numpy(host, t) if is_array(t) else host


def copied(value: Any) -> Any:
    """Return a copy of what may be an array of any library, or something written down."""
    return adapter(value).from_numpy(to_numpy(value), value) if is_array(value) else np.array(value)


def in_float64(x: Any) -> Any:
    """Return a batch in float64, in its own library."""
    host = np.asarray(to_numpy(x), dtype=np.float64)
    return adapter(x).from_numpy(host, x) if is_array(x) else host
