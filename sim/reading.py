"""A cursor over a YAML document read as text: types each place and collects every problem with its line."""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from sim.errors import MOST_TOLD, Problem, SimError, nearest
from sim.units import parse_day, parse_money, parse_rate
from sim.yaml_text import Document, Location, Value

T = TypeVar("T")

_CODE = re.compile(r"\d{2}(\d{2}(\.?\d{2}(\.?\d{2}(\.?\d{2})?)?)?)?")
_FLAGS = {"yes": True, "true": True, "no": False, "false": False}


def hint(name: str, allowed: Iterable[str], plural: str) -> str:
    """The nearest of the allowed names, or that there are none."""
    names = tuple(allowed)
    return nearest(name, names, plural) if names else f"There are no {plural} here."


def in_file_order(problems: Iterable[Problem]) -> list[Problem]:
    """Problems by line; those of table files last, in their own order."""

    def line(problem: Problem) -> int:
        found = re.match(r"line (\d+)", problem.where)
        return int(found[1]) if found else sys.maxsize

    return sorted(problems, key=line)


@dataclass(frozen=True, slots=True)
class Node:
    """One place of a document; reading it wrongly adds a problem and returns a harmless value."""

    value: Value
    location: Location
    document: Document
    problems: list[Problem]

    def fault(self, message: str) -> None:
        """Record a problem at this place; of very many the first are raised at once.

        Raises
        ------
        SimError
            Their number is beyond what anybody reads.
        """
        self.problems.append(Problem(self.document.where(self.location), message))
        if len(self.problems) >= MOST_TOLD:
            raise SimError(self.document.path.name, in_file_order(self.problems))

    def child(self, step: str | int, value: Value) -> Node:
        """A place one step further in."""
        return Node(value, (*self.location, step), self.document, self.problems)

    def fields(self, allowed: Iterable[str], required: Iterable[str] = ()) -> dict[str, Node]:
        """The entries of a mapping; unknown and missing keys are problems."""
        if not isinstance(self.value, dict):
            self.fault(f"{self.quote()} is not a mapping. Write 'key: value' lines.")
            return {}
        names = tuple(allowed)
        known = {}
        for key, value in self.value.items():
            if key in names:
                known[key] = self.child(key, value)
            else:
                self.child(key, value).fault(f"unknown key '{key}'. {nearest(key, names, 'keys')}")
        for key in required:
            if key not in known:
                self.fault(f"the key '{key}' is missing.")
        return known

    def entries(self) -> dict[str, Node]:
        """The entries of a mapping whose keys are free names."""
        if self.value is None:
            return {}
        if not isinstance(self.value, dict):
            self.fault(f"{self.quote()} is not a mapping. Write 'name: value' lines.")
            return {}
        return {key: self.child(key, value) for key, value in self.value.items()}

    def items(self) -> list[Node]:
        """The items of a list."""
        if self.value is None:
            return []
        if not isinstance(self.value, list):
            self.fault(f"{self.quote()} is not a list. Write '- item' lines or [a, b].")
            return []
        return [self.child(n, value) for n, value in enumerate(self.value)]

    def quote(self) -> str:
        """What was found, for a message."""
        if isinstance(self.value, str):
            return f"'{self.value}'"
        kind = {type(None): "an empty value", list: "a list", dict: "a mapping"}
        return kind[type(self.value)]

    def text(self, allowed: Iterable[str] | None = None, plural: str = "values") -> str:
        """A text, optionally one of a closed set."""
        if not isinstance(self.value, str):
            self.fault(f"{self.quote()} is not a text.")
            return ""
        if allowed is not None and self.value not in tuple(allowed):
            self.fault(f"'{self.value}' is not allowed. {hint(self.value, allowed, plural)}")
        return self.value

    def texts(self) -> tuple[str, ...]:
        """A text or a list of texts."""
        if isinstance(self.value, str):
            return (self.value,)
        return tuple(item.text() for item in self.items())

    def date(self) -> dt.date:
        """A day such as 2025-04-03."""
        if not isinstance(self.value, str):
            self.fault(f"{self.quote()} is not a date. Write it as 2025-04-03.")
            return dt.date.max
        return self._parsed(parse_day, dt.date.max)

    def flag(self) -> bool:
        """A yes or no."""
        text = self.value if isinstance(self.value, str) else ""
        if text not in _FLAGS:
            self.fault(f"{self.quote()} is neither yes nor no.")
        return _FLAGS.get(text, False)

    def rate(self) -> int:
        """A rate such as ``25 %``, as parts per million."""
        return self._parsed(parse_rate, 0)

    def money(self) -> int:
        """An amount such as ``USD 25.67``, as cents."""
        return self._parsed(lambda text: parse_money(text)[1], 0)

    def codes(self) -> tuple[str, ...]:
        """A list of tariff codes, as digits."""
        found = []
        for item in self.items():
            text = item.text()
            if not _CODE.fullmatch(text):
                item.fault(f"'{text}' is not a tariff code. Write two to ten digits, such as '8708.30'.")
            found.append(text.replace(".", ""))
        return tuple(found)

    def shares(self) -> tuple[tuple[str, int], ...]:
        """A mapping of country to rate."""
        return tuple((country, node.rate()) for country, node in sorted(self.entries().items()))

    def _parsed(self, parse: Callable[[str], T], fallback: T) -> T:
        try:
            return parse(self.text())
        except ValueError as error:
            self.fault(str(error))
            return fallback
