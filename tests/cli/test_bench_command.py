from __future__ import annotations

import importlib
from typing import Any

import pytest

from gradwright.bench import Contestant, Job


def test_the_command(gradwright: Any, folder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = importlib.import_module("gradwright.bench")
    command = importlib.import_module("gradwright.cli.bench")
    fake = Job("training", [Contestant("gradwright", lambda: 0.5), Contestant("torch-2", lambda: 1.0)], ["jax"])
    monkeypatch.setattr(bench, "jobs", lambda sets: iter([fake]))
    monkeypatch.setattr(command, "images_like_mnist", lambda: None)
    done = gradwright("bench", "--rounds", "2", "--out", "ratios.svg")
    assert done.status == 0
    assert "gradwright           500.0 ms" in done.out
    assert "PyTorch, threads: 2    1.00 s  2.0 times as long" in done.out
    assert "not installed here: jax" in done.out
    assert (folder / "ratios.svg").is_file()
    again = gradwright("bench", "--rounds", "1", "--out", "ratios.svg")
    assert (again.status, "already" in again.err) == (1, True)
    document = gradwright("bench", "--rounds", "1", "--json").document
    assert document["results"][0]["ratios"] == {"torch-2": 2.0}
    assert gradwright("bench", "--rounds", "0").status == 2
