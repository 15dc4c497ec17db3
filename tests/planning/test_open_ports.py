"""Ports that a scenario opens: their crossings and ways, and that loads take them when the neighbour is shut."""

import datetime as dt

import numpy as np
import pytest

from sim.engines.reference import simulate
from sim.errors import ScenarioError
from sim.ledger.balance import check_balances
from sim.network import load_network
from sim.planning.border import plan_substitutes
from sim.scenario import Shock
from sim.scenario.ports import with_ports
from sim.units import DAY
from tests.planning.test_build import plan_of, scenario

OPENED = {"gordie_howe": "bridge"}


def test_every_way_over_the_neighbour_may_lead_over_the_new_port():
    network = load_network("midsize")
    opened, problems = with_ports(network, {"gordie_howe": "ambassador_bridge"})
    assert problems == []
    assert set(opened.crossings) - set(network.crossings) == {"gordie_howe/ca", "gordie_howe/us"}
    doubled = 0
    for key, before in network.routes.items():
        over = [way for way in before if any(s.crossing.startswith("ambassador_bridge/") for s in way.steps)]
        after = opened.routes[key]
        assert after[: len(before)] == before
        assert len(after) == len(before) + bool(over)
        if over:
            doubled += 1
            assert [s.crossing for s in after[-1].steps] == [
                s.crossing.replace("ambassador_bridge", "gordie_howe") for s in over[0].steps
            ]
            assert [s.hours for s in after[-1].steps] == [s.hours for s in over[0].steps]
    assert doubled > 10
    assert opened.digest != network.digest


def test_a_new_port_has_its_own_lanes_and_half_of_its_neighbours_trucks_unless_told():
    asked = scenario(
        network="midsize",
        open_ports={"gordie_howe": "ambassador_bridge"},
        crossings={"gordie_howe/us": {"background_weekday": 2_000, "booths_standard": 12}},
    )
    opened = asked.load_network().crossings
    assert (opened["gordie_howe/us"].background_weekday, opened["gordie_howe/us"].booths_standard) == (2_000, 12)
    before = load_network("midsize").crossings["ambassador_bridge/ca"].background_weekday
    assert opened["gordie_howe/ca"].background_weekday == before / 2
    assert opened["gordie_howe/us"].kind == "land_truck"
    assert (opened["gordie_howe/us"].from_country, opened["gordie_howe/us"].to_country) == ("CA", "US")
    assert asked.digest != scenario(network="midsize").digest


def test_trucks_of_others_may_go_to_the_new_port_rather_than_wait():
    network = load_network("midsize")
    opened, _ = with_ports(network, {"gordie_howe": "ambassador_bridge"})
    for side in ("us", "ca"):
        there = {x.substitute: x.share_pct for x in opened.substitutes_of(f"ambassador_bridge/{side}")}
        back = {x.substitute: x.share_pct for x in opened.substitutes_of(f"gordie_howe/{side}")}
        before = {x.substitute: x.share_pct for x in network.substitutes_of(f"ambassador_bridge/{side}")}
        assert there == {**before, f"gordie_howe/{side}": 30.0}
        assert back == {f"ambassador_bridge/{side}": 80.0}


def test_who_goes_over_a_short_way_is_there_with_the_next_posting():
    """24 minutes lie between the bridges of Detroit; where waits are posted every 30, that is what it takes."""
    opened, _ = with_ports(load_network("midsize"), {"gordie_howe": "ambassador_bridge"})
    for posting_s, expected in ((600, 1_440), (1_800, 1_800)):
        table = plan_substitutes(opened, posting_s)
        ids = list(opened.crossings)
        here, there = ids.index("ambassador_bridge/us"), ids.index("gordie_howe/us")
        own = slice(table.first[here], table.first[here + 1])
        assert dict(zip(table.crossing[own].tolist(), table.travel_s[own].tolist(), strict=True))[there] == expected


def test_loads_take_the_new_port_when_its_neighbour_is_shut(tiny):
    opened, _ = with_ports(tiny, OPENED)
    shut = Shock("closure", "bridge", dt.datetime(2017, 8, 15, tzinfo=dt.UTC), 5 * DAY)
    alone = simulate(plan_of(tiny, scenario(shocks=(shut,))))
    plan = plan_of(opened, scenario(shocks=(shut,)))
    ledger = simulate(plan)
    check_balances(plan, ledger)
    new = [row for row, name in enumerate(plan.crossings.ids) if name.startswith("gordie_howe")]
    assert np.isin(ledger.passages.crossing, new).sum() > 0
    assert alone.loads.is_lost.sum() > ledger.loads.is_lost.sum() == 0


def test_a_port_that_stands_elsewhere_cannot_be_opened():
    with pytest.raises(ScenarioError) as caught:
        scenario(network="midsize", open_ports={"gordie_howe": "ysleta"}).load_network()
    assert str(caught.value) == (
        "tiny: open_ports.gordie_howe: 'gordie_howe' cannot stand beside 'ysleta', "
        "which is another kind of port or at another border."
    )
