"""The facts on ports: sums that must agree, counts that must add up, names that must be known."""

from collections import defaultdict

import pytest

from sim.network.build.facts import BORDER, read_border_process, read_ports
from sim.network.build.tables import read_facts

GROUPS = {
    "laredo": {"laredo_wtb", "laredo_colombia"},
    "brownsville": {"brownsville_veterans", "los_indios"},
    "el_paso": {"bota", "ysleta"},
}
OTHER_GROUPS = {"texas_bridges", "northern_ports", "southern_ports", "seven_ports", "canadian_rail"}


def monthly(level):
    counts = defaultdict(dict)
    for row in read_facts(BORDER / "monthly_trucks.csv"):
        if row["level"] == level:
            counts[row["port"]][row["month"]] = int(row["trucks"])
    return counts


def test_every_file_is_told_of_in_the_readme_and_its_source_named():
    names = {path.name for path in BORDER.glob("*.csv")}
    assert len(names) >= 7
    for text in ("README.md", "SOURCES.md"):
        words = (BORDER / text).read_text()
        assert sorted(name for name in names if f"`{name}`" not in words) == []


def test_every_row_says_how_it_is_known():
    for file in ("ports.csv", "process.csv", "observations.csv", "events.csv"):
        rows = read_facts(BORDER / file)
        assert rows
        for row in rows:
            assert row["basis"] in {"seen", "computed", "memory", "estimate", "assumption"}, row
            assert row.get("source") or row["note"], row
    for file in ("lines.csv", "substitutes.csv", "airports.csv", "past_lanes.csv"):
        rows = read_facts(BORDER / file)
        assert rows
        for row in rows:
            assert row["basis"] in {"seen", "computed", "memory", "estimate", "assumption"}, row
            assert row["source"].startswith("http") or row["basis"] in {"memory", "estimate", "assumption"}, row


def test_bridges_sum_to_their_port_in_every_month_but_one():
    """To a truck; the counts by port are 3-4 % short in July 2016, which calibration therefore takes from bridges."""
    bridges, ports = monthly("crossing"), monthly("port")
    short = set()
    for port, members in {
        "laredo": GROUPS["laredo"],
        "pharr": {"pharr"},
        "eagle_pass": {"eagle_pass"},
        "del_rio": {"del_rio"},
    }.items():
        assert len(ports[port]) == 60
        for month, whole in ports[port].items():
            if abs(whole - sum(bridges[name][month] for name in members)) > 1:
                short.add(month)
    assert short == {"2016-07"}


@pytest.mark.parametrize("year", [2015, 2016, 2017, 2018, 2024])
def test_months_sum_to_the_year(year):
    bridges, ports = monthly("crossing"), monthly("port")
    checked = 0
    for name, row in read_ports().items():
        counts = bridges.get(name) or ports.get(name)
        if row["kind"] == "land_truck" and counts:
            total = sum(trucks for month, trucks in counts.items() if month.startswith(str(year)))
            assert total == int(row[f"entries_{year}"]), name
            checked += 1
    assert checked == 20


def test_lanes_seen_open_are_what_networks_staff_up_to():
    """The most of the two snapshots, at one moment; ports of several bridges have them together."""
    seen = defaultdict(int)
    for row in read_facts(BORDER / "lane_snapshots.csv"):
        if row["port"]:
            for booths in ("standard", "fast"):
                seen[row["port"], booths, row["date"]] += int(row[f"{booths}_lanes"] or 0)
    checked = 0
    for name, row in read_ports().items():
        if row["kind"] == "land_truck" and name not in ("gordie_howe", "eagle_pass"):  # never open; feed of one lane
            for booths in ("standard", "fast"):
                most = max(seen[name, booths, date] for date in ("2014-03-15", "2022-06-29"))
                assert int(row[f"booths_{booths}"]) == most, (name, booths)
            assert int(row["booths_standard"]) + int(row["booths_fast"]) <= int(row["booths_installed"])
            checked += 1
    assert checked == 19


def test_names_of_other_files_are_ports_or_known_groups():
    known = set(read_ports()) | set(GROUPS) | OTHER_GROUPS
    for file in ("monthly_trucks.csv", "observations.csv", "events.csv"):
        assert {row["port"] for row in read_facts(BORDER / file)} <= known, file
    codes = {row["port_code"] for row in read_ports().values()}
    assert {row["port_code"] for row in read_facts(BORDER / "hs87_by_port.csv")} <= codes


def test_value_of_vehicles_and_parts_by_gateway():
    """Imports from Canada in 2023: Detroit, Port Huron and Buffalo had half, a quarter and a sixth of 55.8 bn USD."""
    value = defaultdict(float)
    for row in read_facts(BORDER / "hs87_by_port.csv"):
        if row["month"].startswith("2023") and row["direction"] == "us_import":
            value[row["partner"], row["port_code"]] += float(row["value_usd"])
    for partner, total, shares in (
        ("CA", 55.8e9, {"3801": 0.50, "3802": 0.25, "0901": 0.17}),
        ("MX", 106.2e9, {"2304": 0.58, "2303": 0.15, "2506": 0.075}),
    ):
        for code, share in shares.items():
            assert value[partner, code] / total == pytest.approx(share, abs=0.006), (partner, code)


def test_each_direction_of_both_land_borders_has_its_stages():
    assert set(read_border_process()) == {"MX-US", "US-MX", "CA-US", "US-CA"}
