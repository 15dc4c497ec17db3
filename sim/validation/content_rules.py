"""Closed forms of the population of makers under content rules, and the counts of labels that a reader must find."""

from __future__ import annotations

import math
from collections.abc import Iterator

from scipy.stats import norm  # type: ignore[import-untyped]

from sim.population.firm import never_leaving_delta, unconstrained_share
from sim.population.labels import labels_reach
from sim.population.textbook import full_content_cost, marginal_delta, mover, stops_complying, under_physical_rule
from sim.validation.finding import Finding, exactly

ARTICLE = "Head, Mayer and Melitz (2024), https://doi.org/10.1016/j.jinteco.2024.103911"
OWN = f"own arithmetic from the formulas of {ARTICLE}"
LABELS = "own count of sim/data/population/labels.csv"
CLOSE, MOVES = 0.001, 0.005
TAU, THETA, SPREAD = 1.10, 4.0, 0.2

# Delta: free share, cost of full content, share of parts at which it stops complying.
MAKERS = {0.8: (0.2906, 1.3620, 0.6736), 1.0: (0.5, 1.1892, 0.8843), 1.25: (0.7094, 1.0896, None)}
# Rule on parts: makers that pay, are constrained and are free, and the mean regional share of parts.
UNDER_RULES = {
    0.50: (0.0211, 0.4789, 0.5000, 0.5651),
    0.625: (0.0867, 0.6517, 0.2616, 0.6132),
    0.75: (0.2321, 0.6831, 0.0848, 0.6425),
    0.85: (0.4203, 0.5647, 0.0151, 0.6321),
}
# Model year: carlines, and the percentages that reach 62.5, 75 and 85 %.
REACH = {2020: (192, 64.1, 26.0, 8.9), 2025: (221, 61.1, 26.7, 14.9), 2026: (145, 64.1, 31.0, 11.7)}


def makers() -> Iterator[Finding]:
    """The article's illustration: theta 4, ln delta with mean 0 and deviation 0.2, a charge of 10 %."""
    bar, star = float(never_leaving_delta(TAU, THETA)), marginal_delta(0.625)
    paying, bound = (norm.cdf(math.log(delta) / SPREAD) for delta in (star, (0.625 / 0.375) ** (1 / THETA)))
    rows = [
        ("full content always pays above delta", bar, 1.2116, OWN),
        ("makers above it", float(norm.sf(math.log(bar) / SPREAD)), 0.169, ARTICLE),
        ("marginal maker's free share at 62.5 % of cost", float(unconstrained_share(star, THETA)), 0.182, OWN),
        ("marginal delta at 62.5 % of cost", star, 0.6867, OWN),
        ("constrained at 62.5 % of cost", float(bound - paying), 0.708, ARTICLE),
    ]
    for delta, (share, full, stops) in MAKERS.items():
        rows.append((f"delta {delta:g}: free share", float(unconstrained_share(delta, THETA)), share, OWN))
        rows.append((f"delta {delta:g}: cost of full content", full_content_cost(delta), full, OWN))
        if stops is not None:
            rows.append((f"delta {delta:g}: stops complying at", stops_complying(delta), stops, OWN))
    for rule, told in UNDER_RULES.items():
        found = under_physical_rule(rule)
        ours = (found.pay, found.constrained, found.free, found.mean_share)
        names = ("pay", "constrained", "free", "mean regional parts")
        rows += [
            (f"{100 * rule:g} % of parts: {name}", value, theirs, OWN)
            for name, value, theirs in zip(names, ours, told, strict=True)
        ]
    for item, value, theirs, source in rows:
        yield Finding("T10", item, value, theirs, "", *exactly(theirs, CLOSE), source)
    for delta, theirs, then in ((0.6, 0.490, "leaves"), (0.8, 0.811, "pays")):
        value = mover(delta).gives_up_at
        yield Finding("T10", f"delta {delta:g} {then} from", value, theirs, "", *exactly(theirs, MOVES), ARTICLE)


def labels() -> Iterator[Finding]:
    """Carlines by model year and the share of them that reaches each rule: a test of the reader, exact as printed."""
    found = {year.model_year: year for year in labels_reach()}
    for year, (count, *reach) in REACH.items():
        ours = found[year]
        yield Finding("T70", f"{year} carlines", ours.carlines, count, "", *exactly(count, 0), LABELS)
        for rule, theirs, value in zip(("62.5", "75", "85"), reach, ours.reach_pct, strict=True):
            yield Finding("T70", f"{year} reach {rule} %", round(value, 1), theirs, "%", *exactly(theirs, 1e-9), LABELS)
