"""Arrays brought to the library, device and dtype of a network's parameters, and back to the host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright import _validate
from gradwright._arrays import Array, adapter, namespace, to_numpy
from gradwright.data import Dataset, stratified_split
from gradwright.errors import ArgumentError

#: Samples beside the parameters, and their answers on the host.
Samples = tuple[Array, npt.NDArray[Any]]


def sets_of(data: Dataset, validation: float, rng: np.random.Generator, like: Array) -> dict[str, Samples]:
    """Return the samples by set (``"train"``, ``"validation"``, ``"test"``), of the library and dtype of `like`."""
    x, t = data.x_train, data.t_train
    parts = {"train": (x, t)}
    if validation:
        share = _validate.in_range("validation", validation, 0.0, 0.9)
        kept, held = stratified_split(t if data.classes else np.zeros(len(t), int), test_fraction=share, rng=rng)
        if not len(held):
            raise ArgumentError("training.validation-empty", share=validation, count=len(t))
        parts = {"train": (x[kept], t[kept]), "validation": (x[held], t[held])}
    if len(data.x_test):
        parts["test"] = (data.x_test, data.t_test)
    return {name: (cast(x, like), t) for name, (x, t) in parts.items()}


def cast(array: Array, like: Array) -> Array:
    """Return `array` in the library, device and dtype of `like`; itself where it has them."""
    own = adapter(like)
    if adapter(array) is not own:
        array = own.from_numpy(to_numpy(array), like)
    return array if array.dtype == like.dtype else namespace(like).astype(array, like.dtype)


def rows(x: Array, numbers: npt.NDArray[np.int64]) -> Array:
    """Return the samples of these numbers."""
    if isinstance(x, np.ndarray):
        return x[numbers]
    return namespace(x).take(x, adapter(x).from_numpy(numbers, x), axis=0)


def on_host(tree: Any) -> Any:
    """Return a copy of a dict of arrays and numbers, at any depth, with NumPy arrays in the place of others."""
    if isinstance(tree, dict):
        return {name: on_host(child) for name, child in tree.items()}
    return tree if tree is None or isinstance(tree, (int, float)) else np.array(to_numpy(tree))


def from_host(saved: Mapping[str, npt.NDArray[Any]], params: Mapping[str, Array]) -> dict[str, Array]:
    """Return copies of saved arrays in the role of `params`: their library, device, dtype and recording."""
    return {name: adapter(like).successor(like, cast(np.array(saved[name]), like)) for name, like in params.items()}
