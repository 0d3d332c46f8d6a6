"""The reference that judges others is right; each mistake of the registry is one, and can be told from the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import combinations, pairwise

import numpy as np
import pytest

from gradwright import Network, one_hot
from gradwright._arrays import FloatArray
from gradwright.check.mistakes import ACTIVATIONS, STEPS, Mistake, Pass, layers_of, mistakes, registry, variants

Gradient = Mapping[str, FloatArray]
#: A mistake at one layer alone, or at all (None).
Variant = tuple[str, int | None]

RATE = 0.1
SEEDS = (0, 1, 2)
#: Wider than the batch and narrower; no two neighbours alike.
SIZES, COUNT = (4, 6, 5, 3), 4

#: What sums or averages over the units of the output: each row of y - t adds up to 0.
_OF_UNITS = ("bias-total", "bias-mean-of-all", "bias-over-units", "bias-mean-over-units", "bias-padded")
#: Pairs that give the same gradient, and why.
TWINS: dict[frozenset[Variant], str] = {
    frozenset({(one, 3), (other, 3)}): "at the output alone: the rows of y - t add up to 0, and both give zeros"
    for one, other in combinations(_OF_UNITS, 2)
}
#: Further ones where no layer is wider than the batch.
TWINS_OF_LARGE_BATCHES: dict[frozenset[Variant], str] = {
    frozenset({("bias-over-units", layer), ("bias-padded", layer)}): "there is nothing to pad: both keep the first sums"
    for layer in (None, 1, 2)
}
ALL = list(ACTIVATIONS)


@cache
def drawn(activation: str, seed: int, sizes: tuple[int, ...] = SIZES, count: int = COUNT) -> Pass:
    rng = np.random.default_rng(seed)
    depth = len(sizes) - 1
    weights = [rng.normal(size=pair) for pair in pairwise(sizes)]
    biases = [rng.normal(size=size) for size in sizes[1:]]
    names = {(kind, k): f"{kind}{k}" for kind in "Wb" for k in range(1, depth + 1)}
    t = np.asarray(one_hot(rng.integers(0, sizes[-1], count), sizes[-1]), dtype=np.float64)
    return Pass(weights, biases, rng.normal(size=(count, sizes[0])), t, ACTIVATIONS[activation], names)


def apart(one: Gradient, other: Gradient, right: Gradient) -> float:
    """Return the relative difference in the array where it is largest.

    Relative to the right gradient where both are far below it: of two that are 0 to rounding, the roundings differ.
    """
    scale = {name: max(np.linalg.norm(some[name]) for some in (one, other, right)) for name in right}
    # Where all units of a layer are at rest everything below them is 0, and there is nothing to be told.
    return max(float(np.linalg.norm(one[name] - other[name])) / (scale[name] or 1.0) for name in right)


def gradients(p: Pass) -> dict[Variant, Gradient]:
    return {(mistake.name, only): mistake.gradient(p, only, RATE) for mistake, only in variants(p)}


def distances(activation: str, sizes: tuple[int, ...], count: int) -> dict[frozenset[Variant], float]:
    """Return how far every two variants are apart in that of a few draws that tells them apart best."""
    found: dict[frozenset[Variant], float] = {}
    for seed in SEEDS:
        p = drawn(activation, seed, sizes, count)
        right, wrong = p.gradient(), gradients(p)
        for one, other in combinations(wrong, 2):
            pair = frozenset({one, other})
            found[pair] = max(found.get(pair, 0.0), apart(wrong[one], wrong[other], right))
    return found


class TestReference:
    @pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
    @pytest.mark.parametrize("depth", [1, 2, 3, 4])
    @pytest.mark.parametrize("answers", ["labels", "one-hot", "distributions"])
    def test_agrees_with_the_network(self, activation: str, depth: int, answers: str, rng: np.random.Generator) -> None:
        for _ in range(5):
            sizes, count = rng.integers(2, 8, depth + 1).tolist(), int(rng.integers(1, 9))
            net = Network.of_sizes(sizes, activation, init=1.0, rng=rng, dtype="float64")
            for k in range(1, depth + 1):
                net.params[f"b{k}"] = rng.normal(size=sizes[k])
            x, labels = rng.normal(size=(count, sizes[0])), rng.integers(0, sizes[-1], count)
            rows = np.asarray(one_hot(labels, sizes[-1]), dtype=np.float64)
            if answers == "distributions":
                rows = rng.dirichlet(np.ones(sizes[-1]), count)
            names = layers_of(net.params)
            assert names is not None
            weights = [net.params[f"W{k}"] for k in range(1, depth + 1)]
            biases = [net.params[f"b{k}"] for k in range(1, depth + 1)]
            p = Pass(weights, biases, x, rows, ACTIVATIONS[activation], names)
            t = labels if answers == "labels" else rows
            right, found = net.gradient(x, t), p.gradient()
            assert set(found) == set(right)
            for name, array in right.items():
                assert found[name].shape == array.shape
                np.testing.assert_allclose(found[name], array, rtol=1e-12, atol=1e-12 * np.abs(array).max())
            assert p.loss == pytest.approx(net.loss(x, t), rel=1e-12)

    def test_without_biases(self) -> None:
        whole = drawn("tanh", 0)
        bare = Pass(whole.weights, [None] * 3, whole.x, whole.t, whole.activation, whole.names)
        still = Pass(
            whole.weights, [np.zeros(size) for size in SIZES[1:]], whole.x, whole.t, whole.activation, whole.names
        )
        assert set(bare.gradient()) == {"W1", "W2", "W3"}
        for name, array in bare.gradient().items():
            np.testing.assert_array_equal(array, still.gradient()[name])

    @pytest.mark.parametrize("activation", ALL)
    def test_agrees_with_differences(self, activation: str) -> None:
        p = drawn(activation, 1)
        found, step = p.gradient(), 1e-6
        for k in range(1, 4):
            for i, j in np.ndindex(p.weights[k - 1].shape):
                ends = []
                for side in (step, -step):
                    moved = [weight.copy() for weight in p.weights]
                    moved[k - 1][i, j] += side
                    ends.append(Pass(moved, p.biases, p.x, p.t, p.activation, p.names).loss)
                assert found[f"W{k}"][i, j] == pytest.approx((ends[0] - ends[1]) / (2 * step), abs=1e-8)


def each(activation: str) -> Iterator[tuple[Mistake, int | None]]:
    yield from variants(drawn(activation, 0))


class TestMistakes:
    @pytest.mark.parametrize("activation", ALL)
    @pytest.mark.parametrize(("sizes", "count"), [(SIZES, COUNT), ((4, 3, 5, 2), 7)])
    def test_every_one_differs_from_the_right_gradient(
        self, activation: str, sizes: tuple[int, ...], count: int
    ) -> None:
        nearest: dict[Variant, float] = {}
        for seed in SEEDS:
            p = drawn(activation, seed, sizes, count)
            right = p.gradient()
            for variant, wrong in gradients(p).items():
                nearest[variant] = max(nearest.get(variant, 0.0), apart(wrong, right, right))
        assert {variant: far for variant, far in nearest.items() if far <= 1e-6} == {}

    def test_every_one_can_be_made_somewhere(self) -> None:
        made = {mistake.name for activation in ALL for mistake, _ in each(activation)}
        assert made == {mistake.name for mistake in mistakes()}

    @pytest.mark.parametrize("activation", ALL)
    def test_every_two_can_be_told_apart(self, activation: str) -> None:
        found = distances(activation, SIZES, COUNT)
        assert {pair for pair, far in found.items() if far <= 1e-6} == set(TWINS)

    @pytest.mark.parametrize("activation", ALL)
    def test_every_two_can_be_told_apart_in_a_large_batch(self, activation: str) -> None:
        found = distances(activation, (4, 3, 5, 2), 7)
        assert {pair for pair, far in found.items() if far <= 1e-6} == set(TWINS) | set(TWINS_OF_LARGE_BATCHES)

    def test_twins_are_of_one_code(self) -> None:
        code = {mistake.name: mistake.code for mistake in mistakes()}
        for pair in [*TWINS, *TWINS_OF_LARGE_BATCHES]:
            assert len({code[name] for name, _ in pair}) == 1

    @pytest.mark.parametrize("activation", ALL)
    def test_all_but_the_layers_below_is_right(self, activation: str) -> None:
        """A mistake on the way back at one layer leaves what was computed before it as it was."""
        p = drawn(activation, 0)
        right = p.gradient()
        for mistake, only in each(activation):
            if only is None:
                continue
            wrong = mistake.gradient(p, only, RATE)
            for (kind, layer), name in p.names.items():
                own = layer == only and {"weight": "W", "bias": "b"}.get(mistake.step) == kind
                below = {"through-weights": layer < only, "through-activation": layer <= only}.get(mistake.step, False)
                if not own and not below:
                    np.testing.assert_array_equal(wrong[name], right[name], err_msg=f"{mistake.name} {only} {name}")

    def test_an_unknown_rate_of_0_is_no_mistake(self) -> None:
        p = drawn("tanh", 0)
        for mistake in mistakes():
            if mistake.fitted:
                assert apart(mistake.gradient(p, rate=0.0), p.gradient(), p.gradient()) == 0

    def test_shapes_and_keys_are_those_of_the_right_gradient(self) -> None:
        for activation in ALL:
            p = drawn(activation, 0)
            for wrong in gradients(p).values():
                assert {name: array.shape for name, array in wrong.items()} == {
                    name: array.shape for name, array in p.gradient().items()
                }
                assert all(np.isfinite(array).all() for array in wrong.values())

    def test_every_step_is_known(self) -> None:
        assert {mistake.step for mistake in mistakes()} == set(STEPS)


class TestTheseTestsSeeMistakes:
    def test_a_twin(self, monkeypatch: pytest.MonkeyPatch) -> None:
        known = mistakes()
        twin = replace(next(mistake for mistake in known if mistake.name == "no-slope"), name="no-slope-again")
        monkeypatch.setattr(registry, "mistakes", lambda: (*known, twin))
        found = distances("tanh", SIZES, COUNT)
        unlisted = {pair for pair, far in found.items() if far <= 1e-6} - set(TWINS)
        assert unlisted == {frozenset({("no-slope", layer), ("no-slope-again", layer)}) for layer in (None, 1, 2)}

    def test_no_mistake_at_all(self) -> None:
        p = drawn("sigmoid", 0)
        right = replace(next(m for m in mistakes() if m.step == "bias"), function=STEPS["bias"])
        assert apart(right.gradient(p), p.gradient(), p.gradient()) == 0

    def test_roundings_are_no_difference(self) -> None:
        right = {"b": np.array([0.3, -0.2])}
        assert apart({"b": np.array([1e-17, 0.0])}, {"b": np.array([0.0, 2e-17])}, right) < 1e-15
