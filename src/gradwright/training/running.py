"""The two loops of `Trainer.run`: by iterating, or with evaluations and checkpoints on other threads."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from gradwright.training.ahead import Ahead
from gradwright.training.checkpoints import Checkpoints
from gradwright.training.evaluation import Score
from gradwright.training.history import Record
from gradwright.training.saving import Saving

if TYPE_CHECKING:
    from gradwright.training.trainer import Trainer

#: So many evaluations may wait while steps go on.
_AHEAD = 1

Tell = Callable[[int], Any]
Hear = Callable[[Record], Any]
Stop = Callable[[], bool]


def by_iterating(trainer: Trainer, tell: Tell, hear: Hear, kept: Checkpoints | None, stop: Stop) -> None:
    """Do the steps that are left as a `for` loop over the trainer does; checkpoints are written between them."""
    saving = None if kept is None else Saving(kept, trainer._batches.per_epoch, None)
    while not stop():
        event = next(trainer, None)
        if event is None:
            break
        tell(event.step)
        if event.record is not None:
            hear(event.record)
        if saving is not None and not trainer.history.stopped and saving.due(trainer.step):
            saving.take(trainer.state())
            saving.go_on(trainer.history)
    if saving is not None:
        saving.last(trainer.state())


def beside(trainer: Trainer, tell: Tell, hear: Hear, kept: Checkpoints | None, stop: Stop) -> None:
    """Do the steps that are left, everything else beside them."""
    with np.errstate(over="ignore", invalid="ignore"), trainer._one_thread(), ThreadPoolExecutor(3) as others:
        saving = None if kept is None else Saving(kept, trainer._batches.per_epoch, others)
        _Beside(trainer, others, hear, saving).run(tell, stop)
        if trainer.step >= trainer.steps:
            trainer._finish("steps")
        if saving is not None:
            saving.last(trainer.state())


class _Beside:
    """Does the steps here and the evaluations there, each of the parameters as they were, and in their order.

    Parameters
    ----------
    trainer : Trainer
        Whose steps; this is a part of it, in a file of its own.
    others : ThreadPoolExecutor
        For an evaluation, a batch gathered ahead and a checkpoint at once.
    hear : callable
        Called with each record.
    saving : Saving or None
        The checkpoints.
    """

    def __init__(self, trainer: Trainer, others: ThreadPoolExecutor, hear: Hear, saving: Saving | None) -> None:
        self._trainer, self._others, self._hear, self._saving = trainer, others, hear, saving
        self._start, self._before = time.perf_counter(), trainer._seconds
        self._waiting: deque[tuple[Future[dict[str, Score]], int, float]] = deque()
        # The step that was evaluated last.
        self._last = trainer.history.records[-1].step if trainer.history.records else 0

    def run(self, tell: Tell, stop: Stop) -> None:
        """Do the steps that are left, unless `stop` says otherwise before one; call `tell` after each."""
        trainer, waiting = self._trainer, self._waiting
        x, _ = trainer._sets["train"]
        pays = Ahead.pays(x, trainer._batches)
        trainer._stepping.ahead = Ahead(x, trainer._batches, self._others) if pays else None
        left: list[Record] = []
        try:
            while (trainer.step < trainer.steps or self._due()) and not stop():
                stepped = not self._due()
                if stepped:
                    trainer._one_step()
                if self._due():
                    self._evaluate()
                # Never far ahead of the evaluations: each that waits keeps its parameters.
                while waiting and (len(waiting) > _AHEAD or waiting[0][0].done()):
                    self._hear(self._next_record())
                if self._saving is not None:
                    self._checkpoint(self._saving, stepped)
                if stepped:
                    tell(trainer.step)
        finally:
            # What was begun belongs to the steps that were done, also where the next one failed.
            while waiting:
                left.append(self._next_record())
            trainer._seconds, trainer._stepping.ahead = self._now(), None
        for record in left:
            self._hear(record)

    def _now(self) -> float:
        return self._before + time.perf_counter() - self._start

    def _due(self) -> bool:
        step, steps = self._trainer.step, self._trainer.steps
        return self._last < step and (step % self._trainer.evaluate_every == 0 or step >= steps)

    def _evaluate(self) -> None:
        trainer = self._trainer
        self._last = trainer.step
        threads = trainer._threads if trainer.step >= trainer.steps else 1  # nothing is beside the last one
        scored = self._others.submit(trainer._scores, dict(trainer.network.params), threads)
        self._waiting.append((scored, trainer.step, self._now()))

    def _next_record(self) -> Record:
        future, step, seconds = self._waiting.popleft()
        return self._trainer._recorded(future.result(), step, seconds)

    def _checkpoint(self, saving: Saving, stepped: bool) -> None:
        trainer = self._trainer
        self._save(saving)
        # The one at the end is not written from here.
        if not (stepped and trainer.step < trainer.steps and saving.due(trainer.step)):
            return
        while saving.waits:  # for an evaluation: the states are to be written in their order
            self._hear(self._next_record())
            self._save(saving)
        trainer._seconds = self._now()
        saving.take(trainer.state())
        self._save(saving)

    def _save(self, saving: Saving) -> None:
        saving.go_on(self._trainer.history, self._waiting[0][1] if self._waiting else None)
