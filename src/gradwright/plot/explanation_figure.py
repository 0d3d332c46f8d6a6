"""The way back through a network as one picture: down the left side forward, up the middle back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gradwright import _validate
from gradwright.nn import explanation_text
from gradwright.nn.explanation import Explanation, Quantity, Step
from gradwright.plot.style import BLUE, INK, MUTED, PAPER, VERMILION, Pen, drawing, new_figure, number, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Inches. A row is one quantity of the forward pass, beside it its gradient, beside that those of the parameters.
_ROW = 1.3
_FORWARD, _BACK, _PARAMETER, _WIDTH = 0.82, 3.3, 6.0, 12.0
_BETWEEN, _BESIDE = 6.65, 10.15  # where the formulas between rows, and of the parameters, stand as mathematics
_BOX, _HEIGHT, _LOW = 1.56, 0.5, 0.37
_PANEL, _PANEL_WIDTH = 3.62, 8.3  # left edge and width of the reasons
_COLUMNS = 134  # of their small print, as `explanation_text.columns_of` counts
_TINT = "#fdf1e8"  # vermilion, thinned until black on it reads well
_GAP = 0.12
_PRINT = 0.165  # from line to line of small print
_MONO = "DejaVu Sans Mono"  # comes with matplotlib


def explanation(explanation: Explanation, *, lang: str | None = None) -> Figure:
    """Draw the way back: forward down the left side, the gradients back up beside it, the parameters' at the right.

    Each quantity stands in a row with its gradient, which has its shape. The first gradient, from which all others
    follow, is highlighted; below stands where it comes from, with the numbers of one sample, and then why each kind of
    step is what it is. Beside every step stands its largest entry in numbers.

    Parameters
    ----------
    explanation : Explanation
        From `Network.explain`; of a network of any depth, best up to about six layers.
    lang : {"en", "ko"}, optional
        The language; Korean needs an installed font with Hangul, and is English without one.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ArgumentTypeError
        If `explanation` is no `Explanation`.
    MissingExtraError
        If matplotlib is not installed.

    Examples
    --------
    >>> from gradwright.nn import Network
    >>> net = Network.of_sizes([2, 3], rng=0)
    >>> figure = explanation(net.explain([[0.0, 1.0]], [2]))
    >>> "dW1" in [text.get_text() for text in figure.axes[0].texts]
    True
    """
    _validate.instance("explanation", explanation, Explanation)
    forward = [one for one in explanation.forward if not (one.name == "y" and _is_output(one, explanation))]
    with drawing(lang) as pen:
        panels = [_Panel.of_the_first(explanation, pen), _Panel.of_the_others(explanation, pen)]
        top = _ROW * (1 + [one.name for one in forward].index(explanation.steps[0].of)) + 0.62
        height = max(_ROW * len(forward) + 0.4, top + sum(panel.height + _GAP for panel in panels))
        figure = new_figure(_WIDTH, height)
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_xlim(0, _WIDTH)
        axes.set_ylim(-height, 0)
        axes.axis("off")
        page = _Page(axes, pen, {one.name: -_ROW * (i + 1) for i, one in enumerate(forward)})
        _heads(page)
        _way_forward(page, forward)
        _turn(page, explanation)
        for panel in panels:
            panel.draw(page, -top)
            top += panel.height + _GAP
        _way_back(page, explanation)
        return wrap(figure, axes, _WIDTH, height)


def _is_output(prediction: Quantity, explanation: Explanation) -> bool:
    """Tell whether the prediction is the last output itself, as in a regression."""
    return prediction.formula.text == explanation.steps[0].of


@dataclass(frozen=True)
class _Page:
    """What is drawn on, and the height of each quantity's row."""

    axes: Axes
    pen: Pen
    rows: dict[str, float]

    def write(self, x: float, y: float, text: str, **style: Any) -> None:
        """Write plain text; arrows and signs in a font that has them."""
        options = {"fontsize": 9, "color": INK, "va": "center", "ha": "left", "family": self.pen.symbol_fonts, **style}
        self.axes.text(x, y, text, **options)

    def math(self, x: float, y: float, latex: str, **style: Any) -> None:
        """Write a formula."""
        options = {"fontsize": 11, "color": INK, "va": "center", "ha": "left", "math_fontfamily": "stix", **style}
        self.axes.text(x, y, f"${latex}$", parse_math=True, **options)

    def arrow(self, start: tuple[float, float], end: tuple[float, float], colour: str, width: float = 1.2) -> None:
        """Draw an arrow."""
        style = {"arrowstyle": "-|>,head_width=0.22,head_length=0.42", "color": colour, "linewidth": width}
        self.axes.annotate("", end, start, arrowprops={**style, "shrinkA": 0, "shrinkB": 0})

    def box(self, x: float, y: float, height: float, edge: str, face: str = PAPER, width: float = 1.0) -> None:
        """Draw a box around a middle."""
        from matplotlib.patches import FancyBboxPatch

        corner, style = (x - _BOX / 2, y - height / 2), "round,pad=0,rounding_size=0.07"
        self.axes.add_patch(
            FancyBboxPatch(
                corner, _BOX, height, boxstyle=style, edgecolor=edge, facecolor=face, linewidth=width, zorder=3
            )
        )


def _heads(page: _Page) -> None:
    for x, key in ((_FORWARD, "forward"), (_BACK, "back"), (_PARAMETER, "parameters")):
        page.write(x, -0.5, page.pen.say(f"explain.head.{key}"), fontsize=11, family=list(page.pen.fonts), ha="center")


def _way_forward(page: _Page, forward: list[Quantity]) -> None:
    for i, one in enumerate(forward):
        y = page.rows[one.name]
        page.box(_FORWARD, y, _HEIGHT, MUTED)
        symbol = f"{one.name[0]}_{{{one.name[1:].replace('_', ',')}}}" if len(one.name) > 1 else one.name
        page.math(_FORWARD - 0.38, y, symbol, fontsize=13, ha="center", zorder=4)
        shape = str(one.shape) if one.shape else f"= {number(float(f'{float(one.value):.4g}'))}"
        page.write(_FORWARD + 0.22, y, shape, fontsize=8, ha="center", color=MUTED, zorder=4)
        if i:
            page.arrow((_FORWARD, y + _ROW - _HEIGHT / 2), (_FORWARD, y + _HEIGHT / 2), MUTED)
            page.math(_FORWARD + 0.12, y + _ROW / 2, one.formula.latex, fontsize=10, color=MUTED)


def _way_back(page: _Page, explanation: Explanation) -> None:
    first = explanation.steps[0]
    source = first.of
    beside: dict[str, int] = {}
    for step in explanation.steps:
        if step.of in page.rows:
            y = page.rows[step.of]
            edge, face = (VERMILION, _TINT) if step is first else (BLUE, PAPER)
            page.box(_BACK, y, _HEIGHT, edge, face, 1.8 if step is first else 1.0)
            _label(page, _BACK, y, step)
            if step is not first:
                page.arrow((_BACK, page.rows[source] + _HEIGHT / 2), (_BACK, y - _HEIGHT / 2), BLUE)
                _formula(page, _BACK + 0.14, (y + page.rows[source]) / 2, step, _BETWEEN)
            source = step.of
        else:
            place = beside.get(source, 0)
            beside[source] = place + 1
            _parameter(page, source, place, step)


def _label(page: _Page, x: float, y: float, step: Step) -> None:
    page.write(x - 0.66, y, step.name, fontsize=10, weight="bold", family=_MONO, zorder=4)
    page.math(x + 0.02, y, step.latex.replace(r"\frac", r"\dfrac"), fontsize=8.5, ha="center", zorder=4)
    page.write(x + 0.69, y, str(tuple(step.value.shape)), fontsize=7.5, color=MUTED, ha="right", zorder=4)


def _parameter(page: _Page, source: str, place: int, step: Step) -> None:
    y = page.rows[source] + (0.215 if place == 0 else -0.215)
    page.arrow((_BACK + _BOX / 2, page.rows[source]), (_PARAMETER - _BOX / 2, y), BLUE)
    page.box(_PARAMETER, y, _LOW, BLUE)
    _label(page, _PARAMETER, y, step)
    _formula(page, _PARAMETER + _BOX / 2 + 0.12, y, step, _BESIDE)


def _formula(page: _Page, x: float, y: float, step: Step, maths: float) -> None:
    """Write the step as code, below how its shapes multiply and its largest entry, and at the right as mathematics."""
    page.write(x, y + 0.13, f"{step.name} = {step.formula.text}", fontsize=8, family=_MONO)
    page.write(x, y, step.shapes.replace("->", "→"), fontsize=7.5, color=MUTED)
    page.write(x, y - 0.13, _entry(step), fontsize=7.5, color=MUTED)
    latex = step.formula.latex.replace(r"\frac", r"\dfrac")
    page.math(maths, y, latex, fontsize=9)


def _entry(step: Step) -> str:
    place = f"[{', '.join(map(str, step.entry.index))}]"
    terms = explanation_text.numbers_of(step, most=1, digits=3).replace(" * ", " · ").replace("...", "…")
    value = f"{step.entry.value + 0.0:.3g}"
    shown = f"{place} = {value}" if step.entry.terms.size == 1 else f"{place} = {terms} = {value}"
    return shown.replace("-", "\N{MINUS SIGN}")


def _turn(page: _Page, explanation: Explanation) -> None:
    """Draw the way from the loss to the first gradient."""
    first = explanation.steps[0]
    top, bottom = page.rows[first.of], page.rows["L"]
    page.axes.plot([_FORWARD + _BOX / 2, _BACK], [bottom, bottom], color=VERMILION, linewidth=1.8)
    page.arrow((_BACK, bottom), (_BACK, top - _HEIGHT / 2), VERMILION, 1.8)


@dataclass(frozen=True)
class _Block:
    """A formula, in LaTeX or as code, and below it what is to be said of it, in lines that fit."""

    formula: str
    is_code: bool
    lines: tuple[str, ...]

    @property
    def height(self) -> float:
        """The height in inches."""
        return (0.36 if self.is_code else 0.46) + _PRINT * len(self.lines)


@dataclass(frozen=True)
class _Panel:
    """Reasons: a heading, the reason of the whole, blocks, and at the end one sample in words."""

    heading: str
    code: str
    blocks: tuple[_Block, ...]
    reason: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @staticmethod
    def of_the_first(explanation: Explanation, pen: Pen) -> _Panel:
        """Return the panel of the first gradient: its reason, the lines of its derivation, the sample."""
        first, sample = explanation.steps[0], explanation.sample
        code = f"{first.name} = {first.formula.text}"
        blocks = [
            _Block(one.formula.latex.replace(r"\frac", r"\dfrac"), False, _lines(pen.say(one.why)))
            for one in sample.derivation
        ]
        words = [pen.say("explain.sample", index=sample.index)]
        for sentence in sample.words(pen.lang):
            words += _lines(sentence)
        reason = _lines(first.reason(pen.lang))
        return _Panel(pen.say("explain.figure-why"), code, tuple(blocks), reason, tuple(words))

    @staticmethod
    def of_the_others(explanation: Explanation, pen: Pen) -> _Panel:
        """Return the panel of the other steps: one of each kind, as it first comes."""
        kinds: dict[str, Step] = {}
        for step in explanation.steps[1:]:
            kinds.setdefault(step.why, step)
        blocks = [
            _Block(f"{step.name} = {step.formula.text}", True, _lines(step.reason(pen.lang))) for step in kinds.values()
        ]
        return _Panel(pen.say("explain.figure-why-others"), "", tuple(blocks))

    @property
    def height(self) -> float:
        """The height in inches."""
        lines = _PRINT * (len(self.reason) + len(self.words))
        return 0.6 + (0.12 if self.reason else 0) + sum(block.height for block in self.blocks) + lines

    def draw(self, page: _Page, top: float) -> None:
        """Draw it below `top`."""
        from matplotlib.patches import FancyBboxPatch

        corner, style = (_PANEL, top - self.height), "round,pad=0,rounding_size=0.07"
        page.axes.add_patch(
            FancyBboxPatch(corner, _PANEL_WIDTH, self.height, boxstyle=style, edgecolor="none", facecolor=_TINT)
        )
        x, y = _PANEL + 0.18, top - 0.24
        page.write(x, y, self.heading, color=VERMILION, fontsize=10.5, family=list(page.pen.fonts))
        if self.code:
            page.write(_PANEL + _PANEL_WIDTH - 0.18, y, self.code, family=_MONO, ha="right", weight="bold")
        y -= 0.42
        if self.reason:
            self._print(page, x, y + 0.12, self.reason)
            y -= _PRINT * len(self.reason) + 0.12
        for block in self.blocks:
            if block.is_code:
                page.write(x, y + 0.06, block.formula, fontsize=8.5, family=_MONO, weight="bold")
            else:
                page.math(x, y, block.formula, fontsize=10)
            self._print(page, x, y - (0.15 if block.is_code else 0.27), block.lines)
            y -= block.height
        self._print(page, x, y + 0.1, self.words)

    @staticmethod
    def _print(page: _Page, x: float, y: float, lines: tuple[str, ...]) -> None:
        for line in lines:
            page.write(x, y, line, fontsize=8, color=INK, family=list(page.pen.fonts))
            y -= _PRINT


def _lines(sentence: str) -> tuple[str, ...]:
    return tuple(explanation_text.wrapped(sentence, _COLUMNS))
