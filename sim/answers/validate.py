"""What `sim validate` answers: every target, ours beside theirs, as JSON with stable keys and as tables."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from sim.text import columns_of, wrap
from sim.validation.finding import Finding
from sim.validation.registry import Block


def validate_answer(blocks: Sequence[Block], tell: Callable[[str], None]) -> tuple[dict[str, Any], str]:
    """Compare every target of the blocks, and tell ours, theirs, band and verdict.

    Parameters
    ----------
    tell : callable
        Told what is being compared.
    """
    found = []
    for block in blocks:
        tell(f"{block.name} ...")
        found.append((block, list(block.compare())))
    answer = {"blocks": [_block(block, findings) for block, findings in found]}
    return answer, "\n\n".join(_text(block, findings) for block, findings in found)


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
