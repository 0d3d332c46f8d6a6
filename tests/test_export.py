"""ONNX: what onnxruntime computes is what the network says, the scaling inside."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import onnx
import onnxruntime as runtime
import pytest

import gradwright as gw
from gradwright.data import Scaling
from gradwright.errors import ArgumentError, ArgumentTypeError, OutputExistsError, StorageError
from gradwright.export import onnx_bytes, to_onnx


def session(network: gw.Network) -> runtime.InferenceSession:
    return runtime.InferenceSession(onnx_bytes(network), providers=["CPUExecutionProvider"])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "identity"])
@pytest.mark.parametrize("hidden", [[], [7], [9, 5, 6]])
def test_a_classifier_of_any_shape(dtype, activation, hidden):
    rng = np.random.default_rng(0)
    net = gw.Network.of_sizes([6, *hidden, 4], activation, rng=1, dtype=dtype, init=0.7)
    for name in net.params:
        net.params[name] = net.params[name] + rng.normal(size=net.params[name].shape).astype(dtype)
    x = rng.normal(size=(200, 6)).astype(np.float32) * 3
    probabilities, label = session(net).run(None, {"x": x})
    expected = net.predict(x)
    np.testing.assert_allclose(probabilities, expected, rtol=0, atol=1e-6)
    assert (label == expected.argmax(axis=1)).mean() > 0.99  # a tie may fall either way
    assert (probabilities.dtype, label.dtype) == (np.float32, np.int64)


def test_the_scaling_is_inside():
    rng = np.random.default_rng(0)
    raw = (rng.normal(size=(100, 3)) * [1e-3, 1, 1e4] + [0.5, -3, 1e6]).astype(np.float32)
    net = gw.Network.of_sizes([3, 8, 3], rng=0)
    scaling = Scaling.standard(raw)
    net.metadata = {
        "scaling": scaling.to_dict(),
        "classes": ["가", "b", "c"],
        "features": ["u", "v", "w"],
        "data": "t.csv",
    }
    probabilities, _ = session(net).run(None, {"x": raw})
    np.testing.assert_allclose(probabilities, net.predict(scaling.apply(raw).astype(np.float32)), rtol=0, atol=1e-6)
    known = {entry.key: entry.value for entry in onnx.load_from_string(onnx_bytes(net)).metadata_props}
    assert json.loads(known["classes"]) == ["가", "b", "c"]
    assert json.loads(known["features"]) == ["u", "v", "w"]
    assert known["data"] == "t.csv"


def test_values_come_in_their_own_units():
    rng = np.random.default_rng(0)
    raw, t = rng.normal(size=(50, 2)).astype(np.float32), rng.normal(size=(50, 2)) * [3, 1e5] + [7, -1e6]
    scaling = Scaling.standard(t)
    net = gw.Network.of_sizes([2, 5, 2], "tanh", loss=gw.HalfSquaredError(), rng=0, init=1.0)
    net.metadata = {"target_scaling": scaling.to_dict()}
    (values,) = session(net).run(None, {"x": raw})
    np.testing.assert_allclose(values, scaling.undo(net.predict(raw)), rtol=1e-6)


def test_a_layer_without_bias_and_one_sample():
    net = gw.Network([gw.Affine(3, 2, bias=False)], rng=0)
    x = np.ones((1, 3), np.float32)
    np.testing.assert_allclose(session(net).run(None, {"x": x})[0], net.predict(x), atol=1e-6)


def test_the_file(tmp_path):
    net, path = gw.Network.of_sizes([3, 2], rng=0), tmp_path / "모델.onnx"
    to_onnx(net, path)
    first = path.read_bytes()
    with pytest.raises(OutputExistsError):
        to_onnx(net, path)
    to_onnx(net, path, overwrite=True)
    assert path.read_bytes() == first, "equal networks make equal files"


def test_what_onnx_has_no_operation_for():
    @dataclass(frozen=True)
    class Cube(gw.ReLU):
        kind = "cube"

    with pytest.raises(ArgumentTypeError, match="Cube"):
        onnx_bytes(gw.Network([gw.Affine(2, 2), Cube(), gw.Affine(2, 2)], rng=0))
    with pytest.raises(ArgumentTypeError, match="network"):
        onnx_bytes("model.safetensors")


def test_numbers_that_float32_cannot_tell_apart():
    times = 1.7e9 + np.arange(50.0)[:, None]
    net = gw.Network.of_sizes([1, 5, 2], rng=0, init=1.0)
    scaling = Scaling.standard(times)
    net.metadata = {"scaling": scaling.to_dict()}
    model = session(net)
    assert model.get_inputs()[0].type == "tensor(double)"
    probabilities, _ = model.run(None, {"x": times})
    np.testing.assert_allclose(probabilities, net.predict(scaling.apply(times).astype(np.float32)), rtol=0, atol=1e-6)
    values = gw.Network.of_sizes([1, 1], loss=gw.HalfSquaredError(), rng=0)
    values.metadata = {"target_scaling": scaling.to_dict()}
    assert session(values).get_outputs()[0].type == "tensor(double)"


def test_a_scaling_of_another_width():
    net = gw.Network.of_sizes([2, 2], rng=0)
    net.metadata = {"scaling": Scaling.by(255, 1).to_dict()}
    with pytest.raises(ArgumentError, match=r"`metadata\['scaling'\]` must be `mean` and `scale` of 2 finite numbers"):
        onnx_bytes(net)


def test_a_saved_estimator(tmp_path):
    rng = np.random.default_rng(0)
    x, t = rng.normal(size=(80, 3)).astype(np.float32), rng.normal(size=(80, 2)) * [5, 300] + [1, -70]
    model = gw.NetworkRegressor(hidden=(6,), epochs=5, random_state=0).fit(x, t)
    model.save(tmp_path / "r.safetensors")
    (values,) = session(gw.Network.load(tmp_path / "r.safetensors")).run(None, {"x": x})
    np.testing.assert_allclose(values, model.predict(x), rtol=1e-5)
    sorter = gw.NetworkClassifier(hidden=(6,), epochs=5, random_state=0).fit(x, np.where(x[:, 0] > 0, "yes", "no"))
    sorter.save(tmp_path / "c.safetensors")
    saved = gw.Network.load(tmp_path / "c.safetensors")
    probabilities, label = session(saved).run(None, {"x": x})
    np.testing.assert_allclose(probabilities, sorter.predict_proba(x), atol=1e-6)
    assert [saved.metadata["classes"][k] for k in label] == list(sorter.predict(x))
    again = gw.NetworkClassifier.load(tmp_path / "c.safetensors")
    assert "classes" not in again.network_.metadata


def test_places_that_take_no_file(tmp_path):
    net = gw.Network.of_sizes([3, 2], rng=0)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"mine")
    for place, said in (
        ("folder", "is a folder"),
        ("none/m.onnx", "there is no folder"),
        ("file/m.onnx", "there is no folder"),
        ("a" * 300, "cannot be written"),
        ("/dev/null", "is a device"),
    ):
        for overwrite in (False, True):
            with pytest.raises(StorageError, match=said) as caught:
                to_onnx(net, tmp_path / place, overwrite=overwrite)
            assert "\n" not in caught.value.text("ko")
    for place in (None, 3, b"m.onnx"):
        with pytest.raises(ArgumentTypeError, match="`path` must be a path"):
            to_onnx(net, place)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder"]
    assert (tmp_path / "file").read_bytes() == b"mine"


def test_a_full_disk(tmp_path, monkeypatch):
    path = tmp_path / "m.onnx"
    path.write_bytes(b"the one before")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StorageError, match="No space left on device"):
        to_onnx(gw.Network.of_sizes([3, 2], rng=0), path, overwrite=True)
    assert [entry.name for entry in tmp_path.iterdir()] == ["m.onnx"]
    assert path.read_bytes() == b"the one before"


@pytest.mark.parametrize("size", [1e-40, 1e-33, 1e-20, 1e20, 1e33, 1e42, 1e300])
def test_numbers_beyond_the_range_of_float32(size):
    """Also where a column is constant, and so only shifted."""
    raw = np.random.default_rng(0).normal(size=(60, 3)) * size
    raw[:, 1] = 7.0 * size
    scaling = Scaling.standard(raw)
    net = gw.Network.of_sizes([3, 5, 2], "tanh", rng=0, init=1.0)
    net.metadata = {"scaling": scaling.to_dict()}
    model = session(net)
    dtype = {"tensor(float)": np.float32, "tensor(double)": np.float64}[model.get_inputs()[0].type]
    probabilities, _ = model.run(None, {"x": raw.astype(dtype)})
    np.testing.assert_allclose(probabilities, net.predict(scaling.apply(raw).astype(np.float32)), rtol=0, atol=1e-6)
    values = gw.Network.of_sizes([3, 1], loss=gw.HalfSquaredError(), rng=0)
    values.metadata = {"target_scaling": Scaling.standard(raw[:, :1]).to_dict()}
    x = np.random.default_rng(1).normal(size=(9, 3)).astype(np.float32)
    expected = Scaling.from_dict(values.metadata["target_scaling"]).undo(values.predict(x))
    np.testing.assert_allclose(session(values).run(None, {"x": x})[0], expected, rtol=1e-6)
