"""Claims: under which agreement preference is asked for at each entry, decided before the first event."""

from __future__ import annotations

import datetime as dt
import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
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
        Cost of claiming, per load: its private cost, and what verification is expected to cost.
    verdict : str
        ``claims``, ``fails the rule``, ``cheaper to pay``, ``no duty to save``, ``no agreement`` or
        ``not claimed in the baseline``.
    value_usd : float
        Customs value of a load.
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
    value_usd: float = 0.0


@dataclass(frozen=True, slots=True)
class Span:
    """Claims that hold from a day until the next span begins.

    Parameters
    ----------
    begins : date
    agreements : mapping of (str, int) to str
        Agreement claimed by (lane id, position), as in `Claims`.
    """

    begins: dt.date
    agreements: Mapping[tuple[str, int], str]

    def __post_init__(self) -> None:
        object.__setattr__(self, "agreements", _tidy(self.agreements))

    def __reduce__(self) -> tuple[Any, ...]:
        return Span, (self.begins, dict(self.agreements))


@dataclass(frozen=True, slots=True)
class Claims:
    """Agreement claimed by (lane id, position); what is not listed is not claimed.

    Parameters
    ----------
    agreements : mapping of (str, int) to str
        Only entries at which preference is claimed: on the first measured day, and on every day where there are no
        `spans`. What customs asks of a load at a border follows these, whatever the day.
    regime : str
        Border regime that a claim brings (`Parameters.regimes`); it sets the cost of claiming.
    records : tuple of ClaimRecord
        One per entry decided; empty for claims written by hand.
    spans : tuple of Span
        Claims by the law of each stretch of days, in order; a day before the first takes the first.
    """

    agreements: Mapping[tuple[str, int], str]
    regime: str = "calm"
    records: tuple[ClaimRecord, ...] = field(default=(), compare=False)
    spans: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "agreements", _tidy(self.agreements))

    def __reduce__(self) -> tuple[Any, ...]:
        return Claims, (dict(self.agreements), self.regime, self.records, self.spans)

    def claimed(self, lane: str, position: int, on: dt.date | None = None) -> str:
        """Agreement claimed at a crossing of a lane's route; empty for none.

        Parameters
        ----------
        position : int
            Place of the crossing in the route, from 0.
        on : date, optional
            Day of the entry; by default the first measured day.
        """
        held = self.agreements if on is None else self.on(on)
        return held.get((lane, position), "")

    def on(self, day: dt.date) -> Mapping[tuple[str, int], str]:
        """What is claimed at entries of a day."""
        if not self.spans:
            return self.agreements
        return self.spans[max(bisect_right([span.begins for span in self.spans], day) - 1, 0)].agreements

    def held_from(self, spans: Sequence[tuple[dt.date, Claims]]) -> Claims:
        """These claims, with those of other stretches of days beside them.

        Parameters
        ----------
        spans : sequence of (date, Claims)
            First day of each stretch, in order, and what its law leads to. Stretches that claim the same are joined.
        """
        joined: list[Span] = []
        for begins, claims in spans:
            if not joined or joined[-1].agreements != claims.agreements:
                joined.append(Span(begins, claims.agreements))
        if len(joined) == 1 and joined[0].agreements == self.agreements:
            joined = []
        return Claims(self.agreements, self.regime, self.records, tuple(joined))

    def digest(self) -> str:
        """SHA-256 of what is claimed, when, and of the regime."""
        total = hashlib.sha256(self.regime.encode())
        for begins, agreements in (("", self.agreements), *((str(x.begins), x.agreements) for x in self.spans)):
            total.update(begins.encode())
            for (lane, position), agreement in agreements.items():
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


def _tidy(agreements: Mapping[tuple[str, int], str]) -> Mapping[tuple[str, int], str]:
    """In order, without entries at which nothing is claimed."""
    return MappingProxyType({key: value for key, value in sorted(agreements.items()) if value})
