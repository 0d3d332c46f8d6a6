"""PyTorch: tensors leave the graph on the way to the host, and keep their device on the way back.

Inside a transform of ``torch.func`` (``grad``, ``vmap``, ``jacrev``, ``hessian``) no tensor can be brought to the host,
not even one that was there before: every operation makes a wrapper without storage.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright._arrays._adapter import Adapter, Array, Container
from gradwright._arrays._torch_module import TorchModule, derivatives


class TorchAdapter(Adapter):
    """PyTorch on any device."""

    library = "torch"
    mixes_dtypes = False
    differentiates = True

    def to_numpy(self, array: Array) -> npt.NDArray[Any]:
        """Return the values on the host, detached from the graph; bfloat16, which NumPy lacks, as float32."""
        host = array.detach().resolve_conj().resolve_neg().cpu()
        if self.dtype_name(host) == "bfloat16":
            host = host.float()
        return np.asarray(host.numpy())

    def from_numpy(self, values: npt.ArrayLike, like: Array) -> Array:
        """Return a new tensor on the device of `like` that takes no part in a graph."""
        import torch

        # np.array copies: read-only flags and negative strides are gone, and a 0-d array stays 0-d.
        return torch.from_numpy(np.array(values, order="C")).to(like.device)

    def brought(self, array: Array, like: Array, dtype: str) -> Array:
        """Return the array detached, without the way over the host where it is on the device."""
        import torch

        if not isinstance(array, torch.Tensor):
            return self.from_numpy(np.asarray(array, dtype), like)
        return array.detach().to(device=like.device, dtype=getattr(torch, dtype))

    def taken(self, array: Array, places: Array, axis: int) -> Array:
        """Return the slices in one operation: the standard's ``take`` first looks for places counted from the end."""
        import torch

        return torch.index_select(array, axis, places)

    def replayed(self, function: Callable[..., list[Array]]) -> Callable[..., list[Array]]:
        """Return the function as graphs of CUDA, where the tensors are there."""
        from gradwright._arrays._torch_replay import Replayed

        return Replayed(function)

    def sums_of_parts(self, rows: Array, counts: Array) -> Array:
        """Return the sums, on the device."""
        import torch

        return torch.segment_reduce(rows.contiguous(), "sum", lengths=counts.to(torch.int64), axis=0, unsafe=True)

    def is_traced(self, array: Array) -> bool:
        """Tell whether a transform of ``torch.func`` is under way, or `array` has a shape and no values (``meta``)."""
        import torch

        # Torch has no public question for it; its own autograd.Function asks the same one.
        return array.device.type == "meta" or torch._C._functorch.peek_interpreter_stack() is not None

    def is_plain(self, array: Array) -> bool:
        """Tell whether it is a tensor of no derived class, of floating numbers."""
        import torch

        return type(array) is torch.Tensor and array.dtype in (torch.float32, torch.float64) and array.ndim > 0

    def successor(self, old: Array, new: Array) -> Array:
        """Return `new` detached, so that no graph grows from step to step, recording gradients where `old` does."""
        return new.detach().requires_grad_(old.requires_grad)

    @contextlib.contextmanager
    def float64(self) -> Iterator[None]:
        """Raise what is of less than float64 on its way into every operation inside the block."""
        from gradwright._arrays._torch_float64 import InFloat64

        with InFloat64():
            yield

    def gradient(self, f: Callable[[list[Array]], Any], arrays: Sequence[Array]) -> list[Array]:
        """Return what ``torch.autograd.grad`` gives for new leaves; 0 for those that f does not use."""
        import torch

        # Also where the caller has switched recording off; leaves that are made inside take part in it.
        with torch.inference_mode(False), torch.enable_grad():
            leaves = [array.detach().clone().requires_grad_() for array in arrays]
            return derivatives(f(list(leaves)), leaves)

    def container(self, value: Any) -> Container | None:
        """Return access to a module."""
        import torch

        return TorchModule(value) if isinstance(value, torch.nn.Module) else None
