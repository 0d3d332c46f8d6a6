"""Layers: what goes forward and what comes back, side by side, as pure functions of parameters and input.

``forward(params, x)`` returns the output and a cache; ``backward(params, cache, upstream)`` takes the gradient of the
loss with respect to the output and returns it with respect to the input and to the parameters. A layer holds no arrays:
what it needs for the way back is in the cache that it handed out, so that no stale value can be used and several passes
may be under way at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from gradwright import _validate
from gradwright._arrays import Array, in_place, namespace
from gradwright.errors import ArgumentTypeError, ShapeError
from gradwright.functions import relu, sigmoid, tanh
from gradwright.messages import phrase
from gradwright.nn.rules import Formula, Rule, Term, mark, transposed

Parameters = Mapping[str, Array]
Facts = dict[str, Array]


class Layer:
    """Base of all layers: no parameters, and an output as wide as the input.

    Attributes
    ----------
    kind : str
        The name by which files and the command line know the layer.
    formula : Formula
        The way forward, as an explanation writes it.
    rules : tuple of Rule
        The way back, a rule for the input and for each parameter; without them a network cannot explain itself.
    entrywise : bool
        Whether each number of the output comes from the one number of the input in its place, as in an activation. A
        network of such layers and affine ones has a fast numerical gradient; else each parameter takes two runs.
    """

    kind: ClassVar[str] = ""
    entrywise: ClassVar[bool] = False
    formula: ClassVar[Formula] = Formula("", "")
    rules: ClassVar[tuple[Rule, ...]] = ()

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of each parameter."""
        return {}

    def width(self, n_in: int) -> int:
        """Return the number of outputs for `n_in` inputs."""
        return n_in

    def forward(self, params: Parameters, x: Array) -> tuple[Array, Any]:
        """Return the output for `x`, shape (n_samples, n_in), and what `backward` needs."""
        raise NotImplementedError

    def backward(self, params: Parameters, cache: Any, upstream: Array) -> tuple[Array, dict[str, Array]]:
        """Return the gradients with respect to the input and to each parameter.

        Parameters
        ----------
        params : mapping
            As in `forward`.
        cache
            What `forward` returned.
        upstream : array, shape (n_samples, n_out)
            The gradient of the loss with respect to the output.
        """
        raise NotImplementedError

    def facts(self, x: Array, y: Array) -> Facts:
        """Return what `difference` needs to know where an entrywise layer makes y from x: arrays of their shape.

        With the two a numerical gradient needs no more digits than the parameters have; without them it takes the plain
        differences, in float64.
        """
        raise NotImplementedError

    def difference(self, facts: Facts, change: Array) -> Array:
        """Return by how much y changes where x changes by `change`, at most 1/4.

        Not by the derivative, but by an identity such as an addition formula. `facts` are those of the entries that
        change, of shapes that go with that of `change`, which may be written over.
        """
        raise NotImplementedError

    def written(self) -> Formula:
        """Return the formula of the way forward."""
        return self.formula

    def config(self) -> dict[str, Any]:
        """Return what `layer` needs to make this layer again."""
        return {"kind": self.kind}


@dataclass(frozen=True)
class Affine(Layer):
    r"""A fully connected layer.

    .. math:: y = x W + b, \qquad
        \frac{\partial L}{\partial x} = \frac{\partial L}{\partial y} W^T, \quad
        \frac{\partial L}{\partial W} = x^T \frac{\partial L}{\partial y}, \quad
        \frac{\partial L}{\partial b} = \sum_n \frac{\partial L}{\partial y_n}

    W has shape (n_in, n_out), as in the course; torch's ``Linear`` keeps its transpose.

    Parameters
    ----------
    n_in, n_out : int
        The number of inputs and outputs.
    bias : bool
        Whether there is a b.
    name : str, optional
        The name in messages; a `Network` gives one.

    Examples
    --------
    >>> import numpy as np
    >>> affine = Affine(2, 3)
    >>> params = {"W": np.ones((2, 3)), "b": np.zeros(3)}
    >>> y, cache = affine.forward(params, np.array([[1.0, 2.0]]))
    >>> dx, grads = affine.backward(params, cache, np.array([[1.0, 0.0, -1.0]]))
    >>> y, dx, grads["b"]
    (array([[3., 3., 3.]]), array([[0., 0.]]), array([ 1.,  0., -1.]))
    """

    n_in: int
    n_out: int
    bias: bool = True
    name: str | None = None

    kind: ClassVar[str] = "affine"
    formula: ClassVar[Formula] = Formula("<x> @ <W> + <b>", "<x> <W> + <b>")
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule("W", (transposed("x"), mark("dy")), "@", "explain.weight"),
        Rule("b", (mark("dy"),), "sum", "explain.bias"),
        Rule("x", (mark("dy"), transposed("W")), "@", "explain.through-weight"),
    )

    def __post_init__(self) -> None:
        # Plain ints also from NumPy's: the file format can hold no others.
        object.__setattr__(self, "n_in", _validate.positive_int("n_in", self.n_in))
        object.__setattr__(self, "n_out", _validate.positive_int("n_out", self.n_out))
        object.__setattr__(self, "bias", _validate.flag("bias", self.bias))
        name: Any = self.name
        if name is not None and not isinstance(name, str):
            raise ArgumentTypeError(
                "argument.type", name="name", expected=phrase("kind.text"), kind=type(name).__name__
            )

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shapes of W and b."""
        shapes: dict[str, tuple[int, ...]] = {"W": (self.n_in, self.n_out)}
        return {**shapes, "b": (self.n_out,)} if self.bias else shapes

    def width(self, n_in: int) -> int:
        """Return `n_out`; `n_in` must be the layer's own."""
        if n_in != self.n_in:
            raise ShapeError("affine.chain", name=self.name or "", n_in=self.n_in, before=n_in)
        return self.n_out

    def forward(self, params: Parameters, x: Array) -> tuple[Array, Array]:
        """Return x W + b, and x."""
        weight = params["W"]
        if x.ndim == 0 or x.shape[-1] != weight.shape[0]:
            raise ShapeError(
                "affine.input",
                name=f" '{self.name}'" if self.name else "",
                shape=tuple(x.shape),
                weight=tuple(weight.shape),
                expected=weight.shape[0],
            )
        y = x @ weight
        return (y + params["b"] if self.bias else y), x

    def backward(self, params: Parameters, cache: Array, upstream: Array) -> tuple[Array, dict[str, Array]]:
        """Return the gradients with respect to x, W and b."""
        xp = namespace(upstream)
        grads = {"W": xp.matrix_transpose(cache) @ upstream}
        if self.bias:
            grads["b"] = xp.sum(upstream, axis=0)
        return upstream @ xp.matrix_transpose(params["W"]), grads

    def written(self) -> Formula:
        """Return x W + b, or without a bias x W."""
        return self.formula if self.bias else Formula("<x> @ <W>", "<x> <W>")

    def config(self) -> dict[str, Any]:
        """Return the sizes and the name."""
        return {"kind": self.kind, "n_in": self.n_in, "n_out": self.n_out, "bias": self.bias, "name": self.name}


def _added(facts: Facts, part: Array) -> Array:
    """Return ``factor / (1 / part + y)``, 0 where `part` is; `part` is written over where it has room for all."""
    numpy, y = isinstance(part, np.ndarray), facts["y"]
    part = np.divide(1.0, part, out=part) if numpy else 1.0 / part
    if tuple(part.shape[2:]) != tuple(y.shape[2:]):
        return facts["factor"] / (part + y)
    part += y
    return np.divide(facts["factor"], part, out=part) if numpy else facts["factor"] / part


@dataclass(frozen=True)
class Sigmoid(Layer):
    r"""The logistic function, :math:`y = 1 / (1 + e^{-x})`, with :math:`y' = y (1 - y)`."""

    kind: ClassVar[str] = "sigmoid"
    formula: ClassVar[Formula] = Formula("sigmoid(<x>)", r"\sigma(<x>)")
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "x",
            (mark("dy"), Term(Formula("<y> * (1 - <y>)", r"<y> \odot (1 - <y>)"), lambda p: p["y"] * (1 - p["y"]))),
            "*",
            "explain.sigmoid",
        ),
    )

    entrywise: ClassVar[bool] = True

    def forward(self, params: Parameters, x: Array) -> tuple[Array, Array]:
        """Return y, twice: the way back needs it alone."""
        y = sigmoid(x)
        return y, y

    def facts(self, x: Array, y: Array) -> Facts:
        """Return y and y (1 - y)."""
        return {"y": y, "factor": y * (1.0 - y)}

    def difference(self, facts: Facts, change: Array) -> Array:
        r"""Return :math:`y (1 - y) / (1 / (e^c - 1) + y)` for the change c: the addition formula."""
        return _added(facts, in_place(namespace(change).expm1, change))

    def backward(self, params: Parameters, cache: Array, upstream: Array) -> tuple[Array, dict[str, Array]]:
        """Return the gradient with respect to x."""
        return upstream * cache * (1 - cache), {}


@dataclass(frozen=True)
class Tanh(Layer):
    r"""The hyperbolic tangent, with :math:`y' = 1 - y^2`."""

    kind: ClassVar[str] = "tanh"
    formula: ClassVar[Formula] = Formula("tanh(<x>)", r"\tanh(<x>)")
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "x",
            (mark("dy"), Term(Formula("(1 - <y>**2)", r"(1 - <y>^2)"), lambda p: 1 - p["y"] ** 2)),
            "*",
            "explain.tanh",
        ),
    )

    entrywise: ClassVar[bool] = True

    def forward(self, params: Parameters, x: Array) -> tuple[Array, Array]:
        """Return y, twice: the way back needs it alone."""
        y = tanh(x)
        return y, y

    def facts(self, x: Array, y: Array) -> Facts:
        """Return y and 1 - y^2."""
        return {"y": y, "factor": 1.0 - y * y}

    def difference(self, facts: Facts, change: Array) -> Array:
        r"""Return :math:`(1 - y^2) / (1 / \tanh c + y)` for the change c: the addition formula."""
        return _added(facts, in_place(namespace(change).tanh, change))

    def backward(self, params: Parameters, cache: Array, upstream: Array) -> tuple[Array, dict[str, Array]]:
        """Return the gradient with respect to x."""
        return upstream * (1 - cache * cache), {}


@dataclass(frozen=True)
class ReLU(Layer):
    r"""The rectifier, :math:`y = \max(x, 0)`; its derivative at 0 is taken as 0, as torch does."""

    kind: ClassVar[str] = "relu"
    formula: ClassVar[Formula] = Formula("relu(<x>)", r"\max(<x>, 0)")
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "x",
            (mark("dy"), Term(Formula("(<y> > 0)", r"[<y> > 0]"), lambda p: (p["y"] > 0).astype(p["y"].dtype))),
            "*",
            "explain.relu",
        ),
    )

    entrywise: ClassVar[bool] = True

    def forward(self, params: Parameters, x: Array) -> tuple[Array, Array]:
        """Return y, twice: where it is positive, the derivative is 1."""
        y = relu(x)
        return y, y

    def facts(self, x: Array, y: Array) -> Facts:
        """Return min(x, 0) and -max(x, 0)."""
        return {"under": x - y, "least": -y}

    def difference(self, facts: Facts, change: Array) -> Array:
        """Return ``max(c + min(x, 0), -max(x, 0))`` for the change c."""
        return namespace(change).maximum(change + facts["under"], facts["least"])

    def backward(self, params: Parameters, cache: Array, upstream: Array) -> tuple[Array, dict[str, Array]]:
        """Return the gradient with respect to x."""
        xp = namespace(upstream)
        return xp.where(cache > 0, upstream, xp.zeros_like(upstream)), {}


@dataclass(frozen=True)
class Identity(Layer):
    """What goes in comes out: the activation of a regression's output."""

    kind: ClassVar[str] = "identity"
    formula: ClassVar[Formula] = Formula("<x>", "<x>")
    rules: ClassVar[tuple[Rule, ...]] = (Rule("x", (mark("dy"),), "", "explain.identity"),)

    entrywise: ClassVar[bool] = True

    def forward(self, params: Parameters, x: Array) -> tuple[Array, None]:
        """Return x."""
        return x, None

    def facts(self, x: Array, y: Array) -> Facts:
        """Return nothing."""
        return {}

    def difference(self, facts: Facts, change: Array) -> Array:
        """Return `change`."""
        return change

    def backward(self, params: Parameters, cache: None, upstream: Array) -> tuple[Array, dict[str, Array]]:
        """Return `upstream`."""
        return upstream, {}


ACTIVATIONS: dict[str, type[Layer]] = {kind.kind: kind for kind in (Sigmoid, Tanh, ReLU, Identity)}
LAYERS: dict[str, type[Layer]] = {"affine": Affine, **ACTIVATIONS}


def layer(config: Mapping[str, Any]) -> Layer:
    """Make a layer from its `Layer.config`.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        If there is no such kind of layer, or it is no dict.
    """
    if not isinstance(config, Mapping):
        raise ArgumentTypeError(
            "argument.type", name="config", expected=phrase("kind.dict"), kind=type(config).__name__
        )
    options = dict(config)
    kind = _validate.choice("kind", options.pop("kind", None), LAYERS)
    return LAYERS[kind](**options)
