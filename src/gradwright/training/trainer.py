"""The training loop: one step after another, as an iterator whose state can be saved, restored and looked into."""

from __future__ import annotations

import contextlib
import math
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import numpy as np

from gradwright import _validate
from gradwright._arrays import Array, to_numpy
from gradwright.data import Dataset, as_dataset
from gradwright.descent import Optimizer
from gradwright.descent.schedules import Schedule
from gradwright.errors import ArgumentError, NonFiniteLossError
from gradwright.nn import Network, parameters
from gradwright.nn.numerical import warn_of_cost
from gradwright.training import arguments, placement, resuming, running
from gradwright.training.batches import Batches
from gradwright.training.checkpoints import Checkpoints, checkpoints_of
from gradwright.training.evaluation import Score, score
from gradwright.training.history import History, Record
from gradwright.training.rate_search import RateSearch, find_learning_rate
from gradwright.training.stepping import GRADIENTS, Stepping
from gradwright.training.stopping import EarlyStopping, early_stopping_of
from gradwright.workers.blas import blas_limit, small_products
from gradwright.workers.threads import cores, keep_memory


@dataclass(frozen=True)
class StepEvent:
    """One step done.

    Attributes
    ----------
    step : int
        The number of steps done, from 1.
    steps : int
        How many there will be.
    epoch : float
        Passes through the training samples done.
    loss : float
        The loss of the step's batch, at the parameters before the step.
    learning_rate : float
        The rate of the step.
    record : Record or None
        The scores, where the step was followed by an evaluation.
    """

    step: int
    steps: int
    epoch: float
    loss: float
    learning_rate: float
    record: Record | None


class Trainer:
    """Trains a network step by step.

    Iterating does the steps and yields a `StepEvent` for each. Between two steps anything may be looked at or changed:
    pausing is not asking for the next, and ``learning_rate`` may be set. After `restore` of what `state` returned, here
    or in another trainer made with the same arguments, the same bits follow. A step that is interrupted (Ctrl-C) has
    not happened: its batch comes again.

    Parameters
    ----------
    network : Network
        Trained in place.
    data : Dataset, or arrays
        As `gradwright.data.as_dataset` takes them: a data set, ``(x, t)`` or ``(x_train, t_train, x_test, t_test)``.
    optimizer : Optimizer or str
        Or its name; default ``SGD(0.1)``.
    learning_rate : float, schedule or "auto", optional
        In the place of the optimizer's own; ``"auto"`` looks for one first (`find_learning_rate`).
    steps, epochs : int, optional
        How long; one of them. Default 20 epochs.
    batch_size : int or "full"
        Samples in a batch. ``"full"`` is all of them: no chance is left in the steps.
    sampling : {"permutation", "replacement"}
        Whether an epoch goes once through all samples, or each batch is drawn anew as in the course.
    gradient : {"backprop", "numerical"}
        How the gradient is found. Numerical gradients cost two evaluations of the loss for each parameter.
    evaluate_every : int, optional
        Steps between two evaluations of the full sets; default an epoch. There is always one at the end.
    validation : float
        The share of the training samples, drawn by the seed and by class, that is kept for validation.
    early_stopping : EarlyStopping or int, optional
        Or its patience. Needs `validation`.
    callbacks : sequence of callable
        Each is called with every event, after the step; one that returns True stops the run.
    rng : int, numpy.random.Generator or None
        The seed of the batches. None draws a fresh one, which `history` records.

    Attributes
    ----------
    history : History
        What happened so far.
    step : int
        The number of steps done.
    steps : int
        The number of steps to do.
    rate_search : RateSearch or None
        How the learning rate was found, where it was looked for.

    Raises
    ------
    ArgumentError, ArgumentTypeError, ShapeError, LabelError, NonFiniteError
        If an argument does not fit.
    NonFiniteLossError
        While iterating, if the loss becomes NaN or infinite; the network then has the last parameters with a finite
        loss.

    Examples
    --------
    >>> from gradwright.nn import Network
    >>> x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> net = Network.of_sizes([2, 8, 2], "tanh", rng=1)
    >>> trainer = Trainer(net, (x, [0, 1, 1, 0]), optimizer="adam", learning_rate=0.1, steps=100, batch_size=4, rng=0)
    >>> for event in trainer:
    ...     if event.step == 50:
    ...         trainer.learning_rate = 0.05
    >>> net.accuracy(x, [0, 1, 1, 0])
    1.0
    """

    def __init__(
        self,
        network: Network,
        data: Any,
        *,
        optimizer: Optimizer | str | None = None,
        learning_rate: float | Schedule | str | None = None,
        steps: int | None = None,
        epochs: int | None = None,
        batch_size: int | str = 100,
        sampling: str = "permutation",
        gradient: str = "backprop",
        evaluate_every: int | None = None,
        validation: float = 0.0,
        early_stopping: EarlyStopping | int | None = None,
        callbacks: Sequence[Callable[[StepEvent], Any]] = (),
        rng: int | np.random.Generator | None = None,
    ) -> None:
        self.network = arguments.network_of(network)
        auto = isinstance(learning_rate, str) and learning_rate == "auto"
        self.optimizer = arguments.optimizer_of(optimizer, None if auto else learning_rate)
        self.gradient = _validate.choice("gradient", gradient, GRADIENTS)
        self.callbacks = arguments.callbacks_of(callbacks)
        self.early_stopping = early_stopping_of(early_stopping, validation)
        dataset = as_dataset(data)
        arguments.check_fit(network, dataset)
        seed, generator, split = arguments.streams(rng)
        self._sets = placement.sets_of(dataset, validation, split, parameters.checked(network))
        self._batches = Batches(len(self._sets["train"][1]), batch_size, sampling, generator)
        self.steps = arguments.number_of_steps(steps, epochs, self._batches.per_epoch)
        every = self._batches.per_epoch if evaluate_every is None else evaluate_every
        self.evaluate_every = _validate.positive_int("evaluate_every", every)
        if gradient == "numerical":
            warn_of_cost(network)
        self.step = 0
        self.history = History(seed=seed)
        self.rate_search = self._find_rate(dataset, batch_size) if auto else None
        self._optimizer_state = self.optimizer.init(network.params)
        # Before the last step: the parameters, whose loss was finite, and the rate that led on from there.
        self._previous: tuple[dict[str, Array], float] | None = None
        self._best: tuple[float, int, dict[str, Array]] | None = None  # loss, number of the record, parameters
        self._last: dict[str, Array] | None = None  # of the last step, once the network holds the best ones
        self._seconds = 0.0
        keep_memory()
        work = self._batches.batch_size * sum(math.prod(array.shape) for array in network.params.values())
        self._one_thread = blas_limit() if small_products(work) else contextlib.nullcontext
        self._threads = cores() if small_products(work) else 1  # else BLAS has them
        self._stepping = Stepping(network, gradient, *self._sets["train"], self._batches)

    def _find_rate(self, dataset: Dataset, batch_size: int | str) -> RateSearch:
        x, t = self._sets["train"]
        some = Dataset(to_numpy(x), t, classes=dataset.classes or None, name=dataset.name)
        sampling = self._batches.sampling
        # Not from the seed of the run: the rate is to follow from the network and the data, not from chance.
        found = find_learning_rate(
            self.network, some, self.optimizer, batch_size=batch_size, sampling=sampling, steps=self.steps
        )
        self.optimizer = self.optimizer.with_learning_rate(found.rate)
        return found

    # -- iterating -------------------------------------------------------------------------------------------------

    def __iter__(self) -> Iterator[StepEvent]:
        return self

    def __next__(self) -> StepEvent:
        if self.history.stopped:
            raise StopIteration
        start = time.perf_counter()
        # Overflow is found in the loss, and said in words there.
        with np.errstate(over="ignore", invalid="ignore"), self._one_thread():
            if not self._evaluation_is_due():  # it is, where an evaluation was interrupted
                if self.step >= self.steps:
                    self._finish("steps")
                    raise StopIteration
                self._one_step()
            record = self._evaluate(start) if self._evaluation_is_due() else None
        self._seconds += time.perf_counter() - start
        rate = self._previous[1] if self._previous else self.learning_rate
        event = StepEvent(self.step, self.steps, self.epoch, self.history.loss[-1], rate, record)
        if record is not None and self._patience_is_over(record):
            self._finish("early-stopping")
        elif self.step >= self.steps:
            self._finish("steps")
        # Every callback hears of every step, also of one after which another wants to stop.
        answers = [callback(event) for callback in self.callbacks]
        if any(isinstance(answer, (bool, np.bool_)) and answer for answer in answers) and not self.history.stopped:
            self._finish("callback")
        return event

    def run(
        self,
        *,
        progress: Callable[[int], Any] | None = None,
        recorded: Callable[[Record], Any] | None = None,
        checkpoints: Checkpoints | str | os.PathLike[str] | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> History:
        """Do all steps that are left, with the same results as iterating, and sooner.

        The full sets are evaluated beside the steps, on another thread. Where something waits for each event (a
        callback, early stopping), or the arrays are not NumPy's, it iterates.

        Parameters
        ----------
        progress : callable, optional
            Called with the number of steps done, some 200 times.
        recorded : callable, optional
            Called with each `Record`, once it is there.
        checkpoints : Checkpoints or path, optional
            Where to leave the state every so many steps, written beside the next ones, and at the end. To go on after a
            crash, call `Checkpoints.restore` first. After an interrupt the newest is of some steps before it; they are
            done again then, to the same bits.
        stop : callable, optional
            Asked before each step: True ends the call, with a checkpoint of all that was done. The run is not over
            then, and may go on with another call.

        Returns
        -------
        History

        Raises
        ------
        NonFiniteLossError
            As while iterating; if a full set shows it first, up to two evaluations later.
        StorageError
            If a checkpoint cannot be written; the older ones are as they were.
        OutputExistsError, FolderBusyError
            Before the first step, if the folder holds checkpoints of a later step, or another process writes there.
        """
        if self.history.stopped:
            return self.history
        every = max(1, self.steps // 200)
        hear, asked = recorded or (lambda record: None), stop or (lambda: False)

        def tell(step: int) -> None:
            if progress is not None and step % every == 0:
                progress(step)

        kept = checkpoints_of(checkpoints)
        with contextlib.nullcontext() if kept is None else kept:
            if kept is not None:
                kept.check_not_ahead(self.step)
            iterates = bool(self.callbacks) or self.early_stopping is not None or self._stepping.fast is None
            (running.by_iterating if iterates else running.beside)(self, tell, hear, kept, asked)
        return self.history

    def _one_step(self) -> None:
        network, rate = self.network, self.optimizer.rate(self.step)
        numbers = self._batches.next()
        try:
            loss, after, state = self._stepping.step(numbers, self.optimizer, self._optimizer_state)
            if not math.isfinite(loss):
                self._refuse(loss, self.step + 1)
        except BaseException:
            self._batches.put_back()
            raise
        self._previous = (dict(network.params), rate)
        network.params.update(after)
        self._optimizer_state = state
        self.history.loss.append(loss)
        self.step += 1

    def _refuse(self, loss: float, step: int) -> NoReturn:
        """Raise, and leave the network with the last parameters whose loss was finite."""
        self.history.stopped = "non-finite"
        if self._previous is None:
            if found := parameters.first_non_finite(self.network):
                raise NonFiniteLossError("training.params-non-finite", loss=loss, step=step, **found)
            raise NonFiniteLossError("training.non-finite-at-once", loss=loss, step=step, rate=self.learning_rate)
        params, rate = self._previous
        self.network.params.update(params)
        last, lower = self.history.loss[-1], float(f"{min(rate / 10, 0.1):.1g}")
        raise NonFiniteLossError("training.non-finite", loss=loss, step=step, rate=rate, last=last, lower=lower)

    def _evaluation_is_due(self) -> bool:
        if not self.step or (self.step % self.evaluate_every and self.step < self.steps):
            return False
        return not self.history.records or self.history.records[-1].step < self.step

    def _evaluate(self, start: float) -> Record:
        scores = self._scores(self.network.params, self._threads)
        return self._recorded(scores, self.step, self._seconds + time.perf_counter() - start)

    def _scores(self, params: Mapping[str, Array], threads: int) -> dict[str, Score]:
        with np.errstate(over="ignore", invalid="ignore"):  # each thread has its own
            return {name: score(self.network, params, x, t, threads=threads) for name, (x, t) in self._sets.items()}

    def _recorded(self, scores: dict[str, Score], step: int, seconds: float) -> Record:
        """Write the scores of the parameters after `step` into the history, and return what was written."""
        for result in scores.values():
            if not math.isfinite(result.loss):
                self._refuse(result.loss, step)
        held, test = scores.get("validation"), scores.get("test")
        recent = self.history.loss[self.history.records[-1].step if self.history.records else 0 : step]
        record = Record(
            step=step,
            epoch=step / self._batches.per_epoch,
            loss=sum(recent) / len(recent),
            train_loss=scores["train"].loss,
            train_accuracy=scores["train"].accuracy,
            validation_loss=held.loss if held else None,
            validation_accuracy=held.accuracy if held else None,
            test_loss=test.loss if test else None,
            test_accuracy=test.accuracy if test else None,
            seconds=seconds,
        )
        self.history.records.append(record)
        return record

    def _patience_is_over(self, record: Record) -> bool:
        if self.early_stopping is None or record.validation_loss is None:
            return False
        number = len(self.history.records)
        if self._best is None or record.validation_loss < self._best[0]:
            self._best = (record.validation_loss, number, dict(self.network.params))
        return number - self._best[1] >= self.early_stopping.patience

    def _finish(self, why: str) -> None:
        self.history.stopped = why
        if self._best is not None and self.early_stopping is not None and self.early_stopping.restore_best:
            self._last = dict(self.network.params)
            self.network.params.update(self._best[2])

    # -- between two steps -------------------------------------------------------------------------------------------

    def scores(self) -> dict[str, Score]:
        """Return how good the network is by now on each set: "train" and, where there are any, "validation" and "test".

        Nothing is recorded, and a loss that is not finite comes back as it is.
        """
        with self._one_thread():
            return self._scores(self.network.params, self._threads)

    @property
    def epoch(self) -> float:
        """Passes through the training samples done."""
        return self.step / self._batches.per_epoch

    @property
    def learning_rate(self) -> float:
        """The rate of the next step. Setting it puts a fixed rate in the place of the old one, or of a schedule."""
        return self.optimizer.rate(self.step)

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        self.optimizer = self.optimizer.with_learning_rate(_validate.positive("learning_rate", value))

    def state(self) -> dict[str, Any]:
        """Return all that the rest of the run depends on, as copies: arrays on the host, numbers and text.

        Returns
        -------
        dict
            ``params`` (those of the last step, also where the network holds the best ones by now), ``previous`` (those
            before it, and its rate), ``optimizer`` (its state), ``learning_rate`` (None under a schedule), ``batches``
            (generator, permutation, cursor), ``step``, ``history``, ``best`` (of early stopping), ``seconds``; and
            ``optimizer_name``, as the states of some optimizers have the same entries.
        """
        rate = self.optimizer.learning_rate
        previous, best = self._previous, self._best
        return {
            "params": placement.on_host(self.network.params if self._last is None else self._last),
            "previous": previous and {"params": placement.on_host(previous[0]), "learning_rate": previous[1]},
            "optimizer": placement.on_host(self._optimizer_state),
            "optimizer_name": type(self.optimizer).__name__,
            "learning_rate": None if callable(rate) else rate,
            "batches": self._batches.state(),
            "step": self.step,
            "history": _copied(self.history),
            "best": best and {"loss": best[0], "record": best[1], "params": placement.on_host(best[2])},
            "seconds": self._seconds,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from where `state` was taken, with the same bits.

        A run that came to its last step goes on if this one has more of them, one that a callback or a non-finite loss
        stopped goes on too, and one that was stopped early stays so. The evaluation at the end of a shorter run, which
        a longer one would not have made, is dropped (but not where it was the best so far, with early stopping).

        Parameters
        ----------
        state : dict
            From `state`, of a trainer made with the same arguments; the number of steps may differ. It is copied.

        Raises
        ------
        ArgumentTypeError
            If it is no dict, or an entry is missing or of another kind.
        ArgumentError, ShapeError
            If it is of another network, optimizer or `rng`, or of other samples. After any of these errors this trainer
            is as it was.
        """
        network = self.network
        resuming.check_state(state, self.optimizer, network.params)
        saved = state["history"]
        if "validation" in self._sets and saved.seed != self.history.seed:
            raise ArgumentError("training.state-rng", before=saved.seed, now=self.history.seed)
        self._batches.restore(state["batches"])
        network.params.update(placement.from_host(state["params"], network.params))
        self._optimizer_state = placement.on_host(state["optimizer"])
        if state["learning_rate"] is not None:
            self.learning_rate = state["learning_rate"]
        self.step, self._seconds, self.history = state["step"], state["seconds"], _copied(saved)
        previous, best = state["previous"], state["best"]
        self._previous = previous and (
            placement.from_host(previous["params"], network.params),
            previous["learning_rate"],
        )
        self._best = best and (best["loss"], best["record"], placement.from_host(best["params"], network.params))
        self._last, why, self.history.stopped = None, saved.stopped, ""
        self._drop_an_end()
        if why == "early-stopping" or (why and self.step >= self.steps):
            self._finish(why)

    def _drop_an_end(self) -> None:
        """Drop the evaluation at the last step of a run that goes on, where none was due but for the end."""
        records = self.history.records
        if (
            not records
            or records[-1].step < self.step
            or self.step >= self.steps
            or not self.step % self.evaluate_every
        ):
            return
        if self._best is None or self._best[1] < len(records):
            del records[-1]


def _copied(history: History) -> History:
    # Numbers and frozen records: to copy each of them, as deepcopy does, takes longer than a step does.
    return replace(history, loss=list(history.loss), records=list(history.records))
