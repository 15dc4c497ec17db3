"""The smallest plan in which something happens: one load crosses one border. Running it compiles the engine."""

from __future__ import annotations

import numpy as np

from sim.plan import (
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
    Words,
)


def trial_plan() -> Plan:
    """A load is due at 10, made by 20, at the border by 30, through by 40 and at the market by 50 seconds."""
    none, zero, one = np.zeros(0, dtype=np.int64), np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.int64)
    bounds, short, byte = np.array([0, 1]), np.zeros(0, dtype=np.int16), np.zeros(0, dtype=np.int8)

    def drawn(*values: int) -> Words:
        return np.array(values, dtype=np.int32)

    return Plan(
        horizon_s=100,
        start_s=0,
        posting_s=3_600,
        calendars=Calendars(("always",), bounds, zero, np.array([NEVER])),
        recipes=Recipes(("maker",), one, zero, one, np.array([0, 0])),
        crews=Crews(np.array([NEVER]), np.array([0, 0]), none),
        stocks=Stocks((), none, none, zero, none),
        lanes=Lanes(
            ids=("maker..market",),
            recipe=zero,
            stock=-one,
            load_units=one,
            reorder_units=-one,
            share_ppm=zero,
            route_first=bounds,
            seed_first=np.array([0, 0]),
            load_first=bounds,
            blocked_first=np.array([0, 0]),
            blocked_from_s=none,
            blocked_until_s=none,
            run=-one,
        ),
        buildup=Buildup(np.array([0, 0]), none, none, none),
        expediting=Expediting(none, none, one),
        routes=Routes(zero, np.array([30]), np.array([0, 2]), np.array([10, 10]), bounds, zero, zero, zero, zero),
        runs=Runs((), zero, none),
        seeds=Seeds(none, none, none),
        loads=Loads(
            work_s=drawn(10),
            divert_s=drawn(0),
            leg_columns=2 * one,
            leg_draw_first=np.array([0, 2]),
            transit_ppm=drawn(1_000_000, 1_000_000),
            passage_columns=one,
            passage_draw_first=bounds,
            yard_s=drawn(0),
            before_s=drawn(0),
            is_fast=drawn(0),
            service_standard_s=drawn(10),
            service_fast_s=drawn(10),
            scan_s=drawn(0),
            exam_s=drawn(0),
            hold_s=drawn(0),
            lot_bp=drawn(0),
            inspection_s=drawn(0),
            beyond_s=drawn(0),
        ),
        crossings=Crossings(
            ids=("gate",),
            tractors=zero,
            round_trip_s=zero,
            export_modules=zero,
            export_check_s=zero,
            booths_standard=one,
            booths_fast=zero,
            open_standard=np.array([[1]]),
            open_fast=np.array([[0]]),
            service_ppm=np.array([[1_000_000]]),
            approach_s=zero,
            split_trucks=zero,
            bays=zero,
            open_bays=np.array([[0]]),
            inspect_bp=np.array([[0]]),
            shut_s=np.array([[0, 0]]),
            divert_ppm=one,
        ),
        substitutes=Substitutes(np.array([0, 0]), none, none),
        background=Background(np.array([0, 0]), drawn(), short, byte, drawn(), byte, short, short),
        schedule=Schedule(np.array([10]), zero, zero, np.array([NEVER])),
    )
