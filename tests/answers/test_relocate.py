"""What `sim relocate` and `sim entrant` answer, as text and as JSON, and what they refuse."""

import json

import pytest
from click.testing import CliRunner

from sim.answers.relocate import entrant_answer
from sim.cli import cli
from sim.errors import ScenarioError


def asked(*words):
    result = CliRunner().invoke(cli, [*words])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_every_plant_is_told_with_its_places():
    answer = json.loads(asked("relocate", "nafta_withdrawal", "--format", "json"))
    assert (answer["baseline"], answer["decided"], answer["opens"]) == ("nafta_as_it_stood", "2017-08-16", "2020-08-01")
    vehicles = {row["vehicle"]: row for plant in answer["plants"] for row in plant["vehicles"]}
    assert len(vehicles) == 5
    pickup = vehicles["plant/silao/pickup"]
    assert pickup["moves_to"] == "plant/lansing"
    best = max(pickup["places"], key=lambda place: place["gain_usd"])
    assert best["site"] == "plant/lansing"
    assert best["cost_usd"] < pickup["stay_usd"]
    assert vehicles["plant/lansing/crossover_bev"]["left_out"] == ["plant/silao"]
    text = asked("relocate", "nafta_withdrawal")
    assert "moves to plant/lansing" in text
    assert "Left out: plant/lansing/crossover_bev: plant/silao." in text


@pytest.mark.slow
def test_an_entrant_is_told_under_each_law():
    words = ("entrant", "usmca_2026", "--like", "plant/lansing/crossover_bev", "--reform", "non_market_limit_10")
    answer = json.loads(asked(*words, "--format", "json"))
    free, limited = answer["laws"]
    assert (free["reform"], limited["reform"]) == ("", "non_market_limit_10")
    assert free["non_market_limit_pct"] == 100
    assert limited["non_market_pct"] > limited["non_market_limit_pct"] == 10
    assert free["margin_usd"] == pytest.approx(free["incumbent_usd"] - free["entrant_usd"], abs=0.02)
    assert free["enters"] == (free["gain_usd"] > 0)
    assert "enters" in asked(*words)


def test_a_vehicle_that_is_not_built_is_refused():
    with pytest.raises(ScenarioError) as error:
        entrant_answer("usmca_2026", "plant/lansing/crossover_bav", (), lambda _: None)
    assert "no vehicle named 'plant/lansing/crossover_bav'. Did you mean 'plant/lansing/crossover_bev'?" in str(
        error.value
    )
    with pytest.raises(ScenarioError) as error:
        entrant_answer("storm_2017", "nobody", (), lambda _: None)
    assert "no vehicle named 'nobody'" in str(error.value)
