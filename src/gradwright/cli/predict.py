"""``gradwright predict``: which class is in a picture, or what follows from each row of a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np
import numpy.typing as npt

from gradwright import Network, data, messages
from gradwright.cli import data_sets, options
from gradwright.cli.commands import Command
from gradwright.cli.screen import Screen
from gradwright.errors import ModelFileError


def command(lang: str) -> click.Command:
    """Return the command with its help in `lang`."""

    @click.command("predict", cls=Command, help=messages.text("help.predict.command", lang))
    @click.argument("model", type=click.Path(path_type=Path))
    @click.argument("files", metavar="IMAGE...|TABLE", nargs=-1, required=True, type=click.Path(path_type=Path))
    @options.common(lang)
    def predict(model: Path, files: tuple[Path, ...], lang: str | None, as_json: bool, quiet: bool) -> None:
        screen = Screen(lang, as_json, quiet)
        network = Network.load(model)
        # All before the first word is shown: a file that cannot be read stops the command, it is never skipped.
        pictures = bool(network.metadata.get("image_shape"))
        found = [one for file in files for one in (_picture if pictures else _table)(network, model, file)]
        for one in found:
            _show(screen, one)
        screen.document({"command": "predict", "model": str(model), "predictions": found})

    return predict


def _show(screen: Screen, one: dict[str, Any]) -> None:
    where = one["image"] if "image" in one else f"{one['file']}, {one['row']}"
    if "values" in one:
        screen.line(f"{where}: " + ", ".join(f"{value:.6g}" for value in one["values"]))
        return
    first, second = one["ranking"][:2]
    screen.say(
        "predict.line",
        image=where,
        name=first["class"],
        share=first["probability"],
        runner_up=second["class"],
        runner_up_share=second["probability"],
    )


def _picture(network: Network, model: Path, image: Path) -> list[dict[str, Any]]:
    height, width = network.metadata["image_shape"]
    grey = data.read_image(image)
    if network.metadata.get("data") in data_sets.DATA_SETS:
        x = data.prepare(grey, (height, width))
    else:
        x = data.fitted(grey, (height, width)).reshape(-1)
        if data_sets.scaling_of(network) is not None:  # of numbers in a unit of their own, which no picture has
            raise ModelFileError("predict.unit", path=str(model))
    probs = np.asarray(network.predict(x), dtype=np.float64)
    return [{"image": str(image), **_ranked(network, probs)}]


def _table(network: Network, model: Path, file: Path) -> list[dict[str, Any]]:
    """Return what is predicted for each row of a table that has the columns that the model was trained on."""
    features = network.metadata.get("features")
    if not features:
        raise ModelFileError("predict.no-image", path=str(model), features=network.n_in)
    scaling, target_scaling = (data_sets.scaling_of(network, name) for name in ("scaling", "target_scaling"))
    outputs = np.asarray(network.predict(data.inputs(file, features=features, scaling=scaling)), np.float64)
    if network.loss_function.classifies:
        return [{"file": str(file), "row": n, **_ranked(network, probs)} for n, probs in enumerate(outputs, 1)]
    values = outputs if target_scaling is None else target_scaling.undo(outputs)
    return [{"file": str(file), "row": n, "values": row.tolist()} for n, row in enumerate(values, 1)]


def _ranked(network: Network, probs: npt.NDArray[np.float64]) -> dict[str, Any]:
    classes = network.metadata.get("classes") or [str(k) for k in range(network.n_out)]
    order = np.argsort(-probs, kind="stable")
    ranking = [{"class": classes[k], "probability": float(probs[k])} for k in order]
    return {**ranking[0], "ranking": ranking}
