"""What a command shows: sentences in the language asked for, or one JSON document, or nothing."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from rich.console import Console

from gradwright import messages
from gradwright.errors import ArgumentError


class Screen:
    """The place that a command writes to.

    Parameters
    ----------
    lang : {"en", "ko"} or None
        The language of all sentences; by default that of the locale.
    as_json : bool
        Write nothing but one JSON document.
    quiet : bool
        Write no sentences.
    """

    def __init__(self, lang: str | None = None, as_json: bool = False, quiet: bool = False) -> None:
        if lang not in (None, "ko", "en"):
            raise ArgumentError("argument.choice", name="--lang", value=lang, choices="'ko', 'en'")
        self.lang = messages.language(lang)
        self.as_json, self.quiet = as_json, quiet
        self.console = Console(quiet=as_json or quiet, markup=False, highlight=False, emoji=False)

    @property
    def silent(self) -> bool:
        """Whether no sentences are shown."""
        return self.as_json or self.quiet

    def text(self, key: str, **fields: Any) -> str:
        """Return a sentence of the catalogue."""
        return messages.text(key, self.lang, **fields)

    def say(self, key: str, **fields: Any) -> None:
        """Show a sentence of the catalogue."""
        self.line(self.text(key, **fields))

    def line(self, text: str = "") -> None:
        """Show a line as it is, never wrapped: paths and commands in it can be copied."""
        self.console.print(text, soft_wrap=True)

    @staticmethod
    def width(cell: str) -> int:
        """Return how many columns of a terminal a text takes."""
        return cell_len(cell)

    def warn(self, kind: str, key: str, **fields: Any) -> None:
        """Write a sentence of the catalogue on stderr, also where no others are shown: something is odd."""
        sys.stderr.write(f"{kind}: {' '.join(self.text(key, **fields).split())}\n")

    def row(self, cells: Sequence[str], widths: Sequence[int]) -> None:
        """Show cells of a table, right-aligned; Hangul counts as two columns wide."""
        self.line("  ".join(" " * max(0, width - cell_len(cell)) + cell for cell, width in zip(cells, widths)))

    def document(self, content: dict[str, Any]) -> None:
        """Write the JSON document, if one was asked for."""
        if self.as_json:
            write_document(content)


def write_document(content: dict[str, Any]) -> None:
    """Write a JSON document to stdout; what its encoding does not have as an escape, which JSON knows."""
    plain = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "") not in ("utf8", "utf8sig")
    sys.stdout.write(json.dumps(content, ensure_ascii=plain, indent=2, allow_nan=False) + "\n")


def command_line(*words: str | Path) -> str:
    """Return a ``gradwright`` command as it can be typed here, quoted for this system's shell."""
    started = sys.argv[0]
    if Path(started).name == "__main__.py":
        begin = [sys.executable, "-m", "gradwright"]
    elif Path(started).stem == "gradwright" and not shutil.which("gradwright"):
        begin = [started]
    else:
        begin = ["gradwright"]
    parts = [*begin, *(str(word) for word in words)]
    return subprocess.list2cmdline(parts) if os.name == "nt" else shlex.join(parts)


def near(path: Path) -> Path:
    """Return a path relative to the working folder where it lies in it."""
    try:
        return path.resolve().relative_to(Path.cwd())
    except (ValueError, OSError):  # the working folder may be gone
        return path
