"""What `sim relocate` and `sim entrant` answer: where assembly would be, as JSON and as text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sim.errors import ScenarioError, nearest
from sim.market.entrant import YEARLY, Entry, NoEntrantError, weigh_entry
from sim.market.places import Plant, Weighed, weigh_plants
from sim.market.relocate import Candidate, Place, Terms, gain_of, terms_of
from sim.replication import Prepared, prepare
from sim.scenario import Scenario, load_scenario
from sim.study import as_plan
from sim.text import columns_of, wrap

MILLION = 1e6


def relocate_answer(name: str, tell: Callable[[str], None]) -> tuple[dict[str, Any], str]:
    """Stay or move, for every plant of a scenario.

    Raises
    ------
    ScenarioError, LawError, NetworkError
        Something is wrong with the scenario.
    """
    scenario = load_scenario(name)
    plan = as_plan(scenario)
    before = next((x for x in plan.scenarios if x.name == plan.baseline and x.name != scenario.name), None)
    reform = prepare(scenario)
    weighed = weigh_plants(reform, None if before is None else prepare(before), tell)
    answer = {
        **_asked(scenario, weighed.terms),
        "baseline": "" if before is None else before.name,
        "decided": weighed.decided.isoformat(),
        "opens": weighed.opens.isoformat(),
        "sources": "best at every place" if weighed.resourced else "as today",
        "plants": [_plant(plant, weighed) for plant in weighed.plants],
    }
    return answer, _text(answer)


def _asked(scenario: Scenario, terms: Terms) -> dict[str, Any]:
    return {
        "scenario": scenario.name,
        "network": str(scenario.network).rsplit("/", 1)[-1],
        "reforms": [str(x).rsplit("/", 1)[-1].removesuffix(".yaml") for x in scenario.reforms],
        "plant_usd_per_vehicle": terms.usd_per_vehicle,
        "plant_site_usd": terms.site_usd,
        "lag_months": terms.lag_months,
        "horizon_months": terms.horizon_months,
        "discount_pct": round(100 * terms.rate_year, 6),
    }


def _plant(plant: Plant, weighed: Weighed) -> dict[str, Any]:
    return {
        "plant": plant.site,
        "country": plant.country,
        "gain_usd": round(plant.decision.gain_usd, 2),
        "vehicles": [_vehicle(plant, candidate, weighed.terms) for candidate in plant.candidates],
    }


def _vehicle(plant: Plant, candidate: Candidate, terms: Terms) -> dict[str, Any]:
    goes = plant.decision.moves.get(candidate.vehicle)
    return {
        "vehicle": candidate.vehicle,
        "vehicles_year": round(candidate.yearly, 2),
        "stay_usd": round(candidate.stay_usd, 2),
        "moves_to": "" if goes is None else goes.site,
        "places": [_place(candidate, place, terms) for place in candidate.places],
        "left_out": list(plant.anyway.get(candidate.vehicle, ())),
    }


def _place(candidate: Candidate, place: Place, terms: Terms) -> dict[str, Any]:
    return {
        "site": place.site,
        "country": place.country,
        "cost_usd": round(place.cost_usd, 2),
        "is_new_site": place.is_new,
        "gain_usd": round(gain_of(candidate, place, terms) - (terms.site_usd if place.is_new else 0.0), 2),
    }


def _text(answer: dict[str, Any]) -> str:
    law = ", ".join(answer["reforms"]) or "the law as it was"
    left = f" Places that would pay under {answer['baseline']} too are left out." if answer["baseline"] else ""
    told = (
        f"{answer['scenario']}, {law}, decided on {answer['decided']}; a new plant would work from {answer['opens']}, "
        f"under the law known today for that day. Costs in US dollars a vehicle, mean over its markets, sources "
        f"{answer['sources']}; gain discounted at {answer['discount_pct']:g} % over {answer['horizon_months']} months, "
        f"less {answer['plant_usd_per_vehicle']:,.0f} USD for each vehicle a year and "
        f"{answer['plant_site_usd'] / MILLION:,.0f} million where no plant stands; that of the best place is of moving "
        f"there alone.{left} Planned, not drawn: no intervals."
    )
    rows: list[list[object]] = [
        ["vehicle", "a year", "at home", "decision", "best place", "there", "gain, million USD"]
    ]
    for plant in answer["plants"]:
        for row in plant["vehicles"]:
            best = max(row["places"], key=lambda x: x["gain_usd"], default=None)
            decision = f"moves to {row['moves_to']}" if row["moves_to"] else "stays"
            cells: list[object] = [row["vehicle"], f"{row['vehicles_year']:,.0f}", f"{row['stay_usd']:,.0f}", decision]
            if best is None:
                cells += ["-", "-", "-"]
            else:
                change = f"{best['cost_usd'] - row['stay_usd']:+,.0f}"
                cells += [best["site"], change, f"{best['gain_usd'] / MILLION:+,.1f}"]
            rows.append(cells)
    out = [
        f"{row['vehicle']}: {', '.join(row['left_out'])}"
        for x in answer["plants"]
        for row in x["vehicles"]
        if row["left_out"]
    ]
    lines = [*wrap(told), "", *columns_of(rows, right=True)]
    return "\n".join([*lines, *(["", *wrap(f"Left out: {'; '.join(out)}.")] if out else [])])


def entrant_answer(
    name: str, like: str, reforms: Sequence[str], tell: Callable[[str], None]
) -> tuple[dict[str, Any], str]:
    """Whether a Chinese-owned plant in Mexico would be built, under a scenario's law and with each reform beside it.

    Parameters
    ----------
    like : str
        Assembly recipe whose markets it would share.
    reforms : sequence of str
        Each is laid over the scenario's law alone.

    Raises
    ------
    ScenarioError, LawError, NetworkError
        No such recipe; the network lacks what such a plant needs; something is wrong with the scenario or a reform.
    """
    scenario = load_scenario(name)
    built = [recipe.id for recipe in scenario.load_network().recipes.values() if recipe.schedule]
    if like not in built:
        raise ScenarioError(scenario.name, [f"no vehicle named '{like}'. {nearest(like, built, 'vehicles')}"])
    found = []
    for reform in ("", *reforms):
        tell(f"sources of the entrant{f' under {reform}' if reform else ''}")
        prepared: Prepared = prepare(scenario.with_(reforms=(*scenario.reforms, reform)) if reform else scenario)
        try:
            found.append((reform, weigh_entry(prepared, like)))
        except NoEntrantError as error:
            raise ScenarioError(scenario.name, [f"no entrant can be placed: {error}."]) from error
    answer = {
        **_asked(scenario, terms_of(scenario.values())),
        "like": like,
        "vehicles_year": YEARLY,
        "advantage_pct": scenario.values().entrant_advantage_pct,
        "laws": [_entry(reform, entry) for reform, entry in found],
    }
    return answer, _entry_text(answer)


def _entry(reform: str, entry: Entry) -> dict[str, Any]:
    return {
        "reform": reform,
        "entrant_usd": round(entry.entrant.cost_usd, 2),
        "incumbent_usd": round(entry.incumbent.cost_usd, 2),
        "margin_usd": round(entry.margin_usd, 2),
        "claims_in": sorted(entry.entrant.claims),
        "content_pct": round(entry.content_pct, 2),
        "threshold_pct": entry.threshold_pct,
        "non_market_pct": round(entry.non_market_pct, 2),
        "non_market_limit_pct": entry.limit_pct,
        "changed_families": len(entry.entrant.changed()),
        "gain_usd": round(entry.gain_usd, 2),
        "enters": entry.enters,
    }


def _entry_text(answer: dict[str, Any]) -> str:
    told = (
        f"A Chinese-owned plant in Mexico for {answer['vehicles_year']:,} vehicles a year, sold in the markets of "
        f"{answer['like']} at what that vehicle costs there; its own work and its Chinese parts cost "
        f"{answer['advantage_pct']:g} % less. Sources of both are the best under each law. US dollars a vehicle; gain "
        f"discounted at {answer['discount_pct']:g} % over {answer['horizon_months']} months, plant paid."
    )
    rows: list[list[object]] = [
        [
            "law",
            "entrant",
            "incumbent",
            "content %",
            "asked %",
            "non-market %",
            "at most",
            "claims",
            "gain, million",
            "",
        ]
    ]
    rows += [
        [
            row["reform"] or "as in the scenario",
            f"{row['entrant_usd']:,.0f}",
            f"{row['incumbent_usd']:,.0f}",
            f"{row['content_pct']:.1f}",
            f"{row['threshold_pct']:g}",
            f"{row['non_market_pct']:.1f}" if row["non_market_limit_pct"] < 100 else "-",
            f"{row['non_market_limit_pct']:g}" if row["non_market_limit_pct"] < 100 else "-",
            ", ".join(row["claims_in"]) or "pays",
            f"{row['gain_usd'] / MILLION:+,.0f}",
            "enters" if row["enters"] else "stays away",
        ]
        for row in answer["laws"]
    ]
    return "\n".join([*wrap(told), "", *columns_of(rows, right=True)])
