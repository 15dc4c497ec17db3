"""What `sim sourcing claims` answers: use of preference by goods and pair of countries, beside published shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sim.answers.sourcing import question_of
from sim.scenario import load_scenario
from sim.sourcing.utilisation import Use, beside, published, utilisation
from sim.text import columns_of, wrap


def claims_answer(name: str, reforms: Sequence[str]) -> tuple[dict[str, Any], str]:
    """Use of preference under a scenario's law, as planned.

    Raises
    ------
    ScenarioError, LawError
        The scenario or a reform is wrong.
    """
    scenario = load_scenario(name)
    question = question_of(scenario, reforms)
    uses = utilisation(question)
    parameters = question.parameters
    regime = parameters.regimes[question.regime]
    answer = {
        "scenario": scenario.name,
        "network": question.network.name,
        "known": question.known.isoformat(),
        "on": question.on.isoformat(),
        "claim_cost_pct": regime.compliance_pct_of_value,
        "claim_cost_spread": parameters.claim_cost_spread,
        "audit_probability_pct": parameters.audit_probability_pct,
        "uses": [{k: round(v, 2) if isinstance(v, float) else v for k, v in asdict(use).items()} for use in uses],
        "published": [_published(uses, row) for row in published()],
    }
    return answer, _text(answer)


def _published(uses: Sequence[Use], row: Any) -> dict[str, Any]:
    ours = beside(uses, row)
    return {
        "group": row.group,
        "exporters": list(row.exporters),
        "year": row.year,
        "published_pct": row.used_pct,
        "what": row.what,
        "source": row.source,
        "ours": None if ours is None else {key: round(value, 2) for key, value in ours.items()},
    }


def _text(answer: dict[str, Any]) -> str:
    told = (
        f"Network {answer['network']}, law known on {answer['known']} for {answer['on']}. A claim costs "
        f"{answer['claim_cost_pct']:g} % of value beside its clerk, with a spread of {answer['claim_cost_spread']:g} "
        f"between goods; {answer['audit_probability_pct']:g} % of claims are verified. Percent of the value entered."
    )
    rows: list[list[object]] = [
        ["goods", "from>to", "million USD a year", "claims", "expected", "fails the rule", "no duty to save"]
    ]
    for use in answer["uses"]:
        numbers = [use["claimed_pct"], use["expected_pct"], use["fails_pct"], use["free_pct"]]
        pair = f"{use['exporter']}>{use['importer']}"
        rows.append([use["group"], pair, f"{use['value_usd'] / 1e6:,.0f}", *(f"{x:.1f}" for x in numbers)])
    lines = [*wrap(told), "", *columns_of(rows, right=True), "", "Published, into the United States:"]
    for row in answer["published"]:
        ours = row["ours"]
        mine = "no such trade here"
        if ours is not None:
            mine = f"here {ours['expected_pct']:.1f} % claim, {ours['no_duty_pct']:.1f} % pay no duty"
        goods = f"{row['group']} from {' and '.join(row['exporters'])}"
        lines += wrap(f"{goods}, {row['year']}: {row['published_pct']:g} % ({row['what']}); {mine}", "  ", "    ")
    return "\n".join(lines)
