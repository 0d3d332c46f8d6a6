from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pytest

from gradwright import plot
from gradwright.errors import ArgumentTypeError
from gradwright.nn import (
    Affine,
    Explanation,
    HalfSquaredError,
    Identity,
    Network,
    ReLU,
    Sigmoid,
    SoftmaxCrossEntropy,
    Tanh,
    TwoLayerNet,
)

X = np.random.default_rng(0).standard_normal((6, 3))
T = np.array([0, 1, 2, 3, 0, 1])


def explained(depth: int = 2, loss: Any = None) -> Explanation:
    net = Network.of_sizes([3, *[5] * (depth - 1), 4], "sigmoid", loss, rng=0)
    return net.explain(X, T if loss is None else np.eye(4)[T])


def texts(figure: Any) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts if text.get_text()]


def place(figure: Any, text: str) -> tuple[float, float]:
    (found,) = [one for one in figure.axes[0].texts if one.get_text() == text]
    return found.get_position()


@pytest.mark.parametrize(
    ("depth", "loss", "lang"),
    [(1, None, "ko"), (2, None, "en"), (2, HalfSquaredError(), "ko"), (3, None, "en"), (4, None, "ko")],
)
class TestEveryDepth:
    def test_every_step_is_there(self, depth: int, loss: Any, lang: str) -> None:
        explanation = explained(depth, loss)
        written = texts(plot.explanation(explanation, lang=lang))
        for step in explanation.steps:
            assert written.count(step.name) == 1
            assert f"{step.name} = {step.formula.text}" in written
            if step is not explanation.steps[0]:
                assert step.shapes.replace("->", "→") in written

    def test_the_largest_entry_of_every_step_is_there(self, depth: int, loss: Any, lang: str) -> None:
        explanation = explained(depth, loss)
        written = texts(plot.explanation(explanation, lang=lang))
        for step in explanation.steps[1:]:
            start = f"[{', '.join(map(str, step.entry.index))}] = "
            values = [
                line.replace("\N{MINUS SIGN}", "-").rsplit(" = ", 1)[1] for line in written if line.startswith(start)
            ]
            assert f"{step.entry.value:.3g}" in values

    def test_every_kind_of_step_has_its_reason(self, depth: int, loss: Any, lang: str) -> None:
        explanation = explained(depth, loss)
        figure = plot.explanation(explanation, lang=lang)
        lang = "ko" if any("순전파" in line for line in texts(figure)) else "en"
        written = " ".join(" ".join(texts(figure)).split())
        for kind in {step.why for step in explanation.steps}:
            first = next(step for step in explanation.steps if step.why == kind)
            assert first.reason(lang) in written

    def test_no_words_overlap_or_leave_the_page(self, depth: int, loss: Any, lang: str) -> None:
        figure = plot.explanation(explained(depth, loss), lang=lang)
        renderer = figure.canvas.get_renderer()
        found = [(t, t.get_window_extent(renderer)) for t in figure.axes[0].texts if t.get_text()]
        for i, (one, box) in enumerate(found):
            assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1, one
            assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1, one
            for other, its in found[i + 1 :]:
                width = min(box.x1, its.x1) - max(box.x0, its.x0)
                height = min(box.y1, its.y1) - max(box.y0, its.y0)
                assert width <= 1 or height <= 3, f"{one.get_text()!r} on {other.get_text()!r}"


class TestTheOrder:
    def test_a_gradient_stands_in_the_row_of_its_quantity(self) -> None:
        figure = plot.explanation(explained(), lang="en")
        assert place(figure, "$a_{2}$")[1] == place(figure, "dy")[1]
        assert place(figure, "$z_{1}$")[1] == place(figure, "da1")[1]
        assert place(figure, "$a_{1}$")[1] == place(figure, "dz1")[1]
        assert place(figure, "dW1")[1] > place(figure, "db1")[1] > place(figure, "dW2")[1]

    def test_the_first_line_is_highlighted(self) -> None:
        figure = plot.explanation(explained(), lang="en")
        y = place(figure, "dy")[1]
        widths = {
            round(patch.get_linewidth(), 2)
            for patch in figure.axes[0].patches
            if patch.get_bbox().y0 < y < patch.get_bbox().y1 and patch.get_bbox().x0 > 2 and patch.get_bbox().x1 < 5
        }
        assert widths == {1.8}
        assert any(r"\delta_{kj}" in text for text in texts(figure))
        assert any("right class" in text for text in texts(figure))

    def test_a_regression_has_no_row_for_y(self) -> None:
        written = texts(plot.explanation(explained(loss=HalfSquaredError()), lang="en"))
        assert "$y$" not in written
        assert not any("delta" in text for text in written)


def test_unusual_networks() -> None:
    layers = [Sigmoid(), Affine(3, 4, bias=False), Tanh(), ReLU(), Affine(4, 4), Affine(4, 2), Identity()]
    for loss in (SoftmaxCrossEntropy(), HalfSquaredError()):
        figure = plot.explanation(Network(layers, loss, rng=0).explain(X, np.eye(2)[T % 2]), lang="en")
        assert "$z_{1,2}$" in texts(figure)


def test_names_of_classes_that_look_like_formulas() -> None:
    net = TwoLayerNet(3, 4, 4, rng=0)
    net.metadata["classes"] = ["$5", "a_b$", "개", "\\frac"]
    plot.explanation(net.explain(X, T), lang="ko").canvas.draw()


def test_korean() -> None:
    from gradwright.plot.style import drawing

    with drawing("ko") as pen:
        if pen.lang != "ko":
            pytest.skip("no font with Hangul is installed")
    written = " ".join(texts(plot.explanation(explained(), lang="ko")))
    assert "순전파" in written
    assert re.search("매개변수의 기울기", written)


def test_the_callers_settings_are_left_alone(tmp_path: Path) -> None:
    before = dict(matplotlib.rcParams)
    figure = plot.explanation(explained(), lang="en")
    plot.save(figure, tmp_path / "a.svg")
    plot.save(plot.explanation(explained(), lang="en"), tmp_path / "b.svg")
    assert dict(matplotlib.rcParams) == before
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_something_else() -> None:
    with pytest.raises(ArgumentTypeError, match="an Explanation"):
        plot.explanation("dy")  # type: ignore[arg-type]
