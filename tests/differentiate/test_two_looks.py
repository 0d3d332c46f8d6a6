"""Two looks at many lines: the bits of the engine where nothing is in doubt, and the engine for the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import gradwright as gw
from benchmarks import problems
from gradwright.differentiate import Status, derivative, engine, gradient
from gradwright.differentiate.two_looks import Remembered, two_looks


@pytest.fixture
def by_the_engine(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Return a function that calls another with the shortcut closed."""

    def call(function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        def unsure(*given: Any) -> Any:
            settled = two_looks(*given)
            return replace(settled, sure=np.zeros_like(settled.sure))

        with monkeypatch.context() as patch:
            patch.setattr(engine, "two_looks", unsure)
            return function(*arguments, **options)

    return call


@pytest.fixture
def sure(monkeypatch: pytest.MonkeyPatch) -> list[np.ndarray[Any, Any]]:
    """Return a list that gets what `two_looks` was sure of."""
    seen: list[np.ndarray[Any, Any]] = []

    def watched(*given: Any) -> Any:
        settled = two_looks(*given)
        seen.append(settled.sure)
        return settled

    monkeypatch.setattr(engine, "two_looks", watched)
    return seen


def same(mine: Any, whole: Any) -> None:
    for name in ("value", "error", "left", "right", "step"):
        np.testing.assert_array_equal(getattr(mine, name), getattr(whole, name), err_msg=name)
    assert np.all(mine.status == whole.status)
    assert mine.evaluations <= whole.evaluations


def test_the_problems_of_the_benchmark_as_arrays(
    by_the_engine: Callable[..., Any], sure: list[np.ndarray[Any, Any]]
) -> None:
    points: dict[Any, list[float]] = {}
    for question in problems.questions():
        points.setdefault(question.problem.f, []).append(question.x)
    for f, x in points.items():
        with np.errstate(all="ignore"):
            mine = derivative(f, np.array(x))
            same(mine, by_the_engine(derivative, f, np.array(x)))
    settled = np.concatenate(sure)
    assert settled.mean() > 0.7, settled.mean()


@pytest.mark.parametrize("size", [1, 7, 50])
def test_gradients(size: int, by_the_engine: Callable[..., Any]) -> None:
    def f(p: Any) -> Any:
        return np.sum(np.sin(p) * p + 0.1 * p**3, axis=-1) + np.prod(np.cos(0.1 * p), axis=-1)

    for seed in range(10):
        x = np.random.default_rng(seed).normal(size=size)
        for vectorized in (True, False):
            same(gradient(f, x, vectorized=vectorized), by_the_engine(gradient, f, x, vectorized=vectorized))


def test_lines_in_doubt_among_many_that_are_not(sure: list[np.ndarray[Any, Any]]) -> None:
    x = np.linspace(-2.0, 2.0, 401)  # one of them 0
    found = derivative(lambda t: np.abs(t) + np.sin(t), x)
    assert found.status[200] is Status.KINK
    np.testing.assert_allclose([found.left[200], found.right[200]], [0.0, 2.0], atol=1e-10)
    plain = np.arange(401) != 200
    assert all(status.ok for status in found.status[plain])
    assert np.all(np.abs(found.value - np.sign(x) - np.cos(x))[plain] <= found.error[plain])
    assert not sure[0][200]
    assert sure[0].mean() > 0.8  # beside the kink the steps are too wide


@pytest.mark.parametrize(
    "f",
    [
        np.abs,
        lambda t: np.floor(t + 1),
        lambda t: np.sqrt(np.abs(t)),
        lambda t: np.float32(np.exp(t)).astype(float),
        np.reciprocal,
    ],
)
def test_what_is_in_doubt_is_left_to_the_engine(f: Any, sure: list[np.ndarray[Any, Any]]) -> None:
    with np.errstate(all="ignore"):
        derivative(f, np.array([0.0]))
    assert not any(settled.any() for settled in sure)


def test_nothing_is_asked_for_twice() -> None:
    asked: list[tuple[int, float]] = []

    def sample(lines: np.ndarray[Any, Any], offsets: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        asked.extend((int(line), float(offset)) for line, row in zip(lines, offsets, strict=True) for offset in row)
        return np.asarray(offsets[:, :, None] * lines[:, None, None])

    known = Remembered(sample)
    lines = np.array([1, 4, 6])
    offsets = np.array([[0.5, 1.0], [2.0, 3.0], [4.0, 5.0]])
    first = known.first(lines, offsets)
    np.testing.assert_array_equal(known(lines[1:], offsets[1:]), first[1:])
    assert len(asked) == 6
    known(lines, offsets * 2)  # other places, and other lines
    known(np.array([2, 6]), offsets[1:])
    known(np.array([7]), offsets[:1])
    assert len(asked) == 6 + 6 + 4 + 2


class Elementwise:
    """A function of an array that counts, with a kink at one point."""

    def __init__(self, knows_its_size: bool = False) -> None:
        self.sizes: list[int] = []
        self.weights = np.ones(5000) if knows_its_size else np.ones(1)

    def __call__(self, x: Any) -> Any:
        self.sizes.append(x.size)
        return self.weights * (np.abs(x - 1.0) + np.exp(x))


def test_a_few_points_of_many_are_asked_for_alone_where_f_allows_it() -> None:
    x = np.linspace(0.0, 2.0, 5000)
    x[77] = 1.0
    free, bound = Elementwise(), Elementwise(knows_its_size=True)
    one, other = derivative(free, x), derivative(bound, x)
    same(one, other)
    assert one.status[77] is Status.KINK
    assert min(free.sizes) < 1000
    assert sum(free.sizes) == one.evaluations < other.evaluations
    assert set(bound.sizes) - {5000} == {size for size in bound.sizes if size < 5000}
    assert sum(size < 5000 for size in bound.sizes) == 1  # it was tried once


def test_an_f_that_mixes_its_points_gets_them_all() -> None:
    x = np.linspace(0.5, 2.0, 5000)
    x[77] = 1.0

    def place(t: Any) -> Any:  # by place, not by value
        return np.abs(t - 1.0) * (1 + np.arange(t.size))

    found = derivative(place, x)
    assert found.status[77] is Status.KINK
    np.testing.assert_allclose(found.right[77], 78.0, rtol=1e-9)
    np.testing.assert_allclose(found.value[100], 101.0 * np.sign(x[100] - 1.0), rtol=1e-9)


def test_values_near_the_largest_float() -> None:
    x = np.linspace(1.0, 2.0, 5000)
    x[3] = 1.5
    found = derivative(lambda t: 1e307 * np.abs(t - 1.5), x)
    assert found.status[3] is Status.KINK
    np.testing.assert_allclose(found.right[3], 1e307)
    assert gw.derivative(lambda t: 1e308 * t**0.5, np.array([1.0, 2.0])).all_ok
