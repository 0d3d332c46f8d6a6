"""Paths of descent: the points drawn, both ends, direction, divergence, many side by side."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import gradwright as gw
from gradwright.errors import ArgumentError, ArgumentTypeError, ShapeError
from gradwright.plot import descent_path, save, tangent

matplotlib = pytest.importorskip("matplotlib")


def squares(x: Any) -> Any:
    return x[0] ** 2 + x[1] ** 2


def decay(factor: float, steps: int, start: tuple[float, float] = (-3.0, 4.0)) -> Any:
    return np.array(start) * factor ** np.arange(steps + 1.0)[:, None]


PATH = decay(0.8, 20)


def words(axes: Any) -> list[str]:
    return [text.get_text() for text in axes.texts if text.get_text()]


def heads(axes: Any) -> list[Any]:
    return [text for text in axes.texts if not text.get_text()]


def test_points_and_ends() -> None:
    axes = descent_path(PATH, squares).axes[0]
    line, start, end = axes.lines
    np.testing.assert_array_equal(np.column_stack(line.get_data()), PATH)
    assert np.ravel(start.get_data()).tolist() == [-3, 4]
    np.testing.assert_array_equal(np.ravel(end.get_data()), PATH[-1])
    assert words(axes) == ["start", "end"]
    assert axes.get_title("left") == "20 steps, f: 25 → 0.00332"
    assert axes.collections, "contours"


def test_a_run_is_anything_with_path_and_values(xp: Any) -> None:
    run = SimpleNamespace(path=xp(PATH), values=xp(np.linspace(5.0, 2.0, 21)))
    assert descent_path(run).axes[0].get_title("left") == "20 steps, f: 5 → 2"
    assert not descent_path(run).axes[0].collections
    assert descent_path(PATH.tolist()).axes[0].get_title("left") == "20 steps"


@pytest.mark.parametrize(
    "path", [PATH, [[0.0, 1.0], [1.0, 1.0], [2.0, 1.0]], [[1.0, 0.0], [1.0, 3.0]], decay(-1.05, 30)]
)
def test_heads_point_along_the_path(path: Any) -> None:
    path = np.asarray(path)
    found = heads(descent_path(path, squares).axes[0])
    assert 1 <= len(found) <= 12
    for head in found:
        move = np.asarray(head.xy) - head.xyann
        middle = (np.asarray(head.xy) + head.xyann) / 2
        steps = np.diff(path, axis=0)
        gaps = path[:-1] - middle
        cross = np.abs(steps[:, 0] * gaps[:, 1] - steps[:, 1] * gaps[:, 0]) / np.hypot(*steps.T)
        assert cross.min() < 1e-9, "on a step"
        assert (np.sign(steps[cross < 1e-9] @ move) > 0).any()


def test_a_path_of_a_step_that_overshoots_by_far() -> None:
    axes = descent_path(decay(-19.0, 100), squares).axes[0]
    assert "leaves the picture at step 1" in words(axes)
    assert axes.get_xlim()[0] < -3 < 0 < axes.get_xlim()[1] < 20
    drawn = np.column_stack(axes.lines[0].get_data())
    assert np.nanmax(np.abs(drawn)) < 1e4
    # The first step still points where it went: along the line through 0.
    assert drawn[1, 1] / drawn[1, 0] == pytest.approx(-4 / 3)
    assert heads(axes)


def test_a_path_that_has_left_does_not_come_back_to_fill_the_picture() -> None:
    path = np.column_stack([-7 * 0.9 ** np.arange(101.0), 2 * (-1.2) ** np.arange(101.0)])
    axes = descent_path(path, lambda x: x[0] ** 2 / 20 + x[1] ** 2).axes[0]
    assert "leaves the picture at step 11" in words(axes)
    assert len(axes.lines[0].get_xdata()) == 12


def test_the_axes_can_have_other_names() -> None:
    axes = descent_path(PATH, squares, names=("w", "b")).axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("w", "b")
    for bad in ("xy", ("x",), ("x", 1)):
        with pytest.raises(ArgumentError, match="`names`"):
            descent_path(PATH, squares, names=bad)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_path_that_ends_nowhere(bad: float) -> None:
    path = np.vstack([PATH[:4], [[bad, bad]]])
    axes = descent_path(path, squares).axes[0]
    assert "leaves the picture at step 4" in words(axes)
    assert "end" not in words(axes)
    assert np.isfinite(axes.get_xlim()).all()


def test_far_away_is_no_divergence_if_f_falls() -> None:
    path = np.linspace([0.1, 0.1], [50.0, 20.0], 30)
    axes = descent_path(path, lambda x: (x[0] - 50) ** 2 + (x[1] - 20) ** 2).axes[0]
    assert axes.get_xlim()[1] > 50
    assert not any(text.startswith("leaves") for text in words(axes))


def test_limits() -> None:
    axes = descent_path(PATH, squares, limits=((-2, 2), (-1, 3))).axes[0]
    assert (axes.get_xlim(), axes.get_ylim()) == ((-2, 2), (-1, 3))
    assert words(axes) == ["end", "leaves the picture at step 0"]
    with pytest.raises(ArgumentError):
        descent_path(PATH, squares, limits=(1, 0))


@pytest.mark.parametrize("count", [2, 4, 5, 7])
def test_many_side_by_side(count: int) -> None:
    runs = {f"rate {k}": decay(1 - 0.1 * k, 10) for k in range(1, count + 1)}
    figure = descent_path(runs, squares)
    assert [axes.get_title("left").splitlines()[0] for axes in figure.axes] == list(runs)
    assert len({(axes.get_xlim(), axes.get_ylim()) for axes in figure.axes}) == 1, "one map for all"
    for axes, path in zip(figure.axes, runs.values(), strict=True):
        np.testing.assert_array_equal(np.column_stack(axes.lines[0].get_data()), path)


def test_one_point_and_long_ones() -> None:
    assert descent_path([[1.0, 2.0]], squares).axes[0].get_title("left") == "0 steps, f: 5 → 5"
    assert descent_path([[0.0, 0.0], [0.0, 0.0]], squares).axes[0].lines
    line = descent_path(decay(0.999, 5000), squares).axes[0].lines[0]
    assert line.get_marker() == "None"


@pytest.mark.parametrize("path", [np.zeros((3, 3)), np.zeros(4), np.zeros((0, 2))])
def test_other_shapes(path: Any) -> None:
    with pytest.raises(ShapeError, match=r"\(n \+ 1, 2\)"):
        descent_path(path, squares)


def test_nothing() -> None:
    with pytest.raises(ArgumentTypeError):
        descent_path({})


@pytest.mark.parametrize("runs", [PATH, {"a": PATH, "가": decay(-1.2, 9)}])
def test_equal_files_and_all_on_the_paper(tmp_path: Path, runs: Any) -> None:
    for name in "ab":
        figure = descent_path(runs, squares, lang="ko")
        box = figure.get_tightbbox()
        assert min(box.x0, box.y0) > -0.01
        assert np.all([box.x1, box.y1] < figure.get_size_inches() + 0.01)
        save(figure, tmp_path / f"{name}.png")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def labels_of(axis):
    axis.figure.draw_without_rendering()
    return [label.get_text() for label in axis.get_ticklabels()], axis.get_offset_text().get_text()


def test_ticks_of_a_narrow_range_are_told_apart():
    """A descent that crawls: 2e-8 of a way, at -3."""
    axes = descent_path([[-3.0, 4.0], [-2.99999994, 3.99999992]]).axes[0]
    shown, offset = labels_of(axes.xaxis)
    assert len(set(shown)) == len(shown) > 2
    assert (offset, labels_of(axes.yaxis)[1]) == ("− 3", "+ 4")
    axes = tangent(np.sin, 1e6, limits=(1e6 - 1, 1e6 + 1)).axes[0]
    assert labels_of(axes.xaxis)[1] == "+ 1,000,000"
    assert {"−1", "0", "0.5", "1"} <= set(labels_of(axes.xaxis)[0])
    assert labels_of(axes.yaxis)[1] == ""


def test_a_start_that_is_the_end_has_one_name():
    texts = [text.get_text() for text in descent_path([[1.0, 1.0]] * 3).axes[0].texts]
    assert "start and end" in texts
    assert not {"start", "end"} & set(texts)


def test_what_is_no_path_is_told_what_is_wanted():
    of_dict = gw.descend(lambda p: p["a"] ** 2 + p["b"] ** 2, {"a": 1.0, "b": 2.0}, steps=3)
    run = gw.descend(lambda x: x[0] ** 2 + x[1] ** 2, [1.0, 2.0], steps=3)
    for given, says in ((of_dict, "x0 is a dict"), ([run, run], "a list of runs"), ((run,), "a list of runs")):
        with pytest.raises(ArgumentTypeError, match=says) as caught:
            descent_path(given)
        assert "{'SGD': run, 'Adam': other}" in str(caught.value)
    for wrong in ([[1, 2], [3]], "abc", None):
        with pytest.raises(ArgumentTypeError, match="`path`"):
            descent_path(wrong)
