"""A whole module of PyTorch under the check, which never touches the module itself."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from gradwright._arrays import container
from gradwright.check import check_gradient
from gradwright.check.modules import unfolded
from gradwright.errors import ArgumentError, ArgumentTypeError, FunctionError


def check(f: Callable[..., Any], x: Any, gradient: Any = "autograd", **options: Any) -> Any:
    return check_gradient(f, x, gradient, **options)


@pytest.fixture
def torch(need_module: Any) -> Iterator[Any]:
    module = need_module("torch")
    with module.random.fork_rng(devices=[]):
        module.manual_seed(1)
        yield module


def tanh_with(torch: Any, backward: Callable[[Any, Any, Any], Any]) -> Callable[[Any], Any]:
    """Return tanh with a backward rule of its own, ``backward(upstream, x, y)``."""

    class Own(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            y = torch.tanh(x)
            ctx.save_for_backward(x, y)
            return y

        @staticmethod
        def backward(ctx: Any, upstream: Any) -> Any:
            return backward(upstream, *ctx.saved_tensors)

    return Own.apply


INDICES, LABELS = [0, 1, 3, 3, 5, 2, 1, 0], [0, 1, 2, 0, 1, 2, 1, 0]


def classifier(torch: Any, norm: str, dtype: str = "float64") -> Any:
    nn = torch.nn
    middle = {"layer": nn.LayerNorm(5), "batch": nn.BatchNorm1d(5)}[norm]
    # A bias before a batch normalisation has no effect: in float32 its gradient is rounding.
    parts = (nn.Embedding(6, 4), nn.Linear(4, 5, bias=norm == "layer"), middle, nn.ReLU(), nn.Linear(5, 3))
    return nn.Sequential(*parts).to(getattr(torch, dtype))


def cost(torch: Any) -> Callable[[Any], Any]:
    indices, labels = torch.tensor(INDICES), torch.tensor(LABELS)
    return lambda m: torch.nn.functional.cross_entropy(m(indices), labels)


def remembered(torch: Any, module: Any) -> Callable[[], bool]:
    """Return a function that tells whether a module is bit for bit as it is now."""
    state = {name: value.clone() for name, value in module.state_dict().items()}
    own = dict(module.named_parameters())
    grads = {name: None if value.grad is None else value.grad.clone() for name, value in own.items()}
    modes = [part.training for part in module.modules()]
    flags = [value.requires_grad for value in own.values()]

    def same() -> bool:
        now = dict(module.named_parameters())
        kept = all(now[name] is own[name] and value._version == versions[name] for name, value in own.items())
        for name, value in own.items():
            kept &= value.grad is None if grads[name] is None else torch.equal(value.grad, grads[name])
        kept &= all(torch.equal(value, state[name]) for name, value in module.state_dict().items())
        kept &= modes == [part.training for part in module.modules()]
        return kept and flags == [value.requires_grad for value in now.values()]

    versions = {name: value._version for name, value in own.items()}
    return same


class TestModules:
    @pytest.mark.parametrize("dtype", ["float32", "float64"])
    @pytest.mark.parametrize("training", [False, True])
    @pytest.mark.parametrize("norm", ["layer", "batch"])
    def test_a_right_one_passes_and_stays_as_it_is(self, torch: Any, norm: str, training: bool, dtype: str) -> None:
        module = classifier(torch, norm, dtype).train(training)
        cost(torch)(module).backward()
        module[4].bias.grad = None
        module.zero_grad(set_to_none=False)
        module[1].weight.grad += 1
        same = remembered(torch, module)
        report = check(cost(torch), module)
        assert report.passed, str(report)
        assert report.total == sum(p.numel() for p in module.parameters())
        assert same()
        module[4].weight.data += 1
        assert not same()

    def test_a_bias_before_a_batch_normalisation_is_not_wrong(self, torch: Any) -> None:
        for dtype in ("float64", "float32"):  # its gradient is 0, and in float32 the rounding of that
            parts = (torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
            module = torch.nn.Sequential(*parts).to(getattr(torch, dtype))
            x = torch.randn(6, 3)
            report = check(lambda m, x=x: (m(x.to(m[0].weight.dtype)) ** 2).mean(), module)
            assert report.verdict == "passed", str(report)

    def test_names_and_entries(self, torch: Any) -> None:
        module = classifier(torch, "layer")
        x = unfolded(cost(torch), module, "autograd")[1]
        assert list(x) == [name for name, _ in module.named_parameters()]
        assert not any(value.requires_grad for value in x.values())
        gradient = unfolded(cost(torch), module, "autograd")[2](x)
        gradient["4.weight"][1, 2] += 1.0
        report = check(cost(torch), module, gradient)
        assert [m.where for m in report.mismatches] == ["4.weight[1, 2]"]
        assert report.causes[0].code == "single-entry"

    def test_a_wrong_rule_inside(self, torch: Any) -> None:
        class Net(torch.nn.Module):
            def __init__(self, backward: Any) -> None:
                super().__init__()
                self.first, self.last = torch.nn.Linear(3, 4), torch.nn.Linear(4, 2)
                self.tanh = tanh_with(torch, backward)

            def forward(self, x: Any) -> Any:
                return self.last(self.tanh(self.first(x)))

        x, t = torch.randn(6, 3), torch.randn(6, 2)
        f = lambda m: ((m(x) - t) ** 2).mean()  # noqa: E731 - x is float32, so the check stays in float32
        assert check(f, Net(lambda u, x, y: u * (1 - y**2))).passed
        report = check(f, Net(lambda u, x, y: -u * (1 - y**2)))
        assert {cause.code for cause in report.causes} == {"sign"}
        assert {name for cause in report.causes for name in cause.arrays} == {"first.weight", "first.bias"}
        assert check(f, Net(lambda u, x, y: u)).verdict == "wrong"

    def test_written_by_hand(self, torch: Any) -> None:
        module, x, t = torch.nn.Linear(3, 2), torch.randn(6, 3), torch.randn(6, 2)
        f = lambda m: ((m(x) - t) ** 2).mean()  # noqa: E731

        def right(m: Any) -> dict[str, Any]:
            left = 2 * (m(x) - t) / t.numel()
            return {"weight": left.T @ x, "bias": left.sum(0)}

        def backward(m: Any) -> dict[str, Any]:
            m.zero_grad()
            f(m).backward()
            return {name: p.grad for name, p in m.named_parameters()}

        def adding(m: Any) -> dict[str, Any]:
            f(m).backward()
            return {name: p.grad for name, p in m.named_parameters()}

        def stepping(m: Any) -> dict[str, Any]:
            found = {name: grad.clone() for name, grad in backward(m).items()}
            with torch.no_grad():
                m.weight -= 0.1 * m.weight.grad
            return found

        same = remembered(torch, module)
        for gradient in (right, right(module), backward):
            assert check(f, module, gradient).passed
        report = check(f, module, lambda m: {**right(m), "bias": right(m)["bias"] * 6})
        assert (report.causes[0].code, report.causes[0].arrays) == ("missing-batch-mean", ("bias",))
        assert check(f, module, {name: -g for name, g in right(module).items()}).causes[0].code == "sign"
        assert check(f, module, adding).causes[0].code == "accumulates"
        changed = check(f, module, stepping)
        assert (changed.causes[0].code, changed.causes[0].facts["array"]) == ("mutates-input", "weight")
        with pytest.raises(ArgumentError, match=r"missing \['bias'\]"):
            check(f, module, {"weight": right(module)["weight"]})
        assert same()

    def test_unused_and_frozen_parameters(self, torch: Any) -> None:
        module = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 2)).double()
        module.idle = torch.nn.Parameter(torch.ones(2, dtype=torch.float64))
        module[0].weight.requires_grad_(False)
        x, same = torch.randn(5, 3, dtype=torch.float64), remembered(torch, module)
        f = lambda m: (m[2](m[1](m[0](x))) ** 2).mean()  # noqa: E731
        assert list(unfolded(f, module, "autograd")[1]) == ["idle", "0.bias", "2.weight", "2.bias"]
        report = check(f, module)
        assert report.passed
        assert report.total == 2 + 4 + 8 + 2
        assert same()
        with pytest.raises(ArgumentError, match="`x` is a Sequential without parameters that require gradients"):
            check(f, module.requires_grad_(False))

    def test_tied_parameters_count_once(self, torch: Any) -> None:
        class Tied(torch.nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.table, self.out = torch.nn.Embedding(5, 3), torch.nn.Linear(3, 5, bias=False)
                self.out.weight = self.table.weight

            def forward(self, i: Any) -> Any:
                return self.out(torch.tanh(self.table(i)))

        i, labels = torch.tensor([0, 1, 4, 2]), torch.tensor([1, 2, 3, 4])
        f = lambda m: torch.nn.functional.cross_entropy(m(i), labels)  # noqa: E731
        for module in (Tied(), Tied().double()):
            report = check(f, module)
            assert report.passed
            assert report.total == 15
            assert module.out.weight is module.table.weight
        # Half of a tied gradient is wrong: it is the sum of both uses.
        right = unfolded(f, module, "autograd")[2](unfolded(f, module, "autograd")[1])
        assert list(right) == ["table.weight"]
        assert check(f, module, {"table.weight": right["table.weight"] / 2}).causes[0].code == "factor"

    def test_what_a_call_changes_is_put_back(self, torch: Any) -> None:
        class Following(torch.nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.fast, self.slow = torch.nn.Linear(3, 2), torch.nn.Linear(3, 2).requires_grad_(False)
                self.register_buffer("calls", torch.zeros(()))
                self.also = self.calls

            def forward(self, x: Any) -> Any:
                self.calls = self.calls + 1 + 0 * self.fast.weight.sum()  # takes part in the graph
                with torch.no_grad():
                    self.slow.weight += 0.1 * self.fast.weight
                self.eval()
                return (self.calls if self.training else 3 * self.calls) * (self.fast(x) - self.slow(x)) ** 2

        module, x = Following(), torch.randn(4, 3)
        same = remembered(torch, module)
        held = container(module)
        first = [held.holding(held.arrays())(x).sum().item() for _ in range(3)]
        assert first[0] == first[1] == first[2]
        assert held.holding(held.arrays()).training
        assert same()

    def test_it_may_hold_other_kinds_of_layers(self, torch: Any) -> None:
        nn, x = torch.nn, torch.randn(4, 2, 3, dtype=torch.float64)
        normed = nn.utils.parametrizations.weight_norm(nn.Linear(3, 2))
        for module, f in (
            (nn.LSTM(3, 2), lambda m: (m(x)[0] ** 2).mean()),
            (nn.MultiheadAttention(3, 1), lambda m: (m(x, x, x)[0] ** 2).mean()),
            (nn.Conv1d(2, 2, 2), lambda m: m(x).tanh().sum()),
            (normed, lambda m: m(x).tanh().sum()),
        ):
            report = check(f, module.double())
            assert report.passed, str(report)

    def test_where_recording_is_off(self, torch: Any) -> None:
        module, f = classifier(torch, "batch"), cost(torch)
        for off in (torch.no_grad(), torch.inference_mode()):
            with off:
                assert check(f, module).passed
                assert check(lambda m: (m.weight**3).sum(), torch.nn.Linear(3, 2)).passed

    def test_chance_is_named(self, torch: Any) -> None:
        module = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Dropout(0.5)).double()
        x = torch.randn(5, 3, dtype=torch.float64)
        assert check(lambda m: (m(x) ** 2).mean(), module).causes[0].code == "stochastic"
        assert check(lambda m: (m(x) ** 2).mean(), module.eval()).passed

    def test_errors(self, torch: Any) -> None:
        module, x = torch.nn.Linear(3, 2), torch.randn(4, 3)
        same = remembered(torch, module)
        with pytest.raises(FunctionError, match="`f` does not use its argument"):
            check(lambda m: module(x).sum(), module)
        assert same()
        with pytest.raises(ArgumentError, match="`x` has a parameter without a shape yet, weight"):
            check(lambda m: m(x).sum(), torch.nn.LazyLinear(2))
        module.kept = module(x)  # no leaf: PyTorch refuses to copy it
        with pytest.raises(ArgumentError, match="`x` is a Linear that cannot be copied"):
            check(lambda m: m(x).sum(), module)
        with pytest.raises(ArgumentTypeError, match="`x` has type"):
            check(lambda m: m(x).sum(), torch.nn.Linear)

    def test_what_is_no_module(self, torch: Any) -> None:
        for value in (1.0, np.ones(2), torch.ones(2), torch.nn.Parameter(torch.ones(2)), [torch.ones(2)], None, "x"):
            assert container(value) is None

    def test_a_copy_of_a_module_is_not_the_module(self, torch: Any) -> None:
        module = torch.nn.Linear(3, 2)
        held = container(copy.deepcopy(module))
        arrays = {name: value + 1 for name, value in held.arrays().items()}
        assert torch.equal(held.holding(arrays).weight, module.weight + 1)
        double = held.holding({name: value.double() for name, value in arrays.items()})
        assert double.weight.dtype == torch.float64
        assert held.holding(arrays).weight.dtype == torch.float32
        assert torch.equal(held.arrays()["weight"], module.weight)


class TestFloat64:
    """A module of float32 that closes over a batch of float32 is evaluated in float64 all the same."""

    @pytest.mark.parametrize("loss", ["cross_entropy", "mse_loss", "l1_loss"])
    def test_small_derivatives_are_decided(self, torch: Any, loss: str) -> None:
        torch.manual_seed(0)
        function = getattr(torch.nn.functional, loss)
        x = torch.randn(6, 5)
        t = torch.randint(0, 3, (6,)) if loss == "cross_entropy" else torch.randn(6, 3)
        for _ in range(3):
            module = torch.nn.Sequential(torch.nn.Linear(5, 7), torch.nn.ReLU(), torch.nn.Linear(7, 3))
            kept = x.clone(), t.clone()
            assert check(lambda m: function(m(x), t), module).passed
            assert torch.equal(x, kept[0])
            assert torch.equal(t, kept[1])
            assert x.dtype is torch.float32
        assert torch.get_default_dtype() is torch.float32

    def test_what_is_written_into_is_no_copy(self, torch: Any) -> None:
        constant = torch.tensor([1.0, 2.0, 3.0])

        def f(w: Any) -> Any:
            out = torch.zeros(3)
            out[0] = w[0] ** 2
            out[1] = (constant * w).sum()
            out += w[2]
            return out.sum() + torch.empty(3).fill_(1.0).sum() * w[1]

        w = torch.tensor([0.5, -1.0, 2.0])
        report = check_gradient(f, w, "autograd")
        assert report.passed, str(report)
        assert check_gradient(f, w, lambda w: torch.ones(3)).verdict == "wrong"
