"""Beside kinks, from 1e-12 to 1e-3 away, several of them on both sides: right gradients pass, wrong ones do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from gradwright.check import check_gradient

Function = Callable[[np.ndarray], np.ndarray]


def beside_kinks(seed: int, kinks: int) -> tuple[Function, Function, np.ndarray]:
    rng = np.random.default_rng(seed)
    a, q, s = rng.normal(size=(kinks, 6)), rng.normal(size=6), rng.normal(size=kinks)
    x = rng.normal(size=6)
    b = 10 ** rng.uniform(-12, -3, kinks) * rng.choice([-1, 1], kinks) - a @ x

    def f(x: np.ndarray) -> np.ndarray:
        return s @ np.maximum(a @ x + b, 0) + np.sin(q @ x)

    return f, lambda x: (s * (a @ x + b > 0)) @ a + np.cos(q @ x) * q, x


@pytest.mark.parametrize("kinks", [1, 2, 4])
def test_right_gradients_pass(kinks: int) -> None:
    verdicts: Counter[str] = Counter()
    for seed in range(200):
        f, gradient, x = beside_kinks(seed, kinks)
        verdicts[check_gradient(f, x, gradient(x) if seed % 2 else gradient).verdict] += 1
    assert verdicts["wrong"] <= 1, verdicts
    assert verdicts["passed"] >= 184, verdicts  # a piece of f may be too short to be seen


@pytest.mark.parametrize("kinks", [1, 2, 4])
def test_wrong_ones_do_not(kinks: int) -> None:
    verdicts: Counter[str] = Counter()
    for seed in range(100):
        f, gradient, x = beside_kinks(seed, kinks)
        verdicts[check_gradient(f, x, -2.0 * gradient(x)).verdict] += 1
    assert verdicts["wrong"] >= 98, verdicts


def test_a_kink_at_x_itself_is_listed_and_any_slope_between_passes() -> None:
    f = lambda x: np.maximum(x, 0).sum()  # noqa: E731
    for at_zero in (0.0, 0.3, 1.0):
        report = check_gradient(f, np.array([0.0, 1.0]), lambda x, s=at_zero: np.where(x == 0, s, x > 0))
        assert report.passed, str(report)
        assert report.kinks == ["x[0]"]
        assert [cause.code for cause in report.causes] == ["kink"]
    assert check_gradient(f, np.array([0.0, 1.0]), lambda x: np.where(x == 0, 1.5, x > 0)).verdict == "wrong"
