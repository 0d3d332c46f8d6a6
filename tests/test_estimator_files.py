"""Files of estimators that say what no estimator writes: each an error of one line that names the entry."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gradwright as gw
from gradwright import NetworkClassifier, NetworkRegressor, errors

BOTH = [NetworkClassifier, NetworkRegressor]


def data_for(kind: type) -> tuple[np.ndarray, np.ndarray]:
    x = np.random.default_rng(0).normal(size=(30, 5))
    return x, np.arange(30) % 3 if kind is NetworkClassifier else x @ np.arange(5.0)


CURVE = {"loss_curve_": [1.0], "validation_scores_": None, "n_iter_": 1, "stopped_": "epochs"}
DAMAGES: list[tuple[type, str, Any]] = [
    *(
        (NetworkClassifier, "labels", value)
        for value in (3, None, [0, 1], [0, 1, 1], [2, 1, 0], [0, 1, 10**30], ["a", 1, 2])
    ),
    *((NetworkClassifier, "labels_dtype", value) for value in (None, "|i1x", "O", "<M8[D]", 8, [["a", "<i8"]])),
    *(
        (NetworkRegressor, "targets", value)
        for value in (None, 3, [], [[0, 1], [0, 1]], [[0, 0]], [["0", 1]], [[float("nan"), 1]], [0, 1])
    ),
    *((NetworkRegressor, "one_target", value) for value in (None, 1, "yes")),
    *(
        (kind, "params", value)
        for kind in BOTH
        for value in (None, 3, {"depth": 3}, {"random_state": "x"}, [["hidden", 3]])
    ),
    *((kind, "features", value) for kind in BOTH for value in (["a"], 3, "abcde", [1, 2, 3, 4, 5])),
    *((kind, "kept", value) for kind in BOTH for value in ({}, None, [])),
    *(
        (NetworkClassifier, "kept", {**CURVE, **bad})
        for bad in (
            {"loss_curve_": 3},
            {"loss_curve_": []},
            {"loss_curve_": ["a"]},
            {"validation_scores_": 1},
            {"n_iter_": "1"},
            {"n_iter_": 0},
            {"n_iter_": -1, "loss_curve_": []},
            {"stopped_": None},
        )
    ),
]


@pytest.mark.parametrize(("kind", "name", "value"), DAMAGES)
def test_a_file_that_says_what_no_estimator_writes(kind: type, name: str, value: Any, tmp_path: Path) -> None:
    x, t = data_for(kind)
    path = tmp_path / "model"
    kind(3, epochs=1).fit(x, t).save(path)
    network = gw.Network.load(path)
    network.metadata["estimator"][name] = value
    network.save(path, overwrite=True)
    told = f"'estimator.{name.removesuffix('_dtype')}' must be what {kind.__name__}.save wrote"
    with pytest.raises(errors.ModelFileError, match=told) as caught:
        kind.load(path)
    assert str(path) in str(caught.value)
    assert "\n" not in caught.value.text("ko")
    del network.metadata["estimator"][name]
    network.save(path, overwrite=True)
    with pytest.raises(errors.ModelFileError, match=told):
        kind.load(path)


def test_a_file_of_an_estimator_with_the_loss_of_the_other(tmp_path: Path) -> None:
    x, t = data_for(NetworkClassifier)
    NetworkClassifier(3, epochs=1).fit(x, t).save(tmp_path / "model")
    network = gw.Network.load(tmp_path / "model")
    network.loss_function = gw.HalfSquaredError()
    network.save(tmp_path / "model", overwrite=True)
    with pytest.raises(errors.ModelFileError, match=r"'estimator\.kind'"):
        NetworkClassifier.load(tmp_path / "model")


@pytest.mark.parametrize("held", [False, True])
@pytest.mark.parametrize("kind", BOTH)
def test_what_was_interrupted_in_its_first_epoch_comes_back(
    kind: type, held: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(self: Any) -> float:
        raise KeyboardInterrupt

    x, t = data_for(kind)
    model = kind(3, early_stopping=held, validation_fraction=0.3, random_state=0)
    with monkeypatch.context() as patched:
        patched.setattr("gradwright.estimators.epochs.Epochs.one", interrupted)
        with pytest.raises(KeyboardInterrupt):
            model.fit(x, t)
    assert (model.n_iter_, model.stopped_, hasattr(model, "loss_")) == (0, "", False)
    model.save(tmp_path / "model")
    again = kind.load(tmp_path / "model")
    np.testing.assert_array_equal(again.predict(x), model.predict(x))
    assert again.fit(x, t).stopped_ != ""
