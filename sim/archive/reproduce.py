"""Computing an archived study again, and comparing every digest."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.archive.pack import STUDY, SUMS
from sim.errors import DataError
from sim.locate import is_file, shown
from sim.scenario.restore import restore_scenario
from sim.study import Progress, StudyPlan, run_study
from sim.study.inputs import INPUTS
from sim.study.manifest import read_manifest
from sim.study.precision import as_precision
from sim.study.store import FORMAT, code_digest, file_digest, read_json
from sim.study.sweep import as_sweep

# What the library for ZIP files raises where one is damaged, encrypted or packed in another way.
_UNREADABLE = (OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)
MOST_TIMES = 100  # size unpacked to size packed; tables pack to a tenth or more of it (assumption)
_SMALL = 1_000_000  # bytes, below which an archive is taken to be as large


@dataclass(frozen=True, slots=True)
class Reproduced:
    """What computing a study again found.

    Parameters
    ----------
    study : str
    runs : int
        Number of results in the archive.
    same_bytes, same_ledgers : int
        How many of them there are whose result file and whose ledger came out the same.
    same_code : bool
        Whether the program here is the one that ran the study.
    differing_packages : tuple of str
        Packages of another version than then.
    """

    study: str
    runs: int
    same_bytes: int
    same_ledgers: int
    same_code: bool
    differing_packages: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every digest came out."""
        return self.same_bytes == self.same_ledgers == self.runs


def reproduce(archive: Path, jobs: int | None = None, progress: Callable[[Progress], None] | None = None) -> Reproduced:
    """Run an archived study again.

    Parameters
    ----------
    archive : Path
        Made by `sim.archive.pack_study`.

    Raises
    ------
    DataError
        It is no archive, or a file in it is not what its checksum says.
    """
    with tempfile.TemporaryDirectory(prefix="sim-archive-") as scratch:
        folder = Path(scratch).resolve()
        _unpack(archive, folder)
        then = read_manifest(folder / STUDY)
        if then is None or then.get("format") != FORMAT:
            raise DataError(shown(archive), [f"holds no study of format {FORMAT}, which this version reads."])
        plan = _plan(folder / STUDY, then)
        again = run_study(plan, folder / "again", jobs=jobs, progress=progress, engine=then["engine"])
        return _compared(then, again.manifest)


def _unpack(archive: Path, folder: Path) -> None:
    """Unpack an archive whose every file is what its checksum says."""
    if archive.exists() and not is_file(archive):
        raise DataError(shown(archive), ["is no file. Name an archive that `sim archive` made."])
    try:
        with zipfile.ZipFile(archive) as opened:
            names = [entry.filename for entry in opened.infolist() if not entry.is_dir()]
            wrong = [name for name in opened.namelist() if not (folder / name).resolve().is_relative_to(folder)]
            if wrong:
                raise DataError(shown(archive), [f"'{wrong[0]}' would be written outside its folder."])
            _require_room(archive, sum(entry.file_size for entry in opened.infolist()), folder)
            opened.extractall(folder)
    except _UNREADABLE as error:
        words = getattr(error, "strerror", None) or error
        raise DataError(shown(archive), [f"cannot be read as an archive ({words})."]) from error
    sums = folder / SUMS
    if not sums.is_file():
        raise DataError(shown(archive), [f"has no {SUMS}: it was not made by `sim archive`."])
    lines = sums.read_text(encoding="utf-8", errors="replace").splitlines()
    digests = {name: digest for digest, _, name in (line.partition("  ") for line in lines) if name}
    problems = []
    for name in sorted({*digests, *names} - {SUMS}):
        if name not in names:
            problems.append(f"{name} is missing.")
        elif name not in digests:
            problems.append(f"{name} has no checksum.")
        elif file_digest(folder / name) != digests[name]:
            problems.append(f"{name} is not what its checksum says.")
    if problems:
        raise DataError(shown(archive), problems)


def _require_room(archive: Path, size: int, folder: Path) -> None:
    """Refuse what would fill the disk, and what is packed so closely that it was made to."""
    if size > MOST_TIMES * max(archive.stat().st_size, _SMALL):
        raise DataError(shown(archive), [f"holds {size:,} bytes, more than {MOST_TIMES} times its own size."])
    free = shutil.disk_usage(folder).free
    if size > free:
        message = f"needs {size:,} bytes to be unpacked, and {free:,} are free. Make room, or set TMPDIR."
        raise DataError(shown(archive), [message])


def _plan(folder: Path, manifest: dict[str, Any]) -> StudyPlan:
    scenarios = []
    for entry in manifest["scenarios"]:
        resolved = read_json(folder / str(entry["resolved"]))
        if resolved is None:
            raise DataError(shown(folder), [f"{entry['resolved']} is missing or damaged."])
        scenarios.append(restore_scenario(resolved, folder / INPUTS))
    asked = manifest["precision"]
    count = manifest["replications_first"] if asked else manifest["replications"]
    plan = StudyPlan(
        name=manifest["study"],
        path=None,
        title=manifest["title"],
        question=manifest["question"],
        baseline=manifest["baseline"],
        scenarios=tuple(scenarios),
        replications=count,
        seed=manifest["seed"],
        baselines=tuple(manifest["baselines"]),
        sweeps=tuple(as_sweep(entry) for entry in manifest["sweeps"]),
        precision=as_precision(asked) if asked else None,
    )
    return plan.with_(count, manifest["seed"])


def _compared(then: dict[str, Any], now: dict[str, Any]) -> Reproduced:
    found = {(run["scenario"], run["replication"]): run for run in now["runs"]}
    same_bytes = same_ledgers = 0
    for run in then["runs"]:
        other = found.get((run["scenario"], run["replication"]), {})
        same_bytes += other.get("sha256") == run["sha256"]
        same_ledgers += other.get("ledger_digest") == run["ledger_digest"]
    before, after = then["versions"]["packages"], now["versions"]["packages"]
    differing = [
        f"{name} {before[name]} there, {after.get(name)} here" for name in before if before[name] != after.get(name)
    ]
    same_code = then["versions"]["code"] == code_digest()
    return Reproduced(then["study"], len(then["runs"]), same_bytes, same_ledgers, same_code, tuple(differing))
