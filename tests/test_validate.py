"""Checks that raise: what passes, in which form, and what the error says."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from gradwright import _validate as check
from gradwright.errors import ArgumentError, ArgumentTypeError, NonFiniteError, ShapeError

NO_NUMBERS = [math.nan, "1", b"1", True, np.True_, None, 1j, [1.0], np.array([1.0]), {}, 10**400]


class TestNumbers:
    @pytest.mark.parametrize(
        "good", [1, 0.5, np.float32(0.5), np.int64(2), np.array(0.25), Decimal("0.5"), Fraction(1, 3), 5e-324]
    )
    def test_positive(self, good: Any) -> None:
        assert type(check.positive("x", good)) is float
        assert check.positive("x", good) == float(good)

    @pytest.mark.parametrize("bad", [0, -1, -0.0, math.inf, *NO_NUMBERS])
    def test_not_positive(self, bad: Any) -> None:
        with pytest.raises(ArgumentError, match="`rate` must be a positive number, not") as caught:
            check.positive("rate", bad)
        assert caught.value.key == "argument.positive"
        assert caught.value.fields["value"] is bad

    def test_any_library(self, xp: Any) -> None:
        assert check.positive("x", xp(0.5)) == 0.5
        with pytest.raises(ArgumentError):
            check.positive("x", xp([0.5, 1.0]))

    @pytest.mark.parametrize("good", [1, 7, np.int32(3), np.array(4), np.uint8(5)])
    def test_positive_int(self, good: Any) -> None:
        assert type(check.positive_int("n", good)) is int
        assert check.positive_int("n", good) == good == check.non_negative_int("n", good)

    @pytest.mark.parametrize("bad", [0.0, 1.0, -1, "1", None, True, np.True_, np.array([1]), math.inf])
    def test_not_an_int(self, bad: Any) -> None:
        with pytest.raises(ArgumentError, match="`n` must be a positive whole number"):
            check.positive_int("n", bad)
        with pytest.raises(ArgumentError, match="`n` must be a whole number that is not negative"):
            check.non_negative_int("n", bad)

    def test_zero(self) -> None:
        assert check.non_negative_int("n", 0) == 0
        with pytest.raises(ArgumentError):
            check.positive_int("n", 0)

    @pytest.mark.parametrize("good", [0, 1, 0.5, np.float64(1.0)])
    def test_in_range(self, good: Any) -> None:
        assert check.in_range("p", good, 0, 1) == good

    @pytest.mark.parametrize("bad", [-1e-300, 1.0000001, math.inf, *NO_NUMBERS[:7]])
    def test_out_of_range(self, bad: Any) -> None:
        with pytest.raises(ArgumentError, match="`p` must be 0 to 1, not"):
            check.in_range("p", bad, 0, 1)

    def test_fraction(self) -> None:
        assert [check.fraction("p", good) for good in (0, 0.5, np.float32(0.25))] == [0.0, 0.5, 0.25]
        for bad in (1, -0.1, 1.5, *NO_NUMBERS):
            with pytest.raises(ArgumentError, match="`p` must be at least 0 and below 1, not"):
                check.fraction("p", bad)


def test_choice() -> None:
    assert check.choice("method", "central", ("central", "forward")) == "central"
    for bad in ("middle", "Central", None, 1, ["central"]):
        with pytest.raises(ArgumentError, match=r"`method` must be one of 'central', 'forward', not"):
            check.choice("method", bad, iter(("central", "forward")))


def test_function() -> None:
    assert check.function("f", math.sin) is math.sin
    with pytest.raises(ArgumentTypeError, match="`f` must be a function that can be called, not float"):
        check.function("f", 1.0)


class TestGenerator:
    def test_a_seed_or_a_generator(self) -> None:
        rng = np.random.default_rng(3)
        assert check.generator("rng", rng) is rng
        first, second = check.generator("rng", 7), check.generator("rng", np.int64(7))
        assert first.random() == second.random() == np.random.default_rng(7).random()

    def test_none_is_fresh_each_time(self) -> None:
        assert check.generator("rng", None).random() != check.generator("rng", None).random()

    def test_the_global_state_is_left_alone(self) -> None:
        before = np.random.get_state()[1].copy()  # noqa: NPY002
        check.generator("rng", 0).random()
        np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002

    @pytest.mark.parametrize("bad", [-1, 0.5, "0", True, np.random.RandomState(0)])
    def test_no_seed(self, bad: Any) -> None:
        with pytest.raises(ArgumentError, match=r"`rng` must be a whole number, a numpy.random.Generator or None"):
            check.generator("rng", bad)


class TestArrays:
    def test_floating_arrays_are_left_as_they_are(self, xp: Any) -> None:
        for dtype in ("float32", xp.double):
            array = xp([1.0, 2.0], dtype=dtype)
            assert check.real_array("x", array) is array

    def test_integers_become_the_floating_dtype_of_the_library(self, xp: Any) -> None:
        result = xp.numpy(check.real_array("x", xp([1, 2])))
        # Torch and JAX compute in float32 by default.
        assert str(result.dtype) == ("float32" if xp.name in ("torch", "jax") else "float64")
        np.testing.assert_array_equal(result, [1.0, 2.0])

    def test_lists_come_to_the_library_of_like(self, xp: Any) -> None:
        np.testing.assert_array_equal(xp.numpy(check.real_array("x", [1.5, 2.5], xp([0.0]))), [1.5, 2.5])

    @pytest.mark.parametrize("bad", [1j, np.ones(2, dtype=complex), "text", ["a"], None, [[1], [1, 2]], object()])
    def test_no_real_numbers(self, bad: Any) -> None:
        with pytest.raises(ArgumentTypeError, match="`x`"):
            check.real_array("x", bad)

    def test_not_empty(self, xp: Any) -> None:
        check.not_empty("x", xp([[1.0]]))
        check.not_empty("x", xp(1.0))
        with pytest.raises(ShapeError, match=r"`x` is empty \(shape \(0, 3\)\)"):
            check.not_empty("x", xp(np.zeros((0, 3))))

    def test_same_shape(self, xp: Any) -> None:
        check.same_shape("y", xp([1.0]), "t", xp([2.0]))
        with pytest.raises(ShapeError, match=r"`y` has shape \(1,\) but `t` has shape \(1, 1\); they must be the same"):
            check.same_shape("y", xp([1.0]), "t", xp([[2.0]]))


class TestAllFinite:
    def test_finite(self, xp: Any) -> None:
        check.all_finite("x", xp([1.0, -2.0]))
        check.all_finite("x", xp([3, 4]))
        check.all_finite("x", xp(np.zeros((0,))))

    @pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
    def test_says_which_and_where(self, xp: Any, bad: float) -> None:
        with pytest.raises(NonFiniteError) as caught:
            check.all_finite("x", xp([[1.0, 2.0, 3.0], [4.0, bad, bad]]))
        assert f"`x` holds {bad} at index (1, 1) (2 in all)" in str(caught.value)

    def test_inf_against_inf(self) -> None:
        with pytest.raises(NonFiniteError, match=r"index \(0,\) \(2 in all\)"):
            check.all_finite("x", np.array([math.inf, -math.inf]))

    @pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "complex128", "longdouble"])
    def test_a_sum_that_overflows_is_no_fault(self, dtype: str) -> None:
        largest = np.finfo(dtype).max
        check.all_finite("x", np.full(3, largest, dtype=dtype))
        with pytest.raises(NonFiniteError):
            check.all_finite("x", np.array([largest, largest, np.nan], dtype=dtype))

    def test_a_tracer_is_let_through(self, need_module: Any) -> None:
        jax = need_module("jax")

        def f(x: Any) -> Any:
            check.all_finite("x", x)
            return x * 2

        assert float(jax.jit(f)(1.5)) == 3.0


def test_an_instance_of_our_own_classes() -> None:
    check.instance("x", Fraction(1), Fraction)
    with pytest.raises(ArgumentTypeError, match="`x` must be a Fraction, not int") as caught:
        check.instance("x", 1, Fraction)
    assert "Fraction 객체" in caught.value.text("ko")
