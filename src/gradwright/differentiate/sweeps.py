"""Error against step: why a difference formula is worst at both ends, and where it is best."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradwright import _validate
from gradwright._arrays import FloatArray, to_numpy
from gradwright.differentiate.derivatives import derivative, tangent
from gradwright.differentiate.estimate import Status, Tangent
from gradwright.differentiate.point import Point
from gradwright.differentiate.sampling import Sampler
from gradwright.errors import ArgumentError, ArgumentTypeError, FunctionError
from gradwright.messages import phrase

#: The power of h in the truncation error of each formula.
_POWERS = {"forward": 1, "backward": 1, "central": 2, "complex": 2}
_EPS = float(np.finfo(np.float64).eps)
#: A quarter of a decade each, and powers of ten as they are written: the textbook's 1e-4 is among them to the last bit.
_MANTISSAS = ("1", "0.5623413252", "0.3162277660", "0.1778279410")


@dataclass(frozen=True, eq=False)
class StepCurve:
    r"""What one formula gives at every step.

    Its error is about :math:`a h^p + b / h`: truncation and round-off.

    Attributes
    ----------
    method : str
        The formula.
    steps, values, errors : ndarray, shape (n,), float64
        The steps h, largest first, what the formula gives, and by how much that is wrong.
    power : int
        p: 1 for one-sided formulas, 2 for the central one and the complex step.
    truncation : float
        a: \|f''\| / 2 or \|f'''\| / 6, by `derivative`; 0 where that cannot be told from 0.
    round_off : float
        b, fitted to the errors on the side of small steps; 0 for the complex step, which subtracts nothing.
    best_step : float
        The step about which the errors are smallest: of the steps whose neighbours, two on either side, are no worse.
        The single smallest error is often luck.
    """

    method: str
    steps: FloatArray
    values: FloatArray
    errors: FloatArray
    power: int
    truncation: float
    round_off: float
    best_step: float

    def predicted(self, steps: Any) -> Any:
        """Return :math:`a h^p + b / h` at `steps`."""
        return self.truncation * steps**self.power + self.round_off / steps


@dataclass(frozen=True, eq=False)
class Sweep:
    """The plain difference formulas at many steps.

    Attributes
    ----------
    x : float
        The point.
    exact : float
        What the errors are counted from.
    exact_error : float
        A bound on the error of `exact`; smaller errors mean nothing.
    curves : dict of str to StepCurve
        One a method; ``sweep["central"]`` is short for ``sweep.curves["central"]``.
    automatic : Tangent
        What `derivative` finds by itself; its `step` is the one that it chose.
    """

    x: float
    exact: float
    exact_error: float
    curves: dict[str, StepCurve]
    automatic: Tangent

    def __getitem__(self, method: str) -> StepCurve:
        return self.curves[method]

    @property
    def automatic_error(self) -> float:
        """The error of the automatic method."""
        return abs(self.automatic.slope - self.exact)


def sweep(
    f: Callable[..., Any],
    x: Any,
    *,
    exact: float | None = None,
    methods: Sequence[str] | None = None,
    steps: Any = None,
) -> Sweep:
    r"""Compute a derivative by the plain formulas with many steps, and the error of each.

    .. math:: \left| \frac{f(x + h) - f(x)}{h} - f'(x) \right| \approx \frac{|f''(x)|}{2} h + \frac{\epsilon |f(x)|}{h}

    Parameters
    ----------
    f : callable
        ``f(x) -> number``.
    x : float
        The point.
    exact : float, optional
        The derivative, where it is known; by default the best estimate of the automatic method and the complex step.
    methods : sequence of {"forward", "backward", "central", "complex"}, optional
        The formulas; by default ``"forward"`` and ``"central"``, and ``"complex"`` where f takes complex numbers.
    steps : sequence of float, optional
        The steps h; by default four a decade from a tenth of the size of x (of 1 at 0) over 14 decades.

    Returns
    -------
    Sweep
        One `StepCurve` a method.

    Raises
    ------
    FunctionError
        If there is no derivative at x (a kink, a jump, no finite value) and `exact` is not given.
    ArgumentError
        If a method or a step is none.

    Notes
    -----
    The formulas are those of the books to the last bit, ``(f(x + h) - f(x - h)) / (2 * h)`` for ``"central"``. The best
    step of a one-sided formula is near :math:`\sqrt{\epsilon}` = 1e-8, of the central one near
    :math:`\sqrt[3]{\epsilon}` = 6e-6, in units in which x and f are about 1.

    References
    ----------
    W. H. Press et al., Numerical Recipes, 3rd ed. (2007), section 5.7.

    Examples
    --------
    >>> found = sweep(np.exp, 1.0, exact=np.e)
    >>> found["forward"].best_step < found["central"].best_step
    True
    >>> at = found["central"].steps.tolist().index(1e-4)
    >>> f"{found['forward'].errors[at]:.1e}, {found['central'].errors[at]:.1e}"
    '1.4e-04, 4.5e-09'
    """
    _validate.function("f", f)
    point = Point(x)
    if len(point.vector) != 1:
        raise ArgumentTypeError(
            "argument.type",
            name="x",
            expected=phrase("kind.one-number"),
            kind=phrase("kind.shape", shape=point.shapes[0]),
        )
    chosen = None if methods is None else [_validate.choice("methods", name, _POWERS) for name in methods]
    place = float(point.vector[0])
    ladder = _ladder(place) if steps is None else _given(steps)
    automatic = tangent(f, x)
    analytic = _complex_slope(f, x, automatic) if chosen is None else None
    if chosen is None:
        chosen = ["forward", "central", *(["complex"] if analytic else [])]
    value, bound = _reference(exact, [automatic, *([analytic] if analytic else [])])
    sampler = Sampler(f, point)
    curves = {method: _curve(sampler, f, x, method, ladder, value) for method in chosen}
    return Sweep(place, value, bound, curves, automatic)


def _ladder(x: float) -> FloatArray:
    """Return steps from a tenth of the size of x, or just less, so that x - h does not reach 0."""
    largest = (math.floor(math.log10(abs(x))) if x else 0) - 1
    exponents = range(largest, largest - 14, -1)
    steps = [float(f"{mantissa}e{exponent}") for exponent in exponents for mantissa in _MANTISSAS]
    return np.array([*steps, float(f"1e{largest - 14}")])


def _given(steps: Any) -> FloatArray:
    host = np.atleast_1d(to_numpy(steps))
    if host.ndim != 1 or not host.size:
        raise ArgumentError("argument.positive", name="steps", value=steps)
    return np.sort([_validate.positive("steps", value) for value in host.tolist()])[::-1].copy()


def _complex_slope(f: Callable[..., Any], x: Any, automatic: Tangent) -> Tangent | None:
    """Return the complex step's result, or None where f cannot have it: it refuses, or is not analytic."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", np.exceptions.ComplexWarning)
            found = tangent(f, x, method="complex")
    except Exception:  # whatever f raises for a number that it was not written for
        return None
    # A comparison or a conjugate lets complex numbers through and gives another slope.
    near = abs(found.slope - automatic.slope) <= 10 * automatic.error + 1e-6 * abs(found.slope)
    return found if automatic.status.ok and near else None


def _reference(exact: float | None, found: list[Tangent]) -> tuple[float, float]:
    if exact is not None:
        value = _validate.number_or_nan(exact)
        if not math.isfinite(value):
            raise ArgumentError("argument.finite", name="exact", value=exact)
        return value, _EPS / 2 * abs(value)
    best = min(found, key=lambda one: one.error)
    if not (best.status.ok or best.status == Status.NOISY):
        raise FunctionError("sweep.no-derivative", x=f"{best.point:g}", status=best.status.text())
    return best.slope, best.error


def _curve(sampler: Sampler, f: Callable[..., Any], x: Any, method: str, steps: FloatArray, exact: float) -> StepCurve:
    line = np.zeros(1, dtype=int)

    def at(offsets: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.asarray(sampler(line, offsets[None, :])[0, :, 0])

    here = float(sampler.centre[0])
    with np.errstate(invalid="ignore", over="ignore"):
        if method == "complex":
            values = at(1j * steps).imag / steps
        elif method == "central":
            values = (at(steps) - at(-steps)) / (2 * steps)
        elif method == "forward":
            values = (at(steps) - here) / steps
        else:
            values = (here - at(-steps)) / steps
        errors = np.abs(values - exact)
    best = _best(errors)
    order = 2 if _POWERS[method] == 1 else 3
    truncation = _size(f, x, order) / math.factorial(order)
    round_off = 0.0 if method == "complex" else _round_off(sampler, steps, errors, best)
    return StepCurve(method, steps, values, errors, _POWERS[method], truncation, round_off, float(steps[best]))


def _best(errors: FloatArray) -> int:
    padded = np.pad(np.where(np.isfinite(errors), errors, np.inf), 2, mode="edge")
    return int(np.lib.stride_tricks.sliding_window_view(padded, 5).max(axis=1).argmin())


def _size(f: Callable[..., Any], x: Any, order: int) -> float:
    """Return the size of a higher derivative, 0 where it cannot be told from 0."""
    found = derivative(f, x, order)
    value, error = abs(float(found)), float(np.max(to_numpy(found.error)))
    return value if found.all_ok and value > error else 0.0


def _round_off(sampler: Sampler, steps: FloatArray, errors: FloatArray, best: int) -> float:
    # Steps that x absorbs give 0 whatever they are: their errors no longer grow.
    x = float(sampler.point.vector[0])
    seen = np.isfinite(errors) & (steps < steps[best] / 3) & (x + steps != x)
    if not seen.any():
        return _EPS * abs(float(sampler.centre[0]))
    return float(np.sqrt(np.mean((errors[seen] * steps[seen]) ** 2)))
