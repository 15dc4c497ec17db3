"""Drawback: duty paid on inputs comes back when what was made of them leaves the country that took it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array  # type: ignore[import-untyped]

from sim.customs.book import Book, RuleBook
from sim.customs.entries import Charged, Lines
from sim.customs.flow import Flags, Floats, Flow, Ints
from sim.duty.drawback import LESSER
from sim.law import Charge, Law
from sim.law.rights import DrawbackRight
from sim.references import Reference

CENTS = 100.0
PROGRAMMES = 256  # more than any law has of one run
GENERAL = "column_1"  # group of the general duties, and the comparison that counts only these
MANUFACTURED = ("manufacturing_only", "limited_manufacturing")


@dataclass(frozen=True, slots=True)
class Refund:
    """What one provision gives back on some lines of a batch.

    Parameters
    ----------
    lines : int64[rows]
        Rows of the batch, each named once.
    charge : Charge
        Base: duty that was paid on the inputs; amount: what comes back, below zero. Cents, unrounded.
    """

    lines: Ints
    charge: Charge


@dataclass(frozen=True, slots=True)
class Way:
    """How the duty on one kind of input comes back on export to one country.

    Parameters
    ----------
    reading, comparison : str
        Of the lesser of two duties; empty where all comes back.
    """

    programme: str
    reading: str
    comparison: str
    reference: Reference
    why: str


@dataclass(slots=True)
class Paid:
    """Duty inside the loads of a level by input, US dollars a unit; arrays of equal length.

    Parameters
    ----------
    node, key : int64[items]
        `key` tells programme, stretch of days of the input's entry, and recipe of the input.
    """

    node: Ints
    key: Ints
    usd: Floats

    def add(self, node: Ints, key: Ints, usd: Floats) -> None:
        """Note more of it."""
        self.node, self.key = np.concatenate((self.node, node)), np.concatenate((self.key, key))
        self.usd = np.concatenate((self.usd, usd))


@dataclass(slots=True)
class Refunds:
    """Duty that could still come back, followed from the entry of an input to the export of what holds it.

    Parameters
    ----------
    share : float
        Part of what may be claimed that is claimed, above 0 to 1.

    Notes
    -----
    Only goods entered for consumption elsewhere count as exported; inputs of loads that existed when the clock began
    do not count, nor do true-ups. Each kind of input in a good is one input to the lesser of two duties.
    """

    flow: Flow
    book: Book
    law: Law
    rules: RuleBook
    importers: tuple[str, ...]
    share: float
    treasury: dict[int, str] = field(default_factory=dict)
    inside: csr_array = field(init=False)
    level: Paid = field(init=False)

    def __post_init__(self) -> None:
        keys = PROGRAMMES * len(self.rules.epochs.days) * len(self.book.recipes)
        self.inside = csr_array((self.flow.nodes, keys))

    def make(self, nodes: Ints, inputs: csr_array) -> None:
        """Begin a level: gather what its inputs brought."""
        found = (inputs @ self.inside).tocoo()
        self.level = Paid(nodes[found.row], found.col.astype(np.int64), found.data.astype(np.float64))

    def close(self) -> None:
        """End a level: what its loads hold goes on to those made of them."""
        kept = np.flatnonzero(self.level.usd)
        cells = (self.level.usd[kept], (self.level.node[kept], self.level.key[kept]))
        self.inside = self.inside + csr_array(cells, shape=self.inside.shape)

    def pay(self, lines: Lines, rows: Ints, programme: int, treasury: str, cents: Floats) -> None:
        """Note a duty, or a credit against it, on some lines of a batch."""
        self.treasury[programme] = treasury
        nodes = self.flow.entry_node[lines.entry[rows]]
        epochs, recipes = len(self.rules.epochs.days), len(self.book.recipes)
        key = (programme * epochs + lines.epoch[rows]) * recipes + lines.recipe[rows]
        self.level.add(nodes, key, cents / CENTS / self.flow.units[nodes])

    def back(self, lines: Lines, found: Sequence[Charged], names: Sequence[str]) -> Iterator[Refund]:
        """What comes back as loads leave the country in which they were made, at their first entry elsewhere.

        Parameters
        ----------
        found : sequence of Charged
            Duties on the goods there.
        names : sequence of str
            Programmes by index.
        """
        paid, line = self.level, self._exported(lines)
        own = np.flatnonzero(line >= 0)
        line, usd = line[own], paid.usd[own]
        programme, epoch, source = self._parts(paid.key[own])
        paid.usd[own] = 0.0  # claimed or forgone: it cannot come back at a later border
        same = self._same_condition()[lines.recipe[line]]
        kinds, kind = np.unique(
            np.stack((programme, epoch, source, lines.importer[line], same)), axis=1, return_inverse=True
        )
        ways = [self._way(names[p], e, s, self.importers[i], bool(c)) for p, e, s, i, c in kinds.T.tolist()]
        kind = kind.reshape(-1)
        part = self._part(lines, found, ways, kind, line, source, usd)
        for way in dict.fromkeys(way for way in ways if way is not None):
            here = np.array([other == way for other in ways])[kind] & (part > 0)
            if here.any():
                yield self._refund(lines, way, line[here], usd[here], (usd * part)[here] * self.share)

    def _exported(self, lines: Lines) -> Ints:
        """Line of the batch that exports each item of `level`; -1 for none, and for duty of other treasuries."""
        flow, nodes = self.flow, self.flow.entry_node[lines.entry]
        abroad = np.array(self.importers, dtype=object)[lines.importer]
        home = np.array(self.book.country, dtype=object)[lines.recipe]
        leaves = (lines.entry == np.searchsorted(flow.entry_node, nodes)) & (abroad != home)
        row = np.full(flow.nodes, -1, dtype=np.int64)
        row[nodes[leaves]] = np.flatnonzero(leaves)
        line = row[self.level.node]
        programme = self._parts(self.level.key)[0]
        taken = np.array([self.treasury.get(p, "") for p in range(PROGRAMMES)], dtype=object)[programme]
        mine: Flags = (taken == home[line]) & (self.level.usd > 0) if len(home) else line >= 0
        return np.where((line >= 0) & mine, line, -1)

    def _parts(self, key: Ints) -> tuple[Ints, Ints, Ints]:
        """Programme, stretch of days and recipe of each key."""
        rest, recipe = np.divmod(key, len(self.book.recipes))
        programme, epoch = np.divmod(rest, len(self.rules.epochs.days))
        return programme, epoch, recipe

    def _same_condition(self) -> Ints:
        """Recipes that hand their input on without transforming it."""
        return np.array([int(a != b) for a, b in zip(self.book.origin, self.book.country, strict=True)])

    def _way(self, path: str, epoch: int, source: int, to: str, same: bool) -> Way | None:
        """How the duty on an input comes back; None where it does not."""
        right = self.law.drawback(path, self.rules.epochs.days[epoch], self.rules.known)
        towards = right.towards_country(to, same)
        if right.right == "none" or towards == "none" or (right.right in MANUFACTURED and same):
            return None
        if right.right == MANUFACTURED[1] and not self._metal(source, right):
            return None
        if towards != LESSER:
            return Way(path, "", "", right.reference, f"drawback on export to {to}: {right.title}")
        reading, comparison = right.reading or "per_input", right.comparison or "all_duties"
        words = f"the lesser of two duties, {reading} ({comparison} there)".replace("_", " ")
        why = f"drawback on export to {to}: {right.title}: {words}"
        return Way(path, reading, comparison, right.reference, why)

    def _metal(self, source: int, right: DrawbackRight) -> bool:
        """Whether an input is of the metal that a limited right asks."""
        made = self.book.recipes[source]
        told = [country for country in (made.steel_melt_country, made.aluminium_smelt_country) if country]
        return bool(told) and all(country in right.metal_of for country in (*told, self.book.origin[source]))

    def _part(
        self,
        lines: Lines,
        found: Sequence[Charged],
        ways: Sequence[Way | None],
        kind: Ints,
        line: Ints,
        source: Ints,
        usd: Floats,
    ) -> Floats:
        """Part of each item that comes back: all, none, or the lesser of the two duties over the duty paid."""
        part = np.array([0.0 if way is None else 1.0 for way in ways])[kind]
        per_good = np.array([way is not None and way.reading == "per_good" for way in ways], dtype=np.bool_)[kind]
        for comparison in {way.comparison for way in ways if way is not None and way.reading}:
            chosen = np.array([way is not None and way.comparison == comparison for way in ways])[kind]
            group = line * (len(self.book.recipes) + 1) + np.where(per_good, len(self.book.recipes), source)
            _, group = np.unique(group, return_inverse=True)
            total = np.bincount(group[chosen], weights=usd[chosen], minlength=len(group))[group]
            there = self._abroad(lines, found, comparison)[line]
            part[chosen] = np.minimum(1.0, there[chosen] / total[chosen])
        return part

    def _abroad(self, lines: Lines, found: Sequence[Charged], comparison: str) -> Floats:
        """Duty on a unit of each line's goods in the country that they enter, US dollars."""
        total = np.zeros(len(lines.entry))
        for item in found:
            general = GENERAL in self.law.by_path[item.charge.programme].groups
            if item.charge.kind == "duty" and (general or comparison != GENERAL):
                total[item.lines] += item.charge.amount
        there: Floats = total / CENTS / self.flow.units[self.flow.entry_node[lines.entry]]
        return there

    def _refund(self, lines: Lines, way: Way, line: Ints, usd: Floats, back: Floats) -> Refund:
        """One provision on the lines that it bears on."""
        rows, place = np.unique(line, return_inverse=True)
        cents = CENTS * self.flow.units[self.flow.entry_node[lines.entry[rows]]]
        base, amount = (np.bincount(place, weights=values) * cents for values in (usd, back))
        treasury = self.book.country[int(lines.recipe[rows[0]])]
        charge = Charge(way.programme, "drawback", "duty", treasury, 0, base, -amount, way.reference, way.why)
        return Refund(rows, charge)
