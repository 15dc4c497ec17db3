"""Plans judged across a tree: a tree by hand, and brute force over all that can be done on hundreds of random trees."""

from __future__ import annotations

import datetime as dt
import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sim.study.compare import mean_interval
from sim.study.tree.judge import judge
from sim.study.tree.model import Branch, Choice, Option, Outcome, Plan, Seen
from sim.study.tree.unfold import count_plans, courses_of, follow, known_on, leaves_of, plans_of

PPM = 1_000_000
START = dt.date(2025, 1, 1)


def day(number: int) -> dt.date:
    return START + dt.timedelta(days=number)


def outcomes(**chances: int) -> tuple[Outcome, ...]:
    return tuple(Outcome(name, chance * PPM // 100) for name, chance in chances.items())


def options(*names: str) -> tuple[Option, ...]:
    return tuple(Option(name) for name in names)


TARIFF = Branch("tariff", day(30), outcomes(no=60, yes=40))
NOW = Choice("now", day(0), options("wait", "stock"))
LATER = Choice("later", day(30), options("stay", "hurry"), when=(("now", ("wait",)),))


def test_two_branches_by_hand() -> None:
    """Stock costs 10 whatever comes; without it the tariff costs 50, or 30 for who then hurries, who pays 5 in vain.

    Expected: wait 0.4 x 50 = 20; stock 10; wait and hurry if it comes 0.4 x 30 = 12; hurry whatever comes
    0.6 x 5 + 0.4 x 30 = 15; hurry only if it does not come 0.6 x 5 + 0.4 x 50 = 23.
    """
    paid = {
        ("no", "wait", "stay"): 0.0,
        ("no", "wait", "hurry"): 5.0,
        ("no", "stock"): 10.0,
        ("yes", "wait", "stay"): 50.0,
        ("yes", "wait", "hurry"): 30.0,
        ("yes", "stock"): 10.0,
    }
    costs = {
        (leaf.name, course): np.full(3, paid[leaf.name, *(option for _, option in course)])
        for leaf in leaves_of([TARIFF])
        for course in courses_of([TARIFF], [NOW, LATER], leaf)
    }
    plans = plans_of([TARIFF], [NOW, LATER])
    assert [plan.name for plan in plans] == ["wait", "hurry if yes", "hurry if no", "hurry", "stock"]
    verdict = judge([TARIFF], [NOW, LATER], plans, costs)
    expected = {judged.plan: judged.expected.mean for judged in verdict.plans}
    assert expected == pytest.approx({"wait": 20, "hurry if yes": 12, "hurry if no": 23, "hurry": 15, "stock": 10})
    assert verdict.least_cost == "stock"
    regrets = {judged.plan: [x.mean for x in judged.regrets] for judged in verdict.plans}
    by_hand = {"wait": [0, 40], "hurry if yes": [0, 20], "hurry if no": [5, 40], "hurry": [5, 20], "stock": [10, 0]}
    assert {plan: pytest.approx(own) for plan, own in by_hand.items()} == regrets
    assert verdict.least_regret == "stock"
    assert verdict.named("wait").worst_leaf == "yes"
    assert verdict.knowing.mean == pytest.approx(10 - 0.4 * 10)  # who knows stocks only where it comes
    (waiting,) = verdict.waiting
    assert (waiting.branch, waiting.before, waiting.after) == ("tariff", "stock", "hurry if yes")
    assert waiting.worth.mean == pytest.approx(10 - 12)  # to wait costs 2
    assert [dict(course)["now"] for course in verdict.best_courses] == ["wait", "stock"]


def test_waiting_pays_where_acting_in_vain_is_dear() -> None:
    """Acting at once costs 30, later 35 but only where it is needed (40 %); never acting 50 where it is needed."""
    late = Choice("late", day(40), options("stay", "act_late"), when=(("now", ("wait",)),))
    now = Choice("now", day(0), options("wait", "act"))
    paid = {"act": 30.0, "stay": 0.0, "act_late": 35.0}
    costs = {}
    for leaf in leaves_of([TARIFF]):
        for course in courses_of([TARIFF], [now, late], leaf):
            last = course[-1][1]
            harm = 50.0 if leaf.name == "yes" and last == "stay" else 0.0
            costs[leaf.name, course] = np.full(2, paid[last] + harm)
    verdict = judge([TARIFF], [now, late], plans_of([TARIFF], [now, late]), costs)
    assert verdict.waiting[0].before == "wait"  # 0.4 x 50 = 20, less than 30
    assert verdict.waiting[0].after == "act_late if yes"
    assert verdict.waiting[0].worth.mean == pytest.approx(20 - 0.4 * 35)
    assert verdict.knowing.mean == pytest.approx(0.4 * 35 - 0.4 * 30)


def test_intervals_are_those_of_paired_differences() -> None:
    noise = np.array([3.0, -1.0, 4.0, 1.0])
    extra = {"wait": np.zeros(4), "stock": np.array([2.0, 2.5, 1.5, 2.0])}
    costs = {
        (leaf.name, (("now", option),)): 100 + noise * (1 if leaf.name == "no" else 2) + extra[option]
        for leaf in leaves_of([TARIFF])
        for option in ("wait", "stock")
    }
    verdict = judge([TARIFF], [NOW], plans_of([TARIFF], [NOW]), costs)
    stock = verdict.named("stock")
    mean, half = mean_interval(extra["stock"])
    for estimate in (stock.beyond_first, stock.beyond_best, stock.expected_regret, *stock.regrets, *stock.beyond):
        assert (estimate.mean, estimate.half_width_95) == pytest.approx((mean, half))
    assert stock.beyond_first.is_told
    level = mean_interval(100 + noise * (0.6 + 0.4 * 2) + extra["stock"])
    assert (stock.expected.mean, stock.expected.half_width_95) == pytest.approx(level)
    alone = judge([TARIFF], [NOW], plans_of([TARIFF], [NOW]), {key: x[:1] for key, x in costs.items()})
    assert alone.named("stock").beyond_first.half_width_95 is None
    assert not alone.named("stock").beyond_first.is_told


@st.composite
def trees(draw: st.DrawFn) -> tuple[list[Branch], list[Choice], int]:
    """Up to three branches and three choices, some of which exist only in some outcomes or after some options."""
    branches: list[Branch] = []
    for number in range(draw(st.integers(1, 3))):
        count = draw(st.integers(2, 3))
        weights = [draw(st.integers(0, 5)) for _ in range(count - 1)]
        chances = [x * PPM // (sum(weights) + 1) for x in weights]
        chances.append(PPM - sum(chances))
        own = tuple(Outcome(f"b{number}o{k}", chance) for k, chance in enumerate(chances))
        when = ()
        if branches and draw(st.booleans()):
            earlier = draw(st.sampled_from(branches))
            when = ((earlier.name, (draw(st.sampled_from(earlier.outcomes)).name,)),)
        branches.append(Branch(f"b{number}", day(10 * number + 5), own, when))
    choices: list[Choice] = []
    for number in range(draw(st.integers(1, 3))):
        on = day(10 * number)
        known = [branch for branch in branches if branch.on <= on]
        when = ()
        if known and draw(st.booleans()):
            branch = draw(st.sampled_from(known))
            when = ((branch.name, (branch.outcomes[0].name,)),)
        elif choices and draw(st.booleans()):
            choice = draw(st.sampled_from(choices))
            when = ((choice.name, (choice.options[0].name,)),)
        choices.append(Choice(f"c{number}", on, options(f"c{number}a", f"c{number}b"), when))
    return branches, choices, draw(st.integers(0, 2**32 - 1))


def rolled_back(branches, choices, costs) -> float:  # type: ignore[no-untyped-def]
    """Least expected cost by backward induction over events in order of time: no list of plans, no code in common."""
    events = sorted([(b.on, 0, b) for b in branches] + [(c.on, 1, c) for c in choices], key=lambda event: event[:2])

    def there(when, steps) -> bool:  # type: ignore[no-untyped-def]
        return all(dict(steps).get(name) in allowed for name, allowed in when)

    def value(number: int, happened: tuple, done: tuple) -> float:  # type: ignore[type-arg]
        if number == len(events):
            leaf = "__".join(outcome for _, outcome in happened)
            return float(costs[leaf, done].mean())
        _, kind, own = events[number]
        if not there(own.when, happened + done):
            return value(number + 1, happened, done)
        if kind:
            return min(value(number + 1, happened, (*done, (own.name, x.name))) for x in own.options)
        return sum(x.chance_ppm / PPM * value(number + 1, (*happened, (own.name, x.name)), done) for x in own.outcomes)

    return value(0, (), ())


@settings(deadline=None, max_examples=200)
@given(trees())
def test_plans_by_brute_force(drawn: tuple[list[Branch], list[Choice], int]) -> None:
    branches, choices, seed = drawn
    leaves = leaves_of(branches)
    assert math.isclose(sum(leaf.chance for leaf in leaves), 1.0)
    assume(count_plans(branches, choices) <= 300)
    plans = plans_of(branches, choices)
    assert len(plans) == count_plans(branches, choices)
    assert len({plan.name for plan in plans}) == len(plans)
    random = np.random.default_rng(seed)
    costs = {
        (leaf.name, course): random.normal(100, 10, 3)
        for leaf in leaves
        for course in courses_of(branches, choices, leaf)
    }
    verdict = judge(branches, choices, plans, costs)
    least = min(judged.expected.mean for judged in verdict.plans)
    assert least == pytest.approx(rolled_back(branches, choices, costs))
    assert verdict.named(verdict.least_cost).expected.mean == least
    clairvoyant = sum(
        leaf.chance * min(costs[leaf.name, course].mean() for course in courses_of(branches, choices, leaf))
        for leaf in leaves
    )
    assert verdict.knowing.mean == pytest.approx(least - clairvoyant)
    assert verdict.knowing.mean == pytest.approx(min(x.expected_regret.mean for x in verdict.plans))
    for judged in verdict.plans:
        assert min(x.mean for x in judged.regrets) >= -1e-9
        by_hand = sum(leaf.chance * x.mean for leaf, x in zip(leaves, judged.regrets, strict=True))
        assert judged.expected_regret.mean == pytest.approx(by_hand)
    worst = {judged.plan: max(x.mean for x in judged.regrets) for judged in verdict.plans}
    assert worst[verdict.least_regret] == pytest.approx(min(worst.values()))


@settings(deadline=None)
@given(trees())
def test_no_plan_depends_on_what_is_not_known(drawn: tuple[list[Branch], list[Choice], int]) -> None:
    branches, choices, _ = drawn
    assume(count_plans(branches, choices) <= 50)
    leaves = leaves_of(branches)
    on = {branch.name: branch.on for branch in branches}
    for plan in plans_of(branches, choices):
        for one, other in itertools.combinations(leaves, 2):
            steps = set(one.steps) ^ set(other.steps)
            parted = min(on[name] for name, _ in steps)
            early = {choice.name for choice in choices if choice.on < parted}
            done = [
                [step for step in follow(branches, choices, plan, leaf) if step[0] in early] for leaf in (one, other)
            ]
            assert done[0] == done[1]


def test_every_plan_of_a_small_tree_is_another() -> None:
    """One choice before and one after a branch of three: 2 x (2 x 2 x 2) plans, none twice."""
    branch = Branch("b", day(5), outcomes(x=20, y=30, z=50))
    choices = [Choice("first", day(0), options("a", "b")), Choice("then", day(5), options("c", "d"))]
    plans = plans_of([branch], choices)
    done = {tuple(follow([branch], choices, plan, leaf) for leaf in leaves_of([branch])) for plan in plans}
    assert len(plans) == len(done) == 16
    seen = Seen("then", known_on([branch], leaves_of([branch])[1], day(5)), (("first", "a"),))
    assert seen in plans[0].does
    assert Plan("p", {seen: "c"}).does[seen] == "c"
