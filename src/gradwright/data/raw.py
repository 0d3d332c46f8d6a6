"""What the files of a data set hold, before anything is made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright.data._samples import sides_of
from gradwright.data.archives import read_npz
from gradwright.data.idx_folders import is_idx_folder, read_idx_folder
from gradwright.data.image_folders import is_image_folder, read_image_folder
from gradwright.data.tables import read_table
from gradwright.errors import DataError, DataNotFoundError, ShapeError

Array = npt.NDArray[Any]

_TABLES = (".csv", ".tsv", ".txt", ".tab", ".data")


@dataclass(frozen=True)
class Asked:
    """What is wanted of a file: the column of answers, the columns of features, a size for pictures, the most bytes."""

    label: str | None = None
    features: Sequence[str] | None = None
    image_shape: tuple[int, int] | None = None
    limit: int = 1 << 31


@dataclass(frozen=True)
class Raw:
    """Samples and answers as they are; pictures of bytes as shares of 255.

    `t` and `t_test` are numbers or text. `x_test` is None where the file makes no difference. `classes` are the names
    of labels that are numbered already.
    """

    x: Array
    t: Array
    x_test: Array | None = None
    t_test: Array | None = None
    classes: tuple[str, ...] | None = None
    features: tuple[str, ...] = ()


def read_raw(file: Path, asked: Asked) -> Raw:
    """Read a file or a folder of any kind that is known.

    Raises
    ------
    DataNotFoundError, DataError, ShapeError
        As `gradwright.data.load`.
    """
    if asked.image_shape is not None:
        sides_of(asked.image_shape)
    try:
        found = _read(file, asked)
    except DataError:
        raise
    except OSError as error:
        raise DataError("file.unreadable", path=str(file), reason=error.strerror or str(error)) from None
    for x, t, part in ((found.x, found.t, ""), (found.x_test, found.t_test, "_test")):
        if x is not None and t is not None and len(x) != len(t):
            raise ShapeError("data.lengths", x=f"x{part}", t=f"t{part}", n_x=len(x), n_t=len(t))
    if found.x_test is not None and found.x_test.shape[1:] != found.x.shape[1:]:
        raise DataError("load.test-samples", path=str(file), train=found.x.shape, test=found.x_test.shape)
    return found


def _read(file: Path, asked: Asked) -> Raw:
    if file.is_dir():
        if is_idx_folder(file):
            return _from_idx(file, asked)
        if is_image_folder(file):
            return _from_images(file, asked)
        raise DataError("load.folder", path=str(file))
    if not file.exists():
        raise DataNotFoundError("file.missing", path=str(file))
    if not file.is_file():  # to read from a pipe may wait for ever
        raise DataError("load.kind", path=str(file))
    with file.open("rb") as stream:
        start = stream.read(4)
    if not start:
        raise DataError("load.empty", path=str(file))
    if file.suffix.lower() == ".npz" or start.startswith(b"PK\3\4"):
        return _from_npz(file, asked)
    if file.suffix.lower() in _TABLES:
        return _from_table(file, asked)
    raise DataError("load.kind", path=str(file))


def _from_table(file: Path, asked: Asked) -> Raw:
    table = read_table(file, label=asked.label, features=asked.features, answers=True, limit=asked.limit)
    return Raw(table.x, np.array(table.answers), features=table.features)


def _from_idx(file: Path, asked: Asked) -> Raw:
    _no_label(file, asked)
    x, t, x_test, t_test = read_idx_folder(file, limit=asked.limit)
    return Raw(_shares(x), t, _shares(x_test), t_test)


def _from_images(file: Path, asked: Asked) -> Raw:
    _no_label(file, asked)
    classes, train, test = read_image_folder(file, image_shape=asked.image_shape, limit=asked.limit)
    x_test, t_test = test or (None, None)
    return Raw(train.x, train.t, x_test, t_test, classes=classes)


def _from_npz(file: Path, asked: Asked) -> Raw:
    _no_label(file, asked)
    found = read_npz(file, limit=asked.limit)
    arrays: dict[str, Array] = {}
    for name, array in found.items():
        plain = f"t{name[1:]}" if name in ("y", "y_train", "y_test") else name
        if plain in arrays:
            raise DataError("npz.names", path=str(file), members=", ".join(sorted(found)))
        arrays[plain] = array
    for whole in ({"x_train", "t_train", "x_test", "t_test"}, {"x_train", "t_train"}, {"x", "t"}):
        if whole == set(arrays):
            parts = {name.removesuffix("_train"): _with_samples(file, name, array) for name, array in arrays.items()}
            x_test = parts.get("x_test")
            tests = (None, None) if x_test is None else (_shares(x_test), parts["t_test"])
            return Raw(_shares(parts["x"]), parts["t"], *tests)
    raise DataError("npz.names", path=str(file), members=", ".join(sorted(found)))


def _no_label(file: Path, asked: Asked) -> None:
    if asked.label is not None:
        raise DataError("load.no-columns", path=str(file), label=asked.label)


def _with_samples(file: Path, name: str, array: Array) -> Array:
    samples = name.startswith("x")
    text = array.dtype.kind in "US"
    if array.ndim < (2 if samples else 1) or 0 in array.shape[1:] or (samples and text):
        raise DataError("npz.samples", path=str(file), member=name, shape=array.shape, dtype=str(array.dtype))
    if array.dtype.kind == "S":
        try:
            return np.asarray(np.char.decode(array, "utf-8"))
        except UnicodeDecodeError:
            raise DataError("npz.samples", path=str(file), member=name, shape=array.shape, dtype="bytes") from None
    return array[:, 0] if samples and array.ndim == 4 and array.shape[1] == 1 else array


def _shares(x: Array) -> Array:
    """Return pictures of bytes as shares, 0 to 1, as those of `read_image` are; else `x` itself."""
    return x / np.float32(255) if x.dtype == np.uint8 and x.ndim > 2 else x
