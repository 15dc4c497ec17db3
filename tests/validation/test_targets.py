"""Targets: bands by arithmetic, demand of a past year by hand, and what the shipped blocks must show."""

import datetime as dt
import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from sim.answers.validate import is_met, validate_answer
from sim.cli import cli
from sim.errors import SimError
from sim.network.build.traffic import PortFit
from sim.report.annex import annexes_of
from sim.validation.crossing_times import crossing_times, weekday_of
from sim.validation.events import NOTES
from sim.validation.finding import Finding, exactly, within_factor, within_minutes, within_pct
from sim.validation.journeys import traced_journeys
from sim.validation.registry import BLOCKS, Block, blocks_named
from sim.validation.snapshots import snapshot_waits
from sim.validation.year import weekday_trucks


def finding(ours, low=9.0, high=11.0):
    return Finding("T", "item", ours, 10.0, "min", low, high, "10 %", "somewhere", "a note")


def test_bands():
    low, high, band = within_pct(20.4, 15.0)
    assert (round(low, 2), round(high, 2), band) == (17.34, 23.46, "15 %")
    assert within_factor(10.0, 2.5) == (4.0, 25.0, "a factor of 2.5")
    assert within_minutes(0.0, 15.0, 50.0) == (0.0, 15.0, "15 min or 50 %")
    assert within_minutes(60.0, 15.0, 50.0)[:2] == (30.0, 90.0)
    assert exactly(3.0, 1e-9)[2] == "1e-09"


@pytest.mark.parametrize(("ours", "met"), [(9.0, True), (11.0, True), (8.99, False), (float("nan"), False)])
def test_a_number_is_met_within_its_band_and_never_when_it_is_missing(ours, met):
    assert finding(ours).is_met is met


def test_a_block_asks_for_all_or_for_most():
    findings = [finding(10.0), finding(10.0), finding(20.0)]
    assert not is_met(Block("all", "x", lambda: iter(findings)), findings)
    assert is_met(Block("most", "x", lambda: iter(findings), most=True), findings)
    assert not is_met(Block("most", "x", lambda: iter(()), most=True), findings[1:])


def test_the_answer_hides_nothing():
    told = []
    block = Block("trial", "Two numbers", lambda: iter([finding(10.0), finding(float("nan"))]))
    answer, text = validate_answer([block], told.append)
    assert told == ["trial ..."]
    (shown,) = answer["blocks"]
    assert (shown["met"], shown["of"], shown["verdict"]) == (1, 2, "missed")
    assert [row["ours"] for row in shown["targets"]] == [10.0, None]
    assert text.splitlines() == [
        "trial: MISSED, 1 of 2 in their bands. Two numbers.",
        "      target  item  ours  theirs  unit  band  note",
        "ok    T       item  10    10      min   10 %  a note",
        "miss  T       item  -     10      min   10 %  a note",
        "",
        "Not reproduced:",
        "  trial, item: a note",
    ]
    json.dumps(answer, allow_nan=False)


def test_the_page_of_a_study_tells_what_is_not_reproduced_and_why(tmp_path):
    page = tmp_path / "report.html"
    study = SimpleNamespace(directory=tmp_path, manifest={"digest": "d"}, report=lambda: page)
    block = Block("trial", "Two numbers", lambda: iter([finding(10.0), finding(20.0)]))
    answer, text = validate_answer([block], lambda _: None, study=study)
    assert (answer["report"], text.splitlines()[-1]) == (str(page), f"report: {page}")
    (annex,) = annexes_of(tmp_path)
    assert "1 of 2 lie outside" in annex.caption
    missed, every = annex.tables
    assert missed.columns == ("block", "item", "ours", "theirs", "unit", "tolerance", "reason")
    assert missed.rows == (("trial", "item", 20.0, 10.0, "min", "10 %", "a note"),)
    assert len(every.rows) == 2


def test_unknown_targets_are_told_together():
    with pytest.raises(SimError) as refusal:
        blocks_named(["snapshot", "crossing_times", "x"])
    assert str(refusal.value) == (
        "sim validate: 2 problems\n"
        "  no target named 'snapshot'. Did you mean 'snapshots'?\n"
        "  no target named 'x'. Allowed targets: " + ", ".join(sorted(block.name for block in BLOCKS)) + "."
    )


def test_demand_of_a_past_year_by_hand():
    """A year of 1,000 a weekday and half that on weekends, and its August at an index of 1.2."""
    season = {month: 1.2 if month == 8 else (12 - 1.2) / 11 for month in range(1, 13)}
    fit = PortFit(season=season, weekend_pct=50.0)
    days = [dt.date(2001, 1, 1) + dt.timedelta(days=n) for n in range(365)]
    trucks = [1_000 * season[day.month] * (0.5 if day.weekday() >= 5 else 1.0) for day in days]
    august = sum(count for day, count in zip(days, trucks, strict=True) if day.month == 8)
    assert weekday_of({"counted": "2001", "trucks": str(sum(trucks))}, fit) == pytest.approx(1_000)
    assert weekday_of({"counted": "2001-08", "trucks": str(august)}, fit) == pytest.approx(1_000)


def test_weekday_trucks_of_every_port_are_those_of_the_counts():
    findings = list(weekday_trucks())
    assert len(findings) == 20
    assert [x.item for x in findings if not x.is_met] == []


def test_crossing_times_where_lanes_are_known():
    found = {(x.target, x.item): x for x in crossing_times()}
    assert len(found) == 12
    for port, target in (("ambassador_bridge", "V1"), ("blue_water_bridge", "V2")):
        for measure, band in (("mean", "15 %"), ("p95", "25 %")):
            assert found[target, f"{port}/us {measure}"].band == band
            assert found[target, f"{port}/us {measure}"].is_met


def test_journeys_are_counted_as_they_were_told():
    findings = list(traced_journeys())
    assert len(findings) == 12 + 7
    assert [x.item for x in findings if not x.is_met] == []


@pytest.mark.slow
def test_most_snapshot_waits_are_in_their_bands():
    findings = list(snapshot_waits())
    assert len(findings) == 58
    assert sum(x.is_met for x in findings) > 29


def test_the_command_gives_json_alone_on_standard_output():
    result = CliRunner().invoke(cli, ["validate", "delays", "--format", "json"])
    assert result.exit_code == 0
    assert [block["name"] for block in json.loads(result.stdout)["blocks"]] == ["delays"]
    wrong = CliRunner().invoke(cli, ["validate", "delay"])
    assert wrong.exit_code == 1
    assert wrong.stderr == "sim validate: no target named 'delay'. Did you mean 'delays'?\n"


@pytest.mark.slow
def test_events_without_tuning_have_the_right_sign():
    """A storm takes trucks from the bridge that it shuts, and fewer officers take some wherever lanes were short."""
    (block,) = blocks_named(["events"])
    findings = list(block.compare())
    found = {x.item: x.ours for x in findings}
    assert len(found) == 9
    assert is_met(block, findings)
    assert [x.item for x in findings if not x.is_met] == []
    assert {tuple(x.item.split()[:2]) for x in findings} >= set(NOTES)
    assert -40 < found["storm_2017 laredo_wtb 2017-05"] < -9
    assert 30 < found["storm_2017 laredo_colombia 2017-05"] < 130
    assert found["officers_2019 el_paso 2019-04"] < 0
    assert found["officers_2019 laredo 2019-04"] < -3
    assert found["officers_2019 otay_mesa 2019-04"] < 0
    assert all(found[f"front_loading_2025 laredo_wtb 2025-{month}"] > 0 for month in ("01", "02", "03"))
