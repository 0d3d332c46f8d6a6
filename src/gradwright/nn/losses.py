"""The last step of a network: from its outputs and the answers to one number, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gradwright._arrays import Array, FloatArray, adapter, in_place, namespace
from gradwright.functions import (
    cross_entropy_with_logits,
    cross_entropy_with_logits_derivative,
    half_squared_error,
    half_squared_error_derivative,
    softmax,
)
from gradwright.nn.layers import Facts
from gradwright.nn.rules import Formula, Line, Parts, Rule, Term, mark


class Loss:
    """Base of the losses of a network.

    Attributes
    ----------
    kind : str
        The name by which files know the loss.
    classifies : bool
        Whether the answers are classes, so that there is an accuracy.
    prediction, formula : Formula
        The prediction from the outputs (``<x>``), and the loss from the prediction, as an explanation writes them.
    rules : tuple of Rule
        The one rule with which the way back begins; without it a network cannot explain itself.
    derivation : tuple of Line
        How that rule comes about, line by line, for one sample.
    """

    kind: ClassVar[str] = ""
    classifies: ClassVar[bool] = False
    prediction: ClassVar[Formula] = Formula("<x>", "<x>")
    formula: ClassVar[Formula] = Formula("", "")
    rules: ClassVar[tuple[Rule, ...]] = ()
    derivation: ClassVar[tuple[Line, ...]] = ()

    def predict(self, outputs: Array) -> Array:
        """Return what the network predicts, from the outputs of its last layer."""
        return outputs

    def value(self, outputs: Array, t: Array) -> Array:
        """Return the loss, a 0-d array: the mean over the batch."""
        raise NotImplementedError

    def gradient(self, outputs: Array, t: Array) -> Array:
        """Return the gradient of the loss with respect to `outputs`, of their shape."""
        raise NotImplementedError

    def facts(self, outputs: Array, t: Array, *, small: bool) -> Facts:
        """Return what `reduced` and `difference` need to know of each sample: arrays of shape (n_samples, anything).

        With the other two it makes the numerical gradient fast, of a loss that is a mean over samples; without them
        each parameter takes two runs of the network.

        Parameters
        ----------
        outputs, t
            As in `value`.
        small : bool
            Whether no output will change by more than 1/4.
        """
        raise NotImplementedError

    def reduced(self, facts: Facts, change: Array, units: Array | None) -> Array:
        """Return what the loss of each sample depends on where its outputs change.

        Parameters
        ----------
        facts : dict of array, shape (anything, 1, 1, n_rows)
            What `facts` returned, of the sample that each row is of.
        change : array, shape (n_out, 2, n_units, n_rows)
            What is added to the outputs, the two ways on the second axis. It may be written over.
        units : array of int, shape (n_units,), or None
            If given, only this output changes, and the first axis of `change` is 1.

        Returns
        -------
        array, shape (anything, 2, n_units, n_rows)
        """
        raise NotImplementedError

    def difference(self, facts: Facts, reduced: Array) -> Array:
        """Return the losses of the samples changed one way less those the other way, (n_units, n_rows)."""
        raise NotImplementedError


def _sum_over_outputs(weights: Array, values: Array, units: Array | None) -> Array:
    """Return the sum over the outputs of `values` times `weights` (n_out, 1, 1, n_rows): (2, n_units, n_rows)."""
    xp = namespace(values)
    if units is not None:
        return adapter(values).taken(weights[:, 0, 0, :], units, 0) * values[0, ...]
    if isinstance(values, np.ndarray):  # makes no array of products: a fifth of the time of the whole gradient
        return np.einsum("kr,kijr->ijr", weights[:, 0, 0, :], values)
    return xp.sum(weights * values, axis=0)


def _difference(parts: Parts) -> FloatArray:
    # Where the answers are weights that do not sum to 1, as a label smoothed by hand may, softmax counts that often.
    return np.asarray(parts["y"] * parts["t"].sum(axis=-1, keepdims=True) - parts["t"])


def _slope_of_log(parts: Parts) -> FloatArray:
    y, t = parts["y"], parts["t"]
    with np.errstate(divide="ignore", over="ignore"):  # -inf where the answer's probability rounds to 0
        return np.divide(-t, y, out=np.zeros_like(y), where=t != 0)


def _softmax_jacobian(parts: Parts) -> FloatArray:
    y = parts["y"]
    return np.asarray(np.diag(y) - np.outer(y, y))


_OVER_N = Formula("dL/d<x> = (y - t) / N", r"\frac{\partial L}{\partial <x>} = \frac{y - t}{N}")


@dataclass(frozen=True)
class SoftmaxCrossEntropy(Loss):
    r"""Softmax and cross-entropy in one, for classification.

    .. math:: L = -\frac{1}{N} \sum_n \sum_k t_{nk} \log y_{nk}, \quad y = \mathrm{softmax}(a), \qquad
        \frac{\partial L}{\partial a} = \frac{y - t}{N}

    Computed from the logits a, so it is exact where the probabilities would round to 0. `t` is integer labels, one-hot
    or any distribution.

    Examples
    --------
    >>> import numpy as np
    >>> loss = SoftmaxCrossEntropy()
    >>> round(float(loss.value(np.array([[0.0, 0.0]]), np.array([1]))), 6)
    0.693147
    >>> loss.gradient(np.array([[0.0, 0.0]]), np.array([1]))
    array([[ 0.5, -0.5]])
    """

    kind: ClassVar[str] = "softmax-cross-entropy"
    classifies: ClassVar[bool] = True
    prediction: ClassVar[Formula] = Formula("softmax(<x>)", r"\mathrm{softmax}(<x>)")
    formula: ClassVar[Formula] = Formula("-sum(t * log(y)) / N", r"-\frac{1}{N} \sum_n \sum_k t_{nk} \log y_{nk}")
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule("x", (Term(Formula("(y - t)", "(y - t)"), _difference), mark("N")), "/", "explain.softmax-cross-entropy"),
    )
    derivation: ClassVar[tuple[Line, ...]] = (
        Line(
            Formula("dL_n/dy_k = -t_k / y_k", r"\frac{\partial L_n}{\partial y_k} = -\frac{t_k}{y_k}"),
            "explain.log-slope",
            _slope_of_log,
        ),
        Line(
            Formula(
                "dy_k/da_j = y_k * (delta_kj - y_j)",
                r"\frac{\partial y_k}{\partial a_j} = y_k (\delta_{kj} - y_j)",
            ),
            "explain.softmax-slope",
            _softmax_jacobian,
        ),
        Line(
            Formula(
                "dL_n/da_j = sum_k (-t_k / y_k) * y_k * (delta_kj - y_j) = -t_j + y_j * sum_k t_k = y_j - t_j",
                r"\frac{\partial L_n}{\partial a_j} = \sum_k \left(-\frac{t_k}{y_k}\right) y_k (\delta_{kj} - y_j)"
                r" = -t_j + y_j \sum_k t_k = y_j - t_j",
            ),
            "explain.softmax-product",
            _difference,
        ),
        Line(_OVER_N, "explain.mean", lambda p: _difference(p) / p["N"]),
    )

    def predict(self, outputs: Array) -> Array:
        """Return probabilities: each row sums to 1."""
        return softmax(outputs)

    def value(self, outputs: Array, t: Array) -> Array:
        """Return the mean cross-entropy in nats."""
        return cross_entropy_with_logits(outputs, t)

    def gradient(self, outputs: Array, t: Array) -> Array:
        """Return (y - t) / N."""
        return cross_entropy_with_logits_derivative(outputs, t)

    def facts(self, outputs: Array, t: Array, *, small: bool) -> Facts:
        """Return t as weights, and the probabilities; or their logarithms, and those of the sums of the others."""
        xp, own, n_out = namespace(outputs), adapter(outputs), int(outputs.shape[1])
        answers = t[:, None] == own.counted(0, n_out, outputs)[None, :] if t.ndim == 1 else t
        facts = {"t": xp.astype(answers, outputs.dtype)}
        shifted = outputs - xp.max(outputs, axis=1, keepdims=True)
        log_y = shifted - xp.log(xp.sum(xp.exp(shifted), axis=1, keepdims=True))
        if small:
            return {**facts, "y": xp.exp(log_y)}
        apart = log_y[:, None, :] + own.from_numpy(np.where(np.eye(n_out) == 1, -np.inf, 0.0), outputs)[None, :, :]
        largest = xp.max(apart, axis=2, keepdims=True)
        largest = xp.where(xp.isfinite(largest), largest, xp.zeros_like(largest))
        others = xp.log(xp.sum(xp.exp(apart - largest), axis=2)) + largest[:, :, 0]
        return {**facts, "log_y": log_y, "others": others}

    def reduced(self, facts: Facts, change: Array, units: Array | None) -> Array:
        r"""Return :math:`\sum_k y_k (e^{c_k} - 1)` and :math:`\sum_k t_k c_k` for the change c.

        With logits changed by c, the sum of their exponentials becomes 1 more than the first of these times as large.
        Where c may be large, it is the logarithm of that, from exponents that cannot overflow.
        """
        xp = namespace(change)
        linear = _sum_over_outputs(facts["t"], change, units)
        if "y" in facts:
            return xp.stack([_sum_over_outputs(facts["y"], in_place(xp.expm1, change), units), linear])
        if units is not None:
            others, own = (adapter(change).taken(facts[key][:, 0, 0, :], units, 0) for key in ("others", "log_y"))
            return xp.stack([xp.logaddexp(others, own + change[0, ...]), linear])
        exponents = facts["log_y"] + change
        largest = xp.max(exponents, axis=0)
        return xp.stack([xp.log(xp.sum(xp.exp(exponents - largest), axis=0)) + largest, linear])

    def difference(self, facts: Facts, reduced: Array) -> Array:
        """Return the difference of the logarithms, as often as t sums to, less that of the answer's logits."""
        xp = namespace(reduced)
        logs = xp.log1p(reduced[0, ...]) if "y" in facts else reduced[0, ...]
        total = xp.sum(facts["t"], axis=0)[0, ...]
        return (logs[0, ...] - logs[1, ...]) * total - (reduced[1, 0, ...] - reduced[1, 1, ...])


@dataclass(frozen=True)
class HalfSquaredError(Loss):
    r"""Half the squared error, for regression.

    .. math:: L = \frac{1}{2N} \sum_n \sum_k (y_{nk} - t_{nk})^2, \qquad \frac{\partial L}{\partial y} = \frac{y - t}{N}
    """

    kind: ClassVar[str] = "half-squared-error"
    formula: ClassVar[Formula] = Formula("sum((y - t)**2) / (2 * N)", r"\frac{1}{2N} \sum_n \sum_k (y_{nk} - t_{nk})^2")
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "x",
            (Term(Formula("(y - t)", "(y - t)"), lambda p: p["y"] - p["t"]), mark("N")),
            "/",
            "explain.half-squared-error",
        ),
    )
    derivation: ClassVar[tuple[Line, ...]] = (
        Line(
            Formula(
                "dL_n/dy_k = 2 * (y_k - t_k) / 2 = y_k - t_k",
                r"\frac{\partial L_n}{\partial y_k} = \frac{1}{2} \cdot 2 (y_k - t_k) = y_k - t_k",
            ),
            "explain.square-slope",
            lambda p: p["y"] - p["t"],
        ),
        Line(_OVER_N, "explain.mean", lambda p: (p["y"] - p["t"]) / p["N"]),
    )

    def value(self, outputs: Array, t: Array) -> Array:
        """Return the mean over the batch of half the sum of squares."""
        return half_squared_error(outputs, t)

    def gradient(self, outputs: Array, t: Array) -> Array:
        """Return (y - t) / N."""
        return half_squared_error_derivative(outputs, t)

    def facts(self, outputs: Array, t: Array, *, small: bool) -> Facts:
        """Return 2 (y - t)."""
        xp = namespace(outputs)
        return {"twice": 2.0 * (outputs - xp.reshape(xp.astype(t, outputs.dtype), tuple(outputs.shape)))}

    def reduced(self, facts: Facts, change: Array, units: Array | None) -> Array:
        """Return the change of the loss, from c to half the sum of (y + c - t)^2 - (y - t)^2 = c^2 + 2 (y - t) c."""
        squares = change * change
        return (_sum_over_outputs(facts["twice"], change, units) + namespace(change).sum(squares, axis=0))[None] / 2.0

    def difference(self, facts: Facts, reduced: Array) -> Array:
        """Return the one change less the other."""
        return reduced[0, 0, ...] - reduced[0, 1, ...]


LOSSES: dict[str, type[Loss]] = {kind.kind: kind for kind in (SoftmaxCrossEntropy, HalfSquaredError)}
