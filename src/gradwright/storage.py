"""Whole files: written beside the target and renamed, so that a reader sees the old file or the new, never a part.

Arrays are kept as safetensors, which has no checksums of its own; ours are in its metadata: a SHA-256 for each array
over its name, dtype, shape and bytes, and one over the rest of the metadata. The header itself must stand as we write
it, so that not even a changed blank in it goes unseen.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright.errors import DataNotFoundError, MissingExtraError, ModelFileError, StorageError

_SUMS = "sha256"
#: The names of files that are being written: that of the target, and something that no other writer has.
_TEMPORARY = re.compile(r"\.(?P<target>.+)\.[0-9a-f]{12}\.tmp")


def write_atomic(path: str | os.PathLike[str], content: bytes) -> None:
    """Write `content` to `path` as a whole: to a temporary file beside it, flushed to the disk, then renamed.

    Parameters
    ----------
    path : path
        The file to write; replaced where it exists. Its folder must exist.
    content : bytes
        All of it.

    Raises
    ------
    StorageError
        If the folder is missing, read-only or full, or `path` is a device. The old file is untouched then.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_atomic(Path(folder) / "note.txt", b"whole")
    ...     (Path(folder) / "note.txt").read_bytes()
    b'whole'
    """
    target = Path(path)
    if _is_special(target):
        raise StorageError("file.special", path=str(target))  # the rename would put a file in the place of a device
    # A hidden name in the same folder: the rename is atomic only within one file system. Opened with O_EXCL, mode 666
    # (not by mkstemp, whose files are for the owner alone), so that the umask decides who may read the result.
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(6)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
        _sync_folder(target.parent)
    except BaseException as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            reason = error.strerror or str(error)
            raise StorageError("file.unwritable", path=str(target), reason=reason) from error
        raise


def check_target(path: str | os.PathLike[str]) -> None:
    """Raise, before the work that a file takes, if it could not be written to `path`.

    Raises
    ------
    StorageError
        If its folder does not exist, or something that is no file is in its place, or no file can have such a name.
    """
    file = Path(path)
    try:
        has_folder, is_folder = file.parent.is_dir(), file.is_dir()
    except OSError as error:  # a name that is too long
        raise StorageError("file.unwritable", path=str(file), reason=error.strerror or str(error)) from error
    if not has_folder:
        raise StorageError("file.no-folder", path=str(file.parent))
    if is_folder:
        raise StorageError("file.is-folder", path=str(file))
    if _is_special(file):
        raise StorageError("file.special", path=str(file))


def _is_special(file: Path) -> bool:
    try:
        return file.exists() and not (file.is_file() or file.is_dir())
    except OSError:  # no name that a file can have, as is said where it is opened
        return False


def sweep(folder: Path, is_ours: Callable[[str], bool]) -> list[str]:
    """Remove what `write_atomic` left half-written in `folder` because its process was killed.

    Parameters
    ----------
    folder : Path
        Where; nobody else may be writing there. Files that cannot be removed stay: they do no harm.
    is_ours : callable
        Told the name of the file that was being written; others are left alone.

    Returns
    -------
    list of str
        The names of the files removed.
    """
    removed = []
    for path in sorted(folder.glob(".*.tmp")):
        found = _TEMPORARY.fullmatch(path.name)
        if found and is_ours(found["target"]):
            with contextlib.suppress(OSError):
                path.unlink()
                removed.append(path.name)
    return removed


def _sync_folder(folder: Path) -> None:
    # The rename itself is in the folder's data. Windows cannot open a folder, and needs no such step. By now the new
    # file is there, whole: where a folder cannot be flushed (some network disks refuse), that is no failure to report.
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def array_sum(name: str, array: npt.NDArray[Any]) -> str:
    """Return the SHA-256 of an array over its name, dtype, shape and bytes, so that no change goes unseen."""
    header = json.dumps([name, array.dtype.str, list(array.shape)])
    digest = hashlib.sha256(header.encode())
    digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _text_sum(metadata: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(sorted(metadata.items())).encode()).hexdigest()


@contextlib.contextmanager
def _safetensors() -> Iterator[Any]:
    try:
        import safetensors
        import safetensors.numpy
    except ImportError:
        raise MissingExtraError("extra.missing", package="safetensors", extra="app") from None
    yield safetensors


def tensors_to_bytes(arrays: Mapping[str, npt.NDArray[Any]], metadata: Mapping[str, str]) -> bytes:
    """Return `arrays` and `metadata` in the safetensors format, with their sums.

    Raises
    ------
    MissingExtraError
        If safetensors is not installed.
    """
    # In C order and the machine's own byte order, as they are read back: the sums are over both. np.ascontiguousarray
    # would make an array of one axis of an array of none.
    plain = {name: np.asarray(array, dtype=array.dtype.newbyteorder("="), order="C") for name, array in arrays.items()}
    sums = {name: array_sum(name, array) for name, array in plain.items()}
    with _safetensors() as safetensors:
        entries = {**metadata, _SUMS: json.dumps({"arrays": sums, "metadata": _text_sum(metadata)})}
        return _in_order(safetensors.numpy.save(plain, metadata=entries))


def _in_order(content: bytes) -> bytes:
    # The safetensors library writes the metadata in an order that differs from call to call; with ours, equal content
    # makes equal files. The header is its length in 8 bytes, then JSON, padded with blanks to a multiple of 8.
    end = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:end])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    text = _header_text(header)
    return len(text).to_bytes(8, "little") + text + content[end:]


def _header_text(header: Mapping[str, Any]) -> bytes:
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    return text + b" " * (-len(text) % 8)


def load_tensors(path: str | os.PathLike[str]) -> tuple[dict[str, npt.NDArray[Any]], dict[str, str]]:
    """Read a file that `tensors_to_bytes` made, and check every sum.

    Returns
    -------
    arrays : dict of ndarray
        The arrays by name.
    metadata : dict of str
        The metadata without the sums.

    Raises
    ------
    DataNotFoundError
        If there is no such file.
    ModelFileError
        If it is no safetensors file, not one of ours, or damaged.
    MissingExtraError
        If safetensors is not installed.
    """
    file = Path(path)
    if file.is_dir():
        raise DataNotFoundError("model.folder", path=str(file), inside=str(file / "model.safetensors"))
    if not file.is_file():
        raise DataNotFoundError("file.missing", path=str(file))
    with _safetensors() as safetensors:
        try:
            with safetensors.safe_open(str(file), framework="numpy") as content:
                metadata = dict(content.metadata() or {})
                arrays = {name: content.get_tensor(name) for name in content.keys()}  # noqa: SIM118
        # NumPy has no bfloat16 and no float8, and says so in a TypeError or an AttributeError.
        except (safetensors.SafetensorError, ValueError, OSError, TypeError, AttributeError) as error:
            reason = str(error).splitlines()[0]
            raise ModelFileError("model.not-safetensors", path=str(file), reason=reason) from None
    _check_sums(file, arrays, metadata)
    _check_header(file)
    return arrays, metadata


def _check_sums(file: Path, arrays: dict[str, npt.NDArray[Any]], metadata: dict[str, str]) -> None:
    if _SUMS not in metadata:
        raise ModelFileError("model.foreign", path=str(file), entry=_SUMS)
    try:
        sums = json.loads(metadata.pop(_SUMS))
    except (ValueError, RecursionError):
        sums = None
    saved = sums.get("arrays") if isinstance(sums, dict) else None
    if not isinstance(saved, dict):
        raise ModelFileError("model.damaged", path=str(file), entry=_SUMS)
    if sums.get("metadata") != _text_sum(metadata):
        raise ModelFileError("model.damaged", path=str(file), entry="metadata")
    for name in sorted(set(saved) | set(arrays)):
        if name not in arrays or saved.get(name) != array_sum(name, arrays[name]):
            raise ModelFileError("model.damaged", path=str(file), entry=name)


def _check_header(file: Path) -> None:
    """Raise unless the header stands as `_in_order` writes it: other blanks, say, mean the same, but are a change."""
    with file.open("rb") as content:
        text = content.read(int.from_bytes(content.read(8), "little"))
    if text != _header_text(json.loads(text)):
        raise ModelFileError("model.damaged", path=str(file), entry="header")
