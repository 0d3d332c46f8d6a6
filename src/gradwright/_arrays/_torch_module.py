"""A module of PyTorch as a function of its parameters, without a trace in the module itself.

A copy is run. Its parameters are written before each call, and what else a call changes in it is put back: the running
statistics of a batch normalisation, a frozen part that follows the others, its mode.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

from gradwright._arrays._adapter import Array
from gradwright.errors import ArgumentError, FunctionError


class TorchModule:
    """A module, taken for the function of those of its parameters that require gradients.

    Parameters
    ----------
    module : torch.nn.Module
        Copied at once.

    Raises
    ------
    ArgumentError
        If it cannot be copied, or has no parameters that require gradients, or one that has no shape yet.
    """

    def __init__(self, module: Any) -> None:
        kind = type(module).__name__
        for name, parameter in module.named_parameters():
            if _is_lazy(parameter):
                raise ArgumentError("module.lazy", name="x", parameter=name)
        try:
            self._start = copy.deepcopy(module)
        except Exception as error:  # whatever an object that it holds has against it
            raise ArgumentError("module.copy", name="x", kind=kind, reason=str(error)) from error
        self._given = trainable(self._start)
        if not self._given:
            raise ArgumentError("module.no-parameters", name="x", kind=kind)
        self._copies: dict[bool, _Copy] = {}

    def arrays(self) -> dict[str, Array]:
        """Return the parameters by name; one that has several names under the first of them."""
        return {name: parameter.detach().clone() for name, parameter in self._given.items()}

    def holding(self, arrays: dict[str, Array]) -> Any:
        """Return the copy, which holds `arrays`: in its own dtypes, or in float64 where those are."""
        return self._with(arrays).module

    def changed(self, arrays: dict[str, Array]) -> None:
        """Write the parameters of the copy into `arrays`."""
        held = self._copy(arrays).parameters
        for name, array in arrays.items():
            array.copy_(held[name].detach())

    def gradient(self, f: Callable[[Any], Any], arrays: dict[str, Array]) -> dict[str, Array]:
        """Return what ``torch.autograd.grad`` gives, 0 for parameters that f does not use."""
        import torch

        with torch.inference_mode(False), torch.enable_grad():
            held = self._with(arrays)
            parameters = held.parameters
            return dict(zip(parameters, derivatives(f(held.module), list(parameters.values())), strict=True))

    def _copy(self, arrays: dict[str, Array]) -> _Copy:
        """Return the copy that suits the dtypes of `arrays`, made when it is first needed."""
        import torch

        raised = any(arrays[name].dtype != given.dtype for name, given in self._given.items())
        if raised not in self._copies:
            with torch.inference_mode(False):  # what is made in it is never recorded
                module = copy.deepcopy(self._start)
                self._copies[raised] = _Copy(module.double() if raised else module)
        return self._copies[raised]

    def _with(self, arrays: dict[str, Array]) -> _Copy:
        held = self._copy(arrays)
        held.restore()
        held.write(arrays)
        return held


class _Copy:
    """A module that is run, and what it was at the start."""

    def __init__(self, module: Any) -> None:
        self.module, self.parameters = module, trainable(module)
        self._frozen = [(p, p.detach().clone()) for p in module.parameters() if not p.requires_grad]
        self._modes = [(owner, owner.training) for owner in module.modules()]
        self._buffers = [
            (owner, name, buffer)
            for owner in module.modules()
            for name, buffer in owner.named_buffers(recurse=False, remove_duplicate=False)
        ]

    def restore(self) -> None:
        """Put back the modes, the buffers and what is frozen."""
        for owner, mode in self._modes:
            owner.training = mode
        for parameter, value in self._frozen:
            _write(parameter, value)
        fresh: dict[int, Array] = {}
        for owner, name, buffer in self._buffers:  # one that has several names stays one
            if id(buffer) not in fresh:
                fresh[id(buffer)] = buffer.detach().clone()
            setattr(owner, name, fresh[id(buffer)])

    def write(self, arrays: dict[str, Array]) -> None:
        """Write the parameters."""
        for name, parameter in self.parameters.items():
            _write(parameter, arrays[name])


def trainable(module: Any) -> dict[str, Array]:
    """Return the parameters of a module that require gradients, each once."""
    return {name: parameter for name, parameter in module.named_parameters() if parameter.requires_grad}


def derivatives(value: Any, leaves: Sequence[Array]) -> list[Array]:
    """Return the derivatives of what a function returned with respect to each of `leaves`, 0 where it uses them not.

    Raises
    ------
    FunctionError
        If it is not one real number, or was computed without the graph, or from none of the leaves.
    """
    import torch

    if value is None:
        raise FunctionError("f.returned-none", name="f")
    if not isinstance(value, torch.Tensor) or not value.requires_grad:
        raise FunctionError("autograd.left", name="f", library="torch")
    if value.numel() != 1:
        raise FunctionError("f.not-scalar", name="f", shape=tuple(value.shape))
    if value.is_complex():
        raise FunctionError("f.returned-kind", name="f", kind="complex")
    found = torch.autograd.grad(value.reshape(()), list(leaves), allow_unused=True)
    if all(one is None for one in found):
        raise FunctionError("autograd.unused", name="f")
    return [torch.zeros_like(leaf) if one is None else one for one, leaf in zip(found, leaves, strict=True)]


def _write(parameter: Array, value: Array) -> None:
    import torch

    with torch.no_grad():
        parameter.copy_(value)


def _is_lazy(parameter: Any) -> bool:
    import torch

    return bool(torch.nn.parameter.is_lazy(parameter))
