"""A folder of four IDX files, named as those of MNIST are."""

from __future__ import annotations

import gzip
import re
import zlib
from pathlib import Path
from typing import Any

import numpy.typing as npt

from gradwright.data.idx import GZIP, is_magic, read_idx
from gradwright.data.paths import entries
from gradwright.errors import DataError, DataNotFoundError

#: x_train, t_train, x_test, t_test: the beginning of the names. What follows is ``idx3-ubyte`` and may be ``.gz``.
PARTS = ("train-images", "train-labels", "t10k-images", "t10k-labels")
_NAME = re.compile(r"(train|t10k|test)-(images|labels)[-.]idx", re.IGNORECASE)
# Names that somebody may have meant for one of them.
_ALIKE = re.compile(r"idx\d|ubyte|(train|t10k|test)[^a-z0-9]*(image|label)", re.IGNORECASE)


def is_idx_folder(folder: Path) -> bool:
    """Tell whether a folder holds at least one of the files, or no folders but a file that is named much like one."""
    there = entries(folder)
    if any(map(_part, there)):
        return True
    return not any(entry.is_dir() for entry in there) and any(_ALIKE.search(entry.name) for entry in there)


def read_idx_folder(folder: Path, *, limit: int = 1 << 31) -> tuple[list[npt.NDArray[Any]], list[str]]:
    """Return the arrays of `PARTS` and the names of their files.

    Folders, and files that neither by name nor by content are IDX files, may lie beside them: a README, a run.

    Raises
    ------
    DataNotFoundError
        If a file is missing.
    DataError
        If one is there twice, packed and not, or under a name that is none of the four; if one cannot be read; or if
        images and labels are not as many.
    """
    files: dict[str, list[Path]] = {part: [] for part in PARTS}
    for entry in entries(folder):
        part = _part(entry)
        if part is not None:
            files[part].append(entry)
        elif entry.is_file() and (_ALIKE.search(entry.name) or _holds_idx(entry)):
            raise DataError("idx.foreign", path=str(entry))
    for part, found in files.items():
        if not found:
            raise DataNotFoundError("idx.part-missing", path=str(folder), part=part)
        if len(found) > 1:
            raise DataError("idx.part-twice", path=str(folder), files=", ".join(file.name for file in found))
    chosen = [found[0] for found in files.values()]
    arrays = [read_idx(file, limit=limit) for file in chosen]
    for images, labels, part in ((arrays[0], arrays[1], "train"), (arrays[2], arrays[3], "t10k")):
        if images.ndim < 2 or labels.ndim != 1 or len(images) != len(labels):
            shapes = {"images": images.shape, "labels": labels.shape}
            raise DataError("idx.part-shapes", path=str(folder), part=part, **shapes)
    return arrays, [file.name for file in chosen]


def _part(entry: Path) -> str | None:
    """Return which of `PARTS` a file is by its name, in small letters or capitals."""
    found = _NAME.match(entry.name)
    if found is None or not entry.is_file():
        return None
    return f"{found[1].lower().replace('test', 't10k')}-{found[2].lower()}"


def _holds_idx(file: Path) -> bool:
    with file.open("rb") as stream:
        start = stream.read(4)
    if start.startswith(GZIP):
        try:
            with gzip.open(file) as unpacked:
                start = unpacked.read(4)
        except (EOFError, OSError, zlib.error):
            return False
    return is_magic(start)
