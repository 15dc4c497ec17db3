"""Every draw of a run, made before it: durations, inspections and holds of each possible load, by named stream."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.network.model import Crossing, Lane, Network, Recipe
from sim.parameters import Parameters, Regime
from sim.plan import Loads
from sim.planning.border import SERVICE_FAST_CV, lognormal
from sim.streams import Streams
from sim.units import HOUR, MINUTE, PPM

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MAKE_CV = 0.1  # assumption: suppliers' work on a load varies by a tenth; assembly keeps its takt
SCAN_CV = 0.4  # lognormal, assumption of the crossing parameters
EXAM_CV = 0.6  # likewise
RED_LIGHT_CV = 0.6  # likewise
DOCUMENTS_CV = 1.0  # likewise
INSPECTION_CV = 0.3  # likewise
TRANSIT_LIMITS = (
    0.4,
    4.0,
)  # assumption: no leg takes less than two fifths or more than four times its usual time


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
        Stream name and coefficient of variation of each leg of each route.
    passages : tuple of PassageColumn
        Each crossing of each route.
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
    for route in network.routes_of(lane):
        for number, step in enumerate(route.steps):
            name = f"lane/{lane.id}/{route.alternative}/{number}"
            legs.append((f"{name}/leg", route.transit_cv))
            if step.crossing:
                regime = regime_at(lane.id, number, step.movement)
                crossing = network.crossings[step.crossing]
                passages.append(PassageColumn(name, crossing, regime, step.movement == "entry"))
    return LaneDraws(lane, network.recipes[lane.from_recipe], rows, tuple(legs), tuple(passages))


Drawn = tuple[Ints, Ints, Ints, Ints]  # work, divert, transit and passages of one lane


def draw_loads(
    wanted: Sequence[LaneDraws],
    parameters: Parameters,
    streams: Streams,
    memo: dict[tuple[object, ...], Drawn] | None = None,
) -> Loads:
    """Draw every lane. Row n of a lane depends on its own streams only, never on how many rows are drawn.

    Parameters
    ----------
    memo : dict, optional
        Keeps the draws of lanes for other scenarios of the same network, seed and replication that ask for the same.
    """
    kept = {} if memo is None else memo
    drawn = [_draw_lane(lane, parameters, streams, kept) for lane in wanted]
    work, divert, transit, passages = zip(*drawn, strict=True) if drawn else ((), (), (), ())
    leg_first = np.cumsum([0, *(len(x) for x in transit)]).astype(np.int64)
    passage_first = np.cumsum([0, *(len(x) for x in passages)]).astype(np.int64)
    table = np.concatenate(passages) if passages else np.empty((0, 8), dtype=np.int64)
    column = [np.ascontiguousarray(table[:, n]) for n in range(8)]
    return Loads(
        work_s=_join(work),
        divert_s=_join(divert),
        leg_draw_first=leg_first,
        transit_ppm=_join(transit),
        passage_draw_first=passage_first,
        before_s=column[0],
        is_fast=column[1],
        service_standard_s=column[2],
        service_fast_s=column[3],
        scan_s=column[4],
        exam_s=column[5],
        hold_s=column[6],
        inspection_s=column[7],
    )


def _draw_lane(
    wanted: LaneDraws, parameters: Parameters, streams: Streams, memo: dict[tuple[object, ...], Drawn]
) -> Drawn:
    papers = tuple((passage.regime.name, passage.is_entry) for passage in wanted.passages)
    key = (wanted.lane.id, wanted.rows, parameters.divert_threshold_min, papers)
    if key not in memo:
        memo[key] = (
            _draw_work(wanted, streams),
            _draw_divert(wanted, parameters, streams),
            _draw_transit(wanted, streams),
            _draw_passages(wanted, streams),
        )
    return memo[key]


def _join(parts: Sequence[Ints]) -> Ints:
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def _whole(seconds: Floats, least: int = 0) -> Ints:
    whole: Ints = np.maximum(least, np.rint(seconds)).astype(np.int64)
    return whole


def _draw_work(wanted: LaneDraws, streams: Streams) -> Ints:
    usual = wanted.lane.load_units * wanted.maker.work_s
    if wanted.maker.schedule is not None:
        return np.full(wanted.rows, max(1, round(usual)), dtype=np.int64)
    normal = streams.generator(f"lane/{wanted.lane.id}/work").standard_normal(wanted.rows)
    return _whole(lognormal(normal, usual, MAKE_CV), 1)


def _draw_divert(wanted: LaneDraws, parameters: Parameters, streams: Streams) -> Ints:
    draws = streams.generator(f"lane/{wanted.lane.id}/divert").standard_exponential(wanted.rows)
    return _whole(draws * parameters.divert_threshold_min * MINUTE)


def _draw_transit(wanted: LaneDraws, streams: Streams) -> Ints:
    """Leg factors in ppm, one row per load and one column per leg, laid end to end."""
    factors = np.empty((wanted.rows, len(wanted.legs)), dtype=np.float64)
    for column, (name, cv) in enumerate(wanted.legs):
        normal = streams.generator(name).standard_normal(wanted.rows)
        factors[:, column] = np.clip(lognormal(normal, 1.0, cv), *TRANSIT_LIMITS)
    return _whole(factors.ravel() * PPM, 1)


def _draw_passages(wanted: LaneDraws, streams: Streams) -> Ints:
    """One row per load and passage, passages of a load next to each other, with the eight columns of `Loads`."""
    drawn = [_draw_passage(wanted, passage, streams) for passage in wanted.passages]
    if not drawn:
        return np.empty((0, 8), dtype=np.int64)
    return np.stack(drawn, axis=1).reshape(-1, 8)


def _draw_passage(wanted: LaneDraws, passage: PassageColumn, streams: Streams) -> Ints:
    """Decide each check by its own uniform, so that a higher probability only adds exams and moves none."""
    crossing, regime = passage.crossing, passage.regime
    chance = streams.generator(f"{passage.name}/chance").random((wanted.rows, 7))
    normal = streams.generator(f"{passage.name}/duration").standard_normal((wanted.rows, 8))
    is_fast = chance[:, 0] < wanted.lane.fast_pct / 100
    exam = np.where(is_fast, crossing.exam_fast_pct, crossing.exam_pct) / 100
    hold = regime.p_hold if passage.is_entry else 0.0

    def delay(column: int, probability: Floats | float, mean_s: float, cv: float) -> Floats:
        return np.where(chance[:, column] < probability, lognormal(normal[:, column], mean_s, cv), 0.0)

    documents = delay(1, regime.p_documents_missing, regime.documents_delay_h * HOUR, DOCUMENTS_CV)
    red_light = delay(2, crossing.red_light_pct / 100, crossing.red_light_min * MINUTE, RED_LIGHT_CV)
    extra = regime.extra_booth_s if passage.is_entry else 0.0
    standard = lognormal(normal[:, 7], max(1.0, crossing.cycle_standard_s), crossing.cycle_cv)
    fast = lognormal(normal[:, 7], max(1.0, crossing.cycle_fast_s), SERVICE_FAST_CV)
    held = delay(5, hold, regime.hold_h * HOUR, regime.hold_cv)
    inspected = delay(6, crossing.inspection_pct / 100, crossing.inspection_min * MINUTE, INSPECTION_CV)
    columns = (
        _whole(documents + red_light + crossing.export_check_s),
        is_fast.astype(np.int64),
        _whole(standard + extra, 1),
        _whole(fast + extra, 1),
        _whole(delay(3, crossing.scan_pct / 100, crossing.scan_min * MINUTE, SCAN_CV)),
        _whole(delay(4, exam, crossing.exam_min * MINUTE, EXAM_CV)),
        _whole(held),
        _whole(inspected),
    )
    return np.stack(columns, axis=1)
