"""`check_network`: what it refuses, what it reports, kinks, precision, and other batches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradwright.check import check_network
from gradwright.errors import ArgumentError, ArgumentTypeError, LabelError, NonFiniteError, ShapeError
from tests.check import learners


def network(seed: int = 0, dtype: str = "float64") -> tuple[dict[str, Any], np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    params = {"W1": rng.normal(size=(4, 3)), "b1": rng.normal(size=3), "W2": rng.normal(size=(3, 2)), "b2": np.zeros(2)}
    x = rng.normal(size=(5, 4)).astype(dtype)
    return {name: array.astype(dtype) for name, array in params.items()}, x, np.array([0, 1, 1, 0, 1])


def right(params: Any, x: Any, t: Any) -> Any:
    return learners.backward(params, np.asarray(x), np.asarray(t), "sigmoid")


def test_right_ones_pass_whatever_the_form_of_the_answers() -> None:
    params, x, t = network()
    for answers in (t, np.eye(2)[t], [0, 1, 1, 0, 1], np.full((5, 2), 0.5)):
        report = check_network(params, x, answers, right)
        assert report.passed, str(report)
        assert (report.checked, report.total, report.causes) == (23, 23, [])
        assert report.evaluations < 60
    without = {name: params[name] for name in ("W1", "W2")}
    zeros = {"b1": np.zeros(3), "b2": np.zeros(2)}
    report = check_network(
        without, x, t, lambda p, x, t: {k: v for k, v in right({**p, **zeros}, x, t).items() if k in without}
    )
    assert report.passed
    assert check_network({"W1": params["W2"]}, x[:, :3], t, lambda p, x, t: _regression(p, x, t)).passed


def _regression(p: Any, x: Any, t: Any) -> Any:
    odds = np.exp(x @ p["W1"])
    return {"W1": x.T @ (odds / odds.sum(axis=1, keepdims=True) - np.eye(2)[t]) / len(x)}


def test_the_report_of_a_wrong_one() -> None:
    params, x, t = network()
    wrong = lambda p, x, t: {k: v * len(x) for k, v in right(p, x, t).items()}  # noqa: E731
    report = check_network(params, x, t, wrong, rng=3)
    assert (report.verdict, report.seed, len(report.mismatches)) == ("wrong", 3, 23)
    first = report.causes[0]
    assert (first.code, set(first.arrays)) == ("missing-batch-mean", set(params))
    assert "dz = y - t" in first.evidence
    assert "divide" in first.cure.lower()
    assert "배치" in first.text("ko")
    assert report.taylor is not None
    assert report.taylor.order == pytest.approx(1, abs=0.1)
    assert report.taylor.right_order == pytest.approx(2, abs=0.1)
    assert len(str(report).splitlines()) <= 24
    with pytest.raises(AssertionError, match="missing-batch-mean"):
        report.raise_for_mismatch()


def test_two_mistakes_at_once_are_both_named() -> None:
    params, x, t = network()
    lines = {"output": lambda y, t, n: y - t, "activation": lambda dh, z, h: dh}
    report = check_network(params, x, t, lambda p, x, t: learners.backward(p, x, t, "sigmoid", lines))
    codes = [cause.code for cause in report.causes]
    assert set(codes[:2]) == {"missing-batch-mean", "activation-derivative-missing"}
    lines = {"bias": lambda dz: np.full(dz.shape[1], dz.sum())}

    def both(p: Any, x: Any, t: Any) -> Any:
        grads = learners.backward(p, x, t, "sigmoid", lines)
        return {**grads, "W1": -grads["W1"]}

    assert {"bias-axis", "sign"} <= {cause.code for cause in check_network(params, x, t, both).causes[:2]}


def test_what_no_mistake_explains_is_unknown() -> None:
    params, x, t = network()
    noise = {name: np.random.default_rng(1).normal(size=array.shape) for name, array in params.items()}
    report = check_network(params, x, t, lambda p, x, t: {k: v + 0.1 * noise[k] for k, v in right(p, x, t).items()})
    assert [cause.code for cause in report.causes] == ["unknown"]
    assert set(report.causes[0].arrays) == set(params)


def test_a_batch_size_written_into_the_code_is_found_on_another_batch() -> None:
    params, x, t = network()
    report = check_network(params, x, t, lambda p, x, t: {k: v * len(x) / 5 for k, v in right(p, x, t).items()})
    assert report.verdict == "wrong"
    assert report.mismatches == []
    assert report.causes[0].code == "factor"
    assert "at this point are right" in str(report)


@pytest.mark.parametrize("at_zero", [0.0, 0.5, 1.0])
def test_any_slope_of_relu_at_zero_passes(at_zero: float) -> None:
    params, x, t = network()
    params = {**params, "W1": np.zeros((4, 3)), "b1": np.zeros(3)}
    slope = lambda dh, z, h: dh * np.where(z == 0, at_zero, z > 0)  # noqa: E731
    report = check_network(
        params, x, t, lambda p, x, t: learners.backward(p, x, t, "relu", {"activation": slope}), "relu"
    )
    assert report.verdict == "passed", str(report)
    assert report.kinks
    assert [cause.code for cause in report.causes] == ["kink"]
    double = lambda dh, z, h: dh * np.where(z == 0, 2.0, z > 0)  # noqa: E731
    assert (
        check_network(
            params, x, t, lambda p, x, t: learners.backward(p, x, t, "relu", {"activation": double}), "relu"
        ).verdict
        == "wrong"
    )


@pytest.mark.parametrize("scale", [1e-8, 1e-3, 30.0, 1e3])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_tiny_and_saturated_networks_are_not_called_wrong(activation: str, dtype: str, scale: float) -> None:
    for seed in range(10):
        params, x, t = network(seed, dtype)
        params = {name: array * array.dtype.type(scale) for name, array in params.items()}
        with np.errstate(over="ignore"):
            report = check_network(
                params, x, t, lambda p, x, t: learners.backward(p, x, t, activation), activation, rng=seed
            )
        assert report.verdict != "wrong", str(report)


def test_other_libraries(xp: Any) -> None:
    params, x, t = network()
    own = {name: xp(array.tolist()) for name, array in params.items()}

    def gradient(p: Any, batch: Any, answers: Any) -> Any:
        assert isinstance(answers, np.ndarray)
        found = right({k: xp.numpy(v) for k, v in p.items()}, xp.numpy(batch), answers)
        return {name: xp(grad.tolist()) for name, grad in found.items()}

    report = check_network(own, xp(x.tolist()), t, gradient)
    assert report.passed, str(report)
    wrong = lambda p, x, t: {k: -v for k, v in gradient(p, x, t).items()}  # noqa: E731
    assert check_network(own, xp(x.tolist()), t, wrong).causes[0].code == "sign"


def test_what_was_given_is_not_changed() -> None:
    params, x, t = network()
    kept = {name: array.copy() for name, array in params.items()}, x.copy(), t.copy()

    def greedy(p: Any, x: Any, t: Any) -> Any:
        found = right(p, x, t)
        for array in (*p.values(), x, t):
            array[...] = 0
        return found

    report = check_network(params, x, t, greedy)
    assert [cause.code for cause in report.causes] == ["mutates-input"]
    for name, array in params.items():
        np.testing.assert_array_equal(array, kept[0][name])
    np.testing.assert_array_equal(x, kept[1])
    np.testing.assert_array_equal(t, kept[2])


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda p, x, t: ([1.0], x, t), ArgumentTypeError, "`params` must be a dict"),
        (lambda p, x, t: ({"W": p["W1"]}, x, t), ArgumentError, "`params` must be named W1, b1"),
        (lambda p, x, t: ({"W1": p["W1"], "W3": p["W2"]}, x, t), ArgumentError, "without a gap"),
        (lambda p, x, t: (p, x[:, :3], t), ShapeError, r"`W1` has shape \(4, 3\), .* 3 columns"),
        (lambda p, x, t: ({**p, "b1": np.zeros(2)}, x, t), ShapeError, r"`b1` has shape \(2,\)"),
        (lambda p, x, t: (p, x[0], t), ShapeError, "`x` must be a batch"),
        (lambda p, x, t: (p, x[:0], t[:0]), ShapeError, "`x` must be a batch"),
        (lambda p, x, t: (p, np.where(x > 0, np.nan, x), t), NonFiniteError, "`x` holds"),
        (lambda p, x, t: (p, x, t[:3]), ShapeError, "`t` must be whole-number labels"),
        (lambda p, x, t: (p, x, t + 0.5), LabelError, "`t` must be whole-number labels"),
        (lambda p, x, t: (p, x, t + 5), LabelError, "t"),
    ],
)
def test_what_does_not_fit_is_said(change: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        check_network(*change(*network()), right)


def test_what_is_no_gradient_is_said() -> None:
    params, x, t = network()
    with pytest.raises(ArgumentError, match="missing"):
        check_network(params, x, t, lambda p, x, t: {"W1": p["W1"]})
    with pytest.raises(ShapeError, match="gradient W1"):
        check_network(params, x, t, lambda p, x, t: {**right(p, x, t), "W1": np.zeros((3, 4))})
    with pytest.raises(ArgumentError, match="`activation`"):
        check_network(params, x, t, right, "softplus")
    with pytest.raises(ZeroDivisionError):
        check_network(params, x, t, lambda p, x, t: 1 / 0)


@pytest.mark.parametrize("kept", ["answers", "activations", "probabilities", "everything"])
def test_what_is_kept_from_the_first_call_is_a_stale_cache(kept: str) -> None:
    params, x, _ = network()
    first: dict[str, Any] = {}

    def gradient(p: Any, x: Any, t: Any) -> Any:
        h = 1 / (1 + np.exp(-(x @ p["W1"] + p["b1"])))
        odds = np.exp(h @ p["W2"] + p["b2"])
        y, answers = odds / odds.sum(axis=1, keepdims=True), np.eye(2)[t]
        for name, value in (("answers", answers), ("activations", h), ("probabilities", y)):
            first.setdefault(name, value)
        y = first["probabilities"] if kept in ("probabilities", "everything") else y
        h = first["activations"] if kept in ("activations", "everything") else h
        answers = first["answers"] if kept in ("answers", "everything") else answers
        dz = (y - answers) / len(x)
        dh = dz @ p["W2"].T * h * (1 - h)
        return {"W1": x.T @ dh, "b1": dh.sum(axis=0), "W2": h.T @ dz, "b2": dz.sum(axis=0)}

    report = check_network(params, x, np.array([0, 1, 1, 0, 0]), gradient, rng=1)
    assert report.verdict == "wrong"
    assert report.causes[0].code == "stale-cache", str(report)


def test_one_sample_has_no_mean() -> None:
    params, x, t = network()
    lines = {"activation": lambda dh, z, h: dh}
    report = check_network(params, x[:1], t[:1], lambda p, x, t: learners.backward(p, x, t, "sigmoid", lines))
    assert [cause.code for cause in report.causes] == ["activation-derivative-missing"]


def test_a_constant_ignores_its_input() -> None:
    params, x, t = network()
    report = check_network(params, x, t, lambda p, x, t: {k: np.ones_like(v) for k, v in p.items()})
    assert "ignores-input" in [cause.code for cause in report.causes]


def test_zeros_for_a_bias_are_a_zero_block() -> None:
    params, x, t = network()
    report = check_network(params, x, t, lambda p, x, t: {**right(p, x, t), "b2": np.zeros(2)})
    assert report.causes[0].code == "zero-block"


@pytest.mark.parametrize(
    ("t", "message"),
    [(np.full((5, 2), 0.2), "row must sum to 1"), (np.full((5, 2), np.nan), "`t` holds nan"), (np.full(5, 7), "label")],
)
def test_answers_that_are_none_are_said(t: np.ndarray, message: str) -> None:
    params, x, _ = network()
    with pytest.raises((LabelError, NonFiniteError), match=message):
        check_network(params, x, t, right)


@pytest.mark.parametrize("which", ["params", "batch"])
def test_arrays_of_the_same_name_outside_the_function(which: str) -> None:
    params, x, t = network()
    other, other_x, _ = network(7)

    def gradient(p: Any, x: Any, t: Any) -> Any:
        return right(other, x, t) if which == "params" else right(p, other_x, np.array([1, 1, 0, 0, 1]))

    report = check_network(params, x, t, gradient)
    assert "ignores-input" in [cause.code for cause in report.causes[:1]], str(report)
