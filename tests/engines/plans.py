"""Builds small valid Plans by hand, with a default for everything a test does not speak of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.plan import (
    LONGEST_S,
    NEVER,
    Background,
    Buildup,
    Calendars,
    Crews,
    Crossings,
    Expediting,
    Lanes,
    Loads,
    Plan,
    Recipes,
    Routes,
    Runs,
    Schedule,
    Seeds,
    Stocks,
    Substitutes,
)

PPM = 1_000_000
HOUR = 3_600
FOREVER = 1 << 40

DRAWS = {
    "transit_ppm": PPM,
    "work_s": 10,
    "divert_s": LONGEST_S,
    "yard_s": 0,
    "before_s": 0,
    "is_fast": 0,
    "service_standard_s": 60,
    "service_fast_s": 30,
    "scan_s": 0,
    "exam_s": 0,
    "hold_s": 0,
    "lot_bp": 0,
    "inspection_s": 0,
    "beyond_s": 0,
}
PASSAGE_DRAWS = tuple(DRAWS)[3:]


@dataclass(frozen=True)
class InTurn:
    """A short list of draws which the loads of a lane, and the columns of a load, take in turn."""

    values: tuple[int, ...]
    step: int
    salt: int

    def table(self, loads: int, width: int) -> np.ndarray:
        places = np.arange(loads)[:, None] * self.step + np.arange(width) * 3 + self.salt
        return np.array(self.values)[places % len(self.values)].reshape(-1)


Draw = int | InTurn | Callable[[int, int], int]  # of (n, column)


@dataclass
class Way:
    """A route: leg seconds, and the crossings between them."""

    legs: Sequence[int] = (100,)
    crossings: Sequence[str] = ()
    nominal_s: int | None = None
    through: bool = False  # driven through: no time in yards
    like: int = -1  # place, among the ways of the lane, of the one whose draws it shares; -1 = its own draws


@dataclass
class LaneSpec:
    id: str
    recipe: str
    stock: str = ""  # "" = market
    load_units: int = 1
    reorder_units: int = 0
    share_ppm: int = PPM
    ways: Sequence[Way] = (Way(),)
    urgent: Sequence[Way] = ()  # ways for emergencies, cheapest first
    buildup: Sequence[tuple[int, int, int]] = ()  # (from, until, units)
    blocked: Sequence[tuple[int, int]] = ()
    seeds: Sequence[tuple[int, int]] = ()  # (units, receive_s)
    run: str = ""  # "" = a truck of its own
    loads: int = 50
    draws: dict[str, Draw] = field(default_factory=dict)

    def table(self, name: str, width: int) -> np.ndarray:
        """The draws of one name, `width` for each load, one load after the other."""
        value = self.draws.get(name, DRAWS[name])
        if isinstance(value, InTurn):
            return value.table(self.loads, width)
        if not callable(value):
            return np.full(self.loads * width, value)
        return np.array([value(n, column) for n in range(self.loads) for column in range(width)], dtype=np.int64)


@dataclass
class CrossingSpec:
    id: str
    standard: int = 1
    fast: int = 0
    open_standard: Sequence[int] | None = None
    open_fast: Sequence[int] | None = None
    service_ppm: Sequence[int] | None = None
    approach_s: int = 0
    split_trucks: int = 0
    tractors: int = 0
    round_trip_s: int = 0
    modules: int = 0
    check_s: int = 0
    bays: int = 0
    open_bays: Sequence[int] | None = None
    inspect_bp: Sequence[int] | None = None
    shut_hours: Sequence[int] = ()  # hours in which it is ordinarily shut
    divert_ppm: int = PPM
    substitutes: Sequence[tuple[str, int]] = ()  # (crossing, travel_s)
    # (arrive, service, is_fast, patience) and, if need be, (substitute, lot, inspection)
    background: Sequence[tuple[int, ...]] = ()


def ints(values: Sequence[int]) -> np.ndarray:
    return np.array(values, dtype=np.int64).reshape(-1)


def bounds(lengths: Sequence[int]) -> np.ndarray:
    return np.concatenate((ints([0]), np.cumsum(ints(lengths))))


def _columns(lane: LaneSpec) -> tuple[list[tuple[int, int]], int, int]:
    """Of each way the columns at which its draws of legs and of passages begin; and how many of each there are."""
    found: list[tuple[int, int]] = []
    legs = passages = 0
    for way in (*lane.ways, *lane.urgent):
        found.append((legs, passages) if way.like < 0 else found[way.like])
        if way.like < 0:
            legs, passages = legs + len(way.legs), passages + len(way.crossings)
    return found, legs, passages


class PlanBuilder:
    """Collects entities in any order and writes the arrays."""

    def __init__(self, horizon_s: int, hours: int | None = None) -> None:
        self.horizon_s = horizon_s
        self.hours = hours if hours is not None else -(-horizon_s // HOUR) + 1
        self.calendars: dict[str, Sequence[tuple[int, int]]] = {"always": ((0, FOREVER),)}
        self.recipes: dict[str, tuple[int, str, bool]] = {}
        self.crews: dict[str, tuple[int, Sequence[int]]] = {}
        self.stocks: dict[str, tuple[str, int]] = {}
        self.alarms: dict[str, int] = {}
        self.alarms_s: dict[str, int] = {}
        self.lanes: dict[str, LaneSpec] = {}
        self.crossings: dict[str, CrossingSpec] = {}
        self.slots: list[tuple[int, str, int]] = []
        self.runs: dict[str, Sequence[int]] = {}
        self.posting_s = HOUR

    def calendar(self, id: str, *shifts: tuple[int, int]) -> None:
        self.calendars[id] = shifts

    def recipe(self, id: str, lines: int = 1, calendar: str = "always", is_assembly: bool = False) -> None:
        self.recipes[id] = (lines, calendar, is_assembly)

    def crew(self, recipe: str, send_home_s: int, *shifts: int) -> None:
        """A crew that goes home when it has stood longer than `send_home_s`, with the starts of its shifts."""
        self.crews[recipe] = (send_home_s, shifts)

    def stock(self, id: str, recipe: str, quantity_per: int = 1, alarm_units: int = -1, alarm_s: int = 0) -> None:
        self.stocks[id] = (recipe, quantity_per)
        self.alarms[id], self.alarms_s[id] = alarm_units, alarm_s

    def lane(self, id: str, recipe: str, stock: str = "", **rest: object) -> None:
        self.lanes[id] = LaneSpec(id, recipe, stock, **rest)  # type: ignore[arg-type]

    def crossing(self, id: str, **rest: object) -> None:
        self.crossings[id] = CrossingSpec(id, **rest)  # type: ignore[arg-type]

    def run(self, id: str, *departures: int) -> None:
        self.runs[id] = departures

    def slot(self, lane: str, due_s: int, expires_s: int = NEVER) -> None:
        self.slots.append((due_s, lane, expires_s))

    def pair(self, supplier: str, recipe: str, **rest: object) -> None:
        """A supplier recipe with no inputs and one lane from it into a stock of `recipe`."""
        self.recipe(supplier)
        self.stock(f"{recipe}:{supplier}", recipe)
        self.lane(f"{supplier}..{recipe}", supplier, f"{recipe}:{supplier}", **rest)

    def push(self, id: str, arrivals: Sequence[int], **rest: object) -> None:
        """A market lane whose loads are shipped at given seconds: made in one second, any number at a time."""
        self.recipe(id, lines=len(arrivals) or 1, is_assembly=True)
        draws = {"work_s": 1, **rest.pop("draws", {})}  # type: ignore[dict-item]
        self.lane(f"{id}..market", id, draws=draws, loads=len(arrivals) or 1, **rest)
        for second in arrivals:
            self.slot(f"{id}..market", second - 1)

    def build(self, recipe_order: Sequence[str] | None = None) -> Plan:
        return Plan(**self.build_unchecked(recipe_order))

    def build_unchecked(self, recipe_order: Sequence[str] | None = None) -> dict[str, Any]:
        """The tables of the plan by name, for tests of what a Plan refuses."""
        self.lane_list = [self.lanes[id] for id in sorted(self.lanes)]
        self.recipe_ids = list(recipe_order) if recipe_order is not None else list(self.recipes)
        self.stock_ids = [s for r in self.recipe_ids for s in self.stocks if self.stocks[s][0] == r]
        self.calendar_ids = list(self.calendars)
        self.crossing_ids = list(self.crossings)
        self.run_ids = list(self.runs)
        return dict(
            horizon_s=self.horizon_s,
            start_s=0,
            posting_s=self.posting_s,
            calendars=self._calendars(),
            recipes=self._recipes(),
            crews=self._crews(),
            stocks=self._stocks(),
            lanes=self._lanes(),
            buildup=self._buildup(),
            expediting=self._expediting(),
            routes=self._routes(),
            runs=self._runs(),
            seeds=self._seeds(),
            loads=self._loads(),
            crossings=self._crossings(),
            substitutes=self._substitutes(),
            background=self._background(),
            schedule=self._schedule(),
        )

    def _calendars(self) -> Calendars:
        shifts = [self.calendars[c] for c in self.calendar_ids]
        return Calendars(
            ids=tuple(self.calendar_ids),
            first=bounds([len(s) for s in shifts]),
            opens_s=ints([a for s in shifts for a, _ in s]),
            closes_s=ints([b for s in shifts for _, b in s]),
        )

    def _recipes(self) -> Recipes:
        rows = [self.recipes[r] for r in self.recipe_ids]
        return Recipes(
            ids=tuple(self.recipe_ids),
            lines=ints([lines for lines, _, _ in rows]),
            calendar=ints([self.calendar_ids.index(calendar) for _, calendar, _ in rows]),
            is_assembly=ints([int(a) for _, _, a in rows]),
            stock_first=bounds([sum(self.stocks[s][0] == r for s in self.stock_ids) for r in self.recipe_ids]),
        )

    def _crews(self) -> Crews:
        rows = [self.crews.get(r, (NEVER, ())) for r in self.recipe_ids]
        return Crews(
            send_home_s=ints([patience for patience, _ in rows]),
            shift_first=bounds([len(shifts) for _, shifts in rows]),
            shift_s=ints([start for _, shifts in rows for start in shifts]),
        )

    def _buildup(self) -> Buildup:
        rows = [x.buildup for x in self.lane_list]
        flat = [interval for x in rows for interval in x]
        return Buildup(bounds([len(x) for x in rows]), *(ints([row[k] for row in flat]) for k in range(3)))

    def _expediting(self) -> Expediting:
        first = bounds([len(x.ways) + len(x.urgent) for x in self.lane_list])
        return Expediting(
            alarm_units=ints([self.alarms[s] for s in self.stock_ids]),
            alarm_s=ints([self.alarms_s[s] for s in self.stock_ids]),
            route_first=first[:-1] + ints([len(x.ways) for x in self.lane_list]),
        )

    def _stocks(self) -> Stocks:
        feeding = [[i for i, x in enumerate(self.lane_list) if x.stock == s] for s in self.stock_ids]
        return Stocks(
            ids=tuple(self.stock_ids),
            recipe=ints([self.recipe_ids.index(self.stocks[s][0]) for s in self.stock_ids]),
            quantity_per=ints([self.stocks[s][1] for s in self.stock_ids]),
            lane_first=bounds([len(f) for f in feeding]),
            lane_index=ints([i for f in feeding for i in f]),
        )

    def _lanes(self) -> Lanes:
        rows = self.lane_list
        blocked = [b for x in rows for b in x.blocked]
        return Lanes(
            ids=tuple(x.id for x in rows),
            recipe=ints([self.recipe_ids.index(x.recipe) for x in rows]),
            stock=ints([self.stock_ids.index(x.stock) if x.stock else -1 for x in rows]),
            load_units=ints([x.load_units for x in rows]),
            reorder_units=ints([x.reorder_units for x in rows]),
            share_ppm=ints([x.share_ppm for x in rows]),
            route_first=bounds([len(x.ways) + len(x.urgent) for x in rows]),
            seed_first=bounds([len(x.seeds) for x in rows]),
            load_first=bounds([x.loads for x in rows]),
            blocked_first=bounds([len(x.blocked) for x in rows]),
            blocked_from_s=ints([a for a, _ in blocked]),
            blocked_until_s=ints([b for _, b in blocked]),
            run=ints([self.run_ids.index(x.run) if x.run else -1 for x in rows]),
        )

    def _routes(self) -> Routes:
        ways = [(i, w) for i, x in enumerate(self.lane_list) for w in (*x.ways, *x.urgent)]
        columns = [pair for x in self.lane_list for pair in _columns(x)[0]]
        return Routes(
            lane=ints([i for i, _ in ways]),
            nominal_s=ints([sum(w.legs) if w.nominal_s is None else w.nominal_s for _, w in ways]),
            leg_first=bounds([len(w.legs) for _, w in ways]),
            leg_s=ints([leg for _, w in ways for leg in w.legs]),
            passage_first=bounds([len(w.crossings) for _, w in ways]),
            crossing=ints([self.crossing_ids.index(c) for _, w in ways for c in w.crossings]),
            leg_column=ints([leg for leg, _ in columns]),
            passage_column=ints([passage for _, passage in columns]),
            is_through=ints([w.through for _, w in ways]),
        )

    def _runs(self) -> Runs:
        tables = [self.runs[r] for r in self.run_ids]
        return Runs(
            ids=tuple(self.run_ids),
            depart_first=bounds([len(t) for t in tables]),
            depart_s=ints([d for t in tables for d in t]),
        )

    def _seeds(self) -> Seeds:
        rows = [(i, *seed) for i, x in enumerate(self.lane_list) for seed in x.seeds]
        return Seeds(
            lane=ints([i for i, _, _ in rows]),
            units=ints([u for _, u, _ in rows]),
            receive_s=ints([t for _, _, t in rows]),
        )

    def _loads(self) -> Loads:
        rows = self.lane_list
        legs = [_columns(x)[1] for x in rows]
        passages = [_columns(x)[2] for x in rows]

        def table(name: str, columns: Sequence[int]) -> np.ndarray:
            values = [x.table(name, width) for x, width in zip(rows, columns, strict=True)]
            return np.concatenate([ints([]), *values]).astype(np.int32)

        return Loads(
            work_s=table("work_s", [1] * len(rows)),
            divert_s=table("divert_s", [1] * len(rows)),
            leg_columns=ints(legs),
            leg_draw_first=bounds([w * x.loads for w, x in zip(legs, rows, strict=True)]),
            transit_ppm=table("transit_ppm", legs),
            passage_columns=ints(passages),
            passage_draw_first=bounds([w * x.loads for w, x in zip(passages, rows, strict=True)]),
            **{name: table(name, passages) for name in PASSAGE_DRAWS},
        )

    def _crossings(self) -> Crossings:
        rows = [self.crossings[c] for c in self.crossing_ids]

        def hourly(values: Sequence[int] | None, default: int) -> list[int]:
            return list(values) if values is not None else [default] * self.hours

        def hours(table: list[list[int]]) -> np.ndarray:
            return np.array(table, dtype=np.int64).reshape(len(rows), -1 if rows else self.hours)

        width = len(hourly(rows[0].open_standard, 0)) if rows else self.hours
        return Crossings(
            ids=tuple(self.crossing_ids),
            tractors=ints([x.tractors for x in rows]),
            round_trip_s=ints([x.round_trip_s for x in rows]),
            export_modules=ints([x.modules for x in rows]),
            export_check_s=ints([x.check_s for x in rows]),
            booths_standard=ints([x.standard for x in rows]),
            booths_fast=ints([x.fast for x in rows]),
            open_standard=hours([hourly(x.open_standard, x.standard or 1) for x in rows]),
            open_fast=hours([hourly(x.open_fast, x.fast) for x in rows]),
            service_ppm=hours([hourly(x.service_ppm, PPM) for x in rows]),
            approach_s=ints([x.approach_s for x in rows]),
            split_trucks=ints([x.split_trucks for x in rows]),
            bays=ints([x.bays for x in rows]),
            open_bays=hours([hourly(x.open_bays, x.bays) for x in rows]),
            inspect_bp=hours([hourly(x.inspect_bp, 0) for x in rows]),
            shut_s=np.array(
                [[HOUR * sum(y < h for y in x.shut_hours) for h in range(width + 1)] for x in rows], dtype=np.int64
            ).reshape(len(rows), -1 if rows else width + 1),
            divert_ppm=ints([x.divert_ppm for x in rows]),
        )

    def _substitutes(self) -> Substitutes:
        rows = [self.crossings[c].substitutes for c in self.crossing_ids]
        return Substitutes(
            first=bounds([len(x) for x in rows]),
            crossing=ints([self.crossing_ids.index(c) for x in rows for c, _ in x]),
            travel_s=ints([s for x in rows for _, s in x]),
        )

    def _background(self) -> Background:
        rows = [self.crossings[c].background for c in self.crossing_ids]
        drawn = [(*t, *(-1, 0, 1)[len(t) - 4 :]) for x in rows for t in x]
        trucks = np.array(drawn, dtype=np.int64).reshape(-1, 7).T

        def column(number: int, kind: type) -> np.ndarray:
            return np.ascontiguousarray(trucks[number].astype(kind))

        return Background(
            first=bounds([len(x) for x in rows]),
            arrive_s=column(0, np.int32),
            service_s=column(1, np.int16),
            is_fast=column(2, np.int8),
            patience_s=column(3, np.int32),
            substitute=column(4, np.int8),
            lot_bp=column(5, np.int16),
            inspection_s=column(6, np.int16),
        )

    def _schedule(self) -> Schedule:
        order = sorted(self.slots)
        ids = [x.id for x in self.lane_list]
        seen: dict[str, int] = {}
        numbers = []
        for _, lane, _ in order:
            numbers.append(seen.get(lane, 0))
            seen[lane] = numbers[-1] + 1
        return Schedule(
            due_s=ints([due for due, _, _ in order]),
            lane=ints([ids.index(lane) for _, lane, _ in order]),
            n=ints(numbers),
            expires_s=ints([expires for _, _, expires in order]),
        )
