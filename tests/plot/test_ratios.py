from __future__ import annotations

from typing import Any

import pytest

from gradwright import plot
from gradwright.errors import ArgumentError


def test_a_panel_for_each_job_and_a_bar_for_each_contestant() -> None:
    figure = plot.ratios({"one": {"a": 2.0, "b": 1234.5}, "two": {"c": 0.5}}, title="Times")
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["one", "two"]
    assert [len(axes.patches) for axes in figure.axes] == [2, 1]
    assert [text.get_text() for text in figure.axes[0].texts] == ["2.0×", "1,234×"]
    assert [text.get_text() for text in figure.axes[1].texts] == ["0.50×"]
    assert [bar.get_x() + bar.get_width() for bar in figure.axes[0].patches] == pytest.approx([2.0, 1234.5])


@pytest.mark.parametrize("panels", [{}, {"one": {}}, {"one": {"a": 0.0}}, {"one": {"a": float("nan")}}])
def test_nothing_to_draw(panels: Any) -> None:
    with pytest.raises(ArgumentError, match="panels"):
        plot.ratios(panels)
