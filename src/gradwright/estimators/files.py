"""An estimator as the file of its network, with the rest in the metadata; nothing of training is needed to read it."""

from __future__ import annotations

import copy
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gradwright.errors import ModelFileError
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
    """Make `estimator`, a fresh one, what `path` holds."""
    network, kind = Network.load(path), type(estimator).__name__
    facts = network.metadata.pop(_ENTRY, None)
    if not isinstance(facts, dict) or facts.get("kind") != kind:
        found = facts.get("kind") if isinstance(facts, dict) else type(network).__name__
        raise ModelFileError("estimator.foreign", path=str(Path(path)), kind=kind, found=found)
    try:
        estimator.set_params(
            **{name: tuple(value) if isinstance(value, list) else value for name, value in facts["params"].items()}
        )
        if facts["features"] is not None:
            estimator.feature_names_in_ = np.array([str(name) for name in facts["features"]], object)
        for name in estimator._kept:
            setattr(estimator, name, facts["kept"][name])
        estimator._take_facts(facts)
        n_out, loss = estimator._end()
        sound = n_out == network.n_out and type(loss) is type(network.loss_function)
    except (KeyError, TypeError, ValueError, AttributeError):
        sound = False
    if not sound:
        raise ModelFileError("model.damaged", path=str(Path(path)), entry=_ENTRY)
    for name in _for_commands(facts):
        network.metadata.pop(name, None)
    estimator.network_, estimator.n_features_in_ = network, network.n_in
    estimator._resume()


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
