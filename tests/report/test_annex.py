"""Figures that other commands add to a study stand on its page, unless they were made from other results."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from sim.errors import DataError
from sim.report.annex import annexes_of, keep_annex, sorted_annexes
from sim.report.document import content_of, write_document
from sim.report.figures import Omission
from sim.report.page import write_report
from sim.report.relocate_figure import best_place, relocate_figure
from sim.report.source import StudyData
from sim.report.style import new_figure
from sim.report.tables import DataTable

WORDS = {"heading": "Market & <more>", "caption": "What prices do.", "alt": "Bars of vehicles sold."}
TABLE = DataTable("market_x", "Prices", ("vehicle", "change"), (("=pickup", 1.5), ("car", None)))


def drawn() -> Figure:
    figure = new_figure(4.0, 2.0, "Added", "test")
    figure.subplots().plot([0, 1])
    return figure


@pytest.mark.usefixtures("one_figure")
def test_an_added_figure_is_numbered_after_the_others_and_has_its_table(
    study_with: Callable[..., StudyData], tmp_path: Path
) -> None:
    keep_annex(tmp_path, "market_x", WORDS, drawn(), [TABLE], "abc")
    (found,) = annexes_of(tmp_path)
    assert (found.tables, found.heading, found.digest) == ((TABLE,), WORDS["heading"], "abc")
    text = write_report(study_with(manifest={"digest": "abc"}), None, tmp_path).read_text(encoding="utf-8")
    assert '<h3 id="market_x-head">2. Market &amp; &lt;more&gt;</h3>' in text
    assert '<li><a href="#market_x">Market &amp; &lt;more&gt;</a></li>' in text
    assert 'id="table-market_x"' in text
    assert "Files: annexes/market_x.png, .svg." in text
    assert (tmp_path / "tables" / "market_x.csv").read_text(encoding="utf-8") == "vehicle,change\n'=pickup,1.5\ncar,\n"


@pytest.mark.usefixtures("one_figure")
def test_one_made_from_other_results_is_named_and_left_out(
    study_with: Callable[..., StudyData], tmp_path: Path
) -> None:
    keep_annex(tmp_path, "market_x", WORDS, drawn(), [TABLE], "abc")
    text = write_report(study_with(manifest={"digest": "abd"}), None, tmp_path).read_text(encoding="utf-8")
    assert 'id="market_x"' not in text
    told = "<em>Market &amp; &lt;more&gt;</em>: it was made from other results; ask for it again."
    assert told in text


@pytest.mark.usefixtures("one_figure")
def test_the_document_has_it_after_its_own_figures_or_says_why_not(
    study_with: Callable[..., StudyData], tmp_path: Path
) -> None:
    pytest.importorskip("typst")
    keep_annex(tmp_path, "market_x", WORDS, drawn(), [TABLE], "abc")
    of_other_results = study_with(manifest={"digest": "abd"})
    without = write_document(of_other_results, None, tmp_path).read_bytes()
    own = study_with(manifest={"digest": "abc"})
    kept, stale = sorted_annexes(tmp_path, "abc")
    assert not stale
    assert kept[0].drawing.startswith(b"<?xml")
    content = content_of(own, [], kept, [Omission("Waits", "no measure")])
    assert [(one["file"], one["heading"]) for one in content["figures"]] == [("market_x.svg", WORDS["heading"])]
    assert content["tables"][-1]["rows"] == [["=pickup", "+1.5"], ["car", "–"]]
    assert content["left_out"] == [{"heading": "Waits", "reason": "no measure"}]
    assert write_document(own, None, tmp_path).read_bytes().count(b"/Alt") == without.count(b"/Alt") + 1


def test_a_damaged_one_is_refused(tmp_path: Path) -> None:
    keep_annex(tmp_path, "market_x", WORDS, drawn(), [TABLE], "abc").write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match="is not JSON"):
        annexes_of(tmp_path)


def test_moves_are_drawn_by_gain_those_without_a_place_left_out() -> None:
    def row(name: str, moves_to: str, *gains: float) -> dict[str, object]:
        places = [{"site": f"plant/{n}", "country": "US", "gain_usd": gain} for n, gain in enumerate(gains)]
        return {"vehicle": f"plant/{name}/car", "moves_to": moves_to, "places": places}

    plants = [{"vehicles": [row("a", "", -4e6, -9e6), row("b", "plant/0", 1e6, 7e6)]}, {"vehicles": [row("c", "")]}]
    best = best_place(plants[0]["vehicles"][1])
    assert best is not None
    assert best["site"] == "plant/0"  # where it goes, though another place would gain more by itself
    axes = relocate_figure(plants, "Title", "test").axes[0]
    assert [patch.get_width() for patch in axes.patches] == [1.0, -4.0]
    assert [text.get_text() for text in axes.texts] == ["+1.00, 0 (US)", "−4.00, 0 (US)"]
    assert list(relocate_figure([], "Title", "test").axes[0].patches) == []
