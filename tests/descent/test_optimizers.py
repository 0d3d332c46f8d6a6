"""The rules of the optimizers: by hand, against torch, on the bowl of the course."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from gradwright.descent.optimizer_base import Optimizer
from gradwright.descent.optimizers import SGD, AdaGrad, Adam, Momentum, Nesterov, RMSprop, optimizer
from gradwright.descent.schedules import constant, cosine, step_decay
from gradwright.errors import ArgumentError, ArgumentTypeError

ALL = [SGD(), Momentum(), Nesterov(), AdaGrad(), RMSprop(), Adam()]


def name_of(rule: Optimizer) -> str:
    return type(rule).__name__


def torch_twin(rule: Optimizer, params: list[Any]) -> Any:
    """Torch's optimizer that should take the same steps, with the differences that our docstrings state."""
    import torch

    lr = rule.rate(0)
    if isinstance(rule, Momentum):
        return torch.optim.SGD(params, lr, momentum=rule.momentum, nesterov=isinstance(rule, Nesterov))
    if isinstance(rule, AdaGrad):
        return torch.optim.Adagrad(params, lr, eps=rule.epsilon)
    if isinstance(rule, RMSprop):
        return torch.optim.RMSprop(params, lr, alpha=rule.decay, eps=rule.epsilon)
    if isinstance(rule, Adam):
        return torch.optim.Adam(params, lr, betas=(rule.beta1, rule.beta2), eps=rule.epsilon)
    return torch.optim.SGD(params, lr)


def run_both(rule: Optimizer, twin_of: Optimizer, rng: np.random.Generator, steps: int = 50) -> tuple[Any, Any]:
    """Take the same steps on a random least-squares problem here and in torch; return both ends."""
    import torch

    a, b = rng.normal(size=(8, 5)), rng.normal(size=(8, 3))
    start = {"W": rng.normal(size=(5, 3)), "b": rng.normal(size=3)}

    def gradient(w: Any, bias: Any) -> dict[str, Any]:
        residual = (a @ w + bias - b) / len(a)
        return {"b": residual.sum(axis=0), "W": a.T @ residual}  # another order than that of the parameters

    params, state = start, rule.init(start)
    tensors = {key: torch.tensor(value) for key, value in start.items()}
    twin = torch_twin(twin_of, list(tensors.values()))
    for _ in range(steps):
        params, state = rule.update(gradient(params["W"], params["b"]), state, params)
        for key, value in gradient(tensors["W"].numpy(), tensors["b"].numpy()).items():
            tensors[key].grad = torch.tensor(value)
        twin.step()
    both = [
        np.concatenate([np.ravel(tree["W"]), tree["b"]]) for tree in (params, {k: tensors[k].numpy() for k in start})
    ]
    return both[0], both[1]


@pytest.mark.parametrize(
    "rule",
    [
        SGD(0.1),
        Momentum(0.05, momentum=0.8),
        Nesterov(0.05, momentum=0.8),
        AdaGrad(0.3),
        RMSprop(0.02, decay=0.95),
        Adam(0.05, beta1=0.8, beta2=0.95),
        Adam(0.05, epsilon=0.1),
        RMSprop(0.05, epsilon=0.1),
        AdaGrad(0.3, epsilon=0.1),
    ],
    ids=str,
)
def test_same_path_as_torch(rule: Optimizer, rng: np.random.Generator, need_module: Any) -> None:
    need_module("torch")
    ours, theirs = run_both(rule, rule, rng)
    # RMSprop, whose steps do not shrink, blows rounding up along the way.
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-10)


@dataclass(frozen=True)
class AdamUncorrected(Adam):
    def rule(self, weight: Any, gradient: Any, rate: float, count: int, *slots: Any) -> tuple[Any, ...]:
        return super().rule(weight, gradient, rate, 10**6, *slots)


@dataclass(frozen=True)
class EpsilonInside(RMSprop):
    def rule(self, weight: Any, gradient: Any, rate: float, count: int, *slots: Any) -> tuple[Any, ...]:
        squares = self.decay * slots[0] + (1 - self.decay) * gradient**2
        return weight - rate * gradient / np.sqrt(squares + self.epsilon), squares


@pytest.mark.parametrize(
    ("mistake", "right"),
    [
        (SGD(0.1), SGD(0.1001)),
        (Momentum(0.05), Nesterov(0.05)),
        (Nesterov(0.05), Momentum(0.05)),
        (AdaGrad(0.3, epsilon=1e-3), AdaGrad(0.3)),
        (EpsilonInside(0.02), RMSprop(0.02)),
        (AdamUncorrected(0.05), Adam(0.05)),
    ],
    ids=str,
)
def test_the_comparison_with_torch_rejects_a_mistake(
    mistake: Optimizer, right: Optimizer, rng: np.random.Generator, need_module: Any
) -> None:
    need_module("torch")
    ours, theirs = run_both(mistake, right, rng)
    assert not np.allclose(ours, theirs, rtol=1e-7, atol=1e-8)


def test_a_changed_rate_leaves_the_velocity_unlike_torch() -> None:
    # Stated in Momentum's Notes: v = -0.1 g is kept here; torch would rescale it to -0.01 g.
    w, rule = np.array([0.0]), Momentum(0.1, momentum=0.5)
    g = np.array([1.0])
    w, state = rule.update(g, rule.init(w), w)
    w, _ = rule.with_learning_rate(0.01).update(g, state, w)
    np.testing.assert_allclose(w, [-0.1 + (0.5 * -0.1 - 0.01)], rtol=1e-15)
    torch_like = -0.1 - 0.01 * (0.5 * 1 + 1)
    assert not np.isclose(w[0], torch_like)


# Two steps by hand from w = 1 with gradients 1, then 2: the parameter after each, and the state after both.
BY_HAND: list[tuple[Optimizer, float, float, dict[str, float]]] = [
    (SGD(0.1), 0.9, 0.7, {}),
    (Momentum(0.1, momentum=0.5), 0.9, 0.65, {"velocity": -0.25}),
    # v = -0.1: w = 1 - 0.05 - 0.1; then v = -0.25: w = 0.85 - 0.125 - 0.2.
    (Nesterov(0.1, momentum=0.5), 0.85, 0.525, {"velocity": -0.25}),
    (AdaGrad(0.1), 0.9, 0.9 - 0.2 / math.sqrt(5), {"squares": 5.0}),
    # h = 1/4, then 3/16 + 1 = 19/16.
    (RMSprop(0.1, decay=0.75), 0.8, 0.8 - 0.8 / math.sqrt(19), {"squares": 19 / 16}),
    # m = 1/2, v = 1/4, corrected 1 and 1; then m = 5/4, v = 19/16, corrected 5/3 and 19/7 (1 - 9/16 = 7/16).
    (
        Adam(0.1, beta1=0.5, beta2=0.75),
        0.9,
        0.9 - 0.1 * (5 / 3) / math.sqrt(19 / 7),
        {"mean": 1.25, "squares": 19 / 16},
    ),
]


@pytest.mark.parametrize(("rule", "first", "second", "slots"), BY_HAND, ids=[name_of(row[0]) for row in BY_HAND])
def test_two_steps_by_hand(xp: Any, rule: Optimizer, first: float, second: float, slots: dict[str, float]) -> None:
    w = xp([1.0])
    state = rule.init(w)
    assert state["step"] == 0
    w, state = rule.update(xp([1.0]), state, w)
    # epsilon moves the step by 1e-7 of its length or less.
    np.testing.assert_allclose(xp.numpy(w), [first], rtol=1e-6)
    w, state = rule.update(xp([2.0]), state, w)
    np.testing.assert_allclose(xp.numpy(w), [second], rtol=1e-6)
    assert list(state) == ["step", *slots]
    assert state["step"] == 2
    for slot, value in slots.items():
        np.testing.assert_allclose(xp.numpy(state[slot]), [value], rtol=1e-6)


def test_the_descent_of_the_course(xp: Any) -> None:
    """Row G2 of the figures, with the exact gradient: (-3, 4) times 0.8**100."""
    w, rule = xp([-3.0, 4.0]), SGD(0.1)
    state = rule.init(w)
    for _ in range(100):
        w, state = rule.update(2.0 * w, state, w)
    np.testing.assert_allclose(
        xp.numpy(w), [-6.11110793e-10, 8.14814391e-10], rtol=1e-8 if xp.double == "float64" else 1e-4
    )


@pytest.mark.parametrize(
    ("rule", "steps"),
    [
        (SGD(0.9), 150),
        (Momentum(0.1), 250),
        (Nesterov(0.1), 150),
        (AdaGrad(1.5), 100),
        (RMSprop(0.02), 600),
        (Adam(0.3), 200),
    ],
    ids=lambda value: name_of(value) if isinstance(value, Optimizer) else None,
)
def test_reaches_the_bottom_of_the_elongated_bowl(rule: Optimizer, steps: int) -> None:
    """The course's x**2 / 20 + y**2 from (-7, 2), on which plain descent zigzags."""
    stretch = np.array([0.1, 2.0])
    w = np.array([-7.0, 2.0])
    state = rule.init(w)
    for _ in range(steps):
        w, state = rule.update(stretch * w, state, w)
    # RMSprop's steps do not shrink: it ends in a cycle about as wide as its rate.
    assert np.abs(w).max() < (0.02 if isinstance(rule, RMSprop) else 2e-3)


def test_rms_and_adagrad_take_a_full_first_step_in_every_entry() -> None:
    w = np.zeros(3)
    g = np.array([1e-3, 1.0, 1e6])
    for rule, length in ((AdaGrad(0.1), 0.1), (RMSprop(0.1, decay=0.9), 0.1 / math.sqrt(0.1)), (Adam(0.1), 0.1)):
        after, _ = rule.update(g, rule.init(w), w)
        np.testing.assert_allclose(after, -length, rtol=2e-4)


@pytest.mark.parametrize("rule", ALL, ids=name_of)
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_no_gradient_no_step(rule: Optimizer, dtype: str) -> None:
    w = np.array([1.5, -2.0], dtype=dtype)
    after, state = rule.update(np.zeros_like(w), rule.init(w), w)
    assert after.dtype == dtype
    np.testing.assert_array_equal(after, w)
    assert all(np.isfinite(state[slot]).all() for slot in rule.slots)


@pytest.mark.parametrize("rule", ALL, ids=name_of)
def test_tiny_gradients_give_no_nan_in_single_precision(rule: Optimizer) -> None:
    w = np.zeros(3, dtype=np.float32)
    g = np.array([1e-30, 1e-20, 1e-10], dtype=np.float32)  # the square of the first is zero in float32
    with np.errstate(under="ignore"):
        after, _ = rule.update(g, rule.init(w), w)
    assert np.isfinite(after).all()
    assert (after <= 0).all()


class TestLearningRate:
    def test_schedule_is_asked_with_the_number_of_the_step(self) -> None:
        seen: list[int] = []

        def rate(step: int) -> float:
            seen.append(step)
            return 1.0 / (step + 1)

        w, rule = np.array([0.0]), SGD(rate)
        state = rule.init(w)
        for _ in range(3):
            w, state = rule.update(np.array([1.0]), state, w)
        assert seen == [0, 1, 2]
        np.testing.assert_allclose(w, [-(1 + 1 / 2 + 1 / 3)])

    @pytest.mark.parametrize("rule", ALL, ids=name_of)
    def test_constant_schedule_is_a_number(self, rule: Optimizer) -> None:
        w, g = np.array([1.0, 2.0]), np.array([0.3, -0.1])
        other = rule.with_learning_rate(constant(rule.rate(0)))
        for a, b in zip(rule.update(g, rule.init(w), w), other.update(g, other.init(w), w)):
            np.testing.assert_equal(a, b)

    def test_rate(self) -> None:
        assert SGD(0.5).rate(7) == 0.5
        assert Adam(step_decay(0.8, every=2, factor=0.5)).rate(5) == pytest.approx(0.2)
        assert SGD(cosine(0.1, 10)).rate(10) == 0.0  # the end of a schedule is no error

    @pytest.mark.parametrize("value", [-0.1, math.nan, math.inf, "fast", None, True])
    def test_bad_value_of_a_schedule(self, value: Any) -> None:
        w, rule = np.zeros(2), SGD(lambda step: value)
        with pytest.raises(ArgumentError, match="at step 0") as caught:
            rule.update(w, rule.init(w), w)
        assert caught.value.key == "schedule.rate"

    def test_with_learning_rate_keeps_the_rest(self) -> None:
        rule = Adam(0.1, beta1=0.5)
        assert rule.with_learning_rate(0.2) == Adam(0.2, beta1=0.5)
        assert rule.learning_rate == 0.1
        assert type(Nesterov().with_learning_rate(0.2)) is Nesterov

    @pytest.mark.parametrize("rule", ALL, ids=name_of)
    @pytest.mark.parametrize("bad", [0, -0.1, math.nan, math.inf, "0.1", True, np.True_, None, 1j, [0.1], b"1"])
    def test_bad_number(self, rule: Optimizer, bad: Any) -> None:
        for build in (type(rule), rule.with_learning_rate, lambda lr: optimizer(name_of(rule), lr if lr else -1)):
            with pytest.raises(ArgumentError) as caught:
                build(bad)
            assert caught.value.key == "argument.positive"
            assert caught.value.fields["name"] == "learning_rate"

    def test_becomes_a_float(self) -> None:
        assert type(SGD(np.float32(0.5)).learning_rate) is float
        assert SGD(1) == SGD(1.0)


@pytest.mark.parametrize("bad", [1, 1.5, -0.1, math.nan, "0.9", True, None])
@pytest.mark.parametrize(
    ("kind", "option"),
    [(Momentum, "momentum"), (Nesterov, "momentum"), (RMSprop, "decay"), (Adam, "beta1"), (Adam, "beta2")],
)
def test_bad_fraction(kind: type[Optimizer], option: str, bad: Any) -> None:
    with pytest.raises(ArgumentError, match=f"`{option}` must be at least 0 and below 1") as caught:
        kind(**{option: bad})
    assert caught.value.key == "argument.fraction"


@pytest.mark.parametrize("kind", [AdaGrad, RMSprop, Adam])
@pytest.mark.parametrize("bad", [0, -1e-8, math.nan, "small"])
def test_bad_epsilon(kind: type[Optimizer], bad: Any) -> None:
    with pytest.raises(ArgumentError, match="`epsilon` must be a positive number"):
        kind(epsilon=bad)


def test_zero_momentum_is_plain_descent() -> None:
    w, g = np.array([1.0, -2.0]), np.array([0.5, 3.0])
    plain, _ = SGD(0.1).update(g, SGD(0.1).init(w), w)
    for rule in (Momentum(0.1, momentum=0), Nesterov(0.1, momentum=0.0)):
        np.testing.assert_array_equal(rule.update(g, rule.init(w), w)[0], plain)


class TestFactory:
    @pytest.mark.parametrize("rule", ALL, ids=name_of)
    def test_every_name_in_any_case(self, rule: Optimizer) -> None:
        for name in (name_of(rule), name_of(rule).lower(), name_of(rule).upper()):
            assert optimizer(name) == rule

    def test_options(self) -> None:
        assert optimizer("adam", 0.1, beta1=0.5) == Adam(0.1, beta1=0.5)
        schedule = cosine(0.1, 10)
        assert optimizer("sgd", schedule).learning_rate is schedule

    def test_an_optimizer_goes_through(self) -> None:
        rule = Momentum(0.2)
        assert optimizer(rule) == rule
        assert optimizer(rule, 0.1, momentum=0.5) == Momentum(0.1, momentum=0.5)

    @pytest.mark.parametrize("bad", ["sgdd", "", None, 3, int])
    def test_unknown_name_lists_the_choices(self, bad: Any) -> None:
        with pytest.raises(ArgumentError) as caught:
            optimizer(bad)
        for name in ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"):
            assert name in str(caught.value)

    @pytest.mark.parametrize("kind", [SGD, Momentum, Adam])
    def test_a_class_without_brackets(self, kind: type[Optimizer]) -> None:
        with pytest.raises(ArgumentTypeError, match=rf"`optimizer` .* write gw\.{kind.__name__}\(\.\.\.\)"):
            optimizer(kind)  # type: ignore[arg-type]

    @pytest.mark.parametrize("of", ["sgd", SGD(0.1)])
    def test_unknown_option_lists_the_options(self, of: Any) -> None:
        with pytest.raises(ArgumentError, match=r"`momentum` is not an option of the optimizer 'SGD'.*learning_rate"):
            optimizer(of, momentum=0.9)

    def test_the_options_of_the_caller_are_left_alone(self) -> None:
        options = {"beta1": 0.5}
        optimizer("adam", 0.1, **options)
        assert options == {"beta1": 0.5}


def test_can_be_compared_hashed_printed_and_not_changed() -> None:
    assert eval(repr(Adam(0.1, beta1=0.5))) == Adam(0.1, beta1=0.5)
    assert len({SGD(0.1), SGD(0.1), SGD(0.2)}) == 2
    with pytest.raises(AttributeError):
        SGD(0.1).learning_rate = 0.2  # type: ignore[misc]
    assert replace(Adam(), beta2=0.9).beta2 == 0.9
