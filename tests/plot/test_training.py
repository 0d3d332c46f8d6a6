"""The picture of a training run: the right numbers, however many there are."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from gradwright.errors import ArgumentTypeError
from gradwright.plot import history
from gradwright.plot.style import BLUE, GREEN, VERMILION
from gradwright.training import History, Record

matplotlib = pytest.importorskip("matplotlib")


def made(
    steps: int, every: int, *, accuracy: bool = True, validation: bool = False, per_epoch: int = 10, test: Any = None
) -> History:
    """Return the history of a run whose numbers are all different."""
    result = History(loss=[2.0 + 1 / (k + 1) for k in range(steps)])
    for place, step in enumerate(range(every, steps + 1, every)):
        s = 1 / (place + 2)
        scores: list[Any] = [0.8 + s, 0.9 - s, None, None, 1.0 + s, 0.85 - s]
        if validation:
            scores[2:4] = [1.1 + s, 0.8 - s]
        if test is not None:
            scores[4] = test[place]
        if not accuracy:
            scores[1::2] = [None] * 3
        mean = sum(result.loss[step - every : step]) / every
        result.records.append(Record(step, step / per_epoch, mean, *scores, seconds=0.1 * step))
    return result


def line(axes: Any, colour: str, faint: bool = False) -> Any:
    (found,) = [ln for ln in axes.lines if ln.get_color() == colour and (ln.get_alpha() is not None) == faint]
    return found


def texts(axes: Any) -> list[str]:
    return [text.get_text() for text in axes.texts]


class TestNumbers:
    def test_each_step_faint(self) -> None:
        run = made(50, 10)
        drawn = line(history(run).axes[0], BLUE, faint=True)
        np.testing.assert_allclose(drawn.get_xdata(), np.arange(50) / 10)
        np.testing.assert_array_equal(drawn.get_ydata(), run.loss)
        assert drawn.get_alpha() < 0.5

    def test_means_stand_at_the_middle_of_their_steps(self) -> None:
        run = made(50, 10)
        drawn = line(history(run).axes[0], BLUE)
        np.testing.assert_array_equal(drawn.get_ydata(), [record.loss for record in run.records])
        # The first is the mean of the losses at steps 0, 1, ..., 9.
        np.testing.assert_allclose(drawn.get_xdata(), [0.45, 1.45, 2.45, 3.45, 4.45])

    def test_held_out_losses(self) -> None:
        run = made(50, 10, validation=True)
        axes = history(run).axes[0]
        for colour, name in ((GREEN, "validation_loss"), (VERMILION, "test_loss")):
            drawn = line(axes, colour)
            np.testing.assert_array_equal(drawn.get_ydata(), [getattr(record, name) for record in run.records])
            np.testing.assert_allclose(drawn.get_xdata(), run.epochs)
        assert texts(axes) == ["test", "validation", "each step", "train"]

    def test_accuracies_in_percent_with_the_last_as_label(self) -> None:
        run = made(50, 10, validation=True)
        axes = history(run).axes[1]
        for colour, values in (
            (BLUE, run.train_accuracy),
            (GREEN, run.validation_accuracy),
            (VERMILION, run.test_accuracy),
        ):
            drawn = line(axes, colour)
            np.testing.assert_allclose(drawn.get_ydata(), [100 * value for value in values])  # type: ignore[operator]
            np.testing.assert_allclose(drawn.get_xdata(), run.epochs)
        assert texts(axes) == ["validation 63.3", "test 68.3", "train 73.3"]

    def test_all_is_inside_the_panels(self) -> None:
        for run in (made(50, 10), made(3, 1), made(5000, 5), made(200, 20, accuracy=False)):
            for axes in history(run).axes:
                for drawn in axes.lines:
                    x, y = (np.asarray(values, dtype=float) for values in drawn.get_data())
                    assert axes.get_xlim()[0] <= x.min() <= x.max() <= axes.get_xlim()[1]
                    assert axes.get_ylim()[0] <= y.min() <= y.max() <= axes.get_ylim()[1]


class TestManyAndFew:
    def test_nothing_yet(self) -> None:
        (axes,) = history(History()).axes
        assert axes.get_title("left") == "loss"

    def test_steps_without_an_evaluation(self) -> None:
        (axes,) = history(History(loss=[3.0, 2.0])).axes
        assert texts(axes) == ["each step"]
        assert axes.get_xlabel() == "step"

    def test_one_step_and_one_evaluation_are_dots(self) -> None:
        figure = history(made(1, 1))
        for axes in figure.axes:
            assert all(drawn.get_marker() == "o" for drawn in axes.lines)

    def test_less_than_an_epoch_counts_in_steps(self) -> None:
        axes = history(made(8, 4, per_epoch=600)).axes[0]
        assert axes.get_xlabel() == "step"
        np.testing.assert_allclose(line(axes, VERMILION).get_xdata(), [4, 8])
        assert axes.get_xlim() == (0, 8)

    def test_an_epoch_counts_in_epochs(self) -> None:
        axes = history(made(20, 4)).axes[0]
        assert axes.get_xlabel() == "epoch"
        assert axes.get_xlim() == (0, 2)

    def test_100_000_steps_are_thinned_and_lose_no_extreme(self) -> None:
        rng = np.random.default_rng(0)
        run = made(100_000, 100, per_epoch=600)
        run.loss = list(rng.uniform(1, 2, 100_000))
        run.loss[77_777], run.loss[33_333] = 9.0, 0.5
        figure = history(run)
        drawn = line(figure.axes[0], BLUE, faint=True)
        x, y = drawn.get_data()
        assert len(x) <= 2000
        assert (y.max(), y.min()) == (9.0, 0.5)
        assert x[y.argmax()] == pytest.approx(77_777 / 600)
        assert np.all(np.diff(x) > 0)
        np.testing.assert_array_equal(y, np.asarray(run.loss)[np.rint(x * 600).astype(int)])
        assert len(line(figure.axes[1], BLUE).get_xdata()) == 1000

    def test_regression_has_no_accuracy_panel(self) -> None:
        figure = history(made(50, 10, accuracy=False))
        assert [axes.get_title("left") for axes in figure.axes] == ["loss"]

    def test_no_test_set(self) -> None:
        run = History(loss=[1.0] * 10, records=[Record(10, 1.0, 1.0, 0.9, 0.7, None, None, None, None, 0.1)])
        loss, accuracy = history(run).axes
        assert texts(accuracy) == ["train 70.0"]
        assert "test" not in texts(loss)


class TestLossAxis:
    @pytest.mark.parametrize(
        ("losses", "scale"),
        [
            ([2.3, 0.05], "linear"),
            ([2.3, 0.005], "log"),
            ([1.0, 0.0], "linear"),
            ([1.0, 1e-4, 0.0], "log"),
            ([-1.0, 1e-4, 500.0], "linear"),
            ([0.0, 0.0], "linear"),
            ([math.nan, 1.0], "linear"),
        ],
    )
    def test_scale(self, losses: list[float], scale: str) -> None:
        (axes,) = history(History(loss=losses)).axes
        assert axes.get_yscale() == scale
        if scale == "linear":
            assert axes.get_ylim()[0] == min(0.0, np.nanmin(losses))

    def test_tick_labels_are_plain_numbers(self) -> None:
        (axes,) = history(History(loss=[1000.0, 1e-4])).axes
        assert not any("$" in label.get_text() for label in axes.get_yticklabels())
        assert "0.001" in [label.get_text() for label in axes.get_yticklabels()]


class TestOverfitting:
    def run(self, per_epoch: int = 10) -> History:
        return made(100, 10, per_epoch=per_epoch, test=[1.5, 1.2, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7])

    def test_is_marked_in_both_panels(self) -> None:
        run = self.run()
        assert run.overfits_from() == 3
        figure = history(run)
        for axes in figure.axes:
            (mark,) = [drawn for drawn in axes.lines if drawn.get_linestyle() == "--"]
            assert list(mark.get_xdata()) == [3, 3]
        assert "overfits from epoch 3" in texts(figure.axes[0])

    def test_in_steps(self) -> None:
        axes = history(self.run(per_epoch=600)).axes[0]
        assert "overfits from step 30" in texts(axes)
        (mark,) = [drawn for drawn in axes.lines if drawn.get_linestyle() == "--"]
        assert list(mark.get_xdata()) == [30, 30]

    def test_no_mark_without(self) -> None:
        figure = history(made(100, 10))
        assert not [drawn for axes in figure.axes for drawn in axes.lines if drawn.get_linestyle() == "--"]


def test_into_a_figure_of_the_callers() -> None:
    from matplotlib.figure import Figure

    mine = Figure(figsize=(6, 8))
    top, _bottom = mine.subfigures(2, 1)
    assert history(made(50, 10), fig=top) is top
    assert len(mine.axes) == 2
    assert history(made(50, 10), fig=mine.subfigures(1, 1)) is not mine


def test_no_history() -> None:
    with pytest.raises(ArgumentTypeError, match="`history` must be a History, not list"):
        history([1.0, 2.0])  # type: ignore[arg-type]
