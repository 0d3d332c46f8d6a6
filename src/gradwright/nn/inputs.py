"""What a user hands to a network, brought to the form that it computes with."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradwright import _validate
from gradwright._arrays import Array, adapter, array_of, namespace, to_numpy
from gradwright.errors import LabelError, ShapeError


def _is_apart(array: Array, like: Array) -> bool:
    """Tell whether the two are of different libraries or on different devices; a traced array is on none."""
    own = adapter(array)
    if own is not adapter(like) or own.is_traced(array) or own.is_traced(like):
        return own is not adapter(like)
    return own.device_name(array) != own.device_name(like)


def batch_of(x: Any, like: Array, n_in: int) -> tuple[Array, bool]:
    """Return x as a batch of the library, device and dtype of `like`, and whether it was a single sample.

    Raises
    ------
    ArgumentTypeError, ShapeError, NonFiniteError
        If x holds no real numbers, is empty, has not one or two axes, or is not finite in that dtype.
    """
    array = array_of(x, name="x")
    if _is_apart(array, like):
        array = adapter(like).from_numpy(to_numpy(array), like)
    array = _validate.real_array("x", array)
    _validate.not_empty("x", array)
    # A single sample of the wrong length is told here: as a batch of one, its shape would not be the user's own.
    if array.ndim not in (1, 2) or (array.ndim == 1 and array.shape[0] != n_in):
        raise ShapeError("network.input", shape=tuple(array.shape), n_in=n_in)
    if array.dtype != like.dtype:
        with np.errstate(over="ignore"):  # what float32 cannot hold becomes inf, and is named below
            array = namespace(array).astype(array, like.dtype)
    _validate.all_finite("x", array)
    return (array[None, :], True) if array.ndim == 1 else (array, False)


def pair_of(x: Any, t: Any, like: Array, n_in: int) -> tuple[Array, Array]:
    """Return x as `batch_of` does, and the answers t, one for each sample: as NumPy if not of the library of `like`.

    Raises
    ------
    ArgumentTypeError, ShapeError, NonFiniteError
        As `batch_of`, for t too.
    """
    batch, single = batch_of(x, like, n_in)
    answers = array_of(t, name="t")
    if _is_apart(answers, like):
        answers = to_numpy(answers)
    if single:
        answers = answers[None, ...]
    if answers.ndim == 0 or answers.shape[0] != batch.shape[0]:
        raise ShapeError("network.pair", shape=tuple(batch.shape), t_shape=tuple(answers.shape))
    _validate.all_finite("t", answers)
    return batch, answers


def class_labels(t: Array, n_classes: int) -> np.ndarray[Any, Any]:
    """Return the class of each sample from labels (n_samples,) or one-hot rows (n_samples, n_classes).

    Raises
    ------
    LabelError, ShapeError
        If a label is no integer or names no class, or the shape is neither.
    """
    labels = to_numpy(t)
    if labels.shape[1:] == (n_classes,):
        return np.asarray(labels.argmax(axis=1))
    if labels.ndim != 1:
        count = len(labels)
        raise ShapeError(
            "loss.target-shape",
            name="t",
            shape=labels.shape,
            output="logits",
            output_shape=(count, n_classes),
            labels_shape=(count,),
        )
    if labels.dtype.kind not in "iu":
        raise LabelError("labels.not-integer", name="t", shape=labels.shape, dtype=str(labels.dtype))
    bad = np.flatnonzero((labels < 0) | (labels >= n_classes))
    if bad.size:
        index = int(bad[0])
        raise LabelError(
            "labels.range", name="t", label=int(labels[index]), index=(index,), n_classes=n_classes, last=n_classes - 1
        )
    return labels
