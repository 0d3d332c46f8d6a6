from __future__ import annotations

import json
import re

import numpy as np
import pytest

from gradwright.check import GradientReport, Mismatch, check_gradient
from gradwright.errors import GradientMismatchError

X = np.arange(1.0, 9.0)


def wrong_report() -> GradientReport:
    return check_gradient(lambda x: (x**2).sum(), X, 3 * X)


def test_names_of_entries() -> None:
    numbers = (1.0, 2.0, 1.0, 1e-9)
    assert Mismatch("W1", (0, 3), *numbers).where == "W1[0, 3]"
    assert Mismatch("", (2,), *numbers).where == "x[2]"
    assert Mismatch("", (), *numbers).where == "x"
    assert Mismatch("scale", (), *numbers).where == "scale"


def test_text_in_english() -> None:
    lines = str(wrong_report()).splitlines()
    assert lines[0].startswith("gradient check FAILED: 8 of 8 entries are wrong (")
    assert lines[0].endswith(" evaluations)")
    assert sum(line.startswith("  x[") for line in lines) == 5  # a screen, not all
    assert lines[1].split() == ["entry", "analytic", "numeric", "error", "tolerance"]
    assert lines[7] == "  ... and 3 more"
    assert lines[8] == "cause: factor"
    assert "by the factor 1.5 " in lines[9]
    assert lines[11] == "cause: weight-decay"  # 3 x is 2 x and one x more
    assert re.search(r"order (0.9\d|1.0\d) ", lines[14])
    assert len(lines) <= 24
    passed = check_gradient(lambda x: (x**2).sum(), X, 2 * X, sample=3)
    assert str(passed).startswith("gradient check passed: 3 of 8 entries agree (")


def test_text_in_korean(monkeypatch: pytest.MonkeyPatch) -> None:
    text = wrong_report().text("ko")
    assert text.startswith("기울기 확인 실패: 확인한 8개 항목 가운데 8개가 틀립니다")
    assert "해석적 미분" in text
    assert "외 3개" in text
    assert "기울기 확인 통과" in check_gradient(abs, 2.0, 1.0).text("ko")
    assert "꺾인 점" in check_gradient(abs, 0.0, 0.0).text("ko")
    assert "판단 불가" in check_gradient(lambda x: float("nan"), 2.0, 1.0).text("ko")
    monkeypatch.setenv("GRADWRIGHT_LANG", "ko")
    assert str(wrong_report()) == text


def test_inconclusive_names_the_entries() -> None:
    report = check_gradient(lambda x: x[0] + np.floor(x[1]), np.array([1.0, 1.0]), np.array([1.0, 0.0]))
    assert report.verdict == "inconclusive"
    assert report.unclear == ["x[1]"]
    assert str(report).startswith("gradient check inconclusive: 1 of 2 entries")
    assert str(report).endswith("x[1]")


def test_to_dict() -> None:
    content = wrong_report().to_dict()
    again = json.loads(json.dumps(content, allow_nan=False))
    assert set(again) == {
        "verdict", "passed", "mismatches", "checked", "total", "kinks", "unclear", "largest_error", "evaluations",
        "causes", "taylor", "directions", "seed",
    }  # fmt: skip
    assert again["verdict"] == "wrong"
    assert again["passed"] is False
    assert len(again["mismatches"]) == 8
    assert set(again["mismatches"][0]) == {"path", "index", "analytic", "numeric", "error", "tolerance"}


def test_raise_for_mismatch() -> None:
    check_gradient(lambda x: (x**2).sum(), X, 2 * X).raise_for_mismatch()
    report = wrong_report()
    with pytest.raises(GradientMismatchError) as caught:
        report.raise_for_mismatch()
    assert isinstance(caught.value, AssertionError)
    assert str(caught.value) == str(report)
    assert caught.value.text("ko") == report.text("ko")
    with pytest.raises(GradientMismatchError, match="inconclusive"):
        check_gradient(lambda x: float("nan"), 1.0, 1.0).raise_for_mismatch()
