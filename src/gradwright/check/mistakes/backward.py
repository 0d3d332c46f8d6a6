r"""The backward pass of a network in NumPy, step by step, so that a mistake can stand in the place of one step.

.. math::

    \\delta_L = (y - t) / n, \\quad dW_k = h_{k-1}^T \\delta_k, \\quad db_k = \\textstyle\\sum_n \\delta_k, \\quad
    \\delta_{k-1} = (\\delta_k W_k^T) \\odot \\phi'(z_{k-1})

Written out here a second time, apart from `gradwright.nn`: what judges others must not share their mistakes. A test
holds the two together.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.functions.losses import cross_entropy_with_logits

#: A step: of the pass, the layer, and what comes from above (nothing, for the output).
Step = Callable[..., FloatArray]
_LOG_TWO = math.log(2.0)


@dataclass(frozen=True)
class Activation:
    """An activation and its derivative, of the pre-activation; `at_zero` is the derivative at a kink at 0."""

    name: str
    value: Callable[[FloatArray], FloatArray]
    slope: Callable[[FloatArray], FloatArray]
    kinked: bool = False


def _sigmoid(z: FloatArray) -> FloatArray:
    small = np.exp(-np.abs(z))  # right to all digits on both sides
    return np.asarray(np.where(z >= 0, 1.0, small) / (1.0 + small))


ACTIVATIONS = {
    each.name: each
    for each in (
        Activation("sigmoid", _sigmoid, lambda z: _sigmoid(z) * _sigmoid(-z)),
        Activation("tanh", np.tanh, lambda z: 1.0 - np.tanh(z) ** 2),
        Activation("relu", lambda z: np.maximum(z, 0.0), lambda z: (z > 0).astype(np.float64), kinked=True),
        Activation("identity", lambda z: z, np.ones_like),
    )
}


@dataclass(frozen=True)
class Pass:
    """One batch through a network with softmax and cross-entropy averaged over the batch, and the way back.

    Attributes
    ----------
    weights : list of ndarray, shape (n_in, n_out)
        Of layer 1 first.
    biases : list of ndarray, shape (n_out,), or None
        None where a layer has none.
    x : ndarray, shape (n, n_in)
        The batch.
    t : ndarray, shape (n, classes)
        The answers as rows of probabilities.
    activation : Activation
        Of the hidden layers.
    names : dict
        The parameters' names by (kind, layer), kind "W" or "b".
    """

    weights: list[FloatArray]
    biases: list[FloatArray | None]
    x: FloatArray
    t: FloatArray
    activation: Activation
    names: Mapping[tuple[str, int], str] = field(default_factory=dict)

    @property
    def depth(self) -> int:
        """The number of layers with weights."""
        return len(self.weights)

    @property
    def n(self) -> int:
        """The number of samples."""
        return len(self.x)

    @cached_property
    def z(self) -> list[FloatArray]:
        """The pre-activations of layers 1 to `depth`; z[0] is of layer 1."""
        found: list[FloatArray] = []
        h = self.x
        for weight, bias in zip(self.weights, self.biases, strict=True):
            found.append(h @ weight + (0.0 if bias is None else bias))
            h = self.activation.value(found[-1])
        return found

    def h(self, layer: int) -> FloatArray:
        """Return what comes out of a layer, activated; layer 0 is the batch."""
        return self.x if layer == 0 else self.activation.value(self.z[layer - 1])

    @cached_property
    def y(self) -> FloatArray:
        """The probabilities."""
        logits = self.z[-1] - self.z[-1].max(axis=1, keepdims=True)
        odds = np.exp(logits)
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))

    @cached_property
    def loss(self) -> float:
        """The mean cross-entropy."""
        return float(cross_entropy_with_logits(self.z[-1], self.t))

    def slope(self, layer: int) -> FloatArray:
        """Return the derivative of the activation at the pre-activations of a layer, 1 for the first."""
        return self.activation.slope(self.z[layer - 1])

    def gradient(self, replaced: Mapping[str, Step] | None = None, only: int | None = None) -> dict[str, FloatArray]:
        """Return the gradient by parameter name.

        Parameters
        ----------
        replaced : dict of callable
            Steps to take instead of those in `STEPS`, by their names.
        only : int, optional
            Take them at this layer alone.
        """

        def step(name: str, layer: int) -> Step:
            wanted = replaced is not None and name in replaced and only in (None, layer)
            return replaced[name] if wanted and replaced else STEPS[name]

        delta = step("output", self.depth)(self)
        grads: dict[str, FloatArray] = {}
        for layer in range(self.depth, 0, -1):
            grads[self.names["W", layer]] = step("weight", layer)(self, layer, delta)
            if self.biases[layer - 1] is not None:
                grads[self.names["b", layer]] = step("bias", layer)(self, layer, delta)
            if layer > 1:
                back = step("through-weights", layer)(self, layer, delta)
                delta = step("through-activation", layer - 1)(self, layer - 1, back)
        return grads

    def rounding(self, eps: float) -> dict[str, FloatArray]:
        """Return what rounding to `eps` may do to each entry of the gradient, by parameter name.

        Where the network is sure of an answer, y - t is a difference of nearly equal numbers; where a unit is
        saturated, so is its slope. Both lose digits that the sizes of the gradient do not show.
        """
        moved, heights = self._moved(eps)
        spread = self.y * (1 - self.y) + eps  # of a probability, by its logits
        error = (4 * eps * (self.y + self.t) + 2 * spread * moved[-1].max(axis=1, keepdims=True)) / self.n
        delta = np.abs(self.y - self.t) / self.n
        found: dict[str, FloatArray] = {}
        for layer in range(self.depth, 0, -1):
            h, weight = np.abs(self.h(layer - 1)), np.abs(self.weights[layer - 1])
            own = error + 2 * eps * delta
            found[self.names["W", layer]] = h.T @ own + heights[layer - 1].T @ delta
            if self.biases[layer - 1] is not None:
                found[self.names["b", layer]] = own.sum(axis=0)
            if layer > 1:
                back, back_error = delta @ weight.T, own @ weight.T
                slope = np.abs(self.slope(layer - 1))
                lost = 0.0 if self.activation.kinked else 4 * eps + moved[layer - 2]
                delta, error = back * slope, back_error * slope + back * lost
        return found

    def _moved(self, eps: float) -> tuple[list[FloatArray], list[FloatArray]]:
        """Return what rounding may do to the pre-activations, and to what each layer gets."""
        moved: list[FloatArray] = []
        heights = [eps * np.abs(self.x)]
        for k, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            size = np.abs(self.h(k)) @ np.abs(weight) + (0.0 if bias is None else np.abs(bias))
            moved.append(2 * eps * size + heights[k] @ np.abs(weight))
            heights.append(np.abs(self.slope(k + 1)) * moved[k] + eps * np.abs(self.activation.value(self.z[k])))
        return moved, heights

    def kinks(self, eps: float) -> list[np.ndarray[Any, Any]]:
        """Return for each hidden layer which pre-activations may be at the kink of the activation, or beyond it."""
        moved = self._moved(eps)[0]
        return [
            (np.abs(z) <= blur) if self.activation.kinked else np.zeros(z.shape, dtype=bool)
            for z, blur in zip(self.z[:-1], moved[:-1], strict=True)
        ]


#: The steps of the way back, each a function of the pass; but for the first, also of the layer and what came to it.
STEPS: dict[str, Step] = {
    "output": lambda p: (p.y - p.t) / p.n,
    "weight": lambda p, k, delta: p.h(k - 1).T @ delta,
    "bias": lambda p, k, delta: delta.sum(axis=0),
    "through-weights": lambda p, k, delta: delta @ p.weights[k - 1].T,
    "through-activation": lambda p, k, back: back * p.slope(k),
}


def layers_of(params: Mapping[str, Any]) -> dict[tuple[str, int], str] | None:
    """Return which parameter is the weight or the bias of which layer; None where the names or layers do not fit."""
    found: dict[tuple[str, int], str] = {}
    for name in params:
        match = re.fullmatch(r"([Wb])([1-9]\d*)", name)
        if match is None:
            return None
        found[match[1], int(match[2])] = name
    depth = sum(kind == "W" for kind, _ in found)
    complete = all(("W", k) in found for k in range(1, depth + 1)) and all(k <= depth for _, k in found)
    return found if depth and complete else None
