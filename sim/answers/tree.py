"""What `sim tree` answers: plans judged across a policy tree, as JSON and as text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.locate import shown
from sim.measures import REGISTRY
from sim.report.style import signed
from sim.study.tree.judge import Estimate, Judged
from sim.study.tree.run import Grown
from sim.study.tree.table import by_cost, verdict_table, words_of_course
from sim.text import columns_of, count, wrap

MOST_SHOWN = 20  # plans of a table on a terminal; the JSON has all


def tree_answer(grown: Grown) -> tuple[dict[str, Any], str]:
    """The verdict on a tree that was run."""
    tree, verdict = grown.tree, grown.verdict
    answer = {
        "tree": tree.name,
        "directory": str(grown.study.directory),
        "measure": tree.measure,
        "item": grown.item,
        "vehicle": tree.vehicle,
        "unit": REGISTRY[tree.measure].unit,
        "replications": grown.study.replications,
        "seed": grown.study.manifest["seed"],
        "digest": grown.study.manifest["digest"],
        "probabilities": [
            {
                "branch": branch.name,
                "on": branch.on.isoformat(),
                "outcome": outcome.name,
                "probability": outcome.chance,
                "source": outcome.source,
            }
            for branch in tree.branches
            for outcome in branch.outcomes
        ],
        "leaves": [
            {"leaf": leaf.name, "probability": leaf.chance, "best": dict(course)}
            for leaf, course in zip(verdict.leaves, verdict.best_courses, strict=True)
        ],
        "plans": [_plan(judged) for judged in by_cost(verdict)],
        "every_plan": tree.is_whole,
        "least_expected_cost": verdict.least_cost,
        "least_greatest_regret": verdict.least_regret,
        "perfect_information": _figures(verdict.knowing),
        "waiting": [
            {
                "branch": x.branch,
                "on": x.on.isoformat(),
                "best_before": x.before,
                "best_after": x.after,
                **_figures(x.worth),
            }
            for x in verdict.waiting
        ],
        "foresight": None if grown.checked is None else {"pairs": grown.checked.pairs, **_compared(grown)},
        "table": verdict_table(tree, verdict).to_dicts(),
    }
    return answer, _text(grown)


def _compared(grown: Grown) -> dict[str, int]:
    checked = grown.checked
    assert checked is not None
    return {
        "same_plan": checked.same_plan,
        "same_events": checked.same_events,
        "decisions_only": checked.decisions_only,
    }


def _figures(estimate: Estimate) -> dict[str, float | None]:
    return {"mean": estimate.mean, "half_width_95": estimate.half_width_95}


def _plan(judged: Judged) -> dict[str, Any]:
    return {
        "plan": judged.plan,
        "expected_cost": _figures(judged.expected),
        "beyond_first": _figures(judged.beyond_first),
        "beyond_best": _figures(judged.beyond_best),
        "expected_regret": _figures(judged.expected_regret),
        "greatest_regret": {**_figures(judged.most_regret), "leaf": judged.worst_leaf},
    }


def _text(grown: Grown) -> str:
    tree, verdict = grown.tree, grown.verdict
    unit = REGISTRY[tree.measure].unit
    of = "all vehicles" if tree.vehicle == "all" else tree.vehicle
    told = f"{tree.measure}{'/' + grown.item if grown.item else ''} of {of}, {unit}; {_times(grown)}"
    lines = [*wrap(tree.question), *wrap(told), "", *_leaves(grown), "", *_plans(grown), ""]
    best, first = verdict.named(verdict.least_cost), tree.plans[0].name
    lines += wrap(f"Least expected cost: {best.plan}{_against(best, first)}.")
    calm = verdict.named(verdict.least_regret)
    lines += wrap(
        f"Least greatest regret: {calm.plan}, {_shown(calm.most_regret, is_plain=True)} in {calm.worst_leaf}."
    )
    lines += wrap(f"To know the leaf beforehand would be worth {_shown(verdict.knowing, is_plain=True)}.")
    for x in verdict.waiting:
        worth = f"To wait for '{x.branch}' ({x.on}) is worth {_shown(x.worth)}"
        lines += wrap(f"{worth}: best before it, {x.before}; best once it is known, {x.after}.")
    lines += [*_sources(grown), *_foresight(grown), f"results: {shown(grown.study.directory)}"]
    return "\n".join(lines)


def _times(grown: Grown) -> str:
    times = grown.study.replications
    if times == 1:
        return "one replication: no interval can be given."
    return f"mean of {times} replications ± half-width of the 95 % interval of the paired difference."


def _against(best: Judged, first: str) -> str:
    if best.plan == first:
        return ", the first of the plans"
    words = "" if best.beyond_first.is_told else ", which chance alone may explain"
    return f", {_shown(best.beyond_first)} beside {first}{words}"


def _leaves(grown: Grown) -> list[str]:
    tree, verdict = grown.tree, grown.verdict
    first = verdict.plans[0]
    rows: list[list[object]] = [["leaf", "probability", f"cost, {first.plan}", "best along it"]]
    each = zip(verdict.leaves, first.costs, verdict.best_courses, strict=True)
    for leaf, cost, course in each:
        rows.append([leaf.name, f"{100 * leaf.chance:.1f} %", f"{cost.mean:,.2f}", words_of_course(tree, course)])
    return columns_of(rows)


def _plans(grown: Grown) -> list[str]:
    ordered = by_cost(grown.verdict)
    first = grown.verdict.plans[0].plan
    rows: list[list[object]] = [["plan", f"expected, beside {first}", "expected regret", "greatest regret", "in"]]
    for judged in ordered[:MOST_SHOWN]:
        expected = f"{judged.expected.mean:,.2f}" if judged.plan == first else _shown(judged.beyond_first)
        regrets = (_shown(x, is_plain=True) for x in (judged.expected_regret, judged.most_regret))
        rows.append([judged.plan, expected, *regrets, judged.worst_leaf])
    left = len(ordered) - MOST_SHOWN
    return [*columns_of(rows), *([f"and {left} more: --format json has all."] if left > 0 else [])]


def _shown(estimate: Estimate, *, is_plain: bool = False) -> str:
    """A figure with its interval; a change with its sign unless it is plain."""
    digits = 2
    half = estimate.half_width_95
    text = f"{estimate.mean:,.{digits}f}" if is_plain else signed(estimate.mean, digits)
    if half is None or (estimate.mean == 0 and half == 0):
        return text
    while half and not round(half, digits) and digits < 6:
        digits += 1  # an interval that is not nothing is not printed as nothing
    return f"{text} ± {half:,.{digits}f}"


def _sources(grown: Grown) -> list[str]:
    """Where probabilities come from."""
    by_source: dict[str, list[str]] = {}
    for branch in grown.tree.branches:
        for outcome in branch.outcomes:
            by_source.setdefault(outcome.source, []).append(outcome.name)
    if set(by_source) == {"assumption"}:
        return ["All probabilities are assumptions."]
    told = "; ".join(f"{source} ({', '.join(names)})" for source, names in by_source.items())
    return wrap(f"Probabilities: {told}.")


def _foresight(grown: Grown) -> list[str]:
    checked = grown.checked
    if checked is None:
        return []
    pairs = count(checked.pairs, "pair")
    told = f"Nothing before a branch depends on it: {pairs} of runs compared up to the day on which they part"
    if checked.decisions_only:
        told += f", {checked.decisions_only} of them with other works later, by their decisions alone"
    return wrap(f"{told}.")


def write_tree(grown: Grown, directory: Path) -> Path:
    """Write the verdict as JSON beside the results, and return its place."""
    from sim.study.store import write_json

    path = directory / "tree.json"
    write_json(path, tree_answer(grown)[0])
    return path
