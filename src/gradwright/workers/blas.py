"""One BLAS thread for the small matrix products of a training step.

The products of a step take tens of microseconds each. Handing them to several threads costs more than it saves, and
where other work keeps the cores busy, threads that wait for each other made a step twenty times slower.
"""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from gradwright.workers.threads import cores

#: Samples times parameters from which on the products of a step are large enough for several BLAS threads.
_LARGE = 10**8


def small_products(work: int) -> bool:
    """Tell whether a step of so many samples times parameters is faster on one BLAS thread."""
    return work < _LARGE


class _OneThread:
    """Holds BLAS at one thread while anybody wants it so.

    How many threads it has is a matter of the whole process. Of two blocks that overlap on two threads of Python's, as
    of joblib's, the later one would find the 1 of the earlier one, and leave it behind for good; and the end of the
    earlier one would give the later one several in its midst, and with them other bits. So the first to come sets the
    number, and the last to go sets it back. Where BLAS builds on OpenMP, each thread of Python's has one of its own.
    """

    def __init__(self, find: Callable[[], Any]) -> None:
        self._find, self._lock, self._holders = find, threading.Lock(), 0
        self._limiter: Any = None
        self.look()

    def look(self) -> None:
        """Find the libraries that are loaded now."""
        self.controller = self._find().select(user_api="blas")

    @contextlib.contextmanager
    def block(self) -> Iterator[None]:
        """Hold it inside the block."""
        with self.controller.select(threading_layer="openmp").limit(limits=1):
            self._begin()
            try:
                yield
            finally:
                self._end()

    def _begin(self) -> None:
        with self._lock:
            if not self._holders:
                self._limiter = self.controller.limit(limits=1)
                self._share()
            self._holders += 1

    def _end(self) -> None:
        with self._lock:
            self._holders -= 1
            if not self._holders:
                self._limiter.restore_original_limits()
                self._share()

    def _share(self) -> None:
        # From threadpoolctl 3.8 on the thread that set a number is alone to change it, and others are not told so.
        for library in self.controller.lib_controllers:
            getattr(library, "clear_controlling_thread", lambda: None)()


@functools.cache
def _shared() -> _OneThread | None:
    """Return that of this process; None where threadpoolctl is not installed."""
    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:
        return None
    return _OneThread(ThreadpoolController)


def kept_limit() -> Callable[[], AbstractContextManager[None]]:
    """Return what makes a block that runs on one BLAS thread; no limit where threadpoolctl is not installed.

    Of the libraries that were loaded at the first call. Entering the block takes some microseconds.
    """
    shared = _shared()
    return contextlib.nullcontext if shared is None else shared.block


def blas_limit() -> Callable[[], AbstractContextManager[None]]:
    """Return the same as `kept_limit`, for the libraries that are loaded now; to look for them takes 2 ms."""
    shared = _shared()
    if shared is not None:
        shared.look()
    return kept_limit()


def threads_allowed() -> int:
    """Return how many threads NumPy's work may take here: the cores, or fewer where BLAS has been held to fewer.

    Whoever holds it so, as joblib in its workers and ``OPENBLAS_NUM_THREADS`` for all, has other work for the rest.
    """
    shared = _shared()
    pools: list[dict[str, Any]] = [] if shared is None else shared.controller.info()
    return min([cores(), *(int(pool["num_threads"]) for pool in pools)])


@contextlib.contextmanager
def one_blas_thread() -> Iterator[None]:
    """Hold BLAS at one thread inside the block, where threadpoolctl is installed."""
    with blas_limit()():
        yield
