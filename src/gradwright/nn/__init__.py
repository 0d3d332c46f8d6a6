"""Networks: initialisers, layers with forward and backward side by side, losses, `Network` and `TwoLayerNet`."""

from __future__ import annotations

from gradwright.nn.explanation import Explanation
from gradwright.nn.layers import Affine, Identity, Layer, ReLU, Sigmoid, Tanh
from gradwright.nn.losses import HalfSquaredError, Loss, SoftmaxCrossEntropy
from gradwright.nn.network import Network
from gradwright.nn.two_layer import TwoLayerNet

__all__ = [
    "Affine",
    "Explanation",
    "HalfSquaredError",
    "Identity",
    "Layer",
    "Loss",
    "Network",
    "ReLU",
    "Sigmoid",
    "SoftmaxCrossEntropy",
    "Tanh",
    "TwoLayerNet",
]
