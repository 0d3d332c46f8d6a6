"""The two reports of `benchmarks` run, here on their smallest parts, also where a peer is missing."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks import accuracy, contestants, speed

ROOT = Path(__file__).resolve().parents[1]


def test_accuracy_runs_as_a_file(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "accuracy.py", "bounds"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.search(r"stayed inside \(\d+\) +100\.00 %", done.stdout)


def test_accuracy_without_the_peers(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(contestants, "installed", lambda name: False)
    monkeypatch.setattr(sys, "argv", ["accuracy.py", "bounds", "--missed"])
    accuracy.main()
    shown = capsys.readouterr().out
    assert "not installed" in shown
    assert "ten digits" in shown


def test_a_slower_contestant_has_a_larger_ratio(capsys: pytest.CaptureFixture[str]) -> None:
    calls = {"gradwright": lambda: time.sleep(2e-3), "slow": lambda: time.sleep(2e-2), "absent": None}
    speed.compare("naps", calls, rounds=3)
    shown = capsys.readouterr().out
    ratio = re.search(r"slow +([\d.]+)", shown)
    assert ratio is not None
    assert 2 < float(ratio[1]) < 20
    assert re.search("absent +not installed", shown)


def test_a_word_that_names_no_part_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for report in (accuracy, speed):
        monkeypatch.setattr(sys, "argv", ["report", "sideways"])
        with pytest.raises(SystemExit):
            report.main()
