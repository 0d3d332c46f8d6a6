"""Error against step: the formulas to their last bit, the laws of both branches, where they meet."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from gradwright.differentiate import sweep
from gradwright.errors import ArgumentError, ArgumentTypeError, FunctionError


def quadratic(x: Any) -> Any:
    return 0.01 * x**2 + 0.1 * x


def slope(x: Any, y: Any) -> float:
    return float(np.polyfit(np.log(x), np.log(y), 1)[0])


def test_values_are_the_textbooks_formulas() -> None:
    x, found = 5.0, sweep(quadratic, 5.0, exact=0.2, methods=["forward", "backward", "central", "complex"])
    h = found["central"].steps
    assert found["central"].values.tolist() == [(quadratic(x + k) - quadratic(x - k)) / (2 * k) for k in h.tolist()]
    assert found["forward"].values.tolist() == [(quadratic(x + k) - quadratic(x)) / k for k in h.tolist()]
    assert found["backward"].values.tolist() == [(quadratic(x) - quadratic(x - k)) / k for k in h.tolist()]
    np.testing.assert_allclose(found["complex"].values, 0.2, rtol=1e-15)
    for curve in found.curves.values():
        np.testing.assert_array_equal(curve.errors, np.abs(curve.values - 0.2))


def test_the_course_step_is_among_them_and_gives_its_figure() -> None:
    curve = sweep(quadratic, 5.0)["central"]
    assert curve.values[curve.steps.tolist().index(1e-4)] == 0.1999999999990898


def test_steps() -> None:
    steps = sweep(np.exp, 5.0)["central"].steps
    assert (steps[0], steps[-1]) == (1e-1, 1e-15)
    assert np.all(np.diff(steps) < 0)
    np.testing.assert_allclose(steps[:-4] / steps[4:], 10.0)
    # The size of x is the unit; the formulas never reach across 0.
    assert sweep(math.log, 3e-5)["central"].steps[0] == 1e-6
    assert sweep(np.exp, 0.0)["central"].steps[0] == 0.1
    given = np.array([1e-3, 1e-1])
    assert sweep(np.exp, 1.0, steps=given)["forward"].steps.tolist() == [1e-1, 1e-3]
    assert given.tolist() == [1e-3, 1e-1]


@pytest.mark.parametrize(
    ("f", "x", "exact", "second", "third"),
    [(np.exp, 1.0, math.e, math.e, math.e), (np.sin, 1.0, math.cos(1), -math.sin(1), -math.cos(1))],
)
def test_laws(f: Any, x: float, exact: float, second: float, third: float) -> None:
    found = sweep(f, x, exact=exact)
    h = found["forward"].steps
    assert found["forward"].truncation == pytest.approx(abs(second) / 2, rel=1e-6)
    assert found["central"].truncation == pytest.approx(abs(third) / 6, rel=1e-5)
    large = (h <= 1e-2) & (h >= 1e-4)
    assert slope(h[large], found["forward"].errors[large]) == pytest.approx(1, abs=0.02)
    assert slope(h[large], found["central"].errors[large]) == pytest.approx(2, abs=0.02)
    small = h <= 1e-9
    for method in ("forward", "central"):
        curve = found[method]
        assert slope(h[small], curve.errors[small] + 1e-300) == pytest.approx(-1, abs=0.25)
        # Half a unit in the last place a value, a few at most.
        assert 0.05 < curve.round_off / (2.2e-16 * abs(f(x))) < 5
        np.testing.assert_allclose(curve.predicted(h[large]), curve.errors[large], rtol=0.05)


def test_best_steps_are_where_theory_has_them() -> None:
    found = sweep(np.exp, 1.0, exact=math.e)
    assert 1e-9 < found["forward"].best_step < 1e-7
    assert 1e-6 < found["central"].best_step < 1e-4
    # No truncation at all: the largest step is the best.
    assert sweep(quadratic, 5.0)["central"].best_step == 0.1
    assert sweep(quadratic, 5.0)["central"].truncation == 0


def test_a_lucky_hit_is_not_best() -> None:
    # At 1e-3 the error is all but 0 by an accident, beside large ones.
    def f(x: float) -> float:
        return math.e + math.e * 1e-3 if x == 1.0 + 1e-3 else math.exp(x)

    found = sweep(f, 1.0, exact=math.e, methods=["forward"])["forward"]
    assert found.steps[found.errors.argmin()] == 1e-3
    assert 1e-9 < found.best_step < 1e-7


def test_complex_step_where_f_allows() -> None:
    assert list(sweep(np.exp, 1.0).curves) == ["forward", "central", "complex"]
    assert list(sweep(math.exp, 1.0).curves) == ["forward", "central"], "math takes no complex numbers"
    assert list(sweep(lambda x: abs(x) ** 3, 1.0).curves) == ["forward", "central"], "abs is not analytic"
    assert list(sweep(lambda x: x * np.real(x), 1.0).curves) == ["forward", "central"], "half a derivative"
    errors = sweep(np.exp, 1.0, exact=math.e)["complex"].errors
    assert errors[-20:].max() < 1e-15
    with pytest.raises(FunctionError, match="complex"):
        sweep(lambda x: abs(x) ** 3, 1.0, methods=["complex"])


def test_reference() -> None:
    found = sweep(np.sin, 1.0)
    assert abs(found.exact - math.cos(1)) <= found.exact_error < 1e-14
    assert found.automatic_error <= found.automatic.error + found.exact_error
    given = sweep(np.sin, 1.0, exact=0.5)
    assert (given.exact, given.exact_error) == (0.5, 0.5 * 2.0**-53)


def test_no_derivative() -> None:
    with pytest.raises(FunctionError, match=r"no derivative at x = 0 \(kink\)"):
        sweep(abs, 0.0)
    with pytest.raises(FunctionError, match="jump"):
        sweep(lambda x: math.copysign(1.0, x), 0.0)
    # Against a slope that is given, the one-sided formula has no error at any step.
    assert sweep(abs, 0.0, exact=1.0)["forward"].errors.max() == 0


@pytest.mark.parametrize(
    ("kwargs", "error"),
    [
        ({"methods": ["sideways"]}, ArgumentError),
        ({"steps": [1e-3, 0.0]}, ArgumentError),
        ({"steps": []}, ArgumentError),
        ({"exact": math.nan}, ArgumentError),
        ({"exact": "0.2"}, ArgumentError),
    ],
)
def test_arguments(kwargs: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        sweep(quadratic, 5.0, **kwargs)
    with pytest.raises(ArgumentTypeError):
        sweep(quadratic, [1.0, 2.0])
    with pytest.raises(ArgumentTypeError):
        sweep(3.0, 1.0)  # type: ignore[arg-type]


def test_libraries(xp: Any) -> None:
    found = sweep(lambda x: x * x * x, xp(2.0))
    assert isinstance(found.exact, float)
    assert found.exact == pytest.approx(12.0, rel=1e-12), "in float64 also where x is float32"
    assert found["forward"].truncation == pytest.approx(6.0, rel=1e-4)
    assert found["central"].errors.min() < 1e-8
