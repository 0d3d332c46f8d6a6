"""LaTeX and MathML: forms worked by hand, and XML that parses for any tree."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwright.formula import FUNCTIONS, Formula, parse
from gradwright.formula.expression import Binary, Call, Constant, Expression, Negative, Number, Variable

NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
LEAVES = st.sampled_from(
    [Variable("x"), Variable("x_12"), Variable("theta1"), Number(2.0), Number(1e-9), Constant("pi")]
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Negative, inner),
        st.builds(Binary, st.sampled_from(["+", "-", "*", "/", "**"]), inner, inner),
        st.builds(
            lambda name, a, b: Call(name, (a, b)[: FUNCTIONS[name].arity]),
            st.sampled_from(sorted(FUNCTIONS)),
            inner,
            inner,
        ),
    ),
    max_leaves=8,
)


class TestLatex:
    @pytest.mark.parametrize(
        ("text", "latex"),
        [
            ("0.01*x**2 + 0.1*x", "0.01 x^{2} + 0.1 x"),
            ("x0^2 + x_12^2", "x_{0}^{2} + x_{12}^{2}"),
            ("sin(x)*exp(-x/2)", r"\sin\left(x\right) \exp\left(-\frac{x}{2}\right)"),
            ("1/(1 + exp(-x))", r"\frac{1}{1 + \exp\left(-x\right)}"),
            ("(x + 1)*(x - 1)", r"\left(x + 1\right) \left(x - 1\right)"),
            ("2*3*x", r"2 \cdot 3 x"),
            ("x*2", r"x \cdot 2"),
            ("x*(-y)", r"x \cdot \left(-y\right)"),
            ("x - (-y)", r"x - \left(-y\right)"),
            ("(-x)**2", r"\left(-x\right)^{2}"),
            ("(x/y)**2", r"\left(\frac{x}{y}\right)^{2}"),
            ("x**-1", "x^{-1}"),
            ("2**3**x", "2^{3^{x}}"),
            ("-(x/y)", r"-\frac{x}{y}"),
            ("-2x/y", r"-\frac{2 x}{y}"),
            ("1e-7*x", r"10^{-7} \cdot x"),
            ("2.5e30", r"2.5 \cdot 10^{30}"),
            ("sqrt(x) + abs(x) + floor(x)", r"\sqrt{x} + \left|x\right| + \left\lfloor x\right\rfloor"),
            ("log(x) + log10(x) + asin(x)", r"\ln\left(x\right) + \log_{10}\left(x\right) + \arcsin\left(x\right)"),
            ("sigmoid(x) + max(x, 0)", r"\operatorname{sigmoid}\left(x\right) + \max\left(x, 0\right)"),
            ("2pi*theta1*e", r"2 \pi \theta_{1} e"),
        ],
    )
    def test_form(self, text: str, latex: str) -> None:
        assert parse(text).latex() == latex

    def test_long_names_are_upright(self) -> None:
        assert parse("rate*x", ["rate", "x"]).latex() == r"\mathrm{rate} x"
        assert parse("my_rate2", ["my_rate2"]).latex() == r"\mathrm{my\_rate}_{2}"

    @given(TREES)
    @settings(max_examples=100, deadline=None)
    def test_braces_and_brackets_balance(self, tree: Expression) -> None:
        latex = Formula(tree, ("x", "x_12", "theta1")).latex()
        assert latex.count("{") == latex.count("}")
        assert latex.count(r"\left") == latex.count(r"\right")
        assert "--" not in latex


class TestMathml:
    @pytest.mark.parametrize(
        ("text", "inner"),
        [
            ("x^2", "<msup><mi>x</mi><mn>2</mn></msup>"),
            ("x0", "<msub><mi>x</mi><mn>0</mn></msub>"),
            ("x - 1", "<mrow><mi>x</mi><mo>−</mo><mn>1</mn></mrow>"),
            ("-x/2", "<mrow><mo>−</mo><mfrac><mi>x</mi><mn>2</mn></mfrac></mrow>"),
            ("sqrt(x)", "<msqrt><mi>x</mi></msqrt>"),
            ("2x", "<mrow><mn>2</mn><mo>&#x2062;</mo><mi>x</mi></mrow>"),
            ("theta*pi", "<mrow><mi>θ</mi><mo>&#x2062;</mo><mi>π</mi></mrow>"),
            ("abs(x)", "<mrow><mo>|</mo><mi>x</mi><mo>|</mo></mrow>"),
            ("1e-7", "<msup><mn>10</mn><mrow><mo>−</mo><mn>7</mn></mrow></msup>"),
        ],
    )
    def test_form(self, text: str, inner: str) -> None:
        start = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mrow>'
        assert parse(text).mathml() == f"{start}{inner}</mrow></math>"

    @given(TREES)
    @settings(max_examples=200, deadline=None)
    def test_is_well_formed_with_the_right_number_of_children(self, tree: Expression) -> None:
        root = ElementTree.fromstring(Formula(tree, ("x", "x_12", "theta1")).mathml())
        assert root.tag == f"{NAMESPACE}math"
        allowed = {"math", "mrow", "mi", "mn", "mo", "msup", "msub", "mfrac", "msqrt"}
        for element in root.iter():
            name = element.tag.removeprefix(NAMESPACE)
            assert name in allowed
            if name in ("msup", "msub", "mfrac"):
                assert len(element) == 2
