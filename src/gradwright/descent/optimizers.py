"""The optimizers, from plain descent to Adam, and `optimizer`, which finds one by its name.

In the equations w is a parameter, g the gradient of the loss with respect to it, and eta the learning rate; all
operations are entry by entry, and all state begins at zero.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any, ClassVar

from gradwright._arrays import Array, namespace
from gradwright._validate import choice, fraction, no_class, positive
from gradwright.descent.optimizer_base import Optimizer
from gradwright.descent.schedules import Schedule
from gradwright.errors import ArgumentError


@dataclass(frozen=True)
class SGD(Optimizer):
    """Gradient descent, stochastic where the gradient is that of a batch.

    ``w <- w - eta g``

    Parameters
    ----------
    learning_rate : float or callable
        eta. 0.01 is safe on standardized data and slow; the two-layer network of the course trains well at 0.1. On a
        quadratic with the largest curvature lambda, the steps converge exactly while eta < 2 / lambda.

    Notes
    -----
    The same as ``torch.optim.SGD`` (whose default is 0.001) and ``optax.sgd``.

    References
    ----------
    H. Robbins and S. Monro, "A stochastic approximation method", Ann. Math. Statist. 22, 1951, equation (8).

    Examples
    --------
    >>> import numpy as np
    >>> params = {"W": np.array([-3.0, 4.0])}
    >>> optimizer = SGD(0.1)
    >>> state = optimizer.init(params)
    >>> params, state = optimizer.update({"W": 2 * params["W"]}, state, params)
    >>> params, state
    ({'W': array([-2.4,  3.2])}, {'step': 1})
    """

    def rule(self, weight: Array, gradient: Array, rate: float, count: int, *slots: Array) -> tuple[Array, ...]:
        """Return the array after a step."""
        return (weight - rate * gradient,)


@dataclass(frozen=True)
class Momentum(Optimizer):
    """Gradient descent with a velocity, as of a ball that rolls with friction.

    ``v <- mu v - eta g``, ``w <- w + v``

    Under a steady gradient the step grows to ``eta g / (1 - mu)``: ten times that of `SGD` for mu = 0.9.

    Parameters
    ----------
    learning_rate : float or callable
        eta. With mu = 0.9, a tenth of what suits `SGD` goes about as far.
    momentum : float
        mu, from 0 to below 1; 0 is `SGD`.

    Notes
    -----
    The course's form, and Keras's: eta is part of the velocity. ``torch.optim.SGD(momentum=mu)`` and ``optax.sgd`` keep
    ``b <- mu b + g`` and step by ``-eta b``. The two are the same while eta is constant; when eta changes, here the
    velocity built up before goes on at its old speed, there it is rescaled at once.

    References
    ----------
    B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", USSR Comput. Math. Math. Phys. 4,
    1964. I. Sutskever, J. Martens, G. Dahl and G. Hinton, "On the importance of initialization and momentum in deep
    learning", ICML 2013, equations (1) and (2).

    Examples
    --------
    >>> import numpy as np
    >>> w, optimizer = np.array([1.0]), Momentum(0.1, momentum=0.5)
    >>> state = optimizer.init(w)
    >>> for _ in range(2):
    ...     w, state = optimizer.update(np.array([1.0]), state, w)
    >>> w, state["velocity"]
    (array([0.75]), array([-0.15]))
    """

    momentum: float = 0.9
    slots: ClassVar[tuple[str, ...]] = ("velocity",)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check("momentum", fraction)

    def rule(self, weight: Array, gradient: Array, rate: float, count: int, *slots: Array) -> tuple[Array, ...]:
        """Return the array after a step, and its velocity."""
        velocity = self.momentum * slots[0] - rate * gradient
        return weight + velocity, velocity


@dataclass(frozen=True)
class Nesterov(Momentum):
    """Momentum that looks ahead: the gradient is taken where the velocity is about to lead.

    ``v <- mu v - eta g``, ``w <- w + mu v - eta g``, with the new v in the second.

    Parameters
    ----------
    learning_rate : float or callable
        eta, as for `Momentum`.
    momentum : float
        mu, from 0 to below 1.

    Notes
    -----
    Nesterov's method takes g at ``w + mu v``, not at w. Here w stands for that point itself, so that g is the gradient
    at the parameters that one has, as in Keras; written with the old v the step is ``mu**2 v - (1 + mu) eta g``. The
    same as ``torch.optim.SGD(nesterov=True)`` while eta is constant (see `Momentum`).

    References
    ----------
    Y. Bengio, N. Boulanger-Lewandowski and R. Pascanu, "Advances in optimizing recurrent networks", ICASSP 2013,
    section 3.5.

    Examples
    --------
    >>> import numpy as np
    >>> w, optimizer = np.array([1.0]), Nesterov(0.1, momentum=0.5)
    >>> w, state = optimizer.update(np.array([1.0]), optimizer.init(w), w)
    >>> w, state["velocity"]
    (array([0.85]), array([-0.1]))
    """

    def rule(self, weight: Array, gradient: Array, rate: float, count: int, *slots: Array) -> tuple[Array, ...]:
        """Return the array after a step, and its velocity."""
        velocity = self.momentum * slots[0] - rate * gradient
        return weight + (self.momentum * velocity - rate * gradient), velocity


def _epsilon(epsilon: float, array: Array) -> float:
    # In float16 1e-8 rounds to zero, and the step of an entry without gradient would be 0 / 0.
    return max(epsilon, float(namespace(array).finfo(array.dtype).smallest_normal))


@dataclass(frozen=True)
class AdaGrad(Optimizer):
    """Descent with a rate for each entry, which falls with the gradients that it has seen.

    ``h <- h + g**2``, ``w <- w - eta g / (sqrt(h) + epsilon)``

    The first step of every entry is eta long, whatever its gradient. The rates only ever fall: good for sparse
    features on a convex loss; a long run on a network comes to a stand.

    Parameters
    ----------
    learning_rate : float or callable
        eta.
    epsilon : float
        Keeps an entry that has seen no gradient from 0 / 0. Raised to the smallest normal number of the dtype where it
        is below that (6e-5 in float16).

    Notes
    -----
    The course's constants. Torch: the same with ``eps=1e-7`` (its default is 1e-10). Keras and optax have epsilon
    *inside* the root, and h begins at 0.1, so their first steps are shorter.

    References
    ----------
    J. Duchi, E. Hazan and Y. Singer, "Adaptive subgradient methods for online learning and stochastic optimization",
    JMLR 12, 2011, section 1.1, with the diagonal of G.

    Examples
    --------
    >>> import numpy as np
    >>> w, optimizer = np.array([1.0, 1.0]), AdaGrad(0.1)
    >>> w, state = optimizer.update(np.array([100.0, 0.01]), optimizer.init(w), w)
    >>> w.round(5)
    array([0.9, 0.9])
    """

    epsilon: float = 1e-7
    slots: ClassVar[tuple[str, ...]] = ("squares",)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check("epsilon", positive)

    def rule(self, weight: Array, gradient: Array, rate: float, count: int, *slots: Array) -> tuple[Array, ...]:
        """Return the array after a step, and its sum of squares."""
        squares = slots[0] + gradient * gradient
        root = namespace(weight).sqrt(squares)
        return weight - rate * gradient / (root + _epsilon(self.epsilon, weight)), squares


@dataclass(frozen=True)
class RMSprop(Optimizer):
    """AdaGrad that forgets: the gradients seen count in a moving average.

    ``h <- rho h + (1 - rho) g**2``, ``w <- w - eta g / (sqrt(h) + epsilon)``

    h begins at zero and is not corrected for it, so the first step is ``eta / sqrt(1 - rho)`` long: 3.2 eta for 0.9.

    Parameters
    ----------
    learning_rate : float or callable
        eta.
    decay : float
        rho, from 0 to below 1; the average spans about ``1 / (1 - rho)`` steps.
    epsilon : float
        As in `AdaGrad`.

    Notes
    -----
    The defaults are those of the reference and of Keras. ``torch.optim.RMSprop`` is the same formula with
    ``lr=0.01, alpha=0.99``, whose first step, 0.1 for every entry, upsets small networks. Keras, and optax unless told
    otherwise, have epsilon inside the root.

    References
    ----------
    T. Tieleman and G. Hinton, "Lecture 6.5: rmsprop", Coursera: Neural Networks for Machine Learning, 2012, slide 29.

    Examples
    --------
    >>> import numpy as np
    >>> w, optimizer = np.array([1.0, 1.0]), RMSprop(0.1, decay=0.75)
    >>> w, state = optimizer.update(np.array([100.0, 0.01]), optimizer.init(w), w)
    >>> w.round(5)
    array([0.8, 0.8])
    """

    learning_rate: float | Schedule = 0.001
    decay: float = 0.9
    epsilon: float = 1e-8
    slots: ClassVar[tuple[str, ...]] = ("squares",)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check("decay", fraction)
        self._check("epsilon", positive)

    def rule(self, weight: Array, gradient: Array, rate: float, count: int, *slots: Array) -> tuple[Array, ...]:
        """Return the array after a step, and its mean of squares."""
        squares = self.decay * slots[0] + (1 - self.decay) * (gradient * gradient)
        root = namespace(weight).sqrt(squares)
        return weight - rate * gradient / (root + _epsilon(self.epsilon, weight)), squares


@dataclass(frozen=True)
class Adam(Optimizer):
    """Moving averages of the gradient and of its square, both corrected for beginning at zero.

    ``m <- beta1 m + (1 - beta1) g``, ``v <- beta2 v + (1 - beta2) g**2``,
    ``w <- w - eta m' / (sqrt(v') + epsilon)`` with ``m' = m / (1 - beta1**t)``, ``v' = v / (1 - beta2**t)``

    in step t = 1, 2, ... A step of an entry is hardly longer than eta, whatever the scale of the loss.

    Parameters
    ----------
    learning_rate : float or callable
        eta; 0.001 is the paper's, and suits most networks.
    beta1, beta2 : float
        From 0 to below 1.
    epsilon : float
        As in `AdaGrad`.

    Notes
    -----
    Algorithm 1 of the paper, as ``torch.optim.Adam`` and ``optax.adam`` have it. The course and Keras use the variant
    at the end of the paper's section 2, which adds epsilon to the *uncorrected* root: in the first steps theirs counts
    for more.

    References
    ----------
    D. P. Kingma and J. Ba, "Adam: A method for stochastic optimization", ICLR 2015, algorithm 1.

    Examples
    --------
    >>> import numpy as np
    >>> params = {"W": np.array([1.0, -1.0]), "b": np.array(5.0)}
    >>> optimizer = Adam(0.1)
    >>> state = optimizer.init(params)
    >>> for _ in range(300):
    ...     grads = {name: 2 * w for name, w in params.items()}
    ...     params, state = optimizer.update(grads, state, params)
    >>> bool(abs(params["W"]).max() < 1e-3 and abs(params["b"]) < 1e-3), state["step"]
    (True, 300)
    """

    learning_rate: float | Schedule = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    slots: ClassVar[tuple[str, ...]] = ("mean", "squares")

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check("beta1", fraction)
        self._check("beta2", fraction)
        self._check("epsilon", positive)

    def rule(self, weight: Array, gradient: Array, rate: float, count: int, *slots: Array) -> tuple[Array, ...]:
        """Return the array after a step, and its two averages."""
        # In place where an array is this step's own: a tenth of the time of large ones. The corrections are numbers;
        # multiplied into the rate and into epsilon, as the authors do at the end of their section 2, they save two
        # passes over the arrays.
        mean = self.beta1 * slots[0]
        mean += (1 - self.beta1) * gradient
        squares = gradient * gradient
        squares *= 1 - self.beta2
        squares += self.beta2 * slots[1]
        correction = math.sqrt(1 - self.beta2**count)
        root = namespace(weight).sqrt(squares)
        root += correction * _epsilon(self.epsilon, weight)
        step = rate * correction / (1 - self.beta1**count) * mean
        step /= root
        return weight - step, mean, squares


def optimizer(name: str | Optimizer, learning_rate: float | Schedule | None = None, **options: Any) -> Optimizer:
    """Return the optimizer of that name.

    Parameters
    ----------
    name : str or Optimizer
        ``"sgd"``, ``"momentum"``, ``"nesterov"``, ``"adagrad"``, ``"rmsprop"`` or ``"adam"``, in any case; or an
        optimizer, which is returned with the options given replaced.
    learning_rate : float or callable, optional
        By default the optimizer's own.
    **options
        Its other parameters, such as `momentum`.

    Raises
    ------
    ArgumentError
        If there is no such optimizer or option, or a value is out of range.
    ArgumentTypeError
        If `name` is an optimizer's class, without brackets.

    Examples
    --------
    >>> optimizer("momentum", 0.05)
    Momentum(learning_rate=0.05, momentum=0.9)
    """
    kinds = {kind.__name__.lower(): kind for kind in (SGD, Momentum, Nesterov, AdaGrad, RMSprop, Adam)}
    if learning_rate is not None:
        options["learning_rate"] = learning_rate
    no_class("optimizer", name, Optimizer)
    if isinstance(name, Optimizer):
        kind: type[Optimizer] = type(name)
    else:
        kind = kinds[choice("optimizer", name.lower() if isinstance(name, str) else name, kinds)]
    known = [field.name for field in dataclasses.fields(kind)]
    for option in options:
        if option not in known:
            raise ArgumentError("optimizer.option", option=option, optimizer=kind.__name__, options=", ".join(known))
    return dataclasses.replace(name, **options) if isinstance(name, Optimizer) else kind(**options)
