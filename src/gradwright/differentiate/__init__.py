"""Numerical differentiation that owns its error bar: `derivative`, `gradient`, `jacobian`, `hessian` and their kin."""

from __future__ import annotations

from gradwright.differentiate.derivatives import derivative, directional, tangent
from gradwright.differentiate.estimate import Estimate, Status, Tangent
from gradwright.differentiate.gradients import gradient, hessian, jacobian
from gradwright.differentiate.mixed import partial
from gradwright.differentiate.sparse import SparseEstimate, sparse_jacobian
from gradwright.differentiate.sweeps import StepCurve, Sweep, sweep
from gradwright.differentiate.weights import difference_weights

__all__ = [
    "Estimate",
    "SparseEstimate",
    "Status",
    "StepCurve",
    "Sweep",
    "Tangent",
    "derivative",
    "difference_weights",
    "directional",
    "gradient",
    "hessian",
    "jacobian",
    "partial",
    "sparse_jacobian",
    "sweep",
    "tangent",
]
