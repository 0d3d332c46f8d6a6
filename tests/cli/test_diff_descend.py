"""``gradwright diff`` and ``descend``: a formula in, the number and what it means out."""

from __future__ import annotations

import math
import re
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


@pytest.mark.parametrize(
    ("formula", "at"), [("log(x)", "-1"), ("log(x)", "0"), ("1/x", "0"), ("x*log(y)", "2,-1"), ("exp(x)", "1000")]
)
def test_where_the_formula_has_no_value_it_has_no_derivative_either(gradwright, formula, at):
    """The rule for log(x), 1/x, has a value at -1 all the same."""
    done = gradwright("diff", formula, "--at", at)
    assert "no finite value" in done.out
    assert "exact" not in done.out
    found = gradwright("diff", formula, "--at", at, "--json").document
    assert [one["exact"] for one in found.get("partials", [found])] == [None] * (1 + at.count(","))


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


def test_what_the_run_knows_is_in_the_document(gradwright):
    words = ("descend", "a^2 - b^2", "--start", "1,0")
    found = gradwright(*words, "--json").document
    assert found["status"] == "SADDLE"
    np.testing.assert_allclose(np.abs(found["direction"]), [0, 1], atol=1e-6)
    assert found["negative_curvature"] == pytest.approx(-2, rel=1e-4)
    assert found["lambda_max"] == pytest.approx(2, rel=1e-4)
    assert found["stable_learning_rate"] == pytest.approx(1, rel=1e-4)
    assert found["evaluations"] > 100
    # The direction on the screen too, of the formula's own variables.
    shown = gradwright(*words).out.splitlines()[-1]
    assert re.fullmatch(r"`direction`: a: \S+, b: -?1", shown)


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize(
    ("option", "value"), [("--order", "50"), ("--order", "-1"), ("--step", "-1"), ("--method", "magic")]
)
def test_an_error_names_the_option_and_not_the_argument(gradwright, option, value, lang):
    done = gradwright("diff", "x^2", "--at", "3", f"{option}={value}", "--lang", lang)
    assert done.status == 2
    assert f"`{option}`" in done.err
    assert "`step`" in gradwright("diff", "step*x", "--at", "3", "--step", "1", "--lang", lang).err


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_advice_names_what_the_command_has(gradwright, lang):
    """Options where the library has arguments, and the formula's variables."""
    left = ("descend", "log(t)", "--start", "1", "--learning-rate", "0.9", "--lang", lang)
    done = gradwright(*left)
    assert "`--bounds`" in done.out
    assert "t = -8.9" in done.out
    assert gradwright(*left, "--json").document["advice"] in done.out
    assert "`--maximize`" in gradwright("descend", "cos(x)", "--start", "0", "--lang", lang).out


def test_bounds_and_a_tolerance(gradwright):
    found = gradwright("descend", "(x - 3)^2 + y", "--start", "1,1", "--bounds", "0,2", "--json").document
    np.testing.assert_allclose(found["x"], [2, 0], atol=1e-12)
    assert found["status"] == "CONVERGED"
    found = gradwright("descend", "x^2", "--start", "1", "--bounds", "-inf,inf", "--tol", "0.1", "--json").document
    assert len(found["path"]) < 20


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
        (("descend", "x^2", "--start", "1", "--bounds", "1"), 2),
        (("descend", "x^2", "--start", "1", "--bounds", "3,2"), 2),
        (("descend", "x^2", "--start", "1", "--bounds", "2,inf"), 2),
        (("descend", "x^2", "--start", "1", "--tol", "0"), 2),
        (("descend", "x^2", "--start", "1", "--plot", "p.png"), 2),
        (("diff", "x^2", "--at", "1", "--plot", "p.bmp"), 2),
        (("descend", "x*y", "--start", "1,2", "--plot", "p"), 2),
        (("diff", "x^2", "--at", "1", "--plot", "none/p.png"), 1),
        (("descend", "x*y", "--start", "1,2", "--plot", "none/p.png"), 1),
        (("diff", "x^2", "--at", "1", "--plot", "p.png", "--order", "2"), 2),
        (("diff", "x^2", "+ 1", "--at", "1"), 2),
        (("diff", "x^2", "--at", "--json"), 2),
        (("diff", "x^2", "--at"), 2),
        (("diff", "x^2", "--json=1", "--at", "1"), 2),
        (("diff", "--at", "1"), 2),
        (("diff", "-at", "1", "-x"), 2),
        (("diff", "-x", "--at", "1", "--lang", "fr"), 2),
        (("dif", "x^2"), 2),
        (("descend", "x^2", "--start", "-1", "--maximise"), 2),
    ],
    ids=range(38),
)
def test_mistakes_are_told_in_one_line(gradwright, folder, words, status):
    begin = time.perf_counter()
    done = gradwright(*words)
    assert done.status == status, done
    assert len(done.err.splitlines()) == 1
    assert len(done.err) < 500
    assert list(folder.iterdir()) == []
    assert time.perf_counter() - begin < 5


@pytest.mark.parametrize(
    ("words", "value"),
    [
        (("-x**2", "--at", "1"), -2.0),
        (("--at", "-2", "-x"), -1.0),
        (("-(x + 1)*x", "--at=-2"), 3.0),
        (("--x**2", "--at", "-2"), -4.0),
        (("-5*x", "--order", "1", "--at", "-.5"), -5.0),
        (("--at", "1", "--", "-x**2"), -2.0),
        (("-h**2", "--at", "3"), -6.0),
    ],
)
def test_a_formula_and_a_point_may_begin_with_a_minus(gradwright, words, value):
    done = gradwright("diff", "--json", *words)
    assert done.status == 0, done.err
    assert done.document["value"] == pytest.approx(value, rel=1e-9)


def test_a_start_may_begin_with_a_minus(gradwright):
    found = gradwright("descend", "-x^2 - y^2", "--start", "-3,4", "--maximize", "--steps", "2", "--json").document
    assert found["path"][0] == [-3.0, 4.0]
    assert gradwright("descend", "-x^2", "--start", "-3", "--maximize", "--step", "-1", "--json").status == 2


def test_a_mistyped_option_is_no_formula(gradwright):
    assert "Did you mean --steps" in gradwright("descend", "-x^2", "--start", "-3", "--stpes", "3").err
    assert "Did you mean --at?" in gradwright("diff", "-x^2", "-at", "3").err
    assert "quotation marks" in gradwright("diff", "x^2", "+ 1", "--at", "3").err
    assert "--json takes no value" in gradwright("diff", "x^2", "--at", "3", "--json=x").err
    assert "--at needs a value" in gradwright("diff", "x^2", "--at", "--json").err


@pytest.mark.parametrize("name", ["diff", "descend"])
def test_a_picture_that_cannot_be_drawn_is_refused_before_the_work(gradwright, folder, monkeypatch, name):
    def work(*arguments, **options):
        raise AssertionError("the work was begun")

    for called in ("derivative", "gradient", "descend"):
        monkeypatch.setattr(f"gradwright.cli.{name}.{called}", work, raising=False)
    words = {"diff": ("x^2", "--at", "1"), "descend": ("x*y", "--start", "1,2")}[name]
    (folder / "here.png").mkdir()
    for file, status in (("p.gif", 2), ("p", 2), ("none/p.png", 1), ("here.png", 1)):
        done = gradwright(name, *words, "--plot", file, "--overwrite")
        assert done.status == status, done
        assert len(done.err.splitlines()) == 1


def test_the_picture_names_the_variables_of_the_formula(gradwright, folder, monkeypatch):
    drawn = []
    monkeypatch.setattr("gradwright.plot.save", lambda figure, path, overwrite: drawn.append(figure.axes[0]))
    gradwright("descend", "a^2 + theta^2", "--start", "-1,2", "--plot", "p.png")
    gradwright("diff", "t^2", "--at", "3", "--plot", "q.png")
    assert [(axes.get_xlabel(), axes.get_ylabel()) for axes in drawn] == [("a", "theta"), ("t", "f(t)")]


def test_a_derivative_that_explodes_leaves_the_numerical_one(gradwright):
    formula = "sigmoid(" * 35 + "x" + ")" * 35
    done = gradwright("diff", formula, "--at", "1", "--order", "2")
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("numerical:")
    assert "Use a lower order" in done.out
    assert gradwright("diff", formula, "--at", "1", "--order", "2", "--json").document["rule"] is None


def test_a_power_without_a_derivative_is_told_in_place_of_the_exact_one(gradwright):
    done = gradwright("diff", "(-2)**x", "--at", "2")
    assert (done.status, done.err) == (0, "")
    assert "no real derivative" in done.out


def test_the_error_against_the_step_is_drawn(gradwright, folder):
    words = ("diff", "sin(x)*exp(-x)", "--at", "1", "--plot-steps")
    done = gradwright(*words, "간격.png", "--plot", "tangent.png", "--lang", "ko")
    assert done.status == 0, done.err
    assert "간격.png" in done.out
    assert (folder / "간격.png").stat().st_size > 5000
    refused = gradwright(*words, "간격.png")
    assert refused.status == 1
    assert "--plot-steps" in refused.err
    assert gradwright(*words, "p.gif").status == 2
    # One variable only.
    assert gradwright("diff", "x*y", "--at", "1,2", "--plot-steps", "q.png").status == 2


@pytest.mark.parametrize(
    "words",
    [
        ("diff", "exp(x)", "--at", "700", "--plot", "p.png"),
        ("diff", "x", "--at", "1e307", "--plot", "p.png"),
        ("descend", "1e300*(x0^2 + x1^2)", "--start", "1,1", "--learning-rate", "1e-301", "--plot", "p.png"),
    ],
)
def test_near_the_largest_floats_the_command_is_quiet_and_draws(gradwright, folder, words):
    done = gradwright(*words)
    assert (done.status, done.err) == (0, "")
    assert (folder / "p.png").stat().st_size > 5000
    done = gradwright("diff", "x", "--at", "1e308", "--plot", "q.png")
    assert done.status == 2
    assert len(done.err.splitlines()) == 1
