"""What every loss of a network must do. A kind that is added to LOSSES is tested here without a further line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradwright.differentiate import gradient
from gradwright.nn.losses import LOSSES, HalfSquaredError, Loss, SoftmaxCrossEntropy


def arguments(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.standard_normal((5, 3)), rng.dirichlet(np.ones(3), size=5)


def gradient_agrees(loss: Loss, seed: int = 0) -> bool:
    outputs, t = arguments(seed)
    numeric = gradient(lambda a: loss.value(a, t), outputs).value
    analytic = loss.gradient(outputs, t)
    return analytic.shape == numeric.shape and np.allclose(analytic, numeric, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("kind", LOSSES)
@pytest.mark.parametrize("seed", range(3))
def test_gradient_is_the_derivative_of_value(kind: str, seed: int) -> None:
    assert gradient_agrees(LOSSES[kind](), seed)


@pytest.mark.parametrize("kind", LOSSES)
@pytest.mark.parametrize(
    "mistake", [lambda g: 5 * g, lambda g: g / 5, lambda g: -g, lambda g: g[::-1], lambda g: g + 1e-6]
)
def test_a_planted_mistake_is_rejected(kind: str, mistake: Any) -> None:
    class Planted(LOSSES[kind]):  # type: ignore[misc]
        def gradient(self, outputs: Any, t: Any) -> Any:
            return mistake(super().gradient(outputs, t))

    assert not gradient_agrees(Planted())


@pytest.mark.parametrize("kind", LOSSES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_library_gives_what_numpy_gives(kind: str, dtype: str, xp: Any) -> None:
    loss = LOSSES[kind]()
    host = [a.astype(dtype) for a in arguments()]
    outputs, t = (xp(a, dtype) for a in host)
    rtol = 2e-5 if dtype == "float32" else max(xp.rtol, 1e-12)
    for name in ("value", "gradient"):
        got, want = getattr(loss, name)(outputs, t), getattr(loss, name)(*host)
        assert got.dtype == outputs.dtype
        assert tuple(got.shape) == want.shape
        read = xp.numpy if want.shape or not xp.name.startswith("numpy") else np.asarray  # NumPy has scalars for 0-d
        np.testing.assert_allclose(read(got), want, rtol=rtol, atol=rtol)
    np.testing.assert_allclose(xp.numpy(loss.predict(outputs)), loss.predict(host[0]), rtol=rtol)
    for array, values in zip((outputs, t), host):
        np.testing.assert_array_equal(xp.numpy(array), values.astype(xp.numpy(array).dtype))


@pytest.mark.parametrize("kind", LOSSES)
def test_the_loss_of_a_batch_is_the_mean_over_its_samples(kind: str) -> None:
    loss = LOSSES[kind]()
    outputs, t = arguments()
    alone = [float(loss.value(outputs[i : i + 1], t[i : i + 1])) for i in range(5)]
    assert float(loss.value(outputs, t)) == pytest.approx(np.mean(alone), rel=1e-14)
    assert float(loss.value(np.repeat(outputs, 7, axis=0), np.repeat(t, 7, axis=0))) == pytest.approx(
        float(loss.value(outputs, t)), rel=1e-14
    )


@pytest.mark.parametrize("kind", LOSSES)
def test_kind_is_the_key_and_the_loss_makes_itself_without_arguments(kind: str) -> None:
    assert LOSSES[kind].kind == kind
    assert LOSSES[kind]() == LOSSES[kind]()


def test_half_squared_error_by_hand() -> None:
    y, t = np.array([[1.0, 2.0], [0.0, 4.0]]), np.array([[0.0, 2.0], [1.0, 1.0]])
    assert float(HalfSquaredError().value(y, t)) == (1 + 1 + 9) / 4
    np.testing.assert_array_equal(HalfSquaredError().gradient(y, t), [[0.5, 0], [-0.5, 1.5]])
    assert HalfSquaredError().predict(y) is y


def test_softmax_cross_entropy_by_hand() -> None:
    logits = np.log([[0.2, 0.3, 0.5], [0.7, 0.2, 0.1]])
    loss = SoftmaxCrossEntropy()
    assert float(loss.value(logits, np.array([2, 0]))) == pytest.approx(-np.log(0.5 * 0.7) / 2, rel=1e-14)
    np.testing.assert_allclose(
        loss.gradient(logits, np.array([2, 0])), [[0.1, 0.15, -0.25], [-0.15, 0.1, 0.05]], rtol=1e-13
    )
    np.testing.assert_allclose(loss.predict(logits), [[0.2, 0.3, 0.5], [0.7, 0.2, 0.1]], rtol=1e-14)


def test_a_loss_from_logits_is_exact_where_the_probability_underflows() -> None:
    assert float(SoftmaxCrossEntropy().value(np.array([[0.0, 2000.0]]), np.array([0]))) == 2000.0
