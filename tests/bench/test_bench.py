"""Contestants take turns, medians are compared; and each does the job that it says."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import pytest

from gradwright.bench import Contestant, Job, Result, measured, peers
from gradwright.bench.textbook_code import TextbookNet
from gradwright.nn import Network

jobs = importlib.import_module("gradwright.bench.contests")


@pytest.fixture
def small_sets() -> Any:
    rng = np.random.default_rng(0)
    x, t = rng.random((240, 784)).astype(np.float32), rng.integers(0, 10, 240)
    return x[:200], t[:200], x[200:], t[200:]


def test_they_take_turns_and_the_first_round_does_not_count() -> None:
    order: list[str] = []
    times = {"ours": iter([9.0, 1.0, 2.0, 5.0]), "theirs": iter([9.0, 4.0, 30.0, 8.0])}

    def contestant(name: str) -> Contestant:
        return Contestant(name, lambda: (order.append(name), next(times[name]))[1])

    ticks: list[None] = []
    result = measured(Job("a", [contestant("ours"), contestant("theirs")], ["absent"]), 3, lambda: ticks.append(None))
    assert order == ["ours", "theirs"] * 4
    assert len(ticks) == 8
    assert result == Result("a", {"ours": [1.0, 2.0, 5.0], "theirs": [4.0, 30.0, 8.0]}, ["absent"])
    assert result.medians == {"ours": 2.0, "theirs": 8.0}
    assert result.ratios == {"theirs": 4.0}


def test_the_textbook_code_is_right() -> None:
    sizes = [5, 4, 3]
    book, net = TextbookNet(sizes), Network.of_sizes(sizes, dtype="float64", rng=0)
    rng = np.random.default_rng(1)
    x, t = rng.normal(size=(6, 5)), np.eye(3)[rng.integers(0, 3, 6)]
    net.params = {
        name: array.copy()
        for i in range(2)
        for name, array in ((f"W{i + 1}", book.weights[i]), (f"b{i + 1}", book.biases[i]))
    }
    assert book.loss(x, t) == pytest.approx(net.loss(x, t), abs=1e-6)
    assert book.numerical_runs(x, t, 7) == 5 * 4 + 4 + 4 * 3 + 3
    assert np.array_equal(book.weights[0], net.params["W1"])
    gradient = net.gradient(x, t)
    book.step(x, t, 0.1)
    for i in range(2):
        np.testing.assert_allclose(book.weights[i], net.params[f"W{i + 1}"] - 0.1 * gradient[f"W{i + 1}"], rtol=1e-12)
    assert book.accuracy(x, t) in {i / 6 for i in range(7)}


def test_random_images_have_the_ink_of_real_ones() -> None:
    x, t, x_test, t_test = jobs.images_like_mnist()
    assert (x.shape, t.shape, x_test.shape, t_test.shape) == ((60_000, 784), (60_000,), (10_000, 784), (10_000,))
    assert 0.18 < np.count_nonzero(x[:1000]) / x[:1000].size < 0.2
    assert x.max() == 1.0


def test_every_job_runs(small_sets: Any, monkeypatch: pytest.MonkeyPatch, need_module: Any) -> None:
    for name in ("torch", "jax", "sklearn"):
        need_module(name)
    for name, value in (("_STEPS", 4), ("_EVERY", 2), ("_RUNS", 2), ("_REPEATS", 2), ("_WIDE_STEPS", 1)):
        monkeypatch.setattr(jobs, name, value)
    monkeypatch.setattr(jobs, "_WIDE", (784, 8, 10))
    monkeypatch.setattr(jobs, "_WIDE_SIZE", 50)
    monkeypatch.setattr(jobs, "_start", lambda: Job("start", [Contestant("gradwright", lambda: 1.0)]))
    found = [measured(job, 1) for job in jobs.jobs(small_sets)]
    assert [result.key for result in found] == ["numerical", "numerical-deep", "training", "wide", "start"]
    assert not any(result.missing for result in found)
    for result in found:
        assert next(iter(result.seconds)) == "gradwright"
        assert all(seconds > 0 for times in result.seconds.values() for seconds in times)


def test_who_is_not_installed_is_named(small_sets: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "installed", lambda module: False)
    assert jobs._training(small_sets).missing == ["torch", "jax", "sklearn"]
    assert jobs._wide(small_sets).missing == ["torch"]
    assert jobs._start().missing == ["numpy", "sklearn", "torch", "jax"]
