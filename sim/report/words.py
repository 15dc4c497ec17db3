"""What the page and the document say of a study in words: scenarios, graph, warm-up, references, versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.measures.daily import SERIES
from sim.report.answer import finding
from sim.report.source import StudyData, first_of
from sim.scenario.own import short_name
from sim.study.warm_up import Drift
from sim.text import significant
from sim.units import DAY, HOUR, PPM


def drift_words(drift: Drift, label: str) -> str:
    """How the warm-up of a baseline was found by one series."""
    name = f"{label}, {SERIES[drift.series].title.lower()}"
    if drift.is_settled is None:
        return f"Warm-up of {name}: cannot be judged ({drift.reason})."
    change = f"{drift.pct_a_week:+.1f} ± {drift.half_width_95:.1f} % a week in the window"
    before = f"{drift.pct_a_week_before:+.1f} % in the second half of the warm-up"
    verdict = "long enough" if drift.is_settled else "MAY BE TOO SHORT: it still changes as it did before"
    return f"Warm-up of {name}: {verdict} ({change}, {before})."


def scenario_words(data: StudyData, name: str) -> dict[str, Any]:
    """What a scenario asks, expects and found, and what it assumes, as texts."""
    resolved = data.resolved.get(name, {})
    law = resolved.get("law") or {}
    horizon = resolved.get("horizon") or {}
    run_s = horizon.get("run_s") or 0
    return {
        "label": data.summary.label(name),
        "name": name,
        "is_baseline": name == data.summary.baseline,
        "question": resolved.get("question") or "",
        "expected": resolved.get("expected") or "",
        "found": finding(data.summary, name),
        "source": resolved.get("source") or "",
        "reforms": ", ".join(short_name(str(name)) for name in law.get("reforms") or ()) or "none",
        "as_of": law.get("as_of") or "",
        "firms": resolved.get("firms") or "",
        "regime": resolved.get("claim_regime") or "",
        "window": f"{run_s / DAY:g} days from {horizon.get('start', '')}" if run_s else "",
        "shocks": "; ".join(_shock_words(shock) for shock in resolved.get("shocks") or ()) or "none",
        "crossings": _crossing_words(resolved.get("open_ports"), resolved.get("crossings")),
    }


def _shock_words(shock: Any) -> str:
    """A shock as a person says it.

    Examples
    --------
    >>> _shock_words({"kind": "lanes", "at": "bota/us", "from": "2017-05-22T03:00:00+00:00", "duration_s": 216_000,
    ...               "fast": 2})
    'lanes at bota/us from 2017-05-22 03:00 for 2.5 days, fast 2'
    """
    if not isinstance(shock, Mapping):
        return str(shock)
    begins = str(shock.get("from", ""))[:16].replace("T", " ").removesuffix(" 00:00")
    lasts = f" for {_length(shock['duration_s'])}" if isinstance(shock.get("duration_s"), int) else ""
    more = [_part(str(key), value) for key, value in shock.items() if key not in _TOLD and value not in (None, "")]
    kind = str(shock.get("kind", "")).replace("_", " ")
    return ", ".join([f"{kind} at {shock.get('at', '')} from {begins}{lasts}", *more])


_TOLD = ("kind", "at", "from", "duration_s")


def _part(key: str, value: Any) -> str:
    if isinstance(value, int) and key.endswith("_ppm"):
        return f"{key.removesuffix('_ppm')} {100 * value / PPM:g} %"
    if isinstance(value, int) and key.endswith("_s"):
        return f"{key.removesuffix('_s')} {_length(value)}"
    return f"{key} {value}".replace("_", " ")


def _length(seconds: int) -> str:
    return f"{significant(seconds / DAY, 3)} days" if seconds >= DAY else f"{significant(seconds / HOUR, 3)} h"


def _crossing_words(opened: Any, changed: Any) -> str:
    """What a scenario opens and sets, such as ``laredo_wtb/us: booths standard 6``; empty for nothing."""
    ports = [f"{port} open beside {beside}" for port, beside in opened.items()] if isinstance(opened, Mapping) else []
    places = changed.items() if isinstance(changed, Mapping) else ()
    words = {
        place: ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in x.items()) for place, x in places
    }
    return "; ".join([*ports, *(f"{place}: {text}" for place, text in words.items())])


def graph_words(data: StudyData) -> dict[str, Any]:
    """The longest chain of the supplier graph and the path with the most borders."""
    graph = data.fact(data.summary.baseline, "graph") or {}
    chain = graph.get("longest_chain")
    crossed = graph.get("most_crossed")
    crossed = crossed if isinstance(crossed, Mapping) else {}
    path = crossed.get("path")
    return {
        "longest_chain": _stops(chain),
        "most_crossed": _stops(path),
        "crossings": crossed.get("crossings"),
    }


def _stops(lanes: Any) -> list[str]:
    """Lay out the recipes along a chain of lanes, each once."""
    ends = [end for lane in lanes for end in str(lane).split("..")] if isinstance(lanes, list) else []
    return [end for number, end in enumerate(ends) if number == 0 or end != ends[number - 1]]


def counts_of(data: StudyData) -> list[tuple[str, int]]:
    """What one replication of the baseline follows, by name."""
    found = data.fact(data.summary.baseline, "counts")
    if not isinstance(found, Mapping):
        return []
    return [(str(key).replace("_", " "), int(value)) for key, value in found.items() if isinstance(value, int)]


def references_of(data: StudyData) -> list[dict[str, str]]:
    """Lay out the references; only web addresses become links."""
    shown = []
    for entry in first_of(data.manifest, ("references",), []):
        record = entry if isinstance(entry, Mapping) else {"title": str(entry)}
        href = str(record.get("href") or "")
        shown.append(
            {
                "title": str(record.get("title") or href),
                "href": href if href.startswith(("https://", "http://")) else "",
                "status": str(record.get("status") or ""),
                "used_for": str(record.get("used_for") or ""),
            }
        )
    return shown


def versions_of(data: StudyData) -> list[tuple[str, str]]:
    """Lay out versions, engine, seed and digests, those that are not known left out."""
    versions = data.manifest.get("versions")
    versions = versions if isinstance(versions, Mapping) else {}
    packages = versions.get("packages")
    listed = " ".join(f"{name} {found}" for name, found in packages.items()) if isinstance(packages, Mapping) else ""
    rows = [
        ("nafta-sim", str(first_of(data.manifest, ("version",), ""))),
        ("Python", str(versions.get("python") or "")),
        ("packages", listed),
        ("engine", str(data.manifest.get("engine") or "")),
        ("seed", str(data.manifest.get("seed") or "")),
        ("study digest", str(data.manifest.get("digest") or "")),
        ("code digest", str(versions.get("code") or "")),
    ]
    return [(name, value) for name, value in rows if value]
