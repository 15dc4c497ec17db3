"""From the label of a vehicle to the countries that supply it: source shares moved until content comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.network.build.draft import chance_of, split_shares
from sim.network.build.sourcing import BULKY_TILT, BULKY_TRAILER_USD, KEEP_PCT, OVERSEAS, TILT
from sim.network.build.tables import Fact

HOME, MEXICO, ABROAD = "us_ca", "mx", "overseas"
GROUP_OF = {"US": HOME, "CA": HOME, "MX": MEXICO}
ROUNDS = 80  # shares move in steps of whole percents: more rounds gain nothing
DAMPING = 0.4
SOME_PCT = 25.0  # assumption: a country below `KEEP_PCT` supplies so much to some plants and nothing to others


@dataclass(frozen=True, slots=True)
class Family:
    """A part that a vehicle is built from.

    Parameters
    ----------
    part : str
    value_usd : float
        Of one vehicle's set.
    row : mapping
        Its row of ``sourcing.csv``: shares by country for a US-built vehicle.
    fixed : tuple of str
        Countries that supply it in equal parts; empty where the label decides.
    """

    part: str
    value_usd: float
    row: Fact
    fixed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Buyer:
    """A recipe that builds vehicles.

    Parameters
    ----------
    name : str
        Its id.
    country : str
        ``US``, ``CA`` or ``MX``.
    overseas : str
        Country of all its overseas parts; empty for each family's largest.
    canada_pull : float
        How much more readily than a plant of the bill it buys from Canada rather than from the United States.
    """

    name: str
    country: str
    overseas: str
    canada_pull: float = 1.0


def fit_shares(families: Sequence[Family], buyer: Buyer, wanted: Mapping[str, float]) -> dict[str, dict[str, int]]:
    """Countries that supply each family, in whole percents, so that content by value is near a label's.

    Parameters
    ----------
    families : sequence of Family
    buyer : Buyer
    wanted : mapping of str to float
        Percent of the value of parts by group: `HOME` (United States and Canada), `MEXICO`, `ABROAD`.

    Returns
    -------
    dict of str to dict of str to int
        Shares by part and country.

    Notes
    -----
    Every family's shares are multiplied by one factor for each group, the same for all families, and the factors are
    moved until the totals fit. A plant does not buy a family from everywhere: a country below `KEEP_PCT` of it gives
    `SOME_PCT` to as many plants as make its share come out over all of them. Which ones is fixed by a checksum of
    names, the same wherever it is asked for. A small distance to the label stays.
    """
    weights = {family.part: _weights(family, buyer) for family in families}
    factor = dict.fromkeys((HOME, MEXICO, ABROAD), 1.0)
    best: tuple[float, dict[str, dict[str, int]]] = (float("inf"), {})
    for _ in range(ROUNDS):
        shares = {family.part: _shares(family, weights[family.part], factor, buyer) for family in families}
        found = content_pct(families, shares)
        off = max(abs(found[group] - wanted[group]) for group in factor)
        best = min(best, (off, shares), key=lambda item: item[0])
        for group in factor:
            factor[group] *= (max(wanted[group], 0.5) / max(found[group], 0.5)) ** DAMPING
    return best[1]


def content_pct(families: Sequence[Family], shares: Mapping[str, Mapping[str, int]]) -> dict[str, float]:
    """Percent of the value of parts by group of countries."""
    total = dict.fromkeys((HOME, MEXICO, ABROAD), 0.0)
    for family in families:
        for country, share in shares[family.part].items():
            total[GROUP_OF.get(country, ABROAD)] += family.value_usd * share
    value = sum(family.value_usd for family in families)
    return {group: amount / value for group, amount in total.items()}


def _weights(family: Family, buyer: Buyer) -> dict[str, float]:
    if family.fixed:
        return dict.fromkeys(family.fixed, 1.0)
    row = family.row
    largest = max(OVERSEAS, key=lambda name: (float(row[f"src_{name}_pct"]), name)).upper()
    tilt = {"US": 1.0, "CA": buyer.canada_pull, "MX": 1.0}
    if buyer.country == "CA":
        tilt = dict(TILT["CA"])
    if float(row["truckload_value_usd"]) < BULKY_TRAILER_USD:
        tilt[buyer.country] *= BULKY_TILT
    weights = {name.upper(): float(row[f"src_{name}_pct"]) * tilt[name.upper()] for name in ("us", "ca", "mx")}
    weights[buyer.overseas or largest] = sum(float(row[f"src_{name}_pct"]) for name in (*OVERSEAS, "other"))
    return weights


def _shares(family: Family, weights: Mapping[str, float], factor: Mapping[str, float], buyer: Buyer) -> dict[str, int]:
    if family.fixed:
        return split_shares(weights, 100)
    moved = {country: weight * factor[GROUP_OF.get(country, ABROAD)] for country, weight in weights.items()}
    total = sum(moved.values())
    percent = {country: weight / total * 100 for country, weight in moved.items()}
    largest = max(sorted(percent), key=percent.__getitem__)
    kept = {}
    for country, share in percent.items():
        if share >= KEEP_PCT or country == largest:
            kept[country] = share
        elif chance_of(f"{buyer.name}/{family.part}/{country}") < share / SOME_PCT:
            kept[country] = SOME_PCT
    return split_shares(kept, 100)
