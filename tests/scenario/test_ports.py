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


def test_a_port_with_counts_brings_its_trucks_of_each_year_and_its_season():
    network, borders = load_network("midsize"), load_network("borders")
    opened, problems = with_ports(network, {"peace_bridge": "ambassador_bridge"})
    assert problems == []
    for side in ("ca", "us"):
        name = f"peace_bridge/{side}"
        there = borders.crossings[name]
        assert opened.crossings[name].background_weekday == there.background_weekday > 0
        assert dict(opened.traffic[name]) == dict(borders.traffic[name])
        assert opened.seasons[name] == borders.seasons[name] != network.seasons[f"ambassador_bridge/{side}"]
        assert opened.told["traffic.csv", name, 2024] == borders.told["traffic.csv", name, 2024]
        assert opened.traffic[f"ambassador_bridge/{side}"] == network.traffic[f"ambassador_bridge/{side}"]


def test_a_port_without_counts_takes_half_of_its_neighbours_trucks_in_every_year():
    network = load_network("midsize")
    opened, problems = with_ports(network, {"gordie_howe": "ambassador_bridge"})
    assert problems == []
    for side in ("ca", "us"):
        new, old = f"gordie_howe/{side}", f"ambassador_bridge/{side}"
        assert len(network.traffic[old]) > 5
        assert dict(opened.traffic[new]) == dict(opened.traffic[old])
        assert {year: 2 * trucks for year, trucks in opened.traffic[new].items()} == dict(network.traffic[old])
        assert opened.seasons[new] == network.seasons[old]
        weekdays = opened.crossings[new].background_weekday + opened.crossings[old].background_weekday
        assert weekdays == network.crossings[old].background_weekday
        assert opened.crossings[new].background_weekend_pct == network.crossings[old].background_weekend_pct > 0
