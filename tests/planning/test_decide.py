"""Decisions by law: what is claimed in each stretch of days, by what was known then, and by firms that hold still."""

from __future__ import annotations

import datetime as dt
import pickle
from dataclasses import dataclass

import numpy as np
import pytest

from sim.customs import Claims, assess, planned_flow
from sim.customs.claims import NOT_BEFORE, Span
from sim.law import load_law
from sim.network import load_network
from sim.parameters import load_parameters
from sim.planning import decide
from sim.replication import prepare
from sim.scenario import Scenario
from tests.customs.hand import Hand, HandLaw, free_parameters

WEEK = 604_800
START = dt.date(2017, 10, 30)
WARM_UP = dt.date(2017, 9, 4)
LATER = dt.date(2017, 11, 9)
BEFORE = dt.date(2017, 10, 2)
LANE = "supplier/mx/harness..plant/us/car"


def scenario(**changed: object) -> Scenario:
    values: dict[str, object] = {
        "name": "epochs", "path": None, "question": "Who claims when?", "source": "a test", "network": "hand",
        "law_as_of": dt.date(2017, 8, 16), "reforms": (), "firms": "claim_or_pay", "warm_up_s": 8 * WEEK,
        "start": START, "run_s": 3 * WEEK,
    }  # fmt: skip
    return Scenario(**(values | changed))  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class DatedLaw(HandLaw):
    """An agreement that begins and ends on given days, each known from the day it is published."""

    begins: dt.date = dt.date.min
    ends: dt.date = dt.date.max
    published: dt.date = dt.date.min

    def agreement(self, importer: str, exporter: str, on: dt.date, known: dt.date | None = None) -> str | None:
        told = known is None or known >= self.published
        stands = self.begins <= on and (on < self.ends or not told)
        return super().agreement(importer, exporter, on, known) if stands else None


def network():
    """A Mexican harness of 100 dollars enters the United States, fifty a load."""
    hand = Hand()
    hand.site("supplier/mx", "MX")
    hand.site("plant/us", "US")
    hand.crossing("laredo/us", "MX", "US")
    harness = hand.recipe("supplier/mx", "harness", hts="8544.30", labour=100.0)
    car = hand.recipe("plant/us", "car", hts="8703.23", labour=900.0, inputs={"harness": 1}, tier=0)
    hand.lane(harness, car, [("laredo/us", "entry")], units=50)
    return hand.build()


def claimed_on(claims: Claims, *days: dt.date) -> list[str]:
    return [claims.claimed(LANE, 0, day) for day in days]


def test_one_law_one_set_of_claims() -> None:
    """Changes that move no claim leave no trace: claims are those of the start day."""
    law = HandLaw(25_000, agreed="nafta", changes=(BEFORE, LATER))
    claims = decide(scenario(), network(), law, load_parameters()).claims
    assert claims.spans == ()
    assert dict(claims.agreements) == {(LANE, 0): "nafta"}


def test_the_warm_up_claims_by_its_own_law() -> None:
    """An agreement that begins on 2 October is claimed from that day, not from 4 September."""
    law = DatedLaw(25_000, agreed="nafta", changes=(BEFORE,), begins=BEFORE)
    claims = decide(scenario(), network(), law, load_parameters()).claims
    assert claims.spans == (Span(WARM_UP, {}), Span(BEFORE, {(LANE, 0): "nafta"}))
    assert claimed_on(claims, WARM_UP, BEFORE - dt.timedelta(days=1), BEFORE, START) == ["", "", "nafta", "nafta"]


def test_an_end_during_the_run_is_followed_and_border_holds_are_not() -> None:
    law = DatedLaw(25_000, agreed="nafta", changes=(LATER,), ends=LATER)
    decisions = decide(scenario(), network(), law, load_parameters())
    assert claimed_on(decisions.claims, START, LATER) == ["nafta", ""]
    assert decisions.regime_at(LANE, 0, "entry").name == "calm"
    assert decisions.regime_at(LANE, 0, "in_bond").name == "calm"


def test_what_was_not_published_is_not_known() -> None:
    """The agreement ended on 2 October in a paper of 5 November: those who decide before that day still claim."""
    law = DatedLaw(25_000, agreed="nafta", changes=(BEFORE, LATER), ends=BEFORE, published=dt.date(2017, 11, 5))
    claims = decide(scenario(), network(), law, load_parameters()).claims
    assert claimed_on(claims, WARM_UP, START, LATER) == ["nafta", "nafta", ""]


def test_the_warm_up_does_not_know_what_the_start_knows() -> None:
    """Knowledge of 9 November at the start; the days before decide by the papers of their own day."""
    law = DatedLaw(25_000, agreed="nafta", changes=(BEFORE,), ends=WARM_UP, published=dt.date(2017, 11, 5))
    claims = decide(scenario(law_as_of=LATER), network(), law, load_parameters()).claims
    assert claimed_on(claims, WARM_UP, START) == ["nafta", ""]


def test_entries_follow_the_claims_of_their_day() -> None:
    """Claimed until 2 October: a plan of 1 October owes nothing, one of 2 October owes 2.5 % of 50 x 100."""
    held = Claims({}, spans=(Span(WARM_UP, {(LANE, 0): "nafta"}), Span(BEFORE, {})))
    law = HandLaw(25_000, agreed="nafta")
    built = network()
    for day, owed in ((BEFORE - dt.timedelta(days=1), []), (BEFORE, [12_500]), (LATER, [12_500])):
        found = assess(planned_flow(built, day), built, law, held, free_parameters())
        assert found.rows.amount_cents.tolist() == owed, day


def test_spans_survive_a_journey_and_change_the_digest() -> None:
    held = Claims({}, spans=(Span(WARM_UP, {(LANE, 0): "nafta", ("other", 0): ""}), Span(BEFORE, {})))
    again = pickle.loads(pickle.dumps(held))
    assert again == held
    assert again.digest() == held.digest() != Claims({}).digest()
    assert dict(held.spans[0].agreements) == {(LANE, 0): "nafta"}


def test_fixed_firms_learn_no_new_preference() -> None:
    """A reform that opens a preference: firms that decide claim it, firms that hold still go on paying."""
    plain, reformed = HandLaw(25_000), HandLaw(25_000, agreed="nafta", digest="reformed")
    for firms, wanted in (("claim_or_pay", "nafta"), ("fixed", "")):
        decisions = decide(scenario(firms=firms), network(), reformed, load_parameters(), before=plain)
        assert decisions.claims.claimed(LANE, 0) == wanted
    (record,) = decisions.claims.records
    assert record.verdict == NOT_BEFORE


def test_a_null_reform_moves_no_fixed_firm() -> None:
    """`fixed` under a law that says the same claims what it claimed."""
    law = HandLaw(25_000, agreed="nafta")
    alone = decide(scenario(firms="fixed"), network(), law, load_parameters()).claims
    beside = decide(scenario(firms="fixed"), network(), law, load_parameters(), before=law).claims
    assert alone == beside
    assert alone.claimed(LANE, 0) == "nafta"


@pytest.mark.parametrize("firms", ["claim_or_pay", "fixed"])
def test_a_run_that_begins_before_the_reform(firms: str) -> None:
    """NAFTA ends on 16 August 2017; a warm-up from 5 July claims it until that day, the run no more."""
    asked = scenario(
        network="seat_control", reforms=("nafta_withdrawal",), firms=firms, law_as_of=dt.date(2017, 8, 30),
        start=dt.date(2017, 8, 30), run_s=WEEK,
    )  # fmt: skip
    with np.errstate(all="raise"):
        claims = prepare(asked).decisions.claims
    first, last = claims.spans[0], claims.spans[-1]
    assert (first.begins, last.begins) == (dt.date(2017, 7, 5), dt.date(2017, 8, 16))
    assert set(first.agreements.values()) == {"nafta"}
    assert dict(last.agreements) == {} == dict(claims.agreements)
    alone = decide(
        asked.with_(reforms=(), start=dt.date(2017, 7, 5), law_as_of=dt.date(2017, 7, 5)),
        load_network("seat_control"), load_law(()), load_parameters(),
    ).claims  # fmt: skip
    assert first.agreements == alone.agreements
