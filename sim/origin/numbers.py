"""Single values of an origin file, exact: money, shares, quantities, codes, countries; and how they are shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from sim.law.checks import country_problem
from sim.reading import Node

_NUMBER = re.compile(r"-?\d{1,3}(?:[,_ ]\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?|-?\d+\s*/\s*[1-9]\d*")
_CURRENCY = re.compile(r"[A-Z]{3}\s+|\$\s*")
_CODE = r"\d{2}(?:\.?\d{2}(?:\.?\d{2}(?:\.?\d{2}(?:\.?\d{2})?)?)?)?"
_RANGE = re.compile(rf"({_CODE})(?:\s*-\s*({_CODE}))?")
HUNDRED = Fraction(100)


def parsed(text: str) -> Fraction | None:
    """A number as written, exact; None where the text is none.

    Examples
    --------
    >>> parsed("1,234.50"), parsed("3/4"), parsed("12 %")
    (Fraction(2469, 2), Fraction(3, 4), None)
    """
    return Fraction(re.sub(r"[,_ ]", "", text)) if _NUMBER.fullmatch(text) else None


def number(node: Node, *, signed: bool = False) -> Fraction:
    """Read an amount or quantity: ``1,234.50``, ``USD 1234.5`` or ``3/4``; zero or more unless `signed`."""
    text = node.value if isinstance(node.value, str) else ""
    value = parsed(_CURRENCY.sub("", text.strip(), count=1))
    if value is None:
        node.fault(f"{node.quote()} is not a number. Write it as 1234.50 or 1,234.50, without a percent sign.")
        return Fraction(0)
    if value < 0 and not signed:
        node.fault(f"'{text}' is negative. Write zero or more.")
    return value


def share(node: Node) -> Fraction:
    """Read a share, rate or number of points as a fraction of one: ``14 %`` or ``0.14``; 14 alone is refused."""
    text = node.value.strip() if isinstance(node.value, str) else ""
    plain = text.removesuffix("%").strip()
    value = parsed(plain)
    if value is None:
        node.fault(f"{node.quote()} is not a share. Write it as '60 %' or 0.6.")
        return Fraction(0)
    if plain == text and value == 1:
        node.fault(f"'{text}' may mean 1 % or all of it. Write '1 %' or '100 %'.")
    elif plain == text and 1 < value <= HUNDRED:
        node.fault(f"'{text}' is above 1. Write '{text} %' or {float(value / HUNDRED):.10g}.")
    elif not 0 <= (value if plain == text else value / HUNDRED) <= 1:
        node.fault(f"'{text}' lies outside 0 to 100 %. Write it as '60 %' or 0.6.")
    return value if plain == text else value / HUNDRED


def country(node: Node | None) -> str:
    """Read a country as two capital letters; empty where none is stated."""
    if node is None:
        return ""
    text = node.text()
    _check_country(node, text)
    return text


def countries(node: Node | None) -> tuple[str, ...]:
    """Read one country or a list of them."""
    if node is None:
        return ()
    nodes = [node] if isinstance(node.value, str) else node.items()
    return tuple(country(item) for item in nodes)


def by_country(node: Node | None, read: Callable[[Node], Fraction] = number) -> dict[str, Fraction]:
    """Read amounts, or what `read` reads, by country: ``{US: 12600}``."""
    entries = node.entries() if node else {}
    for place, item in entries.items():
        _check_country(item, place)
    return {place: read(item) for place, item in entries.items()}


def _check_country(node: Node, text: str) -> None:
    wrong = country_problem(text) if text else ""
    if wrong:
        node.fault(wrong)


def code(node: Node) -> str:
    """Read one tariff code as it is printed, two to ten digits."""
    text = node.text()
    if text and not re.fullmatch(_CODE, text):
        node.fault(f"'{text}' is not a tariff code. Write two to ten digits, such as '8708.30'.")
    return text


def code_list(node: Node) -> tuple[str, ...]:
    """Read tariff codes and ranges as digits: ``[52.05, 52.08-52.12]`` -> ``("5205", "5208-5212")``."""
    nodes = [node] if isinstance(node.value, str) else node.items()
    found = []
    for item in nodes:
        text = item.text()
        if not _RANGE.fullmatch(text):
            item.fault(f"'{text}' is neither a tariff code nor a range. Write '8708.30' or '52.08-52.12'.")
        found.append(text.replace(".", "").replace(" ", ""))
    return tuple(found)


def printed(digits: str) -> str:
    """A code or range of digits as it is printed.

    Examples
    --------
    >>> printed("7404"), printed("870830"), printed("8703211010-870390")
    ('7404', '8708.30', '8703.21.10.10-8703.90')
    """
    return "-".join(".".join([code[:4], *re.findall(r"\d{1,2}", code[4:])]) for code in digits.split("-"))


def within(digits: str, ranges: tuple[str, ...]) -> bool | None:
    """Whether a code lies in one of the codes or ranges; None where it is too short to tell.

    Examples
    --------
    >>> within("520811", ("5208-5212",)), within("52", ("5208",)), within("5301", ("5208",))
    (True, None, False)
    """
    unsure = False
    for item in ranges:
        first, _, last = item.partition("-")
        last = last or first
        width = len(first)
        if len(digits) >= width:
            if first <= digits[:width] and digits[: len(last)] <= last:
                return True
        elif first[: len(digits)] <= digits <= last[: len(digits)]:
            unsure = True
    return None if unsure else False


def rounded(value: Fraction, decimals: int) -> Fraction:
    """A number rounded as books do it, halves upward.

    Examples
    --------
    >>> rounded(Fraction(625, 1000), 2), rounded(Fraction(-5, 10), 0)
    (Fraction(63, 100), Fraction(0, 1))
    """
    scale = 10**decimals
    return Fraction((value * scale + Fraction(1, 2)).__floor__(), scale)


def show(value: Fraction | int) -> str:
    """An amount as a reader writes it: at least two decimals where it is not whole, at most six.

    Examples
    --------
    >>> show(Fraction(1234567)), show(Fraction(9, 2)), show(Fraction(1, 3))
    ('1,234,567', '4.50', '0.333333')
    """
    exact = Fraction(value)
    if exact.denominator == 1:
        return f"{exact.numerator:,}"
    text = f"{float(round(exact, 6)):,.6f}".rstrip("0")
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}" if decimals else whole


def show_share(value: Fraction) -> str:
    """A share of one as a percentage: ``Fraction(1, 8)`` -> ``12.5 %``."""
    percent = value * HUNDRED
    text = f"{float(round(percent, 4)):.4f}".rstrip("0").rstrip(".")
    return f"{text} %"
