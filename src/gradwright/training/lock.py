"""One process at a time in a folder: a lock that the system gives back when its holder dies, however it dies."""

from __future__ import annotations

import errno
import importlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gradwright.errors import FolderBusyError, StorageError

#: What the system says where somebody else holds the lock: POSIX the first two, Windows the first and the last.
_HELD = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}
#: What it says where the disk knows no locks, as some network disks do.
_UNKNOWN = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}


def hold(file: Path, folder: Path) -> Callable[[], None]:
    """Lock `file`, which is made where it is missing, and return what lets go of it.

    The file stays when it is let go: to remove it would take it from under a process that has just opened it. Nothing
    in it counts, only the lock on it, so that a process that was killed leaves nothing that anyone would have to clean
    up. On a disk that knows no locks the run goes on without one.

    Parameters
    ----------
    file : Path
        The file to lock.
    folder : Path
        What it stands for, to be named in an error.

    Raises
    ------
    FolderBusyError
        If another process holds it, or this one by another call.
    StorageError
        If the file cannot be made.
    """
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise StorageError("file.unwritable", path=str(file), reason=error.strerror or str(error)) from error
    claim = _claim_on_windows if os.name == "nt" else _claim
    try:
        claim(descriptor)
    except OSError as error:
        if error.errno not in _UNKNOWN:
            os.close(descriptor)
            if error.errno in _HELD:
                raise FolderBusyError("run.busy", path=str(folder)) from None
            raise StorageError("file.unwritable", path=str(file), reason=error.strerror or str(error)) from error
    return lambda: os.close(descriptor)  # which gives the lock back, too


# The two systems' modules are found by name: a type checker on either sees the names of the other as missing.


def _claim(descriptor: int) -> None:
    # Not lockf: its locks are the process's, so that a second run in the same process would be let in, and closing any
    # descriptor of the file would drop them.
    fcntl: Any = importlib.import_module("fcntl")
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _claim_on_windows(descriptor: int) -> None:
    msvcrt: Any = importlib.import_module("msvcrt")
    msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # one byte, from the start; it need not be there
