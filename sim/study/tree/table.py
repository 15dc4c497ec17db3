"""The verdict on a tree as a table: a row for each plan along each leaf, and one for what is expected of the plan."""

from __future__ import annotations

from sim.study.shown import Table
from sim.study.tree.judge import Estimate, Judged, Verdict
from sim.study.tree.model import Steps, Tree
from sim.study.tree.unfold import follow

EXPECTED = "expected"  # in place of a leaf
COLUMNS = (
    "plan",
    "leaf",
    "probability",
    "does",
    "cost",
    "cost_half_width_95",
    "beyond_first",
    "beyond_first_half_width_95",
    "regret",
    "regret_half_width_95",
)


def words_of_course(tree: Tree, course: Steps) -> str:
    """What is done along a leaf besides waiting; the first option where nothing is."""
    first = {choice.name: choice.options[0].name for choice in tree.choices}
    acted = [option for choice, option in course if option != first[choice]]
    return ", then ".join(acted) or next(iter(first.values()))


def verdict_table(tree: Tree, verdict: Verdict) -> Table:
    """Plans in order of expected cost, the cheapest first; of each its leaves, then what is expected of it.

    Returns
    -------
    Table
        Costs in the unit of the measure. Half-widths are None with a single replication.
    """
    plans = {plan.name: plan for plan in tree.plans}
    rows: list[tuple[object, ...]] = []
    for judged in by_cost(verdict):
        for place, leaf in enumerate(verdict.leaves):
            does = words_of_course(tree, follow(tree.branches, tree.choices, plans[judged.plan], leaf))
            figures = (judged.costs[place], judged.beyond[place], judged.regrets[place])
            rows.append((judged.plan, leaf.name, leaf.chance, does, *_cells(figures)))
        figures = (judged.expected, judged.beyond_first, judged.expected_regret)
        rows.append((judged.plan, EXPECTED, 1.0, "", *_cells(figures)))
    return Table(tree.title, COLUMNS, tuple(rows))


def by_cost(verdict: Verdict) -> list[Judged]:
    """Plans, the one of least expected cost first."""
    return sorted(verdict.plans, key=lambda judged: judged.expected.mean)


def _cells(figures: tuple[Estimate, ...]) -> tuple[float | None, ...]:
    return tuple(cell for own in figures for cell in (own.mean, own.half_width_95))
