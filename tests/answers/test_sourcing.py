"""What `sim sourcing` answers, as text and as JSON, and the figure behind it."""

import json

import pytest
from click.testing import CliRunner

from sim.answers.sourcing import curve_answer, plan_answer
from sim.cli import cli
from sim.network import load_network
from sim.report.content_curve import save_curves

CAR = "plant/alliston/crossover_ice"
REFORMS = ("modern_tracing_list", "threshold_75")


def test_a_plan_is_told_and_written(tmp_path):
    told: list[str] = []
    answer, text = plan_answer("nafta_as_it_stood", REFORMS, (CAR,), tmp_path / "net", told.append)
    assert told == ["landing every source of every part family", f"choosing sources of {CAR}"]
    json.dumps(answer, allow_nan=False)
    row = answer["vehicles"][0]
    assert row["claims_in"] == ["US"]
    assert row["today_content_pct"] < 75 <= row["content_pct"] + 0.01
    assert row["cost_usd"] < row["today_usd"]
    assert answer["reforms"] == list(REFORMS)
    assert CAR in text
    assert row["changed"]
    assert row["changed"][0]["qualified_on"] in text
    written = load_network(tmp_path / "net")
    assert any("_for_alliston_crossover_ice" in site for site in written.sites)


def test_a_curve_is_told_and_drawn(tmp_path):
    answer, text, curves = curve_answer(
        "nafta_as_it_stood", ("modern_tracing_list",), (CAR,), False, 5.0, lambda _: None
    )
    assert "gives up at %" in text
    assert answer["curves"][0]["gives_up_pct"] == pytest.approx(83.2, abs=0.6)
    assert len(answer["curves"][0]["points"]) == len(curves[0].points)
    png, svg = save_curves(curves, answer["question"], tmp_path / "curve.png")
    assert png.stat().st_size > 10_000
    assert "paying is cheaper" not in svg.read_text()[:200]  # text is drawn as paths
    again, _ = save_curves(curves, answer["question"], tmp_path / "again.png")
    assert again.read_bytes() == png.read_bytes()


def test_standard_output_holds_nothing_but_the_answer():
    asked = ["sourcing", "plan", "nafta_as_it_stood", "--vehicle", CAR, "--format", "json"]
    result = CliRunner().invoke(cli, asked)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["vehicles"][0]["changed"] == []


def test_an_unknown_vehicle_is_a_wrong_input():
    result = CliRunner().invoke(cli, ["sourcing", "plan", "nafta_as_it_stood", "--vehicle", "plant/nowhere/car"])
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == "sourcing: 'plant/nowhere/car' is no vehicle of network 'midsize'."
