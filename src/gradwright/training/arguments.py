"""The arguments of a run: each checked, and brought to the form that the loop goes on with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from gradwright import _validate
from gradwright.data import Dataset
from gradwright.descent import SGD, Optimizer
from gradwright.descent import optimizer as find_optimizer
from gradwright.errors import ArgumentError, ArgumentTypeError, ShapeError
from gradwright.messages import phrase
from gradwright.nn import Network

_DEFAULT_EPOCHS = 20
#: Up to here floats count one by one; at a million steps a second it is three hundred years.
_MOST_STEPS = 2**53


def network_of(value: Any) -> Network:
    """Return `value` if it is a network."""
    _validate.instance("network", value, Network)
    network: Network = value
    return network


def optimizer_of(optimizer: Optimizer | str | None, learning_rate: Any) -> Optimizer:
    """Return the optimizer asked for; plain descent at the course's rate where none is."""
    return find_optimizer(SGD(0.1) if optimizer is None else optimizer, learning_rate)


def callbacks_of(callbacks: Any) -> list[Callable[..., Any]]:
    """Return the callbacks as a list, each of them a function."""
    if not isinstance(callbacks, Iterable):
        kind = type(callbacks).__name__
        raise ArgumentTypeError("argument.type", name="callbacks", expected=phrase("kind.functions"), kind=kind)
    return [_validate.function("callbacks", callback) for callback in callbacks]


def check_fit(network: Network, data: Dataset) -> None:
    """Raise unless the network's inputs, outputs and loss suit the data."""
    if data.n_features != network.n_in:
        raise ShapeError("training.inputs", features=data.n_features, n_in=network.n_in)
    if bool(data.classes) != network.loss_function.classifies:
        raise ArgumentError("training.loss", loss=type(network.loss_function).__name__, classes=len(data.classes))
    if data.n_classes != network.n_out:
        raise ShapeError("training.outputs", classes=data.n_classes, n_out=network.n_out)


def streams(rng: int | np.random.Generator | None) -> tuple[int | None, np.random.Generator, np.random.Generator]:
    """Return the seed, a generator for the batches and one for the validation split, independent of each other.

    A network is often made with the same seed; its weights come from ``default_rng(seed)``, these from other streams.
    """
    if isinstance(rng, np.random.Generator):
        return None, rng, rng
    if rng is None:
        # 53 bits: a seed that can be read back from JSON, or typed in.
        seed = int(np.random.SeedSequence().generate_state(1, np.uint64)[0] >> np.uint64(11))
    else:
        _validate.generator("rng", rng)
        seed = int(rng)
    return seed, np.random.default_rng([seed, 1]), np.random.default_rng([seed, 2])


def number_of_steps(steps: int | None, epochs: int | None, per_epoch: int) -> int:
    """Return how many steps there will be."""
    if steps is not None and epochs is not None:
        raise ArgumentError("training.steps-and-epochs", steps=steps, epochs=epochs)
    name, each = ("epochs", per_epoch) if steps is None else ("steps", 1)
    value = steps if steps is not None else _DEFAULT_EPOCHS if epochs is None else epochs
    number = _validate.positive_int(name, value)
    if number * each > _MOST_STEPS:
        raise ArgumentError("argument.range", name=name, low=1, high=_MOST_STEPS // each, value=value)
    return number * each
