"""Rules of one's own: the example of the README is run as it stands, and decides what is claimed and who supplies."""

import re
from pathlib import Path

from sim.replication import prepare
from sim.scenario import load_scenario

README = Path(__file__).resolve().parents[2] / "sim" / "sourcing" / "README.md"


def example():
    """The functions of the README, without the runs behind them."""
    code = re.search(r"```python\n(.*?)```", README.read_text(), re.DOTALL)[1]
    names: dict[str, object] = {}
    exec(code.split("scenario = ")[0], names)
    return names


def test_a_claim_rule_decides_where_a_good_originates():
    scenario = load_scenario("nafta_as_it_stood").with_(claim_regime="cost_usmca")
    usual = prepare(scenario).decisions.claims
    own = prepare(scenario, claiming=example()["claims_what_saves_double"]).decisions.claims
    claimed = {(x.lane, x.position) for x in own.records if x.claimed}
    assert 0 < len(claimed) < sum(bool(x.claimed) for x in usual.records)
    trucks = [x for x in own.records if "silao/pickup..market/us" in x.lane]
    assert trucks
    assert all(x.claimed for x in trucks)  # 25 % is more than twice any cost
    cars = [x for x in own.records if "silao/crossover_ice..market/us" in x.lane]
    assert not any(x.claimed for x in cars)


def test_a_claim_rule_never_claims_what_does_not_originate():
    scenario = load_scenario("us_proposal_85_50")
    every = prepare(scenario, claiming=lambda good: True).decisions.claims
    assert not any(x.claimed for x in every.records if x.verdict == "fails the rule")
    assert any(x.verdict == "fails the rule" for x in every.records)


def test_a_sourcing_rule_makes_the_plan():
    reforms = ("modern_tracing_list", "threshold_75")
    scenario = load_scenario("nafta_as_it_stood").with_(reforms=reforms, firms="settled")
    usual = prepare(scenario).resourced.told
    own = prepare(scenario, sourcing=example()["leaves_engines_alone"]).resourced.told
    assert any(row["part"].startswith("engine") for row in usual)
    assert [row for row in usual if not row["part"].startswith("engine")] == list(own)
