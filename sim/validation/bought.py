"""What plants and works of a country take, by where it comes from: what a total of trade with it could hold."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sim.network import Network
from sim.network.graph import daily_units, unit_costs
from sim.network.port_values import mean_working_days

BILLION = 1e9


@dataclass(frozen=True, slots=True)
class Bought:
    """Billion US dollars a year at production cost.

    Parameters
    ----------
    near : float
        Parts from the United States and the country itself that its assembly plants take.
    direct : float
        Parts from other countries that are brought to it.
    materials : float
        What its works buy in the United States and the network does not follow further.
    """

    near: float
    direct: float
    materials: float


def bought_in(network: Network, country: str, year: int) -> Bought:
    """What a country takes of parts and materials in a year without disruptions."""
    units, costs, days = daily_units(network), unit_costs(network), mean_working_days(network, year)
    made: dict[str, float] = defaultdict(float)
    near = direct = 0.0
    for lane in network.lanes.values():
        maker, taker = network.recipes[lane.from_recipe], network.sites[lane.to_site]
        made[maker.id] += days * units[lane.id]
        if maker.schedule or taker.country != country:
            continue
        value = days * units[lane.id] * costs[maker.id]
        if network.sites[maker.site].country not in ("US", country):
            direct += value
        elif taker.kind == "plant":
            near += value
    makers = (network.recipes[name] for name in made)
    materials = sum(
        made[maker.id] * maker.material_usd
        for maker in makers
        if network.sites[maker.site].country == country and maker.material_country == "US"
    )
    return Bought(near / BILLION, direct / BILLION, materials / BILLION)
