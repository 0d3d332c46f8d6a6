"""A folder of four IDX files, named as those of MNIST are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy.typing as npt

from gradwright.data.idx import read_idx
from gradwright.errors import DataError, DataNotFoundError

#: x_train, t_train, x_test, t_test: the beginning of the names. What follows is ``idx3-ubyte`` and may be ``.gz``.
PARTS = ("train-images", "train-labels", "t10k-images", "t10k-labels")
_OTHERS = {"t10k-images": "test-images", "t10k-labels": "test-labels"}


def is_idx_folder(folder: Path) -> bool:
    """Tell whether a folder holds at least one of the files."""
    return any(_files(folder, part) for part in PARTS)


def read_idx_folder(folder: Path, *, limit: int = 1 << 31) -> list[npt.NDArray[Any]]:
    """Return the arrays of `PARTS`.

    Raises
    ------
    DataNotFoundError
        If a file is missing.
    DataError
        If one is there twice, cannot be read, or images and labels are not as many.
    """
    arrays = []
    for part in PARTS:
        files = _files(folder, part)
        if not files:
            raise DataNotFoundError("idx.part-missing", path=str(folder), part=part)
        if len(files) > 1:
            raise DataError("idx.part-twice", path=str(folder), files=", ".join(file.name for file in files))
        arrays.append(read_idx(files[0], limit=limit))
    for images, labels, part in ((arrays[0], arrays[1], "train"), (arrays[2], arrays[3], "t10k")):
        if images.ndim < 2 or labels.ndim != 1 or len(images) != len(labels):
            shapes = {"images": images.shape, "labels": labels.shape}
            raise DataError("idx.part-shapes", path=str(folder), part=part, **shapes)
    return arrays


def _files(folder: Path, part: str) -> list[Path]:
    names = [part, _OTHERS.get(part, part)]
    return sorted(
        entry
        for entry in folder.iterdir()
        if entry.is_file() and any(entry.name.startswith((f"{name}-idx", f"{name}.idx")) for name in names)
    )
