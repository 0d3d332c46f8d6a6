"""``gradwright train``: check the gradient, train, show how it goes, keep the model."""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import numpy as np
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from gradwright import (
    Dataset,
    GradientReport,
    HalfSquaredError,
    Network,
    SoftmaxCrossEntropy,
    Trainer,
    data,
    messages,
    plot,
)
from gradwright.cli import data_sets, options, resuming
from gradwright.cli.commands import Command
from gradwright.cli.interrupts import Interrupts
from gradwright.cli.screen import Screen, command_line, near
from gradwright.descent import optimizer as find_optimizer
from gradwright.errors import ArgumentError, CostWarning, InterruptedRunError, NonFiniteLossError
from gradwright.training import Checkpoint, Checkpoints, Record, RunFolder

#: What suits each data set where nothing else is asked for: found by trying, on several seeds.
DEFAULTS: dict[str, dict[str, Any]] = {
    "digits": {"optimizer": "momentum", "batch_size": "20", "epochs": 30},
    "mnist": {"optimizer": "sgd", "batch_size": "100", "epochs": 17},
}
_OWN = {"optimizer": "momentum", "batch_size": "20", "epochs": 30}  # of one's own data nothing is known
_RATE_OF_VALUES = 0.01  # a regression's outputs are unbounded, and so are its gradients
#: A longer table is thinned out on the screen; history.csv holds every row.
_ROWS = 40
_CHECKED_SAMPLES = 50  # of the data, for the gradient check before the first step
_CHECKED_ENTRIES = 10  # of each parameter array


def command(lang: str) -> click.Command:
    """Return the command with its help in `lang`."""

    def help_of(name: str) -> str:
        return messages.text(f"help.train.{name}", lang)

    @click.command("train", cls=Command, help=help_of("command"))
    @options.data_options(lang, "digits")
    @click.option("--target", metavar="NAME", help=help_of("target"))
    @click.option("--hidden", metavar="50|128,64", default="50", show_default=True, help=help_of("hidden"))
    @click.option(
        "--activation", metavar="sigmoid|relu|tanh", default="sigmoid", show_default=True, help=help_of("activation")
    )
    @click.option("--optimizer", metavar="sgd|momentum|nesterov|adagrad|rmsprop|adam", help=help_of("optimizer"))
    @click.option("--learning-rate", metavar="0.1|auto", help=help_of("learning-rate"))
    @click.option("--batch-size", metavar="100|1|full", help=help_of("batch-size"))
    @click.option("--steps", type=options.WHOLE, metavar="N", help=help_of("steps"))
    @click.option("--epochs", type=options.WHOLE, metavar="N", help=help_of("epochs"))
    @click.option(
        "--gradient", metavar="backprop|numerical", default="backprop", show_default=True, help=help_of("gradient")
    )
    @click.option(
        "--sampling",
        metavar="permutation|replacement",
        default="permutation",
        show_default=True,
        help=help_of("sampling"),
    )
    @click.option("--evaluate-every", type=options.WHOLE, metavar="STEPS", help=help_of("evaluate-every"))
    @click.option("--init", metavar="auto|he|xavier|0.01", default="auto", show_default=True, help=help_of("init"))
    @click.option("--dtype", metavar="float32|float64", default="float32", show_default=True, help=help_of("dtype"))
    @click.option("--seed", type=options.WHOLE, default=0, show_default=True, help=help_of("seed"))
    @click.option("--checkpoint-every", type=options.WHOLE, metavar="STEPS", help=help_of("checkpoint-every"))
    @click.option("--from", "from_file", metavar="run.json", type=click.Path(path_type=Path), help=help_of("from"))
    @click.option("--resume", is_flag=True, help=help_of("resume"))
    @click.option("--out", metavar="DIR", type=click.Path(path_type=Path), help=help_of("out"))
    @click.option("--overwrite", is_flag=True, help=help_of("overwrite"))
    @options.common(lang)
    def train(**flags: Any) -> None:
        screen = Screen(flags.pop("lang"), flags.pop("as_json"), flags.pop("quiet"))
        with Interrupts() as interrupts:
            try:
                document = _run(screen, interrupts, **flags)
            except KeyboardInterrupt:
                raise InterruptedRunError("command.interrupted", status=interrupts.status) from None
        screen.document(document)

    return train


def _run(
    screen: Screen,
    interrupts: Interrupts,
    *,
    data_name: str,
    out: Path | None,
    overwrite: bool,
    resume: bool,
    from_file: Path | None,
    **flags: Any,
) -> dict[str, Any]:
    """Find out what the run is to be, and do it."""
    resuming.check_flags(out, overwrite, resume, from_file)
    settings, given = _settings(data_name, flags), resuming.given_flags()
    if from_file is not None:
        settings = resuming.settings_of_file(screen, from_file, settings, given)
    every = settings["checkpoint_every"]
    name = Path(settings["data"]).stem
    folder = RunFolder(out, overwrite=overwrite, resume=resume, name=name, checkpoint_every=every)
    try:
        if not resume:
            return _job(screen, interrupts, folder, settings)
        resuming.check_there(folder)
        with folder:
            found = resuming.checkpoint_to_go_on_from(screen, folder)
            settings = resuming.settings_of_checkpoint(found, settings, given)
            folder.checkpoints.every = settings["checkpoint_every"]
            return _job(screen, interrupts, folder, settings, found)
    except KeyboardInterrupt:
        raise resuming.interruption(folder, interrupts.status) from None


def _job(
    screen: Screen,
    interrupts: Interrupts,
    folder: RunFolder,
    settings: dict[str, Any],
    found: Checkpoint | None = None,
) -> dict[str, Any]:
    """Do the whole job, or what is left of it, and return what it came to."""
    place = settings["data_dir"] and Path(settings["data_dir"])
    dataset = data_sets.load(
        settings["data"],
        place,
        label=settings["label"],
        task=settings["task"],
        target=settings["target"],
        seed=settings["seed"],
    )
    if settings["learning_rate"] is None:
        settings["learning_rate"] = 0.1 if dataset.classes else _RATE_OF_VALUES
    network, trainer = _make(dataset, settings)
    settings["data_fingerprint"] = resuming.check_data(settings, dataset)
    screen.line(dataset.describe(screen.lang))
    screen.say("train.network", network=repr(network), optimizer=repr(trainer.optimizer), steps=trainer.steps)
    report = _check(screen, network, dataset, settings["seed"])
    if settings["gradient"] == "numerical":
        screen.say("train.cost", evaluations=sum(network.numerical_gradient_cost().values()))
    result = None
    if found is not None:
        resuming.restore(screen, trainer, found)
        result = resuming.finished(folder, trainer)
    following = _next_commands(folder, settings, place, dataset)
    if result is not None:
        screen.say("resume.finished", folder=str(near(folder.path)), steps=trainer.step)
    else:
        with folder:
            folder.begin(settings)
            _keep_search(screen, trainer, folder)
            _steps(screen, interrupts, trainer, folder, settings)
            result = _end(screen, trainer, folder, settings, dataset, report.verdict)
        _show_end(screen, trainer, folder, following, result.get("backprop"))
    return {
        "command": "train",
        "out": str(folder.path),
        "model": str(folder.model),
        "settings": settings,
        "gradient_check": report.to_dict(),
        "records": trainer.history.to_dict()["records"],
        "result": result,
        "advice": trainer.history.advice(screen.lang),
        "next": following,
    }


def _keep_search(screen: Screen, trainer: Trainer, folder: RunFolder) -> None:
    """Say how the learning rate was found, and keep the curve."""
    if trainer.rate_search is not None:
        screen.line(trainer.rate_search.reason(screen.lang))
        folder.write_rates(trainer.rate_search)
        picture = plot.learning_rates(trainer.rate_search, lang=screen.lang)
        plot.save(picture, folder.rates_picture, overwrite=True)


def _steps(
    screen: Screen, interrupts: Interrupts, trainer: Trainer, folder: RunFolder, settings: dict[str, Any]
) -> None:
    """Do the steps; where they fail or are interrupted, leave what there is of them."""
    try:
        with interrupts.held():
            _loop(screen, trainer, folder.checkpoints, interrupts.asked)
    except NonFiniteLossError as error:
        folder.fail(settings, trainer.history, error.text("en"))
        raise
    if interrupts.asked():
        folder.interrupt(settings, trainer.history)
        raise KeyboardInterrupt


def _end(
    screen: Screen, trainer: Trainer, folder: RunFolder, settings: dict[str, Any], dataset: Dataset, verdict: str
) -> dict[str, Any]:
    """Write what the run came to, and return it in numbers."""
    last = trainer.history.records[-1]
    result: dict[str, Any] = {
        "steps": trainer.step,
        "seconds": round(last.seconds, 3),
        "loss": last.loss,
        "train_accuracy": last.train_accuracy,
        "test_accuracy": last.test_accuracy,
        "overfits_from_epoch": trainer.history.overfits_from(),
        "gradient_check": verdict,
    }
    result["preprocessing"] = {
        name: trainer.network.metadata[name] for name in ("features", "scaling", "target_scaling")
    }
    if trainer.rate_search is not None:
        result["learning_rate"] = trainer.rate_search.rate
    if settings["gradient"] == "numerical":
        result["backprop"] = _twin(dataset, settings, trainer.network, trainer.learning_rate)
    # Whether what lies in the folder may go, `RunFolder` has asked before the first step.
    plot.save(plot.history(trainer.history, lang=screen.lang), folder.curves, overwrite=True)
    if dataset.image_shape is not None and _has_example(dataset):
        data.write_image(folder.example, dataset.x_test[0], dataset.image_shape)
    folder.finish(settings, trainer.network, trainer.history, result)
    return result


def _settings(data_name: str, flags: dict[str, Any]) -> dict[str, Any]:
    """Return all settings of the run, those not given filled in by what suits the data."""
    suited = DEFAULTS.get(data_name, _OWN)
    # Paths as a whole: run.json may be read from another working folder, and so may the model.
    known = data_name in ("", *data_sets.DATA_SETS) or not Path(data_name).exists()
    settings = {"data": data_name if known else str(Path(data_name).absolute()), **flags}
    settings["data_dir"] = str(settings["data_dir"].absolute()) if settings["data_dir"] else None
    for name in ("optimizer", "batch_size"):
        settings[name] = settings[name] or suited[name]
    if settings["steps"] is None and settings["epochs"] is None:
        settings["epochs"] = suited["epochs"]
    if settings["seed"] < 0:
        raise ArgumentError("argument.non-negative-int", name="--seed", value=settings["seed"])
    settings["hidden"] = options.sizes(settings["hidden"])
    settings["batch_size"] = options.whole_or("--batch-size", settings["batch_size"], "full")
    if settings["learning_rate"] is not None:
        settings["learning_rate"] = options.number_or_word("--learning-rate", settings["learning_rate"], ("auto",))
    settings["init"] = options.number_or_word("--init", settings["init"], ("auto", "he", "xavier"))
    if settings["checkpoint_every"] is not None and settings["checkpoint_every"] < 1:
        raise ArgumentError("argument.positive-int", name="--checkpoint-every", value=settings["checkpoint_every"])
    return settings


def _make(dataset: Dataset, settings: dict[str, Any]) -> tuple[Network, Trainer]:
    network = Network.of_sizes(
        [dataset.n_features, *settings["hidden"], dataset.n_classes],
        activation=settings["activation"],
        loss=SoftmaxCrossEntropy() if dataset.classes else HalfSquaredError(),
        init=settings["init"],
        rng=settings["seed"],
        dtype=settings["dtype"],
    )
    network.metadata = data_sets.remembered(dataset, settings)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CostWarning)  # the command tells the cost in a sentence of its own
        trainer = Trainer(
            network,
            dataset,
            optimizer=find_optimizer(settings["optimizer"]),
            learning_rate=settings["learning_rate"],
            steps=settings["steps"],
            epochs=settings["epochs"],
            batch_size=settings["batch_size"],
            sampling=settings["sampling"],
            gradient=settings["gradient"],
            evaluate_every=settings["evaluate_every"],
            rng=settings["seed"],
        )
    return network, trainer


def _check(screen: Screen, network: Network, dataset: Dataset, seed: int) -> GradientReport:
    x, t = dataset.x_train[:_CHECKED_SAMPLES], dataset.t_train[:_CHECKED_SAMPLES]
    report = network.check_gradients(x, t, sample=_CHECKED_ENTRIES, rng=seed)
    screen.line(report.text(screen.lang))
    if report.verdict == "wrong":
        report.raise_for_mismatch()
    return report


# -- while it runs ---------------------------------------------------------------------------------------------------


def _loop(screen: Screen, trainer: Trainer, checkpoints: Checkpoints, stop: Callable[[], bool]) -> None:
    scores = ("train", "test") if trainer.network.loss_function.classifies else ("train-loss", "test-loss")
    titles = [screen.text(f"train.column.{name}") for name in ("epoch", "step", "loss", *scores)]
    widths = [max(8, screen.width(title) + 2) for title in titles]
    expected = -(-trainer.steps // trainer.evaluate_every)
    every = -(-expected // _ROWS)
    screen.line()
    screen.row(titles, widths)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=screen.console,
        # In a pipe or a log a bar is noise: the table alone shows how it goes.
        disable=screen.silent or not screen.console.is_terminal,
        transient=True,
    )

    def show(record: Record) -> None:
        number = len(trainer.history.records)
        if number % every == 0 or number == 1 or record.step == trainer.steps:
            screen.row(_cells(record), widths)

    with bar:
        task = bar.add_task(screen.text("train.progress"), total=trainer.steps)
        trainer.run(
            progress=lambda step: bar.update(task, completed=step), recorded=show, checkpoints=checkpoints, stop=stop
        )


def _cells(record: Record) -> list[str]:
    def number(value: float | None) -> str:
        return "-" if value is None else f"{value:.4f}" if value < 1e4 else f"{value:.2e}"

    epoch = f"{record.epoch:.0f}" if record.epoch == int(record.epoch) else f"{record.epoch:.2f}"
    accuracies = record.train_accuracy, record.test_accuracy
    scores = (record.train_loss, record.test_loss) if record.train_accuracy is None else accuracies
    return [epoch, str(record.step), number(record.loss), *map(number, scores)]


def _twin(dataset: Dataset, settings: dict[str, Any], network: Network, rate: float) -> dict[str, Any]:
    """Return what the same run by backpropagation comes to, and how far the numerical gradients led away from it."""
    same = {**settings, "learning_rate": rate, "gradient": "backprop", "evaluate_every": 10**9}
    other, trainer = _make(dataset, same)
    start = time.perf_counter()
    trainer.run()
    apart = {name: float(np.abs(array - network.params[name]).max()) for name, array in other.params.items()}
    name = max(apart, key=lambda name: apart[name])
    last = trainer.history.records[-1]
    return {
        "test_accuracy": last.test_accuracy,
        "train_accuracy": last.train_accuracy,
        "seconds": round(time.perf_counter() - start, 3),
        "largest_difference": apart[name],
        "parameter": name,
        "largest_weight": max(float(np.abs(array).max()) for array in other.params.values()),
    }


# -- at the end ------------------------------------------------------------------------------------------------------


def _has_example(dataset: Dataset) -> bool:
    """Tell whether there is a sample of the test set that makes a picture, so that there is something for `predict`."""
    return dataset.image_shape is not None and len(dataset.x_test) > 0


def _next_commands(folder: RunFolder, settings: dict[str, Any], data_dir: Path | None, dataset: Dataset) -> list[str]:
    example = folder.example if _has_example(dataset) else None
    model = near(folder.model)
    place = settings["data"] if settings["data"] in data_sets.DATA_SETS else str(near(Path(settings["data"])))
    source = ["--data", place, *(["--data-dir", str(data_dir)] if data_dir else [])]
    source += ["--label", settings["label"]] if settings["label"] else []
    source += ["--task", settings["task"]] if settings["task"] != "auto" else []
    target = ["--target", settings["target"]] if settings["target"] else []
    shown = near(example) if example else place if dataset.features else None  # what `predict` can tell columns of
    better = ["train", *source, *target, "--hidden", "100", "--activation", "relu", "--optimizer", "adam"]
    return [
        command_line("evaluate", model, *source, "--out", near(folder.path / "evaluation")),
        *([] if shown is None else [command_line("predict", model, shown)]),
        command_line(*better, "--learning-rate", "0.003"),
    ]


def _show_end(
    screen: Screen,
    trainer: Trainer,
    folder: RunFolder,
    following: list[str],
    twin: dict[str, Any] | None,
) -> None:
    last = trainer.history.records[-1]
    screen.line()
    how = {"steps": trainer.step, "seconds": last.seconds}
    if last.train_accuracy is None:
        test = math.nan if last.test_loss is None else last.test_loss
        screen.say("train.done-values", test=test, train=last.train_loss, **how)
    else:
        key = "train.done" if last.test_accuracy is not None else "train.done-no-test"
        screen.say(key, test=last.test_accuracy, train=last.train_accuracy, **how)
    if twin is not None:
        accuracy = twin["train_accuracy"] if twin["test_accuracy"] is None else twin["test_accuracy"]
        screen.say("train.twin", **{**twin, "accuracy": accuracy})
    screen.line(trainer.history.advice(screen.lang))
    screen.say("train.saved", folder=str(near(folder.path)))
    screen.line()
    screen.say("train.next")
    for line in following:
        screen.line(f"  {line}")
