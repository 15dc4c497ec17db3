"""The table that a run ends with, as JSON and as text."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from sim.locate import shown
from sim.study import Comparison, Study
from sim.study.precision import Reached
from sim.study.result import Headline
from sim.study.warm_up import Drift
from sim.text import columns_of, wrap

BALANCE, MILLION = "trade_balance_usd", 1e6
MOST_SHOWN = 40  # scenarios of a table on a terminal; the report and the JSON have all

Blocks = list[tuple[Headline, list[Comparison]]]


def study_answer(study: Study, page: Path | None) -> dict[str, Any]:
    """Headline results of a study, with stable keys."""
    found = [(name, study.headlines(baseline=name)) for name in study.baselines]
    return {
        "study": study.name,
        "directory": str(study.directory),
        "report": str(page) if page else None,
        "baseline": study.baseline,
        "replications": study.replications,
        "seed": study.manifest["seed"],
        "digest": study.manifest["digest"],
        "precision": [_reached(reached) for reached in study.precision()],
        "warm_up": [asdict(drift) for drift in study.warm_up()],
        "scenarios": _scenarios(study, found[0][1]),
        "against": {name: _scenarios(study, blocks) for name, blocks in found[1:]},
    }


def _scenarios(study: Study, blocks: Blocks) -> list[dict[str, Any]]:
    return [
        {"name": name, **{headline.key: figures_of(block[row]) for headline, block in blocks}}
        for row, name in enumerate(study.scenarios)
    ]


def figures_of(row: Comparison) -> dict[str, float | int | str | None]:
    """A comparison as JSON values."""
    return {
        "mean": row.mean,
        "mean_half_width_95": row.mean_half_width_95,
        "difference": row.difference,
        "half_width_95": row.half_width_95,
        "unpaired_half_width_95": row.unpaired_half_width_95,
        "variance_reduction": row.variance_reduction,
        "n": row.n,
        "note": row.reason,
    }


def _reached(reached: Reached) -> dict[str, Any]:
    target = reached.target
    return {
        "measure": target.measure,
        "item": target.item,
        "scenario": reached.scenario,
        "half_width_95": reached.half_width,
        "wanted": reached.wanted,
        "met": reached.is_met,
    }


def study_text(study: Study, page: Path | None) -> str:
    """The table that a run ends with: the baseline's levels, then each scenario's change; once for each baseline."""
    lines = [str(study.manifest["question"])]
    for baseline in study.baselines:
        blocks = study.headlines(baseline=baseline)
        lines += [f"Change against {baseline}, {_times(study.replications)}", ""]
        lines += [*_table(study, baseline, blocks), "", *_balances(study, baseline), *_pairing(blocks)]
    lines += [line for reached in study.precision() for line in wrap(_told(reached))]
    lines += [line for drift in study.warm_up() if drift.is_settled is False for line in wrap(too_short(drift))]
    return "\n".join([*lines, f"report: {shown(page)}" if page else f"results: {shown(study.directory)}"])


def _table(study: Study, baseline: str, blocks: Blocks) -> list[str]:
    rows = [["", *(f"{headline.title}, {headline.unit}" for headline, _ in blocks)]]
    for n, name in enumerate(study.scenarios):
        if n == MOST_SHOWN:
            break
        is_base = name == baseline
        cells = [figure(block[n], headline.decimals, is_base) for headline, block in blocks]
        rows.append([f"{name} (level)" if is_base else name, *cells])
    left = len(study.scenarios) - MOST_SHOWN
    more = [f"and {left} more: the report and --format json have all."] if left > 0 else []
    return [*columns_of(rows, right=True), *more]


def _balances(study: Study, baseline: str) -> list[str]:
    """How each scenario moves the trade balance of each pair of countries; nothing where there is no trade."""
    if BALANCE not in study.measures() or len(study.scenarios) == 1:
        return []
    pairs = [(item, study.compare(BALANCE, "all", item, baseline)) for item in study.items(BALANCE)]
    rows = [["", *(f"{item}, million USD" for item, _ in pairs)]]
    for n, name in list(enumerate(study.scenarios))[:MOST_SHOWN]:
        is_base = name == baseline
        cells = [figure(in_units(block[n], MILLION), 2, is_base) for _, block in pairs]
        rows.append([f"{name} (level)" if is_base else name, *cells])
    head = "Trade balances in the window, first country's exports to the second less its imports:"
    return [head, "", *columns_of(rows, right=True), ""]


def in_units(row: Comparison, unit: float) -> Comparison:
    """A comparison counted in larger units, such as millions."""

    def less(value: float | None) -> float | None:
        return None if value is None else value / unit

    return replace(
        row,
        mean=less(row.mean),
        mean_half_width_95=less(row.mean_half_width_95),
        difference=less(row.difference),
        half_width_95=less(row.half_width_95),
        unpaired_half_width_95=less(row.unpaired_half_width_95),
    )


def _pairing(blocks: Blocks) -> list[str]:
    """What common random numbers were worth on the first headline whose differences vary."""
    for headline, rows in blocks:
        found = [row for row in rows if row.variance_reduction and row.half_width_95 and row.unpaired_half_width_95]
        if found:
            narrower = sorted((row.unpaired_half_width_95 or 0.0) / (row.half_width_95 or 1.0) for row in found)
            smaller = sorted(row.variance_reduction or 0.0 for row in found)
            return wrap(
                f"Common random numbers: intervals of {headline.title} are {_span(narrower)} times narrower than with "
                f"independent ones, variances {_span(smaller)} times smaller."
            )
    return []


def _span(values: list[float]) -> str:
    low, high = (f"{value:,.0f}" if value >= 20 else f"{value:.1f}" for value in (values[0], values[-1]))
    return low if low == high else f"{low} to {high}"


def _told(reached: Reached) -> str:
    target = reached.target
    name = f"{target.measure}/{target.item}" if target.item else target.measure
    if reached.half_width is None:
        return f"Precision: {name} of {reached.scenario} has no interval."
    words = "wanted" if reached.is_met else "NOT REACHED within the most replications allowed; wanted"
    widest = f"{reached.half_width:.4g} ({reached.scenario})"
    return f"Precision: widest half-width of {name} is {widest}, {words} {reached.wanted:.4g}."


def too_short(drift: Drift) -> str:
    """A sentence on a warm-up that was too short."""
    return (
        f"The warm-up may be too short: {drift.series} of {drift.scenario} still changes by {drift.pct_a_week:+.1f} "
        f"± {drift.half_width_95:.1f} % a week in the window, as it did before it. Write a longer horizon.warm_up."
    )


def _times(replications: int) -> str:
    if replications == 1:
        return "one replication: no interval can be given."
    return f"mean of {replications} replications ± half-width of the 95 % interval of the paired difference."


def figure(row: Comparison, decimals: int, is_level: bool) -> str:
    """A mean, or with its sign a change, and the half-width of its interval; 0 where nothing changes at all."""
    value = row.mean if is_level else row.difference
    half = row.mean_half_width_95 if is_level else row.half_width_95
    if value is None:
        return "-"
    if not is_level and value == 0 and not half:
        return "0"
    while half and not round(half, decimals) and decimals < 6:
        decimals += 1  # an interval that is not nothing is not printed as nothing
    sign = "" if is_level else "+"
    spread = "" if half is None else f" ± {half:,.{decimals}f}"
    return f"{value:{sign},.{decimals}f}{spread}"
