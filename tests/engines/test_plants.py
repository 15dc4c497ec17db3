"""Crews sent home, loads expedited, stock built before a date: by hand, in both engines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engines import compiled, reference, rules
from sim.errors import PlanError
from sim.ledger.balance import check_balances
from sim.ledger.ledger import Ledger
from sim.ledger.yards import at_border_s
from sim.plan import NEVER, Plan
from tests.engines.plans import HOUR, PlanBuilder, Way

DAY = 24 * HOUR
Simulate = Callable[[Plan], Ledger]

both = pytest.mark.parametrize("simulate", [reference.simulate, compiled.simulate], ids=["reference", "compiled"])


def times(b: PlanBuilder, simulate: Simulate, lane: str, *columns: str) -> list[tuple[int, ...]]:
    plan = b.build()
    ledger = simulate(plan)
    check_balances(plan, ledger)
    rows = ledger.loads.lane == plan.lanes.ids.index(lane)
    return list(zip(*(getattr(ledger.loads, column)[rows].tolist() for column in columns), strict=True))


class TestCrews:
    """Shifts from 6 to 14 and from 14 to 22 hours; the only load comes late, the only vehicle takes an hour."""

    def plant(self, late_s: int, send_home_s: int, due_s: int = 6 * HOUR) -> PlanBuilder:
        b = PlanBuilder(3 * DAY)
        b.calendar("two shifts", *((day * DAY + 6 * HOUR, day * DAY + 22 * HOUR) for day in range(4)))
        b.recipe("plant", calendar="two shifts", is_assembly=True)
        b.crew("plant", send_home_s, *(day * DAY + hour * HOUR for day in range(4) for hour in (6, 14)))
        b.pair("maker", "plant", load_units=1, reorder_units=-9, seeds=[(1, late_s)])
        b.lane("plant..market", "plant", draws={"work_s": HOUR})
        b.slot("plant..market", due_s)
        return b

    @both
    @pytest.mark.parametrize(
        ("late_h", "starts_h", "ends_h"),
        [
            (7, 7, 8),  # one hour late: the crew has waited for it
            (8, 8, 9),  # two hours are not too long
            (8.001, 14, 15),  # more than two: nothing before the second shift
            (13.99, 14, 15),
            (15, 15, 16),  # the second crew stands since 14 hours only
            (16.5, 30, 31),  # it too has gone: next morning
            (21.5, 30, 31),
            (23, 30, 31),
            (31, 31, 32),  # the next morning's crew waits for two hours again
            (32.5, 38, 39),
        ],
    )
    def test_two_hours_of_patience(self, simulate: Simulate, late_h: float, starts_h: float, ends_h: float) -> None:
        b = self.plant(round(late_h * HOUR), 2 * HOUR)
        assert times(b, simulate, "plant..market", "started_s", "finished_s") == [
            (round(starts_h * HOUR), round(ends_h * HOUR))
        ]

    @both
    def test_a_crew_that_stays_starts_in_the_second_of_the_receipt(self, simulate: Simulate) -> None:
        b = self.plant(round(16.5 * HOUR), NEVER)
        assert times(b, simulate, "plant..market", "started_s") == [(round(16.5 * HOUR),)]

    @both
    def test_a_crew_stands_only_since_there_is_something_to_build(self, simulate: Simulate) -> None:
        """The vehicle is due at 12 hours and its part comes at 13.5: the crew has waited for an hour and a half."""
        b = self.plant(round(13.5 * HOUR), 2 * HOUR, due_s=12 * HOUR)
        assert times(b, simulate, "plant..market", "started_s") == [(round(13.5 * HOUR),)]

    @both
    def test_after_the_last_shift_nothing_is_started(self, simulate: Simulate) -> None:
        b = self.plant(16 * HOUR, HOUR)
        b.crew("plant", HOUR, 6 * HOUR, 14 * HOUR)
        assert times(b, simulate, "plant..market", "started_s") == [(-1,)]

    @both
    def test_what_is_due_while_the_crew_is_at_home_starts_with_the_next_shift_and_may_expire(
        self, simulate: Simulate
    ) -> None:
        """Parts for three come at 10 hours. Vehicles due at 6, 11 and 12; the one due at 11 expires at 13."""
        b = self.plant(10 * HOUR, 2 * HOUR)
        b.lanes["maker..plant"].seeds = [(3, 10 * HOUR)]
        b.slot("plant..market", 11 * HOUR, 13 * HOUR)
        b.slot("plant..market", 12 * HOUR)
        assert times(b, simulate, "plant..market", "ordered_s", "started_s", "is_lost") == [
            (6 * HOUR, 14 * HOUR, 0),
            (11 * HOUR, -1, 1),
            (12 * HOUR, 15 * HOUR, 0),
        ]


@given(
    st.lists(st.integers(0, 40), unique=True, max_size=6).map(sorted),
    st.integers(0, 45),
    st.integers(0, 12),
    st.integers(0, 12),
)
def test_back_at_work_against_its_plainest_form(shifts: list[int], since: int, stood: int, send_home: int) -> None:
    t = since + stood
    begun = max([since, *(s for s in shifts if s <= t)])
    later = [s for s in shifts if s > t]
    expected = t if t - begun <= send_home else later[0] if later else NEVER
    table = [3, *shifts, 99]  # of other crews, not to be read
    assert rules.back_at_work_plainly(t, since, send_home, 1, 1 + len(shifts), table) == expected


class TestExpediting:
    """A usual way of 1,000 s by a bridge, a team truck of 600 s by the same bridge, an aircraft of 200 s.

    Ordered at 100, a load is accepted at 101, started at 102 and made by 112. A vehicle has then taken one part.
    """

    def plant(self, on_hand: int = 5, alarm_units: int = 4, alarm_s: int = 0) -> PlanBuilder:
        b = PlanBuilder(20_000)
        b.posting_s = 10
        b.crossing("bridge", standard=1)
        b.crossing("airport", standard=0, approach_s=50)
        b.recipe("plant", is_assembly=True)
        b.recipe("maker")
        b.stock("s", "plant", alarm_units=alarm_units, alarm_s=alarm_s)
        b.lane(
            "maker..plant", "maker", "s", load_units=1, reorder_units=on_hand - 1, seeds=[(on_hand, 0)],
            ways=[Way((500, 440), ("bridge",), 1_000)],
            urgent=[Way((300, 240), ("bridge",), 600, like=0), Way((100, 50), ("airport",), 200)],
            draws={"work_s": 10, "exam_s": lambda n, c: 7 * c},
        )  # fmt: skip
        b.lane("plant..market", "plant")
        b.slot("plant..market", 100)
        return b

    @both
    @pytest.mark.parametrize(
        ("alarm_units", "alarm_s", "way", "received_s"),
        [
            (3, 400, 0, 112 + 500 + 60 + 440),  # 4 on hand are more than 3
            (4, 1_000, 0, 112 + 500 + 60 + 440),  # they last until the usual truck is there
            (4, 999, 1, 112 + 300 + 60 + 240),
            (4, 600, 1, 112 + 300 + 60 + 240),  # the cheaper way comes in time
            (4, 599, 2, 112 + 100 + 50 + 7 + 50),
            (8, 1_199, 2, 112 + 100 + 50 + 7 + 50),  # half of the alarm level lasts for half of 1,199 s
            (8, 1_200, 1, 112 + 300 + 60 + 240),
            (4, 0, 2, 112 + 100 + 50 + 7 + 50),  # nothing comes in time: the quickest
        ],
    )
    def test_the_cheapest_way_that_comes_in_time(
        self, simulate: Simulate, alarm_units: int, alarm_s: int, way: int, received_s: int
    ) -> None:
        b = self.plant(5, alarm_units, alarm_s)
        assert times(b, simulate, "maker..plant", "route", "received_s")[1:] == [(way, received_s)]

    @both
    def test_a_team_truck_waits_at_the_bridge_as_others_do(self, simulate: Simulate) -> None:
        """One booth serves a truck for 3,000 s from second 1 on: 2,891 are left when the wait is posted at 110."""
        b = self.plant(alarm_s=3_400)
        b.crossings["bridge"].background = [(1, 3_000, 0, 10**8)]
        assert times(b, simulate, "maker..plant", "route")[1:] == [(2,)]  # 600 + 2,891 are more than 3,400
        b.alarms_s["s"] = 3_491
        assert times(b, simulate, "maker..plant", "route")[1:] == [(1,)]

    @both
    def test_no_way_is_quicker_than_the_usual_one(self, simulate: Simulate) -> None:
        b = self.plant()
        b.lanes["maker..plant"].ways[0].nominal_s = 200  # as quick as the aircraft
        assert times(b, simulate, "maker..plant", "route")[1:] == [(0,)]

    @both
    def test_of_ways_that_are_equally_quick_the_cheaper_is_taken(self, simulate: Simulate) -> None:
        b = self.plant()
        b.lanes["maker..plant"].urgent[0].nominal_s = 200
        assert times(b, simulate, "maker..plant", "route")[1:] == [(1,)]

    @both
    def test_receipts_of_the_second_of_dispatch_count(self, simulate: Simulate) -> None:
        b = self.plant()
        b.lanes["maker..plant"].seeds = [(5, 0), (1, 112)]
        b.lanes["maker..plant"].reorder_units = 5
        assert times(b, simulate, "maker..plant", "route")[2:] == [(0,)]

    @both
    def test_a_shared_draw_is_read_by_both_ways(self, simulate: Simulate) -> None:
        """Legs take half and double their time on the usual way, and likewise by team truck."""
        b = self.plant(alarm_s=600)
        b.lanes["maker..plant"].draws["transit_ppm"] = lambda n, c: (500_000, 2_000_000, 1, 1)[c]
        assert times(b, simulate, "maker..plant", "received_s")[1:] == [(112 + 150 + 60 + 480,)]

    @both
    def test_a_trailer_of_a_team_truck_stands_in_no_yard(self, simulate: Simulate) -> None:
        """Either truck passes a bridge with yards of 900 and 700 s; 23 s of papers are the same for both."""
        b = self.plant(alarm_s=999)
        b.lanes["maker..plant"].draws |= {"yard_s": 900, "beyond_s": 700, "before_s": 23}
        assert times(b, simulate, "maker..plant", "route", "received_s")[1:] == [
            (1, 112 + 300 + 900 + 23 + 60 + 700 + 240)
        ]
        b.lanes["maker..plant"].urgent[0].through = True
        assert times(b, simulate, "maker..plant", "route", "received_s")[1:] == [(1, 112 + 300 + 23 + 60 + 240)]
        plan = b.build()
        assert [x.tolist() for x in at_border_s(plan, simulate(plan))] == [[112 + 300], [112 + 300 + 23 + 60]]


class TestBuildup:
    def plant(self, *buildup: tuple[int, int, int], lines: int = 9) -> PlanBuilder:
        """A vehicle every 100 s from second 100 on; loads of one, 10 s to make, 50 s on the road; 3 on hand."""
        b = PlanBuilder(2_050)
        b.recipe("plant", is_assembly=True)
        b.recipe("maker", lines=lines)
        b.stock("s", "plant")
        b.lane(
            "maker..plant", "maker", "s", load_units=1, reorder_units=2, seeds=[(3, 0)], ways=[Way((50,))],
            buildup=buildup, draws={"work_s": 10},
        )  # fmt: skip
        b.lane("plant..market", "plant", draws={"work_s": 1})
        for due in range(100, 2_000, 100):
            b.slot("plant..market", due)
        return b

    def on_hand(self, b: PlanBuilder, simulate: Simulate) -> list[int]:
        """Units on hand 99 s after each vehicle was due."""
        plan = b.build()
        ledger = simulate(plan)
        check_balances(plan, ledger)
        loads = ledger.loads
        parts = loads.lane == plan.lanes.ids.index("maker..plant")
        found = []
        for second in range(199, 2_000, 100):
            come = (loads.received_s >= 0) & (loads.received_s <= second) & parts
            gone = (loads.started_s >= 0) & (loads.started_s <= second) & ~parts
            found.append(int(loads.units[come].sum() - gone.sum()))
        return found

    @both
    def test_it_rises_at_once_and_runs_down_by_itself(self, simulate: Simulate) -> None:
        """Four more from second 500 on: they come with the load that the vehicle of 500 calls for. At 1,000 it is over:
        nothing is ordered until four vehicles have taken them."""
        b = self.plant((500, 1_000, 4))
        assert self.on_hand(b, simulate) == [3] * 4 + [7] * 5 + [6, 5, 4] + [3] * 7

    @both
    def test_intervals_are_half_open_and_may_follow_each_other(self, simulate: Simulate) -> None:
        b = self.plant((501, 700, 1), (700, 801, 3))
        assert self.on_hand(b, simulate) == [3] * 5 + [4, 6, 6] + [5, 4] + [3] * 9

    @both
    def test_the_supplier_makes_no_more_than_its_lines_can(self, simulate: Simulate) -> None:
        """One line that takes 80 s a load: of ten wanted ahead by 1,000, one is there then."""
        b = self.plant((500, 1_000, 10), lines=1)
        b.lanes["maker..plant"].draws["work_s"] = 80
        b.lanes["maker..plant"].ways = [Way((5,))]
        # from 502 on a load is made every 80 s and arrives 5 s later, whatever is wanted
        made = [2 + (second - 5 - 502) // 80 - (second - 500) // 100 for second in range(599, 1_700, 100)]
        assert self.on_hand(b, simulate)[:16] == [3] * 4 + made
        assert made[4] == 4

    @both
    def test_it_may_hold_from_the_beginning(self, simulate: Simulate) -> None:
        b = self.plant((0, 500, 4))
        assert self.on_hand(b, simulate) == [7] * 4 + [6, 5, 4] + [3] * 12


@given(
    st.lists(st.integers(0, 30), unique=True, max_size=8).map(sorted),
    st.integers(-1, 35),
)
def test_extra_units_against_their_plainest_form(cuts: list[int], t: int) -> None:
    own = [(cuts[n], cuts[n + 1], 10 + n) for n in range(0, len(cuts) - 1, 2)]
    expected = sum(units for begin, end, units in own if begin <= t < end)
    table = [(0, 99, 7), *own, (0, 99, 7)]  # of other lanes, not to be read
    begins, ends, units = ([row[k] for row in table] for k in range(3))
    assert rules.extra_units_plainly(t, 1, 1 + len(own), begins, ends, units) == expected


def test_what_a_plan_refuses_of_them() -> None:
    b = PlanBuilder(1_000)
    b.recipe("plant", is_assembly=True)
    b.crew("plant", -1, 50, 50)
    b.stock("s", "plant")
    b.recipe("maker")
    b.lane("maker..plant", "maker", "s", urgent=[Way()], buildup=[(5, 9, 1), (8, 12, -2)], run="run")
    b.run("run", 10)
    with pytest.raises(PlanError) as caught:
        b.build()
    assert str(caught.value) == (
        "plan: 5 problems\n"
        "  send_home_s holds -1; the least is 0\n"
        "  buildup units holds -2; the least is 0\n"
        "  recipe 'plant' has shifts that do not ascend\n"
        "  lane 'maker..plant' builds stock in intervals that do not ascend\n"
        "  lane 'maker..plant' rides on a milk run and cannot be expedited"
    )


def test_a_plan_refuses_columns_that_its_draws_do_not_have() -> None:
    b = PlanBuilder(1_000)
    b.recipe("plant", is_assembly=True)
    b.pair("maker", "plant")
    plan = b.build()
    with pytest.raises(PlanError) as caught:
        replace(
            plan,
            routes=replace(plan.routes, leg_column=plan.routes.leg_column + 1),
            expediting=replace(plan.expediting, route_first=plan.expediting.route_first - 1),
            loads=replace(plan.loads, passage_columns=plan.loads.passage_columns + 2),
        )
    assert str(caught.value) == (
        "plan: 3 problems\n"
        "  route 0 of lane 'maker..plant' begins at leg column 1 of 1\n"
        "  lane 'maker..plant' has 0 passage draws for 50 loads; 2 for each are wanted\n"
        "  lane 'maker..plant' is expedited from route 0 on; 1 to 1 are allowed"
    )
