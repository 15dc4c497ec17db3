"""Every draw of a run, made before it: durations, inspections and holds of each possible load, by named stream."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.network.model import Crossing, Lane, Network, Recipe
from sim.parameters import Parameters, Regime
from sim.plan import LONGEST_S, LOTS, Loads
from sim.planning.background import INSPECTION_CV, INSPECTION_MIN, SERVICE_FAST_CV
from sim.planning.border import dwell_after_h
from sim.planning.lognormal import log_variance, lognormal
from sim.planning.ways import drawn_routes
from sim.streams import Streams
from sim.units import HOUR, MINUTE, PPM

Ints = NDArray[np.int64]
Words = NDArray[np.int32]
Floats = NDArray[np.float64]

PASSAGE_COLUMNS = 11  # of `Loads`, from `yard_s` to `beyond_s`
MAKE_CV = 0.1  # assumption: suppliers' work on a load varies by a tenth; assembly keeps its takt
SCAN_CV = 0.4  # lognormal, assumption of the crossing parameters
EXAM_CV = 0.6  # likewise
RED_LIGHT_CV = 0.6  # likewise
DOCUMENTS_CV = 1.0  # likewise
TOGETHER = 1 << 13  # loads reckoned at once: few enough to stay in a processor's cache
# No leg takes less than two fifths or more than four times its usual time.
TRANSIT_LIMITS = (0.4, 4.0)  # assumption


@dataclass(frozen=True, slots=True)
class PassageColumn:
    """One crossing on one of a lane's routes, and what is asked of the load there."""

    name: str  # of the random stream
    crossing: Crossing
    regime: Regime
    is_entry: bool


@dataclass(frozen=True, slots=True)
class LaneDraws:
    """What must be drawn for one lane.

    Parameters
    ----------
    lane, maker
        The lane and the recipe that makes its loads.
    rows : int
        Loads that may exist: seeds and orders.
    legs : tuple of (str, float)
        Stream name and coefficient of variation of each leg of each route that has draws of its own.
    passages : tuple of PassageColumn
        Each crossing of each of these routes.
    """

    lane: Lane
    maker: Recipe
    rows: int
    legs: tuple[tuple[str, float], ...]
    passages: tuple[PassageColumn, ...]


def columns_of(network: Network, lane: Lane, rows: int, regime_at: Callable[[str, int, str], Regime]) -> LaneDraws:
    """List the streams of a lane; `regime_at(lane, position, movement)` says how customs treats the load there."""
    legs: list[tuple[str, float]] = []
    passages: list[PassageColumn] = []
    for route in drawn_routes(network, lane):
        way = route.alternative if route.mode == lane.mode else f"{route.mode}/{route.alternative}"
        for number, step in enumerate(route.steps):
            name = f"lane/{lane.id}/{way}/{number}"
            legs.append((f"{name}/leg", route.transit_cv))
            if step.crossing:
                regime = regime_at(lane.id, number, step.movement)
                crossing = network.crossings[step.crossing]
                passages.append(PassageColumn(name, crossing, regime, step.movement == "entry"))
    return LaneDraws(lane, network.recipes[lane.from_recipe], rows, tuple(legs), tuple(passages))


@dataclass(frozen=True, slots=True)
class Drawn:
    """Draws of some lanes, lane after lane: lane k has the rows ``row_first[k]:row_first[k + 1]``, and so on."""

    row_first: tuple[int, ...]  # [lanes + 1]
    work_s: Words  # [rows]
    divert_s: Words  # [rows]
    leg_first: tuple[int, ...]  # [lanes + 1]
    transit_ppm: Words  # [leg draws]
    passage_first: tuple[int, ...]  # [lanes + 1]
    passages: Words  # [PASSAGE_COLUMNS, passage draws]: the columns of `Loads`

    def of(self, number: int) -> tuple[Words, Words, Words, Words]:
        """Work, divert, transit and passages of one lane."""
        firsts = (self.row_first, self.leg_first, self.passage_first)
        row, leg, passage = (slice(first[number], first[number + 1]) for first in firsts)
        return self.work_s[row], self.divert_s[row], self.transit_ppm[leg], self.passages[:, passage]


Kept: TypeAlias = dict[tuple[object, ...], tuple[Drawn, int]]  # where the draws of a lane stand


def draw_loads(
    wanted: Sequence[LaneDraws], parameters: Parameters, streams: Streams, memo: Kept | None = None
) -> Loads:
    """Draw every lane. Row n of a lane depends on its own streams only, never on how many rows are drawn.

    Parameters
    ----------
    memo : dict, optional
        Keeps the draws of lanes for other scenarios of the same network, seed and replication that ask for the same.
    """
    kept: Kept = {} if memo is None else memo
    keys = [_key(lane, parameters) for lane in wanted]
    missing = [(key, lane) for key, lane in zip(keys, wanted, strict=True) if key not in kept]
    drawn = _draw_lanes([lane for _, lane in missing], parameters, streams)
    kept.update((key, (drawn, number)) for number, (key, _) in enumerate(missing))
    if len(missing) < len(wanted):
        drawn = _joined([kept[key] for key in keys])
    return Loads(
        drawn.work_s,
        drawn.divert_s,
        np.array([len(lane.legs) for lane in wanted], dtype=np.int64),
        np.array(drawn.leg_first, dtype=np.int64),
        drawn.transit_ppm,
        np.array([len(lane.passages) for lane in wanted], dtype=np.int64),
        np.array(drawn.passage_first, dtype=np.int64),
        *drawn.passages,
    )


def _key(wanted: LaneDraws, parameters: Parameters) -> tuple[object, ...]:
    papers = tuple((passage.regime.name, passage.is_entry) for passage in wanted.passages)
    return wanted.lane.id, wanted.rows, parameters.divert_threshold_min, parameters.divertible_pct, papers


def _joined(places: Sequence[tuple[Drawn, int]]) -> Drawn:
    """The draws of some lanes in the order asked for, without a copy where they stand so already."""
    whole = places[0][0]
    if len(places) == len(whole.row_first) - 1 and all(x is whole and at == n for n, (x, at) in enumerate(places)):
        return whole
    work, divert, transit, passages = zip(*(drawn.of(at) for drawn, at in places), strict=True)
    return Drawn(
        _firsts(len(x) for x in work),
        np.concatenate(work),
        np.concatenate(divert),
        _firsts(len(x) for x in transit),
        np.concatenate(transit),
        _firsts(x.shape[1] for x in passages),
        np.concatenate(passages, axis=1),
    )


def _firsts(sizes: Iterable[int]) -> tuple[int, ...]:
    return tuple(accumulate(sizes, initial=0))


def _batches(first: Sequence[int]) -> Iterator[slice]:
    """Items that follow each other and have `TOGETHER` places or somewhat less, or a single item with more."""
    start = 0
    while start < len(first) - 1:
        stop = max(start + 1, bisect_right(first, first[start] + TOGETHER, start) - 1)
        yield slice(start, stop)
        start = stop


def _places(sizes: Iterable[int]) -> Iterator[slice]:
    """Where items of these sizes stand when they are laid end to end."""
    return (slice(*ends) for ends in pairwise(accumulate(sizes, initial=0)))


def _end_to_end(draw: Callable[[str, Floats], None], names: Iterable[str], sizes: Sequence[int], *width: int) -> Floats:
    """Draws of several streams laid end to end, each of its own size."""
    values = np.empty((sum(sizes), *width))
    for name, place in zip(names, _places(sizes), strict=True):
        draw(name, values[place])
    return values


def _draw_lanes(wanted: Sequence[LaneDraws], parameters: Parameters, streams: Streams) -> Drawn:
    """Draw stream by stream, but reckon many lanes at once: most lanes have few loads."""
    row_first = _firsts(lane.rows for lane in wanted)
    leg_first = _firsts(lane.rows * len(lane.legs) for lane in wanted)
    passage_first = _firsts(lane.rows * len(lane.passages) for lane in wanted)
    return Drawn(
        row_first,
        _draw_work(wanted, row_first, streams),
        _draw_divert(wanted, row_first, parameters, streams),
        leg_first,
        _draw_transit(wanted, leg_first, streams),
        passage_first,
        _draw_passages(wanted, passage_first, streams),
    )


def _whole(seconds: Floats, least: int = 0) -> Floats:
    """Round to whole seconds, in place; nothing takes longer than a Plan can hold."""
    return np.clip(np.rint(seconds, out=seconds), least, LONGEST_S, out=seconds)


def _draw_work(wanted: Sequence[LaneDraws], first: Sequence[int], streams: Streams) -> Words:
    work_s = np.empty(first[-1], dtype=np.int32)
    suppliers = []
    for number, lane in enumerate(wanted):
        if lane.maker.schedule is None:
            suppliers.append(number)
        else:
            work_s[first[number] : first[number + 1]] = min(
                LONGEST_S, max(1, round(lane.lane.load_units * lane.maker.work_s))
            )
    for batch in _batches(_firsts(wanted[number].rows for number in suppliers)):
        lanes = [wanted[number] for number in suppliers[batch]]
        rows = [lane.rows for lane in lanes]
        normal = _end_to_end(streams.draw_normal, (f"lane/{lane.lane.id}/work" for lane in lanes), rows)
        usual = np.repeat([lane.lane.load_units * lane.maker.work_s for lane in lanes], rows)
        seconds = _whole(lognormal(normal, usual, MAKE_CV), 1)
        for number, place in zip(suppliers[batch], _places(rows), strict=True):
            work_s[first[number] : first[number + 1]] = seconds[place]
    return work_s


def _draw_divert(wanted: Sequence[LaneDraws], first: Sequence[int], parameters: Parameters, streams: Streams) -> Words:
    """Savings that loads ask for before they leave their way; those that ask most, who cannot, ask for all there is."""
    divert_s = np.empty(first[-1], dtype=np.int32)
    share = parameters.divertible_pct / 100
    most = -math.log1p(-share) if share < 1 else math.inf  # of an exponential draw, below which a share of them lies
    for batch in _batches(first):
        lanes = wanted[batch]
        names = (f"lane/{lane.lane.id}/divert" for lane in lanes)
        draws = _end_to_end(streams.draw_exponential, names, [lane.rows for lane in lanes])
        asked = np.where(draws > most, float(LONGEST_S), draws * parameters.divert_threshold_min * MINUTE)
        divert_s[first[batch.start] : first[batch.stop]] = _whole(asked)
    return divert_s


def _draw_transit(wanted: Sequence[LaneDraws], first: Sequence[int], streams: Streams) -> Words:
    """Leg factors in ppm, one row per load and one column per leg, laid end to end."""
    transit_ppm = np.empty(first[-1], dtype=np.int32)
    for batch in _batches(first):
        lanes = wanted[batch]
        rows = [lane.rows for lane in lanes for _ in lane.legs]
        normal = _end_to_end(streams.draw_normal, (name for lane in lanes for name, _ in lane.legs), rows)
        variance = np.array([log_variance(cv) for lane in lanes for _, cv in lane.legs])
        factors = np.exp(np.repeat(np.sqrt(variance), rows) * normal - np.repeat(variance / 2, rows))
        factors = _whole(np.clip(factors, *TRANSIT_LIMITS, out=factors) * PPM, 1)
        sizes = [lane.rows * len(lane.legs) for lane in lanes]
        for number, place in enumerate(_places(sizes), batch.start):
            legs = len(wanted[number].legs)
            transit_ppm[first[number] : first[number + 1]].reshape(-1, legs)[:] = factors[place].reshape(legs, -1).T
    return transit_ppm


def _draw_passages(wanted: Sequence[LaneDraws], first: Sequence[int], streams: Streams) -> Words:
    """The columns of `Loads` from `yard_s` on, one place per load and passage, passages of a load next to each other.

    Passages of one crossing under one regime differ only in their draws and are reckoned together.
    """
    alike: dict[tuple[str, str, bool], list[tuple[int, int]]] = {}  # -> lane and position among its passages
    for number, lane in enumerate(wanted):
        for position, passage in enumerate(lane.passages):
            key = (passage.crossing.id, passage.regime.name, passage.is_entry)
            alike.setdefault(key, []).append((number, position))
    passages = np.empty((PASSAGE_COLUMNS, first[-1]), dtype=np.int32)
    for places in alike.values():
        for batch in _batches(_firsts(wanted[number].rows for number, _ in places)):
            rows = [wanted[number].rows for number, _ in places[batch]]
            decided = _draw_alike([(wanted[number], position) for number, position in places[batch]], rows, streams)
            for (number, position), place in zip(places[batch], _places(rows), strict=True):
                step = len(wanted[number].passages)
                passages[:, first[number] + position : first[number + 1] : step] = decided[:, place]
    return passages


def _draw_alike(places: Sequence[tuple[LaneDraws, int]], rows: Sequence[int], streams: Streams) -> Words:
    """The columns of passages that differ only in their draws.

    Each check is decided by its own uniform, so that a higher probability only adds exams and moves none.
    """
    passage = places[0][0].passages[places[0][1]]
    crossing, regime = passage.crossing, passage.regime
    names = [lane.passages[position].name for lane, position in places]
    chance = _end_to_end(streams.draw_uniform, (f"{name}/chance" for name in names), rows, 7)
    normal = _end_to_end(streams.draw_normal, (f"{name}/duration" for name in names), rows, 8)
    is_fast = chance[:, 0] < np.repeat([lane.lane.fast_pct / 100 for lane, _ in places], rows)
    exam = np.where(is_fast, crossing.exam_fast_pct, crossing.exam_pct) / 100
    hold = regime.p_hold if passage.is_entry else 0.0

    def delay(column: int, probability: Floats | float, mean_s: float, cv: float) -> Floats:
        found = np.zeros(len(chance))
        struck = np.flatnonzero(chance[:, column] < probability)
        found[struck] = lognormal(normal[struck, column], mean_s, cv)
        return found

    documents = delay(1, regime.p_documents_missing, regime.documents_delay_h * HOUR, DOCUMENTS_CV)
    red_light = delay(2, crossing.red_light_pct / 100, crossing.red_light_min * MINUTE, RED_LIGHT_CV)
    extra = regime.extra_booth_s if passage.is_entry else 0.0
    standard = lognormal(normal[:, 7], max(1.0, crossing.cycle_standard_s), crossing.cycle_cv)
    fast = lognormal(normal[:, 7], max(1.0, crossing.cycle_fast_s), SERVICE_FAST_CV)
    yard, beyond = _draw_dwells(crossing, names, rows, streams)
    check_s = 0.0 if crossing.export_modules else crossing.export_check_s
    inspection_s = (crossing.inspection_min or INSPECTION_MIN) * MINUTE
    decided = np.empty((PASSAGE_COLUMNS, len(chance)), dtype=np.int32)
    decided[0] = _whole(yard)
    decided[1] = _whole(documents + red_light + check_s)
    decided[2] = is_fast
    decided[3] = _whole(standard + extra, 1)
    decided[4] = _whole(fast + extra, 1)
    decided[5] = _whole(delay(3, crossing.scan_pct / 100, crossing.scan_min * MINUTE, SCAN_CV))
    decided[6] = _whole(delay(4, exam, crossing.exam_min * MINUTE, EXAM_CV))
    decided[7] = _whole(delay(5, hold, regime.hold_h * HOUR, regime.hold_cv))
    decided[8] = chance[:, 6] * LOTS
    decided[9] = _whole(lognormal(normal[:, 6], inspection_s, INSPECTION_CV))
    decided[10] = _whole(beyond + dwell_after_h(crossing) * HOUR)
    return decided


def _draw_dwells(
    crossing: Crossing, names: Sequence[str], rows: Sequence[int], streams: Streams
) -> tuple[Floats, Floats]:
    """Seconds in the yards before a crossing and beyond it, none where it has no yards."""
    means = [crossing.yard_before_h * HOUR, crossing.yard_after_h * HOUR]
    if not any(means):
        nothing = np.zeros(sum(rows))
        return nothing, nothing
    normal = _end_to_end(streams.draw_normal, (f"{name}/yards" for name in names), rows, 2)
    before, beyond = (lognormal(normal[:, side], means[side], crossing.yard_cv) for side in (0, 1))
    return before, beyond
