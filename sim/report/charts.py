"""The figures of a page that answer the hand: the same numbers as the printed ones, as data for its script."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sim.measures.daily import SERIES as BY_DAY
from sim.report.border_figures import BORDER, LOST, WAIT, crossings_drawn
from sim.report.captions import CHART_NOTES
from sim.report.cost_figures import (
    COMPONENTS,
    COST,
    DUTY,
    TOTAL,
    component_items,
    programme_label,
    programmes_drawn,
)
from sim.report.source import ALL, Comparison, StudyData, Summary, undirected
from sim.report.style import COUNTRY_NAME, FILLS, SERIES, digits_for
from sim.report.trade_figures import BALANCE, MILLION, RECEIPTS, TREASURIES, vehicle_label

Panel = dict[str, Any]
Number = float | None
Items = Callable[[str], tuple[str, ...]]  # of a measure, by vehicle
MOST_LETTERS = 160  # of a name in a chart; tables have all
_SIGNIFICANT = 6  # digits of a number on the page; the CSV files have all


def charts_of(data: StudyData) -> dict[str, Any]:
    """Lay out every chart of a study.

    Returns
    -------
    dict
        ``scenarios`` and ``vehicles``, the words of the filter (the baseline and all vehicles first); ``fills`` and
        ``marks``, the looks of parts and of scenarios; ``notes``, how each chart is read; ``charts``, figure name to
        its panels. A panel of ``kind``

        - ``bars`` has ``parts`` and ``points`` of (scenario, vehicle, part, value), with ``totals`` of (scenario,
          vehicle, value, half-width);
        - ``dots`` has ``rows`` (empty where each scenario is a row) and ``points`` of (row, scenario, vehicle, value,
          half-width, threshold, note);
        - ``lines`` has ``days``, ``start``, the first measured day, and ``lines`` of a scenario with
          its ``median``, ``low`` and ``high`` of each day.

        Scenarios, vehicles, parts and rows are numbers in the order of their words; what is not known is None.
    """
    summary = data.summary
    vehicles = (ALL, *summary.vehicles(COST))
    panels = {
        "cost_waterfall": _cost(summary, vehicles),
        "duty_by_programme": _duty(summary, vehicles),
        "treasury_receipts": _receipts(summary),
        "content_thresholds": _content(data, vehicles),
        "border_hours": _hours(summary),
        "border_waits": _waits(summary),
        "over_time": _over_time(data),
        "trade_balance": _balance(summary),
    }
    return {
        "scenarios": [short(summary.label(name)) for name in summary.scenarios],
        "vehicles": ["all vehicles", *(vehicle_label(name) for name in vehicles[1:])],
        "fills": [colour for colour, _ in FILLS],
        "marks": [[colour, shape] for colour, shape, _ in SERIES],
        "notes": dict(CHART_NOTES),
        "charts": {name: [panel for panel in found if _has_points(panel)] for name, found in panels.items()},
    }


def _has_points(panel: Panel) -> bool:
    return bool(panel["lines"] if panel["kind"] == "lines" else panel["points"])


def _cost(summary: Summary, vehicles: Sequence[str]) -> list[Panel]:
    """Changes by component: without the baseline, which has none."""

    def items_of(heads: tuple[str, ...]) -> Items:
        return lambda vehicle: component_items(summary.items(COST, vehicle), heads)

    groups = [(name, items_of(heads)) for name, heads in COMPONENTS if items_of(heads)(ALL)]
    panel = _bars(summary, vehicles, COST, groups, "USD", "change in cost, USD per vehicle", is_change=True)
    return [{**panel, "totals": _totals(summary, vehicles, COST, TOTAL)}] if summary.reforms else []


def _duty(summary: Summary, vehicles: Sequence[str]) -> list[Panel]:
    named, rest = programmes_drawn(summary)
    groups = [(programme_label(item), _always(item)) for item in named]
    groups += [("other programmes", _always(*rest))] if rest else []
    return [_bars(summary, vehicles, DUTY, groups, "USD", "duty borne, USD per vehicle")]


def _receipts(summary: Summary) -> list[Panel]:
    groups = [(COUNTRY_NAME[code], _always(code)) for code in TREASURIES]
    return [_bars(summary, (ALL,), RECEIPTS, groups, "million USD", "collected, million USD in the window", MILLION)]


def _always(*items: str) -> Items:
    return lambda _: items


def _bars(
    summary: Summary,
    vehicles: Sequence[str],
    measure: str,
    groups: Sequence[tuple[str, Items]],
    unit: str,
    axis: str,
    per: float = 1.0,
    *,
    is_change: bool = False,
) -> Panel:
    """Sums of the items of each group, by scenario and vehicle; groups that are nothing anywhere are left out."""
    found: dict[str, list[tuple[int, int, float]]] = {}
    for name, items_of in groups:
        for scenario, vehicle in _each(summary, vehicles):
            of, name_of = vehicles[vehicle], summary.scenarios[scenario]
            rows = [summary.one(name_of, measure, of, item) for item in items_of(of)]
            known = [(row.difference if is_change else row.mean) / per for row in rows if row is not None]
            if known and not (is_change and scenario == 0):
                found.setdefault(name, []).append((scenario, vehicle, sum(known)))
    moved = {name: rows for name, rows in found.items() if any(value for _, _, value in rows)}
    points = [[s, v, n, _round(value)] for n, rows in enumerate(moved.values()) for s, v, value in rows]
    return {
        "kind": "bars",
        "axis": axis,
        "unit": unit,
        "is_change": is_change,
        "digits": digits_for([point[3] for point in points]),
        "parts": list(moved),
        "points": points,
        "totals": [],
    }


def _each(summary: Summary, vehicles: Sequence[str]) -> Iterable[tuple[int, int]]:
    return ((s, v) for s in range(len(summary.scenarios)) for v in range(len(vehicles)))


def _totals(summary: Summary, vehicles: Sequence[str], measure: str, item: str) -> list[list[Any]]:
    found = [(s, v, summary.one(summary.scenarios[s], measure, vehicles[v], item)) for s, v in _each(summary, vehicles)]
    return [[s, v, _round(row.difference), _half(row)] for s, v, row in found if row is not None and s > 0]


def _content(data: StudyData, vehicles: Sequence[str]) -> list[Panel]:
    found = {name: [row for row in data.fact(name, "content") or ()] for name in data.summary.scenarios}
    rows = sorted({str(row["vehicle"]) for each in found.values() for row in each})
    points = []
    for scenario, each in enumerate(found.values()):
        for row in each:
            if row.get("content_pct") is None or not row.get("agreement"):
                continue
            name = str(row["vehicle"])
            asked = row.get("threshold_pct")
            words = "meets the rule" if row.get("originates") else f"fails the rule: {row.get('reason') or 'threshold'}"
            of = vehicles.index(name) if name in vehicles else 0
            note = short(words if asked else f"no threshold, {words}")
            points.append([rows.index(name), scenario, of, _round(row["content_pct"]), None, asked, note])
    return [_dots("originating content, percent", "%", [vehicle_label(name) for name in rows], points)]


def _hours(summary: Summary) -> list[Panel]:
    panels = []
    for measure, axis, unit in ((BORDER, "hours at borders per vehicle", "h"), (LOST, "vehicles lost", "vehicles")):
        points = [
            [
                0,
                summary.scenarios.index(row.scenario),
                0,
                _round(row.mean),
                _half(row),
                None,
                _change(row, summary, unit),
            ]
            for row in summary.headline(measure)
        ]
        panels.append(_dots(axis, unit, [], points))
    return panels


def _waits(summary: Summary) -> list[Panel]:
    crossings = crossings_drawn(summary)
    points = [
        [line, summary.scenarios.index(row.scenario), 0, _round(row.mean), None, None, _change(row, summary, "min")]
        for line, crossing in enumerate(crossings)
        for row in summary.row(WAIT, ALL, f"{crossing}|mean")
    ]
    return [
        _dots("mean wait for a booth, minutes", "min", [short(summary.crossing(name)) for name in crossings], points)
    ]


def _balance(summary: Summary) -> list[Panel]:
    pairs = [item for item in summary.items(BALANCE) if item.count("-") == 1]
    points = [
        [
            line,
            summary.scenarios.index(row.scenario),
            0,
            _round(row.difference / MILLION),
            _half(row, MILLION),
            None,
            "",
        ]
        for line, pair in enumerate(pairs)
        for row in summary.row(BALANCE, ALL, pair)
        if row.scenario != summary.baseline
    ]
    words = [" with ".join(COUNTRY_NAME.get(code, code) for code in pair.split("-")) for pair in pairs]
    return [_dots("change in balance, million USD in the window", "million USD", words, points, is_change=True)]


def _dots(axis: str, unit: str, rows: Sequence[str], points: list[list[Any]], *, is_change: bool = False) -> Panel:
    return {
        "kind": "dots",
        "axis": axis,
        "unit": unit,
        "is_change": is_change,
        "digits": _decimals([point[3] for point in points]),
        "rows": list(rows),
        "points": points,
    }


def _over_time(data: StudyData) -> list[Panel]:
    panels = []
    for series, item, bands in data.panels:
        days = sorted({str(day) for band in bands.values() for day in band["day"].tolist()})
        lines: list[dict[str, Any]] = []
        for name, band in bands.items():
            at = {str(day): number for number, day in enumerate(band["day"].tolist())}
            told = {
                word: [_round(band[column][at[day]]) if day in at else None for day in days]
                for word, column in (("median", "median"), ("low", "low_5"), ("high", "high_95"))
            }
            lines.append({"scenario": data.summary.scenarios.index(name), **told})
        medians = [value for line in lines for value in line["median"] if value is not None]
        about = f" ({data.summary.crossing(item)})" if item else ""
        panels.append(
            {
                "kind": "lines",
                "axis": f"{BY_DAY[series].title.lower()}{about}, {BY_DAY[series].unit}",
                "unit": BY_DAY[series].unit,
                "is_change": False,
                "digits": _decimals(medians),
                "days": days,
                "start": data.start.isoformat(),
                "lines": lines,
            }
        )
    return panels


def _change(row: Comparison, summary: Summary, unit: str) -> str:
    """What a level is beside the baseline, for its note."""
    if row.scenario == summary.baseline:
        return "baseline"
    if row.covers_zero and not math.isnan(row.half_width_95):
        return "no change shown"
    digits = digits_for([row.difference])
    return f"change {row.difference:+,.{digits}f} {unit}"


def _decimals(values: Sequence[float]) -> int:
    """One at least, unless all are whole."""
    return 0 if all(float(value).is_integer() for value in values) else max(1, digits_for(values))


def _half(row: Comparison, per: float = 1.0) -> Number:
    return None if math.isnan(row.half_width_95) else _round(row.half_width_95 / per)


def _round(value: Any) -> float:
    number = float(f"{float(value):.{_SIGNIFICANT}g}")
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def short(text: str) -> str:
    """Cut a name that is too long for a chart, and show that it was cut."""
    plain = undirected(text)
    return plain if len(plain) <= MOST_LETTERS else plain[: MOST_LETTERS - 1] + "…"


__all__ = ["charts_of", "short"]
