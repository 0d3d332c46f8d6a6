"""Gradient checks: is a hand-written derivative right, and if not, where, and why."""

from __future__ import annotations

from gradwright.check.causes import CODES, Cause
from gradwright.check.gradient import check_gradient
from gradwright.check.network import check_network
from gradwright.check.report import GradientReport, Mismatch
from gradwright.check.taylor import TaylorTest
from gradwright.check.vjp import check_vjp

__all__ = ["CODES", "Cause", "GradientReport", "Mismatch", "TaylorTest", "check_gradient", "check_network", "check_vjp"]
