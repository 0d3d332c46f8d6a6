"""Processes of our own."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from multiprocessing import connection
from typing import Any

from gradwright.errors import WorkerError
from gradwright.workers.carrying import reason, refuse_interactive, refuse_local, unsendable
from gradwright.workers.chunks import compute_held, hold
from gradwright.workers.packing import Rows

#: Processes that are told to end and do not are killed after so many seconds.
_GRACE = 2.0


def _settle() -> None:
    """Make a new worker process leave interruptions to the caller's process, and end when that one does."""
    # The terminal sends Ctrl-C to all. A function, not SIG_IGN: that one, programs that an item starts would inherit.
    signal.signal(signal.SIGINT, lambda *_: None)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    # A worker waits for work on a pipe that it holds open itself, so it would outlive a parent that was killed.
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _answer() -> None:
    """Show that the process has started."""


class _Worker:
    """One process, made when it is first used and made anew when it has died.

    It is an executor of its own: in one executor for all, the death of any process fails what all of them have under
    way, and nothing tells whose chunk it was.
    """

    def __init__(self, context: Any) -> None:
        self._context = context
        self._executor: ProcessPoolExecutor | None = None
        self._holds = 0  # the number of the run whose function the process has

    @property
    def used(self) -> bool:
        """Whether it has had work before."""
        return self._executor is not None

    def _living(self) -> ProcessPoolExecutor:
        if self._executor is None:
            self._executor = ProcessPoolExecutor(1, mp_context=self._context, initializer=_settle)
        return self._executor

    def renew(self) -> None:
        """Take a new process in the place of one that has died."""
        if self._executor is not None:
            self._executor.shutdown(wait=False)
        self._executor, self._holds = None, 0

    def begin(self, run: int, function: Callable[[Any], Any]) -> tuple[Future[Any], Future[Any]]:
        """Return the futures of the start of the process, and of its loading of the function."""
        executor, self._holds = self._living(), run
        return executor.submit(_answer), executor.submit(hold, run, function)

    def compute(self, run: int, function: Callable[[Any], Any], packed: Rows | list[Any]) -> Future[Any]:
        """Return the future of a chunk."""
        executor = self._living()
        if self._holds != run:
            executor.submit(hold, run, function)
            self._holds = run
        return executor.submit(compute_held, run, packed)

    def terminate(self) -> None:
        """Stop the process in the middle of its work."""
        # What terminate_workers of Python 3.14 does; before it, no public name leads to the processes.
        processes = list((getattr(self._executor, "_processes", None) or {}).values())
        for process in processes:
            process.terminate()
        if processes and len(connection.wait([process.sentinel for process in processes], _GRACE)) < len(processes):
            for process in processes:
                process.kill()

    def close(self) -> None:
        """Let the process end, and wait for it."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
        self._executor, self._holds = None, 0


class Processes:
    """A crew of `width` processes; see `gradwright.workers.dispatch.Crew`."""

    patience = 1.0
    apart = True
    deaths = 3  # whatever ended a process twice may have been something else: memory is short, someone killed it

    def __init__(self, width: int, name: str, function: str) -> None:
        self.width, self._name, self._called = width, name, function
        methods = multiprocessing.get_all_start_methods()
        # Not fork: a copy of a process with threads (BLAS has them) may wait for ever for one that was not copied.
        context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        self._idle = [_Worker(context) for _ in range(width)]
        self._busy: dict[Future[Any], _Worker] = {}
        self._run = 0
        self._closed = False

    def prepare(self, function: Callable[[Any], Any]) -> None:
        """Start one process and let it load the function: if that fails, it fails once, and it is clear what did."""
        if self._closed:
            raise WorkerError("workers.closed")
        refuse_local(self._called, function)
        refuse_interactive(self._called, function)
        self._run += 1  # also for the same function: what it holds may have changed since
        try:
            loaded = self._begin(self._idle[-1], function)
        # In submit, what a start can raise: no memory, too many files, a fork server that fell over the main program,
        # a process that may have no children (an AssertionError), or must not start any yet.
        except (OSError, EOFError, RuntimeError, AssertionError) as error:
            raise WorkerError("workers.start", name=self._name, reason=reason(error)) from error
        try:
            loaded.result()
        except BrokenExecutor as error:
            raise WorkerError("workers.load", name=self._called) from error
        except Exception as error:
            raise unsendable(self._called, function, error) from error

    def _begin(self, worker: _Worker, function: Callable[[Any], Any]) -> Future[Any]:
        used = worker.used
        while True:
            try:
                started, loaded = worker.begin(self._run, function)
                started.result()
                return loaded
            except BrokenExecutor:
                worker.renew()
                if not used:
                    raise
                used = False  # it had died since its last work, which shows only now: once more, in a new one

    def ready(self, flying: int) -> bool:
        """Return whether a process has nothing to do: none has more than one chunk, so that a death is that chunk's."""
        return bool(self._idle)

    def submit(self, function: Callable[[Any], Any], packed: Rows | list[Any]) -> Future[Any]:
        """Give a chunk to the process that was idle last, so that few items start few processes."""
        worker = self._idle.pop()
        try:
            try:
                future = worker.compute(self._run, function, packed)
            except BrokenExecutor:  # it died at its last chunk, or since then
                worker.renew()
                future = worker.compute(self._run, function, packed)
        except BaseException:
            self._idle.append(worker)
            raise
        self._busy[future] = worker
        return future

    def landed(self, future: Future[Any]) -> None:
        """Take the process back among the idle ones."""
        self._idle.append(self._busy.pop(future))

    def waited(self, flying: int) -> None:
        """Go on waiting."""

    def abandon(self, futures: Sequence[Future[Any]]) -> None:
        """Stop the processes that work on these."""
        workers = list(self._busy.values())  # these, and one that an interruption kept from being told of
        self._busy.clear()
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.close()
        self._idle += workers

    def close(self, *, at_once: bool) -> None:
        """End all processes."""
        self._closed = True
        workers = [*self._idle, *self._busy.values()]
        if at_once:
            for worker in workers:
                worker.terminate()
        for worker in workers:
            worker.close()
