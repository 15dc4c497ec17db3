"""The study that asks what is not known: the scenario as it is, and with each assumption at both ends of its range."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sim.errors import DataError
from sim.planning import lead_days
from sim.scenario import Scenario
from sim.study import Study, StudyPlan
from sim.study.stored import stored_scenario
from sim.study.sweep import slug
from sim.units import DAY, WEEK
from sim.unknowns.assumptions import HIGH, LOW, Unknown, Unvaried, gather_unknowns

BASE, AGAINST = "as_assumed", "baseline"
NAMED = "unknowns_"  # and the scenario asked about: the study's name


@dataclass(frozen=True, slots=True)
class Question:
    """What is run and how it is read.

    Parameters
    ----------
    plan : StudyPlan
    scenario : str
        Whose measure is asked for.
    against : str
        The scenario that it is compared with; empty where its level is asked for.
    unknowns : tuple of Unknown
    unvaried : tuple of Unvaried
    warm_up_weeks : float
        Of every scenario of the study: longer than the one written where an end has longer lead times.
    """

    plan: StudyPlan
    scenario: str
    against: str
    unknowns: tuple[Unknown, ...]
    unvaried: tuple[Unvaried, ...]
    warm_up_weeks: float = 0.0


def ask(
    scenario: Scenario,
    against: Scenario | None,
    scratch: Path,
    replications: int,
    only: Sequence[str] = (),
) -> Question:
    """Make the study.

    Parameters
    ----------
    against : Scenario, optional
        Baseline: the same assumption is then moved in both, and the difference is what is asked.
    scratch : Path
        Folder for changed networks, needed until the study has begun.
    only : sequence of str
        Only unknowns whose id begins with one of these; all by default.
    """
    unknowns, unvaried = gather_unknowns(scenario, scratch)
    kept = [x for x in unknowns if not only or any(x.id.startswith(start) for start in only)]
    members = [_named(against, AGAINST)] if against is not None else []
    members.append(_named(scenario, BASE))
    for unknown in kept:
        for end in (LOW, HIGH):
            if against is not None:
                members.append(_named(unknown.change(against, end), name_of(unknown, end, AGAINST)))
            members.append(_named(unknown.change(scenario, end), name_of(unknown, end, BASE)))
    warm_up_s = _warm_up_s(members)
    members = [member.with_(warm_up_s=warm_up_s) for member in members]
    question = f"What is it that we do not know about {scenario.name}{f' against {against.name}' if against else ''}?"
    plan = StudyPlan(
        name=f"{NAMED}{scenario.name}",
        path=None,
        title=f"What we do not know: {scenario.title or scenario.name.replace('_', ' ')}",
        question=question,
        baseline=members[0].name,
        scenarios=tuple(members),
        replications=replications,
        seed=scenario.seed,
        baselines=(members[0].name,),
    )
    return Question(
        plan.with_(replications, scenario.seed),
        scenario.name,
        "" if against is None else against.name,
        tuple(kept),
        tuple(unvaried),
        warm_up_s / WEEK,
    )


def question_of(study: Study) -> Question:
    """What a finished study of what is not known has asked; the baseline is told by its title.

    Raises
    ------
    DataError
        It has asked something else, or an assumption of its scenario is not among those that it moved.
    """
    if BASE not in study.scenarios:
        remedy = f"Run 'sim unknowns {study.scenarios[-1]}' and load the study that it leaves."
        raise DataError(str(study.directory), [f"moves no assumption to the ends of its range. {remedy}"])
    base = stored_scenario(study, BASE)
    against = stored_scenario(study, AGAINST) if AGAINST in study.scenarios else None
    with tempfile.TemporaryDirectory(prefix="sim-unknowns-") as scratch:
        unknowns, unvaried = gather_unknowns(base, Path(scratch).resolve())
    moved = tuple(x for x in unknowns if name_of(x, LOW, BASE) in study.scenarios)
    roles = 1 if against is None else 2
    if len(study.scenarios) != roles * (1 + 2 * len(moved)):
        raise DataError(str(study.directory), ["its assumptions have other names now. Run 'sim unknowns' again."])
    plan = StudyPlan(
        study.name,
        None,
        study.manifest["title"],
        study.manifest["question"],
        study.baseline,
        (base,) if against is None else (against, base),
        study.replications,
        base.seed,
    )
    words = "" if against is None else against.title
    return Question(plan, study.name.removeprefix(NAMED), words, moved, tuple(unvaried), base.warm_up_s / WEEK)


def _warm_up_s(members: Sequence[Scenario]) -> int:
    """The warm-up written, or as many weeks as the longest lead time of any member: all shall have the same."""
    asked = {(member.network, tuple(member.demand.items())): member for member in members}
    needed_s = max(lead_days(member, member.load_network()) for member in asked.values()) * DAY
    written_s = max(member.warm_up_s for member in members)
    return written_s if written_s >= needed_s else math.ceil(needed_s / WEEK) * WEEK


def name_of(unknown: Unknown, end: int, role: str) -> str:
    """Name of the scenario with one assumption at one end; its end alone for no role."""
    return f"{role}__{slug(unknown.id)}__{'low' if end == LOW else 'high'}"


def _named(scenario: Scenario, name: str) -> Scenario:
    title = scenario.title or scenario.name.replace("_", " ")
    return replace(scenario, name=name, title=title if name in (BASE, AGAINST) else "", path=None, baseline="")
