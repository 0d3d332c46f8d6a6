"""Archives of arrays in all that NumPy can hold: read as meant, or refused by the member and the place in it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradwright.data import Dataset, load, samples
from gradwright.data.scaling import Scaling
from gradwright.errors import DataError

X, T = np.arange(40.0).reshape(20, 2), np.arange(20) % 2
SPOILT = np.where(X == 7, np.nan, X)  # in row 3, column 1
HOT = np.eye(2)[T]
Expected = str | Callable[[Dataset], bool]


def classes(*names: str) -> Callable[[Dataset], bool]:
    return lambda data: data.classes == names and len(data.t_train) + len(data.t_test) == 20


def values(width: int) -> Callable[[Dataset], bool]:
    return lambda data: data.classes == () and data.t_train.shape[1] == width


CASES: dict[str, tuple[dict[str, Any], Expected, str]] = {
    "x alone": ({"x": X}, "npz.names", "holds x;"),
    "nothing": ({}, "npz.members", "0 members"),
    "one more": ({"x": X, "t": T, "notes": T}, "npz.names", "notes"),
    "of two lengths": ({"x": X, "y": T[:7]}, "load.lengths", "`x` has 20 rows but `y` has 7"),
    "test parts of two lengths": (
        {"x_train": X, "t_train": T, "x_test": X[:3], "t_test": T[:2]}, "load.lengths", "`x_test` has 3",
    ),
    "labels that are true or false": ({"x": X, "t": T == 1}, classes("0", "1"), ""),
    "labels in floats": ({"x": X, "t": T * 1.0}, classes("0", "1"), ""),
    "labels in a column": ({"x": X, "t": T[:, None]}, classes("0", "1"), ""),
    "names in a column": ({"x": X, "t": np.array(["가", "나"])[T][:, None]}, classes("가", "나"), ""),
    "one-hot rows of bool": ({"x": X, "t": HOT.astype(bool)}, classes("0", "1"), ""),
    "one-hot rows and one that is none": (
        {"x": X, "t": np.where(np.arange(20)[:, None] == 4, 0, HOT)}, "load.one-hot", "`t[4]`",
    ),
    "rows of several ones": ({"x": X, "t": np.arange(60).reshape(20, 3) // 7 % 2}, values(3), ""),
    "halves": ({"x": X, "t": T + 0.5}, values(1), ""),
    "numbers that a float does not hold": ({"x": X, "t": T + 2**53}, classes(str(2**53), str(2**53 + 1)), ""),
    "the largest whole numbers": (
        {"x": X, "t": np.uint64(2**64 - 1) - T.astype(np.uint64)}, classes(str(2**64 - 2), str(2**64 - 1)), "",
    ),
    "samples of bool": ({"x": X > 5, "t": T}, classes("0", "1"), ""),
    "half precision": ({"x": X.astype(np.float16), "t": T}, classes("0", "1"), ""),
    "big-endian": ({"x": X.astype(">f8"), "t": T.astype(">i8")}, classes("0", "1"), ""),
    "big-endian text": ({"x": X, "t": np.array(["a", "b"], ">U1")[T]}, classes("a", "b"), ""),
    "complex answers": ({"x": X, "t": T * 1j}, "npz.dtype", "'t' has dtype complex128"),
    "dates": ({"x": X, "t": T.astype("M8[D]")}, "npz.dtype", "datetime64"),
    "records": ({"x": np.zeros(20, [("a", "f4")]), "t": T}, "npz.dtype", "'x'"),
    "text for samples": ({"x": X.astype(str), "t": T}, "npz.samples", "'x'"),
    "one number": ({"x": np.float64(3), "t": T}, "npz.samples", "shape ()"),
    "no width": ({"x": X[:, :0], "t": T}, "npz.samples", "(20, 0)"),
    "answers of no width": ({"x": X, "t": HOT[:, :0]}, "npz.samples", "'t'"),
    "answers of three axes": ({"x": X, "t": HOT[:, None]}, "load.answers", "(20, 1, 2)"),
    "rows of names": ({"x": X, "t": np.full((20, 2), "a")}, "load.answers", "(20, 2)"),
    "NaN": ({"x": SPOILT, "t": T}, "load.non-finite", "`x[3, 1]` is nan (1 such"),
    "infinity in the test part": (
        {"x_train": X, "t_train": T, "x_test": np.where(X == 7, np.inf, X), "t_test": T}, "load.non-finite",
        "`x_test[3, 1]` is inf",
    ),
    "NaN among answers": ({"x": X, "y": np.where(T == 1, np.nan, 0.5)}, "load.non-finite", "`y[1]` is nan (10 such"),
    "NaN among the answers of the test part": (
        {"x_train": X, "t_train": X, "x_test": X, "t_test": SPOILT}, "load.non-finite", "`t_test[3, 1]`",
    ),
    "too large beside the training part": (
        {"x_train": X, "t_train": T, "x_test": np.where(X == 7, 1e300, X), "t_test": T}, "load.too-large",
        "`x_test[3, 1]`: 1e+300",
    ),
    "too large an answer": (
        {"x_train": X, "t_train": X / 3, "x_test": X, "t_test": np.where(X == 7, 1e300, X)}, "load.too-large",
        "`t_test[3, 1]`: 1e+300",
    ),
    "labels and names": (
        {"x_train": X, "t_train": T, "x_test": X, "t_test": T.astype(str)}, "load.test-answers", "and str",
    ),
    "an empty name": ({"x": X, "t": np.array(["", "b"])[T]}, "load.answer", "`t[0]`"),
    "a name of two lines": ({"x": X, "t": np.array(["a", "b\nc"])[T]}, "load.answer", "`t[1]`"),
    "half a character": ({"x": X, "t": np.array(["\ud800", "b"])[T]}, "load.answer", "`t[0]`"),
    "bytes that are no text": ({"x": X, "t": np.array([b"\xff", b"b"])[T]}, "npz.text", "'t'"),
    "a missing name": ({"x": X, "t": np.array(["1", "nan"])[T]}, "load.missing", "`t[1]`: the answer 'nan'"),
    "one class": ({"x": X, "t": T * 0}, "data.one-class", "'0'"),
    "one sample": ({"x": X[:1], "t": T[:1]}, "load.one-row", "1 rows"),
    "no sample to train on": ({"x_train": X[:0], "t_train": T[:0], "x_test": X, "t_test": T}, "load.one-row", "0 rows"),
    "no sample to test on": (
        {"x_train": X, "t_train": T, "x_test": X[:0], "t_test": T[:0]}, lambda d: d.x_test.shape == (0, 2), "",
    ),
}  # fmt: skip


def saved(arrays: dict[str, Any]) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        np.savez(folder / "a.npz", **arrays)
        return folder / "a.npz"

    return make


@pytest.mark.parametrize("name", CASES)
def test_it_is_read_as_meant_or_said_where(name: str, judged: Callable[..., None]) -> None:
    arrays, expected, says = CASES[name]
    judged(saved(arrays), expected, says)


def test_numbers_beyond_float64(judged: Callable[..., None]) -> None:
    if np.dtype(np.longdouble) == np.float64:
        pytest.skip("this machine has no such numbers")
    judged(saved({"x": X.astype(np.longdouble), "t": T}), "npz.dtype", "'x'")


def test_text_that_is_no_characters(judged: Callable[..., None]) -> None:
    def make(folder: Path) -> Path:
        content = io.BytesIO()
        np.lib.format.write_array_header_1_0(content, {"descr": "<U1", "fortran_order": False, "shape": (20,)})
        np.savez(folder / "a.npz", x=X)
        with zipfile.ZipFile(folder / "a.npz", "a") as archive:
            archive.writestr("t.npy", content.getvalue() + b"\xff" * 80)
        return folder / "a.npz"

    judged(make, "npz.text", "'t'")


def test_bytes_count_as_the_floats_that_they_become(judged: Callable[..., None]) -> None:
    make = saved({"x": np.zeros((20, 100), np.uint8), "t": T})
    judged(make, "load.limit", "2,000 values", limit=4000)


def test_the_model_says_what_width_it_takes(tmp_path: Path) -> None:
    file = saved({"x": X, "t": X / 3})(tmp_path)
    with pytest.raises(DataError, match=r"a\.npz: a sample has 2 features, but the model takes 5"):
        samples(file, scaling=Scaling.by(1, 5))
    with pytest.raises(DataError, match=r"a\.npz: a sample has 2 values to predict, but the model predicts 1"):
        samples(file, target_scaling=Scaling.by(1, 1))


def test_the_place_is_that_before_the_split(tmp_path: Path) -> None:
    t = X[:, :1] / 3
    for row in range(20):
        file = saved({"x": X, "t": np.where(np.arange(20)[:, None] == row, np.inf, t)})(tmp_path)
        with pytest.raises(DataError, match=rf"`t\[{row}, 0\]` is inf"):
            load(file)
