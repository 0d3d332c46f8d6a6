"""The IDX format of the MNIST files, plain or compressed with gzip.

A file is a header and then the values, big-endian, last axis fastest: two zero bytes, the code of the dtype, the number
of axes, and the length of each axis as four bytes. Whatever a file claims, no more is read than it claims.
"""

from __future__ import annotations

import gzip
import math
import os
import struct
import zlib
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from gradwright.data.paths import check_file, check_unpacked
from gradwright.errors import DataError

_DTYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
#: How a gzip file begins.
GZIP = b"\x1f\x8b"
_MOST_AXES = 8
_CHUNK = 1 << 20


def read_idx(path: str | os.PathLike[str], *, limit: int = 1 << 31) -> npt.NDArray[Any]:
    """Read an array from an IDX file.

    Parameters
    ----------
    path : path
        The file; that it is compressed is seen from its content, not from its name.
    limit : int
        The most bytes that the array may have.

    Returns
    -------
    ndarray
        Of the shape and dtype of the header (uint8, int8, int16, int32, float32 or float64), native byte order.

    Raises
    ------
    DataNotFoundError
        If there is no such file.
    DataError
        If it is no IDX file, is cut off, holds more than its header says, is damaged, exceeds `limit`, or
        unpacks to more than 128 MiB and 200 times its size.

    References
    ----------
    Y. LeCun, C. Cortes, C. Burges. The MNIST database of handwritten digits, section "File formats".

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "labels-idx1-ubyte"
    ...     _ = file.write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 3]) + bytes([5, 0, 4]))
    ...     read_idx(file)
    array([5, 0, 4], dtype=uint8)
    """
    file = Path(path)
    try:
        check_file(file)
        with file.open("rb") as raw:
            packed = raw.read(2) == GZIP
            raw.seek(0)
            if not packed:
                return _parse(raw, file, limit, packed)
            with gzip.GzipFile(fileobj=raw) as unpacked:
                return _parse(unpacked, file, limit, packed)  # type: ignore[arg-type]  # it has the read() we need
    except DataError:  # one of a missing file is an OSError, too
        raise
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise DataError("idx.gzip", path=str(file)) from None
    except OSError as error:
        raise DataError("file.unreadable", path=str(file), reason=error.strerror or str(error)) from None


def is_magic(start: bytes | bytearray) -> bool:
    """Tell whether an IDX file may begin with these four bytes."""
    return len(start) == 4 and start[:2] == b"\0\0" and start[2] in _DTYPES and 1 <= start[3] <= _MOST_AXES


def _parse(stream: BinaryIO, file: Path, limit: int, packed: bool) -> npt.NDArray[Any]:
    path = str(file)
    magic = _read(stream, 4)
    if not is_magic(magic):
        raise DataError("idx.magic", path=path, magic=magic.hex(" ") or "-")
    header = _read(stream, 4 * magic[3])
    if len(header) < 4 * magic[3]:
        raise DataError("idx.truncated", path=path, claimed=4 * magic[3], found=len(header))
    shape = struct.unpack(f">{magic[3]}I", header)
    dtype = np.dtype(_DTYPES[magic[2]])
    size = math.prod(shape) * dtype.itemsize  # Python integers: a header that lies cannot overflow
    if size > limit:
        raise DataError("idx.limit", path=path, shape=shape, claimed=size, limit=limit)
    if packed:
        check_unpacked(file, size)
    content = _read(stream, size)
    if len(content) < size:
        raise DataError("idx.truncated", path=path, claimed=size, found=len(content))
    if stream.read(1):  # at the end of a gzip file this read checks its sum, too
        raise DataError("idx.trailing", path=path, shape=shape, claimed=size)
    return np.frombuffer(content, dtype).reshape(shape).astype(dtype.newbyteorder("="), copy=False)


def _read(stream: BinaryIO, size: int) -> bytearray:
    # In chunks, because read(size) reserves what the header claims before there is a byte of it.
    content = bytearray()
    while len(content) < size:
        chunk = stream.read(min(_CHUNK, size - len(content)))
        if not chunk:
            break
        content += chunk
    return content
