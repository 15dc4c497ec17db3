"""One scenario, one replication: plan, simulate, assess, measure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.customs import Flow, assess, ledger_flow
from sim.engines import COMPILED, ENGINES, engine_named
from sim.errors import ScenarioError
from sim.law import Law, load_law
from sim.ledger.balance import check_balances
from sim.ledger.files import write_ledger
from sim.ledger.ledger import Ledger
from sim.measures import DayRow, Row, daily, measure
from sim.measures.context import BorderTax, Deposits
from sim.network import Network
from sim.parameters import Parameters
from sim.plan import Plan
from sim.planning import Decisions, build, decide, require_warm_up
from sim.planning.build import Shared
from sim.planning.claims import ClaimRule
from sim.planning.stocking import StockRule
from sim.replication.baseline import require_fair
from sim.replication.facts import gather_facts
from sim.scenario import Scenario
from sim.sourcing.decide import choose_plan
from sim.sourcing.run import Resourced, SourcingRule, changes_sources, resource
from sim.units import PPM

DEPOSITS = "us/antidumping"  # group of the duties that are deposits, settled years later
WHOSE = "goods_of"  # whose deposits a schedule of the law reviews: of goods made in the region, or elsewhere
SHARES = ("expected_refund_share", "expected_refund_share_low", "expected_refund_share_high")
# Read only where a scenario puts goods under an order.
UNREAD = ("us/trade_remedies",)
ORDERS = ("antidumping_order", "countervailing_order")
ADJUSTED = ("rate", "export_rebate", "exchange_offset")  # values of a border-adjusted tax

__all__ = ["ENGINES", "Cache", "Prepared", "Run", "prepare", "require_ready", "run_once", "simulate"]

MOST_LEDGERS = 4  # kept for further scenarios of a replication


@dataclass(frozen=True, slots=True)
class Prepared:
    """What all replications of a scenario share."""

    scenario: Scenario
    network: Network
    law: Law
    parameters: Parameters
    decisions: Decisions
    resourced: Resourced | None = None  # where firms change their sources
    stocking: StockRule | None = None  # a rule of one's own


@dataclass(slots=True)
class Cache:
    """What the scenarios of one replication share: everybody else's trucks, and the ledgers of equal plans."""

    planning: Shared = field(default_factory=Shared)
    ledgers: dict[str, Ledger] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """Results of one replication.

    Parameters
    ----------
    rows : list of Row
        Every measure.
    days : list of DayRow
        The run day by day.
    facts : dict
        Plain JSON values that figures and explanations need beside the measures.
    """

    scenario: str
    replication: int
    rows: list[Row]
    days: list[DayRow]
    plan_digest: str
    ledger_digest: str
    facts: dict[str, Any]

    def _repr_html_(self) -> str:
        from html import escape

        counts = ", ".join(
            f"{n:,} {escape(name.replace('_', ' '))}" for name, n in self.facts.get("counts", {}).items()
        )
        digests = f"plan {self.plan_digest[:12]}, ledger {self.ledger_digest[:12]}"
        return f"<b>{escape(self.scenario)}</b>, replication {self.replication}<br><small>{counts}; {digests}</small>"


def prepare(
    scenario: Scenario,
    claiming: ClaimRule | None = None,
    sourcing: SourcingRule = choose_plan,
    stocking: StockRule | None = None,
) -> Prepared:
    """Load network and law, and take the scenario's decisions.

    Firms that are ``fixed`` claim no more than they would under the law without the scenario's reforms. Where they
    change sources, the network is that of the run with the changes that fall into it.

    Parameters
    ----------
    claiming : callable, optional
        A rule of one's own for claims, instead of the comparison of costs; see `sim/sourcing/README.md`.
    sourcing : callable, optional
        A rule of one's own for the plan of a vehicle, where firms change sources.
    stocking : callable, optional
        A rule of one's own for the days of use that a lane holds beyond the ordinary on a day.

    Raises
    ------
    NetworkError, LawError
        The network or the law cannot be loaded, with every problem.
    """
    network = scenario.load_network()
    law = load_law(scenario.reforms)
    parameters = scenario.values()
    if changes_sources(scenario):
        resourced = resource(scenario, network, law, parameters, sourcing)
        network, transition = resourced.network, resourced.transition
        decisions = decide(scenario, network, law, parameters, None, transition, claiming)
        return Prepared(scenario, network, law, parameters, decisions, resourced, stocking)
    before = load_law(()) if scenario.reforms and scenario.firms == "fixed" else None
    decisions = decide(scenario, network, law, parameters, before, None, claiming)
    return Prepared(scenario, network, law, parameters, decisions, None, stocking)


def require_ready(scenario: Scenario) -> None:
    """Refuse what would fail in every replication, before anything is run.

    Raises
    ------
    PlanError, NetworkError, LawError
        The warm-up is too short, or network or law cannot be loaded.
    ScenarioError
        A reform changes only law that this run does not read.
    """
    require_warm_up(scenario, scenario.load_network())
    load_law(scenario.reforms)
    _require_read(scenario)


def _require_read(scenario: Scenario) -> None:
    """Refuse a reform of which a run would show no effect although it has one."""
    problems: list[str] = []
    if any(stated.fact in ORDERS for stated in scenario.goods):
        return
    for number, reform in enumerate(scenario.reforms):  # each on top of those before it, whose values it may change
        before, after = (load_law(scenario.reforms[:count]) for count in (number, number + 1))
        paths = [row.path for row in before.difference(after)]
        if paths and all(path.startswith(UNREAD) for path in paths):
            problems.append(
                f"reform '{Path(reform).stem}' changes {paths[0].rsplit('/', 1)[0]} only, which runs read only "
                "where goods are under an order: there is none. State one under 'goods', or ask 'sim duty'."
            )
    if problems:
        raise ScenarioError(scenario.name, problems)


def _border_tax(prepared: Prepared) -> BorderTax:
    """The border-adjusted taxes of the law on the first measured day, together."""
    on_imports = off_exports = 0.0
    for programme in prepared.law.by_path.values():
        if programme.importer == "US" and set(ADJUSTED) <= set(programme.values):
            values = (programme.value(name, prepared.scenario.start, None).value for name in ADJUSTED)
            rate, rebate, offset = (int(str(value)) / PPM for value in values)
            on_imports += rate * (1 - offset)
            off_exports += rebate * (1 - offset)
    return BorderTax(on_imports, off_exports)


def _deposits(prepared: Prepared) -> Deposits:
    """Which duties of the law are deposits, and what is expected back of them on the first measured day."""
    law, on = prepared.law, prepared.scenario.start
    programmes = tuple(path for path, programme in law.by_path.items() if DEPOSITS in programme.groups)
    back = {}
    for programme in law.by_path.values():
        if {WHOSE, *SHARES} <= set(programme.values):
            first, low, high = (int(str(programme.value(name, on, None).value)) / PPM for name in SHARES)
            back[str(programme.value(WHOSE, on, None).value)] = (first, low, high)
    return Deposits(programmes, back)


def simulate(plan: Plan, engine: str = COMPILED) -> Ledger:
    """Run a plan on an engine by name and check the ledger's balances.

    Raises
    ------
    PlanError
        A lane needs more loads than the plan has drawn.
    LedgerError
        A balance does not hold: a defect of the program.
    """
    ledger = engine_named(engine)(plan)
    check_balances(plan, ledger)
    return ledger


def run_once(
    prepared: Prepared,
    replication: int,
    cache: Cache | None = None,
    *,
    engine: str = COMPILED,
    is_baseline: bool = False,
    ledgers: Callable[[str], Path] | None = None,
) -> Run:
    """Run one replication of a prepared scenario.

    Parameters
    ----------
    replication : int
        Number of the replication, from 0; with the scenario's seed it fixes every draw.
    cache : Cache, optional
        Pass the same one to all scenarios of a replication: they then share background traffic, and equal plans
        share their ledger.
    is_baseline : bool
        Refuse the scenario when its lines stand still more than a baseline may.
    ledgers : callable, optional
        From the digest of a plan to the folder in which its ledger is stored, unless it is there already.

    Raises
    ------
    PlanError
        The warm-up is too short, or the baseline is not fair.
    LedgerError
        A balance does not hold: a defect of the program.
    """
    shared = Cache() if cache is None else cache
    scenario, network = prepared.scenario, prepared.network
    clock = scenario.clock()
    transition = prepared.resourced.transition if prepared.resourced else None
    decided = prepared.decisions, prepared.parameters
    plan = build(scenario, network, *decided, replication, shared.planning, transition, prepared.stocking)
    digest = plan.digest()
    if digest not in shared.ledgers:
        shared.ledgers[digest] = simulate(plan, engine)
        while len(shared.ledgers) > MOST_LEDGERS:  # a sweep may have hundreds of plans
            shared.ledgers.pop(next(iter(shared.ledgers)))
    ledger = shared.ledgers[digest]
    if ledgers is not None and not ledgers(digest).is_dir():
        write_ledger(plan, ledger, ledgers(digest))
    flow: Flow = ledger_flow(network, plan, ledger, clock)
    assessment = assess(flow, network, prepared.law, prepared.decisions.claims, prepared.parameters)
    asked = (scenario.shocks, _border_tax(prepared), _deposits(prepared))
    rows = measure(network, plan, ledger, flow, assessment, clock, prepared.parameters, *asked)
    if is_baseline:
        down = next(row.value for row in rows if (row.measure, row.vehicle) == ("line_down_pct", "all"))
        require_fair(scenario.name, down, plan, ledger)
    facts = (
        gather_facts(network, prepared.law, plan, ledger, assessment, prepared.decisions.claims, clock)
        if replication == 0
        else {}
    )
    if facts and prepared.resourced:
        facts["sourcing"] = [dict(row) for row in prepared.resourced.told]
    return Run(scenario.name, replication, rows, daily(plan, ledger, clock), digest, ledger.digest(), facts)
