"""Which columns may be moved together, and which outputs depend on which: on patterns alone, without a function."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize._numdiff import group_columns

from gradwright.differentiate.colours import colour_columns
from gradwright.differentiate.patterns import find_pattern


class TestColours:
    @pytest.mark.parametrize("density", [0.0, 0.02, 0.1, 0.5, 1.0])
    def test_no_row_has_a_colour_twice(self, density: float, rng: np.random.Generator) -> None:
        A = rng.random((40, 60)) < density
        colours = colour_columns(*np.nonzero(A), A.shape)
        for row in A:
            own = colours[row]
            assert len(set(own.tolist())) == len(own)
        assert np.array_equal(colours >= 0, A.any(axis=0))
        # SciPy gives a group to empty columns too, and draws its order.
        assert colours.max(initial=-1) <= group_columns(A, rng.permutation(60)).max() + 1

    @pytest.mark.parametrize("width", [1, 2, 3, 5, 8])
    def test_a_band_has_as_many_as_it_is_wide(self, width: int) -> None:
        rows = np.repeat(np.arange(100), width)
        columns = rows + np.tile(np.arange(width), 100)
        assert colour_columns(rows, columns, (100, 100 + width)).max() + 1 == width

    def test_largest_first_helps(self) -> None:
        # A crown: in the order a1 b1 a2 b2 ... one column after another needs n colours, two are enough.
        n = 6
        pairs = [(a, b) for a in range(n) for b in range(n) if a != b]
        rows = np.repeat(np.arange(len(pairs)), 2)
        columns = np.array([[2 * a, 2 * b + 1] for a, b in pairs]).ravel()
        extra = np.arange(n)  # rows of their own for the a columns, so that these have more entries
        rows = np.concatenate([rows, len(pairs) + extra])
        columns = np.concatenate([columns, 2 * extra])
        shape = (len(pairs) + n, 2 * n)
        assert colour_columns(rows, columns, shape).max() + 1 == 2


class TestProbing:
    @pytest.mark.parametrize("density", [0.0, 0.03, 0.3, 1.0])
    @pytest.mark.parametrize("shape", [(1, 1), (1, 33), (33, 1), (40, 61)])
    def test_any_pattern(self, shape, density: float, rng: np.random.Generator) -> None:
        depends = rng.random(shape) < density
        tests = 0

        def changed(moved):
            nonlocal tests
            tests += len(moved)
            return np.nonzero(moved.astype(int) @ depends.T)

        pattern = find_pattern(changed, shape)
        assert np.array_equal(np.argwhere(depends), np.stack([pattern.rows, pattern.columns], axis=1))
        assert tests <= 1.6 * shape[1] + 4

    @pytest.mark.parametrize("hidden", [1, 2, 3])
    def test_what_shows_late_is_not_lost(self, hidden: int, rng: np.random.Generator) -> None:
        # Rows that do not change while much moves, as if changes had cancelled: they are found when less moves.
        depends = rng.random((30, 40)) < 0.1
        calls = 0

        def changed(moved):
            nonlocal calls
            calls += 1
            hits = moved.astype(int) @ depends.T > 0
            if calls == hidden:
                hits[:, ::7] = False
            return np.nonzero(hits)

        pattern = find_pattern(changed, depends.shape)
        assert calls > hidden
        found = np.zeros(depends.shape, dtype=bool)
        found[pattern.rows, pattern.columns] = True
        assert np.all(found >= depends)
        others = np.arange(30) % 7 > 0
        assert np.array_equal(found[others], depends[others])
