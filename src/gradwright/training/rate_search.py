"""Finding a learning rate: a range test says where it is too large, short trials which of the others does best."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gradwright import messages
from gradwright.data import Dataset, as_dataset
from gradwright.descent import Optimizer
from gradwright.errors import ArgumentError, NonFiniteLossError
from gradwright.nn import Network

if TYPE_CHECKING:
    from gradwright.training.trainer import Trainer

#: The range test goes from the one to the other in so many steps.
_LOWEST, _HIGHEST, _TEST_STEPS = 1e-6, 1e2, 200
_MEMORY = 0.9  # of the running mean of its losses
_TOO_LARGE = 4.0  # times the lowest: the loss has left for good
#: So many rates are tried, in at most so many steps and on so many samples.
_TRIALS = 7
_MOST_STEPS, _SAMPLES = 1000, 10_000
#: A set of up to so many samples is cut into so many parts, each of which judges what the others were trained to.
_FOLDS = ((500, 5), (2000, 3))
_HELD = 0.2  # of larger sets this share judges
#: Accuracies that differ by less than this are taken for the same.
_SAME = 0.005
#: The loss of a classifier that is up to so many times the lowest is taken for as good.
_NEAR, _LITTLE = 1.2, 0.02  # or by so little higher
_NEAR_VALUES = 1.05  # of a regression, where the loss is all that is known


@dataclass(frozen=True)
class Trial:
    """What a rate came to on samples that it was not trained on.

    Attributes
    ----------
    rate : float
    loss : float
        The loss; inf where a run diverged.
    accuracy : float or None
        The share of right answers of a classifier.
    """

    rate: float
    loss: float
    accuracy: float | None


@dataclass(frozen=True)
class RateSearch:
    """How a learning rate was found.

    Attributes
    ----------
    rates, losses : tuple of float
        The range test: the rate of each step, and the loss of the batch before it.
    trials : tuple of Trial
        The rates that were tried, largest first.
    steps : int
        How many steps a trial had.
    rate : float
        The rate chosen.
    """

    rates: tuple[float, ...]
    losses: tuple[float, ...]
    trials: tuple[Trial, ...]
    steps: int
    rate: float

    def reason(self, lang: str | None = None) -> str:
        """Return why this rate, in a sentence."""
        ((loss, accuracy),) = [(trial.loss, trial.accuracy) for trial in self.trials if trial.rate == self.rate]
        key = "rate.chosen" if accuracy is not None else "rate.chosen-values"
        tried = ", ".join(f"{trial.rate:g}" for trial in self.trials)
        return messages.text(key, lang, rate=self.rate, loss=loss, accuracy=accuracy, steps=self.steps, tried=tried)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values that JSON can hold; None for the loss of a trial that diverged."""
        trials = [
            {"rate": trial.rate, "loss": trial.loss if math.isfinite(trial.loss) else None, "accuracy": trial.accuracy}
            for trial in self.trials
        ]
        curve = {"rates": list(self.rates), "losses": list(self.losses)}
        return {"rate": self.rate, "steps": self.steps, "trials": trials, **curve}


def find_learning_rate(
    network: Network,
    data: Any,
    optimizer: Optimizer,
    *,
    batch_size: int | str = 100,
    sampling: str = "permutation",
    steps: int = 1000,
    seed: int = 0,
) -> RateSearch:
    r"""Find a learning rate for a run.

    A range test raises the rate at each step by the same factor, from 1e-6 to 100, until the loss has clearly risen.
    The rate r at which its running mean was lowest is the edge of what can be used. Then runs of up to 1,000 of the
    `steps`, from the same parameters, try seven rates of the form 1 or 3 times a power of ten, from about 3 r down, and
    are judged by samples that were held back (of small sets each part in turn). Of those with the best accuracy, to
    half a per cent, and a loss of at most 1.2 times the lowest of theirs, the one in the middle is taken: it is the
    farthest from where things go wrong. Where there are no accuracies, losses up to 1.05 times the lowest are as good.

    Parameters
    ----------
    network : Network
        It stays as it is.
    data : Dataset, or arrays
        As `Trainer` takes them. At most 10,000 of its training samples are used, and none of its test samples.
    optimizer : Optimizer
        Its own learning rate does not matter.
    batch_size, sampling
        As in `Trainer`.
    steps : int
        How many the run will have.
    seed : int
        Draws the batches; the same seed finds the same rate.

    Returns
    -------
    RateSearch

    Raises
    ------
    ArgumentError
        If the run diverges at every rate.

    References
    ----------
    L. N. Smith, Cyclical learning rates for training neural networks (2017), section 3.3: the range test.

    Examples
    --------
    >>> from gradwright.data import digits
    >>> from gradwright.descent import SGD
    >>> found = find_learning_rate(Network.of_sizes([64, 20, 10], rng=0), digits(), SGD(0.1))
    >>> 0.1 < found.rate < 10
    True
    """
    some = _some(as_dataset(data), seed)
    run = _Runs(network, optimizer, batch_size, sampling, seed)
    growth = (_HIGHEST / _LOWEST) ** (1 / (_TEST_STEPS - 1))
    rates, losses = _range_test(run.trainer(some, lambda step: _LOWEST * growth**step, _TEST_STEPS), growth)
    if not losses:
        raise ArgumentError("rate.none", loss=math.inf)
    edge, count = rates[_lowest(losses)], min(steps, _MOST_STEPS)
    folds = _folds(some, seed)
    trials = tuple(_trial(run, folds, rate, count) for rate in _candidates(edge))
    if not any(math.isfinite(trial.loss) for trial in trials):
        raise ArgumentError("rate.none", loss=losses[0])
    return RateSearch(tuple(rates), tuple(losses), trials, count, _chosen(trials))


def _chosen(trials: Sequence[Trial]) -> float:
    """Return the middle of the rates that did as well as the best, counting on a logarithmic scale."""
    best = max(trial.accuracy or 0.0 for trial in trials)
    right = [trial for trial in trials if (trial.accuracy or 0.0) >= best - _SAME]
    lowest = min(trial.loss for trial in right)
    near = _NEAR_VALUES * lowest if right[0].accuracy is None else max(_NEAR * lowest, lowest + _LITTLE)
    good = [trial for trial in right if trial.loss <= near]
    return good[len(good) // 2].rate


@dataclass(frozen=True)
class _Runs:
    """Runs of copies of a network that differ in the data and the rate alone."""

    network: Network
    optimizer: Optimizer
    batch_size: int | str
    sampling: str
    seed: int

    def trainer(self, data: Dataset, rate: Any, count: int) -> Trainer:
        from gradwright.training.trainer import Trainer

        network = copy.copy(self.network)
        network.params = dict(self.network.params)  # arrays are never written into, so copies of the names do
        return Trainer(
            network, data, optimizer=self.optimizer, learning_rate=rate, steps=count, batch_size=self.batch_size,
            sampling=self.sampling, evaluate_every=count, rng=self.seed,
        )  # fmt: skip


def _range_test(trainer: Trainer, growth: float) -> tuple[list[float], list[float]]:
    """Return the rates and the losses up to where the running mean has clearly risen."""
    losses: list[float] = []
    mean, lowest = 0.0, math.inf
    try:
        for event in trainer:
            losses.append(event.loss)
            mean = _MEMORY * mean + (1 - _MEMORY) * event.loss
            now = mean / (1 - _MEMORY ** len(losses))
            lowest = min(lowest, now)
            if now > _TOO_LARGE * lowest:
                break
    except NonFiniteLossError:
        losses = list(trainer.history.loss)
    return [_LOWEST * growth**i for i in range(len(losses))], losses


def _lowest(losses: Sequence[float]) -> int:
    """Return the place at which the running mean is lowest."""
    mean, means = 0.0, []
    for number, loss in enumerate(losses, 1):
        mean = _MEMORY * mean + (1 - _MEMORY) * loss
        means.append(mean / (1 - _MEMORY**number))
    return int(np.argmin(means))


def _trial(run: _Runs, folds: Sequence[Dataset], rate: float, count: int) -> Trial:
    """Return what a rate comes to, as the mean over the folds; where one diverges that is inf."""
    records = []
    for fold in folds:
        try:
            records.append(run.trainer(fold, rate, count).run().records[-1])
        except NonFiniteLossError:
            return Trial(rate, math.inf, 0.0 if fold.classes else None)
    loss = float(np.mean([record.test_loss for record in records]))
    accuracies = [record.test_accuracy for record in records if record.test_accuracy is not None]
    return Trial(rate, loss if math.isfinite(loss) else math.inf, float(np.mean(accuracies)) if accuracies else None)


def _some(data: Dataset, seed: int) -> Dataset:
    x, t = data.x_train, data.t_train
    if len(x) > _SAMPLES:
        rows = np.sort(np.random.default_rng([seed, 3]).permutation(len(x))[:_SAMPLES])
        x, t = x[rows], t[rows]
    return Dataset(x, t, classes=data.classes or None, name=data.name)


def _folds(data: Dataset, seed: int) -> list[Dataset]:
    """Return the data cut into what is trained on and what judges, in one or several ways."""
    count = len(data.x_train)
    parts = min(count, next((parts for most, parts in _FOLDS if count <= most), 1))
    order = np.random.default_rng([seed, 4]).permutation(count)
    if data.classes:  # as many of each class in each part
        order = order[np.argsort(data.t_train[order], kind="stable")]
    held = [order[place::parts] for place in range(parts)] if parts > 1 else [order[:: round(1 / _HELD)]]
    found = []
    for rows in held:
        kept = np.setdiff1d(order, rows)
        if len(kept) and (not data.classes or len(np.unique(data.t_train[kept])) > 1):
            x, t = data.x_train, data.t_train
            found.append(Dataset(x[kept], t[kept], x[rows], t[rows], classes=data.classes or None, name=data.name))
    return found or [Dataset(data.x_train, data.t_train, data.x_train, data.t_train, classes=data.classes or None)]


def _candidates(edge: float) -> list[float]:
    """Return rates from about three times `edge` down, each about a third of the one before it.

    They are round numbers, so that another seed, whose edge lies a little elsewhere, tries the same ones.
    """
    highest = round(2 * math.log10(3 * edge))
    return [float(f"{'3' if half % 2 else '1'}e{half // 2}") for half in range(highest, highest - _TRIALS, -1)]
