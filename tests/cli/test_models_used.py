"""Models that are damaged, shown something else than they know, or asked for a file: nothing is lost, all is said."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from PIL import Image

import gradwright as gw
from gradwright import storage


@pytest.fixture(scope="module")
def table_model(tmp_path_factory):
    network = gw.Network.of_sizes([2, 3], rng=0)
    network.metadata = {
        "features": ["꽃잎, cm", "sepal"],
        "classes": ["장미", "a, b", 'say "c"'],
        "scaling": {"mean": [1.0, 2.0], "scale": [3.0, 4.0]},
        "data": "gone.csv",
    }
    path = tmp_path_factory.mktemp("models") / "table.safetensors"
    network.save(path)
    return path


@pytest.fixture
def rows(folder):
    path = folder / "내 rows.csv"
    path.write_text('sepal,"꽃잎, cm"\n1,2\n3,4.5\n', encoding="utf-8")
    return path


@pytest.fixture
def digit(folder):
    x = gw.data.digits().x_test[0].reshape(8, 8)
    path = folder / "it's 하나.png"
    Image.fromarray(np.rint(255 * np.kron(x, np.ones((10, 10)))).astype(np.uint8)).save(path)
    return path


# -- tables of predictions ---------------------------------------------------------------------------------------------


def test_predictions_of_a_table_as_csv(gradwright, folder, table_model, rows):
    done = gradwright("predict", table_model, rows, rows, "--out", "예측.csv")
    assert (done.status, done.err) == (0, "")
    assert "written: 예측.csv, 4 rows" in done.out
    with (folder / "예측.csv").open(encoding="utf-8", newline="") as stream:
        lines = list(csv.reader(stream))
    assert lines[0] == ["file", "row", "prediction", "p(장미)", "p(a, b)", 'p(say "c")']
    network = gw.Network.load(table_model)
    expected = np.asarray(network.predict(np.array([[1 / 3, -0.25], [3.5 / 3, 0.25]], np.float32)))
    for line, row, probs in zip(lines[1:], (1, 2, 1, 2), [*expected, *expected], strict=True):
        assert line[:3] == [str(rows), str(row), network.metadata["classes"][probs.argmax()]]
        assert [float(cell) for cell in line[3:]] == [float(p) for p in probs]


def test_predictions_of_pictures_and_of_values_as_csv(gradwright, folder, trained, digit):
    assert gradwright("predict", trained / "model.safetensors", digit, "--out", "p.csv", "--quiet") == (0, "", "")
    lines = (folder / "p.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "image,prediction," + ",".join(f"p({k})" for k in range(10))
    assert len(lines) == 2
    network = gw.Network.of_sizes([1, 2], loss=gw.HalfSquaredError(), rng=0)
    network.metadata = {"features": ["u"]}
    network.save(folder / "values.safetensors")
    (folder / "u.csv").write_text("u\n1\n", encoding="utf-8")
    document = gradwright("predict", "values.safetensors", "u.csv", "--out", "v.csv", "--json").document
    assert document["out"] == "v.csv"
    cells = (folder / "v.csv").read_text(encoding="utf-8").splitlines()
    assert cells[0] == "file,row,prediction 1,prediction 2"
    assert [float(cell) for cell in cells[1].split(",")[2:]] == document["predictions"][0]["values"]


def test_nothing_is_replaced_that_was_not_to_be(gradwright, folder, table_model, rows):
    (folder / "p.csv").write_bytes(b"mine")
    (folder / "sub").mkdir()
    model = folder / "m.safetensors"
    model.write_bytes(table_model.read_bytes())
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    for out, more, status, said in (
        ("p.csv", (), 1, "already exists"),
        ("sub", ("--overwrite",), 1, "is a folder"),
        ("none/p.csv", (), 1, "there is no folder none"),
        ("p.csv/q.csv", ("--overwrite",), 1, "there is no folder"),
        (rows, ("--overwrite",), 2, "which is read here"),
        (model, ("--overwrite",), 2, "which is read here"),
        ("/dev/null", ("--overwrite",), 1, "is a device"),
        ("가" * 200, (), 1, "cannot be written"),
    ):
        for lang in ("en", "ko"):
            done = gradwright("predict", model, rows, "--out", out, *more, "--lang", lang)
            assert (done.status, done.out, done.err.count("\n")) == (status, "", 1)
            assert lang == "ko" or said in done.err
    for bad in ("export", model, "--onnx", model, "--overwrite"), ("export", model, "--onnx", "sub", "--overwrite"):
        done = gradwright(*bad)
        assert (done.status != 0, done.out, done.err.count("\n")) == (True, "", 1)
    done = gradwright("export", model, "--onnx", "p.csv")
    assert done.status == 1
    assert "--overwrite" in done.err
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
    assert gradwright("predict", model, rows, "--out", "p.csv", "--overwrite").status == 0


def test_no_table_is_left_of_predictions_that_failed(gradwright, folder, table_model, rows):
    (folder / "bad.csv").write_text('sepal,"꽃잎, cm"\n1,x\n', encoding="utf-8")
    done = gradwright("predict", table_model, rows, "bad.csv", "--out", "p.csv")
    assert (done.status, done.out) == (1, "")
    assert not (folder / "p.csv").exists()


# -- something else than the model knows -------------------------------------------------------------------------------


def test_a_picture_for_a_model_of_a_table(gradwright, folder, table_model, digit):
    Image.open(digit).convert("RGB").save(folder / "photo.jpg")
    Image.open(digit).save(folder / "b.bmp")
    Image.open(digit).save(folder / "named.csv", format="PNG")
    for name in (digit, "photo.jpg", "b.bmp", "named.csv"):
        done = gradwright("predict", table_model, name)
        assert (done.status, done.out, done.err.count("\n")) == (1, "", 1)
        assert "is an image, but" in done.err
        assert "with the columns 꽃잎, cm, sepal." in done.err
        assert "이미지인데" in gradwright("predict", table_model, name, "--lang", "ko").err


def test_a_table_for_a_model_of_pictures(gradwright, folder, trained, rows):
    done = gradwright("predict", trained / "model.safetensors", rows)
    assert (done.status, done.out, done.err.count("\n")) == (1, "", 1)
    assert "is a table (its columns: sepal, 꽃잎, cm), but" in done.err
    assert "trained on pictures of 8 x 8 pixels" in done.err
    (folder / "note.txt").write_text("hello", encoding="utf-8")
    assert (
        "is not an image that can be read, but" in gradwright("predict", trained / "model.safetensors", "note.txt").err
    )


def test_a_model_that_names_no_columns(gradwright, folder, rows, digit):
    gw.Network.of_sizes([2, 3], rng=0).save(folder / "m.safetensors")
    for file in (rows, digit):
        done = gradwright("predict", "m.safetensors", file)
        assert (done.status, done.err.count("\n")) == (1, 1)
        assert "nor on a table with names for its columns" in done.err


def test_a_model_of_one_class_has_no_runner_up(gradwright, folder):
    network = gw.Network.of_sizes([1, 1], rng=0)
    network.metadata = {"features": ["u"], "classes": ["only"]}
    network.save(folder / "m.safetensors")
    (folder / "u.csv").write_text("u\n1\n", encoding="utf-8")
    assert "only (100.0%), the only class" in gradwright("predict", "m.safetensors", "u.csv").out


def test_a_picture_for_a_model_that_predicts_values(gradwright, folder, digit):
    network = gw.Network.of_sizes([64, 1], loss=gw.HalfSquaredError(), rng=0)
    network.metadata = {"image_shape": [8, 8], "target_scaling": {"mean": [100.0], "scale": [2.0]}}
    network.save(folder / "m.safetensors")
    (value,) = gradwright("predict", "m.safetensors", digit, "--json").document["predictions"][0]["values"]
    grey = gw.data.fitted(gw.data.read_image(digit), (8, 8)).reshape(-1)
    assert value == pytest.approx(100 + 2 * float(np.asarray(network.predict(grey))[0]))


def test_the_image_that_is_blank_is_named(gradwright, folder, trained, digit):
    Image.new("L", (50, 50), 255).save(folder / "빈 종이.png")
    for lang in ("en", "ko"):
        done = gradwright("predict", trained / "model.safetensors", digit, "빈 종이.png", "--lang", lang)
        assert (done.status, done.out, done.err.count("\n")) == (1, "", 1)
        assert "빈 종이.png: " in done.err


def test_folders_and_columns_that_the_model_takes(gradwright, folder, table_model, trained, rows):
    (folder / "sub").mkdir()
    for model in (table_model, trained / "model.safetensors"):
        done = gradwright("predict", model, "sub")
        assert (done.status, done.err) == (1, "DataNotFoundError: sub is a folder. Give the files in it, one by one.\n")
    done = gradwright("evaluate", table_model, "--data", rows, "--label", "sepal")
    assert (done.status, done.out, done.err.count("\n")) == (1, "", 1)
    assert "'sepal' is one that the model takes" in done.err


def test_what_cannot_be_drawn_is_no_result(gradwright, folder, trained):
    (folder / "file").write_bytes(b"mine")
    done = gradwright("evaluate", trained / "model.safetensors", "--out", "file/pictures")
    assert (done.status, done.out, done.err.count("\n")) == (1, "", 1)


def test_a_next_command_is_one_that_works(gradwright, folder):
    """Of rows of an NPZ file nobody knows which column is which, so `predict` is not among them."""
    np.savez(folder / "a.npz", x=np.random.default_rng(0).normal(size=(40, 3)), t=np.arange(40) % 2)
    document = gradwright("train", "--data", "a.npz", "--epochs", "1", "--out", "run", "--json").document
    assert [line.split("gradwright ")[1].split()[0] for line in document["next"]] == ["evaluate", "train"]


# -- data that are gone, models that are damaged -----------------------------------------------------------------------


def test_the_data_of_the_run_are_gone(gradwright, folder):
    rows = [f"{n % 2 * 9 + n % 5},{'ab'[n % 2]}" for n in range(40)]
    (folder / "t.csv").write_text("\n".join(["u,species", *rows]), encoding="utf-8")
    gradwright("train", "--data", "t.csv", "--out", "run", "--epochs", "2", "--quiet")
    (folder / "t.csv").rename(folder / "moved.csv")
    done = gradwright("evaluate", "run/model.safetensors")
    assert (done.status, done.out, done.err.count("\n")) == (1, "", 1)
    assert f"was trained on {folder / 't.csv'}" in done.err
    assert "no longer there" in done.err
    assert "--data" in done.err
    assert "DataNotFoundError" in done.err
    moved = gradwright("evaluate", "run/model.safetensors", "--data", "moved.csv", "--json").document
    assert moved["n_samples"] == 8, "the test part of the same data, not what was trained on"
    (folder / "other.csv").write_text("\n".join(["u,species", *rows[:10]]), encoding="utf-8")
    assert gradwright("evaluate", "run/model.safetensors", "--data", "other.csv", "--json").document["n_samples"] == 10
    (folder / "one.csv").write_text("u,species\n1,a\n", encoding="utf-8")
    assert gradwright("evaluate", "run/model.safetensors", "--data", "one.csv", "--json").document["n_samples"] == 1
    assert gradwright("evaluate", "run/model.safetensors", "--data", "t.csv").status == 2


def test_entries_of_ones_own_do_no_harm_where_they_are_not_needed(gradwright, folder):
    network = gw.Network.of_sizes([1, 2], rng=0)
    network.metadata = {"classes": ["a", "b"], "features": ["u"], "data": {"name": "mine"}, "target": 5, "seed": "x"}
    network.save(folder / "m.safetensors")
    (folder / "t.csv").write_text("u,species\n1,a\n2,b\n", encoding="utf-8")
    assert gradwright("evaluate", "m.safetensors", "--data", "t.csv").status == 0
    assert gradwright("predict", "m.safetensors", "t.csv").status == 0


def _damaged(path, source, **entries):
    """Write a model whose sums are right and whose metadata are not."""
    arrays, header = storage.load_tensors(source)
    config = json.loads(header["network"])
    config["metadata"].update(entries)
    path.write_bytes(storage.tensors_to_bytes(arrays, {**header, "network": json.dumps(config)}))


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("classes", ["0", "1"]),
        ("classes", [*map(str, range(11))]),
        ("classes", 7),
        ("image_shape", [8, 9]),
        ("image_shape", "8x8"),
        ("features", ["a"]),
        ("scaling", {"mean": [0.0], "scale": [1.0]}),
        ("scaling", {"mean": [float("nan")] * 64, "scale": [1.0] * 64}),
        ("target_scaling", {"mean": 3}),
    ],
)
def test_metadata_that_do_not_fit(gradwright, folder, trained, digit, entry, value):
    _damaged(folder / "m.safetensors", trained / "model.safetensors", **{entry: value})
    for words in (
        ("predict", "m.safetensors", digit),
        ("evaluate", "m.safetensors"),
        ("export", "m.safetensors", "--onnx", "m.onnx"),
    ):
        for lang in ("en", "ko"):
            done = gradwright(*words, "--lang", lang)
            assert (done.status, done.out, done.err.count("\n")) == (1, "", 1)
            assert done.err.startswith("ModelFileError: m.safetensors")
            assert f"'metadata.{entry}'" in done.err
    assert not (folder / "m.onnx").exists()


@pytest.mark.parametrize(
    ("entry", "value"), [("data", 3), ("data", []), ("seed", "0"), ("target", [5]), ("fingerprint", 1)]
)
def test_an_origin_that_is_none(gradwright, folder, trained, entry, value):
    _damaged(folder / "m.safetensors", trained / "model.safetensors", **{entry: value})
    done = gradwright("evaluate", "m.safetensors", "--json")
    assert (done.status, done.err.count("\n")) == (1, 1)
    assert f"'metadata.{entry}'" in done.err
    assert done.document["error"]["type"] == "ModelFileError"


def test_models_cut_at_any_length(gradwright, folder, trained, digit):
    content = (trained / "model.safetensors").read_bytes()
    for length in [*range(200), *range(200, len(content), 997), len(content) - 1]:
        (folder / "m.safetensors").write_bytes(content[:length])
        done = gradwright("predict", "m.safetensors", digit)
        assert (done.status, done.out, done.err.count("\n")) == (1, "", 1)
