"""What a wrong gradient looks like, where nothing is known of how it was computed.

Each pattern says how the right gradient would follow from the wrong one, and is a cause where that fits all that was
measured. The patterns are tried on each wrong array by itself; what explains several arrays alike is one cause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.check.causes import GUESSED, Cause, Explanation
from gradwright.check.mistakes import ACTIVATIONS
from gradwright.check.observed import Observed

#: A ratio is a number such as the batch size if it is that to this relative error, or to that of the dtype.
_SAME = 1e-6
#: A batch so small that a factor of its size may be by chance.
_SMALL = 3
#: A permutation is told from values that differ by more than this, relative to the largest.
_DISTINCT = 1e-6


@dataclass(frozen=True)
class Context:
    """What all patterns may look at.

    Attributes
    ----------
    arrays : list of Observed
        All arrays of the gradient.
    batches : tuple of int
        Lengths that a batch may have.
    """

    arrays: Sequence[Observed]
    batches: tuple[int, ...] = ()


Pattern = Callable[[Observed, Context], Cause | None]


def explanations(arrays: Sequence[Observed], batches: Iterable[int] = ()) -> list[Explanation]:
    """Return what may have gone wrong with the arrays that are."""
    context = Context(arrays, tuple(sorted({n for n in batches if n > 1}, reverse=True)))
    wrong = [array for array in arrays if array.is_wrong]
    found = [cause for array in wrong for pattern in PATTERNS if (cause := pattern(array, context)) is not None]
    together = _together(found)
    few = [array for array in wrong if array.observations < 2]
    return [[_widened(cause, few)] for cause in together]


def _widened(cause: Cause, few: Sequence[Observed]) -> Cause:
    """Return a cause also for arrays of which too little is known to fit a number, but which the number fits."""
    c, rate = cause.facts.get("right_by"), cause.facts.get("rate", 0.0) * (-1 if cause.variant == "left-in" else 1)
    more = []
    for array in few:
        corrected = c * array.analytic if c is not None else array.analytic + rate * array.x
        if (c is not None or rate) and array.explains(corrected):
            more.append(array.name)
    return replace(cause, arrays=(*cause.arrays, *more)) if more else cause


def _together(causes: list[Cause]) -> list[Cause]:
    """Make one of causes that are alike but for the array."""
    groups: dict[tuple[str, str, tuple[tuple[str, str], ...]], list[Cause]] = {}
    for cause in causes:
        told = tuple(
            (key, f"{value:.4g}" if isinstance(value, float) else str(value))
            for key, value in cause.facts.items()
            if key not in _OWN and not ("n" in cause.facts and key in _RATIOS) and cause.code != "sign"
        )
        groups.setdefault((cause.code, cause.variant, told), []).append(cause)
    return [
        Cause(
            some[0].code,
            tuple(dict.fromkeys(name for cause in some for name in cause.arrays)),
            {**some[0].facts, "agreement": max(float(cause.facts.get("agreement", 0.0)) for cause in some)},
            some[0].variant,
        )
        for some in groups.values()
    ]


#: Numbers that are each array's own.
_OWN = ("agreement", "entry", "count", "largest", "total")
#: Numbers that say the same as the batch size.
_RATIOS = ("factor", "right_by")


def _cause(code: str, array: Observed, corrected: FloatArray, variant: str = "", **facts: Any) -> Cause:
    return Cause(code, (array.name,), {"agreement": array.agreement(corrected), **facts}, variant)


def _ratio(array: Observed, context: Context) -> Cause | None:
    """Wrong by one factor everywhere."""
    c = array.coefficient(array.analytic)
    if c is None or c == 0 or abs(c - 1) < _SAME or not array.explains(c * array.analytic):
        return None
    if array.agreement(c * array.analytic) > 4 * np.sqrt(array.eps):  # what is left of it is rounding
        return None
    wrong_by = 1 / c
    told: dict[str, Any] = {"factor": wrong_by, "right_by": c}
    close = max(_SAME, 4 * np.sqrt(array.eps))
    if abs(c + 1) < close:
        return _cause("sign", array, -array.analytic, **told)
    for n in context.batches:
        if abs(wrong_by / n - 1) < close:
            return _cause("missing-batch-mean", array, c * array.analytic, n=n, **told)
        if abs(wrong_by * n - 1) < close:
            return _cause("extra-batch-mean", array, c * array.analytic, n=n, **told)
    # One number is some multiple of any other.
    return _cause("factor", array, c * array.analytic, **told) if array.observations > 1 else None


def _small_batch(array: Observed, context: Context) -> Cause | None:
    """Wrong by two or three where that is the batch size: it may be just a number."""
    cause = _ratio(array, context)
    if cause is None or cause.facts.get("n", _SMALL + 1) > _SMALL:
        return None
    return Cause("factor", cause.arrays, {key: value for key, value in cause.facts.items() if key != "n"})


def _guessed_mean(array: Observed, context: Context) -> Cause | None:
    """Wrong by a whole number, or its reciprocal: it may be the size of a batch of which nothing is known."""
    cause = _ratio(array, context)
    if cause is None or cause.code != "factor" or context.batches:
        return None
    wrong_by = cause.facts["factor"]
    for code, number in (("missing-batch-mean", wrong_by), ("extra-batch-mean", 1 / wrong_by)):
        if number > 2.5 and abs(number / round(number) - 1) < max(_SAME, 4 * np.sqrt(array.eps)):
            return Cause(code, cause.arrays, {**cause.facts, "n": round(number)}, GUESSED)
    return None


def _ratios_of_rows(array: Observed, context: Context) -> Cause | None:
    """Wrong by one factor a row, or a column."""
    a, numeric, here = array.analytic, array.numeric, array.measured
    if a.ndim != 2 or not here.all() or _ratio(array, context) is not None:
        return None
    for axis, name in ((1, "rows"), (0, "columns")):
        length, others = a.shape[axis], a.shape[1 - axis]
        if length < 3 or others < 2:
            continue
        square = (a * a).sum(axis=axis, keepdims=True)
        ratio = np.where(square > 0, (a * numeric).sum(axis=axis, keepdims=True) / np.where(square > 0, square, 1.0), 1)
        if ratio.all() and array.explains(ratio * a):
            shown = [f"{value:.4g}" for value in (1 / np.where(ratio == 0, np.inf, ratio)).ravel()[:6]]
            listed = ", ".join(shown) + (", ..." if ratio.size > 6 else "")
            return _cause("factor", array, ratio * a, "lines", kind=name, factors=listed)
    return None


def _transposed(array: Observed, context: Context) -> Cause | None:
    a = array.analytic
    if a.ndim != 2 or min(a.shape) < 2:
        return None
    corrected = a.reshape(a.shape[::-1]).T
    return _cause("transposed", array, corrected) if array.explains(corrected) else None


def _swapped(array: Observed, context: Context) -> Cause | None:
    for other in context.arrays:
        if other.name == array.name or other.x.shape != array.x.shape or not other.is_wrong:
            continue
        if array.fits(other.analytic) and other.fits(array.analytic):
            both = tuple(sorted((array.name, other.name)))
            return Cause("swapped-parameters", both, {"agreement": array.agreement(other.analytic), "entry": both[0]})
    return None


def _weight_decay(array: Observed, context: Context) -> Cause | None:
    """Off by a multiple of the parameter."""
    if array.x.size < 2 or array.observations < 2 or not array.x.any():
        return None
    c = array.coefficient(array.x, array.analytic)
    if c is None or c == 0:
        return None
    corrected = array.analytic + c * array.x
    if not array.explains(corrected):
        return None
    variant = "left-in" if c < 0 else "left-out"
    return _cause("weight-decay", array, corrected, variant, rate=abs(c))


def _single_entry(array: Observed, context: Context) -> Cause | None:
    if np.count_nonzero(array.wrong) != 1 or array.alone:
        return None
    index = tuple(int(i) for i in np.argwhere(array.wrong)[0])
    corrected = np.where(array.wrong, np.nan_to_num(array.numeric), array.analytic)
    if not array.fits(corrected):
        return None
    place = f"[{', '.join(map(str, index))}]" if index else ""
    entry = f"{array.name or 'x'}{place}"
    got, want = float(array.analytic[index]), float(array.numeric[index])
    others = int(np.count_nonzero(array.measured)) - 1
    return Cause(
        "single-entry", (array.name,), {"entry": entry, "analytic": got, "numeric": want, "count": max(others, 0)}
    )


def _zero_block(array: Observed, context: Context) -> Cause | None:
    wrong = array.wrong
    if not wrong.any() or array.analytic[wrong].any() or (wrong.sum() == 1 and array.x.size > 2):
        return None
    corrected = np.where(wrong, np.nan_to_num(array.numeric), array.analytic)
    if array.directions and array.analytic.any():
        return None
    count = int(wrong.sum())
    largest = float(np.nan_to_num(np.abs(array.numeric[wrong])).max())
    facts = {"count": count, "total": int(array.measured.sum()), "largest": largest}
    return Cause("zero-block", (array.name,), facts) if array.directions or array.fits(corrected) else None


def _permuted(array: Observed, context: Context) -> Cause | None:
    """The right numbers in the wrong places."""
    a, numeric = array.analytic, array.numeric
    if a.size < 2 or not array.measured.all() or np.count_nonzero(array.wrong) < 2:
        return None
    order, wanted = np.argsort(a, axis=None, kind="stable"), np.argsort(numeric, axis=None, kind="stable")
    sorted_back = np.empty(a.size)
    sorted_back[wanted] = a.ravel()[order]
    corrected = sorted_back.reshape(a.shape)
    if not array.explains(corrected):
        return None
    # Of values that are all alike any order would fit.
    spread = np.sort(numeric, axis=None)
    if np.count_nonzero(np.diff(spread) > _DISTINCT * np.abs(spread).max()) < 1:
        return None
    return _cause("permuted", array, corrected, count=int(array.wrong.sum()))


def _bias_axis(array: Observed, context: Context) -> Cause | None:
    """All entries the same, and that the total of the right ones: summed over all axes."""
    a = array.analytic
    if a.ndim != 1 or a.size < 2 or not array.measured.all() or np.ptp(a) > 4 * array.eps * np.abs(a).max():
        return None
    total = float(array.numeric.sum())
    allowed = 2 * float(array.error.sum()) + 64 * array.eps * float(np.abs(array.numeric).sum())
    for name, value in (("total", total), ("mean", total / a.size)):
        if abs(a[0] - value) <= allowed + np.sqrt(array.eps) * abs(value) and abs(value) > 10 * allowed:
            return Cause("bias-axis", (array.name,), {"value": float(a[0]), "total": value}, name)
    return None


def _activation(array: Observed, context: Context) -> Cause | None:
    """The ratio to the right gradient is that of a wrong to the right derivative of an activation at x."""
    if array.x.size < 3 or np.count_nonzero(array.wrong) == 1 or _ratio(array, context) is not None:
        return None
    for activation in ACTIVATIONS.values():
        if activation.name == "identity":
            continue
        x, value, slope = array.x, activation.value(array.x), activation.slope(array.x)
        wrong = {
            "missing": np.ones_like(x),
            "output": activation.slope(value),
            "formula": {"sigmoid": x * (1 - x), "tanh": 1 - x**2, "relu": x}[activation.name],
            "value": value,
        }
        for variant, instead in wrong.items():
            usable = instead != 0
            corrected = np.where(
                usable, array.analytic * slope / np.where(usable, instead, 1.0), np.nan_to_num(array.numeric)
            )
            if np.count_nonzero(usable) < 3 or np.allclose(instead, slope) or not array.explains(corrected):
                continue
            code = "activation-derivative-missing" if variant == "missing" else "activation-derivative-misplaced"
            shown = "plain" if variant == "missing" else variant
            return _cause(code, array, corrected, shown, activation=activation.name)
    return None


PATTERNS: tuple[Pattern, ...] = (
    _single_entry,
    _zero_block,
    _ratio,
    _small_batch,
    _guessed_mean,
    _ratios_of_rows,
    _transposed,
    _swapped,
    _weight_decay,
    _permuted,
    _bias_axis,
    _activation,
)
