"""The duty identity: what entries paid is in what was delivered, in stocks, in work and on the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.customs.assess import Assessment
from sim.errors import LedgerError
from sim.network.model import Network

TOLERANCE = 1e-9  # relative: sums of floating-point unit values


@dataclass(frozen=True, slots=True)
class DutyBalance:
    """Duty of one programme over a recorded flow, US dollars unrounded.

    Parameters
    ----------
    programme : str
    paid : float
        By the entries of the run.
    in_seeds : float
        Embodied in loads that existed when the clock began (planned, not paid in the run).
    in_delivered : float
        Embodied in vehicles received at their markets.
    in_stock, on_the_way : float
        Embodied in unused units: received, and not yet received or still worked on.
    """

    programme: str
    paid: float
    in_seeds: float
    in_delivered: float
    in_stock: float
    on_the_way: float

    @property
    def gap(self) -> float:
        """Paid and inherited, less embodied: zero but for floating point."""
        return self.paid + self.in_seeds - self.in_delivered - self.in_stock - self.on_the_way


def check_duties(network: Network, assessment: Assessment) -> tuple[DutyBalance, ...]:
    """Compare duty paid with duty embodied, programme by programme.

    Parameters
    ----------
    network : Network
    assessment : Assessment
        Of a recorded flow.

    Returns
    -------
    tuple of DutyBalance
        One per programme that is a duty.

    Raises
    ------
    LedgerError
        The identity is broken by more than a billionth.
    """
    balances = tuple(_balance(network, assessment, name) for name in _duties(assessment))
    problems = [
        f"duty under {x.programme}: paid {x.paid:.4f} + seeds {x.in_seeds:.4f} is not delivered "
        f"{x.in_delivered:.4f} + stock {x.in_stock:.4f} + on the way {x.on_the_way:.4f}"
        for x in balances
        if abs(x.gap) > TOLERANCE * max(1.0, abs(x.paid) + abs(x.in_seeds))
    ]
    if problems:
        raise LedgerError("assessment", problems)
    return balances


def _duties(assessment: Assessment) -> list[str]:
    fees = {p.programme for p in assessment.rows.provisions if p.kind == "fee"}
    met = {name.removeprefix("duty:") for name in assessment.unit.columns if name.startswith("duty:")}
    return sorted(met - fees)


def _balance(network: Network, assessment: Assessment, programme: str) -> DutyBalance:
    flow, rows = assessment.flow, assessment.rows
    unit = assessment.unit.column(f"duty:{programme}")
    own = rows.is_duty()
    if programme in rows.programmes:
        own = own & (rows.programme == rows.programmes.index(programme))
    else:
        own = np.zeros_like(own)
    used = np.bincount(flow.use_source, weights=flow.use_units, minlength=flow.nodes)
    left = np.where(flow.exists, flow.units - used, 0.0) * unit
    to_market = np.array([not network.lanes[lane].to_recipe for lane in flow.lane_ids])[flow.lane]
    received = flow.received_s >= 0
    return DutyBalance(
        programme=programme,
        paid=float(rows.exact_cents[own].sum() / 100),
        in_seeds=float((unit * flow.units)[flow.is_seed].sum()),
        in_delivered=float(left[to_market & received].sum()),
        in_stock=float(left[~to_market & received].sum()),
        on_the_way=float(left[~received].sum()),
    )
