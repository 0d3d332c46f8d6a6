"""``gradwright descend``: go down a formula's slope, and be told how it went."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import click
import numpy as np

from gradwright import descend, messages, plot
from gradwright.cli import options
from gradwright.cli.commands import FormulaCommand
from gradwright.cli.screen import Screen, near
from gradwright.descent import optimizer as find_optimizer
from gradwright.errors import ArgumentError, UsageError
from gradwright.formula import parse

_ROWS = 12  # of the path, on the screen; the JSON document holds all


def command(lang: str) -> click.Command:
    """Return the command with its help in `lang`."""

    def help_of(name: str) -> str:
        return messages.text(f"help.descend.{name}", lang)

    @click.command("descend", cls=FormulaCommand, help=help_of("command"))
    @click.argument("expression", metavar="EXPR")
    @click.option("--start", metavar="X0,X1", required=True, help=help_of("start"))
    @click.option(
        "--optimizer",
        metavar="sgd|momentum|nesterov|adagrad|rmsprop|adam",
        default="sgd",
        show_default=True,
        help=help_of("optimizer"),
    )
    @click.option("--learning-rate", type=options.NUMBER, default=0.1, show_default=True, help=help_of("learning-rate"))
    @click.option("--steps", type=options.WHOLE, default=100, show_default=True, help=help_of("steps"))
    @click.option("--step", type=options.NUMBER, metavar="H", help=help_of("step"))
    @click.option("--bounds", metavar="LOW,HIGH", help=help_of("bounds"))
    @click.option("--tol", type=options.NUMBER, metavar="G", help=help_of("tol"))
    @click.option("--maximize", is_flag=True, help=help_of("maximize"))
    @options.picture_options(lang, "--plot")
    @options.common(lang)
    def descend_command(**flags: Any) -> None:
        screen = Screen(flags.pop("lang"), flags.pop("as_json"), flags.pop("quiet"))
        screen.document(_run(screen, **flags))

    return descend_command


def _run(
    screen: Screen, *, expression: str, start: str, plot_file: Path | None, overwrite: bool, **flags: Any
) -> dict[str, Any]:
    formula = parse(expression)
    x0 = np.array(options.point_of("--start", start, formula))
    if plot_file is not None and len(x0) != 2:
        raise UsageError("descend.two-variables", count=len(x0))
    options.check_picture(plot_file, overwrite)
    run = descend(
        formula.at,
        x0,
        optimizer=find_optimizer(flags["optimizer"], flags["learning_rate"]),
        steps=flags["steps"],
        maximize=flags["maximize"],
        tol=flags["tol"],
        bounds=None if flags["bounds"] is None else _bounds(flags["bounds"], x0),
        **({} if flags["step"] is None else {"method": "central", "step": flags["step"]}),
    )
    _table(screen, formula.variables, run.path, run.values)
    screen.line(_spoken(run.text(screen.lang), formula.variables))
    if run.direction is not None:
        way = ", ".join(f"{name}: {part:.4g}" for name, part in zip(formula.variables, run.direction.tolist()))
        screen.say("descend.direction", way=way)
    if plot_file is not None:
        figure = plot.descent_path(run, formula.at, names=formula.variables, lang=screen.lang)
        plot.save(figure, plot_file, overwrite=overwrite)
        screen.say("command.drawn", path=str(near(plot_file)))
    return {
        "command": "descend",
        "formula": str(formula),
        "variables": list(formula.variables),
        "x": [options.finite_or_none(v) for v in run.x.tolist()],
        "value": options.finite_or_none(run.value),
        "status": run.status.name,
        "advice": _spoken(run.advice_text(screen.lang), formula.variables),
        "lambda_max": _number(run.lambda_max),
        "stable_learning_rate": _number(run.stable_learning_rate),
        "negative_curvature": _number(run.negative_curvature),
        "direction": None if run.direction is None else [_number(v) for v in run.direction.tolist()],
        "evaluations": run.evaluations,
        "path": [[options.finite_or_none(v) for v in row] for row in run.path.tolist()],
        "values": [options.finite_or_none(v) for v in run.values.tolist()],
    }


def _number(value: float | None) -> float | None:
    return None if value is None else options.finite_or_none(value)


def _bounds(text: str, start: Any) -> tuple[float, float]:
    """Return the two bounds, the same for every variable; one that is inf or -inf leaves its side open."""
    try:
        low, high = (float(part) for part in text.split(","))
    except ValueError:
        low = high = math.nan
    if not low < high:
        raise ArgumentError("descend.bounds", value=text)
    if not ((low <= start) & (start <= high)).all():
        raise ArgumentError("descend.start-outside", low=low, high=high)
    return low, high


def _spoken(text: str, variables: tuple[str, ...]) -> str:
    """Return what the library says in the words of the command: its options, and the variables of the formula."""
    text = re.sub(r"`(bounds|maximize|step|steps|tol)(=True)?`", r"`--\1`", text)
    return re.sub(r"\bx\[(\d+)\]", lambda found: variables[int(found[1])], text)


def _table(screen: Screen, names: tuple[str, ...], path: Any, values: Any) -> None:
    last = len(path) - 1
    every = max(1, -(-last // (_ROWS - 1)))
    widths = [8, *(18 for _ in names), 18]
    screen.row([screen.text("descend.column.step"), *names, "f"], widths)
    for k in sorted({*range(0, last + 1, every), last}):
        screen.row([str(k), *(f"{v:.9g}" for v in path[k]), f"{values[k]:.9g}"], widths)
    screen.line()
