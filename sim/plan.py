"""Contract 1, the Plan: a whole run as read-only integer arrays, everything decided and every draw made."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import PlanError
from sim.plan_checks import problems_of

Ints = NDArray[np.int64]
Words = NDArray[np.int32]  # of what there is most of: half the memory
Shorts = NDArray[np.int16]  # of other people's trucks, of which there are tens of millions
Bytes = NDArray[np.int8]
NEVER = 1 << 60  # a second that no run reaches
LONGEST_S = (1 << 31) - 1  # the longest that can be drawn: 68 years
LOTS = 10_000  # lots of state inspection are drawn among so many


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
class Crews:
    """Shifts of the recipes whose crews are sent home when their line stands still for want of inputs.

    Recipe r has the shift starts ``shift_s[shift_first[r]:shift_first[r + 1]]``.
    """

    send_home_s: Ints  # [recipes]: a crew that has stood longer goes home; NEVER = it stays
    shift_first: Ints  # [recipes + 1]
    shift_s: Ints  # [shift starts], ascending within a recipe


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
class Buildup:
    """Stock built before an announced date: lane l orders earlier in the intervals ``first[l]:first[l + 1]``."""

    first: Ints  # [lanes + 1]
    from_s: Ints  # [intervals], ascending within a lane; half-open intervals that do not overlap
    until_s: Ints
    units: Ints  # added to the reorder point in the interval, 0 or more


@dataclass(frozen=True, slots=True)
class Expediting:
    """When a shortage is foreseen, and the faster ways that a load may then take."""

    alarm_units: Ints  # [stocks]: foreseen while no more than this is on hand; -1 = never
    alarm_s: Ints  # [stocks]: seconds for which that lasts
    route_first: Ints  # [lanes]: first of the lane's expedite routes, which stand behind the others, cheapest first


@dataclass(frozen=True, slots=True)
class Routes:
    """Alternative ways of a lane, the usual one first, those for emergencies last: leg, crossing, leg, ... , leg.

    Route r has legs ``leg_first[r]:leg_first[r + 1]`` and one passage less, ``passage_first[r]:passage_first[r + 1]``.
    Each draws its legs (passages) from columns of the lane's table of draws; routes by the same crossings may share
    them, since a load takes only one.
    """

    lane: Ints  # [routes], ascending
    nominal_s: Ints  # [routes]: what a route takes when nobody waits; its tolls and freight beyond the usual in seconds
    leg_first: Ints  # [routes + 1]
    leg_s: Ints  # [legs], 1 or more
    passage_first: Ints  # [routes + 1]
    crossing: Ints  # [passages], index into Crossings
    leg_column: Ints  # [routes]: column of the first leg's draw
    passage_column: Ints  # [routes]: column of the first passage's draws
    is_through: Ints  # [routes]: 1 where a truck is driven through and its trailer stands in no yard


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

    Leg draws of a row stand at ``leg_draw_first[lane] + n * leg_columns[lane] + column``, passage draws likewise.
    """

    work_s: Words  # [rows]: working seconds to make the load, 1 or more
    divert_s: Words  # [rows]: a route is left, or a crossing for a substitute, when that saves more than this
    leg_columns: Ints  # [lanes]: legs drawn for each load
    leg_draw_first: Ints  # [lanes + 1]
    transit_ppm: Words  # [leg draws]: factor on leg_s
    passage_columns: Ints  # [lanes]: passages drawn for each load
    passage_draw_first: Ints  # [lanes + 1]
    yard_s: Words  # [passage draws]: in the yard before the crossing, as a trailer without a tractor
    before_s: Words  # [passage draws]: documents, red light, export check without a line; before any line
    is_fast: Words  # [passage draws]: 1 = may use FAST booths
    service_standard_s: Words  # [passage draws], 1 or more
    service_fast_s: Words  # [passage draws], 1 or more
    scan_s: Words  # [passage draws], 0 = not scanned
    exam_s: Words  # [passage draws], 0 = no physical exam
    hold_s: Words  # [passage draws], 0 = no origin hold
    lot_bp: Words  # [passage draws], 0 to 9999: sent to state inspection where less than `Crossings.inspect_bp`
    inspection_s: Words  # [passage draws]: what the inspection takes if it is sent there
    beyond_s: Words  # [passage draws]: in the yard beyond, after everything


@dataclass(frozen=True, slots=True)
class Crossings:
    """Border crossings by direction, each a chain of lines. Tables have one column per hour since second 0.

    A load passes, in this order, each where the crossing has it: tractors, export modules, booths, inspection bays.
    Booth (bay) b = 0, 1, ... is open in hour h when b < open[crossing, h]; FAST booths are numbered apart. A crossing
    with ``booths_standard`` 0 has no line at all: its loads pass after approach and their own delays, in the hours in
    which `open_standard` is not 0. Hours beyond the tables are closed.
    """

    ids: tuple[str, ...]
    tractors: Ints  # [crossings]: of our loads; 0 = a truck brings its own
    round_trip_s: Ints  # [crossings]: a tractor is away so long, and as long again as the wait posted when it sets out
    export_modules: Ints  # [crossings]: 0 = no line at the export check
    export_check_s: Ints  # [crossings]: at a module, the same for everybody
    booths_standard: Ints  # [crossings]
    booths_fast: Ints  # [crossings]
    open_standard: Ints  # [crossings, hours]
    open_fast: Ints  # [crossings, hours]
    service_ppm: Ints  # [crossings, hours]: factor on service begun in that hour (slowdowns)
    approach_s: Ints  # [crossings], free flow, 0 or more; before the booths, behind the export modules
    split_trucks: Ints  # [crossings]: standard trucks that fit between the FAST split and the booths
    bays: Ints  # [crossings]: of the state inspection; 0 = it takes its time without a line
    open_bays: Ints  # [crossings, hours]
    inspect_bp: Ints  # [crossings, hours]: trucks in ten thousand that are sent to inspection
    shut_s: Ints  # [crossings, hours + 1]: ordinarily shut seconds before each hour begins; these try nobody's patience
    divert_ppm: Ints  # [crossings]: the part of its patience after which another's truck looks at a substitute


@dataclass(frozen=True, slots=True)
class Substitutes:
    """Where trucks may go instead, ours and other people's: crossing c has rows ``first[c]:first[c + 1]``."""

    first: Ints  # [crossings + 1]
    crossing: Ints  # [substitutes], index into Crossings, none twice for one crossing
    travel_s: Ints  # [substitutes], a posting interval or more


@dataclass(frozen=True, slots=True)
class Background:
    """Other people's trucks at crossings with booths, in order of arrival there; the same in every scenario.

    A truck whose wait would exceed its patience gives up and is lost; at a part of it, one with a substitute goes there
    if that saves time. A patience of `LONGEST_S` never ends.
    """

    first: Ints  # [crossings + 1]
    arrive_s: Words  # [trucks], ascending within a crossing
    service_s: Shorts  # [trucks], 1 or more
    is_fast: Bytes  # [trucks]
    patience_s: Words  # [trucks]
    substitute: Bytes  # [trucks]: which of its crossing's substitutes it may go to, -1 = none
    lot_bp: Shorts  # [trucks], as of `Loads`
    inspection_s: Shorts  # [trucks], as of `Loads`


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
    posting_s : int
        Waits are posted at all crossings at every multiple of this.
    """

    horizon_s: int
    start_s: int
    posting_s: int
    calendars: Calendars
    recipes: Recipes
    crews: Crews
    stocks: Stocks
    lanes: Lanes
    buildup: Buildup
    expediting: Expediting
    routes: Routes
    runs: Runs
    seeds: Seeds
    loads: Loads
    crossings: Crossings
    substitutes: Substitutes
    background: Background
    schedule: Schedule

    def __post_init__(self) -> None:
        for table in self.tables():
            for item in fields(table):
                value = getattr(table, item.name)
                if isinstance(value, np.ndarray):
                    value.setflags(write=False)
        problems = list(problems_of(self))
        if problems:
            raise PlanError("plan", problems)

    def __repr__(self) -> str:
        counts = (
            f"{len(self.recipes.ids)} recipes, {len(self.lanes.ids)} lanes, {self.loads.work_s.size} loads drawn, "
            f"{len(self.crossings.ids)} crossings, {self.background.arrive_s.size} background trucks"
        )
        return f"Plan({counts}, {self.horizon_s} s)"

    def tables(self) -> tuple[Any, ...]:
        """All tables, in order."""
        return (
            self.calendars,
            self.recipes,
            self.crews,
            self.stocks,
            self.lanes,
            self.buildup,
            self.expediting,
            self.routes,
            self.runs,
            self.seeds,
            self.loads,
            self.crossings,
            self.substitutes,
            self.background,
            self.schedule,
        )

    def digest(self) -> str:
        """SHA-256 over every array, name and shape: equal digests mean equal ledgers."""
        total = hashlib.sha256(f"{self.horizon_s} {self.start_s} {self.posting_s}".encode())
        for table in self.tables():
            for item in fields(table):
                value = getattr(table, item.name)
                if isinstance(value, np.ndarray):
                    total.update(f"{item.name}{value.dtype.str}{value.shape}".encode())
                    total.update(np.ascontiguousarray(value).data)
                else:
                    total.update("\n".join(value).encode())
        return total.hexdigest()
