"""A tree as a study: one scenario for each leaf and each thing that can be done along it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sim.scenario import Scenario
from sim.scenario.conduct import Turn
from sim.study.load import StudyPlan
from sim.study.tree.model import Leaf, Option, Outcome, Steps, Tree
from sim.study.tree.unfold import courses_of, leaves_of

LONGEST_NAME = 120  # of a file


@dataclass(frozen=True, slots=True)
class Case:
    """A leaf, what is done along it, and the scenario that plays it."""

    leaf: Leaf
    course: Steps
    scenario: Scenario

    @property
    def key(self) -> tuple[str, Steps]:
        """Name of the leaf, and what is done."""
        return self.leaf.name, self.course


def cases_of(tree: Tree) -> tuple[Case, ...]:
    """Every leaf with everything that can be done along it, in order.

    What comes to the same is played once: a leaf whose law and shocks are those of another shares its scenarios.
    """
    found: list[Case] = []
    played: dict[str, Scenario] = {}
    for number, leaf in enumerate(leaves_of(tree.branches), start=1):
        for place, course in enumerate(courses_of(tree.branches, tree.choices, leaf), start=1):
            name = "__".join([leaf.name, *(option for _, option in course)])
            if len(name) > LONGEST_NAME:
                name = f"leaf_{number}__course_{place}"
            scenario = _scenario(tree, name, leaf, course)
            found.append(Case(leaf, course, played.setdefault(scenario.digest, scenario)))
    return tuple(found)


def _scenario(tree: Tree, name: str, leaf: Leaf, course: Steps) -> Scenario:
    base = tree.base
    outcomes = [tree.outcome(*step) for step in leaf.steps]
    options = [tree.option(*step) for step in course]
    days = {choice.name: choice.on for choice in tree.choices}
    turns = [
        Turn(days[choice], option.claims, option.sources)
        for (choice, _), option in zip(course, options, strict=True)
        if option.claims or option.sources is not None
    ]
    both: list[Outcome | Option] = [*outcomes, *options]
    words = [x.title or x.name.replace("_", " ") for x in both]
    return base.with_(
        name=name,
        title=", ".join(words),
        question=tree.question,
        baseline="",
        reforms=(*base.reforms, *(reform for x in outcomes for reform in x.reforms)),
        shocks=(*base.shocks, *(shock for x in both for shock in x.shocks)),
        conduct=tuple(sorted((*base.conduct, *turns), key=lambda turn: turn.from_)),
        replications=tree.replications,
        seed=tree.seed,
    )


def study_of(tree: Tree) -> StudyPlan:
    """All cases of a tree, the first leaf with nothing done being the baseline."""
    scenarios = {case.scenario.name: case.scenario for case in cases_of(tree)}
    first = next(iter(scenarios))
    plan = StudyPlan(
        name=tree.name,
        path=tree.path,
        title=tree.title,
        question=tree.question,
        baseline=first,
        scenarios=tuple(scenarios.values()),
        replications=tree.replications,
        seed=tree.seed,
        baselines=(first,),
    )
    return plan.with_(tree.replications, tree.seed)


def with_(tree: Tree, replications: int | None = None, seed: int | None = None) -> Tree:
    """A copy with another number of replications or another seed."""
    return replace(
        tree,
        replications=tree.replications if replications is None else replications,
        seed=tree.seed if seed is None else seed,
    )
