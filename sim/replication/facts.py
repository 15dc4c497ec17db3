"""Facts of one run that pictures and explanations need beside the measures, as plain JSON values."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.clock import Clock
from sim.customs import Assessment, ClaimRecord, Claims
from sim.customs.content import Origin
from sim.law import GoodFacts, Law
from sim.ledger.ledger import Ledger
from sim.ledger.passport import PassportRow, Passports, passport
from sim.network import Network, list_networks
from sim.network.graph import (
    Chokepoint,
    chokepoints,
    country_exposure,
    crossing_exposure,
    longest_chain,
    most_crossed_path,
)
from sim.network.model import NORTH_AMERICA
from sim.plan import Plan
from sim.units import HOUR

PASSPORTS = 3  # loads followed in full
SHOWN = 15  # rows of a ranking


def gather_facts(
    network: Network,
    law: Law,
    plan: Plan,
    ledger: Ledger,
    assessment: Assessment,
    claims: Claims,
    clock: Clock,
) -> dict[str, Any]:
    """Collect counts, claims, contents, provisions, passports of much-travelled loads, weak points, references."""
    return {
        "references": _references(network, law, assessment, clock),
        "provisions": _provisions(assessment),
        "counts": _counts(plan, ledger),
        "claims": [_claim(network, record) for record in claims.records],
        "content": _content(network, assessment, clock),
        "passports": _passports(network, plan, ledger, assessment, clock),
        "graph": _graph(network),
    }


def _references(network: Network, law: Law, assessment: Assessment, clock: Clock) -> list[dict[str, str]]:
    """Provisions that charged something, the rules of origin of the vehicles, and where the network's rows are told."""
    on = clock.date(clock.start_s)
    found = {(str(x.reference.title), f"duties and fees: {x.heading}"): x.reference for x in assessment.rows.provisions}
    for recipe in network.recipes.values():
        site, part = network.sites[recipe.site], network.parts[recipe.part]
        partner = next(country for country in NORTH_AMERICA if country != site.country)
        agreement = law.agreement(partner, site.country, on) if recipe.schedule else None
        if agreement:
            good = GoodFacts(part.hts_code, part.vehicle_class, part.core_class, use="vehicle")
            reference = law.origin_rule(agreement, good, on).reference
            found[reference.title, f"rule of origin of {part.name}"] = reference
    where = f"sim/data/networks/{network.name}/SOURCES.md" if network.name in list_networks() else "its own SOURCES.md"
    told = f"Sources of the network {network.name}, {where}"
    rows = [
        {"title": title, "href": reference.href, "status": reference.status, "used_for": used_for}
        for (title, used_for), reference in sorted(found.items())
    ]
    return [*rows, {"title": told, "href": "", "status": "seen", "used_for": "network"}]


def _provisions(assessment: Assessment) -> list[dict[str, Any]]:
    """What each provision charged on all entries of the run, largest first."""
    rows = assessment.rows
    charged = np.bincount(rows.provision, weights=rows.amount_cents, minlength=len(rows.provisions)) / 100
    entries = [len(np.unique(rows.entry[rows.provision == k])) for k in range(len(rows.provisions))]
    found = [
        {
            "programme": item.programme,
            "heading": item.heading,
            "kind": item.kind,
            "treasury": item.treasury,
            "why": item.why,
            "entries": count,
            "charged_usd": round(usd, 2),
            "reference": item.reference.title,
            "href": item.reference.href,
        }
        for item, count, usd in zip(rows.provisions, entries, charged.tolist(), strict=True)
    ]
    return sorted(found, key=lambda row: (-row["charged_usd"], row["programme"], row["heading"], row["why"]))


def _counts(plan: Plan, ledger: Ledger) -> dict[str, int]:
    made = plan.recipes.is_assembly[plan.lanes.recipe[ledger.loads.lane]] == 1
    return {
        "loads": len(ledger.loads.lane),
        "passages": len(ledger.passages.load),
        "background_trucks": int(ledger.hours.passed.sum() + ledger.hours.gave_up.sum()),
        "background_given_up": int(ledger.hours.gave_up.sum()),
        "lots_of_vehicles_built": int((made & (ledger.loads.started_s >= 0)).sum()),
        "uses": len(ledger.uses.source),
    }


def _claim(network: Network, record: ClaimRecord) -> dict[str, Any]:
    lane = network.lanes[record.lane]
    return {
        "lane": record.lane,
        "position": record.position,
        "good": network.parts[lane.part].name,
        "importer": record.importer,
        "exporter": record.exporter,
        "agreement": record.agreement,
        "claimed": record.claimed,
        "planned_content_pct": round(record.content_pct, 4),
        "threshold_pct": record.threshold_pct,
        "load_units": lane.load_units,
        "duty_paying_usd_per_load": round(record.duty_paying_usd, 2),
        "duty_claiming_usd_per_load": round(record.duty_claiming_usd, 2),
        "compliance_usd_per_load": round(record.compliance_usd, 2),
        "verdict": record.verdict,
    }


def _content(network: Network, assessment: Assessment, clock: Clock) -> list[dict[str, Any]]:
    rows = []
    for recipe in network.recipes.values():
        if recipe.schedule is None:
            continue
        origin = assessment.origin(recipe.id, clock.date(clock.start_s))
        rows.append(_origin_row(recipe.id, origin))
    return rows


def _origin_row(vehicle: str, origin: Origin) -> dict[str, Any]:
    """Content of a vehicle against its rule, as JSON."""
    return {
        "vehicle": vehicle,
        "agreement": origin.agreement,
        "content_pct": round(origin.content_pct, 4),
        "threshold_pct": origin.threshold_pct,
        "us_pct": round(origin.share_pct.get("US", 0.0), 4),
        "reason": origin.reason,
        "margin_pct": round(origin.margin_pct, 4),
        "originates": bool(origin.originates),
    }


def _passports(
    network: Network, plan: Plan, ledger: Ledger, assessment: Assessment, clock: Clock
) -> list[dict[str, Any]]:
    """Follow one load of each raw lane from early in the run, and keep those that passed most borders."""
    followed = []
    passports = Passports(plan, ledger)
    for index, lane in enumerate(network.lanes.values()):
        if network.recipes[lane.from_recipe].inputs:
            continue
        own = passports.finished_of(index)
        if not own.size:
            continue
        n = int(own[len(own) // 4])
        rows = passports.follow(index, n)
        crossed = sum(row.what == "crossing" for row in rows)
        reached = any(row.what == "market" for row in rows)
        followed.append((reached, crossed, lane.id, n, rows))
    followed.sort(key=lambda item: (-item[0], -item[1], item[2]))
    kept: list[dict[str, Any]] = []
    seen: set[str] = set()
    for _, _, lane_id, n, rows in followed:
        part = network.lanes[lane_id].part
        if part not in seen and len(kept) < PASSPORTS:
            seen.add(part)
            kept.append(_record(network, plan, ledger, assessment, clock, lane_id, n, rows))
    return kept


def passport_record(
    network: Network, plan: Plan, ledger: Ledger, assessment: Assessment, clock: Clock, lane: str, n: int
) -> dict[str, Any]:
    """The passport of one load as the fact ``passports`` holds it, with value and duty at each stay.

    Parameters
    ----------
    lane : str
        Lane id.
    n : int
        Number of the load on its lane.

    Raises
    ------
    LedgerError
        No such lane or load.
    """
    return _record(network, plan, ledger, assessment, clock, lane, n, passport(plan, ledger, lane, n))


def _record(
    network: Network,
    plan: Plan,
    ledger: Ledger,
    assessment: Assessment,
    clock: Clock,
    lane: str,
    n: int,
    rows: tuple[PassportRow, ...],
) -> dict[str, Any]:
    name = network.parts[network.lanes[lane].part].name
    crossed = sum(row.what == "crossing" for row in rows)
    return {
        "title": f"{name}: {crossed} borders",
        "part": network.lanes[lane].part,
        "lane": lane,
        "n": n,
        "crossings": crossed,
        "rows": [_stay(network, plan, ledger, assessment, clock, row) for row in rows],
    }


def _stay(
    network: Network, plan: Plan, ledger: Ledger, assessment: Assessment, clock: Clock, row: PassportRow
) -> dict[str, Any]:
    lane = network.lanes[row.lane]
    index = plan.lanes.ids.index(row.lane)
    node = int(np.flatnonzero((ledger.loads.lane == index) & (ledger.loads.n == row.n))[0])
    begun = max(row.from_s, 0)
    hours = row.hours
    return {
        "time": clock.moment(begun).isoformat(),
        "hours_since_start": round(begun / HOUR, 3),
        "hours": None if hours is None else round(hours, 3),
        "queued_h": None if row.queued_s < 0 else round(row.queued_s / HOUR, 3),
        "step": row.step,
        "event": row.what,
        "place": row.place,
        "country": _country(network, row),
        "detail": network.parts[lane.part].name,
        "value_usd": round(float(assessment.unit.price[node]), 2),
        "duty_usd": round(float(assessment.unit.duty()[node]), 2),
    }


def _country(network: Network, row: PassportRow) -> str:
    lane = network.lanes[row.lane]
    if row.what in ("ordered", "made", "dock"):
        return network.sites[network.recipes[lane.from_recipe].site].country
    if row.what == "crossing":
        return network.crossings[row.place].to_country
    return network.sites[lane.to_site].country if row.what in ("stock", "market") else ""


def _graph(network: Network) -> dict[str, Any]:
    """Weak points of the supplier graph: the same in every scenario of a network."""
    path, crossings = most_crossed_path(network)
    vehicles = [recipe.id for recipe in network.recipes.values() if recipe.schedule]
    return {
        "chokepoints": [
            row
            for kind in ("site", "crossing", "lane")
            for row in map(_chokepoint, chokepoints(network, kind, SHOWN // 3))
        ],
        "exposure": [
            {
                "crossing": row.crossing,
                "value_pct": round(row.value_pct, 2),
                "loads_per_day": round(row.loads_per_day, 2),
            }
            for row in crossing_exposure(network)[:SHOWN]
        ],
        "countries": [
            {"vehicle": vehicle, **{k: round(v, 2) for k, v in country_exposure(network, vehicle).items()}}
            for vehicle in vehicles
        ],
        "longest_chain": list(longest_chain(network)),
        "most_crossed": {"path": list(path), "crossings": crossings},
    }


def _chokepoint(point: Chokepoint) -> dict[str, Any]:
    return {
        "kind": point.kind,
        "id": point.id,
        "vehicles_per_day": round(point.vehicles_per_day, 1),
        "cover_h": round(point.cover_h, 1),
        "loads_per_day": round(point.loads_per_day, 2),
        "has_alternative": point.has_alternative,
        "lines": len(point.lines),
    }
