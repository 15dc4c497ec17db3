"""A tree unfolded: its leaves, what may be done along each, and every plan that looks at nothing but what is known."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence

from sim.study.tree.model import Branch, Choice, Leaf, Plan, Seen, Steps, When


def holds(when: When, steps: Steps) -> bool:
    """Whether what happened and was done lets a branch or choice exist."""
    happened = dict(steps)
    return all(happened.get(name) in allowed for name, allowed in when)


def leaves_of(branches: Sequence[Branch]) -> tuple[Leaf, ...]:
    """Every way through the branches, with its probability; the first outcomes first.

    Parameters
    ----------
    branches : sequence of Branch
        In order of their days.
    """
    found = [Leaf((), 1.0)]
    for branch in branches:
        grown = []
        for leaf in found:
            if holds(branch.when, leaf.steps):
                ways = branch.outcomes
                grown += [Leaf((*leaf.steps, (branch.name, x.name)), leaf.chance * x.chance) for x in ways]
            else:
                grown.append(leaf)
        found = grown
    return tuple(found)


def known_on(branches: Sequence[Branch], leaf: Leaf, day: dt.date) -> Steps:
    """What of a leaf is known on a day: outcomes of branches decided on that day or before."""
    days = {branch.name: branch.on for branch in branches}
    return tuple(step for step in leaf.steps if days[step[0]] <= day)


def courses_of(branches: Sequence[Branch], choices: Sequence[Choice], leaf: Leaf) -> tuple[Steps, ...]:
    """Everything that can be done along a leaf, by somebody who knows it from the beginning or not."""
    found: list[Steps] = [()]
    for choice in choices:
        known = known_on(branches, leaf, choice.on)
        grown: list[Steps] = []
        for done in found:
            if holds(choice.when, (*known, *done)):
                grown += [(*done, (choice.name, option.name)) for option in choice.options]
            else:
                grown.append(done)
        found = grown
    return tuple(found)


def follow(branches: Sequence[Branch], choices: Sequence[Choice], plan: Plan, leaf: Leaf) -> Steps:
    """What a plan does along a leaf."""
    done: Steps = ()
    for choice in choices:
        known = known_on(branches, leaf, choice.on)
        if holds(choice.when, (*known, *done)):
            done = (*done, (choice.name, plan.does[Seen(choice.name, known, done)]))
    return done


def count_plans(branches: Sequence[Branch], choices: Sequence[Choice]) -> int:
    """How many plans there are, without making them."""

    def count(group: tuple[Leaf, ...], done: Steps, number: int) -> int:
        if number == len(choices):
            return 1
        parts = _parted(branches, choices[number], group, done)
        return math.prod(sum(count(own, (*done, *taken), number + 1) for taken in takes) for _, own, takes in parts)

    return count(leaves_of(branches), (), 0)


def plans_of(branches: Sequence[Branch], choices: Sequence[Choice]) -> tuple[Plan, ...]:
    """Every plan: an option for every situation that it may come into; first options first, named by what it does."""

    def made(group: tuple[Leaf, ...], done: Steps, number: int) -> Iterator[dict[Seen, str]]:
        if number == len(choices):
            yield {}
            return
        each = []
        for seen, own, takes in _parted(branches, choices[number], group, done):
            ways: list[dict[Seen, str]] = []
            for taken in takes:
                head = {seen: taken[0][1]} if taken else {}
                ways += [{**head, **rest} for rest in made(own, (*done, *taken), number + 1)]
            each.append(ways)
        for parts in itertools.product(*each):
            yield {seen: option for part in parts for seen, option in part.items()}

    every = list(made(leaves_of(branches), (), 0))
    names = _distinct([words_of(choices, does) for does in every])
    return tuple(Plan(name, does) for name, does in zip(names, every, strict=True))


Part = tuple[Seen, tuple[Leaf, ...], list[Steps]]


def _parted(branches: Sequence[Branch], choice: Choice, group: Sequence[Leaf], done: Steps) -> list[Part]:
    """Leaves that look alike on the day of a choice, with what can be taken there: nothing where it does not exist."""
    alike: dict[Steps, list[Leaf]] = {}
    for leaf in group:
        alike.setdefault(known_on(branches, leaf, choice.on), []).append(leaf)
    found: list[Part] = []
    for known, own in alike.items():
        exists = holds(choice.when, (*known, *done))
        takes: list[Steps] = [((choice.name, x.name),) for x in choice.options] if exists else [()]
        found.append((Seen(choice.name, known, done), tuple(own), takes))
    return found


def words_of(choices: Sequence[Choice], does: Mapping[Seen, str]) -> str:
    """What a plan does besides waiting, such as ``stock, then source if in_force``; else its first option.

    What it would do in a situation is told with the outcomes that tell that situation from others.
    """
    told = []
    for choice in choices:
        own = {seen: option for seen, option in does.items() if seen.choice == choice.name}
        if not own:
            continue
        wait = choice.options[0].name
        if len(set(own.values())) == 1:
            told += [option for option in set(own.values()) if option != wait]
            continue
        shared = set.intersection(*(set(seen.known) for seen in own))
        for option in dict.fromkeys(x for x in own.values() if x != wait):
            where = [
                " and ".join(outcome for step in seen.known if step not in shared for outcome in step[1:])
                for seen, taken in own.items()
                if taken == option
            ]
            told.append(f"{option} if {' or '.join(dict.fromkeys(filter(None, where))) or 'not done before'}")
    return ", then ".join(told) or (choices[0].options[0].name if choices else "as it is")


def _distinct(names: Sequence[str]) -> list[str]:
    """Names, those that come again with a number."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found


def acts(choices: Sequence[Choice], plan: Plan) -> frozenset[str]:
    """Choices at which a plan ever takes another option than the first."""
    first = {choice.name: choice.options[0].name for choice in choices}
    return frozenset(seen.choice for seen, option in plan.does.items() if option != first[seen.choice])
