"""A network: layers in a row, their parameters in one dict, a loss at the end."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Self

import numpy as np

from gradwright import _validate
from gradwright._arrays import Array, to_numpy
from gradwright.check import GradientReport
from gradwright.errors import ArgumentError
from gradwright.nn import checking, explaining, inputs, numerical, parameters, saving, scoring
from gradwright.nn.chain import chained
from gradwright.nn.explanation import Explanation
from gradwright.nn.initialisers import draw, standard_deviation
from gradwright.nn.layers import ACTIVATIONS, Affine, Layer
from gradwright.nn.losses import Loss, SoftmaxCrossEntropy
from gradwright.nn.own_parameters import gradient_of, outputs_of
from gradwright.workers.blas import kept_limit

DTYPES = ("float32", "float64")


class Network:
    r"""A feed-forward network of any depth.

    Parameters
    ----------
    layers : sequence of Layer
        In order; each `Affine` must take as many inputs as the one before gives.
    loss : Loss, optional
        Default `SoftmaxCrossEntropy`.
    init : float or {"auto", "he", "xavier"}
        The standard deviation of the normal numbers that weights begin with; see `initialisers`. Biases begin at 0.
    rng : int, numpy.random.Generator or None
        The seed. None draws a fresh one.
    dtype : {"float32", "float64"}
        The dtype of the parameters, and so of all that is computed with them.

    Attributes
    ----------
    params : dict of array
        ``{"W1", "b1", "W2", "b2", ...}``, W of shape (n_in, n_out), numbered over the layers that have parameters. A
        plain dict: an array may be replaced by another of the same shape, also one of another library; inputs are
        brought to it.
    layers : tuple of Layer
        The layers, named ``hidden1``, ``hidden2``, ..., ``output`` in messages unless they were given names.
    loss_function : Loss
        The loss.
    metadata : dict
        Anything that JSON can hold and that should be saved with the network, such as the names of the classes.

    Raises
    ------
    ArgumentError, ShapeError
        If the layers do not fit together.

    Examples
    --------
    >>> net = Network([Affine(2, 3), ACTIVATIONS["tanh"](), Affine(3, 2)], rng=0)
    >>> {name: array.shape for name, array in net.params.items()}
    {'W1': (2, 3), 'b1': (3,), 'W2': (3, 2), 'b2': (2,)}
    >>> net.predict([[0.5, -0.5], [1.0, 2.0]]).shape
    (2, 2)
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        loss: Loss | None = None,
        init: float | str = "auto",
        rng: int | np.random.Generator | None = None,
        dtype: str = "float32",
    ) -> None:
        self._set_up(layers, loss)
        _validate.choice("dtype", dtype, DTYPES)
        generator = _validate.generator("rng", rng)
        for i, (layer, names) in enumerate(zip(self.layers, self._names, strict=True)):
            following = self.layers[i + 1].kind if i + 1 < len(self.layers) else None
            for key, shape in layer.shapes().items():
                if len(shape) == 2:
                    std = standard_deviation(init, *shape, following)
                    self.params[names[key]] = draw(generator, shape, std, dtype)
                else:
                    self.params[names[key]] = np.zeros(shape, dtype)

    def _set_up(self, layers: Sequence[Layer], loss: Loss | None) -> None:
        """Put all in its place but the parameters."""
        self.layers = chained(layers)
        self.loss_function = SoftmaxCrossEntropy() if loss is None else loss
        _validate.instance("loss", self.loss_function, Loss)
        self.params: dict[str, Array] = {}
        self.metadata: dict[str, Any] = {}
        self._names: list[dict[str, str]] = []  # for each layer, from its names of its parameters to those in `params`
        number = 0
        for layer in self.layers:
            shapes = layer.shapes()
            number += bool(shapes)
            self._names.append({key: f"{key}{number}" for key in shapes})
        weights = [shapes["W"] for shapes in (layer.shapes() for layer in self.layers) if "W" in shapes]
        self.n_in, self.n_out = weights[0][0], weights[-1][1]

    @classmethod
    def of_sizes(
        cls,
        sizes: Sequence[int],
        activation: str = "sigmoid",
        loss: Loss | None = None,
        init: float | str = "auto",
        rng: int | np.random.Generator | None = None,
        dtype: str = "float32",
    ) -> Network:
        """Return a network of affine layers of these sizes with one activation between them.

        Parameters
        ----------
        sizes : sequence of int
            Inputs, hidden layers, outputs: at least two numbers.
        activation : {"sigmoid", "tanh", "relu", "identity"}
            What stands between the affine layers.
        loss, init, rng, dtype
            As for the class.

        Examples
        --------
        >>> [layer.kind for layer in Network.of_sizes([64, 20, 10], "relu", rng=0).layers]
        ['affine', 'relu', 'affine']
        """
        if not isinstance(sizes, Iterable) or len(list(sizes)) < 2:
            raise ArgumentError("network.sizes", value=sizes)
        _validate.choice("activation", activation, ACTIVATIONS)
        layers: list[Layer] = []
        for n_in, n_out in pairwise(sizes):
            layers += [Affine(n_in, n_out), ACTIVATIONS[activation]()]
        return Network(layers[:-1], loss, init, rng, dtype)

    # -- forward ---------------------------------------------------------------------------------------------------

    def logits(self, x: Any) -> Array:
        """Return the outputs of the last layer, before the softmax.

        Parameters
        ----------
        x : array, shape (n_samples, n_in) or (n_in,)
            Brought to the library, device and dtype of the parameters.

        Returns
        -------
        array, shape (n_samples, n_out) or (n_out,)

        Raises
        ------
        ShapeError
            If the last axis of `x` is not n_in, or x is empty.
        NonFiniteError
            If `x` holds NaN or infinity, or the outputs are not finite; it says which of `params` is not, if one is.
        ArgumentError, ArgumentTypeError
            If something in `params` is missing or does not fit.
        """
        batch, single = inputs.batch_of(x, parameters.checked(self), self.n_in)
        outputs = outputs_of(self, batch)
        return outputs[0, ...] if single else outputs

    def predict(self, x: Any) -> Array:
        """Return the probabilities of the classes, or for a regression the outputs.

        Parameters
        ----------
        x : array, shape (n_samples, n_in) or (n_in,)

        Returns
        -------
        array, shape (n_samples, n_out) or (n_out,)
            Each row sums to 1 (classification).

        Raises
        ------
        ShapeError, NonFiniteError, ArgumentError, ArgumentTypeError
            As in `logits`.
        """
        return self.loss_function.predict(self.logits(x))

    def loss(self, x: Any, t: Any) -> float:
        """Return the loss, the mean over the batch.

        Parameters
        ----------
        x : array, shape (n_samples, n_in) or (n_in,)
        t : array
            Integer labels (n_samples,), or one-hot rows or distributions (n_samples, n_out); real numbers for a
            regression. For one sample without the first axis.

        Raises
        ------
        ShapeError, LabelError, NonFiniteError
            If x or t does not fit.
        """
        batch, answers = self._pair(x, t)
        # By way of the host: torch warns where a tensor that takes part in a graph becomes a number directly.
        return float(to_numpy(self.loss_function.value(outputs_of(self, batch), answers)))

    def accuracy(self, x: Any, t: Any) -> float:
        """Return the share of samples whose most probable class is the answer, for sets of any size.

        Parameters
        ----------
        x : array, shape (n_samples, n_in)
        t : array, shape (n_samples,) or (n_samples, n_out)
            Integer labels, or one-hot rows.

        Raises
        ------
        ArgumentError
            If the loss is one of regression.
        ShapeError, LabelError, NonFiniteError
            If x or t does not fit.
        """
        if not self.loss_function.classifies:
            raise ArgumentError("network.no-accuracy", loss=type(self.loss_function).__name__)
        batch, answers = self._pair(x, t)
        return scoring.share_of_right(self, batch, answers)

    # -- gradients -------------------------------------------------------------------------------------------------

    def gradient(self, x: Any, t: Any) -> dict[str, Array]:
        """Return the gradient of the loss by backpropagation.

        Parameters
        ----------
        x, t
            As in `loss`.

        Returns
        -------
        dict of array
            With the keys, shapes, library and dtype of `params`.

        Raises
        ------
        ShapeError, LabelError, NonFiniteError
            As in `loss`.
        """
        return gradient_of(self, *self._pair(x, t))

    def numerical_gradient(self, x: Any, t: Any, step: float = 1e-4) -> dict[str, Array]:
        """Return the gradient of the loss by central differences, each parameter moved by `step` to both sides.

        By the definition that is two evaluations of the loss for each parameter. With layers and a loss of this library
        only what a moved parameter changes is computed, for many at once: the same differences, to rounding, hundreds
        of times faster. A layer of one's own has that too if it is ``entrywise``, a loss if it has ``reduced``; with
        others the whole network is run each time, and a `CostWarning` tells how often where it is often.

        Computed in float64, whatever the dtype of the parameters; but in theirs where there are more than a million
        parameters times samples. Of float32 that keeps six digits of the differences of single samples, as
        backpropagation in float32 does: fewer of their sum, where they cancel near a minimum.

        Parameters
        ----------
        x, t
            As in `loss`.
        step : float
            The step h of ``(loss(w + h) - loss(w - h)) / (2 * h)``.

        Returns
        -------
        dict of array
            With the keys, shapes and library of `params`, in float64.

        Raises
        ------
        ShapeError, LabelError, NonFiniteError, ArgumentError
            As in `loss`, or if `step` is not positive.
        """
        batch, answers = self._pair(x, t)
        step = _validate.positive("step", step)
        numerical.warn_of_cost(self)
        with kept_limit()():  # a second BLAS thread, once woken, holds the core of another for some milliseconds
            outputs_of(self, batch)  # looked at once, before the many
            return numerical.numerical_gradient(self, batch, answers, step)

    def numerical_gradient_cost(self) -> dict[str, int]:
        """Return how many evaluations of the loss a numerical gradient is by its definition, for each parameter array.

        Examples
        --------
        >>> Network([Affine(784, 10)], rng=0).numerical_gradient_cost()
        {'W1': 15680, 'b1': 20}
        """
        return numerical.cost(self)

    def check_gradients(
        self, x: Any, t: Any, sample: int | None = 20, rng: int | np.random.Generator | None = 0
    ) -> GradientReport:
        """Compare backpropagation with derivatives of the loss that carry an error bar.

        Parameters
        ----------
        x, t
            As in `loss`.
        sample : int or None
            How many entries of each array to check, drawn at random; None checks all.
        rng : int, numpy.random.Generator or None
            Draws the sample.

        Returns
        -------
        GradientReport
            ``report.passed`` says whether they agree; printing it shows the worst entries.

        Raises
        ------
        ShapeError, LabelError, NonFiniteError
            As in `loss`.

        Notes
        -----
        Computed in float64, backpropagation too, whatever the dtype of the parameters: the rules are checked, not the
        rounding.
        """
        return checking.check_gradients(self, *self._pair(x, t), sample, rng)

    def explain(self, x: Any, t: Any, sample: int = 0) -> Explanation:
        """Show the way back step by step: each factor with its formula, shape and values, why, and a check.

        Parameters
        ----------
        x, t
            As in `loss`.
        sample : int
            The sample of the batch for which the first step is shown in numbers.

        Returns
        -------
        Explanation
            ``print`` shows it; its values are those of `gradient`.

        Raises
        ------
        ShapeError, LabelError, NonFiniteError, ArgumentError
            As in `loss`, or if there is no such sample. `ArgumentTypeError` if a layer or the loss has no ``rules``.

        Notes
        -----
        Each step is checked by some 35 evaluations of the loss: seconds, for a network of a million parameters.
        """
        return explaining.explain(self, *self._pair(x, t), sample)

    # -- the same, for those who bring their own parameters ------------------------------------------------------------

    def forward(self, params: Mapping[str, Array], x: Array) -> tuple[Array, list[Any]]:
        """Return the outputs for a batch of the parameters' library and dtype, and the cache of each layer."""
        caches = []
        for layer, names in zip(self.layers, self._names, strict=True):
            x, cache = layer.forward({key: params[name] for key, name in names.items()}, x)
            caches.append(cache)
        return x, caches

    def loss_and_gradient(self, params: Mapping[str, Array], x: Array, t: Array) -> tuple[Array, dict[str, Array]]:
        """Return the loss at `params` (0-d) and its gradient with respect to each of them; x and t as in `forward`."""
        outputs, caches = self.forward(params, x)
        upstream = self.loss_function.gradient(outputs, t)
        grads: dict[str, Array] = {}
        for layer, names, cache in reversed(list(zip(self.layers, self._names, caches, strict=True))):
            upstream, own = layer.backward({key: params[name] for key, name in names.items()}, cache, upstream)
            grads.update({names[key]: gradient for key, gradient in own.items()})
        return self.loss_function.value(outputs, t), {name: grads[name] for name in params if name in grads}

    # -- files -----------------------------------------------------------------------------------------------------

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
        """Write the network to one safetensors file, whole or not at all, with a SHA-256 of each array.

        Parameters
        ----------
        path : path
            The file.
        overwrite : bool
            Whether a file that is there may be replaced.

        Raises
        ------
        OutputExistsError
            If there is one, and it may not.
        MissingExtraError
            If safetensors is not installed.
        """
        saving.save(self, path, overwrite)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read a network that `save` wrote; every sum is checked.

        Raises
        ------
        DataNotFoundError, ModelFileError
            If there is no such file, or it is damaged or something else.
        MissingExtraError
            If safetensors is not installed.
        """
        net = cls.__new__(cls)
        saving.restore(net, path)
        return net

    def _pair(self, x: Any, t: Any) -> tuple[Array, Array]:
        return inputs.pair_of(x, t, parameters.checked(self), self.n_in)

    def __repr__(self) -> str:
        sizes = "-".join(str(n) for n in [self.n_in, *(la.n_out for la in self.layers if isinstance(la, Affine))])
        count = sum(math.prod(shape) for shape in parameters.shapes(self).values())
        return f"{type(self).__name__}({sizes}, {type(self.loss_function).__name__}, {count:,} parameters)"
