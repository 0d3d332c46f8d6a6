"""One adapter an array library, one protocol for all of them.

Numerical code asks for a namespace (``xp = namespace(x)``) and speaks the Python array API standard to it. What
the standard does not cover (host copies, devices, float64 in JAX, tracing) is a method of the `Adapter`. No file
outside this package names a library, except NumPy.
"""

from __future__ import annotations

from gradwright._arrays._adapter import DIFFERENTIATING, Adapter, Array, Container, FloatArray
from gradwright._arrays._choose import adapter, array_of, container, floating, in_place, is_array, namespace, to_numpy

__all__ = [
    "DIFFERENTIATING",
    "Adapter",
    "Array",
    "Container",
    "FloatArray",
    "adapter",
    "array_of",
    "container",
    "floating",
    "in_place",
    "is_array",
    "namespace",
    "to_numpy",
]
