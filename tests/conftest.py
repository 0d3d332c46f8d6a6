"""Fixtures for every suite: the array libraries, the real MNIST files, English unless a test says otherwise."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

LIBRARIES = ["numpy", "numpy-readonly", "array-api-strict", "torch", "jax"]


def need(module: str) -> Any:
    """Import an optional package; skip where it is missing, but fail under CI, where every extra must be there."""
    try:
        return importlib.import_module(module)
    except ImportError:
        if os.environ.get("CI"):
            pytest.fail(f"{module} is not installed, and under CI no test may be skipped for a missing extra")
        pytest.skip(f"{module} is not installed")


class Library:
    """One array library as the tests see it: make an array, read it back.

    ``xp(values, dtype="float64")`` makes an array; ``xp.numpy(array)`` brings it back; ``xp.type`` is its class.
    JAX arrays are float32 unless a test enters ``jax.enable_x64`` itself: that is how its users work, and the global
    setting is never touched. `rtol` is a tolerance that suits the dtype which the library gives for ``float64``.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.double = "float32" if name == "jax" else "float64"
        self.rtol = 2e-5 if name == "jax" else 1e-10
        module = {"array-api-strict": "array_api_strict", "torch": "torch", "jax": "jax.numpy"}.get(name)
        self._module = need(module) if module else np
        self.type = {"torch": lambda m: m.Tensor, "jax": lambda m: m.ndarray}.get(name, lambda m: None)(self._module)
        if self.type is None:
            self.type = np.ndarray if module is None else type(self._module.asarray([1.0]))

    def __call__(self, values: Any, dtype: str | None = None) -> Any:
        host = np.asarray(values)
        if dtype is None:
            dtype = self.double if host.dtype.kind == "f" else str(host.dtype)
        if self.name == "jax" and dtype in ("float64", "int64"):
            dtype = dtype.replace("64", "32")
        host = np.array(host, dtype=dtype)
        if self.name.startswith("numpy"):
            host.flags.writeable = self.name == "numpy"
            return host
        return self._module.asarray(host)

    def numpy(self, array: Any) -> np.ndarray:
        assert isinstance(array, self.type), f"{type(array)} came back where {self.type} went in"
        if self.name == "array-api-strict":
            return np.from_dlpack(array)
        return array.detach().numpy() if self.name == "torch" else np.asarray(array)


@pytest.fixture(params=LIBRARIES)
def xp(request: pytest.FixtureRequest) -> Library:
    """Each array library in turn."""
    return Library(request.param)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20240229)


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages in English, whatever the machine's locale."""
    monkeypatch.setenv("GRADWRIGHT_LANG", "en")


@pytest.fixture(scope="session")
def mnist_folder() -> Path:
    """The folder with the four real MNIST files, from GRADWRIGHT_MNIST or beside the checkout."""
    named = os.environ.get("GRADWRIGHT_MNIST")
    candidates = [Path(named)] if named else [p / "shared" / "mnist" for p in Path(__file__).resolve().parents]
    for folder in candidates:
        if (folder / "train-images-idx3-ubyte.gz").is_file():
            return folder
    pytest.skip("the MNIST files are not here; set GRADWRIGHT_MNIST to their folder")


@pytest.fixture
def need_module() -> Callable[[str], Any]:
    return need
