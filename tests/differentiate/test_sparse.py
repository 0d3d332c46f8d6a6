"""Sparse Jacobians: against exact ones, `jacobian` and SciPy; patterns that are found, and wrong ones that are."""

from __future__ import annotations

import math
import sys
import time
from typing import Any

import numpy as np
import pytest
import scipy.sparse
from scipy.optimize._numdiff import approx_derivative

import gradwright as gw
from gradwright.differentiate import Status, coloured, jacobian, sparse, sparse_jacobian
from gradwright.differentiate.patterns import Pattern
from gradwright.errors import ArgumentError, ArgumentTypeError, FunctionError, MissingExtraError, ShapeError


def band(n: int) -> tuple[np.ndarray, np.ndarray]:
    rows = np.concatenate([np.arange(n), np.arange(n - 1), np.arange(1, n)])
    columns = np.concatenate([np.arange(n), np.arange(1, n), np.arange(n - 1)])
    return rows, columns


def reaction(x: np.ndarray) -> np.ndarray:
    wide = np.pad(x, 1)
    return wide[2:] - 2 * x + wide[:-2] - np.exp(-x * x) + x * wide[2:]


def exact_reaction(x: np.ndarray) -> scipy.sparse.csr_array:
    n = len(x)
    values = np.concatenate([2 * x * np.exp(-x * x) - 2 + np.append(x[1:], 0), 1 + x[:-1], np.ones(n - 1)])
    return scipy.sparse.csr_array((values, band(n)), shape=(n, n))


def random_function(rng: np.random.Generator, m: int, n: int, density: float) -> tuple[Any, np.ndarray, Any]:
    """Return a function of n numbers with m outputs, where it depends on what, and its exact Jacobian."""
    depends = rng.random((m, n)) < density
    A, B = (rng.standard_normal((m, n)) * depends for _ in range(2))

    def f(x):
        return np.sin((A * x).sum(axis=-1)) + (B * np.exp(-x * x)).sum(axis=-1)

    def exact(x):
        return A * np.cos(A @ x)[:, None] - 2 * x * B * np.exp(-x * x)

    return f, depends, exact


def by_entry(J: gw.SparseEstimate) -> dict[tuple[int, int], float]:
    return dict(zip(zip(J.rows.tolist(), J.columns.tolist()), J.value.tolist()))


class TestValues:
    @pytest.mark.parametrize("density", [0.05, 0.3])
    @pytest.mark.parametrize("shape", [(30, 30), (12, 50), (50, 12)])
    def test_against_exact_and_dense(self, shape, density: float, rng: np.random.Generator) -> None:
        f, depends, exact = random_function(rng, *shape, density)
        x = rng.standard_normal(shape[1])
        dense = jacobian(f, x)
        for sparsity in (depends, None):
            J = sparse_jacobian(f, x, sparsity)
            assert J.all_ok
            assert J.shape == shape
            np.testing.assert_allclose(J.toarray(), exact(x), atol=1e-7)
            true = exact(x)[J.rows, J.columns]
            assert np.mean(np.abs(J.value - true) <= J.error) >= 0.97
            apart = np.abs(J.value - dense.value[J.rows, J.columns])
            assert np.all(apart <= 2 * (J.error + dense.error[J.rows, J.columns]))
            assert np.array_equal(np.argwhere(depends), np.stack([J.rows, J.columns], axis=1))

    def test_the_bars_hold(self, rng: np.random.Generator) -> None:
        covered = total = 0
        for _ in range(20):
            f, depends, exact = random_function(rng, 30, 30, 0.1)
            x = rng.standard_normal(30) * 10.0 ** rng.integers(-3, 2)
            J = sparse_jacobian(f, x, depends)
            wrong = np.abs(J.value - exact(x)[J.rows, J.columns])
            covered += np.sum((wrong <= J.error)[J.ok])
            total += J.ok.sum()
            assert J.ok.mean() > 0.9
        assert covered / total >= 0.97
        assert np.mean(wrong <= J.error / 1000) < 0.9  # bars a thousand times shorter would not

    def test_against_scipy(self) -> None:
        x = np.linspace(0.5, 2, 40)
        pattern = scipy.sparse.csr_array((np.ones(118), band(40)), shape=(40, 40))
        theirs = approx_derivative(reaction, x, method="3-point", sparsity=scipy.sparse.csr_matrix(pattern)).toarray()
        ours = sparse_jacobian(reaction, x, pattern).tocsr()
        exact = exact_reaction(x).toarray()
        np.testing.assert_allclose(ours.toarray(), theirs, atol=1e-7)
        assert abs(ours.toarray() - exact).max() < abs(theirs - exact).max()

    def test_a_large_band_is_quick(self) -> None:
        n = 10_000
        x = np.random.default_rng(1).uniform(1.0, 2.0, n)
        exact = exact_reaction(x)
        evaluations = 0

        def f(x):
            nonlocal evaluations
            evaluations += 1
            return reaction(x)

        seconds = []
        for _ in range(3):
            start, evaluations = time.process_time(), 0
            J = sparse_jacobian(f, x, band(n))
            seconds.append(time.process_time() - start)
        assert min(seconds) < 1.0
        assert J.evaluations == evaluations < 100
        assert J.colours.max() == 2
        assert J.all_ok
        assert abs(J.tocsr() - exact).max() < 1e-9
        found = sparse_jacobian(reaction, x)
        assert found.evaluations < 250
        assert by_entry(found).keys() == by_entry(J).keys()

    def test_tiny_entries_beside_large_ones(self) -> None:
        # Zeros that came out as 1e-17: moved by their own size they would not show in a sum.
        x = np.sin(np.arange(40) * np.pi / 2)
        assert 0 < np.abs(x[2::2]).max() < 1e-13
        J = sparse_jacobian(reaction, x)
        exact = exact_reaction(x).toarray()
        assert set(by_entry(J)) == set(zip(*(part.tolist() for part in band(40))))
        np.testing.assert_allclose(J.toarray(), exact, atol=1e-8)
        assert J.all_ok

    def test_variables_of_very_different_size(self) -> None:
        scale = np.array([1e-9, 1.0, 1e9, 1e-3])
        J = sparse_jacobian(lambda x: np.sin(x / scale), 2 * scale, np.eye(4, dtype=bool))
        assert J.colours.max() == 0
        np.testing.assert_allclose(J.value, math.cos(2) / scale, rtol=1e-8)

    @pytest.mark.parametrize(
        "scale", [[1e-300] * 3, [1e300] * 3, [1e-300, 1.0, 1e300], [5e-324, 1.0, 2.0], [0, 1e-8, 1e8]]
    )
    def test_any_scale(self, scale: list[float]) -> None:
        J = sparse_jacobian(lambda x: 3 * x, scale)
        assert by_entry(J) == pytest.approx({(i, i): 3.0 for i in range(3)}, rel=1e-6)
        assert J.all_ok

    def test_kinks_are_said_in_their_own_row(self) -> None:
        x = np.array([0.0, 1.0, -2.0])
        J = sparse_jacobian(np.abs, x)
        assert J.status.tolist() == [Status.KINK, Status.CONVERGED, Status.CONVERGED]
        assert (J.left[0], J.right[0]) == (-1, 1)
        assert not J.all_ok
        assert J.ok.tolist() == [False, True, True]

    def test_not_finite_in_its_own_row(self) -> None:
        with np.errstate(invalid="ignore"):
            J = sparse_jacobian(lambda x: np.sqrt(x), [-1.0, 4.0], np.eye(2, dtype=bool))
        assert J.status.tolist() == [Status.NONFINITE, Status.CONVERGED]
        assert J.value[1] == pytest.approx(0.25)

    def test_trees_and_libraries(self, xp) -> None:
        p = {"w": xp([[1.0, 2.0], [3.0, 4.0]]), "b": xp([0.5, 0.25])}
        J = sparse_jacobian(lambda p: p["w"][0, :] * p["b"] ** 2, p)
        assert J.shape == (2, 6)
        expected = {(0, 0): 0.25, (1, 1): 0.0625, (0, 4): 1.0, (1, 5): 1.0}
        assert by_entry(J) == pytest.approx(expected, rel=1e-6)
        assert isinstance(J.value, np.ndarray)

    def test_outputs_and_inputs_with_several_axes(self) -> None:
        x = np.arange(1.0, 7.0).reshape(2, 3)
        J = sparse_jacobian(lambda x: x.T**2, x)
        dense = jacobian(lambda x: x.T**2, x).value.reshape(6, 6)
        np.testing.assert_allclose(J.toarray(), dense, atol=1e-9)

    def test_one_number(self) -> None:
        J = sparse_jacobian(lambda x: x**3, 2.0)
        assert J.value == pytest.approx([12.0])
        assert sparse_jacobian(lambda x: 7.0, 2.0).value.size == 0

    def test_x_stays_as_it_is(self) -> None:
        x = np.array([1.0, 2.0])

        def f(p):
            value = p * p
            p *= 0
            return value

        np.testing.assert_allclose(sparse_jacobian(f, x).toarray(), np.diag([2, 4]), atol=1e-9)
        np.testing.assert_array_equal(x, [1, 2])


class TestOptions:
    X = np.array([1.0, -2.0, 0.5, 3.0, 0.0])

    @pytest.mark.parametrize(
        "options",
        [
            {"method": "central"},
            {"method": "forward"},
            {"method": "backward"},
            {"method": "complex"},
            {"step": 1e-4},
            {"step": np.array([1e-4, 1e-3, 1e-5, 1e-4, 1e-4]), "method": "central"},
            {"bounds": (X, None)},
            {"bounds": (None, X)},
            {"bounds": (X - 1e-9, np.array([2.0, -2.0, 1.5, 3.0, 1.0]))},
            {"rtol": 1e-3},
            {"rtol": None},
            {"rng": None},
            {"vectorized": True},
        ],
        ids=str,
    )
    @pytest.mark.parametrize("given", [True, False])
    def test_each(self, options: dict, given: bool) -> None:
        low, high = options.get("bounds", (None, None))
        points = 0

        def f(x):
            nonlocal points
            points += len(x) if options.get("vectorized") else 1
            assert low is None or np.all(x >= low)
            assert high is None or np.all(x <= high)
            return np.stack([np.exp(x[..., i]) * x[..., (i + 1) % 5] for i in range(5)], axis=-1)

        sparsity = np.eye(5, dtype=bool) | np.roll(np.eye(5, dtype=bool), 1, axis=1)
        J = sparse_jacobian(f, self.X, sparsity if given else None, **options)
        exact = np.diag(np.exp(self.X) * np.roll(self.X, -1))
        exact[np.arange(5), (np.arange(5) + 1) % 5] = np.exp(self.X)
        # With a room of 1e-9 for two of the entries few digits are left of these.
        atol = 2e-3 if "step" in options else 1e-3 if low is not None and low[0] < 1 else 1e-5
        np.testing.assert_allclose(J.toarray(), exact, atol=atol)
        assert np.all(np.abs(J.value - exact[J.rows, J.columns]) <= J.error)
        assert J.all_ok
        assert J.evaluations == points

    def test_the_side_that_was_looked_at(self) -> None:
        J = sparse_jacobian(np.exp, [0.0, 1.0], bounds=(None, [0.0, 9.0]))
        assert J.status.tolist() == [Status.ONE_SIDED, Status.ONE_SIDED]
        np.testing.assert_allclose([J.left[0], J.value[0]], [1, 1], rtol=1e-6)
        assert math.isnan(J.right[0])
        assert math.isnan(J.left[1])  # its companion went down, itself it went up

    def test_the_textbook_formula_with_a_step(self) -> None:
        J = sparse_jacobian(lambda x: x**3, [3.0, 5.0], np.eye(2, dtype=bool), step=2.0**-13, method="central")
        h = 2.0**-13
        assert J.value.tolist() == [((t + h) ** 3 - (t - h) ** 3) / (2 * h) for t in (3.0, 5.0)]

    def test_the_same_seed_gives_the_same_bits(self) -> None:
        first, second = (sparse_jacobian(reaction, np.arange(1.0, 9.0), rng=3) for _ in range(2))
        assert np.array_equal(first.value, second.value)
        with pytest.raises(ArgumentError, match="`rng`"):
            sparse_jacobian(reaction, np.ones(3), rng="a")


class TestProbing:
    def test_products_that_are_zero_at_x(self) -> None:
        J = sparse_jacobian(lambda x: np.array([x[0] * x[1], x[1] * x[2] ** 2, 0 * x[3]]), np.zeros(4))
        assert set(by_entry(J)) == {(0, 0), (0, 1), (1, 1), (1, 2)}
        np.testing.assert_allclose(J.value, 0, atol=1e-9)

    def test_a_dense_function_costs_half_as_much_again(self, rng: np.random.Generator) -> None:
        A = rng.standard_normal((20, 20))
        J = sparse_jacobian(lambda x: np.tanh(A @ x), rng.standard_normal(20))
        assert len(J.value) == 400
        assert J.colours.max() == 19

    def test_what_shows_near_x_only_is_found_at_the_second_try(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def f(x):
            return np.array([np.clip(x[0] - 1, -1e-4, 1e-4), x[1] ** 2])

        J = sparse_jacobian(f, [1.0, 2.0])
        assert by_entry(J) == pytest.approx({(0, 0): 1.0, (1, 1): 4.0})
        assert J.all_ok
        monkeypatch.setattr(sparse, "_PROBES", sparse._PROBES[:1])
        assert sparse_jacobian(f, [1.0, 2.0]).unexplained.tolist() == [0]

    def test_what_stays_unexplained_is_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        right = coloured.Study.probe

        def planted(self, fraction):
            pattern = right(self, fraction)
            keep = (pattern.rows != 3) | (pattern.columns != 4)
            return Pattern(pattern.rows[keep], pattern.columns[keep], pattern.shape)

        monkeypatch.setattr(coloured.Study, "probe", planted)
        J = sparse_jacobian(reaction, np.arange(1.0, 9.0))
        assert J.unexplained.tolist() == [3]
        assert not J.all_ok
        assert {Status(s) for s in J.status[J.rows == 3]} == {Status.UNRESOLVED}
        assert np.all(np.isinf(J.error[J.rows == 3]))
        assert J.ok[J.rows != 3].all()
        assert "1 rows (first: 3)" in str(J)
        assert "찾지 못한" in J.text("ko")

    def test_a_row_without_entries_may_be_unexplained_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(
            coloured.Study, "probe", lambda self, fraction: Pattern(np.array([0]), np.array([0]), self.shape)
        )
        J = sparse_jacobian(lambda x: x * x, [1.0, 2.0])
        assert J.unexplained.tolist() == [1]
        assert J.ok.all()
        assert not J.all_ok


class TestWrongPatterns:
    def test_any_missing_entry_is_seen(self, rng: np.random.Generator) -> None:
        f, depends, _ = random_function(rng, 15, 20, 0.2)
        x = rng.standard_normal(20)
        for row, column in np.argwhere(depends):
            wrong = depends.copy()
            wrong[row, column] = False
            with pytest.raises(ArgumentError, match=rf"in 1 of 15 rows, first row {row},") as caught:
                sparse_jacobian(f, x, wrong)
            assert "빠진 항목" in caught.value.text("ko")
            assert "\n" not in caught.value.text("en")

    def test_no_false_alarm(self, rng: np.random.Generator) -> None:
        for seed in range(40):
            f, depends, exact = random_function(rng, 40, 40, 0.1)
            x = rng.standard_normal(40) * 10.0 ** rng.integers(-4, 2)
            J = sparse_jacobian(f, x, depends, rng=seed)
            np.testing.assert_allclose(J.value, exact(x)[J.rows, J.columns], rtol=1e-7, atol=1e-7)

    def test_no_false_alarm_at_kinks_and_jumps(self, rng: np.random.Generator) -> None:
        functions = [
            lambda x: np.maximum(x, np.roll(x, 1)),
            lambda x: np.abs(x - 1) + np.abs(np.roll(x, 1) - 1) * 2,
            lambda x: np.sign(x - 1) + np.sqrt(np.abs(np.roll(x, 1) - 1)),
            lambda x: np.where(x >= 1, np.log(np.maximum(2 - x, 0.5)), np.nan) + np.roll(x, 1),
        ]
        pattern = np.eye(6, dtype=bool) | np.roll(np.eye(6, dtype=bool), 1, axis=0)
        for f in functions:
            for x in (np.ones(6), np.where(rng.random(6) < 0.5, 1.0, 1.5)):
                sparse_jacobian(f, x, pattern)
                assert not sparse_jacobian(f, x).unexplained.size

    def test_a_missing_entry_is_seen_beside_a_kink(self) -> None:
        def f(x):
            return np.array([1e-3 * abs(x[0]) + 3 * x[1], x[1]])

        with pytest.raises(ArgumentError, match="in 1 of 2 rows, first row 0"):
            sparse_jacobian(f, [0.0, 1.0], np.eye(2, dtype=bool))

    def test_without_the_check_it_goes_on(self) -> None:
        x = np.arange(1.0, 9.0)
        J = sparse_jacobian(reaction, x, np.eye(8, dtype=bool), check=False)
        assert len(J.value) == 8

    def test_superfluous_entries_do_no_harm(self) -> None:
        x = np.arange(1.0, 9.0)
        J = sparse_jacobian(reaction, x, np.ones((8, 8), dtype=bool))
        np.testing.assert_allclose(J.toarray(), exact_reaction(x).toarray(), atol=1e-8)
        assert J.all_ok

    def test_columns_that_must_not_share_a_colour_are_seen(self, monkeypatch: pytest.MonkeyPatch) -> None:
        right = coloured.colour_columns

        def planted(rows, columns, shape):
            colours = right(rows, columns, shape)
            return np.where(colours == 2, 1, colours)

        monkeypatch.setattr(coloured, "colour_columns", planted)
        with pytest.raises(ArgumentError, match="leaves out"):
            sparse_jacobian(reaction, np.arange(1.0, 9.0), band(8))


class TestForms:
    X = np.arange(1.0, 9.0)

    @pytest.mark.parametrize("form", ["array", "list", "pair", "coo", "csr", "csc", "matrix", "lists"])
    def test_each(self, form: str) -> None:
        dense = np.zeros((8, 8), dtype=bool)
        dense[band(8)] = True
        sparsity = {
            "array": dense,
            "list": dense.tolist(),
            "pair": band(8),
            "coo": scipy.sparse.coo_array(dense),
            "csr": scipy.sparse.csr_array(dense.astype(float)),
            "csc": scipy.sparse.csc_matrix(dense),
            "matrix": scipy.sparse.diags([1.0, -2.0, 1.0], [-1, 0, 1], shape=(8, 8)),
            "lists": tuple(map(list, band(8))),
        }[form]
        J = sparse_jacobian(reaction, self.X, sparsity)
        np.testing.assert_allclose(J.toarray(), exact_reaction(self.X).toarray(), atol=1e-8)

    def test_a_result_serves_as_the_next_pattern(self) -> None:
        J = sparse_jacobian(reaction, np.ones(8))
        again = sparse_jacobian(reaction, self.X, J.tocsr())
        np.testing.assert_allclose(again.toarray(), exact_reaction(self.X).toarray(), atol=1e-8)
        zero = sparse_jacobian(lambda x: x**2, np.zeros(3))
        assert zero.tocsr().nnz == 3
        assert sparse_jacobian(lambda x: x**2, np.ones(3), zero.tocsr()).value == pytest.approx([2, 2, 2])

    @pytest.mark.parametrize(
        ("sparsity", "error", "words"),
        [
            (np.ones((7, 8), dtype=bool), ShapeError, r"shape \(7, 8\), but the Jacobian has \(8, 8\)"),
            (np.ones(8, dtype=bool), ShapeError, r"\(8,\)"),
            (scipy.sparse.eye_array(7), ShapeError, r"\(7, 7\)"),
            (np.ones((8, 8)), ArgumentTypeError, "float64.*!= 0"),
            (np.ones((8, 8), dtype=int), ArgumentTypeError, "booleans"),
            ("band", ArgumentTypeError, "str"),
            ([[True], [True, False]], ArgumentTypeError, "list"),
            (5, ArgumentTypeError, "int"),
            (([0, 1], [0]), ShapeError, r"\(2,\) and \(1,\)"),
            (([[0]], [[0]]), ShapeError, "same length"),
            (([0, 8], [0, 1]), ArgumentError, "row 8, column 1"),
            (([0, 1], [-1, 1]), ArgumentError, "row 0, column -1"),
            (([0, 1, 0], [2, 1, 2]), ArgumentError, "row 0, column 2 more than once"),
            (([0.5], [1.0]), ArgumentTypeError, "tuple"),
        ],
        ids=str,
    )
    def test_what_is_no_pattern(self, sparsity, error, words: str) -> None:
        with pytest.raises(error, match=words) as caught:
            sparse_jacobian(reaction, self.X, sparsity)
        assert "\n" not in caught.value.text("en")
        assert "`sparsity`" in caught.value.text("ko")

    def test_an_empty_pattern(self) -> None:
        J = sparse_jacobian(lambda x: np.ones(3), self.X, ([], []))
        assert J.value.size == 0
        assert J.all_ok
        assert J.toarray().shape == (3, 8)
        with pytest.raises(ArgumentError, match="leaves out"):
            sparse_jacobian(reaction, self.X, ([], []))

    def test_functions_that_are_none(self) -> None:
        with pytest.raises(FunctionError, match="None"):
            sparse_jacobian(lambda x: None, self.X)
        with pytest.raises(TypeError, match="`f`"):
            sparse_jacobian(3, self.X)

    def test_text(self) -> None:
        J = sparse_jacobian(reaction, self.X, band(8))
        assert str(J).startswith("8 x 8, 22 entries in 3 colours, +- ")
        assert "evaluations)" in str(J)
        assert "항목 22개" in J.text("ko")

    def test_without_scipy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        J = sparse_jacobian(reaction, self.X)
        monkeypatch.setitem(sys.modules, "scipy", None)
        with pytest.raises(MissingExtraError, match="pip install scipy"):
            J.tocsr()
