"""Quantities as text: money is exact or refused, with or without marks between the thousands."""

import pytest

from sim.units import EXACT, parse_money


@pytest.mark.parametrize(
    ("text", "cents"),
    [("USD 1234.50", 123_450), ("USD 1 234.50", 123_450), ("USD 1,234,567", 123_456_700), ("USD -2", -200)],
)
def test_money_is_read(text: str, cents: int) -> None:
    assert parse_money(text) == ("USD", cents)


@pytest.mark.parametrize("text", ["USD 1,23", "USD 1234,567", "USD ,5", "1,000", "USD 1,000 000"])
def test_marks_in_wrong_places_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not an amount of money"):
        parse_money(text)


def test_money_beyond_exactness_is_refused() -> None:
    most = f"USD {EXACT // 100}.{EXACT % 100}"
    assert parse_money(most) == ("USD", EXACT)
    with pytest.raises(ValueError, match=r"beyond exact money\. The most is 90071992547409 in any currency\."):
        parse_money(f"USD {EXACT // 100}.{EXACT % 100 + 1}")
