"""Real data: the embedded digits in seconds, MNIST as the course trains on it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from gradwright.data import digits, mnist
from gradwright.descent import SGD
from gradwright.nn import TwoLayerNet
from gradwright.training import evaluate, train


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_digits(seed: int) -> None:
    data = digits()
    network = TwoLayerNet(64, 50, 10, init="auto", rng=seed)
    history = train(network, data, optimizer="momentum", learning_rate=0.1, epochs=30, batch_size=20, rng=seed)
    assert history.test_accuracy[-1] is not None
    assert history.test_accuracy[-1] >= 0.95
    result = evaluate(network, data.x_test, data.t_test, data.classes)
    assert result.accuracy == history.test_accuracy[-1]
    assert result.recall.min() > 0.8


@pytest.mark.slow
def test_mnist_as_in_the_course(mnist_folder: Path, record_property: pytest.RecordProperty) -> None:
    """Row T1: 784-50-10, init 0.01, batches of 100 drawn with replacement, rate 0.1, 10,000 steps."""
    data = mnist(mnist_folder)
    network = TwoLayerNet(784, 50, 10, init=0.01, rng=0)
    start = time.perf_counter()
    history = train(
        network,
        data,
        optimizer=SGD(0.1),
        steps=10_000,
        batch_size=100,
        sampling="replacement",
        evaluate_every=600,
        rng=0,
    )
    record_property("seconds", time.perf_counter() - start)
    assert history.steps == [*range(600, 10_000, 600), 10_000]
    last = history.records[-1]
    assert last.train_accuracy == pytest.approx(0.949, abs=0.005)
    assert last.test_accuracy == pytest.approx(0.947, abs=0.005)
    assert last.test_accuracy >= 0.94
    assert history.overfits_from() is None
