"""Runs that have come to rest: at a minimum, a kink, a saddle or a maximum, on a plateau, or held by rounding."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.descent.evidence import Evidence
from gradwright.descent.probing import flat_tail, look_ahead
from gradwright.descent.result import DescentStatus
from gradwright.descent.verdict import Verdict, say

#: Along so many directions of the least curvature a level place is looked for.
_WAYS = 10
#: A run that came from a thousand times as far and is left at so many spacings of floats has arrived.
_SPACINGS = 1000.0


def saddle(run: Evidence) -> Verdict | None:
    """Near a point without slope from which f curves down."""
    seen = run.curvature
    if seen is None or run.steps == 0 or run.growing:
        return None
    threshold = max(10 * seen.error, math.sqrt(run.objective.eps) * seen.size)
    lowest = float(seen.values[0])
    if not lowest < -threshold:
        return None
    down = seen.vectors[:, 0]
    if not (_near(run, down) and _stays(run, lowest)):
        return None
    maximum = len(seen.values) == int((run.pressed == 0).sum()) and bool((seen.values < -threshold).all())
    facts = {"curvature": run.objective.sign * lowest, "gradient": run.norm}
    reason = _turned(run, "maximum" if maximum else "saddle")
    return Verdict(DescentStatus.SADDLE, reason, facts, negative=lowest, direction=down)


def _near(run: Evidence, down: FloatArray) -> bool:
    """Tell whether the stationary point is near, beside the lengths that f and the run have."""
    assert run.curvature is not None  # noqa: S101 - the caller looked
    away = run.curvature.newton(run.gradient)
    went = float(np.linalg.norm(run.path - run.x, axis=1).max())
    blur = float(np.linalg.norm(run.error)) / run.curvature.size + run.objective.x_eps * float(np.linalg.norm(run.x))
    way = -down if run.gradient @ down > 0 else down
    ahead = look_ahead(run.objective, run.x, way, max(away, 1e-6 * went))
    room = ahead.distance if ahead.kind == "rises" else went
    blur = min(10 * blur, 0.01 * room)
    if away <= 1e-3 * room:
        return True
    # Farther off, a run may be on its way past.
    escaping = run.steps >= 6 and run.window(run.lengths, 0).max() > 1.01 * run.window(run.lengths, 1).max()
    return not escaping and away <= 0.01 * went + blur


def _stays(run: Evidence, lowest: float) -> bool:
    """Tell whether f curves down at the stationary point too, not only on the way to it.

    In a bent valley, as of a product of matrices, what is left of the slope bends f down until it is gone.
    """
    if not run.gradient.any():
        return True
    seen = None if run.stationary is None else run.curvature_at(run.stationary)
    return seen is not None and float(seen.values[0]) < 0.3 * lowest


def plateau(run: Evidence) -> Verdict | None:
    """Where f is flat only as far as was looked."""
    found = flat_tail(run)
    if found is None:
        return None
    return say(DescentStatus.PLATEAU, "plateau", gradient=run.norm, distance=found, pace=run.pace)


def converged(run: Evidence) -> Verdict | None:
    """At a minimum as far as rounding tells, or as far as was asked."""
    if run.gain <= run.noise or _as_near_as_floats(run):
        return _corner(run) or _on_bound(run) or _in_noise(run) or _at_rest(run)
    tol = run.trace.tol
    if not run.trace.met_tol or tol is None or run.norm > tol:
        return None
    facts: dict[str, Any] = {"gradient": run.norm, "tol": tol}
    if not run.bowl_ahead or run.curvature is None:
        return say(DescentStatus.CONVERGED, "converged-tol-open", **facts)
    distance = run.curvature.newton(run.gradient)
    return say(DescentStatus.CONVERGED, _turned(run, "converged-tol"), distance=distance, gain=run.gain, **facts)


def _as_near_as_floats(run: Evidence) -> bool:
    """Tell whether the minimum of the quadratic model is no farther than rounding of x can keep a run from it.

    A step is absorbed from half a spacing of floats on, which is some spacings of the distance: 1 / (rate curvature).
    """
    if run.curvature is None:
        return False
    spacing = run.objective.x_eps * float(np.linalg.norm(run.x))
    left = run.curvature.newton(run.gradient)
    if not math.isfinite(run.gain):
        # Along the floor of a valley f does not curve; a run at rest is off it by what is across the valley.
        if run.pace > 2 * spacing or run.curvature.largest <= 10 * run.curvature.error:
            return False
        left = run.norm / run.curvature.largest
    # A start far up counts too where what is left is nothing beside x.
    if run.gain <= run.start_noise and left <= math.sqrt(run.objective.x_eps) * float(np.linalg.norm(run.x)):
        return True
    return left <= 2 * spacing or (left <= _SPACINGS * spacing and left <= 1e-3 * run.travelled)


def _at_rest(run: Evidence) -> Verdict:
    return say(DescentStatus.CONVERGED, _turned(run, "converged"), gradient=run.norm)


def _in_noise(run: Evidence) -> Verdict | None:
    """As near as the noise of f lets a measured gradient see."""
    noise = run.objective.noise
    if run.objective.analytic or noise == 0:
        return None
    known = float(np.linalg.norm(run.error))
    return say(DescentStatus.CONVERGED, _turned(run, "converged-noise"), noise=noise, known=known)


def _on_bound(run: Evidence) -> Verdict | None:
    """On a bound that f would fall beyond."""
    if not run.pressed.any():
        return None
    i = int(np.abs(run.pressed).argmax())
    facts = {"where": run.objective.native.where(i), "x": float(run.x[i]), "gradient": run.norm}
    slope = run.objective.sign * float(run.pressed[i])
    return say(DescentStatus.CONVERGED, _turned(run, "converged-bound"), slope=slope, **facts)


def _corner(run: Evidence) -> Verdict | None:
    """On a kink: a minimum where f rises to both sides, else no place to stay."""
    if run.curvature is not None and run.curvature.largest > 10 * run.curvature.error:
        return None
    sides = run.sides
    if not (sides.apart & (run.pressed == 0)).any():
        return None
    i = int(np.flatnonzero(sides.apart)[0])
    left, right = sides.left[sides.apart], sides.right[sides.apart]
    low = bool((left <= 0).all() and (right >= 0).all())
    slopes = sorted((run.objective.sign * float(sides.left[i]), run.objective.sign * float(sides.right[i])))
    if run.objective.sign * (sides.right[i] - sides.left[i]) < 0:
        slopes.reverse()
    facts = {"where": run.objective.native.where(i), "x": float(run.x[i]), "left": slopes[0], "right": slopes[1]}
    if low:
        return say(DescentStatus.CONVERGED, _turned(run, "converged-kink"), **facts)
    return say(DescentStatus.SADDLE, "saddle-kink", **facts)


def level(run: Evidence) -> Verdict | None:
    """Where neither gradient nor curvature shows, but f falls by a higher power of the distance: x**3 at 0."""
    seen = run.curvature
    if seen is None or run.growing:
        return None
    radii = max(1.0, float(np.linalg.norm(run.x))) * 2.0 ** np.array([-12, -9, -6, -3])
    here = float(run.values[-1])
    for k in range(min(len(seen.values), _WAYS)):
        way = seen.vectors[:, k]
        shown = abs(float(run.gradient @ way)) * radii + abs(float(seen.values[k])) * radii**2 / 2
        for side in (1.0, -1.0):
            falls = np.array([here - run.objective.value(run.objective.inside(run.x + side * r * way)) for r in radii])
            if (falls > 10 * shown + run.noise).all() and (falls[1:] > 8 * falls[:-1]).all():
                return Verdict(DescentStatus.SADDLE, "saddle-level", {"gradient": run.norm}, direction=side * way)
    return None


def frozen(run: Evidence) -> Verdict | None:
    """Standing still where the gradient is not zero."""
    if run.steps == 0 or run.trace.rates[-1] == 0:
        return None
    if run.mismatch is not None and run.trace.norms[-1] <= 0.01 * run.norm:
        return say(DescentStatus.FROZEN, "frozen-gradient", given=run.trace.norms[-1], gradient=run.norm)
    still = run.path[-1] == run.path[-2]
    real = run.gradient != 0
    if run.objective.step is not None and not run.objective.analytic:
        h = run.objective.step
        lost = still & real & (((run.x + h) == run.x) | ((run.x - h) == run.x))
        if lost.any():
            return _absorbed(run, lost, h)
    if real.any() and still[real].all():
        # Half of the way to the next float is enough.
        gaps = run.objective.gaps(run.x, -run.gradient)[real]
        needed = float((gaps / 2 / np.abs(run.gradient[real])).min())
        # An entry may have stood still because only here has it a slope, as of a maximum of several functions.
        if not (still.all() or (run.plain and needed > run.trace.rates[-1])):
            return None
        return say(DescentStatus.FROZEN, "frozen-update", rate=run.trace.rates[-1], gradient=run.norm, needed=needed)
    return None


def _absorbed(run: Evidence, lost: Any, h: FloatArray) -> Verdict:
    moving = np.flatnonzero((run.path != run.x).any(axis=1))
    i = int(np.argmax(np.where(lost, np.abs(run.gradient), 0)))
    return say(
        DescentStatus.FROZEN,
        "frozen-difference",
        step=float(h[i]),
        where=run.objective.native.where(i),
        x=float(run.x[i]),
        spacing=float(np.spacing(abs(run.x[i]))),
        since=int(moving[-1]) + 1 if moving.size else 0,
        gradient=run.norm,
        rate=run.trace.rates[-1],
    )


def _turned(run: Evidence, reason: str) -> str:
    """Return the key for a maximum where one is sought."""
    return reason if run.objective.sign > 0 else f"{reason}-up"
