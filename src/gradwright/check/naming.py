"""Which mistake of the registry gives the gradient under test: on the same batch, to rounding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.check.causes import Cause, Explanation
from gradwright.check.mistakes import Mistake, Pass, variants

Arrays = Mapping[str, FloatArray]
#: Two gradients agree where their difference is at most this part of them, in float64 and in less; and a mistake is the
#: cause only where it leaves no more than so much of the difference from the right gradient.
_AGREES, _AGREES_COARSE, EXPLAINED = 1e-8, 5e-4, 0.02


@dataclass(frozen=True)
class _Match:
    """How well a candidate agrees with the gradient under test."""

    arrays: tuple[str, ...]
    agreement: float
    apart: float


def mistakes_in(p: Pass, analytic: Arrays, wrong: set[str], eps: float) -> list[Explanation]:
    """Return the mistakes that explain some of the `wrong` arrays and contradict none of the others.

    Parameters
    ----------
    p : Pass
        The network on the batch.
    analytic : dict of ndarray
        The gradient under test.
    wrong : set of str
        The arrays that are.
    eps : float
        The relative spacing of its dtype.
    """
    right = p.gradient()
    scales: dict[float, str | None] = {1.0: None, -1.0: "sign"}
    if p.n > 1:
        scales |= {float(p.n): "missing-batch-mean", 1.0 / p.n: "extra-batch-mean"}
    found: list[tuple[float, Explanation]] = []
    for mistake, only in variants(p):
        rate = _rate(mistake, p, analytic, only) if mistake.fitted else 0.0
        if rate is None:
            continue
        with np.errstate(all="ignore"):
            candidate = mistake.gradient(p, only, rate)
        for scale, code in scales.items():
            scaled = {name: scale * array for name, array in candidate.items()}
            match = _match(scaled, analytic, right, wrong, eps)
            if match is None:
                continue
            facts = {"agreement": match.agreement, "apart": match.apart, "wrote": mistake.wrote, "right": mistake.right}
            facts["layer"] = only or 0
            if mistake.fitted:
                facts["rate"] = rate
            causes = [Cause(mistake.code, match.arrays, facts, mistake=mistake.name)]
            if code is not None:
                factor = {"factor": scale, "n": p.n, "agreement": match.agreement}
                causes.append(Cause(code, match.arrays, factor))
            found.append((match.agreement * (1 if code is None else 10), causes))
    found.sort(key=lambda pair: pair[0])
    return [causes for _, causes in found]


def _rate(mistake: Mistake, p: Pass, analytic: Arrays, only: int | None) -> float | None:
    """Return the number that only the author knows: the gradient below the last layer is linear in it."""
    layer = only or p.depth
    if layer < 2:
        return None
    names = [name for (_, k), name in p.names.items() if k == layer - 1]
    still, moved = (mistake.gradient(p, only, rate) for rate in (0.0, 1.0))
    line = np.concatenate([(moved[name] - still[name]).ravel() for name in names])
    goal = np.concatenate([(analytic[name] - still[name]).ravel() for name in names])
    square = float(line @ line)
    rate = float(line @ goal) / square if square > 0 else 0.0
    return rate if rate > 0 and np.isfinite(rate) else None


def difference(one: FloatArray, other: FloatArray) -> float:
    """Return the distance of two arrays relative to the longer of them."""
    largest = max(float(np.abs(one).max(initial=0.0)), float(np.abs(other).max(initial=0.0)))
    if not (largest > 0 and np.isfinite(largest)):
        return 0.0 if largest == 0 else float("inf")
    one, other = one / largest, other / largest  # squares of 1e-200 are 0
    longer = max(float(np.linalg.norm(one)), float(np.linalg.norm(other)))
    return float(np.linalg.norm(one - other)) / longer


def agrees(eps: float) -> float:
    """Return up to which `difference` two gradients are the same to rounding."""
    return _AGREES if eps < 1e-12 else max(_AGREES_COARSE, 64 * eps)


def _match(candidate: Arrays, analytic: Arrays, right: Arrays, wrong: set[str], eps: float) -> _Match | None:
    close = agrees(eps)
    explained, agreement, apart = [], 0.0, 0.0
    for name, array in analytic.items():
        far = difference(array, right[name])
        off = difference(array, candidate[name])
        if name in wrong and not array.any() and array.size > 1:
            continue  # zeros come from many a line, and from none
        # What should cancel leaves roundings of what was there: they agree in being nothing beside the right gradient.
        largest = float(np.abs(right[name]).max(initial=0.0))
        nothing = float(np.abs(array - candidate[name]).max(initial=0.0)) <= 64 * eps * largest
        if (off <= close and (name not in wrong or off <= EXPLAINED * far)) or (nothing and name in wrong):
            if name in wrong:
                explained.append(name)
                agreement, apart = max(agreement, off), max(apart, far)
        elif name not in wrong:
            return None
    return _Match(tuple(explained), agreement, apart) if explained else None
