"""The lines of a crossing against closed forms and plain walks: modules, bays, tractors, diversion, gateways."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.engines import compiled, reference
from sim.errors import PlanError
from sim.ledger.balance import check_balances
from sim.ledger.ledger import EXPORT, INSPECTION, TRACTOR, Ledger
from sim.plan import LONGEST_S, Plan
from tests.engines.plans import HOUR, PPM, PlanBuilder, Way

Simulate = Callable[[Plan], Ledger]
both = pytest.mark.parametrize("simulate", [reference.simulate, compiled.simulate], ids=["reference", "compiled"])
WAY = [Way((1, 1), ("gate",))]
PATIENT = 10**8


def ran(b: PlanBuilder, simulate: Simulate) -> Ledger:
    plan = b.build()
    ledger = simulate(plan)
    check_balances(plan, ledger)
    return ledger


class TestExportCheck:
    @both
    @pytest.mark.parametrize("modules", [1, 2, 3])
    def test_arrivals_faster_than_the_modules_wait_by_a_constant_more(self, simulate: Simulate, modules: int) -> None:
        """D/D/c: every 10 s a truck, 45 s at one of c modules: truck k starts at 45 floor(k / c) + 10 (k mod c)."""
        b = PlanBuilder(20_000)
        b.crossing("gate", standard=9, modules=modules, check_s=45, approach_s=100)
        b.push("x", [99 + 10 * k for k in range(30)], ways=WAY)
        ledger = ran(b, simulate)
        rows = ledger.stages
        assert set(rows.stage.tolist()) == {EXPORT}
        assert rows.joined_s.tolist() == [100 + 10 * k for k in range(30)]
        assert rows.started_s.tolist() == [100 + 45 * (k // modules) + 10 * (k % modules) for k in range(30)]
        assert (rows.cleared_s == rows.started_s + 45).all()
        assert (ledger.passages.joined_s == rows.cleared_s + 100).all()

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(st.tuples(st.integers(0, 3_000), st.integers(1, 90), st.booleans()), min_size=1, max_size=40),
        st.integers(1, 3),
        st.integers(1, 2),
        st.sampled_from([0, 30, 45]),
    )
    def test_modules_and_booths_in_tandem(
        self, trucks: list[tuple[int, int, bool]], modules: int, booths: int, check_s: int
    ) -> None:
        """Against a walk that keeps no more than when each server is free; ours go first in a second."""
        trucks = sorted(trucks, key=lambda x: (x[0], not x[2]))
        b = PlanBuilder(10 * HOUR)
        others = [(t, s, 0, PATIENT) for t, s, is_own in trucks if not is_own]
        b.crossing("gate", standard=booths, modules=modules, check_s=check_s, approach_s=20, background=others)
        own = [(t, s) for t, s, is_own in trucks if is_own]
        service = [s for _, s in own]
        draws = {"service_standard_s": lambda n, c: service[n] if n < len(service) else 1}
        b.push("x", [t + 1 for t, _ in own], ways=[Way((1, 1), ("gate",))], draws=draws)
        others_wait, checked, expected = [0, 0], [0] * modules, []
        free = [0] * booths
        for t, s, is_own in [(t + 2 * own_, s, own_) for t, s, own_ in trucks]:
            expected.append((t, s, is_own))
        found = []
        for t, s, is_own in sorted(expected, key=lambda x: (x[0], not x[2])):
            begin = max(t, heapq.heappop(checked))
            heapq.heappush(checked, begin + check_s)
            joined = begin + check_s + 20
            start = max(joined, heapq.heappop(free))
            heapq.heappush(free, start + s)
            if is_own:
                found.append((t, begin, joined, start))
            else:
                others_wait[0] += begin - t
                others_wait[1] += start - joined
        ledger = ran(b, reference.simulate)
        rows, stages = ledger.passages, ledger.stages
        order = np.lexsort((rows.load, stages.joined_s))
        table = np.stack((stages.joined_s, stages.started_s, rows.joined_s, rows.started_s), axis=1)[order]
        assert table.tolist() == [list(row) for row in found]
        assert [int(ledger.hours.wait_export_s.sum()), int(ledger.hours.wait_s.sum())] == others_wait


class TestInspection:
    @both
    def test_every_truck_inspected_leaves_at_the_pace_of_the_bays(self, simulate: Simulate) -> None:
        """A truck a minute, 50 minutes in one of 4 bays: in the long run 4 leave in 50 minutes, not 50."""
        b = PlanBuilder(40 * HOUR)
        b.crossing("gate", standard=3, bays=4, inspect_bp=[10_000] * b.hours)
        b.push("x", [60 * k for k in range(1, 400)], ways=WAY, draws={"inspection_s": 3_000, "lot_bp": 9_999})
        ledger = ran(b, simulate)
        left = np.sort(ledger.stages.cleared_s[ledger.stages.cleared_s >= 0])
        assert (left[4::4] - left[:-4:4] == 3_000).all()
        assert left.size > 150

    @both
    def test_nobody_is_sent_whose_lot_is_not_below_the_share_of_the_hour(self, simulate: Simulate) -> None:
        b = PlanBuilder(4 * HOUR)
        b.crossing("gate", bays=1, inspect_bp=[0, 150, 10_000, 0, 0])
        b.push("x", [10, HOUR + 10, HOUR + 1_000, 2 * HOUR], ways=WAY, draws={
            "inspection_s": 600, "lot_bp": lambda n, c: (0, 150, 149, 9_999)[n],
        })  # fmt: skip
        ledger = ran(b, simulate)
        rows = ledger.stages
        assert (rows.stage == INSPECTION).all()
        assert rows.load.tolist() == [2, 3]
        assert (rows.cleared_s - rows.started_s).tolist() == [600, 600]

    @both
    def test_without_bays_it_only_takes_its_time(self, simulate: Simulate) -> None:
        b = PlanBuilder(4 * HOUR)
        b.crossing("gate", standard=9, inspect_bp=[10_000] * b.hours)
        b.push("x", [10] * 9, ways=WAY, draws={"inspection_s": 600})
        ledger = ran(b, simulate)
        assert ledger.stages.load.size == 0
        assert (ledger.passages.left_s == ledger.passages.cleared_s + 600).all()

    @both
    def test_trucks_of_others_stand_in_the_bays_too_in_order_of_leaving_the_booths(self, simulate: Simulate) -> None:
        """Of two that join at 0 the one with the shorter service comes first to the one bay; ours waits for both."""
        b = PlanBuilder(4 * HOUR)
        others = [(0, 100, 0, PATIENT, -1, 0, 500), (0, 40, 0, PATIENT, -1, 0, 300)]
        b.crossing("gate", standard=3, bays=1, inspect_bp=[10_000] * b.hours, background=others)
        b.push("x", [49], ways=WAY, draws={"inspection_s": 7, "service_standard_s": 70})
        ledger = ran(b, simulate)
        # to the bays at 40, 100 and 120; served 40 to 340, 340 to 840, then ours
        assert ledger.stages.joined_s.tolist() == [120]
        assert ledger.stages.started_s.tolist() == [840]
        assert int(ledger.hours.inspected.sum()) == 2
        assert int(ledger.hours.wait_bay_s.sum()) == 240


class TestTractors:
    @both
    @pytest.mark.parametrize("tractors", [1, 2, 5])
    def test_a_pool_is_a_queue_of_round_trips(self, simulate: Simulate, tractors: int) -> None:
        """D/D/c again: trailers every 100 s, a tractor away for 1,000 s; nobody waits at the booths."""
        b = PlanBuilder(40_000)
        b.crossing("gate", standard=9, tractors=tractors, round_trip_s=1_000, approach_s=60)
        b.push("x", [100 * k for k in range(1, 31)], ways=WAY, draws={"yard_s": 200, "before_s": 50})
        ledger = ran(b, simulate)
        rows = ledger.stages
        assert set(rows.stage.tolist()) == {TRACTOR}
        ready = [100 * k + 1 + 250 for k in range(1, 31)]
        assert rows.joined_s.tolist() == ready
        free = [0] * tractors
        for at, out in zip(ready, rows.started_s.tolist(), strict=True):
            assert out == max(at, heapq.heappop(free))
            heapq.heappush(free, out + 1_000)
        assert (ledger.passages.joined_s == rows.started_s + 60).all()

    @both
    def test_a_tractor_is_away_longer_by_the_wait_posted_when_it_sets_out(self, simulate: Simulate) -> None:
        """Trucks of 1,000 s join at 3,590; the posting of 3,600 shows 1,990 s for the third."""
        b = PlanBuilder(40_000)
        others = [(3_590, 1_000, 0, PATIENT)] * 2
        b.crossing("gate", tractors=1, round_trip_s=500, background=others)
        b.push("x", [3_650, 3_651], ways=WAY)
        ledger = ran(b, simulate)
        assert ledger.stages.started_s.tolist() == [3_651, 3_651 + 500 + 1_990]

    @both
    def test_trailers_wait_in_order_of_being_ready_and_some_when_the_run_ends(self, simulate: Simulate) -> None:
        b = PlanBuilder(2_000)
        b.crossing("gate", tractors=1, round_trip_s=900)
        b.push("x", [10, 10, 10, 10], ways=WAY, draws={"yard_s": lambda n, c: (30, 20, 10, 10)[n]})
        ledger = ran(b, simulate)
        assert ledger.stages.joined_s.tolist() == [41, 31, 21, 21]
        assert ledger.stages.started_s.tolist() == [-1, 1_821, 21, 921]
        assert ledger.passages.joined_s.tolist() == [-1, 1_821, 21, 921]


def bridges(share: int, *, divert_ppm: int = PPM // 4, closed: bool = True) -> PlanBuilder:
    """Two bridges half an hour apart; one is shut from hour 2 on for 8 hours; trucks come every 5 minutes.

    Of ten trucks `share` would go to the other bridge. Patience is 2 hours, a booth takes a second.
    """
    b = PlanBuilder(24 * HOUR)
    b.posting_s = 1_800
    shut = [0 if closed and 2 <= hour < 10 else 1 for hour in range(b.hours)]
    trucks = [(300 * k + 100, 1, 0, 2 * HOUR, 0 if k % 10 < share else -1) for k in range(12 * 20)]
    b.crossing("far", standard=2)
    b.crossing("gate", open_standard=shut, substitutes=[("far", 1_800)], divert_ppm=divert_ppm, background=trucks)
    return b


class TestDiversion:
    @both
    @pytest.mark.parametrize("share", [0, 7, 10])
    def test_in_a_closure_those_who_would_go_elsewhere_do_and_the_others_are_lost(
        self, simulate: Simulate, share: int
    ) -> None:
        """Those who come in its last half hour (of the patient: two hours) wait for the opening."""
        b = bridges(share)
        ledger = ran(b, simulate)
        gate, far = b.crossing_ids.index("gate"), b.crossing_ids.index("far")
        hours = ledger.hours
        times = [(300 * k + 100, k % 10 < share) for k in range(24, 120)]
        away = sum(goes for t, goes in times if 10 * HOUR - t > 1_800)
        lost = sum(not goes for t, goes in times if 10 * HOUR - t > 2 * HOUR)
        assert int(hours.diverted[gate].sum()) == away
        assert int(hours.came_over[far].sum()) == int(hours.passed[far].sum()) == away
        assert int(hours.gave_up.sum()) == lost
        assert int(hours.passed.sum()) == 240 - lost

    @both
    def test_they_arrive_when_they_have_driven_there(self, simulate: Simulate) -> None:
        b = bridges(10)
        ledger = ran(b, simulate)
        far = ledger.hours.came_over[b.crossing_ids.index("far")]
        assert far[:2].sum() == 0
        assert far[2] == 6  # those of the first half hour of the closure
        assert far[3] == 12

    @both
    def test_nobody_goes_where_it_takes_longer(self, simulate: Simulate) -> None:
        b = bridges(10)
        b.crossings["gate"].substitutes = [("far", 9 * HOUR)]
        assert int(ran(b, simulate).hours.diverted.sum()) == 0

    @both
    def test_ordinary_hours_try_nobodys_patience(self, simulate: Simulate) -> None:
        """The same hours, shut every day: who comes late waits for the morning, and nobody is lost."""
        b = bridges(7)
        b.crossings["gate"].shut_hours = range(2, 10)
        ledger = ran(b, simulate)
        assert int(ledger.hours.gave_up.sum()) == 0
        assert int(ledger.hours.diverted.sum()) == 0
        assert int(ledger.hours.passed.sum()) == 240

    @both
    def test_who_came_over_gives_up_there_but_does_not_come_back(self, simulate: Simulate) -> None:
        """Both are shut; the sign at the other still shows nothing when the first leaves for it."""
        b = bridges(10)
        b.crossings["far"].open_standard = [1, 1, *[0] * 8, *[1] * (b.hours - 10)]
        b.crossings["far"].substitutes = [("gate", 1_800)]
        b.crossings["gate"].open_standard = [1, 0, *[0] * 8, *[1] * (b.hours - 10)]
        ledger = ran(b, simulate)
        gate, far = b.crossing_ids.index("gate"), b.crossing_ids.index("far")
        assert ledger.hours.diverted[gate, 1] == 12
        assert int(ledger.hours.came_over[gate].sum()) == 0
        assert int(ledger.hours.gave_up[far].sum()) > 0

    @both
    @pytest.mark.parametrize("names", [("aa", "zz"), ("zz", "aa")])
    def test_of_one_second_they_come_in_order_of_the_id_of_where_they_come_from(
        self, simulate: Simulate, names: tuple[str, str]
    ) -> None:
        """The truck from aa takes 1,000 s at the one booth, that from zz 10 s; ours joins a second later."""
        b = PlanBuilder(6 * HOUR)
        b.posting_s = 1_800
        b.crossing("far")
        for name in names:
            truck = (100, 1_000 if name == "aa" else 10, 0, PATIENT, 0, 0, 0)
            b.crossing(name, open_standard=[0] * b.hours, substitutes=[("far", 1_800)], background=[truck])
        b.push("x", [1_900], ways=[Way((1, 1), ("far",))])
        ledger = ran(b, simulate)
        assert ledger.passages.started_s.tolist() == [1_901 + 1_009]
        assert int(ledger.hours.wait_s[b.crossing_ids.index("far")].sum()) == 1_000

    def test_a_substitute_nearer_than_a_posting_interval_is_refused(self) -> None:
        b = bridges(7)
        b.posting_s = HOUR
        with pytest.raises(PlanError) as caught:
            b.build()
        assert str(caught.value) == "plan: travel_s holds 1800; the least is 3600"


class TestGateways:
    @both
    def test_a_railway_shut_for_five_days_loses_nothing_and_catches_up(self, simulate: Simulate) -> None:
        """Railcars of others every 200 s, tracks that take one in 150 s: the backlog of D days is gone after 3 D."""
        days = 5
        b = PlanBuilder(24 * HOUR * 40)
        is_open = [0 if 24 * 2 <= hour < 24 * (2 + days) else 1 for hour in range(b.hours)]
        cars = [(200 * k, 150, 0, LONGEST_S) for k in range(24 * 18 * 39)]
        b.crossing("gate", open_standard=is_open, background=cars)
        b.push("x", [6 * HOUR * k for k in range(1, 150)], ways=WAY, draws={"service_standard_s": 150})
        ledger = ran(b, simulate)
        assert int(ledger.hours.passed.sum()) == len(cars)
        assert int(ledger.hours.gave_up.sum()) == 0
        rows = ledger.passages
        waits = rows.started_s - rows.joined_s
        shut, caught_up = 24 * HOUR * 2, 24 * HOUR * (2 + days) + 3 * days * 24 * HOUR
        assert waits.max() >= (days - 1) * 24 * HOUR
        assert waits[rows.joined_s < shut - HOUR].max() < 1_000
        assert waits[rows.joined_s > 1.05 * caught_up].max() < 1_000
        assert waits[(rows.joined_s > shut) & (rows.joined_s < 0.9 * caught_up)].min() > 1_000
        assert (np.diff(rows.started_s[np.argsort(rows.joined_s)]) >= 150).all()

    @both
    def test_a_crossing_without_booths_holds_what_comes_until_it_opens(self, simulate: Simulate) -> None:
        b = PlanBuilder(10 * HOUR)
        b.crossing("gate", standard=0, approach_s=100, open_standard=[1, 0, 0, 1, *[1] * 7])
        b.push("x", [10, HOUR - 100, HOUR, 3 * HOUR], ways=WAY)
        rows = ran(b, simulate).passages
        assert rows.left_s.tolist() == [111, 3 * HOUR, 3 * HOUR, 3 * HOUR + 101]

    @both
    def test_a_shut_gateway_is_posted_and_another_way_taken(self, simulate: Simulate) -> None:
        b = PlanBuilder(10 * HOUR)
        b.crossing("sea", standard=0, open_standard=[1, 0, 0, *[1] * 8])
        b.crossing("other", standard=0, approach_s=1_000)
        ways = [Way((5, 5), ("sea",), 10), Way((5, 5), ("other",), 1_010)]
        b.push("x", [10, HOUR + 10, 3 * HOUR - 10, 3 * HOUR + 10], ways=ways, draws={"divert_s": 0})
        assert ran(b, simulate).loads.route.tolist() == [0, 1, 1, 0]


def test_lines_keep_their_order_where_everything_is_short() -> None:
    """A last look at the whole chain: what joined first at a line is not served later, line by line."""
    b = PlanBuilder(40 * HOUR)
    b.crossing(
        "gate", standard=2, modules=2, check_s=45, tractors=3, round_trip_s=900, bays=2, inspect_bp=[5_000] * b.hours
    )
    draws = {"inspection_s": 900, "lot_bp": lambda n, c: 997 * n % 10_000, "yard_s": lambda n, c: 311 * n % 5_000}
    b.push("x", [7 * k for k in range(1, 200)], ways=WAY, draws=draws)
    ledger = ran(b, reference.simulate)
    for stage in (TRACTOR, EXPORT, INSPECTION):
        own = ledger.stages.stage == stage
        began = sorted(
            zip(ledger.stages.joined_s[own], ledger.stages.load[own], ledger.stages.started_s[own], strict=True)
        )
        assert len(began) > 50
        assert all(one[2] <= other[2] for one, other in pairwise(began))


class TestTurningRound:
    """A gate is shut from hour 2 to hour 10, its substitute half an hour away; ours come to it at 2:10."""

    AT = 2 * HOUR + 600

    def gate(self, divert_s: int) -> PlanBuilder:
        b = bridges(0)
        b.crossings["gate"].background = []
        b.push("x", [self.AT - 1], ways=WAY, draws={"divert_s": divert_s})
        return b

    @both
    def test_who_saves_more_than_it_asks_turns_to_the_substitute_and_goes_on_from_there(
        self, simulate: Simulate
    ) -> None:
        """At 2:10 the wait of 2:00 hangs posted: eight hours against half an hour of road and no wait."""
        b = self.gate(8 * HOUR - 1_801)
        ledger = ran(b, simulate)
        rows = ledger.passages
        assert rows.crossing.tolist() == [b.crossing_ids.index("far")]
        assert rows.arrived_s.tolist() == rows.started_s.tolist() == [self.AT + 1_800]
        assert ledger.loads.received_s.tolist() == [self.AT + 1_800 + 60 + 1]  # a minute at the booth

    @both
    def test_who_saves_no_more_than_it_asks_waits_for_the_opening(self, simulate: Simulate) -> None:
        b = self.gate(8 * HOUR - 1_800)
        ledger = ran(b, simulate)
        assert ledger.passages.crossing.tolist() == [b.crossing_ids.index("gate")]
        assert ledger.passages.arrived_s.tolist() == [self.AT]
        assert ledger.passages.started_s.tolist() == [10 * HOUR]

    @both
    def test_of_two_substitutes_the_one_passed_soonest(self, simulate: Simulate) -> None:
        b = self.gate(0)
        b.crossing("further", standard=1)
        b.crossings["gate"].substitutes = [("far", 3_600), ("further", 3_599)]
        assert ran(b, simulate).passages.crossing.tolist() == [b.crossing_ids.index("further")]

    @both
    def test_who_has_turned_does_not_turn_again(self, simulate: Simulate) -> None:
        """The substitute is shut as well from the hour in which they get there, after its wait was posted."""
        b = self.gate(0)
        b.crossings["far"].open_standard = [0 if 2 <= hour < 6 else 1 for hour in range(b.hours)]
        b.crossings["far"].substitutes = [("gate", 1_800)]
        ledger = ran(b, simulate)
        assert ledger.passages.crossing.tolist() == [b.crossing_ids.index("far")]
        assert ledger.passages.started_s.tolist() == [6 * HOUR]
