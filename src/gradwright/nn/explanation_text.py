"""An explanation of a way back, written down in plain text."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gradwright import messages

if TYPE_CHECKING:
    from gradwright.nn.explanation import Explanation, Step

_INDENT = "   "
# Hangul takes two columns a letter.
_WIDTH = {"en": 100, "ko": 62}


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
        lines += [_filled(messages.text(key, lang, **fields), lang, ""), ""]
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
        _filled(_meaning(step, lang), lang),
        _filled(step.reason(lang), lang),
        f"{_INDENT}{step.shapes}",
    ]
    for factor in step.factors:
        if factor.shape:
            lines += _named(factor.formula.text, factor.value)
    lines += _named(step.name, step.value)
    check = step.check
    place = f"{step.of}[{', '.join(map(str, check.index))}]"
    key = "explain.check" if check.agrees else "explain.check-differs"
    key = "explain.check-kink" if check.kink and check.agrees else key
    return [*lines, _filled(messages.text(key, lang, place=place, check=check), lang)]


def _meaning(step: Step, lang: str) -> str:
    key = "explain.meaning" if step.fields["other"] == step.of else "explain.meaning-renamed"
    return messages.text(key, lang, **step.fields)


def _sample(explanation: Explanation, lang: str) -> list[str]:
    sample = explanation.sample
    lines = [_INDENT + messages.text("explain.derivation", lang, index=sample.index, of=explanation.steps[0].of)]
    for number, line in zip("abcdefgh", sample.derivation, strict=False):
        lines.append(f"{_INDENT}({number}) {line.formula.text}")
        lines.append(_filled(messages.text(line.why, lang), lang, _INDENT * 2))
        lines += _named("", line.value, _INDENT * 2)
    lines += ["", _INDENT + messages.text("explain.sample", lang, index=sample.index), *_table(explanation)]
    return lines + [_filled(sentence, lang) for sentence in sample.words(lang)]


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


def _filled(sentence: str, lang: str, indent: str = _INDENT) -> str:
    return textwrap.fill(
        sentence,
        _WIDTH[lang],
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
