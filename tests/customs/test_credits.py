"""Credit for assembly: 3.75 % of the retail price, drawn against the duty on parts, earliest entries first."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from sim.clock import Clock
from sim.customs import Assessment, Claims, assess, check_duties, explain_entry, ledger_flow
from sim.customs.credits import draw, read_schemes, schemes
from sim.duty import assess_file
from sim.engines.reference import simulate
from sim.errors import DataError
from sim.law import load_law
from sim.ledger.ledger import Ledger
from sim.measures import measure
from sim.network.model import Network, Schedule
from sim.plan import Plan
from sim.units import DAY, HOUR
from tests.customs.hand import Hand, free_parameters
from tests.customs.recorded import plan_of

JUNE = dt.date(2025, 6, 9)  # parts of Japan: 2.5 % and 25 %, no emergency duty beside them, no deal yet
PARTS = "us/section_232/automobile_parts"
DAYS, CARS = 6, 40


def network(msrp: float, upstream: bool) -> Network:
    """A car built and sold in the United States with a Japanese brake of 1,000.

    Or with a Mexican axle of 400, which holds an American hub of 100, which holds a Japanese bearing of 200.
    """
    hand = Hand()
    for site, country in (("supplier/jp", "JP"), ("supplier/us", "US"), ("supplier/mx", "MX"), ("plant/us", "US")):
        hand.site(site, country)
    hand.site("market/us", "US", "market")
    for crossing, start, end in (("port/us", "JP", "US"), ("laredo/mx", "US", "MX"), ("laredo/us", "MX", "US")):
        hand.crossing(crossing, start, end)
    first = "axle" if upstream else "brake"
    car = hand.recipe(
        "plant/us", "car", hts="8703.23", labour=5_000.0, inputs={first: 1}, tier=0,
        vehicle_class="passenger", schedule=Schedule(20, 1, "", msrp),
    )  # fmt: skip
    if upstream:
        bearing = hand.recipe("supplier/jp", "bearing", hts="8708.30", overhead=200.0)
        hub = hand.recipe("supplier/us", "hub", hts="8708.50", labour=100.0, inputs={"bearing": 1})
        axle = hand.recipe("supplier/mx", "axle", hts="8708.50", labour=400.0, inputs={"hub": 1})
        hand.lane(bearing, hub, [("port/us", "entry")])
        hand.lane(hub, axle, [("laredo/mx", "temporary")])
        hand.lane(axle, car, [("laredo/us", "entry")])
    else:
        brake = hand.recipe("supplier/jp", "brake", hts="8708.30", overhead=1_000.0)
        hand.lane(brake, car, [("port/us", "entry")])
    hand.lane(car, "market/us")
    return hand.build()


@lru_cache
def ran(msrp: float, upstream: bool) -> tuple[Network, Plan, Ledger]:
    built = network(msrp, upstream)
    market = "plant/us/car..market/us"
    made = plan_of(built, {market: [HOUR * (2 + 2 * k) for k in range(CARS)]}, DAYS, seeds=6)
    return built, made, simulate(made)


def assessed(msrp: float, upstream: bool = False, begins: dt.date = JUNE, **changed: str) -> Assessment:
    built, made, ledger = ran(msrp, upstream)
    flow = ledger_flow(built, made, ledger, Clock(begins, 0, DAYS * DAY))
    found = assess(flow, built, load_law(()), Claims.none(), free_parameters(**changed))
    check_duties(built, found)
    return found


def built_cars(found: Assessment) -> int:
    flow = found.flow
    cars = flow.recipe == flow.recipe_ids.index("plant/us/car")
    return int((cars & flow.exists & (flow.finished_s >= 0)).sum())


def owed_and_drawn(found: Assessment) -> tuple[list[int], list[int]]:
    """Cents of duty on parts and of credit by entry, in the order of clearance."""
    rows, flow = found.rows, found.flow
    duty = np.isin(rows.programme, [rows.programmes.index(PARTS)])
    count = len(flow.entry_node)
    gross = np.bincount(rows.entry[duty & ~rows.is_credit], rows.amount_cents[duty & ~rows.is_credit], count)
    credit = np.bincount(rows.entry[rows.is_credit], rows.amount_cents[rows.is_credit], count)
    order = np.argsort(flow.entry_s, kind="stable")
    return gross[order].astype(int).tolist(), credit[order].astype(int).tolist()


def test_ample_credit_pays_the_duty_on_parts_and_no_other() -> None:
    """Each car earns 3.75 % of 20,000 = 750, more than the 25 % of 1,000 that a brake owes: only the 2.5 % is paid."""
    found = assessed(20_000.0)
    gross, credit = owed_and_drawn(found)
    assert set(gross) == {25_000}
    assert set(credit) == {-25_000}
    assert found.credits[0].earned_cents == built_cars(found) * 75_000
    rows = found.rows
    paid = {name: int(rows.amount_cents[rows.programme == k].sum()) for k, name in enumerate(rows.programmes)}
    assert paid[PARTS] == 0
    assert paid["us/mfn"] == 2_500 * len(gross)
    cars = found.flow.recipe == found.flow.recipe_ids.index("plant/us/car")
    made = np.flatnonzero(cars & found.flow.exists & ~found.flow.is_seed)
    late = made[-5:]  # made of brakes that were entered in the run; the seeds hold what was planned, without credit
    assert found.unit.column(f"duty:{PARTS}")[late].tolist() == pytest.approx([0.0] * 5)
    assert found.unit.column("offset_credit")[late].tolist() == pytest.approx([250.0] * 5)
    assert found.unit.column(f"duty:{PARTS}")[made[:5]].tolist() == pytest.approx([250.0] * 5)


def test_scarce_credit_goes_to_the_earliest_entries() -> None:
    """Each car earns 3.75 % of 4,000 = 150: the first entries draw 250 each until it is gone."""
    found = assessed(4_000.0)
    gross, credit = owed_and_drawn(found)
    balance = built_cars(found) * 15_000
    assert 0 < balance < sum(gross)
    full, rest = divmod(balance, 25_000)
    expected = [-25_000] * full + [-rest] + [0] * (len(gross) - full - 1)
    assert credit == expected


def test_each_month_adds_what_its_cars_earn() -> None:
    """Over the end of June: entries of July draw on July's 150 a car, though June's ran out before June did."""
    found = assessed(4_000.0, begins=dt.date(2025, 6, 29))
    gross, credit = owed_and_drawn(found)
    flow = found.flow
    made = flow.made_on[(flow.recipe == flow.recipe_ids.index("plant/us/car")) & flow.exists & (flow.finished_s >= 0)]
    entered = np.sort(flow.entry_on)
    first = dt.date(2025, 7, 1).toordinal()
    june, july = int((made < first).sum()) * 15_000, int((made >= first).sum()) * 15_000
    assert found.credits[0].by_month == (june, july)
    split = int((entered < first).sum())
    assert june < sum(gross[:split])
    assert july < sum(gross[split:])
    assert [-x for x in credit] == [
        *draw(np.array(gross[:split], dtype=np.float64), june).tolist(),
        *draw(np.array(gross[split:], dtype=np.float64), july).tolist(),
    ]


def test_a_declaration_of_the_same_entries_says_the_same(tmp_path: Path) -> None:
    """The account of the ledger against that of a declaration file with the same cars and entries, to the cent."""
    found = assessed(4_000.0)
    days = sorted(found.flow.entry_on.tolist())
    lines = "lines: [{name: brake, hts: 8708.30, origin: JP, value: USD 1000}]"
    entries = "".join(
        f"  - {{name: e{n}, importer: US, on: {dt.date.fromordinal(day)}, exporter: JP, "
        f"importer_of_record: Maker, {lines}}}\n"
        for n, day in enumerate(days)
    )
    account = (
        f"{{name: maker, rate: {found.credits[0].scheme.rate}, importers: [Maker], "
        f"built: [{{on: {JUNE}, units: {built_cars(found)}, msrp: USD 4000}}]}}"
    )
    path = tmp_path / "same.yaml"
    path.write_text(f"question: The same?\nsource: a test\nentries:\n{entries}accounts: {{offset: [{account}]}}\n")
    sections = assess_file(path).as_dict()
    told = next(x for x in sections["offset"] if x["name"] == "maker")
    assert told["earned_cents"] == found.credits[0].earned_cents
    assert [use["used_cents"] for use in told["uses"]] == [-x for x in owed_and_drawn(found)[1]]


def test_the_part_drawn_is_a_parameter() -> None:
    """Of 150 a car makers draw half: half as many entries are free; of nothing, the account does not exist."""
    balance = built_cars(assessed(4_000.0)) * 7_500
    _, credit = owed_and_drawn(assessed(4_000.0, offset_drawn_pct="50 %"))
    assert -sum(credit) == balance
    none = assessed(4_000.0, offset_drawn_pct="0 %")
    assert none.credits == ()
    assert not none.rows.is_credit.any()


def test_no_account_before_the_law_begins() -> None:
    found = assessed(20_000.0, begins=dt.date(2017, 8, 16))
    assert found.credits == ()
    assert found.unit.column("offset_credit").tolist() == [0.0] * found.flow.nodes


def test_credit_upstream_lowers_the_price_downstream() -> None:
    """A bearing of 200 owes 25 %, drawn in full: an axle is worth 200 + 2.5 % + the least fee + 500, not 50 more."""
    free, gross = assessed(60_000.0, upstream=True), assessed(60_000.0, upstream=True, offset_drawn_pct="0 %")
    flow = free.flow
    axles = flow.entry_node[flow.lane[flow.entry_node] == flow.lane_ids.index("supplier/mx/axle..plant/us/car")]
    fed = [node for node in axles.tolist() if free.unit.column("offset_credit")[node] > 200]
    assert len(fed) > 5
    value = 200 * 1.025 + 32.71 + 500
    assert free.unit.price[fed].tolist() == pytest.approx([value] * len(fed))
    assert gross.unit.price[fed].tolist() == pytest.approx([value + 50.0] * len(fed))
    assert free.unit.column("offset_credit")[fed].tolist() == pytest.approx([50.0 + value / 4] * len(fed))


def test_scarce_credit_over_two_tiers_settles() -> None:
    """Whatever is drawn upstream changes what is owed downstream: all is drawn, earliest entries first.

    Rows are rounded one by one, so that the entry at which the credit ends may be off by some cents.
    """
    found = assessed(2_000.0, upstream=True)
    gross, credit = owed_and_drawn(found)
    balance = built_cars(found) * 7_500
    assert 0 < balance < sum(gross)
    assert -sum(credit) == pytest.approx(balance, abs=len(credit))
    assert [-x for x in credit] == pytest.approx(draw(np.array(gross, dtype=float), balance).tolist(), abs=25)


def test_an_entry_tells_gross_credit_and_net() -> None:
    built = ran(20_000.0, False)[0]
    charges = explain_entry(built, assessed(20_000.0), 0).charges
    told = [(x.programme, x.amount_cents, x.arithmetic) for x in charges if x.programme == PARTS]
    assert told == [
        (PARTS, 25_000, "1,000.00 x 25 % = 250.00"),
        (PARTS, -25_000, "credit drawn on a duty of 250.00 = -250.00"),
    ]
    credit = next(x for x in charges if x.is_credit)
    assert credit.why == (
        "Import adjustment offset of cars and light trucks: credit of vehicles assembled in US, earliest entries first"
    )
    assert credit.reference.startswith("Proclamation 10984 of 2025-10-17 clause 11")
    assert credit.due == explain_entry(built, assessed(20_000.0), 0).on


def test_measures_tell_the_credit_and_the_net_duty() -> None:
    built, made, ledger = ran(20_000.0, False)
    clock = Clock(JUNE, 2 * DAY, 4 * DAY)
    flow = ledger_flow(built, made, ledger, clock)
    figures = []
    for share in ("100 %", "0 %"):
        parameters = free_parameters(offset_drawn_pct=share)
        found = assess(flow, built, load_law(()), Claims.none(), parameters)
        rows = measure(built, made, ledger, flow, found, clock, parameters)
        figures.append({(r.measure, r.item): r.value for r in rows if r.vehicle == "all"})
    drawn, plain = figures
    assert drawn["offset_credit_usd", ""] == pytest.approx(250.0)
    assert ("offset_credit_usd", "") not in plain
    assert drawn["duty_per_vehicle_usd", "total"] == pytest.approx(25.0)
    assert plain["duty_per_vehicle_usd", "total"] == pytest.approx(275.0)
    assert plain["cost_per_vehicle_usd", "total"] - drawn["cost_per_vehicle_usd", "total"] == pytest.approx(250.0)


def test_every_shipped_scheme_earns_by_a_rate_of_the_law() -> None:
    law = load_law(())
    assert schemes()
    for scheme in schemes():
        assert law.history(scheme.rate).type == "rate"
        assert law.by_path[scheme.rate.rpartition("/")[0]].importer == scheme.importer


def test_a_wrong_scheme_is_refused_with_every_problem(tmp_path: Path) -> None:
    path = tmp_path / "accounts.yaml"
    path.write_text(
        "cars:\n  title: Cars\n  importer: US\n  rates: some/rate\n  vehicle_class: [passenger]\n"
        "trucks: {title: T, importer: US, rate: some/rate, vehicle_class: [light_truck]}\n"
    )
    with pytest.raises(DataError) as refusal:
        read_schemes(path)
    assert str(refusal.value) == (
        "accounts.yaml: 3 problems\n"
        "  line 4, cars.rates: unknown key 'rates'. Did you mean 'rate'?\n"
        "  line 1, cars: the key 'rate' is missing.\n"
        "  line 6, trucks: another scheme has the importer 'US'. Only one a country is allowed."
    )


REFORM = """
title: Another rate
description: What vehicles assembled from June 2025 on earn.
references:
  other: {{title: "A rate of one's own", mark: assumption}}
changes:
  - replace: us/section_232/offset_account/rate
    vintages:
      - {{from: 2025-04-05, published: 2025-10-17, value: {rate}, reference: other}}
"""


@pytest.mark.parametrize(("rate", "factor"), [("3.75 %", 1), ("7.5 %", 2), ("0 %", 0)])
def test_a_reform_of_the_rate_moves_the_credit_and_nothing_else(tmp_path: Path, rate: str, factor: int) -> None:
    """The same rate gives the very same rows; twice the rate twice the credit; none no account."""
    built, made, ledger = ran(4_000.0, False)
    path = tmp_path / "rate.yaml"
    path.write_text(REFORM.format(rate=rate))
    flow = ledger_flow(built, made, ledger, Clock(JUNE, 0, DAYS * DAY))
    plain, changed = (
        assess(flow, built, load_law(reforms), Claims.none(), free_parameters()) for reforms in ((), (str(path),))
    )
    if factor == 1:
        assert changed.rows.amount_cents.tolist() == plain.rows.amount_cents.tolist()
        assert changed.rows.exact_cents.tolist() == plain.rows.exact_cents.tolist()
        assert np.array_equal(changed.unit.landed, plain.unit.landed)
    before, after = sum(owed_and_drawn(plain)[1]), sum(owed_and_drawn(changed)[1])
    assert before == -plain.credits[0].earned_cents
    assert after == max(factor * before, -sum(owed_and_drawn(plain)[0]))
    assert owed_and_drawn(changed)[0] == owed_and_drawn(plain)[0]
