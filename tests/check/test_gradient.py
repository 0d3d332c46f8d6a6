from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from gradwright.check import check_gradient
from gradwright.errors import ArgumentError, ArgumentTypeError, FunctionError, NonFiniteError, ShapeError

A = np.array([[2.0, 1.0, 0.0], [1.0, 3.0, -1.0], [0.0, -1.0, 4.0]])
X = np.array([1.0, -2.0, 0.5])


def quadratic(x: Any) -> Any:
    return x @ A @ x / 2


def tree_loss(p: dict[str, Any]) -> Any:
    return (np.tanh(p["W"]) ** 2).sum() + (p["deep"][0] * p["deep"][1]).sum() + p["scale"] * p["W"].sum()


def tree_gradient(p: dict[str, Any]) -> dict[str, Any]:
    tanh = np.tanh(p["W"])
    return {
        "W": 2 * tanh * (1 - tanh**2) + p["scale"],
        "deep": [p["deep"][1], p["deep"][0]],
        "scale": p["W"].sum(),
    }


TREE = {
    "W": np.linspace(-1, 1, 6).reshape(2, 3) + 0.1,
    "deep": [np.array([1.0, 2.0]), np.array([-1.0, 3.0])],
    "scale": 0.7,
}


def test_right_gradients_pass() -> None:
    assert check_gradient(quadratic, X, lambda x: A @ x).passed
    assert check_gradient(quadratic, X, A @ X).passed
    assert check_gradient(quadratic, X.tolist(), (A @ X).tolist()).passed
    assert check_gradient(lambda x: x**3, 2.0, 12.0).passed
    assert check_gradient(lambda x: x**3, 2.0, lambda x: 3 * x * x).passed
    assert check_gradient(tree_loss, TREE, tree_gradient).passed
    assert check_gradient(tree_loss, TREE, tree_gradient(TREE)).passed
    matrix = np.arange(6.0).reshape(2, 3)
    assert check_gradient(lambda w: np.sin(w).sum(), matrix, np.cos).passed


def test_what_the_report_holds() -> None:
    report = check_gradient(tree_loss, TREE, tree_gradient)
    assert (report.verdict, report.mismatches, report.kinks, report.unclear) == ("passed", [], [], [])
    assert report.checked == report.total == 11
    assert 0 <= report.largest_error <= 1
    assert report.evaluations > 11


def test_every_library(xp: Any) -> None:
    x = xp([0.3, -1.2, 2.0])
    before = xp.numpy(x).copy()
    f = lambda x: (x * x * x)[0] + (x * x)[1] - 2 * x[2] * x[0]  # noqa: E731
    right = xp([3 * 0.09 - 4, -2.4, -0.6])
    assert check_gradient(f, x, right).passed
    assert check_gradient(f, x, [3 * 0.09 - 4, -2.4, -0.6]).passed
    assert check_gradient(lambda p: f(p["x"]), {"x": x}, {"x": right}).passed
    report = check_gradient(f, x, xp([3 * 0.09 - 4, -2.4, 0.6]))
    assert [m.index for m in report.mismatches] == [(2,)]
    np.testing.assert_array_equal(xp.numpy(x), before)


@pytest.mark.parametrize("size", [10, 3000])
def test_float32_gradients_have_the_tolerance_of_float32(size: int) -> None:
    x = np.random.default_rng(0).standard_normal(size).astype(np.float32)
    f = lambda x: (np.asarray(x, dtype=np.float64) ** 3).sum() + np.asarray(x).sum() ** 2  # noqa: E731
    gradient = lambda x: 3 * x * x + 2 * x.sum()  # noqa: E731
    assert gradient(x).dtype == np.float32
    for right in (gradient, gradient(x), [float(g) for g in gradient(x)]):
        assert check_gradient(f, x, right, sample=20).passed
    assert check_gradient(f, x, lambda x: 1.01 * gradient(x), sample=20).verdict == "wrong"


def test_bfloat16(need_module: Any) -> None:
    torch = need_module("torch")
    x = torch.tensor([1.1, 2.3, -0.7], dtype=torch.bfloat16)
    assert check_gradient(lambda x: (x**3).sum(), x, lambda x: 3 * x * x).passed
    assert check_gradient(lambda x: (x**3).sum(), x, lambda x: 2 * x * x).verdict == "wrong"


def test_a_model_that_computes_in_float32_alone(need_module: Any) -> None:
    torch = need_module("torch")
    model, x = torch.nn.Linear(3, 2), torch.tensor([1.0, 2.0, -1.0])
    right = lambda x: 2 * model(x) @ model.weight  # noqa: E731
    assert check_gradient(lambda x: (model(x) ** 2).sum(), x, right).passed
    assert check_gradient(lambda x: (model(x) ** 2).sum(), x, lambda x: 1.05 * right(x)).verdict == "wrong"


def test_only_a_sample_is_measured() -> None:
    x = {"W": np.random.default_rng(0).standard_normal((30, 20)), "b": np.ones(3)}
    f = lambda p: (p["W"] ** 2).sum() + (p["b"] ** 3).sum()  # noqa: E731
    report = check_gradient(f, x, {"W": 2 * x["W"], "b": 3 * x["b"] ** 2}, sample=10)
    assert report.passed
    assert (report.checked, report.total) == (13, 603)
    assert report.evaluations < 13 * 20
    wrong = {"W": 3 * x["W"], "b": 3 * x["b"] ** 2}
    found = [{m.index for m in check_gradient(f, x, wrong, sample=10, rng=rng).mismatches} for rng in (1, 1, 2)]
    assert len(found[0]) == 10
    assert found[0] == found[1] != found[2]


MISTAKES = {
    "factor": lambda g: 2 * g,
    "sign": lambda g: -g,
    "one-percent": lambda g: 1.01 * g,
    "transposed": lambda g: g.T,
    "zero-block": lambda g: np.where(np.arange(3) == 1, 0, g),
    "offset": lambda g: g + 1e-6,
}


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("how", [lambda g: g, lambda g: lambda w: g])
def test_planted_mistakes_are_wrong(mistake: str, how: Any) -> None:
    w = np.array([[0.5, 1.0, -0.3], [2.0, -1.0, 0.7], [0.1, 0.9, 1.4]])
    report = check_gradient(lambda w: np.exp(w).sum() + (w @ w).sum(), w, how(MISTAKES[mistake](_exp_gradient(w))))
    assert report.verdict == "wrong"
    assert not report.passed
    want = {(i, 1) for i in range(3)} if mistake == "zero-block" else None
    assert want is None or {m.index for m in report.mismatches} == want


def _exp_gradient(w: np.ndarray) -> np.ndarray:
    return np.exp(w) + w.sum(axis=1)[None, :] + w.sum(axis=0)[:, None]


def test_the_control_for_the_mistakes() -> None:
    w = np.array([[0.5, 1.0, -0.3], [2.0, -1.0, 0.7], [0.1, 0.9, 1.4]])
    assert check_gradient(lambda w: np.exp(w).sum() + (w @ w).sum(), w, _exp_gradient).passed


def test_mismatches_are_listed_worst_first_with_path_and_index() -> None:
    wrong = tree_gradient(TREE)
    wrong["W"] = wrong["W"].copy()
    wrong["W"][1, 2] *= 1.01
    wrong["deep"][1] = wrong["deep"][1] + np.array([0.0, 5.0])
    wrong["scale"] = 1.5 * wrong["scale"]
    report = check_gradient(tree_loss, TREE, wrong)
    assert [m.where for m in report.mismatches] == ["deep.1[1]", "scale", "W[1, 2]"]
    worst = report.mismatches[0]
    assert (worst.path, worst.index) == ("deep.1", (1,))
    assert worst.analytic == 7.0
    assert worst.numeric == pytest.approx(2.0, rel=1e-9)
    assert worst.error == pytest.approx(5.0, rel=1e-9)
    assert worst.tolerance < 1e-6
    assert report.largest_error == pytest.approx(worst.error / worst.tolerance)


@pytest.mark.parametrize("value", [-1.0, -0.999, 0.0, 0.5, 1.0])
def test_at_a_kink_any_value_between_the_slopes_passes(value: float) -> None:
    for f, x in ((abs, 0.0), (lambda x: abs(x - 1), 1.0), (lambda x: abs(x) + np.sin(x) - x, 0.0)):
        report = check_gradient(f, x, value)
        assert report.passed, str(report)
        assert report.kinks == ["x"]
        assert "kink" in str(report)


@pytest.mark.parametrize("value", [-1.5, -1.05, 1.05, 1.5])
def test_at_a_kink_a_value_outside_the_slopes_is_wrong(value: float) -> None:
    report = check_gradient(abs, 0.0, value)
    assert report.verdict == "wrong"
    assert report.kinks == ["x"]
    assert report.mismatches[0].numeric == pytest.approx(np.sign(value))  # the nearer slope
    assert report.mismatches[0].error == pytest.approx(abs(value) - 1)


def test_the_one_sided_slopes_themselves_pass_beside_smooth_terms() -> None:
    f = lambda x: np.maximum(x, 0) @ np.array([1.0, 3.0]) + np.sin(x[0] + 1) + np.exp(x).sum()  # noqa: E731
    for relu_at_zero in (0.0, 1.0):
        right = relu_at_zero * np.array([1.0, 3.0]) + np.array([np.cos(1), 0]) + 1
        report = check_gradient(f, np.zeros(2), right)
        assert report.passed, str(report)
        assert report.kinks == ["x[0]", "x[1]"]


def test_a_kink_beside_the_point_is_no_reason_for_a_false_alarm() -> None:
    for distance in 10.0 ** -np.arange(1, 9):
        f = lambda x, d=distance: np.maximum(x - d, 0) + 0.1 * x**2  # noqa: E731
        assert check_gradient(f, 0.0, 0.0).verdict != "wrong"


@pytest.mark.parametrize(
    ("gradient", "error", "message"),
    [
        (lambda p: None, ArgumentTypeError, "`gradient` has NoneType"),
        (lambda p: {"W": np.ones((2, 3)), "b": None}, ArgumentTypeError, "`gradient` has None for b"),
        ({"W": np.ones((2, 3), dtype=int), "b": np.ones(3)}, ArgumentTypeError, "`gradient W` has the dtype int"),
        (None, ArgumentTypeError, "`gradient` has NoneType"),
        ({"W": np.ones((3, 2)), "b": np.ones(3)}, ShapeError, r"`gradient W` has shape \(3, 2\), .* shape \(2, 3\)"),
        ({"W": np.ones((2, 3))}, ArgumentError, r"`gradient` must have the same entries as `x`: missing \['b'\]"),
        ({"W": np.ones((2, 3)), "b": np.ones(3), "c": 1.0}, ArgumentError, r"unexpected \['c'\]"),
        (np.ones((2, 3)), ArgumentError, "must have the same entries"),
        (
            {"W": np.ones((2, 3)), "b": np.array([1, np.nan, 1])},
            NonFiniteError,
            r"`gradient b` holds nan at index \(1,",
        ),
        ({"W": np.full((2, 3), np.inf), "b": np.ones(3)}, NonFiniteError, r"`gradient W` holds inf .* \(6 in all\)"),
        ({"W": np.ones((2, 3)) * 1j, "b": np.ones(3)}, ArgumentTypeError, "dtype is complex128"),
        ({"W": np.full((2, 3), "a"), "b": np.ones(3)}, ArgumentTypeError, "must hold numbers"),
        ("autodiff", ArgumentTypeError, "`gradient` has str"),
    ],
)
def test_what_is_no_gradient_at_all_is_an_error_and_no_mismatch(gradient: Any, error: Any, message: str) -> None:
    x = {"W": np.ones((2, 3)), "b": np.ones(3)}
    with pytest.raises(error, match=message):
        check_gradient(lambda p: p["W"].sum() + p["b"].sum(), x, gradient)


def test_arguments_that_do_not_fit() -> None:
    with pytest.raises(ArgumentTypeError, match="`f` must be a function"):
        check_gradient(3.0, X, X)  # type: ignore[arg-type]
    with pytest.raises(NonFiniteError, match="`x` holds nan"):
        check_gradient(quadratic, np.array([1.0, np.nan, 0]), X)
    with pytest.raises(FunctionError, match="`f` returned None"):
        check_gradient(lambda x: None, X, X)
    with pytest.raises(FunctionError, match="returned an array of shape"):
        check_gradient(lambda x: x, X, X)
    for sample in (0, -1, 1.5):
        with pytest.raises(ArgumentError, match="`sample` must be a positive whole number"):
            check_gradient(quadratic, X, A @ X, sample=sample)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="`rng`"):
        check_gradient(quadratic, X, A @ X, sample=1, rng="x")  # type: ignore[arg-type]


def test_options_of_the_derivative() -> None:
    assert check_gradient(quadratic, X, A @ X, method="central", step=1e-4).passed
    assert check_gradient(quadratic, X, 2 * A @ X, method="central", step=1e-4).verdict == "wrong"
    assert check_gradient(quadratic, X, A @ X, method="complex").passed
    assert check_gradient(quadratic, X, 1.01 * A @ X, method="forward").verdict == "wrong"
    f = lambda x: np.sqrt(x).sum()  # noqa: E731 - NaN, and a warning, below 0
    x = np.array([1e-9, 2.0])
    assert check_gradient(f, x, 0.5 / np.sqrt(x), bounds=(0, None)).passed
    assert check_gradient(f, x, 0.6 / np.sqrt(x), bounds=(0, None)).verdict == "wrong"


def test_functions_that_change_or_keep_what_they_get() -> None:
    x = X.copy()
    x.flags.writeable = False

    def f(v: np.ndarray) -> float:
        result = float(quadratic(v))
        v[:] = 99
        return result

    def gradient(v: np.ndarray) -> np.ndarray:
        result = A @ v
        v[:] = 99
        return result

    assert check_gradient(f, x, lambda v: A @ v).passed
    report = check_gradient(f, x, gradient)  # of a gradient that is a mistake, if its numbers are right
    assert (report.verdict, [cause.code for cause in report.causes], report.mismatches) == (
        "wrong",
        ["mutates-input"],
        [],
    )
    assert report.causes[0].facts["count"] == 3
    np.testing.assert_array_equal(x, X)


def test_where_f_is_not_finite_the_check_is_inconclusive() -> None:
    assert check_gradient(lambda x: float("nan"), 1.0, 1.0).verdict == "inconclusive"
    assert check_gradient(lambda x: np.floor(x), 1.0, 0.0).verdict == "inconclusive"  # a jump


def test_a_saturated_float32_gradient_is_inconclusive_and_not_wrong() -> None:
    x = {"a": np.array([12.0], dtype=np.float32), "b": np.array([0.1], dtype=np.float32)}
    f = lambda x: (np.tanh(x["a"]) + np.tanh(x["b"])).sum()  # noqa: E731
    gradient = lambda x: {name: 1 - np.tanh(value) ** 2 for name, value in x.items()}  # noqa: E731
    assert gradient(x)["a"][0] == 0  # in truth 1.5e-10
    for given in (gradient, gradient(x)):
        report = check_gradient(f, x, given)
        assert report.verdict == "inconclusive"
        assert report.unclear == ["a[0]"]
    assert check_gradient(f, x, lambda x: {name: 2 * g for name, g in gradient(x).items()}).verdict == "wrong"


def test_entries_of_very_different_size_are_all_checked() -> None:
    x = np.array([1e8, 1.0, 1e-8])
    f = lambda x: (x**2).sum()  # noqa: E731
    for i in range(3):
        one = np.eye(3)[i]
        g = lambda v, i=i: v[i] ** 2  # noqa: E731
        assert check_gradient(g, x, 2 * x * one).passed
        assert check_gradient(g, x, 2.02 * x * one).verdict == "wrong"
    assert check_gradient(f, x, 2 * x).verdict == "passed"


def test_report_is_json() -> None:
    for gradient in (A @ X, 2 * A @ X):
        report = check_gradient(quadratic, X, gradient)
        text = json.dumps(report.to_dict(), allow_nan=False)
        assert json.loads(text)["passed"] is report.passed


def test_functions_that_refer_to_classes_are_read_too() -> None:
    dtype = np.float32  # a class has all that an array has

    class Odd:
        shape = None
        __array_namespace__ = None

    odd = Odd()
    assert check_gradient(lambda x: (x**2).sum() + 0 * (odd is None), X, lambda x: 2 * dtype(1) * x).passed


def test_rounding_from_call_to_call_is_no_chance() -> None:
    rng = np.random.default_rng(0)
    assert check_gradient(lambda x: (x**2).sum(), X, lambda x: 2 * x * (1 + 1e-14 * rng.normal(size=3))).passed
    report = check_gradient(lambda x: (x**2).sum(), X, lambda x: 2 * x * (1 + 1e-3 * rng.normal(size=3)))
    assert report.causes[0].code == "stochastic"


def test_the_answer_of_the_call_before_is_a_stale_cache() -> None:
    last: list[np.ndarray] = [np.zeros(3)]

    def late(x: np.ndarray) -> np.ndarray:
        found, last[0] = last[0], 2 * x
        return found

    report = check_gradient(lambda x: (x**2).sum(), X, late)
    assert (report.verdict, report.causes[0].code) == ("wrong", "stale-cache")


def test_a_gradient_twice_as_large_of_parameters_that_are_zero_is_a_factor() -> None:
    x = {"w": np.array([0.3, -0.2, 0.9]), "b": np.zeros(4)}
    f = lambda p: np.sin(p["w"]).sum() + (p["b"] * [1.0, 2.0, 3.0, 4.0]).sum()  # noqa: E731
    report = check_gradient(f, x, lambda p: {"w": np.cos(p["w"]), "b": 2 * np.array([1.0, 2.0, 3.0, 4.0])})
    assert report.causes[0].code == "factor"
    assert report.causes[0].arrays == ("b",)
