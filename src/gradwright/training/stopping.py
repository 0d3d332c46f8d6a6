"""When a run ends before its last step."""

from __future__ import annotations

from dataclasses import dataclass

from gradwright import _validate
from gradwright.errors import ArgumentError


@dataclass(frozen=True)
class EarlyStopping:
    """Stop when the loss on the validation set has not improved for some evaluations.

    Parameters
    ----------
    patience : int
        How many evaluations without improvement are borne.
    restore_best : bool
        Whether the network ends with the parameters of its best evaluation.

    Raises
    ------
    ArgumentError
        If `patience` is not a positive whole number.

    Examples
    --------
    >>> EarlyStopping(patience=3)
    EarlyStopping(patience=3, restore_best=True)
    """

    patience: int = 5
    restore_best: bool = True

    def __post_init__(self) -> None:
        _validate.positive_int("patience", self.patience)


def early_stopping_of(value: EarlyStopping | int | None, validation: float) -> EarlyStopping | None:
    """Return the rule that `value`, or a patience, stands for; there must be a validation set for it."""
    if value is None:
        return None
    rule = value if isinstance(value, EarlyStopping) else EarlyStopping(value)
    if not validation:
        raise ArgumentError("training.no-validation")
    return rule
