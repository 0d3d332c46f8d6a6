"""What every optimizer promises: purity, structure, libraries, dtypes, errors that name the place, a state to save."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from gradwright._arrays import namespace
from gradwright.descent.optimizer_base import Optimizer
from gradwright.descent.optimizers import SGD, AdaGrad, Adam, Momentum, Nesterov, RMSprop
from gradwright.errors import ArgumentError, ArgumentTypeError, ShapeError
from gradwright.storage import load_tensors, tensors_to_bytes, write_atomic
from gradwright.trees import flatten

ALL = [SGD(0.1), Momentum(0.1), Nesterov(0.1), AdaGrad(0.1), RMSprop(0.1), Adam(0.1)]
every = pytest.mark.parametrize("rule", ALL, ids=lambda rule: type(rule).__name__)


class Pair(NamedTuple):
    weight: Any
    bias: Any


def frozen(tree: Any) -> Any:
    """Copies that cannot be written to."""
    leaves, structure = flatten(tree)
    copies = [np.array(leaf.array) for leaf in leaves]
    for array in copies:
        array.flags.writeable = False
    return structure.build(copies)


@every
def test_nothing_is_mutated(rule: Optimizer, rng: np.random.Generator) -> None:
    params = {"W": rng.normal(size=(3, 2)), "b": rng.normal(size=2)}
    grads = {"W": rng.normal(size=(3, 2)), "b": rng.normal(size=2)}
    state = rule.init(params)
    for _ in range(3):
        before = copy.deepcopy((params, grads, state))
        new_params, new_state = rule.update(grads, state, params)
        np.testing.assert_equal((params, grads, state), before)
        for name in params:
            assert not np.shares_memory(new_params[name], params[name])
        params, state = new_params, new_state


@every
def test_read_only_arrays_and_the_same_call_twice(rule: Optimizer, rng: np.random.Generator) -> None:
    params = frozen({"W": rng.normal(size=(3, 2)), "b": rng.normal(size=2)})
    grads = frozen({"W": rng.normal(size=(3, 2)), "b": rng.normal(size=2)})
    _, state = rule.update(grads, rule.init(params), params)
    state = {"step": state["step"], **{slot: frozen(state[slot]) for slot in rule.slots}}
    np.testing.assert_equal(rule.update(grads, state, params), rule.update(grads, state, params))


@every
def test_structure_library_and_dtype_stay(xp: Any, rule: Optimizer) -> None:
    params = {"layers": [Pair(xp([[1.0, 2.0]]), xp([0.5])), (xp(3.0),)], "scale": xp([1.0, 2.0], dtype="float32")}
    grads = {"scale": xp([0.1, 0.2], dtype="float32"), "layers": [Pair(xp([[0.1, 0.2]]), xp([0.3])), (xp(0.4),)]}
    state = rule.init(params)
    for _ in range(2):
        params, state = rule.update(grads, state, params)
    assert list(params) == ["layers", "scale"]
    assert isinstance(params["layers"][0], Pair)
    assert isinstance(params["layers"][1], tuple)
    for tree in (params, *(state[slot] for slot in rule.slots)):
        leaves, _ = flatten(tree)
        assert [leaf.path for leaf in leaves] == ["layers.0.0", "layers.0.1", "layers.1.0", "scale"]
        assert [xp.numpy(leaf.array).shape for leaf in leaves] == [(1, 2), (1,), (), (2,)]
        assert [str(xp.numpy(leaf.array).dtype) for leaf in leaves] == [xp.double, xp.double, xp.double, "float32"]


@every
def test_same_numbers_in_every_library(xp: Any, rule: Optimizer, rng: np.random.Generator) -> None:
    host = rng.normal(size=(4, 3))
    steps = rng.normal(size=(5, 4, 3))
    ends = []
    for make in (xp, np.array):
        w = make(host)
        state = rule.init(w)
        for g in steps:
            w, state = rule.update(make(g), state, w)
        ends.append(w)
    np.testing.assert_allclose(xp.numpy(ends[0]), ends[1], rtol=xp.rtol, atol=xp.rtol)


@every
def test_a_wide_numpy_gradient_comes_to_the_parameters(xp: Any, rule: Optimizer) -> None:
    # A numerical gradient is often float64 on the host, where the parameters are float32 elsewhere.
    w = xp([1.0, 2.0], dtype="float32")
    params, state = rule.update(np.array([0.5, -0.25]), rule.init(w), w)
    same, _ = rule.update(xp([0.5, -0.25], dtype="float32"), rule.init(w), w)
    assert str(xp.numpy(params).dtype) == "float32"
    np.testing.assert_array_equal(xp.numpy(params), xp.numpy(same))
    assert all(str(xp.numpy(state[slot]).dtype) == "float32" for slot in rule.slots)


@every
def test_integers_and_lists_become_floating(rule: Optimizer) -> None:
    params, _ = rule.update([1, 1], rule.init([3, 4]), [3, 4])
    floating, _ = rule.update(np.ones(2), rule.init(np.array([3.0, 4.0])), np.array([3.0, 4.0]))
    assert params.dtype == np.float64
    np.testing.assert_array_equal(params, floating)


@every
def test_a_saved_state_goes_on_to_the_same_bits(
    xp: Any, rule: Optimizer, rng: np.random.Generator, tmp_path: Path, need_module: Any
) -> None:
    need_module("safetensors")
    shapes = {"W": (3, 2), "b": (2,)}
    grads = [{name: xp(rng.normal(size=shape)) for name, shape in shapes.items()} for _ in range(4)]
    params = {name: xp(rng.normal(size=shape)) for name, shape in shapes.items()}
    state = rule.init(params)
    for g in grads[:2]:
        params, state = rule.update(g, state, params)

    leaves, structure = flatten(state)
    assert {leaf.path.partition(".")[0] for leaf in leaves} == {"step", *rule.slots}
    arrays = {leaf.path: np.asarray(leaf.array) if leaf.path == "step" else xp.numpy(leaf.array) for leaf in leaves}
    write_atomic(tmp_path / "state.safetensors", tensors_to_bytes(arrays, {}))
    loaded, _ = load_tensors(tmp_path / "state.safetensors")
    restored, replayed = structure.build([loaded[path] for path in structure.paths]), params
    for g in grads[2:]:
        params, state = rule.update(g, state, params)
        replayed, restored = rule.update(g, restored, replayed)
    for name in shapes:
        assert xp.numpy(params[name]).tobytes() == xp.numpy(replayed[name]).tobytes()
    assert type(restored["step"]) is int
    assert restored["step"] == state["step"] == 4


class TestErrors:
    @every
    def test_other_entries(self, rule: Optimizer) -> None:
        params = {"W": np.ones(2), "b": np.ones(1)}
        with pytest.raises(ArgumentError, match=r"`grads` must have the same entries as `params`.*'b'.*'c'"):
            rule.update({"W": np.ones(2), "c": np.ones(1)}, rule.init(params), params)

    @every
    def test_other_shape_names_the_path(self, rule: Optimizer) -> None:
        params = {"layers": [{"W": np.ones((2, 3))}]}
        with pytest.raises(ShapeError, match=r"`grads.layers.0.W` has shape \(3, 2\) but `params.layers.0.W`"):
            rule.update({"layers": [{"W": np.ones((3, 2))}]}, rule.init(params), params)

    @pytest.mark.parametrize("shape", [(1,), (2, 1), ()])
    def test_a_gradient_that_would_broadcast_is_no_gradient(self, shape: tuple[int, ...]) -> None:
        w = np.ones(2)
        with pytest.raises(ShapeError, match="`grads` has shape"):
            SGD(0.1).update(np.ones(shape), SGD(0.1).init(w), w)

    def test_state_of_another_optimizer(self) -> None:
        w = np.ones(2)
        with pytest.raises(ArgumentError, match="`state` has no entry 'mean', which Adam needs"):
            Adam().update(w, Momentum().init(w), w)
        with pytest.raises(ArgumentError, match="'step'"):
            SGD().update(w, {}, w)

    @pytest.mark.parametrize("other", [Adam(), Momentum(), RMSprop()])
    def test_plain_descent_drops_no_state_without_a_word(self, other: Optimizer) -> None:
        w = np.ones(2)
        with pytest.raises(ArgumentError, match=f"`state` has an entry {other.slots[0]!r}, which SGD does not keep"):
            SGD().update(w, other.init(w), w)

    @every
    @pytest.mark.parametrize("state", [None, 3, [], "step"])
    def test_what_is_no_state(self, rule: Optimizer, state: Any) -> None:
        w = np.ones(2)
        with pytest.raises(ArgumentTypeError, match=f"`state` must be the dict that {type(rule).__name__}'s `init`"):
            rule.update(w, state, w)

    @every
    def test_a_state_can_be_looked_at_without_a_step(self, rule: Optimizer) -> None:
        params = {"W": np.ones(2)}
        rule.check_state(rule.init(params), params)
        for other in ALL:
            if other.slots != rule.slots:
                with pytest.raises(ArgumentError, match="made by another optimizer"):
                    rule.check_state(other.init(params), params)

    def test_state_of_other_parameters(self) -> None:
        rule, w = Momentum(), {"W": np.ones(2)}
        with pytest.raises(ShapeError, match=r"`state.velocity.W` has shape \(3,\) but `params.W`"):
            rule.update(w, rule.init({"W": np.ones(3)}), w)
        with pytest.raises(ArgumentError, match=r"`state.velocity` must have the same entries"):
            rule.update(w, rule.init({"V": np.ones(2)}), w)

    @pytest.mark.parametrize("step", [-1, 0.5, "0", None, True])
    def test_a_step_that_is_none(self, step: Any) -> None:
        w = np.ones(2)
        with pytest.raises(ArgumentError, match=r"`state.step` must be a whole number"):
            SGD().update(w, {"step": step}, w)

    def test_parameters_that_are_no_real_numbers(self) -> None:
        with pytest.raises(ArgumentTypeError, match=r"`params.W` must hold real numbers, but its dtype is complex128"):
            SGD().init({"W": np.ones(2, dtype=complex)})
        with pytest.raises(ArgumentTypeError, match="`params` has str at W"):
            SGD().init({"W": "weights"})

    def test_the_base_has_no_rule(self) -> None:
        with pytest.raises(TypeError, match="abstract"):
            Optimizer()  # type: ignore[abstract]


@every
def test_torch_parameters_that_record_gradients(rule: Optimizer, need_module: Any) -> None:
    torch = need_module("torch")
    params = {"W": torch.tensor([1.0, 2.0], requires_grad=True), "fixed": torch.tensor([3.0])}
    state = rule.init(params)
    for _ in range(3):
        loss = (params["W"] ** 2).sum()
        (gradient,) = torch.autograd.grad(loss, params["W"], create_graph=True)
        params, state = rule.update({"W": gradient, "fixed": torch.zeros(1)}, state, params)
        # A graph that reached back through the steps would grow without end.
        assert params["W"].is_leaf
        assert params["W"].requires_grad
        assert not params["fixed"].requires_grad
        assert all(not state[slot]["W"].requires_grad for slot in rule.slots)


@every
def test_jax_keeps_float32_and_traces(rule: Optimizer, need_module: Any) -> None:
    jax = need_module("jax")
    before = jax.config.jax_enable_x64

    def step(w: Any, g: Any) -> Any:
        return rule.update(g, rule.init(w), w)[0]

    w, g = jax.numpy.asarray([1.0, 2.0]), jax.numpy.asarray([0.5, -0.5])
    np.testing.assert_allclose(jax.jit(step)(w, g), step(w, g), rtol=1e-6)
    assert step(w, g).dtype == jax.numpy.float32
    assert namespace(step(w, g)) is namespace(w)
    assert jax.config.jax_enable_x64 == before
