"""What a scenario states of goods, in runs: preference denied from a day on, deposits, and what is expected back."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from sim.customs import assess, ledger_flow
from sim.customs.assess import Assessment
from sim.network.stated import Stated
from sim.planning import build
from sim.replication.once import prepare, require_ready, run_once, simulate
from sim.scenario import Scenario, load_scenario
from sim.scenario.restore import restore_scenario

DENIED = dt.date(2017, 11, 6)
PART = "seat_board"


def _assessed(scenario: Scenario) -> Assessment:
    prepared = prepare(scenario)
    plan = build(scenario, prepared.network, prepared.decisions, prepared.parameters, 0)
    flow = ledger_flow(prepared.network, plan, simulate(plan), scenario.clock())
    return assess(flow, prepared.network, prepared.law, prepared.decisions.claims, prepared.parameters)


def _entries_of(found: Assessment, part: str, importer: str) -> np.ndarray:
    recipe = [name.endswith(f"/{part}") for name in found.flow.recipe_ids]
    own = np.array(recipe)[found.flow.recipe[found.flow.entry_node]]
    return np.flatnonzero(own & (found.entry_importer == found.importers.index(importer)))


@pytest.fixture(scope="module")
def ordinary() -> Scenario:
    """Traced journeys of parts under NAFTA: small, and every part of theirs crosses."""
    return load_scenario("crossings_free").with_(reforms=(), replications=1)


def test_preference_is_denied_from_a_day_on(ordinary: Scenario) -> None:
    """Boards from Mexico claim NAFTA until that day and pay the general rate from then on."""
    made_in = Stated(PART, "preference_suspended", True, "MX", "US", DENIED)
    before, after = _assessed(ordinary), _assessed(ordinary.with_(goods=(made_in,)))
    own = _entries_of(after, PART, "US")
    day = DENIED.toordinal()
    early, late = own[after.flow.entry_on[own] < day], own[after.flow.entry_on[own] >= day]
    assert len(early)
    assert len(late)
    assert (before.entry_claim[own] > 0).all()
    assert (after.entry_claim[early] > 0).all()
    assert (after.entry_claim[late] == 0).all()
    paying = after.rows.entry[after.rows.is_duty() & (after.rows.amount_cents > 0)]
    assert not np.isin(early, paying).any()
    others = np.setdiff1d(np.arange(len(before.entry_claim)), own)
    assert (before.entry_claim[others] == after.entry_claim[others]).all()


def test_deposits_are_a_share_of_value_and_partly_expected_back(ordinary: Scenario) -> None:
    """20 % of what enters, whatever is claimed; panels give 15 % of it back and courts 10 (assumptions of the law)."""
    stated = (
        Stated(PART, "antidumping_order", True, "MX", "US"),
        Stated(PART, "antidumping_deposit", 200_000, "MX", "US"),
    )
    scenario = ordinary.with_(goods=stated)
    found = _assessed(scenario)
    rows, own = found.rows, _entries_of(found, PART, "US")
    deposited = rows.programme == rows.programmes.index("us/antidumping_duty")
    assert sorted(rows.entry[deposited].tolist()) == sorted(own.tolist())
    assert rows.exact_cents[deposited] == pytest.approx(0.2 * found.entry_value_cents[rows.entry[deposited]])
    shares = {}
    for name, reforms in (("panel", ()), ("court", ("no_binational_panels",))):
        require_ready(scenario.with_(reforms=reforms))
        figures = run_once(prepare(scenario.with_(reforms=reforms)), 0).rows
        paid = {row.item: row.value for row in figures if row.measure == "deposits_usd"}
        shares[name] = paid["expected_back"] / paid["paid"]
        assert paid["expected_net"] == pytest.approx(paid["paid"] - paid["expected_back"])
    assert shares == {"panel": pytest.approx(0.15), "court": pytest.approx(0.10)}


def test_what_is_stated_is_part_of_a_scenario(ordinary: Scenario) -> None:
    stated = ordinary.with_(goods=(Stated("", "quota", "inside", "CA", "US", None, DENIED),))
    assert stated.digest != ordinary.digest
    assert stated.load_network().digest != ordinary.load_network().digest
    again = restore_scenario(stated.resolved())
    assert (again.goods, again.digest) == (stated.goods, stated.digest)
    assert not [row for row in run_once(prepare(ordinary), 0).rows if row.measure == "deposits_usd"]
