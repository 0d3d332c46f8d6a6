"""Backward passes as learners write them, right or with one mistake: written apart from the library's own registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

ACTIVATIONS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z, h: h * (1 - h)),
    "tanh": (np.tanh, lambda z, h: 1 - h * h),
    "relu": (lambda z: np.maximum(z, 0), lambda z, h: (z > 0).astype(z.dtype)),
}
Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Draw:
    """A network at random, and a batch."""

    params: Arrays
    x: np.ndarray
    t: np.ndarray
    activation: str
    depth: int


def draw(rng: np.random.Generator, dtype: str, square: bool = False) -> Draw:
    """Draw sizes, activation, parameters and batch; with `square`, all layers but the first have the same width."""
    depth, n = int(rng.integers(2, 5)), int(rng.integers(2, 12))
    sizes = [int(size) for size in rng.integers(2, 9, depth + 1)]
    if square:
        sizes[1:] = [sizes[1]] * depth
    activation = str(rng.choice(list(ACTIVATIONS)))
    params = {}
    for k in range(depth):
        scale = rng.uniform(0.3, 1.5)
        params[f"W{k + 1}"] = (rng.normal(size=(sizes[k], sizes[k + 1])) * scale).astype(dtype)
        params[f"b{k + 1}"] = (rng.normal(size=sizes[k + 1]) * 0.3).astype(dtype)
    t: np.ndarray = rng.integers(0, sizes[-1], n)
    if rng.random() < 0.3:
        t = np.eye(sizes[-1])[t]
    return Draw(params, rng.normal(size=(n, sizes[0])).astype(dtype), t, activation, depth)


def logits(params: Arrays, x: np.ndarray, activation: str) -> tuple[list[Any], list[Any]]:
    """Return pre-activations and activations, those of layer k at index k."""
    value, depth = ACTIVATIONS[activation][0], len(params) // 2
    z: list[Any] = [None]
    h: list[Any] = [x]
    for k in range(1, depth + 1):
        z.append(h[-1] @ params[f"W{k}"] + params[f"b{k}"])
        h.append(value(z[-1]) if k < depth else z[-1])
    return z, h


def loss(params: Arrays, x: np.ndarray, t: np.ndarray, activation: str) -> Any:
    """Return the mean cross-entropy."""
    out = logits(params, x.astype(params["W1"].dtype), activation)[1][-1]
    out = out - out.max(axis=1, keepdims=True)
    log_probs = out - np.log(np.exp(out).sum(axis=1, keepdims=True))
    answers = np.eye(out.shape[1])[t] if t.ndim == 1 else t
    return -(answers * log_probs).sum() / len(x)


def backward(
    params: Arrays, x: np.ndarray, t: np.ndarray, activation: str, wrong: dict[str, Any] | None = None
) -> Arrays:
    """Return the gradient of `loss`; `wrong` are lines to take instead, by name."""
    wrong = wrong or {}
    slope, depth, n = ACTIVATIONS[activation][1], len(params) // 2, len(x)
    z, h = logits(params, x, activation)
    odds = np.exp(h[-1] - h[-1].max(axis=1, keepdims=True))
    y = odds / odds.sum(axis=1, keepdims=True)
    answers = np.eye(y.shape[1], dtype=y.dtype)[t] if t.ndim == 1 else t.astype(y.dtype)
    dz = wrong["output"](y, answers, n) if "output" in wrong else (y - answers) / n
    grads = {}
    for k in range(depth, 0, -1):
        dw = h[k - 1].T @ dz
        grads[f"W{k}"] = wrong["weight"](h[k - 1], dz).reshape(dw.shape) if "weight" in wrong else dw
        grads[f"b{k}"] = wrong["bias"](dz) if "bias" in wrong else dz.sum(axis=0)
        if k > 1:
            weight = params[f"W{k}"]
            if "early" in wrong:
                weight = weight - wrong["early"] * grads[f"W{k}"]
            dh = wrong["through"](dz, weight) if "through" in wrong else dz @ weight.T
            at = z[k - 1], h[k - 1]
            act = wrong.get("activation") if wrong.get("layer") in (None, k - 1) else None
            dz = act(dh, *at) if act else dh * slope(*at)
    return {name: grads[name].astype(params[name].dtype) for name in params}


#: By code, what is planted: lines to take instead (given the draw), several for some.
LINES: dict[str, list[Callable[[np.random.Generator, Draw], dict[str, Any]]]] = {
    "missing-batch-mean": [lambda rng, d: {"output": lambda y, t, n: y - t}],
    "extra-batch-mean": [lambda rng, d: {"output": lambda y, t, n: (y - t) / n / n}],
    "sign": [lambda rng, d: {"output": lambda y, t, n: (t - y) / n}],
    "softmax-diagonal-only": [
        lambda rng, d: {"output": lambda y, t, n: -t * (1 - y) / n},
        lambda rng, d: {"output": lambda y, t, n: (y - t) * y * (1 - y) / n},
    ],
    "bias-axis": [
        lambda rng, d: {"bias": lambda dz: np.resize(dz.sum(axis=1), dz.shape[1])},
        lambda rng, d: {"bias": lambda dz: np.full(dz.shape[1], dz.sum())},
        lambda rng, d: {"bias": lambda dz: dz[0]},
    ],
    "activation-derivative-missing": [
        lambda rng, d: {"activation": lambda dh, z, h: dh},
        lambda rng, d: {"activation": lambda dh, z, h: dh, "layer": int(rng.integers(1, d.depth))},
    ],
    "activation-derivative-misplaced": [
        lambda rng, d: {"activation": _of_the_wrong_thing(d.activation)},
        lambda rng, d: {"activation": lambda dh, z, h: dh * h},
    ],
    "upstream-ignored": [
        lambda rng, d: {"through": lambda dz, w: np.ones_like(dz) @ w.T},
        lambda rng, d: {"activation": lambda dh, z, h: ACTIVATIONS[d.activation][1](z, h)},
    ],
    "updated-too-early": [lambda rng, d: {"early": float(rng.uniform(0.05, 2.0))}],
    "transposed": [
        lambda rng, d: {"weight": lambda h, dz: dz.T @ h},
        lambda rng, d: {"through": lambda dz, w: dz @ w},
    ],
}


def _of_the_wrong_thing(activation: str) -> Callable[..., Any]:
    if activation == "sigmoid":
        return lambda dh, z, h: dh * z * (1 - z)
    if activation == "tanh":
        return lambda dh, z, h: dh * (1 - z * z)
    return lambda dh, z, h: dh * (dh > 0)


def _one_entry(rng: np.random.Generator, d: Draw) -> Callable[[Arrays, Arrays], Arrays]:
    name = str(rng.choice(list(d.params)))
    index = tuple(int(rng.integers(n)) for n in d.params[name].shape)

    def change(grads: Arrays, params: Arrays) -> Arrays:
        grads[name][index] *= 1.01
        return grads

    return change


def _zeros(rng: np.random.Generator, d: Draw) -> Callable[[Arrays, Arrays], Arrays]:
    name = f"W{rng.integers(1, d.depth + 1)}"
    column = int(rng.integers(d.params[name].shape[1]))

    def change(grads: Arrays, params: Arrays) -> Arrays:
        grads[name][:, column] = 0
        return grads

    return change


def _factor(rng: np.random.Generator, d: Draw) -> Callable[[Arrays, Arrays], Arrays]:
    factor = float(rng.choice([2, 0.5, 3.7, 0.1]))
    return lambda grads, params: {name: grad * grad.dtype.type(factor) for name, grad in grads.items()}


def _decay(rng: np.random.Generator, d: Draw) -> Callable[[Arrays, Arrays], Arrays]:
    rate = float(rng.choice([1e-4, 0.01, 0.1]))

    def change(grads: Arrays, params: Arrays) -> Arrays:
        return {k: g + g.dtype.type(rate) * params[k] if k[0] == "W" else g for k, g in grads.items()}

    return change


def _swapped(rng: np.random.Generator, d: Draw) -> Callable[[Arrays, Arrays], Arrays]:
    same = d.depth > 2 and d.params["W2"].shape == d.params["W3"].shape
    return lambda grads, params: {**grads, "W2": grads["W3"], "W3": grads["W2"]} if same else grads


#: By code, what is done to the right gradient.
CHANGES: dict[str, Callable[[np.random.Generator, Draw], Callable[[Arrays, Arrays], Arrays]]] = {
    "factor": _factor,
    "single-entry": _one_entry,
    "zero-block": _zeros,
    "weight-decay": _decay,
    "permuted": lambda rng, d: lambda g, p: {**g, "W1": np.roll(g["W1"], 1, axis=0)},
    "swapped-parameters": _swapped,
}


class Cheater:
    """A gradient that is right but for what happens between its calls."""

    def __init__(self, code: str, d: Draw, seed: int) -> None:
        self.code, self.draw, self.kept = code, d, Any
        self.total: Arrays = {}
        self.first: Any = None
        self.rng = np.random.default_rng(seed)

    def __call__(self, params: Arrays, x: np.ndarray, t: np.ndarray) -> Arrays:
        """Return what it claims to be the gradient."""
        d = self.draw
        if self.code == "ignores-input":
            return backward(d.params, d.x, d.t, d.activation)
        if self.code == "ignores-batch":
            return backward(params, d.x, d.t, d.activation)
        grads = backward(params, x, t, d.activation)
        if self.code == "accumulates":
            self.total = {name: self.total.get(name, 0) + grad for name, grad in grads.items()}
            return dict(self.total)
        if self.code == "stale-cache":
            self.first = self.first or grads
            return dict(self.first)
        if self.code == "stale-batch":
            self.first = self.first or (x.copy(), np.array(t))
            return backward(params, *self.first, d.activation)
        if self.code == "stochastic":
            return {k: v * (1 + 0.1 * self.rng.normal(size=v.shape)).astype(v.dtype) for k, v in grads.items()}
        for name, grad in grads.items():  # mutates-input
            params[name] -= params[name].dtype.type(0.1) * grad
        return grads


#: What a cheater does, and the code that it has.
CHEATS = {
    "accumulates": "accumulates",
    "stale-cache": "stale-cache",
    "stale-batch": "stale-cache",
    "stochastic": "stochastic",
    "mutates-input": "mutates-input",
    "ignores-input": "ignores-input",
    "ignores-batch": "ignores-input",
}
CODES = [*LINES, *CHANGES, *dict.fromkeys(CHEATS.values())]


def planted(code: str, rng: np.random.Generator, d: Draw, known: bool = True) -> Callable[..., Arrays] | None:
    """Return a gradient function with the mistake; None where it changes nothing in this network.

    With `known` also mistakes that nobody can see, or name, who does not know the network and its batch.
    """
    cheats = [cheat for cheat, named in CHEATS.items() if named == code and (known or "batch" not in cheat)]
    if cheats:
        return Cheater(str(rng.choice(cheats)), d, int(rng.integers(2**31)))
    if code in LINES:
        lines = LINES[code][int(rng.integers(len(LINES[code]))) if known else 0](rng, d)

        def gradient(params: Arrays, x: np.ndarray, t: np.ndarray) -> Arrays:
            return backward(params, x, t, d.activation, lines)

    else:
        change = CHANGES[code](rng, d)

        def gradient(params: Arrays, x: np.ndarray, t: np.ndarray) -> Arrays:
            return change(backward(params, x, t, d.activation), params)

    try:
        wrong = gradient(d.params, d.x, d.t)
    except ValueError:  # this network has no square layers
        return None
    right = backward(d.params, d.x, d.t, d.activation)
    return gradient if any((wrong[name] != right[name]).any() for name in right) else None
