"""Moulds, tools and the like that a buyer gives a supplier: whose value they are, and over how many units they spread.

References
----------
SOR/2020-155 s.7(12), s.8, Schedule 3 s.4(13), Schedule 6 s.4; SOR/94-14 Schedule II and Schedule VIII.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sim.origin.agreement_terms import Terms
from sim.origin.finding import Finding, Plain
from sim.origin.good import ZERO, Question
from sim.origin.numbers import number, show
from sim.reading import Node

_KEYS = (
    "name",
    "value",
    "supplier",
    "buyer",
    "material",
    "status",
    "contract_units",
    "produced_before_first_shipment",
    "first_shipment_units",
    "spread_over",
    "note",
)


@dataclass(frozen=True, slots=True)
class Assist:
    """What was supplied free or below cost.

    Parameters
    ----------
    value : Fraction, optional
    supplier, buyer : str
        Who makes the material with it, and who gave it; empty where not named.
    material, status : str
        The material made with it, and whether that originates.
    contract_units, produced, shipped : Fraction, optional
        Units contracted for, made up to the first shipment, and in that shipment.
    spread_over : Fraction, optional
        Units over which the buyer wants to spread the value.
    """

    name: str
    value: Fraction | None
    material: str
    status: str
    contract_units: Fraction | None
    produced: Fraction | None
    shipped: Fraction | None
    spread_over: Fraction | None
    supplier: str = ""
    buyer: str = ""


def read(node: Node) -> Assist:
    """Read the section; see `Assist`."""
    entries = node.fields(_KEYS)

    def amount(key: str) -> Fraction | None:
        return number(entries[key]) if key in entries else None

    def text(key: str, otherwise: str) -> str:
        return entries[key].text() if key in entries else otherwise

    return Assist(
        text("name", "the assist"),
        amount("value"),
        text("material", "the material"),
        entries["status"].text(("originating", "non_originating"), "statuses") if "status" in entries else "",
        amount("contract_units"),
        amount("produced_before_first_shipment"),
        amount("first_shipment_units"),
        amount("spread_over"),
        text("supplier", ""),
        text("buyer", ""),
    )


def find(assist: Assist, question: Question, terms: Terms) -> Finding:
    """How the value is treated by supplier and buyer, and the units over which it may be spread.

    Notes
    -----
    For the supplier it is an indirect material that cost nothing. The buyer adds it to the value of the material, and
    so to foreign value where the material does not originate; its cost on the buyer's books is then no separate cost.
    It may be spread over the units made up to the first shipment, or over all units contracted for.
    """
    values: dict[str, Fraction | Plain] = {
        "value_in_supplier_net_cost": ZERO,
        "supplier_status": "originating indirect material",
        "separate_cost_for_buyer": False,
        "included_in_value_of_material": True,
    }
    if assist.status:
        values["counted_in_buyer_vnm"] = assist.status == "non_originating"
    buyer, supplier = assist.buyer or "the buyer", assist.supplier or "the supplier"
    words = f"{assist.name} counts once, in the value of {assist.material}, and is no separate cost of {buyer}."
    words += f" For {supplier} it is an indirect material that cost nothing."
    if assist.value is not None:
        values["added_to_material_value"] = assist.value
    stated = {"made up to the first shipment": assist.produced, "contracted for": assist.contract_units}
    bases = {why: units for why, units in stated.items() if units}
    passes, arithmetic = None, ""
    for n, (why, units) in enumerate(bases.items(), start=1):
        values[f"allowed_base_{n}"] = units
        arithmetic += f"{'; ' if arithmetic else ''}{show(units)} units {why}"
        if assist.value is not None:
            values[f"value_per_unit_{n}"] = assist.value / units
            arithmetic += f": {show(assist.value)} / {show(units)} = {show(assist.value / units)} each"
    if bases and assist.shipped is not None and assist.shipped not in bases.values():
        words += f" The first shipment alone ({show(assist.shipped)} units) is no basis."
    if bases and assist.spread_over is not None:
        passes = assist.spread_over in bases.values()
        words += f" Spreading over {show(assist.spread_over)} units is {'open' if passes else 'not open'}."
        values["spread_allowed"] = passes
    return Finding("assist", passes, words, arithmetic, values, terms.reference("assist"))
