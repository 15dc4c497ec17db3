"""What `sim sourcing` answers: plans of least cost and curves of content, as JSON and as text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sim.law import load_law
from sim.network import Network
from sim.network.free import require_free, write_whole
from sim.network.write import save_network
from sim.scenario import Scenario, load_scenario
from sim.sourcing.curve import REGIONAL, US, Curve, content_curve
from sim.sourcing.decide import Choice, Opened, Question, choose_plan, open_question
from sim.sourcing.patterns import Pattern
from sim.sourcing.qualify import qualified_on
from sim.sourcing.realise import realise
from sim.sourcing.rule import foreign
from sim.text import columns_of, count, wrap

Tell = Callable[[str], None]


def question_of(scenario: Scenario, reforms: Sequence[str] = ()) -> Question:
    """The sourcing question of a scenario, with more reforms laid over its law.

    Plans are made on the day of which the law is known, for the law of the first measured day.
    """
    law = load_law((*scenario.reforms, *reforms))
    network: Network = scenario.load_network()
    return Question(network, law, scenario.start, scenario.law_as_of, scenario.values(), scenario.claim_regime)


def _opened(name: str, reforms: Sequence[str], vehicles: Sequence[str], tell: Tell) -> tuple[Scenario, Opened]:
    """A scenario, and every source of every part family of its vehicles, landed."""
    scenario = load_scenario(name)
    tell("landing every source of every part family")
    return scenario, open_question(question_of(scenario, reforms), vehicles)


def plan_answer(
    name: str,
    reforms: Sequence[str],
    vehicles: Sequence[str],
    write: Path | None,
    tell: Tell,
    force: bool = False,
) -> tuple[dict[str, Any], str]:
    """Sources of every part family at least landed cost.

    Raises
    ------
    ScenarioError, LawError, SourcingError
        The scenario, a reform or a vehicle is wrong.
    NetworkError
        The folder to write is taken (with `force`: by something else than a network), or cannot be written.
    """
    if write is not None:
        require_free(write, force=force)
    scenario, opened = _opened(name, reforms, vehicles, tell)
    choices = []
    for vehicle in opened.vehicles:
        tell(f"choosing sources of {vehicle}")
        choices.append(choose_plan(opened, vehicle))
    if write is not None:
        network = realise(opened, [x for choice in choices for x in choice.changed()])
        write_whole(write, lambda fresh: save_network(network, fresh), force=force)
    answer = {
        **_asked(opened, scenario, reforms),
        "vehicles": [_choice(opened, choice) for choice in choices],
        "written": "" if write is None else str(write),
    }
    return answer, _plan_text(answer)


def _asked(opened: Opened, scenario: Scenario, reforms: Sequence[str]) -> dict[str, Any]:
    question = opened.question
    return {
        "scenario": scenario.name,
        "network": question.network.name,
        "reforms": [Path(x).stem for x in (*scenario.reforms, *reforms)],
        "known": question.known.isoformat(),
        "on": question.on.isoformat(),
    }


def _choice(opened: Opened, choice: Choice) -> dict[str, Any]:
    vehicle, rules = choice.vehicle, opened.rules(choice.vehicle.recipe)
    rule = next(iter(rules.values()), None)
    return {
        "vehicle": vehicle.recipe,
        "cost_usd": round(choice.cost_usd, 2),
        "today_usd": round(choice.today_usd, 2),
        "claims_in": sorted(choice.claims),
        "could_claim_in": sorted(rules),
        "threshold_pct": rule.threshold_ppm / 1e4 if rule else 0.0,
        "content_pct": _content(opened, choice, rule),
        "today_content_pct": _content(opened, Choice(vehicle, vehicle.today, frozenset(), 0.0, 0.0), rule),
        "us_pct": round(_share(choice, "US"), 2),
        "why_not": choice.unmet,
        "changed": [_pattern(opened, pattern) for pattern in choice.changed()],
    }


def _content(opened: Opened, choice: Choice, rule: Any) -> float:
    sums = choice.vehicle.sums
    if rule is None:
        return round(100 - _share(choice, "overseas"), 2)
    net = sums["net_cost"].of(choice.chosen)
    return round(100 * (1 - foreign(rule, sums).of(choice.chosen) / net), 2)


def _share(choice: Choice, place: str) -> float:
    sums = choice.vehicle.sums
    total = sum(sums[x].of(choice.chosen) for x in ("US", "CA", "MX", "overseas"))
    return 100 * sums[place].of(choice.chosen) / total


def _pattern(opened: Opened, pattern: Pattern) -> dict[str, Any]:
    network = opened.question.network
    lanes = network.lanes_into(pattern.vehicle, pattern.part)
    return {
        "part": network.parts[pattern.part].name,
        "qualified_on": qualified_on(opened.question, pattern).isoformat(),
        "today": {lane.from_recipe: lane.share_pct for lane in lanes},
        "sources": [
            {
                "recipe": supply.base,
                "share_pct": supply.share_pct,
                "buys_within": supply.asked,
                "dearer_pct": round(100 * supply.premium, 2),
            }
            for supply in pattern.supplies
        ],
    }


def _plan_text(answer: dict[str, Any]) -> str:
    law = ", ".join(answer["reforms"]) or "the law as it was"
    told = (
        f"Network {answer['network']}, {law}, known on {answer['known']}, for {answer['on']}. US dollars a vehicle, "
        f"mean over its markets, once every new supplier is qualified."
    )
    rows: list[list[object]] = [["vehicle", "today", "re-sourced", "content %", "asked %", "US %", "claims", "changed"]]
    for row in answer["vehicles"]:
        claims = ", ".join(row["claims_in"]) or ("pays" if row["could_claim_in"] else "no agreement")
        content = f"{row['today_content_pct']:.1f} -> {row['content_pct']:.1f}"
        costs = [f"{row['today_usd']:,.0f}", f"{row['cost_usd'] - row['today_usd']:+,.0f}"]
        asked = f"{row['threshold_pct']:g}" if row["threshold_pct"] else ""
        rows.append([row["vehicle"], *costs, content, asked, f"{row['us_pct']:.1f}", claims, len(row["changed"])])
    lines = [*wrap(told), "", *columns_of(rows, right=True)]
    for row in answer["vehicles"]:
        if row["changed"]:
            lines += ["", f"{row['vehicle']}:"]
        for changed in row["changed"]:
            sources = ", ".join(_source(x) for x in changed["sources"])
            today = ", ".join(f"{name} {share:g} %" for name, share in changed["today"].items())
            lines += wrap(f"{changed['part']}, from {changed['qualified_on']}: {sources}; today {today}", "  ", "    ")
    if answer["written"]:
        lines += ["", f"The re-sourced network is in {answer['written']}."]
    return "\n".join(lines)


def _source(source: dict[str, Any]) -> str:
    within = {"": "", "regional": ", its inputs from the region", "us": ", its inputs from the United States"}
    return f"{source['recipe']} {source['share_pct']:g} %{within[source['buys_within']]}"


def curve_answer(
    name: str, reforms: Sequence[str], vehicles: Sequence[str], us: bool, step_pct: float, tell: Tell
) -> tuple[dict[str, Any], str, list[Curve]]:
    """Cheapest cost of vehicles at each content.

    Raises
    ------
    ScenarioError, LawError, SourcingError
        The scenario, a reform or a vehicle is wrong.
    """
    scenario, opened = _opened(name, reforms, vehicles, tell)
    curves = []
    for vehicle in opened.vehicles:
        tell(f"content of {vehicle}")
        curves.append(content_curve(opened, vehicle, US if us else REGIONAL, step_pct))
    answer = {"question": _asked(opened, scenario, reforms), "curves": [_curve(curve) for curve in curves]}
    return answer, _curve_text(answer, us), curves


def _curve(curve: Curve) -> dict[str, Any]:
    return {
        "vehicle": curve.vehicle,
        "kind": curve.kind,
        "method": curve.method,
        "today_pct": round(curve.today_pct, 3),
        "today_usd": round(curve.today_usd, 2),
        "pays_usd": round(curve.pays_usd, 2),
        "gives_up_pct": None if curve.gives_up_pct is None else round(curve.gives_up_pct, 2),
        "points": [
            {
                "asked_pct": round(x.asked_pct, 3),
                "content_pct": round(x.content_pct, 3),
                "cost_usd": round(x.cost_usd, 2),
                "changed": x.changed,
            }
            for x in curve.points
        ],
        "thresholds": [{"rule": x.label, "pct": x.threshold_pct} for x in curve.marks],
    }


def _curve_text(answer: dict[str, Any], us: bool) -> str:
    what = "share of the United States" if us else "regional content"
    method = answer["curves"][0]["method"]
    told = (
        f"Cheapest landed cost at each {what} ({method}), US dollars a vehicle beyond the cheapest, preference claimed "
        f"wherever there is an agreement. Paying: the cheapest plan that claims nothing."
    )
    rows: list[list[object]] = [["vehicle", "today %", "paying", "gives up at %", "+2 points", "+5", "+10", "most %"]]
    for row in answer["curves"]:
        least = row["points"][0]
        ups = [_dearer(row, least["content_pct"] + step) for step in (2, 5, 10)]
        gives_up = "never" if row["gives_up_pct"] is None else f"{row['gives_up_pct']:.1f}"
        paying = f"{row['pays_usd'] - least['cost_usd']:+,.0f}"
        last = f"{row['points'][-1]['asked_pct']:g}"
        rows.append([row["vehicle"], f"{row['today_pct']:.1f}", paying, gives_up, *ups, last])
    marks = [f"{x['rule']} {x['pct']:g} %" for x in answer["curves"][0]["thresholds"]]
    asked = wrap(f"Asked for {answer['curves'][0]['vehicle']}: {'; '.join(marks)}.") if marks else []
    counted = count(sum(len(row["points"]) for row in answer["curves"]), "problem")
    return "\n".join([*wrap(told), "", *columns_of(rows, right=True), "", *asked, f"{counted} solved."])


def _dearer(row: dict[str, Any], content_pct: float) -> str:
    """Extra cost at the first point that reaches a content."""
    found = next((x for x in row["points"] if x["content_pct"] >= content_pct), None)
    return "-" if found is None else f"{found['cost_usd'] - row['points'][0]['cost_usd']:+,.0f}"
