"""Threads of this process, for work that NumPy does outside of the interpreter's lock."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def side_by_side(tasks: Iterable[Callable[[], None]], threads: int) -> None:
    """Run the tasks on so many threads, this one among them; the first error is raised."""
    left = deque(tasks)

    def work() -> None:
        while True:
            try:
                task = left.popleft()
            except IndexError:
                return
            task()

    if threads == 1:
        work()
        return
    with ThreadPoolExecutor(threads - 1) as pool:
        others = [pool.submit(work) for _ in range(threads - 1)]
        try:
            work()
        finally:
            for other in others:
                other.result()


@cache
def keep_memory() -> None:
    """Make the C library keep the memory of large arrays: to get it anew each time costs a third of the time.

    glibc does so from the size of the largest array that was given back on, 32 MiB at most; it need not be used.
    """
    np.empty(31 * 2**20, dtype=np.uint8)
