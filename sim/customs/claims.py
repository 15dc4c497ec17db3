"""Claims: under which agreement preference is asked for at each entry, decided before the first event."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

CLAIMS = "claims"
FAILS = "fails the rule"
CHEAPER = "cheaper to pay"
NOTHING = "no duty to save"
NO_AGREEMENT = "no agreement"
NOT_BEFORE = "not claimed in the baseline"


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """What a planner knew about one entry of one lane, and what it decided.

    Parameters
    ----------
    lane : str
        Lane id.
    position : int
        Place of the crossing along the route, 0 for the first.
    importer, exporter : str
        Countries, ISO 3166 alpha-2.
    agreement : str
        The agreement that was in force between them as far as known; empty for none.
    claimed : str
        The agreement claimed; empty when the duty is paid.
    content_pct, threshold_pct : float
        Planned regional value content and what the rule asks; threshold 0 for a rule without one.
    duty_paying_usd, duty_claiming_usd : float
        Duty and fees per load on each course.
    compliance_usd : float
        Cost of claiming, per load.
    verdict : str
        ``claims``, ``fails the rule``, ``cheaper to pay``, ``no duty to save``, ``no agreement`` or
        ``not claimed in the baseline``.
    """

    lane: str
    position: int
    importer: str
    exporter: str
    agreement: str
    claimed: str
    content_pct: float
    threshold_pct: float
    duty_paying_usd: float
    duty_claiming_usd: float
    compliance_usd: float
    verdict: str


@dataclass(frozen=True, slots=True)
class Claims:
    """Agreement claimed by (lane id, position); what is not listed is not claimed.

    Parameters
    ----------
    agreements : mapping of (str, int) to str
        Only entries at which preference is claimed.
    regime : str
        Border regime that a claim brings (`Parameters.regimes`); it sets the cost of claiming.
    records : tuple of ClaimRecord
        One per entry decided; empty for claims written by hand.
    """

    agreements: Mapping[tuple[str, int], str]
    regime: str = "calm"
    records: tuple[ClaimRecord, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        made = {key: value for key, value in sorted(self.agreements.items()) if value}
        object.__setattr__(self, "agreements", MappingProxyType(made))

    def __reduce__(self) -> tuple[Any, ...]:
        return Claims, (dict(self.agreements), self.regime, self.records)

    def claimed(self, lane: str, position: int) -> str:
        """Agreement claimed at the crossing at `position` of a lane's route; empty for none."""
        return self.agreements.get((lane, position), "")

    def digest(self) -> str:
        """SHA-256 of what is claimed and of the regime."""
        total = hashlib.sha256(self.regime.encode())
        for (lane, position), agreement in self.agreements.items():
            total.update(f"\n{lane} {position} {agreement}".encode())
        return total.hexdigest()

    @classmethod
    def none(cls, regime: str = "calm") -> Claims:
        """Nothing is claimed anywhere."""
        return cls({}, regime)

    @classmethod
    def of(cls, records: Iterable[ClaimRecord], regime: str) -> Claims:
        """The claims that a set of decisions makes."""
        kept = tuple(sorted(records, key=lambda r: (r.lane, r.position)))
        return cls({(r.lane, r.position): r.claimed for r in kept if r.claimed}, regime, kept)
