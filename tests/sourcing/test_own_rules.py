"""Rules of one's own: the example of the README is run as it stands, and decides what is claimed and who supplies."""

import datetime as dt
import re
from pathlib import Path

import numpy as np
import pytest

from sim.errors import PlanError
from sim.measures import Row
from sim.planning import build
from sim.replication import Prepared, prepare, run_once
from sim.scenario import load_scenario

README = Path(__file__).resolve().parents[2] / "sim" / "sourcing" / "README.md"

SIX_WEEKS = 6 * 604_800  # all of November, and what is built of its stock


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


def planned(prepared: Prepared):
    return build(
        prepared.scenario, prepared.network, prepared.decisions, prepared.parameters, 0, None, None, prepared.stocking
    )


def test_a_stocking_rule_raises_reorder_points_on_its_days():
    scenario = load_scenario("nafta_as_it_stood").with_(run_s=SIX_WEEKS)
    rule = example()["stocks_up_in_november"]
    prepared = prepare(scenario, stocking=rule)
    network, table = prepared.network, planned(prepared).buildup
    first = (dt.date(2017, 11, 6) - scenario.clock().begins).days * 86_400
    raised = 0
    for row, lane in enumerate(network.lanes.values()):
        own = range(*table.first[row : row + 2].tolist())
        maker = network.sites[network.recipes[lane.from_recipe].site].country
        asked = lane.to_recipe and (maker, network.sites[lane.to_site].country) == ("MX", "US")
        if asked and network.parts[lane.part].part_class != "sequenced":
            (k,) = own  # the same on every day: one interval
            assert (table.from_s[k], table.until_s[k]) == (first, first + 21 * 86_400)
            raised += 1
        else:
            assert not len(own)
    assert raised > 10


def test_days_of_use_are_units():
    """Whatever a lane uses in seven days, seven sevenths of it for one day each and the next day twice as much."""
    scenario = load_scenario("nafta_as_it_stood")
    asked = {}

    def rule(lane, day):
        asked.setdefault(lane.lane, lane)
        return {dt.date(2017, 11, 6): 1.0, dt.date(2017, 11, 7): 2.0}.get(day, 0.0)

    plan = planned(prepare(scenario, stocking=rule))
    for row, lane in enumerate(plan.lanes.ids):
        own = slice(*plan.buildup.first[row : row + 2].tolist())
        wanted = [round(asked[lane].week_units / 7 * days) for days in (1, 2)] if lane in asked else []
        assert plan.buildup.units[own].tolist() == [units for units in wanted if units]


def test_a_rule_that_asks_for_nothing_changes_nothing_to_the_byte():
    scenario = load_scenario("nafta_as_it_stood")
    usual, own = (planned(prepare(scenario, stocking=rule)) for rule in (None, lambda lane, day: 0.0))
    assert usual.digest() == own.digest()


def test_stock_is_built_and_run_down_in_a_run():
    scenario = load_scenario("nafta_as_it_stood").with_(run_s=SIX_WEEKS)
    usual, own = (run_once(prepare(scenario, stocking=x), 0) for x in (None, example()["stocks_up_in_november"]))
    carrying = [_figure(run.rows, "cost_per_vehicle_usd", "carrying") for run in (usual, own)]
    assert (
        0.5 < carrying[1] - carrying[0] < 60
    )  # three days' use of what comes from Mexico, held for weeks at 15 % a year
    again = run_once(prepare(scenario, stocking=example()["stocks_up_in_november"]), 0)
    assert again.rows == own.rows


def _figure(rows: list[Row], measure: str, item: str) -> float:
    return next(row.value for row in rows if (row.measure, row.vehicle, row.item) == (measure, "all", item))


@pytest.mark.parametrize(
    ("answer", "told"), [(-1, "-1"), (5.5, "5.5"), (np.nan, "nan"), ("a lot", "'a lot'"), (True, "True")]
)
def test_an_answer_that_is_no_number_of_days_is_refused(answer, told):
    scenario = load_scenario("nafta_as_it_stood")
    prepared = prepare(scenario, stocking=lambda lane, day: answer)
    with pytest.raises(PlanError) as caught:
        planned(prepared)
    first = next(x.id for x in prepared.network.lanes.values() if x.to_recipe)
    assert str(caught.value) == (
        f"nafta_as_it_stood: the stocking rule asks for {told} days of use on lane '{first}' on 2017-09-04. "
        "Allowed: a number from 0 to 5 (parameter 'yard_days')."
    )
