"""Automotive trade of the United States with its neighbours: what `north_america` implies, beside statistics."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sim.market.accounts import ROW, accounts
from sim.market.pairs import PARTS, VEHICLES, pair_values
from sim.network import Network, load_network
from sim.network.build.facts import BORDER
from sim.network.build.tables import read_facts
from sim.network.port_values import working_days
from sim.validation.bought import BILLION, bought_in
from sim.validation.finding import Finding, within_factor

Flow = tuple[str, str, str]  # kind, exporter, importer

YEAR = 2024  # of the network's volumes
US_BUILT_M = 10.2  # vehicles of 2024, millions: the network's SOURCES.md (memory)
CRS = "Congressional Research Service, vehicles imported in 2024 (seen, as cited by the press)"
AP = "Associated Press on parts imported in 2023 (seen)"
# Census by end use: automobiles; trucks, buses and special purpose vehicles; auto parts. Eleven months of 2024 (Canada)
# and nine (Mexico) are taken for a year in proportion.
CENSUS_CA = "https://opportimes.com/automotive-trade-between-canada-and-the-united-states-falls-7-5"
CENSUS_MX = "https://opportimes.com/?p=123823"
AAPC = "https://www.opportimes.com/automotive-industry-dominates-u-s-exports/?share=jetpack-whatsapp"
BTS = "Bureau of Transportation Statistics, TransBorder, commodity 87 (sim/data/border/hs87_by_port.csv)"
CHAPTER = "87"  # vehicles and parts that stand with them; no engines, seats, harnesses, tyres, electronics
COUNTED, EARLIER = 2023, 2021  # whole years of that table
OF_TRADE = 0.1  # assumption: a balance may be off by a tenth of trade both ways; a factor says nothing about one near 0
BUSES = "theirs hold heavy trucks, buses and special purpose vehicles"
# Tariff codes do not tell parts for assembly from those for repair: International Trade Administration, Top Markets
# Report, Automotive Parts, 2016, https://issuhub.com/view/index/5503?pageIndex=9 (seen).
ALL_PARTS = "theirs hold replacement parts and parts of heavy trucks, and nobody splits them"
# Of 35 bn USD of automotive parts and service equipment that Canada imported in 2011, 7 were for repair (seen).
REPLACEMENT = 7 / 35
COMMERCIAL_SERVICE = "http://export.gov/canada/marketresearchoncanada/bestprospectsforuscompanies/automotive/index.asp"
REPAIR_LEFT_OUT = f"theirs less {100 * REPLACEMENT:g} %, the replacement parts in what Canada imported of parts in 2011"
PARTS_TO_CANADA = "parts US>CA"


@dataclass(frozen=True, slots=True)
class Target:
    """A published total and the flows of the network that are set beside it.

    Parameters
    ----------
    flows : tuple of Flow
    theirs : float
        Billion US dollars a year.
    factor : float
        The band, as a factor either way.
    note : str
        What theirs counts and ours does not.
    """

    item: str
    flows: tuple[Flow, ...]
    theirs: float
    factor: float
    source: str
    note: str


def _both(exporter: str, importer: str) -> tuple[Flow, Flow]:
    return (VEHICLES, exporter, importer), (PARTS, exporter, importer)


US_TO_CA = (13.781 + 19.438) * 12 / 11, 26.546 * 12 / 11
TARGETS = (
    Target("vehicles MX>US", ((VEHICLES, "MX", "US"),), 78.7, 1.25, CRS, ""),
    Target("vehicles CA>US", ((VEHICLES, "CA", "US"),), 32.4, 1.25, CRS, ""),
    Target("vehicles US>CA", ((VEHICLES, "US", "CA"),), US_TO_CA[0], 1.25, CENSUS_CA, BUSES),
    Target("parts MX>US", ((PARTS, "MX", "US"),), 78.0, 2.0, AP, ALL_PARTS),
    Target("parts CA>US", ((PARTS, "CA", "US"),), 20.0, 2.0, AP, ALL_PARTS),
    Target(PARTS_TO_CANADA, ((PARTS, "US", "CA"),), US_TO_CA[1], 2.0, CENSUS_CA, ALL_PARTS),
    Target(
        f"{PARTS_TO_CANADA} but for repair",
        ((PARTS, "US", "CA"),),
        US_TO_CA[1] * (1 - REPLACEMENT),
        2.0,
        f"{CENSUS_CA}; {COMMERCIAL_SERVICE}",
        REPAIR_LEFT_OUT,
    ),
    Target("vehicles and parts US>MX", _both("US", "MX"), 33.091 * 12 / 9, 1.5, CENSUS_MX, f"{BUSES}; {ALL_PARTS}"),
)
BY_LAND_FACTOR = 1.5


@dataclass(frozen=True, slots=True)
class Balance:
    """A published balance of the United States with a neighbour.

    Parameters
    ----------
    exports, imports : float
        Billion US dollars a year, of vehicles and parts.
    """

    item: str
    partner: str
    exports: float
    imports: float
    source: str


BALANCES = (
    Balance("balance US-MX, 2023-24", "MX", 33.091 * 12 / 9, 78.7 + 78.0, f"{CENSUS_MX}; {CRS}; {AP}"),
    Balance("balance US-CA, 2023", "CA", 68.2, 62.8, CENSUS_CA),
)
US_MX_2021 = -80.5  # billion US dollars, AAPC

# Jobs in the making of parts in 2024, thousands: INA from INEGI, BLS and Statistics Canada (seen).
PARTS_JOBS = {"US": 547.0, "MX": 854.0, "CA": 70.0}
INA = "https://theaztecjournal.com/companies/us-concentrates-67-of-automotive-jobs-in-nafta-zone"
JOBS_FACTOR = 1.5  # assumption: how far apart the two counts may be and still agree
DIRECT = (
    "ours is direct labour for vehicles alone, of all tiers (chips, steel and resin too); "
    "theirs is everybody in parts, replacement parts too"
)


def trade_by_pair() -> Iterator[Finding]:
    """Vehicles and parts between the United States and its neighbours, balances of both pairs, jobs in parts.

    Ours is the network's year as if the plants of the United States that it lacks sold and bought like those that it
    has: totals count the whole industry. What the network carries itself stands in the note.
    """
    network = load_network("north_america")
    covered = _built_in(network, "US") / (US_BUILT_M * 1e6)
    seen = pair_values(network, YEAR)
    whole = _scaled(seen, 1 / covered)
    for target in TARGETS:
        low, high, band = within_factor(target.theirs, target.factor)
        ours, own = _sum(whole, target.flows), _sum(seen, target.flows)
        note = _told(own, ours, covered, target.note)
        note += f"; {_could_hold(network)}" if target.item == PARTS_TO_CANADA else ""
        yield Finding("TRADE", target.item, ours, target.theirs, "bn USD", low, high, band, target.source, note)
    yield from _by_land(network, covered)
    yield from _balances(seen, whole, covered)
    yield from _jobs(network, covered)


def _could_hold(network: Network) -> str:
    """What Canada takes of parts and materials that a total of what the United States sends there could hold."""
    bought = bought_in(network, "CA", YEAR)
    return (
        f"plants in Canada take {bought.near:.3g} from both countries together, by their labels; parts for "
        f"{bought.direct:.3g} come from elsewhere directly, where exports hold what is sent on (memory); works there "
        f"buy US materials for {bought.materials:.3g} that the network does not follow, be they parts or not"
    )


def _by_land(network: Network, covered: float) -> Iterator[Finding]:
    """The tariff chapter by truck and rail, counted alike on both sides."""
    seen = pair_values(network, YEAR, chapter=CHAPTER, by_land=True)
    whole, theirs = _scaled(seen, 1 / covered), counted_by_land(COUNTED)
    for exporter, importer in (("MX", "US"), ("US", "MX"), ("CA", "US"), ("US", "CA")):
        flows, value = _both(exporter, importer), theirs[exporter, importer] / BILLION
        low, high, band = within_factor(value, BY_LAND_FACTOR)
        ours = _sum(whole, flows)
        note = _told(_sum(seen, flows), ours, covered, f"{BUSES}, and replacement parts")
        item = f"HS {CHAPTER} by land {exporter}>{importer}"
        yield Finding("TRADE", item, ours, value, "bn USD", low, high, band, BTS, note)


def _balances(seen: Mapping[Flow, float], whole: Mapping[Flow, float], covered: float) -> Iterator[Finding]:
    for target in BALANCES:
        theirs, allowed = target.exports - target.imports, OF_TRADE * (target.exports + target.imports)
        ours, own = _balance(whole, target.partner), _balance(seen, target.partner)
        band, ends = f"{100 * OF_TRADE:g} % of trade both ways", (theirs - allowed, theirs + allowed)
        note = _told(own, ours, covered, ALL_PARTS)
        yield Finding("TRADE", target.item, ours, theirs, "bn USD", *ends, band, target.source, note)
    # The year of short chips, brought to that of the volumes by what the same goods did over land.
    then, later = (counted_by_land(year) for year in (EARLIER, COUNTED))
    rose = (later["US", "MX"] - later["MX", "US"]) / (then["US", "MX"] - then["MX", "US"])
    theirs, ours = US_MX_2021 * rose, _balance(whole, "MX")
    high, low, band = within_factor(theirs, 1.25)
    told = f"the balance in HS {CHAPTER} by land was {rose:.2f} times as large in {COUNTED}"
    note = _told(_balance(seen, "MX"), ours, covered, f"theirs is {US_MX_2021:g} in {EARLIER}; {told}")
    item = f"balance US-MX, {EARLIER} brought to {COUNTED}"
    yield Finding("TRADE", item, ours, theirs, "bn USD", low, high, band, f"{AAPC}; {BTS}", note)


def _jobs(network: Network, covered: float) -> Iterator[Finding]:
    seen, whole = _parts_jobs(network, 1.0), _parts_jobs(network, 1 / covered)
    for country, theirs in PARTS_JOBS.items():
        low, high, band = within_factor(theirs, JOBS_FACTOR)
        note = _told(seen[country], whole[country], covered, DIRECT)
        item = f"jobs in parts, {country}"
        yield Finding("TRADE", item, whole[country], theirs, "thousand", low, high, band, INA, note)


def counted_by_land(year: int) -> Mapping[tuple[str, str], float]:
    """USD of vehicles and parts (HS 87) by truck and rail in a whole year, by exporter and importer."""
    found: dict[tuple[str, str], float] = defaultdict(float)
    for row in read_facts(BORDER / "hs87_by_port.csv"):
        if row["month"].startswith(f"{year}-"):
            ends = ("US", row["partner"]) if row["direction"] == "us_export" else (row["partner"], "US")
            found[ends] += float(row["value_usd"])
    return found


def _told(own: float, ours: float, covered: float, note: str) -> str:
    """What the network carries itself, where ours is more, and what theirs counts besides."""
    if abs(own - ours) <= 1e-9 * abs(ours):
        return note
    carried = f"{own:.3g} in the network, which builds {100 * covered:.0f} % of US vehicles"
    return f"{carried}; {note}" if note else carried


def _sum(values: Mapping[Flow, float], flows: tuple[Flow, ...]) -> float:
    return sum(values.get(flow, 0.0) for flow in flows) / BILLION


def _balance(values: Mapping[Flow, float], partner: str) -> float:
    return _sum(values, _both("US", partner)) - _sum(values, _both(partner, "US"))


def _scaled(values: Mapping[Flow, float], times: float) -> dict[Flow, float]:
    """Trade if the plants of the United States that the network lacks bought and sold like those that it has.

    What they sell abroad and what they buy there grows with them; what neighbours build and buy does not.
    """
    own = ((VEHICLES, 0), (PARTS, 1))  # vehicles leave the United States, parts come in
    return {
        key: value * (times if "US" in key and (key[0], key[1:].index("US")) in own else 1.0)
        for key, value in values.items()
    }


def _built_in(network: Network, country: str) -> float:
    """Vehicles that the plants of a country build in the year."""
    made = [r for r in network.recipes.values() if r.schedule and network.sites[r.site].country == country]
    return sum(
        r.schedule.vehicles_per_day * working_days(network.calendars[r.calendar], YEAR) for r in made if r.schedule
    )


def _parts_jobs(network: Network, times: float) -> dict[str, float]:
    """Thousands of jobs of the tiers below assembly, by country; those for US plants so many times."""
    held = accounts(network)
    found = dict.fromkeys(PARTS_JOBS, 0.0)
    for recipe in network.recipes.values():
        if recipe.schedule:
            yearly = recipe.schedule.vehicles_per_day * working_days(network.calendars[recipe.calendar], YEAR)
            made = yearly * (times if network.sites[recipe.site].country == "US" else 1.0)
            for country in found:
                found[country] += made * float(held[recipe.id].jobs[ROW[country], 1:].sum()) / 1_000
    return found
