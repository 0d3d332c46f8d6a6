"""The point x: a number, an array or a tree of arrays, as one flat vector of float64, and the way back."""

from __future__ import annotations

import contextlib
import math
import numbers
from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from gradwright._arrays import Adapter, Array, FloatArray, adapter, floating, namespace, to_numpy
from gradwright.errors import ArgumentError, ArgumentTypeError, NonFiniteError, ShapeError
from gradwright.trees import flatten


class Point:
    """Where to differentiate.

    The function under study always gets fresh arrays, built from a private copy of the numbers: it may change or keep
    what it gets, or raise half-way, without touching the caller's x.

    Parameters
    ----------
    x : number, array or tree of arrays
        Integers are promoted to the library's default floating dtype.
    name : str
        The argument to name in errors.

    Attributes
    ----------
    vector : ndarray, shape (n,), float64
        All entries in the order of the leaves, each in C order.
    given : list of arrays
        The caller's own.
    raised : bool
        Whether `build` makes float64 arrays of those that came in a smaller dtype, so that less is lost to rounding.
    """

    def __init__(self, x: Any, name: str = "x") -> None:
        leaves, self.structure = flatten(x, name)
        self.given = [leaf.array for leaf in leaves]
        self._leaves = [floating(leaf.array, namespace(leaf.array)) for leaf in leaves]
        self.adapter: Adapter = adapter(*self._leaves, name=name)
        self.shapes = [tuple(leaf.shape) for leaf in self._leaves]
        self.sizes = [math.prod(shape) for shape in self.shapes]
        self.dtypes = [adapter(leaf).dtype_name(leaf) for leaf in self._leaves]
        self.raised = any(dtype != "float64" for dtype in self.dtypes)
        self._is_number = [isinstance(x, (numbers.Real, np.generic))] if self.structure.is_array else []
        parts = [np.asarray(to_numpy(leaf)).ravel() for leaf in self._leaves]
        if any(part.dtype.kind == "c" for part in parts):
            raise ArgumentTypeError("x.complex", name=name)
        self.vector: FloatArray = np.concatenate(parts).astype(np.float64) if parts else np.empty(0)
        if self.vector.size == 0:
            raise ShapeError("array.empty", name=name, shape=self.shapes[0] if self.shapes else ())
        finite = np.isfinite(self.vector)
        if not finite.all():
            bad = int(finite.argmin())
            value, where = self.vector[bad], self.where(bad, name)
            if where == name:  # a single number has no place to name
                raise NonFiniteError("argument.finite", name=name, value=float(value))
            raise NonFiniteError("x.non-finite", name=name, value=value, where=where)

    def __getstate__(self) -> dict[str, Any]:
        # Another process has no use for the caller's own arrays.
        return {**vars(self), "given": []}

    @property
    def is_number(self) -> bool:
        """Whether x was a plain number rather than an array."""
        return bool(self._is_number and self._is_number[0])

    def entry(self, index: int) -> tuple[str, tuple[int, ...]]:
        """Return the path of the array that holds entry `index` of the vector, and the place in it."""
        for path, shape, size in zip(self.structure.paths, self.shapes, self.sizes, strict=True):
            if index < size:
                return path, tuple(int(i) for i in np.unravel_index(index, shape))
            index -= size
        raise IndexError(index)

    def where(self, index: int, name: str = "x") -> str:
        """Return the name of entry `index` of the vector, such as ``W1[0, 3]``; what is in no tree is called `name`."""
        path, position = self.entry(index)
        return f"{path or name}[{', '.join(map(str, position))}]" if position else path or name

    def float64(self) -> contextlib.AbstractContextManager[None]:
        """Let the library compute in float64 while `raised` holds."""
        return self.adapter.float64() if self.raised else contextlib.nullcontext()

    def fresh(self) -> Any:
        """Return a copy of x in the dtypes that it came in (integers promoted)."""
        if self.is_number:
            return self.vector[0].item()
        return self.structure.build([adapter(leaf).from_numpy(to_numpy(leaf), leaf) for leaf in self._leaves])

    def build(self, vector: np.ndarray[Any, Any], stacked: bool = False) -> Any:
        """Return a fresh x that holds `vector`: (n,), or with `stacked` (k, n) for k points along a new first axis."""
        if self.is_number and not stacked:
            return vector[0].item()
        lead = vector.shape[:-1]
        if self.in_place:  # the usual case
            return vector.reshape(lead + self.shapes[0]).copy()
        values, start = [], 0
        for leaf, shape, size, dtype in zip(self._leaves, self.shapes, self.sizes, self.dtypes, strict=True):
            part = vector[..., start : start + size].reshape(lead + shape)
            if not self.raised:
                part = part.astype(_host_dtype(dtype, part.dtype))
            values.append(self._place(part, leaf, None if self.raised else dtype))
            start += size
        return self.structure.build(values)

    @cached_property
    def in_place(self) -> bool:
        """Whether a point may be a view of a flat float64 array: x is one such array of NumPy."""
        one = self.structure.is_array and not self.is_number
        return one and self.dtypes == ["float64"] and self.adapter.library == "numpy"

    def builder(self, dtype: np.dtype[Any]) -> Callable[[np.ndarray[Any, Any]], Any]:
        """Return the quickest way to do what `build` does for one point: of a row that is not used again."""
        if self.is_number:
            return lambda row: row[0].item()
        if self.in_place:
            shape = self.shapes[0]
            return (lambda row: row) if len(shape) == 1 else (lambda row: row.reshape(shape))
        return self.build

    def restore(self, rows: np.ndarray[Any, Any], lead: tuple[int, ...] = ()) -> Any:
        """Return results in the structure, library and dtype of x; `rows` has shape (n, ...), outputs the shape `lead`.

        An output axis comes before the axes of x, as in a Jacobian.
        """
        if self.is_number and not lead:
            return rows.reshape(-1)[0].item()
        if self.in_place and not lead:  # the usual case
            return rows.reshape(self.shapes[0]).copy()
        values, start = [], 0
        for leaf, shape, size, dtype in zip(self._leaves, self.shapes, self.sizes, self.dtypes, strict=True):
            part = np.moveaxis(rows[start : start + size].reshape(size, -1), 0, -1).reshape(lead + shape)
            values.append(self._place(_cast(part, dtype), leaf, dtype))
            start += size
        return self.structure.build(values)

    def restored_error(self, value: FloatArray, error: FloatArray, lead: tuple[int, ...] = ()) -> FloatArray:
        """Return `error` with what `restore` loses of `value` by rounding to the dtypes of x; both (n, outputs)."""
        if self.is_number and not lead:
            return error
        dtypes = np.repeat(np.array(self.dtypes), self.sizes)
        total = error.copy()
        for dtype in set(self.dtypes) - {"float64"}:
            rows = dtypes == dtype
            total[rows] = rounded_error(value[rows], error[rows], dtype)
        return total

    def split(self, rows: np.ndarray[Any, Any], lead: tuple[int, ...] = ()) -> Any:
        """Return as `restore` does, but as NumPy arrays of the dtype of `rows` (for statuses)."""
        if self.is_number and not lead:
            return rows.reshape(-1)[0]
        values, start = [], 0
        for shape, size in zip(self.shapes, self.sizes, strict=True):
            part = np.moveaxis(rows[start : start + size].reshape(size, -1), 0, -1).reshape(lead + shape)
            values.append(part)
            start += size
        return self.structure.build(values)

    def _place(self, part: np.ndarray[Any, Any], like: Array, dtype: str | None) -> Array:
        placed = adapter(like).from_numpy(part, like)
        if dtype == "bfloat16":  # NumPy has no such dtype; the library casts
            placed = namespace(like).astype(placed, like.dtype)
        return placed

    def wrap(self, array: np.ndarray[Any, Any]) -> Array:
        """Return any array of numbers in the library and dtype of the first array of x."""
        return self._place(_cast(array, self.dtypes[0]), self._leaves[0], self.dtypes[0])

    def like(self, tree: Any, name: str) -> FloatArray:
        """Return another tree of the same structure and shapes as a flat vector.

        Raises
        ------
        ArgumentError, ShapeError
            If structure or shapes differ.
        """
        other = Point(tree, name)
        if other.structure.paths != self.structure.paths:
            missing = sorted(set(self.structure.paths) - set(other.structure.paths))
            extra = sorted(set(other.structure.paths) - set(self.structure.paths))
            raise ArgumentError("tree.structure", name=name, other="x", missing=missing or "-", unexpected=extra or "-")
        for path, mine, its in zip(self.structure.paths, self.shapes, other.shapes, strict=True):
            if mine != its:
                raise ShapeError("direction.shape", where=path or name, shape=its, expected=mine)
        return other.vector


def _host_dtype(dtype: str, computed: np.dtype[Any]) -> np.dtype[Any]:
    if computed.kind == "c":
        return np.dtype(np.complex64 if dtype == "float32" else np.complex128)
    return np.dtype(np.float32 if dtype == "bfloat16" else dtype)


def _cast(array: np.ndarray[Any, Any], dtype: str) -> np.ndarray[Any, Any]:
    with np.errstate(over="ignore", under="ignore"):  # beyond the range of float16 or float32: infinity, or 0
        return array.astype(_host_dtype(dtype, array.dtype))


def rounded_error(value: FloatArray, error: FloatArray, dtype: str) -> FloatArray:
    """Return an error that, once cast to `dtype`, still covers `value` cast to `dtype`."""
    # bfloat16 is the upper half of float32; its rounding is bounded, not computed.
    lost = np.abs(np.nan_to_num(value)) * 2.0**-8 if dtype == "bfloat16" else 0.0
    info = np.finfo(_host_dtype(dtype, value.dtype))
    with np.errstate(invalid="ignore"):
        lost = lost + np.nan_to_num(np.abs(value - _cast(value, dtype).astype(np.float64)), nan=0.0, posinf=np.inf)
    return np.asarray((error + lost) * (1 + dtype_eps(dtype)) + float(info.smallest_subnormal))


def dtype_eps(dtype: str) -> float:
    """Return the relative spacing of a dtype."""
    return 2.0**-7 if dtype == "bfloat16" else float(np.finfo(dtype).eps)
