"""References as BibTeX: keys that differ, and texts that close no brace."""

from __future__ import annotations

import re

from sim.report.bibliography import bibtex


def test_keys_differ_and_order_is_kept() -> None:
    text = bibtex([{"title": "NAFTA, chapter 4"}, {"title": "NAFTA, chapter 5"}, {"title": "19 CFR 24.23 of 2017"}, {}])
    assert re.findall(r"@misc\{(.*),", text) == ["nafta_chapter", "nafta_chapter_2", "cfr_of_2017", "reference"]


def test_hostile_titles_close_no_brace() -> None:
    hostile = {"title": "a } b { \\input{x} % $y$ #1 \u202e", "href": "https://x.org/} evil", "status": "mem}ory"}
    text = bibtex([hostile])
    assert text.count("{") == text.count("}")
    assert "url" not in text
    assert "\\input" not in text
    assert r"\% \$y\$ \#1" in text
