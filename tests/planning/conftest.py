"""A network small enough to reckon by hand: steel in Ohio, brackets in Ontario, cars in Michigan."""

from types import MappingProxyType

import pytest

from sim.network import load_network
from sim.network.model import (
    Calendar,
    Crossing,
    Evidence,
    Input,
    Lane,
    Network,
    Part,
    Recipe,
    Route,
    Schedule,
    Site,
    Step,
)

KNOWN = Evidence("assumption", 0.0, "made up for a test")


def site(name, kind, country, zone="America/Detroit"):
    return Site(name, kind, name, country, "", 42.0, -83.0, zone, country, "USD", 25.0, 5.0, KNOWN)


def part(name, tier, part_class="just_in_time", vehicle_class=""):
    return Part(name, name, tier, "body", "8708.29", "set", part_class, "none", vehicle_class, 10.0, 0.1, KNOWN)


def recipe(where, what, calendar, work_s, inputs=(), schedule=None, lines=1):
    return Recipe(
        id=f"{where}/{what}",
        site=where,
        part=what,
        lines=lines,
        work_s=work_s,
        calendar=calendar,
        labour_usd=10.0,
        overhead_usd=5.0,
        material_usd=20.0,
        material_country="US",
        steel_usd=0.0,
        steel_kg=0.0,
        steel_melt_country="",
        aluminium_usd=0.0,
        aluminium_kg=0.0,
        aluminium_smelt_country="",
        inputs=inputs,
        schedule=schedule,
        evidence=KNOWN,
    )


def lane(source, target, to_site, what, units, share=100.0):
    name = f"{source}..{target or to_site}"
    return Lane(name, source, target, to_site, what, share, units, "truck", 50.0, "production", KNOWN)


def crossing(name, to_country):
    return Crossing(
        id=name,
        port="bridge",
        name="Bridge",
        from_country="CA" if to_country == "US" else "US",
        to_country=to_country,
        kind="land_truck",
        lat_deg=42.3,
        lon_deg=-83.1,
        time_zone="America/Detroit",
        open_hour=0,
        close_hour=24,
        weekend_open_hour=0,
        weekend_close_hour=24,
        booths_standard=4,
        booths_fast=2,
        cycle_standard_s=80.0,
        cycle_fast_s=55.0,
        cycle_cv=0.6,
        approach_min=10.0,
        split_trucks=20,
        background_weekday=2_000.0,
        background_weekend_pct=40.0,
        background_fast_pct=30.0,
        profile="canada",
        dispersion_cv=0.2,
        patience_h=6.0,
        staffing_utilisation_pct=90.0,
        export_check_s=0.0,
        red_light_pct=0.0,
        red_light_min=0.0,
        scan_pct=5.0,
        scan_min=8.0,
        exam_pct=2.0,
        exam_fast_pct=0.5,
        exam_min=60.0,
        inspection_pct=1.0,
        inspection_min=30.0,
        dwell_h=0.0,
        toll_usd=75.0,
        evidence=KNOWN,
    )


def route(start, end, steps, alternative=0):
    return Route(start, end, "truck", alternative, 0.1, tuple(steps), KNOWN)


@pytest.fixture(scope="session")
def midsize():
    """The default network, as shipped."""
    return load_network("midsize")


@pytest.fixture
def tiny():
    """Two suppliers, one plant, one crossing each way, one market."""
    ohio, ontario, plant, market = "supplier/ohio", "supplier/ontario", "plant/michigan", "market/us"
    recipes = [
        recipe(
            plant,
            "car",
            "plant",
            57.6,
            (Input("bracket", 1, 24.0),),
            Schedule(1_000, 10, "overtime", 30_000.0),
        ),
        recipe(ohio, "steel", "always", 30.0),
        recipe(ontario, "bracket", "always", 40.0, (Input("steel", 2, 24.0),)),
    ]
    lanes = [
        lane(f"{plant}/car", "", market, "car", 10),
        lane(f"{ohio}/steel", f"{ontario}/bracket", ontario, "steel", 4_000),
        lane(f"{ontario}/bracket", f"{plant}/car", plant, "bracket", 500),
    ]
    routes = [
        route(plant, market, [Step(4.0, 200.0, 300.0, "", "")]),
        route(ohio, ontario, [Step(3.0, 200.0, 300.0, "bridge/ca", "entry"), Step(1.0, 50.0, 80.0, "", "")]),
        route(ontario, plant, [Step(2.0, 100.0, 150.0, "bridge/us", "entry"), Step(1.0, 50.0, 80.0, "", "")]),
    ]
    calendars = [
        Calendar("always", "America/Detroit", tuple((day, 0.0, 24.0) for day in range(7))),
        Calendar("overtime", "America/Detroit", ((5, 6.0, 14.0),)),
        Calendar("plant", "America/Detroit", tuple((day, 6.0, 22.0) for day in range(5))),
    ]

    def keyed(items):
        return MappingProxyType({item.id: item for item in sorted(items, key=lambda item: item.id)})

    return Network(
        name="tiny",
        title="Brackets over a bridge",
        sites=keyed(
            [
                site(plant, "plant", "US"),
                site(ohio, "supplier", "US"),
                site(ontario, "supplier", "CA"),
                site(market, "market", "US"),
            ]
        ),
        parts=keyed([part("car", 0, "vehicle", "passenger"), part("bracket", 1), part("steel", 2, "material")]),
        recipes=keyed(recipes),
        lanes=keyed(lanes),
        routes=MappingProxyType({(x.from_site, x.to_site, x.mode): (x,) for x in routes}),
        crossings=keyed([crossing("bridge/ca", "CA"), crossing("bridge/us", "US")]),
        calendars=keyed(calendars),
        digest="tiny",
    )
