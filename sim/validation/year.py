"""Trucks on a weekday of 2024 by port, played through the whole year, against the counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sim.network.build.facts import read_ports
from sim.validation.finding import Finding, within_pct
from sim.validation.survey import Question, survey

YEAR, DAYS = 2024, 366
TOLERANCE_PCT = 3.0
ROUNDED_TO = 10  # theirs


def weekday_trucks() -> Iterator[Finding]:
    """Trucks that were let in on a weekday of 2024, everybody else's and survey trucks together."""
    ports = {port: row for port, row in read_ports().items() if row["weekday_trucks_2024"]}
    found = survey(Question(tuple(f"{port}/us" for port in ports), dt.date(YEAR, 1, 1), DAYS, 1))
    first, last = dt.date(YEAR, 1, 2), dt.date(YEAR, 12, 30)  # whole local days
    for port, row in ports.items():
        hours = found.hours[f"{port}/us"]
        days = (hours.date >= first.toordinal()) & (hours.date <= last.toordinal()) & hours.is_weekday
        trucks = found.trucks(f"{port}/us", first, last, weekdays=True)
        weekdays = len(set(hours.date[days].tolist()))
        theirs = float(row["weekday_trucks_2024"])
        low, high, band = within_pct(theirs, TOLERANCE_PCT)
        low, high, band = low - ROUNDED_TO / 2, high + ROUNDED_TO / 2, f"{band} and rounding"
        lost = hours.gave_up[:, days].sum() / max(1.0, trucks)
        note = f"{100 * lost:.1f} % give up: more trucks than booths seen open can serve" if lost > 0.005 else ""
        ours = trucks / weekdays
        yield Finding("V12", f"{port}/us", ours, theirs, "trucks/weekday", low, high, band, "ports.csv", note)
