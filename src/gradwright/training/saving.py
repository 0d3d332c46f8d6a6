"""Checkpoints of a run that goes on while they are written."""

from __future__ import annotations

import time
from concurrent.futures import Executor, Future
from typing import Any

from gradwright.training.checkpoints import Checkpoints
from gradwright.training.history import History

#: Where no interval was asked for, writing may take this share of the time.
_SHARE = 0.05


class Saving:
    """The checkpoints of a run, each written once the evaluations of its steps are there.

    A state is taken between two steps, as copies, and so is of one moment whatever the run does next. Its history may
    lack evaluations that are still under way then; the state waits for them and gets them before it is written. At most
    one waits and one is being written.

    Parameters
    ----------
    checkpoints : Checkpoints
        Where to; it holds its lock.
    per_epoch : int
        The steps in an epoch.
    thread : Executor or None
        Who writes; None: the caller, and at once.
    """

    def __init__(self, checkpoints: Checkpoints, per_epoch: int, thread: Executor | None) -> None:
        self._checkpoints, self._thread = checkpoints, thread
        self._every = per_epoch if checkpoints.every is None else checkpoints.every
        self._waiting: dict[str, Any] | None = None
        self._writing: Future[None] | None = None
        self._took, self._ended = 0.0, float("-inf")  # seconds that the last one took to write, and when that was

    @property
    def waits(self) -> bool:
        """Whether a state waits to be written."""
        return self._waiting is not None

    def due(self, step: int) -> bool:
        """Tell whether the state after `step` is to be taken."""
        if step % self._every:
            return False
        if self._checkpoints.every is not None:
            return True
        busy = self.waits or (self._writing is not None and not self._writing.done())
        return not busy and time.perf_counter() - self._ended >= self._took / _SHARE

    def take(self, state: dict[str, Any]) -> None:
        """Take what `Trainer.state` returned; none may wait."""
        self._waiting = state

    def go_on(self, history: History, evaluated: int | None = None) -> None:
        """Write the state that waits, if no evaluation of its steps is under way.

        Parameters
        ----------
        history : History
            That of the run, with all evaluations that are there by now.
        evaluated : int, optional
            The step of the first evaluation that is still under way.
        """
        if self._writing is not None and self._writing.done():
            self._written()
        if self._waiting is None or (evaluated is not None and evaluated <= self._waiting["step"]):
            return
        state, self._waiting = self._waiting, None
        state["history"].records = [record for record in history.records if record.step <= state["step"]]
        self._written()  # one after the other, so that the newest file is the newest state
        if self._thread is None:
            self._write(state)
        else:
            self._writing = self._thread.submit(self._write, state)

    def last(self, state: dict[str, Any]) -> None:
        """Write what still waits, and the state at the end, in which nothing is lacking."""
        self.go_on(state["history"])
        self._written()
        self._write(state)

    def _written(self) -> None:
        """Wait for what is being written; raise what went wrong with it."""
        writing, self._writing = self._writing, None
        if writing is not None:
            writing.result()

    def _write(self, state: dict[str, Any]) -> None:
        start = time.perf_counter()
        self._checkpoints.write(state)
        self._ended = time.perf_counter()
        self._took = self._ended - start
