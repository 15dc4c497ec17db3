"""Reading a scenario file: shape, then ranges, then names that must exist, every problem told at once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import NamedTuple

from sim.errors import nearest
from sim.locate import find_scenario, is_file
from sim.parameters import read_override, regime_names
from sim.scenario.bind import bound_network, bound_reform, check_names, read_crossings, with_opened
from sim.scenario.conduct import read_conduct
from sim.scenario.goods import read_goods
from sim.scenario.markets import read_markets
from sim.scenario.model import FIRMS, LAW_BEGINS, MOST_REPLICATIONS, WITHOUT_SHOCKS, Scenario
from sim.scenario.parsers import (
    parse_choice,
    parse_count,
    parse_daily,
    parse_date,
    parse_days,
    parse_run,
)
from sim.scenario.predictions import read_predictions
from sim.scenario.sheet import Reader, read_sheet
from sim.scenario.shock_reader import read_shocks
from sim.units import DAY, HOUR

KEYS = (
    "title",
    "question",
    "source",
    "expected",
    "predictions",
    "baseline",
    "network",
    "law",
    "firms",
    "claim_regime",
    "expedite",
    "horizon",
    "shocks",
    "conduct",
    "demand",
    "markets",
    "open_ports",
    "crossings",
    "goods",
    "parameters",
    "replications",
    "seed",
)
OWN_RULES = ("rules", "claiming", "sourcing", "stocking")  # what one might write for a rule of one's own
NO_CODE = (
    "a scenario runs nobody's code: a file may come from anywhere, and the digest under which results are kept knows "
    "no functions. Give rules of your own to `sim.replication.prepare`, as sim/sourcing/README.md shows."
)
SEEDS = (0, 2**63 - 1)


class _Horizon(NamedTuple):
    """What is measured; `is_whole` where nothing of it is missing or wrong."""

    warm_up_s: int
    start: dt.date
    run_s: int
    is_whole: bool


def load_scenario(name: str | Path) -> Scenario:
    """Read a scenario.

    Parameters
    ----------
    name : str or Path
        A file, or the name of a shipped scenario.

    Returns
    -------
    Scenario
        Frozen, with every default filled in.

    Raises
    ------
    ScenarioError
        Every problem of the file, with its line, what was found, and what is allowed.
    NetworkError
        The network it names is itself broken.
    """
    path = find_scenario(name)
    reader = Reader(read_sheet(path))
    reader.keys((), (*KEYS, *OWN_RULES), required=("question", "horizon"))
    for key in OWN_RULES:
        if reader.sheet.get((key,)) is not None:
            reader.add((key,), NO_CODE)
    network_name, network = bound_network(reader)
    horizon = _horizon(reader)
    law_as_of, reforms = _law(reader, horizon.start)
    opened = {port: reader.text(("open_ports", port)) for port in reader.names(("open_ports",))}
    if network is not None:
        network = with_opened(reader, network, opened)
    shocks = read_shocks(reader, _bounds(horizon))
    conduct = read_conduct(reader, ("conduct",), _days(horizon))
    demand = {recipe: reader.parsed(("demand", recipe), parse_daily, 0) for recipe in reader.names(("demand",))}
    if network is not None:
        check_names(reader, network, tuple(demand))
    markets = read_markets(reader, network)
    crossings = read_crossings(reader, network)
    goods = read_goods(reader, network)
    firms = reader.parsed(("firms",), parse_choice(FIRMS, "firms"), "claim_or_pay")
    regime = reader.parsed(("claim_regime",), parse_choice(regime_names(), "regimes"), "calm")
    expedite = reader.parsed(("expedite",), parse_choice(("yes", "no"), "words"), "yes") == "yes"
    replications = reader.parsed(("replications",), parse_count(1, MOST_REPLICATIONS), 20)
    seed = reader.parsed(("seed",), parse_count(*SEEDS), 1994)
    title, question, expected = (reader.text((key,)) for key in ("title", "question", "expected"))
    predictions = read_predictions(reader)
    source, parameters, baseline = _source(reader), _parameters(reader), _baseline(reader)
    reader.require()
    return Scenario(
        name=path.stem,
        path=path,
        question=question,
        source=source,
        network=network_name,
        law_as_of=law_as_of,
        reforms=reforms,
        firms=firms,
        warm_up_s=horizon.warm_up_s,
        start=horizon.start,
        run_s=horizon.run_s,
        shocks=shocks,
        conduct=conduct,
        demand=demand,
        markets=markets,
        claim_regime=regime,
        expedite=expedite,
        parameters=parameters,
        crossings=crossings,
        open_ports=opened,
        goods=goods,
        replications=replications,
        seed=seed,
        expected=expected,
        predictions=predictions,
        baseline=baseline,
        title=title,
    )


def _horizon(reader: Reader) -> _Horizon:
    reader.keys(("horizon",), ("warm_up", "start", "run"), required=("warm_up", "start", "run"))
    warm_up_s = reader.parsed(("horizon", "warm_up"), parse_days, None)
    start = reader.parsed(("horizon", "start"), parse_date, None)
    run_s = reader.parsed(("horizon", "run"), parse_run, None)
    if start is not None and start < LAW_BEGINS:
        reader.add(("horizon", "start"), f"{start} is before the law. The earliest is {LAW_BEGINS}.")
    elif start is not None and warm_up_s is not None:
        begins = start - dt.timedelta(days=warm_up_s // DAY)
        if begins < LAW_BEGINS:
            message = f"the warm-up begins on {begins}, before the law. The earliest is {LAW_BEGINS}."
            reader.add(("horizon", "warm_up"), message)
    whole = None not in (warm_up_s, start, run_s)
    return _Horizon(warm_up_s or 0, start or LAW_BEGINS, run_s or HOUR, whole)


def _bounds(horizon: _Horizon) -> tuple[dt.datetime, dt.datetime] | None:
    """First moment of the warm-up, and first after the run; None where something of it is missing."""
    if not horizon.is_whole:
        return None
    midnight = dt.datetime.combine(horizon.start, dt.time(), dt.UTC)
    return midnight - dt.timedelta(seconds=horizon.warm_up_s), midnight + dt.timedelta(seconds=horizon.run_s)


def _days(horizon: _Horizon) -> tuple[dt.date, dt.date] | None:
    """First day of the warm-up, and last of the run; None where something of it is missing."""
    bounds = _bounds(horizon)
    return None if bounds is None else (bounds[0].date(), (bounds[1] - dt.timedelta(seconds=1)).date())


def _law(reader: Reader, start: dt.date) -> tuple[dt.date, tuple[str, ...]]:
    reader.keys(("law",), ("as_of", "reforms"))
    as_of = reader.parsed(("law", "as_of"), parse_date, start)
    if as_of < LAW_BEGINS and reader.sheet.get(("law", "as_of")) is not None:
        reader.add(("law", "as_of"), f"{as_of} is before the law. The earliest is {LAW_BEGINS}.")
    count = reader.count(("law", "reforms"))
    return as_of, tuple(bound_reform(reader, ("law", "reforms", n)) for n in range(count))


def _parameters(reader: Reader) -> dict[str, str]:
    overrides = {}
    for name in reader.names(("parameters",)):
        text = reader.text(("parameters", name))
        _, message = read_override(name, text)
        if message:
            reader.add(("parameters", name), message)
        overrides[name] = text
    return overrides


def _baseline(reader: Reader) -> str:
    name = reader.text(("baseline",))
    if not name:
        return ""
    if name == WITHOUT_SHOCKS:
        if not reader.count(("shocks",)):
            reader.add(
                ("baseline",), f"'{name}' is this very scenario: it has no shocks. Name another or leave it out."
            )
        return name
    beside = reader.sheet.path.parent / (name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    if not is_file(beside):
        others = (p.stem for p in reader.sheet.path.parent.glob("*.yaml") if not p.name.startswith("_"))
        near = nearest(name, others, "scenarios")
        reader.add(("baseline",), f"no scenario '{name}' beside this one. {near}")
    return str(beside)


def _source(reader: Reader) -> str:
    if isinstance(reader.sheet.get(("source",)), list):
        return "; ".join(reader.text(("source", n)) for n in range(reader.count(("source",))))
    return reader.text(("source",))
