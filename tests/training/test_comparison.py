"""Ways to descend side by side."""

from __future__ import annotations

import numpy as np
import pytest

import gradwright as gw
from gradwright.errors import ArgumentError, ArgumentTypeError, GradwrightError
from gradwright.training import Comparison, Curve, compare

WAYS = {"batch": {"batch_size": "full"}, "stochastic": {"batch_size": 1}, "mini-batch": {"batch_size": 50}}


@pytest.fixture(scope="module")
def digits():
    data = gw.data.digits()
    return gw.Dataset(data.x_train[:300], data.t_train[:300], data.x_test, data.t_test)


def test_each_runs_as_a_trainer_does(digits):
    net = gw.Network.of_sizes([64, 10, 10], rng=0)
    before = {name: array.copy() for name, array in net.params.items()}
    found = compare(net, digits, WAYS, epochs=2, least_updates=30, seed=3)
    assert [curve.updates[-1] for curve in found.curves] == [30, 600, 30]
    assert [curve.epochs[-1] for curve in found.curves] == [30, 2, 5]
    for curve, options in zip(found.curves, WAYS.values(), strict=True):
        other = gw.Network.of_sizes([64, 10, 10], rng=0)
        history = gw.train(other, digits, steps=int(curve.updates[-1]), rng=3, **options)
        assert curve.loss[-1] == history.records[-1].train_loss
        assert curve.test_accuracy[-1] == history.records[-1].test_accuracy
        assert curve.loss[0] == pytest.approx(net.loss(digits.x_train, digits.t_train), rel=1e-6)
        assert list(curve.seconds) == sorted(curve.seconds)
    for name, array in net.params.items():
        np.testing.assert_array_equal(array, before[name])


def curve(name, updates, epochs, seconds, loss, *, diverged=False):
    return Curve(name, updates, epochs, seconds, loss, None, diverged)


def test_who_won_by_which_measure():
    slow = curve("batch", (0.0, 10.0), (0.0, 10.0), (0.0, 4.0), (2.0, 1.0))
    quick = curve("stochastic", (0.0, 1000.0), (0.0, 10.0), (0.0, 8.0), (2.0, 0.0))
    found = Comparison((slow, quick))
    assert {m: found.budget(m) for m in ("updates", "epochs", "seconds")} == {"updates": 10, "epochs": 10, "seconds": 4}
    assert found.ranking("updates") == [("batch", 1.0), ("stochastic", 1.98)]
    assert found.ranking("epochs") == [("stochastic", 0.0), ("batch", 1.0)]
    by_updates, by_epochs, by_seconds = found.verdicts("en")
    assert by_updates.startswith("By updates (10 each), batch has the lowest loss, 1;")
    assert "stochastic has the lowest loss, 0;" in by_epochs
    assert by_seconds.startswith("By seconds (4 each)")
    assert "갱신 횟수로 보면(10번씩)" in found.verdicts("ko")[0]


def test_what_diverged_comes_last_and_sets_no_budget():
    good = curve("good", (0.0, 10.0), (0.0, 1.0), (0.0, 1.0), (2.0, 1.0))
    bad = curve("bad", (0.0, 2.0), (0.0, 0.2), (0.0, 0.1), (2.0, 0.5), diverged=True)
    found = Comparison((bad, good))
    assert found.budget("updates") == 10
    assert [name for name, _ in found.ranking("epochs")] == ["good", "bad"]
    assert found.to_dict()["rankings"]["epochs"][1]["loss"] is None
    assert "diverged" in Comparison((bad,)).verdicts("en")[0]


def test_a_run_that_diverges(digits):
    ways = {"wild": {"learning_rate": 1e30}, "tame": {"learning_rate": 0.1}}
    found = compare(gw.Network.of_sizes([64, 10, 10], rng=0), digits, ways, epochs=1, least_updates=20)
    assert [c.diverged for c in found.curves] == [True, False]
    assert len(gw.plot.comparison(found, title="two").axes) == 3


def test_the_picture_of_many_has_their_names_beside_the_panels_and_no_two_lines_alike():
    names = [f"mini-batch {size}, {rule}" for rule in ("sgd", "adam", "rmsprop") for size in range(10)]
    curves = tuple(curve(name, (0.0, 9.0), (0.0, 1.0), (0.0, 1.0), (2.0, 1.0 + k)) for k, name in enumerate(names))
    figure = gw.plot.comparison(Comparison(curves), title="\N{LINEAR B SYLLABLE B008 A}")
    (legend,) = figure.legends
    renderer = figure.canvas.get_renderer()
    box = legend.get_window_extent(renderer)
    assert figure.bbox.y0 <= box.y0 <= box.y1 <= figure.bbox.y1
    for axes in figure.axes:
        assert axes.get_legend() is None
        assert axes.get_tightbbox(renderer).x1 <= box.x0
    lines = figure.axes[0].get_lines()
    looks = {(line.get_color(), line.get_linestyle()) for line in lines}
    assert len(looks) == 28 == 7 * 4, "of thirty, two come round again"
    assert figure.get_suptitle() == "", "no font has it"


@pytest.mark.parametrize(("low", "high"), [(1e-6, 2.0), (0.3, 2.3), (0.53, 1.25), (0.69, 0.7), (1e-4, 3e-4)])
def test_the_axis_of_losses_has_numbers_however_narrow(low, high):
    one = curve("one", (0.0, 10.0), (0.0, 1.0), (0.0, 1.0), (high, low))
    axis = gw.plot.comparison(Comparison((one,))).axes[0].yaxis
    bottom, top = axis.get_view_interval()
    there = {text.get_text() for text in axis.get_ticklabels() if bottom <= text.get_position()[1] <= top}
    assert 2 <= len(there) <= 9


def test_no_contestants(digits):
    with pytest.raises(ArgumentError, match="contestants"):
        compare(gw.Network.of_sizes([64, 10], rng=0), digits, {})


@pytest.mark.parametrize(
    ("kind", "said", "arguments"),
    [
        (ArgumentTypeError, "contestants", {"contestants": 5}),
        (ArgumentTypeError, "contestants", {"contestants": None}),
        (ArgumentTypeError, "contestants", {"contestants": ["a"]}),
        (ArgumentTypeError, r"contestants\['a'\]", {"contestants": {"a": 5}}),
        (ArgumentTypeError, "contestants", {"contestants": {5: {}}}),
        (ArgumentError, "learning_rte", {"contestants": {"a": {"learning_rte": 1}}}),
        (ArgumentError, "steps", {"contestants": {"a": {"steps": 1}}}),
        (ArgumentError, "1", {"contestants": {"a": {1: 1}}}),
        (ArgumentError, "batch_size", {"contestants": {"a": {"batch_size": -1}}}),
        (ArgumentError, "sampling", {"contestants": {"a": {"sampling": 3}}}),
        (ArgumentError, "optimizer", {"contestants": {"a": {"optimizer": "sdg"}}}),
        (GradwrightError, "learning_rate", {"contestants": {"a": {"learning_rate": -1}}}),
        (ArgumentError, "epochs", {"epochs": 0}),
        (ArgumentError, "least_updates", {"least_updates": "many"}),
        (ArgumentError, "seed", {"seed": "q"}),
        (ArgumentTypeError, "progress", {"progress": 5}),
        (ArgumentTypeError, "data", {"data": None}),
        (ArgumentTypeError, "network", {"network": None}),
    ],
)
def test_wrong_arguments(digits, kind, said, arguments):
    first = {"network": gw.Network.of_sizes([64, 10], rng=0), "data": digits, "contestants": WAYS}
    with pytest.raises(kind, match=said) as caught:
        compare(**first | arguments)
    assert "\n" not in str(caught.value)


def test_a_mistake_in_the_last_contestant_is_seen_before_the_first_runs(digits):
    heard = []
    with pytest.raises(ArgumentError, match="optimizer"):
        compare(
            gw.Network.of_sizes([64, 10], rng=0), digits, {"a": {}, "b": {"optimizer": "sdg"}},
            progress=lambda *told: heard.append(told),
        )  # fmt: skip
    assert not heard


def test_another_measure():
    only = curve("batch", (0.0, 10.0), (0.0, 10.0), (0.0, 4.0), (2.0, 1.0))
    for ask in (lambda: only.loss_at("hours", 1), lambda: Comparison((only,)).ranking("hours")):
        with pytest.raises(ArgumentError, match="measure"):
            ask()


def test_where_the_loss_is_infinite_from_the_start():
    data = gw.Dataset(np.full((20, 1), 1e30, np.float32), np.full((20, 1), 1e30))
    net = gw.Network.of_sizes([1, 1], loss=gw.HalfSquaredError(), rng=0)
    (found,) = compare(net, data, {"one": {}}, epochs=1, least_updates=5).curves
    assert found.diverged
    assert found.updates == (0.0,)
