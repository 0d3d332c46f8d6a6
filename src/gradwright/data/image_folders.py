"""Folders of pictures: one folder for each class, or two such folders called ``train`` and ``test``."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gradwright.data.images import fitted, read_image, shape_of
from gradwright.data.paths import entries
from gradwright.data.records import plain
from gradwright.data.tables import names_a_class
from gradwright.errors import DataError
from gradwright.messages import listed

#: Where pictures differ in size, and none is asked for.
SIZE = (28, 28)
_LARGEST = 64  # pixels a side that are taken as they are


class Pictures(NamedTuple):
    """Grey values, shape (n, height, width), and labels, shape (n,)."""

    x: npt.NDArray[np.float32]
    t: npt.NDArray[np.int64]


def is_image_folder(folder: Path) -> bool:
    """Tell whether a folder holds folders."""
    return any(entry.is_dir() for entry in entries(folder))


def read_image_folder(
    folder: Path, *, image_shape: tuple[int, int] | None = None, limit: int = 1 << 31
) -> tuple[tuple[str, ...], Pictures, Pictures | None]:
    """Read the pictures of a folder.

    Parameters
    ----------
    folder : path
        With a folder for each class, or the folders ``train`` and ``test`` (or ``Train`` and ``TEST``) which have one
        for each class. Hidden files, and what file managers leave (``Thumbs.db``, ``desktop.ini``), do not count.
    image_shape : (int, int), optional
        Height and width to bring each picture to. By default their own, where all have the same of at most 64 pixels a
        side, else 28 x 28.
    limit : int
        The most bytes that all may take up.

    Returns
    -------
    classes : tuple of str
        The names of the folders, numbers in the order of their values.
    train, test : Pictures
        Those of the folder ``test``, if there is one.

    Raises
    ------
    DataError
        If something else lies among the folders or the pictures, a picture cannot be read, a class has none, or the
        two parts have not the same classes.
    """
    parts = _parts(folder)
    found = [_classes(part) for part in parts]
    classes = tuple(found[0])
    for part, other in zip(parts[1:], found[1:], strict=True):
        if tuple(other) != classes:
            odd = listed(sorted(set(other) ^ set(classes)))
            raise DataError("folder.classes", path=str(part), classes=odd)
    shape = image_shape or _common_shape([file for part in found for files in part.values() for file in files])
    count = sum(len(files) for part in found for files in part.values())
    if 4 * count * shape[0] * shape[1] > limit:
        raise DataError("folder.limit", path=str(folder), count=count, shape=shape, limit=limit)
    pictures = [_read(part, shape) for part in found]
    return classes, pictures[0], pictures[1] if len(pictures) > 1 else None


def _parts(folder: Path) -> list[Path]:
    """Return the folders to train on and to test on, or the one that has the classes itself."""
    folders = _folders(folder)
    by_name = {entry.name.casefold(): entry for entry in folders}
    if len(folders) == 2 and set(by_name) == {"train", "test"}:
        return [by_name["train"], by_name["test"]]
    return [folder]


def _classes(folder: Path) -> dict[str, list[Path]]:
    """Return the files of each class."""
    found: dict[str, list[Path]] = {}
    for entry in sorted(_folders(folder), key=_by_number):
        name = plain(entry.name)
        if not names_a_class(name):
            raise DataError("folder.name", path=str(folder), name=entry.name)
        if name in found:
            raise DataError("folder.twice", path=str(folder), name=name)
        files = entries(entry)
        if not files:
            raise DataError("folder.empty-class", path=str(entry))
        for file in files:
            if file.is_dir():
                raise DataError("folder.nested", path=str(file))
        found[name] = files
    if not found:
        raise DataError("folder.empty-class", path=str(folder))
    return found


def _folders(folder: Path) -> list[Path]:
    """Return the folders in a folder, in which nothing else may lie."""
    found = entries(folder)
    for entry in found:
        if not entry.is_dir():
            raise DataError("folder.loose-file", path=str(entry))
    return found


def _by_number(entry: Path) -> tuple[int, int, str]:
    name = entry.name
    return (0, int(name), name) if name.isdecimal() and len(name) < 10 else (1, 0, name)


def _common_shape(files: list[Path]) -> tuple[int, int]:
    """Return the shape that all pictures have, or the usual one; a picture of many pixels is not decoded for it."""
    shapes = Counter(shape_of(file) for file in files)
    ((shape, _),) = shapes.most_common(1)
    return shape if len(shapes) == 1 and max(shape) <= _LARGEST else SIZE


def _read(classes: dict[str, list[Path]], shape: tuple[int, int]) -> Pictures:
    files = [(file, label) for label, files in enumerate(classes.values()) for file in files]
    x = np.empty((len(files), *shape), np.float32)
    for row, (file, _) in enumerate(files):
        x[row] = fitted(read_image(file), shape)
    return Pictures(x, np.array([label for _, label in files], np.int64))
