"""What a network is trained and tested on, in one form whatever it came from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright import _validate, messages
from gradwright._arrays import array_of, to_numpy
from gradwright.data._samples import labels_of, rows_of, sides_of, targets_of
from gradwright.data.scaling import Scaling
from gradwright.errors import ArgumentTypeError, DataError, LabelError, ShapeError
from gradwright.messages import listed
from gradwright.storage import array_sum

# Beyond this, integers taken as labels are more likely amounts (prices, years) than names of classes.
_MOST_CLASSES = 10_000


@dataclass(frozen=True, init=False, eq=False, repr=False)
class Dataset:
    """Hold training and test samples with their targets.

    For classification, ``t[i]`` is the label c of sample ``x[i]``, which names ``classes[c]``; for regression it is
    the row of values to predict.

    Parameters
    ----------
    x_train : array_like, shape (n, n_features) or (n, ...)
        One sample a row; further axes are flattened.
    t_train : array_like
        Labels 0 .. n_classes - 1, shape (n,); or one-hot rows, shape (n, n_classes); or, for regression, floating
        values of shape (n, k).
    x_test, t_test : array_like, optional
        The same for the test part, which may be missing or empty.
    classes : sequence of str, optional
        The name of each class; by default ``"0"``, ``"1"`` and so on up to the highest label.
    name : str
        What to call the data.
    image_shape : (int, int), optional
        Height and width where the samples are images; taken from `x_train` where that has the shape (n, height, width)
        or (n, 1, height, width).
    features : sequence of str, optional
        The names of the features, one for each.
    scaling, target_scaling : Scaling, optional
        What was done to the samples, and to the values of a regression, before they came here. It is not done here.

    Attributes
    ----------
    x_train, x_test : ndarray of float32, shape (n, n_features)
        The samples; an array that has this form already is kept, not copied.
    t_train, t_test : ndarray of int64, shape (n,), or of float32, shape (n, k)
        The labels; for regression the values.
    classes : tuple of str
        The names of the classes; empty for regression.
    name : str
        What to call the data.
    image_shape : (int, int) or None
        Height and width of a sample that is an image.
    features : tuple of str
        The names of the features; empty where they have none.
    scaling, target_scaling : Scaling or None
        What was done to the samples, and to the values of a regression.

    Raises
    ------
    ShapeError
        If a part is empty, or shapes do not fit together.
    LabelError
        If a label is not a whole number that names a class.
    NonFiniteError
        If `x` or a value to predict is NaN or infinite (also: too large for float32).
    DataError
        If all training samples are of one class.

    Notes
    -----
    Data sets are compared by `fingerprint`; ``==`` tells whether two names mean the same object.

    Examples
    --------
    >>> data = Dataset([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], name="xor")
    >>> data
    Dataset('xor', train=4, test=0, n_features=2, n_classes=2)
    >>> data.x_train.dtype, data.t_train.dtype
    (dtype('float32'), dtype('int64'))
    """

    x_train: npt.NDArray[np.float32]
    t_train: npt.NDArray[Any]
    x_test: npt.NDArray[np.float32]
    t_test: npt.NDArray[Any]
    classes: tuple[str, ...]
    name: str
    image_shape: tuple[int, int] | None
    features: tuple[str, ...]
    scaling: Scaling | None
    target_scaling: Scaling | None

    def __init__(
        self,
        x_train: Any,
        t_train: Any,
        x_test: Any = None,
        t_test: Any = None,
        *,
        classes: Sequence[str] | None = None,
        name: str = "data",
        image_shape: tuple[int, int] | None = None,
        features: Sequence[str] = (),
        scaling: Scaling | None = None,
        target_scaling: Scaling | None = None,
    ) -> None:
        if (x_test is None) != (t_test is None):
            raise ArgumentTypeError("data.half-test")
        x, shape = rows_of("x_train", x_train)
        names = None if not classes else _distinct(classes)
        t = targets_of("t_train", t_train, len(x), labels_only=names is not None)
        x_rest, t_rest = _test_part(x, t, x_test, t_test)
        if t.ndim == 1:
            names = _named(t, t_rest, names)
            if t.min() == t.max():
                raise DataError("data.one-class", name=name, target=names[int(t[0])])
        columns = _validate.names("features", features)
        if columns and len(columns) != x.shape[1]:
            raise ShapeError("data.features", count=len(columns), n_features=x.shape[1])
        values = {
            "x_train": x,
            "t_train": t,
            "x_test": x_rest,
            "t_test": t_rest,
            "classes": names or (),
            "name": str(name),
            "image_shape": _fitting(image_shape, shape, x.shape[1]),
            "features": columns,
            "scaling": scaling,
            "target_scaling": target_scaling,
        }
        for field, value in values.items():
            object.__setattr__(self, field, value)  # how a frozen dataclass sets its fields

    def __repr__(self) -> str:
        return (
            f"Dataset({self.name!r}, train={len(self.x_train)}, test={len(self.x_test)}, "
            f"n_features={self.n_features}, n_classes={self.n_classes})"
        )

    @property
    def n_features(self) -> int:
        """The number of features of a sample: the width of the first layer."""
        return int(self.x_train.shape[1])

    @property
    def n_classes(self) -> int:
        """The number of classes, or of values to predict: the width of the last layer."""
        return len(self.classes) if self.classes else int(self.t_train.shape[1])

    def describe(self, lang: str | None = None) -> str:
        """Return one line that says what the data are.

        Examples
        --------
        >>> Dataset([[0.0], [1.0]], [0, 1], classes=("off", "on"), name="switch").describe("en")
        'switch: 2 training and 0 test samples of 1 features; 2 classes: off, on'
        """
        return messages.text(
            "data.describe" if self.classes else "data.describe-values",
            lang,
            name=self.name,
            train=len(self.x_train),
            test=len(self.x_test),
            features=self.n_features,
            count=self.n_classes,
            classes=listed(self.classes),
        )

    def fingerprint(self) -> str:
        """Return the SHA-256 (hexadecimal) over the four arrays and the names of the classes and of the features.

        `name` and `image_shape` do not count: a renamed data set is the same data.
        """
        parts = [array_sum(field, getattr(self, field)) for field in ("x_train", "t_train", "x_test", "t_test")]
        names = [self.classes, self.features] if self.features else [self.classes]  # as it was before there were any
        return hashlib.sha256(json.dumps([parts, *names]).encode()).hexdigest()

    def one_vs_rest(self, target: str | int) -> Dataset:
        """Ask of each sample whether it is of one class: "is it a 5?".

        Parameters
        ----------
        target : str or int
            The name of the class, such as ``"5"`` or ``5``.

        Returns
        -------
        Dataset
            The same samples with label 1 where the class is `target` and 0 elsewhere.

        Raises
        ------
        LabelError
            If no class has that name.
        DataError
            If there are no classes (regression), or no training sample is of the target.

        Examples
        --------
        >>> data = Dataset([[0.0], [0.1], [0.9]], [3, 5, 5])
        >>> five = data.one_vs_rest(5)
        >>> five.t_train, five.classes
        (array([0, 1, 1]), ('not 5', '5'))
        """
        if not self.classes:
            raise DataError("data.no-classes", name=self.name)
        wanted = str(target)
        if wanted not in self.classes:
            raise LabelError("data.target", target=target, classes=listed(self.classes, most=50))
        label = self.classes.index(wanted)
        return Dataset(
            self.x_train,
            (self.t_train == label).astype(np.int64),
            self.x_test,
            (self.t_test == label).astype(np.int64),
            classes=(f"not {wanted}", wanted),
            name=f"{self.name} (is it {wanted}?)",
            image_shape=self.image_shape,
            features=self.features,
            scaling=self.scaling,
        )


def as_dataset(data: Any) -> Dataset:
    """Make a `Dataset` of arrays in any of the usual arrangements.

    Parameters
    ----------
    data : Dataset or sequence
        A data set, which is returned as it is; a pair ``(x, t)``, which has no test part; four arrays
        ``(x_train, t_train, x_test, t_test)``; or two pairs ``((x_train, t_train), (x_test, t_test))`` as
        ``load_mnist`` of the course returns.

    Returns
    -------
    Dataset
        See there for the arrays.

    Raises
    ------
    ArgumentTypeError
        If `data` is something else.
    ShapeError, LabelError, NonFiniteError, DataError
        As `Dataset`.

    Examples
    --------
    >>> as_dataset(([[0.0, 1.0], [1.0, 0.0]], [0, 1]))
    Dataset('data', train=2, test=0, n_features=2, n_classes=2)
    """
    if isinstance(data, Dataset):
        return data
    if not isinstance(data, (tuple, list)) or len(data) not in (2, 4):
        raise ArgumentTypeError("data.form", kind=type(data).__name__)
    if len(data) == 4:
        return Dataset(*data)
    first, second = data
    # Of (x, t) with two samples written as lists, t[0] is a label or a one-hot row; of two pairs it is a matrix.
    pairs = all(isinstance(part, (tuple, list)) and len(part) == 2 for part in data) and _depth(second[0]) >= 2
    return Dataset(*first, *second) if pairs else Dataset(first, second)


def _depth(value: Any) -> int:
    if isinstance(value, (tuple, list)):
        return 1 + (_depth(value[0]) if value else 0)
    return int(getattr(value, "ndim", 0))


def _test_part(
    x: npt.NDArray[np.float32], t: npt.NDArray[Any], x_test: Any, t_test: Any
) -> tuple[npt.NDArray[np.float32], npt.NDArray[Any]]:
    """Return the test part, in the form of the training part `x` and `t`."""
    if x_test is None or 0 in to_numpy(array_of(x_test, name="x_test")).shape[:1]:
        if t_test is not None and len(t_test):
            raise ShapeError("data.lengths", x="x_test", t="t_test", n_x=0, n_t=len(t_test))
        return np.zeros((0, x.shape[1]), np.float32), np.zeros((0, *t.shape[1:]), t.dtype)
    x_rest, _ = rows_of("x_test", x_test)
    if x_rest.shape[1] != x.shape[1]:
        raise ShapeError("data.width", x_test=x_rest.shape[1], x_train=x.shape[1])
    if t.ndim == 1:
        return x_rest, labels_of("t_test", t_test, len(x_rest))
    t_rest = targets_of("t_test", t_test, len(x_rest), values_only=True)
    if t_rest.shape[1] != t.shape[1]:
        raise ShapeError("data.target-width", t_test=t_rest.shape[1], t_train=t.shape[1])
    return x_rest, t_rest


def _distinct(classes: Sequence[str]) -> tuple[str, ...]:
    names = tuple(str(name) for name in classes)
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if twice:
        raise DataError("data.classes-twice", classes=listed(twice))
    return names


def _named(t: npt.NDArray[Any], t_test: npt.NDArray[Any], names: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the names of the classes, after a check that each label has one."""
    count = len(names) if names else min(_MOST_CLASSES, 1 + int(max(t.max(), t_test.max(initial=0))))
    for field, labels in (("t_train", t), ("t_test", t_test)):
        bad = np.flatnonzero((labels < 0) | (labels >= count))
        if len(bad):
            row = int(bad[0])
            key = "data.label-range" if names or labels[row] < 0 else "data.label-large"
            raise LabelError(key, name=field, label=int(labels[row]), row=row, count=count, last=count - 1)
    return names or tuple(str(label) for label in range(count))


def _fitting(
    image_shape: tuple[int, int] | None, sample_shape: tuple[int, ...], n_features: int
) -> tuple[int, int] | None:
    if image_shape is None:
        plain = sample_shape[1:] if len(sample_shape) == 3 and sample_shape[0] == 1 else sample_shape
        return (plain[0], plain[1]) if len(plain) == 2 else None
    height, width = sides_of(image_shape)
    if height * width != n_features:
        raise ShapeError("data.image-shape", image_shape=(height, width), n_features=n_features)
    return height, width
