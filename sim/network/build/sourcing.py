"""Who supplies what: the sourcing rule of the midsize network, from source shares by country to recipes."""

from __future__ import annotations

from collections.abc import Mapping

from sim.network.build.draft import split_shares
from sim.network.build.tables import Fact

KEEP_PCT = 12.0  # assumption: a country below this share of a family is left out
OVERSEAS = ("cn", "jp", "kr", "de")
# Assumption: the shares are those of a US-built vehicle. Elsewhere the plant's own country counts for more, so that
# the Ontario vehicle comes to 55-60 % and the Mexican one to about 40 % US and Canadian parts, as their labels say.
TILT = {
    "US": {"US": 1.0, "CA": 1.0, "MX": 1.0, "overseas": 1.0},
    "CA": {"US": 0.7, "CA": 4.0, "MX": 0.7, "overseas": 1.0},
    "MX": {"US": 0.75, "CA": 1.0, "MX": 1.6, "overseas": 1.0},
}
BULKY_TRAILER_USD = 60_000.0  # assumption: a part of which a full trailer is worth less comes from nearer by
BULKY_TILT = 3.0


def country_shares(row: Fact, consumer: str, part_class: str) -> dict[str, int]:
    """Shares in percent of the countries that supply a family to a consumer.

    Parameters
    ----------
    row : mapping
        A row of ``sourcing.csv``.
    consumer : str
        Country of the recipe that uses the part: ``US``, ``CA`` or ``MX``.
    part_class : str
        A ``sequenced`` part comes from the consumer's own country only.

    Returns
    -------
    dict of str to int
        Whole percents that add up to 100, by country.

    Notes
    -----
    Overseas sources, the remainder "other" included, are put together under the largest of them. Shares are
    multiplied by the tilt of the consumer's country, those below `KEEP_PCT` after renormalising are dropped.
    """
    if part_class == "sequenced":
        return {consumer: 100}
    overseas = max(OVERSEAS, key=lambda name: (float(row[f"src_{name}_pct"]), name))
    weights = {name.upper(): float(row[f"src_{name}_pct"]) for name in ("us", "ca", "mx")}
    weights["overseas"] = sum(float(row[f"src_{name}_pct"]) for name in (*OVERSEAS, "other"))
    tilt = dict(TILT[consumer])
    if float(row["truckload_value_usd"]) < BULKY_TRAILER_USD:
        tilt[consumer] *= BULKY_TILT
    weights = {name: weight * tilt[name] for name, weight in weights.items()}
    total = sum(weights.values())
    largest = max(sorted(weights), key=weights.__getitem__)
    kept = {n: w for n, w in weights.items() if w / total * 100 >= KEEP_PCT or n == largest}
    shares = split_shares(kept, 100)
    return {overseas.upper() if name == "overseas" else name: share for name, share in shares.items()}


def supplier_of(row: Fact, country: str) -> str:
    """Site that supplies a family from a country."""
    columns: Mapping[str, str] = {"US": "us_site", "CA": "ca_site", "MX": "mx_site"}
    return f"supplier/{row[columns[country]] if country in columns else country.lower()}"
