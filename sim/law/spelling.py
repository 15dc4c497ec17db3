"""Countries and tariff codes as written: what is wrong with them, before any law is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from sim.errors import nearest

_OTHER = {"USA": "US", "MEX": "MX", "CAN": "CA", "CHN": "CN", "JPN": "JP", "DEU": "DE", "KOR": "KR", "UK": "GB"}


@lru_cache(maxsize=1)
def country_names() -> Mapping[str, str]:
    """Name of each country by its two letters, from the table of ISO 3166 that comes with the time zones."""
    text = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {row[0]: row[1] for row in rows}


def country_problem(text: str) -> str:
    """What is wrong with a country as written; empty for nothing.

    Examples
    --------
    >>> country_problem("MX"), country_problem("UK")
    ('', "'UK' is not a country. Did you mean 'GB'?")
    """
    names = country_names()
    if text in names:
        return ""
    if text.upper() in names:
        return f"'{text}' is not a country. Did you mean '{text.upper()}'?"
    if text.upper() in _OTHER:
        return f"'{text}' is not a country. Did you mean '{_OTHER[text.upper()]}'?"
    if text.upper() == "EU":
        return f"'{text}' is not a country. Write the member state, such as 'DE'."
    by_name = {name.casefold(): code for code, name in names.items()}
    hint = nearest(text.casefold(), by_name, "names") if len(text) > 3 else ""
    if hint.startswith("Did you mean"):
        code = by_name[hint.removeprefix("Did you mean '").removesuffix("'?")]
        return f"'{text}' is not a country by its letters. Did you mean '{code}' ({names[code]})?"
    return f"'{text}' is not a country. Write two capital letters (ISO 3166), such as 'MX'."


def country_slip(text: str) -> str:
    """As `country_problem`, but two capital letters pass unless they are a well-known slip.

    Laws of one's own may name countries that do not exist.
    """
    wrong = country_problem(text)
    return wrong if text in (*_OTHER, "EU") or not re.fullmatch(r"[A-Z]{2}", text) else ""


def code_problem(text: str) -> str:
    """What is wrong with the tariff code of a good as written; empty for nothing.

    Examples
    --------
    >>> code_problem("8544.30"), code_problem("7701")
    ('', "'7701': chapter 77 is reserved: no good is in it. Allowed chapters: 01 to 97, but not 77.")
    """
    if not re.fullmatch(r"\d{4}(\.?\d{2}){0,3}", text):
        return f"'{text}' is not a tariff code. Write four to ten digits, such as '8544.30'."
    chapter = int(text[:2])
    if chapter in (98, 99):
        message = f"'{text}' is a special provision, not a good. Give the good's own code"
        return f"{message}, and the provision as chapter_98."
    if chapter in (0, 77):
        word = "is reserved: no good is in it" if chapter else "does not exist"
        return f"'{text}': chapter {chapter:02d} {word}. Allowed chapters: 01 to 97, but not 77."
    return ""
