"""Sentences of: derivatives."""

MESSAGES: dict[str, tuple[str, str]] = {}
