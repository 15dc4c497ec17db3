"""The page in a real browser: quiet, at home, read by keys, narrow, and deaf to hostile names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from sim.network import load_network
from sim.report.page import write_report
from sim.report.source import StudyData
from tests.report import ledger
from tests.report.browser import Reader, chromium
from tests.report.conftest import SCENARIOS, make_facts, make_study, make_summary

RIGHT, LEFT, UP, DOWN, END, ENTER, TAB, ESCAPE = (
    "\ue014", "\ue012", "\ue013", "\ue015", "\ue010", "\ue007", "\ue004", "\ue00c",
)  # fmt: skip
HOSTILE = (
    '<img src=x onerror="window.hit=1"></script><script>window.hit=1;alert(1)</script>'
    " & \"q\" 's' =1+1 $\\frac$ \u202ertl \u05e9\u05dc\u05d5\u05dd {{7*7}}"
)
LONG = "Ǆ" * 1_000
# Text whose contrast with what is behind it is below 4.5 to 1, as WCAG 2.2 asks (success criterion 1.4.3).
PALE = """
const light = c => { const v = c.map(x => x / 255).map(x => x <= .04045 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
  return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
const parts = text => text.match(/[\\d.]+/g).map(Number);
const behind = e => { for (; e; e = e.parentElement) { const c = parts(getComputedStyle(e).backgroundColor);
  if (c.length < 4 || c[3] > 0) return c.slice(0, 3); } return [255, 255, 255]; };
const found = [];
document.querySelectorAll("body *:not(svg *):not(script)").forEach(e => {
  const words = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  if (!words || !e.getClientRects().length) return;
  const a = light(parts(getComputedStyle(e).color).slice(0, 3)), b = light(behind(e));
  const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  if (ratio < 4.5) found.push(e.tagName + " " + ratio.toFixed(2) + " " + e.textContent.slice(0, 40));
});
return found;
"""
# What reaches beyond the window without a box that scrolls around it.
WIDE = """
const scrolls = e => { for (e = e.parentElement; e; e = e.parentElement)
  if (["auto", "scroll", "hidden"].includes(getComputedStyle(e).overflowX)) return true; return false; };
return [...document.querySelectorAll("body *")].filter(e => {
  const box = e.getBoundingClientRect();
  const isOut = box.width && (box.right > innerWidth + 1 || box.left < -1);
  return isOut && !scrolls(e) && !e.closest(".visually-hidden, .skip");
}).map(e => e.tagName + "." + e.className + " " + e.textContent.slice(0, 40));
"""


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        yield Reader(driver)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with a week on the map, of the ledger written by hand."""
    folder = tmp_path_factory.mktemp("week")
    ledger.write(folder)
    return write_report(make_study(**ledger.fields()), load_network("midsize"), folder)


def test_the_page_is_quiet_and_asks_for_nothing_but_itself(reader: Reader, page: Path) -> None:
    reader.asked_for()
    reader.complaints()
    reader.open(page)
    reader.press("#week-play", ENTER)
    reader.ask("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    asked = reader.asked_for()
    assert asked[0] == page.as_uri()
    assert [address for address in asked[1:] if not address.startswith("data:")] == []
    assert reader.complaints() == []


def test_the_policy_of_the_page_refuses_addresses_and_strange_scripts(reader: Reader, page: Path) -> None:
    reader.open(page)
    reader.ask("fetch('https://example.org/').catch(() => 0); new Image().src = 'https://example.org/a.png';")
    reader.ask("const s = document.createElement('script'); s.textContent = 'window.hit = 1'; document.body.append(s);")
    assert reader.ask("return window.hit") is None
    refused = reader.complaints()
    assert len(refused) >= 3
    assert all("Content Security Policy" in words for words in refused)


def test_values_are_read_by_keys_and_the_filter_holds_for_all_charts(reader: Reader, page: Path) -> None:
    reader.open(page)
    stage = "#cost_waterfall .stage"
    reader.press(stage, DOWN, DOWN, DOWN, END)
    assert reader.told() == "Border tax 35, in all: +3,341 ± 38 USD"
    assert reader.find("#cost_waterfall .tip").is_displayed()
    reader.press(stage, LEFT, LEFT)
    assert reader.told().startswith("Border tax 35, carrying stock: +22 USD")
    reader.press(stage, UP, ESCAPE)
    assert not reader.find("#cost_waterfall .tip").is_displayed()
    assert not reader.find("#cost_waterfall .picture").is_displayed()  # the printed figure is folded away
    reader.ask("document.querySelector('#filter details').open = true")
    reader.press("#filter input[value='3']", " ")
    assert reader.told() == "Charts show all vehicles, 5 of 6 scenarios"
    reader.press(stage, DOWN, DOWN, DOWN, END)
    assert reader.told().startswith("NAFTA withdrawal, in all: ")
    reader.press("#filter-vehicle", DOWN, DOWN)
    assert reader.told() == "Charts show Oakville, crossover ICE, 5 of 6 scenarios"
    assert reader.find("#cost_waterfall .axis").text == "change in cost, USD per vehicle: Oakville, crossover ICE"
    reader.press("#content_thresholds .stage", RIGHT)
    assert reader.told().startswith("Oakville, crossover ICE, NAFTA as it stood, Ambassador closure: 77 %")
    reader.press("#filter button", ENTER)
    assert reader.told() == "Charts show all vehicles, 6 of 6 scenarios"


def test_tables_sort_by_keys_and_say_so(reader: Reader, page: Path) -> None:
    reader.open(page)
    head = "#table-headline th:nth-child(2)"
    first = "#table-headline tbody td"
    reader.press(f"{head} button", ENTER)
    assert (reader.find(head).get_attribute("aria-sort"), reader.find(first).text) == ("ascending", "NAFTA as it stood")
    reader.press(f"{head} button", " ")
    assert (reader.find(head).get_attribute("aria-sort"), reader.find(first).text) == ("descending", "Border tax 35")
    assert reader.told() == "Sorted by cost per vehicle (USD) ± 95 %, descending"


def test_tabbing_begins_at_the_skip_link_and_goes_on_in_reading_order(reader: Reader, page: Path) -> None:
    reader.open(page)
    reader.find("body").send_keys(TAB)
    assert reader.ask("return document.activeElement.className") == "skip"
    assert reader.ask("return document.activeElement.getBoundingClientRect().left") >= 0  # seen while it has the focus
    places = []
    for _ in range(60):
        reader.driver.switch_to.active_element.send_keys(TAB)
        places.append(reader.ask("return [...document.querySelectorAll('*')].indexOf(document.activeElement)"))
    assert places == sorted(places)
    assert len(set(places)) == 60
    assert reader.ask("return document.querySelectorAll('[tabindex]:not([tabindex=\"0\"])').length") == 0
    levels = reader.ask("return [...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_pale_and_nothing_reaches_out_of_the_window(reader: Reader, page: Path, width: int) -> None:
    reader.open(page, width)
    reader.ask("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert reader.ask("return document.documentElement.scrollWidth <= innerWidth")
    assert reader.ask(WIDE) == []
    assert reader.ask(PALE) == []
    assert reader.ask("return document.documentElement.lang") == "en"


def test_the_week_moves_by_hand_and_by_itself(reader: Reader, page: Path) -> None:
    reader.open(page, prefers_reduced_motion="reduce")
    reader.ask("const s = document.getElementById('week-hour'); s.value = 7; s.dispatchEvent(new Event('input'))")
    reader.press("#week-hour", RIGHT)
    assert reader.find("#week-hour").get_attribute("aria-valuetext") == "Monday, 30 October 2017, 08:00 UTC"
    assert reader.told() == "0 loads on their way, 1 at a crossing; longest wait 41 min, World Trade Bridge, into US"
    rows = reader.ask("return [...document.querySelector('#week-gates').rows].map(r => r.innerText.split('\\t'))")
    assert rows == [["1", "World Trade Bridge, into US", "41", "1"], ["2", "Ambassador Bridge, into CA", "–", "0"]]
    assert reader.ask("return document.querySelectorAll('#week-all path[stroke=\"#bd0026\"]').length") == 1  # 30 to 60
    reader.press("#week-hour", RIGHT, RIGHT)
    assert reader.told() == "1 loads on their way, 0 at a crossing; nobody waits"
    reader.press("#week-play", ENTER)
    assert reader.find("#week-play").text == "Pause"
    moved = "return document.getElementById('week-clock').textContent"
    _wait(lambda: reader.ask(moved) == "Monday, 30 October 2017, 13:00 UTC")  # steps of three hours, no gliding
    reader.press("#week-play", ENTER)
    assert reader.find("#week-play").text == "Play"


def test_without_scripts_the_printed_figures_stand(reader: Reader, page: Path) -> None:
    reader.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        reader.open(page)
        assert reader.find("#cost_waterfall img").is_displayed()
        assert not reader.find("#filter").is_displayed()
        assert not reader.find("#week-body").is_displayed()
    finally:
        reader.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def hostile_study() -> StudyData:
    """The made-up study with names that try to be something else."""
    facts: dict[str, Any] = {
        name: {**found, "claims": [{"good": HOSTILE, "lane": LONG, "verdict": "=HYPERLINK(1)"}]}
        for name, found in make_facts().items()
    }
    for row in facts[SCENARIOS[1]]["content"]:
        row["reason"] = HOSTILE
    labels = {name: HOSTILE if number % 2 else LONG for number, name in enumerate(SCENARIOS)}
    resolved = {name: {"question": HOSTILE, "expected": LONG} for name in SCENARIOS}
    fields = {**ledger.fields(), "title": HOSTILE, "question": LONG, "name": HOSTILE, "facts": facts}
    fields["resolved"] = {name: {**resolved[name], **fields["resolved"].get(name, {})} for name in SCENARIOS}
    fields["manifest"] = {**fields["manifest"], "references": [{"title": LONG, "href": "javascript:alert(1)"}]}
    return make_study(**fields, summary=replace(make_summary(), labels=labels))


def test_a_hostile_study_runs_nothing_and_breaks_no_table(reader: Reader, tmp_path: Path) -> None:
    ledger.write(tmp_path)
    page = write_report(hostile_study(), load_network("midsize"), tmp_path)
    reader.complaints()
    for width in (1280, 390):
        reader.open(page, width)
        reader.ask("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        reader.press("#cost_waterfall .stage", RIGHT, END)  # names go through the script as well
        assert HOSTILE[:20] in reader.told()
        reader.press("#week-hour", RIGHT)
        assert reader.ask("return window.hit === undefined && document.images.length === 13")
        assert reader.ask(WIDE) == []
        assert reader.ask("return document.documentElement.scrollWidth <= innerWidth")
        measure = "b => [b.getBoundingClientRect().width, b.parentElement.clientWidth]"
        boxes = reader.ask(f"return [...document.querySelectorAll('.scroll')].map({measure})")
        assert len(boxes) > 8
        assert all(box <= room + 1 for box, room in boxes)
    assert reader.complaints() == []


def _wait(is_so: Callable[[], bool]) -> None:
    from selenium.webdriver.support.ui import WebDriverWait

    WebDriverWait(None, 10, poll_frequency=0.05).until(lambda _: is_so())
