"""What a formula computes: its figures, its arguments, and every array library."""

from __future__ import annotations

import math
import os
import pickle
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from gradwright import differentiate
from gradwright.errors import ArgumentTypeError, FormulaError, ShapeError
from gradwright.formula import FUNCTIONS, Formula, parse


class TestFigures:
    @pytest.mark.parametrize(("x", "figure"), [(5, 0.1999999999990898), (10, 0.2999999999986347)])
    def test_central_difference_to_the_last_bit(self, x: int, figure: float) -> None:
        for text in ("0.01*x**2 + 0.1*x", "0.01x^2 + 0.1x", "0.01·x² + 0.1×x"):
            f = parse(text)
            h = 1e-4
            assert (f(x + h) - f(x - h)) / (2 * h) == figure
            assert float(differentiate.derivative(f, float(x), method="central", step=h)) == figure

    def test_gradient_of_a_sum_of_squares(self) -> None:
        f = parse("x0^2 + x1^2")
        assert f.variables == ("x0", "x1")
        assert [partial(3, 4) for partial in f.gradient()] == [6.0, 8.0]
        estimate = differentiate.gradient(f.at, np.array([3.0, 4.0]))
        np.testing.assert_allclose(estimate.value, [6, 8], rtol=1e-12)

    def test_the_complex_step(self) -> None:
        f = parse("sin(x)*exp(-x/2) + sigmoid(x) + x**3/(1 + x**2)")
        estimate = differentiate.derivative(f, 0.7, method="complex")
        assert float(estimate) == pytest.approx(f.derivative()(0.7), rel=1e-14)
        with pytest.raises(FormulaError, match="complex step"):
            parse("abs(x)")(1 + 1j)


class TestReading:
    @pytest.mark.parametrize(
        ("text", "same"),
        [
            ("2x", "2*x"), ("2 x", "2*x"), ("2(x + 1)", "2*(x + 1)"), ("2sin(x)", "2*sin(x)"), ("2x^2", "2*x**2"),
            ("x^2", "x**2"), ("x²", "x**2"), ("x⁻¹", "x**(-1)"), ("x₀² + x₁²", "x0**2 + x1**2"), ("−x", "-x"),
            ("2×x÷3", "2*x/3"),
            ("2π", "2*pi"), ("τ", "tau"), ("θ₁", "theta1"), ("ln(x)", "log(x)"), ("arctan(x)", "atan(x)"),
            ("+x", "x"),
            ("007", "7"), (".5x", "0.5*x"), ("5.", "5"), ("2e5", "200000"), ("((x))", "x"), ("x\u00a0+\t1", "x + 1"),
            ("-x**2", "-x**2"), ("2**3**2", "2**3**2"), ("(2**3)**2", "(2**3)**2"), ("x - (y - 1)", "x - (y - 1)"),
            ("-2x", "-2*x"),
            ("--x", "--x"), ("x*-y", "x*(-y)"), ("x/(y*2)", "x/(y*2)"), ("1e-7", "1e-07"), ("3*2x", "3*2*x"),
        ],
    )  # fmt: skip
    def test_reads_as(self, text: str, same: str) -> None:
        f = parse(text)
        assert str(f) == same
        assert parse(same) == f

    def test_precedence_is_pythons(self) -> None:
        assert parse("-3**2")() == -9
        assert parse("2**3**2")() == 512
        assert parse("2**-1")() == 0.5
        assert parse("6/2*3")() == 9
        assert parse("7 - 4 - 2")() == 1


class TestVariables:
    def test_are_sorted_by_number(self) -> None:
        assert parse("x10 + x2 + y + a").variables == ("a", "x2", "x10", "y")

    def test_may_be_declared_in_an_order_of_their_own(self) -> None:
        f = parse("rate*x", ["x", "rate", "unused"])
        assert f.variables == ("x", "rate", "unused")
        assert f(2, 3, 99) == 6
        with pytest.raises(FormulaError, match="Did you mean rate"):
            parse("rat*x", ["x", "rate"])
        with pytest.raises(FormulaError, match="names are x, pi"):
            parse("y", ["x"])

    @pytest.mark.parametrize("bad", [["sin"], ["e"], ["x", "x"], ["x y"], ["__x"], ["1"], [""], ["ｘ"], [3]])
    def test_must_be_names(self, bad: list[Any]) -> None:
        with pytest.raises(FormulaError, match="`variables`"):
            parse("1", bad)

    def test_a_call_takes_one_argument_each(self) -> None:
        with pytest.raises(FormulaError, match=r"2 argument\(s\) \(x, y\), not 1"):
            parse("x*y")(1.0)

    def test_a_derivative_needs_its_name(self) -> None:
        f = parse("x*y")
        with pytest.raises(FormulaError, match="which variable"):
            f.derivative()
        with pytest.raises(FormulaError, match="not 'z'"):
            f.derivative("z")
        assert str(f.derivative("y")) == "x"
        assert str(parse("3").derivative()) == "0"


class TestNumbers:
    def test_stay_python_floats(self) -> None:
        f = parse("x**2 + sin(x) + max(x, 1) + 3")
        for x in (2, 2.0, np.float64(2.0), np.int32(2)):
            assert type(f(x)) is float
        assert type(parse("3", ["x"])(1)) is float

    @pytest.mark.parametrize(
        ("text", "x", "value"),
        [
            ("1/x", 0.0, math.inf), ("-1/x", 0.0, -math.inf), ("log(x)", 0.0, -math.inf), ("x/x", 0.0, math.nan),
            ("log(x)", -1.0, math.nan), ("sqrt(x)", -1.0, math.nan), ("x**0.5", -1.0, math.nan),
            ("x**x", 1e300, math.inf),
            ("x**3", -1e200, -math.inf), ("x**-1", 0.0, math.inf), ("exp(x)", 1e4, math.inf),
            ("sin(x)", math.inf, math.nan),
            ("sigmoid(x)", -1e4, 0.0), ("sigmoid(x)", 1e4, 1.0), ("relu(x)", math.nan, math.nan),
            ("step(x)", math.nan, math.nan),
            ("sign(x)", -3.0, -1.0), ("floor(x)", -1.5, -2.0), ("ceil(x)", 1.5, 2.0), ("relu(x)", -1.0, 0.0),
            ("step(x)", 0.0, 0.0),
            ("x*1e308*10", 1.0, math.inf), ("min(x, 2)", 3.0, 2.0), ("log2(x)", 8.0, 3.0), ("log10(x)", 1000.0, 3.0),
        ],
    )  # fmt: skip
    def test_outside_the_domain_nothing_is_raised(self, text: str, x: float, value: float) -> None:
        np.testing.assert_equal(parse(text)(x), value)
        np.testing.assert_equal(parse(text)(np.array([x])), [value])

    def test_what_is_no_number_is_refused(self) -> None:
        with pytest.raises(ArgumentTypeError):
            parse("x")("3")
        with pytest.raises(ArgumentTypeError):
            parse("x")(None)


class TestArrays:
    TEXTS = tuple(f"{name}({', '.join(['x/4', '0.3'][: function.arity])})" for name, function in FUNCTIONS.items())

    @pytest.mark.parametrize(
        "text", [*TEXTS, "x**2", "x**-1", "x**0.5", "2**x", "x**x", "-x/3 + pi", "max(1, x)", "e**x", "0.2"]
    )
    def test_agree_with_numbers(self, xp: Any, text: str) -> None:
        points = np.array([[0.25, 1.5], [3.0, 0.5]])
        f = parse(text, ["x"])
        expected = [[f(float(x)) for x in row] for row in points]
        result = f(xp(points))
        assert tuple(result.shape) == (2, 2)
        np.testing.assert_allclose(xp.numpy(result), expected, rtol=xp.rtol)
        slope = f.derivative()
        expected = [[slope(float(x)) for x in row] for row in points]
        np.testing.assert_allclose(xp.numpy(slope(xp(points))), expected, rtol=10 * xp.rtol, atol=1e-30)

    def test_whole_numbers_and_lists_count_as_floating(self, xp: Any) -> None:
        np.testing.assert_allclose(xp.numpy(parse("x/2")(xp([1, 2, 3]))), [0.5, 1, 1.5])
        np.testing.assert_array_equal(parse("x/2")([1, 2]), [0.5, 1])

    def test_broadcast_also_where_a_variable_is_not_used(self, xp: Any) -> None:
        f = parse("x", ["x", "y"])
        a, b = xp(np.ones((3, 1))), xp(np.ones((1, 4)))
        assert tuple(f(a, b).shape) == (3, 4)
        assert tuple(f(2.0, b).shape) == (1, 4)
        assert tuple(parse("7", ["x", "y"])(a, b).shape) == (3, 4)

    def test_at_a_vector(self, xp: Any) -> None:
        f = parse("x0^2 + 3x1")
        assert float(f.at(xp([3.0, 4.0]))) == 21.0
        np.testing.assert_allclose(xp.numpy(f.at(xp([[3.0, 1.0], [4.0, 2.0]]))), [21, 7])
        for bad in ([1.0, 2.0, 3.0], 1.0):
            with pytest.raises(ShapeError, match="one entry for each variable"):
                f.at(xp(bad))

    def test_dtype_is_kept(self, xp: Any) -> None:
        assert "float32" in str(parse("x**2 + pi*max(x, 1)")(xp([1.5], dtype="float32")).dtype)

    def test_torch_and_jax_differentiate_through_it(self, need_module: Any) -> None:
        torch, jax = need_module("torch"), need_module("jax")
        f = parse("sin(x)*exp(-x/2) + x**3")
        x = torch.tensor(0.7, dtype=torch.float64, requires_grad=True)
        f(x).backward()
        assert float(x.grad) == pytest.approx(f.derivative()(0.7), rel=1e-14)
        assert float(jax.jit(jax.grad(f))(0.7)) == pytest.approx(f.derivative()(0.7), rel=1e-6)


def test_formulas_are_values() -> None:
    assert parse("x + 1") == parse("x+1")
    assert hash(parse("x + 1")) == hash(parse("x+1"))
    assert parse("x + 1") != parse("1 + x")
    assert isinstance(parse("x"), Formula)


def test_a_formula_goes_to_another_process() -> None:
    """With another seed for the hashes of text, as every process has."""
    code = "import sys, pickle, gradwright.formula as f; sys.stdout.buffer.write(pickle.dumps(f.parse('sin(x)*y')))"
    seeds = [str(seed) for seed in (1, 2)]
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        )
        for seed in seeds
    ]
    sent = [pickle.loads(run.stdout) for run in runs]
    assert len({*sent, parse("sin(x)*y")}) == 1
