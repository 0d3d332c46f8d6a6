"""What a command line names in a file of the user's, such as ``model.py:loss``: the file is imported, so executed."""

from __future__ import annotations

import contextlib
import difflib
import functools
import importlib.util
import inspect
import numbers
import sys
import sysconfig
import traceback
import types
from collections.abc import Callable, Iterator, Sequence
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any, NamedTuple

import gradwright
from gradwright.cli.screen import near
from gradwright.errors import CodeError, GradwrightError, UsageError
from gradwright.messages import phrase

#: An error lists so many names at most, and so much of what the user's code said.
_NAMES, _LONGEST = 20, 300
#: Code below a user's folder that is not the user's.
_LIBRARIES = [Path(gradwright.__file__).parent, *(Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib"))]
_SITES = {"site-packages", "dist-packages"}


class Target(NamedTuple):
    """A name in a Python file.

    Attributes
    ----------
    said : str
        As the user wrote it.
    path : Path
        The file.
    name : str
        The name in it.
    """

    said: str
    path: Path
    name: str


def split(said: str) -> tuple[str, str]:
    """Return the file and the name of ``FILE.py:NAME``, split at the last colon: drives of Windows have one too."""
    file, _, name = said.rpartition(":")
    if not file or not name.isidentifier():
        raise UsageError("target.form", target=said)
    return file, name


def target(said: str) -> Target:
    """Return the file and the name that ``FILE.py:NAME`` means, once it is sure that there is such a file."""
    file, name = split(said)
    path = Path(file)
    if path.suffix.lower() != ".py":
        raise UsageError("target.suffix", path=file)
    if not path.is_file():
        raise UsageError("file.missing", path=file)
    return Target(said, path.resolve(), name)


@contextlib.contextmanager
def imported(targets: Sequence[Target]) -> Iterator[Code]:
    """Give what the targets name, by importing their files; errors of the user's code are told as such until the end.

    Until the end their folders are on the path, and no bytecode is written. Then all is as it was.

    Raises
    ------
    CodeError
        If code of the user's raises, at its import or later.
    """
    path, modules, dont_write = sys.path[:], set(sys.modules), sys.dont_write_bytecode
    code = Code([target.path for target in targets])
    sys.dont_write_bytecode = True
    try:
        yield code
    except BrokenPipeError:  # who reads the output has gone: that is no mistake of the code
        raise
    except (Exception, SystemExit) as error:
        told = code.told(error)
        if told is None:
            raise
        raise told from error
    finally:
        sys.path[:], sys.dont_write_bytecode = path, dont_write
        for name in set(sys.modules) - modules:
            if code.has(_file(sys.modules[name])):
                del sys.modules[name]


class Code:
    """Files of the user's, each imported once, and what they name.

    Parameters
    ----------
    paths : list of Path
        The files.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self.paths = list(paths)
        self.modules: dict[Path, types.ModuleType] = {}
        self._raised: tuple[BaseException, Path] | None = None  # by code that is not in the files, or has no line

    def has(self, file: str) -> bool:
        """Tell whether a file is one of these or a neighbour of theirs, and of no library."""
        path = Path(file)
        if path in self.paths:
            return True
        if _SITES & set(path.parts) or any(path.is_relative_to(library) for library in _LIBRARIES):
            return False
        return any(path.is_relative_to(own.parent) for own in self.paths)

    def value(self, target: Target) -> Any:
        """Return what a target names.

        Raises
        ------
        UsageError
            If the file has not the name.
        """
        module = self._module(target.path)
        try:
            return getattr(module, target.name)
        except AttributeError:
            names = ", ".join(_public(module, target.name)) or phrase("target.nothing")
            raise UsageError("target.no-name", path=split(target.said)[0], name=target.name, names=names) from None

    def function(self, target: Target) -> Callable[..., Any]:
        """Return the function of one argument that a target names.

        Raises
        ------
        UsageError
            If it is no function, or needs other arguments.
        """
        value = self.value(target)
        if not is_function(value):
            raise UsageError("argument.not-callable", name=target.said, kind=type(value).__name__)
        if not takes(value, None):
            raise UsageError("target.arguments", target=target.said, signature=signature(target, value))
        return value if self._is_written_here(value) else self._watched(value, target.path)

    def _module(self, path: Path) -> types.ModuleType:
        there = sys.modules.get(path.stem)
        if path not in self.modules and there is not None and _file(there) == str(path):
            self.modules[path] = there  # another of the files imported it
        if path not in self.modules:
            self.modules[path] = self._import(path)
        return self.modules[path]

    def _import(self, path: Path) -> types.ModuleType:
        spec = importlib.util.spec_from_file_location(path.stem, path, loader=SourceFileLoader(path.stem, str(path)))
        assert spec is not None  # noqa: S101 - there is a loader
        assert spec.loader is not None  # noqa: S101
        module = importlib.util.module_from_spec(spec)
        there = sys.modules.get(path.stem)
        if there is None or there in self.modules.values():  # a library of that name stays: others import it
            sys.modules[path.stem] = module
        sys.path.insert(0, str(path.parent))
        try:
            spec.loader.exec_module(module)
        except (Exception, SystemExit) as error:
            self._raised = error, path
            raise
        return module

    def _is_written_here(self, function: Callable[..., Any]) -> bool:
        """Tell whether the code of a function is in these files: then a traceback leads there."""
        inner: Any = function
        while isinstance(inner, functools.partial):
            inner = inner.func
        inner = inspect.unwrap(inner)
        for holder in (inner, getattr(inner, "__func__", None), inspect.getattr_static(type(inner), "__call__", None)):
            code = getattr(holder, "__code__", None)
            if code is not None:
                return self.has(code.co_filename)
        return False

    def _watched(self, function: Callable[..., Any], path: Path) -> Callable[..., Any]:
        """Return a function that is written elsewhere, such as ``np.linalg.det``; its errors are the user's as well."""

        @functools.wraps(function, updated=())
        def watched(*arguments: Any) -> Any:
            try:
                return function(*arguments)
            except Exception as error:
                self._raised = error, path
                raise

        return watched

    def told(self, error: BaseException) -> CodeError | None:
        """Return an error of the user's code with its place; None where it is not of that code."""
        frames = traceback.walk_tb(error.__traceback__)
        places = [(frame.f_code.co_filename, line) for frame, line in frames if self.has(frame.f_code.co_filename)]
        place: tuple[str, int | None] | None = places[-1] if places else None
        said: Any = str(error)
        if isinstance(error, SyntaxError) and self.has(error.filename or ""):
            place, said = (error.filename or "", error.lineno or None), error.msg
        elif place is None and self._raised is not None and self._raised[0] is error:
            place = str(self._raised[1]), None
        if place is None:
            return None
        if isinstance(error, GradwrightError):
            said = phrase(error.key, **error.fields)
        elif len(said) > _LONGEST:
            said = said[: _LONGEST - 1] + "…"
        where = {"kind": type(error).__name__, "said": said, "path": str(near(Path(place[0])))}
        if place[1] is None:
            return CodeError("code.raised-somewhere", **where)
        return CodeError("code.raised", line=place[1], **where)


def is_function(value: Any) -> bool:
    """Tell whether a value is to be called: an array that can be called as well is an array."""
    return callable(value) and not hasattr(value, "shape")


def is_tree(value: Any) -> bool:
    """Tell whether a value may be an array or a tree of arrays; what is in it remains to be seen."""
    known = isinstance(value, (numbers.Number, dict, list, tuple))
    return known or hasattr(value, "__array__") or hasattr(value, "__array_namespace__")


def takes(function: Callable[..., Any], *arguments: Any) -> bool:
    """Tell whether a function can be called with such arguments; True where it does not say."""
    try:
        own = inspect.signature(function)
    except (TypeError, ValueError):  # written in C
        return True
    try:
        own.bind(*arguments)
    except TypeError:
        return False
    return True


def signature(target: Target, function: Callable[..., Any]) -> str:
    """Return how a function is called, as in ``loss(x, t)``."""
    return f"{target.name}{inspect.signature(function)}"


def _file(module: types.ModuleType) -> str:
    """Return the file of a module, without asking those that import something when they are asked."""
    return getattr(module, "__dict__", {}).get("__file__") or ""


def _public(module: types.ModuleType, near_to: str) -> list[str]:
    """Return the names of a module's own functions and of its arrays, those first that are like another name."""
    found = [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and not isinstance(value, type)
        if is_tree(value) or (is_function(value) and getattr(value, "__module__", module.__name__) == module.__name__)
    ]
    found = list(dict.fromkeys([*difflib.get_close_matches(near_to, found), *found]))
    return found if len(found) <= _NAMES else [*found[:_NAMES], "…"]
