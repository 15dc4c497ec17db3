"""Ports that a scenario opens beside others: railways, and what comes with a port that has counts."""

from sim.network import load_network
from sim.scenario.ports import with_ports


def test_a_railway_opens_with_the_cars_of_its_last_counted_year():
    """3,293 trains a year of a hundred cars, which take three quarters of the day."""
    opened, problems = with_ports(load_network("midsize"), {"port_huron_rail": "detroit_rail_tunnel"})
    assert problems == []
    for side in ("ca", "us"):
        crossing = opened.crossings[f"port_huron_rail/{side}"]
        assert (crossing.kind, crossing.booths_standard, crossing.tractors) == ("land_rail", 1, 0)
        assert (crossing.background_weekday, crossing.cycle_standard_s) == (902.0, 71.8)


def test_a_port_with_counts_brings_its_trucks_of_2017_and_the_season_of_its_neighbour():
    network = load_network("midsize")
    opened, problems = with_ports(network, {"peace_bridge": "ambassador_bridge"})
    assert problems == []
    for side in ("ca", "us"):
        there = load_network("borders").crossings[f"peace_bridge/{side}"]
        assert opened.crossings[f"peace_bridge/{side}"].background_weekday == there.background_weekday > 0
        assert f"peace_bridge/{side}" not in opened.traffic
        assert opened.seasons[f"peace_bridge/{side}"] == network.seasons[f"ambassador_bridge/{side}"]
