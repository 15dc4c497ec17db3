"""The page of findings and the table of scenarios beside it: written from studies, kept where nothing is new."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.answers.studies import MILLION, figure, in_units
from sim.errors import DataError
from sim.scenario.sheet import read_sheet
from sim.study import Study
from sim.study.load import is_study, is_tree
from sim.study.store import read_json

Rows = dict[str, list[str]]  # scenario to its lines of a table

HEAD = """# What the scenarios found

Written by `sim findings`; not to be edited. Each line is what somebody said beside the mean of the paired differences
from the scenario's own baseline, with the half-width of its 95 % interval; where a bound was said (below, above), the
scenario's own mean. `agrees`: the interval lies on the side that was said; `disagrees`: it lies elsewhere, or nothing
moves; `undecided`: it tells neither, or no run has the figure. What varies by more than 5 % of the baseline is not
said not to move. Lines stay until their scenario is told anew or its file is gone.

| scenario | against | said | found | verdict | who says so |
|---|---|---|---|---|---|
"""
MOVES = """
## What moves

Of every scenario the change from its baseline in the window, or the level (`level`) where it is compared with nothing:
cost and border hours of a vehicle, vehicles lost, and trade balances by pair of countries (million US dollars, first
country's exports to the second less its imports).

| scenario | against | cost, USD | border, h | lost | US-CA | US-MX | CA-MX |
|---|---|---|---|---|---|---|---|
"""
COLUMNS = (  # measure, item, decimals, divisor
    ("cost_per_vehicle_usd", "total", 2, 1.0),
    ("border_hours_per_vehicle", "total", 3, 1.0),
    ("vehicles_lost", "", 1, 1.0),
    ("trade_balance_usd", "US-CA", 2, MILLION),
    ("trade_balance_usd", "US-MX", 2, MILLION),
    ("trade_balance_usd", "CA-MX", 2, MILLION),
)
BEGIN, END = "<!-- findings: written by `sim findings --page` -->", "<!-- end of findings -->"
TABLE = "| file | question | found, change of a vehicle's cost; what was said |\n|---|---|---|\n"
LEVEL = "level"
VERDICTS = {"agrees": "agree", "disagrees": "disagree", "undecided": "undecided"}


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page, by scenario."""

    said: Rows
    moves: Rows

    def text(self) -> str:
        """The whole page."""
        said, moves = ("".join(f"{line}\n" for line in _in_order(rows)) for rows in (self.said, self.moves))
        return HEAD + said + MOVES + moves

    def over(self, older: Page) -> Page:
        """These lines, and those of an older page for scenarios of which these say nothing."""
        return Page({**older.said, **self.said}, {**older.moves, **self.moves})

    def of_files(self, folder: Path) -> Page:
        """The lines of scenarios that are files of a folder, of those without their shocks too; all where it has none.

        Leaves of a tree, assumptions moved and scenarios made in Python are no files: who asked for them tells them.
        """
        files = {path.stem for path in folder.glob("*.yaml")}
        if not files:
            return self
        files |= {f"{name}_calm" for name in files}
        said, moves = ({name: rows[name] for name in rows if name in files} for rows in (self.said, self.moves))
        return Page(said, moves)


def read_page(path: Path) -> Page:
    """A page that was written before; empty where there is none."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    said, _, moves = text.partition(MOVES.splitlines()[1])
    return Page(_rows_of(said), _rows_of(moves))


def moves_of(studies: Iterable[Study]) -> Rows:
    """What moves in each scenario of studies: the first study in which it stands with its baseline."""
    found: Rows = {}
    for study in studies:
        baselines = {entry["name"]: entry.get("baseline") or "" for entry in _resolved(study)}
        swept = {name for sweep in study.sweeps for name in (*sweep.names, *sweep.twins)}
        for name in (name for name in study.scenarios if name not in swept):
            own = baselines.get(name, "")
            against = own if own in study.scenarios else (study.baseline if name not in study.baselines else "")
            if name not in found or (against and f"`{LEVEL}`" in found[name][0]):
                found[name] = [_moves(study, name, against)]
    return found


def readme_table(folder: Path, page: Page) -> str:
    """Every file of a folder of scenarios, its question and what it found: one line each, in order of names."""
    lines = []
    files = [path for path in sorted(folder.glob("*.yaml")) if not path.name.startswith("_")]
    trunks = {str(read_sheet(path).value.get("scenario")): path.stem for path in files if is_tree(path)}
    for path in files:
        question = " ".join(str(read_sheet(path).value.get("question", "")).split())
        found = f"trunk of `{trunks[path.stem]}`" if path.stem in trunks else _found(path, page)
        lines.append(f"| `{path.stem}` | {question} | {found} |\n")
    return TABLE + "".join(lines)


def write_readme(readme: Path, page: Page) -> bool:
    """Write the table between its marks in a README, if it has them; whether it has.

    Raises
    ------
    DataError
        It has a first mark and no second one, or cannot be written.
    """
    text = readme.read_text(encoding="utf-8") if readme.is_file() else ""
    before, first, rest = text.partition(BEGIN)
    if not first:
        return False
    _, last, after = rest.partition(END)
    if not last:
        raise DataError(str(readme), [f"'{END}' is missing after the table. Write it on a line of its own."])
    readme.write_text(f"{before}{first}\n{readme_table(readme.parent, page)}{last}{after}", encoding="utf-8")
    return True


def _found(path: Path, page: Page) -> str:
    if is_tree(path):
        return "**tree**, told below"
    if is_study(path):
        members = read_sheet(path).value.get("scenarios") or ()
        return "**study** of " + ", ".join(f"`{name}`" for name in members)
    moves, said = page.moves.get(path.stem, []), page.said.get(path.stem, [])
    if not moves and not said:
        return "not told yet"
    cells = _cells(moves[0]) if moves else []
    first = _cells(said[0]) if said else []
    parts = [f"{cells[2]}{' (level)' if LEVEL in cells[1] else ''}"] if cells else [f"{first[2]}: {first[3]}"]
    verdicts = [_cells(line)[4] for line in said]
    told = ", ".join(f"{verdicts.count(word)} {plural}" for word, plural in VERDICTS.items() if word in verdicts)
    return "; ".join([*parts, *filter(None, [told])])


def _moves(study: Study, name: str, against: str) -> str:
    cells = []
    for measure, item, decimals, unit in COLUMNS:
        known = measure in study.measures() and item in study.items(measure)
        rows = study.compare(measure, "all", item, against or None) if known else []
        own = rows[study.scenarios.index(name)] if rows else None
        cells.append("-" if own is None else figure(in_units(own, unit), decimals, not against))
    return f"| `{name}` | `{against or LEVEL}` | {' | '.join(cells)} |"


def _resolved(study: Study) -> list[Mapping[str, str]]:
    found = (read_json(study.directory / "resolved" / f"{name}.json") for name in study.scenarios)
    return [entry for entry in found if entry is not None]


def _rows_of(text: str) -> Rows:
    found: Rows = {}
    for line in text.splitlines():
        name = re.match(r"\| `([^`]+)` \|", line)
        if name:
            found.setdefault(name[1], []).append(line)
    return found


def _in_order(rows: Rows) -> list[str]:
    return [line for name in sorted(rows) for line in rows[name]]


def _cells(line: str) -> Sequence[str]:
    return [cell.strip() for cell in line.strip().strip("|").split(" | ")]
