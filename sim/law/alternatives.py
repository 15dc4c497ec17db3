"""Answers from the files on elections and drawback: what is open to a line, and what of a duty comes back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import partial

from sim.errors import LawError
from sim.law.conditions import Fact
from sim.law.decide import Decision
from sim.law.programme import Programme
from sim.law.rights import Choice, ClosedChoice, DrawbackRight, Election

_TOWARDS = "to_"


def open_elections(
    programmes: Iterable[Programme],
    facts: Mapping[str, Fact],
    decisions: Iterable[Decision],
    on: dt.date,
    known: dt.date | None,
) -> tuple[Election, ...]:
    """Alternatives that are open to a line and differ from it as it stands, in path and file order.

    Parameters
    ----------
    programmes : iterable of Programme
        Those of the importing country.
    facts : Mapping of str to fact
        Facts of the line, with the derived ones. A choice that rests on an unknown fact is left out.
    decisions : iterable of Decision
        What each duty says about the line: some choices are closed to goods that are subject to some duties.
    """
    subject = {name for x in decisions if x.stands and x.outcome != "exempt" for name in _names(x.programme)}
    found = []
    for programme in programmes:
        if programme.kind != "elections" or not programme.in_force(on, known):
            continue
        for choice in programme.choices:
            same = facts[choice.fact] == choice.value
            if same or not choice.stands(on, known) or subject.intersection(choice.unless_subject):
                continue
            if choice.when.answer(facts, partial(programme.value, on=on, known=known)).holds:
                found.append(_election(programme, choice, on, known))
    return tuple(found)


def closed_choices(
    programmes: Iterable[Programme],
    facts: Mapping[str, Fact],
    decisions: Iterable[Decision],
    on: dt.date,
    known: dt.date | None,
) -> tuple[ClosedChoice, ...]:
    """Choices that a line states although a duty that it is subject to closes them; arguments as `open_elections`."""
    subject = [x.programme for x in decisions if x.stands and x.outcome != "exempt"]
    found = []
    for programme in programmes:
        if programme.kind != "elections" or not programme.in_force(on, known):
            continue
        for choice in programme.choices:
            closing = tuple(x.path for x in subject if set(_names(x)).intersection(choice.unless_subject))
            if closing and facts[choice.fact] == choice.value and choice.stands(on, known):
                name = f"{programme.path}/{choice.name}"
                found.append(ClosedChoice(name, choice.fact, choice.value, choice.title, closing, choice.reference))
    return tuple(found)


def _names(programme: Programme) -> tuple[str, ...]:
    return (programme.path, *programme.groups)


def _election(programme: Programme, choice: Choice, on: dt.date, known: dt.date | None) -> Election:
    cost = choice.cost if isinstance(choice.cost, int) else programme.value(choice.cost, on, known).value
    if not isinstance(cost, int):
        raise LawError(programme.path, [f"the cost of '{choice.name}' is not money."])
    name = f"{programme.path}/{choice.name}"
    return Election(name, choice.fact, choice.value, choice.title, cost, choice.amounts, choice.reference)


def drawback_right(by_path: Mapping[str, Programme], path: str, on: dt.date, known: dt.date | None) -> DrawbackRight:
    """The right of drawback of a programme: the rule that names it, or else the rule that names its group.

    Raises
    ------
    LawError
        No rule in force names the programme, or more than one does.
    """
    programme = by_path[path]
    rules = [x for x in by_path.values() if x.kind == "drawback" and x.in_force(on, known)]
    named = [x for x in rules if path in x.of]
    found = named or [x for x in rules if set(programme.groups).intersection(x.of)]
    if len(found) != 1:
        what = f"no rule of drawback names it on {on}" if not found else f"{len(found)} rules of drawback name it"
        raise LawError(path, [f"{what}. Add it to the list 'of' of one file of kind drawback."])
    return _right(found[0], path, on, known)


def _right(rule: Programme, path: str, on: dt.date, known: dt.date | None) -> DrawbackRight:
    def text(name: str) -> str:
        return str(rule.value(name, on, known).value) if _begun(rule, name, on, known) else ""

    countries = rule.value("metal_of", on, known).value if _begun(rule, "metal_of", on, known) else ()
    towards = {
        name.removeprefix(_TOWARDS).upper(): text(name)
        for name in rule.values
        if name.startswith(_TOWARDS) and text(name)
    }
    return DrawbackRight(
        path,
        rule.title,
        text("right"),
        towards,
        text("same_condition"),
        text("reading"),
        text("comparison"),
        tuple(str(x) for x in countries) if isinstance(countries, tuple) else (),
        rule.value("right", on, known).reference,
    )


def _begun(rule: Programme, name: str, on: dt.date, known: dt.date | None) -> bool:
    return name in rule.values and any(v.covers(on, known) for v in rule.values[name].vintages)
