"""JAX: float64 only inside its own context, and arrays whose values may not be known yet."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from gradwright._arrays._adapter import Adapter, Array


class JaxAdapter(Adapter):
    """JAX, its global settings left alone."""

    library = "jax"

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
