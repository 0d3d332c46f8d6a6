from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradwright.errors import ArgumentError, LabelError, ShapeError
from gradwright.functions import one_hot


@given(st.lists(st.integers(0, 6), min_size=1, max_size=9))
def test_argmax_gives_the_labels_back(labels: list[int]) -> None:
    rows = one_hot(labels, 7)
    assert rows.argmax(axis=-1).tolist() == labels
    np.testing.assert_array_equal(rows, np.eye(7)[labels])


@pytest.mark.parametrize("dtype", ["uint8", "int8", "int32", "int64", "uint64"])
def test_in_every_library_and_integer(dtype: str, xp: Any) -> None:
    rows = one_hot(xp([[2, 0], [1, 1]], dtype), 300)
    np.testing.assert_array_equal(xp.numpy(rows), np.eye(300)[[[2, 0], [1, 1]]])
    assert xp.numpy(one_hot(3, 4, like=xp(0.5))).tolist() == [0, 0, 0, 1]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_like_gives_the_library_and_dtype(dtype: str, xp: Any) -> None:
    like = xp([0.5], dtype)
    for labels in ([1, 0], np.array([1, 0]), xp([1, 0])):
        rows = one_hot(labels, 2, like=like)
        assert rows.dtype == like.dtype
        np.testing.assert_array_equal(xp.numpy(rows), [[0, 1], [1, 0]])
    host = one_hot(xp([1, 0]), 2, like=np.zeros(1, dtype))
    assert isinstance(host, np.ndarray)
    assert host.dtype == dtype
    assert one_hot([1, 0], 2, like=np.zeros(1, "int32")).dtype == np.float64


def test_errors(xp: Any) -> None:
    with pytest.raises(
        LabelError, match=r"`labels` holds the label 3 at index \(1, 0\), .* 3 classes they must be 0 to 2"
    ):
        one_hot(xp([[0, 1], [3, 1]]), 3)
    with pytest.raises(LabelError, match=r"label 200 at index \(0,\)"):
        one_hot(xp([200], "uint8"), 10)
    for wrong in (xp([0.0, 1.0]), xp([True, False])):
        with pytest.raises(LabelError, match="labels must be integers"):
            one_hot(wrong, 2)
    with pytest.raises(ShapeError, match="`labels` is empty"):
        one_hot(xp(np.zeros(0, "int64")), 2)
    with pytest.raises(ArgumentError, match="`n_classes` must be a positive whole number"):
        one_hot(xp([0]), 0)


def test_traced_labels_without_a_class_are_rows_of_zeros(need_module: Any) -> None:
    jax = need_module("jax")
    rows = jax.jit(lambda labels: one_hot(labels, 2))(jax.numpy.asarray([1, 2]))
    assert rows.tolist() == [[0.0, 1.0], [0.0, 0.0]]
