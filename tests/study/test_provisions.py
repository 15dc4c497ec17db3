"""The duty in a vehicle, provision by provision, against closed forms of a chain over a dutiable border."""

from __future__ import annotations

import numpy as np
import pytest

from sim.study.provisions import provisions_of, shares_in
from tests.closed_form.test_duty_cascade import chain, final_cost


@pytest.mark.parametrize("rate_ppm", [25_000, 250_000])
@pytest.mark.parametrize("stages", [1, 2, 4])
def test_direct_and_embedded_duty_of_a_chain(stages: int, rate_ppm: int) -> None:
    """Stage k is worth what came in, landed, plus 100; the last entry is the vehicle's own."""
    network = chain((100.0,) * stages)
    _, assessment = final_cost(network, rate_ppm)
    flow = assessment.flow
    market = np.array([not network.lanes[lane].to_recipe for lane in flow.lane_ids])
    duties, value = [], 0.0
    for _ in range(stages):
        value += 100.0
        duties.append(value * rate_ppm / 1e6)
        value += duties[-1]
    shares, opening = provisions_of(assessment, market * flow.units, {recipe: recipe for recipe in flow.recipe_ids})
    assert opening == 0.0
    assert sum(share.direct_usd for share in shares) == pytest.approx(duties[-1], abs=1e-9)
    assert sum(share.embedded_usd for share in shares) == pytest.approx(sum(duties[:-1]), abs=1e-9)
    assert sum(share.usd for share in shares) == pytest.approx(float(assessment.unit.duty()[market][0]), abs=1e-9)
    assert sum(len(share.goods) for share in shares) == stages
    assert shares[0].usd == max(share.usd for share in shares)
    own = next(share for share in shares if share.direct_usd > 0)
    assert flow.entry_node[own.entry] == np.flatnonzero(market)[0]  # its dearest entry is the vehicle's


def test_a_load_of_many_units_hands_on_what_was_taken() -> None:
    network = chain((100.0, 100.0), units=5)
    _, assessment = final_cost(network, 100_000)
    flow = assessment.flow
    market = np.array([not network.lanes[lane].to_recipe for lane in flow.lane_ids])
    assert shares_in(flow, market * flow.units).tolist() == [5.0, 5.0]


def test_nothing_was_delivered() -> None:
    _, assessment = final_cost(chain((100.0,)), 25_000)
    assert provisions_of(assessment, np.zeros(assessment.flow.nodes), {}) == ((), 0.0)
