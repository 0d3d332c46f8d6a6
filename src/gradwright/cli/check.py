"""``gradwright check``: a gradient in a file of the user's against measured derivatives, and what is wrong with it."""

from __future__ import annotations

import contextlib
import functools
import inspect
import math
import re
import sys
from collections.abc import Iterator
from typing import Any

import click

from gradwright import GradientReport, check_gradient, messages
from gradwright.cli import options, targets
from gradwright.cli.commands import Command
from gradwright.cli.screen import Screen
from gradwright.errors import ArgumentError, ArgumentTypeError, CodeError, FunctionError, GradwrightError, UsageError

#: In the place of a gradient: the one that the array library finds.
_AUTOGRAD = "autograd"


def command(lang: str) -> click.Command:
    """Return the command with its help in `lang`."""

    def help_of(name: str) -> str:
        return messages.text(f"help.check.{name}", lang)

    @click.command("check", cls=Command, help=help_of("command"), epilog=help_of("names"))
    @click.argument("f", metavar="FILE.py:f")
    @click.argument("gradient", metavar=f"FILE.py:gradient|{_AUTOGRAD}")
    @click.option("--at", metavar="FILE.py:x0", required=True, help=help_of("at"))
    @click.option("--sample", type=options.WHOLE, metavar="N", help=help_of("sample"))
    @click.option("--seed", type=options.WHOLE, default=0, show_default=True, help=help_of("seed"))
    @click.option("--batch-size", type=options.WHOLE, metavar="N", help=help_of("batch-size"))
    @options.common(lang)
    @click.pass_context
    def check(
        ctx: click.Context,
        f: str,
        gradient: str,
        at: str,
        sample: int | None,
        seed: int,
        batch_size: int | None,
        lang: str | None,
        as_json: bool,
        quiet: bool,
    ) -> None:
        screen = Screen(lang, as_json, quiet)
        for name, count, least in (("--sample", sample, 1), ("--batch-size", batch_size, 1), ("--seed", seed, 0)):
            if count is not None and count < least:
                key = "argument.positive-int" if least else "argument.non-negative-int"
                raise ArgumentError(key, name=name, value=count)
        # What the user's code prints must not come between the lines of the document.
        with contextlib.redirect_stdout(sys.stderr) if as_json else contextlib.nullcontext():
            report = _checked(f, gradient, at, sample=sample, rng=seed, batch_size=batch_size)
        screen.line(report.text(screen.lang))
        names = {"command": "check", "f": f, "gradient": gradient, "at": at}
        screen.document({**names, **_plain(report.to_dict(screen.lang))})
        ctx.exit(0 if report.passed else 1)

    return check


def _checked(f: str, gradient: str, at: str, **settings: Any) -> GradientReport:
    """Check what the three names mean; that there are such files is clear before any code runs."""
    asked = [targets.target(said) for said in (f, at, *([] if gradient == _AUTOGRAD else [gradient]))]
    names = dict(zip(("f", "x", "gradient"), (target.name for target in asked), strict=False))
    with _called({"gradient": _AUTOGRAD, **names}), targets.imported(asked) as code:
        function, x = code.function(asked[0]), _point(code, asked[1])
        rule = _rule(code, asked[2]) if len(asked) > 2 else _AUTOGRAD
        return check_gradient(function, x, rule, **settings)


def _rule(code: targets.Code, target: targets.Target) -> Any:
    """Return the gradient: a function, or what it would return."""
    value = code.value(target)
    if targets.is_function(value):
        return code.function(target)
    if not targets.is_tree(value):
        raise UsageError("target.gradient", target=target.said, kind=type(value).__name__)
    return value


def _point(code: targets.Code, target: targets.Target) -> Any:
    """Return the point: what the name means, or what the function of that name returns."""
    value = code.value(target)
    if inspect.isroutine(value) or isinstance(value, (functools.partial, type)):
        if not targets.takes(value):
            raise UsageError("target.no-arguments", target=target.said, signature=targets.signature(target, value))
        value = value()
    if not (targets.is_tree(value) or callable(value)):  # objects that hold parameters can often be called
        raise UsageError("target.point", target=target.said, kind=type(value).__name__)
    return value


@contextlib.contextmanager
def _called(names: dict[str, str]) -> Iterator[None]:
    """Call things in the library's errors as the user does; what a gradient returned is no wrong usage."""

    def renamed(value: Any) -> Any:
        return re.sub(r"^(f|gradient|x)\b", lambda found: names[found[0]], value) if isinstance(value, str) else value

    try:
        yield
    except (CodeError, UsageError):  # ours, in the right words already
        raise
    except GradwrightError as error:
        fields = dict(error.fields)
        about = str(fields.get("name", ""))
        for key in ("name", "other", "where", *(["path"] if fields.get("path") == about else [])):
            if key in fields:
                fields[key] = renamed(fields[key])
        refused = isinstance(error, (ArgumentError, ArgumentTypeError)) and about.startswith("gradient")
        kind = FunctionError if refused and names["gradient"] != _AUTOGRAD else type(error)
        raise kind(error.key, **fields) from error


def _plain(value: Any) -> Any:
    """Return values as JSON can hold them, null for what is not finite."""
    if isinstance(value, dict):
        return {key: _plain(child) for key, child in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(child) for child in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
