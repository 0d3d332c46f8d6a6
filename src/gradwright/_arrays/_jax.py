"""JAX: float64 only inside its own context, and arrays whose values may not be known yet."""

from __future__ import annotations

import contextlib
import numbers
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright._arrays._adapter import Adapter, Array
from gradwright.errors import FunctionError


class JaxAdapter(Adapter):
    """JAX, its global settings left alone."""

    library = "jax"
    differentiates = True

    def to_numpy(self, array: Array) -> npt.NDArray[np.generic]:
        """Return the values on the host; bfloat16, which NumPy lacks, as float32."""
        host = np.asarray(array)
        return host.astype(np.float32) if self.dtype_name(array) == "bfloat16" else host

    def from_numpy(self, values: npt.ArrayLike, like: Array) -> Array:
        """Return a new array on the device of `like`; float64 stays so only inside `float64`."""
        import jax

        # A tracer has no device; inside a traced function JAX places arrays itself.
        return jax.device_put(np.array(values), None if self.is_traced(like) else like.device)

    def device_name(self, array: Array) -> str:
        """Return the device's name, or ``cpu`` for an array that is being traced."""
        return "cpu" if self.is_traced(array) else str(array.device)

    def is_traced(self, array: Array) -> bool:
        """Tell whether `array` is a tracer."""
        import jax

        return isinstance(array, jax.core.Tracer)

    @contextlib.contextmanager
    def float64(self) -> Iterator[None]:
        """Compute in float64 inside the block, through JAX's own context for it."""
        import jax
        import jax.experimental

        # Older releases have it only among the experimental things.
        scope = jax.enable_x64 if hasattr(jax, "enable_x64") else jax.experimental.enable_x64
        with scope(True):
            yield

    def gradient(self, f: Callable[[list[Array]], Any], arrays: Sequence[Array]) -> list[Array]:
        """Return what ``jax.grad`` gives."""
        import jax

        def number(arrays: list[Array]) -> Array:
            value = f(arrays)
            if value is None:
                raise FunctionError("f.returned-none", name="f")
            if not (hasattr(value, "dtype") or isinstance(value, numbers.Number)):
                raise FunctionError("f.returned-kind", name="f", kind=type(value).__name__)
            value = jax.numpy.asarray(value)
            if value.size != 1:
                raise FunctionError("f.not-scalar", name="f", shape=value.shape)
            if jax.numpy.iscomplexobj(value):
                raise FunctionError("f.returned-kind", name="f", kind="complex")
            if not jax.numpy.issubdtype(value.dtype, jax.numpy.floating):
                raise FunctionError("autograd.left", name="f", library=self.library)
            return value.reshape(())

        try:
            return list(jax.grad(number)(list(arrays)))
        except (jax.errors.TracerArrayConversionError, jax.errors.ConcretizationTypeError) as error:
            raise FunctionError("autograd.left", name="f", library=self.library) from error
