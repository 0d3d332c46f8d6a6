"""Runs still in motion: away, to and fro, too slowly, or soundly."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gradwright.descent.evidence import Evidence
from gradwright.descent.probing import find_end
from gradwright.descent.result import DescentStatus
from gradwright.descent.verdict import Verdict, say

#: So many steps, each of which leads back to where the last but one began, to this part of its length, are a cycle.
_CYCLE, _BACK = 5, 1e-3
#: Noise moves gradients by up to so many of their error bars, with what a momentum makes of it.
_BLURRED = 3.0
#: More steps to go than this many times those done are many.
_MANY = 10.0
#: A run is at the stability limit from this fraction of it on: there a swing still has a tenth after 22 steps.
_AT_LIMIT = 0.95
#: The limit is measured to so much.
_AT_ONE = 1e-4
#: A rate below this fraction of the stability limit could be raised tenfold and more.
_TIMID = 0.05
#: "There" means that this share of the distance is left.
_THERE = 1e-3
#: A run that f falls away under has run away at so many times the size of its start.
_FAR = 100.0


def diverged(run: Evidence) -> Verdict | None:
    """The steps or the values grow without end, or f ends."""
    if run.finite and not run.growing:
        return _too_early(run) or _runs_away(run)
    if run.values[-1] == -math.inf:
        return say(DescentStatus.DIVERGED, "unbounded", value=run.objective.sign * float(run.values[-1]))
    rate, steps = run.trace.rates[-1], run.steps
    ended = _ended(run)
    if ended is not None:
        return ended
    if run.plain and run.lambda_max and rate * run.lambda_max >= 2:
        stable = 2 / run.lambda_max
        return say(DescentStatus.DIVERGED, "diverged", rate=rate, stable=stable, better=stable / 2, steps=steps)
    return say(DescentStatus.DIVERGED, "diverged-other", rate=rate, better=rate / 10, steps=steps)


def _too_early(run: Evidence) -> Verdict | None:
    """Too few steps to see them grow, but f rises, and the rate is above the limit."""
    rate, since = run.rate, run.steps - int(np.argmin(run.values))
    if not (run.plain and run.lambda_max and 0 < since < 3 and rate * run.lambda_max > 2):
        return None
    if run.values[-1] <= run.values[0] + run.noise or run.breaks is not None:
        return None
    stable = 2 / run.lambda_max
    return say(DescentStatus.DIVERGED, "diverged", rate=rate, stable=stable, better=stable / 2, steps=run.steps)


def _runs_away(run: Evidence) -> Verdict | None:
    ever_faster = run.steps > 2 and run.lengths[-1] >= run.lengths.max() and run.lengths[-1] > run.lengths[0]
    far = run.travelled > _FAR * (1 + float(np.linalg.norm(run.path[0])))
    if ever_faster and far and run.values[-1] < run.values[0] and run.ahead.kind == "falls":
        return say(DescentStatus.DIVERGED, "unbounded", value=run.objective.sign * float(run.values[-1]))
    return None


def _ended(run: Evidence) -> Verdict | None:
    """Say where f ends, if the last step led out of its domain rather than up and away."""
    if not np.isfinite(run.x).all() or np.isfinite(run.values[-1]):
        return None
    before = run.values[:-1]
    if before[-1] > before[0] + run.noise or np.abs(before).max() > 1e100:
        return None
    edge, share = find_end(run.objective, run.path[-2], run.x)
    if abs(run.objective.value(edge)) > 1e100:
        return None  # no end of f, but of the floats
    i = int(np.abs(run.moves[-1]).argmax())
    return say(
        DescentStatus.DIVERGED,
        "ended",
        step=run.steps,
        where=run.objective.native.where(i),
        x=float(run.x[i]),
        value=run.objective.sign * float(run.values[-1]),
        edge=float(edge[i]),
        rate=run.trace.rates[-1],
        better=run.trace.rates[-1] * (share / 2 if share > 0.01 else 0.1),
    )


def hidden(run: Evidence) -> Verdict | None:
    """Steps that noise makes as much as the slope of f: measured gradients of about the size of their error bars."""
    noise = run.objective.noise
    if run.objective.analytic or noise == 0 or run.steps < _CYCLE:
        return None
    norms, errors = (run.window(np.array(part)[1:], 0) for part in (run.trace.norms, run.trace.errors))
    if np.median(norms / errors) > _BLURRED:
        return None
    return say(DescentStatus.MAX_STEPS, "max-steps-noise", noise=noise, window=run.third, gradient=run.norm)


def oscillating(run: Evidence) -> Verdict | None:
    """To and fro without progress: at the stability limit, or across a kink."""
    if run.steps <= _CYCLE:
        return None
    if _cycles(run):
        return _swing(run, float(run.lengths[-1]))
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
    if to_and_fro and lively and stuck:
        return _swing(run, float(last.max()))
    # About a cusp the steps are of any length, but on the whole they lead no lower, and across it.
    middles = [float(np.median(run.window(run.values[1:], k))) for k in range(3)]
    best = run.values[1 : -len(last)].min() <= values[0].min() + run.noise
    if (best or middles[0] >= min(middles[1:]) - run.noise) and run.breaks is not None:
        return _swing(run, float(run.lengths.max()))
    return None


def _cycles(run: Evidence) -> bool:
    """Tell whether the last steps lead to and fro between two points."""
    back = np.linalg.norm(run.path[-_CYCLE:] - run.path[-_CYCLE - 2 : -2], axis=1)
    return bool((back <= _BACK * run.lengths[-_CYCLE:]).all() and run.lengths[-1] > 0)


def _swing(run: Evidence, swing: float) -> Verdict:
    rate = run.trace.rates[-1]
    facts: dict[str, Any] = {"swing": swing, "rate": rate}
    if run.breaks is not None:
        i = int(np.abs(run.moves[-1]).argmax())
        place = {"where": run.objective.native.where(i), "x": float(run.breaks.x[i])}
        return say(DescentStatus.OSCILLATING, "oscillating-kink", better=rate / 10, **facts, **place)
    if run.limit >= _AT_LIMIT and run.lambda_max:
        stable = 2 / run.lambda_max
        reason = "oscillating" if run.limit >= 1 - _AT_ONE else "oscillating-below"
        return say(DescentStatus.OSCILLATING, reason, stable=stable, better=stable / 2, **facts)
    return say(DescentStatus.OSCILLATING, "oscillating-other", better=rate / 10, **facts)


def spent(run: Evidence) -> Verdict | None:
    """A schedule that has come to 0."""
    if run.steps == 0 or run.trace.rates[-1] > 0:
        return None
    since = int(np.flatnonzero(np.array(run.trace.rates) > 0).max(initial=-1)) + 1
    return say(DescentStatus.MAX_STEPS, "max-steps-spent", since=since, gradient=run.norm)


def crawling(run: Evidence) -> Verdict | None:
    """Sound steps, but far too short."""
    need = steps_needed(run)
    timid = run.limit <= _TIMID if run.plain and math.isfinite(run.limit) else True
    if not (need > _MANY * run.steps and timid):
        return None
    fell = float(run.values[0] - run.values[-1])
    # Of an optimizer that has no stability limit only the way gone tells.
    if not fell < (0.3 if run.plain and run.bowl_ahead else 0.05) * (fell + run.left):
        return None
    rate = run.trace.rates[-1]
    if not run.bowl_ahead:
        if not math.isfinite(run.left) and run.travelled > 0.01 * (float(np.linalg.norm(run.x)) or 1.0):
            return None
        return say(DescentStatus.CRAWLING, "crawling-open", rate=rate, moved=run.travelled, better=10 * rate)
    if run.plain and run.lambda_max:
        stable = 2 / run.lambda_max
        return say(DescentStatus.CRAWLING, "crawling", rate=rate, need=need, stable=stable, better=stable / 2)
    better = rate * need / max(run.steps, 1)
    return say(DescentStatus.CRAWLING, "crawling-other", rate=rate, need=need, better=better)


def steps_needed(run: Evidence) -> float:
    """Return about how many more steps it takes by the curvature here; infinite if that cannot be said."""
    if run.pace == 0:
        return math.inf
    if run.plain and math.isfinite(run.gain) and run.gain > 0 and run.rate > 0:
        # In a bowl of curvature c the distance shrinks by 1 - rate c a step.
        return -math.log(_THERE) / (run.rate * run.norm**2 / (2 * run.gain))
    if run.curvature is not None and math.isfinite(run.gain):
        return run.curvature.newton(run.gradient) / run.pace
    # No bottom in sight: as long as it takes to go as far as x is large.
    return float(np.linalg.norm(run.x) or 1.0) / run.pace


def unfinished(run: Evidence) -> Verdict:
    """Sound progress: how much more it takes is said only where the model and what was seen agree."""
    facts: dict[str, Any] = {"steps": run.steps, "gradient": run.norm, "window": run.third}
    kind = run.ahead.kind
    value, distance = run.objective.sign * run.ahead.value, run.ahead.distance
    if kind == "falls" or (kind == "levels" and run.ahead.distance > 0 and not run.bowl_ahead):
        reason = "max-steps-unbounded" if kind == "falls" else "max-steps-levels"
        return say(DescentStatus.MAX_STEPS, reason, value=value, distance=distance, **facts)
    start = float(run.norms[-1 - run.third])
    facts |= {"before": start, "now": float(run.norms[-1])}
    seen = math.log(start / run.norms[-1]) / run.third if start > 0 and run.norms[-1] > 0 else 0.0
    need = _modelled(run)
    if math.isfinite(need) and seen > 0.5 * -math.log(_THERE) / need:
        return say(DescentStatus.MAX_STEPS, "max-steps", need=need, **facts)
    if run.steps < 9 or run.norms[-1] >= start:
        return _open(run, facts)
    return _by_decay(run, facts)


def _open(run: Evidence, facts: dict[str, Any]) -> Verdict:
    """Say that nothing can be said, and if f breaks about there, that this is why."""
    shrinks = run.steps < 9 or run.norms[-1] < 0.5 * np.median(run.window(run.norms[1:], 2))
    thrown = run.values[-1] > run.values[0]
    if (thrown or not shrinks) and run.values[-1] > run.values[1:].min() and run.breaks is not None:
        i = int(np.abs(run.moves[-1]).argmax())
        place = {"where": run.objective.native.where(i), "x": float(run.breaks.x[i])}
        return say(DescentStatus.MAX_STEPS, "max-steps-kink", **facts, **place)
    return say(DescentStatus.MAX_STEPS, "max-steps-open", **facts)


def _by_decay(run: Evidence, facts: dict[str, Any]) -> Verdict:
    """Judge by how the gradient shrank: the largest of each third, so that swings do not count."""
    first, middle, last = (float(run.window(run.norms[1:], k).max()) for k in (2, 1, 0))
    if not 0 < last < middle < first:
        return _open(run, facts)
    early, late = math.log(first / middle) / run.third, math.log(middle / last) / run.third
    rates = run.window(np.array(run.trace.rates), 0)
    # Twice as fast as before is no decay but a swing through the bottom; a straight line is told from a decay only
    # after it has come down to a half.
    if 0.8 * late < early < 1.25 * late and first > 2 * last and run.bowl_ahead and rates.min() > 0.9 * rates.max():
        return say(DescentStatus.MAX_STEPS, "max-steps-seen", need=-math.log(_THERE) / late, **facts)
    return say(DescentStatus.MAX_STEPS, "max-steps-slower", **facts) if early > late else _open(run, facts)


def _modelled(run: Evidence) -> float:
    """Return the steps to a thousandth of the distance by the quadratic model, where it holds that far."""
    seen, rates = run.curvature, run.window(np.array(run.trace.rates), 0)
    whole = seen is not None and len(seen.values) == len(run.x)
    if not (run.plain and run.steps and whole and rates.min() > 0.9 * rates.max() and run.bowl_ahead):
        return math.inf
    assert seen is not None  # noqa: S101 - `whole` says so
    return seen.steps_to(run.gradient, float(rates[-1]), _THERE)
