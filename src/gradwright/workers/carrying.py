"""Whether a function can go to another process, said in words where it cannot."""

from __future__ import annotations

import functools
import inspect
import sys
import textwrap
import types
from typing import Any

from gradwright.errors import ArgumentTypeError


def _plain(function: Any) -> Any:
    """Return the function that partials and wrappers (`__wrapped__`, as functools.wraps sets it) hold in the end."""
    while True:
        # Static: an object that hands every attribute on to what it holds may know its own way to be sent.
        held = function.func if isinstance(function, functools.partial) else None
        held = inspect.getattr_static(function, "__wrapped__", None) if held is None else held
        if held is None or isinstance(held, property):
            return function
        function = held


def _local(function: Any) -> str | None:
    """Return the path of a lambda or of a function made inside another one: other processes cannot look it up."""
    plain = _plain(function)
    # Exactly how pickle finds a function again: by its module and its qualified name.
    path = plain.__qualname__ if isinstance(plain, types.FunctionType) else ""
    return path if "<lambda>" in path or "<locals>" in path else None


def refuse_local(name: str, function: Any) -> None:
    """Raise if `function` is a lambda or was made inside another function.

    Raises
    ------
    ArgumentTypeError
        It says what to do.
    """
    path = _local(function)
    if path is not None:
        raise ArgumentTypeError("workers.local", name=name, function=path)


def explain(name: str, function: Any, error: Exception) -> ArgumentTypeError | None:
    """Return what to raise where `error` says that this lambda, or function inside another, could not be sent.

    The types and sentences of such errors differ between versions of Python; the function's path is in all of them.
    """
    path = _local(function)
    if path is None or path not in str(error):
        return None
    return ArgumentTypeError("workers.local", name=name, function=path)


def unsendable(name: str, function: Any, error: Exception) -> ArgumentTypeError:
    """Return what to raise where sending `function`, which was tried without items, gave `error`."""
    said = ArgumentTypeError("workers.unsendable", name=name, reason=reason(error))
    return explain(name, function, error) or said


def reason(error: BaseException) -> str:
    """Return what `error` says as part of a sentence: on one line, not too long, without a full stop."""
    return textwrap.shorten(str(error) or type(error).__name__, 200, placeholder=" ...").rstrip(".")


def refuse_interactive(name: str, function: Any) -> None:
    """Raise if `function` was typed into an interactive session or notebook, whose text no other process has.

    Raises
    ------
    ArgumentTypeError
        It says what to do.
    """
    plain = _plain(function)
    main = sys.modules.get("__main__")
    # The two by which multiprocessing lets a new process load the main program.
    lasting = getattr(main, "__spec__", None) is not None or getattr(main, "__file__", None) is not None
    if isinstance(plain, types.FunctionType) and plain.__module__ == "__main__" and not lasting:
        raise ArgumentTypeError("workers.interactive", name=name, function=plain.__qualname__)
