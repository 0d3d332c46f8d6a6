"""Files as they come: each gives the right data, or one line that says what is wrong with it and what to do."""

from __future__ import annotations

import gzip
import io
import os
import pickle
import struct
import sys
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gradwright.data import Dataset, load, read_idx, read_image, read_npz, read_table
from gradwright.errors import DataError, DataNotFoundError, GradwrightError

Expected = str | Callable[[Dataset], bool]
CASES: dict[str, tuple[Callable[[Path], Path], Expected]] = {}


def case(expected: Expected, name: str = "") -> Callable[[Callable[[Path], Path]], Callable[[Path], Path]]:
    def add(make: Callable[[Path], Path]) -> Callable[[Path], Path]:
        CASES[name or make.__name__] = make, expected
        return make

    return add


def shape(train: int, test: int, features: int, *classes: str) -> Callable[[Dataset], bool]:
    return lambda d: (len(d.x_train), len(d.x_test), d.n_features, d.classes) == (train, test, features, classes)


# -- tables ----------------------------------------------------------------------------------------------------------

ROWS = "1,5,a\n2,6,b\n1.5,5,a\n2.5,6,b\n1,4,a\n2,7,b\n1,5,a\n2,6,b\n1,5,a\n2,6,b\n"
GOOD = shape(8, 2, 2, "a", "b")


def table(name: str, content: str | bytes, expected: Expected, file: str = "t.csv") -> None:
    def make(folder: Path) -> Path:
        path = folder / file
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    CASES[f"table {name}"] = make, expected


table("plain", "u,v,class\n" + ROWS, GOOD)
table("with a byte order mark", b"\xef\xbb\xbf" + ("u,v,class\n" + ROWS).encode(), lambda d: d.features == ("u", "v"))
table("CRLF", ("u,v,class\n" + ROWS).replace("\n", "\r\n"), GOOD)
table("no newline at the end", ("u,v,class\n" + ROWS).rstrip(), GOOD)
table("blank lines", ("u,v,class\n" + ROWS).replace("\n", "\n\n"), GOOD)
table("quoted cells", "u,v,class\n" + ROWS.replace("a", '"a"').replace(",5,", ',"5",'), GOOD)
table("a quoted comma", "u,v,class\n" + ROWS.replace("a\n", '"a, or A"\n'), lambda d: d.classes == ("a, or A", "b"))
table("semicolons", ("u,v,class\n" + ROWS).replace(",", ";"), GOOD)
table("tabs", ("u,v,class\n" + ROWS).replace(",", "\t"), GOOD, "t.tsv")
table("Hangul", "길이,폭,종류\n" + ROWS.replace("a", "가").replace("b", "나"), lambda d: d.classes == ("가", "나"))
table("blanks around cells", ("u,v,class\n" + ROWS).replace(",", " , "), GOOD)
table("label in front", "label,u\n" + "1,2\n3,4\n1,2\n3,5\n" * 3, lambda d: d.classes == ("1", "3"))
table("labels 0 to 9 without 3", "u,y\n" + "".join(f"{i},{i % 10}\n" for i in range(100) if i % 10 != 3),
      lambda d: d.classes == tuple("012456789"))  # fmt: skip
table("labels as floats", "u,y\n" + "1,0.0\n2,1.0\n" * 6, lambda d: d.classes == ("0", "1"))
table("real answers", "u,price\n" + "".join(f"{i},{2.5 * i}\n" for i in range(20)),
      lambda d: not d.classes and abs(d.target_scaling.undo(d.t_train).max() - 47.5) < 5)  # fmt: skip
table("ages to predict", "u,age\n" + "".join(f"{i},{20 + i}\n" for i in range(40)), lambda d: d.classes == ())
table("numbers that are names", "u,y\n" + "1,007\n2,7\n" * 6, lambda d: d.classes == ("007", "7"))
table("a constant column", "u,v,y\n" + "1,7,0\n2,7,1\n" * 6, lambda d: bool((d.x_train[:, 1] == 0).all()))
table("huge numbers", "u,y\n" + "1e300,0\n-1e300,1\n" * 6, lambda d: bool(np.abs(d.x_train).max() < 1.1))
table("tiny numbers", "u,y\n" + "1e-300,0\n3e-300,1\n" * 6, lambda d: bool(np.abs(d.x_train).max() < 1.1))
table(
    "numbers with a leading 0", "u,v\n" + "".join(f"1,{n:04.1f}\n" for n in range(0, 90, 2)), lambda d: d.classes == ()
)
table(
    "a quote in an answer that stays open", "u,y\n" + "1,a\n2,b\n" * 3 + '5,"p\n' + "1,a\n2,b\n" * 3, "table.unreadable"
)
table("a line break in an answer", 'u,y\n1,"a\n2,b\n"\n2,b\n3,c\n', "table.answer")
table("an answer of a megabyte", "u,y\n1,a\n2,b\n3," + "x" * 100_000 + "\n", "table.answer")
table(
    "one answer that is no number", "u,y\n" + "".join(f"1,{n / 7}\n" for n in range(50)) + "1,N/A\n", "load.text-values"
)
table("a text for each row", "u,y\n" + "".join(f"1,text {n}\n" for n in range(1500)), "load.many-classes")
table("a name of a megabyte", "u" * 1_000_000 + ",y\n1,a\n", "table.unreadable")
table("empty", "", "load.empty")
table("a line end alone", "\n", "table.empty")
table("a header alone", "u,v,class\n", "table.no-rows")
table("a header and blank lines", "u,v,class\n\n \n", "table.no-rows")
table("no header", ROWS.replace("a", "0").replace("b", "1"), "table.no-header")
table("a name twice", "u,u,class\n" + ROWS, "table.twice")
table("a column without a name", ",v,class\n" + ROWS, "table.no-name")
table("answers alone", "class\na\nb\n", "table.no-features")
table("one row", "u,v,class\n1,5,a\n", "load.one-row")
table("one class", "u,v,class\n" + ROWS.replace("b", "a"), "data.one-class")
table("a short row", "u,v,class\n" + ROWS + "1,b\n", "table.ragged")
table("a long row", "u,v,class\n" + ROWS + "1,2,3,b\n", "table.ragged")
table("all rows longer than the header", "u,class\n" + ROWS, "table.ragged")
table("a comma at each end", "u,v,class\n" + ROWS.replace("\n", ",\n"), "table.ragged")
table("text among numbers", "u,v,class\n" + ROWS + "1,red,a\n", "table.not-number")
table("an empty cell", "u,v,class\n" + ROWS + "1,,a\n", "table.missing")
table("an empty answer", "u,v,class\n" + ROWS + "1,2,\n", "table.missing")
table("NaN", "u,v,class\n" + ROWS + "nan,2,a\n", "table.non-finite")
table("infinity", "u,v,class\n" + ROWS + "1,-inf,a\n", "table.non-finite")
table("too large for a number", "u,v,class\n" + ROWS + "1,1e999,a\n", "table.non-finite")
table("a thousands separator", "u,v,class\n" + ROWS + '"1,000",2,a\n', "table.not-number")
table("an underscore", "u,v,class\n" + ROWS + "1_000,2,a\n", "table.not-number")
table("UTF-16", ("u,v,class\n" + ROWS).encode("utf-16"), "table.encoding")
table("CP949", ("u,v,종류\n" + ROWS.replace("a", "가")).encode("cp949"), "table.utf-8")
table("bytes that are no text", bytes(range(256)) * 20, "table.utf-8")
table("zero bytes", "u\0,v\n1,2\n", "table.binary")
table("zero bytes in a row", "u,v,class\n" + ROWS + "1,\0,a\n", "table.not-number")
table("a quote that stays open", 'u,v,class\n1,2,a\n2,"3,b\n1,2,a\n', "table.unreadable")
table("packed with gzip", gzip.compress(b"u,v\n1,2\n"), "table.encoding")
table("an archive called CSV", b"PK\3\4" + bytes(50), "table.encoding")
table("an endless line", "u,class\n" + "1" * 2_000_000 + ",a\n", "table.unreadable")
table("of another kind", "hello", "load.kind", "t.docx")


# -- archives --------------------------------------------------------------------------------------------------------

X, T = np.arange(20.0).reshape(10, 2), np.array([0, 1] * 5)


def saved(**arrays: Any) -> bytes:
    content = io.BytesIO()
    np.savez(content, **arrays)
    return content.getvalue()


def zipped(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members.items():
            archive.writestr(name.replace("__", "/") + ".npy", member)
    return content.getvalue()


def header(shape: tuple[int, ...], dtype: str = "<f8") -> bytes:
    content = io.BytesIO()
    np.lib.format.write_array_header_1_0(content, {"descr": dtype, "fortran_order": False, "shape": shape})
    return content.getvalue()


def archive(name: str, content: bytes, expected: Expected) -> None:
    table(f"archive: {name}", content, expected, "a.npz")


archive("two arrays", saved(x=X, t=T), shape(8, 2, 2, "0", "1"))
archive("y for t", saved(x=X, y=T), shape(8, 2, 2, "0", "1"))
archive("four arrays", saved(x_train=X, t_train=T, x_test=X[:3], t_test=T[:3]), shape(10, 3, 2, "0", "1"))
archive("text for answers", saved(x=X, t=np.array(["cat", "dog"] * 5)), shape(8, 2, 2, "cat", "dog"))
archive("one-hot answers", saved(x=X, t=np.eye(2)[T]), shape(8, 2, 2, "0", "1"))
archive("values to predict", saved(x=X, t=X[:, :1] / 3), lambda d: d.classes == () and d.t_train.shape == (8, 1))
archive("images of bytes", saved(x=np.full((10, 4, 3), 255, np.uint8), t=T),
        lambda d: d.image_shape == (4, 3) and bool((d.x_train == 1).all()))  # fmt: skip
archive("big-endian, Fortran order", saved(x=np.asfortranarray(X).astype(">f4"), t=T.astype(">i2")),
        lambda d: sorted(d.scaling.undo(np.vstack([d.x_train, d.x_test]))[:, 1].round()) == list(X[:, 1]))  # fmt: skip
archive("labels that begin at 5", saved(x=X, t=T + 5), lambda d: d.classes == ("5", "6"))
archive("objects, a pickle", saved(x=X, t=np.array([{"a": 1}] * 10, object)), "npz.pickle")
archive("a header that lies", zipped(x=header((10**9, 2)) + X.tobytes(), t=header((10,)) + T.tobytes()), "npz.size")
archive("4 GB claimed", zipped(x=header((2**29, 1)), t=header((10,), "<i8") + T.tobytes()), "npz.size")
archive("a negative shape", zipped(x=header((-1, 2)) + X.tobytes(), t=header((10,), "<i8") + T.tobytes()), "npz.header")
archive("more than the header says", zipped(x=header((9, 2)) + X.tobytes(), t=header((10,)) + T.tobytes()), "npz.size")
archive("a bomb", zipped(x=header((2**21, 8), "|u1") + bytes(2**24 + 1), t=header((3,), "|u1") + bytes(3)), "npz.size")
archive("a path that leaves it", zipped(**{"..__..__x": header((10, 2)) + X.tobytes()}), "npz.path")
archive("a member that is no array", zipped(x=b"hello", t=b"there"), "npz.header")
archive("cut short", saved(x=X, t=T)[:-60], "npz.damaged")
archive("damaged inside", saved(x=X, t=T)[:150] + b"\xff" * 20 + saved(x=X, t=T)[170:], "npz.damaged")
archive("a name that is no text", zipped(가=b"", t=b"").replace("가".encode(), b"\xff" * 3), "npz.damaged")
archive("both t and y", saved(x=X, t=T, y=1 - T), "npz.names")
archive("bytes for answers", saved(x=X, t=np.array([b"cat", b"dog"] * 5)), shape(8, 2, 2, "cat", "dog"))
archive("parts of two shapes", saved(x_train=X, t_train=T, x_test=X[:2, :1], t_test=T[:2]), "load.test-samples")
archive("a header that is no Python", zipped(x=b"\x93NUMPY\1\0\x0c\0{'descr': (  ", t=b""), "npz.header")
archive("one channel", saved(x=np.zeros((10, 1, 4, 3), np.uint8) + T[:, None, None, None].astype(np.uint8), t=T),
        lambda d: d.image_shape == (4, 3))  # fmt: skip
archive("other names", saved(images=X, labels=T), "npz.names")
archive("NaN", saved(x=np.where(X == 3, np.nan, X), t=T), "load.non-finite")
archive("NaN among the answers", saved(x=X, t=np.where(T == 1, np.nan, 0.5)), "load.non-finite")
archive("complex", saved(x=X + 1j, t=T), "npz.dtype")
archive("rows that do not match", saved(x=X, t=T[:7]), "load.lengths")
archive("one axis", saved(x=X[:, 0], t=T), "npz.samples")
archive("no samples", saved(x=X[:0], t=T[:0]), "load.one-row")
archive("no archive", b"hello there", "npz.damaged")


@case("npz.limit")
def an_archive_that_claims_more_than_the_limit(folder: Path) -> Path:
    content = bytearray(zipped(x=header((10, 2)) + X.tobytes(), t=header((10,), "<i8") + T.tobytes()))
    place = content.index(b"PK\1\2") + 24  # of the size before packing, in the directory at the end
    content[place : place + 4] = struct.pack("<I", 0xFFFFFFF0)
    (folder / "a.npz").write_bytes(content)
    return folder / "a.npz"


@case("npz.damaged")
def a_pickle_called_npz(folder: Path) -> Path:
    (folder / "a.npz").write_bytes(pickle.dumps({"x": X}))
    return folder / "a.npz"


# -- IDX -------------------------------------------------------------------------------------------------------------

IMAGES = np.arange(4 * 6 * 5, dtype=np.uint8).reshape(4, 6, 5)
LABELS = np.array([0, 2, 0, 2], np.uint8)


def idx(array: np.ndarray, *, code: int = 8) -> bytes:
    return bytes([0, 0, code, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def idx_folder(name: str, expected: Expected, **changes: bytes | None) -> None:
    def make(folder: Path) -> Path:
        parts: dict[str, bytes | None] = {
            "train-images-idx3-ubyte": idx(IMAGES), "train-labels-idx1-ubyte": idx(LABELS),
            "t10k-images-idx3-ubyte": idx(IMAGES[:2]), "t10k-labels-idx1-ubyte": idx(LABELS[:2]),
        }  # fmt: skip
        for file, content in {**parts, **{key.replace("_", "-"): value for key, value in changes.items()}}.items():
            if content is not None:
                (folder / file).write_bytes(content)
        return folder

    CASES[f"idx: {name}"] = make, expected


def with_gz(folder: Path) -> Path:
    CASES["idx: plain"][0](folder)
    for file in list(folder.iterdir()):
        (folder / f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes()))
        file.unlink()
    return folder


idx_folder("plain", lambda d: shape(4, 2, 30, "0", "2")(d) and d.image_shape == (6, 5) and d.x_train.max() <= 1)
CASES["idx: packed"] = with_gz, shape(4, 2, 30, "0", "2")
idx_folder("cut short", "idx.truncated", train_images_idx3_ubyte=idx(IMAGES)[:-1])
idx_folder("wrong magic", "idx.magic", train_images_idx3_ubyte=b"\1" + idx(IMAGES)[1:])
idx_folder("4 GB claimed", "idx.limit", train_images_idx3_ubyte=b"\0\0\x08\3" + struct.pack(">3I", 2**16, 2**8, 2**8))
idx_folder(
    "1 GB claimed", "idx.truncated", train_images_idx3_ubyte=b"\0\0\x08\3" + struct.pack(">3I", 2**14, 2**8, 2**8)
)
idx_folder("too much", "idx.trailing", t10k_labels_idx1_ubyte=idx(LABELS[:2]) + b"!")
idx_folder("a part missing", "idx.part-missing", t10k_labels_idx1_ubyte=None)
idx_folder("fewer labels", "idx.part-shapes", train_labels_idx1_ubyte=idx(LABELS[:3]))
idx_folder("images for labels", "idx.part-shapes", train_labels_idx1_ubyte=idx(IMAGES))
idx_folder("damaged gzip", "idx.gzip", train_images_idx3_ubyte=gzip.compress(idx(IMAGES))[:-9])


# -- pictures --------------------------------------------------------------------------------------------------------


def pictures(folder: Path, *, size: tuple[int, int] = (8, 8), mode: str = "L", classes: str = "ab") -> Path:
    rng = np.random.default_rng(0)
    for name in classes:
        (folder / name).mkdir()
        for number in range(3):
            grey = rng.integers(0, 256, (size[1], size[0]), dtype=np.uint8)
            Image.fromarray(grey).convert(mode).save(folder / name / f"{number}.{'tif' if mode == 'CMYK' else 'png'}")
    return folder


@case(lambda d: d.image_shape == (5, 8) and d.classes == ("a", "b") and len(d.x_train) + len(d.x_test) == 6)
def pictures_of_one_size(folder: Path) -> Path:
    return pictures(folder, size=(8, 5))


@case(lambda d: d.classes == ("2", "10", "x"))
def numbers_for_names(folder: Path) -> Path:
    for name in ("10", "2", "x"):
        (folder / name).mkdir()
        for number in range(2):
            Image.new("L", (4, 4), 50 * number).save(folder / name / f"{number}.png")
    return folder


@case(lambda d: d.image_shape == (28, 28))
def pictures_of_several_sizes(folder: Path) -> Path:
    Image.new("RGB", (300, 200), "red").save(pictures(folder) / "a" / "large.jpg")
    return folder


@case(lambda d: d.image_shape == (8, 8))
def pictures_in_colours_of_print(folder: Path) -> Path:
    return pictures(folder, mode="CMYK")


@case(lambda d: d.image_shape == (4, 6))
def pictures_that_lie_on_their_side(folder: Path) -> Path:
    exif = Image.Exif()
    exif[0x0112] = 6
    for name in "ab":
        (folder / name).mkdir()
        for number in range(2):
            Image.new("L", (4, 6), 99).save(folder / name / f"{number}.jpg", exif=exif)
    return folder


@case(lambda d: d.image_shape == (8, 8))
def what_file_managers_leave(folder: Path) -> Path:
    (pictures(folder) / ".DS_Store").write_bytes(b"x")
    (folder / "a" / "Thumbs.db").write_bytes(b"x")
    return folder


@case(lambda d: (len(d.x_train), len(d.x_test)) == (6, 6))
def a_part_to_test_on(folder: Path) -> Path:
    for part in ("train", "test"):
        (folder / part).mkdir()
        pictures(folder / part)
    return folder


@case("folder.classes")
def a_part_to_test_on_of_other_classes(folder: Path) -> Path:
    for part, classes in (("train", "ab"), ("test", "abc")):
        (folder / part).mkdir()
        pictures(folder / part, classes=classes)
    return folder


@case("image.unknown")
def a_text_among_pictures(folder: Path) -> Path:
    (pictures(folder) / "b" / "notes.txt").write_text("not a picture", encoding="utf-8")
    return folder


@case("image.damaged")
def a_picture_cut_short(folder: Path) -> Path:
    content = (pictures(folder) / "b" / "1.png").read_bytes()
    (folder / "b" / "1.png").write_bytes(content[:-30])
    return folder


@case("image.unknown")
def an_empty_picture(folder: Path) -> Path:
    (pictures(folder) / "b" / "1.png").write_bytes(b"")
    return folder


@case("image.bomb")
def a_picture_of_50_000_by_50_000(folder: Path) -> Path:
    content = io.BytesIO()
    Image.new("1", (8, 8)).save(content, format="PNG")
    data = bytearray(content.getvalue())
    data[16:24] = struct.pack(">2I", 50_000, 50_000)
    import zlib

    data[29:33] = struct.pack(">I", zlib.crc32(bytes(data[12:29])))
    (pictures(folder) / "b" / "huge.png").write_bytes(data)
    return folder


@case("folder.loose-file")
def a_file_beside_the_classes(folder: Path) -> Path:
    Image.new("L", (4, 4)).save(pictures(folder) / "loose.png")
    return folder


@case("folder.nested")
def a_folder_in_a_class(folder: Path) -> Path:
    (pictures(folder) / "a" / "more").mkdir()
    return folder


@case("folder.empty-class")
def a_class_without_pictures(folder: Path) -> Path:
    (pictures(folder) / "c").mkdir()
    return folder


@case("data.one-class")
def pictures_of_one_class(folder: Path) -> Path:
    return pictures(folder, classes="a")


@case("load.folder")
def an_empty_folder(folder: Path) -> Path:
    return folder


@case("load.folder")
def a_folder_of_loose_pictures(folder: Path) -> Path:
    Image.new("L", (4, 4)).save(folder / "one.png")
    return folder


@case("file.missing")
def nothing_at_all(folder: Path) -> Path:
    return folder / "no such file.csv"


# -- the test --------------------------------------------------------------------------------------------------------


def test_there_are_sixty_and_more() -> None:
    assert len(CASES) >= 60
    assert sum(isinstance(expected, str) for _, expected in CASES.values()) >= 60


@pytest.mark.parametrize("name", CASES)
def test_it_gives_the_right_data_or_one_line(name: str, judged: Callable[..., None]) -> None:
    judged(*CASES[name])


@pytest.mark.parametrize(
    "name",
    ["table archive: a bomb", "table archive: 4 GB claimed", "idx: 1 GB claimed", "a_picture_of_50_000_by_50_000"],
)
def test_in_bounded_memory(name: str, tmp_path: Path) -> None:
    path = CASES[name][0](tmp_path)
    tracemalloc.start()
    try:
        with pytest.raises(GradwrightError):
            load(path)
        assert tracemalloc.get_traced_memory()[1] < 64 * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", ["archive", "idx"])
def test_a_bomb_that_says_what_it_holds(kind: str, tmp_path: Path) -> None:
    much = bytes(2**27 + 2**20)
    if kind == "archive":
        path, read = tmp_path / "a.npz", read_npz
        path.write_bytes(zipped(x=header((len(much),), "|u1") + much, t=header((10,), "<i8") + T.tobytes()))
    else:
        path, read = tmp_path / "train-images-idx3-ubyte.gz", read_idx
        path.write_bytes(gzip.compress(b"\0\0\x08\x01" + len(much).to_bytes(4, "big") + much, 1))
    del much
    tracemalloc.start()
    try:
        start = time.process_time()
        with pytest.raises(DataError) as caught:
            read(path)
        assert time.process_time() - start < 1
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    finally:
        tracemalloc.stop()
    assert caught.value.key == "file.bomb"
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("bad", [(0, 0), (8,), 5, (8.5, 8), "88"])
def test_sizes_of_pictures_that_are_none(bad: Any, tmp_path: Path) -> None:
    with pytest.raises(GradwrightError, match="image_shape"):
        load(pictures(tmp_path), image_shape=bad)


@pytest.mark.parametrize("read", [read_table, read_npz, read_idx, read_image])
def test_what_is_no_file_is_not_waited_for(read: Callable[[Path], object], tmp_path: Path) -> None:
    with pytest.raises(DataNotFoundError, match="is a folder"):
        read(tmp_path)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.csv")
        with pytest.raises(DataNotFoundError, match=r"pipe\.csv is no file"):
            read(tmp_path / "pipe.csv")


def test_what_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(GradwrightError):
        load("a" * 5000 + ".csv")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.csv")
        with pytest.raises(GradwrightError, match="no kind"):
            load(tmp_path / "pipe.csv")


def test_nothing_in_a_file_is_run(tmp_path: Path) -> None:
    class Mark:
        def __reduce__(self) -> Any:
            return (sys.modules["pathlib"].Path.touch, (tmp_path / "ran",))

    np.savez(tmp_path / "a.npz", x=X, t=np.array([Mark()] * 10, object))
    with pytest.raises(GradwrightError):
        load(tmp_path / "a.npz")
    assert not (tmp_path / "ran").exists()
