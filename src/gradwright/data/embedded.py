"""The handwritten digits that come with the package."""

from __future__ import annotations

from importlib import resources
from typing import Any

import numpy as np

from gradwright.data.dataset import Dataset
from gradwright.data.idx import read_idx
from gradwright.data.split import stratified_split


def digits(*, test_fraction: float = 0.2, rng: Any = 0) -> Dataset:
    """Return 1,797 real handwritten digits of 8 x 8 pixels, without a download.

    A pixel is the share of ink in a 4 x 4 block of a 32 x 32 bitmap: one of 0, 1/16, ..., 1.

    Parameters
    ----------
    test_fraction : float
        The share of each class that goes to the test part.
    rng : int or numpy.random.Generator
        The seed of the split; the same seed gives the same split.

    Returns
    -------
    Dataset
        `x` of float32 in [0, 1], 64 features, image_shape (8, 8); classes ``"0"`` to ``"9"``.

    Raises
    ------
    ArgumentError
        If `test_fraction` is not 0 up to but not including 1.

    Notes
    -----
    These are the digits of `sklearn.datasets.load_digits`, divided by 16. All were written by people whose writing is
    not in the training set of the original, so figures published for that set do not compare.

    References
    ----------
    E. Alpaydin, C. Kaynak (1998). Optical Recognition of Handwritten Digits. UCI Machine Learning Repository,
    doi:10.24432/C50P49; CC BY 4.0.

    Examples
    --------
    >>> data = digits()
    >>> data
    Dataset('digits', train=1438, test=359, n_features=64, n_classes=10)
    >>> data.image_shape, float(data.x_train.max())
    ((8, 8), 1.0)
    """
    with resources.as_file(resources.files("gradwright.data") / "digits-idx2-ubyte.gz") as path:
        table = read_idx(path)  # a row: 64 pixels of 0 .. 16, then the label
    x = table[:, :-1] / np.float32(16)
    t = table[:, -1].astype(np.int64)
    train, test = stratified_split(t, test_fraction=test_fraction, rng=rng)
    classes = tuple("0123456789")
    return Dataset(x[train], t[train], x[test], t[test], classes=classes, name="digits", image_shape=(8, 8))
