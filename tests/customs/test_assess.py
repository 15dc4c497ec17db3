"""Assessment: entries, values, components and lookups on networks small enough to work out by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from sim.customs import Claims, assess, check_duties, explain_entry, explain_load, planned_flow
from sim.customs.book import COST, read_book
from sim.customs.claiming import cost_factors
from sim.customs.explain import find_load
from sim.errors import LedgerError, SimError
from sim.network.model import Network
from sim.parameters import load_parameters
from tests.customs.hand import DAY, Hand, HandLaw, free_parameters


def mexico_to_canada() -> Network:
    """A Mexican harness to an Ontario car through the United States in bond; the car is sold in Ontario."""
    hand = Hand()
    hand.site("supplier/mx", "MX")
    hand.site("plant/ca", "CA")
    hand.site("market/ca", "CA", "market")
    hand.crossing("laredo/us", "MX", "US", toll_usd=7.0)
    hand.crossing("ambassador/ca", "US", "CA", toll_usd=11.0)
    harness = hand.recipe("supplier/mx", "harness", hts="8544.30", labour=50.0)
    car = hand.recipe("plant/ca", "car", hts="8703.23", labour=100.0, inputs={"harness": 1}, tier=0)
    passages = [("laredo/us", "in_bond"), ("ambassador/ca", "entry")]
    hand.lane(harness, car, passages, units=10, freight=20.0)
    hand.lane(car, "market/ca")
    return hand.build()


def test_mexico_to_canada_passes_two_borders_and_makes_one_entry() -> None:
    network = mexico_to_canada()
    found = assess(planned_flow(network, DAY), network, HandLaw(60_000), Claims.none(), free_parameters())
    lane = found.flow.lane_ids.index("supplier/mx/harness..plant/ca/car")
    assert found.flow.passages[lane] == 2
    assert found.flow.entry_node.tolist() == [lane]
    assert found.flow.entry_position.tolist() == [1]
    assert [found.importers[i] for i in found.entry_importer] == ["CA"]
    assert [(p.treasury, p.programme) for p in found.rows.provisions] == [("CA", "ca/general")]
    assert found.rows.amount_cents.tolist() == [3_000]  # 10 x 50 x 6 %
    assert found.chain[lane] == 2
    assert found.entry_chain[lane] == 1


@pytest.mark.parametrize(
    ("freight", "value_cents"),
    [("excludes_international_freight", 50_000), ("includes_freight", 50_000 + 100 * (20 + 20 + 7))],
)
def test_freight_basis(freight: str, value_cents: int) -> None:
    """Ten harnesses at 50; with freight: two legs of 20 and the first toll of 7, not the leg after the border."""
    network = mexico_to_canada()
    law = HandLaw(60_000, freight=freight)
    found = assess(planned_flow(network, DAY), network, law, Claims.none(), free_parameters())
    assert found.rows.base_cents.tolist() == [value_cents]


def test_components_add_up() -> None:
    """Whatever the parameters, the landed cost of a load is the sum of named components and of nothing else."""
    network = mexico_to_canada()
    parameters = load_parameters()
    law = HandLaw(60_000, fee_cents=2_500.0)
    found = assess(planned_flow(network, DAY), network, law, Claims.none(), parameters)
    unit = found.unit
    assert unit.columns == (*COST, "duty:ca/general", "duty:ca/fee")
    lane = found.flow.lane_ids.index("supplier/mx/harness..plant/ca/car")
    hours = found.flow.transit_h[lane]
    expected = {
        "labour:MX": 50.0,
        "freight": (3 * 20 + 7 + 11) / 10,
        "duty:ca/general": 3.0,
        "fees": 2.5,
        "compliance": 9.0,  # broker 90 a load
        "carrying": 50 * hours * 0.15 / 8_760,
    }
    for name, value in expected.items():
        assert unit.column(name)[lane] == pytest.approx(value), name
    assert unit.landed[lane].sum() == pytest.approx(sum(expected.values()))
    car = found.flow.lane_ids.index("plant/ca/car..market/ca")
    assert unit.landed[car].sum() == pytest.approx(100 + sum(expected.values()) + unit.column("carrying")[car]
                                                   - unit.column("carrying")[lane])  # fmt: skip


def test_a_claim_saves_the_duty_and_costs_its_paperwork() -> None:
    network = mexico_to_canada()
    law = HandLaw(60_000, agreed="nafta")
    claims = Claims({("supplier/mx/harness..plant/ca/car", 1): "nafta"}, "pressure")
    found = assess(planned_flow(network, DAY), network, law, claims, load_parameters())
    lane = found.flow.lane_ids.index("supplier/mx/harness..plant/ca/car")
    assert len(found.rows.amount_cents) == 0
    # broker 90 and clerk 20 a load, 1 % of 500
    assert found.unit.column("compliance")[lane] == pytest.approx((90 + 20 + 5) / 10)
    assert [found.agreements[k] for k in found.entry_claim] == ["nafta"]


def test_temporary_imports_owe_nothing() -> None:
    hand = Hand()
    hand.site("supplier/us", "US")
    hand.site("plant/mx", "MX")
    hand.site("market/us", "US", "market")
    hand.crossing("laredo/mx", "US", "MX")
    hand.crossing("laredo/us", "MX", "US")
    board = hand.recipe("supplier/us", "board", labour=10.0)
    unit = hand.recipe("plant/mx", "control", labour=5.0, inputs={"board": 1})
    hand.lane(board, unit, [("laredo/mx", "temporary")])
    hand.lane(unit, "market/us", [("laredo/us", "entry")])
    network = hand.build()
    found = assess(planned_flow(network, DAY), network, HandLaw(100_000), Claims.none(), free_parameters())
    assert found.rows.base_cents.tolist() == [1_500]
    assert sorted(found.chain.tolist()) == [1, 2]
    assert sorted(found.entry_chain.tolist()) == [0, 1]


def test_two_entries_on_one_lane() -> None:
    """Entered in the United States and then in Canada: the second border taxes the first duty too."""
    hand = Hand()
    hand.site("supplier/mx", "MX")
    hand.site("market/ca", "CA", "market")
    hand.crossing("laredo/us", "MX", "US")
    hand.crossing("ambassador/ca", "US", "CA")
    part = hand.recipe("supplier/mx", "harness", labour=100.0)
    hand.lane(part, "market/ca", [("laredo/us", "entry"), ("ambassador/ca", "entry")])
    network = hand.build()
    found = assess(planned_flow(network, DAY), network, HandLaw(100_000), Claims.none(), free_parameters())
    assert found.rows.base_cents.tolist() == [10_000, 11_000]
    assert found.unit.duty().tolist() == pytest.approx([21.0])


def test_a_distributor_does_not_change_the_origin() -> None:
    """A US warehouse whose only input has the code of its output hands on the origin of its supplier."""
    hand = Hand()
    hand.site("supplier/cn", "CN")
    hand.site("supplier/us", "US")
    hand.site("plant/mx", "MX")
    hand.crossing("port/us", "CN", "US")
    hand.crossing("laredo/mx", "US", "MX")
    capacitor = hand.recipe("supplier/cn", "capacitor", hts="8532.24", overhead=1.0)
    sold = hand.recipe("supplier/us", "capacitor_sold", hts="8532.24", inputs={"capacitor": 1})
    board = hand.recipe("plant/mx", "board", hts="8534.00", inputs={"capacitor_sold": 1})
    hand.lane(capacitor, sold, [("port/us", "entry")])
    hand.lane(sold, board, [("laredo/mx", "entry")])
    network = hand.build()
    book = read_book(network)
    origins = {recipe.id: origin for recipe, origin in zip(book.recipes, book.origin, strict=True)}
    assert origins == {
        "supplier/cn/capacitor": "CN", "supplier/us/capacitor_sold": "CN", "plant/mx/board": "MX"
    }  # fmt: skip


def test_explain_an_entry_and_a_load() -> None:
    network = mexico_to_canada()
    found = assess(planned_flow(network, DAY), network, HandLaw(60_000), Claims.none(), free_parameters())
    entry = explain_entry(network, found, 0)
    assert (entry.load, entry.crossing, entry.on) == (
        "supplier/mx/harness..plant/ca/car#0", "ambassador/ca", dt.date(2017, 8, 16)
    )  # fmt: skip
    assert (entry.exporter, entry.importer, entry.value_cents, entry.claimed) == ("MX", "CA", 50_000, "")
    assert [charge.arithmetic for charge in entry.charges] == ["500.00 x 6 % = 30.00"]
    car = find_load(found, "plant/ca/car..market/ca#0")
    load = explain_load(network, found, car)
    assert load.sources == (("supplier/mx/harness..plant/ca/car#0", 1.0),)
    assert dict(load.unit_cost)["labour:CA"] == 100.0
    assert sum(usd for _, usd in load.unit_cost) == pytest.approx(load.unit_total)


def test_explain_refuses_what_is_not_there() -> None:
    network = mexico_to_canada()
    found = assess(planned_flow(network, DAY), network, HandLaw(), Claims.none(), free_parameters())
    with pytest.raises(SimError) as refused:
        explain_entry(network, found, 7)
    assert str(refused.value) == "explain: no entry 7; entries are numbered 0 to 0."
    with pytest.raises(SimError) as refused:
        find_load(found, "nowhere#0")
    assert str(refused.value) == "explain: no load named 'nowhere#0'. Write it as '<lane id>#<n>'."
    with pytest.raises(SimError) as refused:
        find_load(found, "plant/ca/car..market/ca#3")
    assert str(refused.value) == "explain: 'plant/ca/car..market/ca' has 1 loads, numbered from 0; found '#3'."


def test_unit_table_refuses_unknown_names() -> None:
    network = mexico_to_canada()
    unit = assess(planned_flow(network, DAY), network, HandLaw(), Claims.none(), free_parameters()).unit
    assert np.array_equal(unit.column("duty:never/met"), np.zeros(2))
    with pytest.raises(KeyError):
        unit.column("labor")


def test_a_claim_costs_its_verification_and_what_its_good_makes_of_it() -> None:
    """It saves 30 of duty: 2 % are verified, 27 % of these fall and cost duty, a year's 5 % and as much again.

    Clerk and the hundredth of the value are those of the good, by its own factor; the broker asks the same of all.
    """
    network = mexico_to_canada()
    law = HandLaw(60_000, agreed="nafta")
    claims = Claims({("supplier/mx/harness..plant/ca/car", 1): "nafta"}, "pressure")
    audit = {
        "audit_probability_pct": "2 %", "audit_rejected_pct": "27 %", "audit_penalty_pct_of_duty": "100 %",
        "audit_interest_pct_year": "5 %",
    }  # fmt: skip
    parameters = load_parameters({**audit, "claim_cost_spread": "0.5 log"})
    found = assess(planned_flow(network, DAY), network, law, claims, parameters)
    lane = found.flow.lane_ids.index("supplier/mx/harness..plant/ca/car")
    factor = float(cost_factors(["supplier/mx/harness"], ["CA"], 0.5)[0, 0])
    assert factor != pytest.approx(1.0)
    verified = 0.02 * 0.27 * 2.05 * 30
    assert found.unit.column("compliance")[lane] == pytest.approx((90 + (20 + 5) * factor + verified) / 10)


def test_duty_that_is_paid_and_nowhere_is_refused() -> None:
    """30 on ten harnesses, one of them in a car; 5 more that no harness holds."""
    network = mexico_to_canada()
    found = assess(planned_flow(network, DAY), network, HandLaw(60_000), Claims.none(), free_parameters())
    check_duties(network, found)
    more = replace(found, rows=replace(found.rows, exact_cents=found.rows.exact_cents + 500.0))
    with pytest.raises(LedgerError) as refused:
        check_duties(network, more)
    assert refused.value.text() == (
        "assessment: duty under ca/general: paid 35.0000 + seeds 0.0000 is not delivered 3.0000 + stock 27.0000 "
        "+ on the way 0.0000"
    )
