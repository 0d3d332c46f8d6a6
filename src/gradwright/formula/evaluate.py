"""The value of a tree: Python floats as Python computes them, arrays in their own library.

Where Python raises (1/0, (-8)**0.5, exp(1000)) the value is nan or infinite, as it is in an array.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from gradwright._arrays import Array, namespace
from gradwright.errors import FormulaError
from gradwright.formula.expression import Binary, Call, Constant, Expression, Negative, Number, Variable
from gradwright.formula.vocabulary import CONSTANTS, FUNCTIONS

_LARGEST_WHOLE_POWER = 2.0**31


def evaluate(root: Expression, values: Mapping[str, Any]) -> Any:
    """Return the value of `root` where each variable has its entry of `values`: floats, complex numbers or arrays."""
    with np.errstate(all="ignore"):
        return _value(root, values)


def _value(node: Expression, values: Mapping[str, Any]) -> Any:
    match node:
        case Number(value=value):
            return value
        case Constant(name=name):
            return CONSTANTS[name]
        case Variable(name=name):
            return values[name]
        case Negative(operand=operand):
            return -_value(operand, values)
        case Binary(operator=operator, left=left, right=right):
            return _OPERATIONS[operator](_value(left, values), _value(right, values))
        case Call(function=name, arguments=arguments):
            return _called(name, [_value(argument, values) for argument in arguments])


def _scalar(value: Any) -> bool:
    return type(value) in (float, complex)


def _divided(a: Any, b: Any) -> Any:
    if _scalar(a) and _scalar(b) and b == 0:
        return (np.asarray(a) / np.asarray(b)).item()
    return a / b


def _raised(a: Any, b: Any) -> Any:
    if type(a) is float and type(b) is float:
        try:
            return math.pow(a, b)  # what ** does with two floats, but never a complex number
        except (OverflowError, ValueError, ZeroDivisionError):
            return float(np.power(a, b))
    if _scalar(a) and _scalar(b):
        return np.power(np.asarray(a, dtype=complex), b).item()
    if type(b) is float and b.is_integer() and abs(b) < _LARGEST_WHOLE_POWER:
        return a ** int(b)  # repeated products where the library has them (JAX), not exp and log
    return a**b


_OPERATIONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _divided,
    "**": _raised,
}


def _called(name: str, arguments: list[Any]) -> Any:
    function = FUNCTIONS[name]
    if all(map(_scalar, arguments)):
        _check_complex(name, any(type(a) is complex for a in arguments))
        return np.asarray(function.evaluate(np, *map(np.asarray, arguments))).item()
    arrays: list[Array] = [a for a in arguments if not _scalar(a)]
    xp = namespace(*arrays)
    _check_complex(name, any(xp.isdtype(a.dtype, "complex floating") for a in arrays))
    # The standard's maximum wants two arrays.
    return function.evaluate(xp, *(xp.full_like(arrays[0], a) if _scalar(a) else a for a in arguments))


def _check_complex(name: str, is_complex: bool) -> None:
    if is_complex and not FUNCTIONS[name].holomorphic:
        raise FormulaError("formula.complex", function=name)
