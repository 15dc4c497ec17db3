"""The README: its five minutes are walked as they stand, and every command and picture that it names is there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from sim.cli import cli

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ASIDE = re.compile(r"\s{2,}\S.*$")  # what a line is for, to its right


def commands(text: str) -> list[list[str]]:
    """The commands ``sim ...`` of indented lines, without what is said beside them; several on a line one by one."""
    lines = [line.strip() for line in text.splitlines() if line.startswith("    sim ")]
    asked = [part.strip() for line in lines for part in ASIDE.sub("", line).split(";")]
    return [shlex.split(one)[1:] for one in asked if one.startswith("sim ")]


def test_every_command_and_option_is_one() -> None:
    found = commands(README)
    assert len(found) > 30
    unknown = []
    for words in found:
        command: click.Command = cli
        context = click.Context(cli)
        rest = list(words)
        while isinstance(command, click.Group) and rest and (inner := command.get_command(context, rest[0])):
            command, rest = inner, rest[1:]
        options = {name for parameter in command.params for name in parameter.opts}
        if command is cli or any(word.startswith("--") and word not in options for word in rest):
            unknown.append(" ".join(words))
    assert unknown == []


def test_what_it_links_to_is_there() -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert "README.png" in targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


@pytest.mark.slow
def test_the_five_minutes_can_be_walked(tmp_path: Path) -> None:
    pytest.importorskip("typst")
    tour = commands(README.split("## Five minutes")[1].split("\n## ")[0])
    assert [words[0] for words in tour] == ["check", "run", "compare", "explain", "law", "report", "cite"]
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    told = {}
    for words in tour:
        run = [sys.executable, "-m", "sim", *words]
        done = subprocess.run(run, cwd=tmp_path, env=_here(), capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, (words, done.stderr)
        told[words[0]] = done.stdout
    assert told["check"] == "scenarios/border_tax_35.yaml: ok\n"
    assert "border_tax_35" in told["run"]
    assert "us/proposals/border_tax_35" in told["explain"]
    assert "USD 8,750.00" in told["law"]  # 35 % of 25,000
    assert (tmp_path / "outputs/border_tax_35/report.pdf").read_bytes().startswith(b"%PDF-")
    assert "https://www.detroitnews.com" in told["cite"]


@pytest.mark.slow
def test_the_example_in_python_runs_as_it_stands(tmp_path: Path) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    (tmp_path / "example.py").write_text(example, encoding="utf-8")
    run = [sys.executable, "example.py"]
    done = subprocess.run(run, cwd=tmp_path, env=_here(), capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["nafta_as_it_stood", "border_tax_35"]
    assert (tmp_path / "cost.png").read_bytes().startswith(b"\x89PNG")


def _here() -> dict[str, str]:
    """The program beside this test, whichever is installed."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
