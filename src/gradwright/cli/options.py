"""Options that several commands share, with their help in the language asked for."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from gradwright import messages, plot
from gradwright.cli.commands import language_settings
from gradwright.errors import ArgumentError, OutputExistsError, UsageError
from gradwright.formula import Formula
from gradwright.storage import check_target


def common(lang: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add ``--json``, ``--lang`` and ``--quiet``."""

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in (
            click.option("--quiet", is_flag=True, help=messages.text("help.quiet", lang)),
            click.option("--lang", **language_settings(lang)),
            click.option("--json", "as_json", is_flag=True, help=messages.text("help.json", lang)),
        ):
            function = option(function)
        return function

    return add


def data_options(lang: str, default: str | None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add ``--data``, ``--data-dir``, ``--label`` and ``--task``."""

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in (
            click.option(
                "--task",
                metavar="auto|classification|regression",
                default="auto",
                show_default=True,
                help=messages.text("help.task", lang),
            ),
            click.option("--label", metavar="NAME", help=messages.text("help.label", lang)),
            click.option(
                "--data-dir",
                metavar="DIR",
                type=click.Path(path_type=Path),
                help=messages.text("help.data-dir", lang),
            ),
            click.option(
                "--data",
                "data_name",
                metavar="digits|mnist|PATH",
                default=default,
                show_default=default is not None,
                help=messages.text("help.data" if default else "help.evaluate.data", lang),
            ),
        ):
            function = option(function)
        return function

    return add


def sizes(text: str) -> list[int]:
    """Return the hidden layers that ``--hidden`` names, such as ``128,64``."""
    try:
        found = [int(part) for part in text.split(",")]
    except ValueError:
        found = []
    if not found or min(found) < 1:
        raise ArgumentError("command.hidden", value=text)
    return found


class _Number(click.ParamType):  # type: ignore[type-arg]
    """A number, refused in the language of the command rather than in click's English."""

    def __init__(self, kind: type[int] | type[float]) -> None:
        self.kind, self.name = kind, kind.__name__

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return self.kind(value)
        except ValueError:
            flag = param.opts[0] if param else ""
            key = "command.whole" if self.kind is int else "command.number"
            raise ArgumentError(key, name=flag, value=value) from None


WHOLE, NUMBER = _Number(int), _Number(float)


def whole_or(name: str, text: str, word: str) -> int | str:
    """Return a whole number, or the one word that may stand for it."""
    if text == word:
        return word
    try:
        return int(text)
    except ValueError:
        raise ArgumentError("command.number-or", name=name, value=text, words=repr(word)) from None


def number_or_word(name: str, text: str, words: tuple[str, ...]) -> float | str:
    """Return a number, or one of the words that may stand for it."""
    if text in words:
        return text
    try:
        return float(text)
    except ValueError:
        raise ArgumentError("command.number-or", name=name, value=text, words=", ".join(map(repr, words))) from None


def picture_options(lang: str, *flags: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add options that name a picture's file, such as ``--plot`` (which fills ``plot_file``), and ``--overwrite``."""

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        function = click.option("--overwrite", is_flag=True, help=messages.text("help.overwrite-plot", lang))(function)
        for flag in reversed(flags):
            name = flag.removeprefix("--").replace("-", "_")
            words = messages.text(f"help.{flag.removeprefix('--')}", lang)
            kind = click.Path(path_type=Path)
            function = click.option(flag, f"{name}_file", metavar="FILE", type=kind, help=words)(function)
        return function

    return add


def check_picture(file: Path | None, overwrite: bool, flag: str = "--plot") -> None:
    """Raise, before any work, if a picture cannot go where it is to go, or would replace a file that is there."""
    if file is not None:
        plot.check_path(file, flag)
        check_output(file, overwrite, flag)


def check_output(file: Path, overwrite: bool, flag: str, inputs: Iterable[Path] = ()) -> None:
    """Raise, before any work, if a file cannot be written, or would replace one that is there or that is read."""
    check_target(file)
    if not file.exists():
        return
    for source in inputs:
        if source.exists() and file.samefile(source):
            raise UsageError("command.onto-input", path=str(file), flag=flag)
    if not overwrite:
        raise OutputExistsError("command.exists", path=str(file), flag=flag)


def point_of(name: str, text: str, formula: Formula) -> list[float]:
    """Return numbers that are separated by commas, one for each variable of the formula."""
    count = len(formula.variables)
    if not count:
        raise UsageError("command.no-variables", formula=str(formula))
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError:
        raise ArgumentError("command.numbers", name=name, value=text) from None
    if len(found) != count or not all(math.isfinite(number) for number in found):
        raise ArgumentError("command.count", name=name, value=text, count=count)
    return found


def finite_or_none(value: float) -> float | None:
    """Return a number as JSON can hold it."""
    return float(value) if math.isfinite(value) else None
