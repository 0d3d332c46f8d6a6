r"""Noise of f beyond the rounding of its dtype: values rounded to some digits, a simulation, a sum in float32.

The differences of order six of a smooth function fall as h^6; those of noise stay as they are, its standard deviation
times the square root of 924, the sum of the squared binomial coefficients. So noise is what does not fall with h, and a
function that is rounded becomes a staircase: from some h on, its values are all the same.

References
----------
J. J. Moré and S. M. Wild, Estimating computational noise, SIAM Journal on Scientific Computing 33 (2011), section 3.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.differentiate.point import Point
from gradwright.differentiate.sampling import Sampler

_NODES = np.arange(-4.0, 5.0)
#: Distances of the nodes, relative to x. No powers of two: they would be commensurate with each other, so that values
#: rounded to a grid might happen to lie on a straight line at several of them.
_STEPS = np.geomspace(0.0567, 1.23e-5, 6)


def slope_in_noise(
    f: Callable[..., Any], point: Point, axes: np.ndarray[Any, Any]
) -> tuple[FloatArray, FloatArray, int]:
    """Return the slopes from the steps that suit the noise of f, their errors, and the number of evaluations.

    Both of shape (len(axes),). The errors are NaN where f shows no noise along any of the axes.
    """
    sampler = Sampler(f, point, axes=axes)
    size = np.abs(point.vector[axes])
    h = _STEPS[:, None] * np.where(size > 0, size, 1.0)
    lines = np.arange(len(axes))
    with np.errstate(all="ignore"):
        v = np.stack([sampler(lines, row[:, None] * _NODES)[:, :, 0] for row in h])  # (steps, entries, nodes)
        sixth = np.sqrt(np.mean(np.diff(v, 6, axis=-1) ** 2, axis=-1) / 924.0)
        distinct = 1 + np.count_nonzero(np.diff(np.sort(v, axis=-1), axis=-1), axis=-1)
        one, two, three = (v[..., 4 + k] - v[..., 4 - k] for k in (1, 2, 3))
        slope, rougher = (45 * one - 9 * two + three) / (60 * h), (8 * one - two) / (12 * h)
        seen = sixth > 32 * sampler.eps * np.abs(v).max(axis=-1)
        # Most of the closer steps must show noise of about that size, or a staircase of few values. Not all: a step may
        # be a whole number of the staircase's by chance. At a kink the differences fall as h.
        for i in range(len(h) - 1):
            alike = (sixth[i + 1 :] > sixth[i] / 3) | (distinct[i + 1 :] <= 4)
            seen[i] &= np.mean(alike, axis=0) > 0.5
        seen[-1] = False
        # Noise is a property of f: what one axis shows holds for all.
        noise = sixth[seen].max() if seen.any() else np.nan
        error = np.abs(slope - rougher) + 4 * noise / h
    best = np.nanargmin(np.where(np.isnan(error), np.inf, error), axis=0)
    return slope[best, lines], error[best, lines], sampler.evaluations
