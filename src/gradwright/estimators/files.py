"""An estimator as the file of its network, with the rest in the metadata; nothing of training is needed to read it."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gradwright.errors import ArgumentError, ModelFileError
from gradwright.messages import phrase
from gradwright.nn import Network

if TYPE_CHECKING:
    from gradwright.estimators.base import NetworkEstimator

_ENTRY = "estimator"


def _held_by_json(value: Any) -> bool:
    plain = (bool, int, float, str, type(None))
    return type(value) in plain or (type(value) in (tuple, list) and all(type(item) in plain for item in value))


def save(estimator: NetworkEstimator, path: str | os.PathLike[str], overwrite: bool) -> None:
    """Write `estimator`, which is fitted, to `path`."""
    names = getattr(estimator, "feature_names_in_", None)
    facts = {
        "kind": type(estimator).__name__,
        "params": {name: value for name, value in estimator.get_params().items() if _held_by_json(value)},
        "features": None if names is None else [str(name) for name in names],
        "kept": {name: getattr(estimator, name) for name in estimator._kept},
        **estimator._facts(),
    }
    network = copy.copy(estimator.network_)
    network.metadata = {**network.metadata, _ENTRY: facts, **_for_commands(facts)}
    network.save(path, overwrite=overwrite)


def _for_commands(facts: dict[str, Any]) -> dict[str, Any]:
    """Return what ``gradwright predict`` and ``export`` look for, as ``gradwright train`` writes it."""
    found: dict[str, Any] = {}
    if facts["features"] is not None:
        found["features"] = facts["features"]
    if "labels" in facts:
        found["classes"] = [str(label) for label in facts["labels"]]
    if "targets" in facts:
        means, scales = zip(*facts["targets"], strict=True)
        found["target_scaling"] = {"mean": list(means), "scale": list(scales)}
    return found


def restore(estimator: NetworkEstimator, path: str | os.PathLike[str]) -> None:
    """Make `estimator`, a fresh one, what `path` holds; each thing that the file says of it is looked at."""
    network, kind = Network.load(path), type(estimator).__name__
    facts = network.metadata.pop(_ENTRY, None)
    if not isinstance(facts, dict) or facts.get("kind") != kind:
        found = facts.get("kind") if isinstance(facts, dict) else type(network).__name__
        raise ModelFileError("estimator.foreign", path=str(Path(path)), kind=kind, found=found)
    for name, fits in _fitting(estimator, network, facts).items():
        if name not in facts or not fits:
            raise _misfit(path, name, kind, facts.get(name))
    params = facts["params"].items()
    estimator.set_params(**{name: tuple(value) if isinstance(value, list) else value for name, value in params})
    if facts["features"] is not None:
        estimator.feature_names_in_ = np.array(facts["features"], object)
    for name in estimator._kept:
        setattr(estimator, name, facts["kept"][name])
    estimator._take_facts(facts)
    for name in _for_commands(facts):
        network.metadata.pop(name, None)
    estimator.network_, estimator.n_features_in_ = network, network.n_in
    try:
        estimator._resume()
    except ArgumentError:
        raise _misfit(path, "params", kind, facts["params"]) from None


def _misfit(path: str | os.PathLike[str], name: str, kind: str, value: Any) -> ModelFileError:
    expected = phrase("kind.saved-by", kind=kind)
    return ModelFileError("model.entry", path=str(Path(path)), entry=f"{_ENTRY}.{name}", expected=expected, value=value)


def _fitting(estimator: NetworkEstimator, network: Network, facts: dict[str, Any]) -> dict[str, bool]:
    """Tell of each fact whether it is of the form that `save` gives it, and fits the network."""
    params, features, kept = (facts.get(name) for name in ("params", "features", "kept"))
    return {
        "kind": type(network.loss_function) is estimator._loss,
        "params": isinstance(params, dict) and set(params) <= set(estimator.get_params()),
        "features": features is None or _is_list(features, str, network.n_in),
        "kept": isinstance(kept, dict)
        and all(_KEPT[name](kept.get(name)) for name in estimator._kept)
        and bool(kept["loss_curve_"]) == (kept["n_iter_"] > 0),  # none where the first epoch was interrupted
        **estimator._fitting(facts, network.n_out),
    }


def _is_list(value: Any, kind: type, length: int | None = None) -> bool:
    if not isinstance(value, list) or not all(type(item) is kind for item in value):
        return False
    return length is None or len(value) == length


#: What the attributes are that a file keeps as they are.
_KEPT: dict[str, Callable[[Any], bool]] = {
    "loss_curve_": lambda value: _is_list(value, float),
    "validation_scores_": lambda value: value is None or _is_list(value, float),
    "n_iter_": lambda value: type(value) is int and value >= 0,
    "stopped_": lambda value: isinstance(value, str),
}


def labels_to_json(labels: np.ndarray[Any, Any]) -> dict[str, Any]:
    """Return labels, and the dtype to bring them back in.

    Raises
    ------
    TypeError
        If one is neither a number nor text.
    """
    values = labels.tolist()
    json.dumps(values)
    return {"labels": values, "labels_dtype": labels.dtype.str if labels.dtype != object else "object"}


def labels_from_json(facts: dict[str, Any]) -> np.ndarray[Any, Any]:
    """Return what `labels_to_json` was given."""
    return np.array(facts["labels"], dtype=np.dtype(facts["labels_dtype"]))


def labels_come_back(facts: dict[str, Any]) -> bool:
    """Tell whether the facts are what `labels_to_json` returns for labels, ascending."""
    try:
        labels = labels_from_json(facts)
        same = {name: facts[name] for name in ("labels", "labels_dtype")} == labels_to_json(labels)
        return same and labels.ndim == 1 and np.array_equal(np.unique(labels), labels)
    except (KeyError, TypeError, ValueError, OverflowError, MemoryError):
        return False
