"""The way that descent takes down a function of two variables."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gradwright import _validate
from gradwright._arrays import FloatArray, array_of, to_numpy
from gradwright.errors import ArgumentError, ArgumentTypeError, ShapeError
from gradwright.messages import phrase
from gradwright.plot.contours import Box, box_of, draw_map, map_size, plane_values, set_up_map, wrap_map
from gradwright.plot.style import INK, MUTED, PAPER, VERMILION, Pen, drawing, finish, grid_of, new_figure, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_DOTS = 400  # longer paths are lines only
_ARROWS = 8


@dataclass(frozen=True)
class _Way:
    """A path as it is drawn: its points, its values where they are known, and its name."""

    name: str
    points: FloatArray
    values: FloatArray | None

    @property
    def steps(self) -> int:
        return len(self.points) - 1

    @property
    def diverges(self) -> bool:
        """Whether it ends higher than it began, or nowhere."""
        if not np.isfinite(self.points).all():
            return True
        if self.values is not None:
            return not self.values[-1] <= self.values[0]
        reach = np.abs(self.points).max(axis=1)
        return bool(reach[-1] > 100 * max(reach[0], 1.0))


def descent_path(
    run_or_path: Any,
    f: Callable[..., Any] | None = None,
    *,
    limits: Any = None,
    names: Sequence[str] = ("x0", "x1"),
    lang: str | None = None,
) -> Figure:
    r"""Draw the path of a descent over the contours of its function.

    A ring stands at the start, a dot at the end, one point a step, arrow heads on the way. Several runs are drawn side
    by side over the same map, each under its name.

    Parameters
    ----------
    run_or_path : run, array of shape (n + 1, 2), or dict of str to those
        A run is anything with ``path``, and ``values`` of f along it where it has them.
    f : callable, optional
        ``f(x) -> number`` with x of shape (2,), for the contours; called with stacked points if that gives the same.
    limits : (low, high) or ((low, high), (low, high)), optional
        The range of both variables, or of each; by default all of the path. Of a path that diverges, its beginning.
    names : (str, str)
        What the two axes are called.
    lang : {"en", "ko"}, optional
        The language; Korean needs an installed font with Hangul, and is English without one.

    Returns
    -------
    matplotlib.figure.Figure
        Where a path leaves the picture it is said at which step.

    Raises
    ------
    ShapeError
        If a path has not the shape (n + 1, 2).
    ArgumentTypeError
        If it is no run and no array, as a list of runs is none.
    FunctionError
        If f returns no number.
    ArgumentError
        If `limits` is no range, or f is finite nowhere in it, or `names` are not two words.
    MissingExtraError
        If matplotlib is not installed.

    Examples
    --------
    >>> path = [[-3.0 * 0.8**k, 4.0 * 0.8**k] for k in range(11)]
    >>> figure = descent_path(path, lambda x: x[0] ** 2 + x[1] ** 2)
    >>> figure.axes[0].get_title("left")
    '10 steps, f: 25 → 0.288'
    """
    if f is not None:
        _validate.function("f", f)
    ways = _ways(run_or_path, f)
    box = _surroundings(ways) if limits is None else box_of(limits)
    if isinstance(names, str) or len(names) != 2 or not all(isinstance(name, str) for name in names):
        raise ArgumentError("plot.names", name="names", value=names)
    with drawing(lang) as pen:
        called = (pen.name(names[0], "x0"), pen.name(names[1], "x1"))
        if len(ways) == 1:
            figure = new_figure(1.0, 1.0)
            _panel(figure.subplots(), ways[0], f, box, called, pen)
            figure.set_facecolor(PAPER)
            return wrap_map(figure, figure.axes[0], box)
        rows, columns = grid_of(len(ways)) if len(ways) != 4 else (2, 2)
        width, height = map_size(box, 3.3)
        figure = new_figure(columns * (width + 0.7), rows * (height + 1.05))
        figure.set_facecolor(PAPER)
        panels = figure.subplots(rows, columns, squeeze=False).ravel()
        for axes, way in zip(panels, ways):
            _panel(axes, way, f, box, called, pen)
        for axes in panels[len(ways) :]:
            axes.remove()
        return finish(figure)


def _ways(given: Any, f: Callable[..., Any] | None) -> list[_Way]:
    if not isinstance(given, Mapping):
        return [_way("", given, f)]
    if not given:
        raise ArgumentTypeError("argument.type", name="run_or_path", expected=phrase("kind.runs"), kind="{}")
    return [_way(str(name), run, f) for name, run in given.items()]


def _way(name: str, run: Any, f: Callable[..., Any] | None) -> _Way:
    path = getattr(run, "path", run)
    if isinstance(path, Mapping):
        raise ArgumentTypeError("plot.path", kind=phrase("plot.path-of-dict"))
    if isinstance(path, (list, tuple)) and any(hasattr(row, "path") for row in path):
        raise ArgumentTypeError("plot.path", kind=phrase("plot.path-of-runs"))
    points = np.asarray(to_numpy(array_of(path, name="path")))
    if points.ndim != 2 or points.shape[1] != 2 or not len(points) or points.dtype.kind not in "iuf":
        raise ShapeError("array.shape", name="path", shape=points.shape, expected="(n + 1, 2)")
    points = points.astype(np.float64)
    values = getattr(run, "values", None)
    if values is None or callable(values):
        known = plane_values(f, points[[0, -1]]) if f is not None else None
    else:
        known = np.asarray(to_numpy(values), dtype=np.float64)[[0, -1]]
    return _Way(name, points, known)


def _surroundings(ways: list[_Way]) -> Box:
    """Return a box about all paths; of those that diverge, about what is within twice the start's size."""
    corners = []
    for way in ways:
        if way.diverges:
            size = 2 * (float(np.abs(way.points[0]).max()) or 1.0)
            kept = np.cumprod((np.abs(way.points) <= size).all(axis=1)).astype(bool)
            corners.append(way.points[kept])
            if kept.sum() < 4:  # gone at once: show where from
                corners.append(np.array([[-0.8 * size] * 2, [0.8 * size] * 2]))
        else:
            corners.append(way.points)
    every = np.concatenate(corners)
    low, high = every.min(axis=0), every.max(axis=0)
    span = np.maximum(high - low, 0.35 * float((high - low).max()))  # a path along an axis still needs a map
    span = np.where(span > 0, span, np.maximum(1.0, np.abs(low)))
    middle, half = (low + high) / 2, 0.5 * span * 1.3
    sides = [(float(m - h), float(m + h)) for m, h in zip(middle, half)]
    return sides[0], sides[1]


def _panel(axes: Axes, way: _Way, f: Callable[..., Any] | None, box: Box, called: tuple[str, str], pen: Pen) -> None:
    set_up_map(axes, box, called)
    if f is None:
        axes.grid(visible=True)
    else:
        draw_map(axes, f, box)
    within = _within(way.points, box)
    outside = np.flatnonzero(~within)
    left = np.flatnonzero(within[:-1] & ~within[1:])
    # What comes after a path that diverges has left the picture would only be lines across it.
    seen = way.points[: int(left[0]) + 2] if way.diverges and left.size else way.points
    shown = _reachable(seen, box)
    dots = len(shown) <= _MOST_DOTS
    axes.plot(
        *shown.T,
        color=VERMILION,
        linewidth=1.2,
        marker="o" if dots else "None",
        markersize=2.6,
        markeredgewidth=0,
        zorder=4,
    )
    _heads(axes, shown, box)
    _ends(axes, way, box, pen)
    axes.set_title(_title(way, pen), fontsize=9.5, loc="left", pad=7, fontfamily=pen.symbol_fonts)
    if outside.size:
        axes.annotate(
            pen.say("plot.leaves", step=int(outside[0])),
            (1.0, 0.0),
            xycoords="axes fraction",
            xytext=(0, -34),
            textcoords="offset points",
            horizontalalignment="right",
            verticalalignment="top",
            fontsize=8.5,
            color=MUTED,
        )


def _title(way: _Way, pen: Pen) -> str:
    if way.values is None:
        words = pen.say("plot.steps-only", steps=way.steps)
    else:
        first, last = (_short(float(value)) for value in way.values)
        words = pen.say("plot.steps-values", steps=way.steps, first=first, last=last)
    name = pen.name(way.name, "?", 40) if way.name else ""
    return f"{name}\n{words}" if name else words


def _short(value: float) -> str:
    return number(float(f"{value:.3g}")) if math.isfinite(value) else f"{value}"


def _within(points: FloatArray, box: Box) -> Any:
    low, high = np.array(box).T
    with np.errstate(invalid="ignore"):
        return ((low <= points) & (points <= high)).all(axis=1)


def _reachable(points: FloatArray, box: Box) -> FloatArray:
    """Return the points with those far outside pulled in along their segment: a drawing cannot hold 1e128."""
    low, high = np.array(box).T
    middle, reach = (low + high) / 2, 50 * float((high - low).max())
    with np.errstate(invalid="ignore", over="ignore"):
        away = np.abs(points - middle).max(axis=1)
        far = ~(away <= reach)
        drawn = points.copy()
        drawn[far] = math.nan
        leaving = np.flatnonzero(far[1:] & ~far[:-1]) + 1
        drawn[leaving] = points[leaving - 1] + (points[leaving] - points[leaving - 1]) * (
            reach / away[leaving][:, None]
        )
    return drawn


def _heads(axes: Axes, points: FloatArray, box: Box) -> None:
    """Put arrow heads on the way, at even distances, where a step is long enough to carry one."""
    low, high = np.array(box).T
    steps = np.diff(points, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        # The share of each step up to the border.
        room = np.where(steps > 0, high - points[:-1], low - points[:-1]) / steps
    part = np.clip(np.where(steps == 0, np.inf, room).min(axis=1), 0.0, 1.0)[:, None]
    middles, moves = points[:-1] + part * steps / 2, part * steps / (high - low)
    lengths = np.hypot(*moves.T)
    inside = _within(middles, box) & (lengths > 1e-6)
    travelled = np.cumsum(np.where(inside, lengths, 0.0))
    if not inside.any():
        return
    gap, last = max(0.12, float(travelled[-1]) / _ARROWS), -math.inf
    for k in np.flatnonzero(inside):
        # Many short steps share the head of the one that completes the distance.
        if travelled[k] - last < gap:
            continue
        last = float(travelled[k])
        half = 0.5 * moves[k] / lengths[k] * 0.03 * (high - low)
        axes.annotate(
            "",
            middles[k] + half,
            middles[k] - half,
            arrowprops={"arrowstyle": "-|>", "color": VERMILION, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 9},
            annotation_clip=True,
            in_layout=False,
            zorder=5,
        )


def _ends(axes: Axes, way: _Way, box: Box, pen: Pen) -> None:
    first, last = way.points[0], way.points[-1]
    places = [(first, "plot.start", PAPER)]
    if way.steps and np.isfinite(last).all():
        low, high = np.array(box).T
        # Two words on one spot cannot be read.
        if np.abs((last - first) / (high - low)).max() < 0.03:
            places = [(last, "plot.start-end", INK)]
        else:
            places.append((last, "plot.end", INK))
    for (place, key, colour), points in zip(places, (way.points, way.points[::-1])):
        if not _within(place[None, :], box)[0]:
            continue
        axes.plot(*place, marker="o", markersize=6, markerfacecolor=colour, markeredgecolor=INK, zorder=6)
        x, y = -9 * _towards(points, box)
        axes.annotate(
            pen.say(key),
            place,
            xytext=(x, y),
            textcoords="offset points",
            horizontalalignment="left" if x > 4 else "right" if x < -4 else "center",
            verticalalignment="bottom" if y > 4 else "top" if y < -4 else "center",
            fontsize=8.5,
            color=INK,
            **_halo(),
        )


def _towards(points: FloatArray, box: Box) -> FloatArray:
    """Return the direction, of length 1, in which points leave the first of them: its name stands on the other side."""
    low, high = np.array(box).T
    with np.errstate(invalid="ignore", over="ignore"):
        away = (_reachable(points, box) - points[0]) / (high - low).max()
        lengths = np.hypot(*away.T)
    far = np.flatnonzero(lengths > 0.04)
    if not far.size:
        return np.array([-math.sqrt(0.5), -math.sqrt(0.5)])
    return np.asarray(away[far[0]] / lengths[far[0]])


def _halo() -> dict[str, Any]:
    from matplotlib.patheffects import withStroke

    return {"path_effects": [withStroke(linewidth=2.5, foreground=PAPER)], "zorder": 7}
