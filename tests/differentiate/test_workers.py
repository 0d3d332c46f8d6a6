"""Who calls f: the same bits from processes, pools and executors as from a plain loop, and errors that arrive whole."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import gradwright as gw
from gradwright.errors import ArgumentError, ArgumentTypeError, FunctionError

X = np.array([0.3, -1.2, 2.5])


def bowl(p: Any) -> float:
    return float(np.sum(np.exp(p) * p**2))


def rows(p: Any) -> Any:
    return np.sum(np.exp(p) * p**2, axis=-1)


def outputs(p: Any) -> Any:
    return np.array([math.sin(p[0]) * p[1], p[2] ** 3])


def root(x: float) -> float:
    return math.sqrt(x) ** 5 + x


def breaks(p: Any) -> float:
    if p[1] > -1.2:
        raise KeyError("half-way")
    return float(p @ p)


def nothing(p: Any) -> None:
    return None


def same(a: gw.Estimate, b: gw.Estimate) -> None:
    for name in ("value", "error", "left", "right", "step", "evaluations"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name))
    assert np.array_equal(a.status, b.status)


DOORS = {
    "gradient": lambda workers: gw.gradient(bowl, X, workers=workers),
    "gradient, step": lambda workers: gw.gradient(bowl, X, step=1e-4, workers=workers),
    "gradient, stacked": lambda workers: gw.gradient(rows, X, vectorized=True, workers=workers),
    "jacobian": lambda workers: gw.jacobian(outputs, X, workers=workers),
    "hessian": lambda workers: gw.hessian(bowl, X, workers=workers),
    "directional": lambda workers: gw.directional(bowl, X, [1.0, 0.5, -2.0], workers=workers),
    "partial": lambda workers: gw.partial(bowl, X, 0, 1, workers=workers),
    "points": lambda workers: gw.derivative(math.sin, X, workers=workers),
    "the end of a domain": lambda workers: gw.derivative(root, 0.0, workers=workers),
}


@pytest.mark.parametrize("name", list(DOORS))
def test_the_same_bits_from_a_pool_as_from_a_loop(name: str) -> None:
    alone = DOORS[name](None) if name != "the end of a domain" else DOORS[name](map)
    with ThreadPoolExecutor(3) as pool:
        for workers in (map, pool.map, pool, 1):
            same(DOORS[name](workers), alone)


def test_the_same_sparse_jacobian_from_a_pool_as_from_a_loop() -> None:
    alone = gw.sparse_jacobian(outputs, X)
    with ThreadPoolExecutor(3) as pool:
        for workers in (map, pool, 1):
            pooled = gw.sparse_jacobian(outputs, X, workers=workers)
            for name in ("rows", "columns", "value", "error", "status", "evaluations"):
                np.testing.assert_array_equal(getattr(pooled, name), getattr(alone, name))


def test_the_same_bits_from_processes() -> None:
    # A stacked f and one of a module; two processes, which cost a second to start.
    for name in ("gradient", "the end of a domain"):
        same(DOORS[name](2), DOORS[name](map))


def test_a_lambda_is_refused_by_name_for_processes_only() -> None:
    with pytest.raises(ArgumentTypeError, match="`f`"):
        gw.gradient(lambda p: float(p @ p), X, workers=2)
    assert gw.gradient(lambda p: float(p @ p), X, workers=map).all_ok


def test_errors_arrive_as_they_were() -> None:
    for workers in (2, map):
        with pytest.raises(KeyError, match="half-way"):
            gw.gradient(breaks, X, workers=workers)
        with pytest.raises(FunctionError, match="None"):
            gw.gradient(nothing, X, workers=workers)


@pytest.mark.parametrize("workers", [0, -2, True, "2", 1.5])
def test_what_is_no_number_of_workers_is_named(workers: Any) -> None:
    with pytest.raises(ArgumentError, match="`workers`"):
        gw.gradient(bowl, X, workers=workers)
