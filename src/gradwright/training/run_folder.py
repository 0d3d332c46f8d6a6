"""The folder that a training run leaves behind: the model, its history, what it was made from.

It is written so that a run cannot lose an earlier one: a folder that holds a model, a checkpoint or anything that is
not ours is refused; what a killed run left behind, without either, is used again. One process at a time writes there.
"""

from __future__ import annotations

import datetime
import json
import os
import platform
from pathlib import Path
from typing import Any

import numpy as np

from gradwright import storage
from gradwright.errors import DataNotFoundError, FolderBusyError, ModelFileError, OutputExistsError, StorageError
from gradwright.nn import Network
from gradwright.nn.saving import to_bytes
from gradwright.training.checkpoints import LOCK, Checkpoints
from gradwright.training.history import History
from gradwright.training.rate_search import RateSearch

MODEL, HISTORY, RUN, CURVES, CHECKPOINTS = "model.safetensors", "history.csv", "run.json", "curves.png", "checkpoints"
EXAMPLE, RATES, RATES_PICTURE = "example.png", "learning-rate.csv", "learning-rate.png"
_OURS = {HISTORY, RUN, CURVES, EXAMPLE, RATES, RATES_PICTURE}
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
    resume : bool
        Whether the run that is there goes on.
    name : str
        What to call a new folder after.
    checkpoint_every : int, optional
        As for `Checkpoints`.

    Attributes
    ----------
    checkpoints : Checkpoints
        Those of the run.

    Raises
    ------
    OutputExistsError
        If the folder holds something that would be lost, or is a file.

    Notes
    -----
    As a context manager it holds the lock of its checkpoints, and so of the whole folder.
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        overwrite: bool = False,
        resume: bool = False,
        name: str = "run",
        checkpoint_every: int | None = None,
    ) -> None:
        self.path = _fresh(Path("runs"), name) if path is None else path
        self._replaces, self._resumes = overwrite, resume
        self.checkpoints = Checkpoints(self.path / CHECKPOINTS, every=checkpoint_every)
        self._check()

    def _check(self) -> None:
        if self.path.is_file():
            raise OutputExistsError("run.is-file", path=str(self.path))
        if self.path.is_dir() and not (self._replaces or self._resumes):
            _refuse_what_would_be_lost(self.path)

    def __enter__(self) -> RunFolder:
        try:
            self.checkpoints.__enter__()
        except FolderBusyError:
            raise FolderBusyError("run.busy", path=str(self.path)) from None
        try:
            storage.sweep(self.path, lambda name: name in _OURS | {MODEL})
        except BaseException:
            self.checkpoints.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.checkpoints.__exit__(*error)

    @property
    def model(self) -> Path:
        """Where the model goes."""
        return self.path / MODEL

    @property
    def curves(self) -> Path:
        """Where the picture of the curves goes."""
        return self.path / CURVES

    @property
    def example(self) -> Path:
        """Where a sample to try the model on goes."""
        return self.path / EXAMPLE

    @property
    def rates_picture(self) -> Path:
        """Where the picture of how the learning rate was found goes."""
        return self.path / RATES_PICTURE

    def begin(self, settings: dict[str, Any]) -> None:
        """Write what the run is made from; the model and the checkpoints of a run that it replaces go first.

        The lock is held by the caller. A run that goes on keeps its model, if it has one, until there is a new one.

        Raises
        ------
        OutputExistsError
            If there is by now something that would be lost.
        StorageError
            If the folder cannot be written to.
        """
        self._check()  # again: another process may have come and gone since
        if not self._resumes:
            # Otherwise a killed run would leave its settings beside the model of the run before.
            try:
                self.model.unlink(missing_ok=True)
            except OSError as error:
                reason = error.strerror or str(error)
                raise StorageError("file.unwritable", path=str(self.path), reason=reason) from error
            self.checkpoints.clear()
        self.checkpoints.about = {"settings": settings, "environment": environment()}
        self._write_run(settings, "running", {})

    def finish(self, settings: dict[str, Any], network: Network, history: History, result: dict[str, Any]) -> None:
        """Write the history, the model and the result; the result last, since it is what says that all is there."""
        self.write_history(history)
        self.checkpoints.prune()  # a kill may have come before that of the last step
        storage.write_atomic(self.model, to_bytes(network))
        self._write_run(settings, "finished", result)

    def finished(self) -> dict[str, Any] | None:
        """Return the result of a run that is complete; None where it is not, or its model is damaged."""
        try:
            document = read_run(self.path / RUN)
            storage.load_tensors(self.model)
        except (DataNotFoundError, ModelFileError):
            return None
        result: dict[str, Any] = document.get("result", {})
        return result if document.get("status") == "finished" else None

    def interrupt(self, settings: dict[str, Any], history: History) -> None:
        """Write what there is of a run that was interrupted, beside its checkpoint."""
        self.write_history(history)
        self._write_run(settings, "interrupted", {"steps": len(history.loss)})

    def fail(self, settings: dict[str, Any], history: History, reason: str) -> None:
        """Write what there is of a run that failed."""
        self.write_history(history)
        self._write_run(settings, "failed", {"reason": reason})

    def write_history(self, history: History) -> None:
        """Write the scores at each evaluation as CSV."""
        storage.write_atomic(self.path / HISTORY, history.to_csv().encode("utf-8"))

    def write_rates(self, search: RateSearch) -> None:
        """Write the range test and the trials that a learning rate was found by as CSV."""
        lines = ["kind,rate,loss"]
        lines += [f"range,{rate!r},{loss!r}" for rate, loss in zip(search.rates, search.losses, strict=True)]
        lines += [f"trial,{trial.rate!r},{trial.loss!r}" for trial in search.trials]
        storage.write_atomic(self.path / RATES, ("\n".join(lines) + "\n").encode("utf-8"))

    def _write_run(self, settings: dict[str, Any], status: str, result: dict[str, Any]) -> None:
        document = {_MARK: environment(), "status": status, "settings": settings, "result": result}
        text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
        storage.write_atomic(self.path / RUN, text.encode("utf-8"))


def environment() -> dict[str, Any]:
    """Return the versions and the machine that a run is made with."""
    from importlib.metadata import version

    return {
        "version": version("gradwright"),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "system": platform.system(),
        "machine": platform.machine(),
        "blas": _blas(),
        "cores": os.cpu_count(),
    }


#: What the bits of a run depend on, but for what was asked for.
DECISIVE = ("version", "numpy", "system", "machine", "blas")


def _blas() -> str:
    """Return the library of matrix products, and the kind of processor that it is at work for."""
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return ""
    found = [info for info in threadpool_info() if info.get("user_api") == "blas"]
    parts = ("internal_api", "version", "architecture")
    return " ".join(str(found[0][part]) for part in parts if found[0].get(part)) if found else ""


def read_run(path: Path) -> dict[str, Any]:
    """Return the content of a ``run.json``.

    Raises
    ------
    DataNotFoundError
        If there is no such file.
    ModelFileError
        If it is none of ours.
    """
    if path.is_dir():
        raise DataNotFoundError("run.folder-given", path=str(path), inside=str(path / RUN))
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataNotFoundError("file.missing", path=str(path)) from None
    except (OSError, ValueError):
        document = None
    if not isinstance(document, dict) or not all(isinstance(document.get(n), dict) for n in (_MARK, "settings")):
        raise ModelFileError("run.not-ours", path=str(path))
    return document


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
    kept = [MODEL] if MODEL in entries else []
    if Checkpoints(path / CHECKPOINTS).paths():
        kept.append(CHECKPOINTS)
    if kept:
        raise OutputExistsError("run.exists", path=str(path), what=", ".join(kept))
    foreign = [name for name in entries if name not in _OURS | {CHECKPOINTS} and not name.endswith(".tmp")]
    if (path / CHECKPOINTS).is_dir():
        inside = (entry.name for entry in (path / CHECKPOINTS).iterdir())
        foreign += [f"{CHECKPOINTS}/{name}" for name in sorted(inside) if name != LOCK and not name.endswith(".tmp")]
    if not foreign and entries and not _is_left_behind(path):
        foreign = entries
    if foreign:
        shown = ", ".join(foreign[:3]) + (", ..." if len(foreign) > 3 else "")
        raise OutputExistsError("run.foreign", path=str(path), what=shown)


def _is_left_behind(path: Path) -> bool:
    """Tell whether the files in `path` are those of a run that was killed, not somebody's with the same names."""
    names = {entry.name for entry in path.iterdir() if not entry.name.endswith(".tmp")} - {CHECKPOINTS}
    if not names:
        return True
    try:
        return _MARK in json.loads((path / RUN).read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError):
        return False
