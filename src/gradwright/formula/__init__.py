"""Formulas in text: `parse` makes a function of ``0.01*x**2 + 0.1*x``, with its exact derivative, LaTeX and MathML.

A text is read, never run: nothing of it is compiled, evaluated by Python or handed to another library.

>>> from gradwright.formula import parse
>>> f = parse("sin(x)*exp(-x/2)")
>>> print(f.derivative())
cos(x)*exp(-x/2) - 0.5*sin(x)*exp(-x/2)
"""

from gradwright.formula.expression import Expression
from gradwright.formula.formulas import Formula, parse
from gradwright.formula.vocabulary import CONSTANTS, FUNCTIONS, Function

__all__ = ["CONSTANTS", "FUNCTIONS", "Expression", "Formula", "Function", "parse"]
