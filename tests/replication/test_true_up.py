"""A reform that planners do not know of: what they do not pay at the border they owe at the end of the period."""

import datetime as dt

import numpy as np
import pytest

from sim.customs import assess, check_duties, ledger_flow
from sim.planning import build
from sim.replication import prepare, simulate


def test_what_is_claimed_in_ignorance_is_owed_in_the_end(asked):
    """Half of each vehicle from the United States is asked from 16 August; who knows pays at the border.

    Who knows the papers of 15 August only claims, fails and owes the same later, vehicle by vehicle.
    """
    knowing = asked.with_(network="midsize", reforms=("us_2017_proposal",), parameters={"carrying_pct_year": "0 %"})
    ignorant = knowing.with_(law_as_of=dt.date(2017, 8, 15))
    told, untold = prepare(knowing), prepare(ignorant)
    network, clock = told.network, knowing.clock()
    plan = build(knowing, network, told.decisions, told.parameters, 0)
    ledger = simulate(plan)
    flow = ledger_flow(network, plan, ledger, clock)
    paid = assess(flow, network, told.law, told.decisions.claims, told.parameters)
    owed = assess(flow, network, untold.law, untold.decisions.claims, untold.parameters)
    late = owed.rows.is_true_up
    assert not paid.rows.is_true_up.any()
    assert late.sum() > 20
    assert {str(dt.date.fromordinal(day)) for day in owed.rows.on[late].tolist()} == {str(clock.date(clock.end_s - 1))}
    assert all(owed.rows.provisions[k].why.startswith("true-up, the claim fails: ") for k in owed.rows.provision[late])
    sold = ~flow.is_seed & np.array([not network.lanes[lane].to_recipe for lane in flow.lane_ids])[flow.lane]
    for values in ("duty", "fees"):
        both = [x.unit.duty() if values == "duty" else x.unit.column("fees") for x in (paid, owed)]
        assert both[1][sold].tolist() == pytest.approx(both[0][sold].tolist(), rel=1e-9)
    entered = owed.rows.entry[late]
    in_total = [
        np.bincount(x.rows.entry, weights=x.rows.amount_cents, minlength=len(flow.entry_node))[entered].tolist()
        for x in (paid, owed)
    ]
    assert in_total[0] == in_total[1]
    check_duties(network, owed)
