"""Outputs and answers of a loss, brought to arrays that fit together: labels, one-hot rows or distributions."""

from __future__ import annotations

from typing import Any

from gradwright import _validate
from gradwright._arrays import Array, adapter, array_of, namespace
from gradwright.errors import ShapeError
from gradwright.functions._exact import require
from gradwright.functions.labels import one_hot_rows


def output_of(name: str, y: Any, t: Any) -> Array:
    """Return the first argument of a classification loss as floats, (n,) or (batch, n)."""
    y = _validate.real_array(name, y, like=t)
    if y.ndim not in (1, 2):
        raise ShapeError("loss.output-shape", name=name, shape=tuple(y.shape))
    _validate.not_empty(name, y)
    return y


def distribution_of(t: Any, output: str, y: Array) -> Array:
    """Return labels, one-hot rows or probabilities `t` as weights of the shape, dtype and library of `y`."""
    # Checked as it came: moved beside a `y` that is being traced, its values would be out of reach.
    t = array_of(t, name="t")
    shape, wanted = tuple(t.shape), tuple(y.shape)
    if shape == wanted[:-1]:
        return one_hot_rows("t", t, wanted[-1], y)
    if shape != wanted:
        raise ShapeError(
            "loss.target-shape",
            name="t",
            shape=shape,
            output=output,
            output_shape=wanted,
            labels_shape=wanted[:-1],
        )
    t = _validate.real_array("t", t)
    if not adapter(t).is_traced(t):
        require("t", t, (t >= 0) & namespace(t).isfinite(t), "loss.target-negative")
    t = array_of(t, y, name="t")
    return namespace(y).astype(t, y.dtype, copy=False)


def batch_of(y: Array) -> int:
    """Return the number of samples that `y` holds; 1 for a single one."""
    return int(y.shape[0]) if y.ndim == 2 else 1


def pair_of(y: Any, t: Any) -> tuple[Array, Array, Any]:
    """Return output and target of a squared error as floats of one library, dtype and shape."""
    y = _validate.real_array("y", y, like=t)
    t = _validate.real_array("t", t, like=y)
    _validate.not_empty("y", y)
    shape, wanted = tuple(t.shape), tuple(y.shape)
    if wanted and wanted[-1] > 1 and shape == wanted[:-1]:
        raise ShapeError(
            "loss.needs-one-hot", name="t", shape=shape, output="y", output_shape=wanted, n_classes=wanted[-1]
        )
    _validate.same_shape("t", t, "y", y)
    xp = namespace(y)
    return y, xp.astype(t, y.dtype, copy=False), xp


def half_squared_pair_of(y: Any, t: Any) -> tuple[Array, Array, Any]:
    """Return as `pair_of`, for one sample or a batch."""
    y, t, xp = pair_of(y, t)
    if y.ndim > 2:
        raise ShapeError("loss.output-shape", name="y", shape=tuple(y.shape))
    return y, t, xp
