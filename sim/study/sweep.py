"""Sweeps of a study file: one scenario at many values of what is varied, each point a scenario with a readable name."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sim.errors import SimError, nearest
from sim.scenario import Scenario
from sim.scenario.parsers import parse_choice, parse_count
from sim.scenario.sheet import Reader
from sim.study.designs import DESIGNS, SPACE_FILLING, design_points
from sim.study.factors import Factor, factor_named, renamed, with_values, words_of
from sim.yaml_text import Location

SWEEP = "sweeps"
KEYS = ("of", "design", "points", "vary", "baseline_too", "seed")
MOST_POINTS = 20_000  # of a sweep: more is surely a slip of the pen
DEFAULT_POINTS = {"latin_hypercube": 16, "sobol": 16, "morris": 4, "sobol_indices": 16}
_LONGEST_NAME = 100  # of a file
_SEED = 1
_REMEDY = "Write their values with other words, or vary them in another study."


@dataclass(frozen=True, slots=True)
class Sweep:
    """A family of scenarios.

    Parameters
    ----------
    of : str
        The scenario that is varied.
    design : str
        One of `sim.study.designs.DESIGNS`.
    factors : tuple of str
        Paths of what is varied.
    names : tuple of str
        Scenario of each point.
    values : tuple of tuple of str
        What each factor is at each point.
    shares : tuple of tuple of float
        Where each value lies between the first and the last written, 0 to 1; -1 where the factor is as the scenario
        has it. Of what has no order, such as who claims, its place among those written.
    twins : tuple of str
        Baseline at the same values, point by point; empty where it is not varied.
    points : int
        Base points or paths of the design.
    """

    of: str
    design: str
    factors: tuple[str, ...]
    names: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    shares: tuple[tuple[float, ...], ...]
    twins: tuple[str, ...] = ()
    points: int = 0


def as_sweep(record: Mapping[str, Any]) -> Sweep:
    """The sweep that a manifest describes."""
    return Sweep(
        of=record["of"],
        design=record["design"],
        factors=tuple(record["factors"]),
        names=tuple(record["names"]),
        values=tuple(tuple(row) for row in record["values"]),
        shares=tuple(tuple(row) for row in record["shares"]),
        twins=tuple(record["twins"]),
        points=record["points"],
    )


def read_sweeps(reader: Reader, scenarios: Mapping[str, Scenario]) -> tuple[tuple[Sweep, ...], tuple[Scenario, ...]]:
    """Read the sweeps of a study file; problems are noted in the reader.

    Parameters
    ----------
    scenarios : mapping of str to Scenario
        Those of the study by name, the baseline first.

    Returns
    -------
    tuple of Sweep
    tuple of Scenario
        All points of all sweeps, in order.
    """
    sweeps: list[Sweep] = []
    found: dict[str, Scenario] = {}
    count = reader.count((SWEEP,))
    varied = [reader.sheet.get((SWEEP, n, "vary")) for n in range(count)]
    words = words_of(path for paths in varied if isinstance(paths, dict) for path in paths)
    earlier: Counter[tuple[str, str]] = Counter()
    for n in range(count):
        here: Location = (SWEEP, n)
        reader.keys(here, KEYS, required=("of", "vary"))
        try:
            made = _sweep(reader, here, scenarios, words, earlier)
        except SimError as error:
            reader.add(here, "; ".join(str(problem) for problem in error.problems))
            continue
        if made is not None:
            sweeps.append(made[0])
            for scenario in made[1]:
                if scenario.name in scenarios:
                    reader.add(here, f"a scenario is named '{scenario.name}' already, as one of its points would be.")
                same = found.setdefault(scenario.name, scenario)
                if same.digest != scenario.digest:
                    reader.add(here, f"two points that differ are both named '{scenario.name}'. {_REMEDY}")
    return tuple(sweeps), tuple(found.values())


def _sweep(
    reader: Reader,
    here: Location,
    scenarios: Mapping[str, Scenario],
    words: Mapping[str, str],
    earlier: Counter[tuple[str, str]],
) -> tuple[Sweep, list[Scenario]] | None:
    of = reader.text((*here, "of"))
    if of and of not in scenarios:
        reader.add((*here, "of"), f"no scenario '{of}' in this study. {nearest(of, scenarios, 'scenarios')}")
    design = reader.parsed((*here, "design"), parse_choice(DESIGNS, "designs"), "grid")
    if of not in scenarios:
        return None
    factors, levels = _factors(reader, here, scenarios[of], design)
    factors = [replace(factor, called=words[factor.path]) for factor in factors]
    count = reader.parsed((*here, "points"), parse_count(1, MOST_POINTS), DEFAULT_POINTS.get(design, 0))
    seed = reader.parsed((*here, "seed"), parse_count(0, 2**31 - 1), _SEED)
    twice = reader.parsed((*here, "baseline_too"), parse_choice(("yes", "no"), "answers"), "no") == "yes"
    if not _is_sound(reader, here, design, count, levels) or not factors:
        return None
    values, shares = _points(design, count, factors, levels, seed)
    earlier[of, design] += 1
    number = earlier[of, design]
    points = count if design in SPACE_FILLING else 0
    frame = Sweep(of, design, tuple(f.path for f in factors), (), tuple(values), tuple(shares), (), points)
    try:
        return _made(scenarios, frame, factors, design if number == 1 else f"{design}_{number}", twice)
    except ValueError as error:
        reader.add((*here, "vary"), str(error))
        return None


def _factors(reader: Reader, here: Location, scenario: Scenario, design: str) -> tuple[list[Factor], list[list[str]]]:
    factors, levels = [], []
    for path in reader.names((*here, "vary")):
        there = (*here, "vary", path)
        try:
            factor = factor_named(path, scenario)
        except ValueError as error:
            reader.add(there, str(error))
            continue
        texts = [reader.text((*there, n)) for n in range(reader.count(there))]
        read = [reader.parsed((*there, n), factor.read, None) for n in range(len(texts))]
        for n, text in enumerate(texts):
            if reader.sheet.get((*there, n)) is None:
                reader.add((*there, n), "is empty. Write a value.")
            if text in texts[:n]:
                reader.add((*there, n), f"'{text}' is written twice.")
        if len(texts) < 2:
            reader.add(there, "has fewer than two values. Write such as '[25 %, 35 %]'.")
        elif design in SPACE_FILLING and factor.write is not None and len(texts) != 2:
            reader.add(there, f"has {len(texts)} values. A design of kind '{design}' takes the two ends of a range.")
        factors.append(factor)
        levels.append([] if None in read else texts)
    return factors, levels


def _is_sound(reader: Reader, here: Location, design: str, count: int, levels: list[list[str]]) -> bool:
    if any(len(texts) < 2 for texts in levels):
        return False
    if design in ("sobol", "sobol_indices") and count & (count - 1):
        reader.add((*here, "points"), f"{count} is not a power of two, which a Sobol sequence needs to be balanced.")
        return False
    size = len(levels)
    total = {
        "grid": 1,
        "one_at_a_time": sum(map(len, levels)),
        "morris": count * (size + 1),
        "sobol_indices": count * (size + 2),
    }.get(design, count)
    if design == "grid":
        for texts in levels:
            total *= len(texts)
    if total > MOST_POINTS:
        reader.add(here, f"has {total:,} points. Allowed: up to {MOST_POINTS:,}.")
        return False
    return True


Values = list[tuple[str, ...]]
Shares = list[tuple[float, ...]]


def _points(
    design: str, count: int, factors: list[Factor], levels: list[list[str]], seed: int
) -> tuple[Values, Shares]:
    """Texts of every point, and where each lies in its range."""
    if design in SPACE_FILLING:
        cube = design_points(design, count, len(factors), seed)
        drawn = [[_at(f, t, share) for f, t, share in zip(factors, levels, row, strict=True)] for row in cube.tolist()]
        return [tuple(text for text, _ in row) for row in drawn], [tuple(share for _, share in row) for row in drawn]
    places = [range(len(texts)) for texts in levels]
    where = [_shares_of(factor, texts) for factor, texts in zip(factors, levels, strict=True)]
    if design == "grid":
        chosen: list[tuple[int, ...]] = list(itertools.product(*places))
        values = [tuple(texts[k] for texts, k in zip(levels, row, strict=True)) for row in chosen]
        return values, [tuple(own[k] for own, k in zip(where, row, strict=True)) for row in chosen]
    values, shares = [], []
    for number, texts in enumerate(levels):  # one at a time; the others stay as the scenario has them
        for k, text in enumerate(texts):
            values.append(tuple(text if n == number else "" for n in range(len(levels))))
            shares.append(tuple(where[number][k] if n == number else -1.0 for n in range(len(levels))))
    return values, shares


def _shares_of(factor: Factor, texts: list[str]) -> list[float]:
    if factor.write is not None:
        numbers = [factor.read(text) for text in texts]
        first, last = numbers[0], numbers[-1]
        if first != last and all(min(first, last) <= x <= max(first, last) for x in numbers):
            return [(x - first) / (last - first) for x in numbers]
    return [k / (len(texts) - 1) for k in range(len(texts))]


def _at(factor: Factor, texts: list[str], share: float) -> tuple[str, float]:
    if factor.write is None:  # nothing between two values: as many equal parts as values
        place = min(int(share * len(texts)), len(texts) - 1)
        return texts[place], share
    return factor.between(texts[0], texts[1], share), share


def _made(
    scenarios: Mapping[str, Scenario], frame: Sweep, factors: list[Factor], numbered: str, twice: bool
) -> tuple[Sweep, list[Scenario]]:
    """A sweep with its names, and its scenarios; `numbered` is what points without a short name are called."""
    base, of, total = next(iter(scenarios.values())), frame.of, len(frame.values)
    is_spoken = frame.design not in SPACE_FILLING
    names = [_name(of, numbered, factors, row, n, total, is_spoken) for n, row in enumerate(frame.values)]
    made = [_point(scenarios[of], name, factors, row) for name, row in zip(names, frame.values, strict=True)]
    twins: list[Scenario] = []
    if twice:
        known = [_known(factor, base) for factor in factors]
        for n, row in enumerate(frame.values):
            own = tuple(text if is_known else "" for text, is_known in zip(row, known, strict=True))
            name = _name(f"{base.name}__beside__{of}", numbered, factors, own, n, total, is_spoken)
            twins.append(_point(base, name, factors, own))
    return replace(frame, names=tuple(names), twins=tuple(twin.name for twin in twins)), [*made, *twins]


def _known(factor: Factor, scenario: Scenario) -> bool:
    """Whether a scenario has what is varied: a programme that a reform adds is not in the law of the baseline."""
    try:
        factor_named(factor.path, scenario)
    except ValueError:
        return False
    return True


def _point(scenario: Scenario, name: str, factors: list[Factor], row: tuple[str, ...]) -> Scenario:
    chosen = [(factor, text) for factor, text in zip(factors, row, strict=True) if text]
    changed = with_values(scenario, [factor for factor, _ in chosen], [text for _, text in chosen])
    words = ", ".join(f"{factor.word.replace('_', ' ')} {text}" for factor, text in chosen)
    title = scenario.title or scenario.name.replace("_", " ")
    return renamed(changed, name, f"{title}: {words or 'as it is'}")


def _name(
    of: str, numbered: str, factors: list[Factor], row: tuple[str, ...], number: int, total: int, is_spoken: bool
) -> str:
    """``border_tax_35__rate_25_pct``, or the number of the point where there is nothing short to say."""
    if is_spoken:
        parts = [f"{factor.word} {text}" for factor, text in zip(factors, row, strict=True) if text]
        name = "__".join([of, *(slug(part) for part in parts)])
        if len(name) <= _LONGEST_NAME:
            return name
    return f"{of}__{numbered}_{number + 1:0{len(str(total))}d}"


def slug(text: str) -> str:
    """A text as part of a file name.

    Examples
    --------
    >>> slug("rate 2.5 %"), slug("crossover_ice 900 /day"), slug("change -5 %")
    ('rate_2p5_pct', 'crossover_ice_900_day', 'change_minus_5_pct')
    """
    spoken = re.sub(r"(?<=\d)\.(?=\d)", "p", text.replace("%", " pct ")).replace("-", " minus ")
    return re.sub(r"[^a-z0-9]+", "_", spoken.lower()).strip("_")
