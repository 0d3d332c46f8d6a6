"""Why a step of the way back is what it is: the rules that a layer or a loss explains itself by.

A formula is written with marks in angle brackets, such as ``<x>.T @ <dy>``; they are replaced by the names that the
quantities have in the network at hand, in plain text those of the course, in LaTeX those of mathematics. The marks are
``x`` (the input), ``y`` (the output), ``dy`` (the gradient with respect to the output) and the layer's own parameters;
of a loss ``y`` (the prediction), ``t`` (the answers) and ``N`` (the number of samples).
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from gradwright._arrays import FloatArray

Parts = Mapping[str, FloatArray]

#: How the factors of a step are brought together, in plain text and in LaTeX.
OPERATIONS = {"@": (" @ ", r"\,"), "*": (" * ", r"\odot "), "/": (" / ", "/"), "sum": ("", ""), "": ("", "")}


_COMBINE: Mapping[str, Callable[[FloatArray, FloatArray], FloatArray]] = {
    "@": operator.matmul,
    "*": operator.mul,
    "/": operator.truediv,
}


@dataclass(frozen=True)
class Formula:
    """One formula, in plain text and in LaTeX."""

    text: str
    latex: str

    def named(self, texts: Mapping[str, str], latexes: Mapping[str, str]) -> Formula:
        """Return the formula with its marks replaced by names."""
        return Formula(_filled(self.text, texts), _filled(self.latex, latexes))


def _filled(formula: str, names: Mapping[str, str]) -> str:
    return re.sub(r"<(\w+)>", lambda mark: names[mark[1]], formula)


@dataclass(frozen=True)
class Term:
    """A factor of a step: how it is written, and its value from the parts."""

    formula: Formula
    value: Callable[[Parts], FloatArray]


@dataclass(frozen=True)
class Rule:
    """One rule of a way back.

    Attributes
    ----------
    of : str
        With respect to what: ``"x"``, the input, or the name of a parameter.
    terms : tuple of Term
        The factors, in the order in which they multiply.
    operation : {"@", "*", "/", "sum", ""}
        How they are brought together: as matrices, entry by entry, divided, one of them summed over the batch, or
        nothing to be done.
    why : str
        The key of a sentence with the fields x, y, dy and the names of the parameters.
    """

    of: str
    terms: tuple[Term, ...]
    operation: str
    why: str

    @property
    def formula(self) -> Formula:
        """The whole right-hand side."""
        if self.operation == "sum":
            (term,) = self.terms
            return Formula(f"sum({term.formula.text}, axis=0)", rf"\sum_n \left[{term.formula.latex}\right]_n")
        text, latex = OPERATIONS[self.operation]
        return Formula(
            text.join(term.formula.text for term in self.terms), latex.join(term.formula.latex for term in self.terms)
        )

    def product(self, parts: Parts) -> FloatArray:
        """Return the value that the rule gives; a test compares it with `backward`."""
        first, *rest = (term.value(parts) for term in self.terms)
        if self.operation == "sum":
            return np.asarray(first.sum(axis=0))
        for factor in rest:
            first = np.asarray(_COMBINE[self.operation](first, factor))
        return first

    def terms_at(self, factors: Sequence[FloatArray], shape: tuple[int, ...], index: tuple[int, ...]) -> FloatArray:
        """Return what one entry of the product, of that shape, is summed from: a row a term, in it what multiplies."""
        first, *rest = factors
        if self.operation == "@":
            right = reduce(operator.matmul, rest)
            return np.stack([first[index[0], :], right[:, index[1]]], axis=1)
        if self.operation == "sum":
            return np.asarray(np.moveaxis(first, 0, -1)[index])[:, None]
        return np.array([[np.broadcast_to(factor, shape)[index] for factor in factors]])


@dataclass(frozen=True)
class Line:
    """One line of the derivation of the first step, for a single sample.

    Attributes
    ----------
    formula : Formula
        The equation.
    why : str
        The key of a sentence, without fields.
    value : callable
        From the parts of one sample, y and t of shape (n_out,), to the numbers.
    """

    formula: Formula
    why: str
    value: Callable[[Parts], FloatArray]


def mark(name: str) -> Term:
    """Return the factor that is the part called `name` itself."""
    return Term(Formula(f"<{name}>", f"<{name}>"), lambda parts: parts[name])


def transposed(name: str) -> Term:
    """Return the factor that is the transpose of the part called `name`."""
    return Term(Formula(f"<{name}>.T", f"<{name}>^T"), lambda parts: parts[name].T)
