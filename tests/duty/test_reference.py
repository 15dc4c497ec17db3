"""The reference for writers of duty files is true: its examples come out as they say, each key and word is told.

What the readers take is watched while they read every case at hand, so that no key escapes, wherever it is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from sim import duty
from sim.duty import assess_file
from sim.duty.lines import ELECTIONS, LINE_KEYS
from sim.duty.reading import _KEYS, read_declaration
from sim.law.facts import CLOSED_FACTS
from sim.reading import Node

README = Path(duty.__file__).parent / "README.md"
TEXT = README.read_text(encoding="utf-8").split("# Duty files")[1]
OF_GOODS = (README.parents[1] / "origin" / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
CASES = sorted(Path(__file__).parent.glob("*.yaml"))
OF_THE_FILE = ("lines", "entries", "models", "names")  # names that the file itself gives are no words of a key


PARTS = {
    title: re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    for title, text in re.findall(r"^##? ?([^\n]*)\n(.*?)(?=^## |\Z)", f"#{TEXT}", re.DOTALL | re.MULTILINE)
}
SECTIONS = re.findall(r"^\| `(\w+)`", PARTS["What follows"], re.MULTILINE)


def told(text: str) -> set[str]:
    """Words written as code."""
    return set(re.findall(r"[a-z0-9_]+", " ".join(re.findall(r"`([^`\n]+)`", text))))


def told_of(location: tuple[str | int, ...]) -> set[str]:
    """What is told of the keys at a place of a file: in the rows of its section, or in the part that treats it."""
    top = str(location[0]) if location else ""
    if top not in SECTIONS:
        return told(PARTS["Entries and lines" if top == "entries" else ""]) | ({*SECTIONS} if not top else set())
    own = re.search(rf"^\| `{top}`.*?(?=^\| `|\Z)", PARTS["What follows"], re.DOTALL | re.MULTILINE)
    assert own is not None, top
    return told(own[0])


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: " ".join(text.split()[:5]))
def test_every_example_comes_out_as_it_says(text: str, tmp_path: Path) -> None:
    path = tmp_path / "entry.yaml"
    path.write_text(text)
    answer = assess_file(path)
    assert answer.unresolved == ()
    assert answer.declaration.expect
    assert [check for check in answer.checks if not check.met] == []


def test_every_section_of_a_file_is_told() -> None:
    seen = {*SECTIONS, *told(PARTS[""])}
    assert {*_KEYS} - seen == set()
    assert len(SECTIONS) >= 9


def test_the_examples_are_there() -> None:
    together = " ".join(EXAMPLES)
    assert len(EXAMPLES) >= 4
    for key in ("claim", "chapter_98", "opt_in", "offset", "quotas", "drawback", "antidumping", "refund", "break_even"):
        assert f"{key}:" in together


def test_every_key_and_word_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    keys: dict[str, set[str]] = {}
    words: set[str] = set()
    fields, text = Node.fields, Node.text
    folders = (tmp_path, Path(__file__).parent)  # files of the law are read on the way

    def watched_fields(self: Node, allowed: Iterable[str], required: Iterable[str] = ()) -> dict[str, Node]:
        names = tuple(allowed)
        for name in names if self.document.path.parent in folders else ():
            if name not in told_of(self.location):
                keys.setdefault(".".join(x for x in self.location if isinstance(x, str)), set()).add(name)
        return fields(self, names, required)

    def watched_text(self: Node, allowed: Iterable[str] | None = None, plural: str = "values") -> str:
        names = None if allowed is None else tuple(allowed)
        if self.document.path.parent in folders and plural not in OF_THE_FILE:
            words.update(names or ())
        return text(self, names, plural)

    monkeypatch.setattr(Node, "fields", watched_fields)
    monkeypatch.setattr(Node, "text", watched_text)
    for n, example in enumerate(EXAMPLES):
        (tmp_path / f"{n}.yaml").write_text(example)
    for path in (*CASES, *tmp_path.glob("*.yaml")):
        read_declaration(path)
    assert len(words) > 10
    assert words - told(TEXT) == set()
    assert keys == {}


def test_keys_of_a_line_and_elections_are_told() -> None:
    assert {*LINE_KEYS, *ELECTIONS} - told(TEXT) == set()


def test_words_of_closed_facts_are_told() -> None:
    """Those of goods stand in the reference of origin files."""
    assert {word for words in CLOSED_FACTS.values() for word in words if word} - told(TEXT + OF_GOODS) == set()
