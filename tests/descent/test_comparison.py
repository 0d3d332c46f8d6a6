"""A given gradient that is not that of f is named first, and the run judged by the true one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradwright.descent import Adam, Descent, DescentStatus, RMSprop, descend

S = DescentStatus
SEEDS = range(20)


def bowl(x: Any) -> Any:
    return (x**2).sum()


class Problem:
    """A log-sum-exp over a bowl: curved, without symmetry, with one minimum."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        n = int(rng.integers(1, 21))
        self.rows, self.shift = rng.standard_normal((2 * n, n)), rng.standard_normal(2 * n)
        self.start, self.entry = rng.standard_normal(n), int(rng.integers(n))

    def __call__(self, x: Any) -> float:
        return float(np.logaddexp.reduce(self.rows @ x + self.shift) + x @ x / 2)

    def gradient(self, x: Any) -> Any:
        z = self.rows @ x + self.shift
        p = np.exp(z - z.max())
        return self.rows.T @ (p / p.sum()) + x


WRONG: dict[str, Any] = {
    "sign": lambda p: lambda x: -p.gradient(x),
    "zero": lambda p: lambda x: 0 * x,
    "factor": lambda p: lambda x: 2 * p.gradient(x),
    "entry": lambda p: lambda x: p.gradient(x) * np.where(np.arange(len(x)) == p.entry, 0.8, 1.0),
    "dropped": lambda p: lambda x: p.gradient(x) - x,
    "shifted": lambda p: lambda x: p.gradient(x + 0.1),
}


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_gradients_are_named_and_never_converge_away_from_a_minimum(kind: str) -> None:
    for seed in SEEDS:
        p = Problem(seed)
        turned = seed % 2 == 1
        sign, wrong = (-1.0 if turned else 1.0), WRONG[kind](p)
        run = descend(
            lambda x, p=p, sign=sign: sign * p(x),
            p.start,
            0.05,
            gradient=lambda x, wrong=wrong, sign=sign: sign * wrong(x),
            maximize=turned,
        )
        assert run.mismatch is not None
        assert abs(run.mismatch.given - run.mismatch.measured) > run.mismatch.error
        for lang, words in (("en", "The given `gradient` is not that of f"), ("ko", "주어진 `gradient`가")):
            assert run.advice_text(lang).startswith(words)
        assert "gw.check_gradient" in run.advice
        if run.status is S.CONVERGED:
            assert np.linalg.norm(p.gradient(run.x)) < 1e-5


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_right_gradients_are_not_blamed(dtype: Any) -> None:
    for seed in SEEDS:
        p = Problem(seed)
        for steps in (1, 20, 300):
            run = descend(p, p.start.astype(dtype), 0.05, steps, gradient=lambda x, p=p: p.gradient(x).astype(x.dtype))
            assert run.mismatch is None
            assert run.status in (S.CONVERGED, S.MAX_STEPS)


def test_standing_still_on_a_slope_is_frozen() -> None:
    run = descend(lambda x: x * x, 3.0, gradient=lambda x: 0 * x)
    assert (run.status, run.reason) == (S.FROZEN, "frozen-gradient")
    assert "it gives 0, and f itself changes by 6" in run.advice
    away = descend(lambda x: x * x, 3.0, gradient=lambda x: 2 * (x - 1), tol=1e-3)
    assert away.status is S.FROZEN


def test_the_learning_rate_is_not_blamed() -> None:
    run = descend(lambda x: x * x, 3.0, 0.01, gradient=lambda x: -2 * x)
    assert (run.status, run.reason) == (S.DIVERGED, "misled")
    assert "too large" not in run.advice
    uphill = descend(bowl, np.array([3.0, 4.0]), optimizer=RMSprop(0.01), gradient=lambda x: -2 * x)
    assert (uphill.status, uphill.reason) == (S.MAX_STEPS, "misled")


def test_a_kink_is_no_mistake() -> None:
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        start = rng.integers(-2, 3, 4).astype(float)
        assert descend(lambda x: np.abs(x).sum(), start, 0.25, gradient=np.sign).mismatch is None


def test_a_gradient_with_chance_in_it_is_not_judged() -> None:
    def noisy(seed: int) -> Descent:
        rng = np.random.default_rng(seed)
        return descend(bowl, rng.standard_normal(5), 0.1, gradient=lambda x: 2 * x + rng.normal(0, 0.1, 5))

    runs = [noisy(seed) for seed in SEEDS]
    assert [run.mismatch for run in runs] == [None] * len(runs)
    # Chance keeps it swinging about the minimum; no limit of the rate is to blame.
    assert {run.status for run in runs} <= {S.MAX_STEPS, S.CONVERGED, S.OSCILLATING}
    assert not {run.reason for run in runs} & {"oscillating", "oscillating-kink"}
    assert {round(run.stable_learning_rate or 0, 6) for run in runs} == {1.0}


def test_noise_in_f_is_borne() -> None:
    rng = np.random.default_rng(0)
    run = descend(lambda x: bowl(x) + 1e-3 * rng.normal(), np.array([1.0, 2.0]), gradient=lambda x: 2 * x)
    assert run.mismatch is None


def test_every_form_and_library(xp: Any) -> None:
    def two(x: Any) -> Any:
        return x[0] ** 2 + x[1] ** 2

    wrong = descend(two, xp([-3.0, 4.0]), gradient=lambda x: -2 * x, steps=20)
    assert wrong.mismatch is not None
    assert wrong.mismatch.where == "x[1]"
    assert (wrong.mismatch.given, round(wrong.mismatch.measured, 6)) == (-8.0, 8.0)
    assert descend(two, xp([-3.0, 4.0]), gradient=lambda x: 2 * x, optimizer=Adam(0.05)).mismatch is None
    tree = {"w": np.ones((2, 2)), "b": [3.0]}
    run = descend(lambda p: bowl(p["w"]) + bowl(p["b"]), tree, gradient=lambda p: {"w": 2 * p["w"], "b": p["b"]})
    assert run.mismatch is not None
    assert run.mismatch.where == "b[0]"
