"""One value of the law through the years, or on one day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sim.law import Law
from sim.text import columns_of, wrap

_LONGEST = 40  # characters of a value beside its dates
_DEEP = "      "


def law_history(law: Law, path: str, on: dt.date | None = None) -> tuple[dict[str, Any], str]:
    """All values that one path of the law ever had, or the one that governs on a day, with references."""
    if on is None:
        found = law.history(path)
        vintages, kind, title = found.vintages, found.type, found.title
    else:
        vintages, kind, title = (law.vintage(path, on),), "", f"on {on}"
    rows = [
        {
            "from": v.begins.isoformat(),
            "until": v.until.isoformat() if v.until else None,
            "published": v.published.isoformat(),
            "value": law_value(v.value, kind or _kind_of(law, path)),
            "status": v.status,
            "reference": v.reference.title,
            "href": v.reference.href,
        }
        for v in vintages
    ]
    return {"path": path, "title": title, "values": rows}, "\n".join([*wrap(f"{path}: {title}"), *_table(rows)])


def _table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """A line a value; long values and references below it, wrapped."""
    head = ["from", "until", "published", "status", "value"]
    long = any(len(str(row["value"])) > _LONGEST for row in rows)
    keys = head[:-1] if long else head
    table = columns_of([keys, *([str(row[key] or "") for key in keys] for row in rows)])
    lines = [f"  {table[0]}"]
    for row, line in zip(rows, table[1:], strict=True):
        lines.append(f"  {line}")
        lines += wrap(str(row["value"]), _DEEP) if long else []
        lines += wrap(". ".join(filter(None, (row["reference"], row["href"]))), _DEEP, _DEEP)
    return lines


def _kind_of(law: Law, path: str) -> str:
    """Type of a value; a row of a table of codes is a rate."""
    return law.history(path).type if path in law.paths() else "rate"


def law_value(value: Any, kind: str) -> str:
    """A value of the law in words: rates in percent, money in units."""
    if value is None:
        return "unknown"
    if kind == "rate":
        return f"{value / 10_000:g} %"
    if kind == "money":
        return f"{value / 100:,.2f}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if kind == "state":
        return str(value).replace("_", " ")
    if kind == "shares":
        return ", ".join(f"{country} {rate / 10_000:g} %" for country, rate in value) or "none"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
