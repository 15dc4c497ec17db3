"""Where the network breaks: each crossing, port or site is shut for a while, and the lines that stop are counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from sim.network import Network
from sim.network.graph import chokepoints
from sim.replication.once import Prepared
from sim.resilience.twin import Calm, harm_of, hours_from
from sim.scenario import Shock
from sim.units import HOUR

KINDS = ("crossing", "port", "site")
_SHOCKS = {"crossing": "closure", "port": "closure", "site": "strike"}


@dataclass(frozen=True, slots=True)
class Fault:
    """A place that can be shut: a crossing in one direction, a port in both, or a site with all that it makes.

    Parameters
    ----------
    vehicles_at_risk : float
        Vehicles that stay unbuilt for want of inputs while it is shut, were nobody to step in.
    vehicles_per_day : float
        Vehicles of a working day that can neither be built nor sold without it.
    """

    kind: str
    place: str
    vehicles_at_risk: float
    vehicles_per_day: float

    def shock(self, from_: dt.datetime, duration_s: int) -> Shock:
        """The shock that shuts it."""
        return Shock(_SHOCKS[self.kind], self.place, from_, duration_s)


@dataclass(frozen=True, slots=True)
class Break:
    """What shutting a place does, over the replications.

    Parameters
    ----------
    first_stop_h : float or None
        Hours until the first line stands: the median of the replications in which one does.
    first_line : str
        The line that stands first most often; empty where none does.
    lines_stopped, vehicles_lost, down_h : float
        Lines that stand, vehicles lost and line hours down, beyond the calm run: means.
    lost_by_line : dict of str to float
        Vehicles lost by each line that loses any.
    """

    fault: Fault
    first_stop_h: float | None
    first_line: str
    lines_stopped: float
    vehicles_lost: float
    down_h: float
    lost_by_line: dict[str, float]


def faults_of(network: Network, kinds: Sequence[str], limit: int, duration_s: int) -> list[Fault]:
    """Places of each kind that put most vehicles at risk when they are shut so long, most first, `limit` of them.

    A port stands for both of its directions and counts what depends on either. Stock and road beyond a place keep
    lines going for a while: those hours count for nothing.
    """
    found: list[Fault] = []
    for kind in kinds:
        points = chokepoints(
            network, "site" if kind == "site" else "crossing", len(network.sites) + len(network.crossings)
        )
        reach: dict[str, tuple[float, float]] = {}
        for point in points:
            place = network.crossings[point.id].port if kind == "port" else point.id
            if kind != "site" or network.sites[place].kind == "supplier":
                one = point.vehicles_at_risk(duration_s / HOUR), point.vehicles_per_day
                other = reach.get(place, (0.0, 0.0))
                reach[place] = max(one[0], other[0]), max(one[1], other[1])
        ranked = sorted(reach.items(), key=lambda item: (*(-round(x, 6) for x in item[1]), item[0]))[:limit]
        found.extend(Fault(kind, place, *vehicles) for place, vehicles in ranked)
    return found


def find_breaks(
    prepared: Prepared,
    faults: Sequence[Fault],
    from_: dt.datetime,
    duration_s: int,
    replications: int,
    tell: Callable[[str], None] = lambda _: None,
) -> list[Break]:
    """Shut each place in turn, from one moment for the same time, and compare with the calm run.

    Parameters
    ----------
    from_ : datetime
        First moment, UTC.
    duration_s : int
    tell : callable
        Told what is being done.

    Returns
    -------
    list of Break
        Most vehicles lost first, then the soonest stop.
    """
    harms: dict[Fault, list[dict[str, tuple[float | None, float, float]]]] = {fault: [] for fault in faults}
    for replication in range(replications):
        calm = Calm.of(prepared, replication)
        since_s = calm.clock.second(from_)
        for number, fault in enumerate(faults, 1):
            tell(f"replication {replication + 1} of {replications}: {fault.place} ({number} of {len(faults)})")
            harm = harm_of(calm.run, calm.disturbed((fault.shock(from_, duration_s),)), since_s)
            harms[fault].append({k: (hours_from(x.first_stop_s, since_s), x.down_h, x.lost) for k, x in harm.items()})
    found = [_break_of(fault, runs) for fault, runs in harms.items()]
    return sorted(found, key=lambda x: (-x.vehicles_lost, _soonest(x), x.fault.place))


def _soonest(item: Break) -> float:
    return float("inf") if item.first_stop_h is None else item.first_stop_h


def _break_of(fault: Fault, runs: Sequence[dict[str, tuple[float | None, float, float]]]) -> Break:
    stops = [{line: hours for line, (hours, *_) in run.items() if hours is not None} for run in runs]
    firsts = [min(stop.items(), key=lambda item: (item[1], item[0])) for stop in stops if stop]
    lines = [line for line, _ in firsts]
    lost = {line: sum(run[line][2] for run in runs) / len(runs) for line in runs[0]}
    return Break(
        fault=fault,
        first_stop_h=median(hours for _, hours in firsts) if firsts else None,
        first_line=max(sorted(set(lines)), key=lines.count) if lines else "",
        lines_stopped=sum(map(len, stops)) / len(runs),
        vehicles_lost=sum(lost.values()),
        down_h=sum(down for run in runs for _, down, _ in run.values()) / len(runs),
        lost_by_line={line: vehicles for line, vehicles in lost.items() if vehicles},
    )
