"""Exact derivatives: hand-worked forms, mpmath and SymPy as oracles on random trees, our own numerical ones."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gradwright import differentiate
from gradwright.errors import FormulaError
from gradwright.formula import FUNCTIONS, Formula, derive, parse
from gradwright.formula.expression import Binary, Call, Constant, Expression, Negative, Number, Variable

OPERATIONS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "**": operator.pow}
# Independent of ours: what each function is to mpmath.
ORACLE: dict[str, Callable[..., Any]] = {
    **{name: getattr(mpmath, name) for name in ("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh")},
    **{name: getattr(mpmath, name) for name in ("exp", "sqrt", "log10", "floor", "ceil", "sign")},
    "log": mpmath.log,
    "log2": lambda u: mpmath.log(u, 2),
    "sigmoid": lambda u: 1 / (1 + mpmath.exp(-u)),
    "abs": abs,
    "relu": lambda u: max(u, mpmath.mpf(0)),
    "step": lambda u: mpmath.mpf(u > 0),
    "max": max,
    "min": min,
}  # fmt: skip
SMOOTH = sorted(name for name, function in FUNCTIONS.items() if function.holomorphic)


def oracle(node: Expression, **values: Any) -> Any:
    """Evaluate a tree with mpmath."""
    match node:
        case Number(value=value):
            return mpmath.mpf(value)
        case Constant(name=name):
            return {"pi": mpmath.pi, "e": mpmath.e, "tau": 2 * mpmath.pi}[name] + mpmath.mpf(0)
        case Variable(name=name):
            return values[name]
        case Negative(operand=operand):
            return -oracle(operand, **values)
        case Call(function=function, arguments=arguments):
            found = [oracle(argument, **values) for argument in arguments]
            if function in ("sin", "cos", "tan") and abs(found[0]) > 1e6:
                raise OverflowError  # in floating point the last digits of so large an angle are the answer's first
            return ORACLE[function](*found)
    a, b = oracle(node.left, **values), oracle(node.right, **values)
    if node.operator == "**" and abs(b) > 10_000:
        raise OverflowError  # mpmath would multiply for hours
    return OPERATIONS[node.operator](a, b)


def trees(names: tuple[str, ...], functions: list[str]) -> st.SearchStrategy[Expression]:
    numbers = st.sampled_from([0.0, 1.0, 2.0, 3.0, 0.5, 0.1, 0.01, 7.25]).map(Number)
    leaves = st.one_of(st.sampled_from(names).map(Variable), numbers, st.sampled_from(["pi", "e", "tau"]).map(Constant))

    def larger(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
        unary = [name for name in functions if FUNCTIONS[name].arity == 1]
        binary = [name for name in functions if FUNCTIONS[name].arity == 2]
        return st.one_of(
            st.builds(Negative, inner),
            st.builds(Binary, st.sampled_from("+-*/"), inner, inner),
            st.builds(Binary, st.just("**"), inner, st.sampled_from([2.0, 3.0, 0.5, 1.0]).map(Number)),
            st.builds(Binary, st.just("**"), inner, inner),
            st.builds(lambda name, a: Call(name, (a,)), st.sampled_from(unary), inner),
            st.builds(lambda name, a, b: Call(name, (a, b)), st.sampled_from(binary), inner, inner)
            if binary
            else inner,
        )

    return st.recursive(leaves, larger, max_leaves=8)


class TestReadable:
    @pytest.mark.parametrize(
        ("text", "derivative"),
        [
            ("0.01*x**2 + 0.1*x", "0.02*x + 0.1"), ("x", "1"), ("3", "0"), ("-x", "-1"), ("x**3/3", "x**2"),
            ("1/x", "-1/x**2"),
            ("x/3", "1/3"), ("x**0.5", "0.5*x**(-0.5)"), ("x**(1/3)", "x**(-2/3)/3"), ("sqrt(x)", "0.5/sqrt(x)"),
            ("sin(x)*exp(-x/2)", "cos(x)*exp(-x/2) - 0.5*sin(x)*exp(-x/2)"), ("log(x)*x", "log(x) + 1"), ("x/x", "0"),
            ("sin(x)**2", "2*sin(x)*cos(x)"), ("e**x", "e**x"), ("2**x", "2**x*log(2)"),
            ("x**x", "x**x*log(x) + x**x"),
            ("0.1*x + 0.1*x + 0.1*x", "0.3"), ("exp(x)", "exp(x)"), ("exp(-x**2)", "-2*x*exp(-x**2)"),
            ("cos(2*x)", "-2*sin(2*x)"),
            ("x - (x - x**2)", "2*x"), ("(x + 1)**2", "2*(x + 1)"), ("log(3*x)", "1/x"), ("x*y - x*y", "0"),
            ("abs(x)", "sign(x)"),
            ("sigmoid(x)", "sigmoid(x)*sigmoid(-x)"), ("max(x, 1)", "step(x - 1)"),
            ("max(x, x)", "step(x - x) + 1 - step(x - x)"),
            ("x**a", "a*x**(a - 1)"), ("floor(x)", "0"), ("1/(1 + exp(-x))", "exp(-x)/(1 + exp(-x))**2"),
        ],
    )  # fmt: skip
    def test_form(self, text: str, derivative: str) -> None:
        f = parse(text, ["x", "y", "a"])
        expected = parse(derivative, ["x", "y", "a"])(2.0, 3.0, 4.0)
        assert f.derivative("x")(2.0, 3.0, 4.0) == pytest.approx(expected)
        if "step(x - x)" not in derivative:
            assert str(f.derivative("x")) == derivative

    def test_of_higher_order(self) -> None:
        assert str(parse("x**4").derivative(order=3)) == "24*x"
        assert str(parse("sin(x)").derivative(order=4)) == "sin(x)"

    def test_partial_derivatives_of_rosenbrock(self) -> None:
        f = parse("100*(x1 - x0^2)^2 + (1 - x0)^2")
        assert [str(g) for g in f.gradient()] == ["-400*(x1 - x0**2)*x0 - 2*(1 - x0)", "200*(x1 - x0**2)"]


class TestEveryFunction:
    # Away from 0, from kinks and from the ends of the domains of asin, acos and log.
    POINTS = (0.15, 0.62, 0.93)

    @pytest.mark.parametrize("name", sorted(FUNCTIONS))
    @pytest.mark.parametrize("inner", ["x", "x**2", "0.9*sin(x)"])
    def test_against_mpmath(self, name: str, inner: str) -> None:
        f = parse(f"{name}({inner}{', 0.41*x' if FUNCTIONS[name].arity == 2 else ''})")
        for x in self.POINTS:
            with mpmath.workdps(40):
                value = oracle(f.expression, x=mpmath.mpf(x))
                slope = mpmath.diff(lambda u: oracle(f.expression, x=u), mpmath.mpf(x))
            assert f(x) == pytest.approx(float(value), rel=1e-14)
            assert f.derivative()(x) == pytest.approx(float(slope), rel=1e-13, abs=1e-25)

    @pytest.mark.parametrize("name", sorted(FUNCTIONS))
    def test_against_our_numerical_derivative(self, name: str) -> None:
        f = parse(f"{name}(x{', 0.41*x' if FUNCTIONS[name].arity == 2 else ''})")
        for x in self.POINTS:
            estimate = differentiate.derivative(f, x)
            assert bool(estimate.ok)
            assert f.derivative()(x) == pytest.approx(float(estimate), abs=float(estimate.error) + 1e-12)

    def test_far_out_no_digit_cancels(self) -> None:
        for name in ("tanh", "sigmoid"):
            with mpmath.workdps(60):
                slope = mpmath.diff(ORACLE[name], mpmath.mpf(30))
            assert parse(f"{name}(x)").derivative()(30.0) == pytest.approx(float(slope), rel=1e-13)


class TestRandomTrees:
    @given(trees(("x", "y"), SMOOTH), st.sampled_from([0.3, 0.7, 1.9]), st.sampled_from([0.2, 1.3]))
    @settings(max_examples=300, deadline=None)
    def test_value_and_derivative_against_mpmath(self, tree: Expression, x: float, y: float) -> None:
        f = Formula(tree, ("x", "y"))
        with mpmath.workdps(50):
            try:
                value = oracle(tree, x=mpmath.mpf(x), y=mpmath.mpf(y))
                slope = mpmath.diff(lambda u: oracle(tree, x=u, y=mpmath.mpf(y)), mpmath.mpf(x))
                curve = mpmath.diff(lambda u: oracle(tree, x=u, y=mpmath.mpf(y)), mpmath.mpf(x), 2)
            except (ZeroDivisionError, ValueError, OverflowError, TypeError):
                assume(False)
        # Real, of moderate size, and not so steep that rounding x alone moves the value.
        found = [value, slope, curve]
        assume(all(mpmath.isfinite(v) and not isinstance(v, mpmath.mpc) and abs(v) < 1e6 for v in found))
        # The value must exist on the way too: log(-1)*0 has none.
        try:
            computed = [f(x, y), f.derivative("x")(x, y)]
        except FormulaError as error:  # (-1)**x is no real function: refused, by intent
            assume(error.key != "formula.derivative-base")
            raise
        assume(all(map(math.isfinite, computed)))
        scale = 1 + max(abs(float(v)) for v in found)
        np.testing.assert_allclose(computed, [float(value), float(slope)], rtol=1e-7, atol=1e-7 * scale)

    @given(trees(("x", "y"), sorted(FUNCTIONS)))
    @settings(max_examples=300, deadline=None)
    def test_text_reads_back_as_the_same_tree(self, tree: Expression) -> None:
        for order in (0, 1):
            # A part without variables and without a finite value is refused by intent: on reading, and where a
            # derivative would make one, log(-1) of (-1)**x, already there.
            try:
                formula = Formula(tree, ("x", "y"))
                formula = formula.derivative("x") if order else formula
                again = parse(str(formula), ("x", "y"))
            except FormulaError as error:
                if error.key not in ("formula.not-finite", "formula.nested", "formula.derivative-base"):
                    raise
                continue
            assert again == formula

    @given(trees(("x",), ["sin", "cos", "exp", "log", "sqrt", "atan", "tanh"]))
    @settings(max_examples=40, deadline=None)
    def test_derivative_against_sympy(self, tree: Expression) -> None:
        sympy = pytest.importorskip("sympy")
        x = sympy.Symbol("x", positive=True)

        def symbolic(node: Expression) -> Any:
            match node:
                case Number(value=value):
                    return sympy.Rational(str(value))
                case Constant(name=name):
                    return {"pi": sympy.pi, "e": sympy.E, "tau": 2 * sympy.pi}[name]
                case Variable():
                    return x
                case Negative(operand=operand):
                    return -symbolic(operand)
                case Call(function=function, arguments=arguments):
                    return getattr(sympy, function)(symbolic(arguments[0]))
            a, b = symbolic(node.left), symbolic(node.right)
            return OPERATIONS[node.operator](a, b)

        expected = complex(symbolic(tree).diff(x).evalf(30, subs={x: sympy.Rational("0.7")}))
        try:
            value, computed = (f(0.7) for f in (Formula(tree, ("x",)), Formula(tree, ("x",)).derivative()))
        except FormulaError as error:  # (-1)**x is no real function: refused, by intent
            assume(error.key != "formula.derivative-base")
            raise
        # The value must exist too: x + 1/0 has none.
        assume(math.isfinite(value) and math.isfinite(computed))
        assume(expected.imag == 0 and abs(expected.real) < 1e6 and expected == expected)
        assert computed == pytest.approx(expected.real, rel=1e-7, abs=1e-7)


@pytest.mark.parametrize(
    ("name", "partial"), [("sin", "-cos(u)"), ("log10", "1/u"), ("sqrt", "1/sqrt(u)"), ("tanh", "1/cosh(u)")]
)
def test_a_planted_mistake_is_seen(name: str, partial: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {**FUNCTIONS, name: FUNCTIONS[name].__class__(FUNCTIONS[name].evaluate, (partial,))}
    monkeypatch.setattr("gradwright.formula.derive.FUNCTIONS", wrong)
    with pytest.raises(AssertionError):
        TestEveryFunction().test_against_mpmath(name, "x**2")
    with pytest.raises(AssertionError):
        TestEveryFunction().test_against_our_numerical_derivative(name)


def test_the_derivative_is_a_function_of_trees() -> None:
    assert derive.derive(Variable("x"), "x") == Number(1.0)
    assert derive.derive(Variable("y"), "x") == Number(0.0)
