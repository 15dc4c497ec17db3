"""Assessment: what every entry owes and what every load costs, planned or recorded, under one law."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from sim.customs.book import CARRIED, COST, FEES, US_CONTENT, RuleBook, epochs_of, read_book
from sim.customs.claims import Claims
from sim.customs.content import Origin
from sim.customs.credits import Credit, open_drawing
from sim.customs.entries import ChargeRows
from sim.customs.flow import Floats, Flow, Ints
from sim.customs.planned import planned_flow
from sim.customs.rollup import roll_up
from sim.customs.state import Batch, Chooser, Rollup, Standard, open_rollup
from sim.errors import SimError
from sim.law import Law
from sim.network.model import Network
from sim.network.stated import days_of
from sim.parameters import Parameters

ROUNDS = 8  # at most: credit drawn upstream changes prices, hence duties and credit downstream
TRUE_UP = ("true_up_duty", "true_up_fees")  # quantities carried besides those of the roll-up


@dataclass(frozen=True, slots=True)
class UnitTable:
    """Values of one unit of each load, US dollars unrounded, by component.

    Parameters
    ----------
    columns : tuple of str
        `COST`, then ``duty:<programme>`` for each programme met.
    works : float64[nodes, columns]
        Before the load leaves: its own making and all that its inputs brought.
    landed : float64[nodes, columns]
        After the journey: own freight, duty, fees, time at borders and carrying on the way included. Duty and fees
        hold what is owed later by way of true-up.
    carried_columns : tuple of str
    carried : float64[nodes, carried_columns]
        Landed quantities that are no further costs: labour hours, passages, border hours and the like, and the
        parts of duty and fees that are true-up.
    price : float64[nodes]
        Value ex works as customs sees it: without true-up, of which nobody knew yet.
    """

    columns: tuple[str, ...]
    works: Floats
    landed: Floats
    carried_columns: tuple[str, ...]
    carried: Floats
    price: Floats

    def column(self, name: str, landed: bool = True) -> Floats:
        """One component by name; zeros where a programme was never met.

        Raises
        ------
        KeyError
            No such component or quantity.
        """
        if name in self.carried_columns:
            return self.carried[:, self.carried_columns.index(name)]
        if name not in self.columns and not name.startswith("duty:"):
            raise KeyError(name)
        table = self.landed if landed else self.works
        return table[:, self.columns.index(name)] if name in self.columns else np.zeros(len(table))

    def duty(self, landed: bool = True) -> Floats:
        """Duty embodied in one unit, all programmes."""
        first = len(COST)
        total: Floats = (self.landed if landed else self.works)[:, first:].sum(axis=1)
        return total


@dataclass(frozen=True, slots=True)
class Assessment:
    """Duties, fees, unit costs and origins of a flow.

    Parameters
    ----------
    flow : Flow
    rows : ChargeRows
        What entries owe, to the cent.
    unit : UnitTable
    origins : tuple of Origin
        By recipe (supply order) and day from which the rule applied.
    importers, agreements : tuple of str
        Names behind the indices below.
    entry_importer, entry_claim, entry_agreement : int64[entries]
        Who imports, what was claimed (0 = nothing), which agreement was in force (0 = none).
    entry_originates : bool[entries]
        Whether the goods met the rule in force, by what was really made.
    entry_value_cents : float64[entries]
        Customs value, unrounded.
    chain, entry_chain : int64[nodes]
        Most borders (entries) that any material inside the load passed.
    standard : Standard, optional
        Planned values of the lanes on the first day, which seeds take over.
    credits : tuple of Credit
        Accounts on which entries could draw; empty where the law of the run has none, and in plans.
    """

    flow: Flow
    rows: ChargeRows
    unit: UnitTable
    origins: tuple[Origin, ...]
    importers: tuple[str, ...]
    agreements: tuple[str, ...]
    entry_importer: Ints
    entry_claim: Ints
    entry_agreement: Ints
    entry_originates: np.ndarray[tuple[int], np.dtype[np.bool_]]
    entry_value_cents: Floats
    chain: Ints
    entry_chain: Ints
    standard: Standard | None = None
    credits: tuple[Credit, ...] = ()

    def origin(self, recipe: str, on: dt.date | None = None, made: dt.date | None = None, importer: str = "") -> Origin:
        """Origin of a recipe's output under the rule of a day; by default the last one applied.

        Parameters
        ----------
        on : date, optional
            Day whose rule is asked.
        made : date, optional
            Day in whose averaging period the goods were made; by default `on`.
        importer : str
            Country of entry whose reading of the agreement counts; empty for the reading in general.

        Raises
        ------
        SimError
            The recipe made nothing in the flow.
        """
        own = [x for x in self.origins if x.recipe == recipe]
        plain = _last([x for x in own if not x.importer], on, made)
        if plain is None:
            raise SimError("assessment", [f"'{recipe}' made nothing, so its origin is not known"])
        there = [x for x in own if x.importer == importer and x.begins == plain.begins] if importer else []
        read = [x for x in there if plain.on <= x.on and (on is None or x.on <= on)]
        return read[-1] if read else plain


def _last(own: list[Origin], on: dt.date | None, made: dt.date | None) -> Origin | None:
    """The test of the last period begun by a day under the last rule applied by a day, or the first there is."""
    day = made or on
    period = [x for x in own if day is None or x.begins is None or x.begins <= day]
    latest = [x for x in period if x.begins == period[-1].begins] if period else own
    begun = [x for x in latest if on is None or x.on <= on]
    return begun[-1] if begun else next(iter(latest), None)


def assess(
    flow: Flow,
    network: Network,
    law: Law,
    claims: Claims,
    parameters: Parameters,
    known: dt.date | None = None,
) -> Assessment:
    """Assess every entry of a flow and roll up the cost and content of every load.

    Parameters
    ----------
    flow : Flow
        Planned or recorded.
    network : Network
    law : Law
    claims : Claims
        What is claimed by lane and entry; a claim is made under whichever agreement is in force on the day.
    parameters : Parameters
    known : date, optional
        Law published by this day only; None for the law as it is known today.

    Returns
    -------
    Assessment

    Notes
    -----
    Customs value = price ex works: production cost with the freight of its inputs, and what was paid in
    duty, fees and compliance upstream times the pass-through; countries that include freight add the
    freight to the border. Unit values stay unrounded; only entry rows are rounded. Seeds carry the planned
    cost and content of their lane on the first day of the run.
    """
    crossings = tuple(network.crossings[crossing].to_country for crossing in flow.crossing_ids)
    chooser = _as_claimed(flow, claims)
    standard = _standard(flow, network, law, claims, parameters, known) if not flow.is_planned else None
    return _run(flow, network, law, parameters, claims.regime, chooser, crossings, standard, known)


def assess_choosing(
    flow: Flow,
    network: Network,
    law: Law,
    choose: Chooser,
    regime: str,
    parameters: Parameters,
    known: dt.date | None,
) -> Assessment:
    """Assess a planned flow while deciding, level by level, what to claim.

    Parameters
    ----------
    choose : callable
        Given the roll-up so far and a batch of entry lines, the agreement index claimed on each (0 = none).
    regime : str
        Border regime of claimed entries.
    """
    crossings = tuple(network.crossings[crossing].to_country for crossing in flow.crossing_ids)
    return _run(flow, network, law, parameters, regime, choose, crossings, None, known)


def _run(
    flow: Flow,
    network: Network,
    law: Law,
    parameters: Parameters,
    regime: str,
    choose: Chooser,
    crossings: tuple[str, ...],
    standard: Standard | None,
    known: dt.date | None,
) -> Assessment:
    rules = RuleBook(law, epochs_of(flow, law, days_of(network.stated)), known)
    book, share = read_book(network), parameters.offset_drawn_pct / 100
    drawing = open_drawing(flow, book, law, rules.epochs, crossings, share, known)
    for _ in range(ROUNDS):
        state = open_rollup(flow, book, law, rules, parameters, regime, crossings, drawing)
        roll_up(state, crossings, choose, standard)
        if drawing is None or drawing.settles(allotted := drawing.share_out(flow)):
            break
        drawing = drawing.again(allotted)
    return _seal(state, crossings, standard)


def _as_claimed(flow: Flow, claims: Claims) -> Chooser:
    """Claim as decided beforehand for the day, under the agreement that is in force at the entry."""
    held = [span.agreements for span in claims.spans] or [claims.agreements]
    begins = np.array([span.begins.toordinal() for span in claims.spans[1:]], dtype=np.int64)
    deepest = int(flow.entry_position.max(initial=0)) + 1
    wanted = np.zeros((len(held), len(flow.lane_ids), deepest), dtype=np.bool_)
    index = {lane: row for row, lane in enumerate(flow.lane_ids)}
    for span, agreements in enumerate(held):
        for lane, position in agreements:
            if lane in index and position < deepest:
                wanted[span, index[lane], position] = True

    def choose(_: Rollup, batch: Batch) -> Ints:
        span = np.searchsorted(begins, flow.entry_on[batch.lines.entry], side="right")
        return np.where(wanted[span, batch.lane, batch.position], batch.agreement, 0)

    return choose


def _seal(state: Rollup, crossings: tuple[str, ...], standard: Standard | None) -> Assessment:
    flow = state.flow
    programmes, late = tuple(state.writer.programmes), state.late
    count = len(programmes)
    state.duty_column(count - 1)
    importer = np.array([state.importers.index(c) for c in crossings], dtype=np.int64)
    epoch, entered = state.epochs.of(flow.entry_on), importer[flow.entry_crossing]
    places = {
        "node": flow.entry_node,
        "lane": flow.lane[flow.entry_node],
        "position": flow.entry_position,
        "on": flow.entry_on,
    }
    originates = state.tracing.status(flow.entry_node, epoch, entered)
    if flow.is_planned:
        standard = _as_standard(state, programmes)
    price = state.value(slice(None))
    # Tables go as soon as their sealed copies are there: those of a long run of the continent take a gigabyte.
    nothing = np.empty((0, 0))
    state.tracing.data = nothing
    works = _with_late(state, landed=False)
    state.works = state.duty_works = nothing
    landed = _with_late(state, landed=True)
    state.landed = state.duty = nothing
    carried = np.column_stack((state.carried, late.duty(count, True).sum(axis=1), late.fees(True)))
    state.carried = nothing
    unit = UnitTable(
        columns=(*COST, *(f"duty:{name}" for name in programmes)),
        works=works,
        landed=landed,
        carried_columns=(*CARRIED, *TRUE_UP),
        carried=carried,
        price=price,
    )
    return Assessment(
        flow=flow,
        rows=state.writer.seal(places),
        unit=unit,
        origins=tuple(state.tracing.origins),
        importers=state.importers,
        agreements=state.agreements,
        entry_importer=entered,
        entry_claim=state.claim,
        entry_agreement=state.agreement,
        entry_originates=originates,
        entry_value_cents=state.customs_cents,
        chain=state.chain,
        entry_chain=state.entry_chain,
        standard=standard,
        credits=state.drawing.credits if state.drawing else (),
    )


def _as_standard(state: Rollup, programmes: tuple[str, ...]) -> Standard:
    return Standard(
        lane_ids=state.flow.lane_ids,
        landed=state.landed,
        carried=state.carried,
        duty=state.duty,
        programmes=programmes,
        tracing=state.tracing.data,
        chain=state.chain,
        entry_chain=state.entry_chain,
        us_share=_us_share(state),
        origins=tuple(state.tracing.origins),
    )


def _us_share(state: Rollup) -> Floats:
    price, share = state.value(slice(None)), np.full(state.flow.nodes, np.nan)
    np.divide(state.carried[:, US_CONTENT], price, out=share, where=price > 0)
    return share


def _with_late(state: Rollup, landed: bool) -> Floats:
    """Unit values with what is owed later: duty by programme, and fees."""
    cost, duty = (state.landed, state.duty) if landed else (state.works, state.duty_works)
    if not state.late.columns:
        return np.hstack((cost, duty))
    whole = np.hstack((cost, duty + state.late.duty(duty.shape[1], landed)))
    whole[:, FEES] += state.late.fees(landed)
    return whole


def _standard(
    flow: Flow, network: Network, law: Law, claims: Claims, parameters: Parameters, known: dt.date | None
) -> Standard:
    values = tuple(item.value for item in parameters.ranges.values())
    regimes = tuple(parameters.regimes.values())
    key = (network.digest, law.digest, flow.begins, claims.digest(), values, regimes, parameters.worth, known)
    question = _Question(key, network, law, claims, parameters)
    # Networks made by hand carry no digest, so nothing tells them apart: they are asked anew.
    return _remembered(question) if network.digest else _answer(question)


@dataclass(frozen=True, slots=True)
class _Question:
    """What the standard values depend on: told apart by `key`, answered from the rest."""

    key: tuple[object, ...]
    network: Network = field(compare=False)
    law: Law = field(compare=False)
    claims: Claims = field(compare=False)
    parameters: Parameters = field(compare=False)


def _answer(question: _Question) -> Standard:
    begins, known = question.key[2], question.key[-1]
    assert isinstance(begins, dt.date)
    planned = planned_flow(question.network, begins)
    known_on = known if isinstance(known, dt.date) else None
    found = assess(planned, question.network, question.law, question.claims, question.parameters, known_on).standard
    assert found is not None
    # Where suppliers change within the run no share of the plan holds throughout: each load counts by itself.
    return found if question.network.is_settled else replace(found, us_share=np.full(len(found.lane_ids), np.nan))


_remembered = lru_cache(maxsize=16)(_answer)  # the scenarios of a study, over its replications
