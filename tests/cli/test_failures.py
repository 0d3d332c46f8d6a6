"""What a command that fails says, where, and with which status; whatever its streams are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

WRONG = [
    (("diff", "x", "--at", "q"), 2),
    (("diff", "x", "--at"), 2),
    (("diff", "x +", "--at", "1"), 2),
    (("nothing",), 2),
    (("train", "--epochs", "some"), 2),
    (("train", "--data", "none.csv"), 2),
    (("train", "--nothing"), 2),
    (("predict", "none.safetensors"), 2),
    (("predict", "none.safetensors", "a.png"), 1),
    (("evaluate", "none.safetensors"), 1),
    (("export", "none.safetensors", "--onnx", "m.onnx"), 1),
    (("compare", "--batch-size", "0"), 2),
    (("descend", "x^2", "--start", "a"), 2),
    (("check", "none.py:f", "none.py:g", "--at", "none.py:x"), 2),
    (("bench", "--data-dir", "none"), 1),
]


@pytest.mark.parametrize(("words", "status"), WRONG)
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_document_on_stdout_and_the_same_in_a_line_on_stderr(gradwright, folder, words, status, lang):
    plain = gradwright(*words, "--lang", lang)
    assert (plain.status, plain.out) == (status, "")
    assert plain.err.count("\n") == 1
    for more in ((), ("--quiet",)):
        done = gradwright(*words[:1], "--json", *words[1:], "--lang", lang, *more)
        assert (done.status, done.err) == (status, plain.err)
        error = done.document["error"]
        assert f"{error['type']}: {error['message']}\n" == plain.err
    assert list(folder.iterdir()) == []


def test_json_after_two_minuses_is_no_flag(gradwright):
    assert gradwright("diff", "--at", "q", "--", "--json").out == ""


def program(*words: str, **settings: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "gradwright", *words]
    return subprocess.run(command, check=False, timeout=120, **settings)  # type: ignore[call-overload,no-any-return]


@pytest.mark.skipif(os.name != "posix", reason="descriptors as of POSIX")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams(folder: Path, closed: str) -> None:
    """What a daemon or `>&-` leaves: the work is done, and no file gets the number of a stream."""

    def program(*words: str) -> subprocess.CompletedProcess[bytes]:
        shell = ["sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-m", "gradwright", *words]
        return subprocess.run(shell, check=False, timeout=120, capture_output=True)

    done = program("diff", "x^2", "--at", "3", "--plot", "p.svg")
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
    assert (folder / "p.svg").read_bytes().startswith(b"<?xml")
    assert b"numerical" not in (folder / "p.svg").read_bytes()
    done = program("diff", "x^2", "--at", "q", "--json")
    assert (done.returncode, b"Traceback" in done.stderr) == (2, False)


@pytest.mark.parametrize("encoding", ["ascii", "cp949", "cp1252", "utf-8"])
def test_documents_lose_no_letter_to_an_encoding(folder: Path, encoding: str) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    words = ("diff", "x^2", "--at", "q", "--lang", "ko")
    done = program(*words, "--json", capture_output=True, env=environment)
    assert "쉼표로 나눈 수여야 합니다" in json.loads(done.stdout.decode(encoding))["error"]["message"]
    for line in (words, ("--help", "--lang", "ko"), ("nothing", "--lang", "ko")):
        done = program(*line, capture_output=True, env=environment)
        assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("compare", "--batch-size", "10", "--batch-size", "1"), "--batch-size is given more than once"),
        (("compare", "--batch-size=10", "--batch-size=10"), "--batch-size is given more than once"),
        (("compare", "--batch-size", "10,full, 10"), "`--batch-size` names 10 more than once"),
        (("compare", "--batch-size", "full,1,full"), "`--batch-size` names 'full' more than once"),
        (("compare", "--optimizer", "sgd, sgd"), "`--optimizer` names 'sgd' more than once"),
        (("train", "--seed", "1", "--epochs", "1", "--seed=1"), "--seed is given more than once"),
        (("diff", "x", "--at", "1", "--at", "2"), "--at is given more than once"),
        (("descend", "-x", "--start=1", "--start=2"), "--start is given more than once"),
        (("export", "m", "--onnx", "a", "--onnx", "b"), "--onnx is given more than once"),
    ],
)
def test_what_is_given_twice_is_said(gradwright, folder, words, said):
    done = gradwright(*words)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert done.err.count("\n") == 1
    assert list(folder.iterdir()) == []


def test_a_flag_may_be_given_twice(gradwright):
    assert gradwright("diff", "x", "--at", "1", "--quiet", "--quiet") == (0, "", "")


@pytest.mark.parametrize(
    "words",
    [
        ("evaluate", "m.safetensors", "--out", ""),
        ("evaluate", "m.safetensors", "--out="),
        ("evaluate", "m.safetensors", "--data", ""),
        ("train", "--out", ""),
        ("train", "--label="),
        ("predict", "m.safetensors", "a.png", "--out", ""),
        ("export", "m.safetensors", "--onnx", ""),
        ("diff", "x", "--at", ""),
        ("descend", "x", "--start="),
        ("check", "a.py:f", "a.py:g", "--at", ""),
    ],
)
def test_an_option_without_a_value_is_not_the_working_folder(gradwright, folder, words):
    done = gradwright(*words)
    assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
    assert "needs a value" in done.err
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "words", [("--epochs", 10**20), ("--epochs", 10**400), ("--learning-rate", "nan"), ("--learning-rate", "-1")]
)
def test_numbers_that_no_comparison_can_have(gradwright, words):
    done = gradwright("compare", "--batch-size", "full", *words)
    assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
    assert f"`{words[0]}`" in done.err


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a working folder cannot be removed")
def test_a_working_folder_that_is_gone(gradwright, folder, trained, monkeypatch):
    (folder / "gone").mkdir()
    monkeypatch.chdir(folder / "gone")
    (folder / "gone").rmdir()
    assert gradwright("predict", trained / "model.safetensors", trained / "example.png").status == 0
    out = folder / "pictures"
    done = gradwright("evaluate", trained / "model.safetensors", "--out", out)
    assert (done.status, done.err) == (0, "")
    assert f"drawn: {out / 'confusion.png'}" in done.out
    done = gradwright("evaluate", trained / "model.safetensors", "--out", "pictures")
    assert (done.status, done.out, done.err.count("\n")) == (1, "", 1)
