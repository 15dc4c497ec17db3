"""The section of an origin file on core parts of a vehicle: what is told of each, and how it is read."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sim.origin.good import CORE_PARTS, ZERO
from sim.origin.numbers import number, share
from sim.reading import Node

METHODS = ("each", "each_listed", "super_core", "super_core_listed")
READINGS = ("panel", "us_litigated", "us_strict")


@dataclass(frozen=True, slots=True)
class CorePart:
    """One core part of a vehicle.

    Parameters
    ----------
    base : Fraction, optional
        Full net cost, or transaction value under that basis.
    foreign, foreign_listed : Fraction, optional
        Value of all foreign materials in it, and of the foreign listed components among them.
    price : Fraction, optional
        What the vehicle's producer paid for it.
    self_produced : bool, optional
    originating : bool, optional
        Where the file states it outright.
    """

    name: str
    base: Fraction | None = None
    foreign: Fraction | None = None
    foreign_listed: Fraction | None = None
    price: Fraction | None = None
    self_produced: bool | None = None
    originating: bool | None = None


@dataclass(frozen=True, slots=True)
class CoreParts:
    """The section ``core_parts``.

    Parameters
    ----------
    parts : tuple of CorePart
    method : str
        One of `METHODS`; empty for whichever serves best.
    value : str
        ``net_cost`` or ``transaction_value``.
    met : bool, optional
        Outcome, where only that is known.
    threshold : Fraction, optional
        Content asked, where the file sets it; otherwise the law is asked.
    alone : bool
        The part crosses on its own.
    reading : str
        One of `READINGS`; empty for that of the law.
    averaged : bool
        The numbers are averages over a category and period.
    absent : tuple of str
        Core parts that the vehicle does not have, such as the engine of an electric one.
    others : str
        ``originating`` or ``none`` (not in the vehicle) for core parts that are not named; empty where nothing is told.
    """

    parts: tuple[CorePart, ...] = ()
    method: str = ""
    value: str = "net_cost"
    met: bool | None = None
    threshold: Fraction | None = None
    alone: bool = False
    reading: str = ""
    averaged: bool = False
    absent: tuple[str, ...] = ()
    others: str = ""


_PART_KEYS = (
    "net_cost",
    "transaction_value",
    "vnm",
    "vnm_listed",
    "price",
    "self_produced",
    "originating",
    "components",
)
_KEYS = ("parts", "method", "value", "met", "threshold", "alone", "reading", "averaged", "others")
_IN_BRIEF = ("originating", "none")


def read(node: Node) -> CoreParts:
    """Read ``core_parts: {parts: {engine: {net_cost: 3000, vnm: 900, vnm_listed: 600}, axles: originating}}``.

    A part that the vehicle does not have is ``none``; ``others: originating`` or ``none`` speaks of all not named.
    """
    entries = node.fields(_KEYS)
    value = entries["value"].text(("net_cost", "transaction_value"), "values") if "value" in entries else "net_cost"
    named = entries["parts"].entries() if "parts" in entries else {}
    for name, child in named.items():
        if name not in CORE_PARTS:
            child.fault(f"'{name}' is no core part. Core parts are {', '.join(CORE_PARTS)}.")
    brief = {name: child.text(_IN_BRIEF, "states") for name, child in named.items() if isinstance(child.value, str)}
    return CoreParts(
        parts=tuple(
            CorePart(name, originating=True) if name in brief else _read_part(name, child, value)
            for name, child in named.items()
            if brief.get(name) != "none"
        ),
        method=entries["method"].text(METHODS, "methods") if "method" in entries else "",
        value=value,
        met=entries["met"].flag() if "met" in entries else None,
        threshold=share(entries["threshold"]) if "threshold" in entries else None,
        alone=entries["alone"].flag() if "alone" in entries else False,
        reading=entries["reading"].text(READINGS, "readings") if "reading" in entries else "",
        averaged=entries["averaged"].flag() if "averaged" in entries else False,
        absent=tuple(name for name, state in brief.items() if state == "none"),
        others=entries["others"].text(_IN_BRIEF, "states") if "others" in entries else "",
    )


def _read_part(name: str, node: Node, value: str) -> CorePart:
    entries = node.fields(_PART_KEYS)
    foreign = number(entries["vnm"]) if "vnm" in entries else None
    foreign_listed = number(entries["vnm_listed"]) if "vnm_listed" in entries else None
    if "components" in entries:
        rows = [_read_component(item) for item in entries["components"].items()]
        foreign = sum((amount for amount, _ in rows), ZERO)
        foreign_listed = sum((amount for amount, on_list in rows if on_list), ZERO)
    return CorePart(
        name,
        base=number(entries[value]) if value in entries else None,
        foreign=foreign,
        foreign_listed=foreign_listed,
        price=number(entries["price"]) if "price" in entries else None,
        self_produced=entries["self_produced"].flag() if "self_produced" in entries else None,
        originating=entries["originating"].flag() if "originating" in entries else None,
    )


def _read_component(node: Node) -> tuple[Fraction, bool]:
    """Foreign value of one component, and whether it is listed; one that originates brings nothing."""
    entries = node.fields(("name", "value", "originating", "listed"), ("name", "value", "originating", "listed"))
    amount = number(entries["value"]) if "value" in entries else ZERO
    foreign = not entries["originating"].flag() if "originating" in entries else True
    return amount if foreign else ZERO, entries["listed"].flag() if "listed" in entries else True
