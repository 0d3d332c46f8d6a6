"""The passes through the training samples that a fit is made of, and when they end."""

from __future__ import annotations

import math
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from gradwright._arrays import Array
from gradwright.descent import Optimizer
from gradwright.errors import NonFiniteLossError
from gradwright.estimators.outputs import dense
from gradwright.nn import Network, parameters
from gradwright.nn.fast_pass import FastPass
from gradwright.training.ahead import Ahead
from gradwright.training.batches import Batches
from gradwright.training.fast_steps import FastSteps
from gradwright.training.halves import Halves
from gradwright.workers.blas import kept_limit, small_products, threads_allowed
from gradwright.workers.threads import keep_memory

Numbers = npt.NDArray[Any]

#: A sparse table of up to so many entries is made an ordinary one as a whole; a larger one batch by batch.
_DENSE = 2**22


@dataclass
class Samples:
    """What is learned from.

    Attributes
    ----------
    x : ndarray or sparse matrix, shape (n_samples, n_in)
        In the dtype of the network.
    answers : ndarray, shape (n_samples,) or (n_samples, n_out)
        Numbers of classes, or real values in the dtype of the network.
    weights : ndarray, shape (n_samples,), or None
        How much each sample counts; they need not sum to anything.
    """

    x: Any
    answers: Numbers
    weights: Numbers | None

    def part(self, numbers: Numbers) -> Samples:
        """Return the samples of these numbers."""
        weights = None if self.weights is None else self.weights[numbers]
        return Samples(self.x[numbers], self.answers[numbers], weights)


class Epochs:
    """Trains a network in passes through its samples.

    Parameters
    ----------
    network : Network
        Its parameters are replaced after each epoch.
    samples : Samples
        What it learns from.
    optimizer : Optimizer
        What makes the steps.
    state : dict
        Of the optimizer, to go on from; `state` is the one to go on from afterwards.
    batch_size : int or "full"
        How many samples make a step; all of them, in their own order, where there are no more.
    weight_decay : float
        As `gradwright.nn.fast_pass.FastPass` has it.
    rng : numpy.random.Generator
        What draws the order of the samples.
    """

    def __init__(
        self,
        network: Network,
        samples: Samples,
        optimizer: Optimizer,
        state: dict[str, Any],
        batch_size: int | str,
        weight_decay: float,
        rng: np.random.Generator,
    ) -> None:
        self.network, self.optimizer, self.state = network, optimizer, state
        self._batches = Batches(len(samples.answers), batch_size, "permutation", rng)
        self._x, self._answers = samples.x, samples.answers
        if self._batches.whole or math.prod(samples.x.shape) <= _DENSE:
            self._x = dense(samples.x)
        dtype = network.params["W1"].dtype
        # Of mean 1: the loss of a batch is then an unbiased estimate of the weighted mean over all samples. Divided by
        # the weights of the batch itself it would not be, and a heavy sample would hardly count in its batch.
        weights = samples.weights
        self._weights = None if weights is None else (weights / weights.mean()).astype(dtype)
        size = self._batches.batch_size
        keep_memory()
        self._steps = FastSteps(network, size, dtype, weight_decay)
        self._small, pays = small_products(size * self._steps.pass_.size), Halves.pay(self._steps.pass_, size)
        self._halves = Halves(network, self._steps.pass_, size) if self._small and pays else None
        self._thread: Executor | None = None
        self._ahead: Ahead | None = None  # while another thread gathers

    @contextmanager
    def threads(self) -> Iterator[None]:
        """Hold as many threads of BLAS as suit a step, and one that does half of it or gathers batches ahead."""
        several = threads_allowed() > 1
        gathers = (
            several and self._halves is None and isinstance(self._x, np.ndarray) and Ahead.pays(self._x, self._batches)
        )
        with kept_limit()() if self._small else nullcontext(), ThreadPoolExecutor(1) as other:
            self._thread = other if several else None
            self._ahead = Ahead(self._x, self._batches, other) if gathers else None
            try:
                yield
            finally:
                self._thread = self._ahead = None

    def one(self) -> float:
        """Do one epoch, and return the mean of the losses of its samples, each before the step that it was used in."""
        total, params, previous = 0.0, self.network.params, None
        for _ in range(self._batches.per_epoch):
            numbers = self._batches.next()
            loss, grads = self._loss_and_gradient(params, numbers)
            after, state = self._step(params, grads)
            if not math.isfinite(loss):
                self._refuse(loss, previous)
            total, previous = total + loss * len(numbers), loss
            params, self.state = after, state
            self.network.params = params
        return total / len(self._answers)

    def _loss_and_gradient(self, params: dict[str, Array], numbers: Numbers) -> tuple[float, dict[str, Array]]:
        whole = self._steps.pass_
        if self._halves is not None and Halves.pay(whole, len(numbers)):
            part = partial(self._part, numbers)
            return self._halves.loss_and_gradient(params, len(numbers), part, self._thread)
        return whole.loss_and_gradient(params, *self._part(numbers, whole, slice(None)))

    def _part(self, numbers: Numbers, room: FastPass, place: slice) -> tuple[Numbers, Numbers, Numbers | None]:
        """Return samples, answers and weights of a part of a batch, gathered in the arrays of a pass."""
        own: Any = place if self._batches.whole else numbers[place]
        if self._batches.whole:
            x = self._x[own]
        elif isinstance(self._x, np.ndarray):
            ahead = None if self._ahead is None else self._ahead.rows(own)
            x = room.rows(self._x, own) if ahead is None else ahead
        else:
            x = dense(self._x[own])
        return x, self._answers[own], None if self._weights is None else self._weights[own]

    def _step(self, params: dict[str, Array], grads: dict[str, Array]) -> tuple[dict[str, Array], dict[str, Any]]:
        if self.optimizer.known:
            return self._steps.after(params, self.state, self.optimizer)
        # Copies: of an optimizer of the user's nobody knows what it keeps.
        after, state = self.optimizer.update({name: g.copy() for name, g in grads.items()}, self.state, params)
        return after, state

    def _refuse(self, loss: float, previous: float | None) -> NoReturn:
        """Raise: the loss is not finite."""
        step = int(self.state["step"])
        rate = self.optimizer.rate(step)
        if step == 0:
            raise NonFiniteLossError("training.non-finite-at-once", loss=loss, step=1, rate=rate)
        last = math.nan if previous is None else previous
        lower = float(f"{min(rate / 10, 0.1):.1g}")
        raise NonFiniteLossError("training.non-finite", loss=loss, step=step + 1, rate=rate, last=last, lower=lower)

    def check_finite(self) -> None:
        """Raise where the last step led to parameters that are not finite."""
        if parameters.first_non_finite(self.network):
            self._refuse(math.inf, None)


@dataclass
class Ending:
    """Decides after each epoch whether it was the last.

    Attributes
    ----------
    tol : float or None
        By how much the best figure must be bettered to count; None never ends.
    patience : int
        So many epochs in a row may fail to; one more is the last.
    """

    tol: float | None
    patience: int
    _best: float = field(default=math.inf, init=False)
    _failed: int = field(default=0, init=False)

    def told(self, figure: float) -> bool:
        """Take the figure of an epoch, the lower the better, and tell whether to end."""
        if self.tol is None:
            return False
        # scikit-learn's rule, to the letter: the best is the lowest ever seen, bettered by `tol` or not.
        self._failed = self._failed + 1 if figure > self._best - self.tol else 0
        self._best = min(self._best, figure)
        return self._failed > self.patience
