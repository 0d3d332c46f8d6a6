"""What a network remembers of its data: the entries of `Network.metadata` that predictions and exports go by.

The metadata may hold anything else too. These few are looked at here, and nowhere else: when a network is saved, when a
file is read, and when one is exported.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from gradwright._validate import number_or_nan
from gradwright.errors import ArgumentError, ArgumentTypeError
from gradwright.messages import Phrase, phrase


def check(metadata: Any, n_in: int, n_out: int) -> None:
    """Raise unless each entry that has a meaning fits the network; those that are None or empty are not there.

    ``classes`` are the names of the outputs, ``features`` those of the inputs; ``image_shape`` is the height and width
    of inputs that are pictures, ``image_range`` the grey values of their black and white; ``scaling`` and
    ``target_scaling`` are what was done to inputs and answers, as `gradwright.data.Scaling.to_dict` gives it.

    Raises
    ------
    ArgumentError
        With the fields ``entry``, ``expected`` and ``value``.
    ArgumentTypeError
        If it is no dict.
    """
    if not isinstance(metadata, Mapping):
        raise ArgumentTypeError("metadata.json", reason=type(metadata).__name__)
    expected: dict[str, tuple[bool, Phrase]] = {
        "classes": (_are_names(metadata.get("classes"), n_out, True), phrase("metadata.classes", count=n_out)),
        "features": (_are_names(metadata.get("features"), n_in, False), phrase("metadata.features", count=n_in)),
        "image_shape": (_is_shape(metadata.get("image_shape"), n_in), phrase("metadata.image-shape", count=n_in)),
        "image_range": (_is_range(metadata.get("image_range")), phrase("metadata.image-range")),
        "scaling": (_is_scaling(metadata.get("scaling"), n_in), phrase("metadata.scaling", count=n_in)),
        "target_scaling": (_is_scaling(metadata.get("target_scaling"), n_out), phrase("metadata.scaling", count=n_out)),
    }
    for entry, (fits, what) in expected.items():
        if not (_is_absent(metadata.get(entry)) or fits):
            raise ArgumentError("metadata.entry", entry=entry, expected=what, value=metadata[entry])


def _is_absent(value: Any) -> bool:
    return value is None or (isinstance(value, (list, tuple)) and not value)


def _are_names(value: Any, count: int, different: bool) -> bool:
    if not isinstance(value, (list, tuple)) or not all(isinstance(name, str) for name in value):
        return False
    return len(value) == count and (len(set(value)) == count or not different)


def _is_shape(value: Any, count: int) -> bool:
    if not isinstance(value, (list, tuple)) or not all(type(side) is int and side > 0 for side in value):
        return False
    return len(value) == 2 and math.prod(value) == count


def _numbers(value: Any, count: int) -> list[float] | None:
    """Return so many finite numbers, or None where they are none."""
    if not isinstance(value, (list, tuple)) or len(value) != count:
        return None
    found = [number_or_nan(number) for number in value]
    return found if all(map(math.isfinite, found)) else None


def _is_range(value: Any) -> bool:
    found = _numbers(value, 2)
    return found is not None and found[0] < found[1]


def _is_scaling(value: Any, count: int) -> bool:
    if not isinstance(value, Mapping):
        return False
    mean, scale = _numbers(value.get("mean"), count), _numbers(value.get("scale"), count)
    return mean is not None and scale is not None and min(scale) > 0
