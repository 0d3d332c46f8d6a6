"""Ways to descend side by side: a panel for each measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradwright import _validate
from gradwright.plot.style import BLUE, GREEN, INK, VERMILION, drawing, finish, new_figure
from gradwright.plot.ticks import logarithmic
from gradwright.training import Comparison
from gradwright.training.comparison import MEASURES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Told apart also by those who see few colours: M. Okabe, K. Ito, Color universal design (2008).
_COLOURS = (BLUE, VERMILION, GREEN, "#CC79A7", "#E69F00", "#56B4E9", INK)
#: One after another where the colours come round again.
_STYLES = ("-", "--", ":", "-.")
_LINE_OF_NAMES = 0.2  # inches


def comparison(compared: Comparison, *, lang: str | None = None, title: str | None = None) -> Figure:
    """Draw the loss on the training samples against updates, epochs and seconds.

    Parameters
    ----------
    compared : Comparison
        From `gradwright.training.compare`.
    lang : {"en", "ko"}, optional
        The language; Korean needs an installed font with Hangul, and is English without one.
    title : str, optional

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ArgumentTypeError
        If `compared` is something else.
    MissingExtraError
        If matplotlib is not installed.

    Examples
    --------
    >>> from gradwright.training.comparison import Curve
    >>> one = Curve("one", (0.0, 1.0), (0.0, 1.0), (0.0, 0.1), (2.0, 1.0), None, False)
    >>> len(comparison(Comparison((one,))).axes)
    3
    """
    _validate.instance("compared", compared, Comparison)
    with drawing(lang) as pen:
        count = len(compared.curves)
        figure = new_figure(12.0, max(4.2, 0.8 + _LINE_OF_NAMES * count))
        for number, measure in enumerate(MEASURES, 1):
            axes = figure.add_subplot(1, len(MEASURES), number)
            for place, curve in enumerate(compared.curves):
                name = pen.name(curve.name, str(place + 1), width=30)
                label = pen.say("plot.diverged-curve", name=name) if curve.diverged else name
                cycle, colour = divmod(place, len(_COLOURS))
                look: dict[str, Any] = {"color": _COLOURS[colour], "linestyle": _STYLES[cycle % len(_STYLES)]}
                axes.plot(getattr(curve, measure), curve.loss, label=label, **look)
            logarithmic(axes.xaxis, linear_to=_first(compared, measure))
            logarithmic(axes.yaxis)
            axes.set_xlim(left=0)
            axes.set_xlabel(pen.say(f"plot.by-{measure}"))
            if number == 1:
                axes.set_ylabel(pen.say("plot.loss"))
                # Beside the panels: inside of them the names of many would cover the curves.
                figure.legend(loc="outside right upper", frameon=False)
        if line := pen.name(title or "", "", 90):
            figure.suptitle(line)
        return finish(figure)


def _first(compared: Comparison, measure: str) -> float:
    """Return the smallest amount after the start: up to there the axis is linear, as it begins at 0."""
    amounts = [amount for curve in compared.curves for amount in getattr(curve, measure)[1:2]]
    return max(min(amounts, default=1.0), 1e-6)
