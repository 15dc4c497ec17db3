"""Explaining a real, small study: what is printed comes from the same run again."""

from __future__ import annotations

import datetime as dt

import pytest

from sim.errors import DataError, SimError
from sim.scenario import Scenario
from sim.study import Study, run_study, single_study
from sim.study.explain import explain_fact
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
        reforms=(),
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
    told, _ = explain_fact(study, "entry", str(entry))
    assert told["entry"] == cost["entries"][0]


@pytest.mark.slow
def test_a_vehicle_tells_its_cost_content_and_claims(study: Study) -> None:
    vehicle = study.vehicles()[0]
    answer, _ = explain_fact(study, "vehicle", vehicle)
    parts = dict(answer["mean_cost_per_vehicle_usd"])
    assert sum(parts.values()) - parts["total"] == pytest.approx(parts["total"], abs=0.1)
    assert [entry["vehicle"] for entry in answer["content"]] == [vehicle]


@pytest.mark.slow
def test_wrong_names(study: Study) -> None:
    with pytest.raises(DataError, match=r"no scenario named 'smal'\. Did you mean 'small'\?"):
        explain_fact(study, "entry", "1", "smal")
    with pytest.raises(DataError, match="no entry 'x'"):
        explain_fact(study, "entry", "x")
    with pytest.raises(SimError, match="no load named 'x'"):
        explain_fact(study, "load", "x")
