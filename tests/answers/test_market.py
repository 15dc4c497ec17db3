"""What `sim market` answers, of a plan and of a finished study, and the figure and table behind it."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from sim.answers.market import COLUMNS, market_answer, write_table
from sim.cli import cli
from sim.errors import DataError, ScenarioError
from sim.report.market_figure import save_market
from sim.study import as_plan, run_study

GONE, BASE = "nafta_withdrawal", "nafta_as_it_stood"


def asked(name, **options):
    given = {"scenario": None, "baseline": None, "pass_through_pct": None, "elasticity": None} | options
    return market_answer(name, tell=lambda _: None, **given)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    plan = as_plan("renegotiation_2017")
    few = [x.with_(replications=3) for x in plan.scenarios if x.name in (GONE, BASE)]
    return run_study(as_plan(few), tmp_path_factory.mktemp("market") / "study", jobs=1)


def value(answer, table, item, vehicle="all"):
    return next(x for x in answer["figures"] if (x["table"], x["vehicle"], x["item"]) == (table, vehicle, item))


def test_a_plan_is_told_as_text_and_json():
    result = CliRunner().invoke(cli, ["market", GONE, "--format", "json"])
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert (answer["scenario"], answer["baseline"], answer["costs"]) == (GONE, BASE, "plan")
    assert all(tuple(row) == COLUMNS for row in answer["figures"])
    lost = value(answer, "sales", "export")
    assert lost["change"] < 0
    assert lost["after"] == pytest.approx(lost["before"] + lost["change"])
    assert lost["change_half_width_95"] is None
    assert lost["why_no_interval"].startswith("planned, not drawn")
    text = CliRunner().invoke(cli, ["market", GONE]).stdout
    assert "US-MX" in text
    assert "no intervals" in text


def test_a_finished_study_gives_intervals(study):
    answer, text, response = asked(str(study.directory))
    assert response.is_drawn
    price = value(answer, "prices", "all", "plant/silao/pickup")
    assert 0 < price["change_half_width_95"] < 0.05 * price["change"]
    assert price["why_no_interval"] == ""
    paired = {
        row.scenario: row for row in study.compare("cost_by_market_usd", "plant/silao/pickup", "market/us_midwest")
    }
    export = value(answer, "prices", "US", "plant/silao/pickup")
    assert export["change"] == pytest.approx(paired[GONE].difference, rel=0.02)
    planned = asked(GONE)[0]
    ours, theirs = (value(x, "sales", "export")["change"] for x in (answer, planned))
    assert ours == pytest.approx(theirs, rel=0.05)
    assert "±" in text
    assert "± 0 " not in text.replace("\n", " ")  # an interval that is not nothing is not printed as nothing
    assert "± 0.0 " not in text.replace("\n", " ")


def test_the_table_and_the_figure_hold_what_was_answered(study, tmp_path):
    answer, _, response = asked(str(study.directory))
    path = write_table(answer, tmp_path / "deep" / "market.csv")
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == len(answer["figures"])
    assert float(rows[0]["change"]) == answer["figures"][0]["change"]
    for name in ("market.svg", "market.png"):
        drawn = save_market(response, tmp_path / name)
        assert drawn.stat().st_size > 10_000


def test_what_is_asked_wrongly_is_refused_with_the_nearest_name(study, tmp_path):
    with pytest.raises(ScenarioError) as error:
        asked(str(study.directory), scenario="nafta_withdrawl")
    assert "no scenario named 'nafta_withdrawl'. Did you mean 'nafta_withdrawal'?" in str(error.value)
    with pytest.raises(ScenarioError) as error:
        asked(BASE)
    assert f"'{BASE}' is compared with itself. Name another --scenario" in str(error.value)
    for name, network in (("base", "midsize"), ("other", "seat_control")):
        told = [f"network: {network}", "title: x", "question: Does it fit?", "law: {as_of: 2017-08-16}"]
        times = "horizon: {warm_up: 12 weeks, start: 2017-10-30, run: 1 weeks}"
        against = [] if name == "base" else ["baseline: base"]
        lines = [*told, *against, times, "firms: claim_or_pay"]
        (tmp_path / f"{name}.yaml").write_text("\n".join(lines), encoding="utf-8")
    other = tmp_path / "other.yaml"
    with pytest.raises(ScenarioError) as error:
        asked(str(other))
    assert str(error.value).endswith("do not build the same vehicles for the same markets: nothing can be compared.")
    with pytest.raises(DataError) as error:
        write_table(asked(GONE)[0], study.directory / "manifest.json" / "market.csv")
    assert "cannot be written" in str(error.value)


@pytest.mark.slow
def test_what_was_answered_stands_on_the_page_of_the_study(study):
    named = ["market", str(study.directory), "--report"]
    done = CliRunner().invoke(cli, named)
    assert done.exit_code == 0, done.output
    page = (study.directory / "report.html").read_text(encoding="utf-8")
    assert 'id="market_nafta_withdrawal"' in page
    done = CliRunner().invoke(cli, ["relocate", GONE, "--report", str(study.directory)])
    assert done.exit_code == 0, done.output
    page = (study.directory / "report.html").read_text(encoding="utf-8")
    assert 'id="market_nafta_withdrawal"' in page
    assert 'id="relocate_nafta_withdrawal"' in page
    assert "moves to plant/lansing" in page


def test_a_plan_has_no_page_to_stand_on():
    done = CliRunner().invoke(cli, ["market", GONE, "--report"])
    assert done.exit_code != 0
    assert "no finished study here (manifest.json is missing)" in done.output + str(done.exception)
