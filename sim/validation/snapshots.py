"""Waits of two days on which CBP's feed was kept, at the hour of each port's report, with the lanes of that day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np

from sim.network.build.facts import BORDER
from sim.network.build.tables import Fact, read_facts
from sim.validation.finding import Finding, within_minutes
from sim.validation.survey import Met, Question, Survey, survey

MINUTES, PCT = 15.0, 50.0  # assumption: reports come in steps of 5 and 15 minutes, and are of one moment
HALF_WINDOW_MIN = 30  # assumption: half of the hour about a report
OVERNIGHT_MIN = 300  # assumption: who waits longer was left over at closing
REPLICATIONS = 20
TARGETS = {"2022-06-29": "V7", "2014-03-15": "V8"}
NOTE = "one moment of one day"


def snapshot_waits() -> Iterator[Finding]:
    """Mean wait to primary in the hour about each report, of every port and class with a report and lanes open."""
    for date, target in TARGETS.items():
        ports = _reports(date)
        found = survey(_question(dt.date.fromisoformat(date), ports))
        for port, rows in sorted(ports.items()):
            for kind in ("standard", "fast"):
                yield from _compare(target, f"{port}/us", kind, rows, found)


def _reports(date: str) -> dict[str, list[Fact]]:
    ports = defaultdict(list)
    for row in read_facts(BORDER / "lane_snapshots.csv"):
        if row["port"] and row["date"] == date and row["standard_state"] == "open":
            ports[row["port"]].append(row)
    return dict(ports)


def _question(day: dt.date, ports: Mapping[str, list[Fact]]) -> Question:
    changes = {
        f"{port}/us": {
            "booths_standard": float(sum(int(row["standard_lanes"]) for row in rows)),
            "booths_fast": float(sum(int(row["fast_lanes"] or 0) for row in rows)),
        }
        for port, rows in ports.items()
    }
    return Question(tuple(changes), day, 2, REPLICATIONS, changes)


def _compare(target: str, crossing: str, kind: str, rows: list[Fact], found: Survey) -> Iterator[Finding]:
    open_rows = [row for row in rows if row[f"{kind}_state"] == "open" and row[f"{kind}_wait_min"]]
    met = found.met.get((crossing, kind))
    if not open_rows or met is None:
        return
    lanes = np.array([float(row[f"{kind}_lanes"]) for row in open_rows])
    theirs = float(np.average([float(row[f"{kind}_wait_min"]) for row in open_rows], weights=lanes))
    day = dt.date.fromisoformat(rows[0]["date"]).toordinal()
    waits = _at(met, day, _minute(open_rows[0]["local_time"]))
    low, high, band = within_minutes(theirs, MINUTES, PCT)
    each = (
        f"our replications {np.min(waits):.0f} to {np.max(waits):.0f}"
        if len(waits)
        else "no trucks on Saturdays, by counts or hours"
    )
    ours = float(np.mean(waits)) if len(waits) else float("nan")
    item = f"{crossing} {kind} {rows[0]['date']} {open_rows[0]['local_time']}"
    yield Finding(
        target,
        item,
        ours,
        theirs,
        "min",
        low,
        high,
        band,
        "lane_snapshots.csv",
        f"{NOTE}; {each}{_reason(met, day, waits, low)}",
    )


def _at(met: Met, day: int, minute: int) -> list[float]:
    """Mean wait of each replication's survey trucks about a minute of a day."""
    near = met.where((met.date == day) & (np.abs(met.minute - minute) <= HALF_WINDOW_MIN))
    return [float(near.wait_min[near.replication == r].mean()) for r in np.unique(near.replication)]


def _reason(met: Met, day: int, waits: list[float], low: float) -> str:
    """Why a wait is too short: ours comes at another hour, or the booths that were open serve all that we expect."""
    if not waits or np.mean(waits) >= low:
        return ""
    own = met.where((met.date == day) & (met.wait_min < OVERNIGHT_MIN))
    peak = max(float(own.wait_min[own.hour == hour].mean()) for hour in np.unique(own.hour))
    return f"; our day has up to {peak:.0f} at another hour" if peak >= low else "; booths open serve what we expect"


def _minute(text: str) -> int:
    hours, minutes = text.split(":")
    return 60 * int(hours) + int(minutes)
