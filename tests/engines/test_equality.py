"""The compiled engine against the reference: the same ledger, row for row."""

from __future__ import annotations

import dataclasses
from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.engines import compiled, reference
from sim.engines.kernel import prepare
from sim.engines.records import Rows, build_ledger
from sim.errors import PlanError
from sim.ledger.balance import check_balances
from sim.ledger.difference import first_difference
from sim.ledger.ledger import STAGES, Ledger
from sim.ledger.yards import passage_draws
from sim.plan import NEVER, Plan
from tests.engines.busy import busy_plan
from tests.engines.drawn import drawn_plans
from tests.engines.plans import PlanBuilder

MANY = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


def assert_equal(plan: Plan) -> Ledger:
    """Both engines give the same ledger, and it keeps its balances."""
    expected = reference.simulate(plan)
    found = compiled.simulate(plan)
    difference = first_difference(plan, expected, found, ("reference", "compiled"))
    assert not difference, difference
    check_balances(plan, found)
    return found


@pytest.mark.parametrize("rest", [{}, {"milk": True}, {"trouble": True}], ids=["own trucks", "milk runs", "trouble"])
@pytest.mark.parametrize("seed", range(40))
def test_busy_plans(seed: int, rest: dict[str, bool]) -> None:
    assert_equal(busy_plan(seed, **rest))


def test_drawn_plans() -> None:
    """Both engines agree on them, and they hold what they promise."""
    seen: Counter[str] = Counter()

    @MANY
    @given(drawn_plans)
    def tried(plan: Plan) -> None:
        _count(seen, plan, assert_equal(plan))

    tried()
    assert len(seen) == 25
    assert min(seen.values()) >= 2, dict(seen)


def _count(seen: Counter[str], plan: Plan, ledger: Ledger) -> None:
    """Count what a plan and its ledger hold."""
    loads, rows = ledger.loads, ledger.passages
    served = rows.started_s >= 0
    seen["plans with loads of several tiers"] += len(plan.recipes.ids) > 4
    seen["lost slots"] += bool(loads.is_lost.any())
    seen["starved lines"] += bool((loads.started_s > loads.ordered_s + 1).any())
    seen["waits at a border"] += bool((rows.started_s > rows.joined_s).any())
    seen["FAST booths"] += bool(rows.used_fast.any())
    seen["diverted loads"] += bool(((loads.route >= 0) & (loads.route != plan.lanes.route_first[loads.lane])).any())
    planned = plan.routes.crossing[plan.routes.passage_first[loads.route[rows.load]] + rows.position]
    seen["loads that turned round"] += bool((rows.crossing != planned).any())
    seen["trucks that gave up"] += bool(ledger.hours.gave_up.any())
    seen["loads that never reach a booth"] += bool(((rows.joined_s >= 0) & ~served).any())
    seen["ties at a border"] += np.unique(rows.crossing * 10**9 + rows.joined_s).size < rows.load.size
    seen["ties of orders"] += np.unique(loads.ordered_s).size < loads.ordered_s.size - 9
    seen["lots that feed several orders"] += bool((np.bincount(ledger.uses.source, minlength=1) > 1).any())
    seen["one-second legs"] += bool((plan.routes.leg_s == 1).any())
    seen["trucks shared"] += bool((rows.truck != rows.load).any())
    seen["waits on a dock"] += bool((loads.shipped_s > loads.finished_s).any())
    seen["loads expedited"] += bool((loads.route >= plan.expediting.route_first[loads.lane]).any())
    through = (plan.routes.is_through[loads.route[rows.truck]] == 1) & (rows.left_s >= 0)
    seen["trucks driven through past a yard"] += bool(
        (plan.loads.yard_s[passage_draws(plan, ledger)] > 0)[through].any()
    )
    seen["crews at home"] += bool(_crews_at_home(plan, ledger))
    seen["stock built ahead"] += _builds_ahead(plan, ledger)
    for stage, name in enumerate(STAGES):
        own = ledger.stages.stage == stage
        seen[f"lines: {name}"] += bool((ledger.stages.started_s > ledger.stages.joined_s)[own].any())
    seen["trucks of others inspected"] += bool(ledger.hours.inspected.any())
    seen["trucks that went elsewhere"] += bool(ledger.hours.came_over.any())
    seen["calendars without a shift"] += bool((np.diff(plan.calendars.first)[plan.recipes.calendar] == 0).any())


def _crews_at_home(plan: Plan, ledger: Ledger) -> bool:
    """Whether the ledger would be another one if all crews stayed."""
    stay = dataclasses.replace(plan.crews, send_home_s=np.full_like(plan.crews.send_home_s, NEVER))
    return compiled.simulate(dataclasses.replace(plan, crews=stay)).digest() != ledger.digest()


def _builds_ahead(plan: Plan, ledger: Ledger) -> bool:
    """Whether the ledger would be another one if nobody built stock ahead."""
    nothing = dataclasses.replace(plan.buildup, units=np.zeros_like(plan.buildup.units))
    return compiled.simulate(dataclasses.replace(plan, buildup=nothing)).digest() != ledger.digest()


@settings(MANY, max_examples=100)
@given(st.one_of(drawn_plans, st.integers(0, 99).map(lambda seed: busy_plan(seed, milk=seed % 2 == 0))))
def test_trucks_of_others_may_pass_one_by_one_or_in_batches(plan: Plan) -> None:
    assert first_difference(plan, reference.simulate(plan, eager=True), reference.simulate(plan)) == ""


@settings(MANY, max_examples=60)
@given(drawn_plans, st.integers(1, 9))
def test_rows_handed_over_in_small_blocks_make_the_same_ledger(plan: Plan, block_rows: int) -> None:
    """Blocks of a few rows and a pool of a few places: the loop is interrupted wherever it can be."""
    blocks: list[Rows] = []
    first_places, prepare.FIRST_PLACES = prepare.FIRST_PLACES, 1
    try:
        ending = compiled.stream(plan, blocks.append, block_rows)
    finally:
        prepare.FIRST_PLACES = first_places
    most = max(sum(getattr(block, name).shape[1] for block in blocks) for name in Rows.__slots__)
    assert len(blocks) > most // (40 * block_rows)
    assert build_ledger(plan, blocks, ending.stock_left, ending.totals).digest() == compiled.simulate(plan).digest()
    assert not blocks


@pytest.mark.parametrize("simulate", [reference.simulate, compiled.simulate])
@pytest.mark.parametrize(("seeds", "due"), [((), ()), (((5, 0),), (10,))])
def test_a_lane_without_loads_is_told_alike(simulate: object, seeds: object, due: tuple[int, ...]) -> None:
    """In the opening orders, and when an order is accepted."""
    b = PlanBuilder(1_000)
    b.recipe("plant", is_assembly=True)
    b.pair("maker", "plant", load_units=1, reorder_units=4, seeds=seeds, loads=1)
    b.lane("plant..market", "plant")
    for second in due:
        b.slot("plant..market", second)
    with pytest.raises(PlanError) as caught:
        simulate(b.build())  # type: ignore[operator]
    assert str(caught.value) == (
        "plan: lane 'maker..plant' needs more than the 1 loads drawn for it. "
        "Draw more, or look for a reorder point or demand that is too high."
    )


def test_more_starts_in_one_second_than_the_heap_had_room_for() -> None:
    """A thousand expiries pend, hundreds of lines start at once, hundreds of riders arrive on one truck."""
    b = PlanBuilder(400_000)
    b.recipe("plant", lines=600, is_assembly=True)
    b.pair("maker", "plant", reorder_units=-9, seeds=[(2_000, 9_000)], loads=1)
    b.run("run", 20_000)
    b.lane("plant..market", "plant", loads=1_600, run="run")
    for i in range(1_000):
        b.slot("plant..market", i, 300_000 + 2 * i)
    for _ in range(600):
        b.slot("plant..market", 8_000)
    assert_equal(b.build())


def test_a_horizon_beyond_eight_years() -> None:
    b = PlanBuilder((1 << 28) + 100_000, hours=2)
    b.push("x", [100, (1 << 28) + 50_000])
    assert_equal(b.build())


def test_quantities_beyond_what_is_drawn_take_no_memory() -> None:
    b = PlanBuilder(1_000)
    b.recipe("plant", is_assembly=True)
    b.stock("s", "plant", quantity_per=1 << 40)
    b.recipe("maker")
    b.lane("maker..plant", "maker", "s", reorder_units=10**11, loads=3)
    for simulate in (reference.simulate, compiled.simulate):
        with pytest.raises(PlanError, match=r"^plan: lane 'maker..plant' needs more than the 3 loads drawn for it\."):
            simulate(b.build())


def test_the_first_lane_that_lacks_loads_is_told() -> None:
    b = PlanBuilder(1_000)
    b.recipe("plant", is_assembly=True)
    for maker in ("n", "m"):
        b.pair(maker, "plant", reorder_units=0, seeds=[(1, 0)], loads=1)
    b.lane("plant..market", "plant")
    b.slot("plant..market", 5)
    for simulate in (reference.simulate, compiled.simulate):
        with pytest.raises(PlanError, match=r"^plan: lane 'n..plant' needs more"):
            simulate(b.build())


def test_events_are_counted_once_however_often_the_loop_is_interrupted() -> None:
    plan = busy_plan(3, milk=True)
    assert len({compiled.stream(plan, lambda _: None, rows).events for rows in (0, 1, 3, 1 << 16)}) == 1


@pytest.mark.parametrize("horizon", [0, 1, 3_600])
def test_an_empty_plan_of_any_length(horizon: int) -> None:
    assert_equal(PlanBuilder(horizon).build())


def test_a_difference_of_shapes_is_told() -> None:
    plan, ledger = _two_slots(work_s=10)
    left = dataclasses.replace(ledger, stock_left=np.array([1, 2, 3]))
    assert first_difference(plan, ledger, left) == "the events agree; 1 (one) and 3 stocks (other)"


def test_a_difference_is_told_with_its_neighbours_and_its_cause() -> None:
    plan, ledger = _two_slots(work_s=10)
    _, slower = _two_slots(work_s=11)
    assert first_difference(plan, ledger, ledger) == ""
    assert first_difference(plan, ledger, slower, ("reference", "compiled")).splitlines() == [
        "the ledgers part at event 4",
        "  reference:",
        "      0 s receive maker..plant#0 (2 units) at plant:maker",
        "      50 s due plant..market#0 (1 units) at plant",
        "      50 s start plant..market#0 (1 units) at plant",
        "      55 s due plant..market#1 (1 units) at plant",
        "    > 60 s finish plant..market#0 (1 units) at plant",
        "      60 s start plant..market#1 (1 units) at plant",
        "      70 s finish plant..market#1 (1 units) at plant",
        "      160 s receive plant..market#0 (1 units) at market",
        "      170 s receive plant..market#1 (1 units) at market",
        "    because of:",
        "      50 s start plant..market#0 (1 units) at plant",
        "      50 s due plant..market#0 (1 units) at plant",
        "  compiled:",
        "      0 s receive maker..plant#0 (2 units) at plant:maker",
        "      50 s due plant..market#0 (1 units) at plant",
        "      50 s start plant..market#0 (1 units) at plant",
        "      55 s due plant..market#1 (1 units) at plant",
        "    > 61 s finish plant..market#0 (1 units) at plant",
        "      61 s start plant..market#1 (1 units) at plant",
        "      72 s finish plant..market#1 (1 units) at plant",
        "      161 s receive plant..market#0 (1 units) at market",
        "      172 s receive plant..market#1 (1 units) at market",
        "    because of:",
        "      50 s start plant..market#0 (1 units) at plant",
        "      50 s due plant..market#0 (1 units) at plant",
    ]


def _two_slots(work_s: int) -> tuple[Plan, Ledger]:
    b = PlanBuilder(1_000)
    b.recipe("plant", is_assembly=True)
    b.pair("maker", "plant", reorder_units=-9, seeds=[(2, 0)])
    b.lane("plant..market", "plant", draws={"work_s": work_s})
    b.slot("plant..market", 50)
    b.slot("plant..market", 55)
    plan = b.build()
    return plan, reference.simulate(plan)
