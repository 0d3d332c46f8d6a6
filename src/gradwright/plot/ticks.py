"""Numbers beside the ticks of an axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from gradwright.plot.style import number

if TYPE_CHECKING:
    from matplotlib.axis import Axis
    from matplotlib.ticker import Formatter


#: An axis that goes less than so many times as far may have one power of ten on it; less far, no 1, 2 or 5 either.
_FEW, _HARDLY_ANY = 100.0, 3.0


def write_numbers(axis: Axis) -> None:
    """Write the ticks of an axis as `number` does.

    Where the range is so narrow that its digits do not tell the ticks apart, each is written as its distance from a
    round number within the range, and that number once, at the end of the axis.
    """
    axis.set_major_formatter(_formatter_class()())


def logarithmic(axis: Axis, *, linear_to: float | None = None) -> None:
    """Make the axis of what is drawn logarithmic, with plain numbers at powers of ten, and between where those are few.

    It is linear from 0 to `linear_to`, if that is given.
    """
    from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator, SymmetricalLogLocator

    which = axis.axis_name  # type: ignore[attr-defined]  # "x" or "y"
    if linear_to is None:
        axis.axes.set(**{f"{which}scale": "log"})
        low, high = axis.get_view_interval()
        powers = LogLocator(subs=(1.0, 2.0, 5.0) if high < _FEW * low else (1.0,), numticks=8)
        axis.set_major_locator(MaxNLocator(5) if high < _HARDLY_ANY * low else powers)
    else:
        getattr(axis.axes, f"set_{which}scale")("symlog", linthresh=linear_to, linscale=0.5)
        axis.set_major_locator(SymmetricalLogLocator(base=10, linthresh=linear_to))
    axis.set_minor_locator(NullLocator())
    near_zero = 2 * (linear_to or 0.0)  # a number there would stand in that of the 0
    axis.set_major_formatter(FuncFormatter(lambda value, _: "" if 0 < value < near_zero else number(value)))


def reference_of(ticks: Sequence[float]) -> float:
    """Return the number from which ticks are counted: 0 where `number` tells them apart, else a round one among them.

    Examples
    --------
    >>> reference_of([1.0, 1.5]), reference_of([-3.00000002, -3.0, -2.99999998])
    (0.0, -3.0)
    """
    places = np.sort(np.asarray(ticks, dtype=np.float64))
    if len(places) < 2 or max(abs(float(f"{place:.7g}") - place) for place in places) <= np.diff(places).min() / 100:
        return 0.0
    middle = float(places[len(places) // 2])
    rounded = (float(f"{middle:.{digits}g}") for digits in range(1, 17))
    return next((near for near in rounded if places[0] <= near <= places[-1]), middle)


@lru_cache
def _formatter_class() -> type[Formatter]:
    # Made when first used: matplotlib is loaded only where a figure is drawn.
    from matplotlib.ticker import Formatter

    class Numbers(Formatter):
        reference, gap = 0.0, 0.0

        def format_ticks(self, values: Sequence[float]) -> list[str]:
            self.reference = reference_of(values)
            self.gap = float(np.min(np.abs(np.diff(values)), initial=math.inf))
            return super().format_ticks(list(values))

        def __call__(self, value: float, _position: int | None = None) -> str:
            if not self.reference:
                return number(value)
            # The difference shows rounding of the ticks, far below their distance.
            return number(round(value - self.reference, 2 - math.floor(math.log10(self.gap))) + 0.0)

        def get_offset(self) -> str:
            if not self.reference:
                return ""
            sign = "+" if self.reference > 0 else "\N{MINUS SIGN}"
            return f"{sign} {abs(self.reference):,.16g}"

    return Numbers
