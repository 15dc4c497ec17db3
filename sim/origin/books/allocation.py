"""Sharing costs that several goods have in common: by hours, labour, machine hours, sales, or direct costs.

References
----------
SOR/2020-155 Schedule 5; SOR/94-14 Schedule VII.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sim.origin.agreement_terms import Terms
from sim.origin.books.net_cost import cost_sheet
from sim.origin.finding import Finding, Plain
from sim.origin.good import ZERO, Question
from sim.origin.numbers import number, rounded, share, show, show_share
from sim.reading import Node

# What each basis is measured by; several measures are added up, two under `sales_value` multiplied.
BASES: Mapping[str, tuple[str, ...]] = {
    "labour_hours": ("labour_hours",),
    "labour_cost": ("labour_cost",),
    "machine_hours": ("machine_hours",),
    "units": ("units",),
    "floor_space": ("floor_space",),
    "sales_value": ("units", "price"),
    "direct_labour": ("direct_labour",),
    "direct_labour_and_materials": ("direct_labour", "direct_materials"),
    "direct_costs": ("direct_labour", "direct_materials", "direct_overhead"),
    "stated_shares": ("share",),
    "other": ("measure",),
}
_MEASURES = tuple(dict.fromkeys(name for names in BASES.values() for name in names))
_KEYS = ("amount", "of", "way", "excluded", "excluded_when", "basis", "goods", "ratio_decimals", "note")
_GOOD_KEYS = (*_MEASURES, "sales", "total_cost", "excluded", "note")
_OF = ("overhead", "total_cost", "net_cost", "period", "other_product", "other")
_WAYS = ("subtract_then_allocate", "allocate_then_subtract")


@dataclass(frozen=True, slots=True)
class Share:
    """One good among those that share a cost: its measure, or the amounts its producer allocated already."""

    name: str
    measure: Fraction | None
    words: str
    total_cost: Fraction | None = None
    excluded: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Allocation:
    """A cost to share out.

    Parameters
    ----------
    amount : Fraction, optional
        The cost; None for the costs stated for the goods together.
    of : str
        What it is: ``overhead``, ``total_cost``, ``net_cost``, ...
    way : str
        ``subtract_then_allocate`` (net cost is shared) or ``allocate_then_subtract`` (total cost and excluded costs
        are shared, then subtracted).
    excluded : Fraction
        Excluded costs inside the amount.
    basis : str
        One of `BASES`.
    ratio_decimals : int, optional
        Decimals to which the books round the ratios; exact where not stated.
    """

    amount: Fraction | None
    of: str
    way: str
    excluded: Fraction
    basis: str
    shares: tuple[Share, ...]
    ratio_decimals: int | None


def read(node: Node) -> Allocation:
    """Read the section: `amount`, `basis`, and `goods` by name with the measures of the basis."""
    entries = node.fields(_KEYS, ("basis", "goods") if not _stated(node) else ("goods",))
    basis = entries["basis"].text(BASES, "bases") if "basis" in entries else "stated_shares"
    decimals = None
    if "ratio_decimals" in entries:
        text = entries["ratio_decimals"].text()
        if not text.isdigit():
            entries["ratio_decimals"].fault(f"'{text}' is not a number of decimals. Write a digit.")
        decimals = int(text) if text.isdigit() else None
    shares = entries["goods"].entries() if "goods" in entries else {}
    way = entries["way"].text(_WAYS, "ways") if "way" in entries else _WAYS[0]
    if "excluded_when" in entries:
        when = entries["excluded_when"].text(("before", "after"), "times")
        way = _WAYS[1] if when == "after" else _WAYS[0]
    return Allocation(
        number(entries["amount"]) if "amount" in entries else None,
        entries["of"].text(_OF, "costs") if "of" in entries else "overhead",
        way,
        number(entries["excluded"]) if "excluded" in entries else ZERO,
        basis,
        tuple(_read_share(name, item, BASES.get(basis, ())) for name, item in shares.items()),
        decimals,
    )


def _stated(node: Node) -> bool:
    goods = node.value.get("goods") if isinstance(node.value, dict) else None
    return isinstance(goods, dict) and all(isinstance(x, dict) and "total_cost" in x for x in goods.values())


def _read_share(name: str, node: Node, measures: tuple[str, ...]) -> Share:
    if isinstance(node.value, str):  # a bare number is the measure itself
        value = share(node) if measures == ("share",) else number(node)
        return Share(name, value, show(value))
    entries = node.fields(_GOOD_KEYS)
    total_cost = number(entries["total_cost"]) if "total_cost" in entries else None
    excluded = number(entries["excluded"]) if "excluded" in entries else None
    if total_cost is not None:
        return Share(name, None, "", total_cost, excluded)
    if "sales" in entries and measures == ("units", "price"):
        value = number(entries["sales"])
        return Share(name, value, show(value), None, excluded)
    for key in measures:
        if key not in entries:
            node.fault(f"the key '{key}' is missing (the basis asks it).")
    parts = [share(entries[key]) if key == "share" else number(entries[key]) for key in measures if key in entries]
    if measures == ("units", "price") and len(parts) == len(measures):
        return Share(name, parts[0] * parts[1], f"{show(parts[0])} x {show(parts[1])}", None, excluded)
    return Share(name, sum(parts, ZERO), " + ".join(show(part) for part in parts), None, excluded)


def ratios(allocation: Allocation) -> dict[str, Fraction]:
    """Share of each good, rounded as the books do; the exact ones add up to one."""
    measured = {item.name: item.measure for item in allocation.shares if item.measure is not None}
    total = sum(measured.values(), ZERO)
    if not total:
        return {}
    exact = {name: value / total for name, value in measured.items()}
    if allocation.ratio_decimals is None:
        return exact
    return {name: rounded(value, allocation.ratio_decimals) for name, value in exact.items()}


def find(allocation: Allocation, question: Question, terms: Terms) -> Finding:
    """What each good bears of the cost: in all, of excluded costs, and net of them."""
    if allocation.shares and all(item.total_cost is not None for item in allocation.shares):
        return _stated_amounts(allocation)
    gross, excluded, needs = _amounts(allocation, question)
    parts = ratios(allocation)
    if gross is None or not parts:
        return Finding("allocation", None, "Nothing to share out.", needs=needs or ("goods with their measures",))
    net = gross - excluded
    after = allocation.way == _WAYS[1]
    own = {item.name: item.excluded for item in allocation.shares if item.excluded is not None}
    values: dict[str, Fraction | Plain] = {"amount": gross, "excluded": excluded, "net": net}
    inner = []
    for item in allocation.shares:
        ratio = parts[item.name]
        taken = own.get(item.name, ratio * excluded)
        result = ratio * gross - taken if after else ratio * net
        values |= {f"ratio_{item.name}": ratio, item.name: result}
        if excluded:
            values |= {f"gross_{item.name}": ratio * gross, f"excluded_{item.name}": taken}
        arithmetic = f"{item.words} of {show(_total(allocation))} = {_ratio_words(ratio)}; "
        if after and excluded:
            arithmetic += f"{show(ratio * gross)} - excluded {show(taken)} = {show(result)}"
        else:
            arithmetic += f"{_ratio_words(ratio)} x {show(net)} = {show(result)}"
        inner.append(Finding(f"share of {item.name}", None, f"{item.name} bears {show(result)}.", arithmetic))
    basis = allocation.basis.replace("_", " ")
    lead = f"{show(gross)} - excluded {show(excluded)} = {show(net)}; " if excluded else ""
    words = f"{allocation.of.replace('_', ' ').capitalize()} is shared by {basis}."
    return Finding(
        "allocation", None, words, f"{lead}shared by {basis}", values, terms.reference("allocation"), (), tuple(inner)
    )


def _ratio_words(ratio: Fraction) -> str:
    return show_share(ratio)


def _total(allocation: Allocation) -> Fraction:
    return sum((item.measure for item in allocation.shares if item.measure is not None), ZERO)


def _amounts(allocation: Allocation, question: Question) -> tuple[Fraction | None, Fraction, tuple[str, ...]]:
    """The cost to share and the excluded costs in it: as stated, or of the goods together."""
    if allocation.amount is not None:
        return allocation.amount, allocation.excluded, ()
    sheet = cost_sheet(question.costs, ())
    if sheet.total is not None:
        return sheet.total, question.costs.excluded_total + allocation.excluded, ()
    return sheet.net, ZERO, ("amount, or the costs of the goods together",)


def _stated_amounts(allocation: Allocation) -> Finding:
    """Total cost and excluded costs were allocated already: net cost of each good."""
    values: dict[str, Fraction | Plain] = {}
    inner = []
    net = ZERO
    for item in allocation.shares:
        total, excluded = item.total_cost or ZERO, item.excluded or ZERO
        net += total - excluded
        values |= {item.name: total - excluded, f"gross_{item.name}": total, f"excluded_{item.name}": excluded}
        arithmetic = f"{show(total)} - excluded {show(excluded)} = {show(total - excluded)}"
        inner.append(Finding(f"net cost of {item.name}", None, f"{item.name}: {arithmetic}.", arithmetic))
    values["net"] = net
    return Finding("allocation", None, "Allocated costs less excluded costs.", "", values, None, (), tuple(inner))
