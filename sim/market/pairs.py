"""Trade in vehicles and parts between countries that a network implies in a year, to be set beside statistics."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType

from sim.customs.book import place_of
from sim.network.graph import daily_units, unit_costs
from sim.network.model import Lane, Network
from sim.network.port_values import mean_working_days

VEHICLES, PARTS = "vehicles", "parts"


def pair_values(
    network: Network, year: int, chapter: str = "", *, by_land: bool = False
) -> Mapping[tuple[str, str, str], float]:
    """Value that goes from country to country in a year without disruptions, by kind of goods.

    Parameters
    ----------
    network : Network
    year : int
        Whose working days count, those of the assembly plants' mean calendar.
    chapter : str
        First digits of the tariff code of what counts, such as ``87``; all goods by default.
    by_land : bool
        Leave out what goes by sea on its first route.

    Returns
    -------
    mapping of (kind, exporter, importer) to float
        USD at production cost, without freight and duty; kinds are ``vehicles`` and ``parts`` (all that is delivered on
        a lane), countries ``US``, ``CA``, ``MX`` and ``overseas``. Materials that the network does not follow are in
        neither: most are no automotive goods.
    """
    units, costs = daily_units(network), unit_costs(network)
    days = mean_working_days(network, year)
    found: dict[tuple[str, str, str], float] = defaultdict(float)
    for lane in network.lanes.values():
        if not network.parts[lane.part].hts_code.startswith(chapter) or (by_land and _goes_by_sea(network, lane)):
            continue
        made = network.recipes[lane.from_recipe]
        ends = (network.sites[made.site].country, network.sites[lane.to_site].country)
        exporter, importer = (place_of(country) for country in ends)
        if exporter != importer:
            kind = VEHICLES if made.schedule else PARTS
            found[kind, exporter, importer] += days * units[lane.id] * costs[made.id]
    return MappingProxyType(dict(sorted(found.items())))


def _goes_by_sea(network: Network, lane: Lane) -> bool:
    steps = network.routes_of(lane)[0].steps
    return any(network.crossings[step.crossing].kind == "ocean" for step in steps if step.crossing)
