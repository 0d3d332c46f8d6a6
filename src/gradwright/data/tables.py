"""Tables of numbers as text: CSV and TSV, with a header and a column that holds the answers.

Python's own reader of CSV takes the cells apart; each row keeps the line on which it begins, so that whatever is found
wrong with it, here or later, can be said by line and column.
"""

from __future__ import annotations

import math
import os
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from gradwright import _validate
from gradwright._arrays import FloatArray
from gradwright.data.records import NO_TEXT, Line, opened, plain, records, separator_of
from gradwright.errors import DataError
from gradwright.messages import listed, shown

#: The names of a label column, in this order, where none is given. Words may be in capitals; T may be a temperature.
LABELS = ("label", "target", "class", "t", "y")
_LONGEST = 1000  # characters of an answer
_SEVERAL = re.compile(r"[\s|:/]")


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
    lines : ndarray of int64, shape (n,)
        The line of the file on which each row begins, as an editor counts them.
    """

    features: tuple[str, ...]
    x: FloatArray
    label: str | None
    answers: list[str]
    lines: npt.NDArray[np.int64]


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
        UTF-8, with or without a byte order mark; cells are separated by commas, tabs or semicolons, whichever makes
        most columns of the header, or as a line ``sep=;`` above it says, which Excel writes. Cells may be quoted, and
        have blanks around them. Blank lines are no rows.
    label : str, optional
        The column of answers; by default the one called ``label``, ``target``, ``class`` (small letters or capitals),
        ``t`` or ``y``, else the last.
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
    ArgumentTypeError
        If `features` is no sequence of names.
    """
    file = _validate.path("path", path)
    asked = None if features is None else _validate.names("features", features)
    with opened(file, limit) as stream:
        separator, skipped = separator_of(file, stream)
        lines = records(file, stream, separator, skipped)
        header = _Header(file, lines)
        with_answers = asked is None if answers is None else answers
        column = header.label(label, asked or ()) if with_answers else None
        if asked is None:
            wanted = [i for i in range(len(header.names)) if i != column]
        else:
            wanted = [header.position(name, "table.no-feature") for name in asked]
        if not wanted:
            header.check_separated()
            raise DataError(
                "table.no-features", path=header.path, column=header.names[-1 if column is None else column]
            )
        return _read(header, lines, wanted, column)


def column_names(path: str | os.PathLike[str], *, limit: int = 1 << 31) -> list[str]:
    """Return what the first line of a table names its columns; arguments and errors as of `read_table`."""
    file = _validate.path("path", path)
    with opened(file, limit) as stream:
        return _Header(file, records(file, stream, *separator_of(file, stream))).names


class _Header:
    """The names of the columns of a file, from its first record."""

    def __init__(self, file: Path, lines: Iterator[Line]) -> None:
        number, cells = next(lines, (0, []))
        if not cells:
            raise DataError("table.empty", path=str(file))
        self.path = str(file)
        self.names = [_name(cell) for cell in cells]
        if any(map(NO_TEXT.search, self.names)):
            raise DataError("table.binary", path=self.path)
        if _are_numbers(self.names):
            raise DataError("table.no-header", path=self.path, line=number, first=shown(", ".join(self.names)))
        self._places: dict[str, int] = {}
        for i, name in enumerate(self.names):
            if not name:
                raise DataError("table.no-name", path=self.path, column=i + 1)
            if name in self._places:
                raise DataError("table.twice", path=self.path, name=name, first=self._places[name] + 1, second=i + 1)
            self._places[name] = i

    def check_separated(self) -> None:
        """Raise if there is one column, of which the name looks like several, separated by what does not count."""
        if len(self.names) == 1 and _SEVERAL.search(self.names[0]):
            raise DataError("table.one-column", path=self.path, column=self.names[0])

    def position(self, name: str, key: str) -> int:
        """Return the place of a column; raise by the `key` of a sentence where there is none."""
        place = self._places.get(_name(str(name)))
        if place is None:
            self.check_separated()
            raise DataError(key, path=self.path, name=name, columns=listed(self.names))
        return place

    def label(self, name: str | None, features: Sequence[str]) -> int:
        """Return the place of the column of answers, which is none of the features."""
        if name is not None:
            if name in features:
                raise DataError("table.label-taken", path=self.path, name=name)
            return self.position(name, "table.no-column")
        taken = set(features)
        others = [name for name in self.names if name not in taken]
        if not others:
            raise DataError("table.no-answers", path=self.path)
        for usual in LABELS:
            alike = [name for name in others if name == usual or (len(usual) > 1 and name.casefold() == usual)]
            if usual in alike or len(alike) == 1:
                return self._places[usual if usual in alike else alike[0]]
            if alike:
                raise DataError("table.labels", path=self.path, columns=listed(alike))
        return self._places[others[-1]]


def _name(cell: str) -> str:
    """Return a name as it is compared: one that goes over two lines is one name."""
    return " ".join(plain(cell).split())


def _are_numbers(names: Sequence[str]) -> bool:
    """Tell whether a first line is a row of numbers, with or without an answer, rather than the names of columns.

    One name among numbers that count up from 0 or 1, as in ``label,0,1,2``, is a header.
    """
    numbers = [number for number in map(number_of, names) if number is not None]
    if len(numbers) < max(1, len(names) - 1):
        return False
    counting = all(second == first + 1 for first, second in pairwise(numbers))
    return len(numbers) == len(names) or not (counting and numbers[0] in (0, 1))


def _read(header: _Header, lines: Iterator[Line], wanted: Sequence[int], column: int | None) -> Table:
    """Return the rows below the header."""
    names, numbers, numbered, answers = header.names, array("d"), array("q"), list[str]()
    for line, cells in lines:
        if len(cells) != len(names):
            raise DataError("table.ragged", path=header.path, line=line, found=len(cells), columns=len(names))
        numbers.extend(_numbers(header, line, cells, wanted))
        numbered.append(line)
        if column is not None:
            answers.append(_answer(header, line, cells[column], names[column]))
    if not numbered:
        raise DataError("table.no-rows", path=header.path)
    x = np.frombuffer(numbers, np.float64).reshape(len(numbered), len(wanted))
    label = None if column is None else names[column]
    return Table(tuple(names[i] for i in wanted), x, label, answers, np.frombuffer(numbered, np.int64))


def _numbers(header: _Header, line: int, cells: Sequence[str], wanted: Sequence[int]) -> list[float]:
    """Return the numbers of a row, all finite; the first cell that is none is named."""
    picked = [cells[i] for i in wanted]
    try:
        found = list(map(float, picked))
        if math.isfinite(sum(found)) and "_" not in "".join(picked):
            return found
    except ValueError:
        found = []
    for i, cell in zip(wanted, picked, strict=True):
        where = {"path": header.path, "line": line, "column": header.names[i]}
        if not cell.strip():
            raise DataError("table.missing", **where)
        value = number_of(cell)
        if value is None:
            raise DataError("table.not-number", cell=shown(cell), **where)
        if not math.isfinite(value):
            raise DataError("table.non-finite", cell=shown(cell), **where)
    return found  # of which only the sum was too large


def _answer(header: _Header, line: int, cell: str, column: str) -> str:
    answer = plain(cell)
    if not answer:
        raise DataError("table.missing", path=header.path, line=line, column=column)
    if not names_a_class(answer):
        raise DataError("table.answer", path=header.path, line=line, column=column, cell=shown(answer))
    return answer


def names_a_class(text: str) -> bool:
    """Tell whether a text may name a class: it is there, short, on one line and without control characters."""
    return 0 < len(text) <= _LONGEST and NO_TEXT.search(text) is None


def number_of(cell: str) -> float | None:
    """Return the number that a cell holds, if it holds one."""
    try:
        # Python takes 1_000 for a number, which neither NumPy nor a spreadsheet does.
        return None if "_" in cell else float(cell)
    except ValueError:
        return None
