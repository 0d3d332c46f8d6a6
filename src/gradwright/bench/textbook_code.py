"""The course's own network, written as its chapter writes it: every step a new array, every gradient two runs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[Any]


def softmax(a: Numbers) -> Numbers:
    """Return the softmax of each row."""
    e = np.exp(a - a.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


class TextbookNet:
    """Affine layers with sigmoids between them, in float64, and a softmax."""

    def __init__(self, sizes: Sequence[int]) -> None:
        rng = np.random.default_rng(0)
        self.weights = [0.05 * rng.standard_normal(pair) for pair in pairwise(sizes)]
        self.biases = [np.zeros(n) for n in sizes[1:]]

    def outputs(self, x: Numbers) -> list[Numbers]:
        """Return what comes out of each layer."""
        found = [x]
        for i, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            a = found[-1] @ weight + bias
            found.append(softmax(a) if i == len(self.weights) - 1 else 1 / (1 + np.exp(-a)))
        return found

    def loss(self, x: Numbers, t: Numbers) -> float:
        """Return the mean cross-entropy; t is one-hot."""
        y = self.outputs(x)[-1]
        return float(-np.sum(np.log(y[np.arange(len(x)), t.argmax(axis=1)] + 1e-7)) / len(x))

    def accuracy(self, x: Numbers, t: Numbers) -> float:
        """Return the share of right answers."""
        return float(np.mean(self.outputs(x)[-1].argmax(axis=1) == t.argmax(axis=1)))

    def step(self, x: Numbers, t: Numbers, rate: float) -> None:
        """Go one step of gradient descent, by backpropagation."""
        found = self.outputs(x)
        upstream = (found[-1] - t) / len(x)
        for i in range(len(self.weights) - 1, -1, -1):
            before, weight = found[i], self.weights[i]
            self.weights[i], self.biases[i] = (
                weight - rate * before.T @ upstream,
                self.biases[i] - rate * upstream.sum(axis=0),
            )
            if i:
                upstream = upstream @ weight.T * (1 - before) * before

    def numerical_runs(self, x: Numbers, t: Numbers, count: int, h: float = 1e-4) -> int:
        """Find `count` entries of the numerical gradient in the plain way, and return of how many."""
        weight = self.weights[0]
        for index in list(np.ndindex(weight.shape))[:count]:
            kept = weight[index]
            weight[index] = kept + h
            above = self.loss(x, t)
            weight[index] = kept - h
            (above - self.loss(x, t)) / (2 * h)
            weight[index] = kept
        return sum(array.size for array in (*self.weights, *self.biases))
