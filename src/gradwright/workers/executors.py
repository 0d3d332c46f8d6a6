"""An executor of the caller's: threads, processes, or a cluster behind ``submit``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor
from typing import Any

from gradwright.errors import ArgumentError, WorkerError
from gradwright.workers.carrying import unsendable
from gradwright.workers.chunks import SECONDS, compute
from gradwright.workers.dispatch import died
from gradwright.workers.packing import Rows

#: How many chunks are under way at first.
_WIDTH = 32


class Borrowed:
    """A crew behind ``submit``; see `gradwright.workers.dispatch.Crew`.

    How many chunks it works on at once is not known. So the number under way begins at 32, grows by one with each that
    is done, and doubles where none is done for as long as a chunk should take: a cluster of any size is soon busy, and
    a few quick items do not become thousands of chunks before the first one is timed.
    """

    patience = SECONDS
    # Dask counts a death against every task that the worker had been given, and gives them up after several.
    apart = False
    deaths = 1

    def __init__(self, executor: Any, name: str, function: str) -> None:
        self._executor, self._name, self._called = executor, name, function
        self.width = _WIDTH
        self._prepared: Any = self  # no function is this

    def prepare(self, function: Callable[[Any], Any]) -> None:
        """Send the function with no items: what fails now is the sending, not an item."""
        if function is self._prepared:
            return
        try:
            future = self.submit(function, [])
        except (RuntimeError, OSError):  # it has been shut down, or is out of reach: in its own words
            raise
        except Exception as error:  # Dask looks at once whether it can send a function
            raise unsendable(self._called, function, error) from error
        if not (hasattr(future, "add_done_callback") and hasattr(future, "exception")):
            raise ArgumentError("workers.future", name=self._name, kind=type(future).__name__)
        failed = future.exception()
        if failed is not None and died(failed):
            raise WorkerError("workers.load", name=self._called) from failed
        if failed is not None:
            raise unsendable(self._called, function, failed) from failed
        self._prepared = function

    def ready(self, flying: int) -> bool:
        """Return whether another chunk may be under way."""
        return flying < self.width

    def submit(self, function: Callable[[Any], Any], packed: Rows | list[Any]) -> Any:
        """Hand the chunk on."""
        try:
            return self._executor.submit(compute, function, packed)
        except BrokenExecutor as error:
            raise WorkerError("workers.broken", name=self._name) from error

    def landed(self, future: Any) -> None:
        """Let one more be under way."""
        self.width += 1

    def waited(self, flying: int) -> None:
        """Let twice as many be under way, once there are as many as may."""
        if flying >= self.width:
            self.width *= 2

    def abandon(self, futures: Sequence[Any]) -> None:
        """Cancel what has not begun."""
        for future in futures:
            future.cancel()

    def close(self, *, at_once: bool) -> None:
        """Leave the executor to the caller."""
