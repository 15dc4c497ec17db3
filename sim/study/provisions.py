"""The duty in a vehicle, provision by provision: every entry of all that went into it, by the share that did."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.customs import Assessment
from sim.customs.flow import Floats, Flow

TRIFLE = 0.005  # US dollars a vehicle: less is not shown


@dataclass(frozen=True, slots=True)
class Share:
    """What one provision charged for a vehicle, mean over vehicles.

    Parameters
    ----------
    direct_usd, embedded_usd : float
        On the finished vehicle at a border, and on parts of it at any border upstream; US dollars a vehicle.
    goods : tuple of str
        Parts on which it was charged, those that weigh most first.
    entry : int
        The entry that weighs most; `sim explain --entry` tells it.
    """

    programme: str
    heading: str
    kind: str
    treasury: str
    direct_usd: float
    embedded_usd: float
    goods: tuple[str, ...]
    entry: int
    why: str
    reference: str
    href: str

    @property
    def usd(self) -> float:
        """US dollars a vehicle, in all."""
        return self.direct_usd + self.embedded_usd


def shares_in(flow: Flow, vehicles: Floats) -> Floats:
    """Units of each load that went into some vehicles, the vehicles' own units included.

    Parameters
    ----------
    vehicles : float64[nodes]
        Units that each load of finished vehicles counts for; 0 for all other loads.

    Notes
    -----
    Loads are visited against the order of supply, vehicles first, so that whatever a load went into has its share
    before it hands it on.
    """
    share = vehicles.astype(np.float64)
    order = np.argsort(-flow.recipe[flow.use_consumer], kind="stable")
    recipe = flow.recipe[flow.use_consumer][order]
    _, first = np.unique(-recipe, return_index=True)
    for uses in np.split(order, first[1:]):
        consumer = flow.use_consumer[uses]
        units = np.where(flow.units[consumer] > 0, flow.units[consumer], 1.0)
        np.add.at(share, flow.use_source[uses], share[consumer] * flow.use_units[uses] / units)
    return share


def provisions_of(assessment: Assessment, vehicles: Floats, names: dict[str, str]) -> tuple[tuple[Share, ...], float]:
    """What each provision charged some vehicles (credits and drawback below zero), and what opening stocks brought.

    Parameters
    ----------
    vehicles : float64[nodes]
        Units that each load of finished vehicles counts for; 0 for all other loads.
    names : mapping of str to str
        Words for the recipe of each good.

    Returns
    -------
    tuple of (tuple of Share, float)
        Largest first; then duty and fees, US dollars a vehicle, of loads that stood in stock when the run began: they
        carry what was planned, not entries.
    """
    flow, rows, unit = assessment.flow, assessment.rows, assessment.unit
    built = float(vehicles.sum())
    if not built:
        return (), 0.0
    share = shares_in(flow, vehicles)
    per_unit = np.where(flow.units > 0, share / np.where(flow.units > 0, flow.units, 1.0), 0.0)
    usd = rows.exact_cents / 100 * per_unit[rows.node] / built
    found = []
    for index in np.unique(rows.provision[usd != 0]).tolist():
        mine = np.flatnonzero((rows.provision == index) & (usd != 0))
        direct = float(usd[mine][vehicles[rows.node[mine]] > 0].sum())
        provision = rows.provisions[index]
        found.append(
            Share(
                programme=provision.programme,
                heading=provision.heading,
                kind=provision.kind,
                treasury=provision.treasury,
                direct_usd=direct,
                embedded_usd=float(usd[mine].sum()) - direct,
                goods=_goods(flow, rows.node[mine], usd[mine], names),
                entry=int(rows.entry[mine[np.argmax(np.abs(usd[mine]))]]),
                why=provision.why,
                reference=str(provision.reference),
                href=provision.reference.href,
            )
        )
    seeds = share * flow.is_seed * (unit.duty() + unit.column("fees")) / built
    return tuple(sorted(found, key=lambda x: -x.usd)), float(seeds.sum())


def _goods(
    flow: Flow, nodes: np.ndarray[tuple[int], np.dtype[np.int64]], usd: Floats, names: dict[str, str]
) -> tuple[str, ...]:
    weight = np.bincount(flow.recipe[nodes], np.abs(usd), len(flow.recipe_ids))
    order = [int(recipe) for recipe in np.argsort(-weight) if weight[recipe] > 0]
    return tuple(dict.fromkeys(names[flow.recipe_ids[recipe]] for recipe in order))
