from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st

from gradwright.errors import ArgumentError, ShapeError
from gradwright.functions import (
    entropy,
    entropy_derivative,
    expectation,
    information,
    information_derivative,
)

probabilities = st.lists(st.floats(0, 1), min_size=1, max_size=6)


def test_expectation_terms_of_the_notes() -> None:
    """Row L6: a steady player of skill 5 and an unsteady one of skill 9."""
    assert expectation([5.0], [0.9]) == 4.5
    assert expectation([9.0], [0.1]) == 0.9
    assert expectation([5, 0], [0.9, 0.1]) == 4.5
    assert expectation([[5, 0], [9, 0]], [[0.9, 0.1], [0.1, 0.9]]).tolist() == [4.5, 0.9]


def test_hand_worked_values(xp: Any) -> None:
    p = xp([1.0, 0.5, 0.125, 0.0])
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(xp.numpy(information(p, base=2)), [0, 1, 3, np.inf])
        np.testing.assert_allclose(xp.numpy(information_derivative(p)), [-1, -2, -8, -np.inf], rtol=xp.rtol)
        slope = xp.numpy(entropy_derivative(p, base=2))
        np.testing.assert_allclose(slope, np.array([0, 1, 3, np.inf]) - 1 / np.log(2), rtol=xp.rtol)
        rows = xp([[0.25, 0.25, 0.25, 0.25], [0.5, 0.25, 0.25, 0.0], [1.0, 0.0, 0.0, 0.0]])
        np.testing.assert_array_equal(xp.numpy(entropy(rows, base=2)), [2.0, 1.5, 0.0])


def test_what_is_certain_brings_plus_zero() -> None:
    assert not np.signbit([information(1.0), information(1.0, base=2), entropy([1.0, 0.0])]).any()
    assert information_derivative(-0.0) == -np.inf


@given(probabilities)
def test_entropy_is_scipys_entr(p: list[float]) -> None:
    np.testing.assert_allclose(entropy(p), scipy.special.entr(p).sum(), rtol=1e-14, atol=1e-300)


@given(probabilities)
def test_entropy_is_the_expectation_of_information(p: list[float]) -> None:
    np.testing.assert_allclose(entropy(p), expectation(information(p), p), rtol=1e-14, atol=1e-300)


@given(st.floats(1e-300, 1), st.floats(1e-8, 1), st.sampled_from([2, 10, 0.5, 3.7]))
def test_information_of_independent_events_adds_up(p: float, q: float, base: float) -> None:
    np.testing.assert_allclose(information(p * q), information(p) + information(q), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(information(p, base=base), -float(mpmath.log(p, base)), rtol=1e-14)


@pytest.mark.parametrize("f", [information, information_derivative, entropy, entropy_derivative])
@pytest.mark.parametrize("wrong", [-1e-9, 1.001, np.nan])
def test_what_is_no_probability_is_refused(f: Any, wrong: float, xp: Any) -> None:
    with pytest.raises(ArgumentError, match=r"`p` must hold probabilities, 0 to 1, but it holds .* at index \(0, 1\)"):
        f(xp([[0.5, wrong], [0.5, 0.5]]))


def test_rounding_above_one_is_let_through() -> None:
    assert abs(information(np.nextafter(np.float32(1), np.float32(2)))) < 1e-6


@pytest.mark.parametrize("base", [0, 1, -2, np.nan, np.inf, "2", True])
def test_bad_base(base: Any) -> None:
    with pytest.raises(ArgumentError, match="`base` must be a positive number other than 1"):
        entropy([0.5, 0.5], base=base)


def test_shapes() -> None:
    with pytest.raises(ShapeError, match="`p` is a single number"):
        entropy(0.5)
    with pytest.raises(ShapeError, match="`p` is empty"):
        entropy([])
    with pytest.raises(ShapeError, match="`values` is a single number"):
        expectation(5.0, 0.9)
    with pytest.raises(ShapeError, match=r"`values` has shape \(2,\) but `probs` has shape \(3,\)"):
        expectation([1.0, 2.0], [0.2, 0.3, 0.5])
    with pytest.raises(ArgumentError, match="`probs` must hold probabilities"):
        expectation([1.0, 2.0], [2.0, 3.0])


def test_expectation_in_every_library(xp: Any) -> None:
    result = expectation(xp([[1.0, 2.0], [np.inf, 4.0]]), np.array([[0.25, 0.75], [0.0, 1.0]]))
    np.testing.assert_allclose(xp.numpy(result), [1.75, 4.0], rtol=xp.rtol)
