"""The section ``labour_value`` of an origin file: plants, wages, purchases and points, as its writer tells them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sim.origin.good import ZERO
from sim.origin.numbers import country, number, share
from sim.reading import Node

PERIODS = ("week", "month", "year", "total")
PRODUCTS = ("engine", "transmission", "battery")
_CURRENCIES = {"US": "USD", "CA": "CAD", "MX": "MXN"}


@dataclass(frozen=True, slots=True)
class Plant:
    """One plant of the producer or of a supplier.

    Parameters
    ----------
    wage : Fraction, optional
        Average base wage by the hour of direct production workers.
    pay, per, hours : Fraction, str, Fraction
        Otherwise base pay, what it is for (``week``, ``month``, ``year`` or ``total``), and the hours of a week, or of
        all that the total pays for.
    currency : str
        That of the country unless stated.
    high_wage : bool, optional
        Where the file states it outright.
    labour, materials, purchases : Fraction
        Labour spent there on the vehicle; materials from there in a vehicle; yearly purchases from there.
    certified_from, certified_to : date, optional
        Period whose wages were averaged for the certification.
    product, capacity, contract_years
        For the assembly credit: what it makes, units a year, years of the contract with it (none for an own plant).
    """

    name: str
    country: str = ""
    currency: str = ""
    wage: Fraction | None = None
    pay: Fraction | None = None
    per: str = "total"
    hours: Fraction | None = None
    high_wage: bool | None = None
    certified_from: dt.date | None = None
    certified_to: dt.date | None = None
    labour: Fraction = ZERO
    materials: Fraction = ZERO
    purchases: Fraction = ZERO
    product: str = ""
    capacity: Fraction = ZERO
    contract_years: Fraction | None = None


@dataclass(frozen=True, slots=True)
class LabourValue:
    """What is told about labour value content; see `read` for the keys."""

    formula: str = ""
    net_cost: Fraction | None = None
    labour: Fraction | None = None
    materials: Fraction | None = None
    purchases: Fraction | None = None
    total_purchases: Fraction | None = None
    freight: Fraction = ZERO
    count_labour: bool | None = None
    technology_share: Fraction | None = None
    technology_wages: Fraction | None = None
    production_wages: Fraction | None = None
    assembly_credit: bool = False
    assembly: Plant | None = None
    plants: tuple[Plant, ...] = ()
    material_points: Fraction | None = None
    assembly_points: Fraction | None = None
    total: Fraction | None = None
    met: bool | None = None

    @property
    def technology_told(self) -> bool:
        """Whether technology points can be reckoned from what is told."""
        return self.technology_share is not None or self.technology_wages is not None


_AMOUNTS = {
    "net_cost": "net_cost",
    "high_wage_labour": "labour",
    "high_wage_materials": "materials",
    "high_wage_purchases": "purchases",
    "total_purchases": "total_purchases",
    "technology_wages": "technology_wages",
    "production_wages": "production_wages",
}
_SHARES = {
    "technology": "technology_share",
    "material_points": "material_points",
    "assembly_points": "assembly_points",
    "total": "total",
}
_KEYS = (*_AMOUNTS, *_SHARES, "formula", "high_wage_freight", "count_labour", "assembly", "plants", "met")


def read(node: Node) -> LabourValue:
    """Read the section.

    ``formula``: ``net_cost`` or ``purchases``; ``net_cost``, ``high_wage_labour``, ``high_wage_materials``;
    ``high_wage_purchases``, ``total_purchases``, ``count_labour``; ``technology`` (ratio of wages) or
    ``technology_wages`` and ``production_wages``; ``assembly``: yes, or a plant; ``plants``; or points as they are:
    ``material_points``, ``assembly_points``, ``total``. ``met`` where only the outcome is known.
    """
    entries = node.fields(_KEYS)
    assembly = entries.get("assembly")
    outright = assembly is None or isinstance(assembly.value, str)
    amounts = {name: _amount(entries, key) for key, name in _AMOUNTS.items()}
    shares = {name: share(entries[key]) if key in entries else None for key, name in _SHARES.items()}
    return LabourValue(
        formula=entries["formula"].text(("net_cost", "purchases"), "formulas") if "formula" in entries else "",
        **amounts,
        freight=_amount(entries, "high_wage_freight") or ZERO,
        count_labour=entries["count_labour"].flag() if "count_labour" in entries else None,
        assembly_credit=assembly.flag() if assembly is not None and outright else False,
        assembly=read_plant(assembly) if assembly is not None and not outright else None,
        plants=tuple(read_plant(item) for item in (entries["plants"].items() if "plants" in entries else ())),
        **shares,
        met=entries["met"].flag() if "met" in entries else None,
    )


_PLANT_AMOUNTS = ("wage", "pay", "hours", "labour", "materials", "purchases", "capacity", "contract_years")
_PLANT_KEYS = (*_PLANT_AMOUNTS, "name", "country", "currency", "per", "high_wage", "product", "certified")


def read_plant(node: Node) -> Plant:
    """Read one plant; see `Plant` for its keys."""
    entries = node.fields(_PLANT_KEYS)
    place = country(entries.get("country"))
    currency = entries["currency"].text() if "currency" in entries else _CURRENCIES.get(place, "")
    certified = entries["certified"].fields(("from", "to"), ("from", "to")) if "certified" in entries else {}
    return Plant(
        name=entries["name"].text() if "name" in entries else "the plant",
        country=place,
        currency=currency,
        wage=_amount(entries, "wage"),
        pay=_amount(entries, "pay"),
        per=entries["per"].text(PERIODS, "periods") if "per" in entries else "total",
        hours=_amount(entries, "hours"),
        high_wage=entries["high_wage"].flag() if "high_wage" in entries else None,
        certified_from=certified["from"].date() if "from" in certified else None,
        certified_to=certified["to"].date() if "to" in certified else None,
        labour=_amount(entries, "labour") or ZERO,
        materials=_amount(entries, "materials") or ZERO,
        purchases=_amount(entries, "purchases") or ZERO,
        product=entries["product"].text(PRODUCTS, "products") if "product" in entries else "",
        capacity=_amount(entries, "capacity") or ZERO,
        contract_years=_amount(entries, "contract_years"),
    )


def _amount(entries: Mapping[str, Node], key: str) -> Fraction | None:
    return number(entries[key]) if key in entries else None
