"""Finding a learning rate: it is found again, it does well, and it never diverges."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn import datasets

import gradwright as gw
from gradwright.data import Dataset, Scaling
from gradwright.errors import ArgumentError, NonFiniteLossError
from gradwright.training import Trainer, Trial, find_learning_rate
from gradwright.training.rate_search import _candidates, _chosen

GRID = [10.0 ** (half / 2) for half in range(-8, 4)]


def table(name: str) -> Dataset:
    """A data set of scikit-learn, a third of it to test on, scaled by the rest."""
    found = getattr(datasets, f"load_{name}")()
    order = np.random.default_rng(0).permutation(len(found.data))
    held, kept = order[::3], np.setdiff1d(order, order[::3])
    scaling = Scaling.standard(found.data[kept])
    t = found.target
    if name == "diabetes":
        t = Scaling.standard(t[kept, None]).apply(t[:, None])
    return Dataset(scaling.apply(found.data[kept]), t[kept], scaling.apply(found.data[held]), t[held], name=name)


def network(data: Dataset) -> gw.Network:
    loss = gw.SoftmaxCrossEntropy() if data.classes else gw.HalfSquaredError()
    return gw.Network.of_sizes([data.n_features, 20, data.n_classes], loss=loss, rng=0)


def outcome(data: Dataset, optimizer: str, rate: float, steps: int) -> float:
    """The accuracy on the test samples, or the share of the spread that is explained."""
    try:
        history = gw.train(
            network(data), data, optimizer=optimizer, learning_rate=rate, steps=steps, batch_size=20, rng=0,
            evaluate_every=steps,
        )  # fmt: skip
    except NonFiniteLossError:
        return -np.inf
    last: Any = history.records[-1]
    return last.test_accuracy if data.classes else 1 - 2 * last.test_loss / float(np.var(data.t_test))


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
@pytest.mark.parametrize("name", ["digits", "iris", "wine", "breast_cancer", "diabetes"])
def test_it_does_as_well_as_the_best_of_a_grid(name: str, optimizer: str) -> None:
    data = gw.data.digits() if name == "digits" else table(name)
    steps = 400
    found = find_learning_rate(network(data), data, gw.descent.optimizer(optimizer), batch_size=20, steps=steps)
    best = max(outcome(data, optimizer, rate, steps) for rate in GRID)
    # One per cent, and of the smaller sets, of which 50 to 190 samples judge here, two of these.
    assert outcome(data, optimizer, found.rate, steps) >= best - max(0.01, 2 / len(data.x_test))


def test_another_seed_finds_a_rate_near_it() -> None:
    data = gw.data.digits()
    net, rule = network(data), gw.SGD(0.1)
    rates = [find_learning_rate(net, data, rule, batch_size=20, steps=300, seed=seed).rate for seed in range(4)]
    assert max(rates) <= 3.5 * min(rates)


def test_the_same_seed_finds_the_same_and_the_network_stays() -> None:
    data = gw.data.digits()
    net = network(data)
    before = {name: array.copy() for name, array in net.params.items()}
    found = [find_learning_rate(net, data, gw.Adam(0.001), batch_size=20, steps=100) for _ in range(2)]
    assert found[0] == found[1]
    assert found[0].trials[0].rate > found[0].trials[-1].rate
    for name, array in net.params.items():
        np.testing.assert_array_equal(array, before[name])


def test_auto() -> None:
    data = gw.data.digits()
    trainer = Trainer(network(data), data, optimizer="momentum", learning_rate="auto", steps=300, batch_size=20, rng=0)
    assert trainer.rate_search is not None
    assert trainer.learning_rate == trainer.rate_search.rate
    trainer.run()
    assert trainer.history.records[-1].test_accuracy > 0.9
    other = Trainer(
        network(data), data, optimizer="momentum", learning_rate=trainer.learning_rate, steps=300, batch_size=20, rng=0
    )
    assert other.run().loss == trainer.history.loss
    assert other.rate_search is None


def test_auto_of_values_and_of_a_reason() -> None:
    data = table("diabetes")
    trainer = Trainer(network(data), data, learning_rate="auto", steps=100, batch_size=20, rng=0)
    search = trainer.rate_search
    assert search is not None
    for lang in ("en", "ko"):
        assert f"{search.rate:g}" in search.reason(lang)
    assert search.to_dict()["trials"][0].keys() == {"rate", "loss", "accuracy"}
    assert gw.plot.learning_rates(search).axes


@pytest.mark.parametrize("count", [2, 3, 4])
def test_of_a_handful_of_samples(count: int) -> None:
    x, t = np.eye(4, dtype=np.float32)[:count], np.arange(count) % 2
    found = find_learning_rate(gw.Network.of_sizes([4, 2], rng=0), (x, t), gw.SGD(0.1), batch_size=2, steps=20)
    assert found.rate > 0


def test_another_word() -> None:
    data = gw.data.digits()
    with pytest.raises(ArgumentError, match="learning_rate"):
        Trainer(network(data), data, learning_rate="automatic", steps=10)


def test_where_every_rate_diverges() -> None:
    x = np.full((40, 1), 1e30, np.float32)
    data = Dataset(x, np.arange(40.0)[:, None] * 1e30)
    with pytest.raises(ArgumentError, match="every learning rate"):
        find_learning_rate(network(data), data, gw.SGD(0.1), batch_size=20, steps=50)


def test_candidates_are_round_and_the_same_for_edges_close_by() -> None:
    assert _candidates(0.8) == [3.0, 1.0, 0.3, 0.1, 0.03, 0.01, 0.003]
    assert _candidates(1.2) == _candidates(0.8)


def test_the_middle_of_what_does_as_well_as_the_best() -> None:
    trials = [Trial(rate, loss, accuracy) for rate, loss, accuracy in [
        (3.0, np.inf, 0.0), (1.0, 0.11, 0.97), (0.3, 0.10, 0.97), (0.1, 0.115, 0.97), (0.03, 0.3, 0.93),
    ]]  # fmt: skip
    assert _chosen(trials) == 0.3
    assert _chosen([Trial(1.0, 0.5, None), Trial(0.1, 0.4, None), Trial(0.01, 0.43, None)]) == 0.1
