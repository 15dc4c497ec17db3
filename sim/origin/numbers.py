"""Exact numbers of an origin file: money, shares, quantities and tariff codes, and how findings write them."""

from __future__ import annotations

import re
from fractions import Fraction

from sim.reading import Node

_NUMBER = re.compile(r"-?\d{1,3}(?:[,_ ]\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?|-?\d+\s*/\s*[1-9]\d*")
_CURRENCY = re.compile(r"[A-Z]{3}\s+|\$\s*")
_CODE = r"\d{2}(?:\.?\d{2}(?:\.?\d{2}(?:\.?\d{2}(?:\.?\d{2})?)?)?)?"
_RANGE = re.compile(rf"({_CODE})(?:\s*-\s*({_CODE}))?")
HUNDRED = Fraction(100)


def number(node: Node, *, signed: bool = False) -> Fraction:
    """Read an amount or quantity: ``1,234.50``, ``USD 1234.5`` or ``3/4``; zero or more unless `signed`."""
    text = node.value if isinstance(node.value, str) else ""
    plain = _CURRENCY.sub("", text.strip(), count=1)
    if not _NUMBER.fullmatch(plain):
        node.fault(f"{node.quote()} is not a number. Write it as 1234.50 or 1,234.50, without a percent sign.")
        return Fraction(0)
    value = Fraction(re.sub(r"[,_ ]", "", plain))
    if value < 0 and not signed:
        node.fault(f"'{text}' is negative. Write zero or more.")
    return value


def share(node: Node) -> Fraction:
    """Read a share as a fraction of one: ``60 %`` or ``0.6``."""
    text = node.value.strip() if isinstance(node.value, str) else ""
    percent = text.endswith("%")
    plain = text.removesuffix("%").strip()
    if not _NUMBER.fullmatch(plain):
        node.fault(f"{node.quote()} is not a share. Write it as '60 %' or 0.6.")
        return Fraction(0)
    value = Fraction(re.sub(r"[,_ ]", "", plain)) / (HUNDRED if percent else 1)
    if not 0 <= value <= 1:
        node.fault(f"'{text}' lies outside 0 to 100 %. Write it as '60 %' or 0.6.")
    return value


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
