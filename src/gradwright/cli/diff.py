"""``gradwright diff``: the derivative of a formula at a point, its error, and the exact derivative beside it."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click
import numpy as np

from gradwright import Estimate, Status, derivative, gradient, messages, plot
from gradwright.cli import options
from gradwright.cli.commands import FormulaCommand
from gradwright.cli.screen import Screen, near
from gradwright.differentiate import Sweep, sweep
from gradwright.errors import FormulaError, UsageError
from gradwright.formula import Formula, parse


def command(lang: str) -> click.Command:
    """Return the command with its help in `lang`."""

    def help_of(name: str) -> str:
        return messages.text(f"help.diff.{name}", lang)

    @click.command("diff", cls=FormulaCommand, help=help_of("command"))
    @click.argument("expression", metavar="EXPR")
    @click.option("--at", "at", metavar="X", required=True, help=help_of("at"))
    @click.option(
        "--method",
        metavar="auto|central|forward|backward|complex",
        default="auto",
        show_default=True,
        help=help_of("method"),
    )
    @click.option("--step", type=options.NUMBER, metavar="H", help=help_of("step"))
    @click.option("--order", type=options.WHOLE, default=1, show_default=True, help=help_of("order"))
    @options.picture_options(lang, "--plot", "--plot-steps")
    @options.common(lang)
    def diff(
        expression: str,
        at: str,
        method: str,
        step: float | None,
        order: int,
        plot_file: Path | None,
        plot_steps_file: Path | None,
        overwrite: bool,
        lang: str | None,
        as_json: bool,
        quiet: bool,
    ) -> None:
        screen = Screen(lang, as_json, quiet)
        formula = parse(expression)
        point = options.point_of("--at", at, formula)
        if len(formula.variables) > 1:
            if order != 1 or plot_file is not None or plot_steps_file is not None:
                raise UsageError("diff.one-variable", variables=", ".join(formula.variables))
            document = _many(screen, formula, point, method, step)
        else:
            if order != 1 and (plot_file is not None or plot_steps_file is not None):
                raise UsageError("diff.plot-order")
            options.check_picture(plot_file, overwrite)
            options.check_picture(plot_steps_file, overwrite, "--plot-steps")
            document = _one(screen, formula, point[0], method, step, order)
            name = formula.variables[0]
            if plot_file is not None:
                figure = plot.tangent(formula, point[0], name=name, lang=screen.lang)
                _draw(screen, figure, plot_file, overwrite)
            if plot_steps_file is not None:
                _draw(screen, plot.step_error(_swept(formula, point[0]), lang=screen.lang), plot_steps_file, overwrite)
        screen.document({"command": "diff", "formula": str(formula), **document})

    return diff


def _draw(screen: Screen, figure: Any, file: Path, overwrite: bool) -> None:
    plot.save(figure, file, overwrite=overwrite)
    screen.say("command.drawn", path=str(near(file)))


def _swept(formula: Formula, x: float) -> Sweep:
    """Return the error of each difference against its step, counted from the exact derivative where there is one."""
    try:
        exact = float(formula.derivative()(x))
    except FormulaError:  # said already, beside the numerical derivative
        exact = math.nan
    return sweep(formula, x, exact=exact if math.isfinite(exact) else None)


def _one(screen: Screen, formula: Formula, x: float, method: str, step: float | None, order: int) -> dict[str, Any]:
    found = derivative(formula, x, order, method=method, step=step)
    screen.say("diff.numeric", estimate=found.text(screen.lang))
    broken = found.status in (Status.KINK, Status.JUMP)
    if broken:
        screen.say("diff.sides", left=found.left, right=found.right)
    defined = _is_defined(screen, formula, [x])
    exact = _exactly(screen, lambda: formula.derivative(order=order), [x], found.value, broken, defined)
    return {"at": x, "order": order, **exact, **_plain(found)}


def _many(screen: Screen, formula: Formula, point: list[float], method: str, step: float | None) -> dict[str, Any]:
    found = gradient(formula.at, np.array(point), method=method, step=step)
    rows = []
    defined = _is_defined(screen, formula, point)
    for k, name in enumerate(formula.variables):
        value, error = float(found.value[k]), float(found.error[k])
        screen.say("diff.partial", name=name, value=value, error=error, status=found.status[k].text(screen.lang))
        broken = found.status[k] in (Status.KINK, Status.JUMP)
        if broken:
            screen.say("diff.sides", left=float(found.left[k]), right=float(found.right[k]))
        exact = _exactly(screen, partial(formula.derivative, name), point, value, broken, defined)
        rows.append({"variable": name, **exact})
    return {"at": point, **_plain(found), "partials": rows}


def _is_defined(screen: Screen, formula: Formula, point: list[float]) -> bool:
    """Tell whether the formula has a value at the point, and say so where it has none: its rule may have one there."""
    height = float(formula.at(point))
    if not math.isfinite(height):
        screen.say("diff.undefined", value=height)
    return math.isfinite(height)


def _exactly(
    screen: Screen, rule_of: Callable[[], Formula], point: list[float], value: float, broken: bool, defined: bool
) -> dict[str, Any]:
    """Say what the exact derivative is, and return it; of a formula whose derivative explodes, say that."""
    try:
        rule = rule_of()
    except FormulaError as error:
        screen.say("diff.no-rule", reason=error.text(screen.lang))
        return {"rule": None, "exact": None}
    if not defined:
        screen.say("diff.rule", rule=str(rule))
        return {"rule": str(rule), "exact": None}
    exact = float(rule.at(point))
    if broken:
        screen.say("diff.rule", rule=str(rule))
    elif math.isfinite(exact) and math.isfinite(value):
        screen.say("diff.exact", rule=str(rule), exact=exact, difference=abs(value - exact))
    else:
        screen.say("diff.rule-there", rule=str(rule), exact=exact)
    return {"rule": str(rule), "exact": options.finite_or_none(exact)}


def _plain(found: Estimate) -> dict[str, Any]:
    def numbers(values: Any) -> Any:
        if np.ndim(values):
            return [numbers(value) for value in values]
        return float(values) if math.isfinite(values) else None

    names = [status.name for status in np.ravel(np.array(found.status, dtype=object))]
    return {
        "value": numbers(found.value),
        "error": numbers(found.error),
        "status": names if np.ndim(found.value) else names[0],
        "left": numbers(found.left),
        "right": numbers(found.right),
        "step": numbers(found.step),
        "evaluations": found.evaluations,
        "ok": bool(found.all_ok),
    }
