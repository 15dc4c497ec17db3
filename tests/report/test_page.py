"""The page stands alone, escapes what it is given, and says what is missing."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from sim.report.page import joined_columns, shown_columns, write_report
from sim.report.source import StudyData
from sim.report.tables import DataTable, write_csv

VOID = {"meta", "link", "img", "br", "hr", "input"}
HOSTILE = '<script>alert("x")</script> & "quoted" \'single\' =1+1 ‮rtl'


class Reader(HTMLParser):
    """Collects tags with their attributes and checks that every element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def of(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


def read(path: Path) -> Reader:
    reader = Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    assert reader.open == []
    return reader


def test_page_loads_nothing(page: Path) -> None:
    reader = read(page)
    for _, attributes in reader.tags:
        assert (attributes.get("src") or "data:").startswith("data:")
    assert [a["href"] for a in reader.of("link")] == ["data:,"]
    assert all("src" not in a for a in reader.of("script"))
    text = page.read_text(encoding="utf-8")
    assert "@import" not in text
    assert re.findall(r"url\((?!#)", text) == []  # hatches are named by where they stand on the page
    assert "default-src 'none'" in text


def test_ids_are_unique_and_contents_lead_somewhere(page: Path) -> None:
    reader = read(page)
    ids = Counter(a["id"] for _, a in reader.tags if "id" in a)
    assert [name for name, count in ids.items() if count > 1] == []
    links = [str(a["href"])[1:] for a in reader.of("a") if str(a.get("href")).startswith("#")]
    assert len(links) > 10
    assert set(links) <= set(ids)


def test_every_picture_has_words_and_size(page: Path) -> None:
    images = read(page).of("img")
    assert len(images) == 12
    for image in images:
        assert len(str(image["alt"])) > 40
        assert int(str(image["width"])) > 1000
    assert "+3,341 ± 38" in str(images[0]["alt"])


def test_heads_of_sortable_tables_are_buttons(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    tables = re.findall(r'<table class="sortable">(.*?)</table>', text, flags=re.S)
    assert len(tables) >= 8
    for table in tables:
        assert table.count('<th scope="col"><button type="button">') == table.count("<th ")


def test_changes_have_their_sign_and_levels_none(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    rows = re.search(r'id="table-headline".*?<tbody>(.*?)</tbody>', text, flags=re.S)
    assert rows is not None
    tax = [cell for cell in rows[1].split("<tr>") if ">Border tax 35<" in cell]
    assert re.findall(r">([^<>]+)</td>", tax[0])[:3] == ["Border tax 35", "32,811", "+3,341 ± 38"]


def test_files_beside_the_page(page: Path) -> None:
    figures = sorted(path.name for path in (page.parent / "figures").iterdir())
    assert len(figures) == 24
    assert {Path(name).suffix for name in figures} == {".png", ".svg"}
    with (page.parent / "tables" / "headline.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][:5] == [
        "scenario",
        "cost per vehicle (USD)",
        "cost per vehicle, ± 95 % (USD)",
        "cost per vehicle, change (USD)",
        "cost per vehicle, change ± 95 % (USD)",
    ]
    assert rows[4][:2] + rows[4][3:5] == ["Border tax 35", "32811.0", "3341.0", "38.0"]
    assert rows[0][-1] == "note"
    assert len(rows) == 7


def test_a_figure_has_the_decimals_of_its_interval() -> None:
    heads = ("scenario", "cost (USD)", "cost ± 95 % (USD)", "change (USD)", "change ± 95 % (USD)", "note")
    rows = (("a", 35_854.126, 6.635, 0.0, 0.0, "x"), ("b", 36_002.5, 12.84, 1.23456, 0.0028, ""))
    cells = [[text for text, _, _ in row] for row in shown_columns(DataTable("t", "T", heads, rows))]
    assert cells == [["a", "35,854", "7", "0.0000", "0.0000", "x"], ["b", "36,002", "13", "+1.2346", "0.0028", "–"]]
    narrow = shown_columns(DataTable("t", "T", heads[:3], (("a", 5.0, None), ("b", 7.503, 0.261))))
    assert [[text for text, _, _ in row] for row in narrow] == [["a", "5.00", "–"], ["b", "7.50", "0.26"]]


def test_half_widths_stand_beside_their_numbers_on_the_page() -> None:
    heads = ("scenario", "cost (USD)", "± 95 % (USD)", "change (USD)", "change ± 95 % (USD)", "note")
    table = DataTable("t", "T", heads, (("a", 100.0, 1.5, 0.0, 0.0, ""), ("b", 120.0, None, 20.0, 0.25, "")))
    shown, rows = joined_columns(table)
    assert shown == ["scenario", "cost (USD) ± 95 %", "change (USD) ± 95 %"]
    assert [[text for text, _, _ in row] for row in rows] == [
        ["a", "100.0 ± 1.5", "0"],
        ["b", "120.0", "+20.00 ± 0.25"],
    ]
    assert [value for _, value, _ in rows[1]] == [None, 120.0, 20.0]


def test_hostile_words_are_only_words(study_with: Callable[..., StudyData], tmp_path: Path) -> None:
    manifest = {"references": [{"title": HOSTILE, "href": "javascript:alert(1)"}], "version": HOSTILE}
    hostile = study_with(title=HOSTILE, question=HOSTILE, manifest=manifest, name=HOSTILE)
    page = write_report(hostile, None, tmp_path)
    text = page.read_text(encoding="utf-8")
    assert text.count("<script>") == 1  # the page's own
    assert "&lt;script&gt;alert(&#34;x&#34;)" in text
    assert "javascript:" not in text
    assert "\u202e" not in text  # it would turn round the sentence that it stands in
    read(page)


def test_missing_facts_are_told(study_with: Callable[..., StudyData], tmp_path: Path) -> None:
    page = write_report(study_with(facts={}, network_name="nowhere"), None, tmp_path)
    text = page.read_text(encoding="utf-8")
    assert "<em>Passport of one part</em>: the facts hold no passport." in text
    assert "<em>Content against thresholds</em>: the facts hold no content of vehicles." in text
    assert "<em>Network</em>: no network named &#39;nowhere&#39; was found." in text
    assert "<em>Suppliers by tier</em>: no network named &#39;nowhere&#39; was found." in text
    assert "<em>Queue over the disruption</em>: no scenario has a disruption with a beginning and an end." in text
    assert "The study stored no facts about its graph." in text
    assert len(read(page).of("img")) == 7


@pytest.mark.usefixtures("one_figure")
def test_expectation_and_finding_stand_side_by_side(study_with: Callable[..., StudyData], tmp_path: Path) -> None:
    resolved = {"border_tax_35": {"expected": "Dearer by a tenth.", "law": {"reforms": ["own_tax@fedcba9876543210"]}}}
    text = write_report(study_with(resolved=resolved), None, tmp_path).read_text(encoding="utf-8")
    assert "<caption>What was expected before the run, and what was found</caption>" in text
    row = re.search(r'<tr><th scope="row">Border tax 35</th><td dir="auto">Dearer by a tenth.</td><td>(.*?)</td>', text)
    assert row is not None
    assert row[1].startswith("cost per vehicle +3,341 ± 38 USD; duty +3,310 ± 66 USD; ")
    assert "<td>own_tax</td>" in text
    assert "fedcba9876543210" not in text


def test_without_expectations_there_is_no_table_of_them(page: Path) -> None:
    assert "What was expected" not in page.read_text(encoding="utf-8")


@pytest.mark.usefixtures("one_figure")
def test_why_this_duty_is_told_under_its_figure(study_with: Callable[..., StudyData], tmp_path: Path) -> None:
    row = {"programme": "us/mfn", "heading": "General", "charged_usd": 12.5, "reference": "Tariff Act column 1"}
    facts = {"border_tax_35": {"provisions": [row]}}
    text = write_report(study_with(facts=facts), None, tmp_path).read_text(encoding="utf-8")
    head, _, rest = text.partition('<section id="duty_by_programme"')
    assert 'id="table-why_this_duty"' in rest.partition('<section id="')[0]
    assert "Tariff Act column 1" in rest
    assert "why_this_duty" not in head


def test_csv_cells_cannot_be_formulas(tmp_path: Path) -> None:
    table = DataTable("t", "T", ("a", "=b"), (("=1+1", -2.5), ("@x", None), ("plain", "-3")))
    text = write_csv(table, tmp_path).read_text(encoding="utf-8")
    assert text == "a,'=b\n'=1+1,-2.5\n'@x,\nplain,'-3\n"


@pytest.mark.usefixtures("one_figure")
def test_page_tells_which_ports_a_scenario_opens_and_what_it_sets_of_crossings(
    study_with: Callable[..., StudyData], tmp_path: Path
) -> None:
    changed = {"laredo_wtb/us": {"booths_standard": 6.0, "cycle_standard_s": 58.0}}
    resolved = {"border_tax_35": {"open_ports": {"gordie_howe": "ambassador_bridge"}, "crossings": changed}}
    text = write_report(study_with(resolved=resolved), None, tmp_path).read_text(encoding="utf-8")
    told = "gordie_howe open beside ambassador_bridge; laredo_wtb/us: booths standard 6, cycle standard s 58"
    assert f"<td>none; {told}</td>" in text
