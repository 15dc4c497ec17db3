"""What `sim archive` and `sim reproduce` answer."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from sim.archive import Reproduced, pack_study
from sim.locate import shown
from sim.study.store import file_digest


def archive_answer(directory: Path, target: Path | None) -> tuple[dict[str, Any], str]:
    """Pack a study and say where.

    Raises
    ------
    DataError
        No finished study there.
    """
    path = pack_study(directory, target)
    size = path.stat().st_size
    answer = {"archive": str(path), "bytes": size, "sha256": file_digest(path)}
    return answer, f"archive: {shown(path)} ({size / 1e6:,.1f} MB, SHA-256 {answer['sha256']})"


def reproduced_answer(found: Reproduced) -> tuple[dict[str, Any], str]:
    """Whether an archived study came out again."""
    lines = [
        f"{found.study}: {found.same_bytes} of {found.runs} results have the same bytes, "
        f"{found.same_ledgers} of {found.runs} ledgers the same digest."
    ]
    if not found.same_code:
        lines.append("The program here is not the one that ran it; the archive holds that one under program/.")
    lines += [f"Package {text}." for text in found.differing_packages]
    return asdict(found) | {"reproduced": found.is_whole}, "\n".join(lines)
