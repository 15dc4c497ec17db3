"""The balances that every ledger must keep: of parts, loads, vehicles, orders and booths, checked after every run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from sim.errors import LedgerError, Problem
from sim.ledger.border_balance import BORDER_CHECKS
from sim.ledger.ledger import NOT_YET, Ledger
from sim.ledger.tell import SHOWN, most_busy, out_of_order, told
from sim.plan import NEVER, Plan

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def check_balances(plan: Plan, ledger: Ledger) -> None:
    """Refuse a ledger in which something was made from nothing, lost, or done out of turn.

    Parameters
    ----------
    plan : Plan
        The run.
    ledger : Ledger
        What an engine says happened in it.

    Raises
    ------
    LedgerError
        Every balance that is broken, each with its first rows and their neighbours.
    """
    problems: list[Problem] = []
    checks: tuple[Callable[[Plan, Ledger], Iterator[Problem]], ...] = (_keys, _times, _passages)
    for check in checks:
        problems.extend(check(plan, ledger))
    if not problems:  # the others look rows up in each other and need the shape to be right
        for check in (_riders, _stocks, _uses, _lots, _orders, _slots, *BORDER_CHECKS):
            problems.extend(check(plan, ledger))
    if problems:
        raise LedgerError("ledger", problems)


def _ascends(*columns: Ints) -> Bools:
    """False for each row whose key is not greater than that of the row before."""
    good = np.zeros(columns[0].size, dtype=bool)
    equal = np.ones(max(columns[0].size - 1, 0), dtype=bool)
    good[:1] = True
    for column in columns:
        step = np.diff(column)
        good[1:] |= equal & (step > 0)
        equal &= step == 0
    return good


def _keys(plan: Plan, ledger: Ledger) -> Iterator[Problem]:
    loads, passages, uses = ledger.loads, ledger.passages, ledger.uses
    yield from told("loads", loads, ~_ascends(loads.lane, loads.n), "not in order of (lane, n)")
    first = loads.lane.searchsorted(loads.lane)
    gap = loads.n != np.arange(loads.n.size) - first
    yield from told("loads", loads, gap, "a number is missing before this load of its lane")
    yield from told(
        "passages", passages, ~_ascends(passages.load, passages.position), "not in order of (load, position)"
    )
    stray = (passages.truck < 0) | (passages.truck >= loads.lane.size)
    yield from told("passages", passages, stray, "no load leads this truck")
    stages = ledger.stages
    in_order = _ascends(stages.load, stages.position, stages.stage)
    yield from told("stages", stages, ~in_order, "not in order of (load, position, stage)")
    order = np.arange(uses.consumer.size)
    yield from told("uses", uses, ~_ascends(uses.consumer, uses.stock, order), "not in order of (consumer, stock)")


def _is_seed(plan: Plan, ledger: Ledger) -> Bools:
    seeded = np.bincount(plan.seeds.lane, minlength=len(plan.lanes.ids))
    seed: Bools = ledger.loads.n < seeded[ledger.loads.lane]
    return seed


def _times(plan: Plan, ledger: Ledger) -> Iterator[Problem]:
    loads = ledger.loads
    seed = _is_seed(plan, ledger)
    for name in ("ordered_s", "started_s", "finished_s", "shipped_s"):
        value = getattr(loads, name)
        yield from told("loads", loads, seed & (value != NOT_YET), f"a seed has {name}")
    for name in ("ordered_s", "started_s", "finished_s", "shipped_s", "received_s"):
        value = getattr(loads, name)
        outside = (value < NOT_YET) | (value >= plan.horizon_s)
        yield from told("loads", loads, outside, f"{name} is outside the run of {plan.horizon_s} s")
    made = ~seed
    is_slot = plan.recipes.is_assembly[plan.lanes.recipe[loads.lane]] == 1
    yield from told("loads", loads, made & (loads.ordered_s == NOT_YET), "neither seeded nor ordered")
    soonest = loads.started_s < loads.ordered_s + np.where(is_slot, 0, 1)
    broken = made & (loads.started_s != NOT_YET) & soonest
    yield from told("loads", loads, broken, "started before it was ordered, or an order in its own second")
    broken = made & out_of_order(loads.started_s, loads.finished_s, 1)
    yield from told("loads", loads, broken, "finished less than a second after its start")
    broken = made & out_of_order(loads.shipped_s, loads.received_s, 1)
    yield from told("loads", loads, broken, "received less than a second after it was shipped")
    broken = (plan.lanes.run[loads.lane] < 0) & (loads.shipped_s != loads.finished_s)
    yield from told("loads", loads, broken, "shipped without being finished, or finished and not shipped")
    broken = (loads.shipped_s != NOT_YET) != (loads.route != -1)
    yield from told("loads", loads, broken, "shipped without a route, or routed and not shipped")
    broken = (loads.is_lost == 1) & ((loads.started_s != NOT_YET) | ~is_slot)
    yield from told("loads", loads, broken, "lost, but started or not a build slot")


def _passages(plan: Plan, ledger: Ledger) -> Iterator[Problem]:
    loads, rows = ledger.loads, ledger.passages
    queued = plan.crossings.booths_standard[rows.crossing] > 0
    steps = (
        ("joined_s", rows.arrived_s, rows.joined_s, 0),
        ("started_s", rows.joined_s, rows.started_s, 0),
        ("cleared_s", rows.started_s, rows.cleared_s, np.where(queued, 1, 0)),
        ("left_s", rows.cleared_s, rows.left_s, 0),
    )
    for name, earlier, later, gap in steps:
        broken = out_of_order(earlier, later, 0) | ((later != NOT_YET) & (later < earlier + gap))
        yield from told("passages", rows, broken, f"{name} before the step ahead of it")
    inner = np.flatnonzero(rows.position > 0)
    before = loads.shipped_s[rows.load]
    before[inner] = rows.left_s[inner - 1]
    broken = (before == NOT_YET) | (rows.arrived_s < before + 1)
    yield from told("passages", rows, broken, "arrived before it left the place ahead")
    route = loads.route[rows.load]
    known = plan.routes.passage_first[route] + rows.position
    inside = known < plan.routes.passage_first[route + 1]
    yield from told("passages", rows, ~inside, "more passages than its route has")
    planned = plan.routes.crossing[np.where(inside, known, 0)]
    elsewhere = (planned != rows.crossing) & ~_is_substitute(plan, planned, rows.crossing)
    told_of = "not the crossing that its route has here, nor a substitute of it"
    yield from told("passages", rows, inside & elsewhere, told_of)
    through = np.bincount(rows.load, weights=rows.left_s != NOT_YET, minlength=loads.lane.size).astype(np.int64)
    due = np.where(loads.route < 0, 0, np.diff(plan.routes.passage_first)[loads.route])
    shipped = (loads.route >= 0) & (loads.received_s != NOT_YET)
    yield from told("loads", loads, shipped & (through != due), "received without all passages of its route")
    last = np.flatnonzero(np.diff(rows.load, append=-1) != 0)
    broken = np.zeros(loads.lane.size, dtype=bool)
    broken[rows.load[last]] = out_of_order(rows.left_s[last], loads.received_s[rows.load[last]], 1)
    yield from told("loads", loads, broken, "received before it left its last crossing")


def _is_substitute(plan: Plan, planned: Ints, passed: Ints) -> Bools:
    """Whether the crossing passed is one to which trucks at the planned one may turn."""
    count, over = len(plan.crossings.ids), plan.substitutes
    pairs = np.repeat(np.arange(count), np.diff(over.first)) * count + over.crossing
    found: Bools = np.isin(planned * count + passed, pairs)
    return found


def _riders(plan: Plan, ledger: Ledger) -> Iterator[Problem]:
    """Loads of a milk run leave at its next departure, all together, and have the times of the one that leads."""
    loads, rows, runs = ledger.loads, ledger.passages, plan.runs
    run = plan.lanes.run[loads.lane]
    due = np.full(loads.lane.size, NOT_YET)
    for index in range(len(runs.ids)):
        departs_s = runs.depart_s[runs.depart_first[index] : runs.depart_first[index + 1]]
        departs_s = departs_s[departs_s < plan.horizon_s]
        done = np.flatnonzero((run == index) & (loads.finished_s != NOT_YET))
        due[done] = np.append(departs_s, NOT_YET)[departs_s.searchsorted(loads.finished_s[done])]
    broken = (run >= 0) & (loads.shipped_s != due)
    yield from told("loads", loads, broken, "not shipped at the first departure of its milk run")
    leader = leaders(run, loads.shipped_s)
    yield from told("passages", rows, rows.truck != leader[rows.load], "not on the truck of the first load shipped")
    way = loads.route - plan.lanes.route_first[loads.lane]
    reached = np.bincount(rows.load, minlength=loads.lane.size)
    apart = (way != way[leader]) | (reached != reached[leader]) | (loads.received_s != loads.received_s[leader])
    together = (run >= 0) & (loads.shipped_s != NOT_YET)
    yield from told("loads", loads, together & apart, "not where its truck is")
    first = np.cumsum(reached) - reached
    same = np.flatnonzero(~apart[rows.load])
    lead = first[leader[rows.load[same]]] + rows.position[same]
    differs = np.zeros(rows.load.size, dtype=bool)
    for name in ("arrived_s", "joined_s", "started_s", "cleared_s", "left_s", "used_fast"):
        values = getattr(rows, name)
        differs[same] |= values[same] != values[lead]
    yield from told("passages", rows, differs, "not at the border with its truck")


def leaders(run: Ints, shipped_s: Ints) -> Ints:
    """For each load the first of those that left with it on its milk run; itself where it has its own truck."""
    leader = np.arange(run.size)
    rides = np.flatnonzero((run >= 0) & (shipped_s != NOT_YET))
    order = rides[np.lexsort((rides, shipped_s[rides], run[rides]))]
    begins = np.ones(order.size, dtype=bool)
    begins[1:] = (np.diff(run[order]) != 0) | (np.diff(shipped_s[order]) != 0)
    leader[order] = order[begins][np.cumsum(begins) - 1]
    return leader


def _stocks(plan: Plan, ledger: Ledger) -> Iterator[Problem]:
    loads, count = ledger.loads, len(plan.stocks.ids)
    stock = plan.lanes.stock[loads.lane]
    here = (loads.received_s != NOT_YET) & (stock >= 0)
    received = _sums(stock[here], loads.units[here], count)
    used = _sums(ledger.uses.stock, ledger.uses.units, count)
    broken = (received != used + ledger.stock_left) | (ledger.stock_left < 0)
    for s in np.flatnonzero(broken)[:SHOWN].tolist():
        yield Problem(
            f"stock '{plan.stocks.ids[s]}'",
            f"received {received[s]} units, but used {used[s]} and left {ledger.stock_left[s]}",
        )


def _sums(index: Ints, units: Ints, count: int) -> Ints:
    total = np.zeros(count, dtype=np.int64)
    np.add.at(total, index, units)
    return total


def _uses(plan: Plan, ledger: Ledger) -> Iterator[Problem]:
    """Each started order used what its recipe asks for, and nothing else was used."""
    loads, uses = ledger.loads, ledger.uses
    yield from told("uses", uses, uses.units < 1, "nothing was used")
    recipe = plan.lanes.recipe[loads.lane]
    started = loads.started_s != NOT_YET
    group = np.flatnonzero((np.diff(uses.consumer, prepend=-1) != 0) | (np.diff(uses.stock, prepend=-1) != 0))
    consumer, stock = uses.consumer[group], uses.stock[group]
    used = np.add.reduceat(uses.units, group) if group.size else group
    needed = plan.stocks.quantity_per[stock] * loads.units[consumer]
    at_fault = np.zeros(uses.consumer.size, dtype=bool)
    at_fault[group] = (used != needed) | (plan.stocks.recipe[stock] != recipe[consumer]) | ~started[consumer]
    yield from told("uses", uses, at_fault, "not what the consumer's recipe needs of this stock")
    kinds = np.bincount(consumer, minlength=loads.lane.size)
    asked = np.where(started, np.diff(plan.recipes.stock_first)[recipe], 0)
    yield from told("loads", loads, kinds != asked, "started without all inputs, or used inputs unstarted")


def _lots(plan: Plan, ledger: Ledger) -> Iterator[Problem]:
    """Lots are on hand when used, used to their units at most, and used up in order of receipt."""
    loads, uses = ledger.loads, ledger.uses
    came, went = loads.received_s[uses.source], loads.started_s[uses.consumer]
    yield from told("uses", uses, (came == NOT_YET) | (came > went), "used before it was received")
    broken = plan.lanes.stock[loads.lane[uses.source]] != uses.stock
    yield from told("uses", uses, broken, "the source does not feed this stock")
    taken = _sums(uses.source, uses.units, loads.lane.size)
    yield from told("loads", loads, taken > loads.units, "more was used of this load than it held")
    stock = plan.lanes.stock[loads.lane]
    rows = np.flatnonzero((stock >= 0) & (loads.received_s != NOT_YET))
    lots = rows[np.lexsort((rows, loads.received_s[rows], stock[rows]))]
    behind = np.zeros(loads.lane.size, dtype=bool)
    same = stock[lots[1:]] == stock[lots[:-1]]
    behind[lots[1:]] = same & (taken[lots[1:]] > 0) & (taken[lots[:-1]] < loads.units[lots[:-1]])
    yield from told("loads", loads, behind, "used before an older lot of its stock was used up")
    order = np.lexsort((np.arange(uses.source.size), loads.ordered_s[uses.consumer], went, uses.stock))
    ahead = np.zeros(uses.source.size, dtype=bool)
    source, place = uses.source[order], uses.stock[order]
    ahead[order] = (np.diff(place, prepend=-1) == 0) & ~_ascends(place, came[order], source, np.arange(source.size))
    yield from told("uses", uses, ahead, "a newer lot was issued first")


def _orders(plan: Plan, ledger: Ledger) -> Iterator[Problem]:
    """Recipes start their orders in order of acceptance."""
    loads = ledger.loads
    rows = np.flatnonzero((loads.ordered_s != NOT_YET) & (loads.is_lost == 0))
    recipe = plan.lanes.recipe[loads.lane]
    order = rows[np.lexsort((rows, loads.ordered_s[rows], recipe[rows]))]
    started = np.where(loads.started_s == NOT_YET, NEVER, loads.started_s)[order]
    overtook = np.zeros(loads.lane.size, dtype=bool)
    overtook[order[1:]] = (np.diff(recipe[order]) == 0) & (np.diff(started) < 0)
    yield from told("loads", loads, overtook, "started before an order that was accepted earlier")
    busy_from = np.flatnonzero(loads.started_s != NOT_YET)
    until = np.where(loads.finished_s == NOT_YET, NEVER, loads.finished_s)
    busy = most_busy(recipe[busy_from], loads.started_s[busy_from], until[busy_from])
    over = np.zeros(loads.lane.size, dtype=bool)
    over[busy_from] = busy > plan.recipes.lines[recipe[busy_from]]
    yield from told("loads", loads, over, "more orders in work than the recipe has lines")


def _slots(plan: Plan, ledger: Ledger) -> Iterator[Problem]:
    """Every slot due is built, being built, waiting, or lost in its time: no vehicle is forgotten."""
    loads, slots, lanes = ledger.loads, plan.schedule, plan.lanes
    drawn = int(lanes.load_first[-1])
    place = np.full(drawn, -1, dtype=np.int64)
    place[lanes.load_first[loads.lane] + loads.n] = np.arange(loads.lane.size)
    row = place[lanes.load_first[slots.lane] + slots.n]
    due = slots.due_s < plan.horizon_s
    missing = np.flatnonzero(due != (row >= 0))
    for i in missing[:SHOWN].tolist():
        lane = lanes.ids[int(slots.lane[i])]
        found = "is missing" if due[i] else "was built although it is due after the run"
        yield Problem(f"slot {i}", f"slot {int(slots.n[i])} of '{lane}', due at {int(slots.due_s[i])} s, {found}")
    if missing.size:
        return
    row, expires, due_s = row[due], slots.expires_s[due], slots.due_s[due]
    started, lost = loads.started_s[row], loads.is_lost[row] == 1
    late = np.zeros(loads.lane.size, dtype=bool)
    late[row] = (started != NOT_YET) & (started >= expires)
    yield from told("loads", loads, late, "started although the slot had expired")
    late[row] = (started == NOT_YET) & (lost != (expires < plan.horizon_s))
    yield from told("loads", loads, late, "lost before it expired, or expired and not lost")
    late[row] = loads.ordered_s[row] != due_s
    yield from told("loads", loads, late, "not ordered in the second it was due")
