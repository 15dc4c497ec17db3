"""A made-up study for the report's tests: numbers of plausible size that no simulation produced."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from sim.network import load_network
from sim.report import figures as catalogue
from sim.report.flows import Gate, MapPicture, Stretch
from sim.report.page import write_report
from sim.report.source import Comparison, StudyData, Summary

BASELINE = "nafta_as_it_stood"
SCENARIOS = (
    BASELINE,
    "us_proposal",
    "modern_tracing_list",
    "border_tax_35",
    "nafta_withdrawal",
    "ambassador_closure",
)
VEHICLES = ("plant/lansing/crossover_ice", "plant/oakville/crossover_ice", "plant/saltillo/pickup_ice")
N = 20

_COST = {  # component: level, then change per scenario
    "materials:US": (9_800, 60, 10, 0, 0, 0),
    "materials:CA": (2_900, -40, -5, 0, 0, 0),
    "materials:MX": (4_700, -10, 0, 0, 0, 0),
    "materials:overseas": (3_300, 0, 0, 0, 0, 0),
    "labour": (4_100, 0, 0, 0, 0, 0),
    "overhead": (3_700, 0, 0, 0, 0, 0),
    "freight": (610, 0, 0, 0, 0, 2),
    "duty": (96, 402, 260, 3_310, 655, 0),
    "fees": (14, 9, 6, 8, 21, 0),
    "compliance": (61, 180, 120, 0, -61, 0),
    "carrying": (122, 4, 3, 22, 9, 3),
    "border_time": (58, 31, 18, 1, 6, 74),
    "expediting": (0, 0, 0, 0, 0, 0),
    "stoppage": (9, 14, 6, 0, 2, 210),
}
_DUTY = {
    "us/mfn": (58, 250, 160, 210, 330, 0),
    "us/border_tax": (0, 0, 0, 3_060, 0, 0),
    "ca/mfn": (12, 90, 60, 14, 170, 0),
    "mx/mfn": (26, 62, 40, 26, 155, 0),
}
_WAITS = {
    "laredo_wtb/us": 31.0,
    "ambassador_bridge/us": 17.0,
    "ambassador_bridge/ca": 9.0,
    "otay_mesa/us": 24.0,
}


def _row(level: float, changes: tuple[float, ...], half: float) -> tuple[Comparison, ...]:
    values = (0.0, *changes)
    return tuple(
        Comparison(name, level + change, change, half if number else 0.0, N)
        for number, (name, change) in enumerate(zip(SCENARIOS, values, strict=True))
    )


def make_summary() -> Summary:
    """Comparisons of the made-up study."""
    rows: dict[tuple[str, str, str], tuple[Comparison, ...]] = {}
    for vehicle in ("all", *VEHICLES):
        for item, (level, *changes) in _COST.items():
            rows["cost_per_vehicle_usd", vehicle, item] = _row(level, tuple(changes), 0.02 * max(map(abs, changes)))
        levels = sum(values[0] for values in _COST.values())
        totals = tuple(float(sum(values[n] for values in _COST.values())) for n in range(1, 6))
        rows["cost_per_vehicle_usd", vehicle, "total"] = _row(levels, totals, 38.0)
        for item, (level, *changes) in _DUTY.items():
            rows["duty_per_vehicle_usd", vehicle, item] = _row(level, tuple(changes), 6.0)
        rows["duty_per_vehicle_usd", vehicle, "direct"] = _row(40, (100, 80, 3_000, 300, 0), 6.0)
        rows["duty_per_vehicle_usd", vehicle, "embedded"] = _row(56, (302, 180, 310, 355, 0), 6.0)
    rows["border_hours_per_vehicle", "all", ""] = _row(11.9, (2.1, 1.2, 0.02, 0.35, 1.9), 0.11)
    rows["vehicles_lost", "all", ""] = _row(3, (12, 4, 0, 1, 640), 9.0)
    for crossing, wait in _WAITS.items():
        for statistic, factor in (("mean", 1.0), ("median", 0.6), ("p95", 3.1)):
            changes = tuple(factor * wait * step for step in (0.21, 0.1, 0.0, 0.02, 0.3))
            rows["border_wait_min", "all", f"{crossing}|{statistic}"] = _row(factor * wait, changes, 0.5)
    for pair, level in (("US-MX", -61e6), ("US-CA", 12e6), ("CA-MX", -9e6)):
        rows["trade_balance_usd", "all", pair] = _row(level, (4e6, 1e6, 31e6, 9e6, -2e6), 1.1e6)
    for code, level in (("US", 6.1e6), ("CA", 1.2e6), ("MX", 2.0e6)):
        rows["receipts_usd", "all", code] = _row(level, (21e6, 14e6, 90e6 if code == "US" else 0, 30e6, 0.0), 0.4e6)
    rows["vehicles_built", "all", ""] = _row(41_000, (-12, -4, 0, -1, -640), 9.0)
    return Summary(BASELINE, SCENARIOS, rows, {BASELINE: "NAFTA as it stood"})


def make_passport() -> dict[str, Any]:
    """One load's made-up journey, five borders."""
    kokomo, juarez, oakville = "supplier/kokomo/board", "supplier/juarez/seat_control", VEHICLES[1]
    stays = (
        (0, 0.0, 10.0, "ordered", kokomo, "US", 400.0, 0.0),
        (0, 10.0, 20.0, "made", kokomo, "US", 400.0, 0.0),
        (0, 30.0, 28.5, "leg", f"{kokomo}..{juarez}", "", 400.0, 0.0),
        (0, 58.5, 2.5, "crossing", "laredo_wtb/mx", "MX", 400.0, 9.0),
        (0, 61.0, 9.0, "leg", f"{kokomo}..{juarez}", "", 400.0, 9.0),
        (0, 70.0, 60.0, "stock", f"{juarez}/board", "MX", 400.0, 9.0),
        (1, 130.0, 20.0, "made", juarez, "MX", 880.0, 9.0),
        (1, 150.0, 10.0, "leg", f"{juarez}..{oakville}", "", 880.0, 9.0),
        (1, 160.0, 7.4, "crossing", "laredo_wtb/us", "US", 880.0, 31.0),
        (1, 167.4, 32.6, "leg", f"{juarez}..{oakville}", "", 880.0, 31.0),
        (1, 200.0, 1.1, "crossing", "ambassador_bridge/ca", "CA", 880.0, 48.0),
        (1, 201.1, 8.9, "leg", f"{juarez}..{oakville}", "", 880.0, 48.0),
        (1, 210.0, 16.0, "stock", f"{oakville}/seat_control", "CA", 880.0, 48.0),
        (2, 226.0, 1.0, "made", oakville, "CA", 30_000.0, 700.0),
        (2, 260.0, None, "market", f"{oakville}..market/us_midwest", "US", 30_000.0, 700.0),
    )
    rows = [
        {
            "time": "2017-08-20T00:00:00+00:00",
            "hours_since_start": hours,
            "hours": lasted,
            "step": step,
            "event": event,
            "place": place,
            "country": country,
            "detail": "",
            "value_usd": value,
            "duty_usd": duty,
        }
        for step, hours, lasted, event, place, country, value, duty in stays
    ]
    return {"title": "control unit, load 17", "part": "seat_control", "rows": rows}


def make_facts() -> dict[str, dict[str, Any]]:
    """Facts of replication 0 for every scenario of the made-up study."""
    thresholds = {"us_proposal": 85.0, "nafta_withdrawal": None}
    found: dict[str, dict[str, Any]] = {}
    for number, name in enumerate(SCENARIOS):
        threshold = thresholds.get(name, 62.5)
        content = [
            {
                "vehicle": vehicle,
                "agreement": "" if threshold is None else "nafta",
                "content_pct": None if threshold is None else 71.0 + 6 * n - (4 if number == 2 else 0),
                "threshold_pct": threshold,
                "us_pct": 48.0 - 9 * n,
                "originates": threshold is not None and 71.0 + 6 * n >= threshold,
            }
            for n, vehicle in enumerate(VEHICLES)
        ]
        found[name] = {
            "passports": [make_passport()],
            "content": content,
            "claims": [
                {
                    "lane": "supplier/juarez/main_harness..plant/lansing/crossover_ice",
                    "good": "main_harness",
                    "importer": "US",
                    "agreement": "nafta",
                    "planned_content_pct": 68.2,
                    "threshold_pct": 60.0,
                    "verdict": "claimed",
                }
            ],
            "counts": {"loads": 41_200, "passages": 63_000, "background_trucks": 1_904_000, "builds": 41_000},
            "graph": {
                "chokepoints": [{"what": "laredo_wtb/us", "hours_of_cover": 21.5}],
                "exposure": [{"country": "MX", "share_pct": 31.0}],
                "longest_chain": ["supplier/jp/chip", "supplier/juarez/board", VEHICLES[0]],
                "most_crossed": {"path": ["supplier/kokomo/board", VEHICLES[1]], "crossings": 5},
            },
        }
    return found


def make_study(**changes: Any) -> StudyData:
    """The made-up study, with some fields changed."""
    resolved = {
        name: {
            "name": name,
            "question": f"What does {name} do?",
            "network": "midsize",
            "replications": N,
            "seed": 1994,
        }
        for name in SCENARIOS
    }
    fields: dict[str, Any] = {
        "name": "synthetic",
        "title": "A made-up renegotiation",
        "question": "What would the renegotiation have done to a vehicle whose parts cross again and again?",
        "summary": make_summary(),
        "manifest": make_manifest(),
        "resolved": resolved,
        "facts": make_facts(),
        "network_name": "midsize",
    }
    return StudyData(**{**fields, **changes})


def make_manifest() -> Mapping[str, Any]:
    """The made-up study's manifest."""
    return {
        "name": "synthetic",
        "version": "0.1.0",
        "digest": "0123456789abcdef0123",
        "seed": 1994,
        "replications": N,
        "command": "sim run scenarios/synthetic.yaml",
        "references": [{"title": "19 CFR 24.23(b)(1)", "href": "https://example.org/cfr", "status": "seen"}],
    }


def make_picture() -> MapPicture:
    """A made-up network on the map: enough sites and ports to crowd it."""
    dice = random.Random(7)
    ports = {
        "laredo_wtb": (-99.54, 27.6),
        "colombia": (-99.75, 27.7),
        "pharr": (-98.2, 26.07),
        "ysleta": (-106.3, 31.67),
        "otay_mesa": (-116.94, 32.55),
        "ambassador_bridge": (-83.07, 42.31),
        "blue_water": (-82.42, 43.0),
        "peace_bridge": (-78.9, 42.91),
        "port_la_lb": (-118.2, 33.75),
    }
    suppliers = tuple((f"supplier {n}", (dice.uniform(-103, -78), dice.uniform(20, 44))) for n in range(40))
    plants = (("Lansing", (-84.55, 42.73)), ("Oakville", (-79.67, 43.46)), ("Saltillo", (-101.0, 25.42)))
    stretches = []
    for name, place in suppliers:
        _, target = plants[len(name) % 3]
        gate = dice.choice(list(ports.values()))
        stretches += [
            Stretch(place, gate, dice.uniform(0.1, 30), False),
            Stretch(gate, target, dice.uniform(1, 60), False),
        ]
    stretches.append(Stretch((-123.2, 33.75), (-118.2, 33.75), 12.0, True))
    gates = tuple(
        Gate(port, place, dice.uniform(2, 80), None if port == "port_la_lb" else dice.uniform(2, 35), port)
        for port, place in ports.items()
    )
    return MapPicture(
        "made-up",
        tuple(stretches),
        gates,
        {"plant": plants, "supplier": suppliers, "market": (("Midwest", (-88, 41)),)},
        3,
    )


@pytest.fixture
def summary() -> Summary:
    return make_summary()


@pytest.fixture
def study() -> StudyData:
    return make_study()


@pytest.fixture
def study_with() -> Callable[..., StudyData]:
    return make_study


@pytest.fixture
def passport_record() -> dict[str, Any]:
    return make_passport()


@pytest.fixture
def one_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports draw one figure: for tests of what stands around figures."""
    whole = catalogue._catalogue
    kept = "Duty by programme"
    monkeypatch.setattr(catalogue, "_catalogue", lambda *known: [row for row in whole(*known) if row[0] == kept])


@pytest.fixture
def map_picture() -> MapPicture:
    return make_picture()


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the made-up study, written once, its map drawn from the made-up picture."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "picture_of", lambda network, waits=None: make_picture())
        return write_report(make_study(), load_network("seat_control"), tmp_path_factory.mktemp("study"))
