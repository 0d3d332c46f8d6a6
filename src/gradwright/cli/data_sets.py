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
        path = _as_given(name)
        if not name or not path.exists():  # no name would be the working folder
            raise ArgumentError("command.data", value=name, names=", ".join(DATA_SETS))
        found = data.load(path, label=label, task=task, rng=seed)
    if target is not None and not found.classes:
        raise DataError("data.no-classes", name=str(_as_given(name)))  # its path, which a data set does not know
    return found if target is None else found.one_vs_rest(target)


def _as_given(name: str) -> Path:
    """Return the path of a data set, which a run keeps in full, as it was probably given; it names it in messages."""
    try:
        name.encode()
    except UnicodeEncodeError:  # neither run.json nor a terminal takes such a name
        raise ArgumentError("command.data-name", value=name) from None
    path = Path(name)
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


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


def samples_to_evaluate(
    network: Network, model: Path, name: str, folder: Path | None, label: str | None, task: str
) -> tuple[np.ndarray[Any, Any], Any]:
    """Return samples and answers that a model was not trained on, in the form that its own had.

    Of the data that it was trained on these are the test part; of other data, all.
    """
    known = network.metadata
    if name in DATA_SETS or _same_place(name, known.get("data")):
        return _held_back(network, model, name, folder, label, task)
    if not Path(name).exists():
        raise ArgumentError("command.data", value=name, names=", ".join(DATA_SETS))
    classifies = network.loss_function.classifies
    x, t = data.samples(
        name,
        classes=known.get("classes") or [str(k) for k in range(network.n_out)] if classifies else (),
        features=known.get("features") or (),
        label=label,
        image_shape=known.get("image_shape"),
        scaling=scaling_of(network),
        target_scaling=scaling_of(network, "target_scaling"),
    )
    width = network.n_out if classifies else t.shape[1]
    if (x.shape[1], width) != (network.n_in, network.n_out):
        raise _mismatch(network, model, name, x.shape[1], width)
    return x, t


def _same_place(name: str, before: Any) -> bool:
    return isinstance(before, str) and Path(name).absolute() == Path(before).absolute()


def _held_back(
    network: Network, model: Path, name: str, folder: Path | None, label: str | None, task: str
) -> tuple[np.ndarray[Any, Any], Any]:
    known = network.metadata
    own = name == known.get("data") or _same_place(name, known.get("data"))
    if own and name not in DATA_SETS:
        label, task = label or known.get("label"), (known.get("task") or "auto") if task == "auto" else task
    seed = known.get("seed") or 0
    dataset = load(name, folder, label=label, task=task, target=known.get("target"), seed=seed)
    shown, sizes = str(_as_given(name)), (dataset.n_features, dataset.n_classes)
    if sizes != (network.n_in, network.n_out) or bool(dataset.classes) != network.loss_function.classifies:
        raise _mismatch(network, model, shown, *sizes)
    if own and known.get("fingerprint") not in (None, dataset.fingerprint()):
        raise DataError("evaluate.changed", path=str(model), data=shown)
    if not len(dataset.x_test):
        raise DataError("evaluate.no-test", data=shown)
    return dataset.x_test, dataset.t_test


def _mismatch(network: Network, model: Path, name: str, features: int, classes: int) -> DataError:
    sizes = {"n_in": network.n_in, "n_out": network.n_out}
    return DataError("evaluate.mismatch", path=str(model), data=name, features=features, classes=classes, **sizes)
