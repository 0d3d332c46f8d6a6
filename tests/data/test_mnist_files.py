"""MNIST: from a folder, from the cache, from a mirror on this machine."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import http.server
import os
import socket
import struct
import threading
import time

import numpy as np
import pytest

from gradwright.data.mnist_files import MIRRORS, SOURCES, Source, cache_folder, cached, mnist
from gradwright.errors import (
    DataError,
    DataNotFoundError,
    DownloadError,
    LabelError,
    MissingExtraError,
    ShapeError,
    StorageError,
)


def idx(array):
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def contents(n_train=20, n_test=10):
    rng = np.random.default_rng(7)
    parts = []
    for n in (n_train, n_test):
        parts += [rng.integers(0, 256, (n, 28, 28), np.uint8), np.arange(n, dtype=np.uint8) % 10]
    return {source.name: idx(part) for source, part in zip(SOURCES, parts, strict=True)}


FILES = contents()
SMALL = tuple(Source(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in FILES.items())


@contextlib.contextmanager
def serving(answers, status=200, encoding=None):
    """Serve `answers` (a function of the file name) on this machine; yield the address and the names asked for."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path.rpartition("/")[2])
            body = answers(asked[-1])
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            if encoding:
                self.send_header("Content-Encoding", encoding)
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/mnist/", asked
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(autouse=True)
def _here(monkeypatch):
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")


@pytest.fixture
def dead():
    """The address of a server that is down."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return f"http://127.0.0.1:{port}/mnist/"


def good(name):
    return gzip.compress(FILES[name.removesuffix(".gz")], 1)


def flipped(name):
    content = bytearray(FILES[name.removesuffix(".gz")])
    content[-1] ^= 1
    return gzip.compress(bytes(content))


def test_a_mirror_fills_the_cache_and_the_next_use_asks_no_one(tmp_path, need_module, capfd):
    need_module("pooch")
    cache = tmp_path / "한글 it's" / "mnist"
    with serving(good) as (url, asked):
        paths = cached(cache, sources=SMALL, mirrors=[url])
        assert asked == [f"{source.name}.gz" for source in SMALL]
        assert cached(cache, sources=SMALL, mirrors=[url]) == paths
        assert len(asked) == 4
    assert [path.read_bytes() for path in paths] == list(FILES.values())
    assert sorted(path.name for path in cache.iterdir()) == sorted(FILES)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("first", "status"),
    [
        (flipped, 200),
        (good, 404),
        (good, 500),
        (lambda name: good(name)[:-20], 200),  # cut off
        (lambda name: good(name)[:10] + b"\xff" * 30, 200),  # no deflate stream
        (lambda name: b"<html>please log in</html>", 200),
        (lambda name: b"", 200),
        (lambda name: good(name) + gzip.compress(bytes(1 << 20)), 200),  # more than there should be
        (lambda name: os.urandom(300_000), 200),  # more than is taken
    ],
)
def test_a_bad_first_mirror_is_passed_over(tmp_path, need_module, first, status):
    need_module("pooch")
    with serving(first, status) as (bad, asked), serving(good) as (url, _):
        paths = cached(tmp_path, sources=SMALL[1:2], mirrors=[bad, url])
        assert len(asked) == 1
    assert paths[0].read_bytes() == FILES[SMALL[1].name]


def test_a_first_mirror_that_is_down_is_passed_over(tmp_path, need_module, dead):
    need_module("pooch")
    with serving(good) as (url, _):
        assert len(cached(tmp_path, sources=SMALL, mirrors=[dead, url])) == 4


def test_a_server_that_undoes_the_compression_is_understood(tmp_path, need_module):
    need_module("pooch")
    with serving(good, encoding="gzip") as (url, _):
        assert len(cached(tmp_path, sources=SMALL, mirrors=[url])) == 4


def test_two_corrupt_mirrors_leave_nothing_behind(tmp_path, need_module):
    need_module("pooch")
    cache = tmp_path / "mnist"
    with (
        serving(flipped) as (one, _),
        serving(lambda name: good(name)[:-1]) as (two, _),
        pytest.raises(DataError) as caught,
    ):
        cached(cache, sources=SMALL, mirrors=[one, two])
    text = str(caught.value)
    assert f"{one}train-images-idx3-ubyte.gz: SHA-256" in text
    assert two in text
    assert not cache.exists()


def test_a_server_cannot_fill_the_memory(tmp_path, need_module):
    need_module("pooch")
    with (
        serving(lambda name: bytes(2 * SMALL[1].size + 4097)) as (endless, _),
        pytest.raises(DownloadError, match="OSError"),
    ):
        cached(tmp_path, sources=SMALL[1:2], mirrors=[endless])


def test_offline_names_the_option_that_needs_no_network(tmp_path, need_module, dead):
    need_module("pooch")
    with pytest.raises(DownloadError) as caught:
        cached(tmp_path, sources=SMALL, mirrors=[dead, dead])
    for lang in ("en", "ko"):
        text = caught.value.text(lang)
        assert "`--data-dir DIR`" in text
        assert "`folder=`" in text
        assert "train-images-idx3-ubyte" in text
        assert "\n" not in text
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_cache_is_mended(tmp_path, need_module):
    need_module("pooch")
    (tmp_path / SMALL[1].name).write_bytes(b"damaged")
    with serving(good) as (url, _):
        paths = cached(tmp_path, sources=SMALL, mirrors=[url])
    assert paths[1].read_bytes() == FILES[SMALL[1].name]


def test_a_cache_that_cannot_be_made_is_an_error_of_storage(tmp_path, need_module):
    need_module("pooch")
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with serving(good) as (url, _), pytest.raises(StorageError, match="cannot be written"):
        cached(tmp_path / "file" / "mnist", sources=SMALL, mirrors=[url])


def test_no_download_unless_it_is_allowed(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADWRIGHT_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path / "mnist"
    with pytest.raises(DataNotFoundError, match="train-images-idx3-ubyte"):
        mnist(download=False)


def test_pooch_is_asked_for_only_where_it_is_needed(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pooch", None)
    monkeypatch.setenv("GRADWRIGHT_CACHE", str(tmp_path))
    with pytest.raises(MissingExtraError, match=r"gradwright\[app\]"):
        mnist()
    monkeypatch.delenv("GRADWRIGHT_CACHE")
    with pytest.raises(MissingExtraError):
        cache_folder()
    for source in SMALL:
        (tmp_path / source.name).write_bytes(FILES[source.name])
    assert len(cached(tmp_path, sources=SMALL, mirrors=[])) == 4
    assert len(mnist(tmp_path).x_train) == 20


def test_the_users_cache_is_the_default(monkeypatch, need_module):
    pooch = need_module("pooch")
    monkeypatch.delenv("GRADWRIGHT_CACHE", raising=False)
    assert cache_folder() == pooch.os_cache("gradwright") / "mnist"


@pytest.mark.parametrize(
    ("spelling", "packed"),
    [("{}", False), ("{}.gz", True), ("dotted", False), ("dotted.gz", True)],
)
def test_a_folder_with_each_usual_spelling(tmp_path, spelling, packed):
    for name, content in FILES.items():
        file = tmp_path / spelling.replace("dotted", name.replace("-idx", ".idx")).format(name)
        file.write_bytes(gzip.compress(content) if packed else content)
    data = mnist(tmp_path)
    assert (data.x_train.shape, data.x_test.shape, data.image_shape) == ((20, 784), (10, 784), (28, 28))
    raw = np.frombuffer(FILES["train-images-idx3-ubyte"], np.uint8, offset=16).reshape(20, 784)
    np.testing.assert_array_equal(data.x_train, raw.astype(np.float32) / np.float32(255))
    np.testing.assert_array_equal(data.t_test, np.arange(10))
    assert data.classes == tuple("0123456789")


@pytest.mark.parametrize("missing", list(FILES))
def test_a_file_that_the_folder_lacks_is_named(tmp_path, missing):
    for name in set(FILES) - {missing}:
        (tmp_path / name).write_bytes(FILES[name])
    with pytest.raises(DataNotFoundError) as caught:
        mnist(tmp_path)
    assert str(tmp_path) in str(caught.value)
    assert missing in str(caught.value)


def test_a_folder_that_does_not_exist(tmp_path):
    with pytest.raises(DataNotFoundError, match="none"):
        mnist(tmp_path / "none")


@pytest.mark.parametrize(
    ("name", "array", "error", "fragment"),
    [
        ("train-images-idx3-ubyte", np.zeros(20, np.uint8), DataError, "3 axes"),
        ("train-images-idx3-ubyte", np.zeros((0, 28, 28), np.uint8), DataError, "none empty"),
        ("train-labels-idx1-ubyte", np.zeros((20, 1), np.uint8), DataError, "1 axes"),
        ("train-labels-idx1-ubyte", np.arange(19, dtype=np.uint8) % 10, ShapeError, "20 rows but `t_train` has 19"),
        ("t10k-labels-idx1-ubyte", np.arange(10, dtype=np.uint8) + 1, LabelError, "`t_test` has label 10 in row 9"),
        ("t10k-images-idx3-ubyte", np.zeros((10, 8, 8), np.uint8), ShapeError, "64 features"),
    ],
)
def test_files_that_do_not_fit_together(tmp_path, name, array, error, fragment):
    for other, content in FILES.items():
        (tmp_path / other).write_bytes(content)
    (tmp_path / name).write_bytes(idx(array))
    with pytest.raises(error) as caught:
        mnist(tmp_path)
    assert fragment in str(caught.value)


@pytest.mark.slow
def test_the_real_files(mnist_folder):
    start = time.perf_counter()
    data = mnist(mnist_folder)
    assert time.perf_counter() - start < 10
    assert (data.x_train.shape, data.x_test.shape) == ((60_000, 784), (10_000, 784))
    assert (data.x_train.dtype, data.x_train.min(), data.x_train.max()) == (np.float32, 0, 1)
    np.testing.assert_array_equal(data.t_train[:5], [5, 0, 4, 1, 9])
    np.testing.assert_array_equal(np.bincount(data.t_test), [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
    assert data.x_train.mean() == pytest.approx(0.1307, abs=1e-4)
    assert data.one_vs_rest(5).t_test.sum() == 892


@pytest.mark.slow
def test_the_sums_are_those_of_the_real_files(mnist_folder):
    for source in SOURCES:
        content = gzip.decompress((mnist_folder / f"{source.name}.gz").read_bytes())
        assert (len(content), hashlib.sha256(content).hexdigest()) == (source.size, source.sha256)
    assert all(mirror.startswith("https://") and mirror.endswith("/") for mirror in MIRRORS)
