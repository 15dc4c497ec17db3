"""Many lines at once: assessed by distinct facts and law epoch, and their fees consolidated by entry."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.errors import LawError
from sim.law.facts import Charge, Column, LineFacts
from sim.law.law import Law
from sim.units import PPM

Index = NDArray[np.int64]


def assess_lines(
    law: Law,
    facts: Sequence[LineFacts],
    which: Index,
    on: Index,
    amounts: Mapping[str, Column],
    known: dt.date | None = None,
) -> Iterator[tuple[Index, Charge]]:
    """Charges of many lines, one group of equal facts and equal law at a time.

    Parameters
    ----------
    facts : sequence of LineFacts
        The distinct facts.
    which : int64 array
        For each line, the index of its facts.
    on : int64 array
        For each line, the day of entry as a proleptic ordinal (`datetime.date.toordinal`).
    amounts : Mapping of str to float64 array
        Money columns in cents, one value per line.
    known : date, optional
        As for `Law.assess`.

    Yields
    ------
    tuple of int64 array and Charge
        Row numbers of the lines, rising, and what they owe under one programme.

    Raises
    ------
    LawError
        Arrays of unequal length, an index outside the facts, or what `Law.assess` raises.
    """
    count = len(which)
    problems = [f"'{name}' has {len(x)} rows, which {count}." for name, x in amounts.items() if len(x) != count]
    if len(on) != count:
        problems.append(f"'on' has {len(on)} rows, which {count}.")
    if count and (int(which.min()) < 0 or int(which.max()) >= len(facts)):
        problems.append(f"'which' must lie between 0 and {len(facts) - 1}.")
    if problems:
        raise LawError("assess_lines", problems)
    if not count:
        return
    begins = _epoch_begins(law, facts, which, on)
    last = int(on.max()) + 1
    key = which.astype(np.int64) * last + begins
    order = np.argsort(key, kind="stable")
    bounds = np.flatnonzero(np.diff(key[order], prepend=-1, append=-1))
    ordered = {name: np.asarray(column, dtype=np.float64)[order] for name, column in amounts.items()}
    for start, stop in itertools.pairwise(bounds.tolist()):
        rows = order[start:stop]
        line = facts[int(which[rows[0]])]
        day = dt.date.fromordinal(int(begins[rows[0]]))
        group = {name: column[start:stop] for name, column in ordered.items()}
        for charge in law.assess(line, day, group, known):
            yield rows, charge


def _epoch_begins(law: Law, facts: Sequence[LineFacts], which: Index, on: Index) -> Index:
    """For each line, the first day of the stretch in which the law of its importer does not change."""
    first, last = int(on.min()), int(on.max())
    importers = sorted({line.importer for line in facts})
    country = np.array([importers.index(line.importer) for line in facts], dtype=np.int64)[which]
    result = np.empty(len(on), dtype=np.int64)
    for n, importer in enumerate(importers):
        changes = law.change_dates(dt.date.fromordinal(first), dt.date.fromordinal(last + 1), importer)
        begins = np.array([first, *(day.toordinal() for day in changes)], dtype=np.int64)
        mine = country == n
        result[mine] = begins[np.searchsorted(begins, on[mine], side="right") - 1]
    return result


def consolidate(charges: Sequence[Charge], entry_ids: Index | Sequence[Index]) -> tuple[Charge, ...]:
    """Take each bounded fee once per entry instead of once per line, and share it back by base.

    Parameters
    ----------
    charges : sequence of Charge
        Charges of lines of some entries; several groups of lines may be given together.
    entry_ids : int64 array, or one such array for each charge
        Entry of each line: one array where all charges have the same lines.

    Returns
    -------
    tuple of Charge
        In the same order. Charges without bounds are unchanged. A fee is the rate on the sum of the entry's bases
        under one programme, between floor and cap, shared pro rata to base (evenly where every base is nil).

    Raises
    ------
    LawError
        An array whose length is not that of its charge, or bounds that differ within one programme.
    """
    arrays = [entry_ids] * len(charges) if isinstance(entry_ids, np.ndarray) else list(entry_ids)
    problems = [
        f"{charge.programme} has {len(charge.base)} lines but {len(ids)} entry ids."
        for charge, ids in zip(charges, arrays, strict=True)
        if len(charge.base) != len(ids)
    ]
    if problems:
        raise LawError("consolidate", problems)
    result = list(charges)
    groups: dict[tuple[str, float | None, float | None], list[int]] = {}
    for n, charge in enumerate(charges):
        if charge.least is not None or charge.most is not None:
            groups.setdefault((charge.programme, charge.least, charge.most), []).append(n)
    for (_, least, most), members in groups.items():
        found = _shared([charges[n] for n in members], [arrays[n] for n in members], least, most)
        for n, amount in zip(members, found, strict=True):
            result[n] = replace(charges[n], amount=amount)
    return tuple(result)


def _shared(
    charges: Sequence[Charge], arrays: Sequence[Index], least: float | None, most: float | None
) -> list[Column]:
    """The fee of each entry, shared among its lines; one column per charge."""
    ids, position = np.unique(np.concatenate(arrays), return_inverse=True)
    base = np.concatenate([charge.base for charge in charges])
    plain = np.concatenate([charge.base * charge.rate_ppm / PPM for charge in charges])
    owed = np.bincount(position, weights=plain, minlength=len(ids))
    owed = np.clip(owed, least, most)
    total = np.bincount(position, weights=base, minlength=len(ids))
    lines = np.bincount(position, minlength=len(ids))
    share = np.where(total[position] > 0, base / np.where(total > 0, total, 1.0)[position], 1.0 / lines[position])
    amount = owed[position] * share
    return np.split(amount, np.cumsum([len(charge.base) for charge in charges])[:-1])
