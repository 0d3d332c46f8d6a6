"""The options that every function of this room takes, checked once and put in the form that the engine wants."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from gradwright import _validate
from gradwright._arrays import FloatArray, to_numpy
from gradwright.differentiate.aliasing import own_array
from gradwright.differentiate.engine import Result, one_side, two_sided
from gradwright.differentiate.estimate import Status
from gradwright.differentiate.fixed import fixed_step
from gradwright.differentiate.grains import Sample
from gradwright.differentiate.point import Point
from gradwright.differentiate.sampling import Sampler
from gradwright.differentiate.search import Limits, smallest_step, step_limits
from gradwright.errors import ArgumentError, FunctionError
from gradwright.trees import matching_leaves

#: Beyond this, rounding leaves no digits worth having: it grows as 1 / h**order.
_HIGHEST = 6
#: The relative error at which the search for a better step ends.
GOAL = 1e-11
METHODS = ("auto", "central", "forward", "backward", "complex")


@dataclass(frozen=True)
class Options:
    """Checked options; `step`, `low` and `high` are vectors over the entries of x."""

    method: str
    order: int
    step: FloatArray | None
    low: FloatArray
    high: FloatArray
    rtol: float | None

    @classmethod
    def of(cls, point: Point, *, method: str, order: int, step: Any, bounds: Any, rtol: float | None) -> Options:
        """Check everything against the point."""
        _validate.choice("method", method, METHODS)
        order = _validate.positive_int("order", order)
        if order > _HIGHEST:
            raise ArgumentError("order.high", order=order, highest=_HIGHEST)
        if method == "complex" and order != 1:
            raise ArgumentError("order.complex", order=order)
        if rtol is not None:
            _validate.positive("rtol", rtol)
        steps = None
        if step is not None:
            steps = _spread(point, "step", step)
            for value in steps:
                _validate.positive("step", float(value))
        low, high = _bounds(point, bounds)
        return cls(method, order, steps, low, high, rtol)


def _spread(point: Point, name: str, value: Any) -> FloatArray:
    """Return a number, an array that broadcasts, or a tree like x, as one number for each entry."""
    if isinstance(value, (dict, list, tuple)) and not point.structure.is_array:
        parts = list(matching_leaves(point.structure, value, name))
    else:
        parts = [value] * len(point.shapes)
    spread = []
    for part, shape in zip(parts, point.shapes, strict=True):
        try:
            spread.append(np.broadcast_to(to_numpy(part).astype(np.float64), shape).ravel())
        except (TypeError, ValueError):
            key = "argument.positive" if name == "step" else "bounds.form"
            raise ArgumentError(key, name=name, value=value) from None
    return np.concatenate(spread)


def _bounds(point: Point, bounds: Any) -> tuple[FloatArray, FloatArray]:
    count = len(point.vector)
    ends = [np.full(count, -np.inf), np.full(count, np.inf)]
    if bounds is None:
        return ends[0], ends[1]
    if not isinstance(bounds, (tuple, list)) or len(bounds) != 2:
        raise ArgumentError("bounds.form", value=bounds)
    ends = [old if end is None else _spread(point, "bounds", end) for old, end in zip(ends, bounds, strict=True)]
    # Equal ends are for the complex step alone, which does not move the real part.
    wrong = np.flatnonzero(~(ends[0] <= ends[1]))
    if wrong.size:
        raise _reversed(point, int(wrong[0]), *ends)
    low, high = _representable(point, *ends)
    outside = np.flatnonzero(~((low <= point.vector) & (point.vector <= high)))
    if outside.size:
        i = int(outside[0])
        raise ArgumentError(
            "bounds.outside", value=point.vector[i], where=point.where(i), low=float(low[i]), high=float(high[i])
        )
    return low, high


def _reversed(point: Point, index: int, low: FloatArray, high: FloatArray) -> ArgumentError:
    return ArgumentError("bounds.order", where=point.where(index), low=float(low[index]), high=float(high[index]))


def _representable(point: Point, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Move bounds inwards to numbers of the dtypes of x, so that rounding to these cannot cross them."""
    dtypes = np.repeat(np.array(point.dtypes), point.sizes)
    low, high = low.copy(), high.copy()
    for dtype in {"float16", "float32"} & set(point.dtypes):
        own, kind = dtypes == dtype, np.dtype(dtype).type
        with np.errstate(over="ignore"):
            near_low, near_high = low[own].astype(kind), high[own].astype(kind)
            low[own] = np.where(near_low < low[own], np.nextafter(near_low, kind(np.inf)), near_low)
            high[own] = np.where(near_high > high[own], np.nextafter(near_high, kind(-np.inf)), near_high)
    return low, high


def _room(x: FloatArray, bound: FloatArray) -> FloatArray:
    """Return how far x may go towards `bound`: the distance, or just less where rounding would carry x beyond."""
    room = np.abs(bound - x)
    if np.isinf(room).all():
        return room
    with np.errstate(invalid="ignore"):
        beyond = np.where(bound > x, x + room > bound, x - room < bound)
    return np.where(beyond, np.nextafter(room, 0.0), room)


def _divided(room: FloatArray, speed: FloatArray) -> FloatArray:
    """Return the largest t with t * speed <= room, in floating point as well."""
    t = room / speed
    return np.where(t * speed > room, np.nextafter(t, 0.0), t)


@dataclass(frozen=True)
class Lines:
    """The sizes that belong to the lines along which x is moved; each of shape (lines,).

    Attributes
    ----------
    scale : ndarray
        The offset over which f is first supposed to vary.
    magnitude : ndarray
        The offset that changes x by its own size, for the smallest step.
    below, above : ndarray
        How far an offset may go to either side.
    step : ndarray or None
        The step asked for.
    exact : bool
        Whether steps, which have few bits, move x without a rounding of the product.
    unit : ndarray or float
        The offset that moves x by 1.
    """

    scale: FloatArray
    magnitude: FloatArray
    below: FloatArray
    above: FloatArray
    step: FloatArray | None
    exact: bool = True
    unit: FloatArray | float = 1.0

    @classmethod
    def along_axes(cls, point: Point, options: Options) -> Lines:
        """Return the lines that move one entry each."""
        size = np.abs(point.vector)
        scale = np.where(size > 0, size, 1.0)
        return cls(scale, size, _room(point.vector, options.low), _room(point.vector, options.high), options.step)

    def at(self, axes: np.ndarray[Any, Any]) -> Lines:
        """Return the sizes of some of the lines."""
        step = None if self.step is None else self.step[axes]
        return Lines(self.scale[axes], self.magnitude[axes], self.below[axes], self.above[axes], step, self.exact)

    @classmethod
    def along(cls, point: Point, directions: FloatArray, options: Options, step: FloatArray | None) -> Lines:
        """Return the lines that move along `directions` (lines, n), with steps (lines,) in their units."""
        size = np.abs(point.vector)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            speed = np.abs(directions)
            scale = np.where(speed > 0, np.where(size > 0, size, 1.0) / speed, np.inf).min(axis=1)
            magnitude = np.where(speed > 0, size / speed, 0.0).max(axis=1)
            to_high = _divided(_room(point.vector, options.high), speed)
            to_low = _divided(_room(point.vector, options.low), speed)
            above = np.where(directions > 0, to_high, np.where(directions < 0, to_low, np.inf))
            below = np.where(directions > 0, to_low, np.where(directions < 0, to_high, np.inf))
        scale = np.where(np.isfinite(scale), scale, 1.0)  # a direction of zeros moves nothing: any step will do
        exact = bool(np.isin(np.frexp(speed)[0], (0.0, 0.5)).all())
        fastest = speed.max(axis=1)
        unit = np.where(fastest > 0, 1.0 / np.where(fastest > 0, fastest, 1.0), 1.0)
        return cls(scale, magnitude, below.min(axis=1), above.min(axis=1), step, exact, unit)

    def spacing(self, eps: float) -> FloatArray:
        """Return by how much rounding may move a point, in the units of the offsets."""
        with np.errstate(divide="ignore", over="ignore"):
            return np.asarray(0.5 * eps * 2.0 ** np.floor(np.log2(self.magnitude)))

    def smallest(self, eps: float) -> FloatArray:
        """Return the smallest offsets that can be used."""
        return smallest_step(self.magnitude, eps)

    def limits(self, sampler: Sampler, room: FloatArray, order: int) -> Limits:
        """Return how far a search may go."""
        inexact = not self.exact or sampler.point_eps > np.finfo(np.float64).eps
        blur = self.spacing(sampler.point_eps) if inexact else None
        return step_limits(self.scale, self.smallest(sampler.point_eps), room, order, blur, self.unit, self.magnitude)


def solve(sampler: Sampler, point: Point, lines: Lines, options: Options) -> Result:
    """Differentiate along every line by the method asked for.

    Raises
    ------
    FunctionError
        If f does not read its argument but the caller's own array.
    """
    with np.errstate(all="ignore"):  # sizes at the ends of what floats can hold; what is not finite is judged
        sampler.shrink()
        result = _solved(sampler, point, lines, options)
        if sampler.unit.ndim:
            for name in ("value", "error", "left", "right"):
                setattr(result, name, sampler.grown(getattr(result, name)))
    where = None if sampler.varied else own_array(sampler.call.f, point.given)
    if where is not None:
        raise FunctionError("f.reads-itself", name="f", where=where)
    return result


def _solved(sampler: Sampler, point: Point, lines: Lines, options: Options) -> Result:
    rtol = max(options.rtol or GOAL, 64 * sampler.eps)
    if options.method == "complex":
        return _complex_step(sampler, lines, sampler.eps)
    # Few functions are right to the last bit: terms cancel in a sum, exp gets a rounded argument.
    eps = 4 * sampler.eps
    if lines.step is not None:
        return _given_step(sampler, point, lines, options, eps)
    if options.method in ("forward", "backward"):
        side = 1 if options.method == "forward" else -1
        room = lines.above if side > 0 else lines.below
        _need_room(point, options, room, lines.smallest(sampler.point_eps))
        limits = lines.limits(sampler, room, options.order)
        return one_side(sampler, options.order, side, np.arange(len(room)), limits, eps, rtol)
    return _automatic(sampler, point, lines, options, eps, rtol)


def _need_room(point: Point, options: Options, room: FloatArray, step: FloatArray) -> None:
    tight = np.flatnonzero(room < step)
    if tight.size:
        i = int(tight[0])
        own = len(room) == len(point.vector)
        if own and options.low[i] == options.high[i]:
            raise _reversed(point, i, options.low, options.high)
        where = point.where(i) if own else "x"
        raise ArgumentError("bounds.no-room", method=options.method, step=float(step[i]), where=where)


def _automatic(sampler: Sampler, point: Point, lines: Lines, options: Options, eps: float, rtol: float) -> Result:
    room, most = np.minimum(lines.below, lines.above), np.maximum(lines.below, lines.above)
    central = options.method == "central"
    _need_room(point, options, room if central else most, lines.smallest(sampler.point_eps))
    # A bound closer than this fraction of the scale leaves a symmetric formula too little, if the other side has more.
    tight = (room < lines.scale * 2.0**-20) & (most > 4 * room) & (not central)
    centre = sampler.centres(len(room))
    if not tight.any():
        return two_sided(
            sampler,
            centre,
            lambda: sampler.again(len(room)),
            options.order,
            lines.limits(sampler, room, options.order),
            eps,
            rtol,
            not central,
        )
    parts = []
    for chosen, side in (
        (~tight, 0),
        (tight & (lines.above >= lines.below), 1),
        (tight & (lines.above < lines.below), -1),
    ):
        index = np.flatnonzero(chosen)
        if index.size == 0:
            continue
        reach = room if side == 0 else lines.above if side > 0 else lines.below
        limits = lines.limits(sampler, reach, options.order).of(index)
        narrowed = _narrowed(sampler, index)
        if side == 0:
            again = partial(_again, sampler, len(room), index)
            part = two_sided(narrowed, centre[index], again, options.order, limits, eps, rtol)
        else:
            part = one_side(narrowed, options.order, side, np.arange(len(index)), limits, eps, rtol)
        parts.append((index, part))
    return _merge(parts, len(room))


def _narrowed(sampler: Sampler, index: np.ndarray[Any, Any]) -> Sample:
    """Return the sampler for some of its lines, numbered anew."""
    return lambda which, offsets: sampler(index[which], offsets)


def _again(sampler: Sampler, count: int, index: np.ndarray[Any, Any]) -> FloatArray:
    return np.asarray(sampler.again(count)[index])


def _merge(parts: list[tuple[np.ndarray[Any, Any], Result]], lines: int) -> Result:
    outputs = parts[0][1].value.shape[1]
    value, error, left, right, step = (np.full((lines, outputs), np.nan) for _ in range(5))
    merged = Result(value, error, left, right, step, np.zeros((lines, outputs), dtype=int))
    for index, part in parts:
        for name in ("value", "error", "left", "right", "step", "status"):
            getattr(merged, name)[index] = getattr(part, name)
    return merged


def _given_step(sampler: Sampler, point: Point, lines: Lines, options: Options, eps: float) -> Result:
    assert lines.step is not None  # noqa: S101 - the caller looked
    # The error bar looks twice as far as the formula.
    central, one_sided = lines.step * 2.0 * ((options.order + 1) // 2), lines.step * 2.0 * options.order
    both = (lines.above >= central) & (lines.below >= central)
    up, down = lines.above >= one_sided, lines.below >= one_sided
    wanted = {
        "central": ((both, "central"),),
        "forward": ((up, "forward"),),
        "backward": ((down, "backward"),),
        "auto": ((both, "central"), (~both & up, "forward"), (~both & ~up & down, "backward")),
    }[options.method]
    fits = np.any([chosen for chosen, _ in wanted], axis=0)
    _need_room(point, options, np.where(fits, np.inf, -np.inf), central if options.method == "central" else one_sided)
    spacing = lines.spacing(sampler.point_eps)
    parts = []
    for chosen, formula in wanted:
        index = np.flatnonzero(chosen)
        if index.size:
            step = lines.step[index]
            narrowed = _narrowed(sampler, index)
            parts.append((index, fixed_step(narrowed, formula, options.order, step, spacing[index], eps)))
    return _merge(parts, len(both))


def _complex_step(sampler: Sampler, lines: Lines, eps: float) -> Result:
    r"""Differentiate by :math:`f'(x) = \operatorname{Im} f(x + i h) / h + O(h^2)`: no difference, so no cancellation.

    References
    ----------
    W. Squire and G. Trapp, Using complex variables to estimate derivatives of real functions, SIAM Review 40 (1998).
    """
    # Without cancellation h may be so small that its square vanishes beside anything.
    tiny = lines.scale * 2.0**-66
    step = tiny if lines.step is None else lines.step
    offsets = 1j * np.stack([step, 3 * step], axis=1)
    values = sampler(np.arange(len(step)), offsets)
    value, wide = values[:, 0].imag / step[:, None], values[:, 1].imag / (3 * step[:, None])
    # At a multiple of h that is no power of two f rounds otherwise: so what f loses of itself shows.
    error = 4 * np.abs(wide - value) + 8 * eps * np.abs(value)
    status = np.where(np.isfinite(value), int(Status.CONVERGED), int(Status.NONFINITE))
    status[_not_analytic(sampler, lines, value, eps)] = Status.UNRESOLVED
    status[(status == Status.CONVERGED) & (error > np.abs(value))] = Status.UNRESOLVED  # sqrt at 0
    error = np.where(status == Status.CONVERGED, error, np.inf)
    return Result(value, error, value.copy(), value.copy(), np.broadcast_to(step[:, None], value.shape), status)


def _not_analytic(sampler: Sampler, lines: Lines, value: FloatArray, eps: float) -> np.ndarray[Any, Any]:
    """Tell where the complex step contradicts plain differences, as for abs, max and conj, which are not analytic."""
    h = np.minimum(lines.scale * 2.0**-20, np.minimum(lines.below, lines.above) / 4)  # small: f may oscillate
    offsets = h[:, None] * np.array([1.0, -1.0, 2.0, -2.0])
    real = sampler(np.arange(len(h)), offsets)
    near, far = ((real[:, k] - real[:, k + 1]) / (2 * h[:, None] * (1 + k // 2)) for k in (0, 2))
    # Of two differences that agree with each other, one this far off cannot be the derivative.
    margin = 16 * np.abs(near - far) + 64 * eps * np.abs(real).max(axis=1) / h[:, None] + 1e-6 * np.abs(value)
    return np.asarray(np.abs(value - near) > margin)
