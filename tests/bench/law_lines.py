"""A million entry lines assessed together, against one at a time: ``python -m tests.bench.law_lines``.

Lines are those of the shipped network: every good into every country that it crosses into, claimed and not, on random
days of a year in which the law changed often. Prints speeds and their ratio; asserts only that both ways owe the same.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.customs.book import read_book
from sim.customs.entries import AMOUNTS
from sim.law import Law, LineFacts, assess_lines, load_law
from sim.network import load_network
from sim.network.model import NORTH_AMERICA

FIRST, LAST = dt.date(2025, 1, 1), dt.date(2025, 12, 31)  # a year of many changes
KINDS = 300
SEED = 1994


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines to assess: distinct facts, and for each line its facts, day (ordinal) and amounts in cents."""

    facts: Sequence[LineFacts]
    which: np.ndarray
    on: np.ndarray
    amounts: dict[str, np.ndarray]


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds for all lines together, and for some of them one by one; distinct facts and epochs met."""

    lines: int
    facts: int
    epochs: int
    together_s: float
    sample: int
    loop_s: float

    @property
    def ratio(self) -> float:
        """How many times faster a line is assessed among all than alone."""
        return (self.loop_s / self.sample) / (self.together_s / self.lines)

    def text(self) -> str:
        """The figures in words."""
        return (
            f"{self.lines:,} lines, {self.facts} kinds of line, {self.epochs} stretches of law: "
            f"{self.together_s:.2f} s, {self.lines / self.together_s:,.0f} lines/s; "
            f"one by one {self.sample / self.loop_s:,.0f} lines/s; ratio {self.ratio:,.0f}"
        )


def distinct_facts(network: str, kinds: int, on: dt.date) -> list[LineFacts]:
    """Kinds of line of a network on a day, at most so many, evenly from all of them."""
    book = read_book(load_network(network))
    found: dict[LineFacts, None] = {}
    for recipe in range(len(book.recipes)):
        for importer in NORTH_AMERICA:
            if importer != book.country[recipe]:
                found[book.line(recipe, importer, "", False, on)] = None
                if book.country[recipe] in NORTH_AMERICA:
                    found[book.line(recipe, importer, "usmca", True, on)] = None
    every = list(found)
    return [every[k] for k in np.unique(np.linspace(0, len(every) - 1, kinds).astype(int))]


def make_batch(facts: Sequence[LineFacts], count: int, first: dt.date, last: dt.date) -> Batch:
    """Random lines: kinds and days evenly, values from 100 to 100,000 dollars, parts of them metal or content."""
    draw = np.random.default_rng(SEED)
    value = np.round(10 ** draw.uniform(4, 7, count))
    shares = {"us_content": 0.4, "steel_value": 0.1, "aluminium_value": 0.05, "regional_content": 0.7}
    amounts = {name: value * draw.uniform(0, shares.get(name, 1.0), count) for name in AMOUNTS} | {
        "customs_value": value
    }
    on = draw.integers(first.toordinal(), last.toordinal() + 1, count)
    return Batch(facts, draw.integers(0, len(facts), count), on, amounts)


def totals_together(law: Law, batch: Batch) -> np.ndarray:
    """What each line owes, cents unrounded: all lines at once."""
    owed = np.zeros(len(batch.which))
    for rows, charge in assess_lines(law, batch.facts, batch.which, batch.on, batch.amounts):
        owed[rows] += charge.amount
    return owed


def totals_one_by_one(law: Law, batch: Batch, rows: Sequence[int]) -> np.ndarray:
    """What some lines owe, one call of the law for each."""
    owed = np.zeros(len(rows))
    for place, row in enumerate(rows):
        amounts = {name: column[row : row + 1] for name, column in batch.amounts.items()}
        day = dt.date.fromordinal(int(batch.on[row]))
        charges = law.assess(batch.facts[int(batch.which[row])], day, amounts)
        owed[place] = sum(float(charge.amount[0]) for charge in charges)
    return owed


def measure(
    count: int = 1_000_000,
    sample: int = 2_000,
    network: str = "midsize",
    kinds: int = KINDS,
    first: dt.date = FIRST,
    last: dt.date = LAST,
) -> Timing:
    """Assess `count` lines together from a cold law, then `sample` of them one by one."""
    law = load_law(())
    batch = make_batch(distinct_facts(network, kinds, first), count, first, last)
    begun = time.perf_counter()
    owed = totals_together(law, batch)
    together_s = time.perf_counter() - begun
    rows = np.linspace(0, count - 1, sample).astype(int).tolist()
    begun = time.perf_counter()
    alone = totals_one_by_one(law, batch, rows)
    loop_s = time.perf_counter() - begun
    if not np.allclose(owed[rows], alone, rtol=1e-12, atol=1e-9):
        raise AssertionError("lines assessed together owe something else than one by one")
    epochs = 1 + len(law.change_dates(first, last))
    return Timing(count, len(batch.facts), epochs, together_s, sample, loop_s)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--sample", type=int, default=2_000)
    parser.add_argument("--network", default="midsize")
    parser.add_argument("--kinds", type=int, default=KINDS)
    parser.add_argument("--first", type=dt.date.fromisoformat, default=FIRST)
    parser.add_argument("--last", type=dt.date.fromisoformat, default=LAST)
    asked = parser.parse_args()
    found = measure(asked.lines, asked.sample, asked.network, asked.kinds, asked.first, asked.last)
    sys.stdout.write(f"{found.text()}\n")


if __name__ == "__main__":
    main()
