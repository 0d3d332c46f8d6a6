"""The confusion matrix: counts, shares, names, from 2 classes to many."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from gradwright.errors import ArgumentTypeError
from gradwright.plot import confusion
from gradwright.training import Evaluation

matplotlib = pytest.importorskip("matplotlib")


def of_table(table: Any, classes: tuple[str, ...] | None = None) -> Evaluation:
    counts = np.asarray(table)
    labels, predictions = np.repeat(np.argwhere(counts), counts[counts > 0], axis=0).T
    diagonal = np.diag(counts)
    with np.errstate(invalid="ignore"):
        precision, recall = diagonal / counts.sum(axis=0), diagonal / counts.sum(axis=1)
    names = classes or tuple(map(str, range(len(counts))))
    confidence = np.full(len(labels), 0.5)
    accuracy = float(diagonal.sum() / counts.sum())
    return Evaluation(0.3, accuracy, counts, precision, recall, recall, names, labels, predictions, confidence)


def random_table(size: int) -> Any:
    return np.random.default_rng(size).poisson(3, (size, size)) + 90 * np.eye(size, dtype=int)


def counts_of(axes: Any) -> dict[tuple[int, int], int]:
    """Return the counts written in the cells, by row and column."""
    plain = [text for text in axes.texts if type(text) is matplotlib.text.Text]
    return {(text.get_position()[1], text.get_position()[0]): int(text.get_text()) for text in plain}


def beside(axes: Any) -> list[str]:
    return [text.get_text() for text in axes.texts if type(text) is not matplotlib.text.Text]


@pytest.mark.parametrize("size", [2, 3, 30, 50])
def test_every_count_stands_in_its_cell(size: int) -> None:
    table = random_table(size)
    axes = confusion(of_table(table)).axes[0]
    assert counts_of(axes) == {(i, j): table[i, j] for i, j in np.argwhere(table)}
    assert axes.get_ylim() == (size - 0.5, -0.5), "the first class is on top"


@pytest.mark.parametrize("size", [2, 50])
def test_counts_fit_into_their_cells(size: int) -> None:
    figure = confusion(of_table(random_table(size) * 37))
    axes = figure.axes[0]
    renderer = figure.canvas.get_renderer()
    cell = axes.get_window_extent(renderer).width / size
    widths = [t.get_window_extent(renderer).width for t in axes.texts if type(t) is matplotlib.text.Text]
    assert max(widths) < cell
    assert min(t.get_fontsize() for t in axes.texts) >= 4


def test_colour_is_the_share_of_the_row() -> None:
    table = [[99, 1, 0], [0, 1, 99], [0, 0, 0]]
    colours = confusion(of_table(table)).axes[0].images[0].get_array()
    white = np.ones(3)
    # On the square root: 1 in 100 has a tenth of the full colour, whatever the count.
    vermilion = np.array(matplotlib.colors.to_rgb("#D55E00"))
    blue = np.array(matplotlib.colors.to_rgb("#0072B2"))
    np.testing.assert_allclose(colours[0, 1], white - 0.1 * (1 - vermilion))
    np.testing.assert_allclose(colours[1, 1], white - 0.1 * (1 - blue))
    np.testing.assert_allclose(colours[1, 2], white - np.sqrt(0.99) * (1 - vermilion))
    for empty in ((0, 2), (2, 0), (2, 2)):
        np.testing.assert_array_equal(colours[empty], white)
    # One in a hundred can be told from none: by more than a just noticeable difference (some 2 of 255).
    assert np.abs(255 * (colours[0, 1] - white)).max() > 10


def test_figures_on_cells_can_be_read() -> None:
    axes = confusion(of_table(random_table(10))).axes[0]
    colours = axes.images[0].get_array()

    def luminance(colour: Any) -> float:
        linear = np.where(np.asarray(colour) <= 0.04045, np.asarray(colour) / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    for text in axes.texts:
        if type(text) is matplotlib.text.Text:
            column, row = text.get_position()
            pair = sorted(
                [luminance(colours[row, column]), luminance(np.array(matplotlib.colors.to_rgb(text.get_color())))]
            )
            assert (pair[1] + 0.05) / (pair[0] + 0.05) > 4.5  # the contrast that WCAG asks of small text


def test_recall_precision_and_title() -> None:
    figure = confusion(of_table([[3, 1, 0], [0, 999, 1], [0, 0, 0]]))
    axes = figure.axes[0]
    assert axes.get_title() == "1,002 of 1,004 right (99.8%)"
    # Recall and precision of each class in turn; 99.9% is not 100, and where nothing is, there is no share.
    assert beside(axes) == ["75", "100", "99", "99", "–", "0", "precision (%)", "recall (%)"]


def test_names() -> None:
    axes = confusion(of_table([[1, 2], [3, 4]], ("not 5", "5"))).axes[0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["not 5", "5"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["not 5", "5"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("predicted class", "true class")


def test_fewer_names_than_classes() -> None:
    axes = confusion(of_table([[1, 2], [3, 4]], ("a",))).axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "1"]


def test_long_names_do_not_run_into_each_other() -> None:
    names = tuple(f"a rather long name {k}" for k in range(12))
    figure = confusion(of_table(random_table(12), names))
    renderer = figure.canvas.get_renderer()
    boxes = [label.get_window_extent(renderer) for label in figure.axes[0].get_xticklabels()]
    assert all(first.x1 <= second.x0 for first, second in pairwise(boxes))


def test_hundreds_of_classes_have_no_counts_but_colours() -> None:
    figure = confusion(of_table(random_table(300)))
    assert counts_of(figure.axes[0]) == {}
    assert max(figure.get_size_inches()) < 16
    assert len(figure.axes[0].get_yticklabels()) == 100


@pytest.mark.parametrize("size", [2, 10, 30])
def test_everything_is_on_the_paper(size: int) -> None:
    figure = confusion(of_table(random_table(size), tuple(f"the class number {k}" for k in range(size))))
    box = figure.get_tightbbox()
    assert box.x0 > 0
    assert box.y0 > 0
    assert np.all([box.x1, box.y1] < figure.get_size_inches())


def test_no_evaluation() -> None:
    with pytest.raises(ArgumentTypeError, match="`evaluation` must be an Evaluation, not list"):
        confusion([[1, 0], [0, 1]])  # type: ignore[arg-type]
