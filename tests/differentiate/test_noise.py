"""Noise is measured, told from kinks and jumps, and has its say in the step and in the claim."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from gradwright.differentiate import Status, derivative
from gradwright.differentiate.grains import finest_grain
from gradwright.differentiate.noise import noise_level


def level_of(f: Any, x: float, step: float = 0.05, restless: float = 0.0) -> float:
    def sample(lines: Any, offsets: Any) -> Any:
        return np.array([[[f(x + t)] for t in row] for row in offsets])

    one = np.ones(1)
    size, eps = np.abs([x]), 9e-16
    return float(noise_level(sample, np.zeros(1, int), step * one, size, eps, restless * one[:, None])[0].item())


@pytest.mark.parametrize("sigma", [1e-12, 1e-8, 1e-4])
def test_the_size_of_noise_is_found(sigma: float) -> None:
    found = []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        found.append(level_of(lambda t, rng=rng: math.exp(t) + sigma * rng.standard_normal(), 0.7) / sigma)
    assert np.median(found) == pytest.approx(1, abs=0.3)
    assert np.mean((np.array(found) > 0.25) & (np.array(found) < 4)) > 0.95


@pytest.mark.parametrize(
    "f",
    [
        math.exp,
        lambda t: abs(t - 0.7),
        lambda t: float(t > 0.7) + math.sin(t),
        lambda t: math.sqrt(abs(t - 0.7)),
        lambda t: np.cbrt(t - 0.7),
        lambda t: math.sqrt((t - 0.7) ** 2 + 1e-8),
        lambda t: 1e8 + t * t,
    ],
)
def test_kinks_jumps_cusps_and_rounding_are_no_noise(f: Any) -> None:
    assert level_of(f, 0.7) == 0


def test_a_function_too_fast_to_be_seen_is_not_noisy_unless_it_does_not_repeat_itself() -> None:
    assert level_of(lambda t: math.sin(1e9 * t), 0.7) == 0
    assert level_of(lambda t: math.sin(1e9 * t), 0.7, restless=1.0) > 0.3


def test_a_kink_in_noise_is_a_kink_and_noise_is_none() -> None:
    rng = np.random.default_rng(3)
    d = derivative(lambda t: abs(t - 1) + 1e-6 * rng.standard_normal(), 1.0)
    assert d.status is Status.KINK
    assert (d.left, d.right) == pytest.approx((-1, 1), abs=1e-3)
    for _ in range(30):
        assert derivative(lambda t: math.sin(t) + 1e-6 * rng.standard_normal(), 1.0).status.name in (
            "CONVERGED",
            "NOISY",
        )


@pytest.mark.parametrize("sigma", [1e-9, 1e-6, 1e-3])
def test_the_step_grows_with_the_noise(sigma: float) -> None:
    rng = np.random.default_rng(1)
    d = derivative(lambda t: math.sin(t) + sigma * rng.standard_normal(), 1.0)
    assert d.step > derivative(math.sin, 1.0).step
    assert abs(d.value - math.cos(1)) <= d.error < 2000 * sigma


@pytest.mark.parametrize(
    ("round_", "grained"),
    [
        (lambda v: float(np.float32(v)), True),
        (lambda v: round(v, 9), True),
        (lambda v: round(v, 3), True),
        (lambda v: v, False),
        (lambda v: v + 1e-9 * math.sin(1e9 * v), False),
    ],
)
def test_values_in_grains_are_seen_as_such(round_: Any, grained: bool) -> None:
    for x in np.linspace(0.3, 2, 40).tolist():
        assert (finest_grain([round_(math.exp(x + k / 64)) for k in range(7)]) > 0) is grained
