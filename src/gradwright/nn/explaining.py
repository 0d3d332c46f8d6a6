"""The way back through a network, gone once more with everything noted down: what `Network.explain` does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gradwright import _validate
from gradwright._arrays import Array, FloatArray, to_numpy
from gradwright.differentiate import Status, directional
from gradwright.errors import ArgumentError, ArgumentTypeError
from gradwright.functions import one_hot
from gradwright.nn import parameters
from gradwright.nn.explanation import Check, Entry, Explanation, Quantity, Sample, Step
from gradwright.nn.own_parameters import outputs_of
from gradwright.nn.rules import Formula, Rule

if TYPE_CHECKING:
    from gradwright.nn.network import Network

HostArray = npt.NDArray[Any]


@dataclass(frozen=True)
class _Pass:
    """One way forward and back: the value of each quantity, and the gradients by the quantity's name."""

    values: list[Array]
    gradients: dict[str, Array]


def explain(net: Network, x: Array, t: Array, sample: int) -> Explanation:
    """Return the explanation for a batch x with the answers t, as `Network` checked them."""
    count = int(x.shape[0])
    sample = _validate.non_negative_int("sample", sample)
    if sample >= count:
        raise ArgumentError("argument.range", name="sample", low=0, high=count - 1, value=sample)
    for kind, rules in ((type(part), part.rules) for part in net.layers):
        if not rules:
            raise ArgumentTypeError("explain.no-rules", kind=kind.__name__)
    if not net.loss_function.rules:
        raise ArgumentTypeError("explain.no-rules", kind=type(net.loss_function).__name__)
    parameters.refuse_non_finite(net)
    outputs_of(net, x)
    names = _Names(net)
    own = _pass(net, names, net.params, x, t)
    hosts = {name: np.asarray(to_numpy(array)) for name, array in net.params.items()}
    checker = _Checker(net, names, hosts, np.asarray(to_numpy(x)), t)
    values = [np.asarray(to_numpy(value)) for value in own.values]
    prediction = np.asarray(to_numpy(net.loss_function.predict(own.values[-1])))
    answers = _answers(net, t, prediction)
    gradients = {name: np.asarray(to_numpy(gradient)) for name, gradient in own.gradients.items()}
    start = {"y": prediction, "t": answers, "N": np.asarray(float(count), prediction.dtype)}
    outputs = names.quantities[-1]
    rule = net.loss_function.rules[0]
    steps = [_step(names, rule, net.loss_function.kind, outputs, {"x": outputs}, start, gradients, checker)]
    for i, layer in reversed(list(enumerate(net.layers))):
        if names.quantities[i + 1] not in gradients:
            continue  # below the first parameters
        marks = names.marks(i)
        parts = {"x": values[i], "y": values[i + 1], "dy": gradients[names.quantities[i + 1]]}
        parts |= {key: hosts[name] for key, name in net._names[i].items()}
        for rule in layer.rules:
            of = marks.get(rule.of, "")
            if of in gradients:
                steps.append(_step(names, rule, layer.kind, of, marks, parts, gradients, checker))
    loss = float(to_numpy(net.loss_function.value(own.values[-1], t)))
    classes = _classes(net)
    totals = answers.sum(axis=1)
    notes: list[tuple[str, dict[str, Any]]] = []
    if net.loss_function.classifies and not np.allclose(totals, 1, atol=1e-3):
        notes.append(("explain.weights", {"total": float(totals[np.abs(totals - 1).argmax()])}))
    return Explanation(
        loss,
        count,
        _forward(net, names, values, prediction, loss),
        tuple(steps),
        _sample(net, names, sample, start, gradients[outputs], classes),
        classes,
        tuple(notes),
    )


class _Names:
    """What the quantities of a network are called, in the course's notation and in LaTeX."""

    def __init__(self, net: Network) -> None:
        self._net = net
        self.quantities = ["x"]
        self._latex = {"x": "x"}
        number = activations = 0
        for own in net._names:
            activations = 0 if own else activations + 1
            number += bool(own)
            more = activations > 1
            name = f"{'a' if own else 'z'}{number}" + (f"_{activations}" if more else "")
            self.quantities.append(name)
            self._latex[name] = f"{name[0]}_{{{number}{f',{activations}' if more else ''}}}"
            self._latex |= {param: f"{key}_{{{number}}}" for key, param in own.items()}

    def gradient(self, of: str) -> str:
        """Return the course's name of the gradient with respect to a quantity or a parameter.

        What comes back through the weights to z1 the course calls da1, and after the activation's slope, dz1.
        """
        if of == self.quantities[-1]:
            return "dy"
        swapped = {"a": "z", "z": "a"}.get(of[0], of[0]) if of in self.quantities else of[0]
        return f"d{swapped}{of[1:]}"

    def expected(self, of: str) -> str:
        """Return the quantity with respect to which a reader of the course's name would take the gradient to be."""
        name = self.gradient(of)[1:]
        regression = self._net.loss_function.prediction.text == "<x>"  # then y is the last output itself
        return of if name == "y" and regression else name

    def partial(self, of: str) -> str:
        return rf"\frac{{\partial L}}{{\partial {self._latex[of]}}}"

    def marks(self, i: int) -> dict[str, str]:
        """Return the names of the input, the output and the parameters of layer `i`, by their marks."""
        return {"x": self.quantities[i], "y": self.quantities[i + 1], **self._net._names[i]}

    def formula(self, formula: Formula, marks: Mapping[str, str]) -> Formula:
        """Return a formula with its marks replaced."""
        texts = {**marks, "t": "t", "N": "N"}
        latexes = {key: self._latex.get(name, name) for key, name in texts.items()}
        if "y" in marks:
            texts["dy"], latexes["dy"] = self.gradient(marks["y"]), self.partial(marks["y"])
        return formula.named(texts, latexes)


def _pass(net: Network, names: _Names, params: Mapping[str, Array], x: Array, t: Array) -> _Pass:
    """Go forward and back as `Network.loss_and_gradient` does, and keep what comes by."""
    values, caches = [x], []
    for layer, own in zip(net.layers, net._names, strict=True):
        output, cache = layer.forward({key: params[name] for key, name in own.items()}, values[-1])
        values.append(output)
        caches.append(cache)
    upstream = net.loss_function.gradient(values[-1], t)
    gradients = {names.quantities[-1]: upstream}
    first = min(i for i, own in enumerate(net._names) if own)
    for i in reversed(range(first, len(net.layers))):
        own = net._names[i]
        upstream, grads = net.layers[i].backward({key: params[name] for key, name in own.items()}, caches[i], upstream)
        gradients |= {own[key]: gradient for key, gradient in grads.items()}
        if i > first:  # below the first parameters nobody asks
            gradients[names.quantities[i]] = upstream
    return _Pass(values, gradients)


class _Checker:
    """Differences of the loss for any quantity of one batch, in float64 on the host."""

    def __init__(self, net: Network, names: _Names, params: dict[str, HostArray], x: HostArray, t: Array) -> None:
        self._net, self._names, self._t = net, names, np.asarray(to_numpy(t))
        self._params = {name: np.asarray(array, dtype=np.float64) for name, array in params.items()}
        self._pass = _pass(net, names, self._params, np.asarray(x, dtype=np.float64), self._t)

    def _loss(self, of: str) -> tuple[Callable[[FloatArray], float], FloatArray]:
        """Return the loss as a function of one quantity or parameter alone, and the value that it has."""
        quantities = self._names.quantities
        if of in quantities:
            place = quantities.index(of)
            return (lambda value: self._from(place, value, self._params)), self._pass.values[place]
        place = next(i for i, own in enumerate(self._net._names) if of in own.values())
        before = self._pass.values[place]
        return (lambda value: self._from(place, before, {**self._params, of: value})), self._params[of]

    def _from(self, place: int, value: FloatArray, params: Mapping[str, FloatArray]) -> float:
        for layer, own in list(zip(self._net.layers, self._net._names, strict=True))[place:]:
            value = layer.forward({key: params[name] for key, name in own.items()}, value)[0]
        return float(self._net.loss_function.value(value, self._t))

    def check(self, of: str) -> Check:
        """Compare the gradient with respect to `of` with differences: at its largest entry, and along a direction."""
        loss, point = self._loss(of)
        gradient = np.asarray(self._pass.gradients[of])
        index = np.unravel_index(int(np.abs(gradient).argmax()), gradient.shape)
        entry = np.zeros(gradient.shape)
        entry[index] = 1.0
        # Uneven, so that entries which change places are seen too; the seed is fixed, for equal explanations.
        along = np.random.default_rng(0).uniform(0.5, 1.5, gradient.shape) * np.where(gradient < 0, -1.0, 1.0)
        along /= np.linalg.norm(along)
        at, sum_along = float(gradient[index]), float((gradient * along).sum())
        numeric, numeric_along = _slope(loss, point, entry, at), _slope(loss, point, along, sum_along)
        return Check(
            tuple(int(i) for i in index),
            at,
            numeric.value,
            sum_along,
            numeric_along.value,
            max(abs(at - numeric.value), abs(sum_along - numeric_along.value)),
            numeric.agrees(at) and numeric_along.agrees(sum_along),
            numeric.kink or numeric_along.kink,
        )


@dataclass(frozen=True)
class _Slope:
    """A rate of change of the loss from its values, its error, and whether its two sides differ."""

    value: float
    error: float
    kink: bool

    def agrees(self, analytic: float) -> bool:
        # With several units at exactly 0 each has sides of its own, and no slope need lie between the two of the sum.
        # Elsewhere ten error bars are allowed: one is right 99 times in 100, and an explanation makes many of them.
        return self.kink or bool(abs(analytic - self.value) <= 10 * self.error + 1e-7 * abs(analytic))


def _slope(loss: Callable[[FloatArray], float], point: FloatArray, direction: FloatArray, analytic: float) -> _Slope:
    estimate = directional(loss, point, direction)
    if estimate.status.ok or estimate.status == Status.NOISY:
        found = _Slope(float(estimate.value), float(estimate.error), False)
        if found.agrees(analytic):
            return found
    # A mistake, or a kink at the point or near it: each side by itself, with steps so short that a kink nearby is out
    # of their reach.
    right, left = (
        float(directional(loss, point, direction, method=method, step=1e-6).value) for method in ("forward", "backward")
    )
    apart = abs(right - left)
    return _Slope((right + left) / 2, apart + 1e-9, apart > 1e-3 * max(abs(right), abs(left)) + 1e-8)


def _step(
    names: _Names,
    rule: Rule,
    layer: str,
    of: str,
    marks: Mapping[str, str],
    parts: Mapping[str, HostArray],
    gradients: Mapping[str, HostArray],
    checker: _Checker,
) -> Step:
    values = [np.asarray(term.value(parts)) for term in rule.terms]
    formulas = [names.formula(term.formula, marks) for term in rule.terms]
    factors = [Quantity("", formula, value) for formula, value in zip(formulas, values, strict=True)]
    check = checker.check(of)
    fields = {**marks, "of": of, "name": names.gradient(of), "other": names.expected(of)}
    if "y" in marks:
        fields["dy"] = names.gradient(marks["y"])
    return Step(
        names.gradient(of),
        of,
        layer,
        names.formula(rule.formula, marks),
        names.partial(of),
        tuple(factors),
        rule.operation,
        gradients[of],
        Entry(check.index, rule.terms_at(values, gradients[of].shape, check.index), float(gradients[of][check.index])),
        rule.why,
        fields,
        check,
    )


def _forward(
    net: Network, names: _Names, values: list[HostArray], prediction: HostArray, loss: float
) -> tuple[Quantity, ...]:
    """Return the way forward: x, what each layer gives, the prediction and the loss."""
    empty = Formula("", "")
    found = [Quantity("x", empty, values[0])]
    for i, layer in enumerate(net.layers):
        formula = names.formula(layer.written(), names.marks(i))
        found.append(Quantity(names.quantities[i + 1], formula, values[i + 1]))
    outputs = {"x": names.quantities[-1]}
    found.append(Quantity("y", names.formula(net.loss_function.prediction, outputs), prediction))
    found.append(Quantity("L", names.formula(net.loss_function.formula, outputs), np.asarray(loss)))
    return tuple(found)


def _answers(net: Network, t: Array, like: HostArray) -> HostArray:
    """Return the answers as rows beside the predictions."""
    answers = np.asarray(to_numpy(t))
    if net.loss_function.classifies and answers.ndim == 1:
        answers = np.asarray(one_hot(answers, net.n_out))
    return answers.astype(like.dtype)


def _classes(net: Network) -> tuple[str, ...]:
    names = net.metadata.get("classes")
    if isinstance(names, (list, tuple)) and len(names) == net.n_out:
        return tuple(map(str, names))
    return tuple(str(k) for k in range(net.n_out))


def _sample(
    net: Network, names: _Names, index: int, start: Mapping[str, HostArray], dy: HostArray, classes: tuple[str, ...]
) -> Sample:
    parts = {name: array[index] if array.ndim else array for name, array in start.items()}
    outputs = {"x": names.quantities[-1]}
    with np.errstate(invalid="ignore"):
        lines = tuple(
            Quantity("", names.formula(line.formula, outputs), np.asarray(line.value(parts)), line.why)
            for line in net.loss_function.derivation
        )
    y, t = parts["y"], parts["t"]
    sentences = _of_a_class(y, t, classes) if net.loss_function.classifies else _of_outputs(y, t, classes)
    return Sample(index, y, t, dy[index], tuple(sentences), lines)


def _of_a_class(y: HostArray, t: HostArray, classes: tuple[str, ...]) -> list[tuple[str, dict[str, Any]]]:
    """Say what becomes of the score of the right class, and of the wrong one that got most."""
    right = int(t.argmax())
    if np.count_nonzero(t) != 1 or t[right] != 1:
        return _of_outputs(y, t, classes)
    found = [("explain.right-class", {"y": float(y[right]), "name": classes[right], "difference": float(y[right] - 1)})]
    if len(y) > 1:
        wrong = int(np.where(t == 1, -1, y).argmax())
        fields = {"y": float(y[wrong]), "name": classes[wrong]}
        found.append(("explain.wrong-class", fields))
    return found


def _of_outputs(y: HostArray, t: HostArray, classes: tuple[str, ...]) -> list[tuple[str, dict[str, Any]]]:
    """Say what becomes of the output that is farthest from its answer."""
    k = int(np.abs(y - t).argmax())
    key = "explain.too-high" if y[k] > t[k] else "explain.too-low" if y[k] < t[k] else "explain.exact"
    return [(key, {"name": classes[k], "y": float(y[k]), "t": float(t[k]), "difference": float(y[k] - t[k])})]
