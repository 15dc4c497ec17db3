"""YAML as text: scalars stay as written, and what no file needs is refused with its line."""

from pathlib import Path

import pytest

from sim.yaml_text import read_yaml_text

DEEP = "line 1: is nested deeper than 40 levels"


def problems(text: str) -> list[str]:
    document, found = read_yaml_text(text, Path("file.yaml"))
    assert document is None
    return [f"{problem.where}: {problem.message}" for problem in found]


def test_scalars_stay_text_and_know_their_line() -> None:
    document, _ = read_yaml_text("province: ON\ncode: 8703.10\nat: 12:30\nnone: ~\n", Path("file.yaml"))
    assert document is not None
    assert document.value == {"province": "ON", "code": "8703.10", "at": "12:30", "none": None}
    assert document.where(("at",)) == "line 3, at"


@pytest.mark.parametrize("text", ["[" * 300_000, "- " * 50_000 + "a", "{a: " * 41 + "1" + "}" * 41])
def test_deep_nesting_is_refused_and_not_followed(text: str) -> None:
    assert problems(text) == [DEEP]


def test_forty_levels_are_read() -> None:
    document, found = read_yaml_text("[" * 40 + "]" * 40, Path("file.yaml"))
    assert document is not None
    assert not found


def test_every_alias_is_told_at_its_own_line() -> None:
    assert problems("a: &rate 1\nb: *rate\nc: *rate\n") == [
        "line 2: the alias '*rate' is not allowed. Write the value out.",
        "line 3: the alias '*rate' is not allowed. Write the value out.",
    ]


def test_a_key_written_twice_is_told() -> None:
    assert problems("a: 1\na: 2\n") == ["line 2: the key 'a' is written twice (first on line 1)"]
