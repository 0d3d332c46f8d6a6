"""``gradwright evaluate``: how good a saved model is, on samples that it was not trained on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gradwright import Network, evaluate, messages, plot
from gradwright.cli import data_sets, options
from gradwright.cli.commands import Command
from gradwright.cli.screen import Screen, near
from gradwright.errors import OutputExistsError, StorageError
from gradwright.training import Evaluation, RegressionEvaluation, evaluate_regression

_PICTURES = ("confusion.png", "mistakes.png", "weights.png")
_VALUES = "predictions.png"


def command(lang: str) -> click.Command:
    """Return the command with its help in `lang`."""

    @click.command("evaluate", cls=Command, help=messages.text("help.evaluate.command", lang))
    @click.argument("model", type=click.Path(path_type=Path))
    @options.data_options(lang, None)
    @click.option(
        "--out", metavar="DIR", type=click.Path(path_type=Path), help=messages.text("help.evaluate.out", lang)
    )
    @click.option("--overwrite", is_flag=True, help=messages.text("help.evaluate.overwrite", lang))
    @options.common(lang)
    def evaluate_command(
        model: Path,
        data_name: str | None,
        data_dir: Path | None,
        label: str | None,
        task: str,
        out: Path | None,
        overwrite: bool,
        lang: str | None,
        as_json: bool,
        quiet: bool,
    ) -> None:
        screen = Screen(lang, as_json, quiet)
        network = Network.load(model)
        data_name = data_name or data_sets.name_of_origin(network, model)
        x, t = data_sets.samples_to_evaluate(network, model, data_name, data_dir, label, task)
        if out is not None:
            _refuse_what_would_be_lost(out, overwrite)
        found = _found(network, x, t)
        # Before anything is said: what cannot be drawn is an error, and no result.
        pictures = [] if out is None else _draw(out, overwrite, network, x, found, screen.lang)
        _show(screen, found)
        for picture in pictures:
            screen.say("evaluate.saved", path=str(near(picture)))
        document: dict[str, Any] = {"command": "evaluate", "model": str(model), "data": data_name, **found.to_dict()}
        screen.document({**document, "pictures": [str(picture) for picture in pictures]})

    return evaluate_command


def _found(network: Network, x: Any, t: Any) -> Evaluation | RegressionEvaluation:
    if not network.loss_function.classifies:
        return evaluate_regression(network, x, t, data_sets.scaling_of(network, "target_scaling"))
    return evaluate(network, x, t, network.metadata.get("classes"))


def _refuse_what_would_be_lost(out: Path, overwrite: bool) -> None:
    if out.is_file():
        raise OutputExistsError("run.is-file", path=str(out))
    there = [name for name in (*_PICTURES, _VALUES) if (out / name).exists()]
    if there and not overwrite:
        raise OutputExistsError("evaluate.exists", path=str(out), what=", ".join(there))


def _show(screen: Screen, found: Evaluation | RegressionEvaluation) -> None:
    if isinstance(found, RegressionEvaluation):
        for k, (rmse, mae, r2) in enumerate(zip(found.rmse, found.mae, found.r2, strict=True), 1):
            line = screen.text("evaluate.values", count=len(found.answers), rmse=rmse, mae=mae, r2=r2)
            screen.line(line if len(found.rmse) == 1 else f"{k}: {line}")  # as in the picture
        return
    screen.say("evaluate.total", accuracy=found.accuracy, loss=found.loss, count=len(found.labels))
    names = [screen.text(f"evaluate.column.{name}") for name in ("class", "count", "precision", "recall", "f1")]
    least = [max(map(screen.width, found.classes)), 8, 10, 10, 10]
    widths = [max(8, width, screen.width(name)) for width, name in zip(least, names, strict=True)]
    screen.line()
    screen.row(names, widths)
    for k, name in enumerate(found.classes):
        shares = [f"{values[k]:.4f}" for values in (found.precision, found.recall, found.f1)]
        screen.row([name, str(int(found.confusion[k].sum())), *(s.replace("nan", "-") for s in shares)], widths)
    screen.line()


def _draw(
    out: Path,
    overwrite: bool,
    network: Network,
    x: Any,
    found: Evaluation | RegressionEvaluation,
    lang: str,
) -> list[Path]:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError("file.unwritable", path=str(out), reason=error.strerror or str(error)) from error
    if isinstance(found, RegressionEvaluation):
        figures = {_VALUES: plot.predictions(found, lang=lang)}
    else:
        confusion, mistakes, weights = _PICTURES
        figures = {confusion: plot.confusion(found, lang=lang)}
        if shape := network.metadata.get("image_shape"):
            figures[mistakes] = plot.mistakes(found, x, shape, lang=lang)
            figures[weights] = plot.weights(network, image_shape=shape, lang=lang)
    for name, figure in figures.items():
        plot.save(figure, out / name, overwrite=overwrite)
    return [out / name for name in figures]
