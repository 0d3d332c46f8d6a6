"""Entry by entry: may the analytic and the measured derivative both be true?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.differentiate import Status
from gradwright.differentiate.gradients import Partials

#: The slopes on both sides of a kink are measured too, and no better than this part of the gap between them.
_SLOPES = 0.01


@dataclass
class Judgement:
    """What may be said of each entry; all of shape (k,).

    Attributes
    ----------
    error, tolerance : ndarray
        How far the analytic value is from what may be right, and how far it may be.
    slack : ndarray
        The part of the tolerance that is not the analytic value's own rounding.
    nearest : ndarray
        The value nearest to the analytic one that may be right.
    wrong, unclear, kink, trusted : ndarray of bool
        `wrong` and `unclear` exclude each other.
    """

    error: FloatArray
    tolerance: FloatArray
    slack: FloatArray
    nearest: FloatArray
    wrong: np.ndarray[Any, Any]
    unclear: np.ndarray[Any, Any]
    kink: np.ndarray[Any, Any]
    trusted: np.ndarray[Any, Any]

    @property
    def ratio(self) -> FloatArray:
        """The error in units of its tolerance."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.error > 0, self.error / self.tolerance, 0.0)

    def doubt(self, doubtful: np.ndarray[Any, Any]) -> None:
        """Take back that entries are wrong, and say that they are unclear, where `doubtful`."""
        self.unclear = self.unclear | (self.wrong & doubtful)
        self.wrong = self.wrong & ~doubtful


def judge(analytic: FloatArray, rounding: FloatArray, measured: Partials) -> Judgement:
    """Compare the analytic derivatives, which rounding may have moved by `rounding`, with measured ones."""
    kink = measured.status == Status.KINK
    # At a kink all between the slopes of the two sides may be called a gradient.
    low = np.where(kink, np.minimum(measured.left, measured.right), measured.value)
    high = np.where(kink, np.maximum(measured.left, measured.right), measured.value)
    with np.errstate(invalid="ignore"):  # slopes may be infinite
        gap = np.maximum(high - low, np.abs(measured.value - (high + low) / 2))
        slack = np.where(kink, _SLOPES * gap, 2 * measured.error)
        tolerance = slack + rounding
        error = np.maximum(np.maximum(low - analytic, analytic - high), 0.0)
    wrong = error > tolerance
    trusted = kink | np.isin(measured.status, (Status.CONVERGED, Status.ONE_SIDED))
    return Judgement(error, tolerance, slack, np.clip(analytic, low, high), wrong, ~trusted & ~wrong, kink, trusted)
