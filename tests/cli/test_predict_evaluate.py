"""``gradwright predict`` and ``evaluate`` on a model that ``train`` made."""

from __future__ import annotations

import numpy as np
import pytest

import gradwright as gw
from gradwright import data


@pytest.fixture
def model(trained):
    return trained / "model.safetensors"


def _picture(path, x, shape, *, zoom=15, light=True, need):
    image = need("PIL.Image")
    grey = np.rint(np.asarray(x).reshape(shape) * 255).astype(np.uint8)
    grey = np.pad(np.kron(grey, np.ones((zoom, zoom), np.uint8)), 3 * zoom)
    image.fromarray(255 - grey if light else grey).save(path)


def test_drawn_digits_are_told_in_either_polarity_and_any_size(gradwright, folder, model, need_module):
    digits = gw.data.digits()
    network = gw.Network.load(model)
    sure = np.flatnonzero(np.asarray(network.predict(digits.x_test)).max(axis=1) > 0.999)[:20]
    right = 0
    for k, i in enumerate(sure):
        path = folder / f"숫자 {i}.png"
        _picture(path, digits.x_test[i], (8, 8), zoom=7 + k, light=bool(k % 2), need=need_module)
        found = gradwright("predict", model, path, "--json").document["predictions"][0]
        right += found["class"] == str(digits.t_test[i])
        assert found["ranking"][0]["probability"] >= found["ranking"][1]["probability"]
        assert sum(one["probability"] for one in found["ranking"]) == pytest.approx(1, abs=1e-5)
    assert right >= 18


def test_the_example_of_the_run_is_told_as_the_network_tells_it(gradwright, trained, model):
    digits = gw.data.digits()
    expected = int(np.argmax(gw.Network.load(model).predict(digits.x_test[0])))
    done = gradwright("predict", model, trained / "example.png")
    assert f"example.png: {expected} (" in done.out
    assert "then" in done.out
    assert "다음 후보" in gradwright("predict", model, trained / "example.png", "--lang", "ko").out


def test_several_images_in_their_order(gradwright, trained, model):
    image = trained / "example.png"
    assert len(gradwright("predict", model, image, image).out.splitlines()) == 2
    assert gradwright("predict", model, image, "--quiet") == (0, "", "")


@pytest.mark.parametrize("content", [b"", b"no image", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_what_is_no_image_is_named_and_nothing_is_skipped(gradwright, folder, trained, model, content):
    (folder / "bad.png").write_bytes(content)
    done = gradwright("predict", model, trained / "example.png", "bad.png")
    assert done.status == 1
    assert done.out == ""
    assert "bad.png" in done.err
    assert len(done.err.splitlines()) == 1


def test_an_empty_sheet_is_no_digit(gradwright, folder, model, need_module):
    need_module("PIL.Image").new("L", (50, 50), 255).save(folder / "empty.png")
    done = gradwright("predict", model, "empty.png")
    assert done.status == 1
    assert len(done.err.splitlines()) == 1


def test_a_model_that_is_none(gradwright, folder, trained):
    (folder / "m.safetensors").write_bytes(b"\x08\0\0\0\0\0\0\0{}      ")
    for path in ("m.safetensors", "missing.safetensors", trained / "curves.png", folder):
        done = gradwright("predict", path, trained / "example.png")
        assert done.status == 1
        assert len(done.err.splitlines()) == 1


def test_a_damaged_model_is_refused(gradwright, folder, trained, model):
    content = bytearray(model.read_bytes())
    content[-5] ^= 1
    (folder / "m.safetensors").write_bytes(bytes(content))
    done = gradwright("predict", "m.safetensors", trained / "example.png")
    assert done.status == 1
    assert "SHA-256" in done.err


def test_a_model_that_was_not_trained_on_pictures(gradwright, folder, trained):
    gw.Network([gw.Affine(5, 2)], rng=0).save(folder / "m.safetensors")
    done = gradwright("predict", "m.safetensors", trained / "example.png")
    assert done.status == 1
    assert "not trained on pictures" in done.err


def test_evaluation_is_that_of_the_library(gradwright, model):
    digits = gw.data.digits()
    found = gw.evaluate(gw.Network.load(model), digits.x_test, digits.t_test)
    document = gradwright("evaluate", model, "--data", "digits", "--json").document
    assert document["accuracy"] == found.accuracy >= 0.95
    assert document["confusion"] == found.confusion.tolist()
    done = gradwright("evaluate", model, "--data", "digits")
    assert f"accuracy {found.accuracy:.4f}" in done.out
    assert len(done.out.splitlines()) >= 12


def test_evaluation_draws_and_does_not_overwrite(gradwright, folder, model):
    done = gradwright("evaluate", model, "--data", "digits", "--out", "a/그림")
    assert done.status == 0
    assert {p.name for p in (folder / "a" / "그림").iterdir()} == {"confusion.png", "mistakes.png", "weights.png"}
    (folder / "a" / "그림" / "confusion.png").write_bytes(b"mine")
    again = gradwright("evaluate", model, "--data", "digits", "--out", "a/그림")
    assert again.status == 1
    assert (folder / "a" / "그림" / "confusion.png").read_bytes() == b"mine"
    assert gradwright("evaluate", model, "--data", "digits", "--out", "a/그림", "--overwrite").status == 0


def test_evaluation_needs_fitting_data(gradwright, folder, model, mnist_folder):
    assert gradwright("evaluate", model).status == 0  # on what it was trained on
    gw.Network([gw.Affine(64, 10)], rng=0).save(folder / "m.safetensors")
    assert gradwright("evaluate", "m.safetensors").status == 2
    done = gradwright("evaluate", model, "--data", "mnist", "--data-dir", mnist_folder)
    assert done.status == 1
    assert "784" in done.err
    assert len(done.err.splitlines()) == 1


@pytest.mark.slow
def test_pictures_of_mnist_digits(gradwright, folder, mnist_folder, need_module):
    """A model trained on MNIST tells enlarged black-on-white pictures of its test digits."""
    words = ("--data", "mnist", "--data-dir", mnist_folder, "--epochs", "3", "--batch-size", "50")
    assert gradwright("train", *words, "--optimizer", "momentum", "--out", "m", "--quiet").status == 0
    mnist = data.mnist(mnist_folder)
    right = 0
    for i in range(60):
        _picture(folder / f"{i}.png", mnist.x_test[i], (28, 28), zoom=6, need=need_module)
        found = gradwright("predict", "m/model.safetensors", f"{i}.png", "--json").document["predictions"][0]
        right += found["class"] == str(mnist.t_test[i])
    assert right >= 55


@pytest.mark.parametrize("words", [("predict", "there", "image.png"), ("evaluate", "there")])
def test_a_folder_is_no_model_and_the_model_in_it_is_named(gradwright, folder, words):
    (folder / "there").mkdir()
    done = gradwright(*words)
    assert done.status == 1
    assert "there is a folder" in done.err
    assert "model.safetensors" in done.err
    assert len(done.err.splitlines()) == 1
