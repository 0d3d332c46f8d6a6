"""Right to eight digits nearly always, and right about how wrong: mpmath as the oracle, SciPy beside it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath as mp
import numpy as np
import pytest

from gradwright.differentiate import Status, derivative, gradient

mp.mp.dps = 50

# Each function as NumPy computes it, and its derivative worked out by hand.
FUNCTIONS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "exp": (np.exp, mp.exp),
    "sin": (np.sin, mp.cos),
    "cos": (np.cos, lambda x: -mp.sin(x)),
    "tan": (np.tan, lambda x: mp.sec(x) ** 2),
    "tanh": (np.tanh, lambda x: mp.sech(x) ** 2),
    "arctan": (np.arctan, lambda x: 1 / (1 + x * x)),
    "cosh": (np.cosh, mp.sinh),
    "log |x|": (lambda x: np.log(np.abs(x)), lambda x: 1 / x),
    "1/x": (lambda x: 1 / x, lambda x: -1 / x**2),
    "x log |x|": (lambda x: x * np.log(np.abs(x)), lambda x: mp.log(abs(x)) + 1),
    "sqrt(1+x^2)": (lambda x: np.sqrt(1 + x * x), lambda x: x / mp.sqrt(1 + x * x)),
    "sigmoid": (lambda x: 1 / (1 + np.exp(-x)), lambda x: mp.exp(-x) / (1 + mp.exp(-x)) ** 2),
    "softplus": (lambda x: np.logaddexp(0, x), lambda x: 1 / (1 + mp.exp(-x))),
    "gauss": (lambda x: np.exp(-x * x), lambda x: -2 * x * mp.exp(-x * x)),
    "runge": (lambda x: 1 / (1 + 25 * x * x), lambda x: -50 * x / (1 + 25 * x * x) ** 2),
    "quintic": (lambda x: x**5 - 3 * x**3 + 2 * x - 7, lambda x: 5 * x**4 - 9 * x**2 + 2),
    "cube": (lambda x: x**3, lambda x: 3 * x * x),
    "course": (lambda x: 0.01 * x**2 + 0.1 * x, lambda x: 2 * mp.mpf(0.01) * x + mp.mpf(0.1)),
    "offset": (lambda x: x * x + 1e3, lambda x: 2 * x),
    "sin 10x": (lambda x: np.sin(10 * x), lambda x: 10 * mp.cos(10 * x)),
    "sin 100x": (lambda x: np.sin(100 * x), lambda x: 100 * mp.cos(100 * x)),
    "damped": (
        lambda x: np.exp(-3 * x) * np.cos(5 * x),
        lambda x: -mp.exp(-3 * x) * (3 * mp.cos(5 * x) + 5 * mp.sin(5 * x)),
    ),
    "cube root": (
        lambda x: (2 + np.sin(x)) ** (1 / 3),
        lambda x: mp.mpf(1 / 3) * mp.cos(x) * (2 + mp.sin(x)) ** (mp.mpf(1 / 3) - 1),
    ),
    "sinc": (lambda x: np.sin(x) / x, lambda x: (x * mp.cos(x) - mp.sin(x)) / x**2),
    "slow": (lambda x: np.exp(1e-3 * x), lambda x: mp.mpf(1e-3) * mp.exp(mp.mpf(1e-3) * x)),
    "narrow": (lambda x: np.sqrt(x * x + 1e-4), lambda x: x / mp.sqrt(x * x + mp.mpf(1e-4))),
    "shifted": (lambda x: x - 7.75, lambda x: mp.mpf(1)),
}
POINTS = [-8.0, -2.5, -1.0, -0.1, -1e-3, 1e-3, 0.1, 0.5, 1.0, 1.7, 2.5, 3.3, 7.9, 30.0]


def survey(differentiate: Callable[..., tuple[float, float, int]]) -> dict[str, float]:
    accurate = covered = evaluations = total = 0
    for f, slope in FUNCTIONS.values():
        for x in POINTS:
            true = slope(mp.mpf(x))
            if abs(true) < 1e-12:  # nothing is left of such a slope beside the rounding of f
                continue
            value, bound, count = differentiate(f, x)
            assert math.isfinite(value)
            error = abs(mp.mpf(value) - true)
            total += 1
            accurate += error < 1e-8 * abs(true)
            covered += error <= bound
            evaluations += count
    assert total > 300
    return {"accurate": accurate / total, "covered": covered / total, "evaluations": evaluations / total}


def ours(f, x: float) -> tuple[float, float, int]:
    d = derivative(f, x)
    return d.value, d.error, d.evaluations


def test_accuracy_and_honesty(record_property) -> None:
    found = survey(ours)
    for name, value in found.items():
        record_property(name, value)
    assert found["accurate"] >= 0.95, found
    assert found["covered"] >= 0.97, found
    assert found["evaluations"] < 15, found


def test_the_survey_sees_a_bar_that_is_too_short() -> None:
    def boastful(f, x: float) -> tuple[float, float, int]:
        value, error, count = ours(f, x)
        return value, error / 1000, count

    assert survey(boastful)["covered"] < 0.9


def test_the_survey_sees_a_rough_formula() -> None:
    def rough(f, x: float) -> tuple[float, float, int]:
        return (f(x + 1e-4) - f(x - 1e-4)) / 2e-4, math.inf, 2

    assert survey(rough)["accurate"] < 0.9


def test_smooth_functions_are_not_flagged() -> None:
    for f, slope in FUNCTIONS.values():
        for x in POINTS:
            if abs(slope(mp.mpf(x))) > 1e-12:
                assert derivative(f, x).status in (Status.CONVERGED, Status.ONE_SIDED)


@pytest.mark.parametrize(
    ("f", "x", "true"),
    [
        (lambda x: math.sin(x * 1e-10), 1e10, 1e-10 * math.cos(1.0)),
        (lambda x: math.exp(x * 1e5), 1e-5, 1e5 * math.e),
        (math.exp, 1e-300, 1.0),
        (math.exp, 0.0, 1.0),
        (lambda x: math.tanh(1e4 * x), 0.0, 1e4),
        (lambda x: math.tanh(1e6 * (x - 1)), 1.0, 1e6),
        (lambda x: x - 1e6, 1e6 + 0.5, 1.0),
        (lambda x: x, 1e300, 1.0),
        (lambda x: x * x, 1e150, 2e150),
        (lambda x: x, -1e-308, 1.0),
        (lambda x: 1e-200 * math.sin(x), 1.0, 1e-200 * math.cos(1)),
        (lambda x: 1e200 * math.sin(x), 1.0, 1e200 * math.cos(1)),
    ],
)
def test_any_scale(f, x: float, true: float) -> None:
    d = derivative(f, x)
    assert abs(d.value - true) <= d.error
    assert d.value == pytest.approx(true, rel=1e-8)
    assert d.ok


def test_scaling_x_by_a_power_of_two_scales_the_derivative_exactly() -> None:
    d = derivative(np.sin, 0.75)
    scaled = derivative(lambda x: np.sin(x * 2.0**-40), 0.75 * 2.0**40)
    assert scaled.value == pytest.approx(d.value * 2.0**-40, rel=1e-11)


def test_a_derivative_of_zero_is_found() -> None:
    for f, x in ((math.cos, 0.0), (lambda x: x * x, 0.0), (lambda x: 3.0, 5.0), (lambda x: (x - 2) ** 4, 2.0)):
        d = derivative(f, x)
        assert d.ok
        assert abs(d.value) <= d.error < 1e-12


def test_noise_is_not_sold_as_digits(rng: np.random.Generator) -> None:
    def noisy(x: float) -> float:
        return math.sin(x) + 1e-6 * rng.standard_normal()

    for f in (noisy, lambda x: round(math.sin(x), 6), lambda x: float(np.float32(math.sin(x)))):
        d = derivative(f, 1.0)
        assert abs(d.value - math.cos(1.0)) <= d.error
        assert d.error > 1e-8


@pytest.mark.parametrize("level", [1e-10, 1e-9, 1e-7, 1e-6])
def test_the_bar_covers_noise_of_any_size(level: float) -> None:
    held, found = [], []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        x = rng.uniform(0.5, 3)
        d = derivative(lambda t, rng=rng: math.exp(math.sin(t)) + level * rng.standard_normal(), x)
        error = abs(d.value - math.cos(x) * math.exp(math.sin(x)))
        held.append(error <= d.error or math.isnan(error))
        found.append(error < 0.1)
    assert np.mean(held) >= 0.95
    assert np.mean(found) >= 0.8


@pytest.mark.parametrize(
    ("grain", "share"),
    [
        (lambda v: float(np.float32(v)), 0.9),
        (lambda v: round(v, 10), 0.95),
        (lambda v: round(v, 7), 0.9),
        (lambda v: round(v, 3), 0.6),
    ],
    ids=["float32 inside", "ten digits", "seven digits", "three digits"],
)
def test_the_bar_covers_values_that_come_in_grains(grain, share: float) -> None:
    pairs = ((math.sin, math.cos), (math.exp, math.exp), (lambda t: math.log(t) + 2, lambda t: 1 / t))
    held = []
    for x in np.linspace(0.3, 2.9, 50).tolist():
        for f, slope in pairs:
            d = derivative(lambda t, f=f: grain(f(t)), x)
            held.append(abs(d.value - slope(x)) <= d.error)
    assert np.mean(held) >= share


def test_a_function_that_rounds_to_a_constant_is_no_constant() -> None:
    # Its grains are 1e-16 where it is itself 1e-9; at a step of 1e-12 all of its values are the same.
    d = derivative(lambda t: 3 * (1 - np.tanh(3 * t + 2) ** 2), 3.0)
    true = -18 * float(mp.sech(11) ** 2 * mp.tanh(11))
    assert abs(d.value - true) <= d.error < abs(true)


def test_a_function_in_float32_has_the_error_of_float32() -> None:
    d = derivative(lambda x: np.sin(np.float32(x)), 1.0)
    assert abs(d.value - math.cos(1.0)) <= d.error < 1e-3


def test_waves_too_fine_for_float64_are_not_resolved() -> None:
    for f, x in ((math.sin, 1e17), (lambda x: math.sin(math.exp(x)), 60.0), (lambda x: math.sin(math.exp(x)), 25.0)):
        d = derivative(f, x)
        assert not d.ok
        assert math.isinf(d.error) or d.status is Status.KINK  # waves seen as if at random may look like one
    assert d.status is Status.UNRESOLVED  # three digits of x are left: too few to call anything a jump


def test_rtol_is_a_goal_for_the_work_not_for_the_claim() -> None:
    strict, lax = (derivative(lambda x: np.sin(10 * x), 1.3, rtol=rtol) for rtol in (1e-12, 1e-3))
    assert lax.evaluations < strict.evaluations
    for d in (strict, lax):
        assert abs(d.value - 10 * math.cos(13)) <= d.error


def test_agreement_with_scipy() -> None:
    differentiate = pytest.importorskip("scipy.differentiate")
    for name in ("exp", "sin", "tanh", "gauss", "runge", "softplus", "sqrt(1+x^2)"):
        f = FUNCTIONS[name][0]
        for x in (-1.0, 0.1, 0.5, 1.7):
            theirs = differentiate.derivative(f, np.float64(x))
            d = derivative(f, x)
            assert theirs.success
            assert abs(d.value - theirs.df) <= d.error + 1e-9 * abs(theirs.df)


def test_the_error_bars_of_a_gradient_hold(rng: np.random.Generator) -> None:
    a, held = rng.standard_normal((12, 12)), []
    for _ in range(20):
        x = rng.standard_normal(12)
        g = gradient(lambda p: np.sum(np.sin(a @ p)) + np.exp(p[0]), x)
        true = a.T @ np.cos(a @ x)
        true[0] += np.exp(x[0])
        held.append(np.abs(g.value - true) <= g.error + 1e-15)
        np.testing.assert_allclose(g.value, true, rtol=1e-8, atol=1e-9)
    assert np.mean(held) >= 0.95
