"""A real study killed at twenty random moments, by machine or hand, ends with the bytes of one never killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.study.test_kill import ROOT, contents, is_alive

KILLS = 20
SCENARIO = "question: Why?\nnetwork: seat_control\nhorizon: {warm_up: 10 weeks, start: 2017-10-30, run: 4 weeks}\n"
STUDY = """title: Killed
question: Does it matter when a study is killed?
baseline: base
scenarios: [base, taxed]
replications: 6
precision: {half_widths: {cost_per_vehicle_usd: 0.02 %}, most: 12}
sweeps:
  - of: taxed
    vary: {law/us/proposals/border_tax_35/rate: [5 %, 10 %, 20 %]}
"""


def start(folder: Path, out: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "sim", "run", "study.yaml", "--jobs", "2", "--no-report", "--out", out]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def children(process_id: int) -> list[int]:
    listed = Path(f"/proc/{process_id}/task/{process_id}/children")
    return [int(word) for word in listed.read_text().split()] if listed.exists() else []


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_killed_at_twenty_random_moments(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(SCENARIO)
    (tmp_path / "taxed.yaml").write_text(SCENARIO + "law: {reforms: [border_tax_35]}\n")
    (tmp_path / "study.yaml").write_text(STUDY)
    began = time.monotonic()
    whole = start(tmp_path, "whole")
    assert whole.wait() == 0
    length = time.monotonic() - began
    expected = contents(tmp_path / "whole")
    draw = random.Random(7)
    kills = rounds = 0
    while kills < KILLS:
        running = start(tmp_path, f"killed{rounds}")
        try:
            running.wait(draw.uniform(0.2, 0.5) * length)
        except subprocess.TimeoutExpired:
            victim = draw.choice([running.pid, running.pid, *children(running.pid)])  # the study itself, or a worker
            workers = children(running.pid)
            os.kill(victim, signal.SIGKILL)
            kills += 1
            if victim == running.pid:
                running.wait()
                end = time.monotonic() + 20
                while any(map(is_alive, workers)):
                    assert time.monotonic() < end, "a worker lives on"
                    time.sleep(0.02)
                continue
            assert running.wait() == 0  # a dead worker is replaced and the study goes on
        assert contents(tmp_path / f"killed{rounds}") == expected
        rounds += 1
        length *= 0.8  # it is faster than it was: kill sooner
    last = start(tmp_path, f"killed{rounds}")
    assert last.wait() == 0
    assert contents(tmp_path / f"killed{rounds}") == expected
