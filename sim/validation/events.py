"""Disruptions: what a month lost or gained by them, ours with and without the shocks of the scenario, and theirs."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Collection, Iterator, Sequence

from sim.calibration.counts import Month, members, read_month
from sim.network import load_network
from sim.network.build.facts import BORDER
from sim.network.build.tables import Fact, read_facts
from sim.scenario import Shock, load_scenario
from sim.validation.finding import Finding
from sim.validation.survey import BORDERS, Question, Survey, survey

EVENTS = ("storm_2017", "officers_2019", "front_loading_2025")  # scenarios of the same names
LEAD_DAYS = 7  # played before the month
REPLICATIONS = 4
FACTOR, NOISES = 2.0, 1.0
NOTES = {
    ("officers_2019", "pharr"): "lanes of Pharr from its line and its wait (Little's law), as none were told",
    ("officers_2019", "laredo"): "officers back on 15 April; how many lanes they opened was not told",
}
AT_CROSSINGS = ("closure", "slowdown", "lanes", "relief", "inspection", "surge")
EVERYWHERE = ("front_loading",)


def event_months() -> Iterator[Finding]:
    """Change of a month's trucks into the United States by an event, in percent, of every port with an effect."""
    for event in EVENTS:
        told = [row for row in read_facts(BORDER / "events.csv") if row["event"] == event and row["effect_pct"]]
        yield from _compare(event, told)


def _compare(event: str, told: Sequence[Fact]) -> Iterator[Finding]:
    ports = sorted({port for row in told for port in members(row["port"])})
    usual, struck = _with_and_without(event, ports, sorted({read_month(row["month"]) for row in told}))
    for row in told:
        month = read_month(row["month"])
        ours = _change(usual, struck, month, members(row["port"]))
        theirs, noise = float(row["effect_pct"]), float(row["noise_pct"] or 0)
        ends = sorted((theirs / FACTOR, theirs * FACTOR))
        low, high = ends[0] - NOISES * noise, ends[1] + NOISES * noise
        low, high = (low, min(high, 0.0)) if theirs < 0 else (max(low, 0.0), high)
        band = f"sign, a factor of {FACTOR:g} and the noise"
        item = f"{event} {row['port']} {row['month']}"
        note = NOTES.get((event, row["port"]), "")
        yield Finding("events", item, ours, theirs, "%", low, high, band, row["source"], note)


def change_of_month(scenario: str, ports: Sequence[str], month: Month) -> float:
    """Change of a month's trucks into the United States by the shocks of a scenario, percent.

    Parameters
    ----------
    scenario : str
        Name or file; what it says of networks, firms and its own horizon does not count.
    ports : sequence of str
        Ports of the network ``borders``, counted together.
    """
    usual, struck = _with_and_without(scenario, ports, [month])
    return _change(usual, struck, month, ports)


def _with_and_without(scenario: str, ports: Sequence[str], months: Sequence[Month]) -> tuple[Survey, Survey]:
    """The ports in some months without and with the shocks of a scenario, which concern them."""
    crossings = _with_ways_over([f"{port}/us" for port in ports])
    reached = {crossing.split("/")[0] for crossing in crossings}
    shocks = tuple(shock for shock in load_scenario(scenario).shocks if _concerns(shock, reached))
    start = dt.date(*months[0], 1) - dt.timedelta(days=LEAD_DAYS)
    days = (_last_day(months[-1]) - start).days + 2  # a day more, for ports west of Greenwich
    usual, struck = (survey(Question(crossings, start, days, REPLICATIONS, shocks=x)) for x in ((), shocks))
    return usual, struck


def _change(usual: Survey, struck: Survey, month: Month, ports: Sequence[str]) -> float:
    own = [f"{port}/us" for port in ports]
    return 100 * (_trucks(struck, month, own) / _trucks(usual, month, own) - 1)


def _with_ways_over(crossings: Sequence[str]) -> tuple[str, ...]:
    """Crossings, those to which their trucks may go over, and the ways back of all."""
    network = load_network(BORDERS)
    over = {way.substitute for crossing in crossings for way in network.substitutes_of(crossing)}
    ports = {network.crossings[crossing].port for crossing in {*crossings, *over}}
    return tuple(sorted(x.id for x in network.crossings.values() if x.port in ports))


def _concerns(shock: Shock, ports: Collection[str]) -> bool:
    return shock.kind in EVERYWHERE or (shock.kind in AT_CROSSINGS and shock.at.split("/")[0] in ports)


def _last_day(month: Month) -> dt.date:
    return dt.date(*month, calendar.monthrange(*month)[1])


def _trucks(found: Survey, month: Month, crossings: Sequence[str]) -> float:
    """Trucks that passed some crossings in a month."""
    return sum(found.trucks(crossing, dt.date(*month, 1), _last_day(month)) for crossing in crossings)
