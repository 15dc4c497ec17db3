"""Explaining a real, small study: what is printed comes from the same run again."""

from __future__ import annotations

import datetime as dt

import pytest

from sim.errors import DataError, LedgerError, SimError
from sim.scenario import Scenario
from sim.study import Study, run_study, single_study
from sim.study.explain import explain_fact, replay
from sim.units import DAY


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    scenario = Scenario(
        name="small",
        path=None,
        question="Small?",
        source="",
        network="seat_control",
        law_as_of=dt.date(2017, 8, 16),
        reforms=("import_tax_20_mexico",),
        firms="claim_or_pay",
        warm_up_s=70 * DAY,
        start=dt.date(2017, 8, 16),
        run_s=7 * DAY,
        replications=1,
    )
    return run_study(single_study([scenario]), tmp_path_factory.mktemp("explain") / "small", jobs=1)


@pytest.mark.slow
def test_a_load_is_followed_and_its_cost_adds_up(study: Study) -> None:
    followed = study.facts()["passports"][0]
    name = f"{followed['lane']}#{followed['n']}"
    answer, text = explain_fact(study, "load", name)
    assert answer["id"] == name
    assert sum(row["what"] == "crossing" for row in answer["passport"]) == followed["crossings"]
    cost = answer["cost"]
    assert sum(usd for _, usd in cost["unit_cost"]) == pytest.approx(cost["unit_total"])
    assert text.startswith(f"load {name}, scenario small, replication 0\n")
    entry = cost["entries"][0]["entry"]
    told, words = explain_fact(study, "entry", str(entry))
    assert told["entry"] == cost["entries"][0]
    charges = told["entry"]["charges"]
    assert words.splitlines()[0] == f"entry {entry}, scenario small, replication 0"
    assert words.splitlines()[1].startswith(f"Entry {entry}: ")
    assert all(row["programme"] in words for row in charges)
    assert f"USD {sum(row['amount_cents'] for row in charges) / 100:,.2f}" in words or not charges


@pytest.mark.slow
def test_the_passport_of_any_load_is_that_of_the_facts(study: Study) -> None:
    again = replay(study)
    for kept in study.facts()["passports"]:
        assert again.passport(kept["lane"], kept["n"]) == kept
    other = next(lane for lane in again.plan.lanes.ids if lane not in {x["lane"] for x in study.facts()["passports"]})
    followed = again.passport(other, 0)
    assert (followed["lane"], followed["n"]) == (other, 0)
    assert followed["crossings"] == sum(row["event"] == "crossing" for row in followed["rows"])
    with pytest.raises(LedgerError, match="has no load -1"):
        again.passport(other, -1)


@pytest.mark.slow
def test_a_vehicle_tells_its_cost_content_and_claims(study: Study) -> None:
    vehicle = study.vehicles()[0]
    answer, text = explain_fact(study, "vehicle", vehicle)
    parts = dict(answer["mean_cost_per_vehicle_usd"])
    assert sum(parts.values()) - parts["total"] == pytest.approx(parts["total"], abs=0.1)
    assert [entry["vehicle"] for entry in answer["content"]] == [vehicle]
    assert not any(mark in text for mark in "{}'")


@pytest.mark.slow
def test_the_duty_in_a_vehicle_is_told_provision_by_provision(study: Study) -> None:
    charging = set()
    for vehicle in study.vehicles():
        answer, text = explain_fact(study, "vehicle", vehicle)
        flat = " ".join(text.split())
        parts, duty = answer["mean_cost_per_vehicle_usd"], answer["duties_and_fees"]
        assert duty["total_usd"] == pytest.approx(parts["duty"] + parts["fees"], abs=0.01)
        told = sum(row["usd"] for row in duty["provisions"]) + duty["opening_stocks_usd"] + duty["sources_usd"]
        assert told == pytest.approx(duty["total_usd"], abs=0.01 * (1 + len(duty["provisions"])))
        for row in duty["provisions"]:
            charging.add(row["programme"])
            assert row["reference"]
            assert " ".join(row["reference"].split()) in flat
        assert max(map(len, text.splitlines())) <= 110
    assert "us/proposals/import_tax_20_mexico" in charging


@pytest.mark.slow
def test_a_vehicle_of_a_changed_program_tells_what_was_kept(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    def changed(*_: object) -> None:
        raise DataError("small", ["now gives another ledger."])

    monkeypatch.setattr("sim.study.explain.replay", changed)
    answer, text = explain_fact(study, "vehicle", study.vehicles()[0])
    assert (answer["duties_and_fees"], answer["not_told"]) == (None, "small: now gives another ledger.")
    assert text.endswith("Duties cannot be told: small: now gives another ledger.")


@pytest.mark.slow
def test_wrong_names(study: Study) -> None:
    with pytest.raises(DataError, match=r"no scenario named 'smal'\. Did you mean 'small'\?"):
        explain_fact(study, "entry", "1", "smal")
    with pytest.raises(DataError, match="no entry 'x'"):
        explain_fact(study, "entry", "x")
    with pytest.raises(SimError, match="no load named 'x'"):
        explain_fact(study, "load", "x")
