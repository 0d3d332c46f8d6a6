"""What a descent comes back as: where it went, how it ended, and what to change."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Any

from gradwright import messages
from gradwright._arrays import FloatArray
from gradwright.descent.comparison import Mismatch


class DescentStatus(enum.Enum):
    """How a descent ended.

    Examples
    --------
    >>> DescentStatus.CRAWLING.text("en")
    'crawling'
    """

    CONVERGED = "converged"
    """At a minimum, as closely as rounding allows to tell, or where the gradient is below `tol`."""
    DIVERGED = "diverged"
    """The steps grow: the learning rate is above the stability limit, or f has no minimum that way."""
    FROZEN = "frozen"
    """Standing still while the gradient is not zero: rounding absorbs the step, or the given gradient is wrong."""
    CRAWLING = "crawling"
    """The learning rate is so small that almost nothing of the way was gone."""
    OSCILLATING = "oscillating"
    """It swings to and fro without progress."""
    PLATEAU = "plateau"
    """The gradient is tiny, but no minimum is near."""
    SADDLE = "saddle"
    """The gradient is tiny, but f goes down (for a maximum, up) in some direction: a saddle, or a maximum."""
    MAX_STEPS = "max-steps"
    """Sound progress, not finished yet."""

    def text(self, lang: str | None = None) -> str:
        """Return the status in words."""
        return messages.text(f"descent.status.{self.value}", lang)


@dataclass(frozen=True, eq=False)
class Descent:
    r"""A run of gradient descent, and its diagnosis.

    Attributes
    ----------
    x : like x0
        The last point.
    value : float
        f there.
    path : array, shape (steps + 1, \*shape), or a tree of such
        The start, then one row a step done; in the library and dtype of x0.
    values : ndarray of float64, shape (steps + 1,)
        f along the path.
    gradients : ndarray of float64, shape (steps + 1,)
        The 2-norm of the gradient along the path, without the entries that press against a bound.
    learning_rates : ndarray of float64, shape (steps,)
        The learning rate of each step.
    status : DescentStatus
        How it ended.
    evaluations : int
        How often f was evaluated, the diagnosis included; calls of a given gradient are not counted.
    lambda_max : float or None
        The largest curvature measured: along the steps at which f was not above its start, and in all directions
        where the run ended (where it began, if it diverged). None if it could not be measured.
    stable_learning_rate : float or None
        ``2 / lambda_max`` for `SGD`: the steps converge below it and diverge above. None for other optimizers, and
        where it swings across a kink, which no constant rate settles.
    negative_curvature : float or None
        At a saddle, the most negative second derivative of f (for a maximum, the most positive).
    direction : like x0, or None
        At a saddle, the unit direction of that curvature: a small push that way, and the descent goes on.
    mismatch : Mismatch or None
        Where the given gradient is not that of f: `where`, the `step` of the path, `given`, `measured`, `error`.
    reason : str
        The key of the advice in the message catalogue.
    facts : dict
        The numbers that the advice names.
    """

    x: Any
    value: float
    path: Any
    values: FloatArray
    gradients: FloatArray
    learning_rates: FloatArray
    status: DescentStatus
    evaluations: int
    lambda_max: float | None
    stable_learning_rate: float | None
    negative_curvature: float | None
    direction: Any
    reason: str
    facts: dict[str, Any] = field(default_factory=dict)
    mismatch: Mismatch | None = None

    @property
    def steps(self) -> int:
        """The number of steps done."""
        return len(self.learning_rates)

    @property
    def advice(self) -> str:
        """What to change, with the numbers."""
        return self.advice_text()

    def advice_text(self, lang: str | None = None) -> str:
        """Return the advice in the language asked for."""
        advice = messages.text(f"descent.advice.{self.reason}", lang, **self.facts)
        if self.mismatch is None:
            return advice
        return messages.text("descent.mismatch", lang, **vars(self.mismatch)) + " " + advice

    def text(self, lang: str | None = None) -> str:
        """Return the run in words: status, value, advice."""
        head = messages.text(
            "descent.summary",
            lang,
            status=self.status.text(lang),
            steps=self.steps,
            value=self.value,
            start=float(self.values[0]),
            evaluations=self.evaluations,
        )
        lines = [head, self.advice_text(lang)]
        if self.stable_learning_rate is not None:
            lines.append(
                messages.text("descent.stable", lang, curvature=self.lambda_max, rate=self.stable_learning_rate)
            )
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()
