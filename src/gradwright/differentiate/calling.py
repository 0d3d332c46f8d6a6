"""Calling the function under study: at many points, whatever it returns, and counting."""

from __future__ import annotations

import decimal
import math
import numbers
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray, is_array, to_numpy
from gradwright.differentiate.point import Point
from gradwright.errors import FunctionError
from gradwright.workers import Run, Workers, mapper

#: From so many entries on a point is made by moving one entry of a buffer and putting it back: a copy would cost more
#: than a cheap f. After so many calls the buffer is looked at, for f may have changed it.
_LARGE, _LOOK = 2**13, 64
#: The references to an array that nobody else keeps: the variable, and the argument of the call that counts them.
_OURS = 2
#: Points that a worker's vectorized f gets at once.
_STACK = 64


class Caller:
    """A function of a point of any form, as a function of rows of numbers.

    Parameters
    ----------
    f : callable
        The function.
    point : Point
        Gives the points the form of x.
    vectorized : bool
        Whether f takes points stacked along a new first axis.
    known : dict, optional
        Of a function of one number: what it returned already.
    run : callable, optional
        ``run(function, items)`` -> their values: where f is called, if not here.

    Attributes
    ----------
    shape : tuple of int
        The shape of what f returns for one point, known after `first`.
    evaluations : int
        The number of points at which f was evaluated so far.
    """

    def __init__(
        self,
        f: Callable[..., Any],
        point: Point,
        vectorized: bool = False,
        known: dict[float, Any] | None = None,
        run: Run | None = None,
    ) -> None:
        self.f, self.point, self.vectorized, self.run = f, point, vectorized, run
        self._known = known or {}
        self.shape: tuple[int, ...] = ()
        self.evaluations = 0
        self._trusted = True  # with a buffer of ours

    def first(self) -> np.ndarray[Any, Any]:
        """Return the value at x itself, in the dtype in which f returned it; what f raises there is raised."""
        if self._known:
            self.evaluations = len(self._known)
            values = number_array(self._remembered(self.point.vector))
        else:
            with self.point.float64():
                row = self.point.vector
                values = self._stacked(row[None, :])[0] if self.vectorized else self._one(row)
        self.shape = values.shape
        return values

    def forget(self) -> None:
        """Call f even where its value is known."""
        self._known = {}

    def _one(self, row: FloatArray) -> np.ndarray[Any, Any]:
        self.evaluations += 1
        return number_array(self.f(self.point.build(row.copy())))

    def _stacked(self, points: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        self.evaluations += len(points)
        values = number_array(self.f(self.point.build(points, stacked=True)))
        if values.ndim == 0 or len(values) != len(points):
            raise FunctionError("f.not-vectorized", name="f", shape=values.shape, count=len(points))
        return values

    def _stack(self, points: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return the values at stacked points; where one makes f raise, each by itself, and NaN for that one."""
        try:
            return self._stacked(points)
        except (ValueError, ArithmeticError) as error:
            if not is_domain_error(error):
                raise
            if len(points) == 1:
                return np.full((1, *self.shape), np.nan)
        return np.concatenate([self._stack(points[k : k + 1]) for k in range(len(points))])

    def __call__(self, points: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return the values at the rows of `points`, (k, n), of the dtype of these: (k, outputs).

        NaN where f is not defined: where it raises as Python's own arithmetic does, or returns a complex number.
        """
        if self.run is not None:
            return self._elsewhere(points)
        # Beyond the end of f's domain its warnings are of our making.
        with self.point.float64(), np.errstate(all="ignore"):
            if self.vectorized:
                return self._fitting(self._stack(points), points.dtype, self.shape).reshape(len(points), -1)
            return self._each(points, len(points), points.dtype)

    def moved(self, axes: np.ndarray[Any, Any], moves: np.ndarray[Any, Any]) -> np.ndarray[Any, Any] | None:
        """Return the values where entry ``axes[i]`` of x is moved by ``moves[i]``; None where copies serve as well."""
        large = len(self.point.vector) >= _LARGE and self.point.in_place and not (self.vectorized or self.run)
        if not (large and self._trusted):
            return None
        parts = []
        with np.errstate(all="ignore"):
            for start in range(0, len(axes), _LOOK):
                chosen = slice(start, start + _LOOK)
                buffer = self.point.vector.astype(moves.dtype)
                rows = _nudged(buffer, self.point.vector, axes[chosen], moves[chosen])
                parts.append(self._each(rows, len(axes[chosen]), moves.dtype, watch=True))
                if not (self._trusted and np.array_equal(buffer, self.point.vector)):
                    self._trusted = False
                    return None
        return np.concatenate(parts)

    def _elsewhere(self, points: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        assert self.run is not None  # noqa: S101 - the caller looked
        # Stacks of a fixed size: the bits must not depend on who computes.
        items = [points[k : k + _STACK] for k in range(0, len(points), _STACK)] if self.vectorized else list(points)
        self.evaluations += len(points)
        values = np.empty((len(points), math.prod(self.shape)), dtype=points.dtype)
        done = 0
        for item, result in zip(
            items, self.run(Remote(self.f, self.point, self.vectorized, self.shape), items), strict=True
        ):
            count = len(item) if self.vectorized else 1
            rows = slice(done, done + count)
            if result is None:
                values[rows] = np.nan
            else:
                stacked = result if self.vectorized else result[None]
                values[rows] = self._fitting(stacked, points.dtype, self.shape).reshape(count, -1)
            done += count
        return values

    def _each(
        self, rows: Iterable[np.ndarray[Any, Any]], count: int, dtype: np.dtype[Any], watch: bool = False
    ) -> np.ndarray[Any, Any]:
        f, build = self.f, self.point.builder(dtype)
        values = np.empty((count, math.prod(self.shape)), dtype=dtype)
        plain = self.shape == () and dtype.kind == "f"
        for i, row in enumerate(rows):
            try:
                result = self._remembered(row) if self._known else None
                if result is None:
                    self.evaluations += 1
                    x = build(row[:] if watch else row)  # a view of its own shows whether f keeps it
                    result = f(x)
                    if watch and sys.getrefcount(x) > _OURS:
                        self._trusted = False  # f keeps what it got, and would see it change
            except (ValueError, ArithmeticError) as error:
                if not is_domain_error(error):
                    raise
                values[i] = np.nan
                continue
            if plain and type(result) in (float, np.float64):
                values[i, 0] = result
            elif type(result) is np.ndarray and result.dtype == dtype and result.shape == self.shape:
                values[i] = result.reshape(-1)
            else:
                values[i] = self._fitting(number_array(result)[None], dtype, self.shape).reshape(-1)
        return values

    def _remembered(self, row: np.ndarray[Any, Any]) -> Any:
        """Return what f returned at a number before, None where it was not asked."""
        return self._known.get(row[0].item())

    def _fitting(
        self, values: np.ndarray[Any, Any], dtype: np.dtype[Any], shape: tuple[int, ...]
    ) -> np.ndarray[Any, Any]:
        if values.shape[1:] != shape:
            raise FunctionError("f.shape-changed", name="f", shape=values.shape[1:], first=shape)
        if dtype.kind == "c" and values.dtype.kind != "c":
            raise FunctionError("f.not-complex", name="f")
        if dtype.kind != "c" and values.dtype.kind == "c":
            return np.where(values.imag == 0, values.real, np.nan)
        return values.astype(dtype)


class Remote:
    """One call of f in another process: from a row of numbers, or a stack, to what f returns; None outside its domain.

    Parameters
    ----------
    f, point, vectorized, shape
        As in `Caller`.
    """

    def __init__(self, f: Callable[..., Any], point: Point, vectorized: bool, shape: tuple[int, ...]) -> None:
        self.__wrapped__, self.point, self.vectorized, self.shape = f, point, vectorized, shape

    def __call__(self, row: np.ndarray[Any, Any]) -> np.ndarray[Any, Any] | None:
        """Call f."""
        caller = Caller(self.__wrapped__, self.point, self.vectorized)
        with self.point.float64(), np.errstate(all="ignore"):
            if self.vectorized:
                caller.shape = self.shape
                return caller._stack(row)
            try:
                return number_array(self.__wrapped__(self.point.build(row)))
            except (ValueError, ArithmeticError) as error:
                if not is_domain_error(error):
                    raise
                return None


def crew(workers: Workers) -> AbstractContextManager[Run | None]:
    """Return a context whose value calls a function on many items by `workers`; None for None: here."""
    return nullcontext(None) if workers is None else mapper(workers)


def _nudged(
    buffer: np.ndarray[Any, Any], x: FloatArray, axes: np.ndarray[Any, Any], moves: np.ndarray[Any, Any]
) -> Iterator[np.ndarray[Any, Any]]:
    for axis, move in zip(axes, moves, strict=True):
        buffer[axis] += move
        try:
            yield buffer
        finally:
            buffer[axis] = x[axis]


#: How Python's own arithmetic says that a number is outside a function's domain or range, in 3.11 to 3.14: how the
#: sentence begins, and what else it may be as a whole.
_BEGINNINGS = (
    "math domain error",
    "math range error",
    "expected a nonnegative input, got",
    "expected a positive input",
    "expected a number in range from -1 up to 1, got",
    "expected a finite input, got",
    "expected a noninteger or positive integer, got",
    "(34, ",
    "0.0 cannot be raised to a negative power",
    "zero to a negative power",
)
_DIVISIONS = {
    f"{kind}{what} by zero"
    for kind in ("", "float ", "integer ", "complex ")
    for what in ("division", "floor division", "division or modulo", "modulo")
} | {"float modulo", "float divmod()"}


def is_domain_error(error: BaseException) -> bool:
    """Tell whether Python's arithmetic raised `error` (``math.sqrt(-1)``, ``1 / 0``), rather than the author of f."""
    kinds = (ValueError, ZeroDivisionError, OverflowError)
    words = str(error)
    return type(error) in kinds and (words.startswith(_BEGINNINGS) or words in _DIVISIONS)


def number_array(result: Any, name: str = "f") -> np.ndarray[Any, Any]:
    """Return what a function returned as a NumPy array of its own: f may hand out the same buffer each time.

    Raises
    ------
    FunctionError
        If it is no number and no array of numbers.
    """
    if result is None:
        raise FunctionError("f.returned-none", name=name)
    if isinstance(result, (numbers.Real, decimal.Decimal)) and not hasattr(result, "dtype"):
        # Also those that NumPy does not know: fractions, mpmath, SymPy, and integers beyond any float.
        try:
            result = float(result)
        except OverflowError:
            raise FunctionError("f.returned-large", name=name, kind=type(result).__name__) from None
    if isinstance(result, np.ma.MaskedArray):
        result = np.ma.filled(result.astype(np.float64), np.nan)
    try:
        host = np.array(to_numpy(result) if is_array(result) else result)
    except (TypeError, ValueError):
        raise FunctionError("f.returned-kind", name=name, kind=type(result).__name__) from None
    if host.dtype.kind not in "buifc":
        raise FunctionError("f.returned-kind", name=name, kind=type(result).__name__)
    return host if host.dtype.kind in "fc" else host.astype(np.float64)
