"""Automotive trade of the United States with its neighbours: what `north_america` implies, beside statistics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sim.market.accounts import ROW, accounts
from sim.market.pairs import PARTS, VEHICLES, pair_values
from sim.network import Network, load_network
from sim.network.port_values import working_days
from sim.validation.finding import Finding, within_factor

YEAR = 2024  # of the network's volumes
BILLION = 1e9
CRS = "Congressional Research Service, vehicles imported in 2024 (seen, as cited by the press)"
AP = "Associated Press on parts imported in 2023 (seen)"
CENSUS_CA = "https://opportimes.com/automotive-trade-between-canada-and-the-united-states-falls-7-5"
CENSUS_MX = "https://opportimes.com/?p=123823"
AAPC = "https://www.opportimes.com/automotive-industry-dominates-u-s-exports/?share=jetpack-whatsapp"
US_BUILT_M = 10.2  # vehicles of 2024, millions: the network's SOURCES.md (memory)
MISSING = "two fifths of US assembly are not in the network"
BUILT = "volumes were set by published builds and exports, values were not"
ALL_PARTS = "statistics hold replacement parts and heavy trucks"


@dataclass(frozen=True, slots=True)
class Target:
    """A published total and the flows of the network that are set beside it.

    Parameters
    ----------
    flows : tuple of (kind, exporter, importer, sign)
    theirs : float
        Billion US dollars a year.
    factor : float
        The band, as a factor either way.
    """

    item: str
    flows: tuple[tuple[str, str, str, int], ...]
    theirs: float
    factor: float
    source: str
    note: str


def _both(exporter: str, importer: str, sign: int = 1) -> tuple[tuple[str, str, str, int], ...]:
    return (VEHICLES, exporter, importer, sign), (PARTS, exporter, importer, sign)


# Eleven months of 2024 (Canada) and nine (Mexico) are taken for a year in proportion.
TARGETS = (
    Target("vehicles MX>US", ((VEHICLES, "MX", "US", 1),), 78.7, 1.25, CRS, BUILT),
    Target("vehicles CA>US", ((VEHICLES, "CA", "US", 1),), 32.4, 1.25, CRS, BUILT),
    Target("vehicles US>CA", ((VEHICLES, "US", "CA", 1),), (13.781 + 19.438) * 12 / 11, 1.25, CENSUS_CA, MISSING),
    Target("parts MX>US", ((PARTS, "MX", "US", 1),), 78.0, 2.0, AP, f"{MISSING}; {ALL_PARTS}"),
    Target("parts CA>US", ((PARTS, "CA", "US", 1),), 20.0, 2.0, AP, f"{MISSING}; {ALL_PARTS}"),
    Target("parts US>CA", ((PARTS, "US", "CA", 1),), 26.546 * 12 / 11, 2.0, CENSUS_CA, ALL_PARTS),
    Target("vehicles and parts US>MX", _both("US", "MX"), 33.091 * 12 / 9, 1.5, CENSUS_MX, ALL_PARTS),
    Target("balance US-MX, 2021", (*_both("US", "MX"), *_both("MX", "US", -1)), -80.5, 1.25, AAPC, ""),
    Target(
        "balance US-CA, 2023",
        (*_both("US", "CA"), *_both("CA", "US", -1)),
        68.2 - 62.8,
        2.0,
        CENSUS_CA,
        f"wrong sign: {MISSING}, and with it vehicles sold to Canada",
    ),
)


# Jobs in the making of parts in 2024, thousands: INA from INEGI, BLS and Statistics Canada (seen).
PARTS_JOBS = {"US": 547.0, "MX": 854.0, "CA": 70.0}
INA = "https://theaztecjournal.com/companies/us-concentrates-67-of-automotive-jobs-in-nafta-zone"
JOBS_FACTOR = 1.5  # assumption: how far apart the two counts may be and still agree
DIRECT = "ours is direct labour for vehicles alone; theirs is everybody, replacement parts and all of US assembly"


def trade_by_pair() -> Iterator[Finding]:
    """Vehicles and parts between the United States and its neighbours, balances of both pairs, jobs in parts."""
    network = load_network("north_america")
    ours = pair_values(network, YEAR)
    whole = US_BUILT_M * 1e6 / _built_in(network, "US")
    for target in TARGETS:
        value = _of(target, ours)
        low, high, band = within_factor(target.theirs, target.factor)
        low, high = min(low, high), max(low, high)
        note = target.note
        if MISSING in note:
            note += f"; were these like the rest, ours would be {_of(target, _scaled(ours, whole)):.3g}"
        yield Finding("TRADE", target.item, value, target.theirs, "bn USD", low, high, band, target.source, note)
    jobs = _parts_jobs(network)
    for country, theirs in PARTS_JOBS.items():
        low, high, band = within_factor(theirs, JOBS_FACTOR)
        item = f"jobs in parts, {country}"
        yield Finding("TRADE", item, jobs[country], theirs, "thousand", low, high, band, INA, DIRECT)


def _of(target: Target, values: Mapping[tuple[str, str, str], float]) -> float:
    return sum(sign * values[kind, exporter, importer] for kind, exporter, importer, sign in target.flows) / BILLION


def _scaled(values: Mapping[tuple[str, str, str], float], whole: float) -> dict[tuple[str, str, str], float]:
    """Trade if the plants of the United States that the network lacks bought and sold like those that it has.

    What they sell abroad and what they buy there grows with them; what neighbours build and buy does not.
    """
    own = ((VEHICLES, 0), (PARTS, 1))  # vehicles leave the United States, parts come in
    return {
        key: value * (whole if (key[0], key[1:].index("US")) in own else 1.0) if "US" in key else value
        for key, value in values.items()
    }


def _built_in(network: Network, country: str) -> float:
    """Vehicles that the plants of a country build in the year."""
    made = [r for r in network.recipes.values() if r.schedule and network.sites[r.site].country == country]
    return sum(
        r.schedule.vehicles_per_day * working_days(network.calendars[r.calendar], YEAR) for r in made if r.schedule
    )


def _parts_jobs(network: Network) -> dict[str, float]:
    """Thousands of jobs of the tiers below assembly, by country."""
    held = accounts(network)
    found = dict.fromkeys(PARTS_JOBS, 0.0)
    for recipe in network.recipes.values():
        if recipe.schedule:
            yearly = recipe.schedule.vehicles_per_day * working_days(network.calendars[recipe.calendar], YEAR)
            for country in found:
                found[country] += yearly * float(held[recipe.id].jobs[ROW[country], 1:].sum()) / 1_000
    return found
