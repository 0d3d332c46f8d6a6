"""Help in both languages: click's own words are there in English only."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from gradwright.cli import commands
from gradwright.cli.app import program

COMMANDS = (None, "train", "predict", "evaluate", "export", "diff", "check", "descend", "compare", "bench")
# Names of things and of people, which are not translated.
NAMES = {
    *("gradwright", "JSON", "PNG", "SVG", "PDF", "CSV", "MNIST", "NAME", "digits", "mnist", "sgd", "momentum", "full"),
    *("backprop", "numerical", "permutation", "replacement", "auto", "He", "Xavier", "dtype", "float", "runs", "train"),
    *("PyTorch", "JAX", "IDX", "ONNX", "csv", "tsv", "npz", "label", "target", "class"),
}


def help_of(gradwright, command: str | None, lang: str) -> str:
    done = gradwright(*([command] if command else []), "--help", "--lang", lang)
    assert done.status == 0
    return done.out


@pytest.mark.parametrize("command", COMMANDS)
def test_korean_help_has_no_english_words(gradwright, command):
    shown = help_of(gradwright, command, "ko")
    known = set(NAMES) | set(COMMANDS)
    group = program("ko")
    for param in (group.get_command(None, command) if command else group).params:
        known |= {*re.findall("[A-Za-z]+", f"{param.metavar} {param.default}"), param.name.upper()}
    words = set(re.findall("[A-Za-z]{2,}", re.sub(r"--?[a-z-]+( (FLOAT|INT))?", "", shown)))
    assert words - known == set()
    assert re.search("[가-힣]", shown)


@pytest.mark.parametrize("command", COMMANDS)
def test_english_help_has_clicks_words(gradwright, command):
    shown = help_of(gradwright, command, "en")
    assert shown.startswith("Usage: gradwright ")
    assert "Show this message and exit." in shown
    assert not re.search("[가-힣]", shown)
    assert command is None or "Options:" in shown
    assert command not in ("diff", "check", "descend") or "[required]" in shown


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_help_is_no_wider_than_a_terminal(gradwright, command, lang):
    assert max(map(cell_len, help_of(gradwright, command, lang).splitlines())) <= 80


def test_the_language_may_come_before_the_command(gradwright):
    assert "수치 미분" in gradwright("--lang", "ko", "diff", "x^2", "--at", "1").out
    assert "numerical" in gradwright("--lang", "en", "diff", "x^2", "--at", "1").out
    assert gradwright("--lang", "fr", "diff", "x^2", "--at", "1").status == 2
    assert gradwright("diff", "-h").out == gradwright("diff", "--help").out


@pytest.mark.parametrize(
    "words", [("foo",), ("diff", "x", "y", "--at", "1"), ("diff", "x"), ("diff", "x", "--att", "1"), ("train", "x")]
)
def test_complaints_in_korean_are_korean(gradwright, words):
    done = gradwright(*words, "--lang", "ko")
    assert done.status == 2
    said = re.sub(r"^UsageError:|--\w+|`[^`]*`|\"[^\"]*\"|gradwright", "", done.err)
    assert set(re.findall("[A-Za-z]{2,}", said)) <= {"foo", *COMMANDS[1:]}


def test_words_wrap_by_columns():
    assert commands._wrapped("가나다 라마 x", 9) == ["가나다", "라마 x"]
    assert commands._wrapped("", 9) == []


@pytest.mark.parametrize("words", [(), ("--lang", "ko"), ("--lang=ko",)])
def test_without_a_command_the_help_is_shown(gradwright, words):
    done = gradwright(*words)
    assert (done.status, done.err) == (2, "")
    assert ("사용법:" in done.out) is bool(words)
    assert "descend" in done.out


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full disk is needed")
@pytest.mark.parametrize("words", ["diff x^2 --at 1", "diff x^2 --at 1 --json", "--help", ""])
def test_a_full_disk_is_told_in_one_line(words):
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "gradwright", *words.split()]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines() == ["StorageError: the output: No space left on device."]
