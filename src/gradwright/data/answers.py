"""What the answers of a data set are: classes, or values to predict."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright.data.raw import Raw
from gradwright.data.tables import names_a_class, number_of
from gradwright.errors import DataError
from gradwright.messages import shown

Array = npt.NDArray[Any]

#: Whole numbers are classes where there are at most so many different ones, or each is there so often and they are not
#: too many. Others are amounts: ages, prices. Texts are classes where each is there twice.
_FEW, _OFTEN, _TWICE, _MOST_CLASSES = 20, 10, 2, 1000
#: A number that is written so is a name, such as a postal code (007 is not 7) or the number of an account, of which
#: a float keeps 15 digits.
_CODE = re.compile(r"[+-]?(0\d+|\d{16,})$")
_EXACT = 2**53
#: What stands where somebody had no answer, in small letters.
_MISSING = frozenset({"nan", "na", "n/a", "#n/a", "#na", "<na>", "null", "?"})


def answers_of(found: Raw, task: str) -> tuple[Array, tuple[str, ...] | None]:
    """Return the answers of all samples, the training part first: labels and their classes, or rows of values and None.

    Raises
    ------
    DataError
        If some answers are mistakes, or all are nothing that `task` can be asked of.
    """
    answers = _joined(found)
    if found.classes is not None:
        return answers, found.classes
    if answers.ndim == 2 and answers.shape[1] == 1:
        answers = answers[:, 0]
    if answers.ndim == 2 and task != "regression" and _are_one_hot(found, answers, task):
        return answers.argmax(axis=1), tuple(map(str, range(answers.shape[1])))
    numbers = _as_numbers(found, answers, task)
    if numbers is not None and (task == "regression" or (task == "auto" and not _are_labels(numbers))):
        return numbers.reshape(len(numbers), math.prod(numbers.shape[1:])), None
    if answers.ndim != 1:
        raise DataError("load.answers", path=found.path, shape=answers.shape)
    if numbers is not None:
        answers = numbers.astype(np.int64) if _whole(numbers) else numbers
    values, labels = np.unique(answers, return_inverse=True)
    if numbers is None and task == "auto" and len(values) > _most(len(answers), _TWICE):
        raise DataError("load.many-classes", path=found.path, count=len(values), rows=len(answers))
    return labels.astype(np.int64), tuple(map(str, values))


def _joined(found: Raw) -> Array:
    """Return the answers of both parts, whole numbers that a float would not keep as text."""
    t, rest = found.t, found.t_test
    if t.ndim > 2:
        raise DataError("load.answers", path=found.path, shape=t.shape)
    if rest is not None:
        if t.ndim != rest.ndim or t.shape[1:] != rest.shape[1:] or (t.dtype.kind == "O") != (rest.dtype.kind == "O"):
            kinds = {"train_kind": _kind(t), "test_kind": _kind(rest)}
            raise DataError("load.test-answers", path=found.path, train=t.shape, test=rest.shape, **kinds)
        t = np.concatenate([t, rest])
    if t.dtype.kind in "iu" and t.size and max(int(t.max()), -int(t.min())) >= _EXACT:
        return np.array([str(number) for number in t.ravel().tolist()], object).reshape(t.shape)
    return t


def _kind(answers: Array) -> str:
    return "str" if answers.dtype.kind == "O" else str(answers.dtype)


def _as_numbers(found: Raw, answers: Array, task: str) -> npt.NDArray[np.float64] | None:
    """Return the answers as finite numbers, or None where they are text."""
    if answers.dtype.kind != "O":
        return answers.astype(np.float64)
    different, where = np.unique(answers, return_inverse=True)
    values = [_finite(text) for text in different]
    odd = [text for text, value in zip(different, values, strict=True) if value is None]
    _refuse_mistakes(found, answers, odd, len(different), task)
    if odd or (task != "regression" and any(map(_CODE.match, different))):
        return None
    return np.array(values, np.float64)[where].reshape(answers.shape)


def _finite(text: str) -> float | None:
    value = number_of(text)
    return value if value is not None and math.isfinite(value) else None


def _refuse_mistakes(found: Raw, answers: Array, odd: Sequence[str], different: int, task: str) -> None:
    """Raise at the first answer that is none: no name at all, one that is missing, a text where numbers are."""
    few = different > _FEW and len(odd) <= different // _OFTEN
    for key, wrong in (
        ("load.answer", [text for text in odd if not names_a_class(text)]),
        ("load.text-values", odd if task == "regression" or (task == "auto" and few) else []),
        ("load.missing", [text for text in odd if task == "auto" and text.casefold() in _MISSING]),
    ):
        if wrong:
            row, *index = (int(i) for i in np.argwhere(np.isin(answers, wrong))[0])
            value = answers[(row, *index)]
            raise DataError(key, place=found.place("t", row, *index), value=shown(value))


def _most(n_rows: int, often: int) -> int:
    """Return how many different answers classes may be, each of them there so often on average."""
    return min(_MOST_CLASSES, max(_FEW, n_rows // often))


def _whole(numbers: Array) -> bool:
    return bool((numbers == np.floor(numbers)).all() and (np.abs(numbers) < _EXACT).all())


def _are_labels(numbers: Array) -> bool:
    return numbers.ndim == 1 and _whole(numbers) and len(np.unique(numbers)) <= _most(len(numbers), _OFTEN)


def _are_one_hot(found: Raw, rows: Array, task: str) -> bool:
    """Tell whether the answers are one-hot rows; raise where nearly all are."""
    if rows.dtype.kind == "O" or rows.shape[1] < 2:
        return False
    binary = (rows == 0) | (rows == 1)
    odd = np.flatnonzero(~binary.all(axis=1) | (np.count_nonzero(rows, axis=1) != 1))
    if 0 < len(odd) <= len(rows) // _OFTEN or (len(odd) and task == "classification"):
        row = int(odd[0])
        raise DataError("load.one-hot", place=found.place("t", row), value=rows[row])
    return not len(odd)
