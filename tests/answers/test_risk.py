"""The command `sim risk`: ranks that agree with their figures, and whole messages."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sim.cli import cli

TEXT = """\
question: What if a bridge is shut?
network: seat_control
horizon: {warm_up: 8 weeks, start: 2017-11-01, run: 3 weeks}
shocks:
  - {kind: closure, at: crossing/brownsville_veterans, from: 2017-11-02T12:00, for: 16 d}
replications: 1
"""


@pytest.fixture
def shut(tmp_path: Path) -> str:
    path = tmp_path / "shut.yaml"
    path.write_text(TEXT)
    return str(path)


def ask(*words: str) -> Result:
    return CliRunner().invoke(cli, ["risk", *words])


def test_breaks_are_ranked_both_ways(shut: str) -> None:
    result = ask("breaks", shut, "--for", "14 d", "--replications", "1", "--format", "json")
    assert result.exit_code == 0, result.stderr
    answer = json.loads(result.stdout)
    rows = answer["breaks"]
    assert [row["rank_by_vehicles"] for row in rows] == list(range(1, len(rows) + 1))
    assert [row["vehicles_lost"] for row in rows] == sorted((row["vehicles_lost"] for row in rows), reverse=True)
    by_hours = sorted(rows, key=lambda row: row["rank_by_hours"])
    hours = [row["hours_to_line_down"] for row in by_hours if row["hours_to_line_down"] is not None]
    assert hours == sorted(hours)
    assert hours, "no closure stops a line in a fortnight"
    assert (answer["hours"], answer["other_ways"]) == (336, True)


def test_buffers_save_what_they_say(tmp_path: Path) -> None:
    """Lansing stops within the longest buffer's hours, Dearborn later: a buffer saves the first line's vehicles."""
    scenario = tmp_path / "shut.yaml"
    scenario.write_text(TEXT.replace("brownsville_veterans", "ysleta/us").replace("16 d", "14 d"))
    result = ask("buffers", str(scenario), "--replications", "1", "--format", "json")
    assert result.exit_code == 0, result.stderr
    rows = json.loads(result.stdout)["buffers"]
    assert [row["vehicles_lost_without"] > row["vehicles_lost_with"] for row in rows] == [True, False]
    assert rows[1]["made_to_outlast_h"] is None
    told = ask("buffers", str(scenario), "--replications", "1").stdout.splitlines()
    assert told[-1].split()[-8:] == ["no", "stock", "for", "up", "to", "168", "h", "helps"]
    for row in rows:
        saved = row["vehicles_lost_without"] - row["vehicles_lost_with"]
        if saved > 0:
            assert row["usd_a_year_per_vehicle_saved"] == pytest.approx(row["cost_usd_year"] / saved, abs=0.01)
            value = sum(holding["value_usd"] for holding in row["holdings"])
            assert row["cost_usd_year"] == pytest.approx(value * 0.15, rel=0.01)


def test_what_cannot_be_asked_is_told_whole(shut: str, tmp_path: Path) -> None:
    result = ask("crossing", "brownsvile_veterans", shut)
    assert (result.exit_code, result.stderr) == (
        1,
        "crossing: no port 'brownsvile_veterans' in network 'seat_control'. Did you mean 'brownsville_veterans'?\n",
    )
    result = ask("breaks", shut, "--for", "40 d")
    assert (result.exit_code, result.stderr) == (
        1,
        "shut: a closure of 960 hours from 2017-11-02T12:00 is not within what is measured, 2017-11-01 to 2017-11-22 "
        "(UTC). Choose --from and --for so that it is, or a longer run.\n",
    )
    calm = tmp_path / "calm.yaml"
    calm.write_text(TEXT.partition("shocks")[0])
    result = ask("buffers", str(calm))
    assert (result.exit_code, result.stderr) == (
        1,
        "calm: has no shocks: name a scenario with a disturbance to hold buffers against\n",
    )
    assert "Error: '5' has no unit." in ask("breaks", shut, "--for", "5").stderr
