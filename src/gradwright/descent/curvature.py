"""The curvature of a function at a point: eigenvalues of its Hessian, at a cost far below that of a run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.descent.objective import Objective
from gradwright.differentiate import hessian

#: Up to this many entries the whole Hessian is measured, from values of f.
_SMALL = 20


@dataclass(frozen=True)
class Curvature:
    """Eigenvalues of the Hessian, or the Ritz values that stand for them.

    Attributes
    ----------
    values : ndarray, shape (m,)
        Ascending.
    vectors : ndarray, shape (n, m)
        The unit vectors that belong to them.
    error : float
        An absolute bound on the error of `values`.
    """

    values: FloatArray
    vectors: FloatArray
    error: float

    @property
    def largest(self) -> float:
        """The largest eigenvalue."""
        return float(self.values[-1])

    @property
    def size(self) -> float:
        """The largest absolute eigenvalue."""
        return float(np.abs(self.values).max())

    def along(self, direction: FloatArray) -> float:
        """Return the second derivative along a unit vector."""
        return float(self.values @ (self.vectors.T @ direction) ** 2)

    def gain(self, gradient: FloatArray) -> float:
        r"""Return how far f still falls by its quadratic model, :math:`\tfrac12 g^T H^{-1} g`; infinite without one.

        Directions of no curvature count only where the gradient has a part in them.
        """
        parts = self.vectors.T @ gradient
        rest = max(float(gradient @ gradient - parts @ parts), 0.0)
        positive = self.values > self.error
        if (parts[~positive] != 0).any() or not positive.any():
            outside = float((parts[~positive] ** 2).sum())
            if outside > 1e-12 * float(gradient @ gradient):
                return float("inf")
        if not positive.any():
            return 0.0
        lowest = float(self.values[positive].min())
        scattered = rest if rest > 1e-12 * float(gradient @ gradient) else 0.0
        return float((parts[positive] ** 2 / self.values[positive]).sum() / 2 + scattered / (2 * lowest))

    def newton(self, gradient: FloatArray) -> float:
        """Return the length of the Newton step to the stationary point of the quadratic model."""
        parts = self.vectors.T @ gradient
        return float(np.linalg.norm(parts / np.maximum(np.abs(self.values), max(self.error, 1e-300))))


def measure(objective: Objective, x: FloatArray, gradient: FloatArray, scale: float, budget: int) -> Curvature | None:
    """Measure the curvature at `x`.

    Parameters
    ----------
    objective : Objective
        The function.
    x, gradient : ndarray, shape (n,)
        Where, and its gradient there.
    scale : float
        The distance over which f may be taken to vary.
    budget : int
        How many gradients the measurement may cost.

    Returns
    -------
    Curvature or None
        None where f gives no finite second derivatives.
    """
    n = len(x)
    # A Hessian by differences of f costs 2 n (n + 1) evaluations, a gradient about 6 n.
    if n <= _SMALL and objective.eps < 1e-12 and (n <= 2 or n + 1 <= 3 * budget):
        measured = _whole(objective, x, scale)
        if measured is not None:
            return measured
    return _lanczos(objective, x, gradient, scale, min(n, max(2, budget // 2), 12))


def _whole(objective: Objective, x: FloatArray, scale: float) -> Curvature | None:
    # At a minimum near 0 the size of x says nothing: the steps are of the size of the run, with the power of eps that
    # balances truncation, h**2, against rounding, eps / h**2.
    step = objective.eps**0.25 * scale
    estimate = hessian(objective.value, x, step=step, bounds=(objective.low, objective.high))
    if not np.isfinite(estimate.value).all() or not np.isfinite(estimate.error).all():
        return None
    values, vectors = np.linalg.eigh(estimate.value)
    return Curvature(values, vectors, float(np.linalg.norm(estimate.error)))


def _lanczos(objective: Objective, x: FloatArray, gradient: FloatArray, scale: float, size: int) -> Curvature | None:
    r"""Return Ritz values from products :math:`H v \approx (g(x + h v) - g(x - h v)) / 2h`.

    References
    ----------
    G. Golub and C. Van Loan, Matrix Computations, 4th edition, section 10.1: the Lanczos process, here with full
    reorthogonalization.
    """
    n = len(x)
    # The gradient has its own direction in it, for the gain; chance sees the directions that a long run has flattened.
    start = np.random.default_rng(0).standard_normal(n) / np.sqrt(n)
    length = float(np.linalg.norm(gradient))
    start = start + (gradient / length if length > 0 else 0.0)
    h = objective.x_eps ** (1 / 3) * scale
    basis, columns, noise = [start / np.linalg.norm(start)], [], 0.0
    for k in range(size):
        ends = [objective.inside(x + side * h * basis[k]) for side in (1.0, -1.0)]
        width = float((ends[0] - ends[1]) @ basis[k])
        if not width > 0:
            return None
        (above, first), (below, second) = (objective.gradient(end, automatic=True) for end in ends)
        product = (above - below) / width
        if not np.isfinite(product).all():
            return None
        errors = np.nan_to_num(first + second, posinf=0.0)
        noise = max(noise, float(np.linalg.norm(errors)) / width)
        columns.append(product)
        rest = product.copy()
        for _ in range(2):
            for vector in basis:
                rest -= (vector @ rest) * vector
        size_left = float(np.linalg.norm(rest))
        if size_left <= 1e-9 * float(np.linalg.norm(product)) + noise or k + 1 == size:
            break
        basis.append(rest / size_left)
    q = np.stack(basis[: len(columns)], axis=1)
    small = q.T @ np.stack(columns, axis=1)
    values, vectors = np.linalg.eigh((small + small.T) / 2)
    return Curvature(values, q @ vectors, noise)
