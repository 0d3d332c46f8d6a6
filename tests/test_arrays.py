"""The adapters: every array library brought to one protocol, with its own habits left alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradwright._arrays import adapter, array_of, floating, is_array, namespace, to_numpy
from gradwright.errors import ArgumentTypeError


class TestEveryLibrary:
    def test_is_known(self, xp: Any) -> None:
        array = xp([1.0])
        assert is_array(array)
        assert adapter(array).library == {"numpy-readonly": "numpy", "array-api-strict": "array-api"}.get(
            xp.name, xp.name
        )

    def test_namespace(self, xp: Any) -> None:
        names = namespace(xp([4.0]))
        np.testing.assert_array_equal(xp.numpy(names.sqrt(xp([4.0]))), [2.0])
        assert names.isdtype(xp([4.0]).dtype, "real floating")
        assert namespace(xp([4.0]), np.ones(1), None, 2.0, [1.0]) is names

    @pytest.mark.parametrize("dtype", ["float32", "float64", "int32", "bool"])
    @pytest.mark.parametrize("shape", [(), (0,), (2, 3)])
    def test_there_and_back(self, xp: Any, dtype: str, shape: tuple[int, ...]) -> None:
        array = xp(np.ones(shape), dtype=dtype)
        host = to_numpy(array)
        assert type(host) is np.ndarray
        assert host.shape == shape
        own = adapter(array)
        assert own.dtype_name(array) == str(host.dtype)
        again = own.from_numpy(host, array)
        assert xp.numpy(again).dtype == host.dtype
        assert xp.numpy(again).shape == shape
        assert own.device_name(again) == own.device_name(array)
        assert not own.is_traced(array)

    def test_from_numpy_copies_what_it_is_given(self, xp: Any) -> None:
        host = np.array([1.0, 2.0, 3.0], dtype="float32")
        views = [host, host[::-1], np.broadcast_to(host, (2, 3)), np.asfortranarray(np.stack([host, host]))]
        frozen = host.copy()
        frozen.flags.writeable = False
        like = xp([0.0])
        for view in (*views, frozen):
            made = adapter(like).from_numpy(view, like)
            np.testing.assert_array_equal(xp.numpy(made), view)
        made = adapter(like).from_numpy(host, like)
        host[0] = 9.0
        np.testing.assert_array_equal(xp.numpy(made), [1.0, 2.0, 3.0])

    def test_array_of_leaves_an_array_as_it_is(self, xp: Any) -> None:
        array = xp([1.0])
        assert array_of(array) is array
        assert array_of(array, xp([2.0])) is array
        # Labels in NumPy beside inputs of another library come to it; the other way round nothing is brought back.
        assert array_of(array, np.ones(1)) is array

    @pytest.mark.parametrize("value", [2.0, 3, True, [1.0, 2.0], ((1, 2), (3, 4)), np.float32(1.5), np.arange(3.0)])
    def test_array_of_brings_the_rest_to_it(self, xp: Any, value: Any) -> None:
        made = array_of(value, xp([0.0]))
        np.testing.assert_array_equal(xp.numpy(made), np.asarray(value))

    def test_floating(self, xp: Any) -> None:
        for array in (xp([1.0], dtype="float32"), xp([1.0])):
            assert floating(array, namespace(array)) is array
        for array in (xp([1, 2]), xp([True, False])):
            assert xp.numpy(floating(array, namespace(array))).dtype.kind == "f"

    def test_float64(self, xp: Any) -> None:
        array = xp([1.0], dtype="float32")
        with adapter(array).float64():
            wide = adapter(array).from_numpy(np.array([1 / 3]), array)
            assert adapter(wide).dtype_name(wide * 2.0) == "float64"
            np.testing.assert_array_equal(to_numpy(wide), [1 / 3])

    def test_successor(self, xp: Any) -> None:
        old, new = xp([1.0]), xp([2.0])
        np.testing.assert_array_equal(xp.numpy(adapter(old).successor(old, new)), [2.0])


class TestChoice:
    def test_two_libraries_at_once(self, need_module: Any) -> None:
        torch, strict = need_module("torch"), need_module("array_api_strict")
        with pytest.raises(ArgumentTypeError, match=r"`t` mixes arrays of different libraries \(array-api, torch\)"):
            adapter(torch.ones(1), strict.ones(1), name="t")
        with pytest.raises(ArgumentTypeError, match="different libraries"):
            array_of(torch.ones(1), strict.ones(1))

    @pytest.mark.parametrize("value", [1.0, [1.0], None, "text", np, object()])
    def test_no_array(self, value: Any) -> None:
        assert not is_array(value)
        assert adapter(value).library == "numpy"
        assert namespace(value) is np

    def test_numpy_scalars_are_arrays(self) -> None:
        assert is_array(np.float32(1.0))
        assert isinstance(array_of(np.float32(1.0)), np.ndarray)
        assert array_of(np.float32(1.0)).dtype == np.float32

    @pytest.mark.parametrize(
        ("value", "key"),
        [
            (None, "array.not-array"),
            ("text", "array.not-array"),
            (object(), "array.not-array"),
            (["a", "b"], "array.not-numeric"),
            ([None], "array.not-numeric"),
            (np.array(["a"]), "array.not-numeric"),
            (np.array([object()]), "array.not-numeric"),
            (np.array(["2024-01-01"], dtype="datetime64[D]"), "array.not-numeric"),
            ([[1, 2], [3]], "array.ragged"),
        ],
    )
    def test_what_is_no_array_of_numbers(self, value: Any, key: str) -> None:
        with pytest.raises(ArgumentTypeError, match="`y`") as caught:
            array_of(value, name="y")
        assert caught.value.key == key

    def test_a_class_of_a_library_is_no_array(self, need_module: Any) -> None:
        torch = need_module("torch")
        assert not is_array(torch.nn.Linear(1, 1))
        assert not is_array(torch.float32)
        assert is_array(torch.nn.Parameter(torch.ones(1)))


class TestNumPy:
    def test_read_only_stays_read_only_and_is_shared(self) -> None:
        array = np.ones(3)
        array.flags.writeable = False
        assert to_numpy(array) is array
        assert array_of(array) is array
        copy = adapter(array).from_numpy(array, array)
        copy[0] = 5.0
        assert array[0] == 1.0


class TestTorch:
    @pytest.fixture
    def torch(self, need_module: Any) -> Any:
        return need_module("torch")

    def test_a_tensor_in_a_graph(self, torch: Any) -> None:
        weight = torch.tensor([1.0, 2.0], requires_grad=True)
        np.testing.assert_array_equal(to_numpy(weight * 2), [2.0, 4.0])
        assert weight.requires_grad
        assert not adapter(weight).from_numpy(np.ones(2), weight).requires_grad
        np.testing.assert_array_equal(to_numpy(torch.nn.Parameter(torch.ones(2))), [1.0, 1.0])

    def test_successor_keeps_the_flag_and_drops_the_graph(self, torch: Any) -> None:
        recording, plain = torch.ones(2, requires_grad=True), torch.ones(2)
        computed = recording * 2
        following = adapter(recording).successor(recording, computed)
        assert following.requires_grad
        assert following.is_leaf
        assert not adapter(plain).successor(plain, computed).requires_grad
        assert not computed.is_leaf, "what was given stays in its graph"

    def test_bfloat16(self, torch: Any) -> None:
        array = torch.tensor([1.5, -2.25], dtype=torch.bfloat16)
        host = to_numpy(array)
        assert host.dtype == np.float32
        np.testing.assert_array_equal(host, [1.5, -2.25])
        assert adapter(array).dtype_name(array) == "bfloat16"

    def test_lazy_conjugates_and_negatives(self, torch: Any) -> None:
        array = torch.tensor([1 + 2j, 3 - 1j])
        np.testing.assert_array_equal(to_numpy(array.conj()), [1 - 2j, 3 + 1j])
        np.testing.assert_array_equal(to_numpy(array.conj().imag), [-2.0, 1.0])


class TestJax:
    @pytest.fixture
    def jax(self, need_module: Any) -> Any:
        return need_module("jax")

    def test_the_float64_scope_leaves_the_setting_alone(self, jax: Any) -> None:
        before = jax.config.jax_enable_x64
        array = jax.numpy.ones(2)
        assert array.dtype == jax.numpy.float32
        with adapter(array).float64():
            assert jax.numpy.ones(2).dtype == jax.numpy.float64
            assert floating(jax.numpy.arange(2), namespace(array)).dtype == jax.numpy.float64
        assert jax.numpy.ones(2).dtype == jax.numpy.float32
        assert jax.config.jax_enable_x64 == before

    def test_the_scope_ends_also_when_the_block_raises(self, jax: Any) -> None:
        array = jax.numpy.ones(2)
        with pytest.raises(ZeroDivisionError), adapter(array).float64():
            raise ZeroDivisionError
        assert jax.numpy.ones(2).dtype == jax.numpy.float32

    def test_bfloat16(self, jax: Any) -> None:
        array = jax.numpy.asarray([1.5, -2.25], dtype=jax.numpy.bfloat16)
        host = to_numpy(array)
        assert host.dtype == np.float32
        np.testing.assert_array_equal(host, [1.5, -2.25])

    def test_tracers(self, jax: Any) -> None:
        seen: list[Any] = []

        def f(x: Any) -> Any:
            own = adapter(x)
            seen.append((own.library, is_array(x), own.is_traced(x), own.device_name(x)))
            return namespace(x).sum(x * array_of([1.0, 2.0], x))

        assert float(jax.jit(f)(jax.numpy.asarray([3.0, 4.0]))) == 11.0
        np.testing.assert_array_equal(jax.grad(f)(jax.numpy.asarray([3.0, 4.0])), [1.0, 2.0])
        np.testing.assert_array_equal(jax.vmap(f)(jax.numpy.asarray([[3.0, 4.0]])), [11.0])
        assert seen == [("jax", True, True, "cpu")] * 3
