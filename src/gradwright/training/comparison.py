"""Ways to descend side by side: batches of several sizes, several optimizers; by updates, by epochs and by seconds."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from gradwright import _validate, messages
from gradwright.data import Dataset, as_dataset
from gradwright.errors import ArgumentError, ArgumentTypeError, NonFiniteLossError
from gradwright.messages import phrase
from gradwright.nn import Network
from gradwright.training import arguments
from gradwright.training.batches import Batches
from gradwright.training.trainer import Trainer

#: What a run is measured by.
MEASURES = ("updates", "epochs", "seconds")
#: What contestants may differ in.
OPTIONS = ("optimizer", "learning_rate", "batch_size", "sampling", "gradient")
_POINTS = 40  # of each curve
_FAR = 10.0  # times the loss at the start: what ends there has diverged, though it is no infinity yet


@dataclass(frozen=True)
class Curve:
    """How one contestant went: at some points of its run, from the start on.

    Attributes
    ----------
    name : str
    updates, epochs, seconds : tuple of float
        How far it was: steps, passes through the training samples, and the time that the steps alone took.
    loss : tuple of float
        The loss on all training samples.
    test_accuracy : tuple of float or None
        The share of the test samples that was right; None where there are none, or no classes.
    diverged : bool
        Whether the loss became infinite, or ended ten times as high as it began.
    """

    name: str
    updates: tuple[float, ...]
    epochs: tuple[float, ...]
    seconds: tuple[float, ...]
    loss: tuple[float, ...]
    test_accuracy: tuple[float, ...] | None
    diverged: bool

    def loss_at(self, measure: str, amount: float) -> float:
        """Return the loss after so many updates, epochs or seconds, linear between two points."""
        done = getattr(self, _validate.choice("measure", measure, MEASURES))
        return float(np.interp(_validate.number_or_nan(amount), done, self.loss))


@dataclass(frozen=True)
class Comparison:
    """Curves of several contestants, from the same parameters.

    Attributes
    ----------
    curves : tuple of Curve
    """

    curves: tuple[Curve, ...]

    def budget(self, measure: str) -> float:
        """Return how many updates, epochs or seconds all that did not diverge have done."""
        _validate.choice("measure", measure, MEASURES)
        return min((getattr(curve, measure)[-1] for curve in self.curves if not curve.diverged), default=0.0)

    def ranking(self, measure: str) -> list[tuple[str, float]]:
        """Return the contestants with their losses at the common budget, the lowest first; inf for what diverged."""
        amount = self.budget(measure)
        losses = [(c.name, math.inf if c.diverged else c.loss_at(measure, amount)) for c in self.curves]
        return sorted(losses, key=lambda pair: pair[1])

    def verdicts(self, lang: str | None = None) -> list[str]:
        """Return who won by which measure, in a sentence each."""
        if all(curve.diverged for curve in self.curves):
            return [messages.text("compare.all-diverged", lang)]
        said = []
        for measure in MEASURES:
            (name, loss), *others = [pair for pair in self.ranking(measure) if math.isfinite(pair[1])]
            amount = messages.phrase(f"compare.{measure}", amount=self.budget(measure))
            second, other = others[0] if others else ("", math.nan)
            key = "compare.best" if others else "compare.alone"
            said.append(messages.text(key, lang, name=name, loss=loss, amount=amount, second=second, other=other))
        return said

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values that JSON can hold."""
        rankings = {
            measure: [
                {"name": name, "loss": loss if math.isfinite(loss) else None} for name, loss in self.ranking(measure)
            ]
            for measure in MEASURES
        }
        budgets = {measure: self.budget(measure) for measure in MEASURES}
        return {"budgets": budgets, "rankings": rankings, "curves": [asdict(curve) for curve in self.curves]}


def compare(
    network: Network,
    data: Any,
    contestants: Mapping[str, Mapping[str, Any]],
    *,
    epochs: int = 10,
    least_updates: int = 1000,
    seed: int = 0,
    progress: Callable[[str, float], Any] | None = None,
) -> Comparison:
    """Train copies of a network in several ways, and compare them.

    Parameters
    ----------
    network : Network
        All begin with its parameters; it stays as it is.
    data : Dataset, or arrays
        As `Trainer` takes them.
    contestants : mapping of mapping
        For each name the options of its `Trainer`, such as ``{"batch_size": 1, "learning_rate": 0.01}``: of
        ``optimizer``, ``learning_rate``, ``batch_size``, ``sampling`` and ``gradient`` those that are not the default.
    epochs, least_updates : int
        Each runs for so many epochs, and for at least so many updates: batch descent has one update in an epoch.
    seed : int
        Draws the batches.
    progress : callable, optional
        Called with a name and the share of its run that is done.

    Returns
    -------
    Comparison
        Seconds count the steps alone, not the evaluations between them.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        If there are no contestants, or they are something else than options by name.
    ArgumentError, ShapeError, ...
        As `Trainer`. All arguments are looked at before the first run.

    Examples
    --------
    >>> from gradwright.data import digits
    >>> ways = {"batch": {"batch_size": "full"}, "mini-batch": {"batch_size": 100}}
    >>> found = compare(Network.of_sizes([64, 10], rng=0), digits(), ways, epochs=3, least_updates=20)
    >>> found.ranking("epochs")[0][0], [len(curve.loss) > 2 for curve in found.curves]
    ('mini-batch', [True, True])
    """
    arguments.network_of(network)
    dataset = as_dataset(data)
    _check(contestants)
    _validate.positive_int("epochs", epochs)
    _validate.positive_int("least_updates", least_updates)
    _validate.non_negative_int("seed", seed)
    tell = _validate.function("progress", progress or (lambda name, share: None))
    runs = {}
    for name, options in contestants.items():
        steps = max(epochs * _per_epoch(dataset, options), least_updates)
        runs[name] = _trainer(network, dataset, options, steps, seed), steps
    return Comparison(tuple(_curve(name, trainer, steps, tell) for name, (trainer, steps) in runs.items()))


def _check(contestants: Any) -> None:
    """Raise unless there are options by name."""
    if not isinstance(contestants, Mapping):
        kind = type(contestants).__name__
        raise ArgumentTypeError("argument.type", name="contestants", expected=phrase("kind.options"), kind=kind)
    if not contestants:
        raise ArgumentError("compare.none")
    for name, options in contestants.items():
        if not isinstance(name, str):
            raise ArgumentTypeError("compare.name", value=name)
        if not isinstance(options, Mapping):
            raise ArgumentTypeError("compare.options", name=name, kind=type(options).__name__)
        for option in options:
            if option not in OPTIONS:
                raise ArgumentError("compare.option", name=name, option=option, options=", ".join(OPTIONS))


def _per_epoch(dataset: Dataset, options: Mapping[str, Any]) -> int:
    chosen = options.get("batch_size", 100), options.get("sampling", "permutation")
    return Batches(len(dataset.x_train), *chosen, np.random.default_rng(0)).per_epoch


def _trainer(network: Network, dataset: Dataset, options: Mapping[str, Any], steps: int, seed: int) -> Trainer:
    other = copy.copy(network)
    other.params = dict(network.params)
    # One step more than will be done: with its last a trainer evaluates the sets, which is not to be timed.
    return Trainer(other, dataset, **{**options, "steps": steps + 1, "evaluate_every": steps + 1, "rng": seed})


def _curve(name: str, trainer: Trainer, steps: int, tell: Callable[[str, float], Any]) -> Curve:
    points = sorted({round(p) for p in np.geomspace(1, steps, _POINTS)})
    rows, seconds = [(0, 0.0, 0.0, *_scores(trainer))], 0.0
    for point in points:
        start = time.perf_counter()
        try:
            while trainer.step < point:
                next(trainer)
        except NonFiniteLossError:
            break
        seconds += time.perf_counter() - start
        rows.append((point, trainer.epoch, seconds, *_scores(trainer)))
        tell(name, point / steps)
    diverged = trainer.step < steps or not rows[-1][3] < _FAR * rows[0][3]
    shown = rows[:1] + [row for row in rows[1:] if math.isfinite(row[3])]
    updates, epochs, times, losses, accuracies = zip(*shown, strict=True)
    tests = None if None in accuracies else accuracies
    return Curve(name, tuple(map(float, updates)), epochs, times, losses, tests, diverged)


def _scores(trainer: Trainer) -> tuple[float, float | None]:
    """Return the loss on the training samples, and the accuracy on the test samples."""
    scores = trainer.scores()
    return scores["train"].loss, scores["test"].accuracy if "test" in scores else None
