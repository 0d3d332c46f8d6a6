"""Pictures made of pictures: the weights of a network, and the samples that it gets wrong."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gradwright import _validate
from gradwright._arrays import array_of, to_numpy
from gradwright.errors import ShapeError
from gradwright.nn import Network
from gradwright.plot.style import (
    BLUE,
    MUTED,
    PAPER,
    VERMILION,
    Pen,
    columns_of,
    drawing,
    finish,
    grid_of,
    new_figure,
    number,
    share,
    wrap,
)
from gradwright.training import Evaluation

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage

_MOST_UNITS = 400
_FRAME = "#bbbbbb"
_SHORT = 6  # columns of both names that fit below an image on one line


def weights(network: Network, *, image_shape: tuple[int, int] | None = None, lang: str | None = None) -> Figure:
    """Draw what the first layer looks for: the weights into each of its units as a small image.

    Blue is negative, white 0, vermilion positive, on one scale for all units that reaches as far below 0 as above. A
    unit answers most strongly to an input that has ink where its image is vermilion and none where it is blue.

    Parameters
    ----------
    network : Network
        Its first weight has shape (n_in, n_units).
    image_shape : (int, int), optional
        Height and width of an input that is an image, such as ``data.image_shape``. Without it the weight is drawn as
        the matrix it is, one row an input and one column a unit.
    lang : {"en", "ko"}, optional
        The language; Korean needs an installed font with Hangul, and is English without one.

    Returns
    -------
    matplotlib.figure.Figure
        Units are counted from 0, from left to right and down; of more than 400 the first 400 are drawn.

    Raises
    ------
    ArgumentTypeError
        If `network` is no `Network`.
    ShapeError
        If `image_shape` does not fit the number of inputs.
    MissingExtraError
        If matplotlib is not installed.

    Examples
    --------
    >>> figure = weights(Network.of_sizes([64, 20, 10], rng=0), image_shape=(8, 8))
    >>> figure.axes[0].get_title("left")
    'weights into each hidden unit (20)'
    """
    _validate.instance("network", network, Network)
    weight = next(to_numpy(array) for array in network.params.values() if array.ndim == 2).astype(np.float64)
    sides = None if image_shape is None else _sides(image_shape, len(weight))
    hidden = len([array for array in network.params.values() if array.ndim == 2]) > 1
    largest = float(np.abs(weight[np.isfinite(weight)]).max(initial=0.0)) or 1.0
    with drawing(lang) as pen:
        figure = new_figure(1.0, 1.0)
        axes = figure.subplots()
        if sides is None:
            image, size = _matrix(axes, weight, largest, hidden, pen)
        else:
            image, size = _mosaic(axes, weight, sides, largest)
        axes.set_title(_units(weight.shape[1], sides is not None, hidden, pen), fontsize=10, loc="left", pad=8)
        _scale(figure, axes, image, size, pen)
        return wrap(figure, axes, *size)


def _units(count: int, limited: bool, hidden: bool, pen: Pen) -> str:
    unit = pen.say("plot.hidden-unit" if hidden else "plot.output-unit")
    if limited and count > _MOST_UNITS:
        return pen.say("plot.weights-first", shown=_MOST_UNITS, count=count, unit=unit)
    return pen.say("plot.weights-title", count=count, unit=unit)


def _scale(figure: Figure, axes: Axes, image: AxesImage, size: tuple[float, float], pen: Pen) -> None:
    """Draw the colours' scale to the right of `axes`, which will be `size` inches large."""
    width, height = size
    length = min(0.9, 2.6 / height)
    strip = axes.inset_axes((1 + 0.22 / width, (1 - length) / 2, 0.12 / width, length))
    bar = figure.colorbar(image, cax=strip, format=number)
    bar.outline.set_visible(False)
    bar.set_label(pen.say("plot.weight"), fontsize=8.5, color=MUTED)
    strip.tick_params(length=2, labelsize=8)


def _diverging() -> Any:
    from matplotlib.colors import LinearSegmentedColormap

    stops = ["#003a5c", BLUE, "#8fc3e0", "#ffffff", "#f3b48a", VERMILION, "#6e2f00"]
    return LinearSegmentedColormap.from_list("gradwright", stops).with_extremes(bad=PAPER)


def _mosaic(
    axes: Axes, weight: npt.NDArray[np.float64], sides: tuple[int, int], largest: float
) -> tuple[AxesImage, tuple[float, float]]:
    """Draw the units in a grid, as one large image; before each row stands the number of its first unit."""
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Rectangle

    height, width = sides
    count = min(weight.shape[1], _MOST_UNITS)
    rows, columns = grid_of(count, width / height)
    gap = math.ceil(max(height, width) / 7)
    table = np.full((rows * (height + gap) - gap, columns * (width + gap) - gap), np.nan)
    frames = []
    for unit in range(count):
        top, left = unit // columns * (height + gap), unit % columns * (width + gap)
        table[top : top + height, left : left + width] = weight[:, unit].reshape(sides)
        frames.append(Rectangle((left - 0.5, top - 0.5), width, height))
    image = axes.imshow(table, cmap=_diverging(), vmin=-largest, vmax=largest, interpolation="nearest")
    axes.add_collection(
        PatchCollection(frames, facecolor="none", edgecolor=_FRAME, linewidth=0.6, clip_on=False), autolim=False
    )
    axes.set_yticks(np.arange(rows) * (height + gap) + (height - 1) / 2, [f"{row * columns}" for row in range(rows)])
    axes.set_xticks([])
    axes.tick_params(length=0, labelsize=7.5)
    axes.spines[:].set_visible(False)
    # Few units are drawn up to 1.5 inches wide, many smaller, so that the whole is at most 9 inches wide.
    inches = min(1.5, max(0.8, 4.0 / columns), 9.0 / columns) * columns
    return image, (inches, inches * table.shape[0] / table.shape[1])


def _matrix(
    axes: Axes, weight: npt.NDArray[np.float64], largest: float, hidden: bool, pen: Pen
) -> tuple[AxesImage, tuple[float, float]]:
    from matplotlib.ticker import MaxNLocator

    n_in, n_units = weight.shape
    image = axes.imshow(weight, cmap=_diverging(), vmin=-largest, vmax=largest, interpolation="nearest", aspect="auto")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(10, integer=True))
    axes.set_xlabel(pen.say("plot.hidden-unit" if hidden else "plot.output-unit"))
    axes.set_ylabel(pen.say("plot.input"))
    axes.tick_params(length=3)
    axes.spines[:].set_visible(False)
    return image, (min(7.0, max(1.2, 0.3 * n_units)), min(5.0, max(1.2, 0.3 * n_in)))


def mistakes(
    evaluation: Evaluation, x: Any, image_shape: tuple[int, int], *, count: int = 20, lang: str | None = None
) -> Figure:
    """Draw the images that were classified wrongly, the most confident mistake first.

    Parameters
    ----------
    evaluation : Evaluation
        Of the samples `x`.
    x : array, shape (n_samples, height * width) or (n_samples, height, width)
        The samples that were evaluated, in their order.
    image_shape : (int, int)
        Height and width, such as ``data.image_shape``.
    count : int
        How many to draw at most.
    lang : {"en", "ko"}, optional
        The language; Korean needs an installed font with Hangul, and is English without one.

    Returns
    -------
    matplotlib.figure.Figure
        Below each image the true class, the predicted one and the probability given to that, as "5 → 3 (87%)"; one
        sentence where nothing is wrong.

    Raises
    ------
    ArgumentTypeError, ArgumentError
        If `evaluation` is no `Evaluation`, or `count` no positive whole number.
    ShapeError
        If `x` does not fit `evaluation` or `image_shape`.
    MissingExtraError
        If matplotlib is not installed.

    Examples
    --------
    >>> from gradwright.training import evaluate
    >>> net = Network.of_sizes([4, 2], rng=0)
    >>> x = np.eye(4)
    >>> found = evaluate(net, x, 1 - net.predict(x).argmax(axis=1))
    >>> [text.get_text()[:5] for text in mistakes(found, x, (2, 2), count=1).axes[0].texts]
    ['0 → 1']
    """
    _validate.instance("evaluation", evaluation, Evaluation)
    samples = to_numpy(array_of(x, name="x"))
    total = len(evaluation.labels)
    if samples.ndim < 2 or len(samples) != total:
        raise ShapeError("plot.samples", rows=len(samples) if samples.ndim else 0, count=total)
    flat = samples.reshape(total, -1)
    sides = _sides(image_shape, flat.shape[1])
    wrong = evaluation.worst
    shown = wrong[: _validate.positive_int("count", count)]
    with drawing(lang) as pen:
        if not len(wrong):
            return _sentence(pen.say("plot.no-mistakes", count=total))
        figure = new_figure(1.0, 1.0)
        axes = figure.subplots()
        size = _gallery(axes, flat[shown].reshape(-1, *sides), _captions(evaluation, shown, pen), pen)
        fields = {"wrong": len(wrong), "count": total}
        title = (
            pen.say("plot.mistakes-title", **fields)
            if len(shown) == len(wrong)
            else pen.say("plot.mistakes-first", shown=len(shown), **fields)
        )
        axes.set_title(title, fontsize=10, loc="left", pad=8)
        return wrap(figure, axes, *size)


def _captions(evaluation: Evaluation, shown: npt.NDArray[np.int64], pen: Pen) -> list[str]:
    names = pen.names(evaluation.classes, len(evaluation.confusion), 12)
    pairs = [
        (names[evaluation.labels[i]], names[evaluation.predictions[i]], share(float(evaluation.confidence[i])))
        for i in shown
    ]
    # With long names the prediction goes to a line of its own, in all captions alike.
    long = max(columns_of(true + guess) for true, guess, _ in pairs) > _SHORT
    return [f"{true}\n→ {guess} ({p})" if long else f"{true} → {guess} ({p})" for true, guess, p in pairs]


def _gallery(axes: Axes, images: npt.NDArray[Any], captions: list[str], pen: Pen) -> tuple[float, float]:
    """Draw images in a grid, each with its caption below, in one axes whose unit is the width of an image."""
    rows, columns = grid_of(len(images), 0.9)
    ratio = min(2.0, max(0.5, images.shape[1] / images.shape[2]))
    long = "\n" in captions[0]
    across, down = 1.12, ratio + (0.34 if long else 0.28)
    low, high = float(images.min()), float(images.max())
    for place, (image, text) in enumerate(zip(images, captions, strict=True)):
        left, top = place % columns * across, place // columns * down
        extent = (left, left + 1, top + ratio, top)
        axes.imshow(image, cmap="gray_r", vmin=low, vmax=high, extent=extent, interpolation="nearest")
        x, y = np.array([0, 1, 1, 0, 0]) + left, np.array([0, 0, ratio, ratio, 0]) + top
        axes.plot(x, y, color=_FRAME, linewidth=0.6, clip_on=False)
        axes.text(
            left + 0.5,
            top + ratio + 0.04,
            text,
            fontsize=8 if long else 9,
            fontfamily=pen.symbol_fonts,
            horizontalalignment="center",
            verticalalignment="top",
            linespacing=1.1,
        )
    width, height = columns * across - 0.12, rows * down
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.set_aspect("equal")
    axes.set_axis_off()
    inch = 1.4 if long else 1.05
    return width * inch, height * inch


def _sentence(text: str) -> Figure:
    figure = new_figure(5.2, 1.2)
    figure.set_facecolor(PAPER)
    figure.text(0.5, 0.5, text, horizontalalignment="center", verticalalignment="center", fontsize=11)
    return finish(figure)


def _sides(image_shape: Any, n_features: int) -> tuple[int, int]:
    """Return height and width, after a check that they make so many features."""
    sides = tuple(image_shape) if isinstance(image_shape, (tuple, list)) else (image_shape,)
    if len(sides) == 2:
        height, width = (_validate.positive_int("image_shape", side) for side in sides)
        if height * width == n_features:
            return height, width
    raise ShapeError("data.image-shape", image_shape=image_shape, n_features=n_features)
