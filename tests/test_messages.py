"""The catalogue: complete in both languages, and in step with the code that uses it."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import string
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

import gradwright
from gradwright import errors, messages
from gradwright.messages import CATALOGUE, language, phrase, text

SOURCE = Path(gradwright.__file__).parent
FOLDER = Path(messages.__file__).parent
ROOMS = [module.name for module in pkgutil.iter_modules([str(FOLDER)])]
# Words whose form depends on the last sound of the word before them, and longer ones that begin with one. After a
# closing parenthesis they belong to the word before the parenthesis, and are right. (이어야, in full, suits any sound.)
PARTICLE = re.compile(
    r"[`'\"”’]*(은|는|이|가|을|를|와|과|으로|로|이나|나|이라|라|여야|이라는|라는|으로서|로서|으로부터|로부터)(?![가-힣])"
)


def fields(sentence: str) -> set[str]:
    """Return the names in braces; of ``{a.b[0]:.3g}`` it is ``a``."""
    names = (name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None)
    return {re.split(r"[.\[]", name)[0] for name in names}


def misplaced_particles(sentence: str) -> list[str]:
    pieces = list(string.Formatter().parse(sentence))
    return [
        f"{{{name}}}{after[0]}"
        for (_, name, _, _), (after, *_) in zip(pieces, [(piece[0],) for piece in pieces[1:]])
        if name is not None and PARTICLE.match(after)
    ]


class Anything:
    """A field that takes any format."""

    def __format__(self, spec: str) -> str:
        return "3"

    def __repr__(self) -> str:
        return "3"

    def __getattr__(self, name: str) -> Anything:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, index: Any) -> Anything:
        return self


def parsed_sources() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        if FOLDER not in path.parents:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def uses(tree: ast.AST) -> Iterator[tuple[int, str, set[str] | None]]:
    """Yield line, key and fields of each error made and each sentence asked for; None: fields not known here."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        kind = getattr(errors, called, None)
        sentence = (isinstance(kind, type) and issubclass(kind, errors.GradwrightError)) or (
            called in ("text", "phrase")
            and (isinstance(node.func, ast.Name) or getattr(node.func.value, "id", "") == "messages")
        )
        first = node.args[0]
        if sentence and isinstance(first, ast.Constant) and isinstance(first.value, str):
            names = [keyword.arg for keyword in node.keywords]
            known = None if None in names else {name for name in names if name}
            yield node.lineno, first.value, known


def complaints(tree: ast.AST, catalogue: Mapping[str, tuple[str, str]]) -> list[str]:
    """Return what is wrong with the sentences that a source asks for."""
    wrong = []
    for line, key, given in uses(tree):
        if key not in catalogue:
            wrong.append(f"{line}: no sentence {key!r}")
        elif given is not None:
            lacking = set().union(*map(fields, catalogue[key])) - given
            wrong += [f"{line}: {key!r} needs {sorted(lacking)}"] if lacking else []
    return wrong


def literals(tree: ast.AST) -> tuple[set[str], set[str]]:
    """Return the strings in a source, and the beginnings of those put together, as in ``f"cause.{code}"``."""
    whole, begun = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            whole.add(node.value)
        elif isinstance(node, ast.JoinedStr) and len(node.values) > 1 and isinstance(node.values[0], ast.Constant):
            start = node.values[0].value
            if isinstance(start, str) and re.fullmatch(r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)*\.", start):
                begun.add(start)
    return whole, begun


@pytest.mark.parametrize("key", sorted(CATALOGUE))
class TestEveryKey:
    def test_is_short_and_plain(self, key: str) -> None:
        # ruff lets an exception carry no longer text.
        assert re.fullmatch(r"[a-z0-9]+([-.][A-Za-z0-9_]+)*", key)
        assert len(key) <= 48

    def test_has_two_languages(self, key: str) -> None:
        english, korean = CATALOGUE[key]
        assert english.strip()
        assert not re.search("[가-힣]", english)
        words = "".join(literal for literal, *_ in string.Formatter().parse(english))
        assert re.search("[가-힣]", korean) or not re.search("[A-Za-z]{2}", words), "words stay in English"
        assert english == english.rstrip()
        assert korean == korean.rstrip()

    def test_has_the_same_fields_in_both(self, key: str) -> None:
        english, korean = CATALOGUE[key]
        # A field that is itself text in one language is called `report_en` here and `report_ko` there.
        plain = [{name.removesuffix(end) for name in fields(s)} for s, end in ((english, "_en"), (korean, "_ko"))]
        assert plain[0] == plain[1]
        assert all(name.isidentifier() for name in fields(english)), "every field has a name"

    def test_has_no_particle_after_a_field(self, key: str) -> None:
        assert misplaced_particles(CATALOGUE[key][1]) == []

    def test_can_be_written(self, key: str) -> None:
        names = set().union(*map(fields, CATALOGUE[key]))
        for lang in messages.LANGUAGES:
            error = errors.GradwrightError(key, **dict.fromkeys(names, Anything()))
            written = error.text(lang)
            assert written
            assert "Anything" not in written


def test_no_key_stands_in_two_places() -> None:
    keys: Counter[str] = Counter()
    for room in ROOMS:
        tree = ast.parse((FOLDER / f"{room}.py").read_text(encoding="utf-8"))
        # The dictionary as written: Python itself keeps the last of two equal keys without a word.
        for node in ast.walk(tree):
            if isinstance(node, ast.Dict):
                keys.update(key.value for key in node.keys if isinstance(key, ast.Constant))
    assert [key for key, count in keys.items() if count > 1] == []


def test_every_room_is_in_the_catalogue() -> None:
    rooms = [importlib.import_module(f"{messages.__name__}.{room}").MESSAGES for room in ROOMS]
    assert sum(len(room) for room in rooms) == len(CATALOGUE)
    assert {key for room in rooms for key in room} == set(CATALOGUE)


def test_every_sentence_that_the_code_asks_for_is_there_with_its_fields() -> None:
    found = {path.relative_to(SOURCE).as_posix(): complaints(tree, CATALOGUE) for path, tree in parsed_sources()}
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def english_parts(tree: ast.AST) -> list[int]:
    """Return the lines on which `argument.type` gets words of one language for what it expects or has got."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args or getattr(node.args[0], "value", "") != "argument.type":
            continue
        for keyword in node.keywords:
            words = isinstance(keyword.value, (ast.Constant, ast.JoinedStr)) and re.search(
                "[A-Za-z]{2,}", ast.unparse(keyword.value)
            )
            if keyword.arg in ("expected", "kind") and words:
                found.append(node.lineno)
    return found


def test_what_is_expected_is_said_in_both_languages() -> None:
    found = {path.relative_to(SOURCE).as_posix(): english_parts(tree) for path, tree in parsed_sources()}
    assert {path: lines for path, lines in found.items() if lines} == {}
    planted = 'raise ArgumentTypeError("argument.type", name="x", expected="a number", kind=type(x).__name__)'
    assert english_parts(ast.parse(planted)) == [1]
    error = errors.ArgumentTypeError("argument.type", name="x", expected=phrase("kind.numbers"), kind="dict")
    assert error.text("en") == "`x` must be numbers, not dict."
    assert error.text("ko") == "`x`에 필요한 것은 숫자입니다. 받은 것: dict."


def test_korean_has_one_word_for_a_sample() -> None:
    """In a table `evaluate` counts what a message about the same file speaks of."""
    assert [key for key, (_, korean) in CATALOGUE.items() if "표본" in korean.replace("표본 추출", "")] == []


def test_every_sentence_is_used() -> None:
    whole: set[str] = set()
    begun: set[str] = set()
    for _, tree in parsed_sources():
        some, starts = literals(tree)
        whole |= some
        begun |= starts
    unused = [key for key in CATALOGUE if key not in whole and not any(key.startswith(start) for start in begun)]
    assert unused == []


class TestTheseTestsSeeMistakes:
    SMALL = MappingProxyType({"a.b": ("{x} is {y:.3g}", "{x!r}, {y}")})

    @pytest.mark.parametrize(
        ("code", "line"),
        [
            ('raise ShapeError("a.c", x=1)', "no sentence 'a.c'"),
            ('raise errors.ShapeError("a.b", x=1)', "needs ['y']"),
            ('warnings.warn(messages.text("a.b", y=1))', "needs ['x']"),
            ('text("a.b")', "needs ['x', 'y']"),
        ],
    )
    def test_wrong_use(self, code: str, line: str) -> None:
        (complaint,) = complaints(ast.parse(code), self.SMALL)
        assert line in complaint

    @pytest.mark.parametrize(
        "code",
        [
            'raise ShapeError("a.b", x=1, y=2, z=3)',
            'text("a.b", **given)',
            'error.text("ko")',
            'raise ValueError("no")',
        ],
    )
    def test_right_use(self, code: str) -> None:
        assert complaints(ast.parse(code), self.SMALL) == []

    @pytest.mark.parametrize(
        "bad", ["`{x}`는 값", "{x}가 있습니다", "{x!r}를", "`{x:.2f}`으로 바꾸세요", "{x}라는 이름", "{x}여야"]
    )
    def test_particle(self, bad: str) -> None:
        assert misplaced_particles(bad)

    @pytest.mark.parametrize(
        "good",
        [
            "`{x}`의 값은",
            "{n}개",
            "{n}가지",
            "{x} 파일이",
            "{x}에서",
            "{x}입니다",
            "{x}이어야",
            "{x}, {y}까지",
            "값({x})을",
        ],
    )
    def test_no_particle(self, good: str) -> None:
        assert misplaced_particles(good) == []

    def test_beginnings(self) -> None:
        assert literals(ast.parse('f"cause.{code}"; f"{code}.x"; f"see {x}"; "plain.key"'))[1] == {"cause."}
        assert "plain.key" in literals(ast.parse('"plain.key"'))[0]


class TestLanguage:
    @pytest.mark.parametrize("name", ["GRADWRIGHT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"])
    def test_each_variable(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        for other in ("GRADWRIGHT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
            monkeypatch.delenv(other, raising=False)
        monkeypatch.setenv(name, "ko_KR.UTF-8")
        assert language() == "ko"
        monkeypatch.setenv(name, "de_DE.UTF-8")
        assert language() == "en"

    def test_ours_goes_first(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
        monkeypatch.setenv("GRADWRIGHT_LANG", "en")
        assert language() == "en"
        assert language("ko") == "ko"

    @pytest.mark.parametrize(
        ("name", "expected"),
        [("ko_KR", "ko"), ("Korean_Korea", "ko"), ("en_US", "en"), ("C", "en"), (None, "en")],
    )
    def test_the_system_answers_last(self, name: str | None, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
        for variable in ("GRADWRIGHT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
            monkeypatch.delenv(variable, raising=False)
        monkeypatch.setattr("locale.getlocale", lambda *category: (name, "UTF-8"))
        assert language() == expected

    def test_text(self) -> None:
        assert text("argument.positive", "en", name="h", value=0) == "`h` must be a positive number, not 0."
        assert text("argument.positive", "ko", name="h", value=0) == "`h`의 값은 양수여야 합니다. 받은 값: 0."

    def test_what_the_caller_gave_is_shown_on_one_short_line(self) -> None:
        for value in (np.ones((40, 40)), "x" * 10_000, "a\nb", 10**5000, [[1, 2]] * 500):
            for lang in messages.LANGUAGES:
                shown = text("argument.positive", lang, name="h", value=value)
                assert shown.isprintable()
                assert len(shown) < 260
