r"""The numerical gradient of a network by what a moved weight changes, a thousand times faster than run by run.

Where W[i, j] of an affine layer moves by h, only column j of its output changes, for a sample by h x_i. So nothing
before the layer and no other column of it is computed again: the change is carried through the layers behind it, for
many weights at once, to the change of each sample's loss, and

.. math:: \frac{L(W_{ij} + h) - L(W_{ij} - h)}{2h} = \frac{1}{2hN} \sum_n \left[ L_n(+h x_{ni}) - L_n(-h x_{ni}) \right]

is the same central difference, to rounding. Three things make it cheap: an input of exactly 0 changes nothing; what is
changed depends on the value of an input and not on which input has it, so each value that a sample holds is run once
(an image of bytes has few); and the changes of many weights lie side by side in one array.

Arrays of changes have the shape (features, 2, units, rows): for each unit of the layer and each row, which is a value
in a sample, by how much each feature changes, on the two sides. There is one feature while that is the unit itself.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from gradwright._arrays import Array, adapter, namespace, to_numpy
from gradwright.nn import parameters
from gradwright.nn.layers import Affine, Facts, Layer, Sigmoid, Tanh
from gradwright.nn.losses import Loss
from gradwright.nn.own_parameters import is_plain
from gradwright.nn.rows import AnyRows, InnerRows, Rows, RowsElsewhere
from gradwright.workers.threads import cores, keep_memory, side_by_side

if TYPE_CHECKING:
    from gradwright.nn.network import Network

#: Changes that are carried together, in numbers of the widest array: what the cache of a core holds; elsewhere more.
_BLOCK, _LARGE_BLOCK = 600_000, 2**24
#: The differences of one layer, before they are added up over the samples, in numbers.
_ROOM = 2**23
#: From so many samples times parameters on a gradient is large.
_LARGE = 10**6
#: Changes up to this are small.
_SMALL = 0.25
#: The units of a layer are shared out in so many parts.
_PARTS = 2


def suits(net: Network) -> bool:
    """Tell whether all layers and the loss of `net` say how they carry changes; else only the plain way is left."""
    layers = all(
        type(layer) is Affine or (not layer.shapes() and _says(layer, "entrywise", "forward")) for layer in net.layers
    )
    return layers and _says(net.loss_function, "difference", "value") and is_plain(net)


def _says(thing: Layer | Loss, what: str, of: str) -> bool:
    """Tell whether `thing` says `what`, and its `of` is not of a class derived from the one that says so."""
    for kind in type(thing).__mro__:
        if what in vars(kind):
            return kind not in (Layer, Loss) and bool(vars(kind)[what])
        if of in vars(kind):
            return False
    return False


def numerical_gradient(net: Network, x: Array, t: Array, step: float) -> dict[str, Array]:
    """Return the central difference for every parameter of a network that `suits`, in its library and float64."""
    if namespace(x) is not np:  # refused on the host: on a device that takes two dozen operations of no size
        net.loss_function.value(np.zeros((int(x.shape[0]), net.n_out)), to_numpy(t))
    return NumericalGradient(net, step)(x, t)[1]


class NumericalGradient:
    """The numerical gradient of one network, time after time.

    Where changes are small, identities need no more digits than the parameters have: then a large one is computed in
    their dtype, in half the time. On a GPU to tell it what to do takes longer than to do it: there the operations are
    recorded, and played again for later batches of the same shape.

    Parameters
    ----------
    net : Network
        One that `suits`.
    step : float
        The step h.
    """

    def __init__(self, net: Network, step: float) -> None:
        self.net, self.step = net, step
        self._replayed: Callable[..., list[Array]] | None = None

    def __call__(self, x: Array, t: Array) -> tuple[Array, dict[str, Array]]:
        """Return the outputs of the network, and the gradient in float64."""
        net, like = self.net, parameters.checked(self.net)
        own, count = adapter(like), int(x.shape[0])
        arrays = (x, *net.params.values())
        batch, *weights = (own.brought(array, like, "float32") for array in arrays)
        size = sum(math.prod(array.shape) for array in weights)
        small = _changes_are_small(net, dict(zip(net.params, weights, strict=True)), batch, self.step)
        single = small and own.dtype_name(like) == "float32" and count * size > _LARGE
        keep_memory()
        with contextlib.nullcontext() if single else own.float64():
            if not single:
                batch, *weights = (own.brought(array, like, "float64") for array in arrays)
            answers = t if namespace(batch) is np else _answers(t, batch)
            most = max(1, _ROOM // max(layer.n_in * layer.n_out for layer in net.layers if isinstance(layer, Affine)))
            # What was recorded gives its results in the same memory each time: one part would overwrite another's.
            replay = small and count <= most
            found = [
                self._part(batch[part, ...], answers[part, ...], weights, small=small, replay=replay)
                for part in _slices(count, most)
            ]
        if len(found) == 1:
            outputs, *grads = found[0]
        else:
            with own.float64():
                outputs, *grads = self._mean(found)
        return outputs, dict(zip(net.params, grads, strict=True))

    @staticmethod
    def _mean(found: list[list[Array]]) -> list[Array]:
        """Return the outputs of all parts, and the means of their gradients."""
        counts = [int(outputs.shape[0]) for outputs, *_ in found]
        shares = [[grad * (n / sum(counts)) for grad in grads] for n, (_, *grads) in zip(counts, found, strict=True)]
        means = [sum(rest, start=first) for first, *rest in zip(*shares, strict=True)]
        return [namespace(found[0][0]).concat([outputs for outputs, *_ in found], axis=0), *means]

    def _part(self, x: Array, t: Array, weights: list[Array], *, small: bool, replay: bool) -> list[Array]:
        """Return the outputs, and the gradients, of a part of the batch."""
        first = self.net.layers[0]
        bias = isinstance(first, Affine) and first.bias
        if namespace(x) is np:
            return self._run(Rows.of(x, bias=bias), x, t, weights, small=small)
        rows = RowsElsewhere.of(x, bias=bias)
        if not replay:
            return self._run(rows, x, t, weights, small=small)

        def run(sample: Array, value: Array, counts: Array, x: Array, t: Array, *weights: Array) -> list[Array]:
            return self._run(RowsElsewhere(sample, value, counts), x, t, list(weights), small=True)

        if self._replayed is None:
            self._replayed = adapter(x).replayed(run)
        return self._replayed(rows.sample, rows.value, rows.counts, x, t, *weights)

    def _run(self, rows: AnyRows, x: Array, t: Array, weights: list[Array], *, small: bool) -> list[Array]:
        run = _Run(self.net, dict(zip(self.net.params, weights, strict=True)), x, t, small=small)
        sums = run.sums(self.step, rows)
        with adapter(x).float64():
            return [run.inputs[-1], *(sums[name] / (2 * self.step * int(x.shape[0])) for name in self.net.params)]


def _changes_are_small(net: Network, params: dict[str, Array], x: Array, step: float) -> bool:
    """Tell whether nothing that a moved parameter changes, before the loss, changes by more than `_SMALL`.

    Known activations make no change larger: then its bound grows by the weights alone.
    """
    if not all(isinstance(layer, Affine) or _says(layer, "difference", "forward") for layer in net.layers):
        return False
    xp = namespace(x)
    sizes = [xp.max(xp.abs(x))]
    for layer, names in zip(net.layers, net._names, strict=True):
        if isinstance(layer, Affine):
            sizes.append(xp.max(xp.sum(xp.abs(params[names["W"]]), axis=0)))
            sizes.append(xp.max(xp.abs(params[names["b"]])) if layer.bias else xp.zeros_like(sizes[0]))
    # Brought to the host at once: each look at a device waits until it has done all that it was told.
    inputs, *gains = to_numpy(xp.stack(sizes)).tolist()
    largest, bound = 0.0, 0.0
    for layer in net.layers:
        if isinstance(layer, Affine):
            gain, bias, *gains = gains
            bound = max(bound * gain, step * max(1.0, inputs))
            largest, inputs = max(largest, bound), inputs * gain + bias
        elif isinstance(layer, Sigmoid):
            inputs = 1.0
        elif isinstance(layer, Tanh):
            inputs = min(inputs, 1.0)
    return bool(largest <= _SMALL)


def _answers(t: Array, like: Array) -> Array:
    """Return the answers in the library of `like` and on its device: labels as they are, others in its dtype."""
    own = adapter(like)
    if namespace(t).isdtype(t.dtype, "integral") and t.ndim == 1:
        # Not every unsigned dtype can be compared with the numbers of the classes.
        there = adapter(t) is own and own.dtype_name(t).startswith("int")
        return t if there else own.from_numpy(to_numpy(t).astype(np.int64), like)
    return own.brought(t, like, own.dtype_name(like))


class _Run:
    """One run of a network, from any layer of which changes may be carried on."""

    def __init__(self, net: Network, params: dict[str, Array], x: Array, t: Array, *, small: bool) -> None:
        self.net, self.small, self.xp, self.own = net, small, namespace(x), adapter(x)
        self.params = [{key: params[name] for key, name in names.items()} for names in net._names]
        self.inputs, own_facts = [x], []
        with _quiet():
            for layer, own in zip(net.layers, self.params, strict=True):
                before, y = self.inputs[-1], layer.forward(own, self.inputs[-1])[0]
                self.inputs.append(y)
                its = {} if isinstance(layer, Affine) else layer.facts(before, y) if small else {"x": before, "y": y}
                own_facts.append(its)
            if self.xp is np:
                net.loss_function.value(self.inputs[-1], t)  # refuses answers that do not fit
            own_facts.append(net.loss_function.facts(self.inputs[-1], t, small=small))
        # Features first, rows last: so what is done to all rows runs along memory. The last are those of the loss.
        self.facts = [{key: self._turned(array) for key, array in its.items()} for its in own_facts]

    def _turned(self, array: Array) -> Array:
        turned = self.xp.matrix_transpose(array)
        return np.ascontiguousarray(turned) if isinstance(turned, np.ndarray) else turned

    def sums(self, step: float, first: AnyRows) -> dict[str, Array]:
        """Return for each parameter the differences of the losses, added up over the samples.

        `first` is what the samples hold; what goes into the later layers comes from the run.
        """
        inner = Rows.inner if self.xp is np else InnerRows.inner
        threads = cores() if self.xp is np else 1
        parts: dict[int, list[Array]] = {}
        tasks: list[Callable[[], None]] = []
        for number, layer in enumerate(self.net.layers):
            if isinstance(layer, Affine):
                rows = inner(self.inputs[number], bias=layer.bias) if number else first
                pieces = list(_slices(layer.n_out, -(-layer.n_out // (_PARTS if threads > 1 else 1))))
                parts[number] = [None] * len(pieces)
                for place, units in enumerate(pieces):
                    tasks.append(partial(self._add_up, number, rows, step, units, parts[number], place))
        side_by_side(tasks, threads)
        sums = {}
        for number, found in parts.items():
            total = self.xp.concat(found, axis=1) if len(found) > 1 else found[0]
            for key, name in self.net._names[number].items():
                sums[name] = total[: self.inputs[number].shape[1], :] if key == "W" else total[-1, :]
        return sums

    def _add_up(self, number: int, rows: AnyRows, step: float, units: slice, found: list[Array], place: int) -> None:
        """Put the sums for some units of a layer, (n_features, n_units), in their place."""
        loss, room, count = self.net.loss_function, self._room(number), int(rows.sample.shape[0])
        if not count:  # nothing that goes in is other than 0
            found[place] = self.own.from_numpy(np.zeros((rows.features, units.stop - units.start)), self.inputs[0])
            return
        differences = []
        with _quiet():
            for block in _slices(count, room):
                sample, value = rows.sample[block], rows.value[block]
                known = cache(partial(self._known, sample))
                change = self.xp.stack([step * value, -step * value])[None, :, None, :]
                change, following = self._while_alone(number + 1, change, units, sample)
                if following == len(self.net.layers):
                    numbers = self.own.counted(units.start, units.stop, change)
                    reduced = loss.reduced(known(-1), change, numbers)
                else:
                    # What is wide is carried for a few units, what is narrow for all: each call does much.
                    width = max(1, room // (block.stop - block.start))
                    wide = [
                        loss.reduced(known(-1), self._to_the_end(following, change, units, some, known), None)
                        for some in _slices(units.stop - units.start, width)
                    ]
                    reduced = self.xp.concat(wide, axis=2)
                differences.append(loss.difference(known(-1), reduced))
            together = self.xp.concat(differences, axis=1) if len(differences) > 1 else differences[0]
            found[place] = rows.added(together)

    def _room(self, number: int) -> int:
        """Return how many changes of one unit of a layer fill a block."""
        widest = max((layer.n_out for layer in self.net.layers[number + 1 :] if isinstance(layer, Affine)), default=1)
        return max(1, (_BLOCK if self.xp is np else _LARGE_BLOCK) // (2 * widest))

    def _while_alone(self, place: int, change: Array, units: slice, sample: Array) -> tuple[Array, int]:
        """Carry changes of single units on, and return them with the place of the next affine layer, or the end."""
        while place < len(self.net.layers) and not isinstance(layer := self.net.layers[place], Affine):
            facts = {
                key: self.own.taken(array[units, :], sample, 1)[None, None, ...]
                for key, array in self.facts[place].items()
            }
            change, place = self._difference(layer, facts, change), place + 1
        return change, place

    def _to_the_end(self, place: int, change: Array, units: slice, some: slice, known: Callable[[int], Facts]) -> Array:
        """Carry changes of `some` of the `units` on from the affine layer at `place`, where they reach all others."""
        weight = self.xp.matrix_transpose(self.params[place]["W"][units, :][some, :])
        change = weight[:, None, :, None] * (change[:, :, some, :] if change.shape[2] > 1 else change)
        for i, layer in enumerate(self.net.layers[place + 1 :], place + 1):
            if isinstance(layer, Affine):
                flat = self.xp.matrix_transpose(self.params[i]["W"]) @ self.xp.reshape(change, (layer.n_in, -1))
                change = self.xp.reshape(flat, (layer.n_out, *change.shape[1:]))
            else:
                change = self._difference(layer, known(i), change)
        return change

    def _difference(self, layer: Layer, facts: Facts, change: Array) -> Array:
        return layer.difference(facts, change) if self.small else layer.forward({}, facts["x"] + change)[0] - facts["y"]

    def _known(self, sample: Array, place: int) -> Facts:
        """Return what is known of a layer, feature by feature, in the sample that each row is of."""
        return {key: self.own.taken(array, sample, 1)[:, None, None, :] for key, array in self.facts[place].items()}


def _slices(whole: int | slice, size: int) -> Iterator[slice]:
    """Cut into slices of at most `size`, of about the same length."""
    start, stop = (0, whole) if isinstance(whole, int) else (whole.start, whole.stop)
    count = -(-(stop - start) // size)
    edges = [start + (stop - start) * i // max(count, 1) for i in range(count + 1)]
    return (slice(a, b) for a, b in pairwise(edges))


def _quiet() -> np.errstate:
    return np.errstate(over="ignore", invalid="ignore", divide="ignore")
