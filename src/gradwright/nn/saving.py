"""A network as one safetensors file: its arrays, and in the metadata what it takes to build it again."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gradwright import _validate, storage
from gradwright._arrays import to_numpy
from gradwright.errors import ArgumentError, ArgumentTypeError, ModelFileError, OutputExistsError
from gradwright.messages import phrase
from gradwright.nn import parameters, remembered
from gradwright.nn.layers import LAYERS, Layer, layer
from gradwright.nn.losses import LOSSES

if TYPE_CHECKING:
    from gradwright.nn.network import Network

FORMAT = 1
_NAME = "gradwright-model"


def to_bytes(net: Network) -> bytes:
    """Return the content of the file.

    Raises
    ------
    ArgumentError, ArgumentTypeError, ShapeError
        If a layer or the loss is of a kind that `read` would not know, or a parameter does not fit.
    """
    for part in (*net.layers, net.loss_function):
        if type(part) not in (*LAYERS.values(), *LOSSES.values()):
            raise ArgumentTypeError("network.not-savable", kind=type(part).__name__)
    parameters.checked(net)  # a file that could not be loaded again is of no use
    remembered.check(net.metadata, net.n_in, net.n_out)
    arrays = {name: np.asarray(to_numpy(net.params[name])) for name in parameters.shapes(net)}
    config = {
        "layers": [one.config() for one in net.layers],
        "loss": net.loss_function.kind,
        "metadata": net.metadata,
    }
    try:
        text = json.dumps(config, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise ArgumentTypeError("metadata.json", reason=str(error)) from None
    return storage.tensors_to_bytes(arrays, {"format": _NAME, "version": str(FORMAT), "network": text})


def save(net: Network, path: str | os.PathLike[str], overwrite: bool) -> None:
    """Write `net` to `path`."""
    file = _validate.path("path", path)
    if not overwrite and file.exists():
        raise OutputExistsError("file.exists", path=str(file))
    storage.write_atomic(file, to_bytes(net))


def restore(net: Network, path: str | os.PathLike[str]) -> None:
    """Make `net`, which holds nothing yet, the network that `path` holds.

    The sums only say that a file is as it was written; whoever wrote it, all that it says is looked at here.
    """
    file = _validate.path("path", path)
    arrays, entries = storage.load_tensors(file)
    if entries.get("format") != _NAME:
        raise ModelFileError("model.foreign", path=str(file), entry=_NAME)
    version = entries.get("version", "")
    if not version.isdecimal() or int(version) > FORMAT:
        raise ModelFileError("model.newer", path=str(file), version=version, known=FORMAT)
    config = _config(file, entries.get("network", ""))
    layers = [_layer(file, f"layers[{number}]", options) for number, options in enumerate(config["layers"])]
    if config["loss"] not in LOSSES:
        raise _misfit(file, "loss", phrase("kind.one-of", choices=", ".join(map(repr, LOSSES))), config["loss"])
    try:
        net._set_up(layers, LOSSES[config["loss"]]())
    except ArgumentError:
        raise _misfit(file, "layers", phrase("model.chain"), config["layers"]) from None
    _take_arrays(file, net, arrays)
    try:
        remembered.check(config["metadata"], net.n_in, net.n_out)
    except ArgumentError as error:
        raise _misfit(
            file, f"metadata.{error.fields['entry']}", *map(error.fields.get, ("expected", "value"))
        ) from None
    net.metadata = config["metadata"]


def _misfit(file: Path, entry: str, expected: Any, value: Any) -> ModelFileError:
    return ModelFileError("model.entry", path=str(file), entry=entry, expected=expected, value=value)


def _config(file: Path, text: str) -> dict[str, Any]:
    """Return what the file says of the network, the kinds of its parts looked at."""
    try:
        config = json.loads(text)
    except (ValueError, RecursionError):
        config = text
    if not isinstance(config, dict):
        raise _misfit(file, "network", phrase("kind.json-object"), config)
    for name, kind, called in (("layers", list, "list"), ("loss", str, "text"), ("metadata", dict, "json-object")):
        if not isinstance(config.get(name), kind):
            raise _misfit(file, name, phrase(f"kind.{called}"), config.get(name))
    return config


def _layer(file: Path, entry: str, options: Any) -> Layer:
    try:
        return layer(options)
    except (ValueError, TypeError):  # ours, and Python's own of names that the kind does not have
        raise _misfit(file, entry, phrase("model.layer"), options) from None


def _take_arrays(file: Path, net: Network, arrays: dict[str, npt.NDArray[Any]]) -> None:
    shapes = parameters.shapes(net)
    if set(shapes) != set(arrays):
        raise _misfit(file, "arrays", phrase("model.arrays", names=", ".join(shapes)), ", ".join(arrays))
    for name, shape in shapes.items():
        found = arrays[name]
        if found.shape != shape or found.dtype.kind != "f":
            raise _misfit(file, name, phrase("model.array", shape=shape), f"{found.shape}, {found.dtype.name}")
    net.params = {name: arrays[name] for name in shapes}
