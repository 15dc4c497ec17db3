"""The cost-of-content curve of a vehicle: cheapest landed cost at each content, and where paying is cheaper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from sim.law import GoodFacts, OriginRule, load_law
from sim.sourcing.decide import Opened
from sim.sourcing.problem import Ints, Limit, Problem, SourcingError, solve
from sim.sourcing.rule import Sum, content_limits, foreign, national_limit
from sim.sourcing.vehicle import Vehicle
from sim.units import PPM

REGIONAL, US = "regional", "us"
STEP_PCT = 1.0
# Rules whose thresholds are drawn: label, reforms, agreement, and a day on which they hold.
DRAWN = (
    ("NAFTA", (), "nafta", dt.date(2017, 7, 1)),
    ("NAFTA, United States proposal of 2017", ("us_2017_proposal",), "nafta", dt.date(2017, 10, 30)),
    ("USMCA", (), "usmca", dt.date(2024, 7, 1)),
    ("USMCA, United States proposal of 2026", ("us_2026_of_vehicle",), "usmca", dt.date(2027, 2, 1)),
)


@dataclass(frozen=True, slots=True)
class Point:
    """The cheapest plan that reaches a content.

    Parameters
    ----------
    asked_pct, content_pct : float
        Content asked, and content of the plan.
    cost_usd : float
        Landed cost of a vehicle, mean over its markets, preference claimed in every country that has it.
    changed : int
        Families whose sources differ from today's.
    """

    asked_pct: float
    content_pct: float
    cost_usd: float
    changed: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A threshold that a rule asks, drawn on the curve."""

    label: str
    threshold_pct: float


@dataclass(frozen=True, slots=True)
class Curve:
    """Cheapest landed cost of a vehicle at each content.

    Parameters
    ----------
    vehicle : str
    kind : str
        ``regional``: value content by the method of the law asked, or, without an agreement, the three countries'
        share of the value added; ``us``: share of the United States, on the base of the law asked.
    method : str
        How content was counted, in words.
    points : tuple of Point
        From the content of the cheapest plan up to the most that can be reached.
    pays_usd : float
        Cheapest cost where no preference is claimed and no content asked.
    today_usd, today_pct : float
        Today's sources, preference claimed wherever there is an agreement.
    gives_up_pct : float or None
        Content from which paying is cheaper than claiming; None where it never is.
    marks : tuple of Mark
    """

    vehicle: str
    kind: str
    method: str
    points: tuple[Point, ...]
    pays_usd: float
    today_usd: float
    today_pct: float
    gives_up_pct: float | None
    marks: tuple[Mark, ...]


def content_curve(opened: Opened, vehicle: str, kind: str = REGIONAL, step_pct: float = STEP_PCT) -> Curve:
    """Solve a vehicle at one content after another, `step_pct` points apart.

    Notes
    -----
    Nothing but the content is asked: core parts, labour value and metals are left aside, so that the curve is what
    content costs. Where paying becomes cheaper is found between two points by the straight line between them.
    """
    made, rules = opened.vehicles[vehicle], opened.rules(vehicle)
    rule = next(iter(rules.values()), None)
    everywhere = frozenset(rules)
    objective, nothing = made.objective(everywhere), made.objective(frozenset())
    share = _Share(*_parts(made, rule, kind))
    free = _plan(made, objective, ())
    points = [_point(made, objective, share, free, share(free))]
    for level in _levels(points[0].content_pct, step_pct):
        try:
            chosen = _plan(made, objective, _limits(made, rule, kind, level))
        except SourcingError:
            break
        points.append(_point(made, objective, share, chosen, level))
    pays = nothing.of(_plan(made, nothing, ()))
    return Curve(
        vehicle=vehicle,
        kind=kind,
        method=_method(rule, kind),
        points=tuple(points),
        pays_usd=pays,
        today_usd=objective.of(made.today),
        today_pct=share(made.today),
        gives_up_pct=_crossing(points, pays),
        marks=tuple(_marks(opened, vehicle, kind)),
    )


def _plan(vehicle: Vehicle, objective: Sum, limits: tuple[Limit, ...]) -> Ints:
    return solve(Problem(vehicle.parts, vehicle.first, objective.values, limits)).chosen


def _levels(content_pct: float, step_pct: float) -> Iterator[float]:
    count = int(content_pct / step_pct) + 1
    while count * step_pct <= 100:
        yield count * step_pct
        count += 1


def _parts(vehicle: Vehicle, rule: OriginRule | None, kind: str) -> tuple[Sum, Sum]:
    """Numerator and base of a content."""
    sums = vehicle.sums
    added = sums["US"] + sums["CA"] + sums["MX"] + sums["overseas"]
    if kind == US:
        base = added if rule is None else sums["net_cost"]
        if rule is not None and rule.national_base == "regional":
            base = base - foreign(rule, sums)
        return sums["US"], base
    if rule is None:
        return added - sums["overseas"], added
    return sums["net_cost"] - foreign(rule, sums), sums["net_cost"]


@dataclass(frozen=True, slots=True)
class _Share:
    """Content of a plan in percent: a part of a base."""

    part: Sum
    base: Sum

    def __call__(self, chosen: Ints) -> float:
        return 100 * self.part.of(chosen) / self.base.of(chosen)


def _limits(vehicle: Vehicle, rule: OriginRule | None, kind: str, level_pct: float) -> tuple[Limit, ...]:
    least_ppm = level_pct * PPM / 100
    if rule is not None:
        if kind == US:
            return (national_limit(rule, vehicle.sums, "US", least_ppm),)
        return tuple(content_limits(rule, vehicle.sums, least_ppm))
    part, base = _parts(vehicle, rule, kind)
    return ((part - base * (level_pct / 100)).at_least(0.0, f"{kind} content of {level_pct:g} %"),)


def _point(
    vehicle: Vehicle,
    objective: Sum,
    share: _Share,
    chosen: Ints,
    asked_pct: float,
) -> Point:
    changed = sum(not vehicle.patterns[row].is_today for row in chosen.tolist())
    return Point(asked_pct, share(chosen), objective.of(chosen), changed)


def _crossing(points: list[Point], pays: float) -> float | None:
    """Content at which the curve passes the cost of paying; that of the first point where it begins above."""
    if points[0].cost_usd > pays:
        return points[0].asked_pct
    for low, high in pairwise(points):
        if high.cost_usd > pays:
            part = (pays - low.cost_usd) / (high.cost_usd - low.cost_usd)
            return low.asked_pct + part * (high.asked_pct - low.asked_pct)
    return None


def _method(rule: OriginRule | None, kind: str) -> str:
    if rule is None:
        return "share of the value added (no agreement in force)"
    if kind == US:
        base = "regional value" if rule.national_base == "regional" else "net cost"
        return f"value added in the United States, of {base}"
    how = {"traced": "traced imports foreign", "roll_up": "roll-up of originating parts"}
    listed = "" if rule.vnm_method != "traced" else ", every import" if not rule.traced_prefixes else ", a list"
    return f"{rule.agreement.upper()} net cost, {how.get(rule.vnm_method, rule.vnm_method)}{listed}"


def _marks(opened: Opened, vehicle: str, kind: str) -> Iterator[Mark]:
    """Thresholds of agreements and proposals for this vehicle."""
    network = opened.question.network
    part = network.parts[network.recipes[vehicle].part]
    good = GoodFacts(part.hts_code, part.vehicle_class, part.core_class, "vehicle")
    for label, reforms, agreement, on in DRAWN:
        rule = load_law(reforms).origin_rule(agreement, good, on)
        ppm = rule.national_ppm.get("US", 0) if kind == US else rule.threshold_ppm
        if ppm:
            yield Mark(label, 100 * ppm / PPM)
