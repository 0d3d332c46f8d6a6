"""What a gradient check found, entry by entry, and the verdict."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from gradwright import messages
from gradwright.check.causes import Cause, plain
from gradwright.check.taylor import TaylorTest
from gradwright.errors import GradientMismatchError

#: A printed report shows this many entries; all are in `GradientReport.mismatches`.
_SHOWN = 5
#: And this many causes.
_CAUSES = 3


@dataclass(frozen=True)
class Mismatch:
    """One entry whose analytic and numeric derivative differ by more than can be explained.

    Attributes
    ----------
    path : str
        The array, such as ``W1``; empty where x is a single array.
    index : tuple of int
        The entry.
    analytic, numeric : float
        The derivative under test, and the one measured; at a kink the nearer of the two one-sided slopes.
    error : float
        Their difference, absolute.
    tolerance : float
        What measurement and rounding could explain.
    """

    path: str
    index: tuple[int, ...]
    analytic: float
    numeric: float
    error: float
    tolerance: float

    @property
    def where(self) -> str:
        """The entry as one writes it, such as ``W1[0, 3]``."""
        position = ", ".join(map(str, self.index))
        return f"{self.path or 'x'}[{position}]" if self.index else self.path or "x"


@dataclass(frozen=True)
class GradientReport:
    """The result of a gradient check.

    Attributes
    ----------
    verdict : {"passed", "wrong", "inconclusive"}
        ``"inconclusive"`` where nothing contradicts, but the derivatives could not be measured well enough to say.
    mismatches : list of Mismatch
        The wrong entries, worst first.
    checked, total : int
        How many entries were compared, of how many.
    kinks : list of str
        Entries at which the function has a kink: there any gradient between its two slopes is right.
    unclear : list of str
        Entries of which nothing can be said: their derivative could not be measured well enough, or too little is left
        of the gradient in its dtype.
    largest_error : float
        The largest difference over all entries that could be measured, in units of its tolerance.
    evaluations : int
        The number of evaluations of the function.
    causes : list of Cause
        What may have gone wrong, best first, each with its evidence and cure; of an inconclusive check ``precision``,
        and where there were kinks ``kink``.
    taylor : TaylorTest or None
        A second opinion on a wrong gradient; `gradwright.plot.taylor` draws it.
    directions : int
        The number of random directions that were used in the place of entries; 0 where entries were measured.
    seed : int or None
        What drew the sample, the directions and the other point, where it was a number.
    """

    verdict: str
    mismatches: list[Mismatch]
    checked: int
    total: int
    kinks: list[str]
    unclear: list[str]
    largest_error: float
    evaluations: int
    causes: list[Cause] = field(default_factory=list)
    taylor: TaylorTest | None = None
    directions: int = 0
    seed: int | None = None

    @property
    def passed(self) -> bool:
        """True of the verdict ``"passed"`` alone."""
        return self.verdict == "passed"

    def text(self, lang: str | None = None) -> str:
        """Return the report in words, at most a screen: the verdict, the worst entries, the causes with their cures."""
        lines = [self._verdict(lang)]
        lines += self._table(lang)
        if len(self.mismatches) > _SHOWN:
            lines.append(messages.text("check.more", lang, count=len(self.mismatches) - _SHOWN))
        if self.verdict != "passed":
            lines += [cause.text(lang) for cause in self.causes[:_CAUSES]]
        if self.taylor is not None and self.taylor.order == self.taylor.order:
            both = {"order": self.taylor.order, "right_order": self.taylor.right_order}
            lines.append(messages.text("check.taylor", lang, **both))
        if self.kinks:
            lines.append(messages.text("check.kinks", lang, entries=", ".join(self.kinks[:_SHOWN])))
        if self.unclear:
            lines.append(messages.text("check.unclear", lang, entries=", ".join(self.unclear[:_SHOWN])))
        if self.seed is not None and (self.directions or self.checked < self.total):
            lines.append(messages.text("check.seed", lang, seed=self.seed))
        return "\n".join(lines)

    def _verdict(self, lang: str | None) -> str:
        key = f"check.{self.verdict}"
        if self.verdict == "wrong" and self.directions:
            key = "check.wrong-along"
        elif self.verdict == "wrong" and not self.mismatches:
            key = "check.misbehaves"
        return messages.text(
            key,
            lang,
            checked=self.checked,
            total=self.total,
            wrong=len(self.mismatches),
            found=len(self.mismatches),
            directions=self.directions,
            unclear=len(self.unclear),
            evaluations=self.evaluations,
        )

    def _table(self, lang: str | None) -> list[str]:
        """Return the worst entries, a line each, under a heading."""
        if not self.mismatches:
            return []
        names = ("entry", "analytic", "numeric", "error", "tolerance")
        rows = [[messages.text(f"check.column-{name}", lang) for name in names]]
        for m in self.mismatches[:_SHOWN]:
            numbers = (f"{m.analytic:.9g}", f"{m.numeric:.9g}", f"{m.error:.2g}", f"{m.tolerance:.2g}")
            rows.append([m.where, *numbers])
        widths = [max(messages.columns_of(row[k]) for row in rows) for k in range(len(names))]
        return [
            "  "
            + "  ".join(
                text + " " * (width - messages.columns_of(text)) for text, width in zip(row, widths, strict=True)
            ).rstrip()
            for row in rows
        ]

    def __str__(self) -> str:
        return self.text()

    def to_dict(self, lang: str | None = None) -> dict[str, Any]:
        """Return everything as plain values that JSON can hold, its sentences in `lang`."""
        found = asdict(self)
        found["mismatches"] = [{**asdict(m), "index": list(m.index)} for m in self.mismatches]
        found["causes"] = [cause.to_dict(lang) for cause in self.causes]
        found["taylor"] = None if self.taylor is None else self.taylor.to_dict()
        return {**plain(found), "passed": self.passed}

    def raise_for_mismatch(self) -> None:
        """Raise unless the check passed: one line makes a test.

        Raises
        ------
        GradientMismatchError
            With the text of the report.
        """
        if not self.passed:
            raise GradientMismatchError("check.failed", report_en=self.text("en"), report_ko=self.text("ko"))
