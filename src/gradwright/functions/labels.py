"""From class labels to one-hot rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradwright import _validate
from gradwright._arrays import Array, adapter, array_of, namespace, to_numpy
from gradwright.errors import LabelError


def one_hot(labels: Any, n_classes: int, *, like: Array = None) -> Array:
    r"""Turn class labels into rows that are 1 at the label and 0 elsewhere.

    .. math:: t_{ik} = 1 \;(k = l_i), \quad 0 \;(k \ne l_i)

    Parameters
    ----------
    labels : integer array of any shape
        The labels l, from 0 to n_classes - 1.
    n_classes : int
        The number of classes.
    like : array, optional
        The result has the library, device and floating dtype of this array; by default the library of `labels` and its
        default float.

    Returns
    -------
    array, shape (\*labels.shape, n_classes)
        A floating dtype, as losses compute with it.

    Raises
    ------
    LabelError
        If a label is not an integer, or names no class; inside ``jax.jit`` or a transform of ``torch.func`` labels are
        not looked at, and one that names no class gives a row of zeros there.
    ShapeError
        If there are no labels.
    ArgumentError
        If `n_classes` is not a positive whole number.

    Notes
    -----
    torch's ``one_hot`` returns integers, and guesses the number of classes from the largest label.

    References
    ----------
    C. M. Bishop, Pattern Recognition and Machine Learning (2006), section 4.1 (the 1-of-K coding scheme).

    Examples
    --------
    >>> from gradwright.functions import one_hot
    >>> one_hot([2, 0], 3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    n_classes = _validate.positive_int("n_classes", n_classes)
    if like is not None:
        like = array_of(like, name="like")
    return one_hot_rows("labels", array_of(labels, name="labels"), n_classes, like)


def one_hot_rows(name: str, labels: Array, n_classes: int, like: Array) -> Array:
    """Return the rows of `one_hot`; errors call the labels `name`."""
    _validate.not_empty(name, labels)
    own = adapter(labels)
    if not namespace(labels).isdtype(labels.dtype, "integral"):
        shape = tuple(labels.shape)
        raise LabelError("labels.not-integer", name=name, shape=shape, dtype=own.dtype_name(labels))
    if not own.is_traced(labels):
        _check_labels(name, to_numpy(labels), n_classes)
    if like is not None and adapter(like) is not own:
        # Labels often stand beside their model's arrays as NumPy, and the other way round.
        labels = adapter(like).from_numpy(to_numpy(labels), like)
    xp = namespace(labels)
    floats, integers = (xp.__array_namespace_info__().default_dtypes()[kind] for kind in ("real floating", "integral"))
    if like is not None and xp.isdtype(like.dtype, "real floating"):
        floats = like.dtype
    # In the default integers: 0 ... n_classes - 1 may not fit into uint8, and uint64 compares with no signed dtype.
    labels = xp.expand_dims(xp.astype(labels, integers), axis=-1)
    classes = xp.astype(adapter(labels).from_numpy(np.arange(n_classes), labels), integers)
    return xp.astype(labels == classes, floats)


def _check_labels(name: str, labels: np.ndarray[Any, Any], n_classes: int) -> None:
    bad = (labels < 0) | (labels >= n_classes)
    if bad.any():
        index = tuple(int(i) for i in np.argwhere(bad)[0])
        label = int(labels[index])
        raise LabelError("labels.range", name=name, label=label, index=index, n_classes=n_classes, last=n_classes - 1)
