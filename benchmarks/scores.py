"""How an answer is judged: one function for each target, the same for every library."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from benchmarks import kinks, noise, problems
from benchmarks.contestants import Answer, Contestant
from benchmarks.edges import INSIDE, ON_END, Bounded

#: A last bit or two of the slope that is computed in float64 for comparison.
_LAST_BITS = 4e-16


@dataclass
class Score:
    """Shares by name, each over the cases that it is about, and the cases that missed."""

    _held: dict[str, list[float]] = field(default_factory=dict)
    missed: dict[str, list[str]] = field(default_factory=dict)

    def note(self, name: str, held: bool, case: str) -> None:
        """Count a case; `case` says which one, if it missed."""
        self._held.setdefault(name, []).append(float(held))
        if not held:
            self.missed.setdefault(name, []).append(case)

    def measure(self, name: str, value: float) -> None:
        """Count a number whose mean is wanted."""
        self._held.setdefault(name, []).append(value)

    def __getitem__(self, name: str) -> float:
        return float(np.mean(self._held[name])) if name in self._held else float("nan")

    def count(self, name: str) -> int:
        """Return how many cases a share is of."""
        return len(self._held.get(name, []))

    def names(self) -> list[str]:
        """Return the names of the shares, in the order in which they came."""
        return list(self._held)

    def report(self, name: str) -> str:
        """Return a share and all that missed it, for the message of a test."""
        return "\n  ".join([f"{name}: {self[name]:.4f} of {self.count(name)}; missed:", *self.missed.get(name, [])])


def _said(answer: Answer) -> str:
    return f"{answer.value:.12g} +- {answer.error:.1e} {answer.status} ({answer.evaluations})"


def smooth(ask: Contestant) -> Score:
    """Judge smooth functions: right, finite, cost, and what the error is worth."""
    score = Score()
    for q in problems.questions():
        answer = ask(q.problem.f, q.x, None)
        error, size = q.error(answer.value), float(abs(q.slope))
        case = f"{q.problem.name} at {q.x:g}: {_said(answer)}, off by {error / size:.1e} (floor {q.floor:.0e})"
        score.note("finite", answer.finite, case)
        score.measure("evaluations", answer.evaluations)
        score.note("error covers", error <= answer.error, case)
        score.note("10x covers", error <= 10 * answer.error, case)
        score.note("not flagged", answer.status not in ("KINK", "JUMP"), case)
        if q.judged:
            right = error < problems.RIGHT * size
            score.note("right", right, case)
            score.note("vouched for", answer.ok, case)
            if right:
                score.note("tight", answer.error < 1e-6 * abs(answer.value), case)
    return score


def at_kinks(ask: Contestant, cases: Iterable[kinks.Kink]) -> Score:
    """Judge points without a derivative: named right, both slopes, and never vouched for."""
    score = Score()
    for kink in cases:
        answer = ask(kink.f, kink.x, None)
        case = (
            f"{kink.name} at {kink.x:g}, size {kink.size:.1g}: {_said(answer)}, "
            f"slopes {answer.left:.8g} and {answer.right:.8g}, truly {kink.left:.8g} and {kink.right:.8g}"
        )
        named = answer.status == kink.status
        score.note("named", named, case)
        score.note("slopes", kink.slopes_right(answer.left, answer.right), case)
        score.note("named with slopes", named and kink.slopes_right(answer.left, answer.right), case)
        score.note("not believed", not answer.ok, case)
        score.measure("evaluations", answer.evaluations)
    return score


def beside(ask: Contestant, cases: Iterable[kinks.Beside]) -> Score:
    """Judge points with a derivative where f turns sharply: never silently wrong, never flagged for nothing."""
    score = Score()
    for point in cases:
        answer = ask(point.f, point.x, None)
        error = abs(answer.value - point.slope) - _LAST_BITS * abs(point.slope)
        case = f"{point.name} (x = {point.x!r}): {_said(answer)}, truly {point.slope:.12g}"
        silently_wrong = answer.ok and not error <= 10 * answer.error
        score.note("not silently wrong", not silently_wrong, case)
        score.note("not flagged", answer.status not in ("KINK", "JUMP"), case)
        score.note("vouched for", answer.ok, case)
        score.measure("evaluations", answer.evaluations)
    return score


def noisy(ask: Contestant, cases: Iterable[noise.Noisy]) -> Score:
    """Judge functions with noise: the error covers, and where no digits are left that is said."""
    score = Score()
    for case in cases:
        answer = ask(case.f, case.x, None)
        error = abs(answer.value - case.slope)
        text = f"{case.name} at {case.x:.4g}: {_said(answer)}, off by {error:.1e}"
        score.note("error covers", error <= answer.error or not answer.finite, text)
        score.note("10x covers", error <= 10 * answer.error or not answer.finite, text)
        score.note("not flagged", answer.status not in ("KINK", "JUMP"), text)
        score.note("two digits", error < 1e-2 * abs(case.slope), text)
        if not error < 1e-2 * abs(case.slope):
            score.note("said to be noisy", answer.status == "NOISY", text)
            score.note("not believed", not answer.ok, text)
        score.measure("evaluations", answer.evaluations)
    return score


def bounded(ask: Contestant, cases: Iterable[Bounded] = (*INSIDE, *ON_END)) -> Score:
    """Judge the ends of domains: f is left alone outside, ten digits near an end, one-sided on it."""
    score = Score()
    for case in cases:
        answer = ask(case.f, case.x, case.bounds)
        error = abs(answer.value - case.slope)
        relative = error / abs(case.slope) if case.slope else error
        text = f"{case.name} at {case.x:g} in {case.bounds}: {_said(answer)}, off by {relative:.1e}"
        score.note("stayed inside", answer.outside == 0, f"{text}, {answer.outside} outside")
        score.note("ten digits", relative <= 1e-10, text)
        score.note("error covers", error <= answer.error + _LAST_BITS * abs(case.slope), text)
        score.note("vouched for", answer.ok, text)
        if case.on_end:
            score.note("one-sided on an end", answer.status == "ONE_SIDED", text)
        score.measure("evaluations", answer.evaluations)
        score.measure("outside", answer.outside)
    return score


#: The parts of the report, by title.
PARTS: dict[str, Callable[[Contestant], Score]] = {
    "smooth functions": smooth,
    "kinks": lambda ask: at_kinks(ask, kinks.KINKS),
    "jumps": lambda ask: at_kinks(ask, kinks.JUMPS),
    "cusps": lambda ask: at_kinks(ask, kinks.CUSPS),
    "beside kinks, jumps and cusps": lambda ask: beside(ask, kinks.beside()),
    "narrow smooth bends": lambda ask: beside(ask, kinks.bends()),
    **{title: (lambda ask, cases=cases: noisy(ask, cases())) for title, cases in noise.KINDS.items()},
    "bounds": bounded,
}
