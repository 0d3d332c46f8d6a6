"""The scikit-learn estimators: scikit-learn's own checks, numbers by hand and by an oracle, and life in its company."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas
import pytest
import scipy.sparse
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_iris, make_classification, make_regression
from sklearn.exceptions import NotFittedError
from sklearn.metrics import accuracy_score, log_loss, r2_score
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import gradwright as gw
from gradwright import NetworkClassifier, NetworkRegressor, errors
from gradwright.descent import Optimizer
from gradwright.messages import CATALOGUE

BOTH = [NetworkClassifier, NetworkRegressor]


@parametrize_with_checks(
    [
        NetworkClassifier(),
        NetworkRegressor(),
        NetworkClassifier(
            (8, 8), "tanh", optimizer="nesterov", learning_rate=0.1, weight_decay=1e-3, batch_size="full"
        ),
        NetworkRegressor(20, "sigmoid", optimizer="rmsprop", learning_rate=0.01, scale_targets=False),
    ]
)
def test_scikit_learn_checks(estimator: Any, check: Any) -> None:
    """All of them, with no failure expected, and a warning is a failure."""
    check(estimator)


@pytest.fixture(scope="module")
def iris() -> tuple[np.ndarray, np.ndarray]:
    x, t = load_iris(return_X_y=True)
    return StandardScaler().fit_transform(x), t


def data_for(kind: type, n: int = 60) -> tuple[np.ndarray, np.ndarray]:
    if kind is NetworkClassifier:
        return make_classification(n, 5, n_informative=4, n_redundant=0, n_classes=3, random_state=1)
    return make_regression(n, 5, noise=1.0, random_state=1)


def params_of(estimator: Any) -> np.ndarray:
    return np.concatenate([array.ravel() for array in estimator.network_.params.values()])


# -- numbers -----------------------------------------------------------------------------------------------------------


def begin_together(peer: Any, ours: Any) -> None:
    """Give both, which have done a step, the weights of the peer, and optimizers that have done none."""
    for i, (weight, bias) in enumerate(zip(peer.coefs_, peer.intercepts_, strict=True), 1):
        ours.network_.params[f"W{i}"], ours.network_.params[f"b{i}"] = weight.copy(), bias.copy()
    options = {"momentum": peer.momentum} if peer.solver == "sgd" else {"epsilon": peer.epsilon}
    kind = type(peer._optimizer)
    peer._optimizer = kind(peer.coefs_ + peer.intercepts_, learning_rate_init=peer.learning_rate_init, **options)
    ours._state = None


@pytest.mark.parametrize(
    ("solver", "optimizer", "momentum"),
    [
        ("sgd", gw.SGD(0.1), 0.0),
        ("sgd", gw.Nesterov(0.1, momentum=0.9), 0.9),
        ("adam", gw.Adam(0.1, epsilon=1e-12), 0.9),
    ],
)
@pytest.mark.parametrize("activation", ["relu", "tanh", "logistic", "identity"])
def test_steps_are_those_of_scikit_learn(
    solver: str, optimizer: Optimizer, momentum: float, activation: str, rng: np.random.Generator
) -> None:
    """From equal weights, on equal batches, with an equal penalty: MLPClassifier and MLPRegressor as oracles."""
    x, t = rng.normal(size=(50, 6)), rng.integers(0, 3, 50)
    ours_is = "sigmoid" if activation == "logistic" else activation
    common = {
        "activation": activation,
        "solver": solver,
        "momentum": momentum,
        "learning_rate_init": 0.1,
        "random_state": 0,
        "epsilon": 1e-12,
    }
    pairs = [
        (
            MLPClassifier((7,), alpha=0.5, **common),
            NetworkClassifier(7, ours_is, weight_decay=0.05, optimizer=optimizer),
            t,
        ),
        (
            MLPRegressor(hidden_layer_sizes=(7,), alpha=0.5, **common),
            NetworkRegressor(7, ours_is, weight_decay=0.05, optimizer=optimizer, scale_targets=False),
            rng.normal(size=(50, 2)),
        ),
    ]
    for peer, ours, y in pairs:
        labels = {"classes": np.unique(y)} if isinstance(ours, NetworkClassifier) else {}
        for number, batch in enumerate(np.split(np.arange(50), 5)):  # of 10: alpha 0.5 of theirs is 0.05 of ours
            peer.partial_fit(x[batch], y[batch], **labels)
            ours.partial_fit(x[batch], y[batch], **labels)
            if number == 0:
                begin_together(peer, ours)
            for own, other in zip(ours.coefs_ + ours.intercepts_, peer.coefs_ + peer.intercepts_, strict=True):
                # Steps are about 0.1 long; Adam's are as uncertain as a gradient near 0, whose scale it takes away.
                np.testing.assert_allclose(own, other, rtol=1e-6, atol=1e-6)
        predict = "predict_proba" if isinstance(ours, NetworkClassifier) else "predict"
        np.testing.assert_allclose(getattr(ours, predict)(x), getattr(peer, predict)(x), rtol=1e-5, atol=1e-5)


def test_a_step_worked_by_hand() -> None:
    """No hidden layer, one feature: W = (w, -w), x = 1; p = sigmoid(2w), and dL/dw_0 = p - 1 for the class 0."""
    ours = NetworkClassifier((), optimizer="sgd", learning_rate=1.0, epochs=1, init=1e-9, random_state=0)
    ours.fit([[1.0], [-1.0]], [0, 1])
    # At weights of 0 both probabilities are 1/2: the gradient of W is (-1/2, 1/2), that of b is 0, the loss log 2.
    np.testing.assert_allclose(ours.coefs_[0], [[0.5, -0.5]], atol=1e-8)
    np.testing.assert_allclose(ours.intercepts_[0], [0, 0], atol=1e-8)
    assert ours.loss_ == pytest.approx(np.log(2))
    np.testing.assert_allclose(ours.predict_proba([[1.0]])[0, 0], 1 / (1 + np.exp(-1)), rtol=1e-7)


def test_the_loss_is_that_of_the_whole_set(iris: Any) -> None:
    x, t = iris
    ours = NetworkClassifier(10, batch_size="full", epochs=5, weight_decay=0.01, random_state=0).fit(x, t)
    before = NetworkClassifier(10, batch_size="full", epochs=4, weight_decay=0.01, random_state=0).fit(x, t)
    penalty = 0.005 * sum((weight**2).sum() for weight in before.coefs_)
    assert ours.loss_ == pytest.approx(log_loss(t, before.predict_proba(x)) + penalty, rel=1e-12)
    assert len(ours.loss_curve_) == ours.n_iter_ == 5
    assert ours.best_loss_ == min(ours.loss_curve_)


def test_the_loss_of_a_regression_is_half_the_squared_error_of_scaled_targets(rng: np.random.Generator) -> None:
    x, t = rng.normal(size=(40, 3)), 1000 + 50 * rng.normal(size=(40, 2))
    weights = rng.integers(0, 4, 40)
    before = NetworkRegressor(5, epochs=2, tol=None, random_state=0).fit(x, t, sample_weight=weights)
    ours = NetworkRegressor(5, epochs=3, tol=None, random_state=0).fit(x, t, sample_weight=weights)
    repeated = np.repeat(t, weights, axis=0)
    np.testing.assert_allclose(ours.target_mean_, repeated.mean(axis=0))
    np.testing.assert_allclose(ours.target_scale_, repeated.std(axis=0))
    halves = (((before.predict(x) - t) / ours.target_scale_) ** 2).sum(axis=1) / 2
    assert ours.loss_ == pytest.approx(np.average(halves, weights=weights), rel=1e-12)


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_weights_are_repetitions(kind: type, optimizer: str, rng: np.random.Generator) -> None:
    x, t = data_for(kind)
    weights = rng.integers(0, 5, len(x))
    make = lambda: kind(6, optimizer=optimizer, learning_rate=0.05, batch_size="full", epochs=30, random_state=3)  # noqa: E731
    weighted = make().fit(x, t, sample_weight=weights)
    repeated = make().fit(np.repeat(x, weights, axis=0), np.repeat(t, weights, axis=0))
    np.testing.assert_allclose(params_of(weighted), params_of(repeated), rtol=1e-7, atol=1e-9)
    assert weighted.loss_ == pytest.approx(repeated.loss_)
    assert not np.allclose(params_of(weighted), params_of(make().fit(x, t)), rtol=1e-3)
    assert weighted.score(x, t, weights) == pytest.approx(
        repeated.score(np.repeat(x, weights, axis=0), np.repeat(t, weights, axis=0))
    )


@pytest.mark.parametrize("kind", BOTH)
def test_the_scale_of_weights_and_samples_of_weight_zero_do_not_count(kind: type) -> None:
    x, t = data_for(kind)
    make = lambda: kind(6, batch_size=16, epochs=4, random_state=3)  # noqa: E731
    plain = make().fit(x[:50], t[:50])
    for value in (1.0, 7.0):
        weights = np.r_[np.full(50, value), np.zeros(10)]
        np.testing.assert_allclose(params_of(make().fit(x, t, sample_weight=weights)), params_of(plain), rtol=1e-9)


def test_probabilities(iris: Any) -> None:
    x, t = iris
    ours = NetworkClassifier(10, learning_rate=0.01, random_state=0).fit(x, t)
    probs = ours.predict_proba(x)
    np.testing.assert_allclose(probs.sum(axis=1), 1, rtol=1e-12)
    assert (ours.predict(x) == ours.classes_[probs.argmax(axis=1)]).all()
    np.testing.assert_allclose(ours.predict_log_proba(x), np.log(probs), rtol=1e-9)
    far = ours.predict_log_proba(1e6 * x)
    assert np.isfinite(far).all(), "exact where probabilities round to 0"
    assert ours.score(x, t) == accuracy_score(t, ours.predict(x)) > 0.95
    np.testing.assert_allclose(probs, ours.network_.predict(x), rtol=1e-12)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_targets_of_any_scale(scale: float) -> None:
    x, t = data_for(NetworkRegressor, 200)
    plain = NetworkRegressor(20, learning_rate=0.01, tol=None, random_state=0).fit(x, t)
    ours = clone(plain).fit(x, scale * t + 10 * scale)
    assert ours.score(x, scale * t + 10 * scale) > 0.99
    np.testing.assert_allclose(ours.predict(x), scale * plain.predict(x) + 10 * scale, rtol=1e-4, atol=1e-4 * scale)


def test_targets_of_one_value_or_many() -> None:
    x, t = data_for(NetworkRegressor)
    ours = NetworkRegressor(5, learning_rate=0.01, epochs=1000, tol=None, random_state=0)
    assert ours.fit(x, np.full(60, 0.1)).target_scale_ == 1
    np.testing.assert_allclose(ours.predict(x), 0.1, atol=0.1)
    for columns in (1, 3):
        table = np.column_stack([t * (i + 1) for i in range(columns)])
        assert ours.fit(x, table).predict(x).shape == (60, columns)
    assert ours.fit(x, t).predict(x).shape == (60,)


# -- labels, names, sparse tables --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "labels",
    [["no", "yes"], [False, True], [-1, 1], [3, 10, 7], [1.0, 2.0], np.array(["가", "나"], object), ["b", "a", "c"]],
    ids=str,
)
def test_labels_of_any_kind(labels: Any, tmp_path: Path) -> None:
    labels = np.asarray(labels)
    x, t = make_classification(120, 4, n_informative=4, n_redundant=0, n_classes=len(labels), random_state=0)
    y = labels[t]
    ours = NetworkClassifier(20, learning_rate=0.01, random_state=0).fit(x, y)
    assert ours.classes_.tolist() == sorted(labels.tolist())
    assert ours.predict(x).dtype == y.dtype
    assert ours.score(x, y) > 0.8
    assert ours.predict_proba(x).shape == (120, len(labels))
    ours.save(tmp_path / "model.safetensors")
    again = NetworkClassifier.load(tmp_path / "model.safetensors")
    assert again.classes_.dtype == ours.classes_.dtype
    np.testing.assert_array_equal(again.predict(x), ours.predict(x))


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("whole", [True, False])
def test_sparse_tables(kind: type, whole: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    from gradwright.estimators import epochs

    monkeypatch.setattr(epochs, "_DENSE", 10**9 if whole else 0)
    x, t = data_for(kind)
    x[np.abs(x) < 0.7] = 0
    ours = kind(6, batch_size=16, epochs=5, random_state=0)
    plain = params_of(ours.fit(x, t))
    predictions = ours.predict(x)
    for form in (scipy.sparse.csr_matrix, scipy.sparse.csc_array, scipy.sparse.coo_matrix):
        np.testing.assert_array_equal(params_of(ours.fit(form(x), t)), plain)
        np.testing.assert_array_equal(ours.predict(form(x)), predictions)


def test_batches_gathered_ahead_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    from gradwright.training.ahead import Ahead

    x, t = data_for(NetworkClassifier, 300)
    make = lambda: NetworkClassifier(6, batch_size=16, epochs=5, random_state=0)  # noqa: E731
    plain = params_of(make().fit(x, t))
    asked = []
    rows = Ahead.rows
    monkeypatch.setattr(Ahead, "pays", lambda x, batches: not batches.whole)
    monkeypatch.setattr(Ahead, "rows", lambda self, numbers: asked.append(found := rows(self, numbers)) or found)
    np.testing.assert_array_equal(params_of(make().fit(x, t)), plain)
    assert any(found is not None for found in asked)


@pytest.mark.parametrize("kind", BOTH)
def test_feature_names(kind: type, tmp_path: Path) -> None:
    x, t = data_for(kind)
    table = pandas.DataFrame(x, columns=list("abcde"))
    ours = kind(4, epochs=2, random_state=0).fit(table, pandas.Series(t))
    assert ours.feature_names_in_.tolist() == list("abcde")
    np.testing.assert_array_equal(ours.predict(table), kind(4, epochs=2, random_state=0).fit(x, t).predict(x))
    ours.save(tmp_path / "model")
    again = kind.load(tmp_path / "model")
    np.testing.assert_array_equal(again.predict(table), ours.predict(table))
    for estimator in (ours, again):
        with pytest.raises(ValueError, match="feature names"):
            estimator.predict(table[list("edcba")])


# -- the same bits; going on -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", BOTH)
def test_a_seed_makes_the_same_bits(kind: type) -> None:
    x, t = data_for(kind)
    fit = lambda state: params_of(kind(6, batch_size=16, epochs=3, random_state=state).fit(x, t))  # noqa: E731
    np.testing.assert_array_equal(fit(5), fit(5))
    np.testing.assert_array_equal(fit(np.random.RandomState(5)), fit(np.random.RandomState(5)))
    np.testing.assert_array_equal(fit(np.random.default_rng(5)), fit(np.random.default_rng(5)))
    state = np.random.RandomState(5)
    assert not np.array_equal(fit(state), fit(state)), "from an object that moves on"
    assert not np.array_equal(fit(None), fit(None))
    assert not np.array_equal(fit(5), fit(6))


def test_the_global_generator_is_left_alone() -> None:
    x, t = data_for(NetworkClassifier)
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    NetworkClassifier(4, epochs=2, early_stopping=True).fit(x, t)
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_warm_start_goes_on(kind: type, optimizer: str) -> None:
    x, t = data_for(kind)
    make = lambda **more: kind(6, batch_size=16, tol=None, optimizer=optimizer, random_state=0, **more)  # noqa: E731
    whole = make(epochs=10).fit(x, t)
    pieces = make(epochs=5, warm_start=True).fit(x, t).fit(x, t)
    np.testing.assert_array_equal(params_of(pieces), params_of(whole))
    assert pieces.loss_curve_ == whole.loss_curve_
    assert pieces.n_iter_ == 10
    cold = make(epochs=5).fit(x, t).fit(x, t)
    assert cold.n_iter_ == len(cold.loss_curve_) == 5


@pytest.mark.parametrize("kind", BOTH)
def test_partial_fits_are_the_epochs_of_a_fit(kind: type) -> None:
    x, t = data_for(kind)
    make = lambda: kind(6, batch_size=16, tol=None, epochs=4, random_state=0)  # noqa: E731
    whole, pieces = make().fit(x, t), make()
    for _ in range(4):
        pieces.partial_fit(x, t, **({"classes": [0, 1, 2]} if kind is NetworkClassifier else {}))
    np.testing.assert_array_equal(params_of(pieces), params_of(whole))
    assert pieces.loss_curve_ == whole.loss_curve_


def test_partial_fit_of_some_classes_at_a_time(iris: Any) -> None:
    x, t = iris
    ours = NetworkClassifier(10, learning_rate=0.01, random_state=0)
    for _ in range(300):
        for k in range(3):
            ours.partial_fit(x[t == k], t[t == k], classes=[0, 1, 2])
    assert ours.score(x, t) > 0.9


def test_another_optimizer_on_a_warm_start_begins_with_its_own_state() -> None:
    x, t = data_for(NetworkClassifier)
    ours = NetworkClassifier(6, epochs=3, warm_start=True, random_state=0).fit(x, t)
    ours.set_params(optimizer="sgd").fit(x, t).set_params(optimizer="adam").fit(x, t)
    assert ours.n_iter_ == 9


def test_an_optimizer_of_ones_own() -> None:
    class Sign(Optimizer):
        def rule(self, weight: Any, gradient: Any, rate: float, count: int, *slots: Any) -> Any:
            return (weight - rate * np.sign(gradient),)

    x, t = data_for(NetworkClassifier)
    ours = NetworkClassifier(10, optimizer=Sign(0.01), epochs=50, random_state=0).fit(x, t)
    assert ours.loss_ < 0.8 * ours.loss_curve_[0]
    schedule = lambda step: 0.1 / (1 + step)  # noqa: E731
    assert NetworkClassifier(10, learning_rate=schedule, epochs=5).fit(x, t).n_iter_ == 5


# -- endings -----------------------------------------------------------------------------------------------------------


def test_it_ends_by_scikit_learns_rule() -> None:
    from gradwright.estimators.epochs import Ending

    ending = Ending(tol=0.1, patience=2)
    # 1.0 is the first; 0.95 betters by less than tol, as do 0.94 and 0.93: three in a row are more than two.
    assert [ending.told(figure) for figure in (1.0, 0.95, 0.94, 0.93)] == [False, False, False, True]
    ending = Ending(tol=0.1, patience=2)
    assert [ending.told(f) for f in (1.0, 0.95, 0.94, 0.8, 0.8, 0.8, 0.8)] == [False] * 6 + [True]
    assert not any(Ending(None, 1).told(1.0) for _ in range(10))


def test_it_ends_when_the_loss_stays(iris: Any) -> None:
    x, t = iris
    ours = NetworkClassifier(10, learning_rate=0.05, tol=1e-3, n_iter_no_change=5, epochs=1000, random_state=0).fit(
        x, t
    )
    assert ours.stopped_ == "no-change"
    assert ours.n_iter_ < 1000
    best = np.minimum.accumulate(ours.loss_curve_)
    assert (np.array(ours.loss_curve_[-6:]) > best[-7:-1] - 1e-3).all(), "six in a row"
    assert NetworkClassifier(10, tol=None, epochs=30).fit(x, t).stopped_ == "epochs"


@pytest.mark.parametrize("kind", BOTH)
def test_early_stopping(kind: type) -> None:
    x, t = data_for(kind, 200)
    ours = kind(30, learning_rate=0.05, epochs=500, early_stopping=True, validation_fraction=0.2, random_state=0)
    ours.fit(x, t)
    assert ours.stopped_ == "no-change"
    assert ours.n_iter_ == len(ours.validation_scores_) < 500
    assert ours.best_validation_score_ == max(ours.validation_scores_)
    # The network is that of the best epoch: on the samples held back it scores what was written down.
    answers = np.unique(t, return_inverse=True)[1] if kind is NetworkClassifier else t[:, None]
    train, held = ours._split(_samples(x, answers), 0.2)
    assert len(held.x) == 40
    assert not {tuple(row) for row in held.x} & {tuple(row) for row in train.x}
    score = accuracy_score if kind is NetworkClassifier else r2_score
    truth = held.answers if kind is NetworkClassifier else held.answers[:, 0]
    assert score(truth, ours.predict(held.x)) == pytest.approx(ours.best_validation_score_)
    assert kind(3, epochs=1).fit(x, t).best_validation_score_ is None


def _samples(x: np.ndarray, answers: np.ndarray) -> Any:
    from gradwright.estimators.epochs import Samples

    return Samples(x, answers, None)


def test_a_loss_that_is_not_finite_is_told() -> None:
    x, t = data_for(NetworkRegressor)
    with pytest.raises(errors.NonFiniteLossError, match="learning_rate"):
        NetworkRegressor(6, optimizer="sgd", learning_rate=1e4, scale_targets=False).fit(x, 1e6 * t)
    with pytest.raises(errors.NonFiniteLossError, match="learning_rate"):  # in the last step
        NetworkRegressor(6, optimizer="sgd", learning_rate=1e300, epochs=1, random_state=0).fit(1e9 * x, t)


# -- in scikit-learn's company -----------------------------------------------------------------------------------------


def test_a_pipeline_a_search_and_a_cross_validation(iris: Any) -> None:
    x, t = iris
    pipeline = make_pipeline(StandardScaler(), NetworkClassifier(learning_rate=0.05, epochs=60, random_state=0))
    assert cross_val_score(pipeline, x, t, cv=3).mean() > 0.93
    grid = {"networkclassifier__hidden": [1, (10,), (8, 8)]}
    search = GridSearchCV(pipeline, grid, cv=3).fit(x, t)
    assert search.best_params_["networkclassifier__hidden"] in grid["networkclassifier__hidden"]
    scores = search.cv_results_["mean_test_score"]
    assert scores[1] > 0.9
    pipeline.fit(x, t, networkclassifier__sample_weight=np.ones(len(t)))


def test_a_search_beside_processes_gives_the_same() -> None:
    x, t = data_for(NetworkRegressor)
    search = GridSearchCV(NetworkRegressor(epochs=10, random_state=0), {"hidden": [2, (4, 4)]}, cv=2)
    alone = search.fit(x, t).cv_results_["mean_test_score"]
    beside = clone(search).set_params(n_jobs=2).fit(x, t).cv_results_["mean_test_score"]
    np.testing.assert_array_equal(alone, beside)
    inner = TransformedTargetRegressor(NetworkRegressor(epochs=2), func=np.cbrt, inverse_func=lambda v: v**3)
    assert inner.fit(x, t).predict(x).shape == t.shape


@pytest.mark.parametrize("kind", BOTH)
def test_copies(kind: type, tmp_path: Path) -> None:
    x, t = data_for(kind)
    ours = kind(6, epochs=3, batch_size=16, random_state=0, warm_start=True).fit(x, t)
    joblib.dump(ours, tmp_path / "model.joblib")
    copies = [pickle.loads(pickle.dumps(ours)), joblib.load(tmp_path / "model.joblib")]
    expected = ours.predict(x)
    goes_on = params_of(ours.fit(x, t))
    for copy in copies:
        np.testing.assert_array_equal(copy.predict(x), expected)
        np.testing.assert_array_equal(params_of(copy.fit(x, t)), goes_on)
    assert not hasattr(clone(ours), "network_")
    assert clone(ours).get_params() == ours.get_params()


def test_dtypes(iris: Any) -> None:
    x, t = iris
    kind = lambda dtype, x: NetworkClassifier(4, epochs=2, dtype=dtype).fit(x, t).coefs_[0].dtype.name  # noqa: E731
    assert [kind("auto", x), kind("auto", x.astype("f4")), kind("auto", (9 * x).astype(int))] == [
        "float64",
        "float32",
        "float64",
    ]
    assert [kind("float32", x), kind("float64", x.astype("f4"))] == ["float32", "float64"]
    ours = NetworkRegressor(4, epochs=2, dtype="float32").fit(x, t)
    assert ours.network_.params["W1"].dtype == np.float32
    assert ours.predict(x).shape == t.shape


# -- files -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", BOTH)
def test_a_file(kind: type, tmp_path: Path) -> None:
    x, t = data_for(kind)
    path = tmp_path / "my model.safetensors"
    ours = kind((6, 5), "tanh", epochs=3, early_stopping=True, learning_rate=0.01, random_state=7).fit(x, t)
    ours.save(path)
    again = kind.load(path)
    np.testing.assert_array_equal(again.predict(x), ours.predict(x))
    assert again.get_params() == ours.get_params()
    assert again.loss_curve_ == ours.loss_curve_
    assert again.best_validation_score_ == ours.best_validation_score_
    assert again.n_features_in_ == 5
    assert ours.network_.metadata == again.network_.metadata == {}, "nothing is left in the network"
    np.testing.assert_array_equal(gw.Network.load(path).logits(x), ours.network_.logits(x))
    with pytest.raises(errors.OutputExistsError):
        ours.save(path)
    ours.save(path, overwrite=True)
    again.set_params(early_stopping=False, warm_start=True).fit(x, t)
    assert again.n_iter_ == 6, "learns on"


def test_a_file_of_something_else(tmp_path: Path) -> None:
    x, t = data_for(NetworkClassifier)
    path = tmp_path / "model"
    NetworkClassifier(3, epochs=1).fit(x, t).save(path)
    with pytest.raises(errors.ModelFileError, match="NetworkClassifier, not a NetworkRegressor"):
        NetworkRegressor.load(path)
    gw.TwoLayerNet(3, 2, 2, rng=0).save(tmp_path / "network")
    with pytest.raises(errors.ModelFileError, match="Network"):
        NetworkClassifier.load(tmp_path / "network")
    with pytest.raises(errors.DataNotFoundError):
        NetworkClassifier.load(tmp_path / "none")
    with pytest.raises(NotFittedError):
        NetworkClassifier().save(tmp_path / "unfitted")


def test_what_json_cannot_hold_is_left_out(tmp_path: Path) -> None:
    x, t = data_for(NetworkClassifier)
    ours = NetworkClassifier(3, optimizer=gw.Momentum(0.1), random_state=np.random.default_rng(0), epochs=1).fit(x, t)
    ours.save(tmp_path / "model")
    again = NetworkClassifier.load(tmp_path / "model")
    assert (again.optimizer, again.random_state, again.hidden) == ("adam", None, 3)
    days = np.array(["2024-02-28", "2024-02-29", "2024-03-01"], "datetime64[D]")
    with pytest.raises(errors.ArgumentTypeError, match="classes_"):
        NetworkClassifier(3, epochs=1).fit(x, days[t]).save(tmp_path / "days")


def run(program: str, *arguments: str) -> str:
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


def test_prediction_needs_no_training(tmp_path: Path) -> None:
    x, t = data_for(NetworkRegressor)
    ours = NetworkRegressor(3, epochs=1).fit(x, t)
    ours.save(tmp_path / "model")
    program = (
        "import json, sys, gradwright as gw\n"
        "found = gw.NetworkRegressor.load(sys.argv[1]).predict(json.loads(sys.argv[2])).tolist()\n"
        "print(json.dumps([found, sorted(name for name in sys.modules if 'gradwright.training' in name)]))"
    )
    found, loaded = json.loads(run(program, str(tmp_path / "model"), json.dumps(x.tolist())))
    assert found == ours.predict(x).tolist()
    assert loaded == []


def test_without_scikit_learn() -> None:
    program = """
import sys
sys.modules["sklearn"] = None
from gradwright import *
for use in (NetworkClassifier, lambda: NetworkRegressor(hidden=3), lambda: NetworkClassifier.load("x")):
    try:
        use()
    except errors.MissingExtraError as error:
        print(error.text("en"))
"""
    (line,) = set(run(program).splitlines())
    assert 'pip install "gradwright[sklearn]"' in line
    assert "scikit-learn" in line


# -- errors ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"hidden": 0}, "`hidden`"),
        ({"hidden": (5, -1)}, r"`hidden\[1\]`"),
        ({"hidden": "50"}, "`hidden`"),
        ({"hidden": 2.5}, "`hidden`"),
        ({"activation": "logistic"}, "`activation`"),
        ({"optimizer": "lbfgs"}, "`optimizer`"),
        ({"optimizer": gw.Adam}, "brackets"),
        ({"learning_rate": -1}, "`learning_rate`"),
        ({"batch_size": 0}, "`batch_size`"),
        ({"batch_size": "half"}, "`batch_size`"),
        ({"epochs": 0}, "`epochs`"),
        ({"tol": -1e-4}, "`tol`"),
        ({"n_iter_no_change": 0}, "`n_iter_no_change`"),
        ({"early_stopping": "yes"}, "`early_stopping`"),
        ({"validation_fraction": 1.0}, "`validation_fraction`"),
        ({"validation_fraction": 0}, "`validation_fraction`"),
        ({"weight_decay": -1}, "`weight_decay`"),
        ({"init": "random"}, "`init`"),
        ({"dtype": "float16"}, "`dtype`"),
        ({"warm_start": None}, "`warm_start`"),
        ({"random_state": "seed"}, "`random_state`"),
        ({"random_state": -1}, "`random_state`"),
        ({"early_stopping": True, "validation_fraction": 0.01}, "`validation_fraction`.*holds back"),
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", BOTH)
def test_an_error_names_the_parameter(kind: type, options: dict[str, Any], named: str) -> None:
    x, t = data_for(kind)
    with pytest.raises((errors.ArgumentError, errors.ArgumentTypeError), match=named):
        kind(**options).fit(x, t)


def test_errors_of_samples() -> None:
    x, t = data_for(NetworkClassifier)
    fit = NetworkClassifier(3, epochs=1).fit
    with pytest.raises(errors.LabelError, match="at least two classes"):
        fit(x, np.zeros(60))
    with pytest.raises(errors.ArgumentTypeError, match="MultiOutputClassifier"):
        fit(x, np.column_stack([t > 0, t > 1]).astype(int))
    with pytest.raises(ValueError, match="Unknown label type"):
        fit(x, x[:, 0])
    for weights in (-np.ones(60), np.zeros(60)):
        with pytest.raises(errors.ArgumentError, match="`sample_weight`"):
            fit(x, t, sample_weight=weights)
    x[3, 2] = np.nan
    with pytest.raises(ValueError, match="NaN"):
        fit(x, t)
    with pytest.raises(errors.ArgumentTypeError, match="`scale_targets`"):
        NetworkRegressor(scale_targets="no").fit(x[10:], t[10:])


def test_errors_of_going_on() -> None:
    x, t = data_for(NetworkClassifier)
    ours = NetworkClassifier(3, epochs=1, warm_start=True, random_state=0)
    with pytest.raises(errors.ArgumentError, match="`classes` is needed"):
        ours.partial_fit(x, t)
    with pytest.raises(errors.LabelError, match="label 2"):
        ours.partial_fit(x, t, classes=[0, 1])
    assert not hasattr(ours, "network_"), "a call that failed has begun nothing"
    ours.partial_fit(x[t < 2], t[t < 2], classes=[2, 1, 0])
    with pytest.raises(errors.ArgumentError, match="in the first call"):
        ours.partial_fit(x, t, classes=[0, 1, 2, 3])
    with pytest.raises(errors.LabelError, match="label 5"):
        ours.fit(x, t + 5)
    with pytest.raises(errors.ArgumentError, match="`hidden`"):
        clone_with_network(ours, hidden=4).fit(x, t)
    with pytest.raises(errors.ArgumentError, match="`activation`"):
        clone_with_network(ours, activation="tanh").fit(x, t)
    with pytest.raises(errors.ArgumentError, match="`early_stopping`"):
        clone_with_network(ours, early_stopping=True).partial_fit(x, t)
    table = NetworkRegressor(3, epochs=1).partial_fit(x, t)
    with pytest.raises(errors.ShapeError, match="2 targets"):
        table.partial_fit(x, np.column_stack([t, t]))


def clone_with_network(estimator: Any, **options: Any) -> Any:
    return pickle.loads(pickle.dumps(estimator)).set_params(**options)


def test_errors_are_in_korean_too() -> None:
    for key, (_, korean) in CATALOGUE.items():
        if key.startswith("estimator."):
            assert korean.endswith((".", "요."))
    with pytest.raises(errors.ArgumentError) as caught:
        NetworkClassifier(batch_size="half").fit([[0.0], [1.0]], [0, 1])
    assert caught.value.text("ko").startswith("`batch_size`의 값은")


def test_a_fit_warns_of_nothing(iris: Any) -> None:
    """Of an end by `epochs` either: `stopped_` says it."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert NetworkClassifier(3, epochs=1).fit(*iris).stopped_ == "epochs"


def test_outputs_of_long_tables_do_not_depend_on_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    from gradwright.estimators import outputs

    rng = np.random.default_rng(0)
    net, x = gw.Network.of_sizes([8, 5, 3], "tanh", rng=0, dtype="float64"), rng.normal(size=(5500, 8))
    expected = outputs.Outputs(net, 5500).of(x)
    np.testing.assert_allclose(expected, net.logits(x), rtol=1e-12)
    monkeypatch.setattr(outputs, "_MUCH", 0)
    monkeypatch.setattr(outputs, "threads_allowed", lambda: 4)
    np.testing.assert_array_equal(outputs.Outputs(net, 5500).of(x), expected)
