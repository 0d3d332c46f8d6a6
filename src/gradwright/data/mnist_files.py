"""MNIST: from a folder, from the cache, or from a mirror."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from gradwright import _validate
from gradwright.data.dataset import Dataset
from gradwright.data.idx import read_idx
from gradwright.errors import DataError, DataNotFoundError, DownloadError, MissingExtraError, StorageError
from gradwright.storage import write_atomic


class Source(NamedTuple):
    """One file of the data set: its name, and the size and SHA-256 of its content before compression.

    Mirrors compress the same content anew, so a sum over the compressed file would hold for one mirror only.
    """

    name: str
    size: int
    sha256: str


MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
# In the order x_train, t_train, x_test, t_test.
SOURCES = (
    Source("train-images-idx3-ubyte", 47_040_016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
    Source("train-labels-idx1-ubyte", 60_008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
    Source("t10k-images-idx3-ubyte", 7_840_016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
    Source("t10k-labels-idx1-ubyte", 10_008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
)
_TIMEOUT = 20.0  # seconds without an answer before the next mirror is tried


def mnist(folder: str | os.PathLike[str] | None = None, *, download: bool = True) -> Dataset:
    """Return MNIST: 60,000 handwritten digits to train on and 10,000 to test on, 28 x 28 pixels.

    Parameters
    ----------
    folder : path, optional
        A folder with the four files ``train-images-idx3-ubyte``, ``train-labels-idx1-ubyte``,
        ``t10k-images-idx3-ubyte`` and ``t10k-labels-idx1-ubyte``, plain or ``.gz``
        (``train-images.idx3-ubyte`` will do, too). By default the cache of the user, into which the files are
        downloaded (12 MB) the first time; the environment variable ``GRADWRIGHT_CACHE`` names another cache.
    download : bool
        Whether a download is allowed.

    Returns
    -------
    Dataset
        `x` of float32 in [0, 1], 784 features, image_shape (28, 28); classes ``"0"`` to ``"9"``.

    Raises
    ------
    DataNotFoundError
        If `folder` lacks a file, or the cache does and `download` is False.
    DataError
        If a file is damaged.
    DownloadError
        If no mirror gives the real file.
    StorageError
        If the cache cannot be written to.
    MissingExtraError
        If pooch is needed and not installed.

    Notes
    -----
    What is downloaded is kept only if its SHA-256 is that of the real file, and is checked again at each use. The
    files of a `folder` are not held against those sums, so that other data in this form (Fashion-MNIST) can be read.

    References
    ----------
    Y. LeCun, L. Bottou, Y. Bengio, P. Haffner (1998). Gradient-based learning applied to document recognition.
    Proceedings of the IEEE 86(11), 2278-2324.
    """
    if folder is not None:
        return read_folder(folder)
    return _dataset(cached(cache_folder(), download=download))


def read_folder(folder: str | os.PathLike[str]) -> Dataset:
    """Return the data set that the four files in `folder` hold; see `mnist`."""
    place = _validate.path("folder", folder)
    return _dataset([_named(place, source.name) for source in SOURCES])


def cache_folder() -> Path:
    """Return the folder of the downloaded files: in ``GRADWRIGHT_CACHE``, else in the user's cache."""
    named = os.environ.get("GRADWRIGHT_CACHE")
    return (Path(named) if named else Path(_pooch().os_cache("gradwright"))) / "mnist"


def cached(
    cache: Path, *, download: bool = True, sources: Sequence[Source] = SOURCES, mirrors: Sequence[str] = MIRRORS
) -> list[Path]:
    """Return the paths of the files in the cache, after downloading those that are missing or damaged."""
    paths = []
    for source in sources:
        path = cache / source.name
        if not _is_sound(path, source):
            if not download:
                raise DataNotFoundError("mnist.missing", folder=str(cache), file=source.name)
            content = _downloaded(source, mirrors)
            try:
                cache.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StorageError("file.unwritable", path=str(cache), reason=error.strerror or str(error)) from None
            write_atomic(path, content)
        paths.append(path)
    return paths


def _dataset(paths: Sequence[Path]) -> Dataset:
    arrays = [read_idx(path) for path in paths]
    for path, array, axes in zip(paths, arrays, (3, 1, 3, 1), strict=True):
        if array.ndim != axes or array.dtype != np.uint8 or 0 in array.shape:
            raise DataError("mnist.kind", path=str(path), axes=axes, shape=array.shape, dtype=str(array.dtype))
    x_train, t_train, x_test, t_test = arrays
    scale = np.float32(255)  # uint8 / float32 is float32: one array of the final size, no float64 between
    return Dataset(x_train / scale, t_train, x_test / scale, t_test, classes=tuple("0123456789"), name="mnist")


def _named(folder: Path, name: str) -> Path:
    spellings = (name, name.replace("-idx", ".idx"))
    for candidate in (folder / (spelling + end) for spelling in spellings for end in ("", ".gz")):
        if candidate.is_file():
            return candidate
    raise DataNotFoundError("mnist.missing", folder=str(folder), file=name)


def _is_sound(path: Path, source: Source) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == source.sha256
    except OSError:
        return False


def _downloaded(source: Source, mirrors: Sequence[str]) -> bytes:
    """Return the content of a file from the first mirror that has the real one."""
    pooch = _pooch()
    failures = []
    for mirror in mirrors:
        url = f"{mirror}{source.name}.gz"
        target = _Bounded(2 * source.size + 4096)
        try:
            pooch.HTTPDownloader(progressbar=False, timeout=_TIMEOUT)(url, target, None)
        except OSError as error:  # every error of requests is one
            status = getattr(getattr(error, "response", None), "status_code", None)
            failures.append(f"{url}: {f'HTTP {status}' if status else type(error).__name__}")
            continue
        content = _unpacked(target.getvalue(), source.size)
        if content is not None and hashlib.sha256(content).hexdigest() == source.sha256:
            return content
        failures.append(f"{url}: SHA-256")
    raise DownloadError("mnist.download", file=source.name, failures="; ".join(failures))


def _unpacked(content: bytes, size: int) -> bytes | None:
    # A server that declares the compression has it undone on the way; both forms are accepted.
    if content[:2] != b"\x1f\x8b":
        return content
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            return file.read(size + 1)  # one more than there should be: enough for the sum to differ
    except (EOFError, OSError, zlib.error):
        return None


class _Bounded(io.BytesIO):
    """Memory that takes a bounded number of bytes, so that a server cannot fill it all."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def write(self, content: Any, /) -> int:
        if self.tell() + len(content) > self._limit:
            raise OSError(self._limit)
        return super().write(content)


def _pooch() -> Any:
    try:
        import pooch
    except ImportError:
        raise MissingExtraError("extra.missing", package="pooch", extra="app") from None
    return pooch
