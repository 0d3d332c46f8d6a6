"""Sentences of: data."""

MESSAGES: dict[str, tuple[str, str]] = {}
