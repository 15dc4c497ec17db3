"""Random small plans in which everything happens at once: ties, shortages, closures, diversion, overtaking."""

from __future__ import annotations

import random
from collections.abc import Sequence

from sim.engines.reference import simulate
from sim.plan import Plan
from tests.engines.plans import HOUR, PPM, PlanBuilder, Way

HORIZON = 12 * HOUR


def busy_builder(seed: int) -> PlanBuilder:
    """Two plants, shared suppliers of two tiers, three crossings; times are multiples of 60 s, so that ties abound."""
    draw = random.Random(seed)
    b = PlanBuilder(HORIZON)
    b.calendar("day", (0, 3 * HOUR), (4 * HOUR, 9 * HOUR), (10 * HOUR, 30 * HOUR))
    for name in ("x0", "x1"):
        trucks = sorted(
            (
                60 * draw.randrange(720),
                60 * draw.randrange(1, 6),
                draw.randrange(2),
                draw.choice([0, 600, 9_000]),
            )
            for _ in range(draw.randrange(300))
        )
        last = draw.choice([5, 8, 99])  # an hour after which it never opens again
        b.crossing(
            name,
            standard=2,
            fast=1,
            open_standard=[draw.choice([0, 1, 2, 2]) * (hour < last) for hour in range(b.hours)],
            open_fast=[draw.choice([0, 1, 1]) * (hour < last) for hour in range(b.hours)],
            service_ppm=[draw.choice([PPM, 2 * PPM]) for _ in range(b.hours)],
            approach_s=60,
            split_trucks=draw.randrange(4),
            posting_s=draw.choice([600, HOUR]),
            background=trucks,
        )
    b.crossing("sea", standard=0, approach_s=120)
    for plant in ("p", "q"):
        b.recipe(plant, lines=2, calendar="day", is_assembly=True)
        b.lane(f"{plant}..market", plant, load_units=2, loads=60, ways=[way(draw)], draws=draws(draw))
        for i in range(40):
            b.slot(f"{plant}..market", 600 * (1 + i), 600 * (1 + i) + draw.choice([0, 1_200, 7_200]))
        for k in range(3):
            b.stock(f"{plant}{k}", plant, quantity_per=1 + k)
            for side in ("l", "m")[: 1 + k % 2]:
                supplier(b, draw, plant, k, side)
    return b


def supplier(b: PlanBuilder, draw: random.Random, plant: str, k: int, side: str) -> None:
    name = f"s{plant}{k}{side}"
    b.recipe(name, lines=1 + k % 2)
    blocked = [(HOUR, 2 * HOUR)] if side == "m" else []
    b.lane(
        f"{name}..{plant}",
        name,
        f"{plant}{k}",
        load_units=2 * (1 + k) + draw.randrange(2),
        reorder_units=draw.randrange(5, 30),
        share_ppm=PPM // 2,
        blocked=blocked,
        seeds=[(4 * (1 + k), 0), (5, 600), (5, 600)],
        loads=300,
        ways=[way(draw), way(draw)],
        draws=draws(draw),
    )
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
        ways=[way(draw)],
        draws=draws(draw),
    )


def way(draw: random.Random) -> Way:
    crossings: Sequence[str] = draw.choice([(), ("x0",), ("x1",), ("x0", "x1"), ("sea", "x0"), ("sea",)])
    return Way([60 * draw.randrange(1, 6) for _ in range(len(crossings) + 1)], crossings)


def draws(draw: random.Random) -> dict[str, object]:
    salt = draw.randrange(1_000)

    def of(n: int, column: int, *values: int) -> int:
        return values[(n * 7 + column * 3 + salt) % len(values)]

    return {
        "work_s": lambda n, c: of(n, c, 60, 120, 60, 300),
        "divert_s": lambda n, c: of(n, c, 0, 300, 10_000),
        "transit_ppm": lambda n, c: of(n, c, PPM, PPM, 1, 2 * PPM),
        "is_fast": lambda n, c: of(n, c, 0, 1, 1),
        "before_s": lambda n, c: of(n, c, 0, 0, 60),
        "service_standard_s": lambda n, c: of(n, c, 60, 120),
        "service_fast_s": 60,
        "exam_s": lambda n, c: of(n, c, 0, 0, 0, 600, 0),
    }


def busy_plan(seed: int) -> Plan:
    return busy_builder(seed).build()


def digests(seeds: Sequence[int]) -> list[str]:
    """Ledger digests; a child process prints them."""
    return [simulate(busy_plan(seed)).digest() for seed in seeds]
