"""Sentences of: command."""

MESSAGES: dict[str, tuple[str, str]] = {}
