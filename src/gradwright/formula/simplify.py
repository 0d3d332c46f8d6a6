"""Sums and products in the form that a person would write: numbers multiplied out, equal parts collected.

Coefficients are exact: a number counts as the decimal that it prints as, so 3 times 0.1 is 0.3, not
0.30000000000000004. Nothing else is rearranged; brackets are never expanded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from gradwright.errors import FormulaError
from gradwright.formula.expression import Binary, Expression, Negative, Number, Operator

#: Bases and their whole exponents, in the order in which they were met.
Powers = dict[Expression, int]

_LARGEST_EXPONENT = 10**6
_LARGEST_FOLDED = 64  # 2**10 is worked out, 2**1000 stays as it is
_LARGEST_RATIO = 10**6


def exact(value: float) -> Fraction:
    """Return the decimal that `value` prints as."""
    return Fraction(repr(value))


def number(value: Fraction) -> Expression:
    """Return `value` as a decimal where that is exact (0.02), else as a ratio of whole numbers (1/3)."""
    top, bottom = _ratio(abs(value))
    shown: Expression = Number(top) if bottom == 1 else Binary("/", Number(top), Number(bottom))
    if value >= 0:
        return shown
    return Negative(shown) if bottom == 1 else Binary("/", Negative(Number(top)), Number(bottom))


def _ratio(value: Fraction) -> tuple[float, float]:
    try:
        decimal = float(value)
    except OverflowError:
        raise FormulaError("formula.derivative-number") from None
    if decimal == 0 and value != 0:
        raise FormulaError("formula.derivative-number")
    if exact(decimal) != value and max(value.numerator, value.denominator) <= _LARGEST_RATIO:
        return float(value.numerator), float(value.denominator)
    return decimal, 1.0


def factors(root: Expression) -> tuple[Fraction, Powers]:
    """Return `root` as a coefficient and the powers that it is a product of."""
    coefficient = Fraction(1)
    powers: Powers = {}
    waiting: list[tuple[Expression, int]] = [(root, 1)]
    while waiting:
        node, power = waiting.pop()
        match node:
            case Number(value=value) if (value != 0 or power > 0) and abs(power) <= _LARGEST_FOLDED:
                coefficient *= exact(value) ** power
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
    return coefficient, {base: power for base, power in powers.items() if power != 0}


def whole_exponent(node: Binary) -> int | None:
    """Return the exponent of a power where it is a whole number, with or without a minus."""
    match node.right:
        case Number(value=value) if value.is_integer():
            return int(value)
        case Negative(operand=Number(value=value)) if value.is_integer():
            return -int(value)
    return None


def product(coefficient: Fraction, powers: Mapping[Expression, int]) -> Expression:
    """Return the product: the number first, negative powers below the line."""
    if coefficient == 0:
        return Number(0.0)
    top, bottom = _ratio(abs(coefficient))
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


def total(parts: Iterable[Expression]) -> Expression:
    """Return the sum of `parts`, terms that differ in their coefficient alone put together."""
    collected: dict[frozenset[tuple[Expression, int]], tuple[Fraction, Powers]] = {}
    for sign, term in terms(*parts):
        coefficient, powers = factors(term)
        key = frozenset(powers.items())
        before, kept = collected.get(key, (Fraction(0), powers))
        collected[key] = (before + sign * coefficient, kept)
    result: Expression | None = None
    found = [term for term in collected.values() if term[0] != 0]
    # A plain number comes last, log(x) + 1, unless a minus would then come first: 1 - x.
    if len(found) > 1 and not found[0][1] and found[1][0] > 0:
        found.append(found.pop(0))
    for coefficient, powers in found:
        if result is None:
            result = product(coefficient, powers)
        else:
            result = Binary("+" if coefficient > 0 else "-", result, product(abs(coefficient), powers))
    return Number(0.0) if result is None else result


def terms(*parts: Expression) -> list[tuple[int, Expression]]:
    """Return the terms of the sum of `parts` with their signs, in order."""
    found: list[tuple[int, Expression]] = []
    waiting = [(1, part) for part in reversed(parts)]
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
