"""Does anybody act on what is not known yet? Runs that part on a day are compared up to that day, row by row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.ledger.ledger import LoadRows, PassageRows
from sim.plan import Plan
from sim.planning import build
from sim.planning.build import Shared
from sim.replication import Prepared, prepare, simulate
from sim.study.errors import RunError
from sim.study.tree.cases import Case
from sim.study.tree.model import Tree
from sim.units import DAY

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Checked:
    """What was compared.

    Parameters
    ----------
    pairs : int
        Pairs of scenarios; whatever parts two of the tree, a chain of pairs that part no earlier joins them.
    same_plan : int
        Of them, pairs whose whole Plans are equal: nothing physical differs at any time.
    same_events : int
        Of them, pairs of other Plans whose loads and passages are equal up to the day on which they part.
    decisions_only : int
        Of them, pairs in one of which other works supply later: claims and lanes are compared, not the events. Works
        that are asked for more later are as quick from the beginning (see `sim.sourcing.run`).
    """

    pairs: int
    same_plan: int
    same_events: int
    decisions_only: int


def partings(tree: Tree, cases: Sequence[Case]) -> Iterator[tuple[int, int, dt.date]]:
    """For every case but the first, an earlier one from which it parts latest, and the day on which it does."""
    days = {branch.name: branch.on for branch in tree.branches} | {choice.name: choice.on for choice in tree.choices}
    steps = [{*case.leaf.steps, *case.course} for case in cases]
    for row in range(1, len(cases)):
        parted = [min(days[name] for name, _ in steps[row] ^ steps[other]) for other in range(row)]
        latest = max(range(row), key=lambda other: parted[other])
        yield latest, row, parted[latest]


def check_foresight(tree: Tree, cases: Sequence[Case], tell: Tell = lambda text: None) -> Checked:
    """Compare the first replication of every case with one that parts from it latest, up to that day.

    Raises
    ------
    RunError
        Something differs before: a claim, a lane or an event looked ahead, which is a defect of the program.
    """
    prepared: dict[int, Prepared] = {}
    shared: dict[str, Shared] = {}

    def ready(row: int) -> Prepared:
        if row not in prepared:
            tell(f"deciding {cases[row].scenario.name}")
            prepared[row] = prepare(cases[row].scenario)
        return prepared[row]

    def planned(own: Prepared) -> Plan:
        if own.network.digest not in shared:
            shared.clear()  # everybody else's trucks of one network are enough to hold
            shared[own.network.digest] = Shared()
        transition = own.resourced.transition if own.resourced else None
        decided = own.decisions, own.parameters
        return build(own.scenario, own.network, *decided, 0, shared[own.network.digest], transition)

    counts = {"same_plan": 0, "same_events": 0, "decisions_only": 0}
    pairs = list(partings(tree, cases))
    for first, second, day in pairs:
        if cases[first].scenario is cases[second].scenario:
            counts["same_plan"] += 1
            continue
        one, other = ready(first), ready(second)
        problem = claims_differ(one, other, day) or lanes_differ(one, other, day)
        if list(one.network.lanes) != list(other.network.lanes):
            counts["decisions_only"] += 1
        else:
            plans = planned(one), planned(other)
            is_same = plans[0].digest() == plans[1].digest()
            counts["same_plan" if is_same else "same_events"] += 1
            tell(f"comparing {cases[first].scenario.name} with {cases[second].scenario.name} up to {day}")
            problem = problem or ("" if is_same else events_differ(*plans, tree.base.clock().begins, day))
        if problem:
            names = f"{cases[first].scenario.name} and {cases[second].scenario.name} part on {day}"
            raise RunError(tree.name, [f"{names}, but {problem}. Nobody could have known."])
    return Checked(len(pairs), **counts)


def claims_differ(one: Prepared, other: Prepared, day: dt.date) -> str:
    """The first claim before a day that two scenarios make differently, in words; empty for none."""
    lanes = set(one.network.lanes) & set(other.network.lanes)
    held = one.decisions.claims, other.decisions.claims
    begins = one.scenario.clock().begins
    for first in sorted({begins, *(span.begins for claims in held for span in claims.spans)}):
        if first >= day:
            break
        kept = [{key: x for key, x in claims.on(first).items() if key[0] in lanes} for claims in held]
        for lane, position in sorted(kept[0].keys() | kept[1].keys()):
            if kept[0].get((lane, position)) != kept[1].get((lane, position)):
                return f"lane '{lane}' claims otherwise at border {position + 1} from {first} on"
    return ""


def lanes_differ(one: Prepared, other: Prepared, day: dt.date) -> str:
    """The first lane that begins before a day in one of two scenarios alone, in words; empty for none."""
    early = [_begins(own, day) for own in (one, other)]
    for lane in sorted(early[0].keys() | early[1].keys()):
        if early[0].get(lane) != early[1].get(lane):
            return f"lane '{lane}' begins on {early[0].get(lane) or early[1][lane]} in one of them"
    return ""


def _begins(own: Prepared, day: dt.date) -> dict[str, dt.date]:
    begins = own.resourced.transition.begins if own.resourced else {}
    return {lane: first for lane, first in begins.items() if first < day}


def events_differ(one: Plan, other: Plan, begins: dt.date, day: dt.date) -> str:
    """The first event before a day that two runs of the same lanes do not share, in words; empty for none."""
    until_s = (day - begins).days * DAY
    first, second = (_events(simulate(plan), until_s) for plan in (one, other))
    if len(first) == len(second) and bool(np.all(first == second)):
        return ""
    size = min(len(first), len(second))
    unequal = np.flatnonzero(np.any(first[:size] != second[:size], axis=1))
    row = int(unequal[0]) if unequal.size else size
    found = min(tuple(x[row]) for x in (first, second) if row < len(x))
    return f"load {found[2]} of lane '{one.lanes.ids[found[1]]}' differs in second {found[0]} of the run"


def _events(ledger: Any, until_s: int) -> NDArray[np.int64]:
    """Rows of second, lane, load, place, what: everything that befell loads before a second, in order."""
    loads, passages = ledger.loads, ledger.passages
    found = []
    for number, item in enumerate(x.name for x in fields(LoadRows) if x.name.endswith("_s")):
        at = getattr(loads, item)
        rows = np.flatnonzero((at >= 0) & (at < until_s))
        found.append(_rows(at[rows], loads.lane[rows], loads.n[rows], loads.route[rows] * 0, number))
    for number, item in enumerate((x.name for x in fields(PassageRows) if x.name.endswith("_s")), start=10):
        at = getattr(passages, item)
        rows = np.flatnonzero((at >= 0) & (at < until_s))
        load = passages.load[rows]
        found.append(_rows(at[rows], loads.lane[load], loads.n[load], passages.crossing[rows], number))
    every = np.concatenate(found)
    ordered: NDArray[np.int64] = every[np.lexsort(every.T[::-1])]
    return ordered


def _rows(*columns: NDArray[np.int64] | int) -> NDArray[np.int64]:
    size = len(columns[0])  # type: ignore[arg-type]
    return np.column_stack([np.broadcast_to(np.asarray(x, dtype=np.int64), size) for x in columns])
