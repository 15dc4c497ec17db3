"""Disruptions: what a month lost or gained by them, ours with and without the shocks of the scenario, and theirs."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sim.calibration.counts import Month, members, read_month
from sim.network.build.facts import BORDER
from sim.network.build.tables import Fact, read_facts
from sim.scenario import Shock, load_scenario
from sim.validation.finding import Finding
from sim.validation.survey import Question, Survey, survey

EVENTS = ("storm_2017", "officers_2019")  # scenarios of the same names; shocks at crossings alone
LEAD_DAYS = 7  # played before the month
REPLICATIONS = 4
FACTOR, NOISES = 2.0, 2.0
PLACES = ("closure", "slowdown", "lanes", "relief", "inspection", "surge")  # kinds of shock that crossings know


def event_months() -> Iterator[Finding]:
    """Change of a month's trucks into the United States by an event, in percent, of every port with an effect."""
    for event in EVENTS:
        rows = [row for row in read_facts(BORDER / "events.csv") if row["event"] == event and row["effect_pct"]]
        months = defaultdict(list)
        for row in rows:
            months[read_month(row["month"])].append(row)
        for month, told in sorted(months.items()):
            yield from _compare(event, month, told)


def _compare(event: str, month: Month, told: Sequence[Fact]) -> Iterator[Finding]:
    ports = sorted({port for row in told for port in members(row["port"])})
    crossings = tuple(f"{port}/us" for port in ports)
    shocks = tuple(x for x in load_scenario(event).shocks if x.kind in PLACES and _of_ports(x, ports))
    first = dt.date(*month, 1)
    days = calendar.monthrange(*month)[1] + LEAD_DAYS + 1
    start = first - dt.timedelta(days=LEAD_DAYS)
    usual, struck = (
        _trucks(survey(Question(crossings, start, days, REPLICATIONS, shocks=x)), month) for x in ((), shocks)
    )
    for row in told:
        own = [f"{port}/us" for port in members(row["port"])]
        ours = 100 * (sum(struck[x] for x in own) / sum(usual[x] for x in own) - 1)
        theirs, noise = float(row["effect_pct"]), float(row["noise_pct"] or 0)
        ends = sorted((theirs / FACTOR, theirs * FACTOR))
        low, high = ends[0] - NOISES * noise, ends[1] + NOISES * noise
        low, high = (low, min(high, 0.0)) if theirs < 0 else (max(low, 0.0), high)
        band = f"sign, a factor of {FACTOR:g} and {NOISES:g} x noise"
        item = f"{event} {row['port']} {row['month']}"
        yield Finding("events", item, ours, theirs, "%", low, high, band, row["source"], "not fitted")


def _of_ports(shock: Shock, ports: Sequence[str]) -> bool:
    return shock.at.split("/")[0] in ports


def _trucks(found: Survey, month: Month) -> Mapping[str, float]:
    """Trucks that passed in a month, everybody else's and survey trucks, by crossing."""
    first, last = dt.date(*month, 1).toordinal(), dt.date(*month, calendar.monthrange(*month)[1]).toordinal()
    trucks = {}
    for crossing, hours in found.hours.items():
        trucks[crossing] = float(hours.passed[:, (hours.date >= first) & (hours.date <= last)].sum())
        for kind in ("standard", "fast"):
            met = found.met.get((crossing, kind))
            if met is not None:
                trucks[crossing] += float(((met.date >= first) & (met.date <= last)).sum())
    return trucks
