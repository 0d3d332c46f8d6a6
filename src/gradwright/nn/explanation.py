"""What `Network.explain` returns: the way back through a network, step by step, with every factor."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright import messages
from gradwright.nn import explanation_text
from gradwright.nn.rules import Formula

HostArray = npt.NDArray[Any]
#: Of a large array, `to_dict` gives this many entries along each axis.
CORNER = 4


@dataclass(frozen=True, eq=False)
class Quantity:
    """Something that has a name, a formula and a value: a step of the way forward, a factor, a line of a derivation.

    Attributes
    ----------
    name : str
        In the course's notation; empty for a factor that is only a formula.
    formula : Formula
        What it is equal to.
    value : ndarray
        On the host.
    why : str
        The key of a sentence, or empty.
    """

    name: str
    formula: Formula
    value: HostArray
    why: str = ""

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the value."""
        return tuple(self.value.shape)

    def to_dict(self, lang: str | None = None) -> dict[str, Any]:
        """Return what JSON can hold; of a large array the corner."""
        why = {"why": messages.text(self.why, lang)} if self.why else {}
        return {
            "name": self.name,
            "formula": self.formula.text,
            "latex": self.formula.latex,
            **why,
            **_plain(self.value),
        }


@dataclass(frozen=True, eq=False)
class Check:
    """A step computed a second time, from values of the loss alone.

    The quantity is changed at the entry where the step is largest, and along a direction in which every entry takes
    part; both rates of change of the loss are compared with those that the step says, all in float64.

    Attributes
    ----------
    index : tuple of int
        The entry.
    analytic, numeric : float
        The rate of change at that entry, by backpropagation and by differences.
    along_analytic, along_numeric : float
        The same along the direction.
    difference : float
        The larger of the two differences.
    agrees : bool
        Whether both differences lie within the error of the numerical derivative, as far as there is one.
    kink : bool
        Whether the loss has a kink there, as with a ReLU at exactly 0: differences then have no single answer.
    """

    index: tuple[int, ...]
    analytic: float
    numeric: float
    along_analytic: float
    along_numeric: float
    difference: float
    agrees: bool
    kink: bool

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        rates = {
            name: _finite(getattr(self, name))
            for name in ("analytic", "numeric", "along_analytic", "along_numeric", "difference")
        }
        return {"index": list(self.index), **rates, "agrees": self.agrees, "kink": self.kink}


@dataclass(frozen=True, eq=False)
class Entry:
    """One entry of a step worked out: where the step is largest, so that zeros at the edges of images hide nothing.

    Attributes
    ----------
    index : tuple of int
        Which one.
    terms : ndarray, shape (n_terms, n_factors)
        What is added up, a row a term; the factors of each stand in the row, in the order of the formula.
    value : float
        The entry, as the step has it.
    """

    index: tuple[int, ...]
    terms: HostArray
    value: float

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold; of many terms the first."""
        shown = [[_finite(factor) for factor in term] for term in self.terms[:CORNER].tolist()]
        return {"index": list(self.index), "terms": shown, "n_terms": len(self.terms), "value": _finite(self.value)}


@dataclass(frozen=True, eq=False)
class Step:
    """One step of the way back.

    Attributes
    ----------
    name : str
        The course's name of the result, such as ``dW2``; in a code the course calls ``da1`` what is the gradient with
        respect to z1, and ``dz1`` that with respect to a1.
    of : str
        The quantity with respect to which it is the gradient of the loss, such as ``W2``.
    layer : str
        The kind of the layer, or of the loss, whose rule it is.
    formula : Formula
        The right-hand side; its LaTeX has the exact partial derivatives in place of the course's names.
    latex : str
        The left-hand side in LaTeX.
    factors : tuple of Quantity
        What multiplies.
    operation : {"@", "*", "/", "sum", ""}
        How.
    value : ndarray
        The result, as `Network.gradient` has it.
    entry : Entry
        Its largest entry, worked out.
    why : str
        The key of a sentence, with `fields`.
    check : Check
        The step against differences of the loss.
    """

    name: str
    of: str
    layer: str
    formula: Formula
    latex: str
    factors: tuple[Quantity, ...]
    operation: str
    value: HostArray
    entry: Entry
    why: str
    fields: Mapping[str, str]
    check: Check

    @property
    def shapes(self) -> str:
        """The shapes as they multiply, such as ``(50, 100) @ (100, 10) -> (50, 10)``."""
        return explanation_text.shapes(self)

    def reason(self, lang: str | None = None) -> str:
        """Return the why in words."""
        return messages.text(self.why, lang, **self.fields)

    def meaning(self, lang: str | None = None) -> str:
        """Return in words of what it is the gradient."""
        key = "explain.meaning" if self.fields["other"] == self.of else "explain.meaning-renamed"
        return messages.text(key, lang, **self.fields)

    def to_dict(self, lang: str | None = None) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {
            "name": self.name,
            "of": self.of,
            "layer": self.layer,
            "formula": f"{self.name} = {self.formula.text}",
            "latex": f"{self.latex} = {self.formula.latex}",
            "meaning": self.meaning(lang),
            "why": self.reason(lang),
            "shapes": self.shapes,
            "factors": [factor.to_dict() for factor in self.factors],
            **_plain(self.value),
            "entry": self.entry.to_dict(),
            "check": self.check.to_dict(),
        }


@dataclass(frozen=True, eq=False)
class Sample:
    """The numbers of the first step for one sample of the batch.

    Attributes
    ----------
    index : int
        Which one.
    y, t, gradient : ndarray, shape (n_out,)
        The prediction, the answer (one-hot for a label) and this sample's row of ``dy``.
    sentences : tuple of (str, dict)
        What they mean: keys of sentences, and their fields.
    derivation : tuple of Quantity
        How y - t comes about, line by line, with this sample's numbers.
    """

    index: int
    y: HostArray
    t: HostArray
    gradient: HostArray
    sentences: tuple[tuple[str, dict[str, Any]], ...]
    derivation: tuple[Quantity, ...]

    def words(self, lang: str | None = None) -> list[str]:
        """Return what the numbers mean, a sentence each."""
        return [messages.text(key, lang, **fields) for key, fields in self.sentences]

    def to_dict(self, lang: str | None = None) -> dict[str, Any]:
        """Return what JSON can hold."""
        numbers = {"y": self.y, "t": self.t, "y-t": self.y - self.t, "gradient": self.gradient}
        return {
            "index": self.index,
            **{name: [_finite(entry) for entry in row.tolist()] for name, row in numbers.items()},
            "words": self.words(lang),
            "derivation": [line.to_dict(lang) for line in self.derivation],
        }


@dataclass(frozen=True, eq=False)
class Explanation:
    """The way back through a network, from the loss to the first bias.

    Attributes
    ----------
    loss : float
        The loss, the mean over the batch.
    n_samples : int
        The number N of samples.
    forward : tuple of Quantity
        The way forward: x, a1, z1, ..., y and the loss L.
    steps : tuple of Step
        The way back: dy, then for each layer from the last to the first what its parameters and its input get.
    sample : Sample
        The first step in numbers, for one sample.
    classes : tuple of str
        The names of the outputs.

    Examples
    --------
    >>> from gradwright.nn import TwoLayerNet
    >>> explanation = TwoLayerNet(4, 3, 2, rng=0).explain([[1.0, 0.0, 0.5, 0.2]], [1])
    >>> [step.name for step in explanation.steps]
    ['dy', 'dW2', 'db2', 'da1', 'dz1', 'dW1', 'db1']
    >>> explanation["dW2"].shapes
    '(3, 1) @ (1, 2) -> (3, 2)'
    >>> explanation["dW2"].formula.text
    'z1.T @ dy'
    """

    loss: float
    n_samples: int
    forward: tuple[Quantity, ...]
    steps: tuple[Step, ...]
    sample: Sample
    classes: tuple[str, ...]
    notes: tuple[tuple[str, dict[str, Any]], ...] = field(default=())

    def __getitem__(self, name: str) -> Step:
        """Return the step called `name`."""
        return {step.name: step for step in self.steps}[name]

    @property
    def agrees(self) -> bool:
        """Whether every step agrees with differences of the loss."""
        return all(step.check.agrees for step in self.steps)

    def text(self, lang: str | None = None) -> str:
        """Return the whole as text.

        Parameters
        ----------
        lang : {"en", "ko"}, optional
            By default the language of the environment.
        """
        return explanation_text.write(self, lang)

    def to_dict(self, lang: str | None = None) -> dict[str, Any]:
        """Return the whole as what JSON can hold; what is not finite becomes None.

        Parameters
        ----------
        lang : {"en", "ko"}, optional
            The language of the sentences.
        """
        return {
            "loss": _finite(self.loss),
            "n_samples": self.n_samples,
            "classes": list(self.classes),
            "forward": [one.to_dict() for one in self.forward],
            "steps": [step.to_dict(lang) for step in self.steps],
            "sample": self.sample.to_dict(lang),
            "notes": [messages.text(key, lang, **fields) for key, fields in self.notes],
            "agrees": self.agrees,
        }

    def __str__(self) -> str:
        return self.text()


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _plain(value: HostArray) -> dict[str, Any]:
    corner = value[tuple(slice(CORNER) for _ in value.shape)] if value.size > CORNER * CORNER else value
    entries = np.array([_finite(entry) for entry in corner.ravel().tolist()], dtype=object).reshape(corner.shape)
    return {"shape": list(value.shape), "whole": corner.size == value.size, "values": entries.tolist()}
