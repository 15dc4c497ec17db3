"""Policy trees in YAML: branches, choices and plans, read with every problem told at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from sim.errors import LawError, Problem, ScenarioError, nearest
from sim.law import load_law
from sim.law.knowledge import foreseen
from sim.locate import find_scenario, name_problem
from sim.network import Network
from sim.scenario import Scenario, Shock, load_scenario
from sim.scenario.bind import bound_reform, check_places
from sim.scenario.conduct import read_claims, read_sources
from sim.scenario.model import MOST_REPLICATIONS
from sim.scenario.parsers import parse_count, parse_date, parse_share
from sim.scenario.sheet import Reader, read_sheet
from sim.scenario.shock_reader import read_shocks
from sim.study.load import TREE, find_member
from sim.study.tree.model import Branch, Choice, Leaf, Option, Outcome, Steps, Tree, When
from sim.study.tree.plans import read_plans
from sim.study.tree.unfold import courses_of, leaves_of
from sim.units import PPM
from sim.yaml_text import Location

CHOICES, PLANS = "choices", "plans"
KEYS = (
    "title",
    "question",
    "scenario",
    "measure",
    "item",
    "vehicle",
    "replications",
    "seed",
    TREE,
    CHOICES,
    PLANS,
)
MOST_RUNS = 2_000  # leaves and courses: more is surely a slip of the pen
BUILT_AHEAD = "front_loading"
Days = tuple[dt.date, dt.date]


def load_tree(name: str | Path) -> Tree:
    """Read a policy tree and the scenario that all of it shares.

    Parameters
    ----------
    name : str or Path
        A file, or the name of a shipped tree. The scenario is named as a file beside it.

    Raises
    ------
    ScenarioError
        Every problem of the tree, or of its scenario.
    """
    path = find_scenario(name)
    reader = Reader(read_sheet(path))
    reader.keys((), KEYS, required=("title", "question", "scenario", TREE, CHOICES))
    member = find_member(reader, ("scenario",))
    replications = reader.parsed(("replications",), parse_count(1, MOST_REPLICATIONS), 8)
    seed = reader.parsed(("seed",), parse_count(0, 2**63 - 1), 1994)
    measure = _measure(reader)
    words = {key: reader.text((key,)) for key in ("title", "question", "item")}
    base = None if member is None else _base(path, member, replications, seed)
    days = None if base is None else _days(base)
    network = None if base is None else base.load_network()
    branches = tuple(_branch(reader, name, days, network) for name in reader.names((TREE,)))
    _check_order(reader, TREE, {x.name: x.on for x in branches})
    _check_names(reader, branches)
    choices = tuple(_choice(reader, name, branches, days, network) for name in reader.names((CHOICES,)))
    _check_order(reader, CHOICES, {x.name: x.on for x in choices})
    _check_choices(reader, branches, choices)
    if base is not None and branches and base.law_as_of >= branches[0].on:
        decided = f"branch '{branches[0].name}' is decided on {branches[0].on}"
        message = f"knows the law of {base.law_as_of}; {decided}. Write an earlier 'law.as_of' there."
        reader.add(("scenario",), message)
    reader.require()
    assert base is not None  # else there were problems
    _check_runs(reader, branches, choices)
    _check_knowledge(reader, base, branches)
    reader.require()
    plans, is_whole = read_plans(reader, branches, choices)
    vehicle = reader.text(("vehicle",), "all")
    reader.require()
    return Tree(
        name=path.stem,
        path=path,
        title=words["title"],
        question=words["question"],
        base=base,
        measure=measure,
        item=words["item"],
        vehicle=vehicle,
        branches=branches,
        choices=choices,
        plans=plans,
        is_whole=is_whole,
        replications=replications,
        seed=seed,
    )


def _base(path: Path, member: Path, replications: int, seed: int) -> Scenario:
    try:
        return load_scenario(member).with_(replications=replications, seed=seed)
    except ScenarioError as error:
        problems = [Problem(f"{member.name} {p.where}".strip(), p.message) for p in error.problems]
        raise ScenarioError(str(path), problems) from error


def _days(base: Scenario) -> Days:
    """First and last measured day."""
    clock = base.clock()
    return base.start, clock.date(clock.end_s - 1)


def _measure(reader: Reader) -> str:
    from sim.measures import REGISTRY  # late: a finished study is told without it

    costs = [name for name, own in REGISTRY.items() if own.better == "less"]
    name = reader.text(("measure",), "cost_per_vehicle_usd")
    if name in REGISTRY and name not in costs:
        reader.add(("measure",), f"'{name}' is no cost: it is not better to have less of it.")
    elif name not in costs:
        reader.add(("measure",), f"no measure named '{name}'. {nearest(name, costs, 'measures')}")
    return name


def _when(reader: Reader, here: Location) -> When:
    found = []
    for name in reader.names((*here, "when")):
        there = (*here, "when", name)
        if isinstance(reader.sheet.get(there), list):
            found.append((name, tuple(reader.text((*there, n)) for n in range(reader.count(there)))))
        else:
            found.append((name, (reader.text(there),)))
    return tuple(found)


def _day(reader: Reader, here: Location, days: Days | None, *, is_branch: bool) -> dt.date:
    day = reader.parsed((*here, "on"), parse_date, None)
    if day is None or days is None:
        return day or dt.date.max
    if is_branch and day == days[0]:
        message = f"{day} is the first measured day, on which nothing of it may be known yet. Write a later one."
        reader.add((*here, "on"), message)
    elif not days[0] <= day <= days[1]:
        reader.add((*here, "on"), f"{day} is not within the run, {days[0]} to {days[1]}.")
    return day


def _branch(reader: Reader, name: str, days: Days | None, network: Network | None) -> Branch:
    here: Location = (TREE, name)
    reader.keys(here, ("title", "on", "when", "outcomes"), required=("on", "outcomes"))
    on = _day(reader, here, days, is_branch=True)
    there = (*here, "outcomes")
    outcomes = tuple(_outcome(reader, (*there, x), x, on, days, network) for x in reader.names(there))
    total = sum(x.chance_ppm for x in outcomes)
    if outcomes and total != PPM and all(x.chance_ppm >= 0 for x in outcomes):
        reader.add(there, f"probabilities sum to {total / PPM * 100:g} %, not to 100 %.")
    return Branch(name, on, outcomes, _when(reader, here), reader.text((*here, "title")))


def _outcome(
    reader: Reader, here: Location, name: str, on: dt.date, days: Days | None, network: Network | None
) -> Outcome:
    reader.keys(here, ("title", "probability", "source", "reforms", "shocks"), required=("probability",))
    return Outcome(
        name=name,
        chance_ppm=reader.parsed((*here, "probability"), parse_share, -1),  # told already
        title=reader.text((*here, "title")),
        source=reader.text((*here, "source"), "assumption"),
        reforms=tuple(bound_reform(reader, (*here, "reforms", n)) for n in range(reader.count((*here, "reforms")))),
        shocks=_shocks(reader, (*here, "shocks"), on, days, network),
    )


def _choice(
    reader: Reader, name: str, branches: tuple[Branch, ...], days: Days | None, network: Network | None
) -> Choice:
    here: Location = (CHOICES, name)
    reader.keys(here, ("title", "on", "when", "options"), required=("on", "options"))
    if any(name == branch.name for branch in branches):
        reader.add(here, f"a branch is named '{name}' as well. Give the choice another name.")
    on = _day(reader, here, days, is_branch=False)
    there = (*here, "options")
    options = tuple(_option(reader, (*there, x), x, on, days, network) for x in reader.names(there))
    if options and len(options) < 2:
        reader.add(there, "has one option: nothing is chosen. Write two or more, the first to wait or go on as before.")
    return Choice(name, on, options, _when(reader, here), reader.text((*here, "title")))


def _option(
    reader: Reader, here: Location, name: str, on: dt.date, days: Days | None, network: Network | None
) -> Option:
    if reader.sheet.get(here) is None:
        return Option(name)
    reader.keys(here, ("title", "shocks", "claims", "sources"))
    shocks = _shocks(reader, (*here, "shocks"), on, days, network)
    for n in range(reader.count((*here, "shocks"))):
        kind = reader.text((*here, "shocks", n, "kind"))
        if kind and kind != BUILT_AHEAD:
            message = f"'{kind}' is nothing that firms do. Write '{BUILT_AHEAD}', or make it an outcome of a branch."
            reader.add((*here, "shocks", n, "kind"), message)
    return Option(
        name, reader.text((*here, "title")), shocks, read_claims(reader, here), read_sources(reader, here, on)
    )


def _shocks(
    reader: Reader, here: Location, on: dt.date, days: Days | None, network: Network | None
) -> tuple[Shock, ...]:
    """Shocks that begin on the day on which they are decided or later."""
    bounds = None
    if days is not None:
        first, last = (dt.datetime.combine(day, dt.time(), dt.UTC) for day in days)
        bounds = (first, last + dt.timedelta(days=1))
    found = read_shocks(reader, bounds, here)
    if network is not None:
        check_places(reader, network, here)
    for n, shock in enumerate(found):
        if shock.from_.date() < on < dt.date.max:
            message = f"{shock.from_:%Y-%m-%dT%H:%M} is before {on}, the day on which it is decided."
            reader.add((*here, n, "from"), message)
    return found


def _check_order(reader: Reader, key: str, on: Mapping[str, dt.date]) -> None:
    latest = dt.date.min
    for name, day in on.items():
        if day < latest:
            reader.add(
                (key, name, "on"), f"{day} is before {latest}, the day of the one above. Write the earliest first."
            )
        latest = max(latest, day) if day < dt.date.max else latest


def _check_names(reader: Reader, branches: tuple[Branch, ...]) -> None:
    """Note outcomes of the same name, and conditions of branches on what is not there or comes later."""
    owner: dict[str, str] = {}
    for branch in branches:
        if not branch.outcomes:
            reader.add((TREE, branch.name, "outcomes"), "is empty. Write two outcomes or more.")
        for outcome in branch.outcomes:
            if outcome.name in owner:
                message = f"branch '{owner[outcome.name]}' has an outcome '{outcome.name}' as well. Names must differ."
                reader.add((TREE, branch.name, "outcomes", outcome.name), message)
            owner.setdefault(outcome.name, branch.name)
            _check_name(reader, (TREE, branch.name, "outcomes", outcome.name))
        _check_when(reader, (TREE, branch.name), branch.when, _earlier(branches, branch.on), "earlier branches")


def _check_name(reader: Reader, place: tuple[str, ...]) -> None:
    """Note an outcome or option after which no scenario of the tree can be named."""
    if problem := name_problem(place[-1]):
        reader.add(place, problem)


def _earlier(branches: tuple[Branch, ...], day: dt.date, *, same_day: bool = False) -> dict[str, tuple[str, ...]]:
    """Outcomes of branches that are known before a day, or by it."""
    return {x.name: tuple(o.name for o in x.outcomes) for x in branches if x.on < day or (same_day and x.on == day)}


def _check_choices(reader: Reader, branches: tuple[Branch, ...], choices: tuple[Choice, ...]) -> None:
    before: dict[str, tuple[str, ...]] = {}
    for choice in choices:
        allowed = {**_earlier(branches, choice.on, same_day=True), **before}
        known = "branches known by then and earlier choices"
        _check_when(reader, (CHOICES, choice.name), choice.when, allowed, known)
        before[choice.name] = tuple(option.name for option in choice.options)
        for option in choice.options:
            _check_name(reader, (CHOICES, choice.name, "options", option.name))


def _check_when(
    reader: Reader, here: Location, when: When, allowed: Mapping[str, tuple[str, ...]], plural: str
) -> None:
    for name, words in when:
        there = (*here, "when", name)
        if name not in allowed:
            near = nearest(name, allowed, plural) if allowed else f"There are no {plural}."
            reader.add(there, f"'{name}' is not known then. {near}")
            continue
        for word in words:
            if word not in allowed[name]:
                reader.add(there, f"'{name}' has no '{word}'. {nearest(word, allowed[name], 'words')}")


def _check_runs(reader: Reader, branches: tuple[Branch, ...], choices: tuple[Choice, ...]) -> None:
    """Note too many runs, and courses that choose sources twice."""
    runs = 0
    twice: Steps = ()
    for leaf in leaves_of(branches):
        courses = courses_of(branches, choices, leaf)
        runs += len(courses)
        for course in courses:
            chosen = tuple(step for step in course if _option_of(choices, *step).sources is not None)
            twice = twice or (chosen if len(chosen) > 1 else ())
    if runs > MOST_RUNS:
        reader.add(
            (CHOICES,), f"leaves and what can be done along them make {runs:,} scenarios. Allowed: {MOST_RUNS:,}."
        )
    if twice:
        first, last = twice[0], twice[-1]
        remedy = f"Write 'when: {{{first[0]}: ...}}' with the options after which sources may be chosen."
        message = f"sources can be chosen a second time, after '{first[1]}' of '{first[0]}'. {remedy}"
        reader.add((CHOICES, last[0], "options", last[1], "sources"), message)


def _option_of(choices: tuple[Choice, ...], choice: str, name: str) -> Option:
    return next(x for own in choices if own.name == choice for x in own.options if x.name == name)


def _check_knowledge(reader: Reader, base: Scenario, branches: tuple[Branch, ...]) -> None:
    """Note reforms of outcomes that were told before their branch is known: firms would know it too early."""
    for leaf in leaves_of(branches):
        reforms = base.reforms
        for branch, outcome in _steps(branches, leaf):
            for n, name in enumerate(outcome.reforms):
                here: Location = (TREE, branch.name, "outcomes", outcome.name, "reforms", n)
                try:
                    before, after = load_law(reforms), load_law((*reforms, name))
                except LawError as error:
                    reader.add(here, "; ".join(str(problem) for problem in error.problems))
                    return
                reforms = (*reforms, name)
                early = foreseen(before, after, branch.on)
                if early:
                    told = f"'{early[0].path}' on {early[0].published}"
                    message = f"tells of {told}, before {branch.on}: firms would know the outcome too early."
                    reader.add(here, message)


def _steps(branches: tuple[Branch, ...], leaf: Leaf) -> list[tuple[Branch, Outcome]]:
    taken = dict(leaf.steps)
    return [(b, next(x for x in b.outcomes if x.name == taken[b.name])) for b in branches if b.name in taken]
