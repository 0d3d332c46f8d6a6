"""Finding a learning rate: a range test says where it is too large, short trials which of the others does best."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gradwright import _validate, messages
from gradwright.data import Dataset, as_dataset
from gradwright.descent import Optimizer
from gradwright.errors import ArgumentError, NonFiniteLossError
from gradwright.nn import Network
from gradwright.training import arguments
from gradwright.training.batches import Batches

if TYPE_CHECKING:
    from gradwright.training.trainer import Trainer

#: The range test goes from the one to the other in so many steps.
_LOWEST, _HIGHEST, _TEST_STEPS = 1e-6, 1e2, 200
_MEMORY = 0.9  # of the running mean of its losses
_TOO_LARGE = 4.0  # times the lowest: the loss has left for good
#: Rates are 1 or 3 times a power of ten, in this range; from the edge so many down are tried, and two beside the best.
_BOTTOM, _TOP, _DOWN, _BESIDE = 1e-12, 1e2, 5, 2
_CLEARLY = 1.1  # times the loss of the best is too large
#: Each part in so many is held back in turn, in up to so many turns, until so many answers are judged.
_PARTS, _TURNS, _JUDGED = 5, 15, 2000
_SAMPLES = 20_000  # are used at most
#: Trials, some seven, may together have so many steps of a small network, which take a few seconds; a step of so many
#: samples times parameters takes twice as long as one of these. For a run that takes longer they may take as long.
_TRIALS, _BUDGET, _WORK = 7, 75_000, 700_000
_FEW_TURNS = 3  # before there are fewer, trials become shorter than the run
_SHORTEST = 100  # steps: fewer say nothing


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
    optimizer: Optimizer | str | None = None,
    *,
    batch_size: int | str = 100,
    sampling: str = "permutation",
    steps: int = 1000,
    seed: int = 0,
) -> RateSearch:
    r"""Find a learning rate for a run.

    A range test raises the rate at each step by the same factor, from 1e-6 to 100, until the loss has clearly risen.
    The rate r at which its running mean was lowest is near the edge of what can be used. Rates of the form 1 or 3 times
    a power of ten are tried from about 3 r down to r / 100, and on until there are two on each side of the best: each
    trains from the same parameters, for as many steps as the run will have, on four fifths of the samples, and is
    judged by the others; of small sets each fifth is held back in turn, up to three times over. The best is the one
    with the lowest loss, of those whose accuracy is within one standard error of the highest.

    Parameters
    ----------
    network : Network
        It stays as it is.
    data : Dataset, or arrays
        As `Trainer` takes them. At most 20,000 of its training samples are used, and none of its test samples.
    optimizer : Optimizer or str, optional
        Or its name; default plain descent. Its own learning rate does not matter.
    batch_size, sampling
        As in `Trainer`.
    steps : int
        How many the run will have: a rate that is best after a tenth of them is often too large for all.
    seed : int
        Draws the samples held back and the batches; the same seed finds the same rate.

    Returns
    -------
    RateSearch

    Raises
    ------
    ArgumentError, ArgumentTypeError, ShapeError, LabelError, NonFiniteError
        If an argument does not fit, or the run diverges at every rate.

    Notes
    -----
    All trials together have about 75,000 steps at most, which for a network of a few thousand parameters take three
    seconds; of a larger one as many as take that long, or as many as the run itself has, if those are more. Where there
    would be more, fewer parts are held back, and then the trials are shorter than the run.

    References
    ----------
    L. N. Smith, Cyclical learning rates for training neural networks (2017), section 3.3: the range test.
    L. Breiman and others, Classification and regression trees (1984), section 3.4.3: the rule of one standard error.

    Examples
    --------
    >>> from gradwright.data import digits
    >>> found = find_learning_rate(Network.of_sizes([64, 20, 10], rng=0), digits(), "sgd", steps=300)
    >>> 0.1 < found.rate < 10
    True
    """
    rule, dataset = arguments.optimizer_of(optimizer, None), as_dataset(data)
    arguments.check_fit(arguments.network_of(network), dataset)
    _validate.positive_int("steps", steps)
    some = _some(dataset, _validate.non_negative_int("seed", seed))
    run = _Runs(network, rule, batch_size, sampling, seed)
    growth = (_HIGHEST / _LOWEST) ** (1 / (_TEST_STEPS - 1))
    rates, losses = _range_test(run.trainer(some, lambda step: _LOWEST * growth**step, _TEST_STEPS), growth)
    if not losses:
        raise ArgumentError("rate.none", loss=math.inf)
    turns, count = _plan(len(some.x_train), run.work(some), steps)
    folds = _folds(some, turns, seed)
    judged = min(len(some.x_train), sum(len(fold.x_test) for fold in folds))
    trials = _trials(lambda rate: _trial(run, folds, rate, count), rates[_lowest(losses)], judged)
    chosen = _chosen(trials, judged)
    if not math.isfinite(chosen.loss):
        raise ArgumentError("rate.none", loss=losses[0])
    return RateSearch(tuple(rates), tuple(losses), trials, count, chosen.rate)


def _plan(n_samples: int, work: int, steps: int) -> tuple[int, int]:
    """Return how many times a part is held back, and how many steps a trial has."""
    enough = min(_TURNS, math.ceil(_JUDGED * _PARTS / n_samples))
    budget = max(_BUDGET / (1 + work / _WORK), steps) / _TRIALS
    turns = max(min(enough, _FEW_TURNS), min(enough, int(budget / steps)))
    return turns, min(steps, max(_SHORTEST, round(budget / turns)))


def _trials(trial: Callable[[float], Trial], edge: float, judged: int) -> tuple[Trial, ...]:
    """Return trials of the rates about `edge`, and on until two are on each side of the best; largest rate first.

    The largest must be clearly worse than the best, too: a loss may fall, rest over some rates and fall again, as of a
    sigmoid network that first divides the classes by a line. To go on from the edge only as long as it gets better does
    not do: far too large rates that leave all ReLUs at 0 have a lower loss than somewhat too large ones.
    """
    lowest, highest = _half_decades(_BOTTOM), _half_decades(_TOP)
    first, trials = min(max(_half_decades(3 * edge), lowest), highest), dict[int, Trial]()
    missing = {*range(max(first - _DOWN, lowest), first + 1)}
    while missing:
        trials |= {half: trial(float(f"{'3' if half % 2 else '1'}e{half // 2}")) for half in missing}
        trials = dict(sorted(trials.items(), reverse=True))
        chosen, largest = _chosen([*trials.values()], judged), max(trials)
        best = _half_decades(chosen.rate)
        rests = trials[largest].loss <= _CLEARLY * chosen.loss
        farthest = max(best + _BESIDE, largest + 1 if rests else largest)
        missing = {*range(max(best - _BESIDE, lowest), min(farthest, highest) + 1)} - trials.keys()
    return tuple(trials.values())


def _half_decades(rate: float) -> int:
    """Return how often 1 is multiplied by 3 and by 10/3 in turn to come to `rate`, or near it."""
    return round(2 * math.log10(rate))


def _chosen(trials: Sequence[Trial], judged: int) -> Trial:
    """Return the trial with the lowest loss, of those that are as accurate as the best; largest rate first.

    Accuracies on some hundred samples hardly tell rates apart; losses do, and their lowest is far from where things go
    wrong. Over twelve divisions of six sets, four optimizers and runs of 3 to 30 epochs, the rate chosen so was 0.24 %
    less accurate than the one that is best over all divisions; with the highest accuracy, averaged over neighbours, it
    was 0.32 %, with the middle of all that do about as well 0.35 to 0.65 %. But in long runs the loss of a classifier
    may rise, as it becomes too sure of itself, while ever more answers are right: so the accuracy comes first.
    """
    if not any(math.isfinite(trial.loss) for trial in trials):
        return trials[-1]
    best = max(trial.accuracy or 0.0 for trial in trials)
    likely = (best * judged + 1) / (judged + 2)  # also where none or all were right there is an error
    near = best - math.sqrt(likely * (1 - likely) / judged)
    return min((trial for trial in trials if (trial.accuracy or 0.0) >= near), key=lambda trial: trial.loss)


@dataclass(frozen=True)
class _Runs:
    """Runs of copies of a network that differ in the data and the rate alone."""

    network: Network
    optimizer: Optimizer
    batch_size: int | str
    sampling: str
    seed: int

    def work(self, data: Dataset) -> int:
        """Return the samples of a step times the parameters."""
        size = Batches(len(data.x_train), self.batch_size, self.sampling, np.random.default_rng(0)).batch_size
        parameters: int = sum(math.prod(array.shape) for array in self.network.params.values())
        return size * parameters

    def trainer(self, data: Dataset, rate: Any, count: int, turn: int = 0) -> Trainer:
        from gradwright.training.trainer import Trainer

        network = copy.copy(self.network)
        network.params = dict(self.network.params)  # arrays are never written into, so copies of the names do
        return Trainer(
            network, data, optimizer=self.optimizer, learning_rate=rate, steps=count, batch_size=self.batch_size,
            sampling=self.sampling, evaluate_every=count, rng=self.seed + turn,
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
    for turn, fold in enumerate(folds):
        try:
            records.append(run.trainer(fold, rate, count, turn).run().records[-1])
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


def _folds(data: Dataset, turns: int, seed: int) -> list[Dataset]:
    """Return the data so many times, each time cut otherwise into what is trained on and what judges."""
    count, x, t = len(data.x_train), data.x_train, data.t_train
    rng, parts = np.random.default_rng([seed, 4]), min(_PARTS, count)
    held: list[npt.NDArray[np.int64]] = []
    while len(held) < turns:
        order = rng.permutation(count)
        if data.classes:  # as many of each class in each part
            order = order[np.argsort(t[order], kind="stable")]
        held += [np.sort(order[place::parts]) for place in range(parts)]
    found = []
    for rows in held[:turns]:
        kept = np.setdiff1d(np.arange(count), rows)
        if len(kept) and (not data.classes or len(np.unique(t[kept])) > 1):
            found.append(Dataset(x[kept], t[kept], x[rows], t[rows], classes=data.classes or None, name=data.name))
    return found or [Dataset(x, t, x, t, classes=data.classes or None)]
