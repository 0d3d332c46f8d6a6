"""A function of which each output depends on few entries of x: probed, measured colour by colour, and checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.differentiate.colours import colour_columns
from gradwright.differentiate.engine import Result
from gradwright.differentiate.estimate import Status
from gradwright.differentiate.options import Lines, Options, solve
from gradwright.differentiate.patterns import Pattern, find_pattern
from gradwright.differentiate.point import Point
from gradwright.differentiate.sampling import Sampler
from gradwright.workers import Run

#: A row is unexplained where the pattern misses more than this many error bars and this fraction of the row.
_BARS, _FRACTION = 8.0, 1e-6
#: At least so many lines at a time, or as many as make this many values of f at one offset.
_LINES, _NUMBERS = 4, 2**18
#: Columns smaller than their companions by 2 to this power may need a step of their own.
_APART = 8
#: Columns that differ by 2 to this power are not moved together: the ratio of their lengths would underflow.
_FAR_APART = 600
#: A change of an output counts beyond this many times the spacing of its values.
_SPACINGS = 4


@dataclass(frozen=True)
class Measured:
    """A Jacobian colour by colour; all but `pattern` and `colours` of shape (entries,)."""

    pattern: Pattern
    colours: np.ndarray[Any, Any]
    value: FloatArray
    error: FloatArray
    left: FloatArray
    right: FloatArray
    codes: np.ndarray[Any, Any]

    def sums(self, terms: FloatArray) -> FloatArray:
        """Return the sum of `terms`, one an entry, for each row."""
        return np.asarray(np.bincount(self.pattern.rows, terms, minlength=self.pattern.shape[0]), dtype=np.float64)


class Study:
    """A function around a point.

    Parameters
    ----------
    f, point, options, vectorized
        As everywhere in this room.
    rng : numpy.random.Generator
        For displacements that do not cancel.
    run : callable, optional
        Calls f elsewhere, as in `Sampler`.

    Attributes
    ----------
    shape : (int, int)
        How many numbers f returns, and how many are in x.
    evaluations : int
        The number of points at which f was evaluated so far.
    """

    def __init__(
        self,
        f: Callable[..., Any],
        point: Point,
        options: Options,
        *,
        vectorized: bool,
        rng: np.random.Generator,
        run: Run | None = None,
    ) -> None:
        self.f, self.point, self.options, self.vectorized, self.rng = f, point, options, vectorized, rng
        self.run = run
        self.lengths, self.reach = _lengths(point, options), _reach(point, options)
        self.v = self._direction()
        # The line of the check comes first, since it also tells how many numbers f returns.
        self._check = self._sampler(self.v[None])
        self._slope: Result | None = None
        self.evaluations = self._check.evaluations
        self.shape = (len(self._check.centre), len(point.vector))

    def _direction(self) -> FloatArray:
        """Return a random direction, in which each entry of x moves by about its size or its step."""
        # Factors of 20 bits: few enough that steps, of some 24 bits more, move x without rounding, which `Lines` is
        # told; and enough that two columns of a colour hardly ever get the same factor, which would hide that one of
        # them was taken for both.
        factors = self.rng.integers(2**19, 2**20, len(self.lengths)) / 2.0**20
        if self.options.step is not None:
            return np.asarray(self.lengths * factors)
        powers = np.copysign(2.0 ** np.floor(np.log2(np.abs(self.reach))), self.lengths)
        return np.asarray(powers / np.abs(powers).max() * factors)

    def _sampler(self, directions: FloatArray) -> Sampler:
        return Sampler(self.f, self.point, directions, vectorized=self.vectorized, scalar=False, run=self.run)

    def _solve(self, sampler: Sampler, directions: FloatArray) -> Result:
        steps = None if self.options.step is None else np.ones(len(directions))
        lines = Lines.along(self.point, directions, self.options, steps)
        lines = replace(lines, exact=self.options.step is None)
        return solve(sampler, self.point, lines, self.options)

    def probe(self, fraction: float) -> Pattern:
        """Return the dependences that show when entries of x move by about `fraction` of their size."""
        fraction = max(fraction, 8 * self._check.point_eps)
        base, move = self.reach * fraction * self.rng.uniform(0.25, 0.5, (2, len(self.reach)))
        here = self._values(base[None])[0]
        least = _SPACINGS * self._check.eps * np.abs(here)

        def changed(moved: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
            there = self._values(base + np.where(moved, move, 0.0))
            with np.errstate(invalid="ignore"):
                apart = (there != here) & ~(np.abs(there - here) <= least)
            tests, outputs = np.nonzero(apart & ~(np.isnan(there) & np.isnan(here)))
            return tests, outputs

        return find_pattern(changed, self.shape)

    def _values(self, displacements: FloatArray) -> FloatArray:
        sampler = self._sampler(displacements)
        values = sampler(np.arange(len(displacements)), np.ones((len(displacements), 1)))[:, 0]
        self.evaluations += sampler.evaluations
        return values

    def measure(self, pattern: Pattern) -> Measured:
        """Return the derivatives at the places of a pattern."""
        colours = colour_columns(pattern.rows, pattern.columns, self.shape)
        colours = self._by_size(colours, colours >= 0, _FAR_APART)
        blank = np.full(len(pattern.rows), np.nan)
        first = Measured(pattern, colours, blank, blank, blank, blank, np.zeros(len(blank), dtype=np.int64))
        found = self._colour_by_colour(first, colours)
        if self.options.step is not None or self.options.method == "complex":
            return found
        small = self._too_small(found)
        if not small.any():
            return found
        # With companions of about the same size, the step may become as large as these columns need it.
        again = self._colour_by_colour(found, self._by_size(colours, small, _APART))
        better = (again.error < found.error) & (found.codes != Status.KINK) & (found.codes != Status.JUMP)
        names = ("value", "error", "left", "right", "codes")
        return replace(found, **{n: np.where(better, getattr(again, n), getattr(found, n)) for n in names})

    def _by_size(self, colours: np.ndarray[Any, Any], chosen: np.ndarray[Any, Any], span: int) -> np.ndarray[Any, Any]:
        """Return colours for the `chosen` columns that are those given, divided by size in steps of 2**span."""
        size = np.rint(np.log2(np.abs(self.lengths[chosen])) / span)
        finer = np.full(len(colours), -1)
        finer[chosen] = np.unique([colours[chosen], size], axis=1, return_inverse=True)[1].reshape(-1)
        return finer

    def _too_small(self, found: Measured) -> np.ndarray[Any, Any]:
        """Return which columns lost their digits because they are far smaller than others of their colour."""
        rows, columns = found.pattern.rows, found.pattern.columns
        size, used = np.abs(self.lengths), found.colours >= 0
        largest = np.zeros(int(found.colours.max(initial=-1)) + 1)
        np.maximum.at(largest, found.colours[used], size[used])
        small = np.zeros(len(size), dtype=bool)
        small[used] = size[used] * 2.0**_APART < largest[found.colours[used]]
        top = np.zeros(self.shape[0])
        np.fmax.at(top, rows, np.abs(found.value))
        vague = ~(found.error <= 1e-3 * np.abs(found.value)) & ~(found.error <= 1e-8 * top[rows])
        wanted = np.zeros(len(size), dtype=bool)
        wanted[columns[vague]] = True
        return small & wanted

    def _colour_by_colour(self, found: Measured, colours: np.ndarray[Any, Any]) -> Measured:
        """Return `found` with the entries of the columns of each colour (-1: none) measured."""
        rows, columns = found.pattern.rows, found.pattern.columns
        names = ("value", "error", "left", "right", "codes")
        vectors = {name: getattr(found, name).copy() for name in names}
        chunk = max(_LINES, _NUMBERS // max(self.shape))
        for start in range(0, int(colours.max(initial=-1)) + 1, chunk):
            chosen = np.arange(start, min(start + chunk, int(colours.max()) + 1))
            directions = np.where(colours == chosen[:, None], self.lengths, 0.0)
            if self.options.step is None:  # offsets in the units of x, as along an axis, for the fastest column
                directions /= np.abs(directions).max(axis=1, keepdims=True)
            sampler = self._sampler(directions)
            result = self._solve(sampler, directions)
            self.evaluations += sampler.evaluations
            here = np.flatnonzero((colours[columns] >= start) & (colours[columns] <= chosen[-1]))
            line, row = colours[columns[here]] - start, rows[here]
            length = directions[line, columns[here]]
            back = length < 0
            left, right = result.left[line, row], result.right[line, row]
            with np.errstate(over="ignore", invalid="ignore"):
                vectors["value"][here] = result.value[line, row] / length
                vectors["error"][here] = result.error[line, row] / np.abs(length)
                vectors["left"][here] = np.where(back, right, left) / length
                vectors["right"][here] = np.where(back, left, right) / length
            vectors["codes"][here] = result.status[line, row]
        return replace(found, **vectors)

    def unexplained(self, found: Measured) -> np.ndarray[Any, Any]:
        """Return the rows in which the derivative along v is not the product of what was found and v."""
        if self._slope is None:
            before = self._check.evaluations
            self._slope = self._solve(self._check, self.v[None])
            self.evaluations += self._check.evaluations - before
        seen, error = self._slope.value[0], self._slope.error[0]
        along = self.v[found.pattern.columns]
        with np.errstate(invalid="ignore", over="ignore"):
            gap = np.abs(seen - found.sums(found.value * along))
            bars = error + found.sums(found.error * np.abs(along))
            size = np.abs(seen) + found.sums(np.abs(found.value * along))
            # No status is asked for: at a kink the bar is the difference of the slopes, at worse places infinite.
            return np.flatnonzero(gap > _BARS * bars + _FRACTION * size)


def _lengths(point: Point, options: Options) -> FloatArray:
    """Return by how much each entry of x moves at t = 1, with the sign of the side that is open to it."""
    x = point.vector
    below, above = x - options.low, options.high - x
    if options.step is not None:
        lengths, need = options.step, 2 * options.step
    else:
        size = np.abs(x)
        usual = float(np.median(size[size > 0])) if (size > 0).any() else 1.0
        size = np.where(size > 0, size, min(usual, 1.0))
        far = np.maximum(below, above)
        # A power of two, with which steps move x without rounding; its reciprocal must be finite.
        lengths = 2.0 ** np.clip(np.floor(np.log2(np.where(far > 0, np.minimum(size, far), size))), -1000, 1000)
        need = lengths * 2.0**-10
    turned = (np.minimum(below, above) < need) & (above < below) & (options.method == "auto")
    return np.asarray(np.where(turned, -lengths, lengths))


def _reach(point: Point, options: Options) -> FloatArray:
    """Return how far an entry may be moved to see what depends on it, with a sign: away from 0 if there is room.

    That of an entry far smaller than the others (a sine that should be 0) is a thousandth of theirs: moved by its own
    size, it would not show in an output that is a sum.
    """
    size = np.abs(point.vector)
    usual = float(np.median(size[size > 0])) if (size > 0).any() else 1.0
    size = np.maximum(np.where(size > 0, size, min(usual, 1.0)), usual * 2.0**-10)
    below, above = point.vector - options.low, options.high - point.vector
    far = np.maximum(below, above)
    size = np.where(far > 0, np.minimum(size, far), size)
    ahead = np.where(point.vector < 0, below, above)
    sign = np.where(point.vector < 0, -1.0, 1.0) * np.where(ahead < size / 64, -1.0, 1.0)
    return np.asarray(size * sign)
