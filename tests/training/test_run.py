"""`Trainer.run`: the same results as iterating, the evaluations beside the steps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradwright import data
from gradwright.descent import Adam
from gradwright.errors import NonFiniteLossError
from gradwright.nn import Network
from gradwright.training import EarlyStopping, Trainer


def make(**options: Any) -> Trainer:
    network = Network.of_sizes([64, 12, 10], "relu", rng=0)
    chosen = {"optimizer": "momentum", "learning_rate": 0.05, "steps": 150, "batch_size": 20, "rng": 0, **options}
    return Trainer(network, data.digits(), **chosen)


def outcome(trainer: Trainer) -> Any:
    records = [{**vars(record), "seconds": 0.0} for record in trainer.history.records]
    params = {name: array.tobytes() for name, array in trainer.network.params.items()}
    return params, trainer.history.loss, records, trainer.history.stopped, trainer.step


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"evaluate_every": 7},
        {"evaluate_every": 1000},
        {"sampling": "replacement"},
        {"batch_size": "full", "steps": 20},
        {"optimizer": "adam", "learning_rate": 0.003},
        {"validation": 0.2, "early_stopping": EarlyStopping(1), "evaluate_every": 10},
        {"callbacks": [lambda event: event.step == 33]},
    ],
    ids=lambda options: "-".join(options) or "plain",
)
def test_to_the_bit_as_by_iterating(options: dict[str, Any]) -> None:
    by_hand, run = make(**options), make(**options)
    for _ in by_hand:
        pass
    assert run.run() is run.history
    assert outcome(run) == outcome(by_hand)
    assert outcome(run) == outcome(by_hand)
    assert run.run() is run.history  # there is nothing left to do
    assert outcome(run) == outcome(by_hand)


def test_from_the_middle_and_from_a_saved_state() -> None:
    whole, half = make(evaluate_every=10), make(evaluate_every=10)
    whole.run()
    for _ in range(35):
        next(half)
    fresh = make(evaluate_every=10)
    fresh.restore(half.state())
    for trainer in (half, fresh):
        trainer.run()
        assert outcome(trainer) == outcome(whole)


def test_it_tells_how_far_it_is_and_what_was_recorded() -> None:
    trainer, steps, records = make(evaluate_every=50), [], []
    trainer.run(progress=steps.append, recorded=records.append)
    assert steps == list(range(1, 151))
    assert records == trainer.history.records
    assert [record.step for record in records] == [50, 100, 150]


@pytest.mark.parametrize("gradient", ["backprop", "numerical"])
def test_a_loss_that_is_not_finite_ends_it(gradient: str) -> None:
    trainer = make(optimizer="sgd", learning_rate=1e30, gradient=gradient, evaluate_every=1)
    with pytest.raises(NonFiniteLossError):
        trainer.run()
    assert trainer.history.stopped == "non-finite"
    assert all(np.isfinite(array).all() for array in trainer.network.params.values())


def test_an_interrupt_leaves_what_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = make(evaluate_every=10)

    def interrupt(step: int) -> None:
        if step == 42:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trainer.run(progress=interrupt)
    assert trainer.step == 42
    assert [record.step for record in trainer.history.records] == [10, 20, 30, 40]
    whole = make(evaluate_every=10)
    whole.run()
    trainer.run()
    assert outcome(trainer) == outcome(whole)


def test_an_optimizer_of_ones_own_may_keep_what_it_is_given() -> None:
    class Keeping(Adam):
        slots = ("mean", "squares", "last")

        def rule(self, weight: Any, gradient: Any, rate: float, count: int, *slots: Any) -> Any:
            after = weight - rate * (gradient + slots[2])
            return after, slots[0], slots[1], gradient

    by_hand, run = (make(optimizer=Keeping(0.01), learning_rate=None, steps=5) for _ in range(2))
    x, t = data.digits().x_train, data.digits().t_train
    run.run()
    last = None
    for _ in range(5):
        numbers = by_hand._batches.next()
        gradient = by_hand.network.gradient(x[numbers], t[numbers])
        last = last or {name: np.zeros_like(array) for name, array in gradient.items()}
        for name, array in by_hand.network.params.items():
            by_hand.network.params[name] = array - 0.01 * (gradient[name] + last[name])
        last = gradient
    for name, array in by_hand.network.params.items():
        np.testing.assert_allclose(run.network.params[name], array, rtol=1e-4, atol=1e-6)
