"""Claim or pay: what is decided for each entry, and why."""

from __future__ import annotations

import datetime as dt
import pickle
from dataclasses import replace

import pytest

from sim.customs import Claims, assess, planned_flow
from sim.errors import ScenarioError
from sim.network.model import Network
from sim.parameters import Parameters, load_parameters
from sim.planning.claims import decide_claims
from tests.customs.hand import DAY, Hand, HandLaw, free_parameters, rule

LANE = "supplier/mx/harness..plant/us/car"
MARKET = "plant/us/car..market/ca"


def network(foreign: float = 20.0) -> Network:
    """A Mexican harness of 100 dollars (part of it foreign) in a US car of 1,000, sold in Canada."""
    hand = Hand()
    hand.site("supplier/mx", "MX")
    hand.site("plant/us", "US")
    hand.site("market/ca", "CA", "market")
    hand.crossing("laredo/us", "MX", "US")
    hand.crossing("ambassador/ca", "US", "CA")
    harness = hand.recipe(
        "supplier/mx", "harness", hts="8544.30", labour=100.0 - foreign, material=foreign, material_country="CN"
    )
    car = hand.recipe("plant/us", "car", hts="8703.23", labour=900.0, inputs={"harness": 1}, tier=0)
    hand.lane(harness, car, [("laredo/us", "entry")], units=50)
    hand.lane(car, "market/ca", [("ambassador/ca", "entry")], units=8)
    return hand.build()


def decided(law: HandLaw, firms: str = "claim_or_pay", foreign: float = 20.0, **rest: object) -> Claims:
    parameters = rest.pop("parameters", load_parameters())
    assert isinstance(parameters, Parameters)
    return decide_claims(network(foreign), law, DAY, firms, None, parameters, **rest)  # type: ignore[arg-type]


def verdicts(claims: Claims) -> dict[str, str]:
    return {record.lane: record.verdict for record in claims.records}


def test_claims_where_it_pays() -> None:
    """Harness: 2.5 % of 50 x 100 = 125 against 0.2 % = 10; car likewise."""
    claims = decided(HandLaw(25_000, agreed="nafta"))
    assert verdicts(claims) == {LANE: "claims", MARKET: "claims"}
    assert dict(claims.agreements) == {(LANE, 0): "nafta", (MARKET, 0): "nafta"}
    record = next(r for r in claims.records if r.lane == LANE)
    assert (record.importer, record.exporter, record.agreement) == ("US", "MX", "nafta")
    assert record.duty_paying_usd == pytest.approx(125.0)
    assert record.duty_claiming_usd == 0.0
    assert record.compliance_usd == pytest.approx(10.0)
    assert (record.content_pct, record.threshold_pct) == (pytest.approx(80.0), 62.5)


def test_pays_where_paper_costs_more_than_duty() -> None:
    """Car at 2.5 %, hard regime: 1.95 % and 60 a load are dearer than a duty of 1 %."""
    claims = decided(HandLaw(10_000, agreed="nafta"), regime="hard")
    assert verdicts(claims) == {LANE: "cheaper to pay", MARKET: "cheaper to pay"}
    assert dict(claims.agreements) == {}


def test_car_pays_and_truck_complies() -> None:
    """Price 25,000, extra cost 700 = 2.8 %: not worth 2.5 %, worth 25 %."""
    regime = "hard"
    parameters = load_parameters()
    cost = parameters.regimes[regime].compliance_pct_of_value
    assert 1.0 < cost < 2.5
    assert verdicts(decided(HandLaw(10_000, agreed="nafta"), regime=regime))[MARKET] == "cheaper to pay"
    assert verdicts(decided(HandLaw(250_000, agreed="nafta"), regime=regime))[MARKET] == "claims"


def test_nothing_to_save() -> None:
    claims = decided(HandLaw(0, agreed="nafta"))
    assert verdicts(claims) == {LANE: "no duty to save", MARKET: "no duty to save"}


def test_a_fee_saved_is_a_reason_to_claim() -> None:
    """No duty, but a fee of 25 a load that claimed goods do not pay, against 10 of paperwork."""
    claims = decided(HandLaw(0, agreed="nafta", fee_cents=2_500.0))
    assert verdicts(claims)[LANE] == "claims"


def test_fixed_firms_do_not_compare_costs() -> None:
    claims = decided(HandLaw(0, agreed="nafta"), firms="fixed")
    assert verdicts(claims) == {LANE: "claims", MARKET: "claims"}


def test_goods_that_fail_the_rule_pay() -> None:
    """40 % regional content fails 62.5; the car around it passes, as it counts only what it traces."""
    for firms in ("fixed", "claim_or_pay"):
        claims = decided(HandLaw(25_000, agreed="nafta"), firms=firms, foreign=60.0)
        assert verdicts(claims) == {LANE: "fails the rule", MARKET: "claims"}


def test_duty_paid_upstream_is_seen_downstream() -> None:
    """The harness fails and pays 2.5: the car is planned at 900 + 100 + 2.5, eight a load, 10 % duty."""
    law = HandLaw(25_000, agreed="nafta", origin=lambda good: rule())
    claims = decided(law, foreign=60.0, parameters=free_parameters())
    record = next(r for r in claims.records if r.lane == MARKET)
    assert record.duty_paying_usd == pytest.approx(8 * 1_002.5 * 0.025)


def test_without_an_agreement() -> None:
    claims = decided(HandLaw(25_000))
    assert verdicts(claims) == {LANE: "no agreement", MARKET: "no agreement"}


def test_fixed_firms_keep_to_the_baseline() -> None:
    baseline = Claims({(LANE, 0): "nafta"})
    parameters = load_parameters()
    claims = decide_claims(network(), HandLaw(25_000, agreed="nafta"), DAY, "fixed", baseline, parameters)
    assert verdicts(claims) == {LANE: "claims", MARKET: "not claimed in the baseline"}


def test_claims_follow_into_the_assessment() -> None:
    law = HandLaw(25_000, agreed="nafta")
    made = network(60.0)
    claims = decide_claims(made, law, DAY, "claim_or_pay", None, load_parameters())
    found = assess(planned_flow(made, DAY), made, law, claims, load_parameters())
    assert found.rows.amount_cents.tolist() == [12_500]
    assert found.entry_claim.tolist() == [1, 0]  # the market lane comes first by id
    assert found.flow.lane_ids == (MARKET, LANE)


def test_unknown_words_are_refused_together() -> None:
    with pytest.raises(ScenarioError) as refused:
        decide_claims(network(), HandLaw(), DAY, "fixd", None, load_parameters(), regime="clam")
    assert str(refused.value) == (
        "claims: 2 problems\n"
        "  firms: no behaviour named 'fixd'. Did you mean 'fixed'?\n"
        "  claim_regime: no border regime named 'clam'. Did you mean 'calm'?"
    )


def test_claims_travel_and_tell_themselves_apart() -> None:
    claims = decided(HandLaw(25_000, agreed="nafta"))
    again = pickle.loads(pickle.dumps(claims))
    assert again == claims
    assert again.digest() == claims.digest()
    assert claims.digest() != Claims.none().digest()
    assert Claims.none("calm").digest() != Claims.none("hard").digest()
    assert claims.claimed(LANE, 0) == "nafta"
    assert claims.claimed(LANE, 1) == ""


def test_a_load_by_air_claims_where_it_lands_what_its_usual_way_claims_at_the_second_border() -> None:
    """By road a Mexican harness passes the United States in bond; by air it is entered at its first border."""
    hand = Hand()
    hand.site("supplier/mx", "MX")
    hand.site("plant/ca", "CA")
    hand.site("market/ca", "CA", "market")
    hand.crossing("laredo/us", "MX", "US")
    hand.crossing("ambassador/ca", "US", "CA")
    hand.crossing("airport/ca", "", "CA")
    harness = hand.recipe("supplier/mx", "harness", hts="8544.30", labour=100.0)
    car = hand.recipe("plant/ca", "car", hts="8703.23", labour=900.0, inputs={"harness": 1}, tier=0)
    lane = hand.lane(harness, car, [("laredo/us", "in_bond"), ("ambassador/ca", "entry")], units=50)
    hand.lane(car, "market/ca")
    usual = hand.routes["supplier/mx", "plant/ca", "truck"][0]
    by_air = (replace(usual.steps[1], crossing="airport/ca"), usual.steps[2])
    hand.routes["supplier/mx", "plant/ca", "air"] = (replace(usual, mode="air", steps=by_air),)
    law = HandLaw(25_000, agreed="nafta")

    def claimed() -> dict[tuple[str, int], str]:
        made = decide_claims(hand.build(), law, DAY, "fixed", None, load_parameters())
        return {key: agreement for key, agreement in made.agreements.items() if key[0] == lane}

    assert claimed() == {(lane, 1): "nafta"}
    hand.lanes[lane] = replace(hand.lanes[lane], expedite="yes")
    assert claimed() == {(lane, 0): "nafta", (lane, 1): "nafta"}


def test_claims_of_one_stretch_of_days_after_another() -> None:
    """Claimed until June, not in June, again from July on: days before the first stretch hold what it holds."""
    lane, june, july = ("mx/part..us/car", 1), dt.date(2025, 6, 1), dt.date(2025, 7, 1)
    claimed, nothing = Claims({lane: "usmca", ("other", 0): ""}, "calm"), Claims.none()
    assert dict(claimed.agreements) == {lane: "usmca"}  # what claims nothing is not kept
    assert claimed.claimed(*lane) == claimed.claimed(*lane, dt.date(1990, 1, 1)) == "usmca"
    assert claimed.claimed("mx/part..us/car", 0) == ""
    begin = dt.date(2025, 5, 1)
    held = claimed.held_from(((begin, claimed), (dt.date(2025, 5, 9), claimed), (june, nothing), (july, claimed)))
    assert [span.begins for span in held.spans] == [begin, june, july]  # stretches that claim the same are one
    days = (dt.date(2025, 1, 1), dt.date(2025, 5, 31), june, dt.date(2025, 6, 30), july, dt.date(2026, 1, 1))
    assert [held.claimed(*lane, day) for day in days] == ["usmca", "usmca", "", "", "usmca", "usmca"]
    assert held.claimed(*lane) == "usmca"
    assert claimed.held_from(((begin, claimed), (june, claimed))).spans == ()
    assert len(claimed.held_from(((begin, nothing),)).spans) == 1
    others = (held, nothing, Claims({lane: "usmca"}, "pressure"), Claims({lane: "nafta"}, "calm"))
    assert len({claimed.digest(), *(x.digest() for x in others)}) == 5
    assert pickle.loads(pickle.dumps(held)) == held
