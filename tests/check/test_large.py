"""Gradients of thousands of entries: along directions, and one wrong entry by halving."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from gradwright.check import check_gradient
from tests.check import learners


def network(seed: int, sizes: tuple[int, ...], n: int = 20, dtype: str = "float64") -> tuple[learners.Draw, Any]:
    rng = np.random.default_rng(seed)
    params = {}
    for k, (a, b) in enumerate(itertools.pairwise(sizes), start=1):
        params[f"W{k}"] = (1.3 * rng.normal(size=(a, b)) / np.sqrt(a)).astype(dtype)
        params[f"b{k}"] = (0.1 * rng.normal(size=b)).astype(dtype)
    activation = ("tanh", "relu", "sigmoid")[seed % 3]
    d = learners.Draw(
        params, rng.normal(size=(n, sizes[0])).astype(dtype), rng.integers(0, sizes[-1], n), activation, 3
    )
    return d, lambda p: learners.loss(p, d.x, d.t, activation)


def one_wrong(d: learners.Draw, seed: int) -> tuple[dict[str, Any], str, tuple[int, ...]]:
    """Return a gradient with one wrong entry, of any size, and which."""
    rng = np.random.default_rng(seed)
    grads = learners.backward(d.params, d.x, d.t, d.activation)
    names = list(grads)
    sizes = np.array([grads[name].size for name in names])
    while True:
        name = str(rng.choice(names, p=sizes / sizes.sum()))
        index = tuple(int(rng.integers(n)) for n in grads[name].shape)
        if grads[name][index] != 0:
            break
    grads[name][index] *= rng.choice([1.01, 2.0, -1.0, 0.5])
    return grads, name, index


def test_one_wrong_entry_among_thousands_is_found_exactly() -> None:
    for seed in range(60):
        d, loss = network(seed, (60, 80, 30, 10))
        grads, name, index = one_wrong(d, seed)
        report = check_gradient(loss, d.params, grads, rng=seed)
        assert [(m.path, m.index) for m in report.mismatches] == [(name, index)], (seed, str(report))
        assert report.causes[0].code == "single-entry"
        assert report.evaluations <= 300
        assert (report.checked, report.seed) == (report.total, seed)
        assert f"seed {seed}" in str(report)


@pytest.mark.slow
def test_one_wrong_entry_among_a_million_is_found_exactly() -> None:
    found = 0
    for seed in range(25):
        d, loss = network(seed, (784, 1200, 60, 10), n=8)
        assert sum(array.size for array in d.params.values()) > 1e6
        grads, name, index = one_wrong(d, seed)
        report = check_gradient(loss, d.params, grads, rng=seed)
        found += [(m.path, m.index) for m in report.mismatches] == [(name, index)]
        assert report.evaluations <= 300
    assert found == 25


def test_right_ones_pass() -> None:
    for seed in range(60):
        for dtype in ("float64", "float32"):
            d, loss = network(seed, (60, 80, 30, 10), dtype=dtype)
            report = check_gradient(loss, d.params, learners.backward(d.params, d.x, d.t, d.activation), rng=seed)
            assert report.passed, (seed, str(report))
            assert report.evaluations <= 300


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("sign", lambda g, p: -g),
        ("missing-batch-mean", lambda g, p: 20 * g),
        ("factor", lambda g, p: 1.7 * g),
        ("weight-decay", lambda g, p: g + 0.01 * p),
        ("unknown", lambda g, p: g + 1e-3 * np.random.default_rng(99).normal(size=g.shape)),
    ],
)
def test_mistakes_everywhere_are_named(code: str, change: Any) -> None:
    for seed in range(6):
        d, loss = network(seed, (60, 80, 30, 10))
        grads = learners.backward(d.params, d.x, d.t, d.activation)
        wrong = {name: change(grad, d.params[name]) for name, grad in grads.items()}
        report = check_gradient(loss, d.params, wrong, rng=seed)
        assert report.verdict == "wrong"
        assert report.causes[0].code == code, str(report)
        assert report.evaluations <= 300


def test_a_bias_is_covered_beside_a_large_weight() -> None:
    for seed in range(20):
        d, loss = network(seed, (100, 200, 5, 10))
        grads = learners.backward(d.params, d.x, d.t, d.activation)
        grads["b3"][seed % 10] *= 1.01
        report = check_gradient(loss, d.params, grads, rng=seed)
        assert [(m.path, m.index) for m in report.mismatches] == [("b3", (seed % 10,))]


def test_two_wrong_entries_that_cancel_are_found() -> None:
    d, loss = network(1, (60, 80, 30, 10))
    grads = learners.backward(d.params, d.x, d.t, d.activation)
    grads["W1"][3, 4] += 0.01
    grads["W1"][30, 40] -= 0.01
    report = check_gradient(loss, d.params, grads)
    assert report.verdict == "wrong"
    assert {(m.path, m.index) for m in report.mismatches} == {("W1", (3, 4)), ("W1", (30, 40))}
