"""The textbook's formulas with a step that the caller gives: exactly those, with an error bar beside them.

The value is the plain formula at the step h, to the last bit. The error comes from the same formula at 2h: the
truncation of a formula of order p is (D(2h) - D(h)) / (2^p - 1) to leading order. One and a half times the whole
difference is claimed: for one-sided formulas the leading term is all of it, and where f is only once differentiable,
the error of the central formula falls as slowly. To it comes the rounding of the values, eps |f| / h, and that of
x + h, which moves f along its slope.
"""

from __future__ import annotations

import math

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.differentiate.engine import Result
from gradwright.differentiate.estimate import Status
from gradwright.differentiate.grains import Sample
from gradwright.differentiate.weights import difference_weights


def fixed_step(sample: Sample, method: str, order: int, step: FloatArray, spacing: FloatArray, eps: float) -> Result:
    """Apply a formula with `step` (shape (lines,)) to every line.

    Parameters
    ----------
    sample : callable
        The function along the lines.
    method : {"central", "forward", "backward"}
        Which formula.
    order : int
        The order of the derivative.
    step : ndarray, shape (lines,)
        The step h of each line.
    spacing : ndarray, shape (lines,)
        By how much rounding moves a point on each line, in the units of h: a smaller step is absorbed.
    eps : float
        The relative spacing of the function's values.
    """
    lines = np.arange(len(step))
    nodes = _nodes(method, order)
    every = np.unique(np.concatenate([[0.0], nodes, 2 * nodes, [1.0, -1.0] if method == "central" else []]))
    values = sample(lines, step[:, None] * every)
    at = {float(node): values[:, k] for k, node in enumerate(every)}
    h = step[:, None]
    value = _formula(at, nodes, order, h, 1.0)
    wide = _formula(at, nodes, order, h, 2.0)
    weights = np.abs(difference_weights(nodes, order))
    seen = np.stack([at[n] for n in nodes.tolist()])
    noise = eps * np.abs(seen) + spacing[:, None] / h * (seen.max(axis=0) - seen.min(axis=0))
    error = 1.5 * np.abs(wide - value) + np.einsum("k,klo->lo", weights, noise) / h**order
    status = np.full(value.shape, int(Status.CONVERGED if method == "central" else Status.ONE_SIDED))
    result = Result(value, error, value.copy(), value.copy(), np.broadcast_to(h, value.shape), status)
    if method == "central" and order == 1:
        _kinks(at, h, eps, result)
    # Where the step is absorbed the formula still gives its number (0 as a rule), as the textbook's does; that it means
    # nothing is said.
    lost = (spacing[:, None] >= h) | ~np.isfinite(error) & (result.status != Status.JUMP)
    broken = ~(np.isfinite(value) & np.isfinite(at[0.0]))
    for where, code in ((lost, Status.UNRESOLVED), (broken, Status.NONFINITE)):
        result.status[np.broadcast_to(where, value.shape)] = code
        result.error[np.broadcast_to(where, value.shape)] = np.inf
    return result


def _nodes(method: str, order: int) -> FloatArray:
    """Return the nodes of the shortest formula: -1, 1 for the first central difference, -1, 0, 1 for the second."""
    if method == "central":
        half = (order + 1) // 2
        nodes = np.arange(-half, half + 1.0)
        return nodes[nodes != 0] if order % 2 else nodes
    nodes = np.arange(order + 1.0)
    return nodes if method == "forward" else -nodes[::-1]


def _formula(at: dict[float, FloatArray], nodes: FloatArray, order: int, h: FloatArray, stretch: float) -> FloatArray:
    if order == 1:
        # As it stands in the books, so that its rounding is theirs as well: no weights, no reordering.
        low, high = float(nodes[0]), float(nodes[-1])
        width = 2 * (h * stretch) if low == -high else h * stretch
        return (at[high * stretch] - at[low * stretch]) / width
    weights = difference_weights(nodes, order)
    total = sum(weight * at[float(node) * stretch] for node, weight in zip(nodes, weights, strict=True))
    return np.asarray(total / (h * stretch) ** order)


def _kinks(at: dict[float, FloatArray], h: FloatArray, eps: float, result: Result) -> None:
    """Say where the slopes of the two sides differ by as much at h as at 2h; a smooth function's differ by half."""
    left, right = (at[0.0] - at[-1.0]) / h, (at[1.0] - at[0.0]) / h
    gap = np.abs(right - left)
    wide = np.abs((at[2.0] - at[0.0]) - (at[0.0] - at[-2.0])) / (2 * h)
    noise = 16 * eps * np.maximum(np.abs(at[1.0]), np.abs(at[-1.0])) / h
    apart = (gap > noise) & (gap > 1e-3 * (np.abs(left) + np.abs(right)))
    jump = apart & (gap > 1.5 * wide)
    kink = apart & ~jump & (gap > math.sqrt(0.5) * wide)
    # With the value at x in the middle of a jump both slopes are the same; but at 2h they are half of it.
    mean, wide_mean = np.abs(at[1.0] - at[-1.0]) / (2 * h), np.abs(at[2.0] - at[-2.0]) / (4 * h)
    jump |= (mean > noise) & (np.abs(mean - 2 * wide_mean) < 0.25 * mean)
    kink &= ~jump
    flagged = kink | jump
    result.status[kink] = Status.KINK
    result.status[jump] = Status.JUMP
    result.left[flagged], result.right[flagged] = left[flagged], right[flagged]
    result.error[flagged] = np.maximum(gap, result.error)[flagged]
    result.error[jump] = np.inf
