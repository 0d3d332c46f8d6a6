"""What a history says: overfitting in words, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import numpy as np
import pytest

from gradwright.data import Dataset, digits
from gradwright.nn import HalfSquaredError, Network, TwoLayerNet
from gradwright.training import History, Record, train


def history(held: Any, train_loss: Any = None, test: bool = False) -> History:
    """A history with these losses on held samples, one evaluation an epoch."""
    records = []
    for number, loss in enumerate(held):
        falling = 1.0 / (number + 1) if train_loss is None else train_loss[number]
        pair = (None, loss) if test else (loss, None)
        values = {"validation_loss": pair[0], "test_loss": pair[1], "train_loss": falling}
        records.append(
            Record(
                10 * (number + 1),
                number + 1.0,
                falling,
                values["train_loss"],
                0.5,
                values["validation_loss"],
                None,
                values["test_loss"],
                None,
                0.1,
            )
        )
    return History(records=records)


FALLS = [2.0, 1.2, 0.8, 0.6, 0.5, 0.45, 0.42, 0.4, 0.39, 0.38, 0.375, 0.37]
TURNS = [2.0, 1.2, 0.8, 0.6, 0.5, 0.52, 0.55, 0.6, 0.66, 0.7, 0.76, 0.8]


@pytest.mark.parametrize("test", [False, True])
def test_a_loss_that_turns_up(test: bool) -> None:
    turning = history(TURNS, test=test)
    assert turning.overfits_from() == 5.0
    english, korean = turning.advice("en"), turning.advice("ko")
    assert "Overfitting shows from epoch 5:" in english
    assert "rose from 0.5 to 0.8" in english
    assert "fell to 0.0833" in english
    assert "5 에폭부터 오버피팅" in korean
    assert "0.5에서 0.8까지" in korean


def test_validation_counts_before_the_test_part() -> None:
    both = history(TURNS)
    both.records = [Record(**{**r.__dict__, "test_loss": loss}) for r, loss in zip(both.records, FALLS)]
    assert both.overfits_from() == 5.0


@pytest.mark.parametrize(
    "held",
    [
        FALLS,
        [2.0, 1.2, 0.8, *[0.5, 0.52] * 8],  # to and fro
        [2.0, 1.0, 0.5, 0.5, 0.51, 0.515, 0.52, 0.52, 0.52],  # less than a tenth
        [2.0, 1.0, 0.1, 1e-3, 1e-6, *(1e-13 * 1.2**k for k in range(20))],  # rounding, after all was learned
        [2.0, 1.2, 0.8, 0.6, 0.5, 0.45, 0.42, 0.4, 0.39, 0.6],  # the last alone
        [0.5] * 10,
    ],
)
def test_what_is_not_overfitting(held: list[float]) -> None:
    assert history(held).overfits_from() is None
    assert history(held).advice("en").startswith("No overfitting so far")
    assert "오버피팅은 보이지 않습니다" in history(held).advice("ko")


def test_a_training_loss_that_rises_too_is_something_else() -> None:
    assert history(TURNS, train_loss=TURNS).overfits_from() is None


def test_noise_is_no_overfitting(rng: np.random.Generator) -> None:
    """A held loss that settles at a level, with noise of a fifth: hardly ever a false alarm."""
    alarms = 0
    for _ in range(200):
        level = 0.3 + 2 * np.exp(-np.arange(40) / 5)
        alarms += history(level * (1 + 0.2 * rng.normal(size=40)), np.linspace(1, 0.1, 40)).overfits_from() is not None
    assert alarms <= 4
    # And the rise is found through noise where there is one.
    rise = 0.3 + 2 * np.exp(-np.arange(40) / 5) + 0.015 * np.maximum(0, np.arange(40) - 20)
    found = [
        history(rise * (1 + 0.05 * rng.normal(size=40)), np.linspace(1, 0.1, 40)).overfits_from() for _ in range(50)
    ]
    assert sum(epoch is not None for epoch in found) >= 48
    assert 12 < np.median([epoch for epoch in found if epoch]) < 26


@pytest.mark.parametrize("short", [History(), history([1.0, 0.5]), history(TURNS[:5]), history([None] * 12)])
def test_too_little_to_say(short: History) -> None:
    assert short.overfits_from() is None
    assert short.advice("en").startswith("Too few evaluations, or no samples held back")
    assert short.advice("ko").startswith("평가 횟수가 너무 적거나")


# -- runs that are made to overfit, and healthy ones -------------------------------------------------------------------


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_run_made_to_overfit_is_called_so(seed: int) -> None:
    """120 digits, three in ten of them with a label drawn at random, 200 hidden units, many epochs."""
    data, rng = digits(), np.random.default_rng(seed)
    few = rng.permutation(len(data.x_train))[:120]
    labels = data.t_train[few]
    labels[:36] = rng.integers(10, size=36)
    noisy = Dataset(data.x_train[few], labels, data.x_test, data.t_test, classes=data.classes)
    network = TwoLayerNet(64, 200, 10, init="auto", rng=seed, activation="relu")
    run = train(network, noisy, optimizer="adam", learning_rate=0.003, epochs=120, batch_size=20, rng=seed)
    epoch = run.overfits_from()
    assert epoch is not None
    losses = [record.test_loss for record in run.records]
    assert abs(epoch - 1 - losses.index(min(losses))) <= 12  # type: ignore[type-var]
    assert f"from epoch {epoch:g}" in run.advice("en")


@pytest.mark.parametrize("options", [{"learning_rate": 0.5}, {"optimizer": "adam", "learning_rate": 0.005}])
def test_healthy_runs_are_not(options: Any) -> None:
    for seed in range(10):
        network = TwoLayerNet(64, 50, 10, init="auto", rng=seed, activation="relu")
        run = train(network, digits(), epochs=15, batch_size=32, rng=seed, **options)
        assert run.overfits_from() is None, seed
        assert run.records[-1].test_accuracy > 0.93
        assert run.advice("en").startswith("No overfitting")


# -- text and plain values ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def runs() -> list[History]:
    rng = np.random.default_rng(0)
    x, t = rng.normal(size=(30, 2)), np.arange(30) % 2
    labels = train(Network.of_sizes([2, 3, 2], rng=0), (x, t, x, t), epochs=3, batch_size=7, validation=0.2, rng=0)
    values = train(Network.of_sizes([2, 3, 2], loss=HalfSquaredError(), rng=0), (x, x), epochs=3, batch_size=7, rng=0)
    return [labels, values]


def test_csv_parses_back_to_the_same_numbers(runs: list[History]) -> None:
    for run in runs:
        text = run.to_csv()
        assert "\r" not in text
        rows = list(csv.DictReader(io.StringIO(text)))
        assert len(rows) == len(run.records) == 3
        for row, record in zip(rows, run.records):
            assert list(row) == list(vars(record))
            for name, value in vars(record).items():
                assert (None if row[name] == "" else float(row[name])) == value, name
    assert History().to_csv().count("\n") == 1


def test_to_dict_is_json(runs: list[History]) -> None:
    for run in runs:
        document = json.loads(json.dumps(run.to_dict(), allow_nan=False))
        assert document["loss"] == run.loss
        assert History(**{**document, "records": [Record(**r) for r in document["records"]]}) == run
        assert document["seed"] == 0
        assert document["stopped"] == "steps"


def test_columns(runs: list[History]) -> None:
    run = runs[0]
    assert run.steps == [4, 8, 12]
    assert run.epochs == [1.0, 2.0, 3.0]
    for name in ("train_accuracy", "validation_accuracy", "test_accuracy"):
        assert getattr(run, name) == [getattr(record, name) for record in run.records]
        assert all(type(value) is float for value in getattr(run, name))
    assert runs[1].test_accuracy == [None] * 3
