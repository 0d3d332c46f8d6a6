"""From what a command names to a data set, and what a model remembers of the one that it was trained on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from gradwright import Dataset, Network, data
from gradwright.data import Scaling
from gradwright.errors import ArgumentError, DataError, UsageError

DATA_SETS = ("digits", "mnist")


def load(
    name: str,
    folder: Path | None,
    *,
    label: str | None = None,
    task: str = "auto",
    target: str | None = None,
    seed: int,
) -> Dataset:
    """Return the data set called `name`, or at that path; with a target turned into the question "is it that?".

    `seed` draws the test part, where the data have none of their own.
    """
    if folder is not None and name != "mnist":
        raise UsageError("command.data-dir")
    if name in DATA_SETS:
        for flag, given in (("--label", label is not None), ("--task", task != "auto")):
            if given:
                raise UsageError("command.own-data", flag=flag, data=name)
        found = data.digits() if name == "digits" else data.mnist(folder)
    else:
        path = Path(name)
        if not path.exists():
            raise ArgumentError("command.data", value=name, names=", ".join(DATA_SETS))
        found = data.load(path, label=label, task=task, rng=seed)
    return found if target is None else found.one_vs_rest(target)


def remembered(dataset: Dataset, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `predict` and `evaluate` need to know of the data, and what anyone handed the model would ask."""
    scalings = {"scaling": dataset.scaling, "target_scaling": dataset.target_scaling}
    return {
        "data": settings["data"],
        "label": settings["label"],
        "task": settings["task"],
        "seed": settings["seed"],
        "target": settings["target"],
        "classes": list(dataset.classes),
        "image_shape": list(dataset.image_shape) if dataset.image_shape else None,
        "features": list(dataset.features),
        "fingerprint": dataset.fingerprint(),
        **{name: scaling.to_dict() if scaling else None for name, scaling in scalings.items()},
    }


def scaling_of(network: Network, name: str = "scaling") -> Scaling | None:
    """Return a scaling that a model remembers."""
    saved = network.metadata.get(name)
    return Scaling.from_dict(saved) if saved else None


def samples_to_evaluate(network: Network, model: Path, dataset: Dataset) -> tuple[np.ndarray[Any, Any], Any]:
    """Return samples and answers that a model was not trained on, scaled as its own were.

    Of the data that it was trained on these are the test part; of other data, all.
    """
    here = {"data": dataset.name, "features": dataset.n_features, "classes": dataset.n_classes}
    classifies = network.loss_function.classifies
    own = network.metadata.get("fingerprint") in (None, dataset.fingerprint())
    if (
        network.n_in != dataset.n_features
        or classifies != bool(dataset.classes)
        or ((own or not classifies) and network.n_out != dataset.n_classes)
    ):
        raise DataError("evaluate.mismatch", path=str(model), n_in=network.n_in, n_out=network.n_out, **here)
    if own:
        if not len(dataset.x_test):
            raise DataError("evaluate.no-test", data=dataset.name)
        return dataset.x_test, dataset.t_test
    parts = [(dataset.x_train, dataset.t_train), (dataset.x_test, dataset.t_test)]
    x, t = (np.concatenate([part[i] for part in parts if len(part[0])]) for i in range(2))
    x = _in_scale_of(scaling_of(network), dataset.scaling, x)
    if classifies:
        return x, _in_classes_of(network, model, dataset, t)
    return x, _in_scale_of(scaling_of(network, "target_scaling"), dataset.target_scaling, t)


def _in_scale_of(own: Scaling | None, other: Scaling | None, x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    plain = x if other is None else other.undo(x)
    return np.asarray(plain if own is None else own.apply(plain), np.float32)


def _in_classes_of(network: Network, model: Path, dataset: Dataset, t: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    classes = network.metadata.get("classes") or list(dataset.classes)
    foreign = [name for name in dataset.classes if name not in classes]
    if foreign:
        raise DataError("evaluate.classes", path=str(model), data=dataset.name, classes=", ".join(foreign[:5]))
    place = np.array([classes.index(name) for name in dataset.classes], np.int64)
    return np.asarray(place[t])
