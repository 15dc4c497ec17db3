"""What a folder of scenarios is to `sim run`: each question once, baselines and trunks beside what needs them."""

from __future__ import annotations

from pathlib import Path

from sim.answers.given import plans_of

BASE = """
network: seat_control
law: {as_of: 2017-08-16}
horizon: {warm_up: 8 weeks, start: 2017-10-30, run: 6 weeks}
replications: 2
"""
TREE = """
title: A tree
question: When?
scenario: trunk
branches:
  fall:
    on: 2017-11-13
    outcomes:
      comes:
        probability: 40 %
        shocks: [{kind: exchange_rate, at: MXN, from: 2017-11-13T00:00, change: -15 %}]
      stays: {probability: 60 %}
choices:
  claims:
    on: 2017-11-13
    options:
      as_before:
      pay: {claims: none}
"""


def test_a_folder_runs_each_scenario_where_it_is_needed(tmp_path: Path) -> None:
    (tmp_path / "_base.yaml").write_text(BASE)
    for name, more in {
        "free": "",
        "held": "",
        "taxed": "baseline: free\nlaw: {reforms: [crossing_duty_25]}\n",
        "trunk": "",
        "own": "",
    }.items():
        (tmp_path / f"{name}.yaml").write_text(f"extends: _base.yaml\nquestion: What of {name}?\n{more}")
    (tmp_path / "study.yaml").write_text("title: S\nquestion: Q?\nbaseline: held\nscenarios: [held]\n")
    (tmp_path / "tree.yaml").write_text(TREE)
    found = {plan.name: [scenario.name for scenario in plan.scenarios] for plan in plans_of([str(tmp_path)])}
    assert list(found) == ["study", "tree", "own", "taxed"]
    assert found["taxed"] == ["free", "taxed"]
    assert found["study"] == ["held"]
