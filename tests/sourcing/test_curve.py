"""Cost-of-content curves: they rise, their points reach what is asked, and they cross paying where told."""

import itertools

import pytest

from sim.sourcing.curve import US, content_curve
from sim.sourcing.decide import choose_plan

CAR, PICKUP = "plant/alliston/crossover_ice", "plant/silao/pickup"
LIST = ("modern_tracing_list",)


@pytest.fixture(scope="module")
def car(resourced):
    return content_curve(resourced(*LIST)[0], CAR, step_pct=3)


def test_more_content_never_costs_less(car):
    assert len(car.points) > 6
    for low, high in itertools.pairwise(car.points):
        assert low.cost_usd <= high.cost_usd + 0.02  # solved to the cent
        assert high.content_pct >= high.asked_pct - 1e-6
    assert car.points[0].cost_usd <= car.today_usd
    assert {(x.label, x.threshold_pct) for x in car.marks} == {
        ("NAFTA", 62.5),
        ("NAFTA, United States proposal of 2017", 85.0),
        ("USMCA", 75.0),
        ("USMCA, United States proposal of 2026", 82.0),
    }


def test_content_costs_more_the_more_there_is(car):
    """A point costs more at the top than at the bottom: the families that are cheap to move go first."""
    rises = [b.cost_usd - a.cost_usd for a, b in itertools.pairwise(car.points[1:])]
    assert rises[-1] > 3 * rises[0] > 0


def test_paying_is_cheaper_exactly_where_the_curve_says(car, resourced):
    """Below the crossing the plan under a rule of that content claims, above it pays: asked of the whole problem."""
    assert car.gives_up_pct is not None
    for reform, threshold in (("threshold_75", 75.0), ("threshold_80", 80.0)):
        opened, choices = resourced(*LIST, reform)
        assert opened.rules(CAR)["US"].threshold_ppm == threshold * 10_000
        assert bool(choices[CAR].claims) == (threshold < car.gives_up_pct)
    below = max((p for p in car.points if p.asked_pct < car.gives_up_pct), key=lambda p: p.asked_pct)
    above = min((p for p in car.points if p.asked_pct > car.gives_up_pct), key=lambda p: p.asked_pct)
    assert below.cost_usd <= car.pays_usd <= above.cost_usd


def test_a_pickup_at_25_percent_never_gives_up(resourced):
    curve = content_curve(resourced(*LIST)[0], PICKUP, step_pct=4)
    assert curve.gives_up_pct is None
    assert curve.pays_usd - curve.points[0].cost_usd > 5_000


def test_the_share_of_the_united_states_is_counted_on_the_base_of_the_law(resourced):
    opened, _ = resourced(*LIST)
    curve = content_curve(opened, CAR, US, step_pct=6)
    sums = opened.vehicles[CAR].sums
    today = opened.vehicles[CAR].today
    assert curve.today_pct == pytest.approx(100 * sums["US"].of(today) / sums["net_cost"].of(today))
    assert [x.threshold_pct for x in curve.marks] == [50.0, 50.0]  # the proposals of 2017 and of 2026


def test_without_an_agreement_content_is_the_share_of_value_added(resourced):
    opened, choices = resourced("nafta_withdrawal")
    curve = content_curve(opened, CAR, step_pct=10)
    assert curve.method == "share of the value added (no agreement in force)"
    assert curve.pays_usd == pytest.approx(choices[CAR].cost_usd, abs=0.02)
    assert curve.pays_usd == pytest.approx(choose_plan(opened, CAR).cost_usd, abs=0.02)
