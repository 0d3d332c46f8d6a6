"""Trees of parameters: taken apart, put together again, compared."""

from __future__ import annotations

from collections import OrderedDict
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradwright.errors import ArgumentError, ArgumentTypeError
from gradwright.trees import Leaf, flatten, map_leaves, matching_leaves


class Layer(NamedTuple):
    weight: Any
    bias: Any


def arrays() -> st.SearchStrategy[Any]:
    return st.lists(st.integers(0, 3), max_size=2).map(lambda shape: np.zeros(shape))


def trees() -> st.SearchStrategy[Any]:
    keys = st.text("abcW1 가", min_size=1, max_size=3)
    return st.recursive(
        arrays(),
        lambda child: (
            st.dictionaries(keys, child, max_size=3)
            # An empty list means an empty array.
            | st.lists(child, min_size=1, max_size=3)
            | st.lists(child, min_size=1, max_size=3).map(tuple)
            | st.builds(Layer, child, child)
        ),
        max_leaves=8,
    )


def identical(first: Any, second: Any) -> bool:
    """The same structure and the very same arrays."""
    if isinstance(first, np.ndarray):
        return first is second
    if type(first) is not type(second) or len(first) != len(second):
        return False
    if isinstance(first, dict):
        return list(first) == list(second) and all(identical(first[key], second[key]) for key in first)
    return all(identical(a, b) for a, b in zip(first, second, strict=True))


@given(trees())
def test_put_together_again_it_is_the_same(tree: Any) -> None:
    leaves, structure = flatten(tree)
    assert identical(structure.build([leaf.array for leaf in leaves]), tree)
    assert structure.paths == tuple(leaf.path for leaf in leaves)
    assert structure.is_array == isinstance(tree, np.ndarray)
    assert len(set(structure.paths)) == len(leaves)


@given(trees())
def test_its_own_structure_matches(tree: Any) -> None:
    leaves, structure = flatten(tree)
    assert [id(array) for array in matching_leaves(structure, tree)] == [id(leaf.array) for leaf in leaves]


def test_leaves_are_the_arrays_of_the_caller(xp: Any) -> None:
    weight, bias = xp([[1.0, 2.0]]), xp([3.0])
    leaves, _ = flatten({"layers": [Layer(weight, bias), (weight,)], "scale": bias})
    assert [leaf.path for leaf in leaves] == ["layers.0.0", "layers.0.1", "layers.1.0", "scale"]
    assert leaves[0] == Leaf("layers.0.0", weight)
    assert leaves[0].array is leaves[2].array is weight
    assert leaves[1].array is leaves[3].array is bias


@pytest.mark.parametrize(
    "written", [[3.0, 4.0], (3, 4), [[1, 2], [3, 4]], [[1.5], [2]], [np.float32(1), 2], [True], []]
)
def test_numbers_in_a_list_are_an_array(written: Any) -> None:
    leaves, structure = flatten(written)
    assert structure.is_array
    assert structure.paths == ("",)
    np.testing.assert_array_equal(leaves[0].array, np.asarray(written))


@pytest.mark.parametrize("number", [3, 2.5, np.float32(1.5), True])
def test_a_number_is_an_array_without_axes(number: Any) -> None:
    leaves, structure = flatten(number)
    assert isinstance(leaves[0].array, np.ndarray)
    assert leaves[0].array.shape == ()
    assert structure.build(["x"]) == "x"


def test_numbers_beside_arrays_are_a_tree() -> None:
    leaves, structure = flatten([np.ones(2), 3.0, [1.0, 2.0]])
    assert structure.paths == ("0", "1", "2")
    assert [leaf.array.shape for leaf in leaves] == [(2,), (), (2,)]


@pytest.mark.parametrize("kind", [dict, OrderedDict, MappingProxyType])
def test_any_mapping(kind: Any) -> None:
    leaves, structure = flatten(kind({"b": np.ones(1), "a": np.ones(2)}))
    assert [leaf.path for leaf in leaves] == ["b", "a"]
    assert structure.build([1, 2]) == {"b": 1, "a": 2}


def test_no_leaves() -> None:
    leaves, structure = flatten({})
    assert (leaves, structure.paths, structure.build([])) == ([], (), {})
    assert not structure.is_array


def test_what_is_built_is_new() -> None:
    tree = {"a": [np.ones(1)]}
    leaves, structure = flatten(tree)
    built = structure.build([leaf.array for leaf in leaves])
    built["a"].append(0)
    built["b"] = 0
    assert list(tree) == ["a"]
    assert len(tree["a"]) == 1
    assert structure.build([7]) == {"a": [7]}


@pytest.mark.parametrize(
    ("tree", "key", "words"),
    [
        ("text", "tree.leaf", ["`params` has str at params"]),
        (None, "tree.leaf", ["NoneType at params"]),
        ({"a": [np.ones(1), None]}, "tree.leaf", ["NoneType at a.1"]),
        ({"a": {"b": {1, 2}}}, "tree.leaf", ["set at a.b"]),
        (["x", "y"], "tree.leaf", ["str at 0"]),
        ({"a": {1: np.ones(1)}}, "tree.key", ["the key 1 at a"]),
        ({2: np.ones(1)}, "tree.key", ["the key 2 at params"]),
        ([[1, 2], [3]], "array.ragged", ["`params`", "different lengths"]),
        ({"W": [[1, 2], [3]]}, "array.ragged", ["`params.W`"]),
        ({"W": np.array(["a"])}, "array.not-numeric", ["`params.W`", "<U1"]),
    ],
)
def test_what_is_no_tree(tree: Any, key: str, words: list[str]) -> None:
    with pytest.raises(ArgumentTypeError) as caught:
        flatten(tree, "params")
    assert caught.value.key == key
    for word in words:
        assert word in str(caught.value)


def test_two_entries_with_one_path() -> None:
    with pytest.raises(ArgumentError, match=r"`params` has two entries with the path a\.b") as caught:
        flatten({"a.b": np.ones(1), "a": {"b": np.zeros(1)}}, "params")
    assert caught.value.key == "tree.path"
    assert flatten({"a.b": np.ones(1), "a": {"c": np.zeros(1)}})[1].paths == ("a.b", "a.c")


class TestMatchingLeaves:
    def test_in_the_order_of_the_structure(self) -> None:
        _, structure = flatten({"W": np.ones(2), "b": np.ones(1)})
        assert list(matching_leaves(structure, {"b": 1.0, "W": [2.0, 3.0]}))[1] == 1.0

    def test_says_what_is_missing_and_what_is_too_much(self) -> None:
        _, structure = flatten({"W": np.ones(2), "b": np.ones(1)})
        with pytest.raises(ArgumentError) as caught:
            list(matching_leaves(structure, {"W": np.ones(2), "c": np.ones(1)}, "grads", "params"))
        assert str(caught.value) == ("`grads` must have the same entries as `params`: missing ['b'], unexpected ['c'].")
        with pytest.raises(ArgumentError, match=r"missing \['b'\], unexpected -\."):
            list(matching_leaves(structure, {"W": np.ones(2)}))

    def test_an_array_is_no_tree(self) -> None:
        _, structure = flatten({"W": np.ones(2)})
        with pytest.raises(ArgumentError, match="missing"):
            list(matching_leaves(structure, np.ones(2)))


class TestMapLeaves:
    def test_on_every_library(self, xp: Any) -> None:
        first, second = {"a": xp([1.0, 2.0]), "b": [xp([3.0])]}, {"b": [xp([30.0])], "a": xp([10.0, 20.0])}
        total = map_leaves(lambda x, y: x + y, first, second)
        np.testing.assert_array_equal(xp.numpy(total["a"]), [11.0, 22.0])
        np.testing.assert_array_equal(xp.numpy(total["b"][0]), [33.0])

    def test_one_tree_and_none_that_fits(self) -> None:
        assert map_leaves(lambda x: x.shape, {"a": np.ones(2), "b": (np.ones(3),)}) == {"a": (2,), "b": ((3,),)}
        with pytest.raises(ArgumentError):
            map_leaves(lambda x, y: x, {"a": np.ones(2)}, {"b": np.ones(2)})
