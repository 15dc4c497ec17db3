"""A run and its disturbed twin: what the disturbance did, checked against the ledger by plain counting."""

from sim.resilience import Calm, harm_of
from sim.resilience.twin import first_stop_s, on_usual_ways
from sim.scenario import Shock
from sim.units import HOUR
from tests.resilience.conftest import SHUT, closure, passed

CAR = "plant/michigan/car"


def slots(run):
    """Start of each build slot in order, None where it never came."""
    loads, lane = run.ledger.loads, run.plan.lanes.ids.index(f"{CAR}..market/us")
    return {int(loads.n[i]): int(loads.started_s[i]) for i in range(len(loads.lane)) if loads.lane[i] == lane}


def test_no_shock_does_nothing(prepared):
    calm = Calm.of(prepared, 0)
    again = calm.disturbed(())
    assert again.ledger.digest() == calm.run.ledger.digest()
    assert harm_of(calm.run, again, 0)[CAR].first_stop_s is None
    assert (harm_of(calm.run, again, 0)[CAR].down_h, harm_of(calm.run, again, 0)[CAR].lost) == (0, 0)


def test_the_first_stop_is_an_hour_after_the_stock_ran_out(prepared):
    calm = Calm.of(prepared, 0)
    since = calm.clock.second(SHUT)
    upset = calm.disturbed(prepared.scenario.shocks)
    harm = harm_of(calm.run, upset, since)[CAR]
    before, after = slots(calm.run), slots(upset)
    late = [before[n] for n in before if before[n] >= since and (after[n] < 0 or after[n] - before[n] >= HOUR)]
    assert harm.first_stop_s == min(late) + HOUR
    assert harm.first_stop_s == upset.stoppages[CAR].stopped_after(since, HOUR)
    assert harm.lost > 0
    assert harm.down_h > 8
    loads, plan = upset.ledger.loads, upset.plan
    lane = plan.lanes.ids.index(f"supplier/ontario/bracket..{CAR}")
    came = [(int(loads.received_s[i]), int(loads.units[i])) for i in range(len(loads.lane)) if loads.lane[i] == lane]
    on_hand = sum(units for second, units in came if 0 <= second <= harm.first_stop_s)
    used = 10 * sum(0 <= second < harm.first_stop_s for second in after.values())
    assert on_hand - used < 10  # less than one lot of ten cars


def test_a_stop_that_would_have_come_anyway_is_no_harm(prepared):
    calm = Calm.of(prepared, 0)
    since = calm.clock.second(SHUT)
    upset = calm.disturbed(prepared.scenario.shocks)
    stops = upset.stoppages[CAR]
    assert first_stop_s(stops, stops, since) is None
    assert first_stop_s(calm.run.stoppages[CAR], stops, since) is not None


def test_a_longer_closure_stops_no_line_sooner_and_costs_no_less(prepared):
    calm = Calm.of(prepared, 0)
    since = calm.clock.second(SHUT)
    short, long = (harm_of(calm.run, calm.disturbed((closure(h),)), since)[CAR] for h in (72, 120))
    assert long.first_stop_s == short.first_stop_s
    assert long.lost > short.lost


def test_what_is_on_usual_ways_drives_round_nothing(two_bridges):
    calm = Calm.of(two_bridges, 0)
    since = calm.clock.second(SHUT)
    assert harm_of(calm.run, calm.disturbed((closure(96),)), since)[CAR].lost == 0
    usual = Calm.of(on_usual_ways(two_bridges), 0)
    stuck = usual.disturbed((closure(96),))
    assert harm_of(usual.run, stuck, since)[CAR].lost > 0
    assert not passed(stuck, "tunnel/us")


def test_slots_that_a_shock_leaves_out_have_no_counterpart(prepared):
    calm = Calm.of(prepared, 0)
    since = calm.clock.second(SHUT)
    fewer = Shock("demand", CAR, SHUT, 4 * 86_400, factor_ppm=500_000)
    harm = harm_of(calm.run, calm.disturbed((fewer,)), since)[CAR]
    assert (harm.first_stop_s, harm.down_h, harm.lost) == (None, 0, 0)
