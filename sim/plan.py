"""Contract 1, the Plan: a whole run as read-only integer arrays, everything decided and every draw made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import PlanError

Ints = NDArray[np.int64]
Words = NDArray[np.int32]  # of what there is most of: half the memory
NEVER = 1 << 60  # a second that no run reaches
# What fits the keys by which engines order events and compare booths.
MAX_LANES = 1 << 20
MAX_LOADS = 1 << 24  # of one lane
MAX_ROWS = 1 << 31  # loads of all lanes; recipes
MAX_HORIZON_S = 1 << 29  # 17 years
MAX_UNITS = 1 << 31  # of a load
MAX_BOOTHS = 1 << 8  # of one class at one crossing
MAX_DURATION_S = 1 << 38  # so that sums and products stay whole
LONGEST_S = (1 << 31) - 1  # the longest that can be drawn: 68 years


@dataclass(frozen=True, slots=True)
class Calendars:
    """When work is done: half-open intervals in seconds, ascending, past the horizon.

    Calendar c owns intervals ``first[c]:first[c + 1]``.
    """

    ids: tuple[str, ...]
    first: Ints  # [calendars + 1]
    opens_s: Ints  # [intervals]
    closes_s: Ints  # [intervals]


@dataclass(frozen=True, slots=True)
class Recipes:
    """Who makes what: parallel lines on a calendar, fed by the stocks ``stock_first[r]:stock_first[r + 1]``."""

    ids: tuple[str, ...]
    lines: Ints  # [recipes], 1 or more
    calendar: Ints  # [recipes], index into Calendars
    is_assembly: Ints  # [recipes], 1 where orders come from the build schedule
    stock_first: Ints  # [recipes + 1]


@dataclass(frozen=True, slots=True)
class Stocks:
    """Input buffers, each owned by one recipe; fed by lanes ``lane_index[lane_first[s]:lane_first[s + 1]]``."""

    ids: tuple[str, ...]
    recipe: Ints  # [stocks], ascending
    quantity_per: Ints  # [stocks], units of input for one unit of output
    lane_first: Ints  # [stocks + 1]
    lane_index: Ints  # [lanes into stocks], ascending within a stock


@dataclass(frozen=True, slots=True)
class Lanes:
    """From a supplier recipe to a stock (or, with stock -1, to a market). Lanes are sorted by id.

    A lane's loads are numbered n = 0, 1, ... : first its seeds (on hand or on the way when the clock begins),
    then its orders. Load (lane, n) reads its draws at ``load_first[lane] + n``.
    """

    ids: tuple[str, ...]
    recipe: Ints  # [lanes]
    stock: Ints  # [lanes], -1 = market
    load_units: Ints  # [lanes]
    reorder_units: Ints  # [lanes]: an order is placed while inventory position <= this
    share_ppm: Ints  # [lanes]: this lane's part of its stock's demand
    route_first: Ints  # [lanes + 1], index into Routes
    seed_first: Ints  # [lanes + 1], index into Seeds
    load_first: Ints  # [lanes + 1], index into Loads (one row per possible load)
    blocked_first: Ints  # [lanes + 1], intervals in which demand is debited to the stock's other lanes
    blocked_from_s: Ints
    blocked_until_s: Ints
    run: Ints  # [lanes], index into Runs: loads ride together; -1 = each on a truck of its own


@dataclass(frozen=True, slots=True)
class Routes:
    """Alternative ways of a lane, the usual one first: leg, crossing, leg, ... , leg.

    Route r has legs ``leg_first[r]:leg_first[r + 1]`` and one passage less, ``passage_first[r]:passage_first[r + 1]``.
    The legs (passages) of all routes of a lane stand next to each other: the column of a leg within its lane is
    its index less the index of the lane's first leg.
    """

    lane: Ints  # [routes], ascending
    nominal_s: Ints  # [routes]: free-flow travel time, legs and crossings
    leg_first: Ints  # [routes + 1]
    leg_s: Ints  # [legs], 1 or more
    passage_first: Ints  # [routes + 1]
    crossing: Ints  # [passages], index into Crossings


@dataclass(frozen=True, slots=True)
class Runs:
    """Milk runs: loads of several lanes share a truck, which leaves at the departures of the run.

    Run r leaves at the seconds ``depart_s[depart_first[r]:depart_first[r + 1]]``. Its lanes have equal routes, so
    that a load of any of them can lead.
    """

    ids: tuple[str, ...]
    depart_first: Ints  # [runs + 1]
    depart_s: Ints  # [departures], ascending within a run


@dataclass(frozen=True, slots=True)
class Seeds:
    """Loads that exist when the clock begins; received at ``receive_s`` (0 = on hand) without passing a border."""

    lane: Ints  # [seeds], ascending
    units: Ints  # [seeds]
    receive_s: Ints  # [seeds], ascending within a lane


@dataclass(frozen=True, slots=True)
class Loads:
    """Everything drawn for each possible load, by row ``load_first[lane] + n``.

    Leg draws of a row stand at ``leg_draw_first[lane] + n * (legs of the lane) + column``, passage draws likewise
    with ``passage_draw_first``.
    """

    work_s: Words  # [rows]: working seconds to make the load, 1 or more
    divert_s: Words  # [rows]: a route is left for a quicker one when that saves more than this
    leg_draw_first: Ints  # [lanes + 1]
    transit_ppm: Words  # [leg draws]: factor on leg_s
    passage_draw_first: Ints  # [lanes + 1]
    before_s: Words  # [passage draws]: documents not ready, export check; before the approach
    is_fast: Words  # [passage draws]: 1 = may use FAST booths
    service_standard_s: Words  # [passage draws], 1 or more
    service_fast_s: Words  # [passage draws], 1 or more
    scan_s: Words  # [passage draws], 0 = not scanned
    exam_s: Words  # [passage draws], 0 = no physical exam
    hold_s: Words  # [passage draws], 0 = no origin hold
    inspection_s: Words  # [passage draws], 0 = no state inspection


@dataclass(frozen=True, slots=True)
class Crossings:
    """Border crossings by direction. Tables have one column per hour since second 0.

    A crossing with ``booths_standard`` 0 has no queue: its loads pass after approach and their own delays.
    Booth b (0, 1, ...) is open in hour h when b < open[crossing, h]; FAST booths are numbered apart.
    Hours beyond the tables are closed.
    """

    ids: tuple[str, ...]
    booths_standard: Ints  # [crossings]
    booths_fast: Ints  # [crossings]
    open_standard: Ints  # [crossings, hours]
    open_fast: Ints  # [crossings, hours]
    service_ppm: Ints  # [crossings, hours]: factor on service begun in that hour (slowdowns)
    approach_s: Ints  # [crossings], free flow, 0 or more
    split_trucks: Ints  # [crossings]: standard trucks that fit between the FAST split and the booths
    posting_s: Ints  # [crossings]: waits are posted at multiples of this, 1 or more


@dataclass(frozen=True, slots=True)
class Background:
    """Other people's trucks at queued crossings, in order of arrival; the same in every scenario.

    A truck whose wait would exceed its patience gives up and is lost.
    """

    first: Ints  # [crossings + 1]
    arrive_s: Words  # [trucks], ascending within a crossing
    service_s: Words  # [trucks], 1 or more
    is_fast: NDArray[np.int8]  # [trucks]
    patience_s: Words  # [trucks]


@dataclass(frozen=True, slots=True)
class Schedule:
    """The build schedule: each slot is an order of ``load_units`` vehicles on a market lane, ascending by due."""

    due_s: Ints  # [slots]
    lane: Ints  # [slots], lanes of assembly recipes
    n: Ints  # [slots], counts 0, 1, ... within a lane in order of due
    expires_s: Ints  # [slots]: a slot not started before this second is lost


@dataclass(frozen=True, slots=True, repr=False)
class Plan:
    """A run, decided. Engines read nothing else.

    Parameters
    ----------
    horizon_s : int
        First second that is not simulated. What would happen at or after it does not happen.
    start_s : int
        First measured second; engines ignore it.
    """

    horizon_s: int
    start_s: int
    calendars: Calendars
    recipes: Recipes
    stocks: Stocks
    lanes: Lanes
    routes: Routes
    runs: Runs
    seeds: Seeds
    loads: Loads
    crossings: Crossings
    background: Background
    schedule: Schedule

    def __post_init__(self) -> None:
        for table in self._tables():
            for item in fields(table):
                value = getattr(table, item.name)
                if isinstance(value, np.ndarray):
                    value.setflags(write=False)
        problems = list(self._problems())
        if problems:
            raise PlanError("plan", problems)

    def __repr__(self) -> str:
        counts = (
            f"{len(self.recipes.ids)} recipes, {len(self.lanes.ids)} lanes, {self.loads.work_s.size} loads drawn, "
            f"{len(self.crossings.ids)} crossings, {self.background.arrive_s.size} background trucks"
        )
        return f"Plan({counts}, {self.horizon_s} s)"

    def _tables(self) -> tuple[Any, ...]:
        return (
            self.calendars,
            self.recipes,
            self.stocks,
            self.lanes,
            self.routes,
            self.runs,
            self.seeds,
            self.loads,
            self.crossings,
            self.background,
            self.schedule,
        )

    def _problems(self) -> Iterator[str]:
        yield from self._kinds()
        lanes, crossings = self.lanes, self.crossings
        if len(lanes.ids) >= MAX_LANES:
            yield f"{len(lanes.ids)} lanes; fewer than {MAX_LANES} are allowed"
        if len(lanes.ids) and int(np.diff(lanes.load_first).max()) >= MAX_LOADS:
            yield f"a lane has more than {MAX_LOADS} loads"
        if max(int(lanes.load_first[-1]), len(self.recipes.ids)) >= MAX_ROWS:
            yield f"{int(lanes.load_first[-1])} loads on all lanes; fewer than {MAX_ROWS} are allowed"
        if not 0 <= self.horizon_s < MAX_HORIZON_S:
            yield f"a horizon of {self.horizon_s} s; 0 to {MAX_HORIZON_S - 1} are allowed"
        for name in ("booths_standard", "booths_fast"):
            most = int(getattr(crossings, name).max(initial=0))
            if most >= MAX_BOOTHS:
                yield f"{name} holds {most}; fewer than {MAX_BOOTHS} are allowed"
        for name, units in (("load_units", lanes.load_units), ("seed units", self.seeds.units)):
            if units.size and int(units.max()) >= MAX_UNITS:
                yield f"{name} holds {int(units.max())}; less than {MAX_UNITS} is allowed"
        if tuple(sorted(lanes.ids)) != lanes.ids:
            yield "lanes are not sorted by id"
        for name, values, least in self._durations():
            if values.size and int(values.min()) < least:
                yield f"{name} holds {int(values.min())}; the least is {least}"
            if values.size and int(values.max()) >= MAX_DURATION_S:
                yield f"{name} holds {int(values.max())}; less than {MAX_DURATION_S} is allowed"
        yield from self._run_problems()

    def _run_problems(self) -> Iterator[str]:
        """Departures that do not ascend, runs that are none, and lanes of a run that cannot lead each other."""
        lanes, runs = self.lanes, self.runs
        for run, name in enumerate(runs.ids):
            departs_s = runs.depart_s[runs.depart_first[run] : runs.depart_first[run + 1]]
            backward = np.flatnonzero(np.diff(departs_s) <= 0)
            if backward.size:
                before, after = departs_s[backward[0] : backward[0] + 2].tolist()
                yield f"run '{name}' departs at {after} s after {before} s; departures must ascend"
        leads: dict[int, int] = {}
        for lane in np.flatnonzero(lanes.run != -1).tolist():
            run = int(lanes.run[lane])
            if not 0 <= run < len(runs.ids):
                yield f"lane '{lanes.ids[lane]}' rides with run {run}; there are {len(runs.ids)} runs"
                continue
            first = leads.setdefault(run, lane)
            if self._ways_of(lane) != self._ways_of(first):
                pair = f"lanes '{lanes.ids[first]}' and '{lanes.ids[lane]}' of run '{runs.ids[run]}'"
                yield f"{pair} differ in their routes; loads that share a truck go the same ways"

    def _ways_of(self, lane: int) -> tuple[list[int], ...]:
        """What must be equal of two lanes whose loads share trucks: free-flow times, legs and crossings in order."""
        routes = self.routes
        first, last = self.lanes.route_first[lane : lane + 2].tolist()
        legs, passages = (bounds[first : last + 1] for bounds in (routes.leg_first, routes.passage_first))
        return (
            routes.nominal_s[first:last].tolist(),
            np.diff(legs).tolist(),
            np.diff(passages).tolist(),
            routes.leg_s[legs[0] : legs[-1]].tolist(),
            routes.crossing[passages[0] : passages[-1]].tolist(),
        )

    def _kinds(self) -> Iterator[str]:
        """Arrays of another kind would be read by machine code that was made for these."""
        kinds = {"Ints": np.dtype(np.int64), "Words": np.dtype(np.int32), "NDArray[np.int8]": np.dtype(np.int8)}
        for table in self._tables():
            for item in fields(table):
                kind = kinds.get(str(item.type))
                found = getattr(table, item.name)
                if kind is None:
                    continue
                if found.dtype != kind:
                    yield f"{item.name} is of kind {found.dtype}; {kind} is wanted"
                if not found.flags.c_contiguous:
                    yield f"{item.name} is not contiguous"

    def _durations(self) -> Iterator[tuple[str, NDArray[Any], int]]:
        """Names and values of what engines add up, each with its least value."""
        loads, crossings = self.loads, self.crossings
        yield "load_units", self.lanes.load_units, 1
        yield "leg_s", self.routes.leg_s, 1
        yield "nominal_s", self.routes.nominal_s, 0
        yield "work_s", loads.work_s, 1
        yield "service_standard_s", loads.service_standard_s, 1
        yield "service_fast_s", loads.service_fast_s, 1
        for name in ("before_s", "scan_s", "exam_s", "hold_s", "inspection_s"):
            yield name, getattr(loads, name), 0
        yield "service_s", self.background.service_s, 1
        yield "approach_s", crossings.approach_s, 0
        yield "posting_s", crossings.posting_s, 1
        yield "receive_s", self.seeds.receive_s, 0
        yield "depart_s", self.runs.depart_s, 0

    def digest(self) -> str:
        """SHA-256 over every array, name and shape: equal digests mean equal ledgers."""
        total = hashlib.sha256(f"{self.horizon_s} {self.start_s}".encode())
        for table in self._tables():
            for item in fields(table):
                value = getattr(table, item.name)
                if isinstance(value, np.ndarray):
                    total.update(f"{item.name}{value.dtype.str}{value.shape}".encode())
                    total.update(np.ascontiguousarray(value).data)
                else:
                    total.update("\n".join(value).encode())
        return total.hexdigest()
