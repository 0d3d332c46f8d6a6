"""The first reading of a text: into numbers, names and signs, each with its column; anything else is refused here.

Python's own parser never sees the text itself, only a source put together again from these tokens. So its looser
habits (identifiers folded by NFKC, ``1if``, ``0x``, strings, comments, warnings about literals) have nothing to act on.
"""

from __future__ import annotations

import keyword
import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, NoReturn, TypeAlias

from gradwright.errors import FormulaError
from gradwright.formula.vocabulary import GREEK

MAX_CHARACTERS = 1000
MAX_NAME = 32

_NUMBER = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NAME = re.compile(r"[A-Za-z](?:_?[A-Za-z0-9₀-₉])*")
_SIGN = re.compile(r"\*\*|[-+*/^(),]")
_RAISED = re.compile(r"[⁺⁻]?[⁰¹²³⁴-⁹]+")
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_LEVELLED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
# Signs that books, phones and word processors write, with the one meaning that each can have.
_SIGNS = {"−": "-", "–": "-", "×": "*", "·": "*", "⋅": "*", "÷": "/", "^": "**"}
_LETTERS = {"π": "pi", "τ": "tau"} | {letter: name for name, letter in GREEK.items()}
_LETTER = re.compile(f"[{''.join(_LETTERS)}]([0-9₀-₉]*)")
_BLANK = " \t\r\n\u00a0"


Kind: TypeAlias = Literal["number", "name", "operator", "(", ")", ",", "end"]
_KINDS: dict[str, Kind] = {"(": "(", ")": ")", ",": ","}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text: what it is, its spelling in ASCII, its column (from 0), and how it was written."""

    kind: Kind
    text: str
    column: int
    written: str = ""


def refuse(key: str, column: int, piece: str = "", **fields: object) -> NoReturn:
    """Raise the error `key` about the piece at `column` (from 0; people count from 1)."""
    shown = piece if len(piece) <= 24 else piece[:23] + "…"
    raise FormulaError(key, column=column + 1, piece=shown, **fields)


def tokens(text: str) -> list[Token]:
    """Return the tokens of `text`, the last of kind ``end``.

    Raises
    ------
    FormulaError
        If the text is too long, or holds a character or a number that no formula has.
    """
    if len(text) > MAX_CHARACTERS:
        raise FormulaError("formula.long", length=len(text), limit=MAX_CHARACTERS)
    found: list[Token] = []
    column = 0
    while column < len(text):
        if text[column] in _BLANK:
            column += 1
            continue
        piece, new = _token(text, column)
        found += new
        column += len(piece)
    found.append(Token("end", "", len(text)))
    return found


def _token(text: str, column: int) -> tuple[str, list[Token]]:
    """Return the piece of `text` at `column` and the tokens that it stands for."""
    if match := _NUMBER.match(text, column):
        return match[0], [_number(match[0], column, match[0])]
    if match := _NAME.match(text, column):
        return match[0], [_name(match[0], column)]
    if match := _RAISED.match(text, column):  # x² is x**2, x⁻¹ is x**-1
        digits = match[0].translate(_LEVELLED)
        raised = [Token("operator", "**", column, match[0])]
        if digits[0] in "+-":
            raised.append(Token("operator", digits[0], column, match[0]))
        return match[0], [*raised, _number(digits.lstrip("+-"), column, match[0])]
    character = text[column]
    if match := _SIGN.match(text, column):
        return match[0], [Token(_KINDS.get(match[0], "operator"), _SIGNS.get(match[0], match[0]), column, match[0])]
    if character in _SIGNS:
        return character, [Token("operator", _SIGNS[character], column, character)]
    if match := _LETTER.match(text, column):
        name = _LETTERS[character] + match[1].translate(_LOWERED)
        return match[0], [Token("name", name, column, match[0])]
    return _refuse_character(character, column)


def _number(piece: str, column: int, written: str) -> Token:
    value = float(piece)
    if not math.isfinite(value):
        refuse("formula.number-large", column, written)
    if value == 0 and piece.lower().partition("e")[0].strip("0."):
        refuse("formula.number-small", column, written)
    # repr: 007, 5. and .5 are numbers to a person, and after this to Python too.
    return Token("number", repr(value), column, written)


def _name(piece: str, column: int) -> Token:
    name = piece.translate(_LOWERED)
    if keyword.iskeyword(name):
        refuse("formula.keyword", column, piece)
    if len(name) > MAX_NAME:
        refuse("formula.name-long", column, piece, limit=MAX_NAME)
    return Token("name", name, column, piece)


def _refuse_character(character: str, column: int) -> NoReturn:
    if character == "_":
        refuse("formula.underscore", column, character)
    code = f"U+{ord(character):04X}"
    if character.isascii() and character.isprintable():
        refuse("formula.sign", column, character)
    # A letter that only looks like an ASCII one is told apart by its name; a control character cannot be shown.
    shown = character if character.isprintable() else code
    refuse("formula.character", column, shown, code=code, called=unicodedata.name(character, "unnamed"))
