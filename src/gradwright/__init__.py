"""gradwright: gradients you can trust. Differentiate, check, descend, learn.

The names below load what they need when they are first used, so that ``import gradwright`` costs no more than NumPy.

>>> import gradwright as gw
>>> print(gw.derivative(lambda x: 0.01 * x**2 + 0.1 * x, 5.0))
0.2 +- 3e-14 (converged, 7 evaluations)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradwright import (
        check,
        data,
        descent,
        differentiate,
        errors,
        estimators,
        export,
        formula,
        functions,
        nn,
        plot,
        textbook,
        training,
    )
    from gradwright.check import Cause, GradientReport, Mismatch, check_gradient, check_network, check_vjp
    from gradwright.data import Dataset
    from gradwright.descent import (
        SGD,
        AdaGrad,
        Adam,
        Descent,
        DescentStatus,
        Momentum,
        Nesterov,
        Optimizer,
        RMSprop,
        descend,
    )
    from gradwright.differentiate import (
        Estimate,
        SparseEstimate,
        Status,
        Tangent,
        derivative,
        directional,
        gradient,
        hessian,
        jacobian,
        partial,
        sparse_jacobian,
        tangent,
    )
    from gradwright.errors import GradwrightError
    from gradwright.estimators import NetworkClassifier, NetworkRegressor
    from gradwright.functions import (
        cross_entropy,
        cross_entropy_with_logits,
        entropy,
        half_squared_error,
        identity,
        information,
        mean_squared_error,
        one_hot,
        relu,
        sigmoid,
        softmax,
        step,
        tanh,
    )
    from gradwright.nn import (
        Affine,
        HalfSquaredError,
        Identity,
        Network,
        ReLU,
        Sigmoid,
        SoftmaxCrossEntropy,
        Tanh,
        TwoLayerNet,
    )
    from gradwright.training import Checkpoints, EarlyStopping, History, Trainer, evaluate, train

_ROOMS = (
    "check",
    "data",
    "descent",
    "differentiate",
    "errors",
    "estimators",
    "export",
    "formula",
    "functions",
    "nn",
    "plot",
    "textbook",
    "training",
)

# Public name: the room that it lives in. The block above says the same to type checkers; a test holds them together.
_HOME = {
    name: room
    for room, names in {
        "check": "Cause GradientReport Mismatch check_gradient check_network check_vjp",
        "data": "Dataset",
        "descent": "SGD AdaGrad Adam Descent DescentStatus Momentum Nesterov Optimizer RMSprop descend",
        "differentiate": "Estimate SparseEstimate Status Tangent derivative directional gradient hessian jacobian "
        "partial sparse_jacobian tangent",
        "errors": "GradwrightError",
        "estimators": "NetworkClassifier NetworkRegressor",
        "functions": "cross_entropy cross_entropy_with_logits entropy half_squared_error identity information "
        "mean_squared_error one_hot relu sigmoid softmax step tanh",
        "nn": "Affine HalfSquaredError Identity Network ReLU Sigmoid SoftmaxCrossEntropy Tanh TwoLayerNet",
        "training": "Checkpoints EarlyStopping History Trainer evaluate train",
    }.items()
    for name in names.split()
}

__all__ = [
    "SGD",
    "AdaGrad",
    "Adam",
    "Affine",
    "Cause",
    "Checkpoints",
    "Dataset",
    "Descent",
    "DescentStatus",
    "EarlyStopping",
    "Estimate",
    "GradientReport",
    "GradwrightError",
    "HalfSquaredError",
    "History",
    "Identity",
    "Mismatch",
    "Momentum",
    "Nesterov",
    "Network",
    "NetworkClassifier",
    "NetworkRegressor",
    "Optimizer",
    "RMSprop",
    "ReLU",
    "Sigmoid",
    "SoftmaxCrossEntropy",
    "SparseEstimate",
    "Status",
    "Tangent",
    "Tanh",
    "Trainer",
    "TwoLayerNet",
    "check",
    "check_gradient",
    "check_network",
    "check_vjp",
    "cross_entropy",
    "cross_entropy_with_logits",
    "data",
    "derivative",
    "descend",
    "descent",
    "differentiate",
    "directional",
    "entropy",
    "errors",
    "estimators",
    "evaluate",
    "export",
    "formula",
    "functions",
    "gradient",
    "half_squared_error",
    "hessian",
    "identity",
    "information",
    "jacobian",
    "mean_squared_error",
    "nn",
    "one_hot",
    "partial",
    "plot",
    "relu",
    "sigmoid",
    "softmax",
    "sparse_jacobian",
    "step",
    "tangent",
    "tanh",
    "textbook",
    "train",
    "training",
]


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return importlib.import_module(f"gradwright.{name}")
    if name in _HOME:
        value = getattr(importlib.import_module(f"gradwright.{_HOME[name]}"), name)
        globals()[name] = value  # the next use finds it at once
        return value
    if name == "__version__":
        from importlib.metadata import version

        return version("gradwright")
    raise AttributeError(f"module 'gradwright' has no attribute {name!r}")  # noqa: EM102 - Python's own wording


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
