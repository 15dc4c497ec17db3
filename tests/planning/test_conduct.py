"""Conduct that changes within a run: claims turn on a day, sources are chosen on one, and nothing happens before."""

import datetime as dt

from sim.law import load_law
from sim.replication import prepare
from sim.scenario import load_scenario
from sim.scenario.conduct import Sources, Turn
from sim.sourcing.qualify import months_after
from sim.sourcing.run import question_of

NAFTA = "nafta_as_it_stood"
WEEK = 604_800


def claims(*turns: Turn):
    scenario = load_scenario(NAFTA).with_(claim_regime="cost_usmca", conduct=turns)
    return prepare(scenario).decisions.claims


def test_claims_turn_on_their_day_and_not_before():
    usual = claims()
    turned = claims(Turn(dt.date(2017, 11, 6), "none"), Turn(dt.date(2017, 11, 13), "every"))
    assert dict(turned.on(dt.date(2017, 11, 5))) == dict(usual.agreements) != {}
    assert dict(turned.on(dt.date(2017, 11, 6))) == dict(turned.on(dt.date(2017, 11, 12))) == {}
    every = dict(turned.on(dt.date(2017, 11, 13)))
    assert set(every) > set(usual.agreements)  # some pay because a claim costs more than it saves
    assert dict(turned.agreements) == dict(usual.agreements)  # customs treats loads as on the first measured day


def test_a_turn_before_the_run_holds_throughout():
    assert dict(claims(Turn(dt.date(2017, 9, 4), "none")).agreements) == {}


def test_weighed_again_is_as_without():
    usual = claims()
    back = claims(Turn(dt.date(2017, 11, 6), "none"), Turn(dt.date(2017, 11, 13), "weighed"))
    assert dict(back.on(dt.date(2017, 11, 20))) == dict(usual.agreements)


def test_sources_are_chosen_on_their_day_for_the_law_that_makers_reckon_with():
    """Chosen on 6 November for a rule told only later: qualified some months after that day, none before it."""
    day = dt.date(2017, 11, 6)
    sources = Sources(dt.date(2018, 1, 1), ("modern_tracing_list", "us_2017_proposal"))
    base = load_scenario(NAFTA).with_(run_s=60 * WEEK, parameters={"qualification_pct": "0 %"})
    scenario = base.with_(conduct=(Turn(day, sources=sources),))
    usual, own = prepare(base), prepare(scenario)
    assert usual.resourced is None
    told = own.resourced.told
    assert len(told) > 5
    dates = sorted(dt.date.fromisoformat(row["qualified_on"]) for row in told)
    assert dates[0] >= months_after(day, 3)
    assert {row["when"] for row in told} <= {"within the run", "after the run"}
    begins = own.resourced.transition.begins
    assert begins
    assert min(begins.values()) == dates[0]
    lanes = set(usual.network.lanes)
    for first in (base.start, day, dates[0] - dt.timedelta(days=1)):
        held = [{key: x for key, x in p.decisions.claims.on(first).items() if key[0] in lanes} for p in (usual, own)]
        assert held[0] == held[1]


def test_what_makers_reckon_with_is_known_to_them_alone():
    day = dt.date(2017, 6, 5)
    sources = Sources(dt.date(2018, 1, 1), ("threshold_80",))
    scenario = load_scenario(NAFTA).with_(conduct=(Turn(day, sources=sources),))
    law = load_law(scenario.reforms)
    question = question_of(scenario, scenario.load_network(), law, scenario.values())
    assert (question.on, question.known) == (dt.date(2018, 1, 1), day)
    path = "agreements/nafta/light_vehicle_threshold"
    assert law.value(path, question.on, day) == 625_000
    assert question.law.value(path, question.on, day) == 800_000
    assert question.law.value(path, question.on, day - dt.timedelta(days=1)) == 625_000
