"""Counts of trucks by month: the series of each crossing, and the months in which something happened."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from sim.network.build.facts import BORDER, read_ports
from sim.network.build.tables import read_facts

Month: TypeAlias = tuple[int, int]  # year and month, January 1

TRUCKS = "land_truck"


@dataclass(frozen=True, slots=True)
class Counts:
    """What is known of the trucks that entered the United States at a port.

    Parameters
    ----------
    port : str
    months : mapping of (year, month) to int
        Trucks of a month; months of events are left out.
    years : mapping of int to int
        Trucks of a whole year, where they are known.
    weekend_pct : float
        A mean weekend day in percent of a weekday, as ten years of counts have it.
    shut_at_weekends : bool
        There are no trucks on weekends, by its hours.
    left_out : tuple of (year, month)
        Months with a count that an event touched.
    """

    port: str
    months: Mapping[Month, int]
    years: Mapping[int, int]
    weekend_pct: float
    shut_at_weekends: bool
    left_out: tuple[Month, ...]


def read_counts() -> dict[str, Counts]:
    """Counts of every truck crossing that has been open, by port: the bridge's own, otherwise its CBP port's.

    Returns
    -------
    dict of str to Counts
    """
    series = _series()
    events = event_months()
    found = {}
    for port, row in read_ports().items():
        months = series.get(("crossing", port)) or series.get(("port", port))
        if row["kind"] != TRUCKS or months is None:
            continue
        touched = events.get(port, frozenset())
        found[port] = Counts(
            port,
            MappingProxyType({month: trucks for month, trucks in sorted(months.items()) if month not in touched}),
            MappingProxyType(_years(row)),
            float(row["weekend_pct"]),
            row["weekend_open_hour"] == row["weekend_close_hour"],
            tuple(sorted(touched & set(months))),
        )
    return found


def _series() -> dict[tuple[str, str], dict[Month, int]]:
    found: dict[tuple[str, str], dict[Month, int]] = {}
    for row in read_facts(BORDER / "monthly_trucks.csv"):
        found.setdefault((row["level"], row["port"]), {})[read_month(row["month"])] = int(row["trucks"])
    return found


def _years(row: Mapping[str, str]) -> dict[int, int]:
    years = {name.removeprefix("entries_"): value for name, value in row.items() if name.startswith("entries_")}
    return {int(year): int(value) for year, value in years.items() if year.isdigit() and value}


def event_months() -> dict[str, frozenset[Month]]:
    """Months that an event of ``events.csv`` touched, by port; a group of ports stands for its members."""
    found: dict[str, set[Month]] = {}
    for row in read_facts(BORDER / "events.csv"):
        for port in members(row["port"]):
            found.setdefault(port, set()).add(read_month(row["month"]))
    return {port: frozenset(months) for port, months in found.items()}


def members(place: str) -> tuple[str, ...]:
    """Truck crossings behind a name of the fact tables: a port's own name, or a group of ports.

    Examples
    --------
    >>> members("laredo"), members("nogales"), members("canadian_rail")
    (('laredo_wtb', 'laredo_colombia'), ('nogales',), ())
    """
    trucks = {port: row for port, row in read_ports().items() if row["kind"] == TRUCKS}
    if place in trucks:
        return (place,)
    codes = {"laredo": {"2304"}, "brownsville": {"2301"}, "el_paso": {"2401", "2402"}}.get(place, set())
    if place == "texas_bridges":  # every bridge over the Rio Grande
        codes = {row["port_code"] for row in trucks.values() if row["port_code"][:2] in ("23", "24")} - {"2408"}
    return tuple(port for port, row in trucks.items() if row["port_code"] in codes)


def read_month(text: str) -> Month:
    """Year and month of a text such as ``2017-05``."""
    year, month = text.split("-")
    return int(year), int(month)


def working_days(month: Month) -> tuple[int, int]:
    """Weekdays, and Saturdays and Sundays, of a month.

    Examples
    --------
    >>> working_days((2024, 2))
    (21, 8)
    """
    first, days = calendar.monthrange(*month)
    weekend = sum((first + day) % 7 >= calendar.SATURDAY for day in range(days))
    return days - weekend, weekend
