"""How often a mistake in a network is found, and named: on learners' code that the registry was not written from."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from gradwright.check import GradientReport, check_gradient, check_network
from tests.check import learners


def tally(code: str, dtype: str, draws: int, by: str) -> Counter[str]:
    """Return how many of the draws were found, named first, and named among the first three."""
    counted: Counter[str] = Counter()
    for seed in range(draws):
        rng = np.random.default_rng(seed)
        d = learners.draw(rng, dtype, square=code in ("swapped-parameters", "transposed") and seed % 2 == 0)
        gradient = learners.planted(code, rng, d, known=by == "network")
        if gradient is None:
            continue
        report = checked(d, gradient, by, seed)
        codes = [cause.code for cause in report.causes]
        counted["all"] += 1
        counted["found"] += report.verdict == "wrong"
        counted["first"] += codes[:1] == [code]
        counted["three"] += code in codes[:3]
    return counted


def checked(d: learners.Draw, gradient: object, by: str, seed: int) -> GradientReport:
    if by == "network":
        return check_network(d.params, d.x, d.t, gradient, d.activation, rng=seed)
    return check_gradient(
        lambda p: learners.loss(p, d.x, d.t, d.activation),
        d.params,
        lambda p: gradient(p, d.x.astype(p["W1"].dtype), d.t),
        rng=seed,
    )


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_mistakes_in_networks_are_found_and_named(dtype: str) -> None:
    total: Counter[str] = Counter()
    for code in learners.CODES:
        total += tally(code, dtype, 12, "network")
    assert total["all"] > 180
    assert total["found"] >= (0.99 if dtype == "float64" else 0.95) * total["all"], total
    assert total["first"] >= 0.93 * total["all"], total
    assert total["three"] >= 0.95 * total["all"], total


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("code", learners.CODES)
def test_each_mistake_is_found_and_named(code: str, dtype: str) -> None:
    counted = tally(code, dtype, 120, "network")
    assert counted["found"] >= (0.97 if dtype == "float64" else 0.93) * counted["all"], counted
    assert counted["first"] >= 0.85 * counted["all"], counted
    assert counted["three"] >= 0.93 * counted["all"], counted


#: What shows in the numbers alone, whatever computed them.
PATTERNS = [
    "missing-batch-mean", "extra-batch-mean", "sign", "transposed", *learners.CHANGES,
    "accumulates", "stale-cache", "stochastic", "mutates-input", "ignores-input",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_mistakes_are_found_and_named_without_knowing_the_network(dtype: str) -> None:
    total: Counter[str] = Counter()
    for code in PATTERNS:
        total += tally(code, dtype, 20, "gradient")
    assert total["found"] >= (0.99 if dtype == "float64" else 0.95) * total["all"], total
    assert total["first"] >= 0.85 * total["all"], total
    assert total["three"] >= 0.9 * total["all"], total


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("by", ["network", "gradient"])
def test_right_gradients_are_not_called_wrong(by: str, dtype: str) -> None:
    verdicts: Counter[str] = Counter()
    for seed in range(500 if by == "network" else 200):
        d = learners.draw(np.random.default_rng(10_000 + seed), dtype)
        right = lambda p, x, t, d=d: learners.backward(p, x, t, d.activation)  # noqa: E731
        verdicts[checked(d, right, by, seed).verdict] += 1
    assert verdicts["wrong"] <= verdicts.total() // 200, verdicts
    assert verdicts["passed"] >= 0.98 * verdicts.total(), verdicts
