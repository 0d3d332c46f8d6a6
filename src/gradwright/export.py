"""A network for other programs: an ONNX graph, with what was done to the data before and after."""

from __future__ import annotations

import json
import os
from typing import Any

import numpy as np

from gradwright import _validate
from gradwright._arrays import to_numpy
from gradwright.data import Scaling
from gradwright.errors import ArgumentTypeError, MissingExtraError, OutputExistsError
from gradwright.nn import (
    Affine,
    HalfSquaredError,
    Identity,
    Network,
    ReLU,
    Sigmoid,
    SoftmaxCrossEntropy,
    Tanh,
    remembered,
)
from gradwright.nn.parameters import checked
from gradwright.storage import check_target, write_atomic

#: Old enough for the runtimes of years ago: ONNX 1.12, ONNX Runtime 1.12, both of 2022.
_OPSET, _IR_VERSION = 17, 8
#: A mean of up to so many times the spread leaves float32 four digits of the spread.
_WIDE = 1000.0
#: Some powers of ten below the largest number of float32, and the inverse above its smallest with all digits.
_LARGE = 1e30
_ACTIVATIONS: dict[type, str] = {Sigmoid: "Sigmoid", Tanh: "Tanh", ReLU: "Relu", Identity: "Identity"}


def to_onnx(network: Network, path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
    """Write a network as an ONNX model.

    The graph takes ``x``, float32 of shape (n, n_features), as the data were before training: where the network
    remembers how they were scaled (``network.metadata["scaling"]``, which ``gradwright train`` writes), it scales them.
    Pictures are grey values of 0 to 1. Where numbers are so large beside their spread that float32 would lose it, a
    time in seconds for one, the input, or the values that come out, are float64.
    A classifier gives ``probabilities``, of shape (n, n_classes), and ``label``, int64 of shape (n,), the number of the
    likeliest class; a regression gives ``values``, in the units before training.

    Parameters
    ----------
    network : Network
        Of layers and a loss of this library; its dtype is that of the graph.
    path : path
        The file to write.
    overwrite : bool
        Whether a file that is there may be replaced.

    Raises
    ------
    ArgumentTypeError
        If a layer or the loss is of one's own: ONNX has no such operation.
    ArgumentError
        If what the network remembers of its data does not fit it.
    OutputExistsError, StorageError
        If the file is there, or cannot be written.
    MissingExtraError
        If onnx is not installed.

    Notes
    -----
    The metadata of the model hold, as JSON, ``classes``, ``features``, ``image_shape`` and ``image_range``, and what
    else the network remembers in one word. Operations are those of opset 17.

    References
    ----------
    Open Neural Network Exchange, operators of opset 17: https://onnx.ai/onnx/operators/.
    """
    file = _validate.path("path", path)
    check_target(file)
    if file.exists() and not _validate.flag("overwrite", overwrite):
        raise OutputExistsError("file.exists", path=str(file))
    write_atomic(file, onnx_bytes(network))


def onnx_bytes(network: Network) -> bytes:
    """Return the content of the file that `to_onnx` writes; errors likewise."""
    _validate.instance("network", network, Network)
    remembered.check(network.metadata, network.n_in, network.n_out)
    for part in network.layers:
        if type(part) is not Affine and type(part) not in _ACTIVATIONS:
            raise ArgumentTypeError("export.layer", kind=type(part).__name__)
    if type(network.loss_function) not in (SoftmaxCrossEntropy, HalfSquaredError):
        raise ArgumentTypeError("export.layer", kind=type(network.loss_function).__name__)
    dtype = np.dtype(to_numpy(checked(network)).dtype)
    graph = _Graph("float64" if dtype == np.float64 else "float32")
    graph.scaled(network.metadata.get("scaling"))
    for layer, names in zip(network.layers, network._names, strict=True):
        if isinstance(layer, Affine):
            graph.affine(names, {name: to_numpy(network.params[name]) for name in names.values()})
        else:
            graph.add(_ACTIVATIONS[type(layer)], [graph.last])
    if network.loss_function.classifies:
        graph.classes(network.n_out)
    else:
        graph.values(network.metadata.get("target_scaling"), network.n_out)
    return graph.finished(network)


class _Graph:
    """A graph that grows by one operation after another.

    Attributes
    ----------
    last : str
        The name of what the last operation gave.
    """

    def __init__(self, dtype: str) -> None:
        self._onnx = _onnx()
        self.dtype, self.last, self.taken = dtype, "x", "float32"
        self._nodes: list[Any] = []
        self._constants: list[Any] = []
        self._outputs: list[Any] = []

    def add(self, operation: str, inputs: list[str], output: str = "", **options: Any) -> None:
        """Add an operation, whose output becomes the last."""
        self.last = output or f"{operation.lower()}{len(self._nodes)}"
        self._nodes.append(self._onnx.helper.make_node(operation, inputs, [self.last], **options))

    def constant(self, name: str, values: Any) -> str:
        """Add an array, and return its name."""
        self._constants.append(self._onnx.numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def cast(self, dtype: str, output: str = "") -> None:
        """Bring what came last to another dtype."""
        self.add("Cast", [self.last], output, to=self._kind(dtype))

    def scaled(self, saved: Any) -> None:
        """Scale what goes in, in float64 as `Scaling.apply` does: numbers may be large and their spread small."""
        if saved:
            scaling = Scaling.from_dict(saved)
            self.taken = _holding(scaling)
            self.cast("float64")
            self.add("Sub", [self.last, self.constant("mean", scaling.mean)])
            self.add("Div", [self.last, self.constant("scale", scaling.scale)])
            self.cast("float32")
        if self.dtype == "float64":
            self.cast("float64")

    def affine(self, names: dict[str, str], arrays: dict[str, Any]) -> None:
        """Add x W + b."""
        inputs = [self.constant(names[key], arrays[names[key]].astype(self.dtype)) for key in names]
        self.add("Gemm", [self.last, *inputs])

    def classes(self, count: int) -> None:
        """Add probabilities, and the label of the largest."""
        self.add("Softmax", [self.last], axis=1)
        self.cast("float32", "probabilities")
        self._output("probabilities", "float32", ["n", count])
        self.add("ArgMax", [self.last], "label", axis=1, keepdims=0)
        self._output("label", "int64", ["n"])

    def values(self, saved: Any, count: int) -> None:
        """Add the values in the units that they had."""
        dtype = "float32"
        self.cast("float64")
        if saved:
            scaling = Scaling.from_dict(saved)
            dtype = _holding(scaling)
            self.add("Mul", [self.last, self.constant("target_scale", scaling.scale)])
            self.add("Add", [self.last, self.constant("target_mean", scaling.mean)])
        self.cast(dtype, "values")
        self._output("values", dtype, ["n", count])

    def finished(self, network: Network) -> bytes:
        """Return the bytes of the model."""
        helper = self._onnx.helper
        taken = helper.make_tensor_value_info("x", self._kind(self.taken), ["n", network.n_in])
        graph = helper.make_graph(self._nodes, "network", [taken], self._outputs, self._constants)
        model = helper.make_model(
            graph,
            producer_name="gradwright",
            opset_imports=[helper.make_opsetid("", _OPSET)],
            ir_version=_IR_VERSION,
        )
        known = network.metadata
        names = ("classes", "features", "image_shape", "image_range")
        texts = {name: json.dumps(known.get(name), ensure_ascii=False) for name in names}
        texts |= {name: value for name, value in known.items() if isinstance(value, str)}
        helper.set_model_props(model, texts)
        self._onnx.checker.check_model(model, full_check=True)
        return bytes(model.SerializeToString(deterministic=True))

    def _output(self, name: str, dtype: str, shape: list[Any]) -> None:
        self._outputs.append(self._onnx.helper.make_tensor_value_info(name, self._kind(dtype), shape))

    def _kind(self, dtype: str) -> int:
        return int(self._onnx.helper.np_dtype_to_tensor_dtype(np.dtype(dtype)))


def _holding(scaling: Scaling) -> str:
    """Return the dtype that holds numbers before scaling to some digits more than the network needs."""
    mean, scale = np.abs(scaling.mean), scaling.scale
    lost = (mean > _WIDE * scale) | (np.maximum(mean, scale) > _LARGE) | (scale < 1 / _LARGE)
    return "float64" if lost.any() else "float32"


def _onnx() -> Any:
    try:
        import onnx
        import onnx.checker
        import onnx.helper
        import onnx.numpy_helper
    except ImportError:
        raise MissingExtraError("extra.missing", package="onnx", extra="onnx") from None
    return onnx
