"""Goods put up in sets: how much of the value of the set may be components that do not originate.

References
----------
SOR/2020-155 s.6.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sim.origin.agreement_terms import Terms
from sim.origin.finding import Finding
from sim.origin.good import ZERO, Question
from sim.origin.numbers import HUNDRED, number, share, show, show_share
from sim.reading import Node

_KEYS = ("value", "components", "non_originating_share", "note")
_COMPONENT_KEYS = ("name", "value", "share", "status", "note")


@dataclass(frozen=True, slots=True)
class Component:
    """One good of a set: its value, or its share of the value of the set; whether it originates by itself."""

    name: str
    value: Fraction | None
    share: Fraction | None
    originating: bool | None


@dataclass(frozen=True, slots=True)
class GoodsInSet:
    """A set by its components, or by the share that does not originate."""

    value: Fraction | None
    components: tuple[Component, ...]
    non_originating: Fraction | None


def read(node: Node) -> GoodsInSet:
    """Read the section: `components`, each with `status` and `value` or `share`; or `non_originating_share`."""
    entries = node.fields(_KEYS)
    if "components" not in entries and "non_originating_share" not in entries:
        node.fault("write 'components' or 'non_originating_share'.")
    return GoodsInSet(
        number(entries["value"]) if "value" in entries else None,
        tuple(_read_component(item) for item in entries["components"].items()) if "components" in entries else (),
        share(entries["non_originating_share"]) if "non_originating_share" in entries else None,
    )


def _read_component(node: Node) -> Component:
    entries = node.fields(_COMPONENT_KEYS, ("name",))
    status = entries["status"].text(("originating", "non_originating"), "statuses") if "status" in entries else ""
    return Component(
        entries["name"].text() if "name" in entries else "",
        number(entries["value"]) if "value" in entries else None,
        share(entries["share"]) if "share" in entries else None,
        status == "originating" if status else None,
    )


def of_materials(question: Question) -> GoodsInSet:
    """The set whose components are the materials of the good."""
    parts = tuple(
        Component(item.name, item.value, None, item.status == "originating" if item.status else None)
        for item in question.materials
    )
    return GoodsInSet(question.transaction_value, parts, None)


def find(goods: GoodsInSet, question: Question, terms: Terms) -> Finding:
    """Whether the components that do not originate are few enough by value."""
    limit = terms.set_share
    reference = terms.reference("sets")
    if limit is None:
        if terms.agreement:
            words = f"{terms.agreement} has no rule for sets: every component must originate."
            passes = all(item.originating for item in goods.components) if goods.components else None
            lacking = () if passes is not None else ("components of the set",)
            return Finding("set", passes, words, reference=reference, needs=lacking)
        return Finding("set", None, "No limit is known.", needs=("agreement and on",))
    part, words, needs = _share(goods)
    values = {"set_limit_pct": limit * HUNDRED}
    if part is None:
        return Finding("set", None, "Not every value is known.", "", values, reference, needs)
    values["non_originating_share_pct"] = part * HUNDRED
    arithmetic = f"{words}; limit {show_share(limit)}"
    text = f"{show_share(part)} of the value of the set does not originate."
    return Finding("set", part <= limit, text, arithmetic, values, reference)


def _share(goods: GoodsInSet) -> tuple[Fraction | None, str, tuple[str, ...]]:
    """Share of the value of the set that does not originate."""
    if goods.non_originating is not None:
        return goods.non_originating, show_share(goods.non_originating), ()
    unknown = [f"whether '{item.name}' originates" for item in goods.components if item.originating is None]
    foreign = [item for item in goods.components if item.originating is False]
    if unknown:
        return None, "", tuple(unknown)
    if all(item.share is not None for item in foreign):
        part = sum((item.share for item in foreign if item.share is not None), ZERO)
        return part, " + ".join(f"{item.name} {show_share(item.share or ZERO)}" for item in foreign) or "none", ()
    missing = [item for item in goods.components if item.value is None and (goods.value is None or item in foreign)]
    if missing:
        return None, "", tuple(f"the value of '{item.name}'" for item in missing)
    total = goods.value
    if total is None:
        total = sum((item.value for item in goods.components if item.value is not None), ZERO)
    if not total:
        return None, "", ("the value of the set",)
    amount = sum((item.value for item in foreign if item.value is not None), ZERO)
    return amount / total, f"{show(amount)} / {show(total)} = {show_share(amount / total)}", ()
