"""f is never called outside its bounds, whatever the method, down to the last rounding."""

from __future__ import annotations

import contextlib
import math

import numpy as np
import pytest

from gradwright.differentiate import Status, derivative, directional, gradient, hessian, jacobian
from gradwright.errors import ArgumentError


class Watched:
    """A function that writes down where it was called."""

    def __init__(self, f) -> None:
        self.f, self.seen = f, []

    def __call__(self, x):
        self.seen.append(np.array(x, dtype=np.float64))
        return self.f(x)

    def stayed(self, low, high) -> bool:
        seen = np.array(self.seen)
        return bool(
            np.all(seen >= (-np.inf if low is None else low)) and np.all(seen <= (np.inf if high is None else high))
        )


def cube(x):
    return x * x * x


BOUNDS = [
    (0.0, 2.0),
    (1.0, None),
    (None, 1.0),
    (0.1, 1 + 1e-6),
    (1 - 1e-9, 1 + 1e-9),
    (0.3, 1.1),
    (1.0, 1.0000001),
    (1 / 3, 7 / 3),
]


@pytest.mark.parametrize("bounds", BOUNDS)
@pytest.mark.parametrize("order", [1, 2])
def test_derivative_stays_inside(bounds, order: int) -> None:
    f = Watched(cube)
    d = derivative(f, 1.0, order, bounds=bounds)
    assert f.stayed(*bounds)
    true = 3.0 if order == 1 else 6.0
    assert abs(d.value - true) <= d.error
    room = min(1.0 - (bounds[0] if bounds[0] is not None else -9), (bounds[1] if bounds[1] is not None else 9) - 1.0)
    assert d.status in ((Status.ONE_SIDED,) if room == 0 and order == 1 else tuple(Status))


@pytest.mark.parametrize(("bounds", "side"), [((1.0, None), "right"), ((None, 1.0), "left"), ((1.0, 1.5), "right")])
def test_at_a_bound_one_side_is_used(bounds, side: str) -> None:
    d = derivative(cube, 1.0, bounds=bounds)
    assert d.status is Status.ONE_SIDED
    assert d.ok
    assert d.value == pytest.approx(3, rel=1e-9)
    assert getattr(d, side) == d.value
    assert math.isnan(d.left if side == "right" else d.right)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
@pytest.mark.parametrize("method", ["auto", "central", "forward", "backward"])
def test_fixed_steps_stay_inside_or_say_that_they_cannot(method: str, order: int) -> None:
    for low, high in ((0.9, 1.1), (0.97, 1.5), (0.5, 1.03), (1.0, 1.5), (0.5, 1.0), (0.99, 1.01)):
        f = Watched(cube)
        with contextlib.suppress(ArgumentError):
            derivative(f, 1.0, order, method=method, step=0.01, bounds=(low, high))
        assert f.stayed(low, high)
    f = Watched(cube)
    derivative(f, 1.0, order, method=method, step=0.01, bounds=(0.5, 1.5))
    assert len(f.seen) > 1
    assert f.stayed(0.5, 1.5)


def test_a_step_that_just_fits_is_used() -> None:
    assert derivative(cube, 0.0, method="central", step=0.1, bounds=(-0.2, 0.2)).evaluations == 5
    assert derivative(cube, 0.0, method="forward", step=0.1, bounds=(0.0, 0.2)).evaluations == 3
    assert derivative(cube, 0.0, step=0.1, bounds=(0.0, 0.2)).status is Status.ONE_SIDED


def random_case(rng: np.random.Generator, dtype):
    x = (rng.standard_normal(4) * 10.0 ** rng.uniform(-3, 3)).astype(dtype)
    reach = np.abs(rng.standard_normal((2, 4))) * 10.0 ** rng.uniform(-9, 1, (2, 4))
    low = np.where(rng.random(4) < 0.2, x, x - reach[0])
    high = np.where((rng.random(4) < 0.2) & (low < x), x, x + reach[1])
    return x, np.minimum(low, x), np.maximum(high, x)


def call_all_doors(f: Watched, x, low, high, v, method: str) -> None:
    for door, bounds, options in (
        (gradient, (low, high), {}),
        (jacobian, (low, None), {}),
        (hessian, (low, high), {}),
        (lambda f, x, **kwargs: directional(f, x, v, **kwargs), (low, high), {}),
        (gradient, (None, high), {"method": method}),
        (gradient, (low, high), {"step": (high - low) / 9}),
    ):
        f.seen.clear()
        # In a corner a direction, and at a bound a method, may leave no room.
        with contextlib.suppress(ArgumentError):
            door(f, x, bounds=bounds, **options)
        assert len(f.seen) > 0
        assert f.stayed(*bounds)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_many_variables_stay_inside(dtype, rng: np.random.Generator) -> None:
    for case in range(60):
        x, low, high = random_case(rng, dtype)
        f = Watched(lambda p: np.sum(p * p * p))
        call_all_doors(f, x, low, high, rng.standard_normal(4), ("forward", "backward", "central")[case % 3])


def test_a_step_as_long_as_the_room_stays_inside_to_the_last_bit(rng: np.random.Generator) -> None:
    # high - x and room / |v| are rounded, so that adding them again may end beyond the bound.
    refused = 0
    for _ in range(300):
        x, v = rng.uniform(0.1, 2, 2)
        low, high = x - rng.uniform(0.1, 2), x + rng.uniform(0.1, 2)
        f = Watched(cube)
        for method, room in (("forward", high - x), ("backward", x - low)):
            try:
                derivative(f, x, method=method, step=room / 2, bounds=(low, high))
                directional(f, x, v, method=method, step=room / v / 2, bounds=(low, high))
            except ArgumentError:
                refused += 1
        assert f.stayed(low, high)
    assert 0 < refused < 400
    f = Watched(cube)
    with contextlib.suppress(ArgumentError):
        derivative(f, 1.0, method="backward", step=0.5, bounds=(1e-17, None))  # 1 - 1e-17 is 1, but 1 - 1 is outside
    derivative(f, 1.0, method="backward", bounds=(1e-17, None))
    assert f.stayed(1e-17, None)


def test_a_function_of_float32_only_stays_inside_a_bound_between_two_float32() -> None:
    x, high = np.array([0.25], dtype=np.float32), 0.3

    def picky(p):
        if p.dtype != np.float32:
            msg = "float32 only"
            raise TypeError(msg)
        return p[0] * p[0]

    f = Watched(picky)
    assert float(np.float32(high)) > high
    g = gradient(f, x, bounds=(0.1, high))
    with contextlib.suppress(ArgumentError):
        gradient(f, x, bounds=(0.1, high), method="forward", step=(high - 0.25) / 2)
    assert len(f.seen) > 2
    assert f.stayed(0.1, high)
    assert g.value[0] == pytest.approx(0.5, rel=1e-4)


def test_the_gradient_and_hessian_in_every_corner_of_a_box() -> None:
    def f(p):
        return p[0] ** 2 * p[1] + np.exp(p[0] * p[1])

    for x in ([0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]):
        a, b = x
        e = math.exp(a * b)
        g = gradient(f, x, bounds=(0.0, 1.0))
        H = hessian(f, x, bounds=(0.0, 1.0))
        assert g.all_ok
        assert H.all_ok
        np.testing.assert_allclose(g.value, [2 * a * b + b * e, a * a + a * e], atol=1e-9)
        mixed = 2 * a + e + a * b * e
        np.testing.assert_allclose(H.value, [[2 * b + b * b * e, mixed], [mixed, a * a * e]], atol=1e-6)


def test_bounds_per_entry_per_point_and_per_tree() -> None:
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    f = Watched(lambda p: np.sum(p**3))
    g = gradient(f, x, bounds=(np.array([0.9, 1.9]), [[1.0, 2.5], [3.5, 4.0]]))
    assert f.stayed([0.9, 1.9], [[1.0, 2.5], [3.5, 4.0]])
    np.testing.assert_allclose(g.value, 3 * x**2, rtol=1e-8)
    assert g.status[0, 0] is Status.ONE_SIDED
    f = Watched(lambda t: t**3)
    assert derivative(f, np.array([1.0, 2.0]), bounds=([1.0, -9.0], [3.0, 2.0])).all_ok
    assert f.stayed([1.0, -9.0], [3.0, 2.0])
    seen = []

    def of_tree(p):
        seen.append((float(p["a"]), p["b"].copy()))
        return p["a"] * np.sum(p["b"])

    gradient(of_tree, {"a": 1.0, "b": np.ones(2)}, bounds=({"a": 1.0, "b": 0.5}, None))
    assert min(a for a, _ in seen) == 1.0
    assert min(b.min() for _, b in seen) >= 0.5


def test_errors_say_what_is_wrong() -> None:
    with pytest.raises(ArgumentError, match=r"`x` must lie within `bounds`, but .* = 6\.0 is outside 0\.0 to 5\.0"):
        derivative(cube, 6.0, bounds=(0, 5))
    with pytest.raises(ArgumentError, match=r"x\[1\]"):
        gradient(np.sum, [1.0, 7.0], bounds=(0, [5, 5]))
    with pytest.raises(ArgumentError, match="W\\[0, 1\\]"):
        gradient(lambda p: p["W"].sum(), {"W": np.array([[1.0, 9.0]])}, bounds=(None, 5))
    for bad in (5, (1,), (0, 1, 2), "ab", (0, "b"), ([1, 2, 3], None)):
        with pytest.raises(ArgumentError, match="`bounds`"):
            gradient(np.sum, [1.0, 2.0], bounds=bad)
    for bad in ((2, 1), (math.nan, 3)):
        with pytest.raises(ArgumentError, match="low below high"):
            derivative(cube, 1.0, bounds=bad)
    for options in ({}, {"method": "central"}, {"method": "forward"}, {"step": 1e-4}):
        with pytest.raises(ArgumentError, match="low below high"):
            derivative(cube, 1.0, bounds=(1.0, 1.0), **options)
        with pytest.raises(ArgumentError, match="no room"):
            derivative(cube, 1.0, bounds=(1.0, math.nextafter(1.0, 2.0)), **options)
    with pytest.raises(ArgumentError, match="no room"):
        derivative(cube, 1.0, bounds=(1.0, 2.0), method="backward")
    with pytest.raises(ArgumentError, match="no room"):
        derivative(cube, 1.0, bounds=(1.0, 2.0), method="central", step=0.1)


def test_the_complex_step_leaves_the_real_part_alone() -> None:
    seen = []

    def f(z):
        seen.append(complex(z).real)
        return z**3

    assert derivative(f, 1.0, method="complex", bounds=(1.0, 1.0)).value == pytest.approx(3)
    assert set(seen) == {1.0}


def test_the_watch_sees_a_function_that_leaves() -> None:
    f = Watched(cube)
    derivative(f, 1.0, bounds=(0.0, 1.5))
    assert f.stayed(0.0, 1.5)
    derivative(f, 1.0)
    derivative(f, 1.5)
    assert not f.stayed(0.0, 1.5)


@pytest.mark.parametrize("bounds", [(2, 0), (1, 1), (math.nan, 2), (0, math.nan), ([0.0, 2.0], [3.0, 2.0])])
def test_low_must_be_below_high(bounds):
    x = np.array([1.0, 2.0]) if isinstance(bounds[0], list) else 1.0
    with pytest.raises(ArgumentError, match="with low below high") as caught:
        derivative(lambda x: x**2, x, bounds=bounds)
    assert "(low, high)" in caught.value.text("ko")


def test_a_place_is_named_as_people_do():
    for x, says in ((math.nan, "`x` must be a finite number, not nan"), ([1.0, math.inf], r"`x` holds inf at x\[1\]")):
        with pytest.raises(ArgumentError, match=says):
            derivative(lambda x: x**2, x)
    with pytest.raises(ArgumentError, match=r"x = 1.0 is outside 2.0 to 3.0"):
        derivative(lambda x: x**2, 1.0, bounds=(2, 3))
