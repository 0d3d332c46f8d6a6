"""`check_vjp`: layers as learners write them, right and wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradwright.check import check_vjp
from gradwright.errors import ShapeError


class Layer:
    """A layer with a cache, and one mistake in its backward method."""

    def __init__(self, kind: str, mistake: str = "", seed: int = 0, dtype: str = "float64") -> None:
        rng = np.random.default_rng(seed)
        self.kind, self.mistake = kind, mistake
        self.x_like = rng.normal(size=(5, 4)).astype(dtype)
        self.W = rng.normal(size=(4, 4 if mistake == "transposed" else 3)).astype(dtype)
        self.total: Any = 0
        self.first: Any = None
        self.rng = rng

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x.copy()
        if self.kind == "affine":
            self.y = x @ self.W
        elif self.kind == "sigmoid":
            self.y = 1 / (1 + np.exp(-x))
        elif self.kind == "softmax":
            odds = np.exp(x - x.max(axis=1, keepdims=True))
            self.y = odds / odds.sum(axis=1, keepdims=True)
        else:
            self.y = (x**2).mean(axis=0)
        self.first = self.first or (self.x, self.y)
        return self.y

    def right(self, u: Any, x: Any, y: Any) -> Any:
        if self.kind == "affine":
            return u @ self.W.T
        if self.kind == "sigmoid":
            return u * y * (1 - y)
        if self.kind == "softmax":
            return y * (u - (u * y).sum(axis=1, keepdims=True))
        return 2 * x * u / len(x)

    def backward(self, u: np.ndarray) -> Any:
        right = self.right(u, self.x, self.y)
        if self.mistake == "accumulates":
            self.total = self.total + right
            return self.total
        if self.mistake == "mutates-input":
            u *= 2
        wrong = {
            "sign": lambda: -right,
            "factor": lambda: right * right.dtype.type(3.3),
            "upstream-ignored": lambda: self.right(np.ones_like(u), self.x, self.y),
            "stale-cache": lambda: self.right(u, *self.first),
            "stochastic": lambda: right * (1 + 0.1 * self.rng.normal(size=right.shape)).astype(right.dtype),
            "activation-derivative-missing": lambda: u.copy(),
            "activation-derivative-misplaced": lambda: u * self.x * (1 - self.x),
            "softmax-diagonal-only": lambda: u * self.y * (1 - self.y),
            "transposed": lambda: u @ self.W,
            "missing-batch-mean": lambda: 2 * self.x * u,
            "zero-block": lambda: right * (np.arange(right.shape[1]) != 1),
            "permuted": lambda: right[::-1],
        }
        return wrong[self.mistake]() if self.mistake in wrong else right


KINDS = ("affine", "sigmoid", "softmax", "mean")
MISTAKES = [
    *[(kind, code) for kind in KINDS for code in ("sign", "factor", "accumulates", "mutates-input", "stochastic")],
    *[(kind, "upstream-ignored") for kind in ("affine", "sigmoid", "mean")],
    *[(kind, "stale-cache") for kind in ("sigmoid", "softmax", "mean")],
    *[(kind, code) for kind in ("affine", "sigmoid") for code in ("zero-block", "permuted")],
    ("sigmoid", "activation-derivative-missing"),
    ("sigmoid", "activation-derivative-misplaced"),
    ("softmax", "softmax-diagonal-only"),
    ("affine", "transposed"),
    ("mean", "missing-batch-mean"),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("kind", KINDS)
def test_right_layers_pass(kind: str, dtype: str) -> None:
    for seed in range(5):
        layer = Layer(kind, seed=seed, dtype=dtype)
        report = check_vjp(layer.forward, layer.backward, layer.x_like, rng=seed)
        assert report.passed, str(report)
        assert report.causes == []


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("kind", "code"), MISTAKES)
def test_mistakes_are_named(kind: str, code: str, dtype: str) -> None:
    for seed in range(3):
        layer = Layer(kind, code, seed, dtype)
        x = layer.x_like.copy()
        report = check_vjp(layer.forward, layer.backward, x, rng=seed)
        assert report.verdict == "wrong"
        assert report.causes[0].code == code, str(report)
        assert report.causes[0].evidence
        np.testing.assert_array_equal(x, layer.x_like)


def test_an_upstream_that_is_remembered_is_found() -> None:
    first: list[Any] = []

    def backward(u: Any) -> Any:
        first.append(u)
        return 2.0 * first[0]

    report = check_vjp(lambda x: 2.0 * x, backward, np.array([1.0, 2.0]))
    assert [cause.code for cause in report.causes] == ["upstream-ignored"]


def test_numbers_and_trees() -> None:
    assert check_vjp(lambda x: x**3, lambda u: 12.0 * u, 2.0).passed
    x = {"a": np.array([1.0, 2.0]), "b": 0.5}
    forward = lambda p: (p["a"] * p["b"], p["b"] ** 2)  # noqa: E731
    backward = lambda u: {"a": u[0] * 0.5, "b": (u[0] * [1.0, 2.0]).sum() + u[1]}  # noqa: E731
    assert check_vjp(forward, backward, x).passed  # it may hold x itself
    seen: dict[str, Any] = {}

    def remember(p: Any) -> Any:
        seen.update(p)
        return forward(p)

    right = lambda u: {"a": u[0] * seen["b"], "b": (u[0] * seen["a"]).sum() + 2 * seen["b"] * u[1]}  # noqa: E731
    assert check_vjp(remember, right, x).passed


def test_other_libraries(xp: Any) -> None:
    x = xp([[0.3, -1.0], [2.0, 0.5], [1.5, 0.7], [-0.4, 1.1], [0.9, -0.2]])
    assert check_vjp(lambda x: x * x, lambda u: 2 * u * x, x).passed
    kept: list[Any] = []

    def forward(v: Any) -> Any:
        kept[:] = [v]
        return v * v

    assert check_vjp(forward, lambda u: 2 * u * kept[0], x).passed
    assert check_vjp(forward, lambda u: u * kept[0], x).causes[0].code == "factor"


def test_what_is_no_gradient_is_said() -> None:
    with pytest.raises(ShapeError, match="gradient"):
        check_vjp(lambda x: x.sum(axis=0), lambda u: u, np.ones((3, 2)))


@pytest.mark.parametrize(
    ("code", "backward"),
    [
        ("bias-axis", lambda u: u.sum(axis=1)[:3]),
        ("bias-axis", lambda u: u[0]),
        ("bias-axis", lambda u: np.full(3, u.sum())),
    ],
)
def test_a_bias_summed_over_the_wrong_axis(code: str, backward: Any) -> None:
    x = np.random.default_rng(0).normal(size=(5, 3))
    report = check_vjp(lambda b: x + b, backward, np.ones(3))
    assert report.causes[0].code == code, str(report)


def test_the_formula_of_another_activation() -> None:
    kept: list[Any] = []

    def forward(x: Any) -> Any:
        kept[:] = [x, np.tanh(x)]
        return kept[1]

    x = np.random.default_rng(0).normal(size=(4, 3))
    report = check_vjp(forward, lambda u: u * kept[1] * (1 - kept[1]), x)
    assert report.causes[0].code == "activation-derivative-misplaced"
    assert "u * y * (1 - y)" in report.causes[0].evidence


def test_tiny_probabilities_are_not_taken_for_equal() -> None:
    kept: list[Any] = []

    def forward(x: Any) -> Any:
        odds = np.exp(x - x.max())
        kept[:] = [odds / odds.sum()]
        return kept[0]

    report = check_vjp(forward, lambda u: kept[0] * (u - (u * kept[0]).sum()), np.array([[700.0, 0.0, 0.0]]))
    assert report.verdict != "wrong", str(report)
