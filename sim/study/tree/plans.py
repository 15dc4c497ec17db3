"""The plans of a tree file: those that are named, or every plan that there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.errors import nearest
from sim.scenario.sheet import Reader
from sim.study.tree.model import Branch, Choice, Plan, Seen, Steps
from sim.study.tree.unfold import count_plans, holds, known_on, leaves_of, plans_of
from sim.yaml_text import Location

KEY = "plans"
OTHERWISE = "otherwise"
MOST_PLANS = 1_000  # judged without being named

Rules = Mapping[str, Mapping[str, str]]  # choice -> outcome known by then, or `OTHERWISE` -> option


def read_plans(reader: Reader, branches: Sequence[Branch], choices: Sequence[Choice]) -> tuple[tuple[Plan, ...], bool]:
    """Read the plans of a tree; problems are noted in the reader.

    Returns
    -------
    tuple of Plan
    bool
        Whether these are all plans that there are.
    """
    if reader.sheet.get((KEY,)) is None:
        count = count_plans(branches, choices)
        if count > MOST_PLANS:
            message = f"is missing: there are {count:,} plans, more than {MOST_PLANS:,}. Name those to be judged."
            reader.add((KEY,), message)
            return (), False
        return plans_of(branches, choices), True
    found = []
    for name in reader.names((KEY,)):
        rules = _rules(reader, name, branches, choices)
        found.append(Plan(name, _spelt_out(branches, choices, rules)))
    if not found:
        reader.add((KEY,), "is empty. Name one plan or more, or leave it out for all that there are.")
    return tuple(found), False


def _rules(reader: Reader, plan: str, branches: Sequence[Branch], choices: Sequence[Choice]) -> Rules:
    rules: dict[str, dict[str, str]] = {}
    by_name = {choice.name: choice for choice in choices}
    for name in reader.names((KEY, plan)):
        here: Location = (KEY, plan, name)
        if name not in by_name:
            reader.add(here, f"no choice named '{name}'. {nearest(name, by_name, 'choices')}")
            continue
        choice = by_name[name]
        if isinstance(reader.sheet.get(here), dict):
            own = {key: _option(reader, (*here, key), choice) for key in reader.names(here)}
            for key in own:
                if key != OTHERWISE:
                    _check_known(reader, (*here, key), key, choice, branches)
        else:
            own = {OTHERWISE: _option(reader, here, choice)}
        rules[name] = own
    return rules


def _option(reader: Reader, here: Location, choice: Choice) -> str:
    first, *_ = names = [option.name for option in choice.options]
    written = reader.text(here)
    if written not in names:
        reader.add(here, f"'{choice.name}' has no option '{written}'. {nearest(written, names, 'options')}")
        return first
    return written


def _check_known(reader: Reader, here: Location, outcome: str, choice: Choice, branches: Sequence[Branch]) -> None:
    """Note what does not exist, and what is not known on the day of the choice: nobody may act on it."""
    owner = {x.name: branch for branch in branches for x in branch.outcomes}
    if outcome not in owner:
        known = [*(x for x, own in owner.items() if own.on <= choice.on), OTHERWISE]
        reader.add(here, f"no outcome named '{outcome}'. {nearest(outcome, known, 'outcomes')}")
    elif owner[outcome].on > choice.on:
        branch = owner[outcome]
        reader.add(here, f"'{outcome}' is not known on {choice.on}: branch '{branch.name}' is decided on {branch.on}.")


def _spelt_out(branches: Sequence[Branch], choices: Sequence[Choice], rules: Rules) -> dict[Seen, str]:
    """What is done in every situation that the rules let a plan come into; the first option where they say nothing."""
    does: dict[Seen, str] = {}
    for leaf in leaves_of(branches):
        done: Steps = ()
        for choice in choices:
            known = known_on(branches, leaf, choice.on)
            if holds(choice.when, (*known, *done)):
                option = _ruled(rules.get(choice.name, {}), known, choice)
                does[Seen(choice.name, known, done)] = option
                done = (*done, (choice.name, option))
    return does


def _ruled(own: Mapping[str, str], known: Steps, choice: Choice) -> str:
    happened = {outcome for _, outcome in known}
    return next((x for key, x in own.items() if key in happened), own.get(OTHERWISE, choice.options[0].name))
