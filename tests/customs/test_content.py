"""Content and origin: tracing, roll-up, roll-down, core parts and national shares, against cases worked by hand."""

from __future__ import annotations

import pytest

from sim.customs import Assessment, Claims, assess, planned_flow
from sim.customs.content import Materials, apply_rule
from sim.network.model import Network
from tests.customs.hand import DAY, Hand, HandLaw, free_parameters, rule

TRACED = {"vnm_method": "traced", "traced_prefixes": ("8409", "700910", "850120")}
ROLL_UP = {"vnm_method": "roll_up", "agreement": "usmca"}


def good(**changed: object) -> Materials:
    values: dict[str, object] = {
        "price": 15_000.0, "net_cost": 15_000.0, "traced": 0.0, "non_originating": 0.0, "unshifted": 0.0,
        "core_net_cost": 0.0, "core_foreign": 0.0, "core_failing": 0.0, "core_fails": False, "by_place": {},
    }  # fmt: skip
    return Materials(**(values | changed))  # type: ignore[arg-type]


def assessed(network: Network, law: HandLaw) -> Assessment:
    return assess(planned_flow(network, DAY), network, law, Claims.none(), free_parameters())


class TestRule:
    """The rule alone, on given values."""

    def test_listed_imports_against_all_imports(self) -> None:
        """Net cost 15,000; 4,800 listed and 3,000 unlisted imports: 68 % passes 62.5, 48 % fails 85."""
        listed = apply_rule(rule(), good(traced=4_800.0))
        everything = apply_rule(rule(threshold_ppm=850_000), good(traced=7_800.0))
        assert (listed.content_ppm, listed.passes) == (pytest.approx(680_000), True)
        assert (everything.content_ppm, everything.passes) == (pytest.approx(480_000), False)
        assert everything.reason == "content 48.00 % is below 85 %"

    def test_the_margin_is_that_of_the_nearest_threshold(self) -> None:
        """68 % content is 5.5 points above 62.5; half from the US asked and 50.4 % there is 0.4 above."""
        plain = apply_rule(rule(), good(traced=4_800.0))
        half = {"national_ppm": {"US": 500_000}, "national_base": "vehicle"}
        national = apply_rule(rule(**half), good(traced=4_800.0, by_place={"US": 7_560.0}))
        short = apply_rule(rule(**half), good(traced=4_800.0, by_place={"US": 7_350.0}))
        assert plain.margin_ppm == pytest.approx(55_000)
        assert (national.passes, national.margin_ppm) == (True, pytest.approx(4_000))
        assert national.reason == "content 68.00 % reaches 62.5 %, US share 50.40 % reaches 50 %"
        assert (short.passes, short.margin_ppm) == (False, pytest.approx(-10_000))

    @pytest.mark.parametrize(("threshold", "passes"), [(66, True), (69, True), (72, True), (75, False)])
    def test_phase_in(self, threshold: int, passes: bool) -> None:
        """Net cost 20,000 with 5,500 foreign is 72.5 % at every stage."""
        test = apply_rule(
            rule(**ROLL_UP, threshold_ppm=threshold * 10_000), good(net_cost=20_000.0, non_originating=5_500.0)
        )
        assert test.content_ppm == pytest.approx(725_000)
        assert test.passes is passes

    def test_super_core(self) -> None:
        """Six core parts: three fail alone, together (10,300 - 2,280) / 10,300 = 77.86 % passes 75."""
        inside = good(
            net_cost=25_000.0, non_originating=4_200.0, core_net_cost=10_300.0, core_foreign=2_280.0,
            core_failing=4_200.0, core_fails=True,
        )  # fmt: skip
        core = {"core_parts_required": True, "threshold_ppm": 750_000, **ROLL_UP}
        panel = apply_rule(rule(roll_up_reading="panel", **core), inside)
        assert (panel.foreign, panel.passes) == (0.0, True)
        litigated = apply_rule(rule(roll_up_reading="us_litigated", **core), inside)
        assert (litigated.foreign, litigated.passes) == (4_200.0, True)
        strict = apply_rule(rule(roll_up_reading="us_strict", **core), inside)
        assert strict.foreign == 2_280.0

    def test_core_parts_that_fail_together(self) -> None:
        core = {"core_parts_required": True, "threshold_ppm": 750_000, "roll_up_reading": "panel", **ROLL_UP}
        inside = good(core_net_cost=100.0, core_foreign=30.0, core_failing=100.0, core_fails=True)
        test = apply_rule(rule(**core), inside)
        assert test.passes is False
        assert test.reason == "a core part does not originate, nor do all core parts together"

    def test_half_from_the_united_states_in_both_readings(self) -> None:
        """Net cost 30,000, regional 25,200 (84 %), US 12,600: 42 % of the vehicle, 50 % of the regional value."""
        inside = good(net_cost=30_000.0, traced=4_800.0, by_place={"US": 12_600.0})
        asked = {"threshold_ppm": 820_000, "national_ppm": {"US": 500_000}}
        vehicle = apply_rule(rule(national_base="vehicle", **asked), inside)
        regional = apply_rule(rule(national_base="regional", **asked), inside)
        assert (vehicle.passes, vehicle.reason) == (False, "US share 42.00 % is below 50 %")
        assert regional.passes is True

    def test_tolerance_of_the_tariff_shift(self) -> None:
        """95 of 1,000 does not change heading: within 10 %, beyond 7 %."""
        inside = good(price=1_000.0, net_cost=1_000.0, non_originating=95.0, unshifted=95.0)
        shift = {"kind": "tariff_shift", "threshold_ppm": 0}
        assert apply_rule(rule(de_minimis_ppm=100_000, **shift), inside).passes is True
        refused = apply_rule(rule(de_minimis_ppm=70_000, **shift), inside)
        assert (refused.passes, refused.reason) == (False, "foreign material keeps the heading of the good")

    def test_shift_or_value(self) -> None:
        either = rule(kind="either", threshold_ppm=500_000, **ROLL_UP)
        inside = good(price=100.0, net_cost=100.0, non_originating=40.0, unshifted=40.0)
        assert apply_rule(either, inside).passes is True
        inside = good(price=100.0, net_cost=100.0, non_originating=60.0, unshifted=0.0)
        assert apply_rule(either, inside).passes is True
        inside = good(price=100.0, net_cost=100.0, non_originating=60.0, unshifted=60.0)
        assert apply_rule(either, inside).passes is False


def engine_chain(part_hts: str, *, foreign: float, own: float, vehicle: float) -> Network:
    """An overseas part for `foreign` dollars goes into a Mexican engine that adds `own`, that into a US car."""
    hand = Hand()
    hand.site("supplier/jp", "JP")
    hand.site("supplier/mx", "MX")
    hand.site("plant/us", "US")
    hand.site("market/us", "US", "market")
    hand.crossing("port/mx", "JP", "MX")
    hand.crossing("bridge/us", "MX", "US")
    part = hand.recipe("supplier/jp", "pistons", hts=part_hts, overhead=foreign)
    engine = hand.recipe("supplier/mx", "engine", hts="8407.34", labour=own, inputs={"pistons": 1}, core="core")
    car = hand.recipe(
        "plant/us", "car", hts="8703.23", labour=vehicle, inputs={"engine": 1}, tier=0, vehicle_class="passenger"
    )
    hand.lane(part, engine, [("port/mx", "entry")], units=1)
    hand.lane(engine, car, [("bridge/us", "entry")], units=1)
    hand.lane(car, "market/us")
    return hand.build()


class TestTracing:
    """NAFTA: listed imports stay foreign through every tier; nothing else is."""

    def test_listed_import_inside_an_originating_engine_stays(self) -> None:
        """Pistons 300 in an engine of 1,000 in a car of 2,000: engine 70 %, car still carries 300."""
        network = engine_chain("8409.91", foreign=300.0, own=700.0, vehicle=1_000.0)
        found = assessed(network, HandLaw(agreed="nafta", origin=lambda _: rule(**TRACED)))
        engine, car = found.origin("supplier/mx/engine"), found.origin("plant/us/car")
        assert (engine.content_pct, engine.originates) == (pytest.approx(70.0), True)
        assert (car.foreign_usd, car.content_pct) == (pytest.approx(300.0), pytest.approx(85.0))

    def test_unlisted_import_is_deemed_regional(self) -> None:
        """Bolts (73.18) raise net cost, never the foreign value."""
        network = engine_chain("7318.15", foreign=300.0, own=700.0, vehicle=1_000.0)
        found = assessed(network, HandLaw(agreed="nafta", origin=lambda _: rule(**TRACED)))
        car = found.origin("plant/us/car")
        assert (car.foreign_usd, car.net_cost_usd, car.content_pct) == (0.0, pytest.approx(2_000.0), 100.0)

    def test_failed_regional_part_brings_only_its_listed_imports(self) -> None:
        """Pistons 700 in an engine of 1,000 (30 %, fails): the car counts 700, not 1,000."""
        network = engine_chain("8409.91", foreign=700.0, own=300.0, vehicle=1_000.0)
        found = assessed(network, HandLaw(agreed="nafta", origin=lambda _: rule(**TRACED)))
        assert found.origin("supplier/mx/engine").originates is False
        car = found.origin("plant/us/car")
        assert (car.foreign_usd, car.content_pct) == (pytest.approx(700.0), pytest.approx(65.0))

    def test_traced_at_its_value_on_import(self) -> None:
        """Freight 40 and a duty of 10 % on 300 belong to the traced value and to net cost."""
        network = engine_chain("8409.91", foreign=300.0, own=700.0, vehicle=1_000.0)
        key = ("supplier/jp", "supplier/mx", "truck")
        steps = tuple(
            step.__class__(step.hours, step.distance_km, 20.0, step.crossing, step.movement)
            for step in network.routes[key][0].steps
        )
        route = network.routes[key][0]
        routes = {**network.routes, key: (type(route)(*key, 0, 0.0, steps, route.evidence),)}
        changed = type(network)(*(
            routes if name == "routes" else getattr(network, name)
            for name in ("name", "title", "sites", "parts", "recipes", "lanes", "routes", "crossings", "calendars")
        ))  # fmt: skip
        law = HandLaw(100_000, agreed="nafta", origin=lambda _: rule(**TRACED))
        engine = assessed(changed, law).origin("supplier/mx/engine")
        assert engine.foreign_usd == pytest.approx(300 + 40 + 30)
        assert engine.net_cost_usd == pytest.approx(1_070.0)

    def test_everything_traced(self) -> None:
        network = engine_chain("7318.15", foreign=300.0, own=700.0, vehicle=1_000.0)
        found = assessed(network, HandLaw(agreed="nafta", origin=lambda _: rule(traced_prefixes=())))
        assert found.origin("plant/us/car").content_pct == pytest.approx(85.0)


class TestRollUp:
    """CUSMA: foreign value vanishes inside an originating part, and fills one that fails."""

    def test_roll_up(self) -> None:
        network = engine_chain("8409.91", foreign=200.0, own=800.0, vehicle=1_000.0)
        law = HandLaw(agreed="usmca", origin=lambda _: rule(**ROLL_UP, threshold_ppm=750_000))
        found = assessed(network, law)
        engine, car = found.origin("supplier/mx/engine"), found.origin("plant/us/car")
        assert (engine.content_pct, engine.originates) == (pytest.approx(80.0), True)
        assert (car.foreign_usd, car.content_pct) == (0.0, 100.0)

    def test_roll_down(self) -> None:
        """An engine at 70 % fails 75: its whole price of 1,000 is foreign, the car is at 50 %."""
        network = engine_chain("8409.91", foreign=300.0, own=700.0, vehicle=1_000.0)
        law = HandLaw(agreed="usmca", origin=lambda _: rule(**ROLL_UP, threshold_ppm=750_000))
        found = assessed(network, law)
        engine, car = found.origin("supplier/mx/engine"), found.origin("plant/us/car")
        assert (engine.content_pct, engine.originates) == (pytest.approx(70.0), False)
        assert (car.foreign_usd, car.content_pct) == (pytest.approx(1_000.0), pytest.approx(50.0))

    def test_a_failing_core_part_fails_the_vehicle(self) -> None:
        network = engine_chain("8409.91", foreign=300.0, own=700.0, vehicle=9_000.0)
        core = {**ROLL_UP, "threshold_ppm": 750_000, "core_parts_required": True, "roll_up_reading": "panel"}
        law = HandLaw(
            agreed="usmca",
            origin=lambda good: rule(**(core if good.vehicle_class else core | {"core_parts_required": False})),
        )
        car = assessed(network, law).origin("plant/us/car")
        assert car.content_pct == pytest.approx(90.0)
        assert (car.originates, car.reason) == (
            False,
            "a core part does not originate, nor do all core parts together",
        )


def test_outside_the_region_nothing_originates() -> None:
    network = engine_chain("8409.91", foreign=300.0, own=700.0, vehicle=1_000.0)
    found = assessed(network, HandLaw(agreed="nafta"))
    pistons = found.origin("supplier/jp/pistons")
    assert (pistons.originates, pistons.kind, pistons.content_pct) == (False, "outside", 0.0)


def test_shares_by_country_and_no_agreement() -> None:
    network = engine_chain("8409.91", foreign=300.0, own=700.0, vehicle=1_000.0)
    car = assessed(network, HandLaw()).origin("plant/us/car")
    assert dict(car.share_pct) == pytest.approx({"US": 50.0, "CA": 0.0, "MX": 35.0, "overseas": 15.0})
    assert (car.agreement, car.originates, car.reason) == ("", False, "no agreement in force")
    assert car.content_pct == pytest.approx(85.0)


def test_averaged_over_what_was_made() -> None:
    """Half the engines hold listed pistons of 600, half none: on average 30 %, so all originate at 62.5."""
    hand = Hand()
    for site, country in (("supplier/jp", "JP"), ("supplier/us", "US"), ("supplier/mx", "MX"), ("plant/us", "US")):
        hand.site(site, country)
    hand.crossing("port/mx", "JP", "MX")
    hand.crossing("bridge/mx", "US", "MX")
    hand.crossing("bridge/us", "MX", "US")
    far = hand.recipe("supplier/jp", "pistons", hts="8409.91", overhead=600.0)
    near = hand.recipe("supplier/us", "pistons", hts="8409.91", overhead=600.0)
    engine = hand.recipe("supplier/mx", "engine", hts="8407.34", labour=400.0, inputs={"pistons": 1})
    car = hand.recipe("plant/us", "car", hts="8703.23", inputs={"engine": 1}, tier=0, vehicle_class="passenger")
    hand.lane(far, engine, [("port/mx", "entry")], share=50.0)
    hand.lane(near, engine, [("bridge/mx", "entry")], share=50.0)
    hand.lane(engine, car, [("bridge/us", "entry")])
    hand.lane(car, hand.site("market/us", "US", "market"))
    found = assessed(hand.build(), HandLaw(agreed="nafta", origin=lambda _: rule(**TRACED)))
    origin = found.origin("supplier/mx/engine")
    assert (origin.content_pct, origin.foreign_usd, origin.originates) == (pytest.approx(70.0), 300.0, True)
