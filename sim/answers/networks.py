"""What `sim network make` answers: what was made, what it comes to in a year, and how to run it."""

from __future__ import annotations

import json
import math
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sim.locate import shown
from sim.network import Network, load_network
from sim.network.generate import Shape, write_generated
from sim.network.graph import daily_units
from sim.network.milk_runs import trucks_per_week
from sim.planning.demand import roll_down
from sim.planning.replenishment import longest_lead_days, plan_lanes
from sim.text import count

WORKING_DAYS, WEEKS = 5, 365 / 7  # of a week, of a year
_SCENARIO = """\
question: How does a generated network run?
network: {network}
horizon: {{warm_up: {weeks} weeks, start: 2017-10-30, run: 2 weeks}}
replications: 1
"""


def make_network(folder: Path, shape: Shape, seed: int, force: bool) -> tuple[dict[str, Any], str]:
    """Write a generated network, read it again, and tell what it is as JSON and as text.

    Raises
    ------
    NetworkError
        The folder is taken or cannot be written, or the shape cannot be made.
    """
    write_generated(folder, shape, seed, force=force)
    network = load_network(folder.resolve())
    weeks = least_warm_up_weeks(network)
    answer = {
        "network": str(folder),
        "seed": seed,
        "shape": asdict(shape) | {"suppliers": shape.supplier_sites},
        **_size(network),
        "year": _year(network),
        "least_warm_up_weeks": weeks,
        "scenario": _SCENARIO.format(network=_quoted(shown(folder)), weeks=weeks),
    }
    return answer, _text(answer)


def least_warm_up_weeks(network: Network) -> int:
    """Whole weeks that a warm-up must have at least: the longest cumulative lead time."""
    demand = roll_down(network, {})
    return math.ceil(longest_lead_days(network, demand, plan_lanes(network, demand)) / 7)


def _size(network: Network) -> dict[str, Any]:
    kinds = [site.kind for site in network.sites.values()]
    ways = [network.routes_of(lane) for lane in network.lanes.values()]
    booths = [crossing for crossing in network.crossings.values() if crossing.booths_standard]
    return {
        "sites": {f"{kind}s": kinds.count(kind) for kind in ("plant", "supplier", "market")},
        "parts": len(network.parts),
        "recipes": len(network.recipes),
        "lanes": len(network.lanes),
        "lanes_over_a_border": sum(len(routes[0].steps) > 1 for routes in ways),
        "lanes_with_other_ways": sum(len(routes) > 1 for routes in ways),
        "milk_runs": len(network.milk_runs),
        "lanes_on_milk_runs": sum(bool(lane.milk_run) for lane in network.lanes.values()),
        "crossings_with_booths": len(booths),
        "crossings_that_close": sum(crossing.close_hour - crossing.open_hour < 24 for crossing in booths),
        "crossings_without_booths": len(network.crossings) - len(booths),
    }


def _year(network: Network) -> dict[str, int]:
    """Own loads, their passages on usual routes, and everybody else's trucks, as expected in a year."""
    daily = daily_units(network)
    loads, passages, queued = 0.0, 0.0, 0.0
    riding: dict[str, float] = {}
    gates: dict[str, int] = {}  # ports with booths that a truck of each run passes
    for lane in network.lanes.values():
        week = daily[lane.id] * WORKING_DAYS / lane.load_units
        crossings = [step.crossing for step in network.routes_of(lane)[0].steps if step.crossing]
        loads += week
        passages += week * len(crossings)
        booths = sum(network.crossings[crossing].booths_standard > 0 for crossing in crossings)
        queued += 0.0 if lane.milk_run else week * booths
        if lane.milk_run:
            riding[lane.milk_run] = riding.get(lane.milk_run, 0.0) + week
            gates[lane.milk_run] = booths
    queued += sum(trucks_per_week(network.milk_runs[name], riding[name]) * gates[name] for name in riding)
    seen = sum(
        crossing.background_weekday * (5 + 2 * crossing.background_weekend_pct / 100)
        for crossing in network.crossings.values()
    )
    return {
        "own_loads": round(loads * WEEKS),
        "own_passages": round(passages * WEEKS),
        "background_trucks": round((seen - queued) * WEEKS),
    }


def _quoted(path: str) -> str:
    """A path as YAML reads it back."""
    return path if re.fullmatch(r"[A-Za-z/.][\w/.-]*", path) else json.dumps(path, ensure_ascii=False)


def _text(answer: dict[str, Any]) -> str:
    sites, year = answer["sites"], answer["year"]
    crossings = f"{answer['crossings_with_booths']} with booths ({answer['crossings_that_close']} close at night)"
    over, other = answer["lanes_over_a_border"], answer["lanes_with_other_ways"]
    riding = count(answer["lanes_on_milk_runs"], "lane") if answer["milk_runs"] else ""
    own = f"{count(year['own_loads'], 'own load')} with {count(year['own_passages'], 'border passage')}"
    lines = [
        f"network {answer['network']}: made from seed {answer['seed']}",
        f"  sites      {', '.join(count(sites[f'{kind}s'], kind) for kind in ('plant', 'supplier', 'market'))}",
        f"  recipes    {answer['recipes']:,} of {count(answer['parts'], 'part')}",
        f"  lanes      {answer['lanes']:,}, {over:,} over a border, {other:,} with other ways",
        *([f"  milk runs  {answer['milk_runs']:,}, on which {riding} ride"] if riding else ()),
        f"  crossings  {crossings}, {answer['crossings_without_booths']} without",
        f"  in a year  {own}, {count(year['background_trucks'], 'background truck')}",
        f"  warm-up    {count(answer['least_warm_up_weeks'], 'week')} or more",
        "",
        "To run it, write a file such as generated.yaml, then `sim run generated.yaml`:",
        "",
        answer["scenario"].rstrip("\n"),
    ]
    return "\n".join(lines)
