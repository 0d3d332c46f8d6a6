"""``gradwright export``: a saved model for other programs."""

from __future__ import annotations

from pathlib import Path

import click

from gradwright import Network, export, messages
from gradwright.cli import options
from gradwright.cli.commands import Command
from gradwright.cli.screen import Screen, near
from gradwright.errors import UsageError


def command(lang: str) -> click.Command:
    """Return the command with its help in `lang`."""

    @click.command("export", cls=Command, help=messages.text("help.export.command", lang))
    @click.argument("model", type=click.Path(path_type=Path))
    @click.option(
        "--onnx", "onnx_file", metavar="FILE", type=click.Path(path_type=Path), help=messages.text("help.onnx", lang)
    )
    @click.option("--overwrite", is_flag=True, help=messages.text("help.export.overwrite", lang))
    @options.common(lang)
    def export_command(
        model: Path, onnx_file: Path | None, overwrite: bool, lang: str | None, as_json: bool, quiet: bool
    ) -> None:
        screen = Screen(lang, as_json, quiet)
        if onnx_file is None:
            raise UsageError("usage.missing", name="--onnx")
        options.check_output(onnx_file, overwrite, "--onnx", (model,))
        network = Network.load(model)
        export.to_onnx(network, onnx_file, overwrite=overwrite)
        outputs = ["probabilities", "label"] if network.loss_function.classifies else ["values"]
        screen.say("export.done", path=str(near(onnx_file)), features=network.n_in, outputs=", ".join(outputs))
        screen.document({"command": "export", "model": str(model), "onnx": str(onnx_file), "outputs": outputs})

    return export_command
