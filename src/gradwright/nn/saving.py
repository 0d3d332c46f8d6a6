"""A network as one safetensors file: its arrays, and in the metadata what it takes to build it again."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gradwright import storage
from gradwright._arrays import to_numpy
from gradwright.errors import ArgumentError, ArgumentTypeError, ModelFileError, OutputExistsError
from gradwright.nn import parameters
from gradwright.nn.layers import LAYERS, Layer, layer
from gradwright.nn.losses import LOSSES, Loss

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
    arrays = {name: np.asarray(to_numpy(net.params[name])) for name in parameters.shapes(net)}
    config = {
        "layers": [one.config() for one in net.layers],
        "loss": net.loss_function.kind,
        "metadata": net.metadata,
    }
    return storage.tensors_to_bytes(
        arrays, {"format": _NAME, "version": str(FORMAT), "network": json.dumps(config, ensure_ascii=False)}
    )


def save(net: Network, path: str | os.PathLike[str], overwrite: bool) -> None:
    """Write `net` to `path`."""
    if not overwrite and Path(path).exists():
        raise OutputExistsError("file.exists", path=str(path))
    storage.write_atomic(path, to_bytes(net))


def read(path: str | os.PathLike[str]) -> tuple[list[Layer], Loss, dict[str, npt.NDArray[Any]], dict[str, Any]]:
    """Return the layers, the loss, the parameters and the metadata that `path` holds."""
    arrays, metadata = storage.load_tensors(path)
    if metadata.get("format") != _NAME:
        raise ModelFileError("model.foreign", path=str(path), entry=_NAME)
    version = metadata.get("version", "")
    if not version.isdecimal() or int(version) > FORMAT:
        raise ModelFileError("model.newer", path=str(path), version=version, known=FORMAT)
    try:
        config = json.loads(metadata["network"])
        layers = [layer(options) for options in config["layers"]]
        return layers, LOSSES[config["loss"]](), arrays, dict(config["metadata"])
    except (ValueError, KeyError, TypeError):
        raise ModelFileError("model.damaged", path=str(path), entry="network") from None


def restore(net: Network, path: str | os.PathLike[str]) -> None:
    """Make `net`, which holds nothing yet, the network that `path` holds."""
    layers, loss, arrays, metadata = read(path)
    try:
        net._set_up(layers, loss)
    except (ArgumentError, ArgumentTypeError):
        raise ModelFileError("model.damaged", path=str(path), entry="network") from None
    shapes = parameters.shapes(net)
    if shapes != {name: array.shape for name, array in arrays.items()}:
        raise ModelFileError("model.damaged", path=str(path), entry="network")
    net.params, net.metadata = {name: arrays[name] for name in shapes}, metadata
