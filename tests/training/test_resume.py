"""Stop and resume: from a state taken at any moment, the rest of the run comes out to the bit."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gradwright.descent import cosine
from gradwright.errors import ArgumentError, ArgumentTypeError, GradwrightError, NonFiniteLossError, ShapeError
from gradwright.nn import HalfSquaredError, Network
from gradwright.training import EarlyStopping, History, Trainer

OPTIMIZERS = ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"]


@pytest.fixture(scope="module")
def data() -> tuple[Any, ...]:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(50, 3))
    t = (x[:, 0] + x[:, 1] * x[:, 2] + 0.5 * rng.normal(size=50) > 0).astype(int)
    return x[:40], t[:40], x[40:], t[40:]


def net(seed: int = 0, dtype: str = "float32") -> Network:
    return Network.of_sizes([3, 6, 2], "tanh", rng=seed, dtype=dtype)


def make(data: Any, **options: Any) -> Trainer:
    """A trainer of 23 steps: 5 in an epoch (4 where batches are drawn anew), an evaluation every 4 steps."""
    settings: dict[str, Any] = {"steps": 23, "batch_size": 9, "evaluate_every": 4, "rng": 3, **options}
    return Trainer(net(), data, **settings)


def outcome(trainer: Trainer) -> tuple[Any, ...]:
    """All that a run came to, but for the time that it took."""
    params = {name: np.asarray(array).tobytes() for name, array in trainer.network.params.items()}
    records = [replace(record, seconds=0.0) for record in trainer.history.records]
    return params, replace(trainer.history, records=records).to_dict(), trainer.step


def finished(trainer: Trainer) -> Trainer:
    for _ in trainer:
        pass
    return trainer


def check_every_moment(data: Any, moments: Any, change_rate: bool = False, **options: Any) -> None:
    """Restore the state of each moment into a fresh trainer, run both to the end, and compare."""

    def go_on(trainer: Trainer, states: dict[int, Any] | None = None) -> Trainer:
        for event in trainer:
            if change_rate and event.step == 8:
                trainer.learning_rate = 0.02
            if states is not None and event.step in moments:
                states[event.step] = trainer.state()
        return trainer

    states: dict[int, Any] = {}
    whole = make(data, **options)
    states[0] = whole.state()
    expected = outcome(go_on(whole, states))
    assert len(states) > 3
    for step, state in states.items():
        fresh = make(data, **options)
        fresh.network.params = {name: array + 1 for name, array in fresh.network.params.items()}
        fresh.restore(state)
        assert fresh.step == step
        assert outcome(go_on(fresh)) == expected, step


# Mid-epoch 1, 7; at the end of an epoch 5, 20; right after an evaluation 4, 8, 16; the last step but one; the end.
MOMENTS = (1, 4, 5, 7, 8, 16, 20, 22, 23)


@pytest.mark.parametrize("sampling", ["permutation", "replacement"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_same_bits_from_every_moment(data: Any, optimizer: str, sampling: str) -> None:
    check_every_moment(data, MOMENTS, optimizer=optimizer, learning_rate=0.1, sampling=sampling)


@pytest.mark.parametrize("sampling", ["permutation", "replacement"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_with_early_stopping(data: Any, optimizer: str, sampling: str) -> None:
    rule = EarlyStopping(4, restore_best=optimizer != "momentum")
    options: dict[str, Any] = {"validation": 0.25, "steps": 300, "evaluate_every": 2, "learning_rate": 0.3}
    options |= {"optimizer": optimizer, "sampling": sampling, "early_stopping": rule}
    whole = finished(make(data, **options))
    assert whole.history.stopped == "early-stopping"
    assert 8 < whole.step < 300
    check_every_moment(data, {1, 2, 3, 4, 7, whole.step - 2, whole.step - 1, whole.step}, **options)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_with_a_rate_changed_on_the_way(data: Any, optimizer: str) -> None:
    check_every_moment(data, MOMENTS, change_rate=True, optimizer=optimizer, learning_rate=0.1)


def test_with_a_schedule(data: Any) -> None:
    check_every_moment(data, MOMENTS, optimizer="momentum", learning_rate=cosine(0.2, steps=23))


def test_with_a_rate_set_in_the_place_of_a_schedule(data: Any) -> None:
    check_every_moment(data, MOMENTS, change_rate=True, learning_rate=cosine(0.2, steps=23))


@pytest.mark.parametrize("kind", [np.random.PCG64, np.random.MT19937])
def test_with_a_generator(data: Any, kind: Any) -> None:
    def make_own() -> Trainer:
        return make(data, rng=np.random.Generator(kind(5)), validation=0.2)

    whole = make_own()
    for _ in range(7):
        next(whole)
    state = whole.state()
    fresh = make_own()
    fresh.restore(state)
    assert outcome(finished(fresh)) == outcome(finished(whole))


def test_full_batches_and_numerical_gradients(data: Any) -> None:
    check_every_moment(data, (1, 4, 5, 6), batch_size="full", gradient="numerical", steps=6)


def test_float64(data: Any) -> None:
    def make_wide() -> Trainer:
        return Trainer(net(dtype="float64"), data, optimizer="adam", steps=9, batch_size=9, rng=0)

    whole = make_wide()
    for _ in range(4):
        next(whole)
    fresh = make_wide()
    fresh.restore(whole.state())
    assert outcome(finished(fresh)) == outcome(finished(whole))
    assert {array.dtype for array in fresh.network.params.values()} == {np.dtype("float64")}


def test_arrays_of_any_library(data: Any, xp: Any) -> None:
    def make_own() -> Trainer:
        network = net()
        network.params = {name: xp(array, "float32") for name, array in network.params.items()}
        # All sets and batches of 8: JAX compiles its operations anew for each shape.
        options: dict[str, Any] = {"optimizer": "adam", "steps": 6, "batch_size": 8, "validation": 0.2}
        return Trainer(network, data[:2], early_stopping=9, rng=0, **options)

    def result(trainer: Trainer) -> Any:
        return {name: xp.numpy(array).tobytes() for name, array in finished(trainer).network.params.items()}

    whole = make_own()
    for _ in range(3):
        next(whole)
    state = whole.state()
    check_plain(state)
    fresh = make_own()
    fresh.restore(state)
    assert all(isinstance(array, xp.type) for array in fresh.network.params.values())
    assert result(fresh) == result(whole)


# -- what a state is ---------------------------------------------------------------------------------------------------


def check_plain(node: Any) -> None:
    if isinstance(node, dict):
        assert all(type(key) is str for key in node)
        for child in node.values():
            check_plain(child)
    elif isinstance(node, list):
        for child in node:
            check_plain(child)
    else:
        assert node is None or type(node) in (str, int, float, bool, np.ndarray, History), type(node)


def frozen(node: Any) -> Any:
    """A copy that can be compared with ==."""
    if isinstance(node, dict):
        return {key: frozen(child) for key, child in node.items()}
    return (node.dtype.str, node.tobytes()) if isinstance(node, np.ndarray) else copy.deepcopy(node)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("sampling", ["permutation", "replacement"])
def test_a_state_is_plain_and_outlives_what_follows(data: Any, optimizer: str, sampling: str) -> None:
    trainer = make(data, optimizer=optimizer, validation=0.2, early_stopping=9, sampling=sampling)
    for steps in (0, 1, 4):
        for _ in range(steps):
            next(trainer)
        state = trainer.state()
        check_plain(state)
        before = frozen(state)
        for _ in range(5):
            next(trainer)
        assert frozen(state) == before
        trainer.restore(state)
        for array in trainer.network.params.values():
            array += 1.0  # a user's own change must not reach the state either
        next(trainer)
        assert frozen(state) == before
        trainer.restore(state)


@pytest.mark.parametrize("sampling", ["permutation", "replacement"])
def test_what_is_done_to_a_state_does_not_reach_the_run(data: Any, sampling: str) -> None:
    def spoil(node: Any) -> None:
        for child in node.values():
            if isinstance(child, dict):
                spoil(child)
            elif isinstance(child, np.ndarray):
                child[...] = 0

    options: dict[str, Any] = {"optimizer": "adam", "validation": 0.2, "early_stopping": 9, "sampling": sampling}
    trainer, restored = make(data, **options), make(data, **options)
    for _ in range(6):
        next(trainer)
    state = trainer.state()
    restored.restore(state)
    spoil(state)
    expected = outcome(finished(make(data, **options)))
    assert outcome(finished(trainer)) == expected
    assert outcome(finished(restored)) == expected


def test_a_state_can_be_used_twice_and_in_its_own_trainer(data: Any) -> None:
    trainer = make(data, optimizer="adam")
    for _ in range(6):
        next(trainer)
    state = trainer.state()
    first = outcome(finished(trainer))
    for _ in range(2):
        trainer.restore(state)
        assert trainer.step == 6
        assert outcome(finished(trainer)) == first


# -- longer runs, stopped runs, interrupted steps ----------------------------------------------------------------------


def test_a_finished_run_goes_on_where_there_are_more_steps(data: Any) -> None:
    short, whole = finished(make(data, optimizer="adam", steps=12)), finished(make(data, optimizer="adam", steps=23))
    assert short.history.stopped == "steps"
    longer = make(data, optimizer="adam", steps=23)
    longer.restore(short.state())
    assert longer.history.stopped == ""
    assert outcome(finished(longer)) == outcome(whole)
    over = make(data, optimizer="adam", steps=12)
    over.restore(short.state())
    assert list(over) == []
    assert outcome(over) == outcome(short)


def test_also_where_the_best_parameters_were_put_back(data: Any) -> None:
    """The state holds the parameters of the last step, though the network has those of the best evaluation."""
    options: dict[str, Any] = {"optimizer": "adam", "learning_rate": 0.2, "validation": 0.25, "early_stopping": 50}
    short, whole = finished(make(data, steps=24, **options)), finished(make(data, steps=40, **options))
    state = short.state()
    assert state["best"]["record"] < len(short.history.records)  # else there is nothing to see here
    assert not np.array_equal(state["params"]["W1"], short.network.params["W1"])
    np.testing.assert_array_equal(state["best"]["params"]["W1"], short.network.params["W1"])
    longer = make(data, steps=40, **options)
    longer.restore(state)
    assert outcome(finished(longer)) == outcome(whole)


def test_a_run_that_a_callback_stopped_goes_on(data: Any) -> None:
    stopped = finished(make(data, callbacks=[lambda event: event.step == 7]))
    assert (stopped.step, stopped.history.stopped) == (7, "callback")
    fresh = make(data)
    fresh.restore(stopped.state())
    assert outcome(finished(fresh)) == outcome(finished(make(data)))


@pytest.mark.parametrize("sampling", ["permutation", "replacement"])
@pytest.mark.parametrize("where", ["loss_and_gradient", "evaluation"])
def test_an_interrupted_step_has_not_happened(
    data: Any, sampling: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C in the middle of a step, or of an evaluation."""
    trainer = make(data, optimizer="adam", sampling=sampling)
    for _ in range(3):
        next(trainer)

    def interrupted(*args: Any) -> Any:
        raise KeyboardInterrupt

    original = trainer.network.loss_and_gradient
    if where == "evaluation":  # the step itself goes through, the evaluation after it does not
        monkeypatch.setattr(trainer, "_scores", interrupted)
    else:
        monkeypatch.setattr(trainer.network, where, interrupted)
    with pytest.raises(KeyboardInterrupt):
        next(trainer)
    state = trainer.state()
    monkeypatch.undo()
    assert trainer.network.loss_and_gradient == original
    fresh = make(data, optimizer="adam", sampling=sampling)
    fresh.restore(state)
    expected = outcome(finished(make(data, optimizer="adam", sampling=sampling)))
    assert outcome(finished(fresh)) == expected
    assert outcome(finished(trainer)) == expected


def test_a_restored_run_still_knows_the_last_finite_parameters(rng: np.random.Generator) -> None:
    x = rng.normal(size=(20, 3))

    def wild() -> Trainer:
        network = Network.of_sizes([3, 4, 1], "identity", HalfSquaredError(), rng=0)
        return Trainer(network, (x, x[:, :1]), learning_rate=50.0, steps=50, evaluate_every=99, batch_size=5, rng=0)

    whole = wild()
    states = [whole.state()]
    whole.callbacks.append(lambda event: states.append(whole.state()))
    with pytest.raises(NonFiniteLossError) as expected:
        finished(whole)
    assert len(states) > 3
    for state in states:
        fresh = wild()
        fresh.restore(state)
        with pytest.raises(NonFiniteLossError) as raised:
            finished(fresh)
        assert str(raised.value) == str(expected.value)
        assert outcome(fresh) == outcome(whole)
        assert all(np.isfinite(array).all() for array in fresh.network.params.values())


# -- states that do not fit --------------------------------------------------------------------------------------------


def test_a_state_of_something_else_is_refused(data: Any) -> None:
    target = make(data, validation=0.2)
    before = outcome(target)
    others: list[tuple[Trainer, type[GradwrightError], str]] = [
        (Trainer(Network.of_sizes([3, 7, 2], rng=0), data, validation=0.2, rng=3), ShapeError, "another network"),
        (Trainer(Network.of_sizes([3, 6, 6, 2], rng=0), data, validation=0.2, rng=3), ShapeError, "another network"),
        (make(data, validation=0.2, rng=4), ArgumentError, "rng 4, here it is 3"),
        (make(data, validation=0.3), ShapeError, "28 training samples, here there are 32"),
        (make(data), ShapeError, "40 training samples, here there are 32"),
    ]
    for other, kind, message in others:
        with pytest.raises(kind, match=message) as raised:
            target.restore(other.state())
        assert "\n" not in str(raised.value)
        assert outcome(target) == before


@pytest.mark.parametrize("now", OPTIMIZERS)
@pytest.mark.parametrize("before", OPTIMIZERS)
def test_a_state_of_another_optimizer_is_refused_by_name(data: Any, before: str, now: str) -> None:
    saved, target = make(data, optimizer=before), make(data, optimizer=now)
    next(saved)
    if before == now:
        target.restore(saved.state())
        return
    untouched = outcome(target)
    name, own = type(saved.optimizer).__name__, type(target.optimizer).__name__
    with pytest.raises(ArgumentError, match=f"of a run with {name}, here the optimizer is {own}"):
        target.restore(saved.state())
    assert outcome(target) == untouched
    assert outcome(finished(target)) == outcome(finished(make(data, optimizer=now)))


def every_entry(state: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for name, value in state.items():
        found.append((*path, name))
        if isinstance(value, dict) and name not in ("optimizer", "rng", "params"):
            found += every_entry(value, (*path, name))
    return found


def test_a_state_that_is_not_whole_is_refused(data: Any) -> None:
    whole = make(data, optimizer="adam", validation=0.2, early_stopping=9)
    for _ in range(6):
        next(whole)
    state = whole.state()
    target = make(data, optimizer="adam", validation=0.2, early_stopping=9)
    before = outcome(target)

    def refused(bad: Any, message: str, kind: type[Exception] = ArgumentTypeError) -> None:
        with pytest.raises(kind, match=message):
            target.restore(bad)
        assert outcome(target) == before

    for bad in (None, 5, "state", [1], state["history"]):
        refused(bad, "`state` must be the dict that `state\\(\\)` of a Trainer returned")
    refused({}, "no entry 'params'")
    places = every_entry(state)
    assert len(places) == 19
    for place in places:
        for how in ("missing", "of another kind"):
            bad = copy.deepcopy(state)
            holder = bad
            for name in place[:-1]:
                holder = holder[name]
            if how == "missing":
                del holder[place[-1]]
            else:
                holder[place[-1]] = object()
            refused(bad, repr(".".join(place)))
    refused({**state, "params": {**state["params"], "W1": "wide"}}, "another network", ShapeError)
    refused({**state, "best": {**state["best"], "params": {}}}, "another network", ShapeError)
    refused({**state, "learning_rate": -1.0}, "`state.learning_rate` must be a positive", ArgumentError)
    refused({**state, "optimizer": {"step": 1}}, "no entry 'mean', which Adam needs", ArgumentError)
    target.restore(state)
    assert outcome(finished(target)) == outcome(finished(whole))


def test_without_validation_the_state_brings_its_own_seed(data: Any) -> None:
    whole = make(data, rng=None)
    next(whole)
    fresh = make(data, rng=None)
    fresh.restore(whole.state())
    assert fresh.history.seed == whole.history.seed
    assert outcome(finished(fresh)) == outcome(finished(whole))
