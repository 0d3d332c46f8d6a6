"""Calling the function under study: at many points, whatever it returns, and counting."""

from __future__ import annotations

import numbers
from collections.abc import Callable
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray, is_array, to_numpy
from gradwright.differentiate.point import Point, dtype_eps
from gradwright.errors import FunctionError

#: Stacked points are handed to a vectorized function in chunks of at most this many numbers (64 MiB).
_CHUNK = 2**23


class Sampler:
    """A function along lines through a point.

    A *line* is a direction in which x is moved: by an offset t, x becomes x + t v. The engine asks for the values at
    many offsets on many lines at once and gets an array of shape (lines, offsets, outputs).

    Parameters
    ----------
    f : callable
        The function.
    point : Point
        Where it is studied.
    directions : ndarray, shape (lines, n), optional
        The directions v; by default coordinate axes, of which no matrix is made.
    axes : ndarray of int, shape (lines,), optional
        Which axes; by default all.
    vectorized : bool
        Whether f takes points stacked along a new first axis.
    scalar : bool
        Whether f must return one number.

    Attributes
    ----------
    centre : ndarray, shape (outputs,)
        The values at x itself.
    shape : tuple of int
        The shape of what f returns.
    eps : float
        The relative spacing of the dtype in which f returned its values.
    point_eps : float
        The relative spacing of the dtype in which f gets its points.
    evaluations : int
        The number of points at which f was evaluated so far.
    """

    def __init__(
        self,
        f: Callable[..., Any],
        point: Point,
        directions: FloatArray | None = None,
        *,
        vectorized: bool = False,
        scalar: bool = True,
        axes: np.ndarray[Any, Any] | None = None,
    ) -> None:
        self.axes = np.arange(len(point.vector)) if axes is None else axes
        self.f, self.point, self.directions, self.vectorized, self.scalar = f, point, directions, vectorized, scalar
        self.evaluations = 0
        self.shape: tuple[int, ...] = ()
        self.eps = float(np.finfo(np.float64).eps)
        self.point_eps = self.eps
        self.centre = self._first()

    @property
    def lines(self) -> int:
        """The number of lines."""
        return len(self.axes if self.directions is None else self.directions)

    def _first(self) -> FloatArray:
        # In float64 if f lets us: a float32 point is raised unless f itself cannot mix it with what it holds.
        try:
            values = self._call(self.point.vector[None, :])
        except Exception:
            if not self.point.raised:
                raise
            self.point.raised = False
            values = self._call(self.point.vector[None, :])
        self.shape = values.shape[1:]
        if self.scalar and values[0].size != 1:
            raise FunctionError("f.not-scalar", name="f", shape=self.shape)
        if not self.point.raised:
            self.eps = self.point_eps = max(self.eps, *(dtype_eps(dtype) for dtype in self.point.dtypes))
        if values.dtype.kind == "f" and values.dtype.itemsize < 8:
            self.eps = max(self.eps, float(np.finfo(values.dtype).eps))
        return _real(values, np.dtype(np.float64)).reshape(-1)

    def _call(self, points: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Evaluate f at the rows of `points`; the result has one row for each."""
        self.evaluations += len(points)
        with self.point.float64():
            if self.vectorized:
                values = number_array(self.f(self.point.build(points, stacked=True)))
                if values.ndim == 0 or len(values) != len(points):
                    raise FunctionError("f.not-vectorized", name="f", shape=values.shape, count=len(points))
                return values
            return np.stack([number_array(self.f(self.point.build(row))) for row in points])

    def __call__(self, lines: np.ndarray[Any, Any], offsets: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return the values at `offsets` (shape (a, k), real or complex) on `lines` (shape (a,)): (a, k, outputs).

        At an offset of exactly 0 the value is the one known already.
        """
        count, nodes = offsets.shape
        outputs = len(self.centre)
        values = np.empty((count, nodes, outputs), dtype=offsets.dtype)
        wanted = np.argwhere(offsets != 0)
        values[offsets == 0] = self.centre
        step = max(1, _CHUNK // len(self.point.vector)) if self.vectorized else 1
        for start in range(0, len(wanted), step):
            chosen = wanted[start : start + step]
            points = np.repeat(self.point.vector[None, :].astype(offsets.dtype), len(chosen), axis=0)
            moves = offsets[chosen[:, 0], chosen[:, 1]]
            if self.directions is None:
                points[np.arange(len(chosen)), self.axes[lines[chosen[:, 0]]]] += moves
            else:
                points += moves[:, None] * self.directions[lines[chosen[:, 0]]]
            result = self._call(points)
            if result.shape[1:] != self.shape:
                raise FunctionError("f.shape-changed", name="f", shape=result.shape[1:], first=self.shape)
            if values.dtype.kind == "c" and result.dtype.kind != "c":
                raise FunctionError("f.not-complex", name="f")
            values[chosen[:, 0], chosen[:, 1]] = _real(result, values.dtype).reshape(len(chosen), outputs)
        return values


class ElementwiseSampler(Sampler):
    """A function that maps an array of points to their values, each point a line of its own.

    All points are moved at once, in one call. A function that takes single numbers only (``math.sin``, an ``if`` on
    its argument) is called point by point instead.
    """

    def __init__(self, f: Callable[..., Any], point: Point) -> None:
        self.one_by_one = False
        super().__init__(f, point, scalar=False)

    @property
    def lines(self) -> int:
        """The number of points."""
        return len(self.point.vector)

    def _first(self) -> FloatArray:
        raised, first = self.point.raised, None
        try:
            centre = super()._first()
        except (TypeError, ValueError) as error:
            # What NumPy raises for float(array) and for the truth of an array. If a single number fails as well, the
            # error is f's own, and is the one to show.
            if self.point.is_number:
                raise
            first = error
        if first is not None:
            self.one_by_one, self.point.raised = True, raised
            centre = super()._first()
        if self.shape != self.point.shapes[0]:
            raise FunctionError("f.not-elementwise", name="f", shape=self.shape, points=self.point.shapes[0])
        return centre

    def _call(self, points: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        if self.one_by_one:
            return np.stack([self._each(row) for row in points]).reshape(len(points), *self.point.shapes[0])
        self.evaluations += points.size - len(points)
        return super()._call(points)

    def _each(self, points: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        values = []
        for number in points:
            self.evaluations += 1
            values.append(number_array(self.f(number.item())))
            if values[-1].size != 1:
                raise FunctionError("f.not-elementwise", name="f", shape=values[-1].shape, points=())
        return np.stack([value.reshape(()) for value in values])

    def __call__(self, lines: np.ndarray[Any, Any], offsets: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return the values at `offsets` (a, k) of the points `lines` (a,); the other points stay where they are."""
        values = np.empty((*offsets.shape, 1), dtype=offsets.dtype)
        for k in range(offsets.shape[1]):
            if not np.any(offsets[:, k]):
                values[:, k, 0] = self.centre[lines]
                continue
            moved = self.point.vector.astype(offsets.dtype)
            moved[lines] += offsets[:, k]
            if self.one_by_one:
                result = self._each(moved[lines])
            else:
                result = self._call(moved[None, :])
                if result.shape[1:] != self.shape:
                    raise FunctionError("f.shape-changed", name="f", shape=result.shape[1:], first=self.shape)
                result = result.reshape(-1)[lines]
            if values.dtype.kind == "c" and result.dtype.kind != "c":
                raise FunctionError("f.not-complex", name="f")
            values[:, k, 0] = _real(result, values.dtype)
        return values


def _real(values: np.ndarray[Any, Any], dtype: np.dtype[Any]) -> np.ndarray[Any, Any]:
    if dtype.kind != "c" and values.dtype.kind == "c":
        raise FunctionError("f.returned-kind", name="f", kind="complex")
    return values.astype(dtype)


def number_array(result: Any, name: str = "f") -> np.ndarray[Any, Any]:
    """Return what a function returned as a NumPy array of its own: f may hand out the same buffer each time.

    Raises
    ------
    FunctionError
        If it is no number and no array of numbers.
    """
    if result is None:
        raise FunctionError("f.returned-none", name=name)
    try:
        if isinstance(result, numbers.Real):  # also those that NumPy does not know: fractions, mpmath, SymPy
            result = float(result) if not hasattr(result, "dtype") else result
        host = np.array(to_numpy(result) if is_array(result) else result)
    except (TypeError, ValueError, OverflowError):  # the last of a whole number beyond floating point
        raise FunctionError("f.returned-kind", name=name, kind=type(result).__name__) from None
    if host.dtype.kind not in "buifc":
        raise FunctionError("f.returned-kind", name=name, kind=type(result).__name__)
    return host if host.dtype.kind in "fc" else host.astype(np.float64)
