"""Small runs of every room, and digests of all they leave, as JSON; `python tests/invariance/probe.py OUT JOBS`.

It needs nothing but the program, installed in whatever way, and takes up the locale of its environment, as a desktop
that embeds Python would.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import locale
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from sim.duty import assess_file
from sim.locate import data_dir
from sim.network.generate import Shape, write_generated
from sim.origin import determine_file
from sim.scenario import Scenario
from sim.study import run_study, single_study
from sim.units import DAY, WEEK

SHAPE = Shape(plants=3, tiers=2, parts=20, makers=2, crossings=4, vehicles_per_day=30, background=40, milk_runs=True)


def scenarios(folder: Path) -> list[list[Scenario]]:
    """Two studies: a generated network and a shipped one, each with a reform beside its baseline."""
    write_generated(folder / "small", SHAPE, seed=7)
    made = Scenario(
        name="generated",
        path=None,
        question="Does a run depend on anything but its inputs?",
        source="",
        network=str(folder / "small"),
        law_as_of=dt.date(2017, 8, 16),
        reforms=(),
        firms="claim_or_pay",
        warm_up_s=12 * WEEK,
        start=dt.date(2017, 10, 30),
        run_s=WEEK,
        replications=2,
    )
    shipped = made.with_(name="shipped", network="seat_control", run_s=DAY)
    return [[asked, asked.with_(name=f"{asked.name}_taxed", reforms=("border_tax_35",))] for asked in (made, shipped)]


def digests(out: Path, jobs: int) -> dict[str, Any]:
    """Digests of ledgers, of every file that a study leaves, and of two answers; figures of the first replication."""
    found: dict[str, Any] = {"ledgers": {}, "files": {}, "answers": {}, "figures": {}}
    for asked in scenarios(out):
        plan = single_study(asked)
        folder = out / plan.name
        study = run_study(plan, folder, jobs=jobs, ledger="all")
        for run in study.manifest["runs"]:
            found["ledgers"][f"{run['scenario']} {run['replication']}"] = [run["plan_digest"], run["ledger_digest"]]
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = path.relative_to(out).as_posix()
            found["files"][name] = hashlib.sha256(path.read_bytes()).hexdigest()
        for measure in study.measures():
            for item in study.items(measure):
                for name, values in study.series(measure, item=item).items():
                    if values[0] == values[0]:  # not where nothing was measured
                        found["figures"][f"{name} {measure} {item}".strip()] = float(values[0])
    examples = data_dir() / "examples"
    answers = {
        "origin": [answer.as_dict() for answer in determine_file(examples / "origin.yaml")],
        "duty": assess_file(examples / "duty.yaml").as_dict(),
    }
    for name, answer in answers.items():
        text = json.dumps(answer, ensure_ascii=False).replace(str(examples), "")
        found["answers"][name] = hashlib.sha256(text.encode()).hexdigest()
    return found


if __name__ == "__main__":
    with suppress(locale.Error):  # an environment may name one that this system lacks
        locale.setlocale(locale.LC_ALL, "")
    sys.stdout.write(json.dumps(digests(Path(sys.argv[1]).resolve(), int(sys.argv[2]))))
