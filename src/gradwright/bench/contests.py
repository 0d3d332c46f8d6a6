"""The jobs: a numerical gradient, a training run, a wide network, the start."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np

from gradwright.bench import peers
from gradwright.bench.measuring import Contestant, Job
from gradwright.bench.peers import Numbers, Sets
from gradwright.bench.textbook_code import TextbookNet
from gradwright.data import Dataset
from gradwright.nn import Network
from gradwright.training import Trainer
from gradwright.workers.blas import blas_limit
from gradwright.workers.threads import cores

_STEPS, _EVERY, _SIZE = 1200, 600, 100
_RUNS = 400  # entries of the numerical gradient that the textbook's loop finds; the time of all is in proportion
_REPEATS = 25
_WIDE, _WIDE_STEPS, _WIDE_SIZE = (784, 1024, 1024, 10), 12, 512


def images_like_mnist(seed: int = 0) -> Sets:
    """Return 60,000 and 10,000 images of random pixels, as many of them dark and as many white as in MNIST."""
    rng = np.random.default_rng(seed)
    count = 70_000
    x = np.zeros((count, 784), np.float32)
    inked = rng.random((count, 784)) < 0.19
    grey = rng.integers(1, 256, int(inked.sum()))
    x[inked] = np.where(rng.random(grey.size) < 0.5, 253 + grey % 3, grey) / np.float32(255)
    t = rng.integers(0, 10, count)
    return x[:60_000], t[:60_000], x[60_000:], t[60_000:]


def sets_of(data: Dataset) -> Sets:
    """Return the samples and the labels of a data set, to train on and to test on."""
    return data.x_train, data.t_train.astype(np.int64), data.x_test, data.t_test.astype(np.int64)


def jobs(sets: Sets) -> Iterator[Job]:
    """Yield the jobs, each made when its turn comes."""
    yield _numerical("numerical", sets, [784, 50, 10])
    yield _numerical("numerical-deep", sets, [784, 50, 30, 10])
    yield _training(sets)
    yield _wide(sets)
    yield _start()


def _timed(job: Callable[[], Any]) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def _on_threads(threads: int, job: Callable[[], float]) -> float:
    """Do a job with so many BLAS threads: one, or as many as there are."""
    if threads > 1:
        return job()
    with blas_limit()():
        return job()


def _thread_counts() -> list[int]:
    return sorted({1, cores()})


def _numerical(key: str, sets: Sets, sizes: list[int]) -> Job:
    x, labels = sets[0][:_SIZE], sets[1][:_SIZE]
    net, textbook = Network.of_sizes(sizes, init=0.05, rng=0), TextbookNet(sizes)
    wide, t = x.astype(np.float64), np.eye(10)[labels]

    def ours() -> float:
        # For a tenth of a second after a product on several threads OpenBLAS keeps the other core busy: so the median.
        return statistics.median(_timed(partial(net.numerical_gradient, x, labels)) for _ in range(_REPEATS))

    def loop() -> float:
        total = 0

        def some() -> None:
            nonlocal total
            total = textbook.numerical_runs(wide, t, _RUNS)

        return _timed(some) * total / _RUNS

    others = [Contestant(f"textbook-{n}", partial(_on_threads, n, loop)) for n in _thread_counts()]
    return Job(key, [Contestant("gradwright", ours), *others])


def _training(sets: Sets) -> Job:
    x, t, x_test, t_test = sets
    wide, wide_test, hot, hot_test = x, x_test, np.eye(10)[t], np.eye(10)[t_test]
    textbook = TextbookNet([784, 50, 10])

    def ours() -> float:
        net = Network.of_sizes([784, 50, 10], rng=0)
        trainer = Trainer(
            net, sets, optimizer="sgd", learning_rate=0.1, steps=_STEPS, batch_size=_SIZE, evaluate_every=_EVERY, rng=0
        )
        return _timed(trainer.run)

    def by_the_book() -> float:
        rng = np.random.default_rng(0)

        def run() -> None:
            for i in range(_STEPS):
                rows = rng.choice(len(wide), _SIZE)
                textbook.step(wide[rows], hot[rows], 0.1)
                textbook.loss(wide[rows], hot[rows])
                if (i + 1) % _EVERY == 0:
                    textbook.accuracy(wide, hot)
                    textbook.accuracy(wide_test, hot_test)

        return _timed(run)

    contestants = [
        Contestant("gradwright", ours),
        Contestant("floor", partial(_floor, sets)),
        *(Contestant(f"textbook-{n}", partial(_on_threads, n, by_the_book)) for n in _thread_counts()),
    ]
    missing = [name for name in ("torch", "jax", "sklearn") if not peers.installed(name)]
    if "torch" not in missing:
        for n in _thread_counts():
            run = peers.torch_run(sets, [784, 50, 10], "sigmoid", "sgd", _SIZE, _EVERY, n)
            contestants.append(Contestant(f"torch-{n}", partial(run, _STEPS)))
    if "jax" not in missing:
        contestants.append(Contestant("jax", partial(peers.jax_run(sets, [784, 50, 10], _SIZE, _EVERY), _STEPS)))
    if "sklearn" not in missing:
        contestants.append(Contestant("sklearn", partial(peers.sklearn_run(sets, 50, _SIZE), _STEPS)))
    return Job("training", contestants, missing)


def _floor(sets: Sets) -> float:
    """Do nothing but the products and the gathers of the training run, the evaluations' on a second thread."""
    x, _, x_test, _ = sets
    rng = np.random.default_rng(0)
    w, v = (rng.standard_normal(shape).astype(np.float32) for shape in ((784, 50), (50, 10)))
    batch, hidden, slope, outputs, into_w, into_v = (
        np.empty(shape, np.float32) for shape in ((_SIZE, 784), (_SIZE, 50), (_SIZE, 50), (_SIZE, 10), w.shape, v.shape)
    )
    order = rng.permutation(len(x))

    def evaluate() -> None:
        for images in (x, x_test):
            for start in range(0, len(images), 1024):
                images[start : start + 1024] @ w @ v

    def run() -> None:
        with ThreadPoolExecutor(1) as other:
            for i in range(_STEPS):
                first = i * _SIZE % len(order)
                np.take(x, order[first : first + _SIZE], axis=0, out=batch, mode="clip")
                np.dot(batch, w, out=hidden)
                np.dot(hidden, v, out=outputs)
                np.dot(hidden.T, outputs, out=into_v)
                np.dot(outputs, v.T, out=slope)
                np.dot(batch.T, slope, out=into_w)
                if (i + 1) % _EVERY == 0:
                    other.submit(evaluate)

    with blas_limit()():
        return _timed(run)


def _wide(sets: Sets) -> Job:
    x, t, *_ = sets
    net = Network.of_sizes(list(_WIDE), "relu", rng=0)
    trainer = Trainer(
        net, (x, t), optimizer="adam", learning_rate=0.001, steps=10**9, batch_size=_WIDE_SIZE, evaluate_every=10**9,
        rng=0,
    )  # fmt: skip

    def ours() -> float:
        return _timed(lambda: [next(trainer) for _ in range(_WIDE_STEPS)]) / _WIDE_STEPS

    contestants = [Contestant("gradwright", ours)]
    missing = [] if peers.installed("torch") else ["torch"]
    if not missing:
        run = peers.torch_run(sets, _WIDE, "relu", "adam", _WIDE_SIZE, 10**9, cores())
        contestants.append(Contestant(f"torch-{cores()}", lambda: run(_WIDE_STEPS) / _WIDE_STEPS))
    return Job("wide", contestants, missing)


def _start() -> Job:
    def python(*words: str) -> float:
        # All words are those below.
        return _timed(lambda: subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL))  # noqa: S603

    names = ["numpy", "sklearn", "torch", "jax"]
    contestants = [Contestant("gradwright", partial(python, "-c", "import gradwright, numpy"))]
    contestants.append(Contestant("help", partial(python, "-m", "gradwright", "--help")))
    contestants += [
        Contestant(f"import-{name}", partial(python, "-c", f"import {name}")) for name in names if peers.installed(name)
    ]
    return Job("start", contestants, [name for name in names if not peers.installed(name)])


__all__ = ["Numbers", "images_like_mnist", "jobs", "sets_of"]
