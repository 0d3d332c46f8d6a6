"""The function under study along lines through the point: many offsets on many lines at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.differentiate.calling import Caller, number_array
from gradwright.differentiate.point import Point, dtype_eps
from gradwright.errors import FunctionError
from gradwright.workers import Run

#: Points are made in chunks of at most this many numbers: 64 MiB for a vectorized f, else what a cache holds.
_CHUNK, _CACHED = 2**23, 2**16
#: Of so many points a part as small as this may be handed over alone.
_MANY, _FEW = 4096, 1 / 8
#: Values from here on are made smaller before they are combined.
_HUGE, _SHRUNK = 2.0**960, 2.0**-128


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
    known : dict, optional
        Of a function of one number: what it returned already.
    run : callable, optional
        Calls f elsewhere, as in `Caller`.

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
    varied : bool
        Whether any value so far was another than that at x.
    unit : ndarray
        What the values are multiplied by; see `shrink`.
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
        known: dict[float, Any] | None = None,
        run: Run | None = None,
    ) -> None:
        self.axes = np.arange(len(point.vector)) if axes is None else axes
        self.point, self.directions, self.vectorized, self.scalar = point, directions, vectorized, scalar
        self.call = Caller(f, point, vectorized, known, run)
        self.eps = self.point_eps = float(np.finfo(np.float64).eps)
        self.varied, self.unit = False, np.ones(())
        self.centre = self._first()

    def shrink(self) -> None:
        """Make values so much smaller, by a power of two, that sums of them do not overflow, if they might."""
        huge = np.abs(self.centre) > _HUGE
        if huge.any():
            unit = np.where(huge, _SHRUNK, 1.0)
            self.centre, self.unit = self.centre * unit, self.unit * unit

    def grown(self, results: FloatArray) -> FloatArray:
        """Return results (lines, outputs) in the units of f."""
        return np.asarray(results / self.unit)

    @property
    def lines(self) -> int:
        """The number of lines."""
        return len(self.axes if self.directions is None else self.directions)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of what f returns."""
        return self.call.shape

    @property
    def evaluations(self) -> int:
        """The number of points at which f was evaluated so far."""
        return self.call.evaluations

    def centres(self, count: int) -> FloatArray:
        """Return the values at x for `count` lines: (lines, outputs)."""
        return np.broadcast_to(self.centre, (count, len(self.centre)))

    def again(self, count: int) -> FloatArray:
        """Return the values at x for `count` lines as f gives them now: of a random f, others than before."""
        self.call.forget()
        values = self.call(self.point.vector[None, :].copy()) * self.unit
        return np.broadcast_to(values, (count, len(self.centre)))

    def _first(self) -> FloatArray:
        # In float64 if f lets us: a float32 point is raised unless f itself cannot mix it with what it holds.
        try:
            values = self.call.first()
        except Exception:
            if not self.point.raised:
                raise
            self.point.raised = False
            values = self.call.first()
        if self.scalar and values.size != 1:
            raise FunctionError("f.not-scalar", name="f", shape=values.shape)
        if values.dtype.kind == "c":
            raise FunctionError("f.returned-kind", name="f", kind="complex")
        if not self.point.raised:
            self.eps = self.point_eps = max(self.eps, *(dtype_eps(dtype) for dtype in self.point.dtypes))
        if values.dtype.itemsize < 8:
            self.eps = max(self.eps, float(np.finfo(values.dtype).eps))
        return values.astype(np.float64).reshape(-1)

    def __call__(self, lines: np.ndarray[Any, Any], offsets: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return the values at `offsets` (shape (a, k), real or complex) on `lines` (shape (a,)): (a, k, outputs).

        At an offset of exactly 0 the value is the one known already.
        """
        values = _by_node(offsets, len(self.centre))
        values[...] = self.centre
        rows, columns = np.nonzero(offsets)
        wanted, moves = lines[rows], offsets[rows, columns]
        # Column by column: the points of one step lie together, as do the outputs that they give.
        step = max(1, (_CHUNK if self.vectorized or self.call.run else _CACHED) // len(self.point.vector))
        inside = self.call.moved(self.axes[wanted], moves) if self.directions is None else None
        if inside is not None:
            values[rows, columns] = inside * self.unit
        else:
            for start in range(0, len(wanted), step):
                chosen = slice(start, start + step)
                found = self.call(self._points(wanted[chosen], moves[chosen]))
                values[rows[chosen], columns[chosen]] = found * self.unit
        self.varied = self.varied or bool((values != self.centre).any())
        return values

    def _points(self, lines: np.ndarray[Any, Any], moves: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        points = np.empty((len(lines), len(self.point.vector)), dtype=moves.dtype)
        points[...] = self.point.vector
        if self.directions is None:
            points[np.arange(len(lines)), self.axes[lines]] += moves
        else:
            points += moves[:, None] * self.directions[lines]
        return points


def _by_node(offsets: np.ndarray[Any, Any], outputs: int) -> np.ndarray[Any, Any]:
    """Return an array (lines, nodes, outputs) with the values of a node together: the engine sums over nodes."""
    lines, nodes = offsets.shape
    return np.empty((nodes, lines, outputs), dtype=offsets.dtype).transpose(1, 0, 2)


class ElementwiseSampler(Sampler):
    """A function that maps an array of points to their values, each point a line of its own.

    All points are moved at once, in one call. A function that takes single numbers only (``math.sin``, an ``if`` on
    its argument) is called point by point instead.
    """

    def __init__(self, f: Callable[..., Any], point: Point, run: Run | None = None) -> None:
        self._singly, self._others, self._together = False, 0, False
        super().__init__(f, point, scalar=False, run=run)

    @property
    def lines(self) -> int:
        """The number of points."""
        return len(self.point.vector)

    @property
    def evaluations(self) -> int:
        """The number of points at which f was evaluated so far."""
        return self._others + self.call.evaluations * (1 if self._singly else len(self.point.vector))

    def grown(self, results: FloatArray) -> FloatArray:
        """Return results (lines, 1) in the units of f."""
        return np.asarray((results.T / self.unit).T)

    def unit_of(self, lines: np.ndarray[Any, Any]) -> FloatArray:
        """Return what the values at some of the points are multiplied by."""
        return self.unit[lines] if self.unit.ndim else self.unit

    def centres(self, count: int) -> FloatArray:
        """Return the values at the points: (lines, 1)."""
        return self.centre[:, None]

    def again(self, count: int) -> FloatArray:
        """Return the values at the points as f gives them now."""
        points = self.point.vector.copy()  # f may change what it gets
        values = self.call(points[:, None]) if self._singly else self.call(points[None, :]).T
        return (values.T * self.unit).T

    def _first(self) -> FloatArray:
        raised, shape = self.point.raised, self.point.shapes[0]
        try:
            centre = super()._first()
        except (TypeError, ValueError) as error:
            # What NumPy raises for float(array) and for the truth of an array. If a single number fails as well, the
            # error is f's own, and is the one to show.
            if self.point.is_number or isinstance(error, FunctionError):
                raise
            self._singly, self.point.raised = True, raised
        else:
            if self.shape != shape:
                raise FunctionError("f.not-elementwise", name="f", shape=self.shape, points=shape)
            return centre
        self._others = self.call.evaluations * len(self.point.vector)
        self.call = Caller(self.call.f, Point(float(self.point.vector[0])), run=self.call.run)
        values = [number_array(self.call.f(number)) for number in self.point.vector.tolist()]
        self.call.evaluations += len(values)
        odd = next((value.shape for value in values if value.size != 1), None)
        if odd is not None:
            raise FunctionError("f.not-elementwise", name="f", shape=odd, points=())
        self.call.shape = values[0].shape
        return np.stack([value.reshape(()) for value in values]).astype(np.float64)

    def __call__(self, lines: np.ndarray[Any, Any], offsets: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return the values at `offsets` (a, k) of the points `lines` (a,); the other points stay where they are."""
        by_node = offsets.T
        values = np.empty(by_node.shape, dtype=offsets.dtype)
        moves = by_node.any(axis=1)
        values[~moves] = self.centre[lines]
        moved = by_node[moves]
        if self._singly:
            moved += self.point.vector[lines]
            found = self.call(moved.reshape(-1, 1)).reshape(moved.shape)
        elif len(lines) == len(self.point.vector):  # all, in order
            moved += self.point.vector
            found = self.call(moved)
        elif self._apart(lines):
            found = self._some(lines, moved)
        else:
            every = np.repeat(self.point.vector[None, :].astype(offsets.dtype), len(moved), axis=0)
            every[:, lines] += moved
            found = self.call(every)[:, lines]
        values[moves] = found * self.unit_of(lines)
        self.varied = self.varied or bool((values != self.centre[lines]).any())
        return values.T[:, :, None]

    def _apart(self, lines: np.ndarray[Any, Any]) -> bool:
        """Tell whether it pays to hand over these points alone, and f takes them and gives the same values."""
        few = len(lines) <= _FEW * len(self.point.vector) and len(self.point.vector) >= _MANY
        if not few or self._together or not self.point.in_place:
            return False
        try:
            alone = self._some(lines, np.zeros((1, len(lines))))[0]
        except Exception:  # f may well know how many points there are: then it gets all of them, as before
            self._together = True
        else:
            self._together = not np.array_equal(alone * self.unit_of(lines), self.centre[lines], equal_nan=True)
        return not self._together

    def _some(self, lines: np.ndarray[Any, Any], moves: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return the values of some of the points, at `moves` (k, a) of them: (k, a)."""
        call = Caller(self.call.f, Point(self.point.vector[lines]), run=self.call.run)
        call.shape = (len(lines),)
        found = call(self.point.vector[lines] + moves)
        self._others += call.evaluations * len(lines)
        return found
