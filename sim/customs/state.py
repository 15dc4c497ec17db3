"""Working state of the roll-up: unit values by load, and what is claimed and owed so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from sim.customs.book import CARRIED, COMPLIANCE, COST, FEES, FREIGHT, Book, Epochs, RuleBook
from sim.customs.claiming import cost_factors
from sim.customs.content import Origin
from sim.customs.credits import Drawing
from sim.customs.entries import Lines, RowWriter
from sim.customs.flow import Floats, Flow, Ints
from sim.customs.periods import periods_of
from sim.customs.refunds import Refunds
from sim.customs.tracing import Tracing, open_tracing
from sim.customs.true_up import Late
from sim.law import Law
from sim.parameters import Parameters

PCT = 10_000.0  # parts per million


@dataclass(frozen=True, slots=True)
class Batch:
    """Entry lines of one level, with what a decision to claim needs.

    Parameters
    ----------
    lines : Lines
    lane, position : int64[lines]
    agreement : int64[lines]
        Index (in `Rollup.agreements`) of the agreement in force between importer and exporter, 0 for none.
    """

    lines: Lines
    lane: Ints
    position: Ints
    agreement: Ints


Chooser = Callable[["Rollup", Batch], Ints]


@dataclass(frozen=True, slots=True)
class Standard:
    """Planned unit values by lane, which seeds take: landed cost, carried values, duty, tracing.

    `us_share` is the part of the price that was made in the United States, as makers document it of a model or an
    article; NaN where suppliers change within the run.
    """

    lane_ids: tuple[str, ...]
    landed: Floats
    carried: Floats
    duty: Floats
    programmes: tuple[str, ...]
    tracing: Floats
    chain: Ints
    entry_chain: Ints
    us_share: Floats
    origins: tuple[Origin, ...]


@dataclass(slots=True)
class Rollup:
    """Working state: per node, unit values ex works and landed. Columns as in `COST`, `CARRIED`.

    `duty_works` and `duty` hold duty embodied in one unit by programme, before and after the load's own
    entries. `claim` is by entry: the index in `agreements` of what was claimed. `documented` is by lane: the part
    of the value that is United States content as makers documented it (of a model line, 90 FR 21450, 20 May 2025, which
    lets them give averages; of parts in the same way, an assumption); NaN where each load counts by itself.
    """

    flow: Flow
    book: Book
    law: Law
    rules: RuleBook
    parameters: Parameters
    regime: str
    importers: tuple[str, ...]
    agreements: tuple[str, ...]
    works: Floats
    landed: Floats
    carried: Floats
    duty_works: Floats
    duty: Floats
    claim: Ints
    agreement: Ints
    customs_cents: Floats
    chain: Ints
    entry_chain: Ints
    tracing: Tracing
    late: Late
    drawing: Drawing | None
    refunds: Refunds | None
    documented: Floats
    factors: Floats | None = None  # [recipes, importers]: on the private cost of a claim; None where all are 1
    writer: RowWriter = field(default_factory=RowWriter)

    @property
    def epochs(self) -> Epochs:
        """Stretches of days between changes of the law."""
        return self.rules.epochs

    def value(self, nodes: Ints | slice, landed: bool = False) -> Floats:
        """Price of one unit, US dollars: production cost, and levies upstream at the pass-through.

        Time at borders, stock carrying and expediting are costs of the chain; no supplier invoices them load by load.
        """
        cost, duty = (self.landed, self.duty) if landed else (self.works, self.duty_works)
        passed = self.parameters.pass_through_pct / 100
        levied = cost[nodes, FEES] + cost[nodes, COMPLIANCE] + duty[nodes].sum(axis=1)
        price: Floats = cost[nodes, : FREIGHT + 1].sum(axis=1) + passed * levied
        return price

    def duty_column(self, programme: int) -> None:
        """Make room for a programme met for the first time."""
        missing = programme + 1 - self.duty.shape[1]
        if missing > 0:
            self.duty = np.pad(self.duty, ((0, 0), (0, missing)))
            self.duty_works = np.pad(self.duty_works, ((0, 0), (0, missing)))


def open_rollup(
    flow: Flow,
    book: Book,
    law: Law,
    rules: RuleBook,
    parameters: Parameters,
    regime: str,
    importers: tuple[str, ...],
    drawing: Drawing | None = None,
) -> Rollup:
    """Empty tables for a flow.

    Parameters
    ----------
    regime : str
        Border regime that a claim brings; its compliance cost is charged on claimed entries.
    importers : tuple of str
        Country of each crossing of the flow, in the order of ``flow.crossing_ids``; repeats allowed.
    drawing : Drawing, optional
        Accounts of credit on which entries may draw.
    """
    nodes, entries = flow.nodes, len(flow.entry_node)
    names = tuple(sorted({*importers}))
    claimed = 0.0 if flow.is_planned else parameters.drawback_claimed_pct / 100
    points = (parameters.labour_technology_pct * PCT, parameters.labour_assembly_pct * PCT)
    regions = {rules.between(a, b, e) for a in names for b in book.country for e in range(len(rules.epochs.days))}
    return Rollup(
        flow=flow,
        book=book,
        law=law,
        rules=rules,
        parameters=parameters,
        regime=regime,
        importers=names,
        agreements=("", *sorted(regions - {""})),
        works=np.zeros((nodes, len(COST))),
        landed=np.zeros((nodes, len(COST))),
        carried=np.zeros((nodes, len(CARRIED))),
        duty_works=np.zeros((nodes, 0)),
        duty=np.zeros((nodes, 0)),
        claim=np.zeros(entries, dtype=np.int64),
        agreement=np.zeros(entries, dtype=np.int64),
        customs_cents=np.zeros(entries),
        chain=np.zeros(nodes, dtype=np.int64),
        entry_chain=np.zeros(nodes, dtype=np.int64),
        tracing=open_tracing(flow, book, rules, periods_of(flow, parameters.averaging_months), names, points),
        late=Late(nodes),
        drawing=drawing,
        documented=np.full(len(flow.lane_ids), np.nan),
        factors=_factors(book, names, parameters),
        refunds=Refunds(flow, book, law, rules, names, claimed) if claimed else None,
    )


def _factors(book: Book, importers: tuple[str, ...], parameters: Parameters) -> Floats | None:
    spread = parameters.claim_cost_spread
    return cost_factors([made.id for made in book.recipes], importers, spread) if spread else None
