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
from gradwright.data.records import plain
from gradwright.data.tables import read_table
from gradwright.errors import DataError, DataNotFoundError
from gradwright.messages import Phrase, listed, phrase

Array = npt.NDArray[Any]

_TABLES = (".csv", ".tsv", ".txt", ".tab", ".data")
_NPZ = (("x_train", "t_train", "x_test", "t_test"), ("x_train", "t_train"), ("x", "t"))


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

    `t` and `t_test` are numbers, or objects that are text. `x_test` is None where the file makes no difference.
    `classes` are the names of labels that are numbered already. `lines` are those of a table on which its rows begin,
    `members` what the file calls `x`, `t`, `x_test` and `t_test`: by them a message says where a value stands.
    """

    path: str
    x: Array
    t: Array
    x_test: Array | None = None
    t_test: Array | None = None
    classes: tuple[str, ...] | None = None
    features: tuple[str, ...] = ()
    lines: Array | None = None
    members: tuple[str, ...] = ("x", "t", "x_test", "t_test")

    def place(self, part: str, row: int, *index: int) -> Phrase:
        """Return where a value stands in the file: of the samples "x" or "x_test", or of all answers, "t"."""
        if self.lines is not None:
            line = int(self.lines[row])
            if part == "t":
                return phrase("place.line", path=self.path, line=line)
            return phrase("place.cell", path=self.path, line=line, column=self.features[index[0]])
        if part == "t" and row >= len(self.t):
            part, row = "t_test", row - len(self.t)
        member = self.members[("x", "t", "x_test", "t_test").index(part)]
        return phrase("place.entry", path=self.path, member=member, index=", ".join(map(str, (row, *index))))


def read_raw(file: Path, asked: Asked) -> Raw:
    """Read a file or a folder of any kind that is known.

    Raises
    ------
    DataNotFoundError, DataError
        As `gradwright.data.load`.
    ArgumentError, ArgumentTypeError
        If the size asked for pictures is none.
    """
    if asked.image_shape is not None:
        sides_of(asked.image_shape)
    try:
        found = _read(file, asked)
    except DataError:
        raise
    except OSError as error:
        place = str(error.filename or file)
        raise DataError("file.unreadable", path=place, reason=error.strerror or str(error)) from None
    _check_sizes(found, asked.limit)
    for part, array in (("x", found.x), ("t", found.t), ("x_test", found.x_test), ("t_test", found.t_test)):
        if array is not None and array.dtype.kind == "f":
            _check_finite(found, part, array)
    return found


def _check_sizes(found: Raw, limit: int) -> None:
    size = found.x.size + (0 if found.x_test is None else found.x_test.size)
    if 4 * size > limit:  # of float32, in which they are kept: bytes become four times as large
        raise DataError("load.limit", path=found.path, count=size, limit=limit)
    names = found.members
    for x, t, (name, answers) in ((found.x, found.t, names[:2]), (found.x_test, found.t_test, names[2:])):
        if x is not None and t is not None and len(x) != len(t):
            raise DataError("load.lengths", path=found.path, x=name, t=answers, n_x=len(x), n_t=len(t))
    if found.x_test is not None and found.x_test.shape[1:] != found.x.shape[1:]:
        raise DataError("load.test-samples", path=found.path, train=found.x.shape, test=found.x_test.shape)


def _check_finite(found: Raw, part: str, array: Array) -> None:
    bad = ~np.isfinite(array)
    if bad.any():
        index = tuple(int(i) for i in np.unravel_index(int(bad.argmax()), bad.shape))
        place = found.place(part, *index) if part != "t_test" else found.place("t", len(found.t) + index[0], *index[1:])
        raise DataError("load.non-finite", place=place, what=str(array[index]), count=int(np.count_nonzero(bad)))


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
    if file.suffix.lower() in _TABLES or start.startswith(b"\x1f\x8b"):  # a packed one is told so, by its reader
        return _from_table(file, asked)
    if file.suffix.lower() == ".npz" or start.startswith(b"PK\3\4"):
        return _from_npz(file, asked)
    raise DataError("load.kind", path=str(file))


def _from_table(file: Path, asked: Asked) -> Raw:
    table = read_table(file, label=asked.label, features=asked.features, answers=True, limit=asked.limit)
    # As objects: an array of text is as wide in each row as the longest of all.
    return Raw(str(file), table.x, np.array(table.answers, object), features=table.features, lines=table.lines)


def _from_idx(file: Path, asked: Asked) -> Raw:
    _no_label(file, asked)
    (x, t, x_test, t_test), names = read_idx_folder(file, limit=asked.limit)
    return Raw(str(file), _shares(x), t, _shares(x_test), t_test, members=(names[0], names[1], names[2], names[3]))


def _from_images(file: Path, asked: Asked) -> Raw:
    _no_label(file, asked)
    classes, train, test = read_image_folder(file, image_shape=asked.image_shape, limit=asked.limit)
    x_test, t_test = test or (None, None)
    return Raw(str(file), train.x, train.t, x_test, t_test, classes=classes)


def _from_npz(file: Path, asked: Asked) -> Raw:
    _no_label(file, asked)
    found = read_npz(file, limit=asked.limit)
    calls: dict[str, str] = {}
    for name in found:
        plain = f"t{name[1:]}" if name in ("y", "y_train", "y_test") else name
        if plain in calls:
            raise DataError("npz.names", path=str(file), members=listed(sorted(found)))
        calls[plain] = name
    for whole in _NPZ:
        if set(whole) == set(calls):
            members = tuple(calls[name] for name in whole)
            x, t, *rest = (_with_samples(file, name, found[name]) for name in members)
            x_test, t_test = (_shares(rest[0]), rest[1]) if rest else (None, None)
            return Raw(str(file), _shares(x), t, x_test, t_test, members=(*members, "x_test", "t_test")[:4])
    raise DataError("npz.names", path=str(file), members=listed(sorted(found)))


def _no_label(file: Path, asked: Asked) -> None:
    if asked.label is not None:
        raise DataError("load.no-columns", path=str(file), label=asked.label)


def _with_samples(file: Path, name: str, array: Array) -> Array:
    samples = name.startswith("x")
    text = array.dtype.kind in "US"
    if array.ndim < (2 if samples else 1) or 0 in array.shape[1:] or (samples and text):
        raise DataError("npz.samples", path=str(file), member=name, shape=array.shape, dtype=str(array.dtype))
    if text:
        try:
            words = [plain(word.decode() if isinstance(word, bytes) else word) for word in array.ravel().tolist()]
        except UnicodeDecodeError:
            raise DataError("npz.text", path=str(file), member=name) from None
        return np.array(words, object).reshape(array.shape)
    return array[:, 0] if samples and array.ndim == 4 and array.shape[1] == 1 else array


def _shares(x: Array) -> Array:
    """Return pictures of bytes as shares, 0 to 1, as those of `read_image` are; else `x` itself."""
    return x / np.float32(255) if x.dtype == np.uint8 and x.ndim > 2 else x
