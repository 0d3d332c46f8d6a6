"""Pictures: every kind of file, every kind of damage, and back to what the model knows."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradwright.data import prepare, read_image
from gradwright.data.embedded import digits
from gradwright.data.mnist_files import mnist
from gradwright.errors import (
    ArgumentError,
    ArgumentTypeError,
    DataError,
    DataNotFoundError,
    MissingExtraError,
    ShapeError,
)

GREY = np.linspace(0, 255, 12 * 9).astype(np.uint8).reshape(12, 9)


@pytest.fixture
def pil(need_module):
    return need_module("PIL.Image")


def save(pil, array, path, mode=None, **options):
    image = pil.fromarray(array)
    (image.convert(mode) if mode else image).save(path, **options)
    return path


@pytest.mark.parametrize("end", ["png", "bmp", "gif", "tif", "ppm", "webp"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_file_without_loss_is_read_as_it_is(tmp_path, pil, end, mode):
    path = save(pil, GREY, tmp_path / f"한글 it's.{end}", mode, **({"lossless": True} if end == "webp" else {}))
    grey = read_image(path)
    assert grey.dtype == np.float32
    np.testing.assert_allclose(grey, GREY / 255, atol=1e-6)


@pytest.mark.parametrize(
    ("mode", "end"),
    [("1", "png"), ("P", "png"), ("LA", "png"), ("RGBA", "png"), ("CMYK", "tif"), ("YCbCr", "tif"), ("RGB", "jpg")],
)
def test_every_mode_becomes_grey(tmp_path, pil, mode, end):
    grey = read_image(save(pil, np.kron(np.eye(2), np.full((8, 8), 255)).astype(np.uint8), tmp_path / f"x.{end}", mode))
    np.testing.assert_allclose(grey, np.kron(np.eye(2), np.ones((8, 8))), atol=0.02)


def test_colours_weigh_as_the_eye_sees_them(tmp_path, pil):
    colours = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], np.uint8)
    np.testing.assert_allclose(read_image(save(pil, colours, tmp_path / "x.png"))[0], [0.299, 0.587, 0.114], atol=0.003)


def test_sixteen_bits_and_floating_greys_keep_their_range(tmp_path, pil):
    deep = np.array([[0, 256, 65535]], np.uint16)
    np.testing.assert_allclose(read_image(save(pil, deep, tmp_path / "x.png")), deep / 65535)
    wide = np.array([[0, 5, 131070]], np.int32)
    np.testing.assert_allclose(read_image(save(pil, wide, tmp_path / "i.tif")), wide / 131070, rtol=1e-6)
    for values, expected in (([[0, 0.25, 0.5]], [[0, 0.25, 0.5]]), ([[-2, 0, 2]], [[0, 0.5, 1]]), ([[7, 7]], [[1, 1]])):
        np.testing.assert_allclose(read_image(save(pil, np.array(values, np.float32), tmp_path / "f.tif")), expected)
    with pytest.raises(DataError, match=r"n\.tif holds NaN"):
        read_image(save(pil, np.array([[0, np.nan]], np.float32), tmp_path / "n.tif"))


def test_what_is_transparent_lies_on_white(tmp_path, pil):
    pixels = np.array([[[0, 0, 0, 0], [0, 0, 0, 255], [0, 0, 0, 128]]], np.uint8)
    np.testing.assert_allclose(read_image(save(pil, pixels, tmp_path / "x.png")), [[1, 0, 0.498]], atol=0.003)
    palette = pil.new("P", (2, 1))
    palette.putpalette([0, 0, 0, 0, 0, 0])
    palette.putpixel((1, 0), 1)
    palette.save(tmp_path / "p.png", transparency=0)
    np.testing.assert_allclose(read_image(tmp_path / "p.png"), [[1, 0]])


def test_a_photograph_is_turned_upright(tmp_path, pil):
    exif = pil.Exif()
    exif[0x0112] = 6  # turn by 90 degrees clockwise to see it upright
    path = save(pil, GREY, tmp_path / "x.png", exif=exif)
    np.testing.assert_allclose(read_image(path), np.rot90(GREY, -1) / 255, atol=1e-6)


def png(width, height):
    """A PNG whose header claims any size, with the pixels of its first rows only."""
    header = b"IHDR" + struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0)
    chunks = [header, b"IDAT" + zlib.compress(bytes(1000)), b"IEND"]
    parts = (struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize("sides", [(9000, 9000), (12000, 12000), (60000, 60000)])
def test_a_bomb_is_not_decoded(tmp_path, pil, sides):
    (tmp_path / "bomb.png").write_bytes(png(*sides))
    with pytest.raises(DataError, match="64,000,000"):
        read_image(tmp_path / "bomb.png")


def test_the_limit_can_be_set(tmp_path, pil):
    path = save(pil, GREY, tmp_path / "x.png")
    assert read_image(path, max_pixels=GREY.size).shape == GREY.shape
    with pytest.raises(DataError, match="has 108 pixels, more than the limit of 107"):
        read_image(path, max_pixels=107)


def test_what_is_no_image_is_named(tmp_path, pil):
    with pytest.raises(DataNotFoundError, match="there is no file"):
        read_image(tmp_path / "none.png")
    with pytest.raises(DataNotFoundError):
        read_image(tmp_path)
    for content in (b"", b"not an image", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"):
        (tmp_path / "x.png").write_bytes(content)
        with pytest.raises(DataError, match=r"x\.png is not an image"):
            read_image(tmp_path / "x.png")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"])
def test_damage_is_a_data_error_on_one_line(tmp_path, pil, kind, rng):
    noise = rng.integers(0, 256, (40, 40), np.uint8)
    buffer = io.BytesIO()
    pil.fromarray(noise).convert("RGB").save(buffer, kind)
    content = buffer.getvalue()
    path = tmp_path / "x"
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(DataError):
        read_image(path)
    for _ in range(40):
        broken = bytearray(content)
        for at in rng.integers(0, len(content), 4):
            broken[at] = rng.integers(256)
        path.write_bytes(broken)
        try:
            read_image(path)
        except DataError as error:
            text = str(error)
            assert "\n" not in text


def test_pillow_is_asked_for_by_name(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "PIL", None)
    with pytest.raises(MissingExtraError, match=r"gradwright\[app\]"):
        read_image(tmp_path / "x.png")
    with pytest.raises(MissingExtraError):
        prepare(np.pad(np.zeros((9, 9)), 9, constant_values=1), (28, 28))
    assert prepare(np.pad(np.ones((8, 8)), 10), (28, 28)).shape == (784,)


# --- prepare -------------------------------------------------------------------------------------------------------


def drawn(x, shape, rng, *, times, room=60, noise=0.0, paper=1.0, ink=0.0):
    """Enlarge a sample of bright ink on black, put it anywhere on paper, and add noise."""
    large = np.kron(x.reshape(shape), np.ones((times, times), np.float32))
    canvas = np.zeros((large.shape[0] + 2 * room, large.shape[1] + 2 * room), np.float32)
    top, left = rng.integers(0, 2 * room + 1, 2)
    canvas[top : top + large.shape[0], left : left + large.shape[1]] = large
    return np.clip(paper + (ink - paper) * canvas + rng.normal(0, noise, canvas.shape), 0, 1)


def correlation(a, b):
    return float(np.corrcoef(a, b)[0, 1])


def best_beside(a, b, shape):
    """The correlation where `a` may be off by one pixel to a side."""
    image = a.reshape(shape)
    return max(correlation(np.roll(image, by, axis=1).reshape(-1), b) for by in (-1, 0, 1))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("how", "share"),
    [
        ({}, 0.97),
        ({"noise": 0.02}, 0.97),
        ({"noise": 0.05}, 0.96),
        ({"paper": 0.0, "ink": 1.0}, 0.97),
        ({"paper": 0.6, "ink": 0.2, "noise": 0.02}, 0.92),
        ({"paper": 0.3, "ink": 0.8}, 0.97),
        ({"times": 40, "room": 300}, 0.96),
    ],
)
def test_mnist_written_large_anywhere_comes_back(mnist_folder, pil, rng, how, share):
    samples = mnist(mnist_folder).x_test[: 30 if "times" in how else 150]
    how = {"times": 10} | how
    agreement = [correlation(prepare(drawn(x, (28, 28), rng, **how), (28, 28)), x) for x in samples]
    assert np.mean(np.array(agreement) > 0.9) > share
    assert np.median(agreement) > 0.99


@pytest.mark.parametrize("how", [{}, {"noise": 0.05}, {"paper": 0.0, "ink": 1.0}, {"paper": 0.6, "ink": 0.2}])
def test_digits_written_large_anywhere_come_back(pil, rng, how):
    samples = digits().x_test[:200]
    prepared = [prepare(drawn(x, (8, 8), rng, times=30, **how), (8, 8)) for x in samples]
    # The data say where a digit is to a pixel only, and at 8 x 8 one pixel is much: one in ten is off by one.
    assert np.mean([correlation(p, x) > 0.9 for p, x in zip(prepared, samples, strict=True)]) > 0.85
    assert np.mean([best_beside(p, x, (8, 8)) > 0.9 for p, x in zip(prepared, samples, strict=True)]) > 0.97


def test_the_comparison_rejects_what_is_not_centred_not_inverted_or_turned(pil, rng):
    samples = digits().x_test[:50]
    for spoil in (lambda p: 1 - p, lambda p: np.roll(p.reshape(8, 8), 2, axis=0).reshape(-1), lambda p: p[::-1]):
        spoilt = [spoil(prepare(drawn(x, (8, 8), rng, times=30), (8, 8))) for x in samples]
        assert np.mean([best_beside(p, x, (8, 8)) > 0.9 for p, x in zip(spoilt, samples, strict=True)]) < 0.5


def test_a_sample_is_used_as_it_is_whatever_holds_it(xp):
    sample = digits().x_test[0].reshape(8, 8)
    result = prepare(xp(sample, "float32"), (8, 8))
    assert result.dtype == np.float32
    np.testing.assert_array_equal(result, sample.reshape(-1))
    assert not np.shares_memory(result, sample)
    as_bytes = np.round(sample * 255).astype(np.uint8)
    np.testing.assert_array_equal(prepare(as_bytes, (8, 8)), (as_bytes / np.float32(255)).reshape(-1))


def test_a_negative_of_the_right_shape_is_turned_round(pil):
    frame = np.zeros((28, 28))
    frame[4:24, 12:16] = 1
    np.testing.assert_allclose(prepare(1 - frame, (28, 28)), frame.reshape(-1), atol=1e-6)


def test_the_ink_fills_its_share_and_its_mass_is_in_the_middle(pil):
    paper = np.ones((300, 200))
    paper[30:130, 150:190] = 0
    x = prepare(paper, (28, 28)).reshape(28, 28)
    np.testing.assert_allclose(x[4:24, 10:18], 1, atol=1e-6)
    assert x.sum() == pytest.approx(20 * 8)
    x = prepare(paper, (8, 8)).reshape(8, 8)
    assert (x > 0.9).all(axis=0).sum() == 3
    wide = prepare(paper.T, (28, 28)).reshape(28, 28)
    assert wide[10:18, 4:24].min() > 0.99


def test_the_image_stays_as_it_was_and_may_be_read_only(pil):
    paper = np.ones((40, 40), np.float32)
    paper[5:30, 20:24] = 0
    kept = paper.copy()
    paper.flags.writeable = False
    prepare(paper, (28, 28))
    np.testing.assert_array_equal(paper, kept)


@pytest.mark.parametrize(
    "image",
    [
        np.pad(np.zeros((3, 400)), 5, constant_values=1),  # a long line
        np.pad(np.zeros((1, 1)), 50, constant_values=1),  # a dot
        1 - np.eye(1500),  # a pen of one pixel, and ink at the border
        np.kron([[0, 1], [1, 0]], np.ones((50, 50))),  # ink and paper in equal parts
        np.array([[0.0, 1.0]]),
        np.pad(np.zeros((30, 30)), 1, constant_values=1),  # hardly any paper
        np.pad(np.zeros((40, 10)), ((0, 0), (30, 30)), constant_values=1),  # from edge to edge
    ],
)
@pytest.mark.parametrize("shape", [(28, 28), (8, 8), (16, 32)])
def test_odd_pictures_give_numbers_in_range(pil, image, shape):
    x = prepare(image, shape)
    assert x.shape == (shape[0] * shape[1],)
    assert 0 <= x.min() <= x.max() == pytest.approx(1)


def test_a_blank_picture_is_refused(rng, pil):
    for blank in (np.ones((30, 30)), np.zeros((28, 28)), np.clip(rng.normal(0.9, 0.01, (99, 99)), 0, 1)):
        with pytest.raises(DataError, match="the image is blank"):
            prepare(blank, (28, 28))


@pytest.mark.parametrize(
    ("image", "shape", "error", "fragment"),
    [
        (np.zeros((3, 3, 3)), (8, 8), ShapeError, "`image` has shape (3, 3, 3)"),
        (np.zeros(64), (8, 8), ShapeError, "(64,)"),
        (np.zeros((0, 3)), (8, 8), ShapeError, "(0, 3)"),
        (np.full((3, 3), 255.0), (8, 8), ArgumentError, "from 255.0 to 255.0"),
        (np.full((3, 3), 1e300), (8, 8), ArgumentError, "inf"),
        (np.array([[0.0, np.nan]]), (8, 8), ArgumentError, "nan"),
        (np.array([[0.0, -1.0]]), (8, 8), ArgumentError, "-1.0"),
        (np.zeros((3, 3), complex), (8, 8), ArgumentTypeError, "complex"),
        ("5.png", (8, 8), ArgumentTypeError, "`image`"),
        (np.eye(8), None, ArgumentTypeError, "`image_shape` must be (height, width), not None"),
        (np.eye(8), (8, 0), ArgumentError, "`image_shape`"),
    ],
)
def test_what_is_no_picture_is_named(image, shape, error, fragment):
    with pytest.raises(error) as caught:
        prepare(image, shape)
    assert fragment in str(caught.value)


def test_a_written_sample_is_read_back_as_it_was(tmp_path):
    from gradwright.data import write_image

    x = digits().x_test[3]
    write_image(tmp_path / "a 7.png", x, (8, 8), zoom=5)
    picture = read_image(tmp_path / "a 7.png")
    assert picture.shape == (40, 40)
    np.testing.assert_allclose(picture[::5, ::5].ravel(), x, atol=1 / 255)
    with pytest.raises(ShapeError, match="shape"):
        write_image(tmp_path / "b.png", x, (8, 9))
    assert not (tmp_path / "b.png").exists()


def test_each_pixel_as_a_square_is_the_sample_itself() -> None:
    sample = digits()
    for zoom in (1, 2, 10, 13):
        for x in sample.x_test[:20]:
            grey = np.rint(np.kron(x.reshape(8, 8), np.ones((zoom, zoom))) * 255).astype(np.uint8)
            np.testing.assert_allclose(prepare(grey, (8, 8)), x, atol=0.5 / 255)


def _page(*samples: np.ndarray, gap: int, dark: bool) -> np.ndarray:
    ink = [np.kron(x.reshape(28, 28), np.ones((5, 5))) for x in samples]
    page = np.pad(np.concatenate([np.pad(one, ((0, 0), (0, gap))) for one in ink], axis=1), 60)
    return page if dark else 1 - page


@pytest.mark.parametrize("dark", [False, True])
def test_two_digits_are_not_one(dark: bool) -> None:
    ones, stroke = np.zeros((28, 28)), np.zeros((28, 28))
    ones[4:24, 13:16] = 1
    stroke[4:24, 13:16], stroke[2:4, 22:25] = 1, 1  # a speck beside it is no digit
    for gap in (0, 30, 300):
        with pytest.raises(DataError, match="several digits"):
            prepare(_page(ones, ones, gap=gap, dark=dark), (28, 28))
        with pytest.raises(DataError, match="several digits"):
            prepare(_page(ones, ones, ones, gap=gap, dark=dark), (28, 28))
    for one in (ones, stroke):
        assert prepare(_page(one, gap=0, dark=dark), (28, 28)).sum() > 0


def test_every_digit_of_the_embedded_set_is_one() -> None:
    sample = digits()
    for x in sample.x_test:
        prepare(1 - np.kron(x.reshape(8, 8), np.ones((10, 10))), (8, 8))


@pytest.mark.parametrize("ink", [0, 255])
def test_ink_on_nothing(tmp_path: Path, ink: int, need_module: Any) -> None:
    """What is transparent lies on white; white ink, which would not be seen there, on black."""
    pixels = np.zeros((40, 40, 4), np.uint8)
    pixels[10:30, 18:22] = (ink, ink, ink, 255)
    need_module("PIL.Image").fromarray(pixels).save(tmp_path / "ink.png")
    grey = read_image(tmp_path / "ink.png")
    assert (grey[20, 20], grey[0, 0]) == (ink / 255, 1 - ink / 255)
    x = prepare(grey, (28, 28)).reshape(28, 28)
    assert x[14, 14] == 1
    assert x[0, 0] == 0


def test_a_folder_is_no_image(tmp_path: Path) -> None:
    with pytest.raises(DataNotFoundError, match="is a folder"):
        read_image(tmp_path)
