"""The reference for writers of origin files is true: its examples come out as they say, each key and word is told.

What the readers take is watched while they read every case at hand, so that no key escapes, wherever it is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from sim import origin
from sim.law.origin import GoodFacts
from sim.origin import determine_file
from sim.origin.books.allocation import BASES
from sim.origin.reading import questions_of, read_questions
from sim.origin.sections import SECTIONS
from sim.origin.vehicles.heavy import OPTIONS
from sim.origin.vehicles.tracing import TREATMENTS
from sim.reading import Node
from sim.yaml_text import read_yaml

README = Path(origin.__file__).parents[1] / "data" / "examples" / "README.md"
TEXT = README.read_text(encoding="utf-8").split("# Duty files")[0]
EXAMPLES = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
CASES = sorted(Path(__file__).parent.glob("*.yaml"))
FLAGS = {"yes": True, "no": False}


PARTS = {
    title: re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    for title, text in re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", TEXT, re.DOTALL | re.MULTILINE)
}
WHERE = {
    "good": "Good and rule",
    "rule": "Good and rule",
    "costs": "Costs",
    "currency": "Costs",
    "materials": "Materials",
    "statement": "Materials",
}


def told(text: str = TEXT) -> set[str]:
    """Words written as code."""
    return set(re.findall(r"[a-z0-9_]+", " ".join(re.findall(r"`([^`\n]+)`", text))))


def told_of(location: tuple[str | int, ...]) -> set[str]:
    """What is told of the keys at a place of a file: in the rows of its section, or in the part that treats it."""
    names = [step for step in location if isinstance(step, str) and step != "goods"]
    section = names[0] if names and names[0] in SECTIONS else ""
    if section:
        rows, _, below = PARTS["Sections"].rpartition("|\n\n")
        own = re.search(rf"^\| `{section}`.*?(?=^\| `(?!{section})|\Z)", rows, re.DOTALL | re.MULTILINE)
        assert own is not None, section
        return told(f"{own[0]}{below}")
    treated = told(PARTS[next((WHERE[name] for name in reversed(names) if name in WHERE), "Head")])
    return treated if names else treated | {*SECTIONS}


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: " ".join(text.split()[:4]))
def test_every_example_comes_out_as_it_says(text: str, tmp_path: Path) -> None:
    path = tmp_path / "good.yaml"
    path.write_text(text)
    document, _ = read_yaml(path)
    assert document is not None
    content: Any = document.value
    goods = content.get("goods", [content])
    for entry, answer in zip(goods, determine_file(path), strict=True):
        found = answer.as_dict()
        assert found["unresolved"] == []
        assert found["status"] == entry["expect"]["status"], answer.text()
        for name, wanted in entry["expect"]["values"].items():
            expected = FLAGS[wanted] if wanted in FLAGS else pytest.approx(float(wanted), abs=0.005)
            assert found["values"][name] == expected, name


def test_the_examples_are_there() -> None:
    together = " ".join(EXAMPLES)
    assert len(EXAMPLES) >= 4
    for key in ("statement: {net_cost", "statement: {regional_value", "title: inland", "method: fifo", "category:"):
        assert key in together


def test_every_key_and_word_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    keys: dict[str, set[str]] = {}
    words: set[str] = set()
    fields, text = Node.fields, Node.text

    def watched_fields(self: Node, allowed: Iterable[str], required: Iterable[str] = ()) -> dict[str, Node]:
        names = tuple(allowed)
        for name in names:
            if name not in told_of(self.location):
                keys.setdefault(".".join(x for x in self.location if isinstance(x, str)), set()).add(name)
        return fields(self, names, required)

    def watched_text(self: Node, allowed: Iterable[str] | None = None, plural: str = "values") -> str:
        names = None if allowed is None else tuple(allowed)
        words.update(names or ())
        return text(self, names, plural)

    monkeypatch.setattr(Node, "fields", watched_fields)
    monkeypatch.setattr(Node, "text", watched_text)
    for path in CASES:
        read_questions(path)
    for example in EXAMPLES:
        questions_of(example)
    assert len(words) > 80
    assert words - told() == set()
    assert keys == {}


def test_sections_bases_and_treatments_are_told() -> None:
    assert {*SECTIONS, *BASES, *TREATMENTS, *OPTIONS} - told() == set()


def test_every_section_stands_in_a_case() -> None:
    """Otherwise its reader would not be watched."""
    seen = " ".join(path.read_text() for path in CASES)
    assert [name for name in SECTIONS if f"{name}:" not in seen] == []


def test_words_that_the_law_asks_of_a_good_are_told() -> None:
    """Words of facts that the file leaves open, as the law describes them."""
    described = set(re.findall(r"``([a-z0-9_]+)``", GoodFacts.__doc__ or ""))
    assert "off_road" in described
    assert described - told() == set()


def test_lines_are_short() -> None:
    assert [line for line in README.read_text(encoding="utf-8").splitlines() if len(line) > 120] == []
