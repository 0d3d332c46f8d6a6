"""``gradwright predict``: which class is in a picture, or what follows from each row of a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np
import numpy.typing as npt

from gradwright import Network, _validate, data, messages
from gradwright.cli import data_sets, options
from gradwright.cli.commands import Command
from gradwright.cli.screen import Screen, near
from gradwright.errors import DataError, ModelFileError
from gradwright.messages import Phrase, listed, phrase
from gradwright.storage import write_atomic


def command(lang: str) -> click.Command:
    """Return the command with its help in `lang`."""

    @click.command("predict", cls=Command, help=messages.text("help.predict.command", lang))
    @click.argument("model", type=click.Path(path_type=Path))
    @click.argument("files", metavar="IMAGE...|TABLE", nargs=-1, required=True, type=click.Path(path_type=Path))
    @click.option(
        "--out", metavar="FILE", type=click.Path(path_type=Path), help=messages.text("help.predict.out", lang)
    )
    @click.option("--overwrite", is_flag=True, help=messages.text("help.export.overwrite", lang))
    @options.common(lang)
    def predict(
        model: Path,
        files: tuple[Path, ...],
        out: Path | None,
        overwrite: bool,
        lang: str | None,
        as_json: bool,
        quiet: bool,
    ) -> None:
        screen = Screen(lang, as_json, quiet)
        if out is not None:
            options.check_output(out, overwrite, "--out", (model, *files))
        network = Network.load(model)
        # All before the first word is shown: a file that cannot be read stops the command, it is never skipped.
        pictures = bool(network.metadata.get("image_shape"))
        found = [one for file in files for one in (_picture if pictures else _table)(network, model, file)]
        if out is not None:
            write_atomic(out, _as_csv(found, data_sets.classes_of(network)))
        for one in found:
            _show(screen, one)
        if out is not None:
            screen.say("predict.saved", path=str(near(out)), count=len(found))
        document = {"command": "predict", "model": str(model), "predictions": found}
        screen.document({**document, "out": None if out is None else str(out)})

    return predict


def _show(screen: Screen, one: dict[str, Any]) -> None:
    where = one["image"] if "image" in one else f"{one['file']}, {one['row']}"
    if "values" in one:
        screen.line(f"{where}: " + ", ".join(f"{value:.6g}" for value in one["values"]))
        return
    first, *others = one["ranking"]
    said = {"image": where, "name": first["class"], "share": first["probability"]}
    if not others:
        screen.say("predict.alone", **said)
        return
    screen.say("predict.line", **said, runner_up=others[0]["class"], runner_up_share=others[0]["probability"])


def _as_csv(found: Sequence[dict[str, Any]], classes: Sequence[str]) -> bytes:
    """Return a row for each sample: where it is from, what is predicted, and the probability of each class."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    places = [name for name in ("image", "file", "row") if name in found[0]]
    if "values" in found[0]:
        count = len(found[0]["values"])
        names = ["prediction"] if count == 1 else [f"prediction {number}" for number in range(1, count + 1)]
        rows = [one["values"] for one in found]
    else:
        names = ["prediction", *(f"p({name})" for name in classes)]
        shares = [{each["class"]: each["probability"] for each in one["ranking"]} for one in found]
        rows = [[one["class"], *map(share.get, classes)] for one, share in zip(found, shares, strict=True)]
    writer.writerow([*places, *names])
    writer.writerows([*(one[name] for name in places), *row] for one, row in zip(found, rows, strict=True))
    return text.getvalue().encode("utf-8")


def _picture(network: Network, model: Path, image: Path) -> list[dict[str, Any]]:
    """Return what is predicted for a picture, brought to what the model was trained on."""
    known = network.metadata
    height, width = known["image_shape"]
    try:
        grey = data.read_image(image)
    except DataError as error:
        if error.key != "image.unknown":
            raise
        said = {"path": str(image), "model": str(model), "height": height, "width": width}
        raise DataError("predict.needs-picture", came=_what_came(image), **said) from None
    scaling = data_sets.scaling_of(network)
    if known.get("data") in data_sets.DATA_SETS:
        x = _prepared(grey, (height, width), image)
    else:
        x = data.fitted(grey, (height, width)).reshape(-1)
        if scaling is not None:
            if not known.get("image_range"):
                raise ModelFileError("predict.unit", path=str(model))
            low, high = known["image_range"]
            x = scaling.apply(low + np.asarray(x, np.float64) * (high - low)).astype(np.float32)
    return [{"image": str(image), **one} for one in _predictions(network, x[np.newaxis])]


def _prepared(grey: npt.NDArray[np.float32], shape: tuple[int, int], image: Path) -> npt.NDArray[np.float32]:
    try:
        return data.prepare(grey, shape)
    except DataError as error:  # which knows no file
        raise DataError("image.in-file", path=str(image), reason=phrase(error.key, **error.fields)) from None


def _what_came(file: Path) -> Phrase:
    """Return in words what a file is that is no image."""
    try:
        columns = data.column_names(file)
    except DataError:
        columns = []
    if len(columns) < 2 and file.suffix.lower() not in (".csv", ".tsv"):
        return phrase("predict.no-image-at-all")
    return phrase("predict.a-table", columns=listed(columns))


def _table(network: Network, model: Path, file: Path) -> list[dict[str, Any]]:
    """Return what is predicted for each row of a table that has the columns that the model was trained on."""
    features = network.metadata.get("features")
    if not features:
        raise ModelFileError("predict.no-names", path=str(model), file=str(file), features=network.n_in)
    try:
        x = data.inputs(file, features=features, scaling=data_sets.scaling_of(network))
    except DataError:
        if not data.is_image(file):
            raise
        said = {"path": str(file), "model": str(model), "columns": listed(features)}
        raise DataError("predict.needs-table", **said) from None
    return [{"file": str(file), "row": number, **one} for number, one in enumerate(_predictions(network, x), 1)]


def _predictions(network: Network, x: npt.NDArray[np.float32]) -> list[dict[str, Any]]:
    """Return for each sample the values, or the classes by their probability."""
    outputs = np.asarray(network.predict(x), np.float64)
    if not network.loss_function.classifies:
        target_scaling = data_sets.scaling_of(network, "target_scaling")
        values = outputs if target_scaling is None else target_scaling.undo(outputs)
        _validate.all_finite("prediction", values)
        return [{"values": row.tolist()} for row in values]
    return [_ranked(data_sets.classes_of(network), probs) for probs in outputs]


def _ranked(classes: Sequence[str], probs: npt.NDArray[np.float64]) -> dict[str, Any]:
    order = np.argsort(-probs, kind="stable")
    ranking = [{"class": classes[k], "probability": float(probs[k])} for k in order]
    return {**ranking[0], "ranking": ranking}
