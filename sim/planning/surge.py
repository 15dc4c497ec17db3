"""Surges: more or fewer of other people's trucks for a while, and the booths that open when they have been noticed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace

import numpy as np
from numpy.typing import NDArray

from sim.clock import Clock
from sim.network.model import Network
from sim.parameters import Parameters
from sim.plan import Background, Crossings
from sim.planning.background import draw_background
from sim.planning.border import booths_open
from sim.planning.round_trips import way_back_factors
from sim.planning.shocks import crossings_at, hours_of_shock, inspected_at, interval_of
from sim.planning.traffic import hours_of, ordinary_traffic
from sim.scenario import Shock
from sim.streams import Streams
from sim.units import HOUR, PPM

Floats = NDArray[np.float64]

MOVES_OTHERS = ("surge", "front_loading", "closure")  # kinds of shocks that change how many of their trucks come
WEEK_H = 7 * 24
NOTICED_H = WEEK_H  # assumption: booths are staffed by what came in the week before


class _Beside(Streams):
    """Streams of their own for trucks that come in addition; only the swings of days and hours are shared."""

    def _key(self, name: str) -> NDArray[np.uint64]:
        is_shared = name.endswith(("/background/day", "/background/rate"))
        return super()._key(name if is_shared else name.replace("/background/", "/surge/"))


def surge_background(
    background: Background,
    network: Network,
    ordinary: Network,
    clock: Clock,
    shocks: Sequence[Shock],
    parameters: Parameters,
    seed: int,
    replication: int,
) -> Background:
    """Add to the trucks of a run, or take from them, what its surges, front-loading and closures of one direction say.

    Parameters
    ----------
    background : Background
        Trucks that come without any surge; all of them stay where the factor is 1 or more.
    ordinary : Network
        Whose trucks are not counted among everybody else's: `network`, but where firms change their sources.
    seed, replication : int
        Of the run: added trucks have streams of their own, named by crossing.

    Returns
    -------
    Background

    Notes
    -----
    With a factor of 1 + x, additional trucks arrive at x times the rate of the hour, swing included. Below 1 each truck
    stays if its own lot, drawn once for all factors, is less than the factor.
    """
    if not any(shock.kind in MOVES_OTHERS for shock in shocks):
        return background
    factors, traffic = hourly_factors(network, shocks, clock, parameters), ordinary_traffic(ordinary, clock)
    for name, factor in way_back_factors(network, traffic, shocks, clock, parameters).items():
        factors[name] = factors.get(name, 1.0) * factor
    if not factors:
        return background
    kept = _thinned(background, network, factors, Streams(seed, replication))
    added = {
        name: replace(traffic[name], background_per_hour=traffic[name].background_per_hour * np.maximum(0, factor - 1))
        for name, factor in factors.items()
        if (factor > 1).any()
    }
    if not added:
        return kept
    inspected = inspected_at(network, shocks)
    return _merged(kept, draw_background(network, clock, added, _Beside(seed, replication), inspected))


def staff_surges(
    tables: Crossings,
    network: Network,
    ordinary: Network,
    clock: Clock,
    shocks: Sequence[Shock],
    parameters: Parameters,
) -> Crossings:
    """Staff crossings that a surge or front-loading reaches by the week before, up to what is installed.

    Parameters
    ----------
    tables : Crossings
        Staffed for ordinary traffic.
    ordinary : Network
        As in `surge_background`.

    Notes
    -----
    The rule is that of ordinary days; what it expects is the hour's ordinary traffic times the mean factor of the
    `NOTICED_H` hours before. Nobody staffs for what has not been seen to come: an announced surge meets ordinary booths
    in its first days, one that lasts meets booths opened for it, and those stay open for a while when it is over. Only
    where trucks go round because their way back is shut, officers go with them at once (assumption): they come from
    the crossing that these stay away from, whose booths stay as they are.
    """
    if not any(shock.kind in MOVES_OTHERS for shock in shocks):
        return tables
    factors, traffic = hourly_factors(network, shocks, clock, parameters), ordinary_traffic(ordinary, clock)
    way_back = way_back_factors(network, traffic, shocks, clock, parameters)
    open_standard, open_fast = tables.open_standard.copy(), tables.open_fast.copy()
    for row, name in enumerate(tables.ids):
        if name in factors or name in way_back:
            usual = traffic[name]
            expected = usual.total_per_hour * _noticed(factors.get(name, np.ones(usual.is_open.size)))
            expected = expected + usual.background_per_hour * np.maximum(0.0, way_back.get(name, 1.0) - 1)
            open_standard[row], open_fast[row] = booths_open(network.crossings[name], expected, usual.is_open)
    return replace(tables, open_standard=open_standard, open_fast=open_fast)


def _noticed(factor: Floats) -> Floats:
    """Mean of the hours before each hour, as many as are noticed; 1 before the run."""
    so_far = np.cumsum(np.concatenate((np.ones(NOTICED_H), factor)))
    mean: Floats = (so_far[NOTICED_H - 1 : -1] - np.concatenate(([0.0], so_far[: -NOTICED_H - 1]))) / NOTICED_H
    return mean


def hourly_factors(
    network: Network, shocks: Sequence[Shock], clock: Clock, parameters: Parameters
) -> dict[str, Floats]:
    """Factor on other people's trucks in each hour, by crossing; only those that a surge or front-loading reaches.

    Notes
    -----
    Factors of surges multiply. Of front-loading, a part of other people's trucks (``others_ahead_pct``) belongs to
    firms that bring ahead what they use in as many days, evenly from announcement to date. Unlike the plants here,
    whose yards hold but some days, they are those that have the room. After the date they use it up evenly, in
    ``others_used_up_weeks``; where another date is announced before, what is left is kept for it.
    """
    factors: dict[str, Floats] = {}
    ahead: dict[str, list[Shock]] = {}
    for shock in shocks:
        if shock.kind == "surge":
            first, last = hours_of_shock(shock, clock)
            for name in crossings_at(network, shock.at):
                if network.crossings[name].booths_standard:
                    factors.setdefault(name, np.ones(hours_of(clock)))[first:last] *= shock.factor_ppm / PPM
        elif shock.kind == "front_loading":
            for name in _crossings_into(network, shock):
                ahead.setdefault(name, []).append(shock)
    for name, each in ahead.items():
        lift = parameters.others_ahead_pct / 100 * _brought_ahead(each, clock, parameters.others_used_up_weeks * WEEK_H)
        factors[name] = factors.get(name, 1.0) * np.maximum(0.0, 1 + lift)
    return factors


def _brought_ahead(shocks: Sequence[Shock], clock: Clock, used_up_h: float) -> Floats:
    """What firms send more in each hour, in parts of what they use in it, to bring loads ahead of dates."""
    lift = np.zeros(hours_of(clock))
    kept_h, date = 0.0, 0.0  # hours of use in store, and the last date so far
    for shock in sorted(shocks, key=lambda shock: interval_of(shock, clock)):
        begin, end = (second / HOUR for second in interval_of(shock, clock))
        kept_h = _use_up(lift, kept_h, date, begin, used_up_h)
        first, last = hours_of_shock(shock, clock)
        lift[first:last] += shock.ahead_s / HOUR / (end - begin)
        kept_h, date = kept_h + shock.ahead_s / HOUR, max(date, end)
    _use_up(lift, kept_h, date, lift.size, used_up_h)
    return lift


def _use_up(lift: Floats, kept_h: float, date: float, until: float, used_up_h: float) -> float:
    """Let firms live in part on what they have in store (hours of use), from a date to an hour; what they have then.

    They use it up evenly, in `used_up_h` or, as they can use no more than all they need, in the hours that it lasts.
    """
    span = max(used_up_h, kept_h, 1.0)
    end = max(date, min(date + span, until))
    lift[max(0, int(date)) : max(0, round(end))] -= kept_h / span
    return kept_h * (1 - (end - date) / span)


def _crossings_into(network: Network, shock: Shock) -> list[str]:
    """Crossings with a queue that lead into the country of a shock, from the one it names if it names one."""
    return [
        x.id
        for x in network.crossings.values()
        if x.booths_standard and x.to_country == shock.at and shock.origin in ("", x.from_country)
    ]


def _thinned(background: Background, network: Network, factors: Mapping[str, Floats], streams: Streams) -> Background:
    stays = np.ones(background.arrive_s.size, dtype=np.bool_)
    for row, name in enumerate(network.crossings):
        if name in factors and (factors[name] < 1).any():
            own = slice(background.first[row], background.first[row + 1])
            lots = streams.generator(f"crossing/{name}/surge/lot").random(own.stop - own.start)
            stays[own] = lots < factors[name][background.arrive_s[own] // HOUR]
    left = np.concatenate(([0], np.cumsum(stays)))[background.first]
    columns = {name: getattr(background, name)[stays] for name in _columns()}
    return Background(first=left.astype(np.int64), **columns)


def _merged(one: Background, other: Background) -> Background:
    """The trucks of both, in order of arrival at each crossing; of one second, those of `one` first."""
    first = one.first + other.first
    order = np.empty(int(first[-1]), dtype=np.int64)
    for row in range(first.size - 1):
        mine, theirs = (np.arange(x.first[row], x.first[row + 1]) for x in (one, other))
        arrive_s = np.concatenate((one.arrive_s[mine], other.arrive_s[theirs]))
        both = np.concatenate((mine, theirs + one.arrive_s.size))
        order[first[row] : first[row + 1]] = both[np.argsort(arrive_s, kind="stable")]
    columns = {name: np.concatenate((getattr(one, name), getattr(other, name)))[order] for name in _columns()}
    return Background(first=first, **columns)


def _columns() -> tuple[str, ...]:
    """Columns of `Background` that have one value for each truck."""
    return tuple(item.name for item in fields(Background) if item.name != "first")
