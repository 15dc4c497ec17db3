"""Tree files: what they are read into, and every problem with the whole of its text."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario.conduct import Sources, Turn
from sim.study import as_plan, is_study
from sim.study.tree.cases import cases_of
from sim.study.tree.load import load_tree
from sim.study.tree.model import Seen

BASE = (
    "question: What does it cost?\nnetwork: midsize\nlaw: {as_of: 2025-01-26}\n"
    "horizon: {warm_up: 8 weeks, start: 2025-01-27, run: 8 weeks}\n"
)
HEAD = "title: T\nquestion: Q?\nscenario: base\n"
GOOD = (
    HEAD
    + """replications: 3
seed: 7
branches:
  pause:
    on: 2025-02-03
    outcomes:
      paused: {probability: 60 %, source: "A poll, day one"}
      february: {probability: 40 %, reforms: [emergency_not_paused_2025]}
  march:
    when: {pause: paused}
    on: 2025-03-03
    outcomes:
      begins: {probability: 70 %}
      put_off: {probability: 30 %, reforms: [emergency_put_off_2025]}
choices:
  january:
    on: 2025-01-27
    options:
      wait:
      stock:
        shocks: [{kind: front_loading, at: US, from: 2025-01-27T05:00, until: 2025-02-04T05:00, days: 5 d}]
  later:
    when: {pause: [paused, february], january: wait}
    on: 2025-02-10
    options:
      stay:
      claim: {claims: every}
      source: {sources: {law_of: 2025-03-04, reforms: [emergency_without_exemption_2025]}}
"""
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "base.yaml").write_text(BASE)
    return tmp_path


def refused(folder: Path, text: str) -> str:
    (folder / "tree.yaml").write_text(text)
    with pytest.raises(ScenarioError) as caught:
        load_tree("tree.yaml")
    return str(caught.value)


def test_a_good_tree_becomes_a_study(folder: Path) -> None:
    (folder / "tree.yaml").write_text(GOOD)
    assert is_study(Path("tree.yaml"))
    tree = load_tree("tree.yaml")
    assert tree.outcome("pause", "paused").source == "A poll, day one"
    assert tree.outcome("pause", "february").source == "assumption"
    assert tree.is_whole
    study = as_plan("tree.yaml")
    assert (study.name, study.replications, study.seed) == ("tree", 3, 7)
    assert [scenario.name for scenario in study.scenarios] == [
        f"{leaf}__{course}"
        for leaf in ("paused__begins", "paused__put_off", "february")
        for course in ("wait__stay", "wait__claim", "wait__source", "stock")
    ]
    assert study.baseline == "paused__begins__wait__stay"
    chances = {case.leaf.name: case.leaf.chance for case in cases_of(tree)}
    assert chances == pytest.approx({"paused__begins": 0.42, "paused__put_off": 0.18, "february": 0.4})
    named = {scenario.name: scenario for scenario in study.scenarios}
    assert named["february__stock"].reforms == ("emergency_not_paused_2025",)
    (shock,) = named["february__stock"].shocks
    assert (shock.kind, shock.at, shock.days) == ("front_loading", "US", 5.0)
    day = dt.date(2025, 2, 10)
    assert named["february__wait__claim"].conduct == (Turn(day, "every"),)
    sources = Sources(dt.date(2025, 3, 4), ("emergency_without_exemption_2025",))
    assert named["paused__put_off__wait__source"].conduct == (Turn(day, "", sources),)
    assert len({scenario.digest for scenario in study.scenarios}) == 12


def test_named_plans_say_what_is_done_where(folder: Path) -> None:
    plans = "plans:\n  nothing: {}\n  react:\n    later: {february: source, otherwise: claim}\n"
    (folder / "tree.yaml").write_text(GOOD + plans)
    tree = load_tree("tree.yaml")
    assert [plan.name for plan in tree.plans] == ["nothing", "react"]
    assert not tree.is_whole
    react = tree.plans[1].does
    wait = (("january", "wait"),)
    assert react[Seen("january", (), ())] == "wait"
    assert react[Seen("later", (("pause", "february"),), wait)] == "source"
    assert react[Seen("later", (("pause", "paused"),), wait)] == "claim"


def test_a_plan_may_not_look_ahead(folder: Path) -> None:
    text = "plans:\n  seer: {january: {february: stock}}\n  sear: {janury: stock, later: {may: claim, paused: clam}}\n"
    assert refused(folder, GOOD + text) == (
        "tree.yaml: 4 problems\n"
        "  line 33, plans.seer.january.february: 'february' is not known on 2025-01-27: branch 'pause' is decided on "
        "2025-02-03.\n"
        "  line 34, plans.sear.janury: no choice named 'janury'. Did you mean 'january'?\n"
        "  line 34, plans.sear.later.paused: 'later' has no option 'clam'. Did you mean 'claim'?\n"
        "  line 34, plans.sear.later.may: no outcome named 'may'. Allowed outcomes: february, otherwise, paused."
    )


def test_every_problem_of_a_tree(folder: Path) -> None:
    text = """titel: T
question: Q?
scenario: bas
measure: vehicles_built
branches:
  march:
    on: 2025-03-03
    outcomes:
      begins: {probability: 70 %}
      put_off: {probability: 20 %, reforms: [emergency_put_of_2025]}
  pause:
    when: {march: begin, may: x}
    on: 2025-02-03
    outcomes:
      begins: {probability: 60 %}
      paused: {probability: 140 %}
choices:
  march:
    on: 2025-01-27
    options:
      wait:
  later:
    when: {pause: paused}
    on: 2025-02-30
    options:
      stay:
      close: {shocks: [{kind: closure, at: detroit, from: 2025-02-03T05:00, for: 1 d}]}
"""
    assert refused(folder, text) == (
        "tree.yaml: 15 problems\n"
        "  line 1, titel: unknown key 'titel'. Did you mean 'title'?\n"
        "  line 1, title: is missing.\n"
        "  line 3, scenario: no scenario 'bas' beside this file. Did you mean 'base'?\n"
        "  line 4, measure: 'vehicles_built' is no cost: it is not better to have less of it.\n"
        "  line 8, branches.march.outcomes: probabilities sum to 90 %, not to 100 %.\n"
        "  line 10, branches.march.outcomes.put_off.reforms[0]: no reform named 'emergency_put_of_2025'. Did you mean "
        "'emergency_put_off_2025'?\n"
        "  line 12, branches.pause.when.march: 'march' is not known then. There are no earlier branches.\n"
        "  line 12, branches.pause.when.may: 'may' is not known then. There are no earlier branches.\n"
        "  line 13, branches.pause.on: 2025-02-03 is before 2025-03-03, the day of the one above. Write the earliest "
        "first.\n"
        "  line 15, branches.pause.outcomes.begins: branch 'march' has an outcome 'begins' as well. "
        "Names must differ.\n"
        "  line 16, branches.pause.outcomes.paused.probability: '140 %' is out of bounds. Allowed: 0 % to 100 %.\n"
        "  line 18, choices.march: a branch is named 'march' as well. Give the choice another name.\n"
        "  line 20, choices.march.options: has one option: nothing is chosen. Write two or more, the first to wait or "
        "go on as before.\n"
        "  line 24, choices.later.on: '2025-02-30' is not a date. Write it as 2025-04-03.\n"
        "  line 27, choices.later.options.close.shocks[0].kind: 'closure' is nothing that firms do. Write "
        "'front_loading', or make it an outcome of a branch."
    )


def test_days_and_deeds_out_of_place(folder: Path) -> None:
    text = (
        HEAD
        + """branches:
  first:
    on: 2025-01-27
    outcomes: {a: {probability: 50 %}, b: {probability: 50 %}}
  last:
    on: 2026-01-27
    outcomes:
      c: {probability: 50 %}
      d:
        probability: 50 %
        shocks: [{kind: closure, at: ambassador_bridge, from: 2025-02-03T05:00, for: 1 d}]
choices:
  now:
    on: 2025-02-03
    options:
      wait:
      stock: {shocks: [{kind: front_loading, at: US, from: 2025-02-02T05:00, until: 2025-02-14T05:00, days: 5 d}]}
      close: {shocks: [{kind: closure, at: ambassador, from: 2025-02-03T05:00, for: 1 d}]}
  then:
    on: 2025-02-02
    when: {last: c, now: weit}
    options: {wait: , go: {claims: evry}}
"""
    )
    assert refused(folder, text) == (
        "tree.yaml: 10 problems\n"
        "  line 6, branches.first.on: 2025-01-27 is the first measured day, on which nothing of it may be known yet. "
        "Write a later one.\n"
        "  line 9, branches.last.on: 2026-01-27 is not within the run, 2025-01-27 to 2025-03-23.\n"
        "  line 14, branches.last.outcomes.d.shocks[0].from: 2025-02-03T05:00 is before 2026-01-27, "
        "the day on which it "
        "is decided.\n"
        "  line 20, choices.now.options.stock.shocks[0].from: 2025-02-02T05:00 is before "
        "2025-02-03, the day on which it "
        "is decided.\n"
        "  line 21, choices.now.options.close.shocks[0].at: no crossing named 'ambassador'. Did you mean "
        "'ambassador_bridge'?\n"
        "  line 21, choices.now.options.close.shocks[0].kind: 'closure' is nothing that firms do. "
        "Write 'front_loading', "
        "or make it an outcome of a branch.\n"
        "  line 23, choices.then.on: 2025-02-02 is before 2025-02-03, the day of the one above. Write the earliest "
        "first.\n"
        "  line 24, choices.then.when.last: 'last' is not known then. Allowed branches known by then and earlier "
        "choices: first, now.\n"
        "  line 24, choices.then.when.now: 'now' has no 'weit'. Did you mean 'wait'?\n"
        "  line 25, choices.then.options.go.claims: 'evry' is unknown. Did you mean 'every'?"
    )


def test_a_reform_may_not_be_told_before_its_branch_is_known(folder: Path) -> None:
    text = (
        HEAD
        + """branches:
  review:
    on: 2025-02-10
    outcomes:
      stays: {probability: 50 %}
      paused: {probability: 50 %, reforms: [emergency_not_paused_2025]}
choices:
  now: {on: 2025-01-27, options: {wait: , claim: {claims: every}}}
"""
    )
    assert refused(folder, text) == (
        "tree.yaml: line 9, branches.review.outcomes.paused.reforms[0]: tells of 'us/ieepa/canada' "
        "on 2025-02-03, before "
        "2025-02-10: firms would know the outcome too early."
    )


def test_sources_are_chosen_once(folder: Path) -> None:
    text = (
        HEAD
        + """branches:
  b: {on: 2025-02-03, outcomes: {x: {probability: 50 %}, y: {probability: 50 %}}}
choices:
  now: {on: 2025-01-27, options: {wait: , source: {sources: {}}}}
  then: {on: 2025-02-03, options: {stay: , again: {sources: {}}}}
"""
    )
    assert refused(folder, text) == (
        "tree.yaml: line 8, choices.then.options.again.sources: sources can be chosen a second time, after 'source' of "
        "'now'. Write 'when: {now: ...}' with the options after which sources may be chosen."
    )


def test_too_many_plans_must_be_named(folder: Path) -> None:
    outcomes = ", ".join(f"o{n}: {{probability: 10 %}}" for n in range(10))
    text = (
        HEAD
        + f"branches:\n  b: {{on: 2025-02-03, outcomes: {{{outcomes}}}}}\n"
        + "choices:\n  then: {on: 2025-02-03, options: {stay: , go: {claims: every}}}\n"
    )
    assert refused(folder, text) == (
        "tree.yaml: line 1, plans: is missing: there are 1,024 plans, more than 1,000. Name those to be judged."
    )
    (folder / "tree.yaml").write_text(text + "plans: {stay: {}, go: {then: go}, some: {then: {o3: go}}}\n")
    assert [plan.name for plan in load_tree("tree.yaml").plans] == ["stay", "go", "some"]


def test_problems_of_the_scenario_are_told_with_its_file(folder: Path) -> None:
    (folder / "base.yaml").write_text(BASE + "firms: resourceful\n")
    assert refused(folder, GOOD) == (
        "tree.yaml: base.yaml line 5, firms: 'resourceful' is unknown. Did you mean 'resource'?"
    )
    (folder / "base.yaml").write_text(BASE.replace("2025-01-26", "2025-02-03"))
    assert refused(folder, GOOD) == (
        "tree.yaml: line 3, scenario: knows the law of 2025-02-03; branch 'pause' is decided on 2025-02-03. Write an "
        "earlier 'law.as_of' there."
    )


def test_shipped_trees_ask_what_they_say() -> None:
    spring, review = load_tree("canada_mexico_2025"), load_tree("joint_review_2026")
    assert (len(cases_of(spring)), len(spring.plans), spring.is_whole) == (22, 8, True)
    cases = cases_of(review)
    assert (len(cases), len({case.scenario.name for case in cases})) == (15, 12)  # renewed and annual: one law
    assert [plan.name for plan in review.plans][:2] == ["wait", "source_now"]
    assert {x.source for tree in (spring, review) for b in tree.branches for x in b.outcomes} == {"assumption"}
