from __future__ import annotations

import copy
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradwright import storage
from gradwright.errors import (
    ArgumentError,
    ArgumentTypeError,
    DataNotFoundError,
    MissingExtraError,
    ModelFileError,
    OutputExistsError,
    StorageError,
)
from gradwright.nn import Affine, HalfSquaredError, Network, ReLU, Sigmoid, TwoLayerNet, saving
from gradwright.nn.layers import LAYERS
from gradwright.nn.losses import LOSSES

pytest.importorskip("safetensors")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "한글 폴더 it's"
    folder.mkdir()
    return folder / "내 모델.safetensors"


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("kind", [kind for kind in LAYERS if kind != "affine"])
def test_round_trip_bit_for_bit(path: Path, dtype: str, loss: str, kind: str) -> None:
    layers = [Affine(4, 5, name="첫째"), LAYERS[kind](), Affine(5, 2, bias=False)]
    net = Network(layers, LOSSES[loss](), rng=0, dtype=dtype)
    net.metadata = {"classes": ["고양이", "dog"], "epoch": 3, "nested": {"rate": 0.1, "none": None}}
    net.save(path)
    again = Network.load(path)
    assert list(again.params) == list(net.params) == ["W1", "b1", "W2"]
    for name, p in net.params.items():
        assert again.params[name].dtype == p.dtype
        assert again.params[name].tobytes() == p.tobytes()
    assert again.metadata == net.metadata
    assert again.layers == net.layers
    assert again.loss_function == net.loss_function
    assert (again.n_in, again.n_out) == (4, 2)
    x = np.ones((3, 4))
    np.testing.assert_array_equal(again.predict(x), net.predict(x))
    again.params["W1"] += 1.0  # what was loaded can be trained
    assert list(path.parent.iterdir()) == [path]  # no temporary file is left


def test_the_class_that_loads_is_the_class_that_comes_back(path: Path) -> None:
    TwoLayerNet(4, 5, 3, rng=0, activation="tanh").save(path)
    assert type(TwoLayerNet.load(path)) is TwoLayerNet
    assert type(Network.load(path)) is Network
    assert repr(TwoLayerNet.load(path)).startswith("TwoLayerNet(4-5-3")


def test_parameters_of_any_library(path: Path, xp: Any) -> None:
    net = Network.of_sizes([4, 5, 3], rng=0)
    want = dict(net.params)
    net.params = {name: xp(p, "float32") for name, p in net.params.items()}
    net.save(path)
    for name, p in Network.load(path).params.items():
        assert p.tobytes() == want[name].tobytes()


def test_sizes_from_numpy(path: Path) -> None:
    Network.of_sizes(np.array([4, 5, 3]), rng=0).save(path)
    assert Network.load(path).n_out == 3


def test_equal_networks_make_equal_files() -> None:
    first, second = (Network.of_sizes([4, 5, 3], rng=0) for _ in range(2))
    assert saving.to_bytes(first) == saving.to_bytes(second)


def test_a_file_is_not_overwritten_unless_asked(path: Path) -> None:
    first, second = Network([Affine(2, 2)], rng=0), Network([Affine(2, 2)], rng=1)
    first.save(path)
    content = path.read_bytes()
    with pytest.raises(OutputExistsError, match=r"already exists; .* overwrite=True"):
        second.save(path)
    assert path.read_bytes() == content
    second.save(path, overwrite=True)
    np.testing.assert_array_equal(Network.load(path).params["W1"], second.params["W1"])


def test_a_folder_that_is_not_there(path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written"):
        Network([Affine(2, 2)], rng=0).save(path.parent / "none" / "model.safetensors")


def test_any_flipped_byte_is_noticed(path: Path) -> None:
    net = Network([Affine(2, 3)], rng=0)
    net.metadata = {"classes": ["하나", "둘", "셋"]}
    net.save(path)
    content = bytearray(path.read_bytes())
    rng, noticed = np.random.default_rng(0), 0
    for place in [0, 7, 8, len(content) - 1, *rng.integers(8, len(content), 60)]:
        damaged = bytearray(content)
        damaged[place] ^= 1 << int(rng.integers(8))
        path.write_bytes(damaged)
        try:
            again = Network.load(path)
        except ModelFileError:
            noticed += 1
        else:  # in a header byte that carries nothing, such as padding
            assert again.metadata == net.metadata
            assert all(again.params[n].tobytes() == net.params[n].tobytes() for n in net.params)
    assert noticed > 55


def test_a_damaged_array_is_named(path: Path) -> None:
    Network([Affine(2, 3)], rng=0).save(path)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"is damaged: the SHA-256 of '(W1|b1)' does not match"):
        Network.load(path)


def test_files_that_are_no_models(path: Path) -> None:
    from safetensors.numpy import save_file

    with pytest.raises(DataNotFoundError, match="there is no file"):
        Network.load(path)
    for content in (b"", b"hello", b"\x89PNG" * 100):
        path.write_bytes(content)
        with pytest.raises(ModelFileError, match="is not a sound safetensors file"):
            Network.load(path)
    save_file({"W1": np.zeros((2, 2))}, path)
    with pytest.raises(ModelFileError, match="not one that gradwright wrote"):
        Network.load(path)
    path.write_bytes(storage.tensors_to_bytes({"W1": np.zeros((2, 2))}, {"format": "gradwright-checkpoint"}))
    with pytest.raises(ModelFileError, match="not one that gradwright wrote"):
        Network.load(path)


def _written(path: Path, arrays: dict[str, np.ndarray], version: str = "1", **config: Any) -> None:
    config = {"layers": [Affine(2, 3).config()], "loss": "softmax-cross-entropy", "metadata": {}, **config}
    header = {"format": "gradwright-model", "version": version, "network": json.dumps(config)}
    path.write_bytes(storage.tensors_to_bytes(arrays, header))


SOUND = {"W1": np.zeros((2, 3), np.float32), "b1": np.zeros(3, np.float32)}


def test_a_newer_version(path: Path) -> None:
    _written(path, SOUND)
    assert Network.load(path).n_in == 2
    _written(path, SOUND, version="2")
    with pytest.raises(ModelFileError, match=r"was written in format 2; this gradwright reads up to 1. Update"):
        Network.load(path)


@pytest.mark.parametrize(
    ("arrays", "config"),
    [
        ({"W1": SOUND["W1"]}, {}),
        ({**SOUND, "W2": SOUND["W1"]}, {}),
        ({**SOUND, "W1": np.zeros((3, 2), np.float32)}, {}),
        (SOUND, {"layers": [{"kind": "conv"}]}),
        (SOUND, {"layers": []}),
        (SOUND, {"layers": [Affine(2, 3).config(), Affine(4, 3).config()]}),
        (SOUND, {"layers": [{"kind": "affine", "n_in": 10**15, "n_out": 10**15}]}),  # would not fit into memory
        (SOUND, {"loss": "hinge"}),
        (SOUND, {"layers": 3}),
        (SOUND, {"metadata": 3}),
    ],
)
def test_a_file_that_contradicts_itself(path: Path, arrays: dict[str, np.ndarray], config: dict[str, Any]) -> None:
    _written(path, arrays, **config)
    with pytest.raises(ModelFileError, match="is damaged"):
        Network.load(path)


def test_without_the_package(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    net = Network([Affine(2, 3)], rng=0)
    net.save(path)
    monkeypatch.setitem(sys.modules, "safetensors", None)
    for call in (lambda: Network.load(path), lambda: net.save(path, overwrite=True)):
        with pytest.raises(MissingExtraError, match=r'safetensors, .* pip install "gradwright\[app\]"'):
            call()


def test_kinds_that_could_not_be_read_back_are_refused(path: Path) -> None:
    class Mine(Sigmoid):
        pass

    class MyLoss(HalfSquaredError):
        pass

    for net in (Network([Affine(2, 3), Mine()], rng=0), Network([Affine(2, 3), ReLU()], MyLoss(), rng=0)):
        with pytest.raises(ArgumentTypeError, match=r"a network with (Mine|MyLoss) cannot be saved"):
            net.save(path)
    assert not path.exists()


HUGE = 10**400
FITTING = {
    "classes": ["하나", "둘", "셋"],
    "features": ["u", "u"],
    "image_shape": [2, 1],
    "image_range": [0, 16.5],
    "scaling": {"mean": [0, 1.5], "scale": [1, 2]},
    "target_scaling": {"mean": [0, 1, 2.0], "scale": [1e-300, 2, 3]},
}
MISFITS = [
    *(("classes", value) for value in (["a", "b"], list("abcd"), ["a", "b", 3], ["a", "b", "a"], "abc", 3, {"a": 1})),
    *(("features", value) for value in (["u"], ["u", 1], "uv", 2, {})),
    *(
        ("image_shape", value)
        for value in ([2], [2, 2], [-1, -2], [1.0, 2], ["1", "2"], [True, 2], 2, "12", [[1], [2]])
    ),
    *(("image_range", value) for value in ([0], [1, 1], [0, float("inf")], [0, HUGE], ["0", "1"], 16)),
    *(
        ("scaling", value)
        for value in (
            {"mean": [0], "scale": [1]},
            {"mean": [0, 0, 0], "scale": [1, 1, 1]},
            {"mean": [0, 0], "scale": [1]},
            {"mean": [0, float("nan")], "scale": [1, 1]},
            {"mean": [0, 0], "scale": [1, 0]},
            {"mean": [0, 0], "scale": [1, -1]},
            {"mean": [0, HUGE], "scale": [1, 1]},
            {"mean": [0, "0"], "scale": [1, 1]},
            {"mean": [0, None], "scale": [1, 1]},
            {"mean": [0, 0]},
            {"mean": 0, "scale": 1},
            [0, 1],
            "standard",
            1,
        )
    ),
    ("target_scaling", {"mean": [0, 0], "scale": [1, 1]}),
]


def test_what_a_network_remembers_of_its_data_fits_it(path: Path) -> None:
    for metadata in (FITTING, dict.fromkeys(FITTING), {"classes": [], "features": []}, {"mine": [1, {"a": None}]}):
        _written(path, SOUND, metadata=metadata)
        assert Network.load(path).metadata == metadata


@pytest.mark.parametrize(("entry", "value"), MISFITS)
def test_metadata_that_does_not_fit_is_neither_read_nor_written(path: Path, entry: str, value: Any) -> None:
    _written(path, SOUND, metadata={entry: value})
    with pytest.raises(ModelFileError) as caught:
        Network.load(path)
    for lang in ("en", "ko"):
        said = caught.value.text(lang)
        assert str(path) in said
        assert f"'metadata.{entry}'" in said
        assert "\n" not in said
        assert len(said) < 500
    path.unlink()
    net = Network([Affine(2, 3)], rng=0)
    net.metadata = {entry: value}
    with pytest.raises(ArgumentError, match=rf"`metadata\['{entry}'\]` must be"):
        net.save(path)
    assert not path.exists()


ODD = [None, True, -1, 0, 1.5, float("nan"), HUGE, "", "affine", [], [[]], {}, {"kind": "affine"}, ["a"] * 3]


def _places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Yield where a value of a JSON document can be put."""
    for key in list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
        yield node, key
        yield from _places(node[key])


def test_any_wrong_value_in_the_description_is_an_error_of_one_line(path: Path) -> None:
    """A file may come with sums that are right, and say anything."""
    arrays = {**SOUND, "W2": np.zeros((3, 3), np.float32), "b2": np.zeros(3, np.float32)}
    layers = [Affine(2, 3, name="h").config(), {"kind": "relu"}, Affine(3, 3).config()]
    sound = {"layers": layers, "loss": "softmax-cross-entropy", "metadata": FITTING}
    count, refused = 0, 0
    for number in range(len(list(_places(sound)))):
        for odd in (*ODD, "gone"):
            config = copy.deepcopy(sound)
            node, key = list(_places(config))[number]
            if odd == "gone":
                del node[key]
            else:
                node[key] = odd
            header = {"format": "gradwright-model", "version": "1", "network": json.dumps(config)}
            path.write_bytes(storage.tensors_to_bytes(arrays, header))
            count += 1
            said = ""
            try:  # what means the same, or fits as well, such as another number in a scaling, is no damage
                assert np.asarray(Network.load(path).predict(np.ones((4, 2)))).shape == (4, 3)
            except ModelFileError as error:
                said = str(error)
            refused += bool(said)
            assert not said or (str(path) in said and "\n" not in said)
    assert refused > 0.8 * count


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000, '{"layers": 1e999}'])
def test_a_description_that_is_none(path: Path, text: str) -> None:
    header = {"format": "gradwright-model", "version": "1", "network": text}
    path.write_bytes(storage.tensors_to_bytes(SOUND, header))
    with pytest.raises(ModelFileError, match=r"is damaged: its '(network|layers)' must be"):
        Network.load(path)
    path.write_bytes(storage.tensors_to_bytes(SOUND, {"format": "gradwright-model", "version": "1"}))
    with pytest.raises(ModelFileError, match="is damaged: its 'network' must be"):
        Network.load(path)


@pytest.mark.parametrize("dtype", ["int64", "bool"])
def test_arrays_that_are_no_real_numbers(path: Path, dtype: str) -> None:
    _written(path, {**SOUND, "W1": np.zeros((2, 3), dtype)})
    with pytest.raises(
        ModelFileError, match=rf"'W1' must be floating numbers of shape \(2, 3\), not '\(2, 3\), {dtype}'"
    ):
        Network.load(path)


def test_dtypes_that_numpy_does_not_have(path: Path) -> None:
    # Where ml_dtypes is loaded (by JAX) NumPy has them after all.
    for dtype, size in (("BF16", 2), ("F8_E4M3", 1)):
        header = json.dumps({"W1": {"dtype": dtype, "shape": [2], "data_offsets": [0, 2 * size]}}).encode()
        path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(2 * size))
        with pytest.raises(ModelFileError, match="safetensors file"):
            Network.load(path)


@pytest.mark.parametrize(
    "sums", ["", "[]", '{"arrays": [], "metadata": ""}', '{"arrays": [[1, 2]]}', "[" * 100_000, "{}"]
)
def test_sums_that_are_none(path: Path, sums: str) -> None:
    from safetensors.numpy import save_file

    save_file(dict(SOUND), path, {"format": "gradwright-model", "version": "1", "sha256": sums})
    with pytest.raises(ModelFileError, match="SHA-256 of 'sha256'"):
        Network.load(path)


def test_metadata_that_json_cannot_hold(path: Path) -> None:
    net = Network([Affine(2, 3)], rng=0)
    endless: list[Any] = []
    endless.append(endless)
    for metadata in ({"a": {1, 2}}, {"a": np.zeros(2)}, {"a": endless}, ["a"], None):
        net.metadata = metadata  # type: ignore[assignment]
        with pytest.raises(ArgumentTypeError, match="`metadata` must be a dict of what JSON can hold"):
            net.save(path)
        assert not path.exists()


@pytest.mark.parametrize("place", [None, 3, b"m", ["m"]])
def test_a_path_that_is_none(place: Any) -> None:
    with pytest.raises(ArgumentTypeError, match="`path` must be a path, not"):
        Network.load(place)
    with pytest.raises(ArgumentTypeError, match="`path` must be a path, not"):
        Network([Affine(2, 3)], rng=0).save(place)


def test_every_cut_is_noticed(path: Path) -> None:
    net = Network([Affine(2, 3)], rng=0)
    net.metadata = dict(FITTING)
    net.save(path)
    content = path.read_bytes()
    for length in range(len(content)):
        path.write_bytes(content[:length])
        with pytest.raises(ModelFileError):
            Network.load(path)
