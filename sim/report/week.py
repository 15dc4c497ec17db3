"""One week on the map, from a stored ledger: where each load was at any minute, and how long every crossing's line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from sim.errors import LedgerError
from sim.ledger.files import connected
from sim.network.model import Lane, Network
from sim.report.charts import short
from sim.report.flows import Point, on_paper
from sim.report.paper import Paper, paper_of
from sim.report.projection import is_covered
from sim.report.source import StudyData
from sim.study.work import ledger_path
from sim.units import DAY, HOUR, MINUTE

HOURS = 7 * 24
MOST_LOADS = 4_000  # of a scenario on the page; of more, every second, third ... is shown
MOST_PLANS = 3  # scenarios whose events differ; each adds to the page
_COUNTRIES = ("US", "CA", "MX")
# Loads under way in a stretch of time, each with its stops at crossings in order. Times in seconds of the run.
_LOADS = """
SELECT l.file_row_number AS load, n.id AS lane, l.shipped_s, l.received_s,
       list(c.id ORDER BY p.position) FILTER (c.id IS NOT NULL) AS crossings,
       list(p.arrived_s ORDER BY p.position) FILTER (c.id IS NOT NULL) AS arrived,
       list(p.left_s ORDER BY p.position) FILTER (c.id IS NOT NULL) AS left_at
FROM read_parquet($loads, file_row_number = true) l
JOIN read_parquet($names) n ON n.kind = 'lane' AND n.number = l.lane
LEFT JOIN read_parquet($passages) p ON p.load = l.file_row_number
LEFT JOIN read_parquet($names) c ON c.kind = 'crossing' AND c.number = p.crossing
WHERE l.shipped_s >= 0 AND l.shipped_s < $until AND (l.received_s < 0 OR l.received_s > $from)
GROUP BY ALL ORDER BY load
"""
_WAITS = """
SELECT n.id AS crossing, h.hour AS hour, h.passed AS passed, h.wait_s AS wait_s
FROM read_parquet($hours) h JOIN read_parquet($names) n ON n.kind = 'crossing' AND n.number = h.crossing
WHERE h.hour >= $first AND h.hour < $last AND h.passed > 0
"""


@dataclass(frozen=True, slots=True)
class Week:
    """What the page needs to move loads over the map.

    Parameters
    ----------
    begins : date
        Its first day, UTC.
    hours : int
        Its length; 168, or less for a short run.
    data : dict
        ``paper`` (paths of land and borders), ``gates`` (number, place, words), and one entry of ``plans`` for each
        scenario shown: its loads and the hourly waits of its crossings.
    words : tuple of str
        What is left out, as sentences.
    """

    begins: dt.date
    hours: int
    data: Mapping[str, Any]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Span:
    """The week in seconds of the run."""

    begins: dt.date
    from_s: int
    hours: int

    @property
    def until_s(self) -> int:
        return self.from_s + self.hours * HOUR


def week_of(data: StudyData, network: Network | None, folder: Path) -> Week | None:
    """Read one week of a study's first replication; None where it has no ledger or its network is not at hand.

    The week is that of the first shock of the window, from the day before; without shocks the first of the window.

    Raises
    ------
    LedgerError
        A ledger that was stored is damaged.
    """
    ledgers = _ledgers(data, folder)
    span = _span(data)
    if network is None or not ledgers or span is None:
        return None
    paper = paper_of(_places(network))
    gates = _Gates(network, paper)
    plans, words = [], []
    for names, place in ledgers[:MOST_PLANS]:
        plan = _plan(place, network, span, gates)
        label = "; ".join(data.summary.label(name) for name in names)
        plans.append({"label": short(label), **plan})
        if plan["every"] > 1:
            words.append(f"{data.summary.label(names[0])}: one load in {plan['every']} is shown.")
    if left := ledgers[MOST_PLANS:]:
        told = ", ".join(data.summary.label(name) for names, _ in left for name in names)
        words.append(f"Not shown, to keep the page small: {told}.")
    shown_gates = gates.told(plans)
    drawn = {"paper": paper.drawn, "width": paper.width, "height": paper.height, "inset": paper.inset}
    packed = {**drawn, "begins": span.begins.isoformat(), "hours": span.hours, "places": gates.places}
    return Week(span.begins, span.hours, {**packed, "gates": shown_gates, "plans": plans}, tuple(words))


def _ledgers(data: StudyData, folder: Path) -> list[tuple[list[str], Path]]:
    """Scenarios that share a ledger, and its folder, in the order of the study."""
    runs = [run for run in data.manifest.get("runs") or () if isinstance(run, Mapping)]
    digests = {str(run.get("scenario")): str(run.get("plan_digest")) for run in runs if run.get("replication") == 0}
    found: dict[Path, list[str]] = {}
    for name in data.summary.scenarios:
        place = ledger_path(folder, digests.get(name) or "none")
        if place.is_dir():
            found.setdefault(place, []).append(name)
    return [(names, place) for place, names in found.items()]


def _span(data: StudyData) -> _Span | None:
    horizon = data.resolved.get(data.summary.baseline, {}).get("horizon") or {}
    if not {"start", "warm_up_s", "run_s"} <= set(horizon):
        return None
    start, warm_up_s, run_s = data.start, int(horizon["warm_up_s"]), int(horizon["run_s"])
    shocks = [shock for resolved in data.resolved.values() for shock in resolved.get("shocks") or ()]
    days = [
        dt.datetime.fromisoformat(str(s["from"])).date() for s in shocks if isinstance(s, Mapping) and s.get("from")
    ]
    inside = [day for day in days if 0 <= (day - start).days * DAY < run_s]
    first = max(start, min(inside) - dt.timedelta(days=1)) if inside else start
    latest = start + dt.timedelta(days=max(0, (run_s - HOURS * HOUR) // DAY))
    first = min(first, latest)
    from_s = warm_up_s + (first - start).days * DAY
    return _Span(first, from_s, min(HOURS, (warm_up_s + run_s - from_s) // HOUR))


def _places(network: Network) -> list[Point]:
    places = [(site.lon_deg, site.lat_deg) for site in network.sites.values()]
    places += [(crossing.lon_deg, crossing.lat_deg) for crossing in network.crossings.values()]
    return [place for place in places if is_covered(*place)]


class _Gates:
    """Places on the paper by number, and the crossings met."""

    def __init__(self, network: Network, paper: Paper) -> None:
        self._network = network
        self._paper = paper
        self._numbers: dict[Point, int] = {}
        self.places: list[list[float]] = []

    def number(self, place: Point) -> int:
        if place not in self._numbers:
            self._numbers[place] = len(self.places)
            self.places.append(self._paper.spot(place))
        return self._numbers[place]

    def of(self, crossing: str) -> int:
        found = self._network.crossings[crossing]
        return self.number((found.lon_deg, found.lat_deg))

    def told(self, plans: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Land crossings where somebody waits or a load comes, by port from west to east; one number a port."""
        met = {stop for plan in plans for path in plan["paths"] for stop in path["stops"]}
        met |= {crossing for plan in plans for crossing in plan["waits"]}
        known = [self._network.crossings[name] for name in met if is_covered(*_degrees(self._network, name))]
        ports = list(dict.fromkeys(c.port for c in sorted(known, key=lambda c: (c.lon_deg, c.port))))
        order = sorted(known, key=lambda c: (ports.index(c.port), c.id))
        return [
            {"id": c.id, "port": ports.index(c.port) + 1, "place": self.of(c.id), "label": short(c.name)} for c in order
        ]


def _degrees(network: Network, crossing: str) -> Point:
    found = network.crossings[crossing]
    return found.lon_deg, found.lat_deg


def _plan(place: Path, network: Network, span: _Span, gates: _Gates) -> dict[str, Any]:
    """Loads and waits of one ledger; of many loads each `every`-th is kept."""
    files = {name: str(place / f"{name}.parquet") for name in ("loads", "names", "passages", "hours")}
    first = span.from_s // HOUR
    try:
        with connected() as connection:
            asked = {key: files[key] for key in ("loads", "names", "passages")}
            rows = connection.execute(_LOADS, {**asked, "from": span.from_s, "until": span.until_s}).fetchall()
            asked = {key: files[key] for key in ("hours", "names")}
            hours = connection.execute(_WAITS, {**asked, "first": first, "last": first + span.hours}).fetchall()
    except duckdb.Error as error:
        raise LedgerError(place.name, [f"no whole ledger in that folder ({str(error).splitlines()[0]})"]) from error
    waits: dict[str, list[int | None]] = {}
    for crossing, hour, passed, wait_s in hours:
        waits.setdefault(crossing, [None] * span.hours)[hour - first] = round(wait_s / passed / MINUTE)
    every = -(-len(rows) // MOST_LOADS) or 1
    paths: dict[tuple[Any, ...], int] = {}
    loads = [packed for row in rows[::every] if (packed := _load(row, network, span, gates, paths)) is not None]
    told = [{"to": key[0], "places": list(key[1]), "stops": list(key[2])} for key in paths]
    queued = {name: values for name, values in waits.items() if any(values)}
    return {"loads": loads, "paths": told, "waits": queued, "every": every}


def _load(
    row: Sequence[Any], network: Network, span: _Span, gates: _Gates, paths: dict[tuple[Any, ...], int]
) -> list[int] | None:
    """One load: its path, the minute it left its maker, then the minutes that each leg and each stop took."""
    _, lane_id, shipped_s, received_s, *stops = row
    lane = network.lanes.get(lane_id)
    if lane is None:
        return None
    met = [
        (crossing, arrived, left)
        for crossing, arrived, left in zip(*(stop or [] for stop in stops), strict=True)
        if crossing in network.crossings and is_covered(*_degrees(network, crossing))
    ]
    places = _course(network, lane, [crossing for crossing, _, _ in met], gates)
    if len(places) != len(met) + 2:
        return None
    times = [shipped_s, *(moment for _, *pair in met for moment in pair), received_s]
    minutes: list[int] = []
    for moment in times:  # what did not come to pass is put at the end of the week at the earliest
        known = moment if moment >= 0 else span.until_s
        minute = (known - span.from_s) // MINUTE
        minutes.append(max(minute, minutes[-1]) if minutes else minute)
    key = (_COUNTRIES.index(country) if (country := network.sites[lane.to_site].country) in _COUNTRIES else 0,)
    number = paths.setdefault((*key, tuple(places), tuple(crossing for crossing, _, _ in met)), len(paths))
    return [number, minutes[0], *np.diff(np.asarray(minutes, dtype=np.int64)).tolist()]


def _course(network: Network, lane: Lane, crossings: Sequence[str], gates: _Gates) -> list[int]:
    """The numbers of the places that a load passes: its maker, its crossings, its target."""
    passed = [_degrees(network, crossing) for crossing in crossings]
    origin, target = network.sites[network.recipes[lane.from_recipe].site], network.sites[lane.to_site]
    ends = [(origin.lon_deg, origin.lat_deg), (target.lon_deg, target.lat_deg)]
    begin, end = (on_paper(point, passed, last) for point, last in zip(ends, (False, True), strict=True))
    return [gates.number(place) for place in (begin, *passed, end) if place is not None]


__all__ = ["HOURS", "MOST_LOADS", "Week", "week_of"]
