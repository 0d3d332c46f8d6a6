"""What an optimizer is: how a gradient becomes a step.

An optimizer is an immutable object with two pure functions. ``init(params)`` returns the state it starts from, and
``update(grads, state, params)`` returns the parameters and the state after one step, leaving what came in as it was.
So a run can be stopped, saved, continued, branched or replayed: whatever it depends on is in `params` and `state`.
"""

from __future__ import annotations

import dataclasses
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any, ClassVar, Self, TypeAlias

import numpy as np

from gradwright._arrays import Array, adapter, array_of, namespace
from gradwright._validate import non_negative_int, number_or_nan, positive, real_array, same_shape
from gradwright.descent.schedules import Schedule
from gradwright.errors import ArgumentError, ArgumentTypeError
from gradwright.trees import Structure, flatten, matching_leaves
from gradwright.workers.threads import cores, side_by_side

#: An array, or arrays in dicts, lists and tuples.
Tree: TypeAlias = Any
State: TypeAlias = dict[str, Any]
#: The entries of an array that a rule is applied to at a time: some such pieces fit into a core's cache.
_PIECE = 2**16
#: Arrays with more entries than this are shared out among threads.
_MANY = 2**19


def _named(name: str, path: str) -> str:
    return f"{name}.{path}" if path else name


@dataclass(frozen=True)
class Optimizer(ABC):
    """Base of the optimizers: all but the rule for one array.

    To make another, name its state in `slots`, and write its `rule`.

    Parameters
    ----------
    learning_rate : float or callable
        The size of a step, above zero; or a schedule, a function from the step's number (an int from 0) to its rate.

    Examples
    --------
    >>> import numpy as np
    >>> @dataclass(frozen=True)
    ... class SignDescent(Optimizer):
    ...     def rule(self, weight, gradient, rate, count):
    ...         return (weight - rate * np.sign(gradient),)
    >>> optimizer = SignDescent(0.5)
    >>> w = np.array([1.0, -3.0])
    >>> optimizer.update(2 * w, optimizer.init(w), w)
    (array([ 0.5, -2.5]), {'step': 1})
    """

    learning_rate: float | Schedule = 0.01
    slots: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        if not callable(self.learning_rate):
            self._check("learning_rate", positive)

    def _check(self, name: str, check: Callable[[str, Any], float]) -> None:
        object.__setattr__(self, name, check(name, getattr(self, name)))

    @abstractmethod
    def rule(self, weight: Array, gradient: Array, rate: float, count: int, *slots: Array) -> tuple[Array, ...]:
        """Return one array after a step, and its slots after it.

        Parameters
        ----------
        weight, gradient : array
            Of the same shape, dtype and library.
        rate : float
            The learning rate of this step.
        count : int
            1 in the first step.
        *slots : array
            The state that belongs to `weight`, in the order of `slots`; zeros in the first step.
        """

    @property
    def known(self) -> bool:
        """Whether its rule is one of this package, which work entry by entry and keep nothing that they are given."""
        return type(self).__module__.startswith("gradwright.")

    def rate(self, step: int) -> float:
        """Return the learning rate of a step.

        Parameters
        ----------
        step : int
            0 is the first.

        Raises
        ------
        ArgumentError
            If a schedule gives something other than a finite number of zero or more.
        """
        if not callable(self.learning_rate):
            return self.learning_rate
        value = self.learning_rate(step)
        number = number_or_nan(value)
        if not 0 <= number < math.inf:
            raise ArgumentError("schedule.rate", value=value, step=step)
        return number

    def with_learning_rate(self, learning_rate: float | Schedule) -> Self:
        """Return the same optimizer with another learning rate; a state goes on under it."""
        return dataclasses.replace(self, learning_rate=learning_rate)

    def init(self, params: Tree) -> State:
        """Return the state before the first step.

        Parameters
        ----------
        params : array, or tree of arrays
            What will be optimized.

        Returns
        -------
        dict
            ``"step"``, the number of steps done, an int; and for each of `slots` a tree of zeros like `params`. It
            holds nothing else, so that it can be saved as arrays and restored to the bit.
        """
        leaves, structure = flatten(params, "params")
        weights = [real_array(_named("params", leaf.path), leaf.array) for leaf in leaves]
        zeros = {slot: structure.build([namespace(w).zeros_like(w) for w in weights]) for slot in self.slots}
        return {"step": 0, **zeros}

    def update(self, grads: Tree, state: State, params: Tree) -> tuple[Tree, State]:
        """Return the parameters and the state after one step.

        Parameters
        ----------
        grads : tree of arrays
            The gradient; the same entries and shapes as `params`. NumPy arrays may stand for those of another library.
        state : dict
            From `init`, or from the step before. NumPy arrays read back from a file do, whatever the library.
        params : array, or tree of arrays
            The parameters. Integers are taken as floating numbers.

        Returns
        -------
        params : like `params`
            New arrays; each keeps its library, dtype and device. A torch tensor takes part in no graph, and records
            gradients where the old one did.
        state : dict
            The state to give to the next step.

        Raises
        ------
        ArgumentError
            If the entries of `grads` are not those of `params`, or `state` is of another optimizer.
        ArgumentTypeError
            If `state` is no dict.
        ShapeError
            If a gradient or its state has not the shape of its parameter; the message names both.
        """
        if self._is_plain(grads, state, params):
            return self._update_plain(grads, state, params)
        leaves, structure = flatten(params, "params")
        weights = [real_array(_named("params", leaf.path), leaf.array) for leaf in leaves]
        step, slots_of = self._read(state, structure, weights)
        columns = [_aligned("grads", grads, structure, weights), *slots_of]
        rate = self.rate(step)
        after = [self._successors(w, g, rate, step + 1, slots) for w, g, *slots in zip(weights, *columns, strict=True)]
        trees = [structure.build([row[i] for row in after]) for i in range(1 + len(self.slots))]
        return trees[0], {"step": step + 1, **dict(zip(self.slots, trees[1:], strict=True))}

    def _is_plain(self, grads: Tree, state: State, params: Tree) -> bool:
        """Tell whether all are dicts of arrays of one kind: the same names, shapes, devices and floating dtypes."""
        if not (type(params) is type(grads) is type(state) is dict) or len(state) != 1 + len(self.slots):
            return False
        trees: list[Any] = [grads, *(state.get(slot) for slot in self.slots)]
        if any(type(tree) is not dict or tree.keys() != params.keys() for tree in trees):
            return False
        for name, weight in params.items():
            kind = type(weight)
            if kind is np.ndarray:
                plain = weight.dtype.kind == "f" and weight.ndim
            else:
                plain = adapter(weight).is_plain(weight)
            if not plain:
                return False
            for tree in trees:
                other = tree[name]
                if type(other) is not kind or other.dtype != weight.dtype or other.shape != weight.shape:
                    return False
                if kind is not np.ndarray and other.device != weight.device:
                    return False
        return type(state.get("step")) is int and state["step"] >= 0

    def _update_plain(self, grads: Tree, state: State, params: Tree) -> tuple[Tree, State]:
        """Return the same without a look at each array: a third of the time of a step of a small network."""
        count, rate = state["step"] + 1, self.rate(state["step"])
        after: list[Tree] = [{} for _ in range(1 + len(self.slots))]
        for name, weight in params.items():
            slots = [state[slot][name] for slot in self.slots]
            if isinstance(weight, np.ndarray):
                values = self.applied(weight, grads[name], rate, count, slots)
            else:
                values = self._successors(weight, grads[name], rate, count, slots)
            for tree, value in zip(after, values, strict=True):
                tree[name] = value
        return after[0], {"step": count, **dict(zip(self.slots, after[1:], strict=True))}

    def applied(self, weight: Array, gradient: Array, rate: float, count: int, slots: list[Array]) -> list[Array]:
        """Return what `rule` does, for NumPy arrays; those of this package go piece by piece through a core's cache."""
        if weight.size <= 2 * _PIECE or not self.known:
            return [np.asarray(value) for value in self.rule(weight, gradient, rate, count, *slots)]
        old = [np.ascontiguousarray(array).reshape(-1) for array in (weight, gradient, *slots)]
        new = [np.empty_like(old[0]) for _ in (weight, *slots)]

        def apply(start: int, stop: int) -> None:
            with np.errstate(over="ignore", invalid="ignore"):
                for first in range(start, stop, _PIECE):
                    piece = slice(first, min(first + _PIECE, stop))
                    found = self.rule(old[0][piece], old[1][piece], rate, count, *(array[piece] for array in old[2:]))
                    for array, values in zip(new, found, strict=True):
                        array[piece] = values

        threads = cores() if weight.size > _MANY else 1
        edges = [weight.size * i // threads for i in range(threads + 1)]
        side_by_side([partial(apply, *ends) for ends in pairwise(edges)], threads)
        return [array.reshape(weight.shape) for array in new]

    def check_state(self, state: State, params: Tree) -> None:
        """Raise as `update` does unless `state` is one of this optimizer for `params`.

        Two optimizers that keep the same (`Momentum` and `Nesterov`, `AdaGrad` and `RMSprop`) cannot be told apart.
        """
        leaves, structure = flatten(params, "params")
        self._read(state, structure, [real_array(_named("params", leaf.path), leaf.array) for leaf in leaves])

    def _read(self, state: State, structure: Structure, weights: list[Array]) -> tuple[int, list[list[Array]]]:
        """Return the number of steps done and, for each slot, the arrays in the order of `weights`."""
        kind = type(self).__name__
        if not isinstance(state, Mapping):
            raise ArgumentTypeError("optimizer.state-form", optimizer=kind, kind=type(state).__name__)
        for entry in ("step", *self.slots):
            if entry not in state:
                raise ArgumentError("optimizer.state", entry=entry, optimizer=kind)
        # An Adam's averages in plain descent would be dropped without a word.
        for entry in state:
            if entry not in ("step", *self.slots):
                raise ArgumentError("optimizer.state-foreign", entry=entry, optimizer=kind)
        step = non_negative_int("state.step", state["step"])
        return step, [_aligned(f"state.{slot}", state[slot], structure, weights) for slot in self.slots]

    def _successors(self, weight: Array, gradient: Array, rate: float, count: int, slots: list[Array]) -> list[Array]:
        new = self.rule(weight, gradient, rate, count, *slots)
        own = adapter(weight)
        # array_of: NumPy returns a scalar where all arrays are 0-d.
        return [own.successor(old, array_of(value)) for old, value in zip((weight, *slots), new, strict=True)]


def _aligned(name: str, tree: Tree, structure: Structure, weights: list[Array]) -> list[Array]:
    """Return the arrays of `tree` in the order, libraries and dtypes of `weights`."""
    arrays = []
    for path, value, weight in zip(structure.paths, matching_leaves(structure, tree, name, "params"), weights):
        array = array_of(value, weight, name=_named(name, path))
        same_shape(_named(name, path), array, _named("params", path), weight)
        xp = namespace(weight)
        arrays.append(array if array.dtype == weight.dtype else xp.astype(array, weight.dtype))
    return arrays
