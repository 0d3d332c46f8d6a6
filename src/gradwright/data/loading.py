"""A data set from a file or a folder of one's own."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright import _validate
from gradwright.data.answers import answers_of
from gradwright.data.dataset import Dataset
from gradwright.data.raw import Asked, Raw, read_raw
from gradwright.data.scaling import Scaling
from gradwright.data.split import stratified_split
from gradwright.data.tables import read_table
from gradwright.errors import DataError
from gradwright.messages import listed

TASKS = ("auto", "classification", "regression")
#: The most bytes that are read into memory.
LIMIT = 1 << 31

#: Scaled numbers beyond this overflow float32 within a network, where it can no longer be said which they were.
_FARTHEST = 1e18

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
        - a folder of four IDX files, plain or ``.gz``: ``train-images-idx3-ubyte`` and so on, as of MNIST, see
          `read_idx_folder` for what else may lie there;
        - a folder with a folder of images for each class, or with ``train`` and ``test`` that have them; of an
          animation the first picture is taken.
    label : str, optional
        The column of a table that holds the answers; by default ``label``, ``target``, ``class``, ``t`` or ``y`` where
        there is one, else the last; see `read_table`.
    task : {"auto", "classification", "regression"}
        What the answers are. By themselves, text is classes, and so are whole numbers where there are at most 20
        different ones, or up to 1,000 of which each is there ten times on average; other numbers are values to predict.
        Numbers that begin with a 0, as 007, or have 16 digits and more are text. ``"classification"`` takes any text
        for a class; by themselves, ``NA`` and the like are answers that are missing, and texts of which hardly one is
        there twice are no classes: both are errors.
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
    ArgumentError, ArgumentTypeError
        If an argument is none of its kind.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "flowers.csv"
    ...     _ = file.write_text("petal,sepal,class\n1,5,a\n4,6,b\n1.2,5,a\n4.4,7,b\n", encoding="utf-8")
    ...     data = load(file, test_fraction=0.5)
    >>> data, data.classes, data.features
    (Dataset('flowers', train=2, test=2, n_features=2, n_classes=2), ('a', 'b'), ('petal', 'sepal'))
    """
    _validate.choice("task", task, TASKS)
    file = _validate.path("path", path)
    found = read_raw(file, Asked(label=label, image_shape=image_shape, limit=limit))
    answers, classes = answers_of(found, task)
    count = len(found.x)
    if count < (2 if found.x_test is None else 1):
        raise DataError("load.one-row", path=found.path, count=count)
    train: Any = slice(count)
    test: Any = slice(count, None)
    if found.x_test is None:
        of_class = np.zeros(count) if classes is None else answers
        train, test = stratified_split(of_class, test_fraction=test_fraction, rng=rng)
    scaling = _scaling_of(found.x[train])
    x = _scaled(found, "x", found.x, scaling)
    x_test = x[test] if found.x_test is None else _scaled(found, "x_test", found.x_test, scaling)
    target_scaling = Scaling.standard(answers[train]) if classes is None else None
    if classes is None:
        answers = _scaled(found, "t", answers, target_scaling)
    elif answers[train].min() == answers[train].max():
        raise DataError("data.one-class", name=found.path, target=classes[int(answers[train][0])])
    return Dataset(
        x[train], answers[train], x_test, answers[test], classes=classes, name=file.absolute().stem,
        image_shape=found.x.shape[1:] if found.x.ndim == 3 else None, features=found.features, scaling=scaling,
        target_scaling=target_scaling,
    )  # fmt: skip


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
    t : ndarray of int64, shape (n,), or of float32, shape (n, k)
        Labels, as the places in `classes`; or values.

    Raises
    ------
    DataNotFoundError, DataError, ArgumentError, ArgumentTypeError
        As `load`; also if a class is none of the model's, or the width of a sample.
    """
    file = _validate.path("path", path)
    columns, known = _validate.names("features", features), _validate.names("classes", classes)
    asked = Asked(label=label, features=columns or None, image_shape=image_shape, limit=limit)
    found = read_raw(file, asked)
    answers, names = answers_of(found, "classification" if known else "regression")
    x = _scaled(found, "x", found.x, scaling)
    if found.x_test is not None:
        x = np.concatenate([x, _scaled(found, "x_test", found.x_test, scaling)])
    if names is None:
        return x, _scaled(found, "t", answers, target_scaling)
    places = {name: place for place, name in enumerate(known)}
    foreign = [name for name in names if name not in places]
    if foreign:
        row = int(np.flatnonzero(answers == names.index(foreign[0]))[0])
        place = found.path if found.classes else found.place("t", row)  # a picture says no line
        raise DataError("load.foreign-classes", place=place, classes=listed(foreign))
    return x, np.array([places[name] for name in names], np.int64)[answers]


def inputs(
    path: str | os.PathLike[str], *, features: Sequence[str], scaling: Scaling | None = None, limit: int = LIMIT
) -> npt.NDArray[np.float32]:
    """Read the samples of a table alone, without answers, brought to the form of those that a model was trained on.

    Parameters
    ----------
    path, features, scaling, limit
        As in `samples`.

    Returns
    -------
    ndarray of float32, shape (n, n_features)

    Raises
    ------
    DataNotFoundError, DataError, ArgumentTypeError
        As `read_table`; also if a number is too large for the scale of the model.
    """
    table = read_table(path, features=features, limit=limit)
    found = Raw(str(path), table.x, np.array(table.answers, object), features=table.features, lines=table.lines)
    return _scaled(found, "x", found.x, scaling)


def _scaling_of(x: Array) -> Scaling | None:
    """Return what suits the training samples; shares of 0 to 1, as those of pictures, are left as they are."""
    if x.ndim > 2 and x.dtype.kind == "f" and x.min() >= 0 and x.max() <= 1:
        return None
    return Scaling.standard(_flat(x))


def _scaled(found: Raw, part: str, values: Array, scaling: Scaling | None) -> npt.NDArray[np.float32]:
    """Return samples, or values to predict, as scaled rows; one that comes out too large to go on with is named."""
    flat = _flat(values)
    if scaling is not None and flat.shape[1] != len(scaling.mean):
        width = {"found": flat.shape[1], "expected": len(scaling.mean)}
        raise DataError("load.values" if part == "t" else "load.features", path=found.path, **width)
    # In pieces: float64 samples all at once would be twice what is kept of them.
    rows = np.empty(flat.shape, np.float32)
    for start in range(0, len(flat), 4096):
        piece = flat[start : start + 4096]
        with np.errstate(over="ignore"):
            rows[start : start + 4096] = piece if scaling is None else scaling.apply(piece)
        bad = ~(np.abs(rows[start : start + 4096]) < _FARTHEST)
        if bad.any():
            row, column = (int(i) for i in np.argwhere(bad)[0])
            place = found.place(part, start + row, *map(int, np.unravel_index(column, values.shape[1:])))
            raise DataError("load.too-large", place=place, value=str(piece[row, column]))
    return rows


def _flat(x: Array) -> Array:
    return x.reshape(len(x), math.prod(x.shape[1:]))  # a -1 has no answer where there are no rows
