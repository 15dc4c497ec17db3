"""What `sim risk` answers: places that stop lines, buffers that pay, a second crossing's worth; as JSON and as text."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any

from sim.errors import ScenarioError
from sim.replication.once import Prepared, prepare
from sim.resilience import Break, Buffer, Worth, crossing_worth, faults_of, find_breaks, find_buffers
from sim.resilience.buffers import LADDER_H
from sim.resilience.twin import on_usual_ways
from sim.scenario import Scenario, load_scenario
from sim.scenario.parsers import parse_length, parse_moment
from sim.text import columns_of, count, wrap
from sim.units import HOUR

Tell = Callable[[str], None]
Answer = tuple[dict[str, Any], str]

NOON_H = 12  # UTC, of the second measured day: a working morning in all of North America
SHOWN_HOLDINGS = 3
NO_HELP = f"no stock for up to {LADDER_H[-1]} h helps"


def breaks_answer(
    name: str,
    kinds: Sequence[str],
    lasting: str,
    begins: str | None,
    limit: int,
    replications: int,
    usual_ways: bool,
    tell: Tell,
) -> Answer:
    """Shut the places that put most vehicles of a network at risk, one after the other.

    Raises
    ------
    ScenarioError
        The scenario is wrong, or the closure does not lie within its measured time.
    ValueError
        A duration or a moment cannot be read.
    """
    scenario = load_scenario(name)
    duration_s = parse_length(lasting)
    from_ = parse_moment(begins) if begins else _usual_moment(scenario)
    _require_inside(scenario, from_, duration_s)
    prepared = _without_shocks(scenario)
    if usual_ways:
        prepared = on_usual_ways(prepared)
    faults = faults_of(prepared.network, kinds, limit, duration_s)
    found = find_breaks(prepared, faults, from_, duration_s, replications, tell)
    soonest = sorted(found, key=lambda x: (math.inf if x.first_stop_h is None else x.first_stop_h, x.fault.place))
    answer = {
        "scenario": scenario.name,
        "network": prepared.network.name,
        "from": from_.isoformat(),
        "hours": duration_s / HOUR,
        "replications": replications,
        "other_ways": not usual_ways,
        "breaks": [
            {"rank_by_vehicles": rank, "rank_by_hours": soonest.index(x) + 1, **_break(x)}
            for rank, x in enumerate(found, 1)
        ],
    }
    return answer, _breaks_text(answer, found)


def _break(x: Break) -> dict[str, Any]:
    return {
        "kind": x.fault.kind,
        "place": x.fault.place,
        "hours_to_line_down": None if x.first_stop_h is None else round(x.first_stop_h, 1),
        "first_line": x.first_line,
        "lines_stopped": round(x.lines_stopped, 2),
        "vehicles_lost": round(x.vehicles_lost, 1),
        "line_down_h": round(x.down_h, 1),
        "vehicles_at_risk_without_help": round(x.fault.vehicles_at_risk, 1),
        "vehicles_a_day_that_depend_on_it": round(x.fault.vehicles_per_day, 1),
        "vehicles_lost_by_line": {line: round(lost, 1) for line, lost in x.lost_by_line.items()},
    }


def _breaks_text(answer: dict[str, Any], found: Sequence[Break]) -> str:
    told = (
        f"Each place shut for {answer['hours']:g} hours from {answer['from'][:16]} UTC in network {answer['network']}, "
        f"{'with other ways taken' if answer['other_ways'] else 'on usual ways alone'}; compared with the same "
        f"{count(answer['replications'], 'replication')} undisturbed. At risk: vehicles that would stay unbuilt were "
        "nobody to step in; a day: those that can then neither be built nor sold; rank: by hours to line down."
    )
    rows = [
        ["place", "at risk", "vehicles lost", "hours to line down", "rank", "lines", "line hours", "a day", "first"]
    ]
    for row in answer["breaks"]:
        hours = row["hours_to_line_down"]
        rows.append(
            [
                row["place"],
                f"{row['vehicles_at_risk_without_help']:,.0f}",
                f"{row['vehicles_lost']:,.0f}",
                "no line stops" if hours is None else f"{hours:.1f}",
                "" if hours is None else f"{row['rank_by_hours']}",
                f"{row['lines_stopped']:.1f}",
                f"{row['line_down_h']:,.0f}",
                f"{row['vehicles_a_day_that_depend_on_it']:,.0f}",
                row["first_line"],
            ]
        )
    return "\n".join([*wrap(told), "", *_flush(rows)])


def buffers_answer(name: str, replications: int, tell: Tell) -> Answer:
    """The cheapest buffer of each line that a scenario's shocks cost vehicles.

    Raises
    ------
    ScenarioError
        The scenario is wrong, or has no shock.
    """
    scenario = load_scenario(name)
    if not scenario.shocks:
        raise ScenarioError(
            scenario.name, ["has no shocks: name a scenario with a disturbance to hold buffers against"]
        )
    prepared = prepare(scenario)
    since_s = scenario.clock().second(min(shock.from_ for shock in scenario.shocks))
    found = find_buffers(prepared, since_s, replications, tell=tell)
    answer = {
        "scenario": scenario.name,
        "network": prepared.network.name,
        "replications": replications,
        "carrying_pct_year": prepared.parameters.carrying_pct_year,
        "buffers": [_buffer(x) for x in found],
    }
    return answer, _buffers_text(answer, found)


def _buffer(x: Buffer) -> dict[str, Any]:
    return {"line": x.line, **_rung(x), "saving_most": None if x.fullest is None else _rung(x.fullest)}


def _rung(x: Buffer) -> dict[str, Any]:
    cheap = x.usd_per_vehicle_saved
    return {
        "vehicles_lost_without": round(x.lost_before, 1),
        "vehicles_lost_with": round(x.lost_after, 1),
        "made_to_outlast_h": None if math.isinf(cheap) else x.outlasts_h,
        "cost_usd_year": round(x.cost_usd_year, 2),
        "usd_a_year_per_vehicle_saved": None if math.isinf(cheap) else round(cheap, 2),
        "holdings": [
            {
                "part": h.part,
                "units": round(h.units),
                "working_hours": round(h.hours, 1),
                "value_usd": round(h.value_usd),
            }
            for h in x.holdings
        ],
    }


def _buffers_text(answer: dict[str, Any], found: Sequence[Buffer]) -> str:
    if not found:
        return f"{answer['scenario']}: no line loses a vehicle; no buffer is needed."
    told = (
        f"Buffers at the lines of network {answer['network']} against {answer['scenario']}, by what a year of holding "
        f"them costs ({answer['carrying_pct_year']:g} % of their value) for each vehicle that they save in one such "
        f"disturbance; saved vehicles are simulated, {count(answer['replications'], 'replication')}."
    )
    rows = [
        [
            "line",
            "lost without",
            "lost with",
            "USD a year",
            "USD a vehicle saved",
            "outlasts, h",
            "inputs, most value first",
        ]
    ]
    shown = ((name, rung) for row in answer["buffers"] for name, rung in _rungs(row))
    for name, row in shown:
        price = row["usd_a_year_per_vehicle_saved"]
        parts = [f"{h['part']} {h['working_hours']:g} h" for h in row["holdings"]]
        more = f" and {len(parts) - SHOWN_HOLDINGS} more" if len(parts) > SHOWN_HOLDINGS else ""
        rows.append(
            [
                name,
                f"{row['vehicles_lost_without']:,.0f}",
                f"{row['vehicles_lost_with']:,.0f}",
                f"{row['cost_usd_year']:,.0f}",
                "saves none" if price is None else f"{price:,.0f}",
                "" if price is None else f"{row['made_to_outlast_h']}",
                NO_HELP if price is None else ", ".join(parts[:SHOWN_HOLDINGS]) + more,
            ]
        )
    return "\n".join([*wrap(told), "", *_flush(rows)])


def _rungs(row: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Rows of a line: its cheapest buffer, and the one that saves most where that is another."""
    return [(row["line"], row), *([("  saving most", row["saving_most"])] if row["saving_most"] else [])]


def crossing_answer(port: str, name: str, replications: int, tell: Tell) -> Answer:
    """What having a port as one of several ways is worth, in ordinary times and under a scenario's shocks.

    Raises
    ------
    ScenarioError
        The scenario is wrong, or its network has no such port or no lane with a choice of it.
    """
    scenario = load_scenario(name)
    prepared = prepare(scenario)
    found = crossing_worth(prepared, port, replications, tell)
    answer = {
        "port": port,
        "scenario": scenario.name,
        "network": prepared.network.name,
        "days": scenario.run_s / HOUR / 24,
        "replications": replications,
        "others_move": port in scenario.open_ports,
        "worth": [asdict(x) | {"total_usd": x.total_usd} for x in found],
    }
    return answer, _crossing_text(answer, found)


def _crossing_text(answer: dict[str, Any], found: Sequence[Worth]) -> str:
    told = (
        f"What the routes over {answer['port']} save in {answer['days']:g} measured days of network "
        f"{answer['network']}, against the same runs without them ({answer['scenario']}, "
        f"{count(answer['replications'], 'replication')}). Other people's trucks "
        f"{'go over its neighbour where it stays shut' if answer['others_move'] else 'stay where they are'}."
    )
    rows = [["", *(x.setting for x in found)]]
    for label, field, digits in (
        ("vehicles saved", "vehicles", 1),
        ("their contribution, USD", "contribution_usd", 0),
        ("idle labour and overtime, USD", "stoppage_usd", 0),
        ("truck hours", "truck_h", 0),
        ("truck hours, USD", "truck_usd", 0),
        ("in all, USD", "total_usd", 0),
        ("own trucks over it", "trucks", 0),
    ):
        rows.append([label, *(f"{getattr(x, field):,.{digits}f}" for x in found)])
    return "\n".join([*wrap(told), "", *columns_of(rows, right=True)])


def _flush(rows: Sequence[Sequence[str]]) -> list[str]:
    """Aligned rows: numbers flush right, the first and the last column flush left."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    last = len(widths) - 1
    return [
        "  ".join(
            cell.ljust(width) if k in (0, last) else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _without_shocks(scenario: Scenario) -> Prepared:
    return prepare(replace(scenario, shocks=()))


def _usual_moment(scenario: Scenario) -> dt.datetime:
    return dt.datetime.combine(scenario.start, dt.time(NOON_H), dt.UTC) + dt.timedelta(days=1)


def _require_inside(scenario: Scenario, from_: dt.datetime, duration_s: int) -> None:
    clock = scenario.clock()
    begins, ends = clock.moment(clock.start_s), clock.moment(clock.end_s)
    if not begins <= from_ or from_ + dt.timedelta(seconds=duration_s) > ends:
        raise ScenarioError(
            scenario.name,
            [
                f"a closure of {duration_s / HOUR:g} hours from {from_:%Y-%m-%dT%H:%M} is not within what is measured, "
                f"{begins:%Y-%m-%d} to {ends:%Y-%m-%d} (UTC). Choose --from and --for so that it is, or a longer run."
            ],
        )
