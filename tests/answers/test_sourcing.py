"""What `sim sourcing` answers, as text and as JSON, and the figure behind it."""

import json

import pytest
from click.testing import CliRunner

from sim.answers.sourcing import curve_answer, plan_answer
from sim.cli import cli
from sim.errors import NetworkError
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
    png, svg, pdf = (save_curves(curves, answer["question"], tmp_path / f"curve.{x}") for x in ("png", "svg", "pdf"))
    assert sorted(tmp_path.iterdir()) == [pdf, png, svg]
    assert png.stat().st_size > 10_000
    assert pdf.read_bytes().startswith(b"%PDF")
    drawn = svg.read_text()
    assert "<path" in drawn
    assert "<text" not in drawn  # text is drawn as paths, which every viewer shows alike
    for path in (png, svg):
        again = save_curves(curves, answer["question"], tmp_path / f"again{path.suffix}")
        assert again.read_bytes() == path.read_bytes()


def test_standard_output_holds_nothing_but_the_answer():
    asked = ["sourcing", "plan", "nafta_as_it_stood", "--vehicle", CAR, "--format", "json"]
    result = CliRunner().invoke(cli, asked)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["vehicles"][0]["changed"] == []


def test_an_unknown_vehicle_is_a_wrong_input():
    result = CliRunner().invoke(cli, ["sourcing", "plan", "nafta_as_it_stood", "--vehicle", "plant/nowhere/car"])
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == (
        "sourcing: 'plant/nowhere/car' is no vehicle of network 'midsize'. "
        "Allowed vehicles: plant/alliston/crossover_ice, "
        "plant/lansing/crossover_bev, plant/lansing/crossover_ice, plant/silao/crossover_ice, plant/silao/pickup."
    )
    result = CliRunner().invoke(cli, ["sourcing", "plan", "nafta_as_it_stood", "--vehicle", CAR[:-4]])
    assert result.stderr.splitlines()[-1] == (
        f"sourcing: '{CAR[:-4]}' is no vehicle of network 'midsize'. Did you mean '{CAR}'?"
    )


def test_a_taken_folder_is_refused_before_anything_is_solved(tmp_path):
    (tmp_path / "notes.txt").write_text("kept")
    told: list[str] = []
    with pytest.raises(NetworkError) as caught:
        plan_answer("nafta_as_it_stood", (), (CAR,), tmp_path, told.append, force=True)
    assert str(caught.value) == (
        f"{tmp_path}: holds 'notes.txt', which is no file of a network; --force would lose it. Name another folder."
    )
    net = tmp_path / "net"
    net.mkdir()
    for name in ("network.csv", "milk_runs.csv"):
        (net / name).write_text("")
    with pytest.raises(NetworkError) as caught:
        plan_answer("nafta_as_it_stood", (), (CAR,), net, told.append)
    assert str(caught.value) == (
        f"{net}: holds 2 files or folders already. Name a new folder, or write --force to replace the network in it."
    )
    assert told == []
    plan_answer("nafta_as_it_stood", (), (CAR,), net, told.append, force=True)
    load_network(net)
    assert not (net / "milk_runs.csv").exists()
    result = CliRunner().invoke(cli, ["sourcing", "plan", "nafta_as_it_stood", "--force"])
    assert result.exit_code == 2
    assert result.stderr.endswith("Error: --force goes with --write FOLDER.\n")


def test_a_curve_is_drawn_as_the_name_of_the_file_says(tmp_path):
    asked = ["sourcing", "curve", "nafta_as_it_stood", "--vehicle", CAR, "--step", "20", "--figure"]
    result = CliRunner().invoke(cli, [*asked, str(tmp_path / "curve.pdf")])
    assert result.exit_code == 0
    assert result.stderr.splitlines()[-1] == f"figure: {tmp_path / 'curve.pdf'}"
    assert [path.name for path in tmp_path.iterdir()] == ["curve.pdf"]
    result = CliRunner().invoke(cli, [*asked, "curve.jpg"])
    assert result.exit_code == 2
    assert result.stderr.endswith("Error: a figure ends in .svg, .png, .pdf; 'curve.jpg' does not.\n")
