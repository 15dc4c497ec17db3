"""Answers kept with a study: figures and tables of `sim market`, `relocate`, `tree` and `validate` on its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from sim.answers.market import COLUMNS
from sim.market.response import Response
from sim.market.tables import ALL, EXPORT, HOME
from sim.measures import REGISTRY
from sim.report.annex import keep_annex
from sim.report.market_figure import market_figure, market_provenance
from sim.report.relocate_figure import best_place, relocate_figure
from sim.report.source import as_words
from sim.report.tables import DataTable, record_table
from sim.report.tree_figure import policy_tree, tree_provenance
from sim.study import Study
from sim.study.tree.run import Grown
from sim.study.tree.table import verdict_table

MILLION = 1e6
HEADS = {"change_half_width_95": "change ± 95 %"}  # as a page names what a file of results calls otherwise


def keep_market(study: Study, answer: Mapping[str, Any], response: Response) -> Path:
    """Put what `sim market` answered of a study on its page.

    Returns
    -------
    Path
        The page.
    """
    name = response.scenario
    figures = {(row["table"], row["vehicle"], row["item"]): row for row in answer["figures"]}
    moved = [(kind, figures.get(("sales", ALL, kind))) for kind in (HOME, EXPORT)]
    told = ", ".join(f"{kind} {row['change']:+,.0f}" for kind, row in moved if row is not None)
    label = _label(study, name)
    words = {
        "heading": f"Market: {label}",
        "caption": (
            f"Once sales have followed prices, a year's figures: {answer['pass_through_pct']:g} % of a change in "
            f"landed cost reaches the price, and demand has the elasticity {answer['elasticity']:g}. Left, vehicles "
            f"more or fewer; right, balances before and after, gross and in value added. Whiskers are 95 % intervals "
            f"of replications. Made by sim market, scenario {name}."
        ),
        "alt": f"Bars of vehicles sold and of trade balances under {label}. Vehicles a year, all makers: {told}.",
    }
    told_of = [x for x in COLUMNS if x != "why_no_interval" or any(row[x] for row in answer["figures"])]
    rows = [tuple(row[column] for column in told_of) for row in answer["figures"]]
    heads = tuple(HEADS.get(column, column.replace("_", " ")) for column in told_of)
    table = DataTable(f"market_{name}", f"Prices, sales, jobs and balances: {label}", heads, tuple(rows))
    figure = market_figure(response, market_provenance(response), label)
    return _keep(study, f"market_{name}", words, figure, [table])


def keep_relocate(study: Study, answer: Mapping[str, Any]) -> Path:
    """Put what `sim relocate` answered on the page of a study.

    Returns
    -------
    Path
        The page.
    """
    name = str(answer["scenario"])
    label = _label(study, name)
    vehicles = [row for plant in answer["plants"] for row in plant["vehicles"]]
    moves = [f"{row['vehicle']} to {row['moves_to']}" for row in vehicles if row["moves_to"]]
    told = f"decided on {answer['decided']}, working from {answer['opens']}"
    words = {
        "heading": f"Plants that move: {label}",
        "caption": (
            f"What moving each vehicle to another place would gain, {told}: costs under the law known that day, "
            f"discounted at {answer['discount_pct']:g} % over {answer['horizon_months']} months, less the cost of the "
            f"new plant, as if it moved alone. Vehicles that move together share a new plant, so that one which would "
            f"lose alone may move with others. Planned, not drawn: no intervals. Made by sim relocate, scenario {name}."
        ),
        "alt": f"Bars of the gain of moving. {len(vehicles)} vehicles; moving: {'; '.join(moves) or 'none'}.",
    }
    rows = [_place_row(row) for row in vehicles]
    table = record_table(f"relocate_{name}", f"Where each vehicle would be built: {label}", rows)
    provenance = f"sim relocate {name} · network {answer['network']} · {told} · planned costs, no intervals"
    title = f"Gain of moving assembly, {label}"
    figure = relocate_figure(answer["plants"], title, provenance)
    return _keep(study, f"relocate_{name}", words, figure, [] if table is None else [table])


def keep_tree(grown: Grown) -> Path:
    """Put the verdict on a policy tree on the page of its study.

    Returns
    -------
    Path
        The page.
    """
    tree, verdict = grown.tree, grown.verdict
    unit = REGISTRY[tree.measure].unit
    found = verdict_table(tree, verdict)
    words = {
        "heading": f"Policy tree: {tree.title}",
        "caption": (
            f"Left, the branches over time with their probabilities, a diamond on each day on which firms may choose; "
            f"right, what a plan costs beyond '{tree.plans[0].name}' along each leaf and in expectation, with 95 % "
            f"intervals. Made by sim tree {tree.name}."
        ),
        "alt": (
            f"A tree of {len(verdict.leaves)} leaves. Least expected cost: {verdict.least_cost}; least greatest "
            f"regret: {verdict.least_regret}."
        ),
    }
    rows = tuple(tuple(_cell(cell) for cell in row) for row in found.rows)
    heads = tuple(column.replace("_", " ") for column in found.columns)
    table = DataTable("policy_tree", f"Plans along every leaf ({unit})", heads, rows)
    figure = policy_tree(tree, found, unit, tree_provenance(grown))
    return _keep(grown.study, "policy_tree", words, figure, [table])


def keep_score(study: Study, answer: Mapping[str, Any], figure: Figure) -> Path:
    """Put what `sim validate` answered on the page of a study: what is not reproduced first, then every number.

    Returns
    -------
    Path
        The page.
    """
    every = [{"block": block["name"], **row} for block in answer["blocks"] for row in block["targets"]]
    missed = [row for row in every if not row["met"]]
    told = ", ".join(f"{block['name']} {block['met']} of {block['of']}" for block in answer["blocks"])
    words = {
        "heading": "Ours beside published numbers",
        "caption": (
            f"Where each number of the program lies in the band about the published one; {len(missed)} of {len(every)} "
            "lie outside. The first table has those, with the reason as far as it is known. They are the program's, "
            "not this study's. Made by sim validate."
        ),
        "alt": f"Marks of numbers in and outside their bands. In them: {told}.",
    }
    shown = [
        {key: row[key] for key in ("block", "item", "ours", "theirs", "unit", "tolerance")} | {"reason": row["note"]}
        for row in missed
    ]
    tables = (
        record_table("not_reproduced", "What is not reproduced", shown),
        record_table("validation", "Every number that was compared", [_without_ends(row) for row in every]),
    )
    return _keep(study, "validation", words, figure, [table for table in tables if table is not None])


def _without_ends(row: Mapping[str, Any]) -> dict[str, Any]:
    """A number that was compared; the tolerance tells the ends of its band."""
    return {key: value for key, value in row.items() if key not in ("low", "high")}


def _keep(study: Study, name: str, words: Mapping[str, str], figure: Figure, tables: Sequence[DataTable]) -> Path:
    keep_annex(study.directory, name, words, figure, tables, str(study.manifest["digest"]))
    return study.report()


def _label(study: Study, scenario: str) -> str:
    told = {str(entry["name"]): str(entry.get("label") or "") for entry in study.manifest.get("scenarios", [])}
    return told.get(scenario) or as_words(scenario)


def _place_row(row: Mapping[str, Any]) -> dict[str, Any]:
    best = best_place(row)
    return {
        "vehicle": row["vehicle"],
        "vehicles_a_year": row["vehicles_year"],
        "cost_at_home_usd": row["stay_usd"],
        "decision": f"moves to {row['moves_to']}" if row["moves_to"] else "stays",
        "best_place": None if best is None else best["site"],
        "change_there_usd": None if best is None else round(best["cost_usd"] - row["stay_usd"], 2),
        "gain_million_usd": None if best is None else round(best["gain_usd"] / MILLION, 3),
        "left_out": ", ".join(row["left_out"]),
    }


def _cell(value: object) -> str | float | int | None:
    return value if value is None or isinstance(value, str | int | float) else str(value)
