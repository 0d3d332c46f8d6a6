"""What a caller may give as ``workers=``, and the one function that it becomes."""

from __future__ import annotations

import contextlib
import operator
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

from gradwright.errors import ArgumentError
from gradwright.workers.carrying import explain

if TYPE_CHECKING:
    from gradwright.workers.dispatch import Crew

Item = TypeVar("Item")
Result = TypeVar("Result")

#: A number of processes, a map, or an executor; None for no workers.
Workers: TypeAlias = "int | Callable[..., Iterable[Any]] | Any | None"


class Run(Protocol):
    """What `mapper` gives: ``run(function, items)`` returns ``[function(item) for item in items]``."""

    def __call__(self, function: Callable[[Item], Result], items: Iterable[Item], /) -> list[Result]:
        """Return the results in the order of the items."""


def mapper(workers: Workers, *, name: str = "workers", function: str = "f") -> AbstractContextManager[Run]:
    """Return a context that gives ``run(function, items)``, which computes independent items on `workers`.

    The results are in the order of the items and the same, bit for bit, for any number of workers, as long as the
    function gives the same for the same item. Processes start at the first run and end with the context.

    Parameters
    ----------
    workers : int, callable, executor or None
        None: in this process, as a plain loop. A whole number of at least 1, or -1 for every core this process may
        use: so many processes (for 1, this process). A callable that works like `map`, such as the `map` of a pool: it
        gets function and items as they are. An object with ``submit``, such as a `concurrent.futures` executor or
        Dask's ``Client(...).get_executor(pure=False)``: it gets chunks of about 0.1 s and stays the caller's.
    name, function : str
        What the caller calls these arguments, for the messages of errors.

    Returns
    -------
    context manager
        Its value is ``run``. An item that raises makes ``run`` raise the same exception; where several do, that of the
        first in order (a map of the caller's decides itself). From a process, the traceback there is its ``__cause__``.

    Raises
    ------
    ArgumentError
        At once, if `workers` is none of these; in a run, if a map gave not one result an item.
    ArgumentTypeError
        In a run, if the function cannot be sent to another process: a lambda, a function inside a function.
    WorkerError
        In a run, if processes cannot start, or cannot load the function, or if an item ended its process again and
        again: the items that were under way in a process that died are run again, the others are not.

    Notes
    -----
    Processes come from ``forkserver`` where the system has it, else ``spawn``: each loads the file of the main program
    first, whose own code must stand under ``if __name__ == "__main__":``. For any number, BLAS and OpenMP are held at
    one thread while items are computed (with threadpoolctl, where it is installed): the bits would depend on their
    number. None, maps and executors leave them as they are. The function, with what it holds, is sent to each process
    once a run (to an executor once a chunk), so it may change between runs. One run at a time.

    Examples
    --------
    >>> with mapper(None) as run:
    ...     run(abs, [-1, 2, -3])
    [1, 2, 3]
    """
    if workers is None:
        return contextlib.nullcontext(_serial)
    # A class has its methods too, but they have no object to work on; only, Python's own `map` happens to be one.
    if workers is map or (callable(workers) and not isinstance(workers, type) and not hasattr(workers, "submit")):
        return contextlib.nullcontext(_through(workers, name, function))
    if hasattr(workers, "submit") and not isinstance(workers, type):
        return _with_executor(workers, name, function)
    count = _count(name, workers)
    return contextlib.nullcontext(_alone) if count == 1 else _with_processes(count, name, function)


def _count(name: str, workers: Any) -> int:
    try:
        # An array of one number still passes for a whole number in NumPy 2.1, with a warning.
        wrong = isinstance(workers, bool) or getattr(workers, "ndim", 0) != 0
        count = 0 if wrong else operator.index(workers)
    except TypeError:
        count = 0
    if count == -1:
        # Of these two, Windows and macOS have the second alone.
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if count < 1:
        raise ArgumentError("workers.kind", name=name, value=workers)
    return count


def _serial(function: Callable[[Item], Result], items: Iterable[Item], /) -> list[Result]:
    return [function(item) for item in items]


def _alone(function: Callable[[Item], Result], items: Iterable[Item], /) -> list[Result]:
    from gradwright.workers.chunks import one_thread

    with one_thread():
        return _serial(function, items)


def _through(call: Callable[..., Iterable[Any]], name: str, called: str) -> Run:
    """Return the run of a map, which knows itself what to do with the items."""

    def run(function: Callable[[Item], Result], items: Iterable[Item], /) -> list[Result]:
        listed = list(items)
        if not listed:
            return []
        try:
            given = call(function, listed)
            results = list(given) if isinstance(given, Iterable) else None
        except Exception as error:
            local = explain(called, function, error)
            if local is not None:
                raise local from error
            raise
        if results is None or len(results) != len(listed):
            got = type(given).__name__ if results is None else len(results)
            raise ArgumentError("workers.map", name=name, got=got, count=len(listed))
        return results

    return run


@contextlib.contextmanager
def _crewed(crew: Crew) -> Iterator[Run]:
    from gradwright.workers.dispatch import Dispatch

    def run(function: Callable[[Item], Result], items: Iterable[Item], /) -> list[Result]:
        return Dispatch(crew, function, list(items)).run()

    failed = True
    try:
        yield run
        failed = False
    finally:
        crew.close(at_once=failed)


@contextlib.contextmanager
def _with_processes(count: int, name: str, function: str) -> Iterator[Run]:
    # Imported when a pool is asked for: multiprocessing and concurrent.futures are no part of a light import.
    from gradwright.workers.processes import Processes

    with _crewed(Processes(count, name, function)) as run:
        yield run


@contextlib.contextmanager
def _with_executor(executor: Any, name: str, function: str) -> Iterator[Run]:
    from gradwright.workers.executors import Borrowed

    with _crewed(Borrowed(executor, name, function)) as run:
        yield run
