"""Every figure that the course's notes print has a test that names its row, and every line of docs/notes.md holds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import gradwright as gw
from gradwright import textbook

TESTS = Path(__file__).parent
PAGE = TESTS.parent / "docs" / "notes.md"
ROWS = [f"{letter}{i + 1}" for letter, count in zip("LDGNCT", (6, 6, 5, 4, 2, 1)) for i in range(count)]
ROW = r"[LDGNCT]\d"


def rows_named(text: str) -> set[str]:
    """Return the rows in "Row D1", "Rows D1, D2, D4 and G1", "Rows L1 to L4"."""
    found: set[str] = set()
    for listed in re.findall(rf"\b[Rr]ows? ({ROW}(?:(?:, | and | to ){ROW})*)", text):
        found.update(re.findall(ROW, listed))
        for letter, first, last in re.findall(r"([LDGNCT])(\d) to [LDGNCT](\d)", listed):
            found.update(f"{letter}{i}" for i in range(int(first), int(last) + 1))
    return found


def functions(path: Path) -> Iterator[tuple[str, ast.AST]]:
    """Yield ``name`` or ``Class::name`` of each definition in a file."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, node
        if isinstance(node, ast.ClassDef):
            yield from (
                (f"{node.name}::{inner.name}", inner) for inner in node.body if isinstance(inner, ast.FunctionDef)
            )


def rows_of_test(name: str, node: ast.AST) -> set[str]:
    short = name.rpartition("::")[2]
    if not (isinstance(node, ast.FunctionDef) and short.startswith("test_")):
        return set()
    return rows_named(ast.get_docstring(node) or "") | {word.upper() for word in short.split("_")} & set(ROWS)


@pytest.mark.parametrize("row", ROWS)
def test_every_row_has_a_test(row: str) -> None:
    named = [
        f"{path.name}::{name}"
        for path in TESTS.rglob("test_*.py")
        for name, node in functions(path)
        if row in rows_of_test(name, node)
    ]
    assert named


def test_rows_are_found_in_words() -> None:
    assert rows_named("Rows L1 to L4: and more") == {"L1", "L2", "L3", "L4"}
    assert rows_named("Rows D1, D2 and D4 (with D5 aside)") == {"D1", "D2", "D4"}
    assert rows_named("row T1.") == {"T1"}
    assert rows_named("D1 and G1, of which no row is named") == set()


def missing_tests(page: str) -> list[str]:
    """Return the ``file::test`` and files that a page names and that are not there."""
    known = {path.relative_to(TESTS.parent).as_posix(): path for path in TESTS.rglob("test_*.py")}
    missing = []
    for file, name in re.findall(r"`(tests/[\w/]+\.py)(?:::([\w:]+))?`", page):
        if file not in known or (name and name not in dict(functions(known[file]))):
            missing.append(f"{file}::{name}")
    return missing


def test_every_test_that_the_page_names_is_there() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page.count("`tests/") > 60
    assert missing_tests(page) == []


def test_a_test_that_is_not_there_is_seen() -> None:
    page = "| `tests/test_notes.py::TestNote000::test_of_nothing` | `tests/test_nothing.py` | `tests/test_figures.py` |"
    assert missing_tests(page) == ["tests/test_notes.py::TestNote000::test_of_nothing", "tests/test_nothing.py::"]


def missing_names(page: str) -> list[str]:
    """Return the names ``gw.a.b`` and ``textbook.a`` that a page names and that are not there."""
    missing = []
    for root, dotted in re.findall(r"`(gw|textbook)\.([A-Za-z_.0-9]*[A-Za-z_0-9])", page):
        place = gw if root == "gw" else textbook
        for part in dotted.split("."):
            place = getattr(place, part, None)
        if place is None:
            missing.append(f"{root}.{dotted}")
    return missing


def test_every_name_on_the_page_is_there() -> None:
    assert missing_names(PAGE.read_text(encoding="utf-8")) == []


def test_a_name_that_is_not_there_is_seen() -> None:
    assert missing_names("`gw.gradient(f, x)`, `gw.plot.nothing`, `textbook.softmax`") == ["gw.plot.nothing"]
