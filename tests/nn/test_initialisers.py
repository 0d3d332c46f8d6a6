from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from gradwright.errors import ArgumentError
from gradwright.nn.initialisers import draw, standard_deviation


def test_closed_forms() -> None:
    assert standard_deviation("he", 200, 7, "sigmoid") == 0.1
    assert standard_deviation("xavier", 150, 50, "relu") == 0.1
    assert standard_deviation("auto", 200, 7, "relu") == 0.1
    for after in ("sigmoid", "tanh", "identity", None):
        assert standard_deviation("auto", 150, 50, after) == 0.1
    assert standard_deviation(0.01, 3, 4, "relu") == 0.01


@pytest.mark.parametrize("init", [0, -1.0, math.nan, math.inf, True, None, [0.1]])
def test_a_number_must_be_positive(init: Any) -> None:
    with pytest.raises(ArgumentError, match="`init` must be a positive number"):
        standard_deviation(init, 2, 3, None)


def test_an_unknown_name() -> None:
    with pytest.raises(ArgumentError, match="'auto', 'he' or 'xavier', not 'glorot'"):
        standard_deviation("glorot", 2, 3, None)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_statistics_of_what_is_drawn(dtype: str) -> None:
    weights = draw(np.random.default_rng(0), (300, 200), 0.01, dtype)
    assert weights.dtype == np.dtype(dtype)
    # n = 60,000: the mean spreads by std / sqrt(n), the standard deviation by std / sqrt(2 n); four of those.
    assert abs(weights.mean()) < 4 * 0.01 / math.sqrt(60_000)
    assert abs(weights.std() - 0.01) < 4 * 0.01 / math.sqrt(120_000)


def test_he_keeps_the_signal_through_relu_layers_and_a_small_number_does_not() -> None:
    rng = np.random.default_rng(1)
    sizes = {"he": 1.0, "small": 1.0}
    for name in sizes:
        x = rng.standard_normal((200, 100))
        start = float((x**2).mean())
        for _ in range(5):
            std = standard_deviation("he" if name == "he" else 0.01, 100, 100, "relu")
            x = np.maximum(x @ draw(rng, (100, 100), std, "float64"), 0)
        sizes[name] = float((x**2).mean()) / start
    assert 0.2 < sizes["he"] < 1.5
    assert sizes["small"] < 1e-6
