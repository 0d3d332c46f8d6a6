"""The picture of the Taylor remainder: points, guides, the floor and the orders at their places."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradwright.check import GradientReport, TaylorTest, check_gradient
from gradwright.errors import ArgumentError, ArgumentTypeError
from gradwright.plot import save, style, taylor

matplotlib = pytest.importorskip("matplotlib")

X = np.linspace(-1.0, 1.0, 6)
E0 = np.eye(6)[0]
STEPS = (0.5 ** np.arange(2.0, 14.0)).tolist()


def report(factor: float = 1.1, shift: float = 0.0) -> GradientReport:
    """The check of a gradient wrong by a factor; `shift` makes f large, and so its rounding."""
    return check_gradient(
        lambda x: shift + (x**2).sum() + x[0] ** 3, X, lambda x: factor * (2 * x + 3 * x[0] ** 2 * E0)
    )


def made(wrong: Any, right: Any, floor: float = 1e-16) -> TaylorTest:
    steps = np.array(STEPS)
    return TaylorTest(STEPS, (wrong + 0 * steps).tolist(), (right + 0 * steps).tolist(), 1.0, 2.0, floor)


def words(figure: Any) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def lines(figure: Any, points: int = 12) -> list[Any]:
    return [line for line in figure.axes[0].lines if len(line.get_xdata()) == points]


def on_the_paper(figure: Any) -> bool:
    box = figure.get_tightbbox()
    return min(box.x0, box.y0) > 0 and bool(np.all([box.x1, box.y1] < figure.get_size_inches()))


def test_points_are_the_remainders() -> None:
    found = report().taylor
    assert found is not None
    figure = taylor(found)
    axes = figure.axes[0]
    assert axes.get_xscale() == axes.get_yscale() == "log"
    pale_wrong, wrong, pale_right, right = lines(figure)
    for line in (pale_wrong, wrong, pale_right, right):
        np.testing.assert_array_equal(line.get_xdata(), found.steps)
    np.testing.assert_array_equal(wrong.get_ydata(), found.remainders)
    np.testing.assert_array_equal(right.get_ydata(), found.right_remainders)
    assert pale_wrong.get_alpha() < wrong.get_alpha() == 1
    assert wrong.get_color() != right.get_color()


def test_a_report_and_its_test_give_the_same_picture(tmp_path: Path) -> None:
    whole = report()
    save(taylor(whole), tmp_path / "a.png")
    assert whole.taylor is not None
    save(taylor(whole.taylor), tmp_path / "b.png")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_orders_stand_at_the_lines() -> None:
    found = replace(made(np.array(STEPS), 0.1 * np.array(STEPS) ** 2), order=1.004, right_order=2.0)
    assert words(taylor(found))[-2:] == ["measured gradient\norder 2.00", "gradient under test\norder 1.00"]
    assert "order not known" in words(taylor(replace(found, right_order=math.nan)))[-2]
    colours = [text.get_color() for text in taylor(found).axes[0].texts[-2:]]
    assert colours == [lines(taylor(found))[3].get_color(), lines(taylor(found))[0].get_color()]


def test_guides_have_slopes_1_and_2_and_words_lie_along_them() -> None:
    figure = taylor(report())
    axes = figure.axes[0]
    guides = lines(figure, 2)
    named = {text.get_text(): text for text in axes.texts}
    for power, line in zip((1, 2), guides, strict=True):
        x, y = line.get_xdata(), line.get_ydata()
        assert np.diff(np.log(y))[0] / np.diff(np.log(x))[0] == pytest.approx(power)
        ends = axes.transData.transform(np.column_stack([x, y]))
        angle = math.degrees(math.atan2(*(ends[1] - ends[0])[::-1])) % 360
        assert named[f"slope {power}"].get_rotation() == pytest.approx(angle)
        # Lightly, behind, and within the picture.
        assert line.get_zorder() < min(other.get_zorder() for other in lines(figure))
        assert axes.get_ylim()[0] * (1 - 1e-9) <= y[0] < y[1] <= axes.get_ylim()[1]


def test_the_floor_is_shaded_and_points_below_it_are_pale() -> None:
    found = report(shift=1e9).taylor
    assert found is not None
    figure = taylor(found)
    axes = figure.axes[0]
    (band,) = axes.patches
    assert band.get_extents().transformed(axes.transData.inverted()).y1 == pytest.approx(found.floor)
    strong = lines(figure)[3].get_ydata()
    below = np.array(found.right_remainders) <= found.floor
    assert below.any()
    assert not below.all()
    np.testing.assert_array_equal(np.isnan(strong), below)
    assert np.isfinite(lines(figure)[2].get_ydata()).all()
    assert "rounding of f" in words(figure)


def test_a_floor_far_below_is_named_alone() -> None:
    figure = taylor(made(np.array(STEPS), np.array(STEPS) ** 2, floor=3e-16))
    assert not figure.axes[0].patches
    assert "rounding of f: 3e-16, far below" in words(figure)
    # The points, not an empty plain, fill the picture.
    assert figure.axes[0].get_ylim()[0] > 1e-9


def test_remainders_of_0_have_a_place() -> None:
    for floor in (0.0, 1e-16):
        figure = taylor(made(np.array(STEPS), 0.0, floor))
        low = figure.axes[0].get_ylim()[0]
        pale, strong = lines(figure)[2:]
        assert np.isnan(strong.get_ydata()).all()
        assert low < pale.get_ydata().max() < min(STEPS)


@pytest.mark.parametrize(
    ("wrong", "right", "floor"),
    [
        (np.array(STEPS), math.nan, 1e-16),
        (np.where(np.array(STEPS) > 0.1, math.inf, np.array(STEPS)), 1e-12, math.inf),
        (1e308, 1e280, 1e292),
        (5e-324, 1e-280, 0.0),
        (1e-20, 1e-22, 1e-16),
        (1.0, 1.0, math.nan),
    ],
)
def test_edges(wrong: Any, right: Any, floor: float) -> None:
    assert on_the_paper(taylor(made(wrong, right, floor)))


def test_everything_is_on_the_paper_in_both_languages() -> None:
    for lang in ("en", "ko"):
        assert on_the_paper(taylor(report(), lang=lang))
        assert on_the_paper(taylor(report(shift=1e9), lang=lang))


def test_korean() -> None:
    if style._hangul_font() is None:
        pytest.skip("no font with Hangul is installed")
    figure = taylor(report(), lang="ko")
    axes = figure.axes[0]
    said = [axes.get_title("left"), axes.get_xlabel(), axes.get_ylabel(), *words(figure)]
    assert all(any("가" <= letter <= "힣" for letter in text) for text in said)


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_equal_files(tmp_path: Path, ending: str) -> None:
    for name in "ab":
        save(taylor(report(), lang="ko"), tmp_path / f"{name}.{ending}")
    assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()


def test_no_test_in_a_report() -> None:
    right = report(1.0)
    assert right.passed
    with pytest.raises(ArgumentError, match=r"no Taylor test.*'passed'.*1.1 times") as caught:
        taylor(right)
    assert "1.1배" in caught.value.text("ko")
    # At a kink no slope is known along any direction.
    kink = check_gradient(lambda x: np.abs(x).sum(), np.zeros(3), np.full(3, 2.0))
    assert kink.mismatches
    assert kink.taylor is None
    with pytest.raises(ArgumentError, match=r"of a wrong gradient but has no Taylor test.*another point") as caught:
        taylor(kink)
    assert "다른 점" in caught.value.text("ko")


def test_nothing_to_draw() -> None:
    for nothing in (math.nan, math.inf, 0.0):
        with pytest.raises(ArgumentError, match="no remainder that is finite and above 0"):
            taylor(made(nothing, nothing))


@pytest.mark.parametrize("given", [3.0, None, report, [0.1, 0.2]])
def test_something_else(given: Any) -> None:
    with pytest.raises(
        ArgumentTypeError, match="`report_or_test` must be a GradientReport or a TaylorTest, not"
    ) as caught:
        taylor(given)
    assert "GradientReport 또는 TaylorTest 객체" in caught.value.text("ko")


@pytest.mark.parametrize("kind", [GradientReport, TaylorTest])
def test_a_class(kind: Any) -> None:
    with pytest.raises(ArgumentTypeError, match="with brackets"):
        taylor(kind)
