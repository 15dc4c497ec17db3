"""What `sim findings` answers: the predictions of scenarios beside what their runs found, as JSON, text and a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.answers.findings_page import Page, Rows, moves_of, read_page, write_readme
from sim.answers.studies import figures_of
from sim.errors import DataError
from sim.scenario.predictions import BOUNDS, Prediction
from sim.study import Study, load_study
from sim.study.findings import AGREES, DISAGREES, UNDECIDED, Finding, findings
from sim.study.manifest import NAME
from sim.text import columns_of, wrap

MOVES = {"up": "rises", "down": "falls", "unchanged": "does not move"}


def studies_in(folders: Sequence[Path]) -> list[Study]:
    """The finished studies of folders: each is one, or holds some.

    Raises
    ------
    DataError
        A folder holds none.
    """
    found = []
    for folder in folders:
        inside = [folder] if (folder / NAME).is_file() else sorted(path.parent for path in folder.glob(f"*/{NAME}"))
        if not inside:
            raise DataError(str(folder), ["no finished study here. Run one with 'sim run FILE'."])
        found += [load_study(path) for path in inside]
    return found


def findings_answer(studies: Sequence[Study]) -> tuple[dict[str, Any], str, Page]:
    """JSON, the text of a terminal, and the lines of a page in Markdown.

    A scenario that stands in several studies is told of the first of them that holds its own baseline.
    """
    told: dict[str, list[Finding]] = {}
    for study in sorted(studies, key=lambda study: -len(study.scenarios)):
        for finding in findings(study):
            told.setdefault(finding.scenario, []).append(finding)
    rows = list(dict.fromkeys(finding for name in sorted(told) for finding in _of_one_study(told[name])))
    counts = {kind: sum(row.verdict == kind for row in rows) for kind in (AGREES, DISAGREES, UNDECIDED)}
    answer = {"findings": [_as_data(row) for row in rows], "counts": counts}
    page = Page(_lines(rows), moves_of(sorted(studies, key=lambda study: -len(study.scenarios))))
    return answer, _text(rows, counts), page


def write_page(path: Path, page: Page) -> Page:
    """Write a page over the one that is there, and the table of the README beside it; the page as written.

    It tells of the scenarios that lie beside it.

    Raises
    ------
    DataError
        It cannot be written there.
    """
    try:
        whole = page.over(read_page(path)).of_files(path.parent)
        path.write_text(whole.text(), encoding="utf-8")
        write_readme(path.parent / "README.md", whole)
    except OSError as error:
        raise DataError(str(path), [f"cannot be written ({error.strerror or error}). Name another file."]) from error
    return whole


def _of_one_study(found: list[Finding]) -> list[Finding]:
    first: dict[Prediction, Finding] = {}
    for row in found:
        first.setdefault(row.prediction, row)
    return list(first.values())


def _as_data(row: Finding) -> dict[str, Any]:
    return {
        "scenario": row.scenario,
        "against": row.against,
        **row.prediction.resolved(),
        **figures_of(row.found),
        "verdict": row.verdict,
    }


def _what(row: Finding) -> str:
    asked = row.prediction
    name = f"{asked.measure}/{asked.item}" if asked.item else asked.measure
    said = f"is {asked.moves} {asked.bound:,g} {asked.unit}" if asked.moves in BOUNDS else MOVES[asked.moves]
    return f"{name}{'' if asked.vehicle == 'all' else ' of ' + asked.vehicle} {said}"


def _found(row: Finding) -> str:
    found = row.found
    if row.prediction.moves in BOUNDS and found.mean is not None:
        width = found.mean_half_width_95
        return f"{found.mean:,.2f}" + ("" if width is None else f" ± {width:,.2f}")
    if found.difference is None:
        return found.reason
    decimals = 2 if abs(found.mean or 0.0) >= 100 else 4
    half = "" if found.half_width_95 is None else f" ± {found.half_width_95:,.{decimals}f}"
    return "0" if found.difference == 0 else f"{found.difference:+,.{decimals}f}{half}"


def _text(rows: Sequence[Finding], counts: dict[str, int]) -> str:
    if not rows:
        return "No scenario of these studies has predictions."
    lines = [["scenario", "said", "found", "verdict"]]
    lines += [[row.scenario, _what(row), _found(row), row.verdict] for row in rows]
    head = wrap(
        f"{len(rows)} predictions: {counts[AGREES]} agree, {counts[DISAGREES]} disagree, {counts[UNDECIDED]} "
        "undecided. Found: paired differences from the scenario's own baseline, of a bound the mean; half-width of the "
        "95 % interval."
    )
    return "\n".join([*head, "", *columns_of(lines)])


def _lines(rows: Sequence[Finding]) -> Rows:
    found: Rows = {}
    for row in rows:
        asked = row.prediction
        cells = (f"`{row.scenario}`", f"`{row.against}`", _what(row), _found(row), row.verdict, asked.said)
        line = f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
        found.setdefault(row.scenario, []).append(line)
    return found
