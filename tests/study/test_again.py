"""A finished study asked again loads nothing that simulates, plans, assesses or draws, and writes nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.study.test_kill import ROOT

SCENARIO = "question: Again?\nnetwork: seat_control\nhorizon: {warm_up: 10 weeks, start: 2017-10-30, run: 1 weeks}\n"
HEAVY = (
    "numba", "scipy", "networkx", "simpy", "matplotlib", "jinja2", "distributed",
    "sim.engines.compiled", "sim.engines.reference", "sim.planning", "sim.customs", "sim.measures", "sim.replication",
    "sim.report.page",
)  # fmt: skip
AGAIN = f"""
import json, sys
from sim.cli import cli
cli(["run", "taxed.yaml", "--replications", "2", "--jobs", "1", "--format", "json"], standalone_mode=False)
print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]), file=sys.stderr)
"""


def test_the_second_run_of_a_finished_study_loads_what_it_tells_and_no_more(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(SCENARIO)
    (tmp_path / "taxed.yaml").write_text(SCENARIO + "law: {reforms: [border_tax_35]}\nbaseline: base\n")

    def ask() -> tuple[str, list[str]]:
        told = subprocess.run(
            [sys.executable, "-c", AGAIN],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        )
        return told.stdout, json.loads(told.stderr.splitlines()[-1])

    def stamps() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}

    first, loaded = ask()
    assert {"numba", "sim.planning", "sim.report.page"} <= set(loaded)  # the names are those of what does the work
    before = stamps()
    again, loaded = ask()
    assert loaded == []
    assert again == first
    assert stamps() == before
