"""Kinks, jumps and ends are said, not averaged away; and what is smooth is left alone."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gradwright.differentiate import Status, derivative, directional, gradient, hessian, jacobian


def relu(x: float) -> float:
    return max(x, 0.0)


KINKS = [
    ("abs", abs, 0.0, -1, 1),
    ("abs at 1", lambda x: abs(x - 1), 1.0, -1, 1),
    ("abs far out", lambda x: abs(x - 1e6), 1e6, -1, 1),
    ("relu", relu, 0.0, 0, 1),
    ("min", lambda x: min(x, 2 - x), 1.0, 1, -1),
    ("piecewise", lambda x: x * x if x < 1 else 3 * x - 2, 1.0, 2, 3),
    ("small kink in exp", lambda x: math.exp(x) + 1e-3 * abs(x - 2), 2.0, math.exp(2) - 1e-3, math.exp(2) + 1e-3),
    ("leaky", lambda x: x if x > 0 else 0.01 * x, 0.0, 0.01, 1),
    ("kink on a slope", lambda x: 5 + 7 * x + 2 * abs(x), 0.0, 5, 9),
]


@pytest.mark.parametrize(("f", "x", "left", "right"), [row[1:] for row in KINKS], ids=[row[0] for row in KINKS])
def test_kinks_are_flagged_with_both_slopes(f, x: float, left: float, right: float) -> None:
    d = derivative(f, x)
    assert d.status is Status.KINK
    assert not d.ok
    assert d.left == pytest.approx(left, abs=1e-6)
    assert d.right == pytest.approx(right, abs=1e-6)
    assert d.error >= 0.99 * abs(right - left)


def test_the_slopes_of_abs_are_exact() -> None:
    for x in (0.0, 1.0, -3.5):
        d = derivative(lambda t, x=x: abs(t - x), x)
        assert (d.value, d.left, d.right) == (0.0, -1.0, 1.0)
    d = derivative(relu, 0.0)
    assert (d.left, d.right) == (0.0, 1.0)


@pytest.mark.parametrize("name", ["abs", "relu", "leaky", "kink on a slope"])
def test_kinks_are_flagged_with_a_step_as_well(name: str) -> None:
    _, f, x, left, right = next(row for row in KINKS if row[0] == name)
    d = derivative(f, x, method="central", step=1e-4)
    assert d.status is Status.KINK
    assert (d.left, d.right) == pytest.approx((left, right), abs=1e-9)


JUMPS = [
    ("floor", np.floor, 3.0),
    ("step", lambda x: float(x > 0), 0.0),
    ("step, other end", lambda x: float(x >= 0), 0.0),
    ("sign", np.sign, 0.0),
    ("jump on a curve", lambda x: math.sin(x) + (x >= 1), 1.0),
    ("a value of its own", lambda x: 1.0 if x == 2 else x, 2.0),
]


@pytest.mark.parametrize(("f", "x"), [row[1:] for row in JUMPS], ids=[row[0] for row in JUMPS])
def test_jumps_are_flagged(f, x: float) -> None:
    d = derivative(f, x)
    assert d.status is Status.JUMP
    assert not d.ok
    assert math.isnan(d.value)
    assert math.isinf(d.error)


@pytest.mark.parametrize(("f", "x"), [row[1:] for row in JUMPS[:4]], ids=[row[0] for row in JUMPS[:4]])
def test_jumps_are_flagged_with_a_step_as_well(f, x: float) -> None:
    d = derivative(f, x, method="central", step=1e-4)
    assert d.status is Status.JUMP
    assert math.isinf(d.error)
    assert not d.ok


def test_the_slopes_beside_a_jump() -> None:
    d = derivative(lambda x: 2 * x if x < 1 else 5 * x, 1.0)
    assert d.status is Status.JUMP
    assert (d.left, d.right) == pytest.approx((2, 5), abs=1e-4)


@pytest.mark.parametrize("distance", [1e-1, 1e-2, 1e-3, 1e-4, 1e-6, 1e-8])
def test_near_a_kink_the_slope_is_that_of_the_side(distance: float) -> None:
    for x, slope in ((1 + distance, 1.0), (1 - distance, -1.0)):
        d = derivative(lambda x: abs(x - 1), x)
        assert d.value == pytest.approx(slope, rel=1e-6)
        assert abs(d.value - slope) <= d.error + 1e-15
        assert d.ok


@pytest.mark.parametrize("x", [3.5, 3.1, 3.01, 2.99, 3.0001])
def test_near_a_jump_the_slope_is_that_of_the_side(x: float) -> None:
    d = derivative(np.floor, x)
    assert d.ok
    assert abs(d.value) <= d.error < 1e-6


@pytest.mark.parametrize("width", [1e-1, 1e-2, 1e-3, 1e-4, 1e-5])
@pytest.mark.parametrize("x", [0.0, 1.0, -30.0])
def test_a_narrow_bend_is_no_kink(width: float, x: float) -> None:
    d = derivative(lambda t: math.sqrt((t - x) ** 2 + width**2), x)
    assert d.ok
    assert abs(d.value) <= d.error + 1e-12


def test_smooth_pieces_that_fit_are_no_kink() -> None:
    def huber(x: float) -> float:
        return x * x / 2 if abs(x) < 1 else abs(x) - 0.5

    for x in (1.0, -1.0):
        d = derivative(huber, x)
        assert d.status is Status.CONVERGED
        assert d.value == pytest.approx(x, abs=1e-6)


def quiet(f):
    def call(x):
        with np.errstate(all="ignore"):
            return f(np.float64(x))

    return call


@pytest.mark.parametrize("f", [quiet(np.log), quiet(lambda x: 1 / x), quiet(lambda x: x * np.log(x))])
def test_not_finite_at_the_point(f) -> None:
    for options in ({}, {"method": "central", "step": 1e-4}, {"method": "forward"}, {"order": 2}):
        d = derivative(f, 0.0, **options)
        assert d.status is Status.NONFINITE
        assert math.isinf(d.error)
        assert not d.ok


def test_not_finite_on_one_side() -> None:
    for bounds in (None, (-10.0, 10.0), (-10.0, None)):
        d = derivative(quiet(lambda x: x**2.5 + x if x >= 0 else np.nan), 0.0, bounds=bounds)
        assert d.status is Status.ONE_SIDED
        assert d.ok
        assert abs(d.value - 1) <= d.error < 1e-3
        assert d.right == d.value
        assert math.isnan(d.left)


def test_close_to_the_end_of_the_domain() -> None:
    for x in (1e-3, 1e-8, 1e-200):
        d = derivative(math.log, x, bounds=(1e-300, None))
        assert d.value == pytest.approx(1 / x, rel=1e-8)
        assert d.ok


@pytest.mark.parametrize("f", [quiet(np.sqrt), np.cbrt, lambda x: math.sqrt(abs(x))])
def test_an_infinite_slope_is_no_number(f) -> None:
    assert not derivative(f, 0.0).ok


def test_higher_orders_see_kinks_and_jumps_below_them() -> None:
    for order in (2, 3, 4):
        assert derivative(abs, 0.0, order).status is Status.KINK
        assert derivative(np.floor, 2.0, order).status is Status.JUMP
    d = derivative(lambda x: x * abs(x), 0.0, 2)
    assert d.status is Status.KINK
    assert (d.left, d.right) == pytest.approx((-2, 2), abs=1e-6)
    assert derivative(lambda x: x**2 * abs(x), 0.0, 3).status is Status.KINK
    assert derivative(lambda x: x**2 * abs(x), 0.0, 1).status is Status.CONVERGED


def test_only_the_entries_at_a_kink_are_flagged() -> None:
    d = derivative(np.abs, np.array([-1.0, 0.0, 2.0]))
    assert d.status.tolist() == [Status.CONVERGED, Status.KINK, Status.CONVERGED]
    assert d.ok.tolist() == [True, False, True]
    assert not d.all_ok
    g = gradient(lambda p: np.sum(np.abs(p)), np.array([[1.0, 0.0], [-2.0, 3.0]]))
    assert g.ok.tolist() == [[True, False], [True, True]]
    J = jacobian(lambda p: np.array([abs(p[0]), p[0] ** 2 + p[1]]), np.array([0.0, 1.0]))
    assert J.ok.tolist() == [[False, True], [True, True]]
    np.testing.assert_allclose(J.value, [[0, 0], [0, 1]], atol=1e-12)


def test_kinks_along_a_direction_and_in_a_hessian() -> None:
    def f(p):
        return abs(p[0] - p[1]) + p[0]

    d = directional(f, [1.0, 1.0], [1.0, 0.5])
    assert d.status is Status.KINK
    assert (d.left, d.right) == pytest.approx((0.5, 1.5), abs=1e-6)
    assert directional(f, [1.0, 1.0], [1.0, 1.0]).ok
    H = hessian(lambda p: abs(p[0]) + p[1] ** 2, [0.0, 1.0])
    assert H.ok.tolist() == [[False, False], [False, True]]


def test_one_sided_methods_see_their_side_only() -> None:
    forward, backward = (derivative(abs, 0.0, method=m) for m in ("forward", "backward"))
    assert (forward.value, backward.value) == pytest.approx((1, -1), abs=1e-12)
    assert forward.status is backward.status is Status.ONE_SIDED
    assert math.isnan(forward.left)
    assert math.isnan(backward.right)
    assert derivative(abs, 0.0, bounds=(0, None)).value == pytest.approx(1, abs=1e-12)


def test_a_derivative_that_ignores_kinks_would_not_pass() -> None:
    # What the plain central difference says of |x| at 0: a slope of 0, in agreement with itself at every step.
    for h in (1e-2, 1e-4):
        assert (abs(h) - abs(-h)) / (2 * h) == 0
    assert derivative(abs, 0.0).error >= 1


def test_a_kink_is_seen_though_rounding_hides_it_close_by() -> None:
    """Where the value is large, the closest look shows nothing but rounding: one from less near decides."""
    for f in (lambda x: 1e8 + abs(x - 1), lambda x: 1e9 + max(x - 1, 0.0)):
        assert derivative(f, 1.0).status is Status.KINK
