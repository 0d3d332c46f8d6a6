"""Mistakes of backward passes, each an executable variant of the right one.

A wrong gradient is compared with what each of these gives on the same batch: one that agrees to rounding is the cause.
To teach the checker a new mistake, add one small function here, and a sentence in both languages to the catalogue
(``mistake.NAME``: what was done, and why it is wrong). ``python -m gradwright.check.mistakes`` prints all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from gradwright._arrays import FloatArray
from gradwright.check.mistakes.backward import ACTIVATIONS, Pass, Step


@dataclass(frozen=True)
class Mistake:
    """One way to get a step wrong.

    Attributes
    ----------
    name : str
        Such as ``bias-total``.
    code : str
        The cause that it is an instance of, such as ``bias-axis``.
    step : str
        Which of `backward.STEPS` it stands for.
    wrote, right : str
        The line as it was written, and as it should be, in the letters of `Pass`.
    function : callable
        The step. With `fitted`, it takes one number more, the last: a rate that only the author knows.
    applies : callable
        Of a `Pass`: whether the mistake can be made there at all.
    fitted : bool
        Whether there is such a number.
    also : dict of callable
        Other steps that go with it, as a factor that is left out where it belongs.
    """

    name: str
    code: str
    step: str
    wrote: str
    right: str
    function: Callable[..., FloatArray]
    applies: Callable[[Pass], bool]
    fitted: bool = False
    also: Mapping[str, Step] = field(default_factory=dict)

    @property
    def layered(self) -> bool:
        """Whether it can be made at one layer and not at another."""
        return self.step != "output"

    def gradient(self, p: Pass, only: int | None = None, rate: float = 0.0) -> Mapping[str, FloatArray]:
        """Return the gradient with this mistake in it, at every layer or at one."""
        step: Step = (lambda *given: self.function(*given, rate)) if self.fitted else self.function
        return p.gradient({**self.also, self.step: step}, only)


_REGISTRY: list[Mistake] = []
_RIGHT = {
    "output": "dz = (y - t) / n",
    "weight": "dW = h.T @ dz",
    "bias": "db = dz.sum(axis=0)",
    "through-weights": "dh = dz @ W.T",
    "through-activation": "dz = dh * f'(z)",
}


def _mistake(
    name: str,
    code: str,
    step: str,
    wrote: str,
    applies: Callable[[Pass], bool] = lambda p: True,
    fitted: bool = False,
    also: Mapping[str, Step] | None = None,
) -> Callable[[Callable[..., FloatArray]], Callable[..., FloatArray]]:
    def register(function: Callable[..., FloatArray]) -> Callable[..., FloatArray]:
        _REGISTRY.append(Mistake(name, code, step, wrote, _RIGHT[step], function, applies, fitted, also or {}))
        return function

    return register


def mistakes() -> tuple[Mistake, ...]:
    """Return all mistakes that are known."""
    return tuple(_REGISTRY)


def _has_hidden(p: Pass) -> bool:
    return p.depth > 1


def _has_batch(p: Pass) -> bool:
    return p.depth > 1 and p.n > 1


def _is(*names: str) -> Callable[[Pass], bool]:
    return lambda p: p.depth > 1 and p.activation.name in names


def _is_not(*names: str) -> Callable[[Pass], bool]:
    return lambda p: p.depth > 1 and p.activation.name not in names


# -- where the loss meets the network ----------------------------------------------------------------------------------


@_mistake("output-sign", "sign", "output", "dz = (t - y) / n")
def _(p: Pass) -> FloatArray:
    return (p.t - p.y) / p.n


@_mistake("no-batch-mean", "missing-batch-mean", "output", "dz = y - t", lambda p: p.n > 1)
def _(p: Pass) -> FloatArray:
    return p.y - p.t


@_mistake("batch-mean-twice", "extra-batch-mean", "output", "dz = (y - t) / n / n", lambda p: p.n > 1)
def _(p: Pass) -> FloatArray:
    return (p.y - p.t) / p.n**2


@_mistake("softmax-diagonal", "softmax-diagonal-only", "output", "dz = -t / y * y * (1 - y) / n")
def _(p: Pass) -> FloatArray:
    return -p.t * (1 - p.y) / p.n


@_mistake("softmax-diagonal-of-difference", "softmax-diagonal-only", "output", "dz = (y - t) / n * y * (1 - y)")
def _(p: Pass) -> FloatArray:
    return (p.y - p.t) / p.n * p.y * (1 - p.y)


@_mistake("softmax-without-the-sum", "softmax-diagonal-only", "output", "dz = -t / y * y / n")
def _(p: Pass) -> FloatArray:
    return -p.t / p.n


@_mistake("softmax-passed-over", "activation-derivative-missing", "output", "dz = -t / y / n")
def _(p: Pass) -> FloatArray:
    return -p.t / np.maximum(p.y, np.finfo(np.float64).tiny) / p.n


@_mistake(
    "slope-at-the-logits", "activation-derivative-misplaced", "output", "dz = (y - t) / n * f'(z)",
    _is_not("identity"),
)  # fmt: skip
def _(p: Pass) -> FloatArray:
    return (p.y - p.t) / p.n * p.slope(p.depth)


# -- the parameters' own gradients -------------------------------------------------------------------------------------


@_mistake("weight-gradient-transposed", "transposed", "weight", "dW = (dz.T @ h).reshape(W.shape)")
def _(p: Pass, k: int, delta: FloatArray) -> FloatArray:
    return (delta.T @ p.h(k - 1)).reshape(p.weights[k - 1].shape)


@_mistake("bias-total", "bias-axis", "bias", "db = dz.sum()")
def _(p: Pass, k: int, delta: FloatArray) -> FloatArray:
    return np.full(delta.shape[1], delta.sum())


@_mistake("bias-mean-of-all", "bias-axis", "bias", "db = dz.mean()")
def _(p: Pass, k: int, delta: FloatArray) -> FloatArray:
    return np.full(delta.shape[1], delta.mean())


@_mistake("bias-over-units", "bias-axis", "bias", "db = dz.sum(axis=1)")
def _(p: Pass, k: int, delta: FloatArray) -> FloatArray:
    return np.resize(delta.sum(axis=1), delta.shape[1])


@_mistake("bias-mean-over-units", "bias-axis", "bias", "db = dz.mean(axis=1)")
def _(p: Pass, k: int, delta: FloatArray) -> FloatArray:
    return np.resize(delta.mean(axis=1), delta.shape[1])


@_mistake("bias-padded", "bias-axis", "bias", "db[:n] = dz.sum(axis=1)[:len(b)]", lambda p: p.n > 1)
def _(p: Pass, k: int, delta: FloatArray) -> FloatArray:
    found = np.zeros(delta.shape[1])
    rows = delta.sum(axis=1)[: delta.shape[1]]
    found[: len(rows)] = rows
    return found


@_mistake("bias-first-sample", "bias-axis", "bias", "db = dz[0]", lambda p: p.n > 1)
def _(p: Pass, k: int, delta: FloatArray) -> FloatArray:
    return np.array(delta[0])


@_mistake("bias-last-sample", "bias-axis", "bias", "db = dz[-1]", lambda p: p.n > 1)
def _(p: Pass, k: int, delta: FloatArray) -> FloatArray:
    return np.array(delta[-1])


# -- from layer to layer -----------------------------------------------------------------------------------------------


@_mistake("weights-not-transposed", "transposed", "through-weights", "dh = dz @ W", _has_hidden)
def _(p: Pass, k: int, delta: FloatArray) -> FloatArray:
    weight = p.weights[k - 1]
    return np.asarray(delta @ (weight if weight.shape[0] == weight.shape[1] else weight.reshape(weight.shape[::-1])))


@_mistake(
    "weights-updated-first",
    "updated-too-early",
    "through-weights",
    "W -= learning_rate * dW; dh = dz @ W.T",
    _has_hidden,
    fitted=True,
)
def _(p: Pass, k: int, delta: FloatArray, rate: float) -> FloatArray:
    weight = p.weights[k - 1]
    return np.asarray(delta @ (weight - rate * (p.h(k - 1).T @ delta)).T)


@_mistake("ones-for-the-upstream", "upstream-ignored", "through-weights", "dh = np.ones_like(dz) @ W.T", _has_hidden)
def _(p: Pass, k: int, delta: FloatArray) -> FloatArray:
    return np.ones_like(delta) @ p.weights[k - 1].T


@_mistake("mean-for-the-upstream", "upstream-ignored", "through-weights", "dh = np.ones_like(dz) / n @ W.T", _has_batch)
def _(p: Pass, k: int, delta: FloatArray) -> FloatArray:
    return np.full_like(delta, 1 / p.n) @ p.weights[k - 1].T


@_mistake(
    "slope-before-the-weights",
    "activation-derivative-misplaced",
    "through-weights",
    "dh = (dz * f'(z)) @ W.T; dz = dh",
    _is_not("identity"),
    also={"through-activation": lambda p, k, back: back},
)
def _(p: Pass, k: int, delta: FloatArray) -> FloatArray:
    return np.asarray((delta * p.slope(k)) @ p.weights[k - 1].T)


@_mistake("slope-alone", "upstream-ignored", "through-activation", "dz = f'(z)", _has_hidden)
def _(p: Pass, k: int, back: FloatArray) -> FloatArray:
    return p.slope(k)


@_mistake("slope-alone-mean", "upstream-ignored", "through-activation", "dz = f'(z) / n", _has_batch)
def _(p: Pass, k: int, back: FloatArray) -> FloatArray:
    return p.slope(k) / p.n


@_mistake("no-slope", "activation-derivative-missing", "through-activation", "dz = dh", _is_not("identity"))
def _(p: Pass, k: int, back: FloatArray) -> FloatArray:
    return back


@_mistake(
    "slope-of-the-pre-activation", "activation-derivative-misplaced", "through-activation", "dz = dh * z * (1 - z)",
    _is("sigmoid"),
)  # fmt: skip
def _(p: Pass, k: int, back: FloatArray) -> FloatArray:
    z = p.z[k - 1]
    return back * z * (1 - z)


@_mistake(
    "square-of-the-pre-activation", "activation-derivative-misplaced", "through-activation", "dz = dh * (1 - z**2)",
    _is("tanh"),
)  # fmt: skip
def _(p: Pass, k: int, back: FloatArray) -> FloatArray:
    return back * (1 - p.z[k - 1] ** 2)


@_mistake(
    "slope-at-the-output", "activation-derivative-misplaced", "through-activation", "dz = dh * f'(f(z))",
    _is("sigmoid", "tanh"),
)  # fmt: skip
def _(p: Pass, k: int, back: FloatArray) -> FloatArray:
    return back * p.activation.slope(p.h(k))


@_mistake(
    "slope-at-the-upstream", "activation-derivative-misplaced", "through-activation", "dz = dh * f'(dh)",
    _is_not("identity"),
)  # fmt: skip
def _(p: Pass, k: int, back: FloatArray) -> FloatArray:
    return back * p.activation.slope(back)


@_mistake(
    "value-for-the-slope", "activation-derivative-misplaced", "through-activation", "dz = dh * f(z)",
    _is_not("identity"),
)  # fmt: skip
def _(p: Pass, k: int, back: FloatArray) -> FloatArray:
    return back * p.h(k)


@_mistake(
    "pre-activation-for-the-slope", "activation-derivative-misplaced", "through-activation", "dz = dh * z",
    _is_not("identity"),
)  # fmt: skip
def _(p: Pass, k: int, back: FloatArray) -> FloatArray:
    return back * p.z[k - 1]


@_mistake(
    "slope-twice", "activation-derivative-misplaced", "through-activation", "dz = dh * f'(z) * f'(z)",
    _is("sigmoid", "tanh"),
)  # fmt: skip
def _(p: Pass, k: int, back: FloatArray) -> FloatArray:
    return back * p.slope(k) ** 2


def _other_slope(name: str) -> Callable[[Pass, int, FloatArray], FloatArray]:
    return lambda p, k, back: back * ACTIVATIONS[name].slope(p.z[k - 1])


for _name in ("sigmoid", "tanh", "relu"):
    _mistake(
        f"slope-of-{_name}", "activation-derivative-misplaced", "through-activation", f"dz = dh * {_name}'(z)",
        _is_not(_name),
    )(_other_slope(_name))  # fmt: skip


@_mistake(
    "sigmoid-formula-on-the-output", "activation-derivative-misplaced", "through-activation", "dz = dh * h * (1 - h)",
    _is_not("sigmoid"),
)  # fmt: skip
def _(p: Pass, k: int, back: FloatArray) -> FloatArray:
    return back * p.h(k) * (1 - p.h(k))


@_mistake(
    "tanh-formula-on-the-output", "activation-derivative-misplaced", "through-activation", "dz = dh * (1 - h**2)",
    _is_not("tanh"),
)  # fmt: skip
def _(p: Pass, k: int, back: FloatArray) -> FloatArray:
    return back * (1 - p.h(k) ** 2)


def variants(p: Pass) -> Iterator[tuple[Mistake, int | None]]:
    """Yield every mistake that can be made in a pass, at all layers and at each alone."""
    for mistake in mistakes():
        if not mistake.applies(p):
            continue
        yield mistake, None
        if mistake.layered and not mistake.also:
            first, last = (1, p.depth) if mistake.step in ("weight", "bias") else (1, p.depth - 1)
            if mistake.step == "through-weights":
                first, last = 2, p.depth
            if last > first:
                yield from ((mistake, layer) for layer in range(first, last + 1))


__all__ = ["Mistake", "mistakes", "variants"]
