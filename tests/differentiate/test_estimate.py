"""What comes back: the tangent line, the words and numbers that are printed, the flags."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

import gradwright as gw
from gradwright.differentiate import Estimate, Status, Tangent, derivative, gradient, hessian, jacobian, tangent
from gradwright.errors import ArgumentTypeError
from gradwright.messages import CATALOGUE


def quadratic(x):
    return 0.01 * x**2 + 0.1 * x


def test_the_tangent_of_the_course() -> None:
    line = tangent(quadratic, 5.0)
    assert isinstance(line, Estimate)
    assert isinstance(line, Tangent)
    assert line.slope == line.value == pytest.approx(0.2, abs=1e-13)
    assert line.intercept == pytest.approx(-0.25, abs=1e-12)
    assert line(5.0) == quadratic(5.0)
    np.testing.assert_allclose(line(np.array([0.0, 10.0])), [-0.25, 1.75], atol=1e-12)
    assert (line.point, line.height) == (5.0, quadratic(5.0))
    assert line.ok
    assert float(line) == line.slope
    assert "converged" in str(line)
    assert tangent(quadratic, np.array([5.0])).slope == pytest.approx(0.2)
    assert tangent(abs, 0.0).status is Status.KINK
    with pytest.raises(TypeError, match="one number"):
        tangent(np.sin, [1.0, 2.0])


def test_the_tangent_touches(rng: np.random.Generator) -> None:
    for a in rng.uniform(-3, 3, 20).tolist():
        line = tangent(np.exp, a)
        h = 1e-5
        assert abs(np.exp(a + h) - line(a + h)) < 2 * math.exp(a) * h * h  # away by the second order only


def test_printing_one_number() -> None:
    text = str(derivative(quadratic, 5.0))
    assert re.fullmatch(r"0\.2 \+- \de-1[3-5] \(converged, 7 evaluations\)", text), text
    assert str(derivative(quadratic, np.array([5.0]))).startswith("0.2 +- ")
    assert str(derivative(quadratic, np.array(5.0))) == text
    assert str(derivative(abs, 0.0)).startswith("0 +- 2 (kink, ")
    assert str(derivative(np.floor, 3.0)).startswith("nan +- inf (jump, ")
    assert "one-sided" in str(derivative(quadratic, 5.0, method="forward"))
    assert re.match(r"-0\.06 \+- \de-15 ", str(derivative(quadratic, -8.0)))  # no digit past the error's


def test_printing_in_korean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADWRIGHT_LANG", "ko")
    text = str(derivative(quadratic, 5.0))
    assert re.fullmatch(r"0\.2 \+- \de-1[3-5] \(수렴, 함수 계산 7번\)", text), text
    assert "꺾인 점" in str(derivative(abs, 0.0))
    assert Status.JUMP.text() == "불연속점"
    assert Status.JUMP.text("en") == "jump"


def test_every_status_has_its_words() -> None:
    for status in Status:
        assert f"status.{status.name.lower()}" in CATALOGUE
        assert status.text("en") != status.text("ko")
    assert [s.name for s in Status if s.ok] == ["CONVERGED", "ONE_SIDED"]


def test_printing_arrays_and_trees() -> None:
    text = str(gradient(lambda p: np.sum(p * p), [3.0, 4.0]))
    assert re.fullmatch(r"\[6\., 8\.\] \+- \de-\d+\n\(converged, 13 evaluations\)", text), text
    text = str(gradient(lambda p: p["w"].sum() + abs(p["b"]), {"w": np.ones(2), "b": 0.0}))
    first, second, third = text.splitlines()
    assert first.startswith("w: [1., 1.] +- ")
    assert second.startswith("b: 0.")
    assert third.startswith("(kink, ")  # the worst status of all
    long = str(gradient(lambda p: np.sum(p * p), np.ones(1000)))
    assert "..." in long
    assert re.search(r"\d,001 evaluations", long)
    assert "converged" in str(hessian(lambda p: np.sum(p["a"] ** 2), {"a": np.ones(2)}))


def test_one_number_as_a_float() -> None:
    for x in (5.0, 5, np.array(5.0), np.array([5.0]), np.array([[5.0]])):
        assert float(derivative(quadratic, x)) == pytest.approx(0.2)
    assert float(gradient(quadratic, 5.0)) == pytest.approx(0.2)


def test_several_numbers_are_no_float() -> None:
    several = [
        (derivative(quadratic, np.array([1.0, 2.0])), 2),
        (gradient(lambda p: p["a"] ** 2 + p["b"] ** 2, {"a": 1.0, "b": 2.0}), 2),
        (jacobian(lambda x: np.outer(x, x), np.ones(3)), 27),
    ]
    for estimate, count in several:
        with pytest.raises(
            ArgumentTypeError, match=rf"float\(\) needs a single number, but .* holds {count}: take `value`"
        ):
            float(estimate)
    assert float(gradient(lambda p: p["a"] ** 2, {"a": 1.0})) == pytest.approx(2.0)


def test_flags_follow_the_status() -> None:
    d = derivative(np.abs, np.array([[1.0, 0.0], [-1.0, 2.0]]))
    assert d.ok.dtype == bool
    assert d.ok.tolist() == [[True, False], [True, True]]
    assert d.all_ok is False
    assert derivative(abs, 1.0).all_ok is True
    assert derivative(abs, 1.0).ok is True
    g = gradient(lambda p: abs(p[0][0]) + p[1], (np.zeros(1), 2.0))
    assert isinstance(g.ok, tuple)
    assert g.ok[0].tolist() == [False]
    assert bool(g.ok[1])
    J = jacobian(lambda p: p * p, [1.0, 2.0])
    assert J.ok.all()
    assert set(J.status.ravel()) == {Status.CONVERGED}


def test_estimates_do_not_change() -> None:
    d = derivative(quadratic, 5.0)
    with pytest.raises(AttributeError):
        d.value = 3.0


def test_the_public_names_lead_here() -> None:
    assert gw.derivative is derivative
    for name in ("gradient", "jacobian", "hessian", "directional", "tangent", "Estimate", "Status"):
        assert getattr(gw, name) is getattr(gw.differentiate, name)
