r"""Columns of a sparse Jacobian that can be measured together: `colour_columns`.

Two columns that have no row in common do not disturb each other: moved together, each output still tells what one of
them does to it. A partition of the columns into such groups is a colouring of the graph in which columns that share a
row are neighbours; the fewest colours are hard to find, but one column after another given the first colour that is
free comes close, and is exact for bands in their natural order. No row with k entries can do with fewer than k.

References
----------
A. R. Curtis, M. J. D. Powell and J. K. Reid, On the estimation of sparse Jacobian matrices, J. Inst. Maths Applics 13
(1974) 117-119.
T. F. Coleman and J. J. More, Estimation of sparse Jacobian matrices and graph coloring problems, SIAM J. Numer. Anal.
20 (1983) 187-209.
A. H. Gebremedhin, F. Manne and A. Pothen, What color is your Jacobian?, SIAM Review 47 (2005) 629-705, section 3.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np


def colour_columns(
    rows: np.ndarray[Any, Any], columns: np.ndarray[Any, Any], shape: tuple[int, int]
) -> np.ndarray[Any, Any]:
    """Give each column a colour that no column with a row in common has.

    Parameters
    ----------
    rows, columns : ndarray of int, shape (entries,)
        Where the matrix has entries, each once.
    shape : (int, int)
        Its rows and columns.

    Returns
    -------
    ndarray of int, shape (columns,)
        Colours from 0; -1 for a column without entries. The better of two orders: as they come, which suits bands, and
        those with most entries first.

    Examples
    --------
    >>> colour_columns(np.array([0, 0, 1, 1, 2]), np.array([0, 1, 1, 2, 2]), (3, 4))
    array([ 0,  1,  0, -1])
    """
    order = np.argsort(columns, kind="stable")
    starts = np.searchsorted(columns[order], np.arange(shape[1] + 1))
    members, edges = rows[order].tolist(), starts.tolist()
    # As Python's lists: a column has few rows, for which an array operation costs more than a loop.
    lists = [members[edges[j] : edges[j + 1]] for j in range(shape[1])]
    fewest = int(np.bincount(rows, minlength=1).max(initial=0))
    best = _greedy(range(shape[1]), lists, shape[0])
    if best.max(initial=-1) + 1 > fewest:
        largest_first = np.argsort(-np.diff(starts), kind="stable").tolist()
        best = min(best, _greedy(largest_first, lists, shape[0]), key=lambda colours: int(colours.max(initial=-1)))
    return best


def _greedy(order: Iterable[int], lists: list[list[int]], rows: int) -> np.ndarray[Any, Any]:
    """Give each column in turn the first colour that none of its rows has seen."""
    seen = [0] * rows  # the colours of a row, as the bits of a number
    colours = np.full(len(lists), -1)
    for column in order:
        used = 0
        for row in lists[column]:
            used |= seen[row]
        if lists[column]:
            bit = ~used & (used + 1)
            for row in lists[column]:
                seen[row] |= bit
            colours[column] = bit.bit_length() - 1
    return colours
