"""Which outputs depend on which entries of x: as the caller says, or as f shows when it is probed.

Probing asks, of a set of columns: which outputs change when all of them are moved? Bisection with sets that are shared
makes that cheap. Of a block of columns it is known which outputs depend on it; to split all blocks in halves, the left
halves of several blocks may be moved at once if no output depends on two of these blocks, which is the colouring of
`colours` again, for blocks. So each of log2(n) levels takes about twice as many evaluations as it has colours: for a
band of width 3 in 10,000 columns about 90, not 10,000. Where nearly everything depends on everything it costs up to
one and a half times n: a warning that the matrix is not sparse.

Any change of an output beyond its last bits counts: what is taken for a dependence by mistake costs an evaluation, what
is overlooked falsifies the result. Passing NaN instead, and looking where it comes out, would see dependences that are
too small to change a number; but NaN fails comparisons, so it takes the wrong branches, and linear algebra raises.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradwright._arrays import to_numpy
from gradwright.differentiate.colours import colour_columns
from gradwright.errors import ArgumentError, ArgumentTypeError, ShapeError

#: At least so many tests at a time, or as many as make this many numbers.
_TESTS, _NUMBERS = 16, 2**20
#: A block of so many columns is taken apart at once: halving it twice would cost as much.
_FEW = 4


@dataclass(frozen=True)
class Pattern:
    """Where a matrix may have entries, by rows and in each row by columns."""

    rows: np.ndarray[Any, Any]
    columns: np.ndarray[Any, Any]
    shape: tuple[int, int]

    @classmethod
    def of_entries(cls, rows: np.ndarray[Any, Any], columns: np.ndarray[Any, Any], shape: tuple[int, int]) -> Pattern:
        """Return the pattern of entries in any order, some perhaps twice."""
        places = np.unique(rows.astype(np.int64) * shape[1] + columns)
        return cls(places // shape[1], places % shape[1], shape)

    def joined(self, other: Pattern) -> Pattern:
        """Return the pattern with the entries of both."""
        rows, columns = np.append(self.rows, other.rows), np.append(self.columns, other.columns)
        return Pattern.of_entries(rows, columns, self.shape)

    @classmethod
    def of(cls, sparsity: Any, shape: tuple[int, int]) -> Pattern:
        """Check what the caller gave: a boolean array, a SciPy sparse matrix or a pair (rows, columns).

        Raises
        ------
        ArgumentError, ArgumentTypeError, ShapeError
            If it is none of these, or does not fit a Jacobian of `shape`.
        """
        if hasattr(sparsity, "tocoo"):  # stored zeros count: they are where a later Jacobian may have something
            coo = sparsity.tocoo()
            _same_shape(coo.shape, shape)
            return cls.of_entries(coo.row, coo.col, shape)
        if isinstance(sparsity, tuple) and len(sparsity) == 2:
            pair = [_host(part) for part in sparsity]
            if all(part.dtype.kind in "iu" or part.size == 0 for part in pair):
                return cls._of_pair(pair, shape)
        array = _host(sparsity)
        if array.dtype.kind != "b":
            raise ArgumentTypeError("sparsity.kind", kind=_kind(sparsity, array))
        _same_shape(array.shape, shape)
        rows, columns = np.nonzero(array)
        return cls.of_entries(rows, columns, shape)

    @classmethod
    def _of_pair(cls, pair: list[np.ndarray[Any, Any]], shape: tuple[int, int]) -> Pattern:
        rows, columns = pair
        if rows.ndim != 1 or rows.shape != columns.shape:
            raise ShapeError("sparsity.pair", rows=rows.shape, columns=columns.shape)
        outside = np.flatnonzero((rows < 0) | (rows >= shape[0]) | (columns < 0) | (columns >= shape[1]))
        if outside.size:
            k = outside[0]
            raise ArgumentError("sparsity.outside", row=int(rows[k]), column=int(columns[k]), shape=shape)
        pattern = cls.of_entries(rows.astype(np.int64), columns.astype(np.int64), shape)
        if len(pattern.rows) < len(rows):
            places, counts = np.unique(rows.astype(np.int64) * shape[1] + columns.astype(np.int64), return_counts=True)
            row, column = divmod(int(places[counts > 1][0]), shape[1])
            raise ArgumentError("sparsity.repeated", row=row, column=column)
        return pattern


def _host(value: Any) -> np.ndarray[Any, Any]:
    try:
        return np.asarray(to_numpy(value) if hasattr(value, "shape") else value)
    except (TypeError, ValueError):
        return np.asarray(None)


def _kind(sparsity: Any, array: np.ndarray[Any, Any]) -> str:
    name = type(sparsity).__name__
    return f"{name} ({array.dtype})" if array.dtype.kind != "O" else name


def _same_shape(shape: tuple[int, ...], expected: tuple[int, int]) -> None:
    if tuple(shape) != expected:
        raise ShapeError("sparsity.shape", shape=tuple(shape), expected=expected)


#: From a mask of the columns to move, (tests, n), to the pairs (test, output) of which the output changed.
Changed = Callable[[np.ndarray[Any, Any]], tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]]


def find_pattern(changed: Changed, shape: tuple[int, int]) -> Pattern:
    """Find out which outputs depend on which columns, from what changes when columns are moved together.

    Parameters
    ----------
    changed : callable
        Called with masks (tests, n); returns the numbers of tests and of outputs, for each output that changed.
    shape : (int, int)
        The number of outputs and of columns.

    Examples
    --------
    >>> depends = np.eye(5, dtype=bool) | np.eye(5, k=1, dtype=bool)
    >>> pattern = find_pattern(lambda moved: np.nonzero(moved @ depends.T), (5, 5))
    >>> bool(np.all(np.argwhere(depends) == np.stack([pattern.rows, pattern.columns], axis=1)))
    True
    """
    n = shape[1]
    edges = np.array([0, n])
    rows = changed(np.ones((1, n), dtype=bool))[1]
    blocks = np.zeros(len(rows), dtype=np.int64)
    while len(edges) <= n:
        parts = _Parts.of(edges)
        rows, blocks = _split(changed, parts, rows, blocks, shape)
        edges = parts.edges
    return Pattern.of_entries(rows, blocks, shape)


@dataclass(frozen=True)
class _Parts:
    """Blocks of columns taken apart; all but `edges`, `counts` and `first` of shape (parts,)."""

    edges: np.ndarray[Any, Any]  # where each part begins, and the last ends
    counts: np.ndarray[Any, Any]  # (blocks,)
    first: np.ndarray[Any, Any]  # (blocks,): the number of the first part
    block: np.ndarray[Any, Any]
    place: np.ndarray[Any, Any]  # which of the parts of its block

    @classmethod
    def of(cls, edges: np.ndarray[Any, Any]) -> _Parts:
        sizes = np.diff(edges)
        counts = np.where(sizes <= _FEW, sizes, 2)
        first = np.cumsum(counts) - counts
        block = np.repeat(np.arange(len(sizes)), counts)
        place = np.arange(len(block)) - first[block]
        begins = edges[block] + place * sizes[block] // counts[block]
        return cls(np.append(begins, edges[-1]), counts, first, block, place)


def _split(
    changed: Changed, parts: _Parts, rows: np.ndarray[Any, Any], blocks: np.ndarray[Any, Any], shape: tuple[int, int]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return which outputs depend on which parts, where `rows` depend on `blocks`."""
    whole = parts.counts[blocks] == 1  # a column, of which all is known
    found: list[tuple[Any, Any]] = [(rows[whole], parts.first[blocks[whole]])]
    rows, blocks = rows[~whole], blocks[~whole]
    colours = colour_columns(rows, blocks, (shape[0], len(parts.counts)))
    most = int(parts.counts.max())
    tests = (int(colours.max(initial=-1)) + 1) * most
    # One test for each colour and place of a part; what nothing depends on stays where it is.
    test = np.where(colours[parts.block] >= 0, colours[parts.block] * most + parts.place, -1)
    test_of_column = np.repeat(test, np.diff(parts.edges))
    # In a colour an output has one block, so that these numbers differ.
    keys = rows * tests + colours[blocks] * most
    order = np.argsort(keys)
    wanted = np.unique(test[test >= 0])
    chunk = max(_TESTS, _NUMBERS // shape[1])
    for start in range(0, len(wanted), chunk):
        chosen = wanted[start : start + chunk]
        which, row = changed(test_of_column == chosen[:, None])
        place = chosen[which] % most
        key = row * tests + chosen[which] - place
        entry = order[np.minimum(np.searchsorted(keys, key, sorter=order), len(keys) - 1)]
        block = blocks[entry]
        known = (keys[entry] == key) & (place < parts.counts[block])
        found.append((row[known], (parts.first[block] + place)[known]))
        # An output that should not have changed was overlooked before: whatever moved may be the reason.
        for late, at in zip(row[~known], chosen[which[~known]], strict=True):
            moved = np.flatnonzero(test == at)
            found.append((np.full(len(moved), late), moved))
    return np.concatenate([pair[0] for pair in found]), np.concatenate([pair[1] for pair in found])
