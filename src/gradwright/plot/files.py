"""The files of figures: PNG, SVG and PDF, whole or not at all, and equal for equal figures."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gradwright import _validate
from gradwright.errors import ArgumentError, OutputExistsError
from gradwright.plot.style import matplotlib_of
from gradwright.storage import check_target, write_atomic

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DPI = 150
# Text as outlines, so that Hangul shows on machines without the font. Type 3 in PDF, since matplotlib's way to Type 42
# logs warnings about the tables of some fonts. Ids that do not change from run to run.
_FILE_SETTINGS: dict[str, Any] = {"svg.fonttype": "path", "svg.hashsalt": "gradwright", "pdf.fonttype": 3}
# What would tell the time or the version of matplotlib: equal figures make equal files.
_METADATA: dict[str, dict[str, Any]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": "gradwright"},
    "pdf": {"CreationDate": None, "Creator": "gradwright", "Producer": None},
}


def save(figure: Figure, path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
    """Write a figure to a PNG, SVG or PDF file, whole or not at all.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Any figure, also one of your own.
    path : path
        The file. Its ending says the format: ``.png`` (150 dots per inch), ``.svg`` or ``.pdf``.
    overwrite : bool
        Whether a file that is there may be replaced.

    Raises
    ------
    ArgumentTypeError
        If `figure` is no figure.
    ArgumentError
        If the ending is another.
    OutputExistsError
        If there is such a file, and it may not be replaced.
    StorageError
        If the file cannot be written; what was there before is as it was.
    MissingExtraError
        If matplotlib is not installed.

    Notes
    -----
    Unlike with ``figure.savefig``, no date, no version and no random id goes into the file: equal figures make equal
    files (with the same matplotlib and the same fonts).

    Examples
    --------
    >>> import tempfile
    >>> from gradwright.plot.training import history
    >>> from gradwright.training import History
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(history(History(loss=[2.3, 1.9, 1.7])), Path(folder) / "loss.png")
    ...     (Path(folder) / "loss.png").read_bytes()[1:4]
    b'PNG'
    """
    matplotlib = matplotlib_of()
    _validate.instance("figure", figure, matplotlib.figure.Figure)
    kind = check_path(path)
    if not overwrite and Path(path).exists():
        raise OutputExistsError("file.exists", path=str(path))
    content = io.BytesIO()
    with matplotlib.style.context("default"), np.errstate(all="ignore"):
        matplotlib.rcParams.update(_FILE_SETTINGS)
        figure.savefig(content, format=kind, dpi=_DPI, metadata=_METADATA[kind])
    write_atomic(path, content.getvalue())


def check_path(path: str | os.PathLike[str], name: str = "path") -> str:
    """Return the format that a figure's file is to have, before the work that the figure takes.

    Parameters
    ----------
    path : path
        The file that `save` will be given.
    name : str
        What the caller calls it.

    Raises
    ------
    ArgumentError
        If the ending is none of ``.png``, ``.svg`` and ``.pdf``.
    StorageError
        If its folder does not exist, or it is a folder itself, or no file can have such a name.

    Examples
    --------
    >>> check_path("tangent.svg")
    'svg'
    """
    file = Path(path)
    kind = file.suffix.lower().removeprefix(".")
    if kind not in _METADATA:
        endings = ", ".join(f".{ending}" for ending in _METADATA)
        raise ArgumentError("plot.ending", name=name, path=str(path), endings=endings)
    check_target(file)
    return kind
