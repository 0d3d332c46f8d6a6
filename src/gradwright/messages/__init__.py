"""Every sentence a person reads, in English and Korean, under one key.

A room keeps its sentences in one file of this package: a dictionary from the key to a pair ``(English, Korean)``.
Code names keys and fields only, so that an exception raised deep in the library can be shown in either
language by whoever catches it.

The Korean uses the terms of the course's Korean edition (손실 함수, 수치 미분, 기울기, 학습률, ...). A field is never
followed directly by a particle that depends on its last sound (은/는, 이/가, 을/를): write ``{name}의 형상은``.
"""

from __future__ import annotations

import locale
import os
import string
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradwright.messages import (
    benches,
    checks,
    command,
    data,
    derivatives,
    descents,
    estimators,
    explanations,
    formulas,
    general,
    helps,
    layers,
    losses,
    mistakes,
    optimizers,
    plots,
    runs,
    tables,
    textbooks,
    workers,
)

LANGUAGES = ("en", "ko")
#: The most characters of a text, and the most names, that a message shows.
_SHOWN, _MOST_NAMES = 40, 10

CATALOGUE: dict[str, tuple[str, str]] = {
    **general.MESSAGES,
    **benches.MESSAGES,
    **derivatives.MESSAGES,
    **checks.MESSAGES,
    **mistakes.MESSAGES,
    **formulas.MESSAGES,
    **descents.MESSAGES,
    **losses.MESSAGES,
    **layers.MESSAGES,
    **explanations.MESSAGES,
    **data.MESSAGES,
    **tables.MESSAGES,
    **optimizers.MESSAGES,
    **runs.MESSAGES,
    **plots.MESSAGES,
    **textbooks.MESSAGES,
    **command.MESSAGES,
    **helps.MESSAGES,
    **workers.MESSAGES,
    **estimators.MESSAGES,
}


@dataclass(frozen=True)
class Phrase:
    """A part of a sentence that is in the catalogue itself, and comes in the language of the sentence."""

    key: str
    fields: Mapping[str, Any]


def phrase(key: str, /, **fields: Any) -> Phrase:
    """Return the part of a sentence called `key`, to be handed over as a field.

    Examples
    --------
    >>> text("argument.type", "en", name="x", expected=phrase("kind.one-number"), kind="dict")
    '`x` must be one number, not dict.'
    """
    return Phrase(key, fields)


class _OneLine(string.Formatter):
    """Writes what a caller gave (``{value!r}``) on one line and not at length: it may be an array, or a text of pages."""

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        if conversion != "r":
            return super().convert_field(value, conversion)
        try:
            shown = " ".join(repr(value).split())
        except ValueError:  # a whole number of more digits than Python writes
            shown = type(value).__name__
        return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"


_FORMATTER = _OneLine()
_LONGEST = 160


def language(lang: str | None = None) -> str:
    """Return the language to write in: the one asked for, else ``GRADWRIGHT_LANG``, else the locale's.

    Parameters
    ----------
    lang : {"en", "ko"}, optional
        The language asked for.

    Returns
    -------
    str
        ``"ko"`` where the first of these that is set begins with ``ko`` (or is Windows' ``Korean``), else ``"en"``.

    Examples
    --------
    >>> language("ko")
    'ko'
    """
    if lang is not None:
        return "ko" if lang.lower().startswith("ko") else "en"
    # The order of POSIX; on Windows none of these is usually set and getlocale() answers.
    for name in ("GRADWRIGHT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return language(value)
    return language(locale.getlocale()[0] or "en")


def columns_of(text: str) -> int:
    """Return how many columns a text takes in a terminal: two for a letter of Hangul."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def text(key: str, lang: str | None = None, /, **fields: Any) -> str:
    """Return the sentence called `key`, its fields filled in.

    Parameters
    ----------
    key : str
        A key of the catalogue.
    lang : {"en", "ko"}, optional
        The language; by default `language` decides.
    **fields
        The values that the sentence names in braces; a `phrase` is written in the same language.

    Raises
    ------
    KeyError
        If the catalogue has no such key, or the sentence names a field that is not given.

    Examples
    --------
    >>> text("status.kink", "en"), text("status.kink", "ko")
    ('kink', '꺾인 점')
    """
    english, korean = CATALOGUE[key]
    chosen = language(lang)
    parts = {name: text(v.key, chosen, **v.fields) if isinstance(v, Phrase) else v for name, v in fields.items()}
    return _FORMATTER.format(korean if chosen == "ko" else english, **parts)


def listed(names: Sequence[str], most: int = _MOST_NAMES) -> str:
    """Return names as a message shows them: the first of them, and none at length."""
    return ", ".join(map(shown, names[:most])) + (", ..." if len(names) > most else "")


def shown(cell: str) -> str:
    """Return a cell as a message shows it: on one line, and not at length."""
    plain = " ".join(cell.split())
    return plain if len(plain) <= _SHOWN else plain[:_SHOWN] + "..."
