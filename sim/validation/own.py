"""Targets of one's own: a YAML file of published numbers, what of ours each is compared with, and how closely."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.errors import ScenarioError, SimError
from sim.locate import is_file
from sim.scenario.parsers import parse_choice
from sim.scenario.sheet import Reader, read_sheet
from sim.units import parse_plain
from sim.validation.finding import Finding, exactly, within_factor, within_pct
from sim.validation.own_kinds import KINDS, Asked
from sim.yaml_text import Location

COMMON = ("id", "of", "published", "unit", "tolerance", "source", "note")
REQUIRED = ("id", "of", "published", "tolerance", "source")
_FACTOR = re.compile(r"(?:a )?factor (?:of )?(\d+(?:\.\d+)?)")

Band = tuple[float, float, str]


@dataclass(frozen=True, slots=True)
class OwnTarget:
    """One published number and what it is compared with.

    Parameters
    ----------
    id, source, note, unit : str
    published : float
    band : tuple of float, float, str
        The ends, both included, and how they come about.
    asked : Asked
        What ours is.
    """

    id: str
    published: float
    band: Band
    unit: str
    source: str
    note: str
    asked: Asked

    def compare(self) -> Finding:
        """Reckon ours and lay it beside theirs."""
        ours = self.asked.ours()
        item = self.asked.words()
        return Finding(self.id, item, ours, self.published, self.unit, *self.band, self.source, self.note)


def read_targets(path: Path) -> list[OwnTarget]:
    """Read a file of targets.

    Parameters
    ----------
    path : Path
        YAML with a list ``targets``; `sim validate --example` prints one.

    Raises
    ------
    ScenarioError
        Every problem of the file, with its line.
    """
    if not is_file(path):
        raise ScenarioError(str(path), ["there is no such file."])
    reader = Reader(read_sheet(path))
    reader.keys((), ("targets",), required=("targets",))
    found = [_target(reader, ("targets", n)) for n in range(reader.count(("targets",)))]
    seen: set[str] = set()
    for n, target in enumerate(found):
        if target is not None and target.id in seen:
            reader.add(("targets", n, "id"), f"'{target.id}' is written twice. Give each target a name of its own.")
        seen |= {target.id} if target is not None else set()
    reader.require()
    return [target for target in found if target is not None]


def compare_all(path: Path, targets: Sequence[OwnTarget]) -> Iterator[Finding]:
    """Compare every target of a file.

    Raises
    ------
    SimError
        Something of a target cannot be reckoned; tells which.
    """
    for target in targets:
        try:
            yield target.compare()
        except SimError as error:
            raise SimError(f"{path}, target {target.id}", list(error.problems)) from error


def _target(reader: Reader, here: Location) -> OwnTarget | None:
    kind = KINDS.get(reader.parsed((*here, "of"), parse_choice(tuple(KINDS), "kinds"), ""))
    allowed = COMMON if kind is None else (*COMMON, *kind.keys)
    reader.keys(here, allowed, required=REQUIRED if kind is None else (*REQUIRED, *kind.required))
    published = reader.parsed((*here, "published"), parse_plain, None)
    band = reader.parsed((*here, "tolerance"), _band_about(published or 0.0), None)
    asked = None if kind is None else kind.read(reader, here)
    if published is None or band is None or asked is None:
        return None
    words = {name: reader.text((*here, name)) for name in ("id", "unit", "source", "note")}
    return OwnTarget(words["id"], published, band, words["unit"] or asked.unit, words["source"], words["note"], asked)


def _band_about(published: float) -> Callable[[str], Band]:
    def parse(text: str) -> Band:
        text = text.strip()
        if text == "exact":
            return exactly(published, 0.0)
        if text.endswith("%"):
            return within_pct(published, abs(parse_plain(text[:-1])))
        factor = _FACTOR.fullmatch(text)
        if factor and float(factor[1]) >= 1:
            low, high, words = within_factor(published, float(factor[1]))
            return min(low, high), max(low, high), words
        try:
            return exactly(published, abs(parse_plain(text)))
        except ValueError:
            wanted = "Write '10 %', '0.5' (in the unit), 'a factor of 2' or 'exact'."
            raise ValueError(f"'{text}' is no tolerance. {wanted}") from None

    return parse
