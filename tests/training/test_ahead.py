"""Batches gathered ahead of their steps."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import numpy as np
import pytest

from gradwright.nn import Network
from gradwright.training import Trainer, ahead
from gradwright.training.ahead import Ahead
from gradwright.training.batches import Batches

X = np.random.default_rng(0).normal(size=(103, 5))


class Later:
    """Gathers when it is told to."""

    def __init__(self, *, at_once: bool) -> None:
        self.at_once, self.waiting = at_once, []  # type: ignore[var-annotated]

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append(lambda: future.set_result(function(*arguments)))
        if self.at_once:
            self.work()
        return future

    def work(self) -> None:
        while self.waiting:
            self.waiting.pop()()


def batches(size: int = 10) -> Batches:
    return Batches(len(X), size, "permutation", np.random.default_rng(1))


@pytest.fixture(autouse=True)
def together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "_TOGETHER", 4 * 10 * 5 * 8)


def test_it_has_the_rows_of_each_batch_and_draws_none() -> None:
    drawn, plain = batches(), batches()
    there = Ahead(X, drawn, Later(at_once=True))  # type: ignore[arg-type]
    missed = []
    for step in range(50):  # four epochs and more, the last batch of each smaller
        numbers = drawn.next()
        rows = there.rows(numbers)
        np.testing.assert_array_equal(numbers, plain.next())
        assert drawn.state()["rng"] == plain.state()["rng"]
        if rows is None:
            missed.append(step)
        else:
            np.testing.assert_array_equal(rows, X[numbers])
    assert missed == [0, 11, 22, 33, 44]  # the first of an epoch is drawn with it


def test_one_that_is_late_is_not_waited_for() -> None:
    drawn, thread = batches(), Later(at_once=False)
    there, found = Ahead(X, drawn, thread), []  # type: ignore[arg-type]
    for step in range(33):
        numbers = drawn.next()
        rows = there.rows(numbers)
        if rows is not None:
            found.append(step)
            np.testing.assert_array_equal(rows, X[numbers])
        if step % 3 == 2:
            thread.work()
    assert found


def test_a_batch_that_was_put_back_comes_again() -> None:
    drawn = batches()
    there = Ahead(X, drawn, Later(at_once=True))  # type: ignore[arg-type]
    for step in range(30):
        numbers = drawn.next()
        rows = there.rows(numbers)
        assert rows is None or np.array_equal(rows, X[numbers])
        if step % 4 == 3:
            drawn.put_back()


@pytest.mark.parametrize("sampling", ["permutation", "replacement"])
def test_a_run_has_the_same_bits(monkeypatch: pytest.MonkeyPatch, sampling: str) -> None:
    rng = np.random.default_rng(0)
    data = rng.random((400, 30)), rng.integers(0, 3, 400)

    def run() -> Any:
        net = Network.of_sizes([30, 8, 3], rng=0)
        trainer = Trainer(net, data, steps=100, batch_size=7, evaluate_every=30, sampling=sampling, rng=0)
        history = trainer.run()
        return history.loss, {name: array.tobytes() for name, array in net.params.items()}

    plain, asked = run(), []
    original = Ahead.rows
    monkeypatch.setattr(ahead.Ahead, "pays", lambda x, batches: True)
    monkeypatch.setattr(ahead.Ahead, "rows", lambda self, numbers: asked.append(0) or original(self, numbers))
    assert run() == plain
    assert len(asked) == 100


def test_it_pays_for_large_sets_alone() -> None:
    small = np.zeros((2000, 784), np.float32)
    assert not Ahead.pays(small, Batches(2000, 100, "permutation", np.random.default_rng(0)))
