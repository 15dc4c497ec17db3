"""What customs holds of goods in a scenario, where no row of the network tells it: facts of the law, and deposits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.errors import nearest
from sim.law.facts import CLOSED_FACTS, COUNTRY_FACTS, FLAG_FACTS, LINE_FACTS
from sim.network.stated import Stated
from sim.scenario.parsers import parse_choice, parse_country, parse_date, parse_share
from sim.scenario.sheet import Reader
from sim.units import PPM
from sim.yaml_text import Location

if TYPE_CHECKING:
    from sim.network.model import Network

# What network and agreement tell themselves, or what is stated of a claim and not of a good.
_TOLD = (
    "importer",
    "exporter",
    "origin",
    "origin_marking",
    "hts_code",
    "agreement",
    "originating",
    "vehicle_class",
    "use",
)
FACTS = tuple(name for name in LINE_FACTS if name not in _TOLD)
DEPOSITS = {"antidumping_deposit": "antidumping_order", "countervailing_deposit": "countervailing_order"}
_WHERE = ("of", "made_in", "into", "from", "until")
KEYS = (*_WHERE, *DEPOSITS, *FACTS)
NONE = "none"


def read_goods(reader: Reader, network: Network | None) -> tuple[Stated, ...]:
    """Read the list ``goods``; what is wrong, or names what the network lacks, is noted in the reader."""
    found: list[Stated] = []
    for n in range(reader.count(("goods",))):
        here: Location = ("goods", n)
        written = reader.keys(here, KEYS)
        if not {"of", "made_in"} & set(written):
            reader.add(here, "says nothing of whose goods. Write 'of: plant/silao', 'made_in: CN', or both.")
        meant = Stated(
            of=reader.text((*here, "of")),
            fact="",
            value="",
            made_in=reader.parsed((*here, "made_in"), parse_country, ""),
            into=reader.parsed((*here, "into"), parse_choice(("CA", "MX", "US"), "countries"), ""),
            from_=reader.parsed((*here, "from"), parse_date, None),
            until=reader.parsed((*here, "until"), parse_date, None),
        )
        _check(reader, network, here, meant)
        told = [key for key in written if key in (*DEPOSITS, *FACTS)]
        if not told:
            reader.add(here, "states nothing. Write such as 'preference_suspended: yes'.")
        for key in told:
            found += _stated(reader, (*here, key), replace(meant, fact=key))
    return tuple(found)


def _stated(reader: Reader, at: Location, meant: Stated) -> list[Stated]:
    if meant.fact in DEPOSITS:
        share = reader.parsed(at, parse_share, 0)
        return [replace(meant, fact=DEPOSITS[meant.fact], value=True), replace(meant, value=share)]
    if meant.fact in FLAG_FACTS:
        return [replace(meant, value=reader.parsed(at, parse_choice(("yes", "no"), "words"), "no") == "yes")]
    text = reader.text(at)
    if meant.fact in COUNTRY_FACTS:
        return [replace(meant, value="" if text == NONE else reader.parsed(at, parse_country, ""))]
    allowed = [word or NONE for word in CLOSED_FACTS.get(meant.fact, (text,))]
    word = reader.parsed(at, parse_choice(allowed, "values"), NONE)
    keeps_none = NONE in CLOSED_FACTS.get(meant.fact, ())
    return [replace(meant, value="" if word == NONE and not keeps_none else word)]


def _check(reader: Reader, network: Network | None, here: Location, meant: Stated) -> None:
    if meant.from_ is not None and meant.until is not None and meant.until <= meant.from_:
        reader.add((*here, "until"), f"{meant.until} is not after {meant.from_}, the first day.")
    if network is None:
        return
    makers = {name for r in network.recipes.values() for name in (r.id, r.site, r.part)}
    if meant.of and meant.of not in makers:
        near = nearest(meant.of, makers, "recipes, sites and parts")
        reader.add((*here, "of"), f"no recipe, site or part named '{meant.of}'. {near}")
    elif not any(
        meant.is_about((r.id, r.site, r.part), network.sites[r.site].country) for r in network.recipes.values()
    ):
        what = f"'{meant.of}'" if meant.of else "anything"
        reader.add((*here, "made_in"), f"nobody in {meant.made_in} makes {what} in this network.")


def with_stated(network: Network, goods: tuple[Stated, ...]) -> Network:
    """The network of which customs holds this besides; its digest tells it from the one that was given."""
    if not goods:
        return network
    from sim.network.load import digest  # late: `sim --help` must not wait for it

    changed = replace(network, stated=(*network.stated, *goods))
    return replace(changed, digest=digest(changed)) if network.digest else changed


def as_data(stated: Stated) -> dict[str, Any]:
    """What was stated as plain JSON values; a deposit with its unit in the key."""
    found: dict[str, Any] = {"of": stated.of} if stated.of else {}
    if stated.fact in DEPOSITS:
        found[f"{stated.fact}_pct"] = 100 * int(stated.value) / PPM
    else:
        found[stated.fact] = stated.value
    found |= {"made_in": stated.made_in, "into": stated.into}
    days = (("from", stated.from_), ("until", stated.until))
    return {key: value for key, value in found.items() if value != "" or key in FACTS} | {
        key: day.isoformat() for key, day in days if day is not None
    }


def restore_stated(entry: Mapping[str, Any]) -> Stated:
    """What `as_data` told.

    Raises
    ------
    KeyError, TypeError, ValueError
        Something is missing or damaged.
    """
    (fact,) = set(entry) - set(_WHERE)
    value = entry[fact]
    if fact.endswith("_pct"):
        fact, value = fact.removesuffix("_pct"), round(value * PPM / 100)

    def day(key: str) -> dt.date | None:
        return dt.date.fromisoformat(entry[key]) if key in entry else None

    return Stated(
        entry.get("of", ""), fact, value, entry.get("made_in", ""), entry.get("into", ""), day("from"), day("until")
    )
