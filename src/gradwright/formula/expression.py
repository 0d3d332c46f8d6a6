"""The tree that a formula is: six kinds of node, frozen, compared by value.

A tree keeps the shape that its text had (``x + 1 + y`` is a sum of a sum), so that evaluating it does what Python
would do with the same text, operation by operation, and printing it gives the text back. Numbers are never negative:
a minus is a node of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Operator: TypeAlias = Literal["+", "-", "*", "/", "**"]

_NO_NAMES: frozenset[str] = frozenset()
_put = object.__setattr__  # the nodes are frozen


class _Node:
    """What every node knows of the tree below it.

    A derivative shares its parts: in memory it is a graph of few nodes, as printed a tree that may have exponentially
    many. So what is asked of a whole tree is worked out once for each node, from what its operands know.

    Attributes
    ----------
    size : int
        The nodes of the tree, a shared part as often as it would be printed.
    height : int
        Its levels: how deep a recursion over it goes.
    names : frozenset of str
        The variables in it.
    """

    __slots__ = ("_hash", "height", "names", "size")

    __match_args__: tuple[str, ...]
    size: int
    height: int
    names: frozenset[str]
    _hash: int | None

    @property
    def operands(self) -> tuple[Expression, ...]:
        """The operands or arguments, in the order of the text."""
        return ()

    def __post_init__(self) -> None:
        size, height, names = 1, 0, self._own_names()
        for operand in self.operands:
            size += operand.size
            height = operand.height if operand.height > height else height  # max() takes longer, and this is the
            names = names if operand.names <= names else operand.names | names  # innermost loop of a derivative
        _put(self, "size", size)
        _put(self, "height", 1 + height)
        _put(self, "names", names)
        _put(self, "_hash", None)

    def _own_names(self) -> frozenset[str]:
        return _NO_NAMES

    def _parts(self) -> tuple[Any, ...]:
        return (type(self), *[getattr(self, name) for name in self.__match_args__])

    def __hash__(self) -> int:
        if self._hash is None:
            _put(self, "_hash", hash(self._parts()))
        return self._hash or 0

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, _Node) or hash(self) != hash(other):
            return False
        return self._parts() == other._parts()

    def __reduce__(self) -> tuple[Any, ...]:
        # Made anew on the other side: hashes of text differ from process to process.
        kind, *parts = self._parts()
        return kind, tuple(parts)


@dataclass(frozen=True, slots=True, eq=False)
class Number(_Node):
    """A finite number that is not negative."""

    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Constant(_Node):
    """One of the named constants: ``pi``, ``e``, ``tau``."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Variable(_Node):
    """A name that stands for an argument."""

    name: str

    def _own_names(self) -> frozenset[str]:
        return frozenset((self.name,))


@dataclass(frozen=True, slots=True, eq=False)
class Negative(_Node):
    """Minus its operand."""

    operand: Expression

    @property
    def operands(self) -> tuple[Expression, ...]:
        """The one."""
        return (self.operand,)


@dataclass(frozen=True, slots=True, eq=False)
class Binary(_Node):
    """Two operands with an operator between them."""

    operator: Operator
    left: Expression
    right: Expression

    @property
    def operands(self) -> tuple[Expression, ...]:
        """Both."""
        return (self.left, self.right)


@dataclass(frozen=True, slots=True, eq=False)
class Call(_Node):
    """A known function of its arguments."""

    function: str
    arguments: tuple[Expression, ...]

    @property
    def operands(self) -> tuple[Expression, ...]:
        """The arguments."""
        return self.arguments


Expression: TypeAlias = Number | Constant | Variable | Negative | Binary | Call
