"""What lies at a path: a file, or a folder without what file managers leave there."""

from __future__ import annotations

from pathlib import Path

from gradwright.errors import DataError, DataNotFoundError

# Nobody sees these, and nobody put them there: of them alone nothing is said.
_NOT_DATA = ("thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "__macosx", "@eadir")


def check_file(file: Path) -> None:
    """Raise unless there is a file: a folder has nothing to read, and a pipe may never have."""
    if not file.exists():
        raise DataNotFoundError("file.missing", path=str(file))
    if file.is_dir():
        raise DataNotFoundError("file.folder-given", path=str(file))
    if not file.is_file():
        raise DataNotFoundError("file.no-file", path=str(file))


#: A file that unpacks to more than so many bytes, and so many times its own size, is made to fill the memory: of zeros
#: alone deflate makes a 230th to a 1,000th, of images a tenth, of tables with hardly anything but zeros a hundredth.
_LARGE, _MOST_TIMES = 1 << 27, 200


def check_unpacked(file: Path, size: int) -> None:
    """Raise if a packed file that claims to unpack to `size` bytes is made to fill the memory."""
    packed = file.stat().st_size
    if size > max(_LARGE, _MOST_TIMES * packed):
        raise DataError("file.bomb", path=str(file), packed=packed, size=size)


def entries(folder: Path) -> list[Path]:
    """Return the files and folders in a folder by name, but for hidden ones and those of file managers."""
    return [
        entry
        for entry in sorted(folder.iterdir())
        if not entry.name.startswith(".") and entry.name.lower() not in _NOT_DATA
    ]
