"""Tests besides content on a ledger: four methods of core parts, labour value by wages of sites, metals by melt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from sim.customs import Assessment, Claims, assess, explain_entry, planned_flow
from sim.customs.besides import checks, core_failing, core_parts_pass, super_core, wage_credit_ppm
from sim.customs.content import Origin
from sim.law import GoodFacts, OriginRule
from sim.network.model import Network
from sim.planning.claims import decide_claims
from tests.customs.hand import DAY, Hand, HandLaw, free_parameters, rule
from tests.customs.test_content import good

CAR, ENGINE = "plant/us/car", "supplier/us/engine"
USMCA = {"agreement": "usmca", "vnm_method": "roll_up", "threshold_ppm": 750_000, "roll_up_reading": "panel"}


def law_of(**asked: object) -> Callable[[GoodFacts], OriginRule]:
    """75 % of everything; of vehicles also what is given."""

    def origin(good: GoodFacts) -> OriginRule:
        return rule(**USMCA | (asked if good.use == "vehicle" else {}))

    return origin


def origin_of(network: Network, recipe: str, parameters: dict[str, str] | None = None, **asked: object) -> Origin:
    law = HandLaw(0, agreed="usmca", origin=law_of(**asked))
    found: Assessment = assess(
        planned_flow(network, DAY), network, law, Claims.none(), free_parameters(**parameters or {})
    )
    return found.origin(recipe)


def with_engine(pistons: float, bolts: float) -> Network:
    """A US engine of 1,000 with Japanese pistons (a listed component) and bolts, in a car that adds 3,000."""
    hand = Hand()
    hand.site("supplier/jp", "JP")
    hand.site("supplier/us", "US")
    hand.site("plant/us", "US")
    hand.site("market/us", "US", "market")
    hand.crossing("port/us", "JP", "US")
    inside = {
        hand.recipe("supplier/jp", "pistons", hts="8409.91", overhead=pistons),
        hand.recipe("supplier/jp", "bolts", hts="7318.15", overhead=bolts),
    }
    engine = hand.recipe(
        "supplier/us", "engine", hts="8407.34", labour=1_000.0 - pistons - bolts,
        inputs={"pistons": 1, "bolts": 1}, core="core",
    )  # fmt: skip
    car = hand.recipe("plant/us", "car", hts="8703.23", labour=3_000.0, inputs={"engine": 1}, tier=0)
    for part in sorted(inside):
        hand.lane(part, engine, [("port/us", "entry")])
    hand.lane(engine, car)
    hand.lane(car, "market/us")
    return hand.build()


CORE = {"core_parts_required": True, "core_ppm": 750_000}


class TestCoreParts:
    def test_listed_components_alone(self) -> None:
        """300 of 1,000 foreign, 200 of it listed: 70 % by all materials, 80 % by listed components."""
        network = with_engine(200.0, 100.0)
        assert not origin_of(network, ENGINE, **CORE).originates
        all_materials = origin_of(network, CAR, **CORE)
        assert (all_materials.originates, all_materials.reason) == (
            False, "a core part does not originate, nor do all core parts together"
        )  # fmt: skip
        assert all_materials.content_pct == pytest.approx(75.0)  # the engine counts in full: 1,000 of 4,000
        listed = origin_of(network, CAR, core_components=("840991",), **CORE)
        assert (listed.originates, listed.content_pct) == (True, pytest.approx(100.0))

    def test_listed_components_may_fail_too(self) -> None:
        """260 of 1,000 listed: 74 % falls short of 75 by every method."""
        listed = origin_of(with_engine(260.0, 0.0), CAR, core_components=("840991",), **CORE)
        assert (listed.originates, listed.content_pct) == (False, pytest.approx(75.0))

    def test_the_readings_differ(self) -> None:
        """Litigated: an engine that fails by itself counts in full; strict: its foreign materials, 300 of 4,000."""
        network = with_engine(200.0, 100.0)
        asked = {"core_components": ("840991",), **CORE}
        contents = {
            reading: origin_of(network, CAR, roll_up_reading=reading, **asked).content_pct
            for reading in ("panel", "us_litigated", "us_strict")
        }
        assert contents == pytest.approx({"panel": 100.0, "us_litigated": 75.0, "us_strict": 92.5})


def with_wages(high: float, wage_mx: float = 3.0) -> Network:
    """A US car: labour 400, overhead 800, a Japanese radio of 300, a Mexican seat of 500 with US frames for `high`."""
    hand = Hand()
    hand.site("supplier/jp", "JP", wage=19.0)
    hand.site("supplier/us", "US", wage=22.0)
    hand.site("supplier/mx", "MX", wage=wage_mx)
    hand.site("plant/us", "US", wage=31.0)
    hand.site("market/us", "US", "market", wage=0.0)
    hand.crossing("port/us", "JP", "US")
    hand.crossing("laredo/mx", "US", "MX")
    hand.crossing("laredo/us", "MX", "US")
    frame = hand.recipe("supplier/us", "frame", hts="9401.90", overhead=high)
    seat = hand.recipe("supplier/mx", "seat", hts="9401.20", overhead=500.0 - high, inputs={"frame": 1})
    radio = hand.recipe("supplier/jp", "radio", hts="8527.21", overhead=300.0)
    car = hand.recipe(
        "plant/us", "car", hts="8703.23", labour=400.0, overhead=800.0, inputs={"seat": 1, "radio": 1}, tier=0
    )
    hand.lane(frame, seat, [("laredo/mx", "entry")])
    hand.lane(seat, car, [("laredo/us", "entry")])
    hand.lane(radio, car, [("port/us", "entry")])
    hand.lane(car, "market/us")
    return hand.build()


LABOUR = {
    "labour_value_ppm": 400_000, "labour_material_ppm": 250_000, "labour_technology_ppm": 100_000,
    "labour_assembly_ppm": 50_000, "wage_floor": {"USD": 1_600},
}  # fmt: skip
NO_POINTS = {"labour_technology_pct": "0 %", "labour_assembly_pct": "0 %"}


class TestLabourValue:
    def test_high_wage_material_inside_a_bought_part(self) -> None:
        """Frames of 200 inside a low-wage seat, and labour of 400, of 2,000: 30 %, and 15 points."""
        found = origin_of(with_wages(200.0), CAR, **LABOUR)
        assert (found.originates, found.reason) == (
            True,
            "content 85.00 % reaches 75 %, high-wage material and labour 30.00 % reaches 25 %, "
            "labour value 45.00 % reaches 40 %",
        )
        assert found.margin_pct == pytest.approx(5.0)

    def test_without_points_it_falls_short(self) -> None:
        found = origin_of(with_wages(200.0), CAR, NO_POINTS, **LABOUR)
        assert (found.originates, found.reason) == (False, "labour value 30.00 % is below 40 %")
        assert found.margin_pct == pytest.approx(-10.0)

    def test_points_are_capped(self) -> None:
        """80 and 400 of 2,000 are 24 %: points make 39 %, but a quarter must be material and labour."""
        found = origin_of(with_wages(80.0), CAR, **LABOUR)
        assert found.reason == "high-wage material and labour 24.00 % is below 25 %"

    def test_a_seat_from_a_high_wage_plant_counts_in_full(self) -> None:
        """16 dollars an hour make the whole seat of 500 count: 900 of 2,000."""
        found = origin_of(with_wages(80.0, wage_mx=16.0), CAR, NO_POINTS, **LABOUR)
        assert "high-wage material and labour 45.00 %" in found.reason

    def test_no_wages_no_test(self) -> None:
        network = with_wages(200.0)
        bare = {name: replace(site, wage_usd_h=0.0) for name, site in network.sites.items()}
        found = origin_of(replace(network, sites=bare), CAR, **LABOUR)
        assert found.originates
        assert found.reason == "content 85.00 % reaches 75 %, labour value not tested: the network carries no wages"


def with_steel(melted: str) -> Network:
    """A US car with 100 of steel, 60 of it in a Mexican body melted where told; the rest melted at home."""
    hand = Hand()
    hand.site("supplier/mx", "MX")
    hand.site("plant/us", "US")
    hand.site("market/us", "US", "market")
    hand.crossing("laredo/us", "MX", "US")
    body = hand.recipe("supplier/mx", "body", hts="8707.10", overhead=500.0, steel=60.0)
    hand.recipes[body] = replace(hand.recipes[body], steel_melt_country=melted)
    car = hand.recipe("plant/us", "car", hts="8703.23", labour=500.0, inputs={"body": 1}, tier=0, steel=100.0)
    hand.lane(body, car, [("laredo/us", "entry")])
    hand.lane(car, "market/us")
    return hand.build()


class TestMetals:
    def test_steel_from_outside(self) -> None:
        found = origin_of(with_steel("KR"), CAR, metal_ppm=700_000)
        assert (found.originates, found.reason) == (False, "regional steel 40.00 % is below 70 %")

    def test_steel_from_the_region_and_no_aluminium(self) -> None:
        found = origin_of(with_steel("CA"), CAR, metal_ppm=700_000)
        assert (found.originates, found.reason) == (
            True,
            "content 100.00 % reaches 75 %, regional steel 100.00 % reaches 70 %, "
            "aluminium not tested: the network carries no purchases of aluminium",
        )


class TestProposals:
    def test_a_limit_on_non_market_content(self) -> None:
        """Mexican seats of 500 with 80 of unmodelled Chinese steel, a Chinese radio of 300: 380 of 2,000 is 19 %."""
        network = with_wages(80.0)
        sites = {name: replace(x, country="CN") if name == "supplier/jp" else x for name, x in network.sites.items()}
        seat = network.recipes["supplier/mx/seat"]
        bought = replace(seat, overhead_usd=seat.overhead_usd - 80.0, material_usd=80.0, material_country="CN")
        network = replace(network, sites=sites, recipes=dict(network.recipes) | {seat.id: bought})
        limit = {"threshold_ppm": 600_000, "non_market": ("CN", "RU")}
        within = origin_of(network, CAR, non_market_ppm=200_000, **limit)
        assert (within.originates, within.margin_pct) == (True, pytest.approx(1.0))
        assert within.reason.endswith("non-market content 19.00 % is within 20 %")
        above = origin_of(network, CAR, non_market_ppm=100_000, **limit)
        assert (above.originates, above.reason) == (False, "non-market content 19.00 % is above 10 %")

    def test_points_for_high_wage_plants(self) -> None:
        """85 % and at most 5 points: 90 % is reached, 91 % is not; without high wages there are none."""
        credit = {"wage_credit_ppm": 50_000, "wage_floor": {"USD": 1_500}}
        network = with_wages(200.0)
        met = origin_of(network, CAR, threshold_ppm=900_000, **credit)
        assert (met.originates, met.reason) == (
            True, "content 90.00 % reaches 90 % with 5.00 points for high-wage plants"
        )  # fmt: skip
        assert not origin_of(network, CAR, threshold_ppm=910_000, **credit).originates
        credit["wage_floor"] = {"USD": 9_900}
        assert not origin_of(network, CAR, threshold_ppm=900_000, **credit).originates

    def test_technology_that_no_network_carries_is_said(self) -> None:
        network = with_wages(200.0)
        bare = {name: replace(site, rd_share_pct=0.0) for name, site in network.sites.items()}
        found = origin_of(replace(network, sites=bare), CAR, value_base="total_value")
        assert found.reason.endswith("technology and software not counted: the network carries none")

    def test_technology_of_the_region_counts_in_the_total_value(self) -> None:
        """Research at a tenth of 400 of wages: (2,000 + 40 - 300) of 2,040; of net cost it stays 85 %."""
        network = with_wages(200.0)
        shares = {"plant/us": 10.0, "supplier/jp": 50.0}
        sites = {name: replace(site, rd_share_pct=shares.get(name, 0.0)) for name, site in network.sites.items()}
        learned = replace(network, sites=sites)
        found = origin_of(learned, CAR, value_base="total_value")
        assert found.content_pct == pytest.approx(100 * 1_740 / 2_040)
        assert found.reason.endswith("technology and software are 1.96 % of the value")
        assert origin_of(learned, CAR).content_pct == pytest.approx(85.0)


def test_a_content_rule_with_a_tariff_change_asks_both() -> None:
    """A part of its own heading worth 25 of 1,000 passes 2.5 %, not 2 %; by subheading it changes."""
    hand = Hand()
    hand.site("supplier/jp", "JP")
    hand.site("supplier/us", "US")
    hand.crossing("port/us", "JP", "US")
    blank = hand.recipe("supplier/jp", "blank", hts="8708.29", overhead=25.0)
    axle = hand.recipe("supplier/us", "axle", hts="8708.50", labour=975.0, inputs={"blank": 1})
    hand.site("market/us", "US", "market")
    hand.lane(blank, axle, [("port/us", "entry")])
    hand.lane(axle, "market/us")
    network = hand.build()

    def tried(**asked: object) -> tuple[bool, str]:
        law = HandLaw(0, agreed="usmca", origin=lambda good: rule(**USMCA | asked))
        found = assess(planned_flow(network, DAY), network, law, Claims.none(), free_parameters()).origin(axle)
        return found.originates, found.reason

    assert tried(change="heading", de_minimis_ppm=25_000) == (True, "content 97.50 % reaches 75 %")
    assert tried(change="heading", de_minimis_ppm=20_000) == (
        False, "foreign material keeps the heading of the good"
    )  # fmt: skip
    assert tried(change="subheading", de_minimis_ppm=0) == (True, "content 97.50 % reaches 75 %")
    assert tried(change="chapter", de_minimis_ppm=0) == (False, "foreign material keeps the chapter of the good")


def test_each_country_reads_the_roll_up_in_its_own_way() -> None:
    """An engine that fails by itself counts in full for the United States (75 % of 80), not at all for Canada."""
    hand = Hand()
    for site, country in (("supplier/jp", "JP"), ("supplier/mx", "MX"), ("plant/mx", "MX")):
        hand.site(site, country)
    for country in ("us", "ca"):
        hand.site(f"market/{country}", country.upper(), "market")
    hand.crossing("port/mx", "JP", "MX")
    hand.crossing("laredo/us", "MX", "US")
    hand.crossing("ambassador/ca", "US", "CA")
    pistons = hand.recipe("supplier/jp", "pistons", hts="8409.91", overhead=150.0)
    bolts = hand.recipe("supplier/jp", "bolts", hts="7318.15", overhead=150.0)
    engine = hand.recipe(
        "supplier/mx", "engine", hts="8407.34", labour=700.0, inputs={"pistons": 1, "bolts": 1}, core="core"
    )
    car = hand.recipe("plant/mx", "car", hts="8703.23", labour=3_000.0, inputs={"engine": 1}, tier=0)
    hand.lane(pistons, engine, [("port/mx", "entry")])
    hand.lane(bolts, engine, [("port/mx", "entry")])
    hand.lane(engine, car)
    hand.lane(car, "market/us", [("laredo/us", "entry")], share=50.0)
    hand.lane(car, "market/ca", [("laredo/us", "in_bond"), ("ambassador/ca", "entry")], share=50.0)
    network = hand.build()

    def read(good: GoodFacts) -> OriginRule:
        asked = {"threshold_ppm": 800_000, "core_components": ("840991",), **CORE, "core_ppm": 800_000}
        reading = "us_litigated" if good.importer == "US" else "panel"
        return rule(**USMCA | (asked | {"roll_up_reading": reading} if good.use == "vehicle" else {}))

    law = HandLaw(0, agreed="usmca", origin=read)
    claims = decide_claims(network, law, DAY, "fixed", None, free_parameters())
    verdicts = {record.importer: record for record in claims.records if record.lane.startswith(car)}
    assert (verdicts["US"].verdict, verdicts["CA"].verdict) == ("fails the rule", "claims")
    assert (verdicts["US"].content_pct, verdicts["CA"].content_pct) == (pytest.approx(75.0), pytest.approx(100.0))
    found = assess(planned_flow(network, DAY), network, law, claims, free_parameters())
    contents = {}
    for entry in range(len(found.flow.entry_node)):
        told = explain_entry(network, found, entry)
        if told.part == "car":
            contents[told.importer] = (told.originates, told.origin.reason)
    assert contents == {
        "US": (False, "content 75.00 % is below 80 %"),
        "CA": (True, "content 100.00 % reaches 80 %"),
    }


CORE_RULE = {"core_parts_required": True, "core_ppm": 700_000, "core_components": ("840991",)}


@pytest.mark.parametrize(
    ("asked", "facts", "alone", "together", "failing"),
    [
        # 300 of 1,000 foreign is the 70 % asked, also where no component counts for less
        ({}, {"core_foreign": 300.0, "core_listed": 300.0}, True, True, 0.0),
        ({}, {"core_foreign": 300.5, "core_listed": 300.5}, False, False, 250.0),
        ({}, {"core_foreign": 400.0, "core_listed": 300.0}, True, True, 0.0),
        ({"core_components": ()}, {"core_foreign": 400.0, "core_listed": 300.0}, False, False, 500.0),
        ({}, {"core_net_cost": 0.5, "core_foreign": 0.1, "core_listed": 0.1}, True, True, 0.0),
        # no core part fails by itself: the value of all of them need not be known
        ({}, {"core_fails": False, "core_net_cost": 0.0}, True, False, 0.0),
        ({}, {"core_net_cost": 0.0, "core_fails_listed": False}, True, False, 0.0),
        ({"core_components": ()}, {"core_net_cost": 0.0, "core_fails_listed": False}, False, False, 500.0),
        # without a share for core parts that of the vehicle stands
        ({"core_ppm": 0, "threshold_ppm": 600_000}, {"core_foreign": 400.0, "core_listed": 400.0}, True, True, 0.0),
        ({"core_ppm": 0, "threshold_ppm": 600_001}, {"core_foreign": 400.0, "core_listed": 400.0}, False, False, 250.0),
        ({"core_parts_required": False}, {"core_foreign": 0.0}, False, False, 250.0),
    ],
)
def test_core_parts_by_their_sums(
    asked: dict[str, object], facts: dict[str, object], alone: bool, together: bool, failing: float
) -> None:
    """Core parts of 1,000 of which 500 fail by all materials, 250 by listed components."""
    own = rule(**CORE_RULE | asked)
    vehicle = good(
        **{"core_net_cost": 1_000.0, "core_fails": True, "core_failing": 500.0, "core_failing_listed": 250.0} | facts
    )
    assert (core_parts_pass(own, vehicle), super_core(own, vehicle)) == (alone, together)
    assert core_failing(own, vehicle) == failing


NO_CORE = "a core part does not originate, nor do all core parts together"
WAGES = {"net_cost": 1_000.0, "high_wage": 200.0, "high_wage_labour": 50.0}


@pytest.mark.parametrize(
    ("asked", "facts", "told"),
    [
        ({}, {}, []),
        ({"core_parts_required": True}, {"core_fails": True}, [(False, NO_CORE, 1_000_000.0)]),
        ({"core_parts_required": True}, {}, []),
        (
            {"metal_ppm": 700_000},
            {"steel": 1.0, "steel_regional": 0.7, "aluminium": 0.5, "aluminium_regional": 0.3},
            [
                (True, "regional steel 70.00 % reaches 70 %", 0.0),
                (False, "regional aluminium 60.00 % is below 70 %", -100_000.0),
            ],
        ),
        (
            LABOUR,
            WAGES | {"technology_ppm": 90_000.0, "assembly_ppm": 60_000.0},
            [
                (True, "high-wage material and labour 25.00 % reaches 25 %", 0.0),
                (False, "labour value 39.00 % is below 40 %", -10_000.0),
            ],
        ),
        (
            LABOUR,
            WAGES | {"technology_ppm": 110_000.0, "assembly_ppm": 50_000.0},
            [
                (True, "high-wage material and labour 25.00 % reaches 25 %", 0.0),
                (True, "labour value 40.00 % reaches 40 %", 0.0),
            ],
        ),
        (
            {**LABOUR, "labour_material_ppm": 0},
            {"net_cost": 0.0, "high_wage": 5.0},
            [(False, "labour value 0.00 % is below 40 %", -400_000.0)],
        ),
        (
            {**LABOUR, "labour_material_ppm": 0},
            {"net_cost": 0.5, "high_wage": 0.2},
            [(True, "labour value 40.00 % reaches 40 %", 0.0)],
        ),
        (
            {**LABOUR, "wage_floor": {}},
            WAGES,
            [(True, "labour value not tested: the network carries no wages", 1_000_000.0)],
        ),
        (
            {"non_market_ppm": 190_000},
            {"net_cost": 1_000.0, "non_market": 190.0},
            [(True, "non-market content 19.00 % is within 19 %", 0.0)],
        ),
        (
            {"non_market_ppm": 960_000},
            {"net_cost": 0.5, "non_market": 0.475},  # a good may be worth less than a dollar
            [(True, "non-market content 95.00 % is within 96 %", 10_000.0)],
        ),
        (
            {"value_base": "total_value"},
            {"net_cost": 0.5, "technology": 0.125},
            [(True, "technology and software are 20.00 % of the value", 1_000_000.0)],
        ),
        (
            {"non_market_ppm": 0},
            {"net_cost": 1_000.0, "non_market": 0.5},
            [(False, "non-market content 0.05 % is above 0 %", -500.0)],
        ),
        (
            {"non_market_ppm": 150_000},
            {"net_cost": 0.0, "non_market": 190.0},
            [(True, "non-market content 0.00 % is within 15 %", 150_000.0)],
        ),
        ({"non_market_ppm": 1_000_000}, {"net_cost": 1.0, "non_market": 190.0}, []),
        (
            {"wage_credit_ppm": 50_000},
            {"knows_wages": False},
            [(True, "credit for high-wage plants not counted: the network carries no wages", 1_000_000.0)],
        ),
        ({"wage_credit_ppm": 50_000}, {}, []),
        (
            {"value_base": "total_value"},
            {"net_cost": 199.0, "technology": 1.0},
            [(True, "technology and software are 0.50 % of the value", 1_000_000.0)],
        ),
        (
            {"value_base": "total_value"},
            {"net_cost": 0.0, "technology": 1.0},
            [(True, "technology and software not counted: the network carries none", 1_000_000.0)],
        ),
    ],
)
def test_each_check_tells_its_share_and_margin(
    asked: dict[str, object], facts: dict[str, object], told: list[tuple[bool, str, float]]
) -> None:
    found = [(x.passes, x.words, pytest.approx(x.margin_ppm, abs=0.01)) for x in checks(rule(**asked), good(**facts))]
    assert found == told


@pytest.mark.parametrize(
    ("credit", "facts", "points"),
    [
        (50_000, {}, 50_000.0),  # 25 % of high wages, at most 5 points
        (300_000, {}, 250_000.0),
        (0, {}, 0.0),
        (50_000, {"knows_wages": False}, 0.0),
        (50_000, {"net_cost": 0.0}, 0.0),
        (300_000, {"net_cost": 0.5, "high_wage": 0.1, "high_wage_labour": 0.0}, 200_000.0),
        (50_000, {"high_wage": 20.0, "high_wage_labour": 10.0}, 30_000.0),
    ],
)
def test_points_of_high_wage_plants(credit: int, facts: dict[str, object], points: float) -> None:
    assert wage_credit_ppm(rule(wage_credit_ppm=credit), good(**WAGES | facts)) == pytest.approx(points)
