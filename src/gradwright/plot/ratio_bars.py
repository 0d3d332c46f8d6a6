"""How many times as long others take: a panel of bars for each job."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from gradwright import _validate
from gradwright.errors import ArgumentError
from gradwright.plot.style import BLUE, INK, MUTED, VERMILION, drawing, finish, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ROW, _HEAD = 0.26, 0.62  # inches


def ratios(panels: Mapping[str, Mapping[str, float]], *, lang: str | None = None, title: str | None = None) -> Figure:
    """Draw ratios of times, on a logarithmic scale, from a line at 1: to the right slower, to the left faster.

    Parameters
    ----------
    panels : mapping of mapping
        For each job, by its name, the ratio of each contestant by name, above 0.
    lang : {"en", "ko"}, optional
        The language of what is not in `panels` and `title`.
    title : str, optional

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ArgumentError
        If there is nothing to draw, or a ratio is not a positive number.
    MissingExtraError
        If matplotlib is not installed.

    Examples
    --------
    >>> figure = ratios({"a job": {"one": 2.0, "another": 0.5}})
    >>> len(figure.axes)
    1
    """
    if not panels or not all(panels.values()):
        raise ArgumentError("plot.no-ratios")
    named = [(f"panels[{job!r}][{name!r}]", value) for job, its in panels.items() for name, value in its.items()]
    values = [_validate.positive(name, value) for name, value in named]
    counts = [len(its) for its in panels.values()]
    heights = [_HEAD + _ROW * count for count in counts]
    low, high = min(0.5, *values), max(2.0, *values)
    with drawing(lang):
        figure = new_figure(8.2, sum(heights) + 0.5)
        grid = figure.add_gridspec(len(panels), 1, height_ratios=heights)
        for place, (job, its) in enumerate(panels.items()):
            axes = figure.add_subplot(grid[place, 0])
            axes.set_xscale("log")
            axes.set_xlim(low / 1.3, high * 4)
            axes.set_ylim(len(its) - 0.4, -0.6)
            for row, value in enumerate(its.values()):
                axes.barh(row, value - 1, left=1, height=0.62, color=BLUE if value >= 1 else VERMILION)
                axes.annotate(
                    _times(value), (max(value, 1.0), row), (4, 0), textcoords="offset points", va="center", color=INK
                )
            axes.axvline(1, color=INK, linewidth=1)
            axes.set_yticks(range(len(its)), list(its))
            axes.set_xticks([])
            axes.minorticks_off()
            axes.tick_params(axis="y", length=0, colors=MUTED)
            for side in ("top", "right", "bottom", "left"):
                axes.spines[side].set_visible(False)
            axes.set_title(job, loc="left")
        if title is not None:
            figure.suptitle(title)
        return finish(figure)


def _times(value: float) -> str:
    digits = max(0, 1 - math.floor(math.log10(value)))
    return f"{value:,.{digits}f}×"
