"""Operations on a GPU, recorded once and played again.

To tell a GPU of some hundred small operations takes Python and PyTorch several times as long as the GPU takes for them.
A graph of CUDA is told in one: https://docs.pytorch.org/docs/stable/notes/cuda.html#cuda-graphs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch


class Replayed:
    """A function of tensors that is recorded at its second call with tensors of the same shapes; elsewhere as it is.

    A graph reads and writes the memory that it was recorded with: so arguments are copied into it, and results are
    valid until the next call.
    """

    def __init__(self, function: Callable[..., list[torch.Tensor]]) -> None:
        self._function = function
        self._graphs: dict[Any, tuple[Any, list[torch.Tensor], list[torch.Tensor]] | None] = {}

    def __call__(self, *tensors: torch.Tensor) -> list[torch.Tensor]:
        """Return what the function returns."""
        if not all(tensor.is_cuda for tensor in tensors):
            return self._function(*tensors)
        key = tuple((tensor.shape, tensor.dtype, tensor.device) for tensor in tensors)
        if key not in self._graphs:  # once is no reason to record, which takes as long as three calls
            self._graphs[key] = None
            return self._function(*tensors)
        found = self._graphs[key]
        if found is None:
            found = self._graphs[key] = self._recorded(tensors)
        graph, inputs, outputs = found
        for room, tensor in zip(inputs, tensors, strict=True):
            room.copy_(tensor)
        graph.replay()
        return outputs

    def _recorded(self, tensors: tuple[torch.Tensor, ...]) -> tuple[Any, list[torch.Tensor], list[torch.Tensor]]:
        with torch.cuda.device(tensors[0].device):
            inputs = [tensor.clone() for tensor in tensors]
            aside = torch.cuda.Stream()
            aside.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(aside):  # what libraries set up at their first call on a stream cannot be recorded
                self._function(*inputs)
            torch.cuda.current_stream().wait_stream(aside)
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph):
                outputs = self._function(*inputs)
        return graph, inputs, outputs
