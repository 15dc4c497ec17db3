"""Networks and reforms of one's own: known by name and content, carried into a study, found again there."""

from __future__ import annotations

import hashlib
import os
import shutil
from functools import lru_cache
from pathlib import Path

from sim.errors import DataError, ScenarioError
from sim.locate import data_dir, is_file, is_folder

DIGITS = 16  # hex digits of a content in a name: 64 bits, no accident
_SEPARATOR = "@"


def settled_reform(name: str) -> str:
    """A reform as a scenario keeps it: a shipped name, or the absolute path of a file of one's own."""
    return str(Path(name).resolve()) if name.endswith((".yaml", ".yml")) else name


def settled_network(name: str) -> str:
    """A network as a scenario keeps it: a shipped name, or the absolute path of a folder of one's own."""
    shipped = os.sep not in name and is_file(data_dir() / "networks" / name / "network.csv")
    return name if shipped or not is_folder(Path(name)) else str(Path(name).resolve())


def is_own(name: str) -> bool:
    """Whether a settled network or reform is of one's own rather than one that comes with the program."""
    return Path(name).is_absolute()


def named(name: str) -> str:
    """How a network or reform is named in results: as shipped, or by its stem and its content.

    Two files of one name and different content differ; a copy elsewhere does not.

    Raises
    ------
    ScenarioError
        The file or folder is gone.
    """
    return f"{_stem(Path(name))}{_SEPARATOR}{content_digest(Path(name))[:DIGITS]}" if is_own(name) else name


def short_name(name: str) -> str:
    """The name without the digits of its content, for words and figures.

    Examples
    --------
    >>> short_name("my_tax@0123456789abcdef"), short_name("nafta_withdrawal")
    ('my_tax', 'nafta_withdrawal')
    """
    stem, separator, digits = name.rpartition(_SEPARATOR)
    return stem if separator and len(digits) == DIGITS else name


def content_digest(path: Path) -> str:
    """SHA-256 of a reform file, or of the tables of a network folder with their names.

    Raises
    ------
    ScenarioError
        There is no such file or folder any more.
    """
    try:
        stamp = tuple((file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in _files(path))
        return _content_digest(path, stamp)
    except OSError as error:
        raise ScenarioError(str(path), [f"cannot be read any more ({error.strerror})."]) from error


def carry(name: str, inputs: Path) -> str:
    """Copy a network or reform of one's own to ``<inputs>/<digest>/<its name>``; the path of the copy.

    A shipped name is returned as it is. The folder has all that a study needs to be run or explained again,
    wherever it is moved.
    """
    path = Path(name)
    if not is_own(name):
        return name
    digest = content_digest(path)
    copy = inputs.resolve() / digest[:DIGITS] / path.name
    if _is_whole(copy, digest):
        return str(copy)
    copy.parent.mkdir(parents=True, exist_ok=True)
    temporary = copy.with_name(f".{copy.name}.{os.getpid()}")
    _discard(temporary)
    if path.is_dir():
        temporary.mkdir()
        for file in [*_files(path), *path.glob("*.md")]:
            shutil.copyfile(file, temporary / file.name)
    else:
        shutil.copyfile(path, temporary)
    _discard(copy)
    temporary.replace(copy)
    if content_digest(copy) != digest:
        raise ScenarioError(str(path), ["changed while it was being copied. Run the study again."])
    return str(copy)


def find_carried(name: str, inputs: Path) -> str:
    """The path of what a result names by stem and content; a shipped name is returned as it is.

    Raises
    ------
    DataError
        It is not among the inputs, or no longer what it was.
    """
    stem = short_name(name)
    if stem == name:
        return name
    folder = inputs.resolve() / name.rpartition(_SEPARATOR)[2]
    for path in sorted(folder.glob("[!.]*")):
        if named(str(path)) == name:
            return str(path)
    problem = f"'{stem}', with which it was run, is missing or changed in {inputs.name}/. Run the study again."
    raise DataError(str(inputs.parent), [problem])


def discard_others(inputs: Path, kept: frozenset[str]) -> None:
    """Remove inputs that no scenario names any more, and an empty folder."""
    wanted = {name.rpartition(_SEPARATOR)[2] for name in kept if short_name(name) != name}
    for folder in sorted(inputs.glob("*")):
        if folder.name not in wanted:
            _discard(folder)
    if inputs.is_dir() and not any(inputs.iterdir()):
        inputs.rmdir()


def _files(path: Path) -> list[Path]:
    """The files that make the content: the tables of a folder, or the file itself."""
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.iterdir() if file.suffix == ".csv" and file.is_file())


def _stem(path: Path) -> str:
    return path.name if path.is_dir() else path.stem


@lru_cache(maxsize=256)
def _content_digest(path: Path, stamp: tuple[tuple[str, int, int], ...]) -> str:
    """`stamp` tells one state of the files from the next."""
    total = hashlib.sha256()
    for file in _files(path):
        content = file.read_bytes()
        label = file.name if path.is_dir() else ""  # a reform's name stands in front of the digest already
        total.update(f"{label} {len(content)}\n".encode())
        total.update(content)
    return total.hexdigest()


def _is_whole(copy: Path, digest: str) -> bool:
    return copy.exists() and content_digest(copy) == digest


def _discard(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
