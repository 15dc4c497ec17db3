"""Crossings in the plan: lines, draws for them, what shocks change there, and how routes are judged."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from sim.clock import Clock
from sim.network import load_network
from sim.network.model import Network
from sim.plan import LONGEST_S
from sim.planning.background import draw_background
from sim.planning.border import plan_crossings, plan_substitutes
from sim.planning.shocks import shock_crossings
from sim.planning.traffic import ordinary_traffic
from sim.planning.ways import generalised_s
from sim.scenario import Shock
from sim.streams import Streams
from sim.units import HOUR, PPM

WTB, COLOMBIA, RAIL = "laredo_wtb/us", "laredo_colombia/us", "laredo_rail/us"


@pytest.fixture(scope="module")
def network() -> Network:
    return load_network("midsize")


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock(dt.date(2017, 10, 30), 0, 14 * 24 * HOUR)


def changed(network: Network, name: str, **cells: object) -> Network:
    crossings = dict(network.crossings)
    crossings[name] = replace(crossings[name], **cells)  # type: ignore[arg-type]
    return replace(network, crossings=MappingProxyType(crossings), digest=f"{network.digest} {name} {cells}")


def test_shut_seconds_add_up_the_ordinary_hours(network: Network, clock: Clock) -> None:
    tables = plan_crossings(network, clock, ordinary_traffic(network, clock))
    row = tables.ids.index(WTB)
    shut = np.diff(tables.shut_s[row])
    assert set(shut.tolist()) == {0, HOUR}
    assert ((tables.open_standard[row] == 0) == (shut > 0)).all()
    # open 7 to 24 on weekdays and 8 to 18 on both days of the weekend
    assert tables.shut_s[row, 7 * 24] == (5 * 7 + 2 * 14) * HOUR
    assert (tables.open_standard[tables.ids.index("port_la_lb/us")] == 1).all()


def test_a_railway_takes_one_railcar_after_the_other_and_nobody_gives_up(network: Network, clock: Clock) -> None:
    traffic = ordinary_traffic(network, clock)
    tables = plan_crossings(network, clock, traffic)
    row = tables.ids.index(RAIL)
    assert tables.booths_standard[row] == 1
    assert (tables.open_standard[row] == 1).all()
    background = draw_background(network, clock, traffic, Streams(1, 0))
    own = slice(background.first[row], background.first[row + 1])
    assert (background.patience_s[own] == LONGEST_S).all()
    assert (background.substitute[own] == -1).all()
    use = background.service_s[own].sum() / (14 * 24 * HOUR)
    assert 0.65 < use < 0.85


def test_draws_for_new_lines_move_none_of_the_others(network: Network, clock: Clock) -> None:
    """A crossing without bays and substitutes draws the same trucks, classes, services and patience."""
    traffic = ordinary_traffic(network, clock)
    plain = replace(changed(network, WTB, inspection_bays=0), substitutes=MappingProxyType({}))
    one, other = (draw_background(x, clock, traffic, Streams(7, 2)) for x in (network, plain))
    for name in ("first", "arrive_s", "service_s", "is_fast", "patience_s"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    row = list(network.crossings).index(WTB)
    own = slice(one.first[row], one.first[row + 1])
    assert not other.lot_bp[own].any()
    assert abs((one.lot_bp[own] < 150).mean() - 0.015) < 0.003
    assert abs((one.substitute[own] == 0).mean() - 0.75) < 0.01
    asked = draw_background(plain, clock, traffic, Streams(7, 2), {WTB})
    assert np.array_equal(asked.lot_bp[own], one.lot_bp[own])


def test_substitutes_stand_in_the_order_in_which_trucks_draw_them(network: Network) -> None:
    table = plan_substitutes(network, 60)
    ids = list(network.crossings)
    for row, name in enumerate(ids):
        own = range(*table.first[row : row + 2].tolist())
        assert [ids[table.crossing[at]] for at in own] == [x.substitute for x in network.substitutes_of(name)]
    assert table.travel_s[table.first[ids.index(WTB)]] == HOUR // 2


@pytest.mark.parametrize(("own", "bays", "before", "during"), [(12, None, 12, 12), (12, 40, 12, 40), (0, 40, 40, 40)])
def test_an_inspection_sends_a_share_to_its_bays(
    network: Network, clock: Clock, own: int, bays: int | None, before: int, during: int
) -> None:
    asked = changed(network, WTB, inspection_bays=own)
    tables = plan_crossings(asked, clock, ordinary_traffic(asked, clock))
    start = clock.moment(10 * HOUR)
    shock = Shock("inspection", WTB, start, 5 * HOUR, share_ppm=PPM, bays=bays)
    shocked = shock_crossings(tables, asked, [shock], clock)
    first = clock.second(start) // HOUR
    row = tables.ids.index(WTB)
    expected = np.full(tables.inspect_bp.shape[1], 150)
    expected[first : first + 5] = 10_000
    assert shocked.inspect_bp[row].tolist() == expected.tolist()
    assert shocked.open_bays[row, first - 1] == before
    assert shocked.open_bays[row, first : first + 5].tolist() == [during] * 5
    assert shocked.bays[row] == max(own, bays or 0)
    others = np.arange(len(tables.ids)) != row
    assert np.array_equal(shocked.inspect_bp[others], tables.inspect_bp[others])


def test_a_route_is_judged_by_its_time_and_what_it_costs_beyond_the_usual(network: Network) -> None:
    """From Windsor to Toledo by Port Huron and Sarnia: legs of 4.01 for 1.74 hours and of 328.52 for 107.14 USD."""
    ways = network.routes["supplier/windsor", "supplier/toledo", "truck"]
    near, far = network.crossings["ambassador_bridge/us"], network.crossings["blue_water_bridge/us"]
    assert [[step.crossing for step in way.steps] for way in ways] == [[near.id, ""], [far.id, ""]]
    extra_usd = 328.52 - 107.14 + far.toll_usd - near.toll_usd
    assert extra_usd == pytest.approx(166.38)
    stages_s = 60 * (far.approach_min - near.approach_min) + far.cycle_standard_s - near.cycle_standard_s
    for truck_hour_usd in (90.0, 45.0):
        longer_s = generalised_s(network, ways, 1, truck_hour_usd) - generalised_s(network, ways, 0, truck_hour_usd)
        assert longer_s == pytest.approx((4.01 - 1.74) * HOUR + stages_s + extra_usd / truck_hour_usd * HOUR)
    back = ways[::-1]  # the cheaper way is no better for being cheaper
    assert generalised_s(network, back, 1, 90.0) - generalised_s(network, back, 0, 90.0) == pytest.approx(
        (1.74 - 4.01) * HOUR - stages_s
    )
