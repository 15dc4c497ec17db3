"""The description of the origin file is true: its examples are read and answered, its keys are those of the readers."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim.origin
from sim.errors import SimError
from sim.origin import determine
from sim.origin.books.allocation import BASES
from sim.origin.parts import _MATERIAL_KEYS
from sim.origin.reading import _FACTS, _GOOD_KEYS, _HEAD, _LAW, questions_of
from sim.origin.sections import SECTIONS

TEXT = (Path(sim.origin.__file__).parent / "README.md").read_text(encoding="utf-8")
DAMAGE = ["", "0", "-1", "yes", "x", "100 %", "[]", "{}", "12,", "8708", "~", "2021-01-10"]
BLOCKS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=["one good", "computations"])
def test_every_example_is_answered(block: str) -> None:
    for question in questions_of(block):
        answer = determine(question)
        assert answer.unresolved == (), answer.text()
        assert answer.status != "unresolved"


def test_the_first_example_says_what_it_should() -> None:
    (question,) = questions_of(BLOCKS[0])
    answer = determine(question)
    assert answer.status == "originating"
    assert round(float(answer.values["rvc_pct"]), 1) == 70.2  # type: ignore[arg-type]


@given(st.sampled_from(BLOCKS), st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_file_is_answered_or_refused_in_words(block: str, data: st.DataObject) -> None:
    """Never a traceback: whatever is lost or mistyped, the reader says what, or the answer says what it needs."""
    words = re.split(r"(\W+)", block)
    for _ in range(data.draw(st.integers(1, 3))):
        n = data.draw(st.integers(0, len(words) - 1))
        words[n] = data.draw(
            st.sampled_from(["", "0", "-1", "yes", "x", "100 %", "[]", "{}", "12,", "8708", "~", "2021-01-10"])
        )
    try:
        for question in questions_of("".join(words)):
            answer = determine(question)
            assert answer.text()
            assert json.dumps(answer.as_dict(), allow_nan=False)
    except SimError:
        return


def test_every_key_is_described() -> None:
    described = set(re.findall(r"[a-z_]+", TEXT))
    keys = {*_HEAD, *_LAW, *_FACTS, *_GOOD_KEYS, *_MATERIAL_KEYS, *SECTIONS, *BASES}
    assert keys - described == set()
