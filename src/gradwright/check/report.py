"""What a gradient check found, entry by entry, and the verdict."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from gradwright import messages
from gradwright.errors import GradientMismatchError

#: A printed report shows this many entries; all are in `GradientReport.mismatches`.
_SHOWN = 5


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
    """

    verdict: str
    mismatches: list[Mismatch]
    checked: int
    total: int
    kinks: list[str]
    unclear: list[str]
    largest_error: float
    evaluations: int

    @property
    def passed(self) -> bool:
        """True of the verdict ``"passed"`` alone."""
        return self.verdict == "passed"

    def text(self, lang: str | None = None) -> str:
        """Return the report in words, at most a screen: the verdict first, then the worst entries."""
        lines = [
            messages.text(
                f"check.{self.verdict}",
                lang,
                checked=self.checked,
                total=self.total,
                wrong=len(self.mismatches),
                unclear=len(self.unclear),
                evaluations=self.evaluations,
            )
        ]
        lines += [
            messages.text(
                "check.entry",
                lang,
                where=m.where,
                analytic=m.analytic,
                numeric=m.numeric,
                error=m.error,
                tolerance=m.tolerance,
            )
            for m in self.mismatches[:_SHOWN]
        ]
        if len(self.mismatches) > _SHOWN:
            lines.append(messages.text("check.more", lang, count=len(self.mismatches) - _SHOWN))
        if self.kinks:
            lines.append(messages.text("check.kinks", lang, entries=", ".join(self.kinks[:_SHOWN])))
        if self.unclear:
            lines.append(messages.text("check.unclear", lang, entries=", ".join(self.unclear[:_SHOWN])))
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values that JSON can hold."""
        return {**asdict(self), "passed": self.passed}

    def raise_for_mismatch(self) -> None:
        """Raise unless the check passed: one line makes a test.

        Raises
        ------
        GradientMismatchError
            With the text of the report.
        """
        if not self.passed:
            raise GradientMismatchError("check.failed", report_en=self.text("en"), report_ko=self.text("ko"))
