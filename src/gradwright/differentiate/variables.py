"""The numbers in x by name: `0`, `(0, 3)`, `"W1[0, 3]"` or `("W1", (0, 3))`, as their place in the flat vector."""

from __future__ import annotations

import operator
import re
from typing import Any

import numpy as np

from gradwright.differentiate.point import Point
from gradwright.errors import ArgumentError

_NAME = re.compile(r"(?P<path>.*?)\s*\[(?P<index>[^\[\]]*)\]")


def entry_index(point: Point, variable: Any) -> int:
    """Return the place in ``point.vector`` of the number that `variable` names.

    Parameters
    ----------
    point : Point
        The point.
    variable : int, tuple or str
        Where x is one array: its index, an int for one axis. Where it is a tree: the pair of a path and an index in
        that array. In both cases also the name that `Point.where` gives. Negative numbers count from the end.

    Raises
    ------
    ArgumentError
        If there is no such entry; the message says which there are.

    Examples
    --------
    >>> entry_index(Point([5.0, 6.0, 7.0]), -1)
    2
    >>> entry_index(Point({"W": np.ones((2, 3)), "b": np.ones(3)}), "b[1]")
    7
    """
    path, position = _split(point, variable)
    if path not in point.structure.paths:
        known = ", ".join(point.structure.paths) or "x"
        raise ArgumentError("partial.path", variable=variable, known=known)
    which = point.structure.paths.index(path)
    shape = point.shapes[which]
    fits = position is not None and len(position) == len(shape)
    if not (fits and all(-size <= i < size for i, size in zip(position or (), shape, strict=True))):
        start = sum(point.sizes[:which])
        first, last = point.where(start), point.where(start + point.sizes[which] - 1)
        raise ArgumentError("partial.index", variable=variable, first=first, last=last)
    inside = [i % size for i, size in zip(position or (), shape, strict=True)]
    return int(sum(point.sizes[:which])) + (int(np.ravel_multi_index(inside, shape)) if shape else 0)


def _split(point: Point, variable: Any) -> tuple[str, tuple[int, ...] | None]:
    """Return a path and an index in the array there; None for an index that is none."""
    whole = point.structure.is_array
    if isinstance(variable, str):
        path, index = variable, ""
        if variable not in point.structure.paths and (match := _NAME.fullmatch(variable)):
            path, index = match["path"], match["index"]
        return "" if whole and path == "x" else path, _numbers(index.split(",") if index.strip() else [])
    if isinstance(variable, tuple) and len(variable) == 2 and (not whole or isinstance(variable[0], str)):
        path, index = str(variable[0]), variable[1]
        return "" if whole and path == "x" else path, _numbers(index if isinstance(index, tuple) else (index,))
    if not whole:
        return str(variable), None
    return "", _numbers(variable if isinstance(variable, tuple) else (variable,))


def _numbers(parts: Any) -> tuple[int, ...] | None:
    if any(isinstance(part, bool) for part in parts):
        return None
    try:
        return tuple(int(part) if isinstance(part, str) else operator.index(part) for part in parts)
    except (TypeError, ValueError):
        return None
