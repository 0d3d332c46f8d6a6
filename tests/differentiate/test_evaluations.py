"""The count of evaluations is the truth in every mode; vectorized calls give the same bits in fewer calls."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gradwright.differentiate import derivative, directional, gradient, hessian, jacobian, tangent


class Counter:
    """Count the points at which a function is asked for its value, and the calls."""

    def __init__(self, f, per_call=lambda x: 1) -> None:
        self.f, self.per_call, self.points, self.calls = f, per_call, 0, 0

    def __call__(self, x):
        self.points += self.per_call(x)
        self.calls += 1
        return self.f(x)


X = np.array([0.5, -1.0, 2.0])
OPTIONS = [
    {},
    {"method": "central", "step": 1e-4},
    {"method": "forward", "step": 1e-4},
    {"method": "backward"},
    {"method": "complex"},
    {"bounds": (X, None)},
    {"bounds": (X - 1e-7, X + 1e-7)},
    {"rtol": 1e-3},
]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_the_count_of_one_call_a_point(options: dict) -> None:
    for door in (gradient, jacobian):
        f = Counter(lambda p: np.sum(np.exp(p) * p))
        assert door(f, X, **options).evaluations == f.points
    one = {k: tuple(None if b is None else b[0] for b in v) if k == "bounds" else v for k, v in options.items()}
    for door in (derivative, tangent):
        f = Counter(lambda t: np.exp(t) * t)
        assert door(f, 0.5, **one).evaluations == f.points


@pytest.mark.parametrize("options", [o for o in OPTIONS if o.get("method") != "complex"], ids=str)
def test_the_count_of_other_doors(options: dict) -> None:
    f = Counter(lambda p: np.sum(np.exp(p) * p[0]))
    assert hessian(f, X, **options).evaluations == f.points
    f = Counter(lambda p: np.sum(np.exp(p) * p[0]))
    assert directional(f, X, [1.0, 2.0, 0.5], **options).evaluations == f.points


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_the_count_for_an_array_of_points(options: dict) -> None:
    f = Counter(lambda t: np.exp(t) * t, np.size)
    assert derivative(f, X, **options).evaluations == f.points
    assert f.calls < f.points
    if options.get("method") != "complex":
        f = Counter(lambda t: math.exp(t) * t, np.size)
        assert derivative(f, X, **options).evaluations == f.points


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_the_count_for_stacked_points(options: dict) -> None:
    f = Counter(lambda p: np.sum(np.exp(p) * p, axis=-1), len)
    assert gradient(f, X, vectorized=True, **options).evaluations == f.points
    assert f.calls < f.points


def test_the_count_at_kinks_jumps_and_noise() -> None:
    rng = np.random.default_rng(1)
    for inner in (abs, np.floor, np.cbrt, lambda t: math.sin(t) + 1e-6 * rng.standard_normal()):
        f = Counter(inner)
        assert derivative(f, 0.0).evaluations == f.points <= 220


def test_smooth_functions_take_few() -> None:
    assert derivative(math.exp, 0.7).evaluations == 7
    assert derivative(lambda t: 0.01 * t**2 + 0.1 * t, 5.0).evaluations == 7
    assert derivative(lambda t: t**3, 5.0, method="central", step=1e-4).evaluations == 5
    assert derivative(lambda t: t**3, 5.0, method="forward", step=1e-4).evaluations == 3
    assert gradient(lambda p: np.sum(p * p), np.ones(50)).evaluations == 1 + 6 * 50


def poly(p):
    return p[..., 0] ** 2 * p[..., 1] + p[..., 2] ** 3 - p[..., 0] * p[..., 2]


def waves(p):
    return np.sin(p[..., 0]) * np.exp(p[..., 1]) + np.tanh(p[..., 2])


def rows(p):
    return np.stack([poly(p), waves(p), p[..., 1]], axis=-1)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_vectorized_gives_the_same_bits(options: dict) -> None:
    for f, door in ((poly, gradient), (waves, gradient), (rows, jacobian), (poly, jacobian)):
        single, stacked = Counter(f), Counter(f, len)
        one, many = door(single, X, **options), door(stacked, X, vectorized=True, **options)
        for name in ("value", "error", "left", "right", "step"):
            np.testing.assert_array_equal(getattr(one, name), getattr(many, name))
        assert one.status.tolist() == many.status.tolist()
        assert one.evaluations == many.evaluations
        assert stacked.calls <= 1 + len(range(0, single.calls, 3))


def test_vectorized_with_trees_and_shapes() -> None:
    x = {"W": np.arange(6.0).reshape(2, 3), "b": 0.5}

    def f(p):
        assert p["W"].shape[1:] == (2, 3)
        assert p["b"].shape == p["W"].shape[:1]
        return np.sum(p["W"] ** 2, axis=(1, 2)) * p["b"]

    g = gradient(f, x, vectorized=True)
    np.testing.assert_allclose(g.value["W"], x["W"], atol=1e-9)
    assert float(g.value["b"]) == pytest.approx(55)
    H = hessian(f, x, vectorized=True)
    np.testing.assert_allclose(H.value["W"]["b"], 2 * x["W"], atol=1e-5)
    assert derivative(np.sin, 1.0, vectorized=True).value == pytest.approx(math.cos(1))
    assert tangent(np.sin, 1.0, vectorized=True).slope == pytest.approx(math.cos(1))
    assert directional(poly, X, [1.0, 0.0, 0.0], vectorized=True).value == pytest.approx(2 * 0.5 * -1 - 2)


def test_many_variables_in_one_call() -> None:
    f = Counter(lambda p: np.sum(p * p, axis=-1), len)
    x = np.linspace(1, 2, 300)
    g = gradient(f, x, vectorized=True)
    np.testing.assert_allclose(g.value, 2 * x, rtol=1e-9)
    assert f.calls <= 4
