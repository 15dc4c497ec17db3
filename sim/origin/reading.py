"""Reads an origin file: one good, or `goods:` many, every problem at once with its line.

Examples
--------
A file that a broker can write::

    agreement: usmca
    on: 2023-07-15
    good: {name: bearing, hts: 8482.10, made_in: MX}
    rule: {kind: both, change: heading, net_cost: 50 %, transaction_value: 60 %}
    transaction_value: 4
    materials:
      - {name: ring, hts: 8482.99, value: 1.50, status: non_originating, statement: {regional_value: 0.65}}
      - {name: steel balls, hts: 7326.90, value: 0.45, status: originating}
    costs: {other_product: 0.75, period: 0.15, other: 0.05, excluded: {royalties: 0.05}}
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path

from sim.errors import LawError, Problem
from sim.law import load_law
from sim.origin.errors import OriginError
from sim.origin.expected import NOTHING, read_expected
from sim.origin.good import FACT_WORDS, PERSONS, Good, ProductRule, Question
from sim.origin.materials_file import read_costs, read_materials
from sim.origin.numbers import code, code_list, country, number, share
from sim.origin.sections import SECTIONS
from sim.origin.vehicles.law_lookup import wrong_class
from sim.reading import Node, in_file_order
from sim.yaml_text import read_yaml, read_yaml_text

_HEAD = ("id", "name", "question", "source", "note", "expect")
_LAW = ("agreement", "on", "importer", "exporter", "reforms", "regime")
_FACTS = ("good", "rule", "method", "transaction_value", "price_acceptable", "related_sales", "costs", "materials")
_METHODS = ("net_cost", "transaction_value", "either")
_REGIMES = ("standard", "alternative_staging")
_KINDS = ("regional_value", "tariff_shift", "either", "both")
_LEVELS = ("chapter", "heading", "subheading")
_RULE_KEYS = ("kind", "change", "except", "from", "or_other", "net_cost", "transaction_value", "alternatives", "note")
_USES = ("original_equipment", "aftermarket", "vehicle", "other")
_CORE_CLASSES = ("core", "principal", "complementary", "none", "vehicle")
_VEHICLES = ("light", "heavy", "other", "other_heavy")
# Facts that only a few rules ask; they are handed to the law by these names.
_DETAILS = ("persons", "fuel", "special", "plant", "plant_since", "fiscal_year_begins", "presentation")
_MONEY = re.compile(r"([A-Z]{3})\s+[\d.,_ ]+")
_YEAR_BEGINS = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_GOOD_KEYS = (
    "name",
    "hts",
    "use",
    "vehicle_class",
    "core_class",
    "made_in",
    "for",
    "set",
    "processed_outside",
    *_DETAILS,
)


def read_questions(path: Path) -> tuple[Question, ...]:
    """Read an origin file.

    Raises
    ------
    OriginError
        Anything that cannot be understood, all of it at once, each with its line.
    """
    document, problems = read_yaml(path)
    if document is None:
        raise OriginError(str(path), problems)
    return _questions(Node(document.value, (), document, []), str(path))


def questions_of(text: str, name: str = "origin file") -> tuple[Question, ...]:
    """Read the text of an origin file; `name` stands in messages. See `read_questions`."""
    document, problems = read_yaml_text(text, Path(name))
    if document is None:
        raise OriginError(name, problems)
    return _questions(Node(document.value, (), document, []), name)


def _questions(root: Node, source: str) -> tuple[Question, ...]:
    keys = (*_HEAD, *_LAW, *_FACTS, *SECTIONS)
    shared = root.fields((*keys, "goods"))
    goods = shared.pop("goods", None)
    nodes = goods.items() if goods else [root]
    if not nodes:
        root.fault("'goods' is empty. Write a list of goods.")
    found = tuple(_question(shared | node.fields(keys) if goods else shared, node) for node in nodes)
    _one_currency(root)
    if root.problems:
        raise OriginError(source, in_file_order(_once(root.problems)))
    return found


def _one_currency(root: Node) -> None:
    """Amounts of a file are added up as they stand, so a second currency is a fault; plants have wages of their own."""
    found: dict[str, Node] = {}
    for node in _scalars(root):
        money = _MONEY.fullmatch(str(node.value)) if not {"plants", "assembly"} & set(node.location) else None
        if money and money[1] not in found and found:
            other = next(iter(found))
            node.fault(
                f"'{node.value}' is not in {other}, as amounts before it are. Write all amounts in one currency."
            )
        if money:
            found.setdefault(money[1], node)


def _scalars(node: Node) -> Iterator[Node]:
    """Every text of a document, in its order."""
    if isinstance(node.value, dict | list):
        for inner in node.entries().values() if isinstance(node.value, dict) else node.items():
            yield from _scalars(inner)
    elif isinstance(node.value, str):
        yield node


def _once(problems: list[Problem]) -> list[Problem]:
    """Without repetitions: what entries share is read with each of them."""
    return list(dict.fromkeys(problems))


def _question(entry: Mapping[str, Node], place: Node) -> Question:
    def text(key: str) -> str:
        return entry[key].text() if key in entry else ""

    if not set(entry) & {*_FACTS, *SECTIONS}:
        place.fault("says nothing about a good. Write 'good:', 'materials:' or a section such as 'inventory:'.")
    reforms = entry["reforms"].texts() if "reforms" in entry else ()
    agreement = _agreement(entry)
    on = entry["on"].date() if "on" in entry else None
    _check_law(entry, agreement, reforms, on)
    return Question(
        good=_read_good(entry["good"]) if "good" in entry else Good(text("name") or text("id")),
        id=text("id"),
        title=text("question"),
        source=text("source"),
        agreement=agreement,
        on=on,
        importer=country(entry.get("importer")),
        exporter=country(entry.get("exporter")),
        reforms=reforms,
        regime=entry["regime"].text(_REGIMES, "regimes") if "regime" in entry else "standard",
        rule=read_rule(entry["rule"]) if "rule" in entry else None,
        method=entry["method"].text(_METHODS, "methods") if "method" in entry else "",
        transaction_value=_read_price(entry["transaction_value"]) if "transaction_value" in entry else None,
        acceptable=entry["price_acceptable"].flag() if "price_acceptable" in entry else True,
        related_sales=share(entry["related_sales"]) if "related_sales" in entry else None,
        costs=read_costs(entry.get("costs")),
        materials=read_materials(entry.get("materials"), read_rule),
        sections={name: SECTIONS[name](entry[name]) for name in SECTIONS if name in entry},
        expect=read_expected(entry["expect"]) if "expect" in entry else NOTHING,
        where=place.document.where(place.location),
    )


def _agreement(entry: Mapping[str, Node]) -> str:
    """The agreement asked, one of those in the law files."""
    if "agreement" not in entry:
        return ""
    return entry["agreement"].text(load_law().agreements, "agreements")


def _check_law(entry: Mapping[str, Node], agreement: str, reforms: tuple[str, ...], on: dt.date | None) -> None:
    """Whether the reforms are known and the agreement is in force on the day, each with its line."""
    try:
        law = load_law(reforms)
    except LawError as error:
        for problem in error.problems:
            entry["reforms"].fault(str(problem))
        return
    known = agreement in law.agreements and on is not None and on != dt.date.max
    if known and on is not None and not law.agreements[agreement].in_force(on):
        entry["on"].fault(f"{agreement} is not in force on {on}, so it gives no origin that day.")


def _read_price(node: Node) -> Fraction:
    """A price, or ``{price: 1000, plus: {royalties: 20}, minus: {international_shipment: 50}}``."""
    if isinstance(node.value, str):
        return number(node)
    entries = node.fields(("price", "plus", "minus", "note"), ("price",))
    price = number(entries["price"]) if "price" in entries else Fraction(0)
    for key, sign in (("plus", 1), ("minus", -1)):
        for item in entries[key].entries().values() if key in entries else ():
            price += sign * number(item)
    if price < 0:
        node.fault("more is taken off the price than it is.")
    return price


def _read_good(node: Node) -> Good:
    if isinstance(node.value, str):
        return Good(node.value)
    entries = node.fields(_GOOD_KEYS, ("name",))
    good = Good(
        name=entries["name"].text() if "name" in entries else "",
        hts=code(entries["hts"]) if "hts" in entries else "",
        use=entries["use"].text(_USES, "uses") if "use" in entries else "original_equipment",
        vehicle_class=_fact("vehicle_class", entries["vehicle_class"]) if "vehicle_class" in entries else "",
        core_class=entries["core_class"].text(_CORE_CLASSES, "classes") if "core_class" in entries else "",
        made_in=country(entries.get("made_in")),
        vehicle=entries["for"].text(_VEHICLES, "vehicles") if "for" in entries else "",
        set_of_goods=entries["set"].flag() if "set" in entries else False,
        processed_outside=entries["processed_outside"].flag() if "processed_outside" in entries else False,
        details={key: _fact(key, entries[key]) for key in _DETAILS if key in entries},
    )
    wrong = wrong_class(good)
    if wrong:
        entries["vehicle_class"].fault(wrong)
    return good


def _fact(key: str, node: Node) -> str:
    """A fact that rules compare: one of its words, a day, or a number of persons."""
    if key in FACT_WORDS:
        return node.text(FACT_WORDS[key], f"values of '{key}'")
    if key == "plant_since":
        return str(node.date())
    text = node.text()
    if key == "persons" and text not in PERSONS and not text.isdigit():
        node.fault(f"'{text}' is neither a number nor a word for it. Write 12, or 'up_to_15' or '16_or_more'.")
    if key == "fiscal_year_begins" and not _YEAR_BEGINS.fullmatch(text):
        node.fault(f"'{text}' is no day of the year. Write month and day, such as 10-01.")
    return text


def read_rule(node: Node) -> ProductRule:
    """Read a product rule: ``{kind: both, change: heading, except: [84.14], net_cost: 50 %}``."""
    entries = node.fields(_RULE_KEYS)
    if "alternatives" in entries:
        for key in sorted({*entries} - {"alternatives", "note"}):
            entries[key].fault(f"'{key}' stands beside 'alternatives'. Write it inside each alternative.")
        return ProductRule(alternatives=tuple(read_rule(item) for item in entries["alternatives"].items()))
    if "kind" not in entries:
        node.fault("the key 'kind' is missing.")
    rule = ProductRule(
        kind=entries["kind"].text(_KINDS, "kinds") if "kind" in entries else "tariff_shift",
        change=entries["change"].text(_LEVELS, "levels") if "change" in entries else "",
        excepted=code_list(entries["except"]) if "except" in entries else (),
        only_from=code_list(entries["from"]) if "from" in entries else (),
        or_other=entries["or_other"].text(_LEVELS, "levels") if "or_other" in entries else "",
        net_cost=share(entries["net_cost"]) if "net_cost" in entries else None,
        transaction_value=share(entries["transaction_value"]) if "transaction_value" in entries else None,
    )
    if rule.or_other and not rule.only_from:
        entries["or_other"].fault("'or_other' stands beside 'from' only. Write the level under 'change'.")
    if rule.kind in ("tariff_shift", "either", "both") and not rule.change:
        node.fault(f"a rule of kind '{rule.kind}' needs 'change': chapter, heading or subheading.")
    if rule.kind != "tariff_shift" and rule.net_cost is None and rule.transaction_value is None:
        node.fault(f"a rule of kind '{rule.kind}' needs 'net_cost' or 'transaction_value', such as '50 %'.")
    return rule
