"""A part at each border of its journey: what it is worth there, what it owes, and what a duty at every border adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.customs import assess, planned_flow
from sim.network.model import Network
from sim.replication import prepare
from sim.report.journey_figure import Border, Climb
from sim.scenario.model import Scenario


@dataclass(frozen=True, slots=True)
class Followed:
    """One unit of a part along a chain of lanes, one entry a lane.

    Parameters
    ----------
    values : tuple of float
        What it is worth when it leaves, duty paid before included (USD).
    duties : tuple of float
        What it owes on that lane (USD): of the duty on what it was built into, the part that falls on its share.
    """

    values: tuple[float, ...]
    duties: tuple[float, ...]

    def paying(self) -> int:
        """How many lanes charge a duty."""
        return sum(duty > 0 for duty in self.duties)


def borders_of(network: Network, lanes: Sequence[str]) -> list[Border]:
    """Every border along a chain of lanes by their usual routes, in order."""
    steps = [step for lane in lanes for step in network.routes_of(network.lanes[lane])[0].steps if step.crossing]
    return [Border(network.crossings[step.crossing].to_country, step.movement) for step in steps]


def follow(scenario: Scenario, lanes: Sequence[str], part: str) -> Followed:
    """Follow one unit of a part along a chain of lanes, one planned load a lane, under a scenario.

    Parameters
    ----------
    lanes : sequence of str
        From raw material to the buyer; before the part is finished, what it is made of is followed.
    part : str
        One of those that the lanes carry.
    """
    ready = prepare(scenario)
    flow = planned_flow(ready.network, scenario.start)
    unit = assess(flow, ready.network, ready.law, ready.decisions.claims, ready.parameters).unit
    owed = unit.duty() - unit.duty(landed=False)
    made = stage_of(ready.network, lanes, part)
    values: list[float] = []
    duties: list[float] = []
    for place, lane in enumerate(lanes):
        node = flow.lane_ids.index(lane)
        price = float(unit.price[node])
        value = price if place <= made else values[-1] + duties[-1]
        values.append(value)
        duties.append(float(owed[node]) * value / price)
    return Followed(tuple(values), tuple(duties))


def stage_of(network: Network, lanes: Sequence[str], part: str) -> int:
    """The first place along a chain of lanes, from 0, at which a part is carried."""
    return next(place for place, lane in enumerate(lanes) if network.lanes[lane].part == part)


def climb(network: Network, lanes: Sequence[str], free: Followed, taxed: Followed, rate: float) -> Climb:
    """Duty so far after each border, in percent of the worth without duty: as assessed, and by the closed form.

    Parameters
    ----------
    free, taxed : Followed
        The same part without and with a duty at every border.
    rate : float
        Of that duty, as a fraction of value.

    Notes
    -----
    With the value :math:`v_n` that is added before each dutiable border, :math:`p_n = (p_{n-1} + v_n)(1 + t)`.
    """
    worth = free.values[-1]
    assessed, formula, owed, before, price = [], [], 0.0, 0.0, 0.0
    for lane, value, duty in zip(lanes, free.values, taxed.duties, strict=True):
        for border in borders_of(network, [lane]):
            if border.movement == "entry" and duty:
                owed += duty
                price, before = (price + value - before) * (1 + rate), value
            assessed.append(100 * owed / worth)
            formula.append(100 * (price - before) / worth)
    return Climb(f"{100 * rate:g} %", assessed, formula)


def why_free(border: Border) -> str:
    """Why a border charges nothing, in words."""
    return {"temporary": "a temporary import", "in_bond": "in bond"}.get(
        border.movement, "an entry from overseas, free"
    )
