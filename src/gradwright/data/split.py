"""Splitting samples into a training and a test part."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright import _validate
from gradwright.errors import ArgumentError


def stratified_split(
    labels: npt.ArrayLike, *, test_fraction: float = 0.2, rng: Any = 0
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Split samples at random so that each class is split in the same proportion.

    Of the n_c samples of class c, ``round(test_fraction * n_c)`` go to the test part, but never all.

    Parameters
    ----------
    labels : array_like of int, shape (n,)
        The class of each sample.
    test_fraction : float
        The share of the test part, 0 up to but not including 1.
    rng : int or numpy.random.Generator
        The seed, or the generator to draw from.

    Returns
    -------
    train, test : ndarray of int64
        The positions of the samples of each part, ascending.

    Raises
    ------
    ArgumentError
        If `test_fraction` is out of its range.

    Examples
    --------
    >>> train, test = stratified_split([0] * 10 + [1] * 5, test_fraction=0.4)
    >>> len(train), int((test < 10).sum()), int((test >= 10).sum())
    (9, 4, 2)
    """
    fraction = _validate.in_range("test_fraction", test_fraction, 0.0, 1.0)
    if fraction == 1.0:
        raise ArgumentError("data.test-fraction", value=test_fraction)
    random = _validate.generator("rng", rng)
    of_class = np.asarray(labels)
    in_test = np.zeros(len(of_class), bool)
    for label in np.unique(of_class):
        members = random.permutation(np.flatnonzero(of_class == label))
        in_test[members[: min(round(fraction * len(members)), len(members) - 1)]] = True
    return np.flatnonzero(~in_test).astype(np.int64), np.flatnonzero(in_test).astype(np.int64)
