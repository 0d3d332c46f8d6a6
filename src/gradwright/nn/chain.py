"""Layers in a row: do they fit together, and what are they called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from gradwright import _validate
from gradwright.errors import ArgumentError
from gradwright.nn.layers import Affine, Layer


def chained(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    """Return the layers, checked to fit together, those with parameters named for messages."""
    named = list(layers) if isinstance(layers, Iterable) else [layers]
    for layer in named:
        _validate.instance("layers", layer, Layer)
    affine = [i for i, layer in enumerate(named) if isinstance(layer, Affine)]
    if not affine:
        raise ArgumentError("network.no-affine")
    for number, i in enumerate(affine, 1):
        layer = named[i]
        if isinstance(layer, Affine) and layer.name is None:
            named[i] = replace(layer, name="output" if i == affine[-1] else f"hidden{number}")
    width = named[affine[0]].shapes()["W"][0]
    for layer in named:
        width = layer.width(width)
    return tuple(named)
