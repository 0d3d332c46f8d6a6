"""From a photograph or a scan of a digit to what a model was trained on."""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from gradwright._arrays import array_of, to_numpy
from gradwright.data._samples import sides_of
from gradwright.data.paths import check_file
from gradwright.errors import (
    ArgumentError,
    ArgumentTypeError,
    DataError,
    MissingExtraError,
    ShapeError,
)
from gradwright.storage import write_atomic

# Formats that Pillow decodes itself. Others start programs (EPS starts Ghostscript) or come with few installations.
_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP", "PPM")
_MOST_PIXELS = 64_000_000
_LEAST_CONTRAST = 0.1

Found = TypeVar("Found")


def read_image(path: str | os.PathLike[str], *, max_pixels: int = _MOST_PIXELS) -> npt.NDArray[np.float32]:
    """Read an image file as grey values.

    A colour becomes its luma 0.299 R + 0.587 G + 0.114 B; what is transparent lies on white, or on black where white
    would hide all that is drawn; a photograph is turned upright as its EXIF data say; of an animation the first picture
    is taken.

    Parameters
    ----------
    path : path
        A PNG, JPEG, BMP, GIF, TIFF, WebP or PPM file.
    max_pixels : int
        The most pixels that are decoded.

    Returns
    -------
    ndarray of float32, shape (height, width)
        0 is black, 1 is white.

    Raises
    ------
    DataNotFoundError
        If there is no such file.
    DataError
        If it is no image, is cut off or damaged, or has more than `max_pixels`.
    MissingExtraError
        If Pillow is not installed.
    """
    image_module, ops = _pillow()
    grey = _opened(Path(path), max_pixels, lambda image: _grey_values(ops.exif_transpose(image), image_module))
    if not np.isfinite(grey).all():
        raise DataError("image.non-finite", path=str(path))
    return grey


def shape_of(path: str | os.PathLike[str], *, max_pixels: int = _MOST_PIXELS) -> tuple[int, int]:
    """Return height and width of an image file, as `read_image` would, from its header alone; errors likewise."""

    def sides(image: Any) -> tuple[int, int]:
        turned = image.getexif().get(0x0112) in (5, 6, 7, 8)  # the orientations that lie on their side
        return (image.width, image.height) if turned else (image.height, image.width)

    return _opened(Path(path), max_pixels, sides)


def is_image(path: str | os.PathLike[str]) -> bool:
    """Tell whether a file is an image of a kind that `read_image` knows; it may be damaged."""
    try:
        shape_of(path)
    except DataError as error:
        return error.key not in ("image.unknown", "file.folder-given", "file.no-file", "file.missing")
    return True


def _opened(file: Path, max_pixels: int, use: Callable[[Any], Found]) -> Found:
    """Return what `use` makes of the image in a file."""
    image_module, _ = _pillow()
    check_file(file)
    with warnings.catch_warnings():
        # Odd EXIF data and palettes make Pillow warn although the picture is sound; the size is checked below.
        warnings.simplefilter("ignore")
        try:
            with image_module.open(file, formats=_FORMATS) as image:
                pixels = image.width * image.height
                if pixels > max_pixels:
                    raise DataError("image.large", path=str(file), pixels=pixels, limit=max_pixels)
                return use(image)
        except DataError:
            raise
        except image_module.DecompressionBombError:
            raise DataError("image.bomb", path=str(file), limit=max_pixels) from None
        except image_module.UnidentifiedImageError:
            raise DataError("image.unknown", path=str(file)) from None
        except Exception as error:  # damage shows as almost any error, from struct.error to SyntaxError
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise DataError("image.damaged", path=str(file), reason=reason) from None


def fitted(grey: npt.NDArray[np.float32], image_shape: tuple[int, int]) -> npt.NDArray[np.float32]:
    """Return a picture in another size, averaged where it shrinks; its proportions are not kept."""
    if grey.shape == image_shape:
        return grey
    image_module, _ = _pillow()
    small = image_module.fromarray(np.ascontiguousarray(grey)).resize(
        (image_shape[1], image_shape[0]), image_module.Resampling.HAMMING
    )
    return np.clip(np.asarray(small, np.float32), 0, 1)


def prepare(image: Any, image_shape: tuple[int, int]) -> npt.NDArray[np.float32]:
    """Bring the picture of one digit to the form of MNIST or of the embedded digits: bright ink on black, centred.

    An image that has the shape already, bright on dark, is used as it is, and so is one that shows each pixel of such
    an image as a square, as `write_image` does. Else the background (the median of the border) is subtracted, whichever
    of ink and paper is the darker; the box around the ink is cut out and scaled, its proportions kept, so that the ink
    is as large as in the training data (20 of 28 pixels in MNIST, all 8 of 8 in the digits); and its centre of mass is
    put into the middle, to a whole pixel and as far as the frame allows.

    Parameters
    ----------
    image : array_like, shape (height, width)
        Grey values in [0, 1], such as `read_image` returns, or bytes (uint8) in [0, 255].
    image_shape : (int, int)
        Height and width that the model expects: `Dataset.image_shape`.

    Returns
    -------
    ndarray of float32, shape (image_shape[0] * image_shape[1],)
        Values in [0, 1]; the brightest is 1 where the image was rescaled.

    Raises
    ------
    DataError
        If the image is blank, or there are several digits side by side.
    ShapeError, ArgumentError
        If `image` has not two axes, or values outside [0, 1].
    MissingExtraError
        If Pillow is not installed and the image must be rescaled.

    Notes
    -----
    One digit on even paper is expected: a shadow with an edge, or a small stroke elsewhere, counts as ink. Two parts of
    the ink that lie clearly side by side are refused: of 10,000 digits of MNIST one or two are written so.

    References
    ----------
    Y. LeCun, C. Cortes, C. Burges. The MNIST database of handwritten digits: size normalisation to 20 x 20 with
    antialiasing, then centring by the centre of mass in 28 x 28.

    Examples
    --------
    >>> paper = np.ones((90, 70))
    >>> paper[20:60, 10:14] = 0.1  # a dark stroke, top left
    >>> x = prepare(paper, (28, 28)).reshape(28, 28)
    >>> rows, columns = np.nonzero(x)
    >>> int(rows.min()), int(rows.max()), int(columns.min()), int(columns.max())
    (4, 23, 14, 15)
    """
    height, width = sides_of(image_shape)
    grey = _checked(image)
    paper = _paper(grey)
    if paper.contrast < _LEAST_CONTRAST:
        raise DataError("image.blank", contrast=round(paper.contrast, 3))
    pixels = _unzoomed(grey, height, width) if paper.dark else None
    if pixels is not None:
        return pixels.reshape(-1)
    manner = _MNIST if min(height, width) >= 16 else _DIGITS
    found = _averaged(grey, paper)
    _refuse_several(found)
    ink = _scaled(found, manner.fill * height, manner.fill * width)
    frame = np.zeros((height, width), np.float32)
    top = _offset(ink.sum(axis=1), height, manner.centre)
    left = _offset(ink.sum(axis=0), width, manner.centre)
    frame[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return frame.reshape(-1)


def _unzoomed(grey: npt.NDArray[np.float32], height: int, width: int) -> npt.NDArray[np.float32] | None:
    """Return the image in that shape if it is in it, or each pixel is a square of one grey; else None."""
    zoom = grey.shape[0] // height
    if grey.shape != (height * zoom, width * zoom):
        return None
    squares = grey.reshape(height, zoom, width, zoom)
    if (squares.max(axis=(1, 3)) - squares.min(axis=(1, 3))).max() > 1 / 255:
        return None
    return np.array(squares[:, zoom // 2, :, zoom // 2])


class _Manner(NamedTuple):
    """How a data set places its digits: the share of a side that the ink fills, and where its centre of mass lies."""

    fill: float
    centre: float


# MNIST puts the centre of mass at pixel 14 of 0 .. 27: over its test set the mean is 13.99, and no image is further
# from it than half a pixel. The 8 x 8 digits all have ink in the first row and in the last; from the left, their
# centre of mass is at 3.57 of 0 .. 7 on average.
_MNIST = _Manner(fill=20 / 28, centre=14 / 28)
_DIGITS = _Manner(fill=1.0, centre=3.57 / 8)


def write_image(path: str | os.PathLike[str], x: Any, image_shape: tuple[int, int], *, zoom: int = 20) -> None:
    """Write one sample as a PNG file, enlarged without smoothing, bright ink on dark as the samples are.

    Parameters
    ----------
    path : path
        The file; replaced where it exists.
    x : array, shape (h * w,)
        A sample, 0 dark to 1 bright; what is beyond is cut off.
    image_shape : (h, w)
        Its height and width.
    zoom : int
        The pixels of the file, for each of the sample, in either direction.

    Raises
    ------
    ShapeError
        If `x` has not h * w values.
    MissingExtraError
        If Pillow is not installed.
    """
    height, width = sides_of(image_shape)
    values = np.asarray(to_numpy(array_of(x, name="x")), dtype=np.float64)
    if values.size != height * width:
        raise ShapeError("array.shape", name="x", shape=values.shape, expected=(height * width,))
    grey = np.rint(np.clip(values.reshape(height, width), 0, 1) * 255).astype(np.uint8)
    content = io.BytesIO()
    _pillow()[0].fromarray(np.kron(grey, np.ones((zoom, zoom), np.uint8))).save(content, format="PNG")
    write_atomic(path, content.getvalue())


class _Paper(NamedTuple):
    """The background of an image: its grey, whether the ink is brighter, and by how much; the level of the noise."""

    grey: float
    dark: bool
    contrast: float
    noise: float


def _paper(grey: npt.NDArray[np.float32]) -> _Paper:
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    middle, low, high = float(np.median(border)), float(grey.min()), float(grey.max())
    dark = middle <= (low + high) / 2
    # Nine border pixels of ten lie within 1.6 standard deviations of the background (1.3 where white clips the noise),
    # so that four times this is beyond 5 of them.
    noise = 4 * float(np.quantile(np.abs(border - middle), 0.9))
    return _Paper(middle, dark, high - middle if dark else middle - low, noise)


def _ink(grey: npt.NDArray[np.float32], paper: _Paper, noise: float) -> npt.NDArray[np.float32]:
    """Return how much each pixel differs from the paper in the direction of the ink; 0 where that may be noise."""
    ink = grey - np.float32(paper.grey) if paper.dark else np.float32(paper.grey) - grey
    full = float(ink.max())
    # Ink that runs over the border looks like noise there: it must not make all ink disappear.
    ink[ink < min(max(noise, 0.1 * full), 0.5 * full)] = 0
    return ink


def _box(ink: npt.NDArray[np.float32]) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def _averaged(grey: npt.NDArray[np.float32], paper: _Paper) -> npt.NDArray[np.float32]:
    """Return the ink with some paper around it, averaged down to about 80 pixels.

    Noise makes the edges of the ink uncertain, and so its scale and place. Averaging k x k pixels divides the noise by
    k; but how many can be averaged is known only once the ink is found.
    """
    top, bottom, left, right = _box(_ink(grey, paper, paper.noise))
    longer = max(bottom - top, right - left)
    factor = max(1, longer // 80)
    margin = max(2 * factor, longer // 10)
    part = grey[max(0, top - margin) : bottom + margin, max(0, left - margin) : right + margin]
    image_module, _ = _pillow()
    small = image_module.fromarray(np.ascontiguousarray(part)).reduce(factor)
    return _ink(np.asarray(small, np.float32), paper, paper.noise / factor)


#: Ink on either side of empty columns is of two digits from these shares of the ink, and of its height, on.
_PART, _GAP = 0.2, 0.15


def _refuse_several(ink: npt.NDArray[np.float32]) -> None:
    top, bottom, left, right = _box(ink)
    before = np.cumsum(ink[:, left:right].sum(axis=0, dtype=np.float64))
    # The share of the ink on the left does not change over empty columns.
    between = before[(before >= _PART * before[-1]) & (before <= (1 - _PART) * before[-1])]
    if len(between) and np.unique(between, return_counts=True)[1].max() - 1 >= max(1.0, _GAP * (bottom - top)):
        raise DataError("image.several")


def _scaled(ink: npt.NDArray[np.float32], height: float, width: float) -> npt.NDArray[np.float32]:
    """Return the ink alone, as large as fits into `height` and `width`."""
    top, bottom, left, right = _box(ink)
    scale = min(height / (bottom - top), width / (right - left))
    size = (max(1, round(scale * (right - left))), max(1, round(scale * (bottom - top))))
    image_module, _ = _pillow()
    # Of Pillow's filters, all of which average when they reduce, this one gives enlarged MNIST images back best.
    small = image_module.fromarray(np.ascontiguousarray(ink[top:bottom, left:right]))
    result = np.clip(np.asarray(small.resize(size, image_module.Resampling.HAMMING), np.float32), 0, None)
    # A thin pen fades in the average, but in the training data the ink is full somewhere.
    return np.asarray(result / result.max(), np.float32)


def _offset(profile: npt.NDArray[np.float32], length: int, centre: float) -> int:
    mass = float(profile @ np.arange(len(profile), dtype=np.float32)) / float(profile.sum())
    return min(max(round(centre * length - mass), 0), length - len(profile))


def _checked(image: Any) -> npt.NDArray[np.float32]:
    host = to_numpy(array_of(image, name="image"))
    if host.dtype.kind == "c":
        raise ArgumentTypeError("array.not-numeric", name="image", dtype=str(host.dtype))
    if host.ndim != 2 or 0 in host.shape:
        raise ShapeError("image.axes", shape=host.shape)
    with np.errstate(over="ignore"):  # becomes infinite, and is reported below
        grey: npt.NDArray[np.float32] = np.array(host, np.float32)
    if host.dtype == np.uint8:
        grey /= 255
    low, high = float(grey.min()), float(grey.max())
    if not (low >= 0 and high <= 1):  # NaN fails both
        raise ArgumentError("image.range", low=low, high=high)
    return grey


def _grey_values(image: Any, image_module: Any) -> npt.NDArray[np.float32]:
    if image.mode == "F" or image.mode.startswith("I"):  # Pillow itself would cut these off at 255
        values = np.asarray(image).astype(np.float32)
        low, high = float(values.min()), float(values.max())
        # Floating grey values are in 0 to 1 or have a unit of their own; whole numbers have 16 bits.
        full = max(high, 1.0 if image.mode == "F" else 65535.0)
        with np.errstate(invalid="ignore", over="ignore"):  # of values that are not finite
            return np.asarray((values - min(low, 0.0)) / (full - min(low, 0.0)), np.float32)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white, black = (
            image_module.alpha_composite(image_module.new("RGBA", image.size, paper), image).convert("L")
            for paper in ("white", "black")
        )
        # White ink shows on black paper alone; where nothing is drawn at all, the paper is white.
        on_black = white.getextrema()[0] > 255 * (1 - _LEAST_CONTRAST) and black.getextrema()[1] > 255 * _LEAST_CONTRAST
        image = black if on_black else white
    if image.mode not in ("1", "L"):
        image = image.convert("RGB")  # not every mode has a way to grey of its own
    return np.asarray(image.convert("L"), np.float32) / np.float32(255)


def _pillow() -> tuple[Any, Any]:
    try:
        from PIL import Image, ImageOps
    except ImportError:
        raise MissingExtraError("extra.missing", package="pillow", extra="app") from None
    return Image, ImageOps
