"""Handing out chunks, taking their results in, and what happens to those of a worker that died."""

from __future__ import annotations

import queue
import reprlib
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor
from dataclasses import replace
from itertools import chain
from typing import Any, Protocol

from gradwright.errors import WorkerError
from gradwright.workers.chunks import Chunk, Pace
from gradwright.workers.packing import Rows, pack, unpack


class Crew(Protocol):
    """Who takes chunks.

    Attributes
    ----------
    width : int
        About how many chunks it works on at the same time.
    patience : float
        After how many seconds without an arrival `waited` is to be called. Finite: on Windows a wait without an end
        cannot be interrupted from the keyboard.
    apart : bool
        Whether a worker that dies takes one chunk with it, so that the death is that chunk's doing.
    deaths : int
        After how many deaths that are surely its doing an item is named.
    """

    width: int
    patience: float
    apart: bool
    deaths: int

    def prepare(self, function: Callable[[Any], Any]) -> None:
        """Raise if there are no workers, or they cannot use `function`."""

    def ready(self, flying: int) -> bool:
        """Return whether it takes another chunk while it has `flying`."""

    def submit(self, function: Callable[[Any], Any], packed: Rows | list[Any]) -> Any:
        """Return a future of what `gradwright.workers.chunks.compute` returns."""

    def landed(self, future: Any) -> None:
        """Take note that this future is done."""

    def waited(self, flying: int) -> None:
        """Take note that nothing has come for a while, with `flying` under way."""

    def abandon(self, futures: Sequence[Any]) -> None:
        """Stop work whose results nobody wants any more."""

    def close(self, *, at_once: bool) -> None:
        """Let go of everything that it holds; `at_once` without waiting for work to end."""


class Dispatch:
    """One run over a list of items.

    Where an item raises, the items after it are not begun any more but those before it are still waited for: which
    exception is raised must not depend on who was faster.

    Parameters
    ----------
    crew : Crew
        The workers.
    function : callable
        The function of one item.
    items : list
        The items.
    """

    def __init__(self, crew: Crew, function: Callable[[Any], Any], items: list[Any]) -> None:
        self.crew, self.function, self.items = crew, function, items
        self.results: list[Any] = [None] * len(items)
        self.pace = Pace()
        self.begun, self.end = 0, len(items)
        self.again: deque[Chunk] = deque()
        self.alone: deque[Chunk] = deque()  # to be run when nothing else is under way
        self.flying: dict[Chunk, Any] = {}
        self.failure: BaseException | None = None
        self.arrivals: queue.SimpleQueue[tuple[Chunk, Any]] = queue.SimpleQueue()

    def run(self) -> list[Any]:
        """Return the results of all items, in their order."""
        if not self.items:
            return []
        self.crew.prepare(self.function)
        try:
            self._launch()
            while any(chunk.start < self.end for chunk in chain(self.flying, self.again, self.alone)):
                try:
                    self._land(*self.arrivals.get(timeout=self.crew.patience))
                except queue.Empty:
                    self.crew.waited(len(self.flying))
                self._launch()
        finally:
            # All have landed unless something went wrong here, an item failed, or the keyboard interrupted.
            self.crew.abandon(list(self.flying.values()))
        if self.failure is not None:
            raise self.failure
        return self.results

    def _launch(self) -> None:
        while self.crew.ready(len(self.flying)):
            chunk = self._next()
            if chunk is None:
                return
            future = self.crew.submit(self.function, pack(self.items[chunk.start : chunk.stop]))
            self.flying[chunk] = future
            future.add_done_callback(lambda future, chunk=chunk: self.arrivals.put((chunk, future)))

    def _next(self) -> Chunk | None:
        left = self.end - self.begun
        if not self.again and left > 0:
            # Towards the end in smaller chunks, so that all workers end at about the same time; not in such small ones
            # that sending them takes longer.
            size = min(left, self.pace.size, max(-(-left // (2 * self.crew.width)), self.pace.size // 10))
            chunk = Chunk(self.begun, self.begun + size)
            self.begun = chunk.stop
            return chunk
        for waiting in (self.again,) if self.flying else (self.again, self.alone):
            while waiting:
                chunk = waiting.popleft()
                if chunk.start < self.end:
                    return chunk
        return None

    def _land(self, chunk: Chunk, future: Any) -> None:
        del self.flying[chunk]
        self.crew.landed(future)
        error = future.exception()
        if error is None:
            seconds, results = future.result()
            self.results[chunk.start : chunk.stop] = unpack(results)
            self.pace.learn(len(chunk), seconds)
        elif died(error):
            self._bury(chunk, error)
        else:
            self._fail(chunk, error)

    def _bury(self, chunk: Chunk, error: BaseException) -> None:
        apart = self.crew.apart or chunk.alone
        deaths = chunk.deaths + apart
        if len(chunk) > 1:
            self.again.extend(chunk.parts(deaths))
            return
        if not apart:
            self.alone.append(replace(chunk, alone=True))
            return
        if deaths < self.crew.deaths:
            (self.alone if chunk.alone else self.again).append(replace(chunk, deaths=deaths))
            return
        shown = reprlib.Repr()
        shown.maxother = 60
        item = " ".join(shown.repr(self.items[chunk.start]).split())
        named = WorkerError("workers.deadly", index=chunk.start, count=len(self.items), item=item)
        named.__cause__ = error
        self._fail(chunk, named)

    def _fail(self, chunk: Chunk, error: BaseException) -> None:
        if chunk.start < self.end:
            self.end, self.failure = chunk.start, error


def died(error: BaseException) -> bool:
    """Return whether `error` says that the worker ended, rather than that the function raised."""
    # Dask's own error is known by name: importing distributed to ask for its class would load it for everyone.
    return (
        isinstance(error, BrokenExecutor)
        or any(kind.__name__ == "KilledWorker" for kind in type(error).__mro__)
        or _taken_apart(error)
    )


def _taken_apart(error: BaseException) -> bool:
    """Return whether Dask failed at taking a result apart as if it were an error.

    It reads a result, and after that asks how its task stands; where the worker that held the result died in between
    and the task has failed since then, it unpacks the result into three. What an item raises comes with frames of its
    own after Dask's.
    """
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return (
        isinstance(error, ValueError)
        and "values to unpack" in str(error)
        and trace is not None
        and trace.tb_frame.f_globals.get("__name__") == "distributed.cfexecutor"
    )
