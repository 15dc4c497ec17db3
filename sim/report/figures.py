"""The figures of a report in order: which a study has the numbers for, their words and their tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from sim.measures.daily import SERIES
from sim.network.model import Network
from sim.report.border_figures import BORDER, WAIT, border_hours, border_waits, crossings_drawn
from sim.report.captions import CAPTIONS
from sim.report.cost_figures import COST, DUTY, TOTAL, cost_waterfall, duty_by_programme
from sim.report.flowmap import network_map
from sim.report.flows import picture_of
from sim.report.graph_figures import crossings_histogram, supplier_tiers
from sim.report.hour_figures import queue_over_disruption, waits_by_hour
from sim.report.hours import Hours, first_shock, hours_of
from sim.report.passport_figure import passport, stays_of
from sim.report.payer_figure import pass_through_of, who_pays, who_receives
from sim.report.source import ALL, Comparison, StudyData, Summary
from sim.report.style import digits_for, with_interval
from sim.report.time_figure import over_time
from sim.report.trade_figures import (
    BALANCE,
    MILLION,
    RECEIPTS,
    content_thresholds,
    trade_balance,
    treasury_receipts,
)


@dataclass(frozen=True, slots=True)
class Plate:
    """A figure ready for the page.

    Parameters
    ----------
    name : str
        File stem and anchor.
    heading, caption, alt : str
        Words above, words below, and the content in words for who cannot see it.
    tables : tuple of str
        Names of the tables behind it.
    figure : Figure
        As drawn, not yet written.
    """

    name: str
    heading: str
    caption: str
    alt: str
    tables: tuple[str, ...]
    figure: Figure


@dataclass(frozen=True, slots=True)
class Omission:
    """A figure that could not be drawn, and what was missing."""

    heading: str
    reason: str


def draw_all(
    data: StudyData, network: Network | None, folder: Path | None = None
) -> tuple[list[Plate], list[Omission]]:
    """Draw every figure that the study has the numbers for.

    Parameters
    ----------
    data : StudyData
        The study.
    network : Network or None
        The network for the map; None when it cannot be found by name.
    folder : Path, optional
        Of the study: its stored ledgers tell the hours at the border.

    Returns
    -------
    tuple
        The figures in order, and those left out with the reason.
    """
    plates: list[Plate] = []
    omissions: list[Omission] = []
    for heading, missing, draw in _catalogue(data, network, folder):
        if missing:
            omissions.append(Omission(heading, missing))
        else:
            plates.append(draw())
    return plates, omissions


def _catalogue(
    data: StudyData, network: Network | None, folder: Path | None
) -> list[tuple[str, str, Callable[[], Plate]]]:
    summary = data.summary
    stored = hours_of(data, folder) if folder else []
    shock = first_shock(data)

    def lacks(*measures: str) -> str:
        gone = [name for name in measures if not summary.has(name)]
        return f"the results hold no measure {', '.join(gone)}" if gone else ""

    alone = "" if summary.reforms else "the study has no scenario besides its baseline"
    lacks_network = "" if network else f"no network named '{data.network_name}' was found"
    lacks_days = "" if data.panels else "the results hold no days"
    lacks_content = "" if _content(data) else "the facts hold no content of vehicles"
    lacks_hours = lacks_network or ("" if stored else "no ledger was stored (sim run --ledger sample)")
    lacks_queue = lacks_hours if shock else "no scenario has a disruption with a beginning and an end"
    lacks_passport = "" if _passport(data) else "the facts hold no passport"
    return [
        ("Cost per vehicle", alone or lacks(COST), lambda: _cost(data)),
        ("Duty by programme", lacks(DUTY), lambda: _duty(data)),
        ("Who pays", alone or lacks(COST, DUTY), lambda: _payers(data)),
        ("Receipts by treasury", lacks(RECEIPTS), lambda: _receipts(data)),
        ("Content against thresholds", lacks_content, lambda: _contents(data)),
        ("Border hours and lost vehicles", lacks(BORDER), lambda: _hours(data)),
        ("Waits by crossing", lacks(WAIT), lambda: _waits(data)),
        ("Waits by hour of the day", lacks_hours, lambda: _by_hour(data, network, stored[0])),
        ("Queue over the disruption", lacks_queue, lambda: _queue(data, stored)),
        ("The run over time", lacks_days, lambda: _over_time(data)),
        ("Network", lacks_network, lambda: _map(data, network)),
        ("Suppliers by tier", lacks_network, lambda: _graph("supplier_tiers", supplier_tiers, data, network)),
        ("Borders passed", lacks_network, lambda: _graph("crossings_histogram", crossings_histogram, data, network)),
        ("Passport of one part", lacks_passport, lambda: _one_passport(data)),
        ("Trade balance", alone or lacks(BALANCE), lambda: _balance(data)),
    ]


def _cost(data: StudyData) -> Plate:
    rows = data.summary.row(COST, ALL, TOTAL)
    return Plate(
        "cost_waterfall",
        *CAPTIONS["cost_waterfall"],
        f"Waterfall charts of the change in cost per vehicle. Totals: {_words(data.summary, rows, 'USD')}.",
        ("headline", "cost_per_vehicle"),
        cost_waterfall(data.summary, data.provenance),
    )


def _duty(data: StudyData) -> Plate:
    rows = data.summary.row(COST, ALL, "duty")
    return Plate(
        "duty_by_programme",
        *CAPTIONS["duty_by_programme"],
        f"Stacked bars of duty per vehicle. Change in duty: {_words(data.summary, rows, 'USD')}.",
        ("duty_per_vehicle", "why_this_duty"),
        duty_by_programme(data.summary, data.provenance),
    )


def _payers(data: StudyData) -> Plate:
    summary, pct = data.summary, pass_through_of(data)
    parts = []
    for scenario in summary.reforms:
        found = [f"{name} {value:+,.0f}" for name, value in who_receives(summary, scenario) if abs(value) >= 0.5]
        parts.append(f"{summary.label(scenario)}: {', '.join(found) or 'nothing'}")
    return Plate(
        "who_pays",
        *CAPTIONS["who_pays"],
        f"Pairs of stacked bars. Where the change goes, USD a vehicle. {'; '.join(parts)}.",
        (),
        who_pays(summary, pct, data.provenance),
    )


def _receipts(data: StudyData) -> Plate:
    summary = data.summary
    parts = []
    for scenario in summary.scenarios:
        found = [(code, summary.one(scenario, RECEIPTS, ALL, code)) for code in ("US", "CA", "MX")]
        shown = ", ".join(f"{code} {row.mean / MILLION:,.1f}" for code, row in found if row)
        parts.append(f"{summary.label(scenario)}: {shown}")
    return Plate(
        "treasury_receipts",
        *CAPTIONS["treasury_receipts"],
        f"Stacked bars of receipts in USD million. {'; '.join(parts)}.",
        ("receipts",),
        treasury_receipts(summary, data.provenance),
    )


def _contents(data: StudyData) -> Plate:
    found = _content(data)
    parts = [
        f"{data.summary.label(scenario)}: {sum(bool(r.get('originates')) for r in rows)} of {len(rows)}"
        for scenario, rows in found.items()
    ]
    return Plate(
        "content_thresholds",
        *CAPTIONS["content_thresholds"],
        f"Bars of content with a tick at the threshold. Vehicles that meet it: {'; '.join(parts)}.",
        ("content",),
        content_thresholds(found, data.summary, data.provenance),
    )


def _hours(data: StudyData) -> Plate:
    hours = _words(data.summary, data.summary.headline(BORDER), "hours")
    return Plate(
        "border_hours",
        *CAPTIONS["border_hours"],
        f"Points with intervals. Border hours per vehicle: {hours}.",
        ("headline",),
        border_hours(data.summary, data.provenance),
    )


def _waits(data: StudyData) -> Plate:
    summary = data.summary
    parts = []
    for crossing in crossings_drawn(summary):
        row = summary.one(summary.baseline, WAIT, ALL, f"{crossing}|mean")
        parts.append(f"{summary.crossing(crossing)} {row.mean:.0f}" if row else "")
    return Plate(
        "border_waits",
        *CAPTIONS["border_waits"],
        f"Markers of mean wait by crossing. Baseline means in minutes: {', '.join(filter(None, parts))}.",
        ("border_waits",),
        border_waits(summary, data.provenance),
    )


def _by_hour(data: StudyData, network: Network | None, hours: Hours) -> Plate:
    if network is None:
        raise ValueError("hours of the day need a network")
    label = data.summary.label(hours.scenarios[0])
    return Plate(
        "waits_by_hour",
        *CAPTIONS["waits_by_hour"],
        f"Lines with bands by hour of the day, one panel a crossing, under {label}.",
        (),
        waits_by_hour(hours, network, label, data.provenance),
    )


def _queue(data: StudyData, stored: list[Hours]) -> Plate:
    shock = first_shock(data)
    if shock is None:
        raise ValueError("a queue needs a disruption")
    labels = {name: data.summary.label(name) for name in data.summary.scenarios}
    return Plate(
        "queue_over_disruption",
        *CAPTIONS["queue_over_disruption"],
        f"Lines by hour around {shock[0]:%Y-%m-%d %H:%M} UTC, {shock[1]} hours long, one panel a crossing.",
        (),
        queue_over_disruption(stored, labels, *shock, data.provenance, data.summary.crossings),
    )


def _graph(name: str, draw: Callable[[Network, str], Figure], data: StudyData, network: Network | None) -> Plate:
    if network is None:
        raise ValueError("a graph needs a network")
    told = f"{len(network.sites)} sites, {len(network.lanes):,} lanes"
    alt = f"{CAPTIONS[name][0]} in the network {network.name}: {told}."
    return Plate(name, *CAPTIONS[name], alt, (), draw(network, data.provenance))


def _over_time(data: StudyData) -> Plate:
    labels = {name: data.summary.label(name) for name in data.summary.scenarios}
    base = data.summary.baseline
    inside = [
        (series, item, bands[base]["median"][bands[base]["day"] >= data.start.isoformat()])
        for series, item, bands in data.panels
    ]
    parts = [
        f"{SERIES[series].title.lower()}{f' ({data.summary.crossing(item)})' if item else ''} "
        f"{values.min():,.0f} to {values.max():,.0f} {SERIES[series].unit}"
        for series, item, values in inside
        if values.size
    ]
    return Plate(
        "over_time",
        *CAPTIONS["over_time"],
        f"Lines with bands by day. Medians of the baseline in the window: {'; '.join(parts)}.",
        (),
        over_time(data.panels, labels, data.start, data.provenance, data.summary.crossings),
    )


def _map(data: StudyData, network: Network | None) -> Plate:
    if network is None:
        raise ValueError("a map needs a network")
    waits = {}
    for item in data.summary.items(WAIT):
        crossing, _, statistic = item.partition("|")
        row = data.summary.one(data.summary.baseline, WAIT, ALL, item)
        if statistic == "mean" and row is not None:
            waits[crossing] = row.mean
    picture = picture_of(network, waits)
    count = sum(len(places) for places in picture.sites.values())
    busiest = sorted(picture.gates, key=lambda gate: -gate.loads_per_day)[:3]
    words = ", ".join(f"{gate.name} {gate.loads_per_day:.0f}" for gate in busiest)
    return Plate(
        "network_map",
        *CAPTIONS["network_map"],
        f"Map with {count} sites and {len(picture.gates)} ports. Busiest, loads a day: {words}.",
        (),
        network_map(picture, data.provenance),
    )


def _one_passport(data: StudyData) -> Plate:
    record = _passport(data)
    if record is None:
        raise ValueError("a passport figure needs a passport")
    places = list(dict.fromkeys(stay.place for stay in stays_of(record, data.summary.crossings)))
    return Plate(
        "passport",
        *CAPTIONS["passport"],
        f"Timeline of {record.get('title') or record.get('part')}: {', then '.join(places)}.",
        ("passport",),
        passport(record, data.provenance, data.summary.crossings),
    )


def _balance(data: StudyData) -> Plate:
    summary = data.summary
    parts = []
    for pair in summary.items(BALANCE):
        rows = summary.row(BALANCE, ALL, pair)
        parts.append(f"{pair}: {_words(summary, rows, 'USD million', MILLION)}")
    return Plate(
        "trade_balance",
        *CAPTIONS["trade_balance"],
        f"Bars of change in trade balance. {' '.join(parts)}",
        ("trade_balance",),
        trade_balance(summary, data.provenance),
    )


def _content(data: StudyData) -> dict[str, list[Mapping[str, Any]]]:
    found = {name: list(data.fact(name, "content") or ()) for name in data.summary.scenarios}
    return {name: rows for name, rows in found.items() if rows}


def _passport(data: StudyData) -> Mapping[str, Any] | None:
    """Choose the passport with the most places among those of the baseline, else of any scenario."""
    for scenario in data.summary.scenarios:
        records = [record for record in data.fact(scenario, "passports") or () if record.get("rows")]
        if records:
            best: Mapping[str, Any] = max(records, key=lambda record: len({row.get("place") for row in record["rows"]}))
            return best
    return None


def _words(summary: Summary, rows: tuple[Comparison, ...], unit: str, per: float = 1.0) -> str:
    changes = [row for row in rows if row.scenario != summary.baseline]
    digits = digits_for([row.difference / per for row in changes])
    shown = (
        f"{summary.label(c.scenario)} {with_interval(c.difference / per, c.half_width_95 / per, digits)}"
        for c in changes
    )
    return f"{', '.join(shown)} {unit}" if changes else "none"


__all__ = ["Omission", "Plate", "draw_all"]
