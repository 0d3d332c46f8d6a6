"""``gradwright compare``: batch, stochastic and mini-batch descent side by side, and any optimizers."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, Progress, TextColumn

from gradwright import Dataset, HalfSquaredError, Network, SoftmaxCrossEntropy, _validate, messages, plot
from gradwright.cli import data_sets, options
from gradwright.cli.commands import Command
from gradwright.cli.screen import Screen, near
from gradwright.descent import optimizer as find_optimizer
from gradwright.errors import ArgumentError
from gradwright.training import Comparison, compare
from gradwright.training.comparison import MEASURES

_MOST_EPOCHS = 10**9


def command(lang: str) -> click.Command:
    """Return the command with its help in `lang`."""

    def help_of(name: str) -> str:
        return messages.text(f"help.{name}", lang)

    @click.command("compare", cls=Command, help=help_of("compare.command"))
    @options.data_options(lang, "digits")
    @click.option("--hidden", metavar="50|128,64", default="50", show_default=True, help=help_of("train.hidden"))
    @click.option(
        "--activation", metavar="sigmoid|relu|tanh", default="sigmoid", show_default=True,
        help=help_of("train.activation"),
    )  # fmt: skip
    @click.option(
        "--batch-size", "batch_sizes", metavar="full,1,100", default="full,1,100", show_default=True,
        help=help_of("compare.batch-size"),
    )  # fmt: skip
    @click.option(
        "--optimizer", "optimizers", metavar="sgd,adam", default="sgd", show_default=True,
        help=help_of("compare.optimizer"),
    )  # fmt: skip
    @click.option(
        "--learning-rate", metavar="0.1|auto", default="0.1", show_default=True, help=help_of("compare.learning-rate")
    )
    @click.option("--epochs", type=options.WHOLE, default=10, show_default=True, help=help_of("compare.epochs"))
    @click.option("--seed", type=options.WHOLE, default=0, show_default=True, help=help_of("train.seed"))
    @click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help=help_of("compare.out"))
    @click.option("--overwrite", is_flag=True, help=help_of("overwrite-plot"))
    @options.common(lang)
    def compare_command(**flags: Any) -> None:
        screen = Screen(flags.pop("lang"), flags.pop("as_json"), flags.pop("quiet"))
        screen.document(_run(screen, **flags))

    return compare_command


def _run(
    screen: Screen,
    *,
    data_name: str,
    data_dir: Path | None,
    label: str | None,
    task: str,
    out: Path | None,
    overwrite: bool,
    **flags: Any,
) -> dict[str, Any]:
    contestants = _contestants(screen, flags)
    hidden, epochs = options.sizes(flags["hidden"]), flags["epochs"]
    if epochs < 1:
        raise ArgumentError("argument.positive-int", name="--epochs", value=epochs)
    if epochs > _MOST_EPOCHS:
        raise ArgumentError("argument.range", name="--epochs", low=1, high=_MOST_EPOCHS, value=epochs)
    if flags["seed"] < 0:
        raise ArgumentError("argument.non-negative-int", name="--seed", value=flags["seed"])
    options.check_picture(out, overwrite, "--out")
    dataset = data_sets.load(data_name, data_dir, label=label, task=task, seed=flags["seed"])
    network = _network(dataset, hidden, flags["activation"], flags["seed"])
    screen.line(dataset.describe(screen.lang))
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        console=screen.console,
        disable=screen.silent or not screen.console.is_terminal,
        transient=True,
    )
    with bar:
        tasks = {name: bar.add_task(name, total=1.0) for name in contestants}
        found = compare(
            network, dataset, contestants, epochs=epochs, seed=flags["seed"],
            progress=lambda name, share: bar.update(tasks[name], completed=share),
        )  # fmt: skip
    _show(screen, found)
    if out is not None:
        plot.save(plot.comparison(found, lang=screen.lang, title=dataset.name), out, overwrite=overwrite)
        screen.say("command.drawn", path=str(near(out)))
    document = {"command": "compare", "data": data_name, **found.to_dict(), "verdicts": found.verdicts(screen.lang)}
    return {**document, "picture": None if out is None else str(out)}


def _contestants(screen: Screen, flags: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the options of each, by a name that says what is special about it."""
    sizes = [options.whole_or("--batch-size", part.strip(), "full") for part in flags["batch_sizes"].split(",")]
    for size in sizes:
        if isinstance(size, int) and size < 1:
            raise ArgumentError("argument.positive-int", name="--batch-size", value=size)
    rules = [part.strip() for part in flags["optimizers"].split(",")]
    for flag, values in (("--batch-size", sizes), ("--optimizer", rules)):
        twice = [value for number, value in enumerate(values) if value in values[:number]]
        if twice:
            raise ArgumentError("command.list-twice", name=flag, value=twice[0])
    rate = options.number_or_word("--learning-rate", flags["learning_rate"], ("auto",))
    if isinstance(rate, float):
        _validate.positive("--learning-rate", rate)
    found = {}
    for rule in rules:
        find_optimizer(rule)  # refuses an unknown one before any work
        for size in sizes:
            kind = {"full": "batch", 1: "stochastic"}.get(size, "mini-batch")
            name = screen.text(f"compare.{kind}", size=size)
            found[f"{name}, {rule}" if len(rules) > 1 else name] = {
                "batch_size": size,
                "optimizer": rule,
                "learning_rate": rate,
            }
    return found


def _network(dataset: Dataset, hidden: list[int], activation: str, seed: int) -> Network:
    return Network.of_sizes(
        [dataset.n_features, *hidden, dataset.n_classes],
        activation=activation,
        loss=SoftmaxCrossEntropy() if dataset.classes else HalfSquaredError(),
        rng=seed,
    )


def _show(screen: Screen, found: Comparison) -> None:
    heads = [screen.text(f"compare.column.{name}") for name in ("name", *MEASURES, "loss", "accuracy")]
    rows = []
    for curve in found.curves:
        accuracy = "-" if curve.test_accuracy is None else f"{curve.test_accuracy[-1]:.4f}"
        loss = math.inf if curve.diverged else curve.loss[-1]
        amounts = [f"{curve.updates[-1]:,.0f}", f"{curve.epochs[-1]:,.1f}", f"{curve.seconds[-1]:.2f}"]
        rows.append([curve.name, *amounts, f"{loss:.4f}", accuracy])
    widths = [max(screen.width(row[i]) for row in (heads, *rows)) for i in range(len(heads))]
    screen.line()
    for row in (heads, *rows):
        screen.row(row, widths)
    screen.line()
    for sentence in found.verdicts(screen.lang):
        screen.line(sentence)
