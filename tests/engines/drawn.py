"""Plans for property tests: small, valid, and full of what goes wrong between engines.

Ties on purpose (times are multiples of a coarse step), deterministic durations, closures, hours that never open,
queues that pass the FAST split, milk runs that end early, one-second legs and services, calendars without a shift,
slots that expire at once, loads that are ordered many at a time.
"""

from __future__ import annotations

from hypothesis import strategies as st

from tests.engines.plans import HOUR, PPM, InTurn, LaneSpec, PlanBuilder, Way

HOURS = 8
STEP = 300

seconds = st.integers(0, HOURS * HOUR // STEP - 1).map(lambda i: i * STEP)
short = st.sampled_from([1, STEP, STEP, 2 * STEP])
services = st.sampled_from([1, STEP, 2 * STEP, 20 * STEP])  # of others' trucks; the last make queues to turn round at
counts = st.lists(st.integers(0, 3), min_size=HOURS + 1, max_size=HOURS + 1)


@st.composite
def drawn_builders(draw: st.DrawFn, milk: bool = False) -> PlanBuilder:
    horizon_s = draw(st.sampled_from([HOURS * HOUR, HOURS * HOUR - 17, 2 * HOUR, 1]))
    b = PlanBuilder(horizon_s, hours=HOURS + 1)
    b.calendar("none")
    b.calendar("shifts", (HOUR, 3 * HOUR), (4 * HOUR, 9 * HOUR))
    names = [f"x{i}" for i in range(draw(st.sampled_from([0, 1, 2, 2, 3, 3])))]
    b.posting_s = draw(st.sampled_from([STEP, HOUR, 7]))
    for name in names:
        _draw_crossing(draw, b, name)
    for name in names:
        _draw_chain(draw, b, name)
    tiers = draw(st.integers(1, 3))
    makers: list[str] = []
    for tier in range(tiers):
        consumers = makers or ["plant"]
        makers = []
        if tier == 0:
            b.recipe("plant", draw(st.integers(1, 3)), draw(st.sampled_from(["always", "shifts"])), is_assembly=True)
            _draw_slots(draw, b, names)
        for consumer in consumers[: 1 + tier]:
            for part in range(draw(st.integers(0 if tier else 1, 2))):
                stock = f"{consumer}<{part}"
                b.stock(stock, consumer, draw(st.integers(1, 3)))
                for side in range(draw(st.integers(1, 2))):
                    maker = f"m{tier}{consumer}{part}{side}"
                    b.recipe(maker, draw(st.integers(1, 2)), draw(st.sampled_from(["always"] * 4 + ["shifts", "none"])))
                    _draw_lane(draw, b, names, f"{maker}..{consumer}", maker, stock)
                    makers.append(maker)
    _draw_trouble(draw, b, names)
    if milk:
        _draw_runs(draw, b)
    elif draw(st.booleans()):
        _draw_run(draw, b)
    return b


def _draw_trouble(draw: st.DrawFn, b: PlanBuilder, names: list[str]) -> None:
    """Crews that go home, alarms, ways for emergencies, and stock built ahead."""
    if draw(st.booleans()):
        b.crew("plant", draw(st.sampled_from([0, 1, STEP, HOUR])), *sorted(draw(st.sets(seconds, max_size=9))))
    for stock in b.stocks:
        b.alarms[stock], b.alarms_s[stock] = (
            draw(st.sampled_from([-1, 0, 9, 30])),
            draw(st.sampled_from([0, 2 * STEP, HOUR])),
        )
    for lane in b.lanes.values():
        if not lane.stock:
            continue
        lane.urgent = _ways(draw, names, 2, fewest_passed=1) if draw(st.integers(0, 2)) else []
        for way in lane.urgent:
            way.through = draw(st.sampled_from([True, True, False]))
            like = draw(st.integers(0, len(lane.ways) - 1))
            if draw(st.booleans()) and len(lane.ways[like].legs) >= len(way.legs):
                way.like = like
        cuts = sorted(draw(st.sets(seconds, min_size=4, max_size=4))) if draw(st.booleans()) else []
        lane.buildup = [(cuts[n], cuts[n + 1], draw(st.integers(0, 30))) for n in range(0, len(cuts), 2)]


def _draw_runs(draw: st.DrawFn, b: PlanBuilder) -> None:
    """Let lanes, each or none, ride on up to three runs with the ways of the first of them."""
    for name in ("r0", "r1", "r2")[: draw(st.integers(1, 3))]:
        every = draw(st.sampled_from([STEP, 3 * STEP, 1_000, HOUR, 99 * HOUR]))
        b.run(name, *range(draw(st.sampled_from([0, 1, STEP])), draw(st.sampled_from([2 * HOUR, 12 * HOUR])), every))
    first: dict[str, LaneSpec] = {}
    for lane in b.lanes.values():
        lane.run = draw(st.sampled_from(["", *b.runs, *b.runs]))
        if lane.run:
            lane.ways, lane.urgent = first.setdefault(lane.run, lane).ways, []


def _draw_run(draw: st.DrawFn, b: PlanBuilder) -> None:
    """Let some lanes, the way to market among them or not, share trucks on the ways of one of them."""
    ids = draw(st.lists(st.sampled_from(sorted(b.lanes)), min_size=1, max_size=4, unique=True))
    b.run("run", *sorted(draw(st.sets(seconds, min_size=1, max_size=40))))
    for id in ids:
        b.lanes[id].run, b.lanes[id].ways, b.lanes[id].urgent = "run", b.lanes[ids[0]].ways, []


def _draw_crossing(draw: st.DrawFn, b: PlanBuilder, name: str) -> None:
    truck = st.tuples(seconds, services, st.integers(0, 1), st.sampled_from([0, STEP, 10**8]))
    trucks = draw(st.lists(truck, min_size=draw(st.sampled_from([0, 12])), max_size=25))
    b.crossing(
        name,
        standard=draw(st.sampled_from([0, 1, 1, 2])),
        fast=draw(st.integers(0, 2)),
        open_standard=draw(counts),
        open_fast=draw(counts),
        service_ppm=draw(st.sampled_from([None, [PPM, 3 * PPM, 1] * (HOURS // 3 + 1)])),
        approach_s=draw(st.sampled_from([0, STEP])),
        split_trucks=draw(st.integers(0, 2)),
        background=sorted(trucks),
    )


def _draw_chain(draw: st.DrawFn, b: PlanBuilder, name: str) -> None:
    """Tractors, export modules, bays and substitutes, each or none."""
    gate = b.crossings[name]
    gate.inspect_bp = draw(
        st.sampled_from([None, [0, 5_000, 10_000] * (HOURS // 3 + 1), [10_000] * 3 * (HOURS // 3 + 1)])
    )
    if not gate.standard or draw(st.sampled_from([False, False, True])):
        return
    gate.tractors, gate.round_trip_s = draw(st.integers(0, 2)), draw(st.sampled_from([0, STEP, 5 * STEP]))
    gate.modules, gate.check_s = draw(st.sampled_from([0, 1, 1, 2])), draw(st.sampled_from([0, STEP, 2 * STEP]))
    gate.bays, gate.open_bays = draw(st.sampled_from([0, 1, 1, 2])), draw(st.one_of(st.none(), counts))
    gate.shut_hours = draw(st.sampled_from([(), (0, 3, 4), range(HOURS + 1)]))
    gate.divert_ppm = draw(st.sampled_from([0, 0, PPM // 3, PPM]))
    others = [x for x in b.crossings if x != name and b.crossings[x].standard]
    chosen = draw(st.lists(st.sampled_from(others), unique=True, min_size=1, max_size=2)) if others else []
    travel = st.sampled_from([b.posting_s, b.posting_s, b.posting_s + STEP, 10 * HOUR])
    gate.substitutes = [(x, draw(travel)) for x in chosen]
    drawn = st.tuples(st.integers(-1, len(chosen) - 1), st.sampled_from([0, 4_999, 5_000, 9_999]), short)
    gate.background = [(*truck, *draw(drawn)) for truck in gate.background]


def _ways(draw: st.DrawFn, names: list[str], most: int, fewest_passed: int = 0) -> list[Way]:
    ways = []
    for _ in range(draw(st.integers(1, most))):
        passed = draw(st.lists(st.sampled_from(names), min_size=fewest_passed, max_size=2)) if names else []
        legs = draw(st.lists(short, min_size=len(passed) + 1, max_size=len(passed) + 1))
        ways.append(Way(legs, passed, draw(st.sampled_from([None, STEP]))))
    return ways


def _draws(draw: st.DrawFn) -> dict[str, object]:
    """Draws of a lane, each from a short list that loads take in turn."""
    salt = draw(st.integers(0, 5))

    def of(*values: int) -> InTurn:
        return InTurn(values, 5, salt)

    return {
        "work_s": of(*draw(st.sampled_from([(1,), (STEP,), (STEP, 2 * STEP, 7 * STEP)]))),
        "divert_s": of(0, STEP, 10**6),
        "transit_ppm": of(*draw(st.sampled_from([(PPM,), (PPM, 1, 3 * PPM)]))),
        "yard_s": of(0, STEP),
        "before_s": of(0, 0, STEP),
        "is_fast": of(*draw(st.sampled_from([(0,), (1,), (0, 1)]))),
        "service_standard_s": of(*draw(st.sampled_from([(1,), (STEP,), (STEP, 4 * STEP)]))),
        "service_fast_s": of(1, STEP),
        "exam_s": of(0, 0, 2 * STEP),
        "lot_bp": of(0, 4_999, 5_000, 9_999),
        "inspection_s": of(0, 3 * STEP, 60 * STEP),
        "beyond_s": of(0, 0, 0, STEP),
    }


def _draw_lane(draw: st.DrawFn, b: PlanBuilder, names: list[str], id: str, maker: str, stock: str) -> None:
    closed = draw(st.sampled_from([(), ((0, 2 * HOUR),), ((HOUR, HOUR + STEP), (3 * HOUR, 99 * HOUR))]))
    b.lane(
        id,
        maker,
        stock,
        load_units=draw(st.integers(1, 4)),
        reorder_units=draw(st.integers(-3, 12)),
        share_ppm=draw(st.sampled_from([0, PPM // 2, PPM])),
        ways=_ways(draw, names, 3),
        blocked=closed,
        seeds=sorted(draw(st.lists(st.tuples(st.integers(1, 9), seconds), max_size=4)), key=lambda seed: seed[1]),
        loads=600,
        draws=_draws(draw),
    )


def _draw_slots(draw: st.DrawFn, b: PlanBuilder, names: list[str]) -> None:
    b.lane("plant..market", "plant", load_units=draw(st.integers(1, 3)), ways=_ways(draw, names, 2), draws=_draws(draw))
    patience = st.sampled_from([0, 1, STEP, HOUR, 10**8])
    for due, wait in draw(st.lists(st.tuples(seconds, patience), min_size=1, max_size=25)):
        b.slot("plant..market", due, due + wait)


drawn_plans = drawn_builders().map(lambda b: b.build())
drawn_milk_plans = drawn_builders(milk=True).map(lambda b: b.build())
