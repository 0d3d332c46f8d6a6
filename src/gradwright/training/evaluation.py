"""How good a network is on a set: loss, accuracy, and which class is taken for which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright import _validate
from gradwright._arrays import Array, array_of, to_numpy
from gradwright.errors import ArgumentError, ArgumentTypeError, ShapeError
from gradwright.messages import phrase
from gradwright.nn import Network
from gradwright.nn.fast_pass import FastPass
from gradwright.nn.layers import Affine
from gradwright.workers.threads import side_by_side

#: Full sets go through in chunks of this many samples, so that memory does not grow with the set.
_CHUNK = 8192
#: Numbers in the widest array of a fast chunk: it fits into the cache of a core, and takes few calls.
_FAST_CHUNK = 2**18


@dataclass(frozen=True)
class Score:
    """Loss and accuracy on a set; the accuracy of a regression is None."""

    loss: float
    accuracy: float | None


def score(network: Network, params: Mapping[str, Array], x: Array, t: npt.NDArray[Any], *, threads: int = 1) -> Score:
    """Return the mean loss and the accuracy on a set of any size, in chunks.

    Parameters
    ----------
    network : Network
    params : mapping
        The parameters to run it with.
    x : array, shape (n_samples, n_in)
        Of the library and dtype of the network's parameters.
    t : ndarray, shape (n_samples,) or (n_samples, n_out)
        Labels, or the values of a regression.
    threads : int, optional
        On how many threads, where all is NumPy's; the bits do not depend on it.
    """
    if FastPass.suits(network, x, t) and FastPass(network, 1, x.dtype).fits(params):
        found = _fast_scores(network, params, x, t, threads)
    else:
        parts = (slice(start, min(start + _CHUNK, len(t))) for start in range(0, len(t), _CHUNK))
        found = [_score(network, params, x[part, ...], t[part]) for part in parts]
    losses, right = zip(*found, strict=True)
    return Score(sum(losses) / len(t), sum(right) / len(t) if network.loss_function.classifies else None)


def _fast_scores(
    network: Network, params: Mapping[str, Array], x: Array, t: npt.NDArray[Any], threads: int
) -> list[tuple[float, int]]:
    """Return the sum of the losses, and how many answers are right, of each chunk."""
    widest = max(layer.n_out for layer in network.layers if isinstance(layer, Affine))
    size = min(len(t), max(1, _FAST_CHUNK // widest))
    starts = range(0, len(t), size)
    found, threads = [(0.0, 0)] * len(starts), min(threads, len(starts))

    def work(first: int) -> None:
        fast = FastPass(network, size, x.dtype)
        with np.errstate(over="ignore", invalid="ignore"):  # each thread has its own
            for i in range(first, len(starts), threads):
                part = slice(starts[i], starts[i] + size)
                found[i] = fast.score(params, x[part], t[part])

    side_by_side([partial(work, first) for first in range(threads)], threads)
    return found


def _score(network: Network, params: Mapping[str, Array], x: Array, t: npt.NDArray[Any]) -> tuple[float, int]:
    """Return the sum of the losses, and how many answers are right."""
    outputs = network.forward(params, x)[0]
    loss = float(to_numpy(network.loss_function.value(outputs, t))) * len(t)
    return loss, int(np.count_nonzero(to_numpy(outputs).argmax(axis=1) == t)) if network.loss_function.classifies else 0


@dataclass(frozen=True)
class Evaluation:
    """How a classifier does on a set.

    Attributes
    ----------
    loss, accuracy : float
        Mean cross-entropy in nats, and the share of right answers.
    confusion : ndarray of int, shape (n_classes, n_classes)
        Row: the answer; column: the prediction.
    precision, recall, f1 : ndarray, shape (n_classes,)
        For each class. Precision is NaN where the class was never predicted, recall where it was never there, f1 where
        both are so.
    classes : tuple of str
        The names of the classes.
    labels, predictions : ndarray of int, shape (n_samples,)
        The answer and the prediction for each sample.
    confidence : ndarray, shape (n_samples,)
        The probability of the predicted class.
    """

    loss: float
    accuracy: float
    confusion: npt.NDArray[np.int64]
    precision: npt.NDArray[np.float64]
    recall: npt.NDArray[np.float64]
    f1: npt.NDArray[np.float64]
    classes: tuple[str, ...]
    labels: npt.NDArray[np.int64]
    predictions: npt.NDArray[np.int64]
    confidence: npt.NDArray[np.float64]

    @property
    def worst(self) -> npt.NDArray[np.int64]:
        """The wrongly classified samples, the most confident mistake first."""
        wrong = np.flatnonzero(self.labels != self.predictions)
        return wrong[np.argsort(-self.confidence[wrong], kind="stable")]

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the samples as plain values that JSON can hold; None for what is not defined."""

        def plain(values: npt.NDArray[np.float64]) -> list[float | None]:
            return [None if np.isnan(v) else float(v) for v in values]

        return {
            "loss": self.loss,
            "accuracy": self.accuracy,
            "n_samples": len(self.labels),
            "classes": list(self.classes),
            "confusion": self.confusion.tolist(),
            "precision": plain(self.precision),
            "recall": plain(self.recall),
            "f1": plain(self.f1),
        }


def evaluate(network: Network, x: Any, t: Any, classes: Sequence[str] | None = None) -> Evaluation:
    r"""Evaluate a classifier on a set.

    .. math:: \text{precision}_k = \frac{C_{kk}}{\sum_j C_{jk}}, \quad \text{recall}_k = \frac{C_{kk}}{\sum_j C_{kj}},
        \quad F_1 = \frac{2 \cdot \text{precision} \cdot \text{recall}}{\text{precision} + \text{recall}}

    Parameters
    ----------
    network : Network
        A network with a classifying loss.
    x : array, shape (n_samples, n_in)
    t : array, shape (n_samples,) or (n_samples, n_classes)
        Integer labels, or one-hot rows.
    classes : sequence of str, optional
        The names of the classes; by default their numbers.

    Returns
    -------
    Evaluation

    Raises
    ------
    ArgumentError, ArgumentTypeError
        If the network does not classify, or `classes` has not a name for each class, or something is of another kind.
    ShapeError, LabelError, NonFiniteError
        If x or t does not fit.

    Notes
    -----
    F1 is that of scikit-learn: 0 where a class that is there was never predicted. Precision and recall are NaN where
    they are 0 / 0; scikit-learn has 0 there, with a warning.

    Examples
    --------
    >>> from gradwright.nn import Affine
    >>> net = Network([Affine(2, 2)], rng=0)
    >>> net.params = {"W1": np.eye(2), "b1": np.zeros(2)}
    >>> result = evaluate(net, [[2.0, 0.0], [0.0, 1.0], [3.0, 0.0], [1.0, 0.0]], [0, 1, 1, 0])
    >>> result.accuracy, result.confusion.tolist(), result.worst
    (0.75, [[2, 0], [1, 1]], array([2]))
    """
    _validate.instance("network", network, Network)
    if not network.loss_function.classifies:
        raise ArgumentError("network.no-accuracy", loss=type(network.loss_function).__name__)
    names = _names(classes, network.n_out)
    samples, answers = array_of(x, name="x"), array_of(t, name="t")
    if samples.ndim != 2:
        raise ShapeError("network.input", shape=tuple(samples.shape), n_in=network.n_in)
    if answers.ndim == 0 or answers.shape[0] != samples.shape[0]:
        raise ShapeError("network.pair", shape=tuple(samples.shape), t_shape=tuple(answers.shape))
    loss, probs = _run(network, samples, answers)
    host = to_numpy(answers)
    labels = (host.argmax(axis=1) if host.ndim == 2 else host).astype(np.int64)
    predictions = probs.argmax(axis=1)
    confusion = np.zeros((network.n_out, network.n_out), np.int64)
    np.add.at(confusion, (labels, predictions), 1)
    right = np.diag(confusion)
    with np.errstate(invalid="ignore"):
        precision, recall = right / confusion.sum(axis=0), right / confusion.sum(axis=1)
        f1 = 2 * right / (confusion.sum(axis=0) + confusion.sum(axis=1))
    accuracy = float(right.sum() / len(labels))
    confidence = probs.max(axis=1)
    return Evaluation(loss, accuracy, confusion, precision, recall, f1, names, labels, predictions, confidence)


def _names(classes: Any, n_out: int) -> tuple[str, ...]:
    if classes is None:
        return tuple(map(str, range(n_out)))
    if isinstance(classes, (str, bytes)) or not isinstance(classes, Iterable) or getattr(classes, "ndim", 1) != 1:
        kind = type(classes).__name__
        raise ArgumentTypeError("argument.type", name="classes", expected=phrase("kind.list"), kind=kind)
    names = tuple(map(str, classes))
    if len(names) != n_out:
        raise ArgumentError("evaluation.classes", count=len(names), n_out=n_out)
    return names


def _run(network: Network, x: Array, t: Array) -> tuple[float, npt.NDArray[np.float64]]:
    """Return the mean loss and the probabilities, in chunks."""
    count = int(x.shape[0])
    total, probs = 0.0, []
    for start in range(0, max(count, 1), _CHUNK):
        stop = min(start + _CHUNK, count)
        outputs = network.logits(x[start:stop, ...])
        total += float(to_numpy(network.loss_function.value(outputs, t[start:stop, ...]))) * (stop - start)
        probs.append(np.asarray(to_numpy(network.loss_function.predict(outputs)), np.float64))
    return total / count, np.concatenate(probs)
