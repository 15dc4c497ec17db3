"""The answer in three sentences, worded by rule from the numbers and careful where an interval holds zero."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import PurePosixPath

from sim.report.cost_figures import COST, TOTAL, cost_change
from sim.report.source import ALL, Comparison, StudyData, Summary, as_words
from sim.report.style import digits_for, enough_digits, signed, with_interval
from sim.report.trade_figures import MILLION, RECEIPTS, TREASURIES, vehicle_label

_NONE = "no scenario is shown to change"
_TRIFLE = 0.001  # of the mean: a change that common random numbers show but nobody would feel
CLOSE_POINTS = 3  # assumption: nearer to its threshold than this, a verdict hangs on the estimates of cost
MOST_CALLS = 8  # told in words; the table has all
BORDER, LOST = "border_hours_per_vehicle", "vehicles_lost"
_THE = {"US": "the United States", "CA": "Canada", "MX": "Mexico"}


def answer(summary: Summary) -> tuple[str, ...]:
    """Say in at most three sentences what the study found.

    Parameters
    ----------
    summary : Summary
        Any of cost, receipts, border hours and lost vehicles may be missing; its sentence is then left out.

    Returns
    -------
    tuple of str
        Cost, who pays, time. Intervals are 95 % intervals of paired differences. A study of one scenario has nothing
        to compare: its levels are told.
    """
    if not summary.reforms:
        levels = finding(summary, summary.baseline)
        return (f"{summary.label(summary.baseline)}: {levels}.",) if levels else ()
    sentences = (cost_sentence(summary), payer_sentence(summary), time_sentence(summary))
    return tuple(sentence for sentence in sentences if sentence)


def finding(summary: Summary, scenario: str) -> str:
    """Say what one scenario did to cost, duty, border hours and lost vehicles, to stand beside what was expected.

    Levels for the baseline; for the others the change, and where its interval holds zero that none is shown.
    """
    found = []
    for name, unit, rows in (
        ("cost per vehicle", "USD", summary.row(COST, ALL, TOTAL)),
        ("duty", "USD", summary.row(COST, ALL, "duty")),
        ("border hours", "h", summary.headline(BORDER)),
        ("vehicles lost", "", summary.headline(LOST)),
    ):
        row = next((row for row in rows if row.scenario == scenario), None)
        if row is not None:
            words = f"{name} {_level_or_change(row, summary, unit)}".rstrip()
            found.append(f"{words}{_spread(summary, scenario)}" if name == "cost per vehicle" else words)
    return "; ".join(found)


def _spread(summary: Summary, scenario: str) -> str:
    """The vehicles whose cost changes least and most, in brackets; nothing for the baseline or one vehicle."""
    if scenario == summary.baseline:
        return ""
    named = ((vehicle, summary.one(scenario, COST, vehicle, TOTAL)) for vehicle in summary.vehicles(COST))
    changes = sorted((row.difference, vehicle_label(vehicle)) for vehicle, row in named if row is not None)
    if len(changes) < 2 or changes[0][0] == changes[-1][0]:
        return ""
    digits = digits_for([change for change, _ in changes])
    ends = (f"{signed(change, digits)} for {words}" for change, words in (changes[0], changes[-1]))
    return f" (by vehicle from {' to '.join(ends)})"


def _level_or_change(row: Comparison, summary: Summary, unit: str) -> str:
    if row.scenario == summary.baseline:
        return f"{row.mean:,.{digits_for([row.mean])}f} {unit}"
    if row.difference == 0 and not row.reach:
        return "unchanged"
    if row.covers_zero and not math.isnan(row.half_width_95):
        return "no change shown"
    return f"{with_interval(row.difference, row.half_width_95, digits_for([row.difference]))} {unit}"


def close_calls(data: StudyData) -> tuple[str, ...]:
    """Vehicles whose content (or national share) lies within `CLOSE_POINTS` of what a scenario's rule asks.

    Scenarios under one rule say the same; only the first that says it is named.
    """
    found: dict[tuple[str, str], str] = {}
    for scenario in data.summary.scenarios:
        for row in data.fact(scenario, "content") or ():
            margin = row.get("margin_pct")
            if margin is None or abs(float(margin)) > CLOSE_POINTS:
                continue
            vehicle = PurePosixPath(str(row["vehicle"]))
            words = f"{as_words(vehicle.name)} from {as_words(vehicle.parent.name)}"
            found.setdefault((words, str(row.get("reason"))), data.summary.label(scenario))
    told = [f"{words} under {label} ({reason})" for (words, reason), label in found.items()]
    left = len(told) - MOST_CALLS
    return (*told[:MOST_CALLS], f"and {left} more, see the content of vehicles") if left > 0 else tuple(told)


def cost_sentence(summary: Summary) -> str:
    """Name the scenarios with the least and the most change in cost per vehicle."""
    rows = _changes(summary.row(COST, ALL, TOTAL), summary)
    if not rows:
        return ""
    base = summary.label(summary.baseline)
    low, high = min(rows, key=_by_difference), max(rows, key=_by_difference)
    if all(math.isnan(row.half_width_95) for row in rows):
        digits = digits_for([low.difference, high.difference])
        span = f"between {signed(low.difference, digits)} and {signed(high.difference, digits)} USD"
        return (
            f"Against {base}, the change in the average cost of a vehicle lies {span}, but a single replication cannot "
            "tell a change from chance."
        )
    if all(row.covers_zero for row in rows):
        width = max(row.reach for row in rows)
        bound = f" (no interval is wider than ± {width:,.{enough_digits(width, 0)}f} USD)" if width else ""
        return f"Against {base}, no scenario changes the average cost of a vehicle by more than chance would{bound}."
    if len(rows) == 1:
        return f"Against {base}, {_effect(high, summary, 'the average cost of a vehicle', 'USD')}."
    first = _effect(high, summary, "the average cost of a vehicle", "USD")
    second = f"under {summary.label(low.scenario)} it {_moves(low, 'USD')}"
    return f"Against {base}, {first}; {second}."


def payer_sentence(summary: Summary) -> str:
    """Say what the dearest scenario's cost is made of, and which treasury gains most."""
    rows = _changes(summary.row(COST, ALL, TOTAL), summary)
    if not rows:
        return ""
    dearest = max(rows, key=_by_difference)
    name = summary.label(dearest.scenario)
    parts = sorted(cost_change(summary, dearest.scenario), key=lambda part: -part[1])
    digits = digits_for([value for _, value in parts])
    if dearest.difference <= 0 or dearest.covers_zero or not parts or parts[0][1] <= 0:
        return ""
    part = f"{parts[0][0]} ({parts[0][1]:,.{digits}f} USD a vehicle)"
    head = f"Under {name} the largest part of the rise is {part}"
    gains = [
        (code, row)
        for code in TREASURIES
        if (row := summary.one(dearest.scenario, RECEIPTS, ALL, code)) and row.difference > row.reach
    ]
    if not gains:
        return f"{head}, and no treasury is shown to collect more."
    code, row = max(gains, key=lambda gain: gain[1].difference)
    digits = enough_digits(row.reach / MILLION, 1 if row.reach >= 0.05 * MILLION else 2)
    interval = f" ± {row.reach / MILLION:,.{digits}f}" if row.reach else ""
    amount = f"{row.difference / MILLION:,.{digits}f}{interval} million USD"
    return f"{head}; the treasury that gains most is that of {_THE[code]}, by {amount} over the measured window."


def time_sentence(summary: Summary) -> str:
    """Say what happens to border hours and to vehicles lost."""
    clauses: list[str] = []
    hours = _changes(summary.headline(BORDER), summary)
    if hours:
        clauses.append(_time_clause(hours, summary, "the hours that a vehicle's loads spend at borders", "h"))
    lost = _changes(summary.headline(LOST), summary)
    if lost:
        clauses.append(_time_clause(lost, summary, "the number of vehicles lost", "vehicles"))
    text = "; ".join(clauses)
    if all(clause.startswith(_NONE) for clause in clauses):
        text = " or ".join([*clauses[:1], *(clause.removeprefix(_NONE).strip() for clause in clauses[1:])])
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _time_clause(rows: Sequence[Comparison], summary: Summary, what: str, unit: str) -> str:
    verb = "change" if what.startswith("the hours") else "changes"
    if all(row.covers_zero for row in rows):
        return f"{_NONE} {what}"
    largest = max(rows, key=lambda row: 0.0 if row.covers_zero else abs(row.difference))
    if abs(largest.difference) < _TRIFLE * abs(largest.mean):
        return f"{what} {verb} by less than {100 * _TRIFLE:g} % in every scenario"
    still = sum(row.covers_zero for row in rows)
    tail = f", with no change shown in {still} of {len(rows)} scenarios" if still else ""
    change = with_interval(largest.difference, largest.half_width_95, digits_for([largest.difference]))
    return f"{what} {verb} most under {summary.label(largest.scenario)} ({change} {unit}){tail}"


def _changes(rows: Sequence[Comparison], summary: Summary) -> list[Comparison]:
    return [row for row in rows if row.scenario != summary.baseline]


def _by_difference(row: Comparison) -> float:
    return row.difference


def _effect(row: Comparison, summary: Summary, what: str, unit: str) -> str:
    return f"{what} {_moves(row, unit)} under {summary.label(row.scenario)}"


def _moves(row: Comparison, unit: str) -> str:
    digits = enough_digits(row.reach, digits_for([row.difference]))
    interval = f" ± {row.reach:,.{digits}f}" if row.reach else ""
    if row.difference == 0 and not row.reach:
        return "does not change"
    if row.covers_zero:
        shown = with_interval(row.difference, row.half_width_95, digits)
        return f"shows no change that can be told from zero ({shown} {unit})"
    verb = "rises" if row.difference > 0 else "falls"
    return f"{verb} by {abs(row.difference):,.{digits}f}{interval} {unit}"
