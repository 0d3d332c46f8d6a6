"""A data set from a file or a folder of one's own."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright import _validate
from gradwright.data.dataset import Dataset
from gradwright.data.raw import Asked, Raw, read_raw
from gradwright.data.scaling import Scaling
from gradwright.data.split import stratified_split
from gradwright.errors import DataError, NonFiniteError

TASKS = ("auto", "classification", "regression")
#: The most bytes that are read into memory.
LIMIT = 1 << 31
#: Whole numbers are classes where there are at most so many different ones, or each is there so often and they are not
#: too many. Others are amounts: ages, prices.
_FEW, _OFTEN, _MOST_CLASSES = 20, 10, 1000
#: A number that is written so is a name, such as a postal code: 007 is not 7.
_CODE = re.compile(r"[+-]?0\d+$")

Array = npt.NDArray[Any]


def load(
    path: str | os.PathLike[str],
    *,
    label: str | None = None,
    task: str = "auto",
    test_fraction: float = 0.2,
    image_shape: tuple[int, int] | None = None,
    rng: Any = 0,
    limit: int = LIMIT,
) -> Dataset:
    r"""Load a data set from a file or a folder.

    Parameters
    ----------
    path : path
        One of

        - an NPZ file with ``x_train, t_train, x_test, t_test``, or ``x, t`` (``y`` for ``t`` will do);
        - a CSV or TSV file with a header, as `read_table` takes it;
        - a folder of four IDX files, plain or ``.gz``: ``train-images-idx3-ubyte`` and so on, as of MNIST;
        - a folder with a folder of images for each class, or with ``train`` and ``test`` that have them.
    label : str, optional
        The column of a table that holds the answers; by default ``label``, ``target``, ``class``, ``t`` or ``y`` where
        there is one, else the last.
    task : {"auto", "classification", "regression"}
        What the answers are. By themselves, text is classes, and so are whole numbers where there are at most 20
        different ones, or up to 1,000 of which each is there ten times on average; other numbers are values to predict.
        Numbers that begin with a 0, as 007, are text.
    test_fraction : float
        The share that is held back as the test part, where the data have none of their own: of each class, or of all.
    image_shape : (int, int), optional
        Height and width to bring pictures of a folder to; see `read_image_folder`.
    rng : int or numpy.random.Generator
        The seed of the split; the same seed gives the same split.
    limit : int
        The most bytes that are read.

    Returns
    -------
    Dataset
        Bytes of images are divided by 255. Other samples, and values to predict, are brought to mean 0 and standard
        deviation 1, by those of the training part: `Dataset.scaling` and `Dataset.target_scaling` say how, so that
        the same can be done to later samples.

    Raises
    ------
    DataNotFoundError
        If there is nothing at `path`, or a file of a folder is missing.
    DataError
        If it is of no kind that is known, is damaged, or does not hold what it should: the message names the file, the
        row or member, and what to do. Nothing is skipped, and nothing in a file is executed.
    ShapeError, LabelError, NonFiniteError
        If arrays do not fit together, or hold what is no number.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "flowers.csv"
    ...     _ = file.write_text("petal,sepal,class\n1,5,a\n4,6,b\n1.2,5,a\n4.4,7,b\n", encoding="utf-8")
    ...     data = load(file, test_fraction=0.5)
    >>> data, data.classes, data.features
    (Dataset('flowers', train=2, test=2, n_features=2, n_classes=2), ('a', 'b'), ('petal', 'sepal'))
    """
    _validate.choice("task", task, TASKS)
    file = Path(path)
    found = read_raw(file, Asked(label=label, image_shape=image_shape, limit=limit))
    name = file.stem or file.name
    answers, classes = _answers(name, found, task)
    if found.x_test is None:
        train, test = _split(name, answers, classes is not None, test_fraction, rng)
        parts = (found.x[train], answers[train], found.x[test], answers[test])
    else:
        parts = (found.x, answers[: len(found.x)], found.x_test, answers[len(found.x) :])
    return _scaled(name, parts, classes, found.features)


def samples(
    path: str | os.PathLike[str],
    *,
    classes: Sequence[str] = (),
    features: Sequence[str] = (),
    label: str | None = None,
    image_shape: tuple[int, int] | None = None,
    scaling: Scaling | None = None,
    target_scaling: Scaling | None = None,
    limit: int = LIMIT,
) -> tuple[npt.NDArray[np.float32], Array]:
    """Read all samples of a file or folder, brought to the form of those that a model was trained on.

    Parameters
    ----------
    path, label, limit
        As in `load`.
    classes : sequence of str
        The classes of the model, in its order; empty where it predicts values.
    features : sequence of str
        The columns of a table that it takes, in its order; others are left alone.
    image_shape : (int, int), optional
        The size of its pictures.
    scaling, target_scaling : Scaling, optional
        What was done to its training data.

    Returns
    -------
    x : ndarray of float32, shape (n, n_features)
    t : ndarray of int64, shape (n,), or of float64, shape (n, k)
        Labels, as the places in `classes`; or values.

    Raises
    ------
    DataNotFoundError, DataError, ShapeError, NonFiniteError
        As `load`; also if a class is none of the model's.
    """
    file = Path(path)
    asked = Asked(label=label, features=tuple(features) or None, image_shape=image_shape, limit=limit)
    found = read_raw(file, asked)
    x = _flat(found.x) if found.x_test is None else np.concatenate([_flat(found.x), _flat(found.x_test)])
    answers, names = _answers(file.stem, found, "classification" if classes else "regression")
    if names is None:
        return _rows(x, scaling), answers if target_scaling is None else target_scaling.apply(answers)
    foreign = [name for name in names if name not in classes]
    if foreign:
        raise DataError("load.foreign-classes", path=str(file), classes=", ".join(foreign[:5]))
    place = np.array([list(classes).index(name) for name in names], np.int64)
    return _rows(x, scaling), place[answers]


def _answers(name: str, found: Raw, task: str) -> tuple[Array, tuple[str, ...] | None]:
    """Return the answers of all samples, the training part first, as labels or values; and the classes."""
    answers = found.t if found.t_test is None else _joined(name, found.t, found.t_test)
    if found.classes is not None:
        return answers, found.classes
    if answers.ndim == 2 and answers.shape[1] == 1:
        answers = answers[:, 0]
    if answers.ndim == 2 and _is_one_hot(answers) and task != "regression":
        return answers.argmax(axis=1), tuple(map(str, range(answers.shape[1])))
    numbers = _as_numbers(answers, task)
    if numbers is None:
        _refuse_odd_ones(name, answers, task)
    if numbers is not None and (task == "regression" or (task == "auto" and not _are_labels(numbers))):
        return numbers.reshape(len(numbers), -1), None
    if answers.ndim != 1:
        raise DataError("load.answers", name=name, shape=answers.shape)
    texts = answers if numbers is None or not _whole(numbers) else numbers.astype(np.int64)
    values, labels = np.unique(texts, return_inverse=True)
    if len(values) > _MOST_CLASSES and task == "auto":
        raise DataError("load.many-classes", name=name, count=len(values), most=_MOST_CLASSES)
    return labels.astype(np.int64), tuple(map(str, values))


# -- answers ---------------------------------------------------------------------------------------------------------


def _joined(name: str, t: Array, t_test: Array) -> Array:
    if (
        t.ndim != t_test.ndim
        or t.shape[1:] != t_test.shape[1:]
        or (t.dtype.kind in "US") != (t_test.dtype.kind in "US")
    ):
        raise DataError("load.test-answers", name=name, train=t.shape, test=t_test.shape)
    return np.concatenate([t, t_test])


def _refuse_odd_ones(name: str, answers: Array, task: str) -> None:
    """Raise where nearly all answers are numbers, and so the others are mistakes rather than names."""
    different = np.unique(answers)
    odd = [text for text in different if not _is_number(text)]
    if task == "regression" or (task == "auto" and len(different) > _FEW and 0 < len(odd) <= len(different) // _OFTEN):
        row = int(np.flatnonzero(answers.ravel() == (odd or different)[0])[0])
        raise DataError("load.text-values", name=name, value=str((odd or different)[0]), row=row + 1)


def _is_number(text: Any) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _as_numbers(answers: Array, task: str) -> npt.NDArray[np.float64] | None:
    """Return the answers as finite numbers, or None where one is text."""
    if task != "regression" and answers.dtype.kind == "U" and any(_CODE.match(text) for text in np.unique(answers)):
        return None
    try:
        numbers = np.asarray(answers.astype(np.float64))
    except ValueError:
        return None
    bad = np.argwhere(~np.isfinite(numbers))
    if len(bad):
        if answers.dtype.kind in "US":  # "nan" and "inf" may well be names
            return None
        raise NonFiniteError("load.non-finite", row=int(bad[0][0]), what=str(numbers[tuple(bad[0])]), count=len(bad))
    return numbers


def _whole(numbers: Array) -> bool:
    return bool((numbers == np.floor(numbers)).all() and (np.abs(numbers) < 2.0**53).all())


def _are_labels(numbers: Array) -> bool:
    if numbers.ndim != 1 or not _whole(numbers):
        return False
    different = len(np.unique(numbers))
    return different <= min(_MOST_CLASSES, max(_FEW, len(numbers) // _OFTEN))


def _is_one_hot(rows: Array) -> bool:
    if rows.dtype.kind in "US" or rows.shape[1] < 2:
        return False
    return bool(((rows == 0) | (rows == 1)).all() and (np.count_nonzero(rows, axis=1) == 1).all())


# -- split and scale ------------------------------------------------------------------------------------------------


def _split(name: str, answers: Array, classes: bool, fraction: float, rng: Any) -> tuple[Array, Array]:
    if len(answers) < 2:
        raise DataError("load.one-row", name=name, count=len(answers))
    return stratified_split(answers if classes else np.zeros(len(answers)), test_fraction=fraction, rng=rng)


def _scaled(name: str, parts: Sequence[Array], classes: tuple[str, ...] | None, features: tuple[str, ...]) -> Dataset:
    """Return the data set of x_train, t_train, x_test, t_test, scaled by what the training part is."""
    x, t, x_test, t_test = parts
    if not len(x):
        raise DataError("load.one-row", name=name, count=0)
    scaling = _scaling_of(x)
    shape = x.shape[1:] if x.ndim == 3 else None
    rows, rest = (_rows(part, scaling) for part in (x, x_test))
    target_scaling = None
    if classes is None:
        target_scaling = Scaling.standard(t)
        t, t_test = target_scaling.apply(t), target_scaling.apply(t_test)
    return Dataset(
        rows, t, rest, t_test, classes=classes, name=name, image_shape=shape, features=features, scaling=scaling,
        target_scaling=target_scaling,
    )  # fmt: skip


def _scaling_of(x: Array) -> Scaling | None:
    """Return what suits the training samples: images of bytes are divided, shares of 0 to 1 are left as they are."""
    flat = x.reshape(len(x), -1)
    if x.ndim > 2 and x.dtype.kind == "f" and x.min() >= 0 and x.max() <= 1:
        return None
    if not np.isfinite(flat).all():
        return None  # refused in words, by the data set
    return Scaling.standard(flat)


def _flat(x: Array) -> Array:
    return x.reshape(len(x), math.prod(x.shape[1:]))  # a -1 has no answer where there are no rows


def _rows(x: Array, scaling: Scaling | None) -> Array:
    flat = _flat(x)
    if scaling is None:
        return flat.astype(np.float32, copy=False)
    # In pieces: float64 samples all at once would be twice what is kept of them.
    found = np.empty(flat.shape, np.float32)
    for start in range(0, len(flat), 4096):
        with np.errstate(over="ignore"):
            found[start : start + 4096] = scaling.apply(flat[start : start + 4096])
    return found
