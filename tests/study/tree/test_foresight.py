"""Nobody acts on what is not known yet: real runs compared up to the day on which they part, and a seer is caught."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from sim.scenario.conduct import Turn
from sim.study.errors import RunError
from sim.study.tree.cases import Case, cases_of
from sim.study.tree.foresight import Checked, check_foresight, partings
from sim.study.tree.load import load_tree
from sim.study.tree.model import Tree

BASE = """question: What does it cost?
network: seat_control
law: {as_of: 2025-01-26}
horizon: {warm_up: 8 weeks, start: 2025-01-27, run: 3 weeks}
"""
TREE = """title: T
question: Q?
scenario: base
branches:
  pause:
    on: 2025-02-03
    outcomes:
      paused: {probability: 60 %}
      february: {probability: 40 %, reforms: [emergency_not_paused_2025]}
  bridge:
    on: 2025-02-10
    outcomes:
      open: {probability: 50 %}
      shut:
        probability: 50 %
        shocks: [{kind: closure, at: laredo_wtb, from: 2025-02-10T06:00, for: 3 d}]
choices:
  now:
    on: 2025-01-27
    options:
      wait:
      stock:
        shocks: [{kind: front_loading, at: US, from: 2025-01-27T05:00, until: 2025-02-14T05:00, days: 4 d}]
"""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "tree.yaml").write_text(TREE)
    return load_tree("tree.yaml")


def test_every_case_is_compared_with_one_from_which_it_parts_latest(tree: Tree) -> None:
    cases = cases_of(tree)
    names = [case.scenario.name for case in cases]
    found = {names[row]: (names[other], str(day)) for other, row, day in partings(tree, cases)}
    assert found == {
        "paused__open__stock": ("paused__open__wait", "2025-01-27"),
        "paused__shut__wait": ("paused__open__wait", "2025-02-10"),
        "paused__shut__stock": ("paused__open__stock", "2025-02-10"),
        "february__open__wait": ("paused__open__wait", "2025-02-03"),
        "february__open__stock": ("paused__open__stock", "2025-02-03"),
        "february__shut__wait": ("february__open__wait", "2025-02-10"),
        "february__shut__stock": ("february__open__stock", "2025-02-10"),
    }


def test_real_runs_do_not_look_ahead(tree: Tree) -> None:
    assert check_foresight(tree, cases_of(tree)) == Checked(7, same_plan=2, same_events=5, decisions_only=0)


def only(tree: Tree, *names: str) -> list[Case]:
    return [case for case in cases_of(tree) if case.scenario.name in names]


def test_who_stocks_before_the_choice_is_caught(tree: Tree) -> None:
    one, other = only(tree, "paused__open__wait", "february__open__stock")
    parted_later = replace(other, course=one.course)  # as if both waited: they part on 3 February
    with pytest.raises(RunError) as caught:
        check_foresight(tree, [one, parted_later])
    text = str(caught.value)
    assert text.startswith("tree: paused__open__wait and february__open__stock part on 2025-02-03, but load ")
    assert text.endswith(" of the run. Nobody could have known.")


def test_who_claims_otherwise_before_the_branch_is_caught(tree: Tree) -> None:
    one, other = only(tree, "paused__open__wait", "february__open__wait")
    seer = replace(other, scenario=other.scenario.with_(conduct=(Turn(dt.date(2025, 1, 30), "none"),)))
    with pytest.raises(RunError) as caught:
        check_foresight(tree, [one, seer])
    lane = next(iter(sorted(key for key in _claimed(one))))
    assert str(caught.value) == (
        "tree: paused__open__wait and february__open__wait part on 2025-02-03, but lane "
        f"'{lane[0]}' claims otherwise at border {lane[1] + 1} from 2025-01-30 on. Nobody could have known."
    )


def _claimed(case: Case) -> list[tuple[str, int]]:
    from sim.replication import prepare

    return list(prepare(case.scenario).decisions.claims.on(dt.date(2025, 1, 30)))
