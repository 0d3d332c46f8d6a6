"""Sentences of: training."""

MESSAGES: dict[str, tuple[str, str]] = {}
