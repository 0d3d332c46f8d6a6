"""The command ``gradwright``: finds the language, runs a command, turns errors into one line and an exit status."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Sequence
from typing import NamedTuple

import click
import numpy as np

import gradwright
from gradwright import messages
from gradwright.cli.commands import Group, language_option
from gradwright.cli.screen import write_document
from gradwright.errors import (
    ArgumentError,
    ArgumentTypeError,
    CodeError,
    FormulaError,
    GradwrightError,
    InterruptedRunError,
    NonFiniteLossError,
    UsageError,
)
from gradwright.messages import phrase

#: Exit statuses: a job that failed, a command that was called wrongly, one that was interrupted (128 + SIGINT).
FAILED, USAGE, INTERRUPTED = 1, 2, 130
#: Each is the file of that name, which is imported when it is called: to show the help takes half the time so.
COMMANDS = ("train", "predict", "evaluate", "export", "diff", "check", "descend", "compare", "bench")


def program(lang: str) -> click.Group:
    """Return the command with its help in `lang`."""
    version = click.Option(
        ["--version"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_show_version,
        help=messages.text("help.version", lang),
    )
    help_text = messages.text("help.gradwright", lang)
    return Group("gradwright", COMMANDS, lang, help_text, [language_option(lang), version], _begin)


@click.pass_context
def _begin(ctx: click.Context, lang: str) -> None:
    """Check a ``--lang`` before the command, which `_language` has read already; without a command show the help."""
    if lang not in ("ko", "en"):
        raise ArgumentError("argument.choice", name="--lang", value=lang, choices="'ko', 'en'")
    if ctx.invoked_subcommand is None:
        raise click.exceptions.NoArgsIsHelpError(ctx)


def _show_version(ctx: click.Context, _option: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        sys.stdout.write(f"gradwright {gradwright.__version__}\n")
        ctx.exit()


def _language(arguments: Sequence[str]) -> str:
    """Return the language that the arguments ask for: help and errors are written before they are parsed."""
    for i, argument in enumerate(arguments):
        if argument == "--lang" and i + 1 < len(arguments):
            return messages.language(arguments[i + 1])
        if argument.startswith("--lang="):
            return messages.language(argument.partition("=")[2])
    return messages.language()


class _Failure(NamedTuple):
    """Why a command did not do its work."""

    kind: str
    message: str
    status: int


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit status: 0, 1 for a failed job or check, 2 for wrong usage."""
    lang = _language(arguments)
    # A terminal that cannot show a character gets a question mark, not a crash half-way through a run.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        ended = _run(arguments, lang)
        status = _tell(ended, _asks_for_json(arguments)) if isinstance(ended, _Failure) else ended
        sys.stdout.flush()  # here, where a full disk can still be told
    except BrokenPipeError:
        # The reader (head, less) has gone; there is nobody left to tell.
        _drop_output()
        return FAILED
    except OSError as error:
        _drop_output()
        place = phrase("command.output") if error.filename is None else str(error.filename)
        message = messages.text("command.failed", lang, place=place, reason=error.strerror or str(error))
        return _tell(_Failure("StorageError", message, FAILED), as_json=False)
    return status


def _asks_for_json(arguments: Sequence[str]) -> bool:
    """Tell whether ``--json`` was given; the arguments may not have come to be parsed."""
    own = arguments[: list(arguments).index("--")] if "--" in arguments else arguments
    return "--json" in own


def _run(arguments: Sequence[str], lang: str) -> int | _Failure:
    try:
        # NumPy's warnings name lines of ours; what they are about, a value that is not finite, the commands say.
        with np.errstate(all="ignore"):
            status = program(lang).main(list(arguments), prog_name="gradwright", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        sys.stdout.write(f"{error.format_message()}\n")
        return USAGE
    except click.ClickException as error:
        return _Failure("UsageError", _usage(error, lang, arguments), USAGE)
    except (ArgumentError, ArgumentTypeError, UsageError) as error:
        return _Failure(type(error).__name__, _by_flags(error.text(lang), arguments), USAGE)
    except FormulaError as error:  # in whose sentences `step` is a function
        return _Failure(type(error).__name__, error.text(lang), USAGE)
    except CodeError as error:  # which keeps the name that the user's own code gave it
        return _Failure(error.fields["kind"], error.text(lang), FAILED)
    except InterruptedRunError as error:
        status = error.fields["status"]
        return _Failure("KeyboardInterrupt" if status == INTERRUPTED else "Terminated", error.text(lang), status)
    except NonFiniteLossError as error:  # it says which setting to change, given or not
        return _Failure(type(error).__name__, _by_flags(error.text(lang), ("--learning-rate", "--init")), FAILED)
    except GradwrightError as error:
        return _Failure(type(error).__name__, error.text(lang), FAILED)
    except (KeyboardInterrupt, click.Abort):
        return _Failure("KeyboardInterrupt", messages.text("command.interrupted", lang), INTERRUPTED)
    return status or 0  # a command that answers yes or no ends with its status, others with None


def _drop_output() -> None:
    """Let go of what could not be written: the interpreter would try once more as it ends, and complain."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _usage(error: click.ClickException, lang: str, arguments: Sequence[str]) -> str:
    """Return what click complains of as a sentence of ours; its own are in English only."""
    if isinstance(error, click.NoSuchOption):
        near = ", ".join(error.possibilities or ()) or "--help"
        return messages.text("usage.no-option", lang, option=error.option_name, near=near)
    if isinstance(error, click.MissingParameter) and error.param is not None:
        name = error.param.metavar or error.param.human_readable_name
        option = error.param.opts[0] if isinstance(error.param, click.Option) else name
        return messages.text("usage.missing", lang, name=option)
    if isinstance(error, click.BadOptionUsage):
        has_value = any(argument.startswith(f"{error.option_name}=") for argument in arguments)
        return messages.text("usage.flag-value" if has_value else "usage.no-value", lang, option=error.option_name)
    return messages.text("usage.other", lang, said=error.format_message())


def _by_flags(text: str, arguments: Sequence[str]) -> str:
    """Return a sentence with arguments called as the user called them: the library's `learning_rate` is a flag here."""
    given = {argument.partition("=")[0] for argument in arguments}

    def flag(found: re.Match[str]) -> str:
        name = "--" + found[1].replace("_", "-")
        return f"`{name}`" if name in given else found[0]

    return re.sub(r"`([a-z]\w*)`", flag, text)


def _tell(failure: _Failure, as_json: bool) -> int:
    """Write what went wrong as one line on stderr, and where a document was asked for, as one on stdout."""
    message = " ".join(failure.message.split())
    with contextlib.suppress(OSError):
        sys.stderr.write(f"{failure.kind}: {message}\n")
    if as_json:
        write_document({"error": {"type": failure.kind, "message": message}})
    return failure.status
