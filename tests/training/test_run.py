"""`Trainer.run`: the same results as iterating, the evaluations beside the steps."""

from __future__ import annotations

import time
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


def test_an_interrupt_inside_a_step_leaves_nothing_half_done(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer, whole = make(), make()
    for _ in range(5):
        next(trainer)
    fast = trainer._stepping.fast
    assert fast is not None

    def interrupted(vector: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(fast.pass_, "views", interrupted)
        with pytest.raises(KeyboardInterrupt):
            next(trainer)
    trainer.run()
    whole.run()
    assert outcome(trainer) == outcome(whole)


def test_a_run_that_was_stopped_stays_so() -> None:
    trainer = make(optimizer="sgd", learning_rate=1e30, evaluate_every=1)
    with pytest.raises(NonFiniteLossError):
        trainer.run()
    before = outcome(trainer)
    trainer.run()
    assert outcome(trainer) == before
    early = make(validation=0.2, early_stopping=EarlyStopping(1), evaluate_every=2, learning_rate=3.0, steps=400)
    early.run()
    assert early.history.stopped == "early-stopping"
    late = make(validation=0.2, evaluate_every=2, learning_rate=3.0, steps=400)
    late.restore(early.state())
    late.run()
    assert (late.step, late.history.stopped) == (early.step, "early-stopping")


def test_a_longer_run_restored_into_a_shorter_one() -> None:
    longer, by_hand, run = make(evaluate_every=25), make(evaluate_every=25, steps=30), make(evaluate_every=25, steps=30)
    for _ in range(40):
        next(longer)
    for trainer in (by_hand, run):
        trainer.restore(longer.state())
    for _ in by_hand:
        pass
    run.run()
    assert outcome(run) == outcome(by_hand)
    assert [record.step for record in run.history.records] == [25, 40]


def test_evaluations_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer, waiting = make(evaluate_every=1, steps=30), 0
    scores = trainer._scores

    def slow(*arguments: Any) -> Any:
        time.sleep(0.005)
        return scores(*arguments)

    def count(step: int) -> None:
        nonlocal waiting
        waiting = max(waiting, step - len(trainer.history.records))

    monkeypatch.setattr(trainer, "_scores", slow)
    trainer.run(progress=count)
    assert waiting <= 2
    assert len(trainer.history.records) == 30


def test_a_listener_that_fails_loses_no_record() -> None:
    trainer = make(evaluate_every=2, steps=100)

    def fail(record: Any) -> None:
        raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        trainer.run(recorded=fail)
    assert [record.step for record in trainer.history.records] == list(range(2, trainer.step + 1, 2))
    trainer.run()
    assert [record.step for record in trainer.history.records] == list(range(2, 101, 2))


@pytest.mark.parametrize("dtype", [">f4", "float16"])
def test_dtypes_that_the_fast_pass_leaves_alone(dtype: str) -> None:
    trainer = make()
    network = trainer.network
    network.params = {name: array.astype(dtype) for name, array in network.params.items()}
    again = Trainer(network, data.digits(), steps=3, batch_size=20, rng=0)
    again.run()
    assert again._stepping.fast is None
    assert np.isfinite(again.history.loss).all()


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
