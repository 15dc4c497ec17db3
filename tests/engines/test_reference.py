"""The reference engine on plans small enough to be worked by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from sim.engines.reference import simulate
from sim.errors import PlanError
from sim.ledger.balance import check_balances
from sim.ledger.ledger import Ledger
from sim.plan import Plan
from tests.engines.plans import HOUR, PlanBuilder, Way


def run(builder: PlanBuilder) -> tuple[Plan, Ledger]:
    plan = builder.build()
    ledger = simulate(plan)
    check_balances(plan, ledger)
    return plan, ledger


def loads_of(plan: Plan, ledger: Ledger, lane: str, *columns: str) -> list[tuple[int, ...]]:
    rows = ledger.loads.lane == plan.lanes.ids.index(lane)
    return list(zip(*(getattr(ledger.loads, column)[rows].tolist() for column in columns), strict=True))


TIMES = ("ordered_s", "started_s", "finished_s", "received_s")


class TestReorder:
    def test_one_supplier_one_consumer(self) -> None:
        """Seeds 2 + 2, reorder at 2: the slot at 50 leaves 3, the one at 60 leaves 2 and calls for a load."""
        b = PlanBuilder(10_000)
        b.recipe("plant", is_assembly=True)
        b.pair("maker", "plant", load_units=2, reorder_units=2, seeds=[(2, 0), (2, 0)], ways=[Way((100,))])
        b.lane("plant..market", "plant", ways=[Way((500,))])
        for due in (50, 60, 70):
            b.slot("plant..market", due)
        plan, ledger = run(b)
        # order placed at 60, accepted 61, may start 62, 10 s of work, 100 s of road
        assert loads_of(plan, ledger, "maker..plant", "n", "units", *TIMES) == [
            (0, 2, -1, -1, -1, 0),
            (1, 2, -1, -1, -1, 0),
            (2, 2, 61, 62, 72, 172),
        ]
        assert loads_of(plan, ledger, "plant..market", *TIMES) == [
            (50, 50, 60, 560),
            (60, 60, 70, 570),
            (70, 70, 80, 580),
        ]
        assert ledger.stock_left.tolist() == [3]
        uses = ledger.uses
        assert list(zip(uses.source, uses.consumer, uses.units, strict=True)) == [
            (0, 3, 1),
            (0, 4, 1),
            (1, 5, 1),
        ]

    def test_opening_orders_when_seeds_are_short(self) -> None:
        b = PlanBuilder(1_000)
        b.recipe("plant", is_assembly=True)
        b.pair("maker", "plant", load_units=3, reorder_units=4, seeds=[(1, 0), (2, 40)])
        plan, ledger = run(b)
        # position 3 <= 4: one load of 3 makes 6; accepted in second 1 although a seed is still on the way
        assert loads_of(plan, ledger, "maker..plant", "units", *TIMES) == [
            (1, -1, -1, -1, 0),
            (2, -1, -1, -1, 40),
            (3, 1, 2, 12, 112),
        ]

    def test_a_starved_line_waits_for_the_receipt(self) -> None:
        b = PlanBuilder(1_000)
        b.recipe("plant", is_assembly=True)
        b.pair("maker", "plant", load_units=1, reorder_units=-1)
        b.lane("plant..market", "plant", load_units=1)
        b.slot("plant..market", 20)
        b.slot("plant..market", 25)
        plan, ledger = run(b)
        # each slot is debited on acceptance: 0 - 1 <= -1 orders one load; both are made one after the other
        assert loads_of(plan, ledger, "maker..plant", *TIMES) == [(21, 22, 32, 132), (26, 32, 42, 142)]
        assert loads_of(plan, ledger, "plant..market", *TIMES) == [(20, 132, 142, 242), (25, 142, 152, 252)]

    def test_orders_of_one_second_are_accepted_by_lane_and_number(self) -> None:
        """Both plants are debited in second 100, a before z; yet the order of lane m1, which feeds z, goes first."""
        b = PlanBuilder(1_000)
        b.recipe("maker")
        for plant, lane in (("a", "m2"), ("z", "m1")):
            b.recipe(plant, is_assembly=True)
            b.stock(f"{plant}:in", plant)
            b.lane(lane, "maker", f"{plant}:in", reorder_units=-1)
            b.lane(f"{plant}..market", plant)
            b.slot(f"{plant}..market", 100)
        plan, ledger = run(b)
        assert loads_of(plan, ledger, "m1", *TIMES) == [(101, 102, 112, 212)]
        assert loads_of(plan, ledger, "m2", *TIMES) == [(101, 112, 122, 222)]

    def test_no_rows_left(self) -> None:
        b = PlanBuilder(1_000)
        b.recipe("plant", is_assembly=True)
        b.pair("maker", "plant", reorder_units=9, loads=4)
        with pytest.raises(PlanError) as caught:
            simulate(b.build())
        assert str(caught.value) == (
            "plan: lane 'maker..plant' needs more than the 4 loads drawn for it. "
            "Draw more, or look for a reorder point or demand that is too high."
        )


class TestShares:
    def lanes(self, **blocked: list[tuple[int, int]]) -> PlanBuilder:
        b = PlanBuilder(10_000)
        b.recipe("plant", is_assembly=True)
        b.stock("plant:part", "plant")
        for name, share in (("a", 600_000), ("b", 400_000), ("c", 0)):
            b.recipe(name)
            b.lane(
                f"{name}..plant",
                name,
                "plant:part",
                reorder_units=99,
                share_ppm=share,
                seeds=[(100, 0)],
                blocked=blocked.get(name, ()),
            )
        b.lane("plant..market", "plant")
        for i in range(10):
            b.slot("plant..market", 100 + 100 * i)
        return b

    def orders(self, b: PlanBuilder) -> str:
        plan, ledger = run(b)
        rows = ledger.loads
        ordered = sorted(
            (int(t), plan.lanes.ids[lane][0])
            for lane, t in zip(rows.lane, rows.ordered_s, strict=True)
            if t >= 0 and plan.lanes.stock[lane] >= 0
        )
        return "".join(name for _, name in ordered)

    def test_each_order_goes_to_the_lane_furthest_below_its_share(self) -> None:
        # (debited + 1) over share: a 1.67, b 2.5, a 3.33, a 5 (a tie), b 5, a 6.67, b 7.5, a 8.33, a 10, b 10
        assert self.orders(self.lanes()) == self.by_hand() == "abaababaab"

    def by_hand(self) -> str:
        taken, out = {"a": 0, "b": 0}, ""
        for _ in range(10):
            name = min("ab", key=lambda x: ((taken[x] + 1) * (4 if x == "a" else 6), x))
            taken[name] += 1
            out += name
        assert (taken["a"], taken["b"]) == (6, 4)
        return out

    def test_blocked_lanes_are_skipped(self) -> None:
        # slots at 100 ... 1000; a is out in [200, 500): b alone takes 200, 300, 400; then a catches up
        assert self.orders(self.lanes(a=[(200, 500)])) == "abbbaaaaab"

    def test_without_share_only_when_all_others_are_blocked(self) -> None:
        assert self.orders(self.lanes(a=[(0, 1_001)], b=[(0, 501)])) == "cccccbbbbb"

    def test_all_blocked_means_none_is(self) -> None:
        everywhere = [(0, 9_999)]
        assert self.orders(self.lanes(a=everywhere, b=everywhere, c=everywhere)) == self.by_hand()


class TestAssembly:
    def test_a_slot_expires_on_time_and_its_debits_come_back(self) -> None:
        b = PlanBuilder(1_000)
        b.recipe("plant", is_assembly=True)
        b.pair("maker", "plant", load_units=1, reorder_units=-5, seeds=[(1, 0), (1, 300)])
        b.lane("plant..market", "plant")
        b.slot("plant..market", 10, 60)
        b.slot("plant..market", 20, 70)  # no input before 300
        b.slot("plant..market", 30, 400)
        plan, ledger = run(b)
        assert loads_of(plan, ledger, "plant..market", "started_s", "is_lost") == [(10, 0), (-1, 1), (300, 0)]
        # without the credit the third debit would reach position 2 - 3 = -1, still above -5: see the next test
        assert loads_of(plan, ledger, "maker..plant", "n") == [(0,), (1,)]

    @pytest.mark.parametrize(("third_due", "ordered"), [(69, 70), (80, -1)])
    def test_credit_before_the_next_debit_saves_an_order(self, third_due: int, ordered: int) -> None:
        b = PlanBuilder(1_000)
        b.recipe("plant", is_assembly=True)
        b.pair("maker", "plant", load_units=1, reorder_units=-1, seeds=[(1, 0), (1, 300)])
        b.lane("plant..market", "plant")
        b.slot("plant..market", 10)
        b.slot("plant..market", 20, 70)
        b.slot("plant..market", third_due)
        plan, ledger = run(b)
        made = [t for (t,) in loads_of(plan, ledger, "maker..plant", "ordered_s") if t >= 0]
        assert made == ([ordered] if ordered >= 0 else [])

    def test_the_second_of_expiry_is_too_late(self) -> None:
        for expires, lost in ((61, 0), (60, 1)):
            b = PlanBuilder(1_000)
            b.recipe("plant", is_assembly=True)
            b.pair("maker", "plant", seeds=[(1, 60)], reorder_units=-9)
            b.lane("plant..market", "plant")
            b.slot("plant..market", 10, expires)
            plan, ledger = run(b)
            assert loads_of(plan, ledger, "plant..market", "is_lost") == [(lost,)]

    def test_overtime_recovers_a_build(self) -> None:
        """The shift ends at 1000 and overtime runs 1500 to 1700: 150 s begun at 950 end in overtime."""
        b = PlanBuilder(10_000)
        b.calendar("shifts", (0, 1_000), (1_500, 1_700), (5_000, 6_000))
        b.recipe("plant", calendar="shifts", is_assembly=True)
        b.lane("plant..market", "plant", draws={"work_s": lambda n, _: (150, 151, 1_000)[n]}, loads=3)
        for due in (950, 951, 952):
            b.slot("plant..market", due)
        plan, ledger = run(b)
        # 50 s + 100 s; then 100 s of overtime left + 51 s of the next shift; then 1000 s do not fit the calendar
        assert loads_of(plan, ledger, "plant..market", "started_s", "finished_s") == [
            (950, 1_600),
            (1_600, 5_051),
            (5_051, -1),
        ]


class TestDispatch:
    def choice(self, divert_s: int, nominal: tuple[int, int] = (100, 100)) -> tuple[int, int]:
        """A queue of 4 background trucks of 100 s posted at 3600 delays the usual way by 400 s."""
        b = PlanBuilder(20_000)
        b.crossing("near", background=[(3_599, 100, 0, 9_999)] * 4)
        b.crossing("far")
        ways = [Way((50, 50), ("near",), nominal[0]), Way((50, 50), ("far",), nominal[1])]
        b.push("x", [3_700], ways=ways, draws={"divert_s": divert_s})
        _, ledger = run(b)
        return int(ledger.loads.route[0]), int(ledger.passages.started_s[0])

    def test_the_posted_wait_decides_not_the_present_one(self) -> None:
        # trucks at 3599 occupy the booth until 3999, as posted at 3600: 399 s
        assert self.choice(398) == (1, 3_750)
        assert self.choice(399) == (0, 3_999)

    def test_nominal_time_counts(self) -> None:
        assert self.choice(300, (100, 198)) == (1, 3_750)
        assert self.choice(300, (100, 199)) == (0, 3_999)

    def test_never_posted_while_nothing_opens(self) -> None:
        b = PlanBuilder(20_000)
        b.crossing("shut", open_standard=[0] * 7)
        b.crossing("open")
        b.push("x", [100], ways=[Way((5, 5), ("shut",)), Way((5, 5), ("open",))], draws={"divert_s": 10**9})
        _, ledger = run(b)
        assert ledger.loads.route.tolist() == [1]


class TestPassage:
    def test_every_stage_by_hand(self) -> None:
        b = PlanBuilder(100_000)
        b.crossing("gate", approach_s=40, inspect_bp=[5_000] * b.hours)
        b.crossing("dock", standard=0, approach_s=7)
        draws = {
            "yard_s": lambda n, c: (1, 0)[c],
            "before_s": lambda n, c: (4, 2)[c],
            "beyond_s": lambda n, c: (10, 0)[c],
            "lot_bp": 4_999,
            "scan_s": lambda n, c: (11, 1)[c],
            "exam_s": lambda n, c: (100, 0)[c],
            "hold_s": lambda n, c: (990, 0)[c],
            "inspection_s": lambda n, c: (3, 0)[c],
            "transit_ppm": lambda n, c: (1_500_000, 1, 1_000_000)[c],
        }
        b.push("x", [200], ways=[Way((10, 20, 30), ("gate", "dock"))], draws=draws)
        _, ledger = run(b)
        rows = ledger.passages
        table = np.stack((rows.arrived_s, rows.joined_s, rows.started_s, rows.cleared_s, rows.left_s), axis=1)
        # 200 + 15; + 1 + 4 + 40; booth 60 s; + 1114. Then a leg of no less than 1 s; + 2 + 7, no queue, + 1
        assert table.tolist() == [[215, 260, 260, 320, 1_434], [1_435, 1_444, 1_444, 1_444, 1_445]]
        assert ledger.loads.received_s.tolist() == [1_475]

    def test_nothing_at_or_after_the_horizon(self) -> None:
        full = None
        for horizon in (216, 260, 261, 320, 1_434, 1_435, 1_500):
            b = PlanBuilder(horizon, hours=2)
            b.crossing("gate", approach_s=40)
            b.push("x", [200], ways=[Way((15, 30), ("gate",))], draws={"scan_s": 1_114, "before_s": 5})
            _, ledger = run(b)
            rows = ledger.passages
            steps = [215, 260, 260, 320, 1_434]
            found = [int(x[0]) for x in (rows.arrived_s, rows.joined_s, rows.started_s, rows.cleared_s, rows.left_s)]
            assert found == [t if t < horizon else -1 for t in steps]
            assert int(ledger.loads.received_s[0]) == (1_464 if horizon > 1_464 else -1)
            full = ledger
        assert full is not None

    def test_d_d_1_queue_grows_by_a_constant(self) -> None:
        """Arrivals every 40 s, service 60 s: truck k waits 20 k seconds."""
        b = PlanBuilder(50_000)
        b.crossing("gate")
        b.push("x", [100 + 40 * k for k in range(30)], ways=[Way((10, 10), ("gate",))])
        _, ledger = run(b)
        waits = ledger.passages.started_s - ledger.passages.joined_s
        assert waits.tolist() == [20 * k for k in range(30)]

    def test_loads_wait_for_opening_and_background_gives_up(self) -> None:
        b = PlanBuilder(6 * HOUR)
        trucks = [(2 * HOUR, 50, 0, HOUR), (3 * HOUR, 50, 0, HOUR), (3 * HOUR + 1, 50, 0, HOUR)]
        b.crossing("gate", open_standard=[1, 0, 0, 0, 1, 1, 1], background=trucks)
        b.push("x", [HOUR - 20, 2 * HOUR], ways=[Way((10, 10), ("gate",))], draws={"service_standard_s": 200})
        _, ledger = run(b)
        # the first is at the booth before closing and is finished; the second waits for hour 4. Of the background
        # the first would wait over 2 h; the second would wait 1 h + 200 s; the third as much: all give up
        assert ledger.passages.started_s.tolist() == [HOUR - 10, 4 * HOUR]
        assert ledger.passages.cleared_s.tolist() == [HOUR + 190, 4 * HOUR + 200]
        assert ledger.hours.gave_up[0].tolist() == [0, 0, 1, 2, 0, 0]
        assert ledger.hours.passed.sum() == 0

    def test_never_open_again_keeps_the_load_in_the_queue(self) -> None:
        b = PlanBuilder(6 * HOUR)
        b.crossing("gate", open_standard=[1, 0, 0, 0, 0, 0, 0])
        b.push("x", [2 * HOUR], ways=[Way((10, 10), ("gate",))])
        _, ledger = run(b)
        assert ledger.passages.joined_s.tolist() == [2 * HOUR + 10]
        assert ledger.passages.started_s.tolist() == [-1]
        assert ledger.loads.received_s.tolist() == [-1]

    def test_a_slowdown_stretches_service_begun_in_its_hour(self) -> None:
        b = PlanBuilder(6 * HOUR)
        b.crossing("gate", service_ppm=[1_000_000, 2_500_000, 1, 1_000_000, 1_000_000, 1_000_000, 1_000_000])
        b.push("x", [HOUR - 20, HOUR, 2 * HOUR], ways=[Way((10, 10), ("gate",))])
        _, ledger = run(b)
        assert (ledger.passages.cleared_s - ledger.passages.started_s).tolist() == [60, 150, 1]


def test_a_plan_that_engines_cannot_run_is_told_whole() -> None:
    b = PlanBuilder(1_000)
    b.recipe("plant", lines=0, is_assembly=True)
    b.pair("maker", "plant", seeds=[(0, 0)] * 3, loads=2)
    b.lane("plant..market", "plant", loads=1)
    b.slot("plant..market", 1)
    b.slot("plant..market", 2)
    with pytest.raises(PlanError) as caught:
        simulate(b.build())
    assert str(caught.value) == (
        "plan: 4 problems\n"
        "  lines holds 0; the least is 1\n"
        "  seed units holds 0; the least is 1\n"
        "  lane 'maker..plant' has 3 seeds but 2 loads drawn\n"
        "  lane 'plant..market' has slot 1 but 1 loads drawn"
    )


def test_slots_that_would_share_a_row_are_refused() -> None:
    b = PlanBuilder(1_000)
    b.recipe("plant", is_assembly=True)
    b.pair("maker", "plant")
    b.lane("plant..market", "plant")
    b.slot("plant..market", 1)
    b.slot("maker..plant", 2)
    plan = b.build()
    schedule = dataclasses.replace(plan.schedule, lane=plan.schedule.lane[[0, 0]], n=plan.schedule.n[[0, 0]])
    with pytest.raises(PlanError, match=r"^plan: lane 'maker..plant' has build slots but feeds a stock$"):
        simulate(plan)
    with pytest.raises(PlanError, match=r"^plan: lane 'plant..market' has slot 0 2 times$"):
        simulate(dataclasses.replace(plan, schedule=schedule))


def test_an_empty_plan() -> None:
    _, ledger = run(PlanBuilder(1_000))
    assert ledger.loads.lane.size == 0
