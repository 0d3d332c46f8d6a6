"""The halves of a batch, side by side, against the batch as a whole."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import scipy.sparse

import gradwright as gw
from gradwright.nn.fast_pass import FastPass
from gradwright.training.halves import Halves


class Busy(ThreadPoolExecutor):
    """A thread that is never free: what it is given waits."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return Future()


def one_and_two(
    loss: Any, count: int, decay: float = 0.0, weighted: bool = False, thread: Any = None
) -> tuple[tuple[float, np.ndarray], tuple[float, np.ndarray]]:
    rng = np.random.default_rng(count)
    net = gw.Network.of_sizes([6, 5, 3], "tanh", loss, rng=1, dtype="float64")
    x = rng.normal(size=(count, 6))
    t = rng.integers(0, 3, count) if net.loss_function.classifies else rng.normal(size=(count, 3))
    weights = rng.random(count) * 2 if weighted else None
    whole = FastPass(net, count, "float64", decay)
    plain = whole.loss_and_gradient(net.params, x, t, weights)[0], whole.gradient.copy()
    halves = Halves(net, whole, count)
    part = lambda room, place: (x[place], t[place], None if weights is None else weights[place])  # noqa: E731
    found, grads = halves.loss_and_gradient(net.params, count, part, thread)
    assert all(np.shares_memory(array, whole.gradient) for array in grads.values())
    return plain, (found, whole.gradient.copy())


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("decay", [0.0, 0.3])
@pytest.mark.parametrize("count", [2, 3, 11, 200])
@pytest.mark.parametrize("loss", [gw.SoftmaxCrossEntropy(), gw.HalfSquaredError()], ids=["classes", "values"])
def test_they_add_up_to_the_whole(loss: Any, count: int, decay: float, weighted: bool) -> None:
    plain, found = one_and_two(loss, count, decay, weighted)
    assert found[0] == pytest.approx(plain[0], rel=1e-13)
    np.testing.assert_allclose(found[1], plain[1], rtol=1e-11, atol=1e-14)


def test_the_bits_do_not_depend_on_who_does_them() -> None:
    alone = one_and_two(gw.SoftmaxCrossEntropy(), 101)[1]
    with ThreadPoolExecutor(1) as thread:
        beside = one_and_two(gw.SoftmaxCrossEntropy(), 101, thread=thread)[1]
    taken = one_and_two(gw.SoftmaxCrossEntropy(), 101, thread=Busy(1))[1]
    assert alone[0] == beside[0] == taken[0]
    assert alone[1].tobytes() == beside[1].tobytes() == taken[1].tobytes()


def test_an_error_of_the_other_thread_comes_out() -> None:
    net = gw.Network.of_sizes([6, 5, 3], rng=1)
    started = threading.Event()

    def part(room: FastPass, place: slice) -> Any:
        if place.start is None:  # the first half waits until the other one is on its way
            assert started.wait(10)
            return np.zeros((2, 6), np.float32), np.zeros(2, int), None
        started.set()
        message = "no such rows"
        raise IndexError(message)

    halves = Halves(net, FastPass(net, 4, "float32"), 4)
    with ThreadPoolExecutor(1) as thread, pytest.raises(IndexError, match="no such rows"):
        halves.loss_and_gradient(net.params, 4, part, thread)


@pytest.mark.parametrize("held", [False, True])
def test_an_estimator_learns_the_same_with_one_thread_and_with_two(held: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    # Wide enough for halves in float64; 450 rows, so that an epoch ends with a batch that is too short for them.
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(450, 800)), rng.integers(0, 3, 450)
    sparse = scipy.sparse.csr_matrix(np.where(x > 1, x, 0))
    for table in (x, sparse):
        fitted = []
        for threads in (1, 2):
            monkeypatch.setattr("gradwright.estimators.epochs.threads_allowed", lambda count=threads: count)
            net = gw.NetworkClassifier((60,), epochs=3, random_state=0, weight_decay=0.01, early_stopping=held)
            fitted.append(net.fit(table, y))
        assert fitted[0].loss_curve_ == fitted[1].loss_curve_
        for one, two in zip(fitted[0].coefs_, fitted[1].coefs_, strict=True):
            assert one.tobytes() == two.tobytes()
