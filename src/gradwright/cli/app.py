"""The command ``gradwright``: finds the language, runs a command, turns errors into one line and an exit status."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

import gradwright
from gradwright import messages
from gradwright.cli import descend, diff, evaluate, predict, train
from gradwright.errors import ArgumentError, ArgumentTypeError, FormulaError, GradwrightError, UsageError

#: Exit statuses: a job that failed, a command that was called wrongly, one that was interrupted (128 + SIGINT).
FAILED, USAGE, INTERRUPTED = 1, 2, 130


def program(lang: str) -> click.Group:
    """Return the command with its help in `lang`."""
    group = click.Group("gradwright", help=messages.text("help.gradwright", lang), no_args_is_help=True)
    for module in (train, predict, evaluate, diff, descend):
        group.add_command(module.command(lang))
    return click.version_option(gradwright.__version__, prog_name="gradwright")(group)


def _language(arguments: Sequence[str]) -> str:
    """Return the language that the arguments ask for: help and errors are written before they are parsed."""
    for i, argument in enumerate(arguments):
        if argument == "--lang" and i + 1 < len(arguments):
            return messages.language(arguments[i + 1])
        if argument.startswith("--lang="):
            return messages.language(argument.partition("=")[2])
    return messages.language()


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit status: 0, 1 for a failed job, 2 for wrong usage."""
    lang = _language(arguments)
    try:
        program(lang).main(list(arguments), prog_name="gradwright", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        sys.stdout.write(f"{error.format_message()}\n")
        return USAGE
    except click.ClickException as error:
        return _fail("UsageError", _usage(error, lang), USAGE)
    except (ArgumentError, ArgumentTypeError, FormulaError, UsageError) as error:
        return _fail(type(error).__name__, _by_flag(error, arguments).text(lang), USAGE)
    except GradwrightError as error:
        return _fail(type(error).__name__, error.text(lang), FAILED)
    except (KeyboardInterrupt, click.Abort):
        return _fail("KeyboardInterrupt", messages.text("command.interrupted", lang), INTERRUPTED)
    except BrokenPipeError:
        # The reader (head, less) has gone; there is nobody left to tell.
        sys.stderr.close()
        return FAILED
    return 0


def _usage(error: click.ClickException, lang: str) -> str:
    """Return what click complains of as a sentence of ours; its own are in English only."""
    if isinstance(error, click.NoSuchOption):
        near = ", ".join(error.possibilities or ()) or "--help"
        return messages.text("usage.no-option", lang, option=error.option_name, near=near)
    if isinstance(error, click.MissingParameter) and error.param is not None:
        name = error.param.metavar or error.param.human_readable_name
        option = error.param.opts[0] if isinstance(error.param, click.Option) else name
        return messages.text("usage.missing", lang, name=option)
    if isinstance(error, click.BadOptionUsage):
        return messages.text("usage.no-value", lang, option=error.option_name)
    if isinstance(error, click.UsageError) and error.ctx is not None:
        command = error.ctx.command
        known = ", ".join(command.commands) if isinstance(command, click.Group) else command.name
        return messages.text("usage.surplus", lang, said=error.message, known=known)
    return error.format_message()


def _by_flag(error: GradwrightError, arguments: Sequence[str]) -> GradwrightError:
    """Return the error with the argument called as the user called it: the library's `learning_rate` is a flag here."""
    flag = "--" + str(error.fields.get("name", "")).replace("_", "-")
    if any(argument.partition("=")[0] == flag for argument in arguments):
        return type(error)(error.key, **{**error.fields, "name": flag})
    return error


def _fail(kind: str, message: str, status: int) -> int:
    sys.stderr.write(f"{kind}: {' '.join(message.split())}\n")
    return status
