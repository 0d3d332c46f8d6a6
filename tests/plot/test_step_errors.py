"""The picture of error against step: points, laws and marks at their places."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradwright.differentiate import sweep
from gradwright.errors import ArgumentTypeError
from gradwright.plot import save, step_error
from gradwright.plot.step_errors import power_of_ten

matplotlib = pytest.importorskip("matplotlib")


def quadratic(x: Any) -> Any:
    return 0.01 * x**2 + 0.1 * x


def words(figure: Any) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def test_points_are_the_errors() -> None:
    found = sweep(np.exp, 1.0, exact=math.e)
    axes = step_error(found).axes[0]
    assert axes.get_xscale() == axes.get_yscale() == "log"
    lines = [line for line in axes.lines if len(line.get_xdata()) > 10]
    for line, curve in zip(lines, found.curves.values(), strict=True):
        np.testing.assert_array_equal(line.get_xdata(), curve.steps)
        seen = curve.errors > 0
        np.testing.assert_array_equal(line.get_ydata()[seen], curve.errors[seen])
        # An error of 0 has a place as well.
        assert line.get_ydata().min() > axes.get_ylim()[0] > 0


def test_laws_have_their_slopes_and_words_lie_along_them() -> None:
    figure = step_error(sweep(np.exp, 1.0, exact=math.e))
    axes = figure.axes[0]
    laws = [line for line in axes.lines if len(line.get_xdata()) == 2 and line.get_xdata()[0] != line.get_xdata()[1]]
    slopes = [float(np.diff(np.log(line.get_ydata()))[0] / np.diff(np.log(line.get_xdata()))[0]) for line in laws]
    assert slopes == pytest.approx([1, 2, -1])
    named = {text.get_text(): text for text in axes.texts}
    for name, line in zip(("truncation ∝ h", "truncation ∝ h²", "round-off ∝ 1/h"), laws, strict=True):
        ends = axes.transData.transform(np.column_stack([line.get_xdata(), line.get_ydata()]))
        angle = math.degrees(math.atan2(*(ends[1] - ends[0])[::-1])) % 360
        assert named[name].get_rotation() == pytest.approx(angle)


def test_marks() -> None:
    found = sweep(np.exp, 1.0, exact=math.e)
    figure = step_error(found)
    axes = figure.axes[0]
    marks = {
        line.get_marker(): (line.get_xdata()[0], line.get_ydata()[0])
        for line in axes.lines
        if len(line.get_xdata()) == 1
    }
    assert marks["D"] == (found.automatic.step, found.automatic_error)
    rings = [line.get_xdata()[0] for line in axes.lines if line.get_markerfacecolor() == "none"]
    assert rings == [found["forward"].best_step, found["central"].best_step]
    assert [
        list(line.get_xdata()) for line in axes.lines if len(line.get_xdata()) == 2 and len(set(line.get_xdata())) == 1
    ] == [[1e-4, 1e-4]]
    assert {"textbook, h = 1e-4", "best h ≈ 1e-8", "best h ≈ 6e-6", "automatic", "forward", "central"} <= set(
        words(figure)
    )


def test_no_law_where_there_is_no_truncation() -> None:
    found = words(step_error(sweep(quadratic, 5.0)))
    assert "truncation ∝ h" in found
    assert "truncation ∝ h²" not in found


def test_the_textbook_step_is_marked_only_where_it_is() -> None:
    assert "textbook, h = 1e-4" not in words(step_error(sweep(np.exp, 1.0, steps=[1e-8, 1e-7])))


def test_uncertain_reference_is_shaded() -> None:
    assert len(step_error(sweep(math.sin, 1.0)).axes[0].patches) == 1
    assert len(step_error(sweep(math.sin, 1.0, exact=math.cos(1))).axes[0].patches) == 0


@pytest.mark.parametrize(
    ("f", "x", "exact"),
    [(lambda x: x * 0 + 1.0, 1.0, 0.0), (abs, 0.0, 1.0), (lambda x: 3 * x, 0.0, None), (math.log, 2.0, None)],
)
def test_edges(f: Any, x: float, exact: float | None) -> None:
    figure = step_error(sweep(f, x, exact=exact))
    box = figure.get_tightbbox()
    assert np.all(np.isfinite([box.x0, box.y0, box.x1, box.y1]))


def test_powers_of_ten() -> None:
    assert [power_of_ten(value) for value in (1e-16, 1.0, 1000.0, 0.0)] == ["10⁻¹⁶", "10⁰", "10³", ""]


def test_everything_is_on_the_paper() -> None:
    for lang in ("en", "ko"):
        figure = step_error(sweep(np.exp, 1.0), lang=lang)
        box = figure.get_tightbbox()
        assert min(box.x0, box.y0) > 0
        assert np.all([box.x1, box.y1] < figure.get_size_inches())


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_equal_files(tmp_path: Path, ending: str) -> None:
    for name in "ab":
        save(step_error(sweep(quadratic, 5.0), lang="ko"), tmp_path / f"{name}.{ending}")
    assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()


def test_no_sweep() -> None:
    with pytest.raises(ArgumentTypeError, match="`sweep` must be a Sweep, not float"):
        step_error(3.0)  # type: ignore[arg-type]


def test_a_complex_step_that_goes_beyond_all_measure_does_not_press_the_others_flat():
    axes = step_error(sweep(np.sin, 1e6)).axes[0]
    assert axes.get_ylim()[1] < 1e4
    # The laws end within the picture.
    dashed = [line.get_ydata() for line in axes.lines if line.get_linestyle() == "--"]
    assert dashed
    assert max(float(np.max(heights)) for heights in dashed) <= axes.get_ylim()[1] * (1 + 1e-9)


def test_errors_beyond_floats_have_no_law():
    with np.errstate(all="ignore"):
        found = sweep(np.exp, 500.0)
    axes = step_error(found).axes[0]
    assert np.isfinite(axes.get_ylim()).all()
    assert not any("round-off" in text.get_text() for text in axes.texts)
