"""Curves and tangents: heights, slopes, kinks, jumps, poles, functions of single numbers."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradwright.errors import ArgumentError, ArgumentTypeError, FunctionError
from gradwright.plot import save, tangent
from gradwright.plot.curves import curve_values

matplotlib = pytest.importorskip("matplotlib")


def quadratic(x: Any) -> Any:
    return 0.01 * x**2 + 0.1 * x


def words(figure: Any) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def ends(line: Any) -> list[float]:
    return np.column_stack([line.get_xdata(), line.get_ydata()]).ravel().tolist()


def test_the_courses_figure() -> None:
    figure = tangent(quadratic, [5, 10], limits=(0, 20))
    axes = figure.axes[0]
    curve, first, dot, second, _ = axes.lines
    np.testing.assert_allclose(curve.get_ydata(), quadratic(curve.get_xdata()))
    assert ends(first) == pytest.approx([0, -0.25, 20, 3.75])
    assert ends(second) == pytest.approx([0, -1, 20, 5])
    assert (dot.get_xdata()[0], dot.get_ydata()[0]) == (5, 0.75)
    assert axes.get_xlim() == (0, 20)
    low, high = axes.get_ylim()
    assert low < -1, "the tangents are seen whole"
    assert high > 6
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x", "f(x)")
    assert words(figure) == ["slope 0.2", "slope 0.3", "f(x)"]


def test_one_point_and_default_limits() -> None:
    assert tangent(quadratic, 5).axes[0].get_xlim() == (0, 10)
    assert tangent(np.sin, 0).axes[0].get_xlim() == (-2, 2)


def test_kink_has_two_half_lines() -> None:
    figure = tangent(abs, 0.0)
    _, left, right, _ = figure.axes[0].lines
    assert ends(left) == pytest.approx([-2, 2, 0, 0])
    assert ends(right) == pytest.approx([0, 0, 2, 2])
    assert words(figure)[0] == "slope −1 from the left\nslope 1 from the right"


def test_jump_has_no_line_and_opens_the_curve() -> None:
    figure = tangent(lambda x: np.where(x < 0, -1.0, x * x + 1), 0.0)
    curve, dot = figure.axes[0].lines
    assert np.isnan(curve.get_ydata()[np.flatnonzero(curve.get_xdata() == 0)[0]])
    assert len(dot.get_xdata()) == 1
    assert words(figure)[0] == "no tangent: jump"


def test_pole_is_no_line_and_does_not_flatten_the_rest() -> None:
    axes = tangent(lambda x: 1 / (x - 0.0013), 1.0, limits=(-2, 2)).axes[0]
    assert np.isnan(axes.lines[0].get_ydata()).any(), "no line from below to above"
    assert axes.get_ylim()[1] < 50


@pytest.mark.parametrize(("noise", "name"), [(0.0, "slope 0.5403"), (1e-4, "±")])
def test_error_where_it_shows(noise: float, name: str) -> None:
    def f(x: float) -> float:
        return round(math.sin(x) / noise) * noise if noise else math.sin(x)

    assert name in words(tangent(f, 1.0))[0]


def test_slope_zero_is_zero() -> None:
    assert "slope 0" in words(tangent(lambda x: 1 - x * x, 0.0))


def test_steep_lines_are_named_above() -> None:
    figure = tangent(lambda x: x**4, 2.0, limits=(-2, 2.5))
    (text,) = [text for text in figure.axes[0].texts if text.get_text() == "slope 32"]
    assert text.xy[1] <= figure.axes[0].get_ylim()[1] + 1e-9


class TestValues:
    x = np.linspace(-1, 2, 20)

    def test_whole_or_one_by_one(self) -> None:
        np.testing.assert_array_equal(curve_values(np.exp, self.x), np.exp(self.x))
        np.testing.assert_allclose(curve_values(math.exp, self.x), np.exp(self.x))
        np.testing.assert_array_equal(curve_values(lambda x: x if x > 0 else 0.0, self.x), np.maximum(self.x, 0))

    def test_few_calls(self) -> None:
        calls = []
        curve_values(lambda x: calls.append(1) or np.exp(x), self.x)
        assert len(calls) < 6

    def test_a_sum_over_the_array_is_not_taken_for_values(self) -> None:
        np.testing.assert_allclose(curve_values(lambda x: np.sum(x**2) + 0 * x, self.x), self.x**2)

    def test_where_mathematics_refuses(self) -> None:
        assert np.isnan(curve_values(math.log, self.x)[:6]).all()

    def test_the_callers_array_is_its_own(self) -> None:
        before = self.x.copy()
        curve_values(lambda x: x.__imul__(2) if isinstance(x, np.ndarray) else 2 * x, self.x)
        np.testing.assert_array_equal(self.x, before)


@pytest.mark.parametrize(
    ("at", "limits", "error"),
    [
        (5, (20, 0), ArgumentError),
        (5, (0, math.inf), ArgumentError),
        (5, 3, ArgumentError),
        (30, (0, 20), ArgumentError),
        (math.nan, None, ArgumentError),
        ([], None, ArgumentTypeError),
        ("5", None, ArgumentTypeError),
    ],
)
def test_arguments(at: Any, limits: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        tangent(quadratic, at, limits=limits)


def test_finite_nowhere() -> None:
    with pytest.raises(ArgumentError, match="finite nowhere"):
        tangent(lambda x: x * math.nan, 1.0)


def test_constant() -> None:
    low, high = tangent(lambda x: 0 * x + 3.0, 1.0).axes[0].get_ylim()
    assert low < 3 < high


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_equal_files(tmp_path: Path, ending: str) -> None:
    for name in "ab":
        save(tangent(quadratic, [5, 10], lang="ko"), tmp_path / f"{name}.{ending}")
    assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()


def test_every_step_is_open() -> None:
    curve = tangent(np.floor, 2.5).axes[0].lines[0]
    heights = np.asarray(curve.get_ydata())
    moves = np.diff(heights)
    assert not moves[np.isfinite(moves)].any(), "no line goes up"
    assert np.isnan(heights).sum() == 5
    steep = tangent(lambda x: np.tanh(200 * x), 1.0, limits=(-2, 2)).axes[0].lines[0]
    assert np.isfinite(steep.get_ydata()).all(), "a steep slope is no step"


def test_a_curve_that_shoots_up_does_not_press_its_tangent_flat() -> None:
    axes = tangent(np.exp, 5.0).axes[0]
    low, high = axes.get_ylim()
    rise = math.exp(5) * 10
    assert rise > 0.4 * (high - low)
    assert words(axes.figure) == ["f(x)", "slope 148.4"]
    gentle = tangent(lambda x: np.sin(20 * x), 0.0785, limits=(0, 6)).axes[0]
    assert gentle.get_ylim()[1] > 1, "the heights of a wave are not cut"


def test_what_x_is_called() -> None:
    figure = tangent(quadratic, 5.0, name="t")
    assert (figure.axes[0].get_xlabel(), figure.axes[0].get_ylabel(), words(figure)[-1]) == ("t", "f(t)", "f(t)")


def test_near_the_largest_floats_nothing_is_warned_of(tmp_path):
    for f, at in ((np.exp, 700.0), (lambda x: x * x, 1e200), (lambda x: x, 1e307)):
        save(tangent(f, at), tmp_path / "t.png", overwrite=True)
    with pytest.raises(ArgumentError, match="largest float"):
        tangent(lambda x: x, 1e308)


@pytest.mark.parametrize("f", [np.cbrt, np.sqrt])
def test_an_infinite_slope_is_drawn_upright(f):
    axes = tangent(f, 0.0).axes[0]
    assert "vertical tangent" in [text.get_text() for text in axes.texts]
    assert any(list(line.get_xdata()) == [0.0, 0.0] for line in axes.lines)


def test_the_two_sides_of_a_cusp_are_upright_too():
    axes = tangent(lambda x: np.sqrt(np.abs(x)), 0.0).axes[0]
    upright = [line.get_ydata() for line in axes.lines if list(line.get_xdata()) == [0.0, 0.0]]
    assert len(upright) == 2
    assert all(end > start for start, end in upright)


def test_a_function_of_numbers_that_returns_an_array_is_told():
    with pytest.raises(FunctionError):
        tangent(lambda x: np.array([x, x]), 1.0)
    tangent(lambda x: x**0.5, 1.0)  # complex below 0, where Python's own numbers go
