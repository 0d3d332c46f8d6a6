"""Commands whose help and complaints are in the language asked for: click's own words are in English only."""

from __future__ import annotations

import difflib
import importlib
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

import click
from rich.cells import cell_len

from gradwright import messages
from gradwright.errors import InterruptedRunError, UsageError

_OPTION = re.compile(r"--[A-Za-z][A-Za-z-]*(=.*)?", re.DOTALL)


class Help(click.HelpFormatter):
    """Help in columns as a terminal counts them: Hangul is two wide, which click's own does not know."""

    def write_text(self, text: str) -> None:
        """Write a paragraph."""
        for line in _wrapped(text, self.width - self.current_indent):
            self.write(f"{'':{self.current_indent}}{line}\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write names, and beside each what it means: below it where the name is long."""
        rows = list(rows)
        start = self.current_indent + col_spacing + min(col_max, max(cell_len(name) for name, _ in rows))
        for name, text in rows:
            lines = _wrapped(text, max(20, self.width - start)) or [""]
            room = start - self.current_indent - cell_len(name)
            first = f"{name}{' ' * room}{lines.pop(0)}" if room >= col_spacing else name
            for line in (f"{'':{self.current_indent}}{first}", *(f"{'':{start}}{line}" for line in lines)):
                self.write(line.rstrip() + "\n")


def _wrapped(text: str, width: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and cell_len(lines[-1]) + 1 + cell_len(word) <= width:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines


class _Context(click.Context):
    formatter_class = Help


class Spoken(click.Command):
    """A command below a `Group`, which knows the language."""

    context_class = _Context

    def say(self, ctx: click.Context, key: str, **fields: object) -> str:
        """Return a sentence in the language of the program."""
        return messages.text(key, getattr(ctx.find_root().command, "lang", None), **fields)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return what follows the name of the command in its usage line."""
        own = {"[OPTIONS]": "help.word.options", "COMMAND [ARGS]...": "help.word.command"}
        return [self.say(ctx, own[piece]) if piece in own else piece for piece in super().collect_usage_pieces(ctx)]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=self.say(ctx, "help.usage") + " ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, each with its default."""
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option) and not param.hidden]
        with formatter.section(self.say(ctx, "help.options")):
            formatter.write_dl([(self._names(ctx, option), self._help(ctx, option)) for option in options])

    def _names(self, ctx: click.Context, option: click.Option) -> str:
        names = ", ".join(option.opts)
        return names if option.is_flag else f"{names} {option.make_metavar(ctx)}"

    def _help(self, ctx: click.Context, option: click.Option) -> str:
        text = option.help or ""
        if option.required:
            return f"{text} {self.say(ctx, 'help.required')}"
        if option.show_default:
            return f"{text} {self.say(ctx, 'help.default', value=option.default)}"
        return text

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return ``--help``, with its help."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = self.say(ctx, "help.help")
        return option


class Group(Spoken, click.Group):
    """The program: its commands, and the language that it speaks."""

    def __init__(
        self,
        name: str,
        names: Sequence[str],
        lang: str,
        help_text: str,
        params: list[click.Parameter],
        callback: Callable[..., None],
    ) -> None:
        settings = {"help_option_names": ["--help", "-h"]}
        # click's own complaint about a missing command is in English only: the callback shows the help instead.
        super().__init__(
            name,
            help=help_text,
            params=params,
            callback=callback,
            invoke_without_command=True,
            subcommand_metavar="COMMAND [ARGS]...",
            context_settings=settings,
        )
        self.lang, self.names = lang, names

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(self.names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name in self.names and cmd_name not in self.commands:
            try:
                self.add_command(importlib.import_module(f"gradwright.cli.{cmd_name}").command(self.lang))
            except KeyboardInterrupt:  # click would write an empty line of its own
                raise InterruptedRunError("command.interrupted", status=130) from None
        return self.commands.get(cmd_name)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options and the commands."""
        super().format_options(ctx, formatter)
        with formatter.section(self.say(ctx, "help.commands")):
            formatter.write_dl([(name, self.say(ctx, f"help.{name}.command")) for name in self.names])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which are near."""
        if args[0] in self.names or args[0].startswith("-"):
            return super().resolve_command(ctx, args)
        near = difflib.get_close_matches(args[0], self.names, n=1) or list(self.names)
        raise UsageError("usage.no-command", name=args[0], near=", ".join(near))


def language_option(lang: str) -> click.Option:
    """Return ``--lang``, by default the language that the help is in."""
    return click.Option(["--lang"], **language_settings(lang))


def language_settings(lang: str) -> dict[str, Any]:
    """Return what ``--lang`` is made with."""
    return {"metavar": "ko|en", "default": lang, "help": messages.text("help.lang", lang)}


class Command(Spoken):
    """A command that says what it cannot use."""

    surplus = "usage.surplus"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments."""
        ctx.allow_extra_args = True  # click's own complaint is in English only
        own = args.index("--") if "--" in args else len(args)
        words, others = self.parted(ctx, args[:own])
        super().parse_args(ctx, [*words, "--", *others, *args[own + 1 :]])
        if ctx.args and not ctx.resilient_parsing:
            raise UsageError(self.surplus, words=" ".join(ctx.args), command=self.name)
        return ctx.args

    def parted(self, ctx: click.Context, args: Sequence[str]) -> tuple[list[str], list[str]]:
        """Return the words for click to find options in, and those that are none although they begin with a minus."""
        options = {name: param for param in self.get_params(ctx) for name in param.opts}
        words: list[str] = []
        others: list[str] = []
        given: set[str | None] = set()
        waiting = iter(args)
        for word in waiting:
            if self.is_value(word, options):
                others.append(word)
                continue
            words.append(word)
            option = options.get(word.partition("=")[0])
            if not isinstance(option, click.Option) or option.is_flag:
                continue
            if option.name in given:  # click would take the last, and forget the others
                raise UsageError("usage.twice", option=option.opts[0])
            given.add(option.name)
            if word in options:
                value = next(waiting, word)
                if value in options or not value:  # click would take it for the value; nothing is none
                    raise UsageError("usage.no-value", option=word)
                words.append(value)
            elif word.endswith("=") and word.count("=") == 1:
                raise UsageError("usage.no-value", option=option.opts[0])
        return words, others

    def is_value(self, word: str, options: Collection[str]) -> bool:
        """Tell whether a word that begins with a minus is no option all the same."""
        return False


class FormulaCommand(Command):
    """A command with a formula, which may begin with a minus: ``-x**2`` is no option."""

    surplus = "usage.surplus-formula"

    def is_value(self, word: str, options: Collection[str]) -> bool:
        """Tell whether a word can only be a formula."""
        if word in options or not word.startswith("-"):
            return False
        if word.startswith("--"):
            return _OPTION.fullmatch(word) is None
        if f"-{word.partition('=')[0]}" in options:  # -at for --at
            raise click.NoSuchOption(word, possibilities=[f"-{word}"])
        return True
