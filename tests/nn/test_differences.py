"""The fast numerical gradient against the plain one: each weight moved, the whole network run."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pytest

from gradwright import data
from gradwright._arrays import adapter, to_numpy
from gradwright.functions import sigmoid
from gradwright.nn import Affine, HalfSquaredError, Network, SoftmaxCrossEntropy, differences, numerical
from gradwright.nn.layers import Layer, ReLU, Sigmoid, Tanh


def random_case(seed: int, dtype: str = "float64") -> tuple[Network, np.ndarray, np.ndarray]:
    """A network of any depth, activations, loss and answers; inputs with zeros and values that repeat."""
    rng = np.random.default_rng(seed)
    sizes = [int(n) for n in rng.integers(2, 8, size=rng.integers(2, 6))]
    activation = str(rng.choice(["sigmoid", "tanh", "relu", "identity"]))
    loss = HalfSquaredError() if seed % 3 == 0 else SoftmaxCrossEntropy()
    net = Network.of_sizes(sizes, activation, loss=loss, rng=seed, dtype=dtype, init=float(rng.choice([0.1, 1.0])))
    for name, array in net.params.items():
        if name.startswith("b"):
            net.params[name] = rng.normal(size=array.shape).astype(dtype)
    count = int(rng.integers(1, 9))
    x = np.round(rng.normal(size=(count, sizes[0])) * 2).astype(dtype) / 2
    if seed % 3 == 0:
        return net, x, rng.normal(size=(count, sizes[-1]))
    labels = rng.integers(0, sizes[-1], count)
    return net, x, (labels, np.eye(sizes[-1])[labels], rng.dirichlet(np.ones(sizes[-1]), count))[seed // 3 % 3]


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray, np.ndarray]:
    found = data.digits()
    return found.x_train[:50], found.t_train[:50]


def largest_difference(one: dict[str, Any], other: dict[str, Any]) -> float:
    assert list(one) == list(other)
    return max(float(np.abs(np.asarray(one[name]) - np.asarray(other[name])).max()) for name in one)


def rounding_of_the_plain_way(net: Network, x: np.ndarray, t: np.ndarray, h: float) -> float:
    """The losses that the plain way subtracts are known to some spacings, and are divided by 2 h."""
    large = {name: np.abs(array) + h for name, array in net.params.items()}
    values = np.abs(x)
    for number in range(1, 1 + len(net.params) // 2):
        values = values @ large[f"W{number}"] + large[f"b{number}"]
    return float(32 * np.finfo(np.float64).eps * max(1.0, (values.max() + np.abs(t).max()) ** 2) / h)


@pytest.mark.parametrize("h", [1e-4, 1e-2, 1.0])
@pytest.mark.parametrize("seed", range(60))
def test_it_is_the_plain_difference(seed: int, h: float) -> None:
    net, x, t = random_case(seed)
    assert differences.suits(net)
    fast, plain = net.numerical_gradient(x, t, step=h), numerical.run_by_run(net, x, t, h)
    assert largest_difference(fast, plain) <= rounding_of_the_plain_way(net, x, t, h)


def test_it_is_no_derivative() -> None:
    """With a long step it is wrong by h^2, as a numerical gradient is."""
    net = Network.of_sizes([5, 6, 3], "tanh", rng=0, dtype="float64", init=1.0)
    rng = np.random.default_rng(0)
    x, t = rng.normal(size=(20, 5)), rng.integers(0, 3, 20)
    exact = net.gradient(x, t)
    errors = [largest_difference(net.numerical_gradient(x, t, step=h), exact) for h in (0.2, 0.1, 0.05)]
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.1)
    assert errors[1] / errors[2] == pytest.approx(4, rel=0.1)
    assert errors[2] > 1e-5


@pytest.mark.parametrize("seed", range(30))
def test_large_gradients_of_float32_networks_keep_six_digits(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(differences, "_LARGE", 0)
    net, x, t = random_case(seed, "float32")
    wide = Network(net.layers, net.loss_function, dtype="float64")
    wide.params = {name: array.astype(np.float64) for name, array in net.params.items()}
    fast, plain = net.numerical_gradient(x, t), numerical.run_by_run(wide, x.astype(np.float64), t, 1e-4)
    for name in plain:
        scale = max(float(np.abs(array).max()) for array in plain.values())
        assert fast[name].dtype == np.float64
        np.testing.assert_allclose(fast[name], plain[name], rtol=0, atol=5e-6 * scale + 1e-10)


@pytest.mark.parametrize("init", [0.01, 1.0, 30.0])
def test_images(init: float, digits: Any) -> None:
    """Values that repeat, rows of zeros, saturated units, several blocks of samples."""
    x, t = digits
    net = Network.of_sizes([64, 7, 5, 10], "sigmoid", rng=0, init=init)
    plain = numerical.run_by_run(net, x[:40], t[:40], 1e-4)
    scale = max(float(np.abs(array).max()) for array in plain.values())
    assert largest_difference(net.numerical_gradient(x[:40], t[:40]), plain) <= 1e-10 * max(scale, 1.0)


def test_blocks_and_threads_change_no_bit(digits: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    x, t = digits
    net = Network.of_sizes([64, 7, 5, 10], "tanh", rng=0)
    found = []
    for cores in (1, 2, 5):
        monkeypatch.setattr(differences, "cores", lambda cores=cores: cores)
        found.append(net.numerical_gradient(x[:50], t[:50]))
    assert largest_difference(found[0], found[1]) == largest_difference(found[0], found[2]) == 0.0
    monkeypatch.setattr(differences, "_BLOCK", 300)
    monkeypatch.setattr(differences, "_ROOM", 3 * 64 * 7)
    assert largest_difference(found[0], net.numerical_gradient(x[:50], t[:50])) < 1e-14


def test_any_library(xp: Any) -> None:
    net, x, t = random_case(1)
    plain = numerical.run_by_run(net, x, t, 1e-4)
    net.params = {name: xp(array) for name, array in net.params.items()}
    found = net.numerical_gradient(xp(x), t)
    host = {name: to_numpy(array) for name, array in found.items()}
    assert largest_difference(host, plain) < (1e-6 if xp.name == "jax" else 1e-10)  # JAX has float32 parameters


# -- layers and losses of one's own ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Softplus(Layer):
    kind: ClassVar[str] = "softplus"

    def forward(self, params: Any, x: Any) -> Any:
        return np.logaddexp(x, 0), x

    def backward(self, params: Any, cache: Any, upstream: Any) -> Any:
        return upstream * sigmoid(cache), {}


@dataclass(frozen=True)
class FastSoftplus(Softplus):
    entrywise: ClassVar[bool] = True

    def forward(self, params: Any, x: Any) -> Any:
        return super().forward(params, x)


@dataclass(frozen=True)
class Normalised(FastSoftplus):
    """What it inherits is not true of it."""

    def forward(self, params: Any, x: Any) -> Any:
        return x - x.mean(axis=0), None

    def backward(self, params: Any, cache: Any, upstream: Any) -> Any:
        return upstream - upstream.mean(axis=0), {}


class Doubled(SoftmaxCrossEntropy):
    def value(self, outputs: Any, t: Any) -> Any:
        return 2 * super().value(outputs, t)

    def gradient(self, outputs: Any, t: Any) -> Any:
        return 2 * super().gradient(outputs, t)


@pytest.mark.parametrize(
    ("layer", "loss", "fast"),
    [
        (Softplus(), None, False),
        (FastSoftplus(), None, True),
        (Normalised(), None, False),
        (Sigmoid(), Doubled(), False),
        (Tanh(), None, True),
        (ReLU(), HalfSquaredError(), True),
    ],
)
def test_of_ones_own(layer: Layer, loss: Any, fast: bool) -> None:
    net = Network([Affine(3, 4), layer, Affine(4, 3, bias=False)], loss, rng=0, dtype="float64")
    assert differences.suits(net) is fast
    rng = np.random.default_rng(0)
    x, t = rng.normal(size=(6, 3)), np.eye(3)[rng.integers(0, 3, 6)]
    found = net.numerical_gradient(x, t)
    assert largest_difference(found, numerical.run_by_run(net, x, t, 1e-4)) < 1e-11
    assert largest_difference(found, net.gradient(x, t)) < 1e-6


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_it_takes_little_memory() -> None:
    code = (
        "import numpy as np, pathlib; from gradwright import TwoLayerNet;"
        "rng = np.random.default_rng(0); x = rng.integers(0, 256, (100, 784)) / 255 * (rng.random((100, 784)) < 0.2);"
        "net = TwoLayerNet(784, 50, 10, rng=0); net.numerical_gradient(x, rng.integers(0, 10, 100));"
        "status = pathlib.Path('/proc/self/status').read_text(encoding='utf-8').split();"
        "print(int(status[status.index('VmHWM:') + 1]) / 1024)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    assert float(done.stdout) < 300


# -- found by a reader -------------------------------------------------------------------------------------------------


def of_params(layers: list[Any], loss: Any = None, **params: Any) -> Network:
    net = Network(layers, loss, rng=0, dtype="float64")
    net.params = {name: np.asarray(values, dtype=np.float64) for name, values in params.items()}
    return net


@pytest.mark.parametrize("library", ["numpy", "torch"])
def test_where_nothing_goes_in_but_zeros(library: str, need_module: Any) -> None:
    net = Network([Affine(3, 2, bias=False), ReLU(), Affine(2, 2, bias=False)], rng=0)
    if library == "torch":
        torch = need_module("torch")
        net.params = {name: torch.from_numpy(array) for name, array in net.params.items()}
    found = net.numerical_gradient(np.zeros((2, 3)), [0, 1])
    assert not any(to_numpy(array).any() for array in found.values())


@pytest.mark.parametrize(
    ("net", "x", "t", "h"),
    [
        (
            of_params(
                [Affine(1, 1), Tanh(), Affine(1, 1)], HalfSquaredError(), W1=[[3e-5]], b1=[0], W2=[[1e-6]], b2=[0]
            ),
            [[1e6]],
            [[0.5]],
            1e-4,
        ),
        (
            of_params(
                [Affine(1, 1), Sigmoid(), Affine(1, 1), Affine(1, 2)],
                W1=[[0]],
                b1=[0],
                W2=[[2e7]],
                b2=[0],
                W3=[[0, 0]],
                b3=[0, 0],
            ),
            [[0.0]],
            [0],
            1e-4,
        ),
        (of_params([Affine(1, 3)], W1=[[0.76, 0, -1.0]], b1=[0, 0, 0]), [[1000.0]], [0], 1.0),
        (of_params([Affine(1, 2)], W1=[[1.0, 0]], b1=[0, 0]), [[740.0]], [0], 1.0),
    ],
)
def test_large_changes(net: Network, x: Any, t: Any, h: float) -> None:
    plain = numerical.run_by_run(net, np.array(x), np.array(t), h)
    found = net.numerical_gradient(x, t, step=h)
    for name, array in plain.items():
        np.testing.assert_allclose(found[name], array, rtol=1e-6, atol=1e-8, err_msg=name)


def test_a_network_with_a_way_of_its_own() -> None:
    class Doubling(Network):
        def forward(self, params: Any, x: Any) -> Any:
            y, caches = super().forward(params, x)
            return 2 * y, caches

    net = Doubling([Affine(2, 3), Tanh(), Affine(3, 2)], rng=0, dtype="float64")
    assert not differences.suits(net)


def test_elsewhere_a_large_feature_spoils_no_other(need_module: Any) -> None:
    torch = need_module("torch")
    net = Network([Affine(3, 2)], HalfSquaredError(), rng=0, dtype="float64")
    x, t = np.array([[1e10, 1e-6, 1e-6]]), np.zeros((1, 2))
    expected = net.numerical_gradient(x, t)["W1"]
    net.params = {name: torch.from_numpy(array) for name, array in net.params.items()}
    np.testing.assert_allclose(net.numerical_gradient(torch.from_numpy(x), t)["W1"].numpy(), expected, rtol=1e-12)


@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
def test_what_a_gpu_records_looks_at_no_number(need_module: Any, activation: str) -> None:
    torch = need_module("torch")
    net = Network.of_sizes([5, 4, 3, 2], activation, rng=0)
    net.params = {name: torch.from_numpy(array) for name, array in net.params.items()}
    gradient, recorded = differences.NumericalGradient(net, 1e-4), []

    class Recorder(type(adapter(net.params["W1"]))):  # type: ignore[misc]
        def replayed(self, function: Any) -> Any:
            return lambda *tensors: recorded.append((function, tensors)) or function(*tensors)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(differences, "adapter", lambda *arrays: Recorder())
        outputs, grads = gradient(torch.rand(6, 5), np.arange(6) % 2)
    ((function, tensors),) = recorded
    found = function(*(tensor.to("meta") for tensor in tensors))  # these have a shape and no numbers
    assert [array.shape for array in found] == [outputs.shape, *(array.shape for array in grads.values())]


def test_parts_of_a_batch_do_not_overwrite_each_other(need_module: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    torch = need_module("torch")
    net = Network.of_sizes([5, 4, 2], rng=0)
    x, t = torch.rand(12, 5), np.arange(12) % 2
    net.params = {name: torch.from_numpy(array) for name, array in net.params.items()}
    expected = net.numerical_gradient(x, t)
    rooms: list[Any] = []

    class Replaying(type(adapter(x))):  # type: ignore[misc]
        """Gives its results in the same memory each time, as a graph does."""

        def replayed(self, function: Any) -> Any:
            def play(*tensors: Any) -> Any:
                found = function(*tensors)
                rooms.extend(torch.empty_like(array) for array in found if len(rooms) < len(found))
                for room, array in zip(rooms, found, strict=True):
                    room.copy_(array)
                return rooms

            return play

    monkeypatch.setattr(differences, "adapter", lambda *arrays: Replaying())
    gradient = differences.NumericalGradient(net, 1e-4)
    whole = gradient(x, t)[1]
    assert rooms
    monkeypatch.setattr(differences, "_ROOM", 4 * 20)
    outputs, parts = gradient(x, t)
    assert len(outputs) == 12
    for name in expected:
        torch.testing.assert_close(whole[name], expected[name], rtol=1e-9, atol=1e-12)
        torch.testing.assert_close(parts[name], expected[name], rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("dtype", ["uint8", "int32", "int64", "uint64"])
def test_labels_of_any_integers(xp: Any, dtype: str) -> None:
    net = Network.of_sizes([4, 3, 3], rng=0)
    x, t = np.random.default_rng(0).random((5, 4), np.float32), np.array([0, 1, 2, 1, 0], dtype)
    expected = net.numerical_gradient(x, t)
    net.params = {name: xp(array) for name, array in net.params.items()}
    found = net.numerical_gradient(xp(x), t)
    assert largest_difference({name: to_numpy(array) for name, array in found.items()}, expected) < 1e-6


def test_graphs_say_what_the_function_says(need_module: Any) -> None:
    torch = need_module("torch")
    if not torch.cuda.is_available():
        pytest.skip("no GPU of CUDA here")
    net = Network.of_sizes([30, 20, 10], rng=0)
    net.params = {name: torch.from_numpy(array).cuda() for name, array in net.params.items()}
    gradient, rng = differences.NumericalGradient(net, 1e-4), np.random.default_rng(0)
    for _ in range(5):
        x, t = torch.from_numpy(rng.random((50, 30), np.float32)).cuda(), rng.integers(0, 10, 50)
        net.params = {name: array + 0.1 for name, array in net.params.items()}
        told = net.numerical_gradient(x, t)
        for name, array in gradient(x, t)[1].items():
            assert torch.equal(array, told[name])
