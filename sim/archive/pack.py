"""Packing a finished study: results, inputs, the program with its law, the environment, checksums and metadata."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from sim.archive.crate import crate_metadata
from sim.archive.environment import environment_text
from sim.errors import DataError
from sim.locate import data_dir, shown
from sim.study import Study, load_study
from sim.study.manifest import read_manifest, sealed_files, versions
from sim.study.store import file_digest

STUDY, PROGRAM = "study", "program/sim"
SUMS, METADATA, ENVIRONMENT, README = "SHA256SUMS", "ro-crate-metadata.json", "environment.txt", "README.md"
_AGAIN = "Run the study again."
_EPOCH = (1980, 1, 1, 0, 0, 0)  # of every entry: the same content always gives the same bytes
_SOURCE = (".py", ".yaml", ".csv", ".json", ".gz", ".j2", ".typ", ".md", ".typed", ".txt")
_README = """# {title}

{question}

This archive holds a finished study of nafta-sim {version} and all that is needed to compute it again.

- `study/` the study: manifest, resolved scenarios, results, facts, networks and reforms of its own, report
- `program/sim/` the program that computed it, with the law and the networks that come with it
- `environment.txt` the versions of Python and of the packages it ran with
- `ro-crate-metadata.json` what this is, by whom and under which licence, as repositories read it (RO-Crate 1.1)
- `SHA256SUMS` checksums of every file; `sha256sum -c SHA256SUMS` checks them

To compute it again, with Python {python}:

    pip install -r environment.txt
    PYTHONPATH=program python -m sim reproduce ARCHIVE.zip

which unpacks the archive, runs every scenario and replication, and compares the digests of all {runs} results with
those of the manifest ({digest}).
"""


def pack_study(directory: Path, target: Path | None = None, on: dt.date | None = None) -> Path:
    """Pack a finished study into one file.

    Parameters
    ----------
    directory : Path
        Its folder.
    target : Path, optional
        The archive; by default ``<study>.zip`` beside the folder.
    on : date, optional
        Date of publication in the metadata; today (UTC) by default. All else depends on the study alone, so that the
        same study packed on the same day gives the same bytes.

    Raises
    ------
    DataError
        No finished study there; a file of it is damaged; the program or a package here is not the one that computed it;
        or the archive cannot be written.
    """
    study = load_study(directory)
    _check(study)
    beside = directory if directory.name not in ("", "..") else directory.resolve()
    path = target or beside.with_name(f"{study.name}.zip")
    entries = dict(sorted(_entries(study, on or dt.datetime.now(dt.UTC).date())))
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in entries.items())
    try:
        _write(path, {**entries, SUMS: sums.encode()})
    except OSError as error:
        raise DataError(shown(path), [f"cannot be written ({error.strerror or error}). Name another file."]) from error
    return path


def _check(study: Study) -> None:
    """Refuse what would not be as the archive says: the program, the environment, the results."""
    then, now = study.manifest["versions"], versions()
    problems = []
    if then["code"] != now["code"]:
        problems.append(f"was computed by another program than the one here. {_AGAIN}")
    packages = {"Python": (then["python"], now["python"])} | {
        name: (version, now["packages"].get(name)) for name, version in then["packages"].items()
    }
    problems += [
        f"was computed with {name} {before}, and here is {after or 'none'}. {_AGAIN}"
        for name, (before, after) in packages.items()
        if before != after
    ]
    problems += [
        f"{path.relative_to(study.directory).as_posix()} is not what the manifest says. {_AGAIN}"
        for path, digest in sealed_files(study.directory).items()
        if file_digest(path) != digest
    ]
    if problems:
        raise DataError(shown(study.directory), list(dict.fromkeys(problems)))


def _write(path: Path, entries: Mapping[str, bytes]) -> None:
    """Write an archive under a temporary name first, so that it is whole or absent."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in entries.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    temporary.replace(path)


def _entries(study: Study, on: dt.date) -> Iterator[tuple[str, bytes]]:
    files = {f"{STUDY}/{name}": content for name, content in _files(study.directory)}
    program = {f"{PROGRAM}/{name}": content for name, content in _files(data_dir().parent, _SOURCE)}
    environment = environment_text()
    manifest = read_manifest(study.directory) or {}
    readme = _README.format(
        title=manifest["title"],
        question=manifest["question"],
        version=manifest["version"],
        python=manifest["versions"]["python"],
        runs=len(manifest["runs"]),
        digest=manifest["digest"],
    )
    texts = {ENVIRONMENT: environment, README: readme}
    content = {**files, **program, **{name: text.encode() for name, text in texts.items()}}
    yield from content.items()
    sizes = {name: len(data) for name, data in {**content, SUMS: b""}.items()}
    metadata = crate_metadata(manifest, sizes, on)
    yield METADATA, (json.dumps(metadata, indent=2, ensure_ascii=False) + "\n").encode()


def _files(folder: Path, suffixes: tuple[str, ...] = ()) -> Iterator[tuple[str, bytes]]:
    """Every file below a folder that is not hidden, by its name there."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if not path.is_file() or any(part.startswith((".", "__pycache__")) for part in name.parts):
            continue
        if not suffixes or path.suffix in suffixes:
            yield name.as_posix(), path.read_bytes()
