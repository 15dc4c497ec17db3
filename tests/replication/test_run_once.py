"""One replication through every room: what may change a result, and what must not."""

import json
from dataclasses import replace
from types import MappingProxyType

import pytest

from sim.errors import PlanError
from sim.replication import Cache, prepare, run_once

NULL = """
title: Nothing changes
description: Says again what the law says already.
references:
  same: {title: "The rate that NAFTA had all along", mark: assumption}
changes:
  - replace: agreements/nafta/light_vehicle_threshold
    vintages:
      - {from: 2017-08-16, published: 2017-08-16, value: 62.5 %, reference: same}
"""


def figures(run):
    return [(row.measure, row.vehicle, row.item, row.value) for row in run.rows]


@pytest.fixture(scope="module")
def plain(asked):
    return run_once(prepare(asked), 0)


def test_a_null_reform_changes_nothing(asked, plain, tmp_path):
    path = tmp_path / "null.yaml"
    path.write_text(NULL)
    again = run_once(prepare(asked.with_(reforms=(str(path),))), 0)
    assert (again.plan_digest, again.ledger_digest) == (plain.plan_digest, plain.ledger_digest)
    assert figures(again) == figures(plain)


def test_a_reform_of_duty_alone_shares_the_ledger(asked, plain):
    cache = Cache()
    for reforms in ((), ("threshold_75",)):
        run = run_once(prepare(asked.with_(reforms=reforms)), 0, cache)
        assert run.plan_digest == plain.plan_digest
    assert len(cache.ledgers) == 1


def test_what_is_claimed_changes_the_border(asked, plain):
    run = run_once(prepare(asked.with_(reforms=("nafta_withdrawal",))), 0)
    assert run.plan_digest != plain.plan_digest
    paid = {row.item: row.value for row in run.rows if row.measure == "claim_pct" and row.vehicle == "all"}
    assert paid["paid"] == pytest.approx(100)


def test_replications_differ_and_repeat(asked, plain):
    prepared = prepare(asked)
    assert run_once(prepared, 1).ledger_digest != plain.ledger_digest
    assert figures(run_once(prepared, 0)) == figures(plain)


def test_a_baseline_that_stands_still_is_refused_with_its_cause(asked):
    prepared = prepare(asked)
    recipes = dict(prepared.network.recipes)
    slow = "supplier/arlington/seats"
    recipes[slow] = replace(recipes[slow], work_s=recipes[slow].work_s * 4)
    network = replace(prepared.network, recipes=MappingProxyType(recipes), digest="slow seats")
    unfair = replace(prepared, network=network)
    with pytest.raises(PlanError) as refusal:
        run_once(unfair, 0, is_baseline=True)
    told = str(refusal.value)
    assert told.startswith("asked: as a baseline it loses ")
    assert " % of its line hours; at most 1 % is a fair start. The lines waited for: " in told
    assert f"{slow}..plant/arlington/suv (" in told
    assert told.endswith("Give these inputs more hours of cover or their suppliers more lines.")


def test_the_same_run_that_is_no_baseline_is_not_refused(plain):
    down = {row.vehicle: row.value for row in plain.rows if row.measure == "line_down_pct"}
    assert down["all"] < 1


def test_facts_are_plain_json_and_hold_what_the_report_needs(asked, plain):
    facts = json.loads(json.dumps(plain.facts, allow_nan=False))
    assert set(facts) == {"references", "counts", "claims", "content", "provisions", "passports", "graph"}
    assert facts["counts"]["passages"] > 100
    assert facts["counts"]["background_trucks"] > 1_000_000
    charged = [row["charged_usd"] for row in facts["provisions"]]
    assert charged == sorted(charged, reverse=True)
    assert charged[0] > 0
    assert all(row["reference"] and row["why"] and row["entries"] > 0 for row in facts["provisions"])
    longest = facts["passports"][0]
    assert longest["crossings"] == sum(row["event"] == "crossing" for row in longest["rows"]) >= 3
    assert run_once(prepare(asked), 1).facts == {}


def test_costs_add_up(plain):
    costs = {}
    for row in plain.rows:
        if row.measure == "cost_per_vehicle_usd":
            costs.setdefault(row.vehicle, {})[row.item] = row.value
    assert costs
    for items in costs.values():
        total = items.pop("total")
        assert sum(items.values()) == pytest.approx(total, abs=1e-6)
