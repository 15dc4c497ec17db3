"""The registry: every measure with its unit, direction, definition and function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sim.clock import Clock
from sim.customs.assess import Assessment
from sim.customs.balance import check_duties
from sim.customs.flow import Flow
from sim.ledger.ledger import Ledger
from sim.measures import border, content, cost, disruption, jobs, lines, service, trade
from sim.measures.context import BorderTax, Context, Deposits, Function, Row, open_context
from sim.network.model import Network
from sim.parameters import Parameters
from sim.plan import Plan
from sim.references import Reference
from sim.scenario import Shock

OWN = Reference("nafta-sim definition", status="assumption")
LITTLE = Reference("J. D. C. Little, A proof for the queuing formula L = lambda W, Operations Research 9 (1961)")
NET_COST = Reference("SOR/94-14 s.6, s.9 and s.13; SOR/2020-155 s.7, s.13 and s.14")
AVERAGING = Reference("SOR/94-14 s.11 and SOR/2020-155 s.16: averaging, and notice where the year's costs fail")


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured.

    Parameters
    ----------
    name : str
    unit : str
    better : str
        ``less``, ``more``, or empty where neither is.
    definition : str
        The docstring of the function, as one text.
    reference : Reference
    function : callable
        From a `Context` to (vehicle, item, value).
    """

    name: str
    unit: str
    better: str
    definition: str
    reference: Reference
    function: Function

    def rows(self, context: Context) -> list[Row]:
        """Evaluate on one run."""
        return [Row(self.name, vehicle, item, float(value)) for vehicle, item, value in self.function(context)]


def _measure(name: str, unit: str, better: str, function: Function, reference: Reference = OWN) -> Measure:
    definition = " ".join((function.__doc__ or "").split())
    return Measure(name, unit, better, definition, reference, function)


REGISTRY: Mapping[str, Measure] = MappingProxyType(
    {
        measure.name: measure
        for measure in (
            _measure("cost_per_vehicle_usd", "USD/vehicle", "less", cost.cost_per_vehicle),
            _measure("cost_by_market_usd", "USD/vehicle", "less", cost.cost_by_market),
            _measure("duty_per_vehicle_usd", "USD/vehicle", "less", cost.duty_per_vehicle),
            _measure("offset_credit_usd", "USD/vehicle", "", cost.offset_credit),
            _measure("drawback_usd", "USD/vehicle", "", cost.drawback),
            _measure("true_up_duty_usd", "USD/vehicle", "less", cost.true_up_duty, AVERAGING),
            _measure("stoppage_usd", "USD", "less", cost.stoppage_cost),
            _measure("crossings_per_vehicle", "borders", "", border.crossings_per_vehicle),
            _measure("border_hours_per_vehicle", "h/vehicle", "less", border.border_hours_per_vehicle),
            _measure("border_wait_min", "min", "less", border.border_wait),
            _measure("border_passages", "trucks", "", border.border_passages),
            _measure("border_line_wait_min", "min", "less", lines.line_wait),
            _measure("yard_outside_h", "h", "less", lines.yard_outside),
            _measure("background_trucks", "trucks", "", disruption.background_trucks),
            _measure("worst_wait_h", "h", "less", disruption.worst_wait),
            _measure("queue_clears_h", "h", "less", disruption.queue_clears),
            _measure("first_stop_h", "h", "more", disruption.first_stop),
            _measure("stopped_pct", "%", "less", disruption.stopped),
            _measure("line_down_h", "h", "less", service.line_down_h),
            _measure("line_down_pct", "%", "less", service.line_down_pct),
            _measure("vehicles_built", "vehicles", "more", service.vehicles_built),
            _measure("loads_expedited", "loads", "less", service.loads_expedited),
            _measure("vehicles_lost", "vehicles", "less", service.vehicles_lost),
            _measure("content_pct", "%", "", content.content_pct, NET_COST),
            _measure("threshold_pct", "%", "", content.threshold_pct, NET_COST),
            _measure("originating_pct", "%", "", content.originates, NET_COST),
            _measure("claim_pct", "%", "", trade.claim_pct),
            _measure("receipts_usd", "USD", "", trade.receipts),
            _measure("trade_usd", "USD", "", trade.trade),
            _measure("trade_balance_usd", "USD", "", trade.trade_balance),
            _measure("border_tax_usd", "USD", "less", trade.border_tax),
            _measure("deposits_usd", "USD", "less", trade.deposits),
            _measure("labour_h", "h", "", jobs.labour_h),
            _measure("labour_h_per_vehicle", "h/vehicle", "", jobs.labour_h_per_vehicle),
            _measure("lead_time_h", "h", "less", service.lead_time),
            _measure("days_of_supply", "d", "", service.days_of_supply, LITTLE),
        )
    }
)


def measure(
    network: Network,
    plan: Plan,
    ledger: Ledger,
    flow: Flow,
    assessment: Assessment,
    clock: Clock,
    parameters: Parameters,
    shocks: tuple[Shock, ...] = (),
    border_tax: BorderTax = BorderTax(),  # noqa: B008  frozen
    deposits: Deposits | None = None,
) -> list[Row]:
    """Every measure of one run.

    Parameters
    ----------
    network, plan, ledger : Network, Plan, Ledger
        The run.
    flow : Flow
        The ledger's flow.
    assessment : Assessment
        Of that flow.
    clock : Clock
        Its window [start, end) is what is measured.
    parameters : Parameters
    shocks : tuple of Shock
        Of the scenario; what is measured from the first of them needs it.
    border_tax : BorderTax
        Of the law on the first measured day.
    deposits : Deposits, optional
        Likewise.

    Returns
    -------
    list of Row
        In the order of the registry; a measure without cases (no vehicle delivered, no border reached) has
        none.

    Raises
    ------
    LedgerError
        Duty paid is not duty embodied: a defect of the program.
    """
    check_duties(network, assessment)
    context = open_context(network, plan, ledger, flow, assessment, clock, parameters, shocks, border_tax, deposits)
    return [row for item in REGISTRY.values() for row in item.rows(context)]
