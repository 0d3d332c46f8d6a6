"""The picture of a training run."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gradwright import _validate
from gradwright.plot.style import (
    BLUE,
    GREEN,
    INK,
    PAPER,
    VERMILION,
    Pen,
    drawing,
    end_labels,
    finish,
    new_figure,
)
from gradwright.plot.ticks import write_numbers
from gradwright.training import History, Record

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOURS = {"train": BLUE, "validation": GREEN, "test": VERMILION}
_PALE = "#7fb3d5"  # BLUE as it looks where it is drawn faint
# More steps than this are thinned: a panel is some 500 pixels wide, and each pixel needs its lowest and highest value.
_MOST_STEPS = 2000
# Up to this many evaluations each is marked by a dot (and one alone is not a line at all).
_MOST_DOTS = 12
# From this ratio of the highest loss to the lowest the axis is logarithmic.
_LOG_RATIO = 100.0


def history(
    history: History, *, fig: Figure | None = None, lang: str | None = None, title: str | None = None
) -> Figure:
    """Draw how a training run went: the loss, and beside it the accuracy.

    The loss of each step's batch is drawn faint; strong, its mean between two evaluations, at the middle of the steps
    it is the mean of; and the loss on the samples not trained on. A line marks the epoch from which the run overfits,
    where it does (`History.overfits_from`). The loss axis is logarithmic where the losses span a factor of 100. Time
    counts in epochs, in steps where the run was shorter than one epoch.

    Parameters
    ----------
    history : History
        Of a run that is over or still going on.
    fig : Figure or SubFigure, optional
        An empty one to draw into; by default a new one.
    lang : {"en", "ko"}, optional
        The language; Korean needs an installed font with Hangul, and is English without one.
    title : str, optional
        A heading; left out where no font has its characters.

    Returns
    -------
    matplotlib.figure.Figure
        `fig`, or the new figure. A run without accuracies (regression) has the panel of the loss alone.

    Raises
    ------
    ArgumentTypeError
        If `history` is no `History`.
    MissingExtraError
        If matplotlib is not installed.

    Notes
    -----
    pyplot is not touched. A notebook shows the figure where it is the last line of a cell. Of more than
    2,000 steps the lowest and the highest loss of each thousandth of the run are drawn.

    Examples
    --------
    >>> from gradwright.nn import Network
    >>> from gradwright.training import train
    >>> net = Network.of_sizes([2, 8, 2], "tanh", rng=1)
    >>> xor = ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0])
    >>> figure = history(train(net, xor, steps=50, batch_size=4, rng=0))
    >>> [axes.get_title("left") for axes in figure.axes]
    ['loss', 'accuracy (%)']
    """
    _validate.instance("history", history, History)
    scored = any(accuracy is not None for accuracy in history.train_accuracy)
    with drawing(lang) as pen:
        target = new_figure(9.0 if scored else 5.6, 3.6) if fig is None else fig
        target.set_facecolor(PAPER)
        panels = target.subplots(1, 2 if scored else 1, squeeze=False)[0]
        time = _Time(history)
        _loss_panel(panels[0], history, time, pen)
        if scored:
            _accuracy_panel(panels[1], history, time, pen)
        _mark_overfitting(list(panels), history, time, pen)
        for axes in panels:
            # Tick labels are otherwise made at the first drawing, when the style is no longer in force.
            axes.get_xticklabels(), axes.get_yticklabels()
        line = pen.name(title, "", 90) if title else ""
        if line:
            target.suptitle(line, fontsize=11)
        return finish(target) if fig is None else target


class _Time:
    """The horizontal axis: steps, counted in epochs where the run had one."""

    def __init__(self, history: History) -> None:
        last = history.records[-1] if history.records else None
        self.in_epochs = last is not None and last.epoch >= 1
        self.unit = last.epoch / last.step if last is not None and self.in_epochs else 1.0
        # Points above the panels: room for the mark of overfitting.
        self.headroom = 8.0 if history.overfits_from() is None else 18.0
        self.end = max([len(history.loss), *history.steps, 1]) * self.unit

    def of(self, steps: npt.ArrayLike) -> npt.NDArray[np.float64]:
        return np.asarray(steps, dtype=np.float64) * self.unit

    def set_up(self, axes: Axes, pen: Pen) -> None:
        from matplotlib.ticker import MaxNLocator

        axes.set_xlim(0.0, self.end)
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axes.set_xlabel(pen.say("plot.epoch" if self.in_epochs else "plot.step"))
        axes.grid(visible=True, axis="y")
        axes.tick_params(length=3)


def _loss_panel(axes: Axes, history: History, time: _Time, pen: Pen) -> None:
    steps, losses = _thinned(np.asarray(history.loss, dtype=np.float64))
    records = history.records
    before = [0, *history.steps[:-1]]
    middles = [(first + record.step - 1) / 2 for first, record in zip(before, records)]
    lines = [("train", time.of(middles), _numbers([record.loss for record in records]))]
    for part in ("validation", "test"):
        held = _numbers([getattr(record, f"{part}_loss") for record in records])
        if np.isfinite(held).any():
            lines.append((part, time.of(history.steps), held))
    axes.plot(time.of(steps), losses, color=BLUE, alpha=0.3, linewidth=0.7, marker=_dots(len(steps)), markersize=3)
    time.set_up(axes, pen)
    axes.set_title(pen.say("plot.loss"), fontsize=9, loc="left", pad=time.headroom)
    _loss_limits(axes, np.concatenate([losses, *(values for _, _, values in lines)]))
    labels = []
    if len(losses):
        recent = losses[-min(50, 1 + len(losses) // 10) :]
        labels.append((float(np.median(recent)), pen.say("plot.each-step"), _PALE))
    labels += _draw_lines(axes, lines, pen)
    end_labels(axes, labels)


def _accuracy_panel(axes: Axes, history: History, time: _Time, pen: Pen) -> None:
    lines = []
    for part in _COLOURS:
        values = 100 * _numbers([getattr(record, f"{part}_accuracy") for record in history.records])
        if np.isfinite(values).any():
            lines.append((part, time.of(history.steps), values))
    lowest = min(float(np.nanmin(values)) for _, _, values in lines)
    # A round number below the lowest value; the upper end is always 100%, with room for the dots on it.
    bottom = max(0.0, min(90.0, 10.0 * math.floor((lowest - 2) / 10)))
    axes.set_ylim(bottom, 100 + (100 - bottom) / 50)
    time.set_up(axes, pen)
    axes.set_title(pen.say("plot.accuracy"), fontsize=9, loc="left", pad=time.headroom)
    labels = _draw_lines(axes, lines, pen)
    last = {name: values[-1] for (name, _, values) in lines}
    named = [
        (y, f"{text} {last[name]:.1f}", colour) for (y, text, colour), name in zip(labels, last) if math.isfinite(y)
    ]
    end_labels(axes, named)


def _draw_lines(
    axes: Axes, lines: list[tuple[str, npt.NDArray[np.float64], npt.NDArray[np.float64]]], pen: Pen
) -> list[tuple[float, str, str]]:
    """Draw one line a part of the data; return the labels for their ends."""
    labels = []
    for part, x, y in lines:
        colour = _COLOURS[part]
        axes.plot(x, y, color=colour, linewidth=1.6, marker=_dots(len(x)), markersize=3.5, clip_on=False, zorder=3)
        seen = y[np.isfinite(y)]
        if len(seen):
            labels.append((float(seen[-1]), pen.say(f"plot.{part}"), colour))
    return labels


def _mark_overfitting(panels: list[Axes], history: History, time: _Time, pen: Pen) -> None:
    epoch = history.overfits_from()
    if epoch is None:
        return
    record: Record = next(record for record in history.records if record.epoch == epoch)
    x = record.step * time.unit
    for axes in panels:
        axes.axvline(x, color=INK, linewidth=0.9, linestyle=(0, (4, 3)), zorder=2)
    text = (
        pen.say("plot.overfits-epoch", epoch=f"{epoch:.3g}")
        if time.in_epochs
        else pen.say("plot.overfits-step", step=f"{record.step:,}")
    )
    place = x / time.end
    panels[0].annotate(
        text,
        (x, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(0, 3),
        textcoords="offset points",
        horizontalalignment="left" if place < 0.2 else "right" if place > 0.8 else "center",
        verticalalignment="bottom",
        fontsize=8.5,
    )


def _loss_limits(axes: Axes, values: npt.NDArray[np.float64]) -> None:
    from matplotlib.ticker import LogLocator, NullFormatter

    # Set again after a change of scale, which brings its own.
    write_numbers(axes.yaxis)
    finite = values[np.isfinite(values)]
    if not len(finite):
        axes.set_ylim(0.0, 1.0)
        return
    low, high = float(finite.min()), float(finite.max())
    positive = finite[finite > 0]
    if low >= 0 and len(positive) and high > _LOG_RATIO * float(positive.min()):
        least = float(positive.min())
        axes.set_yscale("log", nonpositive="mask")
        axes.set_ylim(least / 1.3, high * 1.3)
        narrow = high / least < 1e3
        axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if narrow else (1.0,), numticks=9))
        axes.yaxis.set_minor_formatter(NullFormatter())
        write_numbers(axes.yaxis)
    else:
        bottom = min(0.0, low)
        axes.set_ylim(bottom, (high - bottom) * 1.05 + bottom if high > bottom else bottom + 1.0)


def _thinned(losses: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return the steps to draw and their losses: all, or of many the lowest and the highest of each bin, in order."""
    if len(losses) <= _MOST_STEPS:
        return np.arange(len(losses)), losses
    edges = np.linspace(0, len(losses), _MOST_STEPS // 2 + 1).astype(np.int64)
    chosen = []
    for start, stop in pairwise(edges.tolist()):
        part = losses[start:stop]
        chosen += sorted({int(start + part.argmin()), int(start + part.argmax())})
    steps = np.asarray(chosen)
    return steps, losses[steps]


def _numbers(values: list[float | None]) -> npt.NDArray[np.float64]:
    return np.array([math.nan if value is None else value for value in values], dtype=np.float64)


def _dots(count: int) -> str:
    return "o" if count <= _MOST_DOTS else "None"
