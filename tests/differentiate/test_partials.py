"""Mixed partial derivatives: SymPy as the oracle, the laws of Schwarz and of linearity, kinks, bounds, names."""

from __future__ import annotations

import math
from typing import Any

import mpmath as mp
import numpy as np
import pytest
import sympy as sp

import gradwright as gw
from gradwright.differentiate import Status, derivative, hessian, mixed, partial
from gradwright.differentiate.engine import Result
from gradwright.errors import ArgumentError, ArgumentTypeError, FunctionError

S = sp.symbols("x0:4")
FORMULAS = {
    "polynomial": S[0] ** 3 * S[1] ** 2 * S[2] + S[3] * S[0] * S[1] * S[2] + S[1] ** 4,
    "exp": sp.exp(S[0] * S[1] / 3 + S[2] / 2 - S[3] / 4),
    "waves": sp.sin(S[0] + 2 * S[1]) * sp.cos(S[2] * S[3]),
    "rational": 1 / (1 + S[0] ** 2 + S[1] ** 2 + S[2] ** 2 / 2 + S[3] ** 2),
    "log": sp.log(3 + sp.sin(S[0] * S[1]) + S[2] ** 2 * S[3] ** 2),
    "separable": sp.exp(S[0]) + sp.sin(S[1]) + S[2] ** 5 + sp.cos(S[3]),
    "fast": sp.sin(20 * S[0]) * sp.exp(S[1]) * S[2] + S[3] * S[0],
    "valley": 100 * (S[1] - S[0] ** 2) ** 2 + (1 - S[0]) ** 2 + 100 * (S[3] - S[2] ** 2) ** 2,
    "offset": 1e4 + S[0] * S[1] * S[2] * S[3],
}
VARIABLES = [
    (0, 1),
    (0, 0),
    (1, 2),
    (0, 0, 1),
    (0, 1, 2),
    (1, 1, 1),
    (2, 3, 3),
    (0, 0, 1, 1),
    (0, 1, 2, 3),
    (0, 0, 0, 1),
]
POINTS = [[0.3, -1.2, 0.9, 0.1], [0.0, 0.0, 0.0, 0.0], [1e-3, 2.0, -30.0, 0.5], [0.0, 1e-5, 5.0, -2.0]]


def survey(differentiate: Any) -> dict[str, float]:
    """Return how many of the answers are ok, and how many of these are within their bar; digits by order."""
    ok = covered = total = 0
    for formula in FORMULAS.values():
        f = sp.lambdify([S], formula, "numpy")
        for variables in VARIABLES:
            exact = sp.lambdify([S], sp.diff(formula, *[S[i] for i in variables]), "mpmath")
            for x in POINTS:
                with mp.workdps(40):
                    true = float(exact([mp.mpf(v) for v in x]))
                d = differentiate(f, x, *variables)
                total += 1
                ok += d.ok
                covered += d.ok and abs(d.value - true) <= d.error
    return {"ok": ok / total, "covered": covered / ok}


def test_accuracy_and_honesty(record_property) -> None:
    found = survey(partial)
    for name, value in found.items():
        record_property(name, value)
    assert found["ok"] >= 0.95, found
    assert found["covered"] >= 0.97, found


def test_the_survey_sees_a_bar_that_is_too_short() -> None:
    def boastful(*arguments):
        d = partial(*arguments)
        return gw.Estimate(d.value, d.error / 1000, d.status, d.left, d.right, d.step, d.evaluations)

    assert survey(boastful)["covered"] < 0.9


def test_by_hand() -> None:
    def f(x):
        return x[0] ** 2 * x[1] ** 3 + 5 * x[0]

    x = [2.0, 3.0]
    for variables, true, digits in (
        ([0], 113.0, 1e-11),
        ([0, 1], 2 * 2 * 27, 1e-9),
        ([1, 1], 4 * 18.0, 1e-9),
        ([0, 0, 1], 54.0, 1e-8),
        ([0, 1, 1], 72.0, 1e-8),
        ([0, 0, 1, 1], 36.0, 1e-6),
        ([0, 0, 1, 1, 1], 12.0, 1e-5),
    ):
        d = partial(f, x, *variables)
        assert d.value == pytest.approx(true, rel=digits), variables
        assert abs(d.value - true) <= d.error
        assert d.ok


def test_one_variable_is_the_derivative() -> None:
    for order in range(1, 5):
        d = derivative(math.exp, 0.5, order)
        p = partial(lambda x: math.exp(x[0]), [0.5, 1.0], *[0] * order)
        assert p.value == pytest.approx(d.value, rel=4e-16)
        assert p.evaluations == d.evaluations
    assert partial(lambda x: x**3, 2.0, "x", "x").value == pytest.approx(12)
    assert partial(lambda x: x**3, 2.0, (), ()).value == pytest.approx(12)


def test_the_order_of_the_variables_does_not_matter() -> None:
    def f(x):
        return np.exp(x[0] * x[1]) * np.sin(x[2])

    x = [0.3, -0.7, 1.1]
    values = {partial(f, x, *v).value for v in [(0, 1, 2), (2, 0, 1), (1, 2, 0), (2, 1, 0), (-1, -2, -3)]}
    assert len(values) == 1


def test_it_agrees_with_the_hessian(rng: np.random.Generator) -> None:
    A = rng.standard_normal((3, 3))

    def f(x):
        return np.exp(-x @ A @ x) + np.sin(x).sum()

    x = rng.standard_normal(3)
    H = hessian(f, x)
    for i in range(3):
        for j in range(3):
            d = partial(f, x, i, j)
            assert abs(d.value - H.value[i, j]) <= d.error + H.error[i, j]


def test_variables_of_very_different_size() -> None:
    d = partial(lambda x: np.sin(x[0] * 1e9) * np.exp(x[1] * 1e-7), [2e-9, 3e6], 0, 1)
    true = 1e9 * math.cos(2.0) * 1e-7 * math.exp(0.3)
    assert d.value == pytest.approx(true, rel=1e-8)
    assert abs(d.value - true) <= d.error


def test_many_outputs_trees_and_libraries(xp) -> None:
    p = {"W1": xp([[1.0, 2.0], [3.0, 4.0]]), "b1": xp([0.5, -1.0])}

    def f(p):
        return p["W1"][0, 1] ** 2 * p["b1"] * p["W1"][1, 0]

    for names in (("W1[0, 1]", "W1[1,0]"), (("W1", (0, 1)), ("W1", (1, -2)))):
        d = partial(f, p, *names)
        np.testing.assert_allclose(xp.numpy(d.value), [2 * 2 * 0.5, 2 * 2 * -1.0], rtol=max(xp.rtol, 1e-8))
        assert d.all_ok
    assert partial(lambda q: q[0] * q[1][0], [2.0, np.ones(1)], "0", (1, 0)).value == pytest.approx(1)
    assert partial(lambda q: q["b"] * q["a"]["w"][1], {"a": {"w": np.ones(2)}, "b": 3.0}, "b", "a.w[1]").value == (
        pytest.approx(1)
    )


def test_a_name_with_brackets_of_its_own() -> None:
    p = {"W[0]": 2.0, "W": np.array([3.0, 4.0])}
    assert partial(lambda p: p["W[0]"] ** 2 * p["W"][0], p, "W[0]").value == pytest.approx(12)


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda x: abs(x[0]) * x[1], [0.0, 1.0]),
        (lambda x: abs(x[0] - x[1]), [1.0, 1.0]),
        (lambda x: max(x[0] * x[1], 1.0), [1.0, 1.0]),
    ],
)
def test_a_kink_is_said(f, x: list[float]) -> None:
    d = partial(f, x, 0, 1)
    assert d.status is Status.KINK
    assert d.error == math.inf
    assert math.isnan(d.left)


def test_a_jump_is_said() -> None:
    d = partial(lambda x: x[0] * x[1] + (x[0] > 0), [0.0, 1.0], 0, 1)
    assert d.status is Status.JUMP
    assert d.error == math.inf
    assert math.isnan(d.left)


def test_where_the_order_of_differentiation_matters() -> None:
    # Peano's function: d/dx d/dy is 1 at 0, d/dy d/dx is -1, and along every line through 0 it is a parabola.
    def f(p):
        x, y = p
        return x * y * (x * x - y * y) / (x * x + y * y) if x or y else 0.0

    d = partial(f, [0.0, 0.0], 0, 1)
    assert d.status is Status.UNRESOLVED
    assert d.error == math.inf


def test_a_wrong_weight_is_seen_by_the_other_set(monkeypatch: pytest.MonkeyPatch) -> None:
    right = mixed._polarisation

    def planted(powers, symmetric, ratio):
        weights = right(powers, symmetric, ratio)
        first = next(iter(weights))
        return {**weights, first: weights[first] * (1.001 if ratio == 1 else 1)}

    monkeypatch.setattr(mixed, "_polarisation", planted)
    d = partial(lambda x: np.exp(x[0] * x[1]), [0.5, 1.0], 0, 1)
    assert d.status is Status.UNRESOLVED


@pytest.mark.parametrize(
    ("apart", "error", "status"), [(1.0, 1.0, Status.CONVERGED), (4.0, 5.0, Status.CONVERGED), (9.0, math.inf, 6)]
)
def test_two_sums_that_differ_widen_the_bar(apart: float, error: float, status: int) -> None:
    value, one = np.array([[10.0], [10.0 + apart]]), np.ones((2, 1))
    lines = Result(value, one, value, value, one, np.zeros((2, 1), dtype=int))
    d = mixed._combined(lines, np.eye(2), np.ones(2), 2)
    assert (d.value.item(), d.error.item(), d.status.item()) == (10.0, error, status)


@pytest.mark.parametrize("powers", [(1, 1), (2, 1), (2, 2), (1, 1, 1), (3, 1), (1, 2, 3), (1, 1, 1, 1), (4, 2)])
@pytest.mark.parametrize("symmetric", [True, False])
def test_the_sum_over_lines_finds_its_monomial_only(powers, symmetric: bool, rng: np.random.Generator) -> None:
    order = sum(powers)
    for ratio in (1.0, 0.5):
        weights = mixed._polarisation(powers, [symmetric] * len(powers), ratio)
        y = rng.standard_normal(len(powers))
        total = sum(w * (np.array(line) @ y) ** order for line, w in weights.items())
        assert total == pytest.approx(np.prod(y ** np.array(powers)), rel=1e-9)


@pytest.mark.parametrize(("powers", "lines"), [((1, 1), 2), ((2, 1), 3), ((2, 2), 4), ((1, 1, 1), 4), ((1,) * 4, 8)])
def test_no_more_lines_than_said(powers, lines: int) -> None:
    assert len(mixed._polarisation(powers, [True] * len(powers), 1.0)) == lines


@pytest.mark.parametrize(
    "bounds",
    [([1.0, 2.0], None), (None, [1.0, 2.0]), ([1.0, -math.inf], [math.inf, 2.0]), (0.0, 2.0), (0.99, 2.01)],
)
@pytest.mark.parametrize("variables", [(0, 1), (0, 0, 1), (1,)])
def test_bounds_are_kept(bounds, variables) -> None:
    x = np.array([1.0, 2.0])
    low, high = (np.broadcast_to(s * math.inf if b is None else b, 2) for s, b in zip((-1, 1), bounds))

    def f(p):
        assert np.all(p >= low)
        assert np.all(p <= high)
        return np.exp(p[0] * p[1] / 2)

    true = {(0, 1): 1.0, (0, 0, 1): 1.5, (1,): 0.5}[variables] * math.e
    d = partial(f, x, *variables, bounds=bounds)
    assert abs(d.value - true) <= d.error
    assert d.value == pytest.approx(true, rel=1e-5)
    assert d.ok


def test_steps_and_methods() -> None:
    def f(p):
        return np.exp(p[0] * p[1])

    x, true = [0.5, 1.0], 1.5 * math.exp(0.5)
    for method, digits in (("auto", 1e-5), ("central", 1e-5), ("forward", 2e-2), ("backward", 2e-2)):
        d = partial(f, x, 0, 1, method=method, step=1e-3)
        assert d.value == pytest.approx(true, rel=digits)
        assert abs(d.value - true) <= d.error
        free = partial(f, x, 0, 1, method=method)
        assert free.value == pytest.approx(true, rel=1e-8)
    assert partial(f, x, 0, method="complex").value == pytest.approx(math.exp(0.5), rel=1e-14)
    # One variable and a step: the textbook's formula to the last bit.
    for h in (1e-4, 3e-5, 0.7e-3):
        d = partial(lambda p: p[0] ** 3, [3.0, 1.0], 0, step=h, method="central")
        assert d.value == ((3 + h) ** 3 - (3 - h) ** 3) / (2 * h)


def test_forward_goes_forward() -> None:
    def f(p):
        assert np.all(p >= [0.5, 1.0])
        return np.exp(p[0] * p[1])

    assert partial(f, [0.5, 1.0], 0, 1, method="forward").status is Status.ONE_SIDED


def test_the_count_is_the_truth_also_where_vectorized() -> None:
    calls, points = [], []

    def f(p):
        points.append(1)
        return np.exp(p[0] * p[1])

    def stacked(p):
        calls.append(len(p))
        return np.exp(p[:, 0] * p[:, 1])

    one, many = partial(f, [0.5, 1.0], 0, 0, 1), partial(stacked, [0.5, 1.0], 0, 0, 1, vectorized=True)
    assert one.evaluations == len(points) == sum(calls) == many.evaluations
    assert one.value == pytest.approx(many.value, rel=1e-12)
    assert len(calls) < len(points) / 8


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ((), r"`variables` are missing.*x\[0, 0\]"),
        ((0,) * 7, "at most 6, not 7"),
        ((0,), r"has 0, .*x\[0, 0\] to x\[1, 2\]"),
        (((2, 0),), r"\(2, 0\)"),
        (((0, -4),), r"\(0, -4\)"),
        ((1.5,), "1.5"),
        ((True,), "True"),
        (([0, 1],), r"\[0, 1\]"),
        (("x[a]",), "a"),
        (("W1[0, 1]",), "no array of that name; it has x"),
        ((None,), "None"),
        (((0, 1, 2),), "no entry"),
    ],
)
def test_variables_that_are_none(variables, words: str) -> None:
    with pytest.raises(ArgumentError, match=words) as caught:
        partial(np.sum, np.ones((2, 3)), *variables)
    assert "\n" not in caught.value.text("en")
    assert "`variables`" in caught.value.text("ko")


def test_unknown_paths_and_other_misuse() -> None:
    p = {"W1": np.ones((2, 2)), "b1": 1.0}
    for variable in ("W2[0, 0]", ("W2", (0, 0)), "W", 0, ("b", ())):
        with pytest.raises(ArgumentError, match="it has W1, b1"):
            partial(lambda p: p["b1"], p, variable)
    for variable in ("W1", "W1[0]", ("W1", 0), "W1[0, 2]", "b1[0]"):
        with pytest.raises(ArgumentError, match="no entry"):
            partial(lambda p: p["b1"], p, variable)
    assert partial(lambda p: p["b1"] * 3, p, "b1").value == pytest.approx(3)
    with pytest.raises(ArgumentError, match="complex"):
        partial(np.sum, [1.0, 2.0], 0, 1, method="complex")
    with pytest.raises(ArgumentTypeError, match="`f`"):
        partial(5, [1.0, 2.0], 0)
    with pytest.raises(FunctionError, match="None"):
        partial(lambda p: None, [1.0, 2.0], 0, 1)


def test_x_stays_and_closed_formulas_hold_in_float32() -> None:
    x = np.array([0.5, 1.5], dtype=np.float32)
    kept = x.copy()

    def f(p):
        value = p[0] ** 2 * p[1] ** 2
        p *= 0
        return value

    d = partial(f, x, 0, 1)
    np.testing.assert_array_equal(x, kept)
    assert abs(float(d.value) - 3.0) <= float(d.error)
