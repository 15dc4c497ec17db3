"""Explanations as a person reads them: a vehicle, a load or an entry in words and short tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sim.text import columns_of, count, money, width, wrap

_DEEP = "      "
_STAY = ("load", "what", "place", "from", "until", "queued_min")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)\S*")
_PARTS = 3  # goods named behind a provision
SHOWN = 12  # lines of a list, unless it is short enough anyway


def vehicle_lines(content: Mapping[str, Any]) -> list[str]:
    """Cost by component, origin, claims, and duty provision by provision."""
    cost = content["mean_cost_per_vehicle_usd"]
    rows = [[_words(name), "-" if value is None else f"{value:,.2f}"] for name, value in cost.items()]
    lines = ["", "Cost, USD a vehicle, mean of all replications", *_indented(columns_of(rows, right=True))]
    lines += ["", "Origin", *(line for row in content["content"] for line in wrap(_origin(row), "  ", "  "))]
    claims = content["claims"]
    lines += ["", "Claims of preference", *(line for row in claims for line in wrap(_claim(row), "  ", _DEEP))]
    duties = content["duties_and_fees"]
    told = _duty_lines(duties) if duties else wrap(f"Duties cannot be told: {content['not_told']}")
    return [*lines, "", *told]


def entry_lines(content: Mapping[str, Any]) -> list[str]:
    """One entry: the goods, what was claimed, each charge with its reason and citation."""
    return _entry(content["entry"])


def load_lines(content: Mapping[str, Any]) -> list[str]:
    """One load: where it was, what a unit cost, what it was made of, and its entries."""
    stays, cost = content["passport"], content["cost"]
    alone = len({stay["load"] for stay in stays}) == 1
    keys = ("what", "place", "from", "until", "queued_min") if alone else _STAY
    head = [key.replace("queued_min", "queued, min") for key in keys]
    cells = [[_dash(stay[key]) for key in keys] for stay in stays]
    lines = ["", "Where it was (UTC)", *_indented(columns_of([head, *cells]))]
    units = f"{count(round(cost['units']), 'unit')} of {cost['part']}, made by {cost['made_by']}"
    seed = ", in stock when the run began" if cost["is_seed"] else ""
    borders = f"; what is in it has passed up to {count(cost['borders_behind'], 'border')}"
    lines += ["", *wrap(f"{units}{seed}{borders}.")]
    digits = 2 if cost["unit_total"] >= 100 else 4
    parts = [[_words(name), f"{usd:,.{digits}f}"] for name, usd in cost["unit_cost"]]
    total = [["total", f"{cost['unit_total']:,.{digits}f}"]]
    lines += ["", "Landed cost, USD a unit", *_indented(columns_of([*parts, *total], right=True))]
    sources = cost["sources"]
    if sources:
        rows = [[name, f"{taken:,g}"] for name, taken in sources[:SHOWN]]
        more = [f"  and {len(sources) - SHOWN} more loads"] if len(sources) > SHOWN else []
        lines += ["", "Made from, units taken from each load", *_indented(columns_of(rows, right=True)), *more]
    for entry in cost["entries"]:
        lines += ["", *_entry(entry)]
    return lines


LINES: Mapping[str, Callable[[Mapping[str, Any]], list[str]]] = {
    "vehicle": vehicle_lines,
    "load": load_lines,
    "entry": entry_lines,
}


def _entry(entry: Mapping[str, Any]) -> list[str]:
    origin = entry["origin"]
    goods = f"Entry {entry['entry']}: {entry['part']} ({entry['hts_code']}) from {entry['exporter']} into "
    place = f"{entry['importer']} at {entry['crossing']} on {entry['on']}, load {entry['load']}"
    lines = wrap(goods + place, "", "  ")
    lines += wrap(f"customs value: {money(entry['value_cents'], 'USD')}", "  ")
    claimed = f"claimed: {entry['claimed']}" if entry["claimed"] else "claimed: nothing"
    agreement = f"agreement in force: {entry['agreement'] or 'none'}"
    met = "originates" if entry["originates"] else "does not originate"
    lines += wrap(f"{claimed}; {agreement}; {met}: {origin['reason']}", "  ", "    ")
    charges = entry["charges"]
    if not charges:
        return [*lines, "  owed: nothing"]
    lines.append(f"  owed: {count(len(charges), 'charge')}")
    for row in charges:
        head = f"    {row['programme']} [{row['heading']}], {row['kind']} to {row['treasury']}"
        amount = money(row["amount_cents"], "USD")
        lines.append(f"{head}  {amount:>{max(len(amount), width() - len(head) - 2)}}")
        lines += wrap(row["arithmetic"], _DEEP + "  ")
        lines += wrap(f"{row['why']} ({row['reference']})", _DEEP + "  ")
        if row.get("is_true_up"):
            lines += wrap(f"true-up, owed on {row['due']}: the claim failed on the average of its period", _DEEP + "  ")
    total = money(sum(row["amount_cents"] for row in charges), "USD")
    return [*lines, f"    in all  {total:>{width() - 12}}"]


def _duty_lines(duty: Mapping[str, Any]) -> list[str]:
    rows = duty["provisions"]
    lines = [f"Duties and fees in it, USD a vehicle, replication 0: {duty['total_usd']:,.2f}"]
    for row in rows:
        head = f"  {row['programme']} [{row['heading']}], {row['kind']} to {row['treasury']}"
        amount = f"{row['usd']:,.2f}"
        lines.append(f"{head}  {amount:>{max(len(amount), width() - len(head) - 2)}}")
        lines += wrap(f"{row['why']} ({row['reference']})", _DEEP)
        goods = "; ".join(row["goods"][:_PARTS])
        more = f" and {len(row['goods']) - _PARTS} more goods" if len(row["goods"]) > _PARTS else ""
        split = f"on the vehicle {row['direct_usd']:,.2f}, on its parts {row['embedded_usd']:,.2f}"
        lines += wrap(f"{split}: {goods}{more}; most by entry {row['entry']}", _DEEP)
    besides = {
        "opening_stocks_usd": "  parts in stock when the run began, at their planned duty",
        "sources_usd": "  sources by the plan's shares, where these vehicles hold more of some",
    }
    for key, words in besides.items():
        if abs(duty[key]) >= 0.005:
            lines.append(f"{words}  {duty[key]:>{width() - len(words) - 2},.2f}")
    return lines if rows else [*lines, "  none was charged"]


def _origin(row: Mapping[str, Any]) -> str:
    met = "originates" if row["originates"] else "does not originate"
    under = f" under {row['agreement']}" if row["agreement"] else ""
    asked = f" (asked {row['threshold_pct']:g} %)" if row["threshold_pct"] else ""
    shares = f"content {row['content_pct']:.2f} %{asked}, value added in the United States {row['us_pct']:.2f} %"
    return f"{met}{under}: {row['reason']}. {shares[:1].upper()}{shares[1:]}"


def _claim(row: Mapping[str, Any]) -> str:
    course = f"claims {row['claimed']}" if row["claimed"] else "pays"
    duty = f"a load of {row['load_units']:g} owes USD {row['duty_paying_usd_per_load']:,.2f} without a claim"
    if row["duty_paying_usd_per_load"] == row["duty_claiming_usd_per_load"]:
        return f"{row['lane']}, into {row['importer']}: {course} ({row['verdict']}); {duty}"
    claimed, papers = (row[f"{name}_usd_per_load"] for name in ("duty_claiming", "compliance"))
    with_it = f"USD {claimed:,.2f} with it and USD {papers:,.2f} for its papers"
    return f"{row['lane']}, into {row['importer']}: {course} ({row['verdict']}); {duty}, {with_it}"


def _words(name: str) -> str:
    return name.replace("_", " ").replace(":", ", ")


def _dash(value: Any) -> str:
    return "-" if value is None else _MOMENT.sub(r"\1 \2", str(value))


def _indented(lines: list[str]) -> list[str]:
    return [f"  {line}" for line in lines]
