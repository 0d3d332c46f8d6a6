"""``gradwright predict``: which class is in a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np

from gradwright import Network, data, messages
from gradwright.cli import options
from gradwright.cli.commands import Command
from gradwright.cli.screen import Screen
from gradwright.errors import ModelFileError


def command(lang: str) -> click.Command:
    """Return the command with its help in `lang`."""

    @click.command("predict", cls=Command, help=messages.text("help.predict.command", lang))
    @click.argument("model", type=click.Path(path_type=Path))
    @click.argument("images", metavar="IMAGE...", nargs=-1, required=True, type=click.Path(path_type=Path))
    @options.common(lang)
    def predict(model: Path, images: tuple[Path, ...], lang: str | None, as_json: bool, quiet: bool) -> None:
        screen = Screen(lang, as_json, quiet)
        network = Network.load(model)
        # All before the first word is shown: a picture that cannot be read stops the command, it is never skipped.
        found = [_classify(network, model, image) for image in images]
        for one in found:
            first, second = one["ranking"][:2]
            screen.say(
                "predict.line",
                image=one["image"],
                name=first["class"],
                share=first["probability"],
                runner_up=second["class"],
                runner_up_share=second["probability"],
            )
        screen.document({"command": "predict", "model": str(model), "predictions": found})

    return predict


def _classify(network: Network, model: Path, image: Path) -> dict[str, Any]:
    shape = network.metadata.get("image_shape")
    classes = network.metadata.get("classes") or [str(k) for k in range(network.n_out)]
    if not shape:
        raise ModelFileError("predict.no-image", path=str(model), features=network.n_in)
    x = data.prepare(data.read_image(image), (shape[0], shape[1]))
    probs = np.asarray(network.predict(x), dtype=np.float64)
    order = np.argsort(-probs, kind="stable")
    ranking = [{"class": classes[k], "probability": float(probs[k])} for k in order]
    return {"image": str(image), "class": ranking[0]["class"], **ranking[0], "ranking": ranking}
