"""A study killed in the middle leaves no worker behind, and resumed gives the bytes of one never killed."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SCRIPT = """
import sys
from pathlib import Path
from sim.scenario import load_scenario
from sim.study import run_study, single_study

if __name__ == "__main__":
    plan = single_study([load_scenario("slow.yaml")])
    run_study(plan, Path(sys.argv[1]), jobs=2, runner="fake_runner")
"""
SLOW = (
    "question: Slow?\nnetwork: seat_control\nreplications: 12\n"
    "horizon: {warm_up: 10 weeks, start: 2017-08-16, run: 4 weeks}\n"
)


def is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process_id}/stat")
    return not (state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] == "Z")


def contents(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def wait_for(what: str, seconds: float, is_so: object) -> None:
    end = time.monotonic() + seconds
    while not is_so():  # type: ignore[operator]
        assert time.monotonic() < end, what
        time.sleep(0.02)


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_killed_and_resumed(tmp_path: Path) -> None:
    marks = tmp_path / "workers"
    marks.mkdir()
    (tmp_path / "script.py").write_text(SCRIPT)
    (tmp_path / "slow.yaml").write_text(SLOW)
    paths = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
    environment = os.environ | {"PYTHONPATH": paths, "SIM_TEST_MARK": str(marks)}

    def start(folder: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "script.py", folder], cwd=tmp_path, env=environment)

    killed = start("killed")
    wait_for("no result came", 60, lambda: len(list(tmp_path.glob("killed/results/*.parquet"))) >= 3)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    workers = [int(path.name) for path in marks.iterdir()]
    assert len(workers) == 2
    wait_for("a worker lives on", 20, lambda: not any(map(is_alive, workers)))
    assert not (tmp_path / "killed" / "manifest.json").exists()
    assert len(list(tmp_path.glob("killed/results/*.parquet"))) < 12
    assert start("killed").wait() == 0
    assert start("whole").wait() == 0
    assert contents(tmp_path / "killed") == contents(tmp_path / "whole")
