"""The explorer answers as a study does, refuses what there is not, and shows its answers in a widget."""

from __future__ import annotations

import sys
from dataclasses import replace
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import sim
import sim.report.explorer as module
from sim.errors import DataError
from sim.report.explorer import STARTS, WEEK_S, explore, explorer
from sim.scenario import load_scenario
from sim.study import run

PNG = b"\x89PNG\r\n\x1a\n"


def answer(**asked: object) -> dict[tuple[str, str, str], tuple[float, float]]:
    found = explore(network="seat_control", **asked)  # type: ignore[arg-type]
    return {key: (was.mean, now.mean) for key, (was, now) in found.summary.rows.items()}


@pytest.mark.slow
def test_the_answer_is_that_of_a_study(tmp_path: Path) -> None:
    found = answer(reform="nafta_withdrawal")
    base = load_scenario("nafta_as_it_stood").with_(network="seat_control", run_s=WEEK_S, baseline="")
    taxed = replace(base, name="taxed", reforms=("nafta_withdrawal",))
    study = run([base, taxed], replications=1, jobs=1, out=tmp_path)
    for measure, item in (("cost_per_vehicle_usd", "total"), ("cost_per_vehicle_usd", "duty"), ("receipts_usd", "US")):
        for vehicle in ("all", *study.vehicles()) if measure == "cost_per_vehicle_usd" else ("all",):
            before, after = (series[0] for series in study.series(measure, vehicle, item).values())
            assert found[measure, vehicle, item] == (before, after)
    was, now = found["cost_per_vehicle_usd", "all", "total"]
    assert now > was


@pytest.mark.slow
def test_a_threshold_of_its_own_is_the_reform_of_that_threshold() -> None:
    assert answer(threshold_pct=75.0) == answer(reform="threshold_75")


@pytest.mark.slow
def test_a_tariff_of_the_united_states_falls_on_goods_of_both_neighbours() -> None:
    found = answer(tariff_pct=10.0)
    was, now = found["cost_per_vehicle_usd", "all", "duty"]
    assert now > was
    assert found["receipts_usd", "all", "CA"][0] == found["receipts_usd", "all", "CA"][1]
    assert answer(tariff_pct=20.0)["cost_per_vehicle_usd", "all", "duty"][1] > now


@pytest.mark.slow
def test_what_fails_a_higher_threshold_is_told() -> None:
    found = explore(network="seat_control", threshold_pct=90.0)
    rows = {name: {row["vehicle"]: row for row in found.content[name]} for name in found.summary.scenarios}
    turned = [v for v, row in rows["changed"].items() if row["originates"] != rows["before"][v]["originates"]]
    assert turned
    told = [line.split(": ")[0] for line in found.text().splitlines() if "does not qualify, unlike before" in line]
    assert told == turned
    assert all(row["threshold_pct"] == 90.0 for row in rows["changed"].values())
    assert len(found.cost().axes) == 1
    assert len([axes for axes in found.thresholds().axes if axes.get_visible()]) == len(rows["changed"])


@pytest.mark.slow
def test_no_change_says_that_nothing_moved() -> None:
    found = explore(network="seat_control")
    assert "Nothing moved: what was changed begins after this run" in found.text()
    assert [title for title, *_ in found.rows()] == ["cost", "duty in it", "border", "lost"]


@pytest.mark.parametrize("start", STARTS)
def test_every_start_is_a_scenario_whose_law_has_the_threshold(start: str) -> None:
    assert STARTS[start] in sim.load_law(load_scenario(start).reforms).paths()


def test_all_wrong_choices_are_told_at_once() -> None:
    with pytest.raises(DataError) as refused:
        explore("usmca_2042", firms="claim_and_pay", threshold_pct=101, tariff_pct=-1, weeks=0)
    assert str(refused.value).splitlines() == [
        "explorer: 5 problems",
        "  start: there is no start 'usmca_2042'. Did you mean 'usmca_2024'?",
        "  firms: firms are never 'claim_and_pay'. Did you mean 'claim_or_pay'?",
        "  threshold_pct: 101 is no share. Allowed: 0 to 100.",
        "  tariff_pct: -1 is no tariff here. Allowed: 0 to 100.",
        "  weeks: 0 is too short. Allowed: 1 or more.",
    ]


def test_a_missing_package_is_told_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    with pytest.raises(DataError) as refused:
        sim.explorer()
    assert str(refused.value) == (
        "explorer: needs the package 'ipywidgets', which is missing. Install it with: "
        "pip install 'nafta-sim[explorer]'. Without it, sim.explore(...) answers the same."
    )


def test_in_jupyter_the_widget_is_seen_before_it_computes_and_shows_no_stale_figure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("ipywidgets")
    waiting: dict[str, Any] = {}
    events = SimpleNamespace(register=waiting.__setitem__, unregister=lambda name, _: waiting.pop(name))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: SimpleNamespace(events=events)))

    def refuse(*_: object, **__: object) -> None:
        raise DataError("explorer", ["firms cannot decide here."])

    monkeypatch.setattr(module, "explore", refuse)
    *_, told, cost, content = explorer(["seat_control"]).children
    assert told.value == "<pre>computing ...</pre>"
    cost.layout.display = content.layout.display = ""
    waiting["post_run_cell"](None)
    assert waiting == {}
    assert "firms cannot decide here." in told.value
    assert (cost.layout.display, content.layout.display) == ("none", "none")


@pytest.mark.slow
def test_the_widget_shows_what_was_chosen() -> None:
    pytest.importorskip("ipywidgets")
    start, network, reform, firms, held, threshold, tariff, told, cost, content = explorer(["seat_control"]).children
    assert (start.value, network.value, reform.value, firms.value) == (
        "nafta_as_it_stood",
        "seat_control",
        "",
        "claim_or_pay",
    )
    assert "Nothing moved" in told.value
    assert bytes(cost.value).startswith(PNG)
    first = bytes(content.value)
    held.value = False
    threshold.value = 90.0
    assert not threshold.disabled
    assert "does not qualify, unlike before" in told.value
    assert bytes(content.value) != first
    tariff.value = 10.0
    reform.value = "nafta_withdrawal"
    asked = {"reform": "nafta_withdrawal", "threshold_pct": 90.0, "tariff_pct": 10.0}
    assert explore(network="seat_control", **asked).text().splitlines()[0] in unescape(told.value)
