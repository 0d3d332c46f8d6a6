"""A library's own gradient under the check: ``"autograd"`` with trees of arrays."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from gradwright._arrays import adapter
from gradwright.check import check_gradient
from gradwright.check.modules import unfolded
from gradwright.check.observed import Observed
from gradwright.differentiate.point import Point
from gradwright.errors import ArgumentTypeError, FunctionError

X = np.array([[0.4, -1.3, 0.9, 0.2], [-0.7, 1.6, -0.3, 1.1], [0.8, -0.5, 2.0, -1.2]])
WEIGHTS = np.array([[1.2, -0.8, 0.5, 1.9], [-1.4, 0.6, 1.1, -0.9], [0.7, 1.7, -1.6, 0.4]])


def check(f: Callable[..., Any], x: Any, gradient: Any = "autograd", **options: Any) -> Any:
    return check_gradient(f, x, gradient, **options)


class Rules:
    """A library with functions whose backward rule is written by hand."""

    def __init__(self, library: str, dtype: str, need: Callable[[str], Any]) -> None:
        self.library, self.dtype = library, dtype
        self.module = need(library)
        self.xp = self.module if library == "torch" else need("jax.numpy")

    def __call__(self, values: Any) -> Any:
        return self.xp.asarray(np.asarray(values, dtype=self.dtype))

    def float64(self) -> Any:
        if self.library == "jax" and self.dtype == "float64":
            return adapter(self.xp.ones(1)).float64()
        return contextlib.nullcontext()

    def function(self, forward: Callable[[Any], Any], backward: Callable[[Any, Any, Any], Any]) -> Callable[[Any], Any]:
        """Return a function of one array; ``backward(upstream, x, y)``."""
        if self.library == "torch":
            return _torch_function(self.module, forward, backward)
        f = self.module.custom_vjp(forward)
        f.defvjp(lambda x: (forward(x), (x, forward(x))), lambda kept, u: (backward(u, *kept),))
        return self.module.jit(f)


def _torch_function(torch: Any, forward: Any, backward: Any) -> Callable[[Any], Any]:
    class Own(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            y = forward(x)
            ctx.save_for_backward(x, y)
            return y

        @staticmethod
        def backward(ctx: Any, upstream: Any) -> Any:
            return backward(upstream, *ctx.saved_tensors)

    return Own.apply


@pytest.fixture(params=["torch-float64", "torch-float32", "jax-float64", "jax-float32"])
def rules(request: pytest.FixtureRequest, need_module: Any) -> Iterator[Rules]:
    found = Rules(*request.param.split("-"), need_module)
    with found.float64():
        yield found


@pytest.fixture
def torch(need_module: Any) -> Iterator[Any]:
    module = need_module("torch")
    with module.random.fork_rng(devices=[]):
        module.manual_seed(1)
        yield module


@pytest.fixture
def jax(need_module: Any) -> Any:
    return need_module("jax")


#: Of tanh: the code, and the rule.
MISTAKES: dict[str, tuple[str, Callable[[Any, Any, Any], Any]]] = {
    "turned": ("sign", lambda u, x, y: -u * (1 - y**2)),
    "no upstream": ("upstream-ignored", lambda u, x, y: 1 - y**2),
    "three halves": ("factor", lambda u, x, y: 1.5 * u * (1 - y**2)),
    "no derivative": ("activation-derivative-missing", lambda u, x, y: 1 * u),
    "at the input": ("activation-derivative-misplaced", lambda u, x, y: u * (1 - x**2)),
    "the value": ("activation-derivative-misplaced", lambda u, x, y: u * y),
    "wrong order": ("transposed", lambda u, x, y: (u * (1 - y**2)).T.reshape(x.shape)),
    "other rows": ("permuted", lambda u, x, y: (u * (1 - y**2))[np.array([1, 2, 0])]),
    "masked": ("zero-block", lambda u, x, y: u * (1 - y**2) * (abs(x) > 0.5)),
    "one entry": ("single-entry", lambda u, x, y: u * (1 - y**2) * (1 + 0.01 * (x == x[1, 2]))),
    "decay": ("weight-decay", lambda u, x, y: u * (1 - y**2) + 0.1 * x),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_wrong_rule_is_caught_and_named(mistake: str, rules: Rules) -> None:
    code, backward = MISTAKES[mistake]
    tanh, weights = rules.function(rules.xp.tanh, backward), rules(WEIGHTS)
    report = check(lambda x: (weights * tanh(x)).sum(), rules(X))
    assert report.verdict == "wrong"
    assert report.causes[0].code == code
    # The same inside of more, as one of several arrays: the others are right.
    tree = {"x": rules(X), "scale": rules([2.0, -0.5, 1.5, 1.0])}
    report = check(lambda p: (weights * tanh(p["x"]) * p["scale"]).sum(), tree)
    assert report.verdict == "wrong"
    assert {m.path for m in report.mismatches} == {"x"}


def test_the_right_rule_passes(rules: Rules) -> None:
    tanh, weights = rules.function(rules.xp.tanh, lambda u, x, y: u * (1 - y**2)), rules(WEIGHTS)
    assert check(lambda x: (weights * tanh(x)).sum(), rules(X)).passed
    tree = {"x": rules(X), "scale": [rules([2.0, -0.5, 1.5, 1.0])]}
    assert check(lambda p: (weights * tanh(p["x"]) * p["scale"][0]).sum(), tree).passed


def test_a_rule_that_ignores_its_upstream_gradient(rules: Rules) -> None:
    weights = rules(WEIGHTS)
    wrong = rules.function(rules.xp.tanh, lambda u, x, y: 1 - y**2)
    f = lambda x: (weights * wrong(x)).sum()  # noqa: E731
    assert check(f, rules(X)).verdict == "wrong"
    rule, point = unfolded(f, rules(X), "autograd")[2], Point(rules(X))
    slopes = 1 - np.tanh(point.vector.reshape(X.shape)) ** 2

    def seen(analytic: Any, numeric: Any, wrong: bool) -> list[Observed]:
        eps = float(np.finfo(rules.dtype).eps)
        return [Observed("", X, analytic, numeric, np.full(X.shape, 1e-12), np.full(X.shape, wrong), eps)]

    ((cause,),) = rule.explanations(point, seen(slopes, WEIGHTS * slopes, wrong=True))
    assert (cause.code, cause.arrays) == ("upstream-ignored", ("",))
    # Controls: nothing is wrong, and a wrong rule that does multiply.
    assert rule.explanations(point, seen(slopes, slopes, wrong=False)) == []
    other = unfolded(lambda x: -(weights * rules.xp.tanh(x)).sum(), rules(X), "autograd")[2]
    assert other.explanations(point, seen(-WEIGHTS * slopes, WEIGHTS * slopes, wrong=True)) == []


def test_what_f_returns(rules: Rules) -> None:
    x = rules(X)
    assert check(lambda x: (x * x).sum().reshape(1), x).passed
    for wrong, message in (
        (lambda x: None, "`f` returned None"),
        (lambda x: x * x, r"`f` returned an array of shape \(3, 4\)"),
        (lambda x: (x * 1j).sum(), "`f` returned complex"),
        (lambda x: (x > 0).sum(), "cannot follow back to its argument"),
        (lambda x: np.sum(adapter(x).to_numpy(x) ** 2), "cannot follow back to its argument"),
    ):
        if rules.library == "torch" and message.startswith("`f` returned complex"):
            continue  # PyTorch keeps it; below
        with pytest.raises(FunctionError, match=message):
            check(wrong, x)


def test_what_f_does_not_use_is_0(rules: Rules) -> None:
    tree = {"used": rules([1.0, 2.0]), "idle": rules([3.0])}
    f = lambda p: (p["used"] ** 3).sum()  # noqa: E731
    rule = unfolded(f, tree, "autograd")[2]
    found = rule(tree)
    assert list(found) == ["used", "idle"]
    np.testing.assert_array_equal(adapter(found["idle"]).to_numpy(found["idle"]), [0.0])
    assert {str(value.dtype).rpartition(".")[2] for value in found.values()} == {rules.dtype}
    assert check(f, tree).passed


def test_float32_stays_float32_except_within_the_check(rules: Rules) -> None:
    seen = []

    def f(x: Any) -> Any:
        seen.append(str(x.dtype).rpartition(".")[2])
        return (x**3).sum()

    rule = unfolded(f, rules(X), "autograd")[2]
    assert str(rule(rules(X)).dtype).endswith(rules.dtype)
    assert seen == [rules.dtype]
    point = Point(rules(X))
    with point.float64():
        assert str(rule(point.build(point.vector)).dtype).endswith("float64")


@pytest.mark.parametrize("x", [2.0, [1.0, 2.0], np.ones(3), {"a": {"b": np.ones(3)}}])
def test_a_library_that_does_not_differentiate(x: Any) -> None:
    where = "x.a.b" if isinstance(x, dict) else "x"
    with pytest.raises(ArgumentTypeError, match=rf"needs arrays of .* \(torch, jax\), but `{where}` is of numpy"):
        check(lambda x: x, x)
    with pytest.raises(ArgumentTypeError, match="is of numpy"):
        adapter(np.ones(2)).gradient(np.sum, [np.ones(2)])


def test_another_library_and_mixed_ones(torch: Any, need_module: Any) -> None:
    with pytest.raises(ArgumentTypeError, match="`x` is of array-api"):
        check(lambda x: x, need_module("array_api_strict").asarray([1.0]))
    with pytest.raises(ArgumentTypeError, match=r"`x\.scale` is of numpy"):
        check(lambda p: (p["W"] * p["scale"]).sum(), {"W": torch.ones(2), "scale": 0.5})


def test_what_is_no_such_word_is_left_to_the_check() -> None:
    with pytest.raises(ArgumentTypeError, match="`gradient` has str"):
        check(np.sum, np.ones(2), "autodiff")
    assert unfolded(np.sum, 1.0, 2.0) == (np.sum, 1.0, 2.0)


FUNCTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "products": lambda torch, x: (x.T @ x).sum() + x.prod(dim=1).sum() + x.cumsum(0).pow(2).sum(),
    "softmax": lambda torch, x: torch.nn.functional.cross_entropy(x, torch.tensor([0, 3, 1])),
    "logsumexp": lambda torch, x: x.logsumexp(1).sum() + x.std(dim=0).sum(),
    "algebra": lambda torch, x: torch.linalg.slogdet(x @ x.T)[1] + torch.linalg.norm(x),
    "choices": lambda torch, x: torch.where(x > 0, x.exp(), x.sin()).sum() + x.max() + x.sort()[0][:, 1].sum(),
    "places": lambda torch, x: x[[0, 0, 2]].sum() + x.gather(1, torch.tensor([[1], [0], [2]])).pow(3).sum(),
    "special": lambda torch, x: torch.erf(x).sum() + torch.nn.functional.gelu(x).sum() + x.abs().log().mean(),
    "convolution": lambda torch, x: torch.nn.functional.conv1d(x[None], x[:2, None, :2].repeat(1, 3, 1)).tanh().sum(),
}


class TestTorch:
    @pytest.mark.parametrize("name", FUNCTIONS)
    @pytest.mark.parametrize("dtype", ["float32", "float64"])
    def test_functions(self, torch: Any, name: str, dtype: str) -> None:
        report = check(lambda x: FUNCTIONS[name](torch, x), torch.tensor(X, dtype=getattr(torch, dtype)))
        assert report.passed, str(report)

    def test_x_is_left_alone(self, torch: Any) -> None:
        x = torch.tensor(X, requires_grad=True)
        weight = torch.tensor(WEIGHTS, requires_grad=True)
        assert check(lambda x: (weight * x**3).sum(), x).passed
        assert x.grad is None
        assert weight.grad is None
        np.testing.assert_array_equal(x.detach().numpy(), X)

    def test_where_recording_is_off(self, torch: Any) -> None:
        x = torch.tensor(X)
        with torch.no_grad():
            assert check(lambda x: (x**3).sum(), x).passed
        with torch.inference_mode():
            assert check(lambda x: (x**3).sum(), x).passed
            assert check(lambda x: (x**3).sum(), torch.ones(3)).passed

    def test_a_detached_part_is_a_block_of_zeros(self, torch: Any) -> None:
        tree = {"a": torch.tensor(X), "b": torch.tensor(WEIGHTS)}
        report = check(lambda p: (p["a"].detach() * p["b"] ** 2).sum(), tree)
        assert (report.causes[0].code, report.causes[0].arrays) == ("zero-block", ("a",))
        for left in (lambda x: (x.detach() ** 2).sum(), lambda x: (x**2).sum().item()):
            with pytest.raises(FunctionError, match="torch cannot follow back"):
                check(left, torch.tensor(X))

    def test_complex_values(self, torch: Any) -> None:
        with pytest.raises(FunctionError, match="`f` returned complex"):
            check(lambda x: (x * 1j).sum(), torch.tensor(X))
        assert check(lambda x: torch.fft.fft(x).abs().pow(2).sum(), torch.tensor(X)).passed

    def test_whole_numbers_and_bfloat16(self, torch: Any) -> None:
        assert check(lambda x: (x**2).sum(), torch.arange(4)).passed
        x = torch.tensor([1.1, 2.3, -0.7], dtype=torch.bfloat16)
        assert check(lambda x: (x**3).sum(), x).passed

    def test_a_wrong_linear_layer(self, torch: Any) -> None:
        rules: dict[str, tuple[str, str, Callable[[Any, Any, Any], Any]]] = {
            "dW = dy.T @ x": ("transposed", "W", lambda u, x, W: (u @ W.T, u.T @ x, u.sum(0))),
            "dW = -x.T @ dy": ("sign", "W", lambda u, x, W: (u @ W.T, -x.T @ u, u.sum(0))),
            "db = dy.sum()": ("bias-axis", "b", lambda u, x, W: (u @ W.T, x.T @ u, u.sum().expand(3))),
            "db = None": ("zero-block", "b", lambda u, x, W: (u @ W.T, x.T @ u, None)),
            "db = n * dy.sum(0)": ("missing-batch-mean", "b", lambda u, x, W: (u @ W.T, x.T @ u, 5 * u.sum(0))),
        }
        x, W, b, weights = (torch.randn(*shape, dtype=torch.float64) for shape in ((5, 3), (3, 3), (3,), (5, 3)))
        for code, path, backward in rules.values():
            linear = _linear(torch, backward)
            report = check(
                lambda p, linear=linear: (weights * linear(x, p["W"], p["b"]).tanh()).mean(0).sum(), {"W": W, "b": b}
            )
            assert (report.causes[0].code, report.causes[0].arrays) == (code, (path,))
        right = _linear(torch, lambda u, x, W: (u @ W.T, x.T @ u, u.sum(0)))
        assert check(lambda p: (weights * right(p["x"], p["W"], p["b"])).sum(), {"x": x, "W": W, "b": b}).passed


def _linear(torch: Any, backward: Callable[[Any, Any, Any], Any]) -> Callable[..., Any]:
    class Linear(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any, W: Any, b: Any) -> Any:
            ctx.save_for_backward(x, W)
            return x @ W + b

        @staticmethod
        def backward(ctx: Any, upstream: Any) -> Any:
            return backward(upstream, *ctx.saved_tensors)

    return Linear.apply


class TestJax:
    @pytest.mark.parametrize("compiled", [False, True])
    def test_a_network(self, jax: Any, rng: np.random.Generator, compiled: bool) -> None:
        x, answers = rng.standard_normal((6, 4)).astype(np.float32), np.eye(3, dtype=np.float32)[[0, 1, 2, 0, 1, 2]]
        draw = lambda *shape: jax.numpy.asarray(rng.standard_normal(shape), dtype="float32")  # noqa: E731
        params = {"layers": [{"W": draw(4, 5), "b": draw(5)}, {"W": draw(5, 3), "b": draw(3)}], "idle": draw(2)}

        def cost(p: Any) -> Any:
            first, last = p["layers"]
            z = jax.numpy.tanh(x @ first["W"] + first["b"]) @ last["W"] + last["b"]
            return -(answers * jax.nn.log_softmax(z)).sum(1).mean()

        report = check(jax.jit(cost) if compiled else cost, params)
        assert report.passed, str(report)
        assert report.total == 20 + 5 + 15 + 3 + 2
        with adapter(params["idle"]).float64():
            wide = jax.tree.map(lambda a: jax.numpy.asarray(np.asarray(a), dtype="float64"), params)
            assert check(jax.jit(cost) if compiled else cost, wide).passed

    def test_a_stopped_gradient(self, jax: Any) -> None:
        tree = {"a": jax.numpy.asarray(X), "b": jax.numpy.asarray(WEIGHTS)}
        report = check(lambda p: (jax.lax.stop_gradient(p["a"]) * p["b"] ** 2).sum(), tree)
        assert (report.causes[0].code, report.causes[0].arrays) == ("zero-block", ("a",))
        with pytest.raises(FunctionError, match="jax cannot follow back"):
            check(lambda p: float(p["b"].sum()), tree)

    def test_the_setting_is_left_alone(self, jax: Any) -> None:
        before = jax.config.jax_enable_x64
        assert check(lambda x: (x**3).sum(), jax.numpy.asarray(X)).passed
        assert jax.config.jax_enable_x64 == before
        with pytest.raises(FunctionError, match="`f` returned str"):
            check(lambda x: "text", jax.numpy.asarray(X))
