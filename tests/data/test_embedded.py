"""The embedded digits."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import numpy as np
import pytest

from gradwright.data.embedded import digits


def test_they_are_the_digits_of_the_uci_test_set(need_module):
    reference = need_module("sklearn.datasets").load_digits()
    data = digits(test_fraction=0)
    np.testing.assert_array_equal(data.x_train, (reference.data / 16).astype(np.float32))
    np.testing.assert_array_equal(data.t_train, reference.target)


def test_content_is_pinned_by_its_sum():
    data = digits(test_fraction=0)
    content = (data.x_train * 16).astype(np.uint8).tobytes() + data.t_train.astype(np.uint8).tobytes()
    assert hashlib.sha256(content).hexdigest() == "87ff0c9e40dc7e2c0e34e7257799c2e3f3aec1a016363bb11cad869ec428a826"


def test_form_and_split():
    data = digits()
    assert (data.x_train.shape, data.x_test.shape) == ((1438, 64), (359, 64))
    assert (data.x_train.dtype, data.t_train.dtype) == (np.float32, np.int64)
    assert (data.x_train.min(), data.x_train.max()) == (0, 1)
    assert data.classes == tuple("0123456789")
    assert data.image_shape == (8, 8)
    whole = np.bincount(np.concatenate([data.t_train, data.t_test]))
    np.testing.assert_array_equal(whole, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    np.testing.assert_array_equal(np.bincount(data.t_test), np.round(0.2 * whole))


def test_the_seed_decides_the_split():
    assert digits().fingerprint() == digits(rng=0).fingerprint() != digits(rng=1).fingerprint()
    assert digits(rng=np.random.default_rng(0)).fingerprint() == digits().fingerprint()


def test_no_state_is_shared_between_two_calls():
    first = digits()
    first.x_train[:] = 0
    assert digits().x_train.max() == 1


@pytest.mark.parametrize("module", ["matplotlib", "pooch", "PIL", "torch", "jax", "sklearn", "array_api_compat"])
def test_the_import_and_the_digits_need_numpy_only(module):
    code = f"import sys; sys.modules[{module!r}] = None; from gradwright import data; data.digits()"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
