"""Bad intent: no network at run time, nothing unpickled, no code of inputs, templates escape, versions are locked."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.hardening.lock import asked

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "sim").rglob("*.py"))
# What would read objects out of a file, run text as code, or start a program.
FORBIDDEN = {
    "pickle", "cPickle", "_pickle", "cloudpickle", "dill", "joblib", "marshal", "shelve", "subprocess", "pty",
    "socket", "urllib.request", "http.client", "ftplib", "smtplib", "requests", "httpx", "runpy", "code", "codeop",
}  # fmt: skip
CALLS = {"eval", "exec", "compile", "__import__", "system", "popen", "spawnv", "execv", "unsafe_load", "full_load"}
ALLOWED = {("sim/report/document.py", "compile")}  # typst.compile, of a template of the program's own


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func
            yield (name.attr if isinstance(name, ast.Attribute) else getattr(name, "id", "")), node


def is_of(call: ast.Call, *modules: str) -> bool:
    """Whether a call is of a function of one of these modules."""
    return isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") in modules


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_file_unpickles_runs_text_or_starts_a_program(path: Path) -> None:
    tree, name = ast.parse(path.read_text(encoding="utf-8")), path.relative_to(ROOT).as_posix()
    imported = {
        found
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for found in ([x.name for x in node.names] if isinstance(node, ast.Import) else [node.module or ""])
    }
    assert not imported & FORBIDDEN
    for called, call in calls(tree):
        if called in CALLS and (name, called) not in ALLOWED:
            assert is_of(call, "re"), f"line {call.lineno}: {called}"
        assert not any(x.arg == "allow_pickle" for x in call.keywords), f"line {call.lineno}"
        assert not (called == "load" and is_of(call, "np", "numpy")), f"line {call.lineno}: numpy may unpickle"
        if is_of(call, "yaml"):
            assert called in ("compose", "parse"), f"line {call.lineno}: yaml.{called} makes objects"
        if called == "Environment" and not is_of(call, "simpy"):
            escaping = [x.value for x in call.keywords if x.arg == "autoescape"]
            assert [getattr(x, "value", None) for x in escaping] == [True], f"line {call.lineno}: does not escape"


def test_the_walk_finds_what_it_looks_for() -> None:
    tree = ast.parse("import pickle\nyaml.load(x)\nnp.load(f, allow_pickle=True)\neval(x)\n")
    assert [name for name, _ in calls(tree)] == ["load", "load", "eval"]


NO_NETWORK = """
import socket, sys
reached = []
def refused(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.bind"):
        place = arguments[1] if event in ("socket.connect", "socket.sendto", "socket.bind") else arguments[0]
        host = place[0] if isinstance(place, tuple) else place
        here = ("127.0.0.1", "::1", "localhost")
        if isinstance(host, str) and host not in here and not host.startswith(("/", "\\0")):
            reached.append(f"{event} {host}")
            raise PermissionError(f"reaches for {host}")
sys.addaudithook(refused)
from sim.cli import cli
for words in %r:
    try:
        cli(words, prog_name="sim")
    except SystemExit as ended:
        assert not ended.code, (words, ended.code)
assert not reached, reached
print("none reached")
"""
SCENARIO = (
    "title: '<script>alert(1)</script>'\nquestion: '{{ 7*7 }}<img src=x onerror=alert(1)>?'\nnetwork: seat_control\n"
    "source: '<b>bold</b>'\nhorizon: {warm_up: 10 weeks, start: 2017-08-16, run: 1 weeks}\n"
)


def test_nothing_is_reached_and_everything_escaped(tmp_path: Path) -> None:
    """A run, its report, its references and a validation, under a hook that sees every socket."""
    (tmp_path / "tagged.yaml").write_text(SCENARIO)
    words = [
        ["run", "tagged.yaml", "--replications", "2", "--jobs", "1", "--no-report"],
        ["report", "outputs/tagged"],
        ["cite", "outputs/tagged"],
        ["validate", "makers", "journeys"],
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", NO_NETWORK % words], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("none reached\n")
    page = (tmp_path / "outputs" / "tagged" / "report.html").read_text(encoding="utf-8")
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    assert "<b>bold</b>" not in page
    assert "{{ 7*7 }}" in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_dependencies_are_ranges_and_the_lock_lies_in_them() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9-]+==[A-Za-z0-9.+!-]+", line) for line in pins)
    assert pins == sorted(set(pins), key=lambda line: line.split("==")[0])
    versions = dict(line.split("==") for line in pins)
    for text in asked():
        wanted = Requirement(text)
        assert wanted.url is None
        name = canonicalize_name(wanted.name)
        assert name in versions, f"{name} is not in requirements.lock: python -m tests.hardening.lock"
        assert wanted.specifier.contains(versions[name], prereleases=True), name


def test_the_lock_names_no_place() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"://|index|find-links|trusted|@", text)
