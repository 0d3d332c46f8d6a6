"""Evaluation of a classifier: by hand, against scikit-learn, in chunks."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from gradwright.errors import ArgumentError, ArgumentTypeError, LabelError, NonFiniteError, ShapeError
from gradwright.nn import Affine, HalfSquaredError, Network
from gradwright.training import evaluate


def echo(n: int = 3) -> Network:
    """A network whose logits are its inputs."""
    network = Network([Affine(n, n)], rng=0)
    network.params = {"W1": np.eye(n), "b1": np.zeros(n)}
    return network


#: Predicted 0, 0, 1, 1, 1, 0 with rising confidence; the answers are 0, 0, 0, 1, 1, 1; class 2 is never there.
X = np.array([[1, 0, 0], [2, 0, 0], [0, 3, 0], [0, 4, 0], [0, 5, 0], [6, 0, 0]], float)
T = np.array([0, 0, 0, 1, 1, 1])


def test_by_hand() -> None:
    result = evaluate(echo(), X, T)
    assert result.confusion.tolist() == [[2, 1, 0], [1, 2, 0], [0, 0, 0]]
    assert result.accuracy == 4 / 6
    np.testing.assert_allclose(result.precision, [2 / 3, 2 / 3, np.nan])
    np.testing.assert_allclose(result.recall, [2 / 3, 2 / 3, np.nan])
    np.testing.assert_allclose(result.f1, [2 / 3, 2 / 3, np.nan])
    assert result.predictions.tolist() == [0, 0, 1, 1, 1, 0]
    assert result.labels.tolist() == T.tolist()
    surprise = [np.log(np.exp(a) + 2) - b for a, b in ((1, 1), (2, 2), (3, 0), (4, 4), (5, 5), (6, 0))]
    assert result.loss == pytest.approx(np.mean(surprise), rel=1e-12)
    np.testing.assert_allclose(result.confidence, [np.exp(a) / (np.exp(a) + 2) for a in range(1, 7)])
    assert result.classes == ("0", "1", "2")


def test_unequal_precision_and_recall() -> None:
    """Class 0: 1 of 2 found, 1 of 1 right; class 1: 2 of 2 found, 2 of 3 right; class 2: never predicted."""
    x = np.array([[9, 0, 0], [0, 9, 0], [0, 9, 0], [0, 9, 0]], float)
    result = evaluate(echo(), x, [0, 0, 1, 1])
    np.testing.assert_allclose(result.precision, [1, 2 / 3, np.nan])
    np.testing.assert_allclose(result.recall, [1 / 2, 1, np.nan])
    np.testing.assert_allclose(result.f1, [2 / 3, 4 / 5, np.nan])
    missed = evaluate(echo(), x, [0, 0, 1, 2])  # class 2 is there now, and missed
    assert np.isnan(missed.precision[2])
    assert missed.recall[2] == 0
    assert missed.f1[2] == 0


def test_the_worst_come_first() -> None:
    assert evaluate(echo(), X, T).worst.tolist() == [5, 2]
    assert evaluate(echo(), X, [0, 0, 1, 1, 1, 0]).worst.tolist() == []
    assert evaluate(echo(), np.eye(3), [1, 2, 0]).worst.tolist() == [0, 1, 2]  # equal ones in their order


def test_as_scikit_learn(rng: np.random.Generator, need_module: Any) -> None:
    metrics = need_module("sklearn.metrics")
    x, t = rng.normal(size=(200, 3)), rng.integers(3, size=200)
    result = evaluate(echo(), x, t)
    guess = x.argmax(axis=1)
    assert np.array_equal(result.confusion, metrics.confusion_matrix(t, guess))
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(t, guess)
    np.testing.assert_allclose(result.precision, precision)
    np.testing.assert_allclose(result.recall, recall)
    np.testing.assert_allclose(result.f1, f1)
    assert result.accuracy == pytest.approx(metrics.accuracy_score(t, guess))
    probs = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
    assert result.loss == pytest.approx(metrics.log_loss(t, probs), rel=1e-9)


@pytest.mark.parametrize("chunk", [1, 4, 5, 6, 7])
def test_sets_larger_than_a_chunk(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = evaluate(echo(), X, T)
    monkeypatch.setattr("gradwright.training.evaluation._CHUNK", chunk)
    parts = evaluate(echo(), X, T)
    assert np.array_equal(parts.confusion, whole.confusion)
    assert np.array_equal(parts.confidence, whole.confidence)
    assert parts.loss == pytest.approx(whole.loss, rel=1e-12)


def test_agrees_with_the_network(rng: np.random.Generator) -> None:
    network = Network.of_sizes([4, 6, 3], rng=0)
    x, t = rng.normal(size=(50, 4)), rng.integers(3, size=50)
    result = evaluate(network, x, t)
    assert result.accuracy == network.accuracy(x, t)
    assert result.loss == pytest.approx(network.loss(x, t), rel=1e-6)


def test_one_hot_rows_and_lists() -> None:
    expected = evaluate(echo(), X, T).to_dict()
    assert evaluate(echo(), X, np.eye(3)[T]).to_dict() == expected
    assert evaluate(echo(), X.tolist(), T.tolist()).to_dict() == expected


def test_arrays_of_any_library(xp: Any) -> None:
    network = echo()
    network.params = {name: xp(array) for name, array in network.params.items()}
    result = evaluate(network, xp(X), xp(T))
    assert result.confusion.tolist() == [[2, 1, 0], [1, 2, 0], [0, 0, 0]]
    assert evaluate(network, X, T).confusion.tolist() == result.confusion.tolist()


def test_to_dict_is_json() -> None:
    result = evaluate(echo(), X, T, classes=("a", "b", "c"))
    document = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert document["classes"] == ["a", "b", "c"]
    assert document["precision"] == [2 / 3, 2 / 3, None]
    assert document["confusion"] == [[2, 1, 0], [1, 2, 0], [0, 0, 0]]
    assert document["n_samples"] == 6


def test_a_regression_has_no_classes() -> None:
    network = Network([Affine(3, 2)], HalfSquaredError(), rng=0)
    with pytest.raises(ArgumentError, match="HalfSquaredError"):
        evaluate(network, X, X[:, :2])


@pytest.mark.parametrize(
    ("x", "t", "kind"),
    [
        (X[:, :2], T, ShapeError),
        (X[0], 0, ShapeError),
        (X, T[:3], ShapeError),
        (X, 1, ShapeError),
        (X[:0], T[:0], ShapeError),
        (X, T + 1.5, LabelError),
        (X, T + 2, LabelError),
        (X, T - 1, LabelError),
        (X * np.nan, T, NonFiniteError),
    ],
)
def test_what_does_not_fit(x: Any, t: Any, kind: Any) -> None:
    with pytest.raises(kind) as raised:
        evaluate(echo(), x, t)
    assert "\n" not in str(raised.value)


def test_a_name_for_each_class() -> None:
    with pytest.raises(ArgumentError, match="`classes` has 2 names but the network has 3 outputs"):
        evaluate(echo(), X, T, classes=("a", "b"))
    assert evaluate(echo(), X, T, classes=np.array(["a", "b", "c"])).classes == ("a", "b", "c")  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [None, "x", 3, 3.5, [], {"a": 1}, X, object, Network, lambda: 0])
def test_kinds_that_are_wrong(wrong: Any) -> None:
    with pytest.raises(ArgumentTypeError, match="`network`"):
        evaluate(wrong, X, T)
    if wrong is not X:
        with pytest.raises((ArgumentTypeError, ShapeError), match="`x`"):
            evaluate(echo(), wrong, T)
        with pytest.raises((ArgumentTypeError, ShapeError), match="`t`"):
            evaluate(echo(), X, wrong)
    if wrong is not None:
        with pytest.raises((ArgumentTypeError, ArgumentError), match="`classes`"):
            evaluate(echo(), X, T, wrong)
