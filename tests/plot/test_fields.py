"""Arrows of the gradient: where they begin, where they point, how long they are; and the map below."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradwright.errors import ArgumentError, FunctionError, ShapeError
from gradwright.plot import descent_path, save, vector_field
from gradwright.plot.contours import levels_of, plane_values

matplotlib = pytest.importorskip("matplotlib")


def squares(x: Any) -> Any:
    return x[0] ** 2 + x[1] ** 2


def course(x: Any) -> Any:
    return np.sum(x**2) if x.ndim == 1 else np.sum(x**2, axis=1)


def rosenbrock(x: Any) -> Any:
    return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2


def arrows(figure: Any) -> list[tuple[Any, Any]]:
    """Return the points and moves of each group of arrows."""
    found = [part for part in figure.axes[0].collections if isinstance(part, matplotlib.quiver.Quiver)]
    return [(part.get_offsets(), np.column_stack([part.U, part.V])) for part in found]


@pytest.mark.parametrize("f", [squares, course])
@pytest.mark.parametrize("negative", [True, False])
def test_arrows_are_the_gradient(f: Any, negative: bool) -> None:
    ((points, moves),) = arrows(vector_field(f, (-2, 2), negative=negative))
    assert len(points) == 17 * 17 - 1, "none where the gradient is 0"
    seen = np.abs(points) > 1e-9
    ratio = moves[seen] / (2 * points[seen] * (-1 if negative else 1))
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-6)
    assert ratio[0] > 0
    np.testing.assert_allclose(moves[~seen], 0, atol=1e-9)
    assert np.hypot(*moves.T).max() == pytest.approx(0.95 * 4 / 17), "the longest just fits into a cell"


def test_a_given_gradient_is_drawn() -> None:
    ((_, moves),) = arrows(vector_field(squares, gradient=lambda x: np.array([0.0, -1.0]), density=5))
    np.testing.assert_allclose(moves[:, 0], 0)
    assert (moves[:, 1] > 0).all()
    with pytest.raises(ShapeError):
        vector_field(squares, gradient=lambda x: np.ones(3))


def test_long_arrows_are_cut_and_said() -> None:
    figure = vector_field(rosenbrock, ((-2, 2), (-1, 3)))
    (_, whole), (_, cut) = arrows(figure)
    lengths = np.hypot(*cut.T)
    np.testing.assert_allclose(lengths, lengths[0])
    assert np.hypot(*whole.T).max() <= lengths[0] * (1 + 1e-9)
    assert figure.axes[0].texts[0].get_text().startswith("pale arrows are longer than ")
    assert vector_field(squares).axes[0].texts[0].get_text().startswith("longest arrow: 5.3")


def test_dot_at_the_minimum_and_nothing_at_a_kink() -> None:
    (dots,) = vector_field(squares).axes[0].lines
    np.testing.assert_allclose(np.column_stack(dots.get_data()), [[0, 0]], atol=1e-12)
    ((points, _),) = arrows(vector_field(lambda x: abs(x[0]) + x[1] ** 2))
    assert np.abs(points[:, 0]).min() > 0.1


def test_axes() -> None:
    axes = vector_field(squares, ((-10, 10), (-5, 5))).axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x0", "x1")
    assert (axes.get_xlim(), axes.get_ylim()) == ((-10, 10), (-5, 5))
    box = axes.get_window_extent()
    assert box.width / box.height == pytest.approx(2), "one scale for both: arrows cross contours at right angles"


def test_undefined_outside() -> None:
    ((points, _),) = arrows(vector_field(lambda x: np.log(x[0]) + x[1] ** 2, (-1, 1), density=9))[:1]
    assert (points[:, 0] > 0).all()


class TestValues:
    points = np.random.default_rng(0).normal(size=(30, 2))

    @pytest.mark.parametrize(("f", "most"), [(squares, 12), (course, 12), (lambda x: np.sum(x**2), 60)])
    def test_rows_columns_or_one_by_one(self, f: Any, most: int) -> None:
        calls = []
        values = plane_values(lambda x: calls.append(1) or f(x), self.points)
        np.testing.assert_allclose(values, (self.points**2).sum(axis=1))
        assert len(calls) < most

    def test_one_that_mixes_its_points_up_is_called_one_by_one(self) -> None:
        values = plane_values(lambda x: x[0] ** 2 + x[1] ** 2 + (0 if x.ndim == 1 else np.arange(30)), self.points)
        np.testing.assert_allclose(values, (self.points**2).sum(axis=1))

    def test_f_may_change_what_it_gets(self) -> None:
        before = self.points.copy()
        plane_values(lambda x: float(np.sum(x.__imul__(2))) if x.ndim == 1 else 1 / 0, self.points)
        np.testing.assert_array_equal(self.points, before)


class TestLevels:
    grid = np.stack(np.meshgrid(np.linspace(-2, 2, 61), np.linspace(-1, 3, 61)))

    def test_even_on_a_plane(self) -> None:
        steps = np.diff(levels_of(self.grid[0]))
        np.testing.assert_allclose(steps, steps[0], rtol=0.15)

    def test_geometric_in_a_valley(self) -> None:
        levels = levels_of(rosenbrock(self.grid))
        assert levels[0] < 0.2
        ratios = levels[1:] / levels[:-1]
        np.testing.assert_allclose(ratios, ratios[-1], rtol=0.05)

    @pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
    def test_ascending(self, scale: float) -> None:
        for f in (squares, rosenbrock, lambda x: x[0] ** 2 - x[1] ** 2, lambda x: -squares(x)):
            assert (np.diff(levels_of(scale * f(self.grid) + 3 * scale)) > 0).all()

    def test_constant(self) -> None:
        figure = vector_field(lambda x: 0 * x[0] + 3.0)
        assert arrows(figure) == []


@pytest.mark.parametrize("limits", [(2, -2), (1,), 3, ((0, 1), (1, 0)), (0, np.inf), "ab", ((0, 1), 2)])
def test_limits(limits: Any) -> None:
    with pytest.raises(ArgumentError, match="`limits` must be"):
        vector_field(squares, limits)


def test_finite_nowhere() -> None:
    with pytest.raises(ArgumentError, match="finite nowhere"):
        vector_field(lambda x: np.nan)


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_equal_files_of_a_sensible_size(tmp_path: Path, ending: str) -> None:
    for name in "ab":
        figure = vector_field(squares, lang="ko")
        assert max(figure.get_size_inches()) < 7
        save(figure, tmp_path / f"{name}.{ending}")
    assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()


def test_no_pyplot() -> None:
    program = (
        "import sys\nfrom gradwright import plot\nfrom gradwright.differentiate import sweep\n"
        "assert 'matplotlib' not in sys.modules\n"
        "f = lambda x: x[0] ** 2 + x[1] ** 2\n"
        "plot.vector_field(f), plot.descent_path([[1.0, 2.0], [0.5, 1.0]], f)\n"
        "plot.tangent(lambda x: x * x, 1.0), plot.step_error(sweep(lambda x: x * x, 1.0))\n"
        "assert 'matplotlib.figure' in sys.modules and 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, timeout=60)


@pytest.mark.parametrize("size", [1e-300, 1e290, 1e300, 1e307])
def test_values_of_any_size_are_drawn(size):
    """matplotlib takes 1e250 for the end of all numbers."""
    figure = vector_field(lambda x: size * (x[0] ** 2 + x[1] ** 2), (-0.5, 0.5))
    same = vector_field(lambda x: x[0] ** 2 + x[1] ** 2, (-0.5, 0.5))
    paths = [[len(made.get_paths()) for made in one.axes[0].collections] for one in (figure, same)]
    assert paths[0] == paths[1]
    descent_path([[0.4, 0.3], [0.1, 0.1]], lambda x: size * (x[0] ** 2 + x[1] ** 2))


@pytest.mark.parametrize(("f", "says"), [(lambda x: x, "one number"), (lambda x: "a", "str"), (lambda x: None, "None")])
def test_a_function_that_returns_no_number_is_told(f, says):
    with pytest.raises(FunctionError, match=says):
        vector_field(f)
    with pytest.raises(FunctionError, match=says):
        descent_path([[1.0, 2.0], [0.5, 1.0]], f)
