"""Tolerance by weight for textiles: fibres and yarns of the component that fixes classification.

References
----------
SOR/2020-155 s.5(6)-(9); SOR/94-14 s.5(6).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sim.origin.agreement_terms import Terms
from sim.origin.finding import Finding
from sim.origin.good import ZERO, Question
from sim.origin.numbers import HUNDRED, number, share, show_share
from sim.reading import Node

NOT_COVERED = "fibres_no_tolerance_covers"
_KEYS = ("component", "fibres", "note")
_FIBRE_KEYS = ("name", "share", "weight", "status", "elastomeric", "shifts", "disregarded", "no_tolerance", "note")


@dataclass(frozen=True, slots=True)
class Fibre:
    """One fibre, yarn or fabric: its weight (or share of it), and whether it fails the change of classification."""

    name: str
    weight: Fraction
    fails: bool
    elastomeric: bool
    no_tolerance: bool = False


@dataclass(frozen=True, slots=True)
class Component:
    """The component of the good that fixes its classification."""

    name: str
    fibres: tuple[Fibre, ...]


def read(node: Node) -> Component:
    """Read the section: `fibres`, each with `share` (or all with `weight`), `status`, and `elastomeric` where it is.

    A non-originating fibre fails the change of classification unless ``shifts: yes``; materials outside the component
    are ``disregarded: yes``, those no tolerance covers (sewing thread, narrow elastic) ``no_tolerance: yes``.
    """
    entries = node.fields(_KEYS, ("fibres",))
    name = entries["component"].text() if "component" in entries else "the good"
    if "fibres" not in entries:
        return Component(name, ())
    items = [item for item in entries["fibres"].items() if not _disregarded(item)]
    found = [_read_fibre(item) for item in items]
    shares = [isinstance(item.value, dict) and "share" in item.value for item in items]
    total = sum((fibre.weight for fibre in found), ZERO)
    if any(shares) and not all(shares):
        entries["fibres"].fault("some fibres have a 'share' and some a 'weight'. Write one of them for all.")
    if all(shares) and found and total != 1:
        entries["fibres"].fault(f"the shares add up to {show_share(total)}. Write all fibres of the component.")
    if not total:
        entries["fibres"].fault("no fibre has a weight.")
    return Component(name, tuple(found))


def _disregarded(node: Node) -> bool:
    """Whether a material lies outside the component; its keys are checked all the same."""
    entries = node.fields(_FIBRE_KEYS, ("name",)) if isinstance(node.value, dict) else {}
    return "disregarded" in entries and entries["disregarded"].flag()


def _read_fibre(node: Node) -> Fibre:
    entries = node.fields(_FIBRE_KEYS, ("name",))
    if ("share" in entries) == ("weight" in entries):
        node.fault("write 'share' or 'weight'.")
    if "status" not in entries:
        node.fault("the key 'status' is missing.")
    status = entries["status"].text(("originating", "non_originating"), "statuses") if "status" in entries else ""
    shifts = "shifts" in entries and entries["shifts"].flag()
    weight = share(entries["share"]) if "share" in entries else ZERO
    weight = number(entries["weight"]) if "weight" in entries else weight
    elastomeric = "elastomeric" in entries and entries["elastomeric"].flag()
    name = entries["name"].text() if "name" in entries else ""
    barred = "no_tolerance" in entries and entries["no_tolerance"].flag()
    return Fibre(name, weight, status == "non_originating" and not shifts, elastomeric, barred)


def find(component: Component, question: Question, terms: Terms) -> Finding:
    """Whether the fibres that fail are within the limits by weight: of all, and of elastomeric content."""
    limit, elastic = terms.weight_minimis, terms.elastomeric
    if limit is None:
        return Finding("weight de minimis", None, "No limit is known.", needs=("agreement and on",))
    total = sum((fibre.weight for fibre in component.fibres), ZERO)
    failing = sum((fibre.weight for fibre in component.fibres if fibre.fails), ZERO)
    stretch = sum((fibre.weight for fibre in component.fibres if fibre.fails and fibre.elastomeric), ZERO)
    part, elastic_part = failing / total, stretch / total
    values = {"non_originating_weight_pct": part * HUNDRED, "weight_limit_pct": limit * HUNDRED}
    arithmetic = f"{show_share(part)} of the weight of {component.name} fails; limit {show_share(limit)}"
    passes = part <= limit
    if elastic is not None:
        values |= {"elastomeric_weight_pct": elastic_part * HUNDRED, "elastomeric_limit_pct": elastic * HUNDRED}
        arithmetic += f"; elastomeric {show_share(elastic_part)}, limit {show_share(elastic)}"
        passes = passes and elastic_part <= elastic
    words = "Within the tolerance by weight." if passes else "Beyond the tolerance by weight."
    barred = [fibre.name for fibre in component.fibres if fibre.fails and fibre.no_tolerance]
    if barred:
        passes, words = False, f"No tolerance covers {', '.join(barred)}."
        values[NOT_COVERED] = Fraction(len(barred))
    return Finding("weight de minimis", passes, words, arithmetic, values, terms.reference("textile"))
