"""Difference weights: formulas known by hand, exactness on polynomials, the order that each formula claims."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gradwright.differentiate import derivative, difference_weights
from gradwright.differentiate.weights import central_stencil, combine, one_sided_stencil

KNOWN = [
    ([-1.0, 1.0], 1, [-1 / 2, 1 / 2]),
    ([-1.0, 0.0, 1.0], 1, [-1 / 2, 0, 1 / 2]),
    ([-1.0, 0.0, 1.0], 2, [1, -2, 1]),
    ([0.0, 1.0], 1, [-1, 1]),
    ([0.0, 1.0, 2.0], 1, [-3 / 2, 2, -1 / 2]),
    ([-2.0, -1.0, 0.0, 1.0, 2.0], 1, [1 / 12, -2 / 3, 0, 2 / 3, -1 / 12]),
    ([-2.0, -1.0, 0.0, 1.0, 2.0], 2, [-1 / 12, 4 / 3, -5 / 2, 4 / 3, -1 / 12]),
    ([-2.0, -1.0, 0.0, 1.0, 2.0], 3, [-1 / 2, 1, 0, -1, 1 / 2]),
    ([-2.0, -1.0, 0.0, 1.0, 2.0], 4, [1, -4, 6, -4, 1]),
    ([0.5, 1.0], 0, [2, -1]),
]


@pytest.mark.parametrize(("nodes", "order", "weights"), KNOWN)
def test_formulas_known_by_hand(nodes: list[float], order: int, weights: list[float]) -> None:
    np.testing.assert_allclose(difference_weights(np.array(nodes), order), weights, atol=1e-14)


def test_weights_are_exact_for_polynomials(rng: np.random.Generator) -> None:
    for count in range(2, 9):
        nodes = np.sort(rng.uniform(-1, 1, count)) + np.arange(count) * 0.3
        for order in range(count):
            weights = difference_weights(nodes, order)
            for degree in range(count):
                true = math.factorial(order) if degree == order else 0.0
                size = np.abs(weights) @ np.abs(nodes) ** degree
                assert weights @ nodes**degree == pytest.approx(true, abs=1e-11 * max(size, 1.0))


STENCILS = [central_stencil(m) for m in (1, 2, 3, 4)]
STENCILS += [one_sided_stencil(m, side) for m in (1, 2, 3) for side in (1, -1)]


@pytest.mark.parametrize("stencil", STENCILS, ids=lambda s: f"order{s.order}side{s.side}")
def test_each_formula_of_a_stencil_differentiates_polynomials(stencil) -> None:
    for weights in (stencil.full, stencil.lower, stencil.lowest):
        used = int(np.count_nonzero(weights)) + (weights[0] == 0)
        for degree in range(min(used, len(stencil.nodes) - 2)):
            true = math.factorial(stencil.order) if degree == stencil.order else 0.0
            size = np.abs(weights) @ np.abs(stencil.nodes) ** degree
            assert weights @ stencil.nodes**degree == pytest.approx(true, abs=1e-12 * max(size, 1.0))


def test_a_wrong_weight_does_not_pass() -> None:
    stencil = central_stencil(1)
    wrong = stencil.full.copy()
    wrong[1] *= 1.001
    assert abs(wrong @ stencil.nodes - 1.0) > 1e-6


def observed_order(error_at, steps: np.ndarray) -> float:
    errors = np.array([error_at(h) for h in steps])
    return float(np.polyfit(np.log(steps), np.log(errors), 1)[0])


def test_observed_orders_of_the_fixed_formulas() -> None:
    f, x = np.exp, 0.7
    steps = 0.5 ** np.arange(2, 6)

    def error_of(method: str, order: int = 1):
        return lambda h: abs(derivative(f, x, order, method=method, step=h).value - math.exp(x))

    assert observed_order(error_of("central"), steps) == pytest.approx(2, abs=0.05)
    assert observed_order(error_of("central", 2), steps) == pytest.approx(2, abs=0.05)
    assert observed_order(error_of("forward"), steps / 8) == pytest.approx(1, abs=0.05)
    assert observed_order(error_of("backward"), steps / 8) == pytest.approx(1, abs=0.05)
    assert observed_order(error_of("forward", 2), steps / 16) == pytest.approx(1, abs=0.1)
    assert observed_order(error_of("complex"), steps) == pytest.approx(2, abs=0.05)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_observed_order_of_the_symmetric_stencils(order: int) -> None:
    stencil = central_stencil(order)
    steps = 2.0 ** np.arange(0, 3) / 2

    def error_with(weights):
        return lambda h: abs(weights @ np.exp(0.3 + h * stencil.nodes) / h**order - math.exp(0.3))

    assert observed_order(error_with(stencil.lower), steps) == pytest.approx(stencil.accuracy, abs=0.2)
    assert observed_order(error_with(stencil.full), 2 * steps) == pytest.approx(stencil.accuracy + 2, abs=0.4)


def test_the_seven_nodes_give_order_six_and_their_inner_five_order_four() -> None:
    for halving, inner in ((False, [9 / 32, 17 / 32, 1]), (True, [0.25, 0.5, 1])):
        stencil = central_stencil(1, halving)
        assert sorted(abs(stencil.nodes)) == [0, *np.repeat(inner, 2)]
        assert stencil.accuracy == 4


@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("order", [1, 2])
def test_observed_order_of_the_one_sided_stencils(order: int, side: int) -> None:
    stencil = one_sided_stencil(order, side)
    assert np.all(side * stencil.nodes >= 0)
    steps = 0.5 ** np.arange(0, 3)

    def error(h: float) -> float:
        return abs(stencil.lower @ np.exp(0.3 + h * stencil.nodes) / h**order - math.exp(0.3))

    assert observed_order(error, steps) == pytest.approx(stencil.accuracy, abs=0.5)


@pytest.mark.parametrize("stencil", STENCILS, ids=lambda s: f"order{s.order}side{s.side}")
def test_no_formula_is_better_than_its_claim_says(stencil) -> None:
    """The first power that a formula does not claim, it does not get: by the product of its nodes, in closed form."""
    for weights in (stencil.full, stencil.lower, stencil.lowest):
        used = np.flatnonzero(weights)
        nodes = stencil.nodes[np.union1d(used, [0])]
        claimed = len(nodes) + (stencil.side == 0 and stencil.order % 2 == 0)
        error = weights @ stencil.nodes**claimed
        if stencil.order == 1:
            others = nodes[nodes != 0]
            assert error == pytest.approx(-np.prod(-others), rel=1e-9)
        assert abs(error) > 1e-6


@pytest.mark.parametrize("stencil", STENCILS, ids=lambda s: f"order{s.order}side{s.side}")
def test_contrasts_give_nothing_for_a_smooth_function_and_noise_as_it_is(stencil, rng: np.random.Generator) -> None:
    noise = rng.standard_normal((20_000, len(stencil.nodes)))
    np.testing.assert_allclose((noise @ stencil.contrasts.T).std(axis=0), 1, rtol=0.05)
    np.testing.assert_allclose((noise @ stencil.full).std(), stencil.norm, rtol=0.05)
    smooth = stencil.contrasts @ np.exp(stencil.nodes / 8)
    assert np.all(np.abs(smooth) < 1e-3)


def test_parts_and_rows_are_the_formulas(rng: np.random.Generator) -> None:
    for stencil in STENCILS:
        values = rng.standard_normal((3, len(stencil.nodes), 2))
        parts = stencil.parts(values)
        for row, weights in zip(stencil.rows, (stencil.full, stencil.lower, stencil.lowest, *stencil.contrasts)):
            np.testing.assert_allclose(combine(row, parts), np.einsum("lko,k->lo", values, weights), atol=1e-10)
