"""A Chinese-owned plant in Mexico that would sell what an incumbent sells: whether it enters, under a law."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sim.market.moved import hour_cost, move
from sim.market.relocate import Terms, opens_on, terms_of
from sim.network.build.finish import load_units
from sim.network.graph import unit_costs
from sim.network.model import Evidence, Lane, Network, Recipe, Route, Site
from sim.parameters import Parameters
from sim.replication import Prepared
from sim.sourcing.costs import WORKING_DAYS
from sim.sourcing.decide import Choice, Opened, Question, choose_plan, open_question
from sim.sourcing.rule import foreign
from sim.sourcing.trial import in_order

CHINA, MEXICO = "CN", "MX"
NEXT_DOOR = ("sequenced", "just_in_time")  # classes of parts that are bought near the plant
# Vehicles a year, as a Chinese maker planned in 2024 (seen):
# https://www.automotiveworld.com/articles/politics-across-the-border-hit-mexicos-auto-industry/
YEARLY = 150_000
ASSUMED = Evidence("assumption", 50.0, "entrant")
PLANT, WORKS = "plant/entrant", "supplier/entrant_cn"


class NoEntrantError(Exception):
    """The network has no plant in Mexico, no works in China, or no way between them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What entering is worth under one law.

    Parameters
    ----------
    like : str
        The incumbent's recipe; the entrant sells in the same markets at the incumbent's landed cost.
    entrant, incumbent : Choice
        Best sources of each, preference claimed or not.
    content_pct, threshold_pct : float
        Regional content of the entrant's plan by the rule of the United States, and what that asks; 0 without one.
    non_market_pct : float
        Of the entrant's net cost, from economies that the law names; what the law allows is `limit_pct`.
    gain_usd : float
        Discounted margin less the cost of the plant; it enters where this is above 0.
    """

    like: str
    entrant: Choice
    incumbent: Choice
    content_pct: float
    threshold_pct: float
    non_market_pct: float
    limit_pct: float
    gain_usd: float

    @property
    def enters(self) -> bool:
        """Whether the plant is built."""
        return self.gain_usd > 0

    @property
    def margin_usd(self) -> float:
        """What the incumbent's vehicle costs more, US dollars a vehicle."""
        return self.incumbent.cost_usd - self.entrant.cost_usd


def weigh_entry(prepared: Prepared, like: str) -> Entry:
    """Whether an entrant builds its plant, under the law that is known to hold when it would open.

    Raises
    ------
    NoEntrantError
        The network lacks what such a plant needs.
    """
    scenario, law, parameters = prepared.scenario, prepared.law, prepared.parameters
    terms = terms_of(parameters)
    network, vehicle = with_entrant(scenario.load_network(), like, parameters)
    on, regime = opens_on(scenario.law_as_of, terms), scenario.claim_regime
    opened = open_question(Question(network, law, on, scenario.law_as_of, parameters, regime), (vehicle, like))
    entrant, incumbent = choose_plan(opened, vehicle), choose_plan(opened, like)
    gain = worth(incumbent.cost_usd - entrant.cost_usd, YEARLY, terms)
    return Entry(like, entrant, incumbent, *_content(opened, entrant), gain)


def worth(margin_usd: float, yearly: float, terms: Terms) -> float:
    """Discounted margin of a new plant less what it costs, US dollars.

    Examples
    --------
    >>> worth(1_000.0, 10.0, Terms(5_000.0, 1_000.0, 0, 120, 0.0))
    49000.0
    """
    return yearly * margin_usd * terms.annuity() - yearly * terms.usd_per_vehicle - terms.site_usd


def _content(opened: Opened, choice: Choice) -> tuple[float, float, float, float]:
    sums = choice.vehicle.sums
    net = sums["net_cost"].of(choice.chosen)
    outside = 100 * sums["non_market"].of(choice.chosen) / net
    rules = opened.rules(choice.vehicle.recipe)
    rule = rules.get("US") or next(iter(rules.values()), None)
    if rule is None:
        return 0.0, 0.0, outside, 100.0
    content = 100 * (1 - foreign(rule, sums).of(choice.chosen) / net)
    return content, rule.threshold_ppm / 1e4, outside, rule.non_market_ppm / 1e4


def with_entrant(network: Network, like: str, parameters: Parameters) -> tuple[Network, str]:
    """A network with the entrant's plant besides all others.

    Returns
    -------
    network : Network
        Not for running.
    vehicle : str
        The entrant's recipe.

    Notes
    -----
    The plant stands beside the largest plant in Mexico. What is bought near a plant (sequenced and just-in-time parts
    that nobody in China delivers to the network) comes from that plant's sources; everything else comes from China by
    sea, until the sourcing plan says otherwise.
    Its own work and its Chinese parts cost `entrant_advantage_pct` less than works there would (labour by wage and
    productivity).

    Raises
    ------
    NoEntrantError
        There is no plant in Mexico, no works in China, or no way between them or to a market.
    """
    home = _largest_plant(network)
    works = _chinese_works(network)
    moved, left = move(network, {like: home.id})
    if like not in left:
        raise NoEntrantError("no way to the markets, or to an input")
    other = moved.recipes[left[like]]
    site = replace(home, id=PLANT, name="Chinese-owned plant in Mexico", owner_country=CHINA, evidence=ASSUMED)
    supplier = replace(works, id=WORKS, name="The entrant's suppliers in China", evidence=ASSUMED)
    routes = _beside(moved, {other.site: PLANT, works.id: WORKS})
    cheaper = 1 - parameters.entrant_advantage_pct / 100
    assert other.schedule is not None
    made = replace(
        other,
        id=f"{PLANT}/{other.part}",
        site=PLANT,
        labour_usd=other.labour_usd * cheaper,
        overhead_usd=other.overhead_usd * cheaper,
        schedule=replace(other.schedule, vehicles_per_day=YEARLY // WORKING_DAYS),
    )
    recipes, lanes = {made.id: made}, []
    for item in made.inputs:
        own = [replace(x, id=f"{x.from_recipe}..{made.id}", to_recipe=made.id, to_site=PLANT) for x in
               moved.lanes_into(other.id, item.part)]  # fmt: skip
        if _from_china(network, works, item.part):
            source = _source(network, like, item.part, supplier, works, cheaper)
            recipes[source.id] = source
            own = [_by_sea(network, own[0], source, made, YEARLY / WORKING_DAYS * item.quantity_per)]
        lanes += own
    lanes += [
        replace(x, id=f"{made.id}..{x.to_site}", from_recipe=made.id)
        for x in moved.lanes.values()
        if x.from_recipe == other.id
    ]
    _require_ways(lanes, recipes | dict(network.recipes), routes | dict(network.routes))
    full = replace(
        network,
        sites=in_order({**network.sites, PLANT: site, WORKS: supplier}),
        recipes=in_order({**network.recipes, **recipes}),
        lanes=in_order({**network.lanes, **{x.id: x for x in lanes}}),
        routes=in_order({**network.routes, **routes}),
        digest="",
    )
    return full, made.id


def _from_china(network: Network, works: Site, part: str) -> bool:
    """Whether a part comes from China: it does already, or it is not bought next door."""
    return f"{works.id}/{part}" in network.recipes or network.parts[part].part_class not in NEXT_DOOR


def _largest_plant(network: Network) -> Site:
    built = {
        (recipe.schedule.vehicles_per_day, recipe.site)
        for recipe in network.recipes.values()
        if recipe.schedule and network.sites[recipe.site].country == MEXICO
    }
    if not built:
        raise NoEntrantError("the network has no plant in Mexico")
    return network.sites[max(built)[1]]


def _chinese_works(network: Network) -> Site:
    found = sorted(x.site for x in network.recipes.values() if network.sites[x.site].country == CHINA)
    if not found:
        raise NoEntrantError("the network has no works in China")
    return network.sites[max(dict.fromkeys(found), key=found.count)]


def _beside(network: Network, twins: dict[str, str]) -> dict[tuple[str, str, str], tuple[Route, ...]]:
    """Routes of some sites once more, for sites beside them."""
    found = {}
    for (start, end, mode), routes in network.routes.items():
        if start in twins or end in twins:
            for here in {start, twins.get(start, start)}:
                for there in {end, twins.get(end, end)}:
                    if (here, there) != (start, end):
                        found[here, there, mode] = tuple(replace(x, from_site=here, to_site=there) for x in routes)
    return found


def _source(network: Network, like: str, part: str, site: Site, works: Site, cheaper: float) -> Recipe:
    """Works in China for one part: as those there are, or with the largest source's cost and Chinese labour."""
    known = network.recipes.get(f"{works.id}/{part}")
    lanes = network.lanes_into(like, part)
    base = known or network.recipes[max(lanes, key=lambda x: (x.share_pct, x.id)).from_recipe]
    labour = base.labour_usd * hour_cost(works) / hour_cost(network.sites[base.site])
    bought = unit_costs(network)[base.id] - base.labour_usd - base.overhead_usd
    return replace(
        base,
        id=f"{site.id}/{part}",
        site=site.id,
        labour_usd=labour * cheaper,
        overhead_usd=base.overhead_usd * cheaper,
        material_usd=bought * cheaper,
        material_country=CHINA,
        inputs=(),
        evidence=ASSUMED,
    )


def _by_sea(network: Network, like: Lane, source: Recipe, made: Recipe, daily: float) -> Lane:
    units = load_units(network.parts[source.part], "ocean", daily)
    own = replace(
        like, id=f"{source.id}..{made.id}", from_recipe=source.id, share_pct=100.0, mode="ocean", fast_pct=0.0
    )
    return replace(own, load_units=units, milk_run="", expedite="", evidence=ASSUMED)


def _require_ways(
    lanes: list[Lane], recipes: dict[str, Recipe], routes: dict[tuple[str, str, str], tuple[Route, ...]]
) -> None:
    lacking = [x.id for x in lanes if (recipes[x.from_recipe].site, x.to_site, x.mode) not in routes]
    if lacking:
        raise NoEntrantError(f"no way for {lacking[0]}")
