"""Bringing features to a common scale: what a network trains well on, and what must be done to later samples too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright._arrays import FloatArray
from gradwright.errors import ArgumentTypeError, ShapeError

_AT_ONCE = 1 << 22  # values


@dataclass(frozen=True, eq=False)
class Scaling:
    r"""One shift and one factor for each feature.

    .. math:: x' = (x - m) / s

    Attributes
    ----------
    mean, scale : ndarray of float64, shape (n_features,)
        The shift m and the divisor s, which is positive.

    Examples
    --------
    >>> scaling = Scaling.standard(np.array([[1.0, 7.0], [3.0, 7.0]]))
    >>> scaling.mean, scaling.scale
    (array([2., 7.]), array([1., 1.]))
    >>> scaling.apply([[3.0, 9.0]])
    array([[1., 2.]])
    """

    mean: FloatArray
    scale: FloatArray

    @classmethod
    def standard(cls, x: npt.ArrayLike) -> Scaling:
        """Return what gives each column of `x` the mean 0 and the standard deviation 1; a constant one is only shifted.

        Parameters
        ----------
        x : array_like, shape (n, n_features)
            Finite numbers. Of their squares none overflows: they are taken of shares of the largest.
        """
        values = np.asarray(x)
        if values.ndim != 2 or not len(values):
            raise ShapeError("data.rows", name="x", shape=values.shape)
        mean, scale = np.empty(values.shape[1]), np.empty(values.shape[1])
        width = max(1, _AT_ONCE // len(values))  # a few columns at a time, so that no copy of all is made
        for start in range(0, values.shape[1], width):
            columns = slice(start, start + width)
            mean[columns], scale[columns] = _standard(np.asarray(values[:, columns], np.float64))
        return cls(mean, scale)

    @classmethod
    def by(cls, divisor: float, n_features: int) -> Scaling:
        """Return the division of all features by one number, such as 255 for bytes."""
        return cls(np.zeros(n_features), np.full(n_features, float(divisor)))

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> Scaling:
        """Return what `to_dict` was called on.

        Raises
        ------
        ArgumentTypeError
            If it is something else.
        """
        try:
            mean, scale = (np.asarray(saved[name], np.float64) for name in ("mean", "scale"))
        except (KeyError, TypeError, ValueError):
            raise ArgumentTypeError("data.scaling") from None
        if (
            mean.ndim != 1
            or mean.shape != scale.shape
            or not (np.isfinite(mean).all() and np.isfinite(scale).all() and (scale > 0).all())
        ):
            raise ArgumentTypeError("data.scaling")
        return cls(mean, scale)

    def to_dict(self) -> dict[str, list[float]]:
        """Return plain numbers, which JSON keeps to the bit."""
        return {"mean": self.mean.tolist(), "scale": self.scale.tolist()}

    def apply(self, x: npt.ArrayLike) -> FloatArray:
        """Return scaled samples, shape (n, n_features) or (n_features,), in float64.

        Raises
        ------
        ShapeError
            If `x` has another number of features.
        """
        values = self._fitting(x)
        with np.errstate(over="ignore"):  # what does not fit becomes infinite, which is refused where it is used
            return np.asarray((values - self.mean) / self.scale)

    def undo(self, x: npt.ArrayLike) -> FloatArray:
        """Return samples in the units that they had."""
        return np.asarray(self._fitting(x) * self.scale + self.mean)

    def _fitting(self, x: npt.ArrayLike) -> FloatArray:
        values = np.asarray(x, np.float64)
        if values.ndim == 0 or values.shape[-1] != len(self.mean):
            raise ShapeError("data.scaling-width", shape=values.shape, features=len(self.mean))
        return values


def _standard(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the mean of each column and its standard deviation, 1 where that is 0."""
    # Of halves, so that no difference overflows, and of differences, which are exact where numbers lie close.
    apart = values / 2 - values[0] / 2
    largest = np.abs(apart).max(axis=0)
    unit = np.where(largest > 0, largest, 1.0)
    shares = apart / unit
    deviation = 2 * (unit * shares.std(axis=0))
    return values[0] + 2 * (unit * shares.mean(axis=0)), np.where(deviation > 0, deviation, 1.0)
