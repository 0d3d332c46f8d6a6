"""Activations, losses and information as plain functions of arrays, each beside its derivative.

Every function takes arrays of any library of the array API standard (lists become NumPy arrays), keeps float32 and
float64, changes nothing that it is given, and neither overflows nor warns where the true value can be given.
"""

from gradwright.functions._softmax import softmax, softmax_derivative, softmax_vjp
from gradwright.functions.activations import (
    identity,
    identity_derivative,
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    step,
    step_derivative,
    tanh,
    tanh_derivative,
)
from gradwright.functions.labels import one_hot
from gradwright.functions.losses import (
    cross_entropy,
    cross_entropy_derivative,
    cross_entropy_with_logits,
    cross_entropy_with_logits_derivative,
    half_squared_error,
    half_squared_error_derivative,
    mean_squared_error,
    mean_squared_error_derivative,
)
from gradwright.functions.uncertainty import (
    entropy,
    entropy_derivative,
    expectation,
    information,
    information_derivative,
)

__all__ = [
    "cross_entropy",
    "cross_entropy_derivative",
    "cross_entropy_with_logits",
    "cross_entropy_with_logits_derivative",
    "entropy",
    "entropy_derivative",
    "expectation",
    "half_squared_error",
    "half_squared_error_derivative",
    "identity",
    "identity_derivative",
    "information",
    "information_derivative",
    "mean_squared_error",
    "mean_squared_error_derivative",
    "one_hot",
    "relu",
    "relu_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "softmax",
    "softmax_derivative",
    "softmax_vjp",
    "step",
    "step_derivative",
    "tanh",
    "tanh_derivative",
]
