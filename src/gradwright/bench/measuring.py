"""Contestants that take turns at a job."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Contestant:
    """One way to do a job: `run` does it once and returns the seconds that it took, or would take as a whole."""

    name: str
    run: Callable[[], float]


@dataclass(frozen=True)
class Job:
    """A job, and who does it; the first of the contestants is this library.

    Attributes
    ----------
    key : str
        Of its name in the messages.
    contestants : sequence of Contestant
        Who does it.
    missing : sequence of str
        Those who would, were they installed.
    """

    key: str
    contestants: Sequence[Contestant]
    missing: Sequence[str] = ()


@dataclass(frozen=True)
class Result:
    """The seconds that each contestant took at a job, round by round."""

    key: str
    seconds: dict[str, list[float]]
    missing: list[str] = field(default_factory=list)

    @property
    def medians(self) -> dict[str, float]:
        """The median of each contestant, this library first."""
        return {name: statistics.median(values) for name, values in self.seconds.items()}

    @property
    def ratios(self) -> dict[str, float]:
        """How many times as long as this library each of the others takes."""
        (_, own), *others = self.medians.items()
        return {name: median / own for name, median in others}


def measured(job: Job, rounds: int, tick: Callable[[], None] = lambda: None) -> Result:
    """Let the contestants take turns, after one round that does not count, and tell each turn by `tick`."""
    seconds: dict[str, list[float]] = {contestant.name: [] for contestant in job.contestants}
    for number in range(rounds + 1):
        for contestant in job.contestants:
            taken = contestant.run()
            if number:
                seconds[contestant.name].append(taken)
            tick()
    return Result(job.key, seconds, list(job.missing))
