"""The records of a text table: what separates their cells, and on which line each begins."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from gradwright import messages
from gradwright.data.paths import check_file
from gradwright.errors import DataError

#: The line on which a record begins, and its cells.
Line = tuple[int, list[str]]
#: What no name or answer holds: control characters, line breaks of all kinds, halves of characters.
NO_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"PK": "ZIP", b"\x1f\x8b": "gzip"}
_SEPARATORS = (",", "\t", ";")
#: The line in which Excel says what separates the cells; the reader takes any sign but a quote or a letter.
_SAID = re.compile(r'"?sep=(\t|[^\w\s"])"?[\r\n]*', re.IGNORECASE)
# So that a file of one endless line, or a quote that stays open, costs neither memory nor time.
_LONGEST_LINE = 1 << 23
_MOST_LINES = 1000


@contextmanager
def opened(file: Path, limit: int) -> Iterator[TextIO]:
    """Open a file as text, with its troubles as errors of ours."""
    try:
        check_file(file)
        size = file.stat().st_size
        with file.open("rb") as raw:
            mark = raw.read(2)
        if not mark:
            raise DataError("load.empty", path=str(file))
        if mark in _MARKS:
            raise DataError("table.encoding", path=str(file), found=_MARKS[mark])
        if size > limit:
            raise DataError("table.limit", path=str(file), size=size, limit=limit)
        with file.open(encoding="utf-8-sig", newline="") as stream:
            yield stream
    except DataError:  # one of a missing file is an OSError, too
        raise
    except UnicodeDecodeError:
        raise DataError("table.utf-8", path=str(file), line=_bad_line(file)) from None
    except OSError as error:
        raise DataError("file.unreadable", path=str(file), reason=error.strerror or str(error)) from None


def separator_of(file: Path, stream: TextIO) -> tuple[str, int]:
    """Return what separates the cells of a file, and how many lines stand above its header to say so."""
    stream.seek(0)
    kept: list[str] = []
    for number, line in enumerate(_lines(file, stream, kept), 1):
        if line.strip():
            said = _SAID.fullmatch(line)
            if said:
                return said[1], number
            break
        kept.clear()

    def columns(separator: str) -> int:
        try:
            return len(next(records(file, stream, separator, 0), (0, []))[1])
        except DataError:  # as the others may be; what was chosen says so when it is read
            return 0

    return max(_SEPARATORS, key=columns), 0


def records(file: Path, stream: TextIO, separator: str, skipped: int) -> Iterator[Line]:
    """Yield the records of a file, after some lines, that are not blank."""
    stream.seek(0)
    kept: list[str] = []
    reader = csv.reader(_lines(file, stream, kept), delimiter=separator, skipinitialspace=True)
    try:
        for cells in reader:
            begin = reader.line_num - len(kept) + 1
            if len(kept) > 1:
                # Two quotes that stay open, lines apart, look like one cell with all between. What is really quoted
                # ends with the cell, and only there is the reader asked to insist on it: '"a" , 2' is well meant.
                next(csv.reader(kept, delimiter=separator, skipinitialspace=True, strict=True))
            elif not kept[0].strip(" \r\n"):  # a tab is a separator, and cells with nothing in them are no blank line
                cells = []
            kept.clear()
            if cells and begin > skipped:
                yield begin, cells
    except csv.Error as error:
        begin = reader.line_num - len(kept) + 1
        raise DataError("table.unreadable", path=str(file), line=max(begin, 1), reason=str(error)) from None


def _lines(file: Path, stream: TextIO, kept: list[str]) -> Iterator[str]:
    """Yield the lines of a file, each after it was added to `kept`, from which the caller takes those of a record."""
    number = 0
    while line := stream.readline(_LONGEST_LINE + 1):
        number += 1
        if len(line) > _LONGEST_LINE:
            raise DataError("table.long-line", path=str(file), line=number, most=_LONGEST_LINE)
        kept.append(line)
        if len(kept) > _MOST_LINES:
            reason = messages.phrase("table.many-lines", most=_MOST_LINES)
            raise DataError("table.unreadable", path=str(file), line=number - len(kept) + 1, reason=reason)
        yield line


def _bad_line(file: Path) -> int:
    """Return the first line that is no UTF-8."""
    with file.open(encoding="utf-8", errors="surrogateescape", newline="") as stream:
        number = 1
        while line := stream.readline(_LONGEST_LINE):
            if not line.isascii() and any("\udc80" <= sign <= "\udcff" for sign in line):
                return number
            number += line.endswith(("\n", "\r"))
    return number


def plain(text: str) -> str:
    """Return a name without blanks around it, its letters put together: macOS takes those of Hangul apart."""
    return unicodedata.normalize("NFC", text.strip())
