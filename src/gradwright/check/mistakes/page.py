"""The registry of mistakes as a page to read, in Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gradwright import messages
from gradwright.check.causes import CODES
from gradwright.check.mistakes.registry import Mistake, mistakes


def page(lang: str | None = None) -> str:
    """Return a page on all mistakes of the registry, code by code, and on the other causes that a check may name.

    Parameters
    ----------
    lang : {"en", "ko"}, optional
        The language; by default that of the environment.

    Returns
    -------
    str
        Markdown, with tables as GitHub writes them.

    Examples
    --------
    >>> print(page("en")[:29])
    # Mistakes of backward passes
    """
    named = mistakes()
    parts = [
        f"# {messages.text('mistakes.title', lang)}",
        messages.text("mistakes.introduction", lang, count=len(named)),
        messages.text("mistakes.letters", lang),
    ]
    others = []
    for code in CODES:
        own = [mistake for mistake in named if mistake.code == code]
        cure = _prose(messages.text(f"cause.{code}.cure", lang))
        if own:
            parts += [f"## {code}", messages.text("mistakes.cure", lang, cure=cure), _table(own, lang)]
        else:
            others.append(f"- `{code}`: {cure}")
    parts += [f"## {messages.text('mistakes.others', lang)}", messages.text("mistakes.patterns", lang)]
    return "\n\n".join([*parts, "\n".join(others)]) + "\n"


def _table(own: Sequence[Mistake], lang: str | None) -> str:
    heads = [messages.text(f"mistakes.{column}", lang) for column in ("name", "wrote", "right", "why")]
    rows = [
        [each.name, f"`{each.wrote}`", f"`{each.right}`", _prose(messages.text(f"mistake.{each.name}", lang))]
        for each in own
    ]
    return "\n".join(_row(cells) for cells in [heads, ["---"] * len(heads), *rows])


def _row(cells: Sequence[str]) -> str:
    """Return a row of a table; a bar that is part of a cell, also in code, is escaped."""
    escaped = (cell.replace("|", r"\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"


def _prose(sentence: str) -> str:
    """Return a sentence with its stars escaped where Markdown may take them for emphasis: ``W**2``, not ``a * b``."""
    pieces = re.split(r"(`[^`]*`)", sentence)
    return "".join(piece if piece.startswith("`") else re.sub(r"(?<=\S)\*|\*(?=\S)", r"\*", piece) for piece in pieces)


__all__ = ["page"]
