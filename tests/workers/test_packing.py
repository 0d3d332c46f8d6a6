"""Vectors of one kind travel as one array and come back as they were."""

from __future__ import annotations

import numpy as np
import pytest

from gradwright.workers.packing import Rows, pack, unpack


def same(a, b):
    return type(a) is type(b) and a.dtype == b.dtype and a.shape == b.shape and a.tobytes("A") == b.tobytes("A")


@pytest.mark.parametrize("dtype", ["f8", "f4", "c16", "i8", "u1", "?"])
@pytest.mark.parametrize("shape", [(4,), (2, 3), (0,), (2, 0)])
def test_vectors_of_one_kind(rng, dtype, shape):
    values = list((10 * rng.normal(size=(5, *shape))).astype(dtype))
    packed = pack(values)
    assert isinstance(packed, Rows)
    assert all(map(same, unpack(packed), values))


def test_bits_stay():
    values = [np.array([np.nan, -0.0, 5e-324]), np.array([-np.nan, np.inf, 0.1])]
    assert all(map(same, unpack(pack(values)), values))


OTHERS = {
    "none": [],
    "numbers": [1.0, 2.0],
    "numpy numbers": [np.float64(1), np.float64(2)],
    "no axis": [np.array(1.0), np.array(2.0)],
    "lengths": [np.zeros(2), np.zeros(3)],
    "dtypes": [np.zeros(2), np.zeros(2, "f4")],
    "byte order": [np.zeros(2, ">f8"), np.zeros(2, ">f8")],
    "objects": [np.array([None]), np.array([None])],
    "text": [np.array(["a"]), np.array(["b"])],
    "column order": [np.asfortranarray(np.ones((2, 3))), np.ones((2, 3))],
    "strided": [np.arange(6.0)[::2], np.arange(3.0)],
    "classes": [np.zeros(2), np.ma.masked_array([1.0, 2.0], [True, False])],
    "mixed": [np.zeros(2), None],
}


@pytest.mark.parametrize("name", OTHERS)
def test_others_go_as_they_are(name):
    values = OTHERS[name]
    packed = pack(values)
    assert isinstance(packed, list)
    assert all(a is b for a, b in zip(unpack(packed), values, strict=True))


def test_each_has_its_own_memory():
    first, second = unpack(pack([np.zeros(3), np.zeros(3)]))
    first += 1
    assert first.flags.owndata
    assert second.tolist() == [0, 0, 0]
