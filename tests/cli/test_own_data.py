"""Training, evaluating and predicting on files of one's own."""

from __future__ import annotations

import json
import sys

import numpy as np
import pytest
from PIL import Image
from rich.cells import cell_len

import gradwright as gw


@pytest.fixture
def flowers(folder):
    rng = np.random.default_rng(0)
    lines = ["petal,sepal,kind"]
    for number in range(60):
        kind = number % 2
        petal, sepal = rng.normal(1000 * kind, 100), rng.normal(-5 * kind, 0.5)
        lines.append(f"{petal!r},{sepal!r},{('rose', 'tulip')[kind]}")
    path = folder / "꽃 data.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def prices(folder):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(80, 2)) * [3, 500] + [10, 2000]
    t = 1000 * x[:, 0] + 2 * x[:, 1] + 0.5
    lines = ["rooms,area,price", *(f"{a!r},{b!r},{c!r}" for (a, b), c in zip(x.tolist(), t.tolist(), strict=True))]
    path = folder / "prices.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_table_of_classes(gradwright, folder, flowers):
    done = gradwright("train", "--data", flowers.name, "--out", "run", "--epochs", "20")
    assert (done.status, done.err) == (0, "")
    assert "100.00% of the test samples are right" in done.out
    assert "predict run/model.safetensors" in done.out.replace("\\", "/")
    network = gw.Network.load(folder / "run" / "model.safetensors")
    data = gw.data.load(flowers)
    assert network.metadata["classes"] == ["rose", "tulip"]
    assert network.metadata["scaling"] == data.scaling.to_dict()
    assert network.accuracy(data.x_test, data.t_test) == 1
    written = json.loads((folder / "run" / "run.json").read_text(encoding="utf-8"))
    assert written["settings"]["data_fingerprint"] == data.fingerprint()
    assert written["result"]["preprocessing"]["scaling"] == data.scaling.to_dict()
    done = gradwright("evaluate", "run/model.safetensors", "--json")
    assert json.loads(done.out)["n_samples"] == len(data.x_test)


def test_rows_are_predicted_as_the_training_data_were_scaled(gradwright, folder, flowers):
    gradwright("train", "--data", flowers.name, "--out", "run", "--epochs", "20")
    (folder / "new.csv").write_text("sepal,id,petal\n0.1,7,3.0\n-5,8,1010\n", encoding="utf-8")
    done = gradwright("predict", "run/model.safetensors", "new.csv", "--json")
    found = json.loads(done.out)["predictions"]
    assert [one["class"] for one in found] == ["rose", "tulip"]
    network, data = gw.Network.load(folder / "run" / "model.safetensors"), gw.data.load(flowers)
    expected = network.predict(data.scaling.apply([[3.0, 0.1]]).astype(np.float32))[0]
    assert found[0]["probability"] == pytest.approx(float(expected.max()), rel=1e-6)
    done = gradwright("predict", "run/model.safetensors", "new.csv")
    assert done.out.startswith("new.csv, 1: rose (")
    (folder / "new.csv").write_text("sepal,width\n0.1,7\n", encoding="utf-8")
    done = gradwright("predict", "run/model.safetensors", "new.csv")
    assert done.status == 1
    assert "no column 'petal'" in done.err


def test_other_data_are_evaluated_whole_and_in_the_scale_of_the_model(gradwright, folder, flowers):
    gradwright("train", "--data", flowers.name, "--out", "run", "--epochs", "20")
    rows = [f"{1000 * (n % 3 > 0)},{-5 * (n % 3 > 0)},{('rose', 'tulip')[int(n % 3 > 0)]}" for n in range(30)]
    (folder / "more.csv").write_text("\n".join(["petal,sepal,kind", *rows]), encoding="utf-8")
    found = json.loads(gradwright("evaluate", "run/model.safetensors", "--data", "more.csv", "--json").out)
    assert (found["n_samples"], found["accuracy"]) == (30, 1.0)
    (folder / "more.csv").write_text("petal,sepal,kind\n1,2,lily\n3,4,rose\n5,6,lily\n7,8,rose\n", encoding="utf-8")
    done = gradwright("evaluate", "run/model.safetensors", "--data", "more.csv")
    assert done.status == 1
    assert "lily" in done.err


def test_a_table_of_values(gradwright, folder, prices):
    done = gradwright("train", "--data", "prices.csv", "--out", "run", "--epochs", "200", "--hidden", "20")
    assert (done.status, done.err) == (0, "")
    assert "half squared error" in done.out
    found = json.loads(gradwright("evaluate", "run/model.safetensors", "--json", "--out", "pictures").out)
    assert found["r2"][0] > 0.9
    assert (folder / "pictures" / "predictions.png").read_bytes().startswith(b"\x89PNG")
    (folder / "new.csv").write_text("rooms,area\n10,2000\n", encoding="utf-8")
    value = json.loads(gradwright("predict", "run/model.safetensors", "new.csv", "--json").out)["predictions"][0]
    assert value["values"][0] == pytest.approx(14_000, rel=0.1)


def test_a_folder_of_pictures(gradwright, folder):
    rng = np.random.default_rng(0)
    for name, place in (("left", 0), ("right", 4)):
        (folder / "pictures" / name).mkdir(parents=True)
        for number in range(20):
            grey = rng.integers(0, 40, (8, 8), dtype=np.uint8)
            grey[:, place : place + 4] += 180
            Image.fromarray(grey).save(folder / "pictures" / name / f"{number}.png")
    done = gradwright("train", "--data", "pictures", "--out", "run", "--epochs", "30")
    assert (done.status, done.err) == (0, "")
    assert "100.00% of the test samples are right" in done.out
    large = Image.open(folder / "pictures" / "right" / "3.png").resize((64, 64))
    large.save(folder / "large.png")
    done = gradwright("predict", "run/model.safetensors", "large.png")
    assert done.out.startswith("large.png: right (")


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("--data", ""), 2, "--data needs a value"),
        (("--data", "nothing.csv"), 2, "`--data` must be one of digits, mnist, or an existing file or folder"),
        (("--data", "t.csv", "--label", "nope"), 1, "no column 'nope'"),
        (("--data", "digits", "--label", "t"), 2, "`--label` is for data of your own"),
        (("--data", "digits", "--task", "regression"), 2, "`--task` is for data of your own"),
        (("--data", "t.csv", "--task", "sorting"), 2, "`--task` must be one of"),
        (("--data", "t.csv", "--data-dir", "x"), 2, "--data mnist"),
        (("--data", "bad.csv"), 1, "bad.csv, line 3: column 'u' holds 'x'"),
    ],
)
def test_mistakes(gradwright, folder, words, status, said):
    (folder / "t.csv").write_text("u,y\n1,a\n2,b\n", encoding="utf-8")
    (folder / "bad.csv").write_text("u,y\n1,a\nx,b\n", encoding="utf-8")
    done = gradwright("train", *words)
    assert (done.status, done.out) == (status, "")
    assert said in done.err
    assert done.err.count("\n") == 1
    assert sorted(path.name for path in folder.iterdir()) == ["bad.csv", "t.csv"]


def test_a_learning_rate_that_is_looked_for(gradwright, folder, flowers):
    done = gradwright("train", "--data", flowers.name, "--out", "run", "--epochs", "10", "--learning-rate", "auto")
    assert (done.status, done.err) == (0, "")
    found = json.loads((folder / "run" / "run.json").read_text(encoding="utf-8"))
    rate = found["result"]["learning_rate"]
    assert found["settings"]["learning_rate"] == "auto"
    assert f"Learning rate {rate:g}:" in done.out
    rows = (folder / "run" / "learning-rate.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0] == "kind,rate,loss"
    assert sum(row.startswith("trial,") for row in rows) >= 5  # two on each side of the best
    assert (folder / "run" / "learning-rate.png").read_bytes().startswith(b"\x89PNG")
    gradwright("train", "--data", flowers.name, "--out", "same", "--epochs", "10", "--learning-rate", repr(rate))
    again = gradwright("train", "--from", "run/run.json", "--out", "again")
    assert again.status == 0
    for other in ("same", "again"):
        first, second = (gw.Network.load(folder / name / "model.safetensors").params for name in ("run", other))
        assert all(first[name].tobytes() == second[name].tobytes() for name in first)


def test_columns_go_by_their_names_when_other_data_are_evaluated(gradwright, folder, flowers):
    gradwright("train", "--data", flowers.name, "--out", "run", "--epochs", "20")
    rows = [line.split(",") for line in flowers.read_text(encoding="utf-8").splitlines()]
    turned = "\n".join(f"{b},7,{a},{c}".replace("sepal,7", "sepal,id") for a, b, c in rows)
    (folder / "turned.csv").write_text(turned, encoding="utf-8")
    found = json.loads(gradwright("evaluate", "run/model.safetensors", "--data", "turned.csv", "--json").out)
    assert (found["n_samples"], found["accuracy"]) == (60, 1.0)


def test_one_row_of_one_class_can_be_evaluated(gradwright, folder, flowers):
    gradwright("train", "--data", flowers.name, "--out", "run", "--epochs", "20")
    (folder / "one.csv").write_text("petal,sepal,kind\n1000,-5,tulip\n", encoding="utf-8")
    found = json.loads(gradwright("evaluate", "run/model.safetensors", "--data", "one.csv", "--json").out)
    assert (found["n_samples"], found["accuracy"]) == (1, 1.0)


def test_data_that_changed_since_are_not_scored(gradwright, folder, flowers):
    gradwright("train", "--data", flowers.name, "--out", "run", "--epochs", "2")
    flowers.write_text(flowers.read_text(encoding="utf-8") + "\n1,2,rose", encoding="utf-8")
    done = gradwright("evaluate", "run/model.safetensors")
    assert done.status == 1
    assert "no longer what" in done.err


def test_the_label_is_remembered_for_the_same_file(gradwright, folder):
    rows = [f"{'ab'[n % 2]},{n % 2 * 9 + n % 5}" for n in range(40)]
    (folder / "t.csv").write_text("\n".join(["species,u", *rows]), encoding="utf-8")
    gradwright("train", "--data", "t.csv", "--label", "species", "--out", "run", "--epochs", "5")
    for words in ((), ("--data", "t.csv")):
        assert gradwright("evaluate", "run/model.safetensors", *words).status == 0


def test_pictures_have_one_unit_wherever_they_come_from(gradwright, folder):
    rng = np.random.default_rng(0)
    x, t = rng.integers(0, 40, (60, 8, 8), dtype=np.uint8), np.arange(60) % 2
    x[t == 1, :, 4:] += 180
    np.savez(folder / "bytes.npz", x=x, t=t)
    for number, (grey, label) in enumerate(zip(x, t, strict=True)):
        (folder / "files" / str(label)).mkdir(parents=True, exist_ok=True)
        Image.fromarray(grey).save(folder / "files" / str(label) / f"{number}.png")
    for data, other in (("bytes.npz", "files"), ("files", "bytes.npz")):
        gradwright("train", "--data", data, "--out", f"run {data}", "--epochs", "20")
        found = json.loads(gradwright("evaluate", f"run {data}/model.safetensors", "--data", other, "--json").out)
        assert (found["n_samples"], found["accuracy"]) == (60, 1.0)


def test_pictures_in_a_unit_of_their_own(gradwright, folder):
    """Their least and largest number in training are taken for black and white; without them the unit is not known."""
    rng = np.random.default_rng(0)
    x, t = rng.integers(0, 3, (60, 8, 8)), np.arange(60) % 2
    x[t == 1, :, 4:] += 14
    x[t == 0, :, :4] += 14
    np.savez(folder / "odd.npz", x=x.astype(float), t=t)
    gradwright("train", "--data", "odd.npz", "--out", "odd", "--epochs", "20")
    network = gw.Network.load(folder / "odd" / "model.safetensors")
    assert network.metadata["image_range"] == [0, 16]
    for number in range(10):
        grey = np.rint(x[number] / 16 * 255).astype(np.uint8)
        Image.fromarray(grey).save(folder / "p.png")
        found = gradwright("predict", "odd/model.safetensors", "p.png", "--json").document["predictions"][0]
        scaled = gw.data.Scaling.from_dict(network.metadata["scaling"]).apply(x[number].reshape(-1))
        expected = np.asarray(network.predict(scaled))
        assert found["class"] == str(t[number])
        assert found["probability"] == pytest.approx(expected.max(), abs=0.01)  # a byte is 1/16 of a level or so
    del network.metadata["image_range"]
    network.save(folder / "old.safetensors")
    done = gradwright("predict", "old.safetensors", "p.png")
    assert done.status == 1
    assert "unit" in done.err


def test_a_cell_too_large_is_named_by_its_line(gradwright, folder, flowers):
    gradwright("train", "--data", flowers.name, "--out", "run", "--epochs", "2")
    (folder / "new.csv").write_text("sep=;\nsepal;petal\n\n-5;1000\n-5;1e300\n", encoding="utf-8")
    for words, said in (
        (("predict", "run/model.safetensors", "new.csv"), "new.csv, line 5, column 'petal': 1e+300 is so far"),
        (("predict", "run/model.safetensors", "new.csv", "--lang", "ko"), "new.csv, 5번째 줄, 'petal' 열: 1e+300 값은"),
    ):
        done = gradwright(*words)
        assert (done.status, done.out, done.err.count("\n")) == (1, "", 1)
        assert done.err.startswith(f"DataError: {said}")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("petal,sepal\n1,2\n3,n/a\n", "line 3: column 'sepal' holds 'n/a'"),
        ("petal,sepal\n1\n", "line 2: 1 cells"),
        ("petal|sepal\n1|2\n", "one column only, 'petal|sepal'"),
        ('id,note,petal,sepal\n1,"x,1,2\n2,"y,3,4\n', "line 2: the row that begins here"),
        ("", "is an empty file"),
        ("petal,sepal\n", "no rows"),
        ("PETAL,SEPAL\n1,2\n", "no column 'petal'"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_tables_that_cannot_be_predicted_from(gradwright, folder, flowers, content, said, lang):
    gradwright("train", "--data", flowers.name, "--out", "run", "--epochs", "1", "--hidden", "2")
    (folder / "new.csv").write_text(content, encoding="utf-8")
    done = gradwright("predict", "run/model.safetensors", "new.csv", "--lang", lang)
    assert (done.status, done.out, done.err.count("\n")) == (1, "", 1)
    assert "new.csv" in done.err
    if lang == "en":
        assert said in done.err


def test_renamed_columns_are_other_data(gradwright, folder, flowers):
    gradwright("train", "--data", flowers.name, "--out", "run", "--epochs", "2", "--checkpoint-every", "1")
    text = flowers.read_text(encoding="utf-8")
    flowers.write_text(text.replace("petal,sepal", "sepal,petal"), encoding="utf-8")
    for words, said in (
        (("train", "--from", "run/run.json", "--out", "again"), "are not those of the run"),
        (("train", "--out", "run", "--resume"), "are not those of the run"),
        (("evaluate", "run/model.safetensors"), "no longer what"),
    ):
        done = gradwright(*words)
        assert (done.status, done.err.count("\n")) == (1, 1)
        assert said in done.err


def test_messages_name_the_file_as_it_was_given(gradwright, folder):
    (folder / "in here").mkdir()
    (folder / "in here" / "t.csv").write_text("u,y\n1,a\n2,a\n", encoding="utf-8")
    (folder / "r.csv").write_text("u,y\n" + "".join(f"{n},{n}.5\n" for n in range(9)), encoding="utf-8")
    for words, said in (
        (("--data", "in here/t.csv"), "DataError: in here/t.csv: every training sample is of the class 'a'"),
        (("--data", "in here/t.csv", "--lang", "ko"), "DataError: in here/t.csv: 훈련 데이터가 모두 'a' 클래스"),
        (("--data", "r.csv", "--target", "1"), "DataError: r.csv: there are no classes"),
    ):
        done = gradwright("train", *words)
        assert (done.status, done.out) == (1, "")
        assert done.err.replace("\\", "/").startswith(said)


def test_other_data_of_another_width(gradwright, folder, flowers, prices):
    gradwright("train", "--data", flowers.name, "--out", "run", "--epochs", "1")
    gradwright("train", "--data", prices.name, "--out", "values", "--epochs", "1")
    np.savez(folder / "a.npz", x=np.ones((4, 3)), t=np.array(["rose", "tulip"] * 2))
    np.savez(folder / "b.npz", x=np.ones((4, 2)), t=np.ones((4, 2)) / 3)
    (folder / "c.csv").write_text("petal,sepal,kind\n1,2,rose\n1,2,lily\n", encoding="utf-8")
    for words, said in (
        (("run/model.safetensors", "--data", "a.npz"), "a.npz: a sample has 3 features, but the model takes 2"),
        (("values/model.safetensors", "--data", "b.npz"), "b.npz: a sample has 2 values to predict"),
        (("run/model.safetensors", "--data", "c.csv"), "c.csv, line 3: the model does not know these classes: lily"),
    ):
        done = gradwright("evaluate", *words)
        assert (done.status, done.out) == (1, "")
        assert done.err.startswith(f"DataError: {said}")


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there are no such names")
def test_a_name_that_is_no_text(gradwright, folder):
    (folder / "\udcff.csv").write_text("u,y\n1,a\n2,b\n", encoding="utf-8")
    done = gradwright("train", "--data", "\udcff.csv", "--out", "run")
    assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
    assert "a name that is no text in UTF-8" in done.err
    assert not (folder / "run").exists()


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_columns_of_hangul_stand_under_their_heads(gradwright, folder, lang):
    names = ["아주 긴 이름의 클래스", "짧음"]
    rows = "".join(f"{i % 7},{i * i % 5},{names[i % 2]}\n" for i in range(40))
    (folder / "꽃.csv").write_text("a,b,y\n" + rows, encoding="utf-8")
    trained = gradwright("train", "--data", "꽃.csv", "--steps", "9", "--out", "run", "--lang", lang).out.split("\n\n")
    scored = gradwright("evaluate", "run/model.safetensors", "--lang", lang).out.split("\n\n")
    for table in (trained[1], scored[1]):
        lines = table.splitlines()
        assert len(lines) > 1
        assert len({cell_len(line) for line in lines}) == 1, table


def test_several_values_to_predict_are_numbered(gradwright, folder):
    x = np.random.default_rng(0).normal(size=(40, 2))
    np.savez("two.npz", x=x, t=np.c_[100 * x[:, 0], x.sum(axis=1)])
    assert gradwright("train", "--data", "two.npz", "--steps", "9", "--out", "run", "--quiet").status == 0
    lines = gradwright("evaluate", "run/model.safetensors").out.splitlines()
    assert [line[:14] for line in lines] == ["1: 8 samples: ", "2: 8 samples: "]
