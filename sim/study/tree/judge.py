"""Plans judged across a tree: expected cost, regret, what waiting is worth, what knowing would be worth."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.study.compare import mean_interval
from sim.study.tree.model import Branch, Choice, Leaf, Plan, Steps
from sim.study.tree.unfold import acts, courses_of, follow, leaves_of

Floats: TypeAlias = NDArray[np.float64]
Costs: TypeAlias = Mapping[tuple[str, Steps], Floats]  # name of a leaf and what is done -> cost by replication


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over replications, and the half-width of its 95 % interval; None with a single replication."""

    mean: float
    half_width_95: float | None

    @property
    def is_told(self) -> bool:
        """Whether the interval says which sign it has; a single replication does not."""
        return self.half_width_95 is not None and abs(self.mean) > self.half_width_95


@dataclass(frozen=True, slots=True)
class Judged:
    """One plan across the tree.

    Parameters
    ----------
    costs, regrets : tuple of Estimate
        By leaf: its cost, and what it costs more than the best that could have been done along that leaf.
    expected, expected_regret : Estimate
        Weighted with the probabilities of the leaves.
    beyond : tuple of Estimate
        By leaf: its cost less that of the first plan there.
    beyond_first, beyond_best : Estimate
        Expected cost less that of the first plan, and less that of the plan of least expected cost.
    worst_leaf : str
        Where its regret is greatest.
    """

    plan: str
    costs: tuple[Estimate, ...]
    regrets: tuple[Estimate, ...]
    beyond: tuple[Estimate, ...]
    expected: Estimate
    expected_regret: Estimate
    beyond_first: Estimate
    beyond_best: Estimate
    worst_leaf: str

    @property
    def most_regret(self) -> Estimate:
        """The greatest regret."""
        return max(self.regrets, key=lambda x: x.mean)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What it is worth to decide once a branch is known instead of before.

    Parameters
    ----------
    before, after : str
        The best plan that acts before the branch alone, and the best that acts only once it is known.
    worth : Estimate
        Expected cost of the first less that of the second: above 0, waiting pays.
    """

    branch: str
    on: dt.date
    before: str
    after: str
    worth: Estimate


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the plans of a tree come to.

    Parameters
    ----------
    plans : tuple of Judged
        In the order given.
    least_cost, least_regret : str
        Plans of least expected cost, and of least greatest regret.
    best_courses : tuple of Steps
        By leaf: what would have been best along it, had it been known from the beginning.
    knowing : Estimate
        Value of perfect information: expected cost of the best plan less that of whoever knows the leaf beforehand.
    waiting : tuple of Waiting
        By branch, those before and after which there is something to choose.
    """

    leaves: tuple[Leaf, ...]
    plans: tuple[Judged, ...]
    least_cost: str
    least_regret: str
    best_courses: tuple[Steps, ...]
    knowing: Estimate
    waiting: tuple[Waiting, ...]

    def named(self, plan: str) -> Judged:
        """A plan by name."""
        return next(own for own in self.plans if own.plan == plan)


def judge(branches: Sequence[Branch], choices: Sequence[Choice], plans: Sequence[Plan], costs: Costs) -> Verdict:
    """Judge plans by the costs of everything that can be done along every leaf.

    Parameters
    ----------
    plans : sequence of Plan
        One or more.
    costs : mapping
        For every leaf and course: cost in each replication; the same replication drew the same random numbers
        everywhere, and so differences are taken replication by replication.

    Notes
    -----
    Which plan or course is best is told by means; what then is called regret is never below 0 by its mean, and its
    interval is that of the difference from the course found best. A plan acts where it takes another option than the
    first. References: H. Raiffa, Decision Analysis (1968); L. J. Savage, The Foundations of Statistics (1954), for
    regret; A. K. Dixit and R. S. Pindyck, Investment under Uncertainty (1994), for waiting [memory].
    """
    leaves = leaves_of(branches)
    chance = np.array([leaf.chance for leaf in leaves])
    best_courses = tuple(_best_course(branches, choices, leaf, costs) for leaf in leaves)
    best = np.array([costs[leaf.name, course] for leaf, course in zip(leaves, best_courses, strict=True)])
    each = np.array([[costs[leaf.name, follow(branches, choices, p, leaf)] for leaf in leaves] for p in plans])
    expected = np.einsum("l,plr->pr", chance, each)
    means = expected.mean(axis=1)
    least = int(np.argmin(means))
    judged = tuple(
        Judged(
            plan=plan.name,
            costs=tuple(map(_estimate, own)),
            regrets=tuple(map(_estimate, own - best)),
            beyond=tuple(map(_estimate, own - each[0])),
            expected=_estimate(expected[row]),
            expected_regret=_estimate(chance @ (own - best)),
            beyond_first=_estimate(expected[row] - expected[0]),
            beyond_best=_estimate(expected[row] - expected[least]),
            worst_leaf=leaves[int(np.argmax((own - best).mean(axis=1)))].name,
        )
        for row, (plan, own) in enumerate(zip(plans, each, strict=True))
    )
    acting = [acts(choices, plan) for plan in plans]
    return Verdict(
        leaves=leaves,
        plans=judged,
        least_cost=plans[least].name,
        least_regret=min(judged, key=lambda own: own.most_regret.mean).plan,
        best_courses=best_courses,
        knowing=_estimate(expected[least] - chance @ best),
        waiting=tuple(
            found for branch in branches if (found := _waiting(branch, choices, plans, acting, expected)) is not None
        ),
    )


def _best_course(branches: Sequence[Branch], choices: Sequence[Choice], leaf: Leaf, costs: Costs) -> Steps:
    """The course of least mean cost along a leaf; the first of several that are equal."""
    return min(courses_of(branches, choices, leaf), key=lambda course: float(costs[leaf.name, course].mean()))


def _waiting(
    branch: Branch,
    choices: Sequence[Choice],
    plans: Sequence[Plan],
    acting: Sequence[frozenset[str]],
    expected: Floats,
) -> Waiting | None:
    """Compare plans that act before a branch alone with those that act from its day on alone; never acting is both."""
    early = {choice.name for choice in choices if choice.on < branch.on}
    late = {choice.name for choice in choices} - early
    before = [row for row, own in enumerate(acting) if own <= early]
    after = [row for row, own in enumerate(acting) if own <= late]
    if not (early and late and before and after):
        return None
    means = expected.mean(axis=1)
    first, second = (min(rows, key=lambda row: float(means[row])) for rows in (before, after))
    worth = _estimate(expected[first] - expected[second])
    return Waiting(branch.name, branch.on, plans[first].name, plans[second].name, worth)


def _estimate(values: Floats) -> Estimate:
    mean, half = mean_interval(values)
    assert mean is not None  # costs are checked when they are read
    return Estimate(mean, half)
