"""The reports of `benchmarks` run, here on their smallest parts, also where a peer is missing."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import gradwright as gw
from benchmarks import accuracy, backward_rules, checkers, contestants, estimators, speed

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
    for report in (accuracy, estimators, speed):
        monkeypatch.setattr(sys, "argv", ["report", "sideways"])
        with pytest.raises(SystemExit):
            report.main()


def test_estimators_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["estimators.py", "regressor", " 100 rows", "--rounds", "1"])
    estimators.main()
    shown = capsys.readouterr().out
    assert len(re.findall(r"regressor, 100 rows of \d+, \w+ +fit +[\d.]+ ", shown)) == 4


def test_checkers_with_what_is_installed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["checkers.py", "--count", "1", "--missed"])
    checkers.main()
    shown = capsys.readouterr().out
    assert "right gradients called wrong" in shown
    assert "gross ones, float64" in shown


def test_checkers_without_any(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(checkers, "installed", lambda name: False)
    monkeypatch.setattr(sys, "argv", ["checkers.py", "--count", "1"])
    checkers.main()
    assert capsys.readouterr().out.count("not installed") == 4 * len([*checkers.RIGHT_ROWS, *checkers.WRONG_ROWS])


def test_planted_mistakes_are_some_and_the_right_rule_is_right() -> None:
    for row in (*checkers.RIGHT_ROWS, *checkers.WRONG_ROWS):
        for problem in row.problems(10, seed=1):
            z = problem.x / problem.scale @ problem.W + problem.b
            found = problem.mistake.rule(problem.w, problem.slope(np, z), problem.W, problem.entry) / problem.scale
            away = np.abs(found - problem.gradient()) / np.abs(problem.gradient()).max()
            assert (away.max() > 1e-6) == (problem.mistake is not backward_rules.RIGHT)
            if row.kinks == 0 and not row.narrow:
                true = gw.gradient(lambda x, p=problem: (p.w * p.h(np, x / p.scale @ p.W + p.b)).sum(), problem.x)
                np.testing.assert_allclose(true.value, problem.gradient(), rtol=1e-6, atol=1e-8 / problem.scale)
