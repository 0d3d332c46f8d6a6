"""Descent: optimizers and schedules."""

from __future__ import annotations

from gradwright.descent.optimizer_base import Optimizer
from gradwright.descent.optimizers import SGD, AdaGrad, Adam, Momentum, Nesterov, RMSprop, optimizer
from gradwright.descent.schedules import constant, cosine, exponential_decay, step_decay, warmup

__all__ = [
    "SGD",
    "AdaGrad",
    "Adam",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "RMSprop",
    "constant",
    "cosine",
    "exponential_decay",
    "optimizer",
    "step_decay",
    "warmup",
]
