"""Precision as it is written in a study file or on the command line, read with its units or refused with the remedy."""

from __future__ import annotations

import re

from sim.errors import ScenarioError, nearest
from sim.scenario.parsers import parse_count
from sim.scenario.sheet import Reader
from sim.study.precision import MOST, Precision, Target
from sim.yaml_text import Location

KEYS = ("half_widths", "most")
MOST_REPLICATIONS = 10_000
RELATIVE = "%"
POINTS = "points"  # of a measure that is itself in percent
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*(.*)")


def read_precision(reader: Reader, location: Location = ("precision",)) -> Precision | None:
    """The precision that a study file asks for; None where it asks for none. Problems are noted in the reader."""
    if reader.sheet.get(location) is None:
        return None
    reader.keys(location, KEYS, required=("half_widths",))
    most = reader.parsed((*location, "most"), parse_count(2, MOST_REPLICATIONS), MOST)
    targets = []
    for name in reader.names((*location, "half_widths")):
        here = (*location, "half_widths", name)
        try:
            targets.append(parse_target(name, reader.text(here)))
        except ValueError as error:
            reader.add(here, str(error))
    return Precision(tuple(targets), most)


def precision_of(texts: tuple[str, ...], most: int | None) -> Precision | None:
    """The precision of options such as ``cost_per_vehicle_usd=1 %``, with `most` replications; None for none.

    Raises
    ------
    ScenarioError
        Every text that cannot be read.
    """
    targets, problems = [], []
    for text in texts:
        name, _, width = text.partition("=")
        try:
            targets.append(parse_target(name.strip(), width.strip()))
        except ValueError as error:
            problems.append(str(error))
    if problems:
        raise ScenarioError("--precision", problems)
    return Precision(tuple(targets), most or MOST) if targets else None


def parse_target(name: str, text: str) -> Target:
    """Read one target.

    Parameters
    ----------
    name : str
        A measure, or measure and item, such as ``cost_per_vehicle_usd/duty``. Without an item it is the whole.
    text : str
        Half-width of the 95 % interval: in the measure's unit, such as ``5 USD/vehicle``, or ``2 %`` of the figure.

    Raises
    ------
    ValueError
        No such measure, no or another unit, or nothing above zero.
    """
    from sim.measures import REGISTRY  # late: `sim --help` must not wait for it

    measure, _, item = name.partition("/")
    if measure not in REGISTRY:
        raise ValueError(f"no measure named '{measure}'. {nearest(measure, REGISTRY, 'measures')}")
    unit = REGISTRY[measure].unit
    absolute = POINTS if unit == RELATIVE else unit
    wanted = f"Write a half-width such as '5 {absolute}', or '2 %' of the figure."
    match = _NUMBER.fullmatch(text)
    if match is None or match[2] not in (absolute, RELATIVE):
        raise ValueError(f"'{text}' is not a half-width of {measure}. {wanted}")
    number = float(match[1])
    if not number:
        raise ValueError(f"'{text}' cannot be reached. {wanted}")
    is_relative = match[2] == RELATIVE
    return Target(measure, item, number / 100 if is_relative else number, is_relative)
