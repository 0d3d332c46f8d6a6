"""The quantities by which a run is judged, and a few more looks at the function that they cost.

Everything here is said of a function to be made small; `Objective` turns a maximum around. Sizes are compared with
what rounding does to the values (eps |f|) and to the points (eps |x|), and with the lengths that the run itself went.
"""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.descent.comparison import Mismatch, compare, repeats
from gradwright.descent.curvature import Curvature, Scale, measure
from gradwright.descent.objective import Objective, Sides
from gradwright.descent.probing import Ahead, Break, find_break, look_ahead
from gradwright.descent.trace import Trace

#: So many of the largest curvatures along steps are looked at again before they count.
_SUSPECTS = 8
#: A kink is looked for on the steps about so many of the sharpest turns.
_CROSSINGS = 3
#: A cusp throws a run off, but not by steps that grow so much from one half to the next.
_THROWN = 20.0


class Evidence:
    """What is known of a run."""

    def __init__(self, trace: Trace, objective: Objective, plain: bool) -> None:
        self.trace, self.objective, self.plain = trace, objective, plain
        self.path, self.values = np.stack(trace.path), np.array(trace.values)
        self.norms = np.array(trace.norms)
        self.x, self.steps = self.path[-1], len(trace.rates)
        self.moves = np.diff(self.path, axis=0)
        self.lengths = np.linalg.norm(self.moves, axis=1)
        self.third = max(1, self.steps // 3)
        sound = int(np.flatnonzero(np.isfinite(self.values))[-1])
        objective.listen(self.path[sound], float(self.values[sound]))
        # Terms of the size of the start may cancel at the end; but of a start far up that tells nothing.
        start, end = (abs(float(value)) if math.isfinite(value) else 0.0 for value in self.values[[0, -1]])
        self.noise = 4 * objective.rounding(max(end, min(start, 1.0)))
        self.start_noise = 4 * objective.rounding(start)
        self.finite = bool(np.isfinite(self.values[-1])) and bool(np.isfinite(self.x).all()) and not trace.overflow
        self.rate = max(trace.rates[-self.third :], default=0.0)
        self.erratic = objective.analytic and not repeats(objective, self.path[0])
        self.mismatch = self._compare()
        self.growing = not self.finite or self._grows()
        self.where = self.path[0] if self.growing else self.x
        self.pressed = self.trace.start_pressed if self.growing else self.trace.pressed
        measured, self.error = self._look_again()
        # An entry within its error says nothing about the way down.
        self.gradient = np.where(np.abs(measured) > self.error, measured, 0.0)
        self.norm = float(np.linalg.norm(self.gradient))
        self.curvature: Curvature | None = self.curvature_at(self.where)
        self.lambda_max = self._largest()
        self.limit = self.rate * self.lambda_max / 2 if plain and self.lambda_max else math.nan

    def _compare(self) -> Mismatch | None:
        """Compare a given gradient with a measured one; go on with measured ones if it is wrong."""
        if self.erratic or not self.objective.analytic:
            self.objective.trusted = not self.erratic
            return None
        sound = np.flatnonzero(np.isfinite(self.values) & (np.abs(self.values) < 1e100))
        points = dict.fromkeys(int(k) for k in (0, sound[-1], sound[len(sound) // 2]))
        floor = float(self.norms[0])
        mismatch = compare(self.objective, self.path, points, floor)
        self.objective.trusted = mismatch is None
        return mismatch

    def _scale(self) -> Scale:
        """Return how far the run went about where it is judged; where that is next to nothing, the size of x."""
        inside = (self.values <= self.values[0]) | (not self.growing)
        went = np.linalg.norm(self.path[inside] - self.where, axis=1)
        size = float(np.linalg.norm(self.where))
        near = self.values[inside]
        far = float(went.max())
        there = float(np.abs(near[np.isfinite(near)]).max())
        if far > size * self.objective.eps**0.25 and np.ptp(near[np.isfinite(near)]) > 0:
            return Scale(far, float(np.ptp(near[np.isfinite(near)])), there)
        return Scale(size or 1.0, there, there)

    def _look_again(self) -> tuple[FloatArray, FloatArray]:
        """Return the true gradient: a step that the caller gave may have been absorbed, a gradient may be wrong."""
        if not self.objective.trusted and np.isfinite(self.where).all():
            gradient, error = self.objective.measured(self.where)
        elif self.growing:
            return self.trace.start_gradient, np.zeros_like(self.x)
        elif self.objective.step is None or self.objective.analytic:
            return self.trace.gradient, self.trace.error
        else:
            gradient, error = self.objective.measured(self.x)
        if not np.isfinite(gradient).all():
            return self.trace.gradient, self.trace.error
        free = self.objective.free(self.where, gradient)
        self.pressed = np.where(free == gradient, 0.0, gradient)
        return free, error

    def _largest(self) -> float | None:
        """Return the largest curvature: at the point, and along the steps that were not above the start."""
        seen, largest = self.curvature, 0.0
        if seen is not None and math.isfinite(seen.largest) and seen.largest > 10 * seen.error:
            largest = seen.largest
        if self.objective.trusted:
            below = self.values[1:] <= self.values[0]
            below[:1] |= self.curvature is None  # something must be seen even of a run that only rises
            along = [(s, k) for k, s in enumerate(self.trace.secants) if below[k] and math.isfinite(s)]
            for secant, k in sorted(along, reverse=True)[:_SUSPECTS]:
                if secant <= 1.5 * largest:
                    largest = max(largest, secant)
                    break
                if self._is_curvature(secant, k):
                    largest = secant
                    break
        return largest if largest > 0 else None

    def _is_curvature(self, secant: float, k: int) -> bool:
        """Tell whether f curves as much somewhere on a step, or only breaks there: at a kink the gradient jumps."""
        if find_break(self.objective, self.path[k], self.path[k + 1]) is not None:
            return False
        return bool(secant > 0)

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
        higher = self.values[-1] > self.values[0] or (self.plain and after >= 6 and not self.erratic)
        growth = float(lengths[half:].max()) / max(float(lengths[:half].max()), 1e-300)
        if not (higher and rising and growth > 1.01):
            return False
        # Across a cusp steps are of any length, now and then a longer one.
        return growth > _THROWN or self.breaks is None

    @property
    def end_norm(self) -> float:
        """The size of the true gradient at the last point where f is finite."""
        x = self.path[np.flatnonzero(np.isfinite(self.values))[-1]]
        return float(np.linalg.norm(self.objective.free(x, self.objective.measured(x)[0])))

    @property
    def gain(self) -> float:
        """How far f still falls by its quadratic model."""
        if not self.gradient.any():
            return 0.0
        return math.inf if self.curvature is None else self.curvature.gain(self.gradient)

    @cached_property
    def left(self) -> float:
        """How far f still falls: by the quadratic model where it holds so far, else along the line ahead."""
        if self.gain <= self.noise or self.bowl_ahead:
            return self.gain
        return math.inf if self.ahead.kind == "falls" else float(self.values[-1]) - self.ahead.value

    @property
    def pace(self) -> float:
        """The length of the last steps."""
        return float(np.median(self.lengths[-min(self.steps, 5) :])) if self.steps else 0.0

    @property
    def travelled(self) -> float:
        """How far from the start the run ended."""
        return float(np.linalg.norm(self.x - self.path[0]))

    @cached_property
    def sides(self) -> Sides:
        """The slopes to either side where the run ended."""
        return self.objective.sides(self.x)

    @cached_property
    def breaks(self) -> Break | None:
        """A kink or a jump of f between points where the run turned round most sharply of late, or was lowest."""
        sizes = self.lengths[1:] * self.lengths[:-1]
        turned = (self.moves[1:] * self.moves[:-1]).min(axis=1) / np.where(sizes > 0, sizes, 1.0)
        late = len(turned) - min(len(turned), 2 * self.third)
        sharpest = late + 1 + np.argsort(turned[late:])[:_CROSSINGS]
        for k in dict.fromkeys([self.steps - 1, *sharpest.tolist(), int(np.argmin(self.values))]):
            for step in (k, k - 1):
                inside = 0 <= step < self.steps
                found = find_break(self.objective, self.path[step], self.path[step + 1]) if inside else None
                if found is not None:
                    return found
        return None

    @cached_property
    def ahead(self) -> Ahead:
        """What f does farther on, the way that the run goes down."""
        before = self.path[-1 - self.third]
        falls = self.values[-1] < self.values[-1 - self.third] - self.noise
        way = self.x - before if falls and (self.x != before).any() else -self.gradient
        return look_ahead(
            self.objective, self.x, way, max(self.pace, self.objective.x_eps * float(np.linalg.norm(self.x)))
        )

    @cached_property
    def bowl_ahead(self) -> bool:
        """Whether the quadratic model holds as far as its own minimum."""
        return self.norm > 0 and math.isfinite(self.gain) and self.stationary is not None

    @cached_property
    def stationary(self) -> FloatArray | None:
        """The stationary point of the quadratic model, if the gradient is gone there."""
        if self.curvature is None or not self.gradient.any():
            return self.x if self.curvature is not None else None
        there = self.objective.inside(self.x - self.curvature.solve(self.gradient))
        gradient, error = self.objective.gradient(there, automatic=True)
        left = float(np.linalg.norm(self.objective.free(there, gradient)))
        return there if left <= 0.1 * self.norm + float(np.linalg.norm(error)) else None

    def curvature_at(self, x: FloatArray) -> Curvature | None:
        """Return the curvature at another point near by."""
        return measure(self.objective, x, self.gradient, self._scale(), self.steps, self.pressed == 0)
