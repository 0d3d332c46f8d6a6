"""What TensorBoard reads back is what the history says."""

from __future__ import annotations

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util import tensor_util

import gradwright as gw
from gradwright.errors import ArgumentError
from gradwright.training import TensorBoard


def curves(folder):
    log = EventAccumulator(str(folder))
    log.Reload()
    return {
        tag: [(event.step, float(tensor_util.make_ndarray(event.tensor_proto))) for event in log.Tensors(tag)]
        for tag in log.Tags()["tensors"]
    }


def test_the_curves_are_those_of_the_history(tmp_path):
    net = gw.Network.of_sizes([64, 10, 10], rng=0)
    with TensorBoard(tmp_path / "기록", every=5) as board:
        history = gw.train(net, gw.data.digits(), steps=23, evaluate_every=10, callbacks=[board], rng=0)
    found = curves(tmp_path / "기록")
    assert set(found) == {"loss", "learning_rate", "train/loss", "train/accuracy", "test/loss", "test/accuracy"}
    assert [step for step, _ in found["loss"]] == [1, 5, 10, 15, 20, 23]
    for step, loss in found["loss"]:
        assert loss == pytest.approx(history.loss[step - 1], rel=1e-6)
    assert [step for step, _ in found["test/accuracy"]] == [10, 20, 23]
    np.testing.assert_allclose([value for _, value in found["test/accuracy"]], history.test_accuracy, rtol=1e-6)


def test_every(tmp_path):
    with pytest.raises(ArgumentError, match="every"):
        TensorBoard(tmp_path, every=0)
