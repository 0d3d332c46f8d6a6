"""The exception tree: every error is a `GradwrightError`, and also the builtin error that a caller would expect.

An error carries the key of a sentence and its fields, not a finished text, so that a command can show it in the
language asked for: ``str(error)`` is in the language that `gradwright.messages.language` finds,
``error.text("ko")`` in Korean.
"""

from __future__ import annotations

from typing import Any

from gradwright import messages


class GradwrightError(Exception):
    """Base of every error that gradwright raises on purpose.

    Parameters
    ----------
    key : str
        A key of the message catalogue.
    **fields
        The fields of that message; kept as `fields` for a program that wants them.

    Examples
    --------
    >>> error = ArgumentError("argument.positive", name="learning_rate", value=0.0)
    >>> error.text("en")
    '`learning_rate` must be a positive number, not 0.0.'
    >>> isinstance(error, ValueError)
    True
    """

    def __init__(self, key: str, /, **fields: Any) -> None:
        super().__init__(key)
        self.key = key
        self.fields = fields

    def text(self, lang: str | None = None) -> str:
        """Return the message in the language asked for.

        Parameters
        ----------
        lang : {"en", "ko"}, optional
            By default the language of the environment.
        """
        return messages.text(self.key, lang, **self.fields)

    def __str__(self) -> str:
        return self.text()


class ArgumentError(GradwrightError, ValueError):
    """An argument has a value that it must not have."""


class ArgumentTypeError(GradwrightError, TypeError):
    """An argument is of a kind that cannot be used."""


class ShapeError(ArgumentError):
    """An array has a shape that does not fit."""


class NonFiniteError(ArgumentError):
    """An array holds NaN or infinity where numbers are needed."""


class LabelError(ArgumentError):
    """A label does not name a class."""


class FunctionError(GradwrightError, ValueError):
    """The function under study did something that gives no derivative: no number, a changed shape, no repeat."""


class CodeError(GradwrightError, RuntimeError):
    """A file of the user's that a command ran raised an error; `fields` has its `kind`, words, `path` and `line`."""


class FormulaError(GradwrightError, ValueError):
    """A formula in text cannot be read, or cannot be used so; `fields` has the `column` (from 1) and the `piece`."""


class GradientMismatchError(GradwrightError, AssertionError):
    """A gradient check found the gradient wrong; raised on request by ``report.raise_for_mismatch()``."""


class NonFiniteLossError(GradwrightError, ArithmeticError):
    """Training stopped because the loss became NaN or infinite."""


class MissingExtraError(GradwrightError, ImportError):
    """An optional package is not installed; the message names the extra that brings it."""


class DataError(GradwrightError, ValueError):
    """A data set, an image or one of their files cannot be used as it is."""


class DataNotFoundError(DataError, FileNotFoundError):
    """A data set or file is not where it was looked for."""


class DownloadError(DataError):
    """A data set could not be downloaded from any of its mirrors, or what came was not the real one."""


class ModelFileError(GradwrightError, ValueError):
    """A saved model is damaged, or is no model of gradwright."""


class OutputExistsError(GradwrightError, FileExistsError):
    """The place to write to already holds something that would be lost."""


class StorageError(GradwrightError, OSError):
    """A file could not be written; what was there before is as it was."""


class FolderBusyError(GradwrightError, BlockingIOError):
    """Another process is writing in the folder of a run."""


class InterruptedRunError(GradwrightError, RuntimeError):
    """A run was stopped by Ctrl-C or by a signal; `fields` has the exit `status`."""


class WorkerError(GradwrightError, RuntimeError):
    """Work handed to other processes could not be done there: they did not start, or an item ended them each time."""


class UsageError(GradwrightError, ValueError):
    """A command was called in a way that it does not understand (exit status 2)."""


class CostWarning(UserWarning):
    """What was asked for is right but expensive; the message says how expensive and what is cheaper."""


class DataWarning(UserWarning):
    """Something about the data or a saved file is odd, and was dealt with as the message says."""


class PrecisionWarning(UserWarning):
    """What was asked for loses digits in the dtype that it came in; the message says which dtype keeps them."""
