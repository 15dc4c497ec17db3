"""Plans of the midsize network: what the problem says is what an assessment of the re-sourced network says."""

import itertools

import numpy as np
import pytest

from sim.customs import assess, planned_flow
from sim.network import check_network
from sim.network.write import save_network
from sim.planning.claims import decide_claims
from sim.sourcing.decide import choose_plan, open_question
from sim.sourcing.problem import Problem, SourcingError, solve
from sim.sourcing.realise import realise
from sim.sourcing.rule import foreign

TIGHT = ("modern_tracing_list", "us_2017_proposal")
STEP = ("modern_tracing_list", "threshold_75")


def changed_of(choices):
    return [pattern for choice in choices.values() for pattern in choice.changed()]


def assessed(opened, network):
    """Landed cost (mean over markets) and origin of every vehicle, by the planned flow of a network."""
    question = opened.question
    claims = decide_claims(
        network, question.law, question.known, "claim_or_pay", None, question.parameters, on=question.on
    )
    flow = planned_flow(network, question.on)
    found = assess(flow, network, question.law, claims, question.parameters, question.known)
    cost = {}
    for node, name in enumerate(flow.lane_ids):
        lane = network.lanes[name]
        if not lane.to_recipe:
            total = float(found.unit.landed[node].sum()) * lane.share_pct / 100
            cost[lane.from_recipe] = cost.get(lane.from_recipe, 0.0) + total
    return cost, {vehicle: found.origin(vehicle) for vehicle in cost}


@pytest.mark.parametrize("reforms", [(), TIGHT, ("nafta_withdrawal",)])
def test_todays_plan_costs_what_its_assessment_says(reforms, resourced):
    opened, choices = resourced(*reforms)
    cost, origins = assessed(opened, opened.question.network)
    assert len(choices) == 5
    for name, choice in choices.items():
        assert choice.today_usd == pytest.approx(cost[name], abs=1e-6)
        vehicle = choice.vehicle
        net = vehicle.sums["net_cost"].of(vehicle.today)
        for rule in opened.rules(name).values():
            content = 100 * (1 - foreign(rule, vehicle.sums).of(vehicle.today) / net)
            assert content == pytest.approx(origins[name].content_pct, abs=1e-9)
        for place in ("US", "CA", "MX", "overseas"):
            of_added = vehicle.sums[place].of(vehicle.today)
            total = sum(vehicle.sums[x].of(vehicle.today) for x in ("US", "CA", "MX", "overseas"))
            assert 100 * of_added / total == pytest.approx(origins[name].share_pct[place], abs=1e-9)


@pytest.mark.parametrize("reforms", [TIGHT, STEP, ("nafta_withdrawal",)])
def test_a_changed_plan_costs_what_the_assessment_of_its_network_says(reforms, resourced, tmp_path):
    opened, choices = resourced(*reforms)
    network = realise(opened, changed_of(choices))
    assert network.digest != opened.question.network.digest
    save_network(network, tmp_path / "net")
    assert check_network(tmp_path / "net") == ()
    cost, origins = assessed(opened, network)
    changed = 0
    for name, choice in choices.items():
        # Loads into the works of a programme are a little smaller; duty with a least and a most is not quite linear.
        assert choice.cost_usd == pytest.approx(cost[name], rel=1e-4)
        assert bool(choice.claims) == origins[name].originates or not opened.rules(name)
        changed += len(choice.changed())
    assert changed > 0


def test_nothing_changes_where_todays_sources_are_the_cheapest(resourced):
    opened, choices = resourced()
    crossover = choices["plant/lansing/crossover_ice"]
    assert not crossover.changed()
    assert crossover.cost_usd == crossover.today_usd
    assert realise(opened, crossover.changed()) is opened.question.network


def test_re_sourcing_never_costs_more_than_todays_plan(resourced):
    for reforms in ((), TIGHT, STEP, ("nafta_withdrawal",)):
        for choice in resourced(*reforms)[1].values():
            assert choice.cost_usd <= choice.today_usd + 1e-9


def test_every_chosen_plan_meets_the_rule_by_the_test_of_customs_itself(resourced):
    opened, choices = resourced(*TIGHT)
    _, origins = assessed(opened, realise(opened, changed_of(choices)))
    pickup = choices["plant/silao/pickup"]
    assert pickup.claims == {"CA", "US"}  # at 25 % hardly anyone pays
    assert origins["plant/silao/pickup"].originates
    assert 86 <= origins["plant/silao/pickup"].content_pct < 86.5  # a point above what is asked
    assert not choices["plant/silao/crossover_ice"].claims  # at 2.5 % it is cheaper to pay
    assert choices["plant/silao/crossover_ice"].unmet == ""


def test_a_small_instance_equals_brute_force(resourced):
    """Three families of the pickup under the tightest rule, every plan tried, costs from the full objective."""
    opened, choices = resourced(*TIGHT)
    vehicle = choices["plant/silao/pickup"].vehicle
    families = [vehicle.parts.index(part) for part in ("engine_v8", "transmission", "truck_chassis")]
    rule = opened.rules("plant/silao/pickup")["US"]
    net, inside, us = vehicle.sums["net_cost"], foreign(rule, vehicle.sums), vehicle.sums["US"]
    objective = vehicle.objective(frozenset({"CA", "US"}))
    best = None
    bounds = list(itertools.pairwise(vehicle.first.tolist()))
    for rows in itertools.product(*(range(*bounds[f]) for f in families)):
        plan = vehicle.today.copy()
        plan[families] = rows
        if 1 - inside.of(plan) / net.of(plan) >= 0.84 and us.of(plan) / net.of(plan) >= 0.5:
            cost = objective.of(plan)
            best = cost if best is None else min(best, cost)
    assert best is not None
    held = np.ones(len(vehicle.patterns), dtype=bool)
    for f, (first, last) in enumerate(bounds):
        if f not in families:
            held[first:last] = np.arange(first, last) == vehicle.today[f]
    assert solved(vehicle, held, objective, net - inside - net * 0.84, us - net * 0.5) == pytest.approx(best, abs=1e-6)


def solved(vehicle, held, objective, content, us):
    """Least cost by the solver where only some patterns may be chosen."""
    rows = np.flatnonzero(held)
    first = np.searchsorted(rows, vehicle.first)
    limits = tuple(
        type(x)(x.name, x.values[rows], x.least) for x in (content.at_least(0, "content"), us.at_least(0, "US share"))
    )
    problem = Problem(vehicle.parts, first, objective.values[rows], limits)
    return objective.of(rows[solve(problem).chosen])


def test_an_unknown_vehicle_is_named(resourced):
    question = resourced()[0].question
    with pytest.raises(SourcingError) as caught:
        open_question(question, ["plant/nowhere/car"])
    assert caught.value.text() == (
        "sourcing: 'plant/nowhere/car' is no vehicle of network 'midsize'. "
        "Allowed vehicles: plant/alliston/crossover_ice, plant/lansing/crossover_bev, plant/lansing/crossover_ice, "
        "plant/silao/crossover_ice, plant/silao/pickup."
    )


def test_a_vehicle_asked_alone_has_the_plan_that_it_has_among_all(resourced):
    opened, choices = resourced(*STEP)
    alone = open_question(opened.question, ["plant/alliston/crossover_ice"])
    first, again = choose_plan(alone, "plant/alliston/crossover_ice"), choices["plant/alliston/crossover_ice"]
    assert first.cost_usd == again.cost_usd
    assert first.chosen.tolist() == again.chosen.tolist()
