"""Writing a network into a folder: whole or not at all, and never over anything that is no network."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from sim.errors import NetworkError
from sim.network.schema import FILES, OPTIONAL_FILES

_NETWORK_FILES = {*FILES, *OPTIONAL_FILES, "journeys.csv", "SOURCES.md"}


def require_free(folder: Path, *, force: bool) -> None:
    """Refuse a folder whose content would be lost; with `force` a network in it may be.

    Raises
    ------
    NetworkError
        It is a file, or is not empty (with `force`: holds something else than a network).
    """
    target = folder.resolve()
    if not target.exists():
        return
    if not target.is_dir():
        raise NetworkError(str(folder), ["is a file. Name a folder that is new or empty."])
    held = sorted(path.name for path in target.iterdir())
    foreign = [name for name in held if name not in _NETWORK_FILES]
    if held and not force:
        problem = f"holds {len(held)} files or folders already. Name a new folder"
        problem += "." if foreign else ", or write --force to replace the network in it."
        raise NetworkError(str(folder), [problem])
    if foreign:
        problem = f"holds '{foreign[0]}', which is no file of a network; --force would lose it. Name another folder."
        raise NetworkError(str(folder), [problem])


def write_whole(folder: Path, write: Callable[[Path], object], *, force: bool) -> None:
    """Let a network be written beside a folder, then put it there; what fails leaves the folder as it was.

    Parameters
    ----------
    folder : Path
        Made with its parents where it does not exist.
    write : callable
        Writes all files of the network into the folder that it is given.
    force : bool
        Replace what is in the folder, if that is a network.

    Raises
    ------
    NetworkError
        As `require_free` says, or the folder cannot be written.
    """
    require_free(folder, force=force)
    target = folder.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as temporary:
            fresh = Path(temporary) / "fresh" / target.name
            fresh.parent.mkdir()
            write(fresh)
            _put_in_place(fresh, target, Path(temporary) / "old")
    except OSError as error:
        raise NetworkError(str(folder), [f"cannot be written ({error.strerror or error})."]) from error


def _put_in_place(fresh: Path, target: Path, old: Path) -> None:
    """Move the new folder to where the old one stood, or leave the old one there."""
    replaced = target.exists()
    if replaced:
        target.rename(old)
    try:
        fresh.rename(target)
    except OSError:
        if replaced:
            old.rename(target)
        raise
