"""Failed runs as one error: the first that a user can mend, or all of them, each with how to repeat it."""

from __future__ import annotations

from collections.abc import Sequence

from sim.errors import PlanError, Problem
from sim.locate import shown
from sim.study.errors import RunError
from sim.study.load import StudyPlan
from sim.study.work import Failure


def raise_first(failures: Sequence[Failure], plan: StudyPlan) -> None:
    """Raise what a user can mend of the first such failure, or else all failures with the command that repeats each.

    Raises
    ------
    PlanError
        The input is wrong.
    RunError
        Runs failed for another reason.
    """
    wrong = [failure for failure in failures if failure.is_input]
    if wrong:
        first = wrong[0]
        problems = [Problem("", text) for text in first.problems]
        named = "" if first.source == first.scenario else f": {first.source}"
        raise PlanError(f"scenario {first.scenario}{named}", problems)
    ordered = sorted(failures, key=lambda x: (x.replication, x.scenario))
    problems = [Problem(_place(failure), f"{failure.text}{_again(failure, plan)}") for failure in ordered]
    raise RunError("study", problems)


def _place(failure: Failure) -> str:
    scenario = f"scenario {failure.scenario}, " if failure.scenario else ""
    return f"{scenario}replication {failure.replication}, seed {failure.seed}"


def _again(failure: Failure, plan: StudyPlan) -> str:
    """The command that repeats just this run."""
    if plan.path is None:
        return ""
    only = f" --only-scenario {failure.scenario}" if failure.scenario else ""
    words = f"sim run {shown(plan.path)} --only-replication {failure.replication}{only}"
    return f"\n    Repeat just this run: {words} --replications {plan.replications} --seed {failure.seed}"
