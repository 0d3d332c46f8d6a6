"""IDX files: what the format allows is read, what lies is named."""

from __future__ import annotations

import contextlib
import gzip
import struct
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradwright.data import read_idx
from gradwright.errors import DataError, DataNotFoundError

CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}


def idx(array, code=None, shape=None):
    shape = array.shape if shape is None else shape
    kind = array.dtype.newbyteorder(">")
    code = CODES[kind.str[1:]] if code is None else code
    return bytes([0, 0, code, len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + array.astype(kind).tobytes()


IMAGES = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)


@pytest.mark.parametrize("kind", CODES)
@pytest.mark.parametrize("packed", [False, True])
def test_every_dtype_plain_and_compressed(tmp_path, kind, packed):
    array = (np.arange(24).reshape(2, 3, 4) - (0 if kind == "u1" else 5)).astype(kind)
    file = tmp_path / "한글 it's data"
    file.write_bytes(gzip.compress(idx(array)) if packed else idx(array))
    result = read_idx(file)
    np.testing.assert_array_equal(result, array)
    assert result.dtype == np.dtype(kind)
    assert result.dtype.isnative
    assert result.flags.writeable


@pytest.mark.parametrize(
    ("content", "fragment"),
    [
        (b"", "begins with -"),
        (b"\0\0\x08", "begins with 00 00 08"),
        (b"\x89PNG\r\n\x1a\n", "begins with 89 50 4e 47"),
        (b"\0\0\x07\x01\0\0\0\1a", "no IDX file"),
        (b"\0\0\x08\x00", "no IDX file"),
        (b"\0\0\x08\xff" + b"\0\0\0\1" * 255 + b"a", "no IDX file"),
        (b"\0\0\x08\x03\0\0\0\1", "claims 12 bytes but holds 4"),
        (idx(IMAGES)[:-1], "claims 24 bytes but holds 23"),
        (idx(IMAGES) + b"\0", "more than the 24 bytes"),
        (idx(IMAGES, shape=(2, 3, 5)), "claims 30 bytes but holds 24"),
        (idx(IMAGES, shape=(2, 3, 3)), "more than the 18 bytes"),
        (idx(IMAGES, shape=(2**32 - 1,) * 3), "more than the limit"),
        (gzip.compress(idx(IMAGES))[:-9], "cut off gzip"),
        (gzip.compress(idx(IMAGES))[:-4] + b"\0\0\0\0", "gzip"),
        (gzip.compress(idx(IMAGES))[:-8] + b"\0\0\0\0" + gzip.compress(idx(IMAGES))[-4:], "gzip"),
        (gzip.compress(idx(IMAGES) + b"\0"), "more than the 24 bytes"),
        (b"\x1f\x8b" + b"\0" * 30, "gzip"),
    ],
    ids=range(17),  # gzip writes the time, and the workers of a parallel run must agree on the names
)
def test_a_file_that_lies_is_named(tmp_path, content, fragment):
    file = tmp_path / "images"
    file.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_idx(file)
    assert fragment in str(caught.value)
    assert str(file) in str(caught.value)


def test_a_missing_file_and_a_folder(tmp_path):
    with pytest.raises(DataNotFoundError, match="there is no file"):
        read_idx(tmp_path / "none")
    with pytest.raises(DataError, match="is a folder"):
        read_idx(tmp_path)


@pytest.mark.parametrize("packed", [False, True])
def test_memory_is_bounded_by_what_is_there_and_by_what_is_claimed(tmp_path, packed):
    little, bomb = tmp_path / "little", tmp_path / "bomb"
    claims_much = idx(IMAGES, shape=(1 << 30,))
    holds_much = idx(IMAGES) + bytes(1 << 25)
    little.write_bytes(gzip.compress(claims_much) if packed else claims_much)
    bomb.write_bytes(gzip.compress(holds_much) if packed else holds_much)
    del holds_much
    tracemalloc.start()
    try:
        for file in (little, bomb):
            with pytest.raises(DataError):
                read_idx(file)
        assert tracemalloc.get_traced_memory()[1] < 1 << 23
    finally:
        tracemalloc.stop()


def test_the_limit_can_be_set(tmp_path):
    file = tmp_path / "images"
    file.write_bytes(idx(IMAGES))
    assert read_idx(file, limit=24).shape == (2, 3, 4)
    with pytest.raises(DataError, match=r"24 bytes .* more than the limit of 23"):
        read_idx(file, limit=23)


@given(st.binary(max_size=64), st.integers(0, 40))
def test_any_bytes_give_an_array_or_a_data_error(tmp_path_factory, junk, cut):
    file = tmp_path_factory.mktemp("idx") / "junk"
    for content in (junk, idx(IMAGES)[:cut] + junk, gzip.compress(idx(IMAGES), mtime=0)[:cut] + junk):
        file.write_bytes(content)
        with contextlib.suppress(DataError):
            assert isinstance(read_idx(file), np.ndarray)
