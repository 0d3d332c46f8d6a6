"""Parameters in dicts, lists and tuples, as an ordered list of named arrays, and back.

A *tree* is an array, or a dict, list or tuple of trees. A list or tuple of plain numbers (however deep) is not a
tree of scalars but an array written down: ``[3.0, 4.0]`` means the vector.
"""

from __future__ import annotations

import numbers
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from gradwright._arrays import Array, array_of, is_array
from gradwright.errors import ArgumentError, ArgumentTypeError


class Leaf(NamedTuple):
    """One array of a tree.

    Attributes
    ----------
    path : str
        Where it is, such as ``W1`` or ``layers.0.W``; empty for a tree that is an array.
    array : array
        The array itself.
    """

    path: str
    array: Array


@dataclass(frozen=True)
class _Slot:
    index: int


@dataclass(frozen=True)
class Structure:
    """The shape of a tree without its arrays.

    Attributes
    ----------
    template : object
        The tree with a slot in the place of each array.
    paths : tuple of str
        The path of each array, in order.
    """

    template: Any
    paths: tuple[str, ...]

    @property
    def is_array(self) -> bool:
        """Whether the tree is a single array."""
        return isinstance(self.template, _Slot)

    def build(self, values: list[Any]) -> Any:
        """Return a tree of this structure that holds `values` in the order of `paths`."""
        return _fill(self.template, values)


def _fill(node: Any, values: list[Any]) -> Any:
    if isinstance(node, _Slot):
        return values[node.index]
    if isinstance(node, dict):
        return {key: _fill(child, values) for key, child in node.items()}
    children = [_fill(child, values) for child in node]
    if isinstance(node, list):
        return children
    return type(node)(*children) if hasattr(node, "_fields") else tuple(children)


def _is_written_down(node: Any) -> bool:
    """Tell whether a list or tuple holds plain numbers only, at every depth."""
    if isinstance(node, (list, tuple)) and not hasattr(node, "_fields"):
        return all(_is_written_down(child) for child in node)
    return isinstance(node, (numbers.Number, np.generic))


def flatten(tree: Any, name: str = "x") -> tuple[list[Leaf], Structure]:
    """Take a tree apart.

    Parameters
    ----------
    tree : array, number, dict, list or tuple
        Left as it is; the leaves are its own arrays, not copies.
    name : str
        The argument to name in an error.

    Returns
    -------
    leaves : list of Leaf
        The arrays with their paths, dicts in their own order.
    structure : Structure
        What `Structure.build` needs to make the same tree of other arrays.

    Raises
    ------
    ArgumentTypeError
        If there is something other than numbers and arrays in it, or a key that is no text.
    ArgumentError
        If two arrays have the same path, because a key has a dot in it.

    Examples
    --------
    >>> leaves, structure = flatten({"W": np.ones((2, 3)), "b": [0.0, 0.5]})
    >>> [(path, array.shape) for path, array in leaves]
    [('W', (2, 3)), ('b', (2,))]
    >>> structure.build(["first", "second"])
    {'W': 'first', 'b': 'second'}
    """
    leaves: list[Leaf] = []

    def walk(node: Any, path: str) -> Any:
        if isinstance(node, Mapping):
            for key in node:
                if not isinstance(key, str):
                    raise ArgumentTypeError("tree.key", name=name, key=key, path=path or name)
            return {key: walk(child, f"{path}.{key}" if path else key) for key, child in node.items()}
        if isinstance(node, (list, tuple)) and not _is_written_down(node):
            children = [walk(child, f"{path}.{i}" if path else str(i)) for i, child in enumerate(node)]
            if isinstance(node, list):
                return children
            return type(node)(*children) if hasattr(node, "_fields") else tuple(children)
        if not (is_array(node) or isinstance(node, (numbers.Number, list, tuple))) and not hasattr(node, "__array__"):
            raise ArgumentTypeError("tree.leaf", name=name, kind=type(node).__name__, path=path or name)
        leaves.append(Leaf(path, array_of(node, name=f"{name}.{path}" if path else name)))
        return _Slot(len(leaves) - 1)

    template = walk(tree, "")
    paths = tuple(leaf.path for leaf in leaves)
    if len(set(paths)) < len(paths):  # {"a.b": ..., "a": {"b": ...}}: a gradient would go to the wrong one
        raise ArgumentError("tree.path", name=name, path=next(path for path in paths if paths.count(path) > 1))
    return leaves, Structure(template, paths)


def map_leaves(function: Callable[..., Any], tree: Any, *others: Any) -> Any:
    """Return a tree of ``function(leaf, *leaves of the others)``; all must have the same paths.

    Raises
    ------
    ArgumentError
        If the paths differ; the message lists what is missing and what is too much.
    """
    leaves, structure = flatten(tree)
    columns = [list(matching_leaves(structure, other)) for other in others]
    return structure.build([function(leaf.array, *(c[i] for c in columns)) for i, leaf in enumerate(leaves)])


def matching_leaves(structure: Structure, other: Any, name: str = "gradient", than: str = "x") -> Iterator[Array]:
    """Yield the arrays of `other` in the order of `structure`.

    Raises
    ------
    ArgumentError
        If `other` has not the same paths.
    """
    by_path = {leaf.path: leaf.array for leaf in flatten(other, name)[0]}
    wanted = set(structure.paths)
    if wanted != set(by_path):
        raise ArgumentError(
            "tree.structure",
            name=name,
            other=than,
            missing=sorted(wanted - set(by_path)) or "-",
            unexpected=sorted(set(by_path) - wanted) or "-",
        )
    for path in structure.paths:
        yield by_path[path]
