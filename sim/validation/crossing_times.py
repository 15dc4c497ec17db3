"""Crossing times of the survey of 2001 by the Federal Highway Administration, with that year's lanes and trucks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache

import numpy as np

from sim.network.build.facts import BORDER
from sim.network.build.tables import Fact, read_facts
from sim.network.build.traffic import PortFit, read_fits
from sim.validation.finding import Finding, within_factor, within_pct
from sim.validation.survey import Met, Question, mean_of, quantile, survey

# Tuesday to Thursday, some twelve hours a day, as at the Peace Bridge (seen); the days of the other bridges are not
# known: the trucks are those of a mean weekday of the year, whatever the month.
START, DAYS = dt.date(2001, 5, 22), 3
FROM_HOUR, TO_HOUR = 7, 19  # assumption
REPLICATIONS = 100
KNOWN_LANES = {("V1", "US"), ("V2", "US")}
MEAN_PCT, P95_PCT = 15.0, 25.0
FACTOR, P95_FACTOR = 2.0, 2.5  # where lanes were not seen
MEASURES = {"crossing_mean": (MEAN_PCT, FACTOR), "crossing_p95": (P95_PCT, P95_FACTOR)}


def crossing_times() -> Iterator[Finding]:
    """Mean and 95th percentile from toll plaza to the exit of primary inspection: base time and what trucks wait."""
    observed = [row for row in read_facts(BORDER / "observations.csv") if row["id"] in ("V1", "V2", "V3")]
    base = {(r["port"], r["to_country"]): float(r["value"]) for r in observed if r["measure"] == "crossing_base"}
    for row in observed:
        if row["measure"] in MEASURES:
            yield _compare(row, base[row["port"], row["to_country"]])


def delays() -> Iterator[Finding]:
    """Mean delay beyond free flow, both directions of the northern bridges that were surveyed, but Blaine."""
    ways = [(row["port"], row["to_country"]) for row in read_facts(BORDER / "past_lanes.csv")]
    ours = float(np.mean([mean_of(met.wait_min, met.weight) for met in map(_met, ways)]))
    for row in read_facts(BORDER / "observations.csv"):
        if row["id"] == "V4" and row["port"] == "northern_ports":
            theirs = float(row["value"])
            note = "theirs with Blaine, whose lanes of 2001 are not known; ours of three bridges"
            band = within_factor(theirs, FACTOR)
            yield Finding("V4", "northern ports mean delay", ours, theirs, "min", *band, row["source"], note)


def _compare(row: Fact, base: float) -> Finding:
    way = row["port"], row["to_country"]
    met = _met(way)
    wait = mean_of(met.wait_min, met.weight)
    if row["measure"] == "crossing_p95":
        wait = quantile(met.wait_min, met.weight, 0.95)
    theirs, known = float(row["value"]), (row["id"], row["to_country"]) in KNOWN_LANES
    pct, factor = MEASURES[row["measure"]]
    band = within_pct(theirs, pct) if known else within_factor(theirs, factor)
    name = f"{way[0]}/{way[1].lower()} {row['measure'].removeprefix('crossing_')}"
    note = "" if known else "lanes of 2001 not known"
    return Finding(row["id"], name, base + wait, theirs, "min", *band, row["source"], note)


@cache
def _met(way: tuple[str, str]) -> Met:
    """Survey trucks of the hours of 2001 at a port in a direction."""
    port, country = way
    (row,) = (r for r in read_facts(BORDER / "past_lanes.csv") if (r["port"], r["to_country"]) == way)
    crossing = f"{port}/{country.lower()}"
    fit = read_fits()[port]
    change = {
        "booths_standard": float(row["booths_standard"]),
        "booths_fast": float(row["booths_fast"]),
        "cycle_standard_s": float(row["cycle_standard_s"]),
        "background_weekday": weekday_of(row, fit) / fit.season[START.month],  # the mean of the year in this month
    }
    found = survey(Question((crossing,), START, DAYS, REPLICATIONS, {crossing: change}))
    met = found.met[crossing, "standard"]
    days = (met.date >= START.toordinal()) & (met.date < START.toordinal() + DAYS)
    return met.where(days & (met.hour >= FROM_HOUR) & (met.hour < TO_HOUR))


def weekday_of(row: Fact, fit: PortFit) -> float:
    """Trucks on a mean weekday of the year behind a count of ``past_lanes.csv``: of a month or of a year."""
    weekend = fit.weekend_pct / 100
    year, _, month = row["counted"].partition("-")
    days = [dt.date(int(year), 1, 1) + dt.timedelta(days=n) for n in range(365)]
    counted = [day for day in days if not month or day.month == int(month)]
    weight = sum((weekend if day.weekday() >= 5 else 1.0) * fit.season[day.month] for day in counted)
    return float(row["trucks"]) / weight
