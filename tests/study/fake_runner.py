"""A stand-in for `sim.replication`: the same names, figures made from the scenario's digest and a named stream."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.errors import PlanError
from sim.scenario import Scenario
from sim.streams import Streams


@dataclass
class Cache:
    """Notes which scenarios of one replication came here."""

    seen: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """One figure."""

    measure: str
    vehicle: str
    item: str
    value: float


@dataclass(frozen=True)
class DayRow:
    """One figure of a day."""

    measure: str
    vehicle: str
    item: str
    day: dt.date
    value: float


@dataclass(frozen=True)
class Run:
    """What `run_once` returns."""

    rows: list[Row]
    days: list[DayRow]
    plan_digest: str
    ledger_digest: str
    facts: dict[str, Any]


def require_ready(scenario: Scenario) -> None:
    """Everything is ready."""


def prepare(scenario: Scenario) -> Scenario:
    """Nothing to prepare."""
    return scenario


def run_once(prepared: Scenario, replication: int, cache: Cache, *, engine: str, is_baseline: bool) -> Run:
    """Costs 100 plus common noise, and 25 more for each reform."""
    cache.seen.append(prepared.name)
    _behave(prepared, replication, is_baseline)
    noise = float(Streams(prepared.seed, replication).generator("cost").normal())
    reforms = len(prepared.reforms)
    rows = [
        Row("cost_per_vehicle_usd", "all", "total", 100 + noise + 25 * reforms),
        Row("cost_per_vehicle_usd", "all", "duty", 25.0 * reforms),
        Row("border_hours_per_vehicle", "all", "total", 2 + noise / 10),
        Row("vehicles_lost", "all", "", 0.0),
    ]
    rows += [Row("receipts_usd", "all", f"US:{Path(name).stem}", 7.0) for name in prepared.reforms]
    digest = hashlib.sha256(f"{prepared.seed} {replication}".encode()).hexdigest()
    passports = {"lane/a#0": [{"event": "finish", "second": 5}]}
    begins = prepared.start - dt.timedelta(seconds=prepared.warm_up_s)
    length = (prepared.warm_up_s + prepared.run_s) // 86_400
    slope = -0.4 if prepared.name == "drifts" else 0.0
    days = [
        DayRow("moving_by_day", "all", "", begins + dt.timedelta(days=n), 50 + noise + n % 7 + replication + slope * n)
        for n in range(length)
    ]
    if prepared.name == "opens":
        days.append(DayRow("wait_min_by_day", "all", "new/ca", prepared.start, 9.0))
    return Run(rows, days, digest, digest, {"passports": passports, "passages": 3})


def _behave(scenario: Scenario, replication: int, is_baseline: bool) -> None:
    """Misbehave where the scenario's name asks for it."""
    if scenario.name == "unfair" and is_baseline:
        raise PlanError("unfair", ["as a baseline it loses 9 % of its line hours."])
    if scenario.name == "broken" and replication == 1:
        raise ZeroDivisionError("a defect")
    if scenario.name == "slow":
        marks = Path(os.environ["SIM_TEST_MARK"])
        (marks / str(os.getpid())).touch()
        time.sleep(0.2)
        for _ in range(600):  # a test that must find it in the middle holds the later half, for a minute at most
            if replication < 6 or not (marks / "hold").exists():
                break
            time.sleep(0.1)
    if scenario.name.startswith("kills_once") and replication == 2:
        mark = Path(os.environ["SIM_TEST_MARK"])
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
