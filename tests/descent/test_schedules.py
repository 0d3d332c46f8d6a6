"""The schedules by hand-worked values."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest

from gradwright.descent.schedules import constant, cosine, exponential_decay, step_decay, warmup
from gradwright.errors import ArgumentError


@pytest.mark.parametrize(
    ("schedule", "values"),
    [
        (constant(0.3), {0: 0.3, 10**6: 0.3}),
        (step_decay(1.0, every=3), {0: 1.0, 2: 1.0, 3: 0.1, 5: 0.1, 6: 0.01}),
        (step_decay(0.8, every=1, factor=0.5), {0: 0.8, 1: 0.4, 3: 0.1}),
        (exponential_decay(2.0, 0.5), {0: 2.0, 1: 1.0, 3: 0.25}),
        (exponential_decay(1.0, 0.01, steps=10), {0: 1.0, 5: 0.1, 10: 0.01, 15: 0.001}),
        # cos(pi / 3) = 1/2: three quarters of the way at a third of the steps.
        (cosine(1.0, 6), {0: 1.0, 2: 0.75, 3: 0.5, 4: 0.25, 6: 0.0, 100: 0.0}),
        (cosine(1.0, 6, final=0.2), {0: 1.0, 2: 0.8, 3: 0.6, 4: 0.4, 6: 0.2, 7: 0.2}),
        (warmup(4, 0.5), {0: 0.1, 1: 0.2, 3: 0.4, 4: 0.5, 50: 0.5}),
        (warmup(1, cosine(1.0, 6)), {0: 0.5, 1: 1.0, 3: 0.75, 7: 0.0}),
    ],
    ids=str,
)
def test_values_by_hand(schedule: Any, values: dict[int, float]) -> None:
    assert {step: schedule(step) for step in values} == pytest.approx(values, rel=1e-12, abs=1e-15)
    assert all(type(schedule(step)) is float for step in values)


def test_a_cosine_falls_all_the_way_and_never_below_its_end() -> None:
    rates = [cosine(0.1, 50, final=0.001)(step) for step in range(80)]
    assert all(a > b for a, b in itertools.pairwise(rates[:51]))
    assert min(rates) == rates[-1] == 0.001


def test_warmup_meets_the_schedule_without_a_jump() -> None:
    rates = [warmup(9, 1.0)(step) for step in range(12)]
    gaps = [b - a for a, b in itertools.pairwise(rates)]
    assert gaps == pytest.approx([0.1] * 9 + [0.0] * 2)


@pytest.mark.parametrize(
    "build",
    [
        lambda bad: constant(bad),
        lambda bad: step_decay(bad, 10),
        lambda bad: step_decay(0.1, 10, bad),
        lambda bad: exponential_decay(bad, 0.5),
        lambda bad: exponential_decay(0.1, bad),
        lambda bad: cosine(bad, 10),
        lambda bad: warmup(10, bad),
        lambda bad: step_decay(0.1, bad),
        lambda bad: exponential_decay(0.1, 0.5, bad),
        lambda bad: cosine(0.1, bad),
        lambda bad: warmup(bad, 0.1),
    ],
)
@pytest.mark.parametrize("bad", [0, -1, math.nan, math.inf, "0.1", True, None])
def test_bad_values(build: Any, bad: Any) -> None:
    with pytest.raises(ArgumentError):
        build(bad)


@pytest.mark.parametrize("bad", [1.5, 10])
def test_a_decay_that_grows(bad: float) -> None:
    with pytest.raises(ArgumentError, match="`factor` must be 0 to 1"):
        step_decay(0.1, 10, factor=bad)
    with pytest.raises(ArgumentError, match="`decay` must be 0 to 1"):
        exponential_decay(0.1, bad)


@pytest.mark.parametrize("bad", [-0.1, 0.2, math.nan, "0"])
def test_a_cosine_ends_between_zero_and_its_start(bad: Any) -> None:
    with pytest.raises(ArgumentError, match="`final`"):
        cosine(0.1, 10, final=bad)


def test_can_be_compared_printed_and_hashed() -> None:
    assert warmup(3, 0.1) == warmup(3, constant(0.1)) != warmup(3, 0.2)
    assert repr(warmup(3, cosine(0.1, 10))) == "warmup(steps=3, then=cosine(rate=0.1, steps=10, final=0.0))"
    assert len({cosine(0.1, 10), cosine(0.1, 10)}) == 1
