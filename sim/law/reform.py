"""Reforms: small dated overlays that replace, suspend, end or add parts of the law, and the difference they make."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sim.errors import nearest
from sim.law.agreement import Agreement
from sim.law.dated import Dated, Vintage
from sim.law.precedence import Relation, read_relation
from sim.law.programme import Programme, read_programme, read_references, read_vintage
from sim.reading import Node
from sim.references import Reference

_STATES = {"begin": "in_force", "suspend": "suspended", "end": "ended"}
_ACTIONS = ("replace", *_STATES, "add", "relate")


@dataclass(frozen=True, slots=True)
class Parts:
    """The law in pieces, as reforms see it: programmes by path, agreements by path, relations."""

    programmes: Mapping[str, Programme]
    agreements: Mapping[str, Agreement]
    relations: tuple[Relation, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two laws say differently.

    Parameters
    ----------
    path : str
        Value, programme, agreement or relation.
    what : str
        ``value``, ``state``, ``programme`` or ``relation``.
    begins : date
        Day from which it differs.
    before, after : str
        What the first and the second law say from that day on.
    source : str
        Citation of the second law's words.
    """

    path: str
    what: str
    begins: dt.date
    before: str
    after: str
    source: str


def apply_reform(parts: Parts, node: Node, layer: int) -> Parts:
    """Lay one reform over the law; problems are collected in the node.

    Parameters
    ----------
    parts : Parts
        The law so far.
    node : Node
        Root of the reform's document: ``title``, ``description``, ``references``, ``changes``.
    layer : int
        1 for the first reform, 2 for the next: the later one governs where both speak.
    """
    entries = node.fields(("title", "description", "references", "changes"), ("title", "description", "changes"))
    references = read_references(entries.get("references"))
    for item in entries["changes"].items() if "changes" in entries else []:
        parts = _change(parts, item, references, layer)
    return parts


def _change(parts: Parts, node: Node, references: Mapping[str, Reference], layer: int) -> Parts:
    named = [action for action in _ACTIONS if isinstance(node.value, dict) and action in node.value]
    if len(named) != 1:
        node.fault(f"a change takes exactly one of {', '.join(_ACTIONS)}.")
        return parts
    action = named[0]
    if action == "relate":
        entries = node.fields(("relate",))
        relation = read_relation(entries["relate"], references)
        return replace(parts, relations=(*parts.relations, relation))
    if action == "add":
        return _add(parts, node)
    if action == "replace":
        return _replace_value(parts, node, references, layer)
    return _change_life(parts, node, references, layer, action)


def _add(parts: Parts, node: Node) -> Parts:
    entries = node.fields(("add", "programme"), ("add", "programme"))
    path = entries["add"].text() if "add" in entries else ""
    if path in parts.programmes:
        node.fault(f"'{path}' exists already. Replace its values, or end it and add another.")
    if "programme" not in entries:
        return parts
    programme = read_programme(path, entries["programme"], _no_table)
    programmes = dict(sorted({**parts.programmes, path: programme}.items()))
    return replace(parts, programmes=programmes)


def _no_table(name: str) -> str:
    raise FileNotFoundError(name)


def _replace_value(parts: Parts, node: Node, references: Mapping[str, Reference], layer: int) -> Parts:
    entries = node.fields(("replace", "vintages"), ("replace", "vintages"))
    path = entries["replace"].text() if "replace" in entries else ""
    known = value_paths(parts)
    if path not in known or "vintages" not in entries:
        node.fault(f"no value named '{path}'. {nearest(path, known, 'values')}")
        return parts
    kind = known[path].type
    vintages = tuple(read_vintage(x, kind, references, layer) for x in entries["vintages"].items())
    return _with_values(parts, path, lambda dated: replace(dated, vintages=(*dated.vintages, *vintages)))


def _with_values(parts: Parts, path: str, change: Callable[[Dated], Dated]) -> Parts:
    owner, name = path.rsplit("/", 1)
    if owner in parts.programmes:
        programme = parts.programmes[owner]
        programme = replace(programme, values={**programme.values, name: change(programme.values[name])})
        return replace(parts, programmes={**parts.programmes, owner: programme})
    agreement = parts.agreements[owner]
    agreement = replace(agreement, values={**agreement.values, name: change(agreement.values[name])})
    return replace(parts, agreements={**parts.agreements, owner: agreement})


def _change_life(parts: Parts, node: Node, references: Mapping[str, Reference], layer: int, action: str) -> Parts:
    entries = node.fields((action, "from", "published", "until", "reference"), ("from", "published", "reference"))
    path = entries[action].text()
    paths = (*parts.programmes, *parts.agreements)
    if path not in paths:
        node.fault(f"no programme or agreement named '{path}'. {nearest(path, paths, 'paths')}")
        return parts
    text = {key: child.value for key, child in entries.items() if key != action} | {"value": _STATES[action]}
    vintage = read_vintage(Node(text, node.location, node.document, node.problems), "state", references, layer)
    if path in parts.programmes:
        programme = parts.programmes[path]
        life = replace(programme.life, vintages=(*programme.life.vintages, vintage))
        return replace(parts, programmes={**parts.programmes, path: replace(programme, life=life)})
    agreement = parts.agreements[path]
    life = replace(agreement.life, vintages=(*agreement.life.vintages, vintage))
    return replace(parts, agreements={**parts.agreements, path: replace(agreement, life=life)})


def value_paths(parts: Parts) -> dict[str, Dated]:
    """Every dated value of programmes and agreements, by path."""
    return {dated.path: dated for owner in owners_of(parts) for dated in owner.values.values()}


def owners_of(parts: Parts) -> list[Programme | Agreement]:
    """Everything that has a life and values: programmes, then agreements."""
    return [*parts.programmes.values(), *parts.agreements.values()]


def lives(parts: Parts) -> dict[str, Dated]:
    """The life of every programme and agreement, by path."""
    return {owner.path: owner.life for owner in owners_of(parts)}


def differences(before: Parts, after: Parts) -> tuple[Difference, ...]:
    """What the second law says otherwise, in path order: values, states, programmes, relations."""
    rows: list[Difference] = []
    old, new = value_paths(before), value_paths(after)
    for path in sorted(set(old) & set(new)):
        rows += _moved(old[path], new[path], "value")
    first, second = lives(before), lives(after)
    for path in sorted(set(first) & set(second)):
        rows += _moved(first[path], second[path], "state")
    rows += [_appeared(second[p], p, "none", "added") for p in sorted(set(second) - set(first))]
    rows += [_appeared(first[p], p, "in the law", "none") for p in sorted(set(first) - set(second))]
    rows += [_related(r, "none", r.words()) for r in after.relations if r not in before.relations]
    rows += [_related(r, r.words(), "none") for r in before.relations if r not in after.relations]
    return tuple(rows)


def _moved(old: Dated, new: Dated, what: str) -> list[Difference]:
    rows = []
    for vintage in (v for v in new.vintages if v not in old.vintages):
        was = [v for v in old.vintages if v.covers(vintage.begins, None)]
        before = max(was, key=lambda v: (v.layer, v.published, v.begins), default=None)
        said = _show(before.value, old.type) if before else "none"
        after = _show(vintage.value, new.type)
        if said != after:
            rows.append(Difference(new.path, what, vintage.begins, said, after, str(vintage.reference)))
    for vintage in (v for v in old.vintages if v not in new.vintages):
        said = _show(vintage.value, old.type)
        rows.append(Difference(new.path, what, vintage.begins, said, "none", str(vintage.reference)))
    return rows


def _appeared(life: Dated, path: str, before: str, after: str) -> Difference:
    first: Vintage = min(life.vintages, key=lambda v: v.begins)
    return Difference(path, "programme", first.begins, before, after, str(first.reference))


def _related(relation: Relation, before: str, after: str) -> Difference:
    name = f"{relation.over} over {relation.under}"
    return Difference(name, "relation", relation.begins, before, after, str(relation.reference))


def _show(value: object, kind: str) -> str:
    if value is None:
        return "unknown"
    if kind == "rate" and isinstance(value, int):
        return f"{value / 10_000:g} %"
    if kind == "money" and isinstance(value, int):
        return f"{value / 100:.2f}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if kind == "countries" and isinstance(value, tuple):
        return ", ".join(str(country) for country in value) or "none"
    if kind == "list" and isinstance(value, tuple):
        return f"{len(value)} codes" if value else "every code"
    if kind == "shares" and isinstance(value, tuple):
        return ", ".join(f"{c} {r / 10_000:g} %" for c, r in value) or "none"
    return str(value).replace("_", " ")
