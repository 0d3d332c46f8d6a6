"""Commands run as a user runs them: in a folder of their own, with a name that breaks careless code."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from gradwright.cli.app import run


class Done(NamedTuple):
    """What a command left: its exit status and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with Hangul, a blank and an apostrophe in its path."""
    place = tmp_path / "내 드라이브" / "it's here"
    place.mkdir(parents=True)
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def gradwright(folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Run a command line in this process."""

    def command(*words: object) -> Done:
        capsys.readouterr()
        status = run([str(word) for word in words])
        written = capsys.readouterr()
        return Done(status, written.out, written.err)

    return command


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of one finished run on the digits, with all defaults."""
    out = tmp_path_factory.mktemp("runs") / "digits run"
    assert run(["train", "--out", str(out), "--quiet"]) == 0
    return out


@pytest.fixture(autouse=True)
def ctrl_c_is_heard():
    """What a shell starts in the background ignores Ctrl-C, and so does all that it starts; these tests send it."""
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
