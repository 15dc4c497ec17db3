"""What a report reads: the study folder as frozen tables, tolerant of optional facts that are missing."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from numpy.typing import NDArray

from sim.errors import DataError, Problem
from sim.study.warm_up import Drift

Key = tuple[str, str, str]  # measure, vehicle, item
Panel = tuple[str, str, Mapping[str, Mapping[str, NDArray[Any]]]]  # series, item, bands by scenario
ALL = "all"
# Embeddings, overrides and isolates of the Unicode bidirectional algorithm (UAX 9).
_TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_CAPITALS = ("us", "ca", "mx", "nafta", "usmca", "mfn", "hts", "ieepa", "mpf", "ice", "bev")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One scenario against the baseline in one measure.

    Parameters
    ----------
    scenario : str
        Name of the scenario.
    mean : float
        Mean over replications, in the measure's unit.
    difference : float
        Mean paired difference from the baseline; 0 for the baseline itself.
    half_width_95 : float
        Half-width of the 95 % interval of the difference; 0 for the baseline, NaN with one replication.
    n : int
        Replications.
    mean_half_width_95 : float
        Half-width of the 95 % interval of the mean; NaN with one replication.
    reason : str
        Why there is no figure or no interval; empty where there are both.
    """

    scenario: str
    mean: float
    difference: float
    half_width_95: float
    n: int
    mean_half_width_95: float = math.nan
    reason: str = ""

    @property
    def covers_zero(self) -> bool:
        """Whether the interval holds zero, or there is none, so that no change has been shown."""
        return not abs(self.difference) > self.half_width_95

    @property
    def reach(self) -> float:
        """Half-width for drawing: 0 where there is no interval."""
        return 0.0 if math.isnan(self.half_width_95) else self.half_width_95


@dataclass(frozen=True, slots=True)
class Summary:
    """Every measure of a study, compared: the table that figures and sentences read.

    Parameters
    ----------
    baseline : str
        Scenario that the others are compared with.
    scenarios : tuple of str
        All scenarios, the baseline first.
    rows : mapping
        (measure, vehicle, item) to one `Comparison` per scenario, in the order of `scenarios`.
    labels : mapping
        Scenario name to the words shown for it.
    crossings : mapping
        Id of a crossing to the name that the network has for it.
    """

    baseline: str
    scenarios: tuple[str, ...]
    rows: Mapping[Key, tuple[Comparison, ...]]
    labels: Mapping[str, str] = field(default_factory=dict)
    crossings: Mapping[str, str] = field(default_factory=dict)

    @property
    def reforms(self) -> tuple[str, ...]:
        """The scenarios other than the baseline."""
        return tuple(name for name in self.scenarios if name != self.baseline)

    def label(self, scenario: str) -> str:
        """Words for a scenario: its label, otherwise its name as words."""
        return self.labels.get(scenario) or as_words(scenario)

    def crossing(self, crossing: str) -> str:
        """Words for a crossing: its name in the network, otherwise its id as words."""
        return crossing_label(crossing, self.crossings)

    def has(self, measure: str) -> bool:
        """Whether the study holds a measure at all."""
        return any(key[0] == measure for key in self.rows)

    def vehicles(self, measure: str) -> tuple[str, ...]:
        """Assembly recipes with this measure, without ``all``."""
        return tuple(sorted({key[1] for key in self.rows if key[0] == measure and key[1] != ALL}))

    def items(self, measure: str, vehicle: str = ALL) -> tuple[str, ...]:
        """Items of a measure for a vehicle, sorted."""
        return tuple(sorted(key[2] for key in self.rows if key[:2] == (measure, vehicle)))

    def row(self, measure: str, vehicle: str = ALL, item: str = "") -> tuple[Comparison, ...]:
        """Compare all scenarios in one item of a measure; empty when the study has none."""
        return self.rows.get((measure, vehicle, item), ())

    def headline(self, measure: str, vehicle: str = ALL) -> tuple[Comparison, ...]:
        """Compare a measure as a whole: its unnamed item, else ``total``, else ``mean``, else its first."""
        items = self.items(measure, vehicle)
        name = next((item for item in ("", "total", "mean") if item in items), items[0] if items else "")
        return self.row(measure, vehicle, name)

    def one(self, scenario: str, measure: str, vehicle: str = ALL, item: str = "") -> Comparison | None:
        """Return one scenario's comparison, or None when the study has none."""
        return next((c for c in self.row(measure, vehicle, item) if c.scenario == scenario), None)


@dataclass(frozen=True, slots=True)
class StudyData:
    """A finished study as the report sees it; `facts` and `resolved` are keyed by scenario.

    Parameters
    ----------
    panels : tuple of (series, item, bands)
        What is drawn over time, by scenario.
    drifts : tuple of Drift
        How the warm-up was found.
    """

    name: str
    title: str
    question: str
    summary: Summary
    manifest: Mapping[str, Any]
    resolved: Mapping[str, Mapping[str, Any]]
    facts: Mapping[str, Mapping[str, Any]]
    network_name: str = ""
    panels: tuple[Panel, ...] = ()
    drifts: tuple[Drift, ...] = ()

    @property
    def replications(self) -> int:
        """Replications of each scenario."""
        return max((row[0].n for row in self.summary.rows.values() if row), default=0)

    @property
    def start(self) -> dt.date:
        """First day that is measured, of the baseline."""
        horizon = self.resolved.get(self.summary.baseline, {}).get("horizon") or {}
        return dt.date.fromisoformat(str(horizon["start"]))

    def fact(self, scenario: str, key: str) -> Any:
        """One optional fact of a scenario, or None."""
        return self.facts.get(scenario, {}).get(key)

    @property
    def provenance(self) -> str:
        """The line under every figure: study, version, digest, replications."""
        version = first_of(self.manifest, ("version", "sim_version", "nafta_sim"), "")
        digest = str(first_of(self.manifest, ("digest", "study_digest"), ""))[:12]
        parts = [f"study {self.name}", f"baseline {self.summary.label(self.summary.baseline)}"]
        parts += [f"{self.replications} replication{'s' * (self.replications > 1)}"] if self.replications else []
        parts += [f"nafta-sim {version}"] if version else []
        parts += [f"digest {digest}"] if digest else []
        return " · ".join(parts)


def as_words(name: str) -> str:
    """Write an identifier as words: ``us_2017_proposal`` becomes ``US 2017 proposal``.

    Examples
    --------
    >>> as_words("us_2017_proposal"), as_words("border_tax_35"), as_words("nafta")
    ('US 2017 proposal', 'Border tax 35', 'NAFTA')
    >>> as_words("us_proposal_85_50")
    'US proposal 85/50'
    """
    words = [word.upper() if word.lower() in _CAPITALS else word for word in name.split("_")]
    text = re.sub(r"(?<=\d) (?=\d)", "/", " ".join(words))
    return text[:1].upper() + text[1:]


def crossing_label(crossing: str, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """Words for a crossing: the name that is known of it, otherwise its id as words.

    Examples
    --------
    >>> crossing_label("laredo_wtb/us", {"laredo_wtb/us": "World Trade Bridge, into US"})
    'World Trade Bridge, into US'
    >>> crossing_label("peace_bridge/ca")
    'Peace bridge, into CA'
    """
    if names.get(crossing):
        return undirected(names[crossing])
    port, _, to = crossing.rpartition("/")
    return f"{as_words(port)}, into {to.upper()}" if port else as_words(crossing)


def undirected(text: str) -> str:
    """Take out the marks that turn the direction of all that follows them; letters keep their own.

    Examples
    --------
    >>> undirected("a" + chr(0x202E) + "b")
    'ab'
    """
    return text.translate(_TURNS)


def first_of(record: Mapping[str, Any], keys: Iterable[str], default: Any = None) -> Any:
    """Return the first value that is present and not empty, also one level down in ``study``."""
    nested = record.get("study")
    for source in (record, nested if isinstance(nested, Mapping) else {}):
        for key in keys:
            if source.get(key) not in (None, "", [], {}):
                return source[key]
    return default


def read_json(path: Path) -> dict[str, Any]:
    """Read one JSON object of a study folder.

    Raises
    ------
    DataError
        The file is missing, is not JSON or holds something other than an object.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(str(path), [Problem("", f"cannot be read: {error.strerror}. Run the study again.")]) from error
    except ValueError as error:
        raise DataError(str(path), [Problem("", f"is not JSON: {error}. Run the study again.")]) from error
    if not isinstance(found, dict):
        raise DataError(str(path), [Problem("", f"holds a {type(found).__name__}, wanted an object.")])
    return found


def read_folder(folder: Path) -> dict[str, dict[str, Any]]:
    """Read every ``*.json`` of a folder by its stem; an absent folder is an empty answer."""
    return {path.stem: read_json(path) for path in sorted(folder.glob("*.json"))}


def summarise(
    keys: Iterable[Key], compare: Any, baseline: str, scenarios: Sequence[str], labels: Mapping[str, str]
) -> Summary:
    """Collect comparisons for every key from a study's own `compare(measure, vehicle, item)`."""
    order = (baseline, *(name for name in scenarios if name != baseline))
    rows: dict[Key, tuple[Comparison, ...]] = {}
    for key in keys:
        found = {row.scenario: row for row in map(_as_comparison, compare(*key))}
        rows[key] = tuple(found[name] for name in order if name in found)
    return Summary(baseline, order, MappingProxyType(rows), MappingProxyType(dict(labels)))


def _as_comparison(row: Any) -> Comparison:
    half = row.half_width_95
    return Comparison(
        scenario=row.scenario,
        mean=float(row.mean or 0.0),
        difference=float(row.difference or 0.0),
        half_width_95=math.nan if half is None else float(half),
        n=int(row.n),
        mean_half_width_95=math.nan if row.mean_half_width_95 is None else float(row.mean_half_width_95),
        reason=row.reason,
    )
