"""Scaling: by the training part, to the bit through JSON, and back."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.preprocessing import StandardScaler

from gradwright.data import Scaling, load
from gradwright.errors import ArgumentTypeError, ShapeError


def test_it_is_that_of_scikit_learn():
    x = np.random.default_rng(0).normal(size=(100, 3)) * [1, 1e-3, 1e6] + [0, 5, -1e8]
    np.testing.assert_allclose(Scaling.standard(x).apply(x), StandardScaler().fit_transform(x), atol=1e-7)


@given(st.floats(1e-300, 1e300), st.floats(-1e300, 1e300))
def test_numbers_of_any_size(scale, shift):
    x = np.array([[0.0], [1.0], [2.0]]) * min(scale, 1e299) + min(abs(shift), 1e299)
    found = Scaling.standard(x).apply(x)
    assert np.isfinite(found).all()
    assert np.abs(found).max() < 4  # the mean is rounded to a number, which may be as far as the next one


@pytest.mark.parametrize("value", [0.0, 0.1, -1e300, 1e-300])
def test_a_constant_column_becomes_exactly_0(value):
    x = np.full((7, 1), value)
    assert not Scaling.standard(x).apply(x).any()


def test_through_json_and_back():
    scaling = Scaling.standard(np.random.default_rng(0).normal(size=(9, 4)))
    again = Scaling.from_dict(json.loads(json.dumps(scaling.to_dict())))
    assert again.mean.tobytes() == scaling.mean.tobytes()
    assert again.scale.tobytes() == scaling.scale.tobytes()
    x = np.ones((2, 4))
    np.testing.assert_allclose(scaling.undo(scaling.apply(x)), x, rtol=1e-14)


@pytest.mark.parametrize(
    "saved", [None, {}, {"mean": [1.0]}, {"mean": [1.0], "scale": [0.0]}, {"mean": [], "scale": [1.0]}]
)
def test_what_is_no_scaling(saved):
    with pytest.raises(ArgumentTypeError):
        Scaling.from_dict(saved)


def test_another_number_of_features():
    with pytest.raises(ShapeError, match="3 features"):
        Scaling.standard(np.ones((2, 3))).apply(np.ones((2, 4)))


def test_of_the_training_part_alone(tmp_path):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(50, 2)) + 10
    np.savez(tmp_path / "a.npz", x=x, t=np.arange(50) % 2)
    data = load(tmp_path / "a.npz", rng=3)
    np.testing.assert_allclose(data.x_train.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(data.x_train.std(axis=0), 1, atol=1e-6)
    assert np.abs(data.x_test.mean(axis=0)).max() > 1e-3
    assert load(tmp_path / "a.npz", rng=3).fingerprint() == data.fingerprint()
    assert load(tmp_path / "a.npz", rng=4).fingerprint() != data.fingerprint()
