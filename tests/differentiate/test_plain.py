"""The plain lane is the engine without its arrays: the same steps, the same bits, or no answer at all."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np
import pytest

from benchmarks import problems
from gradwright.differentiate import Status, derivative, derivatives
from gradwright.differentiate.plain import quick_derivative

GOAL = 1e-11


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return `derivative` with the plain lane closed."""

    def ask(f: Any, x: float) -> Any:
        with monkeypatch.context() as patch:
            patch.setattr(derivatives, "quick_derivative", lambda f, x, rtol: (None, {}))
            return derivative(f, x)

    return ask


def test_the_plain_lane_gives_the_bits_of_the_engine(engine: Any) -> None:
    seen = Counter()
    for question in problems.questions():
        f, x = question.problem.f, question.x
        with np.errstate(all="ignore"):
            quick, known = quick_derivative(f, x, GOAL)
        seen["quick" if quick else "left to the engine"] += 1
        if quick is None:
            continue
        whole = engine(f, x)
        assert (quick.value, quick.error, quick.step) == (whole.value, whole.error, whole.step), (question, quick)
        assert whole.status is Status.CONVERGED
        # A node that two steps share is asked for once; two more may be, to see whether f rounds its values.
        assert len(known) <= whole.evaluations + 2
    assert seen["quick"] > 4 * seen["left to the engine"]


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (abs, 0.0),
        (np.floor, 2.0),
        (math.sqrt, 0.0),
        (lambda t: float(np.float32(math.sin(t))), 1.0),
        (lambda t: 1 - math.cos(t), 1e-6),
        (lambda t: math.nan, 1.0),
        (lambda t: [t * t], 1.0),
        (lambda t: math.sin(1e6 * t), 1.0),
    ],
)
def test_what_is_in_doubt_is_left_to_the_engine(f: Any, x: float) -> None:
    assert quick_derivative(f, x, GOAL)[0] is None


def test_no_value_is_asked_for_twice() -> None:
    asked: list[float] = []

    def f(t: float) -> float:
        asked.append(t)
        return abs(t - 0.5) + math.exp(t)

    d = derivative(f, 0.5)
    assert d.status is Status.KINK
    assert d.evaluations == len(asked)
    again = asked.count(0.5)  # once more to see whether f repeats itself
    assert again == 2
    assert len(set(asked)) == len(asked) - 1


def test_exact_polynomials_at_simple_numbers_are_not_left_to_the_engine(engine: Any) -> None:
    for f in (lambda t: t * t, lambda t: 3 * t + 1, lambda t: t**3 - 2 * t, lambda t: 0.01 * t**2 + 0.1 * t):
        for x in (1.0, 2.0, 0.5, 5.0, -3.0):
            quick, _ = quick_derivative(f, x, GOAL)
            assert quick is not None
            assert quick.value == engine(f, x).value
