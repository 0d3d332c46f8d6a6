"""Values in grains: whether a function rounds what it returns to something coarser than floats.

It may compute in float32 inside, print and parse nine digits, or subtract two numbers of size 1 to get one of 1e-9.
Then all its values are multiples of one number, binary or decimal, which is seen from the values themselves: of numbers
that are not rounded so, the chance that seven of them are multiples of a number 16 times their spacing is below 1e-8.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.differentiate.weights import Stencil

#: The values at offsets (lines, k) on some lines: (lines, k, outputs).
Sample = Callable[[np.ndarray[Any, Any], np.ndarray[Any, Any]], np.ndarray[Any, Any]]

#: A grain is one from so many spacings of the largest value on; a power of two.
_COARSE = 16.0
#: Decimal digits are told from chance where the values in their units stay below this.
_DECIMAL = 2.0**46
#: Differences below this part of the grain are not those of rounded values.
SMOOTH = 0.02
#: From so many lines on it pays to look at a part of the values first.
_MANY = 1024
#: Where to look again, as a part of the step: at simple numbers even exact functions have few digits.
IRREGULAR = 0.7390851332151607


def grains(
    sample: Sample, stencil: Stencil, lines: np.ndarray[Any, Any], values: FloatArray, step: FloatArray, eps: float
) -> FloatArray:
    """Return the grain of each line and output, 0 where there is none.

    Parameters
    ----------
    sample : callable
        The function along the lines.
    stencil : Stencil
        Where it was asked for.
    lines : ndarray of int, shape (lines,)
        Which lines.
    values : ndarray, shape (lines, nodes, outputs)
        Its values at the nodes of the first step.
    step : ndarray, shape (lines,)
        That step: a point within is asked for where the values alone leave a doubt.
    eps : float
        The relative spacing of the values; coarser than float64 where that is known anyhow.
    """
    found = np.zeros((len(values), values.shape[2]))
    suspect = np.flatnonzero((finest_grains(values) > 0).any(axis=1))
    if suspect.size == 0 or eps > 1e-12:
        return found
    # An exact polynomial at simple numbers has few digits too. But its differences are exact; those of rounded values
    # are of the size of the grain, if not always: of a parabola all may happen to be rounded alike. Of decimal digits
    # that few exact functions have that is looked into.
    rough = np.abs(stencil.formulas(values[suspect])[3:]).max(axis=0)
    coarse = _coarsest(values[suspect])
    decimal = (coarse > 0) & (np.frexp(coarse)[0] != 0.5)
    doubtful = suspect[((rough > SMOOTH * coarse) | decimal).any(axis=1)]
    if doubtful.size == 0:
        return found
    # On both sides: a function that is 0 on one of them is a multiple of anything there.
    ends = np.array([stencil.nodes.max(), stencil.nodes.min()])
    more = sample(lines[doubtful], step[doubtful, None] * IRREGULAR * ends)
    every = np.concatenate([values[doubtful], more], axis=1)
    several = np.stack([[len(np.unique(column)) >= 4 for column in line.T] for line in every])
    found[doubtful] = np.where(several & (finest_grains(every) > 0), _coarsest(every), 0.0)
    return found


def finest_grain(values: list[float]) -> float:
    """Return of plain floats what `grains` begins with: a number that all are multiples of, 0 where there is none."""
    largest = max(map(abs, values))
    if not largest > 1e-290 or max(values) == min(values):
        return 0.0
    binary = _COARSE * math.ulp(largest)
    if all((v / binary).is_integer() for v in values):
        return binary
    decimal = 10.0 ** min(math.floor(math.log10(_DECIMAL / largest)), 300)
    whole = all(abs(v * decimal - round(v * decimal)) <= 2.0**-51 * abs(v * decimal) for v in values)
    return 1 / decimal if whole else 0.0


def finest_grains(values: FloatArray) -> FloatArray:
    """Return a number that all values of a line are multiples of, the least that counts; 0 where there is none.

    `values` are of shape (lines, nodes, outputs), the result of shape (lines, outputs).
    """
    largest = np.abs(values).max(axis=1)
    varies = np.isfinite(largest) & (values.max(axis=1) > values.min(axis=1)) & (largest > 1e-290)
    binary = _COARSE * np.spacing(np.where(varies, largest, 1.0))
    digits = np.floor(np.log10(_DECIMAL / np.where(varies, largest, 1.0)))
    decimal = 10.0 ** np.minimum(digits, 300)
    if len(values) > _MANY:  # two values are enough to rule out most lines
        rows = np.flatnonzero((varies & (_multiples(values[:, :2], binary, decimal) > 0)).any(axis=1))
        found: FloatArray = np.zeros_like(largest)
        found[rows] = np.where(varies[rows], _multiples(values[rows], binary[rows], decimal[rows]), 0.0)
        return found
    return np.where(varies, _multiples(values, binary, decimal), 0.0)


def _multiples(values: FloatArray, binary: FloatArray, decimal: FloatArray) -> FloatArray:
    """Return what all values of a line are multiples of, `binary` or the reciprocal of `decimal`; 0 for neither."""
    is_binary, is_decimal = _whole(values / binary[:, None], 0.0), _whole(values * decimal[:, None], 2.0**-51)
    return np.where(is_binary, binary, np.where(is_decimal, 1 / decimal, 0.0))


def _whole(multiples: FloatArray, tolerance: float) -> np.ndarray[Any, Any]:
    return np.asarray((np.abs(multiples - np.rint(multiples)) <= tolerance * np.abs(multiples)).all(axis=1))


def _coarsest(values: FloatArray) -> FloatArray:
    """Return the largest power of two, or of ten, that all values of a line are multiples of."""
    mantissa, exponent = np.frexp(values)
    bits = np.where(np.isfinite(values), mantissa * 2.0**53, 0.0).astype(np.int64)
    lowest = np.where(bits != 0, np.ldexp((bits & -bits).astype(float), exponent - 53), np.inf)
    found = lowest.min(axis=1)
    found = np.where(found > _COARSE / 2 * np.spacing(np.abs(values).max(axis=1)), found, 0.0)
    digits = np.floor(np.log10(_DECIMAL / np.abs(values).max(axis=1)))
    for _ in range(20):
        decimal = 10.0 ** np.clip(digits, -300, 300)
        whole = _whole(values * decimal[:, None], 2.0**-51)
        if not whole.any():
            break
        found = np.where(whole, np.maximum(found, 1 / decimal), found)
        digits = np.where(whole, digits - 1, digits)
    return np.where(np.isfinite(found), found, 0.0)
