"""What a wrong gradient may come from: a code, the evidence in numbers, and the cure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from gradwright import messages

#: All codes, from the most telling to the least: of two that explain as much, the first is named first.
CODES = (
    "mutates-input",
    "stochastic",
    "accumulates",
    "stale-cache",
    "ignores-input",
    "upstream-ignored",
    "missing-batch-mean",
    "extra-batch-mean",
    "sign",
    "transposed",
    "swapped-parameters",
    "softmax-diagonal-only",
    "bias-axis",
    "activation-derivative-missing",
    "activation-derivative-misplaced",
    "updated-too-early",
    "single-entry",
    "zero-block",
    "factor",
    "weight-decay",
    "permuted",
    "kink",
    "precision",
    "unknown",
)


#: So many arrays are named in a sentence.
_NAMED = 8


@dataclass(frozen=True)
class Cause:
    """One explanation of what a check found.

    Attributes
    ----------
    code : str
        One of `CODES`, such as ``missing-batch-mean``.
    arrays : tuple of str
        The arrays of x that it explains, such as ``("W1", "b1")``; empty where x is one array.
    facts : dict
        The numbers of the evidence, by name.
    variant : str
        Which evidence of the code it is, as the catalogue calls it.
    mistake : str
        The name of the mistake in the registry, where it is one of these.
    """

    code: str
    arrays: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    variant: str = ""
    mistake: str = ""

    @property
    def where(self) -> str:
        """The arrays as one writes them, the first few of many."""
        shown = [name or "x" for name in self.arrays[:_NAMED]]
        return ", ".join([*shown, "..."] if len(self.arrays) > _NAMED else shown) or "x"

    @property
    def evidence(self) -> str:
        """What was measured that speaks for it, with its numbers, in the language of the environment."""
        return self.said(None)

    @property
    def cure(self) -> str:
        """What to do, in one sentence."""
        return messages.text(f"cause.{self.code}.cure")

    def said(self, lang: str | None) -> str:
        """Return the evidence in `lang`; a mistake of the registry says first what was done."""
        key = f"cause.{self.code}.{self.variant or 'evidence'}"
        if self.mistake:
            key = "cause.mistake-fitted" if "rate" in self.facts else "cause.mistake"
        return messages.text(key, lang, where=self.where, **self._phrases())

    def _phrases(self) -> dict[str, Any]:
        """Return the facts, those that are words in place of keys of the catalogue."""
        found = dict(self.facts)
        if "kind" in found:
            found["kind"] = messages.phrase(f"kind.{found['kind']}")
        if "seen" in found:
            found["seen"] = messages.phrase(f"seen.{found['seen']}")
        if "layer" in found:
            layer = found["layer"]
            found["layers"] = (
                messages.phrase("cause.one-layer", layer=layer) if layer else messages.phrase("cause.all-layers")
            )
        return found

    def text(self, lang: str | None = None) -> str:
        """Return code, evidence and cure in words, a line each."""
        cure = messages.text(f"cause.{self.code}.cure", lang)
        return messages.text("cause.line", lang, code=self.code, evidence=self.said(lang), cure=cure)

    def to_dict(self, lang: str | None = None) -> dict[str, Any]:
        """Return everything as plain values that JSON can hold; None for what is not finite."""
        return {
            "code": self.code,
            "arrays": list(self.arrays),
            "evidence": self.said(lang),
            "cure": messages.text(f"cause.{self.code}.cure", lang),
            "facts": plain(self.facts),
            "mistake": self.mistake or None,
        }


def plain(value: Any) -> Any:
    """Return values as JSON can hold them, None for what is not finite."""
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


#: A variant of a cause that is only possible: it comes after those that are shown.
GUESSED = "guessed"
#: One explanation: a cause, or several that only together give what was found.
Explanation: TypeAlias = Sequence[Cause]


def ranked(explanations: Iterable[Explanation], wrong: Iterable[str]) -> list[Cause]:
    """Return causes best first.

    Explanations are taken one after the other, the one that explains most of what is left of the `wrong` arrays first,
    of equals the simpler one, then in the order of `CODES`. After them come others that explain as much as the first.
    Where some array is left without a cause, ``unknown`` is added.
    """
    names = set(wrong)
    options = sorted(explanations, key=_simplicity)
    left, kept = set(names), list[Cause]()
    first: Explanation | None = None
    while left:
        best = max(options, key=lambda some: len(left & _arrays(some, names)), default=None)
        if best is None or not left & _arrays(best, names):
            break
        first = first or best
        kept += best
        left -= _arrays(best, names)
    if first is not None:
        codes = {cause.code for cause in kept}
        for some in options:
            if len(some) <= len(first) and some[0].code not in codes and _arrays(some, names) >= _arrays(first, names):
                kept += some
                codes |= {cause.code for cause in some}
    return [*kept, Cause("unknown", tuple(sorted(left)))] if left else kept


def _arrays(explanation: Explanation, all_: set[str]) -> set[str]:
    named = set(explanation[0].arrays)
    return named & all_ if named else all_


def _simplicity(explanation: Explanation) -> tuple[int, bool, int]:
    first = explanation[0]
    return len(explanation), first.variant == GUESSED, CODES.index(first.code)
