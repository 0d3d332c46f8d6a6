"""What is said of a run: its status, the key of its sentence, and the numbers in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gradwright._arrays import FloatArray
from gradwright.descent.comparison import Mismatch
from gradwright.descent.result import DescentStatus


@dataclass(frozen=True)
class Verdict:
    """The judgement of a run; fields as in `Descent`."""

    status: DescentStatus
    reason: str
    facts: dict[str, Any] = field(default_factory=dict)
    lambda_max: float | None = None
    stable: float | None = None
    negative: float | None = None
    direction: FloatArray | None = None
    mismatch: Mismatch | None = None


def say(status: DescentStatus, reason: str, **facts: Any) -> Verdict:
    """Return a verdict with its facts alone."""
    return Verdict(status, reason, facts)
