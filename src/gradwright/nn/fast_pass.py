"""Loss and gradient of a network on NumPy, in arrays that are made once.

`Network.loss_and_gradient` makes a new array for each result and looks at each argument, which for a batch of 100 and
50 units takes twice as long as the arithmetic. Here the same products and sums go into arrays that are kept: 2.5 times
as fast for 784-50-10. For layers and losses of this library, whose numbers it gives to rounding.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gradwright._arrays import Array
from gradwright.nn.layers import Affine, Identity, ReLU, Sigmoid, Tanh
from gradwright.nn.losses import HalfSquaredError, SoftmaxCrossEntropy
from gradwright.nn.own_parameters import is_plain

if TYPE_CHECKING:
    from gradwright.nn.network import Network

Numbers = npt.NDArray[Any]


def _sigmoid(x: Numbers) -> None:
    # Where e^-x overflows it is 0, which differs from it by less than the smallest number.
    np.negative(x, out=x)
    np.exp(x, out=x)
    np.add(x, 1, out=x)
    np.divide(1, x, out=x)


def _tanh(x: Numbers) -> None:
    np.tanh(x, out=x)


def _relu(x: Numbers) -> None:
    np.maximum(x, 0, out=x)


def _nothing(*arrays: Numbers) -> None:
    pass


def _through_sigmoid(y: Numbers, upstream: Numbers, room: Numbers) -> None:
    np.subtract(1, y, out=room)
    np.multiply(room, y, out=room)
    np.multiply(upstream, room, out=upstream)


def _through_tanh(y: Numbers, upstream: Numbers, room: Numbers) -> None:
    np.multiply(y, y, out=room)
    np.subtract(1, room, out=room)
    np.multiply(upstream, room, out=upstream)


def _through_relu(y: Numbers, upstream: Numbers, room: Numbers) -> None:
    np.multiply(upstream, np.greater(y, 0, out=room, casting="unsafe"), out=upstream)


#: What overwrites the input of an activation by its output, and a gradient by its output by that by its input.
_ACTIVATIONS: dict[type, tuple[Callable[..., None], Callable[..., None]]] = {
    Sigmoid: (_sigmoid, _through_sigmoid),
    Tanh: (_tanh, _through_tanh),
    ReLU: (_relu, _through_relu),
    Identity: (_nothing, _nothing),
}


@dataclass(frozen=True)
class _Block:
    """An affine layer and the activation that follows it, with the arrays that they need."""

    weight: str
    bias: str | None
    forward: Callable[..., None]
    backward: Callable[..., None]
    output: Numbers
    upstream: Numbers
    room: Numbers


class FastPass:
    """Forward and backward through a network, for up to so many samples at a time.

    The arrays that it returns are its own: they are valid until the next call.

    Parameters
    ----------
    network : Network
        One that `suits`.
    n_samples : int
        The largest batch.
    dtype : dtype
        Of the parameters and the samples.
    weight_decay : float
        lambda: half of it times the sum of the squares of all weights, biases apart, is added to the loss.
    """

    def __init__(self, network: Network, n_samples: int, dtype: npt.DTypeLike, weight_decay: float = 0.0) -> None:
        self.dtype, self.classifies = np.dtype(dtype), network.loss_function.classifies
        self.weight_decay = weight_decay
        self.shapes: dict[str, tuple[int, ...]] = {}
        self.blocks: list[_Block] = []
        followers = [*network.layers[1:], None]
        for layer, names, following in zip(network.layers, network._names, followers, strict=True):
            if isinstance(layer, Affine):
                rules = _ACTIVATIONS.get(type(following), (_nothing, _nothing))
                arrays = (np.empty((n_samples, layer.n_out), dtype) for _ in range(3))
                self.blocks.append(_Block(names["W"], names.get("b"), *rules, *arrays))
                self.shapes.update({names[key]: shape for key, shape in layer.shapes().items()})
        self.batch = np.empty((n_samples, network.n_in), dtype)
        self.size = sum(math.prod(shape) for shape in self.shapes.values())
        self.gradient = np.empty(self.size, dtype)
        self.grads = self.views(self.gradient)
        self.numbers, self.ones = np.arange(n_samples), np.ones(n_samples, dtype)

    @staticmethod
    def suits(network: Network, x: Array, t: Numbers) -> bool:
        """Tell whether all is NumPy's and of this library: of a layer of one's own nothing is known."""
        kinds, loss = [type(layer) for layer in network.layers], type(network.loss_function)
        layers = kinds[0] is kinds[-1] is Affine and all(
            kind is Affine or (kind in _ACTIVATIONS and before is Affine) for before, kind in pairwise(kinds)
        )
        answers = (loss is SoftmaxCrossEntropy and t.ndim == 1) or (loss is HalfSquaredError and t.ndim == 2)
        # float16 is left to the plain pass, whose sums go further, as is what is stored in another machine's order.
        known = isinstance(x, np.ndarray) and x.dtype in (np.float32, np.float64) and x.dtype.isnative
        return layers and answers and known and is_plain(network)

    def fits(self, params: Mapping[str, Array]) -> bool:
        """Tell whether the parameters are NumPy arrays of the shapes and the dtype that this was made for."""
        return len(params) == len(self.shapes) and all(
            type(array := params.get(name)) is np.ndarray and array.dtype == self.dtype and array.shape == shape
            for name, shape in self.shapes.items()
        )

    def views(self, vector: Numbers) -> dict[str, Numbers]:
        """Return arrays of the shapes of the parameters that share the memory of one vector."""
        found, start = {}, 0
        for name, shape in self.shapes.items():
            stop = start + math.prod(shape)
            found[name] = vector[start:stop].reshape(shape)
            start = stop
        return found

    def rows(self, x: Numbers, numbers: npt.NDArray[np.int64]) -> Numbers:
        """Return the samples of these numbers."""
        # Without a mode, `take` fills another array first, in case a number is out of range.
        return np.take(x, numbers, axis=0, out=self.batch[: len(numbers)], mode="clip")

    def outputs(self, params: Mapping[str, Numbers], x: Numbers) -> Numbers:
        """Return the outputs of the last layer."""
        for block in self.blocks:
            x = np.dot(x, params[block.weight], out=block.output[: len(x)])
            if block.bias is not None:
                np.add(x, params[block.bias], out=x)
            block.forward(x)
        return x

    def loss_and_gradient(
        self,
        params: Mapping[str, Numbers],
        x: Numbers,
        t: Numbers,
        weights: Numbers | None = None,
        total: int | None = None,
    ) -> tuple[float, dict[str, Array]]:
        """Return the mean loss of a batch and its gradient, as `Network.loss_and_gradient` does.

        With `weights`, of shape (n_samples,), the loss of each sample counts so often; the mean is still over the
        number of samples, so that weights of mean 1 make a weighted mean. With `total` the sums are divided by that in
        the place of the number of samples: of a part of a batch, its share of the mean over the batch.
        """
        count = len(x)
        loss = self._loss(self.outputs(params, x), t, weights, total or count)
        for i in range(len(self.blocks) - 1, -1, -1):
            block, before = self.blocks[i], self.blocks[i - 1]
            upstream = block.upstream[:count]
            block.backward(block.output[:count], upstream, block.room[:count])
            np.dot((before.output[:count] if i else x).T, upstream, out=self.grads[block.weight])
            if block.bias is not None:
                np.dot(self.ones[:count], upstream, out=self.grads[block.bias])  # a third of the time of a sum
            if i:
                np.dot(upstream, params[block.weight].T, out=before.upstream[:count])
        return (loss + self._decayed(params) if self.weight_decay else loss), self.grads

    def _decayed(self, params: Mapping[str, Numbers]) -> float:
        """Return what weight decay adds to the loss, and add its gradient."""
        squares = 0.0
        for block in self.blocks:
            weight, gradient = params[block.weight], self.grads[block.weight]
            np.add(gradient, self.weight_decay * weight, out=gradient)
            squares += float(np.vdot(weight, weight))
        return self.weight_decay / 2 * squares

    def _loss(self, outputs: Numbers, t: Numbers, weights: Numbers | None, total: int) -> float:
        """Return the sum of the losses over `total`, and write its gradient by the outputs."""
        count, upstream = len(outputs), self.blocks[-1].upstream[: len(outputs)]
        if not self.classifies:
            np.subtract(outputs, t, out=upstream)
            if weights is None:
                loss = float(np.vdot(upstream, upstream)) / (2 * total)
            else:
                room = np.multiply(upstream, weights[:, None], out=self.blocks[-1].room[:count])
                loss = float(np.vdot(upstream, room)) / (2 * total)
                upstream[...] = room
            np.divide(upstream, total, out=upstream)
            return loss
        # Classes first: sums along memory take half the time.
        turned, right = np.ascontiguousarray(outputs.T), (t, self.numbers[:count])
        np.subtract(turned, np.maximum.reduce(turned, axis=0), out=turned)
        own = turned[right]
        np.exp(turned, out=turned)
        sums = np.add.reduce(turned, axis=0)
        losses = np.log(sums) - own
        np.divide(turned, sums * total, out=turned)
        turned[right] -= 1 / total
        if weights is None:
            loss = float(np.add.reduce(losses)) / total
        else:
            loss = float(np.dot(losses, weights)) / total
            np.multiply(turned, weights, out=turned)
        upstream[...] = turned.T
        return loss

    def score(self, params: Mapping[str, Numbers], x: Numbers, t: Numbers) -> tuple[float, int]:
        """Return the sum of the losses of a batch, and how many answers are right."""
        outputs = self.outputs(params, x)
        right = int(np.count_nonzero(outputs.argmax(axis=1) == t)) if self.classifies else 0
        return self._loss(outputs, t, None, 1), right
