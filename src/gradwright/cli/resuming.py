"""A run that goes on (``--resume``), or is done once more (``--from run.json``): whose settings count."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from gradwright import Dataset, Trainer
from gradwright.cli.data_sets import DATA_SETS
from gradwright.cli.screen import Screen, command_line, near
from gradwright.errors import (
    ArgumentError,
    DataError,
    DataNotFoundError,
    InterruptedRunError,
    ModelFileError,
    UsageError,
)
from gradwright.training import Checkpoint, RunFolder
from gradwright.training.checkpoints import step_of
from gradwright.training.run_folder import DECISIVE, environment, read_run

Settings = dict[str, Any]

#: What the bits of a step do not depend on: how long the run is, how often it is saved, where its data lie (data of
#: one's own may have moved, too: `check_data` tells whether they are the same).
_LENGTH = ("steps", "epochs")
_FREE = ("checkpoint_every", "data_dir")
_NUMBER = (int, float)
#: The kinds of settings that are not text, for a run.json that was written by hand.
_KINDS: dict[str, Any] = {
    "data": str,
    "hidden": list,
    "steps": (int, type(None)),
    "epochs": (int, type(None)),
    "checkpoint_every": (int, type(None)),
    "evaluate_every": (int, type(None)),
    "seed": int,
    "learning_rate": (*_NUMBER, str),
    "batch_size": (int, str),
    "init": (int, float, str),
}


def given_flags() -> set[str]:
    """Return the names of the settings that stand on the command line."""
    context = click.get_current_context()
    named = {name for name in context.params if context.get_parameter_source(name) is ParameterSource.COMMANDLINE}
    return {"data" if name == "data_name" else name for name in named}


def check_flags(out: Path | None, overwrite: bool, resume: bool, from_file: Path | None) -> None:
    """Raise if flags exclude each other."""
    if resume and out is None:
        raise UsageError("resume.no-out")
    if resume and overwrite:
        raise UsageError("command.exclude", first="--resume", second="--overwrite")
    if resume and from_file is not None:
        raise UsageError("command.exclude", first="--resume", second="--from")


def settings_of_file(screen: Screen, file: Path, settings: Settings, given: Collection[str]) -> Settings:
    """Return the settings that a run.json records, for the same bits again."""
    document = read_run(file)
    _say_what_differs(screen, document["gradwright"])
    return _taken_over(document["settings"], settings, given, _FREE, str(file))


def check_there(folder: RunFolder) -> None:
    """Raise if there is nothing to go on from, before anything is made or locked there."""
    if not folder.checkpoints.paths():
        raise DataNotFoundError("resume.no-checkpoint", path=str(near(folder.path)))


def checkpoint_to_go_on_from(screen: Screen, folder: RunFolder) -> Checkpoint:
    """Return the newest sound checkpoint, and say which later ones are damaged."""
    found = folder.checkpoints.newest()
    if found is None:
        raise DataNotFoundError("resume.no-checkpoint", path=str(near(folder.path)))
    if found.damaged:
        names = ", ".join(path.name for path in found.damaged)
        screen.warn("DataWarning", "checkpoint.passed-over", names=names, used=str(near(found.path)))
    _say_what_differs(screen, found.about.get("environment", {}))
    return found


def settings_of_checkpoint(found: Checkpoint, settings: Settings, given: Collection[str]) -> Settings:
    """Return the settings of the run that goes on: its own, but for what may differ and is given."""
    before = found.about.get("settings")
    if not isinstance(before, dict):
        raise ModelFileError("resume.not-train", path=str(found.path))
    return _taken_over(before, settings, given, (*_LENGTH, *_FREE), str(found.path.parent.parent))


def _taken_over(before: Settings, now: Settings, given: Collection[str], free: Collection[str], path: str) -> Settings:
    for name in (name for name in before if name not in now and name != "data_fingerprint"):
        raise ModelFileError("run.setting", path=path, entry=name, value=before[name])
    for name in now:
        kind = _KINDS.get(name, (str, type(None)))
        if name not in before or not isinstance(before[name], kind) or isinstance(before[name], bool):
            raise ModelFileError("run.setting", path=path, entry=name, value=before.get(name))
    if not {before["data"], now["data"]} & set(DATA_SETS):
        free = (*free, "data")
    differ = [name for name in now if name in given and name not in free and before[name] != now[name]]
    if differ:
        told = "; ".join(f"{_flag(name)} {_shown(before[name])} -> {_shown(now[name])}" for name in differ)
        raise ArgumentError("resume.settings", path=path, differ=told)
    taken = dict(before)
    for name in free:
        if name in given:
            # One of them is enough to say how long a run is; the other one goes.
            taken.update({other: now[other] for other in (_LENGTH if name in _LENGTH else (name,))})
    if "data" not in given and taken["data"] not in DATA_SETS and not Path(taken["data"]).exists():
        raise DataNotFoundError("resume.data-gone", path=path, data=taken["data"])
    return taken


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(str, value))
    return "-" if value is None else str(value)


def _say_what_differs(screen: Screen, before: Mapping[str, Any]) -> None:
    now = environment()
    differ = [name for name in DECISIVE if before.get(name, now[name]) != now[name]]
    if differ:
        told = "; ".join(f"{name} {before[name]} -> {now[name]}" for name in differ)
        screen.warn("Warning", "resume.environment", differ=told)


def check_data(settings: Settings, dataset: Dataset) -> str:
    """Return the fingerprint of the data; raise unless it is that of the run before."""
    now = dataset.fingerprint()
    before = settings.get("data_fingerprint", now)
    if before != now:
        raise DataError("resume.data", data=settings["data"], before=str(before)[:12], now=now[:12])
    return now


def restore(screen: Screen, trainer: Trainer, found: Checkpoint) -> None:
    """Bring the trainer to where the checkpoint was made."""
    done = found.state["step"]
    if done > trainer.steps:
        raise ArgumentError("resume.shorter", steps=trainer.steps, done=done)
    trainer.restore(found.state)
    screen.say("resume.from", step=trainer.step, steps=trainer.steps, path=str(near(found.path)))


def finished(folder: RunFolder, trainer: Trainer) -> dict[str, Any] | None:
    """Return the result of a run of which nothing is left to do, or None."""
    return folder.finished() if trainer.step >= trainer.steps else None


def interruption(folder: RunFolder, status: int) -> InterruptedRunError:
    """Return the error that says how to go on with a run that was interrupted."""
    paths = folder.checkpoints.paths()
    if not paths:
        return InterruptedRunError("command.interrupted", status=status)
    command = command_line("train", "--out", near(folder.path), "--resume")
    return InterruptedRunError("resume.interrupted", status=status, step=step_of(paths[-1]), command=command)
