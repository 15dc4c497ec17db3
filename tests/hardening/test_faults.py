"""Bad luck: a full or read-only disk, two runs at once, damage, older folders, a clock going back, keys pressed."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from sim.errors import DataError
from sim.scenario import load_scenario
from sim.study import Study, load_study, run_study, single_study
from sim.study import store as results
from sim.study.alone import alone_in
from sim.study.errors import RunError
from tests.hardening.kinds import told
from tests.study.test_kill import ROOT, SCRIPT, SLOW, contents, is_alive, wait_for

WHOLE = "question: Why?\nnetwork: seat_control\nhorizon: {warm_up: 10 weeks, start: 2017-08-16, run: 4 weeks}\n"
FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
ROOM = "cannot be written (No space left on device). What is done is kept: make room, and the same command goes on."


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(ROOT / "tests" / "study"))
    (tmp_path / "whole.yaml").write_text(WHOLE)
    return tmp_path


def run(out: str = "out", replications: int = 3) -> Study:
    plan = single_study([load_scenario("whole.yaml")]).with_(replications)
    return run_study(plan, Path(out), jobs=1, runner="fake_runner")


@pytest.mark.parametrize("step", range(8))
def test_a_disk_that_is_full_at_any_write(step: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writes are those of three results, facts, bands, a resolved scenario and the manifest."""
    run("whole")
    replace, left = Path.replace, [step]

    def full(self: Path, target: Any) -> Path:
        left[0] -= 1
        if left[0] < 0:
            raise FULL
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", full)
    if step < 7:
        with pytest.raises(RunError) as caught:
            run()
        assert ROOM in str(caught.value)
        assert "Traceback" not in str(caught.value)
        assert not Path("out/manifest.json").exists()
        assert not list(Path("out").rglob(".*"))
    monkeypatch.undo()
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(str(ROOT / "tests" / "study"))
    run()
    assert contents(folder / "out") == contents(folder / "whole")


@pytest.mark.skipif(sys.platform != "linux", reason="limits the size of files")
def test_files_that_may_not_grow(folder: Path) -> None:
    """The limit is met in the middle of writing Parquet, by the library that writes it."""
    script = (
        "import resource, signal, sys\nfrom sim.cli import cli\nfrom sim.engines.compiled import compile_once\n"
        "compile_once(None)\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))\n"
        "cli(['run', 'whole.yaml', '--replications', '1', '--jobs', '1', '--no-report', '--out', 'small'])\n"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert "What is done is kept: make room, and the same command goes on." in done.stderr
    assert not [path for path in Path("small").rglob("*") if path.is_file()]


def test_a_folder_that_is_read_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: Path, *_: Any, **__: Any) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    run()
    before = contents(folder / "out")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "touch", refused)
        assert run().name == "whole"  # nothing is to be written
        with pytest.raises(DataError) as caught:
            run(replications=4)
        problem = "no results can be written there (Read-only file system). Name another folder with --out."
        assert str(caught.value) == f"out: {problem}"
    assert contents(folder / "out") == before


def test_a_clock_that_goes_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("whole")
    now = [2e9]

    def back() -> float:
        now[0] -= 3600
        return now[0]

    monkeypatch.setattr(time, "time", back)
    run()
    run()
    assert contents(folder / "out") == contents(folder / "whole")


DAMAGE = {
    "cut": lambda raw: raw[: len(raw) // 2],
    "empty": lambda raw: b"",
    "a byte in the middle": lambda raw: (
        raw[: len(raw) // 3] + bytes([raw[len(raw) // 3] ^ 1]) + raw[len(raw) // 3 + 1 :]
    ),
    "another file": lambda raw: b"PAR1" + b"\0" * 100,
}


@pytest.mark.parametrize("how", DAMAGE)
@pytest.mark.parametrize("what", ["results", "bands", "manifest", "facts"])
def test_damage_is_told_and_mended(how: str, what: str, folder: Path) -> None:
    run()
    before = contents(folder / "out")
    names = {"results": "out/results/*-00001.parquet", "bands": "out/bands.parquet", "facts": "out/facts/*.json"}
    path = next(folder.glob(names.get(what, "out/manifest.json")))
    path.write_bytes(DAMAGE[how](path.read_bytes()))
    if what == "results":
        with pytest.raises(DataError) as caught:
            load_study("out")
        name = path.relative_to(folder / "out").as_posix()
        told_ = f"{name} is missing or not what the manifest says. Run the study again: what is whole is kept."
        assert str(caught.value) == f"out: {told_}"
    if what == "manifest" and how != "a byte in the middle":  # a byte may still be text
        with pytest.raises(
            DataError, match=r"manifest\.json is damaged\. Run the study again: what is whole is kept\."
        ):
            load_study("out")
    if what in ("facts", "manifest") and how == "a byte in the middle":
        return
    run()
    assert contents(folder / "out") == before


@pytest.mark.parametrize("change", ["runs", "file", "name", "replication"])
def test_a_manifest_of_another_shape(change: str, folder: Path) -> None:
    run()
    before = contents(folder / "out")
    path = Path("out/manifest.json")
    found = json.loads(path.read_text())
    if change == "runs":
        found["runs"] = [7]
    elif change == "file":
        found["runs"][0]["file"] = "../../whole.yaml"
    elif change == "name":
        found["scenarios"][0]["name"] = "../../evil"
    else:
        found["runs"][0]["replication"] = 10**9
    path.write_text(json.dumps(found))
    for command in ("report", "compare", "cite", "archive"):
        answer = told([command, "out"])
        problem = "out: manifest.json is damaged. Run the study again: what is whole is kept.\n"
        assert (answer.code, answer.err) == (1, problem)
    run()
    assert contents(folder / "out") == before


def test_a_folder_of_an_older_version(folder: Path) -> None:
    run()
    before = contents(folder / "out")
    path = Path("out/manifest.json")
    path.write_text(json.dumps({"format": results.FORMAT - 1}))
    answer = told(["report", "out"])
    problem = f"is of format {results.FORMAT - 1}; this version reads {results.FORMAT}. Run it again."
    assert (answer.code, answer.err) == (1, f"out: {problem}\n")
    run()
    assert contents(folder / "out") == before


def test_what_a_killed_writer_left_behind_goes(folder: Path) -> None:
    run()
    before = contents(folder / "out")
    Path("out/results/.x.parquet.123").write_bytes(b"half")
    Path("out/manifest.json").unlink()
    run()
    assert contents(folder / "out") == before


@pytest.mark.skipif(sys.platform == "win32", reason="needs locks on folders")
def test_a_second_run_waits_for_the_first(folder: Path) -> None:
    """Both write the same folder at once, each with two workers; the bytes are those of one alone."""
    (folder / "script.py").write_text(SCRIPT)
    (folder / "slow.yaml").write_text(SLOW.replace("replications: 12", "replications: 4"))
    (folder / "marks").mkdir()
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests" / "study")])
    environment = os.environ | {"PYTHONPATH": paths, "SIM_TEST_MARK": str(folder / "marks")}

    def start(out: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "script.py", out], env=environment)

    both = [start("shared"), start("shared")]
    assert [process.wait() for process in both] == [0, 0]
    assert start("alone").wait() == 0
    assert contents(folder / "shared") == contents(folder / "alone")


@pytest.mark.skipif(sys.platform == "win32", reason="needs locks on folders")
def test_who_waits_is_told_once(folder: Path) -> None:
    (folder / "out").mkdir()
    script = (
        "import sys\nfrom pathlib import Path\nfrom sim.study.alone import alone_in\n"
        "with alone_in(Path('out'), lambda text: print(text, flush=True)):\n    print('in', flush=True)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with alone_in(folder / "out"):
        second = subprocess.Popen([sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, text=True)
        assert second.stdout is not None
        first_line = second.stdout.readline()
        time.sleep(0.5)
    rest = second.communicate()[0]
    assert (first_line, rest) == ("out: another run writes there; this one goes on when it is done.\n", "in\n")


PRESS = """
import signal
import sim.study.execute as execute
from sim.cli import cli
if __name__ == '__main__':
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts behind itself ignores it
    execute.run_study.__kwdefaults__['runner'] = 'fake_runner'
    cli(['run', 'slow.yaml', '--jobs', '2', '--no-report', '--out', '.'])
"""


def pressed(folder: Path) -> subprocess.Popen[str]:
    """The script in a group of its own, as a terminal starts it: keys go to the workers too."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests" / "study")])
    environment = os.environ | {"PYTHONPATH": paths, "SIM_TEST_MARK": str(folder / "marks")}
    return subprocess.Popen(
        [sys.executable, "press.py"], env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


SLOW_TO_BEGIN = """
if __name__ != '__main__':
    import os, pathlib, time
    pathlib.Path('marks', str(os.getpid())).touch()
    time.sleep(1)
"""
SLOW_TO_SHUT = """
from concurrent.futures import ProcessPoolExecutor
def late(*words, shutdown=ProcessPoolExecutor.shutdown, **rest):
    import time
    time.sleep(1)
    shutdown(*words, **rest)
ProcessPoolExecutor.shutdown = late
"""
STOPPED = "Stopped. What is done is kept: the same command goes on."


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGINT")
def test_workers_that_begin_are_deaf_to_keys(folder: Path) -> None:
    """What a half begun one said of them would stand between the words of its parent."""
    (folder / "slow.yaml").write_text(SLOW)
    (folder / "marks").mkdir()
    (folder / "press.py").write_text(SLOW_TO_BEGIN + PRESS)
    running = pressed(folder)
    wait_for("no worker began", 120, lambda: len(list((folder / "marks").iterdir())) == 2)
    for path in (folder / "marks").iterdir():
        os.kill(int(path.name), signal.SIGINT)
    told_ = running.communicate(timeout=60)[1]
    assert running.returncode == 0
    assert "KeyboardInterrupt" not in told_
    assert len(list((folder / "marks").iterdir())) == 2  # the same two to the end


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGINT")
def test_keys_pressed_tell_one_thing_though_workers_die_before_their_pool_is_shut(folder: Path) -> None:
    """Python 3.11 then says of the thread behind the pool that it fell over what had been cancelled."""
    (folder / "slow.yaml").write_text(SLOW)
    (folder / "marks").mkdir()
    (folder / "marks" / "hold").touch()
    (folder / "press.py").write_text(SLOW_TO_SHUT + PRESS)
    running = pressed(folder)
    wait_for("no result came", 120, lambda: len(list(folder.glob("slow/results/*.parquet"))) >= 6)
    os.killpg(running.pid, signal.SIGINT)
    told_ = running.communicate(timeout=60)[1]
    assert (running.returncode, told_.strip()) == (130, STOPPED)


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGINT")
def test_keys_pressed_in_the_middle(folder: Path) -> None:
    (folder / "slow.yaml").write_text(SLOW)
    (folder / "marks").mkdir()
    hold = folder / "marks" / "hold"
    hold.touch()
    (folder / "press.py").write_text(PRESS)
    running = pressed(folder)
    wait_for("a worker did not start", 120, lambda: len(list(hold.parent.iterdir())) == 3)  # two, and what holds them
    wait_for("no result came", 120, lambda: len(list(folder.glob("slow/results/*.parquet"))) >= 6)  # the rest is held
    os.killpg(running.pid, signal.SIGINT)
    told_ = running.communicate(timeout=60)[1]
    hold.unlink()
    assert (running.returncode, told_.strip()) == (130, STOPPED)
    workers = [int(path.name) for path in (folder / "marks").iterdir()]
    wait_for("a worker lives on", 20, lambda: not any(map(is_alive, workers)))
    assert not (folder / "slow" / "manifest.json").exists()
    again = pressed(folder)
    again.communicate()
    assert again.returncode == 0
    assert load_study(folder / "slow").manifest["replications"] == 12
