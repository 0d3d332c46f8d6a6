"""``gradwright diff`` and ``descend``: a formula in, the number and what it means out."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest


def test_the_derivative_its_error_and_the_exact_one(gradwright):
    done = gradwright("diff", "0.01*x**2 + 0.1*x", "--at", "5")
    assert done.status == 0
    assert done.out.startswith("numerical:  0.2 +- ")
    assert "0.02*x + 0.1" in done.out
    found = gradwright("diff", "0.01*x**2 + 0.1*x", "--at", "5", "--json").document
    assert abs(found["value"] - 0.2) <= found["error"] < 1e-12
    assert found["exact"] == pytest.approx(0.2, abs=1e-16)
    assert (found["status"], found["ok"], found["rule"]) == ("CONVERGED", True, "0.02*x + 0.1")


def test_the_course_s_step_gives_the_course_s_digits(gradwright):
    """Rows D1 and D2, from the command line."""
    for at, value in ((5, 0.1999999999990898), (10, 0.2999999999986347)):
        words = ("diff", "0.01*x**2 + 0.1*x", "--at", at, "--method", "central", "--step", "1e-4", "--json")
        assert gradwright(*words).document["value"] == value


def test_a_kink_is_said(gradwright):
    done = gradwright("diff", "abs(x)", "--at", "0")
    assert "kink" in done.out
    assert "slope -1 from the left, 1 from the right" in done.out
    assert gradwright("diff", "abs(x)", "--at", "0", "--json").document["ok"] is False
    assert "꺾인 점" in gradwright("diff", "abs(x)", "--at", "0", "--lang", "ko").out


def test_several_variables_give_partial_derivatives(gradwright):
    found = gradwright("diff", "x0^2 + x1^2", "--at", "3,4", "--json").document
    np.testing.assert_allclose(found["value"], [6, 8], rtol=1e-10)
    assert [one["rule"] for one in found["partials"]] == ["2*x0", "2*x1"]
    assert "d/dx1: 8" in gradwright("diff", "x0^2 + x1^2", "--at", "3,4").out


def test_higher_orders(gradwright):
    found = gradwright("diff", "sin(x)", "--at", "1", "--order", "2", "--json").document
    assert found["value"] == pytest.approx(-math.sin(1), rel=1e-7)
    assert found["exact"] == pytest.approx(-math.sin(1), rel=1e-15)


def test_descent_as_the_notes_print_it(gradwright):
    """Rows G2 to G5, from the command line."""
    common = ("descend", "x0^2 + x1^2", "--start=-3,4", "--step", "1e-4", "--json")
    good = gradwright(*common, "--learning-rate", "0.1").document
    np.testing.assert_allclose(good["x"], [-6.11110793e-10, 8.14814391e-10], rtol=1e-8)
    np.testing.assert_allclose(good["path"][50], [-4.28174308e-05, 5.70899077e-05], rtol=1e-8)
    assert good["status"] == "CONVERGED"
    assert len(good["path"]) == len(good["values"]) == 101
    frozen = gradwright(*common, "--learning-rate", "10").document
    np.testing.assert_allclose(frozen["x"], [-2.58983747e13, -1.29524862e12], rtol=1e-8)
    assert frozen["status"] == "FROZEN"
    slow = gradwright(*common, "--learning-rate", "1e-10").document
    np.testing.assert_allclose(slow["x"], [-2.99999994, 3.99999992], atol=1e-8)
    assert slow["status"] == "CRAWLING"


def test_with_a_sound_step_the_same_descent_diverges(gradwright):
    found = gradwright("descend", "x0^2 + x1^2", "--start=-3,4", "--learning-rate", "10", "--json").document
    assert found["status"] == "DIVERGED"
    np.testing.assert_allclose(found["path"][100], [-2.3e128, 3.0e128], rtol=0.05)


def test_pictures_are_drawn_and_not_overwritten(gradwright, folder):
    commands = {
        "접선.png": ("diff", "x^3 - x", "--at", "0.5"),
        "경로.svg": ("descend", "x^2/20 + y^2", "--start=-7,2", "--learning-rate", "0.9"),
    }
    for name, words in commands.items():
        done = gradwright(*words, "--plot", name)
        assert done.status == 0, done.err
        assert name in done.out
        assert (folder / name).stat().st_size > 5000
        before = (folder / name).read_bytes()
        assert gradwright(*words, "--plot", name).status == 1
        assert (folder / name).read_bytes() == before
        assert gradwright(*words, "--plot", name, "--overwrite").status == 0


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("diff", "__import__('os').system('touch hacked')", "--at", "1"), 2),
        (("diff", "x.__class__", "--at", "1"), 2),
        (("diff", "9**9**9**9", "--at", "1"), 2),
        (("diff", "(" * 10_000 + "x" + ")" * 10_000, "--at", "1"), 2),
        (("diff", "x" * 1_000_000, "--at", "1"), 2),
        (("diff", "sinn(x)", "--at", "1"), 2),
        (("diff", "", "--at", "1"), 2),
        (("diff", "x^2"), 2),
        (("diff", "x^2", "--at", "here"), 2),
        (("diff", "x^2", "--at", "1,2"), 2),
        (("diff", "x^2", "--at", "nan"), 2),
        (("diff", "x*y", "--at", "1,2", "--order", "2"), 2),
        (("diff", "x^2", "--at", "1", "--method", "magic"), 2),
        (("diff", "x^2", "--at", "1", "--step", "0"), 2),
        (("diff", "x^2", "--at", "1", "--order", "9"), 2),
        (("descend", "x^2", "--start", "1,2"), 2),
        (("descend", "x^2", "--start", "1", "--learning-rate", "0"), 2),
        (("descend", "x^2", "--start", "1", "--optimizer", "sdg"), 2),
        (("descend", "x^2", "--start", "1", "--steps", "0"), 2),
        (("descend", "x^2", "--start", "1", "--plot", "p.png"), 2),
    ],
    ids=range(20),
)
def test_mistakes_are_told_in_one_line(gradwright, folder, words, status):
    begin = time.perf_counter()
    done = gradwright(*words)
    assert done.status == status, done
    assert len(done.err.splitlines()) == 1
    assert len(done.err) < 500
    assert list(folder.iterdir()) == []
    assert time.perf_counter() - begin < 5
