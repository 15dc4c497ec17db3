"""What `sim directions` answers: published directions of content rules beside what a finished study and makers show."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import DataError
from sim.population.assumptions import Assumptions
from sim.population.labelled import labels_curve, makers_behind
from sim.population.labels import load_labels
from sim.population.weights_file import shipped_weights
from sim.study import Comparison, Study, mean_interval
from sim.study.shown import Table
from sim.study.stored import stored_scenario
from sim.text import wrap

STUDY = "content_rules_2017"
SETTLED, STOOD, LIST = "settled_nafta", "nafta_as_it_stood", "modern_tracing_list"
US_HALF, PROPOSAL, GONE = "settled_us_half", "settled_85_50", "settled_withdrawal"
STEPS = {
    62.5: "settled_list",
    **{float(pct): f"settled_list__nafta_light_vehicle_threshold_{pct}_pct" for pct in (75, 80, 85, 90)},
}
RULES_PCT = (62.5, 75.0, 85.0)
LITTLE_PCT = 1.0  # of a vehicle's cost: what "little" more than the strictest rule is taken to be
HMM = "Head, Mayer and Melitz (2024), https://doi.org/10.1016/j.jinteco.2024.103911"
GLOBE = (
    "The Globe and Mail, October 2017, https://beta.theglobeandmail.com/report-on-business/"
    "us-puts-contentious-nafta-auto-demands-on-the-table/article36583891/"
)
CONTENT = (
    "where", "rule_pct", "content_pct", "half_width_95", "interval", "change_points", "change_half_width_95",
)  # fmt: skip
CHANGES = ("vehicle", "rule", "change_usd", "half_width_95")
MET = (
    "vehicle",
    "threshold_pct",
    "content_before_pct",
    "content_after_pct",
    "half_width_95",
    "before_pct",
    "after_pct",
)


@dataclass(frozen=True, slots=True)
class Direction:
    """One published direction and what came out.

    Parameters
    ----------
    name : str
        ``content``, ``content_midsize``, ``us_share``, ``withdrawal`` or ``tracing_list``.
    published : str
        What is said, and by whom.
    agrees : bool
    said : str
        What came out, in words with numbers; where it disagrees, how.
    table : Table
        Every number of its figure.
    """

    name: str
    published: str
    agrees: bool
    said: str
    table: Table


def directions_of(study: Study) -> list[Direction]:
    """Every direction, from a finished study with the scenarios of ``content_rules_2017``.

    Raises
    ------
    DataError
        The study lacks a scenario that is needed.
    """
    needed = (SETTLED, STOOD, LIST, US_HALF, PROPOSAL, GONE, *STEPS.values())
    lacking = [name for name in needed if name not in study.scenarios]
    if lacking:
        said = f"lacks {', '.join(lacking)}. Run `sim run {STUDY}`, and give its folder."
        raise DataError(str(study.directory), [said])
    return [_population(), _midsize(study), _us_share(study), _withdrawal(study), _tracing(study)]


def directions_answer(found: list[Direction], study: Study) -> tuple[dict[str, Any], str]:
    """JSON with stable keys, and text."""
    answer = {
        "study": study.name,
        "replications": study.replications,
        "directions": [
            {
                "name": x.name,
                "published": x.published,
                "agrees": x.agrees,
                "said": x.said,
                "rows": x.table.to_dicts(),
            }
            for x in found
        ],
    }
    blocks = []
    for x in found:
        verdict = "as published" if x.agrees else "NOT as published"
        blocks.append("\n".join([*wrap(f"{x.table.title}: {verdict}."), *wrap(x.said, "  "), *wrap(x.published, "  ")]))
    return answer, "\n\n".join(blocks)


def _population() -> Direction:
    """Makers behind the labels of each model year: seven populations, and how they differ."""
    assumed, weights, labels = Assumptions(), shipped_weights(), load_labels()
    rules = np.array(RULES_PCT) / 100
    years = []
    for year in sorted({label.model_year for label in labels}):
        own = [label for label in labels if label.model_year == year]
        curve = labels_curve(makers_behind(weights, assumed, own), assumed, rules)
        years.append([summary.content for summary in curve.summaries()])
    content = np.array(years)
    rows = []
    for column, rule in enumerate(RULES_PCT):
        mean, half = mean_interval(content[:, column])
        change = mean_interval(content[:, column] - content[:, column - 1]) if column else (None, None)
        rows.append(("makers behind labels", rule, mean, half, "of seven model years", *change))
    up, down = (mean_interval(content[:, k + 1] - content[:, k]) for k in (0, 1))
    said = (
        f"Mean regional content of the makers behind the labels of model years 2020 to 2026 changes by {_points(up)} "
        f"from 62.5 to 75 % and by {_points(down)} from 75 to 85 % (intervals over the seven model years)."
    )
    published = f"Content rises, then falls past a peak: {HMM}."
    agrees = _is_above(up) and _is_above((-(down[0] or 0.0), down[1]))
    return Direction(
        "content", published, agrees, said, Table("Content of a population of makers", CONTENT, tuple(rows))
    )


def _midsize(study: Study) -> Direction:
    rows: list[tuple[Any, ...]] = []
    names = list(STEPS.values())
    for (rule, name), before in zip(STEPS.items(), ["", *names[:-1]], strict=True):
        row = _row(study, "content_pct", "all", "nafta", name, before or name)
        change = (row.difference, row.half_width_95) if before else (None, None)
        rows.append(("midsize", rule, row.mean, row.mean_half_width_95, "of replications", *change))
    up = _row(study, "content_pct", "all", "nafta", STEPS[75.0], STEPS[62.5])
    down = _row(study, "content_pct", "all", "nafta", STEPS[85.0], STEPS[75.0])
    peak = max(rows, key=lambda row: row[2] or 0.0)
    rises, falls = (up.difference, up.half_width_95), (down.difference, down.half_width_95)
    agrees = _is_above(rises) and _is_above((-(falls[0] or 0.0), falls[1]))
    last = rows[-1]
    said = (
        f"Content by net cost, every import traced, sources settled, changes by {_points(rises)} from 62.5 to 75 % and "
        f"by {_points(falls)} from 75 to 85 %. It is highest at {peak[1]:g} % of these steps ({peak[2]:.1f} %) and is "
        f"{last[2]:.1f} % at {last[1]:g} %."
    )
    if not agrees:
        still = [x for x in study.vehicles() if _originates(study, x, STEPS[85.0])]
        said += (
            f" Still complying at 85 %: {', '.join(still) or 'nobody'}. Few vehicles make coarse steps, and one in six "
            f"would pay 25 %; most makers of the population would pay 2.5 % and give up earlier."
        )
    published = f"Content rises from 62.5 to 75 % and is lower at 85 %: {HMM}."
    return Direction("content_midsize", published, agrees, said, Table("Content of midsize", CONTENT, tuple(rows)))


def _us_share(study: Study) -> Direction:
    names = ("all", *study.vehicles())
    rows = [_change(study, name, "half from the US", US_HALF) for name in names]
    cost = _row(study, "cost_per_vehicle_usd", "all", "total", US_HALF, SETTLED)
    change = (cost.difference, cost.half_width_95)
    dearer = [row[0] for row in rows[1:] if _is_above((row[2], row[3]))]
    said = (
        f"A share of one half for the United States, alone, costs {_usd(change)} a vehicle on the mean over all; "
        f"dearer are {', '.join(dearer) or 'none'}, and the others have half already."
    )
    published = f"A share of the United States makes vehicles dearer, or makers pay instead: {GLOBE}."
    table = Table("What a share of the United States costs", CHANGES, tuple(rows))
    return Direction("us_share", published, _is_above(change), said, table)


def _withdrawal(study: Study) -> Direction:
    tight = {f"{rule:g} %": name for rule, name in STEPS.items()} | {"85 % and half US": PROPOSAL, "withdrawal": GONE}
    rows = [_change(study, name, rule, scenario) for name in study.vehicles() for rule, scenario in tight.items()]
    pickups, cars = _kinds(study)
    agrees, parts = True, []
    for vehicle in (*pickups, *cars):
        own = {row[1]: row[2] for row in rows if row[0] == vehicle}
        strictest = max((rule for rule in own if rule != "withdrawal"), key=lambda rule: own[rule] or 0.0)
        gap = _row(study, "cost_per_vehicle_usd", vehicle, "total", GONE, tight[strictest])
        change, level = (gap.difference, gap.half_width_95), gap.mean or 1.0
        above = 100 * (gap.difference or 0.0) / level
        parts.append(f"{vehicle} {_usd(change)} above {strictest}")
        agrees &= _is_above(change) and above > LITTLE_PCT if vehicle in pickups else abs(above) <= LITTLE_PCT
    said = f"Withdrawal against the dearest content rule for each vehicle: {'; '.join(parts)}."
    published = (
        "Withdrawal costs more than any tightening where the duty is 25 % (pickups) and little where it is 2.5 % "
        f"(cars), so that makers of cars would sooner pay: {HMM}; {GLOBE}."
    )
    table = Table("What withdrawal and tighter rules cost", CHANGES, tuple(rows))
    return Direction("withdrawal", published, agrees, said, table)


def _tracing(study: Study) -> Direction:
    rows, failed = [], []
    for vehicle in study.vehicles():
        before = _row(study, "content_pct", vehicle, "nafta", STOOD, STOOD)
        after = _row(study, "content_pct", vehicle, "nafta", LIST, LIST)
        asked = _row(study, "threshold_pct", vehicle, "nafta", LIST, LIST).mean
        met = [_row(study, "originating_pct", vehicle, "", name, name).mean or 0.0 for name in (STOOD, LIST)]
        rows.append((vehicle, asked, before.mean, after.mean, after.mean_half_width_95, *met))
        if met[0] > met[1]:
            failed.append(f"{vehicle} ({before.mean:.1f} to {after.mean:.1f} % where {asked:g} % are asked)")
    said = (
        f"With today's sources the modernised list turns non-compliant: {', '.join(failed)}."
        if failed
        else "With today's sources no vehicle that complied fails under the modernised list."
    )
    published = f"A list extended to all components turns some compliant vehicles non-compliant: {GLOBE}."
    table = Table("Who fails under the modernised list", MET, tuple(rows))
    return Direction("tracing_list", published, bool(failed), said, table)


def _originates(study: Study, vehicle: str, scenario: str) -> bool:
    """Whether most of a vehicle's builds meet the rule."""
    return (_row(study, "originating_pct", vehicle, "", scenario, scenario).mean or 0.0) > 50


def _kinds(study: Study) -> tuple[list[str], list[str]]:
    """Vehicles that pay the duty of trucks, and the others."""
    network = stored_scenario(study, SETTLED).load_network()
    trucks = [x for x in study.vehicles() if network.parts[network.recipes[x].part].vehicle_class == "light_truck"]
    return trucks, [x for x in study.vehicles() if x not in trucks]


def _row(study: Study, measure: str, vehicle: str, item: str, scenario: str, against: str) -> Comparison:
    return next(x for x in study.compare(measure, vehicle, item, against) if x.scenario == scenario)


def _change(study: Study, vehicle: str, rule: str, scenario: str) -> tuple[str, str, float | None, float | None]:
    row = _row(study, "cost_per_vehicle_usd", vehicle, "total", scenario, SETTLED)
    return vehicle, rule, row.difference, row.half_width_95


Interval = tuple[float | None, float | None]


def _is_above(change: Interval) -> bool:
    """Whether a change is above 0, its interval too where it has one."""
    value, half = change
    return value is not None and value - (half or 0.0) > 0


def _points(change: Interval) -> str:
    value, half = change
    return f"{value or 0.0:+.2f}{'' if half is None else f' ± {half:.2f}'} points"


def _usd(change: Interval) -> str:
    value, half = change
    return f"{value or 0.0:+,.0f}{'' if half is None else f' ± {half:,.0f}'} USD"


def write_figures(found: list[Direction], study: Study, folder: Path) -> list[Path]:
    """Draw every direction; PNG and SVG each, the PNGs returned."""
    from sim.report.directions_figure import changes_by_vehicle, content_and_rule, who_fails
    from sim.report.style import save_figure

    about = f"study {study.name} · {study.replications} replications · digest {study.manifest['digest'][:12]}"
    tables = {x.name: x.table for x in found}
    drawn = {
        "content_rises_then_falls": content_and_rule((tables["content"], tables["content_midsize"]), about),
        "us_share_costs": changes_by_vehicle(tables["us_share"], about),
        "withdrawal_against_rules": changes_by_vehicle(tables["withdrawal"], about),
        "modern_list_fails": who_fails(tables["tracing_list"], about),
    }
    return [save_figure(figure, folder, name)[0] for name, figure in drawn.items()]
