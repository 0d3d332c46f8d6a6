"""What goes wrong is said in one line, by a typed error, and the network is as it was or sound."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradwright.descent import SGD, Adam
from gradwright.errors import (
    ArgumentError,
    ArgumentTypeError,
    CostWarning,
    DataError,
    GradwrightError,
    LabelError,
    NonFiniteError,
    NonFiniteLossError,
    ShapeError,
)
from gradwright.nn import HalfSquaredError, Network, SoftmaxCrossEntropy
from gradwright.training import Trainer, train

X = np.linspace(-1, 1, 60).reshape(20, 3)
T = np.arange(20) % 2
V = X[:, :2] * 2


def net() -> Network:
    return Network.of_sizes([3, 4, 2], rng=0)


def regressor(init: Any = "auto", dtype: str = "float32") -> Network:
    return Network.of_sizes([3, 4, 2], "identity", HalfSquaredError(), init=init, rng=0, dtype=dtype)


def spoiled(value: float) -> Any:
    x = X.copy()
    x[4, 1] = value
    return x


ARGUMENTS: list[tuple[dict[str, Any], type[GradwrightError], str]] = [
    ({"optimizer": "sdg"}, ArgumentError, "`optimizer` must be one of 'sgd', .*, not 'sdg'"),
    ({"optimizer": 3}, ArgumentError, "`optimizer` must be one of"),
    ({"learning_rate": 0}, ArgumentError, "`learning_rate` must be a positive number, not 0"),
    ({"learning_rate": -1}, ArgumentError, "`learning_rate` must be a positive number, not -1"),
    ({"learning_rate": float("nan")}, ArgumentError, "`learning_rate` must be a positive number, not nan"),
    ({"learning_rate": float("inf")}, ArgumentError, "`learning_rate` must be a positive number, not inf"),
    ({"learning_rate": "fast"}, ArgumentError, "`learning_rate` must be a positive number, not 'fast'"),
    ({"learning_rate": 0, "optimizer": "adam"}, ArgumentError, "`learning_rate` must be a positive number"),
    ({"learning_rate": 0, "optimizer": SGD(0.1)}, ArgumentError, "`learning_rate` must be a positive number"),
    ({"steps": 10**20}, ArgumentError, "`steps` must be 1 to 9007199254740992, not 100000000000000000000"),
    ({"epochs": 10**400}, ArgumentError, "`epochs` must be 1 to"),
    ({"steps": 5, "epochs": 2}, ArgumentError, r"give `steps` or `epochs`, not both \(got 5 and 2\)"),
    ({"steps": 0}, ArgumentError, "`steps` must be a positive whole number, not 0"),
    ({"steps": -3}, ArgumentError, "`steps` must be a positive whole number, not -3"),
    ({"steps": 1.5}, ArgumentError, r"`steps` must be a positive whole number, not 1\.5"),
    ({"epochs": 0}, ArgumentError, "`epochs` must be a positive whole number, not 0"),
    ({"epochs": 2.0}, ArgumentError, r"`epochs` must be a positive whole number, not 2\.0"),
    ({"epochs": "ten"}, ArgumentError, "`epochs` must be a positive whole number, not 'ten'"),
    ({"batch_size": 0}, ArgumentError, "`batch_size` must be a positive whole number, not 0"),
    ({"batch_size": "all"}, ArgumentError, "`batch_size` must be a positive whole number or \"full\", not 'all'"),
    ({"sampling": "random"}, ArgumentError, "`sampling` must be one of 'permutation', 'replacement', not 'random'"),
    ({"gradient": "exact"}, ArgumentError, "`gradient` must be one of 'backprop', 'numerical', not 'exact'"),
    ({"evaluate_every": 0}, ArgumentError, "`evaluate_every` must be a positive whole number, not 0"),
    ({"evaluate_every": "epoch"}, ArgumentError, "`evaluate_every` must be a positive whole number"),
    ({"early_stopping": 3}, ArgumentError, "`early_stopping` needs samples"),
    ({"callbacks": [print, 3]}, ArgumentTypeError, "`callbacks` must be a function that can be called, not int"),
    ({"callbacks": print}, ArgumentTypeError, "`callbacks` must be a list of functions, not builtin_function"),
    ({"callbacks": "log"}, ArgumentTypeError, "`callbacks` must be a function that can be called, not str"),
    (
        {"optimizer": Adam},
        ArgumentTypeError,
        r"`optimizer` needs an object, .* write gw\.Adam\(\.\.\.\), with brackets",
    ),
    ({"rng": "seed"}, ArgumentError, "`rng` must be a whole number, a numpy.random.Generator or None, not 'seed'"),
    ({"rng": 1.5}, ArgumentError, "`rng` must be a whole number"),
    ({"rng": -1}, ArgumentError, "`rng` must be a whole number"),
]


@contextlib.contextmanager
def refused(network: Network, kind: type[GradwrightError], message: str) -> Any:
    before = {name: array.copy() for name, array in network.params.items()}
    with pytest.raises(kind, match=message) as raised:
        yield
    assert type(raised.value) is kind
    for lang in ("en", "ko"):
        assert "\n" not in raised.value.text(lang)
    assert list(network.params) == list(before)
    assert all(np.array_equal(network.params[name], array) for name, array in before.items())


@pytest.mark.parametrize(("options", "kind", "message"), ARGUMENTS, ids=lambda v: str(v)[:40])
@pytest.mark.parametrize("door", [train, Trainer])
def test_arguments(door: Callable[..., Any], options: Any, kind: Any, message: str) -> None:
    network = net()
    with refused(network, kind, message):
        door(network, (X, T), **options)


DATA: list[tuple[Any, type[GradwrightError], str]] = [
    ((X[:, :2], T), ShapeError, "the data have 2 features but the network takes 3 inputs"),
    ((X, np.arange(20) % 3), ShapeError, "the data have 3 classes .* but the network has 2 outputs"),
    ((X, V), ArgumentError, "the loss SoftmaxCrossEntropy does not suit the data"),
    ((X, T, X, T + 1), ShapeError, "the data have 3 classes"),
    ((X, T - 1), LabelError, "-1"),
    ((X, T + 0.5), LabelError, "0.5"),
    ((spoiled(np.nan), T), NonFiniteError, "nan"),
    ((spoiled(np.inf), T), NonFiniteError, "inf"),
    ((X, T, spoiled(np.nan), T), NonFiniteError, "`x_test`"),
    ((X[:0], T[:0]), ShapeError, "`x_train` is empty"),
    ((X, T[:10]), ShapeError, "20.*10"),
    ((X, T * 0), DataError, "every training sample is of the class"),
    (None, ArgumentTypeError, "NoneType"),
    ("digits", ArgumentTypeError, "str"),
    ((X,), ArgumentTypeError, "tuple"),
]


@pytest.mark.parametrize(("data", "kind", "message"), DATA, ids=lambda v: str(v)[:30] if isinstance(v, str) else "")
def test_data(data: Any, kind: Any, message: str) -> None:
    network = net()
    with refused(network, kind, message):
        train(network, data)


def test_classes_for_a_regression() -> None:
    with refused(network := regressor(), ArgumentError, "the loss HalfSquaredError does not suit the data, .* 2 class"):
        train(network, (X, T))
    with refused(network, ShapeError, "the data have 3 classes or values to predict but the network has 2 outputs"):
        train(network, (X, X))


@pytest.mark.parametrize("network", [None, "net", 3, Network])
def test_what_is_no_network(network: Any) -> None:
    with pytest.raises(ArgumentTypeError, match=r"`network` (must be a Network, not|needs an object, not the class)"):
        train(network, (X, T))


@pytest.mark.parametrize("rate", [0, -0.1, float("nan"), "fast", None])
def test_a_rate_set_on_the_way_is_checked(rate: Any) -> None:
    trainer = Trainer(net(), (X, T))
    with pytest.raises(ArgumentError, match="`learning_rate` must be a positive number"):
        trainer.learning_rate = rate
    assert trainer.learning_rate == 0.1


def test_a_schedule_that_gives_nan_stops_before_the_step() -> None:
    network = net()
    trainer = Trainer(network, (X, T), learning_rate=lambda step: 0.1 if step < 2 else float("nan"), rng=0)
    list(zip(range(2), trainer))
    with refused(network, ArgumentError, "`learning_rate` gave nan at step 2"):
        next(trainer)


# -- losses that are no numbers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("rate", [20.0, 1e30, 1e300])
def test_a_rate_that_is_too_large(rate: float, dtype: str) -> None:
    network = regressor(dtype=dtype)
    trainer = Trainer(network, (X, V), learning_rate=rate, steps=2000, evaluate_every=2000, batch_size=5, rng=0)
    path = [{name: array.copy() for name, array in network.params.items()}]
    trainer.callbacks.append(lambda event: path.append({n: array.copy() for n, array in network.params.items()}))
    with pytest.raises(NonFiniteLossError) as raised:
        list(trainer)
    fields, history = raised.value.fields, trainer.history
    assert not np.isfinite(fields["loss"])
    assert fields["step"] == trainer.step + 1 == len(history.loss) + 1
    assert fields["rate"] == rate
    assert fields["last"] == history.loss[-1]
    assert 0 < fields["lower"] <= 0.1
    message = str(raised.value)
    assert f"at step {fields['step']} (learning_rate {rate:g}; last finite loss" in message
    assert "lower `learning_rate`" in message
    assert "\n" not in message
    assert "학습률" in raised.value.text("ko")
    # The parameters at which that last finite loss was found.
    for name, array in network.params.items():
        assert np.isfinite(array).all()
        assert np.array_equal(array, path[-2][name])
    assert history.stopped == "non-finite"
    assert list(trainer) == []


def test_the_rate_named_is_that_of_the_step_that_did_it() -> None:
    trainer = Trainer(regressor(), (X, V), learning_rate=1e30, steps=20, batch_size=5, rng=0)
    next(trainer)
    trainer.learning_rate = 0.01
    with pytest.raises(NonFiniteLossError, match=r"learning_rate 1e\+30"):
        list(trainer)


def test_after_the_last_step_too() -> None:
    """The step that spoils the parameters is the last: no further batch would show it, the evaluation does."""
    network = regressor()
    start = {name: array.copy() for name, array in network.params.items()}
    trainer = Trainer(network, (X, V), learning_rate=1e39, steps=1, batch_size="full")
    with pytest.raises(NonFiniteLossError, match="at step 1 "):
        next(trainer)
    assert all(np.array_equal(network.params[name], array) for name, array in start.items())
    assert trainer.history.records == []


@pytest.mark.parametrize("init", [1e30, 1e12])
def test_weights_that_are_too_large_at_once(init: float) -> None:
    network = regressor(init)
    with refused(network, NonFiniteLossError, "loss is inf at step 1, before anything was learned.*Use a smaller `in"):
        train(network, (X, V), rng=0)


def test_weights_that_hold_nan() -> None:
    network = net()
    network.params["b1"] = np.array([0, np.nan, 0, 0], np.float32)
    with pytest.raises(NonFiniteLossError, match=r"loss is nan at step 1.*`params\['b1'\]` .* holds nan at \(1,\)"):
        train(network, (X, T))


def test_from_an_earlier_state_it_can_go_on_more_slowly() -> None:
    trainer = Trainer(regressor(), (X, V), learning_rate=50.0, steps=300, batch_size=5, rng=0)
    state = trainer.state()
    with pytest.raises(NonFiniteLossError):
        list(trainer)
    trainer.restore(state)
    trainer.learning_rate = 0.05
    list(trainer)
    assert trainer.history.stopped == "steps"
    assert trainer.history.records[-1].train_loss < 0.1


# -- the price of numerical gradients ----------------------------------------------------------------------------------


def test_the_price_is_told_before_the_first_step() -> None:
    class OfOwn(SoftmaxCrossEntropy):
        def value(self, outputs, t):
            return super().value(outputs, t)

    wide = Network.of_sizes([3, 2000, 2], rng=0, loss=OfOwn())
    with pytest.warns(CostWarning, match="24,00"):
        Trainer(wide, (X, T), gradient="numerical")
    Trainer(net(), (X, T), gradient="numerical")  # a small one needs no warning, nor does a fast one:
    Trainer(Network.of_sizes([3, 2000, 2], rng=0), (X, T), gradient="numerical")
