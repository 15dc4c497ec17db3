"""The reference engine, in SimPy: the specification of what a Plan means, which every other engine must equal.

**Clock.** Seconds are divided into phases: the SimPy clock counts ``second * PHASES + phase``, so a phase is a moment.
In order (`sim.ledger.events.Phase`): receive, finish, depart, due, road, grant, start, order. Nothing contended is
granted on arrival. Claims made in a phase are collected and decided by a clerk in a later phase, in order of the key
(lane, n), which is the order of load rows; a clerk is woken at most once in a moment. The order in which SimPy
happens to run the events of one moment therefore changes nothing. Nothing at or after the horizon happens.

**Recipe.** Orders queue first-in first-out. At start, while a line is free and the stocks hold what the head order
needs (``quantity_per`` x its units), the order takes its inputs, oldest lots first by (second received, lane, n), and
a line. The line is busy until the calendar has given ``work_s`` working seconds from that second on; a line may take
an order outside hours, its work then begins with the next shift. A head order that lacks an input waits, and those
behind it wait too, until a receipt of what it lacks.

**Crew.** One that has stood still too long for want of inputs goes home: what comes then is started with the next
shift (`sim.engines.crews`).

**Build schedule.** At due, a slot becomes an order, counted as accepted in that second. At start of every second from
``expires_s`` on, before lines take orders, a slot that still queues is lost: it leaves the queue and its debits are
credited back. Slots of one second are accepted in order of (lane, n).

**Replenishment.** `sim.engines.replenishment` has the positions. Accepting an order of u units debits each stock of
the recipe, in their order; a lane whose position is then at or below its reorder point places orders of
``load_units``, numbered n = seeds, seeds + 1, ..., until it is above. An order placed in second t is accepted by its
supplier in the order phase of t + 1, those of one second in order of (lane, n), and may start from t + 2. Before
anything else in second 0, lanes place the orders that their seeds leave open. In the intervals of `sim.plan.Buildup`
the reorder point of a lane is higher; after them nothing is ordered until the position is down at the usual point.

**Dispatch.** At finish the line is free and the load is shipped, on a truck of its own unless its lane has a milk run.
Which route the truck takes is told in `sim.engines.ways`. Then come leg (``leg_s * transit_ppm // 1e6``, at least 1 s),
passage, leg, ..., and the receipt when the last leg ends.

**Milk run.** A load of a lane with a run stands on the dock of the run from its finish to the first departure at that
second or later (`sim.engines.docks`). In the depart phase, behind all that was finished in that second, all loads on
the dock are shipped together, on one truck; with an empty dock nothing leaves, and after the last departure loads stay
where they are. The load with the least (lane, n) leads: it chooses the way by its ``divert_s`` and the waits posted
then, its draws of legs and passages are those of the truck, and the truck joins queues once, under its key. All who
ride have its times and are received in the second in which it arrives, each into its own stock.

**Turning round.** A truck that comes to a crossing with substitutes looks, in the finish phase, at the waits posted: to
the substitute that it would reach and pass soonest it turns where that saves more than its ``divert_s``, and arrives
there when it has driven ``travel_s``; it does not turn again. Behind the substitute it goes on along its route.

**Passage.** A crossing is a chain (`sim.engines.border_clerk`, `sim.engines.border`). The truck arrives and is ready
after ``yard_s`` and ``before_s``. Where the crossing has tractors, its trailer then waits for one that is back,
first-in first-out by (second, lane, n); a tractor is away for ``round_trip_s`` and the wait that hangs posted when it
sets out. The truck joins the line of the export modules at once, or that of the booths after the approach; both lines
are passed in the grant phase of that second. It is cleared when service ends, and ready for the road after scan, exam
and hold. If its lot is then below the hour's share it is inspected, in a line of bays where the crossing has such. It
leaves after ``beyond_s``, and the next leg begins in that second. On a route that is driven through (``is_through``)
it stands in no yard: neither ``yard_s`` nor ``beyond_s`` passes. A crossing without booths has no line: a truck passes
when it has joined, or when the crossing opens again. Delays between contended moments need no event of their own and
are added up.

**Postings.** At every multiple of ``posting_s``, before anything else that second, all crossings are brought to it and
the waits are posted, of either class, the expected wait for bays included; they hang until the next.

**Background.** Trucks of others are merged into a line when its state is needed, at the latest at the next posting. A
truck that would wait too long gives up or goes to a substitute, where it joins the line when it has driven there. Each
hour's totals count trucks by the hour in which they arrive. Nothing can be seen of all this: where `eager` is asked,
each truck is an event of the clock, behind the grants of its second, and the ledger is the same.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

import numpy as np
import simpy

from sim.engines.border.queues import TOTAL_ROWS, open_queues
from sim.engines.border_clerk import BorderClerk
from sim.engines.crews import Crews
from sim.engines.docks import Docks
from sim.engines.notes import LoadNotes, passage_columns, stage_columns
from sim.engines.records import Rows, build_ledger, seed_rows
from sim.engines.replenishment import Replenishment
from sim.engines.rules import _leg_seconds, work_until_plainly
from sim.engines.runnable import require_runnable
from sim.engines.stockroom import Stockroom
from sim.engines.ways import Ways
from sim.ledger.events import Phase
from sim.ledger.ledger import Ledger
from sim.plan import NEVER, Plan

PHASES = len(Phase)
RECEIVE, FINISH, DEPART, DUE = int(Phase.RECEIVE), int(Phase.FINISH), int(Phase.DEPART), int(Phase.DUE)
START, ORDER = int(Phase.START), int(Phase.ORDER)


def simulate(plan: Plan, *, eager: bool = False) -> Ledger:
    """Run a plan.

    Parameters
    ----------
    plan : Plan
        Everything decided and drawn; seconds and units, integers throughout.
    eager : bool
        Let every truck of others pass as an event of its own, which takes several times as long.

    Returns
    -------
    Ledger
        What happened before the horizon.

    Raises
    ------
    PlanError
        The plan breaks what engines rely on, or a lane needs more loads than were drawn for it.
    """
    require_runnable(plan)
    with _collector_paused():
        return _Simulation(plan).run(eager=eager)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Spare the run a sixth of its time: it makes many small objects and hardly any cycles worth collecting."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Simulation:
    """One run: the tables of the plan as lists, every clerk a callback on a moment of the clock."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.env = simpy.Environment()
        self.horizon_s = plan.horizon_s
        self.notes = LoadNotes(plan)
        self.stockroom = Stockroom(plan)
        self.replenishment = Replenishment(plan)
        self.queues = open_queues(plan, as_lists=True)
        self.ways = Ways(plan, self.queues)
        self.docks = Docks(plan)
        self.crews = Crews(plan)
        self._read_lanes(plan)
        self._read_recipes(plan)
        self.border = BorderClerk(plan, self.queues, self.ways, self.env, self._ring, self._travel_on, self.notes.route)
        self._read_schedule(plan)

    def _read_lanes(self, plan: Plan) -> None:
        lanes, loads = plan.lanes, plan.loads
        self.lane_of_row: list[int] = np.repeat(np.arange(len(lanes.ids)), np.diff(lanes.load_first)).tolist()
        self.maker: list[int] = lanes.recipe.tolist()
        self.fed_stock: list[int] = lanes.stock.tolist()
        self.work_s = loads.work_s.tolist()
        self.transit_ppm = loads.transit_ppm.tolist()

    def _read_recipes(self, plan: Plan) -> None:
        recipes, calendars = plan.recipes, plan.calendars
        count = len(recipes.ids)
        length = calendars.closes_s - calendars.opens_s
        self.opens_s = calendars.opens_s.tolist()
        self.closes_s = calendars.closes_s.tolist()
        self.done_s = (np.cumsum(length) - length).tolist()
        self.shifts = [(int(calendars.first[c]), int(calendars.first[c + 1])) for c in recipes.calendar.tolist()]
        self.recipe_of_stock = plan.stocks.recipe.tolist()
        self.free_lines = recipes.lines.tolist()
        self.queue: list[deque[int]] = [deque() for _ in range(count)]
        self.lacking = [-1] * count  # the stock that the head order waits for
        self.inbox: list[dict[int, list[int]]] = [{} for _ in range(count)]  # order moment -> load rows
        self.rung: list[set[int]] = [set() for _ in range(count)]  # start moments already asked for

    def _read_schedule(self, plan: Plan) -> None:
        slots = plan.schedule
        rows = plan.lanes.load_first[slots.lane] + slots.n
        order = np.lexsort((rows, slots.due_s))
        self.slots: list[tuple[int, int]] = list(zip(slots.due_s[order].tolist(), rows[order].tolist(), strict=True))
        self.expires_s: dict[int, int] = dict(zip(rows.tolist(), slots.expires_s.tolist(), strict=True))
        self.next_expiry = [NEVER] * len(plan.recipes.ids)

    # the run

    def run(self, *, eager: bool) -> Ledger:
        """Place the opening orders, let the clock run to the horizon, close the books."""
        for row in self.replenishment.opening_orders():
            self._send(row, 1)
        self._ring_seeds()
        self._ring_slots(0)
        self.border.ring_tick(0)
        for crossing in self.border.queued() if eager else ():
            self.border.ring_truck(crossing)
        if self.horizon_s > 0:
            self.env.run(until=self.horizon_s * PHASES)
        self.border.close()
        shape = (self.border.count, TOTAL_ROWS, self.queues.run_hours)
        totals = np.array(self.queues.totals, dtype=np.int64).reshape(shape)
        passages = passage_columns(self.border.passages, self.docks.riders, self.horizon_s)
        stages = stage_columns(self.border.stages, self.docks.riders, self.horizon_s)
        rows = Rows(self.notes.columns(), passages, self.stockroom.use_columns(), stages)
        return build_ledger(self.plan, [rows], np.array(self.stockroom.on_hand, dtype=np.int64), totals)

    def _ring(self, moment: int, clerk: Callable[[simpy.Event], None], value: int) -> None:
        """Wake a clerk at a moment, with the number of what it is to look after."""
        event = self.env.timeout(moment - self.env.now, value)
        event.callbacks.append(clerk)

    def _second(self) -> int:
        return int(self.env.now) // PHASES

    # loads

    def _ring_seeds(self) -> None:
        """Wake the receiving clerk for every load that is on its way when the clock begins."""
        for second, row in zip(self.plan.seeds.receive_s.tolist(), seed_rows(self.plan).tolist(), strict=True):
            if second < self.horizon_s:
                self._ring(second * PHASES + RECEIVE, self._arrive, row)

    def _finish(self, event: simpy.Event) -> None:
        """The work on a load is done: its line is free, and the load is shipped or waits for its milk run."""
        row = _number(event)
        t = self._second()
        lane = self.lane_of_row[row]
        recipe = self.maker[lane]
        self.notes.finished_s[row] = t
        self.free_lines[recipe] += 1
        if self.queue[recipe]:
            self._ring_start(recipe, t)
        run = self.docks.run_of_lane[lane]
        if run < 0:
            self._ship(row, lane, t)
            return
        departs = self.docks.put(run, row, t)
        if departs < self.horizon_s:
            self._ring(departs * PHASES + DEPART, self._depart, run)

    def _depart(self, event: simpy.Event) -> None:
        """A milk run leaves with all that stands on its dock."""
        t = self._second()
        leader = self.docks.leave(_number(event))
        lane = self.lane_of_row[leader]
        way = self._ship(leader, lane, t) - self.ways.route_first[lane]
        for row in self.docks.riders[leader]:
            self.notes.shipped_s[row] = t
            self.notes.route[row] = self.ways.route_first[self.lane_of_row[row]] + way

    def _ship(self, row: int, lane: int, t: int) -> int:
        """Send a truck on its way at second `t`, led by load `row`; the route that it takes."""
        stock = self.fed_stock[lane]
        lasts_s = self.stockroom.lasts_s(stock) if stock >= 0 else -1
        route = self.ways.choose(row, lane, lasts_s)
        self.notes.shipped_s[row] = t
        self.notes.route[row] = route
        self._travel(row, route, 0, t)
        return route

    def _travel(self, row: int, route: int, position: int, t: int) -> None:
        """Send a truck on its next leg at second `t`, with `position` crossings behind it."""
        ways = self.ways
        leg_draw, draw = ways.draws(row, self.lane_of_row[row], route)
        t += _leg_seconds(ways.leg_s[ways.leg_first[route] + position], self.transit_ppm[leg_draw + position])
        if t >= self.horizon_s:
            return
        passage = ways.passage_first[route] + position
        if passage == ways.passage_first[route + 1]:
            self._ring(t * PHASES + RECEIVE, self._arrive, row)
        else:
            self.border.come(row, position, ways.crossing[passage], draw + position, t)

    def _travel_on(self, row: int, position: int, t: int) -> None:
        """Send a truck on from a crossing at second `t`."""
        self._travel(row, self.notes.route[row], position, t)

    def _finish_s(self, row: int, recipe: int, t: int) -> int:
        first, last = self.shifts[recipe]
        work_s: int = self.work_s[row]
        return work_until_plainly(t, work_s, first, last, self.opens_s, self.closes_s, self.done_s)

    # clerks

    def _arrive(self, event: simpy.Event) -> None:
        """Receiving clerk: a truck has arrived, or a load that was on its way when the clock began."""
        row = _number(event)
        self._take_in(row)
        for rider in self.docks.riders.get(row, ()):
            self._take_in(rider)

    def _take_in(self, row: int) -> None:
        """Put a load into the stock that it feeds, or count it at the market."""
        t = self._second()
        self.notes.received_s[row] = t
        stock = self.fed_stock[self.lane_of_row[row]]
        if stock >= 0:
            self.stockroom.receive(stock, t, row, self.notes.units)
            recipe = self.recipe_of_stock[stock]
            if self.lacking[recipe] == stock:
                self._ring_start(recipe, t)

    def _ring_slots(self, place: int) -> None:
        """Wake the schedule clerk when the slot at `place` is due."""
        if place < len(self.slots) and self.slots[place][0] < self.horizon_s:
            self._ring(self.slots[place][0] * PHASES + DUE, self._take_slots, place)

    def _take_slots(self, event: simpy.Event) -> None:
        """Schedule clerk: turn the slots due in this second into orders, in order of (lane, n)."""
        t = self._second()
        place = _number(event)
        while place < len(self.slots) and self.slots[place][0] == t:
            row = self.slots[place][1]
            recipe = self.maker[self.lane_of_row[row]]
            expires = self.expires_s[row]
            self._accept(row, recipe, t)
            self._ring_start(recipe, t)
            if t < expires < self.horizon_s:
                self._ring_start(recipe, expires)
            self.next_expiry[recipe] = min(self.next_expiry[recipe], expires)
            place += 1
        self._ring_slots(place)

    def _send(self, row: int, second: int) -> None:
        """Let an order reach its supplier in the order phase of `second`."""
        if second >= self.horizon_s:
            return
        recipe = self.maker[self.lane_of_row[row]]
        moment = second * PHASES + ORDER
        inbox = self.inbox[recipe]
        if moment in inbox:
            inbox[moment].append(row)
        else:
            inbox[moment] = [row]
            self._ring(moment, self._take_orders, recipe)

    def _take_orders(self, event: simpy.Event) -> None:
        """Order clerk of a recipe: accept the orders that arrived, in order of (lane, n)."""
        recipe = _number(event)
        t = self._second()
        for row in sorted(self.inbox[recipe].pop(t * PHASES + ORDER)):
            self._accept(row, recipe, t)
        self._ring_start(recipe, t + 1)

    def _accept(self, row: int, recipe: int, t: int) -> None:
        notes = self.notes
        notes.is_known[row] = 1
        notes.ordered_s[row] = t
        self.queue[recipe].append(row)
        for order in self.replenishment.accept(row, recipe, notes.units[row], t):
            self._send(order, t + 1)

    def _ring_start(self, recipe: int, second: int) -> None:
        """Wake the line clerk of a recipe in the start phase of `second`, once."""
        moment = second * PHASES + START
        rung = self.rung[recipe]
        if moment not in rung:
            rung.add(moment)
            self._ring(moment, self._start, recipe)

    def _start(self, event: simpy.Event) -> None:
        """Line clerk of a recipe: lose what has expired, then start what can be started."""
        recipe = _number(event)
        t = self._second()
        self.rung[recipe].discard(t * PHASES + START)
        if t >= self.next_expiry[recipe]:
            self._expire(recipe, t)
        queue, units = self.queue[recipe], self.notes.units
        self.lacking[recipe] = -1
        while queue and self.free_lines[recipe] and not self.crews.is_at_home(recipe, t):
            row = queue[0]
            self.lacking[recipe] = self.stockroom.shortage(recipe, units[row])
            if self.lacking[recipe] >= 0:
                self.crews.stand(recipe, t)
                return
            if (back := self.crews.work(recipe, t)) > t:
                if back < self.horizon_s:
                    self._ring_start(recipe, back)
                return
            queue.popleft()
            self.stockroom.issue(recipe, row, units)
            self.replenishment.forget(row)
            self.notes.started_s[row] = t
            self.free_lines[recipe] -= 1
            finish = self._finish_s(row, recipe, t)
            if finish < self.horizon_s:
                self._ring(finish * PHASES + FINISH, self._finish, row)

    def _expire(self, recipe: int, t: int) -> None:
        kept: deque[int] = deque()
        for row in self.queue[recipe]:
            if self.expires_s.get(row, NEVER) <= t:
                self.notes.is_lost[row] = 1
                self.replenishment.credit(row, recipe, self.notes.units[row])
            else:
                kept.append(row)
        self.queue[recipe] = kept
        self.next_expiry[recipe] = min((self.expires_s.get(row, NEVER) for row in kept), default=NEVER)


def _number(event: simpy.Event) -> int:
    return cast(int, event.value)
