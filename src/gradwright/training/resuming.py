"""Whether a saved state of a run can go on here: looked at before anything is changed."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

import numpy as np

from gradwright import _validate
from gradwright._arrays import Array
from gradwright.descent import Optimizer
from gradwright.errors import ArgumentError, ArgumentTypeError, ShapeError
from gradwright.training.history import History

# What `Trainer.state` returns: kinds of values, or the entries of a dict in its turn. Two of them may be None.
_OPTIONAL = ("previous", "best")
_ENTRIES: dict[str, Any] = {
    "params": Mapping,
    "previous": {"params": Mapping, "learning_rate": Real},
    "optimizer": Mapping,
    "optimizer_name": str,
    "learning_rate": (Real, type(None)),
    "batches": {"rng": {"bit_generator": str}, "order": np.ndarray, "cursor": Integral, "n_samples": Integral},
    "step": Integral,
    "history": History,
    "best": {"loss": Real, "record": Integral, "params": Mapping},
    "seconds": Real,
}


def check_state(state: Any, optimizer: Optimizer, params: Mapping[str, Array]) -> None:
    """Raise unless `state` has the form that `Trainer.state` gives, and is of this optimizer and these parameters."""
    if not isinstance(state, Mapping):
        raise ArgumentTypeError("training.state-form", kind=type(state).__name__)
    _check_entries(state, _ENTRIES, "")
    if state["learning_rate"] is not None:
        _validate.positive("state.learning_rate", state["learning_rate"])
    for saved in (state, state["previous"], state["best"]):
        if saved is not None:
            _check_params(saved["params"], params)
    before, now = state["optimizer_name"], type(optimizer).__name__
    if before != now:
        raise ArgumentError("training.state-optimizer", before=before, now=now)
    optimizer.check_state(state["optimizer"], params)


def _check_entries(state: Any, entries: Mapping[str, Any], path: str) -> None:
    for name, kind in entries.items():
        where = f"{path}{name}"
        if name not in state:
            raise ArgumentTypeError("training.state-missing", entry=where)
        value = state[name]
        if name in _OPTIONAL and value is None:
            continue
        nested = isinstance(kind, Mapping)
        if not isinstance(value, Mapping if nested else kind):
            raise ArgumentTypeError("training.state-entry", entry=where, kind=type(value).__name__)
        if nested:
            _check_entries(value, kind, f"{where}.")


def _check_params(saved: Mapping[str, Array], params: Mapping[str, Array]) -> None:
    before = {name: tuple(getattr(array, "shape", ())) for name, array in saved.items()}
    now = {name: tuple(array.shape) for name, array in params.items()}
    if before != now:
        raise ShapeError("training.state-network", before=before, now=now)
