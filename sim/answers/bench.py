"""What a benchmark found, as JSON with stable keys and as tables."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from typing import Any

import numba
import numpy as np

from sim.bench import Growth, Measured
from sim.study import StudyPlan
from sim.study.pace import Pace, saved_s
from sim.text import columns_of


def bench_answer(cases: Sequence[Measured], growth: Sequence[Growth]) -> tuple[dict[str, Any], str]:
    """The measurements as data and as text."""
    answer = {
        "machine": _machine(),
        "cases": [_case(x) for x in cases],
        "growth": [_growth(x) for x in growth],
    }
    blocks = [_case_text(x) for x in cases] + ([_growth_text(growth)] if growth else [])
    return answer, "\n\n".join(blocks)


def pace_answer(plan: StudyPlan, paces: Sequence[Pace]) -> tuple[dict[str, Any], str]:
    """How fast a study runs, as data and as text; paces by their number of workers."""
    before = [None, *paces]
    answer: dict[str, Any] = {
        "machine": _machine(),
        "study": plan.name,
        "scenarios": len(plan.scenarios),
        "replications": plan.replications,
        "runs": len(plan.scenarios) * plan.replications,
        "paces": [
            {
                "workers": x.workers,
                "seconds": round(x.seconds, 2),
                "runs_a_minute": round(x.runs_a_minute, 1),
                "cpu_s_a_run": round(x.cpu_s / x.runs, 4),
                "peak_mib": _rounded(x.peak_mib),
                "saved_s_a_worker_more": None if last is None else round(saved_s(last, x), 2),
                "again_s": round(x.again_s, 2),
            }
            for last, x in zip(before, paces, strict=False)
        ],
    }
    rows = [["workers", "seconds", "runs/min", "CPU s/run", "peak MiB", "s saved by one more", "again, s"]]
    for x in answer["paces"]:
        cells = (x["seconds"], x["runs_a_minute"], x["cpu_s_a_run"], x["peak_mib"], x["saved_s_a_worker_more"])
        rows.append([str(x["workers"]), *("-" if y is None else f"{y:,g}" for y in cells), f"{x['again_s']:g}"])
    told = f"{plan.name}: {len(plan.scenarios)} scenarios, {plan.replications} replications, {answer['runs']:,} runs"
    return answer, "\n".join([told, *("  " + line for line in columns_of(rows, right=True))])


def _machine() -> dict[str, Any]:
    return {
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": numba.__version__,
    }


def _case(x: Measured) -> dict[str, Any]:
    counts = x.counts
    return {
        "case": x.case,
        "about": x.about,
        "trucks": counts.trucks,
        "events": counts.events,
        "loads": counts.loads,
        "passages": counts.passages,
        "uses": counts.uses,
        "background": counts.background,
        "build_s": round(x.build_s, 4),
        "plan_mib": round(x.plan_mib, 1),
        "equal": not x.difference if len(x.seconds) > 1 else None,
        "difference": x.difference,
        "engines": {
            engine: {
                "seconds": [round(found, 5) for found in seconds],
                "median_s": round(x.typical_s(engine), 5),
                "trucks_per_s": round(counts.trucks / x.typical_s(engine)),
                "events_per_s": round(counts.events / x.typical_s(engine)),
                "peak_mib": _rounded(x.peak_mib[engine]),
                "times_compiled": round(x.ratio(engine), 2) if "compiled" in x.seconds else None,
            }
            for engine, seconds in x.seconds.items()
        },
    }


def _rounded(mib: float | None) -> float | None:
    return None if mib is None else round(mib, 1)


def _growth(x: Growth) -> dict[str, Any]:
    return {
        "trucks": x.trucks,
        "loads": x.loads,
        "uses": x.uses,
        "build_s": round(x.build_s, 4),
        "seconds": round(x.seconds, 5),
        "ns_per_truck": round(x.seconds / x.trucks * 1e9, 2),
        "ns_per_n_log2_n": round(x.unit_ns, 3),
        "plan_mib": round(x.plan_mib, 1),
        "kept_mib": _rounded(x.kept_mib),
        "blocks_mib": _rounded(x.blocks_mib),
    }


def _case_text(x: Measured) -> str:
    counts = x.counts
    rows = [["", "seconds", "trucks/s", "events/s", "peak MiB", "x compiled"]]
    for engine, seconds in x.seconds.items():
        typical = x.typical_s(engine)
        rows.append(
            [
                engine,
                f"{typical:.4g} ({min(seconds):.4g} to {max(seconds):.4g})",
                f"{counts.trucks / typical:,.0f}",
                f"{counts.events / typical:,.0f}",
                "-" if x.peak_mib[engine] is None else f"{x.peak_mib[engine]:,.0f}",
                f"{x.ratio(engine):,.1f}" if "compiled" in x.seconds else "-",
            ]
        )
    verdict = "ledgers equal, row for row" if not x.difference else "LEDGERS DIFFER\n" + x.difference
    return "\n".join(
        [
            f"{x.case}: {x.about}",
            f"  {counts.trucks:,} trucks, {counts.background:,} of them other people's; {counts.events:,} events; "
            f"{counts.loads:,} loads, {counts.passages:,} passages, {counts.uses:,} uses",
            f"  plan: {x.build_s:.3g} s to make, {x.plan_mib:,.0f} MiB",
            *("  " + line for line in columns_of(rows, right=True)),
            *("  " + line for line in (verdict.splitlines() if len(x.seconds) > 1 else [])),
        ]
    )


def _growth_text(found: Sequence[Growth]) -> str:
    head = ["trucks", "loads", "plan, s", "run, s", "ns/truck", "ns/(n log2 n)", "plan MiB", "kept MiB", "blocks MiB"]
    rows = [head]
    for x in found:
        data = _growth(x)
        mib = ["-" if mib is None else f"{mib:,.0f}" for mib in (x.plan_mib, x.kept_mib, x.blocks_mib)]
        rows.append(
            [
                f"{x.trucks:,}",
                f"{x.loads:,}",
                f"{x.build_s:.3g}",
                f"{x.seconds:.3g}",
                f"{data['ns_per_truck']:.0f}",
                f"{data['ns_per_n_log2_n']:.2f}",
                *mib,
            ]
        )
    told = "growth: generated networks on the compiled engine, the ledger kept, or its rows handed over in blocks"
    return "\n".join([told, *("  " + line for line in columns_of(rows, right=True))])
