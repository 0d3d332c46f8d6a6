"""``gradwright bench``: how fast it is beside other libraries, here."""

from __future__ import annotations

import math
import platform
from pathlib import Path
from typing import Any

import click
import numpy as np
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from gradwright import _validate, bench, data, messages, plot
from gradwright.bench.contests import images_like_mnist, sets_of
from gradwright.cli import options
from gradwright.cli.commands import Command
from gradwright.cli.screen import Screen, near
from gradwright.workers.threads import cores

_JOBS = 5
_COMMANDS = {"gradwright": "gradwright", "help": "gradwright --help"}


def command(lang: str) -> click.Command:
    """Return the command with its help in `lang`."""

    def help_of(name: str) -> str:
        return messages.text(f"help.bench.{name}", lang)

    @click.command("bench", cls=Command, help=help_of("command"))
    @click.option(
        "--data-dir", metavar="DIR", type=click.Path(path_type=Path), help=messages.text("help.data-dir", lang)
    )
    @click.option("--rounds", type=options.WHOLE, default=3, show_default=True, help=help_of("rounds"))
    @click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help=help_of("out"))
    @click.option("--overwrite", is_flag=True, help=messages.text("help.train.overwrite", lang))
    @options.common(lang)
    def compare(**flags: Any) -> None:
        screen = Screen(flags.pop("lang"), flags.pop("as_json"), flags.pop("quiet"))
        screen.document(_run(screen, **flags))

    return compare


def _run(screen: Screen, *, data_dir: Path | None, rounds: int, out: Path | None, overwrite: bool) -> dict[str, Any]:
    rounds = _validate.positive_int("--rounds", rounds)
    options.check_picture(out, overwrite, "--out")
    sets = images_like_mnist() if data_dir is None else sets_of(data.mnist(data_dir))
    machine = {
        "cores": cores(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "rounds": rounds,
        "data": "random" if data_dir is None else "mnist",
    }
    screen.say("bench.machine", **machine)
    screen.say(f"bench.data.{machine['data']}")
    results = []
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=screen.console,
        disable=screen.silent or not screen.console.is_terminal,
        transient=True,
    )
    with bar:
        task = bar.add_task(screen.text("bench.progress"), total=_JOBS)
        for job in bench.jobs(sets):
            part = 1 / (len(job.contestants) * (rounds + 1))
            result = bench.measured(job, rounds, lambda part=part: bar.advance(task, part))  # type: ignore[misc]
            results.append(result)
            _show(screen, result)
    if out is not None:
        figure = plot.ratios(
            {screen.text(f"bench.job.{r.key}"): {_name(screen, n): v for n, v in r.ratios.items()} for r in results},
            lang=screen.lang,
            title=screen.text("bench.title"),
        )
        plot.save(figure, out, overwrite=overwrite)
        screen.say("bench.saved", path=str(near(out)))
    told = [{"job": r.key, "seconds": r.seconds, "ratios": r.ratios, "missing": r.missing} for r in results]
    return {"command": "bench", "machine": machine, "results": told}


def _show(screen: Screen, result: bench.Result) -> None:
    screen.line()
    screen.say(f"bench.job.{result.key}")
    rows = [
        (_name(screen, name), _seconds(median), _times(screen, result.ratios.get(name)))
        for name, median in result.medians.items()
    ]
    widths = [max(messages.columns_of(row[i]) for row in rows) for i in range(3)]
    for name, seconds, times in rows:
        pad = " " * (widths[0] - messages.columns_of(name))
        screen.line(f"  {name}{pad}  {seconds:>{widths[1]}}  {times}".rstrip())
    if result.missing:
        screen.say("bench.missing", names=", ".join(result.missing))


def _name(screen: Screen, name: str) -> str:
    if name in _COMMANDS or name.startswith("import-"):  # what a terminal takes is the same in every language
        return _COMMANDS.get(name, name.replace("-", " "))
    word, _, threads = name.partition("-")
    return screen.text(f"bench.name.{word}", threads=threads)


def _seconds(value: float) -> str:
    return f"{value * 1e3:.1f} ms" if value < 1 else f"{value:.2f} s"


def _times(screen: Screen, ratio: float | None) -> str:
    if ratio is None:
        return ""
    digits = max(0, 1 - math.floor(math.log10(ratio)))
    return screen.text("bench.times", ratio=f"{ratio:,.{digits}f}")
