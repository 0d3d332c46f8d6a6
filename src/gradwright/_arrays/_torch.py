"""PyTorch: tensors leave the graph on the way to the host, and keep their device on the way back.

Inside a transform of ``torch.func`` (``grad``, ``vmap``, ``jacrev``, ``hessian``) no tensor can be brought to the host,
not even one that was there before: every operation makes a wrapper without storage.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright._arrays._adapter import Adapter, Array


class TorchAdapter(Adapter):
    """PyTorch on any device."""

    library = "torch"
    mixes_dtypes = False

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

    def is_traced(self, array: Array) -> bool:
        """Tell whether a transform of ``torch.func`` is under way, or `array` has a shape and no values (``meta``)."""
        import torch

        # Torch has no public question for it; its own autograd.Function asks the same one.
        return array.device.type == "meta" or torch._C._functorch.peek_interpreter_stack() is not None

    def successor(self, old: Array, new: Array) -> Array:
        """Return `new` detached, so that no graph grows from step to step, recording gradients where `old` does."""
        return new.detach().requires_grad_(old.requires_grad)
