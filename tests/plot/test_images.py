"""Weights and mistakes as pictures."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from gradwright.data import digits
from gradwright.errors import ArgumentError, ArgumentTypeError, ShapeError
from gradwright.nn import Network
from gradwright.plot import mistakes, weights
from gradwright.training import Evaluation, evaluate, train

matplotlib = pytest.importorskip("matplotlib")


def tiles(axes: Any, shape: tuple[int, int]) -> list[Any]:
    """Return the pictures of the units, cut out of the drawn image at their frames."""
    table = axes.images[0].get_array()
    found = []
    for path in axes.collections[0].get_paths():
        left, top = np.rint(path.vertices.min(axis=0) + 0.5).astype(int)
        found.append(np.asarray(table[top : top + shape[0], left : left + shape[1]]))
    return found


class TestWeights:
    @pytest.mark.parametrize("hidden", [1, 7, 50, 200])
    def test_each_unit_is_a_picture(self, hidden: int) -> None:
        net = Network.of_sizes([12, hidden, 3], rng=0)
        axes = weights(net, image_shape=(3, 4)).axes[0]
        pictures = tiles(axes, (3, 4))
        assert len(pictures) == hidden
        for unit, picture in enumerate(pictures):
            np.testing.assert_array_equal(picture, net.params["W1"][:, unit].reshape(3, 4).astype(np.float64))
        # And nothing is drawn between and after them.
        assert np.isfinite(np.ma.filled(axes.images[0].get_array(), np.nan)).sum() == 12 * hidden
        assert axes.get_title("left") == f"weights into each hidden unit ({hidden})"

    def test_rows_are_numbered_by_their_first_unit(self) -> None:
        axes = weights(Network.of_sizes([4, 50, 3], rng=0), image_shape=(2, 2)).axes[0]
        assert [label.get_text() for label in axes.get_yticklabels()] == ["0", "10", "20", "30", "40"]

    def test_one_scale_as_far_below_zero_as_above(self) -> None:
        net = Network.of_sizes([4, 3, 2], rng=0)
        net.params["W1"] = np.array([[0.1, -0.5, 0.0]] * 4)
        for shape in (None, (2, 2)):
            image = weights(net, image_shape=shape).axes[0].images[0]
            assert image.get_clim() == (-0.5, 0.5)
            np.testing.assert_allclose(image.cmap(image.norm(0.0))[:3], [1, 1, 1], atol=0.02)
            red, _, blue, _ = image.cmap(image.norm(0.25))
            assert red > blue

    def test_a_scale_with_a_name(self) -> None:
        figure = weights(Network.of_sizes([4, 3, 2], rng=0))
        (bar,) = figure.axes[0].child_axes
        assert bar.get_ylabel() == "weight"

    def test_zeros_and_nan(self) -> None:
        net = Network.of_sizes([4, 2, 2], rng=0)
        net.params["W1"] = np.zeros((4, 2))
        assert weights(net, image_shape=(2, 2)).axes[0].images[0].get_clim() == (-1, 1)
        net.params["W1"] = np.array([[np.nan, 1.0]] * 4)
        assert weights(net).axes[0].images[0].get_clim() == (-1, 1)

    def test_a_matrix_without_an_image_shape(self) -> None:
        net = Network.of_sizes([5, 4, 3], rng=0)
        axes = weights(net).axes[0]
        np.testing.assert_array_equal(axes.images[0].get_array(), net.params["W1"])
        assert (axes.get_xlabel(), axes.get_ylabel()) == ("hidden unit", "input")

    def test_a_network_without_a_hidden_layer(self) -> None:
        axes = weights(Network.of_sizes([4, 3], rng=0), image_shape=[2, 2]).axes[0]  # type: ignore[arg-type]
        assert axes.get_title("left") == "weights into each output unit (3)"

    def test_many_units(self) -> None:
        axes = weights(Network.of_sizes([4, 500, 2], rng=0), image_shape=(2, 2)).axes[0]
        assert len(tiles(axes, (2, 2))) == 400
        assert axes.get_title("left") == "weights into each hidden unit (the first 400 of 500)"
        assert weights(Network.of_sizes([4, 500, 2], rng=0)).axes[0].images[0].get_array().shape == (4, 500)

    def test_another_array_library(self, need_module: Any) -> None:
        torch = need_module("torch")
        net = Network.of_sizes([4, 3, 2], rng=0)
        expected = net.params["W1"]
        net.params["W1"] = torch.tensor(expected, requires_grad=True)
        np.testing.assert_array_equal(weights(net).axes[0].images[0].get_array(), expected)

    @pytest.mark.parametrize("shape", [(3, 3), (4,), 4, (2, 2, 1), (1, 5)])
    def test_an_image_shape_that_does_not_fit(self, shape: Any) -> None:
        with pytest.raises(ShapeError, match="`image_shape`"):
            weights(Network.of_sizes([4, 3], rng=0), image_shape=shape)

    def test_no_network(self) -> None:
        with pytest.raises(ArgumentTypeError, match="`network` must be a Network, not dict"):
            weights({"W1": np.eye(2)})  # type: ignore[arg-type]


def found(labels: Any, predictions: Any, confidence: Any, classes: tuple[str, ...] = ("0", "1", "2")) -> Evaluation:
    t, y = np.asarray(labels), np.asarray(predictions)
    table = np.zeros((3, 3), np.int64)
    np.add.at(table, (t, y), 1)
    nan = np.full(3, np.nan)
    return Evaluation(0.1, float((t == y).mean()), table, nan, nan, nan, classes, t, y, np.asarray(confidence))


def captions(figure: Any) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


class TestMistakes:
    X = np.arange(30.0).reshape(5, 6)

    def evaluation(self, classes: tuple[str, ...] = ("0", "1", "2")) -> Evaluation:
        return found([0, 1, 2, 0, 1], [0, 2, 0, 1, 1], [0.9, 0.5, 0.99999, 0.87, 0.6], classes)

    def test_most_confident_first(self) -> None:
        figure = mistakes(self.evaluation(), self.X, (2, 3))
        assert captions(figure) == ["2 → 0 (>99%)", "0 → 1 (87%)", "1 → 2 (50%)"]
        for image, sample in zip(figure.axes[0].images, (2, 3, 1), strict=True):
            np.testing.assert_array_equal(image.get_array(), self.X[sample].reshape(2, 3))
            assert image.get_clim() == (6, 23), "one scale of grey for all"
        assert figure.axes[0].get_title("left") == "3 of 5 wrong: true → predicted (its probability)"

    def test_pictures_stand_upright_above_their_captions(self) -> None:
        axes = mistakes(self.evaluation(), self.X, (2, 3)).axes[0]
        for image, text in zip(axes.images, axes.texts, strict=True):
            left, right, bottom, top = image.get_extent()
            assert top < bottom < text.get_position()[1]
            assert text.get_position()[0] == pytest.approx((left + right) / 2)
        assert axes.yaxis_inverted()

    def test_count(self) -> None:
        figure = mistakes(self.evaluation(), self.X, (2, 3), count=2)
        assert captions(figure) == ["2 → 0 (>99%)", "0 → 1 (87%)"]
        title = "3 of 5 wrong, the 2 most confident: true → predicted (its probability)"
        assert figure.axes[0].get_title("left") == title

    def test_names(self) -> None:
        figure = mistakes(self.evaluation(("ant", "bumblebee", "dragonfly (blue)")), self.X, (2, 3), count=1)
        assert captions(figure) == ["dragonfly (…\n→ ant (>99%)"]
        assert captions(mistakes(self.evaluation(("a",)), self.X, (2, 3), count=1)) == ["2 → a (>99%)"]

    @pytest.mark.parametrize("names", [("네모", "동그라미", "세모"), ("5", "not 5", "x"), ("ab", "cdefgh", "i")])
    def test_captions_side_by_side_do_not_touch(self, names: tuple[str, ...]) -> None:
        pairs = found([0, 0, 0, 0], [1, 1, 1, 1], [0.9999, 0.9998, 0.9997, 0.9996], names)
        figure = mistakes(pairs, np.zeros((4, 6)), (2, 3))
        renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
        boxes = [text.get_window_extent(renderer) for text in figure.axes[0].texts]
        assert all(one.x1 < two.x0 for one, two in pairwise(boxes))

    def test_none(self) -> None:
        figure = mistakes(found([0, 1], [0, 1], [0.9, 0.8]), np.zeros((2, 4)), (2, 2))
        assert [text.get_text() for text in figure.texts] == ["No mistakes: all 2 are right."]
        assert figure.axes == []

    def test_images_and_other_libraries(self, xp: Any) -> None:
        figure = mistakes(self.evaluation(), xp(self.X.reshape(5, 2, 3)), (2, 3))
        np.testing.assert_array_equal(figure.axes[0].images[0].get_array(), self.X[2].reshape(2, 3))

    @pytest.mark.parametrize("count", [1, 5, 6, 20, 97])
    def test_everything_is_on_the_paper(self, count: int) -> None:
        labels = np.zeros(100, np.int64)
        figure = mistakes(found(labels, labels + 1, np.linspace(0, 1, 100)), np.ones((100, 4)), (2, 2), count=count)
        assert len(captions(figure)) == count
        box = figure.get_tightbbox()
        assert box.x0 > 0
        assert box.y0 > 0
        assert np.all([box.x1, box.y1] < figure.get_size_inches())
        renderer = figure.canvas.get_renderer()
        boxes = [text.get_window_extent(renderer) for text in figure.axes[0].texts]
        assert not any(boxes[i].overlaps(boxes[k]) for i in range(count) for k in range(i))

    def test_long_names_do_not_run_into_each_other(self) -> None:
        labels = np.zeros(20, np.int64)
        names = ("아주 긴 이름을 가진 과일", "a long name of a class", "c")
        figure = mistakes(found(labels, labels + 1, np.full(20, 0.999), names), np.ones((20, 4)), (2, 2))
        renderer = figure.canvas.get_renderer()
        boxes = [text.get_window_extent(renderer) for text in figure.axes[0].texts]
        assert not any(boxes[i].overlaps(boxes[k]) for i in range(20) for k in range(i))

    def test_real_digits(self) -> None:
        data = digits()
        net = Network.of_sizes([64, 10], rng=0)
        train(net, data, steps=30, rng=0)
        result = evaluate(net, data.x_test, data.t_test, data.classes)
        figure = mistakes(result, data.x_test, data.image_shape or (0, 0))
        worst = result.worst[0]
        np.testing.assert_array_equal(figure.axes[0].images[0].get_array(), data.x_test[worst].reshape(8, 8))
        assert captions(figure)[0].startswith(f"{data.t_test[worst]} → {net.predict(data.x_test[worst]).argmax()} (")

    def test_what_does_not_fit(self) -> None:
        with pytest.raises(ShapeError, match="`x` has 4 samples but `evaluation` is of 5"):
            mistakes(self.evaluation(), self.X[:4], (2, 3))
        with pytest.raises(ShapeError, match="`image_shape` is"):
            mistakes(self.evaluation(), self.X, (3, 3))
        with pytest.raises(ArgumentError, match="`count`"):
            mistakes(self.evaluation(), self.X, (2, 3), count=0)
        with pytest.raises(ArgumentTypeError, match="`evaluation` must be an Evaluation"):
            mistakes(self.X, self.X, (2, 3))  # type: ignore[arg-type]
