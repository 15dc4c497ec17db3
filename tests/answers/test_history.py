"""One value of the law through the years, as a person reads it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from sim.answers.history import law_history, law_value
from sim.law import Law, load_law


@pytest.fixture(scope="module")
def law() -> Law:
    return load_law(folder=Path(__file__).parent / "law")


def test_every_value_with_its_reference(law: Law) -> None:
    answer, text = law_history(law, "us/emergency/rate")
    assert [row["value"] for row in answer["values"]] == ["25 %", "35 %"]
    assert text.splitlines() == [
        "us/emergency/rate: Rate on goods of Mexico",
        "  from        until  published   status       value",
        "  2025-03-01         2025-02-01  verified     25 %",
        "      Order 7 of 2025-02-01",
        "  2025-06-01         2025-02-20  provisional  35 %",
        "      Order 9 of 2025-02-20",
    ]


def test_the_value_of_one_day_and_the_life_of_a_programme(law: Law) -> None:
    answer, _ = law_history(law, "us/emergency/rate", dt.date(2025, 4, 1))
    assert [row["value"] for row in answer["values"]] == ["25 %"]
    answer, _ = law_history(law, "us/emergency")
    assert [row["value"] for row in answer["values"]] == ["in force", "ended"]


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (None, "rate", "unknown"),
        (3_464, "rate", "0.3464 %"),
        (123_456, "money", "1,234.56"),
        (True, "flag", "yes"),
        ((("US", 500_000), ("MX", 1_000)), "shares", "US 50 %, MX 0.1 %"),
        (("8703", "8704"), "list", "8703, 8704"),
        ("in_force", "state", "in force"),
    ],
)
def test_values_in_words(value: object, kind: str, words: str) -> None:
    assert law_value(value, kind) == words
