"""What Jupyter shows: half-widths beside their numbers, markup as text, a bar only in notebooks."""

from __future__ import annotations

import re
import sys
from types import SimpleNamespace
from typing import Any

import pytest

import sim
from sim.replication.once import Run
from sim.study.shown import Table, bar_in_notebook

HEADS = ("scenario", "cost", "± 95 % of cost", "change of cost", "± 95 % of change of cost", "note")


def cells(table: Table) -> list[str]:
    return re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", table._repr_html_())


def test_half_widths_stand_beside_their_numbers_with_two_digits_of_the_widest() -> None:
    table = Table("Cost", HEADS, (("base", 100.0, 1.2345, 0.0, 0.0, ""), ("tax", 123.456, 0.5, 23.456, 0.0312, "")))
    assert cells(table)[:3] == ["scenario", "cost ± 95 %", "change of cost ± 95 %"]
    assert cells(table)[3:] == ["base", "100.0 ± 1.2", "0", "tax", "123.5 ± 0.5", "+23.456 ± 0.031"]


def test_without_intervals_the_note_says_why() -> None:
    table = Table("Cost", HEADS, (("base", 100.0, None, 0.0, None, "one replication"),))
    assert cells(table)[4:] == ["base", "100.00", "+0.00", "one replication"]


def test_texts_are_not_read_as_markup() -> None:
    shown = Table("<b>T</b>", ("<i>", "x"), (("<script>", None),))._repr_html_()
    assert re.findall(r"<(?:b|i|script)>", shown) == []
    assert "&lt;script&gt;" in shown


def test_a_table_without_rows_is_its_heads() -> None:
    assert cells(Table("Nothing", HEADS, ())) == ["scenario", "cost ± 95 %", "change of cost ± 95 %", "note"]


def test_the_bar_is_shown_in_notebooks_only_and_gone_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    with bar_in_notebook("x") as show:
        assert show is None
    seen: list[str] = []
    place = SimpleNamespace(update=lambda html: seen.append(html))
    shell = SimpleNamespace(kernel=object())
    told: Any = SimpleNamespace(HTML=str, display=lambda *_, **__: place)
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))  # type: ignore[misc]
    monkeypatch.setitem(sys.modules, "IPython.display", told)
    with bar_in_notebook("a<b") as show:
        assert show is not None
        show(3, 8)
    assert 'value="3" max="8"' in seen[0]
    assert "a&lt;b: 3 of 8 runs" in seen[0]
    assert seen[-1] == ""


def test_network_law_and_run_show_what_they_hold() -> None:
    network, law = sim.load_network("midsize"), sim.load_law()
    assert f"{len(network.lanes):,} lanes" in network._repr_html_()
    assert "5 assembly lines" in network._repr_html_()
    assert f"{len(law.by_path)} programmes" in law._repr_html_()
    run = Run("a<b", 3, [], [], "0123456789abcdef", "fedcba9876543210", {"counts": {"loads": 1234}})
    assert run._repr_html_() == (
        "<b>a&lt;b</b>, replication 3<br><small>1,234 loads; plan 0123456789ab, ledger fedcba987654</small>"
    )
