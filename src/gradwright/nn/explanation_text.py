"""An explanation of a way back, written down in plain text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gradwright import messages

if TYPE_CHECKING:
    from gradwright.nn.explanation import Explanation, Quantity, Step

_INDENT = "   "
_COLUMNS = 100
# What must not be torn apart at the end of a line: y - t, z1 @ W2, z1[n, i].
_FORMULA = re.compile(r"(?<=\S) (?=[-+*/=@>] )|(?<= [-+*/=@>]) (?=\S)|(?<=\w,) (?=\w+\])")
_TERMS = 2  # of a sum worked out, this many are written


def shapes(step: Step) -> str:
    """Return the shapes of a step as they multiply; a number for a factor that is one."""
    factors = [str(factor.shape) if factor.shape else f"{float(factor.value):g}" for factor in step.factors]
    written = f" {step.operation} ".join(factors)
    if step.operation == "sum":
        written = f"sum({factors[0]}, axis=0)"
    return f"{written} -> {tuple(step.value.shape)}"


def numbers(value: npt.NDArray[Any], edge: int = 3) -> str:
    """Return an array rounded to four digits, of a large one the corners."""
    # Adding 0.0 turns -0.0 into 0.0, which a reader would take for a sign that means something.
    return np.array2string(
        value + 0.0,
        formatter={"float_kind": lambda entry: f"{entry:10.4g}"},
        threshold=edge * 4,
        edgeitems=edge if value.ndim == 1 else 2,
        max_line_width=100,
        separator=" ",
    )


def wrapped(sentence: str, columns: int) -> list[str]:
    """Return a sentence in lines of at most so many columns, its formulas whole."""
    lines: list[str] = []
    for word in _FORMULA.sub("\N{NO-BREAK SPACE}", sentence).split(" "):
        if lines and messages.columns_of(lines[-1]) + 1 + messages.columns_of(word) <= columns:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def symbols(step: Step, most: int = _TERMS) -> str:
    """Return what the step's largest entry is summed from, such as ``z1[0, 5] * dy[0, 2] + ...``."""
    index = step.entry.index
    terms = []
    for n in range(min(most, len(step.entry.terms))):
        places = {"@": [(index[0], n), (n, *index[1:])], "sum": [(n, *index)]}.get(step.operation, [index] * 9)
        factors = [_at(step, factor, place) for factor, place in zip(step.factors, places, strict=False)]
        terms.append(_joiner(step).join(factors))
    return _sum(step, terms)


def numbers_of(step: Step, most: int = _TERMS, digits: int = 4) -> str:
    """Return the same in numbers, such as ``0.5 * 0.1 + 0.2 * (-0.3) + ...``."""
    terms = step.entry.terms[:most].tolist()
    return _sum(step, [_joiner(step).join(_signed(factor, digits) for factor in term) for term in terms])


def _at(step: Step, factor: Quantity, place: tuple[int, ...]) -> str:
    """Return a factor with the place behind every array in it; the transpose of W at (i, j) is W at (j, i)."""
    text = factor.formula.text
    if not factor.shape:
        return text
    if text.endswith(".T"):
        text, place = text.removesuffix(".T"), place[::-1]
    arrays = {*step.fields.values(), "y", "t"}
    written = f"[{', '.join(map(str, place))}]"
    return re.sub(r"[^\W\d]\w*", lambda name: name[0] + (written if name[0] in arrays else ""), text)


def _joiner(step: Step) -> str:
    return " / " if step.operation == "/" else " * "


def _sum(step: Step, terms: list[str]) -> str:
    return " + ".join([*terms, *(["..."] if len(terms) < len(step.entry.terms) else [])])


def _signed(value: float, digits: int) -> str:
    text = f"{value + 0.0:.{digits}g}"
    return f"({text})" if text.startswith("-") else text


def write(explanation: Explanation, lang: str | None) -> str:
    """Return the whole explanation."""
    lang = messages.language(lang)
    title = messages.text(
        "explain.title",
        lang,
        count=explanation.n_samples,
        loss=explanation.loss,
        parameters=sum(step.value.size for step in explanation.steps if not step.of.startswith(("a", "z"))),
    )
    lines = [title, "=" * 72, "", messages.text("explain.forward", lang), *_forward(explanation), ""]
    for key, fields in explanation.notes:
        lines += [_filled(messages.text(key, lang, **fields), ""), ""]
    lines.append(messages.text("explain.backward", lang))
    for count, step in enumerate(explanation.steps, 1):
        lines += ["", *_step(count, step, lang)]
        if count == 1:
            lines += ["", *_sample(explanation, lang)]
    lines += ["", messages.text("explain.end" if explanation.agrees else "explain.end-differs", lang)]
    return "\n".join(line.rstrip() for line in lines)


def _forward(explanation: Explanation) -> list[str]:
    rows = []
    for one in explanation.forward:
        formula = f"{one.name} = {one.formula.text}" if one.formula.text else one.name
        rows.append((formula, str(one.shape) if one.shape else f"= {float(one.value):.6g}"))
    width = max(len(formula) for formula, _ in rows)
    return [f"{_INDENT}{formula:{width}}   {shape}" for formula, shape in rows]


def _step(count: int, step: Step, lang: str) -> list[str]:
    lines = [
        f"{count}. {step.name} = {step.formula.text}",
        _filled(step.meaning(lang)),
        _filled(step.reason(lang)),
        f"{_INDENT}{step.shapes}",
    ]
    for factor in step.factors:
        if factor.shape:
            lines += _named(factor.formula.text, factor.value)
    lines += _named(step.name, step.value)
    lines += _entry(step, lang)
    check = step.check
    place = f"{step.of}[{', '.join(map(str, check.index))}]"
    key = "explain.check" if check.agrees else "explain.check-differs"
    key = "explain.check-kink" if check.kink and check.agrees else key
    return [*lines, _filled(messages.text(key, lang, place=place, check=check))]


def _entry(step: Step, lang: str) -> list[str]:
    """Return the largest entry worked out, in symbols and in numbers; nothing where it is a number passed on."""
    entry = step.entry
    if entry.terms.size == 1:
        return []
    key = "explain.entry-sum" if len(entry.terms) > 1 else "explain.entry"
    start = f"{_INDENT * 2}{step.name}[{', '.join(map(str, entry.index))}]"
    return [
        _filled(messages.text(key, lang, count=len(entry.terms))),
        f"{start} = {symbols(step)}",
        f"{' ' * len(start)} = {numbers_of(step)} = {entry.value + 0.0:.4g}",
    ]


def _sample(explanation: Explanation, lang: str) -> list[str]:
    sample = explanation.sample
    lines = [_INDENT + messages.text("explain.derivation", lang, index=sample.index, of=explanation.steps[0].of)]
    for number, line in zip("abcdefgh", sample.derivation, strict=False):
        lines.append(f"{_INDENT}({number}) {line.formula.text}")
        lines.append(_filled(messages.text(line.why, lang), _INDENT * 2))
        lines += _named("", line.value, _INDENT * 2)
    lines += ["", _INDENT + messages.text("explain.sample", lang, index=sample.index), *_table(explanation)]
    return lines + [_filled(sentence) for sentence in sample.words(lang)]


def _table(explanation: Explanation) -> list[str]:
    """Return the sample's y, t, y - t and (y - t) / N, an output a row; of many outputs those that matter most."""
    sample = explanation.sample
    order = np.argsort(-np.abs(sample.gradient), kind="stable")[:10]
    rows = [("", "y", "t", "y - t", "(y - t) / N")]
    for k in sorted(order.tolist()):
        difference = sample.gradient[k] * explanation.n_samples
        entries = (sample.y[k], sample.t[k], difference, sample.gradient[k])
        rows.append((explanation.classes[k], *(f"{float(entry) + 0.0:.4g}" for entry in entries)))
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    return [
        _INDENT * 2 + "   ".join(f"{entry:>{width}}" for entry, width in zip(row, widths, strict=True)) for row in rows
    ]


def _named(name: str, value: npt.NDArray[Any], indent: str = _INDENT) -> list[str]:
    start = f"{name} = " if name else "= "
    first, *rest = numbers(value).splitlines()
    return [indent + start + first, *(indent + " " * len(start) + line for line in rest)]


def _filled(sentence: str, indent: str = _INDENT) -> str:
    return "\n".join(indent + line for line in wrapped(sentence, _COLUMNS - len(indent)))
