"""The exact derivative of a tree: the sum rule, the product rule on collected powers, the chain rule."""

from __future__ import annotations

from fractions import Fraction

from gradwright.errors import FormulaError
from gradwright.formula.expression import (
    Binary,
    Call,
    Constant,
    Expression,
    Negative,
    Number,
    Variable,
    children,
    names,
)
from gradwright.formula.reading import read
from gradwright.formula.simplify import exact, factors, number, product, terms, total, whole_exponent
from gradwright.formula.vocabulary import FUNCTIONS

MAX_NODES = 2000
MAX_HEIGHT = 250


def derive(root: Expression, name: str) -> Expression:
    """Return the derivative of `root` with respect to the variable `name`.

    Raises
    ------
    FormulaError
        If it has more than `MAX_NODES` parts or `MAX_HEIGHT` levels, or a number too large for floating point.
    """
    return _derived(root, name)


def _bounded(root: Expression) -> Expression:
    """Return `root` if it is small enough to go on with."""
    waiting = [(root, 1)]
    count = 0
    while waiting:
        node, height = waiting.pop()
        count += 1
        # The height too: it is the depth of the recursions that print, compare and evaluate.
        if count > MAX_NODES or height > MAX_HEIGHT:
            raise FormulaError("formula.derivative-long", limit=MAX_NODES)
        waiting += [(child, height + 1) for child in children(node)]
    return root


def _derived(node: Expression, name: str) -> Expression:
    if name not in names(node):
        return Number(0.0)
    # Bounded at every level, not at the end alone: a tower of powers would be long gone by then.
    match node:
        case Variable():
            return Number(1.0)
        case Binary(operator="+" | "-") | Negative():
            return _bounded(total(_times(sign, _derived(term, name)) for sign, term in terms(node)))
        case Call(function=function, arguments=arguments):
            return _bounded(_chain_rule(function, arguments, name))
        case Binary(operator="**", left=base, right=exponent) if whole_exponent(node) is None:
            return _bounded(_power_rule(base, exponent, name))
    return _bounded(_product_rule(node, name))


def _times(*parts: Expression | int | Fraction) -> Expression:
    """Return the product of trees and numbers, simplified."""
    coefficient = Fraction(1)
    powers: dict[Expression, int] = {}
    for part in parts:
        if isinstance(part, (int, Fraction)):
            coefficient *= part
            continue
        own, inner = factors(part)
        coefficient *= own
        for base, power in inner.items():
            powers[base] = powers.get(base, 0) + power
    return product(coefficient, {base: power for base, power in powers.items() if power != 0})


def _product_rule(node: Expression, name: str) -> Expression:
    """Return c sum_i n_i u_i**(n_i - 1) u_i' prod_{j != i} u_j**n_j for the product c prod_i u_i**n_i."""
    coefficient, powers = factors(node)
    if isinstance(node, Binary) and powers == {node: 1}:  # a power too large to be taken apart
        return _power_rule(node.left, node.right, name)
    parts = []
    for base, power in powers.items():
        inner = _derived(base, name)
        if inner != Number(0.0):
            before, after = _split(powers, base)
            lowered = product(Fraction(1), {base: power - 1} if power != 1 else {})
            parts.append(_times(coefficient * power, before, lowered, inner, after))
    return total(parts)


def _split(powers: dict[Expression, int], at: Expression) -> tuple[Expression, Expression]:
    """Return what comes before and after the base `at`, so that its derivative takes its place."""
    items = list(powers.items())
    index = list(powers).index(at)
    return product(Fraction(1), dict(items[:index])), product(Fraction(1), dict(items[index + 1 :]))


def _power_rule(base: Expression, exponent: Expression, name: str) -> Expression:
    """Return v u**(v - 1) u' for a constant v, else u**v (log(u) v' + v u' / u)."""
    du, dv = _derived(base, name), _derived(exponent, name)
    if dv == Number(0.0):
        return _times(exponent, _one_less(base, exponent), du)
    log = Number(1.0) if base == Constant("e") else Call("log", (base,))
    whole = Binary("**", base, exponent)
    parts = [_times(whole, log, dv)]
    if du != Number(0.0):
        parts.append(_times(whole, Binary("/", exponent, base), du))
    return total(parts)


def _one_less(base: Expression, exponent: Expression) -> Expression:
    """Return base**(exponent - 1)."""
    sign, size = (-1, exponent.operand) if isinstance(exponent, Negative) else (1, exponent)
    if isinstance(size, Number):
        return Binary("**", base, number(sign * exact(size.value) - 1))
    return Binary("**", base, total([exponent, Negative(Number(1.0))]))


def _chain_rule(function: str, arguments: tuple[Expression, ...], name: str) -> Expression:
    """Return sum_i f_i(u, v) u_i', with f_i the partial derivative for argument i."""
    by_letter = dict(zip("uv", arguments))
    parts = []
    for partial, argument in zip(FUNCTIONS[function].partials, arguments):
        inner = _derived(argument, name)
        if inner != Number(0.0):
            outer = replaced(read(partial, "uv"), by_letter)
            parts.append(_times(inner, outer))
    return total(parts)


def replaced(node: Expression, by_name: dict[str, Expression]) -> Expression:
    """Return `node` with each variable replaced by its entry of `by_name`."""
    match node:
        case Variable(name=name):
            return by_name[name]
        case Negative(operand=operand):
            return _times(-1, replaced(operand, by_name))
        case Binary(operator=operator, left=left, right=right):
            return Binary(operator, replaced(left, by_name), replaced(right, by_name))
        case Call(function=function, arguments=arguments):
            return Call(function, tuple(replaced(argument, by_name) for argument in arguments))
    return node
