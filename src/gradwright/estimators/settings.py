"""The parameters of an estimator, checked and in the form that training goes on with."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradwright import _validate
from gradwright.descent import Optimizer
from gradwright.descent import optimizer as find_optimizer
from gradwright.errors import ArgumentError
from gradwright.nn.initialisers import standard_deviation
from gradwright.nn.layers import ACTIVATIONS
from gradwright.nn.network import DTYPES

_BATCH = 200  # of "auto", as in scikit-learn


@dataclass(frozen=True)
class Settings:
    """What the parameters of an estimator stand for; ``tol`` is None where all epochs are to be done."""

    hidden: tuple[int, ...]
    optimizer: Optimizer
    epochs: int
    batch_size: int | str
    tol: float | None
    patience: int
    early_stopping: bool
    validation_fraction: float
    weight_decay: float

    @classmethod
    def of(cls, estimator: Any) -> Settings:
        """Return those of `estimator`, an object with its parameters as attributes.

        Raises
        ------
        ArgumentError, ArgumentTypeError
            If one of them is not what it must be.
        """
        _validate.choice("activation", estimator.activation, ACTIVATIONS)
        _validate.choice("dtype", estimator.dtype, ("auto", *DTYPES))
        _validate.flag("warm_start", estimator.warm_start)
        standard_deviation(estimator.init, 1, 1, None)
        return cls(
            hidden=_hidden(estimator.hidden),
            optimizer=find_optimizer(estimator.optimizer, estimator.learning_rate),
            epochs=_validate.positive_int("epochs", estimator.epochs),
            batch_size=_batch_size(estimator.batch_size),
            tol=None if estimator.tol is None else _validate.in_range("tol", estimator.tol, 0.0, math.inf),
            patience=_validate.positive_int("n_iter_no_change", estimator.n_iter_no_change),
            early_stopping=_validate.flag("early_stopping", estimator.early_stopping),
            validation_fraction=_fraction(estimator.validation_fraction),
            weight_decay=_validate.in_range("weight_decay", estimator.weight_decay, 0.0, math.inf),
        )


def _hidden(value: Any) -> tuple[int, ...]:
    """Return the sizes of the hidden layers, of which there may be none; one number is one layer."""
    if isinstance(value, str) or not isinstance(value, Iterable) or getattr(value, "ndim", 1) != 1:
        return (_validate.positive_int("hidden", value),)
    return tuple(_validate.positive_int(f"hidden[{i}]", size) for i, size in enumerate(value))


def _batch_size(value: Any) -> int | str:
    if isinstance(value, str) and value in ("auto", "full"):
        return _BATCH if value == "auto" else value
    try:
        return _validate.positive_int("batch_size", value)
    except ArgumentError:
        raise ArgumentError("estimator.batch-size", value=value) from None


def _fraction(value: Any) -> float:
    number = _validate.number_or_nan(value)
    if not 0 < number < 1:
        raise ArgumentError("estimator.validation-fraction", value=value)
    return number


def seeds_of(random_state: Any) -> np.random.SeedSequence:
    """Return what all random numbers of a fit come from.

    Parameters
    ----------
    random_state : int, numpy.random.RandomState, numpy.random.Generator or None
        From the two objects numbers are drawn, so that the next fit differs. None is fresh entropy, and not NumPy's
        global state, which other code may have set or may rely on.

    Raises
    ------
    ArgumentError
        If it is something else.
    """
    if random_state is None:
        return np.random.SeedSequence()
    if isinstance(random_state, np.random.RandomState):
        return np.random.SeedSequence([int(word) for word in random_state.randint(2**31 - 1, size=4)])
    if isinstance(random_state, np.random.Generator):
        return np.random.SeedSequence([int(word) for word in random_state.integers(2**32, size=4)])
    try:
        return np.random.SeedSequence(_validate.non_negative_int("random_state", random_state))
    except ArgumentError:
        raise ArgumentError("estimator.random-state", value=random_state) from None
