"""Descent: optimizers, schedules, the loop with its diagnosis, and landscapes to try it on."""

from __future__ import annotations

from gradwright.descent.landscapes import (
    Landscape,
    bowl,
    elongated_bowl,
    himmelblau,
    plateau,
    rosenbrock,
    saddle,
    two_basins,
)
from gradwright.descent.loop import descend
from gradwright.descent.optimizer_base import Optimizer
from gradwright.descent.optimizers import SGD, AdaGrad, Adam, Momentum, Nesterov, RMSprop, optimizer
from gradwright.descent.result import Descent, DescentStatus
from gradwright.descent.schedules import constant, cosine, exponential_decay, step_decay, warmup

__all__ = [
    "SGD",
    "AdaGrad",
    "Adam",
    "Descent",
    "DescentStatus",
    "Landscape",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "RMSprop",
    "bowl",
    "constant",
    "cosine",
    "descend",
    "elongated_bowl",
    "exponential_decay",
    "himmelblau",
    "optimizer",
    "plateau",
    "rosenbrock",
    "saddle",
    "step_decay",
    "two_basins",
    "warmup",
]
