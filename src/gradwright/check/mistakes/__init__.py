"""The registry of mistakes: a right backward pass, and executable variants of it that are wrong in one step."""

from __future__ import annotations

from gradwright.check.mistakes.backward import ACTIVATIONS, STEPS, Activation, Pass, layers_of
from gradwright.check.mistakes.registry import Mistake, mistakes, variants

__all__ = ["ACTIVATIONS", "STEPS", "Activation", "Mistake", "Pass", "layers_of", "mistakes", "variants"]
