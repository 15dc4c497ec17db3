"""What `sim validate` answers: every target, ours beside theirs, as JSON with stable keys and as tables."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sim import __version__
from sim.answers.annexes import keep_score
from sim.report.score_figure import score_sheet
from sim.report.style import save_as
from sim.study import Study
from sim.text import columns_of, wrap
from sim.validation.finding import Finding
from sim.validation.registry import Block

EXAMPLE = """\
# Published numbers that the program is held to: sim validate --targets FILE
targets:
  - id: storm of 2017
    of: month                    # change of a month's trucks by the shocks of a scenario, %
    scenario: storm_2017         # a name, or a file beside this one
    ports: [laredo_wtb]
    month: 2017-05
    published: -18.5
    tolerance: a factor of 2     # or 10 %, 0.5 (in the unit), exact
    source: monthly counts, season and working days removed
  - id: Otay Mesa at ten
    of: crossing                 # waits and crossing times, minutes
    crossing: otay_mesa/us
    class: standard              # or fast
    figure: wait_mean            # wait_p95, crossing_mean, crossing_p95
    on: 2022-06-29
    days: 1
    hours: 9 to 11               # local
    changes: {booths_standard: 6, booths_fast: 3}     # keys as below `crossings:` of a scenario
    published: 45
    tolerance: 50 %
    source: CBP's feed
  - id: withdrawal
    of: measure                  # a run, or its change against another
    scenario: nafta_withdrawal
    against: nafta_as_it_stood
    measure: cost_per_vehicle_usd/duty
    vehicle: plant/silao/pickup  # all by default
    replications: 1
    published: 6,000
    unit: USD/vehicle
    tolerance: 25 %
    source: 25 % of its value at the border
# A figure of makers under a content rule: of: population, with weights (a CSV file, as `sim laffer` reads it), rule:
# 75 %, figure (content, price, parts_jobs, ...), and if need be class, assembly, location and parameters.
"""


def validate_answer(
    blocks: Sequence[Block], tell: Callable[[str], None], picture: Path | None = None, study: Study | None = None
) -> tuple[dict[str, Any], str]:
    """Compare every target of the blocks, and tell ours, theirs, band and verdict.

    Parameters
    ----------
    tell : callable
        Told what is being compared.
    picture : Path or None
        Where to draw the score sheet, .png, .svg or .pdf.
    study : Study or None
        On whose page to put it.

    Raises
    ------
    DataError
        It cannot be drawn there.
    """
    found = []
    for block in blocks:
        tell(f"{block.name} ...")
        found.append((block, list(block.compare())))
    answer: dict[str, Any] = {"blocks": [_block(block, findings) for block, findings in found]}
    text = "\n\n".join([*(_text(block, findings) for block, findings in found), _missed(found)])
    told = {block.name: findings for block, findings in found}, f"sim validate, nafta-sim {__version__}"
    if picture is not None:
        answer["figure"] = str(save_as(score_sheet(*told), picture))
        text += f"\nfigure: {answer['figure']}"
    if study is not None:
        answer["report"] = str(keep_score(study, answer, score_sheet(*told)))
        text += f"\nreport: {answer['report']}"
    return answer, text


def _missed(found: Sequence[tuple[Block, Sequence[Finding]]]) -> str:
    """What the program does not reproduce, and why as far as it is known: what has one reason stands together."""
    lines = []
    for block, findings in found:
        missed: dict[str, list[str]] = {}
        for finding in findings:
            if not finding.is_met:
                missed.setdefault(finding.note, []).append(finding.item)
        for note, items in missed.items():
            lines += wrap(f"{block.name}, {'; '.join(items)}: {note or 'reason not known'}", "  ")
    return "\n".join(["Not reproduced:", *lines]) if lines else "All is reproduced."


def is_met(block: Block, findings: Sequence[Finding]) -> bool:
    """Whether a block is as it should be: all of its numbers in their bands, or most where that is what is asked."""
    met = sum(finding.is_met for finding in findings)
    return 2 * met > len(findings) if block.most else met == len(findings)


def _block(block: Block, findings: Sequence[Finding]) -> dict[str, Any]:
    return {
        "name": block.name,
        "about": block.about,
        "asked": "most" if block.most else "all",
        "met": sum(finding.is_met for finding in findings),
        "of": len(findings),
        "verdict": "met" if is_met(block, findings) else "missed",
        "targets": [
            {
                "target": finding.target,
                "item": finding.item,
                "ours": None if math.isnan(finding.ours) else round(finding.ours, 6),
                "theirs": finding.theirs,
                "unit": finding.unit,
                "low": round(finding.low, 6),
                "high": round(finding.high, 6),
                "tolerance": finding.band,
                "met": finding.is_met,
                "source": finding.source,
                "note": finding.note,
            }
            for finding in findings
        ],
    }


def _text(block: Block, findings: Sequence[Finding]) -> str:
    met, count = sum(finding.is_met for finding in findings), len(findings)
    verdict = "met" if is_met(block, findings) else "MISSED"
    head = wrap(f"{block.name}: {verdict}, {met} of {count} in their bands. {block.about}.")
    rows = [("", "target", "item", "ours", "theirs", "unit", "band", "note")]
    for x in findings:
        sign = "ok" if x.is_met else "miss"
        rows.append((sign, x.target, x.item, _number(x.ours), _number(x.theirs), x.unit, x.band, x.note))
    return "\n".join([*head, *columns_of(rows)])


def _number(value: float) -> str:
    if math.isnan(value):
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.4g}"
