"""Usual waits and crossing times as agencies and newspapers told them, in wide bands: most are of busy days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sim.network.build.facts import BORDER
from sim.network.build.tables import Fact, read_facts
from sim.validation.finding import Finding, within_factor
from sim.validation.survey import Met, Question, mean_of, survey

FACTOR = 2.0
DAYS, REPLICATIONS = 14, 5
PERIODS = {
    "V5": dt.date(2012, 10, 1),
    "V6": dt.date(2004, 10, 4),
    "V9": dt.date(2022, 4, 18),
    "V10": dt.date(2023, 5, 1),
}
ROUGHLY = {
    "V5": "traffic of 2015, the nearest year with counts",
    "V6": "traffic of 2015, the nearest year with counts; lanes of 2004 not known",
    "V9": "lanes of 2022",
    "V10": "booths assumed, or lanes of 2014",
}
LEFT_OUT = ("bota",)  # its hours of 2012 are not known; today's are half as long
GROUPS = ("el_paso", "northern_ports", "southern_ports")


def usual_waits() -> Iterator[Finding]:
    """Means over the weekdays of a fortnight, all trucks by class together."""
    rows = [row for row in read_facts(BORDER / "observations.csv") if row["id"] in PERIODS]
    for target, start in PERIODS.items():
        chosen = [row for row in rows if row["id"] == target and row["port"] not in (*LEFT_OUT, *GROUPS)]
        crossings = tuple(f"{row['port']}/us" for row in chosen)
        found = survey(Question(crossings, start, DAYS, REPLICATIONS))
        for row, crossing in zip(chosen, crossings, strict=True):
            yield _compare(row, found.met[crossing, "standard"])


def _compare(row: Fact, met: Met) -> Finding:
    days = met.where(met.is_weekday)
    values = days.wait_min if row["measure"] == "wait_mean" else days.crossing_min
    theirs = float(row["value"])
    band = within_factor(theirs, FACTOR)
    item = f"{row['port']}/us {row['measure'].replace('_', ' ')}"
    ours = mean_of(values, days.weight)
    return Finding(row["id"], item, ours, theirs, "min", *band, row["source"], ROUGHLY[row["id"]])
