"""Looks at f off the path: breaks are found where they are, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradwright.descent.objective import Objective
from gradwright.descent.probing import find_break, look_ahead


def objective(f: Callable[[Any], Any], x: Any) -> Objective:
    options = {"method": "auto", "step": None, "bounds": None, "vectorized": False, "rtol": None}
    return Objective(f, x, None, 1.0, **options)


@pytest.mark.parametrize(
    "f", [abs, lambda x: abs(x) ** 0.5, lambda x: max(x, -2 * x) + x * x, lambda x: float(x > 0) + x * x]
)
def test_breaks_are_found(f: Callable[[Any], Any]) -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        ends = -rng.uniform(0.01, 1, 1), rng.uniform(0.01, 1, 1)
        found = find_break(objective(lambda x: f(float(x[0])), ends[0]), *ends)
        assert found is not None
        assert found.x[0] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("f", [np.exp, np.cos, lambda x: x**4, lambda x: np.sqrt(x * x + 1e-6), lambda x: 1e8 + x * x])
def test_curves_are_no_breaks(f: Callable[[Any], Any]) -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        ends = -rng.uniform(0.01, 1, 1), rng.uniform(0.01, 1, 1)
        assert find_break(objective(lambda x: float(f(x[0])), ends[0]), *ends) is None


def test_noise_is_no_break() -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        noisy = objective(lambda x, rng=rng: float(x[0] ** 2 + 1e-3 * rng.normal()), np.array([1.0]))
        assert find_break(noisy, np.array([-0.5]), np.array([0.7])) is None


def test_the_rounding_of_x_is_no_break() -> None:
    for seed in range(200):
        rng = np.random.default_rng(seed)
        curvatures, centre = 10 ** rng.uniform(-3, 0, 3), 10 ** rng.uniform(4, 9, 3)
        near = 10 ** rng.uniform(-6, 0)
        start, end = centre + near * rng.standard_normal(3), centre + near * rng.standard_normal(3)
        far = objective(lambda x, k=curvatures, c=centre: float(k @ (x - c) ** 2), start)
        assert find_break(far, start, end) is None


@pytest.mark.parametrize(
    ("f", "kind"),
    [
        (lambda x: -x, "falls"),
        (lambda x: -np.log(x), "falls"),
        (lambda x: -(x**2), "falls"),
        (lambda x: np.exp(-x), "levels"),
        (lambda x: -np.tanh(x), "levels"),
        (lambda x: (x - 1e8) ** 2, "rises"),
        (lambda x: np.log1p(np.exp(-np.minimum(x, 50))) + 1e-9 * x, "rises"),
        (lambda x: -np.sqrt(9 - x), "rises"),
        (lambda x: np.sqrt(9 - x), "ends"),
    ],
)
def test_what_lies_ahead(f: Callable[[Any], Any], kind: str) -> None:
    with np.errstate(all="ignore"):
        looked = objective(lambda x: float(f(x[0])), np.array([1.0]))
        assert look_ahead(looked, np.array([1.0]), np.array([1.0]), 0.1).kind == kind
