"""Predictions against answers, a panel for each value."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from gradwright.plot import predictions
from gradwright.training import RegressionEvaluation

pytest.importorskip("matplotlib")


def found(values: np.ndarray) -> RegressionEvaluation:
    ones = np.ones(values.shape[1])
    return RegressionEvaluation(0.1, ones, ones, ones, values, values + 0.01 * values.std(axis=0))


@pytest.mark.parametrize("scale", [1e-4, 1.0, 12345678.0, 1e12])
def test_the_numbers_below_a_panel_do_not_touch(scale: float) -> None:
    values = scale * np.random.default_rng(0).normal(size=(40, 3))
    figure = predictions(found(values))
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    for axes in figure.axes:
        left, right = axes.get_xlim()
        labels = [label for label in axes.get_xticklabels() if left <= label.get_position()[0] <= right]
        boxes = [label.get_window_extent(renderer) for label in labels]
        assert len(boxes) > 1
        assert all(one.x1 < two.x0 for one, two in pairwise(boxes))


def test_several_values_are_numbered_and_stand_in_a_grid() -> None:
    values = np.random.default_rng(0).normal(size=(9, 40))
    figure = predictions(found(values))
    assert len(figure.axes) == 36
    assert figure.get_figwidth() <= 9 * 4.6
    assert figure.axes[35].get_title("left").startswith("36: R²")
    (alone,) = predictions(found(values[:, :1])).axes
    assert alone.get_title("left").startswith("R²")
