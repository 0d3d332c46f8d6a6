"""Sound runs over many functions, optimizers, sizes and offsets: none may be called ill, no right gradient wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

from gradwright.descent import (
    SGD,
    AdaGrad,
    Adam,
    DescentStatus,
    Momentum,
    Nesterov,
    Optimizer,
    cosine,
    descend,
    exponential_decay,
    himmelblau,
    rosenbrock,
)


class Case(NamedTuple):
    """A function, its gradient, a start, a bound on its curvature about there, and the length over which it varies."""

    f: Callable[[Any], float]
    gradient: Callable[[Any], Any]
    start: Any
    curvature: float
    span: float = 1.0


def bowl(rng: Any) -> Case:
    n = int(rng.integers(1, 26))
    axes, _ = np.linalg.qr(rng.standard_normal((n, n)))
    matrix = (axes * (10 ** rng.uniform(-3, 0, n) * 10 ** rng.uniform(-3, 3))) @ axes.T
    centre = rng.standard_normal(n)
    return Case(
        lambda x: float((x - centre) @ matrix @ (x - centre)) / 2,
        lambda x: matrix @ (x - centre),
        centre + rng.standard_normal(n) * 10 ** rng.uniform(-1, 1),
        float(np.linalg.eigvalsh(matrix)[-1]),
    )


def scaled(rng: Any) -> Case:
    inner = bowl(rng)
    height, width = 10 ** rng.uniform(-10, 10, 2)
    return Case(
        lambda x: height * inner.f(x / width),
        lambda x: height / width * inner.gradient(x / width),
        inner.start * width,
        inner.curvature * height / width**2,
        width,
    )


def raised(rng: Any) -> Case:
    inner = bowl(rng)
    offset = rng.choice([-1, 1]) * 10 ** rng.uniform(0, 8)
    return inner._replace(f=lambda x: inner.f(x) + offset)


def log_sum_exp(rng: Any) -> Case:
    n = int(rng.integers(1, 21))
    rows, shift = rng.standard_normal((2 * n + 3, n)), rng.standard_normal(2 * n + 3)
    rows -= rows.mean(axis=0)

    def gradient(x: Any) -> Any:
        z = rows @ x + shift
        p = np.exp(z - z.max())
        return rows.T @ (p / p.sum())

    bound = float(np.linalg.eigvalsh(rows.T @ rows)[-1]) / 2
    return Case(lambda x: float(np.logaddexp.reduce(rows @ x + shift)), gradient, rng.standard_normal(n), bound)


def factorisation(rng: Any) -> Case:
    target = rng.standard_normal((4, 2)) @ rng.standard_normal((2, 4))

    def parts(x: Any) -> Any:
        u, v = x[:8].reshape(4, 2), x[8:].reshape(2, 4)
        return u, v, u @ v - target

    def gradient(x: Any) -> Any:
        u, v, rest = parts(x)
        return np.concatenate([(rest @ v.T).ravel(), (u.T @ rest).ravel()])

    bound = 6 * float(np.linalg.norm(target, 2)) + 6
    return Case(lambda x: float((parts(x)[2] ** 2).sum()) / 2, gradient, rng.standard_normal(16) * 0.7, bound)


def rastrigin(rng: Any) -> Case:
    n = int(rng.integers(1, 5))
    return Case(
        lambda x: float((x**2 - 10 * np.cos(2 * np.pi * x) + 10).sum()),
        lambda x: 2 * x + 20 * np.pi * np.sin(2 * np.pi * x),
        rng.integers(-3, 4, n) + rng.uniform(-0.4, 0.4, n),
        420,
        0.1,
    )


def pseudo_huber(rng: Any) -> Case:
    n = int(rng.integers(1, 21))
    return Case(
        lambda x: float(np.sqrt(1 + x**2).sum()), lambda x: x / np.sqrt(1 + x**2), 3 * rng.standard_normal(n), 1.0
    )


def barrier(rng: Any) -> Case:
    start = rng.uniform(0.8, 3, int(rng.integers(1, 6)))
    return Case(lambda x: float((x - np.log(x)).sum()), lambda x: 1 - 1 / x, start, 3.0, 0.3)


def valley(rng: Any) -> Case:
    start = np.array([rng.uniform(-1.5, 1.5), rng.uniform(-1, 2)])
    return Case(rosenbrock, rosenbrock.gradient, start, 4500.0, 0.3)


def four_minima(rng: Any) -> Case:
    return Case(himmelblau, himmelblau.gradient, rng.uniform(-4, 4, 2), 400.0)


def squared_hinge(rng: Any) -> Case:
    n = int(rng.integers(2, 8))
    rows, sides = rng.standard_normal((40, n)), rng.choice([-1.0, 1.0], 40)

    def short(w: Any) -> Any:
        return np.maximum(0.0, 1 - sides * (rows @ w))

    bound = 2 * float(np.linalg.eigvalsh(rows.T @ rows / 40)[-1]) + 0.02
    return Case(
        lambda w: float((short(w) ** 2).mean() + 0.01 * w @ w),
        lambda w: -rows.T @ (sides * short(w)) / 20 + 0.02 * w,
        rng.standard_normal(n),
        bound,
    )


def logistic(rng: Any) -> Case:
    n = int(rng.integers(2, 12))
    rows = rng.standard_normal((50, n))
    sides = np.where(rng.random(50) < 1 / (1 + np.exp(-2 * rows[:, 0])), 1.0, -1.0)
    return Case(
        lambda w: float(np.logaddexp(0, -sides * (rows @ w)).mean()),
        lambda w: -rows.T @ (sides / (1 + np.exp(sides * (rows @ w)))) / 50,
        rng.standard_normal(n),
        float(np.linalg.eigvalsh(rows.T @ rows / 200)[-1]),
    )


def quartic(rng: Any) -> Case:
    weights = rng.uniform(0.5, 2, int(rng.integers(1, 21)))
    start = rng.uniform(-1, 1, len(weights))
    return Case(lambda x: float((weights * x**4).sum()), lambda x: 4 * weights * x**3, start, 24.0, 0.5)


def cosines(rng: Any) -> Case:
    start = np.pi + rng.uniform(-2, 2, int(rng.integers(1, 6)))
    return Case(lambda x: float(np.cos(x).sum()), lambda x: -np.sin(x), start, 1.0)


def far_off(rng: Any) -> Case:
    inner = bowl(rng)
    centre = rng.standard_normal(len(inner.start)) * 10 ** rng.uniform(3, 8)
    return Case(
        lambda x: inner.f(x - centre), lambda x: inner.gradient(x - centre), inner.start + centre, inner.curvature
    )


FAMILIES = (
    bowl,
    scaled,
    raised,
    far_off,
    log_sum_exp,
    logistic,
    squared_hinge,
    factorisation,
    rastrigin,
    quartic,
    cosines,
    pseudo_huber,
    barrier,
    valley,
    four_minima,
)


def sound_optimizer(rng: Any, case: Case) -> Optimizer:
    rate = float(rng.uniform(0.1, 0.9)) * 2 / case.curvature
    choices: list[Optimizer] = [
        SGD(rate),
        Momentum(0.3 * rate),
        Nesterov(0.2 * rate),
        SGD(cosine(rate, 100)),
        SGD(exponential_decay(rate, 0.99)),
        AdaGrad(0.2 * case.span),
        Adam(0.02 * case.span),
    ]
    if np.linalg.norm(case.gradient(case.start)) < 1e-3:
        choices = choices[:-2]  # next to their epsilon, such a gradient is none, and they do crawl
    return choices[rng.integers(len(choices))]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_none_is_called_ill(family: Callable[[Any], Case]) -> None:
    for seed in range(20):
        run_and_look(family, seed)


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_none_of_many_is_called_ill(family: Callable[[Any], Case]) -> None:
    for seed in range(1000, 1100):
        run_and_look(family, seed)


def run_and_look(family: Callable[[Any], Case], seed: int) -> None:
    rng = np.random.default_rng(seed)
    case = family(rng)
    optimizer, turned = sound_optimizer(rng, case), -1.0 if seed % 4 == 3 else 1.0
    run = descend(
        lambda x: turned * case.f(x),
        case.start,
        optimizer=optimizer,
        steps=int(rng.choice([20, 50, 100, 200])),
        gradient=(lambda x: turned * case.gradient(x)) if seed % 3 else None,
        maximize=turned < 0,
    )
    assert run.mismatch is None
    assert run.status in (DescentStatus.CONVERGED, DescentStatus.MAX_STEPS), (seed, optimizer, str(run))
    assert "unbounded" not in run.reason
    assert "kink" not in run.reason
    assert "{" not in run.text("en") + run.text("ko")


@pytest.mark.parametrize(("n", "share"), [(20, 1e-6), (40, 0.05)])
def test_the_largest_curvature_of_short_runs(n: int, share: float) -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        axes, _ = np.linalg.qr(rng.standard_normal((n, n)))
        lambdas = 10 ** rng.uniform(-2, 0, n)
        matrix = (axes * lambdas) @ axes.T
        run = descend(
            lambda x, m=matrix: float(x @ m @ x) / 2,
            rng.standard_normal(n),
            1 / lambdas.max(),
            20,
            gradient=lambda x, m=matrix: m @ x,
        )
        assert run.lambda_max == pytest.approx(lambdas.max(), rel=share)
