"""Sums and products in the form that a person would write: numbers multiplied out, equal parts collected.

Coefficients are exact: a number counts as the decimal that it prints as, so 3 times 0.1 is 0.3, not
0.30000000000000004. Nothing else is rearranged; brackets are never expanded.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from gradwright.errors import FormulaError
from gradwright.formula.expression import Binary, Expression, Negative, Number, Operator

#: An exact number: a whole one as int, which is many times faster than a fraction.
Rational: TypeAlias = int | Fraction

#: Bases and their whole exponents, in the order in which they were met.
Powers = dict[Expression, int]

_LARGEST_EXPONENT = 10**6
_LARGEST_FOLDED = 64  # 2**10 is worked out, 2**1000 stays as it is
_LARGEST_RATIO = 10**6
_LARGEST_WHOLE = 2.0**53


class Product(NamedTuple):
    """A product taken apart, before it is made a tree: multiplied and compared without making one."""

    coefficient: Rational
    powers: Powers


ZERO, ONE = Product(0, {}), Product(1, {})


def exact(value: float) -> Rational:
    """Return the decimal that `value` prints as."""
    return int(value) if value.is_integer() and abs(value) < _LARGEST_WHOLE else Fraction(Decimal(repr(value)))


def number(value: Rational) -> Expression:
    """Return `value` as a decimal where that is exact (0.02), else as a ratio of whole numbers (1/3)."""
    top, bottom = _ratio(_size(value))
    shown: Expression = Number(top) if bottom == 1 else Binary("/", Number(top), Number(bottom))
    if value >= 0:
        return shown
    return Negative(shown) if bottom == 1 else Binary("/", Negative(Number(top)), Number(bottom))


def _size(value: Rational) -> Rational:
    return value if value >= 0 else -value


def _ratio(value: Rational) -> tuple[float, float]:
    if value.denominator == 1 and value.numerator < _LARGEST_WHOLE:
        return float(value.numerator), 1.0
    try:
        decimal = float(value)
    except OverflowError:
        raise FormulaError("formula.derivative-number") from None
    if decimal == 0 and value != 0:
        raise FormulaError("formula.derivative-number")
    if exact(decimal) != value and max(value.numerator, value.denominator) <= _LARGEST_RATIO:
        return float(value.numerator), float(value.denominator)
    return decimal, 1.0


def factors(root: Expression) -> Product:
    """Return `root` as the coefficient and the powers that it is a product of."""
    coefficient: Rational = 1
    powers: Powers = {}
    waiting: list[tuple[Expression, int]] = [(root, 1)]
    while waiting:
        node, power = waiting.pop()
        match node:
            case Number(value=value) if (value != 0 or power > 0) and abs(power) <= _LARGEST_FOLDED:
                coefficient *= exact(value) if power == 1 else Fraction(exact(value)) ** power
            case Negative(operand=operand):
                coefficient *= 1 if power % 2 == 0 else -1
                waiting.append((operand, power))
            case Binary(operator="*", left=left, right=right):
                waiting += [(right, power), (left, power)]
            case Binary(operator="/", left=left, right=right):
                waiting += [(right, -power), (left, power)]
            case Binary(operator="**", left=base) if (exponent := whole_exponent(node)) is not None:
                if abs(exponent * power) <= _LARGEST_EXPONENT:
                    waiting.append((base, exponent * power))
                else:
                    powers[node] = powers.get(node, 0) + power
            case _:
                powers[node] = powers.get(node, 0) + power
    return Product(coefficient, {base: power for base, power in powers.items() if power != 0})


def whole_exponent(node: Binary) -> int | None:
    """Return the exponent of a power where it is a whole number, with or without a minus."""
    match node.right:
        case Number(value=value) if value.is_integer():
            return int(value)
        case Negative(operand=Number(value=value)) if value.is_integer():
            return -int(value)
    return None


def times(*parts: Product) -> Product:
    """Return the product of products: equal bases collected, in the order in which they were met."""
    coefficient: Rational = 1
    powers: Powers = {}
    for part in parts:
        coefficient *= part.coefficient
        for base, power in part.powers.items():
            powers[base] = powers.get(base, 0) + power
    return Product(coefficient, {base: power for base, power in powers.items() if power != 0})


def product(parts: Product) -> Expression:
    """Return the tree of a product: the number first, negative powers below the line."""
    coefficient, powers = parts
    if coefficient == 0:
        return Number(0.0)
    top, bottom = _ratio(_size(coefficient))
    above = [_power(base, power) for base, power in powers.items() if power > 0]
    below = [_power(base, -power) for base, power in powers.items() if power < 0]
    if top != 1 or not above:
        above.insert(0, Number(top))
    if bottom != 1:
        below.insert(0, Number(bottom))
    if coefficient < 0:
        above[0] = Negative(above[0])
    result = _chain("*", above)
    return Binary("/", result, _chain("*", below)) if below else result


def _power(base: Expression, exponent: int) -> Expression:
    return base if exponent == 1 else Binary("**", base, Number(float(exponent)))


def _chain(operator: Operator, parts: list[Expression]) -> Expression:
    result = parts[0]
    for part in parts[1:]:
        result = Binary(operator, result, part)
    return result


def total(parts: Iterable[Product]) -> Expression:
    """Return the tree of the sum of `parts`, terms that differ in their coefficient alone put together."""
    collected: dict[frozenset[tuple[Expression, int]], Product] = {}
    for part in parts:
        for coefficient, powers in _flat(part):
            key = frozenset(powers.items())
            before, kept = collected.get(key, (0, powers))
            collected[key] = Product(before + coefficient, kept)
    result: Expression | None = None
    plain = collected.pop(frozenset(), ZERO)
    found = [term for term in collected.values() if term.coefficient != 0]
    # A plain number comes last, log(x) + 1, unless a minus would then come first: 1 - x.
    if plain.coefficient:
        found.insert(0 if plain.coefficient > 0 and found and found[0].coefficient < 0 else len(found), plain)
    for coefficient, powers in found:
        if result is None:
            result = product(Product(coefficient, powers))
        else:
            shown = product(Product(_size(coefficient), powers))
            result = Binary("+" if coefficient > 0 else "-", result, shown)
    return Number(0.0) if result is None else result


def _flat(part: Product) -> list[Product]:
    """Return the terms of a product that is nothing but a sum, or minus a sum; of any other, itself."""
    (base, power), *others = part.powers.items() or [(None, 0)]
    if others or power != 1 or abs(part.coefficient) != 1 or not isinstance(base, (Binary, Negative)):
        return [part]
    sign = Product(part.coefficient, {})
    return [times(sign, Product(inner, {}), factors(term)) for inner, term in terms(base)]


def terms(root: Expression) -> list[tuple[int, Expression]]:
    """Return the terms of the sum that `root` is, with their signs, in order."""
    found: list[tuple[int, Expression]] = []
    waiting = [(1, root)]
    while waiting:
        sign, node = waiting.pop()
        match node:
            case Binary(operator="+", left=left, right=right):
                waiting += [(sign, right), (sign, left)]
            case Binary(operator="-", left=left, right=right):
                waiting += [(-sign, right), (sign, left)]
            case Negative(operand=operand):
                waiting.append((-sign, operand))
            case _:
                found.append((sign, node))
    return found
