"""NPZ archives: arrays in a ZIP file, read without pickle and never further than they claim to go."""

from __future__ import annotations

import math
import os
import zipfile
import zlib
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.lib.format
import numpy.typing as npt

from gradwright.data.paths import check_file, check_unpacked
from gradwright.errors import DataError

_CHUNK = 1 << 20
_MOST_MEMBERS = 1000
_KINDS = "biufUS"  # numbers and text; complex numbers are nobody's samples
_BEYOND = () if np.dtype(np.longdouble) == np.float64 else (np.longdouble,)  # of which float64 does not hold all
_LAST_CHARACTER = 0x10FFFF


def read_npz(path: str | os.PathLike[str], *, limit: int = 1 << 31) -> dict[str, npt.NDArray[Any]]:
    """Read the arrays of an NPZ file.

    Parameters
    ----------
    path : path
        What ``numpy.savez`` or ``numpy.savez_compressed`` wrote.
    limit : int
        The most bytes that all arrays together may have.

    Returns
    -------
    dict of ndarray
        Arrays of numbers or text by name, in the machine's own byte order.

    Raises
    ------
    DataNotFoundError
        If there is no such file.
    DataError
        If it is no such archive, holds something else than arrays of numbers or text (object arrays are pickles, which
        can run programs: they are not loaded), is cut off or damaged, exceeds `limit`, or unpacks to more than 128 MiB
        and 200 times its size.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     np.savez(Path(folder) / "two.npz", x=np.eye(2), t=np.array([0, 1]))
    ...     read_npz(Path(folder) / "two.npz")["t"]
    array([0, 1])
    """
    file = Path(path)
    try:
        check_file(file)
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if not members or len(members) > _MOST_MEMBERS:
                raise DataError("npz.members", path=str(file), count=len(members), most=_MOST_MEMBERS)
            # What an archive claims is asked before anything is unpacked, and what it really holds while it is.
            claimed = sum(member.file_size for member in members)
            if claimed > limit:
                raise DataError("npz.limit", path=str(file), claimed=claimed, limit=limit)
            check_unpacked(file, claimed)
            found: dict[str, npt.NDArray[Any]] = {}
            for member in members:
                name = _name(file, member)
                if name in found:
                    raise DataError("npz.twice", path=str(file), member=name)
                with archive.open(member) as stream:
                    found[name] = _array(file, name, stream, member.file_size)
            return found
    except DataError:
        raise
    except OSError as error:
        raise DataError("file.unreadable", path=str(file), reason=error.strerror or str(error)) from None
    except Exception:  # and so it does in an archive: names that are no UTF-8, sizes that are none, methods nobody has
        raise DataError("npz.damaged", path=str(file)) from None


def _name(file: Path, member: zipfile.ZipInfo) -> str:
    # Nothing is ever written by these names; one that leaves the archive says that somebody meant it to be.
    name = member.filename
    if name.startswith("/") or "\\" in name or ".." in name.split("/") or ":" in name:
        raise DataError("npz.path", path=str(file), member=name)
    if not name.endswith(".npy"):
        raise DataError("npz.foreign", path=str(file), member=name)
    return name.removesuffix(".npy")


def _array(file: Path, name: str, stream: IO[bytes], size: int) -> npt.NDArray[Any]:
    """Return one array, of a member that claims so many bytes."""
    where = {"path": str(file), "member": name}
    try:
        version = np.lib.format.read_magic(stream)
        read = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}[version]
        shape, fortran, dtype = read(stream)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise
    except Exception:  # a header is Python text, and damage in it shows as almost any error
        raise DataError("npz.header", **where) from None
    if dtype.hasobject:
        raise DataError("npz.pickle", **where)
    if dtype.kind not in _KINDS or dtype.names is not None or not dtype.itemsize or dtype in _BEYOND:
        raise DataError("npz.dtype", dtype=str(dtype), **where)
    if any(length < 0 for length in shape):
        raise DataError("npz.header", **where)
    wanted = math.prod(shape) * dtype.itemsize  # Python integers: a header that lies cannot overflow
    if wanted > size:
        raise DataError("npz.size", shape=shape, wanted=wanted, size=size, **where)
    content = bytearray()
    while chunk := stream.read(min(_CHUNK, wanted + 1 - len(content))):
        content += chunk
        if len(content) > wanted:
            raise DataError("npz.size", shape=shape, wanted=wanted, size=size, **where)
    if len(content) < wanted:
        raise DataError("npz.size", shape=shape, wanted=wanted, size=len(content), **where)
    if dtype.kind == "U" and np.frombuffer(content, dtype.byteorder + "u4").max(initial=0) > _LAST_CHARACTER:
        raise DataError("npz.text", **where)
    array = np.frombuffer(content, dtype).reshape(shape, order="F" if fortran else "C")
    return array.astype(dtype.newbyteorder("="), copy=False)
