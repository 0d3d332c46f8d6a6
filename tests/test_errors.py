"""The exception tree: what each error is, says, and how it travels."""

from __future__ import annotations

import copy
import inspect
import pickle
import warnings
from typing import Any

import pytest

from gradwright import errors
from gradwright.errors import GradwrightError

TREE = {
    "ArgumentError": ValueError,
    "ArgumentTypeError": TypeError,
    "ShapeError": ValueError,
    "NonFiniteError": ValueError,
    "LabelError": ValueError,
    "FunctionError": ValueError,
    "GradientMismatchError": AssertionError,
    "NonFiniteLossError": ArithmeticError,
    "MissingExtraError": ImportError,
    "DataError": ValueError,
    "DataNotFoundError": FileNotFoundError,
    "ModelFileError": ValueError,
    "OutputExistsError": FileExistsError,
    "StorageError": OSError,
    "WorkerError": RuntimeError,
    "UsageError": ValueError,
}
CLASSES = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, Exception) and not issubclass(kind, Warning) and kind.__module__ == errors.__name__
]
every = pytest.mark.parametrize("kind", CLASSES)


def make(kind: type[GradwrightError]) -> GradwrightError:
    return kind("argument.positive", name="learning_rate", value=-1)


@every
def test_each_is_ours_and_the_builtin_that_one_expects(kind: type[GradwrightError]) -> None:
    assert issubclass(kind, GradwrightError)
    builtin = next(base for base in kind.__mro__ if base.__module__ == "builtins")
    if kind is not GradwrightError:
        assert builtin is not Exception, "whoever expects a builtin error must be able to catch it"
        with pytest.raises(TREE.get(kind.__name__, builtin)):
            raise make(kind)


def test_all_are_there() -> None:
    assert set(TREE) <= {kind.__name__ for kind in CLASSES}


@every
def test_text_in_both_languages(kind: type[GradwrightError], monkeypatch: pytest.MonkeyPatch) -> None:
    error = make(kind)
    english, korean = "`learning_rate` must be a positive number, not -1.", "양수여야 합니다. 받은 값: -1."
    assert str(error) == error.text("en") == english
    assert korean in error.text("ko")
    monkeypatch.setenv("GRADWRIGHT_LANG", "ko_KR.UTF-8")
    assert str(error) == error.text() == error.text("ko")
    assert error.text("en") == english


@every
@pytest.mark.parametrize("travel", [copy.copy, copy.deepcopy, lambda e: pickle.loads(pickle.dumps(e))])
def test_survives_the_way_between_processes(kind: type[GradwrightError], travel: Any) -> None:
    error = make(kind)
    error.add_note("of the worker")
    again = travel(error)
    assert type(again) is kind
    assert (again.key, again.fields) == ("argument.positive", {"name": "learning_rate", "value": -1})
    assert str(again) == str(error)
    assert again.__notes__ == ["of the worker"]


def test_fields_may_have_any_name() -> None:
    error = errors.ArgumentTypeError("tree.key", name="x", key=3, path="a")
    assert error.key == "tree.key"
    assert error.fields["key"] == 3
    assert "the key 3 at a" in str(error)


def test_a_key_that_is_not_in_the_catalogue_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        str(errors.ArgumentError("no.such-key"))
    with pytest.raises(KeyError):
        str(errors.ArgumentError("argument.positive", name="x"))


@pytest.mark.parametrize("kind", [errors.CostWarning, errors.DataWarning, errors.PrecisionWarning])
def test_warnings_are_of_the_users_kind(kind: type[Warning]) -> None:
    assert issubclass(kind, UserWarning)
    with pytest.warns(kind, match="odd"):
        warnings.warn("odd", kind, stacklevel=1)
