"""Averaging: content over all units of a category and period, estimated first and trued up at the year's end.

Sums of net cost and of foreign value are compared, so that each unit weighs by its value.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from sim.law import OriginRule
from sim.law.fiscal import nearest_year_begin, years_after
from sim.origin.finding import Finding, Number, Plain
from sim.origin.good import ZERO, Question
from sim.origin.numbers import countries, country, number, share, show, show_share
from sim.origin.vehicles.law_lookup import HUNDRED, parties, ppm
from sim.reading import Node
from sim.references import Reference


@dataclass(frozen=True, slots=True)
class Row:
    """Units alike: how many, their net cost and foreign value in all, and where they are sold."""

    name: str
    units: Fraction
    net_cost: Fraction
    vnm: Fraction
    to: str = ""
    actual_net_cost: Fraction | None = None
    actual_vnm: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Averaging:
    """The section ``averaging``.

    Parameters
    ----------
    category, period : str
        What is averaged over what; admissible ones stand in the law. The period ``transition`` is one of those with
        which the agreement began.
    basis : tuple of str
        Countries of export averaged; empty for all units.
    sold_in : tuple of str
        Countries where the units are sold, for the list of admissible bases.
    elected_on, year_begins : date, optional
        Day of the choice, and first day of the year it is for.
    threshold : Fraction, optional
        Content asked, where the file sets it.
    """

    rows: tuple[Row, ...] = ()
    category: str = ""
    period: str = ""
    basis: tuple[str, ...] = ()
    sold_in: tuple[str, ...] = ()
    made_in: str = ""
    elected_on: dt.date | None = None
    year_begins: dt.date | None = None
    threshold: Fraction | None = None


_KEYS = (
    "units",
    "category",
    "period",
    "basis",
    "sold_in",
    "made_in",
    "elected_on",
    "year_begins",
    "threshold",
    "per",
)
_ROW = ("name", "units", "net_cost", "vnm", "rvc", "to", "actual")


def read(node: Node) -> Averaging:
    """Read ``averaging: {category: class+plant, units: [{name: A, units: 100, net_cost: 20000, vnm: 5000}]}``.

    ``per``: amounts are per ``unit`` (default) or ``total``. ``basis``: ``all`` or countries of export. ``actual``:
    what came true of a row, ``{net_cost, vnm, units}``. A row may state its content (``rvc``) in place of ``vnm``.
    """
    entries = node.fields(_KEYS)
    per = entries["per"].text(("unit", "total"), "bases") if "per" in entries else "unit"
    basis = entries.get("basis")
    whole = basis is None or basis.value == "all"
    return Averaging(
        tuple(_read_row(item, per) for item in (entries["units"].items() if "units" in entries else ())),
        entries["category"].text() if "category" in entries else "",
        entries["period"].text() if "period" in entries else "",
        () if whole else countries(basis),
        countries(entries.get("sold_in")),
        country(entries.get("made_in")),
        entries["elected_on"].date() if "elected_on" in entries else None,
        entries["year_begins"].date() if "year_begins" in entries else None,
        share(entries["threshold"]) if "threshold" in entries else None,
    )


def _read_row(node: Node, per: str) -> Row:
    entries = node.fields(_ROW, ("net_cost",))
    if ("vnm" in entries) == ("rvc" in entries):
        node.fault("units take either 'vnm' or 'rvc'.")
    units = number(entries["units"]) if "units" in entries else Fraction(1)
    times = units if per == "unit" else Fraction(1)
    actual_cost = actual_vnm = None
    if "actual" in entries:
        told = entries["actual"].fields(("net_cost", "vnm", "units"))
        made = number(told["units"]) if "units" in told else units
        weight = made if per == "unit" else Fraction(1)
        actual_cost = number(told["net_cost"]) * weight if "net_cost" in told else None
        actual_vnm = number(told["vnm"]) * weight if "vnm" in told else None
        if "units" in told and per == "unit":
            actual_cost = actual_cost if actual_cost is not None else number(entries["net_cost"]) * made
            actual_vnm = actual_vnm if actual_vnm is not None else _row_vnm(entries) * made
    return Row(
        entries["name"].text() if "name" in entries else "units",
        units,
        number(entries["net_cost"]) * times if "net_cost" in entries else ZERO,
        _row_vnm(entries) * times,
        country(entries.get("to")),
        actual_cost,
        actual_vnm,
    )


def _row_vnm(entries: Mapping[str, Node]) -> Fraction:
    """Foreign value as stated, or what the stated content leaves of net cost."""
    if "vnm" in entries:
        return number(entries["vnm"])
    if "rvc" in entries and "net_cost" in entries:
        return number(entries["net_cost"]) * (1 - share(entries["rvc"]))
    return ZERO


def find(section: Averaging, question: Question, rule: OriginRule | None) -> Finding:
    """Average content of a category, whether it reaches what is asked, and what the year's end made of it.

    Returns
    -------
    Finding
        ``rvc_pct``, ``net_cost`` and ``vnm`` in sum; ``actual_rvc_pct`` where actual figures are told;
        ``simple_average_pct`` for comparison; ``bases``, the sets of units open to the producer.

    References
    ----------
    SOR/94-14 s.11-12; SOR/2020-155 s.16.
    """
    reference = _source(rule)
    values: dict[str, Number | Plain] = {}
    bases = open_bases(section, question)
    if bases:
        values["bases"] = "; ".join(bases)
        values["bases_count"] = len(bases)
    values |= transition(section, question, rule)
    formal = _formal(section, rule, values.get("period_from"))
    if section.period == "transition" and rule is not None and "period_from" not in values:
        words = "No transitional period is open: neither the fiscal year nor the day of importation lies in one."
        formal = (*formal, Finding("averaging period", False, words, "", {}, reference))
    rows = [row for row in section.rows if not section.basis or row.to in section.basis]
    if not rows:
        words = "Open bases: " + "; ".join(bases) + "." if bases else "No units are told of, so nothing is averaged."
        if "period_from" in values:
            words += _run(values)
        needs = () if bases else ("averaging: units",)
        return Finding("averaging", None, words, "", values, reference, needs, formal)
    asked = section.threshold if section.threshold is not None else ppm(rule.threshold_ppm) if rule else None
    content, shown = _average(rows, lambda row: row.net_cost, lambda row: row.vnm)
    values |= {
        "rvc_pct": content * HUNDRED,
        "net_cost": sum((row.net_cost for row in rows), ZERO),
        "vnm": sum((row.vnm for row in rows), ZERO),
        "simple_average_pct": sum((_content(row) for row in rows), ZERO) / len(rows) * HUNDRED,
    }
    values |= {f"{row.name}_rvc_pct": _content(row) * HUNDRED for row in rows}
    passes, words = _verdict(content, asked)
    if asked is not None:
        values |= {"threshold_pct": asked * HUNDRED, "average_passes": passes}
    if any(row.actual_net_cost is not None or row.actual_vnm is not None for row in rows):
        actual, shown_actual = _average(rows, _actual_cost, _actual_vnm)
        values["estimate_passes"] = passes
        passes, actual_words = _verdict(actual, asked)
        values |= {"actual_rvc_pct": actual * HUNDRED, "actual_passes": passes}
        shown += f"; at the year's end {shown_actual}"
        words += f" At the year's end: {actual_words}"
        if passes is False and values["estimate_passes"]:
            words += " The producer must tell everyone who holds a certificate, and the duty falls due."
    if "period_from" in values:
        words += _run(values)
    if passes and any(finding.passes is False for finding in formal):
        passes = False
    return Finding("averaging", passes, words, shown, values, reference, (), formal)


def _source(rule: OriginRule | None) -> Reference | None:
    return rule.references.get("averaging") if rule is not None else None


def _average(
    rows: Sequence[Row], cost: Callable[[Row], Fraction], vnm: Callable[[Row], Fraction]
) -> tuple[Fraction, str]:
    total = sum((cost(row) for row in rows), ZERO)
    foreign = sum((vnm(row) for row in rows), ZERO)
    content = (total - foreign) / total if total else ZERO
    return content, f"({show(total)} - {show(foreign)}) / {show(total)} = {show_share(content)}"


def _actual_cost(row: Row) -> Fraction:
    return row.actual_net_cost if row.actual_net_cost is not None else row.net_cost


def _actual_vnm(row: Row) -> Fraction:
    return row.actual_vnm if row.actual_vnm is not None else row.vnm


def _content(row: Row) -> Fraction:
    return (row.net_cost - row.vnm) / row.net_cost if row.net_cost else ZERO


def _verdict(content: Fraction, asked: Fraction | None) -> tuple[bool | None, str]:
    if asked is None or not asked:
        return None, f"The average is {show_share(content)}."
    verb = "reaches" if content >= asked else "is below"
    return content >= asked, f"The average, {show_share(content)}, {verb} {show_share(asked)}."


def _formal(section: Averaging, rule: OriginRule | None, begins: Number | Plain) -> tuple[Finding, ...]:
    """Whether category, period and day of the choice are admissible."""
    found = []
    reference = _source(rule)
    for kind, told, allowed in (
        ("category", section.category, rule.averaging if rule else ()),
        ("period", section.period, rule.averaging_periods if rule else ()),
    ):
        if told and allowed:
            words = f"{told} is {'' if told in allowed else 'not '}open: {', '.join(allowed)}."
            found.append(Finding(f"averaging {kind}", told in allowed, words, "", {}, reference))
    if section.elected_on is not None and section.year_begins is not None and rule is not None:
        first = dt.date.fromisoformat(begins) if isinstance(begins, str) else section.year_begins
        latest = _last_day(first, rule)
        words = f"Chosen on {section.elected_on}; the last day was {latest}. The choice cannot be taken back."
        found.append(Finding("averaging election", section.elected_on <= latest, words, "", {}, reference))
    return tuple(found)


def _run(values: Mapping[str, Number | Plain]) -> str:
    return f" The period runs from {values['period_from']} to {values['period_to']}."


def _last_day(year_begins: dt.date, rule: OriginRule) -> dt.date:
    """Last day to tell the choice: some days before the year, later where the agreement itself only begins."""
    latest = year_begins - dt.timedelta(days=rule.averaging_notice_days)
    first = rule.averaging_notice_first
    if not first or not rule.averaging_first or year_begins > dt.date.fromisoformat(rule.averaging_first):
        return latest
    return max(latest, dt.date.fromisoformat(first))


def transition(section: Averaging, question: Question, rule: OriginRule | None) -> dict[str, Number | Plain]:
    """First and last day of a transitional period; empty where none is chosen or none is open.

    A first period may run from the beginning of the agreement to the end of the fiscal year that begins within a year
    of it; otherwise the period in which the day of the question lies.

    References
    ----------
    SOR/2020-155 s.16(4)-(5), (12); SOR/94-14 s.11(3).
    """
    if section.period != "transition" or rule is None:
        return {}
    begins = section.year_begins
    if begins is not None and rule.averaging_first:
        entry = dt.date.fromisoformat(rule.averaging_first)
        if entry < begins < years_after(entry, 1):
            return _days(entry, years_after(begins, 1) - dt.timedelta(days=1))
    for window in rule.averaging_windows:
        first, last = _window(window, question.good.details.get("fiscal_year_begins", "01-01"))
        if question.on is not None and first <= question.on <= last:
            return _days(first, last)
    return {}


def _days(first: dt.date, last: dt.date) -> dict[str, Number | Plain]:
    return {"period_from": first.isoformat(), "period_to": last.isoformat()}


def _window(text: str, fiscal_year: str) -> tuple[dt.date, dt.date]:
    """First and last day of a window; ``fiscal_year`` stands for the end of the fiscal year its first day lies in."""
    begin, _, end = text.partition("/")
    first = dt.date.fromisoformat(begin)
    if end != "fiscal_year":
        return first, dt.date.fromisoformat(end)
    near = nearest_year_begin(first, fiscal_year)
    following = near if near > first else years_after(near, 1)
    return first, following - dt.timedelta(days=1)


def open_bases(section: Averaging, question: Question) -> tuple[str, ...]:
    """Sets of units over which a producer may average: all he makes, or exports to one or more other parties.

    Examples
    --------
    Made in CA and sold in CA, US, MX and DE: all produced; exports to MX and US; exports to MX; exports to US.
    """
    home = section.made_in or question.good.made_in
    markets = set(section.sold_in) & set(parties(question)) - {home}
    if not section.sold_in:
        return ()
    names = sorted(markets)
    sets = [chosen for size in range(len(names), 0, -1) for chosen in combinations(names, size)]
    return ("all produced", *(f"exports to {' and '.join(chosen)}" for chosen in sets))
