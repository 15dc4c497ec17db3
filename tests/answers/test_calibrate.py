"""What `sim calibrate` answers: the committed fit, byte for byte, and where booths do not suffice."""

import json

from click.testing import CliRunner

from sim.answers.calibrate import KEPT, calibrate_answer
from sim.cli import cli
from sim.network.build.traffic import read_fits


def test_the_committed_fit_is_what_the_counts_give(tmp_path):
    out = tmp_path / "fit.csv"
    answer, text = calibrate_answer(out)
    assert out.read_bytes() == KEPT.read_bytes()
    assert answer["equals_committed_fit"]
    assert text.endswith(f"The committed fit (fit.csv) is the same.\nWritten to {out}.")


def test_json_has_every_port_and_nothing_else_on_standard_output():
    result = CliRunner().invoke(cli, ["calibrate", "--format", "json"])
    assert result.exit_code == 0
    ports = {port["port"]: port for port in json.loads(result.stdout)["ports"]}
    assert set(ports) == set(read_fits())
    bridge = ports["laredo_wtb"]
    assert bridge["months_left_out"] == ["2017-05", "2017-06", "2017-07", "2017-08"]
    assert abs(sum(bridge["season_index"]) / 12 - 1) < 1e-4


def test_where_the_day_asks_for_more_booths_than_were_seen_more_are_staffed():
    """World Trade Bridge, June 2024: 7,777 x 1.045 trucks x 73 % standard x 98 s, ten booths seen, eleven built."""
    answer, text = calibrate_answer(None)
    needs = {port["port"]: port["booths"] for port in answer["ports"]}
    need = needs["laredo_wtb"]
    work_h = 7_777 * 1.045 * 0.73 * 98 / 3_600
    assert work_h / (10 * 17) > 0.9 > work_h / (11 * 17)
    assert (need["seen_standard"], need["staffed_standard"], need["installed"]) == (10, 11, 15)
    assert abs(need["use_pct"] - 100 * work_h / (11 * 17)) < 1
    assert need["wanted_standard"] > 11
    assert need["short_hours"] >= 6
    assert [name for name, x in needs.items() if x["staffed_standard"] > x["seen_standard"]] == ["laredo_wtb"]
    assert "In hours that are short queues grow." in " ".join(text.split())


def test_a_folder_is_no_file(tmp_path):
    result = CliRunner().invoke(cli, ["calibrate", "--out", str(tmp_path)])
    assert result.exit_code == 2
    assert "is a directory" in result.output


def test_where_nothing_can_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    none, file = (tmp_path / name for name in ("none", "file"))
    for out, problem in (
        (none / "fit.csv", f"there is no folder '{none}'. Make it, or name a file in another."),
        (file / "fit.csv", f"there is no folder '{file}'. Make it, or name a file in another."),
        (tmp_path / f"{'x' * 300}.csv", "cannot be written (File name too long). Name another file."),
    ):
        result = CliRunner().invoke(cli, ["calibrate", "--out", str(out)])
        assert result.exit_code == 1
        assert result.stderr == f"{out}: {problem}\n"
        assert result.stdout == ""
