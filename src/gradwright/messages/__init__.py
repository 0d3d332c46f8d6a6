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
from typing import Any

from gradwright.messages import (
    command,
    data,
    derivatives,
    descents,
    explanations,
    formulas,
    general,
    layers,
    losses,
    optimizers,
    plots,
    runs,
    textbooks,
)

LANGUAGES = ("en", "ko")

CATALOGUE: dict[str, tuple[str, str]] = {
    **general.MESSAGES,
    **derivatives.MESSAGES,
    **formulas.MESSAGES,
    **descents.MESSAGES,
    **losses.MESSAGES,
    **layers.MESSAGES,
    **explanations.MESSAGES,
    **data.MESSAGES,
    **optimizers.MESSAGES,
    **runs.MESSAGES,
    **plots.MESSAGES,
    **textbooks.MESSAGES,
    **command.MESSAGES,
}


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


def text(key: str, lang: str | None = None, /, **fields: Any) -> str:
    """Return the sentence called `key`, its fields filled in.

    Parameters
    ----------
    key : str
        A key of the catalogue.
    lang : {"en", "ko"}, optional
        The language; by default `language` decides.
    **fields
        The values that the sentence names in braces.

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
    return (korean if language(lang) == "ko" else english).format(**fields)
