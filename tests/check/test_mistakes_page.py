"""The page of mistakes: every mistake of the registry, in both languages, in tables that are tables."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

import gradwright.check.mistakes.page as module
from gradwright.check.causes import CODES
from gradwright.check.mistakes import Mistake, mistakes
from gradwright.check.mistakes.__main__ import main
from gradwright.check.mistakes.page import page
from gradwright.messages import CATALOGUE, LANGUAGES, text

COLUMNS = 4


def cells(line: str) -> list[str]:
    """Return the cells of a row of a table, as GitHub takes it apart: at bars that no backslash stands before."""
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def tables(content: str) -> Iterator[list[str]]:
    for block in content.split("\n\n"):
        lines = block.splitlines()
        if lines[0].startswith("|"):
            yield lines


def complaints(content: str) -> list[str]:
    """Return the lines that no row of their table are."""
    wrong = [line for lines in tables(content) for line in lines if len(cells(line)) != COLUMNS or line[-1] != "|"]
    wrong += [lines[1] for lines in tables(content) if not all(re.fullmatch("-{3,}", cell) for cell in cells(lines[1]))]
    inside = {line for lines in tables(content) for line in lines}
    return wrong + [line for line in content.splitlines() if line.startswith("|") and line not in inside]


def section(content: str, heading: str) -> str:
    (found,) = (part for part in content.split("\n## ")[1:] if part.splitlines()[0] == heading)
    return found


def test_names_are_unique() -> None:
    names = [mistake.name for mistake in mistakes()]
    assert len(set(names)) == len(names)
    assert {mistake.code for mistake in mistakes()} <= set(CODES)


def test_every_mistake_has_a_sentence_of_its_own_and_every_sentence_a_mistake() -> None:
    keys = {key for key in CATALOGUE if key.startswith("mistake.")}
    assert keys == {f"mistake.{mistake.name}" for mistake in mistakes()}
    for lang in LANGUAGES:
        assert len({text(key, lang) for key in keys}) == len(keys)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("mistake", mistakes(), ids=lambda mistake: mistake.name)
def test_every_mistake_is_under_its_code(mistake: Mistake, lang: str) -> None:
    rows = [cells(line) for lines in tables(section(page(lang), mistake.code)) for line in lines[2:]]
    (row,) = (row for row in rows if row[0] == mistake.name)
    assert row[1:3] == [f"`{mistake.wrote}`", f"`{mistake.right}`"]
    assert row[3].replace("\\", "") == text(f"mistake.{mistake.name}", lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_comes_once_with_its_cure(lang: str) -> None:
    content = page(lang)
    named = [code for code in CODES if any(mistake.code == code for mistake in mistakes())]
    others = text("mistakes.others", lang)
    assert re.findall(r"^## (.*)$", content, re.MULTILINE) == [*named, others]
    assert re.findall(r"^- `([a-z-]+)`:", section(content, others), re.MULTILINE) == [
        code for code in CODES if code not in named
    ]
    for code in CODES:
        part = section(content, code if code in named else others)
        assert text(f"cause.{code}.cure", lang) in part.replace("\\", "")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_tables_are_tables(lang: str) -> None:
    assert complaints(page(lang)) == []
    assert len(list(tables(page(lang)))) == len({mistake.code for mistake in mistakes()})


def test_a_bar_in_a_line_of_code_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    barred = replace(mistakes()[0], wrote="dz = (y | t) / n")
    monkeypatch.setattr(module, "mistakes", lambda: (barred, *mistakes()[1:]))
    content = page("en")
    assert r"`dz = (y \| t) / n`" in content
    assert complaints(content) == []


@pytest.mark.parametrize(
    "line", ["| a | b | c |", "| a | b | c | d | e |", "| `a | b` | c | d | e |", "| a | b | c | d"]
)
def test_these_tests_see_a_row_that_is_none(line: str) -> None:
    assert complaints(f"# x\n\n| a | b | c | d |\n| --- | --- | --- | --- |\n{line}\n") == [line]


def test_stars_are_no_emphasis() -> None:
    assert module._prose("1 - y**2, (W**2).sum(), a * b, `z**2`") == r"1 - y\*\*2, (W\*\*2).sum(), a * b, `z**2`"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_reader_of_markdown_reads_it_so(lang: str) -> None:
    markdown = pytest.importorskip("markdown_it").MarkdownIt("commonmark").enable("table")
    html = markdown.render(page(lang))
    assert html.count("<table>") == len({mistake.code for mistake in mistakes()})
    assert html.count("<td>") == COLUMNS * len(mistakes())
    assert "<em>" not in html
    assert "<strong>" not in html
    shown = [re.sub("&[a-z]+;|[^a-z]", "", code) for code in re.findall("<code>(.*?)</code>", html)]
    assert all(re.sub("[^a-z]", "", mistake.wrote) in shown for mistake in mistakes())


@pytest.mark.parametrize("encoding", ["cp949", "ascii", "utf-8"])
def test_command_writes_utf_8_whatever_the_console_has(encoding: str) -> None:
    for lang in LANGUAGES:
        done = subprocess.run(
            [sys.executable, "-m", "gradwright.check.mistakes", "--lang", lang],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
            timeout=60,
        )
        assert done.stdout.decode("utf-8").splitlines() == page(lang).splitlines()
        assert done.stderr == b""


def test_command_asks_the_environment(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("GRADWRIGHT_LANG", "ko")
    assert main([]) == 0
    assert capsys.readouterr().out == page("ko") == page()
    assert main(["--lang", "en"]) == 0
    assert capsys.readouterr().out == page("en")


def test_command_refuses_another_language(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--lang", "fr"])
    assert caught.value.code == 2
    assert "--lang" in capsys.readouterr().err
