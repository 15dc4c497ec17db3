"""A reform's market: what each vehicle costs, is asked for and sells in each market, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.customs import assess, planned_flow
from sim.customs.book import place_of
from sim.market.accounts import Account, Floats, accounts
from sim.market.demand import passed_on, sold
from sim.network.model import Network
from sim.network.port_values import working_days
from sim.replication import Prepared

Costs = Mapping[tuple[str, str], Floats]  # (vehicle, market) -> landed US dollars a vehicle, one a replication


@dataclass(frozen=True, slots=True)
class Line:
    """A vehicle in one market.

    Parameters
    ----------
    vehicle, market : str
        Assembly recipe and site.
    made_in, place : str
        Where it is assembled and where it is sold: a country of North America, or ``overseas``.
    units : float
        Vehicles a year before the reform.
    price_usd : float
        Before the reform.
    cost_usd : float64[draws]
        Landed cost before.
    change_usd : float64[draws]
        Change of that cost, in the same replication; one value where costs are planned.
    """

    vehicle: str
    market: str
    made_in: str
    place: str
    units: float
    price_usd: float
    cost_usd: Floats
    change_usd: Floats


@dataclass(frozen=True, slots=True)
class Response:
    """Prices and sales of every line once a reform has worked through, and what a vehicle holds before and after.

    Parameters
    ----------
    price_usd, units : float64[lines, draws]
        After the reform.
    before, after : mapping of str to Account
        By recipe; they differ where makers have changed their sources.
    is_drawn : bool
        Whether draws are replications of a study, or one plan.
    """

    scenario: str
    baseline: str
    network: str
    lines: tuple[Line, ...]
    price_usd: Floats
    units: Floats
    before: Mapping[str, Account]
    after: Mapping[str, Account]
    pass_through_pct: float
    elasticity: float
    is_drawn: bool


def planned_costs(prepared: Prepared) -> Costs:
    """Landed cost of every vehicle at each of its markets when all goes to plan, on the first measured day.

    Duties, fees, freight, compliance and stock as in a run; no queue beyond free flow, and no line that stands.
    """
    scenario, network = prepared.scenario, prepared.network
    flow = planned_flow(network, scenario.start)
    found = assess(flow, network, prepared.law, prepared.decisions.claims, prepared.parameters)
    landed = found.unit.landed.sum(axis=1)
    lanes = [network.lanes[name] for name in flow.lane_ids]
    return {
        (lane.from_recipe, lane.to_site): landed[row : row + 1]
        for row, lane in enumerate(lanes)
        if not lane.to_recipe and network.recipes[lane.from_recipe].schedule
    }


def respond(
    reform: Prepared,
    baseline: Prepared,
    costs_after: Costs,
    costs_before: Costs,
    *,
    is_drawn: bool,
    pass_through_pct: float | None = None,
    elasticity: float | None = None,
) -> Response:
    """Let prices follow costs, and sales prices.

    Parameters
    ----------
    reform, baseline : Prepared
        Scenarios of one network and the same vehicles.
    costs_after, costs_before : mapping
        Of each; arrays of equal length, paired by replication. Lines without a cost on either side keep their sales.
    is_drawn : bool
        Whether costs come from replications.
    pass_through_pct, elasticity : float, optional
        Instead of the parameters `price_pass_through_pct` and `demand_elasticity` of the reform's scenario.

    Notes
    -----
    Prices of other vehicles are left aside (a constant elasticity of each vehicle's own price), and so is what smaller
    volumes do to unit costs. Sales a year are the planned builds of the baseline's network by their markets' shares.
    """
    parameters = reform.parameters
    share = parameters.price_pass_through_pct if pass_through_pct is None else pass_through_pct
    eta = parameters.demand_elasticity if elasticity is None else elasticity
    lines = _lines(baseline, costs_after, costs_before)
    before = np.array([line.price_usd for line in lines]).reshape(-1, 1)
    change = np.array([line.change_usd for line in lines]).reshape(len(lines), -1)
    price = passed_on(before, change, share)
    units = sold(np.array([line.units for line in lines]).reshape(-1, 1), before, price, eta)
    network = baseline.network
    held = accounts(network)
    after = held if reform.network.digest == network.digest else accounts(reform.network)
    names = (reform.scenario.name, baseline.scenario.name, network.name)
    return Response(*names, lines, price, units, held, after, share, eta, is_drawn)


def _lines(baseline: Prepared, after: Costs, before: Costs) -> tuple[Line, ...]:
    network = baseline.network
    draws = max((len(x) for x in before.values()), default=1)
    found = []
    for lane in network.lanes.values():
        schedule = network.recipes[lane.from_recipe].schedule
        if lane.to_recipe or schedule is None:
            continue
        key = (lane.from_recipe, lane.to_site)
        cost = before.get(key, np.full(draws, np.nan))
        change = after.get(key, np.full(draws, np.nan)) - cost
        found.append(
            Line(
                vehicle=lane.from_recipe,
                market=lane.to_site,
                made_in=place_of(network.sites[network.recipes[lane.from_recipe].site].country),
                place=place_of(network.sites[lane.to_site].country),
                units=yearly_builds(baseline, network, lane.from_recipe) * lane.share_pct / 100,
                price_usd=schedule.msrp_usd,
                cost_usd=cost,
                change_usd=np.where(np.isnan(change), 0.0, change),
            )
        )
    return tuple(found)


def yearly_builds(prepared: Prepared, network: Network, vehicle: str) -> float:
    """Vehicles that a recipe is asked to build in the year of the scenario's first measured day."""
    made = network.recipes[vehicle]
    assert made.schedule is not None
    daily = prepared.scenario.demand.get(vehicle, made.schedule.vehicles_per_day)
    return daily * float(working_days(network.calendars[made.calendar], prepared.scenario.start.year))
