"""How figures look: paper, ink, colours, fonts.

Figures are made without pyplot, under matplotlib's default style with a few changes, so that they come out the same
whatever the caller's own settings are; those are as before afterwards.
"""

from __future__ import annotations

import contextlib
import io
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from gradwright import messages
from gradwright.errors import MissingExtraError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, MUTED, FAINT, PAPER = "#222222", "#666666", "#e4e4e4", "#ffffff"
# Okabe and Ito's palette, which people of every kind of colour vision can tell apart.
BLUE, VERMILION, GREEN = "#0072B2", "#D55E00", "#009E73"

# Fonts with Hangul, those of Windows and macOS first. Of a collection (.ttc) matplotlib knows the first face only, and
# that of Noto's and Source Han's collections is the Japanese one, which has Hangul too.
HANGUL_FONTS = (
    "Malgun Gothic",
    "Apple SD Gothic Neo",
    "AppleGothic",
    "Pretendard",
    "Noto Sans KR",
    "Noto Sans CJK KR",
    "Noto Sans CJK JP",
    "Source Han Sans KR",
    "Source Han Sans",
    "NanumGothic",
    "NanumBarunGothic",
    "NanumSquare",
    "UnDotum",
    "Baekmuk Dotum",
    "Baekmuk Gulim",
    "Gulim",
    "Dotum",
    "Batang",
    "NanumMyeongjo",
    "Droid Sans Fallback",
    "Arial Unicode MS",
)
_LATIN_FONT = "DejaVu Sans"  # comes with matplotlib

_SETTINGS: dict[str, Any] = {
    "font.size": 9.0,
    "text.color": INK,
    "text.parse_math": False,  # a class may be called "$5"
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.labelsize": 9.0,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "lines.solid_capstyle": "round",
}


def matplotlib_of() -> ModuleType:
    """Return matplotlib, or say which extra brings it."""
    try:
        import matplotlib
        import matplotlib.figure
        import matplotlib.style
    except ImportError:
        raise MissingExtraError("extra.missing", package="matplotlib", extra="app") from None
    return matplotlib


def _hangul_font() -> str | None:
    from matplotlib import font_manager

    installed = set(font_manager.get_font_names())
    return next((name for name in HANGUL_FONTS if name in installed), None)


@dataclass(frozen=True)
class Pen:
    """What the words of one figure are written with.

    Attributes
    ----------
    lang : {"en", "ko"}
        The language: English also where Korean was asked for but no font has Hangul.
    fonts : tuple of str
        The fonts; what the first lacks is taken from the next.
    """

    lang: str
    fonts: tuple[str, ...]

    @property
    def symbol_fonts(self) -> list[str]:
        """The same fonts for text with arrows, which the Hangul fonts draw small and far off the line."""
        return sorted(self.fonts, key=lambda font: font != _LATIN_FONT)

    def say(self, key: str, /, **fields: Any) -> str:
        """Return the sentence called `key` in the figure's language."""
        return messages.text(key, self.lang, **fields)

    def name(self, text: str, instead: str, width: int = 18, *, end: bool = False) -> str:
        """Return `text` on one line of at most `width` columns, or `instead` where a character is in no font.

        Of a text that is too long its beginning is kept, or its end.
        """
        line = " ".join(text.split())
        known = line.isascii() or set(map(ord, line)) <= self._characters
        if not (line and line.isprintable() and known):
            return instead
        return _shortened(line[::-1], width)[::-1] if end else _shortened(line, width)

    def names(self, texts: Sequence[str], count: int, width: int = 18) -> list[str]:
        """Return a name for each of `count` classes: its own, as `name` writes it, or its number.

        Where two are the same but for what was cut off, their ends are shown; where those are the same, their numbers.
        """
        given = [*texts, *map(str, range(len(texts), count))]
        found = [self.name(text, str(k), width) for k, text in enumerate(given)]
        ends = [self.name(text, str(k), width, end=True) for k, text in enumerate(given)]
        for instead in (ends, list(map(str, range(len(given))))):
            times = Counter(found)
            found = [name if times[name] == 1 else other for name, other in zip(found, instead, strict=True)]
        return found

    @cached_property
    def _characters(self) -> frozenset[int]:
        from matplotlib import font_manager

        paths = [font_manager.findfont(name, fallback_to_default=False) for name in self.fonts]
        return frozenset(code for path in paths for code in font_manager.get_font(path).get_charmap())


def columns_of(text: str) -> int:
    """Return how wide a text is, in columns of a letter; Hangul counts two."""
    return sum(_columns(text))


def _columns(text: str) -> list[int]:
    return [2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text]


def _shortened(line: str, width: int) -> str:
    columns = _columns(line)
    if sum(columns) <= width:
        return line
    kept, used = 0, 1  # the ellipsis
    while used + columns[kept] <= width:
        used += columns[kept]
        kept += 1
    return line[:kept].rstrip() + "…"


@contextlib.contextmanager
def drawing(lang: str | None) -> Iterator[Pen]:
    """Give the house style to everything that is made inside, and the pen to write with.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    matplotlib = matplotlib_of()
    hangul = _hangul_font()
    korean = messages.language(lang) == "ko" and hangul is not None
    # In English a title or the name of a class may still be Korean.
    fonts = [font for font in (hangul, _LATIN_FONT) if font is not None]
    pen = Pen("ko" if korean else "en", tuple(fonts if korean else reversed(fonts)))
    # Near the largest floats a distance or a slope may overflow: what is not finite is not drawn, and that is all.
    with matplotlib.style.context("default"), np.errstate(all="ignore"):
        matplotlib.rcParams.update({**_SETTINGS, "font.family": list(pen.fonts)})
        yield pen


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of `width` x `height` inches that no display and no pyplot knows of."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = _figure_class()(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


@lru_cache
def _figure_class() -> type[Figure]:
    """Return matplotlib's figure with the method by which a notebook shows what a cell returns.

    Without pyplot, which would have to be imported and have its backend set, a notebook knows nothing of figures.
    """
    from matplotlib.figure import Figure

    class NotebookFigure(Figure):
        def _repr_png_(self) -> bytes:
            content = io.BytesIO()
            self.savefig(content, format="png", dpi=100)
            return content.getvalue()

    return NotebookFigure


def finish(figure: Figure) -> Figure:
    """Settle the layout of a figure, and make all its parts while the style is in force.

    Both happen at the first drawing otherwise, and the layout moves a little at each further one: the same figure saved
    twice would make two different files.
    """
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    return figure


def wrap(figure: Figure, axes: Axes, width: float, height: float) -> Figure:
    """Make `axes` exactly `width` x `height` inches and its figure just large enough for all that stands around it.

    For pictures with a fixed aspect, about which matplotlib's own layouts leave empty bands.
    """
    figure.set_layout_engine("none")
    figure.set_size_inches(width, height)
    axes.set_position((0.0, 0.0, 1.0, 1.0))
    # Measuring makes all parts too, the style being in force. What hangs on the axes is placed by shares of it or by
    # points from it, so it keeps its place in inches.
    box = figure.get_tightbbox()
    pad = 0.12
    full_width, full_height = box.width + 2 * pad, box.height + 2 * pad
    figure.set_size_inches(full_width, full_height)
    left, bottom = pad - box.x0, pad - box.y0
    axes.set_position((left / full_width, bottom / full_height, width / full_width, height / full_height))
    return figure


def number(value: float, _position: float | None = None) -> str:
    """Write a number as short as it goes, with a real minus sign."""
    return f"{value:,.7g}".replace("-", "\N{MINUS SIGN}")


def share(value: float) -> str:
    """Write a probability as a percentage; 100% only where it is 1."""
    text = f"{value:.0%}"
    return ">99%" if text == "100%" and value < 1 else text


def end_labels(axes: Axes, labels: list[tuple[float, str, str]], gap: float = 0.065) -> None:
    """Name lines at their right ends, moved apart where they would touch.

    Parameters
    ----------
    axes : Axes
        With its limits set.
    labels : list of (y, text, colour)
        In the units of the y axis.
    gap : float
        The least distance, as a share of the axis.
    """
    to_share = axes.transData + axes.transAxes.inverted()
    ordered = sorted(labels, key=lambda label: label[0])
    places = [float(to_share.transform((0.0, y))[1]) for y, _, _ in ordered]
    for place, (_, text, colour) in zip(_apart(places, gap), ordered, strict=True):
        axes.annotate(
            text,
            (1.0, place),
            xycoords="axes fraction",
            xytext=(6, 0),
            textcoords="offset points",
            color=colour,
            verticalalignment="center",
            annotation_clip=False,
        )


def _apart(places: list[float], gap: float) -> list[float]:
    """Return ascending places moved to be at least `gap` apart, each group about its own middle."""
    groups: list[list[float]] = []
    for place in places:
        groups.append([place])
        while len(groups) > 1 and _low(groups[-1], gap) - _high(groups[-2], gap) < gap:
            last = groups.pop()
            groups[-1] += last
    return [_low(group, gap) + i * gap for group in groups for i in range(len(group))]


def _low(group: list[float], gap: float) -> float:
    extent = gap * (len(group) - 1)
    return max(0.0, min(1.0 - extent, sum(group) / len(group) - extent / 2))


def _high(group: list[float], gap: float) -> float:
    return _low(group, gap) + gap * (len(group) - 1)


def grid_of(count: int, aspect: float = 1.0) -> tuple[int, int]:
    """Return the rows and columns of a grid with the fewest empty cells, somewhat wider than high.

    Parameters
    ----------
    count : int
        How many cells there must be at least; up to five are one row.
    aspect : float
        Width over height of a cell.
    """
    if count <= 5:
        return 1, count
    root = math.sqrt(count / aspect)
    # From as wide as high to two and a half times as wide, at best 1.6 times.
    choices = range(max(1, math.ceil(root)), max(1, math.ceil(root), math.floor(root * math.sqrt(2.5))) + 1)
    columns = min(choices, key=lambda c: (-count % c, abs(c - root * math.sqrt(1.6))))
    return math.ceil(count / columns), columns
