"""How often the check is mistaken: right gradients called wrong, and mistakes that it lets pass."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from gradwright.check import check_gradient

ACTIVATIONS = {
    "tanh": (np.tanh, lambda a: 1 - np.tanh(a) ** 2),
    "sigmoid": (lambda a: 1 / (1 + np.exp(-a)), lambda a: np.exp(-a) / (1 + np.exp(-a)) ** 2),
    "relu": (lambda a: np.maximum(a, 0), lambda a: (a > 0).astype(a.dtype)),
}


def network(seed: int, dtype: str) -> tuple[Any, Any, dict[str, np.ndarray]]:
    """Return loss, gradient and parameters of a random two-layer network, written out apart from the library's own."""
    rng = np.random.default_rng(seed)
    n, n_in, hidden, n_out = (int(k) for k in rng.integers(2, 6, size=4))
    act, slope = ACTIVATIONS[str(rng.choice(list(ACTIVATIONS)))]
    x, t = rng.standard_normal((n, n_in)), np.eye(n_out)[rng.integers(0, n_out, n)]
    shapes = {"W1": (n_in, hidden), "b1": (hidden,), "W2": (hidden, n_out), "b2": (n_out,)}
    params = {name: rng.standard_normal(shape).astype(dtype) for name, shape in shapes.items()}

    def parts(p: dict[str, np.ndarray]) -> Any:
        batch = x.astype(p["W1"].dtype)
        a = batch @ p["W1"] + p["b1"]
        z = act(a)
        logits = z @ p["W2"] + p["b2"]
        logits = logits - logits.max(axis=1, keepdims=True)
        log_probs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return batch, a, z, log_probs

    def loss(p: dict[str, np.ndarray]) -> Any:
        return -(t * parts(p)[3]).sum() / n

    def gradient(p: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        batch, a, z, log_probs = parts(p)
        delta = (np.exp(log_probs) - t.astype(a.dtype)) / n
        back = delta @ p["W2"].T * slope(a)
        return {"W1": batch.T @ back, "b1": back.sum(axis=0), "W2": z.T @ delta, "b2": delta.sum(axis=0)}

    return loss, gradient, params


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_right_gradients_are_not_called_wrong(dtype: str) -> None:
    verdicts: Counter[str] = Counter()
    for seed in range(300):
        loss, gradient, params = network(seed, dtype)
        assert gradient(params)["W1"].dtype == np.dtype(dtype)
        right = gradient if seed % 2 else gradient(params)
        verdicts[check_gradient(loss, params, right, sample=4, rng=seed).verdict] += 1
    assert verdicts["wrong"] <= 1, verdicts
    assert verdicts["passed"] >= 290, verdicts


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_one_entry_off_by_one_percent_is_found(dtype: str) -> None:
    found = 0
    for seed in range(100):
        loss, gradient, params = network(seed, dtype)
        rng = np.random.default_rng(seed)
        wrong = gradient(params)
        name = str(rng.choice(list(wrong)))
        index = tuple(int(rng.integers(n)) for n in wrong[name].shape)
        wrong[name][index] += 0.01 * np.abs(wrong[name]).max()
        report = check_gradient(loss, params, wrong)
        assert report.verdict != "passed" or not wrong[name].any()
        found += [(m.path, m.index) for m in report.mismatches] == [(name, index)]
    assert found >= (99 if dtype == "float64" else 95)


def exact_fit(seed: int, dtype: str, power: int) -> tuple[Any, Any, np.ndarray]:
    """Return a loss whose residuals are all 0 in its own dtype: its gradient is 0, or nothing but rounding."""
    rng = np.random.default_rng(seed)
    samples, features = (int(k) for k in rng.integers(1, 12, size=2))
    x, w = rng.standard_normal((samples, features)).astype(dtype), rng.standard_normal(features).astype(dtype)
    y, scale = x @ w, np.dtype(dtype).type(10.0 ** rng.integers(-8, 9))
    if seed % 3 == 0:  # nearly: the minimum of least squares
        y = rng.standard_normal(samples).astype(dtype)
        w = np.linalg.lstsq(x.astype(float), y.astype(float), rcond=None)[0].astype(dtype)
    if power == 1:
        return (lambda w: scale * np.abs(x @ w - y).mean()), (lambda w: scale * (x.T @ np.sign(x @ w - y)) / samples), w
    return (lambda w: scale * ((x @ w - y) ** 2).mean()), (lambda w: 2 * scale * (x.T @ (x @ w - y)) / samples), w


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("power", [1, 2])
def test_losses_that_fit_their_data_exactly(power: int, dtype: str) -> None:
    verdicts: Counter[str] = Counter()
    for seed in range(100):
        loss, gradient, w = exact_fit(seed, dtype, power)
        assert gradient(w).dtype == np.dtype(dtype)
        verdicts[check_gradient(loss, w, gradient if seed % 2 else gradient(w)).verdict] += 1
    assert verdicts["wrong"] <= 1, verdicts


@pytest.mark.parametrize("at_zero", [0.0, 1.0])
def test_all_units_of_a_layer_at_their_kinks(at_zero: float) -> None:
    """Whatever backpropagation takes for the slope of a ReLU at 0: another value is wrong."""
    verdicts: Counter[str] = Counter()
    for seed in range(40):
        rng = np.random.default_rng(seed)
        x, y, v = rng.standard_normal((6, 4)), rng.standard_normal(6), rng.standard_normal(3)
        gradient = x.T @ (np.outer(-2 * y / 6, v) * at_zero)
        loss = lambda w, x=x, y=y, v=v: ((np.maximum(x @ w, 0) @ v - y) ** 2).mean()  # noqa: E731
        verdicts[check_gradient(loss, np.zeros((4, 3)), gradient).verdict] += 1
        wrong = check_gradient(loss, np.zeros((4, 3)), gradient + rng.choice([-1, 1], (4, 3)))
        assert wrong.verdict == "wrong"
    assert verdicts["wrong"] <= 2, verdicts
