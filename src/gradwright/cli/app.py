"""The command ``gradwright``: finds the language, runs a command, turns errors into one line and an exit status."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

import gradwright
from gradwright import messages
from gradwright.cli import evaluate, predict, train
from gradwright.errors import ArgumentError, ArgumentTypeError, GradwrightError, UsageError

#: Exit statuses: a job that failed, a command that was called wrongly, one that was interrupted (128 + SIGINT).
FAILED, USAGE, INTERRUPTED = 1, 2, 130


def program(lang: str) -> click.Group:
    """Return the command with its help in `lang`."""
    group = click.Group("gradwright", help=messages.text("help.gradwright", lang), no_args_is_help=True)
    for module in (train, predict, evaluate):
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
        return _fail("UsageError", error.format_message(), USAGE)
    except (ArgumentError, ArgumentTypeError, UsageError) as error:
        return _fail(type(error).__name__, error.text(lang), USAGE)
    except GradwrightError as error:
        return _fail(type(error).__name__, error.text(lang), FAILED)
    except (KeyboardInterrupt, click.Abort):
        return _fail("KeyboardInterrupt", messages.text("command.interrupted", lang), INTERRUPTED)
    except BrokenPipeError:
        # The reader (head, less) has gone; there is nobody left to tell.
        sys.stderr.close()
        return FAILED
    return 0


def _fail(kind: str, message: str, status: int) -> int:
    sys.stderr.write(f"{kind}: {' '.join(message.split())}\n")
    return status
