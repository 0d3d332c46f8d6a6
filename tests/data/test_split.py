"""The stratified split."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradwright.data import stratified_split
from gradwright.errors import ArgumentError


@given(
    st.lists(st.integers(0, 4), min_size=1, max_size=60),
    st.floats(0, 1, exclude_max=True),
    st.integers(0, 2**32),
)
def test_every_class_is_split_in_the_same_proportion_and_nothing_is_lost(labels, fraction, seed):
    train, test = stratified_split(labels, test_fraction=fraction, rng=seed)
    np.testing.assert_array_equal(np.sort(np.concatenate([train, test])), np.arange(len(labels)))
    assert (np.diff(train) > 0).all()
    assert (np.diff(test) > 0).all()
    of_class = np.array(labels)
    for label in set(labels):
        count = int((of_class == label).sum())
        taken = int((of_class[test] == label).sum())
        assert taken == min(round(fraction * count), count - 1)


def test_the_seed_decides_and_a_generator_goes_on():
    labels = np.repeat([0, 1], 50)
    first, again, other = (stratified_split(labels, rng=seed)[1] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    rng = np.random.default_rng(1)
    np.testing.assert_array_equal(stratified_split(labels, rng=rng)[1], first)
    assert (stratified_split(labels, rng=rng)[1] != first).any()


@pytest.mark.parametrize("fraction", [1.0, -0.1, 1.5, "a", True, float("nan")])
def test_a_fraction_that_leaves_nothing_is_refused(fraction):
    with pytest.raises(ArgumentError, match="test_fraction"):
        stratified_split([0, 1], test_fraction=fraction)


def test_a_seed_must_be_one():
    with pytest.raises(ArgumentError, match="`rng`"):
        stratified_split([0, 1], rng="today")
