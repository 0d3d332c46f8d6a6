"""How a descent ended, judged from what it left behind and a few more looks at the function.

Everything here is said of a function to be made small; `Objective` turns a maximum around. Sizes are compared with
what rounding does to the values (eps |f|) and to the points (eps |x|), and with the lengths that the run itself went.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.descent.curvature import Curvature, measure
from gradwright.descent.objective import Objective
from gradwright.descent.probing import flat_tail
from gradwright.descent.result import DescentStatus

#: More steps to go than this many times those done are many.
_MANY = 10.0
#: A run is at the stability limit from this fraction of it on: there a swing still has a tenth after 22 steps.
_AT_LIMIT = 0.95
#: A rate below this fraction of the stability limit could be raised tenfold and more.
_TIMID = 0.05
#: "There" means that a thousandth of the distance is left.
_THERE = math.log(1e3)


class Trace:
    """What a run leaves behind; values and gradients as of a function to be made small."""

    def __init__(self, x: FloatArray, value: float) -> None:
        self.path = [x]
        self.values = [value]
        self.norms: list[float] = []
        self.rates: list[float] = []
        self.secants: list[float] = []  # the curvature along each step, NaN where rounding hides it
        self.gradient = np.zeros_like(x)  # the last one, without the entries that press against a bound
        self.start_gradient = self.gradient
        self.error = np.zeros_like(x)
        self.met_tol = self.overflow = False
        self._full: FloatArray | None = None

    def add(self, x: FloatArray, value: float, rate: float) -> None:
        """Note a step."""
        self.path.append(x)
        self.values.append(value)
        self.rates.append(rate)

    def see(self, gradient: FloatArray, free: FloatArray, error: FloatArray) -> None:
        """Note the gradient at the last point, and the curvature along the step that led there."""
        if self._full is not None:
            self.secants.append(self._secant(gradient - self._full, error))
        else:
            self.start_gradient = free
        self._full, self.gradient, self.error = gradient, free, error
        self.norms.append(float(np.linalg.norm(free)))

    def _secant(self, change: FloatArray, error: FloatArray) -> float:
        move = self.path[-1] - self.path[-2]
        length = float(np.linalg.norm(move))
        size = float(np.linalg.norm(change))
        # Rounding of x is worth eps |x| of the step, the errors of both gradients are part of their difference.
        visible = length > 2.0**10 * np.finfo(np.float64).eps * float(np.linalg.norm(self.path[-1]))
        if not (visible and size > 100 * float(np.linalg.norm(error + self.error))):
            return math.nan
        unit = move / length
        return float(unit @ change) / length


@dataclass(frozen=True)
class Verdict:
    """The judgement of a run; fields as in `Descent`."""

    status: DescentStatus
    reason: str
    facts: dict[str, Any] = field(default_factory=dict)
    lambda_max: float | None = None
    stable: float | None = None
    negative: float | None = None
    direction: FloatArray | None = None


class Run:
    """The quantities by which a run is judged."""

    def __init__(self, trace: Trace, objective: Objective, plain: bool) -> None:
        self.trace, self.objective, self.plain = trace, objective, plain
        self.path, self.values = np.stack(trace.path), np.array(trace.values)
        self.x, self.steps = self.path[-1], len(trace.rates)
        moves = np.diff(self.path, axis=0)
        self.lengths = np.linalg.norm(moves, axis=1)
        self.moves = moves
        self.third = max(1, self.steps // 3)
        ends = self.values[[0, -1]]
        self.noise = 4 * objective.eps * float(np.abs(ends[np.isfinite(ends)]).max())
        self.finite = bool(np.isfinite(self.values[-1])) and bool(np.isfinite(self.x).all()) and not trace.overflow
        self.rate = max(trace.rates[-self.third :], default=0.0)
        self.growing = not self.finite or self._grows()
        self.where = self.path[0] if self.growing else self.x
        self.scale = self._scale()
        measured, self.error = self._look_again()
        # An entry within its error says nothing about the way down.
        self.gradient = np.where(np.abs(measured) > self.error, measured, 0.0)
        budget = max(4, self.steps // 4)
        self.curvature: Curvature | None = measure(objective, self.where, self.gradient, self.scale, budget)
        self.lambda_max = self._largest()
        self.limit = self.rate * self.lambda_max / 2 if plain and self.lambda_max else math.nan

    def _scale(self) -> float:
        """Return how far the run went about where it is judged; where that is next to nothing, the size of x."""
        inside = self.path[self.values <= self.values[0]] if self.growing else self.path
        went = float(np.linalg.norm(inside - self.where, axis=1).max())
        size = float(np.linalg.norm(self.where))
        return went if went > size * self.objective.eps**0.25 else size or 1.0

    def _look_again(self) -> tuple[FloatArray, FloatArray]:
        """Return the true gradient: a step that the caller gave may have been absorbed."""
        if self.growing:
            return self.trace.start_gradient, np.zeros_like(self.x)
        if self.objective.step is None or self.objective.analytic:
            return self.trace.gradient, self.trace.error
        gradient, error = self.objective.gradient(self.x, automatic=True)
        if not np.isfinite(gradient).all():
            return self.trace.gradient, self.trace.error
        return self.objective.free(self.x, gradient), error

    def _largest(self) -> float | None:
        below = self.values[1:] <= self.values[0]
        below[:1] |= self.curvature is None  # something must be seen even of a run that only rises
        along = [s for s, ok in zip(self.trace.secants, below, strict=False) if ok and math.isfinite(s)]
        if self.curvature is not None and np.isfinite(self.curvature.largest):
            along.append(self.curvature.largest)
        largest = max(along, default=0.0)
        return largest if largest > 0 else None

    def window(self, array: FloatArray, which: int) -> FloatArray:
        """Return the last (0), the middle (1) or the first (2) third of an array over the steps."""
        end = len(array) - which * self.third
        return array[max(0, end - self.third) : end]

    def _grows(self) -> bool:
        """Tell whether the steps grow and the values rise, to the end."""
        lowest = int(np.argmin(self.values))
        after = self.steps - lowest
        if after < 3 or self.values[-1] <= self.values[lowest] + self.noise:
            return False
        # Two windows since the lowest value, each long enough to hold a swing to either side.
        half = after // 2
        lengths, values = self.lengths[lowest:], self.values[lowest + 1 :]
        rising = values[half:].max() > values[:half].max() + self.noise
        higher = self.values[-1] > self.values[0] or (self.plain and after >= 6)
        return bool(higher and rising and lengths[half:].max() > 1.01 * lengths[:half].max())

    @property
    def gain(self) -> float:
        """How far f still falls by its quadratic model."""
        if not self.gradient.any():
            return 0.0
        return math.inf if self.curvature is None else self.curvature.gain(self.gradient)

    @property
    def pace(self) -> float:
        """The length of the last steps."""
        return float(np.median(self.lengths[-min(self.steps, 5) :])) if self.steps else 0.0


def diagnose(trace: Trace, objective: Objective, plain: bool) -> Verdict:
    """Judge a run.

    Parameters
    ----------
    trace : Trace
        What it left behind.
    objective : Objective
        The function, for a few more looks.
    plain : bool
        Whether the steps were those of `SGD`, to which the stability limit applies.
    """
    run = Run(trace, objective, plain)
    verdict = None
    for look in (_diverged, _saddle, _plateau, _converged, _frozen, _oscillating, _crawling):
        verdict = look(run)
        if verdict is not None:
            break
    status, reason, facts, negative, direction = verdict or _unfinished(run)
    kink = reason == "oscillating-kink"
    stable = 2 / run.lambda_max if plain and run.lambda_max and not kink else None
    return Verdict(status, reason, facts, run.lambda_max, stable, negative, direction)


_Look = tuple[DescentStatus, str, dict[str, Any], float | None, FloatArray | None]


def _say(status: DescentStatus, reason: str, **facts: Any) -> _Look:
    return status, reason, facts, None, None


def _diverged(run: Run) -> _Look | None:
    if not run.growing:
        far = float(np.linalg.norm(run.x - run.path[0]))
        grown = 1 + float(np.linalg.norm(run.path[0]))
        ever_faster = run.steps > 2 and run.lengths[-1] >= run.lengths.max() and run.lengths[-1] > run.lengths[0]
        if not (ever_faster and run.values[-1] < run.values[0] and far > grown / math.sqrt(run.objective.eps)):
            return None
    last = run.trace.rates[-1]
    if run.values[-1] == -math.inf or (run.finite and run.values[-1] < run.values[0] and not run.growing):
        return _say(DescentStatus.DIVERGED, "unbounded", value=run.objective.sign * float(run.values[-1]))
    steps = run.steps
    if run.plain and run.lambda_max:
        stable = 2 / run.lambda_max
        return _say(DescentStatus.DIVERGED, "diverged", rate=last, stable=stable, better=stable / 2, steps=steps)
    return _say(DescentStatus.DIVERGED, "diverged-other", rate=last, better=last / 10, steps=steps)


def _saddle(run: Run) -> _Look | None:
    seen = run.curvature
    if seen is None or run.steps == 0:
        return None
    lowest = float(seen.values[0])
    if not lowest < -max(10 * seen.error, math.sqrt(run.objective.eps) * seen.size):
        return None
    escaping = run.steps >= 6 and run.window(run.lengths, 0).max() > 1.01 * run.window(run.lengths, 1).max()
    went = float(np.linalg.norm(run.path - run.x, axis=1).max())
    blur = float(np.linalg.norm(run.error)) / seen.size + run.objective.x_eps * float(np.linalg.norm(run.x))
    if escaping or seen.newton(run.gradient) > 0.01 * went + 10 * blur:
        return None
    facts = {"curvature": run.objective.sign * lowest, "gradient": float(np.linalg.norm(run.gradient))}
    return DescentStatus.SADDLE, "saddle" if run.objective.sign > 0 else "saddle-up", facts, lowest, seen.vectors[:, 0]


def _converged(run: Run) -> _Look | None:
    if run.trace.met_tol or run.gain <= run.noise:
        reason = "converged" if run.objective.sign > 0 else "converged-up"
        return _say(DescentStatus.CONVERGED, reason, gradient=float(np.linalg.norm(run.gradient)))
    return None


def _frozen(run: Run) -> _Look | None:
    still = run.path[-1] == run.path[-2]
    real = run.gradient != 0
    if run.objective.step is not None and not run.objective.analytic:
        h = run.objective.step
        lost = still & real & (((run.x + h) == run.x) | ((run.x - h) == run.x))
        if lost.any():
            moving = np.flatnonzero((run.path != run.x).any(axis=1))
            i = int(np.argmax(np.where(lost, np.abs(run.gradient), 0)))
            return _say(
                DescentStatus.FROZEN,
                "frozen-difference",
                step=float(h[i]),
                x=float(run.x[i]),
                spacing=float(np.spacing(abs(run.x[i]))),
                since=int(moving[-1]) + 1 if moving.size else 0,
                gradient=float(np.linalg.norm(run.gradient)),
                rate=run.trace.rates[-1],
            )
    if real.any() and still[real].all():
        spacing = run.objective.x_eps * np.abs(run.x[real])
        needed = float((spacing / np.abs(run.gradient[real])).min())
        norm = float(np.linalg.norm(run.gradient))
        return _say(DescentStatus.FROZEN, "frozen-update", rate=run.trace.rates[-1], gradient=norm, needed=needed)
    return None


def _plateau(run: Run) -> _Look | None:
    found = flat_tail(run)
    if found is None:
        return None
    return _say(
        DescentStatus.PLATEAU, "plateau", gradient=float(np.linalg.norm(run.gradient)), distance=found, pace=run.pace
    )


def _oscillating(run: Run) -> _Look | None:
    if run.steps < 6:
        return None
    last, before = run.window(run.lengths, 0), run.window(run.lengths, 1)
    moves = run.moves[-len(last) :]
    net = float(np.linalg.norm(run.path[-1] - run.path[-1 - len(last)]))
    went = float(last.sum())
    # The way there and back is long beside the way gone; alternation alone brings net / went down to 1 / steps.
    to_and_fro = went > 0 and net <= went * max(0.1, 1.5 / len(last))
    turns = (moves[1:] * moves[:-1]).sum(axis=1) < 0
    shrinks = last.max() / before.max() if before.max() > 0 else 0.0
    lively = shrinks > 0.9 or (run.limit >= _AT_LIMIT and shrinks > 0.5)
    values = run.values[-len(last) :], run.values[-2 * len(last) : -len(last)]
    fell = float(values[1].min() - values[0].min())
    progress = fell > 0.1 * float(values[0].max() - values[0].min()) + run.noise
    stuck = not progress or (run.limit >= _AT_LIMIT and turns.mean() > 0.9)
    if not (to_and_fro and lively and stuck):
        return None
    swing, rate = float(last.max()), run.trace.rates[-1]
    # Across a kink the gradient turns round over one step, however short: a curvature that is not there at the point.
    at_point = run.curvature.size if run.curvature is not None else 0.0
    if run.plain and run.lambda_max and at_point > 0.5 * run.lambda_max:
        stable = 2 / run.lambda_max
        return _say(DescentStatus.OSCILLATING, "oscillating", swing=swing, rate=rate, stable=stable, better=stable / 2)
    return _say(DescentStatus.OSCILLATING, "oscillating-kink", swing=swing, rate=rate, better=rate / 10)


def _crawling(run: Run) -> _Look | None:
    need = _steps_needed(run)
    fell = float(run.values[0] - run.values[-1])
    share = fell / (fell + run.gain) if math.isfinite(run.gain) else 0.0
    timid = run.limit <= _TIMID if run.plain and math.isfinite(run.limit) else True
    if not (need > _MANY * run.steps and timid and share < 0.5):
        return None
    rate = run.trace.rates[-1]
    if run.plain and run.lambda_max:
        stable = 2 / run.lambda_max
        return _say(DescentStatus.CRAWLING, "crawling", rate=rate, need=need, stable=stable, better=stable / 2)
    better = rate * need / max(run.steps, 1)
    return _say(DescentStatus.CRAWLING, "crawling-other", rate=rate, need=need, better=better)


def _steps_needed(run: Run) -> float:
    """Return about how many more steps it takes at this pace; infinite if that cannot be said."""
    gain, norm = run.gain, float(np.linalg.norm(run.gradient))
    if run.pace == 0:
        return math.inf
    if run.plain and math.isfinite(gain) and gain > 0 and run.rate > 0:
        # In a bowl of curvature c the distance shrinks by 1 - rate c a step.
        return _THERE / (run.rate * norm**2 / (2 * gain))
    if run.curvature is not None and math.isfinite(gain):
        return run.curvature.newton(run.gradient) / run.pace
    # No bottom in sight: as long as it takes to go as far as x is large.
    return float(np.linalg.norm(run.x) or 1.0) / run.pace


def _unfinished(run: Run) -> _Look:
    need = _steps_needed(run)
    norm = float(np.linalg.norm(run.gradient))
    if math.isfinite(need) and math.isfinite(run.gain):
        if not run.plain:
            return _say(DescentStatus.MAX_STEPS, "max-steps-pace", steps=run.steps, need=need, gradient=norm)
        return _say(DescentStatus.MAX_STEPS, "max-steps", steps=run.steps, need=need, gradient=norm)
    return _say(DescentStatus.MAX_STEPS, "max-steps-open", steps=run.steps, gradient=norm)
