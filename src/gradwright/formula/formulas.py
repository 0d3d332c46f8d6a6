"""`parse` and the `Formula` that it returns: a function, its variables, its exact derivatives, its typeset forms."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradwright import _validate
from gradwright._arrays import Array, array_of, floating, is_array, namespace
from gradwright.errors import ArgumentTypeError, FormulaError, ShapeError
from gradwright.formula.derive import Work, derive
from gradwright.formula.evaluate import evaluate
from gradwright.formula.expression import Expression
from gradwright.formula.printing import to_latex, to_mathml, to_text
from gradwright.formula.reading import read
from gradwright.formula.vocabulary import ALIASES, CONSTANTS, FUNCTIONS

MAX_ORDER = 100

_NAME = re.compile(r"[A-Za-z](_?[A-Za-z0-9])*")


@dataclass(frozen=True)
class Formula:
    """A function that a text describes; made by `parse`.

    Two formulas are equal where their trees and their variables are.

    Attributes
    ----------
    expression : Expression
        The tree.
    variables : tuple of str
        The names of the arguments, in the order in which a call takes them.
    """

    expression: Expression
    variables: tuple[str, ...]

    def __call__(self, *values: Any) -> Any:
        """Return the value at the arguments given, in the order of `variables`.

        Parameters
        ----------
        *values : number or array, any shapes that broadcast
            One for each variable. Integers count as floating-point numbers.

        Returns
        -------
        float or array
            A float for numbers; else an array of their library and broadcast shape. Where the function has no real
            value (``log(-1)``, ``1/0``) it is nan or infinite; nothing is raised and no warning is given.

        Raises
        ------
        FormulaError
            If there are more or fewer arguments than variables.

        Examples
        --------
        >>> from gradwright.formula import parse
        >>> parse("x0^2 + x1^2")(3, 4)
        25.0
        """
        if len(values) != len(self.variables):
            raise FormulaError(
                "formula.arguments", count=len(values), expected=len(self.variables), names=", ".join(self.variables)
            )
        ready = {name: _ready(name, value) for name, value in zip(self.variables, values)}
        result = evaluate(self.expression, ready)
        arrays = [value for value in ready.values() if not isinstance(value, (float, complex))]
        return _spread(result, arrays) if arrays else result

    def at(self, point: Any) -> Any:
        """Return the value at one point, a vector of the variables: the form that `gradwright.gradient` takes.

        Parameters
        ----------
        point : array, shape (n, ...)
            One row for each of the n variables.

        Returns
        -------
        array, shape (...)

        Raises
        ------
        ShapeError
            If the first axis of `point` is not as long as there are variables.

        Examples
        --------
        >>> from gradwright.formula import parse
        >>> float(parse("x0^2 + x1^2").at([3.0, 4.0]))
        25.0
        """
        array = array_of(point, name="point")
        if array.ndim == 0 or array.shape[0] != len(self.variables):
            raise ShapeError(
                "formula.point",
                shape=tuple(array.shape),
                expected=len(self.variables),
                names=", ".join(self.variables),
            )
        if not self.variables:
            return self()
        return self(*(array[i, ...] for i in range(len(self.variables))))

    def derivative(self, name: str | None = None, order: int = 1) -> Formula:
        """Return the exact derivative, d^order f / d name^order, as a formula of the same variables.

        Parameters
        ----------
        name : str, optional
            The variable; may be left out where there is only one.
        order : int, 1 to 100
            How many times to differentiate.

        Raises
        ------
        FormulaError
            If `name` is no variable, or is needed; or if the derivative grows beyond what can be read.
        ArgumentError
            If `order` is no whole number of 1 to 100.

        Notes
        -----
        At a kink or a jump (``abs`` and ``relu`` at 0, a tie of ``max``, a step of ``floor``) there is no derivative;
        the formula gives what the course's layers use there, 0 at 0. `gradwright.derivative` names such points.

        Examples
        --------
        >>> from gradwright.formula import parse
        >>> print(parse("0.01*x**2 + 0.1*x").derivative())
        0.02*x + 0.1
        """
        if name is None and len(self.variables) > 1:
            raise FormulaError("formula.which-variable", names=", ".join(self.variables))
        if name is not None and name not in self.variables:
            raise FormulaError("formula.no-variable", name=name, names=", ".join(self.variables))
        _validate.in_range("order", _validate.positive_int("order", order), 1, MAX_ORDER)
        return Formula(derive(self.expression, name or (self.variables or ("x",))[0], order), self.variables)

    def gradient(self) -> tuple[Formula, ...]:
        """Return the partial derivatives, one for each variable.

        Raises
        ------
        FormulaError
            If they grow beyond what can be read.

        Examples
        --------
        >>> from gradwright.formula import parse
        >>> [str(partial) for partial in parse("x0^2 + x1^2").gradient()]
        ['2*x0', '2*x1']
        """
        work = Work()  # shared, so that many variables cost no more than one
        return tuple(Formula(derive(self.expression, name, 1, work), self.variables) for name in self.variables)

    def latex(self) -> str:
        r"""Return the formula as LaTeX.

        Examples
        --------
        >>> from gradwright.formula import parse
        >>> print(parse("0.02*x + sqrt(x)/2").latex())
        0.02 x + \frac{\sqrt{x}}{2}
        """
        return to_latex(self.expression)

    def mathml(self) -> str:
        """Return the formula as presentation MathML, one ``<math>`` element, which browsers draw by themselves.

        Examples
        --------
        >>> from gradwright.formula import parse
        >>> parse("x^2").mathml()
        '<math xmlns="http://www.w3.org/1998/Math/MathML"><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow></math>'
        """
        return to_mathml(self.expression)

    def __str__(self) -> str:
        return to_text(self.expression)


def parse(text: str, variables: Iterable[str] | None = None) -> Formula:
    """Return the function that `text` describes. Nothing in the text is ever run.

    Parameters
    ----------
    text : str, at most 1000 characters
        Numbers, variables, ``+ - * /``, ``**`` or ``^``, brackets, the constants pi, e and tau, and the functions of
        `gradwright.formula.FUNCTIONS`; ``log`` and ``ln`` are the natural logarithm. ``2x`` and ``2(x + 1)`` are
        products; any other two things side by side are refused, and so is what has two readings (``1/2x``). The signs
        of books are understood: ``−``, ``×``, ``÷``, ``π``, ``x²``, ``x₀``.
    variables : iterable of str, optional
        The variables, in the order of the arguments. By default those in the text, sorted (x2 before x10), each one
        letter with or without a number, or the name of a Greek letter; longer names must be declared here.

    Returns
    -------
    Formula

    Raises
    ------
    FormulaError
        If the text is no such formula, is too long or too deep, or has a part without a finite value (``1/0``,
        ``9**9**9**9``). The message says where; ``error.fields["column"]`` counts from 1.

    Notes
    -----
    ``-x**2`` is -(x**2) and ``2**3**2`` is 2**9, as in Python.

    Examples
    --------
    >>> from gradwright.formula import parse
    >>> f = parse("0.01*x**2 + 0.1*x")
    >>> (f(5.0001) - f(4.9999)) / (2 * 1e-4)
    0.1999999999990898
    """
    if not isinstance(text, str):
        raise ArgumentTypeError("formula.not-text", kind=type(text).__name__)
    declared = None if variables is None else _declared(variables)
    expression = read(text, declared)
    return Formula(expression, tuple(sorted(expression.names, key=_natural)) if declared is None else declared)


def _declared(variables: Iterable[str]) -> tuple[str, ...]:
    found = (variables,) if isinstance(variables, str) else tuple(variables)
    for name in found:
        if not isinstance(name, str) or not _NAME.fullmatch(name) or name in (*CONSTANTS, *FUNCTIONS, *ALIASES):
            raise FormulaError("formula.variable-name", name=repr(name)[:40])
    if len(set(found)) < len(found):
        raise FormulaError("formula.variable-twice", names=", ".join(found))
    return found


def _natural(name: str) -> list[tuple[int, str]]:
    """Sort key: numbers in names by their size."""
    return [(int(piece), "") if piece.isdigit() else (-1, piece) for piece in re.findall(r"[0-9]+|[^0-9]+", name)]


def _ready(name: str, value: Any) -> Any:
    """Return a number as float or complex, an array in a floating dtype."""
    if isinstance(value, np.generic) and not isinstance(value, np.bool_):
        value = value.item()
    if not is_array(value) and not isinstance(value, (list, tuple)):
        if isinstance(value, complex):
            return value
        number = _validate.number_or_nan(value)
        if number == number or isinstance(value, float):
            return number
    array = array_of(value, name=name)
    return floating(array, namespace(array))


def _spread(result: Any, arrays: list[Array]) -> Array:
    """Return `result` in the broadcast shape of all the arrays, also where the formula does not name each of them."""
    xp = namespace(*arrays)
    first = xp.broadcast_arrays(*arrays)[0] if len(arrays) > 1 else arrays[0]
    if isinstance(result, (float, complex)):
        return xp.full_like(first, result)
    return result if tuple(result.shape) == tuple(first.shape) else xp.broadcast_to(result, first.shape)
