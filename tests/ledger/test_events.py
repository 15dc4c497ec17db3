"""Events of a ledger in their written order with their causes, and the passport of a load."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engines.reference import simulate
from sim.errors import LedgerError
from sim.ledger.events import PHASE_OF_KIND, EventKind, Phase, derive_events, passport
from sim.ledger.ledger import Ledger
from sim.plan import Plan
from tests.engines.busy import busy_plan
from tests.engines.plans import PlanBuilder, Way


def small() -> tuple[Plan, Ledger]:
    """One part made from scratch, over a border, built into one vehicle."""
    b = PlanBuilder(5_000)
    b.crossing("gate", approach_s=5)
    b.crossing("sea", standard=0)
    b.recipe("plant", is_assembly=True)
    b.pair("maker", "plant", reorder_units=-1, ways=[Way((10, 20), ("gate",))])
    b.lane("plant..market", "plant", ways=[Way((30, 40), ("sea",))])
    b.slot("plant..market", 100)
    b.slot("plant..market", 110, 120)
    plan = b.build()
    return plan, simulate(plan)


def test_events_by_hand() -> None:
    plan, ledger = small()
    events = derive_events(plan, ledger)
    kinds = [EventKind(kind).name for kind in events.kind]
    lanes = [plan.lanes.ids[lane].split("..")[0] for lane in events.lane]
    found = list(zip(events.second.tolist(), kinds, lanes, events.n.tolist(), events.cause.tolist(), strict=True))
    assert found == [
        (100, "DUE", "plant", 0, -1),
        (101, "ORDER", "maker", 0, -1),
        (102, "START", "maker", 0, 1),
        (110, "DUE", "plant", 1, -1),
        (111, "ORDER", "maker", 1, -1),
        (112, "FINISH", "maker", 0, 2),
        (112, "START", "maker", 1, 4),
        (120, "LOSE", "plant", 1, 3),
        (122, "FINISH", "maker", 1, 6),
        (122, "ARRIVE", "maker", 0, 5),
        (127, "JOIN", "maker", 0, 9),
        (127, "GRANT", "maker", 0, 10),
        (132, "ARRIVE", "maker", 1, 8),
        (137, "JOIN", "maker", 1, 12),
        (187, "CLEAR", "maker", 0, 11),
        (187, "LEAVE", "maker", 0, 14),
        (187, "GRANT", "maker", 1, 13),
        (207, "RECEIVE", "maker", 0, 15),
        (207, "START", "plant", 0, 17),
        (217, "FINISH", "plant", 0, 18),
        (247, "ARRIVE", "plant", 0, 19),
        (247, "CLEAR", "maker", 1, 16),
        (247, "LEAVE", "maker", 1, 21),
        (247, "LEAVE", "plant", 0, 20),
        (267, "RECEIVE", "maker", 1, 22),
        (287, "RECEIVE", "plant", 0, 23),
    ]
    assert set(events.quantity.tolist()) == {1}


@pytest.mark.parametrize("seed", range(6))
def test_events_are_sorted_whole_and_caused_by_earlier_ones(seed: int) -> None:
    plan = busy_plan(seed)
    ledger = simulate(plan)
    events = derive_events(plan, ledger)
    key = np.lexsort((events.n, events.lane, events.kind, events.second))
    assert (key == np.arange(key.size)).all()
    assert (events.cause < np.arange(key.size)).all()
    loads, rows = ledger.loads, ledger.passages
    queued = plan.crossings.booths_standard[rows.crossing] > 0
    times = (loads.ordered_s, loads.started_s, loads.finished_s, loads.received_s, rows.arrived_s, rows.left_s)
    expected = sum(int((x >= 0).sum()) for x in times) + int(loads.is_lost.sum())
    expected += sum(int((x[queued] >= 0).sum()) for x in (rows.joined_s, rows.started_s, rows.cleared_s))
    expected += sum(int((x >= 0).sum()) for x in (ledger.stages.joined_s, ledger.stages.started_s))
    assert key.size == expected
    free = np.isin(events.kind, (EventKind.DUE, EventKind.ORDER))
    roots = events.cause < 0
    # without a cause: slots, orders, and the receipts of seeds
    assert set(events.kind[roots].tolist()) <= {EventKind.DUE, EventKind.ORDER, EventKind.RECEIVE}
    assert (events.cause[free] == -1).all()


def test_kinds_follow_the_phases() -> None:
    assert list(PHASE_OF_KIND) == list(EventKind)
    assert list(PHASE_OF_KIND.values()) == sorted(PHASE_OF_KIND.values())
    assert set(PHASE_OF_KIND.values()) == set(Phase)


def test_passport_to_the_market() -> None:
    plan, ledger = small()
    found = [
        (r.step, r.what, r.place, r.from_s, r.until_s, r.queued_s) for r in passport(plan, ledger, "maker..plant", 0)
    ]
    assert found == [
        (0, "ordered", "maker", 101, 102, -1),
        (0, "made", "maker", 102, 112, -1),
        (0, "leg", "maker..plant", 112, 122, -1),
        (0, "crossing", "gate", 122, 187, 0),
        (0, "leg", "maker..plant", 187, 207, -1),
        (0, "stock", "plant:maker", 207, 207, -1),
        (1, "ordered", "plant", 100, 207, -1),
        (1, "made", "plant", 207, 217, -1),
        (1, "leg", "plant..market", 217, 247, -1),
        (1, "crossing", "sea", 247, 247, 0),
        (1, "leg", "plant..market", 247, 287, -1),
        (1, "market", "plant..market", 287, -1, -1),
    ]
    second = passport(plan, ledger, "maker..plant", 1)
    assert [r.queued_s for r in second if r.what == "crossing"] == [187 - 137]
    assert second[-1].hours is None
    assert second[1].hours == 10 / 3_600


def test_passport_of_what_is_not_there() -> None:
    plan, ledger = small()
    with pytest.raises(LedgerError) as caught:
        passport(plan, ledger, "makr..plant", 0)
    assert str(caught.value) == "passport: no lane named 'makr..plant'. Did you mean 'maker..plant'?"
    with pytest.raises(LedgerError) as caught:
        passport(plan, ledger, "maker..plant", 7)
    assert str(caught.value) == "passport: lane 'maker..plant' has no load 7; it has 2."
