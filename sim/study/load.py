"""Study files: which scenarios are compared with which baseline, how often and from which seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sim.errors import Problem, ScenarioError, nearest
from sim.locate import find_scenario, is_file, name_problem
from sim.scenario import Scenario, load_scenario
from sim.scenario.model import MOST_REPLICATIONS, WITHOUT_SHOCKS
from sim.scenario.parsers import parse_count
from sim.scenario.sheet import Reader, read_sheet
from sim.study.precision import Precision
from sim.study.sweep import SWEEP, Sweep, read_sweeps
from sim.study.targets import read_precision
from sim.yaml_text import Location, read_yaml

TREE = "branches"  # key of a policy tree
KEYS = ("title", "question", "baseline", "scenarios", SWEEP, "precision", "replications", "seed")


@dataclass(frozen=True, slots=True)
class StudyPlan:
    """What a study will run.

    Parameters
    ----------
    name : str
        Stem of the file; names the output folder.
    baseline : str
        Name of the scenario that the others are compared with; the first of `scenarios`.
    scenarios : tuple of Scenario
        With distinct names, and the study's seed and replications.
    baselines : tuple of str
        All scenarios that others are compared with, `baseline` first.
    sweeps : tuple of Sweep
        Families of scenarios that vary something, already among `scenarios`.
    precision : Precision, optional
        Replications are added until this is met.
    replications_first : int
        Replications to begin with where a precision is asked for; 0 where none is.

    Raises
    ------
    ScenarioError
        The name cannot name a folder of results.
    """

    name: str
    path: Path | None
    title: str
    question: str
    baseline: str
    scenarios: tuple[Scenario, ...]
    replications: int
    seed: int
    baselines: tuple[str, ...] = ()
    sweeps: tuple[Sweep, ...] = ()
    precision: Precision | None = None
    replications_first: int = 0

    def __post_init__(self) -> None:
        problem = name_problem(self.name)
        if problem:
            raise ScenarioError(str(self.path or self.name), [problem])

    def with_(self, replications: int | None = None, seed: int | None = None) -> StudyPlan:
        """A copy with another number of replications or another seed, in every scenario."""
        count = self.replications if replications is None else replications
        root = self.seed if seed is None else seed
        scenarios = tuple(s.with_(replications=count, seed=root) for s in self.scenarios)
        return replace(self, scenarios=scenarios, replications=count, seed=root)


def is_study(path: Path) -> bool:
    """Whether a file lists scenarios or sweeps, or is a policy tree, rather than being one scenario."""
    return bool(_keys(path) & {"scenarios", SWEEP, TREE})


def is_tree(path: Path) -> bool:
    """Whether a file is a policy tree."""
    return TREE in _keys(path)


def _keys(path: Path) -> set[str]:
    document, _ = read_yaml(path)
    return set(document.value) if document is not None and isinstance(document.value, dict) else set()


def load_study_file(name: str | Path) -> StudyPlan:
    """Read a study and all its scenarios.

    Parameters
    ----------
    name : str or Path
        A file, or the name of a shipped study. Scenarios are named as files beside it.

    Raises
    ------
    ScenarioError
        Every problem of the study file and of each of its scenarios.
    """
    path = find_scenario(name)
    reader = Reader(read_sheet(path))
    reader.keys((), KEYS, required=("title", "question", "baseline"))
    replications = reader.parsed(("replications",), parse_count(1, MOST_REPLICATIONS), 20)
    seed = reader.parsed(("seed",), parse_count(0, 2**63 - 1), 1994)
    title, question = reader.text(("title",)), reader.text(("question",))
    members = [find_member(reader, ("scenarios", n)) for n in range(reader.count(("scenarios",)))]
    baselines = _baselines(reader)
    _check_members(reader, members)
    precision = read_precision(reader)
    reader.require()
    files = list(dict.fromkeys(file for file in (*baselines, *members) if file is not None))
    scenarios = _load_all(path, files)
    sweeps, varied = read_sweeps(reader, {s.name: s for s in scenarios})
    reader.require()
    plan = StudyPlan(
        path.stem,
        path,
        title,
        question,
        scenarios[0].name,
        (*scenarios, *varied),
        replications,
        seed,
        tuple(file.stem for file in baselines if file is not None),
        sweeps,
        precision,
    )
    return plan.with_(replications, seed)


def _baselines(reader: Reader) -> list[Path | None]:
    """The baseline, or each of several."""
    if not isinstance(reader.sheet.get(("baseline",)), list):
        return [find_member(reader, ("baseline",))]
    found = [find_member(reader, ("baseline", n)) for n in range(reader.count(("baseline",)))]
    if not found:
        reader.add(("baseline",), "is empty. Name one scenario or more.")
    return found


def single_study(scenarios: Sequence[Scenario], baseline: Scenario | None = None) -> StudyPlan:
    """A study of scenarios given in Python, or of a file that is one scenario.

    Parameters
    ----------
    scenarios : sequence of Scenario
        One or more; the last names the study when there is one question, the first otherwise.
    baseline : Scenario, optional
        What the others are compared with; by default what a single scenario names as its baseline, or else the
        first scenario.

    Raises
    ------
    ScenarioError
        No scenario, or two of the same name.
    """
    if not scenarios:
        raise ScenarioError("study", ["has no scenario. Give one or more."])
    first = scenarios[0]
    if baseline is None and len(scenarios) == 1 and first.baseline:
        is_own = first.baseline == WITHOUT_SHOCKS
        baseline = first.calm() if is_own else load_scenario(first.baseline)
        baseline = baseline.with_(seed=first.seed, replications=first.replications)
    every = [baseline, *(s for s in scenarios if s.name != baseline.name)] if baseline else list(scenarios)
    names = [s.name for s in every]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise ScenarioError("study", [f"two scenarios are named '{n}'. Names must differ." for n in twice])
    plan = StudyPlan(
        name=first.name,
        path=first.path,
        title=first.name.replace("_", " "),
        question=first.question,
        baseline=every[0].name,
        scenarios=tuple(every),
        replications=first.replications,
        seed=first.seed,
        baselines=(every[0].name,),
    )
    return plan.with_(first.replications, first.seed)


def find_member(reader: Reader, location: Location) -> Path | None:
    """The file beside a study that it names as one of its scenarios; None after noting that there is none."""
    written = reader.text(location)
    if not written:
        return None
    path = reader.sheet.path.parent / (written if written.endswith((".yaml", ".yml")) else f"{written}.yaml")
    if not is_file(path):
        others = (p.stem for p in reader.sheet.path.parent.glob("*.yaml") if not p.name.startswith("_"))
        near = nearest(Path(written).stem, others, "scenarios")
        reader.add(location, f"no scenario '{written}' beside this file. {near}")
        return None
    return path


def _check_members(reader: Reader, members: list[Path | None]) -> None:
    if reader.sheet.get(("scenarios",)) == []:
        reader.add(("scenarios",), "is empty. List one scenario or more.")
    seen: set[Path] = set()
    for n, member in enumerate(members):
        if member is None:
            continue
        is_twice = member in seen
        seen.add(member)
        if is_twice:
            reader.add(("scenarios", n), f"'{member.stem}' is listed twice.")
        elif is_study(member):
            reader.add(("scenarios", n), f"'{member.stem}' is itself a study. List its scenarios instead.")


def _load_all(path: Path, files: list[Path]) -> tuple[Scenario, ...]:
    scenarios, problems = [], []
    for file in files:
        try:
            scenarios.append(load_scenario(file))
        except ScenarioError as error:
            problems += [Problem(f"{file.name} {p.where}".strip(), p.message) for p in error.problems]
    if problems:
        raise ScenarioError(str(path), problems)
    return tuple(scenarios)
