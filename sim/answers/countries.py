"""Countries by their two letters (ISO 3166), with names for answers."""

from __future__ import annotations

from sim.law.checks import country_names

CURRENCIES = {"US": "USD", "CA": "CAD", "MX": "MXN"}  # ISO 4217: what each of the three declares customs value in


def country_name(code: str) -> str:
    """Name with its letters, such as ``Mexico (MX)``; the letters alone where they stand for nothing."""
    name = country_names().get(code, "").partition(" (")[0]
    return f"{name} ({code})" if name else code
