"""The tree that a formula is: six kinds of node, frozen, compared by value.

A tree keeps the shape that its text had (``x + 1 + y`` is a sum of a sum), so that evaluating it does what Python
would do with the same text, operation by operation, and printing it gives the text back. Numbers are never negative:
a minus is a node of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

Operator: TypeAlias = Literal["+", "-", "*", "/", "**"]


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number that is not negative."""

    value: float


@dataclass(frozen=True, slots=True)
class Constant:
    """One of the named constants: ``pi``, ``e``, ``tau``."""

    name: str


@dataclass(frozen=True, slots=True)
class Variable:
    """A name that stands for an argument."""

    name: str


@dataclass(frozen=True, slots=True)
class Negative:
    """Minus its operand."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands with an operator between them."""

    operator: Operator
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """A known function of its arguments."""

    function: str
    arguments: tuple[Expression, ...]


Expression: TypeAlias = Number | Constant | Variable | Negative | Binary | Call


def children(node: Expression) -> tuple[Expression, ...]:
    """Return the operands or arguments of `node`, in the order of the text."""
    if isinstance(node, Binary):
        return (node.left, node.right)
    if isinstance(node, Negative):
        return (node.operand,)
    return node.arguments if isinstance(node, Call) else ()


def nodes(root: Expression) -> Iterator[Expression]:
    """Yield every node below and including `root`; a shared part as often as it would be printed."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


def names(root: Expression) -> frozenset[str]:
    """Return the names of the variables in `root`."""
    return frozenset(node.name for node in nodes(root) if isinstance(node, Variable))
