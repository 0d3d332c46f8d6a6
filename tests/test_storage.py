"""Whole files or none, and no changed byte goes unseen."""

from __future__ import annotations

import json
import os
import stat
import struct
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradwright import storage
from gradwright.errors import DataNotFoundError, MissingExtraError, ModelFileError, StorageError
from gradwright.storage import array_sum, load_tensors, tensors_to_bytes, write_atomic

posix = pytest.mark.skipif(os.name != "posix", reason="permissions as of POSIX")


@pytest.fixture(autouse=True)
def _safetensors(need_module: Any) -> None:
    need_module("safetensors")


class TestWriteAtomic:
    @pytest.mark.parametrize("name", ["note.txt", "한글 이름.bin", "it's here", ".hidden"])
    def test_writes_and_replaces(self, tmp_path: Path, name: str) -> None:
        target = tmp_path / name
        for content in (b"first", b"", b"a longer second\x00"):
            write_atomic(target, content)
            assert target.read_bytes() == content
            assert list(tmp_path.iterdir()) == [target]

    def test_takes_text_as_a_path(self, tmp_path: Path) -> None:
        write_atomic(str(tmp_path / "a"), b"x")
        assert (tmp_path / "a").read_bytes() == b"x"

    @pytest.mark.parametrize("where", ["fsync", "replace"])
    @pytest.mark.parametrize("before", [b"old", None])
    def test_a_failure_leaves_what_was_there(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, before: bytes | None
    ) -> None:
        target = tmp_path / "model"
        if before is not None:
            target.write_bytes(before)

        def fail(*args: Any) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(*((os, "fsync", fail) if where == "fsync" else (Path, "replace", fail)))
        with pytest.raises(StorageError, match=r"cannot be written: No space left on device") as caught:
            write_atomic(target, b"new")
        assert isinstance(caught.value, OSError)
        assert isinstance(caught.value.__cause__, OSError)
        assert str(target) in str(caught.value)
        assert [path.read_bytes() for path in tmp_path.iterdir()] == ([] if before is None else [before])

    def test_an_interrupt_passes_and_leaves_nothing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupt(descriptor: int) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(os, "fsync", interrupt)
        with pytest.raises(KeyboardInterrupt):
            write_atomic(tmp_path / "model", b"new")
        assert list(tmp_path.iterdir()) == []

    @posix
    def test_flushes_the_file_before_the_rename_and_the_folder_after(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        events: list[str] = []
        fsync, replace = os.fsync, Path.replace

        def seen_fsync(descriptor: int) -> None:
            events.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
            fsync(descriptor)

        def seen_replace(self: Path, target: Path) -> Path:
            events.append("rename")
            return replace(self, target)

        monkeypatch.setattr(os, "fsync", seen_fsync)
        monkeypatch.setattr(Path, "replace", seen_replace)
        write_atomic(tmp_path / "model", b"new")
        assert events == ["file", "rename", "folder"]

    @posix
    def test_a_folder_that_cannot_be_flushed_is_no_failure(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fsync = os.fsync

        def no_folders(descriptor: int) -> None:
            if stat.S_ISDIR(os.fstat(descriptor).st_mode):
                raise OSError(22, "Invalid argument")
            fsync(descriptor)

        monkeypatch.setattr(os, "fsync", no_folders)
        write_atomic(tmp_path / "model", b"new")
        assert (tmp_path / "model").read_bytes() == b"new"

    def test_no_such_folder(self, tmp_path: Path) -> None:
        with pytest.raises(StorageError, match="No such file or directory"):
            write_atomic(tmp_path / "missing" / "model", b"new")
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_in_the_place(self, tmp_path: Path) -> None:
        (tmp_path / "model").mkdir()
        with pytest.raises(StorageError):
            write_atomic(tmp_path / "model", b"new")
        assert [path.name for path in tmp_path.iterdir()] == ["model"]

    @posix
    def test_a_pipe_in_the_place(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "model")
        with pytest.raises(StorageError, match="is a device or a pipe"):
            write_atomic(tmp_path / "model", b"new")
        assert [path.name for path in tmp_path.iterdir()] == ["model"]
        assert (tmp_path / "model").is_fifo()

    def test_a_name_that_no_file_can_have(self, tmp_path: Path) -> None:
        with pytest.raises(StorageError, match="cannot be written"):
            write_atomic(tmp_path / ("a" * 300), b"new")
        assert list(tmp_path.iterdir()) == []

    @posix
    @pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() == 0, reason="root may write anywhere")
    def test_a_read_only_folder(self, tmp_path: Path) -> None:
        folder = tmp_path / "locked"
        folder.mkdir(mode=0o500)
        with pytest.raises(StorageError, match="Permission denied"):
            write_atomic(folder / "model", b"new")

    @posix
    @pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
    def test_the_umask_decides_who_may_read(self, tmp_path: Path, mask: int) -> None:
        before = os.umask(mask)
        try:
            write_atomic(tmp_path / "model", b"new")
        finally:
            os.umask(before)
        assert stat.S_IMODE((tmp_path / "model").stat().st_mode) == 0o666 & ~mask


ARRAYS: dict[str, Any] = {
    "W1": np.arange(6, dtype=np.float64).reshape(2, 3) / 7,
    "b": np.array([1, -2], dtype=np.int32),
    "step": np.array(5),
    "empty": np.zeros((0, 3), dtype=np.float32),
    "mask": np.array([True, False]),
}
METADATA = {"format": "gradwright-1", "이름": '값 "x"', "empty": ""}


def same(first: dict[str, Any], second: dict[str, Any]) -> bool:
    return set(first) == set(second) and all(
        first[name].shape == second[name].shape
        and first[name].dtype == second[name].dtype
        and first[name].tobytes() == second[name].tobytes()
        for name in first
    )


def unseen_changes(path: Path, flip: int) -> list[int]:
    """Change each byte of a saved file in turn; return where other content was read without an error."""
    arrays = {"W": np.array([[1.5, -2.0]]), "step": np.array(3, dtype=np.int32)}
    metadata = {"format": "1", "loss": "mean"}
    content = tensors_to_bytes(arrays, metadata)
    unseen = []
    for at in range(len(content)):
        changed = bytearray(content)
        changed[at] ^= flip
        path.write_bytes(changed)
        try:
            loaded = load_tensors(path)
        except ModelFileError:
            continue
        # Only blanks at the end of the header may change: what is read is then what was saved.
        if not (same(loaded[0], arrays) and loaded[1] == metadata):
            unseen.append(at)
    return unseen


class TestTensors:
    def test_round_trip(self, tmp_path: Path) -> None:
        write_atomic(tmp_path / "한글 model", tensors_to_bytes(ARRAYS, METADATA))
        arrays, metadata = load_tensors(tmp_path / "한글 model")
        assert same(arrays, ARRAYS)
        assert metadata == METADATA

    @pytest.mark.parametrize(
        "array",
        [
            np.asfortranarray(np.arange(6.0).reshape(2, 3)),
            np.arange(10.0)[::-2],
            np.array([1.5, 2.5], dtype=">f8"),
            np.broadcast_to(np.array(3.0), (2, 2)),
            np.array([np.nan, -0.0, np.inf]),
        ],
        ids=["fortran", "strided", "big-endian", "broadcast", "special"],
    )
    def test_any_layout(self, tmp_path: Path, array: Any) -> None:
        before = array.copy()
        write_atomic(tmp_path / "a", tensors_to_bytes({"x": array}, {}))
        np.testing.assert_array_equal(array, before)
        loaded = load_tensors(tmp_path / "a")[0]["x"]
        np.testing.assert_array_equal(loaded, array)
        assert loaded.shape == array.shape

    def test_nothing_at_all(self, tmp_path: Path) -> None:
        write_atomic(tmp_path / "a", tensors_to_bytes({}, {}))
        assert load_tensors(tmp_path / "a") == ({}, {})

    def test_safetensors_itself_reads_it(self) -> None:
        import safetensors.numpy

        assert same(safetensors.numpy.load(tensors_to_bytes(ARRAYS, METADATA)), ARRAYS)

    def test_same_content_same_bytes(self) -> None:
        assert tensors_to_bytes(ARRAYS, METADATA) == tensors_to_bytes(ARRAYS, METADATA)

    @pytest.mark.parametrize("flip", [0x01, 0x20, 0x80, 0xFF])
    def test_no_changed_byte_goes_unseen(self, tmp_path: Path, flip: int) -> None:
        assert unseen_changes(tmp_path / "model", flip) == []

    def test_without_the_sums_changes_would_go_unseen(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(storage, "_check_sums", lambda file, arrays, metadata: metadata.pop("sha256", None))
        # The 16 bytes of `W`, at least.
        assert len(unseen_changes(tmp_path / "model", 0x01)) > 16

    def test_no_length_but_the_whole(self, tmp_path: Path) -> None:
        content = tensors_to_bytes({"W": np.ones(2)}, {"format": "1"})
        for cut in range(len(content)):
            (tmp_path / "model").write_bytes(content[:cut])
            with pytest.raises(ModelFileError):
                load_tensors(tmp_path / "model")
        (tmp_path / "model").write_bytes(content + b"\0")
        with pytest.raises(ModelFileError):
            load_tensors(tmp_path / "model")

    @pytest.mark.parametrize("tamper", ["value", "extra", "missing", "swapped", "metadata", "sums"])
    def test_a_file_put_together_otherwise(self, tmp_path: Path, tamper: str) -> None:
        import safetensors.numpy

        arrays = {"a": np.array([1.0, 2.0]), "b": np.array([3.0, 4.0])}
        content = tensors_to_bytes(arrays, {"format": "1"})
        (length,) = struct.unpack("<Q", content[:8])
        metadata = json.loads(content[8 : 8 + length])["__metadata__"]
        if tamper == "value":
            arrays["a"][0] = 9.0
        elif tamper == "extra":
            arrays["c"] = np.ones(1)
        elif tamper == "missing":
            del arrays["b"]
        elif tamper == "swapped":
            arrays = {"a": arrays["b"], "b": arrays["a"]}
        elif tamper == "metadata":
            metadata["format"] = "2"
        else:
            metadata["sha256"] = "[]"
        (tmp_path / "model").write_bytes(safetensors.numpy.save(arrays, metadata=metadata))
        with pytest.raises(ModelFileError) as caught:
            load_tensors(tmp_path / "model")
        assert caught.value.key == "model.damaged"
        for lang in ("en", "ko"):
            assert str(tmp_path / "model") in caught.value.text(lang)

    def test_a_file_of_someone_else(self, tmp_path: Path) -> None:
        import safetensors.numpy

        for metadata in (None, {"format": "pt"}):
            (tmp_path / "model").write_bytes(safetensors.numpy.save({"a": np.ones(1)}, metadata=metadata))
            with pytest.raises(ModelFileError) as caught:
                load_tensors(tmp_path / "model")
            assert caught.value.key == "model.foreign"

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xff" * 64, b"{}", b"\x93NUMPY" + b" " * 200])
    def test_no_safetensors_file(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "model").write_bytes(content)
        with pytest.raises(ModelFileError) as caught:
            load_tensors(tmp_path / "model")
        assert caught.value.key == "model.not-safetensors"

    def test_no_file(self, tmp_path: Path) -> None:
        for path, says in ((tmp_path / "missing", "there is no file"), (tmp_path, r"is a folder.*model\.safetensors")):
            with pytest.raises(DataNotFoundError, match=says) as caught:
                load_tensors(path)
            assert isinstance(caught.value, FileNotFoundError)

    def test_without_safetensors(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "safetensors", None)
        with pytest.raises(MissingExtraError, match=r'pip install "gradwright\[app\]"'):
            tensors_to_bytes({}, {})


def test_a_sum_is_over_name_dtype_shape_and_bytes() -> None:
    zeros = np.zeros(4, dtype=np.float32)
    others = [
        array_sum("b", zeros),
        array_sum("a", zeros.view(np.int32)),
        array_sum("a", zeros.reshape(2, 2)),
        array_sum("a", -zeros),
        array_sum("a", zeros[:2]),
    ]
    assert len({array_sum("a", zeros), *others}) == 6
    assert array_sum("a", zeros) == array_sum("a", np.zeros(4, dtype=np.float32))


def test_module_keeps_no_state() -> None:
    assert not [
        name for name, value in vars(storage).items() if isinstance(value, (list, dict, set)) and name[0] != "_"
    ]
