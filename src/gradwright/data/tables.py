"""Tables of numbers as text: CSV and TSV, with a header and a column that holds the answers.

NumPy's reader parses them in C. Where it refuses one, the table is gone through once more, row by row, to say which
line and which column it is.
"""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.errors import DataError, DataNotFoundError

#: The names of a label column, in this order, where none is given.
LABELS = ("label", "target", "class", "t", "y")
_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"PK": "ZIP", b"\x1f\x8b": "gzip"}
_SHOWN = 40
_LONGEST = 1000  # characters of an answer


@dataclass(frozen=True)
class Table:
    """The content of a table.

    Attributes
    ----------
    features : tuple of str
        The names of the columns of `x`.
    x : ndarray of float64, shape (n, n_features)
        The numbers.
    label : str or None
        The name of the column of answers, if one was read.
    answers : list of str
        What it holds, as written, without the blanks around it.
    """

    features: tuple[str, ...]
    x: FloatArray
    label: str | None
    answers: list[str]


def read_table(
    path: str | os.PathLike[str],
    *,
    label: str | None = None,
    features: Sequence[str] | None = None,
    answers: bool | None = None,
    limit: int = 1 << 31,
) -> Table:
    """Read a table whose first line names the columns.

    Parameters
    ----------
    path : path
        UTF-8, with or without a byte order mark; cells are separated by commas, tabs or semicolons, whichever the first
        line has most of. Cells may be quoted. Empty lines are no rows.
    label : str, optional
        The column of answers; by default the one called ``label``, ``target``, ``class``, ``t`` or ``y``, else the
        last.
    features : sequence of str, optional
        Read these columns, in this order: how a model gets its input. The file may have others.
    answers : bool, optional
        Whether to read the answers; by default where no `features` are given.
    limit : int
        The most bytes that the file may have.

    Returns
    -------
    Table

    Raises
    ------
    DataNotFoundError
        If there is no such file.
    DataError
        If it is no such table, a row does not fit, or a cell that must be a finite number is none. The message names
        the line, as an editor counts them, and the column.
    """
    file = Path(path)
    with _opened(file, limit) as stream:
        names, separator = _header(file, stream)
        with_answers = features is None if answers is None else answers
        column = _label_column(file, names, label, features or ()) if with_answers else None
        if features is None:
            wanted = [i for i in range(len(names)) if i != column]
        else:
            wanted = [_position(file, names, name, "table.no-feature") for name in features]
        if not wanted:
            raise DataError("table.no-features", path=str(file), column=names[-1 if column is None else column])
        layout = _Layout(file, names, separator, column, frozenset(wanted))
        numbers, found = _rows(layout, stream)
    if not len(numbers):
        raise DataError("table.no-rows", path=str(file))
    if not np.isfinite(numbers[:, wanted]).all() or not all(map(_is_answer, found)):
        _refuse(layout, "")
    return Table(tuple(names[i] for i in wanted), numbers[:, wanted], None if column is None else names[column], found)


def column_names(path: str | os.PathLike[str]) -> list[str]:
    """Return what the first line of a table names its columns; errors as of `read_table`."""
    file = Path(path)
    with _opened(file, 1 << 31) as stream:
        return _header(file, stream)[0]


@dataclass(frozen=True)
class _Layout:
    """What the first line of a file says, and what is wanted of it."""

    file: Path
    names: list[str]
    separator: str
    label: int | None
    numbers: frozenset[int]


@contextmanager
def _opened(file: Path, limit: int) -> Iterator[TextIO]:
    """Open a file as text, with its troubles as errors of ours."""
    if file.is_dir():
        raise DataNotFoundError("file.folder-given", path=str(file))
    if not file.exists():
        raise DataNotFoundError("file.missing", path=str(file))
    try:
        size = file.stat().st_size
        with file.open("rb") as raw:
            mark = raw.read(2)
        if mark in _MARKS:
            raise DataError("table.encoding", path=str(file), found=_MARKS[mark])
        if size > limit:
            raise DataError("table.limit", path=str(file), size=size, limit=limit)
        with file.open(encoding="utf-8-sig", newline="") as stream:
            yield stream
    except UnicodeDecodeError:
        raise DataError("table.utf-8", path=str(file), line=_bad_line(file)) from None
    except OSError as error:
        raise DataError("file.unreadable", path=str(file), reason=error.strerror or str(error)) from None


def _bad_line(file: Path) -> int:
    """Return the first line that is no UTF-8."""
    with file.open("rb") as raw:
        for number, line in enumerate(raw, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return 1


def _header(file: Path, stream: TextIO) -> tuple[list[str], str]:
    """Return the names of the columns, and what separates cells."""
    first = stream.readline()
    if not first.strip():
        raise DataError("table.empty", path=str(file))
    if "\0" in first:
        raise DataError("table.binary", path=str(file))
    separator = max(",\t;", key=first.count)
    try:
        names = [name.strip() for name in next(csv.reader([first], delimiter=separator), [])]
    except csv.Error as error:
        raise DataError("table.unreadable", path=str(file), line=1, reason=str(error)) from None
    if all(_number(name) is not None for name in names):
        raise DataError("table.no-header", path=str(file), first=_shown(first.strip()))
    places: dict[str, int] = {}
    for i, name in enumerate(names, 1):
        if not name:
            raise DataError("table.no-name", path=str(file), column=i)
        if name in places:
            raise DataError("table.twice", path=str(file), name=name, first=places[name], second=i)
        places[name] = i
    return names, separator


def _label_column(file: Path, names: list[str], label: str | None, features: Sequence[str]) -> int:
    if label is not None:
        if label in features:
            raise DataError("table.label-taken", path=str(file), name=label)
        return _position(file, names, label, "table.no-column")
    others = [name for name in names if name not in set(features)]
    if not others:
        raise DataError("table.no-answers", path=str(file))
    return names.index(next((name for name in LABELS if name in others), others[-1]))


def _is_answer(text: str) -> bool:
    """Tell whether a cell may name a class: it is there, short, and on one line, as after a quote that stays open."""
    return 0 < len(text) <= _LONGEST and "\n" not in text and "\r" not in text


def _position(file: Path, names: list[str], name: str, key: str) -> int:
    if name not in names:
        shown = ", ".join(names[:20]) + (", ..." if len(names) > 20 else "")
        raise DataError(key, path=str(file), name=name, columns=shown)
    return names.index(name)


def _rows(layout: _Layout, stream: TextIO) -> tuple[FloatArray, list[str]]:
    """Return all columns as numbers, and the answers; columns that nobody wants, and the answers, as 0."""
    answers: list[str] = []

    def keep(cell: str) -> float:
        answers.append(cell.strip())
        return 0.0

    converters: dict[int | str, Any] = {
        i: (keep if i == layout.label else lambda cell: 0.0)
        for i in range(len(layout.names))
        if i not in layout.numbers
    }
    lines = _counted(layout, stream)
    try:
        numbers = np.loadtxt(
            lines,
            dtype=np.float64,
            delimiter=layout.separator,
            comments=None,
            quotechar='"',
            ndmin=2,
            converters=converters,
        )
    except (UnicodeDecodeError, DataError):  # both are ValueErrors
        raise
    except (ValueError, csv.Error) as error:
        _refuse(layout, (str(error).splitlines() or [""])[0])
        raise  # never comes to this
    if len(numbers) and numbers.shape[1] != len(layout.names):
        _refuse(layout, "")
    return numbers, answers


def _counted(layout: _Layout, stream: TextIO) -> Iterator[str]:
    """Yield the lines; of an empty table one that NumPy warns of nothing for."""
    empty = True
    for line in stream:
        if line.strip():
            empty = False
            yield line
    if empty:
        raise DataError("table.no-rows", path=str(layout.file))


def _refuse(layout: _Layout, reason: str) -> None:
    """Raise for the first row that does not fit, or the first cell that is not what it must be."""
    path = str(layout.file)
    with layout.file.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, delimiter=layout.separator)
        try:
            next(reader)
            for row in reader:
                if row and (len(row) > 1 or row[0].strip()):
                    _check(layout, row, reader.line_num)
        except csv.Error as error:
            raise DataError("table.unreadable", path=path, line=reader.line_num, reason=str(error)) from None
    raise DataError("table.unreadable", path=path, line="?", reason=reason)


def _check(layout: _Layout, row: list[str], line: int) -> None:
    path, names = str(layout.file), layout.names
    if len(row) != len(names):
        raise DataError("table.ragged", path=path, line=line, found=len(row), columns=len(names))
    for i, cell in enumerate(row):
        where = {"path": path, "line": line, "column": names[i]}
        if i == layout.label and not cell.strip():
            raise DataError("table.missing", **where)
        if i == layout.label and not _is_answer(cell.strip()):
            raise DataError("table.answer", cell=_shown(cell), **where)
        if i not in layout.numbers:
            continue
        value = _number(cell)
        if not cell.strip():
            raise DataError("table.missing", **where)
        if value is None:
            raise DataError("table.not-number", cell=_shown(cell), **where)
        if not math.isfinite(value):
            raise DataError("table.non-finite", cell=_shown(cell), **where)


def _number(cell: str) -> float | None:
    try:
        # Python takes 1_000 for a number, which neither NumPy nor a spreadsheet does.
        return None if "_" in cell else float(cell)
    except ValueError:
        return None


def _shown(cell: str) -> str:
    plain = " ".join(cell.split())
    return plain if len(plain) <= _SHOWN else plain[:_SHOWN] + "..."
