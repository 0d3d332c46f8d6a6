"""What happened in a training run: the loss of each step, the scores at each evaluation, and what they say."""

from __future__ import annotations

import csv
import io
import math
import statistics
from dataclasses import asdict, dataclass, field, fields
from itertools import pairwise
from typing import Any

from gradwright import messages

_WINDOW = 3  # evaluations, the fewest that a mean is taken over


@dataclass(frozen=True)
class Record:
    """The scores at one evaluation.

    Attributes
    ----------
    step : int
        The number of steps done.
    epoch : float
        The number of passes through the training samples done.
    loss : float
        The mean loss of the batches since the evaluation before.
    train_loss, train_accuracy, validation_loss, validation_accuracy, test_loss, test_accuracy : float or None
        On the full sets; None where there is no such set, or no accuracy.
    seconds : float
        The time that the steps and evaluations so far took.
    """

    step: int
    epoch: float
    loss: float
    train_loss: float
    train_accuracy: float | None
    validation_loss: float | None
    validation_accuracy: float | None
    test_loss: float | None
    test_accuracy: float | None
    seconds: float


@dataclass(repr=False)
class History:
    """A training run in numbers.

    Attributes
    ----------
    loss : list of float
        The loss of each step's batch, at the parameters before the step.
    records : list of Record
        The scores at each evaluation.
    seed : int or None
        The seed that drew the batches; None where a generator was handed in.
    stopped : str
        Why the run ended: ``"steps"``, ``"early-stopping"``, ``"callback"``, ``"non-finite"``; empty while it goes on.
    """

    loss: list[float] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    seed: int | None = None
    stopped: str = ""

    def __repr__(self) -> str:
        # At a prompt, ten thousand losses would scroll everything else away.
        last = self.records[-1] if self.records else None
        scores = f", loss={last.loss:.4g}, train={last.train_accuracy}, test={last.test_accuracy}" if last else ""
        return f"History({len(self.loss)} steps, {len(self.records)} evaluations{scores}, seed={self.seed})"

    @property
    def steps(self) -> list[int]:
        """The step of each evaluation."""
        return [record.step for record in self.records]

    @property
    def epochs(self) -> list[float]:
        """The epoch of each evaluation."""
        return [record.epoch for record in self.records]

    @property
    def train_accuracy(self) -> list[float | None]:
        """The accuracy on the training set at each evaluation."""
        return [record.train_accuracy for record in self.records]

    @property
    def validation_accuracy(self) -> list[float | None]:
        """The accuracy on the validation set at each evaluation."""
        return [record.validation_accuracy for record in self.records]

    @property
    def test_accuracy(self) -> list[float | None]:
        """The accuracy on the test set at each evaluation."""
        return [record.test_accuracy for record in self.records]

    def overfits_from(self) -> float | None:
        """Return the epoch from which the run overfits, or None where it does not.

        That is the epoch at which the loss on samples not trained on (validation, else test) was lowest, if it rose
        clearly since, while the training loss kept falling. Clearly: in the mean over a tenth of the evaluations, at
        least three, by more than a tenth, a hundredth of what had been learned, and three times the noise of that mean.
        """
        turn = self._turn()
        return None if turn is None else self.records[turn].epoch

    def _held(self) -> list[float]:
        """Return the losses on samples not trained on; none where there are no such samples."""
        held = [r.test_loss if r.validation_loss is None else r.validation_loss for r in self.records]
        return [loss for loss in held if loss is not None]

    def _turn(self) -> int | None:
        """Return the number of the record from which the run overfits."""
        held = self._held()
        count = len(held)
        width = max(_WINDOW, count // 10)
        if count < 2 * width:
            return None
        means = [sum(held[i : i + width]) / width for i in range(count - width + 1)]
        low = min(range(len(means)), key=means.__getitem__)
        # From one evaluation to the next the loss moves mostly by chance. The median is not misled by the steep fall
        # at the start; for normal noise it is 0.95 of the standard deviation.
        noise = statistics.median(abs(b - a) for a, b in pairwise(held)) / 0.95
        least = max(0.1 * means[low], 0.01 * (held[0] - means[low]), 3 * noise * math.sqrt(2 / width))
        turn = min(range(low, low + width), key=held.__getitem__)
        falls = self.records[-1].train_loss < self.records[turn].train_loss
        return turn if low + width <= count - width and means[-1] - means[low] > least and falls else None

    def advice(self, lang: str | None = None) -> str:
        """Return what the curves say, in words."""
        if self.records and self.loss and self.records[-1].train_loss > 2 * self.loss[0]:
            return messages.text("history.rose", lang, first=self.loss[0], last=self.records[-1].train_loss)
        held, turn = self._held(), self._turn()
        if turn is not None:
            epoch, train = self.records[turn].epoch, self.records[-1].train_loss
            return messages.text("history.overfits", lang, epoch=epoch, lowest=held[turn], held=held[-1], train=train)
        return messages.text("history.healthy" if len(held) >= 2 * _WINDOW else "history.cannot-say", lang)

    def to_csv(self) -> str:
        """Return the evaluations as CSV text with a header; an empty field where there is no such score."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        names = [f.name for f in fields(Record)]
        writer.writerow(names)
        for record in self.records:
            values = [getattr(record, name) for name in names]
            writer.writerow(["" if value is None else repr(value) for value in values])
        return text.getvalue()

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values that JSON can hold."""
        return asdict(self)
