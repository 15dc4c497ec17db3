"""Entering: entries of a level become lines, lines are charged as claimed, and failed claims owe the rest later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from sim.customs.book import COMPLIANCE, CREDIT, DRAWBACK, FEES, US_CONTENT
from sim.customs.claiming import verification_part
from sim.customs.credits import NONE, Drawing
from sim.customs.entries import AMOUNTS, Charged, Lines, charge_lines
from sim.customs.exchange import official_ratio
from sim.customs.flow import Flags, Floats, Ints
from sim.customs.refunds import Refunds
from sim.customs.state import Batch, Rollup
from sim.customs.true_up import FEES as LATE_FEES
from sim.customs.true_up import Difference, differences, only
from sim.law import consolidate

CENTS = 100.0
AMPLE = 10.0  # times the value: a credit that no duty exceeds


def batches(state: Rollup, entries: Ints, crossing_country: tuple[str, ...]) -> Iterator[Batch]:
    """Entries of a level in order along the route, so that a second entry knows of the first."""
    flow = state.flow
    earlier = entries - np.searchsorted(flow.entry_node, flow.entry_node[entries])  # 0 for a load's first entry
    country = np.array([state.importers.index(c) for c in crossing_country], dtype=np.int64)
    for turn in range(int(earlier.max(initial=-1)) + 1):
        yield _batch(state, entries[earlier == turn], country)


def _batch(state: Rollup, entries: Ints, country: Ints) -> Batch:
    flow, book = state.flow, state.book
    nodes = flow.entry_node[entries]
    recipe, importer = flow.recipe[nodes], country[flow.entry_crossing[entries]]
    epoch = state.epochs.of(flow.entry_on[entries])
    agreement = np.zeros(len(entries), dtype=np.int64)
    includes = np.zeros(len(entries), dtype=np.bool_)
    keys = np.stack((importer, recipe, epoch))
    distinct, inverse = np.unique(keys, axis=1, return_inverse=True)
    for index, (i, r, e) in enumerate(distinct.T):
        here = inverse.reshape(-1) == index
        agreement[here] = state.agreements.index(state.rules.between(state.importers[i], book.country[r], int(e)))
        includes[here] = state.rules.includes_freight(state.importers[i], int(e))
    originates = state.tracing.status(nodes, epoch, importer) & (agreement > 0)
    price = _entered_value(state, nodes) * _official_ratio(state, entries, importer)
    value = price + np.where(includes, flow.entry_freight_usd[entries] / flow.units[nodes], 0)
    amounts = _amounts(state, nodes, value)
    state.agreement[entries] = agreement
    state.customs_cents[entries] = amounts[:, 0]
    lines = Lines(entries, recipe, importer, epoch, originates, amounts)
    return Batch(lines, flow.lane[nodes], flow.entry_position[entries], agreement)


def _official_ratio(state: Rollup, entries: Ints, importer: Ints) -> Floats:
    """What customs makes of one unit of each price, as it counts at official rates of exchange."""
    flow, worth, ratio = state.flow, state.parameters.worth, np.ones(len(entries))
    if worth.moves:
        nodes = flow.entry_node[entries]
        is_us = np.array([country == "US" for country in state.importers])[importer]
        for own, where in ((np.flatnonzero(is_us), True), (np.flatnonzero(~is_us), False)):
            made, recipe = flow.made_on[nodes[own]], flow.recipe[nodes[own]]
            ratio[own] = official_ratio(state.book, worth, recipe, where, made, flow.entry_on[entries[own]])
    return ratio


def _entered_value(state: Rollup, nodes: Ints) -> Floats:
    """Price ex works, with duty and fees already paid on this very load at an earlier border."""
    passed = state.parameters.pass_through_pct / 100
    earlier = (state.landed[nodes] - state.works[nodes])[:, (FEES, COMPLIANCE)].sum(axis=1)
    earlier += (state.duty[nodes] - state.duty_works[nodes]).sum(axis=1)
    entered: Floats = state.value(nodes) + passed * earlier
    return entered


def _amounts(state: Rollup, nodes: Ints, value: Floats) -> Floats:
    flow, book = state.flow, state.book
    recipe = flow.recipe[nodes]
    amounts = np.empty((len(nodes), len(AMOUNTS)))
    amounts[:, 0] = value
    documented = state.documented[flow.lane[nodes]]
    us_content = np.where(np.isnan(documented), state.carried[nodes, US_CONTENT], documented * value)
    amounts[:, 1] = np.minimum(us_content, value)
    amounts[:, 2] = np.minimum(book.steel[recipe], value)
    amounts[:, 3] = np.minimum(book.aluminium[recipe], value - amounts[:, 2])
    amounts[:, 4] = value * state.tracing.regional_share(nodes)
    scaled: Floats = amounts * (flow.units[nodes] * CENTS)[:, None]
    return scaled


def enter(state: Rollup, batch: Batch, claims: Ints) -> None:
    """Charge a batch as claimed: rows for the entries, duty and fees onto the unit values."""
    flow, lines = state.flow, batch.lines
    state.claim[lines.entry] = claims
    nodes = flow.entry_node[lines.entry]
    found = owed(state, lines, claims)
    for charged in found:
        own = nodes[charged.lines]
        programme = state.writer.add(lines.entry[charged.lines], charged.charge)
        per_unit = charged.charge.amount / CENTS / flow.units[own]
        state.duty_column(programme)
        if charged.charge.kind == "duty":
            state.duty[own, programme] += per_unit
        else:
            state.landed[own, FEES] += per_unit
    if state.refunds is not None:
        _pay_back(state, state.refunds, lines, found)
    if state.drawing is not None:
        _draw_credit(state, state.drawing, lines, claims, found)
    private = compliance_usd(state, lines, claims > 0) + verification_usd(state, lines, claims)
    state.landed[nodes, COMPLIANCE] += private / flow.units[nodes]
    fails = (claims > 0) & ~lines.originates
    if fails.any() and not flow.is_planned:
        _true_up(state, lines, claims, fails, found)


def _draw_credit(state: Rollup, drawing: Drawing, lines: Lines, claims: Ints, found: list[Charged]) -> None:
    """Draw credit against the duties that the law lets it reduce, never more than these nor than what is allotted."""
    flow, rows = state.flow, np.flatnonzero(drawing.account[lines.entry] != NONE)
    if not len(rows):
        return
    entries = lines.entry[rows]
    owing = [item for item in found if item.charge.kind == "duty"]
    saved = _relieved(state, lines, claims, rows, owing, AMPLE * lines.amounts[rows, 0] + 1.0)
    liability = np.zeros(len(lines.entry))
    for item in saved:
        liability[item.lines] -= item.exact
    drawing.liability[entries] = liability[rows]
    drawn = np.minimum(drawing.allotted[entries], liability[rows])
    if (drawn < liability[rows]).any():
        saved = _relieved(state, lines, claims, rows, owing, drawn)
    for item in saved:
        entered = lines.entry[item.lines]
        for number in np.unique(drawing.account[entered]).tolist():
            own, credit = np.flatnonzero(drawing.account[entered] == number), drawing.credits[number]
            base, words = liability[item.lines[own]], {"reference": credit.reference, "why": credit.why}
            charge = replace(item.only(own).charge, base=base, rate_ppm=0, **words)
            programme = state.writer.add_credit(entered[own], charge, item.cents[own])
        nodes, per_unit = flow.entry_node[entered], item.exact / CENTS / flow.units[flow.entry_node[entered]]
        state.duty[nodes, programme] += per_unit
        state.carried[nodes, CREDIT] -= per_unit
        if state.refunds is not None:
            state.refunds.pay(lines, item.lines, programme, item.charge.treasury, item.exact)


def _pay_back(state: Rollup, refunds: Refunds, lines: Lines, found: list[Charged]) -> None:
    """Give back, as goods leave a country, duty paid there on what they were made of; then note what they pay here."""
    flow = state.flow
    for refund in refunds.back(lines, found, tuple(state.writer.programmes)):
        entries, charge = lines.entry[refund.lines], refund.charge
        programme, nodes = state.writer.add_drawback(entries, charge), flow.entry_node[entries]
        per_unit = charge.amount / CENTS / flow.units[nodes]
        state.duty[nodes, programme] += per_unit
        state.carried[nodes, DRAWBACK] -= per_unit
    for item in found:
        if item.charge.kind == "duty":
            programme = state.writer.programmes[item.charge.programme]
            refunds.pay(lines, item.lines, programme, item.charge.treasury, item.charge.amount)


def _relieved(
    state: Rollup, lines: Lines, claims: Ints, rows: Ints, owing: list[Charged], credit: Floats
) -> list[Difference]:
    """By how much a credit, cents by row, reduces the duties of some lines."""
    names, own = (state.importers, state.agreements), only(lines, rows)
    left = charge_lines(own, claims[rows], names, state.book, state.law, state.epochs, state.rules.known, credit)
    duties = [item for item in left if item.charge.kind == "duty"]
    return list(differences(rows, len(lines.entry), owing, duties))


def owed(state: Rollup, lines: Lines, claims: Ints) -> list[Charged]:
    """Charges on lines under given claims (index of the agreement, 0 for none), fees by shared entry."""
    names = (state.importers, state.agreements)
    found = charge_lines(lines, claims, names, state.book, state.law, state.epochs, state.rules.known)
    if state.parameters.entry_consolidation_loads <= 1 or not found:
        return found
    ids = shared_entries(state, lines)
    charges = consolidate([item.charge for item in found], [ids[item.lines] for item in found])
    return [Charged(item.lines, charge) for item, charge in zip(found, charges, strict=True)]


def shared_entries(state: Rollup, lines: Lines) -> Ints:
    """Which lines share an entry: loads of one consignee over one crossing on one day, as many as may share.

    Goods of different tiers are entered apart. In a plan one load of each lane crosses that day.
    """
    flow, most = state.flow, int(state.parameters.entry_consolidation_loads)
    if most <= 1:
        return np.arange(len(lines.entry), dtype=np.int64)
    sites = {site: number for number, site in enumerate(sorted(set(state.book.consignees.values())))}
    consignee = np.array([sites[state.book.consignees[lane]] for lane in flow.lane_ids], dtype=np.int64)
    place = consignee[flow.lane[flow.entry_node[lines.entry]]]
    keys = np.stack((place, flow.entry_crossing[lines.entry], flow.entry_on[lines.entry]))
    _, together = np.unique(keys, axis=1, return_inverse=True)
    together = together.reshape(-1)
    order = np.lexsort((flow.entry_s[lines.entry], together))
    firsts = np.searchsorted(together[order], np.arange(int(together.max(initial=-1)) + 1))
    ids = np.empty(len(order), dtype=np.int64)
    turn = (np.arange(len(order)) - firsts[together[order]]) // most
    ids[order] = together[order] * len(order) + turn
    return np.unique(ids, return_inverse=True)[1].reshape(-1).astype(np.int64)


def _true_up(state: Rollup, lines: Lines, claims: Ints, fails: Flags, as_claimed: list[Charged]) -> None:
    """Charge claims whose period's average fails: the rest of what is owed without them, when the period ends.

    A plan has no period that could end, so only recorded flows owe it. What crosses after the end of its period owes
    it at once. A fee that is shared by an entry falls anew on all that share it.
    """
    flow, periods = state.flow, state.tracing.periods
    ends = np.array([day.toordinal() for day in periods.ends], dtype=np.int64)
    ids = shared_entries(state, lines)
    rows = np.flatnonzero(np.isin(ids, ids[fails]))
    plain = owed(state, only(lines, rows), np.where(fails, 0, claims)[rows])
    for item in differences(rows, len(lines.entry), as_claimed, plain):
        nodes = flow.entry_node[lines.entry[item.lines]]
        period = state.tracing.period[nodes]
        for number, failed in sorted(set(zip(period.tolist(), fails[item.lines].tolist(), strict=True))):
            own = item.only(np.flatnonzero((period == number) & (fails[item.lines] == failed)))
            line = int(own.lines[0])
            cell = int(lines.importer[line]), int(lines.recipe[line]), int(lines.epoch[line])
            test = state.tracing.test(*cell, number)
            cause = f"{test.reason} ({periods.words(number)})" if failed else "that of goods in the entry"
            on = np.maximum(ends[number], flow.entry_on[lines.entry[own.lines]])
            why = f"true-up, the claim fails: {cause}; {own.charge.why}"
            state.writer.add_true_up(lines.entry[own.lines], own.charge, why, own.cents, on)
        programme = state.writer.programmes[item.charge.programme]
        column = programme if item.charge.kind == "duty" else LATE_FEES
        state.late.owe(column, nodes, item.exact / CENTS / flow.units[nodes])


def compliance_usd(state: Rollup, lines: Lines, is_claimed: Flags) -> Floats:
    """Private cost of each load's entry: the broker, and what the claim or its absence costs.

    The cost of an entry is shared by the loads in it. Goods differ in what a claim costs by `Rollup.factors`.

    Returns
    -------
    float64[lines]
        US dollars.
    """
    claimed, plain = state.parameters.regimes[state.regime], state.parameters.regimes["no_preference"]
    rate = np.where(is_claimed, claimed.compliance_pct_of_value, plain.compliance_pct_of_value) / 100
    clerk = np.where(is_claimed, claimed.clerk_usd_per_entry, plain.clerk_usd_per_entry)
    ids = shared_entries(state, lines)
    sharing = np.bincount(ids)[ids]
    if state.factors is not None:
        factor = np.where(is_claimed, state.factors[lines.recipe, lines.importer], 1.0)
        clerk, rate = clerk * factor, rate * factor
    cost: Floats = (state.parameters.broker_fee_usd + clerk) / sharing + rate * lines.amounts[:, 0] / CENTS
    return cost


def verification_usd(state: Rollup, lines: Lines, claims: Ints) -> Floats:
    """Expected cost of verification of claims, US dollars a load: part of what they save in duty and fees."""
    part, found = verification_part(state.parameters), np.zeros(len(lines.entry))
    rows = np.flatnonzero(claims > 0)
    if not part or not len(rows):
        return found
    asked = only(lines, rows)
    for sign, wanted in ((1.0, np.zeros(len(rows), dtype=np.int64)), (-1.0, claims[rows])):
        for charged in owed(state, asked, wanted):
            found[rows[charged.lines]] += sign * part * charged.charge.amount / CENTS
    return np.maximum(found, 0.0)
