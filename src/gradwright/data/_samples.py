"""From what a caller has to rows of float32 and labels of int64, with every check on the way."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright import _validate
from gradwright._arrays import array_of, to_numpy
from gradwright.errors import ArgumentTypeError, LabelError, NonFiniteError, ShapeError


def rows_of(name: str, values: Any) -> tuple[npt.NDArray[np.float32], tuple[int, ...]]:
    """Return samples as finite float32 rows, and the shape that one sample had."""
    host = to_numpy(array_of(values, name=name))
    if host.dtype.kind == "c":
        raise ArgumentTypeError("array.not-real", name=name, dtype=str(host.dtype))
    if host.ndim < 2:
        raise ShapeError("data.rows", name=name, shape=host.shape)
    if 0 in host.shape:
        raise ShapeError("array.empty", name=name, shape=host.shape)
    return _float32(name, host.reshape(len(host), math.prod(host.shape[1:]))), host.shape[1:]


def _float32(name: str, rows: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    with np.errstate(over="ignore"):  # what does not fit becomes infinite, and is reported as such below
        result = np.ascontiguousarray(rows, dtype=np.float32)
    finite = np.isfinite(result)
    if not finite.all():
        row, column = (int(i) for i in np.argwhere(~finite)[0])
        raise NonFiniteError(
            "data.non-finite",
            name=name,
            what=str(rows[row, column]),
            row=row,
            column=column,
            count=int(finite.size - np.count_nonzero(finite)),
        )
    return result


def targets_of(
    name: str, values: Any, n_rows: int, *, labels_only: bool = False, values_only: bool = False
) -> npt.NDArray[Any]:
    """Return labels (int64, one axis), or the values of a regression (float32, two axes) where `values` are such."""
    host = _host(name, values, n_rows)
    real = host.dtype.kind == "f" and host.ndim == 2
    if values_only and not real:
        raise ShapeError("data.values", name=name, shape=host.shape, dtype=str(host.dtype))
    if real and (values_only or not (labels_only or _one_hot(host).all())):
        if host.shape[1] == 0:
            raise ShapeError("array.empty", name=name, shape=host.shape)
        return _float32(name, host)
    return labels_of(name, host, n_rows)


def labels_of(name: str, values: Any, n_rows: int) -> npt.NDArray[np.int64]:
    """Return labels as int64, from whole numbers or one-hot rows; whether they name a class is not checked here."""
    host = _host(name, values, n_rows)
    if host.ndim == 2:
        good = _one_hot(host)
        if not good.all():
            row = int(np.flatnonzero(~good)[0])
            raise LabelError("data.one-hot", name=name, row=row, shape=host.shape)
        return np.asarray(host.argmax(axis=1), np.int64)
    if host.dtype.kind == "f":
        # Tables are often read as floats: 3.0 is the label 3, but 3.5 and NaN are none.
        bad = np.flatnonzero(~(np.isfinite(host) & (host == np.floor(host)) & (np.abs(host) < 2.0**53)))
        if len(bad):
            row = int(bad[0])
            raise LabelError("data.label-whole", name=name, label=str(host[row]), row=row)
    return np.asarray(host, np.int64)


def _host(name: str, values: Any, n_rows: int) -> npt.NDArray[Any]:
    host = to_numpy(array_of(values, name=name))
    if host.dtype.kind == "c":
        raise ArgumentTypeError("array.not-real", name=name, dtype=str(host.dtype))
    if host.ndim not in (1, 2):
        raise ShapeError("data.targets", name=name, shape=host.shape)
    if len(host) != n_rows:
        raise ShapeError("data.lengths", x=name.replace("t", "x", 1), t=name, n_x=n_rows, n_t=len(host))
    return host


def _one_hot(rows: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Tell of each row whether it is one-hot; a single column is not (it is a regression of one value)."""
    if rows.shape[1] < 2:
        return np.zeros(len(rows), bool)
    binary = ((rows == 0) | (rows == 1)).all(axis=1)
    return np.asarray(binary & (np.count_nonzero(rows, axis=1) == 1), np.bool_)


def sides_of(image_shape: Any) -> tuple[int, int]:
    """Return the height and the width."""
    try:
        height, width = image_shape
    except (TypeError, ValueError):
        raise ArgumentTypeError("image.shape", value=image_shape) from None
    return _validate.positive_int("image_shape", height), _validate.positive_int("image_shape", width)
