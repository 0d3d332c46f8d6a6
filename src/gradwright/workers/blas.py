"""One BLAS thread for the small matrix products of a training step.

The products of a step take tens of microseconds each. Handing them to several threads costs more than it saves, and
where other work keeps the cores busy, threads that wait for each other made a step twenty times slower.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from gradwright.workers.threads import cores

#: Samples times parameters from which on the products of a step are large enough for several BLAS threads.
_LARGE = 10**8


def small_products(work: int) -> bool:
    """Tell whether a step of so many samples times parameters is faster on one BLAS thread."""
    return work < _LARGE


def blas_limit() -> Callable[[], AbstractContextManager[Any]]:
    """Return what makes a block that runs on one BLAS thread; no limit where threadpoolctl is not installed.

    Entering the block takes some microseconds; this call, which looks for the loaded libraries, about a step's time.
    """
    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:
        return contextlib.nullcontext
    return functools.partial(ThreadpoolController().limit, limits=1, user_api="blas")


#: As `blas_limit`, found once: of the libraries that were loaded at the first call.
kept_limit = functools.cache(blas_limit)


def threads_allowed() -> int:
    """Return how many threads NumPy's work may take here: the cores, or fewer where BLAS has been held to fewer.

    Whoever holds it so, as joblib in its workers and ``OPENBLAS_NUM_THREADS`` for all, has other work for the rest.
    """
    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:
        return cores()
    pools: list[dict[str, Any]] = ThreadpoolController().select(user_api="blas").info()
    return min([cores(), *(int(pool["num_threads"]) for pool in pools)])


@contextlib.contextmanager
def one_blas_thread() -> Iterator[None]:
    """Hold BLAS at one thread inside the block, where threadpoolctl is installed."""
    with blas_limit()():
        yield
