"""Who gives way: dated, cited relations between programmes or groups of programmes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from sim.errors import LawError
from sim.law.amounts import Expression, read_expression
from sim.law.dated import stands
from sim.law.programme import Programme, read_reference, read_references
from sim.reading import Node
from sim.references import Reference

COUNTS = ("subject", "liable")


@dataclass(frozen=True, slots=True)
class Relation:
    """Where `over` applies, `under` gives way on the whole value or on a part of it.

    Parameters
    ----------
    over, under : str
        Path of a programme, or name of a group.
    counts : str
        ``subject``: being subject to `over` is enough, even if nothing is owed; ``liable``: it must be charged.
    part : Expression, optional
        The part of the value on which `under` gives way; None for the whole.
    """

    over: str
    under: str
    counts: str
    part: Expression | None
    begins: dt.date
    published: dt.date
    until: dt.date | None
    until_published: dt.date | None
    reference: Reference

    def stands(self, on: dt.date, known: dt.date | None) -> bool:
        """Whether it applies on a day, as known on another."""
        return stands(self, on, known)

    def words(self) -> str:
        """The relation in words."""
        share = f" on {self.part.words()}" if self.part else ""
        test = "is subject to" if self.counts == "subject" else "is charged under"
        return f"{self.under} gives way{share} where the good {test} {self.over}"


_KEYS = ("over", "under", "counts", "part", "from", "published", "until", "until_published", "reference")
_REQUIRED = ("over", "under", "counts", "from", "published", "reference")


def read_precedence(node: Node) -> tuple[Relation, ...]:
    """Read a file of relations; problems are collected in the node."""
    entries = node.fields(("kind", "title", "note", "references", "relations"), ("kind", "title", "relations"))
    references = read_references(entries.get("references"))
    items = entries["relations"].items() if "relations" in entries else []
    return tuple(read_relation(item, references) for item in items)


def read_relation(node: Node, references: Mapping[str, Reference]) -> Relation:
    """Read one relation."""
    entries = node.fields(_KEYS, _REQUIRED)
    return Relation(
        entries["over"].text() if "over" in entries else "",
        entries["under"].text() if "under" in entries else "",
        entries["counts"].text(COUNTS, "tests") if "counts" in entries else "subject",
        read_expression(entries["part"], (), ()) if "part" in entries else None,
        entries["from"].date() if "from" in entries else dt.date.max,
        entries["published"].date() if "published" in entries else dt.date.max,
        entries["until"].date() if "until" in entries else None,
        entries["until_published"].date() if "until_published" in entries else None,
        read_reference(entries.get("reference"), references),
    )


def members(name: str, programmes: Mapping[str, Programme]) -> tuple[str, ...]:
    """Paths that a name stands for: itself, or every programme of that group."""
    if name in programmes:
        return (name,)
    return tuple(path for path, programme in programmes.items() if name in programme.groups)


def ordered(paths: Sequence[str], pairs: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Programmes so that whatever another gives way to comes first; ties in path order.

    Raises
    ------
    LawError
        The relations run in a circle.
    """
    sorter: TopologicalSorter[str] = TopologicalSorter({path: set() for path in paths})
    for over, under in pairs:
        sorter.add(under, over)
    try:
        sorter.prepare()
    except CycleError as error:
        circle = " over ".join(str(path) for path in reversed(error.args[1]))
        raise LawError("precedence", [f"the relations run in a circle: {circle}. End one of them."]) from error
    result: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        result.extend(ready)
        sorter.done(*ready)
    return tuple(result)
