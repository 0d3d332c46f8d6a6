"""A folder of checkpoints: the last few states of a run, each in a file that is there as a whole or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradwright import _validate, messages, storage
from gradwright.errors import (
    DataNotFoundError,
    DataWarning,
    ModelFileError,
    OutputExistsError,
    StorageError,
)
from gradwright.training import lock, state_file

if TYPE_CHECKING:
    from gradwright.training.trainer import Trainer

_FILE = re.compile(r"step-([0-9]{9,})\.safetensors")
LOCK = ".lock"


@dataclass(frozen=True)
class Checkpoint:
    """A state that was saved.

    Attributes
    ----------
    path : Path
        Its file.
    state : dict
        What `Trainer.restore` takes.
    about : dict
        What was saved with it.
    damaged : tuple of Path
        The files of later steps that were passed over, the latest first.
    """

    path: Path
    state: dict[str, Any] = field(repr=False)
    about: dict[str, Any] = field(repr=False)
    damaged: tuple[Path, ...] = ()


class Checkpoints:
    """A folder where a run leaves its state every so many steps, so that it can go on after anything.

    Give it to `Trainer.run`. After a crash, make the trainer anew with the same arguments and call `restore`: what
    follows has the very bits of a run that was never stopped.

    Parameters
    ----------
    folder : path
        The folder, for one run; made when it is first needed.
    every : int, optional
        Steps between two checkpoints. By default one is due after each epoch, and left out where writing them would
        take more than a twentieth of the time. There is always one at the end.
    keep : int
        How many of the last ones are kept.
    about : dict, optional
        What else a file should tell, as JSON can hold it: the settings of the run, for example.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        If an argument does not fit.

    Notes
    -----
    A file is written under another name, flushed to the disk, renamed, and the folder is flushed: whenever the process
    is killed or the power fails, each checkpoint is there as a whole or not at all. Each carries SHA-256 sums, so that
    one that the disk damaged is not used. While a run writes here, the folder is locked: used as a context manager,
    this object holds the lock; in another process that is a `FolderBusyError`.

    The samples themselves are not saved. That they are the same, and the network, the optimizer and all other
    arguments, is the caller's part; what `Trainer.restore` can tell from the state it checks.

    Examples
    --------
    >>> import tempfile
    >>> from gradwright.nn import Network
    >>> from gradwright.training import Trainer
    >>> data = ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0])
    >>> def make(steps):
    ...     return Trainer(Network.of_sizes([2, 8, 2], "tanh", rng=1), data, optimizer="adam", steps=steps, rng=0)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     checkpoints = Checkpoints(folder, every=10)
    ...     history = make(35).run(checkpoints=checkpoints)
    ...     print([path.name for path in checkpoints.paths()])
    ...     trainer = make(50)
    ...     print(checkpoints.restore(trainer).path.name, trainer.step)
    ...     resumed = trainer.run(checkpoints=checkpoints)
    ['step-000000020.safetensors', 'step-000000030.safetensors', 'step-000000035.safetensors']
    step-000000035.safetensors 35
    >>> undisturbed = make(50).run()
    >>> resumed.loss == undisturbed.loss
    True
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        *,
        every: int | None = None,
        keep: int = 3,
        about: dict[str, Any] | None = None,
    ) -> None:
        self.folder = _validate.path("folder", folder)
        self.every = None if every is None else _validate.positive_int("every", every)
        self.keep = _validate.positive_int("keep", keep)
        self.about = dict(about or {})
        self._damaged: set[Path] = set()
        self._holders, self._release = 0, _nothing

    def __repr__(self) -> str:
        return f"Checkpoints({str(self.folder)!r}, every={self.every}, keep={self.keep})"

    def __enter__(self) -> Checkpoints:
        if not self._holders:
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                reason = error.strerror or str(error)
                raise StorageError("file.unwritable", path=str(self.folder), reason=reason) from error
            self._release = lock.hold(self.folder / LOCK, self.folder)
            storage.sweep(self.folder, lambda name: _FILE.fullmatch(name) is not None)
        self._holders += 1
        return self

    def __exit__(self, *error: object) -> None:
        self._holders -= 1
        if not self._holders:
            self._release()
            self._release = _nothing

    def paths(self) -> list[Path]:
        """Return the files, sound or not, that of the earliest step first."""
        if not self.folder.is_dir():
            return []
        found = [path for path in self.folder.iterdir() if _FILE.fullmatch(path.name)]
        return sorted(found, key=step_of)

    # -- writing -----------------------------------------------------------------------------------------------------

    def save(self, trainer: Trainer) -> Path:
        """Write the state of a trainer, between two of its steps.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        StorageError
            If it cannot be written; the older ones are as they were.
        OutputExistsError
            If the folder holds a checkpoint of a later step that was not passed over as damaged: of another run, then.
        FolderBusyError
            If another process writes here.
        ArgumentTypeError
            If the state holds something that cannot be saved.
        """
        with self:
            self.check_not_ahead(trainer.step)
            return self.write(trainer.state())

    def check_not_ahead(self, step: int) -> None:
        """Raise if there is a checkpoint of a later step, which a run that is at `step` must not mix with its own."""
        later = [path for path in self.paths() if step_of(path) > step and path not in self._damaged]
        if later:
            raise OutputExistsError("checkpoint.ahead", path=str(later[-1]), step=step)

    def write(self, state: dict[str, Any]) -> Path:
        """Write what `Trainer.state` returned, and remove what is no longer kept; the lock is the caller's part."""
        path = self.folder / f"step-{state['step']:09d}.safetensors"
        content = state_file.to_bytes(state, self.about)
        try:
            storage.write_atomic(path, content)
        except StorageError as error:
            reason = error.fields["reason"]
            raise StorageError("checkpoint.unwritable", path=str(path), reason=reason) from error
        self._damaged.discard(path)
        self.prune()
        return path

    def prune(self) -> None:
        """Remove what is no longer kept, and what was passed over as damaged; the lock is the caller's part."""
        sound = [path for path in self.paths() if path not in self._damaged]
        for path in [*self._damaged, *sound[: -self.keep]]:
            with contextlib.suppress(OSError):  # then it stays for the next time
                path.unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove all of them, the newest first: whenever that is cut short, those that are left belong together.

        Raises
        ------
        StorageError
            If one cannot be removed.
        """
        for path in reversed(self.paths()):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise StorageError("file.unwritable", path=str(path), reason=error.strerror or str(error)) from error

    # -- reading -----------------------------------------------------------------------------------------------------

    def newest(self) -> Checkpoint | None:
        """Return the newest sound checkpoint, or None where there is none at all.

        Raises
        ------
        ModelFileError
            If all are damaged, or one is of a later version of gradwright.
        """
        damaged: list[Path] = []
        for path in reversed(self.paths()):
            try:
                state, about = state_file.read(path)
            except DataNotFoundError:
                continue  # removed meanwhile
            except ModelFileError as error:
                if error.key == "model.newer":
                    raise
                damaged.append(path)
            else:
                self._damaged = set(damaged)
                return Checkpoint(path, state, about, tuple(damaged))
        if damaged:
            names = ", ".join(path.name for path in damaged)
            raise ModelFileError("checkpoint.all-damaged", path=str(self.folder), names=names)
        return None

    def restore(self, trainer: Trainer) -> Checkpoint | None:
        """Bring a trainer to where the newest sound checkpoint was made, with a warning if later ones are damaged.

        Parameters
        ----------
        trainer : Trainer
            Made with the same arguments; the number of steps may differ.

        Returns
        -------
        Checkpoint or None
            The one used; None where there is none, and the trainer as it was.

        Raises
        ------
        ModelFileError
            If all are damaged.
        ArgumentError, ArgumentTypeError, ShapeError
            If it is of another network, optimizer, `rng`, or other samples.
        """
        found = self.newest()
        if found is None:
            return None
        if found.damaged:
            names = ", ".join(path.name for path in found.damaged)
            text = messages.text("checkpoint.passed-over", names=names, used=str(found.path))
            warnings.warn(text, DataWarning, stacklevel=2)
        trainer.restore(found.state)
        return found


def checkpoints_of(value: Checkpoints | str | os.PathLike[str] | None) -> Checkpoints | None:
    """Return the checkpoints that `value`, or a folder, stands for."""
    return (
        value if value is None or isinstance(value, Checkpoints) else Checkpoints(_validate.path("checkpoints", value))
    )


def step_of(path: Path) -> int:
    """Return the step that a checkpoint is of, by its name."""
    return int(path.name.removeprefix("step-").partition(".")[0])


def _nothing() -> None:
    pass
