from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradwright.errors import ArgumentError, CostWarning
from gradwright.nn import Network, SoftmaxCrossEntropy, TwoLayerNet, numerical


class CountingLoss(SoftmaxCrossEntropy):
    def __init__(self, fail_at: int = -1) -> None:
        object.__setattr__(self, "calls", 0)
        object.__setattr__(self, "fail_at", fail_at)

    def value(self, outputs: Any, t: Any) -> Any:
        object.__setattr__(self, "calls", self.calls + 1)
        if self.calls == self.fail_at:
            raise RuntimeError("half-way")
        return super().value(outputs, t)


def small(loss: Any = None, dtype: str = "float32") -> tuple[Network, np.ndarray, list[int]]:
    net = Network.of_sizes([3, 4, 2], loss=loss, rng=0, dtype=dtype)
    return net, np.random.default_rng(0).normal(size=(5, 3)), [0, 1, 1, 0, 1]


def test_the_cost_is_what_is_really_evaluated() -> None:
    loss = CountingLoss()
    net, x, t = small(loss)
    cost = net.numerical_gradient_cost()
    assert cost == {"W1": 24, "b1": 8, "W2": 16, "b2": 4}
    net.numerical_gradient(x, t)
    assert loss.calls == sum(cost.values())


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_it_is_the_central_difference_of_the_loss_in_float64(dtype: str) -> None:
    net, x, t = small(dtype=dtype)
    wide = Network.of_sizes([3, 4, 2], dtype="float64")
    wide.params = {name: p.astype(np.float64) for name, p in net.params.items()}
    x = x.astype(dtype).astype(np.float64)
    numeric = net.numerical_gradient(x, t, step=1e-3)
    for name, p in wide.params.items():
        for index in np.ndindex(p.shape):
            sides = []
            for h in (1e-3, -1e-3):
                moved = p.copy()
                moved[index] += h
                wide.params[name] = moved
                sides.append(wide.loss(x, t))
            wide.params[name] = p
            assert numeric[name][index] == pytest.approx((sides[0] - sides[1]) / 2e-3, abs=1e-12)


@pytest.mark.parametrize("fail_at", [1, 2, 7, 30, 52])
def test_parameters_are_untouched_also_when_the_loss_raises(fail_at: int) -> None:
    net, x, t = small(CountingLoss(fail_at))
    arrays = dict(net.params)
    before = {name: p.tobytes() for name, p in net.params.items()}
    with pytest.raises(RuntimeError, match="half-way"):
        net.numerical_gradient(x, t)
    for name in before:
        assert net.params[name] is arrays[name]
        assert net.params[name].tobytes() == before[name]


def test_parameters_are_bit_identical_afterwards() -> None:
    net, x, t = small()
    before = {name: p.tobytes() for name, p in net.params.items()}
    for p in net.params.values():
        p.flags.writeable = False
    net.numerical_gradient(x, t)
    assert {name: p.tobytes() for name, p in net.params.items()} == before


def test_the_warning_tells_the_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numerical, "numerical_gradient", lambda *args: {})
    net = TwoLayerNet(784, 50, 10, rng=0)
    net.loss_function = CountingLoss()  # of which nothing is known: the whole network is run each time
    with pytest.warns(CostWarning, match="79,520 times") as caught:
        net.numerical_gradient(np.zeros((1, 784)), [0])
    assert caught[0].filename == __file__  # it points at the caller
    for number in ("W1 78,400", "b1 100", "W2 1,000", "b2 20"):
        assert number in str(caught[0].message)
    korean = numerical.cost_text(net, "ko")
    assert "79,520번" in korean
    assert "수치 미분" in korean


def test_a_cheap_gradient_does_not_warn(monkeypatch: pytest.MonkeyPatch) -> None:
    net, x, t = small(CountingLoss())
    net.numerical_gradient(x, t)  # a warning would be an error
    monkeypatch.setattr(numerical, "_EXPENSIVE", 52)
    with pytest.warns(CostWarning, match="52 times"):
        net.numerical_gradient(x, t)


@pytest.mark.parametrize("step", [0, -1e-4, np.nan, "small"])
def test_a_step_must_be_positive(step: Any) -> None:
    net, x, t = small()
    with pytest.raises(ArgumentError, match="`step` must be a positive number"):
        net.numerical_gradient(x, t, step=step)
