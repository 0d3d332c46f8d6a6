"""From tokens to the tree: what may stand beside what, then Python's `ast` for the structure, then a whitelist.

Python's grammar gives precedence and associativity (``-x**2``, ``2**3**2``) as the reader of a notebook knows them.
Nothing is ever compiled or run.
"""

from __future__ import annotations

import ast
import difflib
import itertools
import math
import re
from collections.abc import Collection

from gradwright.formula.evaluate import evaluate
from gradwright.formula.expression import (
    Binary,
    Call,
    Constant,
    Expression,
    Negative,
    Number,
    Operator,
    Variable,
)
from gradwright.formula.tokens import Token, refuse, tokens
from gradwright.formula.vocabulary import ALIASES, CONSTANTS, FUNCTIONS, GREEK

MAX_OPERATORS = 200  # operators and calls: the height of the tree, hence the depth of every recursion over it
MAX_BRACKETS = 40

_PLAIN_NAME = re.compile(f"(?:[A-Za-z]|{'|'.join(GREEK)})(?:_?[0-9]+)?")
_OPERATORS: dict[type[ast.operator], Operator] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
}


def read(text: str, variables: Collection[str] | None = None) -> Expression:
    """Return the tree of `text`.

    Parameters
    ----------
    text : str
        The formula.
    variables : collection of str, optional
        The names that may occur. By default one letter, with or without a number, or the name of a Greek letter.

    Raises
    ------
    FormulaError
        If the text is no formula; the message says where, and what is allowed.
    """
    found = tokens(text)
    _check_names(found, variables)
    source, columns = _source(found)
    tree = ast.parse(source, mode="eval").body
    return _Reader(text, columns).expression(tree)


def _check_names(found: list[Token], variables: Collection[str] | None) -> None:
    """Refuse names that are neither known nor variables, and functions without their brackets."""
    for token, after in itertools.pairwise(found):
        if token.kind == "name":
            _check_name(token, after.kind == "(", variables)


def _check_name(token: Token, called: bool, variables: Collection[str] | None) -> None:
    name = ALIASES.get(token.text, token.text)
    if variables is not None:
        is_variable = token.text in variables
    else:
        is_variable = name not in CONSTANTS and (_PLAIN_NAME.fullmatch(name) is not None)
    if name in FUNCTIONS and not called:
        refuse("formula.no-brackets", token.column, token.written)
    if name in FUNCTIONS:
        return
    if called and (is_variable or name in CONSTANTS):
        refuse("formula.not-function", token.column, token.written)
    functions = [*FUNCTIONS, *ALIASES]
    if called and (close := _closest(name, functions)):
        refuse("formula.unknown-function-near", token.column, token.written, hint=close)
    if called:
        refuse("formula.unknown-function", token.column, token.written, allowed=", ".join(functions))
    if is_variable or name in CONSTANTS:
        return
    if close := _closest(name, [*(variables or ()), *CONSTANTS, *functions]):
        refuse("formula.unknown-name-near", token.column, token.written, hint=close)
    allowed = ", ".join([*(("x", "y", "x0", "x1", "...") if variables is None else variables), *CONSTANTS])
    refuse("formula.unknown-name", token.column, token.written, allowed=allowed)


def _closest(name: str, known: list[str]) -> str | None:
    """Return the known name that was probably meant: nearly as long, or begun by what was written."""
    name = name.lower()
    # By its letters alone sigmoid would be near to mod.
    near = [one for one in known if abs(len(one) - len(name)) <= 1 + len(name) // 5]
    begun = [one for one in known if len(name) > 2 and one.startswith(name)]
    return next(iter(difflib.get_close_matches(name, begun or near, n=1, cutoff=0.6) or begun), None)


def _source(found: list[Token]) -> tuple[str, list[int]]:
    """Return Python source for the tokens, and for each of its characters the column of the text it came from."""
    pieces: list[str] = []
    columns: list[int] = []

    def emit(piece: str, column: int) -> None:
        pieces.append(piece + " ")
        columns.extend([column] * (len(piece) + 1))

    open_brackets: list[Token] = []  # the token before "(" matters: a comma may stand in a call only
    operators = 0
    previous: Token | None = None
    for index, token in enumerate(found):
        ended = previous is not None and previous.kind in ("number", "name", ")")
        is_call = token.kind == "(" and previous is not None and previous.kind == "name"
        if token.kind in ("number", "name", "(") and ended and not is_call:
            _check_product(found, index)
            emit("*", token.column)
            operators += 1
        elif token.kind in ("operator", ")", ",", "end") and not ended:
            _check_start(token, previous)
        if token.kind == "(":
            open_brackets.append(previous if is_call and previous is not None else token)
        elif token.kind == ")" and not open_brackets:
            refuse("formula.bracket-closed", token.column, token.written)
        elif token.kind == ")":
            open_brackets.pop()
        elif token.kind == "," and not (open_brackets and open_brackets[-1].kind == "name"):
            refuse("formula.comma", token.column, token.written)
        elif token.kind == "end" and open_brackets:
            refuse("formula.bracket-open", open_brackets[-1].column, open_brackets[-1].written)
        operators += token.kind == "operator" or is_call
        if operators > MAX_OPERATORS:
            refuse("formula.operators", token.column, token.written, limit=MAX_OPERATORS)
        if len(open_brackets) > MAX_BRACKETS:
            refuse("formula.nested", token.column, token.written, limit=MAX_BRACKETS)
        emit(token.text, token.column)
        previous = token
    return "".join(pieces), columns


def _check_start(token: Token, previous: Token | None) -> None:
    """Refuse `token` where a number, a name or a bracket must come, unless it is a sign."""
    if token.kind == "operator" and token.text in ("+", "-"):
        return
    if token.kind == "end":
        if previous is None:
            refuse("formula.empty", 0)
        refuse("formula.ends", previous.column, previous.written)
    if token.kind == ")" and previous is not None and previous.kind == "(":
        refuse("formula.bracket-empty", previous.column, "()")
    refuse("formula.missing", token.column, token.written)


def _check_product(found: list[Token], index: int) -> None:
    """Refuse two things side by side, except a number before a name or a bracket where that has one meaning."""
    before, token = found[index - 1], found[index]
    touching = before.written + token.written
    if before.kind != "number" or token.kind == "number":
        refuse("formula.side-by-side", token.column, token.written, left=before.written)
    # 1/2x and x**2y have two readings; a sign between, as in x**-2y, changes nothing about that.
    start = index - 2
    while start > 0 and found[start].text in ("+", "-") and found[start - 1].kind == "operator":
        start -= 1
    if start >= 0 and found[start].text in ("/", "**"):
        refuse("formula.ambiguous", before.column, touching, left=before.written)
    # 0x10, 0b1 and 2j would be other numbers to Python, and 2e - 3 is too near to 2e-3.
    if float(before.text) == 0 or token.text in ("j", "J", "e", "E"):
        refuse("formula.literal", before.column, touching)


class _Reader:
    """Translate the nodes that are allowed; `columns` leads from Python's source back to the text."""

    def __init__(self, text: str, columns: list[int]) -> None:
        self.text = text
        self.columns = columns
        self.values: dict[Expression, float] = {}

    def expression(self, node: ast.expr) -> Expression:
        """Return the tree of `node`."""
        result = self._translated(node)
        # A part without variables has one value: 9**9**9**9, 1/0 or log(-1) is a slip, and is said now.
        if not result.names and not math.isfinite(self._value(result)):
            start, last = self.columns[node.col_offset], self.columns[(node.end_col_offset or 1) - 1]
            end = min((column for column in self.columns if column > last), default=len(self.text))  # the next token's
            refuse("formula.not-finite", start, self.text[start:end].strip())
        return result

    def _value(self, constant: Expression) -> float:
        """Return the value of a part without variables, from those of its own parts."""
        values = {name: self.values[part] for name, part in zip("uv", constant.operands)}
        self.values[constant] = value = evaluate(_with_letters(constant), values)
        return float(value)

    def _translated(self, node: ast.expr) -> Expression:
        match node:
            case ast.Constant(value=float(value)):
                return Number(value)
            case ast.Name(id=name):
                return Constant(name) if name in CONSTANTS else Variable(name)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Negative(self.expression(operand))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.expression(operand)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                return Binary(_OPERATORS[type(op)], self.expression(left), self.expression(right))
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                return self._call(ALIASES.get(name, name), node, args)
        # The tokens leave nothing else; should they ever, it is refused and not guessed.
        return refuse("formula.missing", self.columns[node.col_offset], type(node).__name__)

    def _call(self, name: str, node: ast.expr, args: list[ast.expr]) -> Expression:
        arity = FUNCTIONS[name].arity
        if len(args) != arity:
            refuse("formula.arity", self.columns[node.col_offset], name, arity=arity, count=len(args))
        return Call(name, tuple(self.expression(arg) for arg in args))


def _with_letters(node: Expression) -> Expression:
    """Return `node` with its operands replaced by the variables u and v."""
    u, v = Variable("u"), Variable("v")
    match node:
        case Negative():
            return Negative(u)
        case Binary(operator=operator):
            return Binary(operator, u, v)
        case Call(function=function, arguments=arguments):
            return Call(function, (u, v)[: len(arguments)])
    return node
