"""Duty on duty: closed forms of a good that crosses a dutiable border after every stage (no law but a rate)."""

from __future__ import annotations

import numpy as np
import pytest

from sim.customs import Assessment, Claims, assess, planned_flow
from sim.network.model import Network
from tests.customs.hand import DAY, Hand, HandLaw, free_parameters

RATES = (25_000, 100_000, 250_000)  # parts per million: 2.5, 10 and 25 %


def chain(values: tuple[float, ...], first_crosses: bool = True, units: int = 1) -> Network:
    """Stage k adds values[k] at one side of a border and sends its output over it, the last to a market."""
    hand = Hand()
    countries = ("US", "MX")
    for stage in range(len(values) + 1):
        hand.site(f"site/{stage}", countries[stage % 2], "supplier" if stage < len(values) else "market")
    hand.crossing("bridge/mx", "US", "MX")
    hand.crossing("bridge/us", "MX", "US")
    recipes = []
    for stage, value in enumerate(values):
        inputs = {f"part_{stage - 1}": 1} if stage else {}
        recipes.append(hand.recipe(f"site/{stage}", f"part_{stage}", labour=value, inputs=inputs))
    for stage, recipe in enumerate(recipes):
        target = recipes[stage + 1] if stage + 1 < len(recipes) else f"site/{stage + 1}"
        to = countries[(stage + 1) % 2].lower()
        movement = "entry" if stage or first_crosses else "in_bond"
        hand.lane(recipe, target, [(f"bridge/{to}", movement)], units=units)
    return hand.build()


def final_cost(network: Network, rate_ppm: int) -> tuple[float, Assessment]:
    """Unit cost at the market, and the assessment."""
    found = assess(planned_flow(network, DAY), network, HandLaw(rate_ppm), Claims.none(), free_parameters())
    market = next(i for i, lane in enumerate(found.flow.lane_ids) if not network.lanes[lane].to_recipe)
    return float(found.unit.landed[market].sum()), found


@pytest.mark.parametrize("rate_ppm", RATES)
@pytest.mark.parametrize("stages", [1, 2, 3, 4, 5])
def test_equal_value_added_at_every_stage(stages: int, rate_ppm: int) -> None:
    t = rate_ppm / 1e6
    cost, found = final_cost(chain((100.0,) * stages), rate_ppm)
    increase = sum((1 + t) ** i for i in range(1, stages + 1)) / stages - 1
    assert cost / (100.0 * stages) - 1 == pytest.approx(increase, abs=1e-9)
    assert len(found.rows.amount_cents) == stages
    assert abs(found.rows.amount_cents.sum() - 100 * 100.0 * stages * increase) <= 0.5 * stages


def test_table_of_equal_value_added() -> None:
    """The printed percentages of the closed form."""
    table = {2: (3.78, 15.50, 40.625), 4: (6.41, 27.63, 80.18), 5: (7.75, 34.31, 105.18)}
    for stages, row in table.items():
        for rate_ppm, percent in zip(RATES, row, strict=True):
            cost, _ = final_cost(chain((1_000.0,) * stages), rate_ppm)
            assert 100 * (cost / (1_000.0 * stages) - 1) == pytest.approx(percent, abs=0.005)


def test_entries_add_up_to_the_cent() -> None:
    """Loads of 400 units at 25 %: each entry is (p before) x 400 x 25 %, exact in cents."""
    _, found = final_cost(chain((100.0, 100.0), units=400), 250_000)
    assert found.rows.base_cents.tolist() == [4_000_000, 9_000_000]
    assert found.rows.amount_cents.tolist() == [1_000_000, 2_250_000]
    embodied = found.unit.duty()[1] * 400 * 100
    assert found.rows.amount_cents.sum() == pytest.approx(embodied, abs=1e-6)


@pytest.mark.parametrize("rate_ppm", RATES)
@pytest.mark.parametrize("stages", [1, 2, 3, 4, 5])
def test_all_value_at_the_first_stage(stages: int, rate_ppm: int) -> None:
    cost, _ = final_cost(chain((100.0, *(0.0,) * (stages - 1))), rate_ppm)
    assert cost / 100.0 - 1 == pytest.approx((1 + rate_ppm / 1e6) ** stages - 1, abs=1e-9)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 1.0])
def test_two_stage_good(share: float) -> None:
    t = 0.1
    cost, _ = final_cost(chain((100.0 * share, 100.0 * (1 - share))), 100_000)
    assert cost / 100.0 == pytest.approx(share * (1 + t) ** 2 + (1 - share) * (1 + t), abs=1e-9)


def test_burden_on_the_last_stage() -> None:
    """Inputs enter free (in bond): the last duty over the last value added is t / (1 - a)."""
    share, t = 0.5, 0.1
    cost, found = final_cost(chain((100.0 * share, 100.0 * (1 - share)), first_crosses=False), 100_000)
    assert (cost - 100.0) / (100.0 * (1 - share)) == pytest.approx(t / (1 - share), abs=1e-9)
    assert len(found.rows.amount_cents) == 1


def test_pass_through_scales_what_the_next_border_taxes() -> None:
    """At 50 % pass-through the second border taxes 200 + 0.5 x 25 = 212.5: duty 25 + 53.125."""
    network = chain((100.0, 100.0))
    found = assess(
        planned_flow(network, DAY),
        network,
        HandLaw(250_000),
        Claims.none(),
        free_parameters(pass_through_pct="50 %"),
    )
    np.testing.assert_allclose(found.unit.duty(), [25.0, 78.125], rtol=1e-12)
