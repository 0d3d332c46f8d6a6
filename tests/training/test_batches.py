"""Batches: what an epoch covers, what a seed fixes, what a state brings back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradwright.errors import ArgumentError, ShapeError
from gradwright.training.batches import Batches


def make(n: int, size: Any, sampling: str = "permutation", seed: int = 0) -> Batches:
    return Batches(n, size, sampling, np.random.default_rng(seed))


@given(n=st.integers(1, 40), size=st.integers(1, 50), seed=st.integers(0, 99))
def test_each_epoch_covers_each_sample_once(n: int, size: int, seed: int) -> None:
    batches = make(n, size, seed=seed)
    for _ in range(3):
        epoch = [batches.next() for _ in range(batches.per_epoch)]
        assert sorted(np.concatenate(epoch).tolist()) == list(range(n))
        assert all(len(batch) == min(size, n) for batch in epoch[:-1])
        assert len(epoch[-1]) == n - sum(len(batch) for batch in epoch[:-1])


def test_epochs_come_in_fresh_orders() -> None:
    batches = make(50, 25)
    orders = [np.concatenate([batches.next(), batches.next()]) for _ in range(3)]
    assert not np.array_equal(orders[0], orders[1])
    assert not np.array_equal(orders[1], orders[2])
    assert not np.array_equal(orders[0], np.arange(50))


@given(n=st.integers(1, 40), size=st.integers(1, 50))
def test_replacement_draws_whole_batches(n: int, size: int) -> None:
    batches = make(n, size, "replacement")
    assert batches.per_epoch == max(1, n // size)
    for _ in range(5):
        batch = batches.next()
        assert len(batch) == min(size, n)
        assert batch.min() >= 0
        assert batch.max() < n


def test_replacement_repeats_samples_and_is_even() -> None:
    batches = make(10, 10, "replacement")
    counts = np.bincount(np.concatenate([batches.next() for _ in range(1000)]), minlength=10)
    assert abs(counts / 10_000 - 0.1).max() < 0.015  # five standard deviations
    assert any(len(set(batches.next())) < 10 for _ in range(5))


@pytest.mark.parametrize("sampling", ["permutation", "replacement"])
def test_full_is_every_sample_in_its_own_order(sampling: str) -> None:
    batches = make(7, "full", sampling)
    assert batches.per_epoch == 1
    assert batches.whole
    for _ in range(2):
        assert batches.next().tolist() == list(range(7))


def test_a_batch_larger_than_the_set() -> None:
    assert make(7, 100).next().tolist() == list(range(7))
    drawn = make(7, 100, "replacement")  # seven draws, not the set
    assert not drawn.whole
    assert sorted(drawn.next().tolist()) != list(range(7))


@pytest.mark.parametrize("sampling", ["permutation", "replacement"])
def test_the_seed_fixes_all(sampling: str) -> None:
    def run(seed: int) -> list[Any]:
        batches = make(20, 6, sampling, seed)
        return [batches.next().tolist() for _ in range(9)]

    assert run(1) == run(1)
    assert run(1) != run(2)


@pytest.mark.parametrize("kind", [np.random.PCG64, np.random.MT19937, np.random.Philox, np.random.SFC64])
@pytest.mark.parametrize(("sampling", "size"), [("permutation", 6), ("replacement", 6), ("permutation", "full")])
def test_a_state_brings_back_what_follows(kind: Any, sampling: str, size: Any) -> None:
    batches = Batches(20, size, sampling, np.random.Generator(kind(3)))
    for before in range(6):
        state = batches.state()
        follows = [batches.next().tolist() for _ in range(5)]
        other = Batches(20, size, sampling, np.random.Generator(kind(99)))
        other.next()
        other.restore(state)
        assert [other.next().tolist() for _ in range(5)] == follows, before


@pytest.mark.parametrize("sampling", ["permutation", "replacement"])
def test_what_is_put_back_comes_again(sampling: str) -> None:
    batches = make(10, 4, sampling)
    for _ in range(5):
        first = batches.next().tolist()
        batches.put_back()
        assert batches.next().tolist() == first


def test_a_state_of_other_samples_or_another_generator_is_refused() -> None:
    batches = make(10, 4)
    untouched = make(10, 4)
    with pytest.raises(ShapeError, match="11 training samples, here there are 10"):
        batches.restore(make(11, 4).state())
    with pytest.raises(ArgumentError, match="rng MT19937, here it is PCG64"):
        batches.restore(Batches(10, 4, "permutation", np.random.Generator(np.random.MT19937(0))).state())
    assert batches.next().tolist() == untouched.next().tolist()


@pytest.mark.parametrize("size", [0, -1, 2.0, "half", None, True])
def test_what_is_no_batch_size(size: Any) -> None:
    with pytest.raises(ArgumentError, match=r"`batch_size` must be .*, not"):
        make(10, size)


@pytest.mark.parametrize("sampling", ["random", 3, None])
def test_what_is_no_sampling(sampling: Any) -> None:
    with pytest.raises(ArgumentError, match="`sampling` must be one of 'permutation', 'replacement'"):
        make(10, 2, sampling)
