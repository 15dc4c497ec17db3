"""A dask cluster of two real local workers gives the bytes of one process, also when one of them is killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sim.errors import DataError
from sim.study import cluster
from tests.study.test_kill import ROOT, contents, wait_for

SCENARIO = "question: Where?\nnetwork: seat_control\nhorizon: {warm_up: 10 weeks, start: 2017-10-30, run: 1 weeks}\n"
STUDY = """title: Elsewhere
question: Does it matter who runs it?
baseline: base
scenarios: [base, taxed]
replications: 5
sweeps:
  - of: taxed
    vary: {parameters/pass_through_pct: [60 %, 80 %]}
"""
EARLY_2025 = "question: Where?\nnetwork: seat_control\nlaw: {as_of: 2025-01-26}\n" + (
    "horizon: {warm_up: 10 weeks, start: 2025-01-27, run: 2 weeks}\n"
)
TREE = """title: Claim or not
question: Does it matter who runs a tree?
scenario: early_2025
replications: 2
branches:
  pause:
    on: 2025-02-03
    outcomes:
      paused: {probability: 60 %, source: assumption}
      in_force: {probability: 40 %, reforms: [emergency_not_paused_2025]}
choices:
  first: {on: 2025-01-27, options: {stay: , claim: {claims: every}}}
"""
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")


@dataclass
class Local:
    """A scheduler and its workers as processes of this machine, none of them with a keeper that would restart it."""

    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    address: str = ""

    def start(self, name: str, *words: str, cwd: Path | None = None, path: str = str(ROOT)) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", *words]
        environment = os.environ | {"PYTHONPATH": path}
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(command, cwd=cwd or self.folder, env=environment, stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def said(self, name: str, what: str) -> bool:
        return what in (self.folder / f"{name}.log").read_text()

    def open(self) -> subprocess.Popen[bytes]:
        process = self.start("scheduler", "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        wait_for("no scheduler", 30, lambda: self.said("scheduler", "Scheduler at:"))
        line = next(x for x in (self.folder / "scheduler.log").read_text().splitlines() if "Scheduler at:" in x)
        self.address = line.split()[-1]
        return process

    def hire(self, *names: str, path: str = str(ROOT)) -> list[subprocess.Popen[bytes]]:
        words = ("worker", self.address, "--no-nanny", "--nthreads", "1", "--no-dashboard")
        found = [self.start(name, *words, path=path) for name in names]
        for name in names:
            wait_for(f"no {name}", 30, lambda name=name: self.said(name, "Starting established connection"))  # type: ignore[misc]
        return found


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Local]:
    folder = tmp_path / "cluster"
    folder.mkdir()
    found = Local(folder)
    yield found
    for process in found.processes:
        process.kill()
        process.wait()


def study(folder: Path) -> Path:
    (folder / "base.yaml").write_text(SCENARIO)
    (folder / "taxed.yaml").write_text(SCENARIO + "law: {reforms: [border_tax_35]}\n")
    (folder / "study.yaml").write_text(STUDY)
    return folder


def run(folder: Path, *words: str) -> subprocess.Popen[str]:
    return sim(folder, "run", "study.yaml", "--no-report", *words)


def sim(folder: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sim", *words]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_two_workers_one_of_them_killed_give_the_bytes_of_one_process(tmp_path: Path, local: Local) -> None:
    here = study(tmp_path)
    local.open()
    victim, other = local.hire("victim", "other")
    whole = run(here, "--jobs", "1", "--out", "whole")
    whole.communicate(timeout=300)
    assert whole.returncode == 0
    spread = run(here, "--cluster", local.address, "--out", "spread")
    wait_for("no result came", 120, lambda: len(list(here.glob("spread/study/results/*.parquet"))) >= 3)
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    assert not (here / "spread" / "study" / "manifest.json").exists()
    assert len(list(here.glob("spread/study/results/*.parquet"))) < 20
    _, told = spread.communicate(timeout=300)
    assert spread.returncode == 0, told
    assert other.poll() is None
    assert local.said("scheduler", "Remove worker")
    expected = contents(here / "whole" / "study")
    assert len(expected) == 20 + 4 + 4 + 1 + 1  # results, facts, resolved, bands, manifest
    assert contents(here / "spread" / "study") == expected


@pytest.mark.slow
def test_a_tree_grown_by_workers_has_the_bytes_of_one_process(tmp_path: Path, local: Local) -> None:
    here = study(tmp_path)
    (here / "early_2025.yaml").write_text(EARLY_2025)
    (here / "tree.yaml").write_text(TREE)
    local.open()
    local.hire("one", "two")
    whole, _ = sim(here, "tree", "tree.yaml", "--jobs", "1", "--out", "whole").communicate(timeout=300)
    spread, told = sim(here, "tree", "tree.yaml", "--cluster", local.address, "--out", "spread").communicate(
        timeout=300
    )
    assert spread.replace("spread", "whole") == whole, told
    expected = contents(here / "whole" / "tree")
    assert len([path for path in expected if path.startswith("results")]) == 2 * 2 * 2
    assert contents(here / "spread" / "tree") == expected


def test_no_worker_is_told_and_none_left_is_waited_for(
    tmp_path: Path, local: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = study(tmp_path)
    local.open()
    nobody = run(here, "--cluster", local.address)
    said = nobody.communicate(timeout=120)[1]
    assert nobody.returncode == 1
    assert said == f"--cluster: the scheduler at '{local.address}' has no workers. Start some first.\n"
    (last,) = local.hire("last")
    monkeypatch.setattr(cluster, "LOOKS_S", 0.05)
    told: list[str] = []
    with cluster.connected(local.address, told.append) as there:
        assert there is not None
        assert there.workers == 1
        last.kill()
        wait_for("nothing was told", 60, lambda: bool(told))
    assert told == [f"No worker is left at {local.address}. Waiting for one; what is done is kept."]


@pytest.mark.slow
def test_a_scheduler_that_is_lost_keeps_what_is_done(tmp_path: Path, local: Local) -> None:
    here = study(tmp_path)
    scheduler = local.open()
    local.hire("one")
    running = run(here, "--cluster", local.address)
    wait_for("no result came", 120, lambda: len(list(here.glob("outputs/study/results/*.parquet"))) >= 3)
    scheduler.kill()
    told = running.communicate(timeout=300)[1]
    assert running.returncode == 3, told
    assert told.splitlines()[-1] == "study: whoever ran it is gone. What is done is kept: the same command goes on."
    assert len(list(here.glob("outputs/study/results/*.parquet"))) >= 3
    again = run(here, "--jobs", "1")
    again.communicate(timeout=300)
    assert again.returncode == 0


def test_an_address_where_nobody_answers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "ANSWERS_S", 0.5)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"  # bound, and nobody listens
        with pytest.raises(DataError) as caught, cluster.connected(address):
            pass
    assert str(caught.value) == (
        f"--cluster: no scheduler answers at '{address}' within 0.5 s. Write its address, as tcp://host:8786."
    )
    with pytest.raises(DataError) as caught, cluster.connected("nowhere://x:1"):
        pass
    assert str(caught.value) == (
        "--cluster: no scheduler answers at 'nowhere://x:1' within 0.5 s. Write its address, as tcp://host:8786."
    )


def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(DataError) as caught, cluster.connected("tcp://127.0.0.1:8786"):
        pass
    assert str(caught.value) == (
        "--cluster: needs the package 'distributed', which is missing. "
        "Install it with: pip install 'nafta-sim[cluster]'."
    )


def test_workers_of_another_program_are_refused_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    here = {"sim": "1", "code": "aa", "python": "3.12.1", "packages": {"numpy": "2.3", "scipy": "1.16"}}
    monkeypatch.setattr(cluster, "versions", lambda: here)
    other = {**here, "code": "bb", "packages": {"numpy": "2.2", "scipy": "1.16"}}
    with pytest.raises(DataError) as caught:
        cluster._require_same("a", {"w1": here, "w2": other, "w3": ModuleNotFoundError("No module named 'sim'")})
    remedy = "its results would not be the same. Install there what is here, and start it again."
    assert str(caught.value) == (
        "--cluster: 2 problems\n"
        f"  worker w2 has another version of this program, numpy 2.2 (here 2.3): {remedy}\n"
        "  worker w3 cannot load this program (ModuleNotFoundError: No module named 'sim')."
    )
    with pytest.raises(DataError) as caught:
        cluster.replicate_there((), {**here, "python": "3.13.0"})
    assert str(caught.value) == f"--cluster: a worker has python 3.12.1 (here 3.13.0): {remedy}"


def test_options_that_would_do_nothing_are_refused(tmp_path: Path) -> None:
    refused = run(study(tmp_path), "--cluster", "tcp://127.0.0.1:1", "--jobs", "2")
    assert refused.communicate()[1].splitlines()[-1] == "Error: --cluster takes no --jobs."
    assert refused.returncode == 2
