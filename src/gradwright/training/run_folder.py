"""The folder that a training run leaves behind: the model, its history, what it was made from.

It is written so that a run cannot lose an earlier one: a folder that holds a model, a checkpoint or anything that is
not ours is refused; what a killed run left behind, without a model, is used again.
"""

from __future__ import annotations

import datetime
import json
import platform
from pathlib import Path
from typing import Any

import numpy as np

from gradwright import storage
from gradwright.errors import OutputExistsError, StorageError
from gradwright.nn import Network
from gradwright.nn.saving import to_bytes
from gradwright.training.history import History

MODEL, HISTORY, RUN, CURVES, CHECKPOINTS = "model.safetensors", "history.csv", "run.json", "curves.png", "checkpoints"
_OURS = {HISTORY, RUN, CURVES}
_MARK = "gradwright"  # the entry of run.json by which a folder is known to be a run's


class RunFolder:
    """A folder for one run.

    Parameters
    ----------
    path : path, optional
        The folder; made, with its parents, when the run begins. By default a new one under ``runs``, named for the time
        and the data.
    overwrite : bool
        Whether a run that is there may be replaced. Files that are not of a run are left alone.
    name : str
        What to call a new folder after.

    Raises
    ------
    OutputExistsError
        If the folder holds something that would be lost, or is a file.
    """

    def __init__(self, path: Path | None = None, *, overwrite: bool = False, name: str = "run") -> None:
        if path is None:
            path = _fresh(Path("runs"), name)
        self.path = path
        if path.is_file():
            raise OutputExistsError("run.is-file", path=str(path))
        if path.is_dir() and not overwrite:
            _refuse_what_would_be_lost(path)

    @property
    def model(self) -> Path:
        """Where the model goes."""
        return self.path / MODEL

    @property
    def curves(self) -> Path:
        """Where the picture of the curves goes."""
        return self.path / CURVES

    def begin(self, settings: dict[str, Any]) -> None:
        """Make the folder and write what the run is made from; the model of a run that it replaces goes first.

        Raises
        ------
        StorageError
            If the folder cannot be made or written to.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            # Otherwise a killed run would leave its settings beside the model of the run before.
            self.model.unlink(missing_ok=True)
        except OSError as error:
            reason = error.strerror or str(error)
            raise StorageError("file.unwritable", path=str(self.path), reason=reason) from error
        self._write_run(settings, "running", {})

    def finish(self, settings: dict[str, Any], network: Network, history: History, result: dict[str, Any]) -> None:
        """Write the history, the model and the result; the model last, since it is what makes a run complete."""
        self.write_history(history)
        self._write_run(settings, "finished", result)
        storage.write_atomic(self.model, to_bytes(network))

    def fail(self, settings: dict[str, Any], history: History, reason: str) -> None:
        """Write what there is of a run that failed."""
        self.write_history(history)
        self._write_run(settings, "failed", {"reason": reason})

    def write_history(self, history: History) -> None:
        """Write the scores at each evaluation as CSV."""
        storage.write_atomic(self.path / HISTORY, history.to_csv().encode("utf-8"))

    def _write_run(self, settings: dict[str, Any], status: str, result: dict[str, Any]) -> None:
        document = {_MARK: environment(), "status": status, "settings": settings, "result": result}
        text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
        storage.write_atomic(self.path / RUN, text.encode("utf-8"))


def environment() -> dict[str, str]:
    """Return the versions and the machine that a run's bits depend on."""
    from importlib.metadata import version

    return {
        "version": version("gradwright"),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "system": platform.system(),
        "machine": platform.machine(),
    }


def _fresh(parent: Path, name: str) -> Path:
    stamp = datetime.datetime.now().strftime("%Y%m%d-%H%M%S")  # local time: it is for people to read
    plain = "".join(c if c.isalnum() else "-" for c in name).strip("-")
    path = parent / f"{stamp}-{plain}"
    number = 2
    while path.exists():
        path = parent / f"{stamp}-{plain}-{number}"
        number += 1
    return path


def _refuse_what_would_be_lost(path: Path) -> None:
    entries = sorted(entry.name for entry in path.iterdir())
    checkpoints = path / CHECKPOINTS
    kept = [MODEL] if MODEL in entries else []
    if checkpoints.is_dir() and any(checkpoints.iterdir()):
        kept.append(CHECKPOINTS)
    if kept:
        raise OutputExistsError("run.exists", path=str(path), what=", ".join(kept))
    foreign = [name for name in entries if name not in _OURS | {CHECKPOINTS} and not name.endswith(".tmp")]
    if not foreign and entries and not _is_left_behind(path):
        foreign = entries
    if foreign:
        shown = ", ".join(foreign[:3]) + (", ..." if len(foreign) > 3 else "")
        raise OutputExistsError("run.foreign", path=str(path), what=shown)


def _is_left_behind(path: Path) -> bool:
    """Tell whether the files in `path` are those of a run that was killed, not somebody's with the same names."""
    names = {entry.name for entry in path.iterdir() if not entry.name.endswith(".tmp")}
    if not names:
        return True
    try:
        return _MARK in json.loads((path / RUN).read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError):
        return False
