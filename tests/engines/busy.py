"""Random small plans in which everything happens at once: ties, shortages, closures, diversion, overtaking."""

from __future__ import annotations

import random
from collections.abc import Sequence

from sim.plan import Plan
from tests.engines.plans import HOUR, PPM, InTurn, PlanBuilder, Way

HORIZON = 12 * HOUR


def busy_builder(seed: int, *, milk: bool = False, trouble: bool = False) -> PlanBuilder:
    """Two plants, suppliers of two tiers, one of them shared, three crossings; on request milk runs or trouble.

    Times are multiples of a unit, so that ties abound: 60 s, or for every third plan 1 s, where what takes one second
    by rule coincides with everything else. Every fifth plan ends while all is under way.
    """
    draw = random.Random(seed)
    unit = 1 if seed % 3 == 2 else 60
    b = PlanBuilder(HORIZON if seed % 5 != 4 else 150 * unit, hours=HORIZON // HOUR + 1)
    b.calendar("day", (0, 180 * unit), (240 * unit, 540 * unit), (600 * unit, 1_800 * unit))
    b.posting_s = draw.choice([10 * unit, HOUR])
    chain = random.Random(f"chain {seed}")
    for name in ("x0", "x1"):
        trucks = sorted(
            (
                unit * draw.randrange(720),
                unit * draw.randrange(1, 6),
                draw.randrange(2),
                draw.choice([0, 10 * unit, 150 * unit]),
            )
            for _ in range(draw.randrange(300))
        )
        staffed = [0, 1, 2, 2] if unit > 1 else [1, 2]
        last = draw.choice([5, 8, 99])  # an hour after which it never opens again
        b.crossing(
            name,
            standard=2,
            fast=1,
            open_standard=[draw.choice(staffed) * (hour < last) for hour in range(b.hours)],
            open_fast=[draw.choice([0, 1, 1]) * (hour < last) for hour in range(b.hours)],
            service_ppm=[draw.choice([PPM, 2 * PPM, 1]) for _ in range(b.hours)],
            approach_s=unit,
            split_trucks=draw.randrange(4),
            background=trucks,
        )
        lengthen(b, chain, name, unit)
    b.crossing("spare", standard=1, approach_s=unit)
    b.crossing(
        "sea", standard=0, approach_s=2 * unit, open_standard=[chain.choice([0, 1, 1, 1]) for _ in range(b.hours)]
    )
    b.recipe("shared", lines=draw.choice([1, 2]))
    for plant in ("p", "q"):
        b.recipe(plant, lines=2, calendar="day", is_assembly=True)
        for market in ("east", "west"):
            b.lane(f"{plant}..{market}", plant, load_units=2, loads=60, ways=[way(draw, unit)], draws=draws(draw, unit))
        for i in range(40):
            due = 10 * unit * (1 + i) + (plant == "q")
            b.slot(f"{plant}..{draw.choice(['east', 'west'])}", due, due + draw.choice([0, 20, 120]) * unit)
            if i % 4 == 0:
                b.slot(f"{plant}..east", due, due + unit)
        for left in (1, 2, 5):  # units of work before the shift ends
            b.slot(f"{plant}..west", (180 - left) * unit, 200 * unit)
        for k in range(3):
            b.stock(f"{plant}{k}", plant, quantity_per=1 + k)
            for side in ("l", "m")[: 1 + k % 2]:
                supplier(b, draw, plant, k, side, unit)
        b.stock(f"{plant}3", plant, quantity_per=1)
        lane(b, draw, f"shared..{plant}", "shared", f"{plant}3", unit, seeds=[(6, 0)])
    if milk:
        share_trucks(b, random.Random(f"milk {seed}"), unit)
    if trouble:
        meet_trouble(b, random.Random(f"trouble {seed}"), unit)
    return b


def meet_trouble(b: PlanBuilder, draw: random.Random, unit: int) -> None:
    """Let crews go home, stocks alarm at levels that they often have, lanes expedite and build up stock."""
    for plant in ("p", "q"):
        b.crew(plant, unit * draw.choice([0, 1, 5, 30]), *range(0, 720 * unit, unit * draw.choice([30, 90])))
    for stock in b.stocks:
        b.alarms[stock], b.alarms_s[stock] = draw.choice([-1, 3, 8, 20]), unit * draw.choice([0, 10, 40])
    for name in [x for x in b.lanes if "..market" not in x and not x.endswith(("east", "west"))]:
        spec = b.lanes[name]
        like = draw.randrange(len(spec.ways))
        legs = [max(1, leg // 2) for leg in spec.ways[like].legs]
        team = Way(legs, spec.ways[like].crossings, through=True, like=like)
        spec.urgent = [[team, way(draw, unit)], [way(draw, unit)], []][draw.choice([0, 0, 1, 2])]
        cuts = sorted(draw.sample(range(300), 4))
        spec.buildup = [
            (unit * begin, unit * end, draw.choice([0, 1, 7, 25])) for begin, end in ((cuts[0], cuts[1]), cuts[2:])
        ][draw.randrange(2) :]
        spec.loads += 100


def lengthen(b: PlanBuilder, draw: random.Random, name: str, unit: int) -> None:
    """Give a crossing some of the other lines, and its trucks somewhere else to go."""
    gate, other = b.crossings[name], {"x0": "x1", "x1": "x0"}[name]
    gate.tractors, gate.round_trip_s = draw.choice([0, 0, 1, 3]), unit * draw.choice([0, 1, 7])
    gate.modules, gate.check_s = draw.choice([0, 1, 2]), unit * draw.choice([0, 1, 2])
    gate.bays = draw.choice([0, 1, 2])
    gate.open_bays = [draw.choice([0, 1, 2, 2]) for _ in range(b.hours)]
    gate.inspect_bp = [draw.choice([0, 5_000, 10_000]) for _ in range(b.hours)]
    gate.shut_hours = [hour for hour in range(b.hours) if draw.random() < 0.2]
    if draw.random() < 0.7:
        gate.divert_ppm = draw.choice([0, PPM // 4, PPM])
        travel_s = max(b.posting_s, unit * draw.choice([1, 10, 12]))
        gate.substitutes = [(other, travel_s), ("spare", travel_s)][: draw.choice([1, 2])]
    most = len(gate.substitutes)
    gate.background = [
        (*truck, draw.randrange(-1, most), draw.randrange(10_000), unit * draw.randrange(1, 9))
        for truck in gate.background
    ]


def share_trucks(b: PlanBuilder, draw: random.Random, unit: int) -> None:
    """Let most lanes into each plant, and all raw ones, ride on milk runs, of which some end early.

    Departures are so dense that some trucks take one load and others many, and fall on seconds in which loads are
    finished.
    """
    for name, lanes in (
        ("to_p", [x for x in b.lanes if x.endswith("..p")]),
        ("to_q", [x for x in b.lanes if x.endswith("..q")]),
        ("raw", [x for x in b.lanes if x.startswith("raw")]),
        ("cars", [x for x in b.lanes if x.startswith("p..")]),
    ):
        every = unit * draw.choice([3, 7, 20])
        last = draw.choice([b.horizon_s // 2, 2 * b.horizon_s])
        b.run(name, *range(unit * draw.randrange(9), last, every))
        ways = b.lanes[lanes[0]].ways
        for id in lanes[: len(lanes) - draw.randrange(2)]:
            b.lanes[id].run, b.lanes[id].ways = name, ways


def supplier(b: PlanBuilder, draw: random.Random, plant: str, k: int, side: str, unit: int) -> None:
    name = f"s{plant}{k}{side}"
    b.recipe(name, lines=1 + k % 2)
    blocked = [(60 * unit, 120 * unit)] if side == "m" else []
    seeds = [(4 * (1 + k), 0), (5, 10 * unit), (5, 10 * unit)]
    lane(b, draw, f"{name}..{plant}", name, f"{plant}{k}", unit, seeds=seeds, k=k, blocked=blocked)
    b.stock(f"{name}:in", name, quantity_per=2)
    b.recipe(f"raw{name}")
    b.lane(
        f"raw{name}..{name}",
        f"raw{name}",
        f"{name}:in",
        load_units=10,
        reorder_units=draw.randrange(10, 40),
        seeds=[(40, 0)],
        loads=300,
        ways=[way(draw, unit)],
        draws=draws(draw, unit),
    )


def lane(
    b: PlanBuilder, draw: random.Random, id: str, maker: str, stock: str, unit: int, k: int = 0, **rest: object
) -> None:
    """A lane with two ways, or with a third that equals the second."""
    ways = [way(draw, unit), way(draw, unit)]
    b.lane(
        id,
        maker,
        stock,
        load_units=2 * (1 + k) + draw.randrange(2),
        reorder_units=draw.randrange(5, 30),
        share_ppm=PPM // 2,
        loads=300,
        ways=ways + ways[1:] * draw.randrange(2),
        draws=draws(draw, unit),
        **rest,
    )


def way(draw: random.Random, unit: int) -> Way:
    crossings: Sequence[str] = draw.choice([(), ("x0",), ("x1",), ("x0", "x1"), ("sea", "x0"), ("sea",)])
    return Way([unit * draw.randrange(1, 6) for _ in range(len(crossings) + 1)], crossings)


def draws(draw: random.Random, unit: int) -> dict[str, object]:
    salt = draw.randrange(1_000)

    def of(*values: int, times: int = 1) -> InTurn:
        return InTurn(tuple(times * value for value in values), 7, salt)

    return {
        "work_s": of(1, 2, 1, 5, times=unit),
        "divert_s": of(0, 5, 1_000, times=unit),
        "transit_ppm": of(PPM, PPM, 1, 2 * PPM),
        "is_fast": of(0, 1, 1),
        "yard_s": of(0, 2, 0, 0, times=unit),
        "before_s": of(0, 0, 1, times=unit),
        "service_standard_s": of(1, 2, times=unit),
        "service_fast_s": unit,
        "exam_s": of(0, 0, 0, 10, 0, times=unit),
        "lot_bp": of(0, 4_999, 5_000, 9_999),
        "inspection_s": of(0, 1, 5, times=unit),
        "beyond_s": of(0, 0, 0, 3, times=unit),
    }


def busy_plan(seed: int, *, milk: bool = False, trouble: bool = False) -> Plan:
    return busy_builder(seed, milk=milk, trouble=trouble).build()


def digests(seeds: Sequence[int], engine: str = "reference", **rest: bool) -> list[str]:
    """Ledger digests; a child process prints them."""
    from sim.engines import engine_named

    return [engine_named(engine)(busy_plan(seed, **rest)).digest() for seed in seeds]
