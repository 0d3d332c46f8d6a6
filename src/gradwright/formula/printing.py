"""A tree as text that reads back as the same tree, as LaTeX, and as MathML."""

from __future__ import annotations

from gradwright.formula.expression import Binary, Call, Constant, Expression, Negative, Number, Variable
from gradwright.formula.vocabulary import GREEK

_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(5)
_LEVELS = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "**": _POWER}
_LARGEST_WHOLE = 1e15


def digits(value: float) -> str:
    """Return a number as Python prints it, a whole one without its point."""
    return str(int(value)) if value.is_integer() and value < _LARGEST_WHOLE else repr(value)


def level(node: Expression) -> int:
    """Return how tightly the outermost operation of `node` binds, as Python's grammar has it."""
    if isinstance(node, Binary):
        return _LEVELS[node.operator]
    return _SIGN if isinstance(node, Negative) else _ATOM


def to_text(node: Expression) -> str:
    """Return `node` as text, with the brackets that it needs and no more."""
    match node:
        case Number(value=value):
            return digits(value)
        case Constant(name=name) | Variable(name=name):
            return name
        case Negative(operand=operand):
            return "-" + _bracketed(operand, _SIGN)
        case Call(function=function, arguments=arguments):
            return f"{function}({', '.join(map(to_text, arguments))})"
        case Binary(operator="**", left=left, right=right):
            base, exponent = _bracketed(left, _ATOM), _bracketed(right, _SIGN)
            # Brackets for a sign are for the reader: once, or a tower of them would be too deep to read back.
            signed = exponent[0] == "-" and "**(" not in exponent
            return f"{base}**({exponent})" if signed else f"{base}**{exponent}"
        case Binary(operator=operator, left=left, right=right):
            between = f" {operator} " if operator in "+-" else operator
            # On the right a sign gets brackets too: x*(-y), not x*-y.
            text = _bracketed(right, level(node) + 1)
            return f"{_bracketed(left, level(node))}{between}{f'({text})' if text[0] == '-' else text}"


def _bracketed(node: Expression, at_least: int) -> str:
    text = to_text(node)
    return text if level(node) >= at_least else f"({text})"


def _name_parts(name: str) -> tuple[str, str]:
    """Return the letters of a name and the number below them: x0 is x with 0, x_1 is x with 1."""
    letters = name.rstrip("0123456789")
    return letters.removesuffix("_"), name[len(letters) :]


def _floating_parts(value: float) -> tuple[str, str]:
    """Return a number's digits and its power of ten, empty where it needs none."""
    mantissa, _, exponent = digits(value).partition("e")
    return mantissa, str(int(exponent)) if exponent else ""


# ---- LaTeX -----------------------------------------------------------------------------------------------------

_LATEX_NAMES = {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "log": "ln"}
_LATEX_KNOWN = {"sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "exp", "ln", "max", "min"}
_AROUND = {"abs": ("|", "|"), "floor": (r"\lfloor ", r"\rfloor"), "ceil": (r"\lceil ", r"\rceil")}


def to_latex(node: Expression) -> str:
    """Return `node` as LaTeX, for a formula between dollar signs."""
    match node:
        case Number(value=value):
            mantissa, exponent = _floating_parts(value)
            power = f"10^{{{exponent}}}" if exponent else ""
            return rf"{mantissa} \cdot {power}" if power and mantissa != "1" else power or mantissa
        case Constant(name=name):
            return name if name == "e" else f"\\{name}"
        case Variable(name=name):
            letters, below = _name_parts(name)
            shown = f"\\{letters}" if letters in GREEK else letters
            if len(letters) > 1 and letters not in GREEK:
                shown = "\\mathrm{" + letters.replace("_", r"\_") + "}"
            return f"{shown}_{{{below}}}" if below else shown
        case Negative(operand=operand):
            return "-" + _latex_within(operand, _SIGN, signed=True)
        case Call(function=function, arguments=arguments):
            return _latex_call(function, arguments)
        case Binary(operator="/", left=left, right=right):
            sign, top = _sign_apart(left)
            return rf"{sign}\frac{{{to_latex(top)}}}{{{to_latex(right)}}}"
        case Binary(operator="**", left=left, right=right):
            return f"{_latex_within(left, _ATOM)}^{{{to_latex(right)}}}"
        case Binary(operator="*", left=left, right=right):
            between = " " if _juxtaposed(left, right) else r" \cdot "
            return f"{_latex_within(left, _PRODUCT)}{between}{_latex_within(right, _SIGN, signed=True)}"
        case Binary(operator=operator, left=left, right=right):
            return f"{_latex_within(left, _SUM)} {operator} {_latex_within(right, _PRODUCT, signed=True)}"


def _latex_within(node: Expression, at_least: int, signed: bool = False) -> str:
    text = to_latex(node)
    if _marked_level(node) >= at_least and not (signed and text[0] == "-"):
        return text
    return rf"\left({text}\right)"


def _latex_call(function: str, arguments: tuple[Expression, ...]) -> str:
    inside = ", ".join(map(to_latex, arguments))
    if function == "sqrt":
        return rf"\sqrt{{{inside}}}"
    if function in _AROUND:
        opening, closing = _AROUND[function]
        return rf"\left{opening}{inside}\right{closing}"
    if function in ("log2", "log10"):
        return rf"\log_{{{function[3:]}}}\left({inside}\right)"
    name = _LATEX_NAMES.get(function, function)
    shown = f"\\{name}" if name in _LATEX_KNOWN else rf"\operatorname{{{name}}}"
    return rf"{shown}\left({inside}\right)"


def _marked_level(node: Expression) -> int:
    """Return `level` as typeset: a fraction groups by its line, but as a base it still needs brackets."""
    if isinstance(node, Number) and _floating_parts(node.value)[1]:
        return _PRODUCT
    if isinstance(node, Binary) and node.operator == "/":
        return _POWER
    return level(node)


def _sign_apart(node: Expression) -> tuple[str, Expression]:
    """Return the minus that `node` begins with, or nothing, and the rest: it is set before a fraction, not on top."""
    if isinstance(node, Negative):
        return "-", node.operand
    if isinstance(node, Binary) and node.operator == "*":
        sign, left = _sign_apart(node.left)
        return sign, Binary("*", left, node.right)
    return "", node


def _juxtaposed(left: Expression, right: Expression) -> bool:
    """Tell whether a product is written without a sign: unless a digit would follow something as if it belonged."""
    first = right
    while isinstance(first, Binary):
        if first.operator == "/":
            return False
        first = first.left
    last = left.operand if isinstance(left, Negative) else left
    return not isinstance(first, (Number, Negative)) and not (
        isinstance(last, Number) and _floating_parts(last.value)[1]
    )


# ---- MathML ----------------------------------------------------------------------------------------------------

_INVISIBLE_TIMES, _APPLY = "<mo>&#x2062;</mo>", "<mo>&#x2061;</mo>"
_FENCES = {"abs": ("|", "|"), "floor": ("⌊", "⌋"), "ceil": ("⌈", "⌉")}
_SYMBOLS = {"pi": "π", "tau": "τ", **GREEK}


def to_mathml(node: Expression) -> str:
    """Return `node` as a presentation MathML document element, which browsers draw by themselves."""
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML"><mrow>{_marked(node)}</mrow></math>'


def _marked(node: Expression) -> str:
    """Return the MathML of `node`: one element."""
    match node:
        case Number(value=value):
            mantissa, exponent = _floating_parts(value)
            power = f"<msup><mn>10</mn><mrow>{_signed(exponent)}</mrow></msup>" if exponent else ""
            if power and mantissa != "1":
                return f"<mrow><mn>{mantissa}</mn><mo>·</mo>{power}</mrow>"
            return power or f"<mn>{mantissa}</mn>"
        case Constant(name=name) | Variable(name=name):
            letters, below = _name_parts(name)
            shown = f"<mi>{_SYMBOLS.get(letters, letters)}</mi>"
            return f"<msub>{shown}<mn>{below}</mn></msub>" if below else shown
        case Negative(operand=operand):
            return f"<mrow><mo>−</mo>{_marked_within(operand, _SIGN, signed=True)}</mrow>"
        case Call(function=function, arguments=arguments):
            return _marked_call(function, arguments)
        case Binary(operator="/", left=left, right=right):
            sign, top = _sign_apart(left)
            fraction = f"<mfrac>{_marked(top)}{_marked(right)}</mfrac>"
            return f"<mrow><mo>−</mo>{fraction}</mrow>" if sign else fraction
        case Binary(operator="**", left=left, right=right):
            return f"<msup>{_marked_within(left, _ATOM)}{_marked(right)}</msup>"
        case Binary(operator="*", left=left, right=right):
            between = _INVISIBLE_TIMES if _juxtaposed(left, right) else "<mo>·</mo>"
            return f"<mrow>{_marked_within(left, _PRODUCT)}{between}{_marked_within(right, _SIGN, True)}</mrow>"
        case Binary(operator=operator, left=left, right=right):
            sign = "−" if operator == "-" else operator
            return f"<mrow>{_marked_within(left, _SUM)}<mo>{sign}</mo>{_marked_within(right, _PRODUCT, True)}</mrow>"


def _signed(exponent: str) -> str:
    return f"<mo>−</mo><mn>{exponent[1:]}</mn>" if exponent[0] == "-" else f"<mn>{exponent}</mn>"


def _marked_within(node: Expression, at_least: int, signed: bool = False) -> str:
    marked = _marked(node)
    if _marked_level(node) >= at_least and not (signed and _begins_with_sign(node)):
        return marked
    return f"<mrow><mo>(</mo>{marked}<mo>)</mo></mrow>"


def _begins_with_sign(node: Expression) -> bool:
    """Tell whether the first thing shown of `node` is a minus."""
    first = node
    while isinstance(first, Binary) and first.operator in "*+-":
        if _marked_level(first.left) < level(first):
            return False  # a bracket
        first = first.left
    if isinstance(first, Binary) and first.operator == "/":
        return _sign_apart(first.left)[0] == "-"
    return isinstance(first, Negative)


def _marked_call(function: str, arguments: tuple[Expression, ...]) -> str:
    inside = "<mo>,</mo>".join(map(_marked, arguments))
    if function == "sqrt":
        return f"<msqrt>{inside}</msqrt>"
    if function in _FENCES:
        opening, closing = _FENCES[function]
        return f"<mrow><mo>{opening}</mo>{inside}<mo>{closing}</mo></mrow>"
    letters, below = _name_parts(_LATEX_NAMES.get(function, function))
    shown = f"<msub><mi>{letters}</mi><mn>{below}</mn></msub>" if below else f"<mi>{letters}</mi>"
    return f"<mrow>{shown}{_APPLY}<mrow><mo>(</mo>{inside}<mo>)</mo></mrow></mrow>"
