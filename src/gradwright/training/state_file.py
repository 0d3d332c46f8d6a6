"""What `Trainer.state` returns as one safetensors file, and back: every bit, and no pickle."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright import storage
from gradwright.errors import ArgumentTypeError, ModelFileError
from gradwright.training.history import History, Record

FORMAT = 1
_NAME = "gradwright-checkpoint"
_DTYPES = {"bool", *(f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64))} | {
    f"float{bits}" for bits in (16, 32, 64)
}
_FIELDS = [field.name for field in fields(Record)]

Arrays = dict[str, npt.NDArray[Any]]


def to_bytes(state: Mapping[str, Any], about: Mapping[str, Any]) -> bytes:
    """Return the content of the file.

    Arrays are tensors of the file; all else is JSON in its metadata, floats in hexadecimal. Both are under its sums.

    Parameters
    ----------
    state : dict
        From `Trainer.state`.
    about : dict
        Anything that JSON can hold.

    Raises
    ------
    ArgumentTypeError
        If an optimizer of one's own keeps something that is no array, number or text, nor a dict or list of them.
    """
    arrays: Arrays = {}
    tree = _packed({**state, "history": _columns(state["history"])}, "", arrays)
    metadata = {
        "format": _NAME,
        "version": str(FORMAT),
        "state": json.dumps(tree),
        "about": json.dumps(about, ensure_ascii=False),
    }
    return storage.tensors_to_bytes(arrays, metadata)


def read(path: str | os.PathLike[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the state and what was said about it.

    Raises
    ------
    DataNotFoundError
        If there is no such file.
    ModelFileError
        If it is damaged, no checkpoint, or of a later version.
    """
    arrays, metadata = storage.load_tensors(path)
    if metadata.get("format") != _NAME:
        raise ModelFileError("model.foreign", path=str(path), entry=_NAME)
    version = metadata.get("version", "")
    if not version.isdecimal() or int(version) > FORMAT:
        raise ModelFileError("model.newer", path=str(path), version=version, known=FORMAT)
    try:
        state = _unpacked(json.loads(metadata["state"]), arrays)
        return {**state, "history": _history(state["history"])}, json.loads(metadata["about"])
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        raise ModelFileError("model.damaged", path=str(path), entry="state") from None


def _packed(node: Any, path: str, arrays: Arrays) -> Any:
    """Return `node` as JSON can hold it; arrays go into `arrays`. What JSON has no form for is a list with a tag."""
    if node is None or isinstance(node, (bool, int, str)):
        return node
    if isinstance(node, float):
        return ["float", float(node).hex()]
    if isinstance(node, Mapping) and all(isinstance(key, str) for key in node):
        inside = f"{path}." if path else ""
        return ["dict", {key: _packed(child, f"{inside}{key}", arrays) for key, child in node.items()}]
    if isinstance(node, (list, tuple)):
        return ["list", [_packed(child, f"{path}.{number}", arrays) for number, child in enumerate(node)]]
    if isinstance(node, np.ndarray) and node.dtype.name in _DTYPES:
        name = path
        while name in arrays:  # a key with a dot in it
            name += "'"
        arrays[name] = node
        return ["array", name]
    kind = f"{type(node).__name__} ({node.dtype})" if isinstance(node, np.ndarray) else type(node).__name__
    raise ArgumentTypeError("checkpoint.kind", entry=path, kind=kind)


def _unpacked(node: Any, arrays: Arrays) -> Any:
    if not isinstance(node, list):
        return node
    tag, content = node
    if tag == "float":
        return float.fromhex(content)
    if tag == "array":
        return arrays[content]
    if tag == "dict":
        return {key: _unpacked(child, arrays) for key, child in content.items()}
    return [_unpacked(child, arrays) for child in content]


def _columns(history: History) -> dict[str, Any]:
    """Return a history as arrays: a run of a million steps has as many losses."""
    rows = [[getattr(record, name) for name in _FIELDS] for record in history.records]
    shape = (len(rows), len(_FIELDS))
    numbers = [[0.0 if value is None else value for value in row] for row in rows]
    return {
        "loss": np.array(history.loss, np.float64),
        "records": np.array(numbers, np.float64).reshape(shape),
        "given": np.array([[value is not None for value in row] for row in rows], bool).reshape(shape),
        "fields": _FIELDS,
        "seed": history.seed,
        "stopped": history.stopped,
    }


def _history(columns: Mapping[str, Any]) -> History:
    names, records = columns["fields"], []
    for row, given in zip(columns["records"].tolist(), columns["given"].tolist(), strict=True):
        values: dict[str, Any] = {name: n if there else None for name, n, there in zip(names, row, given, strict=True)}
        values["step"] = int(values["step"])
        records.append(Record(**values))
    return History(columns["loss"].tolist(), records, columns["seed"], columns["stopped"])
