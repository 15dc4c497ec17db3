"""Trying a reform out in a second: one short run before it and one after, as a result to look at and as a widget."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from html import escape
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from matplotlib.figure import Figure

from sim.errors import DataError, Problem, SimError, nearest
from sim.law import list_reforms
from sim.replication import Cache, Run, prepare, run_once
from sim.report.cost_figures import cost_waterfall
from sim.report.source import ALL, Comparison, Key, Summary, as_words
from sim.report.style import png_of
from sim.report.trade_figures import content_thresholds
from sim.scenario import FIRMS, Scenario, load_scenario
from sim.units import DAY

# Scenario from which one starts, and the content that its agreement asks of light vehicles.
STARTS: Mapping[str, str] = MappingProxyType(
    {
        "nafta_as_it_stood": "agreements/nafta/light_vehicle_threshold",
        "usmca_2024": "agreements/usmca/vehicle_threshold",
        "tariffs_2025": "agreements/usmca/vehicle_threshold",
    }
)
NETWORKS = ("midsize", "seat_control")  # those that answer in a second; others may be named
WEEK_S = 7 * DAY
_SHOWN = (
    ("cost", "USD a vehicle", "cost_per_vehicle_usd"),
    ("duty in it", "USD a vehicle", "duty_per_vehicle_usd"),
    ("border", "h a vehicle", "border_hours_per_vehicle"),
    ("lost", "vehicles", "vehicles_lost"),
)
_REFORM = """title: Threshold of {pct:g} % for light vehicles
description: A threshold that is tried out.
references:
  tried: {{title: "Tried out in the explorer", mark: assumption}}
changes:
  - replace: {path}
    vintages:
      - {{from: {day}, published: {day}, value: {pct:g} %, reference: tried}}
"""
_TARIFF = """title: Tariff of {pct:g} % on goods of Canada and Mexico
description: A tariff that is tried out, on full value, claimed or not, beside what is owed already.
references:
  tried: {{title: "Tried out in the explorer", mark: assumption}}
changes:
  - add: us/proposals/tariff_tried
    programme:
      kind: duty
      title: Tariff tried out
      importer: US
      authority: none; tried out
      references:
        tried: {{title: "Tried out in the explorer", mark: assumption}}
      reference: tried
      life:
        - {{from: {day}, published: {day}, value: in_force, reference: tried}}
      headings:
        - {{heading: Tariff, title: Good of Canada, when: {{origin: CA}}, rate: {pct:g} %, reference: tried}}
        - {{heading: Tariff, title: Good of Mexico, when: {{origin: MX}}, rate: {pct:g} %, reference: tried}}
"""


@dataclass(frozen=True, slots=True)
class Explored:
    """What a reform does to a short run: one replication, so that there is no interval.

    Parameters
    ----------
    summary : Summary
        Every measure, before (the baseline) and after.
    content : mapping of str to sequence
        Scenario to the content of its vehicles against their thresholds.
    seconds : float
        What it took.
    """

    summary: Summary
    content: Mapping[str, Sequence[Mapping[str, Any]]] = field(repr=False)
    seconds: float
    provenance: str

    def rows(self) -> list[tuple[str, str, float, float]]:
        """Measure, unit, value before and value after."""
        found = [(title, unit, self.summary.headline(measure)) for title, unit, measure in _SHOWN]
        return [(title, unit, pair[0].mean, pair[1].mean) for title, unit, pair in found if pair]

    def cost(self, vehicle: str = ALL) -> Figure:
        """Draw the change in cost per vehicle, component by component."""
        return cost_waterfall(self.summary, self.provenance, vehicle)

    def thresholds(self) -> Figure:
        """Draw the content of each vehicle against its threshold, before and after."""
        return content_thresholds(self.content, self.summary, self.provenance)

    def text(self) -> str:
        """The result in a few lines."""
        lines = [
            f"{title:12}{before:12,.2f} -> {after:12,.2f}  {after - before:+11,.2f} {unit}"
            for title, unit, before, after in self.rows()
        ]
        was, now = ({str(row["vehicle"]): row for row in self.content[name]} for name in self.summary.scenarios)
        for vehicle, row in now.items():
            words = "qualifies" if row["originates"] else "does not qualify"
            turned = "" if row["originates"] == was[vehicle]["originates"] else ", unlike before"
            why = "" if row["originates"] else f": {row['reason']}"
            asked = (
                f"{row['threshold_pct']:g} % asked, {words}{turned}{why}" if row["agreement"] else str(row["reason"])
            )
            lines.append(f"{vehicle}: content {row['content_pct']:.1f} %, {asked}")
        if all(row[1].difference == 0 for row in self.summary.rows.values()):
            lines.append("Nothing moved: what was changed begins after this run, or asks what nobody here lacks.")
        return "\n".join([*lines, f"one replication, {self.seconds:.1f} s"])


def explore(
    start: str = "nafta_as_it_stood",
    *,
    network: str = "midsize",
    reform: str = "",
    threshold_pct: float | None = None,
    tariff_pct: float = 0.0,
    firms: str = "claim_or_pay",
    weeks: int = 1,
) -> Explored:
    """Run a scenario for a short while without a reform and with it, on the compiled engine.

    Parameters
    ----------
    start : str
        A key of `STARTS`: the law and season from which one starts.
    network : str
        Name or path of a network with vehicles.
    reform : str
        Name or path of a reform; empty for none.
    threshold_pct : float, optional
        Regional content asked of light vehicles instead of the law's, 0 to 100 percent; it goes over the reform's.
    tariff_pct : float
        Tariff of the United States on every good of Canada and Mexico beside what is owed already, 0 to 100 percent.
    firms : str
        What firms decide: one of `sim.scenario.FIRMS`.
    weeks : int
        Weeks measured, 1 or more.

    Returns
    -------
    Explored

    Raises
    ------
    DataError
        A choice that there is not, with every problem.
    SimError
        Network, law or plan cannot be used; see `sim.replication.prepare`.
    """
    begun = time.perf_counter()
    _require(start, firms, threshold_pct, tariff_pct, weeks)
    scenario = _start(start, network, firms, weeks)
    before, cache = _before(start, network, firms, weeks)
    with TemporaryDirectory() as folder:
        reforms = [reform] if reform else []
        for name, text, pct in (("threshold", _REFORM, threshold_pct), ("tariff", _TARIFF, tariff_pct or None)):
            if pct is not None:
                path = Path(folder) / f"{name}_{pct:g}.yaml"
                path.write_text(text.format(pct=pct, path=STARTS[start], day=scenario.law_as_of))
                reforms.append(str(path))
        changed = replace(scenario, name="changed", reforms=(*scenario.reforms, *reforms))
        after = run_once(prepare(changed), 0, cache)
    words = [as_words(Path(name).stem) for name in reforms]
    summary = _summary(before, after, " and ".join(words) or "Nothing changed")
    seconds = time.perf_counter() - begun
    told = (
        f"{start} on {network}, {weeks} week{'s' * (weeks > 1)} from {scenario.start}, firms {firms}, one replication"
    )
    content = {run.scenario: run.facts["content"] for run in (before, after)}
    return Explored(summary, MappingProxyType(content), seconds, told)


def _require(start: str, firms: str, threshold_pct: float | None, tariff_pct: float, weeks: int) -> None:
    problems = []
    if start not in STARTS:
        problems.append(Problem("start", f"there is no start '{start}'. {nearest(start, STARTS, 'starts')}"))
    if firms not in FIRMS:
        problems.append(Problem("firms", f"firms are never '{firms}'. {nearest(firms, FIRMS, 'behaviours')}"))
    if threshold_pct is not None and not 0 <= threshold_pct <= 100:
        problems.append(Problem("threshold_pct", f"{threshold_pct:g} is no share. Allowed: 0 to 100."))
    if not 0 <= tariff_pct <= 100:
        problems.append(Problem("tariff_pct", f"{tariff_pct:g} is no tariff here. Allowed: 0 to 100."))
    if weeks < 1:
        problems.append(Problem("weeks", f"{weeks} is too short. Allowed: 1 or more."))
    if problems:
        raise DataError("explorer", problems)


def _start(start: str, network: str, firms: str, weeks: int) -> Scenario:
    scenario = load_scenario(start)
    return scenario.with_(name="before", network=network, firms=firms, run_s=weeks * WEEK_S, baseline="")


@lru_cache(maxsize=6)
def _before(start: str, network: str, firms: str, weeks: int) -> tuple[Run, Cache]:
    """The run without a change, kept with everybody else's trucks, which every change shares with it."""
    cache = Cache()
    return run_once(prepare(_start(start, network, firms, weeks)), 0, cache), cache


def _summary(before: Run, after: Run, label: str) -> Summary:
    """Both runs side by side; what one of them does not name is nothing there."""
    values: list[dict[Key, float]] = [
        {(row.measure, row.vehicle, row.item): float(row.value) for row in run.rows} for run in (before, after)
    ]
    rows = {}
    for key in dict.fromkeys([*values[0], *values[1]]):
        was, now = (found.get(key, 0.0) for found in values)
        nothing = float("nan")  # one replication: no interval
        rows[key] = (
            Comparison(before.scenario, was, 0.0, nothing, 1),
            Comparison(after.scenario, now, now - was, nothing, 1),
        )
    names = (before.scenario, after.scenario)
    labels = {before.scenario: "As it is", after.scenario: label}
    return Summary(before.scenario, names, MappingProxyType(rows), MappingProxyType(labels))


def explorer(networks: Sequence[str] = NETWORKS) -> Any:
    """Make a widget for Jupyter: choose law, network, reform, threshold, tariff and firms, and see what changes.

    Parameters
    ----------
    networks : sequence of str
        Names or paths of networks to choose from; large ones take longer.

    Returns
    -------
    ipywidgets.Widget
        Jupyter shows it; the same answers come from `explore` without it.

    Raises
    ------
    DataError
        The package ``ipywidgets`` is missing.
    """
    try:
        widgets: Any = import_module("ipywidgets")
    except ImportError:
        remedy = "Install it with: pip install 'nafta-sim[explorer]'. Without it, sim.explore(...) answers the same."
        raise DataError("explorer", [f"needs the package 'ipywidgets', which is missing. {remedy}"]) from None
    wide = {"description_width": "90px"}
    choices: dict[str, Sequence[Any]] = {
        "start": [(as_words(name), name) for name in STARTS],
        "network": list(networks),
        "reform": [("none", ""), *((as_words(name), name) for name in list_reforms())],
        "firms": ["claim_or_pay", *(name for name in FIRMS if name != "claim_or_pay")],
    }
    asked = {name: widgets.Dropdown(options=known, description=name, style=wide) for name, known in choices.items()}
    held = widgets.Checkbox(value=True, description="threshold as the law has it", style=wide)
    asked_at_end = {"step": 0.5, "continuous_update": False, "style": wide}
    threshold = widgets.FloatSlider(75.0, min=40.0, description="threshold, %", disabled=True, **asked_at_end)
    tariff = widgets.FloatSlider(0.0, max=50.0, description="tariff, %", **asked_at_end)
    tariff.tooltip = "of the United States on every good of Canada and Mexico, beside what is owed already"
    told = widgets.HTML()
    pictures = [widgets.Image(format="png") for _ in range(2)]

    def draw(_: object = None) -> None:
        threshold.disabled = held.value
        told.value = "<pre>computing ...</pre>"
        for picture in pictures:  # what is shown belongs to another choice
            picture.layout.display = "none"
        choice = {name: widget.value for name, widget in asked.items()}
        try:
            asks = None if held.value else threshold.value
            found = explore(**choice, threshold_pct=asks, tariff_pct=tariff.value)
        except SimError as error:  # such as firms that cannot decide under this law: the reader chooses otherwise
            told.value = f"<pre>{escape(str(error))}</pre>"
            return
        for picture, figure in zip(pictures, (found.cost(), found.thresholds()), strict=True):
            picture.value = png_of(figure)
            picture.layout.display = ""
        told.value = f"<pre>{escape(found.text())}</pre>"

    for widget in (*asked.values(), held, threshold, tariff):
        widget.observe(draw, names="value")
    told.value = "<pre>computing ...</pre>"
    _once_shown(draw)
    return widgets.VBox([*asked.values(), held, threshold, tariff, told, *pictures])


def _once_shown(draw: Callable[[], None]) -> None:
    """Draw after the cell that made the widget, which is then to be seen at once; outside of Jupyter now."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None:
        draw()
        return

    def first(_: object) -> None:
        shell.events.unregister("post_run_cell", first)
        draw()

    shell.events.register("post_run_cell", first)
