"""`Network.params` is the user's to change: what no longer fits is said by name, not left to the array library."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradwright.errors import ArgumentError, ArgumentTypeError, GradwrightError, NonFiniteError, ShapeError
from gradwright.nn import Affine, HalfSquaredError, Network, ReLU, TwoLayerNet
from gradwright.training import Trainer, evaluate

X = np.random.default_rng(0).standard_normal((4, 3))
T = np.array([0, 1, 1, 0])

DOORS: dict[str, Callable[[Network], Any]] = {
    "predict": lambda net: net.predict(X),
    "logits": lambda net: net.logits(X[0]),
    "loss": lambda net: net.loss(X, T),
    "accuracy": lambda net: net.accuracy(X, T),
    "gradient": lambda net: net.gradient(X, T),
    "numerical_gradient": lambda net: net.numerical_gradient(X, T),
    "check_gradients": lambda net: net.check_gradients(X, T),
    "explain": lambda net: net.explain(X, T),
    "evaluate": lambda net: evaluate(net, X, T),
}
doors = pytest.mark.parametrize("door", DOORS)


def net() -> Network:
    return TwoLayerNet(3, 4, 2, rng=0)


def both_languages(error: GradwrightError) -> None:
    for lang in ("en", "ko"):
        assert "\n" not in error.text(lang)
        assert "params" in error.text(lang)


@doors
@pytest.mark.parametrize("what", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize(("name", "index"), [("W1", (2, 1)), ("b1", (3,)), ("W2", (0, 0)), ("b2", (1,))])
def test_a_parameter_that_is_not_finite_is_named(door: str, what: float, name: str, index: tuple[int, ...]) -> None:
    broken = net()
    broken.params[name][index] = what
    if np.isinf(what) and name[1] == "1" and door not in ("check_gradients", "explain"):
        return  # the sigmoid makes 0 or 1 of it: a result like any other
    with pytest.raises(NonFiniteError, match=f"'{name}'.* holds {what} at ") as raised:
        DOORS[door](broken)
    assert f"holds {what} at {index} (1 in all)" in str(raised.value)
    both_languages(raised.value)


@pytest.mark.parametrize("door", [door for door in DOORS if door != "check_gradients"])
def test_outputs_that_overflow_with_sound_parameters(door: str) -> None:  # the check is in float64, where none do
    large = TwoLayerNet(3, 4, 2, init=1.0, rng=0)
    large.params["W2"] = np.full((4, 2), 3e38, np.float32)
    with pytest.raises(NonFiniteError, match="overflow float32, though all of `params` is finite"):
        DOORS[door](large)


def test_a_loss_that_overflows_has_a_gradient() -> None:
    regression = Network([Affine(3, 1)], HalfSquaredError(), init=1.0, rng=0)
    t = np.full((4, 1), 1e30)
    with np.errstate(over="ignore"):
        assert regression.loss(X, t) == np.inf
    assert all(np.isfinite(array).all() for array in regression.gradient(X, t).values())


def test_the_parameters_are_not_looked_into_on_a_good_day(monkeypatch: pytest.MonkeyPatch) -> None:
    from gradwright.nn import parameters

    monkeypatch.setattr(parameters, "first_non_finite", lambda net: pytest.fail("looked into"))
    for door in ("predict", "loss", "accuracy", "gradient"):
        DOORS[door](net())


WRONG: dict[str, tuple[Callable[[dict[str, Any]], Any], type[GradwrightError], str]] = {
    "first missing": (lambda p: p.pop("W1"), ArgumentError, r"no entry 'W1', .* an array of shape \(3, 4\)"),
    "missing": (lambda p: p.pop("b2"), ArgumentError, r"no entry 'b2', .* shape \(2,\)"),
    "empty": (lambda p: p.clear(), ArgumentError, "no entry 'W1'"),
    "None": (lambda p: p.update(W1=None), ArgumentTypeError, r"`params\['W1'\]` must be an array .* not NoneType"),
    "text": (lambda p: p.update(b1="zeros"), ArgumentTypeError, r"`params\['b1'\]` must be an array .* not str"),
    "list": (lambda p: p.update(b1=[0.0] * 4), ArgumentTypeError, r"`params\['b1'\]` .* not list. .* np.array"),
    "number": (lambda p: p.update(b1=0.0), ArgumentTypeError, r"`params\['b1'\]` .* not float"),
    "integers": (lambda p: p.update(W1=np.ones((3, 4), int)), ArgumentTypeError, "its dtype is int64"),
    "complex": (lambda p: p.update(W2=np.ones((4, 2)) * 1j), ArgumentTypeError, "its dtype is complex128"),
    "objects": (lambda p: p.update(W2=np.array([[None] * 2] * 4)), ArgumentTypeError, "its dtype is object"),
    "transposed": (lambda p: p.update(W1=np.ones((4, 3))), ShapeError, r"shape \(4, 3\), .* needs \(3, 4\)"),
    "would broadcast": (lambda p: p.update(b1=np.ones(1)), ShapeError, r"`params\['b1'\]` has shape \(1,\)"),
    "a row": (lambda p: p.update(b1=np.ones((1, 4))), ShapeError, r"has shape \(1, 4\), .* needs \(4,\)"),
}


@doors
@pytest.mark.parametrize("how", WRONG)
def test_what_does_not_fit_is_named(door: str, how: str) -> None:
    spoil, kind, message = WRONG[how]
    broken = net()
    spoil(broken.params)
    with pytest.raises(kind, match=message) as raised:
        DOORS[door](broken)
    both_languages(raised.value)


@pytest.mark.parametrize("how", WRONG)
def test_nor_is_it_trained_or_saved(how: str, tmp_path: Path) -> None:
    spoil, kind, message = WRONG[how]
    broken = net()
    spoil(broken.params)
    with pytest.raises(kind, match=message):
        Trainer(broken, (X, T))
    with pytest.raises(kind, match=message):
        broken.save(tmp_path / "model.safetensors")
    assert list(tmp_path.iterdir()) == []
    assert "26 parameters" in repr(broken)
    assert sum(broken.numerical_gradient_cost().values()) == 52


@doors
@pytest.mark.parametrize("params", [None, 3, [np.ones((3, 4))]])
def test_no_dict(door: str, params: Any) -> None:
    broken = net()
    broken.params = params
    with pytest.raises(ArgumentTypeError, match="`params` must be a dict of arrays, not"):
        DOORS[door](broken)


@doors
def test_arrays_that_do_not_go_together(door: str, need_module: Any) -> None:
    torch = need_module("torch")
    mixed = net()
    mixed.params["W2"] = torch.ones((4, 2))
    with pytest.raises(
        ArgumentTypeError, match=r"\['W2'\]` \(torch, float32, cpu\) does not .* \(numpy, float32, cpu\)"
    ):
        DOORS[door](mixed)
    mixed.params = {name: torch.asarray(np.asarray(array)) for name, array in net().params.items()}
    mixed.params["b2"] = mixed.params["b2"].double()
    with pytest.raises(ArgumentTypeError, match=r"\(torch, float64, cpu\) does not go with .* \(torch, float32, cpu\)"):
        DOORS[door](mixed)


@doors
def test_one_array_in_another_precision_still_goes(door: str) -> None:
    mixed = net()
    mixed.params["W2"] = mixed.params["W2"].astype(np.float64)  # as np.random gives it
    DOORS[door](mixed)


def test_traced_parameters(need_module: Any) -> None:
    jax = need_module("jax")
    plain = Network([Affine(3, 4), ReLU(), Affine(4, 2)], rng=0)

    def predict(params: Any, x: Any) -> Any:
        traced = Network([Affine(3, 4), ReLU(), Affine(4, 2)], rng=0)
        traced.params = params
        return traced.predict(x)

    params = {name: jax.numpy.asarray(array) for name, array in plain.params.items()}
    np.testing.assert_allclose(jax.jit(predict)(params, jax.numpy.asarray(X)), plain.predict(X), rtol=1e-5)
