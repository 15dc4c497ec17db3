"""Countries by their two letters (ISO 3166), with names for answers and for those who wrote a name instead."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from sim.errors import nearest

_OTHER = {"USA": "US", "MEX": "MX", "CAN": "CA", "CHN": "CN", "JPN": "JP", "DEU": "DE", "KOR": "KR", "UK": "GB"}
CURRENCIES = {"US": "USD", "CA": "CAD", "MX": "MXN"}  # ISO 4217: what each of the three declares customs value in


@lru_cache(maxsize=1)
def country_names() -> Mapping[str, str]:
    """Name of each country by its two letters, from the table of ISO 3166 that comes with the time zones."""
    text = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {row[0]: row[1] for row in rows}


def country_name(code: str) -> str:
    """Name with its letters, such as ``Mexico (MX)``; the letters alone where they stand for nothing."""
    name = country_names().get(code, "").partition(" (")[0]
    return f"{name} ({code})" if name else code


def country_problem(text: str) -> str:
    """What is wrong with a country as written; empty for nothing."""
    names = country_names()
    if text in names:
        return ""
    if text.upper() in names:
        return f"'{text}' is not a country. Did you mean '{text.upper()}'?"
    if text.upper() in _OTHER:
        return f"'{text}' is not a country. Did you mean '{_OTHER[text.upper()]}'?"
    by_name = {name.casefold(): code for code, name in names.items()}
    hint = nearest(text.casefold(), by_name, "names") if len(text) > 3 else ""
    if hint.startswith("Did you mean"):
        code = by_name[hint.removeprefix("Did you mean '").removesuffix("'?")]
        return f"'{text}' is not a country by its letters. Did you mean '{code}' ({names[code]})?"
    return f"'{text}' is not a country. Write two capital letters (ISO 3166), such as 'MX'."
