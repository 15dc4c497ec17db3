"""The reference for writers of origin files is true: its examples come out as they say, each key and word is told.

What the readers take is watched while they read every case at hand, so that no key escapes, wherever it is named.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import origin
from sim.errors import SimError
from sim.law.origin import GoodFacts
from sim.locate import data_dir
from sim.origin import determine, determine_file
from sim.origin.books.allocation import BASES
from sim.origin.reading import questions_of, read_questions
from sim.origin.sections import SECTIONS
from sim.origin.vehicles.heavy_vehicles import OPTIONS
from sim.origin.vehicles.tracing import TREATMENTS
from sim.reading import Node

README = Path(origin.__file__).parent / "README.md"
TEXT = README.read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
CASES = sorted(Path(__file__).parent.glob("*.yaml"))
DAMAGE = ["", "0", "-1", "yes", "x", "100 %", "[]", "{}", "12,", "8708", "~", "2021-01-10"]


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
    coded = re.findall(r"`([^`\n]+)`", text)
    return {*coded, *re.findall(r"[a-z0-9_]+", " ".join(coded))}


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
    for answer in determine_file(path):
        assert answer.unresolved == ()
        assert answer.question.expect.status
        assert answer.question.expect.values
        assert [check.text() for check in answer.checks if not check.met] == [], answer.text()


def test_what_the_examples_expect_is_exact() -> None:
    """They are read as documentation, so they agree to the hundredth, not only within the tolerance."""
    for text in EXAMPLES:
        for question in questions_of(text):
            found = determine(question).values
            for name, wanted in question.expect.values.items():
                shown = found[name]
                if isinstance(shown, int | Fraction) and not isinstance(shown, bool):
                    assert float(shown) == pytest.approx(float(wanted), abs=0.005), name


@given(st.sampled_from(EXAMPLES), st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_file_is_answered_or_refused_in_words(text: str, data: st.DataObject) -> None:
    """Never a traceback: whatever is lost or mistyped, the reader says what, or the answer says what it needs."""
    words = re.split(r"(\W+)", text)
    for _ in range(data.draw(st.integers(1, 3))):
        words[data.draw(st.integers(0, len(words) - 1))] = data.draw(st.sampled_from(DAMAGE))
    try:
        for question in questions_of("".join(words)):
            answer = determine(question)
            assert answer.text()
            assert json.dumps(answer.as_dict(), allow_nan=False)
    except SimError:
        return


def test_the_examples_are_there() -> None:
    together = " ".join(EXAMPLES)
    assert len(EXAMPLES) >= 4
    for key in ("statement: {net_cost", "statement: {regional_value", "title: inland", "method: fifo", "category:"):
        assert key in together


def test_every_key_and_word_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    keys: dict[str, set[str]] = {}
    words: set[str] = set()
    fields, text = Node.fields, Node.text

    def of_a_user(node: Node) -> bool:
        """Files of the law are read on the way, by whichever test comes first."""
        return not node.document.path.is_relative_to(data_dir() / "law")

    def watched_fields(self: Node, allowed: Iterable[str], required: Iterable[str] = ()) -> dict[str, Node]:
        names = tuple(allowed)
        for name in names if of_a_user(self) else ():
            if name not in told_of(self.location):
                keys.setdefault(".".join(x for x in self.location if isinstance(x, str)), set()).add(name)
        return fields(self, names, required)

    def watched_text(self: Node, allowed: Iterable[str] | None = None, plural: str = "values") -> str:
        names = None if allowed is None else tuple(allowed)
        if of_a_user(self):
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
