"""Costs, materials and suppliers' statements as an origin file writes them, read into those of `good.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from sim.origin.good import CORE_PARTS, TREATMENTS, ZERO, Charges, Costs, Currency, Material, ProductRule, Statement
from sim.origin.numbers import by_country, code, code_list, country, number, share
from sim.reading import Node

_COST_KEYS = (
    "net_cost",
    "total_cost",
    "originating_materials",
    "non_originating_materials",
    "vnm",
    "other_product",
    "period",
    "other",
    "excluded",
    "net_of_excluded",
    "assists",
    "currency",
)
_CURRENCY_KEYS = ("related_gain", "related_loss", "unrelated_gain", "unrelated_loss", "counted")
_STATEMENT_KEYS = ("net_cost", "vnm", "regional_value", "rvc", "transaction", "traced", "classifications")
_CHARGES = (
    "international_freight",
    "insurance",
    "packing",
    "duties",
    "brokerage",
    "inland_freight",
    "inland_freight_after",
    "waste",
    "scrap",
)
_FLAGS = ("documented", "included", "recovered", "self_produced", "designated", "indirect")
_MORE_FLAGS = ("imported", "same_class", "listed_component", "heavy_listed")
_CLOSED = {
    "status": ("originating", "non_originating"),
    "packaging": ("retail", "shipping", "accessory"),
    "title": ("at_import", "inland"),
    "core": CORE_PARTS,
    "component": ("engine", "gear_box", "assembly", "sub_component"),
    "treatment": TREATMENTS,
}
_MATERIAL_KEYS = (
    "name",
    "hts",
    "value",
    "units",
    "unit_price",
    "customs_value",
    "made_in",
    "by_country",
    "assists",
    "rule",
    "costs",
    "materials",
    "statement",
    "note",
    *_CLOSED,
    *_FLAGS,
    *_MORE_FLAGS,
    *_CHARGES,
)

RuleReader = Callable[[Node], ProductRule]


def read_costs(node: Node | None) -> Costs:
    """Read the costs of making a good; see `Costs`. ``vnm`` is short for ``non_originating_materials``."""
    if node is None:
        return Costs()
    entries = node.fields(_COST_KEYS)
    if "vnm" in entries and "non_originating_materials" in entries:
        entries["vnm"].fault("'vnm' and 'non_originating_materials' are the same. Write one of them.")
    return Costs(
        net_cost=_amount(entries, "net_cost"),
        total_cost=_amount(entries, "total_cost"),
        originating_materials=_amount(entries, "originating_materials"),
        non_originating_materials=_amount(entries, "vnm" if "vnm" in entries else "non_originating_materials"),
        other_product=_amount(entries, "other_product"),
        period=_amount(entries, "period"),
        other=_amount(entries, "other"),
        excluded=_named_sums(entries.get("excluded"), "costs"),
        net_of_excluded=_flag(entries, "net_of_excluded") or False,
        assists=_amount(entries, "assists") or ZERO,
        currency=_read_currency(entries["currency"]) if "currency" in entries else None,
    )


def _amount(entries: Mapping[str, Node], key: str) -> Fraction | None:
    return number(entries[key]) if key in entries else None


def _flag(entries: Mapping[str, Node], key: str) -> bool | None:
    return entries[key].flag() if key in entries else None


def _named_sums(node: Node | None, name: str) -> dict[str, Fraction]:
    """Amounts by name, or one amount under a default name."""
    if node is None:
        return {}
    if isinstance(node.value, str):
        return {name: number(node)}
    return {key: number(item) for key, item in node.entries().items()}


def _read_currency(node: Node) -> Currency:
    entries = node.fields(_CURRENCY_KEYS, ("counted",))
    return Currency(
        related_gain=_amount(entries, "related_gain") or ZERO,
        related_loss=_amount(entries, "related_loss") or ZERO,
        unrelated_gain=_amount(entries, "unrelated_gain") or ZERO,
        unrelated_loss=_amount(entries, "unrelated_loss") or ZERO,
        counted=_flag(entries, "counted") or False,
    )


def read_materials(node: Node | None, read_rule: RuleReader) -> tuple[Material, ...]:
    """Read a list of materials, each with what is inside it."""
    return tuple(read_material(item, read_rule) for item in node.items()) if node else ()


def read_material(node: Node, read_rule: RuleReader) -> Material:
    """Read one material; see `Material` for its keys, `Charges` for those of its purchase."""
    entries = node.fields(_MATERIAL_KEYS, ("name",))
    designated = _flag(entries, "designated") or False
    if designated and _flag(entries, "self_produced") is False:
        entries["designated"].fault("only a material that the producer makes himself can be designated.")
    return Material(
        name=entries["name"].text() if "name" in entries else "",
        hts=code(entries["hts"]) if "hts" in entries else "",
        value=_value(entries),
        customs_value=_amount(entries, "customs_value"),
        status=_one_of(entries, "status"),
        made_in=country(entries.get("made_in")),
        imported=_flag(entries, "imported"),
        recovered=_flag(entries, "recovered") or False,
        self_produced=designated or _flag(entries, "self_produced") or False,
        designated=designated,
        indirect=_flag(entries, "indirect") or False,
        packaging=_one_of(entries, "packaging"),
        assists=sum(_named_sums(entries.get("assists"), "assists").values(), ZERO),
        same_class=_flag(entries, "same_class"),
        rule=read_rule(entries["rule"]) if "rule" in entries else None,
        by_country=by_country(entries.get("by_country")),
        costs=read_costs(entries.get("costs")),
        materials=read_materials(entries.get("materials"), read_rule),
        statement=_read_statement(entries["statement"]) if "statement" in entries else None,
        charges=_read_charges(entries),
        title=_one_of(entries, "title"),
        core=_one_of(entries, "core"),
        component=_one_of(entries, "component"),
        listed_component=_flag(entries, "listed_component"),
        heavy_listed=_flag(entries, "heavy_listed"),
        treatment=_one_of(entries, "treatment"),
    )


def _value(entries: Mapping[str, Node]) -> Fraction | None:
    """The value as stated, or as units times their price."""
    value, units, price = (_amount(entries, key) for key in ("value", "units", "unit_price"))
    if price is None:
        return value
    if value is not None or units is None:
        entries["unit_price"].fault("write 'units' and 'unit_price' together, or 'value' alone.")
        return value
    return units * price


def _one_of(entries: Mapping[str, Node], key: str) -> str:
    return entries[key].text(_CLOSED[key], f"values of '{key}'") if key in entries else ""


def _read_statement(node: Node) -> Statement:
    entries = node.fields(_STATEMENT_KEYS)
    return Statement(
        net_cost=_amount(entries, "net_cost"),
        vnm=_amount(entries, "vnm"),
        regional_value=_amount(entries, "regional_value"),
        rvc=share(entries["rvc"]) if "rvc" in entries else None,
        transaction=_amount(entries, "transaction"),
        traced=_amount(entries, "traced"),
        classifications=code_list(entries["classifications"]) if "classifications" in entries else (),
    )


def _read_charges(entries: Mapping[str, Node]) -> Charges:
    def cost(key: str) -> Fraction:
        return _amount(entries, key) or ZERO

    documented, proven = True, None
    if "documented" in entries and isinstance(entries["documented"].value, list):
        proven = tuple(item.text(_CHARGES, "costs") for item in entries["documented"].items())
    elif "documented" in entries:
        documented = entries["documented"].flag()
    return Charges(
        international_freight=cost("international_freight"),
        insurance=cost("insurance"),
        packing=cost("packing"),
        duties=cost("duties"),
        brokerage=cost("brokerage"),
        inland_freight=cost("inland_freight"),
        inland_freight_after=cost("inland_freight_after"),
        waste=cost("waste"),
        scrap=cost("scrap"),
        documented=documented,
        proven=proven,
        included=_flag(entries, "included"),
    )
