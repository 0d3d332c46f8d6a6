"""The curvature of a function at a point: eigenvalues of its Hessian, at a cost far below that of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.descent.objective import Objective
from gradwright.differentiate import hessian

#: Up to this many entries the whole Hessian is measured, from values of f; up to the second where the run cost as much.
_SMALL, _LARGEST = 20, 100
#: The fewest and the most products of the Hessian with a vector where it is not.
_LEAST, _MOST = 12, 40
#: The relative error of a second difference whose step balances truncation and rounding.
_BLUR = 1e-7


@dataclass(frozen=True)
class Scale:
    """Over what distance the run went about the point where the curvature is measured, and how much f changed there.

    Attributes
    ----------
    length, change : float
        The distance, and the change of f over it.
    size : float
        The size of f.
    """

    length: float
    change: float
    size: float

    @property
    def share(self) -> float:
        """The change of f beside its size, at most 1."""
        return min(1.0, self.change / self.size) if self.change > 0 and self.size > 0 else 1.0


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

    def solve(self, gradient: FloatArray) -> FloatArray:
        """Return the step back from the stationary point of the quadratic model, as far as the vectors span it."""
        parts = self.vectors.T @ gradient
        sizes = np.maximum(np.abs(self.values), max(self.error, 1e-300))
        return np.asarray(self.vectors @ (parts / np.copysign(sizes, self.values)))

    def newton(self, gradient: FloatArray) -> float:
        """Return the length of the Newton step to the stationary point of the quadratic model."""
        return float(np.linalg.norm(self.solve(gradient)))

    def steps_to(self, gradient: FloatArray, rate: float, share: float) -> float:
        r"""Return after how many plain steps a `share` of the distance to the minimum is left, by the quadratic model.

        The part of the distance along an eigenvector of the value :math:`\lambda` shrinks by
        :math:`1 - \eta \lambda` a step. Infinite where a part does not shrink.
        """
        parts = self.vectors.T @ gradient
        seen = np.abs(parts) > 1e-12 * np.abs(parts).max(initial=0.0)
        factors = np.abs(1 - rate * self.values[seen])
        if not seen.any() or (self.values[seen] <= self.error).any() or (factors >= 1).any():
            return float("inf")
        far = (parts[seen] / self.values[seen]) ** 2
        logs = 2 * np.log(np.maximum(factors, 1e-300))
        goal = np.log(share**2 * far.sum())
        low, high = 0.0, float(np.log(share**2) / logs.max()) + 1.0
        for _ in range(60):
            middle = (low + high) / 2
            left = np.log(np.maximum((far * np.exp(np.maximum(logs * middle, -700.0))).sum(), 1e-300))
            low, high = (middle, high) if left > goal else (low, middle)
        return high


def measure(
    objective: Objective, x: FloatArray, gradient: FloatArray, scale: Scale, budget: int, free: np.ndarray[Any, Any]
) -> Curvature | None:
    """Measure the curvature at `x`, in the entries that may move.

    Parameters
    ----------
    objective : Objective
        The function.
    x, gradient : ndarray, shape (n,)
        Where, and its gradient there.
    scale : Scale
        Over what distance f varies, and by how much.
    budget : int
        How many gradients the measurement may cost.
    free : ndarray of bool, shape (n,)
        The entries that do not press against a bound: along the others f is no concern of the run.

    Returns
    -------
    Curvature or None
        None where f gives no finite second derivatives, or none that two steps agree on (across a kink a difference
        grows as its step shrinks), and where no entry may move.
    """
    n = int(free.sum())
    if n == 0:
        return None
    # A Hessian by differences of f costs 2 n (n + 1) evaluations, a gradient about 6 n.
    cheap = n <= _SMALL or (not objective.analytic and n <= _LARGEST and n + 1 <= 3 * budget)
    if cheap and objective.eps < 1e-12:
        measured = _whole(objective, x, scale, free)
        if measured is not None:
            return measured
        if n <= 2:
            return None
    return _lanczos(objective, x, gradient, scale.length, min(n, max(_LEAST, budget), _MOST), free)


def _whole(objective: Objective, x: FloatArray, scale: Scale, free: np.ndarray[Any, Any]) -> Curvature | None:
    axes = np.eye(len(x))[free]
    # At a minimum near 0 the size of x says nothing: the steps are of the size of the run, with the power of eps that
    # balances truncation, h**2, against rounding, eps |f| / h**2. Noise asks for longer ones, a sharp bend for shorter.
    first = min((objective.eps / scale.share) ** 0.25, 0.1) * scale.length
    # Where a run that hardly moved shows nothing at all, the length of last resort is 1.
    fallback = None
    for step in (first, first / 8, 8 * first, 64 * first, objective.eps**0.25 * max(1.0, float(np.linalg.norm(x)))):
        estimate = hessian(
            lambda part: objective.value(np.where(free, 0.0, x) + part @ axes),
            x[free],
            step=step,
            bounds=(objective.low[free], objective.high[free]),
        )
        if not np.isfinite(estimate.value).all():
            continue
        values, vectors = np.linalg.eigh(estimate.value)
        around = [abs(objective.value(objective.inside(x + step * axis))) for axis in (*axes[:8], 0 * x)]
        rounding = 16 * objective.rounding(max(around)) / step**2
        seen = Curvature(values, axes.T @ vectors, rounding + float(np.abs(values).max()) * _BLUR)
        if _agrees(objective, x, seen, step):
            if seen.size > 10 * rounding:
                return seen
            fallback = fallback or seen
    return fallback


def _agrees(objective: Objective, x: FloatArray, seen: Curvature, step: float) -> bool:
    """Tell whether a difference of a longer step gives the largest curvature too."""
    top = int(np.abs(seen.values).argmax())
    direction = seen.vectors[:, top]
    far = 4 * step * direction
    ends = objective.inside(x + far), objective.inside(x - far)
    if not (np.array_equal(ends[0], x + far) and np.array_equal(ends[1], x - far)):
        return True  # at a bound there is no room to look
    longer = (objective.value(ends[0]) - 2 * objective.value(x) + objective.value(ends[1])) / (16 * step**2)
    # Of a kink it is a quarter, of noise a sixteenth.
    return bool(abs(longer - seen.values[top]) <= 0.5 * abs(seen.values[top]) + seen.error)


def _lanczos(
    objective: Objective, x: FloatArray, gradient: FloatArray, scale: float, size: int, free: np.ndarray[Any, Any]
) -> Curvature | None:
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
    start = np.where(free, start + (gradient / length if length > 0 else 0.0), 0.0)
    h = objective.x_eps ** (1 / 3) * scale
    basis, columns, noise = [start / np.linalg.norm(start)], [], 0.0
    for k in range(size):
        ends = [objective.inside(x + side * h * basis[k]) for side in (1.0, -1.0)]
        width = float((ends[0] - ends[1]) @ basis[k])
        if not width > 0:
            return None
        (above, first), (below, second) = (objective.gradient(end, automatic=True) for end in ends)
        product = np.where(free, above - below, 0.0) / width
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
    seen = Curvature(values, q @ vectors, noise)
    return seen if _slopes_agree(objective, x, seen, h) else None


def _slopes_agree(objective: Objective, x: FloatArray, seen: Curvature, step: float) -> bool:
    """Tell whether gradients at a longer step give the largest curvature too."""
    top = int(np.abs(seen.values).argmax())
    direction = seen.vectors[:, top] / np.linalg.norm(seen.vectors[:, top])
    ends = [objective.inside(x + side * 4 * step * direction) for side in (1.0, -1.0)]
    width = float((ends[0] - ends[1]) @ direction)
    if not width > 0:
        return True
    (above, _), (below, _) = (objective.gradient(end, automatic=True) for end in ends)
    return bool(abs((above - below) @ direction / width - seen.values[top]) <= 0.5 * seen.size + seen.error)
