"""The loop: one step by hand, whole runs against a plain loop, what it records, what the seed fixes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gradwright.descent import SGD, Momentum, cosine, step_decay, warmup
from gradwright.nn import Affine, HalfSquaredError, Network
from gradwright.training import History, StepEvent, Trainer, train
from gradwright.training.batches import Batches


@pytest.fixture
def blobs(rng: np.random.Generator) -> tuple[Any, ...]:
    """Three classes in the plane: 45 samples to train on, 15 to test on."""
    t = np.repeat(np.arange(3), 20)
    x = np.array([[2.0, 0.0], [-1.0, 1.7], [-1.0, -1.7]])[t] + 0.8 * rng.normal(size=(60, 2))
    order = rng.permutation(60)
    return x[order[:45]], t[order[:45]], x[order[45:]], t[order[45:]]


def net(dtype: str = "float32", seed: int = 0) -> Network:
    return Network.of_sizes([2, 5, 3], "tanh", rng=seed, dtype=dtype)


def bits(network: Network) -> dict[str, bytes]:
    return {name: np.asarray(array).tobytes() for name, array in network.params.items()}


def timeless(history: History) -> dict[str, Any]:
    records = [replace(record, seconds=0.0) for record in history.records]
    return replace(history, records=records).to_dict()


# -- the steps ---------------------------------------------------------------------------------------------------------


def test_one_step_by_hand() -> None:
    """y = 2 x + 1 on x = (1, 3) with t = (5, 6): errors (-2, 1), loss 5/4, dw = 1/2, db = -1/2."""
    network = Network([Affine(1, 1)], HalfSquaredError(), rng=0, dtype="float64")
    network.params = {"W1": np.array([[2.0]]), "b1": np.array([1.0])}
    history = train(network, ([[1.0], [3.0]], [[5.0], [6.0]]), learning_rate=0.1, steps=1, batch_size="full")
    assert history.loss == [1.25]
    assert network.params["W1"].item() == 2.0 - 0.1 * 0.5
    assert network.params["b1"].item() == 1.0 + 0.1 * 0.5
    record = history.records[0]
    assert (record.step, record.epoch, record.loss) == (1, 1.0, 1.25)
    assert record.train_loss == pytest.approx(((1.95 + 1.05 - 5) ** 2 + (5.85 + 1.05 - 6) ** 2) / 4)


def softmax_rows(a: Any) -> Any:
    e = np.exp(a - a.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def assert_close(network: Network, other: Network) -> None:
    for name, array in other.params.items():
        np.testing.assert_allclose(network.params[name], array, rtol=1e-12, atol=1e-14, err_msg=name)


@pytest.mark.parametrize("size", ["full", 45, 1000])
def test_full_batches_are_the_textbook_loop(blobs: tuple[Any, ...], size: Any) -> None:
    x, t = blobs[0].astype(np.float32).astype(np.float64), blobs[1]
    network = net("float64")
    w1, b1, w2, b2 = (network.params[name].copy() for name in ("W1", "b1", "W2", "b2"))
    history = train(network, (x, t), learning_rate=0.2, steps=30, batch_size=size, rng=0)
    losses = []
    for _ in range(30):
        z = np.tanh(x @ w1 + b1)
        y = softmax_rows(z @ w2 + b2)
        losses.append(-np.log(y[np.arange(45), t]).mean())
        dy = (y - np.eye(3)[t]) / 45
        dz = (dy @ w2.T) * (1 - z * z)
        w1, b1, w2, b2 = (
            w - 0.2 * g for w, g in zip((w1, b1, w2, b2), (x.T @ dz, dz.sum(axis=0), z.T @ dy, dy.sum(axis=0)))
        )
    for name, expected in zip(("W1", "b1", "W2", "b2"), (w1, b1, w2, b2)):
        np.testing.assert_allclose(network.params[name], expected, rtol=1e-12, atol=1e-14, err_msg=name)
    np.testing.assert_allclose(history.loss, losses, rtol=1e-13)


@pytest.mark.parametrize("sampling", ["permutation", "replacement"])
@pytest.mark.parametrize("size", [1, 7, 44])
def test_mini_batches_step_on_the_batches_drawn(blobs: tuple[Any, ...], sampling: str, size: int) -> None:
    network, plain = net("float64"), net("float64")
    history = train(network, blobs, learning_rate=0.1, steps=20, batch_size=size, sampling=sampling, rng=5)
    batches = Batches(45, size, sampling, np.random.default_rng([5, 1]))
    losses = []
    for _ in range(20):
        numbers = batches.next()
        x, t = blobs[0][numbers].astype(np.float32), blobs[1][numbers]
        losses.append(plain.loss(x, t))  # of the batch, before the step
        gradient = plain.gradient(x, t)
        plain.params = {name: array - 0.1 * gradient[name] for name, array in plain.params.items()}
    assert_close(network, plain)
    np.testing.assert_allclose(history.loss, losses, rtol=1e-12)


def test_the_batch_really_steers(blobs: tuple[Any, ...]) -> None:
    """What the tests above compare would differ if another sample were in the batch."""
    first, second = net(), net()
    other = blobs[0].copy()
    other[Batches(45, 7, "permutation", np.random.default_rng([5, 1])).next()[0]] += 1e-3
    train(first, blobs[:2], steps=1, batch_size=7, rng=5)
    train(second, (other, blobs[1]), steps=1, batch_size=7, rng=5)
    assert bits(first) != bits(second)


def test_train_is_the_trainer_run_to_its_end(blobs: tuple[Any, ...]) -> None:
    one, other = net(), net()
    history = train(one, blobs, optimizer="adam", epochs=3, batch_size=8, rng=1)
    trainer = Trainer(other, blobs, optimizer="adam", epochs=3, batch_size=8, rng=1)
    events = list(trainer)
    assert bits(one) == bits(other)
    assert timeless(history) == timeless(trainer.history)
    assert [event.step for event in events] == list(range(1, 19))
    assert {event.steps for event in events} == {18}
    assert [event.loss for event in events] == history.loss
    assert [event.record for event in events if event.record] == trainer.history.records
    assert [event.epoch for event in events] == [k / 6 for k in range(1, 19)]
    assert next(trainer, None) is None  # over, and stays so
    assert trainer.history.stopped == "steps"


def test_steps_run_on_one_blas_thread_and_callbacks_on_all(blobs: tuple[Any, ...], need_module: Any) -> None:
    info = need_module("threadpoolctl").threadpool_info

    def threads() -> list[int]:
        return [library["num_threads"] for library in info() if library["user_api"] == "blas"]

    class Watched(Network):
        def forward(self, params: Any, x: Any) -> Any:
            inside.append(set(threads()))
            return super().forward(params, x)

    inside: list[set[int]] = []
    before, outside = threads(), []
    network = Watched([Affine(2, 3)], rng=0)
    train(network, blobs, steps=2, rng=0, callbacks=[lambda event: outside.append(threads())])
    assert inside
    assert all(numbers <= {1} for numbers in inside)
    assert outside == [before] * 2
    assert threads() == before


def test_nothing_of_the_callers_data_changes(blobs: tuple[Any, ...]) -> None:
    frozen = [array.astype(np.float32) if array.dtype.kind == "f" else array.copy() for array in blobs]
    for array in frozen:
        array.flags.writeable = False
    train(net(), frozen, epochs=2, batch_size=8, validation=0.2, rng=0)
    np.testing.assert_array_equal(frozen[0], blobs[0].astype(np.float32))


# -- how long, and what is recorded ------------------------------------------------------------------------------------


def test_an_evaluation_an_epoch(blobs: tuple[Any, ...]) -> None:
    history = train(net(), blobs, epochs=4, batch_size=10, rng=0)  # 45 samples: 5 batches
    assert history.steps == [5, 10, 15, 20]
    assert history.epochs == [1.0, 2.0, 3.0, 4.0]
    assert len(history.loss) == 20
    for record, start in zip(history.records, (0, 5, 10, 15)):
        assert record.loss == pytest.approx(np.mean(history.loss[start : start + 5]))
    seconds = [record.seconds for record in history.records]
    assert seconds == sorted(seconds)
    assert seconds[0] > 0


def test_an_epoch_of_draws_is_the_courses(blobs: tuple[Any, ...]) -> None:
    history = train(net(), blobs, epochs=2, batch_size=10, sampling="replacement", rng=0)  # 45 // 10 = 4
    assert history.steps == [4, 8]


@pytest.mark.parametrize(
    ("steps", "every", "expected"),
    [(10, 3, [3, 6, 9, 10]), (9, 3, [3, 6, 9]), (2, 5, [2]), (3, 1, [1, 2, 3])],
)
def test_evaluations_every_few_steps_and_at_the_end(
    blobs: tuple[Any, ...], steps: int, every: int, expected: list[int]
) -> None:
    history = train(net(), blobs, steps=steps, evaluate_every=every, batch_size=10, rng=0)
    assert history.steps == expected
    assert len(history.loss) == steps


def test_twenty_epochs_where_nothing_is_said(blobs: tuple[Any, ...]) -> None:
    trainer = Trainer(net(), blobs, rng=0)
    assert (trainer.steps, trainer.learning_rate) == (20, 0.1)  # one batch of 100 holds all 45


def test_scores_are_those_of_the_network(blobs: tuple[Any, ...]) -> None:
    network = net()
    for event in Trainer(network, blobs, epochs=3, batch_size=10, rng=0):
        if event.record is not None:
            assert event.record.train_accuracy == network.accuracy(*blobs[:2])
            assert event.record.test_accuracy == network.accuracy(*blobs[2:])
            assert event.record.train_loss == pytest.approx(network.loss(*blobs[:2]), rel=1e-6)
            assert event.record.test_loss == pytest.approx(network.loss(*blobs[2:]), rel=1e-6)
            assert event.record.validation_loss is None
            assert event.record.validation_accuracy is None


def test_without_a_test_part(blobs: tuple[Any, ...]) -> None:
    record = train(net(), blobs[:2], steps=3, rng=0).records[-1]
    assert record.test_loss is None
    assert record.test_accuracy is None
    assert record.train_accuracy is not None


# -- rates -------------------------------------------------------------------------------------------------------------


def test_the_rate_can_be_set_on_the_way(blobs: tuple[Any, ...]) -> None:
    network, plain = net("float64"), net("float64")
    trainer = Trainer(network, blobs[:2], learning_rate=0.5, steps=6, batch_size="full")
    rates = []
    for event in trainer:
        rates.append(event.learning_rate)
        if event.step == 3:
            trainer.learning_rate = 0.125
    assert rates == [0.5] * 3 + [0.125] * 3
    for rate in rates:
        gradient = plain.gradient(blobs[0].astype(np.float32), blobs[1])
        plain.params = {name: array - rate * gradient[name] for name, array in plain.params.items()}
    assert_close(network, plain)


@pytest.mark.parametrize("schedule", [cosine(0.4, steps=10), step_decay(0.4, every=3), warmup(4, then=0.4)], ids=repr)
def test_schedules_give_the_rate_of_each_step(blobs: tuple[Any, ...], schedule: Any) -> None:
    network, by_hand = net(), net()
    trainer = Trainer(network, blobs, optimizer=Momentum(schedule), steps=10, batch_size=9, rng=0)
    assert [event.learning_rate for event in trainer] == [schedule(k) for k in range(10)]
    manual = Trainer(by_hand, blobs, optimizer=Momentum(0.1), steps=10, batch_size=9, rng=0)
    for k in range(10):
        manual.learning_rate = schedule(k)
        next(manual)
    assert bits(network) == bits(by_hand)
    named = net()
    train(named, blobs, optimizer="momentum", learning_rate=schedule, steps=10, batch_size=9, rng=0)
    assert bits(named) == bits(network)


def test_a_rate_takes_the_place_of_the_optimizers_own(blobs: tuple[Any, ...]) -> None:
    assert Trainer(net(), blobs, optimizer=SGD(0.3), learning_rate=0.2).learning_rate == 0.2
    assert Trainer(net(), blobs, optimizer="sgd", learning_rate=0.2).learning_rate == 0.2
    assert Trainer(net(), blobs, optimizer=SGD(0.3)).learning_rate == 0.3


# -- seeds -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sampling", ["permutation", "replacement"])
def test_the_same_seed_the_same_bits(blobs: tuple[Any, ...], sampling: str) -> None:
    def run(rng: Any) -> tuple[Any, Any]:
        network = net()
        options: dict[str, Any] = {"epochs": 2, "batch_size": 8, "validation": 0.2, "sampling": sampling}
        history = train(network, blobs, optimizer="adam", rng=rng, **options)
        return bits(network), timeless(history)

    assert run(3) == run(3)
    assert run(3) == run(np.int64(3))
    assert run(3)[0] != run(4)[0]
    assert run(3)[1]["loss"] != run(4)[1]["loss"]
    drawn = run(None)
    assert drawn == run(drawn[1]["seed"])
    assert run(None)[1]["seed"] != drawn[1]["seed"]


def test_a_generator_goes_on_where_it_stands(blobs: tuple[Any, ...]) -> None:
    def run(generator: np.random.Generator) -> Any:
        network = net()
        history = train(network, blobs, steps=5, batch_size=8, validation=0.2, rng=generator)
        assert history.seed is None
        return bits(network)

    shared = np.random.default_rng(7)
    first = run(shared)
    assert first == run(np.random.default_rng(7))
    assert first != run(shared)


# -- evaluation in chunks ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chunk", [1, 7, 44, 45, 46])
def test_sets_larger_than_a_chunk(blobs: tuple[Any, ...], chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = train(net("float64"), blobs, steps=5, batch_size=8, rng=0).records[-1]
    monkeypatch.setattr("gradwright.training.evaluation._CHUNK", chunk)
    parts = train(net("float64"), blobs, steps=5, batch_size=8, rng=0).records[-1]
    assert parts.train_accuracy == whole.train_accuracy
    assert parts.test_accuracy == whole.test_accuracy
    assert parts.train_loss == pytest.approx(whole.train_loss, rel=1e-12)
    assert parts.test_loss == pytest.approx(whole.test_loss, rel=1e-12)


def test_events_can_be_looked_at_but_not_changed(blobs: tuple[Any, ...]) -> None:
    event = next(Trainer(net(), blobs, steps=3, rng=0))
    assert isinstance(event, StepEvent)
    with pytest.raises(AttributeError):
        event.loss = 0.0  # type: ignore[misc]


def test_scores_of_the_moment(blobs: tuple[Any, ...]) -> None:
    trainer = Trainer(net(), blobs, steps=5, validation=0.2, rng=0)
    before = trainer.scores()
    assert list(before) == ["train", "validation", "test"]
    assert before["test"].loss == pytest.approx(trainer.network.loss(blobs[2], blobs[3]), rel=1e-5)
    assert not trainer.history.records
    last = trainer.run().records[-1]
    assert trainer.scores()["test"].loss == last.test_loss
