"""What a study brings with it: copies of the networks and reforms of one's own that its scenarios name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from sim.errors import DataError
from sim.scenario import Scenario
from sim.scenario.conduct import Turn
from sim.scenario.own import DIGITS, carry, content_digest, discard_others, is_own, named
from sim.study.load import StudyPlan

INPUTS = "inputs"  # folder of a study's own networks and reforms


def carry_inputs(plan: StudyPlan, directory: Path) -> StudyPlan:
    """Copy what the scenarios bring into the study's folder; the plan that reads from the copies.

    Whatever happens to the files afterwards, runs and explanations see what was copied.

    Raises
    ------
    DataError
        A file changed since the plan was made.
    """
    scenarios = tuple(_carried(scenario, directory / INPUTS) for scenario in plan.scenarios)
    return replace(plan, scenarios=scenarios)


def _carried(scenario: Scenario, inputs: Path) -> Scenario:
    if not any(map(is_own, (scenario.network, *scenario.brought))):
        return scenario
    wanted = scenario.digest
    reforms = tuple(carry(name, inputs) for name in scenario.reforms)
    conduct = tuple(_turn(turn, inputs) for turn in scenario.conduct)
    carried = scenario.with_(network=carry(scenario.network, inputs), reforms=reforms, conduct=conduct)
    if carried.digest != wanted:
        raise DataError(scenario.name, ["a file of its own changed while it was being copied. Run it again."])
    return carried


def _turn(turn: Turn, inputs: Path) -> Turn:
    if turn.sources is None:
        return turn
    reforms = tuple(carry(name, inputs) for name in turn.sources.reforms)
    return replace(turn, sources=replace(turn.sources, reforms=reforms))


def discard_inputs(plan: StudyPlan, directory: Path) -> None:
    """Remove copies that no scenario of the study names."""
    names = (name for scenario in plan.scenarios for name in (scenario.network, *scenario.brought))
    discard_others(directory / INPUTS, frozenset(map(named, names)))


def input_records(scenarios: Iterable[Scenario]) -> list[dict[str, str]]:
    """Networks and reforms of one's own, each with its kind, content and place in the study's folder."""
    found = {}
    for scenario in scenarios:
        kinds = [("network", scenario.network), *(("reform", reform) for reform in scenario.brought)]
        for kind, name in kinds:
            if is_own(name):
                digest = content_digest(Path(name))
                place = f"{INPUTS}/{digest[:DIGITS]}/{Path(name).name}"
                found[kind, named(name)] = {"kind": kind, "name": named(name), "sha256": digest, "file": place}
    return [found[key] for key in sorted(found)]
