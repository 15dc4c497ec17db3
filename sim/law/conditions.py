"""Conditions of the law: facts and tariff lists joined by any, all and not, with "unknown" as a third answer."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from sim.errors import nearest
from sim.law.dated import Vintage
from sim.law.facts import CLOSED_FACTS, COUNTRY_FACTS, FLAG_FACTS, digits, not_allowed
from sim.reading import Node

Fact = str | bool | None
ListLookup = Callable[[str], Vintage]


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes, no, or unknown (None) with the facts that are missing."""

    holds: bool | None
    needs: tuple[str, ...] = ()


YES = Answer(True)
NO = Answer(False)
_MORE_DIGITS = Answer(None, ("hts_code with more digits",))


@dataclass(frozen=True, slots=True)
class FactIs:
    """A fact has one of some values."""

    fact: str
    allowed: tuple[Fact, ...]

    def answer(self, facts: Mapping[str, Fact], lists: ListLookup) -> Answer:
        """Compare the fact."""
        found = facts[self.fact]
        if found is None:
            return Answer(None, (self.fact,))
        return YES if found in self.allowed else NO


@dataclass(frozen=True, slots=True)
class CodeIn:
    """The tariff code begins with an entry of a dated list."""

    name: str

    def answer(self, facts: Mapping[str, Fact], lists: ListLookup) -> Answer:
        """Match by prefix; a code shorter than an entry is unresolved unless the list says how to read it."""
        vintage = lists(self.name)
        prefixes = cast("tuple[str, ...]", vintage.value or ())  # in order, as they were read
        code = digits(str(facts["hts_code"]))
        if code.startswith(prefixes):
            return YES
        place = bisect_left(prefixes, code)  # whatever begins with the code would stand here
        if place < len(prefixes) and prefixes[place].startswith(code):
            return {"listed": YES, "unlisted": NO}.get(vintage.short_codes, _MORE_DIGITS)
        return NO


@dataclass(frozen=True, slots=True)
class CountryIn:
    """A country fact is among the countries of a dated value, such as the members of a union."""

    fact: str
    name: str

    def answer(self, facts: Mapping[str, Fact], lists: ListLookup) -> Answer:
        """Look the country up."""
        found = facts[self.fact]
        if found is None:
            return Answer(None, (self.fact,))
        countries = lists(self.name).value
        return YES if isinstance(countries, tuple) and found in countries else NO


@dataclass(frozen=True, slots=True)
class SwitchIs:
    """A dated yes or no of the programme itself, which a reform may replace."""

    name: str
    wanted: bool

    def answer(self, facts: Mapping[str, Fact], lists: ListLookup) -> Answer:
        """Compare the switch."""
        return YES if lists(self.name).value is self.wanted else NO


@dataclass(frozen=True, slots=True)
class Joined:
    """Conditions joined by ``all``, ``any`` or ``not`` (which takes one)."""

    how: str
    parts: tuple[Condition, ...]

    def answer(self, facts: Mapping[str, Fact], lists: ListLookup) -> Answer:
        """Three-valued logic: a decided part decides, however many others are unknown."""
        if self.how == "not":
            inner = self.parts[0].answer(facts, lists)
            return Answer(None if inner.holds is None else not inner.holds, inner.needs)
        decisive = self.how == "any"
        needs: list[str] = []
        for part in self.parts:
            found = part.answer(facts, lists)
            if found.holds is decisive:
                return Answer(decisive)
            needs.extend(found.needs)
        return Answer(None, tuple(dict.fromkeys(needs))) if needs else Answer(not decisive)


Condition = FactIs | CodeIn | CountryIn | SwitchIs | Joined
ALWAYS = Joined("all", ())


_OF_GOODS: Mapping[str, tuple[str, ...]] = {"part_of": ("other_heavy",)}  # values that only goods have


@dataclass(frozen=True, slots=True)
class _Names:
    """What a condition may name: facts, and tariff lists, country lists and switches of the programme."""

    facts: tuple[str, ...]
    lists: tuple[str, ...]
    countries: tuple[str, ...]
    switches: tuple[str, ...]


def read_condition(
    node: Node,
    facts: Iterable[str],
    lists: Iterable[str],
    countries: Iterable[str] = (),
    switches: Iterable[str] = (),
) -> Condition:
    """Read a condition: one entry per key, several keys meaning all of them.

    Parameters
    ----------
    node : Node
        The mapping, such as ``{origin: [CA, MX], hts: vehicles}``.
    facts, lists : iterable of str
        Names of facts and of the programme's tariff lists that may be used.
    countries, switches : iterable of str
        Names of its dated country lists and of its dated flags.
    """
    return _read(node, _Names(tuple(facts), tuple(lists), tuple(countries), tuple(switches)))


def _read(node: Node, names: _Names) -> Condition:
    parts = tuple(_read_part(key, child, names) for key, child in node.entries().items())
    return parts[0] if len(parts) == 1 else Joined("all", parts)


def _read_part(key: str, node: Node, names: _Names) -> Condition:
    if key in ("all", "any"):
        return Joined(key, tuple(_read(item, names) for item in node.items()))
    if key == "not":
        return Joined("not", (_read(node, names),))
    if key == "hts":
        return CodeIn(node.text(names.lists, "lists"))
    if key in names.switches:
        return SwitchIs(key, node.flag())
    if key in COUNTRY_FACTS and isinstance(node.value, str) and node.value in names.countries:
        return CountryIn(key, node.value)
    facts = names.facts
    if key not in facts:
        node.fault(f"no fact named '{key}'. {nearest(key, (*facts, 'hts', 'all', 'any', 'not'), 'facts')}")
        return ALWAYS
    for text in node.texts():
        _check_value(key, text, node)
    return FactIs(key, tuple(_fact_value(key, text) for text in node.texts()))


def _check_value(fact: str, text: str, node: Node) -> None:
    if fact in FLAG_FACTS and text not in ("yes", "no"):
        node.fault(f"'{text}' is neither yes nor no.")
    elif fact in COUNTRY_FACTS and not re.fullmatch(r"[A-Z]{2}|none", text):
        node.fault(f"'{text}' is not a country. Write two capital letters, such as 'MX'.")
    elif fact in CLOSED_FACTS and _fact_value(fact, text) not in (*CLOSED_FACTS[fact], *_OF_GOODS.get(fact, ())):
        node.fault(not_allowed(fact, text))


def mentioned(condition: Condition, fact: str) -> tuple[str, ...]:
    """Every value of a fact that a condition asks for."""
    if isinstance(condition, Joined):
        return tuple(text for part in condition.parts for text in mentioned(part, fact))
    if isinstance(condition, FactIs) and condition.fact == fact:
        return tuple(str(value) for value in condition.allowed)
    return ()


def _fact_value(fact: str, text: str) -> Fact:
    words: dict[str, Fact] = {"yes": True, "no": False, "none": ""}
    closed = CLOSED_FACTS.get(fact, ())
    return text if text in closed else words.get(text, text)
