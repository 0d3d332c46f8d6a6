"""From what a command names to a data set, and what a model remembers of the one that it was trained on."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from gradwright import Dataset, Network, data
from gradwright.cli.screen import near
from gradwright.data import Scaling
from gradwright.errors import ArgumentError, DataError, DataNotFoundError, GradwrightError, ModelFileError, UsageError
from gradwright.messages import phrase

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
    return near(path) if path.is_absolute() else path


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
        "image_range": _range_of(dataset),
        **{name: scaling.to_dict() if scaling else None for name, scaling in scalings.items()},
    }


def _range_of(dataset: Dataset) -> list[float] | None:
    """Return the least and the largest number of training pictures in a unit of their own: their black and white."""
    if dataset.image_shape is None or dataset.scaling is None:
        return None
    ends = [dataset.scaling.undo(part(axis=0)) for part in (dataset.x_train.min, dataset.x_train.max)]
    low, high = float(ends[0].min()), float(ends[1].max())
    if not 0 < high - low < math.inf:
        return None
    places = 5 - math.floor(math.log10(high - low))  # float32 keeps six digits and a bit
    return [round(low, places) + 0.0, round(high, places) + 0.0]


def name_of_origin(network: Network, model: Path) -> str:
    """Return the data set, or the path, that a model was trained on, to be loaded once more."""
    name: str | None = _told(network, model, "data")
    if name is None:
        raise UsageError("evaluate.no-data", path=str(model))
    if name not in DATA_SETS and not Path(name).exists():
        raise DataNotFoundError("evaluate.gone", path=str(model), data=name)
    return name


def _told(network: Network, model: Path, name: str, kind: type = str) -> Any:
    """Return what a model says of where its data came from: None, or of that kind."""
    value = network.metadata.get(name)
    if value is not None and type(value) is not kind:
        expected = phrase("kind.text" if kind is str else "kind.whole")
        raise ModelFileError("model.entry", path=str(model), entry=f"metadata.{name}", expected=expected, value=value)
    return value


def scaling_of(network: Network, name: str = "scaling") -> Scaling | None:
    """Return a scaling that a model remembers."""
    saved = network.metadata.get(name)
    return Scaling.from_dict(saved) if saved else None


def classes_of(network: Network) -> list[str]:
    """Return the names of the outputs, as a model remembers them, or their numbers."""
    return network.metadata.get("classes") or [str(k) for k in range(network.n_out)]


def samples_to_evaluate(
    network: Network, model: Path, name: str, folder: Path | None, label: str | None, task: str
) -> tuple[np.ndarray[Any, Any], Any]:
    """Return samples and answers that a model was not trained on, in the form that its own had.

    Of the data that it was trained on these are the test part, also where they have moved; of other data, all.
    """
    known, before = network.metadata, network.metadata.get("data")
    own = name == before or _same_place(name, before)
    if own or name in DATA_SETS:
        return _held_back(network, model, name, folder, label, task, own=own)
    if not Path(name).exists():
        raise ArgumentError("command.data", value=name, names=", ".join(DATA_SETS))
    has_gone = isinstance(before, str) and before not in DATA_SETS and not Path(before).exists()
    if has_gone and known.get("fingerprint"):
        with contextlib.suppress(GradwrightError):  # not those: then all samples are new to the model
            return _held_back(network, model, name, folder, label, task, own=True)
    classifies = network.loss_function.classifies
    x, t = data.samples(
        name,
        classes=classes_of(network) if classifies else (),
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
    network: Network, model: Path, name: str, folder: Path | None, label: str | None, task: str, *, own: bool
) -> tuple[np.ndarray[Any, Any], Any]:
    target, fingerprint = (_told(network, model, entry) for entry in ("target", "fingerprint"))
    if own and name not in DATA_SETS:
        label = label or _told(network, model, "label")
        task = (_told(network, model, "task") or "auto") if task == "auto" else task
    seed = abs(_told(network, model, "seed", int) or 0)
    dataset = load(name, folder, label=label, task=task, target=target, seed=seed)
    shown, sizes = str(_as_given(name)), (dataset.n_features, dataset.n_classes)
    if sizes != (network.n_in, network.n_out) or bool(dataset.classes) != network.loss_function.classifies:
        raise _mismatch(network, model, shown, *sizes)
    if own and fingerprint not in (None, dataset.fingerprint()):
        raise DataError("evaluate.changed", path=str(model), data=shown)
    if not len(dataset.x_test):
        raise DataError("evaluate.no-test", data=shown)
    return dataset.x_test, dataset.t_test


def _mismatch(network: Network, model: Path, name: str, features: int, classes: int) -> DataError:
    sizes = {"n_in": network.n_in, "n_out": network.n_out}
    return DataError("evaluate.mismatch", path=str(model), data=name, features=features, classes=classes, **sizes)
