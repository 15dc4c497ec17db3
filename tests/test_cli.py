"""The commands: what they print where, their exit codes, and that help is light."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import sim.report
import sim.study.execute
import sim.study.work
from sim.cli import cli
from sim.errors import DataError

SHORT = "question: Why?\nnetwork: seat_control\nhorizon: {warm_up: 10 weeks, start: 2017-08-16, run: 4 weeks}\n"


def ask(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments), prog_name="sim")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a small study, run by the stand-in for `sim.replication`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(Path(__file__).parent / "study"))
    monkeypatch.setattr(sim.study.execute.run_study, "__kwdefaults__", _with_fake_runner())
    monkeypatch.setattr(sim.study.execute.run_only, "__kwdefaults__", {"engine": "compiled", "runner": "fake_runner"})
    (tmp_path / "base.yaml").write_text(SHORT)
    (tmp_path / "taxed.yaml").write_text(SHORT + "baseline: base\nlaw: {reforms: [border_tax_35]}\n")
    (tmp_path / "bad.yaml").write_text(SHORT + "firms: nobody\nseed: -1\n")
    text = "title: T\nquestion: What does it do?\nbaseline: base\nscenarios: [base, taxed]\nreplications: 3\n"
    (tmp_path / "policy.yaml").write_text(text)
    return tmp_path


def _with_fake_runner() -> dict[str, object]:
    defaults = sim.study.execute.run_study.__kwdefaults__
    assert defaults is not None
    return {**defaults, "runner": "fake_runner"}


def test_run_ends_with_a_table_a_person_can_read(folder: Path) -> None:
    result = ask("run", "policy.yaml", "--jobs", "1", "--no-report")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "What does it do?"
    assert lines[3].split() == [
        "cost,",
        "USD/vehicle",
        "duty,",
        "USD/vehicle",
        "border,",
        "h/vehicle",
        "lost,",
        "vehicles",
    ]
    assert lines[4].startswith("base (level)  ")
    assert lines[5].split()[:4] == ["taxed", "+25.00", "±", "0.00"]
    assert lines[5].split()[-2:] == ["0", "0"]
    assert lines[-1] == "results: outputs/policy"


def test_run_json_is_one_object_and_nothing_else(folder: Path) -> None:
    result = ask("run", "policy.yaml", "--jobs", "1", "--no-report", "--format", "json", "--out", "here")
    assert (result.exit_code, result.stderr) == (0, "")
    (study,) = json.loads(result.stdout)["studies"]
    assert (study["study"], study["directory"], study["baseline"]) == ("policy", "here/policy", "base")
    assert [s["name"] for s in study["scenarios"]] == ["base", "taxed"]
    duty = study["scenarios"][1]["duty_per_vehicle_usd"]
    assert duty == {
        "mean": 25.0,
        "mean_half_width_95": 0.0,
        "difference": 25.0,
        "half_width_95": 0.0,
        "unpaired_half_width_95": 0.0,
        "variance_reduction": None,
        "n": 3,
        "note": "",
    }
    lost = study["scenarios"][1]["vehicles_lost"]
    assert (lost["difference"], lost["half_width_95"]) == (0.0, 0.0)


def test_run_replaces_replications_and_seed(folder: Path) -> None:
    result = ask(
        "run", "taxed.yaml", "--replications", "2", "--seed", "5", "--no-report", "--format", "json", "--jobs", "1"
    )
    (study,) = json.loads(result.stdout)["studies"]
    assert (study["replications"], study["seed"], study["baseline"]) == (2, 5, "base")


def test_run_of_a_folder_runs_its_studies_and_what_they_leave(folder: Path) -> None:
    (folder / "bad.yaml").unlink()
    (folder / "other.yaml").write_text(SHORT)
    result = ask("run", str(folder), "--jobs", "1", "--no-report", "--format", "json", "--replications", "1")
    assert [study["study"] for study in json.loads(result.stdout)["studies"]] == ["policy", "other"]


def test_wrong_input_is_told_at_once_and_nothing_is_written(folder: Path) -> None:
    result = ask("run", "bad.yaml", "--format", "json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "bad.yaml: 2 problems\n"
        "  line 4, firms: 'nobody' is unknown. Allowed firms: claim_or_pay, fixed, resource, settled.\n"
        "  line 5, seed: '-1' is not a whole number from 0 to 9223372036854775807.\n"
    )
    assert not (folder / "outputs").exists()


def test_a_failed_run_exits_with_three(folder: Path) -> None:
    (folder / "broken.yaml").write_text(SHORT)
    result = ask("run", "broken.yaml", "--jobs", "1", "--no-report", "--replications", "2")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith("study: scenario broken, replication 1, seed 1994: Traceback")
    command = "run broken.yaml --only-replication 1 --only-scenario broken --replications 2 --seed 1994"
    assert result.stderr.endswith(f"ZeroDivisionError: a defect\n    Repeat just this run: sim {command}\n")
    again = ask(*command.split())
    assert isinstance(again.exception, ZeroDivisionError)


def test_what_fails_of_several_is_told_at_the_end_and_the_others_go_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "bad.yaml").unlink()
    for name in ("broken", "other", "last"):
        (folder / f"{name}.yaml").write_text(SHORT)

    def build(directory: Path) -> Path:
        if directory.name == "policy":
            raise DataError(str(directory), ["no item 'nowhere/us' of wait_min_by_day. Run it again."])
        if directory.name == "last":
            raise OSError(28, "No space left on device", str(directory / "report.html"))
        page = directory / "report.html"
        page.write_text("the page")
        return page

    monkeypatch.setattr(sim.report, "build_report", build)
    result = ask("run", str(folder), "--jobs", "1", "--format", "json", "--replications", "2")
    told = json.loads(result.stdout)
    assert [(study["study"], study["report"]) for study in told["studies"]] == [
        ("policy", None),
        ("last", None),
        ("other", "outputs/other/report.html"),
    ]
    assert [(failed["study"], failed["step"], failed["is_defect"]) for failed in told["failed"]] == [
        ("policy", "report", False),
        ("broken", "run", True),
        ("last", "report", True),
    ]
    lines = result.stderr.splitlines()
    traceback = [line for line in lines if line.startswith("  study: scenario broken, ")]
    assert len(traceback) == 1
    begin, end = lines.index(traceback[0]), lines.index("last.yaml, report:")
    assert lines[:begin] + lines[end - 2 :] == [
        "3 of 4 studies failed; the same command goes on from what is done.",
        "policy.yaml, report:",
        "  outputs/policy: no item 'nowhere/us' of wait_min_by_day. Run it again.",
        "broken.yaml, run:",
        "  ZeroDivisionError: a defect",
        "      Repeat just this run: sim run broken.yaml --only-replication 1 --only-scenario broken --replications 2 "
        "--seed 1994",
        "last.yaml, report:",
        "  outputs/last/report.html: cannot be read or written (No space left on device). Make room or name another "
        "place; the same command goes on from what is done.",
    ]
    assert result.exit_code == 3  # a run failed


def test_a_report_that_fails_leaves_the_table_and_exits_with_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def build(directory: Path) -> Path:
        raise DataError(str(directory), ["the facts hold no content of vehicles. Run the study again."])

    monkeypatch.setattr(sim.report, "build_report", build)
    result = ask("run", "policy.yaml", "--jobs", "1")
    assert result.stdout.splitlines()[-1] == "results: outputs/policy"
    assert result.stderr == "outputs/policy: the facts hold no content of vehicles. Run the study again.\n"
    assert result.exit_code == 1
    two = ask("run", "policy.yaml", "base.yaml", "--jobs", "1")
    assert two.stderr == (
        "2 of 2 studies failed; the same command goes on from what is done.\n"
        "policy.yaml, report:\n"
        "  outputs/policy: the facts hold no content of vehicles. Run the study again.\n"
        "base.yaml, report:\n"
        "  outputs/base: the facts hold no content of vehicles. Run the study again.\n"
    )
    assert two.exit_code == 1


def test_a_defect_of_a_report_is_told_with_its_trace(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def build(directory: Path) -> Path:
        raise ZeroDivisionError("a figure")

    monkeypatch.setattr(sim.report, "build_report", build)
    result = ask("run", "policy.yaml", "--jobs", "1")
    assert result.stderr.startswith("outputs/policy: Traceback")
    assert result.stderr.endswith(
        "ZeroDivisionError: a figure\n    Its results are kept. Repeat just this: sim report outputs/policy\n"
    )
    assert result.exit_code == 3


def test_one_replication_runs_again_alone(folder: Path) -> None:
    ask("run", "policy.yaml", "--jobs", "1", "--no-report")
    results = sorted((folder / "outputs" / "policy" / "results").iterdir())
    before = {path.name: path.stat().st_mtime_ns for path in results}
    alone = ask("run", "policy.yaml", "--only-replication", "1", "--only-scenario", "taxed")
    assert (alone.exit_code, alone.stdout) == (0, "policy: replication 1 done, 1 run.\n")
    after = {path.name: path.stat().st_mtime_ns for path in results}
    changed = [name for name in before if before[name] != after[name]]
    assert [name[-13:] for name in changed] == ["00001.parquet"]
    wrong = ask("run", "policy.yaml", "--only-replication", "9", "--only-scenario", "taxes")
    assert wrong.stderr == (
        "policy: 2 problems\n  no scenario named 'taxes'. Did you mean 'taxed'?\n  no replication 9. Allowed: 0 to 2.\n"
    )


def test_any_measure_is_compared_with_any_scenario(folder: Path) -> None:
    ask("run", "policy.yaml", "--jobs", "1", "--no-report")
    result = ask("compare", "outputs/policy", "--measure", "border_hours_per_vehicle", "--baseline", "taxed")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith("border_hours_per_vehicle/total against taxed: mean, change and half-width")
    assert lines[-2].split()[0] == "base"
    assert lines[-1].split()[0] == "taxed"
    wrong = ask("compare", "outputs/policy", "--measure", "cost")
    assert wrong.stderr.startswith("outputs/policy: no measure named 'cost'.")


def test_usage_errors_exit_with_two_and_name_the_nearest(folder: Path) -> None:
    result = ask("rn", "policy.yaml")
    assert result.exit_code == 2
    assert "no command 'rn'. Did you mean 'run'?" in result.stderr
    result = ask("run", "policy.yaml", "--replication", "3")
    assert result.exit_code == 2
    assert "--replications" in result.stderr
    assert ask("explain", "outputs").exit_code == 2
    assert ask("law").exit_code == 2
    for options, problem in (
        (("--most", "50"), "--most goes with --precision; a study file has `most:` below `precision:`."),
        (("--only-scenario", "taxed"), "--only-scenario goes with --only-replication."),
    ):
        result = ask("run", "policy.yaml", *options)
        assert result.exit_code == 2
        assert result.stderr.endswith(f"Error: {problem}\n")
    assert not (folder / "outputs").exists()


def test_check_tells_ok_or_all_problems(folder: Path) -> None:
    good = ask("check", "base.yaml", "policy.yaml")
    assert (good.exit_code, good.stdout) == (0, "base.yaml: ok\npolicy.yaml: ok\n")
    bad = ask("check", "base.yaml", "bad.yaml", "--format", "json")
    assert bad.exit_code == 1
    answers = json.loads(bad.stdout)["files"]
    assert [(a["file"], a["ok"], len(a["problems"])) for a in answers] == [
        ("base.yaml", True, 0),
        ("bad.yaml", False, 2),
    ]
    assert answers[1]["problems"][0] == {
        "where": "line 4, firms",
        "message": "'nobody' is unknown. Allowed firms: claim_or_pay, fixed, resource, settled.",
    }


def test_report_and_cite_and_explain_need_a_finished_study(folder: Path) -> None:
    for command in (["report"], ["cite"], ["explain", "--entry", "0"]):
        result = ask(command[0], "nowhere", *command[1:])
        assert result.exit_code == 1
        assert result.stderr == "nowhere: no finished study here (manifest.json is missing). Run it first.\n"


def test_cite_lists_what_was_used(folder: Path) -> None:
    ask("run", "policy.yaml", "--jobs", "1", "--no-report")
    result = ask("cite", "outputs/policy")
    assert result.exit_code == 0
    assert "ATRI operating costs of trucking" in result.stdout
    references = json.loads(ask("cite", "outputs/policy", "--format", "json").stdout)["references"]
    assert {"title", "href", "status", "used_for"} == set(references[0])


def test_list_names_everything() -> None:
    answer = json.loads(ask("list", "--format", "json").stdout)
    assert set(answer) == {"networks", "scenarios", "law", "reforms", "measures"}
    assert {"border_tax_35", "nafta_withdrawal"} <= {entry["name"] for entry in answer["reforms"]}
    assert {"midsize", "seat_control"} <= {entry["name"] for entry in answer["networks"]}
    kinds = {(entry["name"], entry["kind"]) for entry in answer["scenarios"]}
    assert {("renegotiation_2017", "study"), ("canada_mexico_2025", "tree"), ("june_2026", "scenario")} <= kinds
    assert "cost_per_vehicle_usd" in {entry["name"] for entry in answer["measures"]}
    assert "us/mfn" in {entry["path"] for entry in answer["law"]}
    assert ask("list", "networks").stdout.startswith("borders  ")


def test_network_check() -> None:
    result = ask("network", "check", "seat_control")
    assert result.exit_code == 0
    assert result.stdout.startswith("network seat_control: ok (")


def test_network_make_tells_what_it_made_and_how_to_run_it(folder: Path) -> None:
    result = ask("network", "make", "nets/tiny", "--plants", "2", "--parts", "10", "--background", "100")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "network nets/tiny: made from seed 1"
    assert lines[1] == "  sites      2 plants, 5 suppliers, 4 markets"
    assert [line.split()[0] for line in lines[2:7]] == ["recipes", "lanes", "crossings", "in", "warm-up"]
    assert "12 with booths (2 close at night)" in lines[4]
    assert lines[5].endswith(" 369,171 background trucks")  # 12 x 100 x 5.9 days a week x 365 / 7 weeks
    assert lines[8] == "To run it, write a file such as generated.yaml, then `sim run generated.yaml`:"
    (folder / "generated.yaml").write_text("\n".join(lines[10:]) + "\n")
    checked = ask("check", "generated.yaml", "nets/tiny")
    assert (checked.exit_code, checked.stdout) == (0, "generated.yaml: ok\nnets/tiny: ok\n")


def test_network_make_with_milk_runs(folder: Path) -> None:
    sizes = ("--parts", "30", "--makers", "2", "--suppliers", "8", "--vehicles-per-day", "100")
    result = ask("network", "make", "nets/shared", *sizes, "--milk-runs")
    assert result.exit_code == 0
    assert "  milk runs  13, on which 28 lanes ride\n" in result.stdout
    assert "milk runs" not in ask("network", "make", "nets/apart", *sizes).stdout


def test_network_make_json_and_refusals(folder: Path) -> None:
    options = ("network", "make", "tiny", "--plants", "1", "--tiers", "1", "--parts", "4", "--makers", "1")
    answer = json.loads(ask(*options, "--seed", "7", "--format", "json").stdout)
    assert (answer["network"], answer["seed"], answer["shape"]["suppliers"]) == ("tiny", 7, 4)
    assert answer["sites"] == {"plants": 1, "suppliers": 4, "markets": 4}
    assert (answer["recipes"], answer["lanes"], answer["parts"]) == (5, 8, 5)
    assert set(answer["year"]) == {"own_loads", "own_passages", "background_trucks"}
    assert f"warm_up: {answer['least_warm_up_weeks']} weeks" in answer["scenario"]
    again = ask(*options)
    assert (again.exit_code, again.stdout) == (1, "")
    assert again.stderr == (
        "tiny: holds 11 files or folders already. Name a new folder, or write --force to replace the network in it.\n"
    )
    assert ask(*options, "--force").exit_code == 0
    wrong = ask("network", "make", "other", "--plants", "0", "--crossings", "99")
    assert (wrong.exit_code, wrong.stdout) == (1, "")
    assert wrong.stderr == (
        "shape of a network: 2 problems\n  plants: 0 is not 1 to 200.\n  crossings: 99 is not 2 to 40.\n"
    )
    assert not (folder / "other").exists()
    assert ask("network", "mkae", "tiny").exit_code == 2


def test_help_names_every_command() -> None:
    result = ask("--help")
    named = [line.split()[0] for line in result.stdout.split("Commands:\n")[1].splitlines()]
    assert named == [
        "archive",
        "bench",
        "calibrate",
        "check",
        "cite",
        "compare",
        "directions",
        "duty",
        "entrant",
        "explain",
        "findings",
        "laffer",
        "law",
        "list",
        "market",
        "network",
        "origin",
        "relocate",
        "report",
        "reproduce",
        "risk",
        "run",
        "sensitivity",
        "sourcing",
        "tree",
        "unknowns",
        "validate",
    ]
    for name in named:
        told = ask(name, "--help")
        assert (told.exit_code, told.stderr) == (0, "")
        assert max(map(len, told.stdout.splitlines())) <= 90


def test_help_is_light() -> None:
    """Help must not wait for numbers, figures or compilers."""
    heavy = ["numpy", "scipy", "numba", "matplotlib", "duckdb", "yaml", "rich", "networkx", "pydantic"]
    code = (
        "import sys, sim.cli\n"
        "try: sim.cli.main()\n"
        f"finally: print([m for m in {heavy} if m in sys.modules], file=sys.stderr)\n"
    )
    root = Path(__file__).parent.parent
    for arguments in (["--help"], ["run", "--help"], ["law", "--help"], ["origin", "--help"], ["duty", "--help"]):
        command = [sys.executable, "-c", code, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=root, check=True)
        assert done.stdout.startswith("Usage: sim")
        assert done.stderr.splitlines()[-1] == "[]"


def test_python_names_are_found_late_and_wrong_ones_answered() -> None:
    assert callable(sim.run)
    assert sim.load("nafta_withdrawal").name == "nafta_withdrawal"
    with pytest.raises(AttributeError, match=r"sim has no 'laod'\. Did you mean 'load'\?"):
        _ = sim.laod


def test_check_reads_reforms_too(folder: Path) -> None:
    text = "title: Mine\ndescription: Made up.\nchanges:\n  - replace: us/mfm/rate\n    vintages: []\n"
    (folder / "mine.yaml").write_text(text)
    result = ask("check", "mine.yaml")
    assert result.exit_code == 1
    assert result.stdout.startswith("mine.yaml: line 4, changes[0]: no value named 'us/mfm/rate'. ")
    (folder / "mine.yaml").write_text("title: Mine\ndescription: Made up.\nchanges: []\n")
    assert ask("check", "mine.yaml").stdout == "mine.yaml: ok\n"
