"""Training to the end in one call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gradwright.descent import Optimizer
from gradwright.descent.schedules import Schedule
from gradwright.nn import Network
from gradwright.training.history import History
from gradwright.training.stopping import EarlyStopping
from gradwright.training.trainer import StepEvent, Trainer


def train(
    network: Network,
    data: Any,
    *,
    optimizer: Optimizer | str | None = None,
    learning_rate: float | Schedule | str | None = None,
    steps: int | None = None,
    epochs: int | None = None,
    batch_size: int | str = 100,
    sampling: str = "permutation",
    gradient: str = "backprop",
    evaluate_every: int | None = None,
    validation: float = 0.0,
    early_stopping: EarlyStopping | int | None = None,
    callbacks: Sequence[Callable[[StepEvent], Any]] = (),
    rng: int | np.random.Generator | None = None,
) -> History:
    """Train a network to the end.

    Parameters
    ----------
    network, data, optimizer, learning_rate, steps, epochs, batch_size, sampling, gradient, evaluate_every
        As for `Trainer`, which this runs.
    validation, early_stopping, callbacks, rng
        Likewise.

    Returns
    -------
    History
        The loss of each step and the scores at each evaluation. The network itself is changed.

    Raises
    ------
    ArgumentError, ArgumentTypeError, ShapeError, LabelError, NonFiniteError, NonFiniteLossError
        As for `Trainer`.

    Examples
    --------
    >>> from gradwright.data import digits
    >>> from gradwright.nn import TwoLayerNet
    >>> history = train(TwoLayerNet(64, 50, 10, init="auto", rng=0), digits(), epochs=30, rng=0)
    >>> len(history.test_accuracy), history.test_accuracy[-1] > 0.85
    (30, True)
    """
    return Trainer(
        network,
        data,
        optimizer=optimizer,
        learning_rate=learning_rate,
        steps=steps,
        epochs=epochs,
        batch_size=batch_size,
        sampling=sampling,
        gradient=gradient,
        evaluate_every=evaluate_every,
        validation=validation,
        early_stopping=early_stopping,
        callbacks=callbacks,
        rng=rng,
    ).run()
