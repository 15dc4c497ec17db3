"""What a Plan must keep, so that engines can order its events, add its seconds and look nothing up beside a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

# What fits the keys by which engines order events and compare booths.
MAX_ROWS = 1 << 31  # loads of all lanes; recipes
MAX_HORIZON_S = 1 << 29  # 17 years
MAX_BOOTHS = 1 << 8  # of one class at one crossing
# What sums and products can hold in 64 bits.
MAX_UNITS = 1 << 31  # of a load
MAX_DEBIT = 1 << 42  # units of one input that one order takes
MAX_FACTOR = 1 << 31  # seconds of a leg, parts per million of a service
MAX_DURATION_S = 1 << 38
PPM = 1_000_000
NEVER = 1 << 60  # as in `sim.plan`

MAX_LOT = 10_000  # `sim.plan.LOTS`

_DELAYS = ("yard_s", "before_s", "scan_s", "exam_s", "hold_s", "inspection_s", "beyond_s")
_KINDS = {
    "Ints": np.dtype(np.int64),
    "Words": np.dtype(np.int32),
    "Shorts": np.dtype(np.int16),
    "Bytes": np.dtype(np.int8),
}


def problems_of(plan: Any) -> Iterator[str]:
    """Everything that is wrong with a plan; what rests on other things is looked at only where those hold."""
    shapes = list(_shapes(plan))
    yield from _kinds(plan)
    yield from shapes
    if shapes:
        return
    indices = list(_indices(plan))
    yield from indices
    yield from _ranges(plan)
    if not indices:
        yield from _debits(plan)
        yield from _runs(plan)
        yield from _draws(plan)
        yield from _plants(plan)
        yield from _chains(plan)


def _kinds(plan: Any) -> Iterator[str]:
    """Arrays of another kind would be read by machine code that was made for these."""
    for table in plan.tables():
        for item in fields(table):
            kind = _KINDS.get(str(item.type))
            found = getattr(table, item.name)
            if kind is None:
                continue
            if found.dtype != kind:
                yield f"{item.name} is of kind {found.dtype}; {kind} is wanted"
            if not found.flags.c_contiguous:
                yield f"{item.name} is not contiguous"


def _shapes(plan: Any) -> Iterator[str]:
    """Columns that are shorter or longer than what they stand beside."""
    lanes, routes, loads, crossings = plan.lanes, plan.routes, plan.loads, plan.crossings
    counts = {
        "recipes": (len(plan.recipes.ids), plan.recipes, "lines calendar is_assembly"),
        "stocks": (len(plan.stocks.ids), plan.stocks, "recipe quantity_per"),
        "lanes": (
            len(lanes.ids),
            lanes,
            "recipe stock load_units reorder_units share_ppm run",
        ),
        "crossings": (
            len(crossings.ids),
            crossings,
            "tractors round_trip_s export_modules export_check_s booths_standard booths_fast approach_s split_trucks "
            "bays divert_ppm",
        ),
        "crews": (len(plan.recipes.ids), plan.crews, "send_home_s"),
        "intervals of buildup": (plan.buildup.from_s.size, plan.buildup, "until_s units"),
        "alarms": (len(plan.stocks.ids), plan.expediting, "alarm_units alarm_s"),
        "ways to expedite": (len(lanes.ids), plan.expediting, "route_first"),
        "routes": (routes.lane.size, routes, "nominal_s leg_column passage_column is_through"),
        "lanes' draws": (len(lanes.ids), loads, "leg_columns passage_columns"),
        "seeds": (plan.seeds.lane.size, plan.seeds, "units receive_s"),
        "trucks": (
            plan.background.arrive_s.size,
            plan.background,
            "service_s is_fast patience_s substitute lot_bp inspection_s",
        ),
        "substitutes": (plan.substitutes.crossing.size, plan.substitutes, "travel_s"),
        "slots": (plan.schedule.due_s.size, plan.schedule, "lane n expires_s"),
        "passages drawn": (
            _last(loads.passage_draw_first),
            loads,
            "yard_s before_s is_fast service_standard_s service_fast_s scan_s exam_s hold_s lot_bp inspection_s "
            "beyond_s",
        ),
        "loads drawn": (_last(lanes.load_first), loads, "work_s divert_s"),
        "legs drawn": (_last(loads.leg_draw_first), loads, "transit_ppm"),
    }
    for what, (count, table, names) in counts.items():
        for name in names.split():
            found = getattr(table, name).shape
            if found != (count,):
                yield f"{name} holds {' x '.join(map(str, found))} values beside {count} {what}"
    bounds = (
        ("calendars.first", plan.calendars.first, len(plan.calendars.ids), plan.calendars.opens_s.size),
        ("stock_first", plan.recipes.stock_first, len(plan.recipes.ids), len(plan.stocks.ids)),
        ("lane_first", plan.stocks.lane_first, len(plan.stocks.ids), plan.stocks.lane_index.size),
        ("route_first", lanes.route_first, len(lanes.ids), routes.lane.size),
        ("seed_first", lanes.seed_first, len(lanes.ids), plan.seeds.lane.size),
        ("load_first", lanes.load_first, len(lanes.ids), loads.work_s.size),
        ("blocked_first", lanes.blocked_first, len(lanes.ids), lanes.blocked_from_s.size),
        ("shift_first", plan.crews.shift_first, len(plan.recipes.ids), plan.crews.shift_s.size),
        ("buildup.first", plan.buildup.first, len(lanes.ids), plan.buildup.from_s.size),
        ("leg_first", routes.leg_first, routes.lane.size, routes.leg_s.size),
        ("passage_first", routes.passage_first, routes.lane.size, routes.crossing.size),
        ("leg_draw_first", loads.leg_draw_first, len(lanes.ids), loads.transit_ppm.size),
        ("passage_draw_first", loads.passage_draw_first, len(lanes.ids), loads.before_s.size),
        ("depart_first", plan.runs.depart_first, len(plan.runs.ids), plan.runs.depart_s.size),
        ("substitutes.first", plan.substitutes.first, len(crossings.ids), plan.substitutes.crossing.size),
        ("background.first", plan.background.first, len(crossings.ids), plan.background.arrive_s.size),
    )
    for name, first, owners, owned in bounds:
        if first.size != owners + 1 or first[0] != 0 or first[-1] != owned or (np.diff(first) < 0).any():
            yield f"{name} does not part {owned} rows among {owners} owners"
    hours = crossings.open_standard.shape
    for name in ("open_standard", "open_fast", "service_ppm", "open_bays", "inspect_bp"):
        found = getattr(crossings, name).shape
        if found != hours or found[:1] != (len(crossings.ids),):
            yield f"{name} has the shape {found}; one row for each of {len(crossings.ids)} crossings, all alike"
    if crossings.shut_s.shape != (hours[0], hours[-1] + 1):
        yield f"shut_s has the shape {crossings.shut_s.shape}; {(hours[0], hours[-1] + 1)} is wanted"


def _last(first: Ints) -> int:
    return int(first[-1]) if first.size else 0


def _indices(plan: Any) -> Iterator[str]:
    """Numbers of things that are not there."""
    lanes, stocks = len(plan.lanes.ids), len(plan.stocks.ids)
    recipes, crossings = len(plan.recipes.ids), len(plan.crossings.ids)
    for name, values, least, count in (
        ("recipes.calendar", plan.recipes.calendar, 0, len(plan.calendars.ids)),
        ("stocks.recipe", plan.stocks.recipe, 0, recipes),
        ("stocks.lane_index", plan.stocks.lane_index, 0, lanes),
        ("lanes.recipe", plan.lanes.recipe, 0, recipes),
        ("lanes.stock", plan.lanes.stock, -1, stocks),
        ("routes.lane", plan.routes.lane, 0, lanes),
        ("routes.crossing", plan.routes.crossing, 0, crossings),
        ("expediting.route_first", plan.expediting.route_first, 0, plan.routes.lane.size + 1),
        ("seeds.lane", plan.seeds.lane, 0, lanes),
        ("schedule.lane", plan.schedule.lane, 0, lanes),
        ("substitutes.crossing", plan.substitutes.crossing, 0, crossings),
        ("loads.is_fast", plan.loads.is_fast, 0, 2),
        ("background.is_fast", plan.background.is_fast, 0, 2),
    ):
        wrong = values[(values < least) | (values >= count)]
        if wrong.size:
            yield f"{name} holds {int(wrong[0])}; {least} to {count - 1} are allowed"
    idle = np.flatnonzero((np.diff(plan.lanes.load_first) > 0) & (np.diff(plan.lanes.route_first) == 0))
    for lane in idle[:5].tolist():
        yield f"lane '{plan.lanes.ids[lane]}' has loads but no route"


def _ranges(plan: Any) -> Iterator[str]:
    lanes, crossings = plan.lanes, plan.crossings
    if max(_last(lanes.load_first), len(plan.recipes.ids)) >= MAX_ROWS:
        yield f"{_last(lanes.load_first)} loads on all lanes; fewer than {MAX_ROWS} are allowed"
    if not 0 <= plan.horizon_s < MAX_HORIZON_S:
        yield f"a horizon of {plan.horizon_s} s; 0 to {MAX_HORIZON_S - 1} are allowed"
    if tuple(sorted(lanes.ids)) != lanes.ids:
        yield "lanes are not sorted by id"
    loads = plan.loads
    for name, values, least, most in (
        ("posting_s", np.array([plan.posting_s]), 1, MAX_DURATION_S),
        ("tractors", crossings.tractors, 0, MAX_ROWS),
        ("round_trip_s", crossings.round_trip_s, 0, MAX_DURATION_S),
        ("export_modules", crossings.export_modules, 0, MAX_ROWS),
        ("export_check_s", crossings.export_check_s, 0, MAX_DURATION_S),
        ("bays", crossings.bays, 0, MAX_ROWS),
        ("inspect_bp", crossings.inspect_bp, 0, MAX_LOT + 1),
        ("shut_s", crossings.shut_s, 0, MAX_DURATION_S),
        ("divert_ppm", crossings.divert_ppm, 0, PPM + 1),
        ("travel_s", plan.substitutes.travel_s, plan.posting_s, MAX_DURATION_S),
        ("booths_standard", crossings.booths_standard, 0, MAX_BOOTHS),
        ("booths_fast", crossings.booths_fast, 0, MAX_BOOTHS),
        ("split_trucks", crossings.split_trucks, 0, MAX_ROWS),
        ("load_units", lanes.load_units, 1, MAX_UNITS),
        ("seed units", plan.seeds.units, 0, MAX_UNITS),
        ("share_ppm", lanes.share_ppm, 0, PPM + 1),
        ("leg_s", plan.routes.leg_s, 1, MAX_FACTOR),
        ("service_ppm", crossings.service_ppm, 0, MAX_FACTOR),
        ("nominal_s", plan.routes.nominal_s, 0, MAX_DURATION_S),
        ("work_s", loads.work_s, 1, MAX_DURATION_S),
        ("transit_ppm", loads.transit_ppm, 0, MAX_DURATION_S),
        ("service_standard_s", loads.service_standard_s, 1, MAX_DURATION_S),
        ("service_fast_s", loads.service_fast_s, 1, MAX_DURATION_S),
        *((name, getattr(loads, name), 0, MAX_DURATION_S) for name in _DELAYS),
        ("lot_bp", loads.lot_bp, 0, MAX_LOT),
        ("background lot_bp", plan.background.lot_bp, 0, MAX_LOT),
        ("background inspection_s", plan.background.inspection_s, 0, MAX_DURATION_S),
        ("patience_s", plan.background.patience_s, 0, MAX_DURATION_S),
        ("service_s", plan.background.service_s, 1, MAX_DURATION_S),
        ("approach_s", crossings.approach_s, 0, MAX_DURATION_S),
        ("receive_s", plan.seeds.receive_s, 0, MAX_DURATION_S),
        ("depart_s", plan.runs.depart_s, 0, MAX_DURATION_S),
        ("send_home_s", plan.crews.send_home_s, 0, NEVER + 1),
        ("shift_s", plan.crews.shift_s, 0, MAX_DURATION_S),
        ("alarm_units", plan.expediting.alarm_units, -1, MAX_UNITS),
        ("alarm_s", plan.expediting.alarm_s, 0, MAX_FACTOR),
        ("buildup units", plan.buildup.units, 0, MAX_UNITS),
    ):
        if values.size and int(values.min()) < least:
            yield f"{name} holds {int(values.min())}; the least is {least}"
        if values.size and int(values.max()) >= most:
            yield f"{name} holds {int(values.max())}; less than {most} is allowed"


def _debits(plan: Any) -> Iterator[str]:
    """Inputs of which one order takes more than an engine can count."""
    largest = np.zeros(len(plan.recipes.ids), dtype=np.int64)
    np.maximum.at(largest, plan.lanes.recipe, np.minimum(plan.lanes.load_units, MAX_UNITS))
    stocks = plan.stocks
    over = np.flatnonzero(stocks.quantity_per > MAX_DEBIT // np.maximum(1, largest[stocks.recipe]))
    for stock in over[:5].tolist():
        taken = int(stocks.quantity_per[stock]) * int(largest[stocks.recipe[stock]])
        yield f"an order takes {taken} units of '{stocks.ids[stock]}'; at most {MAX_DEBIT} are allowed"


def _runs(plan: Any) -> Iterator[str]:
    """Departures that do not ascend, runs that are none, and lanes of a run that cannot lead each other."""
    lanes, runs = plan.lanes, plan.runs
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
        if _ways_of(plan, lane) != _ways_of(plan, first):
            pair = f"lanes '{lanes.ids[first]}' and '{lanes.ids[lane]}' of run '{runs.ids[run]}'"
            yield f"{pair} differ in their routes; loads that share a truck go the same ways"


def _draws(plan: Any) -> Iterator[str]:
    """Draws that are not there for every load, and routes that would read those of another load."""
    lanes, routes, loads = plan.lanes, plan.routes, plan.loads
    rows = np.diff(lanes.load_first)
    for name, firsts, columns, column, bounds in (
        ("leg", loads.leg_draw_first, loads.leg_columns, routes.leg_column, routes.leg_first),
        ("passage", loads.passage_draw_first, loads.passage_columns, routes.passage_column, routes.passage_first),
    ):
        for lane in np.flatnonzero(np.diff(firsts) != rows * columns)[:5].tolist():
            told = f"{int(np.diff(firsts)[lane])} {name} draws for {int(rows[lane])} loads"
            yield f"lane '{lanes.ids[lane]}' has {told}; {int(columns[lane])} for each are wanted"
        over = (column < 0) | (column + np.diff(bounds) > columns[routes.lane])
        for route in np.flatnonzero(over)[:5].tolist():
            lane = int(routes.lane[route])
            told = f"begins at {name} column {int(column[route])} of {int(columns[lane])}"
            yield f"route {route} of lane '{lanes.ids[lane]}' {told}"


def _plants(plan: Any) -> Iterator[str]:
    """Shifts and intervals that do not ascend, and expedite routes of another lane or beside a milk run."""
    lanes, crews, buildup = plan.lanes, plan.crews, plan.buildup
    for recipe, name in enumerate(plan.recipes.ids):
        if (np.diff(crews.shift_s[crews.shift_first[recipe] : crews.shift_first[recipe + 1]]) <= 0).any():
            yield f"recipe '{name}' has shifts that do not ascend"
    for lane in np.flatnonzero(np.diff(buildup.first)).tolist():
        own = slice(buildup.first[lane], buildup.first[lane + 1])
        begins, ends = buildup.from_s[own], buildup.until_s[own]
        if (begins >= ends).any() or (begins[1:] < ends[:-1]).any():
            yield f"lane '{lanes.ids[lane]}' builds stock in intervals that do not ascend"
    first, last, urgent = lanes.route_first[:-1], lanes.route_first[1:], plan.expediting.route_first
    has_usual = (urgent > first) | (first == last)
    for lane in np.flatnonzero(~has_usual | (urgent > last))[:5].tolist():
        allowed = f"{int(first[lane]) + 1} to {int(last[lane])} are allowed"
        yield f"lane '{lanes.ids[lane]}' is expedited from route {int(urgent[lane])} on; {allowed}"
    for lane in np.flatnonzero((lanes.run != -1) & (urgent < last))[:5].tolist():
        yield f"lane '{lanes.ids[lane]}' rides on a milk run and cannot be expedited"


def _chains(plan: Any) -> Iterator[str]:
    """Lines of a crossing that has no booths, substitutes named twice or of themselves, and trucks sent nowhere."""
    crossings, substitutes, traffic = plan.crossings, plan.substitutes, plan.background
    unqueued = crossings.booths_standard == 0
    for name in ("tractors", "export_modules", "bays"):
        for row in np.flatnonzero(unqueued & (getattr(crossings, name) > 0))[:5].tolist():
            yield f"crossing '{crossings.ids[row]}' has {name} but no booths"
    count = np.diff(substitutes.first)
    for row in range(len(crossings.ids)):
        named = substitutes.crossing[substitutes.first[row] : substitutes.first[row + 1]].tolist()
        if row in named or len(set(named)) < len(named):
            yield f"crossing '{crossings.ids[row]}' has itself as a substitute, or one twice"
        for other in named:
            if unqueued[other]:
                yield f"crossing '{crossings.ids[row]}' has the substitute '{crossings.ids[other]}' without booths"
        own = traffic.substitute[traffic.first[row] : traffic.first[row + 1]]
        if own.size and not -1 <= int(own.min()) <= int(own.max()) < count[row]:
            wrong = int(own.max()) if own.max() >= count[row] else int(own.min())
            yield f"a truck at '{crossings.ids[row]}' has the substitute {wrong}; -1 to {count[row] - 1} are allowed"


def _ways_of(plan: Any, lane: int) -> tuple[list[int], ...]:
    """What must be equal of two lanes whose loads share trucks: free-flow times, legs and crossings in order."""
    routes = plan.routes
    first, last = plan.lanes.route_first[lane : lane + 2].tolist()
    legs, passages = (bounds[first : last + 1] for bounds in (routes.leg_first, routes.passage_first))
    return (
        routes.nominal_s[first:last].tolist(),
        np.diff(legs).tolist(),
        np.diff(passages).tolist(),
        routes.leg_s[legs[0] : legs[-1]].tolist(),
        routes.crossing[passages[0] : passages[-1]].tolist(),
    )
