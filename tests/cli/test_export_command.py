"""``gradwright export``, to the numbers that ``predict`` gives."""

from __future__ import annotations

import json

import numpy as np
import onnxruntime as runtime


def test_it_predicts_as_the_command_does(gradwright, folder):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 3)) * [1, 100, 1e-4]
    rows = [f"{a!r},{b!r},{c!r},{'ab'[int(a > 0)]}" for a, b, c in x.tolist()]
    (folder / "t.csv").write_text("\n".join(["u,v,w,class", *rows]), encoding="utf-8")
    gradwright("train", "--data", "t.csv", "--out", "run", "--epochs", "5")
    done = gradwright("export", "run/model.safetensors", "--onnx", "m.onnx")
    assert (done.status, done.err) == (0, "")
    assert "probabilities, label" in done.out
    said = json.loads(gradwright("predict", "run/model.safetensors", "t.csv", "--json").out)["predictions"]
    model = runtime.InferenceSession(str(folder / "m.onnx"), providers=["CPUExecutionProvider"])
    probabilities, label = model.run(None, {"x": x.astype(np.float32)})
    classes = json.loads(model.get_modelmeta().custom_metadata_map["classes"])
    assert [classes[k] for k in label] == [one["class"] for one in said]
    np.testing.assert_allclose(probabilities.max(axis=1), [one["probability"] for one in said], atol=1e-6)
    done = gradwright("export", "run/model.safetensors", "--onnx", "m.onnx")
    assert done.status == 1
    assert "m.onnx" in done.err


def test_without_a_format(gradwright, folder):
    done = gradwright("export", "run/model.safetensors")
    assert done.status == 2
    assert "--onnx" in done.err
