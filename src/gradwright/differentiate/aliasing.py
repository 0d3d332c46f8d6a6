"""Does f read its argument, or the caller's own array? Its code and its surroundings tell.

The course writes ``f = lambda W: net.loss(x, t)`` and moves the entries of ``net.W`` in place. Here f gets a fresh
array each time, so such an f gives the same value at every point, as a constant does. The two are told apart by looking
whether its code ever loads the argument, and for the array among the things that f can reach.
"""

from __future__ import annotations

import dis
import inspect
import types
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from gradwright._arrays import is_array, to_numpy

#: As many things are looked at, and so deep: an attribute of an attribute of a variable, in a dict.
_MOST, _DEEPEST = 20_000, 7
_VARIABLES = ("LOAD_FAST", "LOAD_DEREF", "LOAD_CLOSURE")
_PLAIN = (str, bytes, int, float, complex, bool, type(None), type, types.ModuleType)


def own_array(f: Any, arrays: Iterable[Any]) -> str | None:
    """Return where f reads one of `arrays` in place of its argument, such as ``net.params['W1']``; None if it does not.

    Parameters
    ----------
    f : callable
        A function whose value did not change with its argument.
    arrays : iterable of arrays
        The caller's own, of which f gets copies.
    """
    if _reads_argument(f):
        return None
    wanted = [array for array in arrays if is_array(array)]
    seen: set[int] = set()
    waiting = deque((name, thing, 0) for name, thing in _reach(f))
    while waiting and len(seen) < _MOST:
        name, thing, depth = waiting.popleft()
        if id(thing) in seen or isinstance(thing, _PLAIN):
            continue
        seen.add(id(thing))
        if is_array(thing):
            if any(_same_memory(thing, array) for array in wanted):
                return name
        elif depth < _DEEPEST:
            waiting.extend((inner, child, depth + 1) for inner, child in _inside(name, thing))
    return None


def _reads_argument(f: Any) -> bool:
    """Tell whether the code of f loads its first argument; True where there is no code to look at."""
    f = inspect.unwrap(f) if callable(f) else f
    method = (
        f if hasattr(f, "__code__") or hasattr(f, "__func__") else inspect.getattr_static(type(f), "__call__", None)
    )
    bound = hasattr(f, "__self__") or method is not f
    code = getattr(getattr(method, "__func__", method), "__code__", None)
    if code is None:
        return True
    named = code.co_argcount + code.co_kwonlyargcount
    if code.co_argcount > bound:
        name = code.co_varnames[int(bound)]
    elif code.co_flags & inspect.CO_VARARGS:
        name = code.co_varnames[named]
    else:
        return True
    # Python 3.13 and later load two variables with one instruction.
    loads = (step.argval for step in dis.get_instructions(code) if step.opname.startswith(_VARIABLES))
    return name in code.co_cellvars or any(name == what or (isinstance(what, tuple) and name in what) for what in loads)


def _same_memory(thing: Any, array: Any) -> bool:
    if thing is array:
        return True
    both = isinstance(thing, np.ndarray), isinstance(array, np.ndarray)
    return all(both) and np.may_share_memory(to_numpy(thing), to_numpy(array))


def _reach(f: Any) -> Iterator[tuple[str, Any]]:
    """Yield what a function refers to: its closure, the globals that it names, its defaults, its object."""
    if getattr(f, "__self__", None) is not None:
        yield type(f.__self__).__name__, f.__self__
    f = getattr(f, "__func__", f)
    f = getattr(f, "__wrapped__", f)
    code = getattr(f, "__code__", None)
    if code is None:
        if not isinstance(f, types.BuiltinFunctionType):
            yield type(f).__name__, f
            call = inspect.getattr_static(type(f), "__call__", None)
            if hasattr(call, "__code__"):
                yield from _reach(call)
        return
    for name, cell in zip(code.co_freevars, f.__closure__ or (), strict=True):
        try:
            yield name, cell.cell_contents
        except ValueError:  # not filled yet
            continue
    yield from ((name, f.__globals__[name]) for name in code.co_names if name in f.__globals__)
    yield from (("a default", value) for value in f.__defaults__ or ())
    yield from (f.__kwdefaults__ or {}).items()


def _inside(name: str, thing: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(thing, dict):
        yield from ((f"{name}[{key!r}]", value) for key, value in list(thing.items())[:1000])
    elif isinstance(thing, (list, tuple, set, frozenset, deque)):
        yield from ((f"{name}[{k}]", value) for k, value in enumerate(list(thing)[:1000]))
    elif callable(thing) and hasattr(thing, "__code__"):
        yield from ((inner, value) for inner, value in _reach(thing))
    else:
        if callable(thing) and hasattr(thing, "__self__"):
            yield name, thing.__self__
        yield from ((f"{name}.{key}", value) for key, value in getattr(thing, "__dict__", {}).items())
        slots = getattr(type(thing), "__slots__", ())
        for key in (slots,) if isinstance(slots, str) else slots:
            if hasattr(thing, key):
                yield f"{name}.{key}", getattr(thing, key)
