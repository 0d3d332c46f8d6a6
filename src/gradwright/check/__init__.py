"""Gradient checks: is a hand-written derivative right, and if not, where."""

from __future__ import annotations

from gradwright.check.gradient import check_gradient
from gradwright.check.report import GradientReport, Mismatch

__all__ = ["GradientReport", "Mismatch", "check_gradient"]
