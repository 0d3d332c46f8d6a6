"""The exact derivative of a tree: the sum rule, the product rule on collected powers, the chain rule.

Each part of a tree is differentiated once, however often it occurs, and a product stays taken apart until it is a term
of a sum. What that costs is counted as it is spent, so that a formula whose derivative explodes is given up after the
same small amount of work on every machine, whatever its form.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import cache
from typing import TypeAlias

from gradwright.errors import FormulaError
from gradwright.formula.evaluate import evaluate
from gradwright.formula.expression import Binary, Call, Constant, Expression, Negative, Number, Variable
from gradwright.formula.printing import to_text
from gradwright.formula.reading import read
from gradwright.formula.simplify import (
    ONE,
    ZERO,
    Product,
    exact,
    factors,
    number,
    product,
    terms,
    times,
    total,
    whole_exponent,
)
from gradwright.formula.vocabulary import FUNCTIONS

MAX_NODES = 2000
MAX_HEIGHT = 250
MAX_WORK = 4500


def derive(root: Expression, name: str, order: int = 1, work: Work | None = None) -> Expression:
    """Return the derivative of `root` with respect to the variable `name`, of the order given.

    Parameters
    ----------
    root : Expression
        The tree.
    name : str
        The variable.
    order : int
        How many times to differentiate.
    work : Work, optional
        What may be spent, where several derivatives share it.

    Raises
    ------
    FormulaError
        If it, or one of a lower order, has more than `MAX_NODES` parts or `MAX_HEIGHT` levels or a number too large for
        floating point, or if all of them together take more than `MAX_WORK`; or if a negative number is raised to the
        variable.
    """
    work = work or Work()
    for _ in range(order):
        root = _Derivation(name, work).tree(root)
    return root


class Work:
    """What may still be spent: `MAX_WORK` units, each a factor or so handled: about 20 ms in all."""

    def __init__(self) -> None:
        self.left = MAX_WORK

    def spend(self, amount: int) -> None:
        """Take `amount`, or raise where there is not so much left."""
        self.left -= amount
        if self.left < 0:
            raise FormulaError("formula.derivative-long", limit=MAX_NODES)


def _bounded(root: Expression) -> Expression:
    """Return `root` if it is small enough to go on with."""
    # The height too: it is the depth of the recursions that print, compare and evaluate.
    if root.size > MAX_NODES or root.height > MAX_HEIGHT:
        raise FormulaError("formula.derivative-long", limit=MAX_NODES)
    return root


#: The parts whose derivatives a rule needs, and what it then makes of them.
_Rule: TypeAlias = tuple[Iterable[Expression], Callable[[], Product]]


class _Derivation:
    """The derivatives, taken apart, with respect to one variable of all parts of a tree that hold it."""

    def __init__(self, name: str, work: Work) -> None:
        self.name = name
        self.work = work
        self.known: dict[Expression, Product] = {}

    def tree(self, root: Expression) -> Expression:
        """Return the derivative of `root`."""
        # No recursion: the caller may already be deep down, and a tree may have MAX_HEIGHT levels.
        waiting: list[tuple[Expression, Callable[[], Product] | None]] = [(root, None)]
        while waiting:
            node, finish = waiting.pop()
            if finish is not None:
                self.known[node] = finish()
            elif self.name in node.names and node not in self.known:
                self.work.spend(8)
                parts, finish = self._rule(node)
                waiting.append((node, finish))
                waiting += [(part, None) for part in parts]
        return _bounded(product(self._of(root)))

    def _of(self, part: Expression) -> Product:
        return self.known.get(part, ZERO)

    def _rule(self, node: Expression) -> _Rule:
        match node:
            case Variable():
                return (), lambda: ONE
            case Binary(operator="+" | "-") | Negative():
                return self._sum_rule(node)
            case Call(function=function, arguments=arguments):
                return self._chain_rule(function, arguments)
            case Binary(operator="**", left=base, right=exponent) if whole_exponent(node) is None:
                return (base, exponent), lambda: self._power_rule(base, exponent)
        return self._product_rule(node)

    def _times(self, *parts: Product) -> Product:
        self.work.spend(3 + sum(len(part.powers) for part in parts))
        return times(*parts)

    def _total(self, parts: list[Product]) -> Product:
        """Return the sum of `parts`: a single base, unless one term is left."""
        self.work.spend(sum(5 + len(part.powers) for part in parts))
        return factors(_bounded(total(parts)))

    def _sum_rule(self, node: Expression) -> _Rule:
        """Return sum_i s_i u_i' for the sum of s_i u_i, each s_i a sign."""
        signed = terms(node)

        def finish() -> Product:
            slopes = [(sign, self._of(term)) for sign, term in signed]
            return self._total([times(Product(sign, {}), slope) for sign, slope in slopes if slope.coefficient])

        return [term for _, term in signed], finish

    def _product_rule(self, node: Expression) -> _Rule:
        """Return c sum_i n_i u_i**(n_i - 1) u_i' prod_{j != i} u_j**n_j for the product c prod_i u_i**n_i."""
        whole = factors(node)
        self.work.spend(len(whole.powers))
        if isinstance(node, Binary) and whole.powers == {node: 1}:  # a power too large to be taken apart
            base, exponent = node.left, node.right
            return (base, exponent), lambda: self._power_rule(base, exponent)
        items = list(whole.powers.items())

        def finish() -> Product:
            parts = []
            for place, (base, power) in enumerate(items):
                inner = self._of(base)
                if inner.coefficient:
                    # The derivative takes the place of its base.
                    before = Product(whole.coefficient * power, dict(items[:place]))
                    lowered = Product(1, {base: power - 1} if power != 1 else {})
                    parts.append(self._times(before, lowered, inner, Product(1, dict(items[place + 1 :]))))
            return self._total(parts)

        return whole.powers, finish

    def _power_rule(self, base: Expression, exponent: Expression) -> Product:
        """Return v u**(v - 1) u' for a constant v, else u**v (log(u) v' + v u' / u)."""
        du, dv = self._of(base), self._of(exponent)
        if not dv.coefficient:
            return self._times(factors(exponent), factors(_one_less(base, exponent)), du)
        constant = math.inf if base.names else float(evaluate(base, {}))
        if constant == 0:  # 0**v is 0 where v is above 0, and nowhere else has it a slope
            return ZERO
        if not constant > 0:  # (-10)**x has values at whole numbers alone, and log(-10) none
            raise FormulaError("formula.derivative-base", base=to_text(base))
        log = Number(1.0) if base == Constant("e") else Call("log", (base,))
        whole = factors(Binary("**", base, exponent))
        parts = [self._times(whole, factors(log), dv)]
        if du.coefficient:
            parts.append(self._times(whole, factors(Binary("/", exponent, base)), du))
        return self._total(parts)

    def _chain_rule(self, function: str, arguments: tuple[Expression, ...]) -> _Rule:
        """Return sum_i f_i(u, v) u_i', with f_i the partial derivative for argument i."""
        by_letter = dict(zip("uv", arguments))
        partials = [(_partial(text), argument) for text, argument in zip(FUNCTIONS[function].partials, arguments)]
        # What is flat, such as step, needs no look at what is inside it.
        partials = [(outer, argument) for outer, argument in partials if outer != Number(0.0)]

        def finish() -> Product:
            steep = [(outer, self._of(argument)) for outer, argument in partials]
            steep = [(outer, inner) for outer, inner in steep if inner.coefficient]
            return self._total([self._times(inner, factors(replaced(outer, by_letter))) for outer, inner in steep])

        return [argument for _, argument in partials], finish


@cache
def _partial(text: str) -> Expression:
    return read(text, "uv")


def _one_less(base: Expression, exponent: Expression) -> Expression:
    """Return base**(exponent - 1)."""
    sign, size = (-1, exponent.operand) if isinstance(exponent, Negative) else (1, exponent)
    if isinstance(size, Number):
        return Binary("**", base, number(sign * exact(size.value) - 1))
    return Binary("**", base, total([factors(exponent), Product(-1, {})]))


def replaced(node: Expression, by_name: dict[str, Expression]) -> Expression:
    """Return `node` with each variable replaced by its entry of `by_name`."""
    match node:
        case Variable(name=name):
            return by_name[name]
        case Negative(operand=operand):
            return product(times(Product(-1, {}), factors(replaced(operand, by_name))))
        case Binary(operator=operator, left=left, right=right):
            return Binary(operator, replaced(left, by_name), replaced(right, by_name))
        case Call(function=function, arguments=arguments):
            return Call(function, tuple(replaced(argument, by_name) for argument in arguments))
    return node
