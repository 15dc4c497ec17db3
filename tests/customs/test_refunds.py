"""Drawback: duty paid on inputs comes back with what is exported, as far as each programme's law gives it."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.clock import Clock
from sim.customs import Assessment, Claims, assess, check_duties, explain_entry, ledger_flow
from sim.customs.refunds import Refunds, Way
from sim.duty import assess_file
from sim.duty.drawback import LESSER
from sim.engines.reference import simulate
from sim.law import load_law
from sim.law.rights import DrawbackRight
from sim.ledger.ledger import Ledger
from sim.measures import measure
from sim.network.model import Network, Schedule
from sim.plan import Plan
from sim.references import Reference
from sim.units import DAY, HOUR
from tests.customs.hand import Hand, free_parameters
from tests.customs.recorded import plan_of

NAFTA = dt.date(2017, 8, 16)  # brakes of Japan 2.5 %; cars of the United States 6.1 % in Canada where not claimed
RETALIATION = dt.date(2019, 6, 12)  # parts of China 25 % more
MANUFACTURING = dt.date(2025, 11, 20)  # duty on parts of Japan comes back to manufacturers from 2025-11-01 on
MARKET = "plant/us/car..market/ca"
DAYS, CARS = 5, 24
GOES_PER_GOOD = """
title: One lesser of two duties for the whole good
description: The other reading.
references:
  other: {title: "The lesser of two duties for the finished good as a whole", mark: assumption}
changes:
  - replace: us/drawback/ordinary/reading
    vintages: [{from: 2017-01-01, published: 2017-01-01, value: per_good, reference: other}]
  - replace: us/drawback/retaliation/reading
    vintages: [{from: 2018-07-06, published: 2018-06-20, value: per_good, reference: other}]
"""


@lru_cache
def ran(source: str, second: bool, through: bool) -> tuple[Network, Plan, Ledger]:
    """A car for Canada of an overseas brake of 1,000, perhaps a harness of 1,000, perhaps inside a domestic corner."""
    hand = Hand()
    for site, country in (("supplier/far", source), ("supplier/us", "US"), ("plant/us", "US")):
        hand.site(site, country)
    hand.site("market/ca", "CA", "market")
    hand.crossing("port/us", source, "US")
    hand.crossing("ambassador/ca", "US", "CA")
    brake = hand.recipe("supplier/far", "brake", hts="8708.30", overhead=1_000.0)
    inputs = {"corner" if through else "brake": 1, **({"harness": 1} if second else {})}
    car = hand.recipe(
        "plant/us", "car", hts="8703.23", labour=500.0, inputs=inputs, tier=0,
        vehicle_class="passenger", schedule=Schedule(8, 1, "", 4_000.0),
    )  # fmt: skip
    if through:
        corner = hand.recipe("supplier/us", "corner", hts="8708.50", inputs={"brake": 1})
        hand.lane(brake, corner, [("port/us", "entry")])
        hand.lane(corner, car)
    else:
        hand.lane(brake, car, [("port/us", "entry")])
    if second:
        harness = hand.recipe("supplier/far", "harness", hts="8544.30", overhead=1_000.0)
        hand.lane(harness, car, [("port/us", "entry")])
    hand.lane(car, "market/ca", [("ambassador/ca", "entry")])
    built = hand.build()
    made = plan_of(built, {MARKET: [HOUR * (2 + 4 * k) for k in range(CARS)]}, DAYS, seeds=4)
    return built, made, simulate(made)


def assessed(
    begins: dt.date,
    source: str = "JP",
    second: bool = False,
    through: bool = False,
    claims: Claims | None = None,
    reforms: tuple[str, ...] = (),
    **changed: str,
) -> Assessment:
    built, made, ledger = ran(source, second, through)
    flow = ledger_flow(built, made, ledger, Clock(begins, 0, DAYS * DAY))
    parameters = free_parameters(**({"drawback_claimed_pct": "100 %"} | changed))
    found = assess(flow, built, load_law(reforms), claims or Claims.none(), parameters)
    check_duties(built, found)
    return found


def last_car(found: Assessment) -> int:
    """Entry of the last car that reached Canada: its parts were entered in the run, not found at its beginning."""
    flow = found.flow
    return int(np.flatnonzero(flow.lane[flow.entry_node] == flow.lane_ids.index(MARKET))[-1])


def given_back(found: Assessment) -> dict[str, int]:
    """Cents of drawback on the last car, by programme."""
    rows = found.rows
    own = np.flatnonzero(rows.is_drawback & (rows.entry == last_car(found)))
    return {rows.programmes[rows.programme[k]]: -int(rows.amount_cents[k]) for k in own.tolist()}


def duty_of(found: Assessment, importer: str) -> int:
    """Cents of general duty on the last car."""
    rows = found.rows
    own = (rows.entry == last_car(found)) & (rows.programme == rows.programmes.index(f"{importer.lower()}/mfn"))
    return int(rows.amount_cents[own & ~rows.is_drawback].sum())


@pytest.mark.parametrize("through", [False, True])
def test_the_lesser_of_two_duties_comes_back(through: bool) -> None:
    """A brake of 1,000 paid 25; the car, 1,000 + 25 + a fee of 25 + 500, owes 6.1 % of 1,550 in Canada: more."""
    found = assessed(NAFTA, through=through)
    assert duty_of(found, "CA") == 9_455
    assert given_back(found) == {"us/mfn": 2_500}
    row = int(np.flatnonzero(found.rows.is_drawback)[0])
    assert found.rows.provisions[found.rows.provision[row]].treasury == "US"
    node = found.flow.entry_node[last_car(found)]
    assert found.unit.column("duty:us/mfn")[node] == pytest.approx(0.0)
    assert found.unit.column("duty:us/mfn", landed=False)[node] == pytest.approx(25.0)
    assert found.unit.column("drawback")[node] == pytest.approx(25.0)


def test_nothing_comes_back_where_the_car_enters_free() -> None:
    """Claimed, it owes nothing at the border; what the failed claim owes at the end of the year comes too late."""
    found = assessed(NAFTA, claims=Claims({(MARKET, 0): "nafta"}))
    canada = found.rows.of_treasury("CA")
    assert canada.any()
    assert found.rows.is_true_up[canada].all()
    assert not found.rows.is_drawback.any()


def test_cars_of_parts_found_at_the_beginning_bring_nothing_back() -> None:
    found = assessed(NAFTA)
    cars = int((found.flow.lane[found.flow.entry_node] == found.flow.lane_ids.index(MARKET)).sum())
    assert int(found.rows.is_drawback.sum()) == cars - 4


def test_loads_found_at_the_beginning_cost_the_same_before_and_after_their_journey() -> None:
    found = assessed(NAFTA)
    seeds = found.flow.is_seed
    assert seeds.any()
    own = [found.unit.column("overhead:overseas", landed=landed)[seeds] for landed in (False, True)]
    assert own[0].tolist() == own[1].tolist()
    assert own[0].max() == pytest.approx(1_000.0)


def test_the_least_per_input_and_per_good(tmp_path: Path) -> None:
    """A brake that paid 275 and a harness that paid 300: Canada's duty D on the car is less than either.

    Input by input it comes back twice, for the good as a whole once; in the shares of what was paid.
    """
    per_input = assessed(RETALIATION, "CN", second=True)
    path = tmp_path / "per_good.yaml"
    path.write_text(GOES_PER_GOOD)
    per_good = assessed(RETALIATION, "CN", second=True, reforms=(str(path),))
    there = duty_of(per_input, "CA") / 100
    assert 150 < there < 275
    node = per_input.flow.entry_node[last_car(per_input)]
    assert per_input.unit.column("drawback")[node] == pytest.approx(2 * there, abs=0.01)
    assert per_good.unit.column("drawback")[node] == pytest.approx(there, abs=0.01)
    general = {"per_input": there * (25 / 275 + 50 / 300), "per_good": there * 75 / 575}
    for name, found in (("per_input", per_input), ("per_good", per_good)):
        back = given_back(found)
        assert set(back) == {"us/mfn", "us/section_301/china"}
        assert back["us/mfn"] / 100 == pytest.approx(general[name], abs=0.011)


def test_all_of_a_duty_comes_back_where_no_lesser_is_asked(tmp_path: Path) -> None:
    """A brake of 1,000 paid 25, and a harness its own duty: a rule that gives all back gives what was paid."""
    reform = tmp_path / "all.yaml"
    reform.write_text(
        GOES_PER_GOOD[: GOES_PER_GOOD.index("changes:")]
        + "changes:\n  - replace: us/drawback/ordinary/to_CA\n    vintages: "
        "[{from: 2017-01-01, published: 2017-01-01, value: full, reference: other}]\n",
        encoding="utf-8",
    )
    found = assessed(NAFTA, second=True, reforms=(str(reform),))
    node = found.flow.entry_node[last_car(found)]
    paid = 100 * float(found.unit.column("duty:us/mfn", landed=False)[node])
    assert paid > 2_500
    assert given_back(found) == {"us/mfn": pytest.approx(paid, abs=1)}


def test_each_programme_has_its_own_right() -> None:
    """In September 2025 the 125 on parts do not come back, in November up to the duty of the other country.

    The car, 1,000 + 25 + 125 + a fee of 33.58 + 500, owes 6.1 % of 1,683.58 = 102.70 in Canada: less than the 150 paid,
    so that a sixth of it is of the general duty and the rest of the duty on parts.
    """
    parts = "us/section_232/automobile_parts"
    late = assessed(MANUFACTURING, offset_drawn_pct="0 %")
    assert duty_of(late, "CA") == 10_270
    assert given_back(late) == {"us/mfn": 1_712, parts: 8_558}
    early = assessed(dt.date(2025, 9, 20), offset_drawn_pct="0 %")
    assert given_back(early) == {"us/mfn": 2_500}


def test_the_day_of_the_inputs_entry_decides() -> None:
    """Over the end of October 2025: only cars of brakes entered from 1 November on bring the duty on parts back."""
    found = assessed(dt.date(2025, 10, 30), offset_drawn_pct="0 %")
    rows, flow = found.rows, found.flow
    parts = rows.programme == rows.programmes.index("us/section_232/automobile_parts")
    back = rows.node[rows.is_drawback & parts]
    entered = dict(zip(flow.entry_node.tolist(), flow.entry_on.tolist(), strict=True))
    first = dt.date(2025, 11, 1).toordinal()
    for car in np.unique(rows.node[rows.is_drawback]).tolist():
        brake = int(flow.use_source[flow.use_consumer == car][0])
        assert (car in back) == (entered[brake] >= first)
    assert 0 < len(back) < rows.is_drawback.sum()


def test_what_a_credit_paid_does_not_come_back() -> None:
    """With 150 of credit a car the first brakes owe nothing on parts: only what was paid comes back."""
    found = assessed(MANUFACTURING)
    rows = found.rows
    parts = rows.programme == rows.programmes.index("us/section_232/automobile_parts")
    assert rows.is_credit.any()
    paid = rows.exact_cents[parts & ~rows.is_drawback].sum()
    back = -rows.exact_cents[parts & rows.is_drawback].sum()
    assert 0 <= back <= paid + 1e-6


def test_a_part_of_it_is_claimed_and_by_default_none() -> None:
    assert given_back(assessed(NAFTA, drawback_claimed_pct="40 %")) == {"us/mfn": 1_000}
    assert not assessed(NAFTA, drawback_claimed_pct="0 %").rows.is_drawback.any()
    built, made, ledger = ran("JP", False, False)
    flow = ledger_flow(built, made, ledger, Clock(NAFTA, 0, DAYS * DAY))
    plain = assess(flow, built, load_law(()), Claims.none(), free_parameters())
    assert not plain.rows.is_drawback.any()


def test_a_declaration_of_the_same_export_says_the_same(tmp_path: Path) -> None:
    """One car of a Chinese brake and a harness against the drawback of a declaration file, to the cent."""
    found = assessed(RETALIATION, "CN", second=True)
    flow = found.flow
    value = found.entry_value_cents[last_car(found)] / 100
    line = "importer: US, on: 2019-06-13, exporter: CN, lines: [{origin: CN, origin_marking: CN, value: USD 1000"
    path = tmp_path / "same.yaml"
    path.write_text(
        "question: The same?\nsource: a test\nentries:\n"
        f"  - {{name: brake, {line}, name: p, hts: 8708.30}}]}}\n"
        f"  - {{name: harness, {line}, name: p, hts: 8544.30}}]}}\n"
        "drawback:\n"
        f"  - {{name: car, to: CA, inputs: [brake/p, harness/p], abroad: {{duty: USD {duty_of(found, 'CA') / 100}}}}}\n"
    )
    told = assess_file(path).as_dict()["drawback"][0]
    node = flow.entry_node[last_car(found)]
    assert told["unresolved"] == []
    assert value > 2_000
    assert found.unit.column("drawback")[node] == pytest.approx(told["back_cents"] / 100, abs=0.011)


def test_an_entry_and_the_measure_tell_the_drawback() -> None:
    built, made, ledger = ran("JP", False, False)
    found = assessed(NAFTA)
    told = explain_entry(built, found, last_car(found)).charges
    back = next(x for x in told if x.is_drawback)
    assert back.arithmetic == "back of a duty on inputs of 25.00 = -25.00"
    assert (back.heading, back.treasury, back.amount_cents) == ("drawback", "US", -2_500)
    assert back.why == (
        "drawback on export to CA: Drawback of the ordinary duty: the lesser of two duties, per input (column 1 there)"
    )
    clock = Clock(NAFTA, 2 * DAY, 3 * DAY)
    flow = ledger_flow(built, made, ledger, clock)
    parameters = free_parameters(drawback_claimed_pct="100 %")
    again = assess(flow, built, load_law(()), Claims.none(), parameters)
    rows = measure(built, made, ledger, flow, again, clock, parameters)
    figures = {(r.measure, r.item): r.value for r in rows if r.vehicle == "all"}
    assert figures["drawback_usd", ""] == pytest.approx(25.0)
    assert figures["duty_per_vehicle_usd", "us/mfn"] == pytest.approx(0.0)
    assert figures["duty_per_vehicle_usd", "direct"] == pytest.approx(94.55 - 25.0)


def way_of(
    right: str, towards: str = "", same: bool = False, steel: str = "", origin: str = "MX", **said: str
) -> Way | None:
    """How the duty on an input of some metal comes back from Canada, under a right made up for it."""
    own = DrawbackRight(
        "us/metal", "A right", right, {"CA": towards} if towards else {}, said.get("same_condition", ""),
        said.get("reading", ""), said.get("comparison", ""), ("US", "MX"), Reference("hand"),
    )  # fmt: skip
    made = SimpleNamespace(steel_melt_country=steel, aluminium_smelt_country=said.get("aluminium", ""))
    refunds = Refunds(
        flow=SimpleNamespace(nodes=1),
        book=SimpleNamespace(recipes=[made], origin=[origin]),
        law=SimpleNamespace(drawback=lambda path, on, known: own),
        rules=SimpleNamespace(epochs=SimpleNamespace(days=[NAFTA]), known=None),
        importers=("CA",),
        share=1.0,
    )  # type: ignore[arg-type]
    return refunds._way("us/metal", 0, 0, "CA", same)


@pytest.mark.parametrize(
    ("asked", "comes"),
    [
        ({"right": "full"}, True),
        ({"right": "none"}, False),
        ({"right": "full", "towards": "none"}, False),
        ({"right": "none", "towards": "full"}, False),
        ({"right": "manufacturing_only"}, True),
        ({"right": "manufacturing_only", "same": True}, False),
        ({"right": "limited_manufacturing", "steel": "US"}, True),
        ({"right": "limited_manufacturing", "steel": "US", "same": True}, False),
        ({"right": "limited_manufacturing", "steel": "CN"}, False),
        ({"right": "limited_manufacturing"}, False),  # of no metal that is told
        ({"right": "limited_manufacturing", "steel": "US", "aluminium": "CN"}, False),
        ({"right": "limited_manufacturing", "aluminium": "MX"}, True),
        ({"right": "limited_manufacturing", "steel": "US", "origin": "JP"}, False),
    ],
)
def test_which_right_gives_a_duty_back(asked: dict[str, Any], comes: bool) -> None:
    """All of it where nothing lesser is said; of a limited right only metal and goods of the countries it names."""
    found = way_of(**asked)
    whole = Way("us/metal", "", "", Reference("hand"), "drawback on export to CA: A right")
    assert found == (whole if comes else None)


def test_the_lesser_of_two_duties_is_per_input_of_all_duties_unless_said() -> None:
    words = "drawback on export to CA: A right: the lesser of two duties, per input (all duties there)"
    assert way_of("full", LESSER) == Way("us/metal", "per_input", "all_duties", Reference("hand"), words)
    said = way_of("full", LESSER, reading="per_good", comparison="column_1")
    assert said is not None
    assert (said.reading, said.comparison) == ("per_good", "column_1")
    assert said.why.endswith("the lesser of two duties, per good (column 1 there)")
    handed_on = way_of("full", LESSER, same=True, same_condition="full")
    assert handed_on is not None
    assert handed_on.reading == ""
