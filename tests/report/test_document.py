"""The printed report: the same bytes each time, texts that stay texts, and what is told where it cannot be made."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.errors import DataError
from sim.report.document import NAME, _printed, content_of, write_document
from sim.report.figures import draw_all
from sim.report.source import StudyData
from sim.report.tables import DataTable

pytest.importorskip("typst")

MARKUP = '#panic("no") $ x @ref <a> *b* `c` \u202e\\ // ' + "long" * 500


def test_the_same_study_gives_the_same_bytes(study: StudyData, tmp_path: Path) -> None:
    first = write_document(study, None, tmp_path).read_bytes()
    assert first.startswith(b"%PDF-")
    assert write_document(study, None, tmp_path).read_bytes() == first
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_words_and_numbers_are_those_of_the_page(study: StudyData) -> None:
    plates, _ = draw_all(study, None)
    content = content_of(study, plates)
    assert json.loads(json.dumps(content)) == content
    assert [figure["heading"] for figure in content["figures"]] == [plate.heading for plate in plates]
    rows = content["results"]["rows"]
    assert [row[0].removesuffix(" (level)") for row in rows] == [
        study.summary.label(name) for name in study.summary.scenarios
    ]
    assert all(len(row) == len(content["results"]["columns"]) for row in rows)
    assert {entry["parameter"] for entry in content["assumptions"]} >= {"truck hour usd", "yard days"}


def test_no_text_is_read_as_markup(study_with: Callable[..., StudyData], tmp_path: Path) -> None:
    """Read as markup, the first word alone would end the program that sets the type."""
    hostile = study_with(title=MARKUP, question=MARKUP, name=MARKUP)
    assert write_document(hostile, None, tmp_path).read_bytes().startswith(b"%PDF-")


def test_without_the_package_the_remedy_is_told(
    study: StudyData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(DataError) as caught:
        write_document(study, None, tmp_path)
    wanted = "a PDF needs the package 'typst'. Install it with: pip install 'nafta-sim[pdf]'"
    assert str(caught.value) == f"{tmp_path / NAME}: {wanted}"


def test_half_widths_stand_beside_their_numbers() -> None:
    table = DataTable(
        "t", "T", ("scenario", "cost (USD)", "cost ± 95 % (USD)", "href"), (("a", 5.0, 1.0, "x"), ("b", 7.0, None, "y"))
    )
    found = _printed(table)
    assert found["columns"] == ["scenario", "cost (USD)"]
    assert found["rows"] == [["a", "5 ± 1"], ["b", "7"]]
    assert found["widths"] == [12, 9]  # the longest word of a head, in bold, and the room beside it
    assert found["numbers"] == [False, True]
