"""How much of the trade claims preference: by group of goods and pair of countries, as decided and as expected."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sim.customs.claims import CLAIMS, FAILS, NOTHING, ClaimRecord, Claims
from sim.locate import data_dir
from sim.network.build.tables import read_facts
from sim.network.graph import daily_units
from sim.network.model import Network, Part
from sim.parameters import Parameters
from sim.planning.claims import decide_claims
from sim.sourcing.costs import WORKING_DAYS
from sim.sourcing.decide import Question

ALL = "all"


@dataclass(frozen=True, slots=True)
class Use:
    """Trade of one group of goods between two countries under an agreement.

    Parameters
    ----------
    group : str
        ``cars``, ``light trucks``, ``core parts``, ``other parts``; ``vehicles``, ``parts`` and ``all`` put together.
    exporter, importer : str
    value_usd : float
        Entered in a year of 250 working days as planned.
    claimed_pct : float
        Part that claims preference, each good with the cost that was drawn for it.
    expected_pct : float
        Part that would claim of very many goods like each, whose costs differ by the spread.
    fails_pct, free_pct : float
        Part that fails the rule, and part that has no duty or fee to save.
    """

    group: str
    exporter: str
    importer: str
    value_usd: float
    claimed_pct: float
    expected_pct: float
    fails_pct: float
    free_pct: float


@dataclass(frozen=True, slots=True)
class Published:
    """A published share that used preference, or paid no duty."""

    group: str
    exporters: tuple[str, ...]
    year: int
    used_pct: float
    what: str
    source: str


def group_of(part: Part) -> str:
    """Group of goods in which use of preference is told."""
    if part.vehicle_class:
        return "light trucks" if part.vehicle_class == "light_truck" else "cars"
    return "core parts" if part.core_class == "core" else "other parts"


def utilisation(question: Question) -> list[Use]:
    """Use of preference under a question's law, by group and pair, then put together by vehicles, parts and all."""
    network, parameters = question.network, question.parameters
    asked = (network, question.law, question.known, "claim_or_pay", None)
    decided = decide_claims(*asked, parameters, question.regime, question.on)
    plain = replace(parameters, claim_cost_spread=0.0)
    like = decide_claims(*asked, plain, question.regime, question.on)
    return _summed(network, decided, like, parameters)


def _summed(network: Network, decided: Claims, like: Claims, parameters: Parameters) -> list[Use]:
    volume = daily_units(network)
    medians = {(record.lane, record.position): record for record in like.records}
    totals: dict[tuple[str, str, str], list[float]] = defaultdict(lambda: [0.0] * 5)
    for record in decided.records:
        lane = network.lanes[record.lane]
        if not record.agreement or record.position != _usual(network, record):
            continue
        part = network.parts[lane.part]
        value = record.value_usd / lane.load_units * volume[lane.id] * WORKING_DAYS
        row = (
            value,
            value * (record.verdict == CLAIMS),
            value * expected_share(medians[record.lane, record.position], parameters.claim_cost_spread),
            value * (record.verdict == FAILS),
            value * (record.verdict == NOTHING),
        )
        kind = "vehicles" if part.vehicle_class else "parts"
        for group in (group_of(part), kind, ALL):
            for column, amount in enumerate(row):
                totals[group, record.exporter, record.importer][column] += amount
    return [
        Use(*key, value, *(100 * x / value if value else 0.0 for x in shares))
        for key, (value, *shares) in sorted(totals.items())
    ]


def _usual(network: Network, record: ClaimRecord) -> int:
    """Place of the entry on the usual route, or -1: entries elsewhere are the same goods by another way."""
    crossings = [step for step in network.routes_of(network.lanes[record.lane])[0].steps if step.crossing]
    for position, step in enumerate(crossings):
        if step.movement == "entry" and network.crossings[step.crossing].to_country == record.importer:
            return position
    return -1


def expected_share(record: ClaimRecord, spread: float) -> float:
    """Share of goods like one that claim, where their costs are lognormal around its own; 0 to 1.

    Claims where factor x cost < saved: the standard normal distribution of ln(saved / cost) / spread.

    Examples
    --------
    >>> from sim.customs.claims import ClaimRecord
    >>> good = ClaimRecord("lane", 0, "US", "MX", "nafta", "nafta", 80, 62.5, 250.0, 0.0, 250.0, "claims")
    >>> expected_share(good, 0.8)
    0.5
    """
    if record.verdict == FAILS:
        return 0.0
    saved, cost = record.duty_paying_usd - record.duty_claiming_usd, record.compliance_usd
    if spread == 0 or cost <= 0 or saved <= 0.01:
        return float(record.verdict == CLAIMS)
    return 0.5 * (1 + math.erf(math.log(saved / cost) / spread / math.sqrt(2)))


def published() -> list[Published]:
    """Published shares, in the order of the file."""
    return [
        Published(
            row["group"],
            tuple(row["exporters"].split()),
            int(row["year"]),
            float(row["used_pct"]),
            row["what"],
            row["source"],
        )
        for row in read_facts(data_dir() / "sourcing" / "utilisation.csv")
    ]


def beside(uses: Iterable[Use], row: Published) -> Mapping[str, float] | None:
    """Ours for a published share into the United States: claimed, expected, and with what was free anyway; or None."""
    own = [x for x in uses if (x.group, x.importer) == (row.group, "US") and x.exporter in row.exporters]
    value = sum(x.value_usd for x in own)
    if not value:
        return None

    def mean(name: str) -> float:
        return float(sum(getattr(x, name) * x.value_usd for x in own) / value)

    return {
        "claimed_pct": mean("claimed_pct"),
        "expected_pct": mean("expected_pct"),
        "no_duty_pct": mean("expected_pct") + mean("free_pct"),
    }
