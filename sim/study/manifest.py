"""The manifest of a finished study: versions, digests, seeds, references; written last, without a time."""

from __future__ import annotations

import json
import platform
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from hashlib import sha256
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import Any

from sim import __version__
from sim.locate import name_problem
from sim.references import sources_in, works_in
from sim.scenario import Scenario
from sim.study.inputs import input_records
from sim.study.load import StudyPlan
from sim.study.precision import as_record
from sim.study.store import (
    BANDS,
    FORMAT,
    code_digest,
    file_digest,
    read_facts,
    read_json,
    result_path,
    write_bands,
    write_json,
)
from sim.study.warm_up import warm_up_of
from sim.study.work import facts_path

NAME = "manifest.json"
_PACKAGES = ("duckdb", "networkx", "numba", "numpy", "pyyaml", "scipy", "simpy", "tzdata")


def write_manifest(
    directory: Path, plan: StudyPlan, keys: dict[str, str], engine: str, fair: Collection[str] = ()
) -> None:
    """Write resolved scenarios and bands over time, then the manifest; a folder with a manifest is a finished study.

    Parameters
    ----------
    fair : collection of str
        Names of the scenarios whose warm-up is tested.
    """
    files = [
        (s.name, n, result_path(directory, keys[s.name], n)) for s in plan.scenarios for n in range(plan.replications)
    ]
    write_bands(directory / BANDS, files)
    for scenario in plan.scenarios:
        content = scenario.resolved() | {"digest": scenario.digest}
        write_json(directory / "resolved" / f"{scenario.name}.json", content)
    warm_up = warm_up_of(directory, [s for s in plan.scenarios if s.name in fair], keys, plan.replications)
    write_json(directory / NAME, _manifest(directory, plan, keys, engine) | {"warm_up": warm_up})


def read_manifest(directory: Path) -> dict[str, Any] | None:
    """The manifest of a folder; None if there is no finished study in it, or a damaged manifest.

    That of another format is returned as it is.
    """
    found = read_json(directory / NAME)
    return found if found is None or found.get("format") != FORMAT or _is_sound(found) else None


_SHAPE: Mapping[str, type] = {
    **dict.fromkeys(("study", "title", "question", "baseline", "engine", "digest", "version"), str),
    **dict.fromkeys(("replications", "replications_first", "seed"), int),
    **dict.fromkeys(("baselines", "sweeps", "scenarios", "runs", "references", "inputs", "warm_up"), list),
    **dict.fromkeys(("versions", "bands"), dict),
}
_RUN: Mapping[str, type] = {**dict.fromkeys(("scenario", "file", "sha256", "ledger_digest"), str), "replication": int}
_SCENARIO: Mapping[str, type] = dict.fromkeys(("name", "key", "label", "question", "facts", "resolved"), str)


def _is_sound(found: dict[str, Any]) -> bool:
    """Whether a manifest has what readers ask of it, and names no file outside its folder."""
    if not (_has(found, _SHAPE) and {"sweeps", "precision"} <= set(found)):
        return False
    if not all(_has(run, _RUN) for run in found["runs"]) or not all(_has(x, _SCENARIO) for x in found["scenarios"]):
        return False
    files = [run["file"] for run in found["runs"]]
    files += [x[word] for x in found["scenarios"] for word in ("facts", "resolved")]
    names = {x["name"] for x in found["scenarios"]}
    return (
        not any(PurePosixPath(file).is_absolute() or ".." in PurePosixPath(file).parts for file in files)
        and not any(map(name_problem, (found["study"], *names)))
        and names >= {found["baseline"], *(run["scenario"] for run in found["runs"])}
        and all(0 <= run["replication"] < found["replications"] for run in found["runs"])
    )


def _has(found: Any, shape: Mapping[str, type]) -> bool:
    return isinstance(found, dict) and all(isinstance(found.get(key), kind) for key, kind in shape.items())


def versions() -> dict[str, Any]:
    """The program, Python and the packages that can move a result, as they are here."""
    return {
        "sim": __version__,
        "code": code_digest(),
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in _PACKAGES},
    }


def sealed_files(directory: Path) -> dict[Path, str]:
    """SHA-256 of every result file of a finished study, as its manifest says; empty for an unfinished one."""
    manifest = read_manifest(directory) or {}
    return {directory / str(entry["file"]): str(entry["sha256"]) for entry in manifest.get("runs", [])}


def has_bands(directory: Path, manifest: dict[str, Any]) -> bool:
    """Whether the table of bands over time is there and what the manifest says."""
    path = directory / BANDS
    return path.is_file() and manifest.get("bands", {}).get("sha256") == file_digest(path)


def _manifest(directory: Path, plan: StudyPlan, keys: dict[str, str], engine: str) -> dict[str, Any]:
    runs = [
        _run(directory, scenario, keys[scenario.name], n)
        for scenario in plan.scenarios
        for n in range(plan.replications)
    ]
    return {
        "format": FORMAT,
        "version": __version__,
        "digest": _digest(plan, keys),
        "study": plan.name,
        **describe(plan),
        "engine": engine,
        "versions": versions(),
        "scenarios": [_scenario(directory, s, keys[s.name]) for s in plan.scenarios],
        "inputs": input_records(plan.scenarios),
        "references": _references(directory, plan.scenarios),
        "bands": {"file": BANDS, "sha256": file_digest(directory / BANDS)},
        "runs": runs,
    }


def describe(plan: StudyPlan) -> dict[str, Any]:
    """What a study asks besides its scenarios, as plain JSON values."""
    asked: dict[str, Any] = {
        "title": plan.title,
        "question": plan.question,
        "baseline": plan.baseline,
        "baselines": list(plan.baselines or (plan.baseline,)),
        "sweeps": [asdict(sweep) for sweep in plan.sweeps],
        "precision": None if plan.precision is None else as_record(plan.precision),
        "replications_first": plan.replications_first,
        "replications": plan.replications,
        "seed": plan.seed,
    }
    return dict(json.loads(json.dumps(asked)))  # tuples as the lists that a manifest holds


def _digest(plan: StudyPlan, keys: dict[str, str]) -> str:
    """What the whole study computes: the keys of its scenarios in order, and the number of replications."""
    text = " ".join([*(keys[scenario.name] for scenario in plan.scenarios), str(plan.replications)])
    return sha256(text.encode()).hexdigest()


def _scenario(directory: Path, scenario: Scenario, key: str) -> dict[str, Any]:
    return {
        "name": scenario.name,
        "label": scenario.title,
        "question": scenario.question,
        "source": scenario.source,
        "expected": scenario.expected,
        "predictions": [prediction.resolved() for prediction in scenario.predictions],
        "digest": scenario.digest,
        "key": key,
        "facts": f"facts/{scenario.name}.json",
        "resolved": f"resolved/{scenario.name}.json",
    }


def _run(directory: Path, scenario: Scenario, key: str, replication: int) -> dict[str, Any]:
    path = result_path(directory, key, replication)
    facts = read_facts(path) or {}
    return {
        "scenario": scenario.name,
        "replication": replication,
        "file": path.relative_to(directory).as_posix(),
        "sha256": file_digest(path),
        "plan_digest": facts.get("plan_digest", ""),
        "ledger_digest": facts.get("ledger_digest", ""),
    }


def _references(directory: Path, scenarios: Iterable[Scenario]) -> list[dict[str, str]]:
    """Everything a reader of the study must cite, sorted: scenarios' sources, parameters, law, network."""
    found: dict[tuple[str, str], dict[str, str]] = {}

    def note(title: str, href: str, status: str, used_for: str) -> None:
        entry = {"title": title, "href": href, "status": status, "used_for": used_for}
        known = found.setdefault((title, href), entry)
        if used_for.startswith("parameter ") and used_for not in known["used_for"].split("; "):
            known["used_for"] += f"; {used_for}"

    for scenario in scenarios:
        for source in sources_in(scenario.source):
            note(source.title, source.href, source.status, scenario.name)
        for assumption in scenario.values().ranges.values():
            for work in works_in(assumption.source):  # words without a work stand in the table of assumptions
                note(work.title, work.href, assumption.basis, f"parameter {assumption.name}")
        facts = read_json(facts_path(directory, scenario.name)) or {}
        for entry in facts.get("references", []):
            if isinstance(entry, dict) and entry.get("title"):
                fields = (str(entry.get(k, "")) for k in ("title", "href", "status", "used_for"))
                note(*fields)
    return [found[key] for key in sorted(found)]
