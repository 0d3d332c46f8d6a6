"""Print how many times as long as the estimators those of scikit-learn take, at equal settings: ratios of medians.

Run ``python benchmarks/estimators.py``; words such as ``classifier`` or ``60,000`` pick the fits whose title holds
them, ``--dtype float32`` the other dtype. The contestants take turns. Both have one hidden layer of 50 ReLUs, the same
optimizer (plain SGD, or Adam), learning rate, batches of 200 and number of epochs, and nothing that stops them before.
Their tasks are as alike as the two allow: ours has a softmax of ten, so has theirs; our targets are scaled, theirs have
to be. The 784 features are MNIST's where ``GRADWRIGHT_MNIST`` names the folder of its files, else random.

scikit-learn's products run on all threads of BLAS, as its users have them; ours on one (``workers/blas.py``). Where
other work keeps the cores busy, threads that wait for each other are many times slower: look at an idle machine.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a file, its folder is on the path, not ours

import numpy as np

import gradwright as gw

_HIDDEN, _RATES = (50,), {"adam": 0.001, "sgd": 0.01}
#: About so many steps are in a fit, and no fit has more epochs than the default of both.
_STEPS, _EPOCHS = 200, 200


@dataclass(frozen=True)
class Fit:
    """One fit that both do."""

    kind: str
    rows: int
    features: int
    optimizer: str

    @property
    def title(self) -> str:
        return f"{self.kind}, {self.rows:,} rows of {self.features}, {self.optimizer}"

    @property
    def epochs(self) -> int:
        return max(2, min(_EPOCHS, _STEPS // max(1, self.rows // 200)))

    def samples(self, dtype: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the features, and labels of ten classes or standardized targets."""
        rng = np.random.default_rng(self.rows)
        folder = os.environ.get("GRADWRIGHT_MNIST")
        if self.features == 784 and folder:
            x, t = (array[: self.rows] for array in mnist(folder))
        else:
            x, t = rng.normal(size=(self.rows, self.features)), rng.integers(0, 10, self.rows)
        y = t if self.kind == "classifier" else (t - t.mean()) / t.std()
        return np.ascontiguousarray(x, dtype), y

    def contestants(self) -> dict[str, Any]:
        """Return both estimators, of equal settings."""
        from sklearn.neural_network import MLPClassifier, MLPRegressor

        ours, theirs = {
            "classifier": (gw.NetworkClassifier, MLPClassifier),
            "regressor": (gw.NetworkRegressor, MLPRegressor),
        }[self.kind]
        rate = _RATES[self.optimizer]
        return {
            "gradwright": ours(
                _HIDDEN, optimizer=self.optimizer, learning_rate=rate, epochs=self.epochs, tol=None, random_state=0
            ),
            "scikit-learn": theirs(
                hidden_layer_sizes=_HIDDEN,
                solver=self.optimizer,
                momentum=0.0,
                learning_rate_init=rate,
                alpha=0.0,
                max_iter=self.epochs,
                n_iter_no_change=self.epochs,
                random_state=0,
            ),
        }


@cache
def mnist(folder: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the training images and their labels."""
    data = gw.data.mnist(folder, download=False)
    return data.x_train, data.t_train


def fits() -> Iterator[Fit]:
    """Yield all fits."""
    for kind, optimizer, features, rows in product(
        ("classifier", "regressor"), ("adam", "sgd"), (20, 784), (100, 1_000, 10_000, 60_000)
    ):
        yield Fit(kind, rows, features, optimizer)


def seconds_of(fit: Fit, dtype: str, rounds: int) -> tuple[dict[str, float], dict[str, float]]:
    """Return the median seconds of a fit, and of a prediction of all its rows, of each contestant."""
    x, y = fit.samples(dtype)
    contestants = fit.contestants()
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in contestants}
    for number in range(rounds + 1):  # one for the imports and the caches
        for name, estimator in contestants.items():
            start = time.perf_counter()
            estimator.fit(x, y)
            middle = time.perf_counter()
            estimator.predict(x)
            if number:
                taken[name].append((middle - start, time.perf_counter() - middle))
    both = [{name: statistics.median(pair[i] for pair in pairs) for name, pairs in taken.items()} for i in (0, 1)]
    return both[0], both[1]


def main() -> None:
    """Print the ratios of the fits asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", help="only fits whose title holds all of these")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--dtype", choices=("float64", "float32"), default="float64")
    asked = parser.parse_args()
    chosen = [fit for fit in fits() if all(word in fit.title for word in asked.words)]
    if not chosen:
        parser.error("no fit has such a title")
    warnings.simplefilter("ignore")  # of scikit-learn, that it did not converge in the epochs given
    print(f"scikit-learn in units of gradwright, {asked.dtype}, medians of {asked.rounds} turns")
    for fit in chosen:
        learning, predicting = seconds_of(fit, asked.dtype, asked.rounds)
        ratios = [times["scikit-learn"] / times["gradwright"] for times in (learning, predicting)]
        print(
            f"  {fit.title:44} fit {ratios[0]:6.2f} (gradwright {learning['gradwright'] * 1e3:9,.1f} ms"
            f" for {fit.epochs:3} epochs)   predict {ratios[1]:6.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
