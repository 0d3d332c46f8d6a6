"""A chunk of items: what a worker does with it, and how many make one."""

from __future__ import annotations

import contextlib
import copy
import functools
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, TypeAlias

from gradwright.errors import WorkerError
from gradwright.workers.blas import blas_limit
from gradwright.workers.packing import Rows, pack, unpack

#: A chunk is meant to take about so many seconds: sending one costs some 0.3 ms.
SECONDS = 0.1
#: A chunk has at most so many times the items of the one that was timed: the first items may be cheaper than most.
GROWTH = 16
#: A chunk whose worker died is run again in at most so many parts.
PARTS = 32


def one_thread() -> AbstractContextManager[None]:
    """Return a context that holds BLAS and OpenMP at one thread, where threadpoolctl is installed."""
    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:
        return contextlib.nullcontext()
    # Looking for the libraries takes 0.2 ms, and is done anew each time: a function may load another one.
    return _held(ThreadpoolController().select(user_api="openmp"))


@contextlib.contextmanager
def _held(openmp: Any) -> Iterator[None]:
    with openmp.limit(limits=1), blas_limit()():  # of OpenMP each thread of Python's has a number of its own
        yield


#: What comes back: the seconds that the items of a chunk took, and their results.
Computed: TypeAlias = "tuple[float, Rows | list[Any]]"


def compute(function: Callable[[Any], Any], packed: Rows | list[Any]) -> Computed:
    """Compute the items of a chunk: this runs in the worker."""
    items = unpack(packed)
    start = time.perf_counter()
    results = [function(item) for item in items]
    return time.perf_counter() - start, pack(results)


@functools.lru_cache(maxsize=1)
def _place(run: int) -> list[Callable[[Any], Any]]:
    """Return where a process of our own keeps the function of this run; the one of the run before it is let go."""
    return []


def hold(run: int, function: Callable[[Any], Any]) -> None:
    """Keep the function of a run in a process of our own: with all its data, it is sent once a process, not a chunk."""
    _place(run)[:] = [function]


def compute_held(run: int, packed: Rows | list[Any]) -> Computed:
    """Compute a chunk in a process of our own: on one thread, and with errors that can be sent back."""
    (function,) = _place(run)
    try:
        with one_thread():
            return compute(function, packed)
    except Exception as error:
        if _can_travel(error):
            raise
        raise WorkerError("workers.raised", kind=type(error).__qualname__, text=str(error)) from error


def _can_travel(error: Exception) -> bool:
    # An exception is sent as its class and `args`, which is also how it is copied. One whose class wants other
    # arguments would fail in the caller's process as it arrives, and take the worker's connection with it.
    try:
        return type(copy.copy(error)) is type(error) and "<locals>" not in type(error).__qualname__
    except Exception:
        return False


@dataclass(frozen=True)
class Chunk:
    """The items from `start` up to but without `stop`; they, or a chunk that they were in, ended `deaths` workers.

    One that is run `alone` has been in company when a worker died, and is run when nothing else is.
    """

    start: int
    stop: int
    deaths: int = 0
    alone: bool = False

    def __len__(self) -> int:
        return self.stop - self.start

    def parts(self, deaths: int) -> list[Chunk]:
        """Return the same items in smaller chunks, so that the one that ends its worker comes to stand alone."""
        size = -(-len(self) // PARTS)
        return [Chunk(i, min(i + size, self.stop), deaths) for i in range(self.start, self.stop, size)]


class Pace:
    """How many items make a chunk: one at first, then what takes about `SECONDS` by the chunk that came back last."""

    def __init__(self) -> None:
        self.size = 1

    def learn(self, count: int, seconds: float) -> None:
        """Take in that a chunk of `count` items took so many seconds."""
        wanted = SECONDS * count / max(seconds, 1e-9)
        self.size = int(min(max(wanted, 1), GROWTH * count))
