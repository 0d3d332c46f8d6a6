"""The curves of a run for TensorBoard, while it goes on."""

from __future__ import annotations

import os
from types import TracebackType
from typing import Any, Self

from gradwright import _validate
from gradwright.errors import MissingExtraError
from gradwright.training.trainer import StepEvent


class TensorBoard:
    """A callback that writes what TensorBoard draws: the loss of each step, and the scores at each evaluation.

    Its tags are ``loss``, ``learning_rate``, ``train/loss``, ``train/accuracy``, and so on with ``validation`` and
    ``test`` for those there are. Show them with ``tensorboard --logdir FOLDER``.

    Parameters
    ----------
    folder : path
        Where the event files go; made where it is missing. Runs in folders side by side are drawn together.
    every : int
        Of the steps' losses every so many are written.

    Raises
    ------
    ArgumentError
        If `every` is not positive.
    MissingExtraError
        If tensorboard is not installed.

    Examples
    --------
    >>> with TensorBoard("runs/first") as board:  # doctest: +SKIP
    ...     gw.train(net, data, callbacks=[board])
    """

    def __init__(self, folder: str | os.PathLike[str], *, every: int = 10) -> None:
        self.every = _validate.positive_int("every", every)
        try:
            from tensorboard.summary import Writer
        except ImportError:
            raise MissingExtraError("extra.missing", package="tensorboard", extra="tensorboard") from None
        self._writer: Any = Writer(os.fspath(folder))

    def __call__(self, event: StepEvent) -> None:
        """Write what is new."""
        if event.step % self.every == 0 or event.step in (1, event.steps):
            self._add("loss", event.loss, event.step)
            self._add("learning_rate", event.learning_rate, event.step)
        if event.record is not None:
            for part in ("train", "validation", "test"):
                for score in ("loss", "accuracy"):
                    self._add(f"{part}/{score}", getattr(event.record, f"{part}_{score}"), event.step)
            self._writer.flush()

    def close(self) -> None:
        """Write what is still held, and close the file."""
        self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _add(self, tag: str, value: float | None, step: int) -> None:
        if value is not None:
            self._writer.add_scalar(tag, value, step)
