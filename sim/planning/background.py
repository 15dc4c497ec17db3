"""Everybody else's trucks: drawn once for all scenarios of a replication, each by named streams."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.clock import Clock
from sim.network.model import Crossing, Network
from sim.plan import LONGEST_S, LOTS, Background, Bytes, Shorts, Words
from sim.planning.lognormal import lognormal
from sim.planning.staffing import fast_part
from sim.planning.traffic import Traffic
from sim.streams import Streams
from sim.units import HOUR, MINUTE

TOGETHER = 1 << 15  # trucks reckoned at once: few enough to stay in a processor's cache
INSPECTIONS = 1 << 12  # lengths of inspections drawn for a crossing, which its trucks take in turn

# Assumption: what the hours of a day share of their over-dispersion. Months about their fitted level vary by 1.5 % at
# the World Trade Bridge, the steadiest (sim/data/border/fit.csv). Hours that vary by 0.2, each by itself, make 1.05 %
# of it in some 370 hours that count; 1.07 % are left to the days, of which a month has 24: 0.0107 x sqrt(24) = 0.05.
DAY_CV = 0.05
PATIENCE_CV = 0.5  # assumption: hardly anybody turns round for a short queue
SERVICE_FAST_CV = 0.5  # assumption: lognormal, as an empty or trusted truck varies less (see SOURCES of the network)
INSPECTION_CV = 0.3  # lognormal, assumption of the crossing parameters
INSPECTION_MIN = 50.0  # assumption: where a crossing tells no length; 45 to 60 minutes were seen in Texas in 2022
LONGEST_SERVICE_S = (1 << 15) - 1


def draw_background(
    network: Network,
    clock: Clock,
    traffic: Mapping[str, Traffic],
    streams: Streams,
    inspected: Collection[str] = (),
) -> Background:
    """Draw everybody else's trucks: over-dispersed Poisson arrivals by hour, service, class, patience and the rest.

    Parameters
    ----------
    inspected : collection of str
        Crossings at which a shock has trucks inspected in a line although they have no bays of their own.
    """
    crossings = list(network.crossings.values())
    counts = [_draw_counts(x, traffic[x.id], clock, streams) if x.id in traffic else None for x in crossings]
    first = np.cumsum([0, *(0 if count is None else count.sum() for count in counts)]).astype(np.int64)
    trucks = int(first[-1])
    arrive_s, patience_s = (np.empty(trucks, dtype=np.int32) for _ in range(2))
    service_s = np.empty(trucks, dtype=np.int16)
    lot_bp, inspection_s = (np.zeros(trucks, dtype=np.int16) for _ in range(2))  # memory is taken where it is written
    is_fast, substitute = np.zeros(trucks, dtype=np.int8), np.full(trucks, -1, dtype=np.int8)
    for row, (crossing, count) in enumerate(zip(crossings, counts, strict=True)):
        if count is None:
            continue
        own = slice(first[row], first[row + 1])
        name = f"crossing/{crossing.id}/background"
        _draw_arrivals(name, count, arrive_s[own], streams)
        _draw_service(name, crossing, service_s[own], is_fast[own], streams)
        _draw_patience(name, crossing, patience_s[own], streams)
        shares = [x.share_pct / 100 for x in network.substitutes_of(crossing.id)]
        if shares:
            _draw_substitute(name, shares, substitute[own], streams)
        if crossing.inspection_bays or crossing.id in inspected:
            _draw_inspection(name, crossing, lot_bp[own], inspection_s[own], streams)
    return Background(first, arrive_s, service_s, is_fast, patience_s, substitute, lot_bp, inspection_s)


def _draw_counts(crossing: Crossing, traffic: Traffic, clock: Clock, streams: Streams) -> NDArray[np.int64]:
    """Trucks that arrive in each hour: Poisson about an expectation that varies by the hour and, less, by the day.

    The coefficient of variation of an hour's rate is `Crossing.dispersion_cv`, whatever of it whole days share.
    """
    name = f"crossing/{crossing.id}/background"
    hours = -(-clock.end_s // HOUR)
    rate = traffic.background_per_hour[:hours].copy()
    if crossing.dispersion_cv > 0:
        of_day = min(DAY_CV, crossing.dispersion_cv)
        of_hour = np.sqrt((1 + crossing.dispersion_cv**2) / (1 + of_day**2) - 1)
        _, hour = clock.local_hours(crossing.time_zone, hours)
        day = np.cumsum(hour == 0)
        rate *= _gamma(of_day, int(day[-1]) + 1, f"{name}/day", streams)[day]
        rate *= _gamma(float(of_hour), hours, f"{name}/rate", streams)
    counts: NDArray[np.int64] = streams.generator(f"{name}/count").poisson(rate)
    return counts


def _gamma(cv: float, count: int, name: str, streams: Streams) -> NDArray[np.float64]:
    """Factors of mean 1."""
    shape = 1 / max(cv, 1e-6) ** 2
    return streams.generator(name).gamma(shape, 1 / shape, count)


def _draw_arrivals(name: str, counts: NDArray[np.int64], arrive_s: Words, streams: Streams) -> None:
    """Spread the trucks of each hour over its seconds, in order of arrival."""
    arrive_s[:] = np.repeat(np.arange(len(counts), dtype=np.int32) * np.int32(HOUR), counts)
    moment = streams.generator(f"{name}/moment")
    for part in _parts(arrive_s.size):
        within = moment.random(arrive_s[part].size, dtype=np.float32)
        within *= HOUR
        arrive_s[part] += np.minimum(within, HOUR - 1, out=within).astype(np.int32)
    arrive_s.sort()


def _draw_service(name: str, crossing: Crossing, service_s: Shorts, is_fast: Bytes, streams: Streams) -> None:
    """Draw class and booth time of each truck; `is_fast` comes as zeros and stays so where no booth is FAST."""
    trusted_part = fast_part(crossing)
    chance, duration = (streams.generator(f"{name}/{what}") for what in ("class", "service"))
    for part in _parts(service_s.size):
        trucks = service_s[part].size
        normal = duration.standard_normal(trucks, dtype=np.float32)
        service = lognormal(normal, crossing.cycle_standard_s, crossing.cycle_cv)
        if trusted_part > 0:
            trusted = chance.random(trucks, dtype=np.float32) < trusted_part
            is_fast[part] = trusted
            fast = np.flatnonzero(trusted)
            service[fast] = lognormal(normal[fast], crossing.cycle_fast_s, SERVICE_FAST_CV)
        service_s[part] = np.clip(np.rint(service, out=service), 1, LONGEST_SERVICE_S, out=service)


def _draw_patience(name: str, crossing: Crossing, patience_s: Words, streams: Streams) -> None:
    """Draw how long each truck would wait; where nobody gives up, as at a railway, for ever."""
    if crossing.patience_h == 0:
        patience_s[:] = LONGEST_S
        return
    spread = streams.generator(f"{name}/patience")
    for part in _parts(patience_s.size):
        normal = spread.standard_normal(patience_s[part].size, dtype=np.float32)
        patience = lognormal(normal, crossing.patience_h * HOUR, PATIENCE_CV)
        patience_s[part] = np.minimum(patience, 2**30, out=patience)


def _draw_substitute(name: str, shares: Sequence[float], substitute: Bytes, streams: Streams) -> None:
    """Draw which of the substitutes each truck would go to, -1 for those that would to none."""
    chance = streams.generator(f"{name}/substitute")
    bounds = np.cumsum(shares, dtype=np.float32)
    for part in _parts(substitute.size):
        lot, place = chance.random(substitute[part].size, dtype=np.float32), substitute[part]
        place.fill(0)
        for bound in bounds:  # a handful: counting them takes a tenth of a search
            np.add(place, lot >= bound, out=place)
        place[place == len(shares)] = -1


def _draw_inspection(name: str, crossing: Crossing, lot_bp: Shorts, inspection_s: Shorts, streams: Streams) -> None:
    """Draw the lot of each truck; the lengths of inspections are drawn once and taken in turn."""
    lots = streams.generator(f"{name}/lot")
    for part in _parts(lot_bp.size):
        lot_bp[part] = lots.integers(0, LOTS, lot_bp[part].size, dtype=np.int16)
    normal = streams.generator(f"{name}/inspection").standard_normal(INSPECTIONS)
    length = lognormal(normal, (crossing.inspection_min or INSPECTION_MIN) * MINUTE, INSPECTION_CV)
    inspection_s[:] = np.resize(np.clip(np.rint(length), 1, LONGEST_SERVICE_S).astype(np.int16), inspection_s.size)


def _parts(trucks: int) -> Iterator[slice]:
    return (slice(first, min(first + TOGETHER, trucks)) for first in range(0, trucks, TOGETHER))
