"""What `sim laffer` answers: a population of makers under content rules, as text and as JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from sim.errors import PopulationError
from sim.population.assumptions import TEXTBOOK, TEXTBOOK_CHARGE, Assumptions
from sim.population.curve import BITES_PP, Curve, Peak, laffer_curve
from sim.population.firm import never_leaving_delta, unconstrained_share
from sim.population.labelled import PRECISION, labels_curve, makers_behind
from sim.population.labels import ASSEMBLY_SHARE, PRINTED_FROM_PCT, content_distribution, labels_reach
from sim.population.outcome import Location, outcome
from sim.population.summary import Summary, summarise
from sim.population.textbook import (
    FIGURE_DELTAS,
    KAPPA,
    TAU_OUTSIDE,
    Mover,
    full_content_cost,
    marginal_delta,
    mover,
    stops_complying,
    under_physical_rule,
)
from sim.population.weights import ALL, Weights
from sim.population.weights_file import load_weights, shipped_weights
from sim.text import columns_of, wrap

Answer = tuple[dict[str, Any], str]
Curves = list[tuple[str, Curve]]

RULES_PCT = (62.5, 75.0, 85.0)  # NAFTA, USMCA, and the United States' proposal of 2017
TITLES: dict[str, str] = {"fixed": "Assembly stays where it is", "moving": "Assembly may move"}
SHARES = ("free", "constrained", "pay", "pay_from_member", "outside")
CHANGES = ("price", "surplus", "parts", "parts_jobs", "assembly_jobs", "total_jobs")
REFERENCE = (
    "K. Head, T. Mayer, M. Melitz, The Laffer curve for rules of origin, Journal of International Economics 150 (2024) "
    "103911, https://doi.org/10.1016/j.jinteco.2024.103911"
)
# https://eenews.net/articles/trade-report-shows-soaring-auto-tariffs-under-us-mexico-canada-pact
PAID_PCT = 8  # of the value in 2023, trade report of the US government as told there (seen)
RULE_2023_PCT = "72 to 75"  # of USMCA on passenger vehicles: sim/data/law/agreements/usmca.yaml
GAP = (
    f"The model lets far more makers pay than are seen to: {PAID_PCT} % of the value of vehicles from Canada and "
    f"Mexico paid duty in 2023 under a rule of {RULE_2023_PCT} %. Nothing is tuned to close that gap."
)


def weights_answer(
    path: str | None, rules_pct: Sequence[float], location: str, assumed: Assumptions
) -> tuple[dict[str, Any], str, Curves]:
    """A population given by weights, under rules: answer, text, and curves for a figure.

    Parameters
    ----------
    path : str, optional
        A CSV file of weights; those that come with the program where there is none.
    location : "fixed", "moving" or "both"
        Whether assembly may move; "both" leaves moving out where the weights have no charges from elsewhere.

    Raises
    ------
    PopulationError
        The file is wrong, a rule is no percentage, or makers are to move and cannot.
    """
    rules = _rules(rules_pct)
    weights = load_weights(path) if path else shipped_weights()
    places: list[Location] = ["fixed"] if location != "moving" else []
    if location == "moving" or (location == "both" and weights.may_move):
        places.append("moving")
    answer: dict[str, Any] = {
        **_head(weights.name, assumed, rules_pct),
        "rows": len(weights.weight),
        "told": list(weights.told),
    }
    lines = [*_head_text(answer), *wrap(f"{len(weights.weight)} rows of weights: {weights.name}.")]
    lines += [line for told in weights.told for line in wrap(told, "  ")]
    curves = []
    for place in ("fixed", "moving"):
        answer[place] = None
        if place in places:
            curve = laffer_curve(weights, assumed, place)
            answer[place] = _place(weights, curve, rules, assumed, place)
            lines += ["", *_place_text(TITLES[place], answer[place])]
            curves.append((TITLES[place], curve))
    answer["caveat"] = GAP
    return answer, "\n".join([*lines, "", *wrap(GAP)]), curves


def _rules(rules_pct: Sequence[float]) -> list[float]:
    wrong = [rule for rule in rules_pct if not 0.0 < rule <= 100.0]
    if wrong:
        message = "is no percentage of content. Write a number above 0 and up to 100, such as 62.5."
        raise PopulationError("rule", [f"{rule:g} {message}" for rule in wrong])
    return [rule / 100.0 for rule in sorted(set(rules_pct))]


def _head(name: str, assumed: Assumptions, rules_pct: Sequence[float]) -> dict[str, Any]:
    parameters = {key: None if value == math.inf else value for key, value in assumed.as_dict().items()}
    return {"population": name, "rules_pct": sorted(set(rules_pct)), "parameters": parameters, "reference": REFERENCE}


def _head_text(answer: dict[str, Any]) -> list[str]:
    numbers = ", ".join(
        f"{name} {'inf' if value is None else f'{value:g}'}"
        for name, value in answer["parameters"].items()
        if not isinstance(value, bool)
    )
    weighed = "parts (as printed)" if answer["parameters"]["printed_condition"] else "the vehicle"
    return wrap(f"Makers of {REFERENCE}. {numbers}; the charge is weighed against the cost of {weighed}.")


def _peak(peak: Peak | None, height: str) -> dict[str, float] | None:
    return None if peak is None else {"rule_pct": round(peak.rule_pct, 3), height: round(peak.height, 4)}


def _figures(found: Summary) -> dict[str, Any]:
    figures: dict[str, Any] = {"rule_pct": round(100.0 * found.rule, 6), "content_pct": _known(found.content)}
    figures |= {f"{name}_pct": _known(getattr(found, name)) for name in SHARES}
    figures["not_complying_pct"] = _known(found.pay + found.pay_from_member + found.outside)
    return figures | {f"{name}_change_pct": _known(getattr(found, name)) for name in CHANGES}


def _known(value: float) -> float | None:
    """Rounded; None where there is nobody to speak of; no minus before a zero."""
    return None if math.isnan(value) else round(value, 6) + 0.0


def _place(
    weights: Weights, curve: Curve, rules: Sequence[float], assumed: Assumptions, place: Location
) -> dict[str, Any]:
    outcomes = [outcome(weights, rule, assumed, place) for rule in (0.0, *rules)]
    groups = []
    for kind, where in weights.groups():
        summaries = [summarise(found, kind, where) for found in outcomes]
        groups.append(
            {
                "class": kind,
                "assembly": where,
                "weight_pct": round(100.0 * summaries[0].weight, 4),
                "kept_pct": round(summaries[0].kept, 4),
                "content_peak": _peak(curve.peak("content", kind, where), "content_pct"),
                "parts_peak": _peak(curve.peak("parts", kind, where), "parts_change_pct"),
                "rules": [_figures(found) for found in summaries],
            }
        )
    bite = curve.first_bite()
    return {
        "first_bite_pct": None if bite is None else round(bite, 3),
        "first_bite_means": f"lowest rule that raises mean content by {BITES_PP:g} percentage points",
        "groups": groups,
        "curve": [_figures(found) for found in curve.summaries()],
    }


def _place_text(title: str, place: dict[str, Any]) -> list[str]:
    whole = place["groups"][0]
    lines = [title]
    if whole["kept_pct"] < 99.9999:
        lines += wrap(
            f"{100 - whole['kept_pct']:.1f} % of makers assemble outside without a rule and are left out.", "  "
        )
    rows = [["rule", "content", *(name.replace("_", " ") for name in SHARES)]]
    rows += [[_rule(row), *(_cell(row[f"{name}_pct"], 2) for name in ("content", *SHARES))] for row in whole["rules"]]
    lines += ["", *(f"  {line}" for line in columns_of(rows, right=True)), ""]
    lines += wrap(_landmarks(place, whole), "  ")
    rows = [["", "rule", "price", "surplus", "X", "L", "LT", "NC", "X peaks at"]]
    for group in place["groups"]:
        for row in group["rules"][1:]:
            changes = [row[f"{name}_change_pct"] for name in ("price", "surplus", "parts", "parts_jobs", "total_jobs")]
            cells = [_cell(value, 2) for value in (*changes, row["not_complying_pct"])]
            peak = group["parts_peak"]
            first = row is group["rules"][1]
            named = f"{group['class']} {group['assembly']}" if group["assembly"] != ALL else f"{group['class']}, all"
            rows.append([named if first else "", _rule(row), *cells, _at(peak) if first else ""])
    legend = (
        "Percent, changes against no rule. X regional parts, L jobs in parts, LT all jobs, NC makers that do not "
        "comply (pay, or assemble outside). Places are those of assembly without a rule."
    )
    return [*lines, "", *(f"  {line}" for line in columns_of(rows, right=True)), "", *wrap(legend, "  ")]


def _landmarks(place: dict[str, Any], whole: dict[str, Any]) -> str:
    bite, peak = place["first_bite_pct"], whole["content_peak"]
    if bite is None or peak is None:
        return "No rule raises content."
    text = f"Content first rises at a rule of {bite:.1f} % and is highest at {peak['rule_pct']:.1f} %: "
    text += f"{peak['content_pct']:.2f} %."
    known = [row for row in whole["rules"][1:] if row["content_pct"]]
    for one, other in pairwise(known):
        change = 100.0 * (other["content_pct"] / one["content_pct"] - 1.0)
        text += f" From {_rule(one)} to {_rule(other)} content changes by {change:+.2f} % of itself."
    return text


def _rule(row: dict[str, Any]) -> str:
    return f"{row['rule_pct']:g} %" if row["rule_pct"] else "none"


def _cell(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _at(peak: dict[str, float] | None) -> str:
    return "never" if peak is None else f"{peak['rule_pct']:.1f}"


def labels_answer(rules_pct: Sequence[float], assumed: Assumptions) -> tuple[dict[str, Any], str, Curves]:
    """Content labels: who reaches the rules, the content that they imply, and the makers behind them under rules."""
    rules = _rules(rules_pct)
    years = labels_reach(rules)
    distribution = content_distribution(assumed.alpha_mean)
    answer: dict[str, Any] = {
        **_head("labels of carlines, model years 2020-2026", assumed, rules_pct),
        "measurement_precision": PRECISION,
        "labels": [
            {
                "model_year": year.model_year,
                "carlines": year.carlines,
                "reach_pct": {
                    f"{100 * rule:g}": round(share, 4) for rule, share in zip(rules, year.reach_pct, strict=True)
                },
            }
            for year in years
        ],
        "implied_content_pct": {
            name: {"as_printed": round(low, 4), "most": round(high, 4)} for name, (low, high) in distribution.items()
        },
    }
    curves = []
    for key, hidden, title in (
        ("with_hidden_content", True, "Mexican content that labels need not print may be there"),
        ("as_printed", False, "Labels show all regional content"),
    ):
        makers = makers_behind(shipped_weights(), assumed, hidden=hidden)
        curve = labels_curve(makers, assumed)
        groups = [
            {
                "class": g.vehicle_class,
                "assembly": g.assembly,
                "carlines": g.carlines,
                "mean_delta": round(float(g.mass @ g.delta), 6),
            }
            for g in makers
        ]
        at = [summarise(curve.at(rule, ALL, ALL)) for rule in (0.0, *rules)]
        answer[key] = {
            "content_peak": _peak(curve.peak(), "content_pct"),
            "makers": groups,
            "rules": [_figures(found) for found in at],
            "curve": [_figures(found) for found in curve.summaries()],
        }
        curves.append((title, curve))
    answer["caveat"] = GAP
    return answer, _labels_text(answer, curves), curves


def _labels_text(answer: dict[str, Any], curves: Curves) -> str:
    names = [f"{rule:g} %" for rule in answer["rules_pct"]]
    rows = [["model year", "carlines", *names]]
    rows += [
        [f"{year['model_year']}", f"{year['carlines']}", *(f"{share:.1f}" for share in year["reach_pct"].values())]
        for year in answer["labels"]
    ]
    told = (
        f"Carlines whose printed regional content reaches what a rule leaves to parts at a share of assembly of "
        f"{100 * ASSEMBLY_SHARE:g} %; percent of rows, not of sales, and too few, since Mexican content under "
        f"{PRINTED_FROM_PCT:g} % is not printed:"
    )
    lines = [*_head_text(answer), "", *wrap(told), "", *(f"  {line}" for line in columns_of(rows, right=True)), ""]
    rows = [["", "as printed", "with all that may be hidden"]]
    implied = answer["implied_content_pct"].items()
    rows += [[name, f"{pair['as_printed']:.1f}", f"{pair['most']:.1f}"] for name, pair in implied]
    lines += ["Regional content of the vehicle that labels imply, percent:", ""]
    lines += [*(f"  {line}" for line in columns_of(rows, right=True)), ""]
    lines += ["The makers behind the labels under other rules, assembly at its place, percent:"]
    for key, (title, _) in zip(("with_hidden_content", "as_printed"), curves, strict=True):
        found = answer[key]
        rows = [["rule", "content", "free", "constrained", "pay", "price", "X", "L", "LT"]]
        columns = ["content_pct", "free_pct", "constrained_pct", "pay_pct"]
        columns += ["price_change_pct", "parts_change_pct", "parts_jobs_change_pct", "total_jobs_change_pct"]
        rows += [[_rule(row), *(_cell(row[name], 2) for name in columns)] for row in found["rules"]]
        peak = found["content_peak"]
        height = (
            "never rises" if peak is None else f"is highest at {peak['rule_pct']:.1f} %: {peak['content_pct']:.2f} %"
        )
        lines += ["", *wrap(f"{title}: content {height}.", "  "), ""]
        lines += [f"  {line}" for line in columns_of(rows, right=True)]
    return "\n".join([*lines, "", *wrap(GAP)])


def textbook_answer() -> tuple[dict[str, Any], str, list[Mover]]:
    """The paper's illustration in closed form: makers, shares under a rule on parts, and who moves."""
    bar = float(never_leaving_delta(TEXTBOOK_CHARGE, TEXTBOOK.theta))
    star = marginal_delta(RULES_PCT[0] / 100.0)
    shares = [under_physical_rule(rule / 100.0) for rule in (50.0, *RULES_PCT)]  # 50: assumption, a mild rule beside
    movers = [mover(delta) for delta in FIGURE_DELTAS]
    makers = [
        {
            "delta": delta,
            "free_share": round(float(unconstrained_share(delta, TEXTBOOK.theta)), 6),
            "full_content_cost": round(full_content_cost(delta), 6),
            "stops_complying_at": None if math.isinf(stops_complying(delta)) else round(stops_complying(delta), 6),
        }
        for delta in (0.8, 1.0, 1.25)  # assumption: makers to show
    ]
    answer = {
        "reference": REFERENCE,
        "parameters": {
            "theta": TEXTBOOK.theta,
            "mu": TEXTBOOK.mu,
            "sigma": TEXTBOOK.sigma,
            "alpha": TEXTBOOK.alpha_mean,
            "tau": TEXTBOOK_CHARGE,
            "kappa": KAPPA,
            "tau_outside": TAU_OUTSIDE,
        },
        "always_complies_above_delta": round(bar, 6),
        "makers": makers,
        "marginal_maker_at_62.5": {
            "delta": round(star, 6),
            "free_share": round(float(unconstrained_share(star, TEXTBOOK.theta)), 6),
        },
        "rule_on_parts": [
            {
                "rule_pct": 100.0 * x.rule,
                "pay": round(x.pay, 6),
                "constrained": round(x.constrained, 6),
                "free": round(x.free, 6),
                "mean_regional_parts": round(x.mean_share, 6),
            }
            for x in shares
        ],
        "movers": [
            {
                "delta": x.delta,
                "gives_up_at": round(x.gives_up_at, 6),
                "then": x.then,
                "leaving_costs": round(x.leaves, 6),
            }
            for x in movers
        ],
    }
    return answer, _textbook_text(answer, movers), movers


def _textbook_text(answer: dict[str, Any], movers: Sequence[Mover]) -> str:
    rows = [["delta", "free share", "cost of full content", "stops complying at"]]
    for row in answer["makers"]:
        at = row["stops_complying_at"]
        rows.append(
            [
                f"{row['delta']:g}",
                f"{row['free_share']:.4f}",
                f"{row['full_content_cost']:.4f}",
                f"{at:.4f}" if at else "never",
            ]
        )
    table = [["rule on parts", "pay", "constrained", "free", "mean regional parts"]]
    for row in answer["rule_on_parts"]:
        shares = (row[name] for name in ("pay", "constrained", "free", "mean_regional_parts"))
        table.append([f"{row['rule_pct']:g} %", *(f"{share:.4f}" for share in shares)])
    bar, star = answer["always_complies_above_delta"], answer["marginal_maker_at_62.5"]["delta"]
    lines = [
        *wrap(f"The illustration of {REFERENCE}: theta 4, ln delta with mean 0 and deviation 0.2, a charge of 10 %."),
        "",
        *(f"  {line}" for line in columns_of(rows, right=True)),
        "",
        *wrap(f"From delta {bar:.4f} on, full content is always cheaper than the charge.", "  "),
        *wrap(f"Under a rule of 62.5 % of parts cost, delta {star:.4f} is indifferent.", "  "),
        "",
        *(f"  {line}" for line in columns_of(table, right=True)),
        "",
    ]
    for x in movers:
        what = "assembles outside" if x.then == "leave" else "pays"
        lines += wrap(
            f"With a choice of place, delta {x.delta:g} {what} from {100 * x.gives_up_at:.1f} % of parts on.", "  "
        )
    return "\n".join(lines)
