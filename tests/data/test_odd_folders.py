"""Folders as file managers, cameras and downloads leave them: nothing in them is passed over in silence."""

from __future__ import annotations

import gzip
import os
import struct
import sys
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gradwright.data import Dataset, load
from gradwright.errors import DataError

Expected = str | Callable[[Dataset], bool]


def pictures(folder: Path, classes: Iterable[str] = "ab", size: tuple[int, int] = (8, 8), mode: str = "L") -> Path:
    rng = np.random.default_rng(0)
    for name in classes:
        (folder / name).mkdir(parents=True)
        for number in range(3):
            grey = rng.integers(0, 256, (size[1], size[0]), dtype=np.uint8)
            Image.fromarray(grey).convert(mode).save(folder / name / f"{number}.png")
    return folder


def count(train: int, test: int, shape: tuple[int, int] = (8, 8)) -> Callable[[Dataset], bool]:
    return lambda data: (len(data.x_train), len(data.x_test), data.image_shape) == (train, test, shape)


# -- pictures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("names", [("Train", "Test"), ("TRAIN", "test")])
def test_parts_in_capitals(names: tuple[str, str], judged: Callable[..., None]) -> None:
    def make(folder: Path) -> Path:
        for name in names:
            pictures(folder / name)
        return folder

    judged(make, count(6, 6))


def test_what_lies_beside_the_parts(judged: Callable[..., None]) -> None:
    def make(folder: Path) -> Path:
        for name in ("train", "test"):
            pictures(folder / name)
        Image.new("L", (8, 8)).save(folder / "more.png")
        return folder

    judged(make, "folder.loose-file", "more.png")


def test_parts_without_classes(judged: Callable[..., None]) -> None:
    def make(folder: Path) -> Path:
        (folder / "train").mkdir()
        (folder / "test").mkdir()
        return folder

    judged(make, "folder.empty-class", "train")


def test_a_third_part(judged: Callable[..., None]) -> None:
    def make(folder: Path) -> Path:
        for name in ("train", "test", "val"):
            pictures(folder / name)
        return folder

    judged(make, "folder.nested", "Only `train` and `test`")


def test_what_nobody_sees(judged: Callable[..., None]) -> None:
    def make(folder: Path) -> Path:
        pictures(folder)
        for name in (".DS_Store", "desktop.ini", "a/Thumbs.db", "a/ehthumbs.db", "a/._0.png", "b/.DS_Store"):
            (folder / name).write_bytes(b"x")
        (folder / "__MACOSX").mkdir()
        return folder

    judged(make, count(4, 2))


def test_a_class_of_which_nobody_sees_anything(judged: Callable[..., None]) -> None:
    def make(folder: Path) -> Path:
        (pictures(folder) / "c").mkdir()
        (folder / "c" / ".DS_Store").write_bytes(b"x")
        return folder

    judged(make, "folder.empty-class", "c holds no pictures")


PICTURES: dict[str, tuple[Callable[[Path], object], Expected, str]] = {
    "an animation": (
        lambda place: Image.new("L", (8, 8), 9).save(
            place / "9.gif", save_all=True, append_images=[Image.new("L", (8, 8), 99)]
        ),
        count(5, 2),
        "",
    ),
    "16 bits": (
        lambda place: Image.fromarray(np.full((8, 8), 65535, np.uint16)).save(place / "9.png"),
        count(5, 2),
        "",
    ),
    "a palette with a hole": (
        lambda place: Image.new("P", (8, 8)).save(place / "9.png", transparency=0),
        lambda data: bool((np.vstack([data.x_train, data.x_test]) == 1).all(axis=1).any()),
        "",
    ),
    "another size": (lambda place: Image.new("L", (90, 40)).save(place / "9.png"), count(5, 2, (28, 28)), ""),
    "grey values that are none": (
        lambda place: Image.fromarray(np.full((8, 8), np.nan, np.float32)).save(place / "9.tif"),
        "image.non-finite",
        "9.tif",
    ),
    "a drawing": (lambda place: (place / "9.svg").write_text("<svg/>", encoding="utf-8"), "image.unknown", "9.svg"),
    "a program of PostScript": (
        lambda place: (place / "9.eps").write_text("%!PS-Adobe-3.0 EPSF-3.0\n", encoding="utf-8"),
        "image.unknown",
        "9.eps",
    ),
}


@pytest.mark.parametrize("name", PICTURES)
def test_one_picture_among_others(name: str, judged: Callable[..., None]) -> None:
    add, expected, says = PICTURES[name]

    def make(folder: Path) -> Path:
        add(pictures(folder) / "a")
        return folder

    judged(make, expected, says)


def test_pictures_of_one_pixel(judged: Callable[..., None]) -> None:
    judged(lambda folder: pictures(folder, size=(1, 1)), count(4, 2, (1, 1)))


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there are no such names")
@pytest.mark.parametrize("name", [b"\xff", b"a\nb", b" "])
def test_names_that_no_class_has(name: bytes, judged: Callable[..., None]) -> None:
    def make(folder: Path) -> Path:
        other = Path(os.fsdecode(os.fsencode(pictures(folder)) + b"/" + name))
        other.mkdir()
        Image.new("L", (8, 8)).save(other / "0.png")
        return folder

    judged(make, "folder.name", "no name of a class")


def test_letters_of_hangul_taken_apart_are_the_same_class(tmp_path: Path) -> None:
    apart = unicodedata.normalize("NFD", "가")
    pictures(tmp_path, [apart, "나"])
    assert load(tmp_path).classes == ("가", "나")
    if not (tmp_path / "가").exists():  # macOS finds it
        pictures(tmp_path, ["가"])
        with pytest.raises(DataError, match="two folders called '가'"):
            load(tmp_path)


# -- IDX ---------------------------------------------------------------------------------------------------------------

IMAGES, LABELS = np.arange(4 * 6 * 5, dtype=np.uint8).reshape(4, 6, 5), np.array([0, 2, 0, 2], np.uint8)
NAMES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


def idx(array: np.ndarray, code: int = 8) -> bytes:
    return bytes([0, 0, code, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def four(folder: Path, names: Callable[[str], str] = str) -> Path:
    for name, array in zip(NAMES, (IMAGES, LABELS, IMAGES[:2], LABELS[:2]), strict=True):
        (folder / names(name)).write_bytes(idx(array))
    return folder


@pytest.mark.parametrize(
    "names",
    [
        str.upper,
        lambda name: name.replace("-idx", ".idx"),
        lambda name: name.replace("t10k", "test"),
    ],
)
def test_the_four_under_other_usual_names(names: Callable[[str], str], judged: Callable[..., None]) -> None:
    judged(lambda folder: four(folder, names), count(4, 2, (6, 5)))


FOREIGN: dict[str, tuple[str, bytes, Expected]] = {
    "what belongs to nothing": ("README.md", b"hello", count(4, 2, (6, 5))),
    "a twin": ("train-images-idx3-ubyte.gz", gzip.compress(idx(IMAGES)), "idx.part-twice"),
    "a copy": ("t10k-labels-idx1-ubyte (1)", idx(LABELS), "idx.part-twice"),
    "a copy under another name": ("Copy of train-images-idx3-ubyte", idx(IMAGES), "idx.foreign"),
    "an underscore in the name": ("train_images-idx3-ubyte", b"hello", "idx.foreign"),
    "more labels": ("test labels.bin", b"hello", "idx.foreign"),
    "images under a name of nothing": ("more", idx(IMAGES), "idx.foreign"),
    "packed images under a name of nothing": ("more.gz", gzip.compress(idx(IMAGES)), "idx.foreign"),
    "a packed file that is none": ("more.gz", b"\x1f\x8bhello", count(4, 2, (6, 5))),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_what_lies_beside_the_four(name: str, judged: Callable[..., None]) -> None:
    file, content, expected = FOREIGN[name]

    def make(folder: Path) -> Path:
        (four(folder) / file).write_bytes(content)
        (folder / "runs").mkdir()
        return folder

    judged(make, expected, file if isinstance(expected, str) else "")


def test_one_or_all_of_the_four_misnamed(tmp_path: Path) -> None:
    four(tmp_path, lambda name: name.replace("-", "_", 1))
    with pytest.raises(DataError, match="its name is none of theirs"):
        load(tmp_path)
    for name in NAMES[1:]:
        (tmp_path / name.replace("-", "_", 1)).rename(tmp_path / name)
    with pytest.raises(DataError, match="train_images-idx3-ubyte looks like one of four IDX files"):
        load(tmp_path)


def test_grey_values_that_are_no_numbers(judged: Callable[..., None]) -> None:
    def make(folder: Path) -> Path:
        spoilt = np.where(IMAGES == 7, np.nan, IMAGES).astype(">f4")
        (four(folder) / NAMES[0]).write_bytes(idx(spoilt, 0x0D))
        return folder

    judged(make, "load.non-finite", "`train-images-idx3-ubyte[0, 1, 2]` is nan")
