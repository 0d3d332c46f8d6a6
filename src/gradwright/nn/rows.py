"""What goes into a layer, as the rows that `differences` carries through a network: values that samples hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gradwright._arrays import Array, FloatArray, adapter, namespace

#: Values are looked up in a table, samples by levels, where that has at most so many entries for each input.
_TABLE = 4


@dataclass(frozen=True)
class Rows:
    """The values that the samples of a batch hold, each once, but for 0.

    Attributes
    ----------
    sample, value : ndarray, shape (n_rows,)
        In which sample, and what.
    of_entry : ndarray of int, shape (n_entries,)
        The row of each input that is not 0, those of one feature after those of another.
    counts : ndarray of int, shape (n_features,)
        How many inputs of each feature are not 0. The last feature is the 1 that a bias is multiplied by.
    """

    sample: npt.NDArray[np.int64]
    value: FloatArray
    of_entry: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]

    @classmethod
    def inner(cls, inputs: FloatArray, *, bias: bool) -> Rows:
        """Return the rows of what a layer gave, where hardly two numbers are the same."""
        return cls.of(inputs, bias=bias, merge=False)

    @classmethod
    def of(cls, inputs: FloatArray, *, bias: bool, merge: bool = True) -> Rows:
        """Return the rows of inputs of shape (n_samples, n_features); without `merge` each input is one of its own."""
        n_samples = len(inputs)
        turned = (
            np.concatenate([inputs.T, np.ones((1, n_samples), inputs.dtype)])
            if bias
            else np.ascontiguousarray(inputs.T)
        )
        entries = np.flatnonzero(turned != 0)
        feature, sample = np.divmod(entries, n_samples)
        value, counts = turned.ravel()[entries], np.bincount(feature, minlength=len(turned))
        if merge:
            levels = np.unique(value)
            if n_samples * len(levels) <= _TABLE * len(value):
                place = sample * len(levels) + np.searchsorted(levels, value)
                held = np.zeros(n_samples * len(levels), dtype=bool)
                held[place] = True
                places = np.flatnonzero(held)
                return cls(places // len(levels), levels[places % len(levels)], (np.cumsum(held) - 1)[place], counts)
        return cls(sample, value, np.arange(len(sample)), counts)

    @property
    def features(self) -> int:
        """How many features there are, with the bias."""
        return len(self.counts)

    def added(self, differences: FloatArray) -> FloatArray:
        """Return the sums over the samples, shape (n_features, n_units), of what each row (n_units, n_rows) gives."""
        sums = np.zeros((len(self.counts), len(differences)))
        some = np.flatnonzero(self.counts)
        starts = np.cumsum(self.counts[some]) - self.counts[some]
        sums[some] = np.add.reduceat(np.ascontiguousarray(differences.T)[self.of_entry], starts, axis=0)
        return sums


@dataclass(frozen=True)
class RowsElsewhere:
    """The same where the arrays are not NumPy's, on whatever device: each input that is not 0 is a row of its own.

    To find values that are the same would take longer there than it saves. At the end there are rows of 0, which change
    nothing: so that their number is the same for most batches.
    """

    sample: Array
    value: Array
    counts: Array

    @classmethod
    def of(cls, inputs: Array, *, bias: bool) -> RowsElsewhere:
        """Return the rows of inputs of shape (n_samples, n_features)."""
        xp, own, turned = namespace(inputs), adapter(inputs), _turned(inputs, bias=bias)
        feature, sample = xp.nonzero(turned)
        flat = xp.reshape(turned, (-1,))
        value = own.taken(flat, feature * int(inputs.shape[0]) + sample, 0)
        count = int(sample.shape[0])
        rest = own.counted(0, -count % max(1, 2 ** (count.bit_length() - 3)), inputs)
        sample, value = (xp.concat([array, xp.zeros_like(rest, dtype=array.dtype)]) for array in (sample, value))
        return cls(sample, value, xp.count_nonzero(turned, axis=1))

    @property
    def features(self) -> int:
        """How many features there are, with the bias."""
        return int(self.counts.shape[0])

    def added(self, differences: Array) -> Array:
        """Return the sums over the samples, shape (n_features, n_units), of what each row (n_units, n_rows) gives."""
        xp, own = namespace(differences), adapter(differences)
        with own.float64():
            return own.sums_of_parts(xp.astype(xp.matrix_transpose(differences), xp.float64), self.counts)


@dataclass(frozen=True)
class InnerRows:
    """The same of what a layer gave: a row for each sample of each feature, as to count those that are 0 takes long."""

    sample: Array
    value: Array
    features: int

    @classmethod
    def inner(cls, inputs: Array, *, bias: bool) -> InnerRows:
        """Return the rows of inputs of shape (n_samples, n_features)."""
        xp, turned = namespace(inputs), _turned(inputs, bias=bias)
        features, n_samples = map(int, turned.shape)
        sample = adapter(inputs).counted(0, features * n_samples, inputs) % n_samples
        return cls(sample, xp.reshape(turned, (-1,)), features)

    def added(self, differences: Array) -> Array:
        """Return the sums over the samples, shape (n_features, n_units), of what each row (n_units, n_rows) gives."""
        xp = namespace(differences)
        with adapter(differences).float64():
            each = xp.reshape(xp.astype(differences, xp.float64), (int(differences.shape[0]), self.features, -1))
            return xp.matrix_transpose(xp.sum(each, axis=2))


AnyRows = Rows | RowsElsewhere | InnerRows


def _turned(inputs: Array, *, bias: bool) -> Array:
    """Return the inputs feature by feature, the last of them the 1 that a bias is multiplied by."""
    xp = namespace(inputs)
    turned = xp.matrix_transpose(inputs)
    return xp.concat([turned, xp.ones_like(turned[:1, :])], axis=0) if bias else turned
