"""Callbacks, the validation set, early stopping."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradwright.data import Dataset
from gradwright.errors import ArgumentError
from gradwright.nn import HalfSquaredError, Network
from gradwright.training import EarlyStopping, History, StepEvent, Trainer, train


@pytest.fixture
def data(rng: np.random.Generator) -> Dataset:
    """Three unequal classes, each sample known by its first feature; labels too noisy to be learned for long."""
    t = np.repeat([0, 1, 2], [40, 20, 12])
    x = np.column_stack([np.arange(72) / 36.0, rng.normal(size=(72, 3)) + t[:, None] / 2])
    return Dataset(x, t, x[::5] + 0.01, t[::5])


def net(seed: int = 0) -> Network:
    return Network.of_sizes([4, 20, 3], "relu", rng=seed)


# -- callbacks ---------------------------------------------------------------------------------------------------------


def test_callbacks_see_every_event(data: Dataset) -> None:
    seen: list[StepEvent] = []
    history = train(net(), data, epochs=3, batch_size=20, callbacks=[seen.append], rng=0)
    assert [event.step for event in seen] == list(range(1, 13))
    assert [event.loss for event in seen] == history.loss
    assert [event.record for event in seen if event.record] == history.records
    assert history.stopped == "steps"


@pytest.mark.parametrize("answer", [True, np.True_])
def test_one_that_returns_true_stops(data: Dataset, answer: Any) -> None:
    before: list[int] = []
    after: list[int] = []
    callbacks = [
        lambda event: before.append(event.step),
        lambda event: answer if event.step == 5 else None,
        lambda event: after.append(event.step),
    ]
    network = net()
    history = train(network, data, epochs=3, batch_size=20, callbacks=callbacks, rng=0)
    assert before == after == [1, 2, 3, 4, 5]
    assert (len(history.loss), history.stopped) == (5, "callback")
    five = net()
    train(five, data, steps=5, batch_size=20, rng=0)
    assert all(np.array_equal(network.params[name], five.params[name]) for name in five.params)


@pytest.mark.parametrize("answer", [None, False, 0, 1, "yes", [1], np.array([True]), object()])
def test_nothing_but_true_stops(data: Dataset, answer: Any) -> None:
    assert train(net(), data, steps=3, callbacks=[lambda event: answer], rng=0).stopped == "steps"


def test_a_callback_at_the_last_step_finds_the_run_over(data: Dataset) -> None:
    stopped = []
    trainer = Trainer(net(), data, steps=3, callbacks=[lambda event: stopped.append(trainer.history.stopped)], rng=0)
    list(trainer)
    assert stopped == ["", "", "steps"]


def test_a_callback_that_raises_leaves_whole_steps(data: Dataset) -> None:
    def fail(event: StepEvent) -> None:
        if event.step == 2:
            raise RuntimeError("mine")

    trainer = Trainer(net(), data, steps=4, callbacks=[fail], rng=0)
    with pytest.raises(RuntimeError, match="mine"):
        list(trainer)
    assert (trainer.step, len(trainer.history.loss)) == (2, 2)
    assert [event.step for event in trainer] == [3, 4]


# -- the validation set ------------------------------------------------------------------------------------------------


def split(data: Any, share: float, seed: int, network: Network | None = None) -> tuple[Any, Any]:
    """Return the sample numbers of both parts, read off the first feature."""
    trainer = Trainer(network or net(), data, validation=share, rng=seed)
    parts = [trainer._sets[name][0][:, 0] for name in ("train", "validation")]
    return tuple(np.rint(part * 36).astype(int) for part in parts)  # type: ignore[return-value]


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5])
def test_the_split_is_disjoint_whole_and_stratified(data: Dataset, share: float) -> None:
    kept, held = split(data, share, 0)
    assert sorted([*kept, *held]) == list(range(72))
    assert np.bincount(data.t_train[held], minlength=3).tolist() == [round(share * n) for n in (40, 20, 12)]


def test_the_split_is_by_the_seed(data: Dataset) -> None:
    assert np.array_equal(split(data, 0.25, 3)[1], split(data, 0.25, 3)[1])
    assert not np.array_equal(split(data, 0.25, 3)[1], split(data, 0.25, 4)[1])


def test_answers_stay_with_their_samples(data: Dataset) -> None:
    trainer = Trainer(net(), data, validation=0.25, rng=0)
    for part in ("train", "validation"):
        x, t = trainer._sets[part]
        assert np.array_equal(t, data.t_train[np.rint(x[:, 0] * 36).astype(int)])


def test_validation_scores_are_those_of_the_held_samples(data: Dataset) -> None:
    network = net()
    history = train(network, data, epochs=2, batch_size=20, validation=0.25, rng=1)
    kept, held = split(data, 0.25, 1)
    last = history.records[-1]
    assert last.validation_accuracy == network.accuracy(data.x_train[held], data.t_train[held])
    assert last.validation_loss == pytest.approx(network.loss(data.x_train[held], data.t_train[held]), rel=1e-6)
    assert last.train_accuracy == network.accuracy(data.x_train[kept], data.t_train[kept])
    assert last.test_accuracy == network.accuracy(data.x_test, data.t_test)
    assert history.validation_accuracy == [r.validation_accuracy for r in history.records]


def test_held_samples_are_not_trained_on(data: Dataset) -> None:
    held = split(data, 0.25, 1)[1]
    other = data.x_train.copy()
    other[held, 1:] += 1.0
    one, two = net(), net()
    train(one, data, epochs=2, batch_size=20, validation=0.25, rng=1)
    train(two, Dataset(other, data.t_train), epochs=2, batch_size=20, validation=0.25, rng=1)
    assert all(np.array_equal(one.params[name], two.params[name]) for name in one.params)


def test_values_of_a_regression_are_split_too(data: Dataset) -> None:
    network = Network.of_sizes([4, 3, 1], loss=HalfSquaredError(), rng=0)
    kept, held = split((data.x_train, data.x_train[:, :1]), 0.25, 0, network)
    assert (len(kept), len(held)) == (54, 18)
    assert sorted([*kept, *held]) == list(range(72))


@pytest.mark.parametrize("share", [-0.1, 0.95, 1, 2, "half", float("nan"), True])
def test_what_is_no_share(data: Dataset, share: Any) -> None:
    with pytest.raises(ArgumentError, match="`validation` must be"):
        Trainer(net(), data, validation=share)


def test_a_share_that_leaves_nothing(data: Dataset) -> None:
    with pytest.raises(ArgumentError, match=r"`validation` of 0\.01 leaves no sample for validation out of 72"):
        Trainer(net(), data, validation=0.01)


# -- early stopping ----------------------------------------------------------------------------------------------------


def run(data: Dataset, rule: Any, seed: int = 0, **options: Any) -> tuple[Network, History]:
    network = net()
    settings: dict[str, Any] = {"learning_rate": 0.5, "epochs": 200, "batch_size": 10, "validation": 0.25, **options}
    return network, train(network, data, early_stopping=rule, rng=seed, **settings)


@pytest.mark.parametrize("patience", [1, 3, 6])
def test_it_stops_after_its_patience(data: Dataset, patience: int) -> None:
    _, history = run(data, patience)
    losses = [record.validation_loss for record in history.records]
    best = losses.index(min(losses))  # type: ignore[type-var]
    assert history.stopped == "early-stopping"
    assert len(losses) == best + 1 + patience
    for number in range(1, len(losses)):  # at no evaluation before had it been borne for so long
        earlier = losses[:number]
        assert number - 1 - earlier.index(min(earlier)) < patience  # type: ignore[type-var]


def test_it_restores_the_best_parameters(data: Dataset) -> None:
    network, history = run(data, 4)
    held = split(data, 0.25, 0)[1]
    losses = [record.validation_loss for record in history.records]
    best = history.records[losses.index(min(losses))]  # type: ignore[type-var]
    x, t = data.x_train[held], data.t_train[held]
    assert network.loss(x, t) == pytest.approx(min(losses), rel=1e-6)  # type: ignore[type-var]
    again, _ = run(data, None, epochs=None, steps=best.step)
    assert all(np.array_equal(network.params[name], again.params[name]) for name in again.params)


def test_or_leaves_the_last(data: Dataset) -> None:
    network, history = run(data, EarlyStopping(4, restore_best=False))
    again, _ = run(data, None, epochs=None, steps=history.steps[-1])
    assert all(np.array_equal(network.params[name], again.params[name]) for name in again.params)
    restored, other = run(data, 4)
    assert other.steps == history.steps
    assert not np.array_equal(restored.params["W1"], network.params["W1"])


def test_the_best_comes_back_also_where_the_steps_run_out(data: Dataset) -> None:
    network, history = run(data, 1000, epochs=30)
    losses = [record.validation_loss for record in history.records]
    assert history.stopped == "steps"
    assert losses.index(min(losses)) < 29  # type: ignore[type-var]
    held = split(data, 0.25, 0)[1]
    expected = pytest.approx(min(losses), rel=1e-6)  # type: ignore[type-var]
    assert network.loss(data.x_train[held], data.t_train[held]) == expected


def test_an_equal_loss_is_no_improvement(data: Dataset) -> None:
    history = run(data, 3, learning_rate=1e-30)[1]
    assert len({record.validation_loss for record in history.records}) == 1
    assert len(history.records) == 4


def test_it_needs_a_validation_set(data: Dataset) -> None:
    for rule in (5, EarlyStopping()):
        with pytest.raises(ArgumentError, match=r"`early_stopping` needs samples .*: give `validation`"):
            Trainer(net(), data, early_stopping=rule)


@pytest.mark.parametrize("patience", [0, -1, 1.5, "long", True])
def test_what_is_no_patience(data: Dataset, patience: Any) -> None:
    with pytest.raises(ArgumentError, match="`patience` must be a positive whole number"):
        Trainer(net(), data, validation=0.1, early_stopping=patience)
