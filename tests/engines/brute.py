"""The queue at a crossing once more, eagerly and step by step, sharing nothing with the engine's rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HOUR = 3_600
FOREVER = 1 << 60


@dataclass
class Truck:
    joined: int
    is_fast: bool
    standard_s: int
    fast_s: int
    patience_s: int = FOREVER
    way: str = ""  # "standard" or "fast" once it is decided
    started: int = FOREVER
    cleared: int = FOREVER


@dataclass
class Gate:
    standard: int
    fast: int
    open_standard: Sequence[int]
    open_fast: Sequence[int]
    service_ppm: Sequence[int]
    split: int

    def open_booths(self, way: str, t: int) -> int:
        hour = t // HOUR
        if hour >= len(self.open_standard):
            return 0
        return (
            min(self.open_standard[hour], self.standard) if way == "standard" else min(self.open_fast[hour], self.fast)
        )


def pass_all(gate: Gate, trucks: Sequence[Truck], step: int) -> list[Truck | None]:
    """Let trucks, in order of joining, through a gate; None for those that give up. All times are steps."""
    kept: list[Truck] = []
    result: list[Truck | None] = []
    for truck in trucks:
        tried = walk(gate, [*kept, truck], step)[-1]
        if tried.started - tried.joined > truck.patience_s:
            result.append(None)
        else:
            kept.append(truck)
            result.append(tried)
    return result


def walk(gate: Gate, trucks: Sequence[Truck], step: int) -> list[Truck]:
    """Walk the clock; at each step, in order of joining, everyone does what he can."""
    road = [Truck(x.joined, x.is_fast, x.standard_s, x.fast_s) for x in trucks]
    busy: dict[tuple[str, int], int] = {}  # (class, booth) -> when free
    for t in range(0, len(gate.open_standard) * HOUR, step):
        waiting = {"standard": 0, "fast": 0}
        for truck in road:
            if truck.joined > t or truck.started <= t:
                continue
            if not truck.way:
                if truck.is_fast and waiting["standard"] > gate.split:
                    continue
                can_use_fast = truck.is_fast and gate.open_booths("fast", t) > 0
                truck.way = "fast" if can_use_fast else "standard"
            idle = [b for b in range(gate.open_booths(truck.way, t)) if busy.get((truck.way, b), 0) <= t]
            if waiting[truck.way] or not idle:
                waiting[truck.way] += 1
                continue
            drawn = truck.fast_s if truck.way == "fast" else truck.standard_s
            truck.started = t
            truck.cleared = t + max(1, drawn * gate.service_ppm[t // HOUR] // 1_000_000)
            busy[truck.way, idle[0]] = truck.cleared
    return road
