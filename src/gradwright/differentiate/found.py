"""What a look at a function with one step found, and which of several looks to believe.

A formula may agree with itself at a step at which f cannot be seen as it is: too wide for its waves, in the noise, or
so narrow that f moves in the grains of its own rounding. One look does not show that; comparing several does. So the
claims of all looks are widened by what the others say, and the smallest that is left stands.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.differentiate.weights import Stencil


@dataclass
class Found:
    """What a search found for each line and output; all of shape (lines, outputs)."""

    value: FloatArray
    error: FloatArray
    rounding: FloatArray
    slope: FloatArray  # by how much f varied over the step, divided by it
    step: FloatArray
    values: FloatArray  # (lines, nodes, outputs): the function's values at the nodes of the step used
    natural: FloatArray  # an error below this is nothing beside what f does around the point
    noise: FloatArray  # the error times step**m that noise makes at any step
    grain: FloatArray  # what f rounds its values to, where that is coarser than floats; else 0
    seen: FloatArray  # the noise in one value, as the values used show it
    noisy: np.ndarray[Any, Any]  # whether they look as noise does
    size: FloatArray  # the largest of the values used

    @property
    def scale(self) -> FloatArray:
        """What an error is small beside: the derivative, or the slopes around the point."""
        return np.fmax(np.abs(self.value), self.slope / 2)

    @classmethod
    def nothing(cls, lines: int, nodes: int, outputs: int) -> Found:
        """Return the state before the first step: no value, an infinite error."""
        full = np.full((lines, outputs), np.inf)
        blank = np.full((lines, outputs), np.nan)
        return cls(
            value=blank,
            error=full,
            rounding=full.copy(),
            slope=np.zeros_like(full),
            step=blank.copy(),
            values=np.full((lines, nodes, outputs), np.nan),
            natural=np.zeros_like(full),
            noise=np.zeros_like(full),
            grain=np.zeros_like(full),
            seen=np.zeros_like(full),
            noisy=np.zeros(full.shape, dtype=bool),
            size=np.zeros_like(full),
        )

    def where(self, good: np.ndarray[Any, Any]) -> Found:
        """Return a copy in which nothing was found but where `good`."""
        if good.all():
            return Found(**{name: array.copy(order="K") for name, array in vars(self).items()})
        copy = Found.nothing(len(self.values), *self.values.shape[1:])
        copy.natural, copy.grain = self.natural.copy(), self.grain.copy()
        copy.take(np.arange(len(self.values)), self, good)
        return copy

    def of(self, lines: np.ndarray[Any, Any]) -> Found:
        """Return what was found for some of the lines."""
        return Found(**{name: array[lines] for name, array in vars(self).items()})

    def take(self, lines: np.ndarray[Any, Any], other: Found, better: np.ndarray[Any, Any]) -> None:
        """Put the entries of `other`, a search over `lines`, in the place of ours where `better`."""
        if len(lines) == len(self.error):  # all of them, in order
            for name in _TAKEN:
                np.copyto(getattr(self, name), getattr(other, name), where=better)
            np.copyto(self.values, other.values, where=better[:, None, :])
            return
        rows, outputs = np.nonzero(better)
        at = lines[rows]
        for name in _TAKEN:
            getattr(self, name)[at, outputs] = getattr(other, name)[rows, outputs]
        self.values[at, :, outputs] = other.values[rows, :, outputs]


_TAKEN = ("value", "error", "rounding", "slope", "step", "seen", "noisy", "size")
#: A claim that noise made is below so many times the noise that its values show.
_SHOWS = 10.0
#: The lines that were looked at, and what was found for them.
Look: TypeAlias = tuple[np.ndarray[Any, Any], Found]


_NONE = np.empty(0, dtype=np.intp)


def rows_of(mask: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the lines for which any output is marked in `mask` (lines, outputs)."""
    return np.flatnonzero(mask.any(axis=1)) if mask.any() else _NONE  # mostly there are none


def reconcile(best: Found, seen: list[Look], stencil: Stencil) -> None:
    """Take for `best` the claim that stands when each of `seen` is widened until nothing that counts contradicts it.

    A claim counts only where it is one to a digit at least; and of two such claims, the one that has both the smaller
    step and the smaller error, relative to how f varies around the point, sees more: near a minimum the derivative
    itself is no measure.
    """
    lines = seen[1][0]  # those that were looked at more than once
    looks = _stack(seen, lines, best.value.shape[1])
    apart = np.flatnonzero(_disagree(looks, stencil))
    # Where the looks agree, as they mostly do, the smallest claim stands as it is.
    for at, found in seen:
        better = found.error < best.error[at]
        if better.any():
            best.take(at, found, better)
    if apart.size:
        among = {name: array[:, apart] if array.ndim == 3 else array for name, array in vars(looks).items()}
        _reconcile_lines(best, seen, stencil, lines[apart], Found(**among))


def _reconcile_lines(
    best: Found, seen: list[Look], stencil: Stencil, lines: np.ndarray[Any, Any], looks: Found
) -> None:
    """Do it for `lines`, of which `looks` are stacked."""
    _doubt_moving(looks)
    best.noise[lines] = np.maximum(best.noise[lines], _add_noise(looks, stencil))
    best.error[lines] = np.inf
    value, error, step = looks.value, looks.error, looks.step
    relative = error / looks.scale
    counts = error < 0.1 * np.abs(value)
    for k, (at, found) in enumerate(seen):
        apart = np.abs(value[k] - value)
        finer = (step < step[k]) | (relative <= relative[k]) | ~counts[k]
        against = counts & (apart > error[k] + error) & finer
        wide = np.maximum(error[k], np.where(against, apart + error, 0.0).max(axis=0))
        mine = np.isin(lines, at, assume_unique=True)
        widened = replace(found.of(np.searchsorted(at, lines[mine])), error=wide[mine])
        best.take(lines[mine], widened, widened.error < best.error[lines[mine]])


def _stack(seen: list[Look], lines: np.ndarray[Any, Any], outputs: int) -> Found:
    """Return what was found for `lines`, all looks in one along a new first axis; `values` are left out."""
    stacked, places = {}, [np.searchsorted(lines, at) for at, _ in seen[1:]]  # which are among the lines, all in order
    for name, missing in (
        ("value", np.nan),
        ("error", np.inf),
        ("rounding", np.inf),
        ("slope", 0.0),
        ("step", np.nan),
        ("seen", 0.0),
    ):
        array = np.full((len(seen), len(lines), outputs), missing)
        array[0] = getattr(seen[0][1], name)[lines]
        for k, place in enumerate(places, start=1):
            array[k, place] = getattr(seen[k][1], name)
        stacked[name] = array
    empty = np.empty(0)
    return Found(**stacked, values=empty, natural=empty, noise=empty, grain=empty, noisy=empty, size=empty)


def _disagree(looks: Found, stencil: Stencil) -> np.ndarray[Any, Any]:
    """Tell on which lines a look contradicts another, or gives a reason to suspect noise."""
    value, error, step = looks.value, looks.error, looks.step
    counts = error < 0.1 * np.abs(value)
    grown = error[:-1] * np.maximum(step[:-1] / step[1:], 1.0) ** (0.75 * stencil.order)
    apart = np.asarray((np.isfinite(error[1:]) & (error[1:] > grown)).any(axis=0))
    for k in range(len(error)):
        apart |= (counts & (np.abs(value - value[k]) > error + error[k])).any(axis=0)
    return np.asarray(apart.any(axis=1))


def _doubt_moving(looks: Found) -> None:
    """Widen claims, in place, where the values move apart as the step shrinks."""
    value, error, step = looks.value, looks.error, looks.step
    claims = error.copy()
    for k in range(2, len(error)):
        last, apart = np.abs(value[k - 1] - value[k - 2]), np.abs(value[k] - value[k - 1])
        away = (step[k] < step[k - 1]) & (step[k - 1] < step[k - 2])
        away &= (apart > last) & (apart > claims[k] + claims[k - 1])
        away &= (claims[k - 2 : k] < 0.1 * np.abs(value[k - 2 : k])).all(axis=0)
        error[k] = np.fmax(error[k], np.where(away, apart + claims[k - 1], 0.0))


def _add_noise(looks: Found, stencil: Stencil) -> FloatArray:
    """Widen claims, in place, by the noise that showed at other steps.

    Truncation falls with the step, the effect of noise grows as its reciprocal: where a claim grew nearly so, it is
    noise, of the size claim times step, and was there at the larger steps too, if by chance unseen. Where the value
    stayed meanwhile, it is there at smaller steps as well (which is returned); where it did not, there may be a jump
    between the two. A claim that grew because the one before was small by luck shows no noise of that size.
    """
    order = stencil.order
    value, step, claims = looks.value, looks.step, looks.error.copy()
    lasting = np.zeros(claims.shape[1:])
    sure = claims < 0.1 * np.abs(value)
    for k in range(1, len(claims)):
        shrink = step[k - 1] / step[k]
        noisy = (shrink > 1.5) & np.isfinite(claims[k]) & (claims[k] > claims[k - 1] * shrink ** (0.75 * order))
        noisy &= claims[k] < _SHOWS * looks.seen[k] * stencil.norm * step[k] ** -float(order)
        stayed = sure[k - 1] & sure[k] & (np.abs(value[k] - value[k - 1]) < 4 * claims[k])
        level = np.where(noisy, 2 * claims[k] * step[k] ** order, 0.0)
        lasting = np.where(stayed, np.maximum(lasting, level), lasting)
        here = (step > step[k]) | (stayed & (step < step[k]))
        looks.error = np.where(here, np.maximum(looks.error, level * step ** -float(order)), looks.error)
    return lasting
